//! Mark what leaked.

use owabi_corpora::record::{DataLabel, Record};
use owabi_corpora::vocabulary::Status;

use super::Draft;
use crate::exercise::{Choice, Expected, Form};
use crate::words;

/// Fewer make no exercise.
const FEWEST: usize = 4;

pub(super) fn draft(record: &Record) -> Option<Draft> {
    let data = record.labels.data.as_deref()?;
    let scored: Vec<&DataLabel> = data.iter().filter(|item| item.category.is_scored()).collect();
    let count = |status: Status| scored.iter().filter(|item| item.status == status).count() as u32;
    let figures = [Status::Confirmed, Status::Possible, Status::Denied].map(count);
    // Without one that did not leak, every word of the list would get the same status.
    let fit = scored.len() >= FEWEST && scored.len() == data.len() && figures[2] > 0 && figures[2] < scored.len() as u32;
    let categories = owabi_corpora::Category::all().filter(|category| category.is_scored());
    let categories = categories.map(|of| Choice { id: of.id().to_owned(), words: words::category(of) }).collect();
    let form = Form::Marks { categories, statuses: words::statuses() };
    // How many leaked for certain and how many perhaps is left to chance: the same numbers for all would tell neighbours too much.
    let figures = vec![scored.len() as u32, figures[2]];
    fit.then(|| Draft { record: record.clone(), form, expected: Expected::Data, figures })
}
