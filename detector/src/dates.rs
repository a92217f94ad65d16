//! Dates, their years from context, and what happened on them.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::LazyLock;

use jiff::ToSpan;
use jiff::civil::Date;
use owabi_corpora::vocabulary::{DateRole, Stage};
use owabi_corpora::{ClockTime, PartialDate, Span};
use regex::Captures;
use serde::Deserialize;

use crate::layout::{Layout, LineKind};
use crate::lexicon::{Lexicon, Match, Meaning};
use crate::numbers;
use crate::patterns::{self, Pattern};

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
    date: Pattern,
    weekday: Pattern,
    time: Pattern,
    range: Pattern,
    other_period: Pattern,
    not_a_date: Pattern,
    file_stamp: Pattern,
    no_day_before: Pattern,
    addressee: Pattern,
    title_year: Pattern,
    address: Pattern,
    cleft: Pattern,
    short_reiwa: Pattern,
    aside: Pattern,
    own_label: Pattern,
    immediately: Pattern,
    era_reiwa: Pattern,
    era_heisei: Pattern,
    first_year: Pattern,
    this_year: Pattern,
    last_year: Pattern,
    year_before_last: Pattern,
    year_after: Pattern,
    year_before: Pattern,
    same_month: Pattern,
    month_after: Pattern,
    month_before: Pattern,
    this_day: Pattern,
    next_day: Pattern,
    day_before: Pattern,
    second_next_day: Pattern,
    afternoon: Pattern,
    preliminary: Pattern,
    last_report: Pattern,
}

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| patterns::load(include_str!("../data/dates.toml")));

/// A date as it stands in the text, before its year is known.
#[derive(Debug, Clone, Default)]
struct Raw {
    span: Span0,
    year: Year,
    month: Month,
    day: Day,
    time: Option<ClockTime>,
    weekday: Option<char>,
    /// From a file name: it tells the year, it is no date.
    anchor_only: bool,
}

type Span0 = (usize, usize);

#[derive(Debug, Clone, Copy, Default, PartialEq)]
enum Year {
    #[default]
    Open,
    Given(i16),
    /// Relative to the document's own year.
    OfDocument(i16),
    /// Relative to the date before.
    OfPrevious(i16),
}

#[derive(Debug, Clone, Copy, Default, PartialEq)]
enum Month {
    #[default]
    Open,
    Given(i8),
    OfPrevious(i8),
}

#[derive(Debug, Clone, Copy, Default, PartialEq)]
enum Day {
    #[default]
    None,
    Given(i8),
    /// So many days after the date before.
    OfPrevious(i8),
    /// 本日: the document's own date.
    OfDocument,
}

/// A day without its month is read on from a date at most so many bytes before.
const CARRY: usize = 1_000;

/// A date with its year.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) span: Span,
    pub(crate) date: PartialDate,
    pub(crate) time: Option<ClockTime>,
    /// 同日, 本日: the words name no day of their own.
    relative: bool,
    /// 本日.
    of_document: bool,
}

/// Every date of a text that could be resolved, in order.
pub(crate) fn resolve(text: &str, layout: &Layout) -> Vec<Found> {
    let raws = raws(text);
    let anchor = anchor(text, layout, &raws);
    let mut found: Vec<Found> = Vec::new();
    let mut previous: Option<Date> = None;
    // The last date that named a day: months alone are ends of periods, asides to the story.
    let mut day: Option<Date> = None;
    for (index, raw) in raws.iter().enumerate() {
        if raw.anchor_only {
            continue;
        }
        let later = || raws[index + 1..].iter().find_map(|raw| if let Year::Given(year) = raw.year { Some(year) } else { None });
        let told = if raw.month == Month::Open || raw.year != Year::Open { previous } else { day.or(previous) };
        let Some(date) = date_of(raw, if matches!(raw.month, Month::Given(_)) { told } else { previous }, anchor, later) else { continue };
        if let Some(known) = date.civil().or_else(|| Date::new(date.year, date.month?, 1).ok()) {
            previous = Some(known);
        }
        day = date.civil().or(day);
        if PATTERNS.aside.is_match(&text[raw.span.1..]) {
            continue;
        }
        let relative = matches!(raw.day, Day::OfPrevious(_) | Day::OfDocument);
        found.push(Found {
            span: Span::new(raw.span.0, raw.span.1),
            date,
            time: raw.time,
            relative,
            of_document: raw.day == Day::OfDocument,
        });
    }
    found
}

