//! The names of marks, one closed list. They are those of the mark-up in which people write labelled notices.
//!
//! | name | what |
//! |---|---|
//! | `CATEGORY:STATUS` | a data category and what this mention says of it |
//! | `cause:CAUSE` | a cause |
//! | `count:UNIT` | a count |
//! | `date:ROLE` | a date |
//! | `party:ROLE` | a party |
//! | `value:KIND` | personal data really present |
//! | `no:CATEGORY` | a mention that asserts nothing |

use owabi_corpora::vocabulary::{DateRole, PartyRole, Status, Unit};
use owabi_corpora::{Category, Cause};
use serde_json::json;

use crate::marks::Object;

/// A list of the record's labels whose items have places in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// `labels.causes`.
    Causes,
    /// `labels.data`.
    Data,
    /// `labels.counts`.
    Counts,
    /// `labels.dates`.
    Dates,
    /// `labels.parties`.
    Parties,
    /// `labels.values`.
    Values,
    /// `labels.distractors`.
    Distractors,
}

impl Field {
    /// All of them, in the record's order.
    pub const ALL: [Field; 7] =
        [Field::Causes, Field::Data, Field::Counts, Field::Dates, Field::Parties, Field::Values, Field::Distractors];

    /// The record's key.
    pub fn key(self) -> &'static str {
        match self {
            Field::Causes => "causes",
            Field::Data => "data",
            Field::Counts => "counts",
            Field::Dates => "dates",
            Field::Parties => "parties",
            Field::Values => "values",
            Field::Distractors => "distractors",
        }
    }

    /// What names of its marks begin with, and which key of the item a name tells. Names of data begin with the category itself.
    pub(crate) fn told(self) -> (&'static str, &'static str) {
        match self {
            Field::Causes => ("cause", "cause"),
            Field::Data => ("", "category"),
            Field::Counts => ("count", "unit"),
            Field::Dates => ("date", "role"),
            Field::Parties => ("party", "role"),
            Field::Values => ("value", "kind"),
            Field::Distractors => ("no", "category"),
        }
    }

    /// The keys by which an item is the same as another, whoever set it; none where every mark is an item of its own.
    pub(crate) fn identity(self) -> &'static [&'static str] {
        match self {
            Field::Causes => &["cause"],
            Field::Data => &["category"],
            Field::Counts => &["value", "unit"],
            Field::Dates => &["role", "date"],
            Field::Parties => &["role", "name"],
            Field::Values => &[],
            Field::Distractors => &["category", "why"],
        }
    }
}

/// Every name that a mark can have, in the record's order.
pub fn all() -> Vec<String> {
    let mut all = Vec::new();
    for field in Field::ALL {
        let seconds: Vec<&str> = match field {
            Field::Causes => Cause::all().map(|cause| cause.id()).collect(),
            Field::Counts => Unit::all().map(Unit::id).collect(),
            Field::Dates => DateRole::all().map(DateRole::id).collect(),
            Field::Parties => PartyRole::all().map(PartyRole::id).collect(),
            Field::Data | Field::Values | Field::Distractors => Category::all().map(|category| category.id()).collect(),
        };
        for second in seconds {
            match field {
                Field::Data => all.extend(Status::all().map(|status| format!("{second}:{status}"))),
                _ => all.push(format!("{}:{second}", field.told().0)),
            }
        }
    }
    all
}

/// What a name says: its field and the keys of the item that it tells, for data with the mention's `status`.
pub fn read(name: &str) -> Option<(Field, Object)> {
    let (first, second) = name.split_once(':')?;
    let field = Field::ALL.into_iter().find(|field| field.told().0 == first).unwrap_or(Field::Data);
    let known = match field {
        Field::Causes => Cause::from_id(second).is_ok(),
        Field::Counts => second.parse::<Unit>().is_ok(),
        Field::Dates => second.parse::<DateRole>().is_ok(),
        Field::Parties => second.parse::<PartyRole>().is_ok(),
        Field::Values | Field::Distractors => Category::from_id(second).is_ok(),
        Field::Data => Category::from_id(first).is_ok() && second.parse::<Status>().is_ok(),
    };
    let told = match field {
        Field::Data => json!({"category": first, "status": second}),
        field => json!({field.told().1: second}),
    };
    told.as_object().filter(|_| known).map(|told| (field, told.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_read_and_no_other() {
        let names = all();
        assert!(names.iter().all(|name| read(name).is_some()));
        let mut unique = names.clone();
        unique.sort();
        unique.dedup();
        assert_eq!(unique.len(), names.len());
        for name in ["", ":denied", "name", "name:", "name:lost", "nama:denied", "cause:name", "count:people", "value:name:contact"] {
            assert_eq!(read(name), None, "{name}");
        }
    }
}
