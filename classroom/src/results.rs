//! The class's results as one page: how marks are spread, each exercise's difficulty and discrimination, what was missed most.

use serde::Serialize;
use tera::{Context, Tera};

use crate::class::Shape;
use crate::exercise::Language;
use crate::feedback::STYLE;
use crate::page::{HEAD, policy};
use crate::phrases::{self, phrase};
use crate::register::Enrolled;
use crate::statistics::{Spread, Statistics};
use crate::words;

const TEMPLATE: (&str, &str) = ("statistics.html", include_str!("../data/feedback/statistics.html"));
/// How many of the most missed points are told.
const MISSED: usize = 20;
/// The histogram, in its own units.
const WIDTH: f64 = 600.0;
const HEIGHT: f64 = 160.0;

/// One line of the class.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Line {
    /// Who.
    pub student: Enrolled,
    /// The total; none where nothing was handed in.
    pub total: Option<String>,
    /// Whether something waits for the teacher.
    pub waits: bool,
}

/// The page. The same class makes the same bytes.
///
/// # Panics
/// Never, unless the template is broken; a test renders it.
pub fn page(exercises: &[Shape], lines: &[Line], waiting: usize, statistics: &Statistics, language: Language) -> String {
    let count = |count: usize| words::plain(count.to_string());
    let (all, handed_in) = (count(lines.len()), count(statistics.students()));
    let mut context = Context::new();
    context.insert("language", language.id());
    context.insert("say", &phrases::all(language));
    context.insert("style", STYLE);
    context.insert("policy", &policy(&[STYLE], &[]));
    context.insert("summary", phrase("summary", &[("all", &all), ("handed_in", &handed_in)]).of(language));
    let waits = phrase("summary_waiting", &[("waiting", &count(waiting))]);
    context.insert("waiting", if waiting > 0 { waits.of(language) } else { "" });
    context.insert("total", &statistics.total().map(SpreadView::new));
    context.insert("bins", &bins(&statistics.histogram()));
    let views: Vec<ExerciseView> = exercises
        .iter()
        .zip(statistics.exercises())
        .map(|(shape, figures)| {
            let sign = |figure: Option<f64>| figure.map_or("–".to_owned(), |figure| format!("{figure:.2}"));
            ExerciseView {
                number: shape.number,
                title: words::title(shape.kind).of(language).to_owned(),
                answered: figures.answered,
                spread: SpreadView::new(figures.spread),
                difficulty: format!("{:.2}", figures.difficulty),
                upper_lower: sign(figures.upper_lower),
                rest: sign(figures.rest),
                // Below this an exercise hardly tells good from weak (Ebel's rule of thumb).
                weak: figures.upper_lower.is_some_and(|figure| figure < 0.2),
            }
        })
        .collect();
    context.insert("exercises", &views);
    let missed: Vec<MissedView> = statistics
        .most_missed(MISSED)
        .into_iter()
        .map(|missed| {
            let part = |key: &str, count: usize| (count > 0).then(|| format!("{} {count}", phrase(key, &[]).of(language)));
            let how = [part("missed", missed.missed - missed.misplaced), part("misplaced", missed.misplaced)];
            MissedView {
                exercise: missed.exercise,
                what: missed.what.of(language).to_owned(),
                missed: missed.missed,
                asked: missed.asked,
                share: format!("{:.0}", 100.0 * missed.missed as f64 / missed.asked as f64),
                how: how.into_iter().flatten().collect::<Vec<_>>().join(", "),
            }
        })
        .collect();
    context.insert("missed", &missed);
    context.insert("lines", lines);
    let mut tera = Tera::default();
    let page = tera.add_raw_templates([TEMPLATE, HEAD]).and_then(|()| tera.render(TEMPLATE.0, &context));
    page.unwrap_or_else(|error| panic!("classroom/data/feedback: {error}"))
}

/// Figures for reading, and where they stand on a scale of 0 to 100.
#[derive(Serialize)]
struct SpreadView {
    mean: String,
    deviation: String,
    median: String,
    quartiles: [String; 5],
    at_mean: f64,
    at: [f64; 5],
}

impl SpreadView {
    fn new(spread: Spread) -> SpreadView {
        let tenth = |figure: f64| (figure * 10.0).round() / 10.0;
        SpreadView {
            mean: format!("{:.1}", spread.mean),
            deviation: format!("{:.1}", spread.deviation),
            median: format!("{:.1}", spread.quartiles[2]),
            quartiles: spread.quartiles.map(|figure| format!("{figure:.1}")),
            at_mean: tenth(spread.mean),
            at: spread.quartiles.map(tenth),
        }
    }
}

#[derive(Serialize)]
struct ExerciseView {
    number: u32,
    title: String,
    answered: usize,
    spread: SpreadView,
    difficulty: String,
    upper_lower: String,
    rest: String,
    weak: bool,
}

#[derive(Serialize)]
struct MissedView {
    exercise: u32,
    what: String,
    missed: usize,
    asked: usize,
    share: String,
    how: String,
}

/// A bar of the histogram.
#[derive(Serialize)]
struct Bin {
    name: String,
    count: usize,
    x: f64,
    y: f64,
    width: f64,
    height: f64,
    middle: f64,
}

fn bins(histogram: &[usize; 10]) -> Vec<Bin> {
    let most = histogram.iter().copied().max().unwrap_or_default().max(1);
    let width = WIDTH / histogram.len() as f64;
    let bin = |(place, count): (usize, &usize)| {
        let height = (HEIGHT * *count as f64 / most as f64 * 10.0).round() / 10.0;
        let x = place as f64 * width;
        let name = if place == 9 { "90–100".to_owned() } else { format!("{}–", place * 10) };
        Bin { name, count: *count, x: x + 2.0, y: HEIGHT - height, width: width - 4.0, height, middle: x + width / 2.0 }
    };
    histogram.iter().enumerate().map(bin).collect()
}