fn raws(text: &str) -> Vec<Raw> {
    let mut found: Vec<Raw> = Vec::new();
    let addresses: Vec<Span> = PATTERNS.address.find_iter(text).map(|hit| hit.range().into()).collect();
    for captures in PATTERNS.date.captures_iter(text) {
        let Some(whole) = captures.get(0) else { continue };
        if addresses.iter().any(|address| address.contains(whole.range().into())) {
            continue;
        }
        let after = &text[whole.end()..];
        let (before_digit, after_digit) = (text[..whole.start()].chars().next_back(), after.chars().next());
        let joins =
            |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit() || c == '/' || c == '.' && captures.name("slash_year").is_some());
        if joins(before_digit) && text[whole.range()].starts_with(|c: char| c.is_ascii_digit())
            || (captures.name("slash_year").is_some() || captures.name("short_month").is_some() || captures.name("short_era").is_some())
                && after_digit.is_some_and(|c| c.is_ascii_digit() || matches!(c, '/' | '%'))
        {
            continue;
        }
        if PATTERNS.not_a_date.is_match(&after[..patterns::prefix(after, 8)]) {
            continue;
        }
        let Some(mut raw) = raw(&captures) else { continue };
        raw.anchor_only = PATTERNS.file_stamp.is_match(after);
        let mut end = whole.end();
        if let Some(weekday) = PATTERNS.weekday.captures(&text[end..]) {
            raw.weekday = weekday.name("weekday").and_then(|found| found.as_str().chars().next());
            end += weekday.get(0).map_or(0, |found| found.end());
        }
        if let Some(time) = PATTERNS.time.captures(&text[end..]).filter(|_| raw.day != Day::None)
            && let Some(clock) = clock(&time)
        {
            raw.time = Some(clock);
            end += time.get(0).map_or(0, |found| found.end());
        }
        if captures.name("only_day").is_some() {
            // 「3日から4日にかけて」: a bare day only goes on from another date.
            let head = &text[..whole.start()];
            let known = found.last().is_some_and(|last| whole.start() - last.span.1 < CARRY);
            if !known || PATTERNS.no_day_before.is_match(&head[patterns::suffix(head, 4)..]) {
                continue;
            }
        }
        raw.span = (whole.start(), end);
        found.push(raw);
    }
    found
}

