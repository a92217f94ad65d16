//! The frozen sets. **A sum here never changes**: who compares speeds over years relies on it. What makes one of these tests fail breaks the
//! promise of `owabi generate --frozen`, and is undone; a better set gets a new name.

use owabi_corpora::frozen::Frozen;
use owabi_corpora::raw::{Cursor, Records};
use owabi_corpora::{Record, verify};
use sha2::{Digest, Sha256};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/frozen/bench-v1/");

/// The sums of the text and the sidecar of the set that has at least so many bytes, and how many documents and bytes it has.
fn sums(bytes: usize) -> (String, String, u64, usize) {
    let set = Frozen::from_name("bench-v1").unwrap();
    let (mut cursor, mut index) = (Cursor::default(), 0);
    let (mut raw, mut sidecar) = (Vec::new(), Vec::new());
    let (mut raw_sum, mut sidecar_sum) = (Sha256::new(), Sha256::new());
    while cursor.bytes < bytes {
        set.document(index).write(&mut cursor, &mut raw, &mut sidecar);
        raw_sum.update(&raw);
        sidecar_sum.update(&sidecar);
        raw.clear();
        sidecar.clear();
        index += 1;
    }
    (hex(raw_sum), hex(sidecar_sum), index, cursor.bytes)
}

fn hex(sum: Sha256) -> String {
    sum.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn are(bytes: usize, raw: &str, sidecar: &str, documents: u64, whole: usize) {
    assert_eq!(sums(bytes), (raw.to_owned(), sidecar.to_owned(), documents, whole));
}

#[test]
fn a_megabyte_never_changes() {
    are(
        1_000_000,
        "862e506d6eefce6f624d0908df7dc6346f1e4580dae7fbf193409b9322209983",
        "6591e3cfdbb37a9b8b047bdc578519c549bac7600c3b17f552d129faa89bd1eb",
        319,
        1_000_496,
    );
}

#[test]
fn ten_megabytes_never_change() {
    are(
        10_000_000,
        "485e33665e99d90117a0d19a803fe0632dc397083c7bd6a5170746498a55e1b4",
        "42e85900d4cb78ea8e4d6da0afae1aeb1cb3933f0c8224dc16d2f729939a86f8",
        3_226,
        10_004_078,
    );
}

#[test]
#[ignore = "half a minute without optimisation; .ci/run runs it"]
fn a_hundred_megabytes_never_change() {
    are(
        100_000_000,
        "dab3fc44968d00b277cb385f8769e6cf94206ce4dc021602618c4c5a566eb817",
        "09eccf9b97e2d98cd684ef4647aa407407861769c7dcff81b24e38d740684eeb",
        32_017,
        100_008_160,
    );
}

#[test]
#[ignore = "five minutes without optimisation; .ci/run runs it with"]
fn a_gigabyte_never_changes() {
    are(
        1_000_000_000,
        "a8edd8f43c7f114dcf1baba3185b1da5d51c948bc7f855478d0e12ab8f5b9eac",
        "71ef6248b6e463a0f8aa95a24efba731bd2a8546c545257d0025b851388fd325",
        318_377,
        1_000_002_501,
    );
}

/// What is committed is the set of a megabyte, and every record in it is right.
#[test]
fn the_committed_files_are_the_set_of_a_megabyte() {
    let file = |name: &str| std::fs::read(format!("{FOLDER}{name}")).unwrap();
    let (raw, sidecar) = (file("notices.txt"), file("notices.txt.jsonl"));
    let set = Frozen::from_name("bench-v1").unwrap();
    let (mut made, mut lines, mut cursor) = (Vec::new(), Vec::new(), Cursor::default());
    (0..set.committed()).for_each(|index| set.document(index).write(&mut cursor, &mut made, &mut lines));
    assert!(made == raw && lines == sidecar);
    let records = read(&raw, &sidecar);
    assert_eq!(records.len() as u64, set.committed());
    for record in &records {
        assert_eq!(verify::record(record), [], "{}", record.id);
    }
    let facts = |record: &Record| record.labels.data.iter().flatten().count();
    assert!(records.iter().map(facts).sum::<usize>() > 1000);
}

/// Documents behind the committed ones are these with other numbers at the end of their telephone numbers, and nothing else.
#[test]
fn later_documents_differ_in_their_telephone_numbers_only() {
    let set = Frozen::from_name("bench-v1").unwrap();
    let (mut raw, mut sidecar, mut cursor) = (Vec::new(), Vec::new(), Cursor::default());
    let range = 5000..6000;
    range.clone().for_each(|index| set.document(index).write(&mut cursor, &mut raw, &mut sidecar));
    let committed: Vec<_> = (0..set.committed()).map(|index| set.document(index)).collect();
    let (mut drawn, mut changed, mut phones) = (std::collections::BTreeSet::new(), 0, 0);
    for (index, record) in range.zip(read(&raw, &sidecar)) {
        assert_eq!((record.id.clone(), verify::record(&record)), (format!("bench-v1-{index}"), vec![]));
        let document = set.document(index);
        let base = committed.iter().position(|base| base.rest == document.rest && base.text.len() == document.text.len()).unwrap();
        drawn.insert(base);
        let values = record.labels.values.iter().flatten().filter(|value| ["phone", "fax"].contains(&value.kind.id()));
        let spans: Vec<_> = values.flat_map(|value| &value.spans).map(|mention| mention.span()).collect();
        phones += spans.len();
        for (place, (old, new)) in committed[base].text.bytes().zip(record.text.bytes()).enumerate() {
            if old != new {
                assert!(old.is_ascii_digit() && new.is_ascii_digit());
                assert!(spans.iter().any(|span| span.end - 4 <= place && place < span.end), "{index}: byte {place}");
                changed += 1;
            }
        }
    }
    assert!(drawn.len() > 200, "{} of the committed documents were drawn", drawn.len());
    assert!(phones > 200 && changed > phones * 3, "{changed} digits of {phones} numbers");
}

fn read(raw: &[u8], sidecar: &[u8]) -> Vec<Record> {
    Records::new("raw", raw, "sidecar", sidecar, 1 << 20).map(|record| record.unwrap()).collect()
}
