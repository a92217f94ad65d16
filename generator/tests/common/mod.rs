//! What the tests share; not every test uses all of it.

#![allow(dead_code)]

use std::sync::LazyLock;

use owabi_corpora::Record;
use owabi_corpora::vocabulary::Split;
use owabi_generator::facts::Facts;
use owabi_generator::{Config, Generator, kinds};
use unicode_normalization::UnicodeNormalization;

/// Documents of every kind and split with their facts, made once: of each kind 120 of the training split and 30 of each other,
/// or as many times more as `OWABI_DEEP` says.
pub(crate) fn documents() -> &'static [(Facts, Record)] {
    static DOCUMENTS: LazyLock<Vec<(Facts, Record)>> = LazyLock::new(|| {
        let times = std::env::var("OWABI_DEEP").map_or(1, |times| times.parse().expect("OWABI_DEEP is a number"));
        let mut documents = Vec::new();
        for (split, count) in [(Split::Train, 120), (Split::Validation, 30), (Split::Test, 30)] {
            for kind in kinds().filter(|kind| !kind.is_page()) {
                let generator = Generator::new(Config { seed: 1, kinds: vec![kind], split, ..Config::default() }).unwrap();
                documents.extend((0..count * times).map(|index| (generator.facts(index).unwrap(), generator.record(index))));
            }
        }
        documents
    });
    &DOCUMENTS
}

/// Pages of several documents of every split.
pub(crate) fn pages() -> Vec<Record> {
    let page = kinds().find(|kind| kind.is_page()).unwrap();
    let generator = |split| Generator::new(Config { seed: 1, kinds: vec![page], split, ..Config::default() }).unwrap();
    Split::all().flat_map(|split| (0..60).map(|index| generator(split).record(index)).collect::<Vec<_>>()).collect()
}

/// NFKC without white space.
pub(crate) fn normal(text: &str) -> String {
    text.nfkc().filter(|c| !c.is_whitespace()).collect()
}
