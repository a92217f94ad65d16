//! `owabi corpus compare`: how real a synthetic corpus looks.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use owabi_corpora::Record;
use owabi_realism::{Comparison, Settings, report};

use crate::error::{Error, Problems};
use crate::gold::{Gold, Part};
use crate::output::Output;

/// Compare a synthetic corpus with a real one: how real it looks, in figures
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The synthetic corpus: a .jsonl file of records, or a folder
    synthetic: PathBuf,
    /// The real corpus: the same, or a folder with documents/ and labels.jsonl
    real: PathBuf,
    /// Which half of a real corpus with documents/ and labels.jsonl
    #[arg(long, value_enum, default_value_t = Part::All)]
    half: Part,
    /// Labels that fewer real documents have are not learnt
    #[arg(long, value_name = "N", default_value_t = 2)]
    rare: usize,
    /// Of every draw
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Write every figure as JSON; `-` is stdout instead of the table
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

impl Args {
    pub(super) fn run(self) -> Result<ExitCode, Error> {
        let synthetic = read(&self.synthetic, Part::All)?;
        let real = read(&self.real, self.half)?;
        let found = Comparison::new(&synthetic, &real, Settings { seed: self.seed, rare: self.rare });
        if let Some(path) = &self.json {
            let mut out = Output::create(path)?;
            out.put(serde_json::to_string_pretty(&found).unwrap_or_default().as_bytes())?;
            out.put(b"\n")?;
            out.finish()?;
        }
        if self.json.as_deref() != Some(Path::new("-")) {
            let mut out = Output::stdout();
            out.put(report::terminal(&found).as_bytes())?;
            out.finish()?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn read(path: &Path, part: Part) -> Result<Vec<Record>, Error> {
    let mut problems = Problems::new(false);
    let mut records = Vec::new();
    Gold::open(&[path.to_owned()], part, &mut problems)?.read(&mut problems, &mut |record, _| {
        records.push(record);
        Ok(())
    })?;
    Ok(records)
}
