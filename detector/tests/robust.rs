//! Detection never panics, never hangs, and points into the text, whatever the input.

use std::convert::Infallible;
use std::sync::LazyLock;

use owabi_corpora::{Labels, handwritten};
use owabi_detector::Detector;
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
/// its square is measured by `cargo bench -p owabi-benches -- unfriendly`; here a quadratic stage would be seen as a test that hangs.
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
