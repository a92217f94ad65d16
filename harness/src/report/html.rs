//! Results and sampled errors as one page of HTML that needs nothing beside itself: no network, no other file.
//!
//! What others wrote, texts, ids and names, is data: every word goes through the templates' escaping, and the page's policy lets run nothing but the
//! page's own style and script, which it names by their hashes. The templates are in `data/report/`.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use owabi_corpora::{Category, Span};
use serde::Serialize;
use sha2::{Digest, Sha256};
use tera::{Context, Tera};

use super::charts::{CategoryBar, HeatMap, Whisker, bar, categories, statuses};
use super::foreign::{Run, runs, shown};
use super::sections;
use super::table::{Cell, Section};
use super::{number, range, share};
use crate::errors::{ErrorField, What};
use crate::passage::Passage;
use crate::results::Results;
use crate::sample::{Sample, Sampled};

const STYLE: &str = include_str!("../../data/report/style.css");
const SCRIPT: &str = include_str!("../../data/report/script.js");
const TEMPLATES: [(&str, &str); 9] = [
    ("page.html", include_str!("../../data/report/page.html")),
    ("table.html", include_str!("../../data/report/table.html")),
    ("cell.html", include_str!("../../data/report/cell.html")),
    ("whisker.svg", include_str!("../../data/report/whisker.svg")),
    ("statuses.html", include_str!("../../data/report/statuses.html")),
    ("categories.html", include_str!("../../data/report/categories.html")),
    ("errors.html", include_str!("../../data/report/errors.html")),
    ("error.html", include_str!("../../data/report/error.html")),
    ("passage.html", include_str!("../../data/report/passage.html")),
];

/// How many places of one side are told by their numbers.
const TOLD: usize = 6;

/// The page. The same results and the same sample make the same bytes.
///
/// # Panics
/// Never, unless a template is broken; a test renders all of them.
pub fn html(results: &Results, sample: &Sample) -> String {
    let mut tera = Tera::default();
    let mut context = Context::new();
    context.insert("page", &Page::new(results, sample));
    context.insert("style", STYLE);
    context.insert("script", SCRIPT);
    context.insert("policy", &policy());
    let page = tera.add_raw_templates(TEMPLATES).and_then(|()| tera.render("page.html", &context));
    page.unwrap_or_else(|error| panic!("harness/data/report: {error}"))
}

/// What the page may do: be styled and moved by its own two pieces, and nothing else.
fn policy() -> String {
    let hash = |text: &str| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)));
    format!(
        "default-src 'none'; style-src {}; script-src {}; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
        hash(STYLE),
        hash(SCRIPT)
    )
}

#[derive(Serialize)]
struct Page {
    head: Vec<String>,
    corpus: Vec<(String, String)>,
    headline: Vec<Headline>,
    /// Before the charts of statuses and categories.
    first: Vec<Table>,
    statuses: Option<HeatMap>,
    confusions: Option<Table>,
    categories: Vec<NamedBar>,
    slices: Vec<Table>,
    labels: Option<Table>,
    losses: Option<Table>,
    errors: Errors,
}

#[derive(Serialize)]
struct Headline {
    name: String,
    figure: String,
    range: String,
    whisker: Option<Whisker>,
    meaning: String,
}

#[derive(Serialize)]
struct Table {
    id: String,
    title: &'static str,
    columns: Vec<ColumnView>,
    rows: Vec<Vec<CellView>>,
    note: String,
}

#[derive(Serialize)]
struct ColumnView {
    name: String,
    right: bool,
}

#[derive(Serialize)]
struct CellView {
    kind: &'static str,
    text: String,
    range: String,
    whisker: Option<Whisker>,
    bar: Option<f64>,
}

#[derive(Serialize)]
struct NamedBar {
    /// In Japanese, where it is one of owabi's.
    name: Option<&'static str>,
    #[serde(flatten)]
    bar: CategoryBar,
}

#[derive(Serialize)]
struct Errors {
    /// How many there are in all.
    all: String,
    shown: usize,
    counts: Option<Table>,
    filters: Vec<Filter>,
    list: Vec<ErrorView>,
}

