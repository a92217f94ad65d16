//! What happened on a date: the role that the words around it give it.
//!
//! Japanese puts the verb last, so a date is governed by what follows it up to the next date. Three things break that order: an
//! addressee before the date (「警察署にも7月31日に相談」), a cleft (「判明したのは5月26日」), and a table whose dates stand alone.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::LazyLock;

use owabi_corpora::vocabulary::{DateRole, Stage};
use owabi_corpora::{ClockTime, PartialDate, Span};
use serde::Deserialize;

use crate::dates::{Found, is_own_date};
use crate::layout::Layout;
use crate::lexicon::{Concept, Lexicon, Match, Meaning};
use crate::patterns::{self, Pattern};
use crate::scope::Scope;

/// A dated event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Event {
    pub(crate) role: DateRole,
    pub(crate) date: PartialDate,
    pub(crate) time: Option<ClockTime>,
    pub(crate) stage: Option<Stage>,
    pub(crate) span: Span,
    /// The words that gave the role.
    pub(crate) cue: Span,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Patterns {
    range: Pattern,
    weak_discovery: Pattern,
    other_period: Pattern,
    addressee: Pattern,
    cleft: Pattern,
    other_before: Pattern,
    purchase_period: Pattern,
    terse: Pattern,
    plan: Pattern,
    last_of_them: Pattern,
    others_told: Pattern,
    dated_document: Pattern,
    period_title: Pattern,
    announcement: Pattern,
    enumerator: Pattern,
    part_of_day: Pattern,
    found_leak: Pattern,
    since: Pattern,
    immediately: Pattern,
    preliminary: Pattern,
    last_report: Pattern,
}

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| patterns::load(include_str!("../data/events.toml")));

