//! What a run counted, document by document, as `results.json` holds it: so that a later run on the same documents can be compared
//! with it, and a slice can have intervals, without the documents.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::figure::{measures, place};
use crate::fingerprint::Fingerprint;
use crate::interval::Blocks;
use crate::measure::{Measure, Tallies, Tally};

/// Slices by dimension and value; the documents of each.
type Members = BTreeMap<String, BTreeMap<String, BTreeSet<String>>>;

/// A run's counts while it goes on.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ledger {
    pub(crate) blocks: Blocks,
    fingerprint: Fingerprint,
    members: Members,
}

impl Ledger {
    /// Adds one document with the slices that it belongs to.
    pub(crate) fn push(&mut self, id: &str, fingerprint: Fingerprint, tallies: &Tallies, slices: &[(&'static str, String)]) {
        self.fingerprint += fingerprint;
        self.blocks.push(id, tallies);
        if self.blocks.hashed() {
            self.members.clear();
            return;
        }
        for (dimension, value) in slices {
            let values = self.members.entry((*dimension).to_owned()).or_default();
            values.entry(value.clone()).or_default().insert(id.to_owned());
        }
    }

    pub(crate) fn counts(&self) -> Counts {
        let rows = self.blocks.rows();
        let used: Vec<Measure> =
            measures().into_iter().filter(|measure| rows.values().any(|row| row.of(*measure) != Tally::default())).collect();
        let line = |row: &Tallies| used.iter().map(|measure| cell(row.of(*measure))).collect::<Vec<_>>().join(" ");
        let places: BTreeMap<&str, usize> = rows.keys().enumerate().map(|(place, id)| (id.as_str(), place)).collect();
        let within = |ids: &BTreeSet<String>| ranges(ids.iter().filter_map(|id| places.get(id.as_str()).copied()));
        let slices = self.members.iter().map(|(dimension, values)| {
            (dimension.clone(), values.iter().map(|(value, ids)| (value.clone(), within(ids))).collect::<BTreeMap<_, _>>())
        });
        Counts {
            corpus: self.fingerprint,
            shared: self.blocks.hashed(),
            columns: used.iter().copied().map(place).collect::<Vec<_>>().join(" "),
            rows: rows.iter().map(|(id, row)| (id.clone(), line(row))).collect(),
            slices: slices.collect(),
        }
    }
}

/// A run's counts as they are written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Counts {
    /// Which documents these are.
    pub corpus: Fingerprint,
    /// Whether documents share rows, as they do above 20,000: the keys of the rows are then the ids' hashes modulo 20,000.
    pub shared: bool,
    /// What each column counts, by its place in the results, with a space between two. What no document holds has no column.
    pub columns: String,
    /// By id: a cell for each column, with a space between two. A cell is `right/found/gold`; `right/asked` where that is the same; or
    /// `-` where there was nothing to count. Alarms count errors instead of what is right.
    pub rows: BTreeMap<String, String>,
    /// By dimension and value: the documents of a slice by their places in `rows`, such as `0-3 7`. Empty where documents share rows.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub slices: BTreeMap<String, BTreeMap<String, String>>,
}

impl Counts {
    /// As blocks, to draw from. The error says which row cannot be read.
    pub fn blocks(&self) -> Result<Blocks, String> {
        self.within(None)
    }

    /// The blocks of one slice; nothing where the run has no such slice.
    pub fn slice(&self, dimension: &str, value: &str) -> Result<Blocks, String> {
        let members = self.slices.get(dimension).and_then(|values| values.get(value)).map_or("", String::as_str);
        let places = read_ranges(members).ok_or_else(|| format!("counts.slices.{dimension}.{value}: `{members}` is no list of places"))?;
        self.within(Some(&places))
    }

