//! Phrases as they are said: compiled once into pieces, so that a record only walks them.
//!
//! Phrases are written in a small part of Tera's language, with marks and alternatives:
//!
//! | source | meaning |
//! |---|---|
//! | `{{ d.discovered }}` | what stands for a [`Slot`] |
//! | `{% if police %}…{% else %}…{% endif %}` | one of two, by whether the slot stands for anything; `else` may be left out |
//! | `«重く\|厳粛に»` | alternatives, of which one is drawn, also within each other; a bar in a mark is the mark's |
//! | `⟦漏えい\|cause:loss!⟧` | words under a mark, as `owabi_corpora::markup` writes them, with one label, which may hold slots |
//!
//! A test renders every phrase with Tera as well and compares.

use owabi_corpora::markup::Label;

use crate::draft::Draft;
use crate::draw::Draw;
use crate::slot::Slot;
use crate::view::Scope;

const CHOICE_OPEN: char = '«';
const CHOICE_CLOSE: char = '»';
const MARK_OPEN: char = '⟦';
const MARK_CLOSE: char = '⟧';
const BAR: char = '|';

/// Compiled phrases, one behind the other: their steps in one list and their literal text in one string, as few fetches as can be.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Templates {
    steps: Vec<Step>,
    text: String,
    /// Where in the text the alternatives of choices among words stand.
    words: Vec<(u32, u16)>,
    labels: Vec<Label>,
}

/// One of them: where its steps are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Template {
    start: u32,
    end: u32,
}

/// How a voice ends its sentences: a phrase that stands by itself.
#[derive(Debug, Clone)]
pub(crate) struct Ending(Templates, Template);

/// One step, in eight bytes: phrases lie far apart, and what is small is fetched sooner. Steps follow each other; the numbers of `otherwise`, `to` and `end` are places of other steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// So many bytes of the text.
    Text {
        start: u32,
        length: u16,
    },
    /// One of `count` words, which stand together from `first` on: most alternatives are words alone.
    Words {
        first: u32,
        count: u16,
    },
    Slot(Slot),
    /// Where words under a mark begin, and where they end, with a label.
    Open,
    Close {
        label: u32,
    },
    /// The same, but its steps up to `end` write the label.
    CloseAs {
        end: u32,
    },
    /// Goes on with what follows, or `otherwise`.
    If {
        slot: Slot,
        otherwise: u32,
    },
    /// One of the jumps that follow, of which each leads to an alternative.
    Choice {
        alternatives: u32,
    },
    Jump {
        to: u32,
    },
}

/// A phrase as it is read.
enum Piece {
    Text(String),
    Slot(Slot),
    Open,
    Close(Label),
    CloseAs(Vec<Piece>),
    If { slot: Slot, then: Vec<Piece>, otherwise: Vec<Piece> },
    Choice(Vec<Vec<Piece>>),
}

/// What ends a stretch of pieces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Text,
    Else,
    /// `endif`.
    Fi,
    Bar,
    Choice,
}

impl Templates {
    /// Compiles a phrase and adds it. The message says what cannot be read.
    pub(crate) fn parse(&mut self, source: &str) -> Result<Template, String> {
        let mut parser = Parser { rest: source };
        let (pieces, end) = parser.pieces(false)?;
        if end != End::Text {
            return Err(format!("{end:?} without its beginning, before `{}`", parser.rest));
        }
        let start = self.here();
        self.add(&pieces);
        Ok(Template { start, end: self.here() })
    }

