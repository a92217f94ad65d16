//! A page: one document, or several below each other (a digest), each with labels of its own.
//!
//! ```
//! use owabi_corpora::markup;
//! use owabi_corpora::page::union;
//! use owabi_corpora::record::Segment;
//!
//! let (first, labels) = markup::parse("⟦氏名|name:possible⟧").unwrap();
//! let first = Segment::at(0, first.len(), labels);
//! let (second, labels) = markup::parse("⟦お名前|name:confirmed⟧").unwrap();
//! let second = Segment::at(first.end, second.len(), labels);
//!
//! let data = union(&[first, second]).data.unwrap();
//! assert_eq!((data.len(), data[0].status.id(), data[0].spans[1].start), (1, "confirmed", 6));
//! ```

use std::collections::BTreeMap;

use crate::record::{Extra, Labels, Mention, Segment};
use crate::vocabulary::Genre;

/// What a page states: its labels and, where it holds several documents, those of each.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Page {
    /// What the page as a whole states; where it has segments, their [`union`].
    pub labels: Labels,
    /// The documents, in order and covering the text; `None` for a page of one document.
    pub segments: Option<Vec<Segment>>,
}

impl Page {
    /// A page of these documents. Fewer than two are no segments: the page is that document.
    pub fn of(mut segments: Vec<Segment>) -> Page {
        match segments.len() {
            0 | 1 => Page { labels: segments.pop().map(|segment| segment.labels).unwrap_or_default(), segments: None },
            _ => Page { labels: union(&segments), segments: Some(segments) },
        }
    }
}

impl Segment {
    /// The document of `length` bytes that begins at `start`, with `labels` whose spans count from its own first byte.
    pub fn at(start: usize, length: usize, mut labels: Labels) -> Segment {
        let _ = labels.visit_spans(|_, mention| {
            (mention.start, mention.end) = (mention.start + start, mention.end + start);
            Ok::<(), std::convert::Infallible>(())
        });
        Segment { start, end: start + length, labels, extra: Extra::default() }
    }
}

/// The labels of a page from those of its documents.
///
/// * A field is annotated where every segment annotates it.
/// * `genre` and the primary cause are those of the first segment that is not `unrelated`; `exposure` is the strongest;
///   `via_vendor` is true where any is.
/// * Each fact is one item with the spans of all segments, in their order: a category with its strongest status, a cause, a
///   count by (value, unit), a date by (role, date), a party by (role, name), a distractor by (category, why). What else an item
///   says is what the first says of it. Values stay as they are: two telephone numbers are two values.
/// * No count is the total, no group has a number, and there is no `reportability`: all three are of one document only.
pub fn union(segments: &[Segment]) -> Labels {
    let parts = || segments.iter().map(|segment| &segment.labels);
    let incident = parts().find(|part| part.genre.is_some_and(|genre| genre != Genre::Unrelated));
    let primary = incident.and_then(Labels::primary_cause);
    macro_rules! merged {
        ($field:ident, |$item:ident| $key:expr, |$into:ident, $from:ident| $join:block) => {
            all(parts().map(|part| part.$field.as_ref())).map(|lists| {
                merge(
                    lists.into_iter().flatten().cloned(),
                    |$item| $key,
                    |$into, $from| {
                        $join
                        $into.spans.append(&mut $from.spans);
                    },
                )
            })
        };
    }
    let mut labels = Labels {
        genre: all(parts().map(|part| part.genre)).and_then(|genres| incident.and_then(|part| part.genre).or(genres.first().copied())),
        exposure: all(parts().map(|part| part.exposure)).and_then(|found| found.into_iter().max_by_key(|exposure| exposure.rank())),
        via_vendor: all(parts().map(|part| part.via_vendor)).map(|found| found.contains(&true)),
        causes: merged!(causes, |item| item.cause, |into, from| {}),
        data: merged!(data, |item| item.category, |into, from| {
            if from.status > into.status {
                (into.status, into.score, into.cue) = (from.status, from.score, from.cue.take());
            }
        }),
        counts: merged!(counts, |item| (item.value, item.unit), |into, from| {}),
        dates: merged!(dates, |item| (item.role, item.date), |into, from| {
            into.time = into.time.or(from.time);
            into.stage = into.stage.or(from.stage);
        }),
        parties: merged!(parties, |item| (item.role, item.name.clone()), |into, from| {}),
        values: all(parts().map(|part| part.values.as_ref())).map(|lists| lists.into_iter().flatten().cloned().collect()),
        distractors: merged!(distractors, |item| (item.category, item.why), |into, from| {}),
        // A duty is one of one incident: it stands with its segment.
        reportability: None,
        extra: Extra::default(),
    };
    labels.causes.iter_mut().flatten().for_each(|item| item.primary = Some(item.cause) == primary);
    labels.counts.iter_mut().flatten().for_each(|item| (item.total, item.group) = (false, None));
    let _ = labels.visit_spans(|_, mention: &mut Mention| {
        mention.group = None;
        Ok::<(), std::convert::Infallible>(())
    });
    labels
}

/// All of them, or nothing where one is missing.
fn all<T>(parts: impl Iterator<Item = Option<T>>) -> Option<Vec<T>> {
    parts.collect()
}

