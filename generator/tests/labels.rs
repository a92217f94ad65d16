//! Every label says what its surface says, and nothing that ought to be labelled is not.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use common::{documents, normal};
use daachorse::CharwiseDoubleArrayAhoCorasick;
use jiff::civil::Date;
use owabi_corpora::record::CountLabel;
use owabi_corpora::vocabulary::{Bound, Exposure, PartyRole, Status, Unit};
use owabi_corpora::{Labels, Record};

#[test]
fn spans_lie_in_their_text_and_no_mark_is_left() {
    for (_, record) in documents() {
        let Record { id, text, labels, .. } = record.clone();
        for left in ["⟦", "⟧", "{{", "}}", "{%", "«", "»", "\u{e000}", "\u{e001}", "{half}", "{full}", "\n\n\n"] {
            assert!(!text.contains(left), "{id}: {left:?} in\n{text}");
        }
        assert!(text.trim() == text || text.starts_with('　'), "{id}: white space around the text");
        let mut labels = labels;
        labels
            .visit_spans(|path, mention| match text.get(mention.start..mention.end) {
                Some(surface) if !surface.trim().is_empty() && surface.trim() == surface => Ok(()),
                surface => Err(format!("{id}: {path}: {surface:?}")),
            })
            .unwrap();
    }
}

#[test]
fn counts_read_back_to_their_values() {
    for (facts, record) in documents() {
        let counts = record.labels.counts.as_deref().unwrap();
        for count in counts {
            for mention in &count.spans {
                let surface = normal(&record.text[mention.span().range()]);
                let about = surface.starts_with('約');
                assert_eq!(about, count.bound == Bound::About, "{}: {surface}", record.id);
                let unit = surface.chars().last().unwrap();
                assert!(
                    matches!(
                        (unit, count.unit),
                        ('名' | '人', Unit::Person) | ('件', Unit::Record) | ('社', Unit::Organisation) | ('帯', Unit::Household)
                    ),
                    "{}: {surface}",
                    record.id
                );
                assert_eq!(number(&surface), count.value, "{}: {surface}", record.id);
            }
        }
        let totals: Vec<_> = counts.iter().filter(|count| count.total).map(|count| (count.value, count.unit, count.bound)).collect();
        let thousands = (facts.total + 500) / 1000 * 1000;
        // A text of several groups may leave the sum to its reader.
        let fits = match totals.as_slice() {
            [] => facts.groups.len() != 1 || !facts.counted,
            [(total, Unit::Person, Bound::Exact)] => facts.counted && *total == facts.total,
            [(total, Unit::Person, Bound::About)] => facts.counted && *total == thousands,
            [(total, Unit::Record, Bound::Exact)] => Some(*total) == facts.records,
            [(total, Unit::Organisation, Bound::Exact)] => Some(*total) == facts.companies,
            [(total, Unit::Household, Bound::Exact)] => Some(*total) == facts.households,
            _ => false,
        };
        // Where people are counted exactly over all, nothing else is the total.
        let people = |count: &&CountLabel| count.unit == Unit::Person && count.bound == Bound::Exact && count.value == facts.total;
        let fits = fits && (counts.iter().filter(people).all(|count| count.total) || facts.groups.len() == 1);
        assert!(fits, "{}: {totals:?}\n{}", record.id, record.text);
    }
}

/// 約14万5千名 → 145000. Written for the test alone.
fn number(surface: &str) -> u64 {
    let (mut sum, mut digits) = (0, 0);
    for c in surface.chars() {
        match c {
            '0'..='9' => digits = digits * 10 + u64::from(c as u32 - '0' as u32),
            '千' => (sum, digits) = (sum + digits * 1_000, 0),
            '万' => (sum, digits) = (sum + digits * 10_000, 0),
            _ => {}
        }
    }
    sum + digits
}

