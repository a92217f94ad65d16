//! Fits `detector/data/learned/*.tsv` anew from all that may be learnt from: `cargo run --release -p owabi-learning`.
//!
//! With `-- --cross` it writes nothing and says how well what was learnt from three quarters of the documents reads the fourth. With the name
//! of a table it fits that one alone: `-- borders`.

#![allow(clippy::print_stdout, clippy::print_stderr)]

mod fit;
mod practice;

use std::cell::OnceCell;
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
    let order = Order::read(std::env::args().skip(1))?;
    let documents = practice::documents()?;
    println!("{} documents to learn from", documents.len());
    learn(&order, "borders", "around a line of a page for a document's beginning there", &["border"], || practice::borders(&documents))?;
    let causes: Vec<&str> = Cause::all().map(Cause::id).collect();
    learn(&order, "causes", "in a sentence of the cause that it tells", &causes, || practice::causes(&documents))?;
    // What a document says as a whole stands beside each of its places, as somebody tells who has not seen it.
    let wholes = OnceCell::new();
    let wholes = || wholes.get_or_init(|| practice::wholes(&documents));
    let roles: Vec<&str> = DateRole::all().map(DateRole::id).collect();
    learn(&order, "dates", "around a date of its role", &roles, || practice::dates(&documents, None))?;
    let within = "around a date of its role, in a document of which is known what it says as a whole";
    learn(&order, "dates_in_documents", within, &roles, || practice::dates(&documents, Some(wholes())))?;
    let statuses: Vec<&str> = Status::all().map(Status::id).chain(["none"]).collect();
    learn(&order, "data", "around a mention of data of its status", &statuses, || practice::data(&documents, None))?;
    let within = "around a mention of data of its status, in a document of which is known what it says as a whole";
    learn(&order, "data_in_documents", within, &statuses, || practice::data(&documents, Some(wholes())))?;
    if order.asks("gist") { gist(order.cross, &documents) } else { Ok(()) }
}

/// What is to be done.
struct Order {
    /// Nothing is written; how well is read what was not learnt from is told.
    cross: bool,
    /// The table alone that is asked for.
    table: Option<String>,
}

impl Order {
    fn read(arguments: impl Iterator<Item = String>) -> Result<Order, String> {
        let mut order = Order { cross: false, table: None };
        for argument in arguments {
            match argument.as_str() {
                "--cross" => order.cross = true,
                table if TABLES.contains(&table) && order.table.is_none() => order.table = Some(argument),
                _ => return Err(format!("`{argument}`: `--cross` or one of {} may be asked", TABLES.join(", "))),
            }
        }
        Ok(order)
    }

    fn asks(&self, table: &str) -> bool {
        self.table.as_deref().is_none_or(|asked| asked == table)
    }
}

const TABLES: [&str; 7] = ["borders", "causes", "dates", "dates_in_documents", "data", "data_in_documents", "gist"];

/// In hundredths: smaller weights are not told. Of a whole text each counts for a small share only.
const LEAST: i32 = 8;
const LEAST_OF_GIST: i32 = 20;
/// Of a border many small things speak together.
const LEAST_OF_BORDERS: i32 = 3;

fn learn(order: &Order, table: &str, question: &str, classes: &[&str], examples: impl FnOnce() -> Vec<Example>) -> Result<(), String> {
    if !order.asks(table) {
        return Ok(());
    }
    let examples = &examples();
    // Where all are of a class, one of them is the likeliest, however little speaks for it.
    let bar = if examples.iter().all(|example| !example.classes.is_empty()) { f64::NEG_INFINITY } else { EVEN };
    match fitted(order.cross, table, classes.len(), examples, bar) {
        Some(fitted) => write(table, &fitted.to_text(question, classes, if table == "borders" { LEAST_OF_BORDERS } else { LEAST })),
        None => Ok(()),
    }
}

/// What is asked of whole documents goes into one table, as one look at a text answers all of it.
fn gist(cross: bool, documents: &[Document]) -> Result<(), String> {
    let exposures = practice::exposures();
    let questions = [
        ("genre", Question::Genre, Genre::all().map(Genre::id).collect::<Vec<_>>()),
        ("exposure", Question::Exposure, exposures.map(Exposure::id).collect()),
        ("cause", Question::Cause, Cause::all().map(Cause::id).chain(["none"]).collect()),
    ];
    let mut tables = Vec::new();
    let mut classes = Vec::new();
    for (name, question, ids) in questions {
        let Some(table) = fitted(cross, name, ids.len(), &practice::gist(documents, question), f64::NEG_INFINITY) else { continue };
        tables.push(table);
        classes.extend(ids.into_iter().map(|id| format!("{name}:{id}")));
    }
    if cross {
        return Ok(());
    }
    let classes: Vec<&str> = classes.iter().map(String::as_str).collect();
    let question = "anywhere in a text of the whole, for the share that one name has in it (`share` in `gist.rs`)";
    write("gist", &Table::joined(tables).to_text(question, &classes, LEAST_OF_GIST))
}

/// `None` where it was only to be seen how well is read what was not learnt from. `bar`: more has to speak for a class.
fn fitted(cross: bool, name: &str, classes: usize, examples: &[Example], bar: f64) -> Option<Table> {
    let told = examples.iter().filter(|example| !example.classes.is_empty()).count();
    println!("{name}: {} examples, {told} of them of a class", examples.len());
    if cross {
        println!("  read right, a fourth by the other three: {:.3}", fit::crossed(classes, examples, bar));
        return None;
    }
    Some(Table::fit(classes, examples))
}

/// Even odds.
const EVEN: f64 = 0.0;

fn write(table: &str, text: &str) -> Result<(), String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../detector/data/learned").join(table).with_extension("tsv");
    let part = path.with_extension("part");
    std::fs::write(&part, text).and_then(|()| std::fs::rename(&part, &path)).map_err(|error| format!("{}: {error}", path.display()))
}
