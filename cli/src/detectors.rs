//! Who answers: the built-in detector, or a file of answers.

use std::path::PathBuf;
use std::str::FromStr;

use owabi_corpora::{Reading, Record};
use owabi_detector::Detector;
use owabi_harness::Loss;
use rayon::prelude::*;

use crate::answers::Predictions;
use crate::error::{Error, Problems};
use crate::input::read_utf8;

/// What the user named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Named {
    /// With lexicons of the user's own.
    Builtin(Vec<PathBuf>),
    Process(Vec<String>),
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
            _ => Err("valid are `builtin`, `process:COMMAND` and `predictions:FILE`".to_owned()),
        }
    }
}

/// Ready to answer.
pub(crate) enum Answering {
    /// With so many lexicons of the user's own.
    Builtin(Box<Detector>, usize),
    Process(Box<crate::process::Process>),
    Predictions(Box<Predictions>),
}

impl Answering {
    /// With `segments`, the built-in detector takes pages of several documents apart.
    pub(crate) fn new(named: &Named, segments: bool) -> Result<Answering, Error> {
        Ok(match named {
            Named::Builtin(lexicons) => Answering::Builtin(Box::new(builtin(lexicons)?.with_segments(segments)), lexicons.len()),
            Named::Process(words) => Answering::Process(Box::new(crate::process::Process::start(words)?)),
            Named::Predictions(path) => Answering::Predictions(Box::new(Predictions::open(path)?)),
        })
    }

    /// The name for reports, without paths.
    pub(crate) fn name(&self) -> String {
        match self {
            Answering::Builtin(_, 0) => format!("builtin {}", env!("CARGO_PKG_VERSION")),
            Answering::Builtin(_, 1) => format!("builtin {} with a lexicon of the user's", env!("CARGO_PKG_VERSION")),
            Answering::Builtin(_, lexicons) => format!("builtin {} with {lexicons} lexicons of the user's", env!("CARGO_PKG_VERSION")),
            Answering::Process(_) => "process".to_owned(),
            Answering::Predictions(_) => "predictions".to_owned(),
        }
    }

    /// One answer a document, or why there is none.
    pub(crate) fn answer(&mut self, records: &[Record], problems: &mut Problems) -> Result<Vec<Result<Reading, Loss>>, Error> {
        match self {
            Answering::Builtin(detector, _) => Ok(records.par_iter().map(|record| Ok(detector.page(&record.text).into())).collect()),
            Answering::Process(process) => process.answer(records),
            Answering::Predictions(predictions) => records.iter().map(|record| predictions.answer(record, problems)).collect(),
        }
    }

    /// Tells of answers that nobody asked for.
    pub(crate) fn finish(self, problems: &mut Problems) -> Result<(), Error> {
        match self {
            Answering::Predictions(predictions) => predictions.finish(problems),
            Answering::Process(process) => process.finish(problems),
            Answering::Builtin(..) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn detectors_are_named() {
        assert_eq!("builtin".parse(), Ok(Named::Builtin(vec![])));
        assert_eq!("predictions:a:b.jsonl".parse(), Ok(Named::Predictions("a:b.jsonl".into())));
        assert_eq!("process:my-tool --flag 'a b'".parse(), Ok(Named::Process(vec!["my-tool".into(), "--flag".into(), "a b".into()])));
        for bad in ["", "built-in", "predictions:", "process:", "process:'x", "http://x"] {
            assert!(bad.parse::<Named>().is_err(), "{bad}");
        }
    }
}
