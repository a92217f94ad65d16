//! The figures of a run, as `results.json` holds them.
//!
//! The file is canonical: keys sorted, floats rounded to six digits, no clock, no path. The same run writes the same bytes.
//! A figure that cannot be computed (a precision without predictions) is `null`.

mod figures;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::alignment::Alignment;
use crate::contents::ContentScore;
use crate::counts::Counts;
use crate::gates::GateResult;
use crate::measure::Tally;
use crate::repeat::RepeatResult;
use crate::told::Tasks;
use crate::values::ValueScore;

pub(crate) use figures::round;
pub use figures::{Accuracy, Estimate, MacroAverage, Rate, Score, Scores, SpanScores};

/// The version of this shape.
pub const SCHEMA: u32 = 1;

/// Everything a run found out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Results {
    /// The version of this shape, [`SCHEMA`].
    pub schema: u32,
    /// What was tested on what; filled by whoever ran it.
    pub run: Run,
    /// How many documents.
    pub documents: Documents,
    /// How intervals were made.
    pub intervals: Intervals,
    /// What the detector's answers said anything about; the figures of other tasks are left out.
    pub tasks: Tasks,
    /// Fields of a notice that no answer said anything about: their figures say only that.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub never_told: Vec<String>,
    /// How much more recall counts than precision in every `f_beta`.
    pub beta: f64,
    /// The labels of the detector's own, where it used any or a map was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label_map: Option<LabelMapResult>,
    /// By field: `data`, `causes`, `counts`, `dates`, `parties`. A field that no gold record annotates is absent.
    pub fields: BTreeMap<String, FieldResult>,
    /// Parts of fields: `category` (whatever the status), `status.*`, `dates.*` by role, `parties.*` by role.
    pub parts: BTreeMap<String, Scores>,
    /// By question: `primary_cause`, `exposure`, `genre`, `via_vendor`, `total`; `bound` and `time` are asked of matched items only.
    pub accuracy: BTreeMap<String, Accuracy>,
    /// The errors that cost most.
    pub alarms: Alarms,
    /// By kind: the values that stand in the texts. Empty where no gold record annotates values or neither side holds any.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, ValueResult>,
    /// All values together; macro over kinds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value_detection: Option<FieldResult>,
    /// Whether documents contain personal data, and which.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document_classification: Option<ClassificationResult>,
    /// Precision where leaks are as rare as the user says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prevalence: Option<PrevalenceResult>,
    /// By field (`data`, `causes`, `values`, `contents`): what thresholds on the detector's own scores would do. Empty without scores.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub sweep: BTreeMap<String, Vec<SweepPoint>>,
    /// By field: `data`, `causes`, `counts`, `dates`, `values`.
    pub spans: BTreeMap<String, SpanResult>,
    /// Pages of several documents; absent where no gold record is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub segments: Option<SegmentResult>,
    /// By field and label, such as `data` and `name:denied`.
    pub labels: BTreeMap<String, BTreeMap<String, Score>>,
    /// By category, gold status and predicted status (`absent` where a side does not hold the category): how many documents.
    pub confusion: BTreeMap<String, BTreeMap<String, BTreeMap<String, u64>>>,
    /// By perturbation, and `twins_*`: how answers change when documents are changed a little. Empty where that was not asked.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub behaviour: BTreeMap<String, BehaviourResult>,
    /// By dimension (`kind`, `difficulty`, `genre`, `cause`: the primary one, `length` in code points, `perturbation`) and value.
    pub slices: BTreeMap<String, BTreeMap<String, Slice>>,
    /// Whether the same question had the same answer again; absent where it was asked once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeat: Option<RepeatResult>,
    /// What became of the gates, where any were asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gates: Vec<GateResult>,
    /// The counts behind the figures, document by document; absent in results from before there were any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counts: Option<Counts>,
}

/// What was tested on what.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Run {
    /// The detector, such as `builtin`.
    pub detector: String,
    /// Where the documents came from, such as `synthetic`, and how they were made.
    pub corpus: BTreeMap<String, String>,
}

/// How many documents.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Documents {
    /// In the gold.
    pub gold: u64,
    /// Without an answer; each counts as missed.
    pub unanswered: u64,
    /// Why not: `crash`, `timeout`, `malformed`, `refused`, `missing`, and how many of each.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub losses: BTreeMap<String, u64>,
    /// The first of these.
    pub first_unanswered: Vec<Unanswered>,
    /// Answers under an id that no document has; they are not scored.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub unasked: u64,
    /// Further answers for a document that was answered before; the first is scored.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub duplicates: u64,
    /// Whose gold marks every mention, so that spans are aligned and not only located.
    pub exhaustive_spans: u64,
}

