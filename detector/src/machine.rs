//! Whether a text matches a pattern, and where: asked thousands of times a document, mostly of a few words. What groups hold is not told.
//!
//! An automaton over characters, whose states are made when a text first leads to them. Once the first documents have been read, an
//! answer costs one look into a table a character, and nothing to begin with. A general search of regular expressions spends most of its time
//! on getting ready, and reads every byte of a character.
//!
//! Where a match ends that begins at a given place is told by another automaton of the same make, whose states remember what a search of
//! regular expressions prefers. It is tried at one place after the other, which a short text allows; states are few, as all that is
//! being read began at one place.
//!
//! The tables only ever gain entries, so that any number of threads reads them at once; whoever finds one missing adds it under a lock.

mod classes;
mod program;
mod tree;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use owabi_corpora::Span;

use self::classes::Classes;
use self::program::{Ask, Before, Next, Program, Seen, State};
use self::tree::Tree;
pub(crate) use self::tree::{Form, Sets};

/// A pattern, ready to be asked.
pub(crate) struct Machine {
    program: Program,
    backwards: bool,
    classes: Classes,
    /// Where to begin: a state, or an answer.
    first: u16,
    /// Where to begin behind other characters.
    later: u16,
    /// A row for each state: where it leads by each class of characters, what it means that the text ends, and whether a match ends here.
    /// States are named by where their rows begin. Each table is larger than the one before, and begins with all that stands in it.
    tables: [OnceLock<Box<[AtomicU16]>>; ROWS.len()],
    known: Mutex<Known>,
}

/// So many rows the tables have, and so many cells at most.
const ROWS: [usize; 5] = [8, 32, 128, 512, 4096];
const LONGEST: usize = 1 << 16;

// What stands in a table beside states. No state begins there, as the first row is left out.
const UNKNOWN: u16 = 0;
const DEAD: u16 = 1;
const MATCH: u16 = 2;

/// The states that there are, in the order of their rows.
struct Known {
    states: Vec<State>,
    /// The first state of each [key](State::key), by its place.
    keys: BTreeMap<u64, usize>,
    seen: Seen,
}

impl Known {
    /// The place of a state.
    fn place(&self, state: &State) -> Option<usize> {
        let &first = self.keys.get(&state.key())?;
        // Two states of one key are rare.
        if self.states[first] == *state { Some(first) } else { self.states.iter().position(|known| known == state) }
    }

    fn add(&mut self, state: State) {
        self.keys.entry(state.key()).or_insert(self.states.len());
        self.states.push(state);
    }
}

impl Machine {
    /// The machines of which one matches where a pattern does: one, or two with half of its alternatives each where it is too large for one.
    /// `sets` are those of its tree.
    pub(crate) fn all(Form { tree, backwards, .. }: &Form, sets: &[&[(char, char)]]) -> Option<Box<[Machine]>> {
        if let Some(whole) = Machine::new(tree, *backwards, Ask::Any, sets) {
            return Some([whole].into());
        }
        let [first, second] = tree.halves()?;
        Some([Machine::new(&first, *backwards, Ask::Any, sets)?, Machine::new(&second, *backwards, Ask::Any, sets)?].into())
    }

    /// The one that tells where matches are.
    pub(crate) fn finder(form: &Form, sets: &[&[(char, char)]]) -> Option<Machine> {
        Machine::new(&form.tree, false, Ask::Here, sets)
    }

    /// `None` of a pattern that is too large, or looks where it cannot.
    fn new(tree: &Tree, backwards: bool, ask: Ask, sets: &[&[(char, char)]]) -> Option<Machine> {
        let program = Program::new(tree, backwards, ask)?;
        let sets: Vec<&[(char, char)]> = program.sets.iter().map(|&set| sets[usize::from(set)]).collect();
        let classes = Classes::new(&sets)?;
        let tables = [const { OnceLock::new() }; ROWS.len()];
        let known = Mutex::new(Known { states: Vec::new(), keys: BTreeMap::new(), seen: Seen::default() });
        let mut machine = Machine { program, backwards, classes, first: DEAD, later: DEAD, tables, known };
        machine.first = machine.begin(Before::Nothing)?;
        if ask == Ask::Here {
            machine.later = machine.begin(Before::Other)?;
        }
        Some(machine)
    }

