//! Adds documents up.

use std::collections::{BTreeMap, BTreeSet};

use owabi_corpora::vocabulary::{DateRole, PartyRole, Status};
use owabi_corpora::{Category, Record};
use strum::{Display, EnumString, IntoStaticStr};

use crate::contents::ContentScore;
use crate::counts::Ledger;
use crate::document::{DocumentScore, Predicted, SpanField, SpanScore};
use crate::errors::{ErrorLine, errors};
use crate::interval::{Blocks, LEVEL, Resamples, of_rate, upper_bound};
use crate::label_map::LabelMap;
use crate::loss::Loss;
use crate::matching::Label;
use crate::measure::{Field, Measure, Question, Tallies, Tally};
use crate::results::*;
use crate::segments::SegmentScore;
use crate::sweep::{Sweep, SweepField};
use crate::told::{FIELDS, Tasks};
use crate::values::ValueScore;

/// How to score.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Whether the gold marks every mention. `None`: generated records do, others do not.
    pub exhaustive_spans: Option<bool>,
    /// How many bootstrap resamples.
    pub resamples: usize,
    /// Their seed.
    pub seed: u64,
    /// What they draw.
    pub by: Draws,
    /// How much more recall counts than precision in every `f_beta`. 2 is the habit where a missed leak costs more than an alarm.
    pub beta: f64,
    /// What the labels of findings mean, and which categories can be told apart.
    pub map: LabelMap,
    /// The share of leaks in the field, for [`PrevalenceResult`].
    pub prevalence: Option<f64>,
}

