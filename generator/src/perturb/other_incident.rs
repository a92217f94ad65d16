//! `other_incident`: a paragraph about a breach that happened to somebody else.

use std::sync::LazyLock;

use owabi_corpora::Record;
use owabi_corpora::edits::Edit;
use serde::Deserialize;

use super::Change;
use super::marks::Mentions;
use super::text::{gaps, is_polite};
use crate::data;
use crate::draw::Draw;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    polite: Vec<String>,
    plain: Vec<String>,
}

static TABLE: LazyLock<Table> =
    LazyLock::new(|| data::toml("perturb/other_incident.toml", include_str!("../../data/perturb/other_incident.toml")));

/// Between two paragraphs of prose, in the document's own manner of speaking; behind the text where no such place is.
pub(super) fn change(record: &Record, draw: &mut Draw) -> Option<Change> {
    let text = &record.text;
    let paragraphs = if is_polite(text) { &TABLE.polite } else { &TABLE.plain };
    let paragraph = draw.pick(paragraphs);
    let mentions = Mentions::of(record);
    // Inside of a label the paragraph would become part of it.
    let free: Vec<usize> = gaps(text).into_iter().filter(|at| mentions.inside(*at).next().is_none()).collect();
    let airy = text.contains("\n\n") || text.contains("\n\r\n");
    let ending = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let gap = if airy { ending.repeat(2) } else { ending.to_owned() };
    let indent = if text.contains("\n\u{3000}") { "\u{3000}" } else { "" };
    let edit = match free.is_empty() {
        true => Edit::marked(text.len(), &format!("{gap}{indent}{paragraph}")),
        false => Edit::marked(*draw.pick(&free), &format!("{indent}{paragraph}{gap}")),
    };
    Change::of(vec![edit.ok()?])
}
