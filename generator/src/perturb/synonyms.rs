//! `synonyms`: other words for the same.

use std::sync::LazyLock;

use owabi_corpora::edits::Edit;
use owabi_corpora::{Record, Span};
use regex::Regex;

use super::Change;
use super::marks::{Borders, Cover, mentions};
use super::text::{is_heading, lines};
use crate::data;
use crate::draw::Draw;

struct Row {
    place: &'static str,
    from: &'static str,
    to: &'static str,
}

static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| {
    data::rows(include_str!("../../data/perturb/synonyms.tsv")).map(|row| Row { place: row[0], from: row[1], to: row[2] }).collect()
});

/// The words that may stand anywhere, the longest first: 「につきましては」 before 「については」.
static ANYWHERE: LazyLock<Regex> = LazyLock::new(|| {
    let mut words: Vec<&str> = ROWS.iter().filter(|row| row.place == "any").map(|row| row.from).collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    data::regex("perturb/synonyms.tsv", &words.iter().map(|word| regex::escape(word)).collect::<Vec<_>>().join("|"))
});

/// A document replaces each word everywhere or nowhere, so that it goes on speaking with one tongue. Names, values, dates and
/// figures stay; the name of a category becomes another name of that category.
pub(super) fn change(record: &Record, draw: &mut Draw) -> Option<Change> {
    let share = draw.between(40, 90);
    let chosen: Vec<&Row> = ROWS.iter().filter(|_| draw.percent(share)).collect();
    let find = |place: &str, word: &str| chosen.iter().find(|row| row.place == place && row.from == word).map(|row| row.to);
    let (text, exact, borders) = (&record.text, Cover::exact(record), Borders::of(record));
    let named = Cover::of(record, &["data", "distractors"]);
    let mut edits = Vec::new();
    for found in ANYWHERE.find_iter(text) {
        let span = Span::new(found.start(), found.end());
        if let Some(to) = find("any", found.as_str()).filter(|_| !named.touches(span)) {
            edits.push(Edit::new(span, to));
        }
    }
    for (field, span) in mentions(record) {
        let surface = text.get(span.range()).filter(|_| field == "data" || field == "distractors");
        if let Some(to) = surface.and_then(|surface| find("label", surface)) {
            edits.push(Edit::new(span, to));
        }
    }
    for line in lines(text) {
        let content = &text[line.range()];
        let words = content.trim_start_matches(|c: char| !c.is_alphabetic());
        let start = line.end - words.len();
        let to = find("line", words.trim_end()).filter(|_| is_heading(content) && !named.touches(line));
        edits.extend(to.map(|to| Edit::new(start..start + words.trim_end().len(), to)));
    }
    edits.retain(|edit| !exact.touches(edit.span) && !borders.cut(edit.span));
    edits.sort_by_key(|edit| edit.span);
    // A heading may hold a word that may stand anywhere: the first of both is made.
    let mut done = 0;
    edits.retain(|edit| {
        let free = edit.span.start >= done;
        done = if free { edit.span.end } else { done };
        free
    });
    Change::of(edits)
}
