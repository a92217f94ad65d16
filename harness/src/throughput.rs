//! How fast a detector answers: statistics of times that somebody else measured.
//!
//! Nothing here reads a clock. [`Latency`] sums up documents, [`Growth`] tells how time grows with size, [`OpenLoop`] counts
//! latency from the time when a document was due, and [`Paired`] compares two detectors that were measured side by side.
//!
//! The comparison is Wilcoxon's signed-rank test with its exact distribution and the interval of Hodges and Lehmann that belongs
//! to it. One value a round, so that a machine that is slow for a while is slow for both; an order drawn anew for each round
//! ([`order`]), so that the difference of two equal detectors is as often above zero as below; ranks, so that a stall in one
//! round, however long, counts as one round. Two equal detectors are told apart in 5 % of the runs at most.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use serde::{Deserialize, Serialize};
use statrs::distribution::{ContinuousCDF, StudentsT};

use crate::interval::LEVEL;

pub mod report;
mod results;

pub use results::{Asked, Comparison, Net, NoiseFloor, Overhead, SizeResult, Speed, Throughput};

/// The fewest rounds in which detectors are compared.
pub const FEWEST_ROUNDS: usize = 10;
/// An exponent above this is called superlinear.
pub const SUPERLINEAR: f64 = 1.2;
/// The share of runs in which a difference as large as the noise floor is told.
pub const POWER: f64 = 0.8;
/// Above this share of the time spent on making texts, the run is bound by the generator.
pub const GENERATOR_BOUND: f64 = 0.2;

/// Latencies of single documents, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Latency {
    /// How many documents were measured.
    pub documents: u64,
    /// The median.
    pub p50: f64,
    /// 95 of 100 were as fast; `None` below 20 documents.
    pub p95: Option<f64>,
    /// 99 of 100 were as fast; `None` below 100 documents.
    pub p99: Option<f64>,
    /// The slowest.
    pub max: f64,
}

impl Latency {
    /// Of times in seconds; `None` without any. A percentile is a time that was measured (nearest rank).
    pub fn of(seconds: &[f64]) -> Option<Latency> {
        let mut sorted = seconds.to_vec();
        sorted.sort_by(f64::total_cmp);
        let max = *sorted.last()?;
        let rank = |percent: usize| millis(sorted[(sorted.len() * percent).div_ceil(100).max(1) - 1]);
        let enough = |documents: usize, percent| (sorted.len() >= documents).then(|| rank(percent));
        Some(Latency { documents: sorted.len() as u64, p50: rank(50), p95: enough(20, 95), p99: enough(100, 99), max: millis(max) })
    }
}

/// How time grows with size: time ~ size^exponent, by least squares of log time on log size.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Growth {
    /// 1: twice the text takes twice the time.
    pub exponent: f64,
    /// The 95 % interval by Student's t; `None` with two sizes.
    pub interval: Option<(f64, f64)>,
    /// Whether the exponent is above [`SUPERLINEAR`].
    pub superlinear: bool,
    /// The exponent between the two largest sizes alone. What every document costs, however small, flattens the rest.
    pub last_step: f64,
}

impl Growth {
    /// Of (size, time) by size, in any units, all above zero; `None` with fewer than two sizes.
    pub fn of(points: &[(f64, f64)]) -> Option<Growth> {
        let logs: Vec<(f64, f64)> = points.iter().map(|(size, time)| (size.ln(), time.ln())).collect();
        if logs.len() < 2 || logs.iter().any(|(x, y)| !x.is_finite() || !y.is_finite()) {
            return None;
        }
        let count = logs.len() as f64;
        let (mean_x, mean_y) = (logs.iter().map(|log| log.0).sum::<f64>() / count, logs.iter().map(|log| log.1).sum::<f64>() / count);
        let spread: f64 = logs.iter().map(|(x, _)| (x - mean_x).powi(2)).sum();
        if spread == 0.0 {
            return None;
        }
        let exponent = logs.iter().map(|(x, y)| (x - mean_x) * (y - mean_y)).sum::<f64>() / spread;
        let rest: f64 = logs.iter().map(|(x, y)| (y - mean_y - exponent * (x - mean_x)).powi(2)).sum();
        let freedom = count - 2.0;
        let interval = StudentsT::new(0.0, 1.0, freedom).ok().filter(|_| freedom >= 1.0).map(|student| {
            let reach = student.inverse_cdf((1.0 + LEVEL) / 2.0) * (rest / freedom / spread).sqrt();
            (significant(exponent - reach), significant(exponent + reach))
        });
        let [.., (x0, y0), (x1, y1)] = logs[..] else { return None };
        let superlinear = exponent > SUPERLINEAR;
        Some(Growth { exponent: significant(exponent), interval, superlinear, last_step: significant((y1 - y0) / (x1 - x0)) })
    }
}

/// Documents that came by the clock, whether or not the one before was answered.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct OpenLoop {
    /// Documents a second that were due.
    pub rate: f64,
    /// Documents a second that were answered.
    pub answered_per_second: f64,
    /// From when a document was due until it was answered. From when it was *sent*, a detector that stands still for a second
    /// would be slow for one document; here it is for all that came meanwhile (coordinated omission).
    pub latency: Latency,
    /// Whether some of the last tenth were about as early as any: a detector that falls behind is later and later.
    pub kept_up: bool,
}

