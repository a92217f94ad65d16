//! `negation_flip`: 「口座番号は含まれておりません」 becomes 「口座番号も含まれておりました」.
//!
//! A clause is turned only where all of it is understood: every category that it mentions is denied, its predicate is known, and
//! no further word denies. The mentions may stand in the sentence itself, or in the list right below a sentence that announces it.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use owabi_corpora::edits::Edit;
use owabi_corpora::record::{Labels, Record};
use owabi_corpora::vocabulary::Status;
use owabi_corpora::{Category, Span};
use serde::Deserialize;

use super::text::{item, lines, signs};
use super::{Change, Flip};
use crate::data;
use crate::draw::Draw;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    #[serde(rename = "final")]
    predicates: Vec<Predicate>,
    joint: Vec<Turn>,
    particle: Vec<Turn>,
    negative: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Predicate {
    from: String,
    to: String,
    status: Said,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Turn {
    from: String,
    to: String,
}

/// What a turned clause says of its mentions.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Said {
    Confirmed,
    Possible,
    /// What the document says of the data that leaked.
    Same,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| data::toml("perturb/negation.toml", include_str!("../../data/perturb/negation.toml")));

/// A mention of a category that leaked or did not.
#[derive(Clone, Copy)]
struct Mention {
    category: Category,
    span: Span,
    status: Status,
    group: Option<u32>,
}

/// One clause, drawn from those that can be turned.
pub(super) fn change(record: &Record, draw: &mut Draw) -> Option<Change> {
    let all = match &record.segments {
        Some(segments) => segments.iter().flat_map(|segment| clauses(&record.text, &segment.labels)).collect(),
        None => clauses(&record.text, &record.labels),
    };
    let mut all: Vec<Change> = all;
    (!all.is_empty()).then(|| all.swap_remove(draw.below(all.len() as u64) as usize))
}

fn clauses(text: &str, labels: &Labels) -> Vec<Change> {
    let mentions = mentions(labels);
    let leaked: BTreeSet<Status> = mentions.iter().map(|mention| mention.status).filter(|status| *status != Status::Denied).collect();
    // Where the document says two things of what leaked, there is no telling which of them is meant.
    let same = leaked.iter().next().copied().filter(|_| leaked.len() == 1);
    let lines: Vec<Span> = lines(text).collect();
    let mut found = Vec::new();
    for (place, line) in lines.iter().enumerate() {
        let inside = |span: Span| mentions.iter().filter(move |mention| span.contains(mention.span));
        for sentence in sentences(text, *line) {
            let own: Vec<&Mention> = inside(sentence).collect();
            let ends_line = sentence.end + 3 >= line.end;
            let listed: Vec<&Mention> = if own.is_empty() && ends_line { below(text, &lines[place + 1..], &mentions) } else { Vec::new() };
            let meant = if own.is_empty() { &listed } else { &own };
            let from = own.iter().map(|mention| mention.span.end).max().unwrap_or(sentence.start);
            // A label that begins before the sentence ends would be cut.
            if meant.is_empty() || from > sentence.end || !whole(meant, &mentions) {
                continue;
            }
            let Some((edits, said)) = turned(text, Span::new(from, sentence.end), !own.is_empty()) else { continue };
            let status = match said {
                Said::Confirmed => Some(Status::Confirmed),
                Said::Possible => Some(Status::Possible),
                Said::Same => same,
            };
            let Some(status) = status else { continue };
            let flips = meant.iter().map(|mention| Flip { category: mention.category, span: mention.span, status }).collect();
            found.push(Change { edits, flips, ..Change::default() });
        }
    }
    found
}

/// Whether all that these mentions say is denied, and nothing else in the document says it of the same people once more: it would
/// contradict the turned clause.
fn whole(meant: &[&Mention], all: &[Mention]) -> bool {
    let same = |one: &Mention, other: &Mention| (one.category, one.span) == (other.category, other.span);
    let elsewhere = |mention: &&Mention| {
        all.iter().any(|other| {
            other.category == mention.category
                && (other.group == mention.group || other.group.is_none())
                && !meant.iter().any(|known| same(known, other))
        })
    };
    meant.iter().all(|mention| mention.status == Status::Denied) && !meant.iter().any(elsewhere)
}

/// The mentions in the list that begins on the next line, where all of it is bulleted and nothing under it denies once more.
fn below<'m>(text: &str, lines: &[Span], mentions: &'m [Mention]) -> Vec<&'m Mention> {
    let blank = |line: &Span| text[line.range()].trim().is_empty();
    let start = lines.iter().position(|line| !blank(line)).unwrap_or(0);
    let count = lines[start..].iter().take_while(|line| item(text, **line).is_some()).count();
    let (Some(first), Some(last)) = (lines.get(start), lines[start..].get(count.wrapping_sub(1))) else { return Vec::new() };
    let after = lines[start + count..].iter().find(|line| !blank(line)).map_or("", |line| &text[line.range()]);
    let denied_again = TABLE.negative.iter().any(|word| after.contains(word.as_str()));
    let list = Span::new(first.start, last.end);
    if denied_again { Vec::new() } else { mentions.iter().filter(|mention| list.contains(mention.span)).collect() }
}

/// The edits that turn what stands from the last mention to the sentence's end.
fn turned(text: &str, tail: Span, behind_mention: bool) -> Option<(Vec<Edit>, Said)> {
    let said = text.get(tail.range())?.trim_end_matches(|c| signs().stops.contains(c));
    let predicate = TABLE.predicates.iter().filter(|known| said.ends_with(known.from.as_str())).max_by_key(|known| known.from.len())?;
    let middle = &said[..said.len() - predicate.from.len()];
    let mut edits = Vec::new();
    let mut rest = middle;
    if behind_mention && let Some(particle) = TABLE.particle.iter().find(|known| middle.starts_with(known.from.as_str())) {
        edits.push(Edit::new(tail.start..tail.start + particle.from.len(), particle.to.as_str()));
        rest = &middle[particle.from.len()..];
    }
    while !rest.is_empty() {
        let at = tail.start + middle.len() - rest.len();
        if let Some(joint) = TABLE.joint.iter().find(|known| rest.starts_with(known.from.as_str())) {
            edits.push(Edit::new(at..at + joint.from.len(), joint.to.as_str()));
            rest = &rest[joint.from.len()..];
        } else if TABLE.negative.iter().any(|word| rest.starts_with(word.as_str())) {
            return None;
        } else {
            rest = &rest[rest.chars().next().map_or(rest.len(), char::len_utf8)..];
        }
    }
    let at = tail.start + middle.len();
    edits.push(Edit::new(at..at + predicate.from.len(), predicate.to.as_str()));
    Some((edits, predicate.status))
}

/// The sentences of a line, with their stops.
fn sentences(text: &str, line: Span) -> Vec<Span> {
    let stop = signs().stops.chars().next().unwrap_or_default();
    let mut found = Vec::new();
    let mut start = line.start;
    for part in text[line.range()].split_inclusive(stop) {
        found.push(Span::new(start, start + part.len()));
        start += part.len();
    }
    found
}

fn mentions(labels: &Labels) -> Vec<Mention> {
    let all = labels.data.iter().flatten();
    all.flat_map(|item| {
        item.spans.iter().map(|mention| Mention {
            category: item.category,
            span: mention.span(),
            status: mention.status.unwrap_or(item.status),
            group: mention.group,
        })
    })
    .collect()
}
