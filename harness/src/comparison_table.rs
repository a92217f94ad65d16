//! A comparison as a table for a terminal.

use std::fmt::Write;

use crate::comparison::{Changed, Comparison, Verdict};
use crate::report::{new_table, number, render, right_align};
use crate::results::Estimate;

/// The whole comparison; the names are those of the files.
pub fn terminal(comparison: &Comparison, a: &str, b: &str) -> String {
    let documents = number(comparison.documents);
    let mut text = format!("A: {a} ({})\nB: {b} ({})\n", comparison.a.detector, comparison.b.detector);
    let unit = if comparison.rows < comparison.documents { "groups of documents" } else { "documents" };
    let _ = match comparison.changed {
        0 => writeln!(text, "The same {documents} documents, and in every one of them the same counts\n"),
        changed => writeln!(
            text,
            "The same {documents} documents; the counts of {} of {} {unit} differ\n",
            number(changed),
            number(comparison.rows)
        ),
    };
    let mut table = new_table(["Figure", "A", "B", "B − A", "95 % interval", "differ", "verdict"]);
    right_align(&mut table, 1..4);
    right_align(&mut table, 5..6);
    for figure in &comparison.figures {
        let digits = if figure.figure.ends_with("per_10_000") { 0 } else { 3 };
        let share = |value: Option<f64>| value.map_or("–".to_owned(), |value| format!("{value:.digits$}"));
        let mut row = vec![figure.name.clone(), share(figure.a), share(figure.b)];
        row.extend(match figure.verdict {
            Verdict::Same => [String::new(), String::new(), String::new()],
            _ => [
                figure.difference.value.map_or("–".to_owned(), |value| signed(value, digits)),
                range(figure.difference, digits),
                number(figure.changed),
            ],
        });
        row.push(figure.verdict.to_string().replace('_', " "));
        table.add_row(row);
    }
    text += &render(&table);
    for (what, documents) in [("More errors in B, most first", &comparison.worse), ("Fewer errors in B, most first", &comparison.better)] {
        if !documents.is_empty() {
            let one = |document: &Changed| format!("{} ({} → {})", document.id, document.errors_a, document.errors_b);
            let _ = writeln!(text, "\n{what}: {}", documents.iter().map(one).collect::<Vec<_>>().join(", "));
        }
    }
    let method = &comparison.method;
    if method.differing == 0 {
        let _ = writeln!(text, "\n{} figures compared; the runs differ in none.", comparison.figures.len());
        return text;
    }
    let (resamples, swaps) = (number(method.resamples as u64), number(method.swaps as u64));
    let _ = writeln!(text, "\n{} figures compared; the runs differ in {} of them.", comparison.figures.len(), method.differing);
    let _ = writeln!(
        text,
        "differ: {unit} in which the counts behind the figure differ. Intervals: {resamples} resamples, the same for both runs."
    );
    let _ = writeln!(
        text,
        "better, worse: the interval leaves 0 out, and p ≤ 0.05 ({swaps} random swaps of the runs' results) after Holm's correction over\n  the {} figures: at most one in twenty comparisons of equals tells any difference.\nmaybe: would be told if this were the only figure. cannot tell: may be chance, which is no proof that nothing changed.",
        method.differing
    );
    text
}

/// With its sign, also where it is rounded to nothing.
fn signed(value: f64, digits: usize) -> String {
    let text = format!("{:.digits$}", value.abs());
    let zero = text.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    match value {
        _ if zero => text,
        value if value < 0.0 => format!("−{text}"),
        _ => format!("+{text}"),
    }
}

fn range(difference: Estimate, digits: usize) -> String {
    let ends = difference.low.zip(difference.high);
    ends.map_or(String::new(), |(low, high)| format!("[{} to {}]", signed(low, digits), signed(high, digits)))
}
