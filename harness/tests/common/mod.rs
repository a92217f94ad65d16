//! Labelled texts for the tests of this folder.
#![allow(dead_code, unreachable_pub)]

use owabi_corpora::record::*;
use owabi_corpora::vocabulary::*;
use owabi_corpora::{Category, Cause, Labels, Mention, PartialDate, Record, Span, markup};
use proptest::prelude::*;

pub fn marked(text: &str) -> Record {
    let (text, labels) = markup::parse(text).unwrap();
    Record::new("a", text, labels)
}

/// The same without what mark-up says beside the marks.
pub fn plain(text: &str) -> Record {
    let record = marked(text);
    let labels = Labels { data: record.labels.data, values: record.labels.values, ..Labels::default() };
    Record { labels, ..record }
}

fn mention() -> impl Strategy<Value = Vec<Mention>> {
    prop::collection::vec((0usize..20, 1usize..6), 1..3)
        .prop_map(|places| places.into_iter().map(|(start, length)| Span::new(start, start + length).into()).collect())
}

fn pick<T: Copy + std::fmt::Debug + 'static>(all: impl Iterator<Item = T>) -> impl Strategy<Value = T> {
    prop::sample::select(all.collect::<Vec<_>>())
}

prop_compose! {
    pub fn labels()(
        genre in pick(Genre::all()),
        exposure in pick(Exposure::all()),
        data in prop::collection::vec((pick(Category::all().filter(|c| c.is_scored())), pick(Status::all()), mention()), 0..6),
        causes in prop::collection::vec((pick(Cause::all()), mention()), 0..3),
        counts in prop::collection::vec((0u64..5, pick(Unit::all()), pick(Bound::all()), mention()), 0..4),
        dates in prop::collection::vec((pick(DateRole::all()), 1i8..12, mention()), 0..4),
        parties in prop::collection::vec((pick(PartyRole::all()), "[あ-う]{1,2}", mention()), 0..3),
        values in prop::collection::vec((pick(Category::all()), pick(Use::all()), mention()), 0..3),
    ) -> Labels {
        // One item a category, one primary cause, one total: what reading a record ensures.
        let mut data: Vec<_> = data.into_iter().map(|(category, status, spans)| DataLabel::new(category, status, spans)).collect();
        data.sort_by_key(|item| item.category);
        data.dedup_by_key(|item| item.category);
        Labels {
            genre: Some(genre),
            exposure: Some(exposure),
            via_vendor: Some(false),
            data: Some(data),
            causes: Some(causes.into_iter().enumerate().map(|(i, (cause, spans))| CauseLabel::new(cause, i == 0, spans)).collect()),
            counts: Some(counts.into_iter().enumerate().map(|(i, (n, unit, bound, spans))| CountLabel::new(n, unit, bound, i == 0, None, spans)).collect()),
            dates: Some(dates.into_iter().map(|(role, day, spans)| DateLabel::new(role, PartialDate::day(2024, 1, day).unwrap(), None, None, spans)).collect()),
            parties: Some(parties.into_iter().map(|(role, name, spans)| PartyLabel::new(role, name, spans)).collect()),
            values: Some(values.into_iter().map(|(kind, usage, spans)| ValueLabel::new(kind, usage, true, spans)).collect()),
            ..Labels::default()
        }
    }
}
