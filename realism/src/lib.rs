//! How real a synthetic corpus looks beside a real one, in figures that say their direction.

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
