//! Pages made of single documents below each other, a blank line between: are they taken apart again, and is each read right?
//!
//! `cargo test -p owabi --test pages -- --nocapture` prints the figures.

use owabi_corpora::real::{self, Half};
use owabi_corpora::record::Segment;
use owabi_corpora::{Page, Reading, Record, handwritten};
use owabi_detector::Detector;
use owabi_harness::results::SegmentResult;
use owabi_harness::{Scorer, Settings};

/// 40 pages of two to five different documents in an order that is fixed and looks like none.
fn pages(documents: &[Record]) -> Vec<Record> {
    let mut state = 1u64;
    let mut below = |bound: usize| {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 33) as usize % bound
    };
    let page = |number| {
        let mut left: Vec<&Record> = documents.iter().collect();
        let mut text = String::new();
        let mut segments: Vec<Segment> = Vec::new();
        for _ in 0..2 + below(4) {
            let document = left.swap_remove(below(left.len()));
            let start = text.len();
            text.push_str(document.text.trim_end());
            text.push_str("\n\n");
            // Gold that ends in white space would point past the document.
            segments.push(Segment::at(start, text.len() - start, document.labels.clone()));
        }
        let Page { labels, segments } = Page::of(segments);
        Record { segments, ..Record::new(format!("page-{number}"), text, labels) }
    };
    (0..40).map(page).collect()
}

#[allow(clippy::print_stdout)]
fn score(name: &str, documents: &[Record]) -> SegmentResult {
    let detector = Detector::builtin();
    let mut scorer = Scorer::new(Settings { resamples: 10, ..Settings::default() });
    for page in pages(documents) {
        scorer.add(&page, Ok((&Reading::from(detector.page(&page.text))).into()));
    }
    let found = scorer.finish().segments.unwrap();
    println!("{name}: borders {:?}\n{name}: data {:?}", found.borders, found.fields["data"]);
    found
}

#[test]
fn pages_of_handwritten_notices() {
    let notices = handwritten::load(handwritten::FOLDER.as_ref()).unwrap();
    let found = score("hand-written", &notices);
    assert!(found.borders.precision > Some(0.95) && found.borders.f1 > Some(0.88), "{:?}", found.borders);
    assert!(found.fields["data"].f1 > Some(0.80), "{:?}", found.fields["data"]);
    let unread: Vec<Record> = notices.into_iter().filter(|notice| notice.id.starts_with(['m', 'q'])).collect();
    let found = score("hand-written, batches m and q, which nobody learnt from", &unread);
    assert!(found.borders.precision > Some(0.95) && found.borders.f1 > Some(0.85), "{:?}", found.borders);
}

#[test]
#[allow(clippy::print_stderr)]
fn pages_of_real_documents() {
    let Some(folder) = std::env::var_os("OWABI_REAL_CORPUS") else {
        eprintln!("SKIPPED: OWABI_REAL_CORPUS does not name the folder of the real documents");
        return;
    };
    let (read, unread): (Vec<Record>, Vec<Record>) =
        real::load(folder.as_ref()).unwrap().into_iter().partition(|record| Half::of(&record.id) == Half::Development);
    let found = score("real, development half", &read);
    assert!(found.borders.precision > Some(0.97) && found.borders.f1 > Some(0.94), "{:?}", found.borders);
    assert!(found.fields["data"].f1 > Some(0.9), "{:?}", found.fields["data"]);
    let found = score("real, unread half", &unread);
    assert!(found.borders.precision > Some(0.9) && found.borders.f1 > Some(0.75), "{:?}", found.borders);
}
