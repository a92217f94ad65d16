//! Randomness that is the same on every machine and for every version of every crate around it.
//!
//! A named counter-based generator (ChaCha8) is keyed by SHA-256 of revision, seed, configuration, index and the name of the
//! stage. Integers are sampled here, by rejection and on `u64` alone: samplers of other crates change between versions, may
//! depend on `usize`, and use floating point for weights.

use std::sync::Arc;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use sha2::{Digest, Sha256};

use crate::REVISION;

/// What parts a record's configuration from the place of a document on its page.
const PART: &str = ";part=";

/// What identifies a record: the stages of its making draw from generators keyed by it.
#[derive(Clone)]
pub(crate) struct Key {
    seed: u64,
    configuration: Arc<str>,
    index: u64,
    /// The hash of all of this, which every stage goes on from: the configuration is far longer than a stage's name.
    hash: Sha256,
}

impl Key {
    pub(crate) fn new(seed: u64, configuration: impl Into<Arc<str>>, index: u64) -> Key {
        let configuration = configuration.into();
        let mut hash = Sha256::new();
        hash.update(REVISION.to_le_bytes());
        hash.update(seed.to_le_bytes());
        hash.update(index.to_le_bytes());
        add(&mut hash, &configuration);
        Key { seed, configuration, index, hash }
    }

    fn with(&self, configuration: &str) -> Key {
        Key::new(self.seed, configuration, self.index)
    }

    /// The key of one document of a page, from 0.
    pub(crate) fn part(&self, part: u64) -> Key {
        self.with(&format!("{}{PART}{part}", self.configuration))
    }

    /// The key of the whole page, for what its documents share.
    pub(crate) fn whole(&self) -> Key {
        self.with(self.configuration.split(PART).next().unwrap_or_default())
    }

    /// The key of a document that is made to see what its kind is like.
    pub(crate) fn probe(&self, kind: &str) -> Key {
        self.with(&format!("{};probe={kind}", self.configuration))
    }

    /// The key of a further try at the record, from 1; 0 is the record's own.
    pub(crate) fn attempt(&self, attempt: u64) -> Key {
        match attempt {
            0 => self.clone(),
            attempt => self.with(&format!("{};attempt={attempt}", self.configuration)),
        }
    }

    pub(crate) fn index(&self) -> u64 {
        self.index
    }

    /// The generator of one stage.
    pub(crate) fn stage(&self, name: &str) -> Draw {
        let mut hash = self.hash.clone();
        add(&mut hash, name);
        Draw(ChaCha8Rng::from_seed(hash.finalize().into()))
    }
}

/// The length keeps apart what would otherwise run together.
fn add(hash: &mut Sha256, text: &str) {
    hash.update((text.len() as u64).to_le_bytes());
    hash.update(text.as_bytes());
}

/// One stage's generator.
pub(crate) struct Draw(ChaCha8Rng);

impl Draw {
    /// A number below `bound`, each equally likely; 0 when `bound` is 0.
    #[inline]
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        if bound <= 1 { 0 } else { self.number(bound, || bound) % bound }
    }

    /// A number whose remainder by `bound` is each equally likely: what `below` draws, for whom may never ask for it. `bound`, from 1 to
    /// `most`, is hardly ever asked for either.
    #[inline]
    pub(crate) fn number(&mut self, most: u64, bound: impl Fn() -> u64) -> u64 {
        loop {
            let number = self.0.next_u64();
            // Numbers from the largest multiple of `bound` that fits would favour the small remainders; all of them are larger than this.
            if number <= u64::MAX - most {
                return number;
            }
            let bound = bound();
            if number <= u64::MAX - (u64::MAX % bound + 1) % bound {
                return number;
            }
        }
    }

    /// A number from `low` to `high`, both included.
    #[inline]
    pub(crate) fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high.saturating_sub(low) + 1)
    }

    /// True in `percent` of a hundred cases.
    #[inline]
    pub(crate) fn percent(&mut self, percent: u64) -> bool {
        self.number(100, || 100) % 100 < percent
    }

    /// One of `items`, which must not be empty.
    #[inline]
    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len() as u64) as usize]
    }

    /// One of `items`, which must not be empty, in proportion to its weight.
    pub(crate) fn weighted<'a, T>(&mut self, items: &'a [T], weight: impl Fn(&T) -> u64) -> &'a T {
        let mut left = self.below(items.iter().map(&weight).sum());
        for item in items {
            match left.checked_sub(weight(item)) {
                Some(rest) => left = rest,
                None => return item,
            }
        }
        &items[items.len() - 1]
    }

    /// One of `shares`, which must not be empty, in proportion to its weight.
    pub(crate) fn share<'a, T>(&mut self, shares: &'a Shares<T>) -> &'a T {
        let drawn = self.below(shares.ends.last().copied().unwrap_or_default());
        let place = shares.ends.partition_point(|end| *end <= drawn);
        &shares.items[place.min(shares.items.len() - 1)]
    }

    /// The items in any order, each order equally likely.
    pub(crate) fn shuffled<T: Clone>(&mut self, items: &[T]) -> Vec<T> {
        let mut shuffled = items.to_vec();
        for last in (1..shuffled.len()).rev() {
            shuffled.swap(last, self.below(last as u64 + 1) as usize);
        }
        shuffled
    }

    /// Each item with the given chance, in their order.
    pub(crate) fn some<T: Clone>(&mut self, items: &[T], percent: u64) -> Vec<T> {
        items.iter().filter(|_| self.percent(percent)).cloned().collect()
    }
}

