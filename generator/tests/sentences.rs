//! Prose ends its sentences.

mod common;

use common::{documents, pages};
use owabi_corpora::Record;

/// How polite sentences end.
const ENDS: [&str; 5] = ["ます", "です", "ました", "ません", "ください"];

/// Nouns that such an end may qualify: 「ご迷惑をおかけしております皆様に」.
const QUALIFIED: [&str; 7] = ["皆様", "内容", "事項", "場合", "本件", "標記", "事案"];
/// Verbs that end so without being polite, and polite ones that qualify a name: 「なりすました者」「公表いたしましたプリエに係る事案」「発送いたしました納品書」.
const QUALIFYING: [&str; 4] = ["なりす", "だ", "公表いたし", "発送いたし"];

/// Where a polite end stands right before a kanji or katakana within a line: a sentence without its full stop.
fn unended(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in text.lines() {
        for end in ENDS {
            for (at, _) in line.match_indices(end) {
                let (before, after) = (&line[..at], &line[at + end.len()..]);
                let runs_on = after.chars().next().is_some_and(|c| matches!(c, '\u{4E00}'..='\u{9FFF}' | 'ァ'..='ヺ'));
                let qualifies = end != "です" && QUALIFIED.iter().any(|noun| after.starts_with(noun));
                if runs_on && !qualifies && !QUALIFYING.iter().any(|verb| before.ends_with(verb)) {
                    let from = before.char_indices().rev().nth(14).map_or(0, |(from, _)| from);
                    found.push(format!("…{}{end}{}…", &before[from..], after.chars().take(14).collect::<String>()));
                }
            }
        }
    }
    found
}

#[test]
fn no_polite_sentence_runs_into_the_next() {
    let pages = pages();
    let records = documents().iter().map(|(_, record)| record).chain(&pages);
    let of = |record: &Record| (record.id.clone(), unended(&record.text));
    let found: Vec<_> = records.map(of).filter(|(_, found)| !found.is_empty()).collect();
    assert!(found.is_empty(), "{} documents: {:#?}", found.len(), &found[..found.len().min(40)]);
}

/// A hedge upon a hedge, and what a polite end makes of a clause that must go on.
const STUMBLES: [&str; 11] = [
    "可能性の可能性",
    "可能性のおそれ",
    "おそれの可能性",
    "おそれのおそれ",
    "懸念の可能性",
    "懸念のおそれ",
    "しましたことが判明",
    "いたしましたことが判明",
    "できませんことが",
    "懸念されると考えられる",
    "原因による事象により",
];

#[test]
fn no_word_stands_upon_its_like() {
    let pages = pages();
    for record in documents().iter().map(|(_, record)| record).chain(&pages) {
        let stumble = STUMBLES.iter().find(|words| record.text.contains(**words));
        assert_eq!(stumble, None, "{}\n{}", record.id, record.text);
    }
}
