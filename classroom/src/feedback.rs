//! A student's page of feedback: what each answer was worth and why, and the text with the right answer in it. It runs nothing.

use std::collections::BTreeSet;

use owabi_corpora::{OffsetUnit, Offsets};
use serde::Serialize;
use tera::{Context, Tera};

use crate::exercise::{Expected, Form, Key, KeyItem, Language, Marked as Mark};
use crate::grading::{Graded, Marked};
use crate::marking::{Outcome, data_id};
use crate::page::{HEAD, policy};
use crate::parts::{called, right_answer};
use crate::phrases;
use crate::register::Enrolled;
use crate::words;

pub(crate) const STYLE: &str = include_str!("../data/feedback/style.css");
const TEMPLATE: (&str, &str) = ("feedback.html", include_str!("../data/feedback/feedback.html"));

/// Makes the pages; building it compiles the template.
pub struct Feedback {
    tera: Tera,
    language: Language,
}

impl Feedback {
    /// In one language.
    ///
    /// # Panics
    /// Never, unless the template is broken; a test renders it.
    pub fn new(language: Language) -> Feedback {
        let mut tera = Tera::default();
        tera.add_raw_templates([TEMPLATE, HEAD]).unwrap_or_else(|error| panic!("classroom/data/feedback: {error}"));
        Feedback { tera, language }
    }

    /// The page of one student. The same marks make the same bytes.
    ///
    /// # Panics
    /// Never, unless the template is broken; a test renders it.
    pub fn page(&self, student: &Enrolled, key: &Key, graded: &Graded) -> String {
        let exercises: Vec<ExerciseView> =
            key.exercises.iter().zip(&graded.exercises).map(|(item, marked)| self.exercise(item, marked)).collect();
        let mut context = Context::new();
        context.insert("language", self.language.id());
        context.insert("say", &phrases::all(self.language));
        context.insert("style", STYLE);
        context.insert("policy", &policy(&[STYLE], &[]));
        context.insert("page", &student.page);
        context.insert("who", if student.name.is_empty() { &student.id } else { &student.name });
        context.insert("total", &format!("{:.1}", graded.total()));
        context.insert("waits", &graded.waits());
        context.insert("exercises", &exercises);
        self.tera.render(TEMPLATE.0, &context).unwrap_or_else(|error| panic!("classroom/data/feedback: {error}"))
    }

    fn exercise(&self, item: &KeyItem, marked: &Marked) -> ExerciseView {
        let language = self.language;
        let answer = marked.answer.as_ref();
        let part =
            |part: &crate::marking::Part| PartView { outcome: outcome(part.outcome), what: called(item, part).of(language).to_owned() };
        ExerciseView {
            number: item.number,
            title: words::title(item.kind).of(language).to_owned(),
            points: format!("{:.1}", marked.points()),
            // Of 100 pixels.
            bar: marked.points(),
            answered: answer.is_some(),
            by_teacher: marked.given.is_some(),
            waits: marked.waits(),
            comment: marked.comment.clone(),
            parts: marked.automatic.parts.iter().map(part).collect(),
            right: right_answer(item).iter().map(|words| words.of(language).to_owned()).collect(),
            wrote: answer.and_then(|answer| answer.text.clone()).unwrap_or_default(),
            pieces: pieces(item, answer.map(|answer| &answer.spans[..]).unwrap_or_default()),
            why: item.why.iter().map(|why| Why { placed: why.place.is_some(), words: why.words.of(language).to_owned() }).collect(),
        }
    }
}

#[derive(Serialize)]
struct ExerciseView {
    number: u32,
    title: String,
    points: String,
    bar: f64,
    answered: bool,
    by_teacher: bool,
    waits: bool,
    comment: String,
    parts: Vec<PartView>,
    right: Vec<String>,
    wrote: String,
    pieces: Vec<Piece>,
    why: Vec<Why>,
}

#[derive(Serialize)]
struct PartView {
    /// A key of the phrases, and a class of the style.
    outcome: &'static str,
    what: String,
}

#[derive(Serialize)]
struct Why {
    placed: bool,
    words: String,
}

