//! What the tests share.

use owabi_corpora::Record;
use owabi_corpora::vocabulary::Split;
use owabi_generator::facts::Facts;
use owabi_generator::{Config, Generator, kinds};
use unicode_normalization::UnicodeNormalization;

/// Documents of every kind and split with their facts: 1,000 of the training split, 200 of each other.
pub(crate) fn documents() -> Vec<(Facts, Record)> {
    let mut documents = Vec::new();
    for (split, count) in [(Split::Train, 250), (Split::Validation, 50), (Split::Test, 50)] {
        for kind in kinds() {
            let generator = Generator::new(Config { seed: 1, kinds: vec![kind], split, ..Config::default() }).unwrap();
            documents.extend((0..count).map(|index| (generator.facts(index), generator.record(index))));
        }
    }
    documents
}

/// NFKC without white space.
pub(crate) fn normal(text: &str) -> String {
    text.nfkc().filter(|c| !c.is_whitespace()).collect()
}
