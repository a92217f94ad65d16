//! The generator: from an index to a record.

use std::borrow::Cow;
use std::sync::Arc;

use owabi_corpora::Page;
use owabi_corpora::record::{Extra, Labels, Provenance, Record};
use owabi_corpora::vocabulary::Use;

use crate::compose;
use crate::config::{Config, ConfigError, short_hash};
use crate::cover::{Array, Coverage};
use crate::data;
use crate::draft::Draft;
use crate::draw::Key;
use crate::facts::Facts;
use crate::kind::{self, Kind, kinds};
use crate::knobs::Knobs;
use crate::phrases::{Bank, Said};
use crate::plan::{Plan, Priors};
use crate::profile::Profile;
use crate::reach::Reached;
use crate::style::Style;
use crate::view::View;
use crate::{REVISION, difficulty, digest, spell};

/// Makes records. Building it compiles the templates; [`Generator::record`] may be called from many threads at once.
pub struct Generator {
    config: Config,
    canonical: Arc<str>,
    hash: String,
    profile: &'static Profile,
    wanted: Vec<Kind>,
    priors: Priors,
    parts: digest::Parts,
    array: Option<Array>,
    voices: Vec<Option<Kind>>,
    bank: Bank,
    /// Where difficulties are asked for, those that the kinds reach.
    reached: Vec<Reached>,
}

/// How often a document of a covering array is drawn at most until it has its row's difficulty and says what it should of the data;
/// then the one that came nearest is taken.
pub(crate) const TRIES: u64 = 24;

