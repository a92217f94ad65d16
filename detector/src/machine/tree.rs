//! A pattern as a tree of few numbers. To read a pattern off its text takes longer than all that is done with it until the first answer,
//! so the build script does it for the patterns of all tables, and writes their trees down.

use std::collections::BTreeMap;

use regex_syntax::hir::{Class, Hir, HirKind, Look};

/// A set of characters, as ranges that ascend and are apart.
pub(crate) type Ranges = Vec<(char, char)>;

/// The sets of characters of some trees, by their numbers.
#[derive(Default)]
pub(crate) struct Sets {
    pub(crate) all: Vec<Ranges>,
    known: BTreeMap<Ranges, u16>,
}

impl Sets {
    fn number(&mut self, ranges: Ranges) -> Option<u16> {
        let next = u16::try_from(self.all.len()).ok()?;
        Some(*self.known.entry(ranges).or_insert_with_key(|ranges| {
            self.all.push(ranges.clone());
            next
        }))
    }

    pub(crate) fn slices(&self) -> Vec<&[(char, char)]> {
        self.all.iter().map(Vec::as_slice).collect()
    }

    fn one(&mut self, c: char) -> Option<u16> {
        self.number(vec![(c, c)])
    }
}

/// A part of a pattern. Sets of characters are named by their numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Tree {
    /// Nothing.
    Empty,
    /// The text begins here.
    Start,
    /// The text ends here.
    End,
    /// A line begins here. The number is that of the line break.
    StartOfLine(u16),
    EndOfLine(u16),
    /// Characters of a word, one after the other.
    Word(Vec<u16>),
    Set(u16),
    Concat(Vec<Tree>),
    Either(Vec<Tree>),
    Repeat(Box<Repeat>),
}

/// `sub`, so many times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Repeat {
    pub(crate) min: u16,
    pub(crate) max: Option<u16>,
    pub(crate) greedy: bool,
    pub(crate) sub: Tree,
}

// What stands before the parts of a tree where it is written down.
const EMPTY: u16 = 0;
const START: u16 = 1;
const END: u16 = 2;
const START_OF_LINE: u16 = 3;
const END_OF_LINE: u16 = 4;
const WORD: u16 = 5;
const SET: u16 = 6;
const CONCAT: u16 = 7;
const EITHER: u16 = 8;
const REPEAT: u16 = 9;
/// How often at most, where there is no bound.
const NO_BOUND: u16 = u16::MAX;

impl Tree {
    /// `None` of a pattern that looks at the edges of words, or takes larger numbers. Whether brackets capture is left out.
    pub(crate) fn new(hir: &Hir, sets: &mut Sets) -> Option<Tree> {
        Some(match hir.kind() {
            HirKind::Empty => Tree::Empty,
            HirKind::Look(Look::Start) => Tree::Start,
            HirKind::Look(Look::End) => Tree::End,
            HirKind::Look(Look::StartLF) => Tree::StartOfLine(sets.one('\n')?),
            HirKind::Look(Look::EndLF) => Tree::EndOfLine(sets.one('\n')?),
            HirKind::Look(_) | HirKind::Class(Class::Bytes(_)) => return None,
            HirKind::Literal(literal) => {
                let word = std::str::from_utf8(&literal.0).ok()?;
                Tree::Word(word.chars().map(|c| sets.one(c)).collect::<Option<_>>()?)
            }
            HirKind::Class(Class::Unicode(class)) => {
                Tree::Set(sets.number(class.iter().map(|range| (range.start(), range.end())).collect())?)
            }
            HirKind::Capture(capture) => Tree::new(&capture.sub, sets)?,
            HirKind::Concat(parts) => Tree::Concat(parts.iter().map(|part| Tree::new(part, sets)).collect::<Option<_>>()?),
            HirKind::Alternation(parts) => Tree::Either(parts.iter().map(|part| Tree::new(part, sets)).collect::<Option<_>>()?),
            HirKind::Repetition(repetition) => {
                let max = repetition.max.map(u16::try_from).transpose().ok()?.filter(|&max| max != NO_BOUND);
                if max.is_none() && repetition.max.is_some() {
                    return None;
                }
                let (min, greedy) = (repetition.min.try_into().ok()?, repetition.greedy);
                Tree::Repeat(Box::new(Repeat { min, max, greedy, sub: Tree::new(&repetition.sub, sets)? }))
            }
        })
    }

