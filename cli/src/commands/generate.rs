//! `owabi generate`: labelled, fake notices.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::str::FromStr;
use std::sync::LazyLock;

use clap::ValueEnum;
use clap::builder::PossibleValue;
use owabi_corpora::Record;
use owabi_corpora::jsonl::write_owned;
use owabi_corpora::raw::SEPARATOR;
use owabi_corpora::vocabulary::Split;
use owabi_formats::{self as formats, Settings};
use owabi_generator::{Coverage, Generator, Outcome};
use rayon::ThreadPool;
use rayon::prelude::*;

use crate::error::{Error, complain};
use crate::exporting::Export;
use crate::folder::{Folder, is_folder};
use crate::interrupt;
use crate::output::Output;
use crate::pretty::{Pretty, colours};
use crate::progress::Progress;
use crate::raw;
use crate::recipe::Recipe;

/// How many documents are made before they are written: enough for every thread, little enough to hold.
const CHUNK: u64 = 128;
/// How many of them one thread makes at a time.
const PIECE: u64 = 4;
/// What most documents need, in bytes.
const USUAL: usize = 8 << 10;

/// Make fake breach notices with their labels
///
/// Document i depends on nothing but the seed, the options and i: the same command gives the same bytes on every machine and
/// with any number of threads, and `--range 0..50` followed by `--range 50..100` equals `--count 100`. Organisations, people and
/// numbers are invented; by default no number can belong to anybody.
///
/// `-o NAME/` writes a corpus into a folder: shards of records, a data card (README.md) and a manifest with SHA-256. After an
/// interrupt the same command makes what is missing; several machines may make a --range each. With the --format of another tool
/// a folder holds the three splits, 80 : 10 : 10, and appears whole or not at all; docs/formats.md tells what each format keeps.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  owabi generate --count 1 --format pretty\n  owabi generate --seed 7 --count 1000 --kind media_loss -o losses.jsonl\n  owabi generate --count 100 | owabi detect - --format jsonl > answers.jsonl\n  owabi generate --seed 7 --count 1000000 --profile listed_company -o corpus/\n  owabi generate --cover 2 -o pairs/\n  owabi generate --count 1000 --format brat -o notices-brat/\n  owabi generate --bytes 4GiB --format text -o load.txt\n  owabi generate --frozen bench-v1:100MB -o bench.txt"
)]
pub(crate) struct Args {
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    recipe: Recipe,
    /// What to write
    #[arg(long, value_enum, default_value_t = Format::JSONL)]
    format: Format,
    /// How many threads; all cores when left out
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Where to write: a file, a folder for a whole corpus (a name that ends in `/`), or `-` for stdout
    #[arg(short, long, value_name = "PATH", default_value = "-")]
    output: PathBuf,
    /// How many documents a shard of a folder holds
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = clap::value_parser!(u64).range(1..))]
    shard_size: u64,
    // Last, as its heading in the help goes on to whatever follows.
    #[command(flatten)]
    raw: raw::Flags,
}

#[derive(clap::Args)]
struct Which {
    /// How many documents, from number 0; with --cover as many as its pairs need when left out
    #[arg(long, value_name = "N", required_unless_present_any = ["range", "cover", "bytes", "frozen"], conflicts_with = "range", value_parser = clap::value_parser!(u64).range(1..))]
    count: Option<u64>,
    /// Which documents: the numbers A to B, B left out
    #[arg(long, value_name = "A..B")]
    range: Option<Indices>,
}

/// What is written of documents.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    /// For reading.
    Pretty,
    Written(formats::Format),
}

