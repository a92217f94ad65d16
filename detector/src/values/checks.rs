//! Whether prefix, length and check digit are valid.

use std::net::{Ipv4Addr, Ipv6Addr};

use owabi_corpora::PartialDate;
use serde::Deserialize;

/// What is checked of a value.
#[derive(Debug, Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(super) enum Check {
    CorporateNumber,
    Date,
    DriversLicense,
    Insurer,
    Ip,
    Ipv4,
    Ipv6,
    Luhn,
    MyNumber,
    Phone,
    Ssn,
}

impl Check {
    /// `None` where the shape cannot be such a value at all.
    pub(super) fn well_formed(self, text: &str) -> Option<bool> {
        let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(10)).collect();
        match self {
            Check::Ipv4 => text.parse::<Ipv4Addr>().is_ok().then_some(true),
            Check::Ipv6 => ipv6(text).then_some(true),
            Check::Ip => Some(text.parse::<Ipv4Addr>().is_ok() || ipv6(text)),
            Check::Luhn => (13..=19).contains(&digits.len()).then(|| luhn(&digits)),
            Check::Phone => phone(text, &digits),
            Check::MyNumber => (digits.len() == 12).then(|| my_number(&digits)),
            Check::CorporateNumber => (digits.len() == 13).then(|| corporate_number(&digits)),
            Check::DriversLicense => (digits.len() == 12).then(|| drivers_license(&digits)),
            // Only an insurer's number of eight digits has a check digit: 国民健康保険 has six, and a symbol with a number none.
            Check::Insurer => Some(digits.len() != text.len() || digits.len() != 8 || weighted(&digits).is_multiple_of(10)),
            // Area 000, 666 and 900 to 999, group 00 and serial 0000 are never assigned (SSA POMS RM 10201.035).
            Check::Ssn => Some(
                !text.starts_with("000")
                    && !text.starts_with("666")
                    && !text.starts_with('9')
                    && !text.ends_with("0000")
                    && !text.contains("-00-"),
            ),
            Check::Date => date(text),
        }
    }
}

/// Shorter forms, such as `::` or `a::b`, are something else more often.
fn ipv6(text: &str) -> bool {
    text.len() >= 6 && text.bytes().any(|byte| byte.is_ascii_digit()) && text.parse::<Ipv6Addr>().is_ok()
}

/// From the right the digits weigh 1 and 2 in turn; the digits of the products are added up.
fn weighted(digits: &[u32]) -> u32 {
    digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, &digit)| if place.is_multiple_of(2) { digit } else { (digit * 2) / 10 + (digit * 2) % 10 })
        .sum()
}

/// ISO/IEC 7812-1 Annex B.
fn luhn(digits: &[u32]) -> bool {
    weighted(digits).is_multiple_of(10)
}

/// Ten digits for a landline, eleven for a mobile or IP phone; an exchange never begins with 0 (総務省 電気通信番号計画).
fn phone(text: &str, digits: &[u32]) -> Option<bool> {
    let abroad = text.trim_start_matches('(').starts_with('+');
    let national: Vec<u32> = match (abroad, digits.get(2..)) {
        (true, Some([0, rest @ ..])) | (true, Some(rest)) => std::iter::once(0).chain(rest.iter().copied()).collect(),
        _ => digits.to_vec(),
    };
    if !(9..=11).contains(&national.len()) || national.get(1) == Some(&0) {
        return None;
    }
    // Freephone 0120, 0800 and 0570 have numbers of their own shape.
    let service = matches!(national[..4], [0, 1, 2, 0] | [0, 5, 7, 0]) && national.len() == 10 || national[..4] == [0, 8, 0, 0];
    let mobile = !service && matches!(national.get(1..3), Some([2 | 5 | 6 | 7 | 8 | 9, 0]));
    let expected = if mobile || national[..4] == [0, 8, 0, 0] { 11 } else { 10 };
    let exchange = text.split(['-', '(', ')', ' ']).filter(|part| !part.is_empty() && !part.starts_with('+')).nth(1);
    let first = match (mobile, service, abroad) {
        (true, ..) => national.get(3).copied(),
        (_, true, _) => None,
        _ => exchange.and_then(|part| part.chars().next()).and_then(|c| c.to_digit(10)),
    };
    Some(national.len() == expected && first != Some(0))
}

