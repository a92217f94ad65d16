//! Hand-written notices as web pages: the same facts are found, at places that hold the same words.

// What differs is worth reading, and shown only where a test fails or is asked for it.
#![allow(clippy::print_stdout)]

use std::collections::BTreeSet;
use std::sync::LazyLock;

use owabi_corpora::{Labels, handwritten};
use owabi_detector::{Detector, Html};

static DETECTOR: LazyLock<Detector> = LazyLock::new(Detector::builtin);

/// A text as HTML, every seventh character of other scripts as a reference.
fn escape(text: &str) -> String {
    let reference = |(at, c): (usize, char)| match c {
        '&' => "&amp;".to_owned(),
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        c if !c.is_ascii() && at % 14 == 0 => format!("&#{};", c as u32),
        c if !c.is_ascii() && at % 14 == 7 => format!("&#x{:X};", c as u32),
        c => c.to_string(),
    };
    text.chars().enumerate().map(reference).collect()
}

fn page(body: &str) -> String {
    format!(
        "<!DOCTYPE html>\r\n<html lang=\"ja\">\r\n<head><meta charset=\"utf-8\">\r\n<style>body {{ color: #333 }}</style>\r\n\
         <script>if (1 < 2) document.write('<p>氏名</p>');</script>\r\n</head>\r\n<body class=\"page\">\r\n<!-- 電話番号が流出 -->\r\n\
         <div id=\"main\"><div class='text'>\r\n{body}\r\n</div></div>\r\n</body>\r\n</html>\r\n"
    )
}

/// Every line broken by `<br>`, as old pages have it, and words in `<b>`.
fn with_breaks(text: &str) -> String {
    let line = |line: &str| match line.char_indices().nth(3) {
        Some((at, _)) => format!("<b>{}</b>{}", escape(&line[..at]), escape(&line[at..])),
        None => escape(line),
    };
    page(&text.lines().map(line).collect::<Vec<_>>().join("<br>\n"))
}

/// Paragraphs, lists, tables and definitions, as a content management system writes them. Tags are left unclosed where they may be.
fn with_blocks(text: &str) -> String {
    let mut body = String::new();
    let mut list = false;
    for (index, line) in text.lines().enumerate() {
        let item = line.strip_prefix('・');
        if list && item.is_none() {
            body.push_str("</ul>\n");
        }
        if !list && item.is_some() {
            body.push_str("<ul class=\"list\">\n");
        }
        list = item.is_some();
        let pair = line.split_once('：').filter(|(key, value)| key.chars().count() <= 12 && !value.is_empty() && !key.contains('。'));
        match (item, pair) {
            (Some(item), _) if index % 2 == 0 => body.push_str(&format!("  <li>{}</li>\n", escape(item))),
            (Some(item), _) => body.push_str(&format!("  <li>\n    <span>{}</span>\n", escape(item))),
            (None, Some((key, value))) if index % 2 == 0 => {
                body.push_str(&format!("<table><tr><th>{}</th><td><p>{}</p></td></tr></table>\n", escape(key), escape(value)));
            }
            (None, Some((key, value))) => body.push_str(&format!("<dl><dt>{}<dd>{}</dl>\n", escape(key), escape(value))),
            (None, None) if line.trim().is_empty() => body.push_str("<br>\n"),
            (None, None) => body.push_str(&format!("<div class=\"block\">{}</div>\n", escape(line))),
        }
    }
    page(&body)
}

/// Every line a paragraph of its own.
fn with_paragraphs(text: &str) -> String {
    page(&text.lines().filter(|line| !line.trim().is_empty()).map(|line| format!("<p>{}\n", escape(line))).collect::<String>())
}

/// What is found, each fact with the words at its places; white space, markers and mark-up aside.
fn facts(labels: &Labels, words: impl Fn(usize, usize) -> String) -> BTreeSet<String> {
    let mut labels = labels.clone();
    let mut found = BTreeSet::new();
    let mut places = Vec::new();
    let _ = labels.visit_spans(|path, mention| {
        places.push((path, words(mention.start, mention.end)));
        (mention.start, mention.end) = (0, 0);
        Ok::<(), std::convert::Infallible>(())
    });
    macro_rules! field {
        ($($name:ident),+) => {
            $(for (index, item) in labels.$name.iter_mut().flatten().enumerate() {
                item.spans.clear();
                found.insert(format!("{item:?}"));
                for (path, words) in places.iter().filter(|(path, _)| path.field == stringify!($name) && path.item == index) {
                    found.insert(format!("{} {item:?} {words}", path.field));
                }
            })+
        };
    }
    field!(causes, data, counts, dates, parties, values, distractors);
    found.insert(format!("{:?} {:?} {:?}", labels.genre, labels.exposure, labels.via_vendor));
    found
}

fn compact(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// The facts that differ between the text and the page, by notice.
fn differences(wrap: fn(&str) -> String) -> (usize, usize, usize) {
    let (mut different, mut all, mut notices) = (0, 0, 0);
    for record in handwritten::load(handwritten::FOLDER.as_ref()).unwrap() {
        let source = wrap(&record.text);
        let plain = facts(&DETECTOR.detect(&record.text), |start, end| compact(&record.text[start..end]));
        let found = facts(&DETECTOR.detect_html(&source), |start, end| compact(Html::new(&source[start..end]).text()));
        let wrong: Vec<_> = plain.symmetric_difference(&found).collect();
        all += plain.len();
        different += wrong.len();
        notices += usize::from(!wrong.is_empty());
        for fact in wrong {
            println!("{}: {} {}", record.id, if plain.contains(fact) { "only in the text:" } else { "only in the page:" }, fact);
        }
    }
    (different, all, notices)
}

#[test]
fn pages_with_line_breaks_say_what_the_text_says() {
    let (different, all, notices) = differences(with_breaks);
    println!("<br>: {different} of {all} facts differ, in {notices} notices");
    assert_eq!(different, 0);
}

#[test]
fn pages_with_blocks_say_what_the_text_says() {
    let (different, all, notices) = differences(with_blocks);
    println!("blocks: {different} of {all} facts differ, in {notices} notices");
    // What a list of measures mentions is told apart by its blank lines, which blocks do not keep.
    assert!(different * 500 < all, "{different} of {all}");
}

/// Without the blank lines of the text fewer short lines pass for headings, and the lines of copies from PDF are no paragraphs.
#[test]
fn pages_of_paragraphs_say_nearly_what_the_text_says() {
    let (different, all, notices) = differences(with_paragraphs);
    println!("paragraphs: {different} of {all} facts differ, in {notices} notices");
    assert!(different * 20 <= all, "{different} of {all}");
}
