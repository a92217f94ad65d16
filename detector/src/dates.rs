//! Dates as they stand, and the years that the context gives them.

use std::sync::LazyLock;

use jiff::ToSpan;
use jiff::civil::Date;
use owabi_corpora::{ClockTime, PartialDate, Span};
use regex::Captures;
use serde::Deserialize;

use crate::layout::{Layout, LineKind};
use crate::numbers;
use crate::patterns::{self, Pattern};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Patterns {
    date: Pattern,
    weekday: Pattern,
    time: Pattern,
    not_a_date: Pattern,
    file_stamp: Pattern,
    no_day_before: Pattern,
    title_year: Pattern,
    address: Pattern,
    short_reiwa: Pattern,
    aside: Pattern,
    own_label: Pattern,
    report_head: Pattern,
    dateline: Pattern,
    announced: Pattern,
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
    this_month: Pattern,
    last_month: Pattern,
    yesterday: Pattern,
    day_before_yesterday: Pattern,
    this_day: Pattern,
    next_day: Pattern,
    day_before: Pattern,
    second_next_day: Pattern,
    afternoon: Pattern,
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
    /// 今月, 先月: counted from the document's own.
    OfDocument(i8),
}

#[derive(Debug, Clone, Copy, Default, PartialEq)]
enum Day {
    #[default]
    None,
    Given(i8),
    /// So many days after the date before.
    OfPrevious(i8),
    /// 本日, 昨日: so many days after the document's own date.
    OfDocument(i8),
}

/// A day without its month is read on from a date at most so many bytes before.
const CARRY: usize = 1_000;

/// What makes a number no date stands within so many characters behind it: 「30日(…である場合は60日)以内」.
const ASIDE: usize = 40;

/// An hour is read on from a date at most so many bytes before.
const CLOCK: usize = 400;

/// A date with its year.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) span: Span,
    pub(crate) date: PartialDate,
    pub(crate) time: Option<ClockTime>,
    /// 同日, 本日: the words name no day of their own.
    pub(crate) relative: bool,
    /// 本日.
    pub(crate) of_document: bool,
    /// After the document's own day.
    pub(crate) to_come: bool,
}

/// Every date of a text that could be resolved, in order.
pub(crate) fn resolve(text: &str, layout: &Layout) -> Vec<Found> {
    let raws = raws(text);
    let anchor = anchor(text, layout, &raws);
    let latest = latest_own(text, layout, &raws, anchor);
    let mut found: Vec<Found> = Vec::new();
    let mut previous: Option<Date> = None;
    // The last date that named a day: months alone are ends of periods, asides to the story.
    let mut day: Option<Date> = None;
    // Where the words of the date before end.
    let mut behind = 0;
    // The day of the report in which a date stands.
    let mut written = anchor;
    for (raw, later) in raws.iter().zip(later_years(&raws)) {
        if raw.anchor_only {
            continue;
        }
        // A report that is kept below a later one speaks of its own 「本日」.
        if let Some(day) = full_day(raw).filter(|_| heads_report(text, layout, Span::new(raw.span.0, raw.span.1))) {
            written = Some(day);
        }
        let anchor = if matches!(raw.day, Day::OfDocument(_)) { written } else { anchor };
        // 「同月から7月にかけて」: the other end of a period is no aside.
        let goes_on = || !text[behind.min(raw.span.0)..raw.span.0].contains(['。', '、', '\n']) && behind > 0;
        let told = if raw.month == Month::Open || raw.year != Year::Open || goes_on() { previous } else { day.or(previous) };
        behind = raw.span.1;
        let Some(date) = date_of(raw, if matches!(raw.month, Month::Given(_)) { told } else { previous }, anchor, || later) else {
            continue;
        };
        if let Some(known) = date.civil().or_else(|| Date::new(date.year, date.month?, 1).ok()) {
            previous = Some(known);
        }
        day = date.civil().or(day);
        if PATTERNS.aside.is_match(&text[raw.span.1..]) {
            continue;
        }
        let relative = matches!(raw.day, Day::OfPrevious(_) | Day::OfDocument(_));
        found.push(Found {
            span: Span::new(raw.span.0, raw.span.1),
            date,
            time: raw.time,
            relative,
            of_document: raw.day == Day::OfDocument(0),
            to_come: latest
                .zip(date.civil().or_else(|| Date::new(date.year, date.month?, 1).ok()))
                .is_some_and(|(latest, date)| date > latest),
        });
    }
    found
}

