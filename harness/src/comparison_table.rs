//! A comparison as a table for a terminal.

use std::fmt::Write;

use crate::comparison::{Changed, Comparison, Verdict};
use crate::report::{new_table, number, render, right_align};
use crate::results::Estimate;

/// The whole comparison; the names are those of the files.
pub fn terminal(comparison: &Comparison, a: &str, b: &str) -> String {
    let documents = number(comparison.documents);
    let mut text = format!("A: {a} ({})\nB: {b} ({})\n", comparison.a.detector, comparison.b.detector);
    let shared = comparison.rows < comparison.documents;
    let rows = if shared { format!("{} groups of documents", number(comparison.rows)) } else { "these".to_owned() };
    let _ = match comparison.changed {
        0 => writeln!(text, "The same {documents} documents, and in every one of them the same counts\n"),
        changed => writeln!(text, "The same {documents} documents; the counts of {} of {rows} differ\n", number(changed)),
    };
    let mut table = new_table(["Figure", "A", "B", "B − A", "95 % interval", "verdict"]);
    right_align(&mut table, 1..4);
    for figure in &comparison.figures {
        let digits = if figure.figure.ends_with("per_10_000") { 0 } else { 3 };
        let share = |value: Option<f64>| value.map_or("–".to_owned(), |value| format!("{value:.digits$}"));
        let verdict = match figure.verdict {
            Verdict::Better => "better",
            Verdict::Worse => "worse",
            Verdict::MaybeBetter => "maybe better",
            Verdict::MaybeWorse => "maybe worse",
            Verdict::CannotTell => "cannot tell",
            Verdict::Same => "same",
        };
        let name = if figure.verdict == Verdict::Same { figure.name.clone() } else { format!("{} ({})", figure.name, figure.changed) };
        let difference = figure.difference.value.map_or("–".to_owned(), |value| signed(value, digits));
        table.add_row([name, share(figure.a), share(figure.b), difference, range(figure.difference, digits), verdict.to_owned()]);
    }
    text += &render(&table);
    for (what, documents) in [("Most errors more in B", &comparison.worse), ("Most errors fewer in B", &comparison.better)] {
        if !documents.is_empty() {
            let one = |document: &Changed| format!("{} ({} → {})", document.id, document.errors_a, document.errors_b);
            let _ = writeln!(text, "\n{what}: {}", documents.iter().map(one).collect::<Vec<_>>().join(", "));
        }
    }
    let method = &comparison.method;
    let _ = write!(
        text,
        "\n{} figures compared; {} of them differ, each in as many {} as stand behind it.\nInterval: {} resamples, the same for both. better, worse: the interval leaves 0 out, and p ≤ 0.05 after Holm's correction over\nthe {} ({} random swaps of the two runs' results): of comparisons of equals, one in twenty tells any difference.\nmaybe: it would be told if it were the only figure asked for. cannot tell: it may be chance, which does not show that there is no difference.\n",
        comparison.figures.len(),
        method.differing,
        if shared { "groups" } else { "documents" },
        number(method.resamples as u64),
        method.differing,
        number(method.swaps as u64),
    );
    text
}

/// With its sign, also where it is rounded to nothing.
pub(crate) fn signed(value: f64, digits: usize) -> String {
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
