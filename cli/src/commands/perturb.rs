//! `owabi perturb`: labelled documents changed a little, with labels that are still right.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ValueEnum;
use comfy_table::{ContentArrangement, Table, presets};
use owabi_corpora::Record;
use owabi_corpora::jsonl::write_record;
use owabi_generator::perturb::{self, Perturbation, Perturbations};
use rayon::prelude::*;

use crate::error::{Error, Problems, complain};
use crate::gold::{Gold, Part};
use crate::output::Output;
use crate::progress::Progress;

const BATCH: usize = 256;

/// Change labelled documents a little: other widths, broken lines, misread characters, a web page's source …
///
/// The labels move along. Most perturbations must not change what a detector finds (INV); some change one thing in a known way, and the
/// labels with it (DIR). What does not apply to a document leaves it as it is: its id and provenance name the perturbations that
/// were made.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  owabi perturb --list\n  owabi generate --count 100 -o base.jsonl && owabi perturb base.jsonl --with nfkc,line_wrap -o dirty.jsonl\n  owabi perturb base.jsonl --twins denied -o twins.jsonl\n  owabi perturb base.jsonl --with shift_jis -o sjis/\n\nA folder gets documents/ID.txt, written in the encoding that was asked for, and labels.jsonl; `owabi test --corpus` and `owabi detect` read it."
)]
pub(crate) struct Args {
    /// Labelled documents: .jsonl records, marked-up .toml notices, folders of either, or with documents/ and labels.jsonl; `-` is stdin
    #[arg(required_unless_present = "list")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    what: What,
    /// Any number; another seed changes other places
    #[arg(long, value_name = "S", default_value_t = 0)]
    seed: u64,
    /// Where to write; `-` is stdout; a name that ends in / is a folder of texts with their labels
    #[arg(short, long, value_name = "PATH", default_value = "-")]
    output: PathBuf,
    /// Go on after a bad input; the exit code is 2 nevertheless
    #[arg(long)]
    keep_going: bool,
}

#[derive(clap::Args)]
#[group(required = true, multiple = false)]
struct What {
    /// Perturbations, made one after the other, such as nfkc,line_wrap; an encoding comes last
    #[arg(long = "with", value_name = "LIST")]
    list_of: Option<Perturbations>,
    /// Pairs one edit apart: each document that can be turned, followed by its twin
    #[arg(long, value_enum, value_name = "KIND")]
    twins: Option<Twins>,
    /// Show all perturbations
    #[arg(long)]
    list: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Twins {
    /// A denial, and the same clause saying that it leaked
    Denied,
    /// A mention of a category, and the same with a value of it
    Value,
}

impl Twins {
    fn perturbation(self) -> Perturbation {
        match self {
            Twins::Denied => perturb::Twins::Denied,
            Twins::Value => perturb::Twins::Value,
        }
        .perturbation()
    }
}

impl Args {
    pub(crate) fn run(self) -> Result<ExitCode, Error> {
        if self.what.list {
            return list();
        }
        let mut problems = Problems::new(self.keep_going);
        let gold = Gold::open(&self.paths, Part::All, &mut problems)?;
        let mut target = Target::create(&self.output)?;
        let done = self.run_into(gold, &mut target, &mut problems);
        match done {
            Ok(work) => {
                target.finish()?;
                work.tell();
                Ok(problems.code())
            }
            Err(error) => {
                target.abandon();
                Err(error)
            }
        }
    }

    fn run_into(self, gold: Gold, target: &mut Target, problems: &mut Problems) -> Result<Work, Error> {
        let mut work = Work { job: self.what, seed: self.seed, documents: 0, applied: Vec::new() };
        let mut progress = Progress::new(None, self.output.as_os_str() == "-");
        let mut batch: Vec<Record> = Vec::with_capacity(BATCH);
        gold.read(problems, &mut |record, _| {
            batch.push(record);
            if batch.len() == BATCH {
                progress.add(BATCH as u64);
                target.put(&work.change(std::mem::take(&mut batch)))?;
            }
            Ok(())
        })?;
        target.put(&work.change(batch))?;
        Ok(work)
    }
}

/// What is done to each document, and to how many it applied.
struct Work {
    job: What,
    seed: u64,
    documents: u64,
    /// One count a perturbation.
    applied: Vec<u64>,
}

impl Work {
    fn perturbations(&self) -> Vec<Perturbation> {
        match (&self.job.list_of, self.job.twins) {
            (Some(list), _) => list.iter().collect(),
            (None, Some(twins)) => vec![twins.perturbation()],
            (None, None) => Vec::new(),
        }
    }

