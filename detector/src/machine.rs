//! Whether a text matches a pattern, and no more: asked thousands of times a document, mostly of a few words.
//!
//! An automaton over characters, whose states are made when a text first leads to them. Once the first documents have been read, an
//! answer costs one look into a table a character, and nothing to begin with. A general search of regular expressions spends most of its time
//! on getting ready, and reads every byte of a character.
//!
//! The tables only ever gain entries, so that any number of threads reads them at once; whoever finds one missing adds it under a lock.

mod classes;
mod program;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use regex_syntax::hir::{Hir, HirKind, Look};

use self::classes::Classes;
use self::program::{Next, Program, State};

/// A pattern, ready to be asked.
pub(crate) struct Machine {
    program: Program,
    classes: Classes,
    /// Where to begin: a state, or an answer.
    first: u16,
    /// A row for each state: where it leads by each class of characters, and last what it means that the text ends. States are named by where
    /// their rows begin. Each table is larger than the one before, and begins with all that stands in it.
    tables: [OnceLock<Box<[AtomicU16]>>; ROWS.len()],
    known: Mutex<Known>,
}

/// So many rows the tables have, and so many cells at most.
const ROWS: [usize; 4] = [8, 64, 512, 4096];
const LONGEST: usize = 1 << 16;

// What stands in a table beside states. No state begins there, as the first row is left out.
const UNKNOWN: u16 = 0;
const DEAD: u16 = 1;
const MATCH: u16 = 2;

/// The states that there are, in the order of their rows.
struct Known {
    states: Vec<State>,
    rows: BTreeMap<State, usize>,
}

impl Machine {
    /// The machines of which one matches where a pattern does: one, or two with half of its alternatives each where it is too large for one.
    pub(crate) fn all(hir: &Hir) -> Option<Box<[Machine]>> {
        if let Some(whole) = Machine::new(hir) {
            return Some([whole].into());
        }
        let [first, second] = halves(hir)?;
        Some([Machine::new(&first)?, Machine::new(&second)?].into())
    }

    /// `None` of a pattern that looks at the edges of words, or is too large.
    pub(crate) fn new(hir: &Hir) -> Option<Machine> {
        let looks = hir.properties();
        // What has to stand at the end is read from there.
        let backwards = looks.look_set_suffix().contains(Look::End) && !looks.look_set_prefix().contains(Look::Start);
        let program = Program::new(hir, backwards)?;
        let classes = Classes::new(&program.sets)?;
        let tables = [const { OnceLock::new() }; ROWS.len()];
        let known = Mutex::new(Known { states: Vec::new(), rows: BTreeMap::new() });
        let mut machine = Machine { program, classes, first: DEAD, tables, known };
        machine.first = match machine.program.begin() {
            Next::Dead => DEAD,
            Next::Match => MATCH,
            Next::State(state) => machine.row(&mut machine.known.lock().unwrap_or_else(PoisonError::into_inner), state)?,
        };
        Some(machine)
    }

    /// Whether it matches anywhere in a text; `None` where that takes too many states.
    pub(crate) fn is_match(&self, text: &str) -> Option<bool> {
        if self.program.backwards { self.run(text.chars().rev()) } else { self.run(text.chars()) }
    }

    fn run(&self, chars: impl Iterator<Item = char>) -> Option<bool> {
        match self.first {
            DEAD => return Some(false),
            MATCH => return Some(true),
            _ => {}
        }
        let mut table = self.table();
        let mut state = self.first;
        for c in chars {
            state = self.follow(&mut table, state, self.classes.of(c))?;
            if let DEAD | MATCH = state {
                return Some(state == MATCH);
            }
        }
        Some(self.follow(&mut table, state, self.classes.end())? == MATCH)
    }

    #[inline]
    fn follow<'m>(&'m self, table: &mut &'m [AtomicU16], state: u16, class: u8) -> Option<u16> {
        let next = table[usize::from(state) + usize::from(class)].load(Ordering::Acquire);
        if next != UNKNOWN {
            return Some(next);
        }
        let next = self.learn(state, class);
        *table = self.table();
        next
    }

    /// The largest table that there is.
    fn table(&self) -> &[AtomicU16] {
        self.tables.iter().rev().find_map(OnceLock::get).map_or(&[], |table| table)
    }

    fn width(&self) -> usize {
        usize::from(self.classes.end()) + 1
    }

    /// Works out where a state leads, and writes it down. `None` if there are too many states.
    #[cold]
    fn learn(&self, state: u16, class: u8) -> Option<u16> {
        let known = &mut self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let next = match self.program.step(&known.states[usize::from(state) / self.width() - 1], self.classes.sets(class)) {
            Next::Dead => DEAD,
            Next::Match => MATCH,
            Next::State(next) => self.row(known, next)?,
        };
        self.write(usize::from(state) + usize::from(class), next);
        Some(next)
    }

    /// The row of a state, made if there is none. `None` if there are too many states.
    fn row(&self, known: &mut Known, state: State) -> Option<u16> {
        if let Some(&row) = known.rows.get(&state) {
            return u16::try_from(row).ok();
        }
        let row = (known.states.len() + 1) * self.width();
        let name = u16::try_from(row).ok().filter(|_| row + self.width() <= LONGEST)?;
        if row >= self.table().len() {
            let next = self.tables.iter().position(|table| table.get().is_none())?;
            let old = self.table().iter().map(|cell| AtomicU16::new(cell.load(Ordering::Relaxed)));
            let rest = (ROWS[next] * self.width()).min(LONGEST) - self.table().len();
            let table = old.chain((0..rest).map(|_| AtomicU16::new(UNKNOWN))).collect();
            self.tables[next].get_or_init(|| table);
        }
        self.write(row + usize::from(self.classes.end()), if state.ends { MATCH } else { DEAD });
        known.states.push(state.clone());
        known.rows.insert(state, row);
        Some(name)
    }

    /// Writes into all tables that have both the cell and the row that it names. Who reads the name of a row finds written what its state means
    /// at the end of a text.
    fn write(&self, cell: usize, next: u16) {
        for table in self.tables.iter().filter_map(OnceLock::get) {
            if let Some(cell) = table.get(cell).filter(|_| usize::from(next) < table.len()) {
                cell.store(next, Ordering::Release);
            }
        }
    }
}

