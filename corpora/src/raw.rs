//! Raw text: many documents one after the other in one file, and beside it a *sidecar* that says where each of them lies and what it states.
//!
//! The file is what a scanner is fed: UTF-8, every document followed by [`SEPARATOR`], a line of its own that holds a form feed. No
//! document holds one. The sidecar holds a line of JSON for every document, in the same order: the record without its text, and its place.
//!
//! ```json
//! {"id":"a","bytes":{"start":0,"end":24},"code_points":{"start":0,"end":8},"schema":1,"offsets":"bytes","labels":{…},"provenance":{…}}
//! ```
//!
//! `bytes` and `code_points` tell the document's place in the file, half-open. Spans of labels count **bytes from the document's own start**,
//! since that is what scanners count: `bytes.start + span.start` is a position in the file.
//!
//! ```
//! use owabi_corpora::raw::{Cursor, Document, Records};
//! use owabi_corpora::{Record, markup};
//!
//! let (text, labels) = markup::parse("⟦氏名|name:possible⟧").unwrap();
//! let (mut raw, mut sidecar, mut cursor) = (Vec::new(), Vec::new(), Cursor::default());
//! for id in ["a", "b"] {
//!     let document = Document::of(Record::new(id, text.clone(), labels.clone()));
//!     document.write(&mut cursor, &mut raw, &mut sidecar);
//! }
//! assert_eq!(raw, "氏名\n\u{c}\n氏名\n\u{c}\n".as_bytes());
//! assert!(sidecar.starts_with(br#"{"id":"a","bytes":{"start":0,"end":6},"code_points":{"start":0,"end":2},"#));
//!
//! let read = Records::new("load.txt", &raw[..], "load.txt.jsonl", &sidecar[..], 1000);
//! let ids: Vec<String> = read.map(|record| record.unwrap().id).collect();
//! assert_eq!(ids, ["a", "b"]);
//! ```

use std::io::{BufRead, Read};

use serde::{Deserialize, Serialize};

use crate::jsonl::{FieldError, Lines, ReadError, to_memory};
use crate::record::{Extra, Labels, Provenance, Record, Segment};
use crate::span::{OffsetUnit, Span};

/// What follows every document of a raw file.
pub const SEPARATOR: &str = "\n\u{c}\n";

/// Where the next document begins in the raw file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cursor {
    /// In bytes: also how long the file is so far.
    pub bytes: usize,
    /// In code points.
    pub code_points: usize,
}

/// A document that is ready to be written: everything of it but its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Unique in its corpus.
    pub id: String,
    /// The document, exactly.
    pub text: String,
    /// How many code points the text has.
    pub code_points: usize,
    /// What the sidecar says of it behind its place: the rest of a JSON object, from its first key to the closing brace.
    pub rest: String,
}

