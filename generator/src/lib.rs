//! Makes breach notices that never happened, each with its exact labels.
//!
//! ```
//! use owabi_generator::{Config, Generator};
//!
//! let generator = Generator::new(Config { seed: 42, ..Config::default() }).unwrap();
//! let record = generator.record(17);
//! assert_eq!(record.id, format!("owabi-r1-42-{}-17", generator.hash()));
//! assert!(!record.text.is_empty() && record.labels.genre.is_some());
//! ```
//!
//! # From facts to a record
//!
//! 0. `plan` draws which document it is to be: kind, cause and line of business by the priors of a [`Profile`], or by a row of a
//!    covering array ([`Cover`]).
//! 1. [`facts`] draws what happened: who, when, how, whose data, in numbers that agree with each other.
//! 2. `style` draws how this one house writes: its word for a leak, its digits, dates, headings and bullets.
//! 3. `view` draws the words of this one document and writes the facts in that style into a `draft`, as small pieces that already
//!    carry their labels, such as 「4,583名」 with `count:4583:person:total`.
//! 4. `compose` walks a skeleton (an ordered list of slots), draws a phrase for every slot from the phrase bank and says it: a
//!    `template`, written in Tera's language and compiled when the bank is built, asks the view for what it needs and draws one of
//!    each of its alternatives.
//! 5. `spell` resolves the dates, which may become 「同月9日」 after another date of that month, and parts the marks from the text:
//!    the labels come from the facts, never from reading the text back.
//!
//! A digest is a page of several such documents, each with facts of its own; `digest` says what stands around them.
//!
//! Variety comes from composition: a phrase bank is small, but skeletons, phrases, alternatives within phrases, styles and
//! facts multiply.
//!
//! # Determinism
//!
//! A record is a pure function of ([`REVISION`], seed, configuration, index). Every stage of every record draws from a
//! generator of its own (`draw`), so that a further draw in one stage leaves the others as they were.

#![warn(missing_docs)]

mod archive;
mod card;
mod compose;
mod config;
mod cover;
mod data;
mod difficulty;
mod digest;
mod draft;
mod draw;
mod exhibits;
pub mod facts;
mod flags;
mod generator;
mod kind;
mod knobs;
pub mod load;
mod names;
mod people;
pub mod perturb;
mod phrases;
mod plan;
mod profile;
mod reach;
mod skeleton;
mod slot;
mod spell;
mod style;
mod template;
pub mod values;
mod view;

pub use card::card;
pub use config::{Config, ConfigError, Cover, Values};
pub use cover::{AXES, Coverage, Outcome};
pub use difficulty::difficulty;
pub use flags::Flags;
pub use generator::Generator;
pub use kind::{Kind, kinds};
pub use knobs::{Adjacency, FARTHEST_KEYWORD, MOST_INSTANCES};
pub use people::People;
pub use phrases::{phrase_ids, unsaid_phrases};
pub use profile::{Percentage, Profile, Share, Sizes, profiles};
pub use skeleton::{skeleton_ids, unfilled_slots};

/// Bumped only when the bytes of some record change.
pub const REVISION: u32 = 1;
