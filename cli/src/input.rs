//! Documents to detect in: texts, records and folders of both.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use clap::ValueEnum;
use owabi_corpora::jsonl::{Document, Documents};
use owabi_detector::{Encoding, Html, Stray, decode};
use walkdir::WalkDir;

use crate::error::{Error, Problems, complain, reason};
use crate::output::reads;

/// How texts are read.
#[derive(Clone, Copy)]
pub(crate) struct Reading {
    /// What they are written in; `None`: to be found.
    pub(crate) encoding: Option<Encoding>,
    /// Whether they are web pages.
    pub(crate) format: InputFormat,
    /// The longest, in bytes.
    pub(crate) max_document: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum InputFormat {
    /// HTML where the name ends in .html, .htm or .xhtml or the text begins with a doctype or a tag; else text
    Auto,
    /// Text as it stands, tags included
    Text,
    /// Web pages: what a reader of the page sees
    Html,
}

impl InputFormat {
    /// Whether a text is read as a web page; `named` says that its file's name is that of one.
    fn is_html(self, text: &str, named: bool) -> bool {
        match self {
            InputFormat::Text => false,
            InputFormat::Html => true,
            InputFormat::Auto => named || Html::is_likely(text),
        }
    }
}

/// A document, and whether it is a web page.
pub(crate) struct Found {
    pub(crate) document: Document,
    pub(crate) html: bool,
}

const HTML: [&str; 3] = ["html", "htm", "xhtml"];

/// Reads documents from files, folders and stdin, one after another.
pub(crate) struct Inputs {
    pub(crate) problems: Problems,
    reading: Reading,
    /// Where each id was met: two documents with one id could not be told apart in the output.
    met: BTreeMap<String, String>,
}

impl Inputs {
    pub(crate) fn new(keep_going: bool, reading: Reading) -> Inputs {
        Inputs { problems: Problems::new(keep_going), reading, met: BTreeMap::new() }
    }

    /// Gives every document of `path` to `take`; `-` is stdin.
    pub(crate) fn read(&mut self, path: &Path, take: &mut impl FnMut(Found) -> Result<(), Error>) -> Result<(), Error> {
        if path.as_os_str() == "-" {
            return self.read_pipe("stdin", io::stdin().lock(), take);
        }
        if path.is_dir() {
            return match texts_of(path) {
                Ok(files) => files.iter().try_for_each(|file| self.read_file(file, take)),
                Err(line) => self.problems.meet(line),
            };
        }
        self.read_file(path, take)
    }

    fn read_file(&mut self, path: &Path, take: &mut impl FnMut(Found) -> Result<(), Error>) -> Result<(), Error> {
        let name = path.display().to_string();
        reads(path).map_err(Error::Input)?;
        let file = match File::open(path) {
            Ok(file) => BufReader::new(file),
            Err(error) => return self.problems.meet(format!("{name}: {}", reason(&error))),
        };
        if is_jsonl(path) {
            return self.read_records(&name, file, take);
        }
        if !path.is_file() {
            return self.read_pipe(&name, file, take);
        }
        let Some(id) = path.file_stem().and_then(|stem| stem.to_str()) else {
            return self.problems.meet(format!("{name}: the file's name is not UTF-8; rename it"));
        };
        self.read_text(&name, id, file, take)
    }

    /// What has no name that tells: the first line that is not blank decides between records and a text.
    fn read_pipe(&mut self, name: &str, mut pipe: impl BufRead, take: &mut impl FnMut(Found) -> Result<(), Error>) -> Result<(), Error> {
        let mut head = Vec::new();
        let mut is_record = false;
        // No more than a text may hold: a pipe may be endless.
        while head.len() <= self.reading.max_document {
            let line = head.len();
            match (&mut pipe).take((self.reading.max_document as u64).saturating_add(1)).read_until(b'\n', &mut head) {
                Ok(0) => break,
                Ok(_) if head[line..].trim_ascii().is_empty() => {}
                Ok(_) => {
                    is_record = looks_like_record(&head[line..]);
                    break;
                }
                Err(error) => return self.problems.meet(format!("{name}: cannot read: {}", reason(&error))),
            }
        }
        let all = io::Cursor::new(head).chain(pipe);
        if is_record { self.read_records(name, all, take) } else { self.read_text(name, "stdin", all, take) }
    }

