//! Raw load: texts by the gigabyte in one file, with a sidecar that says where each lies and what it states (`owabi_corpora::raw`).

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::str::FromStr;

use owabi_corpora::frozen::{self, Frozen};
use owabi_corpora::raw::{Cursor, Document};
use owabi_generator::load::{Density, LARGEST, Load, SMALLEST, Shape, Sizes};
use owabi_generator::{Config, ConfigError};
use rayon::ThreadPool;
use rayon::prelude::*;

use crate::error::Error;
use crate::interrupt;
use crate::output::Output;
use crate::progress::Progress;

/// How many documents are made before they are written.
const CHUNK: usize = 256;
/// Fewer where they have more bytes than this together; but one for every thread.
const CHUNK_BYTES: usize = 8 << 20;

#[derive(clap::Args)]
#[command(next_help_heading = "Raw load")]
pub(crate) struct Flags {
    /// With `--format text`: documents until the texts have at least so many bytes, such as 100MB or 4GiB, and for `-o FILE` a
    /// sidecar FILE.jsonl with the place and the labels of each
    #[arg(long, value_name = "SIZE", conflicts_with_all = ["count", "range", "cover", "shard_size"])]
    bytes: Option<Bytes>,
    /// With `--bytes`: how large documents are at most: 10KB, or 1KiB..64MiB with every doubling equally likely, or natural. Notices are
    /// joined, and the last is cut between two paragraphs
    #[arg(long, value_name = "SIZES")]
    document_size: Option<DocumentSize>,
    /// With `--bytes`: the share of notices that tell of an incident, from 0 to 1; the others are unrelated texts
    #[arg(long, value_name = "SHARE", value_parser = density)]
    density: Option<Density>,
    /// Write a frozen set instead, whose bytes no release changes: bench-v1:1MB, bench-v1:100MB, bench-v1:1GB or any other size
    #[arg(long, value_name = "NAME:SIZE", conflicts_with_all = ["bytes", "document_size", "density", "count", "range", "shard_size", "format", "seed", "kinds", "profile", "cover", "split", "value_mode", "values", "voices", "perturb", "allow_valid_my_number", "instances", "keyword_distance", "adjacency", "difficulty"])]
    frozen: Option<FrozenSize>,
    /// Where the places and labels go, instead of FILE.jsonl; none are written for stdout and devices when this is left out
    #[arg(long, value_name = "PATH")]
    sidecar: Option<PathBuf>,
}

/// Who makes the documents, and how many bytes of them are wanted.
pub(crate) struct Raw {
    source: Source,
    bytes: u64,
    sidecar: Option<PathBuf>,
}

enum Source {
    Load(Box<Load>),
    Frozen(Frozen),
}

impl Flags {
    /// What is asked for, if raw load is. `text` says whether `--format text` was given.
    pub(crate) fn asked(&self, config: impl FnOnce() -> Result<Config, Error>, text: bool) -> Result<Option<Raw>, Error> {
        let raw = |source, bytes: Bytes| Ok(Some(Raw { source, bytes: bytes.0, sidecar: self.sidecar.clone() }));
        if let Some(FrozenSize { name, bytes }) = &self.frozen {
            // Reading the flag checked the name.
            let Some(set) = Frozen::from_name(name) else { return Ok(None) };
            return raw(Source::Frozen(set), *bytes);
        }
        let Some(bytes) = self.bytes else {
            // Clap waives what a flag requires where that stands against another flag, such as --count.
            let flags =
                [("document-size", self.document_size.is_some()), ("density", self.density.is_some()), ("sidecar", self.sidecar.is_some())];
            return match flags.iter().find(|(_, given)| *given) {
                Some((flag, _)) => {
                    Err(Error::Input(format!("--{flag}: only raw load has one; give --bytes SIZE --format text instead of --count")))
                }
                None => Ok(None),
            };
        };
        if !text {
            return Err(Error::Input("--bytes: raw load is text; add --format text, or name a --count of records".to_owned()));
        }
        let shape = Shape { sizes: self.document_size.and_then(|DocumentSize(sizes)| sizes), density: self.density };
        let load = Load::new(config()?, shape).map_err(|error: ConfigError| Error::Input(error.to_string()))?;
        raw(Source::Load(Box::new(load)), bytes)
    }
}

