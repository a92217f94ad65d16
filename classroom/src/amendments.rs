//! What the teacher decides beside the key: points of their own (`overrides.csv`) and answers that are right too (`accepted.csv`).
//! Both are tables that owabi writes once, empty, and only reads from then on; so they survive every further grading.

use std::collections::BTreeMap;
use std::fmt;

use owabi_corpora::{Category, Cause};

use crate::exercise::{Answer, ExerciseType, Expected, KeyItem, Verdict};
use crate::marking::data_id;
use crate::roster;

/// `overrides.csv` as a class begins: the names of its columns, and how it is used.
pub const OVERRIDES: &str = "student,exercise,points,comment
# 一行に一件:学籍番号、問の番号、点(0–100)、学生に見せるコメント。点を空にするとコメントだけを加えます。
# One line each: the student's id, the exercise's number, points (0-100), a comment for the student. Without points, only the comment is added.
";
/// `accepted.csv` as a class begins.
pub const ACCEPTED: &str = "student,type,expected,accepted
# 正解として認める別の答え。student を空にするとクラス全員に適用。例: ,primary_cause,vulnerability,unauthorized_access
# Answers that are right too; no student means the whole class. Example: ,mark_data,bank_account:possible,bank_account:confirmed
";

/// A line of a teacher's table that cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AmendmentError {
    /// From 1; `None` speaks of the whole file.
    pub line: Option<u64>,
    /// What is wrong and how to mend it.
    pub message: String,
}

impl fmt::Display for AmendmentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for AmendmentError {}

/// The teacher's own mark of one exercise.
#[derive(Debug, Clone, PartialEq)]
pub struct Override {
    /// From 0 to 100; `None` leaves the points as they are.
    pub points: Option<f64>,
    /// For the student; may be empty.
    pub comment: String,
}

/// The teacher's points, by student and exercise.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Overrides(BTreeMap<(String, u32), Override>);

impl Overrides {
    /// Reads the table. `knows` says whether there is such a student, `exercises` how many exercises there are.
    pub fn read(bytes: &[u8], knows: impl Fn(&str) -> bool, exercises: u32) -> Result<Overrides, AmendmentError> {
        let mut all: BTreeMap<(String, u32), Override> = BTreeMap::new();
        for (line, [student, exercise, points, comment]) in rows(bytes, ["student", "exercise", "points", "comment"])? {
            let wrong = |message: String| AmendmentError { line: Some(line), message };
            if !knows(&student) {
                return Err(wrong(format!("nobody in the class has the id `{student}`; look it up in marks.csv")));
            }
            let number = exercise.parse().ok().filter(|number| (1..=exercises).contains(number));
            let number: u32 =
                number.ok_or_else(|| wrong(format!("there is no exercise `{exercise}`; write a number from 1 to {exercises}")))?;
            let given = match points.as_str() {
                "" => None,
                text => Some(text.parse::<f64>().ok().filter(|points| (0.0..=100.0).contains(points)).ok_or_else(|| {
                    wrong(format!("`{points}` are no points; write a number from 0 to 100, or nothing where only a comment is added"))
                })?),
            };
            if all.insert((student.clone(), number), Override { points: given, comment }).is_some() {
                return Err(wrong(format!("a second line for exercise {number} of `{student}`; leave one of them")));
            }
        }
        Ok(Overrides(all))
    }

    /// The teacher's mark, if there is one.
    pub fn of(&self, student: &str, exercise: u32) -> Option<&Override> {
        self.0.get(&(student.to_owned(), exercise))
    }
}

/// An answer that counts as another one.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Alternative {
    student: Option<String>,
    kind: ExerciseType,
    /// What the key expects; `None`: nothing, so that the answer is let pass.
    expected: Option<String>,
    accepted: String,
}

/// Answers that are right too.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Accepted(Vec<Alternative>);

