//! `zero_width`: characters that nobody sees, as web pages, chat programs and word processors leave them.

use owabi_corpora::edits::Edit;
use owabi_corpora::{Record, Span};

use super::Change;
use super::marks::{Borders, Cover};
use super::text::{is_han, is_japanese};
use crate::draw::Draw;

/// Zero-width space, non-joiner, joiner, word joiner, byte order mark, soft hyphen. The first is by far the most common.
const UNSEEN: [char; 8] = ['\u{200b}', '\u{200b}', '\u{200b}', '\u{200c}', '\u{200d}', '\u{2060}', '\u{feff}', '\u{ad}'];
/// Variation selectors that change nothing of a plain character.
const SELECTORS: [char; 2] = ['\u{fe00}', '\u{e0100}'];

/// One kind in a document, between Japanese characters, one in some dozens; values are spared, as a scanner that joins what
/// they part reports another value. A variation selector stands behind the character that it varies, and inside of its label.
pub(super) fn change(record: &Record, draw: &mut Draw) -> Option<Change> {
    let (values, borders) = (Cover::of(record, &["values"]), Borders::of(record));
    let selectors = draw.percent(20);
    let unseen = if selectors { *draw.pick(&SELECTORS) } else { *draw.pick(&UNSEEN) };
    let distance = draw.between(8, 60);
    let mut edits = Vec::new();
    let mut before: Option<char> = None;
    for (at, c) in record.text.char_indices() {
        let fits = before.is_some_and(|before| if selectors { is_han(before) } else { is_japanese(before) && is_japanese(c) });
        let free = !values.touches(Span::new(at.saturating_sub(1), at + 1));
        // At a label's end the selector would fall outside of it.
        let inside = !selectors || !borders.cut(Span::new(at.saturating_sub(1), at + 1));
        if fits && draw.below(distance) == 0 && free && inside {
            edits.push(Edit::new(at..at, unseen));
        }
        before = Some(c);
    }
    Change::of(edits)
}
