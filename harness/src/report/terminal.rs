//! Results as tables for a terminal.

use comfy_table::{CellAlignment, ContentArrangement, LineStyle, Table, presets};

use super::sections::{overview, worst_labels};
use super::table::{Cell, Section};
use crate::results::Results;

/// How many slices of one dimension are shown.
const SLICES: usize = 12;

/// The whole report, for someone who sees it for the first time.
pub fn terminal(results: &Results) -> String {
    let head = super::head(results).join("\n  ");
    let mut parts = vec![format!("{head}\n")];
    let mut sections = overview(results);
    sections.push(worst_labels(results));
    // Nearest to the prompt, where it is looked for.
    if let Some(place) = sections.iter().position(|section| section.id == "gates") {
        let gates = sections.remove(place);
        sections.push(gates);
    }
    parts.extend(sections.iter().filter(|section| !section.rows.is_empty()).map(table));
    parts.join("\n")
}

/// One table, as the terminal shows it.
pub fn table(section: &Section) -> String {
    let mut table = new_table(section.columns.iter().map(|column| &*column.name));
    for (place, _) in section.columns.iter().enumerate().filter(|(_, column)| column.right) {
        right_align(&mut table, place..place + 1);
    }
    // The longest tables are those of slices, which the reader of a terminal does not scroll through.
    let most = if section.id.starts_with("slice-") { SLICES } else { usize::MAX };
    for row in section.rows.iter().take(most) {
        table.add_row(row.iter().map(Cell::plain));
    }
    let mut text = render(&table);
    if let Some(more) = section.rows.len().checked_sub(most).filter(|more| *more > 0) {
        text += &format!("the worst {SLICES}; {more} more in --json\n");
    }
    if !section.note.is_empty() {
        text += &format!("{}\n", section.note);
    }
    text
}

pub(crate) fn new_table<'a>(header: impl IntoIterator<Item = &'a str>) -> Table {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING.header_separator(LineStyle::none().fill('─').junction('─')))
        .set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(header.into_iter().collect::<Vec<_>>());
    table
}

pub(crate) fn right_align(table: &mut Table, columns: std::ops::Range<usize>) {
    for column in columns {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
}

pub(crate) fn render(table: &Table) -> String {
    format!("{}\n", table.trim_fmt())
}
