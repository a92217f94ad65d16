//! Personal data that is really present in a text, and that no one can hold.
//!
//! Telephone numbers have a landline area code and a subscriber exchange that begins with 1, which Japan does not assign
//! (local numbers begin with 2 to 9); `libphonenumber` takes them for well formed. No freephone number is known to be free,
//! so those are masked and are no value. Mail addresses lie under the labels `example` and `example0` to `example9`, which
//! JPRS reserves in every domain of its own. What looks like a dummy (1111, 1234) is drawn again: scanners drop such numbers.

use owabi_corpora::Category;
use owabi_corpora::vocabulary::ValueMode;

use crate::draw::Draw;
use crate::facts::{Organisation, invented, invented_in};
use crate::{data, exhibits};

/// Where people may ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// The telephone number.
    pub phone: String,
    /// The fax number.
    pub fax: String,
    /// The mail address.
    pub email: String,
    /// Whether prefix and length are valid, in every mode: see the module's words.
    pub well_formed: bool,
}

impl Contact {
    /// All modes make contact values alike: a telephone number has no check digit that could be wrong.
    pub(crate) fn draw(organisation: &Organisation, _mode: ValueMode, draw: &mut Draw) -> Contact {
        let area = *draw.pick(&data::parts("area_code"));
        let (phone, fax) = (landline(area, draw), landline(area, draw));
        let public = organisation.flags.iter().any(|flag| flag == "public");
        Contact { phone, fax, email: email(public, draw), well_formed: true }
    }
}

/// One leaked value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// What it is.
    pub kind: Category,
    /// As it stands in the text.
    pub surface: String,
    /// Whether prefix, length and check digit are valid.
    pub well_formed: bool,
}

/// Whether a value of a kind can be made that nobody can hold. No range of My Numbers is reserved, so a valid one could be
/// somebody's, and is not made.
pub(crate) fn can_show(kind: Category, mode: ValueMode) -> bool {
    match kind.id() {
        "name" | "phone" | "email" | "date_of_birth" | "address" | "bank_account" | "card_number" | "card_expiry" => true,
        "drivers_license" | "health_insurance_id" | "customer_id" | "employee_id" | "ip_address" => true,
        "my_number" => mode != ValueMode::WellFormed,
        _ => false,
    }
}

