//! Checks of labels that their shape cannot make: are they what they claim to be?

use std::collections::BTreeSet;

use crate::record::{Labels, Mention, Record, Segment};
use crate::span::Span;
use crate::vocabulary::{Exposure, Genre};

/// A label that is not what it claims to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Where, such as `labels.data[3]`.
    pub path: String,
    /// What is wrong.
    pub message: String,
}

/// Everything that is wrong with a record whose spans lie inside its text, as [`crate::jsonl`] ensures.
pub fn record(record: &Record) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut report = |path: String, message: String| findings.push(Finding { path, message });
    labels("labels", &record.text, &record.labels, &mut report);
    for (index, segment) in record.segments.iter().flatten().enumerate() {
        let path = format!("segments[{index}].labels");
        labels(&path, &record.text, &segment.labels, &mut report);
        inside(&path, segment, &mut report);
    }
    if let Some(segments) = record.segments.as_deref().filter(|segments| !segments.is_empty()) {
        covering(&record.text, segments, &mut report);
        union(&record.labels, segments, &mut report);
    }
    findings
}

type Report<'a> = dyn FnMut(String, String) + 'a;

fn labels(path: &str, text: &str, labels: &Labels, report: &mut Report<'_>) {
    macro_rules! places {
        ($($name:ident),+) => {
            $(for (index, item) in labels.$name.iter().flatten().enumerate() {
                let path = format!("{path}.{}[{index}]", stringify!($name));
                mentions(&path, text, &item.spans, item.evidence.as_deref(), report);
            })+
        };
    }
    places!(causes, data, counts, dates, parties, values, distractors);

    for (index, item) in labels.data.iter().flatten().enumerate() {
        let strongest = item.spans.iter().map(|mention| mention.status.unwrap_or(item.status)).max();
        if let Some(strongest) = strongest.filter(|strongest| *strongest != item.status) {
            report(format!("{path}.data[{index}].status"), format!("`{}`, but its strongest mention is `{strongest}`", item.status));
        }
    }
    once(path, "causes", labels.causes.iter().flatten().map(|item| item.cause), report);
    once(path, "counts", labels.counts.iter().flatten().map(|item| (item.value, item.unit, item.bound, item.group)), report);
    once(path, "dates", labels.dates.iter().flatten().map(|item| (item.role, item.date, item.time, item.stage)), report);
    once(path, "parties", labels.parties.iter().flatten().map(|item| (item.role, &item.name)), report);

    let leaked: BTreeSet<_> =
        labels.data.iter().flatten().flat_map(|item| item.spans.iter().map(|mention| (item.category, mention.span()))).collect();
    for (index, item) in labels.distractors.iter().flatten().enumerate() {
        if item.spans.iter().any(|mention| leaked.contains(&(item.category, mention.span()))) {
            report(format!("{path}.distractors[{index}]"), format!("one mention of `{}` both asserts and asserts nothing", item.category));
        }
    }
    for (index, item) in labels.parties.iter().flatten().enumerate().filter(|(_, item)| item.name.trim().is_empty()) {
        report(format!("{path}.parties[{index}].name"), format!("the {} has no name", item.role));
    }
    if let (Some(genre), Some(exposure)) = (labels.genre, labels.exposure)
        && (genre == Genre::Unrelated) != (exposure == Exposure::NotApplicable)
    {
        report(format!("{path}.exposure"), format!("`{exposure}` does not go with the genre `{genre}`"));
    }
    if let Some(duty) = labels.reportability.as_ref().filter(|duty| duty.required != duty.reason.required()) {
        report(format!("{path}.reportability.required"), format!("does not go with the reason `{}`", duty.reason));
    }
}

fn mentions(path: &str, text: &str, mentions: &[Mention], evidence: Option<&str>, report: &mut Report<'_>) {
    let mut met = BTreeSet::new();
    for (index, mention) in mentions.iter().enumerate() {
        let path = || format!("{path}.spans[{index}]");
        match text.get(mention.span().range()) {
            None => report(path(), "not inside the text".to_owned()),
            Some(surface) if surface.trim().is_empty() => report(path(), "covers nothing but spaces".to_owned()),
            Some(_) => {}
        }
        if !met.insert((mention.span(), mention.group)) {
            report(path(), "stands twice".to_owned());
        }
    }
    let first = mentions.first().and_then(|mention| text.get(mention.span().range()));
    if let Some((evidence, first)) = evidence.zip(first).filter(|(evidence, first)| evidence != first) {
        report(format!("{path}.evidence"), format!("`{evidence}` is not the text of the first span, `{first}`"));
    }
}

fn once<T: Ord>(path: &str, field: &str, keys: impl Iterator<Item = T>, report: &mut Report<'_>) {
    let mut met = BTreeSet::new();
    for (index, key) in keys.enumerate() {
        if !met.insert(key) {
            report(format!("{path}.{field}[{index}]"), "stands twice; give one item with all its spans".to_owned());
        }
    }
}

fn inside(path: &str, segment: &Segment, report: &mut Report<'_>) {
    let place = Span::new(segment.start, segment.end);
    let _ = segment.labels.clone().visit_spans(|span, mention| {
        if !place.contains(mention.span()) {
            report(format!("{path}.{}", &span.to_string()["labels.".len()..]), "outside its segment".to_owned());
        }
        Ok::<(), std::convert::Infallible>(())
    });
}

