//! Loads regular expressions from data files and cuts text at character boundaries.

use std::ops::Deref;
use std::sync::OnceLock;

use owabi_corpora::Span;
use regex::{Captures, Match, Regex};
use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, Hir, HirKind, Look, LookSet};
use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer};

use crate::gates::REGISTRY;

/// Reads a table of named regular expressions. The tables are compiled in, so a bad one fails every test.
pub(crate) fn load<T: DeserializeOwned>(table: &str) -> T {
    toml::from_str(table).unwrap_or_else(|error| panic!("a committed table of patterns is not valid: {}", error.message()))
}

/// A regular expression of a data file. It is compiled when a text first asks for it: most texts ask for few.
pub(crate) struct Pattern {
    spec: String,
    regex: OnceLock<Regex>,
    gates: &'static [u16],
    shape: OnceLock<Shape>,
}

impl Pattern {
    pub(crate) fn new(spec: impl Into<String>) -> Pattern {
        let spec = spec.into();
        Pattern { gates: REGISTRY.gates(&spec), spec, regex: OnceLock::new(), shape: OnceLock::new() }
    }

    /// The sets of words of which every match contains one each, as [`crate::gates::Gates`] knows them.
    pub(crate) fn gates(&self) -> &'static [u16] {
        self.gates
    }

    /// How far from any of its words a match may reach, in bytes; `None` if there is no bound, or the pattern looks at what stands
    /// around a match.
    pub(crate) fn reach(&self) -> Option<usize> {
        self.shape().reach
    }

    /// Whether a text may match, by its first and last characters: most do not.
    fn may_match(&self, text: &str) -> bool {
        let shape = self.shape();
        shape.first.as_ref().is_none_or(|first| text.chars().next().is_some_and(|c| first.contains(c)))
            && shape.last.as_ref().is_none_or(|last| text.chars().next_back().is_some_and(|c| last.contains(c)))
    }

    pub(crate) fn is_match(&self, text: &str) -> bool {
        self.may_match(text) && self.regex().is_match(text)
    }

    pub(crate) fn find<'t>(&self, text: &'t str) -> Option<Match<'t>> {
        if self.may_match(text) { self.regex().find(text) } else { None }
    }

    pub(crate) fn captures<'t>(&self, text: &'t str) -> Option<Captures<'t>> {
        if self.may_match(text) { self.regex().captures(text) } else { None }
    }

    fn shape(&self) -> &Shape {
        self.shape.get_or_init(|| Shape::new(&self.spec).unwrap_or_default())
    }

    /// The tables are compiled in, and a test compiles every pattern.
    fn regex(&self) -> &Regex {
        self.regex.get_or_init(|| Regex::new(&self.spec).unwrap_or_else(|error| panic!("a committed pattern is not valid: {error}")))
    }
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Pattern, D::Error> {
        String::deserialize(deserializer).map(Pattern::new)
    }
}

impl Deref for Pattern {
    type Target = Regex;

    fn deref(&self) -> &Regex {
        self.regex()
    }
}

/// What is known of a pattern before it is run.
#[derive(Default)]
struct Shape {
    reach: Option<usize>,
    /// What a text begins with that matches, where a match begins at the beginning.
    first: Option<Chars>,
    /// What it ends with, where a match ends at the end.
    last: Option<Chars>,
}

/// In bytes: a pattern that reaches farther is run on the whole text.
const FARTHEST: usize = 2_000;

impl Shape {
    fn new(spec: &str) -> Option<Shape> {
        let hir = regex_syntax::parse(spec).ok()?;
        let properties = hir.properties();
        let edge = |look: LookSet, at: Look, from_end: bool| look.contains(at).then(|| Chars::new(&hir, from_end)).flatten();
        Some(Shape {
            reach: properties.maximum_len().filter(|&length| length <= FARTHEST && properties.look_set().is_empty()),
            first: edge(properties.look_set_prefix(), Look::Start, false),
            last: edge(properties.look_set_suffix(), Look::End, true),
        })
    }
}

/// A set of characters.
struct Chars {
    /// The last six bits of each, as a set: tells most others at once.
    bits: u64,
    ranges: Vec<ClassUnicodeRange>,
}

