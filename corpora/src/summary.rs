//! What a corpus holds, counted from its records.

use std::collections::BTreeMap;

use crate::record::{Labels, Record};
use crate::vocabulary::Status;

/// What a corpus holds. Sums of sums are the same in any order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Documents.
    pub documents: u64,
    /// Their characters.
    pub characters: u64,
    /// Documents by kind.
    pub kinds: BTreeMap<String, u64>,
    /// Documents by genre.
    pub genres: BTreeMap<&'static str, u64>,
    /// Documents by exposure.
    pub exposures: BTreeMap<&'static str, u64>,
    /// Documents by difficulty.
    pub difficulties: BTreeMap<u8, u64>,
    /// Documents by cause, a document with several causes counted at each.
    pub causes: BTreeMap<&'static str, u64>,
    /// Documents by category: confirmed, possible and denied.
    pub categories: BTreeMap<&'static str, [u64; 3]>,
    /// Mentions that assert nothing, by reason.
    pub distractors: BTreeMap<&'static str, u64>,
    /// Values that stand in the texts, by kind and use: all of them, and those that are well-formed.
    pub values: BTreeMap<(&'static str, &'static str), [u64; 2]>,
    /// How values were made, by documents.
    pub value_modes: BTreeMap<&'static str, u64>,
    /// Documents by perturbation.
    pub perturbations: BTreeMap<String, u64>,
}

impl Summary {
    /// Of these records.
    pub fn of<'r>(records: impl IntoIterator<Item = &'r Record>) -> Summary {
        let mut summary = Summary::default();
        records.into_iter().for_each(|record| summary.add(record));
        summary
    }

    /// Counts a record in.
    pub fn add(&mut self, record: &Record) {
        let Labels { genre, exposure, causes, data, values, distractors, .. } = &record.labels;
        self.documents += 1;
        self.characters += record.text.chars().count() as u64;
        if let Some(provenance) = &record.provenance {
            *self.kinds.entry(provenance.kind.clone()).or_default() += 1;
            *self.difficulties.entry(provenance.difficulty).or_default() += 1;
            *self.value_modes.entry(provenance.value_mode.id()).or_default() += 1;
            for name in &provenance.perturbations {
                *self.perturbations.entry(name.clone()).or_default() += 1;
            }
        }
        genre.iter().for_each(|genre| *self.genres.entry(genre.id()).or_default() += 1);
        exposure.iter().for_each(|exposure| *self.exposures.entry(exposure.id()).or_default() += 1);
        causes.iter().flatten().for_each(|item| *self.causes.entry(item.cause.id()).or_default() += 1);
        for item in data.iter().flatten() {
            self.categories.entry(item.category.id()).or_default()[column(item.status)] += 1;
        }
        for item in distractors.iter().flatten() {
            *self.distractors.entry(item.why.id()).or_default() += item.spans.len() as u64;
        }
        for item in values.iter().flatten() {
            let counts = self.values.entry((item.kind.id(), item.usage.id())).or_default();
            // A value may stand at several places, as one item or as several; one that was labelled without its place stands at one.
            let places = item.spans.len().max(1) as u64;
            counts[0] += places;
            counts[1] += if item.well_formed { places } else { 0 };
        }
    }

    /// Counts in what another summary counted.
    pub fn merge(&mut self, other: Summary) {
        fn all<K: Ord>(mine: &mut BTreeMap<K, u64>, other: BTreeMap<K, u64>) {
            other.into_iter().for_each(|(key, count)| *mine.entry(key).or_default() += count);
        }
        fn columns<K: Ord, const N: usize>(mine: &mut BTreeMap<K, [u64; N]>, other: BTreeMap<K, [u64; N]>)
        where
            [u64; N]: Default,
        {
            for (key, counts) in other {
                mine.entry(key).or_default().iter_mut().zip(counts).for_each(|(mine, count)| *mine += count);
            }
        }
        self.documents += other.documents;
        self.characters += other.characters;
        all(&mut self.kinds, other.kinds);
        all(&mut self.genres, other.genres);
        all(&mut self.exposures, other.exposures);
        all(&mut self.difficulties, other.difficulties);
        all(&mut self.causes, other.causes);
        columns(&mut self.categories, other.categories);
        all(&mut self.distractors, other.distractors);
        columns(&mut self.values, other.values);
        all(&mut self.value_modes, other.value_modes);
        all(&mut self.perturbations, other.perturbations);
    }
}

fn column(status: Status) -> usize {
    match status {
        Status::Confirmed => 0,
        Status::Possible => 1,
        Status::Denied => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markup;

    fn record(marked: &str) -> Record {
        let (text, labels) = markup::parse(marked).unwrap();
        Record::new("x", text, labels)
    }

    #[test]
    fn labels_are_counted_by_document_and_values_by_place() {
        let records = [
            record("⟦氏名|name:confirmed⟧と⟦お名前|name:confirmed⟧、⟦住所|address:denied⟧"),
            record("⟦氏名|name:possible⟧ ⟦03-0000|value:phone:contact:malformed⟧ ⟦03-1000|value:phone:contact⟧"),
        ];
        let found = Summary::of(&records);
        assert_eq!((found.documents, found.characters), (2, 9 + 18));
        assert_eq!(found.categories, BTreeMap::from([("address", [0, 0, 1]), ("name", [1, 1, 0])]));
        assert_eq!(found.values, BTreeMap::from([(("phone", "contact"), [2, 1])]));
    }

    #[test]
    fn halves_add_up_to_the_whole_in_any_order() {
        let texts = ["⟦氏名|name:confirmed⟧", "⟦氏名|name:denied⟧⟦紛失|cause:loss!⟧", "⟦1-2|value:phone:contact⟧⟦住所|no:address:held⟧"];
        let records = texts.map(record);
        let mut back = Summary::of(&records[1..]);
        back.merge(Summary::of(&records[..1]));
        assert_eq!(Summary::of(&records), back);
    }
}
