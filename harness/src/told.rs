//! What a detector's answer says, in one form: its labels in our categories, its findings among them.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::BitOrAssign;

use owabi_corpora::record::{DataLabel, ValueLabel};
use owabi_corpora::vocabulary::Use;
use owabi_corpora::{Category, Finding, Labels};
use serde::{Deserialize, Serialize};

use crate::document::Predicted;
use crate::label_map::{LabelMap, Meaning, surer};

/// What can be scored of a detector's answers: a detector that only finds values has said nothing about causes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Tasks {
    /// What leaked, why, for how many: there were `labels`, or findings with a status.
    pub notice_understanding: bool,
    /// Where personal data stands in the text: there were values, or findings with a place.
    pub value_detection: bool,
    /// Whether a document contains personal data, and of which categories: values or findings, placed or not.
    pub document_classification: bool,
}

impl BitOrAssign for Tasks {
    fn bitor_assign(&mut self, other: Tasks) {
        self.notice_understanding |= other.notice_understanding;
        self.value_detection |= other.value_detection;
        self.document_classification |= other.document_classification;
    }
}

/// An answer, understood.
pub(crate) struct Told<'a> {
    /// In classes of the map. Values found are among them.
    pub(crate) labels: Cow<'a, Labels>,
    pub(crate) tasks: Tasks,
    /// The fields of a notice that the answer says something about.
    pub(crate) fields: BTreeSet<&'static str>,
    /// Whether values say why they stand there and whether they are valid: findings do not.
    pub(crate) describes_values: bool,
    /// What the text is said to contain, placed or not.
    pub(crate) classes: BTreeMap<Category, Contained>,
    /// Every label of a finding, with how often the map did not know it.
    pub(crate) seen: BTreeMap<String, u64>,
    pub(crate) unknown: BTreeSet<String>,
}

/// That a text contains a category.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Contained {
    /// How often, where that is told.
    pub(crate) count: Option<u64>,
    /// Whether at least one place is told.
    pub(crate) placed: bool,
    pub(crate) score: Option<f64>,
}

impl<'a> Told<'a> {
    pub(crate) fn new(predicted: Option<Predicted<'a>>, map: &LabelMap) -> Told<'a> {
        let labels = match predicted.and_then(|predicted| predicted.labels) {
            None => Cow::Owned(Labels::default()),
            Some(labels) => map.coarsened(labels),
        };
        let values = labels.values.is_some();
        let mut told = Told {
            tasks: Tasks {
                notice_understanding: predicted.is_some_and(|predicted| predicted.labels.is_some_and(reads_notices)),
                value_detection: values,
                document_classification: values,
            },
            fields: predicted.and_then(|predicted| predicted.labels).map(told_fields).unwrap_or_default(),
            describes_values: true,
            classes: BTreeMap::new(),
            seen: BTreeMap::new(),
            unknown: BTreeSet::new(),
            labels,
        };
        for item in told.labels.values.iter().flatten() {
            let found = told.classes.entry(item.kind).or_default();
            found.count = Some(found.count.unwrap_or(0) + item.spans.len().max(1) as u64);
            found.placed |= !item.spans.is_empty();
            found.score = surer(found.score, item.score);
        }
        if let Some(findings) = predicted.and_then(|predicted| predicted.findings) {
            told.add(findings, map);
        }
        told
    }

    fn add(&mut self, findings: &[Finding], map: &LabelMap) {
        // A detector that answers findings looks for values, also where it finds none. Only one that never tells a place does not
        // say where they are.
        self.tasks.document_classification = true;
        self.describes_values = false;
        let labels = self.labels.to_mut();
        for finding in findings {
            *self.seen.entry(finding.label.clone()).or_default() += 1;
            let class = match map.meaning(&finding.label) {
                Meaning::Class(class) => class,
                Meaning::Ignored => continue,
                Meaning::Unknown => {
                    self.unknown.insert(finding.label.clone());
                    continue;
                }
            };
            let spans = finding.span().map(Into::into).into_iter().collect::<Vec<_>>();
            if let Some(status) = finding.status {
                self.tasks.notice_understanding = true;
                self.fields.insert("data");
                let items = labels.data.get_or_insert_default();
                match items.iter_mut().find(|item| item.category == class) {
                    Some(item) => {
                        item.status = item.status.max(status);
                        item.score = surer(item.score, finding.score);
                        item.spans.extend(spans);
                    }
                    None => items.push(DataLabel { score: finding.score, ..DataLabel::new(class, status, spans) }),
                }
                continue;
            }
            let placed = !spans.is_empty();
            let found = self.classes.entry(class).or_default();
            found.count = match (placed, finding.count) {
                (true, _) => Some(found.count.unwrap_or(0) + 1),
                (false, Some(count)) => Some(found.count.unwrap_or(0) + count),
                (false, None) => found.count,
            };
            found.placed |= placed;
            found.score = surer(found.score, finding.score);
            if placed {
                self.tasks.value_detection = true;
                let value = ValueLabel { score: finding.score, ..ValueLabel::new(class, Use::Exhibit, true, spans) };
                labels.values.get_or_insert_default().push(value);
            }
        }
    }
}

/// The fields of a notice, in the order of the reports.
pub(crate) const FIELDS: [&str; 7] = ["data", "causes", "counts", "dates", "parties", "exposure", "genre"];

/// Those of [`FIELDS`] that labels say something about.
pub(crate) fn told_fields(labels: &Labels) -> BTreeSet<&'static str> {
    let told = [
        labels.data.is_some(),
        labels.causes.is_some(),
        labels.counts.is_some(),
        labels.dates.is_some(),
        labels.parties.is_some(),
        labels.exposure.is_some(),
        labels.genre.is_some(),
    ];
    FIELDS.into_iter().zip(told).filter_map(|(field, told)| told.then_some(field)).collect()
}

/// Labels that hold nothing but values come from a detector that reads no notices; empty ones from one that found nothing in this.
fn reads_notices(labels: &Labels) -> bool {
    !told_fields(labels).is_empty() || labels.values.is_none()
}