/// A piece of the text in which nothing begins or ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Piece {
    text: String,
    /// Classes of the style: `key` (decides the right answer), `idle` (says nothing, as is explained), `yours`, `right` or `wrong` beside it.
    class: String,
    /// The numbers of the explanations that end with it.
    notes: Vec<usize>,
}

fn outcome(of: Outcome) -> &'static str {
    match of {
        Outcome::Right => "right",
        Outcome::Missed => "missed",
        Outcome::Misplaced => "misplaced",
        Outcome::Wrong => "wrong",
        Outcome::Open => "open",
    }
}

/// The text, cut where explained places and the student's marks begin and end. A section that was missing stands in its place.
fn pieces(item: &KeyItem, marks: &[Mark]) -> Vec<Piece> {
    let chars: Vec<char> = item.record.text.chars().collect();
    let length = chars.len();
    let offsets = Offsets::new(&item.record.text, OffsetUnit::CodePoints);
    let idle: BTreeSet<(usize, usize)> = item
        .record
        .labels
        .distractors
        .iter()
        .flatten()
        .flat_map(|label| &label.spans)
        .map(|span| (offsets.from_byte(span.start), offsets.from_byte(span.end)))
        .collect();
    let clipped = |start: usize, end: usize| (start.min(length), end.min(length));
    let explained: Vec<(usize, usize, usize)> = (1..)
        .zip(&item.why)
        .filter_map(|(note, why)| why.place.map(|place| (note, clipped(place.start, place.end))))
        .map(|(note, (start, end))| (note, start, end))
        .collect();
    let yours: Vec<(usize, usize, bool)> = marks
        .iter()
        .map(|mark| (clipped(mark.start, mark.end), is_right(item, mark)))
        .map(|((start, end), right)| (start, end, right))
        .collect();
    let gap = match &item.form {
        Form::Text { at, .. } => Some((*at).min(length)),
        _ => None,
    };
    let borders =
        explained.iter().flat_map(|(_, start, end)| [*start, *end]).chain(yours.iter().flat_map(|(start, end, _)| [*start, *end]));
    let borders: BTreeSet<usize> = borders.chain([0, length]).chain(gap).collect();
    let borders: Vec<usize> = borders.into_iter().collect();
    let mut all = Vec::new();
    for pair in borders.windows(2) {
        let (start, end) = (pair[0], pair[1]);
        if gap == Some(start) {
            all.extend(removed(item));
        }
        let mut class = Vec::new();
        let over: Vec<_> = explained.iter().filter(|(_, from, to)| *from <= start && end <= *to).collect();
        if !over.is_empty() {
            let only_idle = over.iter().all(|(_, from, to)| idle.contains(&(*from, *to)));
            class.push(if only_idle { "idle" } else { "key" });
        }
        if let Some((.., right)) = yours.iter().find(|(from, to, _)| *from <= start && end <= *to) {
            class.extend(["yours", if *right { "right" } else { "wrong" }]);
        }
        let notes = explained.iter().filter(|(_, _, to)| *to == end).map(|(note, ..)| *note).collect();
        all.push(Piece { text: chars[start..end].iter().collect(), class: class.join(" "), notes });
    }
    if gap == Some(length) {
        all.extend(removed(item));
    }
    all
}

fn removed(item: &KeyItem) -> Option<Piece> {
    match &item.expected {
        Expected::Section { removed, .. } => Some(Piece { text: removed.clone(), class: "key".to_owned(), notes: vec![] }),
        _ => None,
    }
}

/// Whether a mark is right where it stands.
fn is_right(item: &KeyItem, mark: &Mark) -> bool {
    let touches = |start: usize, end: usize| mark.start < end && start < mark.end;
    match (&item.expected, mark.category.zip(mark.status)) {
        (Expected::Fault { places, .. }, _) => places.iter().any(|place| touches(place.start, place.end)),
        (_, Some((category, status))) => {
            let offsets = Offsets::new(&item.record.text, OffsetUnit::CodePoints);
            let wanted = data_id(category, status);
            let same = item.record.labels.data.iter().flatten().filter(|label| data_id(label.category, label.status) == wanted);
            same.flat_map(|label| &label.spans).any(|span| touches(offsets.from_byte(span.start), offsets.from_byte(span.end)))
        }
        _ => false,
    }
}
