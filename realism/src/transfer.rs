//! Does a model that learnt from one corpus read another? Train on synthetic, test on real (Esteban et al., arXiv 1706.02633).
//!
//! One linear model a label ("one against the rest") reads whole documents and says which categories were exposed (confirmed or possible)
//! and which causes there were. The baseline learns from one half of the real documents and reads the other.

use std::collections::{BTreeMap, BTreeSet};

use owabi_corpora::Record;
use owabi_corpora::vocabulary::Status;
use rayon::prelude::*;
use serde::Serialize;

use crate::Estimate;
use crate::features::{Hashing, Row, matrix};
use crate::folds::by_document;
use crate::linear::Linear;
use crate::mask::masked;
use crate::random::Random;

/// How documents become vectors.
pub const HASHING: Hashing = Hashing { longest: 4, features: 1 << 13 };
/// How often documents are drawn anew for the interval.
const RESAMPLES: usize = 1000;
/// How often the baseline halves the real documents.
pub const HALVINGS: usize = 10;

/// Which labels are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// Categories that are confirmed or possible.
    ExposedCategories,
    /// Causes.
    Causes,
}

impl Target {
    /// The ids of a document's labels. `other` says nothing that could be learnt.
    pub fn of(self, record: &Record) -> BTreeSet<&'static str> {
        let labels = &record.labels;
        let found: BTreeSet<&'static str> = match self {
            Target::ExposedCategories => {
                labels.data.iter().flatten().filter(|label| label.status != Status::Denied).map(|label| label.category.id()).collect()
            }
            Target::Causes => labels.causes.iter().flatten().map(|label| label.cause.id()).collect(),
        };
        found.into_iter().filter(|&id| id != "other").collect()
    }
}

/// How well one corpus teaches to read another.
#[derive(Debug, Clone, Serialize)]
pub struct Transfer {
    /// Learnt from the synthetic corpus, tested on the real one: micro F1. Higher is better.
    pub f1: Option<Estimate>,
    /// Learnt from one half of the real corpus, tested on the other: micro F1.
    pub baseline: Option<Estimate>,
    /// Precision of the first.
    pub precision: Option<f64>,
    /// Recall of the first.
    pub recall: Option<f64>,
    /// The labels with their counts; those rarer in the real corpus are skipped.
    pub labels: BTreeMap<&'static str, Label>,
}

/// One label.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Label {
    /// Real documents that have it.
    pub real: usize,
    /// Synthetic documents that have it.
    pub synthetic: usize,
    /// Real documents that the model says have it.
    pub predicted: usize,
    /// Those of them that have it.
    pub correct: usize,
}

/// Documents as vectors with their labels.
pub struct Documents<'a> {
    rows: &'a [Row],
    labels: Vec<BTreeSet<&'static str>>,
}

