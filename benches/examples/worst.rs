//! Texts that tempt a reader into looking at everything again for each word: how long each takes against ordinary text of the same
//! length. `cargo run --release -p owabi-benches --example worst [BYTES]`; 1 MB if no length is given. Ends with 1 when a
//! text takes more than ten times as long.
#![allow(clippy::print_stdout, clippy::disallowed_methods)]

use std::hint::black_box;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use owabi_benches::Workload;
use owabi_detector::{Detector, Html, decode};

/// How many times as long as ordinary text a text may take.
const LIMIT: f64 = 10.0;

fn main() -> ExitCode {
    let length = std::env::args().nth(1).and_then(|bytes| bytes.parse().ok()).unwrap_or(1_000_000);
    let detector = Detector::builtin();
    let ordinary = ordinary(length);
    let time = |work: &dyn Fn()| {
        (0..3)
            .map(|_| {
                let start = Instant::now();
                work();
                start.elapsed()
            })
            .min()
            .unwrap_or_default()
    };
    let mut slow = 0;
    let mut table = |stage: &str, base: Duration, texts: &[(&str, Duration)]| {
        println!("{stage}: {length} bytes of generated notices in {:.1} ms; others take", base.as_secs_f64() * 1e3);
        for (name, took) in texts {
            let ratio = took.as_secs_f64() / base.as_secs_f64();
            slow += usize::from(ratio > LIMIT);
            println!("  {ratio:6.2} x  {name}{}", if ratio > LIMIT { "  <- too slow" } else { "" });
        }
    };
    let detect = |text: &str| time(&|| _ = black_box(detector.detect(text)));
    let texts: Vec<_> = TEXTS.iter().map(|(name, part)| (*name, detect(&part.repeat(length / part.len())))).collect();
    table("detect", detect(&ordinary), &texts);
    let extract = |text: &str| time(&|| _ = black_box(Html::new(text)));
    let page: String = ordinary.lines().map(|line| format!("<p>{line}</p>\n")).collect();
    let pages: Vec<_> = PAGES.iter().map(|(name, part)| (*name, extract(&part.repeat(length / part.len())))).collect();
    table("html", extract(&page), &pages);
    let read = |bytes: &[u8]| time(&|| _ = black_box(decode(bytes, None)));
    let bytes: Vec<_> = BYTES.iter().map(|(name, part)| (*name, read(&part.repeat(length / part.len())))).collect();
    let sjis = b"\x8e\x81\x96\xbc\x82\xaa\x98R\x82\xa6\x82\xa2\x81B\n".repeat(length / 16);
    table("decode (against Shift_JIS)", read(&sjis), &bytes);
    if slow == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Generated notices up to a length.
fn ordinary(length: usize) -> String {
    let records = Workload::synthetic().records;
    let mut text = String::new();
    for record in records.iter().cycle() {
        if text.len() >= length {
            break;
        }
        text.push_str(&record.text);
        text.push('\n');
    }
    text
}

const TEXTS: [(&str, &str); 54] = [
    ("、", "、"),
    ("。", "。"),
    ("open brackets", "（"),
    ("open quotations", "「"),
    ("nested pairs", "「（』）"),
    ("closed pairs", "（）"),
    ("digits", "1"),
    ("wide digits", "１"),
    ("digits and commas", "1,"),
    ("1.1.1.", "1.1."),
    ("kanji numerals", "二十三万"),
    ("a sentence without end", "お客様の情報を確認し"),
    ("a sentence of verbs without end", "漏えいした可能性があり、"),
    ("a quotation that never closes", "「お客様の氏名が漏えいしました。"),
    ("line breaks", "\n"),
    ("line breaks of Windows", "\r\n"),
    ("spaces", " "),
    ("wide spaces and lines", "　\n"),
    ("dates glued", "2024年2月3日"),
    ("short dates glued", "2月3日"),
    ("numeric dates glued", "2024/2/3"),
    ("days that refer", "同日翌日同月9日"),
    ("株式会社", "株式会社"),
    ("names of companies", "株式会社みずたま"),
    ("names of companies, one a line", "みずたま文具株式会社\n"),
    ("quoted services", "「みずたまオンライン」"),
    ("names of categories", "氏名"),
    ("a list of categories", "氏名、住所、電話番号、"),
    ("items", "・氏名\n"),
    ("empty items", "・\n"),
    ("numbered items", "①氏名\n"),
    ("headings", "■対応\n"),
    ("headings and a line", "1.経緯\n当社は調査した。\n"),
    ("URLs", "https://example.jp/a"),
    ("URLs, one a line", "https://example.jp/a\n"),
    ("mail addresses", "info@example.jp "),
    ("@", "@"),
    ("a@", "a@"),
    ("telephone numbers", "03-1234-5678 "),
    ("card numbers", "4111-1111-1111-1111 "),
    ("lines of =", "==========\n"),
    ("=", "="),
    ("-", "-"),
    ("Latin letters", "a"),
    ("Latin words", "abc def "),
    ("hiragana", "あ"),
    ("katakana", "ア"),
    ("kanji", "漢"),
    ("combining marks", "\u{3099}"),
    ("half-width kana", "ｶﾞ"),
    ("radicals", "⽇"),
    ("counts", "約1,234名2件"),
    ("cues", "漏えいした可能性おそれ含まれておりません"),
    ("keys", "対象:"),
];

const PAGES: [(&str, &str); 10] = [
    ("<", "<"),
    ("<p>", "<p>"),
    ("<div>", "<div>"),
    ("<li>", "<li>"),
    ("<template>", "<template>"),
    ("<td>", "<td>"),
    ("&", "&"),
    ("&amp;", "&amp;"),
    ("<!--", "<!--"),
    ("an attribute without end", "<a b='"),
];

const BYTES: [(&str, &[u8]); 6] =
    [("ASCII", b"a"), ("0xFF", b"\xff"), ("NUL", b"\0"), ("escapes", b"\x1b$B"), ("EUC-JP", b"\xa4\xa2"), ("half-width kana", b"\xb1")];
