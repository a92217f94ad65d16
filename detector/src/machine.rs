//! Whether a text matches a pattern, and no more: asked thousands of times a document, mostly of a few words.
//!
//! An automaton over characters, whose states are made when a text first leads to them. Once the first documents have been read, an
//! answer costs one look into a table a character, and nothing to begin with. A general search of regular expressions spends most of its time
//! on getting ready, and reads every byte of a character.
//!
//! The tables only ever gain entries, so that any number of threads reads them at once; whoever finds one missing adds it under a lock.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use regex_syntax::hir::{Class, Hir, HirKind, Look, Repetition};

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

/// Where the pattern may be after what has been read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct State {
    /// The steps that wait for a character, ascending.
    steps: Vec<u32>,
    /// Whether it is a match if the text ends here.
    ends: bool,
}

enum Next {
    Dead,
    Match,
    State(State),
}

/// A pattern as steps.
struct Program {
    steps: Vec<Step>,
    /// The characters that steps wait for.
    sets: Vec<Vec<(char, char)>>,
    start: u32,
    /// What waits wherever a match may begin, and where a line does.
    anywhere: Reached,
    on_line: Reached,
    /// The set of the line break, if that matters.
    line_break: Option<u32>,
    backwards: bool,
}

#[derive(Debug, Clone, Copy)]
enum Step {
    /// A character of a set. Of several steps of one run only that with the lowest place has to be kept: it may go on as the others may, and longer.
    Chars {
        set: u32,
        next: u32,
        run: u32,
        place: u32,
    },
    Either(u32, u32),
    /// Only before the first character that is read.
    Begins(u32),
    /// There, or behind a line break.
    BeginsLine(u32),
    /// Only behind the last one.
    Ends(u32),
    Matched,
}

/// A pattern of more steps is no machine.
const LARGEST: usize = 6_000;

/// One with more sets of characters would have too many classes of them, as one that holds all surnames.
const MOST_SETS: usize = 500;

/// No run.
const ALONE: u32 = 0;

const LINE_BREAK: [(char, char); 1] = [('\n', '\n')];

/// What stands before a place.
#[derive(Clone, Copy, PartialEq)]
enum Before {
    Nothing,
    LineBreak,
    Other,
}

/// What can be reached without reading a character.
#[derive(Default)]
struct Reached {
    steps: Vec<u32>,
    matched: bool,
    ends: bool,
}

impl Program {
    fn new(hir: &Hir, backwards: bool) -> Option<Program> {
        let (anywhere, on_line) = (Reached::default(), Reached::default());
        let mut program =
            Program { steps: vec![Step::Matched], sets: Vec::new(), start: 0, anywhere, on_line, line_break: None, backwards };
        let mut known = BTreeMap::new();
        let mut runs = ALONE;
        program.start = program.add(hir, 0, &mut known, &mut runs)?;
        program.anywhere = program.reach(&[program.start], Before::Other);
        program.on_line = program.reach(&[program.start], Before::LineBreak);
        Some(program)
    }

    /// Adds the steps of a part that goes on to `next`, and tells where they begin.
    fn add(&mut self, hir: &Hir, next: u32, known: &mut BTreeMap<Vec<(char, char)>, u32>, runs: &mut u32) -> Option<u32> {
        Some(match hir.kind() {
            HirKind::Empty => next,
            HirKind::Look(look) => match (look, self.backwards) {
                (Look::Start, false) | (Look::End, true) => self.push(Step::Begins(next))?,
                (Look::Start, true) | (Look::End, false) => self.push(Step::Ends(next))?,
                (Look::StartLF, false) => {
                    // So that it is known where lines begin.
                    let read = self.chars(LINE_BREAK.to_vec(), next, (ALONE, 0), known)?;
                    let Step::Chars { set, .. } = self.steps[read as usize] else { return None };
                    self.line_break = Some(set);
                    self.push(Step::BeginsLine(next))?
                }
                // Nothing comes behind the end of a line: there is a match, whether the line break is read or not.
                (Look::EndLF, false) if matches!(self.steps[next as usize], Step::Matched) => {
                    let (read, end) = (self.chars(LINE_BREAK.to_vec(), next, (ALONE, 0), known)?, self.push(Step::Ends(next))?);
                    self.push(Step::Either(read, end))?
                }
                _ => return None,
            },
            HirKind::Literal(literal) => {
                let text = std::str::from_utf8(&literal.0).ok()?;
                let mut chars: Vec<char> = text.chars().collect();
                if !self.backwards {
                    chars.reverse();
                }
                chars.into_iter().try_fold(next, |next, c| self.chars(vec![(c, c)], next, (ALONE, 0), known))?
            }
            HirKind::Class(class) => {
                let ranges = ranges(class)?;
                self.chars(ranges, next, (ALONE, 0), known)?
            }
            HirKind::Capture(capture) => self.add(&capture.sub, next, known, runs)?,
            HirKind::Concat(parts) => {
                // What is read last comes first.
                let mut parts: Vec<&Hir> = parts.iter().collect();
                if !self.backwards {
                    parts.reverse();
                }
                parts.into_iter().try_fold(next, |next, part| self.add(part, next, known, runs))?
            }
            HirKind::Alternation(parts) => {
                let mut begin = None;
                for part in parts {
                    let here = self.add(part, next, known, runs)?;
                    begin = Some(match begin {
                        None => here,
                        Some(before) => self.push(Step::Either(before, here))?,
                    });
                }
                begin?
            }
            HirKind::Repetition(repetition) => self.repeat(repetition, next, known, runs)?,
        })
    }

