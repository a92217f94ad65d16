//! Tables of marks: for the teacher's spreadsheet, for Moodle, and of what waits for the teacher.
//!
//! All begin with a byte-order mark, so that a spreadsheet takes them for UTF-8, and hold no cell that could be a formula.

use std::io;

use owabi_corpora::csv::Table;

use crate::class::Shape;
use crate::exercise::{Expected, Key, KeyItem};
use crate::grading::{Graded, Marked};
use crate::marking::Outcome;
use crate::register::Enrolled;

const MARK: &[u8] = b"\xef\xbb\xbf";

/// What a student handed in.
#[derive(Debug, Clone, Copy)]
pub enum Handed<'a> {
    /// Nothing.
    Nothing,
    /// Something that cannot be marked.
    Refused,
    /// Answers, and what they brought.
    In(&'a Graded),
}

impl<'a> Handed<'a> {
    fn graded(&self) -> Option<&'a Graded> {
        match self {
            Handed::In(graded) => Some(graded),
            _ => None,
        }
    }
}

/// `marks.csv`: everyone, in the roster's order. `status` is `marked`, `waiting` (points are provisional), `refused` (the file cannot be marked) or
/// `missing`.
pub struct Marks {
    table: Table<Vec<u8>>,
    exercises: usize,
}

impl Marks {
    /// A column an exercise.
    pub fn new(exercises: &[Shape]) -> io::Result<Marks> {
        let mut table = Table::new(MARK.to_vec());
        let columns = ["id", "name", "page", "status", "total"].map(str::to_owned).into_iter();
        table.row(columns.chain(exercises.iter().map(|shape| format!("{} {}", shape.number, shape.kind))))?;
        Ok(Marks { table, exercises: exercises.len() })
    }

    /// A student.
    pub fn add(&mut self, student: &Enrolled, handed: &Handed<'_>) -> io::Result<()> {
        let status = match handed {
            Handed::Nothing => "missing",
            Handed::Refused => "refused",
            Handed::In(graded) if graded.waits() => "waiting",
            Handed::In(_) => "marked",
        };
        let total = handed.graded().map(|graded| points(graded.total())).unwrap_or_default();
        let who = [student.id.clone(), student.name.clone(), student.page.clone(), status.to_owned(), total];
        let single = (0..self.exercises).map(|at| handed.graded().and_then(|graded| graded.exercises.get(at)).map(Marked::points));
        self.table.row(who.into_iter().chain(single.map(|single| single.map(points).unwrap_or_default())))
    }

    /// The file.
    pub fn finish(self) -> io::Result<Vec<u8>> {
        self.table.finish()
    }
}

/// `moodle.csv`: a grading worksheet of Moodle's assignments. Moodle finds its people by `Identifier`, which is the roster's id where the
/// roster is the worksheet that Moodle gave out.
pub struct Moodle(Table<Vec<u8>>);

impl Moodle {
    /// With the columns that Moodle itself writes.
    pub fn new() -> io::Result<Moodle> {
        let mut table = Table::new(MARK.to_vec());
        table.row([
            "Identifier",
            "Full name",
            "Email address",
            "Status",
            "Grade",
            "Maximum Grade",
            "Grade can be changed",
            "Last modified (submission)",
            "Last modified (grade)",
            "Feedback comments",
        ])?;
        Ok(Moodle(table))
    }

    /// A student; without marks there is no grade.
    pub fn add(&mut self, student: &Enrolled, handed: &Handed<'_>) -> io::Result<()> {
        let graded = handed.graded();
        let status = if matches!(handed, Handed::Nothing) { "No submission" } else { "Submitted for grading" };
        let grade = graded.map(|graded| format!("{:.2}", graded.total())).unwrap_or_default();
        let comments = graded.map(|graded| comments(&graded.exercises)).unwrap_or_default();
        self.0.row([&student.id, &student.name, &student.email, status, &grade, "100.00", "Yes", "", "", &comments])
    }

    /// The file.
    pub fn finish(self) -> io::Result<Vec<u8>> {
        self.0.finish()
    }
}

/// `queue.csv`: what the teacher has to read. Its first four columns are those of `overrides.csv`: filled in, a line can be moved there.
pub struct Queue {
    table: Table<Vec<u8>>,
    /// How many lines it has.
    pub waiting: usize,
}

impl Queue {
    /// With no line.
    pub fn new() -> io::Result<Queue> {
        let mut table = Table::new(MARK.to_vec());
        table.row(["student", "exercise", "points", "comment", "name", "automatic", "found", "not found", "to judge", "text"])?;
        Ok(Queue { table, waiting: 0 })
    }

    /// What waits of one student. `text` gives what was written in an exercise.
    pub fn add(&mut self, waiting: Vec<Waiting>) -> io::Result<()> {
        for line in waiting {
            let Waiting { student, name, exercise, automatic, found, not_found, to_judge, text } = line;
            let list = |items: &[String]| items.join(" / ");
            let cells = [
                student,
                exercise.to_string(),
                String::new(),
                String::new(),
                name,
                points(automatic),
                list(&found),
                list(&not_found),
                list(&to_judge),
                text,
            ];
            self.table.row(cells)?;
            self.waiting += 1;
        }
        Ok(())
    }

    /// The file.
    pub fn finish(self) -> io::Result<Vec<u8>> {
        self.table.finish()
    }
}

/// A written answer that the teacher has to read.
#[derive(Debug, Clone, PartialEq)]
pub struct Waiting {
    /// The school's id.
    pub student: String,
    /// The name.
    pub name: String,
    /// The exercise.
    pub exercise: u32,
    /// The points so far.
    pub automatic: f64,
    /// Items of the checklist that were found in it.
    pub found: Vec<String>,
    /// Those that were not.
    pub not_found: Vec<String>,
    /// What the teacher judges, with the points it can bring.
    pub to_judge: Vec<String>,
    /// What was written.
    pub text: String,
}

/// What of a student's answers waits for the teacher.
pub fn waiting(student: &Enrolled, key: &Key, graded: &Graded) -> Vec<Waiting> {
    let all = key.exercises.iter().zip(&graded.exercises).filter(|(_, marked)| marked.waits());
    all.map(|(item, marked)| {
        let told = |outcome: Outcome| {
            let parts = marked.automatic.parts.iter().filter(|part| part.outcome == outcome);
            parts.map(|part| part.what.clone()).collect::<Vec<_>>()
        };
        Waiting {
            student: student.id.clone(),
            name: student.name.clone(),
            exercise: item.number,
            automatic: marked.automatic.points,
            found: told(Outcome::Right),
            not_found: told(Outcome::Missed),
            to_judge: to_judge(item),
            text: marked.answer.as_ref().and_then(|answer| answer.text.clone()).unwrap_or_default(),
        }
    })
    .collect()
}

/// The rubric's points, as far as they are the teacher's.
fn to_judge(item: &KeyItem) -> Vec<String> {
    match &item.expected {
        Expected::Section { checklist, .. } => {
            let open = checklist.iter().filter(|point| point.any.is_empty());
            open.map(|point| format!("{} (0–{})", point.id, point.points)).collect()
        }
        _ => Vec::new(),
    }
}

fn comments(exercises: &[Marked]) -> String {
    let said = exercises.iter().filter(|marked| !marked.comment.is_empty());
    said.map(|marked| format!("{}: {}", marked.number, marked.comment)).collect::<Vec<_>>().join(" / ")
}

fn points(points: f64) -> String {
    format!("{points:.1}")
}
