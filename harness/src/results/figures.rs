//! What a single figure is: a share or a mean, with what it was computed from, and its interval where it has one.

use serde::{Deserialize, Serialize};

use crate::alignment::Kinds;
use crate::measure::Tally;

/// A figure with its interval.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Estimate {
    /// The figure.
    pub value: Option<f64>,
    /// The interval's lower end.
    pub low: Option<f64>,
    /// The interval's upper end.
    pub high: Option<f64>,
}

impl Estimate {
    /// Rounded, as results hold it.
    pub fn new(value: Option<f64>, interval: Option<(f64, f64)>) -> Estimate {
        // An interval around nothing would suggest a figure.
        let interval = value.and(interval);
        Estimate { value: value.map(round), low: interval.map(|i| round(i.0)), high: interval.map(|i| round(i.1)) }
    }
}

/// Precision, recall and F1 with intervals.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scores {
    /// Facts in both.
    pub correct: u64,
    /// Facts predicted.
    pub predicted: u64,
    /// Facts in the gold.
    pub gold: u64,
    /// Of what was predicted, the share that is right.
    pub precision: Estimate,
    /// Of the gold, the share that was found.
    pub recall: Estimate,
    /// The harmonic mean.
    pub f1: Estimate,
    /// The mean that weighs recall more, by [`super::Results::beta`].
    pub f_beta: Estimate,
}

/// The unweighted mean over the labels that gold or prediction hold. A precision without predictions counts 0, as in
/// scikit-learn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MacroAverage {
    /// What one label is, such as `category and status`.
    pub over: String,
    /// How many labels were averaged.
    pub labels: usize,
    /// The mean precision.
    pub precision: Option<f64>,
    /// The mean recall.
    pub recall: Option<f64>,
    /// The mean F1.
    pub f1: Option<f64>,
}

/// Precision, recall and F1 without intervals.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// Facts in both.
    pub correct: u64,
    /// Facts predicted.
    pub predicted: u64,
    /// Facts in the gold.
    pub gold: u64,
    /// Of what was predicted, the share that is right.
    pub precision: Option<f64>,
    /// Of the gold, the share that was found.
    pub recall: Option<f64>,
    /// The harmonic mean.
    pub f1: Option<f64>,
}

impl From<Tally> for Score {
    fn from(tally: Tally) -> Score {
        Score {
            correct: tally.correct,
            predicted: tally.predicted,
            gold: tally.gold,
            precision: tally.precision().map(round),
            recall: tally.recall().map(round),
            f1: tally.f1().map(round),
        }
    }
}

/// How often a question was answered rightly.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Accuracy {
    /// Right answers.
    pub right: u64,
    /// Questions.
    pub asked: u64,
    /// The share.
    pub accuracy: Estimate,
}

/// How often something happened. Where it never or always did, the interval is the exact one (Clopper–Pearson).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Rate {
    /// How often.
    pub count: u64,
    /// Of how many.
    pub of: u64,
    /// The share.
    pub rate: Estimate,
}

/// One span scheme.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SpanScores {
    /// COR.
    pub correct: u64,
    /// INC.
    pub incorrect: u64,
    /// PAR.
    pub partial: u64,
    /// MIS.
    pub missed: u64,
    /// SPU.
    pub spurious: u64,
    /// (COR + PAR/2) / ACTUAL.
    pub precision: Option<f64>,
    /// (COR + PAR/2) / POSSIBLE.
    pub recall: Option<f64>,
    /// The harmonic mean.
    pub f1: Option<f64>,
}

impl From<Kinds> for SpanScores {
    fn from(kinds: Kinds) -> SpanScores {
        SpanScores {
            correct: kinds.correct,
            incorrect: kinds.incorrect,
            partial: kinds.partial,
            missed: kinds.missed,
            spurious: kinds.spurious,
            precision: kinds.precision().map(round),
            recall: kinds.recall().map(round),
            f1: kinds.f1().map(round),
        }
    }
}

/// Six digits are far below any interval's width, and hide the last bits in which machines may differ.
pub(crate) fn round(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}
