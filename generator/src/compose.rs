//! Skeleton, phrases and style into one marked text.

use std::collections::BTreeMap;

use tera::Context;

use crate::archive;
use crate::draw::Draw;
use crate::exhibits::Exhibit;
use crate::facts::Facts;
use crate::phrases::{Bank, holds};
use crate::skeleton::{self, Block, Place};
use crate::spell;
use crate::style::{self, Style};
use crate::view::View;

/// A marked text and what it was made of.
pub(crate) struct Composed {
    pub(crate) marked: String,
    /// Its title, marked; empty where it has none.
    pub(crate) title: String,
    pub(crate) skeleton: String,
    pub(crate) phrases: Vec<String>,
}

/// A paragraph before it is laid out.
struct Piece {
    place: Place,
    text: String,
}

/// Walks a skeleton of the facts' kind and says each slot.
pub(crate) fn compose(facts: &Facts, style: &Style, view: &View, bank: &Bank, draw: &mut Draw) -> Composed {
    let kind = facts.kind;
    let skeletons = skeleton::of(kind, bank.split);
    let skeleton = *draw.pick(&skeletons);
    let mut pieces: Vec<Piece> = Vec::new();
    let mut phrases = Vec::new();
    // The cause as a noun, for phrases that speak of it in passing.
    let mut context = view.context.clone();
    if let Some((id, text)) = bank.say(kind, "cause_noun", &facts.flags, &[], &context, draw) {
        phrases.push(id);
        let mut chosen = String::with_capacity(text.len());
        spell::choose(&text, draw, &mut chosen);
        context.insert("cause_long", &chosen);
    }
    let context = &context;
    let (mut last, mut title) = (String::new(), String::new());
    let mut said: BTreeMap<&str, String> = BTreeMap::new();
    for block in &skeleton.blocks {
        let Block { place, slot, flags, percent } = Block::parse(block);
        let wanted = draw.percent(percent);
        if !wanted || !flags.iter().all(|flag| holds(flag, &facts.flags)) || archive::leaves_out(facts, slot) {
            continue;
        }
        let mut say = |slot: &str, context: &Context, pieces: &[Piece], again: &mut Option<String>| {
            // Of each group the same phrase is said; any other is said once.
            let before: &[String] = if place == Place::EachGroup { &[] } else { &phrases };
            let (id, text) = match again {
                Some(id) => (id.clone(), bank.render(id, context)),
                None => bank.say(kind, slot, &facts.flags, before, context, draw)?,
            };
            phrases.push(id.clone());
            *again = Some(id);
            let mut chosen = String::with_capacity(text.len());
            spell::choose(&text, draw, &mut chosen);
            let text = unleaned(chosen.trim_end(), pieces.last(), &last).to_owned();
            last.clone_from(&chosen);
            (!text.trim().is_empty()).then_some(text)
        };
        match place {
            Place::EachGroup => {
                let mut again = None;
                for group in &view.groups {
                    let mut context = context.clone();
                    context.insert("g", group);
                    let text = say(slot, &context, &pieces, &mut again);
                    pieces.extend(text.map(|text| Piece { place, text }));
                }
            }
            Place::Timeline => {
                let mut days = Vec::new();
                for (role, date) in &view.days {
                    let Some(text) = say(&format!("{slot}_{role}"), context, &pieces, &mut None) else { continue };
                    days.push(style.day(date, &text));
                }
                pieces.push(Piece { place, text: days.join("\n") });
            }
            Place::Sentence => {
                let Some(text) = say(slot, context, &pieces, &mut None) else { continue };
                match pieces.last_mut() {
                    // After a list a sentence begins a paragraph of its own.
                    Some(last) if last.place == Place::Paragraph && !last.text.contains('\n') => last.text.push_str(&text),
                    _ => pieces.push(Piece { place: Place::Paragraph, text }),
                }
            }
            Place::InOrder => {
                let mut slots: Vec<&str> = slot.split('/').collect();
                slots.sort_by_key(|slot| facts.timeline.day_told(slot));
                for slot in slots {
                    let text = say(slot, context, &pieces, &mut None);
                    pieces.extend(text.map(|text| Piece { place: Place::Paragraph, text }));
                }
            }
            Place::Again => {
                let text = said.get(slot).cloned();
                pieces.extend(text.map(|text| Piece { place: Place::Paragraph, text }));
            }
            _ => {
                let Some(text) = say(slot, context, &pieces, &mut None) else { continue };
                said.insert(slot, text.clone());
                if place == Place::Title && title.is_empty() {
                    title = text.trim().to_owned();
                    // The archive's head says it.
                    if facts.flags.contains("archived_titleless") {
                        continue;
                    }
                }
                pieces.push(Piece { place, text });
            }
        }
    }
    // Leaked rows stand where a phrase shows them, at the end where they must, or else in an annex.
    let shows = |piece: &Piece| !view.exhibit.is_empty() && piece.text.contains(&view.exhibit);
    match pieces.iter().position(shows) {
        Some(at) if facts.exhibit.as_ref().is_some_and(Exhibit::stands_last) => {
            let rows = pieces.remove(at);
            pieces.push(rows);
        }
        None if facts.exhibit.is_some() => {
            if let Some((id, text)) = bank.say(kind, "annex", &facts.flags, &phrases, context, draw) {
                phrases.push(id);
                let mut chosen = String::with_capacity(text.len());
                spell::choose(&text, draw, &mut chosen);
                pieces.push(Piece { place: Place::Paragraph, text: chosen });
            }
        }
        _ => {}
    }
    Composed { marked: lay_out(&pieces, style, shows), title, skeleton: format!("{}/{}", kind.skeletons(), skeleton.id), phrases }
}

