//! What is asked of the generator.

use std::fmt;

use owabi_corpora::vocabulary::{Split, ValueMode};
use sha2::{Digest, Sha256};

use crate::difficulty;
use crate::kind::Kind;
use crate::knobs::{Adjacency, FARTHEST_KEYWORD, MOST_INSTANCES};
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
        Values::ALL.into_iter().find(|values| values.id() == id).ok_or_else(|| ConfigError::Unknown {
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
    /// Whether `well_formed` may make My Numbers whose check digit is right: they could be somebody's.
    pub allow_valid_my_number: bool,
    /// How many rows an exhibit shows: a record's is drawn from the list; empty means a few. From 1 to [`MOST_INSTANCES`].
    pub instances: Vec<u32>,
    /// How many characters stand between the word that names a leaked value and the first of its values; empty means as the
    /// layout has it. Up to [`FARTHEST_KEYWORD`].
    pub keyword_distances: Vec<u32>,
    /// What stands beside a leaked value; empty means as the layout has it.
    pub adjacencies: Vec<Adjacency>,
    /// How hard the records are to read right, from 1 to 5: a record's is drawn from the list; empty means as it comes.
    pub difficulties: Vec<u8>,
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
            allow_valid_my_number: false,
            instances: Vec::new(),
            keyword_distances: Vec::new(),
            adjacencies: Vec::new(),
            difficulties: Vec::new(),
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
        if self.allow_valid_my_number {
            canonical.push_str(";allow_valid_my_number=true");
        }
        for (name, list) in [
            ("instances", listed(&self.instances)),
            ("keyword_distance", listed(&self.keyword_distances)),
            ("adjacency", listed(&self.adjacencies)),
            ("difficulty", listed(&self.difficulties)),
        ] {
            if !list.is_empty() {
                canonical.push_str(&format!(";{name}={list}"));
            }
        }
        canonical
    }

    /// The same with its lists sorted and each of their entries once, or what cannot be asked for together.
    pub(crate) fn checked(mut self) -> Result<Config, ConfigError> {
        let refused = |message: String| Err(ConfigError::Refused(message));
        sort(&mut self.instances);
        sort(&mut self.keyword_distances);
        sort(&mut self.adjacencies);
        sort(&mut self.difficulties);
        let exhibits = self.values == Values::Exhibit;
        let knobs = [
            ("instances", self.instances.is_empty()),
            ("keyword distances", self.keyword_distances.is_empty()),
            ("adjacencies", self.adjacencies.is_empty()),
        ];
        if let Some((what, _)) = knobs.into_iter().find(|(_, empty)| !empty && !exhibits) {
            return refused(format!("{what} are those of leaked values: ask for them with --values exhibit"));
        }
        if self.allow_valid_my_number && !(exhibits && self.value_mode == ValueMode::WellFormed) {
            return refused("valid My Numbers occur only with --value-mode well_formed --values exhibit".to_owned());
        }
        if let Some(count) = self.instances.iter().find(|count| !(1..=MOST_INSTANCES).contains(count)) {
            return refused(format!("{count} instances: from 1 to {MOST_INSTANCES} can be shown"));
        }
        if let Some(distance) = self.keyword_distances.iter().find(|distance| **distance > FARTHEST_KEYWORD) {
            return refused(format!("a keyword distance of {distance}: up to {FARTHEST_KEYWORD} characters are possible"));
        }
        if self.keyword_distances.contains(&0) && !self.adjacencies.is_empty() && !self.adjacencies.contains(&Adjacency::Kanji) {
            return refused(
                "at a keyword distance of 0 the keyword itself stands beside the value: ask for 1 or more, or for the adjacency kanji as well"
                    .to_owned(),
            );
        }
        if self.voices && !self.difficulties.is_empty() {
            return refused("one incident's voices differ in difficulty: ask for voices or for a difficulty".to_owned());
        }
        if let Some(level) = self.difficulties.iter().find(|level| !difficulty::LEVELS.contains(level)) {
            return refused(format!("difficulty {level}: it goes from 1 to 5"));
        }
        Ok(self)
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

fn sort<T: Ord>(list: &mut Vec<T>) {
    list.sort();
    list.dedup();
}

/// `1,9`, whatever the order in which they were given.
fn listed<T: Ord + Clone + fmt::Display>(list: &[T]) -> String {
    let mut list = list.to_vec();
    sort(&mut list);
    list.iter().map(T::to_string).collect::<Vec<_>>().join(",")
}

/// What the generator cannot make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConfigError {
    /// A name that it does not know.
    Unknown {
        /// What it should name.
        what: &'static str,
        /// The name.
        given: String,
        /// The names that it knows.
        valid: Vec<&'static str>,
    },
    /// A combination, or a figure out of its bounds; the message says how to mend it.
    Refused(String),
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ConfigError::Unknown { what, given, valid } => write!(f, "unknown {what} `{given}`; valid are: {}", valid.join(", ")),
            ConfigError::Refused(message) => f.write_str(message),
        }
    }
}

impl std::error::Error for ConfigError {}
