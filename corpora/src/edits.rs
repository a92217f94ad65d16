//! Changes of a text that carry its labels along. Everything that alters a labelled text goes through [`apply`].

use std::fmt;

use crate::record::{Labels, Record, Segment};
use crate::span::Span;

/// Replace a stretch of text (in bytes) by another.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Edit {
    /// What is replaced; empty to insert.
    pub span: Span,
    /// By what; empty to delete.
    pub replacement: String,
    /// Pieces of the replaced text that stand in the replacement as they were, such as the items of a list in another order.
    /// What is labelled inside of one goes with it.
    pub kept: Vec<Kept>,
    /// What the replacement says of its own, in spans from the replacement's start. Fields that the record leaves open stay open.
    pub labels: Option<Box<Labels>>,
}

/// A piece of text that moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// Where it stood in the old text.
    pub source: Span,
    /// Where it begins in the replacement.
    pub at: usize,
}

impl Edit {
    /// Replace `span` by `replacement`.
    pub fn new(span: impl Into<Span>, replacement: impl Into<String>) -> Edit {
        Edit { span: span.into(), replacement: replacement.into(), ..Edit::default() }
    }

    /// Put the pieces of `order` in the place of `places`, one in each; what stands between the places stays. There must be as
    /// many places as pieces, in the order of the text; all lie in `source`, and each place is one of the pieces.
    pub fn rearranged(source: &str, places: &[Span], order: &[Span]) -> Option<Edit> {
        let span = Span::new(places.first()?.start, places.last()?.end);
        let (mut replacement, mut kept, mut done) = (String::new(), Vec::new(), span.start);
        for (place, piece) in places.iter().zip(order) {
            replacement.push_str(source.get(done..place.start)?);
            kept.push(Kept { source: *piece, at: replacement.len() });
            replacement.push_str(source.get(piece.range())?);
            done = place.end;
        }
        Some(Edit { span, replacement, kept, labels: None })
    }

