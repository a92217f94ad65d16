//! What an answer is worth: points from 0 to 100, with partial credit.
//!
//! Categories and numbers of people are compared by the harness's own matching, so that a student is marked as a detector is scored. How each
//! type is marked stands in the instructions that students read (`data/words.toml`).

use std::collections::BTreeSet;

use owabi_corpora::record::{CountLabel, DataLabel};
use owabi_corpora::vocabulary::{Bound, Status, Unit};
use owabi_corpora::{Category, Labels, Mention, Offsets, Span};
use owabi_harness::matching::{Fact, facts};
use owabi_harness::measure::{Field, Tally};
use unicode_normalization::UnicodeNormalization;

use crate::exercise::{Answer, CheckItem, Expected, KeyItem, Marked, Numbers, Place, Verdict};

/// A cause that the notice names and that is not the main one.
const MINOR_CAUSE: f64 = 30.0;
/// Of the exercise on numbers: the total; the rest is for all figures.
pub(crate) const TOTAL: f64 = 40.0;
/// Of the exercise on the duty to report: the situations; the rest is for the two time limits.
pub(crate) const SITUATIONS: f64 = 60.0;
/// Of the planted error: finding it; the rest is for saying what is wrong.
pub(crate) const FOUND: f64 = 70.0;
/// A mark that is so much longer than what it should hit shows no place.
const WIDE: usize = 30;

/// What an answer is worth.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Mark {
    /// From 0 to 100.
    pub points: f64,
    /// Whether something waits for the teacher, who may add to the points.
    pub pending: bool,
    /// What was right, wrong and left out, in a fixed order.
    pub parts: Vec<Part>,
}

/// One thing that could be right.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Part {
    /// What: `name:confirmed`, `total`, `situation:3`, a pair of events `a<b`, an item of the checklist.
    pub what: String,
    /// How it went.
    pub outcome: Outcome,
}

/// How it went with one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Right.
    Right,
    /// It should have been answered and was not.
    Missed,
    /// It was answered, but with a mark on words that do not say it; counts as missed.
    Misplaced,
    /// It was answered and should not have been.
    Wrong,
    /// The teacher decides.
    Open,
}

/// Marks one answer; no answer is worth nothing.
pub fn mark(item: &KeyItem, answer: Option<&Answer>) -> Mark {
    let Some(answer) = answer else {
        // Everything was missed, also where doing nothing would be right.
        return Mark { points: 0.0, pending: false, ..marked(item, &Answer::default()) };
    };
    marked(item, answer)
}

fn marked(item: &KeyItem, answer: &Answer) -> Mark {
    match &item.expected {
        Expected::Data => data(item, &answer.spans),
        Expected::Cause { cause } => {
            let named = item.record.labels.causes.iter().flatten().map(|label| label.cause.id());
            let chosen = answer.choice.as_deref();
            let points = match chosen {
                Some(choice) if choice == cause.id() => 100.0,
                Some(choice) if named.into_iter().any(|id| id == choice) => MINOR_CAUSE,
                _ => 0.0,
            };
            Mark { points, pending: false, parts: choice_parts(cause.id(), chosen) }
        }
        Expected::Numbers { total, groups } => numbers(*total, groups, answer.numbers.as_ref()),
        Expected::Order { days } => order(days, answer.order.as_deref().unwrap_or_default()),
        Expected::Duty { situations, open, preliminary, final_report } => {
            let kept = answer.kept.unwrap_or_default();
            let limits = [("preliminary", *preliminary, kept.preliminary), ("final", *final_report, kept.final_report)];
            duty(situations, open, answer.situations.as_deref(), limits)
        }
        Expected::Section { checklist, .. } => section(checklist, answer.text.as_deref().unwrap_or_default()),
        Expected::Fault { places, choice, .. } => fault(places, choice, answer),
    }
}

/// The labels that marks in a text amount to: one item a category, with the strongest status, as in a record.
pub fn labels(text: &str, marks: &[Marked]) -> Labels {
    let offsets = Offsets::new(text, owabi_corpora::OffsetUnit::CodePoints);
    let mut items: Vec<DataLabel> = Vec::new();
    for mark in marks {
        let (Some(category), Some(status)) = (mark.category, mark.status) else { continue };
        let place = offsets.to_byte(mark.start).ok().zip(offsets.to_byte(mark.end).ok());
        let mention = place.filter(|(start, end)| start < end).map(|(start, end)| Span::new(start, end).into());
        match items.iter_mut().find(|item| item.category == category) {
            Some(item) => {
                item.status = item.status.max(status);
                item.spans.extend(mention);
            }
            None => items.push(DataLabel::new(category, status, mention.into_iter().collect())),
        }
    }
    Labels { data: Some(items), ..Labels::default() }
}

