//! Document classification: whether a text contains personal data, and of which categories, as scanners of data-loss prevention tell
//! it, with or without places.
//!
//! A category is contained when a value of it stands in the text, whatever for. Where the only values of a category are malformed, it
//! is not asked: who validates need not report it, and who reports it is not wrong.
//!
//! Whether *the document* contains personal data is asked of two sorts of documents: those that exhibit leaked values, and those that hold no
//! value at all. A notice that holds only its help desk's telephone number and its signatory's name is neither.

use std::collections::{BTreeMap, BTreeSet};

use owabi_corpora::vocabulary::{Status, Use};
use owabi_corpora::{Category, Labels};

use crate::document::error;
use crate::measure::Tally;
use crate::told::Told;

/// What one document says of its contents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contents {
    /// Every category that either side says is contained.
    pub categories: Vec<(Category, ContentScore)>,
    /// Whether the document exhibits values: `None` where it only holds contacts, signatories or malformed values.
    pub exhibit: Option<bool>,
    /// Whether the detector said that anything is contained.
    pub any: bool,
    /// Categories reported without a place (`gold`), of these such as the text holds no value of (`correct`).
    pub unplaced_mentions: Tally,
    /// Categories that the notice denies and holds no value of (`gold`), of these reported as contained (`correct`).
    pub denied: Tally,
}

/// One category of one document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ContentScore {
    /// Contained and reported.
    pub tally: Tally,
    /// Of those right and counted by the detector: how many counts are right.
    pub counts: Tally,
}

impl std::ops::AddAssign for ContentScore {
    fn add_assign(&mut self, other: ContentScore) {
        self.tally += other.tally;
        self.counts += other.counts;
    }
}

impl Contents {
    pub(crate) fn compare(gold: &Labels, told: &Told<'_>) -> Option<Contents> {
        let values = gold.values.as_ref()?;
        let mut there: BTreeMap<Category, (u64, bool)> = BTreeMap::new();
        for item in values {
            let (count, well_formed) = there.entry(item.kind).or_default();
            *count += item.spans.len().max(1) as u64;
            *well_formed |= item.well_formed;
        }
        let mut categories = Vec::new();
        let either: BTreeSet<Category> = there.keys().chain(told.classes.keys()).copied().collect();
        for category in either {
            let (wanted, given) = (there.get(&category), told.classes.get(&category));
            if wanted.is_some_and(|(_, well_formed)| !well_formed) {
                continue;
            }
            let right = wanted.is_some() && given.is_some();
            let tally = Tally { correct: right.into(), predicted: given.is_some().into(), gold: wanted.is_some().into() };
            let count = wanted.zip(given.and_then(|given| given.count)).map(|((wanted, _), given)| Tally::answer(*wanted == given));
            categories.push((category, ContentScore { tally, counts: count.unwrap_or_default() }));
        }
        let exhibits = values.iter().any(|item| item.usage == Use::Exhibit && item.well_formed);
        let mut unplaced_mentions = Tally::default();
        for (category, _) in told.classes.iter().filter(|(_, given)| !given.placed) {
            unplaced_mentions += error(!there.contains_key(category));
        }
        let mut denied = Tally::default();
        for item in gold.data.iter().flatten().filter(|item| item.status == Status::Denied && !there.contains_key(&item.category)) {
            denied += error(told.classes.contains_key(&item.category));
        }
        let exhibit = if exhibits { Some(true) } else { values.is_empty().then_some(false) };
        Some(Contents { categories, exhibit, any: !told.classes.is_empty(), unplaced_mentions, denied })
    }
}
