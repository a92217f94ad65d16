//! The words of the tables: what each means, and the scanner that finds them all.
//!
//! Of some two thousand rows come tens of thousands of words. To spell them out and sort them takes longer than to label many texts, so
//! the build script does it, and writes down what it has built. Only words of the user's own make it be done again.

use std::borrow::Cow;

use strum::{EnumString, FromRepr, IntoStaticStr};

use crate::classes;
use crate::scanner::Scanner;
use crate::spellings::expand;

/// What a cue says of what stands before it; `data/cues.tsv` explains each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, EnumString, FromRepr, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
#[repr(u16)]
pub(crate) enum Concept {
    Leak,
    Access,
    Taken,
    Loss,
    Contain,
    Hold,
    Possible,
    Doubt,
    Negation,
    Unconfirmed,
    Misuse,
    Advice,
    Hypothetical,
    Supposition,
    Duty,
    Measure,
    OtherCase,
    Whether,
    Nothing,
    Point,
    Hard,
}

/// What a matched word means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Meaning {
    /// Row of `data/categories.tsv`, or after these of what the user added.
    Category(u16),
    /// Personal data without a category: 個人情報, お客様情報.
    Generic,
    /// A longer word that only holds one of those: 個人情報保護委員会.
    Nothing,
    Cue(Concept),
    /// Row of `data/causes.tsv`, or after these of what the user added.
    Cause(u16),
    /// Row of `data/roles.tsv`.
    Role(u16),
}

impl Meaning {
    fn to_bits(self) -> u32 {
        let (kind, row) = match self {
            Meaning::Category(row) => (0, row),
            Meaning::Generic => (1, 0),
            Meaning::Nothing => (2, 0),
            Meaning::Cue(concept) => (3, concept as u16),
            Meaning::Cause(row) => (4, row),
            Meaning::Role(row) => (5, row),
        };
        kind << 16 | u32::from(row)
    }

    fn from_bits(bits: u32) -> Meaning {
        let row = bits as u16;
        match bits >> 16 {
            0 => Meaning::Category(row),
            1 => Meaning::Generic,
            3 => Meaning::Cue(Concept::from_repr(row).expect("the build script wrote a concept")),
            4 => Meaning::Cause(row),
            5 => Meaning::Role(row),
            _ => Meaning::Nothing,
        }
    }
}

/// Every word with each of its meanings, in their order. Matches of one word come in it.
pub(crate) fn read() -> Result<Vec<(String, Meaning)>, String> {
    let mut all: Vec<(String, Meaning)> = Vec::new();
    let mut add = |spec: &str, meaning: Meaning| -> Result<(), String> {
        let spellings = expand(spec)?;
        if spellings.iter().any(String::is_empty) {
            return Err(format!("`{spec}` expands to nothing"));
        }
        all.extend(spellings.into_iter().map(|word| (word, meaning)));
        Ok(())
    };
    for (row, [_, surface, ..]) in (0..).zip(rows::<4>(include_str!("../data/categories.tsv"))?) {
        add(surface, Meaning::Category(row))?;
    }
    for [kind, surface] in rows(include_str!("../data/generic.tsv"))? {
        add(surface, if kind == "personal" { Meaning::Generic } else { Meaning::Nothing })?;
    }
    for [concept, surface] in rows(include_str!("../data/cues.tsv"))? {
        add(surface, Meaning::Cue(concept.parse().map_err(|_| format!("`{concept}` is no concept"))?))?;
    }
    for (row, [_, trigger, ..]) in (0..).zip(rows::<5>(include_str!("../data/causes.tsv"))?) {
        add(&classes::expand(trigger), Meaning::Cause(row))?;
    }
    for (row, [_, _, trigger, ..]) in (0..).zip(rows::<6>(include_str!("../data/roles.tsv"))?) {
        add(trigger, Meaning::Role(row))?;
    }
    all.sort_unstable();
    all.dedup();
    Ok(all)
}

