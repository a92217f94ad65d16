//! Spans against spans, as SemEval-2013 Task 9.1 counts them, with optimal one-to-one matching.
//!
//! | scheme | correct | incorrect | partial |
//! |---|---|---|---|
//! | strict | same bounds, same type | any other overlap | – |
//! | exact | same bounds, any type | any other overlap | – |
//! | partial | same bounds, any type | – | any other overlap, worth one half |
//! | type | any overlap, same type | any other overlap | – |
//!
//! For every scheme the matching is the one that scores best, and among these the one that pairs most spans. Those counts are
//! the same for every such matching, so the order in which a detector lists its findings changes nothing.

use std::collections::BTreeSet;
use std::ops::AddAssign;

use owabi_corpora::Span;
use pathfinding::kuhn_munkres::kuhn_munkres;
use pathfinding::matrix::Matrix;

/// The error kinds of one scheme. `correct + incorrect + partial + missed` is the number of gold spans,
/// `correct + incorrect + partial + spurious` the number of predicted ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Kinds {
    /// COR.
    pub correct: u64,
    /// INC: overlapping and wrong.
    pub incorrect: u64,
    /// PAR: overlapping, where that is worth one half.
    pub partial: u64,
    /// MIS: gold without partner.
    pub missed: u64,
    /// SPU: predicted without partner.
    pub spurious: u64,
}

impl Kinds {
    /// (COR + PAR/2) / ACTUAL; `None` where nothing was predicted.
    pub fn precision(self) -> Option<f64> {
        self.share(self.correct + self.incorrect + self.partial + self.spurious)
    }

    /// (COR + PAR/2) / POSSIBLE; `None` where the gold holds nothing.
    pub fn recall(self) -> Option<f64> {
        self.share(self.correct + self.incorrect + self.partial + self.missed)
    }

    /// The harmonic mean of both; `None` where neither side holds a span.
    pub fn f1(self) -> Option<f64> {
        let both = 2 * (self.correct + self.incorrect + self.partial) + self.missed + self.spurious;
        (both > 0).then(|| (2 * self.correct + self.partial) as f64 / both as f64)
    }

    fn share(self, whole: u64) -> Option<f64> {
        (whole > 0).then(|| (self.correct as f64 + self.partial as f64 / 2.0) / whole as f64)
    }
}

impl AddAssign for Kinds {
    fn add_assign(&mut self, other: Kinds) {
        self.correct += other.correct;
        self.incorrect += other.incorrect;
        self.partial += other.partial;
        self.missed += other.missed;
        self.spurious += other.spurious;
    }
}

/// All four schemes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Alignment {
    /// Same bounds, same type.
    pub strict: Kinds,
    /// Same bounds.
    pub exact: Kinds,
    /// Overlap, any type.
    pub partial: Kinds,
    /// Overlap, same type.
    pub by_type: Kinds,
}

impl AddAssign for Alignment {
    fn add_assign(&mut self, other: Alignment) {
        self.strict += other.strict;
        self.exact += other.exact;
        self.partial += other.partial;
        self.by_type += other.by_type;
    }
}

/// Aligns the spans of one field of one document. A span given twice with one type counts once.
pub fn align<T: Ord + Clone>(gold: &[(Span, T)], predicted: &[(Span, T)]) -> Alignment {
    let gold: Vec<(Span, T)> = gold.iter().cloned().collect::<BTreeSet<_>>().into_iter().collect();
    let predicted: Vec<(Span, T)> = predicted.iter().cloned().collect::<BTreeSet<_>>().into_iter().collect();
    let mut sum = Alignment::default();
    for (gold, predicted) in clusters(&gold, &predicted) {
        sum += align_cluster(&gold, &predicted);
    }
    sum
}

/// Pairs of gold and predicted spans (as places in their lists) that overlap, each span in one pair at most: as many pairs as
/// there can be, and of these as many with the same bounds as there can be.
pub fn pairs(gold: &[Span], predicted: &[Span]) -> Vec<(usize, usize)> {
    let numbered = |spans: &[Span]| spans.iter().copied().zip(0..).collect::<Vec<(Span, usize)>>();
    let (gold, predicted) = (numbered(gold), numbered(predicted));
    let mut found = Vec::new();
    for (gold, predicted) in clusters(&gold, &predicted) {
        let turned = gold.len() > predicted.len();
        let (rows, columns) = if turned { (&predicted, &gold) } else { (&gold, &predicted) };
        if rows.is_empty() {
            continue;
        }
        // Larger than any number of pairs, so that bounds never outweigh a pair.
        let pair = rows.len() as i64 + 1;
        let weights = Matrix::from_fn(rows.len(), columns.len(), |(row, column)| match (rows[row].0, columns[column].0) {
            (a, b) if a == b => pair + 1,
            (a, b) if a.overlap(b) > 0 => pair,
            _ => 0,
        });
        let (_, columns_of) = kuhn_munkres(&weights);
        for (row, column) in columns_of.into_iter().enumerate().filter(|&place| weights[place] > 0) {
            let (row, column) = (rows[row].1, columns[column].1);
            found.push(if turned { (column, row) } else { (row, column) });
        }
    }
    found.sort_unstable();
    found
}

