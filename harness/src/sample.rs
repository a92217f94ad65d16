//! A few hundred errors out of any number, of every kind, whatever the order in which they come.
//!
//! Errors of one field, what and label are a stratum. The sample takes from every stratum its first error, then from every one its second, and so on until
//! it is full; which is first is decided by a hash of the error, so that neither threads nor the order of the documents change the choice. Only what
//! is chosen is kept with its text, so that memory does not grow with the corpus.

use std::collections::BTreeMap;

use owabi_corpora::Span;
use owabi_corpora::span::{OffsetUnit, Offsets};
use sha2::{Digest, Sha256};

use crate::errors::{ErrorField, ErrorLine, What};
use crate::passage::{Passage, Reach};

/// How many errors a report shows.
pub const SIZE: usize = 500;

/// What is shown of a text at first.
pub const SHORT: Reach = Reach { around: 60, total: 400 };

/// What is kept of a text.
pub const LONG: Reach = Reach { around: 3_000, total: 20_000 };

/// A detector may answer with a name of any length, and in any number of places.
const MAX_NAME: usize = 300;
const MAX_PLACES: usize = 100;

/// Errors that are alike.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stratum {
    /// What was asked.
    pub field: ErrorField,
    /// How the answer is wrong.
    pub what: What,
    /// For which category, cause, role …
    pub label: String,
}

/// An error in its text.
#[derive(Debug, Clone, PartialEq)]
pub struct Sampled {
    /// The error; what is longer than 300 characters or has more than 100 places is cut there.
    pub error: ErrorLine,
    /// The nearest words.
    pub short: Passage,
    /// More of the text, where there is more.
    pub long: Option<Passage>,
}

/// The sample, and how many errors there were of each kind.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    size: usize,
    kept: usize,
    strata: BTreeMap<Stratum, BTreeMap<u64, Sampled>>,
    /// The place in its stratum and the hash of the last one taken, once the sample is full.
    last: Option<(usize, u64)>,
    counts: BTreeMap<Stratum, u64>,
}

impl Sample {
    /// Of at most `size` errors.
    pub fn new(size: usize) -> Sample {
        Sample { size, kept: 0, strata: BTreeMap::new(), last: None, counts: BTreeMap::new() }
    }

    /// Shows it all errors of one document.
    pub fn add(&mut self, text: &str, errors: &[ErrorLine]) {
        let mut offsets = None;
        for error in errors {
            let stratum = Stratum { field: error.field, what: error.what, label: clip(&error.label) };
            *self.counts.entry(stratum.clone()).or_default() += 1;
            let hash = hash(error);
            if self.wants(&stratum, hash) {
                let offsets = offsets.get_or_insert_with(|| Offsets::new(text, OffsetUnit::CodePoints));
                self.take(stratum, hash, sampled(text, offsets, error));
            }
        }
    }

    /// The errors by stratum, in the order of their hashes.
    pub fn errors(&self) -> impl Iterator<Item = &Sampled> {
        self.strata.values().flat_map(BTreeMap::values)
    }

    /// How many errors of each kind there were, sampled or not.
    pub fn counts(&self) -> &BTreeMap<Stratum, u64> {
        &self.counts
    }

    fn wants(&self, stratum: &Stratum, hash: u64) -> bool {
        let place = self.strata.get(stratum).map_or(0, |errors| errors.range(..hash).count());
        self.size > 0 && self.last.is_none_or(|last| (place, hash) < last)
    }

    fn take(&mut self, stratum: Stratum, hash: u64, error: Sampled) {
        if self.strata.entry(stratum).or_default().insert(hash, error).is_none() {
            self.kept += 1;
        }
        if self.kept > self.size {
            // Whatever comes, places in a stratum only grow: what falls out now could never come back.
            if let Some(errors) = self.worst().and_then(|(stratum, _)| self.strata.get_mut(&stratum)) {
                errors.pop_last();
                self.kept -= 1;
            }
            self.strata.retain(|_, errors| !errors.is_empty());
        }
        if self.kept == self.size {
            self.last = self.worst().map(|(_, last)| last);
        }
    }

    fn worst(&self) -> Option<(Stratum, (usize, u64))> {
        let last =
            |(stratum, errors): (&Stratum, &BTreeMap<u64, Sampled>)| Some((stratum.clone(), (errors.len() - 1, *errors.keys().last()?)));
        self.strata.iter().filter_map(last).max_by_key(|(_, last)| *last)
    }
}

impl Default for Sample {
    fn default() -> Sample {
        Sample::new(SIZE)
    }
}

fn sampled(text: &str, offsets: &Offsets<'_>, error: &ErrorLine) -> Sampled {
    let mut error = error.clone();
    for name in [Some(&mut error.id), Some(&mut error.label), error.gold.as_mut(), error.predicted.as_mut(), error.cue.as_mut()] {
        name.into_iter().for_each(|name| *name = clip(name));
    }
    error.slices.values_mut().for_each(|name| *name = clip(name));
    error.gold_places.truncate(MAX_PLACES);
    error.predicted_places.truncate(MAX_PLACES);
    let bytes = |places: &[Span]| -> Vec<Span> {
        let byte = |point| offsets.to_byte(point).unwrap_or(text.len());
        places.iter().map(|place| Span::new(byte(place.start), byte(place.end))).collect()
    };
    let (gold, predicted) = (bytes(&error.gold_places), bytes(&error.predicted_places));
    let short = Passage::new(text, offsets, &gold, &predicted, SHORT);
    let long = (!short.is_whole()).then(|| Passage::new(text, offsets, &gold, &predicted, LONG));
    Sampled { error, short, long }
}

