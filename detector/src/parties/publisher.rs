//! Who publishes a text or announces in it, where its name has no form of its own or is shortened.

use super::common::is_common;
use super::{ALIASES, Candidate, MANY, PATTERNS};
use crate::gates::Gates;
use crate::patterns::{self, Pattern};

/// Who announces in the press, named without a legal form.
pub(super) fn announcers(text: &str, found: &mut Vec<Candidate>) {
    for name in PATTERNS.announcer.captures_iter(text).filter_map(|captures| captures.iter().skip(1).flatten().next()).take(ALIASES) {
        if !PATTERNS.no_announcer.is_match(name.as_str()) && !PATTERNS.press_common.is_match(name.as_str()) && !is_common(name.as_str()) {
            let name = (name.as_str().to_owned(), name.start(), name.end());
            found.push(Candidate {
                name: name.0,
                start: name.1,
                end: name.2,
                breached: 4,
                vendor: 0,
                investigator: 0,
                alone: false,
                listed: false,
            });
        }
    }
}

/// The line of a letter's head that names its sender, where the name tells nothing of what it is: 「あけぼの航空」 over the title.
pub(super) fn letterhead(text: &str, found: &mut Vec<Candidate>) {
    let head = &text[..patterns::prefix(text, LETTERHEAD)];
    let mut lines = Vec::new();
    let mut start = 0;
    for line in head.split_inclusive('\n') {
        let name = line.trim();
        if !name.is_empty() {
            lines.push((start + line.len() - line.trim_start().len(), name));
        }
        start += line.len();
    }
    let lines = &lines[..lines.len().min(HEAD_LINES)];
    if !lines.iter().any(|(_, line)| PATTERNS.letter_title.is_match(line))
        || !(PATTERNS.own_word.is_match(text) || lines.iter().any(|(_, line)| PATTERNS.incident_title.is_match(line)))
    {
        return;
    }
    let named = |line: &&(usize, &str)| {
        PATTERNS.letter_name.is_match(line.1)
            && !PATTERNS.no_letter_name.is_match(office(line.1))
            && !PATTERNS.no_organisation.is_match(line.1)
            && !is_common(line.1)
    };
    if let Some(&(start, line)) = lines.iter().find(named) {
        found.push(signed(line, start));
    }
}

/// Who signs at the foot: 「以上」 or a day over the name, or who holds an office under it.
pub(super) fn signature(text: &str, found: &mut Vec<Candidate>) {
    let from = patterns::suffix(text, FOOT);
    let mut lines = Vec::new();
    let mut start = from;
    for line in text[from..].split_inclusive('\n') {
        let name = line.trim();
        if !name.is_empty() {
            lines.push((start + line.len() - line.trim_start().len(), name));
        }
        start += line.len();
    }
    for index in (1..lines.len()).rev().take(FOOT_LINES) {
        let (start, line) = lines[index];
        let dated = PATTERNS.day_before.find(line).map_or(0, |day| day.end());
        let name = &line[dated..];
        let closes = dated > 0 || PATTERNS.closes.is_match(lines[index - 1].1);
        let officer = || lines.get(index + 1).is_some_and(|next| PATTERNS.officer.is_match(next.1));
        if (closes || officer())
            && PATTERNS.letter_name.is_match(name)
            && !PATTERNS.no_letter_name.is_match(name)
            && !PATTERNS.no_organisation.is_match(name)
            && !is_common(name)
            && !PATTERNS.person.is_match(name)
        {
            found.push(signed(name, start + dated));
            return;
        }
    }
}

/// A line without the office that stands behind a name.
fn office(line: &str) -> &str {
    line.find(' ').filter(|&at| PATTERNS.headed.is_match(&line[at..])).map_or(line, |at| &line[..at])
}

/// Who greets: 「いつもA屋をご利用いただき…」.
pub(super) fn greeter(text: &str, gates: &Gates<'_>, found: &mut Vec<Candidate>) {
    let head = &text[..patterns::prefix(text, GREETING)];
    let captures = if gates.open(&PATTERNS.greeted) { PATTERNS.greeted.captures(head) } else { None };
    let Some(name) = captures.and_then(|found| found.get(1)) else { return };
    let own = PATTERNS.own_service.is_match(name.as_str()) || PATTERNS.no_greeted.is_match(name.as_str());
    if !own && !PATTERNS.no_organisation.is_match(name.as_str()) && !is_common(name.as_str()) {
        found.push(Candidate { alone: false, ..signed(name.as_str(), name.start()) });
    }
}

