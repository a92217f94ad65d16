//! Loads regular expressions from data files and cuts text at character boundaries.

use std::ops::Deref;

use owabi_corpora::Span;
use regex::{Regex, RegexBuilder};
use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, Error};

/// Reads a table of named regular expressions. The tables are compiled in, so a bad one fails every test.
pub(crate) fn load<T: DeserializeOwned>(table: &str) -> T {
    toml::from_str(table).unwrap_or_else(|error| panic!("a committed table of patterns is not valid: {}", error.message()))
}

/// A regular expression in a TOML file.
pub(crate) struct Pattern(Regex);

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Pattern, D::Error> {
        regex(&String::deserialize(deserializer)?).map(Pattern).map_err(D::Error::custom)
    }
}

/// Compiles a pattern. Counted repetitions of Japanese need more states than the usual 2 MB hold, and a search that has to
/// drop them again and again is some twenty times slower.
pub(crate) fn regex(pattern: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(pattern).dfa_size_limit(STATES).build()
}

/// In bytes, of one pattern in one thread; few patterns come near it.
const STATES: usize = 16 << 20;

impl Deref for Pattern {
    type Target = Regex;

    fn deref(&self) -> &Regex {
        &self.0
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
