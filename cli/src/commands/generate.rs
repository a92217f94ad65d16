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
use owabi_corpora::vocabulary::{Split, ValueMode};
use owabi_formats::{self as formats, Settings};
use owabi_generator::perturb::{Perturbation, PerturbationError, Perturbations};
use owabi_generator::{
    Adjacency, Config, ConfigError, Cover, Coverage, FARTHEST_KEYWORD, Generator, Kind, MOST_INSTANCES, Outcome, Profile, Values, profiles,
};
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

fn kind_help() -> String {
    let all: Vec<&str> = owabi_generator::kinds().map(Kind::id).collect();
    format!("Only documents of this kind (may be repeated): {}", all.join(", "))
}

fn profile_help() -> String {
    let all: Vec<String> = profiles().iter().map(|profile| format!("{} ({})", profile.id, profile.about)).collect();
    format!("How often which kinds, causes, sizes and lines of business come: {}", all.join("; "))
}

fn profile_of(id: &str) -> Result<String, ConfigError> {
    Profile::from_id(id).map(|profile| profile.id.clone())
}

fn strength(text: &str) -> Result<u8, String> {
    if text == "2" { Ok(2) } else { Err("only pairs can be covered; write --cover 2".to_owned()) }
}

/// What to generate, for every command that does.
#[derive(clap::Args, Clone)]
pub(crate) struct Recipe {
    /// Any number; another seed gives other documents
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub(crate) seed: u64,
    #[arg(long = "kind", value_name = "KIND", help = kind_help())]
    kinds: Vec<Kind>,
    #[arg(long, value_name = "PROFILE", default_value = profiles()[0].id.as_str(), value_parser = profile_of, help = profile_help())]
    profile: String,
    /// Draw by covering array: every pair of kind, cause, status, sector, difficulty, value mode and perturbation
    /// that can occur together does; with --perturb those alone
    #[arg(long, value_name = "2", value_parser = strength, conflicts_with_all = ["voices", "difficulty"])]
    cover: Option<u8>,
    /// Which part of the corpus; parts share no template and no phrase: train, validation or test. Train when left out, and all three
    /// in a folder of another tool's format
    #[arg(long)]
    split: Option<Id<Split>>,
    /// How numbers and addresses are made: reserved (nobody can hold them), invalid_check (wrong check digit) or well_formed; several
    /// with --cover, where all are used when left out
    #[arg(long, value_name = "MODE", value_delimiter = ',')]
    value_mode: Vec<Id<ValueMode>>,
    /// Which numbers and addresses appear: none, contact (the help desk's) or exhibit (leaked samples as well)
    #[arg(long, default_value = "contact")]
    values: Values,
    /// Tell every incident in several voices, one document each: first report, release, follow-up, letter, guidance, press, blog
    #[arg(long)]
    voices: bool,
    /// Change the finished documents, such as nfkc,line_wrap; `owabi perturb --list` tells what there is. What does not apply to a
    /// document leaves it as it is
    #[arg(long, value_name = "LIST", value_parser = perturbations)]
    perturb: Option<Perturbations>,
    /// With `--value-mode well_formed`: make My Numbers with a right check digit as well, which could be somebody's
    #[arg(long)]
    allow_valid_my_number: bool,
    /// With `--values exhibit`: how many rows of leaked samples; of several, each document draws one: 1,9,10,100
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = within(1, MOST_INSTANCES))]
    instances: Vec<u32>,
    /// With `--values exhibit`: how many characters between the word that names a value and the first such value: 0,299,301,1000
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = within(0, FARTHEST_KEYWORD))]
    keyword_distance: Vec<u32>,
    /// With `--values exhibit`: what stands directly before and after a value: kanji (a kanji or kana), space, punct
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    adjacency: Vec<Adjacency>,
    /// How hard to read right, 1 (easy) to 5, as provenance tells it: 4 or 1,5 or 1-5; each document draws one. Kinds that reach
    /// none of them are left out
    #[arg(long, value_name = "LEVELS")]
    difficulty: Option<Levels>,
}

