//! Leaked rows: labelled, said to have leaked, in every kind of document; and what the knobs ask for is what the text has.

use std::collections::BTreeSet;

use owabi_corpora::Record;
use owabi_corpora::record::ValueLabel;
use owabi_corpora::vocabulary::{Genre, Split, Status, Use, ValueMode};
use owabi_generator::{Adjacency, Config, ConfigError, Generator, Kind, Values, kinds};

/// Kinds that tell of an incident, one document a text.
fn telling() -> Vec<Kind> {
    kinds().filter(|kind| !kind.is_page() && kind.id() != "unrelated").collect()
}

fn exhibits() -> Config {
    Config { values: Values::Exhibit, ..Config::default() }
}

fn shown(record: &Record) -> Vec<&ValueLabel> {
    record.labels.values.iter().flatten().filter(|value| value.usage == Use::Exhibit).collect()
}

fn surface<'r>(record: &'r Record, value: &ValueLabel) -> &'r str {
    &record.text[value.spans[0].span().range()]
}

#[test]
fn what_a_row_shows_has_leaked_in_every_kind_of_document() {
    for value_mode in ValueMode::all() {
        let mut seen = BTreeSet::new();
        for kind in telling() {
            let generator = Generator::new(Config { kinds: vec![kind], value_mode, ..exhibits() }).unwrap();
            let mut with = 0;
            for index in 0..60 {
                let record = generator.record(index);
                let leaked = |value: &ValueLabel| {
                    let mut data = record.labels.data.iter().flatten();
                    data.any(|item| item.category == value.kind && item.status != Status::Denied)
                };
                for value in shown(&record) {
                    assert!(leaked(value), "{}: {} is shown and did not leak\n{}", record.id, value.kind, record.text);
                    seen.insert(value.kind);
                    if value_mode == ValueMode::WellFormed {
                        assert!(value.well_formed || value.kind.id() == "ssn", "{}: {}", record.id, surface(&record, value));
                    }
                }
                let facts = generator.facts(index).unwrap();
                assert_eq!(shown(&record).is_empty(), facts.exhibit.is_none(), "{}", record.id);
                with += usize::from(facts.exhibit.is_some());
                // Nothing but a leak of personal data, or of a company's numbers, has anything to show.
                assert!(facts.exhibit.is_some() || !facts.leaked().iter().any(|category| category.is_personal()), "{}", record.id);
            }
            assert!(with > 0 || kind.id() == "ddos_outage" || kind.id() == "defacement", "{kind} shows nothing");
        }
        assert!(seen.len() >= 14, "{value_mode}: {seen:?}");
    }
}

#[test]
fn documents_without_an_incident_show_nothing() {
    let generator = Generator::new(Config { kinds: vec!["unrelated".parse().unwrap()], ..exhibits() }).unwrap();
    for index in 0..50 {
        let record = generator.record(index);
        assert!(record.labels.genre == Some(Genre::Unrelated) && shown(&record).is_empty(), "{}", record.id);
    }
}

#[test]
fn instances_are_rows_and_their_values_differ() {
    let generator = Generator::new(Config { kinds: telling(), instances: vec![100, 1, 9, 10], ..exhibits() }).unwrap();
    let mut drawn = BTreeSet::new();
    for index in 0..120 {
        let record = generator.record(index);
        let Some(exhibit) = generator.facts(index).unwrap().exhibit else { continue };
        let extra = &record.provenance.as_ref().unwrap().extra.0;
        let asked = extra["x_instances"].as_u64().unwrap() as usize;
        assert_eq!(exhibit.rows.len(), asked, "{}", record.id);
        drawn.insert(asked);
        // Every kind that stands in the text stands there once a row; a mail's head shows of most people the address alone.
        let most = BTreeSet::from_iter(shown(&record).iter().map(|value| value.kind));
        let counted = |kind| shown(&record).iter().filter(|value| value.kind == kind).count();
        assert!(most.iter().any(|kind| counted(*kind) == asked), "{}\n{}", record.id, record.text);
        for kind in most.into_iter().filter(|kind| matches!(kind.id(), "card_number" | "phone" | "email" | "name" | "customer_id")) {
            let all = shown(&record);
            let distinct: BTreeSet<&str> = all.iter().filter(|value| value.kind == kind).map(|value| surface(&record, value)).collect();
            assert_eq!(distinct.len(), counted(kind), "{}: {kind} stands twice", record.id);
        }
    }
    assert_eq!(drawn, BTreeSet::from([1, 9, 10, 100]));
}

