//! A detector's answers from a file, brought together with the documents they answer for.

use std::collections::{BTreeMap, BTreeSet};
use std::io::BufRead;
use std::path::Path;

use owabi_corpora::jsonl::{Answers, resolve};
use owabi_corpora::{Answer, Reading, Record};
use owabi_harness::{Loss, LossKind};

use crate::error::{Error, Problems};
use crate::input::open;

/// How many lines of one complaint are told one by one.
const TOLD: usize = 5;

/// Answers, read as far as needed: where they stand in the order of the documents, only one is held at a time.
pub(crate) struct Predictions {
    name: String,
    answers: Answers<Box<dyn BufRead>>,
    /// Whether the file holds a line, good or bad.
    any: bool,
    /// Read and not asked for yet, with their lines.
    waiting: BTreeMap<String, (usize, Answer)>,
    met: BTreeSet<String>,
}

impl Predictions {
    pub(crate) fn open(path: &Path) -> Result<Predictions, Error> {
        let name = if path.as_os_str() == "-" { "stdin".to_owned() } else { path.display().to_string() };
        if path.is_dir() {
            return Err(Error::at(name, "is a folder; name a .jsonl file of answers"));
        }
        let answers = Answers::new(&name, open(path).map_err(Error::Input)?);
        Ok(Predictions { answers, name, any: false, waiting: BTreeMap::new(), met: BTreeSet::new() })
    }

    /// The answer for a document, or why the file holds none that fits the text.
    pub(crate) fn answer(&mut self, gold: &Record, problems: &mut Problems) -> Result<Result<Reading, Loss>, Error> {
        let (line, answer) = loop {
            if let Some(found) = self.waiting.remove(&gold.id) {
                break found;
            }
            if !self.advance(problems)? {
                return Ok(Err(Loss::new(LossKind::Missing, "no answer with this id")));
            }
        };
        match resolve(answer, &gold.text) {
            Ok(reading) => Ok(Ok(reading)),
            Err(error) => {
                problems.meet(format!("{}:{line}: {error}", self.name))?;
                Ok(Err(Loss::new(LossKind::Malformed, error.to_string())))
            }
        }
    }

    /// Reads what is left and tells of answers that no document asked for.
    pub(crate) fn finish(mut self, problems: &mut Problems) -> Result<(), Error> {
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
            0 => Ok(()),
            more => problems.meet(format!("{}: {more} more answers for unknown ids", self.name)),
        }
    }

    /// Reads one more line; `false` at the end of the file.
    fn advance(&mut self, problems: &mut Problems) -> Result<bool, Error> {
        let Some(answer) = self.answers.next() else { return Ok(false) };
        self.any = true;
        let line = self.answers.line();
        match answer {
            Ok(answer) if !self.met.insert(answer.id.clone()) => {
                problems.meet(format!("{}:{line}: id: `{}` was answered before; keep one answer a document", self.name, answer.id))?;
            }
            Ok(answer) => {
                self.waiting.insert(answer.id.clone(), (line, answer));
            }
            Err(error) => problems.meet(error.to_string())?,
        }
        Ok(true)
    }
}