/// What happened when. `found` are the dates of [`crate::dates::resolve`]. `skimming`: what was bought between two days may have
/// leaked, so that the window of purchase is the incident's period.
pub(crate) fn find(scope: &Scope<'_>, lexicon: &Lexicon, matches: &[Match], found: &[Found], skimming: bool) -> Vec<Event> {
    let (text, layout) = (scope.text, scope.layout);
    let mut events: Vec<Event> = Vec::new();
    let alone = |date: &Found| stands_alone(text, layout, date.span);
    // Dates on lines of their own, one after another, are a table of events, not the letter's date.
    let table = found.iter().filter(|date| alone(date)).count() >= TABLE;
    // So are dates that begin their lines: what the row says up to the next date belongs to them.
    let rows = found.iter().filter(|date| begins_line(text, layout, date.span)).count() >= TABLE;
    for (index, date) in found.iter().enumerate() {
        let Some(sentence) = layout.sentence_at(date.span.start) else { continue };
        if layout.lines[layout.line_at(date.span.start)].elsewhere {
            continue;
        }
        let sentence = layout.sentences[sentence].reaching(date.span.end);
        let mut push = |role, cue: Span, which: &Found, reach: &str| {
            let stage = (role == DateRole::ReportedRegulator).then(|| stage(reach)).flatten();
            events.push(Event { role, date: which.date, time: which.time, stage, span: which.span, cue });
        };
        // A period: its ends have roles of their own, and what follows it speaks of its end.
        let next = found.get(index + 1).filter(|next| next.span.start < sentence.end);
        let sentence = Span::new(sentence.start, next.map_or(sentence.end, |next| next.span.end.max(sentence.end)));
        if let Some(next) = next
            && PATTERNS.range.is_match(&text[date.span.end..next.span.start])
        {
            let rest = &text[next.span.end..sentence.end];
            // A span of years is about who is concerned, not about when it happened.
            let years =
                (date.date.month.is_none() || next.date.month.is_none()) && !PATTERNS.since.is_match(&text[date.span.end..next.span.start]);
            let years = years || PATTERNS.other_before.is_match(&text[sentence.start.min(date.span.start)..date.span.start]);
            let other = PATTERNS.other_period.is_match(&rest[..patterns::prefix(rest, OWN)]);
            if !years && !other && is_incident_period(scope, date.span.start, Span::new(next.span.end, sentence.end), skimming) {
                let cue = Span::new(date.span.end, next.span.start);
                push(DateRole::OccurredStart, cue, date, "");
                push(DateRole::OccurredEnd, cue, next, "");
            }
            // 「3日夜から4日早朝にかけて、障害を検知し」: noticed on the first day.
            let reach = Span::new(next.span.end, found.get(index + 2).map_or(sentence.end, |third| third.span.start.min(sentence.end)));
            let noticed = roles(scope, lexicon, matches, reach, Span::new(reach.start, reach.start))
                .into_iter()
                .find(|(role, _)| *role == DateRole::Discovered);
            if let (Some((role, cue)), true) = (noticed, days_between(date, next).is_some_and(|days| days <= 2)) {
                push(role, cue, date, "");
            }
            continue;
        }
        let mut reach = Span::new(date.span.end, next.map_or(sentence.end, |next| addressee_start(text, date.span.end, next.span.start)));
        if table && alone(date) {
            // What happened stands on the next line.
            let limit = found.get(index + 1).map_or(text.len(), |next| next.span.start);
            let below = layout.lines[layout.line_at(date.span.start) + 1..].iter().skip_while(|line| line.span.is_empty());
            let paragraph = below.take_while(|line| !line.span.is_empty()).take(ROW_LINES).last();
            reach.end = paragraph.map_or(reach.end, |line| line.span.end.min(limit)).max(reach.end);
        } else if rows && next.is_none() && begins_line(text, layout, date.span) && PATTERNS.terse.is_match(&text[date.span.end..]) {
            let limit = found.get(index + 1).map_or(text.len(), |next| next.span.start);
            reach.end = layout.lines[layout.line_at(date.span.start)].span.end.min(limit).max(reach.end);
        }
        // What stands before a date on its line: 「公表日:」, or the one it was reported to: 「警察署にも7月31日に相談」.
        let line = layout.lines[layout.line_at(date.span.start)].span.start.max(sentence.start);
        let previous = index.checked_sub(1).map_or(0, |i| found[i].span.end);
        let before = Span::new(if previous > line { addressee_start(text, previous, date.span.start) } else { line }, date.span.start);
        let period_end = index > 0
            && found[index - 1].span.end <= date.span.start
            && PATTERNS.range.is_match(&text[found[index - 1].span.end..date.span.start]);
        let mut named = roles(scope, lexicon, matches, reach, before);
        if PATTERNS.cleft.is_match(&text[line..date.span.start]) {
            // 「…7日まで、当社が気づいたのは2月8日」: the clause right before.
            let from = line.max(previous);
            let from = text[from..date.span.start].trim_end_matches('、').rfind('、').map_or(from, |comma| from + comma);
            named = roles(scope, lexicon, matches, Span::new(from, date.span.start), Span::new(line, line));
        } else if named.is_empty() && text[reach.range()].chars().count() <= 24 && reach.end < sentence.end {
            // 「22日に金融庁に、27日に警察署に、それぞれ届け出ております」: the verb serves both.
            let told = |role: &DateRole| matches!(role, DateRole::ReportedPolice | DateRole::ReportedRegulator);
            let addressed = |(role, _): &(DateRole, Span)| told(role) && roles_fit(scope, lexicon, *role, reach);
            named = roles(scope, lexicon, matches, Span::new(reach.start, sentence.end), before).into_iter().filter(addressed).collect();
        }
        // 「5月24日にお知らせいたしました件」: the day of an announcement is nothing else.
        let behind = &text[date.span.end..];
        let behind = &behind[..patterns::prefix(behind, ANNOUNCED)];
        let announced = PATTERNS.announcement.is_match(behind);
        // 「12月6日付「…」」: the day of a document, not of what it tells.
        let document = PATTERNS.dated_document.is_match(behind);
        // What a law demands, or what befell others, is no event of this incident.
        let elsewhere = scope.cues_in(sentence).iter().any(|cue| {
            let near = cue.span.end > date.span.start && cue.span.start < reach.end;
            let other = || cue.concept == Concept::OtherCase && !PATTERNS.others_told.is_match(&text[cue.span.range()]);
            near && (cue.concept == Concept::Duty || other())
        });
        // 「委員会への報告は10月17日となり」
        let named_before = |cue: Span| cue.end <= date.span.start && date.span.start <= cue.end + ADJOINING;
        // What is to come has not happened.
        let planned = date.to_come && PATTERNS.plan.is_match(&text[reach.range()]);
        for (role, cue) in named {
            let of_document =
                matches!(role, DateRole::Published | DateRole::Notified | DateRole::ReportedRegulator | DateRole::ReportedPolice);
            if announced && role != DateRole::Published
                || elsewhere && role != DateRole::Published && !named_before(cue)
                || document && !of_document
                || planned && !matches!(role, DateRole::Published | DateRole::Notified)
            {
                continue;
            }
            if period_end && matches!(role, DateRole::OccurredStart | DateRole::OccurredEnd | DateRole::Discovered) {
                continue;
            }
            // 「本日までに…報告はありません」 says nothing of the incident's own days.
            if date.of_document && matches!(role, DateRole::OccurredStart | DateRole::OccurredEnd) {
                continue;
            }
            // 「昨年の内部監査で」: a year alone is no day on which something was noticed.
            let going_on =
                matches!(role, DateRole::OccurredStart | DateRole::OccurredEnd) && PATTERNS.since.is_match(&text[date.span.end..]);
            if date.date.month.is_none() && !going_on {
                continue;
            }
            push(role, cue, date, &text[reach.range()]);
        }
        if !period_end && !date.relative && date.date.day.is_some() && (!table || index == 0) && is_own_date(text, layout, date.span) {
            push(DateRole::Published, date.span, date, "");
        }
    }
    immediate(scope, lexicon, matches, &mut events);
    keep_period(text, &mut events);
    keep_discovery(text, &mut events);
    one_each(events)
}

