//! Every single error, with its place: what `errors.jsonl` holds, and what reports show in the text.
//!
//! Errors agree with the scores. Of every field, `missed` and the changed ones (`status`, `denied_as_leaked`) together are the gold facts that
//! were not found, `spurious` and the changed ones are the predictions that are not right, and the `wrong` ones of a question are those that the
//! scores count as wrong. What the answer for a document says nothing about, as a detector that finds values says nothing about causes, is not asked of
//! that document. A document without an answer is one error of the field `loss`; what was missed by it is not told one by one.
//!
//! ```
//! use owabi_corpora::{markup, Record};
//! use owabi_harness::errors::What;
//! use owabi_harness::Settings;
//!
//! let (text, labels) = markup::parse("⟦氏名|name:confirmed⟧と⟦口座番号|bank_account:denied⟧").unwrap();
//! let (_, predicted) = markup::parse("⟦氏名|name:confirmed⟧と⟦口座|bank_account:possible⟧番号").unwrap();
//! let found = Settings::default().errors(&Record::new("a", text, labels), Ok((&predicted).into()));
//! assert_eq!(found[0].what, What::DeniedAsLeaked);
//! assert_eq!((found[0].gold_places[0].start, found[0].gold_places[0].end), (3, 7));
//! ```

use std::collections::{BTreeMap, BTreeSet};

use owabi_corpora::record::*;
use owabi_corpora::span::{OffsetUnit, Offsets};
use owabi_corpora::vocabulary::{Genre, Status};
use owabi_corpora::{Category, Labels, Mention, Record, Span};
use serde::{Deserialize, Serialize};
use strum::{Display, IntoStaticStr};

use crate::alignment::pairs;
use crate::contents::Contents;
use crate::document::{Predicted, leaked};
use crate::items::{Item, by_fact};
use crate::label_map::LabelMap;
use crate::loss::Loss;
use crate::matching::Fact;
use crate::slices::slices;
use crate::told::Told;
use crate::values::places;

/// How long an excerpt may be, in characters.
pub const EXCERPT: usize = 120;

/// How much of an excerpt stands before the place.
const BEFORE: usize = 40;

/// One error, as a line of `errors.jsonl`. Absent keys are `null`, so that every line has the same keys.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ErrorLine {
    /// The gold record's id.
    pub id: String,
    /// The slices of the document: `genre`, and of synthetic ones `kind` and `difficulty`.
    pub slices: BTreeMap<String, String>,
    /// What was asked.
    pub field: ErrorField,
    /// How the answer is wrong.
    pub what: What,
    /// The category, cause, role, unit or kind of loss that it counts for; of a question the gold answer.
    pub label: String,
    /// The gold, such as `bank_account:denied`; `null` where the gold holds nothing of the kind.
    pub gold: Option<String>,
    /// The prediction; `null` where nothing was predicted.
    pub predicted: Option<String>,
    /// Where the gold is, in code points of the text.
    pub gold_places: Vec<Span>,
    /// Where the prediction is, in code points.
    pub predicted_places: Vec<Span>,
    /// The text around the first gold place, or else the first predicted one: at most [`EXCERPT`] characters.
    pub excerpt: Option<String>,
    /// The words that decided the prediction, if the detector tells them.
    pub cue: Option<String>,
    /// How sure the detector is, if it tells that.
    pub score: Option<f64>,
}

/// What was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Display, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ErrorField {
    /// No answer at all.
    Loss,
    /// Whether anything leaked, in a document in which nothing did.
    Alarm,
    /// (category, status).
    Data,
    /// The cause.
    Causes,
    /// The main cause.
    PrimaryCause,
    /// Whether personal data was exposed.
    Exposure,
    /// The kind of document.
    Genre,
    /// Whether it happened through a contractor.
    ViaVendor,
    /// (value, unit).
    Counts,
    /// The one overall count.
    Total,
    /// How a right count bounds the true figure.
    Bound,
    /// (role, date).
    Dates,
    /// The time of a right date.
    Time,
    /// (role, name).
    Parties,
    /// Personal data really present.
    Values,
    /// Whether a document contains a category, of detectors that tell no places.
    Contents,
    /// Why a value that was found stands there.
    ValueUse,
    /// Whether a value that was found is well-formed.
    ValueForm,
}

/// How an answer is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Display, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum What {
    /// The text denies a leak and the prediction reports it.
    DeniedAsLeaked,
    /// A leak is reported of a document without one.
    FalseAlarm,
    /// A mention is taken for the data itself: no value of any kind stands there.
    MentionAsValue,
    /// The right category with another status.
    Status,
    /// In the gold only.
    Missed,
    /// In the prediction only.
    Spurious,
    /// The right fact, found nowhere near a gold place.
    Misplaced,
    /// Another answer than the gold's.
    Wrong,
    /// No answer.
    Unanswered,
}