/// The characters between the last word that names a value's kind and the value.
fn measured(record: &Record, value: &ValueLabel) -> usize {
    let start = value.spans[0].start;
    let data = record.labels.data.iter().flatten().filter(|item| item.category == value.kind).flat_map(|item| &item.spans);
    let idle = record.labels.distractors.iter().flatten().filter(|item| item.category == value.kind).flat_map(|item| &item.spans);
    let last = data.chain(idle).map(|mention| mention.end).filter(|end| *end <= start).max().unwrap();
    record.text[last..start].chars().count()
}

#[test]
fn the_asked_distance_is_in_the_text() {
    let asked = vec![0, 1, 2, 3, 7, 8, 9, 10, 11, 12, 20, 40, 77, 299, 300, 301, 1000, 3000];
    for split in Split::all() {
        let generator = Generator::new(Config { kinds: telling(), split, keyword_distances: asked.clone(), ..exhibits() }).unwrap();
        let mut drawn = BTreeSet::new();
        for index in 0..150 {
            let record = generator.record(index);
            let Some(first) = shown(&record).first().copied() else { continue };
            let distance = record.provenance.as_ref().unwrap().extra.0["x_keyword_distance"].as_u64().unwrap();
            assert_eq!(measured(&record, first) as u64, distance, "{}\n{}", record.id, record.text);
            // Nothing names it again afterwards.
            let after = |item: &owabi_corpora::record::DataLabel| {
                item.category == first.kind && item.spans.iter().any(|mention| mention.start > first.spans[0].start)
            };
            assert!(!record.labels.data.iter().flatten().any(after), "{}\n{}", record.id, record.text);
            drawn.insert(distance as u32);
        }
        assert!(drawn.len() > 14, "{drawn:?}");
    }
}

fn is_beside(adjacency: &str, c: Option<char>) -> bool {
    match (adjacency, c) {
        ("kanji", Some(c)) => matches!(c, '\u{3041}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}'),
        ("space", Some(c)) => c == ' ' || c == '\u{3000}',
        ("punct", Some(c)) => !c.is_alphanumeric() && !c.is_whitespace(),
        _ => false,
    }
}

#[test]
fn the_asked_neighbours_stand_beside_every_value() {
    for (distances, known) in [(vec![], 3), (vec![0, 1, 2, 5, 299], 3), (vec![0], 1)] {
        let config = Config { kinds: telling(), adjacencies: Adjacency::ALL.to_vec(), keyword_distances: distances, ..exhibits() };
        let generator = Generator::new(config).unwrap();
        let mut drawn = BTreeSet::new();
        for index in 0..120 {
            let record = generator.record(index);
            for value in shown(&record) {
                let span = value.spans[0];
                let adjacency = record.provenance.as_ref().unwrap().extra.0["x_adjacency"].as_str().unwrap();
                let before = record.text[..span.start].chars().next_back();
                let after = record.text[span.end..].chars().next();
                assert!(is_beside(adjacency, before) && is_beside(adjacency, after), "{}: {before:?} {after:?} {adjacency}", record.id);
                drawn.insert(adjacency.to_owned());
            }
        }
        assert_eq!(drawn.len(), known);
    }
}

#[test]
fn pages_draw_once_for_all_their_documents() {
    let page = kinds().find(|kind| kind.is_page()).unwrap();
    let generator =
        Generator::new(Config { kinds: vec![page], instances: vec![1, 4], adjacencies: vec![Adjacency::Space], ..exhibits() }).unwrap();
    let mut shown_somewhere = 0;
    for index in 0..20 {
        let record = generator.record(index);
        let asked = record.provenance.as_ref().unwrap().extra.0.get("x_instances").map(|asked| asked.as_u64().unwrap() as usize);
        for segment in record.segments.as_ref().unwrap() {
            let exhibits = segment.labels.values.iter().flatten().filter(|value| value.usage == Use::Exhibit).count();
            assert!(exhibits == 0 || Some(exhibits) == asked, "{}: {exhibits} for {asked:?}", record.id);
            shown_somewhere += usize::from(exhibits > 0);
        }
    }
    assert!(shown_somewhere > 10);
}

