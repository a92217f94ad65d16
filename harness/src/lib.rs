//! Labels against labels: which predicted facts are right, how far the figures can be trusted, and where a detector fails.
//!
//! The harness compares a gold [`Record`](owabi_corpora::Record) with predicted [`Labels`](owabi_corpora::Labels), one
//! document at a time. It opens no file, runs no detector and reads no clock: whoever calls it brings the pairs.
//!
//! * [`document`]: one pair becomes a [`DocumentScore`], counts without any text; pure, so that pairs may be scored in parallel.
//! * [`matching`]: what matches what; [`alignment`]: spans against spans (SemEval-2013), one to one and independent of order.
//! * [`label_map`]: what the labels of a foreign detector mean, and which categories it can tell apart.
//! * [`values`]: values found; [`contents`]: whether a document contains any, told with or without places; [`sweep`]: thresholds.
//! * [`behaviour`]: whether answers stay or follow when documents are changed a little.
//! * [`segments`]: borders and labels of pages that hold several documents.
//! * [`mod@errors`]: every single error with its place; [`sample`]: some of them, shown in their text by [`passage`].
//! * [`loss`]: what became of answers that never came.
//! * [`repeat`]: whether the same question has the same answer twice.
//! * [`scorer`]: adds documents up, in memory that does not grow with the texts; [`interval`]: bootstrap and exact bounds.
//! * [`counts`]: what a run counted, document by document, and of which documents ([`fingerprint`]); [`figure`]: what is worked out from it.
//! * [`comparison`]: two runs on the same documents; [`gates`]: what a run must reach; [`junit`]: the gates for continuous integration.
//! * [`throughput`]: how fast a detector is, from times that somebody else measured.
//! * [`results`]: the figures as canonical, versioned JSON; [`report`]: the same for people, as tables for a
//!   terminal, as Markdown and as one page of HTML.
//!
//! ```
//! use owabi_corpora::{markup, Record};
//! use owabi_harness::{Scorer, Settings};
//!
//! let (text, labels) = markup::parse("⟦氏名|name:confirmed⟧と⟦口座番号|bank_account:denied⟧").unwrap();
//! let (_, predicted) = markup::parse("⟦氏名|name:confirmed⟧と⟦口座番号|bank_account:possible⟧").unwrap();
//!
//! let mut scorer = Scorer::new(Settings::default());
//! scorer.add(&Record::new("a", text, labels), Ok((&predicted).into()));
//! let results = scorer.finish();
//! assert_eq!(results.fields["data"].micro.f1.value, Some(0.5));
//! assert_eq!(results.alarms.denied_as_leaked.count, 1);
//! ```

pub mod alignment;
pub mod behaviour;
pub mod comparison;
pub mod comparison_table;
pub mod contents;
pub mod counts;
pub mod document;
pub mod errors;
pub mod figure;
pub mod fingerprint;
pub mod gates;
pub mod interval;
mod items;
pub mod junit;
pub mod label_map;
mod lookup;
pub mod loss;
pub mod matching;
pub mod measure;
pub mod passage;
pub mod repeat;
pub mod report;
pub mod results;
pub mod sample;
pub mod scorer;
pub mod segments;
mod slices;
pub mod sweep;
pub mod throughput;
mod told;
pub mod values;

pub use comparison::Comparison;
pub use document::{DocumentScore, Predicted};
pub use errors::ErrorLine;
pub use gates::Gates;
pub use label_map::LabelMap;
pub use loss::{Loss, LossKind};
pub use results::Results;
pub use sample::Sample;
pub use scorer::{Draws, Scorer, Settings};
pub use told::Tasks;
