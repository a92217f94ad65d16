//! One document: gold and predicted labels become counts. Nothing of the text survives, so scoring a corpus of any size needs
//! little memory, and documents may be scored in parallel and added up in order.

use std::collections::BTreeSet;

use owabi_corpora::record::{Segment, ValueLabel};
use owabi_corpora::vocabulary::{Genre, Status};
use owabi_corpora::{Category, Finding, Labels, Mention, Reading, Record, Span};
use strum::{Display, EnumString, IntoStaticStr};

use crate::alignment::{Alignment, align, pairs};
use crate::loss::Loss;
use crate::matching::{Fact, Label, facts};
use crate::measure::{Field, Measure, Question, Tallies, Tally};
use crate::segments::SegmentScore;

/// The fields whose spans are scored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Display, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum SpanField {
    /// Type: (category, the mention's own status).
    Data,
    /// Type: the cause.
    Causes,
    /// Type: (value, unit).
    Counts,
    /// Type: (role, date).
    Dates,
    /// Type: the kind of value.
    Values,
}

/// What one document's spans in one field amount to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SpanScore {
    /// The four schemes; all zero where the gold does not mark every mention.
    pub alignment: Alignment,
    /// Facts that both sides hold and the gold locates; `correct` where a predicted span overlaps a gold one.
    pub located: Tally,
}

/// What one document's values of one kind amount to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ValueScore {
    /// Well-formed values: found are those that a prediction of the kind overlaps, one to one. A prediction that found a malformed
    /// value is left out: who validates need not report it, and who reports it is not wrong.
    pub tally: Tally,
    /// Malformed values (`gold`), and how many of them were found (`correct`).
    pub malformed: Tally,
    /// Of all that were found: those with the same bounds.
    pub exact: Tally,
    /// … with the right use.
    pub usage: Tally,
    /// … whose form (well-formed or not) is told rightly.
    pub form: Tally,
}

impl std::ops::AddAssign for ValueScore {
    fn add_assign(&mut self, other: ValueScore) {
        self.tally += other.tally;
        self.malformed += other.malformed;
        self.exact += other.exact;
        self.usage += other.usage;
        self.form += other.form;
    }
}

/// A detector's answer. Labels alone are one, and so are findings alone.
#[derive(Debug, Clone, Copy)]
pub struct Predicted<'a> {
    /// Of the page; `None` from a detector that reads no notices.
    pub labels: Option<&'a Labels>,
    /// Of its documents.
    pub segments: Option<&'a [Segment]>,
    /// Under labels of the detector's own.
    pub findings: Option<&'a [Finding]>,
}

impl<'a> From<&'a Labels> for Predicted<'a> {
    fn from(labels: &'a Labels) -> Predicted<'a> {
        Predicted { labels: Some(labels), segments: None, findings: None }
    }
}

impl<'a> From<&'a Reading> for Predicted<'a> {
    fn from(reading: &'a Reading) -> Predicted<'a> {
        Predicted { labels: reading.labels.as_ref(), segments: reading.segments.as_deref(), findings: reading.findings.as_deref() }
    }
}

/// One document's counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentScore {
    /// The gold record's id.
    pub id: String,
    /// Why there is no answer, where there is none.
    pub loss: Option<Loss>,
    /// Whether the gold marks every mention.
    pub exhaustive_spans: bool,
    /// Every measure.
    pub tallies: Tallies,
    /// Which fields the gold annotates.
    pub fields: Vec<Field>,
    /// Every label that either side holds.
    pub labels: Vec<(Label, Tally)>,
    /// Every category that either side holds, with its gold and predicted status.
    pub confusion: Vec<(Category, Option<Status>, Option<Status>)>,
    /// By kind, the values that either side holds.
    pub values: Vec<(Category, ValueScore)>,
    /// The annotated span fields.
    pub spans: Vec<(SpanField, SpanScore)>,
    /// Borders and labels by segment, where either side has segments.
    pub segments: Option<SegmentScore>,
    /// The slices the document belongs to, as (dimension, value).
    pub slices: Vec<(&'static str, String)>,
}

