//! A corpus in a folder: shards of records, a data card and a manifest.
//!
//! Nothing is remembered between runs. A shard appears under its name only when it is whole, and which documents belong into it
//! follows from its number: so a further run makes what is not there, on this machine or on another, and the files are the same
//! however often the work was interrupted.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};

use owabi_corpora::Summary;
use owabi_corpora::jsonl::Records;
use owabi_generator::{Coverage, Generator, Outcome, REVISION, card};
use rayon::prelude::*;
use serde::Deserialize;

use crate::error::{Error, reason};
use crate::interrupt;
use crate::manifest::{Entry, Hashing, MANIFEST, Manifest, digest};
use crate::output::Output;

const CARD: &str = "README.md";

/// A folder that holds, or is to hold, what a generator makes.
pub(crate) struct Folder<'a> {
    path: &'a Path,
    generator: &'a Generator,
    /// Documents in a shard.
    size: u64,
}

/// A shard that is not there yet.
pub(crate) struct Shard {
    pub(crate) path: PathBuf,
    pub(crate) range: Range<u64>,
}

/// Whether a path names a folder to write a corpus into: it ends in a slash.
pub(crate) fn is_folder(path: &Path) -> bool {
    path.as_os_str().to_str().is_some_and(|name| name.ends_with(['/', std::path::MAIN_SEPARATOR]))
}

/// The shards in a folder, by number.
pub(crate) fn shards_of(folder: &Path) -> Result<BTreeMap<u64, String>, String> {
    let names = names_in(folder)?;
    Ok(names.into_iter().filter_map(|name| number_of(&name).map(|number| (number, name))).collect())
}

impl<'a> Folder<'a> {
    /// Makes the folder where it is not there, and refuses one that holds anything but a corpus of this generator.
    pub(crate) fn open(path: &'a Path, generator: &'a Generator, size: u64) -> Result<Folder<'a>, Error> {
        let place = path.display();
        fs::create_dir_all(path).map_err(|error| Error::at(&place, format!("cannot make the folder: {}", reason(&error))))?;
        let folder = Folder { path, generator, size };
        let shards = shards_of(path).map_err(Error::Input)?;
        let strange = names_in(path).map_err(Error::Input)?.into_iter().find(|name| {
            let partial = name.strip_suffix(".partial").is_some_and(|name| number_of(name).is_some());
            number_of(name).is_none() && !partial && !name.starts_with('.')
        });
        // All shards may be lost while the manifest still tells whose they were.
        if let (true, false, Some(name)) = (shards.is_empty(), Manifest::tells_of(path, generator), strange) {
            return Err(Error::at(&place, format!("holds `{name}` and no corpus; name an empty or a new folder")));
        }
        for (number, name) in shards {
            let file = path.join(&name);
            let (first_id, _) = ends(&file).map_err(|error| Error::at(file.display(), reason(&error)))?;
            let first = number.saturating_mul(size);
            let Some(id) = first_id else {
                return Err(Error::at(file.display(), "does not begin with a record; delete it or name another folder"));
            };
            if folder.index(&id).is_some_and(|index| index != first) {
                let what =
                    format!("begins with `{id}` instead of document {first}: another --shard-size; give that one or name another folder");
                return Err(Error::at(file.display(), what));
            }
            // Whether it was perturbed shows only when it is made.
            let wanted = generator.record(first).id;
            if id != wanted {
                let what =
                    format!("begins with `{id}` instead of `{wanted}`: another seed, revision or configuration; name another folder");
                return Err(Error::at(file.display(), what));
            }
        }
        Ok(folder)
    }

    /// The shards of `range` that are not there, or end before they should: a corpus may grow.
    pub(crate) fn missing(&self, range: Range<u64>) -> Result<Vec<Shard>, Error> {
        if !range.start.is_multiple_of(self.size) {
            let (start, size) = (range.start - range.start % self.size, self.size);
            let what =
                format!("a shard holds {size} documents (--shard-size) and begins at a multiple of that; write {start}..{}", range.end);
            return Err(Error::at("--range", what));
        }
        let mut missing = Vec::new();
        let mut start = range.start;
        while start < range.end {
            let end = start.saturating_add(self.size).min(range.end);
            let path = self.path.join(format!("part-{:05}.jsonl", start / self.size));
            // What cannot be read is made again.
            let last = ends(&path).ok().and_then(|(_, last)| self.index(&last?));
            if last.is_none_or(|last| last < end - 1) {
                missing.push(Shard { path, range: start..end });
            }
            start = end;
        }
        Ok(missing)
    }

    /// Reads all shards, whoever made them, and writes card and manifest over them. Tells what is there in one line.
    pub(crate) fn finish(&self, coverage: Option<Coverage<'_>>) -> Result<String, Error> {
        let shards = shards_of(self.path).map_err(Error::Input)?;
        let read: Vec<Result<Survey, Error>> = shards.par_iter().map(|(number, name)| self.survey(*number, name)).collect();
        let (mut summary, mut coverage, mut files) = (Summary::default(), coverage, Vec::new());
        for survey in read {
            let survey = survey?;
            summary.merge(survey.summary);
            if let Some(coverage) = &mut coverage {
                survey.outcomes.into_iter().for_each(|outcome| coverage.add(outcome));
            }
            files.push(survey.entry);
        }
        let bytes = files.iter().map(|entry| entry.bytes).sum();
        let command = self.command(&files);
        let config = self.generator.config();
        let text = card(self.generator, &summary, coverage.as_ref(), &command, bytes);
        Output::replace(&self.path.join(CARD), text.as_bytes())?;
        // Hashing what is in memory cannot fail.
        let (bytes, sha256) = digest(text.as_bytes()).unwrap_or_default();
        files.insert(0, Entry { name: CARD.to_owned(), bytes, sha256, first: None, documents: None });
        let line = self.told(&files, &summary);
        let manifest = Manifest {
            schema: 1,
            revision: REVISION,
            seed: config.seed,
            configuration: config.canonical(),
            hash: self.generator.hash().to_owned(),
            command,
            documents: summary.documents,
            files,
        };
        manifest.write(self.path)?;
        Ok(line + &coverage.map(|coverage| format!("\n{coverage}")).unwrap_or_default())
    }

    fn survey(&self, number: u64, name: &str) -> Result<Survey, Error> {
        let path = self.path.join(name);
        let place = path.display().to_string();
        let first = number * self.size;
        let file = File::open(&path).map_err(|error| Error::at(&place, reason(&error)))?;
        let mut hashing = Hashing::new(file);
        let (mut summary, mut outcomes) = (Summary::default(), Vec::new());
        for record in Records::new(&place, BufReader::new(&mut hashing)) {
            if interrupt::requested() {
                return Err(Error::Interrupted("interrupted; all shards are there; the same command writes card and manifest".to_owned()));
            }
            let record = record.map_err(|error| Error::Input(format!("{error}; delete the file and run the same command again")))?;
            let expected = first + summary.documents;
            if self.index(&record.id) != Some(expected) {
                let what = format!("holds `{}` where document {expected} should be; delete it and run the same command again", record.id);
                return Err(Error::at(&place, what));
            }
            outcomes.extend(Outcome::of(&record));
            summary.add(&record);
        }
        let (bytes, sha256) = hashing.finish();
        let entry = Entry { name: name.to_owned(), bytes, sha256, first: Some(first), documents: Some(summary.documents) };
        Ok(Survey { summary, outcomes, entry })
    }

    /// The command that makes all shards that are there, and those between them.
    fn command(&self, files: &[Entry]) -> String {
        let flags: Vec<String> =
            self.generator.config().flags().iter().map(|(flag, value)| format!(" --{flag} {value}").trim_end().to_owned()).collect();
        let first = files.iter().filter_map(|entry| entry.first).min().unwrap_or_default();
        let end = files.iter().filter_map(|entry| Some(entry.first? + entry.documents?)).max().unwrap_or_default();
        let which = if first == 0 { format!("--count {end}") } else { format!("--range {first}..{end}") };
        format!("owabi generate{} {which} --shard-size {} -o corpus/", flags.concat(), self.size)
    }

    fn told(&self, files: &[Entry], summary: &Summary) -> String {
        let shards: Vec<(u64, u64)> = files.iter().filter_map(|entry| Some((entry.first?, entry.documents?))).collect();
        let plural = if shards.len() == 1 { "" } else { "s" };
        let mut line =
            format!("{}: {} documents in {} shard{plural}, {CARD}, {MANIFEST}", self.path.display(), summary.documents, shards.len());
        let gap = shards.windows(2).map(|pair| pair[0].0 + pair[0].1..pair[1].0).find(|gap| !gap.is_empty());
        if let Some(Range { start, end }) = gap {
            let start = start - start % self.size;
            line += &format!("; the documents from {start} on are not there yet: --range {start}..{end} makes them");
        }
        line
    }

    /// The index of a record of this generator.
    fn index(&self, id: &str) -> Option<u64> {
        let own = self.generator.id(0);
        let rest = id.strip_prefix(own.strip_suffix('0')?)?;
        // What was altered bears the names of the alterations behind a plus.
        rest.split('+').next()?.parse().ok()
    }
}