/// An announcement is named within so many characters behind its day.
const ANNOUNCED: usize = 100;

/// Where in the stretch before a date the words about that date begin: 「…に報告済みであり、福岡県警にも7月31日に」.
fn addressee_start(text: &str, from: usize, date: usize) -> usize {
    let stretch = &text[from..date];
    match PATTERNS.addressee.find(stretch) {
        // With nothing before it, the words belong to the date before: 「22日に金融庁に、27日に」.
        Some(found) if found.start() > 0 => from + found.start(),
        _ => date,
    }
}

/// Whether a date has a line to itself.
fn stands_alone(text: &str, layout: &Layout, span: Span) -> bool {
    let line = layout.lines[layout.line_at(span.start)].span;
    let bare = |part: &str| !part.chars().any(char::is_alphanumeric);
    let before = &text[line.start..span.start];
    (bare(before) || PATTERNS.enumerator.is_match(before)) && span.end <= line.end && bare(&text[span.end..line.end])
}

/// Whether nothing but a mark or a number stands before a date on its line, and something behind it.
fn begins_line(text: &str, layout: &Layout, span: Span) -> bool {
    let line = layout.lines[layout.line_at(span.start)].span;
    PATTERNS.enumerator.is_match(&text[line.start..span.start]) && span.end < line.end
}

/// Whether a period may be the incident's: not that of purchases, unless these are what was spied out, nor a chapter's of a
/// chronicle, which says nothing but its days.
fn is_incident_period(scope: &Scope<'_>, start: usize, rest: Span, skimming: bool) -> bool {
    let (text, layout) = (scope.text, scope.layout);
    let behind = &text[rest.range()];
    if !skimming && PATTERNS.purchase_period.is_match(&behind[..patterns::prefix(behind, OWN)]) {
        return false;
    }
    let index = layout.line_at(start);
    let line = &layout.lines[index];
    let number = &text[line.span.start.min(start)..start];
    let chapter = number.contains(char::is_alphanumeric) && PATTERNS.enumerator.is_match(number);
    let titled = |line: usize| PATTERNS.period_title.is_match(&text[layout.lines[line].span.range()]);
    !chapter || behind.chars().any(char::is_alphanumeric) || titled(index) || line.heading.is_some_and(titled)
}

/// What happened on a day that has a line to itself stands on so many lines below it at most.
const ROW_LINES: usize = 4;

/// So many dates on lines of their own are a table.
const TABLE: usize = 3;

fn days_between(first: &Found, last: &Found) -> Option<i32> {
    Some(first.date.civil()?.until(last.date.civil()?).ok()?.get_days())
}

/// The roles that the triggers around a date give it: the winner and those that may stand beside it.
fn roles(scope: &Scope<'_>, lexicon: &Lexicon, matches: &[Match], reach: Span, before: Span) -> Vec<(DateRole, Span)> {
    let text = scope.text;
    let mut best: Option<(i32, DateRole, Span)> = None;
    let mut beside: Vec<(DateRole, Span)> = Vec::new();
    let window = Span::new(before.start, reach.end);
    let from = matches.partition_point(|hit| hit.start < window.start);
    for hit in matches[from..].iter().take_while(|hit| hit.start < window.end) {
        let Meaning::Role(row) = hit.meaning else { continue };
        let row = &lexicon.roles[row as usize];
        let place = if row.before { before } else { reach };
        let told =
            matches!(row.role, DateRole::ReportedPolice | DateRole::ReportedRegulator | DateRole::Notified | DateRole::InvestigationDone);
        let near = if row.before {
            hit.end <= before.end && text[hit.end..before.end].chars().count() <= 3
        } else {
            hit.start >= reach.start || told && hit.end <= before.end
        };
        if !near || hit.end > place.end {
            continue;
        }
        // 「まで」 and 「から」 stand right after the date.
        let adjacent = matches!(row.role, DateRole::OccurredStart | DateRole::OccurredEnd) && row.rank >= ADJACENT && !row.before;
        let between = &text[reach.start..hit.start.max(reach.start)];
        if adjacent && !PATTERNS.part_of_day.is_match(between) {
            continue;
        }
        // An addressee before the date counts as said after it.
        let place = if (told || row.needs.is_some() && !row.before) && PATTERNS.addressee.is_match(&text[before.range()]) {
            Span::new(before.start, place.end)
        } else {
            place
        };
        let holds = |pattern: &Pattern| scope.gates.is_match(pattern, place);
        if row.needs.as_ref().is_some_and(|needs| !holds(needs)) || row.unless.as_ref().is_some_and(holds) {
            continue;
        }
        let cue = Span::new(hit.start, hit.end);
        if row.beside {
            beside.push((row.role, cue));
        }
        if best.is_none_or(|(rank, ..)| row.rank > rank) {
            best = Some((row.rank, row.role, cue));
        }
    }
    let mut found: Vec<(DateRole, Span)> = best.map(|(_, role, cue)| (role, cue)).into_iter().collect();
    for (role, cue) in beside {
        if found.iter().all(|(known, _)| *known != role) {
            found.push((role, cue));
        }
    }
    found
}

