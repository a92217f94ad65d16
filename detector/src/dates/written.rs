//! Dates as they are written, before the context gives them their years.

use std::sync::LazyLock;

use jiff::civil::Weekday;
use owabi_corpora::{ClockTime, Span};
use regex::{Captures, Match};
use serde::Deserialize;

use crate::numbers;
use crate::patterns::{self, Pattern};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Patterns {
    date: Pattern,
    weekday: Pattern,
    time: Pattern,
    not_a_date: Pattern,
    portion: Pattern,
    file_stamp: Pattern,
    no_day_before: Pattern,
    address: Pattern,
    short_reiwa: Pattern,
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
    office_hours: Pattern,
}

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| patterns::table("written_dates"));

/// A date as it stands in the text, before its year is known.
#[derive(Debug, Clone, Default)]
pub(super) struct Raw {
    pub(super) span: Span,
    pub(super) year: Year,
    pub(super) month: Month,
    pub(super) day: Day,
    pub(super) time: Option<ClockTime>,
    pub(super) weekday: Option<Weekday>,
    /// A day without its month, not said to be in the same one: it may lie in the next.
    pub(super) bare: bool,
    /// From a file name: it tells the year, it is no date.
    pub(super) anchor_only: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) enum Year {
    #[default]
    Open,
    Given(i16),
    /// Relative to the document's own year.
    OfDocument(i16),
    /// Relative to the date before.
    OfPrevious(i16),
}

#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) enum Month {
    #[default]
    Open,
    Given(i8),
    OfPrevious(i8),
    /// 今月, 先月: counted from the document's own.
    OfDocument(i8),
}

#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) enum Day {
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

/// What tells hours of business stands within so many characters before them.
const OFFICE: usize = 12;

/// … where it begins its line, so many.
const ROW: usize = 2_000;

/// The groups of the pattern of weekdays.
const WEEKDAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Monday),
    ("tuesday", Weekday::Tuesday),
    ("wednesday", Weekday::Wednesday),
    ("thursday", Weekday::Thursday),
    ("friday", Weekday::Friday),
    ("saturday", Weekday::Saturday),
    ("sunday", Weekday::Sunday),
];

