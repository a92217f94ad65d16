//! What the benches share: the documents they run on, and the proof that the work was done.
//!
//! A fast run that finds nothing is no fast run. So every bench checks its answers before it is timed, and every timed pass
//! must add up to the checked one. The bounds are relative to the gold, since the detector is improved more often than it
//! is benched.

use owabi_corpora::handwritten;
use owabi_corpora::record::{Labels, Record};
use owabi_detector::Detector;
use owabi_generator::{Config, Generator};

/// How many documents the synthetic workload holds.
pub const SYNTHETIC: u64 = 200;

/// The generator of the synthetic workload; seed and configuration are fixed, so that runs can be compared.
pub fn generator() -> Generator {
    Generator::new(Config { seed: 1, ..Config::default() }).expect("the default configuration is valid")
}

/// Labelled documents under a name.
pub struct Workload {
    /// What reports call it.
    pub name: &'static str,
    /// The documents.
    pub records: Vec<Record>,
}

impl Workload {
    /// [`SYNTHETIC`] generated documents.
    pub fn synthetic() -> Workload {
        let generator = generator();
        Workload { name: "synthetic", records: (0..SYNTHETIC).map(|index| generator.record(index)).collect() }
    }

    /// The hand-written notices: other voices, other writers.
    pub fn handwritten() -> Workload {
        let records = handwritten::load(handwritten::FOLDER.as_ref()).expect("the committed notices can be read");
        Workload { name: "handwritten", records }
    }

    /// The length of all texts in bytes of UTF-8.
    pub fn bytes(&self) -> u64 {
        self.records.iter().map(|record| record.text.len() as u64).sum()
    }

    /// One answer a document, checked: every span lies inside its text, two passes agree, and at least half as many facts
    /// are found as the gold holds.
    pub fn answers(&self, detector: &Detector) -> Vec<Labels> {
        assert!(!self.records.is_empty(), "{}: no documents", self.name);
        let pass = || self.records.iter().map(|record| detector.detect(&record.text)).collect::<Vec<_>>();
        let mut answers = pass();
        assert!(answers == pass(), "{}: two passes differ", self.name);
        for (record, answer) in self.records.iter().zip(&mut answers) {
            let _ = answer.visit_spans(|path, mention| {
                assert!(record.text.get(mention.span().range()).is_some(), "{}: {path} is not inside the text", record.id);
                Ok::<(), std::convert::Infallible>(())
            });
        }
        let found: usize = answers.iter().map(findings).sum();
        let gold: usize = self.records.iter().map(|record| findings(&record.labels)).sum();
        assert!(found * 2 >= gold, "{}: {found} findings, but the gold holds {gold} facts", self.name);
        answers
    }
}

/// A record's text with a mark around each of its mentions, as the generator writes it before it parts text and labels. All labels are
/// the same: reading them takes about as long.
pub fn marked(record: &Record) -> String {
    // Opening and closing marks by their place; at one place what closes comes first, and the longer mark opens first.
    let mut signs: Vec<(usize, bool, usize)> = Vec::new();
    let _ = record.labels.clone().visit_spans(|_, mention| {
        signs.push((mention.start, true, usize::MAX - mention.end));
        signs.push((mention.end, false, usize::MAX - mention.start));
        Ok::<(), std::convert::Infallible>(())
    });
    signs.sort_unstable();
    let (mut text, mut done) = (String::with_capacity(2 * record.text.len()), 0);
    for (at, opens, _) in signs {
        text.push_str(&record.text[done..at]);
        text.push_str(if opens { "⟦" } else { "|phone:possible@1⟧" });
        done = at;
    }
    text + &record.text[done..]
}

/// How many facts labels state, over all list fields.
pub fn findings(labels: &Labels) -> usize {
    fn count<T>(field: &Option<Vec<T>>) -> usize {
        field.as_ref().map_or(0, Vec::len)
    }
    let Labels { causes, data, counts, dates, parties, values, distractors, .. } = labels;
    count(causes) + count(data) + count(counts) + count(dates) + count(parties) + count(values) + count(distractors)
}
