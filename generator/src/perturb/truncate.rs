//! `truncate`: the text ends early, as previews, quotations and broken downloads do.

use owabi_corpora::edits::{self, Edit};
use owabi_corpora::record::{Labels, Record};
use owabi_corpora::vocabulary::PartyRole;

use super::marks::Mentions;
use super::text::gaps;
use super::{Change, settle};
use crate::draw::Draw;

/// Cuts between two paragraphs in the latter half, so that no sentence is parted from the list it speaks of. What the document says as a whole
/// must still be said before the cut: its exposure, its primary cause, its total and its vendor. A page may also end after
/// one of its documents.
pub(super) fn change(record: &Record, draw: &mut Draw) -> Option<Change> {
    let text = &record.text;
    // The last document of a page, or the only one.
    let (start, labels) = match record.segments.as_deref() {
        Some([.., last]) => (last.start, &last.labels),
        _ => (0, &record.labels),
    };
    if start > text.len() || has_bare_items(&record.labels) {
        return None;
    }
    let mentions = Mentions::of(record);
    let half = start + (text.len() - start) / 2;
    let inside = gaps(text)
        .into_iter()
        .map(|gap| gap.end)
        .filter(|at| *at > half && mentions.inside(*at).next().is_none() && says_the_same(labels, *at));
    let mut cuts: Vec<usize> = inside.collect();
    cuts.extend(record.segments.iter().flatten().skip(1).map(|segment| segment.start).filter(|at| *at * 2 > text.len()));
    if cuts.is_empty() {
        return None;
    }
    let cut = *draw.pick(&cuts);
    let kept = text[..cut].trim_end().len();
    Change::of(vec![Edit::new(kept..text.len(), "")])
}

/// The longest beginning of a single document that ends between two paragraphs and has `most` bytes at most; `None` where there is none.
///
/// Unlike [`change`] it may end before the document has said what it says as a whole. Then nothing is claimed of that: exposure, vendor and,
/// without the primary one, causes are not annotated.
pub(crate) fn cut(record: &Record, most: usize) -> Option<Record> {
    if record.segments.is_some() || has_bare_items(&record.labels) {
        return None;
    }
    let mentions = Mentions::of(record);
    let ends = gaps(&record.text).into_iter().map(|gap| gap.start).take_while(|end| *end <= most);
    let end = ends.filter(|end| mentions.inside(*end).next().is_none()).last()?;
    let mut short = edits::apply(record, &[Edit::new(end..record.text.len(), "")]).ok()?;
    settle(&mut short.labels);
    if !says_the_same(&record.labels, end) {
        (short.labels.exposure, short.labels.via_vendor) = (None, None);
    }
    if short.labels.primary_cause() != record.labels.primary_cause() {
        short.labels.causes = None;
    }
    Some(short)
}

/// Items that point at no place: nobody knows whether they are said before the cut.
fn has_bare_items(labels: &Labels) -> bool {
    let mut bare = labels.clone();
    // An item without spans has none to lose, and stays.
    bare.retain_spans(|_| false);
    macro_rules! any {
        ($($field:ident),+) => { $(bare.$field.iter().flatten().next().is_some())||+ };
    }
    any!(causes, data, counts, dates, parties, values, distractors)
}

/// Whether the facts of the whole document are told before the cut.
fn says_the_same(labels: &Labels, cut: usize) -> bool {
    let mut before = labels.clone();
    before.retain_spans(|mention| mention.end <= cut);
    let strongest = |labels: &Labels| {
        let personal = labels.data.iter().flatten().filter(|item| item.category.is_personal());
        personal.flat_map(|item| item.spans.iter().map(|mention| mention.status.unwrap_or(item.status))).max()
    };
    let vendor = |labels: &Labels| labels.parties.iter().flatten().any(|party| party.role == PartyRole::Vendor);
    let total = |labels: &Labels| labels.total().map(|total| total.value);
    strongest(&before) == strongest(labels)
        && vendor(&before) == vendor(labels)
        && before.primary_cause() == labels.primary_cause()
        && total(&before) == total(labels)
}