    fn change(&mut self, records: Vec<Record>) -> Vec<Record> {
        let (all, seed) = (self.perturbations(), self.seed);
        self.documents += records.len() as u64;
        let changed: Vec<(Record, Record, Vec<bool>)> = records
            .into_par_iter()
            .map(|base| {
                let mut record = base.clone();
                let mut made = Vec::with_capacity(all.len());
                for one in &all {
                    let changed = one.apply(&record, seed);
                    made.push(changed.is_some());
                    record = changed.unwrap_or(record);
                }
                (base, record, made)
            })
            .collect();
        self.applied.resize(all.len(), 0);
        for (_, _, made) in &changed {
            self.applied.iter_mut().zip(made).for_each(|(count, made)| *count += u64::from(*made));
        }
        match self.job.twins {
            None => changed.into_iter().map(|(_, record, _)| record).collect(),
            Some(_) => changed.into_iter().filter(|(.., made)| made == &[true]).flat_map(|(base, twin, _)| [base, twin]).collect(),
        }
    }

    /// Says what did not apply; nothing where all did.
    fn tell(&self) {
        for (one, applied) in self.perturbations().iter().zip(&self.applied).filter(|(_, applied)| **applied < self.documents) {
            let (missing, all) = (self.documents - applied, self.documents);
            let fate = if self.job.twins.is_some() { "have no twin and are left out" } else { "are written without it" };
            complain(&format!("{} does not apply to {missing} of {all} documents, which {fate}", one.id()));
        }
    }
}

/// Records on lines, or a folder with a file for each text.
enum Target {
    Lines(Output),
    Folder { partial: PathBuf, whole: PathBuf, labels: Output },
}

impl Target {
    fn create(path: &Path) -> Result<Target, Error> {
        let is_folder = path.is_dir() || path.to_string_lossy().ends_with(['/', std::path::MAIN_SEPARATOR]);
        if !is_folder {
            return Ok(Target::Lines(Output::create(path)?));
        }
        let whole: PathBuf = path.components().collect();
        let name = whole.display();
        if fs::read_dir(&whole).is_ok_and(|mut entries| entries.next().is_some()) {
            return Err(Error::at(name, "is not empty; name an empty folder or a new one"));
        }
        let mut partial = whole.clone().into_os_string();
        partial.push(".partial");
        let partial = PathBuf::from(partial);
        if partial.exists() {
            return Err(Error::at(partial.display(), "is left of an interrupted run; delete it"));
        }
        let documents = partial.join("documents");
        fs::create_dir_all(&documents).map_err(|error| Error::write(documents.display(), error))?;
        let labels = Output::create(&partial.join("labels.jsonl"))?;
        Ok(Target::Folder { partial, whole, labels })
    }

    fn put(&mut self, records: &[Record]) -> Result<(), Error> {
        for record in records {
            let mut line = Vec::with_capacity(record.text.len() * 2);
            // Writing to memory cannot fail.
            let _ = write_record(&mut line, record);
            match self {
                Target::Lines(out) => out.put(&line)?,
                Target::Folder { partial, labels, .. } => {
                    if record.id.contains(['/', '\\', '\0']) {
                        return Err(Error::Input(format!(
                            "the id `{}` cannot be a file's name; write to a .jsonl file instead",
                            record.id
                        )));
                    }
                    let place = partial.join("documents").join(format!("{}.txt", record.id));
                    let bytes = perturb::encode(record).unwrap_or_else(|| record.text.clone().into_bytes());
                    fs::write(&place, bytes).map_err(|error| Error::write(place.display(), error))?;
                    labels.put(&line)?;
                }
            }
        }
        Ok(())
    }

    /// Takes back what was begun: its name must be free for the next try.
    fn abandon(self) {
        match self {
            Target::Lines(out) => out.abandon(),
            Target::Folder { partial, .. } => {
                let _ = fs::remove_dir_all(partial);
            }
        }
    }

    fn finish(self) -> Result<(), Error> {
        match self {
            Target::Lines(out) => out.finish(),
            Target::Folder { partial, whole, labels } => {
                labels.finish()?;
                fs::rename(&partial, &whole).map_err(|error| Error::write(whole.display(), error))
            }
        }
    }
}

fn list() -> Result<ExitCode, Error> {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    for one in Perturbation::all() {
        table.add_row([one.id(), one.expectation().id(), one.about()]);
    }
    let lines: Vec<String> = table.lines().map(|line| line.trim().to_owned() + "\n").collect();
    let mut out = Output::stdout();
    out.put(lines.concat().as_bytes())?;
    out.finish()?;
    Ok(ExitCode::SUCCESS)
}
