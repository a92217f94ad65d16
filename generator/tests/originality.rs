//! Nothing of the real documents comes out: neither their sentences nor the names of those concerned.

mod common;

use common::{documents, normal, pages};
use std::collections::BTreeMap;

use owabi_corpora::real::{self, Wording};
use owabi_corpora::vocabulary::Split;
use owabi_generator::{Config, Generator, kinds};

/// Authorities that exist may be named.
const AUTHORITIES: [&str; 1] = ["個人情報保護委員会"];

#[test]
fn no_party_of_the_real_corpus_is_named() {
    let names: Vec<String> =
        real::party_names().iter().map(|name| normal(name)).filter(|name| !AUTHORITIES.contains(&name.as_str())).collect();
    assert!(names.len() > 10);
    for record in documents().iter().map(|(_, record)| record.clone()).chain(pages()) {
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
    let wording = Wording::of(&real::load(folder.as_ref()).unwrap());
    let mut copied: BTreeMap<String, (usize, String)> = BTreeMap::new();
    // A phrase with many alternatives is copied by a few of them only, so these are many documents.
    let more = Split::all().flat_map(|split| {
        kinds().filter(|kind| !kind.is_page()).flat_map(move |kind| {
            let generator = Generator::new(Config { seed: 2, kinds: vec![kind], split, ..Config::default() }).unwrap();
            (0..400).map(move |index| generator.record(index))
        })
    });
    for record in documents().iter().map(|(_, record)| record.clone()).chain(more) {
        for place in wording.places(&record.text) {
            let run = record.text[place.range()].replace('\n', "⏎");
            copied.entry(run).or_insert((0, record.id.clone())).0 += 1;
        }
    }
    assert!(copied.is_empty(), "{} runs of {} characters and more in common, such as {:#?}", copied.len(), Wording::RUN, {
        copied.iter().take(80).collect::<Vec<_>>()
    });
}
