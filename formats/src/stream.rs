//! Documents into one file, one after another.

use std::io::{self, Write};

use owabi_corpora::Record;
use owabi_corpora::jsonl::write_record;

use crate::{Format, Settings, Tally, brat, conll, doccano, document_table, label_studio, spacy};

/// Writes documents into one file: [`Stream::begin`] once, [`Stream::put`] for each, [`Stream::end`] once, always to the same writer.
pub struct Stream {
    format: Format,
    settings: Settings,
    /// Documents so far.
    documents: u64,
    #[cfg(feature = "parquet")]
    parquet: Option<crate::parquet::Table>,
}

impl Stream {
    /// `None` where the format is no stream (bare texts), or this build has no Parquet.
    pub fn new(format: Format, settings: Settings) -> Option<Stream> {
        if format == Format::Text || (format.needs_parquet() && !crate::HAS_PARQUET) {
            return None;
        }
        Some(Stream {
            format,
            settings,
            documents: 0,
            #[cfg(feature = "parquet")]
            parquet: None,
        })
    }

    /// What stands before the first document.
    pub fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        match self.format {
            Format::LabelStudio => out.write_all(b"["),
            Format::Csv => document_table::head(out),
            #[cfg(feature = "parquet")]
            Format::Parquet | Format::Hf => {
                self.parquet = Some(crate::parquet::Table::new()?);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// One document.
    pub fn put(&mut self, record: &Record, tally: &mut Tally, out: &mut dyn Write) -> io::Result<()> {
        tally.add(record);
        self.documents += 1;
        let unit = self.settings.unit(self.format);
        match self.format {
            Format::Text => Ok(()),
            Format::Jsonl => write_record(&mut &mut *out, record),
            Format::Brat => out.write_all(brat::rest_line(record).as_bytes()),
            Format::Conll => conll::document(record, tally, out),
            Format::Spacy => spacy::document(record, tally, out),
            Format::Doccano => doccano::document(record, unit, tally, out),
            Format::LabelStudio => label_studio::task(record, self.documents, unit, tally, out),
            Format::Csv => document_table::row(record, out),
            #[cfg(feature = "parquet")]
            Format::Parquet | Format::Hf => self.parquet.as_mut().map_or(Ok(()), |table| table.row(record, tally, out)),
            #[cfg(not(feature = "parquet"))]
            Format::Parquet | Format::Hf => Ok(()),
        }
    }

    /// What stands after the last document.
    pub fn end(&mut self, out: &mut dyn Write) -> io::Result<()> {
        match self.format {
            Format::LabelStudio => out.write_all(b"\n]\n"),
            #[cfg(feature = "parquet")]
            Format::Parquet | Format::Hf => self.parquet.take().map_or(Ok(()), |table| table.end(out)),
            _ => Ok(()),
        }
    }
}
