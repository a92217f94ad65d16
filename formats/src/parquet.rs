//! One table, a row a document: what models read in columns of their own, and the whole record in one.
//!
//! Written by the `parquet` crate without Arrow: columns are given their values with the levels that say which of them are missing,
//! and which list an element belongs to.

use std::io::{self, Write};
use std::mem;
use std::sync::{Arc, Mutex};

use owabi_corpora::Record;
use owabi_corpora::vocabulary::Status;
use parquet::basic::Compression;
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, Int32Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;
use serde_json::Value;

use crate::Tally;
use crate::document_labels::{categories, causes};
use crate::marks::take_apart;

/// The columns; `docs/formats.md` tells what they hold. A list is written as the format's specification has it (three levels).
const SCHEMA: &str = "message owabi {
    REQUIRED BYTE_ARRAY id (STRING);
    REQUIRED BYTE_ARRAY text (STRING);
    OPTIONAL BYTE_ARRAY genre (STRING);
    OPTIONAL BYTE_ARRAY exposure (STRING);
    OPTIONAL BOOLEAN via_vendor;
    OPTIONAL BYTE_ARRAY primary_cause (STRING);
    OPTIONAL GROUP causes (LIST) { REPEATED GROUP list { REQUIRED BYTE_ARRAY element (STRING); } }
    OPTIONAL GROUP confirmed (LIST) { REPEATED GROUP list { REQUIRED BYTE_ARRAY element (STRING); } }
    OPTIONAL GROUP possible (LIST) { REPEATED GROUP list { REQUIRED BYTE_ARRAY element (STRING); } }
    OPTIONAL GROUP denied (LIST) { REPEATED GROUP list { REQUIRED BYTE_ARRAY element (STRING); } }
    OPTIONAL GROUP spans (LIST) { REPEATED GROUP list { REQUIRED GROUP element {
        REQUIRED INT32 start; REQUIRED INT32 end; REQUIRED BYTE_ARRAY label (STRING);
    } } }
    REQUIRED BYTE_ARRAY record (STRING);
}";

/// Rows are written when so many are held, or so many bytes of text.
const ROWS: usize = 1000;
const BYTES: usize = 16 << 20;

/// Writes the table in groups of rows, and holds no more than one of them.
pub(crate) struct Table {
    writer: SerializedFileWriter<Shared>,
    shared: Shared,
    rows: Rows,
}

/// The rows of a group, column by column.
#[derive(Default)]
struct Rows {
    count: usize,
    bytes: usize,
    ids: Column<ByteArray>,
    texts: Column<ByteArray>,
    genres: Column<ByteArray>,
    exposures: Column<ByteArray>,
    via_vendors: Column<bool>,
    primary_causes: Column<ByteArray>,
    /// Causes, and the categories that are confirmed, possible, denied.
    lists: [Column<ByteArray>; 4],
    starts: Column<i32>,
    ends: Column<i32>,
    labels: Column<ByteArray>,
    records: Column<ByteArray>,
}

/// The values of a column with their levels.
struct Column<T> {
    values: Vec<T>,
    defined: Vec<i16>,
    repeated: Vec<i16>,
}

impl<T> Default for Column<T> {
    fn default() -> Column<T> {
        Column { values: Vec::new(), defined: Vec::new(), repeated: Vec::new() }
    }
}

impl<T> Column<T> {
    fn required(&mut self, value: T) {
        self.values.push(value);
    }

    fn optional(&mut self, value: Option<T>) {
        self.defined.push(i16::from(value.is_some()));
        self.values.extend(value);
    }

    /// Level 0: no list; 1: an empty list; 2: an element. Repetition 0 begins a row.
    fn list(&mut self, values: Option<Vec<T>>) {
        let empty = i16::from(values.is_some());
        let values = values.unwrap_or_default();
        if values.is_empty() {
            self.defined.push(empty);
            self.repeated.push(0);
        }
        for (index, value) in values.into_iter().enumerate() {
            self.defined.push(2);
            self.repeated.push(i16::from(index > 0));
            self.values.push(value);
        }
    }

    fn write<D: DataType<T = T>>(&self, group: &mut SerializedRowGroupWriter<'_, Shared>) -> io::Result<()> {
        let levels = |levels: &'_ Vec<i16>| (!levels.is_empty()).then(|| levels.clone());
        let (defined, repeated) = (levels(&self.defined), levels(&self.repeated));
        // The schema has a column for each of ours.
        let mut column = group.next_column().map_err(io::Error::other)?.ok_or_else(|| io::Error::other("no such column"))?;
        column.typed::<D>().write_batch(&self.values, defined.as_deref(), repeated.as_deref()).map_err(io::Error::other)?;
        column.close().map_err(io::Error::other)
    }
}

