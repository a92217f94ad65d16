//! A class's marks in figures: how they are spread, how hard each exercise was, whether it tells good from weak, and what was missed most.

use std::collections::BTreeMap;

use crate::exercise::{ExerciseType, KeyItem, Words};
use crate::grading::Graded;
use crate::marking::{Outcome, Part};
use crate::parts;

/// The share of a class that the upper and the lower group hold (Kelley 1939: 27 % tells them apart best).
const GROUP: f64 = 0.27;

/// What is known of a class. Students are added one by one, in the roster's order, and of each only the marks are kept.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Statistics {
    /// The totals, in the order in which they came.
    totals: Vec<f64>,
    /// By exercise, then student.
    points: Vec<Vec<f64>>,
    answered: Vec<usize>,
    missed: BTreeMap<Sort, Tally>,
}

/// What can be missed: parts that are called the same in the same exercise.
type Sort = (u32, ExerciseType, String, String);

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Tally {
    asked: usize,
    missed: usize,
    misplaced: usize,
}

/// How figures are spread.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// The mean.
    pub mean: f64,
    /// The standard deviation of these very students (divided by their number).
    pub deviation: f64,
    /// Lowest, lower quartile, median, upper quartile, highest; between two students' figures where the place falls there.
    pub quartiles: [f64; 5],
}

/// One exercise.
#[derive(Debug, Clone, PartialEq)]
pub struct ExerciseFigures {
    /// How many answered it.
    pub answered: usize,
    /// Its points.
    pub spread: Spread,
    /// The mean as a share: near 1 is easy.
    pub difficulty: f64,
    /// The mean of the best 27 % less that of the weakest 27 % by total, as a share; `None` below two students.
    pub upper_lower: Option<f64>,
    /// The correlation with the mean of the other exercises; `None` where one of both does not vary.
    pub rest: Option<f64>,
}

/// Something that was missed.
#[derive(Debug, Clone, PartialEq)]
pub struct Missed {
    /// Which exercise.
    pub exercise: u32,
    /// What.
    pub what: Words,
    /// How many should have told it.
    pub asked: usize,
    /// How many did not, or in the wrong place.
    pub missed: usize,
    /// Of them, how many in the wrong place.
    pub misplaced: usize,
}

impl Statistics {
    /// Adds a student who handed in.
    pub fn add(&mut self, key: &[KeyItem], graded: &Graded) {
        self.totals.push(graded.total());
        self.points.resize(graded.exercises.len(), Vec::new());
        self.answered.resize(graded.exercises.len(), 0);
        for (at, marked) in graded.exercises.iter().enumerate() {
            self.points[at].push(marked.points());
            self.answered[at] += usize::from(marked.answer.is_some());
        }
        for (item, marked) in key.iter().zip(&graded.exercises) {
            for part in marked.automatic.parts.iter().filter(|part| parts::is_expected(part)) {
                let Words { ja, en } = parts::sort(item, part);
                let tally = self.missed.entry((item.number, item.kind, ja, en)).or_default();
                tally.add(part);
            }
        }
    }

    /// How many were added.
    pub fn students(&self) -> usize {
        self.totals.len()
    }

    /// How the totals are spread; `None` without students.
    pub fn total(&self) -> Option<Spread> {
        Spread::of(&self.totals)
    }

    /// How many totals lie from 0 to below 10, from 10 to below 20, … and from 90 to 100.
    pub fn histogram(&self) -> [usize; 10] {
        let mut bins = [0; 10];
        for total in &self.totals {
            bins[((total / 10.0) as usize).min(9)] += 1;
        }
        bins
    }

    /// Exercise by exercise.
    pub fn exercises(&self) -> Vec<ExerciseFigures> {
        let figures = |(at, points): (usize, &Vec<f64>)| {
            let spread = Spread::of(points)?;
            Some(ExerciseFigures {
                answered: self.answered[at],
                spread,
                difficulty: spread.mean / 100.0,
                upper_lower: self.upper_lower(points),
                rest: self.rest(at),
            })
        };
        self.points.iter().enumerate().filter_map(figures).collect()
    }

    /// What most students missed, the greatest number first. What only one of several students was asked says nothing of the class.
    pub fn most_missed(&self, most: usize) -> Vec<Missed> {
        let seldom = if self.students() < 4 { 1 } else { 2 };
        let mut all: Vec<Missed> = self
            .missed
            .iter()
            .filter(|(_, tally)| tally.missed > 0 && tally.asked >= seldom)
            .map(|((exercise, _, ja, en), tally)| Missed {
                exercise: *exercise,
                what: Words { ja: ja.clone(), en: en.clone() },
                asked: tally.asked,
                missed: tally.missed,
                misplaced: tally.misplaced,
            })
            .collect();
        // Of as many, the greater share; then the order of the exercises.
        all.sort_by(|a, b| b.missed.cmp(&a.missed).then(a.asked.cmp(&b.asked)));
        all.truncate(most);
        all
    }

