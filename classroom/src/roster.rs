//! Who is in the class: a table of comma-separated values, as schools' systems and spreadsheets export it.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

use encoding_rs::{SHIFT_JIS, UTF_8};
use serde::{Deserialize, Serialize};

/// One of the class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Student {
    /// The school's own id, as it stands in the roster.
    pub id: String,
    /// The name; empty where the roster has none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The e-mail address, for Moodle; empty where the roster has none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub email: String,
}

/// A roster that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RosterError {
    /// From 1; `None` speaks of the whole file.
    pub line: Option<u64>,
    /// What is wrong and how to mend it.
    pub message: String,
}

impl fmt::Display for RosterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for RosterError {}

/// Ids longer than this are no ids.
const LONGEST: usize = 200;

/// What the columns may be called, in small letters.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Columns {
    id: Vec<String>,
    name: Vec<String>,
    email: Vec<String>,
}

static COLUMNS: LazyLock<Columns> = LazyLock::new(|| crate::words::table("roster.toml", include_str!("../data/roster.toml")));

/// Reads a roster: a line of column names, one of which names the id, then a line a student. UTF-8 with or without a byte-order mark,
/// UTF-16 with one, or Shift_JIS; other columns are left alone, and so are empty lines.
pub fn read(bytes: &[u8]) -> Result<Vec<Student>, RosterError> {
    let text = decode(bytes)?;
    let mut rows = csv::ReaderBuilder::new().has_headers(false).flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let mut records = rows.records();
    let at = |line: Option<u64>, message: String| RosterError { line, message };
    let broken = |error: csv::Error| at(error.position().map(csv::Position::line), format!("no table: {error}"));
    let Some(head) = records.next().transpose().map_err(broken)? else {
        return Err(at(None, "is empty; write a line of column names (id,name) and a line for each student".to_owned()));
    };
    let column = |names: &[String]| head.iter().position(|cell| names.contains(&cell.to_lowercase()));
    let Some(id) = column(&COLUMNS.id) else {
        let known = COLUMNS.id.join(", ");
        return Err(at(Some(1), format!("no column is named id; call the column of the students' ids one of: {known}")));
    };
    let (name, email) = (column(&COLUMNS.name), column(&COLUMNS.email));
    let (mut students, mut lines) = (Vec::new(), BTreeMap::new());
    for record in records {
        let record = record.map_err(broken)?;
        if record.iter().all(str::is_empty) {
            continue;
        }
        let line = line_of(&text, &record, None);
        let cell = |column: Option<usize>| column.and_then(|column| record.get(column)).unwrap_or_default().to_owned();
        let student = Student { id: cell(Some(id)), name: cell(name), email: cell(email) };
        if student.id.is_empty() {
            return Err(at(line, "no id; give the student one".to_owned()));
        }
        if student.id.chars().count() > LONGEST || student.id.chars().any(char::is_control) {
            return Err(at(line, format!("an id has at most {LONGEST} characters and no line break; look for a missing quotation mark")));
        }
        if let Some(before) = lines.insert(student.id.clone(), line.unwrap_or_default()) {
            return Err(at(line, format!("the id `{}` stands in line {before} already; give each student an id of their own", student.id)));
        }
        students.push(student);
    }
    match students.is_empty() {
        true => Err(at(None, "names no student; write a line for each below the column names".to_owned())),
        false => Ok(students),
    }
}

/// The text of a table, however a spreadsheet has encoded it.
pub(crate) fn decode(bytes: &[u8]) -> Result<String, RosterError> {
    let refused = |message: &str| Err(RosterError { line: None, message: message.to_owned() });
    let (text, encoding, faulty) = UTF_8.decode(bytes);
    if !faulty && (encoding != UTF_8 || !bytes.contains(&0)) {
        return Ok(text.into_owned());
    }
    if bytes.contains(&0) {
        return refused("is no text; save the table as CSV in UTF-8");
    }
    match SHIFT_JIS.decode_without_bom_handling_and_without_replacement(bytes) {
        Some(text) => Ok(text.into_owned()),
        None => refused("is neither UTF-8 nor Shift_JIS; save the table as CSV in UTF-8"),
    }
}

/// The line in which a record begins. The reader counts from the end of the record before, so empty lines and comments between are passed here.
pub(crate) fn line_of(text: &str, record: &csv::StringRecord, comment: Option<char>) -> Option<u64> {
    let position = record.position()?;
    let rest = text.get(position.byte() as usize..)?;
    let is_passed = |line: &&str| line.trim_end_matches(['\r', '\n']).is_empty() || comment.is_some_and(|sign| line.starts_with(sign));
    let skipped = rest.split_inclusive('\n').take_while(is_passed).count();
    Some(position.line() + skipped as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn student(id: &str, name: &str) -> Student {
        Student { id: id.to_owned(), name: name.to_owned(), email: String::new() }
    }

    #[test]
    fn encodings_and_column_names() {
        let expected = vec![student("s1", "架空 花子"), student("s2", "仮名, 太郎")];
        let text = "学籍番号,氏名,組\ns1,架空 花子,A\n\ns2,\"仮名, 太郎\",B\n";
        let utf16: Vec<u8> = [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        let shift_jis = SHIFT_JIS.encode(text).0.into_owned();
        let crlf = text.replace('\n', "\r\n").into_bytes();
        for bytes in [text.as_bytes().to_vec(), format!("\u{feff}{text}").into_bytes(), utf16, shift_jis, crlf] {
            assert_eq!(read(&bytes), Ok(expected.clone()));
        }
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        for (bytes, line, says) in [
            (&b""[..], None, "is empty"),
            (b"name\nA\n", Some(1), "no column is named id"),
            (b"id,name\n", None, "names no student"),
            (b"id\na\n\n b \na\n", Some(5), "the id `a` stands in line 2 already"),
            (b"id,name\na,A\n,B\n", Some(3), "no id"),
            (b"id,name\r\n\r\n\r\n,B\r\n", Some(4), "no id"),
            (b"id\n#1\n\n#1\n", Some(4), "stands in line 2 already"),
            (b"id\n\"a\nb\nc\n", Some(2), "a missing quotation mark"),
            (b"id\n\xff\xfe\xff\n", None, "neither UTF-8 nor Shift_JIS"),
            (b"PK\x03\x04\0\0", None, "is no text"),
        ] {
            let error = read(bytes).unwrap_err();
            assert!(error.message.contains(says) && error.line == line, "{error:?}");
        }
    }

    #[test]
    fn cells_that_look_like_formulas_are_kept_as_they_are() {
        let students = read(b"id,name\n=1+1,=HYPERLINK(\"http://example.com\")\n").unwrap();
        assert_eq!(students, [student("=1+1", "=HYPERLINK(\"http://example.com\")")]);
    }
}
