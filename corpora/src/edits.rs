//! Changes of a text that carry its labels along. Everything that alters a labelled text goes through [`apply`].

use std::fmt;

use crate::record::{Labels, Record, Segment};
use crate::span::Span;

/// Replace a stretch of text (in bytes) by another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced; empty to insert.
    pub span: Span,
    /// By what; empty to delete.
    pub replacement: String,
}

impl Edit {
    /// Replace `span` by `replacement`.
    pub fn new(span: impl Into<Span>, replacement: impl Into<String>) -> Edit {
        Edit { span: span.into(), replacement: replacement.into() }
    }
}

/// An edit that cannot be applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditError {
    edit: usize,
    problem: &'static str,
}

impl fmt::Display for EditError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "edit {}: {}", self.edit, self.problem)
    }
}

impl std::error::Error for EditError {}

/// The record with its text edited and every span moved.
///
/// Edits must be in order and must not overlap. A span outside an edit keeps its characters. A span that an edit cuts into
/// grows to cover the replacement; text inserted exactly at a span's end stays outside. A span whose whole text is deleted is
/// dropped, and so is an item that loses its last span.
pub fn apply(record: &Record, edits: &[Edit]) -> Result<Record, EditError> {
    let moved = Moved::new(&record.text, edits)?;
    let mut result = record.clone();
    result.text = moved.text.clone();
    moved.move_labels(&mut result.labels);
    if let Some(segments) = &mut result.segments {
        for segment in segments.iter_mut() {
            moved.move_labels(&mut segment.labels);
        }
        let last = segments.len().saturating_sub(1);
        let mut start = 0;
        for (index, segment) in segments.iter_mut().enumerate() {
            let end = if index == last { moved.text.len() } else { moved.end(segment.end) };
            (segment.start, segment.end) = (start, end);
            start = end;
        }
        segments.retain(|segment: &Segment| segment.start < segment.end);
    }
    Ok(result)
}

/// An edited text and where each old position went.
struct Moved {
    text: String,
    /// For each edit: the old span and the new one.
    pieces: Vec<(Span, Span)>,
}

impl Moved {
    fn new(source: &str, edits: &[Edit]) -> Result<Moved, EditError> {
        let mut text = String::with_capacity(source.len());
        let mut pieces = Vec::with_capacity(edits.len());
        let mut done = 0;
        for (index, edit) in edits.iter().enumerate() {
            let error = |problem| EditError { edit: index, problem };
            if edit.span.start > edit.span.end || edit.span.end > source.len() {
                return Err(error("outside the text"));
            }
            if !source.is_char_boundary(edit.span.start) || !source.is_char_boundary(edit.span.end) {
                return Err(error("inside a character"));
            }
            if edit.span.start < done {
                return Err(error("out of order or overlapping"));
            }
            text.push_str(&source[done..edit.span.start]);
            let start = text.len();
            text.push_str(&edit.replacement);
            pieces.push((edit.span, Span::new(start, text.len())));
            done = edit.span.end;
        }
        text.push_str(&source[done..]);
        Ok(Moved { text, pieces })
    }

    /// Where a span's first position went: to the start of the replacement when an edit swallowed it, and behind text that was
    /// inserted right before it.
    fn start(&self, position: usize) -> usize {
        match self.pieces.partition_point(|(old, _)| old.end <= position) {
            n if self.pieces.get(n).is_some_and(|(old, _)| old.start <= position && position < old.end) => self.pieces[n].1.start,
            0 => position,
            n => position - self.pieces[n - 1].0.end + self.pieces[n - 1].1.end,
        }
    }

    /// Where a span's end went: to the end of the replacement when an edit swallowed its last character, and before text that
    /// was inserted right behind it.
    fn end(&self, position: usize) -> usize {
        match self.pieces.partition_point(|(old, _)| old.start < position) {
            0 => position,
            n => {
                let (old, new) = self.pieces[n - 1];
                if position <= old.end { new.end } else { position - old.end + new.end }
            }
        }
    }

    fn move_labels(&self, labels: &mut Labels) {
        let _ = labels.visit_spans(|_, mention| {
            let (start, end) = (self.start(mention.start), self.end(mention.end));
            (mention.start, mention.end) = (start, end.max(start));
            Ok::<(), std::convert::Infallible>(())
        });
        labels.retain_spans(|mention| mention.start < mention.end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::DataLabel;
    use crate::scheme::Category;
    use crate::vocabulary::Status;
    use proptest::prelude::*;

    fn record(text: &str, span: Span) -> Record {
        let label = DataLabel::new(Category::from_id("name").unwrap(), Status::Confirmed, vec![span.into()]);
        Record::new("a", text, Labels { data: Some(vec![label]), ..Labels::annotated() })
    }

    fn surface(record: &Record) -> Option<&str> {
        record.labels.data.as_ref().unwrap().first().map(|item| &record.text[item.spans[0].span().range()])
    }

    #[test]
    fn spans_follow_their_characters() {
        let base = record("abcdef", Span::new(2, 4));
        for (edits, text, expected) in [
            (vec![Edit::new(0..1, "xyz")], "xyzbcdef", Some("cd")),
            (vec![Edit::new(2..2, "X")], "abXcdef", Some("cd")),
            (vec![Edit::new(4..4, "X")], "abcdXef", Some("cd")),
            (vec![Edit::new(3..3, "X")], "abcXdef", Some("cXd")),
            (vec![Edit::new(3..5, "X")], "abcXf", Some("cX")),
            (vec![Edit::new(1..3, "X")], "aXdef", Some("Xd")),
            (vec![Edit::new(0..6, "X")], "X", Some("X")),
            (vec![Edit::new(2..4, "")], "abef", None),
            (vec![Edit::new(0..1, ""), Edit::new(2..3, "CC"), Edit::new(5..6, "")], "bCCde", Some("CCd")),
        ] {
            let edited = apply(&base, &edits).unwrap();
            assert_eq!((edited.text.as_str(), surface(&edited)), (text, expected), "{edits:?}");
        }
        assert!(apply(&base, &[Edit::new(2..4, ""), Edit::new(3..5, "")]).is_err());
        assert!(apply(&record("あ", Span::new(0, 3)), &[Edit::new(1..2, "")]).is_err());
    }

    proptest! {
        #[test]
        fn edits_outside_a_span_keep_its_text(text in "[a-zあ-ん]{6,40}", cut in 0usize..6, insert in "[0-9]{0,5}") {
            let bounds: Vec<usize> = text.char_indices().map(|(i, _)| i).chain([text.len()]).collect();
            let span = Span::new(bounds[2], bounds[bounds.len() - 2]);
            let base = record(&text, span);
            let at = if cut < 3 { bounds[cut.min(2)] } else { bounds[bounds.len() - 1 - (cut - 3).min(1)] };
            let edited = apply(&base, &[Edit::new(at..at, insert)]).unwrap();
            prop_assert_eq!(surface(&edited), Some(&text[span.range()]));
        }
    }
}