impl ErrorField {
    /// The id in files.
    pub fn id(self) -> &'static str {
        self.into()
    }
}

impl What {
    /// The id in files.
    pub fn id(self) -> &'static str {
        self.into()
    }
}

/// All errors of one document, in the order of its text's fields. Categories are classes of the map.
pub(crate) fn errors(gold: &Record, answer: Result<Predicted<'_>, &Loss>, map: &LabelMap) -> Vec<ErrorLine> {
    let mut of: BTreeMap<String, String> = BTreeMap::new();
    for (dimension, value) in slices(gold) {
        of.entry(dimension.to_owned()).and_modify(|values| *values += &format!(" {value}")).or_insert(value);
    }
    let wanted = map.coarsened(&gold.labels);
    let told = Told::new(answer.ok(), map);
    let mut found = Finder { id: &gold.id, text: &gold.text, slices: of, offsets: None, lines: Vec::new() };
    if let Err(loss) = answer {
        let lost = Side { text: Some(loss.to_string()), ..Side::default() };
        found.add(ErrorField::Loss, What::Unanswered, loss.kind.id(), Side::default(), lost);
        return found.lines;
    }
    let (gold, predicted) = (&*wanted, &*told.labels);
    if told.tasks.notice_understanding {
        found.notice(gold, predicted);
    }
    // Whoever tells no place at all is asked what the document contains, and not where.
    let placed = told.tasks.value_detection || told.classes.is_empty();
    if told.tasks.document_classification && placed {
        found.values(gold, predicted, told.describes_values);
    } else if told.tasks.document_classification {
        found.contents(gold, &told);
    }
    found.lines
}

/// One side of an error: what it says, and where (in bytes).
#[derive(Default)]
struct Side<'a> {
    text: Option<String>,
    places: Vec<Span>,
    cue: Option<&'a str>,
    score: Option<f64>,
}

impl<'a> Side<'a> {
    fn of<I: Item>(items: &[&'a I]) -> Side<'a> {
        Side {
            text: items.first().map(|item| item.name()),
            places: items.iter().flat_map(|item| item.spans()).map(Mention::span).collect(),
            cue: items.iter().find_map(|item| item.cue()),
            score: items.iter().find_map(|item| item.score()),
        }
    }

    fn at<I: Item>(item: &'a I, place: Span) -> Side<'a> {
        Side { places: vec![place], ..Side::of(&[item]) }
    }

    fn saying(text: impl ToString) -> Side<'a> {
        Side { text: Some(text.to_string()), ..Side::default() }
    }
}

struct Finder<'a> {
    id: &'a str,
    text: &'a str,
    slices: BTreeMap<String, String>,
    /// Made for the first error that has a place.
    offsets: Option<Offsets<'a>>,
    lines: Vec<ErrorLine>,
}

impl<'a> Finder<'a> {
    fn notice(&mut self, gold: &'a Labels, predicted: &'a Labels) {
        self.alarm(gold, predicted);
        self.items(ErrorField::Data, &gold.data, &predicted.data);
        self.items(ErrorField::Causes, &gold.causes, &predicted.causes);
        self.primary_cause(gold, predicted);
        self.question(ErrorField::Exposure, gold.exposure, predicted.exposure);
        self.question(ErrorField::Genre, gold.genre, predicted.genre);
        self.question(ErrorField::ViaVendor, gold.via_vendor, predicted.via_vendor);
        self.items(ErrorField::Counts, &gold.counts, &predicted.counts);
        self.total(gold, predicted);
        self.details(ErrorField::Bound, &gold.counts, &predicted.counts, |item| Some(item.bound), |_| true);
        self.items(ErrorField::Dates, &gold.dates, &predicted.dates);
        self.details(ErrorField::Time, &gold.dates, &predicted.dates, |item| item.time, |times| times.iter().any(Option::is_some));
        self.items(ErrorField::Parties, &gold.parties, &predicted.parties);
    }

