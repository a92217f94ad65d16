//! Days as a house writes them: in full, after another one as short as it likes, with an era or a weekday.

use std::sync::LazyLock;

use jiff::civil::{Date, Weekday};

use super::{DateRow, Digits, ERAS, Leaning, Said, Style, TABLE};
use crate::data;

/// A way to write a day, read once.
struct Pattern {
    parts: Vec<Part>,
    /// Whether its numbers stand between signs alone: 「2024/3/9」.
    bare: bool,
}

enum Part {
    Text(String),
    /// The era with its year.
    Era,
    Year,
    Month,
    Day,
}

impl Pattern {
    fn new(pattern: &str) -> Pattern {
        let (mut parts, mut text) = (Vec::new(), String::new());
        let flush = |text: &mut String, parts: &mut Vec<Part>| {
            if !text.is_empty() {
                parts.push(Part::Text(std::mem::take(text)));
            }
        };
        data::fill(pattern, &mut text, |field, text| {
            flush(text, &mut parts);
            parts.extend(match field {
                "E" => Some(Part::Era),
                "Y" => Some(Part::Year),
                "M" => Some(Part::Month),
                "D" => Some(Part::Day),
                _ => None,
            });
        });
        flush(&mut text, &mut parts);
        Pattern { parts, bare: pattern.contains(['/', '.']) }
    }
}

/// The patterns of one way to write dates.
struct Patterns {
    full: Pattern,
    month: Pattern,
    in_year: Pattern,
    same_year: Pattern,
    same_month: Pattern,
    this_year: Pattern,
}

static PATTERNS: LazyLock<Vec<Patterns>> = LazyLock::new(|| {
    let read = |row: &DateRow| Patterns {
        full: Pattern::new(&row.full),
        month: Pattern::new(&row.month),
        in_year: Pattern::new(&row.in_year),
        same_year: Pattern::new(&row.same_year),
        same_month: Pattern::new(&row.same_month),
        this_year: Pattern::new(&row.this_year),
    };
    TABLE.date.iter().map(read).collect()
});

/// For each way to write the day in a document's head, its pattern; `None` where it stands there as in the text.
static HEADS: LazyLock<Vec<Option<Pattern>>> = LazyLock::new(|| {
    let read = |pattern: &String| (!pattern.is_empty()).then(|| Pattern::new(pattern));
    TABLE.head_date.iter().map(|row| read(&row.pattern)).collect()
});

impl Style {
    /// Writes a date in the document's head.
    pub(crate) fn head_date(&self, date: Date, out: &mut String) {
        match &HEADS[self.head_date] {
            Some(pattern) => self.write(pattern, date, out),
            None => self.full_date(date, out),
        }
    }

    /// Writes a date in full.
    pub(crate) fn full_date(&self, date: Date, out: &mut String) {
        self.with_weekday(&PATTERNS[self.date].full, date, out);
    }

    /// Writes a month.
    pub(crate) fn month(&self, date: Date, out: &mut String) {
        self.write(&PATTERNS[self.date].month, date, out);
    }

    /// Writes a date after another: as short as the style has it; `year` is the document's own. Returns whether a year stands in the
    /// line from now on.
    pub(crate) fn date(&self, date: Date, said: &Said, year: Option<i16>, out: &mut String) -> bool {
        let (patterns, near) = (&PATTERNS[self.date], said.near);
        let Some(before) = said.date.filter(|before| before.year() == date.year()) else {
            let this_year = self.this_year && self.leaning > Leaning::Never && year == Some(date.year());
            self.with_weekday(if this_year { &patterns.this_year } else { &patterns.full }, date, out);
            return true;
        };
        let pattern = match self.leaning {
            Leaning::Never => &patterns.full,
            Leaning::Month if near && before == date => {
                out.push_str(&TABLE.date[self.date].same_day);
                return said.dated;
            }
            Leaning::Month if near && before.month() == date.month() => &patterns.same_month,
            // 「3月21日から同年4月19日」 leaves the reader to look for the year.
            Leaning::Month if said.dated => &patterns.same_year,
            _ => &patterns.in_year,
        };
        self.with_weekday(pattern, date, out);
        said.dated || self.leaning == Leaning::Never
    }

    fn with_weekday(&self, pattern: &Pattern, date: Date, out: &mut String) {
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

    fn write(&self, pattern: &Pattern, date: Date, out: &mut String) {
        // Only around the characters for month and day: 「9 月 29 日」, never 「2024/9/ 29」.
        let spaced = self.digits == Digits::Spaced && !pattern.bare;
        let begin = out.len();
        for part in &pattern.parts {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Era => match era_of(date) {
                    Some((era, year)) => {
                        out.push_str(era);
                        self.digits(year, out);
                    }
                    None => out.push_str(&date.year().to_string()),
                },
                Part::Year => self.digits(date.year().unsigned_abs().into(), out),
                Part::Month => self.month_or_day(date.month(), spaced, begin, out),
                Part::Day => self.month_or_day(date.day(), spaced, begin, out),
            }
        }
        // No date ends with a space.
        out.truncate(begin + out[begin..].trim_end().len());
    }

    fn month_or_day(&self, number: i8, spaced: bool, begin: usize, out: &mut String) {
        let spaced = spaced && number >= 10;
        // Nor does any begin with the space of its first number.
        if spaced && out.len() > begin {
            out.push(' ');
        }
        self.digits(number.unsigned_abs().into(), out);
        if spaced {
            out.push(' ');
        }
    }
}

/// The era of a day and the year in it, from 1; nothing before the first era that is known.
pub(crate) fn era_of(date: Date) -> Option<(&'static str, u64)> {
    let (name, first) = ERAS.iter().find(|(_, first)| *first <= date)?;
    Some((name, u64::from((date.year() - first.year()).unsigned_abs()) + 1))
}
