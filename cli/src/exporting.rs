//! Documents written in the formats of other tools: one file, or a folder that appears whole or not at all.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use owabi_corpora::Record;
use owabi_corpora::vocabulary::Split;
use owabi_formats::{Format, HAS_PARQUET, Settings, Stream, Tally, beside, brat, files};

use crate::error::{Error, complain, reason};
use crate::folder::is_folder;
use crate::interrupt;
use crate::output::Output;

/// Takes one document.
pub(crate) type Put<'p> = dyn FnMut(&Record) -> Result<(), Error> + 'p;

/// An export that is about to be written.
pub(crate) struct Export {
    format: Format,
    settings: Settings,
    path: PathBuf,
    folder: bool,
}

impl Export {
    /// Checks where it goes, and makes nothing yet. A folder is what ends in a slash, is one already, or holds a format that needs one.
    pub(crate) fn open(format: Format, settings: Settings, path: &Path) -> Result<Export, Error> {
        let place = path.display();
        if format.needs_parquet() && !HAS_PARQUET {
            let line = format!("--format {format}: this build has no Parquet; build with `cargo build --release --features parquet`");
            return Err(Error::Input(line));
        }
        if settings.offsets.is_some() && !format.takes_offsets() {
            let line = format!("--offsets: positions of {format} are always code points; leave it out (doccano and label-studio take it)");
            return Err(Error::Input(line));
        }
        let folder = format.is_folder() || is_folder(path) || path.is_dir();
        if folder && path.as_os_str() == "-" {
            return Err(Error::Input(format!("--format {format} is a folder; name one with -o NAME/")));
        }
        if folder {
            match fs::read_dir(path).map(|mut entries| entries.next().is_some()) {
                Ok(true) => return Err(Error::at(place, "is a folder that is not empty; name an empty or a new one")),
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(Error::at(place, what(&error))),
                _ => {}
            }
        }
        Ok(Export { format, settings, path: path.to_owned(), folder })
    }

    pub(crate) fn is_folder(&self) -> bool {
        self.folder
    }

    pub(crate) fn is_stdout(&self) -> bool {
        self.path.as_os_str() == "-"
    }

    /// Writes the documents that `feed` gives. `command` is what a card says of how the folder was made.
    pub(crate) fn write(self, command: &str, feed: impl FnOnce(&mut Put<'_>) -> Result<(), Error>) -> Result<ExitCode, Error> {
        let tally = if self.folder { self.fill(command, feed)? } else { self.stream(feed)? };
        for line in tally.losses() {
            complain(&format!("{}: {line}", self.format));
        }
        if self.folder {
            let splits: Vec<String> = tally.splits.iter().map(|(split, count)| format!("{split} {count}")).collect();
            let plural = if tally.documents == 1 { "" } else { "s" };
            let mut out = Output::stdout();
            out.put(format!("{}: {} document{plural}, {}\n", self.path.display(), tally.documents, splits.join(", ")).as_bytes())?;
            out.finish()?;
        }
        Ok(ExitCode::SUCCESS)
    }

    fn stream(&self, feed: impl FnOnce(&mut Put<'_>) -> Result<(), Error>) -> Result<Tally, Error> {
        let mut out = Output::create(&self.path)?;
        if out.partial().is_some() {
            interrupt::be_graceful();
        }
        let name = self.path.display().to_string();
        let mut tally = Tally::default();
        let write = || {
            // Formats without a stream are folders.
            let Some(mut stream) = Stream::new(self.format, self.settings) else { return Ok(()) };
            stream.begin(&mut out).map_err(|error| Error::write(&name, error))?;
            feed(&mut |record| {
                stop_if_asked()?;
                stream.put(record, &mut tally, &mut out).map_err(|error| Error::write(&name, error))
            })?;
            stream.end(&mut out).map_err(|error| Error::write(&name, error))
        };
        match write() {
            Ok(()) => out.finish().map(|()| tally),
            Err(error) => {
                out.abandon();
                Err(error)
            }
        }
    }

    fn fill(&self, command: &str, feed: impl FnOnce(&mut Put<'_>) -> Result<(), Error>) -> Result<Tally, Error> {
        let mut partial = self.path.components().as_path().as_os_str().to_owned();
        partial.push(".partial");
        let partial = PathBuf::from(partial);
        fs::create_dir(&partial).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => Error::at(partial.display(), "left behind by a run that was killed; delete it"),
            _ => Error::at(self.path.display(), what(&error)),
        })?;
        interrupt::be_graceful();
        let mut folder = Folder { export: self, path: partial.clone(), streams: BTreeMap::new(), tally: Tally::default() };
        let made = feed(&mut |record| folder.put(record)).and_then(|()| folder.finish(command)).and_then(|tally| {
            // An empty folder of that name gives way.
            let _ = fs::remove_dir(&self.path);
            fs::rename(&partial, &self.path).map(|()| tally).map_err(|error| Error::write(self.path.display(), error))
        });
        if made.is_err() {
            // What cannot be removed now is told of by the next attempt.
            let _ = fs::remove_dir_all(&partial);
        }
        made
    }
}

/// A folder that is being filled.
struct Folder<'e> {
    export: &'e Export,
    path: PathBuf,
    streams: BTreeMap<Split, (Stream, BufWriter<File>)>,
    tally: Tally,
}

