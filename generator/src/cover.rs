//! Covering arrays of strength 2: every pair of values that can occur together does, in few documents.
//!
//! An axis is something that documents differ in ([`AXES`]). Kind, cause, status and sector constrain each other, so their
//! possible combinations are enumerated; the other axes combine with everything. Rows are chosen greedily: always one that
//! brings the most pairs that no row has yet. The order is part of the result: the first rows cover the most.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};
use std::fmt;

use owabi_corpora::record::{Provenance, Record};
use owabi_corpora::vocabulary::{Exposure, ValueMode};

use crate::config::Cover;
use crate::data::CauseRow;
use crate::generator::TRIES;
use crate::kind::Kind;
use crate::perturb::Perturbation;
use crate::plan::{Plan, causes, exposures, sectors};
use crate::profile::Profile;

/// What documents differ in. The first four constrain each other.
pub const AXES: [&str; 7] = ["kind", "cause", "status", "sector", "difficulty", "value_mode", "perturbation"];
const EXPOSURE: usize = 2;
const DIFFICULTY: usize = 4;
const VALUE_MODE: usize = 5;
const PERTURBATION: usize = 6;
/// The value of documents that stay as they are.
const UNPERTURBED: &str = "none";
/// The levels of difficulty.
const LEVELS: u16 = 5;

/// A value on each axis; none where the axis means nothing, such as the cause where nothing happened.
type Row = [Option<u16>; AXES.len()];
/// Two axes, the lower one first, each with a value.
type Pair = (u8, u16, u8, u16);

