//! Days as a house writes them: in full, after another one as short as it likes, with an era or a weekday.

use jiff::civil::{Date, Weekday};

use super::{Digits, ERAS, Leaning, Said, Style, TABLE};
use crate::data;

impl Style {
    /// Writes a date in the document's head.
    pub(crate) fn head_date(&self, date: Date, out: &mut String) {
        let pattern = &TABLE.head_date[self.head_date].pattern;
        if pattern.is_empty() { self.full_date(date, out) } else { self.write(pattern, date, out) }
    }

    /// Writes a date in full.
    pub(crate) fn full_date(&self, date: Date, out: &mut String) {
        self.with_weekday(&TABLE.date[self.date].full, date, out);
    }

    /// Writes a month.
    pub(crate) fn month(&self, date: Date, out: &mut String) {
        self.write(&TABLE.date[self.date].month, date, out);
    }

    /// Writes a date after another: as short as the style has it; `year` is the document's own. Returns whether a year stands in the
    /// line from now on.
    pub(crate) fn date(&self, date: Date, said: &Said, year: Option<i16>, out: &mut String) -> bool {
        let (row, near) = (&TABLE.date[self.date], said.near);
        let Some(before) = said.date.filter(|before| before.year() == date.year()) else {
            let this_year = self.this_year && self.leaning > Leaning::Never && year == Some(date.year());
            self.with_weekday(if this_year { &row.this_year } else { &row.full }, date, out);
            return true;
        };
        let pattern = match self.leaning {
            Leaning::Never => &row.full,
            Leaning::Month if near && before == date => {
                out.push_str(&row.same_day);
                return said.dated;
            }
            Leaning::Month if near && before.month() == date.month() => &row.same_month,
            // 「3月21日から同年4月19日」 leaves the reader to look for the year.
            Leaning::Month if said.dated => &row.same_year,
            _ => &row.in_year,
        };
        self.with_weekday(pattern, date, out);
        said.dated || self.leaning == Leaning::Never
    }

    fn with_weekday(&self, pattern: &str, date: Date, out: &mut String) {
        self.write(pattern, date, out);
        if self.weekday {
            let day = match date.weekday() {
                Weekday::Sunday => 0,
                other => other.to_monday_one_offset() as usize,
            };
            let [open, close] = if self.digits == Digits::Full { ['（', '）'] } else { ['(', ')'] };
            out.push(open);
            out.extend(TABLE.weekdays.chars().nth(day));
            out.push(close);
        }
    }

    fn write(&self, pattern: &str, date: Date, out: &mut String) {
        // Only around the characters for month and day: 「9 月 29 日」, never 「2024/9/ 29」.
        let spaced = self.digits == Digits::Spaced && !pattern.contains(['/', '.']);
        let begin = out.len();
        data::fill(pattern, out, |field, out| match field {
            "E" => match era_of(date) {
                Some((era, year)) => {
                    out.push_str(era);
                    self.digits(year, out);
                }
                None => out.push_str(&date.year().to_string()),
            },
            "Y" => self.digits(date.year().unsigned_abs().into(), out),
            "M" | "D" => {
                let number = if field == "M" { date.month() } else { date.day() };
                // No date begins with the space of its first number.
                if spaced && number >= 10 && out.len() > begin {
                    out.push(' ');
                }
                self.digits(number.unsigned_abs().into(), out);
                if spaced && number >= 10 {
                    out.push(' ');
                }
            }
            _ => {}
        });
        // Nor does any end with one.
        out.truncate(begin + out[begin..].trim_end().len());
    }
}

/// The era of a day and the year in it, from 1; nothing before the first era that is known.
pub(crate) fn era_of(date: Date) -> Option<(&'static str, u64)> {
    let (name, first) = ERAS.iter().find(|(_, first)| *first <= date)?;
    Some((name, u64::from((date.year() - first.year()).unsigned_abs()) + 1))
}