impl ValueEnum for Format {
    fn value_variants<'a>() -> &'a [Format] {
        static ALL: LazyLock<Vec<Format>> =
            LazyLock::new(|| [Format::Pretty].into_iter().chain(formats::Format::all().map(Format::Written)).collect());
        &ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        match self {
            Format::Pretty => Some(PossibleValue::new("pretty").help("The text with its labels marked, and a summary line")),
            // Without a folder the texts stand in one file.
            Format::Written(formats::Format::Text) => Some(
                PossibleValue::new("text").help("The bare texts, each followed by a line that holds a form feed; in a folder a file each"),
            ),
            Format::Written(format) => format.to_possible_value(),
        }
    }
}

impl Args {
    pub(crate) fn run(self) -> Result<ExitCode, Error> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(self.threads.map_or(0, usize::from)).build();
        let pool = pool.map_err(|error| Error::Input(format!("--threads: {error}")))?;
        if let Some(load) = self.raw.asked(|| self.recipe.config(self.recipe.own_split()), self.format == Format::TEXT)? {
            return load.write(&self.output, &pool);
        }
        let generator = self.recipe.generator()?;
        let count = self.which.count.or(generator.rows()).unwrap_or(1);
        let range = self.which.range.clone().map_or(0..count, |Indices(range)| range);
        if let Some(format) = self.format.export(&self.output) {
            return self.export(format, generator, &pool, range);
        }
        if is_folder(&self.output) { self.fill(&generator, &pool, range) } else { self.stream(&generator, &pool, range) }
    }

    /// Into one file or stdout.
    fn stream(self, generator: &Generator, pool: &ThreadPool, range: Range<u64>) -> Result<ExitCode, Error> {
        if self.output.is_dir() {
            let name = self.output.display();
            return Err(Error::at(&name, format!("is a folder; write `{name}/` for a corpus in it, or name a file in it")));
        }
        let mut out = Output::create(&self.output)?;
        if out.partial().is_some() {
            interrupt::be_graceful();
        }
        let pretty = Pretty::new(out.is_stdout() && colours());
        if self.format == Format::Pretty {
            out.put(pretty.legend().as_bytes())?;
        }
        let progress = Progress::new(Some(range.end - range.start), out.is_stdout());
        let mut maker = Maker { generator, pool, format: self.format, pretty, progress, coverage: generator.coverage() };
        let Range { start, end } = range;
        match maker.make(start..end, &mut out) {
            Ok(next) if next == end => out.finish()?,
            Ok(next) => {
                out.push()?;
                let partial = out.partial().map(|path| path.display().to_string()).unwrap_or_default();
                let line = format!(
                    "interrupted; {partial} holds the documents {start}..{next}; keep it and make the rest with --range {next}..{end} -o ANOTHER"
                );
                return Err(Error::Interrupted(line));
            }
            Err(error) => {
                // Its last record would be a torn one.
                out.abandon();
                return Err(error);
            }
        }
        let Maker { progress, coverage, .. } = maker;
        drop(progress);
        if let Some(coverage) = coverage {
            complain(&coverage.to_string());
        }
        Ok(ExitCode::SUCCESS)
    }

    /// In another tool's format. A folder has all three splits, unless it was said which documents are wanted.
    fn export(self, format: formats::Format, first: Generator, pool: &ThreadPool, range: Range<u64>) -> Result<ExitCode, Error> {
        let export = Export::open(format, Settings { offsets: None }, &self.output)?;
        let whole = self.which.range.is_some() || self.recipe.split.is_some() || self.recipe.cover.is_some();
        let mut parts = vec![(first, range.clone())];
        if export.is_folder() && !whole {
            let made = shares(range.end).into_iter().filter(|(_, count)| *count > 0);
            parts = made.map(|(split, count)| Ok((self.recipe.generator_of(split)?, 0..count))).collect::<Result<_, Error>>()?;
        }
        let flags: Vec<String> =
            parts[0].0.config().flags().iter().map(|(flag, value)| format!(" --{flag} {value}").trim_end().to_owned()).collect();
        let which = if range.start == 0 { format!("--count {}", range.end) } else { format!("--range {}..{}", range.start, range.end) };
        let command = format!("owabi generate{} {which} --format {format} -o corpus/", flags.concat());
        let mut progress = Progress::new(Some(range.end - range.start), export.is_stdout());
        export.write(&command, |put| {
            for (generator, Range { start, end }) in &parts {
                let mut next = *start;
                while next < *end {
                    let stop = next.saturating_add(CHUNK).min(*end);
                    let records: Vec<Record> = pool.install(|| (next..stop).into_par_iter().map(|index| generator.record(index)).collect());
                    records.iter().try_for_each(&mut *put)?;
                    progress.add(stop - next);
                    next = stop;
                }
            }
            Ok(())
        })
    }

    /// Into a folder, shard by shard.
    fn fill(self, generator: &Generator, pool: &ThreadPool, range: Range<u64>) -> Result<ExitCode, Error> {
        if self.format != Format::JSONL {
            return Err(Error::at(self.output.display(), "a corpus in a folder holds records; leave out --format or name a file"));
        }
        let folder = Folder::open(&self.output, generator, self.shard_size)?;
        let missing = folder.missing(range)?;
        interrupt::be_graceful();
        let documents = missing.iter().map(|shard| shard.range.end - shard.range.start).sum();
        let progress = Progress::new(Some(documents), false);
        let mut maker = Maker { generator, pool, format: self.format, pretty: Pretty::new(false), progress, coverage: None };
        for (done, shard) in missing.iter().enumerate() {
            let mut out = Output::create(&shard.path)?;
            match maker.make(shard.range.clone(), &mut out) {
                Ok(next) if next == shard.range.end => out.finish()?,
                Ok(_) => {
                    out.abandon();
                    let left = missing.len() - done;
                    let line = format!("interrupted; {left} of the shards are left; the same command makes them");
                    return Err(Error::Interrupted(line));
                }
                Err(error) => {
                    out.abandon();
                    return Err(error);
                }
            }
        }
        drop(maker);
        let told = pool.install(|| folder.finish(generator.coverage()))?;
        let mut out = Output::stdout();
        out.put(format!("{told}\n").as_bytes())?;
        out.finish()?;
        Ok(ExitCode::SUCCESS)
    }
}

