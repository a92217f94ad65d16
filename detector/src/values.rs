//! Personal data really present in a text: an address of the help desk, a leaked row.

use std::sync::LazyLock;

use owabi_corpora::vocabulary::Use;
use owabi_corpora::{Category, Span};
use serde::Deserialize;

use crate::layout::Layout;
use crate::patterns::{self, Pattern};

/// A value, in bytes of the normalised text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Value {
    pub(crate) kind: Category,
    pub(crate) usage: Use,
    pub(crate) well_formed: bool,
    pub(crate) span: Span,
    /// The words that gave the use, where words did.
    pub(crate) cue: Option<Span>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Patterns {
    pattern: Vec<Row>,
    #[serde(rename = "use")]
    usage: Usage,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    kind: Category,
    pattern: Pattern,
    check: Option<Check>,
    before: Option<Pattern>,
}

#[derive(Deserialize, Clone, Copy, PartialEq)]
#[serde(rename_all = "snake_case")]
enum Check {
    Ipv4,
    Luhn,
    Phone,
    MyNumber,
    CorporateNumber,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Usage {
    contact: Pattern,
    exhibit: Pattern,
}

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| patterns::load(include_str!("../data/values.toml")));

/// Finds values. Where two kinds claim one stretch, the one that begins first has it, then the one that stands first in the
/// table.
pub(crate) fn find(text: &str, layout: &Layout) -> Vec<Value> {
    let mut found: Vec<(Value, usize)> = Vec::new();
    for (rank, row) in PATTERNS.pattern.iter().enumerate() {
        for hit in row.pattern.find_iter(text) {
            let span = Span::new(hit.start(), hit.end());
            let head = &text[..span.start];
            let named = row.before.as_ref().is_none_or(|before| before.is_match(&head[patterns::suffix(head, 24)..]));
            if !named || inside_a_number(text, span) {
                continue;
            }
            let Some(well_formed) = well_formed(row.check, hit.as_str()) else { continue };
            let (usage, cue) = usage(text, layout, span);
            found.push((Value { kind: row.kind, usage, well_formed, span, cue }, rank));
        }
    }
    found.sort_by_key(|(value, rank)| (value.span.start, *rank));
    let mut end = 0;
    found.retain(|(value, _)| {
        let free = value.span.start >= end;
        if free {
            end = value.span.end;
        }
        free
    });
    found.into_iter().map(|(value, _)| value).collect()
}

/// A stretch of a longer number or word is no value.
fn inside_a_number(text: &str, span: Span) -> bool {
    let bytes = text.as_bytes();
    let joins = |at: Option<&u8>| at.is_some_and(|byte| byte.is_ascii_alphanumeric());
    let dash =
        |at: Option<&u8>, beyond: Option<&u8>| at.is_some_and(|byte| matches!(byte, b'-' | b'.')) && beyond.is_some_and(u8::is_ascii_digit);
    let before = span.start.checked_sub(1).and_then(|at| bytes.get(at));
    let further = span.start.checked_sub(2).and_then(|at| bytes.get(at));
    joins(before) || joins(bytes.get(span.end)) || dash(before, further) || dash(bytes.get(span.end), bytes.get(span.end + 1))
}

/// Whether prefix, length and check digit are valid; `None` where the shape cannot be such a value at all.
fn well_formed(check: Option<Check>, text: &str) -> Option<bool> {
    let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(10)).collect();
    match check {
        None => Some(true),
        Some(Check::Ipv4) => text.split('.').all(|part| part.parse::<u8>().is_ok()).then_some(true),
        Some(Check::Luhn) => (13..=19).contains(&digits.len()).then(|| luhn(&digits)),
        Some(Check::Phone) => phone(text, &digits),
        Some(Check::MyNumber) => Some(digits.len() == 12 && my_number(&digits)),
        Some(Check::CorporateNumber) => Some(digits.len() == 13 && corporate_number(&digits)),
    }
}

/// ISO/IEC 7812-1 Annex B.
fn luhn(digits: &[u32]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(i, &digit)| if !i.is_multiple_of(2) { (digit * 2) / 10 + (digit * 2) % 10 } else { digit })
        .sum();
    sum.is_multiple_of(10)
}

