//! The generator: from an index to a record.

use owabi_corpora::record::{Extra, Labels, Provenance, Record};
use owabi_corpora::{Page, markup};

use crate::compose::{self, Composed};
use crate::config::{Config, ConfigError, PROFILES};
use crate::draw::Key;
use crate::facts::Facts;
use crate::kind::Kind;
use crate::phrases::Bank;
use crate::style::Style;
use crate::view::View;
use crate::{REVISION, difficulty, digest, spell};

/// Makes records. Building it compiles the templates; [`Generator::record`] may be called from many threads at once.
pub struct Generator {
    config: Config,
    canonical: String,
    hash: String,
    wanted: Vec<Kind>,
    bank: Bank,
}

impl Generator {
    /// Checks the configuration and compiles the templates of its split.
    pub fn new(config: Config) -> Result<Generator, ConfigError> {
        if !PROFILES.contains(&config.profile.as_str()) {
            return Err(ConfigError { what: "profile", given: config.profile, valid: PROFILES.to_vec() });
        }
        let (canonical, hash) = (config.canonical(), config.hash());
        let (wanted, bank) = (config.wanted(), Bank::new(config.split));
        Ok(Generator { config, canonical, hash, wanted, bank })
    }

    /// What it was built from.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The configuration's part of every id.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// The record's id, without making the record.
    pub fn id(&self, index: u64) -> String {
        format!("owabi-r{REVISION}-{}-{}-{index}", self.config.seed, self.hash)
    }

    /// The facts behind a record; `None` for a page, whose documents have facts of their own.
    pub fn facts(&self, index: u64) -> Option<Facts> {
        let kind = self.kind(index);
        (!kind.is_page()).then(|| Facts::draw(kind, &self.key(index), &self.config))
    }

    /// The record of an index: the same for the same revision, seed, configuration and index, wherever and whenever.
    pub fn record(&self, index: u64) -> Record {
        let (kind, key) = (self.kind(index), self.key(index));
        let made = if kind.is_page() { digest::make(kind, &key, &self.config, &self.bank) } else { self.single(kind, &key) };
        let Made { text, page, skeleton, phrases } = made;
        let provenance = Provenance {
            revision: REVISION,
            seed: self.config.seed,
            index,
            kind: kind.id().to_owned(),
            skeleton,
            phrases,
            profile: self.config.profile.clone(),
            difficulty: difficulty::of(&text, &page.labels),
            split: self.config.split,
            base_id: None,
            perturbations: Vec::new(),
            value_mode: self.config.value_mode,
            extra: Extra::default(),
        };
        let record = Record::new(self.id(index), text, page.labels);
        Record { provenance: Some(provenance), segments: page.segments, ..record }
    }

    fn single(&self, kind: Kind, key: &Key) -> Made {
        let Document { facts, style, composed, .. } = Document::compose(kind, key, &self.config, &self.bank);
        let (text, labels) = finish(&composed.marked, &style, &facts);
        let page = Page { labels, segments: None };
        Made { text, page, skeleton: composed.skeleton, phrases: composed.phrases }
    }

    fn kind(&self, index: u64) -> Kind {
        *self.key(index).stage("kind").weighted(&self.wanted, |kind| kind.row().weight)
    }

    fn key(&self, index: u64) -> Key {
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
    pub(crate) fn compose(kind: Kind, key: &Key, config: &Config, bank: &Bank) -> Document {
        let facts = Facts::draw(kind, key, config);
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
