//! Dates as notices give them: a year, a month or a day, and sometimes a time.

use std::fmt;
use std::str::FromStr;

use serde::de::{self, Deserialize, Deserializer};
use serde::{Serialize, Serializer};

/// `YYYY`, `YYYY-MM` or `YYYY-MM-DD`. A partial date equals only itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartialDate {
    /// 1 to 9999.
    pub year: i16,
    /// 1 to 12.
    pub month: Option<i8>,
    /// 1 to the month's last day; present only with a month.
    pub day: Option<i8>,
}

impl PartialDate {
    /// A full date, or `None` where the calendar has no such day.
    pub fn day(year: i16, month: i8, day: i8) -> Option<PartialDate> {
        jiff::civil::Date::new(year, month, day).ok().map(PartialDate::from)
    }

    /// A month, or `None` for a month outside 1 to 12.
    pub fn month(year: i16, month: i8) -> Option<PartialDate> {
        (1..=9999).contains(&year).then_some(())?;
        (1..=12).contains(&month).then_some(PartialDate { year, month: Some(month), day: None })
    }

    /// A year alone.
    pub fn year(year: i16) -> Option<PartialDate> {
        (1..=9999).contains(&year).then_some(PartialDate { year, month: None, day: None })
    }

    /// The first and the last day that it may mean: of 2023-06 the 1st and the 30th.
    pub fn days(self) -> Option<(jiff::civil::Date, jiff::civil::Date)> {
        let first = jiff::civil::Date::new(self.year, self.month.unwrap_or(1), self.day.unwrap_or(1)).ok()?;
        let last = match (self.month, self.day) {
            (None, _) => jiff::civil::Date::new(self.year, 12, 31).ok()?,
            (Some(_), None) => first.last_of_month(),
            (Some(_), Some(_)) => first,
        };
        Some((first, last))
    }

    /// The calendar day, when all three parts are there.
    pub fn civil(self) -> Option<jiff::civil::Date> {
        jiff::civil::Date::new(self.year, self.month?, self.day?).ok()
    }
}

impl From<jiff::civil::Date> for PartialDate {
    fn from(date: jiff::civil::Date) -> PartialDate {
        PartialDate { year: date.year(), month: Some(date.month()), day: Some(date.day()) }
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        if let Some(month) = self.month {
            write!(f, "-{month:02}")?;
        }
        if let Some(day) = self.day {
            write!(f, "-{day:02}")?;
        }
        Ok(())
    }
}

/// Text that is no [`PartialDate`] or no [`ClockTime`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadDate(String);

impl fmt::Display for BadDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BadDate {}

impl FromStr for PartialDate {
    type Err = BadDate;

    fn from_str(text: &str) -> Result<PartialDate, BadDate> {
        let bad = || BadDate(format!("`{text}` is no date; write YYYY, YYYY-MM or YYYY-MM-DD"));
        if !text.bytes().all(|b| b.is_ascii_digit() || b == b'-') {
            return Err(bad());
        }
        let mut parts = text.splitn(3, '-');
        let number = |part: &str, digits: usize| (part.len() == digits).then(|| part.parse::<i16>().ok()).flatten();
        let date = match [parts.next(), parts.next(), parts.next()] {
            [Some(y), None, _] => number(y, 4).and_then(PartialDate::year),
            [Some(y), Some(m), None] => number(y, 4).zip(number(m, 2)).and_then(|(y, m)| PartialDate::month(y, m as i8)),
            [Some(y), Some(m), Some(d)] => number(y, 4)
                .zip(number(m, 2))
                .zip(number(d, 2))
                .and_then(|((y, m), d)| if y > 0 { PartialDate::day(y, m as i8, d as i8) } else { None }),
            _ => None,
        };
        date.ok_or_else(bad)
    }
}

/// A time of day to the minute, `HH:MM`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClockTime {
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
}

impl ClockTime {
    /// `None` outside 00:00 to 23:59.
    pub fn new(hour: u8, minute: u8) -> Option<ClockTime> {
        (hour < 24 && minute < 60).then_some(ClockTime { hour, minute })
    }
}

impl fmt::Display for ClockTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.hour, self.minute)
    }
}

impl FromStr for ClockTime {
    type Err = BadDate;

    fn from_str(text: &str) -> Result<ClockTime, BadDate> {
        let number = |part: &str| (part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse().ok()).flatten();
        text.split_once(':')
            .and_then(|(hour, minute)| ClockTime::new(number(hour)?, number(minute)?))
            .ok_or_else(|| BadDate(format!("`{text}` is no time of day; write HH:MM")))
    }
}

macro_rules! as_string {
    ($name:ident) => {
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<$name, D::Error> {
                std::borrow::Cow::<'de, str>::deserialize(deserializer)?.parse().map_err(de::Error::custom)
            }
        }
    };
}

as_string!(PartialDate);
as_string!(ClockTime);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes_and_refuses_the_rest() {
        for good in ["2023", "2023-06", "2024-02-29"] {
            assert_eq!(good.parse::<PartialDate>().unwrap().to_string(), good);
        }
        for bad in ["", "23", "2023-6", "2023-02-29", "2023-13", "2023-06-01T00:00", "+123", "2023-06-01-01", "令和5年"] {
            assert!(bad.parse::<PartialDate>().is_err(), "{bad}");
        }
        assert_eq!("09:05".parse::<ClockTime>().unwrap().to_string(), "09:05");
        for bad in ["9:05", "24:00", "12:60", "12", "1２:00"] {
            assert!(bad.parse::<ClockTime>().is_err(), "{bad}");
        }
    }
}
