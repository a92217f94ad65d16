//! What matches what: the facts of each field as sets of keys.

use std::collections::BTreeSet;
use std::fmt;

use owabi_corpora::vocabulary::{DateRole, PartyRole, Status, Unit};
use owabi_corpora::{Category, Cause, Labels, PartialDate};
use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

use crate::measure::Field;

/// One fact. Two facts match when they are equal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fact {
    /// A category with its status.
    Data(Category, Status),
    /// A cause.
    Cause(Cause),
    /// A value with its unit; bound, total and group are no part of it.
    Count(u64, Unit),
    /// A date with its role; time and stage are no part of it.
    Date(DateRole, PartialDate),
    /// A party, by [`party_key`].
    Party(PartyRole, String),
}

/// The label that a fact counts for in macro averages and tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Label {
    /// A category with its status.
    Data(Category, Status),
    /// A cause.
    Cause(Cause),
    /// A unit.
    Count(Unit),
    /// A date's role.
    Date(DateRole),
    /// A party's role.
    Party(PartyRole),
}

impl Fact {
    /// The fact's label.
    pub fn label(&self) -> Label {
        match self {
            Fact::Data(category, status) => Label::Data(*category, *status),
            Fact::Cause(cause) => Label::Cause(*cause),
            Fact::Count(_, unit) => Label::Count(*unit),
            Fact::Date(role, _) => Label::Date(*role),
            Fact::Party(role, _) => Label::Party(*role),
        }
    }
}

impl Label {
    /// The field it belongs to.
    pub fn field(self) -> Field {
        match self {
            Label::Data(..) => Field::Data,
            Label::Cause(_) => Field::Causes,
            Label::Count(_) => Field::Counts,
            Label::Date(_) => Field::Dates,
            Label::Party(_) => Field::Parties,
        }
    }
}

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fact::Data(category, status) => write!(f, "data {category}:{status}"),
            Fact::Cause(cause) => write!(f, "cause {cause}"),
            Fact::Count(value, unit) => write!(f, "count {value} {unit}"),
            Fact::Date(role, date) => write!(f, "date {role} {date}"),
            Fact::Party(role, name) => write!(f, "party {role} {name}"),
        }
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Label::Data(category, status) => write!(f, "{category}:{status}"),
            Label::Cause(cause) => write!(f, "{cause}"),
            Label::Count(unit) => write!(f, "{unit}"),
            Label::Date(role) => write!(f, "{role}"),
            Label::Party(role) => write!(f, "{role}"),
        }
    }
}

/// The facts of one field, each once; `None` where the field is not annotated. `other` is left out: it is not scored.
pub fn facts(labels: &Labels, field: Field) -> Option<BTreeSet<Fact>> {
    match field {
        Field::Data => labels.data.as_ref().map(|items| items.iter().filter_map(fact::data).collect()),
        Field::Causes => labels.causes.as_ref().map(|items| items.iter().map(fact::cause).collect()),
        Field::Counts => labels.counts.as_ref().map(|items| items.iter().map(fact::count).collect()),
        Field::Dates => labels.dates.as_ref().map(|items| items.iter().map(fact::date).collect()),
        Field::Parties => labels.parties.as_ref().map(|items| items.iter().map(fact::party).collect()),
    }
}

/// The fact of one item.
pub(crate) mod fact {
    use owabi_corpora::record::{CauseLabel, CountLabel, DataLabel, DateLabel, PartyLabel};

    use super::{Fact, party_key};

    pub(crate) fn data(item: &DataLabel) -> Option<Fact> {
        item.category.is_scored().then_some(Fact::Data(item.category, item.status))
    }

    pub(crate) fn cause(item: &CauseLabel) -> Fact {
        Fact::Cause(item.cause)
    }

    pub(crate) fn count(item: &CountLabel) -> Fact {
        Fact::Count(item.value, item.unit)
    }

    pub(crate) fn date(item: &DateLabel) -> Fact {
        Fact::Date(item.role, item.date)
    }

    pub(crate) fn party(item: &PartyLabel) -> Fact {
        Fact::Party(item.role, party_key(&item.name))
    }
}

/// A party's name for comparing: NFKC, without spaces, brackets and quotation marks. 「株式会社　架空（本社）」 and 「株式会社架空(本社)」 are
/// one name, because notices and their copies differ in width and spacing.
pub fn party_key(name: &str) -> String {
    let is_bracket = |c: char| {
        use GeneralCategory::*;
        matches!(c.general_category(), OpenPunctuation | ClosePunctuation | InitialPunctuation | FinalPunctuation)
    };
    name.nfkc().filter(|c| !c.is_whitespace() && !is_bracket(*c) && *c != '"').collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_differ_in_width_and_spacing_only() {
        for (a, b) in [
            ("株式会社　架空（本社）", "株式会社架空(本社)"),
            ("㈱架空", "(株)架空"),
            ("個⼈情報保護委員会", "個人情報保護委員会"),
            ("「架空」モール", "架空モール"),
            ("ＡＢＣ Ltd.", "ABCLtd."),
        ] {
            assert_eq!(party_key(a), party_key(b));
        }
        assert_ne!(party_key("架空商事"), party_key("架空商会"));
    }
}
