//! Results as tables for a terminal.

use std::fmt::Write;

use comfy_table::{CellAlignment, ContentArrangement, LineStyle, Table, presets};

use crate::measure::{Field, Question};
use crate::results::{Estimate, Results, Score, Slice};

/// How many of the worst slices and labels are shown.
const WORST: usize = 8;

/// The whole report, for someone who sees it for the first time.
pub fn terminal(results: &Results) -> String {
    let parts = [
        head(results),
        headline(results),
        fields(results),
        roles(results),
        questions(results),
        values(results),
        spans(results),
        segments(results),
        slices(results),
        labels(results),
    ];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
}

/// The kind of document that the detector reads worst, by F1 of the data.
pub fn worst_kind(results: &Results) -> Option<&str> {
    let kinds = results.slices.get("kind")?.iter();
    // A kind without leaked data has nothing that could be read well or badly.
    let f1 = |slice: &Slice| slice.fields.get(Field::Data.id()).filter(|score| score.gold > 0).and_then(|score| score.f1);
    let worst = kinds.filter_map(|(kind, slice)| Some((kind, f1(slice)?))).min_by(|a, b| a.1.total_cmp(&b.1));
    worst.map(|(kind, _)| kind.as_str())
}

fn head(results: &Results) -> String {
    let run = &results.run;
    let of = |key: &str| run.corpus.get(key).map_or("", String::as_str);
    let documents = number(results.documents.gold);
    let plural = if results.documents.gold == 1 { "" } else { "s" };
    let mut text = format!("Detector {} on {documents} ", if run.detector.is_empty() { "(not named)" } else { &run.detector });
    if of("source") == "synthetic" {
        let _ = writeln!(text, "synthetic notice{plural} (revision {}, seed {}, split {})", of("revision"), of("seed"), of("split"));
        let _ = writeln!(text, "  kinds: {}", of("kinds"));
        let _ =
            writeln!(text, "  values: {}, made as {} (what a value looks like decides who can find it)", of("values"), of("value_mode"));
    } else {
        let half = of("half");
        let _ = writeln!(text, "labelled document{plural}{}", if half.is_empty() { String::new() } else { format!(" ({half} half)") });
    }
    if results.documents.unanswered > 0 {
        let _ = writeln!(text, "  {} documents were not answered and count as missed", number(results.documents.unanswered));
    }
    let intervals = &results.intervals;
    let blocks = match (intervals.blocks as u64) < results.documents.gold {
        true => format!(", in {} blocks", number(intervals.blocks as u64)),
        false => String::new(),
    };
    let level = (intervals.level * 100.0).round();
    let _ =
        writeln!(text, "  [low–high]: {level} % interval, {} bootstrap resamples by document{blocks}", number(intervals.resamples as u64));
    text
}

fn headline(results: &Results) -> String {
    let mut table = new_table(["In short", "figure", "what it means"]);
    let f1 = |field: Field| results.fields.get(field.id()).map(|found| found.micro.f1);
    let accuracy = |question: Question| results.accuracy.get(question.id()).map(|found| found.accuracy);
    let rows = [
        ("leaked data", f1(Field::Data), "F1: right category and right status"),
        ("causes", f1(Field::Causes), "F1: how it happened"),
        ("primary cause", accuracy(Question::PrimaryCause), "accuracy: the main cause"),
        ("exposure", accuracy(Question::Exposure), "accuracy: whether personal data got out"),
        ("total affected", accuracy(Question::Total), "accuracy: the overall count"),
        ("breached party", results.parts.get("parties.breached").map(|found| found.f1), "F1: who was hit"),
    ];
    for (name, figure, meaning) in rows {
        if let Some(figure) = figure {
            table.add_row([name, &estimate(figure), meaning]);
        }
    }
    let alarms = &results.alarms;
    if alarms.denied_as_leaked.of > 0 {
        let figure = format!(
            "{} of {} {}",
            number(alarms.denied_as_leaked.count),
            number(alarms.denied_as_leaked.of),
            range(alarms.denied_as_leaked.rate)
        );
        table.add_row(["denied reported as leaked", figure.trim(), "the text denies it"]);
    }
    if alarms.mention_as_value.of > 0 {
        let figure = format!("{} of {}", number(alarms.mention_as_value.count), number(alarms.mention_as_value.of));
        table.add_row(["mention reported as value", &figure, "the text holds no such data"]);
    }
    if let (Some(rate), Some(upper)) = (alarms.false_alarms.per_10_000, alarms.false_alarms.upper_95) {
        let alarms = &alarms.false_alarms;
        let figure = format!("{} in 10,000 [≤ {}]", number(rate.round() as u64), number(upper.round() as u64));
        let meaning = format!("{} of {} documents without a leak", number(alarms.count), number(alarms.clean));
        table.add_row(["false alarms", &figure, &meaning]);
    }
    render(&table)
}

