//! What a run of timing found out, as results hold it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{GENERATOR_BOUND, Growth, Latency, OpenLoop, Paired, Verdict};

/// One run. Sizes are bytes of UTF-8, a KB being 1,000 of them; times are milliseconds, rounded to four digits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Throughput {
    /// The version of this shape.
    pub schema: u32,
    /// How the texts were made.
    pub corpus: BTreeMap<String, String>,
    /// What the clock says depends on it: cores that the system offers.
    pub cores: u64,
    /// How many documents are asked for at the same time.
    pub jobs: u64,
    /// The time that was asked for, in seconds.
    pub seconds: f64,
    /// The notices as they are on which detectors are compared, and their mean size.
    pub notices: Asked,
    /// The detector, and the one it is compared with.
    pub detectors: Vec<Speed>,
    /// The detector against itself.
    pub noise_floor: NoiseFloor,
    /// Against the other one.
    pub comparison: Option<Comparison>,
    /// The share of the whole time that went into making texts. It is in no other figure.
    pub making_texts: f64,
}

/// Documents that were asked about.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Asked {
    /// How many there are.
    pub documents: u64,
    /// Their mean size.
    pub mean_bytes: u64,
}

/// How fast one detector is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Speed {
    /// Its name, without paths.
    pub detector: String,
    /// Facts that it found in the notices: a fast run that finds nothing is no fast run.
    pub facts: u64,
    /// Documents that it did not answer while it was timed; they are in no other figure.
    pub lost: u64,
    /// By size of the document, one document after the other.
    pub sizes: Vec<SizeResult>,
    /// How time grows with size.
    pub growth: Option<Growth>,
    /// Documents by the clock, where a rate was asked for.
    pub open_loop: Option<OpenLoop>,
    /// A detector that answers nothing, asked in the same way by the same clock.
    pub overhead: Overhead,
    /// Why there is no figure of memory.
    pub memory_unknown: Option<String>,
}

/// Documents of one size.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SizeResult {
    /// The size that was asked for.
    pub bytes: u64,
    /// Why it was not measured; then there is nothing else.
    pub skipped: Option<String>,
    /// Documents a second, over all jobs.
    pub documents_per_second: Option<f64>,
    /// Megabytes of text a second, over all jobs.
    pub megabytes_per_second: Option<f64>,
    /// Of single documents, with what owabi itself takes.
    pub latency: Option<Latency>,
    /// The median of a detector that answers nothing: what owabi itself takes. It is not subtracted from any figure but the next.
    pub overhead_p50: Option<f64>,
    /// The median without the overhead's; `None` where the difference is below what the clock tells.
    pub net_p50: Option<f64>,
    /// Peak memory so far, in megabytes.
    pub memory_megabytes: Option<f64>,
}

/// A detector that answers nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Overhead {
    /// Who stood for it.
    pub who: String,
    /// By the clock, at the same rate.
    pub open_loop: Option<OpenLoop>,
}

/// A detector measured twice, as if it were two.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NoiseFloor {
    /// The second time against the first; `None` where there was no time for ten rounds.
    pub ratio: Option<Paired>,
    /// The smallest difference, as a share of the time, that four of five such runs tell.
    pub smallest_difference: Option<f64>,
    /// How many documents a round holds.
    pub documents_per_round: u64,
    /// Whether every round had detectors that were started for it. Where not, two starts of one program may differ by more.
    pub restarted: bool,
    /// Why there are no rounds.
    pub skipped: Option<String>,
}

/// The second detector against the first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// Of the second.
    pub verdict: Verdict,
    /// The second's time by the first's.
    pub ratio: Option<Paired>,
    /// The same without owabi's own time.
    pub net: Option<Net>,
    /// Documents that both answered.
    pub answered: u64,
    /// Documents in which they found different facts.
    pub differ: u64,
}

/// The medians of the rounds without those of a detector that answers nothing.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Net {
    /// The second's time by the first's; `None` where a detector that answers nothing took no less.
    pub ratio: Option<f64>,
    /// The share of owabi itself in the time of the first and of the second.
    pub own: [f64; 2],
}

impl Throughput {
    /// Whether too much of the time went into making texts.
    pub fn generator_bound(&self) -> bool {
        self.making_texts > GENERATOR_BOUND
    }
}
