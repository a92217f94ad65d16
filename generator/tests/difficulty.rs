//! Difficulty is what the record has, and what was asked for.

use std::collections::BTreeMap;

use owabi_corpora::markup::parse;
use owabi_corpora::{Labels, Record};
use owabi_generator::{Config, Generator, difficulty, kinds};

fn record(marked: &str) -> Record {
    let (text, labels) = parse(marked).unwrap();
    Record::new("x", text, Labels { ..labels })
}

/// Each further difficulty is one that DESIGN's list of hard cases names.
#[test]
fn what_makes_reading_hard_counts() {
    let plain = "⟦氏名|name:confirmed⟧と⟦住所|address:confirmed⟧が流出しました。";
    let denied = "⟦氏名|name:confirmed⟧と⟦住所|address:confirmed⟧、⟦電話番号|phone:confirmed⟧、⟦会員番号|customer_id:confirmed⟧が流出しました。⟦口座番号|bank_account:denied⟧は含みません。";
    let two_faced = "⟦氏名|name:confirmed⟧が流出しました。⟦パスワード|password:confirmed⟧も流出しました。⟦パスワード|no:password:advice⟧を変えてください。";
    let mixed = "⟦氏名|name:confirmed@1⟧が流出しました。甲の⟦氏名|name:denied@2⟧は流出していません。⟦パスワード|no:password:advice⟧を変えてください。";
    let levels: Vec<u8> = [plain, denied, two_faced, mixed].iter().map(|marked| difficulty(&record(marked))).collect();
    assert!(levels.is_sorted(), "{levels:?}");
    assert_eq!((levels[0], levels[3]), (1, 5), "{levels:?}");
    let spaced = plain.replace("流出", "⽇流出");
    assert!(difficulty(&record(&spaced)) > 1, "radicals of a copy from PDF are noise");
}

#[test]
fn provenance_tells_the_level_and_asking_for_one_gives_it() {
    let all = Generator::new(Config::default()).unwrap();
    for index in 0..100 {
        let record = all.record(index);
        assert_eq!(record.provenance.as_ref().unwrap().difficulty, difficulty(&record), "{}", record.id);
    }
    let mut seen: BTreeMap<u8, usize> = BTreeMap::new();
    for level in 1..=5 {
        let generator = Generator::new(Config { difficulties: vec![level], ..Config::default() }).unwrap();
        for index in 0..30 {
            assert_eq!(generator.record(index).provenance.unwrap().difficulty, level);
        }
    }
    let any = Generator::new(Config { difficulties: vec![1, 2, 3, 4, 5], ..Config::default() }).unwrap();
    for index in 0..200 {
        let record = any.record(index);
        *seen.entry(record.provenance.as_ref().unwrap().difficulty).or_default() += 1;
        // The facts are those of the record that was taken.
        if let Some(facts) = any.facts(index) {
            let named = record.labels.parties.iter().flatten().any(|party| party.name == facts.organisation.name);
            assert!(named || facts.groups.is_empty(), "{}", record.id);
        }
    }
    assert_eq!(seen.keys().copied().collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    // Kinds differ in what they reach, but no level is rare.
    assert!(seen.values().all(|count| *count >= 15), "{seen:?}");
    // Another order of asking is another generator, and gives the same.
    let again = Generator::new(Config { difficulties: vec![5, 4, 3, 2, 1, 1], ..Config::default() }).unwrap();
    assert_eq!(again.record(150), any.record(150));
}

#[test]
fn a_kind_that_cannot_reach_a_level_says_so() {
    let page = kinds().find(|kind| kind.is_page()).unwrap();
    let error = Generator::new(Config { kinds: vec![page], difficulties: vec![1], ..Config::default() }).err().unwrap();
    let message = error.to_string();
    assert!(message.starts_with("of 100 documents of the kind `digest` none has difficulty 1; they have "), "{message}");
}
