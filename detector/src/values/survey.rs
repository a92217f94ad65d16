//! One look at every byte: where the lines of a text are, and which of its parts may hold a number or the cells of a table.

use owabi_corpora::Span;
use regex_syntax::hir::{Class, Hir, HirKind};

/// A line without its break.
#[derive(Clone, Copy)]
pub(super) struct Line {
    pub(super) span: Span,
    /// Whether it holds what parts cells: `|`, a tab, a comma, a semicolon or two spaces inside.
    pub(super) parted: bool,
    /// Whether a space stands right behind a Japanese character, as in 「山田 花子」.
    pub(super) spaced: bool,
}

/// The lines of a text, at least one, and its stretches of ASCII that may hold a number or an address.
pub(super) struct Survey {
    pub(super) lines: Vec<Line>,
    pub(super) stretches: Vec<Stretch>,
}

/// A stretch of ASCII with four digits, an @, or the colons of an IPv6 address.
pub(super) struct Stretch {
    pub(super) span: Span,
    signs: Signs,
}

/// How many signs of each class ([`class`]) a text holds, or each match of a pattern at least.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Signs([usize; CLASSES]);

const CLASSES: usize = 5;
const DIGIT: usize = 0;
const LETTER: usize = 1;
const DOT: usize = 2;
const COLON: usize = 3;
/// Of an address of mail: `@`, `(at)`, `[at]`.
const AT: usize = 4;

/// The class of a character; most are of none.
fn class(c: char) -> Option<usize> {
    match c {
        '0'..='9' => Some(DIGIT),
        'A'..='Z' | 'a'..='z' => Some(LETTER),
        '.' => Some(DOT),
        ':' => Some(COLON),
        '@' | '(' | '[' => Some(AT),
        _ => None,
    }
}

impl Survey {
    pub(super) fn new(text: &str) -> Survey {
        let mut survey = Survey { lines: Vec::new(), stretches: Vec::new() };
        let mut line = Line { span: Span::new(0, 0), parted: false, spaced: false };
        let (mut start, mut signs) = (0, Signs::default());
        let bytes = text.as_bytes();
        let mut at = 0;
        // The byte at the end belongs to no stretch.
        while at <= bytes.len() {
            let byte = bytes.get(at).copied().unwrap_or(b'\n');
            if let b' '..=b'~' = byte {
                if let Some(class) = class(char::from(byte)) {
                    signs.0[class] += 1;
                }
                line.parted |= matches!(byte, b'|' | b',' | b';');
                if byte == b' ' && at > line.span.start {
                    line.spaced |= !bytes[at - 1].is_ascii();
                    line.parted |= bytes[at - 1] != b' ' && bytes.get(at + 1) == Some(&b' ');
                }
                at += 1;
                continue;
            }
            if start < at {
                if signs.worth_a_look(&bytes[start..at]) {
                    survey.stretches.push(Stretch { span: Span::new(start, at), signs });
                }
                signs = Signs::default();
            }
            line.parted |= byte == b'\t';
            if byte == b'\n' {
                line.span.end = at;
                survey.lines.push(line);
                line = Line { span: Span::new(at + 1, at + 1), parted: false, spaced: false };
            }
            // A character of several bytes has no ASCII among them.
            at += match byte {
                0xf0.. => 4,
                0xe0.. => 3,
                0xc0.. => 2,
                _ => 1,
            };
            start = at;
        }
        survey
    }

    /// The line that a position stands on.
    pub(super) fn line_at(&self, position: usize) -> usize {
        self.lines.partition_point(|line| line.span.start <= position).saturating_sub(1)
    }
}

impl Stretch {
    /// Whether a pattern whose matches hold `least` may match in it.
    pub(super) fn may_hold(&self, least: &Signs) -> bool {
        self.signs.0.iter().zip(&least.0).all(|(there, least)| there >= least)
    }
}

