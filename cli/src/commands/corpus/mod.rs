//! `owabi corpus`: looks after labelled corpora.

use std::path::Path;
use std::process::ExitCode;

use clap::Subcommand;
use owabi_corpora::{Labels, Record};

use super::write;
use crate::error::{Error, Problems};
use crate::gold::{Gold, Part};
use crate::input::{files_of, has_extension, labelled_texts, read_utf8};

mod compare;
mod export;
mod import;
mod stats;
mod verify;

/// Look after labelled corpora
#[derive(Subcommand)]
pub(crate) enum Command {
    Verify(verify::Args),
    Stats(stats::Args),
    Compare(compare::Args),
    Export(export::Args),
    Import(import::Args),
}

impl Command {
    pub(crate) fn run(self) -> Result<ExitCode, Error> {
        match self {
            Command::Verify(args) => args.run(),
            Command::Stats(args) => args.run(),
            Command::Compare(args) => args.run(),
            Command::Export(args) => args.run(),
            Command::Import(args) => args.run(),
        }
    }
}

/// Every document of a corpus. Texts without labels are documents whose labels nobody annotated.
fn read(paths: &[impl AsRef<Path>], part: Part) -> Result<Vec<Record>, Error> {
    let mut problems = Problems::new(false);
    let mut records = Vec::new();
    let mut labelled = Vec::new();
    for path in paths.iter().map(AsRef::as_ref) {
        match texts(path)? {
            Some(texts) => records.extend(texts),
            None => labelled.push(path.to_owned()),
        }
    }
    if part != Part::All && !records.is_empty() {
        return Err(Error::Input("--half: only a folder with documents/ and labels.jsonl has halves; leave it out".to_owned()));
    }
    Gold::open(&labelled, part, &mut problems)?.read(&mut problems, &mut |record, _| {
        records.push(record);
        Ok(())
    })?;
    Ok(records)
}

/// The texts of a folder that holds nothing else, or of a `.txt` file; `None` for anything else.
fn texts(path: &Path) -> Result<Option<Vec<Record>>, Error> {
    let files = match path.is_dir() {
        true if labelled_texts(path).is_some() => return Ok(None),
        true => {
            if !files_of(path, &["jsonl", "toml"]).map_err(Error::Input)?.is_empty() {
                return Ok(None);
            }
            files_of(path, &["txt"]).map_err(Error::Input)?
        }
        false if has_extension(path, &["txt"]) => vec![path.to_owned()],
        false => return Ok(None),
    };
    if files.is_empty() {
        return Ok(None);
    }
    let record = |file: &std::path::PathBuf| {
        let id = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        read_utf8(file).map(|text| Record::new(id, text, Labels::default())).map_err(Error::Input)
    };
    files.iter().map(record).collect::<Result<_, _>>().map(Some)
}
