//! Tables as comma-separated values, safe to open in a spreadsheet.
//!
//! ```
//! use owabi_corpora::csv::Table;
//!
//! let mut table = Table::new(Vec::new());
//! table.row(["id", "note"]).unwrap();
//! table.row(["a", "=HYPERLINK(\"https://example.com\")"]).unwrap();
//! assert_eq!(table.finish().unwrap(), b"id,note\na,\"'=HYPERLINK(\"\"https://example.com\"\")\"\n");
//! ```

use std::borrow::Cow;
use std::io::{self, Write};

/// Rows of cells, quoted as RFC 4180 has it, each cell [`harmless`], lines ended by `\n`. Cells may hold line breaks.
pub struct Table<W: Write>(csv::Writer<W>);

impl<W: Write> Table<W> {
    /// What is written first (a byte-order mark, so that Excel takes it for UTF-8) is the caller's.
    pub fn new(out: W) -> Table<W> {
        Table(csv::WriterBuilder::new().flexible(true).from_writer(out))
    }

    /// One row.
    pub fn row<C: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = C>) -> io::Result<()> {
        for cell in cells {
            self.0.write_field(harmless(cell.as_ref()).as_bytes()).map_err(io_error)?;
        }
        self.0.write_record(None::<&[u8]>).map_err(io_error)
    }

    /// Hands over what is still held back, and gives the writer again.
    pub fn finish(self) -> io::Result<W> {
        self.0.into_inner().map_err(|error| io::Error::new(error.error().kind(), error.error().to_string()))
    }
}

fn io_error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        // Rows may differ in length, and bytes are not serialised: nothing else can fail.
        kind => io::Error::other(format!("{kind:?}")),
    }
}

/// A cell that no spreadsheet takes for a formula: one that begins with `=`, `+`, `-`, `@`, their full-width forms (Japanese spreadsheets
/// take `＝SUM(…)` as well), a tab, a line break or a NUL gets an apostrophe before it. So does one that begins with an apostrophe
/// followed by such a character, so that taking one apostrophe away always gives the cell back. Spaces before do not count.
///
/// Quoting alone does not help: spreadsheets look at what stands inside the quotes (CWE-1236).
pub fn harmless(cell: &str) -> Cow<'_, str> {
    let dangerous = |c: char| matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' | '\t' | '\r' | '\n' | '\0');
    match cell.trim_start_matches('\'').trim_start_matches(' ').starts_with(dangerous) {
        true => Cow::Owned(format!("'{cell}")),
        false => Cow::Borrowed(cell),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_neutralised_and_nothing_else_is() {
        for bad in
            ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\0", " =1", "＝1", "＠A1", "'=1", "''=1", "=HYPERLINK(\"x\",\"y\")"]
        {
            assert_eq!(harmless(bad), format!("'{bad}"));
        }
        for good in ["", "a=1", "1-2", "'quoted'", "株式会社", "□ 氏名", " ", "—", "～10名"] {
            assert_eq!(harmless(good), good);
        }
    }

    #[test]
    fn any_cells_are_read_back() {
        let rows = [vec!["a,b", "\"q\"", "𠮷野\r\n家"], vec![""], vec!["=x", "\n", ""]];
        let mut table = Table::new(Vec::new());
        rows.iter().for_each(|row| table.row(row).unwrap());
        let bytes = table.finish().unwrap();
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(&bytes[..]);
        let read: Vec<Vec<String>> = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
        let expected: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(|cell| harmless(cell).into_owned()).collect()).collect();
        assert_eq!(read, expected);
    }
}
