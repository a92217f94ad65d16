//! `teacher/class.json`: what the class was made with, and which page is whose.

use std::fmt;

use owabi_corpora::jsonl;
use serde::{Deserialize, Serialize};

use crate::class::{Settings, Shape};
use crate::exercise::SCHEMA;
use crate::outlook::Spread;

/// All that is known of a class beside its secret and its keys.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Register {
    /// [`SCHEMA`].
    pub schema: u32,
    /// The class's opaque id.
    pub class: String,
    /// The generator's revision.
    pub revision: u32,
    /// What was asked for.
    pub settings: Settings,
    /// The shapes, exercise by exercise.
    pub exercises: Vec<Shape>,
    /// Expected marks by student, by the model of a reader.
    pub expected: Spread,
    /// Everyone, in the roster's order.
    pub students: Vec<Enrolled>,
}

/// A student and their page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enrolled {
    /// The school's id.
    pub id: String,
    /// The name; empty where the roster has none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The e-mail address; empty where the roster has none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub email: String,
    /// The page's opaque id.
    pub page: String,
}

/// A register that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterError(String);

impl fmt::Display for RegisterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for RegisterError {}

impl Register {
    /// As it stands in the file.
    pub fn to_json(&self) -> String {
        // Strings and numbers only: nothing can fail.
        let mut json = serde_json::to_string_pretty(self).unwrap_or_default();
        json.push('\n');
        json
    }

    /// Reads what [`Register::to_json`] writes.
    pub fn from_json(json: &[u8]) -> Result<Register, RegisterError> {
        let register: Register = jsonl::parse(json).map_err(|error| RegisterError(error.to_string()))?;
        match register.schema {
            SCHEMA => Ok(register),
            other => Err(RegisterError(format!("schema {other}: this owabi reads {SCHEMA}"))),
        }
    }
}
