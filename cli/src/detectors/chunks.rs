//! Documents that are too large for one request: cut into pieces that overlap, and their answers joined again.

use std::ops::Range;

use owabi_corpora::record::{Mention, ValueLabel};
use owabi_corpora::vocabulary::Genre;
use owabi_corpora::{Finding, Labels, Reading, Span};

/// Cuts a text into pieces of at most `room` bytes of JSON, at the end of a line or a sentence where one is near. Neighbours
/// have `overlap` characters in common, so that what stands on a border stands whole in one of them.
pub(super) fn cut(text: &str, room: usize, overlap: usize) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    let mut start = 0;
    loop {
        let rest = &text[start..];
        let reach = reach(rest, room);
        if reach == rest.len() {
            pieces.push(start..text.len());
            return pieces;
        }
        let end = start + border(&rest[..reach]);
        pieces.push(start..end);
        let back = text[..end].char_indices().rev().take(overlap).last().map_or(end, |(at, _)| at);
        start = if back > start { back } else { end };
    }
}

/// How long a character is in a JSON string.
fn in_json(c: char) -> usize {
    match c {
        '"' | '\\' | '\n' | '\r' | '\t' | '\u{8}' | '\u{c}' => 2,
        c if c < ' ' => 6,
        c => c.len_utf8(),
    }
}

/// How many bytes of `text` fit into `room` bytes of JSON: one character at least, so that there is an end.
fn reach(text: &str, room: usize) -> usize {
    let mut used = 0;
    for (at, c) in text.char_indices() {
        used += in_json(c);
        if used > room && at > 0 {
            return at;
        }
    }
    text.len()
}

/// The best place to cut in the second half of `text`.
fn border(text: &str) -> usize {
    let late = |at: &usize| *at > text.len() / 2;
    let after = |marks: &[char]| text.rfind(marks).map(|at| at + text[at..].chars().next().map_or(0, char::len_utf8)).filter(late);
    after(&['\n']).or_else(|| after(&['。', '．', '！', '？', '!', '?'])).unwrap_or(text.len())
}

/// Joins what was found in the pieces of one text. Their places are moved to those of the text, and what two neighbours found of
/// one thing is kept once, by the one that saw more of it. Documents within a page are not kept: a piece cannot tell them.
pub(super) fn join(pieces: Vec<(Range<usize>, Reading)>) -> Reading {
    let mut joined: Option<Labels> = None;
    let (mut values, mut findings, mut any_findings) = (Vec::new(), Vec::new(), false);
    for (range, reading) in pieces {
        if let Some(mut labels) = reading.labels {
            let _ = labels.visit_spans(|_, mention: &mut Mention| {
                (mention.start, mention.end) = (mention.start + range.start, mention.end + range.start);
                Ok::<(), std::convert::Infallible>(())
            });
            values.push((range.clone(), labels.values.take().unwrap_or_default()));
            let known = joined.get_or_insert_with(Labels::annotated);
            if known.genre.is_none_or(|genre| genre == Genre::Unrelated) {
                known.genre = labels.genre.or(known.genre);
            }
            known.exposure = [known.exposure, labels.exposure].into_iter().flatten().max_by_key(|exposure| exposure.rank());
            known.via_vendor = [known.via_vendor, labels.via_vendor].into_iter().flatten().max();
            known.join(labels);
        }
        if let Some(mut found) = reading.findings {
            for place in found.iter_mut().flat_map(|finding| [&mut finding.start, &mut finding.end]).flatten() {
                *place += range.start;
            }
            any_findings = true;
            findings.push((range, found));
        }
    }
    if let Some(labels) = &mut joined {
        let places = |value: &ValueLabel| value.spans.first().map(Mention::span);
        labels.values = Some(once(values, |a, b| a.kind == b.kind, places));
        tidy(labels);
    }
    let findings = any_findings.then(|| once(findings, |a: &Finding, b| a.label == b.label && a.status == b.status, Finding::span));
    Reading { labels: joined, segments: None, findings }
}

/// All items of the pieces. Of two in neighbouring pieces that are the same by `same` and overlap, the longer one.
fn once<T>(pieces: Vec<(Range<usize>, Vec<T>)>, same: impl Fn(&T, &T) -> bool, place: impl Fn(&T) -> Option<Span>) -> Vec<T> {
    let mut kept: Vec<T> = Vec::new();
    // Where the items of the piece before begin in `kept`, and where that piece ends in the text.
    let (mut before, mut end) = (0, 0);
    for (range, items) in pieces {
        let from = kept.len();
        for item in items {
            let Some(span) = place(&item) else {
                kept.push(item);
                continue;
            };
            let rival = |other: &T| same(other, &item) && place(other).is_some_and(|other| other.overlap(span) > 0);
            let rival = if span.start < end { kept[before..from].iter().position(rival).map(|at| before + at) } else { None };
            match rival {
                None => kept.push(item),
                Some(at) if place(&kept[at]).is_some_and(|other| other.range().len() < span.range().len()) => kept[at] = item,
                Some(_) => {}
            }
        }
        (before, end) = (from, range.end);
    }
    kept
}

