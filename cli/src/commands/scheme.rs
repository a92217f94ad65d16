//! `owabi scheme`: the closed lists of ids.

use std::process::ExitCode;

use clap::ValueEnum;
use comfy_table::{ContentArrangement, LineStyle, Table, presets};
use owabi_corpora::{Category, Cause};
use serde_json::{Map, Value};

use crate::error::Error;
use crate::output::Output;

/// List the ids of data categories and causes
///
/// Every id is the same in every file, flag and report. `tsv` and `json` also give the terms of other vocabularies (VERIS, W3C
/// DPV-PD, Google, Presidio, Purview, JNSA, TSR, ATT&CK); `-` means that there is none.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  owabi scheme causes --format tsv | cut -f1")]
pub(crate) struct Args {
    /// Which list; both when left out
    list: Option<List>,
    /// How to write it
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum List {
    /// What can leak.
    Categories,
    /// How it can happen.
    Causes,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Table,
    /// Tab-separated, with a header.
    Tsv,
    /// One object.
    Json,
}

/// One row of either list: the id, its names, and the terms elsewhere.
struct Row {
    id: &'static str,
    ja: &'static str,
    en: &'static str,
    terms: &'static [&'static str],
}

impl Args {
    pub(crate) fn run(self) -> Result<ExitCode, Error> {
        let lists: Vec<List> = self.list.map_or_else(|| vec![List::Categories, List::Causes], |list| vec![list]);
        let parts: Vec<String> = match self.format {
            Format::Table => lists.into_iter().map(table).collect(),
            Format::Tsv => lists.into_iter().map(tsv).collect(),
            Format::Json => {
                let all: Map<String, Value> = lists.into_iter().map(|list| (list.name().to_owned(), json(list))).collect();
                vec![format!("{:#}\n", Value::Object(all))]
            }
        };
        let mut out = Output::stdout();
        out.put(parts.join("\n").as_bytes())?;
        out.finish()?;
        Ok(ExitCode::SUCCESS)
    }
}

impl List {
    fn name(self) -> &'static str {
        match self {
            List::Categories => "categories",
            List::Causes => "causes",
        }
    }

    fn rows(self) -> Vec<Row> {
        let category = |item: Category| Row { id: item.id(), ja: item.display_name(), en: item.definition(), terms: item.crosswalk() };
        let cause = |item: Cause| Row { id: item.id(), ja: item.display_name(), en: item.definition(), terms: item.crosswalk() };
        match self {
            List::Categories => Category::all().map(category).collect(),
            List::Causes => Cause::all().map(cause).collect(),
        }
    }

    fn vocabularies(self) -> &'static [&'static str] {
        match self {
            List::Categories => Category::vocabularies(),
            List::Causes => Cause::vocabularies(),
        }
    }
}

fn table(list: List) -> String {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING.header_separator(LineStyle::none().fill('─').junction('─')))
        .set_content_arrangement(ContentArrangement::Disabled);
    table.set_header([list.name(), "Japanese", "meaning"]);
    for row in list.rows() {
        table.add_row([row.id, row.ja, row.en]);
    }
    format!("{}\n", table.trim_fmt())
}

fn tsv(list: List) -> String {
    let mut text = format!("id\tja\ten\t{}\n", list.vocabularies().join("\t"));
    for row in list.rows() {
        text += &format!("{}\t{}\t{}\t{}\n", row.id, row.ja, row.en, row.terms.join("\t"));
    }
    text
}

fn json(list: List) -> Value {
    let names = ["id", "ja", "en"].iter().chain(list.vocabularies());
    let cells = |row: Row| [row.id, row.ja, row.en].into_iter().chain(row.terms.iter().copied());
    let object = |row: Row| names.clone().zip(cells(row)).map(|(name, cell)| ((*name).to_owned(), cell.into())).collect::<Map<_, _>>();
    list.rows().into_iter().map(|row| Value::Object(object(row))).collect()
}