/// Items in proportion to whose weights many draws are made: the weights are added up once.
pub(crate) struct Shares<T> {
    pub(crate) items: Vec<T>,
    /// For each item, its weight and those of all before it.
    ends: Vec<u64>,
}

impl<T> Shares<T> {
    pub(crate) fn new(items: Vec<T>, weight: impl Fn(&T) -> u64) -> Shares<T> {
        let end = |sum: &mut u64, item: &T| {
            *sum += weight(item);
            Some(*sum)
        };
        let ends = items.iter().scan(0, end).collect();
        Shares { items, ends }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_and_keys_are_independent() {
        let first = |key: Key, stage: &str| key.stage(stage).below(u64::MAX);
        let base = first(Key::new(1, "c", 2), "facts");
        for other in [
            first(Key::new(1, "c", 2), "style"),
            first(Key::new(2, "c", 2), "facts"),
            first(Key::new(1, "d", 2), "facts"),
            first(Key::new(1, "c", 3), "facts"),
            first(Key::new(1, "c", 2).part(0), "facts"),
            first(Key::new(1, "c", 2).part(1), "facts"),
            first(Key::new(1, "c", 2).attempt(1), "facts"),
        ] {
            assert_ne!(base, other);
        }
        assert_eq!(base, first(Key::new(1, "c", 2), "facts"));
    }

    #[test]
    fn numbers_stay_in_their_bounds_and_reach_them() {
        let mut draw = Key::new(0, "", 0).stage("test");
        let seen: std::collections::BTreeSet<u64> = (0..1000).map(|_| draw.between(3, 7)).collect();
        assert_eq!(seen.into_iter().collect::<Vec<_>>(), [3, 4, 5, 6, 7]);
        assert_eq!((draw.below(0), draw.below(1), draw.percent(0), draw.percent(100)), (0, 0, false, true));
        let counts = (0..3000).map(|_| *draw.weighted(&[0u64, 1, 2], |weight| *weight)).fold([0; 3], |mut counts, item| {
            counts[item as usize] += 1;
            counts
        });
        assert!(counts[0] == 0 && counts[1] > 800 && counts[2] > 1800, "{counts:?}");
    }

    #[test]
    fn numbers_are_drawn_as_their_remainders_are() {
        let stage = || Key::new(0, "", 0).stage("test");
        let (mut one, mut other) = (stage(), stage());
        for bound in 2..200 {
            assert_eq!(one.number(1 << 20, || bound) % bound, other.below(bound));
        }
    }

    #[test]
    fn shares_are_drawn_as_weights_are() {
        for weights in [vec![0, 3, 0, 1, 2, 0], vec![0, 0], vec![7]] {
            let (shares, stage) = (Shares::new(weights.clone(), |weight| *weight), || Key::new(0, "", 0).stage("test"));
            let (mut one, mut other) = (stage(), stage());
            for _ in 0..200 {
                assert!(std::ptr::eq(one.share(&shares), other.weighted(&shares.items, |weight| *weight)));
            }
        }
    }
}
