//! Every kind in every mode, judged by code that made none of the values.

use owabi_corpora::vocabulary::ValueMode;
use phonenumber::country;

use super::*;
use crate::draw::Key;
use crate::plan::Plan;

const COUNT: usize = 2_000;

/// So many values of a kind in a mode, each of a document of its own.
fn made(kind: &str, mode: ValueMode) -> Vec<Shown> {
    let kind = Category::from_id(kind).unwrap();
    let mut draw = Key::new(5, mode.id(), 0).stage(kind.id());
    (0..COUNT)
        .map(|_| {
            let (name, house) = (Name::draw(&mut draw), House::draw(&mut draw));
            row(&name, &[kind], mode, house, &mut draw).remove(0)
        })
        .collect()
}

fn digits(text: &str) -> Vec<u32> {
    text.chars().filter_map(|c| c.to_digit(10)).collect()
}

/// Kinds whose numbers a check digit guards, with a judge that answers whether prefix, length and check digit are right.
type Judge = fn(&[u32]) -> bool;

const GUARDED: [(&str, Judge); 5] = [
    ("card_number", card_is_valid),
    ("my_number", my_number_is_valid),
    ("corporate_number", corporate_number_is_valid),
    ("drivers_license", drivers_license_is_valid),
    ("health_insurance_id", insurer_is_valid),
];

/// From the right every second digit counts twice, as the sum of its digits.
fn luhn_passes(digits: &[u32]) -> bool {
    const TWICE: [u32; 10] = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9];
    let mut sum = 0;
    for (place, digit) in digits.iter().rev().enumerate() {
        sum += if place % 2 == 1 { TWICE[*digit as usize] } else { *digit };
    }
    sum % 10 == 0
}

fn card_is_valid(digits: &[u32]) -> bool {
    let head = digits[0] * 10 + digits[1];
    let length = match head {
        40..=49 => digits.len() == 16,
        22..=27 | 51..=55 | 60..=65 | 35 => digits.len() == 16,
        34 | 37 => digits.len() == 15,
        30 | 36 | 38 => digits.len() == 14 || digits.len() == 16,
        _ => false,
    };
    assert!(length, "no network has numbers like {digits:?}");
    luhn_passes(digits)
}

/// 総務省令第85号 第5条: Pn is the n-th digit from the right, check digit left out.
fn my_number_is_valid(digits: &[u32]) -> bool {
    assert_eq!(digits.len(), 12);
    let sum: u32 = (1..=11).map(|n| digits[11 - n] * if n <= 6 { n as u32 + 1 } else { n as u32 - 5 }).sum();
    digits[11] == if sum % 11 <= 1 { 0 } else { 11 - sum % 11 }
}

/// 財務省令第70号 第2条: the check digit leads.
fn corporate_number_is_valid(digits: &[u32]) -> bool {
    assert_eq!(digits.len(), 13);
    assert!([6, 8, 9].contains(&digits[1]), "{digits:?} could be assigned");
    let sum: u32 = (1..=12).map(|n| digits[13 - n] * if n % 2 == 1 { 1 } else { 2 }).sum();
    digits[0] == 9 - sum % 9
}

fn drivers_license_is_valid(digits: &[u32]) -> bool {
    assert_eq!(digits.len(), 12);
    let commission = digits[0] * 10 + digits[1];
    assert!((31..=39).contains(&commission) || commission >= 98, "{digits:?} could be assigned");
    let sum: u32 = digits[..10].iter().zip([5, 4, 3, 2, 7, 6, 5, 4, 3, 2]).map(|(digit, weight)| digit * weight).sum();
    // 11 less the remainder; of 10 and 11 the last digit.
    digits[10]
        == match sum % 11 {
            0 => 1,
            1 => 0,
            rest => 11 - rest,
        }
}

fn insurer_is_valid(digits: &[u32]) -> bool {
    assert_eq!(digits.len(), 8);
    assert!(digits[2] * 10 + digits[3] >= 48, "{digits:?} could be assigned");
    luhn_passes(digits)
}