/// The rows of a table after its comments and header, each with `N` cells.
pub(crate) fn rows<const N: usize>(table: &'static str) -> Result<Vec<[&'static str; N]>, String> {
    table
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.starts_with('#') && !line.is_empty())
        .skip(1)
        .map(|(number, line)| {
            let cells: Vec<&str> = line.split('\t').collect();
            <[&str; N]>::try_from(cells).map_err(|cells| format!("row {}: {} cells instead of {N}: {line}", number + 1, cells.len()))
        })
        .collect()
}

/// The words and the scanner.
pub(crate) struct Words {
    /// The first are those of the gates, by their places, and then come the others: most of what a text holds are the former, so what
    /// is known of them stands close together.
    pub(crate) scanner: Scanner,
    /// Of all words, one after the other, and where those of each word end.
    meanings: List<4>,
    meanings_end: List<4>,
}

/// A list of numbers, each of `N` bytes, the lowest first. What the build script has written is read where it stands: a text asks for a small
/// part of it, and to copy all would take longer than to label many texts.
pub(crate) type List<const N: usize> = Cow<'static, [[u8; N]]>;

impl Words {
    /// From what is known of them, as [`read`] gives it, and the words of the gates, which are sorted too.
    pub(crate) fn new(known: &[(String, Meaning)], gated: &[&str]) -> Words {
        let mut next_gated = (0..).zip(gated).peekable();
        let mut numbered: Vec<(&str, u32)> = Vec::new();
        // What each word means, by its number.
        let mut meant: Vec<&[(String, Meaning)]> = vec![&[]; gated.len()];
        let mut rest = known;
        while let Some(word) =
            [rest.first().map(|row| row.0.as_str()), next_gated.peek().map(|(_, word)| **word)].into_iter().flatten().min()
        {
            let (these, after) = rest.split_at(rest.iter().take_while(|row| row.0 == word).count());
            let number = match next_gated.next_if(|(_, gated)| **gated == word) {
                Some((number, _)) => number,
                None => {
                    meant.push(&[]);
                    meant.len() as u32 - 1
                }
            };
            numbered.push((word, number));
            meant[number as usize] = these;
            rest = after;
        }
        let mut meanings = Vec::new();
        let end = |rows: &[(String, Meaning)]| {
            meanings.extend(rows.iter().map(|row| row.1.to_bits().to_le_bytes()));
            (meanings.len() as u32).to_le_bytes()
        };
        let meanings_end = meant.into_iter().map(end).collect();
        Words { scanner: Scanner::new(&numbered), meanings: meanings.into(), meanings_end }
    }

    /// What a word means, by its number.
    pub(crate) fn meanings(&self, word: usize) -> impl ExactSizeIterator<Item = Meaning> {
        let end = |word: usize| u32::from_le_bytes(self.meanings_end[word]) as usize;
        let start = word.checked_sub(1).map_or(0, end);
        self.meanings[start..end(word)].iter().map(|&bits| Meaning::from_bits(u32::from_le_bytes(bits)))
    }

    /// As the build script keeps them.
    #[allow(dead_code, reason = "only the build script writes")]
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.scanner.to_bytes();
        write(&mut bytes, &self.meanings);
        write(&mut bytes, &self.meanings_end);
        bytes
    }

    pub(crate) fn from_bytes(mut bytes: &'static [u8]) -> Words {
        Words { scanner: Scanner::from_bytes(&mut bytes), meanings: take(&mut bytes), meanings_end: take(&mut bytes) }
    }
}

/// Writes a list with its length before it.
pub(crate) fn write<const N: usize>(bytes: &mut Vec<u8>, list: &[[u8; N]]) {
    bytes.extend((list.len() as u32).to_le_bytes());
    bytes.extend(list.as_flattened());
}

/// Takes off a list that was written so.
pub(crate) fn take<const N: usize>(bytes: &mut &'static [u8]) -> List<N> {
    let (length, rest) = bytes.split_first_chunk().expect("a list begins with its length");
    let (list, rest) = rest.split_at(u32::from_le_bytes(*length) as usize * N);
    *bytes = rest;
    list.as_chunks().0.into()
}
