//! The committed corpora are what they claim to be.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use owabi_corpora::jsonl::{Answers, resolve};
use owabi_corpora::{handwritten, real};
use serde_json::Value;

#[test]
fn the_real_labels_belong_to_the_manifest() {
    let manifest = real::manifest();
    assert_eq!(manifest.len(), 23);
    let development = manifest.iter().filter(|entry| real::Half::of(&entry.id) == real::Half::Development).count();
    assert_eq!(development, 15);
    assert!(real::party_names().len() > 23);
}

#[test]
fn the_real_labels_fit_the_real_texts() {
    let Ok(folder) = std::env::var("OWABI_REAL_CORPUS") else {
        eprintln!("SKIPPED: set OWABI_REAL_CORPUS to the folder that holds documents/ to run this test");
        return;
    };
    let records = real::load(folder.as_ref()).unwrap();
    assert_eq!(records.len(), 23);
}

#[test]
fn the_handwritten_notices_can_be_read() {
    let records = handwritten::load(handwritten::FOLDER.as_ref()).unwrap();
    assert!(records.iter().all(|record| record.labels.genre.is_some() && record.labels.exposure.is_some()));
}

#[test]
fn the_modelled_texts_hold_what_their_labels_say() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("modelled");
    let all: BTreeSet<String> = fs::read_dir(folder.join("documents"))
        .unwrap()
        .map(|file| file.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    let unread = all.iter().filter(|id| real::Half::of(id) == real::Half::Unread).cloned().collect();
    assert_eq!(labelled(&folder, "labels.jsonl"), all);
    assert_eq!(labelled(&folder, "second.jsonl"), unread);
}

/// The ids of some labels, all of which their texts prove.
fn labelled(folder: &Path, file: &str) -> BTreeSet<String> {
    let labels = fs::read_to_string(folder.join(file)).unwrap();
    let text = |id: &str| fs::read_to_string(folder.join("documents").join(format!("{id}.txt"))).unwrap();
    let mut ids = BTreeSet::new();
    for answer in Answers::new(file, labels.as_bytes()) {
        let answer = answer.unwrap();
        let text = text(&answer.id);
        assert!(ids.insert(answer.id.clone()), "{file}: {}: twice", answer.id);
        let labels = resolve(answer, &text).unwrap().labels.unwrap();
        assert!(
            labels.genre.is_some()
                && labels.exposure.is_some()
                && labels.causes.iter().flatten().filter(|cause| cause.primary).count() <= 1
        );
    }
    for line in labels.lines() {
        let answer: Value = serde_json::from_str(line).unwrap();
        let (id, text) = (answer["id"].as_str().unwrap(), text(answer["id"].as_str().unwrap()));
        for field in ["causes", "data", "counts", "dates", "parties"] {
            for item in answer["labels"][field].as_array().unwrap() {
                let evidence = item["evidence"].as_str().unwrap();
                assert!(text.contains(evidence), "{file}: {id}: {field}: {evidence}");
            }
        }
    }
    ids
}