/// One primary cause, one total, and each place once: of places of one fact that lie in each other the outer one.
fn tidy(labels: &mut Labels) {
    for item in labels.causes.iter_mut().flatten().filter(|item| item.primary).skip(1) {
        item.primary = false;
    }
    for item in labels.counts.iter_mut().flatten().filter(|item| item.total).skip(1) {
        item.total = false;
    }
    macro_rules! field {
        ($($name:ident),+) => {
            $(for item in labels.$name.iter_mut().flatten() {
                item.spans.sort_by_key(|mention| (mention.start, std::cmp::Reverse(mention.end)));
                item.spans.dedup_by(|next, kept| next.end <= kept.end);
            })+
        };
    }
    field!(causes, data, counts, dates, parties, distractors);
    labels.sort_spans();
}

#[cfg(test)]
mod tests {
    use super::*;
    use owabi_corpora::markup;

    fn json_length(text: &str) -> usize {
        text.chars().map(in_json).sum()
    }

    /// With line ends and without, with characters of every width in JSON: all of the text is there, in pieces that fit.
    #[test]
    fn pieces_fit_overlap_and_cover() {
        let texts =
            ["氏名が漏えいしました。\n".repeat(50), "あ".repeat(500), "\u{1}\"𠮷a".repeat(120), "一文です。次の文です。".repeat(40)];
        for text in &texts {
            for (room, overlap) in [(100, 0), (100, 4), (131, 5), (1000, 20)] {
                let pieces = cut(text, room, overlap);
                assert!(pieces.len() > 1 && pieces[0].start == 0 && pieces.last().unwrap().end == text.len());
                assert!(pieces.iter().all(|piece| json_length(&text[piece.clone()]) <= room), "{pieces:?}");
                for pair in pieces.windows(2) {
                    let common = text[pair[1].start..pair[0].end].chars().count();
                    assert_eq!(common, overlap, "{pieces:?}");
                    assert!(pair[0].start < pair[1].start);
                }
            }
        }
        assert_eq!(json_length("\u{1}\"\n\tあ𠮷"), serde_json::to_string("\u{1}\"\n\tあ𠮷").unwrap().len() - 2);
        assert!(matches!(cut("abc", 3, 1).as_slice(), [Range { start: 0, end: 3 }]));
    }

    #[test]
    fn cuts_stand_at_ends_of_lines_and_sentences() {
        let text = "一行目です\n二行目の長い行です\n三行目";
        assert!(cut(text, 30, 0).iter().rev().skip(1).all(|piece| text[..piece.end].ends_with('\n')));
        let text = "一文です。二文目です。三文目です。";
        assert!(cut(text, 40, 0).iter().all(|piece| text[..piece.end].ends_with('。')));
    }

    fn finding(label: &str, text: &str, found: &str) -> Finding {
        let start = text.find(found).unwrap();
        let extra = Default::default();
        Finding { label: label.into(), start: Some(start), end: Some(start + found.len()), count: None, status: None, score: None, extra }
    }

    #[test]
    fn what_two_pieces_found_is_kept_once_and_whole() {
        let text = "連絡先 a@example.jp と 03-1234-5678 です";
        let at = |part: &str| text.find(part).unwrap();
        // The first piece ends inside the telephone number, the second begins inside the mail address.
        let pieces = [0..at("34-5678"), at("@example")..text.len()];
        let read = |piece: &Range<usize>, found: &[(&str, &str)]| Reading {
            findings: Some(found.iter().map(|(label, found)| finding(label, &text[piece.clone()], found)).collect()),
            ..Reading::default()
        };
        let first = read(&pieces[0], &[("EMAIL", "a@example.jp"), ("PHONE", "03-12")]);
        let second = read(&pieces[1], &[("EMAIL", "example.jp"), ("PHONE", "03-1234-5678"), ("HOST", "example.jp")]);
        let joined = join(vec![(pieces[0].clone(), first), (pieces[1].clone(), second)]).findings.unwrap();
        let found: Vec<(&str, &str)> = joined.iter().map(|one| (one.label.as_str(), &text[one.span().unwrap().range()])).collect();
        assert_eq!(found, [("EMAIL", "a@example.jp"), ("PHONE", "03-1234-5678"), ("HOST", "example.jp")]);
    }

    #[test]
    fn labels_are_moved_and_joined() {
        let (first, one) = markup::parse("⟦氏名|name:possible⟧と⟦住所|address:confirmed⟧、").unwrap();
        let (_, two) = markup::parse("⟦住所|address:confirmed⟧、⟦氏名|name:confirmed⟧と⟦1,284名|count:1284:person:total⟧").unwrap();
        let text = format!("{first}氏名と1,284名");
        let second = text.find("住所").unwrap();
        let reading = |labels: Labels| Reading { labels: Some(labels), ..Reading::default() };
        let labels = join(vec![(0..first.len(), reading(one)), (second..text.len(), reading(two))]).labels.unwrap();
        let data: Vec<(&str, &str, Vec<&str>)> = labels
            .data
            .iter()
            .flatten()
            .map(|item| (item.category.id(), item.status.id(), item.spans.iter().map(|place| &text[place.span().range()]).collect()))
            .collect();
        assert_eq!(data, [("name", "confirmed", vec!["氏名", "氏名"]), ("address", "confirmed", vec!["住所"])]);
        assert_eq!(labels.total().map(|count| &text[count.spans[0].span().range()]), Some("1,284名"));
    }
}