/// How the documents of a count are parted over the splits: a tenth for each of the smaller ones, and one at least where there are
/// three.
fn shares(count: u64) -> [(Split, u64); 3] {
    let tenth = if count < 3 { 0 } else { (count / 10).max(1) };
    [(Split::Train, count - 2 * tenth), (Split::Validation, tenth), (Split::Test, tenth)]
}

/// Makes documents on all threads and writes them in their order.
struct Maker<'a> {
    generator: &'a Generator,
    pool: &'a ThreadPool,
    format: Format,
    pretty: Pretty,
    progress: Progress,
    /// What was made so far, where that is asked for.
    coverage: Option<Coverage<'a>>,
}

impl Maker<'_> {
    /// Returns the first document that was not made: the range's end, unless Ctrl-C was pressed.
    fn make(&mut self, range: Range<u64>, out: &mut Output) -> Result<u64, Error> {
        let (mut next, mut made) = (range.start, Vec::new());
        loop {
            let stop = if interrupt::requested() { next } else { next.saturating_add(CHUNK).min(range.end) };
            let before = std::mem::take(&mut made);
            let Maker { generator, pool, format, pretty, progress, coverage } = self;
            let (generator, format, pretty, counted) = (*generator, *format, &*pretty, coverage.is_some());
            // This thread writes what was made before while the others make what comes next; so neither waits for the other.
            pool.in_place_scope(|scope| {
                scope.spawn(|_| {
                    let starts: Vec<u64> = (next..stop).step_by(PIECE as usize).collect();
                    let piece = |start: u64| format.piece(generator, start..start.saturating_add(PIECE).min(stop), pretty, counted);
                    made = starts.into_par_iter().map(piece).collect();
                });
                write(before, progress, coverage, out)
            })?;
            if stop == next {
                return Ok(next);
            }
            next = stop;
        }
    }
}

