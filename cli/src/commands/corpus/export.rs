//! `owabi corpus export`: labelled documents in the formats of other tools.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::ValueEnum;
use owabi_corpora::OffsetUnit;
use owabi_formats::{Format, Settings};

use crate::error::{Error, Problems};
use crate::exporting::Export;
use crate::gold::{Gold, Part};
use crate::progress::Progress;

/// Write labelled documents in the format of another tool
///
/// Reads records (or any labelled corpus) and writes them for brat, doccano, Label Studio, spaCy, dataset hubs and whatever reads
/// CoNLL, Parquet or CSV. docs/formats.md tells what each format keeps, what it loses, and what its labels are called. A folder has
/// a part for every split that the documents' provenance names; documents without one go to train. A folder appears whole or not
/// at all, and one that holds something is refused. `owabi corpus import` reads jsonl, brat and doccano back.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  owabi corpus export notices.jsonl --format brat -o notices-brat/\n  owabi corpus export notices.jsonl --format doccano -o notices-doccano.jsonl\n  owabi generate --count 100 | owabi corpus export - --format csv > labels.csv\n\nExit codes: 0 written, 2 something cannot be read or written."
)]
pub(crate) struct Args {
    /// .jsonl files of records, marked-up .toml notices, folders of either, or with documents/ and labels.jsonl; `-` is stdin
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// What to write
    #[arg(long, value_enum)]
    format: Format,
    /// Where to write: a file, a folder (a name that ends in `/`; text, hf and brat are folders always), or `-` for stdout
    #[arg(short, long, value_name = "PATH", default_value = "-")]
    output: PathBuf,
    /// What positions count, for doccano (utf16 when left out, as its editor counts) and label-studio (code-points when left out)
    #[arg(long, value_enum, value_name = "UNIT")]
    offsets: Option<Unit>,
    /// Which half of a folder with documents/ and labels.jsonl
    #[arg(long, value_enum, default_value_t = Part::All)]
    half: Part,
}

/// What positions count.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Unit {
    /// Unicode code points, as Python counts
    CodePoints,
    /// Units of UTF-16, as JavaScript counts
    Utf16,
}

impl From<Unit> for OffsetUnit {
    fn from(unit: Unit) -> OffsetUnit {
        match unit {
            Unit::CodePoints => OffsetUnit::CodePoints,
            Unit::Utf16 => OffsetUnit::Utf16,
        }
    }
}

impl Args {
    pub(super) fn run(self) -> Result<ExitCode, Error> {
        let format = self.format;
        let export = Export::open(format, Settings { offsets: self.offsets.map(OffsetUnit::from) }, &self.output)?;
        let mut problems = Problems::new(false);
        let gold = Gold::open(&self.paths, self.half, &mut problems)?;
        let mut progress = Progress::new(None, export.is_stdout());
        let command = format!("owabi corpus export corpus.jsonl --format {format} -o corpus/");
        export.write(&command, |put| {
            gold.read(&mut problems, &mut |record, _| {
                progress.add(1);
                put(&record)
            })
        })
    }
}
