//! Personal data that is really present in a text, and that no one can hold.
//!
//! Telephone numbers have a landline area code and a subscriber exchange that begins with 1, which Japan does not assign
//! (local numbers begin with 2 to 9); `libphonenumber` takes them for well formed. No freephone number is known to be free,
//! so those are masked and are no value. Mail addresses lie under the labels `example` and `example0` to `example9`, which
//! JPRS reserves in every domain of its own. `numbers` has the numbers with a check digit, `data/values.toml` the forms of all others.
//!
//! Passports, residence cards, pension numbers and resident codes are not made: no range of theirs is known to be free, and no check
//! digit could be made wrong.

mod forms;
mod numbers;

pub(crate) use forms::House;

use std::sync::LazyLock;

use owabi_corpora::Category;
use owabi_corpora::vocabulary::ValueMode;

use crate::config::Config;
use crate::data;
use crate::draw::Draw;
use crate::facts::{Organisation, invent};

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
    pub(crate) fn draw(organisation: &Organisation, draw: &mut Draw) -> Contact {
        let [area_codes, mail_locals] = *PARTS;
        let area = *draw.pick(area_codes);
        let [phone, fax] = [(), ()].map(|()| numbers::landline(area, "{a}-{b}-{c}", draw));
        let public = organisation.flags.iter().any(|flag| flag == "public");
        let local = *draw.pick(mail_locals);
        let mut email = String::with_capacity(48);
        email.extend([local, "@"]);
        add_host(public, draw, &mut email);
        Contact { phone, fax, email, well_formed: true }
    }
}

/// Area codes, and what stands before the host of an address.
static PARTS: LazyLock<[&[&str]; 2]> = LazyLock::new(|| ["area_code", "mail_local"].map(data::parts));

/// Given names with their reading, and family names.
static NAMES: LazyLock<[&[&str]; 2]> = LazyLock::new(|| ["given_name", "family_name"].map(data::parts));

/// An invented person's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// Family name, space, given name.
    pub written: String,
    /// The given name in Latin letters.
    pub reading: &'static str,
}

impl Name {
    pub(crate) fn draw(draw: &mut Draw) -> Name {
        let [given, family] = *NAMES;
        let (given, reading) = draw.pick(given).split_once('=').unwrap_or_default();
        let mut written = String::with_capacity(48);
        invent(family, "", draw, &mut written);
        written.extend([" ", given]);
        Name { written, reading }
    }
}

/// One leaked value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// What it is.
    pub kind: Category,
    /// What stands before it in its cell, such as a bank's name; mostly nothing.
    pub before: String,
    /// As it stands in the text.
    pub surface: String,
    /// Whether prefix, length and check digit are valid.
    pub well_formed: bool,
}

/// Whether a value of a kind can be made that nobody can hold. No range of My Numbers is reserved, so a valid one could be
/// somebody's, and is made only when asked for; a licence plate that is valid and free does not exist.
pub(crate) fn can_show(kind: Category, config: &Config) -> bool {
    let well_formed = config.value_mode == ValueMode::WellFormed;
    match kind.id() {
        "name" | "phone" | "fax" | "email" | "date_of_birth" | "address" | "card_number" | "ip_address" => true,
        "corporate_number" | "drivers_license" | "health_insurance_id" | "ssn" => true,
        "my_number" => !well_formed || config.allow_valid_my_number,
        "vehicle" => !well_formed,
        _ => forms::patterns(kind).is_some(),
    }
}

/// One person's values of the given kinds, which can all be shown.
pub(crate) fn row(name: &Name, kinds: &[Category], mode: ValueMode, house: House, draw: &mut Draw) -> Vec<Shown> {
    kinds.iter().map(|kind| value(name, *kind, mode, house, draw)).collect()
}

fn value(name: &Name, kind: Category, mode: ValueMode, house: House, draw: &mut Draw) -> Shown {
    let valid = mode == ValueMode::WellFormed;
    let mut before = String::new();
    let (surface, well_formed) = match kind.id() {
        "name" => (name.written.clone(), true),
        "phone" => numbers::phone(valid || draw.percent(40), house, draw),
        "fax" => numbers::phone(true, house, draw),
        "email" => {
            let mut email = format!("{}{:02}@", name.reading, draw.below(100));
            add_host(false, draw, &mut email);
            (email, true)
        }
        "date_of_birth" => (forms::birth(house, draw), true),
        "address" => (forms::address(draw), true),
        "card_number" => numbers::card(valid, house, draw),
        "drivers_license" => numbers::drivers_license(valid, draw),
        "health_insurance_id" => numbers::health_insurance_id(valid, draw),
        "corporate_number" => numbers::corporate_number(valid, draw),
        "my_number" => numbers::my_number(valid, house, draw),
        "ssn" => numbers::ssn(valid, draw),
        "ip_address" => (numbers::ip_address(draw), true),
        "vehicle" => (numbers::plate(draw), false),
        // What an organisation gives out itself has no form that could be wrong.
        _ => {
            let (lead, value) = forms::patterned(forms::patterns(kind).unwrap_or_default(), name.reading, house, draw);
            before = lead;
            (value, true)
        }
    };
    Shown { kind, before, surface, well_formed }
}

/// Adds a host under a reserved label.
fn add_host(public: bool, draw: &mut Draw, out: &mut String) {
    out.push_str("example");
    let digit = draw.below(11);
    if digit < 10 {
        out.push(char::from(b'0' + digit as u8));
    }
    out.push('.');
    let zone = if public { draw.pick(&["or.jp", "ne.jp"]) } else { draw.pick(&["co.jp", "jp", "co.jp", "ne.jp"]) };
    out.push_str(zone);
}

#[cfg(test)]
mod tests;