fn fields(results: &Results) -> String {
    let mut table = new_table(["Field", "precision", "recall", "F1", "macro F1", "right", "found", "gold"]);
    right_align(&mut table, 4..8);
    for field in Field::ALL {
        if let Some(found) = results.fields.get(field.id()) {
            let micro = &found.micro;
            let counts = [micro.correct, micro.predicted, micro.gold].map(number);
            let macro_f1 = share(found.macro_average.f1);
            let [right, predicted, gold] = counts;
            let figures = [micro.precision, micro.recall, micro.f1].map(estimate);
            let [precision, recall, f1] = figures;
            table.add_row([field.id().to_owned(), precision, recall, f1, macro_f1, right, predicted, gold]);
        }
    }
    let macros: Vec<String> = results.fields.iter().map(|(field, found)| format!("{field}: {}", found.macro_average.over)).collect();
    format!("{}micro over all facts; macro: mean over labels ({})\n", render(&table), macros.join("; "))
}

fn roles(results: &Results) -> String {
    let mut table = new_table(["Part", "precision", "recall", "F1", "right", "found", "gold"]);
    right_align(&mut table, 1..7);
    for (name, found) in &results.parts {
        let figures = [found.precision.value, found.recall.value, found.f1.value].map(share);
        let [precision, recall, f1] = figures;
        let [right, predicted, gold] = [found.correct, found.predicted, found.gold].map(number);
        let name = if name == "category" { "category, any status" } else { name };
        table.add_row([name.to_owned(), precision, recall, f1, right, predicted, gold]);
    }
    if results.parts.is_empty() { String::new() } else { render(&table) }
}

fn questions(results: &Results) -> String {
    let mut table = new_table(["Question", "accuracy", "right", "asked", "of"]);
    right_align(&mut table, 2..4);
    for question in Question::ALL {
        if let Some(found) = results.accuracy.get(question.id()) {
            let of = match question {
                Question::Bound => "matched counts",
                Question::Time => "matched dates with a time",
                _ => "documents",
            };
            table.add_row([question.id(), &estimate(found.accuracy), &number(found.right), &number(found.asked), of]);
        }
    }
    if results.accuracy.is_empty() { String::new() } else { render(&table) }
}

fn values(results: &Results) -> String {
    let mut table =
        new_table(["Values", "precision", "recall", "F1", "right", "found", "gold", "malformed", "same bounds", "right use", "right form"]);
    right_align(&mut table, 1..11);
    for (kind, found) in &results.values {
        let of_matched = |right: u64| share((found.matched > 0).then(|| right as f64 / found.matched as f64));
        let score = &found.score;
        let malformed = match found.malformed {
            0 => "–".to_owned(),
            malformed => format!("{} of {}", number(found.malformed_found), number(malformed)),
        };
        let mut row = vec![kind.clone(), share(score.precision), share(score.recall), share(score.f1)];
        row.extend([score.correct, score.predicted, score.gold].map(number));
        row.push(malformed);
        row.extend([found.exact, found.use_right, found.form_right].map(of_matched));
        table.add_row(row);
    }
    match results.values.is_empty() {
        true => String::new(),
        false => format!("{}one to one by overlap; malformed values, told apart, are no miss and no false alarm\n", render(&table)),
    }
}

fn spans(results: &Results) -> String {
    let aligned = results.documents.exhaustive_spans > 0;
    let mut table = match aligned {
        true => new_table(["Spans", "strict F1", "exact F1", "partial F1", "type F1", "gold", "found", "on the spot"]),
        false => new_table(["Spans", "on the spot", "", "", "", "", "", ""]),
    };
    right_align(&mut table, 1..8);
    for (field, found) in &results.spans {
        let located = match found.located.gold {
            0 => "–".to_owned(),
            gold => format!("{} of {}", number(found.located.correct), number(gold)),
        };
        if let (Some(strict), Some(exact), Some(partial), Some(by_type)) = (&found.strict, &found.exact, &found.partial, &found.by_type) {
            let figures = [strict.f1, exact.f1, partial.f1, by_type.f1].map(share);
            let [strict_f1, exact, partial, by_type] = figures;
            let gold = number(strict.correct + strict.incorrect + strict.partial + strict.missed);
            let predicted = number(strict.correct + strict.incorrect + strict.partial + strict.spurious);
            table.add_row([field.clone(), strict_f1, exact, partial, by_type, gold, predicted, located]);
        } else {
            table.add_row([field.clone(), located]);
        }
    }
    if results.spans.is_empty() {
        return String::new();
    }
    let note = match aligned {
        true => "SemEval-2013, best one-to-one matching; on the spot: right facts that the detector finds where the gold has them",
        false => "right facts that the detector finds where the gold has them; the gold does not mark every mention",
    };
    format!("{}{note}\n", render(&table))
}

