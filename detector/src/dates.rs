//! The days that a text names: the years of dates, and what 「同月9日」 and 「翌日」 count from, by what stands around them.

mod own;
mod written;

use std::sync::LazyLock;

use jiff::ToSpan;
use jiff::civil::Date;
use owabi_corpora::{ClockTime, PartialDate, Span};
use serde::Deserialize;

use self::own::{anchor, tells_own_year};
use self::written::{Day, Month, Raw, Year};
use crate::layout::{Layout, LineKind};
use crate::patterns::{self, Pattern};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Patterns {
    title_year: Pattern,
    aside: Pattern,
    of_plan: Pattern,
    signed: Pattern,
    firm: Pattern,
    own_label: Pattern,
    report_head: Pattern,
    told_apart: Pattern,
    of_event: Pattern,
    event_day: Pattern,
    own_after: Pattern,
    sent: Pattern,
    mail_head: Pattern,
    dateline: Pattern,
    as_of: Pattern,
    own_word: Pattern,
    printed: Pattern,
    updated: Pattern,
    announced: Pattern,
    to_come: Pattern,
    delivered: Pattern,
    source: Pattern,
    source_behind: Pattern,
    ends_period: Pattern,
}

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| patterns::table("dates"));

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
    /// Where the words end, if there are any, that tell something apart by a later date: 「6日、20日に発表する予定だった名簿を」.
    pub(crate) aside: usize,
}

/// Every date of a text that could be resolved, in order.
pub(crate) fn resolve(text: &str, layout: &Layout) -> Vec<Found> {
    let raws = written::find(text);
    let anchor = anchor(text, layout, &raws);
    let latest = latest_own(text, layout, &raws, anchor);
    let mut found: Vec<Found> = Vec::new();
    let mut previous: Option<Date> = None;
    // The last date that named a day: months alone are ends of periods, asides to the story.
    let mut day: Option<Date> = None;
    // Whether the last one named a month of its own year alone.
    let mut aside = false;
    // Where the words of the date before end.
    let mut behind = 0;
    // The day of the report in which a date stands.
    let mut written = anchor;
    // The day that begins the row of a list that was read last.
    let mut row: Option<Date> = None;
    let own = anchor.filter(|own| (own.month(), own.day()) != (12, 31));
    // The latest day of the story so far.
    let mut story: Option<Date> = None;
    // 「2021年4月から今年2月」 of a text that tells nowhere which year it was: the days behind it go on from there.
    let guessed = own.is_none() && !tells_own_year(text, layout, &raws, anchor);
    let mut lost = false;
    for (index, (raw, (later, next))) in raws.iter().zip(later(&raws)).enumerate() {
        // 「翌々日の12日」: the day is named.
        let named = |next: &Raw| next.span.start <= raw.span.end + PARTICLE && matches!(next.day, Day::Given(_));
        if matches!(raw.day, Day::OfPrevious(_)) && raw.time.is_none() && raws.get(index + 1).is_some_and(named) {
            continue;
        }
        let of_plan = PATTERNS.of_plan.find(&text[raw.span.end..]).map(|found| raw.span.end + found.end());
        if raw.anchor_only || of_plan.is_some() && !found.is_empty() {
            if let Some((end, last)) = of_plan.zip(found.last_mut()) {
                last.aside = end;
            }
            continue;
        }
        let contradicts = || {
            let (Year::OfDocument(step), Some(anchor), Some(before)) = (raw.year, anchor, index.checked_sub(1).map(|before| &raws[before]))
            else {
                return false;
            };
            matches!(before.year, Year::Given(year) if year >= anchor.year() + step)
                && !text[before.span.end.min(raw.span.start)..raw.span.start].contains(['。', '\n'])
        };
        lost = guessed && contradicts() || lost && !matches!(raw.year, Year::Given(_));
        if lost {
            continue;
        }
        // A report that is kept below a later one speaks of its own 「本日」.
        if let Some(day) = full_day(raw).filter(|_| heads_report(text, layout, raw.span)) {
            written = Some(day);
        }
        let anchor = if matches!(raw.day, Day::OfDocument(_)) { written } else { anchor };
        // How it began years ago is told in a part of its own: the next one goes on with the story.
        if raw.year == Year::Open
            && matches!(raw.month, Month::Given(_))
            && let (Some(last), Some(latest)) = (previous, story)
            && last.until(latest).is_ok_and(|span| span.get_days() >= STEP_BACK)
            && heading_between(layout, behind, raw.span.start)
        {
            (previous, day) = (story, story);
        }
        // 「同月から7月にかけて」: the other end of a period is no aside.
        let goes_on = || !text[behind.min(raw.span.start)..raw.span.start].contains(['。', '、', '\n']) && behind > 0;
        // With a day of its own in the sentence it is that one.
        let own_day = || {
            let between = found.last().map(|last| &text[last.span.end.min(raw.span.start)..raw.span.start]);
            between.is_some_and(|between| !between.contains(['。', '\n']) && !PATTERNS.ends_period.is_match(between))
        };
        if story.is_some()
            && raw.day == Day::OfPrevious(0)
            && PATTERNS.told_apart.is_match(&text[around_day(text, raw.span).range()])
            && !own_day()
        {
            previous = story;
        }
        if let Some(of_event) = event_day(text, raw, &found) {
            previous = Some(of_event);
        }
        // 「・同月22日」 below 「・8月18日 …(2023年に閉鎖)」: rows count from rows.
        let begins = leads_line(text, layout, raw.span);
        if begins
            && matches!(raw.month, Month::OfPrevious(_) | Month::Open)
            && raw.day != Day::None
            && let (Some(first), Some(last)) = (row, previous)
            && first.until(last).is_ok_and(|span| span.get_days().abs() >= STEP_BACK)
        {
            (previous, day) = (row, row);
        }
        // A month alone long before the story is an aside to it.
        if raw.bare
            && aside
            && let (Some(last), Some(known)) = (previous, day)
            && last.until(known).is_ok_and(|span| span.get_days() >= STEP_BACK)
        {
            previous = day;
        }
        let told = if raw.month == Month::Open || raw.year != Year::Open || goes_on() { previous } else { day.or(previous) };
        behind = raw.span.end;
        let told = if matches!(raw.month, Month::Given(_)) { told } else { previous };
        // What 今月 is where the text has no day of its own, the next full date tells: 「今月3日…。県警が2022年8月9日に明らかにした」.
        let near = next.filter(|(start, _)| start - raw.span.end < NEAR).map(|(_, day)| day);
        let Some(date) = date_of(raw, told, anchor, [own.or(next.map(|(_, day)| day)), near], || later) else {
            continue;
        };
        // 「13日現在、連絡がとれたのは…」 is no step of the story.
        let as_of = previous.is_some() && PATTERNS.as_of.is_match(&text[raw.span.end..]);
        if !as_of {
            previous = date.civil().or_else(|| Date::new(date.year, date.month?, 1).ok()).or(previous);
            day = date.civil().or(day);
        }
        if begins && matches!(raw.month, Month::Given(_) | Month::OfPrevious(_)) {
            row = date.civil();
        }
        if date.month.is_some() {
            aside = date.day.is_none() && matches!(raw.year, Year::Given(_));
        }
        if !is_own_date(text, layout, raw.span) {
            story = date.civil().filter(|day| anchor.is_none_or(|anchor| *day <= anchor)).max(story);
        }
        if as_of || of_plan.is_some() || PATTERNS.aside.is_match(&text[raw.span.end..]) {
            continue;
        }
        let relative = matches!(raw.day, Day::OfPrevious(_) | Day::OfDocument(_));
        found.push(Found {
            span: raw.span,
            date,
            time: raw.time,
            relative,
            of_document: raw.day == Day::OfDocument(0),
            to_come: latest
                .zip(date.civil().or_else(|| Date::new(date.year, date.month?, 1).ok()))
                .is_some_and(|(latest, date)| date > latest),
            aside: 0,
        });
    }
    found
}