impl Raw {
    /// Writes the texts to `path` and their places beside it.
    pub(crate) fn write(&self, path: &Path, pool: &ThreadPool) -> Result<ExitCode, Error> {
        if crate::folder::is_folder(path) {
            return Err(Error::at(path.display(), "raw load is one file; name it without the slash"));
        }
        if self.sidecar.as_deref() == Some(path) {
            return Err(Error::at(path.display(), "would hold both texts and labels; name another --sidecar"));
        }
        let mut out = Output::create(path)?;
        let beside = match (&self.sidecar, out.partial()) {
            (Some(path), _) => Some(path.clone()),
            (None, Some(_)) => Some(sidecar_of(path)),
            (None, None) => None,
        };
        let mut sidecar = match beside.as_deref().map(Output::create).transpose() {
            Ok(sidecar) => sidecar,
            Err(error) => {
                out.abandon();
                return Err(error);
            }
        };
        let partial: Vec<String> =
            std::iter::once(&out).chain(&sidecar).filter_map(|out| Some(out.partial()?.display().to_string())).collect();
        if !partial.is_empty() {
            interrupt::be_graceful();
        }
        let made = self.fill(&mut out, sidecar.as_mut(), pool);
        match made {
            Ok(None) => {
                // The sidecar first: whoever waits for the texts finds both.
                sidecar.map_or(Ok(()), Output::finish)?;
                out.finish()?;
                Ok(ExitCode::SUCCESS)
            }
            Ok(Some(documents)) => {
                out.push()?;
                sidecar.map_or(Ok(()), |mut sidecar| sidecar.push())?;
                let line = format!("interrupted; {} hold {documents} documents; the same command begins anew", partial.join(" and "));
                Err(Error::Interrupted(line))
            }
            Err(error) => {
                out.abandon();
                sidecar.into_iter().for_each(Output::abandon);
                Err(error)
            }
        }
    }

    /// Returns how many documents there are if Ctrl-C was pressed before all were made.
    fn fill(&self, out: &mut Output, mut sidecar: Option<&mut Output>, pool: &ThreadPool) -> Result<Option<u64>, Error> {
        let mut progress = Progress::bytes(self.bytes, out.is_stdout());
        let (mut cursor, mut next) = (Cursor::default(), 0);
        let (mut texts, mut lines) = (Vec::new(), Vec::new());
        while (cursor.bytes as u64) < self.bytes {
            if interrupt::requested() {
                return Ok(Some(next));
            }
            let chunk = next..next + self.chunk(next, pool.current_num_threads());
            next = chunk.end;
            let made: Vec<Document> = pool.install(|| chunk.into_par_iter().map(|index| self.document(index)).collect());
            let before = cursor.bytes;
            // Whole documents: the last one may reach past the end.
            for document in made {
                if cursor.bytes as u64 >= self.bytes {
                    break;
                }
                document.write(&mut cursor, &mut texts, &mut lines);
            }
            out.put(&texts)?;
            sidecar.as_mut().map_or(Ok(()), |sidecar| sidecar.put(&lines))?;
            texts.clear();
            lines.clear();
            progress.add((cursor.bytes - before) as u64);
        }
        Ok(None)
    }

    fn document(&self, index: u64) -> Document {
        match &self.source {
            Source::Load(load) => Document::of(load.document(index)),
            Source::Frozen(set) => set.document(index),
        }
    }

    /// How many documents are made at a time, from this one on.
    fn chunk(&self, first: u64, threads: usize) -> u64 {
        let room = |index: u64| match &self.source {
            Source::Load(load) => load.room(index).unwrap_or(0),
            Source::Frozen(_) => 0,
        };
        let (mut count, mut bytes) = (0, 0);
        while count < CHUNK && (bytes < CHUNK_BYTES || count < threads) {
            bytes += room(first + count as u64);
            count += 1;
        }
        count as u64
    }
}

/// `load.txt.jsonl` of `load.txt`.
pub(crate) fn sidecar_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".jsonl");
    name.into()
}

/// A number of bytes: `512`, `100MB`, `1.5GB`, `4GiB`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Bytes(u64);

/// No file is larger.
const MOST: f64 = 1e18;

impl FromStr for Bytes {
    type Err = String;

