//! From what single sentences say of days to what the text says: the period that frames the others, the discovery that counts.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use owabi_corpora::vocabulary::DateRole;
use owabi_corpora::{PartialDate, Span};

use super::roles::{Reader, Words};
use super::{ADJOINING, Event, PATTERNS};

/// One event a role and date, without those that others overrule.
pub(super) fn settle(reader: &Reader<'_, '_>, mut events: Vec<Event>) -> Vec<Event> {
    let text = reader.scope.text;
    keep_told(text, &mut events);
    immediate(reader, &mut events);
    keep_period(text, &mut events);
    keep_discovery(text, &mut events);
    keep_stop(text, &mut events);
    keep_days(&mut events);
    one_each(events)
}

/// What nothing but its tense says happened is the incident only where nothing else is, and before it was noticed.
fn keep_told(text: &str, events: &mut Vec<Event>) {
    let untold = |event: &Event| event.role == DateRole::OccurredStart && PATTERNS.untold.is_match(&text[event.cue.range()]);
    let told = events.iter().any(|event| matches!(event.role, DateRole::OccurredStart | DateRole::OccurredEnd) && !untold(event));
    let of = |role| events.iter().filter(move |event| event.role == role).map(|event| event.date).min();
    let (noticed, first) = (of(DateRole::Discovered), events.iter().filter(|event| untold(event)).map(|event| event.date).min());
    events.retain(|event| {
        !untold(event) || !told && event.date.day.is_some() && Some(event.date) == first && noticed.is_none_or(|day| event.date <= day)
    });
}

/// 「…を検知しました。直ちに、ネットワークを遮断し」: the day of the discovery just told.
fn immediate(reader: &Reader<'_, '_>, events: &mut Vec<Event>) {
    let (text, layout) = (reader.scope.text, reader.scope.layout);
    if events.is_empty() || !reader.scope.gates.open(&PATTERNS.immediately) {
        return;
    }
    for hit in PATTERNS.immediately.find_iter(text) {
        let Some(index) = layout.sentence_at(hit.start()) else { continue };
        let sentence = layout.sentences[index].reaching(hit.end());
        let earliest = layout.sentences[index.saturating_sub(1)].span.start;
        let dated = |event: &&Event| event.span.start >= earliest && event.span.end <= hit.start();
        let Some(last) = events.iter().rev().take(TOLD).filter(dated).max_by_key(|event| (event.span.start, event.date)) else {
            continue;
        };
        // What was found to have befallen before is told in between.
        let found = events.iter().rev().take(TOLD).find(|event| event.role == DateRole::Discovered && event.span.end <= hit.start());
        let last = found.filter(|found| last.role == DateRole::OccurredStart && found.date > last.date).unwrap_or(last);
        let (date, span) = (last.date, last.span);
        if !events.iter().filter(dated).any(|event| {
            matches!(event.role, DateRole::Discovered | DateRole::OccurredStart | DateRole::OccurredEnd | DateRole::ReportedPolice)
        }) {
            continue;
        }
        let line = layout.lines[layout.line_at(hit.start())].span;
        let reach = Span::new(hit.end(), sentence.end.min(line.end).max(hit.end()));
        let found = reader.roles(Words::after(reach));
        // Far behind the word stands what else was done.
        let at_once = |role: DateRole, cue: Span| match role {
            DateRole::ReportedPolice => date.day.is_some() && cue.start <= hit.end() + AT_ONCE,
            role => role == DateRole::Contained,
        };
        if let Some(&(role, cue)) = found.iter().find(|(role, cue)| at_once(*role, *cue)) {
            events.push(Event { role, date, time: None, stage: None, span, cue, reports: false });
        }
    }
}

/// Where the text gives the incident's period, a verb behind some other date does not date it again.
fn keep_period(text: &str, events: &mut Vec<Event>) {
    let particle = |event: &Event| event.cue.start <= event.span.end + ADJOINING;
    let last = |event: &Event| PATTERNS.last_of_them.is_match(&text[event.cue.range()]);
    let end = events.iter().filter(|event| event.role == DateRole::OccurredEnd && !last(event)).map(|event| event.date).max();
    let Some(end) = end else { return };
    let start = |event: &Event| event.role == DateRole::OccurredStart;
    if events.iter().any(|event| start(event) && particle(event)) {
        events.retain(|event| !start(event) || particle(event));
    } else if let Some(first) = events.iter().filter(|event| start(event)).map(|event| event.date).min() {
        // Only its end is told by a particle: it began with the first that happened.
        events.retain(|event| !start(event) || event.date == first && first <= end);
    }
}

