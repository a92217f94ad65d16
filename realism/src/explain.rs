//! Which n-grams betray a corpus: what the classifier of the two-sample test looks at.

use std::collections::BTreeMap;

use owabi_corpora::Record;
use serde::Serialize;

use crate::cut::windows;
use crate::features::{Row, matrix};
use crate::linear::Linear;
use crate::mask::masked;
use crate::random::Random;
use crate::two_sample::{HASHING, WINDOW};

/// An n-gram and what it says.
#[derive(Debug, Clone, Serialize)]
pub struct Gram {
    /// The n-gram.
    pub gram: String,
    /// Its feature's weight: above 0 it speaks for the synthetic corpus, below for the real one.
    pub weight: f64,
    /// The share of synthetic windows that hold it.
    pub synthetic: f64,
    /// The share of real windows.
    pub real: f64,
}

impl Gram {
    /// How much it moves the scores: its weight, by how much more often it stands in the windows that the weight speaks for.
    fn tells(&self) -> f64 {
        self.weight * (self.synthetic - self.real)
    }
}

/// The n-grams that move the scores most, in a model that learnt from all real windows and as many synthetic ones: first those that speak for
/// the synthetic corpus, then those that speak for the real one, `most` of each, ordered by weight times difference in frequency. N-grams that say the same at the same places (詫び, お詫び)
/// are told once, the longest.
pub fn betrayals(synthetic: &[Record], real: &[Record], most: usize, seed: u64) -> [Vec<Gram>; 2] {
    let texts = [synthetic, real].map(|records| records.iter().map(|record| masked(&record.text)).collect::<Vec<_>>());
    let mut cut = texts.each_ref().map(|texts| texts.iter().flat_map(|text| windows(text, WINDOW)).collect::<Vec<&str>>());
    let wanted = cut[0].len().min(cut[1].len());
    for windows in &mut cut {
        let order = Random::new(seed, 7000).order(windows.len());
        *windows = order.into_iter().take(wanted).map(|at| windows[at]).collect();
    }
    let rows: Vec<Row> = cut.iter().flatten().map(|window| HASHING.row(window)).collect();
    let positive: Vec<bool> = (0..rows.len()).map(|at| at < wanted).collect();
    let model = Linear::fit(&matrix(HASHING.features, rows.iter()), &positive);
    // In how many windows of each corpus an n-gram stands; its feature; the last window that was counted.
    let mut seen: BTreeMap<&str, ([usize; 2], u32, usize)> = BTreeMap::new();
    for (side, windows) in cut.iter().enumerate() {
        for (at, window) in windows.iter().enumerate() {
            HASHING.each(window, |feature, gram| {
                let (counts, _, last) = seen.entry(gram).or_insert(([0; 2], feature, usize::MAX));
                if *last != side * wanted + at {
                    counts[side] += 1;
                    *last = side * wanted + at;
                }
            });
        }
    }
    let share = |count: usize| count as f64 / wanted.max(1) as f64;
    // Of the n-grams that share a feature by accident, the one that tells the corpora apart best has earned its weight.
    let mut earned: BTreeMap<u32, Gram> = BTreeMap::new();
    for (gram, (counts, feature, _)) in seen {
        let weight = model.weights[feature as usize];
        let gram = Gram { gram: gram.to_owned(), weight, synthetic: share(counts[0]), real: share(counts[1]) };
        match earned.get(&feature) {
            Some(best) if best.tells() >= gram.tells() => {}
            _ => drop(earned.insert(feature, gram)),
        }
    }
    let mut grams: Vec<Gram> = earned.into_values().collect();
    grams.sort_by(|a, b| b.tells().total_cmp(&a.tells()).then_with(|| a.gram.cmp(&b.gram)));
    [1.0, -1.0].map(|sign| {
        let mut found: Vec<Gram> = Vec::new();
        for gram in grams.iter().filter(|gram| gram.weight * sign > 0.0) {
            let same = |other: &Gram| {
                (other.synthetic, other.real) == (gram.synthetic, gram.real)
                    && (other.gram.contains(&gram.gram) || gram.gram.contains(&other.gram))
            };
            match found.iter().position(same) {
                Some(at) if gram.gram.len() > found[at].gram.len() => found[at].gram.clone_from(&gram.gram),
                Some(_) => {}
                None if found.len() < most => found.push(gram.clone()),
                None => break,
            }
        }
        found
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_one_corpus_only_is_told_first() {
        let corpus = |accent: &str| {
            let text = |id: usize| {
                (0..60).map(|at| format!("{}{accent}調べました。", ["弊社は", "当社は", "本会は"][(id + at) % 3])).collect::<String>()
            };
            (0..6).map(|id| Record::new(id.to_string(), text(id), Default::default())).collect::<Vec<_>>()
        };
        let [synthetic, real] = betrayals(&corpus("誠に"), &corpus("深く"), 5, 1);
        assert!(synthetic[0].gram.contains(['誠', 'に']) && real[0].gram.contains(['深', 'く']), "{synthetic:?} {real:?}");
        assert!(synthetic.iter().all(|gram| gram.weight > 0.0 && gram.synthetic > gram.real), "{synthetic:?}");
        assert!(real.iter().all(|gram| gram.weight < 0.0 && gram.synthetic < gram.real), "{real:?}");
        assert_eq!((synthetic[0].synthetic, synthetic[0].real, synthetic.len(), real.len()), (1.0, 0.0, 5, 5));
    }
}
