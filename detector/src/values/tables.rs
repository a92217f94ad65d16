//! Rows and columns: a line of heads, and under it lines with as many cells.

use owabi_corpora::Span;
use owabi_corpora::vocabulary::Use;

use super::rules::{Label, RULES};
use super::survey::Line;
use super::{Found, IN_TABLE};

/// In bytes: no row of a table is longer, and no text is searched for cells in vain.
const LONGEST_ROW: usize = 2000;
/// So many columns a table may have.
const WIDEST: usize = 64;

/// What parts the cells of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Separator {
    /// `|`, also at both ends.
    Bar,
    Tab,
    Comma,
    Semicolon,
    /// Two spaces or more, or an ideographic one.
    Spaces,
}

const SEPARATORS: [Separator; 5] = [Separator::Bar, Separator::Tab, Separator::Comma, Separator::Semicolon, Separator::Spaces];

/// What a head says of its column or row: spaces, brackets and capitals do not count.
pub(super) fn label(head: &str) -> Option<Label> {
    let bare: String = head.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_lowercase();
    let bracket = bare.find(['(', '[']).filter(|&at| at > 0).unwrap_or(bare.len());
    RULES.labels.get(&bare[..bracket]).copied()
}

/// Adds the values in the tables of a text. Every line is looked at once as a head and once as a row.
pub(super) fn find(text: &str, lines: &[Line], found: &mut Vec<Found>) {
    let mut index = 0;
    while index + 1 < lines.len() {
        index += 1;
        let Line { span, parted, .. } = lines[index - 1];
        let Some((separator, columns)) = parted.then(|| head(text, span)).flatten() else { continue };
        while let Some(&Line { span: line, .. }) = lines.get(index) {
            if RULES.rule.is_match(&text[line.range()]) && line.len() <= LONGEST_ROW {
                index += 1;
                continue;
            }
            let Some(cells) = row(text, line, separator, &columns) else { break };
            for (cell, column) in cells.into_iter().zip(&columns) {
                if let Some(column) = column {
                    add(text, cell, *column, found);
                }
            }
            index += 1;
        }
    }
}

/// The separator and the labels of the columns, if a line is the head of a table of personal data: two labels or more.
fn head(text: &str, line: Span) -> Option<(Separator, Vec<Option<Label>>)> {
    if line.len() > LONGEST_ROW || line.len() < 3 {
        return None;
    }
    SEPARATORS.into_iter().find_map(|separator| {
        let cells = cells(text, line, separator)?;
        let mut columns: Vec<Option<Label>> = cells.iter().map(|cell| label(&text[cell.range()])).collect();
        if columns.iter().flatten().count() < 2 {
            return None;
        }
        let people = columns.iter().flatten().any(|label| label.usage == Some(Use::Exhibit));
        let desks = !people && RULES.desks.is_match(&text[line.range()]);
        // Whatever else stands in a row of leaked data leaked too.
        for label in columns.iter_mut().flatten() {
            label.usage = label.usage.or(Some(if desks { Use::Contact } else { Use::Exhibit }));
        }
        Some((separator, columns))
    })
}

/// The cells of a row that has as many as its head. 「山田　太郎」 in columns parted by spaces is two cells for one.
fn row(text: &str, line: Span, separator: Separator, columns: &[Option<Label>]) -> Option<Vec<Span>> {
    if line.len() > LONGEST_ROW {
        return None;
    }
    let mut cells = cells(text, line, separator)?;
    let name = columns.iter().position(|column| column.is_some_and(|label| label.kind.id() == "name"));
    if let Some(name) = name
        && separator == Separator::Spaces
        && cells.len() == columns.len() + 1
    {
        cells[name].end = cells[name + 1].end;
        cells.remove(name + 1);
    }
    (cells.len() == columns.len()).then_some(cells)
}

fn add(text: &str, cell: Span, label: Label, found: &mut Vec<Found>) {
    let Some(shape) = RULES.shapes.get(&label.kind) else { return };
    let surface = &text[cell.range()];
    let Some(captures) = shape.cell.captures(surface) else { return };
    let Some(value) = captures.name("v").or(captures.get(0)) else { return };
    if label.kind.id() == "name" && RULES.no_name.is_match(surface) {
        return;
    }
    let Some(well_formed) = shape.check.map_or(Some(true), |check| check.well_formed(value.as_str())) else { return };
    let span = Span::new(cell.start + value.start(), cell.start + value.end());
    found.push(Found { kind: label.kind, span, cue: None, well_formed, usage: label.usage, rank: IN_TABLE });
}

/// The cells of a line, trimmed and without quotation marks; `None` where there is only one, or too many.
fn cells(text: &str, line: Span, separator: Separator) -> Option<Vec<Span>> {
    let body = &text[line.range()];
    let byte = match separator {
        Separator::Bar => b'|',
        Separator::Tab => b'\t',
        Separator::Comma => b',',
        Separator::Semicolon => b';',
        Separator::Spaces => return columns(body, line.start),
    };
    if !body.as_bytes().contains(&byte) {
        return None;
    }
    let mut found = Vec::new();
    let (mut start, mut quoted) = (0, false);
    for (at, one) in body.bytes().enumerate().chain([(body.len(), byte)]) {
        if one == b'"' && separator != Separator::Bar {
            quoted = !quoted;
        } else if one == byte && (!quoted || at == body.len()) {
            found.push(trim(body, line.start, start, at));
            start = at + 1;
        }
        if found.len() > WIDEST {
            return None;
        }
    }
    if separator == Separator::Bar {
        // Bars at both ends part nothing.
        if found.last().is_some_and(|last| last.is_empty()) {
            found.pop();
        }
        if found.first().is_some_and(|first| first.is_empty()) {
            found.remove(0);
        }
    }
    (found.len() > 1).then_some(found)
}

/// The cells of columns that are parted by two spaces or more.
fn columns(body: &str, offset: usize) -> Option<Vec<Span>> {
    if !body.contains("  ") {
        return None;
    }
    let mut found = Vec::new();
    let mut start = 0;
    for part in body.split("  ") {
        let cell = trim(body, offset, start, start + part.len());
        if !cell.is_empty() {
            found.push(cell);
        }
        start += part.len() + 2;
        if found.len() > WIDEST {
            return None;
        }
    }
    (found.len() > 1).then_some(found)
}

fn trim(body: &str, offset: usize, start: usize, end: usize) -> Span {
    let cell = &body[start..end];
    let trimmed = cell.trim_matches([' ', '\t', '"']);
    let from = start + (cell.len() - cell.trim_start_matches([' ', '\t', '"']).len()).min(cell.len() - trimmed.len());
    Span::new(offset + from, offset + from + trimmed.len())
}
