//! Single errors against the scores: what is told one by one adds up to what is counted.

mod common;

use common::{labels, marked, plain};
use owabi_corpora::{Labels, Record};
use owabi_harness::document::DocumentScore;
use owabi_harness::errors::{ErrorField, ErrorLine, What};
use owabi_harness::measure::{Field, Measure, Question};
use owabi_harness::{LabelMap, Loss, LossKind, Settings};
use proptest::prelude::*;

fn found(gold: &Record, predicted: &Labels) -> Vec<ErrorLine> {
    Settings::default().errors(gold, Ok(predicted.into()))
}

/// Field, what, label, gold and predicted.
type Told<'a> = (ErrorField, What, &'a str, Option<&'a str>, Option<&'a str>);

fn told(errors: &[ErrorLine]) -> Vec<Told<'_>> {
    errors.iter().map(|error| (error.field, error.what, &*error.label, error.gold.as_deref(), error.predicted.as_deref())).collect()
}

#[test]
fn a_worked_example() {
    let gold = marked(
        "⟦氏名|name:confirmed⟧⟦住所|address:possible⟧⟦口座|bank_account:denied⟧⟦電話|phone:denied⟧⟦紛失|cause:loss!⟧⟦約10名|count:10:person:total:about⟧",
    );
    let predicted = marked(
        "氏名⟦住所|address:confirmed⟧⟦口座|bank_account:possible⟧電話⟦紛失|cause:theft!⟧⟦約10名|count:10:person:total⟧⟦。|fax:denied⟧",
    );
    let errors = found(&gold, &predicted.labels);
    assert_eq!(
        told(&errors),
        [
            (ErrorField::Data, What::Missed, "name", Some("name:confirmed"), None),
            (ErrorField::Data, What::Status, "address", Some("address:possible"), Some("address:confirmed")),
            (ErrorField::Data, What::Missed, "phone", Some("phone:denied"), None),
            (ErrorField::Data, What::DeniedAsLeaked, "bank_account", Some("bank_account:denied"), Some("bank_account:possible")),
            (ErrorField::Data, What::Spurious, "fax", None, Some("fax:denied")),
            (ErrorField::Causes, What::Missed, "loss", Some("loss"), None),
            (ErrorField::Causes, What::Spurious, "theft", None, Some("theft")),
            (ErrorField::PrimaryCause, What::Wrong, "loss", Some("loss"), Some("theft")),
            (ErrorField::Bound, What::Wrong, "person", Some("10:person:about:total"), Some("10:person:total")),
        ]
    );
    let account = &errors[3];
    assert_eq!((account.gold_places[0].start, account.gold_places[0].end), (4, 6));
    assert_eq!(account.excerpt.as_deref(), Some("氏名住所口座電話紛失約10名"));
}

#[test]
fn places_count_code_points_and_excerpts_are_short() {
    let text = format!("{}⟦𠮷野家|party:breached⟧{}", "🍙".repeat(50), "あ".repeat(200));
    let gold = marked(&text);
    let errors = found(&gold, &Labels::annotated());
    assert_eq!((errors[0].gold_places[0].start, errors[0].gold_places[0].end), (50, 53));
    let excerpt = errors[0].excerpt.as_deref().unwrap();
    assert_eq!(excerpt.chars().count(), 120);
    assert!(excerpt.starts_with(&format!("{}𠮷野家あ", "🍙".repeat(40))));
}

#[test]
fn values_and_alarms() {
    let gold = plain("電話番号は⟦03-1123-4567|value:phone:contact⟧、⟦03-1123-4568|value:phone:contact⟧です。⟦口座|bank_account:denied⟧");
    let predicted =
        plain("⟦電話番号|value:phone:contact⟧は⟦03-1123-4567|value:phone:exhibit⟧、03-1123-4568です。⟦口座|bank_account:possible⟧");
    let errors = found(&gold, &predicted.labels);
    assert_eq!(
        told(&errors),
        [
            (ErrorField::Alarm, What::FalseAlarm, "none", None, Some("bank_account:possible")),
            (ErrorField::Data, What::DeniedAsLeaked, "bank_account", Some("bank_account:denied"), Some("bank_account:possible")),
            (ErrorField::Values, What::Missed, "phone", Some("phone:contact"), None),
            (ErrorField::Values, What::MentionAsValue, "phone", None, Some("phone:contact")),
            (ErrorField::ValueUse, What::Wrong, "phone", Some("phone:contact"), Some("phone:exhibit")),
        ]
    );
}

