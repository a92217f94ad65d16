//! A detector's labels handed in as a student's answer: what somebody would earn who lets a detector do the exercises.

use owabi_corpora::record::Labels;
use owabi_corpora::vocabulary::{Law, Unit};
use owabi_corpora::{OffsetUnit, Offsets};

use crate::draft::timeline_role;
use crate::exercise::{Answer, ExerciseType, Form, Kept, Marked, Numbers, Verdict};
use crate::words;

/// The best answer that can be read off the labels; a detector writes no text and looks for no contradictions.
pub fn answer(number: u32, kind: ExerciseType, text: &str, form: &Form, labels: &Labels) -> Answer {
    let mut answer = Answer { number, ..Answer::default() };
    match kind {
        ExerciseType::MarkData => {
            let offsets = Offsets::new(text, OffsetUnit::CodePoints);
            for item in labels.data.iter().flatten() {
                for mention in &item.spans {
                    let (start, end) = (offsets.from_byte(mention.start), offsets.from_byte(mention.end));
                    answer.spans.push(Marked { start, end, category: Some(item.category), status: Some(item.status) });
                }
            }
        }
        ExerciseType::PrimaryCause => answer.choice = labels.primary_cause().map(|cause| cause.id().to_owned()),
        ExerciseType::TotalAndGroups => {
            let people = || labels.counts.iter().flatten().filter(|count| count.unit == Unit::Person);
            let total = people().find(|count| count.total).map(|count| count.value);
            answer.numbers = Some(Numbers { total, groups: people().filter(|count| !count.total).map(|count| count.value).collect() });
        }
        ExerciseType::Timeline => answer.order = Some(order(form, labels)),
        ExerciseType::ReportingDuty => {
            let found = labels.reportability.as_ref();
            let duty = found.and_then(|found| found.duties.iter().find(|duty| duty.law == Law::Appi));
            answer.situations = Some(duty.map(|duty| duty.situations.clone()).unwrap_or_default());
            let kept = |deadline: Option<owabi_corpora::record::Deadline>| match deadline.map(|deadline| (deadline.reported, deadline.kept))
            {
                Some((_, Some(true))) => Some(Verdict::Yes),
                Some((_, Some(false))) => Some(Verdict::No),
                Some((None, None)) => Some(Verdict::NotTold),
                _ => None,
            };
            let (preliminary, final_report) = (found.and_then(|found| found.preliminary), found.and_then(|found| found.final_report));
            answer.kept = Some(Kept { preliminary: kept(preliminary), final_report: kept(final_report) });
        }
        ExerciseType::MissingSection | ExerciseType::Incoherence => {}
    }
    answer
}

/// The form's events by the days that the detector found for them; those without one come last, as they stand.
fn order(form: &Form, labels: &Labels) -> Vec<String> {
    let Form::Order { events } = form else { return Vec::new() };
    let day = |event: &crate::exercise::Choice| {
        let mut dates = labels.dates.iter().flatten().filter(|label| words::event(&timeline_role(label)).as_ref() == Some(&event.words));
        dates.next().map(|label| label.date)
    };
    let mut events: Vec<(bool, Option<owabi_corpora::PartialDate>, &String)> =
        events.iter().map(|event| (day(event).is_none(), day(event), &event.id)).collect();
    events.sort_by_key(|(unknown, day, _)| (*unknown, *day));
    events.into_iter().map(|(_, _, id)| id.clone()).collect()
}
