//! How real a synthetic corpus looks beside a real one, in figures that say their direction.
//!
//! [`Comparison`] holds all of them; each comes from a module of its own:
//!
//! * [`two_sample`]: can a classifier tell windows of the two apart? [`explain`]: by what?
//! * [`transfer`]: does a model that learnt from the one read the other?
//! * [`variety`]: does a corpus repeat itself?
//! * [`profile`], [`divergence`]: what a corpus holds, and how far two lie apart.
//! * [`copied`]: what both have in common word for word.
//!
//! Texts are [`mask`]ed, [`cut`] into windows or sentences, and become sparse vectors ([`features`]) for [`linear`] models. Every draw
//! depends on a seed alone. Nothing here reads a file; [`report`] makes tables for a terminal.
//!
//! ```
//! use owabi_corpora::{Labels, Record};
//! use owabi_realism::{Comparison, Settings};
//!
//! let corpus = |sentence: &str| (0..4).map(|id| Record::new(id.to_string(), sentence.repeat(60), Labels::default())).collect::<Vec<_>>();
//! let found = Comparison::new(&corpus("調べました。"), &corpus("調べております。"), Settings::default(), &|_| {});
//! assert_eq!(found.two_sample.even.unwrap().auc.value, 1.0);
//! assert!(found.copied.is_empty());
//! ```

pub mod comparison;
pub mod copied;
pub mod cut;
pub mod divergence;
pub mod estimate;
pub mod explain;
pub mod features;
mod folds;
pub mod linear;
pub mod mask;
pub mod profile;
mod random;
pub mod report;
pub mod transfer;
pub mod two_sample;
pub mod variety;

pub use comparison::{Comparison, Settings};
pub use estimate::Estimate;
pub use profile::Profile;
