//! What a synthetic corpus has word for word in common with a real one.

use owabi_corpora::real::Wording;
use owabi_corpora::{OffsetUnit, Offsets, Record};
use rayon::prelude::*;
use serde::Serialize;

/// A stretch of a synthetic document that stands in a real one as well, numbers and spaces aside. Which real one is not said, and its
/// text is never told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Copied {
    /// The synthetic document.
    pub id: String,
    /// The first character, in code points.
    pub start: usize,
    /// The first character after.
    pub end: usize,
}

/// All of them, in the order of the documents.
pub fn copied(synthetic: &[Record], real: &[Record]) -> Vec<Copied> {
    let wording = Wording::of(real);
    let places = |record: &Record| {
        let offsets = Offsets::new(&record.text, OffsetUnit::CodePoints);
        let place = |span: owabi_corpora::Span| Copied {
            id: record.id.clone(),
            start: offsets.from_byte(span.start),
            end: offsets.from_byte(span.end),
        };
        wording.places(&record.text).into_iter().map(place).collect::<Vec<_>>()
    };
    synthetic.par_iter().flat_map_iter(places).collect()
}
