//! Pages: what holds several documents is split, what is one document stays whole.

use owabi_corpora::real::{self, Half};
use owabi_corpora::{Record, handwritten};
use owabi_detector::Detector;

/// The first bytes of all segments but the first.
fn borders(detector: &Detector, text: &str) -> Vec<usize> {
    let segments = detector.page(text).segments.unwrap_or_default();
    segments.iter().skip(1).map(|segment| segment.start).collect()
}

fn development() -> Option<Vec<Record>> {
    let folder = std::env::var_os("OWABI_REAL_CORPUS")?;
    let mut records = real::load(folder.as_ref()).unwrap();
    records.retain(|record| Half::of(&record.id) == Half::Development);
    Some(records)
}

fn split(records: &[Record]) -> Vec<(&str, Vec<usize>)> {
    let detector = Detector::builtin();
    let found = records.iter().map(|record| (record.id.as_str(), borders(&detector, &record.text)));
    found.filter(|(_, borders)| !borders.is_empty()).collect()
}

#[test]
fn single_notices_stay_whole() {
    assert_eq!(split(&handwritten::load(handwritten::FOLDER.as_ref()).unwrap()), []);
}

#[test]
#[allow(clippy::print_stderr)]
fn real_notices_stay_whole() {
    match development() {
        Some(records) => assert_eq!(split(&records), []),
        None => eprintln!("SKIPPED: OWABI_REAL_CORPUS does not name the folder of the real documents"),
    }
}
