//! How hard a document is to read right, from 1 to 5, computed from the finished record.
//!
//! What a reader has to get right is, for every mention of a category, whether it says that it leaked. That is easy where every
//! mention says so. It becomes hard where mentions say something else, where the words that decide stand far off, where one
//! category is spoken of in two ways, and where the page or the characters themselves stand in the way. One point each:
//!
//! | point | when |
//! |---|---|
//! | others | a mention denies a leak or asserts nothing |
//! | many others | … a quarter of all mentions |
//! | mostly others | … half of them |
//! | two-faced | a category is mentioned both as leaked and otherwise, or with two statuses |
//! | far | a quarter of the mentions stand far from the words that decide |
//! | groups | several groups of people |
//! | page | several documents, or another organisation's incident |
//! | noise | a perturbation, or characters as copies from PDF have them |

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use owabi_corpora::record::{Mention, Record};
use owabi_corpora::vocabulary::{Status, Why};

/// The levels.
pub(crate) const LEVELS: RangeInclusive<u8> = 1..=5;

/// In characters: a window around a mention mostly reaches less far.
const FAR: usize = 40;

/// What ends a sentence.
const STOP: char = '。';

/// The level of a record, from what stands in it and which perturbations its provenance tells of.
pub fn difficulty(record: &Record) -> u8 {
    match points(record) {
        0 => 1,
        1 | 2 => 2,
        3 => 3,
        4 => 4,
        _ => 5,
    }
}

fn points(record: &Record) -> usize {
    let Record { text, labels, segments, provenance, .. } = record;
    let data = || labels.data.iter().flatten();
    let mentions: Vec<&Mention> = data().flat_map(|item| &item.spans).collect();
    let denied = mentions.iter().filter(|mention| mention.status == Some(Status::Denied)).count();
    let idle: usize = labels.distractors.iter().flatten().map(|item| item.spans.len()).sum();
    let (others, all) = (denied + idle, mentions.len() + idle);
    let idle_kinds: BTreeSet<_> = labels.distractors.iter().flatten().map(|item| item.category).collect();
    let two_faced = data().any(|item| {
        let differs = item.spans.iter().any(|mention| mention.status.is_some_and(|status| status != item.status));
        differs || item.status != Status::Denied && idle_kinds.contains(&item.category)
    });
    let far = mentions.iter().filter(|mention| distance(text, mention) > FAR).count();
    let elsewhere = labels.distractors.iter().flatten().any(|item| item.why == Why::OtherIncident);
    let perturbed = provenance.as_ref().is_some_and(|provenance| !provenance.perturbations.is_empty());
    let points = [
        others > 0,
        others > 0 && others * 4 >= all,
        others > 0 && others * 2 >= all,
        two_faced,
        far > 0 && far * 4 >= mentions.len(),
        mentions.iter().any(|mention| mention.group > Some(1)),
        segments.iter().flatten().count() > 1 || elsewhere,
        perturbed || text.chars().any(is_dirty),
    ];
    points.into_iter().filter(|point| *point).count()
}

/// How many characters lie between a mention and the words that decide what it says: in a sentence they stand at its end, over a
/// list above it.
fn distance(text: &str, mention: &Mention) -> usize {
    let after = text.get(mention.end..).unwrap_or_default();
    let line = after.split('\n').next().unwrap_or_default();
    if let Some((between, _)) = line.split_once(STOP) {
        return between.chars().count();
    }
    let before = text.get(..mention.start).unwrap_or_default();
    let lead = before.rsplit(STOP).next().unwrap_or_default();
    lead.chars().count()
}

/// Radicals for characters, half-width kana, characters without width.
fn is_dirty(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{2fdf}' | '\u{ff65}'..='\u{ff9f}' | '\u{200b}'..='\u{200d}' | '\u{feff}' | '\u{fffd}')
}