/// Ten digits for a landline, eleven for a mobile or IP phone; an exchange never begins with 0 (総務省 電気通信番号計画).
fn phone(text: &str, digits: &[u32]) -> Option<bool> {
    let national: Vec<u32> =
        if text.starts_with('+') { std::iter::once(0).chain(digits[2..].iter().copied()).collect() } else { digits.to_vec() };
    let mobile = matches!(national.get(1..3), Some([2 | 5 | 6 | 7 | 8 | 9, 0]));
    let expected = if mobile { 11 } else { 10 };
    if !(9..=11).contains(&national.len()) || national.get(1) == Some(&0) {
        return None;
    }
    let exchange = text.split(['-', '(', ')']).filter(|part| !part.is_empty()).nth(1).and_then(|part| part.chars().next());
    let first = if mobile { national.get(3).copied() } else { exchange.and_then(|c| c.to_digit(10)) };
    Some(national.len() == expected && first != Some(0))
}

/// 総務省令第85号 第5条: weights 6,5,4,3,2,7,6,5,4,3,2 from the left.
fn my_number(digits: &[u32]) -> bool {
    let sum: u32 = digits[..11].iter().zip([6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]).map(|(digit, weight)| digit * weight).sum();
    let check = match sum % 11 {
        0 | 1 => 0,
        rest => 11 - rest,
    };
    digits[11] == check
}

/// 財務省令第70号 第2条: the check digit stands first; odd places from the right weigh 1, even ones 2.
fn corporate_number(digits: &[u32]) -> bool {
    let sum: u32 = digits[1..].iter().rev().enumerate().map(|(i, digit)| digit * if i.is_multiple_of(2) { 1 } else { 2 }).sum();
    digits[0] == 9 - sum % 9
}

/// In characters: a line is a few dozen long; of one without end, so much is looked at.
const AROUND: usize = 300;

/// Whose value it is, by the words around it. Notices print the help desk's; rows of leaked data are told by their table.
fn usage(text: &str, layout: &Layout, span: Span) -> (Use, Option<Span>) {
    let index = layout.line_at(span.start);
    let line = &layout.lines[index];
    let above = layout.lines[..index].iter().rev().filter(|line| !line.span.is_empty()).take(3);
    let around = patterns::around(text, span, AROUND);
    let body = Span::new(around.start.max(line.span.start), around.end.min(line.span.end));
    let near = [body]
        .into_iter()
        .chain(above.map(|line| Span::new(line.span.start, line.span.start + patterns::prefix(&text[line.span.range()], AROUND))))
        .chain(line.heading.map(|heading| layout.lines[heading].span));
    let hit = |pattern: &Pattern, place: Span| {
        pattern.find(&text[place.range()]).map(|hit| Span::new(place.start + hit.start(), place.start + hit.end()))
    };
    let contact = near.into_iter().find_map(|place| hit(&PATTERNS.usage.contact, place));
    let exhibit = hit(&PATTERNS.usage.exhibit, body);
    match exhibit.is_some() || contact.is_none() && text[body.range()].matches(',').count() >= 3 {
        true => (Use::Exhibit, exhibit),
        false => (Use::Contact, contact),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalise::Normalised;

    fn values(text: &str) -> Vec<(&'static str, Use, bool, String)> {
        let normalised = Normalised::new(text);
        let layout = Layout::new(&normalised.text);
        let found = find(&normalised.text, &layout);
        found.into_iter().map(|v| (v.kind.id(), v.usage, v.well_formed, normalised.text[v.span.range()].to_owned())).collect()
    }

    #[test]
    fn values_are_found_glued_to_japanese_and_checked() {
        for (text, kind, well_formed) in [
            ("番号は4242424242424242です", "card_number", true),
            ("カード番号:4242-4242-4242-4241", "card_number", false),
            ("電話03-1123-4567まで", "phone", true),
            ("電話 ０３－０１２３－４５６７", "phone", false),
            ("代表（03-1123-4567）", "phone", true),
            ("電話(03)1123-4567", "phone", true),
            ("個人番号は123456789018です", "my_number", true),
            ("個人番号:123456789012", "my_number", false),
            ("法人番号 7123456789012", "corporate_number", true),
            ("宛先はsupport@example3.co.jpです", "email", true),
            ("接続元は203.0.113.7でした", "ip_address", true),
        ] {
            let found = values(text);
            assert_eq!(found.iter().map(|v| (v.0, v.2)).collect::<Vec<_>>(), [(kind, well_formed)], "{text}");
        }
    }

    #[test]
    fn other_numbers_are_no_values() {
        for text in ["2024-02-20", "受付番号 123456789018", "65,520名", "第2024-0123-4567号", "1.2.3.4.5版", "999.1.1.1", "10:00-17:00"]
        {
            assert_eq!(values(text), [], "{text}");
        }
    }
}