fn raws(text: &str) -> Vec<Raw> {
    let mut found: Vec<Raw> = Vec::new();
    let addresses: Vec<Span> = PATTERNS.address.find_iter(text).map(|hit| hit.range().into()).collect();
    for captures in PATTERNS.date.captures_iter(text) {
        let Some(whole) = captures.get(0) else { continue };
        // The hour of the date before.
        if found.last().is_some_and(|last| whole.start() < last.span.1) {
            continue;
        }
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
        if PATTERNS.not_a_date.is_match(&after[..patterns::prefix(after, ASIDE)]) {
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
        let clock = captures.name("row_hour").or_else(|| captures.name("same_hour")).or_else(|| captures.name("clock_hour"));
        if clock.is_some() && found.last().is_none_or(|last| whole.start() - last.span.1 > CLOCK) {
            continue;
        }
        if let Some(particle) = captures.name("clock_particle") {
            end = particle.start();
        }
        if captures.name("only_day").is_some() {
            // 「3日から4日にかけて」: a bare day only goes on from another date.
            let head = &text[..whole.start()];
            let known = found.last().is_some_and(|last| whole.start() - last.span.1 < CARRY);
            // 「市は22日、…と発表した」: a paper's own month.
            if !known && PATTERNS.announced.is_match(after) {
                raw.month = Month::OfDocument(0);
                raw.year = Year::Open;
            }
            if !known && raw.month == Month::OfPrevious(0) || PATTERNS.no_day_before.is_match(&head[patterns::suffix(head, 4)..]) {
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
            _ if PATTERNS.this_day.is_match(word) => Day::OfDocument(0),
            _ if PATTERNS.yesterday.is_match(word) => Day::OfDocument(-1),
            _ if PATTERNS.day_before_yesterday.is_match(word) => Day::OfDocument(-2),
            _ if PATTERNS.next_day.is_match(word) => Day::OfPrevious(1),
            _ if PATTERNS.second_next_day.is_match(word) => Day::OfPrevious(2),
            _ if PATTERNS.day_before.is_match(word) => Day::OfPrevious(-1),
            _ => Day::OfPrevious(0),
        };
        return Some(raw);
    }
    if let Some(hour) = number("row_hour").or_else(|| number("same_hour")).or_else(|| number("clock_hour")) {
        // 「10:40 端末を切り離し」 in a list of events, 「9時3分に検知」: on the day told last.
        let minute =
            number("row_minute").or_else(|| number("row_colon")).or_else(|| number("same_minute")).or_else(|| number("clock_minute"));
        let half = if text("row_half").is_some() { 30 } else { 0 };
        raw.time = Some(ClockTime::new(u8::try_from(hour).ok()?, minute.map_or(Some(half), |minute| u8::try_from(minute).ok())?)?);
        raw.day = Day::OfPrevious(0);
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
        (None, Some(word)) if PATTERNS.this_month.is_match(word) => Month::OfDocument(0),
        (None, Some(word)) if PATTERNS.last_month.is_match(word) => Month::OfDocument(-1),
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

/// For every date the next year that is named behind it.
fn later_years(raws: &[Raw]) -> Vec<Option<i16>> {
    let mut later = vec![None; raws.len()];
    let mut next = None;
    for (index, raw) in raws.iter().enumerate().rev() {
        later[index] = next;
        if let Year::Given(year) = raw.year {
            next = Some(year);
        }
    }
    later
}

/// The document's own day or year: a date in its head, a 公表 date, else the latest year named.
fn anchor(text: &str, layout: &Layout, raws: &[Raw]) -> Option<Date> {
    let own = raws
        .iter()
        .find(|raw| full_day(raw).is_some() && (raw.anchor_only || is_own_date(text, layout, Span::new(raw.span.0, raw.span.1))));
    own.and_then(full_day).or_else(|| {
        let years = raws.iter().filter_map(|raw| if let Year::Given(year) = raw.year { Some(year) } else { None });
        // No date has a year: a number like 「#2024-017」 in the title may tell it.
        let title = || PATTERNS.title_year.captures(text.lines().next()?)?.get(1)?.as_str().parse().ok();
        let latest = years.filter(|&year| year > 2000).chain(title()).max()?;
        Date::new(latest, 12, 31).ok()
    })
}

/// A heading is shorter, in bytes.
const HEADING: usize = 300;

/// Whether a date stands in the heading of a report: 「第2報(2019年1月25日)」.
fn heads_report(text: &str, layout: &Layout, span: Span) -> bool {
    let line = &layout.lines[layout.line_at(span.start)];
    let body = &text[line.span.range()];
    line.kind != LineKind::Title && body.len() < HEADING && !body.contains('。') && PATTERNS.report_head.is_match(body)
}

/// The last day on which the document was written, if it is known: a page that is kept up to date has several.
fn latest_own(text: &str, layout: &Layout, raws: &[Raw], anchor: Option<Date>) -> Option<Date> {
    let bare = |part: &str| !part.chars().any(char::is_alphanumeric);
    let labelled = |raw: &Raw| {
        let line = layout.lines[layout.line_at(raw.span.0)].span;
        let (before, after) = (&text[line.start.min(raw.span.0)..raw.span.0], &text[raw.span.1..line.end.max(raw.span.1)]);
        bare(before) && bare(after)
            || PATTERNS.own_label.find(after[..patterns::prefix(after, ASIDE)].trim_start()).is_some_and(|label| label.start() == 0)
            || is_own_date(text, layout, Span::new(raw.span.0, raw.span.1))
    };
    let known = anchor.filter(|own| (own.month(), own.day()) != (12, 31))?;
    raws.iter().filter(|raw| labelled(raw)).filter_map(full_day).chain([known]).max()
}

/// The day of a date that is told in full.
fn full_day(raw: &Raw) -> Option<Date> {
    match (raw.year, raw.month, raw.day) {
        (Year::Given(year), Month::Given(month), Day::Given(day)) => Date::new(year, month, day).ok(),
        _ => None,
    }
}

/// A date in the head or alone on a line is the document's own.
pub(crate) fn is_own_date(text: &str, layout: &Layout, span: Span) -> bool {
    let index = layout.line_at(span.start);
    let line = &layout.lines[index];
    let (before, after) = (&text[line.span.start..span.start], &text[span.end..line.span.end]);
    match line.kind {
        // At the end of the title, or before it: 「2024/2/5 ○○株式会社」.
        LineKind::Title => {
            after.chars().nth(4).is_none() && !after.contains('。') && !before.ends_with([':', '~', '-'])
                || before.is_empty() && !after.contains('。') && PATTERNS.dateline.is_match(after)
        }
        _ => {
            let edge = index < HEAD_LINES || index + FOOT_LINES >= layout.lines.len();
            let labelled = || before.chars().nth(8).is_none() && PATTERNS.own_label.is_match(before);
            let bare = || !before.chars().any(char::is_alphanumeric) || labelled();
            edge && bare() && after.chars().nth(4).is_none() && !before.contains(['・', '●'])
        }
    }
}

/// The letter's date stands within so many lines of the top or the end.
const HEAD_LINES: usize = 12;
const FOOT_LINES: usize = 12;

fn date_of(raw: &Raw, previous: Option<Date>, anchor: Option<Date>, later: impl Fn() -> Option<i16>) -> Option<PartialDate> {
    match raw.day {
        Day::OfDocument(days) => {
            let own = anchor.filter(|day| (day.month(), day.day()) != (12, 31))?;
            return own.checked_add(i64::from(days).days()).ok().map(PartialDate::from);
        }
        Day::OfPrevious(days) => return previous?.checked_add(i64::from(days).days()).ok().map(PartialDate::from),
        _ => {}
    }
    let (month, carry) = match raw.month {
        Month::Given(month) => (Some(month), 0),
        Month::Open => (None, 0),
        Month::OfDocument(step) => {
            let own = anchor.filter(|day| (day.month(), day.day()) != (12, 31))?;
            let moved = own.checked_add(i64::from(step).months()).ok()?;
            (Some(moved.month()), moved.year() - own.year())
        }
        Month::OfPrevious(step) => {
            let moved = previous?.checked_add(i64::from(step).months()).ok()?;
            (Some(moved.month()), moved.year() - previous?.year())
        }
    };
    let year = match raw.year {
        Year::Given(year) => year,
        Year::OfDocument(step) => anchor.or(previous)?.year() + step,
        Year::OfPrevious(step) => previous?.year() + step,
        Year::Open if matches!(raw.month, Month::OfDocument(_)) => anchor?.year() + carry,
        Year::Open if matches!(raw.month, Month::OfPrevious(_)) => previous?.year() + carry,
        Year::Open => open_year(raw, month?, previous, anchor).or_else(later)?,
    };
    match (month, raw.day) {
        (Some(month), Day::Given(day)) => PartialDate::day(year, month, day),
        (Some(month), _) => PartialDate::month(year, month),
        (None, _) => PartialDate::year(year),
    }
}

/// What a notice announces lies within so many days after it.
const SOON: i32 = 60;

fn is_soon(own: Date, date: Date) -> bool {
    // The last day of a year stands for the year alone.
    if (own.month(), own.day()) == (12, 31) {
        return false;
    }
    own.until(date).is_ok_and(|span| (0..=SOON).contains(&span.get_days()))
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
        let fits = |date: &Date| anchor.is_none_or(|anchor| *date <= anchor || is_soon(anchor, *date));
        if let Some(date) = [candidate, same].into_iter().find(fits) {
            return Some(date.year());
        }
    }
    let candidate = Date::new(base.year(), month, day).ok()?;
    Some(if candidate > base && !is_soon(base, candidate) { base.year() - 1 } else { base.year() })
}

/// So many days back are the year before rather than a step back in the story.
const STEP_BACK: i32 = 60;

fn weekday_sign(date: Date) -> Option<char> {
    WEEKDAYS.chars().nth(date.weekday().to_monday_zero_offset() as usize)
}

const WEEKDAYS: &str = "月火水木金土日";
