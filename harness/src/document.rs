//! One document: gold and predicted labels become counts. Nothing of the text survives, so scoring a corpus of any size needs
//! little memory, and documents may be scored in parallel and added up in order.

use std::collections::{BTreeMap, BTreeSet};

use owabi_corpora::record::{Segment, ValueLabel};
use owabi_corpora::vocabulary::{Genre, Status};
use owabi_corpora::{Category, Finding, Labels, Mention, Reading, Record, Span};
use strum::{Display, EnumString, IntoStaticStr};

use crate::alignment::{Alignment, align};
use crate::contents::Contents;
use crate::fingerprint::Fingerprint;
use crate::label_map::LabelMap;
use crate::loss::Loss;
use crate::matching::{Fact, Label, facts};
use crate::measure::{Field, Measure, Question, Tallies, Tally};
use crate::segments::SegmentScore;
use crate::slices::slices;
use crate::sweep::Scored;
use crate::told::{Tasks, Told};
use crate::values::{self, ValueScore};

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
#[derive(Debug, Clone, PartialEq)]
pub struct DocumentScore {
    /// The gold record's id.
    pub id: String,
    /// What the gold record is, as it was scored.
    pub fingerprint: Fingerprint,
    /// What it was made of, where that is known.
    pub skeleton: Option<String>,
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
    /// What the text contains, whether or not its places were told; `None` where the gold annotates no values.
    pub contents: Option<Contents>,
    /// Predictions that say how sure the detector is.
    pub scored: Vec<Scored>,
    /// What the answer said anything about.
    pub tasks: Tasks,
    /// The fields of a notice that the answer said something about.
    pub told: BTreeSet<&'static str>,
    /// How often each label of a finding occurred.
    pub seen: BTreeMap<String, u64>,
    /// Those that the label map does not know.
    pub unknown: BTreeSet<String>,
    /// Borders and labels by segment, where either side has segments.
    pub segments: Option<SegmentScore>,
    /// The slices the document belongs to, as (dimension, value).
    pub slices: Vec<(&'static str, String)>,
}

impl DocumentScore {
    /// Compares. Where the detector gave no answer, every fact is missed and every question wrong.
    /// With `exhaustive_spans` the gold marks every mention; otherwise spans are compared by overlap only.
    pub fn new(gold: &Record, answer: Result<Predicted<'_>, &Loss>, map: &LabelMap, exhaustive_spans: bool) -> DocumentScore {
        let predicted = answer.ok();
        let told = Told::new(predicted, map);
        let wanted = map.coarsened(&gold.labels);
        let mut score = DocumentScore {
            id: gold.id.clone(),
            fingerprint: Fingerprint::of(gold, &wanted),
            skeleton: gold.provenance.as_ref().map(|provenance| provenance.skeleton.clone()),
            loss: answer.err().cloned(),
            exhaustive_spans,
            tallies: Tallies::default(),
            fields: Vec::new(),
            labels: Vec::new(),
            confusion: Vec::new(),
            values: Vec::new(),
            spans: Vec::new(),
            contents: None,
            scored: Vec::new(),
            tasks: told.tasks,
            told: told.fields.clone(),
            seen: told.seen.clone(),
            unknown: told.unknown.clone(),
            segments: SegmentScore::new(gold, predicted, map),
            slices: slices(gold),
        };
        for field in Field::ALL {
            if let Some(wanted) = facts(&wanted, field) {
                score.add_field(field, &wanted, &facts(&told.labels, field).unwrap_or_default());
            }
        }
        score.add_categories(&wanted, &told.labels);
        score.add_questions(&wanted, &told.labels);
        score.add_values(&wanted, &told);
        score.add_contents(&wanted, &told);
        score.add_alarm(&wanted, &told.labels);
        score.add_spans(&wanted, &told.labels, exhaustive_spans);
        score.scored = Scored::of(&wanted, &told);
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
    fn add_values(&mut self, gold: &Labels, told: &Told<'_>) {
        let Some(values) = &gold.values else { return };
        let there: Vec<Span> = values.iter().flat_map(|item| &item.spans).map(Mention::span).collect();
        let given = told.labels.values.as_deref().unwrap_or_default();
        for mention in given.iter().flat_map(|item| &item.spans) {
            let real = there.iter().any(|span| span.overlap(mention.span()) > 0);
            *self.tallies.of_mut(Measure::MentionAsValue) += error(!real);
        }
        self.values = values::compare(values, given, told.describes_values);
        for (_, score) in &self.values {
            *self.tallies.of_mut(Measure::Value) += score.tally;
        }
    }

    fn add_contents(&mut self, gold: &Labels, told: &Told<'_>) {
        let Some(contents) = Contents::compare(gold, told) else { return };
        for (_, score) in &contents.categories {
            *self.tallies.of_mut(Measure::Contained) += score.tally;
        }
        *self.tallies.of_mut(Measure::MentionAsValue) += contents.unplaced_mentions;
        *self.tallies.of_mut(Measure::DeniedAsContained) += contents.denied;
        if self.loss.is_none() || contents.exhibit == Some(true) {
            match contents.exhibit {
                Some(true) => *self.tallies.of_mut(Measure::ExhibitFound) += Tally::answer(contents.any),
                Some(false) => *self.tallies.of_mut(Measure::ExhibitAlarm) += error(contents.any),
                None => {}
            }
        }
        self.contents = Some(contents);
    }

    fn add_alarm(&mut self, gold: &Labels, predicted: &Labels) {
        let any_leaked = |labels: &Labels| labels.data.as_ref().map(|items| items.iter().any(|item| leaked(item.status)));
        let alarm = any_leaked(predicted).unwrap_or(false);
        if gold.genre == Some(Genre::Unrelated) || any_leaked(gold) == Some(false) {
            // A document that was not read cannot show that there is no alarm.
            if self.loss.is_none() {
                *self.tallies.of_mut(Measure::FalseAlarm) += error(alarm);
            }
        } else if any_leaked(gold) == Some(true) {
            *self.tallies.of_mut(Measure::LeakFound) += Tally::answer(alarm);
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

/// A tally in which `correct` counts errors.
pub(crate) fn error(is: bool) -> Tally {
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