impl DocumentScore {
    /// Compares. Where the detector gave no answer, every fact is missed and every question wrong.
    /// With `exhaustive_spans` the gold marks every mention; otherwise spans are compared by overlap only.
    pub fn new(gold: &Record, answer: Result<Predicted<'_>, &Loss>, exhaustive_spans: bool) -> DocumentScore {
        let nothing = Labels::default();
        let predicted = answer.ok();
        let labels = predicted.and_then(|predicted| predicted.labels).unwrap_or(&nothing);
        let mut score = DocumentScore {
            id: gold.id.clone(),
            loss: answer.err().cloned(),
            exhaustive_spans,
            tallies: Tallies::default(),
            fields: Vec::new(),
            labels: Vec::new(),
            confusion: Vec::new(),
            values: Vec::new(),
            spans: Vec::new(),
            segments: SegmentScore::new(gold, predicted),
            slices: slices(gold),
        };
        for field in Field::ALL {
            if let Some(wanted) = facts(&gold.labels, field) {
                score.add_field(field, &wanted, &facts(labels, field).unwrap_or_default());
            }
        }
        score.add_categories(&gold.labels, labels);
        score.add_questions(&gold.labels, labels);
        score.add_values(&gold.labels, labels);
        if score.loss.is_none() {
            score.add_alarm(&gold.labels, labels);
        }
        score.add_spans(&gold.labels, labels, exhaustive_spans);
        score
    }

    fn add_field(&mut self, field: Field, gold: &BTreeSet<Fact>, predicted: &BTreeSet<Fact>) {
        self.fields.push(field);
        for fact in gold.union(predicted) {
            let (wanted, given) = (gold.contains(fact), predicted.contains(fact));
            let tally = Tally { correct: (wanted && given).into(), predicted: given.into(), gold: wanted.into() };
            *self.tallies.of_mut(Measure::Field(field)) += tally;
            match fact {
                Fact::Data(_, status) => *self.tallies.of_mut(Measure::Status(*status)) += tally,
                Fact::Date(role, _) => *self.tallies.of_mut(Measure::Date(*role)) += tally,
                Fact::Party(role, _) => *self.tallies.of_mut(Measure::Party(*role)) += tally,
                Fact::Cause(_) | Fact::Count(..) => {}
            }
            match self.labels.iter_mut().find(|(label, _)| *label == fact.label()) {
                Some((_, sum)) => *sum += tally,
                None => self.labels.push((fact.label(), tally)),
            }
        }
    }

    fn add_categories(&mut self, gold: &Labels, predicted: &Labels) {
        let Some(items) = &gold.data else { return };
        let given = predicted.data.as_deref().unwrap_or_default();
        let categories: BTreeSet<Category> =
            items.iter().chain(given).map(|item| item.category).filter(|category| category.is_scored()).collect();
        for category in categories {
            // The strongest, should a detector name a category twice.
            let wanted = items.iter().filter(|item| item.category == category).map(|item| item.status).max();
            let found = given.iter().filter(|item| item.category == category).map(|item| item.status).max();
            let tally = Tally {
                correct: (wanted.is_some() && found.is_some()).into(),
                predicted: found.is_some().into(),
                gold: wanted.is_some().into(),
            };
            *self.tallies.of_mut(Measure::Category) += tally;
            if wanted == Some(Status::Denied) {
                *self.tallies.of_mut(Measure::DeniedAsLeaked) += error(found.is_some_and(leaked));
            }
            self.confusion.push((category, wanted, found));
        }
    }

