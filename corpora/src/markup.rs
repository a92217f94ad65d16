//! The inline mark-up in which people write labelled text, by hand or in templates.
//!
//! `⟦口座番号|bank_account:denied⟧は含まれておりません` is the text 「口座番号は含まれておりません」 with one label. Several labels are
//! separated by one space; marks nest. The labels:
//!
//! | label | meaning |
//! |---|---|
//! | `CATEGORY:STATUS` | a data category, `confirmed`, `possible` or `denied` |
//! | `cause:ID`, `cause:ID!` | a cause; `!` the primary one |
//! | `count:VALUE:UNIT`, then any of `:about :at_most :at_least :total` | a count |
//! | `date:ROLE:DATE`, `date:ROLE:DATETHH:MM`, then `:STAGE` | a date |
//! | `party:ROLE`, `party:ROLE:NAME` | a party; NAME where the full name differs from the surface |
//! | `value:KIND:USE`, `value:KIND:USE:malformed` | personal data really present |
//! | `no:CATEGORY:WHY` | a mention that asserts nothing |
//!
//! A data label or a count may end in `@GROUP`.

use std::borrow::Cow;
use std::fmt;

use crate::date::{ClockTime, PartialDate};
use crate::record::*;
use crate::scheme::{Category, Cause};
use crate::span::Span;
use crate::vocabulary::*;

const OPEN: char = '⟦';
const BAR: char = '|';
const CLOSE: char = '⟧';
/// The first byte of both brackets. It is rare in Japanese, unlike their others, and begins a character wherever it stands; so a search
/// for it passes over nearly all of a text without looking at its characters.
const LEAD: u8 = 0xe2;

/// A mark that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkupError {
    /// The line of the marked text, from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for MarkupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {} of the text: {}", self.line, self.message)
    }
}

impl std::error::Error for MarkupError {}

/// Reads marked text into the bare text and its labels: every list field annotated, the document's own fields (`genre`,
/// `exposure`, `via_vendor`) left open. Mentions of one fact become one item with several spans, in the order of the text.
pub fn parse(marked: &str) -> Result<(String, Labels), MarkupError> {
    let mut text = String::with_capacity(marked.len());
    let mut labels = Labels::annotated();
    let mut open: Vec<usize> = Vec::new();
    let mut rest = marked;
    while let Some((at, sign)) = next_sign(rest) {
        let (before, mark) = rest.split_at(at);
        text.push_str(before);
        let here = marked.len() - mark.len();
        let error = |message: String| MarkupError { line: marked[..here].lines().count().max(1), message };
        let after = &mark[sign.len_utf8()..];
        if sign == OPEN {
            open.push(text.len());
            rest = after;
        } else if sign == CLOSE {
            return Err(error(format!("`{CLOSE}` without a label")));
        } else if open.is_empty() {
            // A bar outside every mark is a character like any other.
            text.push(BAR);
            rest = after;
        } else {
            let (inside, after) = split_at_close(after).ok_or_else(|| error(format!("a mark is not closed by `{CLOSE}`")))?;
            let start = open.pop().unwrap_or_default();
            if start == text.len() {
                return Err(error("a mark around nothing".to_owned()));
            }
            for label in inside.split(' ') {
                add(&mut labels, label, &text, Span::new(start, text.len())).map_err(|message| error(format!("`{label}`: {message}")))?;
            }
            rest = after;
        }
    }
    text.push_str(rest);
    if open.is_empty() {
        // Marks close in the order of their ends; items are given in the order of the text.
        labels.sort_spans();
        return Ok((text, labels));
    }
    Err(MarkupError { line: marked.lines().count(), message: format!("a mark is not closed by `{CLOSE}`") })
}

/// The first `⟦`, `|` or `⟧` of a text and where it stands.
fn next_sign(text: &str) -> Option<(usize, char)> {
    let candidates = memchr::memchr2_iter(LEAD, BAR as u8, text.as_bytes());
    candidates.filter_map(|at| Some((at, text[at..].chars().next()?))).find(|(_, c)| matches!(*c, OPEN | BAR | CLOSE))
}

/// What stands before the first `⟧` and behind it.
fn split_at_close(text: &str) -> Option<(&str, &str)> {
    let at = memchr::memchr_iter(LEAD, text.as_bytes()).find(|at| text[*at..].starts_with(CLOSE))?;
    Some((&text[..at], &text[at + CLOSE.len_utf8()..]))
}

