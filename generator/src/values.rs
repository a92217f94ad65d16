//! Personal data that is really present in a text, and that no one can hold.
//!
//! Telephone numbers have a landline area code and a subscriber exchange that begins with 1, which Japan does not assign
//! (local numbers begin with 2 to 9); `libphonenumber` takes them for well formed. No freephone number is known to be free,
//! so those are masked and are no value. Mail addresses lie under the labels `example` and `example0` to `example9`, which
//! JPRS reserves in every domain of its own. What looks like a dummy (1111, 1234) is drawn again: scanners drop such numbers.

use owabi_corpora::vocabulary::ValueMode;

use crate::data;
use crate::draw::Draw;
use crate::facts::{Organisation, invented};

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

/// One row of leaked sample data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// Family name and given name, parted by a space.
    pub name: String,
    /// The telephone number.
    pub phone: String,
    /// Whether the number's prefix and length are valid.
    pub phone_well_formed: bool,
    /// The mail address.
    pub email: String,
}

impl Sample {
    /// `reserved` and `invalid_check` take mobile numbers of a range that is not assigned (090-0…), which no parser accepts;
    /// `well_formed` takes landlines, since no mobile range is both safe and valid.
    pub(crate) fn draw(mode: ValueMode, draw: &mut Draw) -> Sample {
        let well_formed = mode == ValueMode::WellFormed || draw.percent(40);
        let phone = if well_formed {
            {
                let area = *draw.pick(&data::parts("area_code"));
                landline(area, draw)
            }
        } else {
            let prefix = *draw.pick(&["090-0", "070-0", "050-0"]);
            format!("{prefix}{:03}-{:04}", lively(draw, 1000), lively(draw, 10_000))
        };
        let (given, reading) = draw.pick(&data::parts("given_name")).split_once('=').unwrap_or_default();
        let mail = email(false, draw);
        let host = mail.split_once('@').map_or("", |(_, host)| host);
        let name = format!("{} {given}", invented("family_name", "", draw));
        Sample { name, phone, phone_well_formed: well_formed, email: format!("{reading}{}@{host}", lively(draw, 100)) }
    }
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
