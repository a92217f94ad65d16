//! Sentences of a text whose lines are known.

use owabi_corpora::Span;

use crate::layout::{Line, LineKind};
use crate::patterns;

/// One sentence. It may run over several lines when they are broken inside it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sentence {
    pub(crate) span: Span,
    /// The line it begins on.
    pub(crate) line: usize,
}

impl Sentence {
    /// Where it stands, up to `end` at least: a sentence that was cut for its length may end inside a word that begins in it.
    pub(crate) fn reaching(&self, end: usize) -> Span {
        Span::new(self.span.start, self.span.end.max(end))
    }
}

/// Splits at 。!? outside brackets and at the ends of lines, unless a line breaks off inside a sentence.
pub(crate) fn split(text: &str, lines: &[Line]) -> Vec<Sentence> {
    let mut found = Vec::new();
    let mut open: Option<Sentence> = None;
    for (index, line) in lines.iter().enumerate() {
        if line.kind == LineKind::Blank {
            found.extend(open.take());
            continue;
        }
        let body = &text[line.span.range()];
        if let Some(sentence) = open.take_if(|_| line.kind != LineKind::Text) {
            found.push(sentence);
        }
        let mut depth = 0usize;
        let mut start = line.span.start;
        let mut sentence = open.take().map(|sentence| Sentence { span: Span::new(sentence.span.start, start), ..sentence });
        for (at, c) in body.char_indices() {
            match c {
                // What runs on without end is cut: no verb governs so far, and the time for a text stays linear in its length.
                _ if line.span.start + at - start > LONGEST_SENTENCE
                    || matches!(c, '。' | '!' | '?') && (depth == 0 || !closes(&body[at..])) =>
                {
                    let end = line.span.start + at + c.len_utf8();
                    let (first, begun) = sentence.take().map_or((start, index), |s| (s.span.start, s.line));
                    found.push(Sentence { span: Span::new(first, end), line: begun });
                    start = end;
                    depth = 0;
                }
                // 「診察券番号※氏名は含みません」: a note behind an item is a statement of its own.
                '※' if depth == 0 && begins_note(&body[at + c.len_utf8()..]) && line.span.start + at > start => {
                    let end = line.span.start + at;
                    let (first, begun) = sentence.take().map_or((start, index), |s| (s.span.start, s.line));
                    found.push(Sentence { span: Span::new(first, end), line: begun });
                    start = end;
                }
                '(' | '「' | '『' => depth += 1,
                ')' | '」' | '』' => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        if start < line.span.end || sentence.is_some() {
            let (first, begun) = sentence.take().map_or((start, index), |s| (s.span.start, s.line));
            let rest = Sentence { span: Span::new(first, line.span.end), line: begun };
            match line.kind == LineKind::Text && breaks_off(body) && rest.span.len() < LONGEST_SENTENCE {
                true => open = Some(rest),
                false => found.push(rest),
            }
        }
    }
    found.extend(open);
    found
}

/// Whether words follow a mark of notes, not the number or the end of what it marks: 「氏名※1」, 「氏名※、住所」.
fn begins_note(rest: &str) -> bool {
    rest.trim_start().chars().next().is_some_and(char::is_alphabetic)
}

/// Whether a bracket that is open here closes on this line at all.
fn closes(rest: &str) -> bool {
    rest[..patterns::prefix(rest, 200)].contains([')', '」', '』'])
}

/// A line that ends in 、 goes on in the next one.
fn breaks_off(body: &str) -> bool {
    body.ends_with(['、', '「', '('])
}

/// In bytes: a sentence of real notices has a few hundred characters at most.
const LONGEST_SENTENCE: usize = 3_000;
