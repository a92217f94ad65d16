//! The generator: from an index to a record.

use owabi_corpora::record::{Extra, Labels, Provenance, Record};
use owabi_corpora::vocabulary::Use;
use owabi_corpora::{Page, markup};

use crate::compose::{self, Composed};
use crate::config::{Config, ConfigError, PROFILES, short_hash};
use crate::draw::Key;
use crate::facts::Facts;
use crate::kind::{self, Kind, kinds};
use crate::knobs::Knobs;
use crate::phrases::Bank;
use crate::reach::Reached;
use crate::style::Style;
use crate::view::View;
use crate::{REVISION, difficulty, digest, spell};

/// Makes records. Building it compiles the templates; [`Generator::record`] may be called from many threads at once.
pub struct Generator {
    config: Config,
    canonical: String,
    hash: String,
    wanted: Vec<Kind>,
    voices: Vec<Option<Kind>>,
    bank: Bank,
    /// Where difficulties are asked for, those that the kinds reach.
    reached: Vec<Reached>,
}

impl Generator {
    /// Checks the configuration and compiles the templates of its split.
    pub fn new(config: Config) -> Result<Generator, ConfigError> {
        if !PROFILES.contains(&config.profile.as_str()) {
            return Err(ConfigError::Unknown { what: "profile", given: config.profile, valid: PROFILES.to_vec() });
        }
        let config = config.checked()?;
        let canonical = config.unperturbed();
        let hash = short_hash(&canonical);
        let (mut wanted, bank) = (config.wanted(), Bank::new(config.split));
        let voices = if config.voices { kind::voices() } else { Vec::new() };
        if config.voices {
            wanted.retain(|kind| kind.tells_incidents());
            if wanted.is_empty() {
                let valid = kinds().filter(|kind| kind.tells_incidents()).map(Kind::id).collect();
                let given = config.kinds.iter().map(|kind| kind.id()).collect::<Vec<_>>().join(", ");
                return Err(ConfigError::Unknown { what: "kind with voices", given, valid });
            }
        }
        let mut generator = Generator { config, canonical, hash, wanted, voices, bank, reached: Vec::new() };
        if !generator.config.difficulties.is_empty() {
            (generator.wanted, generator.reached) = generator.reach()?;
        }
        Ok(generator)
    }

    /// What it was built from.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The kinds to draw from.
    pub(crate) fn wanted(&self) -> &[Kind] {
        &self.wanted
    }

    /// The configuration's part of every id: its hash without perturbations, whose names follow the id.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// The record's id before perturbations, without making the record.
    pub fn id(&self, index: u64) -> String {
        format!("owabi-r{REVISION}-{}-{}-{index}", self.config.seed, self.hash)
    }

    /// In how many voices each incident is told: 1 unless the configuration asks for voices. Record i is the voice i mod this of
    /// the incident i div this.
    pub fn voices(&self) -> u64 {
        (self.voices.len() as u64).max(1)
    }

    /// The facts behind a record; `None` for a page, whose documents have facts of their own.
    pub fn facts(&self, index: u64) -> Option<Facts> {
        if !self.voices.is_empty() {
            return Some(self.voice(index));
        }
        let (kind, key) =
            self.reaching(index, &self.reached).map_or_else(|| (self.kind(index), self.key(index)), |(kind, key, _)| (kind, key));
        self.drawn(kind, &key)
    }

    /// The record of an index: the same for the same revision, seed, configuration and index, wherever and whenever.
    pub fn record(&self, index: u64) -> Record {
        // The id holds the generator's seed already.
        self.config.perturb.apply(&self.unperturbed(index), 0)
    }

    fn unperturbed(&self, index: u64) -> Record {
        if !self.voices.is_empty() {
            let facts = self.voice(index);
            return self.make(facts.kind, Some(facts), &self.key(index), index);
        }
        if let Some((.., record)) = self.reaching(index, &self.reached) {
            return record;
        }
        let (kind, key) = (self.kind(index), self.key(index));
        self.make(kind, self.drawn(kind, &key), &key, index)
    }