/// Reads one label and adds it. A message says what is wrong.
fn add(labels: &mut Labels, label: &str, text: &str, span: Span) -> Result<(), String> {
    let (facts, group) = match label.split_once('@') {
        Some((facts, group)) => (facts, Some(group.parse::<u32>().map_err(|_| format!("the group `{group}` is no number"))?)),
        None => (label, None),
    };
    // No label has more parts; of a party's name, which may hold colons, the rest stands in the last.
    let (mut parts, mut count, mut begin) = ([""; 8], 0, 0);
    for at in memchr::memchr_iter(b':', facts.as_bytes()).take(parts.len() - 1) {
        parts[count] = &facts[begin..at];
        (count, begin) = (count + 1, at + 1);
    }
    parts[count] = &facts[begin..];
    count += 1;
    let mention = Mention { group, ..Mention::from(span) };
    match parts[..count] {
        ["cause", id] => {
            let cause = Cause::from_id(id.trim_end_matches('!')).map_err(text_of)?;
            let items = labels.causes.get_or_insert_default();
            let item = find_or_add(items, |item| item.cause == cause, || CauseLabel::new(cause, false, vec![]));
            item.primary |= id.ends_with('!');
            item.spans.push(mention);
        }
        ["count", value, unit, ref flags @ ..] => {
            let value = value.parse().map_err(|_| format!("`{value}` is no number"))?;
            let unit = unit.parse().map_err(|_| format!("`{unit}` is no unit"))?;
            let (mut bound, mut total) = (Bound::Exact, false);
            for flag in flags {
                match *flag {
                    "total" => total = true,
                    flag => bound = flag.parse().map_err(|_| format!("`{flag}` is no bound"))?,
                }
            }
            let items = labels.counts.get_or_insert_default();
            let same = |item: &CountLabel| (item.value, item.unit) == (value, unit);
            let item = find_or_add(items, same, || CountLabel::new(value, unit, bound, false, group, vec![]));
            item.total |= total;
            item.spans.push(mention);
        }
        // A time of day holds a colon of its own.
        ["date", role, date, ref rest @ ..] => {
            let role = role.parse().map_err(|_| format!("`{role}` is no date role"))?;
            let (date, time, rest) = match (date.split_once('T'), rest) {
                (Some((date, hour)), [minute, rest @ ..]) => (date, Some(format!("{hour}:{minute}")), rest),
                (Some(_), []) => return Err("a time is written HH:MM".to_owned()),
                (None, rest) => (date, None, rest),
            };
            let date: PartialDate = date.parse().map_err(text_of)?;
            let time: Option<ClockTime> = time.map(|time| time.parse().map_err(text_of)).transpose()?;
            let stage: Option<Stage> = match rest {
                [] => None,
                [stage] => Some(stage.parse().map_err(|_| format!("`{stage}` is no stage"))?),
                _ => return Err("too many parts".to_owned()),
            };
            let items = labels.dates.get_or_insert_default();
            let same = |item: &DateLabel| (item.role, item.date) == (role, date);
            let item = find_or_add(items, same, || DateLabel::new(role, date, time, stage, vec![]));
            item.time = item.time.or(time);
            item.stage = item.stage.or(stage);
            item.spans.push(mention);
        }
        ["party", role, ref name @ ..] => {
            let role: PartyRole = role.parse().map_err(|_| format!("`{role}` is no party role"))?;
            let name = match name {
                [] => Cow::Borrowed(&text[span.range()]),
                [name] => Cow::Borrowed(*name),
                name => Cow::Owned(name.join(":")),
            };
            let items = labels.parties.get_or_insert_default();
            let same = |item: &PartyLabel| item.role == role && item.name == name;
            let item = find_or_add(items, same, || PartyLabel::new(role, name.as_ref().to_owned(), vec![]));
            item.spans.push(mention);
        }
        ["value", kind, usage, ref rest @ ..] => {
            let kind = Category::from_id(kind).map_err(text_of)?;
            let usage = usage.parse().map_err(|_| format!("`{usage}` is no use"))?;
            let well_formed = match rest {
                [] => true,
                ["malformed"] => false,
                _ => return Err("only `malformed` may follow".to_owned()),
            };
            labels.values.get_or_insert_default().push(ValueLabel::new(kind, usage, well_formed, vec![mention]));
        }
        ["no", category, why] => {
            let category = Category::from_id(category).map_err(text_of)?;
            let why = why.parse().map_err(|_| format!("`{why}` is no reason"))?;
            let items = labels.distractors.get_or_insert_default();
            let same = |item: &DistractorLabel| (item.category, item.why) == (category, why);
            find_or_add(items, same, || DistractorLabel::new(category, why, vec![])).spans.push(mention);
        }
        [category, status] => {
            let category = Category::from_id(category).map_err(text_of)?;
            let status: Status = status.parse().map_err(|_| format!("`{status}` is no status"))?;
            let items = labels.data.get_or_insert_default();
            let item = find_or_add(items, |item| item.category == category, || DataLabel::new(category, status, vec![]));
            item.status = item.status.max(status);
            item.spans.push(Mention { status: Some(status), ..mention });
        }
        _ => return Err("no label has this form".to_owned()),
    }
    Ok(())
}

