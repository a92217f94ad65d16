//! `other_incident`: a paragraph about a breach that happened to somebody else.

use std::sync::LazyLock;

use owabi_corpora::edits::Edit;
use owabi_corpora::vocabulary::Genre;
use owabi_corpora::{Record, Span};
use serde::Deserialize;

use super::Change;
use super::marks::Mentions;
use super::text::{gaps, is_polite};
use crate::data;
use crate::draw::Draw;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    paragraph: Vec<Paragraph>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Paragraph {
    polite: bool,
    /// Whether it speaks of the document's own incident as well.
    own: bool,
    text: String,
}

static TABLE: LazyLock<Table> =
    LazyLock::new(|| data::toml("perturb/other_incident.toml", include_str!("../../data/perturb/other_incident.toml")));

/// Between two paragraphs of prose, in the document's own manner of speaking; behind the text where no such place is.
pub(super) fn change(record: &Record, draw: &mut Draw) -> Option<Change> {
    let text = &record.text;
    // A page has documents of both kinds.
    let has_own = record.labels.genre.is_some_and(|genre| genre != Genre::Unrelated) && record.segments.is_none();
    let polite = is_polite(text);
    let fitting: Vec<&Paragraph> = TABLE.paragraph.iter().filter(|known| known.polite == polite && (has_own || !known.own)).collect();
    let paragraph = &draw.pick(&fitting).text;
    let mentions = Mentions::of(record);
    // Inside of a label the paragraph would become part of it.
    let free: Vec<Span> = gaps(text).into_iter().filter(|gap| mentions.inside(gap.end).next().is_none()).collect();
    let edit = if free.is_empty() {
        let ending = if text.contains("\r\n") { "\r\n" } else { "\n" };
        Edit::marked(text.len(), &format!("{ending}{paragraph}"))
    } else {
        let gap = draw.pick(&free);
        let indent: String = text[gap.end..].chars().take_while(|c| *c == '\u{3000}').take(1).collect();
        Edit::marked(gap.end, &format!("{indent}{paragraph}{}", &text[gap.range()]))
    };
    Change::of(vec![edit.ok()?])
}
