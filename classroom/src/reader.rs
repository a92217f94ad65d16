//! What a reader may be expected to earn: a model, by which exercises are compared before anyone has done them.
//!
//! The model's chances stand in `data/reader.toml`. It knows how many facts there are, of which sort, how long the text is, and what in it leads
//! astray; the expected mark follows by the rules of [`crate::marking`], with the expectation of a ratio taken as the ratio of expectations.

use std::sync::LazyLock;

use owabi_corpora::record::{DataLabel, Record};
use owabi_corpora::vocabulary::{Status, Unit};
use serde::Deserialize;

use crate::draft::surface;
use crate::exercise::{Expected, Verdict};
use crate::marking::{FOUND, SITUATIONS, TOTAL};
use crate::words;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Model {
    length: f64,
    tiring: f64,
    confirmed: f64,
    possible: f64,
    denied: f64,
    differing: f64,
    idle: f64,
    cause: f64,
    further_cause: f64,
    total: f64,
    group: f64,
    other_count: f64,
    pair: f64,
    reference: f64,
    situation: f64,
    limit: f64,
    fact: f64,
    rubric: f64,
    weekday: f64,
    sum: f64,
    total_told: f64,
    date_order: f64,
    named: f64,
}

static MODEL: LazyLock<Model> = LazyLock::new(|| words::table("reader.toml", include_str!("../data/reader.toml")));

/// Situations that can apply.
const SITUATION_COUNT: usize = 4;
/// Fewer digits tell a day by what was told before.
const DIGITS_OF_A_FULL_DATE: usize = 4;

/// The expected mark, from 0 to 100.
pub fn expected(record: &Record, expected: &Expected) -> f64 {
    let model = &*MODEL;
    let tired = model.tiring * (record.text.chars().count() as f64 - model.length) / 1000.0;
    let chance = |base: f64| (base - tired).clamp(0.05, 0.99);
    let labels = &record.labels;
    match expected {
        Expected::Data => {
            let data: Vec<&DataLabel> = labels.data.iter().flatten().filter(|item| item.category.is_scored()).collect();
            let found: f64 = data.iter().map(|item| chance(of_category(item))).sum();
            let known = |category| data.iter().any(|item| item.category == category);
            let mut idle: Vec<_> = labels.distractors.iter().flatten().map(|item| item.category).filter(|of| !known(*of)).collect();
            idle.sort_unstable();
            idle.dedup();
            // A category whose status is wrong was still answered.
            let answered = data.len() as f64 * (1.0 + found / data.len().max(1) as f64) / 2.0 + model.idle * idle.len() as f64;
            100.0 * ratio(2.0 * found, data.len() as f64 + answered)
        }
        Expected::Cause { .. } => {
            let further = labels.causes.as_ref().map_or(0, |causes| causes.len().saturating_sub(1));
            100.0 * chance(model.cause - model.further_cause * further as f64)
        }
        Expected::Numbers { groups, .. } => {
            let others = labels.counts.iter().flatten().filter(|count| count.unit != Unit::Person).count() as f64;
            let (total, group) = (chance(model.total), chance(model.group));
            let (all, found) = (groups.len() as f64 + 1.0, total + group * groups.len() as f64);
            TOTAL * total + (100.0 - TOTAL) * ratio(2.0 * found, all + found + model.other_count * others)
        }
        Expected::Order { .. } => {
            let mentions: Vec<_> = labels.dates.iter().flatten().filter_map(|label| label.spans.first()).collect();
            let short = |mention: &&&owabi_corpora::Mention| {
                let digits = surface(&record.text, mention).chars().filter(|c| c.is_numeric()).count();
                digits < DIGITS_OF_A_FULL_DATE
            };
            let referring = mentions.iter().filter(short).count() as f64 / mentions.len().max(1) as f64;
            100.0 * (2.0 * chance(model.pair - model.reference * referring) - 1.0).max(0.0)
        }
        Expected::Duty { situations, open, preliminary, final_report } => {
            let decided = SITUATION_COUNT - open.len();
            let right = situations.len() as f64 * chance(model.situation);
            let wrong = (decided - situations.len().min(decided)) as f64 * (1.0 - chance(model.situation));
            let share = ratio(2.0 * right, situations.len() as f64 + right + wrong);
            // What is not told is seen as easily as a situation.
            let limit = |verdict: Verdict| chance(if verdict == Verdict::NotTold { model.situation } else { model.limit });
            SITUATIONS * share + (100.0 - SITUATIONS) / 2.0 * (limit(*preliminary) + limit(*final_report))
        }
        Expected::Section { checklist, .. } => {
            let worth =
                |item: &crate::exercise::CheckItem| f64::from(item.points) * if item.any.is_empty() { model.rubric } else { model.fact };
            checklist.iter().map(worth).sum()
        }
        Expected::Fault { choice, .. } => {
            let found = match choice.as_str() {
                "weekday" => model.weekday,
                "sum" => model.sum,
                "total" => model.total_told,
                _ => model.date_order,
            };
            chance(found) * (FOUND + (100.0 - FOUND) * model.named)
        }
    }
}

fn of_category(item: &DataLabel) -> f64 {
    let model = &*MODEL;
    let differs = item.spans.iter().any(|mention| mention.status.is_some_and(|status| status != item.status));
    let base = match item.status {
        Status::Confirmed => model.confirmed,
        Status::Possible => model.possible,
        Status::Denied => model.denied,
    };
    if differs { base - model.differing } else { base }
}

fn ratio(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}
