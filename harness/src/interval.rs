//! How far a figure can be trusted.
//!
//! Intervals resample *documents*, because the facts of one document succeed or fail together.

use std::collections::BTreeMap;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use statrs::distribution::{Beta, ContinuousCDF};

use crate::measure::{Tallies, Tally};

/// Up to here every document is a block of its own; beyond, documents share blocks by a hash of their id, so that memory and time
/// stay bounded.
pub const MAX_BLOCKS: usize = 20_000;

/// The level of every interval.
pub const LEVEL: f64 = 0.95;

/// Sums of measures, document by document, kept for resampling.
///
/// Which block a document is in depends on its id and on how many documents there are, never on their order: two runs on the same
/// documents have the same blocks, and the same seed draws the same of both.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Blocks {
    rows: BTreeMap<String, Tallies>,
    hashed: bool,
}

impl Blocks {
    /// Adds one document. Documents with the same id are one.
    pub fn push(&mut self, id: &str, tallies: &Tallies) {
        if !self.hashed && self.rows.len() == MAX_BLOCKS && !self.rows.contains_key(id) {
            self.hashed = true;
            for (id, tallies) in std::mem::take(&mut self.rows) {
                *self.rows.entry(block(&id)).or_default() += &tallies;
            }
        }
        let key = if self.hashed { block(id) } else { id.to_owned() };
        *self.rows.entry(key).or_default() += tallies;
    }

    /// Blocks as they were written down: by id, or `hashed` by [`Blocks::rows`]' keys.
    pub(crate) fn from_rows(rows: BTreeMap<String, Tallies>, hashed: bool) -> Blocks {
        Blocks { rows, hashed }
    }

    /// Every block by its key: a document's id, or a number where documents share blocks.
    pub fn rows(&self) -> &BTreeMap<String, Tallies> {
        &self.rows
    }

    /// Whether documents share blocks.
    pub fn hashed(&self) -> bool {
        self.hashed
    }

    /// How many blocks there are. A shared block that no document fell into is none.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether no document was added.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Draws as many blocks as there are, with replacement, `resamples` times. The same seed draws the same.
    pub fn resample(&self, resamples: usize, seed: u64) -> Resamples {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let rows: Vec<&Tallies> = self.rows.values().collect();
        let count = rows.len() as u128;
        let draw = |random: &mut ChaCha8Rng| {
            let mut sum = Tallies::default();
            for _ in 0..count {
                // Multiply and shift: the bias is below count / 2^64.
                sum += rows[((u128::from(random.next_u64()) * count) >> 64) as usize];
            }
            sum
        };
        Resamples((0..resamples).map(|_| draw(&mut random)).collect())
    }
}

/// The block of a document that shares one.
fn block(id: &str) -> String {
    format!("{:05}", fnv(id) % MAX_BLOCKS as u64)
}

/// The sums of every resample.
pub struct Resamples(Vec<Tallies>);

impl Resamples {
    /// The percentile interval of a figure. Resamples in which the figure does not exist are left out; `None` where none is left.
    pub fn interval(&self, figure: impl Fn(&Tallies) -> Option<f64>) -> Option<(f64, f64)> {
        percentiles(self.0.iter().filter_map(figure).collect())
    }

    /// The percentile interval of how much more a figure is in `self` than in `other`, which was drawn from the same documents with
    /// the same seed.
    pub fn difference(&self, other: &Resamples, figure: impl Fn(&Tallies) -> Option<f64>) -> Option<(f64, f64)> {
        let pairs = self.0.iter().zip(&other.0);
        percentiles(pairs.filter_map(|(own, other)| Some(figure(own)? - figure(other)?)).collect())
    }
}

fn percentiles(mut values: Vec<f64>) -> Option<(f64, f64)> {
    values.sort_by(f64::total_cmp);
    let at = |share: f64| values.get(((values.len() as f64 * share) as usize).min(values.len().saturating_sub(1))).copied();
    at((1.0 - LEVEL) / 2.0).zip(at((1.0 + LEVEL) / 2.0))
}

/// The exact (Clopper–Pearson) one-sided upper bound of a rate of which `errors` of `trials` were seen, at [`LEVEL`]. With no
/// error it is about 3 / `trials`. `None` without trials.
pub fn upper_bound(errors: u64, trials: u64) -> Option<f64> {
    if trials == 0 {
        return None;
    }
    if errors >= trials {
        return Some(1.0);
    }
    if errors == 0 {
        return Some(1.0 - (1.0 - LEVEL).powf(1.0 / trials as f64));
    }
    Beta::new(errors as f64 + 1.0, (trials - errors) as f64).ok().map(|beta| beta.inverse_cdf(LEVEL))
}

/// The exact (Clopper–Pearson) two-sided interval, at [`LEVEL`], of a rate of which `count` of `trials` were seen. `None` without
/// trials.
pub fn exact_interval(count: u64, trials: u64) -> Option<(f64, f64)> {
    if trials == 0 || count > trials {
        return None;
    }
    let tail = (1.0 - LEVEL) / 2.0;
    let beta = |a: u64, b: u64, at: f64| Beta::new(a as f64, b as f64).ok().map(|beta| beta.inverse_cdf(at));
    // At the ends the distribution has a closed form: nothing in n trials has an upper end of 1 - tail^(1/n).
    let edge = tail.powf(1.0 / trials as f64);
    let low = match count {
        0 => 0.0,
        all if all == trials => edge,
        _ => beta(count, trials - count + 1, tail)?,
    };
    let high = match count {
        0 => 1.0 - edge,
        all if all == trials => 1.0,
        _ => beta(count + 1, trials - count, 1.0 - tail)?,
    };
    Some((low, high))
}

