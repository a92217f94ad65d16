//! Results as tables for a terminal.

use comfy_table::{CellAlignment, ContentArrangement, LineStyle, Table, presets};

use super::sections::{Cell, Section, overview, worst_labels};
use crate::results::Results;

/// The whole report, for someone who sees it for the first time.
pub fn terminal(results: &Results) -> String {
    let head = super::head(results).join("\n  ");
    let mut parts = vec![format!("{head}\n")];
    let mut sections = overview(results);
    sections.push(worst_labels(results));
    let mut slices = String::new();
    for section in sections.iter().filter(|section| !section.rows.is_empty()) {
        // The tables of slices are much alike and stand close together.
        if section.id.starts_with("slice-") {
            slices += &table(section);
            continue;
        }
        if !slices.is_empty() {
            parts.push(std::mem::take(&mut slices));
        }
        parts.push(table(section));
    }
    parts.push(slices);
    parts.retain(|part| !part.is_empty());
    parts.join("\n")
}

fn table(section: &Section) -> String {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING.header_separator(LineStyle::none().fill('─').junction('─')))
        .set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(section.columns.iter().map(|column| &*column.name));
    for (place, _) in section.columns.iter().enumerate().filter(|(_, column)| column.right) {
        if let Some(column) = table.column_mut(place) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    for row in &section.rows {
        table.add_row(row.iter().map(Cell::plain));
    }
    let note = if section.note.is_empty() { String::new() } else { format!("{}\n", section.note) };
    format!("{}\n{note}", table.trim_fmt())
}
