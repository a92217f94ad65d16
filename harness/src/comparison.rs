//! Two runs on the same documents: what is better, what is worse, and what could as well be chance.
//!
//! * The **interval** of a difference resamples documents and works both runs out on the same resample (Bestgen, arXiv 2205.11134),
//!   which is far narrower than what the two runs' own intervals allow: most documents are hard, or easy, for both.
//! * The **p-value** is that of an approximate randomisation test (Noreen 1989; Yeh, COLING 2000): were the two runs equals, it
//!   would be chance which of a document's two results is whose, so they are swapped at random, document by document. It is exact
//!   however few documents changed, where a bootstrap interval is too narrow: four documents that all got worse leave 0 out, but
//!   happen to equals one time in eight.
//! * A difference is told when the interval leaves 0 out **and** p ≤ 0.05 after **Holm**'s correction over all figures in which the runs
//!   differ: of comparisons between equals, at most one in twenty tells any difference at all. What would be told only if it were
//!   the only figure is `maybe`.
//!
//! In simulated runs (`tests/comparing.rs`) of detectors that agree on 17 facts in 20 and are otherwise independent, a single figure
//! of equals is told in 2.3 % of the comparisons on 120 documents and in 4.0 % on 500; any figure after Holm's correction in 1.2 % and 2.3 %. An
//! F1 that is two points lower is told on 100, 250 and 500 documents in 72, 98 and 100 % of the comparisons alone, and in 36, 89 and
//! 100 % among all figures. Where the detector changed in nothing else, far fewer documents do.

use std::fmt;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use serde::{Deserialize, Serialize};
use strum::{Display, IntoStaticStr};

use crate::counts::Counts;
use crate::figure::Figure;
use crate::interval::{Blocks, LEVEL};
use crate::lookup;
use crate::measure::{Field, Measure, Tallies};
use crate::report::number;
use crate::results::{Estimate, Results, Run, round};

/// The version of [`Comparison`]'s shape.
pub const SCHEMA: u32 = 1;

/// How many documents are named on either side.
const NAMED: usize = 5;

/// How much is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Draws {
    /// Resamples for intervals.
    pub resamples: usize,
    /// Random swaps for p-values; the smallest p is 1 / (swaps + 1).
    pub swaps: usize,
    /// The seed of both.
    pub seed: u64,
}

impl Default for Draws {
    fn default() -> Draws {
        Draws { resamples: 1000, swaps: 9999, seed: 1 }
    }
}

/// Everything that a comparison found out; `a` is the run before, `b` the run after.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// The version of this shape, [`SCHEMA`].
    pub schema: u32,
    /// What was tested on what.
    pub a: Run,
    /// … in the second run.
    pub b: Run,
    /// How many documents there are.
    pub documents: u64,
    /// How many rows of counts differ: documents, or groups of documents above 20,000.
    pub changed: u64,
    /// Of how many.
    pub rows: u64,
    /// How it was compared.
    pub method: Method,
    /// The figures, in the order of the reports.
    pub figures: Vec<Compared>,
    /// The documents in which `b` has most errors more than `a`; empty where documents share rows.
    pub worse: Vec<Changed>,
    /// … most errors less.
    pub better: Vec<Changed>,
}

/// How runs were compared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Method {
    /// In words.
    pub intervals: String,
    /// In words.
    pub tests: String,
    /// In words.
    pub correction: String,
    /// Such as 0.95.
    pub level: f64,
    /// For intervals.
    pub resamples: usize,
    /// For p-values.
    pub swaps: usize,
    /// Of both.
    pub seed: u64,
    /// In how many of the figures the runs differ: over so many p-values are corrected.
    pub differing: usize,
}

/// One figure of both runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Compared {
    /// Its path in the results.
    pub figure: String,
    /// Its name for people.
    pub name: String,
    /// Before.
    pub a: Option<f64>,
    /// After.
    pub b: Option<f64>,
    /// After less before.
    pub difference: Estimate,
    /// How many rows changed in what the figure counts.
    pub changed: u64,
    /// How often equals would lie at least so far apart. Absent, as the next, where nothing changed or a run has no figure.
    pub p: Option<f64>,
    /// The same after Holm's correction; that of [`Pair::compare`] alone is uncorrected.
    pub p_holm: Option<f64>,
    /// In one word.
    pub verdict: Verdict,
}

