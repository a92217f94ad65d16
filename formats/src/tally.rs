//! What was written, and what a format could not hold.

use std::collections::{BTreeMap, BTreeSet};

use owabi_corpora::Record;
use owabi_corpora::vocabulary::Split;

use crate::marks::Mark;

/// Counts over the documents written so far. Holds labels and figures, no documents.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    /// Documents.
    pub documents: u64,
    /// Documents by split.
    pub splits: BTreeMap<Split, u64>,
    /// Documents that this project's generator did not make.
    pub foreign: u64,
    /// Marks.
    pub marks: u64,
    /// Marks left out because they overlap others, where each character has one label.
    pub overlapping: u64,
    /// Marks left out because no visible character lies in them.
    pub invisible: u64,
    /// The names of the marks seen.
    pub names: BTreeSet<String>,
}

impl Tally {
    /// The split a document belongs to; one without is for training.
    pub fn split(record: &Record) -> Split {
        record.provenance.as_ref().map_or(Split::Train, |provenance| provenance.split)
    }

    /// Counts a document.
    pub(crate) fn add(&mut self, record: &Record) {
        self.documents += 1;
        *self.splits.entry(Tally::split(record)).or_default() += 1;
        self.foreign += u64::from(record.provenance.is_none());
    }

    /// Counts a document's marks.
    pub(crate) fn mark(&mut self, marks: &[Mark]) {
        self.marks += marks.len() as u64;
        for mark in marks {
            if !self.names.contains(&mark.name) {
                self.names.insert(mark.name.clone());
            }
        }
    }

    /// What the format could not hold, one line each.
    pub fn losses(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let marks = self.marks;
        if self.overlapping > 0 {
            let rule = "each character has one label; the longest stays, of equals the first";
            lines.push(format!("{} of {marks} spans overlap others and were left out ({rule})", self.overlapping));
        }
        if self.invisible > 0 {
            lines.push(format!("{} of {marks} spans hold no visible character and were left out", self.invisible));
        }
        lines
    }
}
