//! Skeleton, phrases and style into one marked text.

use crate::archive;
use crate::draw::Draw;
use crate::exhibits::Exhibit;
use crate::facts::Facts;
use crate::phrases::{Bank, Said, SlotId};
use crate::skeleton::{self, Place};
use crate::style::{self, Style};
use crate::view::{Scope, View, Word};

/// A marked text and what it was made of.
pub(crate) struct Composed {
    pub(crate) marked: String,
    /// Its title, marked; empty where it has none.
    pub(crate) title: String,
    /// Such as `ec_skimming/3`.
    pub(crate) skeleton: &'static str,
    pub(crate) phrases: Vec<Said>,
}

/// A paragraph before it is laid out.
struct Piece {
    place: Place,
    text: String,
}

/// Walks a skeleton of the facts' kind and says each slot.
pub(crate) fn compose(view: &View<'_>, style: &Style, bank: &Bank, draw: &mut Draw) -> Composed {
    let facts = view.facts;
    let (kind, flags) = (facts.kind, &facts.flags);
    let skeleton = skeleton::draw(kind, bank.split, draw);
    // The cause as a noun, for phrases that speak of it in passing.
    let noun = bank.pick(kind, SlotId::of("cause_noun"), flags, &[], draw);
    let cause = noun.map(|said| (Word::CauseLong, bank.say(said, &Scope::of(view, &[]), draw)));
    let given: Vec<(Word, &str)> = cause.iter().map(|(word, text)| (*word, text.as_str())).collect();
    let scope = Scope::of(view, &given);
    let mut speaker = Speaker { bank, facts, draw, phrases: noun.into_iter().collect(), last: String::new() };
    let mut pieces: Vec<Piece> = Vec::with_capacity(skeleton.blocks.len());
    let left_out = archive::left_out(facts);
    let mut title = String::new();
    let mut said: Vec<(&str, String)> = Vec::new();
    for block in &skeleton.blocks {
        let (place, slot) = (block.place, block.slot);
        let wanted = speaker.draw.percent(block.percent);
        if !wanted || !block.when.holds(flags) || left_out.clone().any(|left| left == slot) {
            continue;
        }
        match place {
            Place::EachGroup => {
                // Of each group the same phrase is said, although it was said before.
                let groups = 0..view.groups();
                let phrase = if groups.is_empty() { None } else { bank.pick(kind, block.id, flags, &[], speaker.draw) };
                for (group, phrase) in groups.zip(std::iter::repeat(phrase)) {
                    let text = phrase.and_then(|phrase| speaker.say(phrase, &scope.of_group(group), pieces.last()));
                    pieces.extend(text.map(|text| Piece { place, text }));
                }
            }
            Place::Timeline => {
                let mut days = Vec::new();
                for (role, date) in view.days() {
                    let Some(text) = speaker.pick_and_say(SlotId::of(&format!("{slot}_{role}")), &scope, pieces.last()) else { continue };
                    let mut day = String::new();
                    scope.write(date, &mut day);
                    days.push(style.day(&day, &text));
                }
                pieces.push(Piece { place, text: days.join("\n") });
            }
            Place::Sentence => {
                let Some(text) = speaker.pick_and_say(block.id, &scope, pieces.last()) else { continue };
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
                    let text = speaker.pick_and_say(SlotId::of(slot), &scope, pieces.last());
                    pieces.extend(text.map(|text| Piece { place: Place::Paragraph, text }));
                }
            }
            Place::Again => {
                let text = said.iter().rev().find(|(said, _)| *said == slot).map(|(_, text)| text.clone());
                pieces.extend(text.map(|text| Piece { place: Place::Paragraph, text }));
            }
            _ => {
                let Some(text) = speaker.pick_and_say(block.id, &scope, pieces.last()) else { continue };
                if block.comes_again {
                    said.push((slot, text.clone()));
                }
                if place == Place::Title && title.is_empty() {
                    title = text.trim().to_owned();
                    // The archive's head says it.
                    if flags.contains("archived_titleless") {
                        continue;
                    }
                }
                pieces.push(Piece { place, text });
            }
        }
    }
    let Speaker { mut phrases, draw, .. } = speaker;
    // Leaked rows stand where a phrase shows them, at the end where they must, or else in an annex.
    let shows = |piece: &Piece| !view.exhibit.is_empty() && piece.text.contains(&view.exhibit);
    match pieces.iter().position(shows) {
        Some(at) if facts.exhibit.as_ref().is_some_and(Exhibit::stands_last) => {
            let rows = pieces.remove(at);
            pieces.push(rows);
        }
        None if facts.exhibit.is_some() => {
            if let Some(annex) = bank.pick(kind, SlotId::of("annex"), flags, &phrases, draw) {
                phrases.push(annex);
                pieces.push(Piece { place: Place::Paragraph, text: bank.say(annex, &scope, draw) });
            }
        }
        _ => {}
    }
    Composed { marked: lay_out(&pieces, style, shows), title, skeleton: &skeleton.id, phrases }
}