    /// The facts of a document of a kind; `None` for a page.
    pub(crate) fn drawn(&self, kind: Kind, key: &Key) -> Option<Facts> {
        (!kind.is_page()).then(|| Facts::draw(kind, key, &self.config))
    }

    /// The record of a key, under the id of an index.
    pub(crate) fn make(&self, kind: Kind, facts: Option<Facts>, key: &Key, index: u64) -> Record {
        let made = match facts {
            Some(facts) => self.single(facts, key),
            None => digest::make(kind, key, &self.config, &self.bank),
        };
        let Made { text, page, skeleton, phrases } = made;
        let shows = page.labels.values.iter().flatten().any(|value| value.usage == Use::Exhibit);
        let extra = if shows { Knobs::draw(&self.config, &self.incident(key)).extra() } else { Extra::default() };
        let provenance = Provenance {
            revision: REVISION,
            seed: self.config.seed,
            index,
            kind: kind.id().to_owned(),
            skeleton,
            phrases,
            profile: self.config.profile.clone(),
            difficulty: 0,
            split: self.config.split,
            base_id: None,
            perturbations: Vec::new(),
            value_mode: self.config.value_mode,
            incident: (!self.voices.is_empty()).then(|| index / self.voices()),
            extra,
        };
        let record = Record::new(self.id(index), text, page.labels);
        let mut record = Record { provenance: Some(provenance), segments: page.segments, ..record };
        let level = difficulty::difficulty(&record);
        if let Some(provenance) = &mut record.provenance {
            provenance.difficulty = level;
        }
        record
    }

    /// The key of what a record tells of, which its voices share.
    fn incident(&self, key: &Key) -> Key {
        if self.voices.is_empty() { key.clone() } else { self.key(key.index() / self.voices()) }
    }

    fn single(&self, facts: Facts, key: &Key) -> Made {
        // One house writes its own papers in one style; others write as they do.
        let Document { facts, style, composed, .. } = Document::compose(facts, &self.incident(key), &self.bank);
        let (text, labels) = finish(&composed.marked, &style, &facts);
        let page = Page { labels, segments: None };
        Made { text, page, skeleton: composed.skeleton, phrases: composed.phrases }
    }

    fn voice(&self, index: u64) -> Facts {
        let voice = self.voices[(index % self.voices()) as usize];
        let others: Vec<Kind> = self.voices.iter().flatten().copied().collect();
        Facts::draw_voice(voice, &others, &self.wanted, &self.key(index / self.voices()), &self.config)
    }

    pub(crate) fn kind(&self, index: u64) -> Kind {
        *self.key(index).stage("kind").weighted(&self.wanted, |kind| kind.row().weight)
    }

    pub(crate) fn key(&self, index: u64) -> Key {
        Key::new(self.config.seed, &self.canonical, index)
    }
}

/// A text with its labels, and what it was made of.
pub(crate) struct Made {
    pub(crate) text: String,
    pub(crate) page: Page,
    pub(crate) skeleton: String,
    pub(crate) phrases: Vec<String>,
}

/// A document before its dates are resolved and its marks parted from it.
pub(crate) struct Document {
    pub(crate) facts: Facts,
    pub(crate) style: Style,
    pub(crate) view: View,
    pub(crate) composed: Composed,
}

impl Document {
    pub(crate) fn compose(facts: Facts, key: &Key, bank: &Bank) -> Document {
        let style = Style::draw(&facts, &mut key.stage("style"));
        let view = View::new(&facts, &style, &mut key.stage("view"));
        let composed = compose::compose(&facts, &style, &view, bank, &mut key.stage("compose"));
        Document { facts, style, view, composed }
    }
}

/// Resolves the dates and parts the marks from the text.
pub(crate) fn finish(marked: &str, style: &Style, facts: &Facts) -> (String, Labels) {
    let marked = spell::spell(marked, style, facts);
    // The templates are committed and all of them are rendered by a test; no input reaches them.
    let (text, labels) = markup::parse(&marked).expect("the committed templates hold valid marks");
    let labels = Labels { genre: Some(facts.genre), exposure: Some(facts.outcome), via_vendor: Some(facts.via_vendor), ..labels };
    (text, labels)
}