    #[allow(dead_code, reason = "only the build script writes")]
    pub(crate) fn write(&self, code: &mut Vec<u16>) {
        match self {
            Tree::Empty => code.push(EMPTY),
            Tree::Start => code.push(START),
            Tree::End => code.push(END),
            Tree::StartOfLine(set) => code.extend([START_OF_LINE, *set]),
            Tree::EndOfLine(set) => code.extend([END_OF_LINE, *set]),
            Tree::Word(sets) => {
                code.extend([WORD, sets.len() as u16]);
                code.extend(sets);
            }
            Tree::Set(set) => code.extend([SET, *set]),
            Tree::Concat(parts) | Tree::Either(parts) => {
                code.extend([if matches!(self, Tree::Concat(_)) { CONCAT } else { EITHER }, parts.len() as u16]);
                parts.iter().for_each(|part| part.write(code));
            }
            Tree::Repeat(repeat) => {
                code.extend([REPEAT, repeat.min, repeat.max.unwrap_or(NO_BOUND), u16::from(repeat.greedy)]);
                repeat.sub.write(code);
            }
        }
    }

    /// Reads what [`Tree::write`] wrote.
    pub(crate) fn read(code: &mut impl Iterator<Item = u16>) -> Tree {
        let mut next = || code.next().expect("the build script wrote a whole tree");
        let kind = next();
        match kind {
            START => Tree::Start,
            END => Tree::End,
            START_OF_LINE => Tree::StartOfLine(next()),
            END_OF_LINE => Tree::EndOfLine(next()),
            WORD => {
                let length = next();
                Tree::Word((0..length).map(|_| next()).collect())
            }
            SET => Tree::Set(next()),
            CONCAT | EITHER => {
                let length = next();
                let parts = (0..length).map(|_| Tree::read(code)).collect();
                if kind == CONCAT { Tree::Concat(parts) } else { Tree::Either(parts) }
            }
            REPEAT => {
                let (min, max, greedy) = (next(), next(), next() != 0);
                Tree::Repeat(Box::new(Repeat { min, max: (max != NO_BOUND).then_some(max), greedy, sub: Tree::read(code) }))
            }
            _ => Tree::Empty,
        }
    }

    /// Whether it matches nothing, too.
    pub(super) fn may_be_empty(&self) -> bool {
        match self {
            Tree::Word(_) | Tree::Set(_) => false,
            Tree::Concat(parts) => parts.iter().all(Tree::may_be_empty),
            Tree::Either(parts) => parts.iter().any(Tree::may_be_empty),
            Tree::Repeat(repeat) => repeat.min == 0 || repeat.sub.may_be_empty(),
            _ => true,
        }
    }

    /// Two trees, each with half of the alternatives, if it is a choice behind or before nothing but words and runs of characters.
    pub(super) fn halves(&self) -> Option<[Tree; 2]> {
        match self {
            Tree::Either(parts) => {
                let (first, second) = parts.split_at(parts.len() / 2);
                Some([first, second].map(|half| Tree::Either(half.to_vec())))
            }
            Tree::Concat(parts) => {
                let at = parts.iter().position(|part| matches!(part, Tree::Either(_)))?;
                let plain = parts.iter().enumerate().all(|(place, part)| place == at || part.is_plain());
                let with = |half: Tree| Tree::Concat([&parts[..at], &[half], &parts[at + 1..]].concat());
                plain.then(|| parts[at].halves()).flatten().map(|both| both.map(with))
            }
            _ => None,
        }
    }

    fn is_plain(&self) -> bool {
        match self {
            Tree::Repeat(repeat) => matches!(repeat.sub, Tree::Word(_) | Tree::Set(_)),
            tree => !matches!(tree, Tree::Concat(_) | Tree::Either(_) | Tree::Empty),
        }
    }
}

/// A pattern for a machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Form {
    pub(crate) tree: Tree,
    /// What has to stand at the end is read from there.
    pub(crate) backwards: bool,
    /// How far from any of its words a match may reach, in bytes; `None` if that is far, or the pattern looks at what stands around a match.
    pub(crate) reach: Option<u16>,
}

/// In bytes: a pattern that reaches farther is run on the whole text.
const FARTHEST: usize = 2_000;

impl Form {
    pub(crate) fn new(hir: &Hir, sets: &mut Sets) -> Option<Form> {
        let looks = hir.properties();
        let backwards = looks.look_set_suffix().contains(Look::End) && !looks.look_set_prefix().contains(Look::Start);
        let length = looks.maximum_len().filter(|&length| length <= FARTHEST && looks.look_set().is_empty());
        Some(Form { tree: Tree::new(hir, sets)?, backwards, reach: length.and_then(|length| length.try_into().ok()) })
    }

    #[allow(dead_code, reason = "only the build script writes")]
    pub(crate) fn write(&self, code: &mut Vec<u16>) {
        code.extend([u16::from(self.backwards), self.reach.unwrap_or(NO_BOUND)]);
        self.tree.write(code);
    }

    pub(crate) fn read(mut code: impl Iterator<Item = u16>) -> Form {
        let mut next = || code.next().unwrap_or(NO_BOUND);
        let (backwards, reach) = (next() == 1, next());
        Form { backwards, reach: (reach != NO_BOUND).then_some(reach), tree: Tree::read(&mut code) }
    }
}