/// The judges are right about published numbers.
#[test]
fn judges_know_published_numbers() {
    assert!(my_number_is_valid(&digits("123456789018")) && !my_number_is_valid(&digits("123456789012")));
    for published in ["7123456789012", "4011001098993"] {
        let all = digits(published);
        let sum: u32 = (1..=12).map(|n| all[13 - n] * if n % 2 == 1 { 1 } else { 2 }).sum();
        assert_eq!(all[0], 9 - sum % 9);
    }
    let license = digits("309012345620");
    let sum: u32 = license[..10].iter().zip([5, 4, 3, 2, 7, 6, 5, 4, 3, 2]).map(|(digit, weight)| digit * weight).sum();
    assert_eq!((sum % 11, license[10]), (9, 2));
    assert!(luhn_passes(&digits("33120015")) && luhn_passes(&digits("4242424242424242")) && !luhn_passes(&digits("4242424242424243")));
}

#[test]
fn check_digits_are_as_the_mode_says() {
    for (kind, judge) in GUARDED {
        for mode in ValueMode::all() {
            for shown in made(kind, mode) {
                let valid = judge(&digits(&shown.surface));
                assert_eq!((valid, shown.well_formed), (mode == ValueMode::WellFormed, valid), "{mode} {kind} {}", shown.surface);
            }
        }
    }
}

#[test]
fn telephone_numbers_are_unassigned_and_judged_as_labelled() {
    for (kind, mode) in [("phone", ValueMode::Reserved), ("phone", ValueMode::InvalidCheck), ("phone", ValueMode::WellFormed)]
        .into_iter()
        .chain(ValueMode::all().map(|mode| ("fax", mode)))
    {
        let mut landlines = 0;
        for shown in made(kind, mode) {
            let surface = &shown.surface;
            let all: String = digits(surface).iter().map(u32::to_string).collect();
            let mobile = ["0900", "0700", "0500"].iter().any(|range| all.starts_with(range));
            assert_eq!(all.len(), if mobile { 11 } else { 10 }, "{surface}");
            // Freephone and other services, which somebody pays for.
            for service in ["0800", "0600", "0120", "0570", "0990", "0180", "0200"] {
                assert!(!all.starts_with(service), "{surface}");
            }
            let parsed = phonenumber::parse(Some(country::JP), surface);
            let accepted = parsed.is_ok_and(|number| number.is_valid());
            assert_eq!(accepted, shown.well_formed, "{mode} {kind} {surface}");
            if !mobile {
                let area = data::parts("area_code").iter().find(|area| all.starts_with(**area)).unwrap();
                assert_eq!(&all[area.len()..=area.len()], "1", "{surface}: a local number begins with 2 to 9");
                landlines += 1;
            }
            assert!(!(mobile && (kind == "fax" || mode == ValueMode::WellFormed)), "{mode} {kind} {surface}");
        }
        assert!(landlines > COUNT / 4, "{mode} {kind}");
    }
    let plan = Plan::new(crate::kinds().next().unwrap(), ValueMode::Reserved, &crate::profiles()[0]);
    let organisation = Organisation::draw(&plan, &mut Key::new(1, "", 0).stage("organisation"));
    let mut draw = Key::new(1, "", 0).stage("contact");
    for _ in 0..COUNT {
        let contact = Contact::draw(&organisation, &mut draw);
        for number in [&contact.phone, &contact.fax] {
            let parsed = phonenumber::parse(Some(country::JP), number).unwrap();
            assert!(parsed.is_valid() && number.split('-').nth(1).unwrap().starts_with('1'), "{number}");
        }
        assert!(is_reserved_host(&contact.email), "{}", contact.email);
    }
}

