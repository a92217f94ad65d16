//! Put what happened in order.

use std::collections::BTreeMap;

use owabi_corpora::PartialDate;
use owabi_corpora::record::{DateLabel, Record};
use owabi_corpora::vocabulary::Stage;

use super::Draft;
use crate::exercise::{Choice, Expected, Form};
use crate::secret::Draw;
use crate::words;

/// Fewer make no exercise.
const FEWEST_EVENTS: usize = 5;
const FEWEST_DAYS: usize = 4;

pub(super) fn draft(record: &Record, draw: &mut Draw) -> Option<Draft> {
    let dates = record.labels.dates.as_deref()?;
    let mut events: Vec<(String, PartialDate)> = Vec::new();
    for label in dates {
        let role = role(label);
        // What has no day, or two, has no place in an order.
        if label.date.day.is_none() || label.spans.is_empty() || events.iter().any(|(known, _)| *known == role) {
            return None;
        }
        words::event(&role)?;
        events.push((role, label.date));
    }
    events.sort_unstable();
    draw.shuffle(&mut events);
    let mut days: BTreeMap<PartialDate, Vec<String>> = BTreeMap::new();
    let mut choices = Vec::new();
    for (letter, (role, date)) in ('a'..='z').zip(&events) {
        days.entry(*date).or_default().push(letter.to_string());
        choices.push(Choice { id: letter.to_string(), words: words::event(role)? });
    }
    let figures = vec![events.len() as u32, days.len() as u32];
    let fit = events.len() >= FEWEST_EVENTS && days.len() >= FEWEST_DAYS;
    let days = days.into_values().collect();
    fit.then(|| Draft { record: record.clone(), form: Form::Order { events: choices }, expected: Expected::Order { days }, figures })
}

/// A date's role as `data/words.toml` names it, with the stage of a report.
pub(crate) fn role(label: &DateLabel) -> String {
    match label.stage {
        Some(Stage::Preliminary) => format!("{}_preliminary", label.role),
        Some(Stage::Final) => format!("{}_final", label.role),
        None => label.role.to_string(),
    }
}
