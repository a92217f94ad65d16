//! Fits `detector/data/learned/*.tsv` anew from all that may be learnt from: `cargo run --release -p owabi-learning`.
//!
//! With `-- --cross` it writes nothing and says how well what was learnt from three quarters of the documents reads the fourth.

#![allow(clippy::print_stdout, clippy::print_stderr)]

mod fit;
mod practice;

use std::path::Path;
use std::process::ExitCode;

use owabi_corpora::Cause;
use owabi_corpora::vocabulary::{DateRole, Status};

use crate::fit::Table;
use crate::practice::Example;

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
    learn(cross, "data", "of which status a mention of data is", &statuses, &practice::data(&documents))
}

fn learn(cross: bool, table: &str, question: &str, classes: &[&str], examples: &[Example]) -> Result<(), String> {
    let told = examples.iter().filter(|example| !example.classes.is_empty()).count();
    println!("{table}: {} places, {told} of them of a class", examples.len());
    if cross {
        println!("  read right, a fourth by the other three: {:.3}", fit::crossed(classes.len(), examples));
        return Ok(());
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../detector/data/learned").join(table).with_extension("tsv");
    let text = Table::fit(classes.len(), examples).to_text(question, classes);
    std::fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))
}