fn is_reserved_host(mail: &str) -> bool {
    let (local, host) = mail.split_once('@').unwrap();
    let label = host.split('.').next().unwrap();
    let reserved =
        label == "example" || label.strip_prefix("example").is_some_and(|rest| rest.len() == 1 && rest.as_bytes()[0].is_ascii_digit());
    let zone = host.split_once('.').unwrap().1;
    reserved && ["jp", "co.jp", "or.jp", "ne.jp"].contains(&zone) && local.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

#[test]
fn addresses_of_the_net_and_of_devices_are_reserved() {
    for mode in ValueMode::all() {
        for shown in made("email", mode) {
            assert!(is_reserved_host(&shown.surface) && shown.well_formed, "{}", shown.surface);
        }
        for shown in made("ip_address", mode) {
            let reserved = match shown.surface.parse::<std::net::IpAddr>().unwrap() {
                std::net::IpAddr::V4(address) => {
                    [[192, 0, 2], [198, 51, 100], [203, 0, 113]].contains(&address.octets()[..3].try_into().unwrap())
                }
                std::net::IpAddr::V6(address) => address.segments()[..2] == [0x2001, 0xdb8],
            };
            assert!(reserved && shown.well_formed, "{}", shown.surface);
        }
        for shown in made("device_id", mode) {
            let hex: String = shown.surface.chars().filter(char::is_ascii_hexdigit).collect::<String>().to_lowercase();
            assert!(hex.len() == 12 && hex.starts_with("00005e0053"), "{}", shown.surface);
        }
    }
}

#[test]
fn social_security_numbers_and_plates_belong_to_nobody() {
    for mode in ValueMode::all() {
        for shown in made("ssn", mode) {
            let parts: Vec<&str> = shown.surface.split('-').collect();
            assert_eq!(parts.iter().map(|part| part.len()).collect::<Vec<_>>(), [3, 2, 4], "{}", shown.surface);
            assert!(parts[0].starts_with('9') && !shown.well_formed, "{}", shown.surface);
            let published = shown.surface[..10] == *"987-65-432";
            assert_eq!(published, mode == ValueMode::WellFormed, "{mode} {}", shown.surface);
        }
    }
    for shown in made("vehicle", ValueMode::Reserved) {
        assert!(shown.surface.contains(['お', 'し', 'へ', 'ん']) && !shown.well_formed, "{}", shown.surface);
    }
}

/// 0000, 1234, 9876: scanners drop them. What is reserved for documentation may hold them: 00:00:5E….
#[test]
fn nothing_looks_like_a_dummy() {
    let kinds: Vec<Category> = Category::all().filter(|kind| can_show(*kind, &Config::default())).collect();
    assert!(kinds.len() >= 24, "{kinds:?}");
    for kind in kinds {
        for mode in ValueMode::all() {
            for shown in made(kind.id(), mode) {
                assert!(!shown.surface.is_empty() && shown.surface.trim() == shown.surface, "{kind}: {:?}", shown.surface);
                if matches!(kind.id(), "device_id" | "ip_address" | "date_of_birth" | "name") {
                    continue;
                }
                let digits: String = digits(&shown.surface).iter().map(u32::to_string).collect();
                for digit in 0..10u32 {
                    let repeated = digit.to_string().repeat(4);
                    assert!(!digits.contains(&repeated), "{mode} {kind} {}", shown.surface);
                }
                for first in 0..7u32 {
                    let rising: String = (first..first + 4).map(|digit| digit.to_string()).collect();
                    let falling: String = rising.chars().rev().collect();
                    // 987-65-432x is what the authority published.
                    let published = kind.id() == "ssn" && mode == ValueMode::WellFormed;
                    assert!(published || !digits.contains(&rising) && !digits.contains(&falling), "{mode} {kind} {}", shown.surface);
                }
            }
        }
    }
}

#[test]
fn a_valid_my_number_is_shown_only_when_allowed() {
    let my_number = Category::from_id("my_number").unwrap();
    let reserved = Config::default();
    let well_formed = Config { value_mode: ValueMode::WellFormed, ..Config::default() };
    let allowed = Config { allow_valid_my_number: true, ..well_formed.clone() };
    assert!(can_show(my_number, &reserved) && !can_show(my_number, &well_formed) && can_show(my_number, &allowed));
    for unsafe_kind in ["passport", "residence_card", "pension_number", "resident_code", "sns_account", "password"] {
        assert!(!can_show(Category::from_id(unsafe_kind).unwrap(), &reserved), "{unsafe_kind}");
    }
}
