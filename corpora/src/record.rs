//! The record: one document with its labels. Gold, generated and predicted documents share this shape, so that scoring
//! is comparing.
//!
//! In gold, a missing field is "not annotated" and is not scored, while `[]` is "none"; in predictions a missing field is
//! empty. Hence the `Option`s. In memory every span counts bytes of the record's own text; see [`crate::jsonl`] for the
//! conversion at the border.

mod walks;

use std::collections::BTreeMap;

use serde::de::{self, Deserializer};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::date::{ClockTime, PartialDate};
use crate::scheme::{Category, Cause};
use crate::span::{OffsetUnit, Span};
use crate::vocabulary::*;

pub use walks::SpanPath;

/// The version of the record's shape.
pub const SCHEMA: u32 = 1;

/// Keys that owabi does not know. Only keys that begin with `x_` are allowed; they are kept as they are.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(transparent)]
pub struct Extra(pub BTreeMap<String, Value>);

impl<'de> Deserialize<'de> for Extra {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Extra, D::Error> {
        let keys = BTreeMap::<String, Value>::deserialize(deserializer)?;
        match keys.keys().find(|key| !key.starts_with("x_")) {
            Some(key) => Err(de::Error::custom(format!("unknown key `{key}`; keys of your own must begin with `x_`"))),
            None => Ok(Extra(keys)),
        }
    }
}

/// A document with its labels.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// The version of this shape, [`SCHEMA`].
    pub schema: u32,
    /// Unique in its corpus.
    pub id: String,
    /// The unit of the spans in the file; in memory they always count bytes.
    #[serde(default, skip_serializing_if = "OffsetUnit::is_code_points")]
    pub offsets: OffsetUnit,
    /// The document, exactly.
    pub text: String,
    /// What it states.
    pub labels: Labels,
    /// The documents on a page that holds several, in order and covering the text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub segments: Option<Vec<Segment>>,
    /// How it was generated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provenance: Option<Provenance>,
    /// Unknown keys that begin with `x_`.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Record {
    /// A record without provenance.
    pub fn new(id: impl Into<String>, text: impl Into<String>, labels: Labels) -> Record {
        Record {
            schema: SCHEMA,
            id: id.into(),
            offsets: OffsetUnit::CodePoints,
            text: text.into(),
            labels,
            segments: None,
            provenance: None,
            extra: Extra::default(),
        }
    }
}

/// One document of a page. Its spans refer to the whole text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Segment {
    /// The first position.
    pub start: usize,
    /// The first position after.
    pub end: usize,
    /// What this document states.
    pub labels: Labels,
    /// Unknown keys that begin with `x_`.
    #[serde(flatten)]
    pub extra: Extra,
}

/// What a document states.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Labels {
    /// What kind of document it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub genre: Option<Genre>,
    /// Whether personal data was exposed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exposure: Option<Exposure>,
    /// Whether it happened at or through a contractor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub via_vendor: Option<bool>,
    /// How it happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub causes: Option<Vec<CauseLabel>>,
    /// Which categories leaked, or did not; one item a category.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<Vec<DataLabel>>,
    /// How many are affected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counts: Option<Vec<CountLabel>>,
    /// When what happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dates: Option<Vec<DateLabel>>,
    /// Who has to do with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parties: Option<Vec<PartyLabel>>,
    /// Personal data really present in the text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub values: Option<Vec<ValueLabel>>,
    /// Mentions of categories that assert nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distractors: Option<Vec<DistractorLabel>>,
    /// Whether Japan's law requires a report, derived from the other fields by [`crate::reportability::assess`]. Not scored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reportability: Option<Reportability>,
    /// Unknown keys that begin with `x_`.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Labels {
    /// Labels with every field annotated, all empty.
    pub fn annotated() -> Labels {
        Labels {
            causes: Some(vec![]),
            data: Some(vec![]),
            counts: Some(vec![]),
            dates: Some(vec![]),
            parties: Some(vec![]),
            values: Some(vec![]),
            distractors: Some(vec![]),
            ..Labels::default()
        }
    }

    /// The primary cause.
    pub fn primary_cause(&self) -> Option<Cause> {
        self.causes.iter().flatten().find(|item| item.primary).map(|item| item.cause)
    }

    /// The one overall count.
    pub fn total(&self) -> Option<&CountLabel> {
        self.counts.iter().flatten().find(|item| item.total)
    }
}

/// A place in the text where a fact stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mention {
    /// The first position.
    pub start: usize,
    /// The first position after.
    pub end: usize,
    /// This mention's own status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// The group of people it speaks of, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<u32>,
}

impl Mention {
    /// The place.
    pub fn span(&self) -> Span {
        Span::new(self.start, self.end)
    }
}

impl From<Span> for Mention {
    fn from(span: Span) -> Mention {
        Mention { start: span.start, end: span.end, status: None, group: None }
    }
}

