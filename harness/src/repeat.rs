//! Whether a detector answers the same when it is asked the same again.
//!
//! A fact is whatever the scores look at: an entry of a field, an answer to a question, a value or a finding with its place.
//! It differs when one call says it and another does not. Scores, cues and the places of other fields are no part of it.
//!
//! ```
//! use owabi_corpora::markup;
//! use owabi_harness::repeat::Repeats;
//!
//! let (_, first) = markup::parse("⟦氏名|name:confirmed⟧と⟦住所|address:confirmed⟧").unwrap();
//! let (_, second) = markup::parse("⟦氏名|name:confirmed⟧と⟦住所|address:possible⟧").unwrap();
//!
//! let mut repeats = Repeats::new(2);
//! repeats.add(&[Some((&first).into()), Some((&second).into())]);
//! let result = repeats.finish();
//! assert_eq!((result.documents.count, result.documents.of), (1, 1));
//! // One name, which both say, and two addresses, which one of them says.
//! assert_eq!((result.facts.count, result.facts.of), (2, 3));
//! ```

use std::collections::{BTreeMap, BTreeSet};

use owabi_corpora::Span;
use serde::{Deserialize, Serialize};

use crate::document::Predicted;
use crate::interval::exact_interval;
use crate::matching::{Fact, facts};
use crate::measure::Field;
use crate::results::Estimate;

/// The same documents, asked several times.
#[derive(Debug, Clone, Default)]
pub struct Repeats {
    calls: u64,
    documents: Tally,
    facts: Tally,
    fields: BTreeMap<&'static str, Tally>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    differ: u64,
    all: u64,
}

impl Tally {
    fn add(&mut self, differs: bool) {
        self.differ += u64::from(differs);
        self.all += 1;
    }

    fn flips(self) -> Flips {
        let rate = (self.all > 0).then(|| self.differ as f64 / self.all as f64);
        Flips { count: self.differ, of: self.all, rate: Estimate::new(rate, exact_interval(self.differ, self.all)) }
    }
}

/// What repeating found out, as results hold it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RepeatResult {
    /// How often each document was asked; the first answer is the one that is scored.
    pub calls: u64,
    /// Documents for which two calls gave different facts, or one gave an answer and another none.
    pub documents: Flips,
    /// Facts that one call gave and another did not, of all that any call gave.
    pub facts: Flips,
    /// The same by field: `data`, `causes`, `counts`, `dates`, `parties`, `questions`, `values`, `findings`.
    pub fields: BTreeMap<String, Flips>,
}

/// How much differs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Flips {
    /// How many differ.
    pub count: u64,
    /// Of how many.
    pub of: u64,
    /// The share, with the exact 95 % interval (Clopper–Pearson). For facts it takes each as independent of the others.
    pub rate: Estimate,
}

impl Repeats {
    /// With nothing asked yet.
    pub fn new(calls: u64) -> Repeats {
        Repeats { calls, ..Repeats::default() }
    }

    /// Adds one document with the answers of all calls; `None` is a call without an answer. A document that no call answered
    /// says nothing.
    pub fn add(&mut self, answers: &[Option<Predicted<'_>>]) {
        let said: Vec<Option<BTreeSet<Said<'_>>>> = answers.iter().map(|answer| answer.map(all)).collect();
        if said.iter().all(Option::is_none) {
            return;
        }
        let any: BTreeSet<&Said<'_>> = said.iter().flatten().flatten().collect();
        let mut changed = said.iter().any(Option::is_none);
        for fact in any {
            let differs = said.iter().any(|call| !call.as_ref().is_some_and(|facts| facts.contains(fact)));
            changed |= differs;
            self.facts.add(differs);
            self.fields.entry(fact.field()).or_default().add(differs);
        }
        self.documents.add(changed);
    }

    /// The figures.
    pub fn finish(self) -> RepeatResult {
        RepeatResult {
            calls: self.calls,
            documents: self.documents.flips(),
            facts: self.facts.flips(),
            fields: self.fields.into_iter().map(|(field, tally)| (field.to_owned(), tally.flips())).collect(),
        }
    }
}

/// One thing that an answer says.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Said<'a> {
    Fact(Fact),
    /// A question of the whole document, and the answer.
    Answer(&'static str, String),
    /// A kind of value and its place.
    Value(&'static str, Option<Span>),
    /// A label of the detector's own, its status, its place, and how many there are.
    Finding(&'a str, Option<&'static str>, Option<Span>, Option<u64>),
}

impl Said<'_> {
    fn field(&self) -> &'static str {
        match self {
            Said::Fact(fact) => fact.label().field().id(),
            Said::Answer(..) => "questions",
            Said::Value(..) => "values",
            Said::Finding(..) => "findings",
        }
    }
}

