//! A record depends on nothing but revision, seed, configuration and index.

use owabi_corpora::vocabulary::{Split, ValueMode};
use owabi_generator::{Adjacency, Config, ConfigError, Generator, Kind, Values, kinds};

fn generator(config: Config) -> Generator {
    Generator::new(config).unwrap()
}

#[test]
fn any_order_and_any_thread_gives_the_same_records() {
    let one = generator(Config { seed: 9, ..Config::default() });
    let forward: Vec<_> = (0..60).map(|index| one.record(index)).collect();
    let backward: Vec<_> = (0..60).rev().map(|index| one.record(index)).collect();
    assert!(forward.iter().eq(backward.iter().rev()));
    let other = generator(Config { seed: 9, ..Config::default() });
    let threaded: Vec<_> = std::thread::scope(|scope| {
        let halves = [0..30, 30..60].map(|range| scope.spawn(|| range.map(|index| other.record(index)).collect::<Vec<_>>()));
        halves.into_iter().flat_map(|half| half.join().unwrap()).collect()
    });
    assert_eq!(forward, threaded);
}

#[test]
fn every_part_of_the_configuration_changes_the_hash_and_nothing_else_does() {
    let base = Config::default();
    let hash = |config: &Config| config.hash();
    let loss: Kind = "media_loss".parse().unwrap();
    let skimming: Kind = "ec_skimming".parse().unwrap();
    for other in [
        Config { kinds: vec![loss], ..base.clone() },
        Config { split: Split::Test, ..base.clone() },
        Config { value_mode: ValueMode::WellFormed, ..base.clone() },
        Config { values: Values::None, ..base.clone() },
        Config { perturb: "nfkc".parse().unwrap(), ..base.clone() },
        Config { allow_valid_my_number: true, ..base.clone() },
        Config { instances: vec![1], ..base.clone() },
        Config { keyword_distances: vec![1], ..base.clone() },
        Config { adjacencies: vec![Adjacency::Kanji], ..base.clone() },
        Config { difficulties: vec![1], ..base.clone() },
    ] {
        assert_ne!(hash(&base), hash(&other), "{}", other.canonical());
    }
    assert_eq!(hash(&base), hash(&Config { seed: 5, ..base.clone() }));
    assert_eq!(hash(&base), hash(&Config { kinds: kinds().collect(), ..base.clone() }));
    let two = |kinds: Vec<Kind>| hash(&Config { kinds, ..base.clone() });
    assert_eq!(two(vec![loss, skimming]), two(vec![skimming, loss, loss]));
    let rows = |instances: Vec<u32>| hash(&Config { instances, ..base.clone() });
    assert_eq!(rows(vec![1, 9]), rows(vec![9, 1, 9]));
}

#[test]
fn the_largest_numbers_are_indices_and_seeds_too() {
    let generator = generator(Config { seed: u64::MAX, ..Config::default() });
    let record = generator.record(u64::MAX);
    assert_eq!(record.id, format!("owabi-r1-{}-{}-{}", u64::MAX, generator.hash(), u64::MAX));
    assert_eq!(generator.id(u64::MAX), record.id);
}

#[test]
fn unknown_names_list_the_valid_ones() {
    let message = |error: ConfigError| error.to_string();
    assert_eq!(
        message("ec_skiming".parse::<Kind>().unwrap_err()),
        format!("unknown kind `ec_skiming`; valid are: {}", kinds().map(Kind::id).collect::<Vec<_>>().join(", "))
    );
    assert_eq!(message("all".parse::<Values>().unwrap_err()), "unknown values `all`; valid are: none, contact, exhibit");
    let profile = Config { profile: "x".to_owned(), ..Config::default() };
    assert_eq!(message(Generator::new(profile).err().unwrap()), "unknown profile `x`; valid are: sources");
}

#[test]
fn without_values_there_are_none() {
    let generator = generator(Config { values: Values::None, ..Config::default() });
    for index in 0..100 {
        let record = generator.record(index);
        assert_eq!(record.labels.values.as_deref(), Some(&[][..]), "{}", record.id);
        assert!(!record.text.contains('@'), "{}", record.id);
    }
}
