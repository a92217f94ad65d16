//! Folds by document: what stands in one document is never both learnt from and judged.

use crate::random::Random;

/// Deals documents in random order, each into the fold that holds the fewest windows so far. Gives each document's fold.
pub(crate) fn by_document(windows: &[usize], folds: usize, random: &mut Random) -> Vec<usize> {
    let (mut found, mut filled) = (vec![0; windows.len()], vec![0; folds.max(1)]);
    for document in random.order(windows.len()) {
        let emptiest = (0..filled.len()).min_by_key(|&fold| filled[fold]).unwrap_or(0);
        found[document] = emptiest;
        filled[emptiest] += windows[document];
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_are_random_and_about_equally_long() {
        let windows = [9, 1, 1, 1, 5, 4, 3, 3, 3];
        let mut dealt = std::collections::BTreeSet::new();
        for stream in 0..20 {
            let folds = by_document(&windows, 3, &mut Random::new(1, stream));
            let mut filled = [0; 3];
            folds.iter().zip(windows).for_each(|(&fold, windows)| filled[fold] += windows);
            // A third of 30, and at most one document more than the emptiest fold.
            assert!(filled.iter().max().unwrap() - filled.iter().min().unwrap() <= 9, "{filled:?}");
            dealt.insert(folds);
        }
        assert!(dealt.len() > 10);
    }
}
