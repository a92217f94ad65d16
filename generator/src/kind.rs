//! The kinds of documents: one row of `data/kinds.toml` each.

use std::fmt;
use std::str::FromStr;

use owabi_corpora::vocabulary::Genre;

use crate::config::ConfigError;
use crate::data::{self, KindRow, Scenario};

/// A kind of document, such as `ec_skimming`: an index into `data/kinds.toml`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kind(u8);

/// All kinds, in the order of the table.
pub fn kinds() -> impl ExactSizeIterator<Item = Kind> + Clone {
    (0..data::kinds().len() as u8).map(Kind)
}

/// The kinds that tell one incident in turn, `None` for that of the incident's own release.
pub(crate) fn voices() -> Vec<Option<Kind>> {
    let known = |id: &String| if id.is_empty() { Some(None) } else { id.parse().ok().map(Some) };
    data::voices().iter().filter_map(known).collect()
}

impl Kind {
    /// Whether its documents are the release of an incident that others may tell too.
    pub(crate) fn tells_incidents(self) -> bool {
        let row = self.row();
        row.scenario == Scenario::Incident && row.stage.is_none() && row.genre == Some(Genre::Notice) && !row.single && !row.internal
    }

    /// The id used in flags, files and provenance.
    pub fn id(self) -> &'static str {
        &self.row().id
    }

    /// Which published sources hold documents of this kind.
    pub fn sources(self) -> &'static [String] {
        &self.row().sources
    }

    /// Whose skeletons order its documents: its own, or those of the kind that its row names.
    pub fn skeletons(self) -> &'static str {
        let row = self.row();
        row.skeletons.as_ref().unwrap_or(&row.id)
    }

    /// Whether it is a page of several documents of the other kinds.
    pub fn is_page(self) -> bool {
        self.row().scenario == Scenario::Page
    }

    /// The position in the table, from 0.
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }

    pub(crate) fn row(self) -> &'static KindRow {
        &data::kinds()[self.0 as usize]
    }
}

impl FromStr for Kind {
    type Err = ConfigError;

    fn from_str(id: &str) -> Result<Kind, ConfigError> {
        kinds().find(|kind| kind.id() == id).ok_or_else(|| ConfigError::Unknown {
            what: "kind",
            given: id.to_owned(),
            valid: kinds().map(Kind::id).collect(),
        })
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.id())
    }
}

impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}