/// What a difference says of the second run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Display, IntoStaticStr, Serialize, Deserialize)]
#[strum(serialize_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Better, whichever other figures were compared.
    Better,
    /// Worse, whichever other figures were compared.
    Worse,
    /// Better, were it the only figure.
    MaybeBetter,
    /// Worse, were it the only figure.
    MaybeWorse,
    /// The difference may be chance.
    CannotTell,
    /// Every document has the same counts.
    Same,
}

/// A document whose errors changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// The document.
    pub id: String,
    /// Facts missed or wrongly told in all fields, before.
    pub errors_a: u64,
    /// … and after.
    pub errors_b: u64,
}

/// Two runs that may be compared document by document.
#[derive(Debug, Clone)]
pub struct Pair {
    a: Blocks,
    b: Blocks,
}

/// Why two runs cannot be compared, in one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotComparable(String);

impl fmt::Display for NotComparable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Comparison {
    /// Compares two runs; the names are for errors.
    pub fn new(a: (&str, &Results), b: (&str, &Results), draws: Draws) -> Result<Comparison, NotComparable> {
        let pair = Pair::new(a, b)?;
        let mut figures = pair.compare(&Figure::compared(), draws);
        // What neither report tells, such as a task that neither detector has, is not compared.
        let told = [a.1, b.1].map(lookup::figures);
        figures.retain(|figure| {
            let told = told.iter().any(|results| lookup::find(results, &figure.figure).is_ok());
            told && (figure.a.is_some() || figure.b.is_some())
        });
        let differing = holm(&mut figures);
        let named = !pair.a.hashed();
        let mut changed = pair.changed();
        changed.sort_by_key(|document| std::cmp::Reverse(document.errors_b as i64 - document.errors_a as i64));
        let worse = changed.iter().filter(|document| named && document.errors_b > document.errors_a).take(NAMED).cloned().collect();
        changed.reverse();
        let better = changed.iter().filter(|document| named && document.errors_b < document.errors_a).take(NAMED).cloned().collect();
        Ok(Comparison {
            schema: SCHEMA,
            a: a.1.run.clone(),
            b: b.1.run.clone(),
            documents: b.1.documents.gold,
            changed: changed.len() as u64,
            rows: pair.a.len() as u64,
            method: Method {
                intervals: "percentile bootstrap by document, the same resamples for both".to_owned(),
                tests: "approximate randomisation by document, two-sided".to_owned(),
                correction: "Holm over the figures that differ".to_owned(),
                level: LEVEL,
                resamples: draws.resamples,
                swaps: draws.swaps,
                seed: draws.seed,
                differing,
            },
            figures,
            worse,
            better,
        })
    }
}

impl Pair {
    /// The counts of two runs, if they are of the same documents.
    pub fn new(a: (&str, &Results), b: (&str, &Results)) -> Result<Pair, NotComparable> {
        let counts = |(name, results): (&str, &Results)| {
            let missing = || NotComparable(format!("{name}: holds no counts by document; write it anew with this version and --json"));
            results.counts.clone().ok_or_else(missing)
        };
        let (one, other) = (counts(a)?, counts(b)?);
        let both = format!("{} and {} cannot be compared", a.0, b.0);
        if one.corpus.ids != other.corpus.ids {
            let [first, second] = [a.1, b.1].map(|results| number(results.documents.gold));
            let only = |own: &Counts, other: &Counts, side: &str| {
                let named = !own.shared && !other.shared;
                let id = own.rows.keys().find(|id| named && !other.rows.contains_key(*id));
                id.map_or(String::new(), |id| format!("; only the {side} has `{id}`"))
            };
            let (in_first, in_second) = (only(&one, &other, "first"), only(&other, &one, "second"));
            let mend = "run both on the same corpus, or with the same seed, count and options";
            return Err(NotComparable(format!("{both}: other documents ({first} and {second}{in_first}{in_second}); {mend}")));
        }
        if one.corpus.texts != other.corpus.texts {
            return Err(NotComparable(format!("{both}: the ids agree but the texts differ; run both on the same texts")));
        }
        if one.corpus.labels != other.corpus.labels {
            let why = "corrected since, or read through another label map";
            return Err(NotComparable(format!("{both}: the gold labels differ ({why}); run both against the same labels")));
        }
        let blocks = |(name, _): (&str, _), counts: &Counts| {
            counts.blocks().map_err(|error| NotComparable(format!("{name}: {error}; write it anew with --json")))
        };
        Pair::of(blocks(a, &one)?, blocks(b, &other)?).ok_or_else(|| NotComparable(format!("{both}: rows of counts are missing")))
    }