    fn within(&self, places: Option<&BTreeSet<usize>>) -> Result<Blocks, String> {
        let all = measures();
        let measure = |name: &str| all.iter().copied().find(|measure| place(*measure) == name);
        let columns: Option<Vec<Measure>> = self.columns.split_whitespace().map(measure).collect();
        let columns = columns.ok_or_else(|| "counts.columns: names a column that this owabi does not know".to_owned())?;
        let mut rows = BTreeMap::new();
        for (_, (id, line)) in self.rows.iter().enumerate().filter(|(place, _)| places.is_none_or(|places| places.contains(place))) {
            let cells: Option<Vec<Tally>> = line.split_whitespace().map(read_cell).collect();
            let cells = cells.filter(|cells| cells.len() == columns.len());
            let cells = cells.ok_or_else(|| format!("counts.rows.{id}: `{line}` does not hold {} counts", columns.len()))?;
            let mut row = Tallies::default();
            for (measure, cell) in columns.iter().zip(cells) {
                *row.of_mut(*measure) = cell;
            }
            rows.insert(id.clone(), row);
        }
        Ok(Blocks::from_rows(rows, self.shared))
    }
}

fn cell(tally: Tally) -> String {
    match tally {
        Tally { correct: 0, predicted: 0, gold: 0 } => "-".to_owned(),
        Tally { correct, predicted, gold } if predicted == gold => format!("{correct}/{gold}"),
        Tally { correct, predicted, gold } => format!("{correct}/{predicted}/{gold}"),
    }
}

fn read_cell(text: &str) -> Option<Tally> {
    if text == "-" {
        return Some(Tally::default());
    }
    // No run counts more than this, and sums of such numbers stay numbers.
    let number = |text: &str| text.parse::<u32>().ok().map(u64::from);
    let mut parts = text.split('/').map(number);
    let (correct, second, third) = (parts.next()??, parts.next()??, parts.next());
    let gold = third.unwrap_or(Some(second))?;
    (parts.next().is_none() && correct <= second.min(gold)).then_some(Tally { correct, predicted: second, gold })
}

/// Ascending numbers, runs as `first-last`.
fn ranges(numbers: impl Iterator<Item = usize>) -> String {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for number in numbers {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == number => *last = number,
            _ => runs.push((number, number)),
        }
    }
    let run = |(first, last): &(usize, usize)| if first == last { first.to_string() } else { format!("{first}-{last}") };
    runs.iter().map(run).collect::<Vec<_>>().join(" ")
}

fn read_ranges(text: &str) -> Option<BTreeSet<usize>> {
    let mut numbers = BTreeSet::new();
    for run in text.split_whitespace() {
        let (first, last) = run.split_once('-').unwrap_or((run, run));
        // A row's place, and no reason to count to a billion.
        let number = |text: &str| text.parse::<usize>().ok().filter(|number| *number < crate::interval::MAX_BLOCKS);
        numbers.extend(number(first)?..=number(last)?);
    }
    Some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::{Field, Question};

    fn row(correct: u64, predicted: u64, gold: u64, genre: bool) -> Tallies {
        let mut row = Tallies::default();
        *row.of_mut(Measure::Field(Field::Data)) = Tally { correct, predicted, gold };
        *row.of_mut(Measure::Question(Question::Genre)) = Tally::answer(genre);
        row
    }

    fn ledger() -> Ledger {
        let mut ledger = Ledger::default();
        for (id, row, kind) in [("b", row(2, 3, 4, true), "x y"), ("a", row(0, 0, 0, false), "x y"), ("c", row(1, 2, 2, true), "z")] {
            ledger.push(id, Fingerprint::default(), &row, &[("kind", kind.to_owned())]);
        }
        ledger
    }

    #[test]
    fn counts_are_short_lines_that_can_be_read_back() {
        let counts = ledger().counts();
        assert_eq!(counts.columns, "fields.data.micro accuracy.genre");
        assert_eq!(counts.rows["a"], "- 0/1");
        assert_eq!(counts.rows["b"], "2/3/4 1/1");
        assert_eq!(counts.rows["c"], "1/2 1/1");
        assert_eq!(counts.slices["kind"]["x y"], "0-1");
        assert_eq!(counts.blocks().unwrap(), ledger().blocks);
        let slice = counts.slice("kind", "z").unwrap();
        assert_eq!(slice.rows().keys().collect::<Vec<_>>(), ["c"]);
        assert!(counts.slice("kind", "none").unwrap().is_empty());
    }

    #[test]
    fn broken_counts_are_errors() {
        for bad in ["", "1", "1/2", "1/2 x", "3/2 1/1", "1/2/3/4 1/1", "1/2 1/1 1/1", "-1/2 1/1", "1/99999999999 1/1"] {
            let mut counts = ledger().counts();
            counts.rows.insert("a".to_owned(), bad.to_owned());
            assert!(counts.blocks().is_err(), "{bad}");
        }
        let unknown = Counts { columns: "fields.data.micro accuracy.colour".to_owned(), ..ledger().counts() };
        assert!(unknown.blocks().unwrap_err().contains("columns"));
        for bad in ["x", "0-", "0-x", "0-99999999"] {
            assert_eq!(read_ranges(bad), None, "{bad}");
        }
        assert_eq!(read_ranges("0-2 7 9-8"), Some([0, 1, 2, 7].into()));
    }

    #[test]
    fn above_the_limit_documents_share_rows_and_slices_are_not_kept() {
        let mut ledger = Ledger::default();
        for index in 0..crate::interval::MAX_BLOCKS + 1 {
            ledger.push(&index.to_string(), Fingerprint::default(), &row(1, 1, 1, true), &[("kind", "x".to_owned())]);
        }
        let counts = ledger.counts();
        assert!(counts.shared && counts.slices.is_empty() && counts.rows.len() < crate::interval::MAX_BLOCKS);
        assert_eq!(counts.blocks().unwrap(), ledger.blocks);
    }
}
