//! `owabi test`: how well a detector reads notices.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use owabi_generator::{REVISION, kinds};
use owabi_harness::throughput::GENERATOR_BOUND;
use rayon::prelude::*;

use crate::bench::Bench;
use crate::detectors::{Answering, Named, Reach};
use crate::error::{Error, complain};
use crate::gating::Gating;
use crate::gold::Part;
use crate::recipe::Recipe;
use crate::reports::Reports;
use crate::scoring::Scoring;
use crate::throughput;

/// Test a detector: make notices (or read a corpus), let it read them, show the score
///
/// With nothing else, 1,000 synthetic notices are made in memory and read by the built-in detector. The detector never sees a
/// label, and intervals say how far each figure can be trusted.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  owabi test\n  owabi test --kind unrelated --count 5000\n  owabi test --corpus corpora/handwritten --html report.html\n  owabi test --detector 'process:python3 my_detector.py' --json results.json\n  owabi test --detector https://dlp.example/scan --header 'Authorization: env:TOKEN' --batch 8 --jobs 4\n\nA process gets {\"id\":\"d000001\",\"text\":\"…\"} on each line and answers {\"id\":\"d000001\",\"labels\":{…}} on each line, flushed; \"findings\":[{\"label\":\"EMAIL\",\"start\":3,\"end\":9}] may stand for the labels or beside them.\nA server gets {\"documents\":[{\"id\":…,\"text\":…},…]} as a POST and answers {\"answers\":[…]}, each as a process would give it, in any order."
)]
pub(crate) struct Args {
    /// Who is tested: `builtin`, `process:COMMAND`, `http:URL` or `predictions:FILE`
    #[arg(long, value_name = "WHO", default_value = "builtin")]
    detector: Named,
    /// A table of words to add to the built-in detector's; `owabi detect --help` tells its form (may be repeated)
    #[arg(long, value_name = "FILE")]
    lexicon: Vec<PathBuf>,
    /// Labelled documents instead of synthetic ones: .jsonl records, marked-up .toml notices, a folder of either, or a folder with
    /// documents/ and labels.jsonl; `-` is stdin (may be repeated)
    #[arg(long, value_name = "PATH", num_args = 1.., conflicts_with_all = ["count", "seed", "kinds", "profile", "cover", "split", "value_mode", "values", "allow_valid_my_number", "instances", "keyword_distance", "adjacency", "difficulty", "perturb"])]
    corpus: Vec<PathBuf>,
    /// Which half of a folder with documents/ and labels.jsonl
    #[arg(long, value_enum, default_value_t = Part::All, requires = "corpus")]
    half: Part,
    /// How many synthetic documents
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u64).range(1..))]
    count: u64,
    #[command(flatten)]
    recipe: Recipe,
    /// Let the built-in detector take every text for one document
    #[arg(long)]
    no_segment: bool,
    /// Change the first N documents a little in every way that `owabi perturb --list` tells, ask again, and say how often the answers
    /// stay or follow as they must
    #[arg(long, value_name = "N", num_args = 0..=1, default_missing_value = "200")]
    behaviour: Option<usize>,
    #[command(flatten)]
    scoring: Scoring,
    // Its heading would stand above what follows, if that had none of its own.
    #[command(flatten)]
    speed: throughput::Flags,
    #[command(flatten)]
    ending: Ending,
    // Last, as its heading in the help goes on to whatever follows.
    #[command(flatten)]
    reach: Reach,
}

/// How a run of scoring ends; for every command that scores.
#[derive(clap::Args)]
pub(super) struct Ending {
    #[command(flatten)]
    pub(super) reports: Reports,
    /// Go on after a bad input; the exit code is 2 nevertheless
    #[arg(long)]
    pub(super) keep_going: bool,
    #[command(flatten)]
    pub(super) gating: Gating,
}

