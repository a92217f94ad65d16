//! One look at every byte: where the lines of a text are, and which of its parts may hold a number or the cells of a table.

use owabi_corpora::Span;

use super::signs::{AT, COLON, DIGIT, Signs, class};

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
}

#[cfg(test)]
mod tests {
    use super::*;

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
