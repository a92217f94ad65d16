//! `owabi score`: answers that are already there, against gold.

use std::path::PathBuf;
use std::process::ExitCode;

use super::test::{Bench, Ending};
use crate::detectors::{Answering, Named};
use crate::error::Error;
use crate::gold::Part;

/// Score answers against labelled documents
///
/// Answers are matched by id. A document without an answer counts as missed; an answer for an unknown document is an error.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  owabi generate --count 100 -o gold.jsonl\n  owabi detect gold.jsonl --format jsonl > answers.jsonl\n  owabi score gold.jsonl answers.jsonl\n  owabi detect gold.jsonl --format jsonl | owabi score gold.jsonl -"
)]
pub(crate) struct Args {
    /// Labelled documents: a .jsonl file of records, a marked-up .toml notice, a folder of either, or a folder with documents/
    /// and labels.jsonl; `-` is stdin
    gold: PathBuf,
    /// A .jsonl file with {"id":…,"labels":{…}} or a whole record on each line; `-` is stdin
    predicted: PathBuf,
    #[command(flatten)]
    ending: Ending,
}

impl Args {
    pub(crate) fn run(self) -> Result<ExitCode, Error> {
        let predictions = Answering::new(&Named::Predictions(self.predicted), false)?;
        let bench = Bench::labelled(predictions, &[self.gold], Part::All, &self.ending)?;
        bench.finish([("source".to_owned(), "labelled documents".to_owned())].into())
    }
}