/// In bytes.
const PARTICLE: usize = 3;

/// A word for a day, with the character before it and without its hour.
fn around_day(text: &str, span: Span) -> Span {
    Span::new(patterns::suffix(&text[..span.start], 1), span.start + patterns::prefix(&text[span.range()], 2))
}

/// The day that was told with the same word: 「検知の当日」, 「送付した翌日」.
fn event_day(text: &str, raw: &Raw, found: &[Found]) -> Option<Date> {
    let word = || PATTERNS.of_event.captures(&text[patterns::suffix(&text[..raw.span.start], 5)..raw.span.start])?.get(1);
    if !matches!(raw.day, Day::OfPrevious(_)) || !PATTERNS.event_day.is_match(&text[raw.span.range()]) {
        return None;
    }
    let word = word()?.as_str();
    let told = |known: &&Found| {
        let behind = &text[known.span.end..raw.span.start];
        let behind = &behind[..patterns::prefix(behind, EVENT)];
        known.date.day.is_some() && behind[..behind.find('。').unwrap_or(behind.len())].contains(word)
    };
    // With words of its own it goes on from the date right before.
    let last = found.last().filter(|last| !text[last.span.end..raw.span.start].contains(['。', '\n']));
    if last.is_some() {
        return None;
    }
    found.iter().rev().take(EVENTS).find(told)?.date.civil()
}

/// What happened on a day is named within so many characters behind it, among so many days.
const EVENT: usize = 60;
const EVENTS: usize = 32;