impl Args {
    pub(crate) fn run(mut self) -> Result<ExitCode, Error> {
        self.detector = self.detector.with_lexicons(std::mem::take(&mut self.lexicon))?;
        if self.speed.throughput {
            return self.speed.run(&self.detector, !self.no_segment, &self.recipe.generator()?, &self.reach, self.ending.reports.json);
        }
        if self.corpus.is_empty() { self.run_synthetic() } else { self.run_corpus() }
    }

    fn answering(&self) -> Result<Answering, Error> {
        if self.behaviour.is_some() && matches!(self.detector, Named::Predictions(_)) {
            let line = "--behaviour: a file of predictions cannot be asked about changed documents; name a detector that can";
            return Err(Error::Input(line.to_owned()));
        }
        Answering::new(&self.detector, !self.no_segment, &self.reach)
    }

    fn run_synthetic(self) -> Result<ExitCode, Error> {
        let answering = self.answering()?;
        let keeper = self.ending.gating.open()?;
        let generator = self.recipe.generator()?;
        let mut bench = Bench::new(answering, self.scoring.settings()?, Some(self.count), self.ending.keep_going)
            .with_behaviour(self.behaviour)
            .with_reports(self.ending.reports.open()?);
        let batch = bench.batch() as u64;
        let (began, mut making) = (Instant::now(), Duration::ZERO);
        for start in (0..self.count).step_by(batch as usize) {
            let end = self.count.min(start + batch);
            let before = Instant::now();
            let records = (start..end).into_par_iter().map(|index| generator.record(index)).collect();
            making += before.elapsed();
            bench.score(records)?;
        }
        tell_if_generator_bound(making, began.elapsed());
        let config = generator.config();
        let all: Vec<&str> = kinds().filter(|kind| config.kinds.is_empty() || config.kinds.contains(kind)).map(|kind| kind.id()).collect();
        let mut corpus: BTreeMap<String, String> = [
            ("source", "synthetic".to_owned()),
            ("revision", REVISION.to_string()),
            ("seed", config.seed.to_string()),
            ("first", "0".to_owned()),
            ("count", self.count.to_string()),
            ("configuration", generator.hash().to_owned()),
            ("kinds", all.join(" ")),
            ("profile", config.profile.clone()),
            ("split", config.split.to_string()),
            ("values", config.values.to_string()),
            ("value_mode", config.value_modes().iter().map(|mode| mode.id()).collect::<Vec<_>>().join(" ")),
        ]
        .map(|(key, value)| (key.to_owned(), value))
        .into();
        corpus.extend(generator.rows().map(|rows| ("cover".to_owned(), format!("2 ({rows} rows)"))));
        if !config.perturb.is_empty() {
            corpus.insert("perturbations".to_owned(), config.perturb.to_string());
        }
        bench.finish(corpus, keeper)
    }

    fn run_corpus(self) -> Result<ExitCode, Error> {
        let answering = self.answering()?;
        let keeper = self.ending.gating.open()?;
        let mut bench = Bench::new(answering, self.scoring.settings()?, None, self.ending.keep_going)
            .with_behaviour(self.behaviour)
            .with_reports(self.ending.reports.open()?);
        bench.read(&self.corpus, self.half)?;
        let mut corpus: BTreeMap<String, String> = [("source".to_owned(), "labelled documents".to_owned())].into();
        if self.half != Part::All {
            corpus.insert("half".to_owned(), if self.half == Part::Unread { "unread" } else { "development" }.to_owned());
        }
        bench.finish(corpus, keeper)
    }
}

/// Shorter runs are no measure of anything.
const WORTH_TELLING: Duration = Duration::from_secs(10);

/// Who takes the run for a measure of the detector's speed is told where it is not. Times never stand in results.
fn tell_if_generator_bound(making: Duration, whole: Duration) {
    let share = making.as_secs_f64() / whole.as_secs_f64();
    if whole >= WORTH_TELLING && share > GENERATOR_BOUND {
        let line = "generator-bound: making the documents took";
        complain(&format!(
            "{line} {:.0} % of {:.0} s; `owabi test --throughput` times the detector alone",
            share * 100.0,
            whole.as_secs_f64()
        ));
    }
}
