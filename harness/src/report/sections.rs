//! The tables of a report, in their order. How a table looks is for [`super::terminal()`], [`super::markdown()`] and [`super::html()`].

use crate::measure::{Field, Question};
use crate::report::{number, range, share};
use crate::results::{Estimate, Rate, Results, Score, Slice};

/// A table.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Section {
    /// Unique in a report: an anchor.
    pub id: String,
    /// In a few words.
    pub title: &'static str,
    /// What the columns hold.
    pub columns: Vec<Column>,
    /// One cell for every column; a row may be shorter.
    pub rows: Vec<Vec<Cell>>,
    /// What must be known to read it; may be empty.
    pub note: String,
}

/// A column.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Its head.
    pub name: String,
    /// Whether it holds figures to be compared down the column.
    pub right: bool,
}

/// What a cell holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Words of owabi's.
    Text(String),
    /// An id, or others' words: a kind, a detector's reason.
    Name(String),
    /// How many.
    Count(u64),
    /// A share without an interval.
    Share(Option<f64>),
    /// A share with its interval.
    Estimate(Estimate),
    /// A figure that is no share, and its interval or bound; the second may be empty.
    Bounded(String, String),
}

impl Cell {
    fn name(id: &str) -> Cell {
        Cell::Name(id.to_owned())
    }

    /// As a terminal and Markdown show it.
    pub fn plain(&self) -> String {
        match self {
            Cell::Text(text) | Cell::Name(text) => text.clone(),
            Cell::Count(count) => number(*count),
            Cell::Share(value) => share(*value),
            Cell::Estimate(figure) => format!("{} {}", share(figure.value), range(*figure)).trim_end().to_owned(),
            Cell::Bounded(figure, range) => format!("{figure} {range}").trim_end().to_owned(),
        }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Cell {
        Cell::Text(text.to_owned())
    }
}

impl From<&String> for Cell {
    fn from(name: &String) -> Cell {
        Cell::Name(name.clone())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Cell {
        Cell::Text(text)
    }
}

impl From<u64> for Cell {
    fn from(count: u64) -> Cell {
        Cell::Count(count)
    }
}

impl From<Option<f64>> for Cell {
    fn from(value: Option<f64>) -> Cell {
        Cell::Share(value)
    }
}

impl From<Estimate> for Cell {
    fn from(figure: Estimate) -> Cell {
        Cell::Estimate(figure)
    }
}

/// How many labels [`worst_labels`] names.
const WORST: usize = 8;

/// Every table that a report begins with; empty ones are left out.
pub fn overview(results: &Results) -> Vec<Section> {
    let mut all =
        vec![headline(results), fields(results), parts(results), questions(results), values(results), spans(results), segments(results)];
    all.extend(slices(results));
    all.retain(|section| !section.rows.is_empty());
    all
}

/// The figures that matter first, and what they mean.
pub fn headline(results: &Results) -> Section {
    let mut section = Section::new("headline", "In short", &["In short", "figure", "what it means"], 0..0);
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
    if let (Some(rate), Some(upper)) = (alarms.false_alarms.per_10_000, alarms.false_alarms.upper_95) {
        let alarms = &alarms.false_alarms;
        let figure = Cell::Bounded(format!("{} in 10,000", number(rate.round() as u64)), format!("[≤ {}]", number(upper.round() as u64)));
        let meaning = format!("{} of {} documents without a leak", number(alarms.count), number(alarms.clean));
        section.row(["false alarms".into(), figure, meaning.into()]);
    }
    section
}

fn fields(results: &Results) -> Section {
    let columns = ["Field", "precision", "recall", "F1", "macro F1", "right", "found", "gold"];
    let mut section = Section::new("fields", "Fields", &columns, 4..8);
    for field in Field::ALL {
        if let Some(found) = results.fields.get(field.id()) {
            let micro = &found.micro;
            let mut row = vec![Cell::name(field.id())];
            row.extend([micro.precision, micro.recall, micro.f1].map(Cell::from));
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
        let of_matched = |right: u64| Cell::Share((found.matched > 0).then(|| right as f64 / found.matched as f64));
        let score = &found.score;
        let malformed = match found.malformed {
            0 => "–".to_owned(),
            malformed => format!("{} of {}", number(found.malformed_found), number(malformed)),
        };
        let mut row: Vec<Cell> = vec![kind.into(), score.precision.into(), score.recall.into(), score.f1.into()];
        row.extend([score.correct, score.predicted, score.gold].map(Cell::from));
        row.push(malformed.into());
        row.extend([found.exact, found.use_right, found.form_right].map(of_matched));
        section.rows.push(row);
    }
    section.note = "one to one by overlap; malformed values, told apart, are no miss and no false alarm".to_owned();
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

/// One table for every dimension that has more than one value; the worst values first, and difficulties in their order.
pub fn slices(results: &Results) -> Vec<Section> {
    let mut sections = Vec::new();
    for (dimension, values) in results.slices.iter().filter(|(_, values)| values.len() > 1) {
        let columns = [dimension, "documents", "data F1", "causes F1", "counts F1", "dates F1", "exposure", "genre"];
        let mut section = Section::new(&format!("slice-{dimension}"), "Slices", &columns, 1..8);
        let f1 = |slice: &Slice, field: Field| slice.fields.get(field.id()).and_then(|score| score.f1);
        let mut rows: Vec<_> = values.iter().collect();
        if dimension != "difficulty" {
            let key = |slice: &Slice| f1(slice, Field::Data).unwrap_or(2.0);
            rows.sort_by(|a, b| key(a.1).total_cmp(&key(b.1)));
        }
        for (value, slice) in rows {
            let mut row: Vec<Cell> = vec![value.into(), slice.documents.into()];
            row.extend([Field::Data, Field::Causes, Field::Counts, Field::Dates].map(|field| Cell::Share(f1(slice, field))));
            row.extend(["exposure", "genre"].map(|question| Cell::Share(slice.accuracy.get(question).copied())));
            section.rows.push(row);
        }
        sections.push(section);
    }
    sections
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

impl Section {
    /// Without rows. `right` tells the columns of figures.
    pub fn new(id: &str, title: &'static str, columns: &[&str], right: std::ops::Range<usize>) -> Section {
        let column = |(place, name): (usize, &&str)| Column { name: (*name).to_owned(), right: right.contains(&place) };
        let columns = columns.iter().enumerate().map(column).collect();
        Section { id: id.to_owned(), title, columns, ..Section::default() }
    }

    fn row<const N: usize>(&mut self, cells: [Cell; N]) {
        self.rows.push(cells.into());
    }
}

fn errors(score: &Score) -> u64 {
    score.gold + score.predicted - 2 * score.correct
}
