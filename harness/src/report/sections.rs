//! The tables of a report, in their order. How a table looks is for [`super::terminal()`], [`super::markdown()`] and [`super::html()`].

use super::table::{Cell, Section};
use crate::gates::GateResult;
use crate::measure::{Field, Question};
use crate::report::{number, range};
use crate::results::{FalseAlarms, PrevalenceResult, Rate, Results, Score, Slice};

/// How many labels [`worst_labels`] names.
const WORST: usize = 8;

/// How many labels of a map are listed.
const MAPPED: usize = 12;

/// Every table that a report begins with; empty ones are left out.
pub fn overview(results: &Results) -> Vec<Section> {
    let mut all = vec![
        headline(results),
        gates(&results.gates),
        repeat(results),
        fields(results),
        parts(results),
        questions(results),
        values(results),
        contents(results),
        sweep(results),
        label_map(results),
        spans(results),
        segments(results),
        behaviour(results),
    ];
    all.extend(slices(results));
    all.retain(|section| !section.rows.is_empty());
    all
}

/// What became of the gates.
pub fn gates(gates: &[GateResult]) -> Section {
    let mut section = Section::new("gates", "Gates", &["Gate", "wanted", "seen", ""], 0..0);
    for gate in gates {
        let became = if gate.passed { "passed" } else { "FAILED" };
        section.row([Cell::name(&gate.name), Cell::name(&gate.wanted), Cell::name(&gate.seen), became.into()]);
    }
    let plural = if gates.len() == 1 { "" } else { "s" };
    section.note = match gates.iter().filter(|gate| !gate.passed).count() {
        0 => format!("{} gate{plural} passed", gates.len()),
        failed => format!("{failed} of {} gate{plural} failed", gates.len()),
    };
    section
}

/// The figures that matter first, and what they mean.
pub fn headline(results: &Results) -> Section {
    let mut section = Section::new("headline", "In short", &["In short", "figure", "what it means"], 0..0);
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
            section.row([name.into(), figure.into(), meaning.into()]);
        }
    }
    let alarms = &results.alarms;
    let of = |rate: &Rate| format!("{} of {}", number(rate.count), number(rate.of));
    if alarms.denied_as_leaked.of > 0 {
        let figure = Cell::Bounded(of(&alarms.denied_as_leaked), range(alarms.denied_as_leaked.rate));
        section.row(["denied reported as leaked".into(), figure, "the text denies it".into()]);
    }
    if alarms.mention_as_value.of > 0 {
        let figure = Cell::Bounded(of(&alarms.mention_as_value), String::new());
        section.row(["mention reported as value".into(), figure, "the text holds no such data".into()]);
    }
    let mut false_alarms = |name: &str, alarms: &FalseAlarms, without: &str| {
        if let (Some(rate), Some(upper)) = (alarms.per_10_000, alarms.upper_95) {
            let figure =
                Cell::Bounded(format!("{} in 10,000", number(rate.round() as u64)), format!("[≤ {}]", number(upper.round() as u64)));
            let meaning = format!("{} of {} documents without {without}", number(alarms.count), number(alarms.clean));
            section.row([name.into(), figure, meaning.into()]);
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
                section.row([name.into(), (*precision).into(), meaning.clone().into()]);
            }
        }
    }
    section
}

fn repeat(results: &Results) -> Section {
    let Some(repeat) = &results.repeat else { return Section::default() };
    let asked = format!("Asked {} times", repeat.calls);
    let mut section = Section::new("repeat", "Asked again", &[&asked, "differ", "of", "share"], 1..3);
    let fields = repeat.fields.iter().map(|(field, flips)| (format!("  {field}"), flips));
    for (name, flips) in [("documents".to_owned(), &repeat.documents), ("facts".to_owned(), &repeat.facts)].into_iter().chain(fields) {
        section.row([name.into(), flips.count.into(), flips.of.into(), flips.rate.into()]);
    }
    section.note = "[low–high]: exact 95 % interval; the first answer is the one that is scored".to_owned();
    section
}

