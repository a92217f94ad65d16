//! `owabi score`: answers that are already there, against gold.

use std::path::PathBuf;
use std::process::ExitCode;

use super::test::Ending;
use crate::bench::Bench;
use crate::detectors::{Answering, Named, Reach};
use crate::error::Error;
use crate::gold::Part;
use crate::scoring::Scoring;

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
    scoring: Scoring,
    #[command(flatten)]
    ending: Ending,
}

impl Args {
    pub(crate) fn run(self) -> Result<ExitCode, Error> {
        let predictions = Answering::new(&Named::Predictions(self.predicted), false, &Reach::default())?;
        let keeper = self.ending.gating.open()?;
        let mut bench =
            Bench::new(predictions, self.scoring.settings()?, None, self.ending.keep_going).with_reports(self.ending.reports.open()?);
        bench.read(&[self.gold], Part::All)?;
        bench.finish([("source".to_owned(), "labelled documents".to_owned())].into(), keeper)
    }
}
