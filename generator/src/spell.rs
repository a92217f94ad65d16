//! From a draft to the text and its labels: what depends on the place in the text is spelled here.
//!
//! Whether a day is 「2024年3月9日」 or 「同月9日」 depends on the day before it.

use owabi_corpora::record::{CountLabel, Labels};
use owabi_corpora::span::Span;
use owabi_corpora::vocabulary::{Bound, Unit};

use crate::draft::{CLOSE, DAY, Draft, OPEN, Spelling};
use crate::facts::Facts;
use crate::style::{self, Said, Style};

/// Spells the days of `text`, a piece of the draft, from its beginning to its end, and parts the marks from it.
pub(crate) fn spell(text: &str, draft: &Draft, style: &Style, facts: &Facts) -> (String, Labels) {
    let year = facts.timeline.posted.or(facts.timeline.published).map(|date| date.year());
    let (mut out, mut labels, mut open) = (String::with_capacity(text.len()), Labels::annotated(), Vec::new());
    // What most texts have.
    labels.data = Some(Vec::with_capacity(16));
    (labels.dates, labels.parties) = (Some(Vec::with_capacity(8)), Some(Vec::with_capacity(8)));
    let mut said = Said::default();
    let mut rest = text;
    while let Some(at) = memchr::memchr3(OPEN as u8, CLOSE as u8, DAY as u8, rest.as_bytes()) {
        let between = &rest[..at];
        out.push_str(between);
        if said.near && memchr::memchr(b'\n', between.as_bytes()).is_some() {
            (said.near, said.dated) = (false, false);
        }
        let mut signs = rest[at..].chars();
        let sign = signs.next();
        if sign == Some(OPEN) {
            open.push(out.len());
            rest = signs.as_str();
            continue;
        }
        let number = signs.next().unwrap_or_default();
        rest = signs.as_str();
        if sign == Some(CLOSE) {
            // Every mark is opened and stands around something: a test says all phrases.
            let start = open.pop().unwrap_or(out.len());
            debug_assert!(start < out.len(), "a mark around nothing");
            if let Some(label) = draft.label(number) {
                label.add_to(&mut labels, &out, Span::new(start, out.len()));
            }
        } else if let Some((spelling, date)) = draft.day_of(number) {
            let mut dated = false;
            match spelling {
                Spelling::Short => dated = style.date(date, &said, year, &mut out),
                Spelling::Full => style.full_date(date, &mut out),
                Spelling::Month => style.month(date, &mut out),
                Spelling::Head => style.head_date(date, &mut out),
                Spelling::Stamp => style::stamp(date, &mut out),
            }
            // After a bare month, 「同月」 and 「同年」 would be read as that month's; after a day of another matter, as in its year.
            let leads = matches!(spelling, Spelling::Short | Spelling::Stamp);
            said = Said { date: leads.then_some(date), near: leads, dated };
        }
    }
    out.push_str(rest);
    debug_assert!(open.is_empty(), "a mark without its end");
    keep_one_total(&mut labels);
    // Marks close in the order of their ends; items are given in the order of the text.
    labels.sort_spans();
    (out, labels)
}

/// Of several overall figures one is the total: an exact one before a rounded one, people before what stands for them, and
/// the largest of these.
fn keep_one_total(labels: &mut Labels) {
    let rank = |count: &CountLabel| (count.total, count.bound == Bound::Exact, count.unit == Unit::Person, count.value);
    let Some(counts) = &mut labels.counts else { return };
    let best = counts.iter().enumerate().max_by_key(|(_, count)| rank(count)).map(|(at, _)| at);
    for (at, count) in counts.iter_mut().enumerate() {
        count.total &= Some(at) == best;
    }
}
