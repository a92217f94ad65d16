//! The figures that are worked out from counts by document, under the names that they have in `results.json`. Only these can be
//! resampled, and so compared between two runs or given an interval in a slice.

use owabi_corpora::vocabulary::{DateRole, PartyRole, Status};

use crate::measure::{Field, Measure, Question, Tallies, Tally};

/// One figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figure {
    measure: Measure,
    share: Share,
}

/// How a figure comes from a tally.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Share {
    F1,
    Precision,
    Recall,
    /// Right answers of questions.
    Accuracy,
    /// What was found of what was there to be found.
    Found,
    /// Errors of occasions: the lower, the better.
    Rate,
    /// … in ten thousand.
    RateIn10000,
}

const SHARES: [Share; 3] = [Share::F1, Share::Precision, Share::Recall];

impl Figure {
    /// Every figure, in the order of the reports.
    pub fn all() -> Vec<Figure> {
        measures().into_iter().flat_map(|measure| shares(measure).iter().map(move |share| Figure { measure, share: *share })).collect()
    }

    /// Those that `owabi compare` shows: fields, questions and alarms. The more are compared, the less each difference says.
    pub fn compared() -> Vec<Figure> {
        let main = |measure| {
            matches!(measure, Measure::Field(_) | Measure::Question(_) | Measure::Value | Measure::Contained) || shares(measure).len() == 1
        };
        Figure::all().into_iter().filter(|figure| main(figure.measure)).collect()
    }

    /// The figure with this path in `results.json`.
    pub fn at(path: &str) -> Option<Figure> {
        Figure::all().into_iter().find(|figure| figure.path() == path)
    }

    /// Where it stands in `results.json`, such as `fields.data.micro.f1`.
    pub fn path(self) -> String {
        format!("{}.{}", place(self.measure), self.share.id())
    }

    /// For people, such as `data: F1`.
    pub fn name(self) -> String {
        let what = match self.share {
            Share::F1 => "F1",
            Share::Precision => "precision",
            Share::Recall => "recall",
            Share::Accuracy => "accuracy",
            Share::Found => "found",
            Share::Rate => "rate",
            Share::RateIn10000 => "in 10,000",
        };
        let place = place(self.measure);
        let of = place.strip_suffix(".micro").unwrap_or(&place);
        // The sections of notices need no name among figures of notices.
        let of = ["fields.", "parts.", "accuracy.", "alarms."].iter().find_map(|section| of.strip_prefix(section)).unwrap_or(of);
        format!("{}: {what}", of.replace('_', " "))
    }

    /// Its value; `None` where it cannot be computed, as a precision without predictions.
    pub fn of(self, sum: &Tallies) -> Option<f64> {
        let tally = sum.of(self.measure);
        match self.share {
            Share::F1 => tally.f1(),
            Share::Precision => tally.precision(),
            Share::Recall | Share::Accuracy | Share::Found | Share::Rate => tally.recall(),
            Share::RateIn10000 => tally.recall().map(|rate| rate * 10_000.0),
        }
    }

    /// What it counts.
    pub fn tally(self, sum: &Tallies) -> Tally {
        sum.of(self.measure)
    }

    /// Whether it is a share of occasions, such as denials, and no figure of facts.
    pub fn is_rate(self) -> bool {
        matches!(self.share, Share::Found | Share::Rate)
    }

    /// Whether it counts errors.
    pub fn lower_is_better(self) -> bool {
        matches!(self.share, Share::Rate | Share::RateIn10000)
    }
}

impl Share {
    fn id(self) -> &'static str {
        match self {
            Share::F1 => "f1",
            Share::Precision => "precision",
            Share::Recall => "recall",
            Share::Accuracy => "accuracy",
            Share::Found | Share::Rate => "rate",
            Share::RateIn10000 => "per_10_000",
        }
    }
}

/// Every measure, in the order of [`Measure::index`].
pub fn measures() -> Vec<Measure> {
    let mut all: Vec<Measure> = Field::ALL.map(Measure::Field).to_vec();
    all.push(Measure::Category);
    all.extend(Status::all().map(Measure::Status));
    all.extend(DateRole::all().map(Measure::Date));
    all.extend(PartyRole::all().map(Measure::Party));
    all.extend(Question::ALL.map(Measure::Question));
    all.extend([Measure::DeniedAsLeaked, Measure::MentionAsValue, Measure::FalseAlarm, Measure::LeakFound]);
    all.extend([Measure::Value, Measure::Contained, Measure::DeniedAsContained, Measure::ExhibitFound, Measure::ExhibitAlarm]);
    all
}

/// Where a measure's figures stand in `results.json`, such as `parts.status.denied`.
pub fn place(measure: Measure) -> String {
    match measure {
        Measure::Field(field) => format!("fields.{field}.micro"),
        Measure::Category => "parts.category".to_owned(),
        Measure::Status(status) => format!("parts.status.{status}"),
        Measure::Date(role) => format!("parts.dates.{role}"),
        Measure::Party(role) => format!("parts.parties.{role}"),
        Measure::Question(question) => format!("accuracy.{question}"),
        Measure::DeniedAsLeaked => "alarms.denied_as_leaked".to_owned(),
        Measure::MentionAsValue => "alarms.mention_as_value".to_owned(),
        Measure::FalseAlarm => "alarms.false_alarms".to_owned(),
        Measure::LeakFound => "alarms.leaks_found".to_owned(),
        Measure::Value => "value_detection.micro".to_owned(),
        Measure::Contained => "document_classification.micro".to_owned(),
        Measure::DeniedAsContained => "document_classification.denied_as_contained".to_owned(),
        Measure::ExhibitFound => "document_classification.found".to_owned(),
        Measure::ExhibitAlarm => "document_classification.false_alarms".to_owned(),
    }
}

fn shares(measure: Measure) -> &'static [Share] {
    match measure {
        Measure::Field(_) | Measure::Category | Measure::Status(_) | Measure::Date(_) | Measure::Party(_) => &SHARES,
        Measure::Value | Measure::Contained => &SHARES,
        Measure::Question(_) => &[Share::Accuracy],
        Measure::LeakFound | Measure::ExhibitFound => &[Share::Found],
        Measure::DeniedAsLeaked | Measure::MentionAsValue | Measure::DeniedAsContained => &[Share::Rate],
        Measure::FalseAlarm | Measure::ExhibitAlarm => &[Share::RateIn10000],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_measure_is_here_in_its_place() {
        let places: Vec<usize> = measures().into_iter().map(Measure::index).collect();
        assert_eq!(places, (0..Measure::COUNT).collect::<Vec<_>>());
    }

    #[test]
    fn figures_have_names_of_their_own() {
        let mut paths: Vec<String> = Figure::all().into_iter().map(Figure::path).collect();
        let count = paths.len();
        paths.sort();
        paths.dedup();
        // Five fields, nineteen parts, values and contents with three figures each; seven questions; seven alarms and rates.
        assert_eq!((paths.len(), count), (92, 92));
        // Of these without the parts.
        assert_eq!(Figure::compared().len(), 92 - 3 * 19);
        let found = Figure::at("document_classification.found.rate").unwrap();
        assert_eq!((found.name(), found.lower_is_better()), ("document classification.found: found".to_owned(), false));
        let denied = Figure::at("parts.status.denied.recall").unwrap();
        assert_eq!((denied.name(), denied.lower_is_better()), ("status.denied: recall".to_owned(), false));
        assert!(Figure::at("alarms.false_alarms.per_10_000").unwrap().lower_is_better());
    }
}
