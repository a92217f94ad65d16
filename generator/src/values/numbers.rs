//! Numbers with a prefix, a length and a check digit: one function a kind, each giving the number and whether it is well formed.
//!
//! What looks like a dummy (0000, 1234, 8765) is drawn again: scanners drop such numbers.

use super::forms::{self, House};
use crate::data;
use crate::draw::Draw;

/// Draws until the digits look like somebody's.
pub(super) fn lively(draw: &mut Draw, make: impl Fn(&mut Draw) -> String) -> String {
    loop {
        let made = make(draw);
        if !is_dull(&made) {
            return made;
        }
    }
}

/// Whether four digits in a row repeat or run, separators left out: what scanners take for a dummy.
fn is_dull(text: &str) -> bool {
    let mut digits = text.bytes().filter(u8::is_ascii_digit).map(|byte| byte as i8);
    let Some(mut before) = digits.next() else { return false };
    // How many digits go on by one step up to here, how many ever do, and how many there are.
    let (mut step, mut run, mut longest, mut count) = (None, 1, 1, 1);
    for digit in digits {
        let next = Some(digit - before).filter(|step| (-1..=1).contains(step));
        run = if next.is_some() && next == step { run + 1 } else { 2 };
        (step, before, count) = (next, digit, count + 1);
        longest = if step.is_some() { longest.max(run) } else { longest };
    }
    // A security code has but three.
    longest >= if count == 3 { 3 } else { 4 }
}

/// So many digits, any of them.
pub(super) fn digits(count: usize, draw: &mut Draw) -> String {
    (0..count).map(|_| char::from(b'0' + draw.below(10) as u8)).collect()
}

/// Ten digits in the parts that a form puts together: the area code, an exchange that begins with 1, and four digits. 03 and 06 are followed by eight digits, 045 and its like by seven.
pub(super) fn landline(area: &str, form: &str, draw: &mut Draw) -> String {
    lively(draw, |draw| {
        let mut drawn = [0; 9];
        let drawn = &mut drawn[area.len()..];
        drawn.iter_mut().for_each(|digit| *digit = b'0' + draw.below(10) as u8);
        let (exchange, last) = str::from_utf8(drawn).unwrap_or_default().split_at(5 - area.len());
        data::filled(form, |field, out| match field {
            "a" => out.push_str(area),
            "b" => out.extend(["1", exchange]),
            _ => out.push_str(last),
        })
    })
}

/// `reserved` and `invalid_check` take mobile numbers of a range that is not assigned (090-0…), which no parser accepts;
/// `well_formed` takes landlines, since no mobile range is both safe and valid.
pub(super) fn phone(fixed: bool, house: House, draw: &mut Draw) -> (String, bool) {
    let form = house.pick(&forms::table().phone);
    if fixed {
        let area = *draw.pick(data::parts("area_code"));
        return (landline(area, form, draw), true);
    }
    let prefix = *draw.pick(&["090-0", "070-0", "050-0"]);
    let number = lively(draw, |draw| format!("{prefix}{}-{}", digits(3, draw), digits(4, draw)));
    (if form.contains("{a}{b}") { number.replace('-', "") } else { number }, false)
}

/// A gateway's test number, or a number of a network's length that Luhn refuses.
pub(super) fn card(valid: bool, house: House, draw: &mut Draw) -> (String, bool) {
    let number = if valid {
        draw.pick(&forms::table().sandbox_cards).clone()
    } else {
        let (prefix, length) = *draw.pick(&[("4", 16), ("4", 16), ("51", 16), ("53", 16), ("55", 16), ("35", 16), ("37", 15)]);
        lively(draw, |draw| {
            let number = format!("{prefix}{}", digits(length - 1 - prefix.len(), draw));
            let check = (10 - luhn_sum(&format!("{number}0")) % 10) % 10;
            format!("{number}{}", wrong(check, 0, draw))
        })
    };
    match house.pick(&[Some("-"), Some("-"), Some(" "), None]) {
        Some(by) if number.len() == 16 => {
            (format!("{}{by}{}{by}{}{by}{}", &number[..4], &number[4..8], &number[8..12], &number[12..]), valid)
        }
        _ => (number, valid),
    }
}

