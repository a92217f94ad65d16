//! Every hand-written notice in every encoding: found as that encoding, and read back byte for byte.

// What differs is worth reading, and shown only where a test fails or is asked for it.
#![allow(clippy::print_stdout)]

use std::collections::BTreeMap;

use owabi_corpora::handwritten;
use owabi_detector::{Encoding, decode};

fn tables(encoding: Encoding) -> &'static encoding_rs::Encoding {
    encoding_rs::Encoding::for_label(encoding.name().as_bytes()).unwrap()
}

/// The text in bytes, and the text that these bytes hold: what the encoding has no character for becomes `?`.
fn encode(text: &str, encoding: Encoding) -> (String, Vec<u8>) {
    match encoding {
        Encoding::Utf8 => (text.to_owned(), text.as_bytes().to_vec()),
        Encoding::Utf16Le => (text.to_owned(), text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        Encoding::Utf16Be => (text.to_owned(), text.encode_utf16().flat_map(u16::to_be_bytes).collect()),
        _ => {
            // Encoding each character by itself and back: ISO-2022-JP as the web has it makes ｶ full-width.
            let mut buffer = [0; 4];
            let text: String = text
                .chars()
                .map(|c| {
                    let (bytes, _, lost) = tables(encoding).encode(c.encode_utf8(&mut buffer));
                    if lost { "?".to_owned() } else { tables(encoding).decode_without_bom_handling(&bytes).0.into_owned() }
                })
                .collect();
            let bytes = tables(encoding).encode(&text).0.into_owned();
            (text, bytes)
        }
    }
}

fn notices() -> Vec<(String, String)> {
    handwritten::load(handwritten::FOLDER.as_ref()).unwrap().into_iter().map(|record| (record.id, record.text)).collect()
}

#[test]
fn every_notice_is_read_back_from_every_encoding() {
    for (id, text) in notices() {
        for encoding in Encoding::ALL {
            let (text, bytes) = encode(&text, encoding);
            let found = decode(&bytes, None).unwrap_or_else(|error| panic!("{id} in {encoding}: {error}"));
            assert_eq!((found.encoding, found.stray), (encoding, None), "{id}");
            assert!(found.text == text, "{id} in {encoding}");
            assert!(decode(&bytes, Some(encoding)).unwrap().text == text, "{id} told {encoding}");
        }
    }
}

/// The first characters alone: `cargo test -p owabi-detector --test encodings -- --nocapture` prints the share that is read right.
#[test]
fn short_texts_are_told_apart() {
    let mut right: BTreeMap<(usize, &str), (usize, usize)> = BTreeMap::new();
    for (id, text) in notices() {
        for length in [5, 10, 20, 40, 100, 200] {
            for encoding in Encoding::ALL {
                let head: String = text.chars().take(length).collect();
                if head.trim().is_empty() {
                    continue;
                }
                let (text, bytes) = encode(&head, encoding);
                let found = decode(&bytes, None);
                let is_right = found.as_ref().is_ok_and(|found| found.text == text);
                let tally = right.entry((length, encoding.name())).or_default();
                tally.0 += usize::from(is_right);
                tally.1 += 1;
                if !is_right {
                    println!("{id}: {length} characters in {encoding}: {text:?} -> {:?}", found.map(|found| (found.encoding, found.text)));
                }
            }
        }
    }
    for ((length, encoding), (right, all)) in &right {
        println!("first {length:3} characters, {encoding}: {right} of {all}");
        // 「News Release⏎2024年」 in EUC-JP is valid UTF-8, too.
        assert!(*length < 40 || right == all, "first {length} characters in {encoding}: {right} of {all}");
    }
}

#[test]
fn hard_texts_are_told_apart() {
    for text in [
        "髙﨑様、①氏名②住所、㈱みずたま、№5、㍻30年",
        "Security Incident Report / Data Breach Notification for Customers (2024)\nContact: support@example.jp\n氏名",
        "ｶﾌﾞｼｷｶﾞｲｼｬ ﾐｽﾞﾀﾏのお知らせ",
        "お客様ｾﾝﾀｰ(ﾌﾘｰﾀﾞｲﾔﾙ)よりお詫び",
        "漏えいのお詫び",
        "ア",
    ] {
        for encoding in Encoding::ALL {
            let (text, bytes) = encode(text, encoding);
            let found = decode(&bytes, None).unwrap();
            assert_eq!((found.text.as_ref(), found.encoding), (text.as_str(), encoding));
        }
    }
    // Nothing but kanji and signs: with these the eight-bit codes are told apart, UTF-16 is not.
    for encoding in [Encoding::Utf8, Encoding::ShiftJis, Encoding::EucJp, Encoding::Iso2022Jp] {
        let (text, bytes) = encode("髙﨑①㈱", encoding);
        assert_eq!(decode(&bytes, None).unwrap().text, text, "{encoding}");
    }
}
