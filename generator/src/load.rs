//! Load: labelled documents without end, of any size, as dense with incidents as is asked for, for whoever measures how fast something reads.
//!
//! ```
//! use owabi_generator::Config;
//! use owabi_generator::load::{Density, Load, Shape, Sizes};
//!
//! let shape = Shape { sizes: Some(Sizes::new(4_000, 64_000).unwrap()), density: Some(Density::new(0.2).unwrap()) };
//! let load = Load::new(Config { seed: 42, ..Config::default() }, shape).unwrap();
//! for record in load.documents().take(3) {
//!     assert!(record.text.len() <= 64_000 && record.labels.genre.is_some());
//! }
//! // Any of them by itself, on any thread.
//! assert_eq!(Some(load.document(2)), load.documents().nth(2));
//! ```
//!
//! Document i is a pure function of revision, seed, configuration, shape and i. A record is made when it is asked for and belongs to whoever
//! asked: nothing is kept between two of them, and the memory that one takes grows with its own size only.
//!
//! # Sizes
//!
//! Without sizes a document is a notice as the generator makes it, some 3 KB long, the very record of [`Generator::record`]. With sizes every
//! document is given a size, each doubling between the smallest and the largest equally likely. Whole notices are joined while they fit, each a segment of
//! the page; the last one, or the only one, is cut between two paragraphs. So no document is larger than its size, and nearly all have
//! nine tenths of it at least. What a cut notice no longer says is no longer labelled, and what it leaves open (its exposure, where the words for
//! it are gone) is not annotated.
//!
//! # Density
//!
//! The share of notices that tell of an incident; the others are texts of the kind `unrelated`. Of joined documents it is the share of
//! their parts. Without it the profile's mixture decides.

use std::fmt;
use std::ops::Range;

use owabi_corpora::Page;
use owabi_corpora::record::{Record, Segment};
use owabi_corpora::vocabulary::Genre;

use crate::config::{Config, ConfigError, short_hash};
use crate::draw::{Draw, Key};
use crate::generator::Generator;
use crate::kind::{Kind, kinds};
use crate::perturb;
use crate::{REVISION, difficulty};

/// The smallest size that can be asked for, in bytes of UTF-8: what a notice has to say takes some sentences.
pub const SMALLEST: usize = 1_000;
/// The largest size that can be asked for, in bytes of UTF-8: the longest document that is read back.
pub const LARGEST: usize = owabi_corpora::jsonl::MAX_DOCUMENT;

/// What stands between two notices of a document; it belongs to the upper one.
const GAP: &str = "\n\n";
/// How many notices are looked at for one that fills a document, until the best of them is taken.
const TRIES: u64 = 32;
/// By how many bits a document's number is shifted to number its notices: one of [`LARGEST`] has fewer.
const PARTS: u32 = 20;
/// A density counts so many parts of the whole.
const WHOLE: u64 = 10_000;

/// What documents are to be like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Shape {
    /// How large; as the generator makes them when left out.
    pub sizes: Option<Sizes>,
    /// How many tell of an incident; as the profile has it when left out.
    pub density: Option<Density>,
}

/// From which size to which, both included, in bytes of UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sizes {
    least: usize,
    most: usize,
}

impl Sizes {
    /// `None` unless [`SMALLEST`] ≤ `least` ≤ `most` ≤ [`LARGEST`].
    pub fn new(least: usize, most: usize) -> Option<Sizes> {
        (SMALLEST <= least && least <= most && most <= LARGEST).then_some(Sizes { least, most })
    }

    /// The largest size.
    pub fn most(self) -> usize {
        self.most
    }

    /// A size: every doubling is equally likely, and within a doubling every size.
    fn draw(self, draw: &mut Draw) -> usize {
        /// Steps within a doubling.
        const STEPS: u64 = 1 << 16;
        let rank = |size: u64| u64::from(size.ilog2()) * STEPS + (size - (1 << size.ilog2())) * STEPS / (1 << size.ilog2());
        let rank = draw.between(rank(self.least as u64), rank(self.most as u64));
        let octave = 1 << (rank / STEPS);
        ((octave + rank % STEPS * octave / STEPS) as usize).clamp(self.least, self.most)
    }
}

impl fmt::Display for Sizes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.least, self.most)
    }
}

/// A share of notices that tell of an incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Density(u64);

impl Density {
    /// To four decimal places; `None` unless from 0 to 1.
    pub fn new(share: f64) -> Option<Density> {
        (0.0..=1.0).contains(&share).then(|| Density((share * WHOLE as f64).round() as u64))
    }
}

impl fmt::Display for Density {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0 as f64 / WHOLE as f64)
    }
}

/// Makes documents of a shape. It may be shared between threads.
pub struct Load {
    notices: Generator,
    /// Where a density is asked for: texts about no incident.
    unrelated: Option<Generator>,
    shape: Shape,
    canonical: String,
}

