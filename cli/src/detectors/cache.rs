//! Answers that came before: the same detector is not asked the same again.
//!
//! One file a batch, named by the SHA-256 of the detector and the texts. A detector is its command with the contents of every file
//! that the command names, or its URL with the headers and what shapes the requests. Losses are not kept. What a program reads
//! beside its arguments (modules, models by name, the environment) cannot be seen: `--no-cache` is for that.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use owabi_corpora::jsonl::{parse, resolve};
use owabi_corpora::{Answer, OffsetUnit, Reading, Record};
use owabi_harness::Loss;
use sha2::{Digest, Sha256};

use super::{Named, Reach};
use crate::error::{Error, complain, reason};

/// How much is kept; the oldest files go first.
const LARGEST: u64 = 1 << 30;
/// Larger files of a command, models mostly, are known by size and time of change: to read them would take longer than to ask.
const READ_WHOLE: u64 = 64 << 20;
/// A folder that holds more files than this is not looked through, and nothing is kept.
const MOST_FILES: usize = 10_000;
const ENDING: &str = ".answers.jsonl";

pub(super) struct Cache {
    folder: PathBuf,
    detector: String,
    /// How many answers came from here, of how many.
    pub(super) hits: u64,
    asked: u64,
    /// Set once nothing could be written; it is told once.
    broken: bool,
}

impl Cache {
    /// `None` for a detector whose answers are not kept.
    pub(super) fn open(named: &Named, reach: &Reach) -> Result<Option<Cache>, Error> {
        let Some(detector) = identity(named, reach)? else { return Ok(None) };
        let folder = match &reach.cache {
            Some(folder) => folder.clone(),
            None => match own_folder() {
                Some(folder) => folder,
                None => return Ok(None),
            },
        };
        if let Err(error) = fs::create_dir_all(&folder) {
            let line = format!("cannot keep answers: {}", reason(&error));
            return match reach.cache {
                Some(_) => Err(Error::at(folder.display(), line)),
                None => {
                    complain(&format!("{}: {line}", folder.display()));
                    Ok(None)
                }
            };
        }
        Ok(Some(Cache { folder, detector, hits: 0, asked: 0, broken: false }))
    }

    /// The name of the batch, and the answers that are known.
    pub(super) fn get(&mut self, records: &[Record]) -> (String, Vec<Option<Reading>>) {
        let mut hash = Hash::new("batch");
        hash.field(self.detector.as_bytes());
        records.iter().for_each(|record| hash.field(record.text.as_bytes()));
        let key = hash.finish();
        // One that cannot be read, or holds anything else than it should, is as good as none.
        let known = fs::read(self.path(&key)).ok().and_then(|bytes| read(&bytes, records));
        let known = known.unwrap_or_else(|| vec![None; records.len()]);
        self.asked += records.len() as u64;
        self.hits += known.iter().flatten().count() as u64;
        (key, known)
    }

    /// Keeps the answers of a batch.
    pub(super) fn put(&mut self, key: &str, answers: &[Result<Reading, Loss>]) {
        let lines = answers.iter().enumerate().filter_map(|(index, answer)| {
            let Reading { labels, segments, findings } = answer.as_ref().ok()?.clone();
            let (id, offsets, extra) = (index.to_string(), OffsetUnit::Bytes, Default::default());
            let answer = Answer { schema: None, id, text: None, offsets, labels, findings, segments, provenance: None, extra };
            serde_json::to_string(&answer).ok()
        });
        let text: String = lines.map(|line| line + "\n").collect();
        if self.broken || text.is_empty() {
            return;
        }
        // Whole or not at all for whoever reads it; after a power cut it may be neither, and is then written anew.
        let (path, partial) = (self.path(key), self.folder.join(format!("{key}.partial")));
        if let Err(error) = fs::write(&partial, text).and_then(|()| fs::rename(&partial, &path)) {
            complain(&format!("{}: cannot write: {}; answers are not kept", path.display(), reason(&error)));
            self.broken = true;
        }
    }

