//! `owabi corpus verify`: labels are what they claim to be.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use owabi_corpora::verify::{self, Finding};

use crate::error::{Error, FAILED, Problems, complain};
use crate::gold::{Gold, Part};
use crate::output::Output;
use crate::progress::Progress;

/// Check that labels are what they claim to be
///
/// Reads strictly (shape, ids, spans inside the text), then checks what the shape cannot say: that no span is blank, that quoted
/// evidence stands where its span points, that a category's status is the strongest of its mentions, that nothing is labelled
/// twice, that genre and exposure agree, and that a page's labels are the union of its segments'.
#[derive(clap::Args)]
#[command(
    after_help = "Example:\n  owabi generate --count 1000 -o corpus.jsonl && owabi corpus verify corpus.jsonl\n\nExit codes: 0 all is well, 1 labels are wrong, 2 something cannot be read."
)]
pub(crate) struct Args {
    /// .jsonl files of records, marked-up .toml notices, folders of either, or with documents/ and labels.jsonl; `-` is stdin
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// Go on after what cannot be read; the exit code is 2 nevertheless
    #[arg(long)]
    keep_going: bool,
}

impl Args {
    pub(super) fn run(self) -> Result<ExitCode, Error> {
        let mut problems = Problems::new(self.keep_going);
        let mut progress = Progress::new(None, false);
        let mut seen: BTreeMap<&'static str, u64> = BTreeMap::new();
        let (mut documents, mut characters, mut wrong) = (0u64, 0u64, 0u64);
        let gold = Gold::open(&self.paths, Part::All, &mut problems)?;
        gold.read(&mut problems, &mut |mut record, place| {
            documents += 1;
            characters += record.text.chars().count() as u64;
            for Finding { path, message } in verify::record(&record) {
                wrong += 1;
                complain(&format!("{place}: {}: {path}: {message}", record.id));
            }
            let _ = record.labels.visit_spans(|path, _| {
                *seen.entry(path.field).or_default() += 1;
                Ok::<(), std::convert::Infallible>(())
            });
            progress.add(1);
            Ok(())
        })?;
        drop(progress);
        let spans: Vec<String> = seen.iter().map(|(field, count)| format!("{field} {count}")).collect();
        let read = problems.code() == ExitCode::SUCCESS;
        let verdict = match (wrong, read) {
            (0, false) if documents == 0 => "no labels could be read".to_owned(),
            (0, true) => "all labels are well".to_owned(),
            (0, false) => "all labels that could be read are well".to_owned(),
            (1, _) => "1 error in the labels, see above".to_owned(),
            (wrong, _) => format!("{wrong} errors in the labels, see above"),
        };
        let spans = if spans.is_empty() { "none".to_owned() } else { spans.join(", ") };
        let mut out = Output::stdout();
        out.put(format!("documents: {documents}, characters: {characters}, spans: {spans}\n{verdict}\n").as_bytes())?;
        out.finish()?;
        Ok(if wrong > 0 && read { ExitCode::from(FAILED) } else { problems.code() })
    }
}
