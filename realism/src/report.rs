//! The figures as tables for a terminal.

use std::fmt::Write;

use comfy_table::{CellAlignment, ContentArrangement, LineStyle, Table, presets};

use crate::Estimate;
use crate::comparison::{Comparison, SENTENCES};
use crate::explain::Gram;
use crate::profile::{Counts, Profile};
use crate::transfer::Transfer;

/// How many copied stretches are listed.
const MOST_PLACES: usize = 10;
/// The longest bar of a histogram, in characters.
const LONGEST_BAR: usize = 40;

/// A comparison.
pub fn comparison(found: &Comparison) -> String {
    let [synthetic, real] =
        found.sizes.map(|size| format!("{} documents with {} characters", number(size.documents), number(size.characters)));
    let head = format!("Synthetic: {synthetic}\nReal:      {real}\n");
    let parts = [head, headline(found), learning(found), divergences(found), places(found), legend(found)];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
}

fn headline(found: &Comparison) -> String {
    let mut table = new_table(["How real it looks", "synthetic", "real", "direction"]);
    let two = &found.two_sample;
    let area = |separation: &Option<crate::two_sample::Separation>| estimate(separation.as_ref().map(|found| found.auc));
    let mut row = |figure: &str, synthetic: String, real: String, direction: &str| {
        table.add_row([figure, &synthetic, &real, direction]);
    };
    let chance = "0.5 = cannot be told apart; lower is better";
    row("telling windows apart: AUC", area(&two.even), estimate(two.control), chance);
    row("  … with all synthetic windows", area(&two.all), String::new(), chance);
    let f1 = "higher is better; the real half is the mark";
    row("learnt from it, exposed categories: F1", estimate(found.categories.f1), estimate(found.categories.baseline), f1);
    row("learnt from it, causes: F1", estimate(found.causes.f1), estimate(found.causes.baseline), f1);
    let (synthetic, real) = (&found.synthetic, &found.real);
    let sentences = synthetic.whole.sentences.min(real.whole.sentences);
    let higher = "higher is better; as high as real";
    let distinct = format!("distinct among {} sentences", number(sentences));
    row(&distinct, figure(synthetic.distinct_at_equal), figure(real.distinct_at_equal), higher);
    let fixed = format!("  … among {}", number(SENTENCES));
    row(&fixed, figure(synthetic.distinct_at_fixed), figure(real.distinct_at_fixed), higher);
    let [whole, whole_real] =
        [synthetic, real].map(|variety| format!("{:.3} of {}", variety.whole.share(), number(variety.whole.sentences)));
    row("  … among all", whole, whole_real, higher);
    let lower = "lower is better; as low as real";
    let documents = found.sizes[0].documents.min(found.sizes[1].documents);
    let similar = format!("likeness to the nearest of {} documents", number(documents));
    row(&similar, figure(synthetic.self_similarity_at_equal), figure(real.self_similarity_at_equal), lower);
    row("  … of all", figure(synthetic.self_similarity), figure(real.self_similarity), lower);
    row("runs of 30+ characters in common", number(found.copied.len()), String::new(), "0, stock phrases aside");
    format!("{table}\n")
}

fn learning(found: &Comparison) -> String {
    if found.categories.labels.is_empty() && found.causes.labels.is_empty() {
        return "What is learnt from it: nothing, for the real corpus has no labels, or only rare ones.\n".to_owned();
    }
    let mut table = new_table(["What is learnt from it", "real", "synthetic", "predicted", "correct"]);
    for (name, transfer) in [("exposed categories", &found.categories), ("causes", &found.causes)] {
        let Transfer { precision, recall, labels, .. } = transfer;
        let of = |share: &Option<f64>| figure(*share);
        table.add_row([format!("{name}: precision {}, recall {}", of(precision), of(recall))]);
        for (id, label) in labels {
            let counts = [label.real, label.synthetic, label.predicted, label.correct].map(number);
            table.add_row(std::iter::once(format!("  {id}")).chain(counts));
        }
    }
    right_align(&mut table, 1..5);
    format!("{table}\n")
}

fn divergences(found: &Comparison) -> String {
    let mut table = new_table(["How far distributions lie apart", "figure", "by chance", "direction"]);
    table.add_row(["length: Kolmogorov–Smirnov", &figure(found.lengths), "", "0 = alike, 1 = apart; lower is better"]);
    for (name, divergence) in &found.divergences {
        let name = format!("{name}: Jensen–Shannon");
        table.add_row([&name, &figure(divergence.jensen_shannon), &figure(divergence.by_chance), "0 = alike, 1 = apart; lower is better"]);
    }
    format!("{table}\n")
}

fn places(found: &Comparison) -> String {
    let mut text = String::new();
    for place in found.copied.iter().take(MOST_PLACES) {
        let _ = writeln!(text, "in common: {}, characters {} to {}", place.id, place.start, place.end);
    }
    if found.copied.len() > MOST_PLACES {
        let _ = writeln!(text, "and {} more; --json FILE lists all", number(found.copied.len() - MOST_PLACES));
    }
    text
}