impl Chars {
    /// What every match begins with, or ends with; `None` where one may be empty.
    fn new(hir: &Hir, from_end: bool) -> Option<Chars> {
        let mut class = ClassUnicode::empty();
        if edge(hir, from_end, &mut class) {
            return None;
        }
        let bits = class.ranges().iter().fold(0, |bits, range| match range.len() {
            64.. => u64::MAX,
            _ => (range.start()..=range.end()).fold(bits, |bits, c| bits | 1 << (c as u32 & 63)),
        });
        Some(Chars { bits, ranges: class.ranges().to_vec() })
    }

    fn contains(&self, c: char) -> bool {
        let next = || self.ranges.partition_point(|range| range.end() < c);
        self.bits & 1 << (c as u32 & 63) != 0 && self.ranges.get(next()).is_some_and(|range| range.start() <= c)
    }
}

/// Adds what a part of a pattern begins or ends with; whether the part may match nothing.
fn edge(hir: &Hir, from_end: bool, chars: &mut ClassUnicode) -> bool {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => true,
        HirKind::Literal(literal) => {
            let text = str::from_utf8(&literal.0).unwrap_or_default();
            let c = if from_end { text.chars().next_back() } else { text.chars().next() };
            c.iter().for_each(|&c| chars.push(ClassUnicodeRange::new(c, c)));
            c.is_none()
        }
        HirKind::Class(Class::Unicode(class)) => {
            chars.union(class);
            false
        }
        // Not in patterns on text.
        HirKind::Class(Class::Bytes(_)) => true,
        HirKind::Repetition(repetition) => edge(&repetition.sub, from_end, chars) || repetition.min == 0,
        HirKind::Capture(capture) => edge(&capture.sub, from_end, chars),
        HirKind::Concat(parts) if from_end => parts.iter().rev().all(|part| edge(part, from_end, chars)),
        HirKind::Concat(parts) => parts.iter().all(|part| edge(part, from_end, chars)),
        HirKind::Alternation(parts) => parts.iter().fold(false, |empty, part| edge(part, from_end, chars) || empty),
    }
}

/// The byte length of at most `chars` characters at the start.
pub(crate) fn prefix(text: &str, chars: usize) -> usize {
    text.char_indices().nth(chars).map_or(text.len(), |(at, _)| at)
}

/// The byte position of at most `chars` characters before the end.
pub(crate) fn suffix(text: &str, chars: usize) -> usize {
    text.char_indices().rev().take(chars).last().map_or(text.len(), |(at, _)| at)
}

/// The stretch of at most `chars` characters on both sides of a span.
pub(crate) fn around(text: &str, span: Span, chars: usize) -> Span {
    Span::new(suffix(&text[..span.start], chars), span.end + prefix(&text[span.end..], chars))
}

/// A stretch made wider by so many bytes on both sides, and on to the next character boundaries.
pub(crate) fn widen(text: &str, span: Span, bytes: usize) -> Span {
    let start = (0..=span.start.saturating_sub(bytes)).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    let end = (span.end.saturating_add(bytes)..text.len()).find(|&at| text.is_char_boundary(at)).unwrap_or(text.len());
    Span::new(start, end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_tell_what_cannot_match() {
        let chars = |spec: &str, from_end| Chars::new(&regex_syntax::parse(spec).unwrap(), from_end);
        let first = chars("^(?:し|され)?(?:た|なし|[0-9])", false).unwrap();
        assert!("しさたな09".chars().all(|c| first.contains(c)));
        assert!("れいaつ".chars().all(|c| !first.contains(c)));
        let last = chars("です[)」]*。?$", true).unwrap();
        assert!("す)」。".chars().all(|c| last.contains(c)) && !last.contains('で'));
        assert!(chars("^(?:し)?$", false).is_none());
        let pattern = Pattern::new("^あ|い");
        assert!(pattern.is_match("うい"), "not every match begins at the beginning");
        let pattern = Pattern::new("(?m)^い$");
        assert!(pattern.is_match("う\nい\nう"));
    }
}