/// Reads every labelled date of a text in order, as a reader would: what a surface leaves out comes from the date before.
#[test]
fn dates_read_back_to_their_days() {
    for (facts, record) in documents() {
        let mut mentions: Vec<(usize, usize, String)> = Vec::new();
        for date in record.labels.dates.iter().flatten() {
            mentions.extend(date.spans.iter().map(|mention| (mention.start, mention.end, date.date.to_string())));
        }
        mentions.sort();
        let mut published = record.labels.dates.iter().flatten().filter(|date| date.role.id() == "published");
        let own = published.next().map(|date| date.date.to_string());
        let mut before: Option<String> = None;
        for (start, end, date) in mentions {
            let surface = normal(&record.text[start..end]);
            let bare: String = surface.split(['(', '午']).next().unwrap_or_default().to_owned();
            let context = format!("{}: {surface} for {date} after {before:?}", record.id);
            if bare == "本日" {
                assert_eq!(Some(&date), own.as_ref(), "{context}");
                continue;
            }
            let numbers: Vec<i64> = bare.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse().ok()).collect();
            let parts: Vec<i64> = date.split('-').map(|part| part.parse().unwrap()).collect();
            let last: Vec<i64> = before.as_deref().unwrap_or("0").split('-').map(|part| part.parse().unwrap()).collect();
            // A post whose head has no date is numbered within its year: 「#2024-026」.
            let number = record.text.lines().next().and_then(|head| head.split_once('#')).and_then(|(_, rest)| rest.get(..4));
            let own_year = own.as_deref().and_then(|own| own.get(..4)).or(number).and_then(|year| year.parse::<i64>().ok());
            if bare == "同日" {
                assert_eq!(Some(&date), before.as_ref(), "{context}");
            } else if bare.starts_with("同月") {
                assert!(last[..2] == parts[..2] && numbers == parts[2..], "{context}");
            } else if let Some(year) = bare.strip_prefix("令和").map(|_| numbers[0] + 2018) {
                assert!(parts[0] == year && numbers[1..] == parts[1..], "{context}");
            } else if bare.starts_with("本年") {
                assert!(own_year == Some(parts[0]) && numbers == parts[1..], "{context}");
            } else if numbers.len() < parts.len() {
                // What a document of somebody else's leaves out may stand in its own day, which has no role: 「12日、…と発表した」.
                let told = facts.timeline.posted.is_some_and(|day| i64::from(day.year()) == parts[0]);
                let month = last.len() > 1 && last[..2] == parts[..2] && numbers == parts[2..];
                assert!((last[0] == parts[0] || told) && numbers == parts[1..] || month, "{context}");
            } else {
                assert_eq!(numbers, parts, "{context}");
            }
            if let Some((_, weekday)) = surface.split_once('(').map(|(date, day)| (date, day.split(')').next().unwrap_or_default())) {
                let day: Date = date.parse().unwrap();
                let expected = ["月", "火", "水", "木", "金", "土", "日"][day.weekday().to_monday_zero_offset() as usize];
                assert_eq!(weekday, expected, "{context}");
            }
            before = Some(date);
        }
    }
}

#[test]
fn parties_are_named_by_their_surfaces() {
    for (facts, record) in documents() {
        for party in record.labels.parties.iter().flatten() {
            for mention in &party.spans {
                let surface = normal(&record.text[mention.span().range()]);
                let organisation = &facts.organisation;
                let abbreviation = organisation.english.map(|[_, abbreviation]| abbreviation);
                let short = [Some(organisation.short.as_str()), abbreviation].into_iter().flatten().any(|name| surface == normal(name));
                let short = party.role == PartyRole::Breached && short;
                assert!(surface == normal(&party.name) || short, "{}: {surface} for {}", record.id, party.name);
            }
        }
        let breached = record.labels.parties.iter().flatten().filter(|party| party.role == PartyRole::Breached).count();
        let incident = facts.outcome != Exposure::NotApplicable;
        assert_eq!(breached, usize::from(incident), "{}\n{}", record.id, record.text);
        let vendors = record.labels.parties.iter().flatten().filter(|party| party.role == PartyRole::Vendor).count();
        assert_eq!(vendors > 0, record.labels.via_vendor == Some(true), "{}\n{}", record.id, record.text);
    }
}