fn all(predicted: Predicted<'_>) -> BTreeSet<Said<'_>> {
    let mut said = BTreeSet::new();
    if let Some(labels) = predicted.labels {
        said.extend(Field::ALL.into_iter().flat_map(|field| facts(labels, field).unwrap_or_default()).map(Said::Fact));
        let answers = [
            ("genre", labels.genre.map(|genre| genre.to_string())),
            ("exposure", labels.exposure.map(|exposure| exposure.to_string())),
            ("via_vendor", labels.via_vendor.map(|via| via.to_string())),
            ("primary_cause", labels.primary_cause().map(|cause| cause.to_string())),
            ("total", labels.total().map(|count| format!("{} {}", count.value, count.unit))),
        ];
        said.extend(answers.into_iter().filter_map(|(question, answer)| Some(Said::Answer(question, answer?))));
        for value in labels.values.iter().flatten() {
            match value.spans.is_empty() {
                true => said.extend([Said::Value(value.kind.id(), None)]),
                false => said.extend(value.spans.iter().map(|mention| Said::Value(value.kind.id(), Some(mention.span())))),
            }
        }
    }
    let findings = predicted.findings.into_iter().flatten();
    said.extend(findings.map(|one| Said::Finding(&one.label, one.status.map(|status| status.id()), one.span(), one.count)));
    said
}

#[cfg(test)]
mod tests {
    use super::*;
    use owabi_corpora::vocabulary::Genre;
    use owabi_corpora::{Finding, Labels};

    fn genre(genre: Genre) -> Labels {
        Labels { genre: Some(genre), ..Labels::default() }
    }

    #[test]
    fn what_never_changes_has_no_flips() {
        let labels = genre(Genre::News);
        let mut repeats = Repeats::new(3);
        for _ in 0..10 {
            repeats.add(&[Some((&labels).into()); 3]);
        }
        let result = repeats.finish();
        assert_eq!((result.calls, result.documents.count, result.documents.of, result.facts.of), (3, 0, 10, 10));
        // The upper end for nothing in ten: 1 - 0.025^(1/10).
        let Estimate { value, low, high } = result.documents.rate;
        assert_eq!((value, low), (Some(0.0), Some(0.0)));
        assert!((high.unwrap() - 0.308_497).abs() < 1e-6, "{high:?}");
    }

    #[test]
    fn a_third_call_that_differs_is_seen() {
        let (news, notice) = (genre(Genre::News), genre(Genre::Notice));
        let mut repeats = Repeats::new(3);
        repeats.add(&[Some((&news).into()), Some((&news).into()), Some((&notice).into())]);
        let result = repeats.finish();
        assert_eq!((result.documents.count, result.facts.count, result.facts.of), (1, 2, 2));
        assert_eq!(result.fields["questions"].count, 2);
    }

    #[test]
    fn an_answer_that_is_lost_once_differs_and_one_that_never_comes_says_nothing() {
        let news = genre(Genre::News);
        let mut repeats = Repeats::new(2);
        repeats.add(&[Some((&news).into()), None]);
        repeats.add(&[None, None]);
        let result = repeats.finish();
        assert_eq!((result.documents.count, result.documents.of), (1, 1));
        assert_eq!((result.facts.count, result.facts.of), (1, 1));
    }

    #[test]
    fn findings_differ_by_their_place_and_not_by_their_score() {
        let finding = |start: usize, score: f64| Finding {
            label: "EMAIL".to_owned(),
            start: Some(start),
            end: Some(9),
            count: None,
            status: None,
            score: Some(score),
            extra: Default::default(),
        };
        let flips = |first: Finding, second: Finding| {
            let (first, second) = ([first], [second]);
            let of = |findings| Predicted { labels: None, segments: None, findings: Some(findings) };
            let mut repeats = Repeats::new(2);
            repeats.add(&[Some(of(&first)), Some(of(&second))]);
            repeats.finish().facts
        };
        assert_eq!(flips(finding(3, 0.5), finding(3, 0.6)).count, 0);
        assert_eq!((flips(finding(3, 0.5), finding(4, 0.5)).count, flips(finding(3, 0.5), finding(4, 0.5)).of), (2, 2));
    }
}
