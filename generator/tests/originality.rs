//! Nothing of the real documents comes out: neither their sentences nor the names of those concerned.

mod common;

use std::collections::BTreeSet;

use common::{documents, normal, pages};
use owabi_corpora::real;
use owabi_corpora::vocabulary::Split;
use owabi_generator::{Config, Generator, kinds};

/// The length of a common run that counts as copied.
const RUN: usize = 30;

fn masked(text: &str) -> Vec<char> {
    normal(text).chars().map(|c| if c.is_ascii_digit() { '#' } else { c }).collect()
}

/// Authorities that exist may be named.
const AUTHORITIES: [&str; 1] = ["個人情報保護委員会"];

#[test]
fn no_party_of_the_real_corpus_is_named() {
    let names: Vec<String> =
        real::party_names().iter().map(|name| normal(name)).filter(|name| !AUTHORITIES.contains(&name.as_str())).collect();
    assert!(names.len() > 10);
    for record in documents().into_iter().map(|(_, record)| record).chain(pages()) {
        let text = normal(&record.text);
        let named = names.iter().position(|name| name.chars().count() > 1 && text.contains(name.as_str()));
        assert_eq!(named, None, "{} names the party with this number", record.id);
    }
}

#[test]
#[allow(clippy::print_stderr)]
fn no_run_of_a_real_document_comes_out() {
    let Some(folder) = std::env::var_os("OWABI_REAL_CORPUS") else {
        eprintln!("SKIPPED: OWABI_REAL_CORPUS does not name the folder of the real documents");
        return;
    };
    let real: Vec<(String, Vec<char>)> =
        real::load(folder.as_ref()).unwrap().into_iter().map(|record| (record.id, masked(&record.text))).collect();
    let runs: BTreeSet<&[char]> = real.iter().flat_map(|(_, text)| text.windows(RUN)).collect();
    let mut copied = Vec::new();
    // A phrase with many alternatives is copied by a few of them only, so these are many documents.
    let more = Split::all().flat_map(|split| {
        kinds().filter(|kind| !kind.is_page()).flat_map(move |kind| {
            let generator = Generator::new(Config { seed: 2, kinds: vec![kind], split, ..Config::default() }).unwrap();
            (0..1_000).map(move |index| generator.record(index))
        })
    });
    for record in documents().into_iter().map(|(_, record)| record).chain(more) {
        let text = masked(&record.text);
        if let Some((at, window)) = text.windows(RUN).enumerate().find(|(_, window)| runs.contains(window)) {
            let source = real.iter().find(|(_, text)| text.windows(RUN).any(|run| run == window)).map(|(id, _)| id.as_str());
            let phrases = record.provenance.map(|provenance| provenance.phrases).unwrap_or_default();
            copied.push(format!("{} at {at} of {source:?} ({})", record.id, phrases[0]));
        }
    }
    assert!(copied.is_empty(), "{} documents hold runs of {RUN} characters, such as {:?}", copied.len(), &copied[..copied.len().min(5)]);
}
