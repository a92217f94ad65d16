//! Frozen sets: labelled notices whose bytes never change, whatever release reads or writes them.
//!
//! What the generator writes changes with its revision. Who compares the speed of a scanner over years needs the same text over years. So a
//! set is no output of the generator but a committed file of one megabyte (`frozen/NAME/`), and larger sets are spun from it by the rule below,
//! which depends on nothing else: no revision, no table, no crate.
//!
//! ```
//! use owabi_corpora::frozen::Frozen;
//!
//! let set = Frozen::from_name("bench-v1").unwrap();
//! let document = set.document(1_000_000);
//! assert_eq!(document.id, "bench-v1-1000000");
//! assert!(Frozen::from_name("bench-v0").is_none());
//! ```
//!
//! # The rule
//!
//! A set is an endless row of documents, written as [`crate::raw`] says; a set *of n bytes* is its shortest beginning of whole documents that
//! has at least so many. So the set of a megabyte begins the set of a gigabyte. Let *b* be the number of committed documents.
//!
//! * Document *i* below *b* is the committed document *i*, unchanged.
//! * Any other is the committed document *h(i)* mod *b*, where *h* is SplitMix64 (Steele, Lea, Flood 2014) of *i*.
//! * In it the last four digits of every telephone and fax number that is labelled as a value, has at least ten ASCII digits and ends with four
//!   of them in a row, become themselves plus *h(i)* div 2^32, mod 10,000. Where that would repeat one digit or count up or down, they stay.
//!   Every number keeps its length, so no label moves, and its exchange, in which no number is assigned.
//! * The id is the set's name, a hyphen and *i*.

use crate::raw::{Cursor, Document, SEPARATOR};

/// The names of all sets.
pub const NAMES: [&str; 1] = ["bench-v1"];

/// How many digits of a number change.
const DIGITS: usize = 4;
/// A shorter one, such as an extension, has no exchange that would keep it safe.
const FEWEST_DIGITS: usize = 10;

/// A set.
pub struct Frozen {
    name: &'static str,
    documents: Vec<Committed>,
}

/// A document as it is committed.
struct Committed {
    text: &'static str,
    code_points: usize,
    /// The sidecar's line behind the places.
    rest: &'static str,
    /// Where the digits begin that change, in bytes.
    numbers: Vec<usize>,
}

impl Frozen {
    /// The set of a name.
    pub fn from_name(name: &str) -> Option<Frozen> {
        let name = NAMES.into_iter().find(|known| *known == name)?;
        let raw = include_str!("../frozen/bench-v1/notices.txt");
        let sidecar = include_str!("../frozen/bench-v1/notices.txt.jsonl");
        Some(Frozen { name, documents: committed(name, raw, sidecar) })
    }

    /// Its name.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// How many documents are committed.
    pub fn committed(&self) -> u64 {
        self.documents.len() as u64
    }

    /// A document of the row, from 0.
    pub fn document(&self, index: u64) -> Document {
        let count = self.committed();
        let (base, add) = if index < count { (index, 0) } else { (spread(index) % count, spread(index) >> 32) };
        let Committed { text, code_points, rest, numbers } = &self.documents[base as usize];
        let mut text = (*text).to_owned();
        for start in numbers {
            let place = *start..start + DIGITS;
            let said = text[place.clone()].parse::<u64>().unwrap_or_default();
            let digits = format!("{:0DIGITS$}", (said + add) % 10_000);
            if !is_dull(digits.as_bytes()) {
                text.replace_range(place, &digits);
            }
        }
        Document { id: format!("{}-{index}", self.name), text, code_points: *code_points, rest: (*rest).to_owned() }
    }
}

/// SplitMix64.
fn spread(index: u64) -> u64 {
    let mixed = index.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// Whether digits repeat or run: scanners take such numbers for dummies.
fn is_dull(digits: &[u8]) -> bool {
    [0, 1, -1].into_iter().any(|step| digits.windows(2).all(|pair| i16::from(pair[1]) - i16::from(pair[0]) == step))
}

/// The committed files are of this very form; tests read them.
fn committed(name: &str, raw: &'static str, sidecar: &'static str) -> Vec<Committed> {
    let mut cursor = Cursor::default();
    let mut documents = Vec::new();
    for (index, (text, line)) in raw.split_terminator(SEPARATOR).zip(sidecar.lines()).enumerate() {
        let mut document =
            Document { id: format!("{name}-{index}"), text: text.to_owned(), code_points: text.chars().count(), rest: String::new() };
        let mut head = Vec::new();
        document.write(&mut cursor, &mut Vec::new(), &mut head);
        // Without the line's end.
        let rest = line.get(head.len() - 1..).unwrap_or_default();
        document.rest = rest.to_owned();
        documents.push(Committed { text, code_points: document.code_points, rest, numbers: numbers(text, rest) });
    }
    documents
}

/// Where the last digits of the telephone and fax numbers stand.
fn numbers(text: &str, rest: &str) -> Vec<usize> {
    #[derive(serde::Deserialize)]
    struct Rest {
        labels: Labels,
    }
    #[derive(serde::Deserialize)]
    struct Labels {
        values: Vec<Value>,
    }
    #[derive(serde::Deserialize)]
    struct Value {
        kind: String,
        spans: Vec<Place>,
    }
    #[derive(serde::Deserialize)]
    struct Place {
        start: usize,
        end: usize,
    }
    let rest: Option<Rest> = serde_json::from_str(&format!("{{{rest}")).ok();
    let values = rest.into_iter().flat_map(|rest| rest.labels.values);
    let phones = values.filter(|value| value.kind == "phone" || value.kind == "fax").flat_map(|value| value.spans);
    let last = phones.filter_map(|Place { start, end }| {
        let number = text.get(start..end)?.as_bytes();
        let behind = number.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
        let digits = number.iter().filter(|byte| byte.is_ascii_digit()).count();
        (behind == DIGITS && digits >= FEWEST_DIGITS).then(|| end - DIGITS)
    });
    let mut places: Vec<usize> = last.collect();
    places.sort_unstable();
    places.dedup();
    places
}
