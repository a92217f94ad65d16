//! What everybody works on: a frozen set, so that figures of different days can be compared, and the words that are looked for.

use std::fs;
use std::path::Path;

use owabi_corpora::frozen::Frozen;
use owabi_corpora::raw::{Cursor, Records, SEPARATOR};
use owabi_corpora::{Record, Span};
use owabi_detector::Detector;
use owabi_generator::perturb::Perturbations;
use serde_json::{Value, json};

use crate::Result;

/// The frozen set, and the same as copies from PDF files have it.
const TEXTS: [(&str, &str); 2] = [("clean", ""), ("dirty", "nfkc,spacing,line_wrap")];
/// How many documents become templates for the generators that need some.
const TEMPLATES: usize = 40;

/// Writes the texts, the words and the templates.
pub fn write(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    let records = frozen()?;
    for (name, changes) in TEXTS {
        let changes: Perturbations = if changes.is_empty() { Perturbations::default() } else { changes.parse()? };
        let texts: String = records.iter().map(|record| changes.apply(record, 0).text + SEPARATOR).collect();
        fs::write(folder.join(name).with_extension("txt"), texts)?;
    }
    fs::write(folder.join("surfaces.txt"), Detector::builtin().surfaces().collect::<Vec<_>>().join("\n") + "\n")?;
    let templates: Vec<Value> = records.iter().take(TEMPLATES).map(template).collect();
    fs::write(folder.join("templates.json"), serde_json::to_vec(&templates)?)?;
    Ok(())
}

/// The texts by their names, each document by itself.
pub fn read(folder: &Path) -> Result<Vec<(String, Vec<String>)>> {
    let read = |name: &str| -> Result<(String, Vec<String>)> {
        let text = fs::read_to_string(folder.join(name).with_extension("txt"))?;
        Ok((name.to_owned(), text.split_terminator(SEPARATOR).map(str::to_owned).collect()))
    };
    TEXTS.iter().map(|(name, _)| read(name)).collect()
}

/// The words that are looked for: the surfaces of the built-in detector.
pub fn surfaces(folder: &Path) -> Result<Vec<String>> {
    Ok(fs::read_to_string(folder.join("surfaces.txt"))?.lines().map(str::to_owned).collect())
}

fn frozen() -> Result<Vec<Record>> {
    let set = Frozen::from_name("bench-v1").ok_or("no such set")?;
    let (mut cursor, mut raw, mut sidecar) = (Cursor::default(), Vec::new(), Vec::new());
    (0..set.committed()).for_each(|index| set.document(index).write(&mut cursor, &mut raw, &mut sidecar));
    Ok(Records::new("bench-v1", &raw[..], "bench-v1", &sidecar[..], 1 << 20).collect::<std::result::Result<_, _>>()?)
}

/// A document with a slot in the place of every labelled stretch: a list of texts and of `[kind, words]`.
fn template(record: &Record) -> Value {
    let labels = &record.labels;
    let mut slots: Vec<(Span, String)> = Vec::new();
    let _ = labels.clone().visit_spans(|path, mention| {
        let kind = match path.field {
            "values" => labels.values.iter().flatten().nth(path.item).map_or("", |value| value.kind.id()),
            field => field,
        };
        slots.push((mention.span(), kind.to_owned()));
        Ok::<(), std::convert::Infallible>(())
    });
    slots.sort_unstable();
    let (mut pieces, mut done) = (Vec::new(), 0);
    for (span, kind) in slots {
        if span.start < done {
            continue;
        }
        pieces.push(json!(record.text[done..span.start]));
        pieces.push(json!([kind, record.text[span.range()]]));
        done = span.end;
    }
    pieces.push(json!(record.text[done..]));
    json!(pieces)
}