fn segments(results: &Results) -> String {
    let Some(found) = &results.segments else { return String::new() };
    let mut table = new_table(["By segment", "precision", "recall", "F1", "right", "found", "gold"]);
    right_align(&mut table, 1..7);
    let fields = Field::ALL.into_iter().filter_map(|field| Some((field.id(), found.fields.get(field.id())?)));
    for (name, score) in std::iter::once(("borders", &found.borders)).chain(fields) {
        let figures = [score.precision, score.recall, score.f1].map(share);
        let counts = [score.correct, score.predicted, score.gold].map(number);
        table.add_row([name.to_owned()].into_iter().chain(figures).chain(counts));
    }
    for (question, answers) in &found.accuracy {
        let [right, asked] = [answers.right, answers.asked].map(number);
        table.add_row([question.clone(), String::new(), share(answers.accuracy), String::new(), right, String::new(), asked]);
    }
    let (segments, pages) = (number(found.segments), number(found.pages));
    let plural = if found.pages == 1 { "" } else { "s" };
    format!("{}{segments} documents on {pages} page{plural}; each against the segment found that overlaps it most\n", render(&table))
}

fn slices(results: &Results) -> String {
    let mut text = String::new();
    for (dimension, values) in results.slices.iter().filter(|(_, values)| values.len() > 1) {
        let mut table = new_table([dimension, "documents", "data F1", "causes F1", "counts F1", "dates F1", "exposure", "genre"]);
        right_align(&mut table, 1..8);
        let f1 = |slice: &Slice, field: Field| slice.fields.get(field.id()).and_then(|score| score.f1);
        let mut rows: Vec<_> = values.iter().collect();
        if dimension != "difficulty" {
            let key = |slice: &Slice| f1(slice, Field::Data).unwrap_or(2.0);
            rows.sort_by(|a, b| key(a.1).total_cmp(&key(b.1)));
        }
        for (value, slice) in rows {
            let mut row = vec![value.clone(), number(slice.documents)];
            row.extend([Field::Data, Field::Causes, Field::Counts, Field::Dates].map(|field| share(f1(slice, field))));
            row.extend(["exposure", "genre"].map(|question| share(slice.accuracy.get(question).copied())));
            table.add_row(row);
        }
        text += &render(&table);
    }
    text
}

fn labels(results: &Results) -> String {
    let mut table = new_table(["Most errors", "missed", "wrong", "F1", "gold"]);
    right_align(&mut table, 1..5);
    let errors = |score: &Score| score.gold + score.predicted - 2 * score.correct;
    let mut worst: Vec<(&str, &str, &Score)> = ["data", "causes"]
        .iter()
        .filter_map(|field| results.labels.get(*field).map(|labels| (*field, labels)))
        .flat_map(|(field, labels)| labels.iter().map(move |(label, score)| (field, label.as_str(), score)))
        .filter(|(_, _, score)| errors(score) > 0)
        .collect();
    worst.sort_by_key(|(_, label, score)| (std::cmp::Reverse(errors(score)), *label));
    for (field, label, score) in worst.iter().take(WORST) {
        let name = if *field == "causes" { format!("cause {label}") } else { (*label).to_owned() };
        table.add_row([
            name,
            number(score.gold - score.correct),
            number(score.predicted - score.correct),
            share(score.f1),
            number(score.gold),
        ]);
    }
    if worst.is_empty() { String::new() } else { render(&table) }
}

pub(crate) fn new_table<const N: usize>(header: [&str; N]) -> Table {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING.header_separator(LineStyle::none().fill('─').junction('─')))
        .set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(header);
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

fn share(value: Option<f64>) -> String {
    value.map_or("–".to_owned(), |value| format!("{value:.3}"))
}

fn estimate(figure: Estimate) -> String {
    format!("{} {}", share(figure.value), range(figure)).trim_end().to_owned()
}

fn range(figure: Estimate) -> String {
    figure.low.zip(figure.high).map_or(String::new(), |(low, high)| format!("[{low:.3}–{high:.3}]"))
}

/// With a comma between thousands.
pub fn number(value: u64) -> String {
    let digits = value.to_string();
    let comma = |(index, digit): (usize, char)| {
        let comma = index > 0 && (digits.len() - index).is_multiple_of(3);
        comma.then_some(',').into_iter().chain([digit])
    };
    digits.chars().enumerate().flat_map(comma).collect()
}
