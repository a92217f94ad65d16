//! The text as the scanner sees it, with a map back to the source.
//!
//! NFKC (⽉ → 月, ﾊﾟｽﾜｰﾄﾞ → パスワード, １２ → 12), ASCII in lower case, one kind of tilde and hyphen, no carriage returns, no
//! zero-width characters, no line breaks inside sentences, and no spaces beside Japanese (copies from PDF have 「2024 年 1 月」 and
//! 「2, 533名」). Where
//! nothing changes, stretches are copied whole. [`Normalised::to_source`] never maps a match to nothing.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::wraps;
use owabi_corpora::Span;
use unicode_normalization::char::decompose_compatible;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

static RADICALS: LazyLock<BTreeMap<char, char>> = LazyLock::new(|| pairs(include_str!("../data/radicals.tsv")));

static LOOKALIKES: LazyLock<BTreeMap<char, char>> = LazyLock::new(|| pairs(include_str!("../data/lookalikes.tsv")));

/// A table of two columns of one character each.
fn pairs(table: &str) -> BTreeMap<char, char> {
    table
        .lines()
        .filter(|line| !line.starts_with('#'))
        .skip(1)
        .filter_map(|line| line.split_once('\t'))
        .filter_map(|(radical, ideograph)| Some((radical.chars().next()?, ideograph.chars().next()?)))
        .collect()
}

/// A normalised text. All positions in it are bytes of `text`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Normalised {
    /// The text.
    pub(crate) text: String,
    /// The line breaks inside sentences, as bytes of the source, ascending.
    pub(crate) wraps: Vec<usize>,
    runs: Vec<Run>,
}

/// A stretch of the normalised text and where it came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Run {
    start: usize,
    source: Span,
    /// Byte for byte the same length; otherwise the whole run stands for the whole source.
    copied: bool,
}

impl Normalised {
    /// Reads the source once.
    pub(crate) fn new(source: &str) -> Normalised {
        Builder::new(source).build()
    }

    /// The source of a match. A match that cuts into a replaced stretch takes all of it.
    pub(crate) fn to_source(&self, span: Span) -> Span {
        if span.is_empty() || self.runs.is_empty() {
            return Span::new(0, 0);
        }
        let first = self.runs[self.runs.partition_point(|run| run.start <= span.start).saturating_sub(1)];
        let last = self.runs[self.runs.partition_point(|run| run.start < span.end).saturating_sub(1)];
        let start = if first.copied { first.source.start + (span.start - first.start) } else { first.source.start };
        let end = if last.copied { last.source.start + (span.end - last.start) } else { last.source.end };
        Span::new(start, end)
    }
}

struct Builder<'s> {
    source: &'s str,
    text: String,
    runs: Vec<Run>,
    /// Spaces seen and not yet written: their source.
    space: Option<Span>,
    line_start: usize,
    /// Line breaks inside sentences.
    wraps: Vec<usize>,
}

/// Neither changed by NFKC nor able to join what stands before it.
pub(crate) fn is_plain(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fe}' | '\u{4e00}'..='\u{9fff}' | '、' | '。' | '「' | '」' | '『' | '』' | '【' | '】' | '々')
}

/// The length in bytes of the character at a place that stands for itself in every normal form, whatever its neighbours: of
/// visible ASCII but capitals, or [plain](is_plain); 0 of any other.
pub(crate) fn plain_width(text: &str, at: usize) -> usize {
    match text.as_bytes()[at..] {
        [b'!'..=b'@' | b'['..=b'~', ..] => 1,
        [lead, second, third, ..] => match (lead, second, third) {
            (0xe3, 0x80, 0x81 | 0x82 | 0x85 | 0x8c..=0x8f | 0x90 | 0x91) => 3,
            (0xe3, 0x81, 0x81..) | (0xe3, 0x82, 0x80..=0x96 | 0xa1..) | (0xe3, 0x83, ..=0xbe) => 3,
            (0xe4, 0xb8.., _) | (0xe5..=0xe9, ..) => 3,
            _ => 0,
        },
        _ => 0,
    }
}

/// What NFKC makes of a character that nothing joins, where that is plain to see.
fn single(c: char) -> Option<char> {
    match c {
        c if c.is_ascii() || is_plain(c) => Some(c),
        // Circled numbers are marks: 「①1,234件」 is no 11,234.
        '\u{2460}'..='\u{2473}' => Some(c),
        // Full width.
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0),
        c => decomposed(c).filter(|&c| !is_space(c) && !is_dropped(c)),
    }
}

