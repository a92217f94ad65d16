//! What a labelled breach notice is.
//!
//! * [`scheme`]: the closed lists of categories and causes, with their crosswalks; [`vocabulary`]: the smaller lists.
//! * [`record`]: one document with its labels, the shape that gold, generated and predicted documents share.
//! * [`answer`]: what a detector is asked, and what it may answer.
//! * [`span`]: stretches of text, and the units that files count them in; [`date`]: partial dates.
//! * [`jsonl`]: strict, streaming reading and writing, where spans change their unit.
//! * [`csv`]: tables that are safe to open in a spreadsheet.
//! * [`page`]: a page of several documents, and the union of their labels.
//! * [`edits`]: the one place that changes a labelled text.
//! * [`markup`]: labelled text as people write it.
//! * [`reportability`]: whether Japan's law requires a report of what a record says.
//! * [`summary`]: how often what comes in a corpus.
//! * [`verify`]: checks that the shape of a record cannot make.
//! * [`real`], [`handwritten`]: the corpora that come with the project.
//!
//! ```
//! use owabi_corpora::markup;
//!
//! let (text, labels) = markup::parse("⟦口座番号|bank_account:denied⟧は含まれておりません。").unwrap();
//! assert_eq!(text, "口座番号は含まれておりません。");
//! assert_eq!(labels.data.unwrap()[0].category.id(), "bank_account");
//! ```

pub mod answer;
pub mod csv;
pub mod date;
pub mod edits;
pub mod handwritten;
pub mod jsonl;
pub mod markup;
pub mod page;
pub mod real;
pub mod record;
pub mod reportability;
pub mod scheme;
pub mod span;
pub mod summary;
pub mod verify;
pub mod vocabulary;

pub use answer::{Answer, Finding, Question, Reading};
pub use date::{ClockTime, PartialDate};
pub use page::Page;
pub use record::{Labels, Mention, Record};
pub use scheme::{Category, Cause};
pub use span::{OffsetUnit, Offsets, Span};
pub use summary::Summary;
