//! Records and answers as JSON Lines, read strictly and one line at a time.
//!
//! This is the border where spans change their unit (`resolve`): files count code points (or what `offsets` says), memory counts bytes.
//! An error names the file, the line and the field.

mod resolve;
mod write;

use std::fmt;
use std::io::{BufRead, Read};

use serde::de::DeserializeOwned;

pub use resolve::{resolve, to_memory};
pub use write::{write_owned, write_record};

use crate::answer::Answer;
use crate::record::Record;
use resolve::{check_id, check_length};

/// The largest document that is read, in bytes of UTF-8.
pub const MAX_DOCUMENT: usize = 64 << 20;

/// What is wrong with a line of a file, where, and how to mend it.
#[derive(Debug)]
pub struct ReadError {
    /// The file's name as the user gave it.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The field, such as `labels.data[0].category`.
    pub field: Option<String>,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: ", self.file, self.line)?;
        if let Some(field) = &self.field {
            write!(f, "{field}: ")?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for ReadError {}

/// What is wrong with a value, before the file and the line are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The field.
    pub field: Option<String>,
    /// What is wrong.
    pub message: String,
}

impl FieldError {
    fn new(field: impl Into<String>, message: impl fmt::Display) -> FieldError {
        FieldError { field: Some(field.into()), message: message.to_string() }
    }
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.field {
            Some(field) => write!(f, "{field}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

impl std::error::Error for FieldError {}

/// Lines of a file, each with its number. Blank lines are skipped; a byte-order mark at the start is dropped.
pub struct Lines<R> {
    file: String,
    reader: R,
    line: usize,
    limit: usize,
    buffer: Vec<u8>,
    broken: bool,
}

impl<R: BufRead> Lines<R> {
    /// `file` is the name that errors show; documents longer than `max_document` bytes are refused.
    pub fn new(file: impl Into<String>, reader: R, max_document: usize) -> Lines<R> {
        // JSON may spell a byte as six (`\u0000`), and labels stand beside the text.
        let limit = max_document.saturating_mul(6).saturating_add(64 << 20);
        Lines { file: file.into(), reader, line: 0, limit, buffer: Vec::new(), broken: false }
    }

    /// The next line that is not blank, with its number; `None` at the end.
    pub fn next_line(&mut self) -> Result<Option<(usize, &[u8])>, ReadError> {
        Ok(if self.advance()? { Some((self.line, &self.buffer)) } else { None })
    }

    /// The number of the line read last, from 1.
    pub(crate) fn line(&self) -> usize {
        self.line
    }

    /// The error for the line read last.
    pub fn error(&self, error: FieldError) -> ReadError {
        ReadError { file: self.file.clone(), line: self.line, field: error.field, message: error.message }
    }

    /// Reads the next line that is not blank into the buffer; `false` at the end.
    pub(crate) fn advance(&mut self) -> Result<bool, ReadError> {
        while !self.broken {
            self.buffer.clear();
            self.line += 1;
            let read = (&mut self.reader).take(self.limit as u64).read_until(b'\n', &mut self.buffer);
            let problem = match read {
                Ok(0) => return Ok(false),
                Ok(n) if n == self.limit && self.buffer.last() != Some(&b'\n') => {
                    format!("the line is longer than {} bytes; split the document", self.limit)
                }
                Ok(_) => {
                    if self.line == 1 && self.buffer.starts_with(b"\xef\xbb\xbf") {
                        self.buffer.drain(..3);
                    }
                    if self.buffer.trim_ascii().is_empty() {
                        continue;
                    }
                    return Ok(true);
                }
                Err(error) => format!("cannot read: {error}"),
            };
            self.broken = true;
            return Err(self.error(FieldError { field: None, message: problem }));
        }
        Ok(false)
    }

    pub(crate) fn parse<T: DeserializeOwned>(&self) -> Result<T, ReadError> {
        parse(&self.buffer).map_err(|error| self.error(error))
    }
}

/// Parses one JSON value, strictly, with the path of what is wrong.
pub fn parse<T: DeserializeOwned>(json: &[u8]) -> Result<T, FieldError> {
    // JSON holds no bare NUL; what does is an archive, an image or UTF-16.
    if let Some(at) = json.iter().position(|byte| *byte == 0) {
        let message = format!("looks like a binary file (NUL at byte {at} of the line); give a file of JSON lines in UTF-8");
        return Err(FieldError { field: None, message });
    }
    if let Err(error) = std::str::from_utf8(json) {
        let message = format!("not valid UTF-8 at byte {} of the line; convert the file to UTF-8", error.valid_up_to());
        return Err(FieldError { field: None, message });
    }
    // Without the line's own end, so that a column can be named.
    let mut deserializer = serde_json::Deserializer::from_slice(json.trim_ascii_end());
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        // Where the path is not known, serde_path_to_error ends it with `?` or says `.`.
        let path = error.path().to_string().trim_end_matches(['?', '.']).to_owned();
        let inner = error.into_inner();
        let message = match inner.classify() {
            serde_json::error::Category::Syntax | serde_json::error::Category::Eof => {
                format!("broken JSON at column {}: {}; write one whole object on each line", inner.column(), tidy(&inner))
            }
            _ => tidy(&inner).replace(", expected struct ", ", expected the object ").replace("missing field", "missing key"),
        };
        FieldError { field: (!path.is_empty()).then_some(path), message }
    })?;
    match deserializer.end() {
        Ok(()) => Ok(value),
        Err(_) => {
            Err(FieldError { field: None, message: "broken JSON: more follows the object; write one whole object on each line".to_owned() })
        }
    }
}

/// The id in a line that is broken or strange otherwise, as far as it can be read.
pub fn id_in(json: &[u8]) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Named {
        id: String,
    }
    serde_json::from_slice::<Named>(json).ok().map(|named| named.id)
}

/// Without serde_json's own "at line 1 column 17": the line is always 1 inside a JSONL line.
fn tidy(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rsplit_once(" at line ").map_or(text.as_str(), |(message, _)| message).to_owned()
}

/// Streams [`Record`]s; spans arrive in bytes, checked.
pub struct Records<R>(Lines<R>, usize);

impl<R: BufRead> Records<R> {
    /// `file` is the name that errors show.
    pub fn new(file: impl Into<String>, reader: R) -> Records<R> {
        Records::with_limit(file, reader, MAX_DOCUMENT)
    }