fn fields(results: &Results) -> Section {
    let f_beta = f_beta(results);
    let columns = ["Field", "precision", "recall", "F1", &f_beta, "macro F1", "right", "found", "gold"];
    let mut section = Section::new("fields", "Fields", &columns, 4..9);
    for field in Field::ALL {
        if let Some(found) = results.fields.get(field.id()) {
            let micro = &found.micro;
            let mut row = vec![Cell::name(field.id())];
            row.extend([micro.precision, micro.recall, micro.f1].map(Cell::from));
            row.push(micro.f_beta.value.into());
            row.push(found.macro_average.f1.into());
            row.extend([micro.correct, micro.predicted, micro.gold].map(Cell::from));
            section.rows.push(row);
        }
    }
    let macros: Vec<String> = results.fields.iter().map(|(field, found)| format!("{field}: {}", found.macro_average.over)).collect();
    section.note = format!("micro over all facts; macro: mean over labels ({})", macros.join("; "));
    section
}

fn parts(results: &Results) -> Section {
    let mut section = Section::new("parts", "Parts of fields", &["Part", "precision", "recall", "F1", "right", "found", "gold"], 1..7);
    for (name, found) in &results.parts {
        let name = if name == "category" { "category, any status" } else { name };
        let mut row = vec![Cell::name(name)];
        row.extend([found.precision.value, found.recall.value, found.f1.value].map(Cell::from));
        row.extend([found.correct, found.predicted, found.gold].map(Cell::from));
        section.rows.push(row);
    }
    section
}

fn questions(results: &Results) -> Section {
    let mut section = Section::new("questions", "Questions", &["Question", "accuracy", "right", "asked", "of"], 2..4);
    for question in Question::ALL {
        if let Some(found) = results.accuracy.get(question.id()) {
            let of = match question {
                Question::Bound => "matched counts",
                Question::Time => "matched dates with a time",
                _ => "documents",
            };
            section.row([Cell::name(question.id()), found.accuracy.into(), found.right.into(), found.asked.into(), of.into()]);
        }
    }
    section
}

fn values(results: &Results) -> Section {
    let columns = ["Values", "precision", "recall", "F1", "right", "found", "gold", "malformed", "same bounds", "right use", "right form"];
    let mut section = Section::new("values", "Values", &columns, 1..11);
    for (kind, found) in &results.values {
        let of = |right: u64, all: u64| Cell::Share((all > 0).then(|| right as f64 / all as f64));
        let score = &found.score;
        let malformed = match found.malformed {
            0 => "–".to_owned(),
            malformed => format!("{} of {}", number(found.malformed_found), number(malformed)),
        };
        let mut row: Vec<Cell> = vec![kind.into(), score.precision.into(), score.recall.into(), score.f1.into()];
        row.extend([score.correct, score.predicted, score.gold].map(Cell::from));
        row.push(malformed.into());
        row.push(of(found.exact, found.matched));
        row.extend([found.use_right, found.form_right].map(|right| of(right, found.described)));
        section.rows.push(row);
    }
    section.note = "one to one by overlap; malformed values, told apart, are no miss and no false alarm".to_owned();
    section
}

fn contents(results: &Results) -> Section {
    let columns = ["Contents", "precision", "recall", "F1", "right", "found", "gold", "counts right"];
    let mut section = Section::new("contents", "Contents of documents", &columns, 1..8);
    let Some(found) = &results.document_classification else { return section };
    for (category, content) in &found.categories {
        let score = &content.score;
        let mut row: Vec<Cell> = vec![category.into()];
        row.extend([score.precision, score.recall, score.f1].map(Cell::from));
        row.extend([score.correct, score.predicted, score.gold].map(Cell::from));
        row.push(match content.counted {
            0 => "–".into(),
            counted => format!("{} of {}", number(content.counts_right), number(counted)).into(),
        });
        section.rows.push(row);
    }
    section.note = "documents that contain a value of the category; malformed values are not asked".to_owned();
    let mut tell = |what: &str, rate: &Rate| {
        if rate.of > 0 {
            let figure = format!("{} of {} {}", number(rate.count), number(rate.of), range(rate.rate));
            section.note += &format!("\n{what}: {}", figure.trim_end());
        }
    };
    tell("documents that exhibit leaked values, reported to contain any", &found.found);
    tell("categories that the notice denies, reported as contained", &found.denied_as_contained);
    section
}

