//! The roles of days by all that stands around them and by what the text says as a whole, as it was learnt ([`crate::learned`]): alone where no rule tells
//! anything, and in documents, where it is sure, beside the rules.

use std::collections::{BTreeMap, BTreeSet};

use owabi_corpora::vocabulary::DateRole;
use owabi_corpora::{PartialDate, Span};

use super::periods::is_range;
use super::roles::{Reader, Words, is_told};
use super::rows::begins_line;
use super::{ANNOUNCED, Event, PATTERNS};
use crate::dates::Found;
use crate::gist::Gist;
use crate::learned::{DATES, DATES_IN_DOCUMENTS, Learned, Stretch, Take, first, last, share, words};
use crate::patterns;
use crate::words::Meaning;

/// In hundredths of the log odds: a day without a role is given one that is likelier than not.
const GIVEN: i32 = 0;
/// A text that tells a role already tells it seldom of another day (odds of 7 to 1).
const AGAIN: i32 = 200;
/// What practice says of a day of which rules tell something else, or nothing as they know better, is believed if so much speaks for it (odds
/// of 50 to 1).
const SURE: i32 = 400;

/// The events, and those that the words around their days make likely.
pub(super) fn judge(reader: &Reader<'_, '_>, found: &[Found], mut events: Vec<Event>, gist: &Gist) -> Vec<Event> {
    let by = if gist.is_silent() { &DATES } else { &DATES_IN_DOCUMENTS };
    let weighed = by.weigh_each(|take| gist.facts(take), 0..found.len(), |index, take| around(reader, found, index, take));
    let mut days: BTreeSet<PartialDate> = events.iter().map(|event| event.date).collect();
    let places: BTreeSet<usize> = events.iter().map(|event| event.span.start).collect();
    let mut roles: BTreeSet<DateRole> = events.iter().map(|event| event.role).collect();
    let rules = events.len();
    for (index, day) in found.iter().enumerate() {
        let told = days.contains(&day.date) || places.range(day.span.range()).next().is_some();
        // Of what befell in a period of two days rules have asked; what was done in it was done from the first on.
        let ranges = |first: Option<usize>| {
            let pair = first.and_then(|first| found.get(first).zip(found.get(first + 1)));
            pair.is_some_and(|(first, last)| is_range(reader.scope.text, first, last))
        };
        if told || ranges(index.checked_sub(1)) || elsewhere(reader, day) {
            continue;
        }
        let all = DateRole::all().zip(weighed[index].iter().copied());
        let Some((role, weight)) = all.reduce(|best, next| if next.1 > best.1 { next } else { best }) else { continue };
        let again = roles.contains(&role);
        let first = || events.iter().any(|event| event.role == DateRole::Discovered && event.date < day.date);
        let befell = matches!(role, DateRole::OccurredStart | DateRole::OccurredEnd);
        // What was done was done on a day; what befell may be known by its month.
        let reach = around_words(reader, found, index);
        if role != DateRole::Published && announced(reader, day)
            || role == DateRole::Discovered && again && first()
            || befell && PATTERNS.before_then.is_match(&reader.scope.text[day.span.end..])
            || is_told(role) && reader.barred(Words::after(reach)).contains(&role)
            || weight <= if again { AGAIN } else { GIVEN }
            || befell && ranges(Some(index))
            || !befell && day.date.day.is_none()
        {
            continue;
        }
        days.insert(day.date);
        roles.insert(role);
        events.push(event(reader, found, index, role, by));
    }
    if !gist.is_silent() {
        add_sure(reader, found, &weighed, by, &mut events);
    }
    if events.len() > rules {
        events.sort_by_key(|event| event.span.start);
    }
    events
}

/// Adds the roles of which practice is sure by all places where a day stands, whatever rules tell of it. What rules tell it does not take away: that was
/// right of invented texts and wrong of real ones, whose sentences are longer.
fn add_sure(reader: &Reader<'_, '_>, found: &[Found], weighed: &[Vec<i32>], by: &'static Learned, events: &mut Vec<Event>) {
    // That a day is nowhere of a role, and where that is least likely.
    let mut never: BTreeMap<(DateRole, PartialDate), (f64, i32, usize)> = BTreeMap::new();
    for (index, (day, sums)) in found.iter().zip(weighed).enumerate().filter(|(_, (day, _))| !elsewhere(reader, day)) {
        for (role, &sum) in DateRole::all().zip(sums) {
            let (never, loudest, at) = never.entry((role, day.date)).or_insert((1.0, sum, index));
            *never *= 1.0 - share(sum);
            (*loudest, *at) = (sum, index).max((*loudest, *at));
        }
    }
    let told: BTreeSet<(DateRole, PartialDate)> = events.iter().map(|event| (event.role, event.date)).collect();
    for ((role, date), (never, _, index)) in never {
        if 1.0 - never > share(SURE) && !told.contains(&(role, date)) {
            events.push(event(reader, found, index, role, by));
        }
    }
}