    /// Documents longer than `max_document` bytes are refused.
    pub fn with_limit(file: impl Into<String>, reader: R, max_document: usize) -> Records<R> {
        Records(Lines::new(file, reader, max_document), max_document)
    }

    /// The line of the record returned last, from 1.
    pub fn line(&self) -> usize {
        self.0.line
    }
}

impl<R: BufRead> Iterator for Records<R> {
    type Item = Result<Record, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.0.advance() {
            Ok(false) => None,
            Err(error) => Some(Err(error)),
            Ok(true) => Some(self.0.parse::<Record>().and_then(|mut record| {
                check_length(&record.text, self.1).map_err(|error| self.0.error(error))?;
                to_memory(&mut record).map_err(|error| self.0.error(error))?;
                Ok(record)
            })),
        }
    }
}

/// Streams [`Answer`]s; their spans stay in the file's unit until [`resolve`] is given the text.
pub struct Answers<R>(Lines<R>);

impl<R: BufRead> Answers<R> {
    /// `file` is the name that errors show.
    pub fn new(file: impl Into<String>, reader: R) -> Answers<R> {
        Answers(Lines::new(file, reader, MAX_DOCUMENT))
    }

    /// The line of the answer returned last, from 1.
    pub fn line(&self) -> usize {
        self.0.line
    }

    /// Whom the line was meant for, also where it is no answer.
    pub fn id(&self) -> Option<String> {
        id_in(&self.0.buffer)
    }
}

impl<R: BufRead> Iterator for Answers<R> {
    type Item = Result<Answer, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.0.advance() {
            Ok(false) => None,
            Err(error) => Some(Err(error)),
            Ok(true) => Some(self.0.parse()),
        }
    }
}

/// A document as a detector may see it: no label, no provenance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Unique in its corpus.
    pub id: String,
    /// The document, exactly.
    pub text: String,
}

/// Streams [`Document`]s from records, or from lines that hold an `id` and a `text` only. Labels are skipped unread.
pub struct Documents<R>(Lines<R>, usize);

impl<R: BufRead> Documents<R> {
    /// `file` is the name that errors show; documents longer than `max_document` bytes are refused.
    pub fn new(file: impl Into<String>, reader: R, max_document: usize) -> Documents<R> {
        Documents(Lines::new(file, reader, max_document), max_document)
    }

    /// The line of the document returned last, from 1.
    pub fn line(&self) -> usize {
        self.0.line
    }
}

