//! A part of the work on a document, so that each stage can be timed by itself.

use crate::Detector;
use crate::normalise::Normalised;

/// How far [`Detector::run_to`] goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// To one form of characters.
    Normalise,
    /// To the words that a text holds.
    Scan,
    /// To what is said of each mention of data.
    Scope,
}

impl Detector {
    /// Does a document's work up to and with a stage. Answers with what has been found by then: bytes of normalised text, words that mean something,
    /// mentions of data of which something is said.
    ///
    /// ```
    /// use owabi_detector::{Detector, Stage};
    ///
    /// let found = |stage| Detector::builtin().run_to("氏名が漏えいした。", stage);
    /// assert_eq!(found(Stage::Normalise), "氏名が漏えいした。".len());
    /// assert!(found(Stage::Scan) >= 2);
    /// assert_eq!(found(Stage::Scope), 1);
    /// ```
    pub fn run_to(&self, text: &str, stage: Stage) -> usize {
        let text = &Normalised::new(text).text;
        match stage {
            Stage::Normalise => text.len(),
            Stage::Scan => self.lexicon.scan(text).0.len(),
            Stage::Scope => {
                self.scoped(text, |matches, scope| self.mentions(matches, scope).iter().filter(|read| read.verdict.is_some()).count())
            }
        }
    }
}
