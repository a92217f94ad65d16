//! `owabi corpus stats`: what a corpus holds.

use std::path::PathBuf;
use std::process::ExitCode;

use owabi_realism::{Profile, report};

use super::read;
use crate::error::Error;
use crate::gold::Part;

/// Count what a corpus holds: documents, lengths, kinds, labels
///
/// Documents and their lengths with a histogram, sentences and how many of them differ, and how often each kind, genre, cause,
/// category, status and kind of value comes. Texts without labels are counted too.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  owabi generate --count 1000 | owabi corpus stats -\n  owabi corpus stats corpora/handwritten\n\nExit codes: 0 fine, 2 something cannot be read."
)]
pub(crate) struct Args {
    /// .jsonl files of records, marked-up .toml notices, .txt texts, folders of one of them, or with documents/ and labels.jsonl;
    /// `-` is stdin
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// Which half of a folder with documents/ and labels.jsonl
    #[arg(long, value_enum, default_value_t = Part::All)]
    half: Part,
    /// Write every figure as JSON; `-` is stdout instead of the tables
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

impl Args {
    pub(super) fn run(self) -> Result<ExitCode, Error> {
        let found = Profile::of(&read(&self.paths, self.half)?);
        super::write(self.json.as_deref(), &found, || report::profile(&found))
    }
}