type Spans<'a, T> = Vec<&'a (Span, T)>;

/// Groups of spans that touch no span of another group. Assignment takes cubic time, and groups are small.
fn clusters<'a, T>(gold: &'a [(Span, T)], predicted: &'a [(Span, T)]) -> Vec<(Spans<'a, T>, Spans<'a, T>)> {
    let mut all: Vec<(bool, &(Span, T))> = gold.iter().map(|item| (true, item)).chain(predicted.iter().map(|item| (false, item))).collect();
    all.sort_by_key(|(_, item)| item.0);
    let mut found: Vec<(Spans<'a, T>, Spans<'a, T>)> = Vec::new();
    let mut reach = 0;
    for (is_gold, item) in all {
        if found.is_empty() || item.0.start >= reach {
            found.push((Vec::new(), Vec::new()));
        }
        reach = reach.max(item.0.end);
        if let Some((gold, predicted)) = found.last_mut() {
            if is_gold { gold.push(item) } else { predicted.push(item) }
        }
    }
    found
}

fn align_cluster<T: PartialEq>(gold: &[&(Span, T)], predicted: &[&(Span, T)]) -> Alignment {
    let kinds = |pair: fn(&(Span, T), &(Span, T)) -> bool, halves: bool| {
        let (correct, overlapping) = best(gold, predicted, pair, halves);
        Kinds {
            correct,
            incorrect: if halves { 0 } else { overlapping },
            partial: if halves { overlapping } else { 0 },
            missed: gold.len() as u64 - correct - overlapping,
            spurious: predicted.len() as u64 - correct - overlapping,
        }
    };
    Alignment {
        strict: kinds(|a, b| a == b, false),
        exact: kinds(|a, b| a.0 == b.0, false),
        partial: kinds(|a, b| a.0 == b.0, true),
        by_type: kinds(|a, b| a.1 == b.1, false),
    }
}

