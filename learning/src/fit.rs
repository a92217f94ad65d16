//! Logistic regressions, one a class: does a place belong to it or not?

use std::collections::BTreeMap;
use std::fmt::Write;

use owabi_realism::features::{Row, matrix};
use owabi_realism::linear::Linear;
use rayon::prelude::*;

use crate::practice::Example;

/// What fewer documents name is left out: of one alone nothing can be learnt.
const DOCUMENTS: usize = 2;

/// So many names are kept, those to which the answers owe most. With a tenth of them all is read about as well.
const NAMES: usize = 8_000;

/// In how many parts the documents are parted to see how well is read what was not learnt from.
const PARTS: usize = 4;

/// So many documents that stand together are in one part: mostly one person wrote them, in one manner.
const TOGETHER: usize = 100;

/// The part of a document.
fn part(document: usize) -> usize {
    document / TOGETHER % PARTS
}

/// Weights a name and class.
pub(crate) struct Table {
    bias: Vec<f64>,
    names: Vec<(String, Vec<f64>)>,
}

impl Table {
    /// From all examples, first with every name and then with those to which the answers owe most.
    pub(crate) fn fit(classes: usize, examples: &[Example]) -> Table {
        let mut documents: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        for example in examples {
            for name in &example.names {
                let (last, count) = documents.entry(name).or_insert((usize::MAX, 0));
                *count += usize::from(*last != example.document);
                *last = example.document;
            }
        }
        documents.retain(|_, (_, count)| *count >= DOCUMENTS);
        let names: Vec<&str> = documents.keys().copied().collect();
        let models = models(classes, &names, examples);
        // How much the answers owe to it: what is weighty and rare moves few.
        let counts: Vec<f64> = documents.values().map(|&(_, count)| count as f64).collect();
        let strength = |at: usize| counts[at] * models.iter().map(|model| model.weights[at].powi(2)).sum::<f64>();
        let mut order: Vec<usize> = (0..names.len()).collect();
        order.sort_by(|&a, &b| strength(b).total_cmp(&strength(a)));
        order.truncate(NAMES);
        order.sort_unstable();
        let names: Vec<&str> = order.into_iter().map(|at| names[at]).collect();
        let models = self::models(classes, &names, examples);
        let weights = |at: usize| models.iter().map(|model| model.weights[at]).collect();
        Table {
            bias: models.iter().map(|model| model.intercept).collect(),
            names: names.iter().enumerate().map(|(at, name)| ((*name).to_owned(), weights(at))).collect(),
        }
    }

    /// The answers to several questions in one table, in turn.
    pub(crate) fn joined(tables: Vec<Table>) -> Table {
        let classes: usize = tables.iter().map(|table| table.bias.len()).sum();
        let mut names: BTreeMap<String, Vec<f64>> = BTreeMap::new();
        let mut bias = Vec::new();
        for table in tables {
            for (name, weights) in table.names {
                names.entry(name).or_insert_with(|| vec![0.0; classes])[bias.len()..][..weights.len()].copy_from_slice(&weights);
            }
            bias.extend(table.bias);
        }
        Table { bias, names: names.into_iter().collect() }
    }

    /// As a table of the detector's: hundredths, without those of little weight.
    pub(crate) fn to_text(&self, question: &str, classes: &[&str], least: i32) -> String {
        let mut text = format!(
            "# How much each thing says {question}: hundredths of the natural logarithm of the odds. `*` is what is so\n\
             # before anything is known. Written by `cargo run --release -p owabi-learning`, not by hand.\n\
             name\tweights\n"
        );
        let mut row = |name: &str, weights: &[f64], least: i32| {
            let rounded = weights.iter().map(|weight| (weight * 100.0).round() as i32);
            let cells: Vec<String> = classes
                .iter()
                .zip(rounded)
                .filter(|(_, hundredths)| hundredths.abs() >= least)
                .map(|(class, hundredths)| format!("{class} {hundredths}"))
                .collect();
            if !cells.is_empty() {
                let _ = writeln!(text, "{name}\t{}", cells.join(" "));
            }
        };
        row("*", &self.bias, 0);
        self.names.iter().for_each(|(name, weights)| row(name, weights, least));
        text
    }

    /// The likeliest class of an example, if more than this speaks for it.
    fn read(&self, example: &Example, bar: f64) -> Option<usize> {
        let sums = self.sums(example);
        let best = (0..sums.len()).max_by(|&a, &b| sums[a].total_cmp(&sums[b]))?;
        (sums[best] > bar).then_some(best)
    }

