//! Skeleton, phrases and style into one text with signs.

use std::sync::LazyLock;

use crate::archive;
use crate::draft::{CLOSE, DAY, Draft, OPEN, Spelling};
use crate::draw::{Draw, Key};
use crate::exhibits::Exhibit;
use crate::facts::Facts;
use crate::flags::Flag;
use crate::phrases::{Bank, Said, SlotId};
use crate::skeleton::Place;
use crate::slot::Word;
use crate::style::{self, Style};
use crate::view::{Scope, View};

/// Longer than most texts with their signs, in bytes.
const LONG: usize = 16 << 10;

/// Longer than most heads in an archive, and than most of what stands between two pieces.
const HEAD: usize = 512;
const GAP: usize = 24;

/// A text and what it was made of.
pub(crate) struct Composed {
    /// As it stands in the archive, if it does; with the signs of its draft.
    pub(crate) text: String,
    /// The phrase of its head in the archive.
    pub(crate) head: Option<Said>,
    /// Such as `ec_skimming/3`.
    pub(crate) skeleton: &'static str,
    pub(crate) phrases: Vec<Said>,
}

/// A paragraph before it is laid out: where it stands in what was said.
#[derive(Clone, Copy)]
struct Piece {
    place: Place,
    start: usize,
    end: usize,
}

/// Walks a skeleton of the facts' kind and says each slot. The draft keeps what the text's signs mean. `head` is the key of the head in an
/// archive, for documents that may have one.
pub(crate) fn compose(view: &View<'_>, style: &Style, bank: &Bank, head: Option<&Key>, draw: &mut Draw, draft: &mut Draft) -> Composed {
    let facts = view.facts;
    let (kind, flags) = (facts.kind, &facts.flags);
    let skeleton = *draw.pick(bank.skeletons(kind));
    draft.reserve(LONG);
    // The cause as a noun, for phrases that speak of it in passing.
    let noun = bank.pick(kind, *CAUSE_NOUN, flags, &[], draw);
    let cause = noun.map(|said| (Word::CauseLong, bank.say(said, &Scope::of(view, &[]), draw, draft)));
    let exhibit = if view.exhibit.is_empty() { String::new() } else { draft.apart(|draft| draft.put_marked(&view.exhibit)) };
    let given: Vec<(Word, &str)> =
        cause.iter().map(|(word, text)| (*word, text.as_str())).chain([(Word::Exhibit, exhibit.as_str())]).collect();
    let scope = Scope::of(view, &given);
    let mut speaker = Speaker::new(bank, facts, draw, draft);
    speaker.phrases.extend(noun);
    // With signs; empty where there is none.
    let mut title = String::new();
    let mut said: Vec<(&str, Piece)> = Vec::new();
    for block in &skeleton.blocks {
        let (place, slot) = (block.place, block.slot);
        let wanted = speaker.draw.percent(block.percent.into());
        if !wanted || !block.when.holds(flags) || block.left_out.is_some_and(|flag| flags.has(flag)) {
            continue;
        }
        match place {
            Place::EachGroup => {
                // Of each group the same phrase is said, although it was said before.
                let groups = 0..view.groups();
                let phrase = if groups.is_empty() { None } else { bank.pick(kind, block.id, flags, &[], speaker.draw) };
                for (group, phrase) in groups.zip(std::iter::repeat(phrase)) {
                    let piece = phrase.and_then(|phrase| speaker.say(phrase, place, &scope.of_group(group)));
                    speaker.pieces.extend(piece);
                }
            }
            Place::Timeline => {
                let mut days = Vec::new();
                for (day, date) in view.days() {
                    let Some(piece) = speaker.pick_and_say(block.listed[day].1, false, place, &scope) else { continue };
                    let day = speaker.draft.apart(|draft| _ = scope.write(date, draft));
                    days.push(style.day(&day, speaker.text(&piece)));
                }
                let piece = speaker.add(place, &days.join("\n"));
                speaker.pieces.push(piece);
            }
            Place::Sentence => {
                let Some(piece) = speaker.pick_and_say(block.id, block.asks_alone, Place::Paragraph, &scope) else { continue };
                // After a list, or what is no sentence, a sentence begins a paragraph of its own.
                match speaker.pieces.last().copied() {
                    Some(last) if last.place == Place::Paragraph && is_prose(speaker.text(&last)) => {
                        let joined = speaker.join(&last, &piece);
                        speaker.pieces.pop();
                        speaker.pieces.push(joined);
                    }
                    _ => speaker.pieces.push(piece),
                }
            }
            Place::InOrder => {
                let mut slots = block.listed.clone();
                slots.sort_by_key(|(slot, _)| facts.timeline.day_told(slot));
                for (_, slot) in slots {
                    let piece = speaker.pick_and_say(slot, false, Place::Paragraph, &scope);
                    speaker.pieces.extend(piece);
                }
            }
            Place::Again => {
                let piece = said.iter().rev().find(|(said, _)| *said == slot).map(|(_, piece)| *piece);
                speaker.pieces.extend(piece.map(|piece| Piece { place: Place::Paragraph, ..piece }));
            }
            _ => {
                let Some(piece) = speaker.pick_and_say(block.id, block.asks_alone, place, &scope) else { continue };
                if block.comes_again {
                    said.push((slot, piece));
                }
                if place == Place::Title && title.is_empty() {
                    title = speaker.text(&piece).trim().to_owned();
                    // The archive's head says it.
                    if flags.has(Flag::ArchivedTitleless) {
                        continue;
                    }
                }
                speaker.pieces.push(piece);
            }
        }
    }
    // Leaked rows stand where a phrase shows them, at the end where they must, or else in an annex.
    let shows = |piece: &Piece, said: &str| !exhibit.is_empty() && said[piece.start..piece.end].contains(&exhibit);
    match speaker.pieces.iter().position(|piece| shows(piece, &speaker.draft.text)) {
        Some(at) if facts.exhibit.as_ref().is_some_and(Exhibit::stands_last) => {
            let rows = speaker.pieces.remove(at);
            speaker.pieces.push(rows);
        }
        None if facts.exhibit.is_some() => {
            if let Some(annex) = bank.pick(kind, SlotId::of("annex"), flags, &speaker.phrases, speaker.draw) {
                speaker.phrases.push(annex);
                let start = speaker.draft.text.len();
                bank.write(annex, &scope, speaker.draw, speaker.draft);
                speaker.pieces.push(Piece { place: Place::Paragraph, start, end: speaker.draft.text.len() });
            }
        }
        _ => {}
    }
    let Speaker { pieces, phrases, .. } = speaker;
    let archived = flags.has(Flag::Archived);
    let mut text = String::with_capacity(HEAD + pieces.iter().map(|piece| piece.end - piece.start + GAP).sum::<usize>());
    let head = head.filter(|_| archived).and_then(|key| archive::head(&title, view, key, bank, draft, &mut text));
    lay_out(&pieces, draft, style, archived, |piece| shows(piece, &draft.text), &mut text);
    Composed { text, head, skeleton: &skeleton.id, phrases }
}

