//! What a folder holds: the files of each document, and those beside them.

use owabi_corpora::Record;

use crate::{Format, Tally, brat, doccano, file_name, hub, label_studio, spacy};

/// A file of a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

impl File {
    pub(crate) fn new(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> File {
        File { name: name.into(), bytes: bytes.into() }
    }
}

/// The files that a document has for itself. Texts are written byte for byte as they are.
pub fn files(format: Format, record: &Record, tally: &mut Tally) -> Vec<File> {
    let name = file_name(&record.id);
    let text = || File::new(format!("{name}.txt"), record.text.as_bytes());
    match format {
        Format::Text => {
            tally.add(record);
            vec![text()]
        }
        // The stream of the rest counts the documents.
        Format::Brat => vec![text(), File::new(format!("{name}.ann"), brat::annotations(record, tally))],
        _ => Vec::new(),
    }
}

/// The files of a folder that are about all its documents, told when the last was written. `command` says how the folder was made.
pub fn beside(format: Format, tally: &Tally, command: &str) -> Vec<File> {
    match format {
        Format::Hf => vec![File::new("README.md", hub::card(tally, command))],
        Format::Brat => vec![File::new("annotation.conf", brat::configuration())],
        Format::Spacy => vec![File::new("make_docbin.py", spacy::SCRIPT)],
        Format::Doccano => vec![File::new("label_config.json", doccano::configuration(tally))],
        Format::LabelStudio => vec![File::new("config.xml", label_studio::configuration(tally))],
        _ => Vec::new(),
    }
}
