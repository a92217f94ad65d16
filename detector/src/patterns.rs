//! Loads regular expressions from data files and cuts text at character boundaries.

use std::borrow::Cow;
use std::ops::Deref;
use std::sync::OnceLock;

use owabi_corpora::Span;
use regex::{Captures, Regex, RegexBuilder};
use serde::Deserialize;
use serde::de::value::MapDeserializer;
use serde::de::{DeserializeOwned, Deserializer};

use crate::gates::{Alternative, REGISTRY};
use crate::machine::{Form, Machine, Sets};

/// The named regular expressions of a table of `data/`. The tables are compiled in, so a bad one fails every test.
pub(crate) fn table<T: DeserializeOwned>(name: &str) -> T {
    let table = REGISTRY.tables.iter().find(|table| table.0 == name).map_or(&[][..], |table| table.1);
    let fields = MapDeserializer::<_, serde::de::value::Error>::new(table.iter().copied());
    T::deserialize(fields).unwrap_or_else(|error| panic!("`data/{name}.toml` is not valid: {error}"))
}

/// Reads a table of named regular expressions with more than these. Such tables are compiled in, too.
pub(crate) fn load<T: DeserializeOwned>(table: &str) -> T {
    toml::from_str(table).unwrap_or_else(|error| panic!("a committed table of patterns is not valid: {}", error.message()))
}

/// A regular expression of a data file, and its alternatives.
pub(crate) struct Pattern {
    /// One at least.
    parts: Vec<Part>,
    /// If it has several.
    whole: Option<Expression>,
}

/// An alternative of a pattern.
pub(crate) struct Part {
    /// What it needs to match, as [`crate::gates::Gates`] knows it.
    pub(crate) alternative: &'static Alternative,
    pub(crate) expression: Expression,
}

impl Pattern {
    pub(crate) fn new(spec: impl Into<Cow<'static, str>>) -> Pattern {
        let spec = spec.into();
        let (whole, alternatives) = REGISTRY.pattern(&spec);
        let part = |alternative: &'static Alternative| {
            let (spec, form) = alternative.spec.map_or_else(|| (spec.clone(), whole), |(spec, form)| (Cow::Borrowed(spec), form));
            Part { alternative, expression: Expression::known(spec, form) }
        };
        let parts: Vec<Part> = alternatives.iter().map(part).collect();
        Pattern { whole: (parts.len() > 1).then(|| Expression::known(spec, whole)), parts }
    }

    /// It matches where one of these does.
    pub(crate) fn parts(&self) -> &[Part] {
        &self.parts
    }
}

impl Deref for Pattern {
    type Target = Expression;

    fn deref(&self) -> &Expression {
        self.whole.as_ref().unwrap_or(&self.parts[0].expression)
    }
}

/// A regular expression. It is compiled when a text first asks for it: most texts ask for few.
pub(crate) struct Expression {
    spec: Cow<'static, str>,
    /// Where the registry holds its form.
    form: Option<u32>,
    regex: OnceLock<Regex>,
    reach: OnceLock<Option<u16>>,
    machines: OnceLock<Option<Box<[Machine]>>>,
    finder: OnceLock<Option<Box<Machine>>>,
}

impl Expression {
    /// A known one has its form in the registry.
    pub(crate) fn known(spec: Cow<'static, str>, form: Option<u32>) -> Expression {
        Expression { spec, form, regex: OnceLock::new(), reach: OnceLock::new(), machines: OnceLock::new(), finder: OnceLock::new() }
    }

    pub(crate) fn spec(&self) -> &str {
        &self.spec
    }

    /// How far from any of its words a match may reach, in bytes; `None` if there is no bound, or the expression looks at what stands
    /// around a match.
    pub(crate) fn reach(&self) -> Option<usize> {
        self.reach.get_or_init(|| self.formed(|form, _| form.reach)).map(usize::from)
    }

    /// What is made of its form and the sets of characters that it names; `None` if it has none.
    fn formed<T>(&self, make: impl FnOnce(&Form, &[&[(char, char)]]) -> Option<T>) -> Option<T> {
        if let Some(form) = self.form {
            return make(&REGISTRY.form(form), REGISTRY.chars);
        }
        let mut sets = Sets::default();
        let hir = Some(&self.spec).filter(|spec| spec.len() <= LONGEST).and_then(|spec| regex_syntax::parse(&digits(spec)).ok())?;
        make(&Form::new(&hir, &mut sets)?, &sets.slices())
    }

    pub(crate) fn is_match(&self, text: &str) -> bool {
        let machines = self.machines.get_or_init(|| self.formed(Machine::all));
        let said = machines.as_ref().and_then(|machines| any(machines, text));
        said.unwrap_or_else(|| self.deref().is_match(text))
    }