/// The interval of a rate of errors: that of the bootstrap, unless there was no error or nothing else. Then every resample says the
/// same, which would claim certainty from three documents as from three thousand, and the exact interval says how much is known.
pub(crate) fn of_rate(tally: Tally, bootstrap: Option<(f64, f64)>) -> Option<(f64, f64)> {
    if tally.correct == 0 || tally.correct == tally.gold { exact_interval(tally.correct, tally.gold) } else { bootstrap }
}

/// FNV-1a: stable for good, unlike the standard library's hasher.
fn fnv(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::{Measure, Question};

    const MEASURE: Measure = Measure::Question(Question::Genre);

    fn example(right: bool) -> Tallies {
        let mut tallies = Tallies::default();
        *tallies.of_mut(MEASURE) = Tally::answer(right);
        tallies
    }

    fn blocks(right: usize, all: usize) -> Blocks {
        let mut blocks = Blocks::default();
        for index in 0..all {
            blocks.push(&index.to_string(), &example(index < right));
        }
        blocks
    }

    /// 80 of 100: the normal approximation gives 0.8 ± 1.96 · sqrt(0.8 · 0.2 / 100) = 0.722 to 0.878.
    #[test]
    fn the_interval_has_the_known_width() {
        let (low, high) = blocks(80, 100).resample(1000, 1).interval(|sum| sum.of(MEASURE).recall()).unwrap();
        assert!((low - 0.722).abs() < 0.02 && (high - 0.878).abs() < 0.02, "{low} {high}");
        let again = blocks(80, 100).resample(1000, 1).interval(|sum| sum.of(MEASURE).recall());
        assert_eq!(again, Some((low, high)));
    }

    #[test]
    fn what_never_varies_has_no_width() {
        let all = blocks(50, 50).resample(200, 1);
        assert_eq!(all.interval(|sum| sum.of(MEASURE).recall()), Some((1.0, 1.0)));
        assert_eq!(all.interval(|sum| sum.of(Measure::Category).recall()), None);
    }

    #[test]
    fn blocks_lose_no_document() {
        for count in [MAX_BLOCKS, MAX_BLOCKS + 500] {
            let blocks = blocks(count, count);
            assert_eq!(blocks.hashed(), count > MAX_BLOCKS);
            let sum = blocks.rows().values().fold(Tallies::default(), |mut sum, part| {
                sum += part;
                sum
            });
            let all = count as u64;
            assert_eq!(sum.of(MEASURE), Tally { correct: all, predicted: all, gold: all });
        }
    }

    #[test]
    fn the_order_of_documents_changes_no_block() {
        for count in [300, MAX_BLOCKS + 300] {
            let backwards = (0..count).rev().fold(Blocks::default(), |mut blocks, index| {
                blocks.push(&index.to_string(), &example(index < 200));
                blocks
            });
            assert!(backwards == blocks(200, count));
        }
    }

    /// The exact binomial intervals of tables: 1 of 10, 5 of 100; and the closed forms at the ends.
    #[test]
    fn the_exact_interval_is_the_tables() {
        let near = |found: Option<(f64, f64)>, low: f64, high: f64| {
            let found = found.unwrap();
            assert!((found.0 - low).abs() < 1e-4 && (found.1 - high).abs() < 1e-4, "{found:?}");
        };
        near(exact_interval(1, 10), 0.0025, 0.4450);
        near(exact_interval(5, 100), 0.0164, 0.1128);
        near(exact_interval(0, 10), 0.0, 0.3085);
        near(exact_interval(10, 10), 0.6915, 1.0);
        assert_eq!(exact_interval(0, 0), None);
    }

    /// No error in 2 occasions leaves room for 1 - .025^(1/2) = .842, in 2,000 for .0018.
    #[test]
    fn a_rate_without_errors_is_not_certain() {
        let none = |gold| of_rate(Tally { correct: 0, predicted: gold, gold }, Some((0.0, 0.0))).unwrap().1;
        assert!((none(2) - 0.84189).abs() < 1e-4 && (none(2000) - 0.00184).abs() < 1e-4);
        assert_eq!(of_rate(Tally { correct: 1, predicted: 9, gold: 9 }, Some((0.1, 0.2))), Some((0.1, 0.2)));
        assert_eq!(of_rate(Tally::default(), None), None);
    }

    /// Values from the closed form (no error) and from tables of the exact binomial interval.
    #[test]
    fn the_upper_bound_is_exact() {
        assert!((upper_bound(0, 1000).unwrap() - 0.002_991).abs() < 1e-6);
        assert!((upper_bound(1, 10).unwrap() - 0.394_16).abs() < 1e-4);
        assert!((upper_bound(5, 100).unwrap() - 0.102_25).abs() < 1e-4);
        assert_eq!((upper_bound(3, 3), upper_bound(0, 0)), (Some(1.0), None));
    }
}