impl<'a> Documents<'a> {
    /// Of records and their [`rows`].
    pub fn new(records: &[Record], rows: &'a [Row], target: Target) -> Documents<'a> {
        Documents { rows, labels: records.iter().map(|record| target.of(record)).collect() }
    }
}

/// The vectors of whole documents.
pub fn rows(records: &[Record]) -> Vec<Row> {
    records.par_iter().map(|record| HASHING.row(&masked(&record.text))).collect()
}

/// Learns from one corpus, tests on the other. Labels that fewer than `rare` real documents have are skipped.
pub fn transfer(synthetic: &Documents, real: &Documents, rare: usize, seed: u64) -> Transfer {
    let count = |documents: &Documents, id: &str| documents.labels.iter().filter(|labels| labels.contains(id)).count();
    let ids: BTreeSet<&'static str> = real.labels.iter().flatten().copied().collect();
    let ids: Vec<&'static str> = ids.into_iter().filter(|id| count(real, id) >= rare).collect();
    let everything = |documents: &Documents| (0..documents.rows.len()).collect::<Vec<_>>();
    let answers = read(synthetic, &everything(synthetic), real, &everything(real), &ids);
    let mut labels = BTreeMap::new();
    for (at, &id) in ids.iter().enumerate() {
        let mut label = Label { real: count(real, id), synthetic: count(synthetic, id), ..Label::default() };
        for (answers, gold) in answers.iter().zip(&real.labels) {
            label.predicted += usize::from(answers[at]);
            label.correct += usize::from(answers[at] && gold.contains(id));
        }
        labels.insert(id, label);
    }
    let tallies = tallies(&answers, real, &everything(real), &ids);
    let total = tallies.iter().copied().fold(Tally::default(), Tally::plus);
    let mut random = Random::new(seed, 2000);
    let resamples = (0..RESAMPLES)
        .filter_map(|_| (0..tallies.len()).map(|_| tallies[random.below(tallies.len())]).fold(Tally::default(), Tally::plus).f1());
    let f1 = total.f1().map(|f1| Estimate::new(f1, resamples.collect()));
    let share = |of: usize| (of > 0).then(|| total.correct as f64 / of as f64);
    Transfer { f1, baseline: baseline(real, &ids, seed), precision: share(total.predicted), recall: share(total.gold), labels }
}

/// Halves the real documents at random, learns from each half and tests on the other.
fn baseline(real: &Documents, ids: &[&'static str], seed: u64) -> Option<Estimate> {
    let found: Vec<f64> = (0..HALVINGS as u64)
        .filter_map(|halving| {
            let half = by_document(&vec![1; real.rows.len()], 2, &mut Random::new(seed, 3000 + halving));
            let of = |wanted| (0..half.len()).filter(|&at| half[at] == wanted).collect::<Vec<_>>();
            let total = [(of(0), of(1)), (of(1), of(0))]
                .iter()
                .flat_map(|(learnt, tested)| tallies(&read(real, learnt, real, tested, ids), real, tested, ids))
                .fold(Tally::default(), Tally::plus);
            total.f1()
        })
        .collect();
    let mean = found.iter().sum::<f64>() / found.len() as f64;
    (!found.is_empty()).then(|| Estimate::new(mean, found))
}

/// For each tested document whether it has each label, according to models that learnt from the others.
fn read(from: &Documents, learnt: &[usize], on: &Documents, tested: &[usize], ids: &[&'static str]) -> Vec<Vec<bool>> {
    let rows = matrix(HASHING.features, learnt.iter().map(|&at| &from.rows[at]));
    let by_label: Vec<Vec<bool>> = ids
        .par_iter()
        .map(|id| {
            let positive: Vec<bool> = learnt.iter().map(|&at| from.labels[at].contains(id)).collect();
            let model = Linear::fit(&rows, &positive);
            tested.iter().map(|&at| model.score(&on.rows[at]) > 0.0).collect()
        })
        .collect();
    (0..tested.len()).map(|at| by_label.iter().map(|answers| answers[at]).collect()).collect()
}

#[derive(Clone, Copy, Default)]
struct Tally {
    correct: usize,
    predicted: usize,
    gold: usize,
}

impl Tally {
    fn plus(self, other: Tally) -> Tally {
        Tally { correct: self.correct + other.correct, predicted: self.predicted + other.predicted, gold: self.gold + other.gold }
    }

    /// `None` where there was nothing to find and nothing was found.
    fn f1(self) -> Option<f64> {
        let all = self.predicted + self.gold;
        (all > 0).then(|| 2.0 * self.correct as f64 / all as f64)
    }
}

fn tallies(answers: &[Vec<bool>], documents: &Documents, tested: &[usize], ids: &[&'static str]) -> Vec<Tally> {
    let one = |(answers, &at): (&Vec<bool>, &usize)| {
        let gold = |id| documents.labels[at].contains(id);
        let found = answers.iter().zip(ids).filter(|(answer, _)| **answer);
        Tally {
            correct: found.clone().filter(|(_, id)| gold(**id)).count(),
            predicted: found.count(),
            gold: ids.iter().filter(|id| gold(**id)).count(),
        }
    };
    answers.iter().zip(tested).map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use owabi_corpora::record::CauseLabel;
    use owabi_corpora::{Cause, Labels};

    /// Documents that say how it happened in a word of their cause.
    fn corpus(words: &[(&str, &str)], documents: usize) -> Vec<Record> {
        let one = |at: usize| {
            let (cause, word) = words[at % words.len()];
            let cause = cause.parse::<Cause>().unwrap();
            let labels = Labels { causes: Some(vec![CauseLabel::new(cause, true, vec![])]), ..Labels::default() };
            Record::new(at.to_string(), format!("第{at}号 {word}がありました。{word}について調べました。"), labels)
        };
        (0..documents).map(one).collect()
    }

    fn causes(synthetic: &[Record], real: &[Record], rare: usize) -> Transfer {
        let rows = [rows(synthetic), rows(real)];
        let documents = |records, rows| Documents::new(records, rows, Target::Causes);
        transfer(&documents(synthetic, &rows[0]), &documents(real, &rows[1]), rare, 1)
    }

    #[test]
    fn the_same_words_teach_and_others_do_not() {
        let real = corpus(&[("loss", "紛失"), ("theft", "盗難")], 12);
        let taught = causes(&corpus(&[("loss", "紛失"), ("theft", "盗難")], 20), &real, 2);
        assert_eq!((taught.f1.unwrap().value, taught.precision, taught.recall), (1.0, Some(1.0), Some(1.0)));
        assert_eq!(taught.baseline.unwrap().value, 1.0);
        let loss = taught.labels["loss"];
        assert_eq!((loss.real, loss.synthetic, loss.predicted, loss.correct), (6, 10, 6, 6));
        // Words the wrong way round are learnt the wrong way round.
        assert_eq!(causes(&corpus(&[("theft", "紛失"), ("loss", "盗難")], 20), &real, 2).f1.unwrap().value, 0.0);
    }

    #[test]
    fn rare_labels_and_unlabelled_documents_are_skipped() {
        let real = corpus(&[("loss", "紛失"), ("loss", "紛失"), ("theft", "盗難")], 3);
        assert_eq!(causes(&real, &real, 2).labels.keys().collect::<Vec<_>>(), [&"loss"]);
        let unlabelled = [Record::new("a", "紛失", Labels::default())];
        let none = causes(&real, &unlabelled, 1);
        assert!(none.f1.is_none() && none.baseline.is_none() && none.labels.is_empty());
    }
}
