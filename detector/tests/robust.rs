//! Detection never panics, never hangs, and points into the text, whatever the input.

use std::convert::Infallible;
use std::sync::LazyLock;

use owabi_corpora::{Labels, Span, handwritten};
use owabi_detector::{Detector, Encoding, Html, decode};
use proptest::prelude::*;

static DETECTOR: LazyLock<Detector> = LazyLock::new(Detector::builtin);

fn check(detector: &Detector, text: &str) -> Labels {
    let mut labels = detector.detect(text);
    let _ = labels.visit_spans(|path, mention| {
        assert!(mention.start < mention.end && text.get(mention.start..mention.end).is_some(), "{path} points outside the text");
        Ok::<(), Infallible>(())
    });
    assert!(labels.causes.is_some() && labels.data.is_some() && labels.values.is_some() && labels.genre.is_some());
    labels
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_text_is_read(text in "\\PC{0,300}") {
        check(&DETECTOR, &text);
    }

    #[test]
    fn any_mixture_of_its_own_words_is_read(words in proptest::collection::vec("(氏名|漏えい|可能性|含まれて|おりません|、|。|\\(|\\)|「|」|\n|・|1\\.|２０２４年|2月|3日|同日|から|まで|約|12万|[一二三十]|名|件|株式会社|ア|①|⽇|ｶﾞ|\u{3099}|@example.jp|03-1234-5678|\r\n| )", 0..80)) {
        check(&DETECTOR, &words.concat());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_mixture_of_values_and_separators_is_read(words in proptest::collection::vec("(氏名|電話番号|生年月日|住所|口座番号|カード番号|記号|担当|社長|様|です|例|From:|\\||\"|,|;|\t|  |　|:|：|\n|-|ー|\\(|〒|@|\\.|::|T|\\+81|[0-9]{1,17}|[０-９]{1,5}|[٠-٩]{1,12}|山田|樅沢 椋平|東京都港区|丁目|年|月|日|昭和|元|example\\.jp|\u{200b}|\u{301}|\r|👪)", 0..80)) {
        check(&DETECTOR, &words.concat());
    }
}

/// What coverage-guided fuzzing and `cargo run --release -p owabi-benches --example worst` found.
#[test]
fn what_was_found_stays_mended() {
    // A title that begins with a space that is no space to a regular expression.
    for title in ["\u{c}日株式会社", "　日株式会社みずたま", "\u{c}\0\0\0\0\0\u{fffd}日"] {
        check(&DETECTOR, title);
    }
    // A word for data that is a part of a verb's own words.
    check(&DETECTOR, "情報漏えい、管理者アカウントの悪用だって");
    // Sentences without end are cut, and words may stand across the cut.
    for part in ["お客様の情報を確認し", "2024年2月3日", "不正アクセス", "直ちに", "2月3日から2月4日に漏えい", "1,234名分のカード番号"]
    {
        for shift in 0..part.chars().count() {
            check(&DETECTOR, &format!("{}{}", "あ".repeat(shift), part.repeat(6_200 / part.len())));
        }
    }
}

/// Hand-written notices, their lines deleted, doubled, swapped and cut, and characters put in.
#[test]
fn notices_with_broken_lines_are_read() {
    let texts: Vec<String> = handwritten::load(handwritten::FOLDER.as_ref()).unwrap().into_iter().map(|record| record.text).collect();
    let change = (0..6usize, any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<char>());
    let strategy = (prop::sample::select(texts), prop::collection::vec(change, 1..8));
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(150) };
    prop::test_runner::TestRunner::new(config)
        .run(&strategy, |(text, changes)| {
            let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
            for (kind, first, second, c) in changes {
                if lines.is_empty() {
                    break;
                }
                let (at, other) = (first.index(lines.len()), second.index(lines.len()));
                let inside =
                    lines[at].char_indices().nth(second.index(lines[at].chars().count() + 1)).map_or(lines[at].len(), |(at, _)| at);
                match kind {
                    0 => drop(lines.remove(at)),
                    1 => lines.insert(other, lines[at].clone()),
                    2 => lines.swap(at, other),
                    3 => lines[at].insert(inside, c),
                    4 => lines[at].truncate(inside),
                    _ => lines[at] = lines[at].repeat(3),
                }
            }
            check(&DETECTOR, &lines.join("\n"));
            Ok(())
        })
        .unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn any_bytes_are_text_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        for told in [None].into_iter().chain(Encoding::ALL.map(Some)) {
            match decode(&bytes, told) {
                Ok(found) => prop_assert!(told.is_none() || found.stray.is_none()),
                Err(error) => prop_assert!(error.line() > 0),
            }
        }
    }

    #[test]
    fn any_page_leads_back(source in "(<[a-z!/]{0,3}|<(p|/p|li|td|th|dd|dt|pre|br|svg|template|title|rt|script)>|&(amp|lt|#12354|nGt|x)?;?|[ \r\n]|\\PC){0,60}") {
        let html = Html::new(&source);
        let mut before = 0;
        for (at, c) in html.text().char_indices() {
            let place = html.to_source(Span::new(at, at + c.len_utf8()));
            prop_assert!(!place.is_empty() && source.get(place.range()).is_some() && place.start >= before);
            before = place.start;
        }
    }
}

/// Notices cut and spliced at any character.
#[test]
fn mutated_notices_are_read() {
    for record in handwritten::load(handwritten::FOLDER.as_ref()).unwrap() {
        let chars: Vec<char> = record.text.chars().collect();
        for step in [7, 31, 101] {
            let cut: String = chars.iter().enumerate().filter(|(i, _)| i % step != 0).map(|(_, c)| c).collect();
            check(&DETECTOR, &cut);
            let turned: String = chars[chars.len() / step..].iter().chain(&chars[..chars.len() / step]).collect();
            check(&DETECTOR, &turned);
        }
    }
}

/// Texts that tempt a reader into looking at everything again for each word. That their time grows with their length and not with
/// its square is measured by `cargo run --release -p owabi-benches --example worst`; here a quadratic stage would be seen as a test that hangs.
#[test]
fn unfriendly_texts_are_read() {
    for part in [
        "、",
        "(",
        "()",
        "「",
        "1",
        "1,",
        "1.1.",
        "a",
        "氏名",
        "氏名、",
        "(氏名漏えい",
        "漏えいした可能性",
        "2月",
        "3日",
        "直ちに2月3日に",
        "株式会社",
        "\n",
        "・\n",
        "・氏名\n",
        "①\n",
        "\u{3099}",
        "同日",
        "万",
        "あ",
        "@",
        "a@",
        ",",
        "|",
        "|\n",
        "a,b\n",
        "\t",
        "  ",
        ":",
        "氏名,住所\n",
        "氏名:",
        "山田",
        "山田 ",
        "社長 山田",
        "〒100-1234",
        "03-",
        "普通4820593",
        "例\n",
        "1名2件",
    ] {
        check(&DETECTOR, &part.repeat(100_000 / part.len()));
    }
}
