//! Adds documents up.

use std::collections::BTreeMap;

use owabi_corpora::vocabulary::{DateRole, PartyRole, Status};
use owabi_corpora::{Category, Record};

use crate::counts::Ledger;
use crate::document::{DocumentScore, Predicted, SpanField, SpanScore, ValueScore};
use crate::interval::{LEVEL, Resamples, upper_bound};
use crate::loss::Loss;
use crate::matching::Label;
use crate::measure::{Field, Measure, Question, Tallies, Tally};
use crate::results::*;
use crate::segments::SegmentScore;

/// How to score.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Whether the gold marks every mention. `None`: generated records do, others do not.
    pub exhaustive_spans: Option<bool>,
    /// How many bootstrap resamples.
    pub resamples: usize,
    /// Their seed.
    pub seed: u64,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { exhaustive_spans: None, resamples: 1000, seed: 1 }
    }
}

/// How many unanswered documents are named.
const NAMED: usize = 20;

/// Takes documents one by one, in any order.
pub struct Scorer {
    settings: Settings,
    documents: Documents,
    sum: Tallies,
    ledger: Ledger,
    annotated: BTreeMap<Field, u64>,
    labels: BTreeMap<Label, Tally>,
    /// By gold and predicted status; the last place is "absent".
    confusion: BTreeMap<Category, [[u64; 4]; 4]>,
    values: BTreeMap<Category, ValueScore>,
    spans: BTreeMap<SpanField, SpanScore>,
    segments: SegmentScore,
    slices: BTreeMap<(&'static str, String), (u64, Tallies)>,
}

impl Scorer {
    /// With nothing scored yet.
    pub fn new(settings: Settings) -> Scorer {
        Scorer {
            settings,
            documents: Documents::default(),
            sum: Tallies::default(),
            ledger: Ledger::default(),
            annotated: BTreeMap::new(),
            labels: BTreeMap::new(),
            confusion: BTreeMap::new(),
            values: BTreeMap::new(),
            spans: BTreeMap::new(),
            segments: SegmentScore::default(),
            slices: BTreeMap::new(),
        }
    }

    /// Scores one document and adds it.
    pub fn add(&mut self, gold: &Record, answer: Result<Predicted<'_>, &Loss>) {
        let score = self.settings.score(gold, answer);
        self.push(score);
    }

    /// Adds a document that was scored elsewhere, by [`Settings::score`].
    pub fn push(&mut self, score: DocumentScore) {
        self.documents.gold += 1;
        self.documents.exhaustive_spans += u64::from(score.exhaustive_spans);
        if let Some(Loss { kind, why }) = score.loss {
            self.documents.unanswered += 1;
            *self.documents.losses.entry(kind.id().to_owned()).or_default() += 1;
            if self.documents.first_unanswered.len() < NAMED {
                self.documents.first_unanswered.push(Unanswered { id: score.id.clone(), loss: kind.id().to_owned(), why });
            }
        }
        self.sum += &score.tallies;
        self.ledger.push(&score.id, score.fingerprint, &score.tallies, &score.slices);
        for field in score.fields {
            *self.annotated.entry(field).or_default() += 1;
        }
        for (label, tally) in score.labels {
            *self.labels.entry(label).or_default() += tally;
        }
        for (category, gold, predicted) in score.confusion {
            let place = |status: Option<Status>| status.map_or(3, |status| status as usize);
            self.confusion.entry(category).or_default()[place(gold)][place(predicted)] += 1;
        }
        for (kind, part) in score.values {
            *self.values.entry(kind).or_default() += part;
        }
        for (field, part) in score.spans {
            let sum = self.spans.entry(field).or_default();
            sum.alignment += part.alignment;
            sum.located += part.located;
        }
        if let Some(segments) = score.segments {
            self.segments.add(segments);
        }
        for slice in score.slices {
            let (documents, sum) = self.slices.entry(slice).or_default();
            *documents += 1;
            *sum += &score.tallies;
        }
    }

    /// The figures. `run` is left empty.
    pub fn finish(self) -> Results {
        let resamples = self.ledger.blocks.resample(self.settings.resamples, self.settings.seed);
        let estimates = Estimates { sum: &self.sum, resamples: &resamples };
        let fields = Field::ALL.into_iter().filter_map(|field| {
            let result = FieldResult {
                documents: *self.annotated.get(&field)?,
                micro: estimates.scores(Measure::Field(field)),
                macro_average: self.macro_average(field),
            };
            Some((field.id().to_owned(), result))
        });
        let span = |(field, score): (&SpanField, &SpanScore)| {
            let alignment = Some(score.alignment).filter(|_| self.documents.exhaustive_spans > 0);
            (field.to_string(), SpanResult::new(score.located, alignment))
        };
        let mut labels: BTreeMap<String, BTreeMap<String, Score>> = BTreeMap::new();
        for (label, tally) in &self.labels {
            labels.entry(label.field().to_string()).or_default().insert(label.to_string(), (*tally).into());
        }
        let mut slices: BTreeMap<String, BTreeMap<String, Slice>> = BTreeMap::new();
        for ((dimension, value), (documents, sum)) in &self.slices {
            slices.entry((*dimension).to_owned()).or_default().insert(value.clone(), slice(*documents, sum));
        }
        Results {
            schema: SCHEMA,
            run: Run::default(),
            intervals: Intervals {
                method: "percentile bootstrap by document".to_owned(),
                level: LEVEL,
                resamples: self.settings.resamples,
                seed: self.settings.seed,
                blocks: self.ledger.blocks.len(),
            },
            fields: fields.collect(),
            parts: estimates.parts(),
            accuracy: estimates.accuracies(),
            alarms: estimates.alarms(),
            values: self.values.iter().map(|(kind, score)| (kind.id().to_owned(), ValueResult::new(score))).collect(),
            spans: self.spans.iter().map(span).collect(),
            segments: (self.segments.pages > 0).then(|| self.segments.result()),
            labels,
            confusion: self.confusion.iter().map(|(category, cells)| (category.id().to_owned(), confusion(cells))).collect(),
            slices,
            gates: Vec::new(),
            counts: Some(self.ledger.counts()),
            documents: self.documents,
        }
    }