    /// Counts that have the same rows; `None` if they have not.
    pub fn of(a: Blocks, b: Blocks) -> Option<Pair> {
        let same = a.hashed() == b.hashed() && a.rows().keys().eq(b.rows().keys());
        same.then_some(Pair { a, b })
    }

    /// Compares figures, each as if it were the only one.
    pub fn compare(&self, figures: &[Figure], draws: Draws) -> Vec<Compared> {
        let (sum_a, sum_b) = (total(&self.a), total(&self.b));
        let before = self.a.resample(draws.resamples, draws.seed);
        let after = self.b.resample(draws.resamples, draws.seed);
        let p_values = self.p_values(figures, draws);
        let compared = figures.iter().zip(p_values).map(|(figure, p)| {
            let (a, b) = (figure.of(&sum_a), figure.of(&sum_b));
            let value = b.zip(a).map(|(b, a)| b - a);
            let interval = after.difference(&before, |sum| figure.of(sum));
            let rows = self.a.rows().values().zip(self.b.rows().values());
            let changed = rows.filter(|(a, b)| figure.tally(a) != figure.tally(b)).count() as u64;
            let p = p.filter(|_| changed > 0);
            let difference = Estimate::new(value, interval);
            let mut compared = Compared {
                figure: figure.path(),
                name: figure.name(),
                a: a.map(round),
                b: b.map(round),
                difference,
                changed,
                p,
                p_holm: p,
                verdict: Verdict::Same,
            };
            compared.conclude();
            compared
        });
        compared.collect()
    }

    /// How often swapping the runs' results at random, document by document, sets a figure at least so far apart as it is. `None`
    /// where the figure is not there.
    fn p_values(&self, figures: &[Figure], draws: Draws) -> Vec<Option<f64>> {
        let (mut a, mut b) = (total(&self.a), total(&self.b));
        let distance = |a: &Tallies, b: &Tallies, figure: &Figure| Some((figure.of(b)? - figure.of(a)?).abs());
        let seen: Vec<Option<f64>> = figures.iter().map(|figure| distance(&a, &b, figure)).collect();
        let rows = self.a.rows().values().zip(self.b.rows().values());
        let changes: Vec<Vec<Change>> = rows.filter(|(a, b)| a != b).map(|(a, b)| changes(a, b)).collect();
        let mut swapped = vec![false; changes.len()];
        let mut as_far = vec![0usize; figures.len()];
        let mut random = ChaCha8Rng::seed_from_u64(draws.seed);
        for _ in 0..draws.swaps {
            for (rows, states) in changes.chunks(64).zip(swapped.chunks_mut(64)) {
                let mut bits = random.next_u64();
                for (row, state) in rows.iter().zip(states) {
                    // Both sums stay as they are where the row stands as it was drawn before.
                    if (bits & 1 == 1) != *state {
                        row.iter().for_each(|change| change.swap(&mut a, &mut b, *state));
                        *state = !*state;
                    }
                    bits >>= 1;
                }
            }
            for ((figure, seen), as_far) in figures.iter().zip(&seen).zip(&mut as_far) {
                // What rounding sets apart is as far.
                *as_far += usize::from(distance(&a, &b, figure).is_none_or(|found| seen.is_none_or(|seen| found >= seen - 1e-12)));
            }
        }
        let p = |as_far: usize| (1 + as_far) as f64 / (1 + draws.swaps) as f64;
        seen.iter().zip(as_far).map(|(seen, as_far)| seen.map(|_| round(p(as_far)))).collect()
    }