/// How many pairs are correct and how many merely overlap in the best matching. With `halves`, an overlap is worth half a
/// correct pair; otherwise it only breaks ties.
fn best<T>(gold: &[&(Span, T)], predicted: &[&(Span, T)], is_correct: fn(&(Span, T), &(Span, T)) -> bool, halves: bool) -> (u64, u64) {
    let (rows, columns) = if gold.len() <= predicted.len() { (gold, predicted) } else { (predicted, gold) };
    if rows.is_empty() {
        return (0, 0);
    }
    // Larger than any number of pairs, so that the second wish never outweighs the first.
    let unit = rows.len() as i64 + 1;
    let (correct_weight, overlap_weight) = if halves { (2 * unit + 1, unit) } else { (unit + 1, 1) };
    let overlaps = |a: &(Span, T), b: &(Span, T)| a.0.overlap(b.0) > 0;
    let weight = |a: &(Span, T), b: &(Span, T)| match overlaps(a, b) {
        true if is_correct(a, b) => correct_weight,
        true => overlap_weight,
        false => 0,
    };
    let weights = Matrix::from_fn(rows.len(), columns.len(), |(row, column)| weight(rows[row], columns[column]));
    let (_, columns_of) = kuhn_munkres(&weights);
    let mut counts = (0, 0);
    for (row, column) in columns_of.into_iter().enumerate() {
        match weights[(row, column)] {
            0 => {}
            w if w == correct_weight => counts.0 += 1,
            _ => counts.1 += 1,
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn spans(items: &[(usize, usize, u8)]) -> Vec<(Span, u8)> {
        items.iter().map(|&(start, end, kind)| (Span::new(start, end), kind)).collect()
    }

    fn kinds(correct: u64, incorrect: u64, partial: u64, missed: u64, spurious: u64) -> Kinds {
        Kinds { correct, incorrect, partial, missed, spurious }
    }

    /// The worked example of SemEval-2013's error kinds, one of each.
    #[test]
    fn one_of_every_kind() {
        let gold = spans(&[(0, 4, 1), (10, 14, 1), (20, 24, 1), (30, 34, 1), (40, 44, 1)]);
        let predicted = spans(&[(0, 4, 1), (10, 14, 2), (20, 23, 1), (31, 36, 2), (50, 54, 1)]);
        let found = align(&gold, &predicted);
        assert_eq!(found.strict, kinds(1, 3, 0, 1, 1));
        assert_eq!(found.exact, kinds(2, 2, 0, 1, 1));
        assert_eq!(found.partial, kinds(2, 0, 2, 1, 1));
        assert_eq!(found.by_type, kinds(2, 2, 0, 1, 1));
        assert_eq!(found.partial.precision(), Some(0.6));
        assert_eq!(found.strict.f1(), Some(0.2));
    }

    /// A greedy matcher pairs the long prediction with the first gold span and loses one; the best matching does not.
    #[test]
    fn the_best_matching_is_found() {
        let gold = spans(&[(0, 5, 1), (5, 10, 1)]);
        let predicted = spans(&[(3, 10, 1), (5, 9, 1)]);
        assert_eq!(align(&gold, &predicted).by_type, kinds(2, 0, 0, 0, 0));
        // One place, two facts of different type: both are found.
        let gold = spans(&[(0, 5, 1), (0, 5, 2)]);
        assert_eq!(align(&gold, &gold).strict, kinds(2, 0, 0, 0, 0));
    }

    #[test]
    fn pairs_are_as_many_as_can_be_and_then_exact() {
        let spans = |items: &[(usize, usize)]| items.iter().map(|&(start, end)| Span::new(start, end)).collect::<Vec<_>>();
        // The long prediction overlaps both; the short one fits the second exactly.
        assert_eq!(pairs(&spans(&[(0, 5), (5, 10)]), &spans(&[(3, 10), (5, 10)])), [(0, 0), (1, 1)]);
        assert_eq!(pairs(&spans(&[(0, 5), (0, 3), (8, 9)]), &spans(&[(0, 3), (20, 21)])), [(1, 0)]);
        assert_eq!(pairs(&spans(&[(0, 5)]), &[]), []);
    }

    type Item = (Span, u8);

    /// Every matching, tried one by one.
    fn brute(gold: &[Item], predicted: &[Item], score: &dyn Fn(&Item, &Item) -> Option<u64>) -> (u64, u64) {
        let Some((first, rest)) = gold.split_first() else { return (0, 0) };
        let mut best = brute(rest, predicted, score);
        for (index, candidate) in predicted.iter().enumerate() {
            if let Some(points) = score(first, candidate) {
                let mut others = predicted.to_vec();
                others.remove(index);
                let (sum, pairs) = brute(rest, &others, score);
                best = best.max((sum + points, pairs + 1));
            }
        }
        best
    }

    fn some_spans() -> impl Strategy<Value = Vec<(Span, u8)>> {
        prop::collection::vec((0usize..12, 1usize..5, 0u8..3), 0..6)
            .prop_map(|items| items.into_iter().map(|(start, length, kind)| (Span::new(start, start + length), kind)).collect())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        #[test]
        fn agrees_with_trying_everything(gold in some_spans(), predicted in some_spans()) {
            let unique = |items: &[(Span, u8)]| items.iter().cloned().collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>();
            let (g, p) = (unique(&gold), unique(&predicted));
            let found = align(&gold, &predicted);
            let overlap = |a: &(Span, u8), b: &(Span, u8)| a.0.overlap(b.0) > 0;
            let check = |kinds: Kinds, points: &dyn Fn(&Item, &Item) -> u64| {
                let (sum, pairs) = brute(&g, &p, &|a, b| overlap(a, b).then(|| points(a, b)));
                (kinds.correct * 2 + kinds.partial, kinds.correct + kinds.incorrect + kinds.partial) == (sum, pairs)
            };
            let strict = check(found.strict, &|a, b| if a == b { 2 } else { 0 });
            prop_assert!(strict);
            let exact = check(found.exact, &|a, b| if a.0 == b.0 { 2 } else { 0 });
            prop_assert!(exact);
            let by_type = check(found.by_type, &|a, b| if a.1 == b.1 { 2 } else { 0 });
            prop_assert!(by_type);
            let partial = found.partial.correct * 2 + found.partial.partial;
            prop_assert_eq!(partial, brute(&g, &p, &|a, b| overlap(a, b).then(|| if a.0 == b.0 { 2 } else { 1 })).0);
            for kinds in [found.strict, found.exact, found.partial, found.by_type] {
                prop_assert_eq!(kinds.correct + kinds.incorrect + kinds.partial + kinds.missed, g.len() as u64);
                prop_assert_eq!(kinds.correct + kinds.incorrect + kinds.partial + kinds.spurious, p.len() as u64);
            }
        }

        #[test]
        fn order_changes_nothing((gold, predicted, shuffled) in (some_spans(), some_spans())
            .prop_flat_map(|(gold, predicted)| (Just(gold), Just(predicted.clone()), Just(predicted).prop_shuffle()))) {
            prop_assert_eq!(align(&gold, &predicted), align(&gold, &shuffled));
        }
    }
}
