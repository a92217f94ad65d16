//! Does a corpus repeat itself?

use std::collections::BTreeSet;

use rayon::prelude::*;
use serde::Serialize;

use crate::cut::sentences;
use crate::features::{Hashing, Row};
use crate::random::Random;

/// How often documents are drawn anew where as many sentences or documents as another corpus has are looked at.
const DRAWS: u64 = 10;
/// Self-similarity looks at this many documents at most: its work grows with their square.
pub const MOST_DOCUMENTS: usize = 1000;
/// How documents become vectors for self-similarity.
pub const HASHING: Hashing = Hashing { longest: 4, features: 1 << 15 };

/// The share of distinct sentences among `count`, from whole documents in random order, the mean of several orders; `None` where there
/// are fewer. 1: no sentence comes twice. Documents are masked texts. The more sentences, the lower the share: compare equal counts.
pub fn distinct_at(documents: &[String], count: usize, seed: u64) -> Option<f64> {
    let shares: Option<Vec<f64>> = (0..DRAWS)
        .map(|draw| {
            let order = Random::new(seed, 4000 + draw).order(documents.len());
            let drawn: Vec<&str> = order.iter().flat_map(|&at| sentences(&documents[at])).take(count).collect();
            (drawn.len() == count && count > 0).then(|| distinct(drawn.into_iter()).share())
        })
        .collect();
    shares.map(|shares| shares.iter().sum::<f64>() / shares.len() as f64)
}

/// How many sentences, and how many that differ.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Distinct {
    /// All.
    pub sentences: usize,
    /// Those that differ.
    pub distinct: usize,
}

impl Distinct {
    /// Of a corpus of masked texts.
    pub fn of(documents: &[String]) -> Distinct {
        distinct(documents.iter().flat_map(|document| sentences(document)))
    }

    /// The share of those that differ; 0 without sentences.
    pub fn share(self) -> f64 {
        self.distinct as f64 / self.sentences.max(1) as f64
    }
}

fn distinct<'a>(sentences: impl Iterator<Item = &'a str>) -> Distinct {
    let (mut all, mut seen) = (0, BTreeSet::new());
    for sentence in sentences {
        all += 1;
        seen.insert(sentence);
    }
    Distinct { sentences: all, distinct: seen.len() }
}

/// Self-similarity: for each of `count` documents drawn at random the cosine to its nearest neighbour among them, averaged, as the
/// mean of several draws. 1: every document has a double. Lower is better, but not lower than in real documents. The more documents,
/// the nearer the nearest: compare equal counts. `None` with fewer documents, or fewer than two.
pub fn self_similarity(rows: &[Row], count: usize, seed: u64) -> Option<f64> {
    if count < 2 || rows.len() < count {
        return None;
    }
    let draws = if rows.len() == count { 1 } else { DRAWS };
    let means = (0..draws).map(|draw| {
        let mut drawn = Random::new(seed, 5000 + draw).order(rows.len());
        drawn.truncate(count);
        // A row of zeros and ones at hand costs memory, and spares walking two sparse rows side by side.
        let nearest = |&at: &usize| {
            let mut dense = vec![0.0; HASHING.features as usize];
            rows[at].iter().for_each(|(feature, &value)| dense[feature] = value);
            let others = drawn.iter().filter(|&&other| other != at);
            others.map(|&other| rows[other].dot_dense(&dense[..])).fold(0.0, f64::max)
        };
        drawn.par_iter().map(nearest).collect::<Vec<f64>>().iter().sum::<f64>() / count as f64
    });
    Some(means.sum::<f64>() / draws as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(of: &[&str]) -> Vec<String> {
        of.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn repeated_sentences_are_counted_once() {
        let documents = texts(&["調べました。ありました。", "調べました。\n調べました。"]);
        let whole = Distinct::of(&documents);
        assert_eq!(whole, Distinct { sentences: 4, distinct: 2 });
        assert_eq!(distinct_at(&documents, 4, 1), Some(0.5));
        assert_eq!((distinct_at(&documents, 1, 1), distinct_at(&documents, 5, 1), distinct_at(&documents, 0, 1)), (Some(1.0), None, None));
    }

    #[test]
    fn doubles_are_the_most_similar() {
        let rows: Vec<Row> = ["調べました", "調べました", "あいうえお"].iter().map(|text| HASHING.row(text)).collect();
        // Two doubles with 1 each, and one with nothing in common.
        assert!((self_similarity(&rows, 3, 1).unwrap() - 2.0 / 3.0).abs() < 1e-9);
        assert_eq!((self_similarity(&rows, 4, 1), self_similarity(&rows[..1], 1, 1)), (None, None));
    }
}
