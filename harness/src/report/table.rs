//! What a table of a report is, however it is shown.

use super::{number, range, share};
use crate::results::Estimate;

/// A table.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Section {
    /// Unique in a report: an anchor.
    pub id: String,
    /// In a few words.
    pub title: &'static str,
    /// What the columns hold.
    pub columns: Vec<Column>,
    /// One cell for every column; a row may be shorter.
    pub rows: Vec<Vec<Cell>>,
    /// What must be known to read it; may be empty.
    pub note: String,
}

/// A column.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Its head.
    pub name: String,
    /// Whether it holds figures to be compared down the column.
    pub right: bool,
}

/// What a cell holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Words of owabi's.
    Text(String),
    /// An id, or others' words: a kind, a detector's reason.
    Name(String),
    /// How many.
    Count(u64),
    /// A share without an interval.
    Share(Option<f64>),
    /// A share with its interval.
    Estimate(Estimate),
    /// A figure that is no share, and its interval or bound; the second may be empty.
    Bounded(String, String),
}

impl Cell {
    /// An id.
    pub fn name(id: &str) -> Cell {
        Cell::Name(id.to_owned())
    }

    /// As a terminal and Markdown show it.
    pub fn plain(&self) -> String {
        match self {
            Cell::Text(text) | Cell::Name(text) => text.clone(),
            Cell::Count(count) => number(*count),
            Cell::Share(value) => share(*value),
            Cell::Estimate(figure) => format!("{} {}", share(figure.value), range(*figure)).trim_end().to_owned(),
            Cell::Bounded(figure, range) => format!("{figure} {range}").trim_end().to_owned(),
        }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Cell {
        Cell::Text(text.to_owned())
    }
}

impl From<&String> for Cell {
    fn from(name: &String) -> Cell {
        Cell::Name(name.clone())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Cell {
        Cell::Text(text)
    }
}

impl From<u64> for Cell {
    fn from(count: u64) -> Cell {
        Cell::Count(count)
    }
}

impl From<Option<f64>> for Cell {
    fn from(value: Option<f64>) -> Cell {
        Cell::Share(value)
    }
}

impl From<Estimate> for Cell {
    fn from(figure: Estimate) -> Cell {
        Cell::Estimate(figure)
    }
}

impl Section {
    /// Without rows. `right` tells the columns of figures.
    pub fn new(id: &str, title: &'static str, columns: &[&str], right: std::ops::Range<usize>) -> Section {
        let column = |(place, name): (usize, &&str)| Column { name: (*name).to_owned(), right: right.contains(&place) };
        let columns = columns.iter().enumerate().map(column).collect();
        Section { id: id.to_owned(), title, columns, ..Section::default() }
    }

    /// Adds a row.
    pub fn row<const N: usize>(&mut self, cells: [Cell; N]) {
        self.rows.push(cells.into());
    }
}
