//! A record depends on nothing but revision, seed, configuration and index.

use owabi_corpora::vocabulary::{Exposure, Split, Use, ValueMode};
use owabi_generator::{Config, ConfigError, Generator, Kind, Values, kinds};

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
    ] {
        assert_ne!(hash(&base), hash(&other), "{}", other.canonical());
    }
    assert_eq!(hash(&base), hash(&Config { seed: 5, ..base.clone() }));
    assert_eq!(hash(&base), hash(&Config { kinds: kinds().collect(), ..base.clone() }));
    let two = |kinds: Vec<Kind>| hash(&Config { kinds, ..base.clone() });
    assert_eq!(two(vec![loss, skimming]), two(vec![skimming, loss, loss]));
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

/// ISO/IEC 7812-1 Annex B.
fn luhn(digits: &str) -> bool {
    let doubled = |digit: u32| (digit * 2) / 10 + (digit * 2) % 10;
    let digits = digits.chars().rev().filter_map(|c| c.to_digit(10)).enumerate();
    digits.map(|(place, digit)| if place % 2 == 0 { digit } else { doubled(digit) }).sum::<u32>() % 10 == 0
}

#[test]
fn exhibits_are_labelled_and_unassigned() {
    let kinds: Vec<Kind> = kinds().filter(|kind| !matches!(kind.id(), "unrelated" | "digest")).collect();
    for value_mode in ValueMode::all() {
        let generator = generator(Config { values: Values::Exhibit, value_mode, kinds: kinds.clone(), ..Config::default() });
        let mut seen = std::collections::BTreeSet::new();
        for index in 0..300 {
            let record = generator.record(index);
            let values = record.labels.values.as_deref().unwrap();
            // Where nothing leaked there is nothing to show.
            let leak = matches!(record.labels.exposure, Some(Exposure::Confirmed | Exposure::Possible));
            assert_eq!(values.iter().any(|value| value.usage == Use::Exhibit), leak, "{}", record.id);
            for value in values {
                let surface = &record.text[value.spans[0].span().range()];
                let (kind, digits) = (value.kind.id(), surface.bytes().filter(u8::is_ascii_digit).count());
                let unassigned = match kind {
                    "phone" | "fax" => {
                        let landline = surface.split('-').nth(1).is_some_and(|exchange| exchange.starts_with('1'));
                        let mobile = ["090-0", "070-0", "050-0"].iter().any(|prefix| surface.starts_with(prefix));
                        (landline || mobile) && value.well_formed != mobile
                    }
                    "email" => surface.split_once('@').is_some_and(|(_, host)| host.starts_with("example")),
                    "ip_address" => ["192.0.2.", "198.51.100.", "203.0.113.", "2001:db8:"].iter().any(|net| surface.starts_with(net)),
                    "card_number" => luhn(surface) == (value_mode == ValueMode::WellFormed) && value.well_formed == luhn(surface),
                    "my_number" => digits == 12 && !value.well_formed,
                    "drivers_license" => {
                        digits == 12 && (surface.starts_with('3') || surface.starts_with("98") || surface.starts_with("99"))
                    }
                    // The Luhn sum is the insurers' too.
                    "health_insurance_id" => digits == 8 && surface[2..4] >= *"48" && luhn(surface) == value.well_formed,
                    "bank_account" => digits == 7,
                    "name" | "address" | "date_of_birth" | "card_expiry" | "customer_id" | "employee_id" => true,
                    _ => false,
                };
                assert!(unassigned, "{}: {kind} {surface}", record.id);
                assert!(value_mode != ValueMode::WellFormed || value.well_formed, "{}: {surface}", record.id);
                seen.insert(kind);
            }
            // What a row shows has leaked.
            let shown = values.iter().filter(|value| value.usage == Use::Exhibit).map(|value| value.kind);
            let leaked: Vec<_> = record.labels.data.iter().flatten().map(|item| item.category).collect();
            shown.for_each(|kind| assert!(leaked.contains(&kind), "{}: {kind} is shown and did not leak", record.id));
        }
        assert!(seen.len() >= 14, "{value_mode}: {seen:?}");
    }
}