#[test]
fn data_agrees_with_the_facts() {
    for (facts, record) in documents() {
        let data = record.labels.data.as_deref().unwrap();
        for item in data {
            assert_eq!(item.status, item.spans.iter().filter_map(|mention| mention.status).max().unwrap(), "{}", record.id);
        }
        for category in facts.leaked() {
            let item = data.iter().find(|item| item.category == category);
            let item = item.unwrap_or_else(|| panic!("{}: {category} is not said to have leaked\n{}", record.id, record.text));
            assert_eq!(item.status, facts.status_of(category), "{}: {category}", record.id);
            assert!(
                item.spans.iter().all(|mention| mention.status != Some(Status::Denied)),
                "{}: {category} leaked and did not",
                record.id
            );
        }
        let strongest = data.iter().filter(|item| item.category.is_personal()).map(|item| item.status).max();
        assert_eq!(record.labels.exposure, Some(facts.outcome), "{}", record.id);
        let agrees = match facts.outcome {
            Exposure::Confirmed => strongest == Some(Status::Confirmed),
            Exposure::Possible => strongest == Some(Status::Possible),
            // Nothing leaked, or nobody knows: at most it is said what did not.
            Exposure::None | Exposure::Unknown => strongest.is_none_or(|status| status == Status::Denied),
            Exposure::NotApplicable => strongest.is_none(),
        };
        assert!(agrees, "{}: {:?} and {strongest:?}\n{}", record.id, facts.outcome, record.text);
        let causes: Vec<_> = record.labels.causes.iter().flatten().collect();
        assert_eq!(
            causes.iter().filter(|item| item.primary).count(),
            usize::from(facts.outcome != Exposure::NotApplicable),
            "{}\n{}",
            record.id,
            record.text
        );
        assert_eq!(record.labels.primary_cause(), facts.causes.first().copied(), "{}", record.id);
    }
}

#[test]
fn a_surface_names_one_category() {
    let mut named: BTreeMap<String, String> = BTreeMap::new();
    for (_, record) in documents() {
        let Labels { data, distractors, .. } = &record.labels;
        let data = data.iter().flatten().flat_map(|item| item.spans.iter().map(|mention| (item.category, mention.span())));
        let others = distractors.iter().flatten().flat_map(|item| item.spans.iter().map(|mention| (item.category, mention.span())));
        for (category, span) in data.chain(others) {
            let surface = &record.text[span.range()];
            let before = named.entry(surface.to_owned()).or_insert_with(|| category.id().to_owned());
            assert_eq!(before, category.id(), "{}: {surface}", record.id);
        }
    }
    assert!(named.len() > 60, "{}", named.len());
}

/// Words that hold a category's surface and speak of something else.
const HOMOGRAPHS: [&str; 5] = ["職業紹介", "発生年月日", "船の写真", "写真で見る", "写真では"];

/// What the corpus labels somewhere, it labels everywhere.
#[test]
fn no_mention_is_left_unlabelled() {
    let documents = documents();
    let mut surfaces: BTreeSet<&str> = BTreeSet::new();
    for (_, record) in documents {
        for item in record.labels.data.iter().flatten() {
            surfaces.extend(item.spans.iter().map(|mention| &record.text[mention.span().range()]));
        }
    }
    // One automaton for all: as many scans as surfaces would take hours over many documents.
    let automaton = |words: &mut dyn Iterator<Item = &str>| CharwiseDoubleArrayAhoCorasick::<u32>::new(words).unwrap();
    let (surfaces, homographs) = (automaton(&mut surfaces.iter().copied()), automaton(&mut HOMOGRAPHS.into_iter()));
    let mut missed = BTreeSet::new();
    for (_, record) in documents {
        let mut known: Vec<Range<usize>> = homographs.find_overlapping_iter(&record.text).map(|found| found.start()..found.end()).collect();
        let _ = record.labels.clone().visit_spans(|_, mention| {
            known.push(mention.span().range());
            Ok::<(), ()>(())
        });
        for found in surfaces.find_overlapping_iter(&record.text) {
            if !known.iter().any(|known| known.start <= found.start() && found.end() <= known.end) {
                let near: String = record.text[..found.start()].chars().rev().take(12).collect::<Vec<_>>().into_iter().rev().collect();
                missed.insert(format!("{} after 「{near}」", &record.text[found.start()..found.end()]));
            }
        }
    }
    assert!(missed.is_empty(), "{} mentions have no label, such as {:#?}", missed.len(), missed.iter().take(12).collect::<Vec<_>>());
}