/// What practice tells of a day.
fn event(reader: &Reader<'_, '_>, found: &[Found], index: usize, role: DateRole, by: &'static Learned) -> Event {
    let day = &found[index];
    let cue = by.cue(role as usize, |take| around(reader, found, index, take)).unwrap_or(day.span);
    Event { role, date: day.date, time: day.time, stage: None, span: day.span, cue, reports: false }
}

/// The words behind a day, up to the next.
fn around_words(reader: &Reader<'_, '_>, found: &[Found], index: usize) -> Span {
    let (layout, day) = (reader.scope.layout, &found[index]);
    let end = layout.sentence_at(day.span.start).map_or(day.span.end, |sentence| layout.sentences[sentence].reaching(day.span.end).end);
    let next = found.get(index + 1).map_or(end, |next| next.span.start);
    Span::new(day.span.end, next.min(end).max(day.span.end))
}

/// Whether a day is that of an announcement.
fn announced(reader: &Reader<'_, '_>, day: &Found) -> bool {
    let behind = &reader.scope.text[day.span.end..];
    let behind = &behind[..patterns::prefix(behind, ANNOUNCED)];
    PATTERNS.announcement.is_match(behind) || PATTERNS.of_report.is_match(behind)
}

/// Whether a day stands in a list of links to other matters.
fn elsewhere(reader: &Reader<'_, '_>, day: &Found) -> bool {
    let layout = reader.scope.layout;
    layout.lines[layout.line_at(day.span.start)].elsewhere
}

/// What stands around a day.
pub(super) fn around(reader: &Reader<'_, '_>, found: &[Found], index: usize, take: &mut impl Take) {
    let (text, layout) = (reader.scope.text, reader.scope.layout);
    let day = &found[index];
    let sentence = match layout.sentence_at(day.span.start) {
        Some(sentence) => layout.sentences[sentence].reaching(day.span.end),
        None => day.span,
    };
    let next = found.get(index + 1).map_or(sentence.end, |next| next.span.start).clamp(day.span.end, sentence.end.max(day.span.end));
    let previous = index.checked_sub(1).map_or(0, |previous| found[previous].span.end);
    let begin = sentence.start.max(previous).min(day.span.start);
    let behind = first(text, Span::new(day.span.end, next), BEHIND);
    let rest = first(text, Span::new(next, sentence.end.max(next)), REST);
    let before = last(text, Span::new(begin, day.span.start), BEFORE);

    let stretch = |span| Stretch::new(text, span, &[]);
    let run = stretch(behind);
    run.first(NEAR).runs(">", 1..=4, take);
    run.beginnings("|>", 4, take);
    run.last(END).runs(">|", 2..=4, take);
    stretch(rest).runs(">>", 2..=3, take);
    let run = stretch(before);
    run.runs("<", 1..=3, take);
    run.endings("<|", 5, take);
    stretch(day.span).whole("@", take);

    let line = layout.line_at(day.span.start);
    let above = line.checked_sub(1).map(|above| layout.lines[above].span);
    if let Some(above) = above.filter(|&above| patterns::prefix(&text[above.range()], SHORT_LINE) == above.len()) {
        stretch(above).runs("^", 2..=3, take);
    }
    let ends = text[day.span.end..layout.lines[line].span.end.max(day.span.end)].trim().is_empty();
    if let Some(below) = layout.lines.get(line + 1).filter(|_| ends) {
        stretch(first(text, below.span, SHORT_LINE)).runs("v", 2..=3, take);
    }
    deeds(reader, "<", before, take);
    deeds(reader, ">", behind, take);
    deeds(reader, ">>", rest, take);
    let facts = [
        ("relative", day.relative),
        ("of the document", day.of_document),
        ("to come", day.to_come),
        ("first", index == 0),
        ("last", index + 1 == found.len()),
        ("begins its line", begins_line(text, layout, day.span)),
        ("ends its line", ends),
    ];
    facts.iter().filter(|fact| fact.1).for_each(|(what, _)| take.fact(&[what], None));
    take.fact(&["line", ["1-3", "4-6", "7-9", "10-"][(line / 3).min(3)]], None);
}

/// The words of the tables in a stretch, whatever they need to count.
fn deeds(reader: &Reader<'_, '_>, tag: &str, stretch: Span, take: &mut impl Take) {
    words(reader.matches, tag, stretch, take, |meaning| match meaning {
        Meaning::Role(row) => {
            let row = &reader.lexicon.roles[row as usize];
            Some([if row.before { "label" } else { "deed" }, row.role.id()])
        }
        Meaning::Cue(concept) => Some(["cue", concept.into()]),
        _ => None,
    });
}

/// In characters: what follows a day up to the next; its verb may stand far behind.
const BEHIND: usize = 200;
/// In characters: what stands right behind it.
const NEAR: usize = 60;
/// In characters: how what follows it ends.
const END: usize = 24;
/// In characters: what follows the next day in the sentence.
const REST: usize = 50;
/// In characters.
const BEFORE: usize = 32;
/// In characters: longer lines tell of something themselves.
const SHORT_LINE: usize = 40;
