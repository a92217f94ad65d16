//! A pattern as the steps of an automaton over characters.

use super::tree::{Repeat, Tree};

/// Where the pattern may be after what has been read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct State {
    /// The steps that wait for a character: ascending, or what goes before first.
    steps: Vec<u32>,
    /// Whether it is a match if the text ends here.
    pub(super) ends: bool,
    /// Whether it is a match that ends here, of a search that looks for more.
    pub(super) matched: bool,
}

impl State {
    /// A number that is the same for the same states, and mostly another for others.
    pub(super) fn key(&self) -> u64 {
        let begin = u64::from(self.ends) | u64::from(self.matched) << 1;
        self.steps.iter().fold(begin, |key, &step| (key.rotate_left(5) ^ u64::from(step)).wrapping_mul(0x517c_c1b7_2722_0a95))
    }
}

/// What a machine is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ask {
    /// Whether there is a match anywhere.
    Any,
    /// Where the match ends that begins where the text is read from: of several the one that a search of regular expressions takes.
    Here,
}

pub(super) enum Next {
    Dead,
    Match,
    State(State),
}

/// A pattern as steps.
pub(super) struct Program {
    ask: Ask,
    steps: Vec<Step>,
    /// The characters that steps wait for, by their numbers in trees.
    pub(super) sets: Vec<u16>,
    /// The place of each of them there, from 1; 0 of others.
    known: Vec<u32>,
    /// So many repetitions have been added.
    runs: u32,
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
    /// The first one goes before.
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

/// … nor one that is read from one place: that leads to few of its states.
const LARGEST_HERE: usize = 20_000;

/// One with more sets of characters would have too many classes of them, as one that holds all surnames.
const MOST_SETS: usize = 500;

/// No run.
const ALONE: u32 = 0;

/// What stands before a place.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Before {
    Nothing,
    LineBreak,
    Other,
}

/// Which steps have been seen, and which are still to be: lists that need not be made each time.
#[derive(Default)]
pub(super) struct Seen {
    /// In which round each was seen last, with the text to end there and without.
    rounds: Vec<[u32; 2]>,
    round: u32,
    /// Steps with whether the text has to end there. The last one goes first.
    open: Vec<(u32, bool)>,
}

/// What can be reached without reading a character.
#[derive(Default)]
struct Reached {
    steps: Vec<u32>,
    matched: bool,
    ends: bool,
}

impl Program {
    /// `None` of what is too large, or asked of what looks at lines where that would not do.
    pub(super) fn new(tree: &Tree, backwards: bool, ask: Ask) -> Option<Program> {
        let mut program = Program {
            ask,
            steps: vec![Step::Matched],
            sets: Vec::new(),
            known: Vec::new(),
            runs: ALONE,
            start: 0,
            anywhere: Reached::default(),
            on_line: Reached::default(),
            line_break: None,
            backwards,
        };
        program.start = program.add(tree, 0)?;
        program.known = Vec::new();
        if ask == Ask::Any {
            let mut seen = Seen::default();
            program.anywhere = program.reach([program.start], Before::Other, &mut seen);
            program.on_line = program.reach([program.start], Before::LineBreak, &mut seen);
        }
        Some(program)
    }

    /// Adds the steps of a part that goes on to `next`, and tells where they begin.
    fn add(&mut self, tree: &Tree, next: u32) -> Option<u32> {
        Some(match tree {
            Tree::Empty => next,
            Tree::Start | Tree::End if (*tree == Tree::Start) != self.backwards => self.push(Step::Begins(next))?,
            Tree::Start | Tree::End => self.push(Step::Ends(next))?,
            Tree::StartOfLine(line_break) if !self.backwards && self.ask == Ask::Any => {
                // So that it is known where lines begin.
                let read = self.chars(*line_break, next, (ALONE, 0))?;
                let Step::Chars { set, .. } = self.steps[read as usize] else { return None };
                self.line_break = Some(set);
                self.push(Step::BeginsLine(next))?
            }
            // Nothing comes behind the end of a line: there is a match, whether the line break is read or not.
            Tree::EndOfLine(line_break)
                if !self.backwards && self.ask == Ask::Any && matches!(self.steps[next as usize], Step::Matched) =>
            {
                let (read, end) = (self.chars(*line_break, next, (ALONE, 0))?, self.push(Step::Ends(next))?);
                self.push(Step::Either(read, end))?
            }
            Tree::StartOfLine(_) | Tree::EndOfLine(_) => return None,
            // What is read last comes first.
            Tree::Word(sets) if self.backwards => sets.iter().try_fold(next, |next, &set| self.chars(set, next, (ALONE, 0)))?,
            Tree::Word(sets) => sets.iter().rev().try_fold(next, |next, &set| self.chars(set, next, (ALONE, 0)))?,
            Tree::Set(set) => self.chars(*set, next, (ALONE, 0))?,
            Tree::Concat(parts) if self.backwards => parts.iter().try_fold(next, |next, part| self.add(part, next))?,
            Tree::Concat(parts) => parts.iter().rev().try_fold(next, |next, part| self.add(part, next))?,
            Tree::Either(parts) => {
                let mut begin = None;
                for part in parts.iter().rev() {
                    let here = self.add(part, next)?;
                    begin = Some(match begin {
                        None => here,
                        Some(after) => self.push(Step::Either(here, after))?,
                    });
                }
                begin?
            }
            Tree::Repeat(repeat) => self.repeat(repeat, next)?,
        })
    }