    fn begin(&self, before: Before) -> Option<u16> {
        match self.program.begin(before) {
            Next::Dead => Some(DEAD),
            Next::Match => Some(MATCH),
            Next::State(state) => self.row(&mut self.known.lock().unwrap_or_else(PoisonError::into_inner), state),
        }
    }

    /// Whether it matches anywhere in a text; `None` where that takes too many states.
    pub(crate) fn is_match(&self, text: &str) -> Option<bool> {
        if self.backwards { self.run(text.chars().rev()) } else { self.run(text.chars()) }
    }

    /// Whether matches begin where the text does, or nowhere.
    pub(crate) fn is_anchored(&self) -> bool {
        self.later == DEAD
    }

    /// The first match that begins at a place or behind it, of a [finder](Machine::finder): that which a search of regular expressions
    /// finds. `None` where that takes too many states. Every place at which a match may begin is tried: a text has to be short if that
    /// is not only its start.
    pub(crate) fn find_from(&self, text: &str, place: usize) -> Option<Option<Span>> {
        let mut start = place;
        while start == 0 || !self.is_anchored() {
            let first = if start == 0 { self.first } else { self.later };
            if let Some(length) = self.end(&text[start..], first)? {
                return Some(Some(Span::new(start, start + length)));
            }
            let Some(c) = text[start..].chars().next() else { break };
            start += c.len_utf8();
        }
        Some(None)
    }

    /// Where the match ends that begins where the text does.
    fn end(&self, text: &str, first: u16) -> Option<Option<usize>> {
        let mut end = None;
        if first == DEAD {
            return Some(end);
        }
        let mut table = self.table();
        let mut state = first;
        let (here, at_end) = (usize::from(self.classes.end()) + 1, usize::from(self.classes.end()));
        for (at, c) in text.char_indices() {
            if table[usize::from(state) + here].load(Ordering::Relaxed) == MATCH {
                end = Some(at);
            }
            state = self.follow(&mut table, state, self.classes.of(c))?;
            if state == DEAD {
                return Some(end);
            }
        }
        let ends = [here, at_end].into_iter().any(|cell| table[usize::from(state) + cell].load(Ordering::Relaxed) == MATCH);
        Some(if ends { Some(text.len()) } else { end })
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
        usize::from(self.classes.end()) + 2
    }

    /// Works out where a state leads, and writes it down. `None` if there are too many states.
    #[cold]
    fn learn(&self, state: u16, class: u8) -> Option<u16> {
        let known = &mut *self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let from = &known.states[usize::from(state) / self.width() - 1];
        let next = match self.program.step(from, self.classes.sets(class), &mut known.seen) {
            Next::Dead => DEAD,
            Next::Match => MATCH,
            Next::State(next) => self.row(known, next)?,
        };
        self.write(usize::from(state) + usize::from(class), next);
        Some(next)
    }

    /// The row of a state, made if there is none. `None` if there are too many states.
    fn row(&self, known: &mut Known, state: State) -> Option<u16> {
        if let Some(place) = known.place(&state) {
            return u16::try_from((place + 1) * self.width()).ok();
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
        self.write(row + usize::from(self.classes.end()) + 1, if state.matched { MATCH } else { DEAD });
        known.add(state);
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use regex::Regex;

    fn form(pattern: &str) -> (Option<Form>, Sets) {
        let mut sets = Sets::default();
        (Form::new(&regex_syntax::parse(pattern).unwrap(), &mut sets), sets)
    }

    fn machines(pattern: &str) -> Option<Box<[Machine]>> {
        let (form, sets) = form(pattern);
        Machine::all(&form?, &sets.slices())
    }

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
                let (regex, machines) = (Regex::new(pattern).unwrap(), machines(pattern).unwrap());
                for text in &texts {
                    prop_assert_eq!(machines[0].is_match(text), Some(regex.is_match(text)), "{}: {}", pattern, text);
                }
            }
        }

