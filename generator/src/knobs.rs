//! What scanners are sensitive to in leaked values: how many there are, how far they stand from the word that names them, and what
//! stands directly beside them.
//!
//! Each is a list of which a record's is drawn, in a stage of its own; a page draws once for all its documents.

use std::fmt;
use std::str::FromStr;

use owabi_corpora::record::Extra;

use crate::config::{Config, ConfigError};
use crate::draw::Key;

/// The most rows that a document can show.
pub const MOST_INSTANCES: u32 = 10_000;
/// The farthest that a value can stand from its keyword, in characters.
pub const FARTHEST_KEYWORD: u32 = 10_000;

/// What stands directly before and after a leaked value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Adjacency {
    /// A kanji or kana: 「登録4242…確認済」. Words have no borders in Japanese, so a scanner that asks for one finds nothing.
    Kanji,
    /// A space.
    Space,
    /// A bracket, a colon, a comma.
    Punct,
}

impl Adjacency {
    /// Every value, in the order of declaration.
    pub const ALL: [Adjacency; 3] = [Adjacency::Kanji, Adjacency::Space, Adjacency::Punct];

    /// The id used in flags and provenance.
    pub fn id(self) -> &'static str {
        match self {
            Adjacency::Kanji => "kanji",
            Adjacency::Space => "space",
            Adjacency::Punct => "punct",
        }
    }
}

impl fmt::Display for Adjacency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.id())
    }
}

impl FromStr for Adjacency {
    type Err = ConfigError;

    fn from_str(id: &str) -> Result<Adjacency, ConfigError> {
        Adjacency::ALL.into_iter().find(|adjacency| adjacency.id() == id).ok_or_else(|| ConfigError::Unknown {
            what: "adjacency",
            given: id.to_owned(),
            valid: Adjacency::ALL.iter().map(|adjacency| adjacency.id()).collect(),
        })
    }
}

/// One record's settings; `None` where nothing was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Knobs {
    /// The number of rows.
    pub(crate) instances: Option<u32>,
    /// The characters between keyword and first value.
    pub(crate) keyword_distance: Option<u32>,
    pub(crate) adjacency: Option<Adjacency>,
}

impl Knobs {
    /// Draws a record's settings. `key` is the record's, not that of a document on it.
    pub(crate) fn draw(config: &Config, key: &Key) -> Knobs {
        let one = |list: &[u32], stage: &str| (!list.is_empty()).then(|| *key.stage(stage).pick(list));
        let keyword_distance = one(&config.keyword_distances, "keyword_distance");
        // What stands before a value that follows its keyword at once is the keyword.
        let fits = |adjacency: &Adjacency| keyword_distance != Some(0) || *adjacency == Adjacency::Kanji;
        let adjacencies: Vec<Adjacency> = config.adjacencies.iter().copied().filter(fits).collect();
        Knobs {
            instances: one(&config.instances, "instances"),
            keyword_distance,
            adjacency: (!adjacencies.is_empty()).then(|| *key.stage("adjacency").pick(&adjacencies)),
        }
    }

    /// Whether values have to stand in a text of their own, where nothing else names them.
    pub(crate) fn are_placed(&self) -> bool {
        self.keyword_distance.is_some() || self.adjacency.is_some()
    }

    /// As provenance has them, so that scores can be sliced by them.
    pub(crate) fn extra(&self) -> Extra {
        let mut extra = Extra::default();
        if let Some(instances) = self.instances {
            extra.0.insert("x_instances".to_owned(), instances.into());
        }
        if let Some(distance) = self.keyword_distance {
            extra.0.insert("x_keyword_distance".to_owned(), distance.into());
        }
        if let Some(adjacency) = self.adjacency {
            extra.0.insert("x_adjacency".to_owned(), adjacency.id().into());
        }
        extra
    }
}
