//! The closed lists: 64 data categories and 33 causes, with their crosswalks to other vocabularies.
//!
//! The tables are data (`scheme/categories.tsv`, `scheme/causes.tsv`); [`Category`] and [`Cause`] are indices into them.
//! A Japanese name is for display only: a detector or generator that read it would share words with the other, and
//! every score between them would be a lie (`tests/independence.rs`).

use std::fmt;
use std::sync::LazyLock;

use serde::de::{self, Deserialize, Deserializer};
use serde::{Serialize, Serializer};

static CATEGORIES: LazyLock<Table> = LazyLock::new(|| Table::parse(include_str!("../scheme/categories.tsv")));
static CAUSES: LazyLock<Table> = LazyLock::new(|| Table::parse(include_str!("../scheme/causes.tsv")));

/// A committed table: a comment line, a header, then one row an id. `-` means that a vocabulary has no such term.
struct Table {
    header: Vec<&'static str>,
    rows: Vec<Vec<&'static str>>,
    /// The ids with their rows, sorted.
    ids: Vec<(&'static str, u8)>,
}

impl Table {
    fn parse(text: &'static str) -> Table {
        let mut lines = text.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t').collect::<Vec<_>>());
        let header = lines.next().unwrap_or_default();
        let rows: Vec<Vec<&str>> = lines.collect();
        let mut ids: Vec<(&str, u8)> = rows.iter().zip(0..).map(|(row, index)| (row[0], index)).collect();
        ids.sort_unstable();
        Table { header, rows, ids }
    }

    fn find(&self, id: &str) -> Option<u8> {
        self.ids.binary_search_by_key(&id, |(known, _)| known).ok().map(|place| self.ids[place].1)
    }
}

/// An id that the closed list does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownId {
    kind: &'static str,
    id: String,
    nearest: Option<&'static str>,
}

impl UnknownId {
    /// The valid id that differs by no more than three letters, if any.
    pub fn nearest(&self) -> Option<&'static str> {
        self.nearest
    }
}

impl fmt::Display for UnknownId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown {} `{}`", self.kind, self.id)?;
        match self.nearest {
            Some(near) => write!(f, "; did you mean `{near}`?"),
            None => write!(f, "; `owabi scheme` lists the valid ids"),
        }
    }
}

impl std::error::Error for UnknownId {}

/// How many single-character edits lead from `a` to `b` (Levenshtein), for "did you mean".
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut diagonal = i;
        row[0] = i + 1;
        for (j, y) in b.bytes().enumerate() {
            let next = (diagonal + usize::from(x != y)).min(row[j] + 1).min(row[j + 1] + 1);
            diagonal = std::mem::replace(&mut row[j + 1], next);
        }
    }
    row[b.len()]
}

macro_rules! closed_list {
    ($(#[$doc:meta])* $name:ident, $kind:literal, $table:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u8);

        impl $name {
            /// How many ids the list holds.
            pub fn count() -> usize {
                $table.rows.len()
            }

            /// All ids, in the order of the list.
            pub fn all() -> impl ExactSizeIterator<Item = $name> + Clone {
                (0..$table.rows.len() as u8).map($name)
            }

            /// The id's entry, or an error that names the nearest one.
            pub fn from_id(id: &str) -> Result<$name, UnknownId> {
                $table.find(id).map($name).ok_or_else(|| UnknownId {
                    kind: $kind,
                    id: id.to_owned(),
                    nearest: $table.rows.iter().map(|row| row[0]).min_by_key(|known| distance(id, known)).filter(|known| distance(id, known) <= 3),
                })
            }

            /// The position in the list, from 0: an index for tables of counts.
            pub fn index(self) -> usize {
                self.0 as usize
            }

            /// The English snake_case id.
            pub fn id(self) -> &'static str {
                $table.rows[self.0 as usize][0]
            }

            /// The Japanese name, for people to read.
            pub fn display_name(self) -> &'static str {
                $table.rows[self.0 as usize][1]
            }

            /// The table's column names after id, Japanese name and definition: the vocabularies of the crosswalk.
            pub fn vocabularies() -> &'static [&'static str] {
                &$table.header[3..]
            }

            /// The English definition.
            pub fn definition(self) -> &'static str {
                $table.rows[self.0 as usize][2]
            }

            /// The terms of other vocabularies, in the order of [`Self::vocabularies`]; `-` where there is none.
            pub fn crosswalk(self) -> &'static [&'static str] {
                &$table.rows[self.0 as usize][3..]
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.id())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.id())
            }
        }

        impl std::str::FromStr for $name {
            type Err = UnknownId;

            fn from_str(id: &str) -> Result<$name, UnknownId> {
                $name::from_id(id)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.id())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<$name, D::Error> {
                let id = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                $name::from_id(&id).map_err(de::Error::custom)
            }
        }
    };
}

closed_list!(
    /// A category of leaked data, such as `card_number`.
    Category, "category", CATEGORIES
);
closed_list!(
    /// A cause of an incident, such as `web_skimming`.
    Cause, "cause", CAUSES
);

impl Category {
    /// Whether its leak exposes personal data. `business_information` and `corporate_number` are about organisations;
    /// what `other` is about cannot be known.
    pub fn is_personal(self) -> bool {
        !matches!(self.id(), "business_information" | "corporate_number" | "other")
    }

    /// Whether it is scored: `other` is labelled for completeness only.
    pub fn is_scored(self) -> bool {
        self.id() != "other"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_closed_and_canonical() {
        assert_eq!((Category::count(), Cause::count()), (64, 33));
        for table in [&CATEGORIES, &CAUSES] {
            let mut ids: Vec<_> = table.rows.iter().map(|row| row[0]).collect();
            for row in &table.rows {
                assert_eq!(row.len(), table.header.len(), "{row:?}");
                assert!(row.iter().all(|cell| !cell.is_empty() && cell.trim() == *cell), "{row:?}");
                assert!(row[0].bytes().all(|b| b.is_ascii_lowercase() || b == b'_'), "{row:?}");
            }
            ids.sort_unstable();
            ids.dedup();
            assert_eq!(ids.len(), table.rows.len());
        }
        assert!(!CATEGORIES.header.contains(&"forms"), "surface forms must not be shared");
    }

    #[test]
    fn an_unknown_id_names_the_nearest() {
        assert_eq!(Category::from_id("card_numbr").unwrap_err().to_string(), "unknown category `card_numbr`; did you mean `card_number`?");
        assert_eq!(Cause::from_id("アルパカ").unwrap_err().to_string(), "unknown cause `アルパカ`; `owabi scheme` lists the valid ids");
    }

    #[test]
    fn ids_survive_json() {
        for category in Category::all() {
            let json = serde_json::to_string(&category).unwrap();
            assert_eq!(serde_json::from_str::<Category>(&json).unwrap(), category);
        }
    }
}