fn raw(captures: &Captures<'_>) -> Option<Raw> {
    let text = |name: &str| captures.name(name).map(|found| found.as_str());
    let number = |name: &str| text(name).and_then(numbers::parse).and_then(|value| i16::try_from(value).ok());
    let era = |era: &str, year: &str| {
        let base = if PATTERNS.era_reiwa.is_match(era) {
            2018
        } else if PATTERNS.era_heisei.is_match(era) {
            1988
        } else {
            1925
        };
        let year = if PATTERNS.first_year.is_match(year) { 1 } else { numbers::parse(year)? as i16 };
        Some(base + year)
    };
    let relative = |word: &str| match () {
        _ if PATTERNS.this_year.is_match(word) => Year::OfDocument(0),
        _ if PATTERNS.last_year.is_match(word) => Year::OfDocument(-1),
        _ if PATTERNS.year_before_last.is_match(word) => Year::OfDocument(-2),
        _ if PATTERNS.year_after.is_match(word) => Year::OfPrevious(1),
        _ if PATTERNS.year_before.is_match(word) => Year::OfPrevious(-1),
        _ => Year::OfPrevious(0),
    };
    let mut raw = Raw::default();
    if let Some(name) = text("short_era") {
        let base = if PATTERNS.short_reiwa.is_match(name) { 2018 } else { 1988 };
        raw.year = Year::Given(base + number("short_era_year")?);
        raw.month = Month::Given(number("era_month")? as i8);
        raw.day = Day::Given(number("era_day")? as i8);
        return Some(raw);
    }
    if let Some(year) = number("slash_year") {
        raw.year = Year::Given(year);
        raw.month = Month::Given(number("slash_month")? as i8);
        raw.day = number("slash_day").map_or(Day::None, |day| Day::Given(day as i8));
        return Some(raw);
    }
    if let Some(month) = number("short_month") {
        raw.month = Month::Given(month as i8);
        raw.day = Day::Given(number("short_day")? as i8);
        return Some(raw);
    }
    if let Some(word) = text("same") {
        raw.day = match () {
            _ if PATTERNS.this_day.is_match(word) => Day::OfDocument,
            _ if PATTERNS.next_day.is_match(word) => Day::OfPrevious(1),
            _ if PATTERNS.second_next_day.is_match(word) => Day::OfPrevious(2),
            _ if PATTERNS.day_before.is_match(word) => Day::OfPrevious(-1),
            _ => Day::OfPrevious(0),
        };
        return Some(raw);
    }
    if let Some(day) = number("only_day") {
        raw.month = Month::OfPrevious(0);
        raw.year = Year::OfPrevious(0);
        raw.day = Day::Given(day as i8);
        return Some(raw);
    }
    raw.year = match (text("era").or(text("only_era")), text("era_year").or(text("only_era_year"))) {
        (Some(name), Some(year)) => Year::Given(era(name, year)?),
        _ => match (number("year").or_else(|| number("only_year")), text("relative_year").or(text("only_relative"))) {
            (Some(year), _) => Year::Given(year),
            (None, Some(word)) => relative(word),
            (None, None) => Year::Open,
        },
    };
    raw.month = match (number("month"), text("relative_month")) {
        (Some(month), _) => Month::Given(i8::try_from(month).ok()?),
        (None, Some(word)) if PATTERNS.same_month.is_match(word) => Month::OfPrevious(0),
        (None, Some(word)) if PATTERNS.month_after.is_match(word) => Month::OfPrevious(1),
        (None, Some(word)) if PATTERNS.month_before.is_match(word) => Month::OfPrevious(-1),
        _ => Month::Open,
    };
    raw.day = number("day").and_then(|day| i8::try_from(day).ok()).map_or(Day::None, Day::Given);
    Some(raw)
}

fn clock(captures: &Captures<'_>) -> Option<ClockTime> {
    let number = |name: &str| captures.name(name).and_then(|found| found.as_str().parse::<u8>().ok());
    let hour = number("hour")?;
    let minute = number("minute").or_else(|| number("colon_minute")).unwrap_or(if captures.name("half_hour").is_some() { 30 } else { 0 });
    let afternoon = captures.name("half").is_some_and(|half| PATTERNS.afternoon.is_match(half.as_str()));
    ClockTime::new(if afternoon && hour < 12 { hour + 12 } else { hour }, minute)
}

/// The document's own day or year: a date in its head, a 公表 date, else the latest year named.
fn anchor(text: &str, layout: &Layout, raws: &[Raw]) -> Option<Date> {
    let full = |raw: &Raw| match (raw.year, raw.month, raw.day) {
        (Year::Given(year), Month::Given(month), Day::Given(day)) => Date::new(year, month, day).ok(),
        _ => None,
    };
    let own =
        raws.iter().find(|raw| full(raw).is_some() && (raw.anchor_only || is_own_date(text, layout, Span::new(raw.span.0, raw.span.1))));
    own.and_then(full).or_else(|| {
        let years = raws.iter().filter_map(|raw| if let Year::Given(year) = raw.year { Some(year) } else { None });
        // No date has a year: a number like 「#2024-017」 in the title may tell it.
        let title = || PATTERNS.title_year.captures(text.lines().next()?)?.get(1)?.as_str().parse().ok();
        let latest = years.filter(|&year| year > 2000).max().or_else(title)?;
        Date::new(latest, 12, 31).ok()
    })
}

