//! `spacing`: spaces that word processors, justified tables and letter-spaced titles bring in.

use owabi_corpora::edits::Edit;
use owabi_corpora::{Record, Span};

use super::Change;
use super::marks::Cover;
use super::text::{ends_sentence, is_japanese, item, lines, signs};
use crate::draw::Draw;

/// Which spaces a document has; each is drawn, and one there is always.
struct House {
    /// 「2023 年 9 月 29 日」.
    digits: bool,
    /// 「住　所」: words of two characters, spread to the width of those below.
    short: bool,
    /// 「お 詫 び」: the title.
    title: bool,
    /// 「。 」.
    stops: bool,
    /// A wide space before each paragraph.
    indent: bool,
}

impl House {
    fn draw(draw: &mut Draw) -> House {
        let always = draw.below(2);
        let mut with = |percent| draw.percent(percent);
        House { digits: always == 0 || with(40), short: with(50), title: with(35), stops: with(15), indent: always == 1 || with(25) }
    }
}

pub(super) fn change(record: &Record, draw: &mut Draw) -> Option<Change> {
    let house = House::draw(draw);
    let (text, values) = (&record.text, Cover::of(record, &["values"]));
    let mut places: Vec<(usize, char)> = Vec::new();
    let mut titled = false;
    for line in lines(text) {
        let content = &text[line.range()];
        let words = item(text, line).map_or(line, |(_, start)| Span::new(start, line.end));
        let inner = &text[words.range()];
        let letters = inner.chars().filter(|c| !c.is_whitespace()).count();
        if letters == 0 {
            continue;
        }
        let is_title = !titled && letters <= 30 && house.title && inner.chars().all(|c| is_japanese(c) || c == ' ' || c == '\u{3000}');
        titled = true;
        if is_title || (house.short && letters == 2 && inner.chars().all(is_japanese)) {
            let space = if is_title { ' ' } else { '\u{3000}' };
            places.extend(inner.char_indices().skip(1).map(|(at, _)| (words.start + at, space)));
            continue;
        }
        let prose = ends_sentence(content) && words == line;
        if house.indent && prose && !content.starts_with(char::is_whitespace) {
            places.push((line.start, '\u{3000}'));
        }
        let mut before: Option<char> = None;
        for (at, c) in content.char_indices() {
            if let Some(before) = before {
                let digits =
                    house.digits && (before.is_ascii_alphanumeric() && is_japanese(c) || is_japanese(before) && c.is_ascii_alphanumeric());
                let stop = house.stops && is_stop(before) && is_japanese(c);
                if digits || stop {
                    places.push((line.start + at, ' '));
                }
            }
            before = Some(c);
        }
    }
    // A space inside of a value makes another value of it.
    places.retain(|(at, _)| !values.touches(Span::new(at.saturating_sub(1), at + 1)));
    Change::of(places.into_iter().map(|(at, space)| Edit::new(at..at, space)).collect())
}

fn is_stop(c: char) -> bool {
    signs().stops.starts_with(c)
}