/// A pattern as two, each with half of the alternatives, if it is a choice behind or before nothing but words and runs of characters.
fn halves(hir: &Hir) -> Option<[Hir; 2]> {
    match hir.kind() {
        HirKind::Alternation(parts) => {
            let (first, second) = parts.split_at(parts.len() / 2);
            Some([first, second].map(|half| Hir::alternation(half.to_vec())))
        }
        HirKind::Concat(parts) => {
            let at = parts.iter().position(|part| matches!(part.kind(), HirKind::Alternation(_)))?;
            let plain = parts.iter().enumerate().all(|(place, part)| place == at || is_plain(part));
            let with = |half: Hir| Hir::concat([&parts[..at], &[half], &parts[at + 1..]].concat());
            plain.then(|| halves(&parts[at])).flatten().map(|both| both.map(with))
        }
        _ => None,
    }
}

fn is_plain(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Repetition(repetition) => matches!(repetition.sub.kind(), HirKind::Literal(_) | HirKind::Class(_)),
        kind => matches!(kind, HirKind::Look(_) | HirKind::Literal(_) | HirKind::Class(_)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use regex::Regex;

    const PATTERNS: [&str; 20] = [
        "あい",
        "^(?:あ|いう)",
        "(?:あ|いう)$",
        "^(?:あ|いう)*$",
        "あ[^う]{0,3}い",
        "あ[^う]{0,3}い$",
        "[^う]{2,4}(?:い|$)",
        "(?:あ|い){2}う",
        "う?あ+い*[a-zあ]",
        "^$",
        "$",
        "い|^う|a$",
        "(?:あい){0,2}うい?$",
        "[ア-ン𠮟]{1,2}あ",
        "(?:^|う)あ(?:い|$)",
        ".あ.",
        "(?m)^[あい]*う",
        "(?m)^a?あ+[いう]*$",
        "(?m)[^a]い$",
        "う(?m:^)|あ\n(?m:^)い",
    ];

    proptest! {
        #[test]
        fn it_says_what_a_search_says(texts in prop::collection::vec("[あいうa𠮟ア\n]{0,9}", 1..20)) {
            for pattern in PATTERNS {
                let (regex, machine) = (Regex::new(pattern).unwrap(), Machine::new(&regex_syntax::parse(pattern).unwrap()).unwrap());
                for text in &texts {
                    prop_assert_eq!(machine.is_match(text), Some(regex.is_match(text)), "{}: {}", pattern, text);
                }
            }
        }
    }

    #[test]
    fn a_choice_too_large_for_one_is_two() {
        let words: Vec<String> =
            (0..300_u32).map(|at| ["あ", "い"][at as usize % 2].to_owned() + &char::from_u32(0x4e00 + at).unwrap().to_string()).collect();
        for pattern in [words.join("|"), format!("^う?(?:{})$", words.join("|"))] {
            let (regex, hir) = (Regex::new(&pattern).unwrap(), regex_syntax::parse(&pattern).unwrap());
            let machines = Machine::all(&hir).unwrap();
            assert_eq!((Machine::new(&hir).is_none(), machines.len()), (true, 2));
            for text in ["う", "いい", &words[0], &words[299], &format!("う{}", words[151]), "あ丁", "い丁"] {
                assert_eq!(machines.iter().any(|machine| machine.is_match(text).unwrap()), regex.is_match(text), "{text}");
            }
        }
    }

    #[test]
    fn what_it_cannot_say_it_leaves() {
        for pattern in ["(?m)^あ$い", r"\bあ", "[あ-ん]{7000}"] {
            assert!(Machine::all(&regex_syntax::parse(pattern).unwrap()).is_none(), "{pattern}");
        }
        // So many states that it gives up.
        let machine = Machine::new(&regex_syntax::parse("(?:あ|い)*あ(?:あ|い){20}う").unwrap()).unwrap();
        let text: String = (0..30_000_u32)
            .map(|at| if at.wrapping_mul(at).wrapping_mul(at).wrapping_mul(2_654_435_769) >> 31 == 0 { 'あ' } else { 'い' })
            .collect();
        assert_eq!(machine.is_match(&text), None);
    }

    #[test]
    fn a_window_behind_a_word_takes_few_states() {
        let machine = Machine::new(&regex_syntax::parse("あ[^。]{0,60}い").unwrap()).unwrap();
        let text: String = (0..30_000_u32).map(|at| if at.wrapping_mul(2_654_435_769) >> 30 == 0 { 'あ' } else { 'う' }).collect();
        assert_eq!(machine.is_match(&text), Some(false));
        assert!(machine.known.lock().unwrap().states.len() <= 62);
    }
}
