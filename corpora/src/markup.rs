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

use std::fmt;
use std::str::FromStr;

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
                let label = label.parse::<Label>().map_err(|message| error(format!("`{label}`: {message}")))?;
                label.add_to(&mut labels, &text, Span::new(start, text.len()));
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

/// What one label says of the words that it marks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// What it says.
    pub fact: Fact,
    /// Of which group of people, from 1.
    pub group: Option<u32>,
}

/// What a label can say; the parts are those of the record's items.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Fact {
    Data {
        category: Category,
        status: Status,
    },
    Cause {
        cause: Cause,
        primary: bool,
    },
    Count {
        value: u64,
        unit: Unit,
        bound: Bound,
        total: bool,
    },
    Date {
        role: DateRole,
        date: PartialDate,
        time: Option<ClockTime>,
        stage: Option<Stage>,
    },
    Party {
        role: PartyRole,
        /// The words themselves where it is left out.
        name: Option<String>,
    },
    Value {
        kind: Category,
        usage: Use,
        well_formed: bool,
    },
    Distractor {
        category: Category,
        why: Why,
    },
}

impl From<Fact> for Label {
    /// Of no group.
    fn from(fact: Fact) -> Label {
        Label { fact, group: None }
    }
}

impl FromStr for Label {
    type Err = String;

    /// A message says what is wrong.
    fn from_str(label: &str) -> Result<Label, String> {
        let (fact, group) = match label.split_once('@') {
            Some((fact, group)) => (fact, Some(group.parse::<u32>().map_err(|_| format!("the group `{group}` is no number"))?)),
            None => (label, None),
        };
        Ok(Label { fact: fact.parse()?, group })
    }
}

impl FromStr for Fact {
    type Err = String;

    /// A message says what is wrong.
    fn from_str(fact: &str) -> Result<Fact, String> {
        let parts: Vec<&str> = fact.split(':').collect();
        match parts[..] {
            ["cause", id] => {
                Ok(Fact::Cause { cause: Cause::from_id(id.trim_end_matches('!')).map_err(text_of)?, primary: id.ends_with('!') })
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
                Ok(Fact::Count { value, unit, bound, total })
            }
            // A time of day holds a colon of its own.
            ["date", role, date, ref rest @ ..] => {
                let role = role.parse().map_err(|_| format!("`{role}` is no date role"))?;
                let (date, time, rest) = match (date.split_once('T'), rest) {
                    (Some((date, hour)), [minute, rest @ ..]) => (date, Some(format!("{hour}:{minute}")), rest),
                    (Some(_), []) => return Err("a time is written HH:MM".to_owned()),
                    (None, rest) => (date, None, rest),
                };
                let date = date.parse().map_err(text_of)?;
                let time = time.map(|time| time.parse().map_err(text_of)).transpose()?;
                let stage = match rest {
                    [] => None,
                    [stage] => Some(stage.parse().map_err(|_| format!("`{stage}` is no stage"))?),
                    _ => return Err("too many parts".to_owned()),
                };
                Ok(Fact::Date { role, date, time, stage })
            }
            // A name may hold colons.
            ["party", role, ref name @ ..] => {
                let role = role.parse().map_err(|_| format!("`{role}` is no party role"))?;
                Ok(Fact::Party { role, name: (!name.is_empty()).then(|| name.join(":")) })
            }
            ["value", kind, usage, ref rest @ ..] => {
                let kind = Category::from_id(kind).map_err(text_of)?;
                let usage = usage.parse().map_err(|_| format!("`{usage}` is no use"))?;
                let well_formed = match rest {
                    [] => true,
                    ["malformed"] => false,
                    _ => return Err("only `malformed` may follow".to_owned()),
                };
                Ok(Fact::Value { kind, usage, well_formed })
            }
            ["no", category, why] => {
                let category = Category::from_id(category).map_err(text_of)?;
                Ok(Fact::Distractor { category, why: why.parse().map_err(|_| format!("`{why}` is no reason"))? })
            }
            [category, status] => {
                let category = Category::from_id(category).map_err(text_of)?;
                Ok(Fact::Data { category, status: status.parse().map_err(|_| format!("`{status}` is no status"))? })
            }
            _ => Err("no label has this form".to_owned()),
        }
    }
}

impl Label {
    /// Adds what it says of a stretch of a text, which must lie in it: a further span of a fact that is there already.
    pub fn add_to(&self, labels: &mut Labels, text: &str, span: Span) {
        let mention = Mention { group: self.group, ..Mention::from(span) };
        match &self.fact {
            &Fact::Data { category, status } => {
                let items = labels.data.get_or_insert_default();
                let item = find_or_add(items, |item| item.category == category, || DataLabel::new(category, status, vec![]));
                item.status = item.status.max(status);
                item.spans.push(Mention { status: Some(status), ..mention });
            }
            &Fact::Cause { cause, primary } => {
                let items = labels.causes.get_or_insert_default();
                let item = find_or_add(items, |item| item.cause == cause, || CauseLabel::new(cause, false, vec![]));
                item.primary |= primary;
                item.spans.push(mention);
            }
            &Fact::Count { value, unit, bound, total } => {
                let items = labels.counts.get_or_insert_default();
                let same = |item: &CountLabel| (item.value, item.unit) == (value, unit);
                let item = find_or_add(items, same, || CountLabel::new(value, unit, bound, false, self.group, vec![]));
                item.total |= total;
                item.spans.push(mention);
            }
            &Fact::Date { role, date, time, stage } => {
                let items = labels.dates.get_or_insert_default();
                let same = |item: &DateLabel| (item.role, item.date) == (role, date);
                let item = find_or_add(items, same, || DateLabel::new(role, date, time, stage, vec![]));
                item.time = item.time.or(time);
                item.stage = item.stage.or(stage);
                item.spans.push(mention);
            }
            Fact::Party { role, name } => {
                let items = labels.parties.get_or_insert_default();
                let words = name.as_deref().unwrap_or(&text[span.range()]);
                let same = |item: &PartyLabel| item.role == *role && item.name == words;
                find_or_add(items, same, || PartyLabel::new(*role, words.to_owned(), vec![])).spans.push(mention);
            }
            &Fact::Value { kind, usage, well_formed } => {
                labels.values.get_or_insert_default().push(ValueLabel::new(kind, usage, well_formed, vec![mention]));
            }
            &Fact::Distractor { category, why } => {
                let items = labels.distractors.get_or_insert_default();
                let same = |item: &DistractorLabel| (item.category, item.why) == (category, why);
                find_or_add(items, same, || DistractorLabel::new(category, why, vec![])).spans.push(mention);
            }
        }
    }
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
