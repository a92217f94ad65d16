//! Values: personal data really present, found or not, one to one by overlap.

use std::collections::BTreeSet;

use owabi_corpora::record::ValueLabel;
use owabi_corpora::{Category, Span};

use crate::alignment::pairs;
use crate::measure::Tally;

/// What one document's values of one kind amount to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ValueScore {
    /// Well-formed values: found are those that a prediction of the kind overlaps, one to one. A prediction that found a malformed
    /// value is left out: who validates need not report it, and who reports it is not wrong.
    pub tally: Tally,
    /// Malformed values (`gold`), and how many of them were found (`correct`).
    pub malformed: Tally,
    /// Of all that were found: those with the same bounds.
    pub exact: Tally,
    /// … with the right use.
    pub usage: Tally,
    /// … whose form (well-formed or not) is told rightly.
    pub form: Tally,
}

impl std::ops::AddAssign for ValueScore {
    fn add_assign(&mut self, other: ValueScore) {
        self.tally += other.tally;
        self.malformed += other.malformed;
        self.exact += other.exact;
        self.usage += other.usage;
        self.form += other.form;
    }
}

/// Compares the values of one document, kind by kind. `described` is false where the detector does not say why a value stands there
/// and whether it is valid: then neither is asked.
pub(crate) fn compare(gold: &[ValueLabel], predicted: &[ValueLabel], described: bool) -> Vec<(Category, ValueScore)> {
    let kinds: BTreeSet<Category> = gold.iter().chain(predicted).map(|item| item.kind).collect();
    kinds.into_iter().map(|kind| (kind, of_kind(&places(gold, kind), &places(predicted, kind), described))).collect()
}

fn of_kind(wanted: &[(Span, &ValueLabel)], found: &[(Span, &ValueLabel)], described: bool) -> ValueScore {
    let spans = |places: &[(Span, &ValueLabel)]| places.iter().map(|place| place.0).collect::<Vec<_>>();
    let mut score = ValueScore::default();
    let malformed = wanted.iter().filter(|(_, item)| !item.well_formed).count() as u64;
    score.tally = Tally { correct: 0, predicted: found.len() as u64, gold: wanted.len() as u64 - malformed };
    score.malformed = Tally { correct: 0, predicted: malformed, gold: malformed };
    for (gold, predicted) in pairs(&spans(wanted), &spans(found)) {
        let (gold, predicted) = (wanted[gold], found[predicted]);
        if gold.1.well_formed {
            score.tally.correct += 1;
        } else {
            score.tally.predicted -= 1;
            score.malformed.correct += 1;
        }
        score.exact += Tally::answer(gold.0 == predicted.0);
        if described {
            score.usage += Tally::answer(gold.1.usage == predicted.1.usage);
            score.form += Tally::answer(gold.1.well_formed == predicted.1.well_formed);
        }
    }
    score
}

/// Where values of a kind stand, each place once.
pub(crate) fn places(items: &[ValueLabel], kind: Category) -> Vec<(Span, &ValueLabel)> {
    let of_kind = items.iter().filter(|item| item.kind == kind);
    let mut found: Vec<(Span, &ValueLabel)> =
        of_kind.flat_map(|item| item.spans.iter().map(move |mention| (mention.span(), item))).collect();
    found.sort_by_key(|(span, item)| (*span, item.usage, item.well_formed));
    found.dedup_by_key(|(span, _)| *span);
    found
}
