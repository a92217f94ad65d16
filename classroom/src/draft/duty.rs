//! The duty to report, and its time limits.

use owabi_corpora::record::{Deadline, Record};
use owabi_corpora::reportability::{Holder, assess};
use owabi_corpora::vocabulary::{DateRole, Jurisdiction, Law, Sector};
use owabi_generator::facts::Facts;

use super::Draft;
use crate::exercise::{Expected, Form, Verdict};
use crate::words;

/// What the generator calls an organisation of which no rule but those of private holders can be meant.
const COMPANY: &str = "company";

/// Who the exercise says that the holder is.
pub(crate) const HOLDER: Holder = Holder { sector: Some(Sector::Private), jurisdiction: Jurisdiction::Japan };

pub(super) fn is_told_of_a_company(facts: &Facts) -> bool {
    facts.organisation.flags.iter().any(|flag| flag == COMPANY)
}

pub(super) fn draft(record: &Record) -> Option<Draft> {
    let known = record.labels.dates.iter().flatten().any(|label| label.role == DateRole::Discovered && label.date.day.is_some());
    let found = assess(&record.labels, HOLDER);
    let [duty] = &found.duties[..] else { return None };
    if !known || found.required != Some(true) || duty.law != Law::Appi {
        return None;
    }
    let (preliminary, final_report) = (verdict(found.preliminary?)?, verdict(found.final_report?)?);
    let told = |verdict: Verdict| u32::from(verdict != Verdict::NotTold);
    let figures = vec![duty.situations.len() as u32, duty.undecided.len() as u32, told(preliminary), told(final_report)];
    let form = Form::Duty { situations: words::situations(), reports: words::reports(), verdicts: words::verdicts() };
    let expected = Expected::Duty { situations: duty.situations.clone(), open: duty.undecided.clone(), preliminary, final_report };
    Some(Draft { record: record.clone(), form, expected, figures })
}

/// `None` where the notice tells a day and yet not whether it was in time.
fn verdict(deadline: Deadline) -> Option<Verdict> {
    match (deadline.due, deadline.reported, deadline.kept) {
        (None, ..) => None,
        (_, None, _) => Some(Verdict::NotTold),
        (_, _, Some(true)) => Some(Verdict::Yes),
        (_, _, Some(false)) => Some(Verdict::No),
        (_, Some(_), None) => None,
    }
}