/// What the writer has written: it wants a writer that threads may share, and standard output is none.
#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Shared {
    fn take(&self) -> Vec<u8> {
        self.0.lock().map(|mut bytes| mem::take(&mut *bytes)).unwrap_or_default()
    }
}

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().map_err(|_| io::Error::other("a thread failed"))?.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn bytes(text: &str) -> ByteArray {
    ByteArray::from(text)
}

impl Table {
    pub(crate) fn new() -> io::Result<Table> {
        let schema = parse_message_type(SCHEMA).map_err(io::Error::other)?;
        let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).set_created_by("owabi".to_owned()).build();
        let shared = Shared::default();
        let writer = SerializedFileWriter::new(shared.clone(), Arc::new(schema), Arc::new(properties)).map_err(io::Error::other)?;
        Ok(Table { writer, shared, rows: Rows::default() })
    }

    /// One row.
    pub(crate) fn row(&mut self, record: &Record, tally: &mut Tally, out: &mut dyn Write) -> io::Result<()> {
        let rows = &mut self.rows;
        let labels = &record.labels;
        let (marks, _) = take_apart(record);
        tally.mark(&marks);
        let whole = without_text(record);
        rows.count += 1;
        rows.bytes += record.text.len() + whole.len();
        rows.ids.required(bytes(&record.id));
        rows.texts.required(bytes(&record.text));
        rows.genres.optional(labels.genre.map(|genre| bytes(genre.id())));
        rows.exposures.optional(labels.exposure.map(|exposure| bytes(exposure.id())));
        rows.via_vendors.optional(labels.via_vendor);
        rows.primary_causes.optional(labels.primary_cause().map(|cause| bytes(cause.id())));
        let [first, second, third, fourth] = &mut rows.lists;
        let of = |ids: Option<Vec<&'static str>>| ids.map(|ids| ids.into_iter().map(bytes).collect::<Vec<_>>());
        first.list(of(causes(labels)));
        second.list(of(categories(labels, Status::Confirmed)));
        third.list(of(categories(labels, Status::Possible)));
        fourth.list(of(categories(labels, Status::Denied)));
        // Documents are at most 64 MiB long.
        let position = |position: usize| i32::try_from(position).unwrap_or(i32::MAX);
        rows.starts.list(Some(marks.iter().map(|mark| position(mark.start)).collect()));
        rows.ends.list(Some(marks.iter().map(|mark| position(mark.end)).collect()));
        rows.labels.list(Some(marks.iter().map(|mark| bytes(&mark.name)).collect()));
        rows.records.required(bytes(&whole));
        if rows.count >= ROWS || rows.bytes >= BYTES { self.flush(out) } else { Ok(()) }
    }

    /// The rows held, and the table's end.
    pub(crate) fn end(mut self, out: &mut dyn Write) -> io::Result<()> {
        self.flush(out)?;
        let Table { writer, shared, .. } = self;
        writer.close().map_err(io::Error::other)?;
        out.write_all(&shared.take())
    }

    fn flush(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let rows = mem::take(&mut self.rows);
        if rows.count == 0 {
            return Ok(());
        }
        let mut group = self.writer.next_row_group().map_err(io::Error::other)?;
        rows.ids.write::<ByteArrayType>(&mut group)?;
        rows.texts.write::<ByteArrayType>(&mut group)?;
        rows.genres.write::<ByteArrayType>(&mut group)?;
        rows.exposures.write::<ByteArrayType>(&mut group)?;
        rows.via_vendors.write::<BoolType>(&mut group)?;
        rows.primary_causes.write::<ByteArrayType>(&mut group)?;
        for list in &rows.lists {
            list.write::<ByteArrayType>(&mut group)?;
        }
        rows.starts.write::<Int32Type>(&mut group)?;
        rows.ends.write::<Int32Type>(&mut group)?;
        rows.labels.write::<ByteArrayType>(&mut group)?;
        rows.records.write::<ByteArrayType>(&mut group)?;
        group.close().map_err(io::Error::other)?;
        out.write_all(&self.shared.take())
    }
}

/// The record in JSON, without the text that has a column of its own.
fn without_text(record: &Record) -> String {
    let mut whole = crate::marks::as_json(record);
    whole.remove("text");
    Value::Object(whole).to_string()
}
