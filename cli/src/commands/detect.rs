//! `owabi detect`: what leaked, and why, according to documents.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::ValueEnum;
use owabi_corpora::jsonl::{Document, MAX_DOCUMENT, write_record};
use owabi_corpora::{Page, Record};
use owabi_detector::Detector;
use rayon::prelude::*;

use crate::error::Error;
use crate::input::Inputs;
use crate::output::Output;
use crate::pretty::{Pretty, colours};
use crate::progress::Progress;

/// A batch is read before every thread works on it.
const BATCH: usize = 64;
const BATCH_BYTES: usize = 8 << 20;

/// Find what leaked, and why, in notices
///
/// Files that end in .jsonl hold records or lines with an `id` and a `text`; labels in them are never read. Any other file is one
/// text, and its name without extension is the id. A folder stands for its .txt, .html and .jsonl files. A page that holds several
/// documents is taken apart: each is shown with what it says itself.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  owabi detect notice.txt\n  owabi detect notices/ --format jsonl > found.jsonl\n  owabi generate --count 1 | owabi detect"
)]
pub(crate) struct Args {
    /// Texts, .jsonl files or folders; `-` or nothing is stdin
    #[arg(value_name = "FILE|DIR|-")]
    inputs: Vec<PathBuf>,
    /// How to show what was found
    #[arg(long, value_enum, default_value_t = Format::Pretty)]
    format: Format,
    /// Take every text for one document, also a page that looks like several
    #[arg(long)]
    no_segment: bool,
    /// Go on after a bad input; the exit code is 2 nevertheless
    #[arg(long)]
    keep_going: bool,
    /// Refuse longer documents
    #[arg(long, value_name = "BYTES", default_value_t = MAX_DOCUMENT)]
    max_document: usize,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// The text with its findings marked, and a summary line
    Pretty,
    /// One record with its labels on each line
    Jsonl,
}

impl Args {
    pub(crate) fn run(self) -> Result<ExitCode, Error> {
        use std::io::IsTerminal;
        let inputs = if self.inputs.is_empty() {
            if std::io::stdin().is_terminal() {
                return Err(Error::Input("nothing to read; name a file or a folder, or pipe a text in".to_owned()));
            }
            vec![PathBuf::from("-")]
        } else {
            self.inputs
        };
        let mut reader = Inputs::new(self.keep_going, self.max_document);
        let mut work = Work {
            show: Show {
                detector: Detector::builtin().with_segments(!self.no_segment),
                pretty: (self.format == Format::Pretty).then(|| Pretty::new(colours())),
            },
            legend_shown: false,
            out: Output::stdout(),
            progress: Progress::new(None, std::io::stdout().is_terminal()),
            batch: Vec::new(),
            bytes: 0,
        };
        let result = inputs.iter().try_for_each(|path| reader.read(path, &mut |document| work.take(document)));
        // What was read before a bad input is shown all the same.
        work.flush()?;
        work.out.finish()?;
        result.map(|()| reader.problems.code())
    }
}

struct Work {
    show: Show,
    legend_shown: bool,
    out: Output,
    progress: Progress,
    batch: Vec<Document>,
    bytes: usize,
}

impl Work {
    fn take(&mut self, document: Document) -> Result<(), Error> {
        self.bytes += document.text.len();
        self.batch.push(document);
        if self.batch.len() >= BATCH || self.bytes >= BATCH_BYTES { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), Error> {
        self.bytes = 0;
        let show = &self.show;
        let batch = std::mem::take(&mut self.batch);
        let count = batch.len() as u64;
        if let Some(pretty) = show.pretty.as_ref().filter(|_| count > 0 && !self.legend_shown) {
            self.out.put(pretty.legend().as_bytes())?;
            self.legend_shown = true;
        }
        let shown: Vec<Vec<u8>> = batch.into_par_iter().map(|document| show.bytes(document)).collect();
        shown.iter().try_for_each(|bytes| self.out.put(bytes))?;
        self.progress.add(count);
        Ok(())
    }
}

/// Detects and shows; shared by the threads.
struct Show {
    detector: Detector,
    pretty: Option<Pretty>,
}

impl Show {
    fn bytes(&self, Document { id, text }: Document) -> Vec<u8> {
        let Page { labels, segments } = self.detector.page(&text);
        match &self.pretty {
            Some(pretty) => pretty.show(&id, &text, &labels, segments.as_deref()).into_bytes(),
            None => {
                let mut line = Vec::with_capacity(text.len() * 2);
                // Writing to memory cannot fail.
                let _ = write_record(&mut line, &Record { segments, ..Record::new(id, text, labels) });
                line
            }
        }
    }
}