    fn read_records(&mut self, name: &str, reader: impl BufRead, take: &mut impl FnMut(Found) -> Result<(), Error>) -> Result<(), Error> {
        let mut documents = Documents::new(name, reader, self.reading.max_document);
        let mut any = false;
        while let Some(document) = documents.next() {
            any = true;
            match document {
                Ok(document) => {
                    let place = format!("{name}:{}", documents.line());
                    if self.is_new(&document.id, place)? {
                        let html = self.reading.format.is_html(&document.text, false);
                        take(Found { document, html })?;
                    }
                }
                Err(error) => self.problems.meet(error.to_string())?,
            }
        }
        if any { Ok(()) } else { self.problems.meet(format!("{name}:1: empty; put one record on each line")) }
    }

    fn read_text(
        &mut self,
        name: &str,
        id: &str,
        reader: impl Read,
        take: &mut impl FnMut(Found) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut bytes = Vec::new();
        if let Err(error) = reader.take((self.reading.max_document as u64).saturating_add(1)).read_to_end(&mut bytes) {
            return self.problems.meet(format!("{name}: cannot read: {}", reason(&error)));
        }
        if bytes.trim_ascii().is_empty() {
            return self.problems.meet(format!("{name}:1: empty; put the notice's text into it"));
        }
        if bytes.len() > self.reading.max_document {
            let limit = self.reading.max_document;
            return self.problems.meet(format!("{name}: more than {limit} bytes; raise --max-document or split the document"));
        }
        let decoded = match decode(&bytes, self.reading.encoding) {
            Ok(decoded) => decoded,
            Err(error) => return self.problems.meet(format!("{name}:{}: {error}", error.line())),
        };
        if let Some(Stray { count, first }) = decoded.stray {
            let (line, byte, encoding) = (first.line, first.byte, decoded.encoding);
            complain(&format!(
                "{name}:{line}: warning: not all of it is {encoding}: {count} unreadable, from byte {byte} on; read as U+FFFD"
            ));
        }
        let text = decoded.text.into_owned();
        if text.trim().is_empty() {
            return self.problems.meet(format!("{name}:1: empty; put the notice's text into it"));
        }
        let html = self.reading.format.is_html(&text, has_extension(Path::new(name), &HTML));
        if self.is_new(id, name.to_owned())? { take(Found { document: Document { id: id.to_owned(), text }, html }) } else { Ok(()) }
    }

    fn is_new(&mut self, id: &str, place: String) -> Result<bool, Error> {
        if let Some(before) = self.met.get(id) {
            let line = format!("{place}: the id `{id}` was already used by {before}; give every document an id of its own");
            self.problems.meet(line)?;
            return Ok(false);
        }
        self.met.insert(id.to_owned(), place);
        Ok(true)
    }
}

/// Whether the file holds records, by its name.
pub(crate) fn is_jsonl(path: &Path) -> bool {
    has_extension(path, &["jsonl"])
}

/// How much of some files has been read.
#[derive(Debug, Clone, Default)]
pub(crate) struct Share {
    read: Arc<AtomicU64>,
    size: u64,
}

impl Share {
    /// Of these files; what is no file, such as a pipe, has no size, and no share can be told.
    pub(crate) fn of<'a>(paths: impl Iterator<Item = &'a Path>) -> Option<Share> {
        let sizes = paths.map(|path| fs::metadata(path).ok().filter(fs::Metadata::is_file).map(|data| data.len()));
        let size = sizes.sum::<Option<u64>>().filter(|size| *size > 0)?;
        Some(Share { read: Arc::default(), size })
    }

    /// From 0 to 1.
    pub(crate) fn value(&self) -> f64 {
        self.read.load(Ordering::Relaxed) as f64 / self.size as f64
    }

    /// What is read through it counts.
    pub(crate) fn through(&self, reader: Box<dyn BufRead + Send>) -> Box<dyn BufRead + Send> {
        Box::new(Counted { reader, read: self.read.clone() })
    }
}