/// No range of them is reserved: a valid one could be somebody's.
pub(super) fn my_number(valid: bool, house: House, draw: &mut Draw) -> (String, bool) {
    let number = lively(draw, |draw| {
        let digits = digits(11, draw);
        let check = match weighted(&digits, &[6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11 {
            0 | 1 => 0,
            rest => 11 - rest,
        };
        format!("{digits}{}", checked(check, valid, draw))
    });
    match house.pick(&[true, false, false]) {
        true => (format!("{} {} {}", &number[..4], &number[4..8], &number[8..]), valid),
        false => (number, valid),
    }
}

/// Twelve digits behind their check digit. Companies begin with 0 to 5, others with 7: 6, 8 and 9 are nobody's.
pub(super) fn corporate_number(valid: bool, draw: &mut Draw) -> (String, bool) {
    let number = lively(draw, |draw| {
        let base = format!("{}{}", draw.pick(&["6", "8", "9"]), digits(11, draw));
        let check = 9 - weighted(&base, &[2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]) % 9;
        let check = if valid { check } else { wrong(check, 1, draw) };
        format!("{check}{base}")
    });
    (number, valid)
}

/// 31 to 39 and 98, 99 are no code of a prefecture's commission.
pub(super) fn drivers_license(valid: bool, draw: &mut Draw) -> (String, bool) {
    let number = lively(draw, |draw| {
        let code = *draw.pick(&[31, 32, 34, 37, 39, 98, 99]);
        let digits = format!("{code}{:02}{}", draw.between(80, 99), digits(6, draw));
        let check = (11 - weighted(&digits, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11) % 10;
        format!("{digits}{}{}", checked(check, valid, draw), draw.below(3))
    });
    (number, valid)
}

/// The insurer's number (保険者番号); 48 to 99 are no prefecture.
pub(super) fn health_insurance_id(valid: bool, draw: &mut Draw) -> (String, bool) {
    let number = lively(draw, |draw| {
        let digits = format!("{}{}{}", draw.pick(&["06", "31", "39"]), draw.between(48, 99), digits(3, draw));
        let check = (10 - luhn_sum(&format!("{digits}0")) % 10) % 10;
        format!("{digits}{}", checked(check, valid, draw))
    });
    (number, valid)
}

/// Areas from 900 are never assigned, so none is well formed, not even those that may be printed in advertising
/// (987-65-4320 to 987-65-4329), which `well_formed` takes.
pub(super) fn ssn(published: bool, draw: &mut Draw) -> (String, bool) {
    let number = match published {
        true => format!("987-65-432{}", draw.below(10)),
        false => lively(draw, |draw| format!("9{}-{:02}-{}", digits(2, draw), draw.between(10, 99), digits(4, draw))),
    };
    (number, false)
}

/// RFC 5737 and RFC 3849.
pub(super) fn ip_address(draw: &mut Draw) -> String {
    match draw.below(4) {
        0 => format!("2001:db8:{:x}::{:x}", draw.between(16, 65_535), draw.between(16, 65_535)),
        net => format!("{}.{}", ["192.0.2", "198.51.100", "203.0.113"][net as usize - 1], draw.between(1, 254)),
    }
}

/// A licence plate with a kana that is never given out.
pub(super) fn plate(draw: &mut Draw) -> String {
    let table = forms::table();
    let (region, kana) = (draw.pick(&table.plate_regions).clone(), draw.pick(&table.plate_unused).clone());
    let class = 10 * draw.pick(&[30, 33, 50, 53, 58]) + draw.below(10);
    lively(draw, |draw| format!("{region}{class}{kana}{}-{}", draw.between(10, 99), draw.between(10, 99)))
}

/// The check digit, or another one.
fn checked(digit: u64, valid: bool, draw: &mut Draw) -> u64 {
    if valid { digit } else { wrong(digit, 0, draw) }
}

/// A digit from `least` to 9 that is not `right`.
fn wrong(right: u64, least: u64, draw: &mut Draw) -> u64 {
    let span = 10 - least;
    least + (right - least + draw.between(1, span - 1)) % span
}

fn weighted(digits: &str, weights: &[u64]) -> u64 {
    digits.bytes().zip(weights).map(|(digit, weight)| u64::from(digit - b'0') * weight).sum()
}

/// ISO/IEC 7812-1 Annex B.
fn luhn_sum(digits: &str) -> u64 {
    let doubled = |digit: u64| (digit * 2) / 10 + (digit * 2) % 10;
    let digits = digits.bytes().rev().map(|byte| u64::from(byte - b'0')).enumerate();
    digits.map(|(place, digit)| if place.is_multiple_of(2) { digit } else { doubled(digit) }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dummies_are_dull() {
        for dull in ["1000034", "12345", "98-76", "4000056655665556", "3 3333", "01-23", "000", "789"] {
            assert!(is_dull(dull), "{dull}");
        }
        for fine in ["1002003", "1243", "4242424242424242", "0102", "98", "977", "12-31"] {
            assert!(!is_dull(fine), "{fine}");
        }
    }
}
