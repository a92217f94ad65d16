//! CoNLL as of 2003, one character a token: `氏 12 _ B-name:confirmed`, with the character's position in the second column.
//!
//! Characters that cannot be seen (spaces, line breaks, controls) are no tokens, and a line break ends a sentence unless a label
//! goes on behind it. Each character has one label, so spans that overlap others are left out.

use std::io::{self, Write};

use owabi_corpora::Record;

use crate::Tally;
use crate::marks::{Mark, marks};

/// The line that begins a document, in the very form that spaCy's converter looks for.
const DOCUMENT: &str = "-DOCSTART- -X- O O\n\n";

pub(crate) fn document(record: &Record, tally: &mut Tally, out: &mut dyn Write) -> io::Result<()> {
    let marks = marks(record);
    tally.mark(&marks);
    let visible: Vec<bool> = record.text.chars().map(is_visible).collect();
    let kept = choose(&marks, &visible, tally);
    let mut lines = String::from(DOCUMENT);
    let mut kept = kept.iter().peekable();
    let (mut begun, mut open) = (false, false);
    for (place, c) in record.text.chars().enumerate() {
        while kept.next_if(|mark| mark.end <= place).is_some() {
            begun = false;
        }
        let label = kept.peek().filter(|mark| mark.start <= place);
        if c == '\n' && label.is_none() && open {
            lines.push('\n');
            open = false;
        }
        if !visible[place] {
            continue;
        }
        let tag = match label {
            None => "O".to_owned(),
            Some(mark) if begun => format!("I-{}", mark.name),
            Some(mark) => format!("B-{}", mark.name),
        };
        begun = label.is_some();
        open = true;
        lines.push_str(&format!("{c} {place} _ {tag}\n"));
    }
    if open {
        lines.push('\n');
    }
    out.write_all(lines.as_bytes())
}

/// What a line of columns can hold: readers part columns at anything that is white space to them.
fn is_visible(c: char) -> bool {
    !c.is_whitespace() && !c.is_control()
}

/// Spans that do not overlap: the longest first, of equally long ones the first in the text, of those the first in the record. In
/// the order of the text.
fn choose<'m>(marks: &'m [Mark], visible: &[bool], tally: &mut Tally) -> Vec<&'m Mark> {
    let mut taken = vec![false; visible.len()];
    let mut order: Vec<&Mark> = marks.iter().collect();
    order.sort_by_key(|mark| (std::cmp::Reverse(mark.end - mark.start), mark.start));
    let mut kept = Vec::new();
    for mark in order {
        if taken[mark.start..mark.end].contains(&true) {
            tally.overlapping += 1;
        } else if !visible[mark.start..mark.end].contains(&true) {
            tally.invisible += 1;
        } else {
            taken[mark.start..mark.end].fill(true);
            kept.push(mark);
        }
    }
    kept.sort_by_key(|mark| mark.start);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use owabi_corpora::markup;

    #[test]
    fn a_label_goes_on_behind_a_line_break_and_a_longer_one_wins() {
        let (text, labels) =
            markup::parse("甲。\r\n⟦⟦氏\r\n名|name:confirmed⟧と|cause:loss⟧⟦乙|name:denied⟧⟦丙|name:denied⟧\n\n⟦ |no:pin:held⟧丁").unwrap();
        let (mut out, mut tally) = (Vec::new(), Tally::default());
        document(&Record::new("a", text, labels), &mut tally, &mut out).unwrap();
        let lines = "甲 0 _ O\n。 1 _ O\n\n氏 4 _ B-cause:loss\n名 7 _ I-cause:loss\nと 8 _ I-cause:loss\n\
            乙 9 _ B-name:denied\n丙 10 _ B-name:denied\n\n丁 14 _ O\n\n";
        assert_eq!(String::from_utf8(out).unwrap(), format!("{DOCUMENT}{lines}"));
        assert_eq!((tally.marks, tally.overlapping, tally.invisible), (5, 1, 1));
    }

    #[test]
    fn an_empty_document_is_its_first_line() {
        let (mut out, mut tally) = (Vec::new(), Tally::default());
        document(&Record::new("a", "", Default::default()), &mut tally, &mut out).unwrap();
        assert_eq!(out, DOCUMENT.as_bytes());
    }
}