struct Counted {
    reader: Box<dyn BufRead + Send>,
    read: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.read.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

impl BufRead for Counted {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.reader.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.read.fetch_add(amount as u64, Ordering::Relaxed);
        self.reader.consume(amount);
    }
}

/// Opens a file of lines; `-` is stdin. The error is a line of its own.
pub(crate) fn open(path: &Path) -> Result<Box<dyn BufRead + Send>, String> {
    if path.as_os_str() == "-" {
        // Unlocked: whoever names `-` twice finds it empty, and does not wait for himself.
        return Ok(Box::new(BufReader::new(io::stdin())));
    }
    reads(path)?;
    match File::open(path) {
        Ok(file) => Ok(Box::new(BufReader::new(file))),
        Err(error) => Err(format!("{}: {}", path.display(), reason(&error))),
    }
}

/// Every file below `folder` with one of the extensions, in the order of the names; hidden files aside.
pub(crate) fn files_of(folder: &Path, extensions: &[&str]) -> Result<Vec<PathBuf>, String> {
    let hidden = |entry: &walkdir::DirEntry| entry.depth() > 0 && entry.file_name().to_string_lossy().starts_with('.');
    let mut found = Vec::new();
    for entry in WalkDir::new(folder).follow_links(true).sort_by_file_name().into_iter().filter_entry(|entry| !hidden(entry)) {
        let entry = entry.map_err(|error| {
            let place = error.path().unwrap_or(folder).display().to_string();
            format!("{place}: {}", error.io_error().map_or_else(|| "a link leads back to its own folder".to_owned(), reason))
        })?;
        if entry.file_type().is_file() && has_extension(entry.path(), extensions) {
            found.push(entry.into_path());
        }
    }
    Ok(found)
}

/// The folder of texts in a folder laid out as `documents/ID.txt` and `labels.jsonl`.
pub(crate) fn labelled_texts(folder: &Path) -> Option<PathBuf> {
    let documents = folder.join("documents");
    (documents.is_dir() && folder.join("labels.jsonl").is_file()).then_some(documents)
}

fn texts_of(folder: &Path) -> Result<Vec<PathBuf>, String> {
    // Beside labelled texts stand their labels and manifest, which are no documents.
    let place = labelled_texts(folder).unwrap_or_else(|| folder.to_owned());
    let files = files_of(&place, &["txt", "html", "htm", "xhtml", "jsonl"])?;
    match files.is_empty() {
        true => Err(format!("{}: no documents; put .txt, .html or .jsonl files into the folder", folder.display())),
        false => Ok(files),
    }
}

pub(crate) fn has_extension(path: &Path, extensions: &[&str]) -> bool {
    path.extension().and_then(|e| e.to_str()).is_some_and(|e| extensions.iter().any(|known| e.eq_ignore_ascii_case(known)))
}

/// A JSON object, or something that means to be one: a broken record is better told than read as a notice.
fn looks_like_record(line: &[u8]) -> bool {
    let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line).trim_ascii();
    line.starts_with(b"{")
        && (line[1..].trim_ascii_start().starts_with(b"\"")
            || serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(line).is_ok())
}

/// Reads a whole small file as UTF-8.
pub(crate) fn read_utf8(path: &Path) -> Result<String, String> {
    read_in(path, Encoding::Utf8)
}

/// Reads a whole file that is known to be in an encoding.
pub(crate) fn read_in(path: &Path, encoding: Encoding) -> Result<String, String> {
    let name = path.display();
    reads(path)?;
    let bytes = fs::read(path).map_err(|error| format!("{name}: {}", reason(&error)))?;
    match decode(&bytes, Some(encoding)) {
        Ok(decoded) => Ok(decoded.text.into_owned()),
        // Nothing can name another encoding of such a file.
        Err(error) if encoding == Encoding::Utf8 => Err(format!("{name}:{}: not valid UTF-8; convert the file to UTF-8", error.line())),
        Err(error) => Err(format!("{name}:{}: {error}", error.line())),
    }
}
