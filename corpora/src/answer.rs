//! Question and answer: what a detector is told, and what it may say.

use serde::{Deserialize, Serialize};

use crate::page::Page;
use crate::record::{Extra, Labels, Segment};
use crate::span::{OffsetUnit, Span};
use crate::vocabulary::Status;

/// What a detector is given: an opaque id and the text, nothing else.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Question<'a> {
    /// Opaque, per run.
    pub id: &'a str,
    /// The document.
    pub text: &'a str,
}

/// What a detector answers, as it stands in a line of JSON: `labels`, `findings`, or both. [`crate::jsonl::resolve`] makes a
/// [`Reading`] of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Answer {
    /// The version of the shape, when a whole record is given as an answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<u32>,
    /// The question's id.
    pub id: String,
    /// The document, when a whole record is given as an answer; the spans then refer to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The unit of the spans.
    #[serde(default, skip_serializing_if = "OffsetUnit::is_code_points")]
    pub offsets: OffsetUnit,
    /// What the notice states.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub labels: Option<Labels>,
    /// What the text contains, under labels of the detector's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub findings: Option<Vec<Finding>>,
    /// The documents it found on the page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub segments: Option<Vec<Segment>>,
    /// Ignored: a detector's answer has no provenance.
    #[serde(default, skip_serializing)]
    pub provenance: Option<serde::de::IgnoredAny>,
    /// Unknown keys that begin with `x_`.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Something that a detector of data-loss prevention found: personal data that is really there, or, with a `status`, a category that
/// the text says to have leaked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// What it is, in the detector's own words (`EMAIL_ADDRESS`); a label map turns them into categories.
    pub label: String,
    /// Where it begins; in memory in bytes. A detector that only says *that* there is something leaves both ends out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<usize>,
    /// Where it ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<usize>,
    /// How many there are, where the places are not told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
    /// Whether it is said to have leaked; without a status it is a value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// How sure the detector is, from 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
    /// Unknown keys that begin with `x_`.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Finding {
    /// Where it is, if told.
    pub fn span(&self) -> Option<Span> {
        self.start.zip(self.end).map(|(start, end)| Span { start, end })
    }
}

/// An answer brought together with its text: all spans are bytes of it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Reading {
    /// What the notice states; `None` from a detector that reads no notices.
    pub labels: Option<Labels>,
    /// The documents of the page.
    pub segments: Option<Vec<Segment>>,
    /// What the text contains, under labels of the detector's own.
    pub findings: Option<Vec<Finding>>,
}

impl From<Page> for Reading {
    fn from(page: Page) -> Reading {
        Reading { labels: Some(page.labels), segments: page.segments, findings: None }
    }
}

impl From<Labels> for Reading {
    fn from(labels: Labels) -> Reading {
        Reading { labels: Some(labels), segments: None, findings: None }
    }
}
