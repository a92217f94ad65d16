//! `mojibake`: what is left of a text that went through the wrong encoding.

use std::sync::LazyLock;

use encoding_rs::{SHIFT_JIS, WINDOWS_1252};
use owabi_corpora::edits::Edit;
use owabi_corpora::{Record, Span};
use serde::Deserialize;

use super::Change;
use super::marks::Cover;
use super::text::{is_han, signs};
use crate::data;
use crate::draw::Draw;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    lost: Vec<String>,
    foreign: String,
    lines: Vec<String>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| data::toml("perturb/mojibake.toml", include_str!("../../data/perturb/mojibake.toml")));

/// What a system lacks is lost everywhere, a few other characters where a byte got lost, and a line of a stranger's (a mail gateway, a feed)
/// is garbage from one end to the other. No damage hits a labelled fact, or a character on which it hangs whether something leaked.
pub(super) fn change(record: &Record, draw: &mut Draw) -> Option<Change> {
    let labelled = Cover::all(record);
    let lost = draw.pick(&TABLE.lost).as_str();
    let strangers = draw.percent(70);
    let distance = draw.between(60, 300);
    let mut edits = Vec::new();
    for (at, c) in record.text.char_indices() {
        let span = Span::new(at, at + c.len_utf8());
        let stranger = strangers && TABLE.foreign.contains(c);
        let unlucky = is_han(c) && !signs().negations.contains(c) && draw.below(distance) == 0;
        if (stranger || unlucky) && !labelled.touches(span) {
            edits.push(Edit::new(span, lost));
        }
    }
    if draw.percent(60) || edits.is_empty() {
        let line: &String = draw.pick(&TABLE.lines);
        let garbage = garbled(line, draw);
        match draw.percent(70) || record.text.is_empty() {
            true => edits.push(Edit::new(record.text.len()..record.text.len(), format!("\n{garbage}"))),
            false => edits.insert(0, Edit::new(0..0, format!("{garbage}\n"))),
        }
    }
    Change::of(edits)
}

/// UTF-8 read as Shift_JIS, as a Western encoding, or Shift_JIS read as UTF-8.
fn garbled(line: &str, draw: &mut Draw) -> String {
    let text = match draw.below(5) {
        0..=2 => SHIFT_JIS.decode_without_bom_handling(line.as_bytes()).0.into_owned(),
        3 => WINDOWS_1252.decode_without_bom_handling(line.as_bytes()).0.into_owned(),
        _ => String::from_utf8_lossy(&SHIFT_JIS.encode(line).0).into_owned(),
    };
    // Control characters do not survive a copy.
    text.chars().filter(|c| !c.is_control()).collect()
}