/// NFKC of a character that is taken apart into one: 「⽇」 into 「日」, 「●」 into itself.
pub(crate) fn decomposed(c: char) -> Option<char> {
    let (mut first, mut parts) = (None, 0);
    decompose_compatible(c, |part| {
        first = first.or(Some(part));
        parts += 1;
    });
    first.filter(|_| parts == 1)
}

fn is_katakana(c: char) -> bool {
    matches!(c, '\u{30a1}'..='\u{30fa}' | '\u{30fc}')
}

/// The same of the character at a place, by its bytes.
fn katakana_at(text: &str, at: usize) -> bool {
    matches!(text.as_bytes()[at..], [0xe3, 0x82, 0xa1..=0xbf, ..] | [0xe3, 0x83, ..=0xba | 0xbc, ..])
}

pub(crate) fn is_dropped(c: char) -> bool {
    matches!(c, '\r' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}' | '\u{fe00}'..='\u{fe0f}')
}

fn is_space(c: char) -> bool {
    c != '\n' && (c.is_whitespace() || c == '\u{3000}')
}

/// The characters that notices write in several ways and mean one thing by.
pub(crate) fn fold(c: char) -> char {
    match c {
        '\u{301c}' | '\u{223c}' | '\u{ff5e}' => '~',
        c if is_hyphen(c) => '-',
        '\u{2e80}'..='\u{2eff}' => unify(c),
        '“' | '”' => '"',
        c => c.to_ascii_lowercase(),
    }
}

pub(crate) fn is_hyphen(c: char) -> bool {
    matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe63}' | '\u{ff0d}')
}

/// The ordinary character for a radical that stands in its place.
pub(crate) fn unify(c: char) -> char {
    RADICALS.get(&c).copied().unwrap_or(c)
}