    /// Insert marked text ([`crate::markup`]) at a position.
    pub fn marked(position: usize, marked: &str) -> Result<Edit, crate::markup::MarkupError> {
        let (replacement, labels) = crate::markup::parse(marked)?;
        Ok(Edit { labels: Some(Box::new(labels)), ..Edit::new(position..position, replacement) })
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
/// grows to cover the replacement, unless it lies in a piece that the edit keeps; text inserted exactly at a span's end stays
/// outside. A span whose whole text is deleted is dropped, and so are an item that loses its last span and a segment that loses
/// its text.
pub fn apply(record: &Record, edits: &[Edit]) -> Result<Record, EditError> {
    let moved = Moved::new(&record.text, edits)?;
    let mut result = record.clone();
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
    for (edit, (_, place)) in edits.iter().zip(&moved.pieces) {
        let Some(labels) = &edit.labels else { continue };
        // Counted from the start of the whole text.
        let labels = Segment::at(place.start, place.len(), labels.as_ref().clone()).labels;
        let segment = result.segments.iter_mut().flatten().find(|segment| place.start < segment.end);
        if let Some(segment) = segment {
            segment.labels.join(labels.clone());
        }
        result.labels.join(labels);
    }
    result.text = moved.text;
    Ok(result)
}

/// An edited text and where each old position went.
struct Moved {
    text: String,
    /// For each edit: the old span and the new one.
    pieces: Vec<(Span, Span)>,
    /// Pieces that an edit keeps, by their old place, and their new one.
    kept: Vec<(Span, usize)>,
}

impl Moved {
    fn new(source: &str, edits: &[Edit]) -> Result<Moved, EditError> {
        let mut text = String::with_capacity(source.len());
        let mut pieces = Vec::with_capacity(edits.len());
        let mut kept = Vec::new();
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
            for piece in &edit.kept {
                let there = edit.replacement.get(piece.at..).and_then(|rest| rest.get(..piece.source.len()));
                if !edit.span.contains(piece.source) || there.is_none() || there != source.get(piece.source.range()) {
                    return Err(error("does not keep what it says"));
                }
                kept.push((piece.source, start + piece.at));
            }
            pieces.push((edit.span, Span::new(start, text.len())));
            done = edit.span.end;
        }
        text.push_str(&source[done..]);
        kept.sort_unstable();
        Ok(Moved { text, pieces, kept })
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

    /// How far the kept piece moved that holds the whole span; a piece keeps all of its characters.
    fn with_piece(&self, span: Span) -> Option<Span> {
        let before = self.kept.partition_point(|(old, _)| old.start <= span.start);
        let (old, new) = *self.kept[..before].last()?;
        old.contains(span).then(|| Span::new(span.start - old.start + new, span.end - old.start + new))
    }

    fn move_labels(&self, labels: &mut Labels) {
        let _ = labels.visit_spans(|_, mention| {
            let around = Span::new(self.start(mention.start), self.end(mention.end).max(self.start(mention.start)));
            let moved = self.with_piece(mention.span()).unwrap_or(around);
            (mention.start, mention.end) = (moved.start, moved.end);
            Ok::<(), std::convert::Infallible>(())
        });
        labels.retain_spans(|mention| mention.start < mention.end);
        if !self.kept.is_empty() {
            labels.sort_spans();
        }
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

    #[test]
    fn kept_pieces_take_their_labels_along() {
        let (text, labels) = crate::markup::parse("前:⟦氏名|name:possible⟧、⟦住所|address:possible⟧と⟦電話|phone:denied⟧後").unwrap();
        let spans = |labels: &Labels| -> Vec<Span> { labels.data.iter().flatten().map(|item| item.spans[0].span()).collect() };
        let places = spans(&labels);
        let order = [places[2], places[0], places[1]];
        let edit = Edit::rearranged(&text, &places, &order).unwrap();
        let edited = apply(&Record::new("a", text, labels), &[edit]).unwrap();
        assert_eq!(edited.text, "前:電話、氏名と住所後");
        let items = edited.labels.data.as_ref().unwrap();
        let said: Vec<_> = items.iter().map(|item| (&edited.text[item.spans[0].span().range()], item.category.id())).collect();
        assert_eq!(said, [("電話", "phone"), ("氏名", "name"), ("住所", "address")]);
        let lie = Edit { kept: vec![Kept { source: Span::new(0, 3), at: 0 }], ..Edit::new(0..6, "後前") };
        assert!(apply(&record("前後", Span::new(0, 3)), &[lie]).is_err());
    }

    #[test]
    fn what_is_inserted_brings_its_labels() {
        let (text, labels) = crate::markup::parse("⟦氏名|name:possible⟧。⟦住所|address:denied⟧").unwrap();
        let whole = Record::new("a", text, labels.clone());
        let half = |start, end, text: &str| Segment::at(start, end - start, crate::markup::parse(text).unwrap().1);
        let segments = Some(vec![half(0, 9, "⟦氏名|name:possible⟧。"), half(9, 15, "⟦住所|address:denied⟧")]);
        let edit = Edit::marked(9, "他社の⟦住所|no:address:other_incident⟧と⟦氏名|name:confirmed⟧。").unwrap();
        let edited = apply(&Record { segments, ..whole }, &[edit]).unwrap();
        assert_eq!(edited.text, "氏名。他社の住所と氏名。住所");
        let name = &edited.labels.data.as_ref().unwrap()[0];
        assert_eq!((name.status, name.spans.len(), &edited.text[name.spans[1].span().range()]), (Status::Confirmed, 2, "氏名"));
        let said = edited.labels.distractors.as_ref().unwrap()[0].spans[0].span();
        assert_eq!(&edited.text[said.range()], "住所");
        // At a border it belongs to the segment behind.
        let segments = edited.segments.as_ref().unwrap();
        assert_eq!((segments[0].end, segments[1].labels.distractors.as_ref().unwrap().len()), (9, 1));
        let open = Record::new("a", "氏名", Labels::default());
        let edit = Edit::marked(0, "⟦住所|no:address:other_incident⟧").unwrap();
        assert_eq!(apply(&open, &[edit]).unwrap().labels, Labels::default());
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
