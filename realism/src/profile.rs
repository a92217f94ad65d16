//! What a corpus holds: how long its documents are, and how often each label comes.

use std::collections::BTreeMap;

use owabi_corpora::{Record, Summary};
use serde::Serialize;

use crate::mask::masked;
use crate::variety::Distinct;

/// The shortest border between two classes of length, in characters; every further one is twice as long.
const FIRST_BORDER: usize = 125;

/// How often what comes, by its id.
pub type Counts = BTreeMap<String, usize>;

/// A corpus in figures.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Profile {
    /// How many documents.
    pub documents: usize,
    /// Characters of all of them.
    pub characters: usize,
    /// Masked sentences, all and those that differ.
    pub sentences: Distinct,
    /// Characters of each document, ascending.
    #[serde(skip)]
    pub lengths: Vec<usize>,
    /// The lengths of the shortest document, of those a quarter, half and three quarters up, and of the longest.
    pub quartiles: [usize; 5],
    /// Documents by class of length.
    pub histogram: Vec<Bar>,
    /// Documents by `genre`, `exposure`, `kind` and `difficulty`, and labels by `cause`; a document without the field is left out.
    pub shares: BTreeMap<&'static str, Counts>,
    /// Labels by category: confirmed, possible, denied.
    pub categories: BTreeMap<String, [usize; 3]>,
    /// Values by kind: how many, and how many of them are well-formed.
    pub values: BTreeMap<String, [usize; 2]>,
}

/// A class of length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Bar {
    /// The shortest length, in characters.
    pub from: usize,
    /// The first length that is too long for it.
    pub to: usize,
    /// Documents.
    pub documents: usize,
}

impl Profile {
    /// Of these documents.
    pub fn of(records: &[Record]) -> Profile {
        let counted = Summary::of(records);
        let mut lengths: Vec<usize> = records.iter().map(|record| record.text.chars().count()).collect();
        lengths.sort();
        let at = |quarter: usize| lengths.get((lengths.len().saturating_sub(1) * quarter + 2) / 4).copied().unwrap_or_default();
        let fields = [
            ("genre", counts(&counted.genres)),
            ("exposure", counts(&counted.exposures)),
            ("cause", counts(&counted.causes)),
            ("kind", counts(&counted.kinds)),
            ("difficulty", counts(&counted.difficulties)),
        ];
        Profile {
            documents: records.len(),
            characters: counted.characters as usize,
            sentences: Distinct::of(&records.iter().map(|record| masked(&record.text)).collect::<Vec<_>>()),
            quartiles: [at(0), at(1), at(2), at(3), at(4)],
            histogram: histogram(&lengths),
            shares: fields.into_iter().filter(|(_, counts)| !counts.is_empty()).collect(),
            categories: counted.categories.iter().map(|(id, counts)| ((*id).to_owned(), counts.map(|count| count as usize))).collect(),
            values: counted
                .values
                .iter()
                .map(|((kind, usage), counts)| (format!("{kind} ({usage})"), counts.map(|count| count as usize)))
                .collect(),
            lengths,
        }
    }

    /// Exposed categories: confirmed or possible.
    pub fn exposed(&self) -> Counts {
        let exposed = self.categories.iter().map(|(id, [confirmed, possible, _])| (id.clone(), confirmed + possible));
        exposed.filter(|(_, count)| *count > 0).collect()
    }

    /// Documents by class of length, as counts.
    pub fn length_classes(&self) -> Counts {
        self.histogram.iter().filter(|bar| bar.documents > 0).map(|bar| (bar.from.to_string(), bar.documents)).collect()
    }
}

fn counts<K: ToString>(of: &BTreeMap<K, u64>) -> Counts {
    of.iter().map(|(id, count)| (id.to_string(), *count as usize)).collect()
}

/// Classes from the one of the shortest to the one of the longest.
fn histogram(lengths: &[usize]) -> Vec<Bar> {
    let mut bars: Vec<Bar> = Vec::new();
    let (mut from, mut to) = (0, FIRST_BORDER);
    while lengths.last().is_some_and(|&longest| from <= longest) {
        let documents = lengths.iter().filter(|&&length| (from..to).contains(&length)).count();
        if documents > 0 || !bars.is_empty() {
            bars.push(Bar { from, to, documents });
        }
        (from, to) = (to, to * 2);
    }
    bars
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_of_length_double() {
        let bar = |from, to, documents| Bar { from, to, documents };
        assert_eq!(histogram(&[125, 249, 500]), [bar(125, 250, 2), bar(250, 500, 0), bar(500, 1000, 1)]);
        assert_eq!(histogram(&[0]), [bar(0, 125, 1)]);
        assert!(histogram(&[]).is_empty());
    }

    #[test]
    fn quartiles_are_lengths_of_documents() {
        let records: Vec<Record> = [4, 1, 3, 2, 5].iter().map(|&length| Record::new("", "あ".repeat(length), Default::default())).collect();
        assert_eq!(Profile::of(&records).quartiles, [1, 2, 3, 4, 5]);
        assert_eq!(Profile::of(&records[..1]).quartiles, [4; 5]);
        assert_eq!(Profile::of(&[]).quartiles, [0; 5]);
    }
}