/// A covering array over what is asked for.
pub(crate) struct Array {
    rows: Vec<Row>,
    pairs: BTreeSet<Pair>,
    names: [Vec<&'static str>; AXES.len()],
    kinds: Vec<Kind>,
    value_modes: Vec<ValueMode>,
    perturbations: Vec<Perturbation>,
}

impl Array {
    pub(crate) fn new(kinds: &[Kind], cover: &Cover, value_modes: &[ValueMode]) -> Array {
        let mut names: [Vec<&'static str>; AXES.len()] = Default::default();
        let mut worlds = Vec::new();
        for kind in kinds {
            worlds.extend(worlds_of(*kind, &mut names));
        }
        names[DIFFICULTY] = vec!["1", "2", "3", "4", "5"];
        names[VALUE_MODE] = value_modes.iter().map(|mode| mode.id()).collect();
        names[PERTURBATION] = std::iter::once(UNPERTURBED).chain(cover.perturbations.iter().map(|of| of.id())).collect();
        let count = |axis: usize| (axis, names[axis].len() as u16);
        let free = [(DIFFICULTY, LEVELS), count(VALUE_MODE), count(PERTURBATION)];
        let (rows, pairs) = covering(&worlds, &free);
        let (kinds, value_modes, perturbations) = (kinds.to_vec(), value_modes.to_vec(), cover.perturbations.clone());
        Array { rows, pairs, names, kinds, value_modes, perturbations }
    }

    pub(crate) fn len(&self) -> u64 {
        self.rows.len() as u64
    }

    /// The plan of the row that an index falls on.
    pub(crate) fn plan(&self, index: u64, profile: &'static Profile) -> Plan {
        let row = self.row(index);
        let name = |axis: usize| row[axis].map(|value| self.names[axis][usize::from(value)]);
        let kind = self.kinds[row[0].map_or(0, usize::from)];
        let mode = self.value_modes[row[VALUE_MODE].map_or(0, usize::from)];
        Plan {
            cause: name(1).and_then(|id| causes(kind).into_iter().find(|row| row.cause.id() == id)),
            exposure: name(EXPOSURE).and_then(|id| id.parse().ok()),
            sector: name(3).and_then(|id| sectors(kind, None).into_iter().find(|sector| sector.id == id)),
            difficulty: row[DIFFICULTY].map(|level| level as u8 + 1),
            perturbation: self.perturbations.iter().copied().find(|of| name(PERTURBATION) == Some(of.id())),
            ..Plan::new(kind, mode, profile)
        }
    }

    fn row(&self, index: u64) -> Row {
        self.rows[(index % self.len()) as usize]
    }
}

/// The combinations of kind, cause, status and sector that a kind can have.
fn worlds_of(kind: Kind, names: &mut [Vec<&'static str>; AXES.len()]) -> Vec<Row> {
    let mut value = |axis: usize, name: &'static str| {
        let known = names[axis].iter().position(|known| *known == name);
        let place = known.unwrap_or(names[axis].len());
        if known.is_none() {
            names[axis].push(name);
        }
        Some(place as u16)
    };
    let this = value(0, kind.id());
    let mut worlds = Vec::new();
    let causes: Vec<Option<CauseRow>> = causes(kind).into_iter().map(Some).collect();
    // Nothing happened, or a page tells of several documents.
    for row in if causes.is_empty() { vec![None] } else { causes } {
        let cause = row.and_then(|row| value(1, row.cause.id()));
        let told = row.map_or(vec![None], |row| exposures(kind, row).into_iter().map(|told| value(EXPOSURE, told.id())).collect());
        let lines: Vec<_> = sectors(kind, row.map(|row| row.cause)).into_iter().map(|sector| value(3, &sector.id)).collect();
        for sector in if lines.is_empty() { vec![None] } else { lines } {
            worlds.extend(told.iter().map(|told| [this, cause, *told, sector, None, None, None]));
        }
    }
    worlds
}

/// Rows that hold every pair of `worlds` and of the `free` axes (axis and number of values), and these pairs.
fn covering(worlds: &[Row], free: &[(usize, u16)]) -> (Vec<Row>, BTreeSet<Pair>) {
    let mut all: BTreeSet<Pair> = worlds.iter().flat_map(pairs_of).collect();
    // What stands in the worlds, each with the first one that has it.
    let mut values: BTreeMap<(usize, u16), Row> = BTreeMap::new();
    for world in worlds {
        for (axis, value) in world.iter().enumerate() {
            values.extend(value.map(|value| ((axis, value), *world)).filter(|(key, _)| !values.contains_key(key)));
        }
    }
    for (place, (axis, count)) in free.iter().enumerate() {
        for value in 0..*count {
            all.extend(values.keys().map(|(of, other)| pair((*of, *other), (*axis, value))));
            for (of, others) in &free[..place] {
                all.extend((0..*others).map(|other| pair((*of, other), (*axis, value))));
            }
        }
    }
    let mut left = all.clone();
    let mut rows = Vec::new();
    let mut take = |world: Row, left: &mut BTreeSet<Pair>| {
        let row = complete(world, free, left, rows.len());
        pairs_of(&row).iter().for_each(|pair| _ = left.remove(pair));
        rows.push(row);
    };
    // What a world brings only ever shrinks, so that a stale figure is an upper bound: only the highest must be counted anew.
    let gain = |world: &Row, left: &BTreeSet<Pair>| pairs_of(world).iter().filter(|pair| left.contains(pair)).count();
    let mut heap: BinaryHeap<(usize, Reverse<usize>)> =
        worlds.iter().enumerate().map(|(place, world)| (gain(world, &left), Reverse(place))).collect();
    while let Some((stale, Reverse(place))) = heap.pop() {
        let now = gain(&worlds[place], &left);
        if now > 0 && (now == stale || heap.peek().is_none_or(|next| *next <= (now, Reverse(place)))) {
            take(worlds[place], &mut left);
        } else if now > 0 {
            heap.push((now, Reverse(place)));
        }
    }
    // What is left joins a value of a world, or of a free axis, with one of a free axis.
    while let Some((of, value, axis, other)) = left.first().copied() {
        let mut world = values.get(&(usize::from(of), value)).copied().unwrap_or(worlds[0]);
        world[usize::from(of)] = Some(value);
        world[usize::from(axis)] = Some(other);
        take(world, &mut left);
    }
    (rows, all)
}

/// Gives a row its values on the free axes: those that bring the most, and in turn where several do.
fn complete(mut row: Row, free: &[(usize, u16)], left: &BTreeSet<Pair>, turn: usize) -> Row {
    for (axis, count) in free {
        if row[*axis].is_some() {
            continue;
        }
        let brings = |value: u16| {
            let present = row.iter().enumerate().filter_map(|(of, other)| other.map(|other| (of, other)));
            present.filter(|other| left.contains(&pair(*other, (*axis, value)))).count()
        };
        let in_turn = (0..*count).map(|step| (turn as u16 % count + step) % count);
        // The last of the highest: reversed, the first in turn.
        row[*axis] = in_turn.rev().max_by_key(|value| brings(*value));
    }
    row
}

fn pair(a: (usize, u16), b: (usize, u16)) -> Pair {
    let (low, high) = if a.0 < b.0 { (a, b) } else { (b, a) };
    (low.0 as u8, low.1, high.0 as u8, high.1)
}

fn pairs_of(row: &Row) -> Vec<Pair> {
    let present: Vec<(usize, u16)> = row.iter().enumerate().filter_map(|(axis, value)| value.map(|value| (axis, value))).collect();
    let behind = |place: usize| present[place + 1..].iter().map(move |other| (place, *other));
    (0..present.len()).flat_map(behind).map(|(place, other)| pair(present[place], other)).collect()
}

/// What shows of a document only when it is finished.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Its index.
    pub index: u64,
    /// Its difficulty.
    pub difficulty: u8,
    /// What it says of the data.
    pub exposure: Option<Exposure>,
    /// What it was changed by.
    pub perturbation: Option<String>,
}

impl Outcome {
    /// Of a generated record; `None` for others, which tell no index.
    pub fn of(record: &Record) -> Option<Outcome> {
        let Provenance { index, difficulty, perturbations, .. } = record.provenance.as_ref()?;
        let perturbation = perturbations.first().cloned();
        Some(Outcome { index: *index, difficulty: *difficulty, exposure: record.labels.exposure, perturbation })
    }
}

/// Which pairs documents really have.
#[derive(Debug, Clone)]
pub struct Coverage<'a> {
    array: &'a Array,
    seen: BTreeSet<Pair>,
    asked: BTreeSet<Pair>,
}

