//! Labelled documents to score against: records, raw text with its sidecar, a folder of texts with `labels.jsonl`, or a folder of marked-up notices.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use owabi_corpora::jsonl::{Answers, MAX_DOCUMENT, Records, resolve};
use owabi_corpora::raw;
use owabi_corpora::real::Half;
use owabi_corpora::record::Extra;
use owabi_corpora::{Record, handwritten};
use owabi_detector::Encoding;
use owabi_generator::perturb::ENCODING;

use crate::error::{Error, Problems};
use crate::input::{Share, files_of, has_extension, is_jsonl, labelled_texts, open, read_in, read_utf8};
use crate::raw::sidecar_of;

/// Which half of a folder of texts with `labels.jsonl`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// Both halves.
    All,
    /// The half that developers read (the SHA-256 of the id begins with an even byte).
    Development,
    /// The half that nobody reads: its score is the honest one.
    Unread,
}

impl Part {
    fn holds(self, id: &str) -> bool {
        match self {
            Part::All => true,
            Part::Development => Half::of(id) == Half::Development,
            Part::Unread => Half::of(id) == Half::Unread,
        }
    }
}

/// How a corpus is laid out.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Layout {
    Records,
    /// Raw text with its sidecar.
    Raw,
    Texts,
    Markup,
}

/// Labelled documents from several places.
pub(crate) struct Gold {
    places: Vec<(PathBuf, Layout)>,
    part: Part,
    share: Option<Share>,
    met: BTreeMap<String, String>,
}

impl Gold {
    /// Finds out what the paths hold; reads nothing yet. `-` is records on stdin.
    pub(crate) fn open(paths: &[PathBuf], part: Part, problems: &mut Problems) -> Result<Gold, Error> {
        let mut places = Vec::new();
        for path in paths {
            match places_of(path) {
                Ok(found) => places.extend(found),
                Err(line) => problems.meet(line)?,
            }
        }
        if part != Part::All && places.iter().any(|(_, layout)| *layout != Layout::Texts) {
            return Err(Error::Input("--half: only a folder with documents/ and labels.jsonl has halves; leave it out".to_owned()));
        }
        // Only files of records are long enough to wait for.
        let records = places.iter().all(|(_, layout)| *layout == Layout::Records);
        let share = Share::of(places.iter().map(|(path, _)| path.as_path())).filter(|_| records);
        Ok(Gold { places, part, share, met: BTreeMap::new() })
    }

    /// Whether the labels mark every mention, where that does not show in each record.
    pub(crate) fn exhaustive_spans(&self) -> Option<bool> {
        (!self.places.is_empty() && self.places.iter().all(|(_, layout)| *layout == Layout::Markup)).then_some(true)
    }

    /// How much has been read, where that can be told.
    pub(crate) fn share(&self) -> Option<Share> {
        self.share.clone()
    }

    /// Gives every record with its place (`file:line`) to `take`, in order.
    pub(crate) fn read(mut self, problems: &mut Problems, take: &mut dyn FnMut(Record, &str) -> Result<(), Error>) -> Result<(), Error> {
        for (path, layout) in std::mem::take(&mut self.places) {
            match layout {
                Layout::Records => self.read_records(&path, problems, take)?,
                Layout::Raw => self.read_raw(&path, problems, take)?,
                Layout::Texts => self.read_texts(&path, problems, take)?,
                Layout::Markup => {
                    let place = path.display().to_string();
                    let parse = |toml: String| handwritten::parse(&path, &toml).map_err(|error| format!("{place}: {error}"));
                    match read_utf8(&path).and_then(parse) {
                        Ok(record) => self.give(record, &place, problems, take)?,
                        Err(line) => problems.meet(line)?,
                    }
                }
            }
        }
        Ok(())
    }

    fn read_records(
        &mut self,
        path: &Path,
        problems: &mut Problems,
        take: &mut dyn FnMut(Record, &str) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let name = if path.as_os_str() == "-" { "stdin".to_owned() } else { path.display().to_string() };
        let file = match open(path) {
            Ok(file) => self.share.iter().fold(file, |file, share| share.through(file)),
            Err(line) => return problems.meet(line),
        };
        // A pipe has no name that tells what it holds.
        if path.is_file() && !is_jsonl(path) {
            return problems.meet(format!("{name}: not a .jsonl file of records; name one, or a folder"));
        }
        let mut records = Records::new(&name, file);
        let mut any = false;
        while let Some(record) = records.next() {
            any = true;
            let place = format!("{name}:{}", records.line());
            match record {
                Ok(record) => self.give(record, &place, problems, take)?,
                Err(error) => problems.meet(error.to_string())?,
            }
        }
        if any { Ok(()) } else { problems.meet(format!("{name}:1: empty; put one record on each line")) }
    }

