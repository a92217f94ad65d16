//! Answer files, read strictly: what a student's page saved, and nothing else. Every fault is one line that says what to do.

use std::collections::BTreeSet;
use std::fmt;

use owabi_corpora::{OffsetUnit, Offsets};
use serde_json::error::Category as Fault;

use crate::exercise::{Answer, AnswerFile, Choice, Expected, Form, Kept, Key, KeyItem, Marked, Numbers, Place, SCHEMA};

/// The largest file that is read, in bytes. What a page saves is a few thousand.
pub const LARGEST: usize = 1 << 20;
/// The most numbers of people in one answer.
const MOST_GROUPS: usize = 1000;

/// Why a file is no answer, in one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerError(String);

impl fmt::Display for AnswerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for AnswerError {}

fn refused<T>(message: impl Into<String>) -> Result<T, AnswerError> {
    Err(AnswerError(message.into()))
}

/// What is said where a file is damaged: nobody should mend JSON by hand.
const AGAIN: &str = "ask the student for the file as the page saved it";

/// Reads a file. Whether it fits a page is for [`check`].
pub fn read(bytes: &[u8]) -> Result<AnswerFile, AnswerError> {
    if bytes.len() > LARGEST {
        return refused(format!("{} bytes are more than any answer has ({LARGEST}); {AGAIN}", bytes.len()));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.trim_ascii().is_empty() {
        return refused(format!("is empty; {AGAIN}"));
    }
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return refused(format!("is UTF-16, not UTF-8: another program has saved it; {AGAIN}"));
    }
    if bytes.contains(&0) {
        return refused(format!("is no text but an archive, a picture or the like; {AGAIN}"));
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            return refused(format!("is not UTF-8 (byte {}): another program has saved it; {AGAIN}", error.valid_up_to()));
        }
    };
    if text.trim_start().starts_with('<') {
        return refused("is the page and not the answers; ask the student to press “Save answers” (答案を保存) and hand in that file");
    }
    let mut json = serde_json::Deserializer::from_str(text);
    let read = serde_path_to_error::deserialize(&mut json);
    let file: AnswerFile = match read {
        Ok(file) => file,
        Err(error) => {
            let path = error.path().to_string();
            let inner = error.inner();
            let (line, column) = (inner.line(), inner.column());
            let said = inner.to_string();
            let said = said.rsplit_once(" at line ").map_or(said.as_str(), |(said, _)| said);
            return match inner.classify() {
                Fault::Data if path != "." => refused(format!("{path}: {said}; {AGAIN}")),
                Fault::Data => refused(format!("{said}; {AGAIN}")),
                _ => refused(format!("broken JSON in line {line}, column {column}: {said}; {AGAIN}")),
            };
        }
    };
    if let Err(error) = json.end() {
        return refused(format!("more follows the answers in line {}, column {}; {AGAIN}", error.line(), error.column()));
    }
    match file.schema {
        SCHEMA => Ok(file),
        other => refused(format!("schema {other}: this owabi reads {SCHEMA}; use the owabi that made the pages")),
    }
}

/// Whether the answers can be answers to this key's exercises: places lie in the texts, ids are those that could be chosen.
pub fn check(file: &AnswerFile, key: &Key) -> Result<(), AnswerError> {
    if file.page != key.page || file.class != key.class {
        return refused("belongs to another class; look for the class that handed out this page");
    }
    let mut seen = BTreeSet::new();
    for answer in &file.exercises {
        let number = answer.number;
        let Some(item) = key.exercises.iter().find(|item| item.number == number) else {
            return refused(format!("there is no exercise {number} on this page: the file was altered; {AGAIN}"));
        };
        if !seen.insert(number) {
            return refused(format!("exercise {number} is answered twice: the file was altered; {AGAIN}"));
        }
        if let Err(what) = fits(answer, item) {
            return refused(format!("exercise {number}: {what}: the file was altered; {AGAIN}"));
        }
    }
    Ok(())
}

/// The answer to an exercise; one that says nothing is none.
pub fn of(file: &AnswerFile, number: u32) -> Option<&Answer> {
    let silent = Answer { number, ..Answer::default() };
    file.exercises.iter().find(|answer| answer.number == number && **answer != silent)
}

