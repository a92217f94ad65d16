//! The generator: from an index to a record.

use owabi_corpora::markup;
use owabi_corpora::record::{Extra, Labels, Provenance, Record};

use crate::compose::{self, Composed};
use crate::config::{Config, ConfigError, PROFILES};
use crate::draw::Key;
use crate::facts::Facts;
use crate::kind::Kind;
use crate::phrases::Bank;
use crate::style::Style;
use crate::{REVISION, difficulty, spell, view};

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

    /// The facts behind a record.
    pub fn facts(&self, index: u64) -> Facts {
        Facts::draw(self.kind(index), &self.key(index), &self.config)
    }

    /// The record of an index: the same for the same revision, seed, configuration and index, wherever and whenever.
    pub fn record(&self, index: u64) -> Record {
        let key = self.key(index);
        let facts = self.facts(index);
        let style = Style::draw(&facts, &mut key.stage("style"));
        let view = view::View::new(&facts, &style, &mut key.stage("view"));
        let Composed { marked, skeleton, phrases } = compose::compose(&facts, &style, &view, &self.bank, &mut key.stage("compose"));
        let marked = spell::spell(&marked, &style, &facts);
        // The templates are committed and all of them are rendered by a test; no input reaches them.
        let (text, labels) = markup::parse(&marked).expect("the committed templates hold valid marks");
        let labels = Labels { genre: Some(facts.genre), exposure: Some(facts.exposure()), via_vendor: Some(facts.via_vendor), ..labels };
        let provenance = Provenance {
            revision: REVISION,
            seed: self.config.seed,
            index,
            kind: facts.kind.id().to_owned(),
            skeleton,
            phrases,
            profile: self.config.profile.clone(),
            difficulty: difficulty::of(&text, &labels),
            split: self.config.split,
            base_id: None,
            perturbations: Vec::new(),
            value_mode: self.config.value_mode,
            extra: Extra::default(),
        };
        Record { provenance: Some(provenance), ..Record::new(self.id(index), text, labels) }
    }

    fn kind(&self, index: u64) -> Kind {
        *self.key(index).stage("kind").weighted(&self.wanted, |kind| kind.row().weight)
    }

    fn key(&self, index: u64) -> Key {
        Key::new(self.config.seed, &self.canonical, index)
    }
}
