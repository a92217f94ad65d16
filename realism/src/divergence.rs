//! How far two distributions lie apart.

use std::collections::{BTreeMap, BTreeSet};

use owabi_corpora::Record;
use serde::Serialize;
use statrs::stats_tests::NaNPolicy;
use statrs::stats_tests::ks_test::{KSTwoSampleAlternativeMethod, ks_twosample};

use crate::profile::{Counts, Profile};
use crate::random::Random;

/// How often a small sample of the synthetic corpus is drawn.
const DRAWS: u64 = 20;

/// How often what comes in a corpus.
type Field = fn(&Profile) -> Counts;

/// What is compared.
const FIELDS: [(&str, Field); 5] = [
    ("length", Profile::length_classes),
    ("genre", |profile| profile.shares.get("genre").cloned().unwrap_or_default()),
    ("exposure", |profile| profile.shares.get("exposure").cloned().unwrap_or_default()),
    ("exposed category", Profile::exposed),
    ("cause", |profile| profile.shares.get("cause").cloned().unwrap_or_default()),
];

/// Two distributions beside each other.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Divergence {
    /// The Jensen–Shannon divergence in bits: 0 for equal shares, 1 for nothing in common. Lower is better. `None` where a corpus has
    /// no such label.
    pub jensen_shannon: Option<f64>,
    /// What as few documents of the synthetic corpus itself have, on average: chance alone.
    pub by_chance: Option<f64>,
}

/// The divergences of all fields between two corpora.
pub fn all(synthetic: &[Record], real: &[Record], seed: u64) -> BTreeMap<&'static str, Divergence> {
    let (whole, other) = (Profile::of(synthetic), Profile::of(real));
    let samples: Vec<Profile> = (0..DRAWS)
        .map(|draw| {
            let order = Random::new(seed, 6000 + draw).order(synthetic.len());
            Profile::of(&order.iter().take(real.len()).map(|&at| synthetic[at].clone()).collect::<Vec<_>>())
        })
        .collect();
    let compare = |counts: Field| {
        let whole = counts(&whole);
        let chances: Vec<f64> = samples.iter().filter_map(|sample| jensen_shannon(&whole, &counts(sample))).collect();
        let by_chance = (!chances.is_empty()).then(|| chances.iter().sum::<f64>() / chances.len() as f64);
        Divergence { jensen_shannon: jensen_shannon(&whole, &counts(&other)), by_chance }
    };
    FIELDS.into_iter().map(|(name, counts)| (name, compare(counts))).collect()
}

/// The Jensen–Shannon divergence of two distributions, in bits. `None` where one is empty.
pub fn jensen_shannon(first: &Counts, second: &Counts) -> Option<f64> {
    let total = |counts: &Counts| counts.values().sum::<usize>();
    let totals = [total(first), total(second)];
    if totals.contains(&0) {
        return None;
    }
    let share = |counts: &Counts, total: usize, id: &str| counts.get(id).map_or(0.0, |&count| count as f64 / total as f64);
    let ids: BTreeSet<&String> = first.keys().chain(second.keys()).collect();
    let part = |share: f64, mean: f64| if share > 0.0 { share * (share / mean).log2() / 2.0 } else { 0.0 };
    let sum: f64 = ids
        .into_iter()
        .map(|id| {
            let (a, b) = (share(first, totals[0], id), share(second, totals[1], id));
            part(a, (a + b) / 2.0) + part(b, (a + b) / 2.0)
        })
        .sum();
    Some(sum.max(0.0))
}

/// The Kolmogorov–Smirnov statistic of the lengths: the largest difference between the shares of documents up to a length. 0: equal, 1:
/// nothing in common. Lower is better. `None` where a corpus is empty.
pub fn kolmogorov_smirnov(first: &Profile, second: &Profile) -> Option<f64> {
    let lengths = |profile: &Profile| profile.lengths.iter().map(|&length| length as f64).collect::<Vec<_>>();
    let method = KSTwoSampleAlternativeMethod::TwoSidedAsymptotic;
    ks_twosample(lengths(first), lengths(second), method, NaNPolicy::Error).ok().map(|(statistic, _)| statistic)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(of: &[(&str, usize)]) -> Counts {
        of.iter().map(|&(id, count)| (id.to_owned(), count)).collect()
    }

    #[test]
    fn nothing_in_common_is_one_bit() {
        let (a, b) = (counts(&[("a", 3)]), counts(&[("b", 7)]));
        assert_eq!(jensen_shannon(&a, &b), Some(1.0));
        assert_eq!(jensen_shannon(&a, &counts(&[("a", 9)])), Some(0.0));
        assert_eq!(jensen_shannon(&a, &Counts::new()), None);
        // Against (1/2, 1/2): the mean is (3/4, 1/4), so half of log2(4/3) and half of (log2(2/3) + log2(2)) / 2.
        let expected = (4f64 / 3.0).log2() / 2.0 + ((2f64 / 3.0).log2() + 1.0) / 4.0;
        assert!((jensen_shannon(&a, &counts(&[("a", 1), ("b", 1)])).unwrap() - expected).abs() < 1e-12);
    }

    #[test]
    fn lengths_apart_have_the_largest_statistic() {
        let of = |lengths: &[usize]| Profile { lengths: lengths.to_vec(), ..Profile::default() };
        assert_eq!(kolmogorov_smirnov(&of(&[1, 2, 3]), &of(&[7, 8, 9])), Some(1.0));
        assert_eq!(kolmogorov_smirnov(&of(&[1, 2, 3, 4]), &of(&[1, 2, 3, 9])), Some(0.25));
        assert_eq!(kolmogorov_smirnov(&of(&[]), &of(&[7])), None);
    }
}
