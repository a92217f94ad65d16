//! Whose data are affected.

use std::sync::LazyLock;

use owabi_corpora::Category;
use owabi_corpora::vocabulary::Status;

use super::Organisation;
use crate::data::{self, GroupRow};
use crate::draw::Draw;

/// People whose data are affected together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Who they are, as a noun phrase.
    pub who: String,
    /// How many.
    pub count: u64,
    /// Whether the line of business makes them: customers and patients, not staff or partners, whom everyone has.
    pub own: bool,
    /// Whether it leaked for certain.
    pub status: Status,
    /// What leaked, in the order in which it is listed.
    pub categories: Vec<Category>,
    /// What could have been there but was not.
    pub denied: Vec<Category>,
}

/// Some people of a group of whom more leaked than of the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// How many.
    pub count: u64,
    /// What leaked of them besides.
    pub categories: Vec<Category>,
}

/// How the groups' counts make the total.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// They add up to it.
    Disjoint,
    /// The largest is the total; the others are part of it.
    Nested,
}

/// `count`, or fewer where there cannot be so many.
pub(crate) fn size(row: &GroupRow, organisation: &Organisation, count: u64, draw: &mut Draw) -> u64 {
    let most = organisation.most.min(row.most.unwrap_or(u64::MAX));
    if count > most { draw.between(most / 6, most) } else { count }
}

/// A group of a row. `people` is what the organisation calls those it serves, so that one text has one word for them.
pub(crate) fn draw(row: &GroupRow, people: &str, count: u64, draw: &mut Draw) -> Group {
    let mut categories = Vec::with_capacity(row.always.len() + row.often.len() + row.rare.len());
    categories.extend_from_slice(&row.always);
    categories.extend(row.often.iter().filter(|_| draw.percent(66)));
    categories.extend(row.rare.iter().filter(|_| draw.percent(16)));
    // A list that names the parts does not name the whole.
    let wholes: Vec<Category> = categories.iter().filter_map(|part: &Category| WHOLES_OF[part.index()]).collect();
    categories.retain(|category| !wholes.contains(category));
    let who = draw.pick(&row.who);
    Group {
        who: data::filled(who, |_, out| out.push_str(people)),
        count,
        own: !row.sectors.iter().any(|of| of == "*"),
        status: Status::Possible,
        categories,
        denied: draw.some(&row.denied, 55),
    }
}

/// Categories that say in one word what others say in parts.
const WHOLES: [(&str, &[&str]); 2] = [
    ("payment_card", &["card_number", "card_holder", "card_expiry", "card_security_code"]),
    ("special_care", &["medical", "disability", "criminal_record"]),
];

/// For each category, those that say it among others.
static WHOLES_OF: LazyLock<Vec<Option<Category>>> = LazyLock::new(|| {
    let whole = |part: Category| WHOLES.iter().find(|(_, parts)| parts.contains(&part.id())).and_then(|(id, _)| Category::from_id(id).ok());
    Category::all().map(whole).collect()
});

fn is_part(part: Category, whole: Category) -> bool {
    WHOLES_OF[part.index()] == Some(whole)
}

/// Whether one category is the other or a part of it.
pub(crate) fn overlap(one: Category, other: Category) -> bool {
    one == other || is_part(one, other) || is_part(other, one)
}

/// What all groups deny and none leaked. Nobody says that no card information leaked where a card number did, nor both that
/// no card information and that no card number did.
pub(crate) fn denied(groups: &[Group]) -> Vec<Category> {
    let mut said = overlapping(groups.iter().flat_map(|group| &group.categories).copied());
    let mut denied = Vec::new();
    for category in groups.iter().flat_map(|group| &group.denied) {
        if said >> category.index() & 1 == 0 {
            denied.push(*category);
            said |= overlapping([*category]);
        }
    }
    denied
}

/// A bit for each category that is one of these, a part or the whole of one.
pub(crate) fn overlapping(categories: impl IntoIterator<Item = Category>) -> u64 {
    categories.into_iter().fold(0, |all, category| all | OVERLAPPING[category.index()])
}

static OVERLAPPING: LazyLock<Vec<u64>> = LazyLock::new(|| {
    let of = |one: Category| Category::all().filter(|other| overlap(one, *other)).fold(0, |all, other| all | 1 << other.index());
    Category::all().map(of).collect()
});

/// Leaves at most so many, any of them alike, in their order.
pub(crate) fn few<T>(items: &mut Vec<T>, most: usize, draw: &mut Draw) {
    while items.len() > most {
        items.remove(draw.below(items.len() as u64) as usize);
    }
}