    fn add(&mut self, field: ErrorField, what: What, label: impl ToString, mut gold: Side<'a>, mut predicted: Side<'a>) {
        for side in [&mut gold, &mut predicted] {
            side.places.retain(|place| self.text.get(place.range()).is_some());
            side.places.sort();
            side.places.dedup();
        }
        let first = gold.places.first().or(predicted.places.first());
        let excerpt = first.map(|place| excerpt(self.text, *place).to_owned());
        let text = self.text;
        let mut points = |places: Vec<Span>| -> Vec<Span> {
            if places.is_empty() {
                return places;
            }
            let offsets = self.offsets.get_or_insert_with(|| Offsets::new(text, OffsetUnit::CodePoints));
            places.iter().map(|place| Span::new(offsets.from_byte(place.start), offsets.from_byte(place.end))).collect()
        };
        let line = ErrorLine {
            id: self.id.to_owned(),
            slices: self.slices.clone(),
            field,
            what,
            label: label.to_string(),
            gold: gold.text,
            predicted: predicted.text,
            gold_places: points(gold.places),
            predicted_places: points(predicted.places),
            excerpt,
            cue: predicted.cue.map(str::to_owned),
            score: predicted.score,
        };
        self.lines.push(line);
    }

    /// The facts of a field that one side only holds; of these, those that differ in the status alone; and right facts in wrong places.
    fn items<I: Item>(&mut self, field: ErrorField, gold: &'a Option<Vec<I>>, predicted: &'a Option<Vec<I>>) {
        let Some(gold) = gold else { return };
        let (wanted, mut given) = (by_fact(gold), by_fact(predicted.as_deref().unwrap_or_default()));
        for (fact, items) in &wanted {
            if let Some(others) = given.get(fact) {
                self.misplaced(field, items, others);
                continue;
            }
            let changed = match fact {
                Fact::Data(category, _) => given.keys().find(|other| matches!(other, Fact::Data(name, _) if name == category)).cloned(),
                _ => None,
            };
            let label = items[0].label();
            match changed.filter(|other| !wanted.contains_key(other)).and_then(|other| given.remove_entry(&other)) {
                Some((other, others)) => {
                    let what = match (fact, &other) {
                        (Fact::Data(_, Status::Denied), Fact::Data(_, status)) if leaked(*status) => What::DeniedAsLeaked,
                        _ => What::Status,
                    };
                    self.add(field, what, label, Side::of(items), Side::of(&others));
                }
                None => self.add(field, What::Missed, label, Side::of(items), Side::default()),
            }
        }
        for (fact, items) in &given {
            if !wanted.contains_key(fact) {
                self.add(field, What::Spurious, items[0].label(), Side::default(), Side::of(items));
            }
        }
    }

    fn misplaced<I: Item>(&mut self, field: ErrorField, gold: &[&'a I], predicted: &[&'a I]) {
        // Parties are told by name; the scores ask nobody where.
        if field == ErrorField::Parties {
            return;
        }
        let there: Vec<Span> = predicted.iter().flat_map(|item| item.spans()).map(Mention::span).collect();
        for item in gold.iter().filter(|item| !item.spans().is_empty()) {
            if !item.spans().iter().any(|mention| there.iter().any(|place| place.overlap(mention.span()) > 0)) {
                self.add(field, What::Misplaced, item.label(), Side::of(&[*item]), Side::of(predicted));
            }
        }
    }

    fn primary_cause(&mut self, gold: &'a Labels, predicted: &'a Labels) {
        if gold.causes.is_none() || gold.primary_cause() == predicted.primary_cause() {
            return;
        }
        let primary = |labels: &'a Labels| labels.causes.iter().flatten().filter(|item| item.primary).take(1).collect::<Vec<_>>();
        let (wanted, given) = (primary(gold), primary(predicted));
        let label = gold.primary_cause().map_or("none", |cause| cause.id());
        self.add(ErrorField::PrimaryCause, What::Wrong, label, Side::of(&wanted), Side::of(&given));
    }

    fn question<T: PartialEq + ToString>(&mut self, field: ErrorField, gold: Option<T>, predicted: Option<T>) {
        let Some(wanted) = &gold else { return };
        if gold != predicted {
            let given = predicted.map_or_else(Side::default, Side::saying);
            self.add(field, What::Wrong, wanted.to_string(), Side::saying(wanted.to_string()), given);
        }
    }

    fn total(&mut self, gold: &'a Labels, predicted: &'a Labels) {
        let key = |labels: &Labels| labels.total().map(|item| (item.value, item.unit));
        if gold.counts.is_some() && key(gold) != key(predicted) {
            let side = |labels: &'a Labels| Side::of(&labels.total().into_iter().collect::<Vec<_>>());
            let label = gold.total().map_or("none", |item| item.unit.id());
            self.add(ErrorField::Total, What::Wrong, label, side(gold), side(predicted));
        }
    }

