//! How much each of many small things speaks for each class: a linear model, as `data/learned/*.tsv` tells it and as the build script
//! packs it.
//!
//! A thing is a name, such as `>判明`: 「判明」 stands behind. Names are only compared by their hash, so that no name is spelled out while a text is
//! read.

use crate::words::{List, take, write};

/// A weight of one class, in hundredths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Weight {
    /// The class, by its place in the table's head.
    pub(crate) class: u16,
    pub(crate) hundredths: i16,
}

/// A hash of characters, one after the other.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hash(u64);

impl Hash {
    pub(crate) fn new() -> Hash {
        // FNV-1a, on characters.
        Hash(0xcbf2_9ce4_8422_2325)
    }

    pub(crate) fn with(self, c: char) -> Hash {
        Hash((self.0 ^ u64::from(c)).wrapping_mul(0x100_0000_01b3))
    }

    pub(crate) fn of(name: &str) -> Hash {
        name.chars().fold(Hash::new(), Hash::with)
    }

    /// Its 16 best bits.
    #[allow(dead_code, reason = "the build script asks for names only")]
    pub(crate) fn short(self) -> u16 {
        (self.0.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 48) as u16
    }

    /// Its 32 best bits, never 0. The low bits of FNV are its weak ones.
    fn bits(self) -> u32 {
        (self.0.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as u32 | 1
    }
}

/// The weights of all names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Weights {
    /// What speaks for each class before anything is known.
    pub(crate) bias: Vec<i16>,
    /// The hash in each slot, 0 where it is free, where its weights begin, in three bytes, and how many they are: together, as whoever finds the
    /// one reads the others. There are a power of two, and a name that finds its slot taken goes to the next.
    slots: List<8>,
    weights: List<4>,
}

impl Weights {
    /// From the text of a table: after comments a head, then the bias of all classes as the row `*`, then a row a name with the classes
    /// for which it says something: `>判明\tdiscovered 85 contained -31`.
    #[allow(dead_code, reason = "only the build script and tests read tables")]
    pub(crate) fn from_table(table: &str) -> Result<Weights, String> {
        let mut classes: Vec<&str> = Vec::new();
        let mut bias = Vec::new();
        let mut named: Vec<(u32, Vec<Weight>)> = Vec::new();
        for (number, line) in table.lines().enumerate().skip_while(|(_, line)| line.starts_with('#')).skip(1) {
            let fault = |what: &str| format!("row {}: {what}", number + 1);
            let (name, cells) = line.split_once('\t').ok_or_else(|| fault("a name and its weights"))?;
            let words: Vec<&str> = cells.split(' ').collect();
            let mut weights = Vec::new();
            for pair in words.chunks(2) {
                let &[class, hundredths] = pair else { return Err(fault("a class and its weight, in turn")) };
                let hundredths = hundredths.parse().map_err(|_| fault("a weight is no whole number"))?;
                weights.push((class, hundredths));
            }
            if name == "*" {
                (classes, bias) = weights.into_iter().unzip();
                continue;
            }
            let of_class = |(class, hundredths): (&str, i16)| {
                let class = classes.iter().position(|known| *known == class).ok_or_else(|| fault(&format!("no class `{class}`")))?;
                Ok(Weight { class: class as u16, hundredths })
            };
            named.push((Hash::of(name).bits(), weights.into_iter().map(of_class).collect::<Result<_, String>>()?));
        }
        if bias.is_empty() {
            return Err("there is no row `*`".to_owned());
        }
        let size = (named.len() * 2).next_power_of_two();
        let (mut slots, mut all) = (vec![[0; 8]; size], Vec::new());
        for (key, weights) in named {
            let slot = slot(&slots, key);
            if slots[slot] != [0; 8] {
                return Err("two names have one hash".to_owned());
            }
            let (start, count) = (all.len(), weights.len());
            if start >= 1 << 24 || count >= 1 << 8 {
                return Err("there are too many weights".to_owned());
            }
            slots[slot] = (u64::from(key) | (start as u64) << 32 | (count as u64) << 56).to_le_bytes();
            all.extend(weights.into_iter().map(|weight| pair(weight.class, weight.hundredths)));
        }
        Ok(Weights { bias, slots: slots.into(), weights: all.into() })
    }

