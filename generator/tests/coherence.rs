//! Facts agree with each other, and texts with the facts.

mod common;

use common::{documents, normal};
use owabi_corpora::vocabulary::Genre;
use owabi_generator::facts::Relation;

#[test]
fn days_are_in_order_and_reports_keep_the_law_or_apologise() {
    for (facts, record) in documents() {
        let days = &facts.timeline;
        let order = [days.occurred_start, days.occurred_end.or(days.occurred_start), days.discovered, days.contained, days.published];
        assert!(order.iter().flatten().is_sorted(), "{}: {days:?}", record.id);
        for later in [days.preliminary, days.final_report, days.police, days.investigation_done, days.notified].into_iter().flatten() {
            assert!(days.discovered <= Some(later) && Some(later) <= days.published, "{}: {later} in {days:?}", record.id);
        }
        assert!(days.preliminary.zip(days.final_report).is_none_or(|(first, last)| first <= last), "{}: {days:?}", record.id);
        let after = |day: Option<jiff::civil::Date>| {
            days.discovered.zip(day).map_or(0, |(known, day)| known.until(day).map_or(0, |span| span.get_days()))
        };
        let limit = if days.evil { 60 } else { 30 };
        assert!(after(days.final_report) <= limit, "{}: {days:?}", record.id);
        if after(days.preliminary) > 5 && facts.genre == Genre::Notice {
            let text = normal(&record.text);
            assert!(
                ["期限", "期間", "速やかな報告とな", "速やかな報告とはい", "遅れ", "遅く", "日数を超え"]
                    .iter()
                    .any(|word| text.contains(word)),
                "{}\n{}",
                record.id,
                record.text
            );
        }
    }
}

#[test]
fn groups_make_the_total_and_deny_nothing_that_leaked() {
    for (facts, record) in documents().into_iter().filter(|(facts, _)| !facts.groups.is_empty()) {
        let counts = facts.groups.iter().map(|group| group.count);
        let total = if facts.relation == Relation::Nested { counts.max() } else { Some(counts.sum()) };
        assert_eq!(total, Some(facts.total), "{}", record.id);
        let leaked = facts.leaked();
        assert!(facts.denied.iter().all(|category| !leaked.contains(category)), "{}", record.id);
        assert!(facts.records.is_none_or(|records| records >= facts.groups[0].count), "{}", record.id);
    }
}

#[test]
fn organisations_speak_as_they_are() {
    for (facts, record) in documents() {
        let own = facts.organisation.me.as_str();
        for (word, fits) in [
            ("弊社", own == "弊社"),
            ("当院", own == "当院"),
            ("当財団", own == "当財団"),
            ("本学", own == "本学"),
            ("当行", own == "当行"),
            ("当金庫", own == "当金庫"),
        ] {
            assert!(fits || !record.text.contains(word), "{}: {own} says {word}\n{}", record.id, record.text);
        }
        for (ending, own) in [("病院", "当院"), ("信用組合", "当組合"), ("信用金庫", "当金庫"), ("大学", "本学"), ("財団", "当財団")]
        {
            assert!(!facts.organisation.name.ends_with(ending) || facts.organisation.me == own, "{}", facts.organisation.name);
        }
    }
}

#[test]
fn nobody_is_asked_to_watch_a_card_that_did_not_leak() {
    for (facts, record) in documents().into_iter().filter(|(facts, _)| facts.genre == Genre::Notice) {
        let cards = facts.leaked().iter().any(|category| category.id() == "card_number");
        assert!(
            cards || !["利用明細", "カード会社", "再発行"].iter().any(|word| record.text.contains(word)),
            "{}\n{}",
            record.id,
            record.text
        );
    }
}

#[test]
fn no_two_sentences_in_a_row_apologise() {
    for (_, record) in documents().into_iter().filter(|(facts, _)| facts.genre == Genre::Notice) {
        let sorry = |sentence: &str| {
            ["お詫び申し上げ", "お詫びいたします", "お詫びを申し上げ", "お詫び申し上げる", "申し訳"]
                .iter()
                .any(|word| sentence.contains(word))
        };
        // A heading or a list between them parts them.
        let sentences: Vec<&str> = record.text.split_inclusive(['。', '\n']).filter(|part| !part.trim().is_empty()).collect();
        let twice = sentences.windows(2).find(|pair| pair.iter().all(|sentence| sorry(sentence)));
        assert!(twice.is_none(), "{}: {twice:?}", record.id);
    }
}

#[test]
fn lengths_are_natural() {
    let mut lengths: std::collections::BTreeMap<&str, Vec<usize>> = Default::default();
    for (facts, record) in documents() {
        lengths.entry(facts.kind.id()).or_default().push(record.text.chars().count());
    }
    for (kind, low, high) in
        [("ec_skimming", 800, 3000), ("media_loss", 350, 1800), ("regulator_guidance", 800, 4000), ("unrelated", 120, 2000)]
    {
        let of = lengths.get_mut(kind).unwrap();
        of.sort_unstable();
        let (least, most) = (of[0], of[of.len() - 1]);
        assert!(least >= low && most <= high, "{kind}: {least} to {most}, median {}", of[of.len() / 2]);
    }
}