/// What a resample draws.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Display, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Draws {
    /// Documents, as if there could have been others of the kind.
    #[default]
    Document,
    /// Skeletons with all documents made of them, as if there could have been other templates; a record without one stands for itself.
    Skeleton,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            exhaustive_spans: None,
            resamples: 1000,
            seed: 1,
            by: Draws::Document,
            beta: 2.0,
            map: LabelMap::own(),
            prevalence: None,
        }
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
    /// Filled where they are drawn.
    skeletons: BTreeMap<String, Tallies>,
    annotated: BTreeMap<Field, u64>,
    labels: BTreeMap<Label, Tally>,
    /// By gold and predicted status; the last place is "absent".
    confusion: BTreeMap<Category, [[u64; 4]; 4]>,
    values: BTreeMap<Category, ValueScore>,
    contents: BTreeMap<Category, ContentScore>,
    classified: u64,
    tasks: Tasks,
    told: BTreeSet<&'static str>,
    seen: BTreeMap<String, u64>,
    unknown: BTreeSet<String>,
    sweep: Sweep,
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
            skeletons: BTreeMap::new(),
            annotated: BTreeMap::new(),
            labels: BTreeMap::new(),
            confusion: BTreeMap::new(),
            values: BTreeMap::new(),
            contents: BTreeMap::new(),
            classified: 0,
            tasks: Tasks::default(),
            told: BTreeSet::new(),
            seen: BTreeMap::new(),
            unknown: BTreeSet::new(),
            sweep: Sweep::default(),
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
        if self.settings.by == Draws::Skeleton {
            *self.skeletons.entry(score.skeleton.unwrap_or(score.id)).or_default() += &score.tallies;
        }
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
        if let Some(contents) = score.contents {
            self.classified += 1;
            for (category, part) in contents.categories {
                *self.contents.entry(category).or_default() += part;
            }
        }
        self.tasks |= score.tasks;
        self.told.extend(score.told);
        for (label, count) in score.seen {
            *self.seen.entry(label).or_default() += count;
        }
        self.unknown.extend(score.unknown);
        score.scored.iter().for_each(|one| self.sweep.push(one));
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

    /// The figures. `run`, `behaviour`, `repeat` and `gates` are left empty.
    pub fn finish(mut self) -> Results {
        // Who never answered is taken for what the documents ask of it.
        self.tasks.notice_understanding |= self.tasks == Tasks::default();
        let drawn = match self.settings.by {
            Draws::Document => &self.ledger.blocks,
            Draws::Skeleton => &Blocks::from_rows(std::mem::take(&mut self.skeletons), false),
        };
        let resamples = drawn.resample(self.settings.resamples, self.settings.seed);
        let estimates = Estimates { sum: &self.sum, resamples: &resamples, beta: self.settings.beta };
        let Tasks { notice_understanding, value_detection, document_classification } = self.tasks;
        let fields = Field::ALL.into_iter().filter(|_| notice_understanding).filter_map(|field| {
            let tallies = self.labels.iter().filter(|(label, _)| label.field() == field).map(|(_, tally)| *tally);
            let result = FieldResult {
                documents: *self.annotated.get(&field)?,
                micro: estimates.scores(Measure::Field(field)),
                macro_average: macro_average(field.label(), tallies),
            };
            Some((field.id().to_owned(), result))
        });
        let span = |(field, score): (&SpanField, &SpanScore)| {
            let alignment = Some(score.alignment).filter(|_| self.documents.exhaustive_spans > 0);
            let told = if *field == SpanField::Values { value_detection } else { notice_understanding };
            told.then(|| (field.to_string(), SpanResult::new(score.located, alignment)))
        };
        let mut labels: BTreeMap<String, BTreeMap<String, Score>> = BTreeMap::new();
        for (label, tally) in self.labels.iter().filter(|_| notice_understanding) {
            labels.entry(label.field().to_string()).or_default().insert(label.to_string(), (*tally).into());
        }
        let mut slices: BTreeMap<String, BTreeMap<String, Slice>> = BTreeMap::new();
        for ((dimension, value), (documents, sum)) in &self.slices {
            slices.entry((*dimension).to_owned()).or_default().insert(value.clone(), slice(*documents, sum, self.tasks));
        }
        let kinds = self.values.iter().filter(|_| value_detection);
        let confusions = self.confusion.iter().filter(|_| notice_understanding);
        Results {
            schema: SCHEMA,
            run: Run::default(),
            intervals: Intervals {
                method: "percentile bootstrap".to_owned(),
                by: self.settings.by.to_string(),
                level: LEVEL,
                resamples: self.settings.resamples,
                seed: self.settings.seed,
                blocks: drawn.len(),
            },
            tasks: self.tasks,
            never_told: FIELDS
                .iter()
                .filter(|field| notice_understanding && !self.told.contains(*field))
                .map(|field| (*field).to_owned())
                .collect(),
            beta: self.settings.beta,
            label_map: self.label_map(),
            fields: fields.collect(),
            parts: if notice_understanding { estimates.parts() } else { BTreeMap::new() },
            accuracy: if notice_understanding { estimates.accuracies() } else { BTreeMap::new() },
            alarms: estimates.alarms(notice_understanding),
            values: kinds.map(|(kind, score)| (kind.id().to_owned(), ValueResult::new(score))).collect(),
            value_detection: (value_detection && self.classified > 0).then(|| FieldResult {
                documents: self.classified,
                micro: estimates.scores(Measure::Value),
                macro_average: macro_average("kind", self.values.values().map(|score| score.tally)),
            }),
            document_classification: (document_classification && self.classified > 0).then(|| self.classification(&estimates)),
            prevalence: self.prevalence(),
            sweep: self.sweeps(),
            spans: self.spans.iter().filter_map(span).collect(),
            segments: (notice_understanding && self.segments.pages > 0).then(|| self.segments.result()),
            behaviour: BTreeMap::new(),
            labels,
            confusion: confusions.map(|(category, cells)| (category.id().to_owned(), confusion(cells))).collect(),
            slices,
            repeat: None,
            gates: Vec::new(),
            counts: Some(self.ledger.counts()),
            documents: self.documents,
        }
    }

    fn classification(&self, estimates: &Estimates<'_>) -> ClassificationResult {
        ClassificationResult {
            documents: self.classified,
            micro: estimates.scores(Measure::Contained),
            macro_average: macro_average("category", self.contents.values().map(|score| score.tally)),
            categories: self.contents.iter().map(|(category, score)| (category.id().to_owned(), ContentResult::new(score))).collect(),
            found: estimates.rate(Measure::ExhibitFound),
            false_alarms: estimates.false_alarms(Measure::ExhibitAlarm),
            denied_as_contained: estimates.rate(Measure::DeniedAsContained),
        }
    }

    /// What the detector's labels came to; nothing where it used none and no map was given.
    fn label_map(&self) -> Option<LabelMapResult> {
        let map = &self.settings.map;
        if map.is_identity() && self.seen.is_empty() {
            return None;
        }
        let ids = |categories: &mut dyn Iterator<Item = Category>| categories.map(|category| category.id().to_owned()).collect();
        Some(LabelMapResult {
            title: map.title().to_owned(),
            classes: map.classes().filter(|class| class.len() > 1).map(|class| ids(&mut class.into_iter())).collect(),
            uncovered: ids(&mut map.uncovered().filter(|category| category.is_scored())),
            seen: self.seen.clone(),
            unmapped: self.unknown.iter().cloned().collect(),
            // Of our own ids nobody expects that all occur, nor any of a detector that answers no findings.
            never_seen: match map.is_identity() || self.seen.is_empty() {
                true => Vec::new(),
                false => map.labels().filter(|label| !self.seen.contains_key(*label)).map(str::to_owned).collect(),
            },
        })
    }

    fn prevalence(&self) -> Option<PrevalenceResult> {
        let prevalence = self.settings.prevalence?;
        let precision = |found: Measure, alarm: Measure| {
            let (recall, alarms) = (self.sum.of(found).recall()?, self.sum.of(alarm).recall()?);
            let reported = recall * prevalence + alarms * (1.0 - prevalence);
            (reported > 0.0).then(|| round(recall * prevalence / reported))
        };
        Some(PrevalenceResult {
            prevalence,
            notice_understanding: precision(Measure::LeakFound, Measure::FalseAlarm).filter(|_| self.tasks.notice_understanding),
            document_classification: precision(Measure::ExhibitFound, Measure::ExhibitAlarm).filter(|_| self.tasks.document_classification),
        })
    }

    fn sweeps(&self) -> BTreeMap<String, Vec<SweepPoint>> {
        let fields = [
            (SweepField::Data, Measure::Field(Field::Data)),
            (SweepField::Causes, Measure::Field(Field::Causes)),
            (SweepField::Values, Measure::Value),
            (SweepField::Contents, Measure::Contained),
        ];
        let points = |(field, measure): (SweepField, Measure)| {
            (field.to_string(), self.sweep.points(field, self.sum.of(measure).gold, self.settings.beta))
        };
        fields.into_iter().map(points).filter(|(_, points)| !points.is_empty()).collect()
    }
}