fn data(item: &KeyItem, marks: &[Marked]) -> Mark {
    let gold = &item.record.labels;
    let told = labels(&item.record.text, marks);
    // Who marks 「氏名」 where the text asks for care has not found the place that says that names leaked.
    let placed = |label: &DataLabel| {
        let same = gold.data.iter().flatten().find(|wanted| (wanted.category, wanted.status) == (label.category, label.status));
        let places = |wanted: &DataLabel| wanted.spans.iter().map(Mention::span).collect::<Vec<_>>();
        same.map(places).is_none_or(|places| {
            places.is_empty() || label.spans.iter().any(|mention| places.iter().any(|place| place.overlap(mention.span()) > 0))
        })
    };
    let (answered, misplaced): (Vec<_>, Vec<_>) = told.data.into_iter().flatten().partition(placed);
    let answered = Labels { data: Some(answered), ..Labels::default() };
    let mut mark = compared(gold, &answered, Field::Data, |fact| match fact {
        Fact::Data(category, status) => Some(data_id(*category, *status)),
        _ => None,
    });
    for label in misplaced {
        let what = data_id(label.category, label.status);
        mark.parts.iter_mut().filter(|part| part.what == what).for_each(|part| part.outcome = Outcome::Misplaced);
    }
    mark
}

/// How a category with its status is called in parts, checklists and pages.
pub fn data_id(category: Category, status: Status) -> String {
    format!("{category}:{status}")
}

/// The F1 of one field as points, by the harness's matching.
fn compared(gold: &Labels, answered: &Labels, field: Field, name: impl Fn(&Fact) -> Option<String>) -> Mark {
    let (gold, given) = (facts(gold, field).unwrap_or_default(), facts(answered, field).unwrap_or_default());
    let correct = gold.intersection(&given).count() as u64;
    let tally = Tally { correct, predicted: given.len() as u64, gold: gold.len() as u64 };
    let part = |fact: &Fact| {
        let outcome = match (gold.contains(fact), given.contains(fact)) {
            (true, true) => Outcome::Right,
            (true, false) => Outcome::Missed,
            _ => Outcome::Wrong,
        };
        Some(Part { what: name(fact)?, outcome })
    };
    let parts = gold.union(&given).filter_map(part).collect();
    Mark { points: tally.f1().unwrap_or(1.0) * 100.0, pending: false, parts }
}

fn choice_parts(right: &str, chosen: Option<&str>) -> Vec<Part> {
    let part = |what: &str, outcome| Part { what: what.to_owned(), outcome };
    match chosen {
        Some(chosen) if chosen == right => vec![part(right, Outcome::Right)],
        Some(chosen) => vec![part(right, Outcome::Missed), part(chosen, Outcome::Wrong)],
        None => vec![part(right, Outcome::Missed)],
    }
}

fn numbers(total: u64, groups: &[u64], answer: Option<&Numbers>) -> Mark {
    let people = |total: Option<u64>, groups: &[u64]| {
        let label = |value: u64, total: bool| CountLabel::new(value, Unit::Person, Bound::Exact, total, None, vec![]);
        let counts = total.map(|value| label(value, true)).into_iter().chain(groups.iter().map(|value| label(*value, false)));
        Labels { counts: Some(counts.collect()), ..Labels::default() }
    };
    let given = answer.cloned().unwrap_or_default();
    let name = |fact: &Fact| match fact {
        Fact::Count(value, _) => Some(format!("count:{value}")),
        _ => None,
    };
    let mut mark = compared(&people(Some(total), groups), &people(given.total, &given.groups), Field::Counts, name);
    let right = given.total == Some(total);
    mark.points = mark.points * (100.0 - TOTAL) / 100.0 + if right { TOTAL } else { 0.0 };
    mark.parts.insert(0, Part { what: "total".to_owned(), outcome: if right { Outcome::Right } else { Outcome::Missed } });
    mark
}