impl Accepted {
    /// Reads the table; `knows` says whether there is such a student.
    pub fn read(bytes: &[u8], knows: impl Fn(&str) -> bool) -> Result<Accepted, AmendmentError> {
        let mut all = Vec::new();
        for (line, [student, kind, expected, accepted]) in rows(bytes, ["student", "type", "expected", "accepted"])? {
            let wrong = |message: String| AmendmentError { line: Some(line), message };
            if !student.is_empty() && !knows(&student) {
                return Err(wrong(format!("nobody in the class has the id `{student}`; leave it empty for the whole class")));
            }
            let types = || ExerciseType::all().map(ExerciseType::id).collect::<Vec<_>>().join(", ");
            let kind: ExerciseType =
                kind.parse().map_err(|_| wrong(format!("`{kind}` is no type of exercise; write one of: {}", types())))?;
            if accepted.is_empty() {
                return Err(wrong("the fourth column is empty; write there what is right too".to_owned()));
            }
            for id in [&expected, &accepted].into_iter().filter(|id| !id.is_empty()) {
                let text = kind == ExerciseType::MissingSection;
                if !text {
                    can_be(kind, id).map_err(|what| wrong(format!("`{id}` {what}")))?;
                }
            }
            let may_be_none = matches!(kind, ExerciseType::MarkData | ExerciseType::TotalAndGroups | ExerciseType::ReportingDuty);
            if expected.is_empty() && !may_be_none {
                return Err(wrong(format!(
                    "the third column is empty; write what the key of {kind} expects, as queue.csv and the key name it"
                )));
            }
            all.push(Alternative {
                student: (!student.is_empty()).then_some(student),
                kind,
                expected: (!expected.is_empty()).then_some(expected),
                accepted,
            });
        }
        Ok(Accepted(all))
    }

    /// The key and the answer as they are marked: what is right too stands there as what is right.
    pub fn apply(&self, student: &str, item: &KeyItem, answer: &Answer) -> (KeyItem, Answer) {
        let (mut item, mut answer) = (item.clone(), answer.clone());
        for alternative in &self.0 {
            if alternative.kind == item.kind && alternative.student.as_deref().is_none_or(|of| of == student) {
                alternative.apply(&mut item, &mut answer);
            }
        }
        (item, answer)
    }
}

impl Alternative {
    fn apply(&self, item: &mut KeyItem, answer: &mut Answer) {
        let expected = self.expected.as_deref();
        match &mut item.expected {
            Expected::Data => {
                let wanted = |id: &str| item.record.labels.data.iter().flatten().any(|of| data_id(of.category, of.status) == id);
                if expected.is_some_and(|id| !wanted(id)) {
                    return;
                }
                let is = |span: &crate::Marked, id: &str| {
                    span.category.zip(span.status).is_some_and(|(category, status)| data_id(category, status) == id)
                };
                match expected.and_then(data_of) {
                    Some((category, status)) => {
                        for span in answer.spans.iter_mut().filter(|span| is(span, &self.accepted)) {
                            (span.category, span.status) = (Some(category), Some(status));
                        }
                    }
                    None => answer.spans.retain(|span| !is(span, &self.accepted)),
                }
            }
            Expected::Cause { cause } => {
                if expected == Some(cause.id()) && answer.choice.as_deref() == Some(&self.accepted) {
                    answer.choice = expected.map(str::to_owned);
                }
            }
            Expected::Fault { choice, .. } => {
                if expected == Some(choice) && answer.choice.as_deref() == Some(&self.accepted) {
                    answer.choice = expected.map(str::to_owned);
                }
            }
            Expected::Numbers { total, groups } => {
                let Some(numbers) = &mut answer.numbers else { return };
                let Ok(accepted) = self.accepted.parse::<u64>() else { return };
                match expected.and_then(|id| id.parse::<u64>().ok()) {
                    Some(wanted) if wanted == *total || groups.contains(&wanted) => {
                        let all = numbers.total.iter_mut().chain(&mut numbers.groups);
                        all.filter(|number| **number == accepted).for_each(|number| *number = wanted);
                    }
                    Some(_) => {}
                    None => numbers.groups.retain(|number| *number != accepted),
                }
            }
            Expected::Duty { situations, open, preliminary, final_report } => {
                let situation = |id: &str| id.strip_prefix("situation:").and_then(|number| number.parse::<u8>().ok());
                if let Some(accepted) = situation(&self.accepted) {
                    match expected.and_then(situation) {
                        // One for another: the one that was ticked is what was asked for.
                        Some(wanted) if situations.contains(&wanted) => {
                            answer
                                .situations
                                .iter_mut()
                                .flatten()
                                .filter(|number| **number == accepted)
                                .for_each(|number| *number = wanted);
                        }
                        Some(_) => {}
                        None => open.push(accepted),
                    }
                }
                if let Some(kept) = &mut answer.kept {
                    verdict(self, "preliminary", *preliminary, &mut kept.preliminary);
                    verdict(self, "final", *final_report, &mut kept.final_report);
                }
            }
            Expected::Section { checklist, .. } => {
                for item in checklist.iter_mut().filter(|item| Some(item.id.as_str()) == expected) {
                    item.any.push(self.accepted.clone());
                }
            }
            Expected::Order { .. } => {}
        }
    }
}