/// A date in the head or alone on a line is the document's own.
fn is_own_date(text: &str, layout: &Layout, span: Span) -> bool {
    let index = layout.line_at(span.start);
    let line = &layout.lines[index];
    let (before, after) = (&text[line.span.start..span.start], &text[span.end..line.span.end]);
    match line.kind {
        // At the end of the title.
        LineKind::Title => after.chars().count() <= 4 && !after.contains('。') && !before.ends_with([':', '~', '-']),
        _ => {
            let edge = index < HEAD_LINES || index + FOOT_LINES >= layout.lines.len();
            let bare = !before.chars().any(char::is_alphanumeric) || PATTERNS.own_label.is_match(before) && before.chars().count() <= 8;
            edge && bare && after.chars().count() <= 4 && !before.contains(['・', '●'])
        }
    }
}

/// The letter's date stands within so many lines of the top or the end.
const HEAD_LINES: usize = 12;
const FOOT_LINES: usize = 12;

fn date_of(raw: &Raw, previous: Option<Date>, anchor: Option<Date>, later: impl Fn() -> Option<i16>) -> Option<PartialDate> {
    match raw.day {
        Day::OfDocument => return anchor.filter(|day| (day.month(), day.day()) != (12, 31)).map(PartialDate::from),
        Day::OfPrevious(days) => return previous?.checked_add(i64::from(days).days()).ok().map(PartialDate::from),
        _ => {}
    }
    let (month, carry) = match raw.month {
        Month::Given(month) => (Some(month), 0),
        Month::Open => (None, 0),
        Month::OfPrevious(step) => {
            let moved = previous?.checked_add(i64::from(step).months()).ok()?;
            (Some(moved.month()), moved.year() - previous?.year())
        }
    };
    let year = match raw.year {
        Year::Given(year) => year,
        Year::OfDocument(step) => anchor.or(previous)?.year() + step,
        Year::OfPrevious(step) => previous?.year() + step,
        Year::Open if matches!(raw.month, Month::OfPrevious(_)) => previous?.year() + carry,
        Year::Open => open_year(raw, month?, previous, anchor).or_else(later)?,
    };
    match (month, raw.day) {
        (Some(month), Day::Given(day)) => PartialDate::day(year, month, day),
        (Some(month), _) => PartialDate::month(year, month),
        (None, _) => PartialDate::year(year),
    }
}

/// 「2月14日」 without a year: the year that the weekday fits, or the last one not after the document, else that of the
/// date before.
fn open_year(raw: &Raw, month: i8, previous: Option<Date>, anchor: Option<Date>) -> Option<i16> {
    let day = if let Day::Given(day) = raw.day { day } else { 1 };
    let base = anchor.or(previous)?;
    if let Some(sign) = raw.weekday
        && let Some(year) = (0..4)
            .map(|back| base.year() - back)
            .find(|&year| Date::new(year, month, day).is_ok_and(|date| weekday_sign(date) == Some(sign)))
    {
        return Some(year);
    }
    if let Some(previous) = previous {
        // A list of dates goes on through the turn of the year; a day shortly before the last one is a step back.
        let same = Date::new(previous.year(), month, day).ok()?;
        let next = Date::new(previous.year() + 1, month, day).ok()?;
        let back = same.until(previous).ok()?.get_days();
        let candidate = if back >= STEP_BACK { next } else { same };
        let fits = |date: &Date| anchor.is_none_or(|anchor| *date <= anchor);
        if let Some(date) = [candidate, same].into_iter().find(fits) {
            return Some(date.year());
        }
    }
    let candidate = Date::new(base.year(), month, day).ok()?;
    Some(if candidate > base { base.year() - 1 } else { base.year() })
}

