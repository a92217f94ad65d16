//! The encodings: what a text can say in each, and its bytes.
//!
//! A record's own text is Unicode. An encoded one holds what comes back when its bytes are decoded, so that labels stay exact, and
//! names the encoding under [`ENCODING`]; [`encode`] gives the bytes.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use encoding_rs::{EUC_JP, Encoding, ISO_2022_JP, SHIFT_JIS};
use owabi_corpora::Record;
use owabi_corpora::edits::Edit;

use super::Change;
use crate::data;
use crate::draw::Draw;

/// The record's key that names the encoding in which its text is to be written.
pub const ENCODING: &str = "x_encoding";

pub(super) const IDS: [&str; 3] = ["shift_jis", "euc_jp", "iso_2022_jp"];

/// The text's bytes in the encoding that the record names; nothing where it names none that is known.
pub fn encode(record: &Record) -> Option<Vec<u8>> {
    let encoding = match record.extra.0.get(ENCODING)?.as_str()? {
        "shift_jis" => SHIFT_JIS,
        "euc_jp" => EUC_JP,
        "iso_2022_jp" => ISO_2022_JP,
        _ => return None,
    };
    Some(encoding.encode(&record.text).0.into_owned())
}

static INSTEAD: LazyLock<BTreeMap<char, &'static str>> = LazyLock::new(|| {
    data::rows(include_str!("../../data/perturb/encodings.tsv")).filter_map(|row| Some((row[0].chars().next()?, row[1]))).collect()
});

/// What a Japanese system prints for a character that it lacks.
const GETA: &str = "\u{3013}";

pub(super) fn shift_jis(record: &Record, _: &mut Draw) -> Option<Change> {
    Some(limited(record, SHIFT_JIS, IDS[0]))
}

pub(super) fn euc_jp(record: &Record, _: &mut Draw) -> Option<Change> {
    Some(limited(record, EUC_JP, IDS[1]))
}

pub(super) fn iso_2022_jp(record: &Record, _: &mut Draw) -> Option<Change> {
    Some(limited(record, ISO_2022_JP, IDS[2]))
}

fn limited(record: &Record, encoding: &'static Encoding, id: &'static str) -> Change {
    let mut edits = Vec::new();
    for (at, c) in record.text.char_indices().filter(|(_, c)| !is_plain(*c)) {
        let mut buffer = [0; 4];
        let own: &str = c.encode_utf8(&mut buffer);
        let back = returned(own, encoding)
            .or_else(|| returned(INSTEAD.get(&c)?, encoding))
            .or_else(|| returned(GETA, encoding))
            .unwrap_or_else(|| "?".to_owned());
        if back != own {
            edits.push(Edit::new(at..at + own.len(), back));
        }
    }
    Change { edits, encoding: Some(id), ..Change::default() }
}

/// ASCII but for the control characters that switch ISO-2022-JP from one set to the next.
fn is_plain(c: char) -> bool {
    c.is_ascii() && !matches!(c, '\u{e}' | '\u{f}' | '\u{1b}')
}

/// The text after a journey through the encoding; nothing where it lacks a character.
fn returned(text: &str, encoding: &'static Encoding) -> Option<String> {
    let (bytes, _, unmappable) = encoding.encode(text);
    (!unmappable).then(|| encoding.decode_without_bom_handling(&bytes).0.into_owned())
}
