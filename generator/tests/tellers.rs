//! Those who tell of somebody else's incident tell all of its causes, in their own voice.

mod common;

use common::documents;
use owabi_corpora::vocabulary::{Genre, PartyRole};

#[test]
fn third_persons_say_every_cause() {
    for (facts, record) in documents().iter().filter(|(facts, _)| matches!(facts.genre, Genre::News | Genre::Commentary | Genre::Faq)) {
        for cause in &facts.causes {
            let said = record.labels.causes.iter().flatten().any(|item| item.cause == *cause);
            assert!(said, "{}: {cause} is not said\n{}", record.id, record.text);
        }
    }
}

/// The press is polite to nobody, and speaks for nobody.
#[test]
fn the_press_speaks_of_people_and_not_to_them() {
    for (facts, record) in documents().iter().filter(|(facts, _)| facts.genre == Genre::News) {
        // A help desk's site may be named so.
        let text = record.text.replace(facts.service.as_deref().unwrap_or("-"), "");
        for word in ["お客様", "患者様", "弊社", "当社", "の皆さま"] {
            assert!(!text.contains(word), "{}: {word}\n{}", record.id, record.text);
        }
    }
}

/// A state of another land answers to its own law.
#[test]
fn agencies_abroad_report_to_no_authority_here() {
    for (_, record) in documents().iter().filter(|(facts, _)| facts.genre == Genre::Faq) {
        assert!(record.labels.parties.iter().flatten().all(|party| party.role != PartyRole::Regulator), "{}\n{}", record.id, record.text);
        assert!(record.text.lines().count() > 15, "{}", record.id);
    }
}