impl Document {
    /// Lets go of the record's shape. The record's spans must lie inside its text.
    pub fn of(record: Record) -> Document {
        #[derive(Serialize)]
        struct Rest<'a> {
            schema: u32,
            offsets: OffsetUnit,
            labels: &'a Labels,
            #[serde(skip_serializing_if = "Option::is_none")]
            segments: Option<&'a [Segment]>,
            #[serde(skip_serializing_if = "Option::is_none")]
            provenance: Option<&'a Provenance>,
            #[serde(flatten)]
            extra: &'a Extra,
        }
        let Record { schema, id, text, labels, segments, provenance, extra, .. } = record;
        let rest = Rest {
            schema,
            // As spans are in memory.
            offsets: OffsetUnit::Bytes,
            labels: &labels,
            segments: segments.as_deref(),
            provenance: provenance.as_ref(),
            extra: &extra,
        };
        // Without the opening brace. A struct of these types cannot fail to become JSON.
        let rest = serde_json::to_string(&rest).unwrap_or_default().split_off(1);
        Document { code_points: text.chars().count(), id, text, rest }
    }

    /// Writes the text behind `raw` and the line behind `sidecar`; the cursor goes to where the next document begins.
    pub fn write(&self, cursor: &mut Cursor, raw: &mut Vec<u8>, sidecar: &mut Vec<u8>) {
        raw.extend_from_slice(self.text.as_bytes());
        raw.extend_from_slice(SEPARATOR.as_bytes());
        self.write_line(*cursor, sidecar);
        cursor.bytes += self.text.len() + SEPARATOR.len();
        cursor.code_points += self.code_points + SEPARATOR.chars().count();
    }

    /// Writes the sidecar's line of a document that begins at the cursor.
    pub fn write_line(&self, at: Cursor, sidecar: &mut Vec<u8>) {
        let (bytes, points) = (at.bytes + self.text.len(), at.code_points + self.code_points);
        let id = serde_json::Value::from(self.id.as_str());
        let line = format!(
            "{{\"id\":{id},\"bytes\":{{\"start\":{},\"end\":{bytes}}},\"code_points\":{{\"start\":{},\"end\":{points}}},{}\n",
            at.bytes, at.code_points, self.rest
        );
        sidecar.extend_from_slice(line.as_bytes());
    }
}

/// Reads a raw file and its sidecar together, a record at a time.
pub struct Records<T, S> {
    file: String,
    raw: T,
    /// How much of the raw file has been read.
    read: usize,
    lines: Lines<S>,
    limit: usize,
    broken: bool,
}

impl<T: Read, S: BufRead> Records<T, S> {
    /// `file` and `sidecar` are the names that errors show; documents longer than `max_document` bytes are refused.
    pub fn new(file: impl Into<String>, raw: T, sidecar: impl Into<String>, lines: S, max_document: usize) -> Records<T, S> {
        let lines = Lines::new(sidecar, lines, max_document);
        Records { file: file.into(), raw, read: 0, lines, limit: max_document, broken: false }
    }

    /// The sidecar's line of the record returned last, from 1.
    pub fn line(&self) -> usize {
        self.lines.line()
    }

    /// The text of the next place, which must lie behind the one before.
    fn text(&mut self, place: Span) -> Result<String, FieldError> {
        let error = |message: String| FieldError { field: Some("bytes".to_owned()), message };
        if place.start < self.read || place.end < place.start {
            return Err(error(format!(
                "{}..{} does not lie behind the document before; keep the order of the file",
                place.start, place.end
            )));
        }
        if place.len() > self.limit {
            return Err(error(format!("{} bytes, more than the limit of {}; split the document", place.len(), self.limit)));
        }
        let mut skipped = (&mut self.raw).take((place.start - self.read) as u64);
        let mut bytes = Vec::with_capacity(place.len());
        let read = std::io::copy(&mut skipped, &mut std::io::sink())
            .and_then(|_| (&mut self.raw).take(place.len() as u64).read_to_end(&mut bytes));
        read.map_err(|reason| error(format!("cannot read {}: {reason}", self.file)))?;
        if bytes.len() < place.len() {
            return Err(error(format!("{}..{} is past the end of {}; both files must be of one run", place.start, place.end, self.file)));
        }
        self.read = place.end;
        let torn = |_| error(format!("{}..{} of {} is no UTF-8; both files must be of one run", place.start, place.end, self.file));
        String::from_utf8(bytes).map_err(torn)
    }
}

