//! `owabi test`: how well a detector reads notices.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use owabi_corpora::{Reading, Record};
use owabi_generator::{REVISION, kinds};
use owabi_harness::repeat::Repeats;
use owabi_harness::results::Run;
use owabi_harness::{Loss, Results, Scorer, Settings, report};
use rayon::prelude::*;

use super::gate::{Gating, Keeper};
use super::generate::Recipe;
use crate::behaviour::Bases;
use crate::detectors::{Answering, Named, Reach};
use crate::error::{Error, Problems, complain};
use crate::gold::{Gold, Part};
use crate::progress::Progress;
use crate::reports::{Reports, Writing};
use crate::scoring::Scoring;
use crate::throughput;

/// How many bytes of text are held at a time, at most, however large documents are.
const BYTES: usize = 64 << 20;

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
        let batch = bench.answering.batch as u64;
        for start in (0..self.count).step_by(batch as usize) {
            let end = self.count.min(start + batch);
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

/// A detector, a scorer, and what is told while they work.
pub(super) struct Bench {
    answering: Answering,
    settings: Settings,
    scorer: Scorer,
    repeats: Repeats,
    problems: Problems,
    progress: Progress,
    /// Documents whose behaviour is tested at the end.
    bases: Option<Bases>,
    writing: Writing,
}

impl Bench {
    pub(super) fn new(answering: Answering, settings: Settings, total: Option<u64>, keep_going: bool) -> Bench {
        Bench {
            repeats: Repeats::new(answering.calls()),
            answering,
            scorer: Scorer::new(settings.clone()),
            settings,
            problems: Problems::new(keep_going),
            progress: Progress::new(total, false),
            bases: None,
            writing: Writing::default(),
        }
    }

    /// Keeps so many documents to be changed and asked about again.
    fn with_behaviour(mut self, documents: Option<usize>) -> Bench {
        self.bases = documents.map(Bases::new);
        self
    }

    /// Writes these files as well.
    pub(super) fn with_reports(mut self, writing: Writing) -> Bench {
        self.writing = writing;
        self
    }

    /// Reads labelled documents and scores them.
    pub(super) fn read(&mut self, paths: &[PathBuf], part: Part) -> Result<(), Error> {
        let mut problems = Problems::new(self.problems.keeps_going());
        let gold = Gold::open(paths, part, &mut problems)?;
        self.settings.exhaustive_spans = gold.exhaustive_spans();
        self.scorer = Scorer::new(self.settings.clone());
        let share = gold.share();
        let (mut batch, mut bytes, most) = (Vec::new(), 0, self.answering.batch);
        gold.read(&mut problems, &mut |record, _| {
            bytes += record.text.len();
            batch.push(record);
            if batch.len() < most && bytes < BYTES {
                return Ok(());
            }
            bytes = 0;
            self.score(std::mem::take(&mut batch))?;
            share.iter().for_each(|share| self.progress.expect(share.value()));
            Ok(())
        })?;
        self.score(batch)?;
        self.problems.add(problems);
        Ok(())
    }

    fn score(&mut self, records: Vec<Record>) -> Result<(), Error> {
        let answers = self.answering.answer(&records, &mut self.problems)?;
        if let Some(bases) = &mut self.bases {
            bases.keep(&records, &answers);
        }
        self.repeat(&records, &answers)?;
        let (settings, wants_errors) = (&self.settings, self.writing.wants_errors());
        let compare = |(record, answer): (&Record, Result<Reading, Loss>)| {
            let answer = answer.as_ref().map(Into::into);
            let errors = if wants_errors { settings.errors(record, answer) } else { Vec::new() };
            (settings.score(record, answer), errors)
        };
        let compared: Vec<_> = records.par_iter().zip(answers).map(compare).collect();
        self.progress.add(compared.len() as u64);
        for (record, (score, errors)) in records.iter().zip(compared) {
            self.scorer.push(score);
            self.writing.add(&record.text, &errors)?;
        }
        Ok(())
    }

    /// Asks the same again, as often as it was wished.
    fn repeat(&mut self, records: &[Record], first: &[Result<Reading, Loss>]) -> Result<(), Error> {
        let again = (1..self.answering.calls()).map(|_| self.answering.answer(records, &mut self.problems));
        let again = again.collect::<Result<Vec<_>, _>>()?;
        if again.is_empty() {
            return Ok(());
        }
        for index in 0..records.len() {
            let calls = std::iter::once(first).chain(again.iter().map(Vec::as_slice));
            let answers: Vec<_> = calls.map(|answers| answers[index].as_ref().ok().map(Into::into)).collect();
            self.repeats.add(&answers);
        }
        Ok(())
    }

    pub(super) fn finish(self, corpus: BTreeMap<String, String>, keeper: Keeper) -> Result<ExitCode, Error> {
        let Bench { mut answering, settings, scorer, repeats, mut problems, progress, bases, writing } = self;
        let (detector, calls) = (answering.name().to_owned(), answering.calls());
        drop(progress);
        let behaviour = bases.map(|bases| bases.ask(&mut answering, settings.map, &mut problems)).transpose()?;
        let strays = answering.finish(&mut problems)?;
        let mut results = scorer.finish();
        results.behaviour = behaviour.unwrap_or_default();
        results.run = Run { detector, corpus };
        (results.documents.unasked, results.documents.duplicates) = (strays.unasked, strays.duplicates);
        results.repeat = (calls > 1).then(|| repeats.finish());
        let documents = &results.documents;
        if documents.gold == 0 {
            return Err(Error::Input("no document was left to score; see the lines above or choose others".to_owned()));
        }
        if documents.unanswered == documents.gold {
            let count = documents.gold;
            return Err(Error::Input(format!("none of {count} documents was answered; check that the ids of gold and answers agree")));
        }
        if let Some(map) = &results.label_map {
            let (known, title) = (map.seen.len() - map.unmapped.len(), &map.title);
            let named = map.unmapped.iter().take(5).map(String::as_str).collect::<Vec<_>>().join(", ");
            let more = if map.unmapped.len() > 5 { ", …" } else { "" };
            if known == 0 && !map.unmapped.is_empty() {
                let line =
                    format!("no label of the detector's is known to the map ({title}): {named}{more}; say with --label-map what they mean");
                return Err(Error::Input(line));
            }
            if !map.unmapped.is_empty() {
                complain(&format!(
                    "labels that the map ({title}) does not know are not scored: {named}{more}; add them to it, if only as ignored"
                ));
            }
        }
        if documents.unanswered > 0 {
            let named = documents.first_unanswered.iter().take(5).map(|lost| lost.id.as_str()).collect::<Vec<_>>().join(", ");
            let more = if documents.unanswered > 5 { ", …" } else { "" };
            complain(&format!(
                "{} of {} documents were not answered and count as missed: {named}{more}",
                documents.unanswered, documents.gold
            ));
        }
        keeper.check(&mut results)?;
        writing.finish(&results, &next_steps(&results))?;
        let passed = keeper.close(&results)?;
        Ok(if problems.any() { problems.code() } else { passed })
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
