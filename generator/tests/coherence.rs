//! Facts agree with each other, and texts with the facts.

mod common;

use common::{documents, normal};
use owabi_corpora::vocabulary::{Exposure, Genre};
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
                ["期限", "期間", "速やかな報告とな", "速やかな報告とはい", "遅れ", "遅く", "日数を超え", "日数を過ぎ"]
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
    for (facts, record) in documents().iter().filter(|(facts, _)| !facts.groups.is_empty()) {
        let counts = facts.groups.iter().map(|group| group.count);
        let total = if facts.relation == Relation::Nested { counts.max() } else { Some(counts.sum()) };
        assert_eq!(total, Some(facts.total), "{}", record.id);
        let leaked = facts.leaked();
        assert!(facts.denied.iter().all(|category| !leaked.contains(category)), "{}", record.id);
        // Who shares a total cannot be in fewer records than it has people; of nested groups, records are the first one's.
        let people = if facts.relation == Relation::Nested { facts.groups[0].count } else { facts.total };
        assert!(facts.records.is_none_or(|records| records >= people), "{}", record.id);
    }
}

#[test]
fn organisations_speak_as_they_are() {
    for (facts, record) in documents() {
        let own = facts.organisation.me;
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
        // A town hall, a school or a union has no 「社内」.
        let company = facts.organisation.flags.iter().any(|flag| flag == "company");
        for word in ["社内", "社外の", "社用車", "就業規則"] {
            let fits = company || matches!(facts.genre, Genre::Unrelated | Genre::Commentary) || facts.kind.id() == "internal_report";
            assert!(fits || !record.text.contains(word), "{}: {word}\n{}", record.id, record.text);
        }
        let twice = ["関係者の皆様をはじめ関係者", "関係者の皆様および関係者", "関係者の皆様ならびに関係者", "皆様の皆様"];
        assert!(!twice.iter().any(|words| record.text.contains(words)), "{}\n{}", record.id, record.text);
        for (ending, own) in [("病院", "当院"), ("信用組合", "当組合"), ("信用金庫", "当金庫"), ("大学", "本学"), ("財団", "当財団")]
        {
            assert!(!facts.organisation.name.ends_with(ending) || facts.organisation.me == own, "{}", facts.organisation.name);
        }
    }
}

