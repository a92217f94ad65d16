//! What may be learnt from: the hand-written notices, documents and passages with their marks, and the cases of which each states what
//! must hold.
//!
//! What measures the detector is none of it: not the batches m and q of the notices, not the unread half of the modelled texts, not the
//! passages with an odd number, not the lines of `detector/tests/probes/`, and no real document.

use std::fs;
use std::path::{Path, PathBuf};

use owabi_corpora::jsonl::{self, Answers};
use owabi_corpora::real::Half;
use owabi_corpora::record::{CauseLabel, Mention};
use owabi_corpora::vocabulary::{Exposure, Genre, Status};
use owabi_corpora::{Cause, Labels, Record, Span, handwritten, markup};
use owabi_detector::{Detector, Lesson};
use serde::Deserialize;

use crate::fit;

/// A document and the fields that its labels tell whole.
pub(crate) struct Document {
    text: String,
    labels: Labels,
    fields: Vec<String>,
    form: Form,
}

/// How much of a document it is.
#[derive(PartialEq)]
enum Form {
    Whole,
    Passage,
    Sentence,
}

/// A place of a text: what stands around it, and the classes that it is of, by their order in the vocabulary.
#[derive(Clone)]
pub(crate) struct Example {
    /// Of which document.
    pub(crate) document: usize,
    pub(crate) names: Vec<String>,
    /// What each time of a name counts for.
    pub(crate) share: f64,
    /// What it counts for beside the others.
    pub(crate) importance: f64,
    pub(crate) classes: Vec<usize>,
}

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    case: Vec<Case>,
    #[serde(default)]
    document: Vec<Whole>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    check: Vec<String>,
    genre: Option<Genre>,
    exposure: Option<Exposure>,
    text: String,
}

/// A document of which is told what it says as a whole: of its causes the main one stands first. What it marks whole `check` tells.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Whole {
    name: String,
    genre: Genre,
    exposure: Exposure,
    causes: Vec<Cause>,
    via_vendor: bool,
    #[serde(default)]
    check: Vec<String>,
    text: String,
}

/// Batches of the notices that are learnt from by nobody.
const MEASURED: [char; 2] = ['m', 'q'];

/// All documents, in the order of their files.
pub(crate) fn documents() -> Result<Vec<Document>, String> {
    let all = || ["causes", "data", "dates"].map(str::to_owned).to_vec();
    let notices = handwritten::load(Path::new(handwritten::FOLDER))?;
    let open = notices.into_iter().filter(|notice| !notice.id.starts_with(MEASURED));
    let whole = |notice: Record, fields| Document { text: notice.text, labels: notice.labels, fields, form: Form::Whole };
    let mut documents: Vec<Document> = open.map(|notice| whole(notice, all())).collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    documents.extend(modelled(&root.join("../corpora/modelled"))?.into_iter().map(|text| whole(text, Vec::new())));
    documents.extend(passages(&root.join("../detector/tests/passages"), 2)?);
    documents.extend(passages(&root.join("../detector/tests/cases"), 1)?);
    documents.extend(passages(&root.join("practice"), 1)?);
    documents.extend(sentences(&root.join("practice"))?);
    Ok(documents)
}

/// The half of the modelled texts that is read, of which only what they say as wholes is learnt: of days and mentions it taught nothing.
fn modelled(folder: &Path) -> Result<Vec<Record>, String> {
    let path = folder.join("labels.jsonl");
    let labels = fs::read(&path).map_err(|error| fault(&path, &error))?;
    let mut texts = Vec::new();
    for answer in Answers::new(path.display().to_string(), labels.as_slice()) {
        let answer = answer.map_err(|error| error.to_string())?;
        if Half::of(&answer.id) == Half::Unread {
            continue;
        }
        let (id, path) = (answer.id.clone(), folder.join("documents").join(format!("{}.txt", answer.id)));
        let text = fs::read_to_string(&path).map_err(|error| fault(&path, &error))?;
        let labels = jsonl::resolve(answer, &text).map_err(|error| fault(&path, &error))?.labels;
        texts.push(Record::new(id, text, labels.unwrap_or_default()));
    }
    Ok(texts)
}

