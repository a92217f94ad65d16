//! Pages for the teacher: the key to a student's page, the class at a glance, the rubric. Each is one file that runs nothing and asks nobody.

use std::collections::BTreeSet;

use serde::Serialize;
use tera::{Context, Tera};

use crate::exercise::{Choice, Expected, Explanation, Form, Key, KeyItem, Language};
use crate::outlook::{Outlooks, Spread};
use crate::page::{HEAD, policy};
use crate::register::Register;
use crate::words;

const STYLE: &str = include_str!("../data/teacher/style.css");
const TEMPLATES: [(&str, &str); 4] = [
    HEAD,
    ("key.html", include_str!("../data/teacher/key.html")),
    ("overview.html", include_str!("../data/teacher/overview.html")),
    ("rubric.html", include_str!("../data/teacher/rubric.html")),
];

/// Makes the pages; building it compiles the templates.
pub struct Teacher {
    tera: Tera,
    language: Language,
}

impl Teacher {
    /// In one language.
    ///
    /// # Panics
    /// Never, unless a template is broken; a test renders all of them.
    pub fn new(language: Language) -> Teacher {
        let mut tera = Tera::default();
        tera.add_raw_templates(TEMPLATES).unwrap_or_else(|error| panic!("classroom/data/teacher: {error}"));
        Teacher { tera, language }
    }

    /// The key to one page: right answers in the text, with the words that decide. `id` and `name` are the student's.
    pub fn key(&self, key: &Key, id: &str, name: &str) -> String {
        let exercises: Vec<ItemView> = key.exercises.iter().map(|item| self.item(item)).collect();
        let mut context = self.context("key");
        context.insert("id", id);
        context.insert("name", name);
        context.insert("page", &key.page);
        context.insert("exercises", &exercises);
        self.render("key.html", &context)
    }

    /// The class: what may be expected, and which page is whose.
    pub fn overview(&self, register: &Register, outlooks: &Outlooks) -> String {
        let row = |(index, shape): (usize, &crate::class::Shape)| ShapeView {
            number: shape.number,
            title: words::title(shape.kind).of(self.language).to_owned(),
            document: shape.document.clone(),
            level: shape.level,
            expected: spread(outlooks.expected.get(index)),
            detector: spread(outlooks.detector.get(index)),
        };
        let shapes: Vec<ShapeView> = register.exercises.iter().enumerate().map(row).collect();
        let figure = |figure: f64| format!("{figure:.1}");
        let all = &outlooks.students;
        let fill = [
            ("mean", figure(all.mean)),
            ("deviation", format!("{:.2}", all.deviation())),
            ("lowest", figure(all.lowest)),
            ("highest", figure(all.highest)),
        ];
        let fill: Vec<(&str, &str)> = fill.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let mut context = self.context("overview");
        context.insert("spread", &words::page("spread", &fill, self.language));
        context.insert("shapes", &shapes);
        context.insert("students", &register.students);
        self.render("overview.html", &context)
    }

    /// What a written section is marked by.
    pub fn rubric(&self) -> String {
        let rows: Vec<(String, u32)> =
            words::rubric().iter().map(|item| (item.words().of(self.language).to_owned(), item.points)).collect();
        let automatic = 100 - rows.iter().map(|(_, points)| *points).sum::<u32>().min(100);
        let asked: Vec<(String, Vec<String>)> = crate::ExerciseType::all()
            .map(|of| {
                let lines = words::instructions(of).of(self.language).lines().map(str::to_owned).collect();
                (words::title(of).of(self.language).to_owned(), lines)
            })
            .collect();
        let mut context = self.context("rubric");
        context.insert("rows", &rows);
        context.insert("points_automatic", &automatic);
        context.insert("asked", &asked);
        self.render("rubric.html", &context)
    }

    fn context(&self, title: &str) -> Context {
        let mut context = Context::new();
        let word = |id: &str| words::page(id, &[], self.language);
        context.insert("language", self.language.id());
        context.insert("title", &word(title));
        context.insert("style", STYLE);
        context.insert("policy", &policy(&[STYLE], &[]));
        context.insert("word", &words::page_words(self.language));
        context
    }

    fn render(&self, template: &str, context: &Context) -> String {
        self.tera.render(template, context).unwrap_or_else(|error| panic!("classroom/data/teacher/{template}: {error}"))
    }

    fn item(&self, item: &KeyItem) -> ItemView {
        ItemView {
            number: item.number,
            title: words::title(item.kind).of(self.language).to_owned(),
            answer: self.answer(item),
            parts: parts(&item.record.text, &item.why),
            why: item.why.iter().map(|item| (item.place.is_some(), item.words.of(self.language).to_owned())).collect(),
        }
    }

