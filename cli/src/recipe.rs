//! What to generate: the flags that every command with a generator has.

use std::str::FromStr;

use owabi_corpora::vocabulary::{Split, ValueMode};
use owabi_generator::perturb::{Perturbation, PerturbationError, Perturbations};
use owabi_generator::{
    Adjacency, Config, ConfigError, Cover, FARTHEST_KEYWORD, Generator, Kind, MOST_INSTANCES, Profile, Values, profiles,
};

use crate::error::Error;

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
    pub(crate) cover: Option<u8>,
    /// Which part of the corpus; parts share no template and no phrase: train, validation or test. Train when left out, and all three
    /// in a folder of another tool's format
    #[arg(long)]
    pub(crate) split: Option<Id<Split>>,
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

impl Recipe {
    /// Of the split asked for.
    pub(crate) fn generator(&self) -> Result<Generator, Error> {
        self.generator_of(self.own_split())
    }

    /// Of one split.
    pub(crate) fn generator_of(&self, split: Split) -> Result<Generator, Error> {
        Generator::new(self.config(split)?).map_err(|error| Error::Input(error.to_string()))
    }

    /// The one asked for.
    pub(crate) fn own_split(&self) -> Split {
        self.split.map_or(Split::Train, |Id(split)| split)
    }

    /// Of one split.
    pub(crate) fn config(&self, split: Split) -> Result<Config, Error> {
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

/// A list of perturbations; nothing at all is none too.
fn perturbations(list: &str) -> Result<Perturbations, PerturbationError> {
    if list.is_empty() || list == "none" { Ok(Perturbations::default()) } else { list.parse() }
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