#[test]
fn nobody_is_asked_to_watch_a_card_that_did_not_leak() {
    for (facts, record) in documents().iter().filter(|(facts, _)| facts.genre == Genre::Notice) {
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
    for (_, record) in documents().iter().filter(|(facts, _)| facts.genre == Genre::Notice) {
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

/// As long as the real ones: the median of every split by itself, so that short phrases in one of them cannot hide.
#[test]
fn lengths_are_natural() {
    let mut lengths: std::collections::BTreeMap<(&str, &str), Vec<usize>> = Default::default();
    for (facts, record) in documents() {
        let split = record.provenance.as_ref().map_or("", |provenance| provenance.split.id());
        lengths.entry((facts.kind.id(), split)).or_default().push(record.text.chars().count());
    }
    for (kind, least, median, most) in [
        ("ec_skimming", 800, 1_200..2_200, 2_800),
        ("media_loss", 350, 580..1_100, 1_400),
        ("regulator_guidance", 1_000, 1_450..3_000, 4_000),
        ("unrelated", 150, 350..1_200, 2_000),
    ] {
        for ((_, split), of) in lengths.iter_mut().filter(|((of, _), _)| *of == kind) {
            of.sort_unstable();
            let (first, middle, last) = (of[0], of[of.len() / 2], of[of.len() - 1]);
            assert!(first >= least && last <= most && median.contains(&middle), "{kind} {split}: {first}, {middle}, {last}");
        }
    }
}

/// 「以上」 closes what 「記」 opened; an internal paper may end with it all the same.
#[test]
fn what_is_opened_is_closed() {
    for (facts, record) in documents() {
        let line = |word: &str| record.text.lines().filter(|line| line.trim() == word).count();
        let closed = line("以上") == line("記") || facts.kind.id() == "internal_report" && line("以上") == 1;
        assert!(closed && line("記") <= 1, "{}\n{}", record.id, record.text);
        let below = record.text.contains("下記") || facts.genre != Genre::Notice || facts.kind.id() == "internal_report";
        assert!(line("記") == 0 || below, "{}: nothing refers below\n{}", record.id, record.text);
    }
}

/// A sentence under a heading leans on nothing, and no two in a row lean alike.
#[test]
fn no_paragraph_leans_on_a_heading() {
    for (_, record) in documents() {
        let lines: Vec<&str> = record.text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        for pair in lines.windows(2) {
            let both = pair.iter().all(|line| line.starts_with("なお、"));
            // Of the marks of headings, these are no bullets too.
            let headed = pair[1].starts_with("なお、") && pair[0].starts_with(['◆', '□']);
            assert!(!both && !headed, "{}: {pair:?}", record.id);
        }
    }
}

/// Only the card company's first suspicion stays a suspicion.
#[test]
fn a_confirmed_leak_is_found_for_certain() {
    for (facts, record) in documents().iter().filter(|(facts, _)| facts.kind.id() == "ec_skimming") {
        if facts.status == owabi_corpora::vocabulary::Status::Confirmed {
            for hedge in ["可能性がございます", "可能性を否定できません", "したおそれが"] {
                assert!(!record.text.contains(hedge), "{}: {hedge}\n{}", record.id, record.text);
            }
        }
    }
}

/// As long as nobody can tell whether something leaked, nobody says that nothing did.
#[test]
fn what_is_unknown_is_not_denied() {
    let mut seen = 0;
    for (_, record) in documents().iter().filter(|(_, record)| record.labels.exposure == Some(Exposure::Unknown)) {
        let text = normal(&record.text);
        for leak in ["漏えい", "漏洩", "流出"] {
            for denial in [
                "は確認されませんでした",
                "がないことを確認",
                "した事実はございません",
                "はないと判断",
                "の事実は見つかりません",
                "はなかったとの",
                "は起きていません",
            ] {
                assert!(!text.contains(&format!("{leak}{denial}")), "{}: {leak}{denial}\n{}", record.id, record.text);
            }
        }
        seen += 1;
    }
    assert!(seen > 20, "{seen}");
}

/// Nobody reports for good, or ends an investigation, that has yet to tell whether anything leaked.
#[test]
fn what_is_unknown_is_not_over() {
    for (facts, record) in documents().iter().filter(|(facts, _)| facts.outcome == Exposure::Unknown) {
        let days = &facts.timeline;
        assert!(days.final_report.is_none() && days.investigation_done.is_none(), "{}: {days:?}", record.id);
    }
}

/// Attackers who try a list of credentials brought these with them: they leaked elsewhere.
#[test]
fn what_attackers_brought_did_not_leak_here() {
    let mut seen = 0;
    for (facts, record) in documents() {
        if facts.causes.first().is_none_or(|cause| cause.id() != "credential_stuffing") {
            continue;
        }
        let brought = ["login_id", "password", "pin", "security_question"];
        let leaked = facts.leaked();
        assert!(leaked.iter().all(|category| !brought.contains(&category.id())), "{}: {leaked:?}", record.id);
        assert!(facts.groups.iter().all(|group| !group.categories.is_empty()), "{}", record.id);
        seen += usize::from(!facts.groups.is_empty());
    }
    assert!(seen > 20, "{seen}");
}

/// Papers go to others over a counter one at a time; by post thousands may.
#[test]
fn few_papers_go_astray_over_a_counter() {
    let mut seen = 0;
    for (facts, record) in documents().iter().filter(|(facts, _)| facts.kind.id() != "regulator_guidance") {
        if facts.causes.first().is_some_and(|cause| cause.id() == "misdelivery") && !facts.flags.contains("by_post") {
            assert!(facts.groups.iter().all(|group| group.count <= 30), "{}: {}", record.id, facts.total);
            seen += 1;
        }
    }
    assert!(seen > 10, "{seen}");
}

/// Offices publish and report on working days, mistakes are made on such days, and whom an attack reached is not known at once.
#[test]
fn days_are_those_of_people_at_work() {
    use jiff::civil::{Weekday, date};
    // Mondays that stand in for a holiday on the Sunday before.
    let substitutes = [date(2024, 2, 12), date(2024, 8, 12), date(2024, 11, 4), date(2025, 2, 24)];
    let rests = |day: jiff::civil::Date| {
        matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) || day == date(2023, 9, 18) || substitutes.contains(&day)
    };
    for (facts, record) in documents().iter().filter(|(facts, _)| facts.genre == Genre::Notice) {
        let days = &facts.timeline;
        for day in [days.discovered, days.preliminary, days.final_report, days.published].into_iter().flatten() {
            assert!(!rests(day), "{}: {day} in {days:?}", record.id);
        }
        let mistake = !days.evil && facts.causes.first().is_some_and(|cause| cause.id() != "theft");
        assert!(!mistake || days.occurred_start.is_none_or(|day| !rests(day)), "{}: {days:?}", record.id);
        if days.evil
            && let (Some(known), Some(told)) = (days.discovered, days.notified)
        {
            assert!(known.until(told).is_ok_and(|span| span.get_days() >= 5), "{}: {days:?}", record.id);
        }
    }
}

/// Addresses in the line of recipients give away themselves, and at most whose they are.
#[test]
fn a_forgotten_bcc_leaks_mail_addresses() {
    let mut seen = 0;
    for (facts, record) in documents().iter().filter(|(facts, _)| facts.causes.first().is_some_and(|cause| cause.id() == "missent_email")) {
        if !facts.flags.contains("bcc") {
            continue;
        }
        for group in &facts.groups {
            let ids: Vec<&str> = group.categories.iter().map(|category| category.id()).collect();
            assert!(ids.contains(&"email"), "{}: {ids:?}", record.id);
            assert!(ids.iter().all(|id| ["email", "name", "affiliation"].contains(id)), "{}: {ids:?}", record.id);
        }
        seen += 1;
    }
    assert!(seen > 20, "{seen}");
}

/// A letter goes to one person, and tells nobody how many others there are.
#[test]
fn a_letter_speaks_of_one_person() {
    let mut seen = 0;
    for (facts, record) in documents().iter().filter(|(facts, _)| facts.kind.id() == "individual_letter") {
        assert_eq!(facts.groups.len(), 1, "{}", record.id);
        assert!(record.labels.counts.iter().flatten().next().is_none(), "{}\n{}", record.id, record.text);
        assert!(!record.text.contains("各位"), "{}\n{}", record.id, record.text);
        // 「拝啓」 and 「敬具」 belong together.
        assert_eq!(record.text.contains("拝啓"), record.text.contains("敬具"), "{}\n{}", record.id, record.text);
        seen += 1;
    }
    assert!(seen > 100, "{seen}");
}

/// What contributed is said, and nothing else is.
#[test]
fn every_cause_is_said() {
    let own = [
        "misconfiguration",
        "missent_or_misdelivered",
        "insider",
        "wrong_publication",
        "municipal_apology",
        "loss_report",
        "theft_report",
        "individual_letter",
    ];
    for (facts, record) in documents().iter().filter(|(facts, _)| own.contains(&facts.kind.id())) {
        let mut causes = facts.causes.clone();
        let mut said: Vec<_> = record.labels.causes.iter().flatten().map(|item| item.cause).collect();
        causes.sort();
        said.sort();
        assert_eq!(causes, said, "{}\n{}", record.id, record.text);
    }
}
