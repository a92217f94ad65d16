//! The lines of a page, and what each is: a title, a date, the end of a letter.

use std::cell::Cell;
use std::sync::LazyLock;

use serde::Deserialize;
use strum::IntoStaticStr;
use unicode_normalization::UnicodeNormalization;

use crate::normalise::{fold, is_dropped, plain_width};
use crate::patterns::{self, Pattern};
use crate::plain::WIDE;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Shapes {
    numbered: Pattern,
    rule: Pattern,
    marker: Pattern,
    lettered: Pattern,
    sentence: Pattern,
    date: Pattern,
    addressee: Pattern,
    issuer: Pattern,
    title: Pattern,
    greeting: Pattern,
    press: Pattern,
    end: Pattern,
    footer: Pattern,
    farewell: Pattern,
    contact: Pattern,
    links: Pattern,
    continues: Pattern,
    pub(super) form: Pattern,
    pub(super) between: Pattern,
    pub(super) authority: Pattern,
}

pub(super) static SHAPES: LazyLock<Shapes> = LazyLock::new(|| patterns::table("segments"));

/// Of a line, so many characters are looked at; a longer one is text.
const LOOKED_AT: usize = 100;
/// A line of a head is no longer than this.
pub(super) const SHORT: usize = 60;
/// What a line of a page is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub(super) enum Kind {
    Blank,
    Rule,
    /// A counting head.
    Numbered,
    /// A sentence, or too long for anything else.
    Text,
    /// An item, or the heading of a section.
    Marked,
    /// The heading of a part of the document above.
    Continues,
    Date,
    Addressee,
    Issuer,
    Title,
    Greeting,
    Press,
    /// 「以上」.
    End,
    /// 「出典:…」.
    Footer,
    /// 「それではまた次回。」
    Farewell,
    Contact,
    Links,
    /// Short, and nothing that is known.
    Plain,
}

#[derive(Debug)]
pub(super) struct Line {
    pub(super) start: usize,
    /// How many characters it says in sentences, of those looked at; 0 where it is none.
    pub(super) said: usize,
    /// Whether it is a head that counts.
    pub(super) counts: bool,
    /// Told when it is asked for: most lines are far from every border.
    pub(super) kind: Cell<Option<Kind>>,
}

pub(super) fn lines(text: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut start = 0;
    for line in text.split('\n') {
        let looked_at = looked_at(line);
        let length = looked_at.chars().count();
        let said = if length > SHORT || looked_at.contains('。') { length } else { 0 };
        let marked = line.trim_start_matches([' ', '\u{3000}']).starts_with(is_mark);
        let counts = marked && looked_at.contains(char::is_numeric) && SHAPES.numbered.is_match(&key(looked_at));
        let kind = match () {
            _ if looked_at.is_empty() => Some(Kind::Blank),
            _ => counts.then_some(Kind::Numbered),
        };
        lines.push(Line { start, said, counts, kind: Cell::new(kind) });
        start += line.len() + 1;
    }
    lines
}

/// The part of a line that is looked at.
pub(super) fn looked_at(line: &str) -> &str {
    let line = line.trim();
    &line[..patterns::prefix(line, LOOKED_AT)]
}

/// What a line is. `said` is how much it says in sentences.
pub(super) fn classify(looked_at: &str, said: usize) -> Kind {
    // Sentences of some length need no closer look.
    if said > SHORT && looked_at.contains('。') && !looked_at.starts_with(is_mark) && !SHAPES.greeting.is_match(looked_at) {
        return Kind::Text;
    }
    let key = key(looked_at);
    match kind(&key, key.chars().count()) {
        Kind::Title | Kind::Issuer | Kind::Plain if SHAPES.lettered.is_match(looked_at) => Kind::Marked,
        kind => kind,
    }
}

/// Brackets and the like, with which a counting head begins.
fn is_mark(c: char) -> bool {
    c.is_ascii_punctuation() || matches!(c, '\u{3008}'..='\u{3017}' | '\u{ff00}'..='\u{ff65}')
}

/// The beginning of a line as the patterns see it.
pub(super) fn key(looked_at: &str) -> String {
    let mut key = String::with_capacity(looked_at.len());
    let kept = |c: &char| !c.is_whitespace() && !is_dropped(*c);
    let mut at = 0;
    while at < looked_at.len() {
        let start = at;
        while at < looked_at.len() && plain_width(looked_at, at) > 0 {
            at += plain_width(looked_at, at);
        }
        key.push_str(&looked_at[start..at]);
        let Some(c) = looked_at[at..].chars().next() else { break };
        // In normal form, but for capitals and the wide forms of ASCII.
        let narrow = if ('\u{ff01}'..='\u{ff5e}').contains(&c) { char::from_u32(c as u32 - WIDE).unwrap_or(c) } else { c };
        if !narrow.is_ascii() {
            return looked_at.nfkc().map(fold).filter(kept).collect();
        }
        key.extend(Some(fold(narrow)).filter(kept));
        at += c.len_utf8();
    }
    key
}

fn kind(key: &str, length: usize) -> Kind {
    let shapes = &*SHAPES;
    // In this order: what is more certain first.
    match () {
        _ if length == 0 => Kind::Blank,
        _ if shapes.numbered.is_match(key) => Kind::Numbered,
        _ if shapes.rule.is_match(key) => Kind::Rule,
        _ if shapes.greeting.is_match(key) => Kind::Greeting,
        _ if length > SHORT && !shapes.title.is_match(key) => match () {
            _ if shapes.footer.is_match(key) => Kind::Footer,
            _ => Kind::Text,
        },
        _ if shapes.links.is_match(key) => Kind::Links,
        _ if shapes.end.is_match(key) => Kind::End,
        _ if shapes.footer.is_match(key) => Kind::Footer,
        _ if shapes.contact.is_match(key) => Kind::Contact,
        _ if shapes.continues.is_match(key) => Kind::Continues,
        _ if shapes.farewell.is_match(key) => Kind::Farewell,
        _ if is_sentence(key) => Kind::Text,
        _ if shapes.date.is_match(key) => Kind::Date,
        _ if shapes.marker.is_match(key) => Kind::Marked,
        _ if shapes.press.is_match(key) => Kind::Press,
        _ if shapes.title.is_match(key) => Kind::Title,
        _ if shapes.addressee.is_match(key) => Kind::Addressee,
        _ if shapes.issuer.is_match(key) => Kind::Issuer,
        _ => Kind::Plain,
    }
}

/// Whether a line holds the end of a sentence, or ends as one.
pub(super) fn is_sentence(line: &str) -> bool {
    line.contains('。') || SHAPES.sentence.is_match(line)
}
