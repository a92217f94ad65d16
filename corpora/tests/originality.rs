//! What was written for this project is not copied from the real documents: neither the notices nor the cases, the words or the pages about them.

use std::path::{Path, PathBuf};

use owabi_corpora::real::{self, Wording};

/// The text files of the repository below a folder, the labels of the real documents aside.
fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.starts_with('.') || name == "target" || path.ends_with("corpora/real") {
            continue;
        }
        match path.is_dir() {
            true => files(&path, found),
            false => found.push(path),
        }
    }
}

/// The mark-up ⟦surface|label⟧ parts words that stand together in the text.
fn unmarked(text: &str) -> String {
    let mut found = String::with_capacity(text.len());
    for part in text.split('⟧') {
        let kept = match part.rfind('|').filter(|&at| part[at..].len() < part.len() && text.contains('⟦')) {
            Some(label) => &part[..label],
            None => part,
        };
        found.extend(kept.chars().filter(|&c| c != '⟦'));
    }
    found
}

#[test]
#[allow(clippy::print_stderr)]
fn nothing_here_is_copied() {
    let Some(folder) = std::env::var_os("OWABI_REAL_CORPUS") else {
        eprintln!("SKIPPED: OWABI_REAL_CORPUS does not name the folder of the real documents");
        return;
    };
    let documents = real::load(folder.as_ref()).unwrap();
    let wording = Wording::of(&documents);
    assert!(documents.iter().all(|record| wording.copied(&record.text).is_some()));
    let mut paths = Vec::new();
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join(".."), &mut paths);
    let mut copied = Vec::new();
    for path in paths {
        // What is no UTF-8 holds the texts of its neighbours in another encoding.
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        for text in [unmarked(&text), text] {
            copied.extend(wording.copied(&text).map(|run| format!("{}: {run}", path.display())));
        }
    }
    assert!(copied.is_empty(), "runs of {} characters of the real documents:\n{}", Wording::RUN, copied.join("\n"));
}

#[test]
fn words_that_marks_part_stand_together() {
    assert_eq!(unmarked("お客様の⟦氏名|name:possible⟧が⟦⟦東京|a:b⟧都|c:d⟧で"), "お客様の氏名が東京都で");
    assert_eq!(unmarked("a | b"), "a | b");
}
