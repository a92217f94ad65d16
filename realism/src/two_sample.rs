//! Can a classifier tell two corpora apart? The two-sample test by classifier (Lopez-Paz and Oquab, arXiv 1610.06545).
//!
//! Texts are masked ([`crate::mask`]) and cut into windows; a linear model learns from the windows of some documents which corpus they
//! come from, and judges those of the others. The area under the ROC curve (AUC) says how often it ranks a window of the first corpus
//! above one of the second: 0.5 is guessing, 1 is always right. Both corpora give the same number of windows, and everything is
//! repeated with other windows and folds.

use rayon::prelude::*;
use serde::Serialize;
use statrs::stats_tests::Alternative;
use statrs::stats_tests::mannwhitneyu::{MannWhitneyUMethod, mannwhitneyu};

use crate::Estimate;
use crate::cut::windows;
use crate::features::{Hashing, Row, matrix};
use crate::folds::by_document;
use crate::linear::Linear;
use crate::mask::masked;
use crate::random::Random;

/// Characters in a window.
pub const WINDOW: usize = 400;
/// How windows become vectors.
pub const HASHING: Hashing = Hashing { longest: 4, features: 1 << 15 };
/// Each fold is judged by a model that learnt from the others.
pub const FOLDS: usize = 5;
/// How often windows and folds are drawn anew where the corpora give as many.
pub const REPEATS: usize = 10;
/// How often folds are drawn anew where all windows are read: the draw matters less and costs more.
pub const REPEATS_WITH_ALL: usize = 2;
/// How often the control halves a corpus.
pub const HALVINGS: usize = 20;
/// How often documents are drawn anew for the interval, over all repetitions.
const RESAMPLES: usize = 1000;

/// How well two corpora can be told apart.
#[derive(Debug, Clone, Serialize)]
pub struct Separation {
    /// The area under the ROC curve over all windows; 0.5: cannot be told apart. Lower is better.
    pub auc: Estimate,
    /// The mean of the areas of the single folds: the other custom of adding folds up.
    pub auc_mean_of_folds: f64,
    /// Windows of each corpus in one repetition.
    pub windows: [usize; 2],
    /// Documents of each corpus that have a window.
    pub documents: [usize; 2],
}

/// A document's windows as vectors.
pub type Document = Vec<Row>;

/// The windows of a text.
pub fn document(text: &str) -> Document {
    windows(&masked(text), WINDOW).into_iter().map(|window| HASHING.row(window)).collect()
}

/// Tells the windows of `first` from those of `second`, `repeats` times. With `even`, the longer corpus gives as many as the shorter,
/// drawn at random. `None` where a corpus has fewer than two documents with a window.
pub fn separate(first: &[Document], second: &[Document], even: bool, repeats: usize, seed: u64) -> Option<Separation> {
    let full = |documents: &[Document]| documents.iter().filter(|document| !document.is_empty()).count();
    let documents = [full(first), full(second)];
    let folds = FOLDS.min(documents[0]).min(documents[1]);
    if folds < 2 {
        return None;
    }
    let all = |documents: &[Document]| documents.iter().map(Vec::len).sum::<usize>();
    let wanted = if even { all(first).min(all(second)) } else { usize::MAX };
    let rounds: Vec<Round> = (0..repeats as u64)
        .into_par_iter()
        .map(|repeat| {
            let random = &mut Random::new(seed, repeat);
            Round::new([Sample::draw(first, wanted, folds, random), Sample::draw(second, wanted, folds, random)], folds)
        })
        .collect();
    let mean = |figure: &dyn Fn(&Round) -> f64| rounds.iter().map(figure).sum::<f64>() / rounds.len() as f64;
    let resampled: Vec<f64> = rounds
        .par_iter()
        .enumerate()
        .flat_map_iter(|(repeat, round)| {
            let mut random = Random::new(seed, (repeats + repeat) as u64);
            (0..RESAMPLES.div_ceil(repeats)).filter_map(move |_| round.resampled(&mut random)).collect::<Vec<_>>()
        })
        .collect();
    Some(Separation {
        auc: Estimate::new(mean(&|round| round.pooled), resampled),
        auc_mean_of_folds: mean(&|round| round.mean_of_folds),
        windows: rounds[0].scores.each_ref().map(|side| side.iter().map(Vec::len).sum()),
        documents,
    })
}

/// The control: one random half of a corpus' documents against the other, [`HALVINGS`] times. About 0.5, for there is nothing to tell
/// apart; a little less is usual, since a model that learnt from some documents leans to the other half for the rest. The interval
/// is the range of the middle 95 % of the halvings. `None` with fewer than four documents.
pub fn control(documents: &[Document], seed: u64) -> Option<Estimate> {
    let lengths: Vec<usize> = documents.iter().map(Vec::len).collect();
    let halvings: Vec<f64> = (0..HALVINGS as u64)
        .into_par_iter()
        .filter_map(|halving| {
            let half = by_document(&lengths, 2, &mut Random::new(seed, 1000 + halving));
            let of =
                |wanted| documents.iter().zip(&half).filter(|&(_, &half)| half == wanted).map(|(document, _)| document.clone()).collect();
            let (first, second): (Vec<Document>, Vec<Document>) = (of(0), of(1));
            Some(separate(&first, &second, true, 1, seed ^ (halving + 1))?.auc.value)
        })
        .collect();
    let mean = halvings.iter().sum::<f64>() / halvings.len() as f64;
    (!halvings.is_empty()).then(|| Estimate::new(mean, halvings))
}

