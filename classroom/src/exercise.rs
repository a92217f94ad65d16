//! What a student is shown, what the teacher keeps, and what comes back: the shapes that the page, the key and the marking share.
//!
//! Every position here counts Unicode code points of the exercise's text, as in all of owabi's JSON; only the key's records hold
//! bytes in memory, and are written as [`owabi_corpora::jsonl`] writes them.

use std::fmt;

use owabi_corpora::record::Record;
use owabi_corpora::vocabulary::Status;
use owabi_corpora::{Category, Cause, jsonl};
use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoEnumIterator, IntoStaticStr};

/// The version of all shapes of this file.
pub const SCHEMA: u32 = 1;

/// What is asked of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Display, EnumIter, EnumString, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ExerciseType {
    /// Mark every category that the text speaks of as leaked or not, with its status.
    MarkData,
    /// Name the primary cause.
    PrimaryCause,
    /// Find the total and the groups' numbers of people.
    TotalAndGroups,
    /// Put what happened in order.
    Timeline,
    /// Which of the four situations that must be reported apply, and were the time limits kept.
    ReportingDuty,
    /// Write the section that is missing.
    MissingSection,
    /// Find the one planted error.
    Incoherence,
}

impl ExerciseType {
    /// Every type, in the order of declaration.
    pub fn all() -> impl Iterator<Item = ExerciseType> {
        ExerciseType::iter()
    }

    /// The id used in flags and files.
    pub fn id(self) -> &'static str {
        self.into()
    }
}

/// A language of the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Display, EnumString, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Language {
    /// 日本語.
    Ja,
    /// English.
    En,
}

impl Language {
    /// The id used in flags, files and the pages' `lang`.
    pub fn id(self) -> &'static str {
        self.into()
    }
}

/// The same words in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// In Japanese.
    pub ja: String,
    /// In English.
    pub en: String,
}

impl Words {
    /// In one language.
    pub fn of(&self, language: Language) -> &str {
        match language {
            Language::Ja => &self.ja,
            Language::En => &self.en,
        }
    }
}

/// Something that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// What the answer file holds.
    pub id: String,
    /// What the student reads.
    pub words: Words,
}

/// A stretch of an exercise's text, half-open, in code points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// The first position.
    pub start: usize,
    /// The first position after.
    pub end: usize,
}

/// All that a student's page shows. It holds no answer, no seed, no label and no name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sheet {
    /// [`SCHEMA`].
    pub schema: u32,
    /// The page's opaque id, 16 hexadecimal digits.
    pub page: String,
    /// The class's opaque id, 16 hexadecimal digits.
    pub class: String,
    /// In which language the page opens.
    pub language: Language,
    /// From number 1 on.
    pub exercises: Vec<Exercise>,
}

/// A document and what is asked of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exercise {
    /// From 1.
    pub number: u32,
    /// What is asked.
    pub kind: ExerciseType,
    /// A short name of the exercise type.
    pub title: Words,
    /// What to do, and how it is marked: plain text, a line a paragraph.
    pub instructions: Words,
    /// The document.
    pub text: String,
    /// What can be answered.
    pub form: Form,
}

/// What can be answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "type", deny_unknown_fields)]
pub enum Form {
    /// Stretches of the text, each with a category and a status: [`Answer::spans`].
    Marks {
        /// All categories, those that are asked for often first.
        categories: Vec<Choice>,
        /// `confirmed`, `possible`, `denied`.
        statuses: Vec<Choice>,
    },
    /// One of the options: [`Answer::choice`].
    Options {
        /// In an order of the student's own.
        options: Vec<Choice>,
    },
    /// The total and one number a group: [`Answer::numbers`]. All count people.
    Numbers {
        /// How many fields for groups the page shows; more may be added.
        rows: u32,
    },
    /// All events, first to last: [`Answer::order`].
    Order {
        /// In an order of the student's own; the ids say nothing.
        events: Vec<Choice>,
    },
    /// The situations that apply and whether each report was in time: [`Answer::situations`], [`Answer::kept`].
    Duty {
        /// The ids are `1` to `4`.
        situations: Vec<Choice>,
        /// `preliminary`, `final`.
        reports: Vec<Choice>,
        /// `yes`, `no`, `not_told`.
        verdicts: Vec<Choice>,
    },
    /// Free text: [`Answer::text`].
    Text {
        /// The facts that are to be told, a line each.
        memo: Vec<Words>,
        /// Where in the text the section is missing.
        at: usize,
        /// The most code points that are taken.
        most: usize,
    },
    /// The words that are wrong, marked without category ([`Answer::spans`]), and what is wrong with them ([`Answer::choice`]).
    Fault {
        /// Kinds of errors.
        options: Vec<Choice>,
    },
}

/// The teacher's side of a page.
#[derive(Debug, Clone, PartialEq)]
pub struct Key {
    /// The page's opaque id.
    pub page: String,
    /// The class's opaque id.
    pub class: String,
    /// One for each exercise, in their order.
    pub exercises: Vec<KeyItem>,
}

/// The teacher's side of an exercise.
#[derive(Debug, Clone, PartialEq)]
pub struct KeyItem {
    /// From 1.
    pub number: u32,
    /// What is asked.
    pub kind: ExerciseType,
    /// The text as the student reads it, with its labels.
    pub record: Record,
    /// What could be answered: what an answer is checked against, and how its ids are called.
    pub form: Form,
    /// The right answer.
    pub expected: Expected,
    /// Which words decide it.
    pub why: Vec<Explanation>,
    /// How much the exercise counts beside the others.
    pub weight: u32,
}

