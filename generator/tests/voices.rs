//! The voices of one incident tell one story: an early one may know less, but none knows other things.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use owabi_corpora::Record;
use owabi_corpora::vocabulary::{Bound, DateRole, PartyRole, Split, Stage, Status};
use owabi_generator::facts::Facts;
use owabi_generator::{Config, Generator, kinds};

/// The order of `voices` in `data/kinds.toml`.
const FIRST: usize = 0;
const RELEASE: usize = 1;
const FOLLOWUP: usize = 2;
const LETTER: usize = 3;
const GUIDANCE: usize = 4;
const PRESS: usize = 5;
const BLOG: usize = 6;

/// Incidents of every split, more than 200 in all, each in its voices.
fn incidents() -> Vec<Vec<(Facts, Record)>> {
    let mut incidents = Vec::new();
    for (split, count) in [(Split::Train, 120), (Split::Validation, 60), (Split::Test, 60)] {
        let generator = Generator::new(Config { seed: 3, split, voices: true, ..Config::default() }).unwrap();
        let voices = generator.voices();
        let told = |incident: u64| (incident * voices..(incident + 1) * voices).map(|i| (generator.facts(i).unwrap(), generator.record(i)));
        incidents.extend((0..count).map(|incident| told(incident).collect::<Vec<_>>()));
    }
    assert!(incidents.len() > 200);
    incidents
}

/// Everything that the voices of an incident say of one thing.
fn said<T: Ord>(voices: &[(Facts, Record)], of: impl Fn(&Record) -> Vec<T>) -> BTreeSet<T> {
    voices.iter().flat_map(|(_, record)| of(record)).collect()
}

#[test]
fn voices_agree_on_who_was_hit() {
    for voices in incidents() {
        let id = &voices[RELEASE].1.id;
        let names: BTreeSet<&str> = voices.iter().map(|(facts, _)| facts.organisation.name.as_str()).collect();
        assert_eq!(names.len(), 1, "{id}: {names:?}");
        for role in [PartyRole::Breached, PartyRole::Service, PartyRole::Police, PartyRole::Investigator] {
            let of = |record: &Record| {
                record.labels.parties.iter().flatten().filter(|item| item.role == role).map(|item| item.name.clone()).collect()
            };
            let names = said(&voices, of);
            assert!(names.len() <= 1, "{id}: {role:?} {names:?}");
        }
        // The voice of the authority speaks as it does to companies.
        assert!(voices[GUIDANCE].0.organisation.flags.iter().any(|flag| flag == "company"), "{id}: {names:?}");
        let by_vendor: BTreeSet<_> = voices.iter().map(|(_, record)| record.labels.via_vendor).collect();
        assert_eq!(by_vendor.len(), 1, "{id}");
    }
}

/// The day that the timeline gives a voice's document.
fn published(voice: &(Facts, Record)) -> Date {
    voice.0.timeline.published.unwrap()
}

/// As the guide of the real corpus has it: `published` is the day of the document for those who were hit and for the authority, and
/// for the press and others the day on which those who were hit spoke.
#[test]
fn each_voice_speaks_on_its_day() {
    for voices in incidents() {
        let id = &voices[RELEASE].1.id;
        let days: Vec<Date> = voices.iter().map(published).collect();
        assert!(days[FIRST] < days[RELEASE] && days[RELEASE] < days[FOLLOWUP] && days[RELEASE] < days[GUIDANCE], "{id}: {days:?}");
        assert_eq!(voices[FOLLOWUP].0.timeline.announced, Some(days[FIRST]), "{id}");
        assert_eq!([days[PRESS], days[BLOG]], [days[RELEASE]; 2], "{id}");
        // Nobody learns from a letter what the organisation does not know yet in public.
        let notified = voices[RELEASE].0.timeline.notified;
        assert_eq!(days[LETTER], notified.unwrap_or(days[RELEASE]), "{id}");
        assert!(days[FIRST] < days[LETTER], "{id}");
        let last = voices[GUIDANCE].0.timeline.final_report;
        assert!(last.is_some_and(|last| last < days[GUIDANCE]), "{id}: {last:?}");
        for (voice, (_, record)) in voices.iter().enumerate() {
            let labelled = record.labels.dates.iter().flatten().filter(|item| item.role == DateRole::Published);
            let labelled: Vec<String> = labelled.map(|item| item.date.to_string()).collect();
            let day = days[voice].to_string();
            assert!(labelled.iter().all(|date| day.starts_with(date.as_str())), "{}: {labelled:?}, not {day}", record.id);
        }
    }
}

