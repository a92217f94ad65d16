//! Fits `detector/data/learned/*.tsv` anew from all that may be learnt from: `cargo run --release -p owabi-learning`.
//!
//! With `-- --cross` it writes nothing and says how well what was learnt from three quarters of the documents reads the fourth.

#![allow(clippy::print_stdout, clippy::print_stderr)]

mod fit;
mod practice;

use std::path::Path;
use std::process::ExitCode;

use owabi_corpora::Cause;
use owabi_corpora::vocabulary::{DateRole, Exposure, Genre, Status};

use crate::fit::Table;
use crate::practice::{Document, Example, Question};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("owabi-learning: {error}");
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<(), String> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let cross = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => false,
        ["--cross"] => true,
        _ => return Err(format!("`{}`: nothing but `--cross` may be asked", arguments.join(" "))),
    };
    let documents = practice::documents()?;
    println!("{} documents to learn from", documents.len());
    let causes: Vec<&str> = Cause::all().map(Cause::id).collect();
    learn(cross, "causes", "of the cause that a sentence tells", &causes, &practice::causes(&documents))?;
    let roles: Vec<&str> = DateRole::all().map(DateRole::id).collect();
    learn(cross, "dates", "of which role a date is", &roles, &practice::dates(&documents))?;
    let statuses: Vec<&str> = Status::all().map(Status::id).collect();
    learn(cross, "data", "of which status a mention of data is", &statuses, &practice::data(&documents))?;
    gist(cross, &documents)
}

/// In hundredths: smaller weights are not told. Of a whole text each counts for a small share only.
const LEAST: i32 = 8;
const LEAST_OF_GIST: i32 = 20;

fn learn(cross: bool, table: &str, question: &str, classes: &[&str], examples: &[Example]) -> Result<(), String> {
    match fitted(cross, table, classes.len(), examples) {
        Some(fitted) => write(table, &fitted.to_text(question, classes, LEAST)),
        None => Ok(()),
    }
}

/// What is asked of whole documents goes into one table, as one look at a text answers all of it.
fn gist(cross: bool, documents: &[Document]) -> Result<(), String> {
    let named = |question: &str, ids: Vec<&str>| ids.into_iter().map(|id| format!("{question}:{id}")).collect::<Vec<_>>();
    let exposures = Exposure::all().filter(|&exposure| exposure != Exposure::NotApplicable);
    let questions = [
        (Question::Genre, named("genre", Genre::all().map(Genre::id).collect())),
        (Question::Exposure, named("exposure", exposures.map(Exposure::id).collect())),
        (Question::Cause, named("cause", Cause::all().map(Cause::id).chain(["none"]).collect())),
    ];
    let fitted = |(question, classes): &(Question, Vec<String>)| {
        fitted(cross, classes[0].split(':').next().unwrap_or_default(), classes.len(), &practice::gist(documents, *question))
    };
    let Some(tables) = questions.iter().map(fitted).collect::<Option<Vec<Table>>>() else { return Ok(()) };
    let classes: Vec<&str> = questions.iter().flat_map(|(_, classes)| classes).map(String::as_str).collect();
    write("gist", &Table::joined(tables).to_text("of the whole text", &classes, LEAST_OF_GIST))
}

/// `None` where it was only to be seen how well is read what was not learnt from.
fn fitted(cross: bool, name: &str, classes: usize, examples: &[Example]) -> Option<Table> {
    let told = examples.iter().filter(|example| !example.classes.is_empty()).count();
    println!("{name}: {} places, {told} of them of a class", examples.len());
    if cross {
        println!("  read right, a fourth by the other three: {:.3}", fit::crossed(classes, examples));
        return None;
    }
    Some(Table::fit(classes, examples))
}

fn write(table: &str, text: &str) -> Result<(), String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../detector/data/learned").join(table).with_extension("tsv");
    std::fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))
}
