//! Tasks of Label Studio: a JSON array, each task with its text and one annotation, and the labelling interface beside it.
//!
//! A region's facts stand in its `meta`, where Label Studio shows them. The labels of the document are choices.

use std::io::{self, Write};

use owabi_corpora::vocabulary::{Exposure, Genre};
use owabi_corpora::{OffsetUnit, Record};
use serde_json::{Value, json};

use crate::Tally;
use crate::convert::Convert;
use crate::doccano::colour;
use crate::marks::marks;

/// One element of the array, with what parts it from the one before. `number` is the task's id, from 1.
pub(crate) fn task(record: &Record, number: u64, unit: OffsetUnit, tally: &mut Tally, out: &mut dyn Write) -> io::Result<()> {
    let marks = marks(record);
    tally.mark(&marks);
    let convert = Convert::new(&record.text, OffsetUnit::CodePoints, unit);
    // Within the text by construction.
    let place = |position: usize| convert.position(position).unwrap_or_default();
    let mut result: Vec<Value> = Vec::new();
    for (index, mark) in marks.iter().enumerate() {
        let words = convert.words(mark.start, mark.end);
        let mut region = json!({
            "id": format!("m{index}"), "from_name": "label", "to_name": "text", "type": "labels",
            "value": {"start": place(mark.start), "end": place(mark.end), "text": words, "labels": [mark.name]},
        });
        let mut facts = mark.facts.clone();
        facts.insert("item".to_owned(), json!(mark.item));
        region["meta"] = json!({"text": [Value::Object(facts).to_string()]});
        result.push(region);
    }
    let genre = record.labels.genre.map(|genre| ("genre", genre.id()));
    let exposure = record.labels.exposure.map(|exposure| ("exposure", exposure.id()));
    for (name, choice) in genre.into_iter().chain(exposure) {
        result.push(json!({
            "id": name, "from_name": name, "to_name": "text", "type": "choices", "value": {"choices": [choice]},
        }));
    }
    let parting = if number == 1 { "\n" } else { ",\n" };
    let task = json!({
        "id": number,
        "data": {"text": record.text, "id": record.id, "offsets": unit},
        "annotations": [{"result": result}],
    });
    out.write_all(format!("{parting}{task}").as_bytes())
}

/// `config.xml`, the labelling interface with the labels that were met.
pub(crate) fn configuration(tally: &Tally) -> String {
    let mut lines = String::from("<View>\n  <Labels name=\"label\" toName=\"text\">\n");
    for (index, name) in tally.names.iter().enumerate() {
        lines.push_str(&format!("    <Label value=\"{name}\" background=\"{}\"/>\n", colour(index)));
    }
    lines.push_str("  </Labels>\n  <Text name=\"text\" value=\"$text\" granularity=\"symbol\"/>\n");
    let genres: Vec<&str> = Genre::all().map(Genre::id).collect();
    let exposures: Vec<&str> = Exposure::all().map(Exposure::id).collect();
    for (name, choices) in [("genre", genres), ("exposure", exposures)] {
        lines.push_str(&format!("  <Choices name=\"{name}\" toName=\"text\" choice=\"single\">\n"));
        choices.iter().for_each(|choice| lines.push_str(&format!("    <Choice value=\"{choice}\"/>\n")));
        lines.push_str("  </Choices>\n");
    }
    lines + "</View>\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use owabi_corpora::markup;

    #[test]
    fn tasks_are_one_array_in_the_unit_asked_for() {
        let (text, labels) = markup::parse("𠮷⟦2名|count:2:person⟧").unwrap();
        let record = Record::new("a", text, labels);
        for (unit, start, end) in [(OffsetUnit::CodePoints, 1, 3), (OffsetUnit::Utf16, 2, 4)] {
            let mut out = b"[".to_vec();
            for number in [1, 2] {
                task(&record, number, unit, &mut Tally::default(), &mut out).unwrap();
            }
            out.extend(b"\n]\n");
            let tasks: Value = serde_json::from_slice(&out).unwrap();
            let region = &tasks[1]["annotations"][0]["result"][0];
            assert_eq!(region["value"], json!({"start": start, "end": end, "text": "2名", "labels": ["count:person"]}));
            assert_eq!(region["meta"]["text"][0], r#"{"bound":"exact","item":0,"total":false,"value":2}"#);
        }
    }
}
