//! The walks over all labels of a record: over their spans, which are checked, converted, moved and dropped here and nowhere else, and over
//! their scores.

use super::{CauseLabel, CountLabel, DataLabel, DateLabel, DistractorLabel, Labels, Mention, PartyLabel};

/// Where a span stands in [`Labels`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SpanPath {
    /// The field, such as `data`.
    pub field: &'static str,
    /// The item's position in the field.
    pub item: usize,
    /// The span's position in the item.
    pub span: usize,
}

impl std::fmt::Display for SpanPath {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "labels.{}[{}].spans[{}]", self.field, self.item, self.span)
    }
}

impl Labels {
    /// Calls `visit` with the path and every span, so that spans can be checked, converted or moved in one place.
    pub fn visit_spans<E>(&mut self, mut visit: impl FnMut(SpanPath, &mut Mention) -> Result<(), E>) -> Result<(), E> {
        macro_rules! field {
            ($($name:ident),+) => {
                $(for (item, label) in self.$name.iter_mut().flatten().enumerate() {
                    for (span, mention) in label.spans.iter_mut().enumerate() {
                        visit(SpanPath { field: stringify!($name), item, span }, mention)?;
                    }
                })+
            };
        }
        field!(causes, data, counts, dates, parties, values, distractors);
        Ok(())
    }

    /// Calls `visit` with the field, the item's place in it, and its score.
    pub fn visit_scores<E>(&self, mut visit: impl FnMut(&'static str, usize, Option<f64>) -> Result<(), E>) -> Result<(), E> {
        macro_rules! field {
            ($($name:ident),+) => {
                $(for (item, label) in self.$name.iter().flatten().enumerate() {
                    visit(stringify!($name), item, label.score)?;
                })+
            };
        }
        field!(causes, data, counts, dates, parties, values, distractors);
        Ok(())
    }

    /// Drops the spans for which `keep` is false, and the items that lose their last span by it.
    pub fn retain_spans(&mut self, mut keep: impl FnMut(&Mention) -> bool) {
        macro_rules! field {
            ($($name:ident),+) => {
                $(if let Some(items) = &mut self.$name {
                    items.retain_mut(|label| {
                        let before = label.spans.len();
                        label.spans.retain(&mut keep);
                        before == 0 || !label.spans.is_empty()
                    });
                })+
            };
        }
        field!(causes, data, counts, dates, parties, values, distractors);
    }

    /// Brings spans and items into the order of the text. Items without a span come last, in their order.
    pub fn sort_spans(&mut self) {
        macro_rules! field {
            ($($name:ident),+) => {
                $(for items in self.$name.iter_mut() {
                    for item in items.iter_mut() {
                        item.spans.sort_by_key(|mention| (mention.start, mention.end));
                    }
                    items.sort_by_key(|item| item.spans.first().map_or((usize::MAX, 0), |mention| (mention.start, mention.end)));
                })+
            };
        }
        field!(causes, data, counts, dates, parties, values, distractors);
    }

    /// Adds the facts of a further piece of the same text, whose spans count from the same start. A fact that is there already
    /// gets the new spans, a category the stronger status; fields that are not annotated here stay so, and genre, exposure and
    /// their like remain as they are.
    pub fn join(&mut self, other: Labels) {
        macro_rules! field {
            ($name:ident, $key:expr) => {
                if let Some(items) = &mut self.$name {
                    for mut item in other.$name.into_iter().flatten() {
                        let key = $key;
                        match items.iter_mut().find(|known| key(known) == key(&item)) {
                            Some(known) => known.spans.append(&mut item.spans),
                            None => items.push(item),
                        }
                    }
                }
            };
        }
        for item in other.data.iter().flatten() {
            for known in self.data.iter_mut().flatten().filter(|known| known.category == item.category) {
                known.status = known.status.max(item.status);
            }
        }
        field!(causes, |item: &CauseLabel| item.cause);
        field!(data, |item: &DataLabel| item.category);
        field!(counts, |item: &CountLabel| (item.value, item.unit));
        field!(dates, |item: &DateLabel| (item.role, item.date));
        field!(parties, |item: &PartyLabel| (item.role, item.name.clone()));
        field!(distractors, |item: &DistractorLabel| (item.category, item.why));
        // Two telephone numbers are two values.
        if let Some(values) = &mut self.values {
            values.extend(other.values.into_iter().flatten());
        }
        self.sort_spans();
    }
}