/// Whether a heading stands between two places on other lines.
fn heading_between(layout: &Layout, from: usize, to: usize) -> bool {
    let lines = layout.lines.get(layout.line_at(from) + 1..layout.line_at(to)).unwrap_or_default();
    lines.iter().any(|line| line.kind == LineKind::Heading)
}

/// The next year named, and the next full date with where it stands.
type Later = (Option<i16>, Option<(usize, Date)>);

/// For every date the next year and the next full date that are named behind it.
fn later(raws: &[Raw]) -> Vec<Later> {
    let mut later = vec![(None, None); raws.len()];
    let mut next = (None, None);
    for (index, raw) in raws.iter().enumerate().rev() {
        later[index] = next;
        if let Year::Given(year) = raw.year {
            next.0 = Some(year);
        }
        next.1 = full_day(raw).map(|day| (raw.span.start, day)).or(next.1);
    }
    later
}

/// The next full date tells the year of one that stands so many bytes before it.
const NEAR: usize = 300;

/// A heading is shorter, in bytes.
const HEADING: usize = 300;

/// Whether nothing but marks or a number stands before a date on its line.
fn leads_line(text: &str, layout: &Layout, span: Span) -> bool {
    let line = layout.lines[layout.line_at(span.start)].span;
    text[line.start.min(span.start)..span.start].chars().all(|c| c.is_ascii_digit() || !c.is_alphanumeric())
}

/// Whether a date stands in the heading of a report: 「第2報(2019年1月25日)」.
fn heads_report(text: &str, layout: &Layout, span: Span) -> bool {
    let line = &layout.lines[layout.line_at(span.start)];
    let body = &text[line.span.range()];
    line.kind != LineKind::Title && body.len() < HEADING && !body.contains('。') && PATTERNS.report_head.is_match(body)
}

/// What says that a date is the document's own stands within so many characters behind it: 「2019年1月25日 公開」.
const LABEL: usize = 40;

/// The last day on which the document was written, if it is known: a page that is kept up to date has several.
fn latest_own(text: &str, layout: &Layout, raws: &[Raw], anchor: Option<Date>) -> Option<Date> {
    let bare = |part: &str| !part.chars().any(char::is_alphanumeric);
    let labelled = |raw: &Raw| {
        let line = layout.lines[layout.line_at(raw.span.start)].span;
        let (before, after) = (&text[line.start.min(raw.span.start)..raw.span.start], &text[raw.span.end..line.end.max(raw.span.end)]);
        bare(before) && bare(after)
            || PATTERNS.own_label.find(after[..patterns::prefix(after, LABEL)].trim_start()).is_some_and(|label| label.start() == 0)
            || is_own_date(text, layout, raw.span)
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
    let (before, after) = (&text[line.span.start.min(span.start)..span.start], &text[span.end..line.span.end.max(span.end)]);
    if names_own_day(before) {
        return true;
    }
    match line.kind {
        // At the end of the title, or before it: 「2024/2/5 ○○株式会社」.
        LineKind::Title => {
            PATTERNS.updated.is_match(after)
                || after.chars().nth(4).is_none() && !after.contains('。') && !before.ends_with([':', '~', '-'])
                || before.is_empty() && !after.contains('。') && PATTERNS.dateline.is_match(after)
        }
        _ if before.trim().is_empty() && index < HEAD_LINES && PATTERNS.own_after.is_match(after) => true,
        _ if is_mail_date(text, layout, span) => true,
        _ => {
            let edge = index < HEAD_LINES || index + FOOT_LINES >= layout.lines.len();
            let labelled = || before.chars().nth(8).is_none() && PATTERNS.own_label.is_match(before);
            let bare = || !before.chars().any(char::is_alphanumeric) || labelled();
            // 「2024年12月2日 ○○株式会社」, 「…復旧しました。(2024年12月26日)」
            let closes = || {
                layout.lines[index + 1..].iter().filter(|line| !line.span.is_empty()).take(2).count() < 2
                    && (before.trim().is_empty() && PATTERNS.signed.is_match(after)
                        || before.ends_with("。(") && after == ")"
                        || before.chars().nth(8).is_none()
                            && before.trim_start().starts_with(['(', '[', '〔'])
                            && PATTERNS.printed.is_match(after))
            };
            // 「2024年12月2日 株式会社…」 above the questions and answers.
            let firm = || index < HEAD_LINES && before.trim().is_empty() && PATTERNS.firm.is_match(after);
            edge && (firm() || bare() && after.chars().nth(4).is_none() && !before.contains(['・', '●']) || closes())
        }
    }
}

/// Whether the words before a date say that it is the text's own: 「本日(2024年2月5日)」, 「今回の公表(同月5日)」.
pub(crate) fn names_own_day(before: &str) -> bool {
    PATTERNS.own_word.is_match(&before[patterns::suffix(before, OWN_WORD)..])
}

/// Whether a date stands behind 「日時:」 in the head of a mail.
pub(crate) fn is_mail_date(text: &str, layout: &Layout, span: Span) -> bool {
    let index = layout.line_at(span.start);
    let line = layout.lines[index].span;
    let near = index.saturating_sub(MAIL_LINES)..(index + MAIL_LINES + 1).min(layout.lines.len());
    index < HEAD_LINES
        && PATTERNS.sent.is_match(&text[line.start.min(span.start)..span.start])
        && layout.lines[near].iter().any(|line| PATTERNS.mail_head.is_match(&text[line.span.range()]))
}

/// So many lines from each other stand those of the head of a mail.
const MAIL_LINES: usize = 2;

/// What says that a date is the text's own stands within so many characters before it.
const OWN_WORD: usize = 16;

/// The letter's date stands within so many lines of the top or the end.
const HEAD_LINES: usize = 12;
const FOOT_LINES: usize = 12;

/// `month_of` tells what 今月 is, `near` the year of a date in a text without a day of its own.
fn date_of(
    raw: &Raw,
    previous: Option<Date>,
    anchor: Option<Date>,
    [month_of, near]: [Option<Date>; 2],
    later: impl Fn() -> Option<i16>,
) -> Option<PartialDate> {
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
            let own = month_of?;
            // 「30日、…と発表した」 in a paper of the 2nd.
            let later = raw.bare && matches!(raw.day, Day::Given(day) if day > own.day()) && Some(own) == anchor;
            let step = step - i8::from(later);
            let moved = own.checked_add(i64::from(step).months()).ok()?;
            (Some(moved.month()), moved.year() - own.year())
        }
        Month::OfPrevious(step) => {
            let next =
                if raw.bare { goes_on(raw, previous?, anchor.filter(|own| (own.month(), own.day()) != (12, 31)).or(month_of)) } else { 0 };
            let moved = previous?.checked_add((i64::from(step) + next).months()).ok()?;
            (Some(moved.month()), moved.year() - previous?.year())
        }
    };
    let year = match raw.year {
        Year::Given(year) => year,
        Year::OfDocument(step) => anchor.or(previous)?.year() + step,
        Year::OfPrevious(step) => previous?.year() + step + if raw.bare { carry } else { 0 },
        Year::Open if matches!(raw.month, Month::OfDocument(_)) => month_of?.year() + carry,
        Year::Open if matches!(raw.month, Month::OfPrevious(_)) => previous?.year() + carry,
        Year::Open => {
            // Where the text has no day of its own, the next full date tells more than the last day of its latest year.
            let known = anchor.filter(|own| previous.is_some() || (own.month(), own.day()) != (12, 31)).or(near).or(anchor);
            open_year(raw, month?, previous, known).or_else(later)?
        }
    };
    match (month, raw.day) {
        (Some(month), Day::Given(day)) => PartialDate::day(year, month, day),
        (Some(month), _) => PartialDate::month(year, month),
        (None, _) => PartialDate::year(year),
    }
}

