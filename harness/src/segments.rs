//! Pages of several documents: whether the borders between them are found, and what is read in each.

use std::collections::BTreeMap;

use owabi_corpora::record::Segment;
use owabi_corpora::{Labels, Record};

use crate::document::Predicted;
use crate::label_map::LabelMap;
use crate::matching::facts;
use crate::measure::{Field, Question, Tally};
use crate::results::{Answers, SegmentResult};

/// Borders at most so many characters apart are one.
const NEAR: usize = 2;

/// What the pages of a corpus amount to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SegmentScore {
    /// How many gold records have segments.
    pub pages: u64,
    /// How many segments these have.
    pub segments: u64,
    /// Borders between two segments.
    pub borders: Tally,
    /// By field: the facts of every gold segment against those of the predicted one that overlaps it most.
    pub fields: BTreeMap<Field, Tally>,
    /// `exposure` and `genre` of the same pairs.
    pub questions: BTreeMap<Question, Tally>,
}

impl SegmentScore {
    /// Compares one page; `None` where neither side has segments. A single document that the detector takes apart is no page, but
    /// its borders count as wrong.
    pub fn new(gold: &Record, predicted: Option<Predicted<'_>>, map: &LabelMap) -> Option<SegmentScore> {
        let wanted = gold.segments.as_deref().unwrap_or_default();
        let given = predicted.and_then(|predicted| predicted.segments).unwrap_or_default();
        if wanted.is_empty() && given.len() < 2 {
            return None;
        }
        let page = !wanted.is_empty();
        let mut score = SegmentScore { pages: page.into(), segments: wanted.len() as u64, ..SegmentScore::default() };
        let inner = |segments: &[Segment]| segments.iter().skip(1).map(|segment| segment.start).collect::<Vec<_>>();
        score.borders = borders(&gold.text, &inner(wanted), &inner(given));
        let nothing = Labels::default();
        for segment in wanted {
            let labels = closest(segment, given).or(predicted.and_then(|predicted| predicted.labels)).unwrap_or(&nothing);
            let (gold, told) = (map.coarsened(&segment.labels), map.coarsened(labels));
            for field in [Field::Data, Field::Causes, Field::Counts, Field::Dates] {
                if let Some(wanted) = facts(&gold, field) {
                    let found = facts(&told, field).unwrap_or_default();
                    let correct = wanted.intersection(&found).count() as u64;
                    let tally = Tally { correct, predicted: found.len() as u64, gold: wanted.len() as u64 };
                    *score.fields.entry(field).or_default() += tally;
                }
            }
            let mut ask = |question, asked: bool, right: bool| {
                if asked {
                    *score.questions.entry(question).or_default() += Tally::answer(right && predicted.is_some());
                }
            };
            ask(Question::Exposure, segment.labels.exposure.is_some(), segment.labels.exposure == labels.exposure);
            ask(Question::Genre, segment.labels.genre.is_some(), segment.labels.genre == labels.genre);
        }
        Some(score)
    }

    /// Adds another page's.
    pub fn add(&mut self, other: SegmentScore) {
        self.pages += other.pages;
        self.segments += other.segments;
        self.borders += other.borders;
        for (field, tally) in other.fields {
            *self.fields.entry(field).or_default() += tally;
        }
        for (question, tally) in other.questions {
            *self.questions.entry(question).or_default() += tally;
        }
    }

    /// As results hold it.
    pub fn result(&self) -> SegmentResult {
        let answers = |(question, tally): (&Question, &Tally)| {
            (
                question.id().to_owned(),
                Answers { right: tally.correct, asked: tally.gold, accuracy: tally.recall().map(crate::results::round) },
            )
        };
        SegmentResult {
            pages: self.pages,
            segments: self.segments,
            borders: self.borders.into(),
            fields: self.fields.iter().map(|(field, tally)| (field.id().to_owned(), (*tally).into())).collect(),
            accuracy: self.questions.iter().map(answers).collect(),
        }
    }
}

/// The labels of the predicted segment that overlaps a gold one most; of several, the first. `None` where none does.
fn closest<'a>(gold: &Segment, predicted: &'a [Segment]) -> Option<&'a Labels> {
    let overlap = |segment: &Segment| segment.end.min(gold.end).saturating_sub(segment.start.max(gold.start));
    let mut best: Option<(usize, &Segment)> = None;
    for segment in predicted {
        let shared = overlap(segment);
        if shared > best.map_or(0, |(most, _)| most) {
            best = Some((shared, segment));
        }
    }
    best.map(|(_, segment)| &segment.labels)
}

/// Inner borders as byte positions, in order. A predicted border is right when between it and a gold one there is no letter and
/// no digit, only white space and lines drawn, or when they are at most two characters apart; each counts once. So it does not
/// matter to which of two documents a blank line or a rule between them is given.
fn borders(text: &str, gold: &[usize], predicted: &[usize]) -> Tally {
    let same = |a: usize, b: usize| {
        let between = text.get(a.min(b)..a.max(b)).unwrap_or("?unlike");
        !between.contains(char::is_alphanumeric) || between.chars().nth(NEAR).is_none()
    };
    let mut correct = 0;
    let mut rest = gold;
    for &border in predicted {
        // Both are in order: what one border has passed, no later one can meet.
        while let Some((&first, later)) = rest.split_first() {
            if same(first, border) {
                correct += 1;
                rest = later;
                break;
            }
            if first > border {
                break;
            }
            rest = later;
        }
    }
    Tally { correct, predicted: predicted.len() as u64, gold: gold.len() as u64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn borders_agree_across_white_space_and_rules() {
        let text = "甲です。\n\n-----\n\n乙です。\n丙です。";
        let at = |part: &str| text.find(part).unwrap();
        for (predicted, correct) in [
            (vec![at("乙")], 1),
            (vec![at("-")], 1),
            // Two characters into the next document, then three before.
            (vec![at("乙") + "乙で".len()], 1),
            (vec![at("です")], 0),
            // One gold border is met once.
            (vec![at("-"), at("乙")], 1),
            (vec![at("丙")], 0),
            (vec![], 0),
        ] {
            let tally = borders(text, &[at("乙")], &predicted);
            assert_eq!((tally.correct, tally.predicted, tally.gold), (correct, predicted.len() as u64, 1), "{predicted:?}");
        }
        let tally = borders(text, &[at("乙"), at("丙")], &[at("丙")]);
        assert_eq!((tally.correct, tally.predicted, tally.gold), (1, 1, 2));
    }
}