fn verdict(alternative: &Alternative, report: &str, right: Verdict, given: &mut Option<Verdict>) {
    let Some(given) = given else { return };
    let named = |verdict: Verdict| format!("{report}:{}", verdict.id());
    if alternative.expected.as_deref() == Some(&named(right)) && alternative.accepted == named(*given) {
        *given = right;
    }
}

fn data_of(id: &str) -> Option<(Category, owabi_corpora::vocabulary::Status)> {
    let (category, status) = id.split_once(':')?;
    Some((Category::from_id(category).ok()?, status.parse().ok()?))
}

/// Whether a type's answers are called so; otherwise how they are called.
fn can_be(kind: ExerciseType, id: &str) -> Result<(), String> {
    let report =
        |id: &str| ["preliminary:", "final:"].iter().any(|report| id.strip_prefix(report).is_some_and(|of| of.parse::<Verdict>().is_ok()));
    let situation = |id: &str| id.strip_prefix("situation:").is_some_and(|number| ["1", "2", "3", "4"].contains(&number));
    let (fits, called) = match kind {
        ExerciseType::MarkData => (data_of(id).is_some(), "is no category with a status; write such as name:denied"),
        ExerciseType::PrimaryCause => (Cause::from_id(id).is_ok(), "is no cause; `owabi scheme causes` lists them"),
        ExerciseType::TotalAndGroups => (id.parse::<u64>().is_ok(), "is no number of people; write digits only, such as 1234"),
        ExerciseType::ReportingDuty => {
            (situation(id) || report(id), "is neither a situation nor a verdict; write such as situation:3 or final:no")
        }
        ExerciseType::Incoherence => {
            (crate::words::faults().iter().any(|fault| fault.id == id), "is no kind of error; write one of the ids that the rubric names")
        }
        ExerciseType::Timeline => (false, "cannot be accepted: the order follows from the days; give the points in overrides.csv"),
        ExerciseType::MissingSection => (true, ""),
    };
    if fits { Ok(()) } else { Err(called.to_owned()) }
}

/// The rows below the head, with their lines. Lines that begin with `#` are comments; the table may have been saved by a spreadsheet.
fn rows<const N: usize>(bytes: &[u8], columns: [&str; N]) -> Result<Vec<(u64, [String; N])>, AmendmentError> {
    let text = roster::decode(bytes).map_err(|error| AmendmentError { line: None, message: error.message })?;
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).comment(Some(b'#')).trim(csv::Trim::All).from_reader(text.as_bytes());
    let mut all = Vec::new();
    let mut head = true;
    for record in reader.records() {
        let record = record
            .map_err(|error| AmendmentError { line: error.position().map(csv::Position::line), message: format!("no table: {error}") })?;
        let line = roster::line_of(&text, &record, Some('#')).unwrap_or_default();
        if std::mem::take(&mut head) {
            if !record.iter().take(N).eq(columns) {
                let message = format!("the first line must be `{}`; put it back", columns.join(","));
                return Err(AmendmentError { line: Some(line), message });
            }
            continue;
        }
        if record.iter().all(str::is_empty) {
            continue;
        }
        // The last column may be left out.
        if record.len() + 1 < N {
            let message = format!("{} columns instead of {N} ({}); write them all", record.len(), columns.join(","));
            return Err(AmendmentError { line: Some(line), message });
        }
        // A spreadsheet's apostrophe before what could be a formula is not part of the cell.
        let cell = |column: usize| plain(record.get(column).unwrap_or_default());
        all.push((line, std::array::from_fn(cell)));
    }
    Ok(all)
}

/// A cell as it was before [`owabi_corpora::csv::harmless`].
fn plain(cell: &str) -> String {
    match cell.strip_prefix('\'') {
        Some(rest) if owabi_corpora::csv::harmless(rest) != rest => rest.to_owned(),
        _ => cell.to_owned(),
    }
}
