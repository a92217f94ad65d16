//! `owabi test`: how well a detector reads notices.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use owabi_corpora::{Reading, Record};
use owabi_generator::{REVISION, kinds};
use owabi_harness::results::Run;
use owabi_harness::{Loss, Results, Scorer, Settings, errors, report};
use rayon::prelude::*;

use super::generate::Recipe;
use crate::detectors::{Answering, Named};
use crate::error::{Error, Problems, complain};
use crate::gold::{Gold, Part};
use crate::progress::Progress;
use crate::reports::{Reports, Writing};

const BATCH: usize = 256;

/// Test a detector: make notices (or read a corpus), let it read them, show the score
///
/// With nothing else, 1,000 synthetic notices are made in memory and read by the built-in detector. The detector never sees a
/// label, and intervals say how far each figure can be trusted.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  owabi test\n  owabi test --kind unrelated --count 5000\n  owabi test --corpus corpora/handwritten --html report.html\n  owabi test --detector 'process:python3 my_detector.py' --json results.json\n\nA process gets {\"id\":\"d000001\",\"text\":\"…\"} on each line and answers {\"id\":\"d000001\",\"labels\":{…}} on each line, flushed."
)]
pub(crate) struct Args {
    /// Who is tested: `builtin`, `process:COMMAND` or `predictions:FILE`
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
    #[command(flatten)]
    ending: Ending,
}

/// How a run of scoring ends; for every command that scores.
#[derive(clap::Args)]
pub(super) struct Ending {
    #[command(flatten)]
    pub(super) reports: Reports,
    /// Go on after a bad input; the exit code is 2 nevertheless
    #[arg(long)]
    pub(super) keep_going: bool,
}

impl Args {
    pub(crate) fn run(mut self) -> Result<ExitCode, Error> {
        self.detector = self.detector.with_lexicons(std::mem::take(&mut self.lexicon))?;
        if self.corpus.is_empty() { self.run_synthetic() } else { self.run_corpus() }
    }

    fn answering(&self) -> Result<Answering, Error> {
        Answering::new(&self.detector, !self.no_segment)
    }

    fn run_synthetic(self) -> Result<ExitCode, Error> {
        let generator = self.recipe.generator()?;
        let mut bench = Bench::new(self.answering()?, Settings::default(), Some(self.count), &self.ending)?;
        for start in (0..self.count).step_by(BATCH) {
            let end = self.count.min(start + BATCH as u64);
            bench.score((start..end).into_par_iter().map(|index| generator.record(index)).collect())?;
        }
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
        bench.finish(corpus)
    }

    fn run_corpus(self) -> Result<ExitCode, Error> {
        let bench = Bench::labelled(self.answering()?, &self.corpus, self.half, &self.ending)?;
        let mut corpus: BTreeMap<String, String> = [("source".to_owned(), "labelled documents".to_owned())].into();
        if self.half != Part::All {
            corpus.insert("half".to_owned(), if self.half == Part::Unread { "unread" } else { "development" }.to_owned());
        }
        bench.finish(corpus)
    }
}

/// A detector, a scorer, and what is told while they work.
pub(super) struct Bench {
    answering: Answering,
    settings: Settings,
    scorer: Scorer,
    problems: Problems,
    progress: Progress,
    writing: Writing,
}

impl Bench {
    fn new(answering: Answering, settings: Settings, total: Option<u64>, ending: &Ending) -> Result<Bench, Error> {
        Ok(Bench {
            answering,
            scorer: Scorer::new(settings.clone()),
            settings,
            problems: Problems::new(ending.keep_going),
            progress: Progress::new(total, false),
            writing: ending.reports.open()?,
        })
    }

    /// Reads labelled documents and scores them.
    pub(super) fn labelled(answering: Answering, paths: &[PathBuf], part: Part, ending: &Ending) -> Result<Bench, Error> {
        let mut problems = Problems::new(ending.keep_going);
        let gold = Gold::open(paths, part, &mut problems)?;
        let settings = Settings { exhaustive_spans: gold.exhaustive_spans(), ..Settings::default() };
        let mut bench = Bench::new(answering, settings, None, ending)?;
        let mut batch = Vec::new();
        gold.read(&mut problems, &mut |record, _| {
            batch.push(record);
            if batch.len() < BATCH { Ok(()) } else { bench.score(std::mem::take(&mut batch)) }
        })?;
        bench.score(batch)?;
        bench.problems.add(problems);
        Ok(bench)
    }

    fn score(&mut self, records: Vec<Record>) -> Result<(), Error> {
        let answers = self.answering.answer(&records, &mut self.problems)?;
        let (settings, wants_errors) = (&self.settings, self.writing.wants_errors());
        let compare = |(record, answer): (&Record, Result<Reading, Loss>)| {
            let answer = answer.as_ref().map(Into::into);
            let found = if wants_errors { errors(record, answer) } else { Vec::new() };
            (settings.score(record, answer), found)
        };
        let compared: Vec<_> = records.par_iter().zip(answers).map(compare).collect();
        self.progress.add(compared.len() as u64);
        for (record, (score, errors)) in records.iter().zip(compared) {
            self.scorer.push(score);
            self.writing.add(&record.text, &errors)?;
        }
        Ok(())
    }

    pub(super) fn finish(self, corpus: BTreeMap<String, String>) -> Result<ExitCode, Error> {
        let Bench { answering, scorer, mut problems, progress, writing, .. } = self;
        let detector = answering.name();
        answering.finish(&mut problems)?;
        let mut results = scorer.finish();
        drop(progress);
        results.run = Run { detector, corpus };
        let documents = &results.documents;
        if documents.gold == 0 {
            return Err(Error::Input("no document was left to score; see the lines above or choose others".to_owned()));
        }
        if documents.unanswered == documents.gold {
            let count = documents.gold;
            return Err(Error::Input(format!("none of {count} documents was answered; check that the ids of gold and answers agree")));
        }
        if documents.unanswered > 0 {
            let named = documents.first_unanswered.iter().take(5).map(|lost| lost.id.as_str()).collect::<Vec<_>>().join(", ");
            let more = if documents.unanswered > 5 { ", …" } else { "" };
            complain(&format!(
                "{} of {} documents were not answered and count as missed: {named}{more}",
                documents.unanswered, documents.gold
            ));
        }
        writing.finish(&results, &next_steps(&results))?;
        Ok(problems.code())
    }
}

/// What a newcomer may type next.
fn next_steps(results: &Results) -> String {
    let mut steps = vec![
        ("… --html report.html".to_owned(), "see figures, charts and the errors in their texts"),
        ("… --json results.json".to_owned(), "keep every figure, confusion table and slice"),
    ];
    if let Some(kind) = report::worst_kind(results) {
        steps.insert(
            0,
            (format!("owabi generate --kind {kind} --count 3 | owabi detect -"), "see what it finds in the kind it reads worst"),
        );
        steps.push(("owabi test --detector 'process:COMMAND'".to_owned(), "test a detector of yours"));
    }
    let width = steps.iter().map(|(command, _)| command.len()).max().unwrap_or_default();
    steps.iter().fold("\nNext:\n".to_owned(), |text, (command, why)| text + &format!("  {command:width$}  {why}\n"))
}