fn text_of(error: impl fmt::Display) -> String {
    error.to_string()
}

fn find_or_add<T>(items: &mut Vec<T>, is: impl Fn(&T) -> bool, make: impl FnOnce() -> T) -> &mut T {
    let index = items.iter().position(is).unwrap_or_else(|| {
        items.push(make());
        items.len() - 1
    });
    &mut items[index]
}

/// A hand-written document as its TOML file holds it.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Marked {
    /// The document's genre.
    pub genre: Option<Genre>,
    /// Whether personal data was exposed.
    pub exposure: Option<Exposure>,
    /// Whether it happened through a contractor.
    pub via_vendor: Option<bool>,
    /// The marked text.
    pub text: String,
}

impl Marked {
    /// Reads one file. The error is one line, although TOML's own quotes the source over several.
    pub fn from_toml(toml: &str) -> Result<Marked, String> {
        toml::from_str(toml).map_err(|error| {
            let line = error.span().and_then(|span| toml.get(..span.start)).map_or(1, |before| before.matches('\n').count() + 1);
            format!("line {line}: {}", error.message().lines().collect::<Vec<_>>().join("; "))
        })
    }

    /// The labelled record.
    pub fn record(&self, id: &str) -> Result<Record, MarkupError> {
        let (text, labels) = parse(&self.text)?;
        Ok(Record::new(id, text, Labels { genre: self.genre, exposure: self.exposure, via_vendor: self.via_vendor, ..labels }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_become_labels() {
        let (text, labels) = parse("⟦⟦2月1日|date:discovered:2024-02-01T09:30⟧、⟦約1万件|count:10000:record:about:total@2⟧の⟦氏名|name:possible@2⟧と⟦口座番号|bank_account:denied no:password:advice⟧と⟦氏名|name:confirmed⟧|cause:loss!⟧|").unwrap();
        assert_eq!(text, "2月1日、約1万件の氏名と口座番号と氏名|");
        let data = labels.data.as_ref().unwrap();
        assert_eq!(
            data.iter().map(|item| (item.category.id(), item.status, item.spans.len())).collect::<Vec<_>>(),
            [("name", Status::Confirmed, 2), ("bank_account", Status::Denied, 1)]
        );
        assert_eq!(data[0].spans[0].group, Some(2));
        let date = &labels.dates.as_ref().unwrap()[0];
        assert_eq!((date.date.to_string(), date.time.unwrap().to_string()), ("2024-02-01".into(), "09:30".into()));
        let count = &labels.counts.as_ref().unwrap()[0];
        assert_eq!((count.value, count.bound, count.total, count.group), (10000, Bound::About, true, Some(2)));
        assert!(labels.causes.as_ref().unwrap()[0].primary);
        assert_eq!(labels.distractors.as_ref().unwrap().len(), 1);
    }

    #[test]
    fn errors_name_the_line_and_the_label() {
        for (marked, message) in [
            ("a\n⟦b|nama:denied⟧", "line 2 of the text: `nama:denied`: unknown category `nama`; did you mean `name`?"),
            ("⟦b|name:denied", "line 1 of the text: a mark is not closed by `⟧`"),
            ("⟦b", "line 1 of the text: a mark is not closed by `⟧`"),
            ("b⟧", "line 1 of the text: `⟧` without a label"),
            ("⟦|name:denied⟧", "line 1 of the text: a mark around nothing"),
            ("⟦b|name⟧", "line 1 of the text: `name`: no label has this form"),
            ("⟦b|count:1:person:x⟧", "line 1 of the text: `count:1:person:x`: `x` is no bound"),
        ] {
            assert_eq!(parse(marked).unwrap_err().to_string(), message);
        }
    }
}
