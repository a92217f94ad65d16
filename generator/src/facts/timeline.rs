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
    /// The document's own day.
    pub published: Option<Date>,
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

/// How many days from `a` to `b`.
pub(crate) fn days_between(a: Date, b: Date) -> i32 {
    a.until(b).map(|span| span.get_days()).unwrap_or(0)
}

/// So many days later (earlier when negative).
pub(crate) fn plus(day: Date, days: i64) -> Date {
    day.saturating_add(days.days())
}

/// The same day, or the Monday after it: offices report and publish on working days.
pub(crate) fn workday(day: Date) -> Date {
    match day.weekday() {
        Weekday::Saturday => plus(day, 2),
        Weekday::Sunday => plus(day, 1),
        _ => day,
    }
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
    timeline.preliminary =
        Some(if late { workday(plus(known, draw.between(9, 24) as i64)) } else { workday(plus(known, draw.between(0, 3) as i64)) });
    timeline.final_report = Some(workday(plus(known, draw.between(limit - 9, limit - 2) as i64)));
}
