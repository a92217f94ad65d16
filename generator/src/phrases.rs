//! The phrase bank: `data/phrases/*.tsv`, one phrase a line.
//!
//! | column | meaning |
//! |---|---|
//! | slot | what a skeleton asks for |
//! | split | `train`, `validation` or `test`; told per phrase and not computed, so that a phrase stays in its split when its neighbours change |
//! | when | flags that the facts must have, or with `!` must not have; `-` for none |
//! | text | a Tera template with marks; `\n` is a line break; `«a|b»` are alternatives |
//!
//! A slot is looked up in the kind's own file, then in `common.tsv`. A phrase's id is `FILE.SLOT/SPLIT/N`.

use std::collections::{BTreeMap, BTreeSet};

use owabi_corpora::vocabulary::Split;
use tera::{Context, Tera};

use crate::data;
use crate::draw::Draw;

/// The files, by kind.
const FILES: &[(&str, &str)] = &[
    ("common", include_str!("../data/phrases/common.tsv")),
    ("digest", include_str!("../data/phrases/digest.tsv")),
    ("ec_skimming", include_str!("../data/phrases/ec_skimming.tsv")),
    ("media_loss", include_str!("../data/phrases/media_loss.tsv")),
    ("regulator_guidance", include_str!("../data/phrases/regulator_guidance.tsv")),
    ("unrelated", include_str!("../data/phrases/unrelated.tsv")),
];

/// The ids of all phrases of a split.
pub fn phrase_ids(split: Split) -> Vec<String> {
    let bank = Bank::new(split);
    bank.slots.values().flatten().map(|phrase| phrase.id.clone()).collect()
}

/// One phrase.
#[derive(Debug, Clone)]
pub(crate) struct Phrase {
    pub(crate) id: String,
    when: Vec<&'static str>,
}

impl Phrase {
    fn fits(&self, flags: &BTreeSet<String>) -> bool {
        self.when.iter().all(|flag| holds(flag, flags))
    }
}

/// Whether the facts have a flag, or with `!` do not have it.
pub(crate) fn holds(flag: &str, flags: &BTreeSet<String>) -> bool {
    match flag.strip_prefix('!') {
        Some(flag) => !flags.contains(flag),
        None => flags.contains(flag),
    }
}

/// The phrases of one split, compiled.
pub(crate) struct Bank {
    pub(crate) split: Split,
    /// By `FILE.SLOT`.
    slots: BTreeMap<String, Vec<Phrase>>,
    tera: Tera,
}

impl Bank {
    pub(crate) fn new(split: Split) -> Bank {
        let mut slots: BTreeMap<String, Vec<Phrase>> = BTreeMap::new();
        let mut templates = Vec::new();
        for (file, text) in FILES {
            for row in data::rows(text) {
                let [slot, of, when, text] = row[..] else { panic!("generator/data/phrases/{file}.tsv: {row:?} has not four columns") };
                if of != split.id() {
                    continue;
                }
                let phrases = slots.entry(format!("{file}.{slot}")).or_default();
                let id = format!("{file}.{slot}/{of}/{}", phrases.len() + 1);
                templates.push((id.clone(), text.replace("\\n", "\n")));
                phrases.push(Phrase { id, when: when.split(' ').filter(|flag| *flag != "-").collect() });
            }
        }
        let mut tera = Tera::default();
        tera.autoescape_on(Vec::<&str>::new());
        tera.add_raw_templates(templates).unwrap_or_else(|error| panic!("generator/data/phrases: {error}"));
        Bank { split, slots, tera }
    }

    /// The phrases of a slot that fit the facts.
    pub(crate) fn fitting(&self, kind: &str, slot: &str, flags: &BTreeSet<String>) -> Vec<&Phrase> {
        let slots = [kind, "common"].map(|file| self.slots.get(&format!("{file}.{slot}")));
        slots.into_iter().flatten().next().into_iter().flatten().filter(|phrase| phrase.fits(flags)).collect()
    }

    /// Whether a slot has any phrase.
    pub(crate) fn has(&self, kind: &str, slot: &str) -> bool {
        [kind, "common"].iter().any(|file| self.slots.contains_key(&format!("{file}.{slot}")))
    }

    /// Draws a phrase for a slot and renders it; `None` when no phrase fits that is not among `before`, the ids already said.
    pub(crate) fn say(
        &self,
        kind: &str,
        slot: &str,
        flags: &BTreeSet<String>,
        before: &[String],
        context: &Context,
        draw: &mut Draw,
    ) -> Option<(String, String)> {
        let mut fitting = self.fitting(kind, slot, flags);
        fitting.retain(|phrase| !before.contains(&phrase.id));
        if fitting.is_empty() {
            return None;
        }
        let phrase = draw.pick(&fitting);
        Some((phrase.id.clone(), self.render(&phrase.id, context)))
    }

    fn render(&self, id: &str, context: &Context) -> String {
        self.tera.render(id, context).unwrap_or_else(|error| panic!("generator/data/phrases: {id}: {error}"))
    }
}