/// Documents follow each other without gap or overlap, from the first byte of the text to its last.
fn covering(text: &str, segments: &[Segment], report: &mut Report<'_>) {
    let mut expected = 0;
    for (index, segment) in segments.iter().enumerate() {
        if segment.start != expected || segment.end <= segment.start || !text.is_char_boundary(segment.end) {
            let message = format!("from {} to {}, but the one before ends at {expected}", segment.start, segment.end);
            report(format!("segments[{index}]"), message);
        }
        expected = segment.end;
    }
    if expected != text.len() {
        report("segments".to_owned(), format!("the last ends at {expected}, the text at {}", text.len()));
    }
}

/// The page's labels must be the union of its segments', where both are annotated.
fn union(page: &Labels, segments: &[Segment], report: &mut Report<'_>) {
    if page.total().is_some() {
        report("labels.counts".to_owned(), "a page of several documents has no total".to_owned());
    }
    let union = crate::page::union(segments);
    let mut check = |field: &str, same: bool, message: &str| {
        if !same {
            report(format!("labels.{field}"), message.to_owned());
        }
    };
    check("exposure", agree(&page.exposure, &union.exposure), "not the strongest of the segments'");
    check("genre", agree(&page.genre, &union.genre), "not that of the first segment with an incident");
    check("via_vendor", agree(&page.via_vendor, &union.via_vendor), "not what the segments say");
    let primary = page.causes.is_none() || union.causes.is_none() || page.primary_cause() == union.primary_cause();
    check("causes", primary, "the primary one is not that of the first segment with an incident");
    macro_rules! facts {
        ($field:ident, |$item:ident| $fact:expr, $message:literal) => {
            let facts = |labels: &Labels| labels.$field.as_ref().map(|items| items.iter().map(|$item| $fact).collect::<BTreeSet<_>>());
            check(stringify!($field), agree(&facts(page), &facts(&union)), $message);
        };
    }
    facts!(causes, |item| item.cause, "not the union of the segments'");
    facts!(data, |item| (item.category, item.status), "not the union of the segments', each category with its strongest status");
    facts!(counts, |item| (item.value, item.unit), "not the union of the segments'");
    facts!(dates, |item| (item.role, item.date), "not the union of the segments'");
    facts!(parties, |item| (item.role, item.name.clone()), "not the union of the segments'");
}

fn agree<T: PartialEq>(page: &Option<T>, union: &Option<T>) -> bool {
    page.is_none() || union.is_none() || page == union
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markup;
    use crate::vocabulary::Status;

    fn marked(text: &str) -> Record {
        let (text, labels) = markup::parse(text).unwrap();
        Record::new("a", text, labels)
    }

    fn paths(record: &Record) -> Vec<String> {
        super::record(record).into_iter().map(|finding| finding.path).collect()
    }

    const GOOD: &str = "⟦氏名|name:possible⟧と⟦口座|bank_account:denied⟧、⟦10名|count:10:person:total⟧、⟦紛失|cause:loss!⟧";

    #[test]
    fn good_labels_pass() {
        assert_eq!(paths(&marked(GOOD)), Vec::<String>::new());
    }

    #[test]
    fn every_lie_is_found() {
        type Change = fn(&mut Record);
        let cases: [(Change, &str); 11] = [
            (|r| r.labels.data.as_mut().unwrap()[0].status = Status::Denied, "labels.data[0].status"),
            (|r| r.labels.data.as_mut().unwrap()[0].evidence = Some("住所".into()), "labels.data[0].evidence"),
            (|r| r.labels.data.as_mut().unwrap()[0].spans[0].end = 999, "labels.data[0].spans[0]"),
            (|r| r.text = r.text.replace("氏名", "　　"), "labels.data[0].spans[0]"),
            (
                |r| {
                    let span = r.labels.data.as_ref().unwrap()[1].spans[0];
                    r.labels.data.as_mut().unwrap()[1].spans.push(span);
                },
                "labels.data[1].spans[1]",
            ),
            (
                |r| {
                    let twin = r.labels.causes.as_ref().unwrap()[0].clone();
                    r.labels.causes.as_mut().unwrap().push(twin);
                },
                "labels.causes[1]",
            ),
            (|r| (r.labels.genre, r.labels.exposure) = (Some(Genre::Unrelated), Some(Exposure::Possible)), "labels.exposure"),
            (
                |r| {
                    let item = &r.labels.data.as_ref().unwrap()[0];
                    let twin = crate::record::DistractorLabel::new(item.category, crate::vocabulary::Why::Held, item.spans.clone());
                    r.labels.distractors = Some(vec![twin]);
                },
                "labels.distractors[0]",
            ),
            (
                |r| {
                    let half = |start, end, labels| Segment { start, end, labels, extra: Default::default() };
                    let labels = Labels { counts: Some(vec![]), ..r.labels.clone() };
                    r.segments = Some(vec![half(0, 9, Labels::default()), half(9, r.text.len(), labels)]);
                },
                "segments[1].labels.data[0].spans[0]",
            ),
            (
                |r| {
                    let segment = |start, end| Segment { start, end, labels: Labels::default(), extra: Default::default() };
                    r.segments = Some(vec![segment(0, 9), segment(12, r.text.len())]);
                },
                "segments[1]",
            ),
            (
                |r| {
                    let labels = Labels { counts: Some(vec![]), dates: Some(vec![]), ..r.labels.clone() };
                    r.segments = Some(vec![Segment { start: 0, end: r.text.len() - 3, labels, extra: Default::default() }]);
                },
                "segments",
            ),
        ];
        for (change, path) in cases {
            let mut record = marked(GOOD);
            change(&mut record);
            assert!(paths(&record).contains(&path.to_owned()), "{path}: {:?}", paths(&record));
        }
    }
}
