//! Who answers: the built-in detector, a process, a server, or a file of answers.
//!
//! * [`process`] shares the documents out among copies of a process; [`running`] is one of them, and [`group`] sees to its end.
//! * [`http`] makes requests of documents, [`client`] sends one until it has an answer, [`chunks`] cuts what is too large for one.
//! * [`predictions`] reads answers that are there already.
//! * [`losses`]: answers that never came; [`cache`]: answers that came before; [`reach`]: the flags.

use std::path::PathBuf;
use std::str::FromStr;

use owabi_corpora::{Page, Reading, Record};
use owabi_detector::{Detector, Html};
use owabi_harness::Loss;
use rayon::prelude::*;

use crate::error::{Error, Problems, complain};
use crate::input::read_utf8;

mod cache;
mod chunks;
mod client;
mod group;
mod http;
mod losses;
mod predictions;
mod process;
mod reach;
mod running;

pub(crate) use group::end_all;
pub(crate) use losses::Strays;
pub(crate) use reach::Reach;

use cache::Cache;
use losses::{Row, Tell};

/// How many documents are asked for at a time.
const BATCH: usize = 256;
/// … at a detector that may take seconds for each: what is asked for together is shown, and kept, together.
const SLOW_BATCH: usize = 64;

/// What the user named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Named {
    /// With lexicons of the user's own.
    Builtin(Vec<PathBuf>),
    Process(Vec<String>),
    /// By its URL.
    Http(String),
    Predictions(PathBuf),
}

impl Named {
    /// Gives the built-in detector its lexicons.
    pub(crate) fn with_lexicons(self, lexicons: Vec<PathBuf>) -> Result<Named, Error> {
        match self {
            Named::Builtin(_) => Ok(Named::Builtin(lexicons)),
            other if lexicons.is_empty() => Ok(other),
            _ => Err(Error::Input("--lexicon is for the built-in detector; leave out --lexicon or --detector".to_owned())),
        }
    }
}

/// The built-in detector with lexicons of the user's own.
pub(crate) fn builtin(lexicons: &[PathBuf]) -> Result<Detector, Error> {
    let mut builder = Detector::builder();
    for path in lexicons {
        builder = builder.lexicon(path.display().to_string(), read_utf8(path).map_err(Error::Input)?);
    }
    builder.build().map_err(|error| Error::Input(error.to_string()))
}

impl FromStr for Named {
    type Err = String;

    fn from_str(text: &str) -> Result<Named, String> {
        match text.split_once(':') {
            None if text == "builtin" => Ok(Named::Builtin(vec![])),
            Some(("predictions", file)) if !file.is_empty() => Ok(Named::Predictions(file.into())),
            Some(("process", command)) => match shlex::split(command) {
                Some(words) if !words.is_empty() => Ok(Named::Process(words)),
                Some(_) => Err("no command after `process:`".to_owned()),
                None => Err("a quotation mark in the command is not closed".to_owned()),
            },
            Some(("http", url)) if !url.starts_with("//") => client::check_url(url).map(|()| Named::Http(url.to_owned())),
            Some(("http" | "https", _)) => client::check_url(text).map(|()| Named::Http(text.to_owned())),
            _ => Err("valid are `builtin`, `process:COMMAND`, `http:URL` and `predictions:FILE`".to_owned()),
        }
    }
}

/// Ready to answer.
pub(crate) struct Answering {
    way: Way,
    name: String,
    tell: Tell,
    cache: Option<Cache>,
    strays: Strays,
    repeat: u64,
    /// How many documents are asked for at a time.
    pub(crate) batch: usize,
}

enum Way {
    Builtin(Box<Detector>),
    Process(Box<process::Process>),
    Http(Box<http::Http>),
    Predictions(Box<predictions::Predictions>),
}

impl Answering {
    /// With `segments`, the built-in detector takes pages of several documents apart.
    pub(crate) fn new(named: &Named, segments: bool, reach: &Reach) -> Result<Answering, Error> {
        reach.check(named)?;
        // What stands before every line about this detector, and its name in reports, which hold no paths.
        let (way, asked, name) = match named {
            Named::Builtin(lexicons) => {
                let own = match lexicons.len() {
                    0 => String::new(),
                    1 => " with a lexicon of the user's".to_owned(),
                    many => format!(" with {many} lexicons of the user's"),
                };
                let detector = builtin(lexicons)?.with_segments(segments);
                (Way::Builtin(Box::new(detector)), "builtin".to_owned(), format!("builtin {}{own}", env!("CARGO_PKG_VERSION")))
            }
            Named::Process(words) => (Way::Process(Box::new(process::Process::new(words, reach)?)), words[0].clone(), "process".to_owned()),
            Named::Http(url) => (Way::Http(Box::new(http::Http::new(url, reach)?)), client::shown(url), "http".to_owned()),
            Named::Predictions(path) => {
                let predictions = predictions::Predictions::open(path)?;
                (Way::Predictions(Box::new(predictions)), path.display().to_string(), "predictions".to_owned())
            }
        };
        let cache = if reach.no_cache || reach.repeat.is_some() { None } else { Cache::open(named, reach)? };
        let batch = match named {
            Named::Builtin(_) | Named::Predictions(_) => BATCH,
            // Larger where many share it.
            Named::Process(_) => SLOW_BATCH.max(reach.jobs() * 16),
            Named::Http(_) => SLOW_BATCH.max(reach.jobs() * reach.batch() * 2),
        };
        Ok(Answering { way, name, tell: Tell::new(asked), cache, strays: Strays::default(), repeat: reach.repeat.unwrap_or(1), batch })
    }

