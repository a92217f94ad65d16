//! Texts with spans and categories under the keys of spaCy's own `Doc.to_json`, one document a line, and the script that makes a
//! `DocBin` of them, which needs a tokeniser and therefore Python.

use std::io::{self, Write};

use owabi_corpora::Record;
use serde_json::json;

use crate::Tally;
use crate::document_labels::document_labels;
use crate::marks::{Object, marks};

/// `make_docbin.py`.
pub(crate) const SCRIPT: &str = include_str!("../data/make_docbin.py");

pub(crate) fn document(record: &Record, tally: &mut Tally, out: &mut dyn Write) -> io::Result<()> {
    let marks = marks(record);
    tally.mark(&marks);
    let spans: Vec<_> = marks.iter().map(|mark| json!({"start": mark.start, "end": mark.end, "label": mark.name})).collect();
    let cats: Object = document_labels(&record.labels).into_iter().map(|name| (name, json!(1.0))).collect();
    // Written by hand, so that the text comes first for whoever looks at it.
    let line = format!(
        "{{\"text\":{},\"spans\":{},\"cats\":{},\"meta\":{}}}\n",
        json!(record.text),
        json!({"sc": spans}),
        json!(cats),
        json!({"id": record.id})
    );
    out.write_all(line.as_bytes())
}
