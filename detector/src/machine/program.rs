//! A pattern as the steps of an automaton over characters.

use std::collections::BTreeMap;

use regex_syntax::hir::{Class, Hir, HirKind, Look, Repetition};

/// Where the pattern may be after what has been read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct State {
    /// The steps that wait for a character, ascending.
    steps: Vec<u32>,
    /// Whether it is a match if the text ends here.
    pub(super) ends: bool,
}

pub(super) enum Next {
    Dead,
    Match,
    State(State),
}

/// A pattern as steps.
pub(super) struct Program {
    steps: Vec<Step>,
    /// The characters that steps wait for.
    pub(super) sets: Vec<Vec<(char, char)>>,
    start: u32,
    /// What waits wherever a match may begin, and where a line does.
    anywhere: Reached,
    on_line: Reached,
    /// The set of the line break, if that matters.
    line_break: Option<u32>,
    pub(super) backwards: bool,
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
    pub(super) fn new(hir: &Hir, backwards: bool) -> Option<Program> {
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
    pub(super) fn begin(&self) -> Next {
        self.next(self.reach(&[self.start], Before::Nothing))
    }

    /// Behind a character, of which is known to which sets it belongs.
    pub(super) fn step(&self, state: &State, sets: &[u64]) -> Next {
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
