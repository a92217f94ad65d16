//! One student's answers against their key: marks exercise by exercise, with the teacher's decisions, and the whole.

use crate::amendments::{Accepted, Overrides};
use crate::answers;
use crate::exercise::{Answer, AnswerFile, ExerciseType, Key};
use crate::marking::{Mark, mark};

/// What one exercise brought.
#[derive(Debug, Clone, PartialEq)]
pub struct Marked {
    /// From 1.
    pub number: u32,
    /// Its type.
    pub kind: ExerciseType,
    /// Beside the others.
    pub weight: u32,
    /// The answer as it was marked, with what is right where the teacher accepts something else for it; none where nothing was answered.
    pub answer: Option<Answer>,
    /// As owabi marks it, with accepted answers.
    pub automatic: Mark,
    /// The teacher's points; they take the place of owabi's.
    pub given: Option<f64>,
    /// The teacher's comment; may be empty.
    pub comment: String,
}

impl Marked {
    /// What counts: the teacher's points, else owabi's. From 0 to 100, in tenths.
    pub fn points(&self) -> f64 {
        tenths(self.given.unwrap_or(self.automatic.points))
    }

    /// Whether something is still for the teacher to read.
    pub fn waits(&self) -> bool {
        self.automatic.pending && self.given.is_none()
    }
}

/// All that one student brought.
#[derive(Debug, Clone, PartialEq)]
pub struct Graded {
    /// Exercise by exercise.
    pub exercises: Vec<Marked>,
}

impl Graded {
    /// The weighted mean of the exercises' points, in tenths; from 0 to 100.
    pub fn total(&self) -> f64 {
        let weights: u32 = self.exercises.iter().map(|marked| marked.weight).sum();
        let sum: f64 = self.exercises.iter().map(|marked| marked.points() * f64::from(marked.weight)).sum();
        if weights == 0 { 0.0 } else { tenths(sum / f64::from(weights)) }
    }

    /// Whether something is still for the teacher to read.
    pub fn waits(&self) -> bool {
        self.exercises.iter().any(Marked::waits)
    }
}

/// Marks a file of answers that [`answers::check`] has let pass. `student` is the school's id.
pub fn grade(student: &str, key: &Key, file: &AnswerFile, overrides: &Overrides, accepted: &Accepted) -> Graded {
    let exercise = |item: &crate::KeyItem| {
        let answer = answers::of(file, item.number);
        let (automatic, answer) = match answer {
            Some(answer) => {
                let (item, answer) = accepted.apply(student, item, answer);
                (mark(&item, Some(&answer)), Some(answer))
            }
            None => (mark(item, None), None),
        };
        let teacher = overrides.of(student, item.number);
        Marked {
            number: item.number,
            kind: item.kind,
            weight: item.weight,
            answer,
            automatic,
            given: teacher.and_then(|teacher| teacher.points),
            comment: teacher.map(|teacher| teacher.comment.clone()).unwrap_or_default(),
        }
    };
    Graded { exercises: key.exercises.iter().map(exercise).collect() }
}

/// To one decimal, so that what is shown is what is added up.
fn tenths(points: f64) -> f64 {
    (points * 10.0).round() / 10.0
}
