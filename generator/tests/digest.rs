//! Pages of several documents: their labels are exact by segment, and the page's are the union.

mod common;

use std::collections::BTreeSet;

use common::pages;
use owabi_corpora::page::union;
use owabi_corpora::vocabulary::Genre;
use owabi_corpora::{Labels, verify};
use owabi_generator::{Config, Generator, kinds};

#[test]
fn a_page_is_two_to_six_documents_and_their_union() {
    let mut counts = BTreeSet::new();
    let mut genres = BTreeSet::new();
    for record in pages() {
        assert_eq!(verify::record(&record), [], "{}", record.id);
        let segments = record.segments.as_deref().unwrap();
        assert_eq!(record.labels, union(segments), "{}", record.id);
        counts.insert(segments.len());
        genres.extend(segments.iter().map(|segment| segment.labels.genre.unwrap().id()));
        for left in ["⟦", "⟧", "{{", "}}", "«", "»", "\u{e000}", "\u{e001}", "\n\n\n\n"] {
            assert!(!record.text.contains(left), "{}: {left:?} in\n{}", record.id, record.text);
        }
        for segment in segments {
            let text = &record.text[segment.start..segment.end];
            assert!(!text.starts_with('\n') && text.chars().count() > 150, "{}: {text}", record.id);
            // A document about no incident asserts nothing, and names nobody.
            let Labels { genre, data, parties, .. } = &segment.labels;
            let silent = data.iter().flatten().count() + parties.iter().flatten().count() == 0;
            assert_eq!(*genre == Some(Genre::Unrelated), silent, "{}: {text}", record.id);
        }
    }
    assert_eq!(counts, (2..=6).collect());
    assert!(genres.len() >= 3, "{genres:?}");
}

#[test]
fn the_default_mix_holds_some_pages_and_the_other_kinds_hold_none() {
    let mix = Generator::new(Config { seed: 5, ..Config::default() }).unwrap();
    let pages = (0..400).filter(|index| mix.record(*index).segments.is_some()).count();
    assert!((5..50).contains(&pages), "{pages} of 400");
    let singles = kinds().filter(|kind| !kind.is_page()).collect();
    let singles = Generator::new(Config { seed: 5, kinds: singles, ..Config::default() }).unwrap();
    assert!((0..100).all(|index| singles.record(index).segments.is_none() && singles.facts(index).is_some()));
}
