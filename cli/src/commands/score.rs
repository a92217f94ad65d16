//! `owabi score`: answers that are already there, against gold.

use std::path::PathBuf;
use std::process::ExitCode;

use owabi_harness::Settings;

use super::test::Bench;
use crate::detectors::Named;
use crate::error::Error;
use crate::gold::{Gold, Part};

/// Score answers against labelled documents
///
/// Answers are matched by id. A document without an answer counts as missed; an answer for an unknown document is an error.
#[derive(clap::Args)]
#[command(
    after_help = "Example:\n  owabi generate --count 100 -o gold.jsonl\n  owabi detect gold.jsonl --format jsonl > answers.jsonl\n  owabi score gold.jsonl answers.jsonl"
)]
pub(crate) struct Args {
    /// Labelled documents: a .jsonl file of records, a folder of them, a folder of marked-up .toml notices, or a folder with
    /// documents/ and labels.jsonl
    gold: PathBuf,
    /// A .jsonl file with {"id":…,"labels":{…}} or a whole record on each line
    predicted: PathBuf,
    /// Write every figure as JSON; `-` is stdout instead of the table
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Go on after a bad input; the exit code is 2 nevertheless
    #[arg(long)]
    keep_going: bool,
}

impl Args {
    pub(crate) fn run(self) -> Result<ExitCode, Error> {
        let gold = Gold::open(std::slice::from_ref(&self.gold), Part::All)?;
        let settings = Settings { exhaustive_spans: gold.exhaustive_spans(), ..Settings::default() };
        let mut bench = Bench::new(&Named::Predictions(self.predicted), settings, None, self.keep_going)?;
        bench.score_all(gold)?;
        bench.finish([("source".to_owned(), "labelled documents".to_owned())].into(), self.json)
    }
}
