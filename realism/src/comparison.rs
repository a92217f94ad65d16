//! Every figure about a synthetic corpus beside a real one.

use std::collections::BTreeMap;

use owabi_corpora::Record;
use rayon::prelude::*;
use serde::Serialize;

use crate::copied::{self, Copied};
use crate::divergence::{self, Divergence};
use crate::mask::masked;
use crate::profile::Profile;
use crate::transfer::{self, Documents, Target, Transfer};
use crate::two_sample::{self, Separation};
use crate::variety::{self, Distinct};
use crate::{Estimate, features::Row};

/// Windows of the synthetic corpus that the two-sample test "with all" reads at most: more say nothing new and cost memory.
pub const MOST_WINDOWS: usize = 4000;

/// The number of sentences at which the share of distinct ones is told beside the real corpus' own number, so that corpora can be compared
/// with figures published for that number.
pub const SENTENCES: usize = 1061;

/// What is asked.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Settings {
    /// Of all draws; the same seed gives the same figures.
    pub seed: u64,
    /// Labels that fewer real documents have are not learnt.
    pub rare: usize,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { seed: 0, rare: 2 }
    }
}

/// All figures.
#[derive(Debug, Clone, Serialize)]
pub struct Comparison {
    /// What was asked.
    pub settings: Settings,
    /// Documents and characters of the synthetic and of the real corpus.
    pub sizes: [Size; 2],
    /// Telling windows apart.
    pub two_sample: TwoSample,
    /// Exposed categories: train on synthetic, test on real.
    pub categories: Transfer,
    /// Causes: train on synthetic, test on real.
    pub causes: Transfer,
    /// The synthetic corpus' variety.
    pub synthetic: Variety,
    /// The real corpus' variety.
    pub real: Variety,
    /// The Kolmogorov–Smirnov statistic of the lengths.
    pub lengths: Option<f64>,
    /// How far the shares of each field lie apart.
    pub divergences: BTreeMap<&'static str, Divergence>,
    /// Where synthetic documents have runs of 30 characters and more in common with real ones.
    pub copied: Vec<Copied>,
}

/// How large a corpus is.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Size {
    /// How many documents.
    pub documents: usize,
    /// Characters of all of them.
    pub characters: usize,
}

/// Telling windows apart.
#[derive(Debug, Clone, Serialize)]
pub struct TwoSample {
    /// With as many windows of each corpus. `None` where a corpus has fewer than two documents of at least half a window.
    pub even: Option<Separation>,
    /// With all windows of both, [`MOST_WINDOWS`] at most.
    pub all: Option<Separation>,
    /// One half of the real documents against the other.
    pub control: Option<Estimate>,
}

/// How a corpus repeats itself.
#[derive(Debug, Clone, Serialize)]
pub struct Variety {
    /// The share of distinct sentences among as many as the smaller corpus has.
    pub distinct_at_equal: Option<f64>,
    /// The share among [`SENTENCES`].
    pub distinct_at_fixed: Option<f64>,
    /// Over the whole.
    pub whole: Distinct,
    /// The similarity of each document to its nearest neighbour, among as many documents as the smaller corpus has.
    pub self_similarity_at_equal: Option<f64>,
    /// Over the whole, [`variety::MOST_DOCUMENTS`] at most.
    pub self_similarity: Option<f64>,
}

impl Comparison {
    /// Compares. `tell` hears what is measured next, for someone who waits.
    pub fn new(synthetic: &[Record], real: &[Record], settings: Settings, tell: &dyn Fn(&'static str)) -> Comparison {
        let seed = settings.seed;
        let windows = |records: &[Record]| records.par_iter().map(|record| two_sample::document(&record.text)).collect::<Vec<_>>();
        let (synthetic_windows, real_windows) = (windows(synthetic), windows(real));
        let mut room = MOST_WINDOWS;
        let most: Vec<_> = synthetic_windows
            .iter()
            .take_while(|document| {
                let fits = document.len() <= room;
                room -= document.len().min(room);
                fits
            })
            .cloned()
            .collect();
        tell("telling windows apart");
        let two_sample = TwoSample {
            even: two_sample::separate(&synthetic_windows, &real_windows, true, two_sample::REPEATS, seed),
            all: two_sample::separate(&most, &real_windows, false, two_sample::REPEATS_WITH_ALL, seed),
            control: two_sample::control(&real_windows, seed),
        };
        tell("learning to read from synthetic documents");
        let rows = [transfer::rows(synthetic), transfer::rows(real)];
        let transfer = |target| {
            let [from, on] = [(synthetic, &rows[0]), (real, &rows[1])].map(|(records, rows)| Documents::new(records, rows, target));
            transfer::transfer(&from, &on, settings.rare, seed)
        };
        let (categories, causes) = (transfer(Target::ExposedCategories), transfer(Target::Causes));
        tell("looking for repetitions");
        let texts = [synthetic, real].map(|records| records.iter().map(|record| masked(&record.text)).collect::<Vec<String>>());
        let wholes = texts.each_ref().map(|texts| Distinct::of(texts));
        let sentences = wholes[0].sentences.min(wholes[1].sentences);
        let documents = synthetic.len().min(real.len());
        let variety = |at: usize| {
            let rows: Vec<Row> = texts[at].par_iter().map(|text| variety::HASHING.row(text)).collect();
            Variety {
                distinct_at_equal: variety::distinct_at(&texts[at], sentences, seed),
                distinct_at_fixed: variety::distinct_at(&texts[at], SENTENCES, seed),
                whole: wholes[at],
                self_similarity_at_equal: variety::self_similarity(&rows, documents, seed),
                self_similarity: variety::self_similarity(&rows, rows.len().min(variety::MOST_DOCUMENTS), seed),
            }
        };
        let profiles = [synthetic, real].map(Profile::of);
        Comparison {
            settings,
            sizes: profiles.each_ref().map(|profile| Size { documents: profile.documents, characters: profile.characters }),
            two_sample,
            categories,
            causes,
            synthetic: variety(0),
            real: variety(1),
            lengths: divergence::kolmogorov_smirnov(&profiles[0], &profiles[1]),
            divergences: divergence::all(synthetic, real, seed),
            copied: copied::copied(synthetic, real),
        }
    }
}