/// The threshold that is best by the weighted mean, beside no threshold at all.
fn sweep(results: &Results) -> Section {
    let f_beta = f_beta(results);
    let mut section = Section::new("sweep", "Thresholds", &["Threshold", "score ≥", "precision", "recall", "F1", &f_beta], 1..6);
    for (field, points) in &results.sweep {
        let best = points.iter().max_by(|a, b| a.f_beta.unwrap_or(0.0).total_cmp(&b.f_beta.unwrap_or(0.0)));
        let lowest = points.first().map(|point| ("all", point));
        for (name, point) in lowest.into_iter().chain(best.map(|point| ("best", point))) {
            let mut row: Vec<Cell> = vec![format!("{field}, {name}").into(), format!("{:.2}", point.threshold).into()];
            row.extend([point.precision, point.recall, point.f1, point.f_beta].map(Cell::from));
            section.rows.push(row);
        }
    }
    section.note = format!("best by {f_beta}, chosen on these very documents: optimistic");
    section
}

/// What the labels of the detector's own came to.
fn label_map(results: &Results) -> Section {
    let Some(map) = &results.label_map else { return Section::default() };
    let mut section = Section::new("label-map", "Label map", &["Label map", &map.title], 0..0);
    let mut list = |what: &str, ids: &[String]| {
        if !ids.is_empty() {
            let shown = ids.iter().take(MAPPED).cloned().collect::<Vec<_>>().join(" ");
            let more = if ids.len() > MAPPED { format!(" … ({} in all)", ids.len()) } else { String::new() };
            section.row([what.into(), Cell::Name(format!("{shown}{more}"))]);
        }
    };
    let classes: Vec<String> = map.classes.iter().map(|class| class.join("+")).collect();
    list("not told apart", &classes);
    list("without a label, not scored", &map.uncovered);
    list("used by the detector, but not in the map", &map.unmapped);
    list("in the map, but never used", &map.never_seen);
    section
}

/// The weakest first, by what is expected.
fn behaviour(results: &Results) -> Section {
    let columns = ["Behaviour", "must", "pass rate", "passed", "pairs", "facts kept", "worst: missing − extra +"];
    let mut section = Section::new("behaviour", "Behaviour", &columns, 3..6);
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
        let kept = Cell::Share(test.facts_kept.as_ref().and_then(|kept| kept.recall));
        let (passed, pairs) = (test.passed.into(), test.documents.into());
        section.row([name.into(), must.into(), test.pass_rate.into(), passed, pairs, kept, Cell::Name(worst)]);
    }
    section.note = "exact intervals; a pair is a document and its changed copy".to_owned();
    section
}

fn spans(results: &Results) -> Section {
    let aligned = results.documents.exhaustive_spans > 0;
    let mut section = match aligned {
        true => {
            let columns = ["Spans", "strict F1", "exact F1", "partial F1", "type F1", "gold", "found", "on the spot"];
            Section::new("spans", "Spans", &columns, 1..8)
        }
        false => Section::new("spans", "Spans", &["Spans", "on the spot"], 1..2),
    };
    for (field, found) in &results.spans {
        let located = match found.located.gold {
            0 => "–".to_owned(),
            gold => format!("{} of {}", number(found.located.correct), number(gold)),
        };
        let mut row: Vec<Cell> = vec![field.into()];
        if let (Some(strict), Some(exact), Some(partial), Some(by_type)) = (&found.strict, &found.exact, &found.partial, &found.by_type) {
            row.extend([strict.f1, exact.f1, partial.f1, by_type.f1].map(Cell::from));
            let overlaps = strict.correct + strict.incorrect + strict.partial;
            row.extend([overlaps + strict.missed, overlaps + strict.spurious].map(Cell::from));
        }
        row.push(located.into());
        section.rows.push(row);
    }
    section.note = match aligned {
        true => "SemEval-2013, best one-to-one matching; on the spot: right facts that the detector finds where the gold has them",
        false => "right facts that the detector finds where the gold has them; the gold does not mark every mention",
    }
    .to_owned();
    section
}