    fn changed(&self) -> Vec<Changed> {
        let errors = |row: &Tallies| {
            let tallies = Field::ALL.into_iter().map(|field| row.of(Measure::Field(field)));
            tallies.map(|tally| (tally.gold + tally.predicted).saturating_sub(2 * tally.correct)).sum()
        };
        let rows = self.a.rows().iter().zip(self.b.rows().values()).filter(|((_, a), b)| a != b);
        rows.map(|((id, a), b)| Changed { id: id.clone(), errors_a: errors(a), errors_b: errors(b) }).collect()
    }
}

impl Compared {
    /// Whether the figure, alone, is surely different: the interval leaves 0 out, and equals would rarely lie so far apart.
    pub fn is_sure(&self) -> bool {
        let excluded = self.difference.low.zip(self.difference.high).is_some_and(|(low, high)| low > 0.0 || high < 0.0);
        excluded && self.p.is_some_and(|p| p <= 1.0 - LEVEL)
    }

    /// The verdict that goes with the p-values.
    fn conclude(&mut self) {
        let figure = Figure::at(&self.figure);
        let rises = self.difference.value.is_some_and(|value| value > 0.0);
        let better = rises != figure.is_some_and(Figure::lower_is_better);
        self.verdict = match (self.changed, self.is_sure(), self.p_holm.is_some_and(|p| p <= 1.0 - LEVEL)) {
            (0, ..) => Verdict::Same,
            (_, false, _) => Verdict::CannotTell,
            (_, true, true) if better => Verdict::Better,
            (_, true, true) => Verdict::Worse,
            (_, true, false) if better => Verdict::MaybeBetter,
            (_, true, false) => Verdict::MaybeWorse,
        };
    }
}

/// Holm's step-down correction over the figures that differ. Figures in which no document differs could never be told apart, so
/// that they cost nothing. Returns how many differ.
pub fn holm(figures: &mut [Compared]) -> usize {
    let mut differing: Vec<&mut Compared> = figures.iter_mut().filter(|figure| figure.p.is_some()).collect();
    differing.sort_by(|a, b| a.p.partial_cmp(&b.p).unwrap_or(std::cmp::Ordering::Equal));
    let count = differing.len();
    let mut highest = 0.0f64;
    for (place, figure) in differing.iter_mut().enumerate() {
        highest = highest.max(figure.p.unwrap_or(1.0) * (count - place) as f64).min(1.0);
        figure.p_holm = Some(round(highest));
        figure.conclude();
    }
    count
}

fn total(blocks: &Blocks) -> Tallies {
    blocks.rows().values().fold(Tallies::default(), |mut sum, row| {
        sum += row;
        sum
    })
}

/// How a count of one document differs between the runs.
struct Change {
    measure: usize,
    correct: i64,
    predicted: i64,
    gold: i64,
}

impl Change {
    /// Gives each run the other's count, or its own `back`.
    fn swap(&self, a: &mut Tallies, b: &mut Tallies, back: bool) {
        let sign = if back { -1 } else { 1 };
        let add = |count: &mut u64, more: i64| *count = count.wrapping_add_signed(more);
        let (own, other) = (&mut a.0[self.measure], &mut b.0[self.measure]);
        add(&mut own.correct, sign * self.correct);
        add(&mut own.predicted, sign * self.predicted);
        add(&mut own.gold, sign * self.gold);
        add(&mut other.correct, -sign * self.correct);
        add(&mut other.predicted, -sign * self.predicted);
        add(&mut other.gold, -sign * self.gold);
    }
}