static CAUSE_NOUN: LazyLock<Option<SlotId>> = LazyLock::new(|| SlotId::of("cause_noun"));

/// Who says one phrase after the other.
struct Speaker<'a> {
    bank: &'a Bank,
    facts: &'a Facts,
    draw: &'a mut Draw,
    /// Everything that was said, in the order of being said.
    draft: &'a mut Draft,
    /// What of it will be laid out.
    pieces: Vec<Piece>,
    phrases: Vec<Said>,
    /// With which connective the phrase said last began.
    leant: Option<&'static str>,
}

impl<'a> Speaker<'a> {
    fn new(bank: &'a Bank, facts: &'a Facts, draw: &'a mut Draw, draft: &'a mut Draft) -> Speaker<'a> {
        Speaker { bank, facts, draw, draft, pieces: Vec::with_capacity(64), phrases: Vec::with_capacity(64), leant: None }
    }

    fn text(&self, piece: &Piece) -> &str {
        &self.draft.text[piece.start..piece.end]
    }

    /// Draws a phrase for a slot that was not said yet, and says it. Of a slot that is asked for `alone` none was.
    fn pick_and_say(&mut self, slot: Option<SlotId>, alone: bool, place: Place, scope: &Scope<'_>) -> Option<Piece> {
        let before = if alone { &[] } else { &self.phrases[..] };
        let phrase = self.bank.pick(self.facts.kind, slot, &self.facts.flags, before, self.draw)?;
        self.say(phrase, place, scope)
    }

    /// The phrase behind the last piece; `None` where nothing is left of it.
    fn say(&mut self, phrase: Said, place: Place, scope: &Scope<'_>) -> Option<Piece> {
        self.phrases.push(phrase);
        let start = self.draft.text.len();
        self.bank.write(phrase, scope, self.draw, self.draft);
        let leans = style::connective(&self.draft.text[start..]);
        let leant = std::mem::replace(&mut self.leant, leans);
        self.draft.text.truncate(self.draft.text.trim_end().len().max(start));
        // A leading 「なお、」 would lean on nothing under a heading, or after one that leans alike.
        let before = self.pieces.last();
        let headed = before.is_none_or(|piece| matches!(piece.place, Place::Heading(_)));
        if let Some(word) = leans
            && (headed || leant == leans || before.is_some_and(|piece| self.text(piece).starts_with(word)))
        {
            self.draft.text.drain(start..(start + word.len()).min(self.draft.text.len()));
        }
        let piece = Piece { place, start, end: self.draft.text.len() };
        (!self.text(&piece).trim_start().is_empty()).then_some(piece)
    }

    /// What no phrase says.
    fn add(&mut self, place: Place, text: &str) -> Piece {
        let start = self.draft.text.len();
        self.draft.text.push_str(text);
        Piece { place, start, end: self.draft.text.len() }
    }

    /// A piece with what was said last behind it.
    fn join(&mut self, piece: &Piece, last: &Piece) -> Piece {
        if piece.end == last.start {
            return Piece { end: last.end, ..*piece };
        }
        // Something was said between them that is not laid out.
        let start = self.draft.text.len();
        self.draft.text.extend_from_within(piece.start..piece.end);
        self.draft.text.extend_from_within(last.start..last.end);
        Piece { place: piece.place, start, end: self.draft.text.len() }
    }
}

