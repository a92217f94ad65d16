//! Forms of values from `data/values.toml`, and how they are filled.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use owabi_corpora::Category;
use serde::Deserialize;

use super::numbers::{digits, lively};
use crate::data;
use crate::draw::Draw;
use crate::facts::invented_in;

/// Which forms one document's rows have: a table writes all its dates alike.
#[derive(Debug, Clone, Copy)]
pub(crate) struct House(u64);

impl House {
    pub(crate) fn draw(draw: &mut Draw) -> House {
        House(draw.below(u64::MAX))
    }

    /// One of `items`, which must not be empty: the same every time.
    pub(super) fn pick<'a, T>(&self, items: &'a [T]) -> &'a T {
        &items[(self.0 % items.len() as u64) as usize]
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Table {
    birth: Vec<String>,
    pub(super) phone: Vec<String>,
    address: Vec<String>,
    pub(super) sandbox_cards: Vec<String>,
    pub(super) plate_regions: Vec<String>,
    pub(super) plate_unused: Vec<String>,
    patterns: BTreeMap<Category, Vec<String>>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| data::toml("values.toml", include_str!("../../data/values.toml")));

pub(super) fn table() -> &'static Table {
    &TABLE
}

/// The patterns of a kind, when it has any.
pub(super) fn patterns(kind: Category) -> Option<&'static [String]> {
    TABLE.patterns.get(&kind).map(Vec::as_slice)
}

/// A filled pattern of a kind: what stands before the value, and the value.
pub(super) fn patterned(patterns: &[String], given_name: &str, house: House, draw: &mut Draw) -> (String, String) {
    let pattern = house.pick(patterns);
    let (before, value) = pattern.split_once('|').unwrap_or(("", pattern));
    let before = invented_in(before, draw);
    // What is reserved for documentation begins 00:00: that cannot be helped.
    if value.contains("{x2}") {
        return (before, value.replace("{x2}", &format!("{:02x}", draw.below(256))));
    }
    let value = lively(draw, |draw| {
        let value = value.replace("{r}", given_name).replace("{mm}", &format!("{:02}", draw.between(1, 12)));
        let value = value.replace("{yy}", &draw.between(26, 31).to_string());
        numbered(&value, draw)
    });
    (before, value)
}

/// `{4}` becomes four digits.
fn numbered(pattern: &str, draw: &mut Draw) -> String {
    let mut text = pattern.to_owned();
    for count in 1..=10 {
        let slot = format!("{{{count}}}");
        while text.contains(&slot) {
            text = text.replacen(&slot, &digits(count, draw), 1);
        }
    }
    text
}

/// A day on which somebody of working age or older was born; every month has twenty-eight days.
pub(super) fn birth(house: House, draw: &mut Draw) -> String {
    // 昭和 ended in its 64th year: 27 to 62 are 1952 to 1987.
    let (year, month, day) = (draw.between(1952, 1987), draw.between(1, 12), draw.between(1, 28));
    let form = house.pick(&TABLE.birth);
    let form = form.replace("{y}", &year.to_string()).replace("{e}", &(year - 1925).to_string());
    let form = form.replace("{mm}", &format!("{month:02}")).replace("{dd}", &format!("{day:02}"));
    form.replace("{m}", &month.to_string()).replace("{d}", &day.to_string())
}

pub(super) fn address(draw: &mut Draw) -> String {
    let form = draw.pick(&TABLE.address);
    lively(draw, |draw| {
        let mut address = invented_in(form, draw);
        for (key, bound) in [("{a}", 9), ("{b}", 28), ("{c}", 19)] {
            address = address.replace(key, &draw.between(1, bound).to_string());
        }
        numbered(&address.replace("{n}", &format!("{}0{}", draw.between(1, 9), draw.between(1, 8))), draw)
    })
}
