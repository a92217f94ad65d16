//! doccano's sequence labelling: `{"text":…,"label":[[start,end,"NAME"],…],"owabi":{…}}`, one document a line.
//!
//! doccano keeps keys that it does not know as the document's metadata and gives them back, so that `owabi` carries what the labels
//! cannot tell: the rest of the record, the facts of every mark, and the unit of the positions.

use std::io::{self, Write};

use owabi_corpora::jsonl::{FieldError, parse};
use owabi_corpora::{OffsetUnit, Record};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::Tally;
use crate::convert::Convert;
use crate::marks::{Mark, Object, put_together, take_apart};

pub(crate) fn document(record: &Record, unit: OffsetUnit, tally: &mut Tally, out: &mut dyn Write) -> io::Result<()> {
    let (marks, rest) = take_apart(record);
    tally.mark(&marks);
    let convert = Convert::new(&record.text, OffsetUnit::CodePoints, unit);
    // Within the text by construction.
    let place = |position: usize| convert.position(position).unwrap_or_default();
    let labels: Vec<Value> = marks.iter().map(|mark| json!([place(mark.start), place(mark.end), mark.name])).collect();
    let facts: Vec<Value> =
        marks.iter().map(|mark| json!([place(mark.start), place(mark.end), mark.name, mark.item, mark.facts])).collect();
    let owabi = json!({"offsets": unit, "marks": facts, "rest": rest});
    let line = format!("{{\"text\":{},\"label\":{},\"owabi\":{owabi}}}\n", json!(record.text), json!(labels));
    out.write_all(line.as_bytes())
}

/// `label_config.json`: the labels as doccano imports them, each with a colour of its own.
pub(crate) fn configuration(tally: &Tally) -> String {
    let labels: Vec<Value> = tally
        .names
        .iter()
        .enumerate()
        .map(|(index, name)| json!({"text": name, "suffix_key": null, "background_color": colour(index), "text_color": "#000000"}))
        .collect();
    format!("{}\n", serde_json::to_string_pretty(&labels).unwrap_or_default())
}

/// Bright colours, neighbours far apart: steps of the golden angle around the wheel.
pub(crate) fn colour(index: usize) -> String {
    let sixth = (index as u64 * 1375 / 10 % 360, 60);
    let (turn, rise) = (sixth.0 / sixth.1, sixth.0 % sixth.1);
    let (full, low) = (255, 140);
    let (up, down) = (low + (full - low) * rise / 60, full - (full - low) * rise / 60);
    let (red, green, blue) = match turn {
        0 => (full, up, low),
        1 => (down, full, low),
        2 => (low, full, up),
        3 => (low, down, full),
        4 => (up, low, full),
        _ => (full, low, down),
    };
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// A label as doccano writes it, in its older and its newer form.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Label {
    Triple(usize, usize, String),
    Entity { start_offset: usize, end_offset: usize, label: String },
}

/// What this project wrote beside the labels.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Owabi {
    offsets: OffsetUnit,
    marks: Vec<(usize, usize, String, Option<usize>, Object)>,
    rest: Object,
}

#[derive(Deserialize)]
struct Line {
    text: String,
    #[serde(default, alias = "labels", alias = "entities")]
    label: Option<Vec<Label>>,
    #[serde(default)]
    owabi: Option<Owabi>,
    #[serde(default)]
    meta: Option<Meta>,
    #[serde(default)]
    id: Option<Value>,
}

#[derive(Deserialize)]
struct Meta {
    owabi: Option<Owabi>,
}

