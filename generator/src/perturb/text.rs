//! Lines, paragraphs and kinds of characters, as far as perturbations ask for them. The characters stand in `text.toml`.

use std::sync::LazyLock;

use owabi_corpora::Span;
use regex::Regex;
use serde::Deserialize;

use crate::data;

/// What lines begin and end with.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Signs {
    /// Before an item of a list.
    pub(super) bullets: String,
    /// Before a heading.
    pub(super) headings: String,
    /// At the end of a sentence.
    pub(super) stops: String,
    /// Behind the stop of a sentence inside of a quotation.
    pub(super) closing: String,
    /// Characters that begin no line.
    pub(super) no_start: String,
    /// Characters that end no line.
    pub(super) no_end: String,
    /// Characters on which it hangs whether something is so or not.
    pub(super) negations: String,
    /// The beginning of a line of an enumeration.
    numbered: String,
    /// Words by which a paragraph leans on the one before.
    pub(super) leaning: Vec<String>,
    /// Words by which a sentence announces what stands below it.
    pub(super) announcing: Vec<String>,
    /// How the sentences of polite prose end.
    pub(super) polite: Vec<String>,
}

static SIGNS: LazyLock<Signs> = LazyLock::new(|| data::toml("perturb/text.toml", include_str!("../../data/perturb/text.toml")));

static NUMBERED: LazyLock<Regex> = LazyLock::new(|| data::regex("perturb/text.toml", &SIGNS.numbered));

pub(super) fn signs() -> &'static Signs {
    &SIGNS
}

/// The lines without their ends. The end is `\n` or `\r\n`.
pub(super) fn lines(text: &str) -> impl Iterator<Item = Span> {
    let mut start = 0;
    text.split_inclusive('\n').map(move |line| {
        let span = Span::new(start, start + line.trim_end_matches(['\n', '\r']).len());
        start += line.len();
        span
    })
}

/// A line that is an item of a list: where its bullet begins and where its words do.
pub(super) fn item(text: &str, line: Span) -> Option<(usize, usize)> {
    let content = &text[line.range()];
    let indent = content.len() - content.trim_start().len();
    let bullet = content[indent..].chars().next().filter(|c| SIGNS.bullets.contains(*c))?;
    let rest = &content[indent + bullet.len_utf8()..];
    let words = rest.trim_start();
    // A line of hyphens is a rule, and 「-5」 is a number.
    let bare = bullet.is_ascii() && rest.len() == words.len();
    (!words.is_empty() && !words.starts_with(bullet) && !bare).then_some((line.start + indent, line.end - words.len()))
}

/// Whether a line looks like a heading: a sign or a number before a few words.
pub(super) fn is_heading(line: &str) -> bool {
    let line = line.trim();
    let begins = line.chars().next().is_some_and(|c| SIGNS.headings.contains(c) || c.is_ascii_digit() || ('０'..='９').contains(&c));
    begins && line.chars().count() <= 32 && !ends_sentence(line)
}

/// Whether a line ends with a sentence's stop.
pub(super) fn ends_sentence(line: &str) -> bool {
    line.trim_end().trim_end_matches(|c| SIGNS.closing.contains(c)).ends_with(|c| SIGNS.stops.contains(c))
}

/// Han, kana and their marks: what Japanese words are written in.
pub(super) fn is_japanese(c: char) -> bool {
    is_kana(c) || is_han(c)
}

/// Hiragana and katakana, the long mark included.
pub(super) fn is_kana(c: char) -> bool {
    ('\u{3041}'..='\u{30fe}').contains(&c) && c != '\u{30fb}'
}

/// Unified ideographs of the basic plane, and the repetition mark.
pub(super) fn is_han(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c) || ('\u{3400}'..='\u{4dbf}').contains(&c) || c == '\u{3005}'
}

/// Whether the text speaks politely, as organisations do, and not like a report.
pub(super) fn is_polite(text: &str) -> bool {
    SIGNS.polite.iter().map(|end| text.matches(end.as_str()).count()).sum::<usize>() > 1
}

/// Places between two paragraphs of prose at which a further one could stand, each with where the paragraph before ends: where a line
/// begins that neither goes on with a list nor leans on the line before, after a line that is a finished sentence and announces
/// nothing.
pub(super) fn gaps(text: &str) -> Vec<Span> {
    let lines: Vec<Span> = lines(text).filter(|line| !text[line.range()].trim().is_empty()).collect();
    let ends = |c: char| SIGNS.stops.contains(c) || SIGNS.closing.contains(c);
    let mut found = Vec::new();
    for pair in lines.windows(2) {
        let (before, after) = (&text[pair[0].range()], text[pair[1].range()].trim_start());
        let last = before.trim_end().trim_end_matches(ends).rsplit(ends).next().unwrap_or_default();
        let finished = ends_sentence(before) && item(text, pair[0]).is_none();
        let announced = SIGNS.announcing.iter().any(|word| last.contains(word.as_str()));
        let leans = SIGNS.leaning.iter().any(|word| after.starts_with(word.as_str()));
        let enumerated = NUMBERED.is_match(before) && NUMBERED.is_match(&text[pair[1].range()]);
        if finished && !announced && !leans && !enumerated && item(text, pair[1]).is_none() {
            found.push(Span::new(pair[0].end, pair[1].start));
        }
    }
    found
}
