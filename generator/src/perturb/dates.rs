//! `wareki`: 2024年1月30日 becomes 令和6年1月30日, and 2024/1/30 becomes R6.1.30.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::civil::Date;
use owabi_corpora::edits::Edit;
use owabi_corpora::record::Labels;
use owabi_corpora::{Record, Span};
use regex::{Captures, Regex};
use serde::Deserialize;

use super::Change;
use super::marks::{Borders, Cover};
use super::numerals::digits;
use crate::draw::Draw;
use crate::{data, style};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    in_words: String,
    with_points: String,
    first: String,
    letters: BTreeMap<String, String>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| data::toml("perturb/dates.toml", include_str!("../../data/perturb/dates.toml")));
static IN_WORDS: LazyLock<Regex> = LazyLock::new(|| data::regex("perturb/dates.toml", &TABLE.in_words));
static WITH_POINTS: LazyLock<Regex> = LazyLock::new(|| data::regex("perturb/dates.toml", &TABLE.with_points));

/// All years in words, and the labelled dates in figures: elsewhere 2024/1/30 may be a part of an address. A year that is the whole
/// of what is said lies in the era in which it ends, as people say it: 2019年 is 令和元年.
pub(super) fn change(record: &Record, _: &mut Draw) -> Option<Change> {
    let text = &record.text;
    let (spared, borders) = (Cover::of(record, &["parties", "values"]), Borders::of(record));
    let mut edits = Vec::new();
    for found in IN_WORDS.captures_iter(text) {
        let Some(year) = found.get(1).filter(|year| !after_digit(text, year.start())) else { continue };
        if let Some((era, number)) = date_of(&found, [1, 3, 4]).and_then(style::era_of) {
            let number = if number == 1 { TABLE.first.clone() } else { like(&number.to_string(), year.as_str()) };
            edits.push(Edit::new(year.range(), format!("{era}{number}")));
        }
    }
    for span in labelled(record) {
        let Some(found) = text.get(span.range()).and_then(|surface| WITH_POINTS.captures(surface)) else { continue };
        let Some((era, number)) = date_of(&found, [1, 3, 4]).and_then(style::era_of) else { continue };
        let Some(letter) = TABLE.letters.get(era) else { continue };
        let end = span.start + found.get(0).map_or(0, |whole| whole.end());
        let part = |group: usize| found.get(group).map_or("", |part| part.as_str());
        edits.push(Edit::new(span.start..end, format!("{letter}{}.{}.{}", like(&number.to_string(), part(1)), part(3), part(4))));
    }
    edits.retain(|edit| !spared.touches(edit.span) && !borders.cut(edit.span));
    edits.sort_by_key(|edit| edit.span);
    edits.dedup_by_key(|edit| edit.span);
    Change::of(edits)
}

fn date_of(found: &Captures<'_>, groups: [usize; 3]) -> Option<Date> {
    let number = |group: usize, missing: i64| {
        found.get(group).map_or(Some(missing), |part| digits(part.as_str()).and_then(|n| i64::try_from(n).ok()))
    };
    let [year, month, day] = groups;
    // What is not said is the last: see above.
    let month = number(month, 12)?;
    let last = |year: i16, month: i8| Date::new(year, month, 1).ok().map(|first| first.days_in_month());
    let (year, month) = (i16::try_from(number(year, 0)?).ok()?, i8::try_from(month).ok()?);
    let day = number(day, last(year, month)?.into())?;
    Date::new(year, month, i8::try_from(day).ok()?).ok()
}

/// The digits in the width of another number.
fn like(number: &str, other: &str) -> String {
    if other.is_ascii() {
        return number.to_owned();
    }
    number.chars().map(|c| char::from_u32(c as u32 + 0xfee0).unwrap_or(c)).collect()
}

fn after_digit(text: &str, at: usize) -> bool {
    text[..at].chars().next_back().is_some_and(char::is_numeric)
}

/// The spans of dates, each once.
fn labelled(record: &Record) -> Vec<Span> {
    let of = |labels: &Labels| -> Vec<Span> {
        labels.dates.iter().flatten().flat_map(|date| date.spans.iter().map(|mention| mention.span())).collect()
    };
    let mut spans = of(&record.labels);
    spans.extend(record.segments.iter().flatten().flat_map(|segment| of(&segment.labels)));
    spans.sort_unstable();
    spans.dedup();
    spans
}