fn changes(a: &Tallies, b: &Tallies) -> Vec<Change> {
    let less = |b: u64, a: u64| b as i64 - a as i64;
    let all = a.0.iter().zip(&b.0).enumerate().filter(|(_, (a, b))| a != b);
    all.map(|(measure, (a, b))| Change {
        measure,
        correct: less(b.correct, a.correct),
        predicted: less(b.predicted, a.predicted),
        gold: less(b.gold, a.gold),
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::Tally;

    /// Documents with ten facts of which a run finds so many.
    fn blocks(found: &[u64]) -> Blocks {
        found.iter().enumerate().fold(Blocks::default(), |mut blocks, (index, correct)| {
            let mut row = Tallies::default();
            *row.of_mut(Measure::Field(Field::Data)) = Tally { correct: *correct, predicted: 10, gold: 10 };
            blocks.push(&format!("{index:04}"), &row);
            blocks
        })
    }

    fn compare(a: &[u64], b: &[u64]) -> Compared {
        let pair = Pair::of(blocks(a), blocks(b)).unwrap();
        let draws = Draws { resamples: 400, swaps: 9999, seed: 1 };
        pair.compare(&[Figure::at("fields.data.micro.f1").unwrap()], draws).remove(0)
    }

    /// Of 100 documents `lost` lose a fact. By chance all of them go one way in 2 of 2^lost swaps.
    #[test]
    fn p_values_are_those_of_the_sign_test() {
        for (lost, p, verdict) in [(4, 0.125, Verdict::CannotTell), (6, 0.03125, Verdict::Worse), (8, 0.0078125, Verdict::Worse)] {
            let (mut a, b) = ([9; 100], [9; 100]);
            a[..lost].fill(10);
            let found = compare(&a, &b);
            assert_eq!(found.changed, lost as u64);
            assert!((found.p.unwrap() - p).abs() < 0.25 * p, "{lost}: {:?}", found.p);
            assert_eq!(found.verdict, verdict, "{lost}");
            assert_eq!(found.difference.value, Some(-(lost as f64) / 1000.0));
        }
    }

    /// Ten facts less on a hundred documents with ten facts each: ten of them lose one. The difference of each is 0 or −0.1, so the
    /// standard error is sqrt(0.1 · 0.9 / 100) / 10 = 0.003, and the interval about −0.01 ± 0.0059.
    #[test]
    fn the_interval_is_that_of_the_differences() {
        let (a, mut b) = ([8; 100], [8; 100]);
        b[20..30].fill(7);
        let found = compare(&a, &b);
        let (low, high) = found.difference.low.zip(found.difference.high).unwrap();
        assert!((low + 0.016).abs() < 0.0021 && (high + 0.004).abs() < 0.0021, "{low} {high}");
        assert_eq!((found.a, found.b, found.verdict), (Some(0.8), Some(0.79), Verdict::Worse));
        let back = compare(&b, &a);
        assert_eq!((back.difference.value, back.verdict), (Some(0.01), Verdict::Better));
    }

    #[test]
    fn a_run_is_the_same_as_itself() {
        let found = compare(&[7; 50], &[7; 50]);
        assert_eq!((found.changed, found.p, found.verdict), (0, None, Verdict::Same));
        assert_eq!(found.difference, Estimate { value: Some(0.0), low: Some(0.0), high: Some(0.0) });
    }

    /// Worked by hand: 4 · 0.01, then 3 · 0.02, then 2 · 0.03 which is no more than 0.06, then 0.9.
    #[test]
    fn holm_is_worked_out_step_by_step() {
        let base = compare(&[7; 50], &[6; 50]);
        let of = |p: Option<f64>| Compared { p, p_holm: p, ..base.clone() };
        let mut figures = [0.03, 0.01, 0.9, 0.02].map(|p| of(Some(p))).to_vec();
        figures.push(of(None));
        assert_eq!(holm(&mut figures), 4);
        assert_eq!(figures.iter().map(|figure| figure.p_holm).collect::<Vec<_>>(), [Some(0.06), Some(0.04), Some(0.9), Some(0.06), None]);
        let verdicts: Vec<Verdict> = figures.iter().take(4).map(|figure| figure.verdict).collect();
        assert_eq!(verdicts, [Verdict::MaybeWorse, Verdict::Worse, Verdict::CannotTell, Verdict::MaybeWorse]);
    }

    #[test]
    fn other_rows_are_no_pair() {
        assert!(Pair::of(blocks(&[1, 2]), blocks(&[1, 2, 3])).is_none());
    }
}