    fn read_raw(
        &mut self,
        path: &Path,
        problems: &mut Problems,
        take: &mut dyn FnMut(Record, &str) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let sidecar = sidecar_of(path);
        let (raw, lines) = match open(path).and_then(|raw| Ok((raw, open(&sidecar)?))) {
            Ok(files) => files,
            Err(line) => return problems.meet(line),
        };
        let name = sidecar.display().to_string();
        let mut records = raw::Records::new(path.display().to_string(), raw, &name, lines, MAX_DOCUMENT);
        while let Some(record) = records.next() {
            let place = format!("{name}:{}", records.line());
            match record {
                Ok(record) => self.give(record, &place, problems, take)?,
                Err(error) => problems.meet(error.to_string())?,
            }
        }
        Ok(())
    }

    fn read_texts(
        &mut self,
        folder: &Path,
        problems: &mut Problems,
        take: &mut dyn FnMut(Record, &str) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let path = folder.join("labels.jsonl");
        let name = path.display().to_string();
        let file = match open(&path) {
            Ok(file) => file,
            Err(line) => return problems.meet(line),
        };
        let mut labelled = BTreeSet::new();
        let mut answers = Answers::new(&name, file);
        while let Some(answer) = answers.next() {
            let place = format!("{name}:{}", answers.line());
            let answer = match answer {
                Ok(answer) => answer,
                Err(error) => {
                    problems.meet(error.to_string())?;
                    continue;
                }
            };
            if answer.id.contains(['/', '\\', '\0']) {
                problems.meet(format!("{place}: id: `{}` cannot be a file's name", answer.id))?;
                continue;
            }
            labelled.insert(answer.id.clone());
            if !self.part.holds(&answer.id) {
                continue;
            }
            let text = folder.join("documents").join(format!("{}.txt", answer.id));
            let encoding = match encoding_of(&answer.extra) {
                Ok(encoding) => encoding,
                Err(message) => {
                    problems.meet(format!("{place}: {message}"))?;
                    continue;
                }
            };
            let record = read_in(&text, encoding).and_then(|text| {
                let id = answer.id.clone();
                let reading = resolve(answer, &text).map_err(|error| format!("{place}: {error}"))?;
                let labels = reading.labels.ok_or_else(|| format!("{place}: labels: missing; gold needs them"))?;
                Ok(Record { segments: reading.segments, ..Record::new(id, text, labels) })
            });
            match record {
                Ok(record) => self.give(record, &place, problems, take)?,
                Err(line) => problems.meet(line)?,
            }
        }
        for text in files_of(&folder.join("documents"), &["txt"]).map_err(Error::Input)? {
            let stem = text.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
            if !labelled.contains(stem) {
                problems.meet(format!("{}: no labels; add a line with the id `{stem}` to {name}", text.display()))?;
            }
        }
        Ok(())
    }

    fn give(
        &mut self,
        record: Record,
        place: &str,
        problems: &mut Problems,
        take: &mut dyn FnMut(Record, &str) -> Result<(), Error>,
    ) -> Result<(), Error> {
        if let Some(before) = self.met.get(&record.id) {
            let line = format!("{place}: the id `{}` was already used by {before}; give every record an id of its own", record.id);
            return problems.meet(line);
        }
        self.met.insert(record.id.clone(), place.to_owned());
        take(record, place)
    }
}

/// What the text beside a line of labels is written in: UTF-8 where the line does not say.
fn encoding_of(extra: &Extra) -> Result<Encoding, String> {
    let Some(id) = extra.0.get(ENCODING) else { return Ok(Encoding::Utf8) };
    match id.as_str() {
        Some("shift_jis") => Ok(Encoding::ShiftJis),
        Some("euc_jp") => Ok(Encoding::EucJp),
        Some("iso_2022_jp") => Ok(Encoding::Iso2022Jp),
        _ => Err(format!("{ENCODING}: {id} is no encoding that owabi writes; valid are: shift_jis, euc_jp, iso_2022_jp")),
    }
}

/// The files or the one corpus that a path stands for.
fn places_of(path: &Path) -> Result<Vec<(PathBuf, Layout)>, String> {
    let one = |layout| Ok(vec![(path.to_owned(), layout)]);
    if !path.is_dir() {
        // Whatever its name, a text beside which its places lie.
        let raw = path.is_file() && !is_jsonl(path) && sidecar_of(path).is_file();
        return one(if raw {
            Layout::Raw
        } else if has_extension(path, &["toml"]) {
            Layout::Markup
        } else {
            Layout::Records
        });
    }
    if labelled_texts(path).is_some() {
        return one(Layout::Texts);
    }
    for (extension, layout) in [("jsonl", Layout::Records), ("toml", Layout::Markup)] {
        let files = files_of(path, &[extension])?;
        if !files.is_empty() {
            return Ok(files.into_iter().map(|file| (file, layout)).collect());
        }
    }
    let hint = "put .jsonl records or marked-up .toml notices into it, or documents/ID.txt beside a labels.jsonl";
    Err(format!("{}: no labelled documents; {hint}", path.display()))
}