impl<'s> Builder<'s> {
    fn new(source: &'s str) -> Builder<'s> {
        Builder {
            source,
            text: String::with_capacity(source.len()),
            runs: Vec::new(),
            space: None,
            line_start: 0,
            wraps: wraps::find(source),
        }
    }

    fn build(mut self) -> Normalised {
        let mut at = 0;
        while at < self.source.len() {
            let clean = self.clean(at);
            at = match clean > at {
                true => self.copy(Span::new(at, clean)),
                false => self.cluster(at),
            };
        }
        Normalised { text: self.text, wraps: self.wraps, runs: self.runs }
    }

    /// Where the stretch ends that begins at `at` and stands in the text as it stands in the source.
    fn clean(&self, at: usize) -> usize {
        let mut in_katakana = self.space.is_none() && self.text.ends_with(is_katakana);
        let (mut last, mut here) = (at, at);
        loop {
            let width = match self.source.as_bytes().get(here) {
                None => return here,
                Some(b'\n') if self.wraps.is_empty() || self.wraps.binary_search(&here).is_err() => 1,
                Some(_) => plain_width(self.source, here),
            };
            if width == 0 {
                // What it joins is its own no longer.
                return if self.source[here..].starts_with(joins) { last } else { here };
            }
            let katakana = katakana_at(self.source, here);
            if in_katakana && !katakana && katakana_at(self.source, here + width) {
                return here;
            }
            (in_katakana, last, here) = (katakana, here, here + width);
        }
    }

    /// Writes a stretch as it is.
    fn copy(&mut self, source: Span) -> usize {
        let stretch = &self.source[source.range()];
        self.flush_space(stretch.chars().next().unwrap_or('\n'));
        self.extend(source, true);
        self.text.push_str(stretch);
        if let Some(line_break) = stretch.rfind('\n') {
            self.line_start = self.text.len() - (stretch.len() - line_break - 1);
        }
        source.end
    }

    /// Reads one character with all that join it, and tells where they end.
    fn cluster(&mut self, at: usize) -> usize {
        let mut chars = self.source[at..].char_indices().map(|(offset, c)| (at + offset, c)).peekable();
        let Some((_, c)) = chars.next() else { return self.source.len() };
        let mut end = at + c.len_utf8();
        if is_dropped(c) {
            return end;
        }
        if c == '\n' && self.wraps.binary_search(&at).is_ok() {
            // The next line may be indented; between Latin words a space remains.
            self.space = Some(Span::new(self.space.map_or(at, |span| span.start), end));
            return end;
        }
        if is_space(c) {
            let start = self.space.map_or(at, |span| span.start);
            self.space = Some(Span::new(start, end));
            return end;
        }
        if let Some(&meant) = LOOKALIKES.get(&fold(c))
            && self.text.chars().next_back().is_some_and(is_katakana)
            && self.space.is_none()
            && chars.peek().is_some_and(|&(_, next)| is_katakana(next))
        {
            self.extend(Span::new(at, end), false);
            self.text.push(meant);
            return end;
        }
        let alone = chars.peek().is_none_or(|&(_, next)| !joins(next));
        if alone && let Some(single) = single(c) {
            self.push(Span::new(at, end), single);
            return end;
        }
        // NFKC of the cluster is NFKC of the text there.
        while let Some((next_at, next)) = chars.next_if(|&(_, next)| joins(next)) {
            end = next_at + next.len_utf8();
        }
        self.push_cluster(Span::new(at, end));
        end
    }

    /// Writes one character that stands for itself, folded.
    fn push(&mut self, source: Span, c: char) {
        self.flush_space(c);
        let folded = fold(c);
        if folded.len_utf8() == source.len() {
            self.extend(source, true);
        } else {
            self.extend(source, false);
        }
        self.text.push(folded);
        if c == '\n' {
            self.line_start = self.text.len();
        }
    }

    fn push_cluster(&mut self, source: Span) {
        let replaced: String = self.source[source.range()].nfkc().map(fold).filter(|&c| !is_dropped(c)).collect();
        let trimmed = replaced.trim_matches(is_space);
        match trimmed.chars().next() {
            Some(first) => {
                self.flush_space(first);
                let same = trimmed.len() == source.len() && trimmed == &self.source[source.range()];
                self.extend(source, same);
                self.text.push_str(trimmed);
            }
            // Nothing but space is left: what stands on both sides is still apart.
            None => self.space = Some(Span::new(self.space.map_or(source.start, |span| span.start), source.end)),
        }
    }

    /// Notes where the next characters come from.
    fn extend(&mut self, source: Span, copied: bool) {
        if copied
            && let Some(last) = self.runs.last_mut()
            && last.copied
            && last.source.end == source.start
        {
            last.source.end = source.end;
            return;
        }
        self.runs.push(Run { start: self.text.len(), source, copied });
    }

    /// Decides whether the spaces before `next` mean anything, and writes one if so.
    fn flush_space(&mut self, next: char) {
        let Some(source) = self.space.take() else { return };
        let before = &self.text[self.line_start..];
        let Some(last) = before.chars().next_back() else { return };
        let number =
            last.is_ascii_digit() || (matches!(last, ',' | '.') && before.chars().rev().nth(1).is_some_and(|c| c.is_ascii_digit()));
        let keep = match () {
            // A list marker at the head of a line: 「1 写真」, but not 「1 月」.
            _ if is_marker(before) => !is_unit(next),
            _ if !last.is_ascii() || !next.is_ascii() => false,
            // 「2, 533」
            _ if matches!(last, ',') && number && next.is_ascii_digit() => false,
            _ => next != '\n',
        };
        if keep {
            self.runs.push(Run { start: self.text.len(), source, copied: false });
            self.text.push(' ');
        }
    }
}

/// Whether a character may become one with what stands before it: marks, and half-width ﾞ and ﾟ.
fn joins(c: char) -> bool {
    // Those that are common: general punctuation, signs and shapes, radicals, wide ASCII and narrow katakana.
    if c.is_ascii()
        || is_plain(c)
        || matches!(c, '\u{2010}'..='\u{2027}' | '\u{2460}'..='\u{2bff}' | '\u{2e80}'..='\u{2fdf}' | '\u{3000}' | '\u{ff01}'..='\u{ff9d}')
    {
        return false;
    }
    may_join(c)
}

fn may_join(c: char) -> bool {
    matches!(c, '\u{ff9e}' | '\u{ff9f}')
        || unicode_normalization::char::is_combining_mark(c)
        || is_nfkc_quick(std::iter::once(c)) == IsNormalized::Maybe
}

fn is_marker(before: &str) -> bool {
    let bare = before.trim_matches(['(', ')', '.', '[', ']']);
    let digits = bare.len() <= 2 && bare.bytes().all(|b| b.is_ascii_digit());
    !bare.is_empty() && bare.len() <= 6 && (digits || bare.chars().count() <= 2 && bare.chars().all(|c| MARKERS.contains(&c)))
}

/// What a number before it counts: data of the normaliser itself, as 「3 月」 must not look like the third item.
fn is_unit(c: char) -> bool {
    UNITS.contains(&c)
}

/// Letters and numerals that open a line as a list marker: 「ア　氏名」, 「一　概要」.
static MARKERS: LazyLock<Vec<char>> =
    LazyLock::new(|| include_str!("../data/markers.txt").chars().filter(|c| !c.is_whitespace()).collect());

static UNITS: LazyLock<Vec<char>> = LazyLock::new(|| include_str!("../data/units.txt").chars().filter(|c| !c.is_whitespace()).collect());

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn writes_one_form_and_finds_the_source_again() {
        for (source, expected) in [
            ("2024 年 1 ⽉ 30 ⽇", "2024年1月30日"),
            ("ﾊﾟｽﾜｰﾄﾞ", "パスワード"),
            ("２, ５３３名分", "2,533名分"),
            ("2, 533名", "2,533名"),
            ("Booking Car の ID", "booking carのid"),
            ("1 写真データ\n3 月 4 日", "1 写真データ\n3月4日"),
            ("氏\u{200b}名\r\n　住所", "氏名\n住所"),
            ("⻑野〜－", "長野~-"),
            ("①氏名②１，２３４件", "①氏名②1,234件"),
            ("か\u{3099}", "が"),
            ("メ一ルとパスワ−ド、クレジット力ード", "メールとパスワード、クレジットカード"),
        ] {
            assert_eq!(Normalised::new(source).text, expected, "{source}");
        }
        let source = "あ２, ５３３名ｶﾞ";
        let normalised = Normalised::new(source);
        let at = normalised.text.find("2,533").unwrap();
        let span = normalised.to_source(Span::new(at, at + 5));
        assert_eq!(&source[span.range()], "２, ５３３");
        let at = normalised.text.find("ガ").unwrap();
        assert_eq!(&source[normalised.to_source(Span::new(at, at + 3)).range()], "ｶﾞ");
    }

