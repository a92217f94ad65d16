//! The day of the text itself: where its head or foot tells it, or its year follows from all else that it tells.

use jiff::ToSpan;
use jiff::civil::Date;
use owabi_corpora::Span;

use super::written::{Day, Month, Raw, Year};
use super::{FOOT_LINES, HEAD_LINES, HEADING, LABEL, PATTERNS, full_day, is_own_date};
use crate::layout::Layout;
use crate::patterns;

/// The document's own day or year: a date in its head, a 公表 date, else the latest year named.
pub(super) fn anchor(text: &str, layout: &Layout, raws: &[Raw]) -> Option<Date> {
    let own = raws.iter().find(|raw| full_day(raw).is_some() && (raw.anchor_only || is_own_date(text, layout, raw.span)));
    own.and_then(full_day).or_else(|| sourced(text, layout, raws)).or_else(|| yearless(text, layout, raws)).or_else(|| {
        let years = raws.iter().filter_map(|raw| if let Year::Given(year) = raw.year { Some(year) } else { None });
        // No date has a year: a number like 「#2024-017」 in the title may tell it.
        let title = || PATTERNS.title_year.captures(text.lines().next()?)?.get(1)?.as_str().parse().ok();
        let latest = years.filter(|&year| year > 2000).chain(title()).max()?;
        Date::new(latest, 12, 31).ok()
    })
}

/// The day on which a paper printed the text or a page was brought up to date, on a line with little else: 「(2024年8月9日 地域新聞)」.
fn sourced(text: &str, layout: &Layout, raws: &[Raw]) -> Option<Date> {
    let source = |raw: &&Raw| {
        let index = layout.line_at(raw.span.start);
        let line = layout.lines[index].span;
        let (before, after) = (&text[line.start.min(raw.span.start)..raw.span.start], &text[raw.span.end..line.end.max(raw.span.end)]);
        let edge = index < HEAD_LINES || index + FOOT_LINES >= layout.lines.len();
        patterns::prefix(after, ALONE) == after.len()
            && !before.contains('。')
            && (PATTERNS.source_behind.is_match(after)
                || edge && PATTERNS.delivered.is_match(after)
                || edge
                    && (PATTERNS.source.is_match(before)
                        || raw.time.is_some() && after.trim().is_empty() && !before.contains(char::is_alphanumeric)))
    };
    raws.iter().filter(source).filter_map(full_day).max()
}

/// What stands behind a date, no farther than an announcement does.
fn behind<'t>(text: &'t str, raw: &Raw) -> &'t str {
    let rest = &text[raw.span.end..];
    &rest[..patterns::prefix(rest, SAID_BEHIND)]
}

/// In characters.
const SAID_BEHIND: usize = 160;

/// Whether a text without a day of its own tells its year: in its title, on a line with little else, or as that of an announcement.
pub(super) fn tells_own_year(text: &str, layout: &Layout, raws: &[Raw], anchor: Option<Date>) -> bool {
    let of_anchor = |raw: &&Raw| anchor.is_some_and(|anchor| raw.year == Year::Given(anchor.year()));
    let alone = |raw: &Raw| {
        let line = layout.lines[layout.line_at(raw.span.start)].span;
        patterns::prefix(&text[line.range()], ALONE) == line.end - line.start
    };
    let announced = |raw: &Raw| PATTERNS.announced.is_match(behind(text, raw));
    names_year(text) || raws.iter().filter(of_anchor).any(|raw| alone(raw) || raw.day != Day::None && announced(raw))
}

/// Whether the title names a year, as in a number: 「#2024-017」.
fn names_year(text: &str) -> bool {
    let title = text.lines().next().unwrap_or_default();
    !title.contains('。') && PATTERNS.title_year.is_match(title)
}

/// A line that holds little beside its year is shorter, in characters.
const ALONE: usize = 24;

/// The document's own day where it stands without its year, in the head or as that of the announcement which a paper's first sentence
/// tells: the first one not before all that the text tells of with a year.
fn yearless(text: &str, layout: &Layout, raws: &[Raw]) -> Option<Date> {
    let own = |raw: &&Raw| {
        matches!((raw.year, raw.month, raw.day), (Year::Open, Month::Given(_), Day::Given(_)))
            && (is_own_date(text, layout, raw.span) || is_delivered(text, layout, raw.span))
    };
    let announced = |raw: &&Raw| {
        matches!((raw.year, raw.month), (Year::Open, Month::Given(_) | Month::OfDocument(0)))
            && PATTERNS.announced.is_match(behind(text, raw))
    };
    if names_year(text) {
        return None;
    }
    let head = raws.iter().find(own);
    let raw = head.or_else(|| raws.first().filter(announced))?;
    let told = raws.iter().filter_map(|raw| told(text, raw)).max()?;
    let Day::Given(day) = raw.day else { return None };
    let month = if let Month::Given(month) = raw.month { Some(month) } else { None };
    let fits = |date: &Date| *date >= told && (head.is_none() || raw.weekday.is_none_or(|weekday| date.weekday() == weekday));
    // What was announced befell not long before; in a paper's own month that of the last day told.
    let soon = |date: &Date| head.is_some() || told.until(*date).is_ok_and(|span| span.get_days() <= ANNOUNCED);
    let found = match month {
        Some(month) => (0..YEARS).filter_map(|later| Date::new(told.year() + later, month, day).ok()).find(fits),
        None => (0..2).filter_map(|later| told.first_of_month().checked_add(later.months()).ok()?.with().day(day).build().ok()).find(fits),
    };
    found.filter(soon)
}

/// In days, from the last that a text tells to its announcement.
const ANNOUNCED: i32 = 360;

/// A document is written so many years after what it tells at most.
const YEARS: i16 = 6;

/// The day of which a text tells with its year, its first where it tells the month alone; what is to come has not happened.
fn told(text: &str, raw: &Raw) -> Option<Date> {
    let Year::Given(year) = raw.year else { return None };
    let behind = &text[raw.span.end..];
    let month = match raw.month {
        Month::Given(month) => month,
        // 「時系列(令和6年)」
        _ if behind.is_empty() || behind.starts_with([')', '】', '\n']) => 1,
        _ => return None,
    };
    let behind = &behind[..patterns::prefix(behind, LABEL)];
    let day = if let Day::Given(day) = raw.day { day } else { 1 };
    (!PATTERNS.to_come.is_match(behind)).then(|| Date::new(year, month, day).ok())?
}

/// Whether a date is that on which a paper put its text out: 「地域新聞 8月9日(水)9時32分配信」.
fn is_delivered(text: &str, layout: &Layout, span: Span) -> bool {
    let index = layout.line_at(span.start);
    let line = layout.lines[index].span;
    let edge = index < HEAD_LINES || index + FOOT_LINES >= layout.lines.len();
    edge && line.end - line.start < HEADING && PATTERNS.delivered.is_match(&text[span.end..line.end.max(span.end)])
}