macro_rules! label {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident : $type:ty),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        pub struct $name {
            $($(#[$field_doc])* pub $field: $type,)+
            /// Where the text says so. In gold of real documents not exhaustive.
            #[serde(default)]
            pub spans: Vec<Mention>,
            /// A detector's confidence, 0 to 1.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub score: Option<f64>,
            /// The words that decided it.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub cue: Option<String>,
            /// The words that a labeller quoted (real gold only).
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub evidence: Option<String>,
            /// Unknown keys that begin with `x_`.
            #[serde(flatten)]
            pub extra: Extra,
        }

        impl $name {
            /// With these facts and places, and nothing else.
            pub fn new($($field: $type,)+ spans: Vec<Mention>) -> $name {
                $name { $($field,)+ spans, score: None, cue: None, evidence: None, extra: Extra::default() }
            }
        }
    };
}

label!(
    /// How it happened.
    CauseLabel {
        /// Which cause.
        cause: Cause,
        /// Whether the text presents it as the main one.
        primary: bool,
    }
);
label!(
    /// A category and whether it leaked.
    DataLabel {
        /// Which category.
        category: Category,
        /// The strongest status in the document.
        status: Status,
    }
);
label!(
    /// A figure about what leaked.
    CountLabel {
        /// The number.
        value: u64,
        /// What it counts.
        unit: Unit,
        /// How it bounds the true figure.
        bound: Bound,
        /// Whether it is the one overall figure.
        total: bool,
        /// The group of people, from 1.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        group: Option<u32>,
    }
);
label!(
    /// A day on which something happened.
    DateLabel {
        /// What happened.
        role: DateRole,
        /// When.
        date: PartialDate,
        /// At what time.
        #[serde(default)]
        time: Option<ClockTime>,
        /// Which report, when said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        stage: Option<Stage>,
    }
);
label!(
    /// A named party.
    PartyLabel {
        /// What it has to do with the incident.
        role: PartyRole,
        /// Its name, in full and in normal characters.
        name: String,
    }
);
label!(
    /// Personal data really present.
    ValueLabel {
        /// Which kind of value.
        kind: Category,
        /// Why it stands there.
        #[serde(rename = "use")]
        usage: Use,
        /// Whether prefix, length and check digit are valid.
        well_formed: bool,
    }
);
label!(
    /// A mention that asserts nothing.
    DistractorLabel {
        /// The category mentioned.
        category: Category,
        /// Why it asserts nothing.
        why: Why,
    }
);

/// Whether Japan's law requires a report of what the other labels say, and whether it was made in time.
///
/// ```json
/// {"required":true,"reason":"situation","as_of":"2024-06-01",
///  "duties":[{"law":"appi","article":"26","situations":[3],"undecided":[4]}],
///  "preliminary":{"due":"2024-06-05","reported":"2024-06-03","kept":true},
///  "final":{"due":"2024-07-30","reported":null,"kept":null}}
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reportability {
    /// Whether a report is required; `None` where the text is silent. Always that of the reason.
    #[serde(default)]
    pub required: Option<bool>,
    /// Why.
    pub reason: ReportReason,
    /// The date by which the rules were chosen: of the discovery, else of publication, else of the incident.
    #[serde(default)]
    pub as_of: Option<PartialDate>,
    /// The laws that were asked, each with its situations. Empty where none applies.
    #[serde(default)]
    pub duties: Vec<Duty>,
    /// The preliminary report (速報); only where a report is required.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preliminary: Option<Deadline>,
    /// The final report (確報); only where a report is required.
    #[serde(default, rename = "final", skip_serializing_if = "Option::is_none")]
    pub final_report: Option<Deadline>,
}

/// What one law says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Duty {
    /// Which law.
    pub law: Law,
    /// Which of its articles, such as `26`; `None` where the kind of holder decides and is not known.
    #[serde(default)]
    pub article: Option<String>,
    /// The numbers of the situations that are there, ascending. They count the items of the law's own rule, from 1.
    #[serde(default)]
    pub situations: Vec<u8>,
    /// The numbers of those that the text does not decide, ascending.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub undecided: Vec<u8>,
}

/// A report and the day it was due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deadline {
    /// The last day on which it was in time; `None` where the labels do not decide it.
    #[serde(default)]
    pub due: Option<PartialDate>,
    /// When it was made, as far as the text says.
    #[serde(default)]
    pub reported: Option<PartialDate>,
    /// Whether it was in time; `None` where the labels do not decide it.
    #[serde(default)]
    pub kept: Option<bool>,
}

/// How a generated document came to be. Everything here is fixed for good: it cannot be reconstructed later.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Provenance {
    /// The generator's revision, bumped when bytes change.
    pub revision: u32,
    /// The seed.
    pub seed: u64,
    /// The record's index.
    pub index: u64,
    /// The kind, such as `ec_skimming`.
    pub kind: String,
    /// The skeleton, such as `ec_skimming/3`.
    pub skeleton: String,
    /// The phrases used, in order of use.
    #[serde(default)]
    pub phrases: Vec<String>,
    /// The profile of priors.
    pub profile: String,
    /// 1 to 5.
    pub difficulty: u8,
    /// The part of the corpus.
    pub split: Split,
    /// The record that this one was perturbed from.
    #[serde(default)]
    pub base_id: Option<String>,
    /// The perturbations, in order.
    #[serde(default)]
    pub perturbations: Vec<String>,
    /// How values were made.
    pub value_mode: ValueMode,
    /// Which incident it tells, where several records tell one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incident: Option<u64>,
    /// Unknown keys that begin with `x_`.
    #[serde(flatten)]
    pub extra: Extra,
}