/// Of all pairs of events on different days: those in the right order less those in the wrong one, never below none.
fn order(days: &[Vec<String>], answer: &[String]) -> Mark {
    let place = |event: &String| answer.iter().position(|known| known == event);
    let (mut balance, mut pairs, mut parts) = (0i64, 0i64, Vec::new());
    for (index, day) in days.iter().enumerate() {
        for before in day {
            for after in days[index + 1..].iter().flatten() {
                pairs += 1;
                let outcome = match (place(before), place(after)) {
                    (Some(first), Some(second)) if first < second => Outcome::Right,
                    (Some(_), Some(_)) => Outcome::Wrong,
                    _ => Outcome::Missed,
                };
                balance += match outcome {
                    Outcome::Right => 1,
                    Outcome::Wrong => -1,
                    _ => 0,
                };
                parts.push(Part { what: format!("{before}<{after}"), outcome });
            }
        }
    }
    let points = if pairs == 0 { 0.0 } else { 100.0 * balance.max(0) as f64 / pairs as f64 };
    Mark { points, pending: false, parts }
}

fn duty(right: &[u8], open: &[u8], chosen: Option<&[u8]>, limits: [(&str, Verdict, Option<Verdict>); 2]) -> Mark {
    let decided = |numbers: &[u8]| numbers.iter().copied().filter(|number| !open.contains(number)).collect::<BTreeSet<u8>>();
    let (gold, given) = (decided(right), decided(chosen.unwrap_or_default()));
    let tally = Tally { correct: gold.intersection(&given).count() as u64, predicted: given.len() as u64, gold: gold.len() as u64 };
    // To tick nothing is an answer only where a form was filled in.
    let share = if chosen.is_some() { tally.f1().unwrap_or(1.0) } else { 0.0 };
    let mut mark = Mark { points: SITUATIONS * share, pending: false, parts: Vec::new() };
    for number in gold.union(&given) {
        let outcome = match (gold.contains(number), given.contains(number)) {
            (true, true) => Outcome::Right,
            (true, false) => Outcome::Missed,
            _ => Outcome::Wrong,
        };
        mark.parts.push(Part { what: format!("situation:{number}"), outcome });
    }
    for (what, right, answer) in limits {
        let outcome = match answer {
            Some(answer) if answer == right => Outcome::Right,
            Some(_) => Outcome::Wrong,
            None => Outcome::Missed,
        };
        if outcome == Outcome::Right {
            mark.points += (100.0 - SITUATIONS) / 2.0;
        }
        mark.parts.push(Part { what: what.to_owned(), outcome });
    }
    mark
}

fn section(checklist: &[CheckItem], text: &str) -> Mark {
    let answered = literal(text);
    let outcome = |item: &CheckItem| match item.any.iter().any(|words| answered.contains(&literal(words))) {
        _ if item.any.is_empty() => Outcome::Open,
        true => Outcome::Right,
        false => Outcome::Missed,
    };
    let parts: Vec<Part> = checklist.iter().map(|item| Part { what: item.id.clone(), outcome: outcome(item) }).collect();
    let right = checklist.iter().zip(&parts).filter(|(_, part)| part.outcome == Outcome::Right);
    let points: u32 = right.map(|(item, _)| item.points).sum();
    // Who wrote nothing has nothing to be read.
    let pending = !answered.is_empty() && parts.iter().any(|part| part.outcome == Outcome::Open);
    Mark { points: f64::from(points), pending, parts }
}

/// A text as literal items of a checklist are looked for: after NFKC, in small letters, without spaces and commas.
pub fn literal(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).filter(|c| !c.is_whitespace() && *c != ',').collect()
}

fn fault(places: &[Place], choice: &str, answer: &Answer) -> Mark {
    let hits = |mark: &&Marked| {
        places.iter().any(|place| {
            let overlap = mark.end.min(place.end) > mark.start.max(place.start);
            overlap && mark.end.saturating_sub(mark.start) <= place.end.saturating_sub(place.start) + WIDE
        })
    };
    let hit = answer.spans.iter().filter(hits).count();
    let mut parts = vec![Part { what: "place".to_owned(), outcome: if hit > 0 { Outcome::Right } else { Outcome::Missed } }];
    parts.extend(choice_parts(choice, answer.choice.as_deref()));
    if hit == 0 {
        return Mark { points: 0.0, pending: false, parts };
    }
    // Who marks everything has found nothing.
    let found = FOUND * hit as f64 / answer.spans.len() as f64;
    let said = if answer.choice.as_deref() == Some(choice) { 100.0 - FOUND } else { 0.0 };
    Mark { points: found + said, pending: false, parts }
}