    #[test]
    fn characters_are_told_without_tables() {
        for c in '\0'..=char::MAX {
            let plain = if c.is_ascii() { c.is_ascii_graphic() && !c.is_ascii_uppercase() } else { is_plain(c) };
            assert_eq!(plain_width(&format!("あ{c}"), 3), if plain { c.len_utf8() } else { 0 }, "{c:?}");
            assert_eq!(joins(c), may_join(c), "{c:?}");
            assert_eq!(decomposed(c), Some(c.nfkc().next().unwrap()).filter(|_| c.nfkd().count() == 1), "{c:?}");
            assert_eq!(katakana_at(&format!("あ{c}"), 3), is_katakana(c), "{c:?}");
        }
    }

    proptest! {
        #[test]
        fn clusters_give_the_nfkc_of_the_whole(source in "[a-zぁ-んァ-ヺ一-鿆ｦ-ﾟ０-９\u{3099}\u{309a}\u{301}가-힣\u{1100}-\u{1112}\u{1161}-\u{1175}\u{11a8}-\u{11c2}⽉㈱㍿]{0,40}") {
            let whole: String = source.nfkc().map(fold).filter(|&c| !is_dropped(c)).collect();
            prop_assert_eq!(Normalised::new(&source).text, whole);
        }

        #[test]
        fn every_character_maps_to_some_source(source in "(\\PC|[ \\n\\r\u{3099}ｶﾞ２⽉]){0,60}") {
            let normalised = Normalised::new(&source);
            let mut last = 0;
            for (at, c) in normalised.text.char_indices() {
                let span = normalised.to_source(Span::new(at, at + c.len_utf8()));
                prop_assert!(span.start < span.end && span.end <= source.len());
                prop_assert!(source.is_char_boundary(span.start) && source.is_char_boundary(span.end));
                prop_assert!(span.start >= last);
                last = span.start;
            }
        }
    }
}