impl Folder<'_> {
    fn put(&mut self, record: &Record) -> Result<(), Error> {
        stop_if_asked()?;
        let format = self.export.format;
        let split = Tally::split(record);
        for file in files(format, record, &mut self.tally) {
            let place = self.path.join(split.id());
            fs::create_dir_all(&place).map_err(|error| Error::write(place.display(), error))?;
            let place = place.join(file.name);
            let made = File::create_new(&place).and_then(|mut made| made.write_all(&file.bytes));
            made.map_err(|error| match error.kind() {
                io::ErrorKind::AlreadyExists => Error::Input(format!(
                    "two documents would have the same file: the id `{}` comes twice, or differs only in case",
                    record.id
                )),
                _ => Error::write(place.display(), error),
            })?;
        }
        if !self.streams.contains_key(&split) {
            let Some(mut stream) = Stream::new(format, self.export.settings) else { return Ok(()) };
            let place = self.path.join(self.stream_name(split));
            let made = fs::create_dir_all(place.parent().unwrap_or(&self.path)).and_then(|()| File::create_new(&place)).map(BufWriter::new);
            let mut out = made.map_err(|error| Error::write(place.display(), error))?;
            stream.begin(&mut out).map_err(|error| Error::write(place.display(), error))?;
            self.streams.insert(split, (stream, out));
        }
        let (tally, place) = (&mut self.tally, self.export.path.display());
        self.streams
            .get_mut(&split)
            .map_or(Ok(()), |(stream, out)| stream.put(record, tally, out).map_err(|error| Error::write(place, error)))
    }

    /// Where the stream of a split stands.
    fn stream_name(&self, split: Split) -> String {
        let format = self.export.format;
        match format {
            Format::Brat => format!("{split}/{}", brat::DOCUMENTS),
            Format::Hf => format!("data/{split}.{}", format.extension()),
            _ => format!("{split}.{}", format.extension()),
        }
    }

    fn finish(self, command: &str) -> Result<Tally, Error> {
        let Folder { export, path, streams, tally } = self;
        let wrong = |error: io::Error| Error::write(export.path.display(), error);
        for (mut stream, mut out) in streams.into_values() {
            stream.end(&mut out).map_err(wrong)?;
            // Under its name a folder is whole, also after a power cut.
            out.into_inner().map_err(|error| wrong(error.into_error()))?.sync_all().map_err(wrong)?;
        }
        for file in beside(export.format, &tally, command) {
            fs::write(path.join(file.name), file.bytes).map_err(wrong)?;
        }
        Ok(tally)
    }
}

fn what(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotADirectory => "is a file, and this format is a folder; name another".to_owned(),
        _ => format!("cannot make the folder: {}", reason(error)),
    }
}

fn stop_if_asked() -> Result<(), Error> {
    match interrupt::requested() {
        true => Err(Error::Interrupted("interrupted; nothing was written, run the same command again".to_owned())),
        false => Ok(()),
    }
}