    fn repeat(&mut self, repetition: &Repetition, next: u32, known: &mut BTreeMap<Vec<(char, char)>, u32>, runs: &mut u32) -> Option<u32> {
        let sub = &repetition.sub;
        let mut begin = match repetition.max {
            None => {
                let again = self.push(Step::Either(next, next))?;
                let once = self.add(sub, again, known, runs)?;
                self.steps[again as usize] = Step::Either(once, next);
                again
            }
            Some(max) => {
                let class = if let HirKind::Class(class) = sub.kind() { Some(ranges(class)?) } else { None };
                *runs += 1;
                let run = *runs;
                let mut more = next;
                for place in (0..max.saturating_sub(repetition.min)).rev() {
                    let once = match &class {
                        Some(class) => self.chars(class.clone(), more, (run, place), known)?,
                        None => self.add(sub, more, known, runs)?,
                    };
                    more = self.push(Step::Either(once, next))?;
                }
                more
            }
        };
        for _ in 0..repetition.min {
            begin = self.add(sub, begin, known, runs)?;
        }
        Some(begin)
    }

    fn chars(
        &mut self,
        ranges: Vec<(char, char)>,
        next: u32,
        (run, place): (u32, u32),
        known: &mut BTreeMap<Vec<(char, char)>, u32>,
    ) -> Option<u32> {
        let sets = &mut self.sets;
        if sets.len() > MOST_SETS {
            return None;
        }
        let set = *known.entry(ranges).or_insert_with_key(|ranges| {
            sets.push(ranges.clone());
            sets.len() as u32 - 1
        });
        self.push(Step::Chars { set, next, run, place })
    }

    fn push(&mut self, step: Step) -> Option<u32> {
        let place = self.steps.len();
        self.steps.push(step);
        (place < LARGEST).then_some(place as u32)
    }

    /// Before the first character.
    fn begin(&self) -> Next {
        self.next(self.reach(&[self.start], Before::Nothing))
    }

    /// Behind a character, of which is known to which sets it belongs.
    fn step(&self, state: &State, sets: &[u64]) -> Next {
        let has = |set: u32| sets[set as usize / 64] & 1 << (set % 64) != 0;
        let next = |&step: &u32| match self.steps[step as usize] {
            Step::Chars { set, next, .. } if has(set) => Some(next),
            _ => None,
        };
        let next: Vec<u32> = state.steps.iter().filter_map(next).collect();
        let on_line = self.line_break.is_some_and(has);
        let mut reached = self.reach(&next, if on_line { Before::LineBreak } else { Before::Other });
        let begun = if on_line { &self.on_line } else { &self.anywhere };
        reached.steps.extend(&begun.steps);
        reached.matched |= begun.matched;
        reached.ends |= begun.ends;
        self.next(reached)
    }

    fn next(&self, mut reached: Reached) -> Next {
        if reached.matched {
            return Next::Match;
        }
        let mut lowest: BTreeMap<u32, u32> = BTreeMap::new();
        for &step in &reached.steps {
            if let Step::Chars { run, place, .. } = self.steps[step as usize]
                && run != ALONE
            {
                lowest.entry(run).and_modify(|lowest| *lowest = place.min(*lowest)).or_insert(place);
            }
        }
        let counts = |step: &u32| match self.steps[*step as usize] {
            Step::Chars { run, place, .. } => run == ALONE || lowest.get(&run) == Some(&place),
            _ => false,
        };
        reached.steps.retain(counts);
        reached.steps.sort_unstable();
        reached.steps.dedup();
        // On the next line it may begin anew.
        match reached.steps.is_empty() && !reached.ends && self.line_break.is_none() {
            true => Next::Dead,
            false => Next::State(State { steps: reached.steps, ends: reached.ends }),
        }
    }

