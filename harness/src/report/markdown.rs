//! Results as GitHub Markdown: for a summary of a job, or a comment.

use std::fmt::Write;

use super::foreign::shown;
use super::sections::{confusions, labels, losses, overview, worst_labels};
use super::table::{Cell, Section};
use crate::results::Results;

/// The whole report. What others wrote stands in code spans, where it is neither markup nor a mention of somebody.
pub fn markdown(results: &Results) -> String {
    let head = super::head(results);
    let mut text = format!("# {}\n\n", escape(&head[0]));
    text.extend(head[1..].iter().map(|line| format!("- {}\n", escape(line))));
    let mut sections = overview(results);
    sections.push(worst_labels(results));
    sections.push(losses(results));
    let mut title = "";
    for section in sections.iter().filter(|section| !section.rows.is_empty()) {
        // The slices share one title.
        if section.title != title {
            title = section.title;
            let _ = write!(text, "\n## {title}\n");
        }
        text += &table(section);
    }
    for section in [confusions(results), labels(results)].iter().filter(|section| !section.rows.is_empty()) {
        let _ = write!(text, "\n<details><summary>{}</summary>\n{}\n</details>\n", section.title, table(section));
    }
    text
}

fn table(section: &Section) -> String {
    let row = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let mut text = format!("\n{}", row(section.columns.iter().map(|column| escape(&column.name)).collect()));
    text += &row(section.columns.iter().map(|column| if column.right { "---:" } else { "---" }.to_owned()).collect());
    text.extend(section.rows.iter().map(|cells| row(cells.iter().map(cell).collect())));
    if !section.note.is_empty() {
        let lines: Vec<String> = section.note.lines().map(escape).collect();
        let _ = write!(text, "\n{}\n", lines.join("  \n"));
    }
    text
}

fn cell(cell: &Cell) -> String {
    match cell {
        Cell::Name(name) => code(name),
        _ => escape(&cell.plain()),
    }
}

/// A code span ends at a backtick, and a cell at a bar even inside one.
fn code(name: &str) -> String {
    let inside = shown(name).replace('`', "'").replace('|', "\\|");
    if inside.trim().is_empty() { String::new() } else { format!("`{inside}`") }
}

/// Whatever could begin markup is escaped.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in shown(text).chars() {
        match c {
            '<' => escaped.push_str("&lt;"),
            '&' => escaped.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' => escaped.extend(['\\', c]),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_others_is_markup() {
        assert_eq!(escape("[low–high] <b>|_x_ &"), "\\[low–high\\] &lt;b>\\|\\_x\\_ &amp;");
        assert_eq!(code("a`|b\n@somebody"), "`a'\\|b⟨U+000A⟩@somebody`");
        assert_eq!(code(" "), "");
    }
}
