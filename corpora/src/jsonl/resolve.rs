//! Where spans change from the file's unit to bytes; what labels must hold that their shape cannot say.

use std::collections::BTreeSet;
use std::fmt;

use super::FieldError;
use crate::answer::{Answer, Finding, Reading};
use crate::record::{Labels, Record, SCHEMA, Segment};
use crate::span::Offsets;

/// Converts a record's spans from the file's unit to bytes and checks what a record must hold.
pub fn to_memory(record: &mut Record) -> Result<(), FieldError> {
    if record.schema != SCHEMA {
        return Err(FieldError::new("schema", format!("this owabi reads schema {SCHEMA}, the record has {}", record.schema)));
    }
    check_id(&record.id)?;
    let offsets = Offsets::new(&record.text, std::mem::take(&mut record.offsets));
    spans_to_bytes(&offsets, &mut record.labels, record.segments.as_deref_mut())?;
    check_labels(&record.labels)?;
    check_segments(record.text.len(), record.segments.as_deref().unwrap_or_default())
}

pub(super) fn check_id(id: &str) -> Result<(), FieldError> {
    if id.is_empty() { Err(FieldError::new("id", "empty; every record needs an id")) } else { Ok(()) }
}

pub(super) fn check_length(text: &str, limit: usize) -> Result<(), FieldError> {
    match text.len() {
        length if length > limit => {
            Err(FieldError::new("text", format!("{length} bytes, more than the limit of {limit}; split the document")))
        }
        _ => Ok(()),
    }
}

/// Brings an answer together with `text`, which must be the document it answers for: its spans become bytes.
pub fn resolve(answer: Answer, text: &str) -> Result<Reading, FieldError> {
    if answer.text.as_deref().is_some_and(|own| own != text) {
        return Err(FieldError::new("text", "not the text of the gold record with this id"));
    }
    let Answer { mut labels, mut segments, mut findings, offsets, .. } = answer;
    if labels.is_none() && findings.is_none() {
        return Err(FieldError::new("labels", "missing; an answer has `labels`, `findings` or both"));
    }
    let offsets = Offsets::new(text, offsets);
    if let Some(labels) = &mut labels {
        spans_to_bytes(&offsets, labels, segments.as_deref_mut())?;
        check_labels(labels)?;
    }
    check_segments(text.len(), segments.as_deref().unwrap_or_default())?;
    for (index, finding) in findings.iter_mut().flatten().enumerate() {
        finding_to_bytes(&offsets, index, finding)?;
    }
    Ok(Reading { labels, segments, findings })
}

fn finding_to_bytes(offsets: &Offsets<'_>, index: usize, finding: &mut Finding) -> Result<(), FieldError> {
    let path = format!("findings[{index}]");
    match (&mut finding.start, &mut finding.end) {
        (Some(start), Some(end)) => to_bytes(offsets, &path, start, end)?,
        (None, None) => {}
        _ => return Err(FieldError::new(path, "`start` without `end`, or the reverse; give both or neither")),
    }
    check_score(finding.score, || format!("{path}.score"))
}

fn spans_to_bytes(offsets: &Offsets<'_>, labels: &mut Labels, segments: Option<&mut [Segment]>) -> Result<(), FieldError> {
    labels.visit_spans(|path, mention| to_bytes(offsets, &path, &mut mention.start, &mut mention.end))?;
    for (index, segment) in segments.into_iter().flatten().enumerate() {
        to_bytes(offsets, &format!("segments[{index}]"), &mut segment.start, &mut segment.end)?;
        let path = |path: &dyn fmt::Display| format!("segments[{index}].{path}");
        segment.labels.visit_spans(|inner, mention| to_bytes(offsets, &path(&inner), &mut mention.start, &mut mention.end))?;
    }
    Ok(())
}

fn to_bytes(offsets: &Offsets<'_>, path: &dyn fmt::Display, start: &mut usize, end: &mut usize) -> Result<(), FieldError> {
    if start >= end {
        return Err(FieldError::new(path.to_string(), format!("empty: start {start}, end {end}; the end stands after the last character")));
    }
    *start = offsets.to_byte(*start).map_err(|error| FieldError::new(format!("{path}.start"), error))?;
    *end = offsets.to_byte(*end).map_err(|error| FieldError::new(format!("{path}.end"), error))?;
    Ok(())
}

/// A score that no threshold could be compared with would be dropped or kept at random.
fn check_score(score: Option<f64>, path: impl Fn() -> String) -> Result<(), FieldError> {
    match score {
        Some(score) if !(0.0..=1.0).contains(&score) => Err(FieldError::new(path(), format!("{score} is not between 0 and 1"))),
        _ => Ok(()),
    }
}

/// What the shape alone cannot say: one item a category, one primary cause, one total.
fn check_labels(labels: &Labels) -> Result<(), FieldError> {
    labels.visit_scores(|field, index, score| check_score(score, || format!("labels.{field}[{index}].score")))?;
    let mut seen = BTreeSet::new();
    for (index, item) in labels.data.iter().flatten().enumerate() {
        if !seen.insert(item.category) {
            let message = format!("`{}` stands twice; give one item a category, with its strongest status", item.category);
            return Err(FieldError::new(format!("labels.data[{index}].category"), message));
        }
    }
    if labels.causes.iter().flatten().filter(|item| item.primary).count() > 1 {
        return Err(FieldError::new("labels.causes", "more than one is primary"));
    }
    if labels.counts.iter().flatten().filter(|item| item.total).count() > 1 {
        return Err(FieldError::new("labels.counts", "more than one is the total"));
    }
    Ok(())
}

fn check_segments(length: usize, segments: &[Segment]) -> Result<(), FieldError> {
    let mut expected = 0;
    for (index, segment) in segments.iter().enumerate() {
        if segment.start != expected {
            let message = "segments must be in order, without gap or overlap, and begin at 0";
            return Err(FieldError::new(format!("segments[{index}].start"), message));
        }
        expected = segment.end;
        check_labels(&segment.labels)?;
    }
    if !segments.is_empty() && expected != length {
        return Err(FieldError::new("segments", "the last segment must end where the text ends"));
    }
    Ok(())
}