impl Load {
    /// Checks whether the configuration allows the shape. Sizes and densities are of single notices: not of pages, covering arrays and voices.
    pub fn new(config: Config, shape: Shape) -> Result<Load, ConfigError> {
        let Shape { sizes, density } = shape;
        let refused = |message: &str| Err(ConfigError::Refused(message.to_owned()));
        if (sizes.is_some() || density.is_some()) && (config.voices || config.cover.is_some()) {
            return refused("voices and covering arrays have documents in an order of their own: ask for no sizes and no density of them");
        }
        let is_unrelated = |kind: &Kind| kind.row().genre == Some(Genre::Unrelated);
        let single = |kind: &Kind| !(kind.is_page() || density.is_some() && is_unrelated(kind));
        if let Some(kind) = config.kinds.iter().find(|kind| (sizes.is_some() || density.is_some()) && !single(kind)) {
            return match kind.is_page() {
                true => refused(&format!("{kind} is a page of several documents: sizes and densities are made of single ones")),
                false => refused(&format!("{kind} tells of no incident: the density says how many such texts there are")),
            };
        }
        let mut canonical = config.canonical();
        canonical.extend(density.map(|density| format!(";density={density}")));
        canonical.extend(sizes.map(|sizes| format!(";sizes={sizes}")));
        let of = |config: &Config, kinds: Vec<Kind>| Generator::new(Config { kinds, ..config.clone() });
        let notices = match shape == Shape::default() {
            true => Generator::new(config.clone())?,
            false => of(&config, config.wanted().into_iter().filter(single).collect())?,
        };
        let unrelated = density.map(|_| of(&config, kinds().filter(is_unrelated).collect())).transpose()?;
        Ok(Load { notices, unrelated, shape, canonical })
    }

    /// A document of the endless row.
    pub fn document(&self, index: u64) -> Record {
        match self.shape.sizes {
            None => self.notice(index),
            Some(sizes) => self.sized(index, sizes),
        }
    }

    /// The endless row from its beginning.
    pub fn documents(&self) -> impl Iterator<Item = Record> + '_ {
        self.slice(0..u64::MAX)
    }

    /// A part of the row.
    pub fn slice(&self, indices: Range<u64>) -> impl Iterator<Item = Record> + '_ {
        indices.map(|index| self.document(index))
    }

    /// How large a document will be at most, where sizes are asked for; nothing is made to tell it.
    pub fn room(&self, index: u64) -> Option<usize> {
        self.shape.sizes.map(|sizes| sizes.draw(&mut self.key(index).stage("load/size")))
    }

    fn key(&self, index: u64) -> Key {
        Key::new(self.notices.config().seed, self.canonical.as_str(), index)
    }

    /// One notice, with or without an incident.
    fn notice(&self, index: u64) -> Record {
        let (Some(density), Some(unrelated)) = (self.shape.density, &self.unrelated) else { return self.notices.record(index) };
        let incident = self.key(index).stage("load/density").below(WHOLE) < density.0;
        if incident { self.notices.record(index) } else { unrelated.record(index) }
    }

    fn sized(&self, index: u64, sizes: Sizes) -> Record {
        let room = self.room(index).unwrap_or(sizes.most);
        let (mut parts, mut length): (Vec<Record>, usize) = (Vec::new(), 0);
        let (mut best, mut tries): (Option<Record>, u64) = (None, 0);
        for number in index << PARTS.. {
            let notice = self.notice(number);
            let left = room.saturating_sub(length);
            if notice.text.len() <= left {
                length += notice.text.len() + GAP.len();
                parts.push(notice);
                (best, tries) = (None, 0);
                continue;
            }
            let cut = perturb::cut(&notice, left);
            let better = cut.filter(|cut| best.as_ref().is_none_or(|best| cut.text.len() > best.text.len()));
            best = better.or(best);
            tries += 1;
            let reached = length + best.as_ref().map_or(0, |best| best.text.len());
            if reached * 10 >= room * 9 || tries >= TRIES && (best.is_some() || !parts.is_empty()) {
                break;
            }
        }
        parts.extend(best);
        self.join(index, parts)
    }

    /// One document of several notices, each a segment.
    fn join(&self, index: u64, mut parts: Vec<Record>) -> Record {
        let id = format!("owabi-r{REVISION}-{}-{}-{index}", self.notices.config().seed, short_hash(&self.canonical));
        if parts.len() == 1
            && let Some(mut part) = parts.pop()
        {
            let base = std::mem::replace(&mut part.id, id);
            let level = difficulty::difficulty(&part);
            if let Some(provenance) = &mut part.provenance {
                provenance.base_id.get_or_insert(base);
                provenance.difficulty = level;
            }
            return part;
        }
        let mut text = String::with_capacity(parts.iter().map(|part| part.text.len() + GAP.len()).sum());
        let mut segments = Vec::with_capacity(parts.len());
        let last = parts.len().saturating_sub(1);
        for (place, part) in parts.into_iter().enumerate() {
            let start = text.len();
            text.push_str(&part.text);
            text.push_str(if place == last { "" } else { GAP });
            segments.push(Segment::at(start, text.len() - start, part.labels));
        }
        let Page { labels, segments } = Page::of(segments);
        Record { segments, ..Record::new(id, text, labels) }
    }
}
