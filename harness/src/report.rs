//! Results as tables for a terminal.

use std::fmt::Write;

use comfy_table::{CellAlignment, ContentArrangement, LineStyle, Table, presets};

use crate::measure::{Field, Question};
use crate::results::{Estimate, FalseAlarms, PrevalenceResult, Rate, Results, Score, Slice};

/// How many of the worst slices and labels are shown.
const WORST: usize = 8;
/// How many slices of one dimension are shown.
const SLICES: usize = 12;
/// How many labels of a map are listed.
const MAPPED: usize = 12;

/// The whole report, for someone who sees it for the first time.
pub fn terminal(results: &Results) -> String {
    let parts = [
        head(results),
        headline(results),
        repeat(results),
        fields(results),
        roles(results),
        questions(results),
        values(results),
        classification(results),
        sweep(results),
        label_map(results),
        spans(results),
        segments(results),
        behaviour(results),
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
    if !results.never_told.is_empty() {
        let _ = writeln!(text, "  no answer says anything about {}: the figures of these say only that", results.never_told.join(", "));
    }
    let intervals = &results.intervals;
    let blocks = match intervals.by == "document" && (intervals.blocks as u64) < results.documents.gold {
        true => format!(", in {} blocks", number(intervals.blocks as u64)),
        false => String::new(),
    };
    let level = (intervals.level * 100.0).round();
    let _ = writeln!(
        text,
        "  [low–high]: {level} % interval, {} bootstrap resamples by {}{blocks}",
        number(intervals.resamples as u64),
        intervals.by
    );
    text
}

fn headline(results: &Results) -> String {
    let mut table = new_table(["In short", "figure", "what it means"]);
    let f1 = |field: Field| results.fields.get(field.id()).map(|found| found.micro.f1);
    let accuracy = |question: Question| results.accuracy.get(question.id()).map(|found| found.accuracy);
    // Where only contacts are there to be found, whoever finds values says nothing new by it.
    let contents = results.document_classification.as_ref().filter(|found| found.found.of > 0 || !results.tasks.value_detection);
    let rows = [
        ("leaked data", f1(Field::Data), "F1: right category and right status"),
        ("causes", f1(Field::Causes), "F1: how it happened"),
        ("primary cause", accuracy(Question::PrimaryCause), "accuracy: the main cause"),
        ("exposure", accuracy(Question::Exposure), "accuracy: whether personal data got out"),
        ("total affected", accuracy(Question::Total), "accuracy: the overall count"),
        ("breached party", results.parts.get("parties.breached").map(|found| found.f1), "F1: who was hit"),
        ("values", results.value_detection.as_ref().map(|found| found.micro.f1), "F1: personal data really present, in its place"),
        ("contents", contents.map(|found| found.micro.f1), "F1: categories that each document contains"),
    ];
    for (name, figure, meaning) in rows {
        if let Some(figure) = figure {
            table.add_row([name, &estimate(figure), meaning]);
        }
    }
    let alarms = &results.alarms;
    if alarms.denied_as_leaked.of > 0 {
        table.add_row(["denied reported as leaked", &counted(&alarms.denied_as_leaked), "the text denies it"]);
    }
    if alarms.mention_as_value.of > 0 {
        let figure = format!("{} of {}", number(alarms.mention_as_value.count), number(alarms.mention_as_value.of));
        table.add_row(["mention reported as value", &figure, "the text holds no such data"]);
    }
    let mut false_alarms = |name: &str, alarms: &FalseAlarms, without: &str| {
        if let (Some(rate), Some(upper)) = (alarms.per_10_000, alarms.upper_95) {
            let figure = format!("{} in 10,000 [≤ {}]", number(rate.round() as u64), number(upper.round() as u64));
            let meaning = format!("{} of {} documents without {without}", number(alarms.count), number(alarms.clean));
            table.add_row([name, &figure, &meaning]);
        }
    };
    false_alarms("false alarms", &alarms.false_alarms, "a leak");
    if let Some(found) = &results.document_classification {
        false_alarms("false alarms of contents", &found.false_alarms, "any value");
    }
    if let Some(PrevalenceResult { prevalence, notice_understanding, document_classification }) = &results.prevalence {
        let meaning = format!("share of reported documents that are right where {} % have a leak", prevalence * 100.0);
        for (name, precision) in [("precision in the field", notice_understanding), ("… of contents", document_classification)] {
            if precision.is_some() {
                table.add_row([name, &share(*precision), &meaning]);
            }
        }
    }
    render(&table)
}

fn repeat(results: &Results) -> String {
    let Some(repeat) = &results.repeat else { return String::new() };
    let mut table = new_table([&format!("Asked {} times", repeat.calls), "differ", "of", "share"]);
    right_align(&mut table, 1..3);
    let rows = [("documents", &repeat.documents), ("facts", &repeat.facts)];
    let fields = repeat.fields.iter().map(|(field, flips)| (field.as_str(), flips));
    for (name, flips) in rows.into_iter().map(|(name, flips)| (name.to_owned(), flips)).chain(fields.map(|(f, v)| (format!("  {f}"), v))) {
        table.add_row([name, number(flips.count), number(flips.of), estimate(flips.rate)]);
    }
    format!("{}[low–high]: exact 95 % interval; the first answer is the one that is scored\n", render(&table))
}

fn fields(results: &Results) -> String {
    let mut table = new_table(["Field", "precision", "recall", "F1", &format!("F{}", results.beta), "macro F1", "right", "found", "gold"]);
    right_align(&mut table, 4..9);
    for field in Field::ALL {
        if let Some(found) = results.fields.get(field.id()) {
            let micro = &found.micro;
            let counts = [micro.correct, micro.predicted, micro.gold].map(number);
            let macro_f1 = share(found.macro_average.f1);
            let [right, predicted, gold] = counts;
            let figures = [micro.precision, micro.recall, micro.f1].map(estimate);
            let [precision, recall, f1] = figures;
            table.add_row([field.id().to_owned(), precision, recall, f1, share(micro.f_beta.value), macro_f1, right, predicted, gold]);
        }
    }
    if results.fields.is_empty() {
        return String::new();
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
        let of = |right: u64, all: u64| share((all > 0).then(|| right as f64 / all as f64));
        let score = &found.score;
        let malformed = match found.malformed {
            0 => "–".to_owned(),
            malformed => format!("{} of {}", number(found.malformed_found), number(malformed)),
        };
        let mut row = vec![kind.clone(), share(score.precision), share(score.recall), share(score.f1)];
        row.extend([score.correct, score.predicted, score.gold].map(number));
        row.push(malformed);
        row.push(of(found.exact, found.matched));
        row.extend([found.use_right, found.form_right].map(|right| of(right, found.described)));
        table.add_row(row);
    }
    match results.values.is_empty() {
        true => String::new(),
        false => format!("{}one to one by overlap; malformed values, told apart, are no miss and no false alarm\n", render(&table)),
    }
}

fn classification(results: &Results) -> String {
    let Some(found) = &results.document_classification else { return String::new() };
    let mut table = new_table(["Contents", "precision", "recall", "F1", "right", "found", "gold", "counts right"]);
    right_align(&mut table, 1..8);
    for (category, content) in &found.categories {
        let score = &content.score;
        let mut row = vec![category.clone(), share(score.precision), share(score.recall), share(score.f1)];
        row.extend([score.correct, score.predicted, score.gold].map(number));
        row.push(if content.counted > 0 {
            format!("{} of {}", number(content.counts_right), number(content.counted))
        } else {
            "–".to_owned()
        });
        table.add_row(row);
    }
    if found.categories.is_empty() {
        return String::new();
    }
    let mut text = format!("{}documents that contain a value of the category; malformed values are not asked\n", render(&table));
    if found.found.of > 0 {
        let _ = writeln!(text, "documents that exhibit leaked values, reported to contain any: {}", counted(&found.found));
    }
    if found.denied_as_contained.of > 0 {
        let _ = writeln!(text, "categories that the notice denies, reported as contained: {}", counted(&found.denied_as_contained));
    }
    text
}

fn behaviour(results: &Results) -> String {
    let mut table = new_table(["Behaviour", "must", "pass rate", "passed", "pairs", "facts kept", "worst: missing − extra +"]);
    right_align(&mut table, 3..6);
    let mut tests: Vec<_> = results.behaviour.iter().collect();
    tests.sort_by(|a, b| {
        (&a.1.expectation, a.1.pass_rate.value).partial_cmp(&(&b.1.expectation, b.1.pass_rate.value)).unwrap_or(std::cmp::Ordering::Equal)
    });
    for (name, test) in tests {
        let must = match test.expectation.as_str() {
            "INV" => "INV: stay",
            "DIR" => "DIR: follow",
            _ => "flip",
        };
        let worst = test.worst.first().map_or(String::new(), |worst| {
            let facts = worst.missing.iter().map(|fact| format!("−{fact}")).chain(worst.extra.iter().map(|fact| format!("+{fact}")));
            facts.take(2).collect::<Vec<_>>().join(" ")
        });
        let kept = test.facts_kept.as_ref().map_or("–".to_owned(), |kept| share(kept.recall));
        table.add_row([name, must, &estimate(test.pass_rate), &number(test.passed), &number(test.documents), &kept, &worst]);
    }
    if results.behaviour.is_empty() {
        String::new()
    } else {
        format!("{}exact intervals; a pair is a document and its changed copy\n", render(&table))
    }
}

/// The threshold that is best by the weighted mean, beside no threshold at all.
fn sweep(results: &Results) -> String {
    let beta = format!("F{}", results.beta);
    let mut table = new_table(["Threshold", "score ≥", "precision", "recall", "F1", &beta]);
    right_align(&mut table, 1..6);
    for (field, points) in &results.sweep {
        let best = points.iter().max_by(|a, b| a.f_beta.unwrap_or(0.0).total_cmp(&b.f_beta.unwrap_or(0.0)));
        let lowest = points.first().map(|point| ("all", point));
        for (name, point) in lowest.into_iter().chain(best.map(|point| ("best", point))) {
            let figures = [point.precision, point.recall, point.f1, point.f_beta].map(share);
            let [precision, recall, f1, f_beta] = figures;
            table.add_row([format!("{field}, {name}"), format!("{:.2}", point.threshold), precision, recall, f1, f_beta]);
        }
    }
    if results.sweep.is_empty() {
        String::new()
    } else {
        format!("{}best by {beta}, chosen on these very documents: optimistic\n", render(&table))
    }
}

/// What the labels of the detector's own came to.
fn label_map(results: &Results) -> String {
    let Some(map) = &results.label_map else { return String::new() };
    let mut text = format!("Label map: {}\n", map.title);
    let mut list = |what: &str, ids: &[String]| {
        if !ids.is_empty() {
            let shown = ids.iter().take(MAPPED).cloned().collect::<Vec<_>>().join(" ");
            let more = if ids.len() > MAPPED { format!(" … ({} in all)", ids.len()) } else { String::new() };
            let _ = writeln!(text, "  {what}: {shown}{more}");
        }
    };
    let classes: Vec<String> = map.classes.iter().map(|class| class.join("+")).collect();
    list("not told apart", &classes);
    list("without a label, not scored", &map.uncovered);
    list("used by the detector, but not in the map", &map.unmapped);
    list("in the map, but never used", &map.never_seen);
    text
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
    let f1 = |slice: &Slice, field: Field| slice.fields.get(field.id()).and_then(|score| score.f1);
    type Column = (&'static str, Box<dyn Fn(&Slice) -> Option<f64>>);
    let mut columns: Vec<Column> = Vec::new();
    if results.tasks.notice_understanding {
        for (name, field) in
            [("data F1", Field::Data), ("causes F1", Field::Causes), ("counts F1", Field::Counts), ("dates F1", Field::Dates)]
        {
            columns.push((name, Box::new(move |slice| f1(slice, field))));
        }
        for question in ["exposure", "genre"] {
            columns.push((question, Box::new(move |slice| slice.accuracy.get(question).copied())));
        }
    }
    if results.tasks.value_detection {
        columns.push(("values F1", Box::new(|slice| slice.values.as_ref().and_then(|score| score.f1))));
    }
    if results.tasks.document_classification {
        columns.push(("contents F1", Box::new(|slice| slice.contents.as_ref().and_then(|score| score.f1))));
    }
    let Some((_, first)) = columns.first() else { return String::new() };
    let mut text = String::new();
    for (dimension, values) in results.slices.iter().filter(|(_, values)| values.len() > 1) {
        let mut table = new_table([dimension.as_str(), "documents"].into_iter().chain(columns.iter().map(|(name, _)| *name)));
        right_align(&mut table, 1..columns.len() + 2);
        let mut rows: Vec<_> = values.iter().collect();
        match dimension.as_str() {
            "difficulty" => {}
            "length" => rows.sort_by_key(|(value, _)| value.split(' ').next().and_then(|from| from.parse::<u64>().ok())),
            _ => rows.sort_by(|a, b| first(a.1).unwrap_or(2.0).total_cmp(&first(b.1).unwrap_or(2.0))),
        }
        for (value, slice) in rows.iter().take(SLICES) {
            let figures = columns.iter().map(|(_, figure)| share(figure(slice)));
            table.add_row([(*value).clone(), number(slice.documents)].into_iter().chain(figures));
        }
        text += &render(&table);
        if let Some(more) = rows.len().checked_sub(SLICES).filter(|more| *more > 0) {
            let _ = writeln!(text, "the worst {SLICES}; {more} more in --json");
        }
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

fn share(value: Option<f64>) -> String {
    value.map_or("–".to_owned(), |value| format!("{value:.3}"))
}

fn estimate(figure: Estimate) -> String {
    format!("{} {}", share(figure.value), range(figure)).trim_end().to_owned()
}

fn counted(rate: &Rate) -> String {
    format!("{} of {} {}", number(rate.count), number(rate.of), range(rate.rate)).trim_end().to_owned()
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
