//! What only attacks from outside can get wrong.

mod common;

use common::documents;
use owabi_corpora::vocabulary::Exposure;

/// Somebody was talked into it on the telephone: nobody came in through the network, and only a scam takes over a computer.
#[test]
fn deception_is_no_break_in() {
    for (facts, record) in documents().iter().filter(|(facts, _)| facts.kind.id() == "support_scam_notice") {
        for word in ["侵入経路", "不正アクセスの期間", "サーバーへの侵入", "脆弱性"] {
            assert!(!record.text.contains(word), "{}: {word}\n{}", record.id, record.text);
        }
        let scam = facts.causes[0].id() == "support_scam";
        assert!(scam || !record.text.contains("遠隔操作"), "{}\n{}", record.id, record.text);
    }
}

/// A flood of traffic takes nothing with it.
#[test]
fn floods_leak_nothing() {
    for (facts, record) in documents().iter().filter(|(facts, _)| facts.kind.id() == "ddos_outage") {
        assert_eq!(facts.outcome, Exposure::None, "{}", record.id);
        for word in ["二次被害", "対象となる方", "書面"] {
            assert!(!record.text.contains(word), "{}: {word}\n{}", record.id, record.text);
        }
    }
}

/// Receivers are asked to delete a mail only where the text has told of one.
#[test]
fn mail_is_deleted_that_was_sent() {
    for (facts, record) in documents().iter().filter(|(facts, _)| facts.kind.id() == "mail_takeover") {
        for asked in ["当該メールを受信された", "そのメールには返信せず", "届いた不審なメールは"] {
            assert!(facts.flags.contains("spam_sent") || !record.text.contains(asked), "{}\n{}", record.id, record.text);
            if let Some(at) = record.text.find(asked) {
                let told = ["送信され", "送られ", "届けられ"].iter().any(|word| record.text[..at].contains(word));
                assert!(told, "{}\n{}", record.id, record.text);
            }
        }
    }
}

/// What attackers put on show has leaked, and no text says in the same breath that nothing was published.
#[test]
fn what_is_on_show_is_not_said_to_be_unseen() {
    for (facts, record) in documents().iter().filter(|(facts, _)| facts.kind.id() == "ransomware_report") {
        let shown = record.text.contains("リークサイト") || record.text.contains("公開サイト");
        assert!(!shown || facts.flags.contains("dark_web") && !facts.groups.is_empty(), "{}\n{}", record.id, record.text);
        assert!(!shown || !record.text.contains("インターネット上に公開された"), "{}\n{}", record.id, record.text);
    }
}