/// What errors can be chosen by.
#[derive(Serialize)]
struct Filter {
    id: &'static str,
    name: &'static str,
    /// Values, and how many of the errors on the page have them.
    values: Vec<(String, usize)>,
}

#[derive(Serialize)]
struct ErrorView {
    field: &'static str,
    what: &'static str,
    label: String,
    kind: String,
    id: String,
    slices: Vec<(String, String)>,
    gold: SideView,
    predicted: SideView,
    cue: Option<String>,
    score: Option<String>,
    short: PassageView,
    long: Option<PassageView>,
}

#[derive(Serialize)]
struct SideView {
    text: Option<String>,
    places: String,
}

#[derive(Serialize)]
struct PassageView {
    pieces: Vec<PieceView>,
    after: String,
    length: String,
}

#[derive(Serialize)]
struct PieceView {
    skipped: String,
    parts: Vec<PartView>,
}

#[derive(Serialize)]
struct PartView {
    class: &'static str,
    runs: Vec<Run>,
}

impl Page {
    fn new(results: &Results, sample: &Sample) -> Page {
        let (slices, first) = sections::overview(results)
            .iter()
            .filter(|section| section.id != "headline")
            .map(Table::new)
            .partition(|table: &Table| table.id.starts_with("slice-"));
        let named = |bar: CategoryBar| NamedBar { name: Category::from_id(&bar.category).ok().map(Category::display_name), bar };
        Page {
            head: super::head(results).iter().map(|line| shown(line)).collect(),
            corpus: results.run.corpus.iter().map(|(key, value)| (shown(key), shown(value))).collect(),
            headline: sections::headline(results).rows.iter().map(|row| Headline::new(row)).collect(),
            first,
            statuses: statuses(results),
            confusions: Table::some(&sections::confusions(results)),
            categories: categories(results).into_iter().map(named).collect(),
            slices,
            labels: Table::some(&sections::labels(results)),
            losses: Table::some(&sections::losses(results)),
            errors: Errors::new(sample),
        }
    }
}

impl Headline {
    fn new(row: &[Cell]) -> Headline {
        let plain = |place: usize| row.get(place).map(Cell::plain).unwrap_or_default();
        let (figure, range, whisker) = match row.get(1) {
            Some(Cell::Estimate(figure)) => (share(figure.value), range(*figure), Whisker::new(*figure)),
            Some(Cell::Bounded(figure, range)) => (figure.clone(), range.clone(), None),
            _ => (plain(1), String::new(), None),
        };
        Headline { name: plain(0), figure, range, whisker, meaning: plain(2) }
    }
}

impl Table {
    fn new(section: &Section) -> Table {
        let columns: Vec<ColumnView> =
            section.columns.iter().map(|column| ColumnView { name: shown(&column.name), right: column.right }).collect();
        let view = |(place, cell): (usize, &Cell)| {
            // Drawn is what sums a row up; more would be a forest.
            let drawn = columns.get(place).is_some_and(|column| column.name.ends_with("F1") || column.name == "accuracy");
            CellView::new(cell, drawn)
        };
        let rows = section.rows.iter().map(|row| row.iter().enumerate().map(view).collect()).collect();
        Table { id: shown(&section.id), title: section.title, rows, columns, note: section.note.clone() }
    }

    fn some(section: &Section) -> Option<Table> {
        (!section.rows.is_empty()).then(|| Table::new(section))
    }
}

impl CellView {
    fn new(cell: &Cell, drawn: bool) -> CellView {
        let view = |kind, text| CellView { kind, text, range: String::new(), whisker: None, bar: None };
        match cell {
            Cell::Text(text) => view("text", shown(text)),
            Cell::Name(name) => view("name", shown(name)),
            Cell::Count(_) | Cell::Bounded(..) => view("count", cell.plain()),
            Cell::Share(value) => CellView { bar: bar(*value).filter(|_| drawn), ..view("share", share(*value)) },
            Cell::Estimate(figure) => CellView {
                range: range(*figure),
                whisker: Whisker::new(*figure).filter(|_| drawn),
                ..view("estimate", share(figure.value))
            },
        }
    }
}

