//! How a detector's answers change when a document is changed a little, in the sense of CheckList (Ribeiro et al., ACL 2020).
//!
//! Answers are compared with answers. An *invariance* test passes when both documents get the same facts, right or wrong; a
//! *directional* one when every fact that the change brings is found and none that it takes away is; *twins* are a document and its
//! changed copy of which the detector must say two things: they pass when it flips, right on both.
//!
//! Facts are those of the fields that the detector answers at all: data with status, causes and the primary one, counts and the total,
//! dates, exposure, genre, and how many values of each kind there are. Parties are left out, since some changes touch names.

use std::collections::{BTreeMap, BTreeSet};

use owabi_corpora::{Labels, Record};
use strum::{Display, IntoStaticStr};

use crate::document::Predicted;
use crate::interval::exact_interval;
use crate::label_map::LabelMap;
use crate::loss::Loss;
use crate::matching::{Label, facts};
use crate::measure::{Field, Tally};
use crate::results::{BehaviourResult, ChangedAnswer, Estimate};
use crate::told::Told;

/// How many of the worst examples are kept for a test, and how many facts of each.
const WORST: usize = 5;
const FACTS: usize = 8;

/// What must come of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Display, IntoStaticStr)]
pub enum Expectation {
    /// The answer stays.
    #[strum(serialize = "INV")]
    Invariant,
    /// The answer follows the gold.
    #[strum(serialize = "DIR")]
    Directional,
    /// The answer is right on both.
    #[strum(serialize = "twins")]
    Twins,
}

/// A document and the answer to it.
#[derive(Clone, Copy)]
pub struct Answered<'a> {
    /// With its gold.
    pub gold: &'a Record,
    /// Labels, or why there are none.
    pub answer: Result<Predicted<'a>, &'a Loss>,
}

/// The tests of a run.
#[derive(Debug, Clone)]
pub struct Behaviour {
    map: LabelMap,
    tests: BTreeMap<String, Test>,
}

#[derive(Debug, Clone)]
struct Test {
    expectation: Expectation,
    documents: u64,
    passed: u64,
    kept: Tally,
    worst: Vec<ChangedAnswer>,
}

impl Behaviour {
    /// With no pair seen. Answers are read by `map`, as when they are scored.
    pub fn new(map: LabelMap) -> Behaviour {
        Behaviour { map, tests: BTreeMap::new() }
    }

    /// Adds a document and its changed copy to the test of a name.
    pub fn add(&mut self, test: &str, expectation: Expectation, base: Answered<'_>, changed: Answered<'_>) {
        let (passed, kept, example) = compare(&self.map, expectation, base, changed);
        let empty = Test { expectation, documents: 0, passed: 0, kept: Tally::default(), worst: Vec::new() };
        let test = self.tests.entry(test.to_owned()).or_insert(empty);
        test.documents += 1;
        test.passed += u64::from(passed);
        test.kept += kept;
        if !passed {
            test.worst.push(example);
            // The larger change first, then by id, so that the order of documents decides nothing.
            test.worst.sort_by_key(|example| (std::cmp::Reverse(example.changes), example.id.clone()));
            test.worst.truncate(WORST);
        }
    }

    /// The pass rates.
    pub fn finish(self) -> BTreeMap<String, BehaviourResult> {
        let result = |(name, test): (String, Test)| {
            let rate = (test.documents > 0).then(|| test.passed as f64 / test.documents as f64);
            let result = BehaviourResult {
                expectation: test.expectation.to_string(),
                documents: test.documents,
                passed: test.passed,
                pass_rate: Estimate::new(rate, exact_interval(test.passed, test.documents)),
                facts_kept: (test.expectation == Expectation::Invariant).then(|| test.kept.into()),
                worst: test.worst,
            };
            (name, result)
        };
        self.tests.into_iter().map(result).collect()
    }
}

fn compare(map: &LabelMap, expectation: Expectation, base: Answered<'_>, changed: Answered<'_>) -> (bool, Tally, ChangedAnswer) {
    let (before, after) = match (base.answer, changed.answer) {
        (Ok(before), Ok(after)) => (before, after),
        (Err(loss), _) | (_, Err(loss)) => {
            let note = BTreeSet::from([format!("no answer ({loss})")]);
            return (false, Tally::default(), example(changed.gold, &note, &BTreeSet::new()));
        }
    };
    let (before, after) = (Told::new(Some(before), map), Told::new(Some(after), map));
    let mut fields: BTreeSet<&str> = before.fields.union(&after.fields).copied().collect();
    fields.extend((before.tasks.value_detection || after.tasks.value_detection).then_some("values"));
    let (before, after) = (statements(&before.labels, &fields), statements(&after.labels, &fields));
    let wanted = |record: &Record| statements(&map.coarsened(&record.labels), &fields);
    let (old, new) = (wanted(base.gold), wanted(changed.gold));
    let (gone, come): (BTreeSet<String>, BTreeSet<String>) =
        (old.difference(&new).cloned().collect(), new.difference(&old).cloned().collect());
    let kept = Tally { correct: before.intersection(&after).count() as u64, predicted: after.len() as u64, gold: before.len() as u64 };
    // A change that brings and takes no fact, such as another organisation's incident, must change nothing.
    if expectation == Expectation::Invariant || (gone.is_empty() && come.is_empty()) {
        let (lost, added) = (before.difference(&after).cloned().collect(), after.difference(&before).cloned().collect());
        return (before == after, kept, example(changed.gold, &lost, &added));
    }
    let mut lost: BTreeSet<String> = come.difference(&after).cloned().collect();
    let mut added: BTreeSet<String> = gone.intersection(&after).cloned().collect();
    if expectation == Expectation::Twins {
        lost.extend(gone.difference(&before).cloned());
        added.extend(come.intersection(&before).cloned());
    }
    (lost.is_empty() && added.is_empty(), kept, example(changed.gold, &lost, &added))
}

