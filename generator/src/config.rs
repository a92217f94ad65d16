//! What is asked of the generator.

use std::fmt;

use owabi_corpora::vocabulary::{Split, ValueMode};
use sha2::{Digest, Sha256};

use crate::kind::Kind;
use crate::perturb::Perturbations;

/// The named profiles of priors.
pub const PROFILES: &[&str] = &["sources"];

/// Which personal data really stands in the texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Values {
    /// None.
    None,
    /// The help desk's own telephone number, fax number and address.
    Contact,
    /// These, and rows of leaked sample data.
    Exhibit,
}

impl Values {
    /// Every value, in the order of declaration.
    pub const ALL: [Values; 3] = [Values::None, Values::Contact, Values::Exhibit];

    /// The id used in flags and files.
    pub fn id(self) -> &'static str {
        match self {
            Values::None => "none",
            Values::Contact => "contact",
            Values::Exhibit => "exhibit",
        }
    }
}

impl fmt::Display for Values {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.id())
    }
}

impl std::str::FromStr for Values {
    type Err = ConfigError;

    fn from_str(id: &str) -> Result<Values, ConfigError> {
        Values::ALL.into_iter().find(|values| values.id() == id).ok_or_else(|| ConfigError {
            what: "values",
            given: id.to_owned(),
            valid: Values::ALL.iter().map(|values| values.id()).collect(),
        })
    }
}

/// What to generate. Everything but `seed` is the *configuration*, whose hash stands in every id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Any number; another one gives other records.
    pub seed: u64,
    /// The kinds to draw from; empty means all.
    pub kinds: Vec<Kind>,
    /// The profile of priors, one of [`PROFILES`].
    pub profile: String,
    /// The part of the corpus: skeletons and phrases of one part never occur in another.
    pub split: Split,
    /// How values are made.
    pub value_mode: ValueMode,
    /// Which values appear.
    pub values: Values,
    /// Whether every incident is told in several voices, one record each.
    pub voices: bool,
    /// What is done to the finished records. The records themselves, their ids' hash and all that is drawn for them stay those of
    /// the same configuration without perturbations, so that each has its base.
    pub perturb: Perturbations,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            seed: 0,
            kinds: Vec::new(),
            profile: PROFILES[0].to_owned(),
            split: Split::Train,
            value_mode: ValueMode::Reserved,
            values: Values::Contact,
            voices: false,
            perturb: Perturbations::default(),
        }
    }
}

impl Config {
    /// The one spelling of this configuration: the same for configurations that ask for the same. The kinds are listed by
    /// name even when all are wanted, since a later revision may hold more; perturbations only where there are some.
    pub fn canonical(&self) -> String {
        match self.perturb.is_empty() {
            true => self.unperturbed(),
            false => format!("{};perturb={}", self.unperturbed(), self.perturb),
        }
    }

    /// The part of [`Config::canonical`] that records are drawn by.
    pub(crate) fn unperturbed(&self) -> String {
        let kinds: Vec<&str> = self.wanted().iter().map(|kind| kind.id()).collect();
        let mut canonical = format!(
            "kinds={};profile={};split={};value_mode={};values={}",
            kinds.join(","),
            self.profile,
            self.split.id(),
            self.value_mode.id(),
            self.values.id()
        );
        // What is asked for seldom stands there only when it is, so that the ids of all others stay.
        if self.voices {
            canonical.push_str(";voices");
        }
        canonical
    }

    /// The first eight hexadecimal digits of the SHA-256 of [`Config::canonical`].
    pub fn hash(&self) -> String {
        short_hash(&self.canonical())
    }

    /// The kinds to draw from, in the order of the table, each once.
    pub(crate) fn wanted(&self) -> Vec<Kind> {
        crate::kind::kinds().filter(|kind| self.kinds.is_empty() || self.kinds.contains(kind)).collect()
    }
}

/// The first eight hexadecimal digits of the SHA-256 of a text.
pub(crate) fn short_hash(text: &str) -> String {
    Sha256::digest(text.as_bytes())[..4].iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A name that the generator does not know. The message lists the valid ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    pub(crate) what: &'static str,
    pub(crate) given: String,
    pub(crate) valid: Vec<&'static str>,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown {} `{}`; valid are: {}", self.what, self.given, self.valid.join(", "))
    }
}

impl std::error::Error for ConfigError {}
