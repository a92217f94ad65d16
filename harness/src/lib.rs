//! Labels against labels: which predicted facts are right, how far the figures can be trusted, and where a detector fails.
//!
//! The harness compares a gold [`Record`](owabi_corpora::Record) with predicted [`Labels`](owabi_corpora::Labels), one
//! document at a time. It opens no file, runs no detector and reads no clock: whoever calls it brings the pairs.
//!
//! * [`document`]: one pair becomes a [`DocumentScore`], counts without any text; pure, so that pairs may be scored in parallel.
//! * [`matching`]: what matches what; [`alignment`]: spans against spans (SemEval-2013), one to one and independent of order.
//! * [`segments`]: borders and labels of pages that hold several documents.
//! * [`mod@errors`]: every single error with its place; [`sample`]: some of them, shown in their text by [`passage`].
//! * [`loss`]: what became of answers that never came.
//! * [`scorer`]: adds documents up, in memory that does not grow with the texts; [`interval`]: bootstrap and exact bounds.
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
pub mod document;
pub mod errors;
pub mod interval;
pub mod loss;
pub mod matching;
pub mod measure;
pub mod passage;
pub mod report;
pub mod results;
pub mod sample;
pub mod scorer;
pub mod segments;

pub use document::{DocumentScore, Predicted};
pub use errors::{ErrorLine, errors};
pub use loss::{Loss, LossKind};
pub use results::Results;
pub use sample::Sample;
pub use scorer::{Scorer, Settings};