/// What a period is about stands right behind it, in so many characters: 「…の間に会員登録」.
const OWN: usize = 26;

/// Roles of this rank are given by a particle right behind the date: から, まで.
const ADJACENT: i32 = 8;

/// Whether the words right behind a date name whom a role speaks of.
fn roles_fit(scope: &Scope<'_>, lexicon: &Lexicon, role: DateRole, reach: Span) -> bool {
    lexicon
        .roles
        .iter()
        .any(|row| row.role == role && !row.before && row.needs.as_ref().is_some_and(|needs| scope.gates.is_match(needs, reach)))
}

fn stage(reach: &str) -> Option<Stage> {
    match (PATTERNS.preliminary.is_match(reach), PATTERNS.last_report.is_match(reach)) {
        (true, false) => Some(Stage::Preliminary),
        (false, true) => Some(Stage::Final),
        _ => None,
    }
}

/// 「…を検知しました。直ちに、ネットワークを遮断し」: the day of the discovery just told.
fn immediate(scope: &Scope<'_>, lexicon: &Lexicon, matches: &[Match], events: &mut Vec<Event>) {
    let (text, layout) = (scope.text, scope.layout);
    if events.is_empty() || !scope.gates.open(&PATTERNS.immediately) {
        return;
    }
    for hit in PATTERNS.immediately.find_iter(text) {
        let Some(index) = layout.sentence_at(hit.start()) else { continue };
        let sentence = layout.sentences[index].reaching(hit.end());
        let earliest = layout.sentences[index.saturating_sub(1)].span.start;
        let dated = |event: &&Event| event.span.start >= earliest && event.span.end <= hit.start();
        let Some(last) = events.iter().rev().take(RECENT).filter(dated).max_by_key(|event| (event.span.start, event.date)) else {
            continue;
        };
        let (date, span) = (last.date, last.span);
        if !events
            .iter()
            .filter(dated)
            .any(|event| matches!(event.role, DateRole::Discovered | DateRole::OccurredStart | DateRole::OccurredEnd))
        {
            continue;
        }
        let reach = Span::new(hit.end(), sentence.end);
        let found = roles(scope, lexicon, matches, reach, Span::new(reach.start, reach.start));
        if let Some(&(role, cue)) = found.iter().find(|(role, _)| *role == DateRole::Contained) {
            events.push(Event { role, date, time: None, stage: None, span, cue });
        }
    }
}

/// Where the text gives the incident's period, a verb behind some other date does not date it again.
fn keep_period(text: &str, events: &mut Vec<Event>) {
    let particle = |event: &Event| event.cue.start <= event.span.end + ADJOINING;
    let last = |event: &Event| PATTERNS.last_of_them.is_match(&text[event.cue.range()]);
    if events.iter().any(|event| event.role == DateRole::OccurredEnd && !last(event)) {
        events.retain(|event| event.role != DateRole::OccurredStart || particle(event));
    }
}

/// 「確認」 is the discovery only where no stronger word tells it: what is confirmed later are details.
fn keep_discovery(text: &str, events: &mut Vec<Event>) {
    // 「1月25日、漏えいを確認しました」: the day governs the sentence, and the leak is what was found.
    let leak = |event: &Event| {
        let between = &text[event.span.end.min(event.cue.start)..event.cue.start];
        event.date.day.is_some() && between.starts_with('、') && PATTERNS.found_leak.is_match(between)
    };
    let weak = |event: &Event| PATTERNS.weak_discovery.is_match(&text[event.cue.range()]) && !leak(event);
    let discovered = |event: &Event| event.role == DateRole::Discovered;
    if events.iter().any(|event| discovered(event) && !weak(event)) {
        events.retain(|event| !discovered(event) || !weak(event));
    }
}

/// The particle of a period stands so many bytes behind its date at most.
const ADJOINING: usize = 6;

/// What 「直ちに」 follows is among so many events told last.
const RECENT: usize = 24;

/// One event a role and date, the first that tells most.
fn one_each(events: Vec<Event>) -> Vec<Event> {
    let mut kept: Vec<Event> = Vec::new();
    let mut known = BTreeMap::new();
    for event in events {
        match known.entry((event.role, event.date)) {
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