impl Settings {
    /// Scores one document, for [`Scorer::push`]. Pure: may run in parallel.
    pub fn score(&self, gold: &Record, answer: Result<Predicted<'_>, &Loss>) -> DocumentScore {
        DocumentScore::new(gold, answer, &self.map, self.exhaustive_spans.unwrap_or(gold.provenance.is_some()))
    }

    /// Every single error of one document. Pure: may run in parallel.
    pub fn errors(&self, gold: &Record, answer: Result<Predicted<'_>, &Loss>) -> Vec<ErrorLine> {
        errors(gold, answer, &self.map)
    }
}

/// Figures with their intervals.
struct Estimates<'a> {
    sum: &'a Tallies,
    resamples: &'a Resamples,
    beta: f64,
}

impl Estimates<'_> {
    fn estimate(&self, measure: Measure, figure: impl Fn(Tally) -> Option<f64>) -> Estimate {
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
            f_beta: self.estimate(measure, |tally| tally.f_beta(self.beta)),
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

    /// Whoever reads no notices cannot be praised for raising no alarm.
    fn alarms(&self, notice_understanding: bool) -> Alarms {
        let only = |measure: Measure| if notice_understanding { self.rate(measure) } else { Rate::default() };
        Alarms {
            denied_as_leaked: only(Measure::DeniedAsLeaked),
            mention_as_value: self.rate(Measure::MentionAsValue),
            false_alarms: if notice_understanding { self.false_alarms(Measure::FalseAlarm) } else { FalseAlarms::default() },
            leaks_found: only(Measure::LeakFound),
        }
    }

    fn rate(&self, measure: Measure) -> Rate {
        let tally = self.sum.of(measure);
        let bootstrap = self.resamples.interval(|sum| sum.of(measure).recall());
        Rate { count: tally.correct, of: tally.gold, rate: Estimate::new(tally.recall(), of_rate(tally, bootstrap)) }
    }

    fn false_alarms(&self, measure: Measure) -> FalseAlarms {
        let tally = self.sum.of(measure);
        let scale = |rate: f64| round(rate * 10_000.0);
        FalseAlarms {
            count: tally.correct,
            clean: tally.gold,
            per_10_000: tally.recall().map(scale),
            upper_95: upper_bound(tally.correct, tally.gold).map(scale),
        }
    }
}

/// The unweighted mean over labels.
fn macro_average(over: &str, tallies: impl Iterator<Item = Tally>) -> MacroAverage {
    let tallies: Vec<Tally> = tallies.collect();
    let mean = |figure: fn(Tally) -> Option<f64>| {
        let sum: f64 = tallies.iter().map(|tally| figure(*tally).unwrap_or(0.0)).sum();
        (!tallies.is_empty()).then(|| round(sum / tallies.len() as f64))
    };
    MacroAverage {
        over: over.to_owned(),
        labels: tallies.len(),
        precision: mean(Tally::precision),
        recall: mean(Tally::recall),
        f1: mean(Tally::f1),
    }
}

fn slice(documents: u64, sum: &Tallies, tasks: Tasks) -> Slice {
    let score = |measure: Measure, told: bool| Some(sum.of(measure)).filter(|tally| told && *tally != Tally::default()).map(Score::from);
    let understood = tasks.notice_understanding;
    let field = |field: Field| Some((field.id().to_owned(), score(Measure::Field(field), understood)?));
    let accuracy = |question: Question| Some((question.id().to_owned(), round(sum.of(Measure::Question(question)).recall()?)));
    Slice {
        documents,
        fields: Field::ALL.into_iter().filter_map(field).collect(),
        accuracy: Question::ALL.into_iter().filter(|_| understood).filter_map(accuracy).collect(),
        values: score(Measure::Value, tasks.value_detection),
        contents: score(Measure::Contained, tasks.document_classification),
        denied_as_leaked: if understood { sum.of(Measure::DeniedAsLeaked).correct } else { 0 },
        false_alarms: if understood { sum.of(Measure::FalseAlarm).correct } else { 0 },
    }
}

fn confusion(cells: &[[u64; 4]; 4]) -> BTreeMap<String, BTreeMap<String, u64>> {
    let name = |place: usize| Status::all().nth(place).map_or("absent", Status::id).to_owned();
    let row = |row: &[u64; 4]| -> BTreeMap<String, u64> {
        row.iter().enumerate().filter(|(_, count)| **count > 0).map(|(place, count)| (name(place), *count)).collect()
    };
    cells.iter().enumerate().map(|(place, cells)| (name(place), row(cells))).filter(|(_, row)| !row.is_empty()).collect()
}
