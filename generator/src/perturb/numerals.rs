//! `kanji_numerals`: 65,520名 becomes 六万五千五百二十名, as in vertical writing.

use std::sync::LazyLock;

use owabi_corpora::edits::Edit;
use owabi_corpora::record::Labels;
use owabi_corpora::{Record, Span};
use regex::Regex;
use serde::Deserialize;

use super::Change;
use super::marks::{Borders, Cover};
use crate::data;
use crate::draw::Draw;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    digits: String,
    tens: Vec<String>,
    myriads: Vec<String>,
    number: String,
    counters: Vec<String>,
    year: String,
    parts: String,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| data::toml("perturb/numerals.toml", include_str!("../../data/perturb/numerals.toml")));
static COUNTED: LazyLock<Regex> = LazyLock::new(|| {
    let counters: Vec<String> = TABLE.counters.iter().map(|counter| regex::escape(counter)).collect();
    data::regex("perturb/numerals.toml", &format!("({})[ \u{3000}]?({})", TABLE.number, counters.join("|")))
});

/// How one document writes numbers in kanji.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// 六万五千五百二十
    Units,
    /// 六五五二〇, as newspapers do.
    Places,
}

/// Every number before a counter; those of names and values aside. A figure that is not what its label says stays: it may be a
/// part of what is counted.
pub(super) fn change(record: &Record, draw: &mut Draw) -> Option<Change> {
    let text = &record.text;
    let form = if draw.percent(75) { Form::Units } else { Form::Places };
    let (spared, borders, counts) = (Cover::of(record, &["parties", "values"]), Borders::of(record), counts(record));
    let mut edits = Vec::new();
    for found in COUNTED.captures_iter(text) {
        let (Some(number), Some(counter)) = (found.get(1), found.get(2)) else { continue };
        let Some(value) = value(number.as_str()) else { continue };
        let span = Span::new(number.start(), number.end());
        // The space that parts a number from its counter goes with the figures.
        let whole = Span::new(number.start(), counter.start());
        let inside = text[..span.start].chars().next_back().is_some_and(|c| c.is_ascii_alphabetic() || TABLE.parts.contains(c));
        let wrong = counts.iter().any(|(count, said)| count.overlap(span) > 0 && *said != value);
        if inside || wrong || spared.touches(whole) || borders.cut(whole) {
            continue;
        }
        let is_year = counter.as_str() == TABLE.year && (1000..3000).contains(&value);
        let written = match form {
            _ if is_year => places(value),
            // One writes ten and eleven days with units everywhere.
            Form::Places if value >= 100 => places(value),
            _ => units(value),
        };
        edits.push(Edit::new(whole, written));
    }
    Change::of(edits)
}

/// The number that figures of either width say.
pub(super) fn digits(text: &str) -> Option<u64> {
    let digit = |c: char| match c {
        '０'..='９' => Some(u64::from(c as u32 - '０' as u32)),
        _ => c.to_digit(10).map(u64::from),
    };
    text.chars().try_fold(0u64, |sum, c| sum.checked_mul(10)?.checked_add(digit(c)?))
}

/// The number that figures and kanji of magnitude say: 14万5千 is 145,000. Signs between the groups are skipped.
fn value(text: &str) -> Option<u64> {
    let (mut sum, mut part, mut run) = (0u64, 0u64, String::new());
    let power = |names: &[String], c: char, base: u64| {
        let place = names.iter().position(|name| name.chars().eq([c]))?;
        base.checked_pow(place as u32)
    };
    for c in text.chars() {
        if c.is_numeric() && digits(c.encode_utf8(&mut [0; 4])).is_some() {
            run.push(c);
        } else if let Some(ten) = power(&TABLE.tens, c, 10) {
            let number = if run.is_empty() { 1 } else { digits(&run)? };
            part = part.checked_add(number.checked_mul(ten)?)?;
            run.clear();
        } else if let Some(myriad) = power(&TABLE.myriads, c, 10_000) {
            let number = part.checked_add(if run.is_empty() { 0 } else { digits(&run)? })?;
            sum = sum.checked_add(number.checked_mul(myriad)?)?;
            part = 0;
            run.clear();
        }
    }
    let rest = if run.is_empty() { 0 } else { digits(&run)? };
    sum.checked_add(part)?.checked_add(rest)
}

/// 六五五二〇
fn places(value: u64) -> String {
    let names: Vec<char> = TABLE.digits.chars().collect();
    value.to_string().bytes().filter_map(|digit| names.get(usize::from(digit - b'0'))).collect()
}

/// 六万五千五百二十
fn units(value: u64) -> String {
    if value == 0 {
        return places(0);
    }
    let names: Vec<char> = TABLE.digits.chars().collect();
    let figures: Vec<usize> = value.to_string().bytes().map(|digit| usize::from(digit - b'0')).collect();
    let mut written = String::new();
    let mut group = 0;
    for (index, figure) in figures.iter().enumerate() {
        let place = figures.len() - 1 - index;
        group += figure;
        if *figure > 0 {
            // 千 alone, but 一千万.
            if *figure > 1 || place.is_multiple_of(4) || (place % 4 == 3 && place > 4) {
                written.push(names[*figure]);
            }
            written.push_str(&TABLE.tens[place % 4]);
        }
        if place.is_multiple_of(4) {
            if group > 0 {
                written.push_str(TABLE.myriads.get(place / 4).map_or("", String::as_str));
            }
            group = 0;
        }
    }
    written
}

/// The labelled counts with what they say.
fn counts(record: &Record) -> Vec<(Span, u64)> {
    let of = |labels: &Labels| -> Vec<(Span, u64)> {
        labels.counts.iter().flatten().flat_map(|count| count.spans.iter().map(|mention| (mention.span(), count.value))).collect()
    };
    let mut counts = of(&record.labels);
    counts.extend(record.segments.iter().flatten().flat_map(|segment| of(&segment.labels)));
    counts
}