    fn repeat(&mut self, repeat: &Repeat, next: u32) -> Option<u32> {
        let sub = &repeat.sub;
        let either = |once: u32, next: u32| if repeat.greedy { Step::Either(once, next) } else { Step::Either(next, once) };
        let mut begin = match repeat.max {
            // What comes first where nothing is read again and again is a question of its own.
            None if self.ask == Ask::Here && sub.may_be_empty() => return None,
            None => {
                let again = self.push(Step::Either(next, next))?;
                let once = self.add(sub, again)?;
                self.steps[again as usize] = either(once, next);
                again
            }
            Some(max) => {
                self.runs += 1;
                let run = self.runs;
                let mut more = next;
                for place in (0..max.saturating_sub(repeat.min)).rev() {
                    let once = match sub {
                        Tree::Set(set) => self.chars(*set, more, (run, u32::from(place)))?,
                        _ => self.add(sub, more)?,
                    };
                    more = self.push(either(once, next))?;
                }
                more
            }
        };
        for _ in 0..repeat.min {
            begin = self.add(sub, begin)?;
        }
        Some(begin)
    }

    fn chars(&mut self, set: u16, next: u32, (run, place): (u32, u32)) -> Option<u32> {
        let sets = &mut self.sets;
        if sets.len() > MOST_SETS {
            return None;
        }
        let number = usize::from(set);
        if number >= self.known.len() {
            self.known.resize(number + 1, 0);
        }
        if self.known[number] == 0 {
            sets.push(set);
            self.known[number] = sets.len() as u32;
        }
        let set = self.known[number] - 1;
        self.push(Step::Chars { set, next, run, place })
    }

    fn push(&mut self, step: Step) -> Option<u32> {
        let place = self.steps.len();
        self.steps.push(step);
        let most = if self.ask == Ask::Any { LARGEST } else { LARGEST_HERE };
        (place < most).then_some(place as u32)
    }

    /// Before the first character.
    pub(super) fn begin(&self, before: Before) -> Next {
        self.next(self.reach([self.start], before, &mut Seen::default()))
    }

    /// Behind a character, of which is known to which sets it belongs.
    pub(super) fn step(&self, state: &State, sets: &[u64], seen: &mut Seen) -> Next {
        let has = |set: u32| sets[set as usize / 64] & 1 << (set % 64) != 0;
        let next = |&step: &u32| match self.steps[step as usize] {
            Step::Chars { set, next, .. } if has(set) => Some(next),
            _ => None,
        };
        let on_line = self.line_break.is_some_and(has);
        let mut reached =
            self.reach(state.steps.iter().rev().filter_map(next), if on_line { Before::LineBreak } else { Before::Other }, seen);
        let begun = if on_line { &self.on_line } else { &self.anywhere };
        reached.steps.extend(&begun.steps);
        reached.matched |= begun.matched;
        reached.ends |= begun.ends;
        self.next(reached)
    }

    fn next(&self, mut reached: Reached) -> Next {
        if self.ask == Ask::Here {
            let Reached { steps, ends, matched } = reached;
            return if steps.is_empty() && !ends && !matched { Next::Dead } else { Next::State(State { steps, ends, matched }) };
        }
        if reached.matched {
            return Next::Match;
        }
        let run = |step: &u32| match self.steps[*step as usize] {
            Step::Chars { run, place, .. } if run != ALONE => Some((run, place)),
            _ => None,
        };
        let mut lowest: Vec<(u32, u32)> = reached.steps.iter().filter_map(run).collect();
        lowest.sort_unstable();
        lowest.dedup_by_key(|(run, _)| *run);
        reached.steps.retain(|step| run(step).is_none_or(|place| lowest.binary_search(&place).is_ok()));
        reached.steps.sort_unstable();
        reached.steps.dedup();
        // On the next line it may begin anew.
        match reached.steps.is_empty() && !reached.ends && self.line_break.is_none() {
            true => Next::Dead,
            false => Next::State(State { steps: reached.steps, ends: reached.ends, matched: false }),
        }
    }

    /// In the order in which a search of regular expressions prefers them, `from` from the last on; what comes behind a match is not looked for.
    fn reach(&self, from: impl IntoIterator<Item = u32>, before: Before, seen: &mut Seen) -> Reached {
        let mut reached = Reached::default();
        seen.begin(self.steps.len());
        seen.open.clear();
        seen.open.extend(from.into_iter().map(|step| (step, false)));
        while let Some((step, ends)) = seen.open.pop() {
            if seen.before(step, ends) {
                continue;
            }
            match self.steps[step as usize] {
                Step::Chars { .. } if ends => {}
                Step::Chars { .. } => reached.steps.push(step),
                Step::Either(one, other) => seen.open.extend([(other, ends), (one, ends)]),
                Step::Begins(next) if before == Before::Nothing => seen.open.push((next, ends)),
                Step::BeginsLine(next) if before != Before::Other => seen.open.push((next, ends)),
                Step::Begins(_) | Step::BeginsLine(_) => {}
                Step::Ends(next) => seen.open.push((next, true)),
                Step::Matched if ends => reached.ends = true,
                Step::Matched => {
                    reached.matched = true;
                    break;
                }
            }
        }
        reached
    }
}

impl Seen {
    fn begin(&mut self, steps: usize) {
        self.rounds.resize(steps, [0; 2]);
        self.round = self.round.wrapping_add(1);
        if self.round == 0 {
            self.rounds.fill([0; 2]);
            self.round = 1;
        }
    }

    /// Whether a step has been seen in this round.
    fn before(&mut self, step: u32, ends: bool) -> bool {
        std::mem::replace(&mut self.rounds[step as usize][usize::from(ends)], self.round) == self.round
    }
}
