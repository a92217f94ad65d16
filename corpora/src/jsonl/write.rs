//! Records to JSON Lines: spans from bytes to code points, one record a line.

use std::io::{self, Write};

use crate::record::{Labels, Mention, Record, Segment};

/// Writes one record as one line, its spans in code points. The record's spans must lie inside its text.
pub fn write_record(out: &mut impl Write, record: &Record) -> io::Result<()> {
    write_parts(out, record, record.labels.clone(), record.segments.clone())
}

/// The same for a record that is needed no longer: its labels need no copy in the file's unit.
pub fn write_owned(out: &mut impl Write, mut record: Record) -> io::Result<()> {
    let (labels, segments) = (std::mem::take(&mut record.labels), record.segments.take());
    write_parts(out, &record, labels, segments)
}

/// A record with its labels and segments, whose spans still count bytes.
fn write_parts(out: &mut impl Write, record: &Record, mut labels: Labels, mut segments: Option<Vec<Segment>>) -> io::Result<()> {
    let points = Points::new(&record.text);
    to_points(&mut labels, &points);
    for segment in segments.iter_mut().flatten() {
        (segment.start, segment.end) = (points.before(segment.start), points.before(segment.end));
        to_points(&mut segment.labels, &points);
    }
    write!(out, "{{\"schema\":{},\"id\":", record.schema)?;
    serde_json::to_writer(&mut *out, &record.id)?;
    out.write_all(b",\"text\":")?;
    write_text(out, &record.text)?;
    out.write_all(b",\"labels\":")?;
    serde_json::to_writer(&mut *out, &labels)?;
    if let Some(segments) = &segments {
        out.write_all(b",\"segments\":")?;
        serde_json::to_writer(&mut *out, segments)?;
    }
    if let Some(provenance) = &record.provenance {
        out.write_all(b",\"provenance\":")?;
        serde_json::to_writer(&mut *out, provenance)?;
    }
    for (key, value) in &record.extra.0 {
        out.write_all(b",")?;
        serde_json::to_writer(&mut *out, key)?;
        out.write_all(b":")?;
        serde_json::to_writer(&mut *out, value)?;
    }
    out.write_all(b"}\n")
}

fn to_points(labels: &mut Labels, points: &Points<'_>) {
    let _ = labels.visit_spans(|_, mention: &mut Mention| {
        mention.start = points.before(mention.start);
        mention.end = points.before(mention.end);
        Ok::<(), std::convert::Infallible>(())
    });
}

/// The code points of a text, counted block by block: [`crate::span::Offsets`] for one way and one unit alone, as every span that is
/// written is asked for twice.
struct Points<'t> {
    bytes: &'t [u8],
    /// How many code points begin before each block.
    before: Vec<usize>,
}

impl<'t> Points<'t> {
    const BLOCK: usize = 32;

    fn new(text: &'t str) -> Points<'t> {
        let bytes = text.as_bytes();
        let (mut before, mut sum) = (Vec::with_capacity(bytes.len() / Self::BLOCK + 2), 0);
        for block in bytes.chunks(Self::BLOCK) {
            before.push(sum);
            sum += begun(block);
        }
        // A text may end with a block, and its end be asked for.
        before.push(sum);
        Points { bytes, before }
    }

    /// How many code points begin before a byte, which must lie inside the text or at its end.
    fn before(&self, byte: usize) -> usize {
        let block = byte / Self::BLOCK;
        self.before[block] + begun(&self.bytes[block * Self::BLOCK..byte])
    }
}

/// How many characters begin within some bytes, at most [`Points::BLOCK`]: all but the bytes that go on with one.
fn begun(bytes: &[u8]) -> usize {
    let begins = |byte: &u8| byte & 0b1100_0000 != 0b1000_0000;
    bytes.iter().fold(0_u8, |sum, byte| sum + u8::from(begins(byte))).into()
}

/// Writes a text as a JSON string, as serde_json does. Texts are most of a corpus and hold little that needs escaping but line
/// breaks, so what lies between is written at once.
fn write_text(out: &mut impl Write, text: &str) -> io::Result<()> {
    let bytes = text.as_bytes();
    // Without a way out in its middle, the loop is a few instructions for many bytes.
    if bytes.iter().fold(false, |rare, byte| rare | (*byte < 0x20 && *byte != b'\n')) {
        return Ok(serde_json::to_writer(out, text)?);
    }
    out.write_all(b"\"")?;
    let mut done = 0;
    for at in memchr::memchr3_iter(b'\n', b'"', b'\\', bytes) {
        out.write_all(&bytes[done..at])?;
        out.write_all(match bytes[at] {
            b'\n' => b"\\n",
            b'"' => b"\\\"",
            _ => b"\\\\",
        })?;
        done = at + 1;
    }
    out.write_all(&bytes[done..])?;
    out.write_all(b"\"")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::{OffsetUnit, Offsets};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn texts_are_escaped_as_serde_json_does(text in "(\\PC|[\\x00-\\x7f]){0,90}") {
            let mut out = Vec::new();
            write_text(&mut out, &text).unwrap();
            prop_assert_eq!(String::from_utf8(out).unwrap(), serde_json::to_string(&text).unwrap());
        }

        #[test]
        fn points_are_counted_as_offsets_count_them(text in "(\\PC|[あ-ん]){0,200}") {
            let (points, offsets) = (Points::new(&text), Offsets::new(&text, OffsetUnit::CodePoints));
            for (byte, _) in text.char_indices().chain([(text.len(), ' ')]) {
                prop_assert_eq!(points.before(byte), offsets.from_byte(byte));
            }
        }
    }
}