impl<T: Read, S: BufRead> Iterator for Records<T, S> {
    type Item = Result<Record, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        #[derive(Deserialize)]
        struct Line {
            id: String,
            bytes: Span,
            #[serde(rename = "code_points")]
            _code_points: Span,
            schema: u32,
            #[serde(default)]
            offsets: OffsetUnit,
            labels: Labels,
            #[serde(default)]
            segments: Option<Vec<Segment>>,
            #[serde(default)]
            provenance: Option<Provenance>,
            #[serde(flatten)]
            extra: Extra,
        }
        if self.broken {
            return None;
        }
        let line = match self.lines.advance() {
            Ok(false) => return None,
            Err(error) => return Some(Err(error)),
            Ok(true) => match self.lines.parse::<Line>() {
                Ok(line) => line,
                Err(error) => return Some(Err(error)),
            },
        };
        let Line { id, bytes, schema, offsets, labels, segments, provenance, extra, .. } = line;
        let record = self.text(bytes).and_then(|text| {
            let mut record = Record { schema, id, offsets, text, labels, segments, provenance, extra };
            to_memory(&mut record).map(|()| record)
        });
        // Where one place is wrong, those behind it are not worth reading.
        self.broken = record.is_err();
        Some(record.map_err(|error| self.lines.error(error)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markup;

    fn pair() -> (Vec<Record>, Vec<u8>, Vec<u8>) {
        let texts = ["𠮷野\r\nさんの⟦氏名|name:possible@1⟧", "", "🙂e\u{301}\"⟦住所|address:denied⟧\\"];
        let records: Vec<Record> = texts
            .iter()
            .zip(["a", "b\"", "c"])
            .map(|(marked, id)| {
                let (text, labels) = markup::parse(marked).unwrap();
                Record::new(id, text, labels)
            })
            .collect();
        let (mut raw, mut sidecar, mut cursor) = (Vec::new(), Vec::new(), Cursor::default());
        for record in &records {
            Document::of(record.clone()).write(&mut cursor, &mut raw, &mut sidecar);
        }
        assert_eq!(cursor.bytes, raw.len());
        assert_eq!(cursor.code_points, std::str::from_utf8(&raw).unwrap().chars().count());
        (records, raw, sidecar)
    }

    fn read(raw: &[u8], sidecar: &[u8]) -> Result<Vec<Record>, String> {
        Records::new("r", raw, "r.jsonl", sidecar, 100).collect::<Result<_, _>>().map_err(|error| error.to_string())
    }

    #[test]
    fn what_is_written_is_read() {
        let (records, raw, sidecar) = pair();
        assert_eq!(read(&raw, &sidecar).unwrap(), records);
        // The places are those of the file.
        for (line, record) in sidecar.split(|byte| *byte == b'\n').zip(&records) {
            let line: serde_json::Value = serde_json::from_slice(line).unwrap();
            let place = |unit: &str, end: &str| line[unit][end].as_u64().unwrap() as usize;
            assert_eq!(&raw[place("bytes", "start")..place("bytes", "end")], record.text.as_bytes());
            let points: String = std::str::from_utf8(&raw).unwrap().chars().skip(place("code_points", "start")).collect();
            let length = place("code_points", "end") - place("code_points", "start");
            assert_eq!(points.chars().take(length).collect::<String>(), record.text);
        }
    }

    #[test]
    fn files_that_do_not_belong_together_are_refused() {
        let (_, raw, sidecar) = pair();
        let other = String::from_utf8(sidecar.clone()).unwrap();
        for (raw, sidecar, message) in [
            (&raw[..10], other.clone(), "r.jsonl:1: bytes: 0..24 is past the end of r; both files must be of one run"),
            (&raw[1..], other.clone(), "r.jsonl:1: bytes: 0..24 of r is no UTF-8; both files must be of one run"),
            (
                &raw[..],
                other.replacen("\"start\":27", "\"start\":21", 1),
                "r.jsonl:2: bytes: 21..27 does not lie behind the document before; keep the order of the file",
            ),
            (
                &raw[..],
                other.replacen("\"end\":24", "\"end\":122", 1),
                "r.jsonl:1: bytes: 122 bytes, more than the limit of 100; split the document",
            ),
            (&raw[..], other.replacen("\"bytes\":{", "\"byte\":{", 1), "r.jsonl:1: missing key `bytes`"),
        ] {
            assert_eq!(read(raw, sidecar.as_bytes()).unwrap_err(), message);
        }
    }
}
