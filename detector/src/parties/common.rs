//! Runs of characters that are no names: put together of words that many texts of the genre have.

use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Words of kanji, katakana and Latin letters, and single characters that only end such words.
static WORDS: LazyLock<BTreeSet<&str>> = LazyLock::new(|| include_str!("../../data/common_runs.txt").split_whitespace().collect());

/// Whether it is nothing but common words: 「顧客対応窓口」, but not 「東海テクノ」.
pub(super) fn is_common(run: &str) -> bool {
    let ends: Vec<usize> = run.char_indices().map(|(at, _)| at).chain([run.len()]).collect();
    let mut reached = vec![false; ends.len()];
    reached[0] = true;
    for from in 0..ends.len() - 1 {
        if !reached[from] {
            continue;
        }
        for to in (from + 1..ends.len()).take_while(|to| to - from <= LONGEST) {
            // What only ends words does not begin a run.
            reached[to] |= (from > 0 || to > 1) && WORDS.contains(&run[ends[from]..ends[to]]);
        }
    }
    reached[ends.len() - 1]
}

/// A word has so many characters at most.
const LONGEST: usize = 16;
