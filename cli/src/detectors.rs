//! Who answers: the built-in detector, or a file of answers.

use std::path::PathBuf;
use std::str::FromStr;

use owabi_corpora::{Page, Record};
use owabi_detector::Detector;
use rayon::prelude::*;

use crate::answers::Predictions;
use crate::error::{Error, Problems};

/// What the user named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Named {
    Builtin,
    Process(Vec<String>),
    Predictions(PathBuf),
}

impl FromStr for Named {
    type Err = String;

    fn from_str(text: &str) -> Result<Named, String> {
        match text.split_once(':') {
            None if text == "builtin" => Ok(Named::Builtin),
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
    Builtin(Box<Detector>),
    Process(Box<crate::process::Process>),
    Predictions(Box<Predictions>),
}

impl Answering {
    /// With `segments`, the built-in detector takes pages of several documents apart.
    pub(crate) fn new(named: &Named, segments: bool) -> Result<Answering, Error> {
        Ok(match named {
            Named::Builtin => Answering::Builtin(Box::new(Detector::builtin().with_segments(segments))),
            Named::Process(words) => Answering::Process(Box::new(crate::process::Process::start(words)?)),
            Named::Predictions(path) => Answering::Predictions(Box::new(Predictions::open(path)?)),
        })
    }

    /// The name for reports, without paths.
    pub(crate) fn name(&self) -> String {
        match self {
            Answering::Builtin(_) => format!("builtin {}", env!("CARGO_PKG_VERSION")),
            Answering::Process(_) => "process".to_owned(),
            Answering::Predictions(_) => "predictions".to_owned(),
        }
    }

    /// One answer a document; `None` where there is none.
    pub(crate) fn answer(&mut self, records: &[Record], problems: &mut Problems) -> Result<Vec<Option<Page>>, Error> {
        match self {
            Answering::Builtin(detector) => Ok(records.par_iter().map(|record| Some(detector.page(&record.text))).collect()),
            Answering::Process(process) => process.answer(records),
            Answering::Predictions(predictions) => records.iter().map(|record| predictions.answer(record, problems)).collect(),
        }
    }

    /// Tells of answers that nobody asked for.
    pub(crate) fn finish(self, problems: &mut Problems) -> Result<(), Error> {
        match self {
            Answering::Predictions(predictions) => predictions.finish(problems),
            Answering::Process(process) => process.finish(problems),
            Answering::Builtin(_) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn detectors_are_named() {
        assert_eq!("builtin".parse(), Ok(Named::Builtin));
        assert_eq!("predictions:a:b.jsonl".parse(), Ok(Named::Predictions("a:b.jsonl".into())));
        assert_eq!("process:my-tool --flag 'a b'".parse(), Ok(Named::Process(vec!["my-tool".into(), "--flag".into(), "a b".into()])));
        for bad in ["", "built-in", "predictions:", "process:", "process:'x", "http://x"] {
            assert!(bad.parse::<Named>().is_err(), "{bad}");
        }
    }
}
