//! The committed corpora are what they claim to be.

use owabi_corpora::{handwritten, real};

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
