//! Name the primary cause.

use owabi_corpora::Cause;
use owabi_corpora::record::Record;

use super::{Draft, TABLE};
use crate::exercise::{Choice, Expected, Form};
use crate::secret::Draw;
use crate::words;

pub(super) fn draft(record: &Record, draw: &mut Draw) -> Option<Draft> {
    let causes = record.labels.causes.as_deref()?;
    let primary = causes.iter().find(|item| item.primary)?;
    let family = TABLE.options.families.iter().find(|family| family.contains(&primary.cause))?;
    // What the notice does not say cannot be found in it.
    if primary.spans.is_empty() {
        return None;
    }
    let mut options = near(primary.cause, family, draw);
    for cause in causes.iter().map(|item| item.cause).filter(|cause| *cause != primary.cause) {
        if !options.contains(&cause) {
            options.push(cause);
        }
    }
    options.sort_unstable();
    draw.shuffle(&mut options);
    let options = options.into_iter().map(|of| Choice { id: of.id().to_owned(), words: words::cause(of) }).collect();
    let figures = vec![causes.len() as u32];
    Some(Draft { record: record.clone(), form: Form::Options { options }, expected: Expected::Cause { cause: primary.cause }, figures })
}

/// The right one and others that are taken for it.
fn near(right: Cause, family: &[Cause], draw: &mut Draw) -> Vec<Cause> {
    let mut own: Vec<Cause> = family.iter().copied().filter(|cause| *cause != right).collect();
    let mut others: Vec<Cause> = TABLE.options.families.iter().flatten().copied().filter(|cause| !family.contains(cause)).collect();
    draw.shuffle(&mut own);
    draw.shuffle(&mut others);
    [right].into_iter().chain(own).chain(others).take(TABLE.options.count).collect()
}
