//! A run of scoring: documents are asked about, batch by batch, and the answers scored.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use owabi_corpora::{Reading, Record};
use owabi_harness::repeat::Repeats;
use owabi_harness::results::Run;
use owabi_harness::{Loss, Results, Scorer, Settings, report};
use rayon::prelude::*;

use crate::behaviour::Bases;
use crate::detectors::Answering;
use crate::error::{Error, Problems, complain};
use crate::gating::Keeper;
use crate::gold::{Gold, Part};
use crate::progress::Progress;
use crate::reports::Writing;

/// How many bytes of text are held at a time, at most, however large documents are.
const BYTES: usize = 64 << 20;

/// A detector, a scorer, and what is told while they work.
pub(crate) struct Bench {
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
    /// `total` is the number of documents, where it is known.
    pub(crate) fn new(answering: Answering, settings: Settings, total: Option<u64>, keep_going: bool) -> Bench {
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

    /// How many documents should be scored at a time.
    pub(crate) fn batch(&self) -> usize {
        self.answering.batch
    }

    /// Keeps so many documents to be changed and asked about again.
    pub(crate) fn with_behaviour(mut self, documents: Option<usize>) -> Bench {
        self.bases = documents.map(Bases::new);
        self
    }

    /// Writes these files as well.
    pub(crate) fn with_reports(mut self, writing: Writing) -> Bench {
        self.writing = writing;
        self
    }

    /// Reads labelled documents and scores them.
    pub(crate) fn read(&mut self, paths: &[PathBuf], part: Part) -> Result<(), Error> {
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

    /// Asks about these and scores the answers.
    pub(crate) fn score(&mut self, records: Vec<Record>) -> Result<(), Error> {
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

    /// Ends the detector, works out the figures, writes the reports and holds them against the gates.
    pub(crate) fn finish(self, corpus: BTreeMap<String, String>, keeper: Keeper) -> Result<ExitCode, Error> {
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
        tell(&results)?;
        keeper.check(&mut results)?;
        writing.finish(&results, &next_steps(&results))?;
        let passed = keeper.close(&results)?;
        Ok(if problems.any() { problems.code() } else { passed })
    }
}

/// Says what became of documents and labels. A run that found nothing out is an error, and no score of zero.
fn tell(results: &Results) -> Result<(), Error> {
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
        complain(&format!("{} of {} documents were not answered and count as missed: {named}{more}", documents.unanswered, documents.gold));
    }
    Ok(())
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