    fn reach(&self, from: &[u32], before: Before) -> Reached {
        let mut reached = Reached::default();
        // Each step with whether the text has to end there, and which of them have been seen.
        let mut open: Vec<(u32, bool)> = from.iter().map(|&step| (step, false)).collect();
        let mut seen = vec![[false; 2]; self.steps.len()];
        while let Some((step, ends)) = open.pop() {
            if std::mem::replace(&mut seen[step as usize][usize::from(ends)], true) {
                continue;
            }
            match self.steps[step as usize] {
                Step::Chars { .. } if ends => {}
                Step::Chars { .. } => reached.steps.push(step),
                Step::Either(one, other) => open.extend([(one, ends), (other, ends)]),
                Step::Begins(next) if before == Before::Nothing => open.push((next, ends)),
                Step::BeginsLine(next) if before != Before::Other => open.push((next, ends)),
                Step::Begins(_) | Step::BeginsLine(_) => {}
                Step::Ends(next) => open.push((next, true)),
                Step::Matched if ends => reached.ends = true,
                Step::Matched => reached.matched = true,
            }
        }
        reached
    }
}

fn ranges(class: &Class) -> Option<Vec<(char, char)>> {
    match class {
        Class::Unicode(class) => Some(class.iter().map(|range| (range.start(), range.end())).collect()),
        Class::Bytes(_) => None,
    }
}

/// Classes of characters: those of one class stand in the same sets.
struct Classes {
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
    /// `None` if there are too many.
    fn new(sets: &[Vec<(char, char)>]) -> Option<Classes> {
        // Where which set begins or ends.
        let mut turns: Vec<(u32, usize)> = Vec::new();
        for (set, ranges) in sets.iter().enumerate() {
            turns.extend(ranges.iter().flat_map(|&(start, end)| [(u32::from(start), set), (u32::from(end) + 1, set)]));
        }
        turns.sort_unstable();
        let mut known: BTreeMap<Vec<u64>, u8> = BTreeMap::new();
        let mut starts: Vec<(u32, u8)> = Vec::new();
        let mut inside = vec![0_u64; sets.len() / 64 + 1];
        let mut turns = turns.into_iter().peekable();
        let mut at = 0;
        loop {
            while let Some((_, set)) = turns.next_if(|turn| turn.0 == at) {
                inside[set / 64] ^= 1 << (set % 64);
            }
            let next = u8::try_from(known.len()).ok().filter(|&class| class < u8::MAX)?;
            let class = *known.entry(inside.clone()).or_insert(next);
            starts.push((at, class));
            match turns.peek() {
                Some(&(next, _)) => at = next,
                None => break,
            }
        }
        let mut classes =
            Classes { blocks: Box::new([0; PLANE >> BLOCK]), within: Vec::new(), starts, sets: vec![Vec::new(); known.len()] };
        known.into_iter().for_each(|(sets, class)| classes.sets[usize::from(class)] = sets);
        // Most blocks are of one class: the blocks that there are of these.
        let mut plain = [None; u8::MAX as usize];
        let mut stretch = 0;
        for block in 0..PLANE >> BLOCK {
            let chars = (block << BLOCK) as u32..((block + 1) << BLOCK) as u32;
            let next = u8::try_from(classes.within.len() >> BLOCK).ok()?;
            let goes_on = |stretch: usize, c: u32| classes.starts.get(stretch + 1).is_none_or(|next| c < next.0);
            while !goes_on(stretch, chars.start) {
                stretch += 1;
            }
            let class = classes.starts[stretch].1;
            if goes_on(stretch, chars.end - 1) {
                classes.blocks[block] = *plain[usize::from(class)].get_or_insert_with(|| {
                    classes.within.extend([class; 1 << BLOCK]);
                    next
                });
                continue;
            }
            for c in chars {
                while !goes_on(stretch, c) {
                    stretch += 1;
                }
                classes.within.push(classes.starts[stretch].1);
            }
            classes.blocks[block] = next;
        }
        Some(classes)
    }

    fn of(&self, c: char) -> u8 {
        let c = u32::from(c) as usize;
        match self.blocks.get(c >> BLOCK) {
            Some(&block) => self.within[usize::from(block) << BLOCK | c & ((1 << BLOCK) - 1)],
            None => self.starts[self.starts.partition_point(|start| start.0 as usize <= c) - 1].1,
        }
    }

    /// What the end of a text counts as.
    fn end(&self) -> u8 {
        // At least two, so that no state begins where answers stand.
        self.sets.len().max(2) as u8
    }

    fn sets(&self, class: u8) -> &[u64] {
        &self.sets[usize::from(class)]
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
