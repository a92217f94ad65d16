//! Where results go: stdout, or a file that appears only when it is whole, and never over one that the same command reads.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, BufWriter, StdoutLock, Write};
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use crate::error::Error;

const CAPACITY: usize = 1 << 16;

/// The files of this run, by their real paths, so that none is written over what is read, or by two at once.
#[derive(Default)]
struct Files {
    read: BTreeSet<PathBuf>,
    written: BTreeSet<PathBuf>,
}

fn files() -> MutexGuard<'static, Files> {
    static FILES: LazyLock<Mutex<Files>> = LazyLock::new(Mutex::default);
    FILES.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The path without links and dots; of a file that is not there yet, that of its folder.
fn real(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        folder.canonicalize().unwrap_or_else(|_| folder.to_owned()).join(path.file_name().unwrap_or_default())
    })
}

/// Tells that a file is read. The error is a line of its own.
pub(crate) fn reads(path: &Path) -> Result<(), String> {
    let real = real(path);
    let mut files = files();
    if files.written.contains(&real) {
        return Err(format!("{}: would be written over while it is read; give the output another name", path.display()));
    }
    files.read.insert(real);
    Ok(())
}

/// Tells that a file will be written.
fn writes(path: &Path) -> Result<(), Error> {
    let real = real(path);
    let mut files = files();
    if files.read.contains(&real) {
        return Err(Error::at(path.display(), "is read by the same command, and would be written over; give the output another name"));
    }
    match files.written.insert(real) {
        true => Ok(()),
        false => Err(Error::at(path.display(), "is written to by two options; give each a file of its own")),
    }
}

/// Buffered output. Only [`Output::finish`] makes a file appear under its name; until then it is `NAME.partial`.
pub(crate) struct Output {
    writer: Writer,
    name: String,
    partial: Option<(PathBuf, PathBuf)>,
}

enum Writer {
    Stdout(BufWriter<StdoutLock<'static>>),
    File(BufWriter<File>),
}

impl Output {
    pub(crate) fn stdout() -> Output {
        let writer = Writer::Stdout(BufWriter::with_capacity(CAPACITY, io::stdout().lock()));
        Output { writer, name: "stdout".to_owned(), partial: None }
    }

    /// `-` is stdout. What the same command reads is not written over.
    pub(crate) fn create(path: &Path) -> Result<Output, Error> {
        if path.as_os_str() == "-" {
            return Ok(Output::stdout());
        }
        if fs::metadata(path).map_or(true, |data| data.is_file()) {
            writes(path)?;
        }
        Output::begin(path)
    }

    fn begin(path: &Path) -> Result<Output, Error> {
        let name = path.display().to_string();
        // A device or a pipe (`/dev/null`) must not be replaced, and a link must go on being one.
        let (target, partial) = match fs::metadata(path) {
            Ok(data) if data.is_dir() => return Err(Error::at(name, "is a folder; name a file in it")),
            Ok(data) if !data.is_file() => (path.to_owned(), None),
            Ok(_) => {
                let whole = path.canonicalize().unwrap_or_else(|_| path.to_owned());
                (beside(&whole), Some(whole))
            }
            Err(_) => (beside(path), Some(path.to_owned())),
        };
        let file = File::create(&target).map_err(|error| Error::write(&name, error))?;
        let writer = Writer::File(BufWriter::with_capacity(CAPACITY, file));
        Ok(Output { writer, name, partial: partial.map(|whole| (target, whole)) })
    }

    /// The unfinished file's name.
    pub(crate) fn partial(&self) -> Option<&Path> {
        self.partial.as_ref().map(|(partial, _)| partial.as_path())
    }

    pub(crate) fn is_stdout(&self) -> bool {
        matches!(self.writer, Writer::Stdout(_))
    }

    /// Writes, with the file's name in the error.
    pub(crate) fn put(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.write_all(bytes).map_err(|error| Error::write(&self.name, error))
    }

    /// Hands everything written to the system.
    pub(crate) fn push(&mut self) -> Result<(), Error> {
        self.flush().map_err(|error| Error::write(&self.name, error))
    }

    /// Gives the file up: nothing of it stays.
    pub(crate) fn abandon(self) {
        if let Some((partial, whole)) = &self.partial {
            files().written.remove(&real(whole));
            // A file that cannot be removed now is overwritten by the next attempt.
            let _ = fs::remove_file(partial);
        }
    }

    /// Makes the file appear.
    pub(crate) fn finish(mut self) -> Result<(), Error> {
        self.push()?;
        let (Some((partial, whole)), Writer::File(file)) = (&self.partial, &self.writer) else { return Ok(()) };
        // Under its name a file is whole, also after a power cut.
        let made = file.get_ref().sync_all().and_then(|()| fs::rename(partial, whole));
        files().written.remove(&real(whole));
        made.map_err(|error| Error::write(whole.display(), error))
    }

    /// Writes a whole file, or leaves what was there, which may have been read.
    pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<(), Error> {
        let mut out = Output::begin(path)?;
        match out.put(bytes).and_then(|()| out.push()) {
            Ok(()) => out.finish(),
            Err(error) => {
                out.abandon();
                Err(error)
            }
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.writer {
            Writer::Stdout(out) => out.write(bytes),
            Writer::File(out) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.writer {
            Writer::Stdout(out) => out.flush(),
            Writer::File(out) => out.flush(),
        }
    }
}

fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".partial");
    name.into()
}