fn segments(results: &Results) -> Section {
    let columns = ["By segment", "precision", "recall", "F1", "right", "found", "gold"];
    let mut section = Section::new("segments", "Pages of several documents", &columns, 1..7);
    let Some(found) = &results.segments else { return section };
    let fields = Field::ALL.into_iter().filter_map(|field| Some((field.id(), found.fields.get(field.id())?)));
    for (name, score) in std::iter::once(("borders", &found.borders)).chain(fields) {
        let mut row: Vec<Cell> = vec![name.into()];
        row.extend([score.precision, score.recall, score.f1].map(Cell::from));
        row.extend([score.correct, score.predicted, score.gold].map(Cell::from));
        section.rows.push(row);
    }
    for (question, answers) in &found.accuracy {
        let [right, asked] = [answers.right, answers.asked].map(Cell::from);
        section.row([question.into(), "".into(), answers.accuracy.into(), "".into(), right, "".into(), asked]);
    }
    let (segments, pages) = (number(found.segments), number(found.pages));
    let plural = if found.pages == 1 { "" } else { "s" };
    section.note = format!("{segments} documents on {pages} page{plural}; each against the segment found that overlaps it most");
    section
}

/// A figure of a slice, with its name.
type SliceColumn = (&'static str, Box<dyn Fn(&Slice) -> Option<f64>>);

/// One table for every dimension that has more than one value; the worst values first, difficulties and lengths in their order.
pub fn slices(results: &Results) -> Vec<Section> {
    let columns = slice_columns(results);
    let Some((_, first)) = columns.first() else { return Vec::new() };
    let mut sections = Vec::new();
    for (dimension, values) in results.slices.iter().filter(|(_, values)| values.len() > 1) {
        let names: Vec<&str> = [dimension.as_str(), "documents"].into_iter().chain(columns.iter().map(|(name, _)| *name)).collect();
        let mut section = Section::new(&format!("slice-{dimension}"), "Slices", &names, 1..names.len());
        let mut rows: Vec<_> = values.iter().collect();
        match dimension.as_str() {
            "difficulty" => {}
            "length" => rows.sort_by_key(|(value, _)| value.split(' ').next().and_then(|from| from.parse::<u64>().ok())),
            _ => {
                // A slice without leaked data has nothing that could be read well or badly.
                let empty = |slice: &Slice| slice.fields.get(Field::Data.id()).is_some_and(|score| score.gold == 0);
                let worth = |slice: &Slice| first(slice).filter(|_| !empty(slice)).unwrap_or(2.0);
                rows.sort_by(|a, b| worth(a.1).total_cmp(&worth(b.1)));
            }
        }
        for (value, slice) in rows {
            let mut row: Vec<Cell> = vec![value.into(), slice.documents.into()];
            row.extend(columns.iter().map(|(_, figure)| Cell::Share(figure(slice))));
            section.rows.push(row);
        }
        sections.push(section);
    }
    sections
}

/// The figures of the tasks that the detector does.
fn slice_columns(results: &Results) -> Vec<SliceColumn> {
    let mut columns: Vec<SliceColumn> = Vec::new();
    if results.tasks.notice_understanding {
        for (name, field) in
            [("data F1", Field::Data), ("causes F1", Field::Causes), ("counts F1", Field::Counts), ("dates F1", Field::Dates)]
        {
            columns.push((name, Box::new(move |slice| slice.fields.get(field.id()).and_then(|score| score.f1))));
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
    columns
}

/// The labels of data and causes with most errors.
pub fn worst_labels(results: &Results) -> Section {
    let mut section = Section::new("worst", "Most errors", &["Most errors", "missed", "wrong", "F1", "gold"], 1..5);
    let mut worst: Vec<(&str, &str, &Score)> = ["data", "causes"]
        .iter()
        .filter_map(|field| results.labels.get(*field).map(|labels| (*field, labels)))
        .flat_map(|(field, labels)| labels.iter().map(move |(label, score)| (field, label.as_str(), score)))
        .filter(|(_, _, score)| errors(score) > 0)
        .collect();
    worst.sort_by_key(|(_, label, score)| (std::cmp::Reverse(errors(score)), *label));
    for (field, label, score) in worst.iter().take(WORST) {
        let name = if *field == "causes" { format!("cause {label}") } else { (*label).to_owned() };
        let (missed, wrong) = (score.gold - score.correct, score.predicted - score.correct);
        section.row([Cell::Name(name), missed.into(), wrong.into(), score.f1.into(), score.gold.into()]);
    }
    section
}

/// Every label of every field; those with most errors first.
pub fn labels(results: &Results) -> Section {
    let columns = ["field", "label", "precision", "recall", "F1", "right", "missed", "wrong"];
    let mut section = Section::new("labels", "Labels", &columns, 2..8);
    let of = |(field, labels): (&'static str, _)| {
        let labels: &std::collections::BTreeMap<String, Score> = labels;
        labels.iter().map(move |(label, score)| (field, label, score)).collect::<Vec<_>>()
    };
    let fields = Field::ALL.into_iter().filter_map(|field| Some((field.id(), results.labels.get(field.id())?)));
    let mut rows: Vec<_> = fields.flat_map(of).collect();
    rows.sort_by_key(|(_, _, score)| std::cmp::Reverse(errors(score)));
    for (field, label, score) in rows {
        let mut row = vec![Cell::name(field), label.into()];
        row.extend([score.precision, score.recall, score.f1].map(Cell::from));
        row.extend([score.correct, score.gold - score.correct, score.predicted - score.correct].map(Cell::from));
        section.rows.push(row);
    }
    section
}

/// The statuses of a category that the detector confuses, by category; right ones are left out.
pub fn confusions(results: &Results) -> Section {
    let mut section = Section::new("confusions", "Confused statuses", &["category", "gold", "predicted", "times"], 3..4);
    let mut rows: Vec<(&String, &String, &String, u64)> = Vec::new();
    for (category, by_gold) in &results.confusion {
        for (gold, by_predicted) in by_gold {
            rows.extend(
                by_predicted
                    .iter()
                    .filter(|(predicted, _)| *predicted != gold)
                    .map(|(predicted, count)| (category, gold, predicted, *count)),
            );
        }
    }
    rows.sort_by_key(|row| std::cmp::Reverse(row.3));
    for (category, gold, predicted, count) in rows {
        section.row([category.into(), gold.into(), predicted.into(), count.into()]);
    }
    section
}

/// Documents without an answer: how many of each kind, and the first of them.
pub fn losses(results: &Results) -> Section {
    let mut section = Section::new("losses", "Documents without an answer", &["document", "loss", "why"], 0..0);
    for lost in &results.documents.first_unanswered {
        section.row([(&lost.id).into(), (&lost.loss).into(), (&lost.why).into()]);
    }
    let kinds: Vec<String> = results.documents.losses.iter().map(|(kind, count)| format!("{} {kind}", number(*count))).collect();
    if !section.rows.is_empty() {
        let named = match (section.rows.len() as u64) < results.documents.unanswered {
            true => format!("; the first {} are named", section.rows.len()),
            false => String::new(),
        };
        section.note = format!("{}{named}; all that such a document states counts as missed", kinds.join(", "));
    }
    section
}

fn f_beta(results: &Results) -> String {
    format!("F{}", results.beta)
}

fn errors(score: &Score) -> u64 {
    score.gold + score.predicted - 2 * score.correct
}
