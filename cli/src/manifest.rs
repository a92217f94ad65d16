//! `manifest.json` of a corpus in a folder: which files belong to it, and their SHA-256.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use owabi_generator::{Generator, REVISION};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::error::{Error, reason};
use crate::folder::shards_of;
use crate::input::read_utf8;
use crate::output::Output;

/// The file's name.
pub(crate) const MANIFEST: &str = "manifest.json";

/// What is known of a corpus and its files.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Manifest {
    /// The version of this shape.
    pub(crate) schema: u32,
    pub(crate) revision: u32,
    pub(crate) seed: u64,
    pub(crate) configuration: String,
    pub(crate) hash: String,
    /// Makes the corpus again.
    pub(crate) command: String,
    pub(crate) documents: u64,
    pub(crate) files: Vec<Entry>,
}

/// One file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) bytes: u64,
    pub(crate) sha256: String,
    /// The index of the first record; none for what holds no records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) first: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) documents: Option<u64>,
}

impl Manifest {
    pub(crate) fn write(&self, folder: &Path) -> Result<(), Error> {
        let path = folder.join(MANIFEST);
        let text = serde_json::to_string_pretty(self).map_err(|error| Error::at(path.display(), error))?;
        Output::replace(&path, format!("{text}\n").as_bytes())
    }

    /// Whether a folder's manifest is of a corpus of this generator.
    pub(crate) fn tells_of(folder: &Path, generator: &Generator) -> bool {
        let found = read_utf8(&folder.join(MANIFEST)).ok().and_then(|text| serde_json::from_str::<Manifest>(&text).ok());
        let ours = |found: Manifest| found.revision == REVISION && found.seed == generator.config().seed && found.hash == generator.hash();
        found.is_some_and(ours)
    }

    /// What differs from the manifest of a folder: one line each.
    pub(crate) fn differences(folder: &Path) -> Result<Vec<String>, String> {
        let path = folder.join(MANIFEST);
        let name = path.display();
        let manifest: Manifest = serde_json::from_str(&read_utf8(&path)?)
            .map_err(|error| format!("{name}:{}: not a manifest of `owabi generate`: {error}", error.line()))?;
        let mut lines = Vec::new();
        for entry in &manifest.files {
            let place = folder.join(&entry.name);
            let again = format!("delete it and run `{}` on this folder", manifest.command);
            match File::open(&place).and_then(digest) {
                Ok((bytes, sha256)) if (bytes, &sha256) == (entry.bytes, &entry.sha256) => {}
                Ok((bytes, _)) if bytes != entry.bytes => {
                    lines.push(format!("{}: {bytes} bytes, but {} in {MANIFEST}; {again}", place.display(), entry.bytes));
                }
                Ok(_) => lines.push(format!("{}: its SHA-256 is not that of {MANIFEST}; {again}", place.display())),
                Err(error) => lines.push(format!("{}: {}; run `{}` on this folder", place.display(), reason(&error), manifest.command)),
            }
        }
        let known: BTreeSet<&str> = manifest.files.iter().map(|entry| entry.name.as_str()).collect();
        for shard in shards_of(folder)?.into_values().filter(|shard| !known.contains(shard.as_str())) {
            let place = folder.join(shard);
            lines.push(format!("{}: not in {MANIFEST}; run `{}` on this folder", place.display(), manifest.command));
        }
        Ok(lines)
    }
}

/// The size and the SHA-256 of what a reader holds.
pub(crate) fn digest(reader: impl Read) -> io::Result<(u64, String)> {
    let mut hashing = Hashing::new(reader);
    io::copy(&mut hashing, &mut io::sink())?;
    Ok(hashing.finish())
}

/// A reader that hashes what passes through it.
pub(crate) struct Hashing<R> {
    inner: R,
    hash: Sha256,
    bytes: u64,
}

impl<R> Hashing<R> {
    pub(crate) fn new(inner: R) -> Hashing<R> {
        Hashing { inner, hash: Sha256::new(), bytes: 0 }
    }

    /// How many bytes passed, and their SHA-256.
    pub(crate) fn finish(self) -> (u64, String) {
        (self.bytes, self.hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.hash.update(&buffer[..read]);
        self.bytes += read as u64;
        Ok(read)
    }
}
