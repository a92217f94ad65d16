//! The roles of days by all that stands around them and by what the text says as a whole, as it was learnt ([`crate::learned`]): alone where no rule tells
//! anything, and in documents, where it is sure, beside the rules.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use owabi_corpora::vocabulary::DateRole;
use owabi_corpora::{PartialDate, Span};

use super::periods::is_range;
use super::roles::{Reader, Words, is_told};
use super::rows::begins_line;
use super::{ANNOUNCED, Event, PATTERNS};
use crate::dates::Found;
use crate::gist::Gist;
use crate::learned::{DATES, DATES_IN_DOCUMENTS, Learned, Stretch, Take, chance, first, last, likeliest, never, words};
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
    let weighed = Weighed::new(reader, found, gist);
    let mut days: BTreeSet<PartialDate> = events.iter().map(|event| event.date).collect();
    let places: BTreeSet<usize> = events.iter().map(|event| event.span.start).collect();
    let mut roles: BTreeSet<DateRole> = events.iter().map(|event| event.role).collect();
    let rules = events.len();
    for (index, day) in found.iter().enumerate() {
        let told = days.contains(&day.date) || places.range(day.span.range()).next().is_some();
        // Of what befell in a period of two days rules have asked; what was done in it was done from the first on.
        if told || index.checked_sub(1).is_some_and(|before| weighed.begins_range(before)) || elsewhere(reader, day) {
            continue;
        }
        let Some((role, weight)) = likeliest(DateRole::all().zip(weighed.sums(index).iter().copied())) else { continue };
        let enough = if roles.contains(&role) { AGAIN } else { GIVEN };
        if weight > enough && weighed.may(index, role, &events) {
            days.insert(day.date);
            roles.insert(role);
            events.push(weighed.event(index, role));
        }
    }
    if !gist.is_silent() {
        weighed.add_sure(&mut events);
    }
    if events.len() > rules {
        events.sort_by_key(|event| event.span.start);
    }
    events
}

/// What practice makes of the days.
struct Weighed<'a, 's, 't> {
    reader: &'a Reader<'s, 't>,
    found: &'a [Found],
    by: &'static Learned,
    /// What the text says as a whole.
    known: Vec<i32>,
    /// How much speaks for each role of each day, in hundredths of the natural logarithm of the odds, when first asked.
    sums: Vec<OnceCell<Vec<i32>>>,
}

impl<'a, 's, 't> Weighed<'a, 's, 't> {
    fn new(reader: &'a Reader<'s, 't>, found: &'a [Found], gist: &Gist) -> Weighed<'a, 's, 't> {
        let by = if gist.is_silent() { &DATES } else { &DATES_IN_DOCUMENTS };
        Weighed { reader, found, by, known: by.weigh(|take| gist.facts(take)), sums: vec![OnceCell::new(); found.len()] }
    }

    fn sums(&self, index: usize) -> &[i32] {
        let around = || self.by.weigh_beside(&self.known, |take| around(self.reader, self.found, index, take));
        self.sums[index].get_or_init(around)
    }

    /// Whether a day and the next are the first and the last of a period.
    fn begins_range(&self, index: usize) -> bool {
        let pair = self.found.get(index).zip(self.found.get(index + 1));
        pair.is_some_and(|(first, last)| is_range(self.reader.scope.text, first, last))
    }

    /// Whether a day may be of a role, beside what else is told.
    fn may(&self, index: usize, role: DateRole, events: &[Event]) -> bool {
        let (reader, day) = (self.reader, &self.found[index]);
        let known = || events.iter().any(|event| event.role == DateRole::Discovered && event.date < day.date);
        let befell = matches!(role, DateRole::OccurredStart | DateRole::OccurredEnd);
        let behind = || Words::after(around_words(reader, self.found, index));
        let not = role != DateRole::Published && announced(reader, day)
            || role == DateRole::Discovered && known()
            || befell && PATTERNS.before_then.is_match(&reader.scope.text[day.span.end..])
            || befell && self.begins_range(index)
            // What was done was done on a day; what befell may be known by its month.
            || !befell && day.date.day.is_none()
            || is_told(role) && reader.barred(behind()).contains(&role);
        !not
    }

    /// Adds the roles of which practice is sure by all places where a day stands, whatever rules tell of it. What rules tell it does not take
    /// away: that was right of invented texts and wrong of real ones, whose sentences are longer.
    fn add_sure(&self, events: &mut Vec<Event>) {
        let mut places: BTreeMap<(DateRole, PartialDate), Vec<usize>> = BTreeMap::new();
        for (index, day) in self.found.iter().enumerate().filter(|(_, day)| !elsewhere(self.reader, day)) {
            for (role, &sum) in DateRole::all().zip(self.sums(index)) {
                // What is unlikelier than not adds little, and is so of most.
                if sum > GIVEN && self.may(index, role, events) {
                    places.entry((role, day.date)).or_default().push(index);
                }
            }
        }
        let told: BTreeSet<(DateRole, PartialDate)> = events.iter().map(|event| (event.role, event.date)).collect();
        for ((role, _), places) in places.into_iter().filter(|(place, _)| !told.contains(place)) {
            let sums = || places.iter().map(|&index| (index, self.sums(index)[role as usize]));
            let Some((loudest, _)) = likeliest(sums()) else { continue };
            if 1.0 - never(sums().map(|(_, sum)| chance(sum))) > chance(SURE) {
                events.push(self.event(loudest, role));
            }
        }
    }

    /// What practice tells of a day.
    fn event(&self, index: usize, role: DateRole) -> Event {
        let day = &self.found[index];
        let cue = self.by.cue(role as usize, None, |take| around(self.reader, self.found, index, take)).unwrap_or(day.span);
        Event { role, date: day.date, time: day.time, stage: None, span: day.span, cue, reports: false }
    }
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
