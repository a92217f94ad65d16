//! Documents for which a detector gave no answer that could be scored.

use std::fmt;

use strum::{Display, EnumIter, EnumString, IntoStaticStr};

/// What became of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Display, EnumIter, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum LossKind {
    /// The detector ended, or closed the connection, before it answered.
    Crash,
    /// It took too long.
    Timeout,
    /// It answered something that is no answer: broken JSON, an unknown category, a span past the end of the text.
    Malformed,
    /// It refused the document: a server's error, a limit of size.
    Refused,
    /// Its answers do not mention the document.
    Missing,
}

impl LossKind {
    /// The id in files.
    pub fn id(self) -> &'static str {
        self.into()
    }
}

/// An answer that never came. It counts as missed, and is told with its reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loss {
    /// What became of it.
    pub kind: LossKind,
    /// In one line, for people.
    pub why: String,
}

impl Loss {
    /// With its reason.
    pub fn new(kind: LossKind, why: impl Into<String>) -> Loss {
        Loss { kind, why: why.into() }
    }
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind, self.why)
    }
}
