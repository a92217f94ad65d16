//! `line_wrap`: lines broken at the width of a column, as text copied from a PDF has them.

use owabi_corpora::Record;
use owabi_corpora::edits::Edit;

use super::Change;
use super::text::{lines, signs};
use crate::draw::Draw;

/// The narrowest and the widest column, in wide characters: two columns on a page of A4, and one with wide margins.
const COLUMN: (u64, u64) = (22, 44);

/// Breaks lines with the rules for what may begin and end one. Words in Latin letters and figures stay whole where they fit.
pub(super) fn change(record: &Record, draw: &mut Draw) -> Option<Change> {
    let column = 2 * draw.between(COLUMN.0, COLUMN.1) as usize;
    let text = &record.text;
    let mut edits = Vec::new();
    for line in lines(text) {
        let ending = if text[line.end..].starts_with("\r\n") { "\r\n" } else { "\n" };
        let characters: Vec<(usize, char)> = text[line.range()].char_indices().collect();
        let (mut first, mut width) = (0, 0);
        let mut next = 0;
        while next < characters.len() {
            width += if characters[next].1.is_ascii() { 1 } else { 2 };
            if width > column
                && let Some(place) = (first + 1..=next).rev().find(|place| may_break(characters[place - 1].1, characters[*place].1))
            {
                let at = line.start + characters[place].0;
                edits.push(Edit::new(at..at, ending));
                (first, next, width) = (place, place, 0);
                continue;
            }
            next += 1;
        }
    }
    Change::of(edits)
}

fn may_break(before: char, after: char) -> bool {
    let word = |c: char| c.is_ascii_graphic();
    let mark =
        |c: char| ('\u{300}'..='\u{36f}').contains(&c) || ('\u{3099}'..='\u{309a}').contains(&c) || ('\u{fe00}'..='\u{fe0f}').contains(&c);
    let one_word = word(before) && word(after);
    let joined = mark(after) || after == '\u{200d}' || before == '\u{200d}' || after.is_whitespace();
    let hanging = signs().no_start.contains(after) || signs().no_end.contains(before);
    !one_word && !joined && !hanging
}