/// The sentences of a folder's tables, each with what it tells of the cause, the main one first: `ransomware+vulnerability`, or `none`. The
/// first row is the title under which each stands.
fn sentences(folder: &Path) -> Result<Vec<Document>, String> {
    let mut documents = Vec::new();
    for path in files(folder, "tsv")? {
        let table = fs::read_to_string(&path).map_err(|error| fault(&path, &error))?;
        let mut title = "";
        for (number, row) in table.lines().enumerate() {
            let fault = |error: &dyn std::fmt::Display| format!("{}:{}: {error}", path.display(), number + 1);
            let (causes, sentence) = row.split_once('\t').ok_or_else(|| fault(&"a cause, a tab and a sentence are wanted"))?;
            if number == 0 {
                title = sentence;
                continue;
            }
            let text = format!("{title}\n\n{sentence}\n");
            let from = text.len() - sentence.len() - 1;
            let span = Span::new(from, text.len() - 1);
            let told = causes.split('+').filter(|id| *id != "none").map(|id| {
                let cause = Cause::from_id(id).map_err(|error| fault(&error))?;
                Ok(CauseLabel::new(cause, false, vec![Mention::from(span)]))
            });
            let labels = Labels { causes: Some(told.collect::<Result<_, String>>()?), ..Labels::default() };
            documents.push(Document { text, labels, fields: vec!["causes".to_owned()], form: Form::Sentence });
        }
    }
    Ok(documents)
}

fn fault(path: &Path, error: &dyn std::fmt::Display) -> String {
    format!("{}: {error}", path.display())
}

/// The files of a folder that end so, in order.
fn files(folder: &Path, extension: &str) -> Result<Vec<PathBuf>, String> {
    let listing = fs::read_dir(folder).map_err(|error| fault(folder, &error))?;
    let mut paths: Vec<_> = listing.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|own| own == extension));
    paths.sort();
    Ok(paths)
}

/// The passages of a folder's files, of each file every `step`th.
fn passages(folder: &Path, step: usize) -> Result<Vec<Document>, String> {
    let mut documents = Vec::new();
    for path in files(folder, "toml")? {
        let text = fs::read_to_string(&path).map_err(|error| fault(&path, &error))?;
        let file: File = toml::from_str(&text).map_err(|error| fault(&path, &error))?;
        for case in file.case.into_iter().step_by(step) {
            let (text, labels) = markup::parse(&case.text).map_err(|error| fault(&path, &format!("{}: {error}", case.name)))?;
            let labels = Labels { genre: case.genre, exposure: case.exposure, ..labels };
            documents.push(Document { text, labels, fields: case.check, form: Form::Passage });
        }
        for Whole { name, genre, exposure, causes, via_vendor, check, text } in file.document {
            let (text, labels) = markup::parse(&text).map_err(|error| fault(&path, &format!("{name}: {error}")))?;
            if check.iter().any(|field| field == "causes") {
                return Err(fault(&path, &format!("{name}: causes are told of the whole, not marked: take them out of `check`")));
            }
            let causes = causes.into_iter().enumerate().map(|(at, cause)| CauseLabel::new(cause, at == 0, vec![])).collect();
            let (genre, exposure, via_vendor, causes) = (Some(genre), Some(exposure), Some(via_vendor), Some(causes));
            let labels = Labels { genre, exposure, via_vendor, causes, ..labels };
            documents.push(Document { text, labels, fields: check, form: Form::Whole });
        }
    }
    Ok(documents)
}

/// The days. A day that the labels name elsewhere only is left out: they name each once, and do not say that here it is of no role.
pub(crate) fn dates(documents: &[Document], wholes: Option<&[Vec<String>]>) -> Vec<Example> {
    let detector = Detector::builtin();
    examples(
        documents,
        wholes,
        "dates",
        |text| detector.lessons_of_dates(text),
        |labels, lesson| {
            let told = labels.dates.as_deref().unwrap_or_default();
            let classes: Vec<usize> = told.iter().filter(|date| stands(&date.spans, lesson)).map(|date| date.role as usize).collect();
            (!classes.is_empty() || told.iter().all(|date| date.date != lesson.what)).then_some(classes)
        },
    )
}

/// The mentions of data. One whose category the labels name elsewhere only is left out, unless they say that here nothing leaked.
pub(crate) fn data(documents: &[Document], wholes: Option<&[Vec<String>]>) -> Vec<Example> {
    let detector = Detector::builtin();
    examples(
        documents,
        wholes,
        "data",
        |text| detector.lessons_of_data(text),
        |labels, lesson| {
            let told: Vec<_> = labels.data.iter().flatten().filter(|item| item.category == lesson.what).collect();
            let classes: Vec<usize> = told.iter().filter(|item| stands(&item.spans, lesson)).map(|item| item.status as usize).collect();
            let aside = labels.distractors.iter().flatten().any(|item| item.category == lesson.what && stands(&item.spans, lesson));
            match classes.is_empty() {
                true if aside || told.is_empty() => Some(vec![Status::all().count()]),
                true => None,
                false => Some(classes),
            }
        },
    )
}