impl Signs {
    fn worth_a_look(&self, stretch: &[u8]) -> bool {
        let at = || stretch.contains(&b'@') || [b"(at", b"[at"].iter().any(|at| stretch.windows(3).any(|three| three == *at));
        self.0[DIGIT] >= 4 || self.0[COLON] >= 2 || self.0[AT] > 0 && at()
    }

    /// The fewest signs of each class that a match of a pattern can hold.
    pub(super) fn least(pattern: &str) -> Signs {
        regex_syntax::parse(pattern).map(|hir| Signs::least_of(&hir)).unwrap_or_default()
    }

    fn least_of(hir: &Hir) -> Signs {
        let sum = |mut all: Signs, one: Signs| {
            all.0.iter_mut().zip(one.0).for_each(|(all, one)| *all += one);
            all
        };
        let min = |mut all: Signs, one: Signs| {
            all.0.iter_mut().zip(one.0).for_each(|(all, one)| *all = one.min(*all));
            all
        };
        match hir.kind() {
            HirKind::Empty | HirKind::Look(_) | HirKind::Class(Class::Bytes(_)) => Signs::default(),
            HirKind::Literal(literal) => {
                let text = String::from_utf8_lossy(&literal.0);
                text.chars().map(Signs::of).fold(Signs::default(), sum)
            }
            HirKind::Class(Class::Unicode(one_of)) => {
                // A class of many characters has one that counts for nothing.
                let chars = one_of.iter().flat_map(|range| range.start()..=range.end()).take(MANY).map(Signs::of);
                chars.reduce(min).unwrap_or_default()
            }
            HirKind::Repetition(repetition) => {
                let mut signs = Signs::least_of(&repetition.sub);
                signs.0.iter_mut().for_each(|signs| *signs *= repetition.min as usize);
                signs
            }
            HirKind::Capture(capture) => Signs::least_of(&capture.sub),
            HirKind::Concat(parts) => parts.iter().map(Signs::least_of).fold(Signs::default(), sum),
            HirKind::Alternation(parts) => parts.iter().map(Signs::least_of).reduce(min).unwrap_or_default(),
        }
    }

    fn of(c: char) -> Signs {
        let mut signs = Signs::default();
        if let Some(class) = class(c) {
            signs.0[class] = 1;
        }
        signs
    }
}

/// More characters than the classes have together.
const MANY: usize = 100;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fewest_signs_of_a_match_are_read_off_the_pattern() {
        for (pattern, digits, letters, at) in [
            ("[0-9]{4}[- ]?[0-9]{6}", 10, 0, 0),
            ("[A-Za-z]{2}[0-9]{7}", 7, 2, 0),
            ("[0-9a-z]{3}x?", 0, 0, 0),
            ("[a-z]+(?:@|\\(at\\))[a-z]{2,}", 0, 3, 1),
            ("T?(?P<v>[0-9]{13}|[0-9][- ][0-9]{4})", 5, 0, 0),
        ] {
            let least = Signs::least(pattern);
            assert_eq!((least.0[DIGIT], least.0[LETTER], least.0[AT]), (digits, letters, at), "{pattern}");
        }
    }

    #[test]
    fn lines_and_stretches_are_found_in_one_pass() {
        let text = "電話03-1123-4567まで\n2024、a@b\n\n|x(at)y、1:2、::1\n  山田 花子\n番号  住所";
        let survey = Survey::new(text);
        let stretches: Vec<&str> = survey.stretches.iter().map(|stretch| &text[stretch.span.range()]).collect();
        assert_eq!(stretches, ["03-1123-4567", "2024", "a@b", "|x(at)y", "::1"]);
        let lines: Vec<_> = survey.lines.iter().map(|line| (&text[line.span.range()], line.parted, line.spaced)).collect();
        let plain = |line| (line, false, false);
        assert_eq!(lines[..3], [plain("電話03-1123-4567まで"), plain("2024、a@b"), plain("")]);
        assert_eq!(lines[3..], [("|x(at)y、1:2、::1", true, false), ("  山田 花子", false, true), ("番号  住所", true, true)]);
        assert_eq!(survey.line_at(text.find("a@b").unwrap()), 1);
    }
}
