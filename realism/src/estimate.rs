//! A figure with its interval.

use serde::Serialize;

/// The level of every interval.
pub const LEVEL: f64 = 0.95;

/// A figure and the range that holds the middle 95 % of its resamples.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Estimate {
    /// The figure.
    pub value: f64,
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

impl Estimate {
    /// From the figure and its resamples, in any order. Without resamples the interval is the figure itself.
    pub fn new(value: f64, mut resamples: Vec<f64>) -> Estimate {
        resamples.sort_by(f64::total_cmp);
        let at = |share: f64| resamples.get(((resamples.len() as f64 * share) as usize).min(resamples.len().saturating_sub(1))).copied();
        let [low, high] = [(1.0 - LEVEL) / 2.0, (1.0 + LEVEL) / 2.0].map(|share| at(share).unwrap_or(value));
        Estimate { value, low, high }
    }
}