    fn macro_average(&self, field: Field) -> MacroAverage {
        let tallies: Vec<Tally> = self.labels.iter().filter(|(label, _)| label.field() == field).map(|(_, tally)| *tally).collect();
        let mean = |figure: fn(Tally) -> Option<f64>| {
            let sum: f64 = tallies.iter().map(|tally| figure(*tally).unwrap_or(0.0)).sum();
            (!tallies.is_empty()).then(|| round(sum / tallies.len() as f64))
        };
        MacroAverage {
            over: field.label().to_owned(),
            labels: tallies.len(),
            precision: mean(Tally::precision),
            recall: mean(Tally::recall),
            f1: mean(Tally::f1),
        }
    }
}

impl Settings {
    /// Scores one document, for [`Scorer::push`]. Pure: may run in parallel.
    pub fn score(&self, gold: &Record, answer: Result<Predicted<'_>, &Loss>) -> DocumentScore {
        DocumentScore::new(gold, answer, self.exhaustive_spans.unwrap_or(gold.provenance.is_some()))
    }
}

/// Figures with their intervals.
struct Estimates<'a> {
    sum: &'a Tallies,
    resamples: &'a Resamples,
}

impl Estimates<'_> {
    fn estimate(&self, measure: Measure, figure: fn(Tally) -> Option<f64>) -> Estimate {
        Estimate::new(figure(self.sum.of(measure)), self.resamples.interval(|sum| figure(sum.of(measure))))
    }

    fn scores(&self, measure: Measure) -> Scores {
        let tally = self.sum.of(measure);
        Scores {
            correct: tally.correct,
            predicted: tally.predicted,
            gold: tally.gold,
            precision: self.estimate(measure, Tally::precision),
            recall: self.estimate(measure, Tally::recall),
            f1: self.estimate(measure, Tally::f1),
        }
    }

    fn parts(&self) -> BTreeMap<String, Scores> {
        let mut measures = vec![("category".to_owned(), Measure::Category)];
        measures.extend(Status::all().map(|status| (format!("status.{status}"), Measure::Status(status))));
        measures.extend(DateRole::all().map(|role| (format!("dates.{role}"), Measure::Date(role))));
        measures.extend(PartyRole::all().map(|role| (format!("parties.{role}"), Measure::Party(role))));
        let present = |measure: &Measure| self.sum.of(*measure).gold + self.sum.of(*measure).predicted > 0;
        measures.into_iter().filter(|(_, measure)| present(measure)).map(|(name, measure)| (name, self.scores(measure))).collect()
    }

    fn accuracies(&self) -> BTreeMap<String, Accuracy> {
        let asked = Question::ALL.into_iter().filter(|question| self.sum.of(Measure::Question(*question)).gold > 0);
        asked
            .map(|question| {
                let measure = Measure::Question(question);
                let Tally { correct, gold, .. } = self.sum.of(measure);
                (question.id().to_owned(), Accuracy { right: correct, asked: gold, accuracy: self.estimate(measure, Tally::recall) })
            })
            .collect()
    }

    fn alarms(&self) -> Alarms {
        let rate = |measure| {
            let Tally { correct, gold, .. } = self.sum.of(measure);
            Rate { count: correct, of: gold, rate: self.estimate(measure, Tally::recall) }
        };
        let Tally { correct, gold, .. } = self.sum.of(Measure::FalseAlarm);
        let scale = |rate: f64| round(rate * 10_000.0);
        Alarms {
            denied_as_leaked: rate(Measure::DeniedAsLeaked),
            mention_as_value: rate(Measure::MentionAsValue),
            false_alarms: FalseAlarms {
                count: correct,
                clean: gold,
                per_10_000: self.sum.of(Measure::FalseAlarm).recall().map(scale),
                upper_95: upper_bound(correct, gold).map(scale),
            },
        }
    }
}

fn slice(documents: u64, sum: &Tallies) -> Slice {
    let present = |field: &Field| sum.of(Measure::Field(*field)) != Tally::default();
    let accuracy = |question: Question| Some((question.id().to_owned(), round(sum.of(Measure::Question(question)).recall()?)));
    Slice {
        documents,
        fields: Field::ALL.into_iter().filter(present).map(|f| (f.id().to_owned(), sum.of(Measure::Field(f)).into())).collect(),
        accuracy: Question::ALL.into_iter().filter_map(accuracy).collect(),
        denied_as_leaked: sum.of(Measure::DeniedAsLeaked).correct,
        false_alarms: sum.of(Measure::FalseAlarm).correct,
    }
}

fn confusion(cells: &[[u64; 4]; 4]) -> BTreeMap<String, BTreeMap<String, u64>> {
    let name = |place: usize| Status::all().nth(place).map_or("absent", Status::id).to_owned();
    let row = |row: &[u64; 4]| -> BTreeMap<String, u64> {
        row.iter().enumerate().filter(|(_, count)| **count > 0).map(|(place, count)| (name(place), *count)).collect()
    };
    cells.iter().enumerate().map(|(place, cells)| (name(place), row(cells))).filter(|(_, row)| !row.is_empty()).collect()
}
