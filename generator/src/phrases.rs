//! The phrase bank: `data/phrases/*.tsv`, one phrase a line.
//!
//! | column | meaning |
//! |---|---|
//! | slot | what a skeleton asks for |
//! | split | `train`, `validation` or `test`; told per phrase and not computed, so that a phrase stays in its split when its neighbours change |
//! | when | flags that the facts must have, or with `!` must not have; `-` for none |
//! | text | a Tera template with marks; `\n` is a line break; `«a|b»` are alternatives |
//!
//! A slot is looked up in the kind's own file, in those that its row in `kinds.toml` names as `uses`, then in `common.tsv`: the first
//! file that has a fitting phrase says it. A phrase's id is `FILE.SLOT/SPLIT/N`.

use std::collections::{BTreeMap, BTreeSet};

use owabi_corpora::vocabulary::Split;
use tera::{Context, Tera};

use crate::data;
use crate::draw::Draw;
use crate::facts::Facts;
use crate::kind::{Kind, kinds};
use crate::skeleton;

/// The files: one a kind, and those that several kinds share.
const FILES: &[(&str, &str)] = &[
    ("agency_faq", include_str!("../data/phrases/agency_faq.tsv")),
    ("attack", include_str!("../data/phrases/attack.tsv")),
    ("causes", include_str!("../data/phrases/causes.tsv")),
    ("cloud_access_key", include_str!("../data/phrases/cloud_access_key.tsv")),
    ("common", include_str!("../data/phrases/common.tsv")),
    ("consultant_post", include_str!("../data/phrases/consultant_post.tsv")),
    ("credential_stuffing", include_str!("../data/phrases/credential_stuffing.tsv")),
    ("ddos_outage", include_str!("../data/phrases/ddos_outage.tsv")),
    ("defacement", include_str!("../data/phrases/defacement.tsv")),
    ("digest", include_str!("../data/phrases/digest.tsv")),
    ("ec_skimming", include_str!("../data/phrases/ec_skimming.tsv")),
    ("first_report", include_str!("../data/phrases/first_report.tsv")),
    ("followup_measures", include_str!("../data/phrases/followup_measures.tsv")),
    ("individual_letter", include_str!("../data/phrases/individual_letter.tsv")),
    ("inquiry_report", include_str!("../data/phrases/inquiry_report.tsv")),
    ("insider", include_str!("../data/phrases/insider.tsv")),
    ("internal_report", include_str!("../data/phrases/internal_report.tsv")),
    ("listed_company_disclosure", include_str!("../data/phrases/listed_company_disclosure.tsv")),
    ("loss_report", include_str!("../data/phrases/loss_report.tsv")),
    ("mail_takeover", include_str!("../data/phrases/mail_takeover.tsv")),
    ("media_loss", include_str!("../data/phrases/media_loss.tsv")),
    ("misconfiguration", include_str!("../data/phrases/misconfiguration.tsv")),
    ("missent_or_misdelivered", include_str!("../data/phrases/missent_or_misdelivered.tsv")),
    ("mistake", include_str!("../data/phrases/mistake.tsv")),
    ("municipal_apology", include_str!("../data/phrases/municipal_apology.tsv")),
    ("news_brief", include_str!("../data/phrases/news_brief.tsv")),
    ("personal_blog", include_str!("../data/phrases/personal_blog.tsv")),
    ("phishing_sent_from_us", include_str!("../data/phrases/phishing_sent_from_us.tsv")),
    ("ransomware_report", include_str!("../data/phrases/ransomware_report.tsv")),
    ("regulator_guidance", include_str!("../data/phrases/regulator_guidance.tsv")),
    ("release", include_str!("../data/phrases/release.tsv")),
    ("server_intrusion", include_str!("../data/phrases/server_intrusion.tsv")),
    ("support_scam_notice", include_str!("../data/phrases/support_scam_notice.tsv")),
    ("telling", include_str!("../data/phrases/telling.tsv")),
    ("theft_report", include_str!("../data/phrases/theft_report.tsv")),
    ("university_malware", include_str!("../data/phrases/university_malware.tsv")),
    ("unrelated", include_str!("../data/phrases/unrelated.tsv")),
    ("wrong_publication", include_str!("../data/phrases/wrong_publication.tsv")),
];

/// The ids of all phrases of a split.
pub fn phrase_ids(split: Split) -> Vec<String> {
    let bank = Bank::new(split);
    bank.slots.values().flatten().map(|phrase| phrase.id.clone()).collect()
}

/// The phrases of a split that none of the given facts lets say, in a slot that no skeleton asks for, or under flags that never
/// hold together. A test draws enough facts and keeps it empty.
pub fn unsaid_phrases(split: Split, facts: &[Facts]) -> Vec<String> {
    let bank = Bank::new(split);
    let mut unsaid = Vec::new();
    for (slot, phrases) in &bank.slots {
        let (file, name) = slot.split_once('.').unwrap_or_default();
        let asking: Vec<Kind> = kinds().filter(|kind| files(*kind).any(|of| of == file) && skeleton::asks(*kind, name)).collect();
        let here: Vec<&Facts> = facts.iter().filter(|facts| asking.contains(&facts.kind)).collect();
        // What a page says of its documents stands in no skeleton of theirs.
        let page = asking.iter().any(|kind| kind.is_page());
        let said = |phrase: &&Phrase| page || here.iter().any(|facts| phrase.fits(&facts.flags));
        unsaid.extend(phrases.iter().filter(|phrase| !said(phrase)).map(|phrase| phrase.id.clone()));
    }
    unsaid
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

/// The files in which a kind looks for its slots, in their order.
fn files(kind: Kind) -> impl Iterator<Item = &'static str> {
    let row = kind.row();
    std::iter::once(row.id.as_str()).chain(row.uses.iter().map(String::as_str)).chain(std::iter::once("common"))
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
    fn fitting(&self, kind: Kind, slot: &str, flags: &BTreeSet<String>) -> Vec<&Phrase> {
        for file in files(kind) {
            let phrases = self.slots.get(&format!("{file}.{slot}")).into_iter().flatten();
            let fitting: Vec<&Phrase> = phrases.filter(|phrase| phrase.fits(flags)).collect();
            if !fitting.is_empty() {
                return fitting;
            }
        }
        Vec::new()
    }

    /// Whether a slot has any phrase.
    pub(crate) fn has(&self, kind: Kind, slot: &str) -> bool {
        files(kind).any(|file| self.slots.contains_key(&format!("{file}.{slot}")))
    }

    /// Draws a phrase for a slot and renders it; `None` when no phrase fits that is not among `before`, the ids already said.
    pub(crate) fn say(
        &self,
        kind: Kind,
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

    /// The phrase with this id, whose alternatives are still open.
    pub(crate) fn render(&self, id: &str, context: &Context) -> String {
        self.tera.render(id, context).unwrap_or_else(|error| panic!("generator/data/phrases: {id}: {error}"))
    }
}