/// The sentences, by what they tell of the cause.
pub(crate) fn causes(documents: &[Document]) -> Vec<Example> {
    let detector = Detector::builtin();
    examples(
        documents,
        None,
        "causes",
        |text| detector.lessons_of_causes(text),
        |labels, lesson| {
            let told = labels.causes.iter().flatten().filter(|item| stands(&item.spans, lesson));
            Some(told.filter_map(|item| Cause::all().position(|cause| cause == item.cause)).collect())
        },
    )
}

/// The lines of pages made of the documents, and of the documents alone, by whether a document begins there.
pub(crate) fn borders(documents: &[Document]) -> Vec<Example> {
    let detector = Detector::builtin();
    let whole: Vec<&Document> = documents.iter().filter(|one| one.form == Form::Whole).collect();
    let alone = whole.iter().step_by(2).map(|one| (one.text.trim_matches('\n').to_owned(), Vec::new()));
    let pages: Vec<(String, Vec<usize>)> = (0..whole.len() * PAGES).map(|first| page(&whole, first)).chain(alone).collect();
    let examples = |(page, (text, borders)): (usize, &(String, Vec<usize>))| {
        let example = |lesson: Lesson<bool>| {
            let classes = if lesson.what { vec![0] } else { vec![] };
            Example { document: page, names: lesson.names, share: 1.0, importance: OF_BORDER, classes }
        };
        detector.lessons_of_borders(text, borders).into_iter().map(example).collect::<Vec<_>>()
    };
    pages.iter().enumerate().flat_map(examples).collect()
}

/// A page of documents that stand near each other in the practice, mostly in one manner, with where each but the first begins.
fn page(documents: &[&Document], first: usize) -> (String, Vec<usize>) {
    let (mut text, mut borders) = (String::new(), Vec::new());
    // Every page has another number of them, another distance between them and another line drawn, of which none hangs on the others.
    let (count, step, between) = (2 + first % 5, 1 + first * 7 % 61, first / 5);
    for place in 0..count {
        let one = documents[(first + place * step) % documents.len()].text.trim_matches('\n');
        if place > 0 {
            text += BETWEEN[between % BETWEEN.len()];
            borders.push(text.len());
        }
        text += one;
    }
    (text, borders)
}

/// What stands between the documents of a page, the usual more often.
const BETWEEN: [&str; 12] = [
    "\n\n",
    "\n\n\n",
    "\n\n",
    "\n\n----------\n\n",
    "\n\n",
    "\n",
    "\n\n",
    "\n\n────────────────────\n\n",
    "\n\n",
    "\n=========================\n",
    "\n\n",
    "\n\n**********\n\n",
];

/// So many pages begin with each document.
const PAGES: usize = 2;

/// The places of all documents that tell a field whole, each with the classes that `classes` reads off the labels; without those of which
/// these do not say anything. With what documents say as wholes, only of those that are such.
fn examples<T>(
    documents: &[Document],
    wholes: Option<&[Vec<String>]>,
    field: &str,
    lessons: impl Fn(&str) -> Vec<Lesson<T>>,
    classes: impl Fn(&Labels, &Lesson<T>) -> Option<Vec<usize>>,
) -> Vec<Example> {
    let mut examples = Vec::new();
    for (document, one) in documents.iter().enumerate().filter(|(_, one)| one.tells(field)) {
        let whole = wholes.map(|wholes| &wholes[document]);
        if whole.is_some_and(|whole| one.form != Form::Whole || whole.is_empty()) {
            continue;
        }
        for lesson in lessons(&one.text) {
            let Some(mut classes) = classes(&one.labels, &lesson) else { continue };
            classes.sort_unstable();
            classes.dedup();
            let names = lesson.names.into_iter().chain(whole.into_iter().flatten().cloned()).collect();
            examples.push(Example { document, names, share: 1.0, importance: IMPORTANCE, classes });
        }
    }
    examples
}

/// The documents as wholes, by one of the questions that are asked of them.
pub(crate) fn gist(documents: &[Document], question: Question) -> Vec<Example> {
    let detector = Detector::builtin();
    let class = |one: &Document| {
        let genre = one.labels.genre;
        match question {
            Question::Genre => genre.filter(|_| one.form != Form::Sentence).map(|genre| genre as usize),
            Question::Exposure => {
                one.labels.exposure.filter(|&exposure| exposure != Exposure::NotApplicable).map(|exposure| exposure as usize)
            }
            Question::Cause if one.form == Form::Passage || genre == Some(Genre::Unrelated) => None,
            Question::Cause => {
                let causes = one.labels.causes.as_ref()?;
                let main = causes.iter().find(|label| label.primary).or(causes.first()).map(|label| label.cause);
                Some(Cause::all().position(|cause| Some(cause) == main).unwrap_or(Cause::all().count()))
            }
        }
    };
    let example = |(document, one): (usize, &Document)| Some(whole(&detector, document, one, vec![class(one)?]));
    documents.iter().enumerate().filter_map(example).collect()
}

