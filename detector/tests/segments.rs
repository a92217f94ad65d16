//! Pages: what holds several documents is split, what is one document stays whole.

use owabi_corpora::real::{self, Half};
use owabi_corpora::{Record, handwritten};
use owabi_detector::Detector;

/// The first bytes of all segments but the first.
fn borders(detector: &Detector, text: &str) -> Vec<usize> {
    let segments = detector.page(text).segments.unwrap_or_default();
    segments.iter().skip(1).map(|segment| segment.start).collect()
}

fn real_half(half: Half) -> Option<Vec<Record>> {
    let folder = std::env::var_os("OWABI_REAL_CORPUS")?;
    let mut records = real::load(folder.as_ref()).unwrap();
    records.retain(|record| Half::of(&record.id) == half);
    Some(records)
}

/// Pages of two to five documents with nothing but a blank line between, and where each but the first begins.
fn pages(records: &[Record]) -> impl Iterator<Item = (String, Vec<usize>)> {
    let page = |first: usize| {
        let (mut text, mut borders) = (String::new(), Vec::new());
        for place in 0..2 + first % 4 {
            if place > 0 {
                text += "\n\n";
                borders.push(text.len());
            }
            text += records[(first + place * (1 + first / 4)) % records.len()].text.trim_matches('\n');
        }
        (text, borders)
    };
    (0..records.len() * 4).map(page)
}

/// How many borders of such pages are found, how many are told, how many there are.
fn found(records: &[Record]) -> [usize; 3] {
    let detector = Detector::builtin();
    pages(records).fold([0; 3], |[right, told, all], (text, wanted)| {
        let given = borders(&detector, &text);
        [right + given.iter().filter(|border| wanted.contains(border)).count(), told + given.len(), all + wanted.len()]
    })
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
    match real_half(Half::Development) {
        Some(records) => assert_eq!(split(&records), []),
        None => eprintln!("SKIPPED: OWABI_REAL_CORPUS does not name the folder of the real documents"),
    }
}

/// What nobody learnt from: `cargo test -p owabi-detector --test segments -- --nocapture` prints the figures.
#[test]
#[allow(clippy::print_stdout)]
fn documents_below_each_other_are_parted() {
    let show = |name: &str, [right, told, all]: [usize; 3]| {
        let share = |of: usize| right as f64 / of.max(1) as f64;
        println!("{name}: precision {:.3}, recall {:.3}: {right} borders of {told} told, {all} there are", share(told), share(all));
        [share(told), share(all)]
    };
    let mut notices = handwritten::load(handwritten::FOLDER.as_ref()).unwrap();
    notices.retain(|notice| notice.id.starts_with(['m', 'q']));
    let [precision, recall] = show("hand-written, batches m and q", found(&notices));
    assert!(precision > 0.95 && recall > 0.8);
    for (name, half) in [("real, development half", Half::Development), ("real, unread half", Half::Unread)] {
        if let Some(records) = real_half(half) {
            let [precision, recall] = show(name, found(&records));
            assert!(precision > 0.9 && recall > 0.7);
        }
    }
}
