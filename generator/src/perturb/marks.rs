//! Where a record's labels lie, for edits that must spare some of them.

use owabi_corpora::Span;
use owabi_corpora::record::{Labels, Record};

/// Stretches of text under labels of some fields, merged and in order.
pub(super) struct Cover(Vec<Span>);

impl Cover {
    /// What the named fields of [`Labels`] cover.
    pub(super) fn of(record: &Record, fields: &[&str]) -> Cover {
        let mut spans: Vec<Span> = mentions(record).into_iter().filter(|(field, _)| fields.contains(field)).map(|(_, span)| span).collect();
        spans.sort_unstable();
        let mut merged: Vec<Span> = Vec::with_capacity(spans.len());
        for span in spans.into_iter().filter(|span| !span.is_empty()) {
            match merged.last_mut() {
                Some(last) if span.start < last.end => last.end = last.end.max(span.end),
                _ => merged.push(span),
            }
        }
        Cover(merged)
    }

    /// Every labelled stretch.
    pub(super) fn all(record: &Record) -> Cover {
        Cover::of(record, &["causes", "data", "counts", "dates", "parties", "values", "distractors"])
    }

    /// What must be read letter by letter: dates, figures, names and values.
    pub(super) fn exact(record: &Record) -> Cover {
        Cover::of(record, &["counts", "dates", "parties", "values"])
    }

    /// Whether a stretch shares a character with one of these.
    pub(super) fn touches(&self, span: Span) -> bool {
        let next = self.0.partition_point(|known| known.end <= span.start);
        self.0.get(next).is_some_and(|known| known.start < span.end)
    }
}

/// Where labelled stretches and segments begin and end.
pub(super) struct Borders(Vec<usize>);

impl Borders {
    pub(super) fn of(record: &Record) -> Borders {
        let mut borders: Vec<usize> = mentions(record).into_iter().flat_map(|(_, span)| [span.start, span.end]).collect();
        borders.extend(record.segments.iter().flatten().map(|segment| segment.start));
        borders.sort_unstable();
        borders.dedup();
        Borders(borders)
    }

    /// Whether a border lies strictly inside: an edit of this stretch would make a label say more or less than before.
    pub(super) fn cut(&self, span: Span) -> bool {
        let next = self.0.partition_point(|border| *border <= span.start);
        self.0.get(next).is_some_and(|border| *border < span.end)
    }
}

/// Every span of the page and of its segments with the name of its field, in order.
pub(super) fn mentions(record: &Record) -> Vec<(&'static str, Span)> {
    let mut found = Vec::new();
    let mut of = |labels: &Labels| {
        // The visitor may change spans, so it asks for labels of its own.
        let _ = labels.clone().visit_spans(|path, mention| {
            found.push((path.field, mention.span()));
            Ok::<(), std::convert::Infallible>(())
        });
    };
    of(&record.labels);
    record.segments.iter().flatten().for_each(|segment| of(&segment.labels));
    found.sort_unstable_by_key(|(field, span)| (*span, *field));
    found.dedup();
    found
}

/// Labelled stretches, to be asked for what lies around a place. Labels are short, so few are looked at.
pub(super) struct Mentions {
    spans: Vec<Span>,
    longest: usize,
}

impl Mentions {
    pub(super) fn of(record: &Record) -> Mentions {
        let spans: Vec<Span> = mentions(record).into_iter().map(|(_, span)| span).collect();
        let longest = spans.iter().map(|span| span.len()).max().unwrap_or(0);
        Mentions { spans, longest }
    }

    /// Those that share a character with a stretch.
    pub(super) fn overlapping(&self, place: Span) -> impl Iterator<Item = Span> {
        let first = self.spans.partition_point(|span| span.start + self.longest <= place.start);
        let near = self.spans[first..].iter().take_while(move |span| span.start < place.end);
        near.copied().filter(move |span| span.overlap(place) > 0)
    }

    /// Those with a position strictly inside: what is inserted there becomes part of them.
    pub(super) fn inside(&self, at: usize) -> impl Iterator<Item = Span> {
        self.overlapping(Span::new(at.saturating_sub(1), at + 1)).filter(move |span| span.start < at && at < span.end)
    }
}
