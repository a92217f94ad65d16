//! A class: for every student other documents of equal difficulty, the key to them, and what the answers are worth.
//!
//! * [`roster`]: who is in it; [`secret`]: what everything is drawn from.
//! * [`class`]: from a student to documents of one shape; `draft` makes exercises of documents, one file a type; [`register`]: whose is which.
//! * [`exercise`]: the shapes that page, key and marking share; [`words`]: what people read.
//! * [`mod@page`]: a student's page; [`teacher`]: key, overview and rubric to read; [`explain`]: which words decide.
//! * [`answers`]: files of answers, read strictly; [`amendments`]: what the teacher decides beside the key.
//! * [`marking`]: what an answer is worth; [`detected`]: a detector's labels handed in as an answer; [`grading`]: a student's whole file.
//! * [`gradebook`]: tables of marks; [`feedback`]: a page for each student, in whose words [`parts`] are called; [`statistics`], [`results`]: the class.
//! * [`reader`], [`outlook`]: what may be expected before anyone has answered.
//!
//! Nothing here opens a file, reads a clock or asks the system for randomness: whoever calls brings the secret, the roster's bytes and a detector.

#![warn(missing_docs)]

pub mod amendments;
pub mod answers;
pub mod class;
pub mod detected;
mod draft;
pub mod exercise;
pub mod explain;
pub mod feedback;
pub mod gradebook;
pub mod grading;
pub mod marking;
pub mod outlook;
pub mod page;
pub mod parts;
mod phrases;
pub mod reader;
pub mod register;
pub mod results;
pub mod roster;
pub mod secret;
pub mod statistics;
pub mod teacher;
pub mod words;

pub use class::{Class, ClassError, Drawn, Settings, Shape};
pub use exercise::{
    Answer, AnswerFile, CheckItem, Choice, Exercise, ExerciseType, Expected, Explanation, Form, Kept, Key, KeyError, KeyItem, Language,
    Marked, Numbers, Place, Sheet, Verdict, Words,
};
pub use outlook::{Outlook, Outlooks, Spread};
pub use register::{Enrolled, Register, RegisterError};
pub use roster::{RosterError, Student};
pub use secret::Secret;
pub use teacher::Teacher;
