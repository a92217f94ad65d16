//! `ocr`: characters that a scanner's software took for others: 患者 → 忠者.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use owabi_corpora::edits::Edit;
use owabi_corpora::{Record, Span};

use super::Change;
use super::marks::Cover;
use crate::data;
use crate::draw::Draw;

static CONFUSED: LazyLock<BTreeMap<char, &'static str>> = LazyLock::new(|| {
    data::rows(include_str!("../../data/perturb/ocr.tsv")).filter_map(|row| Some((row[0].chars().next()?, row[1]))).collect()
});

/// Of a hundred kinds of characters that can be confused, so many are, on one page.
const KINDS: (u64, u64) = (12, 35);

/// A page's print decides which characters are misread; each of them then is now and then. Dates, figures, names and values are
/// spared: who reads a wrong one is right to report it.
pub(super) fn change(record: &Record, draw: &mut Draw) -> Option<Change> {
    let exact = Cover::exact(record);
    let share = draw.between(KINDS.0, KINDS.1);
    let kinds: Vec<char> = draw.some(&CONFUSED.keys().copied().collect::<Vec<char>>(), share);
    let rate = draw.between(20, 60);
    let mut edits = Vec::new();
    for (at, c) in record.text.char_indices() {
        let span = Span::new(at, at + c.len_utf8());
        if kinds.binary_search(&c).is_ok() && !exact.touches(span) && draw.percent(rate) {
            edits.push(Edit::new(span, CONFUSED[&c]));
        }
    }
    Change::of(edits)
}