/// Every date of a text, in order.
pub(super) fn find(text: &str) -> Vec<Raw> {
    let mut found: Vec<Raw> = Vec::new();
    // The year before the first of the era in which the last year was told, and that year: 「平成27年4月から28年1月」.
    let mut era: Option<(i16, i16)> = None;
    let addresses: Vec<Span> = PATTERNS.address.find_iter(text).map(|hit| hit.range().into()).collect();
    for captures in PATTERNS.date.captures_iter(text) {
        let Some(whole) = captures.get(0) else { continue };
        let captures = Groups::new(&captures);
        // The hour of the date before.
        if found.last().is_some_and(|last| whole.start() < last.span.end) {
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
        // 「3日分」 are three days, 「3月3日分」 is what was done on one.
        let done = captures.name("month").is_some() && captures.name("day").is_some() && PATTERNS.portion.is_match(after);
        if !done && PATTERNS.not_a_date.is_match(&after[..patterns::prefix(after, ASIDE)]) {
            continue;
        }
        let Some(mut raw) = raw(&captures, era) else { continue };
        share_unit(text, &mut found, &raw, whole.start());
        raw.anchor_only = PATTERNS.file_stamp.is_match(after);
        let mut end = whole.end();
        if let Some(weekday) = PATTERNS.weekday.captures(&text[end..]) {
            raw.weekday = WEEKDAYS.into_iter().find(|(name, _)| weekday.name(name).is_some()).map(|(_, day)| day);
            end += weekday.get(0).map_or(0, |found| found.end());
        }
        if let Some(time) = PATTERNS.time.captures(&text[end..]).filter(|_| raw.day != Day::None)
            && let Some(clock) = clock(&time)
        {
            raw.time = Some(clock);
            end += time.get(0).map_or(0, |found| found.end());
        }
        let clock =
            ["row_hour", "same_hour", "clock_hour", "noon", "hours_later", "soon_after"].into_iter().find_map(|name| captures.name(name));
        let near = if captures.name("row_hour").is_some() { ROW } else { CLOCK };
        // Hours of business are of no day.
        let head = &text[..whole.start()];
        if ["clock_edge", "noon_edge"].into_iter().any(|name| captures.name(name).is_some())
            && PATTERNS.office_hours.is_match(&head[patterns::suffix(head, OFFICE)..])
        {
            continue;
        }
        if clock.is_some() && found.last().is_none_or(|last| whole.start() - last.span.end > near) {
            continue;
        }
        // 「22年1月」, as papers write it; 「昭和22年1月」 is of an era.
        if captures.name("two_year").is_some() && before_digit.is_some_and(|c| c.is_alphanumeric() && !is_kana(c)) {
            continue;
        }
        if let Year::Given(year) = raw.year
            && captures.name("two_year").is_none()
        {
            let told = ["era_year", "only_era_year", "same_era_year"].into_iter().find_map(|name| captures.name(name));
            era = told.map(|told| (year - written_year(told.as_str()).unwrap_or(1), year));
        }
        if let Some(particle) =
            ["clock_particle", "clock_edge", "noon_particle", "noon_edge", "later_particle", "soon_particle", "hours_particle"]
                .into_iter()
                .find_map(|name| captures.name(name))
        {
            end = particle.start();
        }
        // 「3日後に」 counts from what the same sentence has told.
        let later = captures.name("days_later");
        if later.is_some() && found.last().is_none_or(|last| text[last.span.end..whole.start()].contains(['。', '\n'])) {
            continue;
        }
        if captures.name("days_later").is_some()
            && PATTERNS.no_day_before.is_match(&text[patterns::suffix(&text[..whole.start()], 4)..whole.start()])
        {
            continue;
        }
        if captures.name("only_day").is_some() {
            // 「3日から4日にかけて」: a bare day only goes on from another date.
            let head = &text[..whole.start()];
            let known = found.last().is_some_and(|last| whole.start() - last.span.end < CARRY);
            // 「市は22日、…と発表した」: a paper's own month.
            if !known && PATTERNS.announced.is_match(after) {
                raw.month = Month::OfDocument(0);
                raw.year = Year::Open;
            }
            if !known && raw.month == Month::OfPrevious(0) || PATTERNS.no_day_before.is_match(&head[patterns::suffix(head, 4)..]) {
                continue;
            }
        }
        raw.span = Span::new(whole.start(), end);
        found.push(raw);
    }
    found
}

/// 「5月1~3日」, 「2024年2~8月」: the first number shares the unit of the second.
fn share_unit(text: &str, found: &mut [Raw], raw: &Raw, start: usize) {
    let Some(number) = text[..start].strip_suffix(['~', '-', '・']) else { return };
    let digits = number.len() - number.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let from = number.len() - digits;
    let Some(value) = number[from..].parse::<i8>().ok().filter(|_| digits < 3) else { return };
    let Some(last) = found.last_mut().filter(|last| last.span.end == from && last.day == Day::None) else { return };
    match (raw.month, raw.day, raw.year) {
        (Month::OfPrevious(0), Day::Given(day), Year::OfPrevious(0)) if last.month != Month::Open && value < day => {
            last.day = Day::Given(value);
            last.span.end = number.len();
        }
        (Month::Given(month), Day::None, Year::Open) if last.month == Month::Open && last.year != Year::Open && value < month => {
            last.month = Month::Given(value);
            last.span.end = number.len();
        }
        _ => {}
    }
}

/// The groups of [`Patterns::date`] that hold something: few of many.
struct Groups<'t>(Vec<(&'static str, Match<'t>)>);

impl<'t> Groups<'t> {
    fn new(captures: &Captures<'t>) -> Groups<'t> {
        let groups = PATTERNS.date.capture_names().zip(captures.iter());
        Groups(groups.filter_map(|(name, found)| name.zip(found)).collect())
    }

    fn name(&self, name: &str) -> Option<Match<'t>> {
        self.0.iter().find(|group| group.0 == name).map(|group| group.1)
    }
}

/// `told`: the year before the first of the era told last, and the year told in it.
fn raw(captures: &Groups<'_>, told: Option<(i16, i16)>) -> Option<Raw> {
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
        Some(base + written_year(year)?)
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
    if text("noon").is_some() {
        raw.time = ClockTime::new(12, 0);
        raw.day = Day::OfPrevious(0);
        return Some(raw);
    }
    let first = |names: &[&str]| names.iter().find_map(|name| number(name));
    if let Some(hour) = first(&["row_hour", "same_hour", "clock_hour"]) {
        // 「10:40 端末を切り離し」 in a list of events, 「午後9時3分に検知」: on the day told last.
        let minute = first(&["row_minute", "row_colon", "same_minute", "clock_minute", "clock_colon"]);
        let half = if text("row_half").or(text("clock_thirty")).is_some() { 30 } else { 0 };
        let afternoon = hour < 12 && text("clock_half").or(text("row_noon")).is_some_and(|half| PATTERNS.afternoon.is_match(half));
        let hour = if afternoon { hour + 12 } else { hour };
        raw.time = Some(ClockTime::new(u8::try_from(hour).ok()?, minute.map_or(Some(half), |minute| u8::try_from(minute).ok())?)?);
        raw.day = Day::OfPrevious(0);
        return Some(raw);
    }
    if text("hours_later").or(text("soon_after")).is_some() {
        raw.day = Day::OfPrevious(0);
        return Some(raw);
    }
    if let Some(days) = number("days_later") {
        raw.day = Day::OfPrevious(i8::try_from(days).ok()?);
        return Some(raw);
    }
    if let Some(day) = number("only_day") {
        raw.month = Month::OfPrevious(0);
        raw.year = Year::OfPrevious(0);
        raw.bare = text("same_prefix").is_none();
        raw.day = Day::Given(day as i8);
        return Some(raw);
    }
    raw.year = match (text("era").or(text("only_era")), text("era_year").or(text("only_era_year"))) {
        (Some(name), Some(year)) => Year::Given(era(name, year)?),
        _ => match (
            number("year")
                .or_else(|| told.and_then(|(begin, _)| Some(begin + written_year(text("same_era_year")?)?)))
                .or_else(|| number("two_year").map(|year| nearest(told, year)))
                .or_else(|| number("only_year")),
            text("relative_year").or(text("only_relative")),
        ) {
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

/// A year of an era, 「元」 among them.
fn written_year(year: &str) -> Option<i16> {
    if PATTERNS.first_year.is_match(year) { Some(1) } else { i16::try_from(numbers::parse(year)?).ok() }
}

/// 「24年」: of the era told last, if that is nearer to the year told in it than 2024.
fn nearest(told: Option<(i16, i16)>, year: i16) -> i16 {
    let of_era = told.filter(|(begin, last)| (begin + year - last).abs() <= (2000 + year - last).abs());
    of_era.map_or(2000, |(begin, _)| begin) + year
}

fn is_kana(c: char) -> bool {
    ('\u{3041}'..='\u{30ff}').contains(&c)
}

fn clock(captures: &Captures<'_>) -> Option<ClockTime> {
    let number = |name: &str| captures.name(name).and_then(|found| found.as_str().parse::<u8>().ok());
    let hour = number("hour")?;
    let minute = number("minute").or_else(|| number("colon_minute")).unwrap_or(if captures.name("half_hour").is_some() { 30 } else { 0 });
    let afternoon = captures.name("half").is_some_and(|half| PATTERNS.afternoon.is_match(half.as_str()));
    ClockTime::new(if afternoon && hour < 12 { hour + 12 } else { hour }, minute)
}