/// So many days back are the year before rather than a step back in the story.
const STEP_BACK: i32 = 60;

fn weekday_sign(date: Date) -> Option<char> {
    WEEKDAYS.chars().nth(date.weekday().to_monday_zero_offset() as usize)
}

const WEEKDAYS: &str = "月火水木金土日";

/// What happened when. `found` are the dates of [`resolve`].
pub(crate) fn events(text: &str, layout: &Layout, lexicon: &Lexicon, matches: &[Match], found: &[Found]) -> Vec<Event> {
    let mut events: Vec<Event> = Vec::new();
    let alone = |date: &Found| stands_alone(text, layout, date.span);
    // Dates on lines of their own, one after another, are a table of events, not the letter's date.
    let table = found.iter().filter(|date| alone(date)).count() >= TABLE;
    for (index, date) in found.iter().enumerate() {
        let Some(sentence) = layout.sentence_at(date.span.start) else { continue };
        if layout.lines[layout.line_at(date.span.start)].elsewhere {
            continue;
        }
        let sentence = layout.sentences[sentence].span;
        let mut push = |role, cue: Span, which: &Found, reach: &str| {
            let stage = (role == DateRole::ReportedRegulator).then(|| stage(reach)).flatten();
            events.push(Event { role, date: which.date, time: which.time, stage, span: which.span, cue });
        };
        // A period: its ends have roles of their own, and what follows it speaks of its end.
        let next = found.get(index + 1).filter(|next| next.span.start < sentence.end);
        if let Some(next) = next
            && PATTERNS.range.is_match(&text[date.span.end..next.span.start])
        {
            let rest = &text[next.span.end..sentence.end];
            // A span of years is about who is concerned, not about when it happened.
            let years = date.date.month.is_none() || next.date.month.is_none();
            if !years && !PATTERNS.other_period.is_match(&rest[..patterns::prefix(rest, 30)]) {
                let cue = Span::new(date.span.end, next.span.start);
                push(DateRole::OccurredStart, cue, date, "");
                push(DateRole::OccurredEnd, cue, next, "");
            }
            // 「3日夜から4日早朝にかけて、障害を検知し」: noticed on the first day.
            let reach = Span::new(next.span.end, found.get(index + 2).map_or(sentence.end, |third| third.span.start.min(sentence.end)));
            let noticed = roles(text, lexicon, matches, reach, Span::new(reach.start, reach.start))
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
            let next_line = layout.lines[layout.line_at(date.span.start) + 1..].iter().find(|line| !line.span.is_empty());
            reach.end = next_line.map_or(reach.end, |line| line.span.end.min(limit)).max(reach.end);
        }
        // What stands before a date on its line: 「公表日:」, or the one it was reported to: 「警察署にも7月31日に相談」.
        let line = layout.lines[layout.line_at(date.span.start)].span.start.max(sentence.start);
        let previous = index.checked_sub(1).map_or(0, |i| found[i].span.end);
        let before = Span::new(if previous > line { addressee_start(text, previous, date.span.start) } else { line }, date.span.start);
        let period_end = index > 0
            && found[index - 1].span.end <= date.span.start
            && PATTERNS.range.is_match(&text[found[index - 1].span.end..date.span.start]);
        let mut named = roles(text, lexicon, matches, reach, before);
        if PATTERNS.cleft.is_match(&text[line..date.span.start]) {
            named = roles(text, lexicon, matches, Span::new(line.max(previous), date.span.start), Span::new(line, line));
        } else if named.is_empty() && text[reach.range()].chars().count() <= 24 && reach.end < sentence.end {
            // 「22日に金融庁に、27日に警察署に、それぞれ届け出ております」: the verb serves both.
            let told = |role: &DateRole| matches!(role, DateRole::ReportedPolice | DateRole::ReportedRegulator);
            let addressed = |(role, _): &(DateRole, Span)| told(role) && roles_fit(text, lexicon, *role, reach);
            named = roles(text, lexicon, matches, Span::new(reach.start, sentence.end), before).into_iter().filter(addressed).collect();
        }
        for (role, cue) in named {
            if period_end && matches!(role, DateRole::OccurredStart | DateRole::OccurredEnd | DateRole::Discovered) {
                continue;
            }
            // 「本日までに…報告はありません」 says nothing of the incident's own days.
            if date.of_document && matches!(role, DateRole::OccurredStart | DateRole::OccurredEnd) {
                continue;
            }
            push(role, cue, date, &text[reach.range()]);
        }
        if !date.relative && date.date.day.is_some() && (!table || index == 0) && is_own_date(text, layout, date.span) {
            push(DateRole::Published, date.span, date, "");
        }
    }
    immediate(text, layout, lexicon, matches, &mut events);
    keep_period(&mut events);
    one_each(events)
}

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
    bare(&text[line.start..span.start]) && span.end <= line.end && bare(&text[span.end..line.end])
}

