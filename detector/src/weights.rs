//! How much each of many small things speaks for each class: a linear model, as `data/learned/*.tsv` tells it and as the build script
//! packs it.
//!
//! A thing is a name, such as `>判明`: 「判明」 stands behind. Names are only compared by their hash, so that no name is spelled out while a text is
//! read.

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
    /// The hash in each slot, 0 where it is free; there are a power of two, and a name that finds its slot taken goes to the next.
    keys: Vec<u32>,
    /// Where the weights of each slot begin and end.
    bounds: Vec<(u32, u32)>,
    weights: Vec<Weight>,
}

impl Weights {
    /// From the text of a table: after comments a head, then the bias of all classes as the row `*`, then a row a name with the classes
    /// for which it says something: `>判明\tdiscovered 85 contained -31`.
    #[allow(dead_code, reason = "only the build script and tests read tables")]
    pub(crate) fn from_table(table: &str) -> Result<Weights, String> {
        let mut classes: Vec<&str> = Vec::new();
        let mut bias = Vec::new();
        let mut named: Vec<(u32, Vec<Weight>)> = Vec::new();
        for (number, line) in table.lines().enumerate().filter(|(_, line)| !line.starts_with('#')).skip(1) {
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
        let mut packed = Weights { bias, keys: vec![0; size], bounds: vec![(0, 0); size], weights: Vec::new() };
        for (key, weights) in named {
            let slot = packed.slot(key);
            if packed.keys[slot] == key {
                return Err("two names have one hash".to_owned());
            }
            packed.keys[slot] = key;
            let start = packed.weights.len() as u32;
            packed.weights.extend(weights);
            packed.bounds[slot] = (start, packed.weights.len() as u32);
        }
        Ok(packed)
    }

    /// The slot of a key, or the free one where it would stand.
    fn slot(&self, key: u32) -> usize {
        let mask = self.keys.len() - 1;
        // The lowest bit is always 1.
        let mut slot = (key >> 1) as usize & mask;
        while self.keys[slot] != 0 && self.keys[slot] != key {
            slot = (slot + 1) & mask;
        }
        slot
    }

    /// The weights of a name; none for most.
    pub(crate) fn of(&self, name: Hash) -> &[Weight] {
        let (start, end) = self.bounds[self.slot(name.bits())];
        &self.weights[start as usize..end as usize]
    }

    /// As the build script keeps them.
    #[allow(dead_code, reason = "only the build script writes")]
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let pair = |low: u16, high: i16| u32::from(low) | u32::from(high as u16) << 16;
        let mut list = |values: Vec<u32>| {
            bytes.extend((values.len() as u32).to_le_bytes());
            values.iter().for_each(|value| bytes.extend(value.to_le_bytes()));
        };
        list(self.bias.iter().map(|&bias| pair(0, bias)).collect());
        list(self.keys.clone());
        list(self.bounds.iter().flat_map(|&(start, end)| [start, end]).collect());
        list(self.weights.iter().map(|weight| pair(weight.class, weight.hundredths)).collect());
        bytes
    }

    /// What [`Weights::to_bytes`] wrote.
    pub(crate) fn from_bytes(mut bytes: &[u8]) -> Weights {
        let mut list = || {
            let (length, rest) = bytes.split_first_chunk().expect("a list begins with its length");
            let (list, rest) = rest.split_at(u32::from_le_bytes(*length) as usize * 4);
            bytes = rest;
            list.chunks_exact(4).map(|value| u32::from_le_bytes([value[0], value[1], value[2], value[3]]))
        };
        let high = |pair: u32| (pair >> 16) as u16 as i16;
        let bias = list().map(high).collect();
        let keys = list().collect();
        let bounds: Vec<u32> = list().collect();
        let bounds = bounds.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect();
        let weights = list().map(|pair| Weight { class: pair as u16, hundredths: high(pair) }).collect();
        Weights { bias, keys, bounds, weights }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "# A comment.\nname\tweights\n*\tno -100 yes 5\n>ab\tyes 30\n>b\tno -7 yes 1\n";

    #[test]
    fn a_table_is_found_again_name_by_name() {
        let weights = Weights::from_table(TABLE).unwrap();
        let of = |name: &str| weights.of(Hash::of(name)).iter().map(|weight| (weight.class, weight.hundredths)).collect::<Vec<_>>();
        assert_eq!(weights.bias, [-100, 5]);
        assert_eq!(of(">ab"), [(1, 30)]);
        assert_eq!(of(">b"), [(0, -7), (1, 1)]);
        assert_eq!(of(">a"), []);
        assert_eq!(Weights::from_bytes(&weights.to_bytes()), weights);
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
