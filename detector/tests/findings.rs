//! Snapshots of what the detector finds, to be read in the diff before they are accepted (`cargo insta review`).
//!
//! Snapshots of real documents hold positions (bytes), ids, numbers and dates only: their words are not ours.

use std::fmt::Write;

use owabi_corpora::record::Mention;
use owabi_corpora::{Labels, handwritten, real};
use owabi_detector::Detector;

fn places(spans: &[Mention]) -> String {
    spans.iter().map(|mention| format!(" {}..{}", mention.start, mention.end)).collect()
}

fn surfaces(text: &str, spans: &[Mention]) -> String {
    spans.iter().map(|mention| format!("「{}」", &text[mention.span().range()])).collect()
}

/// One line a finding; `words` shows a place.
fn report(labels: &Labels, words: impl Fn(&[Mention]) -> String) -> String {
    let mut out = String::new();
    let id = |id: Option<&'static str>| id.unwrap_or("-");
    let via = if labels.via_vendor == Some(true) { ", via vendor" } else { "" };
    let _ =
        writeln!(out, "{}, exposure {}{via}", id(labels.genre.map(|genre| genre.id())), id(labels.exposure.map(|exposure| exposure.id())));
    for item in labels.causes.iter().flatten() {
        let _ = writeln!(out, "cause {}{} {}", item.cause, if item.primary { "!" } else { "" }, words(&item.spans));
    }
    for item in labels.data.iter().flatten() {
        let _ = writeln!(out, "data {} {} {}", item.category, item.status, words(&item.spans));
    }
    for item in labels.counts.iter().flatten() {
        let total = if item.total { " total" } else { "" };
        let _ = writeln!(out, "count {} {} {}{total} {}", item.value, item.unit, item.bound, words(&item.spans));
    }
    for item in labels.dates.iter().flatten() {
        let time = item.time.map(|time| format!(" {time}")).unwrap_or_default();
        let stage = item.stage.map(|stage| format!(" {stage}")).unwrap_or_default();
        let _ = writeln!(out, "date {} {}{time}{stage} {}", item.role, item.date, words(&item.spans));
    }
    for item in labels.parties.iter().flatten() {
        let _ = writeln!(out, "party {} {}", item.role, words(&item.spans));
    }
    for item in labels.values.iter().flatten() {
        let _ =
            writeln!(out, "value {} {}{} {}", item.kind, item.usage, if item.well_formed { "" } else { " malformed" }, words(&item.spans));
    }
    for item in labels.distractors.iter().flatten() {
        let _ = writeln!(out, "no {} {} {}", item.category, item.why, words(&item.spans));
    }
    out
}

#[test]
fn handwritten_notices() {
    let detector = Detector::builtin();
    let chosen = ["a07-", "a10-", "a19-", "b09-", "b13-", "c01-", "d06-"];
    for record in handwritten::load(handwritten::FOLDER.as_ref()).unwrap() {
        if chosen.iter().any(|prefix| record.id.starts_with(prefix)) {
            let found = detector.detect(&record.text);
            insta::assert_snapshot!(record.id.as_str(), report(&found, |spans| surfaces(&record.text, spans)));
        }
    }
}

#[test]
fn real_documents_of_the_development_half() {
    let Ok(folder) = std::env::var("OWABI_REAL_CORPUS") else {
        eprintln!("SKIPPED: set OWABI_REAL_CORPUS to the folder that holds documents/ to run this test");
        return;
    };
    let detector = Detector::builtin();
    let mut seen = 0;
    for record in real::load(folder.as_ref()).unwrap().iter().filter(|record| real::Half::of(&record.id) == real::Half::Development) {
        insta::assert_snapshot!(format!("real-{}", record.id), report(&detector.detect(&record.text), places));
        seen += 1;
    }
    assert_eq!(seen, 15);
}