/// The record of a line of doccano's. Positions count what `owabi.offsets` says; in a line that this project did not write, `unit`. A
/// document without an id is called by its `number`, its fields that have labels count as annotated, others not.
pub fn read(line: &[u8], unit: OffsetUnit, number: usize) -> Result<Record, FieldError> {
    let Line { text, label, owabi, meta, id } = parse(line)?;
    let owabi = owabi.or_else(|| meta.and_then(|meta| meta.owabi));
    let own_id = match id {
        Some(Value::String(id)) => id,
        Some(Value::Number(id)) => format!("doccano-{id}"),
        _ => format!("doccano-{number}"),
    };
    let (unit, mut known, rest) = match owabi {
        Some(Owabi { offsets, marks, rest }) => (offsets, marks, rest),
        None => (unit, Vec::new(), json!({"id": own_id}).as_object().cloned().unwrap_or_default()),
    };
    let convert = Convert::new(&text, unit, OffsetUnit::CodePoints);
    let mut left: Vec<(usize, usize, String)> = label
        .into_iter()
        .flatten()
        .map(|label| match label {
            Label::Triple(start, end, name) => (start, end, name),
            Label::Entity { start_offset, end_offset, label } => (start_offset, end_offset, label),
        })
        .collect();
    // Marks that are still there, in their first order; then what somebody added.
    known.retain(|(start, end, name, ..)| {
        let place = left.iter().position(|label| (label.0, label.1, &label.2) == (*start, *end, name));
        place.map(|place| left.swap_remove(place)).is_some()
    });
    left.sort();
    let new = left.into_iter().map(|(start, end, name)| (start, end, name, None, Object::new()));
    let mut marks = Vec::new();
    for (start, end, name, item, facts) in known.into_iter().chain(new) {
        let place = |position: usize| {
            convert.position(position).map_err(|message| FieldError { field: Some(format!("label `{name}` at {start}..{end}")), message })
        };
        let (start, end) = (place(start)?, place(end)?);
        marks.push(Mark { name, start, end, item, facts });
    }
    put_together(rest, &text, marks)
}

#[cfg(test)]
mod tests {
    use super::*;
    use owabi_corpora::markup;

    fn record(marked: &str) -> Record {
        let (text, labels) = markup::parse(marked).unwrap();
        Record::new("a", text, labels)
    }

    fn written(record: &Record, unit: OffsetUnit) -> Value {
        let mut out = Vec::new();
        document(record, unit, &mut Tally::default(), &mut out).unwrap();
        serde_json::from_slice(&out).unwrap()
    }

    #[test]
    fn positions_are_in_the_unit_asked_for_and_read_back_in_it() {
        let record = record("𠮷👨‍👩‍👧\r\n⟦氏名|name:confirmed⟧");
        // 𠮷 and three people are one code point each and two units of UTF-16; the joiners and CRLF one each.
        let points = written(&record, OffsetUnit::CodePoints);
        let units = written(&record, OffsetUnit::Utf16);
        assert_eq!(points["label"], json!([[8, 10, "name:confirmed"]]));
        assert_eq!(units["label"], json!([[12, 14, "name:confirmed"]]));
        for line in [points, units] {
            assert_eq!(read(line.to_string().as_bytes(), OffsetUnit::Bytes, 1).as_ref(), Ok(&record));
        }
    }

    #[test]
    fn what_was_edited_in_doccano_is_read() {
        let mut line = written(&record("⟦氏名|name:possible⟧と住所と⟦2名|count:2:person:total⟧"), OffsetUnit::CodePoints);
        line["id"] = json!(77);
        line["Comments"] = json!([]);
        line["label"] = json!([[3, 5, "address:denied"], [6, 8, "count:person"]]);
        let after = read(line.to_string().as_bytes(), OffsetUnit::Utf16, 1).unwrap();
        assert_eq!(after, record("氏名と⟦住所|address:denied⟧と⟦2名|count:2:person:total⟧"));
    }

    #[test]
    fn lines_of_others_are_read() {
        let line = r#"{"id":5,"text":"𠮷氏名","entities":[{"id":1,"start_offset":2,"end_offset":4,"label":"name:denied"}],"relations":[]}"#;
        let record = read(line.as_bytes(), OffsetUnit::Utf16, 9).unwrap();
        assert_eq!((record.id.as_str(), record.labels.data.unwrap()[0].spans[0].span().range()), ("doccano-5", 4..10));
        let told = |line: &str| read(line.as_bytes(), OffsetUnit::Utf16, 9).unwrap_err().to_string();
        assert!(told(&line.replace("2,", "1,")).starts_with("label `name:denied` at 1..4: position 1 (utf16) is inside a character"));
        assert!(told(&line.replace(":4", ":5")).contains("past the end of the text"));
        assert!(told(&line.replace("name:denied", "PER")).contains("no label of owabi"));
        assert!(told("{\"label\":[]}").contains("missing key `text`"));
    }
}