impl fmt::Debug for Array {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Array of {} rows", self.rows.len())
    }
}

impl<'a> Coverage<'a> {
    pub(crate) fn new(array: &'a Array) -> Coverage<'a> {
        Coverage { array, seen: BTreeSet::new(), asked: BTreeSet::new() }
    }

    /// Counts a document in, with the difficulty and the exposure that it really has.
    pub fn add(&mut self, Outcome { index, difficulty, exposure, perturbation }: Outcome) {
        let mut row = self.array.row(index);
        self.asked.extend(pairs_of(&row));
        row[DIFFICULTY] = Some(u16::from(difficulty.clamp(1, LEVELS as u8)) - 1);
        let place = |exposure: Exposure| self.array.names[EXPOSURE].iter().position(|name| *name == exposure.id());
        let perturbation = perturbation.as_deref().unwrap_or(UNPERTURBED);
        row[PERTURBATION] = self.array.names[PERTURBATION].iter().position(|name| *name == perturbation).map(|place| place as u16);
        row[EXPOSURE] = row[EXPOSURE].and(exposure).and_then(place).map(|place| place as u16);
        self.seen.extend(pairs_of(&row));
    }

    /// How many pairs can occur.
    pub fn possible(&self) -> usize {
        self.array.pairs.len()
    }

    /// How many of them do.
    pub fn covered(&self) -> usize {
        self.array.pairs.intersection(&self.seen).count()
    }

    /// How many do not as too few documents were made.
    pub fn unasked(&self) -> usize {
        self.missing().filter(|pair| !self.asked.contains(pair)).count()
    }

    /// How many do not although a document was to have them: its difficulty or what it says of the data came out as something
    /// else however often it was drawn, or the perturbation did not apply.
    pub fn unreached(&self) -> usize {
        self.missing().filter(|pair| self.asked.contains(pair)).count()
    }

    /// The kinds whose documents never had some difficulty that they were to have, by difficulty.
    pub fn out_of_reach(&self) -> BTreeMap<&'static str, Vec<&'static str>> {
        let mut kinds: BTreeMap<&'static str, Vec<&'static str>> = BTreeMap::new();
        for (of, value, axis, level) in self.missing().filter(|pair| self.asked.contains(pair)) {
            if usize::from(*of) == 0 && usize::from(*axis) == DIFFICULTY {
                kinds.entry(self.name(DIFFICULTY, *level)).or_default().push(self.name(0, *value));
            }
        }
        kinds
    }

    /// The pairs that no document has.
    fn missing(&self) -> impl Iterator<Item = &Pair> {
        self.array.pairs.difference(&self.seen)
    }

    fn name(&self, axis: usize, value: u16) -> &'static str {
        self.array.names[axis][usize::from(value)]
    }
}

/// What is covered, what is not, and why: one line.
impl fmt::Display for Coverage<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (covered, possible) = (self.covered(), self.possible());
        write!(f, "{covered} of {possible} possible pairs of {} are covered", AXES.join(", "))?;
        let (unasked, unreached) = (self.unasked(), self.unreached());
        if unasked > 0 {
            write!(f, "; {unasked} are not, as all need {} documents", self.array.len())?;
        }
        if unreached > 0 {
            write!(
                f,
                "; {unreached} are not, as a difficulty or status did not come up, or a perturbation not apply, in {TRIES} drawings"
            )?;
            let levels: Vec<String> = self.out_of_reach().iter().map(|(level, kinds)| format!("{level} in {}", kinds.join(", "))).collect();
            if !levels.is_empty() {
                write!(f, " (difficulty {})", levels.join("; "))?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two axes that constrain each other and two free ones: every pair that can occur does, and none that cannot.
    #[test]
    fn every_possible_pair_is_in_a_row() {
        let mut worlds = Vec::new();
        for kind in 0..6u16 {
            for sector in 0..8u16 {
                if (kind + sector) % 3 != 0 {
                    worlds.push([Some(kind), None, None, Some(sector), None, None, None]);
                }
            }
        }
        let free = [(DIFFICULTY, 5), (VALUE_MODE, 3)];
        let (rows, pairs) = covering(&worlds, &free);
        let constrained = worlds.len();
        assert_eq!(pairs.len(), constrained + (6 + 8) * (5 + 3) + 5 * 3);
        let seen: BTreeSet<Pair> = rows.iter().flat_map(pairs_of).collect();
        assert_eq!(seen, pairs);
        // A row holds one world, so that fewer rows than worlds cannot do; the free axes cost few more.
        assert!((constrained..constrained + 15).contains(&rows.len()), "{} rows for {constrained}", rows.len());
        assert_eq!(rows, covering(&worlds, &free).0);
    }

    #[test]
    fn a_value_that_stands_alone_meets_the_free_axes() {
        let (rows, pairs) = covering(&[[Some(0), None, None, None, None, None, None]], &[(DIFFICULTY, 5), (VALUE_MODE, 3)]);
        assert_eq!((rows.len(), pairs.len()), (15, 5 + 3 + 15));
    }
}
