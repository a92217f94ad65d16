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

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use owabi_corpora::vocabulary::Split;

use crate::data;
use crate::draw::Draw;
use crate::facts::Facts;
use crate::flags::{Flags, When};
use crate::kind::{Kind, kinds};
use crate::skeleton;
use crate::template::Template;
use crate::view::Scope;

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

/// The rows of all files: file, slot, split, when and text.
fn rows() -> impl Iterator<Item = [&'static str; 5]> {
    FILES.iter().flat_map(|(file, text)| {
        data::rows(text).map(move |row| {
            let [slot, split, when, text] = row[..] else { panic!("generator/data/phrases/{file}.tsv: {row:?} has not four columns") };
            [file, slot, split, when, text]
        })
    })
}

/// The flags of a row's column.
fn flags_of(when: &str) -> impl Iterator<Item = &str> + Clone {
    when.split(' ').filter(|flag| *flag != "-")
}

/// The flags that phrases ask for, with `!` before those that must not be set.
pub(crate) fn flags() -> impl Iterator<Item = &'static str> {
    rows().flat_map(|[_, _, _, when, _]| flags_of(when))
}

/// The slots of all files, sorted: what skeletons ask for, by a number.
static SLOTS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let mut slots: Vec<&str> = rows().map(|[_, slot, ..]| slot).collect();
    slots.sort_unstable();
    slots.dedup();
    slots
});

/// What a skeleton asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SlotId(usize);

impl SlotId {
    /// `None` where no file has such a slot.
    pub(crate) fn of(name: &str) -> Option<SlotId> {
        SLOTS.binary_search(&name).ok().map(SlotId)
    }
}

/// The ids of all phrases of a split.
pub fn phrase_ids(split: Split) -> Vec<String> {
    Bank::new(split).phrases.into_iter().map(|phrase| phrase.id).collect()
}

/// The phrases of a split that none of the given facts lets say, in a slot that no skeleton asks for, or under flags that never
/// hold together. A test draws enough facts and keeps it empty.
pub fn unsaid_phrases(split: Split, facts: &[Facts]) -> Vec<String> {
    let bank = Bank::new(split);
    let mut unsaid = Vec::new();
    for ((file, name), places) in &bank.slots {
        let asking: Vec<Kind> = kinds().filter(|kind| files(*kind).any(|of| of == *file) && skeleton::asks(*kind, name)).collect();
        let here: Vec<&Facts> = facts.iter().filter(|facts| asking.contains(&facts.kind)).collect();
        // What a page says of its documents stands in no skeleton of theirs.
        let page = asking.iter().any(|kind| kind.is_page());
        let said = |place: &usize| page || here.iter().any(|facts| bank.fits(*place, &facts.flags));
        unsaid.extend(places.clone().filter(|place| !said(place)).map(|place| bank.phrases[place].id.clone()));
    }
    unsaid
}

/// One phrase.
struct Phrase {
    id: String,
    template: Template,
}

/// A phrase that was drawn: its place in the bank.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Said(usize);

/// The files in which a kind looks for its slots, in their order.
fn files(kind: Kind) -> impl Iterator<Item = &'static str> {
    let row = kind.row();
    std::iter::once(row.id.as_str()).chain(row.uses.iter().map(String::as_str)).chain(std::iter::once("common"))
}

/// The phrases of one split, compiled. Those of one file and slot stand together.
pub(crate) struct Bank {
    pub(crate) split: Split,
    phrases: Vec<Phrase>,
    /// For each phrase, the condition under which it may be said, as a place in `conditions`: these are few and asked for all the time.
    when: Vec<u16>,
    conditions: Vec<When>,
    /// By file and slot.
    slots: BTreeMap<(&'static str, &'static str), Range<usize>>,
    /// For each kind, for each slot, the phrases of each file in which the kind looks.
    kinds: Vec<Vec<Vec<Range<usize>>>>,
}

impl Bank {
    pub(crate) fn new(split: Split) -> Bank {
        let mut by_slot: BTreeMap<(&str, &str), Vec<(When, &str)>> = BTreeMap::new();
        for [file, slot, _, when, text] in rows().filter(|[_, _, of, ..]| *of == split.id()) {
            by_slot.entry((file, slot)).or_default().push((When::new(flags_of(when)), text));
        }
        let (mut phrases, mut when, mut conditions, mut slots) = (Vec::new(), Vec::new(), Vec::new(), BTreeMap::new());
        for ((file, slot), rows) in by_slot {
            slots.insert((file, slot), phrases.len()..phrases.len() + rows.len());
            for (number, (condition, text)) in (1..).zip(rows) {
                let id = format!("{file}.{slot}/{split}/{number}");
                let template = Template::parse(&text.replace("\\n", "\n"));
                let template = template.unwrap_or_else(|error| panic!("generator/data/phrases: {id}: {error}"));
                phrases.push(Phrase { id, template });
                let known = conditions.iter().position(|known| *known == condition);
                when.push(known.unwrap_or(conditions.len()) as u16);
                conditions.extend(known.is_none().then_some(condition));
            }
        }
        let looked_up = |kind: Kind| {
            let list = |slot: &&'static str| files(kind).filter_map(|file| slots.get(&(file, *slot)).cloned()).collect();
            SLOTS.iter().map(list).collect()
        };
        let kinds = kinds().map(looked_up).collect();
        Bank { split, phrases, when, conditions, slots, kinds }
    }

    /// Whether a slot has any phrase.
    pub(crate) fn has(&self, kind: Kind, slot: &str) -> bool {
        SlotId::of(slot).is_some_and(|slot| !self.kinds[kind.index()][slot.0].is_empty())
    }

    /// A phrase's id.
    pub(crate) fn id(&self, said: Said) -> &str {
        &self.phrases[said.0].id
    }

    fn fits(&self, place: usize, flags: &Flags) -> bool {
        self.conditions[usize::from(self.when[place])].holds(flags)
    }

    /// Draws a phrase for a slot; `None` when no phrase fits that is not among `before`, those already said.
    pub(crate) fn pick(&self, kind: Kind, slot: Option<SlotId>, flags: &Flags, before: &[Said], draw: &mut Draw) -> Option<Said> {
        let fits = |place: &usize| self.fits(*place, flags);
        let list = self.kinds[kind.index()][slot?.0].iter().find(|list| (*list).clone().any(|place| fits(&place)))?;
        let fitting = || list.clone().filter(fits).map(Said).filter(|said| !before.contains(said));
        let count = fitting().count();
        if count == 0 { None } else { fitting().nth(draw.below(count as u64) as usize) }
    }

    /// A phrase in words, one of each of its alternatives drawn.
    pub(crate) fn say(&self, said: Said, scope: &Scope<'_>, draw: &mut Draw) -> String {
        let mut text = String::new();
        self.write(said, scope, draw, &mut text);
        text
    }

    /// Writes a phrase, drawing one of each of its alternatives.
    pub(crate) fn write(&self, said: Said, scope: &Scope<'_>, draw: &mut Draw, out: &mut String) {
        let phrase = &self.phrases[said.0];
        let written = phrase.template.say(scope, draw, out);
        // The templates are committed and all of them are rendered by a test; no input reaches them.
        written.unwrap_or_else(|slot| panic!("generator/data/phrases: {}: {slot:?} stands for nothing", phrase.id));
    }
}