    /// What is asked of facts that both sides hold: any agreement will do.
    fn details<I: Item, D: Ord>(
        &mut self,
        field: ErrorField,
        gold: &'a Option<Vec<I>>,
        predicted: &'a Option<Vec<I>>,
        detail: impl Fn(&I) -> Option<D>,
        asked: impl Fn(&BTreeSet<Option<D>>) -> bool,
    ) {
        let Some(gold) = gold else { return };
        let given = by_fact(predicted.as_deref().unwrap_or_default());
        for (fact, items) in by_fact(gold) {
            let Some(others) = given.get(&fact) else { continue };
            let all = |items: &[&I]| items.iter().map(|item| detail(item)).collect::<BTreeSet<_>>();
            let (wanted, found) = (all(&items), all(others));
            if (asked(&wanted) || asked(&found)) && wanted.is_disjoint(&found) {
                self.add(field, What::Wrong, items[0].label(), Side::of(&items), Side::of(others));
            }
        }
    }

    fn alarm(&mut self, gold: &'a Labels, predicted: &'a Labels) {
        let nothing_leaked = gold.data.as_ref().is_some_and(|items| !items.iter().any(|item| leaked(item.status)));
        if gold.genre != Some(Genre::Unrelated) && !nothing_leaked {
            return;
        }
        let alarms: Vec<&DataLabel> = predicted.data.iter().flatten().filter(|item| leaked(item.status)).collect();
        if !alarms.is_empty() {
            let text = alarms.iter().map(|item| item.name()).collect::<Vec<_>>().join(" ");
            let label = gold.genre.map_or("none", Genre::id);
            self.add(ErrorField::Alarm, What::FalseAlarm, label, Side::default(), Side { text: Some(text), ..Side::of(&alarms) });
        }
    }

    fn values(&mut self, gold: &'a Labels, predicted: &'a Labels, described: bool) {
        let Some(values) = &gold.values else { return };
        let given = predicted.values.as_deref().unwrap_or_default();
        let there: Vec<Span> = values.iter().flat_map(|item| &item.spans).map(Mention::span).collect();
        let kinds: BTreeSet<Category> = values.iter().chain(given).map(|item| item.kind).collect();
        for kind in kinds {
            let (wanted, found) = (places(values, kind), places(given, kind));
            let spans = |places: &[(Span, &ValueLabel)]| places.iter().map(|place| place.0).collect::<Vec<_>>();
            let matched = pairs(&spans(&wanted), &spans(&found));
            for (place, (span, item)) in wanted.iter().enumerate() {
                if item.well_formed && !matched.iter().any(|pair| pair.0 == place) {
                    self.add(ErrorField::Values, What::Missed, kind, Side::at(*item, *span), Side::default());
                }
            }
            for (place, (span, item)) in found.iter().enumerate() {
                if !matched.iter().any(|pair| pair.1 == place) {
                    let real = there.iter().any(|other| other.overlap(*span) > 0);
                    let what = if real { What::Spurious } else { What::MentionAsValue };
                    self.add(ErrorField::Values, what, kind, Side::default(), Side::at(*item, *span));
                }
            }
            for (gold, predicted) in matched {
                let (gold, predicted) = (wanted[gold], found[predicted]);
                let sides = || (Side::at(gold.1, gold.0), Side::at(predicted.1, predicted.0));
                if described && gold.1.usage != predicted.1.usage {
                    let (wanted, given) = sides();
                    self.add(ErrorField::ValueUse, What::Wrong, kind, wanted, given);
                }
                if described && gold.1.well_formed != predicted.1.well_formed {
                    let (wanted, given) = sides();
                    self.add(ErrorField::ValueForm, What::Wrong, kind, wanted, given);
                }
            }
        }
    }

    /// Categories that the document is wrongly said to contain or not to, by a detector that tells no places.
    fn contents(&mut self, gold: &'a Labels, told: &Told<'_>) {
        let Some(contents) = Contents::compare(gold, told) else { return };
        for (category, score) in contents.categories {
            let values: Vec<&ValueLabel> = gold.values.iter().flatten().filter(|item| item.kind == category).collect();
            if score.tally.gold > score.tally.correct {
                self.add(ErrorField::Contents, What::Missed, category, Side::of(&values), Side::default());
            } else if score.tally.predicted > score.tally.correct {
                self.add(ErrorField::Contents, What::Spurious, category, Side::default(), Side::saying(category));
            }
        }
    }
}

/// The text around a place, without a break inside a character.
fn excerpt(text: &str, place: Span) -> &str {
    let start = text[..place.start].char_indices().rev().take(BEFORE).last().map_or(place.start, |(at, _)| at);
    let end = text[start..].char_indices().nth(EXCERPT).map_or(text.len(), |(at, _)| start + at);
    &text[start..end]
}
