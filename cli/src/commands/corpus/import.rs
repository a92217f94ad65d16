//! `owabi corpus import`: records from the formats of other tools.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ValueEnum;
use owabi_corpora::jsonl::{Lines, MAX_DOCUMENT, Records, parse, write_record};
use owabi_corpora::vocabulary::Split;
use owabi_corpora::{OffsetUnit, Record};
use owabi_formats::marks::Object;
use owabi_formats::{brat, doccano};
use serde_json::json;

use super::export::Unit;
use crate::error::{Error, reason};
use crate::input::{files_of, open};
use crate::interrupt;
use crate::output::Output;
use crate::progress::Progress;

/// Read labelled documents back from the format of another tool
///
/// What `owabi corpus export` or `owabi generate --format` wrote comes back as the same records, with the labels that were added,
/// moved, renamed or removed in between. Corpora of others are read if their labels have owabi's names; docs/formats.md tells what
/// a label that says too little is taken for. Run `owabi corpus verify` on the result.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  owabi corpus import notices-brat/ --format brat -o notices.jsonl\n  owabi corpus import admin.jsonl --format doccano | owabi corpus verify -\n\nExit codes: 0 read, 2 something cannot be read or says too little."
)]
pub(crate) struct Args {
    /// For brat folders with .txt and .ann files, also below; else .jsonl files or folders of them, `-` is stdin
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// What to read
    #[arg(long, value_enum)]
    format: Format,
    /// Where to write the records: a file, or `-` for stdout
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    output: PathBuf,
    /// What positions count in lines of doccano's that owabi did not write; its editor counts utf16
    #[arg(long, value_enum, value_name = "UNIT", default_value_t = Unit::Utf16)]
    offsets: Unit,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Records; positions become code points
    Jsonl,
    /// brat's standoff
    Brat,
    /// doccano's sequence labelling
    Doccano,
}

impl Args {
    pub(super) fn run(self) -> Result<ExitCode, Error> {
        let mut out = Output::create(&self.output)?;
        if out.partial().is_some() {
            interrupt::be_graceful();
        }
        let mut taker = Taker { met: BTreeMap::new(), progress: Progress::new(None, out.is_stdout()), out: &mut out };
        let read = self.paths.iter().try_for_each(|path| match self.format {
            Format::Brat => folders(path, &mut taker),
            Format::Jsonl | Format::Doccano => self.files(path, &mut taker),
        });
        drop(taker);
        match read {
            Ok(()) => out.finish().map(|()| ExitCode::SUCCESS),
            Err(error) => {
                out.abandon();
                Err(error)
            }
        }
    }

    fn files(&self, path: &Path, taker: &mut Taker<'_>) -> Result<(), Error> {
        let files = if path.is_dir() { files_of(path, &["jsonl"]).map_err(Error::Input)? } else { vec![path.to_owned()] };
        if files.is_empty() {
            return Err(Error::at(path.display(), "no .jsonl file in it; name the folder that holds the export"));
        }
        for path in files {
            let name = if path.as_os_str() == "-" { "stdin".to_owned() } else { path.display().to_string() };
            let file = open(&path).map_err(Error::Input)?;
            if self.format == Format::Jsonl {
                let mut records = Records::new(&name, file);
                while let Some(record) = records.next() {
                    let record = record.map_err(|error| Error::Input(error.to_string()))?;
                    taker.take(record, format!("{name}:{}", records.line()))?;
                }
                continue;
            }
            let mut lines = Lines::new(&name, file, MAX_DOCUMENT);
            while let Some((number, line)) = lines.next_line().map_err(|error| Error::Input(error.to_string()))? {
                let record = doccano::read(line, OffsetUnit::from(self.offsets), number);
                let record = record.map_err(|error| Error::Input(lines.error(error).to_string()))?;
                taker.take(record, format!("{name}:{number}"))?;
            }
        }
        Ok(())
    }
}

/// Writes records, each id once.
struct Taker<'o> {
    out: &'o mut Output,
    met: BTreeMap<String, String>,
    progress: Progress,
}

