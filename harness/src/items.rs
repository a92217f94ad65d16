//! What the items of all fields of labels have in common.

use std::collections::BTreeMap;

use owabi_corpora::Mention;
use owabi_corpora::record::*;
use owabi_corpora::vocabulary::Bound;

use crate::matching::{Fact, fact};

/// What the items of all fields have in common.
pub(crate) trait Item {
    /// `None` where it is not scored.
    fn fact(&self) -> Option<Fact>;
    /// In full, for people.
    fn name(&self) -> String;
    /// What it counts for.
    fn label(&self) -> String;
    fn spans(&self) -> &[Mention];
    fn cue(&self) -> Option<&str>;
    fn score(&self) -> Option<f64>;
}

/// Items by their facts; those that are not scored are left out.
pub(crate) fn by_fact<I: Item>(items: &[I]) -> BTreeMap<Fact, Vec<&I>> {
    let mut found: BTreeMap<Fact, Vec<&I>> = BTreeMap::new();
    for item in items {
        if let Some(fact) = item.fact() {
            found.entry(fact).or_default().push(item);
        }
    }
    found
}

macro_rules! item {
    ($name:ident, $fact:expr, $text:expr, $label:expr) => {
        impl Item for $name {
            fn fact(&self) -> Option<Fact> {
                let fact: fn(&$name) -> Option<Fact> = $fact;
                fact(self)
            }
            fn name(&self) -> String {
                let name: fn(&$name) -> String = $text;
                name(self)
            }
            fn label(&self) -> String {
                let label: fn(&$name) -> String = $label;
                label(self)
            }
            fn spans(&self) -> &[Mention] {
                &self.spans
            }
            fn cue(&self) -> Option<&str> {
                self.cue.as_deref()
            }
            fn score(&self) -> Option<f64> {
                self.score
            }
        }
    };
}

item!(DataLabel, fact::data, |item| format!("{}:{}", item.category, item.status), |item| item.category.to_string());
item!(CauseLabel, |item| Some(fact::cause(item)), |item| item.cause.to_string(), |item| item.cause.to_string());
item!(CountLabel, |item| Some(fact::count(item)), count_name, |item| item.unit.to_string());
item!(DateLabel, |item| Some(fact::date(item)), date_name, |item| item.role.to_string());
item!(PartyLabel, |item| Some(fact::party(item)), |item| format!("{}:{}", item.role, item.name), |item| item.role.to_string());
// Values are matched by their places.
item!(ValueLabel, |_| None, value_name, |item| item.kind.to_string());

fn count_name(item: &CountLabel) -> String {
    let bound = if item.bound == Bound::Exact { String::new() } else { format!(":{}", item.bound) };
    format!("{}:{}{bound}{}", item.value, item.unit, if item.total { ":total" } else { "" })
}

fn date_name(item: &DateLabel) -> String {
    format!("{}:{}{}", item.role, item.date, item.time.map(|time| format!("T{time}")).unwrap_or_default())
}

fn value_name(item: &ValueLabel) -> String {
    format!("{}:{}{}", item.kind, item.usage, if item.well_formed { "" } else { ":malformed" })
}