    fn add_questions(&mut self, gold: &Labels, predicted: &Labels) {
        let answered = self.loss.is_none();
        let mut ask = |question, right: bool| *self.tallies.of_mut(Measure::Question(question)) += Tally::answer(answered && right);
        if gold.causes.is_some() {
            ask(Question::PrimaryCause, gold.primary_cause() == predicted.primary_cause());
        }
        if gold.exposure.is_some() {
            ask(Question::Exposure, gold.exposure == predicted.exposure);
        }
        if gold.genre.is_some() {
            ask(Question::Genre, gold.genre == predicted.genre);
        }
        if gold.via_vendor.is_some() {
            ask(Question::ViaVendor, gold.via_vendor == predicted.via_vendor);
        }
        if let Some(counts) = &gold.counts {
            let total = |labels: &Labels| labels.total().map(|item| (item.value, item.unit));
            ask(Question::Total, total(gold) == total(predicted));
            let given = predicted.counts.as_deref().unwrap_or_default();
            let keys: BTreeSet<_> = counts.iter().map(|item| (item.value, item.unit)).collect();
            for key in keys {
                // One figure may stand for two groups, once exact and once not: any agreement will do.
                let bounds = |items: &[owabi_corpora::record::CountLabel]| {
                    items.iter().filter(|item| (item.value, item.unit) == key).map(|item| item.bound).collect::<BTreeSet<_>>()
                };
                let (wanted, found) = (bounds(counts), bounds(given));
                if !found.is_empty() {
                    ask(Question::Bound, !wanted.is_disjoint(&found));
                }
            }
        }
        if let Some(dates) = &gold.dates {
            let given = predicted.dates.as_deref().unwrap_or_default();
            let keys: BTreeSet<_> = dates.iter().map(|item| (item.role, item.date)).collect();
            for key in keys {
                let times = |items: &[owabi_corpora::record::DateLabel]| {
                    items.iter().filter(|item| (item.role, item.date) == key).map(|item| item.time).collect::<BTreeSet<_>>()
                };
                let (wanted, found) = (times(dates), times(given));
                if !found.is_empty() && wanted.iter().chain(&found).any(Option::is_some) {
                    ask(Question::Time, !wanted.is_disjoint(&found));
                }
            }
        }
    }

    /// A detector that takes the words 「クレジットカード番号」 for a card number reports values where there are none.
    fn add_values(&mut self, gold: &Labels, predicted: &Labels) {
        let Some(values) = &gold.values else { return };
        let there: Vec<Span> = values.iter().flat_map(|item| &item.spans).map(Mention::span).collect();
        for mention in predicted.values.iter().flatten().flat_map(|item| &item.spans) {
            let real = there.iter().any(|span| span.overlap(mention.span()) > 0);
            *self.tallies.of_mut(Measure::MentionAsValue) += error(!real);
        }
        let given = predicted.values.as_deref().unwrap_or_default();
        let kinds: BTreeSet<Category> = values.iter().chain(given).map(|item| item.kind).collect();
        for kind in kinds {
            let (wanted, found) = (places(values, kind), places(given, kind));
            let spans = |places: &[(Span, &ValueLabel)]| places.iter().map(|place| place.0).collect::<Vec<_>>();
            let mut score = ValueScore::default();
            let malformed = wanted.iter().filter(|(_, item)| !item.well_formed).count() as u64;
            score.tally = Tally { correct: 0, predicted: found.len() as u64, gold: wanted.len() as u64 - malformed };
            score.malformed = Tally { correct: 0, predicted: malformed, gold: malformed };
            for (gold, predicted) in pairs(&spans(&wanted), &spans(&found)) {
                let (gold, predicted) = (wanted[gold], found[predicted]);
                if gold.1.well_formed {
                    score.tally.correct += 1;
                } else {
                    score.tally.predicted -= 1;
                    score.malformed.correct += 1;
                }
                score.exact += Tally::answer(gold.0 == predicted.0);
                score.usage += Tally::answer(gold.1.usage == predicted.1.usage);
                score.form += Tally::answer(gold.1.well_formed == predicted.1.well_formed);
            }
            self.values.push((kind, score));
        }
    }

    fn add_alarm(&mut self, gold: &Labels, predicted: &Labels) {
        let nothing_leaked = gold.data.as_ref().is_some_and(|items| !items.iter().any(|item| leaked(item.status)));
        if gold.genre == Some(Genre::Unrelated) || nothing_leaked {
            let alarm = predicted.data.iter().flatten().any(|item| leaked(item.status));
            *self.tallies.of_mut(Measure::FalseAlarm) += error(alarm);
        }
    }