    fn upper_lower(&self, points: &[f64]) -> Option<f64> {
        let students = self.students();
        let size = ((students as f64 * GROUP).round() as usize).max(1);
        if students < 2 {
            return None;
        }
        // Equal totals stay in the roster's order.
        let mut order: Vec<usize> = (0..students).collect();
        order.sort_by(|a, b| self.totals[*b].total_cmp(&self.totals[*a]));
        let mean = |places: &[usize]| places.iter().map(|place| points[*place]).sum::<f64>() / places.len() as f64;
        Some((mean(&order[..size]) - mean(&order[students - size..])) / 100.0)
    }

    fn rest(&self, at: usize) -> Option<f64> {
        let others = |student: usize| -> f64 {
            self.points.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, points)| points[student]).sum()
        };
        let rest: Vec<f64> = (0..self.students()).map(others).collect();
        correlation(&self.points[at], &rest)
    }
}

impl Tally {
    fn add(&mut self, part: &Part) {
        self.asked += 1;
        self.missed += usize::from(part.outcome != Outcome::Right);
        self.misplaced += usize::from(part.outcome == Outcome::Misplaced);
    }
}

impl Spread {
    /// Of these figures; `None` of none.
    pub fn of(figures: &[f64]) -> Option<Spread> {
        let count = figures.len() as f64;
        let mut sorted = figures.to_vec();
        sorted.sort_by(f64::total_cmp);
        let last = sorted.len().checked_sub(1)?;
        let mean = figures.iter().sum::<f64>() / count;
        let variance = figures.iter().map(|figure| (figure - mean).powi(2)).sum::<f64>() / count;
        let at = |share: f64| {
            let place = share * last as f64;
            let (below, above) = (sorted[place.floor() as usize], sorted[place.ceil() as usize]);
            below + (above - below) * place.fract()
        };
        Some(Spread { mean, deviation: variance.sqrt(), quartiles: [0.0, 0.25, 0.5, 0.75, 1.0].map(at) })
    }
}

/// Pearson's; `None` where one side does not vary. With points of 0 and 100 only it is the point-biserial one.
fn correlation(a: &[f64], b: &[f64]) -> Option<f64> {
    let (mean_a, mean_b) = (Spread::of(a)?.mean, Spread::of(b)?.mean);
    let (mut both, mut only_a, mut only_b) = (0.0, 0.0, 0.0);
    for (a, b) in a.iter().zip(b) {
        let (a, b) = (a - mean_a, b - mean_b);
        both += a * b;
        only_a += a * a;
        only_b += b * b;
    }
    let scale = (only_a * only_b).sqrt();
    (scale > 1e-9).then(|| both / scale)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exercise::Answer;
    use crate::grading::Marked;
    use crate::marking::Mark;

    fn graded(points: [f64; 2]) -> Graded {
        let marked = |(number, points): (u32, f64)| Marked {
            number,
            kind: ExerciseType::PrimaryCause,
            weight: 1,
            answer: (points > 0.0).then(Answer::default),
            automatic: Mark { points, pending: false, parts: vec![] },
            given: None,
            comment: String::new(),
        };
        Graded { exercises: (1..).zip(points).map(marked).collect() }
    }

    #[test]
    fn figures_worked_out_by_hand() {
        let mut statistics = Statistics::default();
        // Totals 100, 70, 40, 10.
        for points in [[100.0, 100.0], [100.0, 40.0], [0.0, 80.0], [0.0, 20.0]] {
            statistics.add(&[], &graded(points));
        }
        let total = statistics.total().unwrap();
        assert_eq!(total.mean, 55.0);
        // Deviations 45, 15, -15, -45: the mean of their squares is 1125.
        assert!((total.deviation - 1125f64.sqrt()).abs() < 1e-12);
        assert_eq!(total.quartiles, [10.0, 32.5, 55.0, 77.5, 100.0]);
        assert_eq!(statistics.histogram(), [0, 1, 0, 0, 1, 0, 0, 1, 0, 1]);
        let [first, second] = &statistics.exercises()[..] else { panic!() };
        assert_eq!((first.answered, first.difficulty, second.difficulty), (2, 0.5, 0.6));
        // 27 % of four is one student: 100 against 0, and 100 against 20.
        assert_eq!((first.upper_lower, second.upper_lower), (Some(1.0), Some(0.8)));
        // Deviations (50, 50, -50, -50) and (40, -20, 20, -40): 2000 / sqrt(10000 * 4000).
        assert!((first.rest.unwrap() - 2000.0 / 4e7f64.sqrt()).abs() < 1e-12);
        assert_eq!(first.rest, second.rest);
    }

    #[test]
    fn a_class_of_one_and_a_class_of_equals_have_no_discrimination() {
        let mut statistics = Statistics::default();
        assert_eq!(statistics.total(), None);
        statistics.add(&[], &graded([100.0, 100.0]));
        assert_eq!(statistics.exercises()[0].upper_lower, None);
        statistics.add(&[], &graded([100.0, 100.0]));
        let exercise = &statistics.exercises()[0];
        assert_eq!((exercise.upper_lower, exercise.rest), (Some(0.0), None));
    }
}