/// What somebody answers who knows the key: all points that are given automatically. For trying out a class, and for tests.
pub fn perfect(item: &KeyItem) -> Answer {
    let mut answer = Answer { number: item.number, ..Answer::default() };
    match &item.expected {
        Expected::Data => {
            let offsets = Offsets::new(&item.record.text, OffsetUnit::CodePoints);
            let labels = item.record.labels.data.iter().flatten().filter(|label| label.category.is_scored());
            for (label, span) in labels.filter_map(|label| label.spans.first().map(|span| (label, span))) {
                answer.spans.push(Marked {
                    start: offsets.from_byte(span.start),
                    end: offsets.from_byte(span.end),
                    category: Some(label.category),
                    status: Some(label.status),
                });
            }
        }
        Expected::Cause { cause } => answer.choice = Some(cause.id().to_owned()),
        Expected::Numbers { total, groups } => answer.numbers = Some(Numbers { total: Some(*total), groups: groups.clone() }),
        Expected::Order { days } => answer.order = Some(days.concat()),
        Expected::Duty { situations, preliminary, final_report, .. } => {
            answer.situations = Some(situations.clone());
            answer.kept = Some(Kept { preliminary: Some(*preliminary), final_report: Some(*final_report) });
        }
        Expected::Section { removed, .. } => answer.text = Some(removed.clone()),
        Expected::Fault { places, choice, .. } => {
            let mark = |place: &Place| Marked { start: place.start, end: place.end, category: None, status: None };
            answer.spans = places.iter().take(1).map(mark).collect();
            answer.choice = Some(choice.clone());
        }
    }
    answer
}

fn fits(answer: &Answer, item: &KeyItem) -> Result<(), String> {
    let Answer { number: _, spans, choice, numbers, order, situations, kept, text } = answer;
    let form = &item.form;
    let (marks, fault) = (matches!(form, Form::Marks { .. }), matches!(form, Form::Fault { .. }));
    let (options, duty) = (matches!(form, Form::Options { .. }), matches!(form, Form::Duty { .. }));
    for (given, wanted, name) in [
        (!spans.is_empty(), marks || fault, "spans"),
        (choice.is_some(), options || fault, "choice"),
        (numbers.is_some(), matches!(form, Form::Numbers { .. }), "numbers"),
        (order.is_some(), matches!(form, Form::Order { .. }), "order"),
        (situations.is_some(), duty, "situations"),
        (kept.is_some(), duty, "kept"),
        (text.is_some(), matches!(form, Form::Text { .. }), "text"),
    ] {
        if given && !wanted {
            return Err(format!("`{name}` answers another type of exercise"));
        }
    }
    let length = item.record.text.chars().count();
    for span in spans {
        if span.start >= span.end || span.end > length {
            return Err(format!("the place {}–{} is not in the text, which has {length} characters", span.start, span.end));
        }
        if marks != (span.category.is_some() && span.status.is_some()) {
            return Err(format!("the mark at {}–{} has no category and status, or should have none", span.start, span.end));
        }
    }
    match form {
        Form::Options { options } | Form::Fault { options } => known(choice.iter(), options)?,
        Form::Numbers { .. } if numbers.as_ref().is_some_and(|numbers| numbers.groups.len() > MOST_GROUPS) => {
            return Err(format!("more than {MOST_GROUPS} numbers"));
        }
        Form::Order { events } => {
            known(order.iter().flatten(), events)?;
            let distinct: BTreeSet<&String> = order.iter().flatten().collect();
            if order.as_ref().is_some_and(|order| order.len() != events.len() || distinct.len() != events.len()) {
                return Err("the order does not hold every event once".to_owned());
            }
        }
        Form::Duty { situations: all, .. } => {
            let ids: Vec<String> = situations.iter().flatten().map(u8::to_string).collect();
            known(ids.iter(), all)?;
        }
        Form::Text { most, .. } => {
            let written = text.as_ref().map_or(0, |text| text.chars().count());
            if written > *most {
                return Err(format!("{written} characters are more than the page takes ({most})"));
            }
        }
        Form::Marks { categories, .. } => {
            let ids: Vec<String> = spans.iter().filter_map(|span| span.category).map(|category| category.to_string()).collect();
            known(ids.iter(), categories)?;
        }
        Form::Numbers { .. } => {}
    }
    Ok(())
}

fn known<'a>(mut ids: impl Iterator<Item = &'a String>, choices: &[Choice]) -> Result<(), String> {
    match ids.find(|id| !choices.iter().any(|choice| choice.id == **id)) {
        Some(strange) => {
            let short: String = strange.chars().take(40).collect();
            Err(format!("`{short}` could not be chosen"))
        }
        None => Ok(()),
    }
}
