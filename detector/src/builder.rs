//! A detector with words of the user's own.

use std::collections::BTreeMap;
use std::fmt;

use owabi_corpora::scheme::{Category, Cause, UnknownId};

use crate::Detector;
use crate::lexicon::{Addition, Lexicon, Names};
use crate::normalise::Normalised;

/// In characters: longer ones are sentences.
const LONGEST: usize = 100;

/// Row numbers of the tables are 16 bits, and the built-in tables have less than half of them.
const MOST: usize = 30_000;

/// Settings of a [`Detector`]. See [`Detector::builder`].
#[derive(Debug, Clone, Default)]
#[must_use = "`build` makes the detector"]
pub struct Builder {
    /// (name for errors, table)
    lexicons: Vec<(String, String)>,
}

impl Builder {
    /// Adds surfaces to the built-in ones. May be called several times; `name` is what errors call the table, such as its file's name.
    ///
    /// A table is UTF-8 text with one surface a line: the surface, a tab, and the id of a category, or `cause:` and the id of a
    /// cause. Empty lines and lines that begin with `#` are skipped. A surface is taken as it is, without any pattern, in the one form
    /// that texts are given as well: NFKC, Latin letters in lower case, no spaces beside Japanese. It has 2 to 100 characters. A surface
    /// that the built-in lists know as another category or cause means the user's from then on. As with the built-in
    /// surfaces, of several that overlap the longest one counts, and a surface of a category only counts where the text says that
    /// something leaked, or did not.
    ///
    /// ```
    /// use owabi_detector::Detector;
    ///
    /// # fn main() -> Result<(), owabi_detector::BuildError> {
    /// let table = "# surface\tcategory, or cause:ID\nみなとカード番号\tcustomer_id\n鍵穴攻撃\tcause:vulnerability\n";
    /// let detector = Detector::builder().lexicon("mylexicon.tsv", table).build()?;
    /// let labels = detector.detect("鍵穴攻撃により、みなとカード番号が漏えいしました。");
    /// assert_eq!(labels.data.unwrap()[0].category.id(), "customer_id");
    /// assert_eq!(labels.causes.unwrap()[0].cause.id(), "vulnerability");
    /// # Ok(())
    /// # }
    /// ```
    pub fn lexicon(mut self, name: impl Into<String>, table: impl Into<String>) -> Builder {
        self.lexicons.push((name.into(), table.into()));
        self
    }

    /// Reads every table and builds the scanner, which takes far longer than to label a text.
    ///
    /// # Errors
    ///
    /// The first line of a table that cannot be used: without a tab, with an unknown id, with a surface that is empty, too short, too
    /// long, given twice, or a word by which the detector reads what happened.
    ///
    /// ```
    /// use owabi_detector::Detector;
    ///
    /// let error = Detector::builder().lexicon("mylexicon.tsv", "みなと番号\tmembership").build().err().unwrap();
    /// assert_eq!(error.to_string(), "mylexicon.tsv:1: unknown category `membership`; see `owabi scheme categories`");
    /// ```
    pub fn build(self) -> Result<Detector, BuildError> {
        let mut additions: Vec<Addition> = Vec::new();
        let mut places: Vec<(&str, usize)> = Vec::new();
        let mut known: BTreeMap<String, usize> = BTreeMap::new();
        for (name, table) in &self.lexicons {
            for (line, row) in (1..).zip(table.trim_start_matches('\u{feff}').lines()) {
                if row.trim().is_empty() || row.starts_with('#') {
                    continue;
                }
                let error = |message: String| BuildError { file: name.clone(), line, message };
                let addition = addition(row).map_err(error)?;
                if let Some(&before) = known.get(&addition.surface) {
                    let (file, line) = places[before];
                    return Err(error(format!("`{}` stands in {file}:{line} already; keep one of the two lines", addition.surface)));
                }
                if additions.len() == MOST {
                    return Err(error(format!("more than {MOST} surfaces; leave out the rarest")));
                }
                known.insert(addition.surface.clone(), additions.len());
                additions.push(addition);
                places.push((name, line));
            }
        }
        let lexicon = Lexicon::with(&additions).map_err(|(index, message)| {
            let (file, line) = places[index];
            BuildError { file: file.to_owned(), line, message }
        })?;
        Ok(Detector { lexicon, segments: true })
    }
}

/// Reads one line.
fn addition(row: &str) -> Result<Addition, String> {
    let cells: Vec<&str> = row.split('\t').map(str::trim).collect();
    let [written, id] = cells[..] else {
        return Err(match cells.len() {
            1 => "no tab; write a surface, a tab and a category's id".to_owned(),
            n => format!("{n} columns; write a surface, a tab and a category's id"),
        });
    };
    let surface = Normalised::new(written).text;
    match surface.chars().count() {
        0 => return Err("the surface is empty; write the words to look for before the tab".to_owned()),
        1 => return Err(format!("`{written}` is one character, which stands in many words; give a longer surface")),
        n if n > LONGEST => return Err(format!("the surface has {n} characters; give one of at most {LONGEST}")),
        _ => {}
    }
    let unknown = |kind: &str, id: &str, error: UnknownId, list: &str| match error.nearest() {
        Some(near) => format!("unknown {kind} `{id}`; did you mean `{near}`? See `owabi scheme {list}`"),
        None => format!("unknown {kind} `{id}`; see `owabi scheme {list}`"),
    };
    let names = match id.strip_prefix("cause:") {
        Some(id) => Names::Cause(Cause::from_id(id).map_err(|error| unknown("cause", id, error, "causes"))?),
        None => Names::Category(Category::from_id(id).map_err(|error| unknown("category", id, error, "categories"))?),
    };
    Ok(Addition { surface, names })
}

/// A line of a user's table that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildError {
    file: String,
    line: usize,
    message: String,
}

impl BuildError {
    /// The table's name, as it was given.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The line, from 1.
    pub fn line(&self) -> usize {
        self.line
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.message)
    }
}

impl std::error::Error for BuildError {}
