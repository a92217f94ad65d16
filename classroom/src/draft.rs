//! From a generated document to an exercise, where the document is fit for one: one file a type.
//!
//! A draft's *figures* say how many facts of which sort are asked for. All students of a class get drafts of the same figures for the same exercise:
//! the same shape, other facts.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use owabi_corpora::record::{Labels, Mention, Record};
use owabi_corpora::{Cause, OffsetUnit, Offsets, Span};
use owabi_generator::facts::Facts;
use serde::Deserialize;

use crate::exercise::{ExerciseType, Expected, Form, Place};
use crate::secret::Draw;
use crate::words;

mod cause;
mod data;
mod duty;
mod fault;
mod numbers;
mod section;
mod timeline;

pub(crate) use duty::HOLDER;

pub(crate) use timeline::role as timeline_role;

/// A document made into an exercise.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    /// The text as the student reads it, with its labels.
    pub(crate) record: Record,
    /// What can be answered.
    pub(crate) form: Form,
    /// The right answer.
    pub(crate) expected: Expected,
    /// How many facts of which sort are asked for.
    pub(crate) figures: Vec<u32>,
}

/// Whether a document with such facts can be fit for a type, and have the wanted figures: asked before the document is made, which takes far longer
/// than drawing its facts. A page has no facts.
pub(crate) fn may_fit(of: ExerciseType, wanted: Option<&[u32]>, facts: &Facts) -> bool {
    let leaked = facts.leaked().len() as u32;
    let groups = facts.groups.len() + usize::from(facts.part.is_some());
    match (of, wanted) {
        (ExerciseType::MarkData, Some(&[all, denied])) => leaked == all.saturating_sub(denied),
        (ExerciseType::PrimaryCause, Some(&[causes])) => facts.causes.len() >= causes as usize,
        (ExerciseType::TotalAndGroups, _) => facts.counted && groups > 1,
        (ExerciseType::ReportingDuty, _) => duty::is_told_of_a_company(facts),
        (ExerciseType::MissingSection, Some(&[all, _])) => facts.groups.len() == 1 && leaked < all,
        (ExerciseType::MissingSection, None) => facts.groups.len() == 1,
        (ExerciseType::Incoherence, Some(&[kind])) => fault::may_fit(kind, facts),
        _ => true,
    }
}

/// Makes a draft of a document, or says that it is not fit for this type. `wanted` are the figures that the draft should have, where they can
/// be chosen.
pub(crate) fn draft(of: ExerciseType, record: &Record, wanted: Option<&[u32]>, draw: &mut Draw) -> Option<Draft> {
    match of {
        ExerciseType::MarkData => data::draft(record),
        ExerciseType::PrimaryCause => cause::draft(record, draw),
        ExerciseType::TotalAndGroups => numbers::draft(record),
        ExerciseType::Timeline => timeline::draft(record, draw),
        ExerciseType::ReportingDuty => duty::draft(record),
        ExerciseType::MissingSection => section::draft(record),
        ExerciseType::Incoherence => fault::draft(record, wanted, draw),
    }
}

/// From which documents a type is drawn.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Drawn {
    /// Kinds of the generator.
    pub(crate) kinds: Vec<String>,
    /// Only documents on which the built-in detector earns less than half the points.
    #[serde(default)]
    pub(crate) avoid: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    count: usize,
    families: Vec<Vec<Cause>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Signs {
    weekdays: String,
    month: char,
    day: char,
}

#[derive(Deserialize)]
struct Table {
    options: Options,
    signs: Signs,
    #[serde(flatten)]
    drawn: BTreeMap<ExerciseType, Drawn>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| words::table("exercises.toml", include_str!("../data/exercises.toml")));

/// From which documents a type is drawn; `None` if the table has forgotten it, which a test rules out.
pub(crate) fn drawn(of: ExerciseType) -> Option<&'static Drawn> {
    TABLE.drawn.get(&of)
}

/// A span in code points of its text.
pub(crate) fn place(text: &str, span: Span) -> Place {
    let offsets = Offsets::new(text, OffsetUnit::CodePoints);
    Place { start: offsets.from_byte(span.start), end: offsets.from_byte(span.end) }
}

/// The words of a mention.
pub(crate) fn surface<'t>(text: &'t str, mention: &Mention) -> &'t str {
    text.get(mention.span().range()).unwrap_or_default()
}

/// Numbers of people: the total if there is exactly one, and the other figures, ascending.
fn people(labels: &Labels) -> (Option<u64>, Vec<u64>) {
    use owabi_corpora::vocabulary::Unit;
    let counts = || labels.counts.iter().flatten().filter(|count| count.unit == Unit::Person);
    let totals: Vec<u64> = counts().filter(|count| count.total).map(|count| count.value).collect();
    let mut groups: Vec<u64> = counts().filter(|count| !count.total).map(|count| count.value).collect();
    groups.sort_unstable();
    (if let [total] = totals[..] { Some(total) } else { None }, groups)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_is_drawn_from_kinds_that_exist() {
        for of in ExerciseType::all() {
            let kinds = &drawn(of).unwrap().kinds;
            assert!(kinds.len() > 2);
            assert!(kinds.iter().all(|kind| kind.parse::<owabi_generator::Kind>().is_ok_and(|kind| !kind.is_page())), "{of}");
        }
        assert_eq!(TABLE.signs.weekdays.chars().count(), 7);
        let known: usize = TABLE.options.families.iter().map(Vec::len).sum();
        assert_eq!(known, Cause::count() - 1, "every cause but `unknown`");
    }

    #[test]
    fn facts_foretell_which_documents_fit() {
        use owabi_generator::{Config, Generator};
        let mut fit = [0; 7];
        for (place, of) in ExerciseType::all().enumerate() {
            let kinds = drawn(of).unwrap().kinds.iter().map(|kind| kind.parse().unwrap()).collect();
            let generator = Generator::new(Config { seed: 5, kinds, ..Config::default() }).unwrap();
            for index in 0..400 {
                let (record, facts) = (generator.record(index), generator.facts(index).unwrap());
                let mut draw = crate::Secret::new([1; 32]).draw(&[of.id(), &index.to_string()]);
                let Some(draft) = draft(of, &record, None, &mut draw) else { continue };
                let foretold = of == ExerciseType::ReportingDuty || may_fit(of, None, &facts) && may_fit(of, Some(&draft.figures), &facts);
                assert!(foretold, "{of}: {} has {:?}", record.id, draft.figures);
                fit[place] += 1;
            }
        }
        assert!(fit.iter().all(|count| *count > 20), "{fit:?}");
    }
}
