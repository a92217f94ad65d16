//! `owabi corpus compare`: how real a synthetic corpus looks.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use owabi_corpora::Record;
use owabi_realism::{Comparison, Settings, explain, report};

use super::read;
use crate::error::Error;
use crate::gold::Part;
use crate::progress::Stages;

/// With fewer documents no figure means anything.
const FEWEST: usize = 4;

/// Compare a synthetic corpus with a real one: how real does it look?
///
/// Three questions, each answered by figures that say their direction. Can a classifier tell windows of 400 characters apart (AUC; 0.5: it
/// cannot)? Does a model that learnt from synthetic documents read real ones (F1 of exposed categories and of causes)? Does the
/// synthetic corpus repeat itself more than the real one does (distinct sentences, likeness)? Then how far lengths and labels lie
/// apart, and whether runs of 30 characters and more are copied. No text of the real corpus is printed unless --explain asks for it.
/// Texts without labels will do where no label is needed.
#[derive(clap::Args)]
#[command(
    after_help = "Example:\n  owabi generate --count 1000 -o synthetic.jsonl && owabi corpus compare synthetic.jsonl corpora/handwritten\n\nExit codes: 0 compared, 2 something cannot be read or is too little."
)]
pub(crate) struct Args {
    /// The synthetic corpus: .jsonl records, marked-up .toml notices, .txt texts, a folder of one of them, or with documents/ and
    /// labels.jsonl; `-` is stdin
    synthetic: PathBuf,
    /// The real corpus, in any of these forms
    real: PathBuf,
    /// Which half of a real corpus with documents/ and labels.jsonl
    #[arg(long, value_enum, default_value_t = Part::All)]
    half: Part,
    /// Labels that fewer real documents have are not learnt
    #[arg(long, value_name = "N", default_value_t = Settings::default().rare as u64, value_parser = clap::value_parser!(u64).range(1..))]
    rare: u64,
    /// Also show the N n-grams that betray the synthetic corpus most, and the N that betray the real one; prints pieces of real texts,
    /// four characters long
    #[arg(long, value_name = "N", num_args = 0..=1, default_missing_value = "30", value_parser = clap::value_parser!(u64).range(1..=10_000))]
    explain: Option<u64>,
    /// The same seed gives the same figures
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Write every figure as JSON; `-` is stdout instead of the tables
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

impl Args {
    pub(super) fn run(self) -> Result<ExitCode, Error> {
        if self.synthetic.as_os_str() == "-" && self.real.as_os_str() == "-" {
            return Err(Error::Input("only one corpus can be stdin; name a file or a folder for the other".to_owned()));
        }
        let synthetic = enough(read(&[&self.synthetic], Part::All)?, &self.synthetic)?;
        let real = enough(read(&[&self.real], self.half)?, &self.real)?;
        let stages = Stages::new();
        let found = Comparison::new(&synthetic, &real, Settings { seed: self.seed, rare: self.rare as usize }, &|stage| stages.tell(stage));
        let betrayals = self.explain.map(|most| explain::betrayals(&synthetic, &real, most as usize, self.seed));
        drop(stages);
        let mut json = serde_json::to_value(&found).unwrap_or_default();
        if let Some(betrayals) = &betrayals {
            json["betrayals"] = serde_json::to_value(betrayals).unwrap_or_default();
        }
        super::write(self.json.as_deref(), &json, || {
            report::comparison(&found) + &betrayals.as_ref().map(report::betrayals).unwrap_or_default()
        })
    }
}

fn enough(records: Vec<Record>, path: &Path) -> Result<Vec<Record>, Error> {
    let hint = format!("{FEWEST} are the least, and figures mean little below some dozens");
    match records.len() {
        1 => Err(Error::at(path.display(), format!("one document is too few to compare; {hint}"))),
        few @ 0..FEWEST => Err(Error::at(path.display(), format!("{few} documents are too few to compare; {hint}"))),
        _ => Ok(records),
    }
}
