//! How hard a document is to read right, from 1 to 5, computed from the finished record.
//!
//! What a reader has to get right is, for every category that a document names, whether it leaked. A category is plain where a
//! mention alone is right: it leaked for certain, and the sentence says so. What more is to be understood costs points:
//!
//! | points | for a category | because |
//! |---|---|---|
//! | 1 | that may have leaked, or did not | some other word says so, and has to be found |
//! | 2 | of which nothing is said | no word says so: held, advised, supposed, defined, another's |
//! | ½ | all of whose mentions stand far from the words that decide | a list's lead, a long sentence's end |
//! | 1 | whose mentions say different things | the strongest counts, or that of the group |
//! | ½ | that is mentioned idly as well | advice about what leaked |
//! | 1 | that notices rarely name (`data/difficulty.toml`) | lists of words lack it |
//!
//! The score is the mean of the categories' points, not their sum: what is measured is how much of a document is hard, however long
//! it is. A quarter of a point more, each, for what makes all of it harder: several groups of people, several documents on the page,
//! another organisation's incident, a voice other than the holder's own (an authority, a paper, a blog), characters or a text that a
//! copy or a perturbation altered. A document that names nothing counts as one point: there is nothing to find but what is not there.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use std::sync::LazyLock;

use memchr::memmem::Finder;
use owabi_corpora::Category;
use owabi_corpora::record::{DataLabel, Mention, Record};
use owabi_corpora::vocabulary::{Genre, Status, Why};
use serde::Deserialize;

use crate::data;

/// The levels.
pub(crate) const LEVELS: RangeInclusive<u8> = 1..=5;

/// Hundredths of a point from which the levels 2 to 5 begin.
const BORDERS: [usize; 4] = [90, 125, 160, 200];
/// A point, in hundredths.
const POINT: usize = 100;
/// What makes the whole document harder, in hundredths of a point.
const SURCHARGE: usize = 25;
/// In characters: a window around a mention mostly reaches less far.
const FAR: usize = 40;
/// What ends a sentence.
const STOP: char = '。';
static FIND_STOP: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("。"));

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    common: BTreeSet<Category>,
}

/// For each category, whether notices name it often.
static COMMON: LazyLock<Vec<bool>> = LazyLock::new(|| {
    let table: Table = data::toml("difficulty.toml", include_str!("../data/difficulty.toml"));
    Category::all().map(|category| table.common.contains(&category)).collect()
});

/// The level of a record, from what stands in it and which perturbations its provenance tells of.
pub fn difficulty(record: &Record) -> u8 {
    let score = score(record);
    LEVELS.start() + BORDERS.iter().filter(|border| score >= **border).count() as u8
}

/// In hundredths of a point.
fn score(record: &Record) -> usize {
    let Record { text, labels, segments, provenance, .. } = record;
    let distractors = || labels.distractors.iter().flatten();
    // A bit for each category that is mentioned idly.
    let idle: u64 = distractors().fold(0, |idle, item| idle | 1 << item.category.index());
    let rare = |category: Category| if COMMON[category.index()] { 0 } else { POINT };
    // By category; those that have points, be they none, have a bit.
    let (mut points, mut named) = ([0; u64::BITS as usize], idle);
    distractors().for_each(|item| points[item.category.index()] = 2 * POINT + rare(item.category));
    for item in labels.data.iter().flatten() {
        let category = item.category.index();
        let differs = item.spans.iter().any(|mention| mention.status.is_some_and(|status| status != item.status));
        let hard = [
            (item.status != Status::Confirmed, POINT),
            (item.status != Status::Denied && is_far(text, item), POINT / 2),
            (differs, POINT),
            (idle >> category & 1 == 1, POINT / 2),
        ];
        let sum: usize = hard.into_iter().filter(|(applies, _)| *applies).map(|(_, points)| points).sum();
        points[category] = sum + rare(item.category);
        named |= 1 << category;
    }
    let mean = points.iter().sum::<usize>().checked_div(named.count_ones() as usize).unwrap_or(POINT);
    let mut mentions = labels.data.iter().flatten().flat_map(|item| &item.spans);
    let whole = [
        mentions.any(|mention| mention.group > Some(1)),
        segments.iter().flatten().count() > 1,
        distractors().any(|item| item.why == Why::OtherIncident),
        !matches!(labels.genre, Some(Genre::Notice | Genre::FirstReport | Genre::Followup) | None),
        provenance.as_ref().is_some_and(|provenance| !provenance.perturbations.is_empty()) || holds_dirt(text),
    ];
    mean + SURCHARGE * whole.into_iter().filter(|point| *point).count()
}

/// Whether all mentions that give a category its status stand far from the words that decide it.
fn is_far(text: &str, item: &DataLabel) -> bool {
    let mut telling = item.spans.iter().filter(|mention| mention.status.is_none_or(|status| status == item.status));
    telling.all(|mention| stands_far(text, mention))
}

/// Whether many characters lie between a mention and the words that decide what it says: in a sentence they stand at its end, over a
/// list above it.
fn stands_far(text: &str, mention: &Mention) -> bool {
    let after = text.get(mention.end..).unwrap_or_default();
    let line = &after[..memchr::memchr(b'\n', after.as_bytes()).unwrap_or(after.len())];
    // Two of a stop's three bytes stand in every kana, so only all three are worth looking for.
    if let Some(at) = FIND_STOP.find(line.as_bytes()) {
        return is_long(&line[..at]);
    }
    let before = text.get(..mention.start).unwrap_or_default();
    // Mostly a list's lead stands far above, and not all between has to be looked through.
    let from = before.len().saturating_sub((FAR + 1) * LONGEST);
    let near = (from..=before.len()).find_map(|at| before.get(at..)).unwrap_or_default();
    is_long(near.rfind(STOP).map_or(before, |at| &near[at + STOP.len_utf8()..]))
}

/// How many bytes a character has at most.
const LONGEST: usize = 4;

/// Whether it has more than [`FAR`] characters, which the number of bytes tells in most cases.
fn is_long(text: &str) -> bool {
    text.len() > FAR && (text.len() > FAR * LONGEST || text.chars().count() > FAR)
}

/// Whether a text holds a character as copies and perturbations leave them.
fn holds_dirt(text: &str) -> bool {
    // The first bytes of all of them, which few others have.
    memchr::memchr2_iter(0xe2, 0xef, text.as_bytes()).any(|at| text[at..].chars().next().is_some_and(is_dirty))
}

/// Radicals for characters, half-width kana, characters without width.
fn is_dirty(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{2fdf}' | '\u{ff65}'..='\u{ff9f}' | '\u{200b}'..='\u{200d}' | '\u{feff}' | '\u{fffd}')
}
