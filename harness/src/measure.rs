//! What is counted. Every measure is a [`Tally`], so that documents, slices and resamples are all added up in one way.

use std::ops::AddAssign;

use owabi_corpora::vocabulary::{DateRole, PartyRole, Status};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

/// How many facts were predicted, how many are in the gold, and how many are both.
///
/// Questions with one answer a document use `gold` for how often the question was asked and `predicted` for the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// In both.
    pub correct: u64,
    /// Predicted.
    pub predicted: u64,
    /// In the gold.
    pub gold: u64,
}

impl Tally {
    /// One question and whether it was answered rightly.
    pub fn answer(right: bool) -> Tally {
        Tally { correct: right.into(), predicted: 1, gold: 1 }
    }

    /// The share of what was predicted that is right; `None` where nothing was predicted.
    pub fn precision(self) -> Option<f64> {
        ratio(self.correct, self.predicted)
    }

    /// The share of the gold that was found; `None` where the gold holds nothing.
    pub fn recall(self) -> Option<f64> {
        ratio(self.correct, self.gold)
    }

    /// Recall counts `beta` times as much as precision; `None` where neither side holds something.
    pub fn f_beta(self, beta: f64) -> Option<f64> {
        let weight = beta * beta;
        let whole = weight * self.gold as f64 + self.predicted as f64;
        (self.gold + self.predicted > 0).then(|| if whole > 0.0 { (1.0 + weight) * self.correct as f64 / whole } else { 0.0 })
    }

    /// The harmonic mean of both, 0 where only one side holds something; `None` where neither does.
    pub fn f1(self) -> Option<f64> {
        ratio(2 * self.correct, self.predicted + self.gold)
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Tally) {
        self.correct += other.correct;
        self.predicted += other.predicted;
        self.gold += other.gold;
    }
}

fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// The fields whose items are compared as sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Display, EnumIter, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Field {
    /// (category, status).
    Data,
    /// The cause.
    Causes,
    /// (value, unit).
    Counts,
    /// (role, date).
    Dates,
    /// (role, name in normal form).
    Parties,
}

impl Field {
    /// Every field, in the order of the reports.
    pub const ALL: [Field; 5] = [Field::Data, Field::Causes, Field::Counts, Field::Dates, Field::Parties];

    /// What one label of the field is, for macro averages.
    pub fn label(self) -> &'static str {
        match self {
            Field::Data => "category and status",
            Field::Causes => "cause",
            Field::Counts => "unit",
            Field::Dates | Field::Parties => "role",
        }
    }

    /// The id in files.
    pub fn id(self) -> &'static str {
        self.into()
    }
}

/// Questions with one answer a document, and two asked only of matched items.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Display, EnumIter, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Question {
    /// The primary cause; both absent is right.
    PrimaryCause,
    /// Whether personal data was exposed.
    Exposure,
    /// The kind of document.
    Genre,
    /// Whether it happened through a contractor.
    ViaVendor,
    /// Value and unit of the one overall count; both absent is right.
    Total,
    /// Of every matched count: how it bounds the true figure.
    Bound,
    /// Of every matched date of which either side gives a time: the time.
    Time,
}

impl Question {
    /// Every question, in the order of the reports.
    pub const ALL: [Question; 7] = [
        Question::PrimaryCause,
        Question::Exposure,
        Question::Genre,
        Question::ViaVendor,
        Question::Total,
        Question::Bound,
        Question::Time,
    ];

    /// The id in files.
    pub fn id(self) -> &'static str {
        self.into()
    }
}

/// Everything that is counted for each document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// A field's items.
    Field(Field),
    /// Categories whatever their status.
    Category,
    /// Data items of one status.
    Status(Status),
    /// Dates of one role.
    Date(DateRole),
    /// Parties of one role.
    Party(PartyRole),
    /// A question.
    Question(Question),
    /// Gold denied (`gold`), of these predicted possible or confirmed (`correct`): here `correct` counts errors.
    DeniedAsLeaked,
    /// Predicted value spans (`gold`), of these overlapping no gold value (`correct`): here `correct` counts errors.
    MentionAsValue,
    /// Clean documents (`gold`), of these with an alarm (`correct`): here `correct` counts errors.
    FalseAlarm,
    /// Documents in which data leaked or may have (`gold`), of these reported as such (`correct`).
    LeakFound,
    /// Values, of all kinds.
    Value,
    /// Categories that a text contains.
    Contained,
    /// Categories that the notice denies and holds no value of (`gold`), of these reported as contained (`correct`): errors.
    DeniedAsContained,
    /// Documents that exhibit values (`gold`), of these reported to contain anything (`correct`).
    ExhibitFound,
    /// Documents that hold no value (`gold`), of these reported to contain something (`correct`): errors.
    ExhibitAlarm,
}

impl Measure {
    /// How many measures there are.
    pub const COUNT: usize = 5 + 1 + 3 + 9 + 6 + 7 + 3 + 6;

    /// The position in [`Tallies`].
    pub fn index(self) -> usize {
        match self {
            Measure::Field(field) => field as usize,
            Measure::Category => 5,
            Measure::Status(status) => 6 + status as usize,
            Measure::Date(role) => 9 + role as usize,
            Measure::Party(role) => 18 + role as usize,
            Measure::Question(question) => 24 + question as usize,
            Measure::DeniedAsLeaked => 31,
            Measure::MentionAsValue => 32,
            Measure::FalseAlarm => 33,
            Measure::LeakFound => 34,
            Measure::Value => 35,
            Measure::Contained => 36,
            Measure::DeniedAsContained => 37,
            Measure::ExhibitFound => 38,
            Measure::ExhibitAlarm => 39,
        }
    }
}

/// One [`Tally`] for every [`Measure`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tallies(pub [Tally; Measure::COUNT]);

impl Tallies {
    /// The tally of one measure.
    pub fn of(&self, measure: Measure) -> Tally {
        self.0[measure.index()]
    }

    /// The tally of one measure, to add to.
    pub fn of_mut(&mut self, measure: Measure) -> &mut Tally {
        &mut self.0[measure.index()]
    }
}

impl Default for Tallies {
    fn default() -> Tallies {
        Tallies([Tally::default(); Measure::COUNT])
    }
}

impl AddAssign<&Tallies> for Tallies {
    fn add_assign(&mut self, other: &Tallies) {
        for (sum, part) in self.0.iter_mut().zip(&other.0) {
            *sum += *part;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_divided_is_no_figure() {
        let nothing = Tally::default();
        assert_eq!((nothing.precision(), nothing.recall(), nothing.f1()), (None, None, None));
        let missed = Tally { correct: 0, predicted: 0, gold: 4 };
        assert_eq!((missed.precision(), missed.recall(), missed.f1()), (None, Some(0.0), Some(0.0)));
        assert_eq!((nothing.f_beta(2.0), missed.f_beta(2.0)), (None, Some(0.0)));
        let half = Tally { correct: 2, predicted: 4, gold: 2 };
        assert_eq!((half.precision(), half.recall(), half.f1()), (Some(0.5), Some(1.0), Some(2.0 / 3.0)));
        // (1 + 4) · P · R / (4 · P + R) = 2.5 / 3.
        assert_eq!((half.f_beta(1.0), half.f_beta(2.0)), (half.f1(), Some(2.5 / 3.0)));
    }
}
