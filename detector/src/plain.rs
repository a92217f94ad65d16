//! The source with every character in its normal form, and the byte each came from.
//!
//! The scanner's own text ([`crate::normalise`]) drops the spaces beside Japanese and all capitals. Names and tables need
//! them: 「A株式会社 お客様の情報…」, 「氏名　　電話番号」.

use owabi_corpora::Span;
use unicode_normalization::UnicodeNormalization;

use crate::normalise;

/// A text that kept its spaces, with a map back to the source.
pub(crate) struct Plain {
    pub(crate) text: String,
    /// (byte of the plain text, byte of the source), ascending, one a character.
    map: Vec<(usize, usize)>,
    source_len: usize,
}

impl Plain {
    /// Every space is one ASCII space; carriage returns go.
    pub(crate) fn new(source: &str) -> Plain {
        Plain::read(source, |_, _, c| match c {
            '\u{3000}' | '\t' => Some(" "),
            '\r' => Some(""),
            _ => None,
        })
    }

    /// As columns stand: tabs stay, an ideographic space is two columns wide, hyphens of all kinds are one, characters without
    /// width go, and of the line breaks `wraps` (source bytes, ascending) those inside a number or an address.
    pub(crate) fn columns(source: &str, wraps: &[usize]) -> Plain {
        let wraps: Vec<usize> = wraps.iter().copied().filter(|&at| splits_a_word(source, at)).collect();
        Plain::read(source, |text, at, c| match c {
            '\u{3000}' => Some("  "),
            '\t' => Some("\t"),
            '\n' if wraps.binary_search(&at).is_ok() => Some(""),
            // 「03ー1123ー4567」
            'ー' | 'ｰ' if text.ends_with(|before: char| before.is_ascii_digit()) => Some("-"),
            c if c.is_ascii() => normalise::is_dropped(c).then_some(""),
            c if normalise::is_dropped(c) => Some(""),
            c => normalise::is_hyphen(c).then_some("-"),
        })
    }

    fn read(source: &str, special: impl Fn(&str, usize, char) -> Option<&'static str>) -> Plain {
        let mut text = String::with_capacity(source.len());
        let mut map = Vec::with_capacity(source.len() / 2);
        for (at, c) in source.char_indices() {
            map.push((text.len(), at));
            match special(&text, at, c) {
                Some(instead) => text.push_str(instead),
                None if c.is_ascii() || matches!(c, '\u{3041}'..='\u{30fe}' | '\u{4e00}'..='\u{9fff}') => text.push(c),
                None => text.extend(std::iter::once(c).nfkc().map(normalise::unify)),
            }
        }
        Plain { text, map, source_len: source.len() }
    }

    /// The source of a stretch of the plain text.
    pub(crate) fn to_source(&self, start: usize, end: usize) -> Span {
        let first = self.map.partition_point(|entry| entry.0 <= start).saturating_sub(1);
        let last = self.map.partition_point(|entry| entry.0 < end);
        let end = self.map.get(last).map_or(self.source_len, |entry| entry.1);
        Span::new(self.map.get(first).map_or(0, |entry| entry.1), end)
    }
}

/// Whether a line break parts a number or an address of ASCII: 「03-1123-\n4567」. Rows of a table end and begin with such too.
fn splits_a_word(source: &str, at: usize) -> bool {
    let line = source[..at].rsplit('\n').next().unwrap_or_default();
    let next = source.get(at + 1..).unwrap_or_default();
    let joins = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '@' | '.'));
    joins(line.trim_end().chars().next_back())
        && joins(next.trim_start_matches([' ', '\u{3000}']).chars().next())
        && !line.contains(['\t', '|', ','])
        && line.matches('、').count() < 2
}