impl Generator {
    /// Checks the configuration and compiles the templates of its split.
    pub fn new(config: Config) -> Result<Generator, ConfigError> {
        let profile = Profile::from_id(&config.profile)?;
        let config = config.checked()?;
        let canonical: Arc<str> = config.unperturbed().into();
        let hash = short_hash(&canonical);
        let (wanted, bank) = (config.wanted(), Bank::new(config.split));
        let array = config.cover.as_ref().map(|cover| Array::new(&wanted, cover, &config.value_modes()));
        let (mut priors, mut voices) = (Priors::new(profile, &wanted), Vec::new());
        if config.voices {
            voices = kind::voices();
            priors = told_by_voices(&config, profile, &wanted)?;
        }
        let (parts, reached) = (digest::Parts::new(profile), Vec::new());
        let mut generator = Generator { config, canonical, hash, profile, wanted, priors, parts, array, voices, bank, reached };
        if !generator.config.difficulties.is_empty() {
            (generator.wanted, generator.reached) = generator.reach()?;
            generator.priors = Priors::new(profile, &generator.wanted);
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

    /// How many documents the covering array has, where one is drawn by.
    pub fn rows(&self) -> Option<u64> {
        self.array.as_ref().map(Array::len)
    }

    /// Nothing counted yet, for counting what of the covering array some documents cover.
    pub fn coverage(&self) -> Option<Coverage<'_>> {
        self.array.as_ref().map(Coverage::new)
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
        let (plan, key, _) = self.made(index);
        self.drawn(&plan, &key)
    }

    /// The record of an index: the same for the same revision, seed, configuration and index, wherever and whenever.
    pub fn record(&self, index: u64) -> Record {
        let record = self.unperturbed(index);
        // The id holds the generator's seed already.
        if self.config.perturb.is_empty() { record } else { self.config.perturb.apply(&record, 0) }
    }

    fn unperturbed(&self, index: u64) -> Record {
        if !self.voices.is_empty() {
            let facts = self.voice(index);
            let plan = Plan::new(facts.kind, self.config.value_mode, self.profile);
            return self.make(&plan, Some(facts), &self.key(index), index);
        }
        let (plan, key, record) = self.made(index);
        record.unwrap_or_else(|| self.make(&plan, self.drawn(&plan, &key), &key, index))
    }

    /// By which plan and key an index' document is made; the document itself where it had to be made to see that.
    fn made(&self, index: u64) -> (Plan, Key, Option<Record>) {
        if let Some(array) = &self.array {
            let (plan, own) = (array.plan(index, self.profile), self.key(index));
            let tries = (0..TRIES).map(|attempt| own.attempt(attempt));
            let mut nearest: Option<(u8, Key, Record)> = None;
            for key in tries {
                let record = self.make(&plan, self.drawn(&plan, &key), &key, index);
                let perturbed = plan.perturbation.and_then(|of| of.apply(&record, 0));
                let record = perturbed.unwrap_or(record);
                let distance = plan.distance(&record);
                if nearest.as_ref().is_none_or(|(before, ..)| distance < *before) {
                    nearest = Some((distance, key, record));
                }
                if distance == 0 {
                    break;
                }
            }
            return nearest.map_or_else(|| (plan.clone(), own, None), |(_, key, record)| (plan.clone(), key, Some(record)));
        }
        match self.reaching(index, &self.reached) {
            Some((plan, key, record)) => (plan, key, Some(record)),
            None => {
                let key = self.key(index);
                (self.plan(&key), key, None)
            }
        }
    }

    /// The facts of a document that keeps to a plan; `None` for a page.
    pub(crate) fn drawn(&self, plan: &Plan, key: &Key) -> Option<Facts> {
        (!plan.kind.is_page()).then(|| Facts::draw(plan, key, &self.config))
    }

    /// The record of a key, under the id of an index.
    pub(crate) fn make(&self, plan: &Plan, facts: Option<Facts>, key: &Key, index: u64) -> Record {
        let made = match facts {
            Some(facts) => self.single(facts, key),
            None => digest::make(plan, key, &self.parts, &self.config, &self.bank),
        };
        let Made { text, page, skeleton, phrases } = made;
        let phrases = phrases.into_iter().map(|said| self.bank.id(said).to_owned()).collect();
        let shows = page.labels.values.iter().flatten().any(|value| value.usage == Use::Exhibit);
        let extra = if shows { Knobs::draw(&self.config, &self.incident(key)).extra() } else { Extra::default() };
        let provenance = Provenance {
            revision: REVISION,
            seed: self.config.seed,
            index,
            kind: plan.kind.id().to_owned(),
            skeleton: skeleton.to_owned(),
            phrases,
            profile: self.config.profile.clone(),
            difficulty: 0,
            split: self.config.split,
            base_id: None,
            perturbations: Vec::new(),
            value_mode: plan.value_mode,
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
    fn incident<'k>(&self, key: &'k Key) -> Cow<'k, Key> {
        if self.voices.is_empty() { Cow::Borrowed(key) } else { Cow::Owned(self.key(key.index() / self.voices())) }
    }

    fn single(&self, facts: Facts, key: &Key) -> Made {
        // One house writes its own papers in one style; others write as they do.
        let house = self.incident(key);
        let style = Style::draw(&facts, &mut house.stage("style"));
        let view = View::new(&facts, &style, &mut house.stage("view"));
        let mut draft = Draft::default();
        let composed = compose::compose(&view, &style, &self.bank, Some(key), &mut house.stage("compose"), &mut draft);
        let (text, labels) = finish(&composed.text, &draft, &style, &facts);
        let page = Page { labels, segments: None };
        let phrases = composed.head.into_iter().chain(composed.phrases).collect();
        Made { text, page, skeleton: composed.skeleton, phrases }
    }

    fn voice(&self, index: u64) -> Facts {
        let voice = self.voices[(index % self.voices()) as usize];
        Facts::draw_voice(voice, &self.priors, &self.key(index / self.voices()), &self.config)
    }

    pub(crate) fn plan(&self, key: &Key) -> Plan {
        self.priors.plan(self.config.value_mode, &mut key.stage("plan"))
    }

    /// A plan for a kind that was drawn before.
    pub(crate) fn plan_of(&self, kind: Kind, key: &Key) -> Plan {
        self.priors.plan_of(kind, self.config.value_mode, &mut key.stage("plan"))
    }

    pub(crate) fn key(&self, index: u64) -> Key {
        Key::new(self.config.seed, self.canonical.clone(), index)
    }
}

/// The priors of incidents that all voices can tell, or what stands in their way.
fn told_by_voices(config: &Config, profile: &'static Profile, wanted: &[Kind]) -> Result<Priors, ConfigError> {
    let voices: Vec<Kind> = kind::voices().into_iter().flatten().collect();
    let told = |kinds: &[Kind]| {
        let kinds: Vec<Kind> = kinds.iter().copied().filter(|kind| kind.tells_incidents()).collect();
        if kinds.is_empty() { None } else { Priors::new(profile, &kinds).told_by(&voices) }
    };
    told(wanted).ok_or_else(|| {
        let valid: Vec<&str> = kinds().filter(|kind| told(&[*kind]).is_some()).map(Kind::id).collect();
        if config.kinds.is_empty() || valid.is_empty() {
            let of = data::voices_of();
            return ConfigError::Refused(format!("the profile {} has no incident of a {of} that all voices can tell", config.profile));
        }
        let given = config.kinds.iter().map(|kind| kind.id()).collect::<Vec<_>>().join(", ");
        ConfigError::Unknown { what: "kind with voices", given, valid }
    })
}

/// A text with its labels, and what it was made of.
pub(crate) struct Made {
    pub(crate) text: String,
    pub(crate) page: Page,
    pub(crate) skeleton: &'static str,
    pub(crate) phrases: Vec<Said>,
}

/// Spells the days of a piece of a draft, parts the marks from it, and adds what the facts alone say.
pub(crate) fn finish(text: &str, draft: &Draft, style: &Style, facts: &Facts) -> (String, Labels) {
    let (text, labels) = spell::spell(text, draft, style, facts);
    let labels = Labels { genre: Some(facts.genre), exposure: Some(facts.outcome), via_vendor: Some(facts.via_vendor), ..labels };
    (text, labels)
}
