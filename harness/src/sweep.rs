//! What a threshold on the detector's own scores would do: precision and recall of what it is at least so sure of.
//!
//! Every prediction is judged once, as it stands among all others; a threshold then only leaves out those below it. Predictions
//! without a score stay at every threshold.

use std::collections::{BTreeMap, BTreeSet};

use owabi_corpora::Labels;
use strum::{Display, IntoStaticStr};

use crate::alignment::pairs;
use crate::matching::Fact;
use crate::measure::Tally;
use crate::results::{SweepPoint, round};
use crate::told::Told;

/// Scores are told apart in hundredths.
const STEPS: usize = 100;

/// What a scored prediction says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Display, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum SweepField {
    /// A category with its status.
    Data,
    /// A cause.
    Causes,
    /// A value in its place.
    Values,
    /// That a document contains a category.
    Contents,
}

/// One prediction, or the gold of a field (where `predicted` is none).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scored {
    /// What it says.
    pub field: SweepField,
    /// How sure the detector is; `None` where it does not say.
    pub score: Option<f64>,
    /// Whether it is right.
    pub right: bool,
}

impl Scored {
    /// The predictions of a document, if any of them has a score; the gold's number of facts is added by [`Sweep::push`].
    pub(crate) fn of(gold: &Labels, told: &Told<'_>) -> Vec<Scored> {
        let mut found = Vec::new();
        if let Some(wanted) = &gold.data {
            let wanted: BTreeSet<Fact> = wanted.iter().map(|item| Fact::Data(item.category, item.status)).collect();
            for item in told.labels.data.iter().flatten().filter(|item| item.category.is_scored()) {
                let right = wanted.contains(&Fact::Data(item.category, item.status));
                found.push(Scored { field: SweepField::Data, score: item.score, right });
            }
        }
        if let Some(wanted) = &gold.causes {
            for item in told.labels.causes.iter().flatten() {
                let right = wanted.iter().any(|other| other.cause == item.cause);
                found.push(Scored { field: SweepField::Causes, score: item.score, right });
            }
        }
        if let Some(wanted) = &gold.values {
            found.extend(values(wanted, told));
            let there: BTreeMap<_, bool> = wanted.iter().fold(BTreeMap::new(), |mut there, item| {
                *there.entry(item.kind).or_default() |= item.well_formed;
                there
            });
            for (category, given) in &told.classes {
                let well_formed = there.get(category);
                if well_formed != Some(&false) {
                    found.push(Scored { field: SweepField::Contents, score: given.score, right: well_formed.is_some() });
                }
            }
        }
        found
    }
}

/// A value of its kind that overlaps is right, one that overlaps a malformed one is left out, as in [`crate::values`].
fn values<'a>(wanted: &'a [owabi_corpora::record::ValueLabel], told: &'a Told<'_>) -> Vec<Scored> {
    let given = told.labels.values.as_deref().unwrap_or_default();
    let kinds: BTreeSet<_> = given.iter().map(|item| item.kind).collect();
    let mut found = Vec::new();
    for kind in kinds {
        let (wanted, given) = (crate::values::places(wanted, kind), crate::values::places(given, kind));
        let partner: BTreeMap<usize, usize> =
            pairs(&wanted.iter().map(|place| place.0).collect::<Vec<_>>(), &given.iter().map(|place| place.0).collect::<Vec<_>>())
                .into_iter()
                .map(|(gold, predicted)| (predicted, gold))
                .collect();
        for (index, (_, item)) in given.iter().enumerate() {
            let gold = partner.get(&index).map(|gold| wanted[*gold].1);
            if gold.is_none_or(|gold| gold.well_formed) {
                found.push(Scored { field: SweepField::Values, score: item.score, right: gold.is_some() });
            }
        }
    }
    found
}

/// Predictions of a run, by their scores.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sweep {
    bins: BTreeMap<SweepField, Bins>,
}

#[derive(Debug, Clone)]
struct Bins {
    /// By hundredths; the last are those without a score.
    found: Vec<Tally>,
    scored: bool,
}

impl Sweep {
    pub(crate) fn push(&mut self, prediction: &Scored) {
        let bins = self.bins.entry(prediction.field).or_insert_with(|| Bins { found: vec![Tally::default(); STEPS + 2], scored: false });
        let place = prediction.score.map_or(STEPS + 1, |score| ((score.clamp(0.0, 1.0) * STEPS as f64) + 1e-9) as usize);
        bins.scored |= prediction.score.is_some();
        bins.found[place] += Tally { correct: prediction.right.into(), predicted: 1, gold: 0 };
    }

    /// The points of a field at which something changes, from the lowest threshold; empty where no prediction has a score. `gold` is
    /// how many facts the gold holds.
    pub(crate) fn points(&self, field: SweepField, gold: u64, beta: f64) -> Vec<SweepPoint> {
        let Some(bins) = self.bins.get(&field).filter(|bins| bins.scored) else { return Vec::new() };
        let mut sum = Tally { gold, ..bins.found[STEPS + 1] };
        let mut points = Vec::new();
        for step in (0..=STEPS).rev().filter(|step| bins.found[*step].predicted > 0) {
            sum += bins.found[step];
            points.push(SweepPoint {
                threshold: round(step as f64 / STEPS as f64),
                precision: sum.precision().map(round),
                recall: sum.recall().map(round),
                f1: sum.f1().map(round),
                f_beta: sum.f_beta(beta).map(round),
            });
        }
        points.reverse();
        points
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three right at .9, .5 and without a score, two wrong at .5 and .2; the gold holds four.
    #[test]
    fn a_threshold_leaves_out_what_is_below_it() {
        let mut sweep = Sweep::default();
        for (score, right) in [(Some(0.9), true), (Some(0.5), true), (None, true), (Some(0.5), false), (Some(0.2), false)] {
            sweep.push(&Scored { field: SweepField::Data, score, right });
        }
        let points = sweep.points(SweepField::Data, 4, 2.0);
        let told: Vec<_> = points.iter().map(|point| (point.threshold, point.precision.unwrap(), point.recall.unwrap())).collect();
        assert_eq!(told, [(0.2, 0.6, 0.75), (0.5, 0.75, 0.75), (0.9, 1.0, 0.5)]);
        // F2 at .9: 5 · 1 · .5 / (4 · 1 + .5).
        assert_eq!(points[2].f_beta, Some(0.555556));
        assert!(sweep.points(SweepField::Values, 4, 2.0).is_empty());
        sweep.push(&Scored { field: SweepField::Causes, score: None, right: true });
        assert!(sweep.points(SweepField::Causes, 1, 2.0).is_empty(), "nothing to sweep without a score");
    }
}
