//! Difficulty is what the record has, and what was asked for.

use std::collections::BTreeMap;

use owabi_corpora::markup::parse;
use owabi_corpora::vocabulary::Genre;
use owabi_corpora::{Labels, Record};
use owabi_generator::{Config, Generator, difficulty, kinds};

fn record(marked: &str) -> Record {
    let (text, labels) = parse(marked).unwrap();
    Record::new("x", text, Labels { ..labels })
}

/// Worked out by hand from the table in the module's words.
#[test]
fn what_makes_reading_hard_counts() {
    for (marked, expected, why) in [
        ("⟦氏名|name:confirmed⟧と⟦住所|address:confirmed⟧が流出しました。", 1, "both are plain: 0"),
        ("⟦氏名|name:confirmed⟧が流出しました。⟦住所|address:denied⟧は含みません。", 1, "one of two is denied: 0.5"),
        ("⟦氏名|name:denied⟧は含みません。", 2, "denied: 1"),
        ("⟦氏名|name:possible⟧が流出した可能性があります。", 2, "possible: 1"),
        ("流出はありません。", 2, "nothing is named: 1"),
        ("⟦国籍|nationality:confirmed⟧が流出しました。", 2, "rare: 1"),
        ("⟦国籍|nationality:denied⟧は含みません。⟦氏名|name:denied⟧も含みません。", 3, "denied and rare, denied: 1.5"),
        ("⟦国籍|nationality:denied⟧は含みません。", 5, "denied and rare: 2"),
        ("⟦パスワード|no:password:advice⟧を変えてください。", 5, "nothing is said of it: 2"),
        (
            "⟦氏名|name:possible⟧が流出した可能性があります。⟦パスワード|no:password:advice⟧と⟦住所|no:address:held⟧をお預かりしています。",
            4,
            "one possible, of two nothing is said: 1.66",
        ),
        ("⟦氏名|name:confirmed@1⟧が流出しました。乙の⟦氏名|name:denied@2⟧は含みません。", 3, "two things are said: 1; two groups: 1.25"),
        (
            "⟦氏名|name:possible⟧が流出した可能性があります。⟦氏名|no:name:advice⟧を聞く電話にご注意ください。",
            3,
            "possible, and idle as well: 1.5",
        ),
        ("流出した可能性があります。\n・⟦氏名|name:possible⟧", 2, "a list just below its lead: 1"),
        (
            "流出した可能性があります。\n(同じ月にお申込みをいただいた方のもので、お支払いの方法によって内容が異なることがあります)\n・⟦氏名|name:possible⟧",
            3,
            "more than forty characters below its lead: 1.5",
        ),
        ("⟦氏名|name:denied⟧は⽇本語の名簿に含みません。", 3, "denied, and a radical for a character: 1.25"),
    ] {
        assert_eq!(difficulty(&record(marked)), expected, "{why}: {marked}");
    }
    // By one who was not hit, the same is a quarter of a point harder.
    let mut told = record("⟦氏名|name:denied⟧は含みません。");
    told.labels.genre = Some(Genre::News);
    assert_eq!(difficulty(&told), 3);
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
        for index in 0..20 {
            assert_eq!(generator.record(index).provenance.unwrap().difficulty, level);
        }
    }
    let any = Generator::new(Config { difficulties: vec![1, 2, 3, 4, 5], ..Config::default() }).unwrap();
    for index in 0..120 {
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
    assert!(seen.values().all(|count| *count >= 4), "{seen:?}");
    // Another order of asking is another generator, and gives the same.
    let again = Generator::new(Config { difficulties: vec![5, 4, 3, 2, 1, 1], ..Config::default() }).unwrap();
    assert_eq!(again.record(50), any.record(50));
}

/// Where nothing leaked, no category that is named is plain.
#[test]
fn a_kind_that_cannot_reach_a_level_says_so() {
    let unrelated = kinds().find(|kind| kind.id() == "unrelated").unwrap();
    let error = Generator::new(Config { kinds: vec![unrelated], difficulties: vec![1], ..Config::default() }).err().unwrap();
    let message = error.to_string();
    assert!(message.starts_with("hardly any document of the kind `unrelated` has difficulty 1; they have "), "{message}");
}