fn example(gold: &Record, lost: &BTreeSet<String>, added: &BTreeSet<String>) -> ChangedAnswer {
    let first = |facts: &BTreeSet<String>| facts.iter().take(FACTS).cloned().collect();
    ChangedAnswer { id: gold.id.clone(), changes: (lost.len() + added.len()) as u64, missing: first(lost), extra: first(added) }
}

/// What labels state, as people read it.
fn statements(labels: &Labels, fields: &BTreeSet<&str>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for field in [Field::Data, Field::Causes, Field::Counts, Field::Dates].into_iter().filter(|field| fields.contains(field.id())) {
        for fact in facts(labels, field).into_iter().flatten() {
            found.insert(fact.to_string());
            // What matters of the primary cause and the total is that they stay the same ones.
            if let Label::Cause(cause) = fact.label()
                && labels.primary_cause() == Some(cause)
            {
                found.insert(format!("primary cause {cause}"));
            }
        }
    }
    if let Some(total) = labels.total().filter(|_| fields.contains("counts")) {
        found.insert(format!("total {} {}", total.value, total.unit));
    }
    if let Some(exposure) = labels.exposure.filter(|_| fields.contains("exposure")) {
        found.insert(format!("exposure {exposure}"));
    }
    if let Some(genre) = labels.genre.filter(|_| fields.contains("genre")) {
        found.insert(format!("genre {genre}"));
    }
    if fields.contains("values") {
        let mut kinds = BTreeMap::new();
        for item in labels.values.iter().flatten() {
            *kinds.entry(item.kind).or_insert(0u64) += item.spans.len().max(1) as u64;
        }
        found.extend(kinds.into_iter().flat_map(|(kind, count)| (1..=count).map(move |place| format!("value {kind}, number {place}"))));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use owabi_corpora::markup;
    use owabi_corpora::record::Labels;

    fn marked(id: &str, text: &str) -> Record {
        let (text, labels) = markup::parse(text).unwrap();
        Record::new(id, text, Labels { exposure: None, genre: None, ..labels })
    }

    fn run(expectation: Expectation, golds: [&str; 2], answers: [&str; 2]) -> BehaviourResult {
        let [base, changed] = golds.map(|gold| marked("a", gold));
        let [before, after] = answers.map(|answer| marked("a", answer).labels);
        let mut behaviour = Behaviour::new(LabelMap::own());
        let answered = |gold, labels| Answered { gold, answer: Ok(labels) };
        behaviour.add("t", expectation, answered(&base, (&before).into()), answered(&changed, (&after).into()));
        behaviour.finish().remove("t").unwrap()
    }

    const DENIED: &str = "⟦氏名|name:confirmed⟧⟦口座|bank_account:denied⟧";
    const LEAKED: &str = "⟦氏名|name:confirmed⟧⟦口座|bank_account:confirmed⟧";
    const NEITHER: &str = "⟦氏名|name:confirmed⟧";

    #[test]
    fn invariance_asks_for_the_same_answer_not_for_the_right_one() {
        assert_eq!(run(Expectation::Invariant, [DENIED, DENIED], [NEITHER, NEITHER]).passed, 1);
        let changed = run(Expectation::Invariant, [DENIED, DENIED], [DENIED, NEITHER]);
        assert_eq!((changed.passed, changed.worst[0].missing.as_slice()), (0, &["data bank_account:denied".to_owned()][..]));
        // Of two facts one is kept.
        assert_eq!(changed.facts_kept.unwrap().recall, Some(0.5));
    }

    #[test]
    fn a_direction_is_followed_or_not() {
        let pass = |answers| run(Expectation::Directional, [DENIED, LEAKED], answers).passed;
        assert_eq!(pass([DENIED, LEAKED]), 1);
        assert_eq!(pass([NEITHER, LEAKED]), 1, "the answer to the changed document counts");
        assert_eq!(pass([DENIED, DENIED]), 0);
        assert_eq!(pass([DENIED, NEITHER]), 0);
        let stayed = run(Expectation::Directional, [DENIED, LEAKED], [DENIED, DENIED]);
        let example = &stayed.worst[0];
        assert_eq!((example.missing[0].as_str(), example.extra[0].as_str()), ("data bank_account:confirmed", "data bank_account:denied"));
    }

    #[test]
    fn twins_must_flip() {
        let pass = |answers| run(Expectation::Twins, [DENIED, LEAKED], answers).passed;
        assert_eq!(pass([DENIED, LEAKED]), 1);
        assert_eq!(pass([LEAKED, LEAKED]), 0, "right on the one only");
        assert_eq!(pass([NEITHER, LEAKED]), 0);
    }

    #[test]
    fn a_change_without_facts_must_change_nothing() {
        assert_eq!(run(Expectation::Directional, [DENIED, DENIED], [DENIED, LEAKED]).passed, 0);
        assert_eq!(run(Expectation::Directional, [DENIED, DENIED], [NEITHER, NEITHER]).passed, 1);
    }

    #[test]
    fn a_lost_answer_fails() {
        let gold = marked("a", DENIED);
        let loss = Loss::new(crate::LossKind::Crash, "ended");
        let mut behaviour = Behaviour::new(LabelMap::own());
        let base = Answered { gold: &gold, answer: Ok((&gold.labels).into()) };
        behaviour.add("t", Expectation::Invariant, base, Answered { gold: &gold, answer: Err(&loss) });
        let result = behaviour.finish().remove("t").unwrap();
        assert_eq!((result.passed, result.worst[0].missing[0].as_str()), (0, "no answer (crash: ended)"));
    }
}
