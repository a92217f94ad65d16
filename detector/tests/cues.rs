//! Every finding tells the words that decided it.

use owabi_corpora::handwritten;
use owabi_detector::Detector;

#[test]
fn findings_carry_the_words_that_decided_them() {
    let detector = Detector::builtin();
    let text = "株式会社みずたま文具\n\n2024年11月5日、不正アクセスにより、お客様1,284名の氏名が流出した可能性があることが判明しました。\n\
        保守は株式会社ひさご技研に委託しております。\n口座番号は含まれておりません。\nパスワードの変更をお願いいたします。\n問い合わせ先: 03-1123-4567";
    let labels = detector.detect(text);
    let mut found = Vec::new();
    macro_rules! cues {
        ($($field:ident),+) => {
            $(for item in labels.$field.iter().flatten() {
                let cue = item.cue.as_deref().unwrap_or("-");
                let place = item.spans.first().map_or("", |mention| &text[mention.span().range()]);
                found.push(format!("{}: {cue} → {place}", stringify!($field)));
            })+
        };
    }
    cues!(causes, data, counts, dates, parties, values, distractors);
    let expected = [
        "causes: 不正アクセスにより → 不正アクセス",
        "data: 流出した可能性 → 氏名",
        "data: 含まれておりません → 口座番号",
        "counts: 流出 → 1,284名",
        "dates: 判明し → 2024年11月5日",
        "parties: 株式会社みずたま文具 → 株式会社みずたま文具",
        "parties: に委託 → 株式会社ひさご技研",
        // Its shape alone says what it is.
        "values: - → 03-1123-4567",
        "distractors: の変更を → パスワード",
    ];
    assert_eq!(found, expected);
}

/// Also in whole notices.
#[test]
fn cues_are_told_in_whole_notices() {
    let detector = Detector::builtin();
    let (mut seen, mut silent) = (0, Vec::new());
    for record in handwritten::load(handwritten::FOLDER.as_ref()).unwrap() {
        let labels = detector.detect(&record.text);
        macro_rules! cues {
            ($($field:ident),+) => {
                $(for item in labels.$field.iter().flatten() {
                    seen += 1;
                    match &item.cue {
                        None => silent.push(format!("{} {}", record.id, stringify!($field))),
                        Some(cue) => assert!(!cue.is_empty()),
                    }
                })+
            };
        }
        cues!(causes, data, counts, dates, parties);
    }
    assert!(seen > 500 && silent.is_empty(), "{} of {seen} without: {silent:?}", silent.len());
}
