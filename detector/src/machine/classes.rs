//! Which characters a pattern does not tell apart.

use std::collections::BTreeMap;

/// Classes of characters: those of one class stand in the same sets.
pub(super) struct Classes {
    /// The block of each 64 characters of the lower plane, and the classes of the characters of each block.
    blocks: Box<[u8; PLANE >> BLOCK]>,
    within: Vec<u8>,
    /// Where each stretch of characters of one class begins, ascending.
    starts: Vec<(u32, u8)>,
    /// To which sets the characters of each class belong, as bits.
    sets: Vec<Vec<u64>>,
}

/// Characters of the lower plane.
const PLANE: usize = 0x1_0000;
/// In bits.
const BLOCK: usize = 6;

impl Classes {
    /// Of sets of characters, each as ranges that ascend and are apart. `None` if there are too many.
    pub(super) fn new(sets: &[&[(char, char)]]) -> Option<Classes> {
        // Where which set begins or ends.
        let mut turns: Vec<(u32, u32)> = Vec::with_capacity(4 * sets.len());
        for (set, ranges) in (0..).zip(sets) {
            turns.extend(ranges.iter().flat_map(|&(start, end)| [(u32::from(start), set), (u32::from(end) + 1, set)]));
        }
        turns.sort_unstable();
        let mut all: Vec<Vec<u64>> = Vec::new();
        // By a number that is the same for the same sets, and mostly another for others.
        let (mut known, mut key) = (BTreeMap::new(), 0);
        let mut starts: Vec<(u32, u8)> = Vec::with_capacity(turns.len() + 1);
        let mut inside = vec![0_u64; sets.len() / 64 + 1];
        let mut turns = turns.into_iter().peekable();
        let mut at = 0;
        loop {
            while let Some((_, set)) = turns.next_if(|turn| turn.0 == at) {
                inside[set as usize / 64] ^= 1 << (set % 64);
                key ^= mark(set);
            }
            let class = match known.get(&key) {
                None => None,
                Some(&class) if all[usize::from(class)] == inside => Some(class),
                Some(_) => all.iter().position(|sets| *sets == inside).map(|class| class as u8),
            };
            let class = match class {
                Some(class) => class,
                None => {
                    let next = u8::try_from(all.len()).ok().filter(|&class| class < u8::MAX)?;
                    all.push(inside.clone());
                    known.entry(key).or_insert(next);
                    next
                }
            };
            starts.push((at, class));
            match turns.peek() {
                Some(&(next, _)) => at = next,
                None => break,
            }
        }
        let (blocks, within) = blocks(&starts)?;
        Some(Classes { blocks, within, starts, sets: all })
    }

    #[inline]
    pub(super) fn of(&self, c: char) -> u8 {
        let c = u32::from(c) as usize;
        match self.blocks.get(c >> BLOCK) {
            Some(&block) => self.within[usize::from(block) << BLOCK | c & ((1 << BLOCK) - 1)],
            None => self.starts[self.starts.partition_point(|start| start.0 as usize <= c) - 1].1,
        }
    }

    /// What the end of a text counts as.
    #[inline]
    pub(super) fn end(&self) -> u8 {
        // At least two, so that no state begins where answers stand.
        self.sets.len().max(2) as u8
    }

    pub(super) fn sets(&self, class: u8) -> &[u64] {
        &self.sets[usize::from(class)]
    }
}

/// The block of each 64 characters of the lower plane, and the classes of the characters of each block, of stretches as
/// [`Classes::starts`] has them.
fn blocks(starts: &[(u32, u8)]) -> Option<(Box<[u8; PLANE >> BLOCK]>, Vec<u8>)> {
    let mut blocks = Box::new([0; PLANE >> BLOCK]);
    let mut within: Vec<u8> = Vec::new();
    // Most blocks are of one class: the blocks that there are of these.
    let mut plain: [Option<u8>; u8::MAX as usize] = [None; u8::MAX as usize];
    let mut turns = starts.iter().copied().peekable();
    let (mut block, mut class) = (0, 0);
    while block < blocks.len() {
        let (first, next) = ((block << BLOCK) as u32, ((block + 1) << BLOCK) as u32);
        while let Some(turn) = turns.next_if(|turn| turn.0 <= first) {
            class = turn.1;
        }
        let new = u8::try_from(within.len() >> BLOCK).ok()?;
        // As far as all characters are of this class.
        let end = turns.peek().map_or(PLANE, |turn| PLANE.min(turn.0 as usize)) >> BLOCK;
        if block < end {
            let known = *plain[usize::from(class)].get_or_insert(new);
            if known == new {
                within.extend([class; 1 << BLOCK]);
            }
            blocks[block..end].fill(known);
            block = end;
            continue;
        }
        let begin = within.len();
        within.extend([class; 1 << BLOCK]);
        while let Some(turn) = turns.next_if(|turn| turn.0 < next) {
            class = turn.1;
            within[begin + (turn.0 - first) as usize..].fill(class);
        }
        blocks[block] = new;
        block += 1;
    }
    Some((blocks, within))
}

/// A number for a set, of which any bit may be set.
fn mark(set: u32) -> u64 {
    let mixed = u64::from(set + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed ^ mixed >> 32).wrapping_mul(0xd6e8_feb8_6659_fd93)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn characters_of_one_class_stand_in_the_same_sets(
            sets in prop::collection::vec(prop::collection::vec((0..3_000_u32, 0..200_u32), 1..4), 1..90),
            chars in prop::collection::vec(0..4_000_u32, 0..60),
        ) {
            // Ascending and apart.
            let ranges = |set: Vec<(u32, u32)>| {
                let mut next = 0;
                set.into_iter().map(|(gap, length)| {
                    let (start, end) = (next + gap, next + gap + length);
                    next = end + 2;
                    (char::from_u32(start).unwrap(), char::from_u32(end).unwrap())
                }).collect::<Vec<_>>()
            };
            let sets: Vec<Vec<(char, char)>> = sets.into_iter().map(ranges).collect();
            let slices: Vec<&[(char, char)]> = sets.iter().map(Vec::as_slice).collect();
            // Else there are too many.
            if let Some(classes) = Classes::new(&slices) {
                for c in chars.into_iter().filter_map(char::from_u32).chain(['\u{10ffff}', '\u{20000}']) {
                    let found = classes.sets(classes.of(c));
                    for (set, ranges) in sets.iter().enumerate() {
                        let expected = ranges.iter().any(|range| (range.0..=range.1).contains(&c));
                        prop_assert_eq!(found[set / 64] & 1 << (set % 64) != 0, expected, "{:?}", c);
                    }
                }
            }
        }
    }
}