    /// How many slots there are.
    pub(crate) fn slots(&self) -> usize {
        self.slots.len()
    }

    /// The slot of a name; most have none.
    pub(crate) fn slot(&self, name: Hash) -> Option<usize> {
        let slot = slot(&self.slots, name.bits());
        (self.slots[slot] != [0; 8]).then_some(slot)
    }

    /// The weights of the name in a slot.
    pub(crate) fn in_slot(&self, slot: usize) -> impl Iterator<Item = Weight> + Clone {
        let bounds = u64::from_le_bytes(self.slots[slot]) >> 32;
        let (start, count) = ((bounds & 0xff_ffff) as usize, (bounds >> 24) as usize);
        self.weights[start..start + count]
            .iter()
            .map(|&[a, b, c, d]| Weight { class: u16::from_le_bytes([a, b]), hundredths: i16::from_le_bytes([c, d]) })
    }

    /// As the build script keeps them.
    #[allow(dead_code, reason = "only the build script writes")]
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        write(&mut bytes, &self.bias.iter().map(|&bias| pair(0, bias)).collect::<Vec<_>>());
        write(&mut bytes, &self.slots);
        write(&mut bytes, &self.weights);
        bytes
    }

    /// What [`Weights::to_bytes`] wrote.
    pub(crate) fn from_bytes(mut bytes: &'static [u8]) -> Weights {
        let bias = take::<4>(&mut bytes).iter().map(|&[_, _, low, high]| i16::from_le_bytes([low, high])).collect();
        Weights { bias, slots: take(&mut bytes), weights: take(&mut bytes) }
    }
}

/// A class and its weight in hundredths.
fn pair(class: u16, hundredths: i16) -> [u8; 4] {
    let ([a, b], [c, d]) = (class.to_le_bytes(), hundredths.to_le_bytes());
    [a, b, c, d]
}

/// The slot of a key, or the free one where it would stand.
fn slot(slots: &[[u8; 8]], key: u32) -> usize {
    let mask = slots.len() - 1;
    // The lowest bit is always 1.
    let mut slot = (key >> 1) as usize & mask;
    while slots[slot] != [0; 8] && u64::from_le_bytes(slots[slot]) as u32 != key {
        slot = (slot + 1) & mask;
    }
    slot
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "# A comment.\nname\tweights\n*\tno -100 yes 5\n#0\tno 9\n>ab\tyes 30\n>b\tno -7 yes 1\n";

    #[test]
    fn a_table_is_found_again_name_by_name() {
        let weights = Weights::from_table(TABLE).unwrap();
        let of = |name: &str| {
            let slots = weights.slot(Hash::of(name)).into_iter();
            slots.flat_map(|slot| weights.in_slot(slot)).map(|weight| (weight.class, weight.hundredths)).collect::<Vec<_>>()
        };
        assert_eq!(weights.bias, [-100, 5]);
        assert_eq!(of("#0"), [(0, 9)], "only what stands before the head is a comment");
        assert_eq!(of(">ab"), [(1, 30)]);
        assert_eq!(of(">b"), [(0, -7), (1, 1)]);
        assert_eq!(of(">a"), []);
        assert_eq!(Weights::from_bytes(weights.to_bytes().leak()), weights);
    }

    #[test]
    fn a_faulty_table_is_refused() {
        for (table, error) in [
            ("name\tweights\n*\tno 1\na\tno x\n", "row 3: a weight is no whole number"),
            ("name\tweights\n*\tno 1\na\tno\n", "row 3: a class and its weight, in turn"),
            ("name\tweights\n*\tno 1\na\tyes 1\n", "row 3: no class `yes`"),
            ("name\tweights\n*\tno 1\na\n", "row 3: a name and its weights"),
            ("name\tweights\n", "there is no row `*`"),
            ("name\tweights\n*\tno 1\na\tno 1\na\tno 2\n", "two names have one hash"),
        ] {
            assert_eq!(Weights::from_table(table), Err(error.to_owned()));
        }
    }
}
