//! `owabi generate`: labelled, fake notices.

use std::ops::Range;
use std::path::PathBuf;
use std::process::ExitCode;
use std::str::FromStr;

use clap::ValueEnum;
use owabi_corpora::jsonl::write_record;
use owabi_corpora::vocabulary::{Split, ValueMode};
use owabi_generator::perturb::{PerturbationError, Perturbations};
use owabi_generator::{Adjacency, Config, FARTHEST_KEYWORD, Generator, Kind, MOST_INSTANCES, Values};
use rayon::prelude::*;

use crate::error::Error;
use crate::interrupt;
use crate::output::Output;
use crate::pretty::{Pretty, colours};
use crate::progress::Progress;

/// How many documents are made before they are written: enough for every thread, little enough to hold.
const CHUNK: u64 = 256;

/// Make fake breach notices with their labels
///
/// Document i depends on nothing but the seed, the options and i: the same command gives the same bytes on every machine and
/// with any number of threads, and `--range 0..50` followed by `--range 50..100` equals `--count 100`. Organisations, people and
/// numbers are invented; by default no number can belong to anybody.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  owabi generate --count 1 --format pretty\n  owabi generate --seed 7 --count 1000 --kind media_loss -o losses.jsonl\n  owabi generate --count 100 | owabi detect - --format jsonl > answers.jsonl"
)]
pub(crate) struct Args {
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    recipe: Recipe,
    /// What to write
    #[arg(long, value_enum, default_value_t = Format::Jsonl)]
    format: Format,
    /// How many threads; all cores when left out
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Where to write; `-` is stdout
    #[arg(short, long, value_name = "PATH", default_value = "-")]
    output: PathBuf,
}

#[derive(clap::Args)]
#[group(required = true, multiple = false)]
struct Which {
    /// How many documents, from number 0
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    count: Option<u64>,
    /// Which documents: the numbers A to B, B left out
    #[arg(long, value_name = "A..B")]
    range: Option<Indices>,
}

fn kind_help() -> String {
    let all: Vec<&str> = owabi_generator::kinds().map(Kind::id).collect();
    format!("Only documents of this kind (may be repeated): {}", all.join(", "))
}

/// What to generate, for every command that does.
#[derive(clap::Args, Clone)]
pub(crate) struct Recipe {
    /// Any number; another seed gives other documents
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub(crate) seed: u64,
    #[arg(long = "kind", value_name = "KIND", help = kind_help())]
    kinds: Vec<Kind>,
    /// Which part of the corpus; parts share no template and no phrase: train, validation or test
    #[arg(long, default_value = "train")]
    split: Id<Split>,
    /// How numbers and addresses are made: reserved (nobody can hold them), invalid_check (wrong check digit) or well_formed
    #[arg(long, value_name = "MODE", default_value = "reserved")]
    value_mode: Id<ValueMode>,
    /// Which numbers and addresses appear: none, contact (the help desk's) or exhibit (leaked samples as well)
    #[arg(long, default_value = "contact")]
    values: Values,
    /// Tell every incident in several voices, one document each: first report, release, follow-up, letter, guidance, press, blog
    #[arg(long)]
    voices: bool,
    /// Change the finished documents, such as nfkc,line_wrap; `owabi perturb --list` tells what there is. What does not apply to a
    /// document leaves it as it is
    #[arg(long, value_name = "LIST", default_value = "", hide_default_value = true, value_parser = perturbations)]
    perturb: Perturbations,
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

/// A list of perturbations; nothing at all is none.
fn perturbations(list: &str) -> Result<Perturbations, PerturbationError> {
    if list.is_empty() { Ok(Perturbations::default()) } else { list.parse() }
}

impl Recipe {
    pub(crate) fn config(&self) -> Config {
        Config {
            seed: self.seed,
            kinds: self.kinds.clone(),
            split: self.split.0,
            value_mode: self.value_mode.0,
            values: self.values,
            voices: self.voices,
            perturb: self.perturb.clone(),
            allow_valid_my_number: self.allow_valid_my_number,
            instances: self.instances.clone(),
            keyword_distances: self.keyword_distance.clone(),
            adjacencies: self.adjacency.clone(),
            difficulties: self.difficulty.clone().map_or_else(Vec::new, |Levels(levels)| levels),
            ..Config::default()
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One record with its labels on each line
    Jsonl,
    /// The bare texts, each followed by a line that holds a form feed
    Text,
    /// The text with its labels marked, and a summary line
    Pretty,
}

impl Args {
    pub(crate) fn run(self) -> Result<ExitCode, Error> {
        let Range { start, end } = self.which.range.map_or(0..self.which.count.unwrap_or(1), |Indices(range)| range);
        let generator = Generator::new(self.recipe.config()).map_err(|error| Error::Input(error.to_string()))?;
        let pool = rayon::ThreadPoolBuilder::new().num_threads(self.threads.map_or(0, usize::from)).build();
        let pool = pool.map_err(|error| Error::Input(format!("--threads: {error}")))?;
        let mut out = Output::create(&self.output)?;
        if out.partial().is_some() {
            interrupt::be_graceful();
        }
        let pretty = Pretty::new(out.is_stdout() && colours());
        if self.format == Format::Pretty {
            out.put(pretty.legend().as_bytes())?;
        }
        let mut progress = Progress::new(Some(end - start), out.is_stdout());
        let mut next = start;
        while next < end {
            if interrupt::requested() {
                out.push()?;
                let partial = out.partial().map(|path| path.display().to_string()).unwrap_or_default();
                let line = format!(
                    "interrupted; {partial} holds the documents {start}..{next}; keep it and make the rest with --range {next}..{end} -o ANOTHER"
                );
                return Err(Error::Interrupted(line));
            }
            let stop = next.saturating_add(CHUNK).min(end);
            let pieces: Vec<Vec<u8>> =
                pool.install(|| (next..stop).into_par_iter().map(|index| self.format.bytes(&generator, index, &pretty)).collect());
            pieces.iter().try_for_each(|piece| out.put(piece))?;
            progress.add(stop - next);
            next = stop;
        }
        out.finish()?;
        Ok(ExitCode::SUCCESS)
    }
}

impl Format {
    fn bytes(self, generator: &Generator, index: u64, pretty: &Pretty) -> Vec<u8> {
        let record = generator.record(index);
        match self {
            Format::Jsonl => {
                let mut line = Vec::with_capacity(record.text.len() * 2);
                // Writing to memory cannot fail.
                let _ = write_record(&mut line, &record);
                line
            }
            Format::Text => format!("{}\n\u{c}\n", record.text).into_bytes(),
            Format::Pretty => pretty.show(&record.id, &record.text, &record.labels, record.segments.as_deref()).into_bytes(),
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
