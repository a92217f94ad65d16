use std::fs;
use std::path::{Path, PathBuf};

use super::{corpus, run, script};

/// Answers what its second line says, crashes where asked, and counts how often it was asked.
fn detector(genre: &str) -> String {
    format!(
        r#"
import json, sys
GENRE = "{genre}"
for line in sys.stdin:
    question = json.loads(line)
    open("asked", "a").write("x")
    if "crash" in question["text"]:
        sys.exit(1)
    print(json.dumps({{"id": question["id"], "labels": {{"genre": GENRE}}}}), flush=True)
"#
    )
}

const DETECTOR: [&str; 2] = ["--detector", "process:python3 detector.py"];

fn asked(folder: &Path) -> usize {
    fs::read(folder.join("asked")).map_or(0, |bytes| bytes.len())
}

fn kept(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder.join("cache/owabi")).map_or(vec![], |entries| entries.map(|entry| entry.unwrap().path()).collect())
}

#[test]
fn answers_are_kept_until_the_detector_changes() {
    let folder = corpus(&["a", "b", "c"]);
    let folder = folder.path();
    script(folder, "detector.py", &detector("news"));
    let first = run(folder, &DETECTOR);
    assert_eq!((first.right(), asked(folder), first.message.as_str()), (3, 3, ""));
    let second = run(folder, &DETECTOR);
    assert_eq!((&second.results, asked(folder)), (&first.results, 3));
    let line = "owabi: 3 of 3 answers came from the cache; --no-cache asks again, and to clear it remove ";
    assert!(second.message.starts_with(line) && second.message.ends_with("cache/owabi\n"), "{}", second.message);
    // Neither read nor written.
    assert_eq!((run(folder, &[&DETECTOR[..], &["--no-cache"]].concat()).message.as_str(), asked(folder)), ("", 6));
    assert_eq!((run(folder, &[&DETECTOR[..], &["--repeat", "2"]].concat()).message.as_str(), asked(folder)), ("", 12));
    // Its own folder, which knows nothing yet.
    assert_eq!((run(folder, &[&DETECTOR[..], &["--cache", "mine"]].concat()).message.as_str(), asked(folder)), ("", 15));
    // Other words, and other contents of the file that they name.
    run(folder, &["--detector", "process:python3 detector.py --other"]);
    assert_eq!(asked(folder), 18);
    script(folder, "detector.py", &detector("faq"));
    let changed = run(folder, &DETECTOR);
    assert_eq!((changed.right(), asked(folder), changed.message.as_str()), (0, 21, ""));
}

#[test]
fn losses_are_not_kept_and_broken_files_are_written_anew() {
    let folder = corpus(&["a", "crash", "c"]);
    let folder = folder.path();
    script(folder, "detector.py", &detector("news"));
    let first = run(folder, &DETECTOR);
    let asked_first = asked(folder);
    assert_eq!(first.right(), 2, "{}", first.message);
    let second = run(folder, &DETECTOR);
    // The lost one is asked again, and nothing else.
    assert_eq!((second.right(), asked(folder)), (2, asked_first + 1), "{}", second.message);
    assert!(second.message.contains("2 of 3 answers came from the cache"), "{}", second.message);
    let files = kept(folder);
    assert_eq!(files.len(), 1, "{files:?}");
    fs::write(&files[0], "{\"id\":\"0\",\"labels\":").unwrap();
    let third = run(folder, &DETECTOR);
    assert!(third.right() == 2 && !third.message.contains("cache"), "{}", third.message);
    assert!(run(folder, &DETECTOR).message.contains("2 of 3 answers came from the cache"));
}

#[test]
fn a_folder_that_cannot_be_made_is_told() {
    let folder = corpus(&["a"]);
    script(folder.path(), "detector.py", &detector("news"));
    let refused = run(folder.path(), &[&DETECTOR[..], &["--cache", "gold.jsonl/inside"]].concat());
    assert_eq!(refused.code, Some(2));
    assert!(refused.message.starts_with("owabi: gold.jsonl/inside: cannot keep answers: "), "{}", refused.message);
    assert!(asked(folder.path()) == 0 && kept(folder.path()).is_empty());
}