impl Taker<'_> {
    fn take(&mut self, record: Record, place: String) -> Result<(), Error> {
        if interrupt::requested() {
            return Err(Error::Interrupted("interrupted; nothing was written, run the same command again".to_owned()));
        }
        if let Some(before) = self.met.get(&record.id) {
            let line = format!("the id `{}` was already used by {before}; give every document an id of its own", record.id);
            return Err(Error::at(place, line));
        }
        let mut line = Vec::with_capacity(record.text.len() * 2);
        // Writing to memory cannot fail.
        let _ = write_record(&mut line, &record);
        self.out.put(&line)?;
        self.progress.add(1);
        self.met.insert(record.id, place);
        Ok(())
    }
}

/// Every folder of brat's at or below a path: the splits in their order, then others by name.
fn folders(path: &Path, taker: &mut Taker<'_>) -> Result<(), Error> {
    if !path.is_dir() {
        return Err(Error::at(path.display(), "no such folder; name one with .txt and .ann files"));
    }
    let mut found = BTreeSet::new();
    for file in files_of(path, &["txt", "jsonl"]).map_err(Error::Input)? {
        let is_ours = file.extension().is_some_and(|extension| extension == "txt") || file.ends_with(brat::DOCUMENTS);
        if let Some(folder) = file.parent().filter(|_| is_ours) {
            let split = Split::all().position(|split| folder.ends_with(split.id())).unwrap_or(usize::MAX);
            found.insert((split, folder.to_owned()));
        }
    }
    if found.is_empty() {
        return Err(Error::at(path.display(), "no .txt file in it; brat's documents are ID.txt and ID.ann"));
    }
    found.into_iter().try_for_each(|(_, folder)| documents(&folder, taker))
}

/// The documents of one folder: those of `documents.jsonl` in its order, then others by name.
fn documents(folder: &Path, taker: &mut Taker<'_>) -> Result<(), Error> {
    let mut known = BTreeSet::new();
    let list = folder.join(brat::DOCUMENTS);
    if list.is_file() {
        let name = list.display().to_string();
        let mut lines = Lines::new(&name, open(&list).map_err(Error::Input)?, MAX_DOCUMENT);
        while let Some((number, line)) = lines.next_line().map_err(|error| Error::Input(error.to_string()))? {
            let place = format!("{name}:{number}");
            let rest: Object = parse(line).map_err(|error| Error::at(&place, error))?;
            let file = rest.get("file").and_then(|file| file.as_str()).filter(|file| !file.is_empty() && !file.contains(['/', '\\', '\0']));
            let file = file.ok_or_else(|| Error::at(&place, "file: missing, or no name of a file in this folder"))?.to_owned();
            taker.take(document(folder, &file, rest)?, place)?;
            known.insert(file);
        }
    }
    for text in files_of(folder, &["txt"]).map_err(Error::Input)?.iter().filter(|text| text.parent() == Some(folder)) {
        let Some(stem) = text.file_stem().and_then(|stem| stem.to_str()) else {
            return Err(Error::at(text.display(), "the file's name is not UTF-8; rename it"));
        };
        if !known.contains(stem) {
            let rest = Object::from_iter([("id".to_owned(), json!(stem))]);
            taker.take(document(folder, stem, rest)?, text.display().to_string())?;
        }
    }
    Ok(())
}

fn document(folder: &Path, file: &str, rest: Object) -> Result<Record, Error> {
    // The text is what its bytes are: brat counts a mark of byte order, so it stays.
    let read = |extension: &str| {
        let path = folder.join(format!("{file}.{extension}"));
        let place = path.display().to_string();
        let bytes = fs::read(&path).map_err(|error| Error::at(&place, reason(&error)))?;
        String::from_utf8(bytes).map(|text| (place.clone(), text)).map_err(|error| {
            let line = error.as_bytes()[..error.utf8_error().valid_up_to()].iter().filter(|byte| **byte == b'\n').count() + 1;
            Error::at(format!("{place}:{line}"), "not valid UTF-8; convert the file to UTF-8")
        })
    };
    let (_, text) = read("txt")?;
    let (place, ann) = read("ann")?;
    brat::read(rest, &text, &ann).map_err(|error| match error.line {
        0 => Error::at(&place, error),
        line => Error::at(format!("{place}:{line}"), error),
    })
}