/// A text without a leading 「なお、」 that would lean on nothing: under a heading, or after one that leans alike.
fn unleaned<'t>(text: &'t str, before: Option<&Piece>, last: &str) -> &'t str {
    let headed = before.is_none_or(|piece| matches!(piece.place, Place::Heading(_)));
    let leans = |word: &&String| text.starts_with(word.as_str());
    let alike = |word: &str| last.starts_with(word) || before.is_some_and(|piece| piece.text.starts_with(word));
    match style::connectives().iter().find(leans) {
        Some(word) if headed || alike(word) => &text[word.len()..],
        _ => text,
    }
}

/// Numbers the headings that head something, and parts paragraphs as the style has it; those that `shows` picks, which show leaked
/// rows, keep their lines.
fn lay_out(pieces: &[Piece], style: &Style, shows: impl Fn(&Piece) -> bool) -> String {
    let mut out = String::new();
    let (mut first, mut second) = (0, 0);
    let mut before: Option<Place> = None;
    for (index, piece) in pieces.iter().enumerate() {
        let line = match piece.place {
            Place::Heading(level) => {
                let empty = match pieces.get(index + 1).map(|next| next.place) {
                    None => true,
                    Some(Place::Heading(next)) => next <= level,
                    Some(_) => false,
                };
                if empty {
                    continue;
                }
                if level == 1 {
                    (first, second) = (first + 1, 0);
                } else {
                    second += 1;
                }
                format!("{}{}", style.heading(level, if level == 1 { first } else { second }), piece.text)
            }
            // Lists keep to the left margin.
            Place::Paragraph if !piece.text.starts_with(style.bullet) => {
                let text = if style.wrapped && !shows(piece) { wrapped(&piece.text) } else { piece.text.clone() };
                format!("{}{text}", style.indent)
            }
            Place::Title => format!("{}{}", style.title, piece.text),
            _ => piece.text.clone(),
        };
        if let Some(before) = before {
            let head = before == Place::Line && piece.place == Place::Line;
            let headed = matches!(before, Place::Heading(_)) && !style.airy;
            out.push_str(if head || headed || (!style.airy && !matches!(piece.place, Place::Heading(1))) { "\n" } else { "\n\n" });
        }
        out.push_str(&line);
        before = Some(piece.place);
    }
    out
}

/// How long a line is before a comma ends it, in characters.
const CLAUSE: usize = 13;

/// A paragraph whose lines end behind its sentences and longer clauses, but never within a mark.
fn wrapped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let (mut marks, mut label, mut column) = (0, false, 0);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        out.push(c);
        match c {
            '⟦' => marks += 1,
            '⟧' => (marks, label) = (marks - 1, false),
            '|' if marks > 0 => label = true,
            '\n' => column = 0,
            _ if !label => column += 1,
            _ => {}
        }
        let end = c == '。' || c == '、' && column >= CLAUSE;
        if end && marks == 0 && chars.peek().is_some_and(|next| !matches!(next, '\n' | '」' | '』' | ')' | '）')) {
            out.push('\n');
            column = 0;
        }
    }
    out
}
