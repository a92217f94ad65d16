//! `owabi detect`: what leaked, and why, according to documents.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::ValueEnum;
use owabi_corpora::jsonl::{Document, MAX_DOCUMENT, write_record};
use owabi_corpora::{Page, Record};
use owabi_detector::{Detector, Encoding, Html};
use rayon::prelude::*;

use crate::detectors::builtin;
use crate::error::Error;
use crate::explain::explain;
use crate::input::{Found, InputFormat, Inputs, Reading};
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
/// Encodings and web pages are recognised; `--encoding` and `--input-format` tell what is not.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  owabi detect notice.txt\n  owabi detect notices/ --format jsonl > found.jsonl\n  owabi detect page.html --encoding sjis\n  owabi generate --count 1 | owabi detect"
)]
pub(crate) struct Args {
    /// Texts, .jsonl files or folders; `-` or nothing is stdin
    #[arg(value_name = "FILE|DIR|-")]
    inputs: Vec<PathBuf>,
    /// How to show what was found
    #[arg(long, value_enum, default_value_t = Format::Pretty)]
    format: Format,
    /// Tell below each text, a line a finding, the words that decided it
    #[arg(long)]
    explain: bool,
    /// A table of words to add to the built-in ones (may be repeated)
    ///
    /// UTF-8, one word a line: the word, a tab, and the id of a category (`owabi scheme categories`), or `cause:` and the id of a cause.
    /// Empty lines and lines that begin with # are skipped.
    #[arg(long, value_name = "FILE")]
    lexicon: Vec<PathBuf>,
    /// What the texts are written in: auto, utf-8, utf-16le, utf-16be, shift_jis (also sjis, cp932), euc-jp or iso-2022-jp (also jis)
    ///
    /// `auto` finds it for each file. Records (.jsonl) are always UTF-8.
    #[arg(long, value_name = "NAME", default_value = "auto", value_parser = encoding)]
    encoding: Told,
    /// Whether the texts are web pages. The spans of a page are places in its source; `pretty` shows what its readers see
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = InputFormat::Auto)]
    input_format: InputFormat,
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

/// The encoding that was told; `None` is `auto`. (Clap takes a bare `Option` for an option that may be left out.)
#[derive(Clone, Copy)]
struct Told(Option<Encoding>);

fn encoding(name: &str) -> Result<Told, String> {
    if name.eq_ignore_ascii_case("auto") {
        return Ok(Told(None));
    }
    let known = || Encoding::ALL.map(Encoding::name).join(", ");
    Encoding::from_name(name).map(|encoding| Told(Some(encoding))).ok_or_else(|| format!("valid are auto, {}", known()))
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
        if self.explain && self.format != Format::Pretty {
            return Err(Error::Input("--explain is for --format pretty; in records the `cue` of each finding says the same".to_owned()));
        }
        let detector = builtin(&self.lexicon)?;
        let reading = Reading { encoding: self.encoding.0, format: self.input_format, max_document: self.max_document };
        let mut reader = Inputs::new(self.keep_going, reading);
        let mut work = Work {
            show: Show {
                detector: detector.with_segments(!self.no_segment),
                pretty: (self.format == Format::Pretty).then(|| Pretty::new(colours())),
                explain: self.explain,
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
    batch: Vec<Found>,
    bytes: usize,
}

impl Work {
    fn take(&mut self, found: Found) -> Result<(), Error> {
        self.bytes += found.document.text.len();
        self.batch.push(found);
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
        let shown: Vec<Vec<u8>> = batch.into_par_iter().map(|found| show.bytes(found)).collect();
        shown.iter().try_for_each(|bytes| self.out.put(bytes))?;
        self.progress.add(count);
        Ok(())
    }
}

/// Detects and shows; shared by the threads.
struct Show {
    detector: Detector,
    pretty: Option<Pretty>,
    explain: bool,
}

impl Show {
    fn bytes(&self, Found { document: Document { id, text }, html }: Found) -> Vec<u8> {
        match (&self.pretty, html) {
            (Some(pretty), false) => self.shown(pretty, &id, &text),
            (Some(pretty), true) => self.shown(pretty, &id, Html::new(&text).text()),
            (None, html) => {
                let Page { labels, segments } = if html { self.detector.page_html(&text) } else { self.detector.page(&text) };
                let mut line = Vec::with_capacity(text.len() * 2);
                // Writing to memory cannot fail.
                let _ = write_record(&mut line, &Record { segments, ..Record::new(id, text, labels) });
                line
            }
        }
    }
    /// The text with its findings, and their reasons where they are asked for.
    fn shown(&self, pretty: &Pretty, id: &str, text: &str) -> Vec<u8> {
        let page = self.detector.page(text);
        let reasons = if self.explain { explain(text, &page.labels) } else { String::new() };
        (pretty.show(id, text, &page.labels, page.segments.as_deref()) + &reasons).into_bytes()
    }
}
