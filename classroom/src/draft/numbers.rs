//! Find the total and the groups.

use owabi_corpora::record::Record;

use super::{Draft, people};
use crate::exercise::{Expected, Form};

/// Fields for groups that the page begins with.
const ROWS: u32 = 4;

pub(super) fn draft(record: &Record) -> Option<Draft> {
    let (total, groups) = people(&record.labels);
    let total = total?;
    let distinct = groups.windows(2).all(|pair| pair[0] < pair[1]) && !groups.contains(&total);
    let all = record.labels.counts.iter().flatten().count();
    let figures = vec![groups.len() as u32, (all - groups.len() - 1) as u32];
    let fit = groups.len() >= 2 && distinct;
    let form = Form::Numbers { rows: ROWS };
    fit.then(|| Draft { record: record.clone(), form, expected: Expected::Numbers { total, groups }, figures })
}
