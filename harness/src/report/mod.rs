//! Results for people: tables for a terminal, Markdown, and one page of HTML.
//!
//! All three show the same tables, which [`sections`] takes out of the results. A table that is added there appears everywhere.

mod charts;
mod foreign;
mod html;
mod markdown;
pub mod sections;
pub mod table;
mod terminal;

pub use html::html;
pub use markdown::markdown;
pub(crate) use terminal::{new_table, render, right_align};
pub use terminal::{table as plain, terminal};

use crate::measure::Field;
use crate::results::{Estimate, Results, Slice};

/// The kind of document that the detector reads worst, by F1 of the data.
pub fn worst_kind(results: &Results) -> Option<&str> {
    let kinds = results.slices.get("kind")?.iter();
    // A kind without leaked data has nothing that could be read well or badly.
    let f1 = |slice: &Slice| slice.fields.get(Field::Data.id()).filter(|score| score.gold > 0).and_then(|score| score.f1);
    let worst = kinds.filter_map(|(kind, slice)| Some((kind, f1(slice)?))).min_by(|a, b| a.1.total_cmp(&b.1));
    worst.map(|(kind, _)| kind.as_str())
}

/// With a comma between thousands.
pub fn number(value: u64) -> String {
    let digits = value.to_string();
    let comma = |(index, digit): (usize, char)| {
        let comma = index > 0 && (digits.len() - index).is_multiple_of(3);
        comma.then_some(',').into_iter().chain([digit])
    };
    digits.chars().enumerate().flat_map(comma).collect()
}

/// What was tested on what, line by line.
fn head(results: &Results) -> Vec<String> {
    let run = &results.run;
    let of = |key: &str| run.corpus.get(key).map_or("", String::as_str);
    let documents = number(results.documents.gold);
    let plural = if results.documents.gold == 1 { "" } else { "s" };
    let detector = if run.detector.is_empty() { "(not named)" } else { &run.detector };
    let mut lines = Vec::new();
    if of("source") == "synthetic" {
        let made = format!("revision {}, seed {}, split {}", of("revision"), of("seed"), of("split"));
        lines.push(format!("Detector {detector} on {documents} synthetic notice{plural} ({made})"));
        lines.push(format!("kinds: {}", of("kinds")));
        lines.push(format!("values: {}, made as {} (what a value looks like decides who can find it)", of("values"), of("value_mode")));
    } else {
        let half = of("half");
        let half = if half.is_empty() { String::new() } else { format!(" ({half} half)") };
        lines.push(format!("Detector {detector} on {documents} labelled document{plural}{half}"));
    }
    if results.documents.unanswered > 0 {
        lines.push(format!("{} documents were not answered and count as missed", number(results.documents.unanswered)));
    }
    if !results.never_told.is_empty() {
        lines.push(format!("no answer says anything about {}: the figures of these say only that", results.never_told.join(", ")));
    }
    let intervals = &results.intervals;
    let blocks = match intervals.by == "document" && (intervals.blocks as u64) < results.documents.gold {
        true => format!(", in {} blocks", number(intervals.blocks as u64)),
        false => String::new(),
    };
    let level = (intervals.level * 100.0).round();
    let resamples = number(intervals.resamples as u64);
    lines.push(format!("[low–high]: {level} % interval, {resamples} bootstrap resamples by {}{blocks}", intervals.by));
    lines
}

fn share(value: Option<f64>) -> String {
    value.map_or("–".to_owned(), |value| format!("{value:.3}"))
}

fn range(figure: Estimate) -> String {
    figure.low.zip(figure.high).map_or(String::new(), |(low, high)| format!("[{low:.3}–{high:.3}]"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_parted() {
        assert_eq!([0, 999, 1000, 65_520, 1_234_567].map(number), ["0", "999", "1,000", "65,520", "1,234,567"]);
    }
}