    fn add_spans(&mut self, gold: &Labels, predicted: &Labels, exhaustive: bool) {
        macro_rules! field {
            ($field:expr, $gold:expr, $name:ident, $key:expr) => {
                if let Some(items) = $gold {
                    let key = $key;
                    let given = predicted.$name.as_deref().unwrap_or_default();
                    let mut score = SpanScore { alignment: Alignment::default(), located: located(items, given, |item| key(item, None)) };
                    if exhaustive {
                        let typed = |items: &[_]| spans(items, &key);
                        score.alignment = align(&typed(items), &typed(given));
                    }
                    self.spans.push(($field, score));
                }
            };
        }
        use owabi_corpora::record::{CauseLabel, CountLabel, DataLabel, DateLabel};
        let data =
            |item: &DataLabel, status: Option<Status>| item.category.is_scored().then(|| (item.category, status.unwrap_or(item.status)));
        field!(SpanField::Data, &gold.data, data, data);
        field!(SpanField::Causes, &gold.causes, causes, |item: &CauseLabel, _| Some(item.cause));
        field!(SpanField::Counts, &gold.counts, counts, |item: &CountLabel, _| Some((item.value, item.unit)));
        field!(SpanField::Dates, &gold.dates, dates, |item: &DateLabel, _| Some((item.role, item.date)));
        // A malformed value that nobody reports is no miss.
        let reported = |item: &&ValueLabel| {
            let given = predicted.values.iter().flatten().filter(|other| other.kind == item.kind).flat_map(|other| &other.spans);
            item.well_formed || given.clone().any(|place| item.spans.iter().any(|mention| mention.span().overlap(place.span()) > 0))
        };
        let values: Option<Vec<ValueLabel>> = gold.values.as_ref().map(|items| items.iter().filter(reported).cloned().collect());
        field!(SpanField::Values, &values, values, |item: &ValueLabel, _| Some(item.kind));
    }
}

/// Where values of a kind stand, each place once.
pub(crate) fn places(items: &[ValueLabel], kind: Category) -> Vec<(Span, &ValueLabel)> {
    let of_kind = items.iter().filter(|item| item.kind == kind);
    let mut found: Vec<(Span, &ValueLabel)> =
        of_kind.flat_map(|item| item.spans.iter().map(move |mention| (mention.span(), item))).collect();
    found.sort_by_key(|(span, item)| (*span, item.usage, item.well_formed));
    found.dedup_by_key(|(span, _)| *span);
    found
}

/// A tally in which `correct` counts errors.
fn error(is: bool) -> Tally {
    Tally::answer(is)
}

pub(crate) fn leaked(status: Status) -> bool {
    status != Status::Denied
}

/// An item with places in the text.
trait Located {
    fn mentions(&self) -> &[Mention];
}

macro_rules! located {
    ($($name:ident),+) => {
        $(impl Located for owabi_corpora::record::$name {
            fn mentions(&self) -> &[Mention] {
                &self.spans
            }
        })+
    };
}

located!(CauseLabel, DataLabel, CountLabel, DateLabel, ValueLabel);

/// Every span of a field with its type. A mention's own status goes before its item's.
fn spans<I: Located, K>(items: &[I], key: &impl Fn(&I, Option<Status>) -> Option<K>) -> Vec<(Span, K)> {
    items
        .iter()
        .flat_map(|item| item.mentions().iter().filter_map(move |mention| Some((mention.span(), key(item, mention.status)?))))
        .collect()
}

/// Of the facts that both sides hold and the gold locates: how many does the prediction place on one of the gold's places?
fn located<I: Located, K: Ord>(gold: &[I], predicted: &[I], key: impl Fn(&I) -> Option<K>) -> Tally {
    let mut sum = Tally::default();
    for item in gold.iter().filter(|item| !item.mentions().is_empty()) {
        let Some(wanted) = key(item) else { continue };
        let mut given = predicted.iter().filter(|other| key(other).as_ref() == Some(&wanted)).peekable();
        if given.peek().is_some() {
            let places: Vec<Span> = given.flat_map(Located::mentions).map(Mention::span).collect();
            let found = item.mentions().iter().any(|mention| places.iter().any(|place| place.overlap(mention.span()) > 0));
            sum += Tally::answer(found);
        }
    }
    sum
}

pub(crate) fn slices(gold: &Record) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    if let Some(provenance) = &gold.provenance {
        found.push(("kind", provenance.kind.clone()));
        found.push(("difficulty", provenance.difficulty.to_string()));
    }
    if let Some(genre) = gold.labels.genre {
        found.push(("genre", genre.to_string()));
    }
    found
}
