//! What a text says of a part of it by its mark: 「(A)は学生5名に開かれていた」, 「上記④から⑥につきましては…可能性のあるもの」.
//!
//! A list says whose data were of what kind; which of the lists leaked is often told later, and then they are called by their marks.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use owabi_corpora::Span;
use serde::Deserialize;

use crate::layout::LineKind;
use crate::patterns::{self, Pattern};
use crate::scope::{Reading, Scope, Verdict};

/// Lines under one mark, and what is said of them elsewhere.
#[derive(Debug)]
pub(crate) struct Part {
    lines: Range<usize>,
    verdict: Verdict,
}

/// A part has at most so many lines.
const LONGEST: usize = 40;

/// A text cites at most so many marks; what is cited beyond is not looked up.
const MOST: usize = 64;

impl Scope<'_> {
    /// What is said elsewhere of the part that a line stands in. A part inside a part says more.
    pub(crate) fn of_part(&self, line: usize) -> Option<Verdict> {
        let parts = self.parts.get_or_init(|| self.cited());
        parts.iter().filter(|part| part.lines.contains(&line)).min_by_key(|part| part.lines.len()).map(|part| part.verdict)
    }

    fn cited(&self) -> Vec<Part> {
        let mut parts: Vec<Part> = Vec::new();
        // Most texts cite nothing.
        let mut marked = None;
        for sentence in &self.layout.sentences {
            if parts.len() >= MOST || !self.gates.may(&PATTERNS.cited, sentence.span) || !self.layout.is_sentence(sentence.span) {
                continue;
            }
            let text = &self.text[sentence.span.range()];
            let Some(cited) = PATTERNS.cited.captures(&text[..patterns::prefix(text, REACH)]) else { continue };
            let (Some(whole), Some(marks)) = (cited.get(0), cited.get(2)) else { continue };
            let from = sentence.span.start + whole.end();
            // 「(3)の方の住所は…含まれておりません」 speaks of what it names.
            if self.names(sentence.span) {
                continue;
            }
            let said = self.of_statement(Span::new(from, sentence.span.end));
            let Some(verdict) = said.filter(|verdict| matches!(verdict.reading, Reading::Status(_))) else { continue };
            let section = cited.get(1).and_then(|number| number.as_str().parse().ok());
            let marked = marked.get_or_insert_with(|| self.marked());
            for mark in spelled(marks.as_str()) {
                let found = marked.get(mark.as_str()).map_or(&[][..], Vec::as_slice);
                if let Some(line) = self.meant(found, section, sentence.line) {
                    parts.push(Part { lines: line..self.end_of(line), verdict });
                }
            }
        }
        parts
    }

    /// The lines that marks open, by mark; what stands in a sentence cites and opens nothing.
    fn marked(&self) -> BTreeMap<&str, Vec<usize>> {
        let mut found: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (index, line) in self.layout.lines.iter().enumerate() {
            let body = self.text[line.span.range()].trim_start();
            if let Some(mark) = PATTERNS.mark.find(body).filter(|mark| mark.start() == 0)
                && !self.layout.is_sentence(line.span)
            {
                let known = found.entry(mark.as_str()).or_default();
                if known.len() < MOST {
                    known.push(index);
                }
            }
        }
        found
    }

    /// Of the lines with one mark, the one in the section named, else in that of the line that cites it, else the only one.
    fn meant(&self, found: &[usize], section: Option<u32>, from: usize) -> Option<usize> {
        let of = |line: usize| self.layout.section_of(line);
        let here = |&line: &usize| match section {
            Some(number) => of(line).is_some_and(|heading| self.layout.lines[heading].number == Some(number)),
            None => of(line) == of(from),
        };
        let only = || if let (None, &[only]) = (section, found) { Some(only) } else { None };
        found.iter().copied().find(here).or_else(only)
    }

    /// Where the part ends that begins on a line: at the next mark of its kind, a heading over it or a sentence.
    fn end_of(&self, line: usize) -> usize {
        let lines = &self.layout.lines;
        let ends = |&at: &usize| {
            lines[at].family == lines[line].family && lines[at].family != 0
                || self.layout.ends_reach(at)
                || lines[at].kind == LineKind::Text && self.layout.is_sentence(lines[at].span)
        };
        (line + 1..lines.len()).take(LONGEST).find(ends).unwrap_or((line + LONGEST).min(lines.len()))
    }
}

/// The marks of a row, with those that a range leaves out: 「④から⑥」 are three.
fn spelled(row: &str) -> Vec<String> {
    let mut marks: Vec<String> = Vec::new();
    let mut end = 0;
    for mark in PATTERNS.mark.find_iter(row) {
        if PATTERNS.range.is_match(&row[end..mark.start()])
            && let Some(last) = marks.last().cloned()
        {
            marks.extend(between(&last, mark.as_str()));
        }
        marks.push(mark.as_str().to_owned());
        end = mark.end();
    }
    marks
}

/// The marks between two of one kind, neither included.
fn between(first: &str, last: &str) -> Vec<String> {
    let bare = |mark: &str| mark.trim_matches(['(', ')']).to_owned();
    let (from, to) = (bare(first), bare(last));
    if let (Ok(from), Ok(to)) = (from.parse::<u32>(), to.parse::<u32>()) {
        return (from + 1..to).take(MOST).map(|number| format!("({number})")).collect();
    }
    let (Some(from), Some(to)) = (from.chars().next(), to.chars().next()) else { return Vec::new() };
    let wrap = |letter: char| if first.starts_with('(') { format!("({letter})") } else { letter.to_string() };
    (from..to).skip(1).take(MOST).map(wrap).collect()
}

/// A citation stands within so many characters of the start of its sentence.
const REACH: usize = 80;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Patterns {
    cited: Pattern,
    mark: Pattern,
    range: Pattern,
}

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| patterns::table("references"));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_stands_for_all_between() {
        assert_eq!(spelled("④から⑥"), ["④", "⑤", "⑥"]);
        assert_eq!(spelled("(1)、(3)~(5)"), ["(1)", "(3)", "(4)", "(5)"]);
        assert_eq!(spelled("(b)及び(c)"), ["(b)", "(c)"]);
    }
}
