//! Labelled notices in the formats of other tools, and back from three of them.
//!
//! * [`Format`]: the formats, and which of them are one file, which are a folder.
//! * [`Stream`]: writes documents into one file, one after another, in memory that does not grow with them.
//! * [`files`]: the files of a document in a folder of texts; [`beside`]: what a folder holds beside its documents.
//! * [`marks`]: a record as flat, named spans and the rest, and put together again; [`mod@names`]: the closed list of the names.
//! * [`brat`], [`doccano`]: read back; [`Tally`]: what was written, and what a format could not hold.
//!
//! What each format keeps and loses stands in `docs/formats.md`. The crate opens no file: whoever calls it brings writers and texts.
//!
//! ```
//! use owabi_corpora::{Record, markup};
//! use owabi_formats::{Format, Settings, Stream, Tally};
//!
//! let (text, labels) = markup::parse("⟦𠮷田商店|party:breached⟧の⟦氏名|name:confirmed⟧").unwrap();
//! let (mut out, mut tally) = (Vec::new(), Tally::default());
//! let mut stream = Stream::new(Format::Conll, Settings::default()).unwrap();
//! stream.begin(&mut out).unwrap();
//! stream.put(&Record::new("a", text, labels), &mut tally, &mut out).unwrap();
//! stream.end(&mut out).unwrap();
//! assert!(String::from_utf8(out).unwrap().ends_with("の 4 _ O\n氏 5 _ B-name:confirmed\n名 6 _ I-name:confirmed\n\n"));
//! ```

use owabi_corpora::OffsetUnit;
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

pub mod brat;
mod conll;
mod convert;
pub mod doccano;
mod document_labels;
mod document_table;
mod file_name;
mod folder;
mod hub;
mod label_studio;
pub mod marks;
pub mod names;
#[cfg(feature = "parquet")]
mod parquet;
mod spacy;
mod stream;
mod tally;

pub use file_name::file_name;
pub use folder::{File, beside, files};
pub use stream::Stream;
pub use tally::Tally;

/// Whether this build writes Parquet.
pub const HAS_PARQUET: bool = cfg!(feature = "parquet");

/// A format that labelled documents are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Display, EnumIter, EnumString, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
pub enum Format {
    /// A folder of bare texts, a file each.
    Text,
    /// The records with their labels, one a line.
    Jsonl,
    /// Parquet, a row a document (in builds with it).
    Parquet,
    /// A folder for dataset hubs: a Parquet file a split, and a card.
    Hf,
    /// A folder for brat: ID.txt and ID.ann.
    Brat,
    /// A character with its tag on each line, as CoNLL 2003.
    Conll,
    /// Lines of text, spans and categories for spaCy; in a folder with the script that makes a DocBin.
    Spacy,
    /// doccano's sequence labelling.
    Doccano,
    /// Tasks of Label Studio.
    LabelStudio,
    /// The labels of documents as a table.
    Csv,
}

impl Format {
    /// Every format, in the order of declaration.
    pub fn all() -> impl Iterator<Item = Format> {
        <Format as strum::IntoEnumIterator>::iter()
    }

    /// Whether it is a folder and nothing else.
    pub fn is_folder(self) -> bool {
        matches!(self, Format::Text | Format::Hf | Format::Brat)
    }

    /// Whether it needs the Parquet that a build may be without.
    pub fn needs_parquet(self) -> bool {
        matches!(self, Format::Parquet | Format::Hf)
    }

    /// How the names of its files end in a folder.
    pub fn extension(self) -> &'static str {
        match self {
            Format::Text => "txt",
            Format::Jsonl | Format::Spacy | Format::Doccano | Format::Brat => "jsonl",
            Format::Parquet | Format::Hf => "parquet",
            Format::Conll => "conll",
            Format::LabelStudio => "json",
            Format::Csv => "csv",
        }
    }

    /// The unit of its positions, where nobody asks for another. doccano's editor is written in JavaScript and counts as that
    /// does (doccano #2290, #2484); Label Studio's has turned its own count into code points since 2021 (label-studio #1559).
    pub fn offsets(self) -> OffsetUnit {
        match self {
            Format::Doccano => OffsetUnit::Utf16,
            _ => OffsetUnit::CodePoints,
        }
    }

    /// Whether another unit may be asked for.
    pub fn takes_offsets(self) -> bool {
        matches!(self, Format::Doccano | Format::LabelStudio)
    }
}

/// How a format is written.
#[derive(Debug, Clone, Copy, Default)]
pub struct Settings {
    /// The unit of positions, where the format leaves a choice.
    pub offsets: Option<OffsetUnit>,
}

impl Settings {
    fn unit(self, format: Format) -> OffsetUnit {
        self.offsets.filter(|_| format.takes_offsets()).unwrap_or(format.offsets())
    }
}