impl<R: BufRead> Iterator for Documents<R> {
    type Item = Result<Document, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        #[derive(serde::Deserialize)]
        struct Line {
            id: String,
            text: String,
            #[serde(default, rename = "schema")]
            _schema: serde::de::IgnoredAny,
            #[serde(default, rename = "offsets")]
            _offsets: serde::de::IgnoredAny,
            #[serde(default, rename = "labels")]
            _labels: serde::de::IgnoredAny,
            #[serde(default, rename = "segments")]
            _segments: serde::de::IgnoredAny,
            #[serde(default, rename = "provenance")]
            _provenance: serde::de::IgnoredAny,
            #[serde(flatten)]
            _extra: crate::record::Extra,
        }
        match self.0.advance() {
            Ok(false) => None,
            Err(error) => Some(Err(error)),
            Ok(true) => Some(self.0.parse::<Line>().and_then(|line| {
                let checked = check_id(&line.id).and_then(|()| check_length(&line.text, self.1));
                checked.map_err(|error| self.0.error(error))?;
                Ok(Document { id: line.id, text: line.text })
            })),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Record, String> {
        Records::new("f.jsonl", line.as_bytes()).next().unwrap().map_err(|error| error.to_string())
    }

    const GOOD: &str = r#"{"schema":1,"id":"a","text":"𠮷野さんの氏名","labels":{"data":[{"category":"name","status":"denied","spans":[{"start":5,"end":7}]}]},"x_note":1}"#;

    #[test]
    fn spans_count_code_points_outside_and_bytes_inside() {
        let record = read(GOOD).unwrap();
        let item = &record.labels.data.as_ref().unwrap()[0];
        assert_eq!(&record.text[item.spans[0].span().range()], "氏名");
        let mut out = Vec::new();
        write_record(&mut out, &record).unwrap();
        assert_eq!(read(std::str::from_utf8(&out).unwrap()).unwrap(), record);
        assert!(std::str::from_utf8(&out).unwrap().contains(r#""start":5,"end":7"#));
        let utf16 = GOOD.replace(r#""start":5,"end":7"#, r#""start":6,"end":8"#).replace(r#""id""#, r#""offsets":"utf16","id""#);
        assert_eq!(read(&utf16).unwrap(), record);
    }

    #[test]
    fn errors_name_file_line_and_field() {
        for (change, to, message) in [
            ("\"name\"", "\"nama\"", "f.jsonl:1: labels.data[0].category: unknown category `nama`; did you mean `name`?"),
            (
                "denied",
                "lost",
                "f.jsonl:1: labels.data[0].status: unknown variant `lost`, expected one of `denied`, `possible`, `confirmed`",
            ),
            ("\"end\":7", "\"end\":8", "f.jsonl:1: labels.data[0].spans[0].end: position 8 is past the end of the text (7 code_points)"),
            (
                "\"end\":7",
                "\"end\":5",
                "f.jsonl:1: labels.data[0].spans[0]: empty: start 5, end 5; the end stands after the last character",
            ),
            ("x_note", "note", "f.jsonl:1: unknown key `note`; keys of your own must begin with `x_`"),
            ("\"schema\":1", "\"schema\":2", "f.jsonl:1: schema: this owabi reads schema 1, the record has 2"),
            ("\"text\":", "\"txt\":", "f.jsonl:1: missing key `text`"),
            ("}]}]},", "}]}]}", "f.jsonl:1: broken JSON at column "),
            ("𠮷", "\\ud842", "f.jsonl:1: text: broken JSON at column "),
        ] {
            let error = read(&GOOD.replace(change, to)).unwrap_err();
            assert!(error.starts_with(message), "{error}\n{message}");
        }
    }

    #[test]
    fn a_repeated_category_is_refused() {
        let item = r#"{"category":"name","status":"denied","spans":[]}"#;
        let line = format!(r#"{{"schema":1,"id":"a","text":"","labels":{{"data":[{item},{item}]}}}}"#);
        assert!(read(&line).unwrap_err().contains("`name` stands twice"));
    }

    #[test]
    fn a_document_is_read_without_its_labels() {
        let mut documents = Documents::new(
            "f",
            r#"{"id":"a","text":"x","labels":{"data":"anything"}}
{"id":"b","text":"y","txt":1}"#
                .as_bytes(),
            10,
        );
        assert_eq!(documents.next().unwrap().unwrap(), Document { id: "a".into(), text: "x".into() });
        assert!(documents.next().unwrap().unwrap_err().to_string().starts_with("f:2: unknown key `txt`"));
    }

    #[test]
    fn a_bom_and_blank_lines_are_skipped_and_counted() {
        let text = format!("\u{feff}{GOOD}\n\n{{\n");
        let mut records = Records::new("f", text.as_bytes());
        assert!(records.next().unwrap().is_ok());
        assert_eq!(records.next().unwrap().unwrap_err().line, 3);
        assert!(records.next().is_none());
    }
}
