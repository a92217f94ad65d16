//! Covering arrays: documents are what their row says, and what is counted as covered is there.

use std::collections::BTreeSet;

use owabi_corpora::vocabulary::ValueMode;
use owabi_generator::{Config, Cover, Generator, Outcome};

/// Few enough kinds for a test.
const KINDS: [&str; 7] = ["ec_skimming", "media_loss", "regulator_guidance", "unrelated", "digest", "ransomware_report", "first_report"];

fn generator() -> Generator {
    let kinds = KINDS.iter().map(|id| id.parse().unwrap()).collect();
    Generator::new(Config {
        seed: 3,
        kinds,
        cover: Some(Cover { value_modes: Vec::new(), perturbations: Vec::new() }),
        ..Config::default()
    })
    .unwrap()
}

/// Counted here from the facts and the records alone: every sector of every kind, every cause of every kind with every sector …
#[test]
fn one_round_holds_every_pair_of_what_facts_decide() {
    let generator = generator();
    let rows = generator.rows().unwrap();
    let mut pairs = BTreeSet::new();
    let mut modes = BTreeSet::new();
    for index in 0..rows {
        let record = generator.record(index);
        let provenance = record.provenance.unwrap();
        modes.insert((provenance.kind.clone(), provenance.value_mode.id()));
        let Some(facts) = generator.facts(index) else { continue };
        assert_eq!(facts.kind.id(), provenance.kind);
        let cause = facts.causes.first().map_or("", |cause| cause.id());
        let status = if cause.is_empty() { "" } else { record.labels.exposure.unwrap().id() };
        let values = [facts.kind.id(), cause, facts.organisation.sector, status];
        for (place, one) in values.iter().enumerate() {
            pairs.extend(values[place + 1..].iter().map(|other| ((*one).to_owned(), (*other).to_owned())));
        }
    }
    let has = |one: &str, other: &str| pairs.contains(&(one.to_owned(), other.to_owned()));
    assert!(KINDS.iter().all(|kind| ValueMode::all().all(|mode| modes.contains(&((*kind).to_owned(), mode.id())))));
    assert!(has("ec_skimming", "shop") && has("ec_skimming", "confirmed") && has("ec_skimming", "possible"));
    assert!(has("loss", "hospital") && has("improper_disposal", "hospital") && has("theft", "school") && has("unrelated", "telecom"));
    assert!(has("stolen_credentials", "confirmed") && has("stolen_credentials", "possible") && has("ransomware", "platform"));
    assert!(!has("media_loss", "shop") && !has("ec_skimming", "ransomware") && !has("ransomware_report", "loss"));
}

#[test]
fn coverage_counts_what_is_there() {
    let generator = generator();
    let rows = generator.rows().unwrap();
    let mut coverage = generator.coverage().unwrap();
    assert_eq!((coverage.covered(), coverage.unasked()), (0, coverage.possible()));
    let half = rows / 2;
    (0..half).for_each(|index| coverage.add(Outcome::of(&generator.record(index)).unwrap()));
    let (first, left) = (coverage.covered(), coverage.unasked());
    assert!(left > 0 && first * 2 > coverage.possible(), "the first half of the rows covers {first} of {}", coverage.possible());
    (half..rows).for_each(|index| coverage.add(Outcome::of(&generator.record(index)).unwrap()));
    assert_eq!(coverage.unasked(), 0);
    assert_eq!(coverage.covered() + coverage.unreached(), coverage.possible());
    assert!(coverage.covered() * 10 > coverage.possible() * 8, "{} of {}", coverage.covered(), coverage.possible());
    // A document of a further round is of the same row with other details.
    assert_ne!(generator.record(0).text, generator.record(rows).text);
    assert_eq!(generator.record(0).provenance.unwrap().kind, generator.record(rows).provenance.unwrap().kind);
}

#[test]
fn what_is_asked_for_bounds_the_array() {
    let loss = "media_loss".parse().unwrap();
    let cover = |value_modes: Vec<ValueMode>| Config {
        kinds: vec![loss],
        cover: Some(Cover { value_modes, perturbations: Vec::new() }),
        ..Config::default()
    };
    let narrow = Generator::new(cover(vec![ValueMode::InvalidCheck])).unwrap();
    for index in 0..narrow.rows().unwrap() {
        let provenance = narrow.record(index).provenance.unwrap();
        assert_eq!((provenance.kind.as_str(), provenance.value_mode), ("media_loss", ValueMode::InvalidCheck));
    }
    let wide = Generator::new(cover(Vec::new())).unwrap();
    assert!(narrow.coverage().unwrap().possible() < wide.coverage().unwrap().possible());
}