    fn add(&mut self, pieces: &[Piece]) {
        for piece in pieces {
            let at = self.steps.len();
            match piece {
                Piece::Text(text) => {
                    let (start, length) = self.literal(text);
                    self.steps.push(Step::Text { start, length });
                }
                Piece::Slot(slot) => self.steps.push(Step::Slot(*slot)),
                Piece::Open => self.steps.push(Step::Open),
                Piece::Close(label) => {
                    self.steps.push(Step::Close { label: self.labels.len() as u32 });
                    self.labels.push(label.clone());
                }
                Piece::CloseAs(pieces) => {
                    // Written again when it is known where its steps end; so below.
                    self.steps.push(Step::Open);
                    self.add(pieces);
                    self.steps[at] = Step::CloseAs { end: self.here() };
                }
                Piece::If { slot, then, otherwise } => {
                    self.steps.push(Step::Slot(*slot));
                    self.add(then);
                    let over = (!otherwise.is_empty()).then(|| self.jump());
                    self.steps[at] = Step::If { slot: *slot, otherwise: self.here() };
                    self.add(otherwise);
                    self.land(over);
                }
                Piece::Choice(alternatives) if alternatives.iter().all(|pieces| words(pieces).is_some()) => {
                    self.steps.push(Step::Words { first: self.words.len() as u32, count: short(alternatives.len()) });
                    for text in alternatives.iter().filter_map(|pieces| words(pieces)) {
                        let text = self.literal(text);
                        self.words.push(text);
                    }
                }
                Piece::Choice(alternatives) => {
                    self.steps.push(Step::Choice { alternatives: alternatives.len() as u32 });
                    let begins: Vec<usize> = alternatives.iter().map(|_| self.jump()).collect();
                    let mut ends = Vec::new();
                    for (begin, pieces) in begins.into_iter().zip(alternatives) {
                        self.land([begin]);
                        self.add(pieces);
                        ends.push(self.jump());
                    }
                    self.land(ends);
                }
            }
        }
    }

    /// Adds words to the text and tells their place in it.
    fn literal(&mut self, text: &str) -> (u32, u16) {
        let start = self.text.len() as u32;
        self.text.push_str(text);
        (start, short(text.len()))
    }

    fn put(&self, (start, length): (u32, u16), out: &mut Draft) {
        out.text.push_str(&self.text[start as usize..start as usize + usize::from(length)]);
    }

    /// Adds a jump that is still to land, and tells its place.
    fn jump(&mut self) -> usize {
        self.steps.push(Step::Jump { to: 0 });
        self.steps.len() - 1
    }

    /// Makes jumps lead to what is added next.
    fn land(&mut self, jumps: impl IntoIterator<Item = usize>) {
        let to = self.here();
        jumps.into_iter().for_each(|jump| self.steps[jump] = Step::Jump { to });
    }

    fn here(&self) -> u32 {
        self.steps.len() as u32
    }

    /// Writes a phrase, one of each of its alternatives. The error is a slot that stands for nothing here.
    pub(crate) fn say(&self, phrase: Template, scope: &Scope<'_>, draw: &mut Draw, out: &mut Draft) -> Result<(), Slot> {
        self.walk(phrase.start, phrase.end, scope, draw, out)
    }

    fn walk(&self, mut at: u32, end: u32, scope: &Scope<'_>, draw: &mut Draw, out: &mut Draft) -> Result<(), Slot> {
        while at < end {
            match self.steps[at as usize] {
                Step::Text { start, length } => self.put((start, length), out),
                Step::Words { first, count } => self.put(self.words[first as usize + draw.below(count.into()) as usize], out),
                Step::Open => out.open(),
                Step::Close { label } => out.close(self.labels[label as usize].clone()),
                Step::CloseAs { end } => {
                    let mut written = Ok(());
                    let label = out.apart(|out| written = self.walk(at + 1, end, scope, draw, out));
                    written?;
                    // What slots of labels stand for are statuses and days, which can be read.
                    label.parse::<Label>().into_iter().for_each(|label| out.close(label));
                    at = end;
                    continue;
                }
                Step::Slot(slot) => match scope.ending(slot) {
                    Some(ending) => ending.say(scope, draw, out)?,
                    None => scope.write(slot, out).ok_or(slot)?,
                },
                Step::If { slot, otherwise } => {
                    if !scope.has(slot, out) {
                        at = otherwise;
                        continue;
                    }
                }
                Step::Choice { alternatives } => at += draw.below(alternatives.into()) as u32,
                Step::Jump { to } => {
                    at = to;
                    continue;
                }
            }
            at += 1;
        }
        Ok(())
    }
}

impl Ending {
    /// The message says what cannot be read.
    pub(crate) fn parse(source: &str) -> Result<Ending, String> {
        let mut templates = Templates::default();
        let ending = templates.parse(source)?;
        Ok(Ending(templates, ending))
    }

    pub(crate) fn say(&self, scope: &Scope<'_>, draw: &mut Draw, out: &mut Draft) -> Result<(), Slot> {
        self.0.say(self.1, scope, draw, out)
    }
}

struct Parser<'s> {
    rest: &'s str,
}

