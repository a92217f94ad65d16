//! Records to JSON Lines: spans from bytes to code points, one record a line.

use std::io::{self, Write};

use crate::record::{Labels, Mention, Record, Segment};
use crate::span::{OffsetUnit, Offsets};

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
    let offsets = Offsets::new(&record.text, OffsetUnit::CodePoints);
    to_points(&mut labels, &offsets);
    for segment in segments.iter_mut().flatten() {
        (segment.start, segment.end) = (offsets.from_byte(segment.start), offsets.from_byte(segment.end));
        to_points(&mut segment.labels, &offsets);
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

fn to_points(labels: &mut Labels, offsets: &Offsets<'_>) {
    let _ = labels.visit_spans(|_, mention: &mut Mention| {
        mention.start = offsets.from_byte(mention.start);
        mention.end = offsets.from_byte(mention.end);
        Ok::<(), std::convert::Infallible>(())
    });
}

/// Writes a text as a JSON string, as serde_json does. Texts are most of a corpus and hold little that needs escaping but line
/// breaks, so what lies between is looked at in blocks and written at once.
fn write_text(out: &mut impl Write, text: &str) -> io::Result<()> {
    const BLOCK: usize = 32;
    let plain = |byte: &u8| *byte >= 0x20 && *byte != b'"' && *byte != b'\\';
    let bytes = text.as_bytes();
    out.write_all(b"\"")?;
    let (mut done, mut at) = (0, 0);
    while at < bytes.len() {
        let block = &bytes[at..bytes.len().min(at + BLOCK)];
        // Without a way out in its middle, the loop over a block is a few instructions.
        if block.iter().fold(true, |all, byte| all & plain(byte)) {
            at += block.len();
            continue;
        }
        for (place, byte) in (at..).zip(block) {
            if !plain(byte) {
                out.write_all(&bytes[done..place])?;
                done = place + 1;
                match byte {
                    b'"' => out.write_all(b"\\\"")?,
                    b'\\' => out.write_all(b"\\\\")?,
                    b'\n' => out.write_all(b"\\n")?,
                    b'\r' => out.write_all(b"\\r")?,
                    b'\t' => out.write_all(b"\\t")?,
                    0x08 => out.write_all(b"\\b")?,
                    0x0c => out.write_all(b"\\f")?,
                    byte => write!(out, "\\u{byte:04x}")?,
                }
            }
        }
        at += block.len();
    }
    out.write_all(&bytes[done..])?;
    out.write_all(b"\"")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn texts_are_escaped_as_serde_json_does(text in "(\\PC|[\\x00-\\x7f]){0,90}") {
            let mut out = Vec::new();
            write_text(&mut out, &text).unwrap();
            prop_assert_eq!(String::from_utf8(out).unwrap(), serde_json::to_string(&text).unwrap());
        }
    }
}