/// A document without an answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Unanswered {
    /// The gold record's id.
    pub id: String,
    /// What became of the answer, as in [`Documents::losses`].
    pub loss: String,
    /// In one line, for people.
    pub why: String,
}

/// How intervals were made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Intervals {
    /// In words.
    pub method: String,
    /// What is drawn: `document` or `skeleton`.
    pub by: String,
    /// Such as 0.95.
    pub level: f64,
    /// How many resamples.
    pub resamples: usize,
    /// Their seed.
    pub seed: u64,
    /// How many blocks were drawn from; fewer than documents above 20,000.
    pub blocks: usize,
}

/// A field's scores.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FieldResult {
    /// How many gold documents annotate the field.
    pub documents: u64,
    /// All facts together.
    pub micro: Scores,
    /// The mean over labels.
    #[serde(rename = "macro")]
    pub macro_average: MacroAverage,
}

/// The errors that cost most.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Alarms {
    /// Of the categories that the gold denies: reported as possible or confirmed.
    pub denied_as_leaked: Rate,
    /// Of the predicted value spans: those that overlap no gold value, so that a mention was taken for data.
    pub mention_as_value: Rate,
    /// Of the clean documents (unrelated, or nothing leaked): those for which a leak was reported.
    pub false_alarms: FalseAlarms,
    /// Of the documents in which something leaked or may have: those for which a leak was reported. No error, but what the others
    /// are weighed against.
    pub leaks_found: Rate,
}

/// What the labels of the detector's own came to.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct LabelMapResult {
    /// What the map says that it maps.
    pub title: String,
    /// Categories that the map does not tell apart; the first names the class. Those that stand alone are left out.
    pub classes: Vec<Vec<String>>,
    /// Categories that no label means: left out of gold and predictions alike.
    pub uncovered: Vec<String>,
    /// Labels that the detector used, and how often.
    pub seen: BTreeMap<String, u64>,
    /// … of these such as the map does not know: they are not scored.
    pub unmapped: Vec<String>,
    /// Labels of the map that the detector never used.
    pub never_seen: Vec<String>,
}

/// Whether texts contain personal data, as data-loss prevention asks it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClassificationResult {
    /// How many gold documents annotate values.
    pub documents: u64,
    /// All (document, category) pairs together.
    pub micro: Scores,
    /// The mean over categories.
    #[serde(rename = "macro")]
    pub macro_average: MacroAverage,
    /// By category.
    pub categories: BTreeMap<String, ContentResult>,
    /// Of the documents that exhibit values: those reported to contain any.
    pub found: Rate,
    /// Of the documents without any value: those reported to contain some.
    pub false_alarms: FalseAlarms,
    /// Of the categories that a notice denies and holds no value of: those reported as contained.
    pub denied_as_contained: Rate,
}

/// One category of [`ClassificationResult`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ContentResult {
    /// Of the documents.
    #[serde(flatten)]
    pub score: Score,
    /// Of those rightly reported: how often the detector told how many values there are.
    pub counted: u64,
    /// … of these rightly.
    pub counts_right: u64,
}

/// Precision in the field. A corpus holds far more leaks than a company's traffic; recall and false alarms do not depend on that, so
/// precision at any prevalence follows from them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PrevalenceResult {
    /// The share of documents with a leak, as the user says.
    pub prevalence: f64,
    /// Of the documents reported as telling of a leak: the share that does.
    pub notice_understanding: Option<f64>,
    /// Of the documents reported to contain personal data: the share that does.
    pub document_classification: Option<f64>,
}

/// How answers change when documents are changed a little: one test, over the documents that it applies to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BehaviourResult {
    /// `INV`: the answer must stay; `DIR`: it must follow the gold; `twins`: it must be right on both documents.
    pub expectation: String,
    /// How many pairs of documents.
    pub documents: u64,
    /// Pairs that pass.
    pub passed: u64,
    /// The share, with its exact (Clopper–Pearson) interval.
    pub pass_rate: Estimate,
    /// Of the facts answered before: those that are answered after. Of `INV` only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facts_kept: Option<Score>,
    /// Pairs that fail by most facts.
    pub worst: Vec<ChangedAnswer>,
}

/// A pair that failed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChangedAnswer {
    /// The changed document's id: its base's with `+` and the change.
    pub id: String,
    /// How many facts are wrong.
    pub changes: u64,
    /// The first that should be there.
    pub missing: Vec<String>,
    /// The first that should not.
    pub extra: Vec<String>,
}