/// Who says one phrase after the other.
struct Speaker<'a> {
    bank: &'a Bank,
    facts: &'a Facts,
    draw: &'a mut Draw,
    /// What was said so far.
    phrases: Vec<Said>,
    /// The text of the phrase said last.
    last: String,
}

impl Speaker<'_> {
    /// Draws a phrase for a slot that was not said yet, and says it.
    fn pick_and_say(&mut self, slot: Option<SlotId>, scope: &Scope<'_>, before: Option<&Piece>) -> Option<String> {
        let phrase = self.bank.pick(self.facts.kind, slot, &self.facts.flags, &self.phrases, self.draw)?;
        self.say(phrase, scope, before)
    }

    /// The phrase behind the piece `before`; `None` where nothing is left of it.
    fn say(&mut self, phrase: Said, scope: &Scope<'_>, before: Option<&Piece>) -> Option<String> {
        self.phrases.push(phrase);
        let mut text = self.bank.say(phrase, scope, self.draw);
        let leaning = leaning(&text, before, &self.last).len();
        self.last.clone_from(&text);
        text.truncate(text.trim_end().len());
        text.drain(..leaning);
        (!text.trim_start().is_empty()).then_some(text)
    }
}

/// The leading 「なお、」 of a text where it would lean on nothing: under a heading, or after one that leans alike.
fn leaning<'t>(text: &'t str, before: Option<&Piece>, last: &str) -> &'t str {
    let headed = before.is_none_or(|piece| matches!(piece.place, Place::Heading(_)));
    let leans = |word: &&String| text.starts_with(word.as_str());
    let alike = |word: &str| last.starts_with(word) || before.is_some_and(|piece| piece.text.starts_with(word));
    match style::connectives().iter().find(leans) {
        Some(word) if headed || alike(word) => &text[..word.len()],
        _ => "",
    }
}

/// Numbers the headings that head something, and parts paragraphs as the style has it; those that `shows` picks, which show leaked
/// rows, keep their lines.
fn lay_out(pieces: &[Piece], style: &Style, shows: impl Fn(&Piece) -> bool) -> String {
    let mut out = String::with_capacity(pieces.iter().map(|piece| piece.text.len() + 16).sum());
    let (mut first, mut second) = (0, 0);
    let mut before: Option<Place> = None;
    for (index, piece) in pieces.iter().enumerate() {
        if let Place::Heading(level) = piece.place {
            let empty = match pieces.get(index + 1).map(|next| next.place) {
                None => true,
                Some(Place::Heading(next)) => next <= level,
                Some(_) => false,
            };
            if empty {
                continue;
            }
        }
        if let Some(before) = before {
            let head = before == Place::Line && piece.place == Place::Line;
            let headed = matches!(before, Place::Heading(_)) && !style.airy;
            out.push_str(if head || headed || (!style.airy && !matches!(piece.place, Place::Heading(1))) { "\n" } else { "\n\n" });
        }
        match piece.place {
            Place::Heading(1) => {
                (first, second) = (first + 1, 0);
                out.push_str(&style.heading(1, first));
            }
            Place::Heading(level) => {
                second += 1;
                out.push_str(&style.heading(level, second));
            }
            // Lists keep to the left margin.
            Place::Paragraph if !piece.text.starts_with(style.bullet) => out.push_str(style.indent),
            Place::Title => out.push_str(style.title),
            _ => {}
        }
        let wraps = style.wrapped && piece.place == Place::Paragraph && !piece.text.starts_with(style.bullet) && !shows(piece);
        if wraps {
            wrapped(&piece.text, &mut out);
        } else {
            out.push_str(&piece.text);
        }
        before = Some(piece.place);
    }
    out
}

/// How long a line is before a comma ends it, in characters.
const CLAUSE: usize = 13;

/// Writes a paragraph whose lines end behind its sentences and longer clauses, but never within a mark.
fn wrapped(text: &str, out: &mut String) {
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
}