/// In characters.
const GREETING: usize = 400;

/// The name at the beginning of a line that signs.
fn signed(line: &str, start: usize) -> Candidate {
    // 「学校法人 A学園」: the form before the space is no name.
    let name = line.split(' ').next().filter(|name| *name == line || !PATTERNS.no_organisation.is_match(name)).unwrap_or(line);
    let end = start + name.len();
    Candidate { name: name.to_owned(), start, end, breached: 4, vendor: 0, investigator: 0, alone: true, listed: false }
}

/// The foot of a letter, in characters and lines.
const FOOT: usize = 300;
const FOOT_LINES: usize = 6;

/// The head of a letter has so many characters and lines at most.
const LETTERHEAD: usize = 200;
const HEAD_LINES: usize = 5;

/// The publisher with its name in another language, in the head of the text, or by the acronym that it goes by.
pub(super) fn glossed(text: &str, gates: &Gates<'_>, found: &mut Vec<Candidate>) {
    let head = &text[..patterns::prefix(text, GLOSSED)];
    let called = |pattern: &Pattern, often: usize| {
        let captures = pattern.captures(head)?;
        let (name, acronym) = (captures.get(1)?, captures.get(2)?);
        (text[acronym.end()..].matches(acronym.as_str()).take(often).count() == often).then_some(name)
    };
    // A name that is given in two languages is that of who speaks.
    let by_acronym =
        || called(&PATTERNS.acronym, CALLED).or_else(|| called(&PATTERNS.translated, 0)).or_else(|| called(&PATTERNS.acronym_head, 1));
    let own = || {
        gates
            .open(&PATTERNS.own_gloss)
            .then(|| PATTERNS.own_gloss.captures(text))??
            .get(1)
            .filter(|name| !PATTERNS.no_own_gloss.is_match(name.as_str()))
    };
    let gloss = || PATTERNS.glossed.captures(head)?.get(1).filter(|name| !name.as_str().is_ascii());
    let Some(name) = gloss().or_else(by_acronym).or_else(own) else { return };
    if PATTERNS.no_organisation.is_match(name.as_str()) {
        return;
    }
    found.retain(|one| one.end <= name.start() || one.start >= name.end());
    found.push(Candidate {
        name: name.as_str().to_owned(),
        start: name.start(),
        end: name.end(),
        breached: 8,
        vendor: 0,
        investigator: 0,
        alone: false,
        listed: false,
    });
}

/// The full name of one that a title shortens: 「北都大病院」 for 「北都大学病院」, or the name with its legal form.
pub(super) fn in_full(text: &str, candidates: &[Candidate], short: &str) -> Option<String> {
    let ends = |name: &str| (name.chars().next(), name.chars().next_back());
    let within = |name: &str| {
        let mut rest = name.chars();
        short.chars().all(|c| rest.any(|other| other == c))
    };
    let (length, title) = (short.chars().count(), text.trim_start().lines().next().unwrap_or_default().len());
    let again = candidates.iter().any(|one| one.name == short && one.start >= title);
    let board = PATTERNS.board_short.is_match(short);
    let longer = |one: &&Candidate| {
        let name = one.name.as_str();
        let formed = PATTERNS.formed.find(name).is_some_and(|form| name.len() == form.len() + short.len() && name.contains(short));
        one.vendor + one.investigator == 0
            && (formed
                || board && PATTERNS.board.is_match(name) && within(name)
                || !again
                    && one.start >= title
                    && name.chars().count() <= length + SHORTENED
                    && name.len() > short.len()
                    && ends(name) == ends(short)
                    && within(name))
    };
    candidates.iter().take(MANY).find(longer).map(|one| one.name.clone())
}

/// So many characters a title leaves out at most.
const SHORTENED: usize = 2;

/// An acronym is used so often again.
const CALLED: usize = 3;

/// In characters.
const GLOSSED: usize = 200;