/// What remains above a threshold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SweepPoint {
    /// Predictions with a score of at least so much are kept.
    pub threshold: f64,
    /// Of what is kept, the share that is right.
    pub precision: Option<f64>,
    /// Of the gold, the share that is found.
    pub recall: Option<f64>,
    /// The harmonic mean.
    pub f1: Option<f64>,
    /// Weighed by [`Results::beta`].
    pub f_beta: Option<f64>,
}

/// False alarms.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct FalseAlarms {
    /// Clean documents with an alarm.
    pub count: u64,
    /// Clean documents.
    pub clean: u64,
    /// Alarms in 10,000 clean documents.
    pub per_10_000: Option<f64>,
    /// Its exact one-sided 95 % upper bound (Clopper–Pearson).
    pub upper_95: Option<f64>,
}

/// The values of one kind, matched one to one by overlap. Malformed values are counted apart: to report one is right, not to report
/// it is no miss.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ValueResult {
    /// Of the well-formed values.
    #[serde(flatten)]
    pub score: Score,
    /// Malformed values in the gold.
    pub malformed: u64,
    /// … of these reported.
    pub malformed_found: u64,
    /// All that were found: `correct` and `malformed_found`.
    pub matched: u64,
    /// … of these with the same bounds.
    pub exact: u64,
    /// Of those matched: how many the detector described, as findings do not. The next two are of these.
    pub described: u64,
    /// With the right use.
    pub use_right: u64,
    /// Rightly told to be well-formed or not.
    pub form_right: u64,
}

impl ValueResult {
    pub(crate) fn new(score: &ValueScore) -> ValueResult {
        ValueResult {
            score: score.tally.into(),
            malformed: score.malformed.gold,
            malformed_found: score.malformed.correct,
            matched: score.exact.gold,
            exact: score.exact.correct,
            described: score.usage.gold,
            use_right: score.usage.correct,
            form_right: score.form.correct,
        }
    }
}

impl ContentResult {
    pub(crate) fn new(score: &ContentScore) -> ContentResult {
        ContentResult { score: score.tally.into(), counted: score.counts.gold, counts_right: score.counts.correct }
    }
}

/// A field's spans.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SpanResult {
    /// Matched facts whose gold names a place, and how many of them the prediction puts on it.
    pub located: Score,
    /// SemEval-2013 strict; absent, as the next three, where no gold marks every mention.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub strict: Option<SpanScores>,
    /// SemEval-2013 exact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exact: Option<SpanScores>,
    /// SemEval-2013 partial.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partial: Option<SpanScores>,
    /// SemEval-2013 type.
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub by_type: Option<SpanScores>,
}

impl SpanResult {
    pub(crate) fn new(located: Tally, alignment: Option<Alignment>) -> SpanResult {
        SpanResult {
            located: located.into(),
            strict: alignment.map(|all| all.strict.into()),
            exact: alignment.map(|all| all.exact.into()),
            partial: alignment.map(|all| all.partial.into()),
            by_type: alignment.map(|all| all.by_type.into()),
        }
    }
}

/// Pages of several documents.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SegmentResult {
    /// How many gold records have segments.
    pub pages: u64,
    /// How many segments these have.
    pub segments: u64,
    /// Borders between two segments of a page, in every document of the run: one that is put into a single document is wrong. Two
    /// borders are the same when no letter and no digit stands between them, or at most two characters do.
    pub borders: Score,
    /// By field (`data`, `causes`, `counts`, `dates`): every gold segment against the predicted one that overlaps it most, or against
    /// the page's labels where the detector named no segments.
    pub fields: BTreeMap<String, Score>,
    /// `exposure` and `genre` of the same pairs.
    pub accuracy: BTreeMap<String, Answers>,
}

/// How often a question was answered rightly, without interval.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answers {
    /// Right answers.
    pub right: u64,
    /// Questions.
    pub asked: u64,
    /// The share.
    pub accuracy: Option<f64>,
}

/// The documents of one slice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Slice {
    /// How many.
    pub documents: u64,
    /// Micro scores by field.
    pub fields: BTreeMap<String, Score>,
    /// Accuracy by question.
    pub accuracy: BTreeMap<String, f64>,
    /// Values, of all kinds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub values: Option<Score>,
    /// Categories that documents contain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contents: Option<Score>,
    /// Denied categories reported as leaked.
    pub denied_as_leaked: u64,
    /// Clean documents with an alarm.
    pub false_alarms: u64,
}

fn is_zero(count: &u64) -> bool {
    *count == 0
}