/// What each document says as a whole, as facts, read by what was learnt from others: what was learnt from itself would be surer of it than
/// anything is of a text that it does not know.
pub(crate) fn wholes(documents: &[Document]) -> Vec<Vec<String>> {
    let detector = Detector::builtin();
    let mut sums = vec![Vec::new(); documents.len()];
    let asked: Vec<Example> = documents.iter().enumerate().map(|(at, one)| whole(&detector, at, one, vec![])).collect();
    for (question, classes) in [(Question::Genre, Genre::all().count()), (Question::Exposure, exposures().count())] {
        for (sums, told) in sums.iter_mut().zip(fit::crossed_sums(classes, &gist(documents, question), &asked)) {
            sums.extend(told.into_iter().map(|sum| (sum * 100.0).round() as i32));
        }
    }
    documents.iter().zip(sums).map(|(one, sums)| detector.facts_of_gist(&one.text, &sums)).collect()
}

/// What may have become of the data of an incident.
pub(crate) fn exposures() -> impl Iterator<Item = Exposure> {
    Exposure::all().filter(|&exposure| exposure != Exposure::NotApplicable)
}

/// A document as a whole.
fn whole(detector: &Detector, document: usize, one: &Document, classes: Vec<usize>) -> Example {
    let (names, share) = detector.lesson_of_gist(&one.text);
    let importance = if one.form == Form::Sentence { OF_SENTENCE } else { OF_WHOLE };
    Example { document, names, share, importance, classes }
}

/// What is asked of a document as a whole.
#[derive(Clone, Copy)]
pub(crate) enum Question {
    Genre,
    Exposure,
    Cause,
}

/// The weight of a place beside that of the regularisation (`C` of scikit-learn); that of a document as a whole, and that of a sentence
/// which is all there is of one.
const IMPORTANCE: f64 = 0.3;
const OF_WHOLE: f64 = 8.0;
const OF_SENTENCE: f64 = 4.0;
/// Lines of pages are many.
const OF_BORDER: f64 = 0.2;

/// Whether one of some places is a lesson's.
fn stands<T>(places: &[Mention], lesson: &Lesson<T>) -> bool {
    places.iter().any(|place| place.span().start < lesson.span.end && lesson.span.start < place.span().end)
}

impl Document {
    fn tells(&self, field: &str) -> bool {
        self.fields.iter().any(|known| known == field)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_may_be_learnt_from_can_be_read() {
        let documents = documents().unwrap();
        let told = |field| documents.iter().filter(|document| document.tells(field)).count();
        assert!(told("causes") > 3_000 && told("data") > 1_000 && told("dates") > 1_000);
    }

    #[test]
    fn examples_are_of_the_classes_that_the_marks_tell() {
        let (text, labels) = markup::parse("⟦2024年5月1日|date:discovered:2024-05-01⟧に気付き、5月9日に会議を開いた。").unwrap();
        let document = Document { text, labels, fields: vec!["dates".to_owned()], form: Form::Passage };
        let classes: Vec<Vec<usize>> = dates(&[document], None).into_iter().map(|example| example.classes).collect();
        assert_eq!(classes, [vec![owabi_corpora::vocabulary::DateRole::Discovered as usize], vec![]]);
        let (text, labels) = markup::parse("⟦氏名|name:denied⟧は含まれず、住所を控えていた。氏名は別に保管する。").unwrap();
        let document = Document { text, labels, fields: vec!["data".to_owned()], form: Form::Passage };
        let classes: Vec<Vec<usize>> = data(&[document], None).into_iter().map(|example| example.classes).collect();
        assert_eq!(classes, [vec![Status::Denied as usize], vec![Status::all().count()]], "the second mention of the name is left out");
    }

    #[test]
    fn pages_tell_where_their_documents_begin() {
        let body = "担当者が名簿を別の取引先に送ってしまい、相手がファイルを開いたことを確かめました。".repeat(4);
        let document = |name: &str| Document {
            text: format!("{name}について\n\n{body}\n"),
            labels: Labels::default(),
            fields: Vec::new(),
            form: Form::Whole,
        };
        let documents = ["誤送信", "紛失", "盗難"].map(document);
        let all: Vec<&Document> = documents.iter().collect();
        let (text, starts) = page(&all, 1);
        assert_eq!(starts.len(), 2, "three documents");
        let first = |at: &usize| text[*at..].lines().next().unwrap_or_default().to_owned();
        assert!(starts.iter().all(|at| first(at).ends_with("について") && text[..*at].ends_with('\n')));
        let told = borders(&documents).iter().filter(|example| example.classes == [0]).count();
        assert!(told >= starts.len());
    }
}
