//! Phrases as they are said: compiled once into pieces, so that a record only walks them.
//!
//! Phrases are written in a small part of Tera's language, with marks and alternatives:
//!
//! | source | meaning |
//! |---|---|
//! | `{{ d.discovered }}` | what stands for a [`Slot`] |
//! | `{% if police %}…{% else %}…{% endif %}` | one of two, by whether the slot stands for anything; `else` may be left out |
//! | `«重く\|厳粛に»` | alternatives, of which one is drawn, also within each other; a bar in a mark is the mark's |
//!
//! A test renders every phrase with Tera as well and compares.

use crate::draw::Draw;
use crate::view::{Scope, Slot};

const CHOICE_OPEN: char = '«';
const CHOICE_CLOSE: char = '»';
const MARK_OPEN: char = '⟦';
const MARK_CLOSE: char = '⟧';
const BAR: char = '|';

/// A compiled phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Template(Vec<Piece>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Slot(Slot),
    If { slot: Slot, then: Vec<Piece>, otherwise: Vec<Piece> },
    Choice(Vec<Vec<Piece>>),
}

/// What ends a stretch of pieces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Text,
    Else,
    EndIf,
    Bar,
    Choice,
}

impl Template {
    /// The message says what cannot be read.
    pub(crate) fn parse(source: &str) -> Result<Template, String> {
        let mut parser = Parser { rest: source };
        match parser.pieces(false)? {
            (pieces, End::Text) => Ok(Template(pieces)),
            (_, end) => Err(format!("{end:?} without its beginning, before `{}`", parser.rest)),
        }
    }

    /// Writes the phrase, one of each of its alternatives. The error is a slot that stands for nothing here.
    pub(crate) fn say(&self, scope: &Scope<'_>, draw: &mut Draw, out: &mut String) -> Result<(), Slot> {
        say(&self.0, scope, draw, out)
    }
}

fn say(pieces: &[Piece], scope: &Scope<'_>, draw: &mut Draw, out: &mut String) -> Result<(), Slot> {
    for piece in pieces {
        match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Slot(slot) => match scope.template(*slot) {
                Some(template) => say(&template.0, scope, draw, out)?,
                None => scope.write(*slot, out).ok_or(*slot)?,
            },
            Piece::If { slot, then, otherwise } => say(if scope.has(*slot) { then } else { otherwise }, scope, draw, out)?,
            Piece::Choice(alternatives) => say(draw.pick(alternatives.as_slice()).as_slice(), scope, draw, out)?,
        }
    }
    Ok(())
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
                return Ok((pieces, End::Text));
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
                    None if tag == "endif" => End::EndIf,
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
                    BAR if in_choice && marks == 0 => End::Bar,
                    _ => {
                        marks += i32::from(c == MARK_OPEN) - i32::from(c == MARK_CLOSE);
                        text.push(c);
                        continue;
                    }
                }
            };
            flush(&mut text, &mut pieces);
            return Ok((pieces, end));
        }
    }

    fn branches(&mut self, slot: Slot) -> Result<Piece, String> {
        let (then, mut end) = self.pieces(false)?;
        let mut otherwise = Vec::new();
        if end == End::Else {
            (otherwise, end) = self.pieces(false)?;
        }
        if end == End::EndIf { Ok(Piece::If { slot, then, otherwise }) } else { Err(format!("{end:?} instead of `endif`")) }
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

fn flush(text: &mut String, pieces: &mut Vec<Piece>) {
    if !text.is_empty() {
        pieces.push(Piece::Text(std::mem::take(text)));
    }
}