    /// The right answer, a line each.
    fn answer(&self, item: &KeyItem) -> Vec<String> {
        let language = self.language;
        let labels = &item.record.labels;
        match &item.expected {
            Expected::Data => {
                let line = |of: &owabi_corpora::record::DataLabel| {
                    format!("{}: {}", words::category(of.category).of(language), words::status(of.status).of(language))
                };
                labels.data.iter().flatten().filter(|of| of.category.is_scored()).map(line).collect()
            }
            Expected::Cause { cause } => vec![words::cause(*cause).of(language).to_owned()],
            Expected::Numbers { total, groups } => {
                let groups = groups.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
                vec![words::page("total_is", &[("total", &total.to_string()), ("groups", &groups)], language)]
            }
            Expected::Order { days } => {
                let Form::Order { events } = &item.form else { return Vec::new() };
                let day = |ids: &Vec<String>| {
                    let names: Vec<&str> = ids.iter().map(|id| chosen(events, id, language)).collect();
                    names.join(&words::page("same_day", &[], language))
                };
                vec![days.iter().map(day).collect::<Vec<_>>().join(&words::page("then", &[], language))]
            }
            Expected::Duty { situations, preliminary, final_report, .. } => {
                let all = words::situations();
                let mut lines: Vec<String> =
                    situations.iter().map(|number| chosen(&all, &number.to_string(), language).to_owned()).collect();
                for (report, verdict) in words::reports().iter().zip([preliminary, final_report]) {
                    lines.push(format!("{}: {}", report.words.of(language), words::verdict(*verdict).of(language)));
                }
                lines
            }
            Expected::Section { checklist, .. } => {
                checklist.iter().map(|item| format!("{} ({})", item.words.of(language), item.points)).collect()
            }
            Expected::Fault { choice, .. } => vec![words::fault(choice).of(language).to_owned()],
        }
    }
}

fn chosen<'c>(choices: &'c [Choice], id: &'c str, language: Language) -> &'c str {
    choices.iter().find(|choice| choice.id == id).map_or(id, |choice| choice.words.of(language))
}

fn spread(of: Option<&Spread>) -> String {
    of.map(|of| format!("{:.1} ± {:.1}", of.mean, of.deviation())).unwrap_or_default()
}

#[derive(Serialize)]
struct ShapeView {
    number: u32,
    title: String,
    document: String,
    level: u8,
    expected: String,
    detector: String,
}

#[derive(Serialize)]
struct ItemView {
    number: u32,
    title: String,
    answer: Vec<String>,
    parts: Vec<Part>,
    /// Whether it speaks of a place, and what it says.
    why: Vec<(bool, String)>,
}

/// A stretch of text and the numbers of the explanations that end with it.
#[derive(Debug, PartialEq, Serialize)]
struct Part {
    text: String,
    marked: bool,
    notes: Vec<usize>,
}

/// The text, cut where explained places begin and end.
fn parts(text: &str, why: &[Explanation]) -> Vec<Part> {
    let chars: Vec<char> = text.chars().collect();
    let places: Vec<(usize, usize, usize)> = (1..)
        .zip(why)
        .filter_map(|(note, item)| item.place.map(|place| (note, place.start.min(chars.len()), place.end.min(chars.len()))))
        .collect();
    let borders: BTreeSet<usize> = places.iter().flat_map(|(_, start, end)| [*start, *end]).chain([0, chars.len()]).collect();
    let borders: Vec<usize> = borders.into_iter().collect();
    let part = |pair: &[usize]| {
        let (start, end) = (pair[0], pair[1]);
        let marked = places.iter().any(|(_, from, to)| *from <= start && end <= *to);
        let notes = places.iter().filter(|(_, _, to)| *to == end).map(|(note, ..)| *note).collect();
        Part { text: chars[start..end].iter().collect(), marked, notes }
    };
    borders.windows(2).map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exercise::Place;

    #[test]
    fn places_are_cut_out_of_the_text_in_code_points() {
        let why = |start, end| Explanation { place: Some(Place { start, end }), words: words::plain("") };
        let shown: Vec<(String, bool, Vec<usize>)> =
            parts("𠮷野の氏名", &[why(0, 2), why(1, 2), Explanation { place: None, words: words::plain("") }, why(3, 9)])
                .into_iter()
                .map(|part| (part.text, part.marked, part.notes))
                .collect();
        let part = |text: &str, marked, notes: &[usize]| (text.to_owned(), marked, notes.to_vec());
        assert_eq!(shown, [part("𠮷", true, &[]), part("野", true, &[1, 2]), part("の", false, &[]), part("氏名", true, &[4])]);
    }
}