#[test]
fn voices_agree_on_what_happened_when() {
    for voices in incidents() {
        // A report to the authority of which the text does not say which it is, is the first.
        let mut days: BTreeMap<(DateRole, bool), BTreeSet<String>> = BTreeMap::new();
        for (_, record) in &voices {
            for item in record.labels.dates.iter().flatten().filter(|item| item.role != DateRole::Published) {
                days.entry((item.role, item.stage == Some(Stage::Final))).or_default().insert(item.date.to_string());
            }
        }
        for (role, days) in days {
            // A month is what some know of a day.
            let latest = days.last().unwrap();
            assert!(days.iter().all(|day| latest.starts_with(day.as_str())), "{}: {role:?} {days:?}", voices[RELEASE].1.id);
        }
    }
}

#[test]
fn voices_agree_on_the_causes() {
    for voices in incidents() {
        let all = &voices[RELEASE].0.causes;
        for (facts, record) in &voices {
            assert_eq!(facts.causes[0], all[0], "{}", record.id);
            for item in record.labels.causes.iter().flatten() {
                assert!(all.contains(&item.cause), "{}: {} is none of {all:?}", record.id, item.cause);
                assert!(!item.primary || item.cause == all[0], "{}: {}", record.id, item.cause);
            }
        }
    }
}

#[test]
fn voices_agree_on_what_leaked() {
    for voices in incidents() {
        let id = &voices[RELEASE].1.id;
        let (release, _) = &voices[RELEASE];
        let leaked: BTreeSet<_> = release.leaked().into_iter().collect();
        let denied: BTreeSet<_> = release.denied.iter().copied().collect();
        for (voice, (facts, record)) in voices.iter().enumerate() {
            if voice != FIRST {
                assert_eq!(facts.leaked().into_iter().collect::<BTreeSet<_>>(), leaked, "{}", record.id);
                assert_eq!(record.labels.exposure, voices[RELEASE].1.labels.exposure, "{}", record.id);
            }
            for item in record.labels.data.iter().flatten() {
                let known = if item.status == Status::Denied { &denied } else { &leaked };
                assert!(known.contains(&item.category), "{}: {} {:?}", record.id, item.category, item.status);
                let early = voice == FIRST && item.status == Status::Possible;
                let status = release.status_of(item.category);
                assert!(early || item.status == Status::Denied || item.status == status, "{}: {}", record.id, item.category);
            }
        }
        assert!(leaked.is_disjoint(&denied), "{id}");
    }
}

#[test]
fn voices_agree_on_how_many() {
    for voices in incidents() {
        let mut exact: BTreeMap<_, BTreeSet<u64>> = BTreeMap::new();
        for (_, record) in &voices {
            for item in record.labels.counts.iter().flatten() {
                match item.bound {
                    Bound::Exact => {
                        exact.entry(item.unit).or_default().insert(item.value);
                    }
                    // 「約4,500名」 of 4,583.
                    _ => assert!(item.value.abs_diff(voices[RELEASE].0.total) * 10 < voices[RELEASE].0.total, "{}: {item:?}", record.id),
                }
            }
        }
        for (unit, values) in exact {
            assert!(values.len() == 1, "{}: {unit:?} {values:?}", voices[RELEASE].1.id);
        }
    }
}

/// Of several groups the authority would tell one, as if it were all, and a letter tells its reader's alone.
#[test]
fn an_incident_of_voices_has_one_group() {
    for voices in incidents() {
        let (release, record) = &voices[RELEASE];
        assert_eq!(release.groups.len(), 1, "{}", record.id);
        assert!(release.part.is_none(), "{}", record.id);
    }
}

/// Kinds and profiles without such incidents are refused, and all others have some.
#[test]
fn whoever_has_voices_has_incidents_for_them() {
    let mut told = 0;
    for kind in kinds() {
        let Ok(generator) = Generator::new(Config { kinds: vec![kind], voices: true, ..Config::default() }) else { continue };
        for index in 0..10 * generator.voices() {
            let facts = generator.facts(index).unwrap();
            assert_eq!(facts.groups.len().max(1), 1, "{kind}");
            assert!(index % generator.voices() != GUIDANCE as u64 || facts.timeline.final_report.is_some(), "{kind}");
        }
        told += 1;
    }
    assert!(told >= 6, "{told}");
    let refused = Generator::new(Config { profile: "public_sector".to_owned(), voices: true, ..Config::default() });
    assert!(refused.is_err_and(|error| error.to_string().contains("public_sector")));
}
