//! Raw load: files of texts with their sidecars.

mod common;

use std::fs;
use std::path::Path;

use common::{owabi, silently};
use owabi_corpora::Record;
use owabi_corpora::jsonl;
use owabi_corpora::raw::{Records, SEPARATOR};
use sha2::{Digest, Sha256};

/// The records of `NAME` and `NAME.jsonl`.
fn records(folder: &Path, name: &str) -> Vec<Record> {
    let (raw, sidecar) = (fs::read(folder.join(name)).unwrap(), fs::read(folder.join(format!("{name}.jsonl"))).unwrap());
    Records::new("raw", &raw[..], "sidecar", &sidecar[..], 1 << 26).map(|record| record.unwrap()).collect()
}

/// Texts and labels are those of `--count`: whole documents, until the asked size is reached and no longer.
#[test]
fn raw_load_holds_the_documents_of_the_generator() {
    let folder = tempfile::tempdir().unwrap();
    silently(folder.path(), &["generate", "--seed", "9", "--bytes", "100kB", "--format", "text", "-o", "load.txt"]);
    let raw = fs::read_to_string(folder.path().join("load.txt")).unwrap();
    let made = records(folder.path(), "load.txt");
    let count = made.len().to_string();
    let lines = silently(folder.path(), &["generate", "--seed", "9", "--count", &count]);
    let expected: Vec<Record> = jsonl::Records::new("stdout", &lines[..]).map(|record| record.unwrap()).collect();
    assert!(made == expected);
    let last = made.last().unwrap().text.len() + SEPARATOR.len();
    assert!(raw.len() >= 100_000 && raw.len() - last < 100_000, "{} bytes", raw.len());
    assert_eq!(raw.as_bytes(), silently(folder.path(), &["generate", "--seed", "9", "--count", &count, "--format", "text"]));
    // Whatever else is left behind would be taken for a corpus.
    let names: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 2, "{names:?}");
}

#[test]
fn threads_change_nothing_and_stdout_takes_the_texts() {
    let folder = tempfile::tempdir().unwrap();
    let args = ["generate", "--bytes", "300kB", "--format", "text", "--document-size", "1KiB..64KiB", "--density", "0.3"];
    let file = |name: &str| fs::read(folder.path().join(name)).unwrap();
    silently(folder.path(), &[&args[..], &["--threads", "1", "-o", "one.txt"]].concat());
    silently(folder.path(), &[&args[..], &["--threads", "3", "-o", "three.txt"]].concat());
    assert!(file("one.txt") == file("three.txt") && file("one.txt.jsonl") == file("three.txt.jsonl"));
    let piped = silently(folder.path(), &[&args[..], &["--sidecar", "labels.jsonl"]].concat());
    assert!(piped == file("one.txt") && file("labels.jsonl") == file("one.txt.jsonl"));
    silently(folder.path(), &[&args[..], &["-o", "/dev/null"]].concat());
    assert!(!Path::new("/dev/null.jsonl").exists());
    assert!(records(folder.path(), "one.txt").iter().all(|record| record.text.len() <= 64 << 10));
}

/// What reads labelled documents reads raw load as well.
#[test]
fn raw_load_is_verified_and_scored() {
    let folder = tempfile::tempdir().unwrap();
    silently(folder.path(), &["generate", "--bytes", "60kB", "--format", "text", "--document-size", "4KB", "-o", "load.txt"]);
    let count = records(folder.path(), "load.txt").len();
    let told = String::from_utf8(silently(folder.path(), &["corpus", "verify", "load.txt"])).unwrap();
    assert!(told.starts_with(&format!("documents: {count}, ")) && told.ends_with("all labels are well\n"), "{told}");
    silently(folder.path(), &["test", "--corpus", "load.txt", "--json", "results.json"]);
    let results: serde_json::Value = serde_json::from_slice(&fs::read(folder.path().join("results.json")).unwrap()).unwrap();
    assert_eq!(results["documents"]["gold"], count);
    // Of another run.
    silently(folder.path(), &["generate", "--seed", "2", "--bytes", "1kB", "--format", "text", "-o", "other.txt"]);
    fs::rename(folder.path().join("other.txt"), folder.path().join("load.txt")).unwrap();
    let output = owabi(folder.path(), &["corpus", "verify", "load.txt"]);
    let line = String::from_utf8(output.stderr).unwrap();
    assert!(
        output.status.code() == Some(2) && line.starts_with("owabi: load.txt.jsonl:") && line.contains("both files must be of one run"),
        "{line}"
    );
    assert_eq!(line.lines().count(), 1);
}

/// The sum stands in `corpora/tests/frozen.rs`, and never changes.
#[test]
fn a_frozen_set_is_written_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    silently(folder.path(), &["generate", "--frozen", "bench-v1:1MB", "-o", "bench.txt"]);
    let sum: String = Sha256::digest(fs::read(folder.path().join("bench.txt")).unwrap()).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(sum, "862e506d6eefce6f624d0908df7dc6346f1e4580dae7fbf193409b9322209983");
    let records = records(folder.path(), "bench.txt");
    assert_eq!((records.len(), records[7].id.as_str()), (319, "bench-v1-7"));
}