/// 「確認」 is the discovery only where no stronger word tells it: what is confirmed later are details.
fn keep_discovery(text: &str, events: &mut Vec<Event>) {
    // 「1月25日、漏えいを確認しました」: the leak is what was found.
    let leak = |event: &Event| {
        let between = &text[event.span.end.min(event.cue.start)..event.cue.start];
        event.date.day.is_some() && !PATTERNS.report.is_match(&text[event.cue.range()]) && PATTERNS.found_leak.is_match(between)
    };
    let weak = |event: &Event| PATTERNS.weak_discovery.is_match(&text[event.cue.range()]) && !leak(event);
    let discovered = |event: &Event| event.role == DateRole::Discovered;
    let first = events.iter().filter(|event| discovered(event)).map(|event| event.date).min();
    if events.iter().any(|event| discovered(event) && !weak(event)) {
        events.retain(|event| !discovered(event) || !weak(event));
    } else {
        // Of several reports the first is the news.
        let report = |event: &Event| PATTERNS.report.is_match(&text[event.cue.range()]);
        events.retain(|event| !discovered(event) || !report(event) || Some(event.date) == first);
    }
    // What is known already others tell again.
    let first = events.iter().filter(|event| discovered(event) && event.date.day.is_some()).map(|event| event.date).min();
    let again = |event: &Event| PATTERNS.told_again.is_match(&text[event.cue.range()]);
    let mut days: BTreeMap<(usize, usize), BTreeSet<PartialDate>> = BTreeMap::new();
    for event in events.iter() {
        days.entry((event.cue.start, event.cue.end)).or_default().insert(event.date);
    }
    let joined: Vec<bool> = events.iter().map(|event| days[&(event.cue.start, event.cue.end)].len() > 1).collect();
    let mut joined = joined.into_iter();
    events.retain(|event| {
        joined.next() == Some(true) || !discovered(event) || !again(event) || first.is_none_or(|first| event.date <= first)
    });
}

/// Where something was stopped, what is mended later stops nothing any more.
fn keep_stop(text: &str, events: &mut Vec<Event>) {
    let contained = |event: &Event| event.role == DateRole::Contained;
    let mended = |event: &Event| PATTERNS.mended.is_match(&text[event.cue.range()]);
    let Some(stopped) = events.iter().filter(|event| contained(event) && !mended(event)).map(|event| event.date).min() else { return };
    events.retain(|event| !contained(event) || !mended(event) || event.date <= stopped);
}

/// A month alone repeats a day that is told elsewhere.
fn keep_days(events: &mut Vec<Event>) {
    let days: BTreeSet<_> =
        events.iter().filter(|event| event.date.day.is_some()).map(|event| (event.role, event.date.year, event.date.month)).collect();
    events.retain(|event| event.date.day.is_some() || !days.contains(&(event.role, event.date.year, event.date.month)));
}

/// In bytes: who was called at once is named right behind the word.
const AT_ONCE: usize = 60;

/// What 「直ちに」 follows is among so many events told last.
const TOLD: usize = 24;

/// One event a role and date, the first that tells most.
fn one_each(events: Vec<Event>) -> Vec<Event> {
    let mut kept: Vec<Event> = Vec::new();
    let mut known = BTreeMap::new();
    for event in events {
        // The letter's own date beside that of an announcement: which counts, depends on who writes.
        let own = event.role == DateRole::Published && event.cue == event.span;
        match known.entry((event.role, event.date, own)) {
            Entry::Occupied(entry) => {
                let known: &mut Event = &mut kept[*entry.get()];
                known.time = known.time.or(event.time);
                known.stage = known.stage.or(event.stage);
            }
            Entry::Vacant(entry) => {
                entry.insert(kept.len());
                kept.push(event);
            }
        }
    }
    kept
}