/// The area under the ROC curve: the share of pairs in which the first class has the higher score, ties half. `None` for a class without
/// scores.
pub fn auc(first: &[f64], second: &[f64]) -> Option<f64> {
    let (pairs_won, _) = mannwhitneyu(first, second, MannWhitneyUMethod::AsymptoticInclContinuityCorrection, Alternative::TwoSided).ok()?;
    Some(pairs_won / (first.len() * second.len()) as f64)
}

/// Some windows of a corpus, by document, with each document's fold.
struct Sample<'a> {
    documents: Vec<Vec<&'a Row>>,
    folds: Vec<usize>,
}

impl<'a> Sample<'a> {
    fn draw(documents: &'a [Document], wanted: usize, folds: usize, random: &mut Random) -> Sample<'a> {
        let places: Vec<(usize, usize)> =
            documents.iter().enumerate().flat_map(|(document, windows)| (0..windows.len()).map(move |window| (document, window))).collect();
        let mut chosen = random.order(places.len());
        chosen.truncate(wanted);
        let mut drawn: Vec<Vec<&Row>> = documents.iter().map(|_| Vec::new()).collect();
        for (document, window) in chosen.into_iter().map(|place| places[place]) {
            drawn[document].push(&documents[document][window]);
        }
        drawn.retain(|windows| !windows.is_empty());
        let lengths: Vec<usize> = drawn.iter().map(Vec::len).collect();
        Sample { folds: by_document(&lengths, folds, random), documents: drawn }
    }

    fn windows(&self, fold: usize, inside: bool) -> impl Iterator<Item = &'a Row> {
        let chosen = self.documents.iter().zip(&self.folds).filter(move |&(_, &of)| (of == fold) == inside);
        chosen.flat_map(|(windows, _)| windows.iter().copied())
    }
}

/// One repetition: the scores of every window, by document and corpus, from a model that did not learn from the document.
struct Round {
    scores: [Vec<Vec<f64>>; 2],
    pooled: f64,
    mean_of_folds: f64,
}

impl Round {
    fn new(samples: [Sample; 2], folds: usize) -> Round {
        let mut scores = samples.each_ref().map(|sample| vec![Vec::new(); sample.documents.len()]);
        let mut areas = Vec::new();
        for fold in 0..folds {
            let [first, second] = samples.each_ref().map(|sample| sample.windows(fold, false));
            let mut positive = Vec::new();
            let first = first.inspect(|_| positive.push(true));
            let rows: Vec<&Row> = first.collect();
            let learnt: Vec<&Row> = rows.into_iter().chain(second).collect();
            positive.resize(learnt.len(), false);
            let model = Linear::fit(&matrix(HASHING.features, learnt.into_iter()), &positive);
            for (sample, scores) in samples.iter().zip(&mut scores) {
                for (document, windows) in sample.documents.iter().enumerate().filter(|(document, _)| sample.folds[*document] == fold) {
                    scores[document] = windows.iter().map(|window| model.score(window)).collect();
                }
            }
            let [first, second] =
                samples.each_ref().map(|sample| sample.windows(fold, true).map(|row| model.score(row)).collect::<Vec<_>>());
            areas.extend(auc(&first, &second));
        }
        let pooled = auc(&scores[0].concat(), &scores[1].concat()).unwrap_or(0.5);
        Round { scores, pooled, mean_of_folds: areas.iter().sum::<f64>() / areas.len().max(1) as f64 }
    }

    /// The area with as many documents of each corpus, drawn with replacement.
    fn resampled(&self, random: &mut Random) -> Option<f64> {
        let [first, second] = self.scores.each_ref().map(|documents| {
            (0..documents.len()).flat_map(|_| documents[random.below(documents.len())].iter().copied()).collect::<Vec<_>>()
        });
        auc(&first, &second)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_area_is_the_share_of_pairs() {
        // Of the pairs (3,2) (3,0) (1,2) (1,0) three are won.
        assert_eq!(auc(&[3.0, 1.0], &[2.0, 0.0]), Some(0.75));
        assert_eq!(auc(&[1.0], &[1.0]), Some(0.5));
        assert_eq!(auc(&[], &[1.0]), None);
    }

    /// Texts of hashed syllables; `accent` is said in every window of one corpus and in none of the other.
    fn corpus(from: u64, accent: &str) -> Vec<Document> {
        let syllables: Vec<char> = ('あ'..='ん').collect();
        (from..from + 12)
            .map(|id| {
                let mut random = Random::new(id, 0);
                let word = |random: &mut Random| (0..5).map(|_| syllables[random.below(syllables.len())]).collect::<String>();
                document(&(0..200).map(|_| format!("{}{accent}", word(&mut random))).collect::<String>())
            })
            .collect()
    }

    #[test]
    fn what_differs_is_told_apart_and_what_does_not_is_not() {
        let (first, second, accented) = (corpus(0, "。"), corpus(100, "。"), corpus(200, "、"));
        let same = separate(&first, &second, true, 5, 1).unwrap();
        assert!((same.auc.value - 0.5).abs() < 0.15, "{same:?}");
        let differs = separate(&first, &accented, true, 5, 1).unwrap();
        assert!(differs.auc.value > 0.99 && differs.auc.low > 0.95, "{differs:?}");
        assert_eq!(differs.windows, [36, 36]);
        assert_eq!(separate(&first, &accented, true, 5, 1).unwrap().auc, differs.auc);
        let control = control(&first, 1).unwrap();
        assert!((control.value - 0.5).abs() < 0.15, "{control:?}");
    }

    #[test]
    fn a_single_document_cannot_be_judged() {
        let corpus = corpus(0, "。");
        assert!(separate(&corpus[..1], &corpus, true, 1, 1).is_none());
        assert!(control(&corpus[..3], 1).is_none());
    }
}
