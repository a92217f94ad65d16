//! Exports as files: folders that are whole or not there, splits, and the way back.

mod common;

use std::fs;
use std::path::Path;

use common::{owabi, well};

fn fine(folder: &Path, args: &[&str]) -> String {
    String::from_utf8(well(folder, args)).unwrap()
}

fn complaint(folder: &Path, args: &[&str]) -> String {
    let output = owabi(folder, args);
    let line = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), line.matches('\n').count()), (Some(2), 1), "{args:?}: {line}");
    line
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_generated_folder_has_three_splits_and_comes_back_as_their_records() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let made = fine(folder, &["generate", "--seed", "3", "--count", "30", "--format", "brat", "-o", "brat"]);
    assert_eq!(made, "brat: 30 documents, train 24, validation 3, test 3\n");
    let part = |split, count| fine(folder, &["generate", "--seed", "3", "--split", split, "--count", count]);
    let records = part("train", "24") + &part("validation", "3") + &part("test", "3");
    assert!(fine(folder, &["corpus", "import", "brat", "--format", "brat"]) == records);
    // One split where one is asked for.
    fine(folder, &["generate", "--split", "test", "--count", "3", "--format", "doccano", "-o", "one/"]);
    assert_eq!(names(&folder.join("one")), ["label_config.json", "test.jsonl"]);
    fine(folder, &["generate", "--count", "2", "--format", "text", "-o", "texts/"]);
    assert_eq!(names(&folder.join("texts")), ["train"]);
    // Into a pipe it is one split, like records.
    fs::write(folder.join("piped.jsonl"), fine(folder, &["generate", "--count", "4", "--format", "doccano"])).unwrap();
    assert!(fine(folder, &["corpus", "import", "piped.jsonl", "--format", "doccano"]) == fine(folder, &["generate", "--count", "4"]));
}

#[test]
fn a_folder_is_whole_or_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let good = fine(folder, &["generate", "--count", "3"]);
    fs::write(folder.join("torn.jsonl"), good.clone() + "{\"schema\":1,\n").unwrap();
    for format in ["brat", "spacy", "label-studio", "text"] {
        let line = complaint(folder, &["corpus", "export", "torn.jsonl", "--format", format, "-o", "out/"]);
        assert!(line.starts_with("owabi: torn.jsonl:4: broken JSON"), "{line}");
        assert_eq!(names(folder), ["torn.jsonl"]);
    }
    complaint(folder, &["corpus", "export", "torn.jsonl", "--format", "csv", "-o", "out.csv"]);
    complaint(folder, &["corpus", "import", "torn.jsonl", "--format", "jsonl", "-o", "out.jsonl"]);
    assert_eq!(names(folder), ["torn.jsonl"]);
    // What a killed run left is not taken for anything.
    fs::create_dir(folder.join("out.partial")).unwrap();
    let line = complaint(folder, &["corpus", "export", "torn.jsonl", "--format", "brat", "-o", "out/"]);
    assert_eq!(line, "owabi: out.partial: left behind by a run that was killed; delete it\n");
    assert_eq!(names(folder), ["out.partial", "torn.jsonl"]);
}

#[test]
fn an_id_leads_nowhere_else() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let record = "{\"schema\":1,\"id\":\"../../up\",\"text\":\"x\",\"labels\":{}}\n";
    fs::write(folder.join("a.jsonl"), record).unwrap();
    fine(folder, &["corpus", "export", "a.jsonl", "--format", "brat", "-o", "out/"]);
    assert_eq!(names(&folder.join("out/train")), ["%2E.%2F..%2Fup.ann", "%2E.%2F..%2Fup.txt", "documents.jsonl"]);
    assert_eq!(fine(folder, &["corpus", "import", "out", "--format", "brat"]), record);
    let list = folder.join("out/train/documents.jsonl");
    fs::write(&list, fs::read_to_string(&list).unwrap().replace("%2E.%2F..%2Fup", "../../a")).unwrap();
    let line = complaint(folder, &["corpus", "import", "out", "--format", "brat"]);
    assert!(line.ends_with("documents.jsonl:1: file: missing, or no name of a file in this folder\n"), "{line}");
}

#[test]
fn a_build_without_parquet_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    for format in ["parquet", "hf"] {
        let args = ["generate", "--count", "30", "--format", format, "-o", "out/"];
        if cfg!(feature = "parquet") {
            fine(folder, &args);
            fs::remove_dir_all(folder.join("out")).unwrap();
        } else {
            let line = complaint(folder, &args);
            let expected = "this build has no Parquet; build with `cargo build --release --features parquet`";
            assert_eq!(line, format!("owabi: --format {format}: {expected}\n"));
            assert!(names(folder).is_empty());
        }
    }
}
