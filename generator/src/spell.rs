//! What a phrase leaves open, as it depends on the place in the text: dates.
//!
//! A date is written as a token (`DATE_OPEN`, ISO date, `DATE_CLOSE`; a letter before the date asks for a form of its own), since
//! whether it is 「2024年3月9日」 or 「同月9日」 depends on the date before it. Both are control characters, which no notice holds.

use jiff::civil::Date;

use crate::facts::Facts;
use crate::style::{self, Style};

pub(crate) const DATE_OPEN: char = '\u{1}';
pub(crate) const DATE_CLOSE: char = '\u{2}';

/// Resolves the dates of a marked text, from its beginning to its end.
pub(crate) fn spell(marked: &str, style: &Style, facts: &Facts) -> String {
    dates(marked, style, facts.timeline.posted.or(facts.timeline.published).map(|date| date.year()))
}

/// Writes the dates, each in the light of the one before.
fn dates(text: &str, style: &Style, year: Option<i16>) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut before, mut near) = (None, false);
    let mut rest = text;
    while let Some(at) = memchr::memchr(DATE_OPEN as u8, rest.as_bytes()) {
        let between = &rest[..at];
        out.push_str(between);
        near = near && memchr::memchr(b'\n', between.as_bytes()).is_none();
        let token = &rest[at + DATE_OPEN.len_utf8()..];
        let (inside, after) = token.split_once(DATE_CLOSE).unwrap_or((token, ""));
        rest = after;
        let (form, iso) = inside.split_at(usize::from(!inside.starts_with(|c: char| c.is_ascii_digit())));
        let Ok(date) = iso.parse::<Date>() else { continue };
        match form {
            "H" => out.push_str(&style.head_date(date)),
            "M" => out.push_str(&style.month(date)),
            "S" => style::stamp(date, &mut out),
            "F" => out.push_str(&style.full_date(date)),
            _ => out.push_str(&style.date(date, before, near, year)),
        }
        // After a bare month, 「同月」 and 「同年」 would be read as that month's; after a day of another matter, as in its year.
        (before, near) = if matches!(form, "M" | "H" | "F") { (None, false) } else { (Some(date), true) };
    }
    out.push_str(rest);
    out
}
