//! The files of a run of scoring.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const FILES: [&str; 4] = ["results.json", "errors.jsonl", "report.md", "report.html"];

fn test(folder: &Path, threads: &str, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_owabi"));
    command.args(["test", "--count", "30"]).args(args).current_dir(folder).env("RAYON_NUM_THREADS", threads).output().unwrap()
}

fn all(threads: &str) -> (Vec<Vec<u8>>, String) {
    let folder = tempfile::tempdir().unwrap();
    let args = ["--json", FILES[0], "--errors", FILES[1], "--markdown", FILES[2], "--html", FILES[3]];
    let output = test(folder.path(), threads, &args);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    (FILES.map(|name| fs::read(folder.path().join(name)).unwrap()).into(), String::from_utf8(output.stdout).unwrap())
}

#[test]
fn files_are_the_same_bytes_whatever_the_threads_and_are_named() {
    let ((one, told), (three, _)) = (all("1"), all("3"));
    assert!(one == three);
    assert!(told.contains("\nWritten: results.json, errors.jsonl, report.md, report.html\n"), "{told}");
}

#[test]
fn a_run_that_fails_leaves_no_file() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("report.html"), "before").unwrap();
    fs::write(folder.path().join("gold.jsonl"), "{}\n").unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_owabi"))
        .args(["test", "--corpus", "gold.jsonl", "--html", "report.html", "--errors", "errors.jsonl"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let mut left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["gold.jsonl", "report.html"]);
    assert_eq!(fs::read(folder.path().join("report.html")).unwrap(), b"before");
}

#[test]
fn one_report_may_take_the_place_of_the_table() {
    let folder = tempfile::tempdir().unwrap();
    let page = test(folder.path(), "2", &["--html", "-", "--json", FILES[0]]);
    assert!(page.status.success() && page.stdout.starts_with(b"<!doctype html>") && page.stdout.ends_with(b"</html>\n"));
    assert!(folder.path().join(FILES[0]).exists());
}