    /// Says what was used, and makes room.
    pub(super) fn finish(self) {
        if self.hits > 0 {
            let (hits, asked) = (owabi_harness::report::number(self.hits), owabi_harness::report::number(self.asked));
            let folder = self.folder.display();
            complain(&format!("{hits} of {asked} answers came from the cache; --no-cache asks again, and to clear it remove {folder}"));
        }
        prune(&self.folder, LARGEST);
    }

    fn path(&self, key: &str) -> PathBuf {
        self.folder.join(format!("{key}{ENDING}"))
    }
}

fn read(bytes: &[u8], records: &[Record]) -> Option<Vec<Option<Reading>>> {
    let mut known = vec![None; records.len()];
    for line in bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        let answer: Answer = parse(line).ok()?;
        let index: usize = answer.id.parse().ok()?;
        let reading = resolve(answer, &records.get(index)?.text).ok()?;
        known[index] = Some(reading);
    }
    Some(known)
}

fn own_folder() -> Option<PathBuf> {
    let absolute = |path: PathBuf| path.is_absolute().then_some(path);
    let base = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).and_then(absolute);
    Some(base.or_else(|| Some(std::env::home_dir().and_then(absolute)?.join(".cache")))?.join("owabi"))
}

/// Removes the oldest files until no more than `limit` bytes are left. Only files that a cache has written are looked at.
fn prune(folder: &Path, limit: u64) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let ours =
        |name: &str| name.strip_suffix(ENDING).is_some_and(|key| key.len() == 64 && key.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let mut files: Vec<(SystemTime, PathBuf, u64)> = entries
        .flatten()
        .filter(|entry| entry.file_name().to_str().is_some_and(ours))
        .filter_map(|entry| {
            let data = entry.metadata().ok()?;
            Some((data.modified().ok()?, entry.path(), data.len()))
        })
        .collect();
    files.sort();
    let mut total: u64 = files.iter().map(|(.., bytes)| bytes).sum();
    for (_, path, bytes) in files {
        if total <= limit {
            return;
        }
        let _ = fs::remove_file(path);
        total -= bytes;
    }
}

/// The SHA-256 of fields, each with its length, so that no two lists of fields look alike.
struct Hash(Sha256);

impl Hash {
    fn new(of: &str) -> Hash {
        let mut hash = Hash(Sha256::new());
        hash.field(of.as_bytes());
        hash.field(env!("CARGO_PKG_VERSION").as_bytes());
        hash
    }