fn legend(found: &Comparison) -> String {
    let windows = found.two_sample.even.as_ref().map_or("none".to_owned(), |even| number(even.windows[0]));
    format!(
        "[low–high]: 95 % interval, by resampling documents; under \"real\" the range of random halvings.\n\
         AUC: {windows} windows of 400 characters each, digits and quoted names masked; hashed character 1- to 4-grams\n  \
         (2^15), logistic regression, 5 folds by document. Under \"real\": one half of the real documents against the other.\n\
         F1: micro; 2^13 features; labels that fewer than {} real documents have are skipped. Under \"real\": learnt from one\n  \
         half, tested on the other.\n\
         By chance: what as few documents of the synthetic corpus itself would give.\n",
        found.settings.rare
    )
}

/// What betrays each corpus.
pub fn betrayals([synthetic, real]: &[Vec<Gram>; 2]) -> String {
    let side = |title: &str, grams: &[Gram]| {
        let mut table = new_table([title, "weight", "in synthetic windows", "in real windows"]);
        for gram in grams {
            let percent = |share: f64| format!("{:.0} %", share * 100.0);
            table.add_row([visible(&gram.gram), format!("{:+.2}", gram.weight), percent(gram.synthetic), percent(gram.real)]);
        }
        right_align(&mut table, 1..4);
        format!("{table}\n")
    };
    format!("\n{}\n{}", side("Says \"synthetic\"", synthetic), side("Says \"real\"", real))
}

/// One corpus.
pub fn profile(found: &Profile) -> String {
    let [shortest, first, median, third, longest] = found.quartiles.map(number);
    let mut text = format!(
        "documents: {}, characters: {}, sentences: {} ({:.3} distinct, digits and quoted names masked)\n\
         characters a document: {shortest} to {longest}, half of them {first} to {third}, median {median}\n",
        number(found.documents),
        number(found.characters),
        number(found.sentences.sentences),
        found.sentences.share()
    );
    let mut table = new_table(["Length", "documents", ""]);
    let most = found.histogram.iter().map(|bar| bar.documents).max().unwrap_or(0);
    for class in &found.histogram {
        table.add_row([format!("{}–{}", number(class.from), number(class.to - 1)), number(class.documents), bar(class.documents, most)]);
    }
    right_align(&mut table, 0..2);
    let _ = write!(text, "\n{table}\n");
    for (field, counts) in &found.shares {
        let _ = write!(text, "\n{}", shares(field, counts));
    }
    if !found.categories.is_empty() {
        let mut table = new_table(["Category", "confirmed", "possible", "denied"]);
        for (id, counts) in &found.categories {
            table.add_row(std::iter::once(id.clone()).chain(counts.map(number)));
        }
        right_align(&mut table, 1..4);
        let _ = write!(text, "\n{table}\n");
    }
    if !found.values.is_empty() {
        let mut table = new_table(["Value", "places", "well-formed"]);
        for (kind, counts) in &found.values {
            table.add_row(std::iter::once(kind.clone()).chain(counts.map(number)));
        }
        right_align(&mut table, 1..3);
        let _ = write!(text, "\n{table}\n");
    }
    text
}

/// The most frequent first.
fn shares(field: &str, counts: &Counts) -> String {
    let mut table = new_table([field, "count", ""]);
    let most = counts.values().copied().max().unwrap_or(0);
    let mut sorted: Vec<(&String, usize)> = counts.iter().map(|(id, &count)| (id, count)).collect();
    // Grades have an order of their own.
    if field != "difficulty" {
        sorted.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
    }
    for (id, count) in sorted {
        table.add_row([id, &number(count), &bar(count, most)]);
    }
    right_align(&mut table, 1..2);
    format!("{table}\n")
}

/// At least one character where there is anything.
fn bar(count: usize, most: usize) -> String {
    "█".repeat((count * LONGEST_BAR).div_ceil(most.max(1)))
}

/// Line breaks and spaces, so that they can be seen.
fn visible(gram: &str) -> String {
    gram.chars()
        .map(|c| match c {
            '\n' => '⏎',
            '\r' => '␍',
            '\t' => '⇥',
            ' ' => '␣',
            '\u{3000}' => '□',
            c if c.is_control() => '␦',
            c => c,
        })
        .collect()
}

fn new_table<const N: usize>(header: [&str; N]) -> Table {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING.header_separator(LineStyle::none().fill('─').junction('─')))
        .set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(header);
    table
}

fn right_align(table: &mut Table, columns: std::ops::Range<usize>) {
    for column in columns {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
}

fn figure(value: Option<f64>) -> String {
    value.map_or("–".to_owned(), |value| format!("{value:.3}"))
}

fn estimate(value: Option<Estimate>) -> String {
    value.map_or("–".to_owned(), |found| format!("{:.3} [{:.3}–{:.3}]", found.value, found.low, found.high))
}

/// With commas between thousands.
fn number(value: usize) -> String {
    let digits = value.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_and_numbers() {
        assert_eq!([1, 999, 1000, 1234567].map(number), ["1", "999", "1,000", "1,234,567"]);
        assert_eq!([bar(0, 5), bar(1, 1000)].map(|bar| bar.chars().count()), [0, 1]);
        assert_eq!(bar(5, 5).chars().count(), LONGEST_BAR);
        assert_eq!(bar(0, 0), "");
        assert_eq!(visible("。\n　"), "。⏎□");
    }
}