impl OpenLoop {
    /// Of (due, answered) of each document, in the order in which they were due, in seconds since the first was; `None` without any.
    pub fn of(rate: f64, documents: &[(f64, f64)]) -> Option<OpenLoop> {
        let late: Vec<f64> = documents.iter().map(|(due, answered)| (answered - due).max(0.0)).collect();
        let latency = Latency::of(&late)?;
        let end = documents.iter().map(|document| document.1).fold(0.0, f64::max);
        // What was due in the last gap has until its end.
        let time = end.max(documents.len() as f64 / rate);
        let tenth = late.len().div_ceil(10);
        let best = |late: &[f64]| late.iter().copied().fold(f64::INFINITY, f64::min);
        // A stall near the end makes some documents late, one that cannot keep up all of them.
        let kept_up = best(&late[late.len() - tenth..]) - best(&late) <= time / 20.0;
        Some(OpenLoop { rate: significant(rate), answered_per_second: significant(documents.len() as f64 / time), latency, kept_up })
    }
}

/// Two who were measured side by side: how many times as long the second takes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Paired {
    /// The median of the means of all two rounds' ratios (Hodges and Lehmann), on the log scale: 2 is twice the time.
    pub ratio: f64,
    /// Its 95 % interval, from the exact distribution of signed ranks.
    pub low: f64,
    /// See `low`.
    pub high: f64,
    /// How many rounds were compared.
    pub rounds: u64,
}

impl Paired {
    /// Of (first, second) of each round; times in any unit, above zero. `None` below [`FEWEST_ROUNDS`].
    pub fn of(rounds: &[(f64, f64)]) -> Option<Paired> {
        let logs: Vec<f64> = rounds.iter().map(|(first, second)| (second / first).ln()).filter(|log| log.is_finite()).collect();
        if logs.len() < FEWEST_ROUNDS {
            return None;
        }
        let mut means: Vec<f64> =
            (0..logs.len()).flat_map(|i| logs[i..].iter().map(move |log| (i, *log))).map(|(i, log)| (logs[i] + log) / 2.0).collect();
        means.sort_by(f64::total_cmp);
        let middle = (means[(means.len() - 1) / 2] + means[means.len() / 2]) / 2.0;
        let cut = critical(logs.len());
        let (low, high) = (means[cut], means[means.len() - 1 - cut]);
        Some(Paired { ratio: middle.exp(), low: low.exp(), high: high.exp(), rounds: logs.len() as u64 })
    }

    /// Whether the interval leaves out 1.
    pub fn differs(&self) -> bool {
        self.low > 1.0 || self.high < 1.0
    }

    /// Between one detector and itself: the smallest difference, as a share of the time, that is told in [`POWER`] of such runs.
    pub fn floor(&self) -> f64 {
        // The interval reaches 1.96 standard errors; one that leaves out 1 in 80 of 100 runs is 0.84 further away.
        let reach = (self.high.ln() - self.low.ln()) / 2.0;
        (reach * (1.96 + 0.84) / 1.96).exp() - 1.0
    }

    /// With figures as reports hold them.
    pub fn rounded(self) -> Paired {
        Paired { ratio: significant(self.ratio), low: significant(self.low), high: significant(self.high), ..self }
    }
}

/// Whether the second detector is faster than the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The second takes less time.
    Faster,
    /// The second takes more time.
    Slower,
    /// The run does not tell.
    CannotTell,
}

impl Verdict {
    /// From the second against the first, and the first against itself in the same rounds: a machine on which a detector differs from itself
    /// tells nothing.
    pub fn of(pair: Option<Paired>, noise: Option<Paired>) -> Verdict {
        match (pair, noise) {
            (Some(pair), Some(noise)) if pair.differs() && !noise.differs() => match pair.high < 1.0 {
                true => Verdict::Faster,
                false => Verdict::Slower,
            },
            _ => Verdict::CannotTell,
        }
    }
}

/// In which order `who` are measured in a round. The same seed draws the same.
pub fn order(who: usize, round: usize, seed: u64) -> Vec<usize> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    random.set_stream(round as u64);
    let mut order: Vec<usize> = (0..who).collect();
    for last in (1..who).rev() {
        let chosen = ((u128::from(random.next_u64()) * (last as u128 + 1)) >> 64) as usize;
        order.swap(last, chosen);
    }
    order
}

/// How many of the sorted means lie outside of the interval at each end: the largest k for which a sum of signed ranks of at
/// most k is no likelier than half of what [`LEVEL`] leaves.
fn critical(rounds: usize) -> usize {
    let most = rounds * (rounds + 1) / 2;
    // The probability of each sum, rank by rank.
    let mut sums = vec![0.0; most + 1];
    sums[0] = 1.0;
    for rank in 1..=rounds {
        for sum in (0..=most).rev() {
            sums[sum] = (sums[sum] + if sum >= rank { sums[sum - rank] } else { 0.0 }) / 2.0;
        }
    }
    let mut below = 0.0;
    let unlikely = |sum: &&f64| {
        below += **sum;
        below <= (1.0 - LEVEL) / 2.0
    };
    sums.iter().take_while(unlikely).count().saturating_sub(1)
}

fn millis(seconds: f64) -> f64 {
    significant(seconds * 1e3)
}

/// To four significant digits: no clock is better than that.
pub fn significant(value: f64) -> f64 {
    format!("{value:.3e}").parse().unwrap_or(value)
}