fn write(pieces: Vec<Piece>, progress: &mut Progress, coverage: &mut Option<Coverage<'_>>, out: &mut Output) -> Result<(), Error> {
    for Piece { documents, bytes, outcomes } in pieces {
        out.put(&bytes)?;
        if let Some(coverage) = coverage {
            outcomes.into_iter().for_each(|outcome| coverage.add(outcome));
        }
        progress.add(documents);
    }
    Ok(())
}

/// Some documents as they are written, made by one thread.
struct Piece {
    documents: u64,
    bytes: Vec<u8>,
    /// What a covering array counts of them, where there is one.
    outcomes: Vec<Outcome>,
}

impl Format {
    const JSONL: Format = Format::Written(formats::Format::Jsonl);
    const TEXT: Format = Format::Written(formats::Format::Text);

    /// Another tool's format, or a folder of texts.
    fn export(self, output: &Path) -> Option<formats::Format> {
        match self {
            Format::Pretty | Format::JSONL => None,
            Format::TEXT if !is_folder(output) => None,
            Format::Written(format) => Some(format),
        }
    }

    fn piece(self, generator: &Generator, range: Range<u64>, pretty: &Pretty, counted: bool) -> Piece {
        let documents = range.end - range.start;
        let (mut bytes, mut outcomes) = (Vec::with_capacity(documents as usize * USUAL), Vec::new());
        for index in range {
            let record = generator.record(index);
            outcomes.extend(Outcome::of(&record).filter(|_| counted));
            self.write(record, pretty, &mut bytes);
        }
        Piece { documents, bytes, outcomes }
    }

    fn write(self, record: Record, pretty: &Pretty, out: &mut Vec<u8>) {
        match self {
            // Writing to memory cannot fail.
            Format::JSONL => _ = write_owned(out, record),
            Format::TEXT => {
                out.extend_from_slice(record.text.as_bytes());
                out.extend_from_slice(SEPARATOR.as_bytes());
            }
            // Formats of other tools are written by `exporting`.
            _ => out.extend_from_slice(pretty.show(&record.id, &record.text, &record.labels, record.segments.as_deref()).as_bytes()),
        }
    }
}

/// `A..B`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Indices(Range<u64>);

impl FromStr for Indices {
    type Err = String;

    fn from_str(text: &str) -> Result<Indices, String> {
        let (start, end) = text.split_once("..").ok_or("write A..B, such as 0..100")?;
        let number = |part: &str| match part.parse::<u64>() {
            Ok(number) => Ok(number),
            Err(_) if !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()) => {
                Err(format!("{part} is past 2^64 - 1, the last number"))
            }
            Err(_) => Err(format!("`{part}` is no number; write A..B, such as 0..100")),
        };
        let (start, end) = (number(start)?, number(end)?);
        match start.cmp(&end) {
            std::cmp::Ordering::Less => Ok(Indices(start..end)),
            std::cmp::Ordering::Equal => Err("holds no document; B is left out".to_owned()),
            std::cmp::Ordering::Greater => Err(format!("is reversed; write {end}..{start}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_forward_and_fit() {
        assert_eq!("0..50".parse(), Ok(Indices(0..50)));
        assert_eq!("5..18446744073709551615".parse(), Ok(Indices(5..u64::MAX)));
        for (bad, message) in [
            ("50..0", "is reversed; write 0..50"),
            ("5..5", "holds no document; B is left out"),
            ("0..18446744073709551616", "18446744073709551616 is past 2^64 - 1, the last number"),
            ("0-5", "write A..B, such as 0..100"),
            ("..5", "`` is no number; write A..B, such as 0..100"),
            ("-1..5", "`-1` is no number; write A..B, such as 0..100"),
        ] {
            assert_eq!(bad.parse::<Indices>(), Err(message.to_owned()));
        }
    }
}