impl<'s> Parser<'s> {
    /// Pieces up to what ends them; bars are text outside of choices and inside of marks.
    fn pieces(&mut self, in_choice: bool) -> Result<(Vec<Piece>, End), String> {
        let (mut pieces, mut text, mut marks) = (Vec::new(), String::new(), 0);
        loop {
            let Some(c) = self.rest.chars().next() else {
                flush(&mut text, &mut pieces);
                return if marks == 0 { Ok((pieces, End::Text)) } else { Err(format!("a mark is not closed by `{MARK_CLOSE}`")) };
            };
            let end = if let Some(slot) = self.tag("{{", "}}")? {
                flush(&mut text, &mut pieces);
                pieces.push(Piece::Slot(Slot::parse(slot)?));
                continue;
            } else if let Some(tag) = self.tag("{%", "%}")? {
                match tag.strip_prefix("if ") {
                    Some(slot) => {
                        flush(&mut text, &mut pieces);
                        let slot = Slot::parse(slot)?;
                        pieces.push(self.branches(slot)?);
                        continue;
                    }
                    None if tag == "else" => End::Else,
                    None if tag == "endif" => End::Fi,
                    None => return Err(format!("`{tag}` is no part of this language")),
                }
            } else {
                self.rest = &self.rest[c.len_utf8()..];
                match c {
                    CHOICE_OPEN => {
                        flush(&mut text, &mut pieces);
                        pieces.push(self.choice()?);
                        continue;
                    }
                    CHOICE_CLOSE => End::Choice,
                    MARK_OPEN => {
                        marks += 1;
                        flush(&mut text, &mut pieces);
                        pieces.push(Piece::Open);
                        continue;
                    }
                    BAR if marks > 0 => {
                        marks -= 1;
                        flush(&mut text, &mut pieces);
                        pieces.push(self.label()?);
                        continue;
                    }
                    BAR if in_choice => End::Bar,
                    MARK_CLOSE => return Err(format!("`{MARK_CLOSE}` without a label")),
                    _ => {
                        text.push(c);
                        continue;
                    }
                }
            };
            flush(&mut text, &mut pieces);
            return if marks == 0 { Ok((pieces, end)) } else { Err(format!("{end:?} within a mark")) };
        }
    }

    /// The label of a mark, behind its bar.
    fn label(&mut self) -> Result<Piece, String> {
        let (label, rest) = self.rest.split_once(MARK_CLOSE).ok_or_else(|| format!("a mark is not closed by `{MARK_CLOSE}`"))?;
        self.rest = rest;
        if !label.contains('{') {
            return label.parse().map(Piece::Close).map_err(|error| format!("`{label}`: {error}"));
        }
        Ok(Piece::CloseAs(Parser { rest: label }.pieces(false)?.0))
    }

    fn branches(&mut self, slot: Slot) -> Result<Piece, String> {
        let (then, mut end) = self.pieces(false)?;
        let mut otherwise = Vec::new();
        if end == End::Else {
            (otherwise, end) = self.pieces(false)?;
        }
        if end == End::Fi { Ok(Piece::If { slot, then, otherwise }) } else { Err(format!("{end:?} instead of `endif`")) }
    }

    fn choice(&mut self) -> Result<Piece, String> {
        let mut alternatives = Vec::new();
        loop {
            let (pieces, end) = self.pieces(true)?;
            alternatives.push(pieces);
            match end {
                End::Bar => {}
                End::Choice => return Ok(Piece::Choice(alternatives)),
                end => return Err(format!("{end:?} instead of `{CHOICE_CLOSE}`")),
            }
        }
    }

    /// What stands in a tag that begins here, without the spaces around it.
    fn tag(&mut self, open: &str, close: &str) -> Result<Option<&'s str>, String> {
        let Some(inside) = self.rest.strip_prefix(open) else { return Ok(None) };
        let (inside, rest) = inside.split_once(close).ok_or_else(|| format!("`{open}` without `{close}`"))?;
        self.rest = rest;
        Ok(Some(inside.trim()))
    }
}

/// No phrase is longer, nor has more alternatives.
fn short(length: usize) -> u16 {
    u16::try_from(length).expect("two bytes tell the length of any phrase")
}

/// What an alternative says without any slot, mark or choice of its own.
fn words(pieces: &[Piece]) -> Option<&str> {
    match pieces {
        [] => Some(""),
        [Piece::Text(text)] => Some(text),
        _ => None,
    }
}

fn flush(text: &mut String, pieces: &mut Vec<Piece>) {
    if !text.is_empty() {
        pieces.push(Piece::Text(std::mem::take(text)));
    }
}