fn clip(name: &str) -> String {
    match name.char_indices().nth(MAX_NAME) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name.to_owned(),
    }
}

/// The first eight bytes of the SHA-256 of everything that tells errors apart.
fn hash(error: &ErrorLine) -> u64 {
    let mut hasher = Sha256::new();
    for part in [&*error.id, error.field.id(), error.what.id(), &error.label] {
        hasher.update(part);
        hasher.update([0]);
    }
    for side in [&error.gold, &error.predicted] {
        hasher.update(side.as_deref().unwrap_or_default());
        hasher.update([0]);
    }
    for place in error.gold_places.iter().chain(&error.predicted_places) {
        hasher.update((place.start as u64).to_le_bytes());
    }
    let digest = hasher.finalize();
    digest.iter().take(8).fold(0, |hash, byte| hash << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn error(id: usize, what: What, label: &str) -> ErrorLine {
        ErrorLine {
            id: format!("d{id}"),
            slices: BTreeMap::new(),
            field: ErrorField::Causes,
            what,
            label: label.to_owned(),
            gold: None,
            predicted: Some(label.to_owned()),
            gold_places: vec![],
            predicted_places: vec![Span::new(1, 2)],
            excerpt: None,
            cue: None,
            score: None,
        }
    }

    fn sizes(sample: &Sample) -> Vec<(String, usize)> {
        sample.strata.iter().map(|(stratum, errors)| (stratum.label.clone(), errors.len())).collect()
    }

    #[test]
    fn rare_errors_are_all_there_and_common_ones_fill_the_rest() {
        let mut sample = Sample::new(10);
        for id in 0..1000 {
            let label = if id % 100 == 50 && id < 300 {
                "theft"
            } else if id % 2 == 0 {
                "loss"
            } else {
                "bug"
            };
            sample.add("紛失した。", &[error(id, What::Missed, label)]);
        }
        // Three of a kind; the other seven places go by turns, and the odd one by its hash.
        let found = sizes(&sample);
        let of = |label: &str| found.iter().find(|(name, _)| name == label).map_or(0, |(_, count)| *count);
        assert_eq!(of("theft"), 3);
        assert_eq!(of("loss") + of("bug"), 7);
        assert!(of("loss").abs_diff(of("bug")) == 1);
        assert_eq!(sample.counts().values().sum::<u64>(), 1000);
    }

    #[test]
    fn long_names_are_cut_and_long_texts_kept_in_part() {
        let mut sample = Sample::new(1);
        let text = "紛".repeat(1_000_000);
        let long = ErrorLine {
            id: "i".repeat(1_000_000),
            predicted_places: vec![Span::new(500_000, 500_001); 1000],
            ..error(1, What::Missed, "loss")
        };
        sample.add(&text, &[long]);
        let kept = sample.errors().next().unwrap();
        assert_eq!(kept.error.id.chars().count(), MAX_NAME + 1);
        assert_eq!(kept.error.predicted_places.len(), MAX_PLACES);
        let passage = kept.long.as_ref().unwrap();
        assert_eq!((passage.pieces[0].skipped, passage.after), (497_000, 496_999));
    }

    proptest! {
        /// The choice is that of whoever sees all errors at once: the smallest by place in their stratum and by hash.
        #[test]
        fn order_changes_nothing(errors in prop::collection::vec((0usize..1000, 0usize..3, 0usize..5), 0..120), size in 0usize..30) {
            let mut errors: Vec<ErrorLine> = errors
                .into_iter()
                .map(|(id, what, label)| error(id, [What::Missed, What::Spurious, What::Wrong][what], ["a", "b", "c", "d", "e"][label]))
                .collect();
            let choose = |errors: &[ErrorLine]| {
                let mut sample = Sample::new(size);
                errors.iter().for_each(|error| sample.add("text", std::slice::from_ref(error)));
                sample.strata
            };
            let chosen = choose(&errors);
            errors.reverse();
            prop_assert_eq!(&choose(&errors), &chosen);

            let mut all: BTreeMap<(What, String), BTreeMap<u64, String>> = BTreeMap::new();
            for error in &errors {
                all.entry((error.what, error.label.clone())).or_default().insert(hash(error), error.id.clone());
            }
            let mut ranked: Vec<_> = all.values().flat_map(|of| of.iter().enumerate().map(|(place, (hash, id))| (place, *hash, id.clone()))).collect();
            ranked.sort();
            let mut wanted: Vec<String> = ranked.into_iter().take(size).map(|(_, _, id)| id).collect();
            let mut found: Vec<String> = chosen.values().flat_map(BTreeMap::values).map(|kept| kept.error.id.clone()).collect();
            wanted.sort();
            found.sort();
            prop_assert_eq!(found, wanted);
        }
    }
}