    /// The name for reports, without paths.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The groups of its processes, by the ids of their leaders, where it has any.
    pub(crate) fn groups(&self) -> Vec<u32> {
        if let Way::Process(process) = &self.way { process.groups() } else { Vec::new() }
    }

    /// How often every document is asked for.
    pub(crate) fn calls(&self) -> u64 {
        self.repeat
    }

    /// One answer a document, or why there is none.
    pub(crate) fn answer(&mut self, records: &[Record], problems: &mut Problems) -> Result<Vec<Result<Reading, Loss>>, Error> {
        let Some(cache) = &mut self.cache else { return self.ask(records, problems) };
        let (key, known) = cache.get(records);
        let unknown: Vec<Record> =
            records.iter().zip(&known).filter(|(_, known)| known.is_none()).map(|(record, _)| record.clone()).collect();
        if unknown.is_empty() {
            return Ok(known.into_iter().flatten().map(Ok).collect());
        }
        let mut asked = self.ask(&unknown, problems)?.into_iter();
        let lost = || Err(Loss::new(owabi_harness::LossKind::Missing, "not asked"));
        let answers: Vec<_> = known.into_iter().map(|known| known.map_or_else(|| asked.next().unwrap_or_else(lost), Ok)).collect();
        if let Some(cache) = &mut self.cache {
            cache.put(&key, &answers);
        }
        Ok(answers)
    }

    fn ask(&mut self, records: &[Record], problems: &mut Problems) -> Result<Vec<Result<Reading, Loss>>, Error> {
        let gave_up = self.gave_up().is_some();
        let Answering { way, tell, strays, .. } = self;
        let answers = match way {
            Way::Builtin(detector) => return Ok(records.par_iter().map(|record| Ok(read(detector, &record.text).into())).collect()),
            Way::Predictions(predictions) => predictions.answer(records, problems)?,
            Way::Process(process) => process.answer(records, tell, strays)?,
            Way::Http(http) => http.answer(records, tell, strays, problems)?,
        };
        for (record, answer) in records.iter().zip(&answers) {
            answer.as_ref().err().into_iter().for_each(|lost| tell.lost(&record.id, lost));
        }
        match self.gave_up() {
            Some(row) if row.answered == 0 && self.hits() == 0 => return Err(self.nothing_answered()),
            Some(row) if !gave_up => {
                complain(&format!("{}: gave up after {} lost documents in a row; the rest counts as missed", self.tell.name(), row.lost));
            }
            _ => {}
        }
        Ok(answers.into_iter().map(|answer| answer.map_err(|lost| lost.loss)).collect())
    }

    /// Lets the detector end, and says what came beside its answers.
    pub(crate) fn finish(self, problems: &mut Problems) -> Result<Strays, Error> {
        let nothing = self.row().is_some_and(|row| row.answered == 0) && self.hits() == 0;
        let nothing = nothing.then(|| self.nothing_answered());
        let Answering { way, tell, cache, strays, .. } = self;
        tell.finish();
        cache.into_iter().for_each(Cache::finish);
        match way {
            Way::Predictions(predictions) => return predictions.finish(problems),
            Way::Process(process) => process.finish(),
            Way::Http(_) | Way::Builtin(_) => {}
        }
        nothing.map_or(Ok(strays), Err)
    }

    fn nothing_answered(&self) -> Error {
        let try_it = match self.way {
            Way::Http(_) => "send it one document by hand",
            _ => "try the command on one line of input by hand",
        };
        Error::at(self.tell.name(), format!("no document was answered; {try_it}"))
    }

    /// What became of the questions that were asked in this run.
    fn row(&self) -> Option<&Row> {
        match &self.way {
            Way::Process(process) => Some(process.row()),
            Way::Http(http) => Some(http.row()),
            Way::Builtin(_) | Way::Predictions(_) => None,
        }
    }

    fn gave_up(&self) -> Option<&Row> {
        self.row().filter(|row| row.enough.is_some())
    }

    fn hits(&self) -> u64 {
        self.cache.as_ref().map_or(0, |cache| cache.hits)
    }
}

/// What the built-in detector finds, as `owabi detect` does: in a web page what its readers see.
fn read(detector: &Detector, text: &str) -> Page {
    if Html::is_likely(text) { detector.page_html(text) } else { detector.page(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn detectors_are_named() {
        assert_eq!("builtin".parse(), Ok(Named::Builtin(vec![])));
        assert_eq!("predictions:a:b.jsonl".parse(), Ok(Named::Predictions("a:b.jsonl".into())));
        assert_eq!("process:my-tool --flag 'a b'".parse(), Ok(Named::Process(vec!["my-tool".into(), "--flag".into(), "a b".into()])));
        for url in ["http://127.0.0.1:8080/scan?x=1", "https://dlp.example/v1"] {
            assert_eq!(url.parse(), Ok(Named::Http(url.into())));
            assert_eq!(format!("http:{url}").parse(), Ok(Named::Http(url.into())));
        }
        for bad in
            ["", "built-in", "predictions:", "process:", "process:'x", "http:", "http://", "http:localhost", "ftp://x", "http://a:b@x"]
        {
            assert!(bad.parse::<Named>().is_err(), "{bad}");
        }
    }
}
