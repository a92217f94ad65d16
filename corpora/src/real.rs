//! The real corpus: documents that other people wrote and whose texts are not ours to copy.
//!
//! The repository holds who published them, their checksums and the labels by position (`corpora/real/`). The texts are read
//! from a folder with `documents/ID.txt`; `OWABI_REAL_CORPUS` names it in tests.

use std::collections::BTreeSet;
use std::iter::once;
use std::path::Path;

use serde::Deserialize;
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::jsonl::{Answers, resolve};
use crate::record::Record;
use crate::span::Span;

const MANIFEST: &str = include_str!("../real/manifest.jsonl");
const LABELS: &str = include_str!("../real/labels.jsonl");

/// Which half of the corpus a document belongs to. Developers read only the development half; the score on the other half
/// is the honest one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Half {
    /// For reading.
    Development,
    /// For measuring only.
    Unread,
}

impl Half {
    /// By the first byte of SHA-256 of the id: even is development.
    pub fn of(id: &str) -> Half {
        match Sha256::digest(id.as_bytes())[0] % 2 {
            0 => Half::Development,
            _ => Half::Unread,
        }
    }
}

/// One line of the manifest.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The document's id and file stem.
    pub id: String,
    /// Who published it, where and when.
    pub source: String,
    /// The length in code points.
    pub characters: usize,
    /// SHA-256 of the file, in lower-case hexadecimal.
    pub sha256: String,
}

/// The manifest, in its order.
pub fn manifest() -> Vec<Entry> {
    MANIFEST.lines().map(|line| serde_json::from_str(line).expect("the committed manifest is valid")).collect()
}

/// The names of the organisations, sites and authorities of the real corpus: what a generator must never say.
pub fn party_names() -> Vec<String> {
    let mut names: Vec<String> = Answers::new("corpora/real/labels.jsonl", LABELS.as_bytes())
        .flat_map(|answer| answer.expect("the committed labels are valid").labels.and_then(|labels| labels.parties).unwrap_or_default())
        .map(|party| party.name)
        .collect();
    names.sort();
    names.dedup();
    names
}

/// Reads the texts from `folder/documents`, checks them against the manifest and joins the labels.
pub fn load(folder: &Path) -> Result<Vec<Record>, String> {
    let mut records = Vec::new();
    for (entry, answer) in manifest().into_iter().zip(Answers::new("corpora/real/labels.jsonl", LABELS.as_bytes())) {
        let answer = answer.map_err(|error| error.to_string())?;
        let path = folder.join("documents").join(format!("{}.txt", entry.id));
        let bytes = std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let hash: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        if hash != entry.sha256 {
            return Err(format!("{}: not the document of the manifest (SHA-256 differs)", path.display()));
        }
        let text = String::from_utf8(bytes).map_err(|error| format!("{}: {error}", path.display()))?;
        if answer.id != entry.id || text.chars().count() != entry.characters {
            return Err(format!("{}: manifest and labels disagree", entry.id));
        }
        let reading = resolve(answer, &text).map_err(|error| format!("{}: {error}", entry.id))?;
        records.push(Record::new(entry.id, text, reading.labels.unwrap_or_default()));
    }
    Ok(records)
}

/// A text without what tells two notices of one wording apart: in NFKC, without white space, every number a single `0`.
#[derive(Default)]
struct Masked {
    chars: Vec<char>,
    /// Where in the source each character begins and ends, in bytes.
    sources: Vec<Span>,
}

impl Masked {
    fn of(text: &str) -> Masked {
        let mut found = Masked::default();
        // NFKC joins a mark such as ゛ to what stands before it, so each piece takes the marks behind it along.
        let mut starts =
            text.char_indices().filter(|&(_, c)| !once(c).nfkc().next().is_some_and(is_combining_mark)).map(|(at, _)| at).peekable();
        let mut start = if starts.peek() == Some(&0) { starts.next() } else { Some(0) };
        while let Some(from) = start {
            start = starts.next();
            let source = Span::new(from, start.unwrap_or(text.len()));
            for c in text[source.range()].nfkc().filter(|c| !c.is_whitespace()) {
                match (c.is_ascii_digit(), found.chars.last(), found.sources.last_mut()) {
                    (true, Some('0'), Some(number)) => number.end = source.end,
                    (digit, ..) => {
                        found.chars.push(if digit { '0' } else { c });
                        found.sources.push(source);
                    }
                }
            }
        }
        found
    }

    /// Every run of [`Wording::RUN`] characters.
    fn runs(&self) -> impl Iterator<Item = &[char]> {
        self.chars.windows(Wording::RUN)
    }
}

/// The wording of documents: every run of [`Wording::RUN`] characters, numbers masked.
pub struct Wording(BTreeSet<Vec<char>>);

impl Wording {
    /// The length in characters of a common run that counts as copied.
    pub const RUN: usize = 30;

    /// Of these documents.
    pub fn of(documents: &[Record]) -> Wording {
        Wording(documents.iter().flat_map(|record| Masked::of(&record.text).runs().map(<[char]>::to_vec).collect::<Vec<_>>()).collect())
    }

    /// The first run that a text has in common with them, as it stands in the text but for the mask.
    pub fn copied(&self, text: &str) -> Option<String> {
        Masked::of(text).runs().find(|run| self.0.contains(*run)).map(|run| run.iter().collect())
    }

    /// The stretches of a text that are made of runs in common with them, in order and apart.
    pub fn places(&self, text: &str) -> Vec<Span> {
        let masked = Masked::of(text);
        let mut found: Vec<Span> = Vec::new();
        for (first, _) in masked.runs().enumerate().filter(|(_, run)| self.0.contains(*run)) {
            let place = Span::new(masked.sources[first].start, masked.sources[first + Wording::RUN - 1].end);
            match found.last_mut() {
                Some(last) if place.start <= last.end => last.end = place.end,
                _ => found.push(place),
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Labels;

    #[test]
    fn common_runs_are_found_whatever_their_numbers_and_spaces() {
        let known = "このたびは２０２４年３月に起きました不正な接続により、多くの方々にご心配をおかけしております。";
        let wording = Wording::of(&[Record::new("a", known, Labels::default())]);
        let before = "前置き。";
        let text = format!("{before}このたびは1 年 12月に起きました不正な接続により、多くの方々にこ\u{3099}心配をおかけしています。");
        let places = wording.places(&text);
        assert_eq!(places.len(), 1);
        assert_eq!(&text[places[0].range()], &text[before.len()..text.find("います").unwrap()]);
        assert!(wording.copied(&text).is_some());
        assert!(wording.places("このたびは2024年3月に起きました不正な接続により、").is_empty());
        assert!(wording.places("").is_empty() && wording.places("\u{3099}").is_empty());
    }
}
