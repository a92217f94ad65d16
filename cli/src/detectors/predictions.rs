//! A detector's answers from a file, brought together with the documents they answer for.

use std::collections::{BTreeMap, BTreeSet};
use std::io::BufRead;
use std::path::Path;

use owabi_corpora::jsonl::{Answers, resolve};
use owabi_corpora::{Answer, Record};
use owabi_harness::LossKind;

use super::losses::{Answered, Lost, Strays, lost};
use crate::error::{Error, Problems};
use crate::input::open;

/// How many lines of one complaint are told one by one.
const TOLD: usize = 5;

/// Answers, read as far as needed: where they stand in the order of the documents, only one is held at a time.
pub(super) struct Predictions {
    name: String,
    answers: Answers<Box<dyn BufRead + Send>>,
    /// Whether the file holds a line, good or bad.
    any: bool,
    /// Read and not asked for yet, with their lines; or what is wrong with them, told already.
    waiting: BTreeMap<String, (usize, Result<Answer, String>)>,
    met: BTreeSet<String>,
    duplicates: u64,
}

impl Predictions {
    pub(super) fn open(path: &Path) -> Result<Predictions, Error> {
        let name = if path.as_os_str() == "-" { "stdin".to_owned() } else { path.display().to_string() };
        if path.is_dir() {
            return Err(Error::at(name, "is a folder; name a .jsonl file of answers"));
        }
        let answers = Answers::new(&name, open(path).map_err(Error::Input)?);
        Ok(Predictions { answers, name, any: false, waiting: BTreeMap::new(), met: BTreeSet::new(), duplicates: 0 })
    }

    /// The answers for documents, or why the file holds none that fits the text.
    pub(super) fn answer(&mut self, records: &[Record], problems: &mut Problems) -> Result<Vec<Answered>, Error> {
        records.iter().map(|record| self.answer_one(record, problems)).collect()
    }

    fn answer_one(&mut self, gold: &Record, problems: &mut Problems) -> Result<Answered, Error> {
        let (line, answer) = loop {
            if let Some(found) = self.waiting.remove(&gold.id) {
                break found;
            }
            if !self.advance(problems)? {
                return Ok(Err(lost(LossKind::Missing, "no line has its id")));
            }
        };
        match answer.map(|answer| resolve(answer, &gold.text)) {
            Ok(Ok(reading)) => Ok(Ok(reading)),
            Ok(Err(error)) => {
                problems.meet(format!("{}:{line}: {error}", self.name))?;
                Ok(Err(Lost { told: true, ..lost(LossKind::Malformed, error.to_string()) }))
            }
            Err(why) => Ok(Err(Lost { told: true, ..lost(LossKind::Malformed, why) })),
        }
    }

    /// Reads what is left and tells of answers that no document asked for.
    pub(super) fn finish(mut self, problems: &mut Problems) -> Result<Strays, Error> {
        while self.advance(problems)? {}
        if !self.any {
            problems.meet(format!("{}:1: empty; put one answer on each line", self.name))?;
        }
        let mut unknown: Vec<(usize, String)> = self.waiting.into_iter().map(|(id, (line, _))| (line, id)).collect();
        unknown.sort();
        for (line, id) in unknown.iter().take(TOLD) {
            let message = format!("{}:{line}: id: no gold document is called `{id}`; remove the line or name the right gold", self.name);
            problems.meet(message)?;
        }
        match unknown.len().saturating_sub(TOLD) {
            0 => {}
            more => problems.meet(format!("{}: {more} more answers for unknown ids", self.name))?,
        }
        Ok(Strays { unasked: unknown.len() as u64, duplicates: self.duplicates })
    }

    /// Reads one more line; `false` at the end of the file.
    fn advance(&mut self, problems: &mut Problems) -> Result<bool, Error> {
        let Some(answer) = self.answers.next() else { return Ok(false) };
        self.any = true;
        let line = self.answers.line();
        let id = answer.as_ref().map_or_else(|_| self.answers.id(), |answer| Some(answer.id.clone()));
        match (answer, id) {
            (_, Some(id)) if self.met.contains(&id) => {
                self.duplicates += 1;
                problems.meet(format!("{}:{line}: id: `{id}` was answered before; keep one answer a document", self.name))?;
            }
            (Ok(answer), _) => {
                self.met.insert(answer.id.clone());
                self.waiting.insert(answer.id.clone(), (line, Ok(answer)));
            }
            (Err(error), id) => {
                problems.meet(error.to_string())?;
                if let Some(id) = id {
                    self.met.insert(id.clone());
                    let field = error.field.map_or(String::new(), |field| format!("{field}: "));
                    self.waiting.insert(id, (line, Err(format!("{field}{}", error.message))));
                }
            }
        }
        Ok(true)
    }
}