        #[test]
        fn it_finds_what_a_search_finds(texts in prop::collection::vec("[あいうa𠮟ア\n]{0,9}", 1..20)) {
            let mut finders = 0;
            for pattern in PATTERNS.iter().chain(&PREFERENCES) {
                let (form, sets) = form(pattern);
                let Some(finder) = Machine::finder(&form.unwrap(), &sets.slices()) else { continue };
                finders += 1;
                let regex = Regex::new(pattern).unwrap();
                for text in &texts {
                    let expected = regex.find(text).map(|hit| Span::from(hit.range()));
                    prop_assert_eq!(finder.find_from(text, 0), Some(expected), "{}: {}", pattern, text);
                    let later = text.chars().next().map_or(0, char::len_utf8);
                    let expected = regex.find_at(text, later).map(|hit| Span::from(hit.range()));
                    prop_assert_eq!(finder.find_from(text, later), Some(expected), "{}: {} behind its first character", pattern, text);
                }
            }
            prop_assert_eq!(finders, 28);
        }

        #[test]
        fn a_tree_is_read_as_it_was_written(place in 0..PATTERNS.len()) {
            let (form, mut code) = (form(PATTERNS[place]).0.unwrap(), Vec::new());
            form.write(&mut code);
            prop_assert_eq!(Form::read(code.into_iter()), form);
        }
    }

    /// In which it matters what goes before.
    const PREFERENCES: [&str; 12] = [
        "あ|あい",
        "あい|あ",
        "(?:い|いう|う)+?a",
        "あ.*?い",
        "あ.*い",
        "[あい]{1,3}?",
        "(?:あい??)+",
        "(?:あ|あい)(?:う|い)?",
        "^(?:[あい]{0,2}|う)a?",
        "(?:あ?い??){0,3}う|い",
        "(?:う|あい??$|あ)",
        "[あいう]*?(?:a|$)",
    ];

    #[test]
    fn a_choice_too_large_for_one_is_two() {
        let words: Vec<String> =
            (0..300_u32).map(|at| ["あ", "い"][at as usize % 2].to_owned() + &char::from_u32(0x4e00 + at).unwrap().to_string()).collect();
        for pattern in [words.join("|"), format!("^う?(?:{})$", words.join("|"))] {
            let regex = Regex::new(&pattern).unwrap();
            let machines = machines(&pattern).unwrap();
            assert_eq!(machines.len(), 2);
            for text in ["う", "いい", &words[0], &words[299], &format!("う{}", words[151]), "あ丁", "い丁"] {
                assert_eq!(machines.iter().any(|machine| machine.is_match(text).unwrap()), regex.is_match(text), "{text}");
            }
        }
    }

    #[test]
    fn what_it_cannot_say_it_leaves() {
        for pattern in ["(?m)^あ$い", r"\bあ", "[あ-ん]{7000}"] {
            assert!(machines(pattern).is_none(), "{pattern}");
        }
        // So many states that it gives up.
        let machine = &machines("(?:あ|い)*あ(?:あ|い){20}う").unwrap()[0];
        let text: String = (0..30_000_u32)
            .map(|at| if at.wrapping_mul(at).wrapping_mul(at).wrapping_mul(2_654_435_769) >> 31 == 0 { 'あ' } else { 'い' })
            .collect();
        assert_eq!(machine.is_match(&text), None);
    }

    #[test]
    fn a_window_behind_a_word_takes_few_states() {
        let machine = &machines("あ[^。]{0,60}い").unwrap()[0];
        let text: String = (0..30_000_u32).map(|at| if at.wrapping_mul(2_654_435_769) >> 30 == 0 { 'あ' } else { 'う' }).collect();
        assert_eq!(machine.is_match(&text), Some(false));
        assert!(machine.known.lock().unwrap().states.len() <= 62);
    }
}