/// The right answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "type", deny_unknown_fields)]
pub enum Expected {
    /// `labels.data` of the record.
    Data,
    /// The primary cause, which is an id of the options.
    Cause {
        /// Which.
        cause: Cause,
    },
    /// Of people.
    Numbers {
        /// The overall figure.
        total: u64,
        /// The other figures, ascending.
        groups: Vec<u64>,
    },
    /// Event ids by day: those of one day may come in any order.
    Order {
        /// First to last.
        days: Vec<Vec<String>>,
    },
    /// The duty to report.
    Duty {
        /// The numbers of the situations that apply, ascending.
        situations: Vec<u8>,
        /// Numbers of situations that the notice leaves open: neither right nor wrong.
        open: Vec<u8>,
        /// Whether the preliminary report was in time.
        preliminary: Verdict,
        /// Whether the final report was in time.
        final_report: Verdict,
    },
    /// A section to write.
    Section {
        /// As it stood in the notice.
        removed: String,
        /// What it must say.
        checklist: Vec<CheckItem>,
    },
    /// A planted error.
    Fault {
        /// The places that contradict each other; marking one of them is right.
        places: Vec<Place>,
        /// An id of the form's options.
        choice: String,
        /// What stood there before the error was planted.
        right: String,
    },
}

/// Whether a time limit was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Display, EnumIter, EnumString, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Verdict {
    /// In time.
    Yes,
    /// Late.
    No,
    /// The notice does not tell.
    NotTold,
}

impl Verdict {
    /// The id used in files.
    pub fn id(self) -> &'static str {
        self.into()
    }
}

/// One thing that a written section must say. What can be told literally is marked by itself; the rest waits for the teacher.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckItem {
    /// Such as `total` or `category:phone`.
    pub id: String,
    /// What is looked for, for people.
    pub words: Words,
    /// Said when any of these stands in the answer, after NFKC, without spaces and commas; empty: the teacher decides.
    pub any: Vec<String>,
    /// How many of the section's 100 points it brings.
    pub points: u32,
}

/// Words of the text that decide, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Explanation {
    /// Where they stand; `None` speaks of the whole text.
    pub place: Option<Place>,
    /// What they decide.
    pub words: Words,
}

/// What a student's page saves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerFile {
    /// [`SCHEMA`].
    pub schema: u32,
    /// The page's id.
    pub page: String,
    /// The class's id.
    pub class: String,
    /// What wrote it.
    pub saved_with: String,
    /// One for each exercise that was answered.
    pub exercises: Vec<Answer>,
}

/// The answer to one exercise. Which fields are used depends on its form; the others are absent.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// The exercise's number.
    pub number: u32,
    /// What was marked in the text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spans: Vec<Marked>,
    /// What was chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub choice: Option<String>,
    /// Numbers of people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub numbers: Option<Numbers>,
    /// Event ids, first to last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<Vec<String>>,
    /// Numbers of situations that apply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub situations: Option<Vec<u8>>,
    /// Whether the reports were in time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept: Option<Kept>,
    /// What was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// A stretch of the text that was marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Marked {
    /// The first position, in code points.
    pub start: usize,
    /// The first position after.
    pub end: usize,
    /// What was said to have leaked or not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Category>,
    /// Whether it leaked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
}

/// Numbers of people that were found.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Numbers {
    /// The overall figure.
    #[serde(default)]
    pub total: Option<u64>,
    /// The other figures.
    #[serde(default)]
    pub groups: Vec<u64>,
}

/// Whether the reports were in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    /// 速報.
    #[serde(default)]
    pub preliminary: Option<Verdict>,
    /// 確報.
    #[serde(default, rename = "final")]
    pub final_report: Option<Verdict>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyFile<R> {
    schema: u32,
    page: String,
    class: String,
    exercises: Vec<KeyEntry<R>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyEntry<R> {
    number: u32,
    kind: ExerciseType,
    form: Form,
    expected: Expected,
    why: Vec<Explanation>,
    weight: u32,
    record: R,
}

/// A key's file that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyError(String);

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for KeyError {}

impl Key {
    /// As it stands in `teacher/keys/PAGE.json`, with a line break at the end. The records have the shape of JSONL.
    pub fn to_json(&self) -> String {
        let entry = |item: &KeyItem| {
            let mut line = Vec::new();
            // Writing to memory cannot fail, and what was written as JSON can be read as JSON.
            let _ = jsonl::write_record(&mut line, &item.record);
            KeyEntry {
                number: item.number,
                kind: item.kind,
                form: item.form.clone(),
                expected: item.expected.clone(),
                why: item.why.clone(),
                weight: item.weight,
                record: serde_json::from_slice::<serde_json::Value>(&line).unwrap_or_default(),
            }
        };
        let exercises = self.exercises.iter().map(entry).collect();
        let file = KeyFile { schema: SCHEMA, page: self.page.clone(), class: self.class.clone(), exercises };
        let mut json = serde_json::to_string(&file).unwrap_or_default();
        json.push('\n');
        json
    }

    /// Reads what [`Key::to_json`] writes.
    pub fn from_json(json: &[u8]) -> Result<Key, KeyError> {
        let file: KeyFile<Record> = jsonl::parse(json).map_err(|error| KeyError(error.to_string()))?;
        if file.schema != SCHEMA {
            return Err(KeyError(format!("schema {}: this owabi reads {SCHEMA}", file.schema)));
        }
        let item = |mut entry: KeyEntry<Record>| {
            let number = entry.number;
            jsonl::to_memory(&mut entry.record).map_err(|error| KeyError(format!("exercise {number}: {error}")))?;
            let KeyEntry { kind, form, expected, why, weight, record, .. } = entry;
            Ok(KeyItem { number, kind, record, form, expected, why, weight })
        };
        let exercises = file.exercises.into_iter().map(item).collect::<Result<_, KeyError>>()?;
        Ok(Key { page: file.page, class: file.class, exercises })
    }
}