/// 総務省令第85号 第5条: weights 6,5,4,3,2,7,6,5,4,3,2 from the left.
fn my_number(digits: &[u32]) -> bool {
    let sum: u32 = digits.iter().zip([6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]).map(|(digit, weight)| digit * weight).sum();
    digits[11] == mod_eleven(sum)
}

fn mod_eleven(sum: u32) -> u32 {
    match sum % 11 {
        0 | 1 => 0,
        rest => 11 - rest,
    }
}

/// 財務省令第70号 第2条: the check digit stands first; odd places from the right weigh 1, even ones 2.
fn corporate_number(digits: &[u32]) -> bool {
    let sum: u32 = digits[1..].iter().rev().enumerate().map(|(i, digit)| digit * if i.is_multiple_of(2) { 1 } else { 2 }).sum();
    digits[0] == 9 - sum % 9
}

/// Weights 5,4,3,2,7,6,5,4,3,2; the eleventh digit is the last one of 11 - sum mod 11. No ordinance states it; publicly known
/// numbers keep it.
fn drivers_license(digits: &[u32]) -> bool {
    let sum: u32 = digits.iter().zip([5, 4, 3, 2, 7, 6, 5, 4, 3, 2]).map(|(digit, weight)| digit * weight).sum();
    digits[10] == (11 - sum % 11) % 10
}

/// A day that exists: year, month and day, or eight digits. Of a year of an era nothing but its number is looked at.
fn date(text: &str) -> Option<bool> {
    let numbers: Vec<i16> = text.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse().ok()).collect();
    let (year, month, day) = match numbers[..] {
        [year, month, day] => (year, month, day),
        // 元年
        [month, day] => (1, month, day),
        [] if text.len() == 8 => (text[..4].parse().ok()?, text[4..6].parse().ok()?, text[6..].parse().ok()?),
        _ => return None,
    };
    let year = if year >= 1000 { year } else { 2000 };
    let valid = i8::try_from(month).ok().zip(i8::try_from(day).ok()).and_then(|(month, day)| PartialDate::day(year, month, day));
    Some(valid.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers published with their rule (and for cards, as test numbers), and each with one digit changed.
    #[test]
    fn check_digits_are_those_of_the_ordinances() {
        for (check, right, wrong) in [
            (Check::Luhn, "4242424242424242", "4242424242424241"),
            (Check::Luhn, "378282246310005", "378282246310006"),
            (Check::MyNumber, "123456789018", "123456789012"),
            (Check::CorporateNumber, "7123456789012", "8123456789012"),
            (Check::CorporateNumber, "4011001098993", "4011001098992"),
            (Check::DriversLicense, "309012345620", "309012345610"),
            (Check::Insurer, "33120015", "33120016"),
            (Check::Ssn, "123-45-6789", "987-65-4320"),
            (Check::Date, "昭和60年2月28日", "昭和60年2月30日"),
            (Check::Date, "1985/12/31", "1985/13/31"),
            (Check::Date, "19851231", "19851331"),
            (Check::Phone, "03-1123-4567", "03-0123-4567"),
            (Check::Phone, "090-1123-4567", "090-0123-4567"),
            (Check::Phone, "+81-90-1123-4567", "+81-90-0123-4567"),
            (Check::Phone, "0120-123-456", "0120-123-45"),
        ] {
            assert_eq!(check.well_formed(right), Some(true), "{right}");
            assert_eq!(check.well_formed(wrong), Some(false), "{wrong}");
        }
        assert_eq!(Check::Ipv4.well_formed("999.1.1.1"), None);
        assert_eq!(Check::Ipv6.well_formed("2001:db8::7"), Some(true));
        assert_eq!(Check::Ipv6.well_formed("10:00:00"), None);
        assert_eq!(Check::Date.well_formed("平成元年1月8日"), Some(true));
    }
}