/// So many dates on lines of their own are a table.
const TABLE: usize = 3;

fn days_between(first: &Found, last: &Found) -> Option<i32> {
    Some(first.date.civil()?.until(last.date.civil()?).ok()?.get_days())
}

/// The roles that the triggers around a date give it: the winner and those that may stand beside it.
fn roles(text: &str, lexicon: &Lexicon, matches: &[Match], reach: Span, before: Span) -> Vec<(DateRole, Span)> {
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
        if adjacent && (between.chars().count() > 2 || between.contains('、')) {
            continue;
        }
        // An addressee before the date counts as said after it.
        let place = if (told || row.needs.is_some() && !row.before) && PATTERNS.addressee.is_match(&text[before.range()]) {
            Span::new(before.start, place.end)
        } else {
            place
        };
        let body = &text[place.range()];
        if row.needs.as_ref().is_some_and(|needs| !needs.is_match(body)) || row.unless.as_ref().is_some_and(|unless| unless.is_match(body))
        {
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

/// Roles of this rank are given by a particle right behind the date: から, まで.
const ADJACENT: i32 = 8;

/// Whether the words right behind a date name whom a role speaks of.
fn roles_fit(text: &str, lexicon: &Lexicon, role: DateRole, reach: Span) -> bool {
    let body = &text[reach.range()];
    lexicon.roles.iter().any(|row| row.role == role && !row.before && row.needs.as_ref().is_some_and(|needs| needs.is_match(body)))
}

fn stage(reach: &str) -> Option<Stage> {
    match (PATTERNS.preliminary.is_match(reach), PATTERNS.last_report.is_match(reach)) {
        (true, false) => Some(Stage::Preliminary),
        (false, true) => Some(Stage::Final),
        _ => None,
    }
}

/// 「…を検知しました。直ちに、ネットワークを遮断し」: the day of the discovery just told.
fn immediate(text: &str, layout: &Layout, lexicon: &Lexicon, matches: &[Match], events: &mut Vec<Event>) {
    for hit in PATTERNS.immediately.find_iter(text) {
        let Some(index) = layout.sentence_at(hit.start()) else { continue };
        let sentence = layout.sentences[index].span;
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
        let found = roles(text, lexicon, matches, reach, Span::new(reach.start, reach.start));
        if let Some(&(role, cue)) = found.iter().find(|(role, _)| *role == DateRole::Contained) {
            events.push(Event { role, date, time: None, stage: None, span, cue });
        }
    }
}

/// Where the text gives the incident's period, a verb behind some other date does not date it again.
fn keep_period(events: &mut Vec<Event>) {
    if events.iter().any(|event| event.role == DateRole::OccurredEnd) {
        events.retain(|event| event.role != DateRole::OccurredStart || event.cue.start <= event.span.end + ADJOINING);
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
