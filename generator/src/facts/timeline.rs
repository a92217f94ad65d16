//! When what happened.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday, date};

use crate::draw::Draw;

/// The law's time for the first report: within three to five days of knowing.
const PRELIMINARY_DAYS: i32 = 5;
/// The law's time for the last report, where evil intent is possible; otherwise 30 days.
const FINAL_DAYS_EVIL: i32 = 60;
/// The law's time for the last report otherwise.
const FINAL_DAYS: i32 = 30;

/// The days of an incident. Absent days are not told.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Timeline {
    /// The event, or its first day.
    pub occurred_start: Option<Date>,
    /// Its last day.
    pub occurred_end: Option<Date>,
    /// The organisation learned of it.
    pub discovered: Option<Date>,
    /// Stopped or cut off.
    pub contained: Option<Date>,
    /// 速報.
    pub preliminary: Option<Date>,
    /// 確報.
    pub final_report: Option<Date>,
    /// Told to the police.
    pub police: Option<Date>,
    /// The investigation ended.
    pub investigation_done: Option<Date>,
    /// The people were told.
    pub notified: Option<Date>,
    /// The day of an earlier announcement that the document goes on from.
    pub announced: Option<Date>,
    /// The document's own day.
    pub published: Option<Date>,
    /// The day on which somebody else wrote about it: no role, but the year of what stands below.
    pub posted: Option<Date>,
    /// A day in the future that has no role: a deadline.
    pub deadline: Option<Date>,
    /// Whether evil intent is possible, which gives 60 days for the last report.
    pub evil: bool,
}

impl Timeline {
    /// Whether a report missed the law's time.
    pub fn is_late(&self) -> bool {
        let after = |day: Option<Date>, limit: i32| match (self.discovered, day) {
            (Some(known), Some(day)) => days_between(known, day) > limit,
            _ => false,
        };
        after(self.preliminary, PRELIMINARY_DAYS) || after(self.final_report, if self.evil { FINAL_DAYS_EVIL } else { FINAL_DAYS })
    }
}

impl Timeline {
    /// The day that a slot tells of; the document's own where it tells of none.
    pub(crate) fn day_told(&self, slot: &str) -> Option<Date> {
        let day = match slot {
            "police" | "police_m" => self.police,
            "authority" | "authority_m" | "report" => self.preliminary,
            "notify" | "notify_ref" | "response_m" => self.notified,
            "found" => self.discovered,
            _ => None,
        };
        day.or(self.published)
    }
}

/// How many days from `a` to `b`.
pub(crate) fn days_between(a: Date, b: Date) -> i32 {
    a.until(b).map(|span| span.get_days()).unwrap_or(0)
}

/// So many days later (earlier when negative).
pub(crate) fn plus(day: Date, days: i64) -> Date {
    day.saturating_add(days.days())
}

/// The same day, or the next on which offices report and publish: no weekend, no holiday nor its substitute on the Monday behind it,
/// no turn of the year (the equinoxes on either of their days).
pub(crate) fn workday(day: Date) -> Date {
    let mut day = day;
    while is_off(day) {
        day = plus(day, 1);
    }
    day
}

fn is_off(day: Date) -> bool {
    let on_monday = |days: bool| days && day.weekday() == Weekday::Monday;
    let fixed = matches!(
        (day.month(), day.day()),
        (1, 1..=3) | (2, 11 | 23) | (3, 20 | 21) | (4, 29) | (5, 3..=6) | (8, 11) | (9, 22 | 23) | (11, 3 | 23) | (12, 29..=31)
    );
    let monday = on_monday(matches!((day.month(), day.day()), (1 | 10, 8..=14) | (7 | 9, 15..=21)));
    let substitute = on_monday(matches!((day.month(), day.day()), (2, 12 | 24) | (4, 30) | (8, 12) | (9, 24) | (11, 4 | 24)));
    fixed || monday || substitute || matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// A working day on which an incident came to light. The reporting duty that the texts speak of began in April 2022, that
/// of public bodies in April 2023.
pub(crate) fn discovery(draw: &mut Draw) -> Date {
    workday(plus(date(2023, 4, 10), draw.below(760) as i64))
}

/// Days in which the authority was told: in time, or in rare cases late.
pub(crate) fn report(timeline: &mut Timeline, late: bool, draw: &mut Draw) {
    let Some(known) = timeline.discovered else { return };
    let limit = if timeline.evil { FINAL_DAYS_EVIL } else { FINAL_DAYS } as u64;
    let first = workday(plus(known, if late { draw.between(8, 15) } else { draw.between(0, 3) } as i64));
    // A run of holidays must not make a punctual report late.
    timeline.preliminary = Some(if !late && days_between(known, first) > PRELIMINARY_DAYS { known } else { first });
    let last = plus(known, draw.between(limit - 9, limit) as i64);
    timeline.final_report = (0..9).map(|days| plus(last, -days)).find(|day| !is_off(*day)).max(timeline.preliminary);
}