/// A list of perturbations; nothing at all is none too.
fn perturbations(list: &str) -> Result<Perturbations, PerturbationError> {
    if list.is_empty() || list == "none" { Ok(Perturbations::default()) } else { list.parse() }
}

impl Recipe {
    /// Of the split asked for.
    pub(crate) fn generator(&self) -> Result<Generator, Error> {
        self.generator_of(self.own_split())
    }

    fn generator_of(&self, split: Split) -> Result<Generator, Error> {
        Generator::new(self.config(split)?).map_err(|error| Error::Input(error.to_string()))
    }

    /// The one asked for.
    fn own_split(&self) -> Split {
        self.split.map_or(Split::Train, |Id(split)| split)
    }

    fn config(&self, split: Split) -> Result<Config, Error> {
        let base = Config::default();
        let value_modes: Vec<ValueMode> = self.value_mode.iter().map(|mode| mode.0).collect();
        if self.cover.is_none() && value_modes.len() > 1 {
            return Err(Error::Input("--value-mode: name one; several go with --cover 2 only".to_owned()));
        }
        let perturbations = match &self.perturb {
            Some(asked) => asked.iter().collect(),
            None => Perturbation::all().filter(|perturbation| !perturbation.is_encoding()).collect(),
        };
        Ok(Config {
            seed: self.seed,
            kinds: self.kinds.clone(),
            profile: self.profile.clone(),
            split,
            value_mode: value_modes.first().copied().unwrap_or(base.value_mode),
            values: self.values,
            voices: self.voices,
            perturb: if self.cover.is_some() { Perturbations::default() } else { self.perturb.clone().unwrap_or_default() },
            allow_valid_my_number: self.allow_valid_my_number,
            instances: self.instances.clone(),
            keyword_distances: self.keyword_distance.clone(),
            adjacencies: self.adjacency.clone(),
            difficulties: self.difficulty.clone().map_or_else(Vec::new, |Levels(levels)| levels),
            cover: self.cover.map(|_| Cover { value_modes, perturbations }),
        })
    }
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

/// Reads one number of a list.
fn within(low: u32, high: u32) -> impl Fn(&str) -> Result<u32, String> + Clone + Send + Sync {
    move |text: &str| match text.parse::<u32>() {
        Ok(number) if (low..=high).contains(&number) => Ok(number),
        _ => Err(format!("`{text}` is no number from {low} to {high}; write one, or several as 1,9,100")),
    }
}

/// Difficulties: `4`, `1,5`, `2-4`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Levels(Vec<u8>);

impl FromStr for Levels {
    type Err = String;

    fn from_str(text: &str) -> Result<Levels, String> {
        let level = |part: &str| match part.parse::<u8>() {
            Ok(level @ 1..=5) => Ok(level),
            _ => Err(format!("`{part}` is no level from 1 to 5; write 4 or 1,5 or 2-4")),
        };
        let mut levels = Vec::new();
        for part in text.split(',') {
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            let (first, last) = (level(first)?, level(last)?);
            if first > last {
                return Err(format!("{part} is reversed; write {last}-{first}"));
            }
            levels.extend(first..=last);
        }
        Ok(Levels(levels))
    }
}

/// An id of a closed vocabulary, with the valid ones in the error.
#[derive(Clone, Copy)]
pub(crate) struct Id<T>(pub(crate) T);

macro_rules! id {
    ($($name:ident),+) => {
        $(impl FromStr for Id<$name> {
            type Err = String;

            fn from_str(text: &str) -> Result<Id<$name>, String> {
                let valid = || $name::all().map(|known| known.id()).collect::<Vec<_>>().join(", ");
                text.parse().map(Id).map_err(|_| format!("valid are: {}", valid()))
            }
        })+
    };
}

id!(Split, ValueMode);

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