    fn field(&mut self, bytes: &[u8]) {
        self.0.update((bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
    }

    fn file(&mut self, path: &Path) -> io::Result<()> {
        let data = fs::metadata(path)?;
        self.field(&data.len().to_le_bytes());
        if data.len() > READ_WHOLE {
            let changed = data.modified()?.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
            self.field(&changed.as_nanos().to_le_bytes());
            return Ok(());
        }
        let mut bytes = Vec::new();
        File::open(path)?.take(READ_WHOLE).read_to_end(&mut bytes)?;
        self.field(&bytes);
        Ok(())
    }

    fn finish(self) -> String {
        self.0.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// What tells one detector from another; `None` where that cannot be known, or need not.
fn identity(named: &Named, reach: &Reach) -> Result<Option<String>, Error> {
    match named {
        Named::Builtin(_) | Named::Predictions(_) => Ok(None),
        Named::Http(url) => {
            let mut hash = Hash::new("http");
            hash.field(url.as_bytes());
            for number in [reach.batch(), reach.max_request_bytes(), reach.overlap()] {
                hash.field(&number.to_le_bytes());
            }
            for (name, value) in reach.header_lines()? {
                hash.field(name.as_bytes());
                hash.field(value.as_bytes());
            }
            Ok(Some(hash.finish()))
        }
        Named::Process(words) => {
            let mut hash = Hash::new("process");
            // What a program finds beside itself depends on where it runs.
            hash.field(std::env::current_dir().unwrap_or_default().as_os_str().as_encoded_bytes());
            words.iter().for_each(|word| hash.field(word.as_bytes()));
            let seen = program(&words[0]).into_iter().chain(words.iter().skip(1).flat_map(|word| named_in(word)));
            for path in seen {
                if !path_identity(&mut hash, &path) {
                    return Ok(None);
                }
            }
            Ok(Some(hash.finish()))
        }
    }
}

/// Where the system finds a program.
fn program(word: &str) -> Option<PathBuf> {
    let path = Path::new(word);
    if path.components().count() > 1 {
        return Some(path.to_owned());
    }
    std::env::split_paths(&std::env::var_os("PATH")?).map(|folder| folder.join(word)).find(|path| path.is_file())
}

/// The path that an argument may be, also in `--model=PATH`.
fn named_in(word: &str) -> Vec<PathBuf> {
    let after = word.split_once('=').map(|(_, value)| value);
    [Some(word), after].into_iter().flatten().map(PathBuf::from).collect()
}

/// Adds a file, or all files of a folder; `false` where it could not be known whether they have changed.
fn path_identity(hash: &mut Hash, path: &Path) -> bool {
    if path.is_file() {
        return hash.file(path).is_ok();
    }
    if !path.is_dir() {
        return true;
    }
    let files = walkdir::WalkDir::new(path).sort_by_file_name().into_iter().take(MOST_FILES + 1);
    let mut count = 0;
    for entry in files {
        count += 1;
        let Ok(entry) = entry else { return false };
        hash.field(entry.path().as_os_str().as_encoded_bytes());
        if let Ok(data) = entry.metadata().map_err(io::Error::from)
            && data.is_file()
            && let Ok(changed) = data.modified()
        {
            let changed = changed.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
            hash.field(&data.len().to_le_bytes());
            hash.field(&changed.as_nanos().to_le_bytes());
        }
    }
    count <= MOST_FILES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_files_go_and_those_of_others_stay() {
        let folder = tempfile::tempdir().unwrap();
        let name = |digit: char| folder.path().join(format!("{}{ENDING}", digit.to_string().repeat(64)));
        for (age, digit) in ['a', 'b', 'c'].into_iter().enumerate() {
            fs::write(name(digit), [0; 100]).unwrap();
            let at = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1000 + age as u64);
            File::options().write(true).open(name(digit)).unwrap().set_modified(at).unwrap();
        }
        let foreign = folder.path().join("mine.answers.jsonl");
        fs::write(&foreign, [0; 1000]).unwrap();
        prune(folder.path(), 250);
        assert!(!name('a').exists() && name('b').exists() && name('c').exists() && foreign.exists());
    }

    #[test]
    fn what_is_read_back_is_what_was_kept() {
        let folder = tempfile::tempdir().unwrap();
        let mut cache = Cache { folder: folder.path().to_owned(), detector: "x".into(), hits: 0, asked: 0, broken: false };
        let (text, labels) = owabi_corpora::markup::parse("⟦氏名|name:confirmed⟧と⟦1,284名|count:1284:person:total⟧").unwrap();
        let records = [Record::new("a", text.clone(), labels.clone()), Record::new("b", "住所", Default::default())];
        let (key, known) = cache.get(&records);
        assert_eq!(known, [None, None]);
        let loss = Loss::new(owabi_harness::LossKind::Crash, "x");
        cache.put(&key, &[Ok(labels.clone().into()), Err(loss)]);
        assert_eq!(cache.get(&records), (key.clone(), vec![Some(labels.into()), None]));
        // Cut in the middle, or filled with something else, it is as good as none.
        let path = cache.path(&key);
        let bytes = fs::read(&path).unwrap();
        for broken in [&bytes[..bytes.len() / 2], b"\x00\xff", b"{}", b"{\"id\":\"7\",\"labels\":{}}\n"] {
            fs::write(&path, broken).unwrap();
            assert_eq!(cache.get(&records).1, [None, None]);
        }
    }
}
