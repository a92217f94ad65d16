//! A class: for every student other documents of equal difficulty, the key to them, and what the answers are worth.
//!
//! * [`exercise`]: the shapes that page, key and marking share.
//! * [`mod@page`]: a student's page.

#![warn(missing_docs)]

pub mod exercise;
pub mod page;

pub use exercise::{
    Answer, AnswerFile, CheckItem, Choice, Exercise, ExerciseType, Expected, Explanation, Form, Kept, Key, KeyError, KeyItem, Language,
    Marked, Numbers, Place, Sheet, Verdict, Words,
};