    fn from_str(text: &str) -> Result<Bytes, String> {
        let wrong = || format!("`{text}` is no size; write 100MB or 4GiB (1 kB is 1,000 bytes, 1 KiB is 1,024)");
        let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        let (number, unit) = text.split_at(digits);
        let unit = match unit.trim().to_ascii_lowercase().as_str() {
            "" | "b" => 1.0,
            "kb" => 1e3,
            "mb" => 1e6,
            "gb" => 1e9,
            "tb" => 1e12,
            "kib" => 1024.0,
            "mib" => 1_048_576.0,
            "gib" => 1_073_741_824.0,
            "tib" => 1_099_511_627_776.0,
            _ => return Err(wrong()),
        };
        match number.parse::<f64>().map(|number| (number * unit).round()) {
            Ok(bytes) if (1.0..=MOST).contains(&bytes) => Ok(Bytes(bytes as u64)),
            _ => Err(wrong()),
        }
    }
}

/// `natural`, `10KB`, `1KiB..64MiB`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct DocumentSize(Option<Sizes>);

impl FromStr for DocumentSize {
    type Err = String;

    fn from_str(text: &str) -> Result<DocumentSize, String> {
        if text == "natural" {
            return Ok(DocumentSize(None));
        }
        let (least, most) = text.split_once("..").unwrap_or((text, text));
        let (Bytes(least), Bytes(most)) = (least.parse()?, most.parse()?);
        if least > most {
            return Err(format!(
                "is reversed; the smaller size stands first, as in {}..{}",
                text.rsplit("..").next().unwrap_or_default(),
                text.split("..").next().unwrap_or_default()
            ));
        }
        let fit = |bytes: u64| usize::try_from(bytes).unwrap_or(usize::MAX);
        let sizes = Sizes::new(fit(least), fit(most));
        sizes
            .map(|sizes| DocumentSize(Some(sizes)))
            .ok_or_else(|| format!("documents can be made from {} bytes to {} MiB", SMALLEST, LARGEST >> 20))
    }
}

fn density(text: &str) -> Result<Density, String> {
    let share = text.parse().ok().and_then(Density::new);
    share.ok_or_else(|| "write a share from 0 (no notice tells of an incident) to 1 (every one does), such as 0.1".to_owned())
}

/// `bench-v1:100MB`.
#[derive(Debug, Clone, PartialEq, Eq)]
struct FrozenSize {
    name: String,
    bytes: Bytes,
}

impl FromStr for FrozenSize {
    type Err = String;

    fn from_str(text: &str) -> Result<FrozenSize, String> {
        let names = frozen::NAMES.join(", ");
        let (name, size) =
            text.split_once(':').ok_or_else(|| format!("write NAME:SIZE, such as {}:100MB; sets are: {names}", frozen::NAMES[0]))?;
        if !frozen::NAMES.contains(&name) {
            return Err(format!("unknown set `{name}`; sets are: {names}"));
        }
        Ok(FrozenSize { name: name.to_owned(), bytes: size.parse()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read() {
        for (text, bytes) in
            [("512", 512), ("1kB", 1000), ("100MB", 100_000_000), ("1.5gb", 1_500_000_000), ("4GiB", 4 << 30), ("64 MiB", 64 << 20)]
        {
            assert_eq!(text.parse(), Ok(Bytes(bytes)));
        }
        for bad in ["", "0", "MB", "5QB", "-1MB", "1e3", "1..2MB", "99999999TB", "1,5MB", "ＭB"] {
            assert!(bad.parse::<Bytes>().is_err(), "{bad}");
        }
        assert_eq!("natural".parse(), Ok(DocumentSize(None)));
        assert_eq!("1KiB..64MiB".parse(), Ok(DocumentSize(Sizes::new(1024, 64 << 20))));
        assert_eq!("10KB".parse(), Ok(DocumentSize(Sizes::new(10_000, 10_000))));
        assert_eq!("2KB..1KB".parse::<DocumentSize>(), Err("is reversed; the smaller size stands first, as in 1KB..2KB".to_owned()));
        for bad in ["1KB..", "999", "65MiB", "1KB...2KB", "Natural"] {
            assert!(bad.parse::<DocumentSize>().is_err(), "{bad}");
        }
        for bad in ["bench-v1", "bench-v1:", "bench-v0:1MB", ":1MB"] {
            assert!(bad.parse::<FrozenSize>().is_err(), "{bad}");
        }
    }
}