impl Errors {
    fn new(sample: &Sample) -> Errors {
        let list: Vec<ErrorView> = sample.errors().map(ErrorView::new).collect();
        let filter = |id, name, of: fn(&ErrorView) -> &str| {
            let mut values: BTreeMap<&str, usize> = BTreeMap::new();
            list.iter().map(of).filter(|value| !value.is_empty()).for_each(|value| *values.entry(value).or_default() += 1);
            Filter { id, name, values: values.into_iter().map(|(value, count)| (value.to_owned(), count)).collect() }
        };
        let mut filters = vec![
            filter("field", "field", |error| error.field),
            filter("what", "what is wrong", |error| error.what),
            filter("label", "category or cause", |error| &error.label),
            filter("kind", "kind of document", |error| &error.kind),
        ];
        filters.retain(|filter| filter.values.len() > 1);
        let all = sample.counts().values().sum();
        Errors { all: number(all), shown: list.len(), counts: Table::some(&error_counts(sample)), filters, list }
    }
}

/// How many errors of each kind there were, and how many of them are shown.
fn error_counts(sample: &Sample) -> Section {
    let mut section = Section::new("error-counts", "All errors", &["field", "what is wrong", "errors", "shown"], 2..4);
    let mut counts: BTreeMap<(ErrorField, What), (u64, u64)> = BTreeMap::new();
    for (stratum, count) in sample.counts() {
        counts.entry((stratum.field, stratum.what)).or_default().0 += count;
    }
    for error in sample.errors() {
        counts.entry((error.error.field, error.error.what)).or_default().1 += 1;
    }
    for ((field, what), (all, shown)) in counts {
        section.rows.push(vec![Cell::Name(field.to_string()), Cell::Name(what.to_string()), all.into(), shown.into()]);
    }
    section
}

impl ErrorView {
    fn new(sampled: &Sampled) -> ErrorView {
        let error = &sampled.error;
        let side = |text: &Option<String>, places: &[Span]| SideView { text: text.as_deref().map(shown), places: told(places) };
        let slices =
            error.slices.iter().filter(|(dimension, _)| *dimension != "kind").map(|(dimension, value)| (shown(dimension), shown(value)));
        ErrorView {
            field: error.field.id(),
            what: error.what.id(),
            label: shown(&error.label),
            kind: error.slices.get("kind").map(|kind| shown(kind)).unwrap_or_default(),
            id: shown(&error.id),
            slices: slices.collect(),
            gold: side(&error.gold, &error.gold_places),
            predicted: side(&error.predicted, &error.predicted_places),
            cue: error.cue.as_deref().map(shown),
            score: error.score.map(|score| format!("{score:.3}")),
            short: PassageView::new(&sampled.short),
            long: sampled.long.as_ref().map(PassageView::new),
        }
    }
}

impl PassageView {
    fn new(passage: &Passage) -> PassageView {
        let left_out = |count: usize| if count == 0 { String::new() } else { number(count as u64) };
        let part = |part: &crate::passage::Part| PartView {
            class: match (part.gold, part.predicted) {
                (true, true) => "gold predicted",
                (true, false) => "gold",
                (false, true) => "predicted",
                (false, false) => "",
            },
            runs: runs(&part.text),
        };
        let length: usize = passage.pieces.iter().flat_map(|piece| &piece.parts).map(|part| part.text.chars().count()).sum();
        PassageView {
            pieces: passage
                .pieces
                .iter()
                .map(|piece| PieceView { skipped: left_out(piece.skipped), parts: piece.parts.iter().map(part).collect() })
                .collect(),
            after: left_out(passage.after),
            length: number(length as u64),
        }
    }
}

/// Places as people read them: `12–14, 30–32 and 3 more`.
fn told(places: &[Span]) -> String {
    let distinct: BTreeSet<&Span> = places.iter().collect();
    let first: Vec<String> = distinct.iter().take(TOLD).map(|place| format!("{}–{}", place.start, place.end)).collect();
    let more = distinct.len().saturating_sub(TOLD);
    if more == 0 { first.join(", ") } else { format!("{} and {more} more", first.join(", ")) }
}
