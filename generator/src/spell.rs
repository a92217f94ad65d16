//! What a template leaves open: alternatives, and what depends on the place in the text.
//!
//! Templates write a date as a token (`DATE_OPEN`, ISO date, `DATE_CLOSE`; a letter before the date asks for a form of its
//! own), since whether it is 「2024年3月9日」 or 「同月9日」 depends on the date before it. And they write alternatives as
//! `«重く|厳粛に»`, of which one is drawn. Both are private characters or guillemets, which no notice holds.

use jiff::civil::Date;

use crate::draw::Draw;
use crate::facts::Facts;
use crate::style::Style;

pub(crate) const DATE_OPEN: char = '\u{e000}';
pub(crate) const DATE_CLOSE: char = '\u{e001}';
const CHOICE_OPEN: char = '«';
const CHOICE_CLOSE: char = '»';
const MARK_OPEN: char = '⟦';
const MARK_CLOSE: char = '⟧';
const BAR: char = '|';

/// Resolves the dates of a marked text, from its beginning to its end.
pub(crate) fn spell(marked: &str, style: &Style, facts: &Facts) -> String {
    dates(marked, style, facts.timeline.posted.or(facts.timeline.published).map(|date| date.year()))
}

/// Draws every choice, also within choices.
pub(crate) fn choose(text: &str, draw: &mut Draw, out: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find(CHOICE_OPEN) {
        out.push_str(&rest[..at]);
        let inside = &rest[at + CHOICE_OPEN.len_utf8()..];
        let (alternatives, end) = alternatives(inside);
        let chosen: &&str = draw.pick(&alternatives);
        choose(chosen, draw, out);
        rest = &inside[end..];
    }
    out.push_str(rest);
}

/// The alternatives of a choice, and where the text goes on. Bars inside marks and inner choices are theirs.
fn alternatives(inside: &str) -> (Vec<&str>, usize) {
    let (mut found, mut begin, mut marks, mut choices) = (Vec::new(), 0, 0, 0);
    for (at, c) in inside.char_indices() {
        match c {
            MARK_OPEN => marks += 1,
            MARK_CLOSE => marks -= 1,
            CHOICE_OPEN => choices += 1,
            CHOICE_CLOSE if choices > 0 => choices -= 1,
            CHOICE_CLOSE => {
                found.push(&inside[begin..at]);
                return (found, at + c.len_utf8());
            }
            BAR if marks == 0 && choices == 0 => {
                found.push(&inside[begin..at]);
                begin = at + c.len_utf8();
            }
            _ => {}
        }
    }
    found.push(&inside[begin..]);
    (found, inside.len())
}

/// Writes the dates, each in the light of the one before.
fn dates(text: &str, style: &Style, year: Option<i16>) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut before, mut near) = (None, false);
    let mut rest = text;
    while let Some(at) = rest.find(DATE_OPEN) {
        let between = &rest[..at];
        out.push_str(between);
        near &= !between.contains('\n');
        let token = &rest[at + DATE_OPEN.len_utf8()..];
        let (inside, after) = token.split_once(DATE_CLOSE).unwrap_or((token, ""));
        rest = after;
        let (form, iso) = inside.split_at(usize::from(!inside.starts_with(|c: char| c.is_ascii_digit())));
        let Ok(date) = iso.parse::<Date>() else { continue };
        match form {
            "H" => out.push_str(&style.head_date(date)),
            "M" => out.push_str(&style.month(date)),
            "S" => out.push_str(&style.stamp(date)),
            "F" => out.push_str(&style.full_date(date)),
            _ => out.push_str(&style.date(date, before, near, year)),
        }
        // After a bare month, 「同月」 and 「同年」 would be read as that month's; after a day of another matter, as in its year.
        (before, near) = if matches!(form, "M" | "H" | "F") { (None, false) } else { (Some(date), true) };
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::Key;

    #[test]
    fn a_choice_gives_each_of_its_alternatives_and_keeps_marks_whole() {
        let mut draw = Key::new(1, "", 1).stage("spell");
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..100 {
            let mut out = String::new();
            choose("甲«⟦氏名|name:denied⟧|乙«|丙»»丁", &mut draw, &mut out);
            seen.insert(out);
        }
        assert_eq!(seen.into_iter().collect::<Vec<_>>(), ["甲⟦氏名|name:denied⟧丁", "甲乙丁", "甲乙丙丁"]);
    }
}