/// One item a key, in the order of the first; `join` adds a later item to it.
fn merge<I, K: Ord>(items: impl Iterator<Item = I>, key: impl Fn(&I) -> K, join: impl Fn(&mut I, &mut I)) -> Vec<I> {
    let mut merged: Vec<I> = Vec::new();
    let mut known: BTreeMap<K, usize> = BTreeMap::new();
    for mut item in items {
        match known.get(&key(&item)) {
            Some(&index) => join(&mut merged[index], &mut item),
            None => {
                known.insert(key(&item), merged.len());
                merged.push(item);
            }
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markup;
    use crate::record::Record;
    use crate::vocabulary::{Exposure, Status};

    fn segments(parts: &[(&str, Genre, Exposure)]) -> Vec<Segment> {
        let mut start = 0;
        let segment = |&(marked, genre, exposure): &(&str, Genre, Exposure)| {
            let (text, labels) = markup::parse(marked).unwrap();
            let labels = Labels { genre: Some(genre), exposure: Some(exposure), via_vendor: Some(false), ..labels };
            let segment = Segment::at(start, text.len(), labels);
            start = segment.end;
            segment
        };
        parts.iter().map(segment).collect()
    }

    const PAGE: [(&str, Genre, Exposure); 3] = [
        ("⟦パスワード|no:password:advice⟧の⟦電話|value:phone:contact⟧", Genre::Unrelated, Exposure::NotApplicable),
        (
            "⟦架空社|party:breached⟧の⟦盗難|cause:theft!⟧で⟦氏名|name:possible@1⟧⟦10名|count:10:person:total@1⟧、⟦住所|address:denied⟧、⟦1日|date:published:2024-02-01⟧",
            Genre::Notice,
            Exposure::Possible,
        ),
        (
            "⟦誤送信|cause:misdelivery!⟧と⟦盗難|cause:theft⟧で⟦氏名|name:confirmed@2⟧と⟦住所|address:possible⟧、⟦10名|count:10:person:total⟧、⟦架空社|party:breached⟧、⟦1日|date:published:2024-02-01⟧",
            Genre::Followup,
            Exposure::Confirmed,
        ),
    ];

    #[test]
    fn facts_are_one_item_each_and_the_first_incident_leads() {
        let mut segments = segments(&PAGE);
        segments[2].labels.via_vendor = Some(true);
        let page = union(&segments);
        assert_eq!((page.genre, page.exposure, page.via_vendor), (Some(Genre::Notice), Some(Exposure::Confirmed), Some(true)));
        assert_eq!(page.primary_cause().unwrap().id(), "theft");
        assert_eq!(page.total(), None);
        let data: Vec<_> = page.data.iter().flatten().map(|item| (item.category.id(), item.status, item.spans.len())).collect();
        assert_eq!(data, [("name", Status::Confirmed, 2), ("address", Status::Possible, 2)]);
        assert!(page.data.iter().flatten().flat_map(|item| &item.spans).all(|mention| mention.group.is_none()));
        for (one, spans) in [
            (page.counts.as_ref().map(|items| (items.len(), items[0].spans.len())), 2),
            (page.dates.as_ref().map(|items| (items.len(), items[0].spans.len())), 2),
            (page.parties.as_ref().map(|items| (items.len(), items[0].spans.len())), 2),
            (page.values.as_ref().map(|items| (items.len(), items[0].spans.len())), 1),
        ] {
            assert_eq!(one, Some((1, spans)));
        }
        let causes: Vec<_> = page.causes.iter().flatten().map(|item| (item.cause.id(), item.primary, item.spans.len())).collect();
        assert_eq!(causes, [("theft", true, 2), ("misdelivery", false, 1)]);
        // Every span still points at its own words.
        let text: String = PAGE.iter().map(|(marked, ..)| markup::parse(marked).unwrap().0).collect();
        let theft = &page.causes.as_ref().unwrap()[0].spans;
        assert!(theft.iter().all(|mention| &text[mention.span().range()] == "盗難"));
        let record = Record { segments: Some(segments), ..Record::new("a", text, page) };
        assert_eq!(crate::verify::record(&record), []);
    }

    #[test]
    fn what_one_segment_leaves_open_the_page_leaves_open() {
        let mut segments = segments(&PAGE);
        segments[0].labels.dates = None;
        segments[0].labels.exposure = None;
        let page = union(&segments);
        assert_eq!((page.dates, page.exposure), (None, None));
        assert!(page.data.is_some());
    }

    #[test]
    fn a_page_of_one_document_is_that_document() {
        let mut one = segments(&PAGE[1..2]);
        assert_eq!(Page::of(one.clone()), Page { labels: one.remove(0).labels, segments: None });
        let unrelated = segments(&[PAGE[0], PAGE[0]]);
        let page = Page::of(unrelated);
        assert_eq!((page.labels.genre, page.labels.exposure), (Some(Genre::Unrelated), Some(Exposure::NotApplicable)));
        assert_eq!(page.segments.unwrap().len(), 2);
        assert_eq!(Page::of(vec![]), Page::default());
    }
}
