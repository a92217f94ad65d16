//! Hashed character n-grams: a text as a sparse vector that a linear model can read.
//!
//! Japanese has no spaces, so n-grams of characters stand in for words. Their number is unbounded, so they are hashed into a fixed
//! number of features ("hashing trick"); a count becomes 1 + ln(count), and a text's vector has the length 1. These are the settings of
//! scikit-learn's `HashingVectorizer(analyzer="char", ngram_range=(1, 4), alternate_sign=False)` with sublinear term frequencies.

use std::collections::BTreeMap;

use sprs::{CsMatI, CsVecI};

/// One text.
pub type Row = CsVecI<f64, u32>;
/// Texts, one a row.
pub type Matrix = CsMatI<f64, u32>;

/// How texts become vectors.
#[derive(Debug, Clone, Copy)]
pub struct Hashing {
    /// The longest n-gram, in characters.
    pub longest: usize,
    /// How many features; n-grams that share one are not told apart.
    pub features: u32,
}

impl Hashing {
    /// The vector of a text; empty for an empty text.
    pub fn row(self, text: &str) -> Row {
        let mut counts: BTreeMap<u32, u32> = BTreeMap::new();
        self.each(text, |feature, _| *counts.entry(feature).or_default() += 1);
        let (indices, mut values): (Vec<u32>, Vec<f64>) =
            counts.into_iter().map(|(feature, count)| (feature, 1.0 + f64::from(count).ln())).unzip();
        let norm = values.iter().map(|value| value * value).sum::<f64>().sqrt();
        values.iter_mut().for_each(|value| *value /= norm);
        Row::new(self.features as usize, indices, values)
    }

    /// Calls `take` with the feature and the text of every n-gram, in order of their place.
    pub fn each<'a>(self, text: &'a str, mut take: impl FnMut(u32, &'a str)) {
        for (start, _) in text.char_indices() {
            let rest = &text[start..];
            let mut hash = FNV_OFFSET;
            for (at, c) in rest.char_indices().take(self.longest) {
                let end = at + c.len_utf8();
                hash = rest.as_bytes()[at..end].iter().fold(hash, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(FNV_PRIME));
                // The low bits of this hash are its weak ones.
                take(((hash ^ (hash >> 32)) % u64::from(self.features)) as u32, &rest[..end]);
            }
        }
    }
}

/// FNV-1a: stable for good, unlike the standard library's hasher.
const FNV_OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const FNV_PRIME: u64 = 0x100_0000_01b3;

/// Rows below one another.
pub fn matrix<'a>(features: u32, rows: impl Iterator<Item = &'a Row>) -> Matrix {
    let (mut starts, mut indices, mut values) = (vec![0], Vec::new(), Vec::new());
    for row in rows {
        indices.extend_from_slice(row.indices());
        values.extend_from_slice(row.data());
        starts.push(indices.len() as u32);
    }
    Matrix::new((starts.len() - 1, features as usize), starts, indices, values)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HASHING: Hashing = Hashing { longest: 2, features: 1 << 20 };

    #[test]
    fn n_grams_are_counted_logarithmically_and_scaled_to_one() {
        let row = HASHING.row("ああい");
        // あ twice, い, ああ, あい.
        let twice = 1.0 + 2f64.ln();
        let norm = (twice * twice + 3.0).sqrt();
        let mut values: Vec<f64> = row.data().to_vec();
        values.sort_by(f64::total_cmp);
        let expected = [1.0 / norm, 1.0 / norm, 1.0 / norm, twice / norm];
        assert!(values.iter().zip(expected).all(|(value, expected)| (value - expected).abs() < 1e-12), "{values:?}");
        assert_eq!(values.len(), 4);
    }

    #[test]
    fn n_grams_are_told_in_their_order() {
        let mut found = Vec::new();
        HASHING.each("お詫び", |_, gram| found.push(gram));
        assert_eq!(found, ["お", "お詫", "詫", "詫び", "び"]);
        assert_eq!(HASHING.row("").nnz(), 0);
    }
}
