//! A detector with words of the user's own: what they do, and what is refused.

use owabi_detector::Detector;

/// (category:status) and causes.
fn found(table: &str, text: &str) -> Vec<String> {
    let detector = Detector::builder().lexicon("a.tsv", table).build().unwrap_or_else(|error| panic!("{error}"));
    let labels = detector.detect(text);
    let data = labels.data.unwrap().into_iter().map(|item| format!("{}:{}", item.category, item.status));
    let causes = labels.causes.unwrap().into_iter().map(|item| item.cause.to_string());
    data.chain(causes).collect()
}

#[test]
fn the_users_words_are_read_like_the_built_in_ones() {
    let cases = [
        ("みなとパス\tlogin_id", "みなとパスが漏えいしました。", vec!["login_id:confirmed"]),
        ("みなとパス\tlogin_id", "みなとパスは含まれておりません。", vec!["login_id:denied"]),
        // Half-width in the table, full-width in the text, and the other way round.
        ("ﾐﾅﾄﾊﾟｽ\tlogin_id", "ミナトパスが漏えいしました。", vec!["login_id:confirmed"]),
        ("ＭＩＮＡＴＯ　ＩＤ\tcustomer_id", "Minato IDが漏えいしました。", vec!["customer_id:confirmed"]),
        // A known surface means what the user says.
        ("会員番号\tcontract_number", "会員番号が漏えいしました。", vec!["contract_number:confirmed"]),
        ("鍵穴攻撃\tcause:vulnerability", "鍵穴攻撃により、氏名が漏えいしました。", vec!["name:confirmed", "vulnerability"]),
        // What practice makes of the sentence behind it (a loss) does not replace it.
        (
            "みなと名簿事件\tcause:insider_snooping",
            "みなと名簿事件が起きました。鞄を車内に残したまま降り、戻ったときにはありませんでした。",
            vec!["insider_snooping"],
        ),
        // A byte-order mark, comments, empty lines, Windows line ends, spaces around the cells.
        ("\u{feff}# mine\r\n\r\nみなとパス \t login_id\r\n", "みなとパスが漏えいしました。", vec!["login_id:confirmed"]),
        // Marks of patterns stand for themselves.
        ("番号(新)\tcustomer_id", "番号(新)が漏えいしました。", vec!["customer_id:confirmed"]),
        ("", "氏名が漏えいしました。", vec!["name:confirmed"]),
    ];
    for (table, text, expected) in cases {
        assert_eq!(found(table, text), expected, "{table} on {text}");
    }
}

#[test]
fn what_cannot_be_used_is_told_with_its_line() {
    let long = format!("{}\tname", "あ".repeat(101));
    for (table, message) in [
        ("みなと番号\tmembership", "a.tsv:1: unknown category `membership`; see `owabi scheme categories`"),
        ("みなと番号\temial", "a.tsv:1: unknown category `emial`; did you mean `email`? See `owabi scheme categories`"),
        ("鍵穴攻撃\tcause:vulnerabilty", "a.tsv:1: unknown cause `vulnerabilty`; did you mean `vulnerability`? See `owabi scheme causes`"),
        ("# head\n\nみなと番号", "a.tsv:3: no tab; write a surface, a tab and a category's id"),
        ("みなと番号\tname\t1", "a.tsv:1: 3 columns; write a surface, a tab and a category's id"),
        ("\tname", "a.tsv:1: the surface is empty; write the words to look for before the tab"),
        ("\u{200b}\tname", "a.tsv:1: the surface is empty; write the words to look for before the tab"),
        ("名\tname", "a.tsv:1: `名` is one character, which stands in many words; give a longer surface"),
        (&long, "a.tsv:1: the surface has 101 characters; give one of at most 100"),
        ("みなと番号\tname\nみなと番号\tname", "a.tsv:2: `みなと番号` stands in a.tsv:1 already; keep one of the two lines"),
        ("ﾐﾅﾄ番号\tname\nミナト番号\temail", "a.tsv:2: `ミナト番号` stands in a.tsv:1 already; keep one of the two lines"),
        ("漏えい\tname", "a.tsv:1: `漏えい` is a word by which the detector reads what happened; give a longer surface"),
    ] {
        let error = Detector::builder().lexicon("a.tsv", table).build().err().unwrap_or_else(|| panic!("{table} was taken"));
        assert_eq!(error.to_string(), message);
    }
    let twice = Detector::builder().lexicon("a.tsv", "みなと番号\tname").lexicon("b.tsv", "\nみなと番号\temail").build().err().unwrap();
    assert_eq!((twice.file(), twice.line()), ("b.tsv", 2));
    assert_eq!(twice.to_string(), "b.tsv:2: `みなと番号` stands in a.tsv:1 already; keep one of the two lines");
}

#[test]
fn without_settings_it_is_the_built_in_one() {
    let (plain, built) = (Detector::builtin(), Detector::builder().build().unwrap());
    assert!(plain.surfaces().eq(built.surfaces()));
    let text = "2024年6月3日、不正アクセスにより氏名が漏えいしました。";
    assert_eq!(plain.detect(text), built.detect(text));
}