/// The months from the last date to a day without one: 「30日に…、2日に」 goes on to the next, if that is nearer than a step back.
fn goes_on(raw: &Raw, previous: Date, anchor: Option<Date>) -> i64 {
    let Day::Given(day) = raw.day else { return 0 };
    let next = || Date::new(previous.year(), previous.month(), 1).ok()?.checked_add(1.month()).ok()?.with().day(day).build().ok();
    let nearer = |next: Date| previous.until(next).is_ok_and(|span| span.get_days() < i32::from(previous.day() - day));
    let told = |next: Date| anchor.is_none_or(|anchor| next <= anchor);
    i64::from(day < previous.day() && next().is_some_and(|next| nearer(next) && told(next)))
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
    if let Some(weekday) = raw.weekday
        && let Some(year) =
            (0..4).map(|back| base.year() - back).find(|&year| Date::new(year, month, day).is_ok_and(|date| date.weekday() == weekday))
    {
        return Some(year);
    }
    if let Some(previous) = previous {
        // A list of dates goes on through the turn of the year; a day shortly before the last one is a step back.
        // Not every year has a 29 February.
        let of = |year| Date::new(year, month, day).ok();
        let (same, next) = (of(previous.year()), of(previous.year() + 1));
        let back = same.and_then(|same| same.until(previous).ok()).is_some_and(|span| span.get_days() >= STEP_BACK);
        let fits = |date: &Date| anchor.is_none_or(|anchor| *date <= anchor || is_soon(anchor, *date));
        if let Some(date) = [next.filter(|_| back), same].into_iter().flatten().find(fits) {
            return Some(date.year());
        }
    }
    let candidate = Date::new(base.year(), month, day).ok()?;
    Some(if candidate > base && !is_soon(base, candidate) { base.year() - 1 } else { base.year() })
}

/// So many days back are the year before rather than a step back in the story.
const STEP_BACK: i32 = 60;