    /// Most texts hold none, and that is soon told.
    pub(crate) fn find<'t>(&self, text: &'t str) -> Option<Hit<'t>> {
        // What has to stand at the start is found or missed there.
        let finder = if self.spec.starts_with('^') { self.finder().filter(|finder| finder.is_anchored()) } else { None };
        match finder.and_then(|finder| finder.find_from(text, 0)) {
            Some(found) => found.map(|span| Hit { text, span }),
            None if self.is_match(text) => self.found(text),
            None => None,
        }
    }

    /// For who knows already that there is a match.
    pub(crate) fn found<'t>(&self, text: &'t str) -> Option<Hit<'t>> {
        self.found_from(text, 0)
    }

    /// The first match that begins at a place or behind it.
    fn found_from<'t>(&self, text: &'t str, place: usize) -> Option<Hit<'t>> {
        let finder = if text.len() <= SHORT { self.finder() } else { None };
        let span = finder.and_then(|finder| finder.find_from(text, place));
        span.unwrap_or_else(|| self.deref().find_at(text, place).map(|hit| hit.range().into())).map(|span| Hit { text, span })
    }

    /// All matches, each behind the one before.
    pub(crate) fn find_iter<'t>(&self, text: &'t str) -> impl Iterator<Item = Hit<'t>> {
        let (mut place, mut end) = (0, None);
        let long = text.len() > SHORT;
        std::iter::from_fn(move || {
            // What matches in the rest of a text may match there as if nothing stood before it. A long one is asked once: of two
            // automata the one that does not match would read all the rest behind each hit of the other.
            while long && end.is_some() || self.is_match(text.get(place..)?) {
                let hit = self.found_from(text, place)?;
                place = hit.end();
                // Nothing is no match where another one ends.
                if !hit.is_empty() || end != Some(place) {
                    end = Some(place);
                    return Some(hit);
                }
                place += text[place..].chars().next().map_or(1, char::len_utf8);
            }
            None
        })
    }

    fn finder(&self) -> Option<&Machine> {
        self.finder.get_or_init(|| self.formed(Machine::finder).map(Box::new)).as_deref()
    }

    /// All matches in a text of which most hold none.
    pub(crate) fn all_captures<'t>(&self, text: &'t str) -> impl Iterator<Item = Captures<'t>> {
        self.is_match(text).then(|| self.deref().captures_iter(text)).into_iter().flatten()
    }

    pub(crate) fn captures<'t>(&self, text: &'t str) -> Option<Captures<'t>> {
        if self.is_match(text) { self.deref().captures(text) } else { None }
    }
}

/// A match in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hit<'t> {
    text: &'t str,
    span: Span,
}

impl<'t> Hit<'t> {
    pub(crate) fn start(&self) -> usize {
        self.span.start
    }

    pub(crate) fn end(&self) -> usize {
        self.span.end
    }

    pub(crate) fn len(&self) -> usize {
        self.span.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(crate) fn range(&self) -> std::ops::Range<usize> {
        self.span.range()
    }

    pub(crate) fn as_str(&self) -> &'t str {
        &self.text[self.span.range()]
    }
}

/// Whether one of some machines matches; `None` where one cannot tell before another does.
fn any(machines: &[Machine], text: &str) -> Option<bool> {
    for machine in machines {
        if machine.is_match(text)? {
            return Some(true);
        }
    }
    Some(false)
}

/// In bytes: in a text no longer than that every place is tried at which a match may begin.
const SHORT: usize = 1_000;

/// In bytes: what no table holds and is longer holds all surnames, which are too many for a machine.
const LONGEST: usize = 8_000;

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Pattern, D::Error> {
        String::deserialize(deserializer).map(Pattern::new)
    }
}

impl Deref for Expression {
    type Target = Regex;

    /// The tables are compiled in, and a test compiles every pattern. Counted repetitions of Japanese need more states than the
    /// usual 2 MB hold, and a search that has to drop them again and again is some twenty times slower.
    fn deref(&self) -> &Regex {
        self.regex.get_or_init(|| {
            let regex = RegexBuilder::new(&digits(&self.spec)).dfa_size_limit(STATES).build();
            regex.unwrap_or_else(|error| panic!("a committed pattern is not valid: {error}"))
        })
    }
}

/// Texts are in normal form, so that all digits in numbers are those of ASCII; the class of all scripts' digits is large.
fn digits(spec: &str) -> String {
    spec.replace(r"\d", "[0-9]")
}

/// In bytes, of one pattern in one thread; few patterns come near it.
const STATES: usize = 16 << 20;

/// The byte length of at most `chars` characters at the start.
pub(crate) fn prefix(text: &str, chars: usize) -> usize {
    // No more bytes than that are no more characters.
    if text.len() <= chars {
        return text.len();
    }
    let mut at = 0;
    for _ in 0..chars {
        at += match text.as_bytes().get(at) {
            None => return text.len(),
            Some(..0x80) => 1,
            Some(..0xe0) => 2,
            Some(..0xf0) => 3,
            Some(_) => 4,
        };
    }
    at
}

/// The byte position of at most `chars` characters before the end.
pub(crate) fn suffix(text: &str, chars: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = text.len();
    for _ in 0..chars {
        // A character begins with any byte but 0x80 to 0xbf.
        at = bytes[..at].iter().rposition(|byte| !(0x80..0xc0).contains(byte)).unwrap_or(0);
    }
    at
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
