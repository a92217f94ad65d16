//! Which documents a run was on, in three short sums: runs may be compared document by document only where all three agree.

use std::fmt;
use std::ops::AddAssign;
use std::str::FromStr;

use owabi_corpora::{Labels, Record};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// What the documents of a run are. It depends neither on their order nor on who answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Fingerprint {
    /// Of all ids.
    pub ids: Sum,
    /// Of all texts, each with its id.
    pub texts: Sum,
    /// Of all gold labels as they were scored, each with its id.
    pub labels: Sum,
}

impl Fingerprint {
    /// Of one document, with its gold labels as they are scored: a label map may have coarsened them.
    pub fn of(gold: &Record, labels: &Labels) -> Fingerprint {
        // Labels hold no map with keys that are no strings, so they can always be written.
        let labels = serde_json::to_vec(&(labels, &gold.segments)).unwrap_or_default();
        Fingerprint { ids: Sum::of(&gold.id, b""), texts: Sum::of(&gold.id, gold.text.as_bytes()), labels: Sum::of(&gold.id, &labels) }
    }
}

impl AddAssign for Fingerprint {
    fn add_assign(&mut self, other: Fingerprint) {
        self.ids.0 = self.ids.0.wrapping_add(other.ids.0);
        self.texts.0 = self.texts.0.wrapping_add(other.texts.0);
        self.labels.0 = self.labels.0.wrapping_add(other.labels.0);
    }
}

/// The sum, modulo 2^128, of the first halves of the documents' SHA-256. A sum and not an exclusive or, so that a document that is
/// there twice does not vanish. Written as 32 hex digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Sum(u128);

impl Sum {
    fn of(id: &str, content: &[u8]) -> Sum {
        let mut hash = Sha256::new();
        // With its length before it, an id cannot run into what follows.
        hash.update((id.len() as u64).to_le_bytes());
        hash.update(id);
        hash.update(content);
        let mut half = [0; 16];
        half.copy_from_slice(&hash.finalize()[..16]);
        Sum(u128::from_be_bytes(half))
    }
}

impl fmt::Display for Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl FromStr for Sum {
    type Err = String;

    fn from_str(text: &str) -> Result<Sum, String> {
        let valid = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let sum = valid.then(|| u128::from_str_radix(text, 16).ok()).flatten();
        sum.map(Sum).ok_or_else(|| format!("`{text}` is no fingerprint, which has 32 hex digits"))
    }
}

impl From<Sum> for String {
    fn from(sum: Sum) -> String {
        sum.to_string()
    }
}

impl TryFrom<String> for Sum {
    type Error = String;

    fn try_from(text: String) -> Result<Sum, String> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use owabi_corpora::{Labels, markup};

    use super::*;

    fn record(id: &str, marked: &str) -> Record {
        let (text, labels) = markup::parse(marked).unwrap();
        Record::new(id, text, labels)
    }

    fn sum(records: &[&Record]) -> Fingerprint {
        records.iter().fold(Fingerprint::default(), |mut sum, record| {
            sum += Fingerprint::of(record, &record.labels);
            sum
        })
    }

    #[test]
    fn what_differs_is_told_apart_and_order_is_not() {
        let (a, b) = (record("a", "⟦氏名|name:confirmed⟧"), record("b", "住所"));
        let whole = sum(&[&a, &b]);
        assert_eq!(whole, sum(&[&b, &a]));
        assert_ne!(whole, sum(&[&a, &b, &b, &b]), "an exclusive or would not see the pair");

        let swapped = sum(&[&Record { text: b.text.clone(), ..a.clone() }, &Record { text: a.text.clone(), ..b.clone() }]);
        assert_eq!((whole.ids, whole.labels), (swapped.ids, swapped.labels));
        assert_ne!(whole.texts, swapped.texts);
        let relabelled = sum(&[&Record { labels: Labels::annotated(), ..a.clone() }, &b]);
        assert_eq!((whole.ids, whole.texts), (relabelled.ids, relabelled.texts));
        assert_ne!(whole.labels, relabelled.labels);
        assert_ne!(whole.ids, sum(&[&a]).ids);
    }

    #[test]
    fn fingerprints_are_written_and_read() {
        let record = record("a", "氏名");
        let print = Fingerprint::of(&record, &record.labels);
        let json = serde_json::to_string(&print).unwrap();
        assert_eq!(serde_json::from_str::<Fingerprint>(&json).unwrap(), print);
        // SHA-256 of eight bytes (1, 0 …) and "a": printf '\1\0\0\0\0\0\0\0a' | sha256sum
        assert_eq!(print.ids.to_string(), "ae6121c88ba555f64c3d812123eb799d");
        for bad in ["", "xyz", "+0000000000000000000000000000001"] {
            assert!(bad.parse::<Sum>().is_err(), "{bad}");
        }
    }
}