    /// How much speaks for each class.
    fn sums(&self, example: &Example) -> Vec<f64> {
        let mut sums = self.bias.clone();
        for name in &example.names {
            if let Ok(at) = self.names.binary_search_by(|(known, _)| known.as_str().cmp(name)) {
                sums.iter_mut().zip(&self.names[at].1).for_each(|(sum, weight)| *sum += weight * example.share);
            }
        }
        sums
    }
}

fn models(classes: usize, names: &[&str], examples: &[Example]) -> Vec<Linear> {
    let row = |example: &Example| {
        let mut counts: BTreeMap<u32, f64> = BTreeMap::new();
        for name in &example.names {
            if let Ok(at) = names.binary_search(&name.as_str()) {
                *counts.entry(at as u32).or_default() += 1.0;
            }
        }
        let (indices, values) = counts.into_iter().map(|(at, count)| (at, count * example.share)).unzip();
        Row::new(names.len(), indices, values)
    };
    let rows: Vec<Row> = examples.par_iter().map(row).collect();
    let rows = matrix(names.len() as u32, rows.iter());
    let importance: Vec<f64> = examples.iter().map(|example| example.importance).collect();
    let model = |class: usize| {
        let positive: Vec<bool> = examples.iter().map(|example| example.classes.contains(&class)).collect();
        Linear::weighted(&rows, &positive, importance.clone())
    };
    (0..classes).into_par_iter().map(model).collect()
}

/// The share of the examples that are read right by what was learnt from the other parts' documents; more than `bar` has to speak for a
/// class.
pub(crate) fn crossed(classes: usize, examples: &[Example], bar: f64) -> f64 {
    let mut right = 0;
    for held_out in 0..PARTS {
        let table = without(held_out, classes, examples);
        let held = examples.par_iter().filter(|example| part(example.document) == held_out);
        right += held
            .filter(|example| match table.read(example, bar) {
                Some(class) => example.classes.contains(&class),
                None => example.classes.is_empty(),
            })
            .count();
    }
    right as f64 / examples.len() as f64
}

/// How much speaks for each class of those that are asked, by what was learnt from the other parts' documents.
pub(crate) fn crossed_sums(classes: usize, examples: &[Example], asked: &[Example]) -> Vec<Vec<f64>> {
    let tables: Vec<Table> = (0..PARTS).map(|held_out| without(held_out, classes, examples)).collect();
    asked.par_iter().map(|example| tables[part(example.document)].sums(example)).collect()
}

/// What the documents of all other parts teach.
fn without(held_out: usize, classes: usize, examples: &[Example]) -> Table {
    let learnt: Vec<Example> = examples.iter().filter(|example| part(example.document) != held_out).cloned().collect();
    Table::fit(classes, &learnt)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn examples() -> Vec<Example> {
        let example = |document: usize| {
            let (names, classes) = if document.is_multiple_of(2) { (["sent", "day"], vec![0]) } else { (["planned", "day"], vec![]) };
            Example { document, names: names.map(str::to_owned).to_vec(), share: 1.0, importance: 0.3, classes }
        };
        (0..PARTS * TOGETHER).map(example).collect()
    }

    #[test]
    fn what_tells_classes_apart_is_learnt() {
        let table = Table::fit(1, &examples());
        assert_eq!(table.names.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["day", "planned", "sent"]);
        assert!(table.names[2].1[0] > 0.5 && table.names[1].1[0] < -0.5, "{:?}", table.names);
        assert_eq!(table.read(&examples()[0], 0.0), Some(0));
        assert_eq!(table.read(&examples()[1], 0.0), None);
        assert!((crossed(1, &examples(), 0.0) - 1.0).abs() < f64::EPSILON);
    }

    #[test]
    fn what_is_asked_of_a_document_others_taught() {
        let mut examples = examples();
        // Of the first part alone the answers are the other way round.
        examples.iter_mut().take(TOGETHER).for_each(|example| example.classes = if example.classes.is_empty() { vec![0] } else { vec![] });
        let sums = crossed_sums(1, &examples, &examples[..2]);
        assert!(sums[0][0] > 0.0 && sums[1][0] < 0.0, "{sums:?}");
    }

    #[test]
    fn what_one_document_names_is_not_learnt() {
        let mut examples = examples();
        examples[0].names.extend(["rare".to_owned(), "rare".to_owned()]);
        assert!(Table::fit(1, &examples).names.iter().all(|(name, _)| name != "rare"));
    }

    #[test]
    fn a_table_tells_each_weight_of_note() {
        let names = vec![("a".to_owned(), vec![1.5, 0.0]), ("b".to_owned(), vec![0.001, -0.25])];
        let text = Table { bias: vec![-1.0, 0.0], names }.to_text("what it is", &["one", "two"], 8);
        assert!(text.ends_with("name\tweights\n*\tone -100 two 0\na\tone 150\nb\ttwo -25\n"), "{text}");
    }
}
