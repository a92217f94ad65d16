//! Signs by which it is soon told that a stretch holds no match of a pattern.

use regex_syntax::hir::{Class, Hir, HirKind};

/// How many signs of each class ([`class`]) a text holds, or each match of a pattern at least.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Signs(pub(crate) [usize; CLASSES]);

pub(crate) const CLASSES: usize = 5;
pub(super) const DIGIT: usize = 0;
pub(super) const LETTER: usize = 1;
pub(super) const DOT: usize = 2;
pub(super) const COLON: usize = 3;
/// Of an address of mail: `@`, `(at)`, `[at]`.
pub(super) const AT: usize = 4;

/// The class of a character; most are of none.
pub(super) fn class(c: char) -> Option<usize> {
    match c {
        '0'..='9' => Some(DIGIT),
        'A'..='Z' | 'a'..='z' => Some(LETTER),
        '.' => Some(DOT),
        ':' => Some(COLON),
        '@' | '(' | '[' => Some(AT),
        _ => None,
    }
}

impl Signs {
    /// The fewest signs of each class that a match of a pattern can hold.
    #[allow(dead_code, reason = "the build script asks")]
    pub(crate) fn least(hir: &Hir) -> Signs {
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
                let mut signs = Signs::least(&repetition.sub);
                signs.0.iter_mut().for_each(|signs| *signs *= repetition.min as usize);
                signs
            }
            HirKind::Capture(capture) => Signs::least(&capture.sub),
            HirKind::Concat(parts) => parts.iter().map(Signs::least).fold(Signs::default(), sum),
            HirKind::Alternation(parts) => parts.iter().map(Signs::least).reduce(min).unwrap_or_default(),
        }
    }

    #[allow(dead_code, reason = "the build script asks")]
    fn of(c: char) -> Signs {
        let mut signs = Signs::default();
        if let Some(class) = class(c) {
            signs.0[class] = 1;
        }
        signs
    }
}

/// More characters than the classes have together.
#[allow(dead_code, reason = "the build script asks")]
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
            let least = Signs::least(&regex_syntax::parse(pattern).unwrap());
            assert_eq!((least.0[DIGIT], least.0[LETTER], least.0[AT]), (digits, letters, at), "{pattern}");
        }
    }
}
