//! The source with every character in its normal form, and the byte each came from.
//!
//! The scanner's own text ([`crate::normalise`]) drops the spaces beside Japanese and all capitals. Names and tables need
//! them: 「A株式会社 お客様の情報…」, 「氏名　　電話番号」. Most of a text is in its normal form already and is copied by the stretch.

use owabi_corpora::Span;
use unicode_normalization::UnicodeNormalization;

use crate::normalise;

/// A text that kept its spaces, with a map back to the source.
pub(crate) struct Plain {
    pub(crate) text: String,
    /// Ascending; the first one begins both texts.
    runs: Vec<Run>,
    source_len: usize,
}

/// A stretch that was copied, or what stands for one character of the source, perhaps nothing.
struct Run {
    start: usize,
    source: usize,
    copied: bool,
}

impl Plain {
    /// Every space is one ASCII space; carriage returns go.
    pub(crate) fn new(source: &str) -> Plain {
        Plain::joined(source, &[])
    }

    /// The same without the line breaks at `wraps` (source bytes, ascending): a name may be broken like any word.
    pub(crate) fn joined(source: &str, wraps: &[usize]) -> Plain {
        Plain::read(source, |_, at, c| match c {
            '\u{3000}' | '\t' => Some(" "),
            '\r' => Some(""),
            '\n' if wraps.binary_search(&at).is_ok() => Some(""),
            _ => None,
        })
    }

    /// As columns stand: tabs stay, an ideographic space is two columns wide, hyphens of all kinds are one, characters without
    /// width go, and of the line breaks `wraps` (source bytes, ascending) those inside a number or an address.
    pub(crate) fn columns(source: &str, wraps: &[usize]) -> Plain {
        let wraps: Vec<usize> = wraps.iter().copied().filter(|&at| splits_a_word(source, at)).collect();
        Plain::read(source, |text, at, c| match c {
            '\u{3000}' => Some("  "),
            '\n' if wraps.binary_search(&at).is_ok() => Some(""),
            // 「03ー1123ー4567」
            'ー' | 'ｰ' if text.ends_with(|before: char| before.is_ascii_digit()) => Some("-"),
            c if c.is_ascii() => normalise::is_dropped(c).then_some(""),
            c if normalise::is_dropped(c) => Some(""),
            c => normalise::is_hyphen(c).then_some("-"),
        })
    }

    /// `special` is asked about every character that [`copied`] does not pass.
    fn read(source: &str, special: impl Fn(&str, usize, char) -> Option<&'static str>) -> Plain {
        let mut plain = Plain { text: String::with_capacity(source.len() + source.len() / 8), runs: Vec::new(), source_len: source.len() };
        let mut at = 0;
        while at < source.len() {
            let clean = copied(&source[at..]);
            if clean > 0 {
                plain.run(at, true);
                plain.text.push_str(&source[at..at + clean]);
                at += clean;
            }
            let Some(c) = source[at..].chars().next() else { break };
            match special(&plain.text, at, c) {
                None if c.is_ascii() || is_kana_or_kanji(c) => {
                    plain.run(at, true);
                    plain.text.push(c);
                }
                special => {
                    plain.run(at, false);
                    match (special, c) {
                        (Some(instead), _) => plain.text.push_str(instead),
                        // The wide forms of ASCII, the commonest of all.
                        (None, '\u{ff01}'..='\u{ff5e}') => plain.text.extend(char::from_u32(c as u32 - WIDE)),
                        (None, _) => match normalise::decomposed(c) {
                            Some(c) => plain.text.push(normalise::unify(c)),
                            None => plain.text.extend(std::iter::once(c).nfkc().map(normalise::unify)),
                        },
                    }
                }
            }
            at += c.len_utf8();
        }
        plain
    }

    /// Notes where the next characters come from.
    fn run(&mut self, source: usize, copied: bool) {
        if !(copied && self.runs.last().is_some_and(|last| last.copied)) {
            self.runs.push(Run { start: self.text.len(), source, copied });
        }
    }

    /// The source of a stretch of the plain text.
    pub(crate) fn to_source(&self, start: usize, end: usize) -> Span {
        let at = |run: &Run, position: usize| if run.copied { run.source + (position - run.start) } else { run.source };
        let first = self.runs[..self.runs.partition_point(|run| run.start <= start)].last();
        let next = self.runs.partition_point(|run| run.start < end);
        let end = match (self.runs[..next].last(), self.runs.get(next)) {
            // Inside a copied stretch; what stands for a character is taken whole.
            (Some(last), next) if last.copied && next.is_none_or(|next| end < next.start) => at(last, end),
            (_, next) => next.map_or(self.source_len, |next| next.source),
        };
        Span::new(first.map_or(0, |run| at(run, start)), end)
    }
}

/// From a wide character to its ASCII one.
pub(crate) const WIDE: u32 = 0xfee0;

fn is_kana_or_kanji(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{30fe}' | '\u{4e00}'..='\u{9fff}')
}

/// How many bytes at the start stand for themselves in every plain text: visible ASCII and spaces, kana, kanji, the commonest
/// marks. A long vowel ends them where a digit stands before it, as some write it for a hyphen.
fn copied(text: &str) -> usize {
    let bytes = text.as_bytes();
    let (mut at, mut digit) = (0, true);
    while let Some(&lead) = bytes.get(at) {
        if let b' '..=b'~' = lead {
            digit = lead.is_ascii_digit();
            at += 1;
            continue;
        }
        let Some(&[second, third]) = bytes.get(at + 1..at + 3) else { break };
        let copied = match (lead, second) {
            // U+3001 to U+3011
            (0xe3, 0x80) => matches!(third, 0x81..=0x91),
            // U+3041 to U+30FE
            (0xe3, 0x81) => third > 0x80,
            (0xe3, 0x82) => true,
            (0xe3, 0x83) => third < 0xbf && !(digit && third == 0xbc),
            // U+4E00 to U+9FFF
            (0xe4, 0xb8..) | (0xe5..=0xe9, _) => true,
            _ => false,
        };
        if !copied {
            break;
        }
        digit = false;
        at += 3;
    }
    at
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
