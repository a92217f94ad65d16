//! Profiles say what the surveys say, of kinds, causes and sectors that exist, and documents follow them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use owabi_corpora::Cause;
use owabi_corpora::vocabulary::Genre;
use owabi_generator::facts::Facts;
use owabi_generator::{Config, Generator, Profile, kinds, profiles};

fn profile(id: &str) -> &'static Profile {
    profiles().iter().find(|profile| profile.id == id).unwrap()
}

fn facts(profile: &str, count: u64) -> Vec<Facts> {
    let generator = Generator::new(Config { seed: 11, profile: profile.to_owned(), ..Config::default() }).unwrap();
    (0..count).filter_map(|index| generator.facts(index)).filter(|facts| facts.genre != Genre::Unrelated).collect()
}

#[test]
fn every_name_exists_once_and_every_figure_has_its_source() {
    let tables = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("data/sectors")).unwrap();
    let sectors: String = tables.map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap()).collect();
    let kinds: BTreeSet<&str> = kinds().map(|kind| kind.id()).collect();
    for profile in profiles() {
        for (what, shares) in [("kind", &profile.kinds), ("cause", &profile.causes), ("sector", &profile.sectors)] {
            assert!(shares.iter().map(|share| share.share).sum::<u64>() <= 1000, "{}: more than all {what}s", profile.id);
            let mut seen = BTreeSet::new();
            for id in shares.iter().flat_map(|share| &share.ids) {
                let known = match what {
                    "kind" => kinds.contains(id.as_str()),
                    "cause" => Cause::from_id(id).is_ok(),
                    _ => sectors.contains(&format!("id = \"{id}\"")),
                };
                assert!(known && seen.insert(id), "{}: the {what} {id}", profile.id);
            }
            for share in shares {
                assert!(share.ids.is_sorted() && share.ids.is_empty() != share.flags.is_empty(), "{}: {share:?}", profile.id);
                assert!(what == "sector" || share.flags.is_empty(), "{}: only sectors have flags: {share:?}", profile.id);
                assert!(share.flags.iter().all(|flag| sectors.contains(&format!("\"{flag}\""))), "{}: {share:?}", profile.id);
            }
        }
        assert!(profile.figures().iter().all(|(_, from)| from.len() > 10), "{}", profile.id);
    }
}

/// The scheme says which of our causes each class of two surveys holds.
#[test]
fn classes_of_the_surveys_hold_the_causes_of_the_crosswalk() {
    let table = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpora/scheme/causes.tsv")).unwrap();
    let rows: Vec<Vec<&str>> = table.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t').collect()).collect();
    for (id, survey, column) in [("public_sector", "JNSA 2018", "jnsa"), ("listed_company", "Tokyo Shoko Research 2024", "tsr")] {
        let column = rows[0].iter().position(|head| *head == column).unwrap();
        for share in &profile(id).causes {
            assert!(share.from.starts_with(survey), "{}", share.from);
            let (class, figure) = share.from.split_once(": ").unwrap().1.split_once(' ').unwrap();
            let of_class: Vec<&str> = rows.iter().filter(|row| row[column] == class).map(|row| row[0]).collect();
            assert_eq!(share.ids, of_class.iter().copied().collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>(), "{id}: {class}");
            assert_eq!(figure, format!("{}.{} %", share.share / 10, share.share % 10), "{id}: {class}");
        }
    }
}

/// Whatever kinds there are: among the causes that they can have, the survey's shares hold.
#[test]
fn documents_have_the_shares_of_the_surveys() {
    for profile in profiles().iter().filter(|profile| !profile.causes.is_empty()) {
        let facts = facts(&profile.id, 4_000);
        let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
        for facts in &facts {
            let cause = facts.causes[0].id();
            let class = profile.causes.iter().position(|share| share.ids.iter().any(|id| id == cause));
            *counts.entry(class.unwrap_or(usize::MAX)).or_default() += 1;
        }
        let rest = 1000 - profile.causes.iter().map(|share| share.share).sum::<u64>();
        let share = |class: usize| profile.causes.get(class).map_or(rest, |share| share.share) as usize;
        let whole: usize = counts.keys().map(|class| share(*class)).sum();
        assert!(counts.len() > 2, "{}: {counts:?}", profile.id);
        for (class, count) in &counts {
            let (measured, told) = (count * 1000 / facts.len(), share(*class) * 1000 / whole);
            assert!(measured.abs_diff(told) < 30, "{} class {class}: {measured} instead of {told} in a thousand", profile.id);
        }
    }
}

#[test]
fn organisations_are_those_of_the_profile() {
    let public = |facts: &Facts| facts.organisation.flags.iter().any(|flag| flag == "public");
    assert!(facts("public_sector", 500).iter().all(public));
    for id in ["listed_company", "privacy_mark"] {
        assert!(!facts(id, 500).iter().any(public), "{id}");
    }
    let company = |facts: &Facts| facts.organisation.flags.iter().any(|flag| flag == "company" || flag == "bank");
    assert!(facts("listed_company", 500).iter().all(company));
}

#[test]
fn kinds_have_the_shares_of_the_profile() {
    let generator = Generator::new(Config { seed: 11, ..Config::default() }).unwrap();
    let shares = &profile("sources").kinds;
    let present: Vec<_> = shares.iter().filter(|share| kinds().any(|kind| kind.id() == share.ids[0])).collect();
    let rest = 1000 - shares.iter().map(|share| share.share).sum::<u64>();
    let whole = rest + present.iter().map(|share| share.share).sum::<u64>();
    let count = 3_000;
    let made: Vec<String> = (0..count).map(|index| generator.record(index).provenance.unwrap().kind).collect();
    for share in present {
        let measured = made.iter().filter(|kind| share.ids.contains(kind)).count() as u64 * 1000 / count;
        assert!(measured.abs_diff(share.share * 1000 / whole) < 20, "{:?}: {measured} of {}", share.ids, share.share * 1000 / whole);
    }
}

#[test]
fn a_kind_that_the_profile_leaves_out_comes_when_asked_for() {
    let skimming = "ec_skimming".parse().unwrap();
    let config = Config { profile: "public_sector".to_owned(), kinds: vec![skimming], ..Config::default() };
    assert_eq!(Generator::new(config).unwrap().record(0).provenance.unwrap().kind, "ec_skimming");
}
