//! A section is taken out, and must be written again.

use std::collections::BTreeSet;

use owabi_corpora::Span;
use owabi_corpora::edits::{Edit, apply};
use owabi_corpora::record::{CountLabel, DataLabel, Labels, Record};
use owabi_corpora::vocabulary::{Status, Unit};

use super::{Draft, place, surface};
use crate::exercise::{CheckItem, Expected, Form, Words};
use crate::marking::{data_id, literal};
use crate::words;

/// What is taken out, in code points: less is no section, more leaves no document.
const SECTION: std::ops::RangeInclusive<usize> = 60..=700;
/// The most that is taken out of a text, as a share of its parts.
const LARGEST_SHARE: usize = 2;
/// Fewer facts make no exercise.
const FEWEST: usize = 4;
/// The most code points that a page takes.
const MOST: usize = 4000;
/// All points.
const ALL: u32 = 100;

pub(super) fn draft(record: &Record) -> Option<Draft> {
    let text = &record.text;
    let data = record.labels.data.as_deref()?;
    // The memo has no names of groups, so one group is told of.
    if data.iter().flat_map(|item| &item.spans).any(|mention| mention.group > Some(1)) {
        return None;
    }
    let region = region(text, data)?;
    let removed = text.get(region.range())?;
    let length = removed.chars().count();
    if !SECTION.contains(&length) || length * LARGEST_SHARE > text.chars().count() || !data.iter().all(|item| item.category.is_scored()) {
        return None;
    }
    let denied = data.iter().filter(|item| item.status == Status::Denied).count();
    // Of one status alone there is nothing to tell apart.
    if denied == 0 || denied == data.len() {
        return None;
    }
    let counts = told(&record.labels, region);
    if data.len() + counts.len() < FEWEST {
        return None;
    }
    let removed = removed.trim_end().to_owned();
    let facts = facts(text, data, &counts);
    let mut checklist = checklist(&facts);
    let memo = facts.into_iter().map(|fact| fact.memo).collect();
    checklist.extend(words::rubric().iter().map(|item| CheckItem {
        id: item.id.clone(),
        words: item.words(),
        any: Vec::new(),
        points: item.points,
    }));
    // A line break stays, so that the gap is a line of its own.
    let record = apply(record, &[Edit::new(region.start..region.end, "\n")]).ok()?;
    let at = place(&record.text, Span::new(region.start, region.start)).start;
    let figures = vec![data.len() as u32, counts.len() as u32];
    Some(Draft { record, form: Form::Text { memo, at, most: MOST }, expected: Expected::Section { removed, checklist }, figures })
}

/// The lines from the first to the last that speaks of data, with their line breaks.
fn region(text: &str, data: &[DataLabel]) -> Option<Span> {
    let mentions = || data.iter().flat_map(|item| &item.spans);
    let (first, last) = (mentions().map(|mention| mention.start).min()?, mentions().map(|mention| mention.end).max()?);
    let start = text[..first].rfind('\n').map_or(0, |at| at + 1);
    let end = text[last..].find('\n').map_or(text.len(), |at| last + at + 1);
    // Something must stand before and behind: a section is missing, not the document.
    (start > 0 && end < text.len()).then_some(Span::new(start, end))
}

/// The numbers of people that are told there and nowhere else.
fn told(labels: &Labels, region: Span) -> Vec<&CountLabel> {
    let within = |count: &&CountLabel| count.spans.iter().all(|mention| region.contains(mention.span()));
    let counts = labels.counts.iter().flatten().filter(|count| count.unit == Unit::Person && !count.spans.is_empty());
    counts.filter(within).collect()
}

/// Something that the section must say.
struct Fact {
    id: String,
    memo: Words,
    any: BTreeSet<String>,
}

fn facts(text: &str, data: &[DataLabel], counts: &[&CountLabel]) -> Vec<Fact> {
    let surfaces =
        |spans: &[owabi_corpora::Mention]| spans.iter().map(|mention| surface(text, mention).to_owned()).collect::<BTreeSet<_>>();
    let mut facts = Vec::new();
    for count in counts {
        let id = if count.total { "total" } else { "count" };
        let mut any = surfaces(&count.spans);
        any.insert(count.value.to_string());
        let memo = words::memo(id, &[("count", &words::plain(grouped(count.value)))]);
        facts.push(Fact { id: format!("count:{}", count.value), memo, any });
    }
    for item in data {
        let category = words::category(item.category);
        let mut any = surfaces(&item.spans);
        any.insert(category.ja.clone());
        let ja = words::plain(category.ja.clone());
        let memo = words::memo("data", &[("category_ja", &ja), ("category", &category), ("status", &words::status(item.status))]);
        facts.push(Fact { id: data_id(item.category, item.status), memo, any });
    }
    facts.dedup_by(|a, b| a.id == b.id);
    facts
}

/// The facts as items that are looked for literally; together they bring what the rubric leaves.
fn checklist(facts: &[Fact]) -> Vec<CheckItem> {
    let points = ALL.saturating_sub(words::rubric().iter().map(|item| item.points).sum());
    let (each, rest) = (points / facts.len() as u32, points % facts.len() as u32);
    let item = |(index, fact): (usize, &Fact)| {
        let mut seen = BTreeSet::new();
        let any = fact.any.iter().filter(|words| seen.insert(literal(words))).cloned().collect();
        CheckItem { id: fact.id.clone(), words: fact.memo.clone(), any, points: each + u32::from((index as u32) < rest) }
    };
    facts.iter().enumerate().map(item).collect()
}

/// 65,520.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}