/// What is read off a shard.
struct Survey {
    summary: Summary,
    outcomes: Vec<Outcome>,
    entry: Entry,
}

fn number_of(name: &str) -> Option<u64> {
    let digits = name.strip_prefix("part-")?.strip_suffix(".jsonl")?;
    (digits.len() >= 5 && digits.bytes().all(|byte| byte.is_ascii_digit())).then(|| digits.parse().ok())?
}

fn names_in(folder: &Path) -> Result<Vec<String>, String> {
    let told = |error: io::Error| format!("{}: {}", folder.display(), reason(&error));
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(told)? {
        names.push(entry.map_err(told)?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

/// The ids of a file's first and last record; none where that line is not whole.
fn ends(path: &Path) -> io::Result<(Option<String>, Option<String>)> {
    let mut file = File::open(path)?;
    let mut first = Vec::new();
    BufReader::new(&mut file).read_until(b'\n', &mut first)?;
    let length = file.seek(SeekFrom::End(0))?;
    let (mut tail, mut reach) = (Vec::new(), 1u64 << 16);
    loop {
        tail.clear();
        file.seek(SeekFrom::Start(length.saturating_sub(reach)))?;
        file.read_to_end(&mut tail)?;
        let body = tail.strip_suffix(b"\n").unwrap_or(&[]);
        if let Some(line) = body.iter().rposition(|byte| *byte == b'\n') {
            return Ok((id_of(&first), id_of(&body[line + 1..])));
        }
        if reach >= length {
            return Ok((id_of(&first), id_of(body)));
        }
        reach *= 4;
    }
}

fn id_of(line: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Line {
        id: String,
    }
    serde_json::from_slice::<Line>(line).ok().map(|line| line.id)
}
