//! Loads regular expressions from data files and cuts text at character boundaries.

use std::ops::Deref;

use owabi_corpora::Span;
use regex::Regex;
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
        Regex::new(&String::deserialize(deserializer)?).map(Pattern).map_err(D::Error::custom)
    }
}

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