/// One person's values.
pub(crate) fn person(kinds: &[Category], mode: ValueMode, draw: &mut Draw) -> Vec<Shown> {
    let (given, reading) = draw.pick(&data::parts("given_name")).split_once('=').unwrap_or_default();
    let name = format!("{} {given}", invented("family_name", "", draw));
    let valid = mode == ValueMode::WellFormed;
    let shown = |&kind: &Category| {
        let (surface, well_formed) = match kind.id() {
            "name" => (name.clone(), true),
            "phone" => phone(valid || draw.percent(40), draw),
            "email" => {
                let mail = email(false, draw);
                let host = mail.split_once('@').map_or("", |(_, host)| host);
                (format!("{reading}{}@{host}", lively(draw, 100)), true)
            }
            "date_of_birth" => (birth(draw), true),
            "address" => (address(draw), true),
            "card_number" => card(valid, draw),
            "card_expiry" => (format!("{:02}/{}", draw.between(1, 12), draw.between(26, 31)), true),
            // 31 to 39 and 98, 99 are no code of a prefecture's commission.
            "drivers_license" => {
                let code = *draw.pick(&[31, 32, 34, 37, 39, 98, 99]);
                let digits = format!("{code}{:02}{:06}", draw.between(80, 99), lively(draw, 1_000_000));
                let check = (11 - weighted(&digits, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11) % 10;
                (format!("{digits}{}{}", checked(check, valid, draw), draw.below(3)), valid)
            }
            // 48 to 99 are no prefecture.
            "health_insurance_id" => {
                let digits = format!("{}{}{:03}", draw.pick(&["06", "31", "39"]), draw.between(48, 99), lively(draw, 1000));
                let check = (10 - luhn_sum(&format!("{digits}0")) % 10) % 10;
                (format!("{digits}{}", checked(check, valid, draw)), valid)
            }
            "my_number" => {
                let digits = format!("{:04}{:04}{:03}", lively(draw, 10_000), lively(draw, 10_000), lively(draw, 1000));
                let check = match weighted(&digits, &[6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11 {
                    0 | 1 => 0,
                    rest => 11 - rest,
                };
                (format!("{digits}{}", checked(check, valid, draw)), valid)
            }
            // RFC 5737 and RFC 3849.
            "ip_address" => match draw.below(4) {
                0 => (format!("2001:db8:{:x}::{:x}", draw.between(16, 65_535), draw.between(16, 65_535)), true),
                net => (format!("{}.{}", ["192.0.2", "198.51.100", "203.0.113"][net as usize - 1], draw.between(1, 254)), true),
            },
            "bank_account" => (format!("{:03}{:04}", lively(draw, 1000), lively(draw, 10_000)), true),
            _ => (format!("{}{:06}", draw.pick(&["", "A-", "KN", "M"]), lively(draw, 1_000_000)), true),
        };
        Shown { kind, surface, well_formed }
    };
    kinds.iter().map(shown).collect()
}

/// `reserved` and `invalid_check` take mobile numbers of a range that is not assigned (090-0…), which no parser accepts;
/// `well_formed` takes landlines, since no mobile range is both safe and valid.
fn phone(well_formed: bool, draw: &mut Draw) -> (String, bool) {
    let number = if well_formed {
        let area = *draw.pick(&data::parts("area_code"));
        landline(area, draw)
    } else {
        let prefix = *draw.pick(&["090-0", "070-0", "050-0"]);
        format!("{prefix}{:03}-{:04}", lively(draw, 1000), lively(draw, 10_000))
    };
    (number, well_formed)
}

/// A gateway's test number, or sixteen digits that Luhn refuses.
fn card(valid: bool, draw: &mut Draw) -> (String, bool) {
    let digits = if valid {
        draw.pick(&exhibits::forms().sandbox_cards).clone()
    } else {
        let digits = format!(
            "{}{:03}{:04}{:04}{:03}",
            draw.between(4, 5),
            lively(draw, 1000),
            lively(draw, 10_000),
            lively(draw, 10_000),
            lively(draw, 1000)
        );
        let check = (10 - luhn_sum(&format!("{digits}0")) % 10) % 10;
        format!("{digits}{}", checked(check, false, draw))
    };
    match digits.len() == 16 && draw.percent(50) {
        true => (format!("{}-{}-{}-{}", &digits[..4], &digits[4..8], &digits[8..12], &digits[12..]), valid),
        false => (digits, valid),
    }
}

/// The check digit, or another one.
fn checked(digit: u64, valid: bool, draw: &mut Draw) -> u64 {
    if valid { digit } else { (digit + draw.between(1, 9)) % 10 }
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

/// A day on which somebody of working age or older was born; every month has twenty-eight days.
fn birth(draw: &mut Draw) -> String {
    // 昭和 ended in its 64th year: 27 to 62 are 1952 to 1987.
    let (year, month, day) = (draw.between(1952, 1987), draw.between(1, 12), draw.between(1, 28));
    let form = draw.pick(&exhibits::forms().birth);
    let form = form.replace("{y}", &year.to_string()).replace("{e}", &(year - 1925).to_string());
    let form = form.replace("{mm}", &format!("{month:02}")).replace("{dd}", &format!("{day:02}"));
    form.replace("{m}", &month.to_string()).replace("{d}", &day.to_string())
}

fn address(draw: &mut Draw) -> String {
    let form: &String = draw.pick(&exhibits::forms().address);
    let mut address = invented_in(form, draw);
    for (key, bound) in [("{a}", 9), ("{b}", 28), ("{c}", 19)] {
        address = address.replace(key, &draw.between(1, bound).to_string());
    }
    address.replace("{n}", &format!("{}0{}", draw.between(1, 9), draw.between(1, 8)))
}

/// Ten digits: the area code, an exchange that begins with 1, and four digits.
fn landline(area: &str, draw: &mut Draw) -> String {
    // 03 and 06 are followed by eight digits, 045 and its like by seven.
    let exchange = if area.len() == 2 { 1000 + lively(draw, 1000) } else { 100 + lively(draw, 100) };
    format!("{area}-{exchange}-{:04}", lively(draw, 10_000))
}

/// A number below `bound` whose digits neither repeat nor run.
fn lively(draw: &mut Draw, bound: u64) -> u64 {
    loop {
        let number = draw.below(bound);
        let width = bound.ilog10() as usize;
        let digits: Vec<i8> = format!("{number:0width$}").bytes().map(|byte| byte as i8).collect();
        let dull = |step: i8| width > 2 && digits.windows(2).filter(|pair| pair[1] - pair[0] == step).count() + 1 >= width - 1;
        if ![0, 1, -1].into_iter().any(dull) {
            return number;
        }
    }
}

fn email(public: bool, draw: &mut Draw) -> String {
    let local = *draw.pick(&data::parts("mail_local"));
    let label = match draw.below(11) {
        10 => "example".to_owned(),
        digit => format!("example{digit}"),
    };
    let zone = if public { *draw.pick(&["or.jp", "ne.jp"]) } else { *draw.pick(&["co.jp", "jp", "co.jp", "ne.jp"]) };
    format!("{local}@{label}.{zone}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::Key;

    #[test]
    fn numbers_are_unassigned_and_lively() {
        let mut draw = Key::new(5, "", 0).stage("values");
        for _ in 0..2000 {
            let phone = landline(data::parts("area_code")[draw.below(8) as usize], &mut draw);
            let parts: Vec<&str> = phone.split('-').collect();
            assert_eq!(parts.concat().len(), 10, "{phone}");
            assert!(parts[1].starts_with('1'), "{phone}");
            assert!(!["0000", "1234", "1111", "9999", "4321", "0123"].contains(&parts[2]), "{phone}");
        }
    }

    #[test]
    fn mail_lies_under_reserved_labels() {
        let mut draw = Key::new(5, "", 0).stage("values");
        for _ in 0..200 {
            let mail = email(draw.percent(50), &mut draw);
            let (local, host) = mail.split_once('@').unwrap();
            assert!(local.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{mail}");
            let label = host.split('.').next().unwrap();
            assert!(
                label == "example" || (label.len() == 8 && label.starts_with("example") && label.as_bytes()[7].is_ascii_digit()),
                "{mail}"
            );
        }
    }
}