#[test]
fn a_document_without_an_answer_is_one_error() {
    let gold = marked("⟦氏名|name:confirmed⟧⟦紛失|cause:loss!⟧");
    let errors = Settings::default().errors(&gold, Err(&Loss::new(LossKind::Timeout, "10 s")));
    assert_eq!(told(&errors), [(ErrorField::Loss, What::Unanswered, "timeout", None, Some("timeout: 10 s"))]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn errors_add_up_to_the_scores(gold in labels(), predicted in labels()) {
        let gold = Record::new("a", "x".repeat(30), gold);
        let errors = found(&gold, &predicted);
        let score = DocumentScore::new(&gold, Ok((&predicted).into()), &LabelMap::own(), true);
        let count = |field: ErrorField, kinds: &[What]| errors.iter().filter(|error| error.field == field && kinds.contains(&error.what)).count() as u64;
        for (field, asked) in [
            (ErrorField::Data, Field::Data),
            (ErrorField::Causes, Field::Causes),
            (ErrorField::Counts, Field::Counts),
            (ErrorField::Dates, Field::Dates),
            (ErrorField::Parties, Field::Parties),
        ] {
            let tally = score.tallies.of(Measure::Field(asked));
            prop_assert_eq!(count(field, &[What::Missed, What::Status, What::DeniedAsLeaked]), tally.gold - tally.correct);
            prop_assert_eq!(count(field, &[What::Spurious, What::Status, What::DeniedAsLeaked]), tally.predicted - tally.correct);
        }
        for (field, asked) in [
            (ErrorField::PrimaryCause, Question::PrimaryCause),
            (ErrorField::Exposure, Question::Exposure),
            (ErrorField::Genre, Question::Genre),
            (ErrorField::ViaVendor, Question::ViaVendor),
            (ErrorField::Total, Question::Total),
            (ErrorField::Bound, Question::Bound),
            (ErrorField::Time, Question::Time),
        ] {
            let tally = score.tallies.of(Measure::Question(asked));
            prop_assert_eq!(count(field, &[What::Wrong]), tally.gold - tally.correct, "{:?}", asked);
        }
        prop_assert_eq!(count(ErrorField::Data, &[What::DeniedAsLeaked]), score.tallies.of(Measure::DeniedAsLeaked).correct);
        prop_assert_eq!(count(ErrorField::Alarm, &[What::FalseAlarm]), score.tallies.of(Measure::FalseAlarm).correct);
        for (kind, value) in &score.values {
            let of = |what: &[What], field| errors.iter().filter(|error| error.field == field && error.label == kind.id() && what.contains(&error.what)).count() as u64;
            prop_assert_eq!(of(&[What::Missed], ErrorField::Values), value.tally.gold - value.tally.correct);
            prop_assert_eq!(of(&[What::Spurious, What::MentionAsValue], ErrorField::Values), value.tally.predicted - value.tally.correct);
            prop_assert_eq!(of(&[What::Wrong], ErrorField::ValueUse), value.usage.gold - value.usage.correct);
            prop_assert_eq!(of(&[What::Wrong], ErrorField::ValueForm), value.form.gold - value.form.correct);
        }
    }

    #[test]
    fn the_gold_itself_has_no_error(labels in labels()) {
        let gold = Record::new("a", "x".repeat(30), labels.clone());
        let errors = found(&gold, &labels);
        // Random labels may say that a document is about no incident and that data leaked; no verified gold does.
        prop_assert!(errors.iter().all(|error| error.field == ErrorField::Alarm), "{:?}", errors);
    }
}