#[test]
fn what_cannot_be_is_refused() {
    let message = |config: Config| match Generator::new(config) {
        Err(error @ ConfigError::Refused(_)) => error.to_string(),
        Err(error) => panic!("{error}"),
        Ok(_) => panic!("accepted"),
    };
    let base = exhibits();
    for (config, expected) in [
        (Config { values: Values::Contact, instances: vec![1], ..base.clone() }, "instances are those of leaked values"),
        (Config { values: Values::None, keyword_distances: vec![1], ..base.clone() }, "keyword distances are those of leaked values"),
        (Config { values: Values::Contact, adjacencies: vec![Adjacency::Space], ..base.clone() }, "adjacencies are those of leaked values"),
        (Config { allow_valid_my_number: true, ..base.clone() }, "only with --value-mode well_formed"),
        (Config { instances: vec![0], ..base.clone() }, "0 instances: from 1 to 10000"),
        (Config { instances: vec![10_001], ..base.clone() }, "10001 instances"),
        (Config { keyword_distances: vec![10_001], ..base.clone() }, "up to 10000 characters"),
        (Config { keyword_distances: vec![0, 9], adjacencies: vec![Adjacency::Space], ..base.clone() }, "the keyword itself stands beside"),
        (Config { difficulties: vec![6], ..base.clone() }, "difficulty 6: it goes from 1 to 5"),
    ] {
        let message = message(config);
        assert!(message.contains(expected), "{message}");
    }
}

/// What stands between keyword and value names nothing: otherwise the distance would be another one.
#[test]
fn the_filler_is_neutral() {
    let read = |name: &str| std::fs::read_to_string(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(name)).unwrap();
    let filler: toml::Table = read("filler.toml").parse().unwrap();
    let surfaces = read("categories.tsv");
    let surfaces: BTreeSet<&str> =
        surfaces.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split('\t').nth(1)).collect();
    let mut sentences = BTreeSet::new();
    for split in Split::all() {
        for sentence in filler[split.id()].as_array().unwrap().iter().map(|sentence| sentence.as_str().unwrap()) {
            assert!(sentence.ends_with('。') && sentences.insert(sentence), "{sentence} stands twice");
            let named: Vec<&&str> = surfaces.iter().filter(|surface| sentence.contains(**surface)).collect();
            assert!(named.is_empty(), "{sentence} names {named:?}");
        }
    }
    assert!(sentences.len() > 60);
    for (length, piece) in filler["short"].as_array().unwrap().iter().enumerate() {
        assert_eq!(piece.as_str().unwrap().chars().count(), length);
    }
}

/// A row that names no sector and no flag would never be asked.
#[test]
fn every_row_of_signatories_is_somebodys() {
    let data = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let read = |path: &std::path::Path| std::fs::read_to_string(path).unwrap().parse::<toml::Table>().unwrap();
    let mut known = BTreeSet::from(["*".to_owned()]);
    for entry in std::fs::read_dir(data.join("sectors")).unwrap() {
        for sector in read(&entry.unwrap().path())["sector"].as_array().unwrap() {
            known.insert(sector["id"].as_str().unwrap().to_owned());
            known.extend(sector["flags"].as_array().unwrap().iter().map(|flag| flag.as_str().unwrap().to_owned()));
        }
    }
    let people = read(&data.join("people.toml"));
    let rows = people["signer"].as_array().unwrap();
    for row in rows {
        for of in row["of"].as_array().unwrap() {
            assert!(known.contains(of.as_str().unwrap()), "{of:?} is no sector and no flag");
        }
    }
    assert!(rows.last().unwrap()["of"].as_array().unwrap()[0].as_str() == Some("*"));
}