/// Whether another sentence can follow on the line.
fn is_prose(text: &str) -> bool {
    !text.contains('\n') && text.ends_with(['。', '!', '?', '！', '？'])
}

/// Numbers the headings that head something, and parts paragraphs as the style has it; those that `shows` picks, which show leaked
/// rows, keep their lines. An archive has no wide spaces.
fn lay_out(pieces: &[Piece], draft: &Draft, style: &Style, archived: bool, shows: impl Fn(&Piece) -> bool, out: &mut String) {
    let said = &draft.text;
    let put = |text: &str, out: &mut String| if archived { archive::half_width(text, out) } else { out.push_str(text) };
    let (mut first, mut second) = (0, 0);
    let mut before: Option<Place> = None;
    for (index, piece) in pieces.iter().enumerate() {
        let text = &said[piece.start..piece.end];
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
        before = Some(piece.place);
        match piece.place {
            Place::Heading(1) => {
                (first, second) = (first + 1, 0);
                put(style.heading(1, first), out);
            }
            Place::Heading(level) => {
                second += 1;
                put(style.heading(level, second), out);
            }
            // Lists keep to the left margin.
            Place::Paragraph if !text.starts_with(style.bullet) => {
                put(style.indent, out);
                if style.wrapped && !shows(piece) {
                    let mut lines = String::with_capacity(text.len() + GAP);
                    wrapped(text, draft, &mut lines);
                    put(&lines, out);
                    continue;
                }
            }
            Place::Title => put(style.title, out),
            _ => {}
        }
        put(text, out);
    }
}

/// How long a line is before a comma ends it, in characters.
const CLAUSE: usize = 13;

/// How long a day is taken to be, which is spelled later, and how much longer where it is spelled in a way of its own.
const DAY_LONG: [usize; 2] = [12, 1];

/// Writes a paragraph whose lines end behind its sentences and longer clauses, but never within a mark.
fn wrapped(text: &str, draft: &Draft, out: &mut String) {
    let (mut marks, mut column) = (0, 0);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        out.push(c);
        match c {
            OPEN => marks += 1,
            CLOSE => {
                marks -= 1;
                out.extend(chars.next());
            }
            DAY => {
                let number = chars.next();
                out.extend(number);
                let own = number.and_then(|number| draft.day_of(number)).is_some_and(|(spelling, _)| spelling != Spelling::Short);
                column += DAY_LONG[0] + if own { DAY_LONG[1] } else { 0 };
            }
            '\n' => column = 0,
            _ => column += 1,
        }
        let end = c == '。' || c == '、' && column >= CLAUSE;
        if end && marks == 0 && chars.peek().is_some_and(|next| !matches!(next, '\n' | '」' | '』' | ')' | '）')) {
            out.push('\n');
            column = 0;
        }
    }
}
