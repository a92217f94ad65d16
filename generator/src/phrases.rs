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
use std::ops::Range;
use std::sync::LazyLock;

use owabi_corpora::vocabulary::Split;

use crate::data;
use crate::draft::Draft;
use crate::draw::Draw;
use crate::facts::Facts;
use crate::flags::{Flags, Place, When};
use crate::kind::{Kind, kinds};
use crate::skeleton::{self, Skeleton};
use crate::template::{Template, Templates};
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
pub(crate) struct SlotId(u16);

impl SlotId {
    /// `None` where no file has such a slot.
    pub(crate) fn of(name: &str) -> Option<SlotId> {
        SLOTS.binary_search(&name).ok().and_then(|place| u16::try_from(place).ok()).map(SlotId)
    }
}

/// The ids of all phrases of a split.
pub fn phrase_ids(split: Split) -> Vec<String> {
    Bank::new(split).ids
}

/// The phrases of a split that none of the given facts lets say, in a slot that no skeleton asks for, or under flags that never
/// hold together. A test draws enough facts and keeps it empty.
pub fn unsaid_phrases(split: Split, facts: &[Facts]) -> Vec<String> {
    let bank = Bank::new(split);
    let mut unsaid = Vec::new();
    for ((file, name), slot) in &bank.slots {
        let asking: Vec<Kind> = kinds().filter(|kind| files(*kind).any(|of| of == *file) && skeleton::asks(*kind, name)).collect();
        let here: Vec<&Facts> = facts.iter().filter(|facts| asking.contains(&facts.kind)).collect();
        // What a page says of its documents stands in no skeleton of theirs.
        let page = asking.iter().any(|kind| kind.is_page());
        let said = |when: &When| page || here.iter().any(|facts| when.holds(&facts.flags));
        let never = slot.places().filter(|place| !said(&bank.whens[*place]));
        unsaid.extend(never.map(|place| bank.ids[place].clone()));
    }
    unsaid
}

/// Some that stand together: kept small, as every record looks them up by the dozen.
type Places = Range<u16>;

/// Those of a list that stand at some places.
fn at<'a, T>(list: &'a [T], places: &Places) -> &'a [T] {
    &list[usize::from(places.start)..usize::from(places.end)]
}

/// How many are in a list so far.
fn length<T>(list: &[T]) -> u16 {
    u16::try_from(list.len()).expect("two bytes tell all phrases and all conditions apart")
}

/// Phrases of one file and slot, which stand together in the bank.
#[derive(Clone)]
struct Slot {
    phrases: Places,
    /// Where the flags that they ask for stand among all.
    asked: Places,
}

impl Slot {
    /// The places of its phrases.
    fn places(&self) -> Range<usize> {
        self.phrases.start.into()..self.phrases.end.into()
    }
}

/// A flag that some phrases of a slot ask for.
struct Asked {
    flag: Place,
    /// What can be said without the flag, and with it.
    fitting: [Fitting; 2],
}

/// Some phrases of a slot: a bit for each.
type Fitting = u128;

/// A phrase that was drawn: its place in the bank.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Said(u16);

/// The files in which a kind looks for its slots, in their order.
fn files(kind: Kind) -> impl Iterator<Item = &'static str> {
    let row = kind.row();
    std::iter::once(row.id.as_str()).chain(row.uses.iter().map(String::as_str)).chain(std::iter::once("common"))
}

/// The phrases of one split, compiled. Those of one file and slot stand together.
pub(crate) struct Bank {
    templates: Templates,
    phrases: Vec<Template>,
    ids: Vec<String>,
    /// When each of them can be said.
    whens: Vec<When>,
    /// Slot by slot, the flags that their phrases ask for.
    asked: Vec<Asked>,
    /// By file and slot.
    slots: BTreeMap<(&'static str, &'static str), Slot>,
    /// Kind by kind and slot by slot, those of the files in which the kind looks.
    looked_up: Vec<Slot>,
    /// Kind by kind, for each slot, where its own stand in `looked_up`.
    kinds: Vec<Places>,
    /// For each kind, in what orders its documents say things.
    skeletons: Vec<Vec<&'static Skeleton>>,
}

impl Bank {
    pub(crate) fn new(split: Split) -> Bank {
        let mut by_slot: BTreeMap<(&str, &str), Vec<(When, &str)>> = BTreeMap::new();
        for [file, slot, _, when, text] in rows().filter(|[_, _, of, ..]| *of == split.id()) {
            by_slot.entry((file, slot)).or_default().push((When::new(flags_of(when)), text));
        }
        let (mut templates, mut phrases, mut ids, mut whens) = (Templates::default(), Vec::new(), Vec::new(), Vec::new());
        let (mut slots, mut asked) = (BTreeMap::new(), Vec::new());
        for ((file, slot), rows) in by_slot {
            assert!(rows.len() <= Fitting::BITS as usize, "generator/data/phrases: {file}.{slot}: more phrases than bits");
            let first = length(&phrases);
            for (number, (when, text)) in (1..).zip(&rows) {
                let id = format!("{file}.{slot}/{split}/{number}");
                let template = templates.parse(&text.replace("\\n", "\n"));
                let template = template.unwrap_or_else(|error| panic!("generator/data/phrases: {id}: {error}"));
                phrases.push(template);
                ids.push(id);
                whens.push(*when);
            }
            let asked_before = length(&asked);
            asked.extend(asked_of(&whens[usize::from(first)..]));
            slots.insert((file, slot), Slot { phrases: first..length(&phrases), asked: asked_before..length(&asked) });
        }
        let mut looked_up = Vec::new();
        let mut look_up = |kind: Kind, slot: &'static str| {
            let first = length(&looked_up);
            looked_up.extend(files(kind).filter_map(|file| slots.get(&(file, slot)).cloned()));
            first..length(&looked_up)
        };
        let skeletons = kinds().map(|kind| skeleton::of(kind, split).collect()).collect();
        let kinds = kinds().flat_map(|kind| SLOTS.iter().map(move |slot| (kind, *slot))).map(|(kind, slot)| look_up(kind, slot)).collect();
        Bank { templates, phrases, ids, whens, asked, slots, looked_up, kinds, skeletons }
    }

    /// Whether a slot has any phrase.
    pub(crate) fn has(&self, kind: Kind, slot: &str) -> bool {
        SlotId::of(slot).is_some_and(|slot| !self.files(kind, slot).is_empty())
    }

    /// A slot in the files in which a kind looks for it.
    fn files(&self, kind: Kind, slot: SlotId) -> &[Slot] {
        at(&self.looked_up, &self.kinds[kind.index() * SLOTS.len() + usize::from(slot.0)])
    }

    /// The skeletons of a kind, in their order.
    pub(crate) fn skeletons(&self, kind: Kind) -> &[&'static Skeleton] {
        &self.skeletons[kind.index()]
    }

    /// A phrase's id.
    pub(crate) fn id(&self, said: Said) -> &str {
        &self.ids[usize::from(said.0)]
    }

    /// Draws a phrase for a slot; `None` when no phrase fits that is not among `before`, those already said.
    pub(crate) fn pick(&self, kind: Kind, slot: Option<SlotId>, flags: &Flags, before: &[Said], draw: &mut Draw) -> Option<Said> {
        let (slot, fitting) =
            self.files(kind, slot?).iter().map(|slot| (slot, self.fitting(slot, flags))).find(|(_, fitting)| *fitting != 0)?;
        let fresh = before.iter().fold(fitting, |fresh, said| match said.0.checked_sub(slot.phrases.start) {
            Some(place) if u32::from(place) < Fitting::BITS => fresh & !(1 << place),
            _ => fresh,
        });
        let count = fresh.count_ones();
        let left = draw.below(count.into());
        // Each step leaves out the lowest bit.
        let fresh = (0..left).fold(fresh, |fresh, _| fresh & (fresh - 1));
        (count > 0).then(|| Said(slot.phrases.start + fresh.trailing_zeros() as u16))
    }

    /// What of a slot can be said under some flags.
    fn fitting(&self, slot: &Slot, flags: &Flags) -> Fitting {
        let all = Fitting::MAX >> (Fitting::BITS as usize - slot.phrases.len());
        at(&self.asked, &slot.asked).iter().fold(all, |all, asked| all & asked.fitting[usize::from(flags.holds(asked.flag))])
    }

    /// A phrase in words, one of each of its alternatives drawn. The draft keeps what its signs mean.
    pub(crate) fn say(&self, said: Said, scope: &Scope<'_>, draw: &mut Draw, draft: &mut Draft) -> String {
        draft.apart(|draft| self.write(said, scope, draw, draft))
    }

    /// Writes a phrase, drawing one of each of its alternatives.
    pub(crate) fn write(&self, said: Said, scope: &Scope<'_>, draw: &mut Draw, out: &mut Draft) {
        let written = self.templates.say(self.phrases[usize::from(said.0)], scope, draw, out);
        // The templates are committed and all of them are rendered by a test; no input reaches them.
        written.unwrap_or_else(|slot| panic!("generator/data/phrases: {}: {slot:?} stands for nothing", self.id(said)));
    }
}

/// The flags that some phrases ask for, each with those that it lets say and those that can be said without it.
fn asked_of(whens: &[When]) -> Vec<Asked> {
    let flags: BTreeSet<Place> = whens.iter().flat_map(When::places).collect();
    let with = |flag: Place, on: bool| {
        let says = |when: &When| Fitting::from(when.lets(flag, on));
        whens.iter().rev().fold(0, |fitting, when| fitting << 1 | says(when))
    };
    flags.into_iter().map(|flag| Asked { flag, fitting: [false, true].map(|on| with(flag, on)) }).collect()
}

#[cfg(test)]
mod tests {
    use tera::{Context, Tera};

    use super::*;
    use crate::draw::Key;
    use crate::slot::{Slot, Word};
    use crate::spell::spell;
    use crate::style::{self, Style};
    use crate::view::View;
    use crate::{Config, Generator};

    #[test]
    fn a_slot_fits_as_its_phrases_do() {
        let bank = Bank::new(Split::Train);
        let generator = Generator::new(Config::default()).unwrap();
        for facts in (0..50).filter_map(|index| generator.facts(index)) {
            for slot in bank.slots.values() {
                let fitting = slot.places().rev().fold(0, |all, place| all << 1 | Fitting::from(bank.whens[place].holds(&facts.flags)));
                assert_eq!(bank.fitting(slot, &facts.flags), fitting);
            }
        }
    }

    /// What a phrase means stands in Tera's manual; what this crate makes of it must be the same.
    #[test]
    fn phrases_say_what_tera_renders() {
        for split in Split::all() {
            let bank = Bank::new(split);
            let sources: BTreeMap<String, String> = sources(split);
            let mut tera = Tera::default();
            tera.autoescape_on(Vec::<&str>::new());
            tera.add_raw_templates(sources.iter()).unwrap();
            let generator = Generator::new(Config { seed: 5, split, ..Config::default() }).unwrap();
            let mut compared = BTreeSet::new();
            for facts in (0..200).filter_map(|index| generator.facts(index)) {
                let key = Key::new(5, "phrases", facts.total);
                let style = Style::draw(&facts, &mut key.stage("style"));
                let view = View::new(&facts, &style, &mut key.stage("view"));
                let given = [(Word::CauseLong, "原因"), (Word::Number, "2024-001"), (Word::Title, "題"), (Word::Gist, "要旨")];
                let scope = Scope::of(&view, &given);
                let scope = if view.groups() > 0 { scope.of_group(0) } else { scope };
                let kinds = [facts.kind, kinds().find(|kind| kind.is_page()).unwrap()];
                let asked = kinds.into_iter().flat_map(|kind| (0..SLOTS.len() as u16).map(move |slot| (kind, SlotId(slot))));
                let slots = asked.flat_map(|(kind, slot)| bank.files(kind, slot));
                let phrases = slots.flat_map(|slot| slot.places());
                for place in phrases.filter(|place| bank.whens[*place].holds(&facts.flags)) {
                    let id = &bank.ids[place];
                    let mut draft = Draft::default();
                    let Ok(rendered) = tera.render(id, &context(&sources[id], &scope, &style, &mut draft)) else { continue };
                    let mut teras = String::new();
                    choose(&rendered, &mut key.stage(id), &mut teras);
                    let teras = draft.apart(|draft| draft.put_marked(&teras));
                    let mut said = Ok(());
                    let ours = draft.apart(|draft| said = bank.templates.say(bank.phrases[place], &scope, &mut key.stage(id), draft));
                    let [ours, teras] = [ours, teras].map(|text| spell(&text, &draft, &style, &facts));
                    assert_eq!((said, ours), (Ok(()), teras), "{id}: {}", sources[id]);
                    compared.insert(place);
                }
            }
            // Others stand under rare flags.
            assert!(compared.len() * 10 > bank.phrases.len() * 7, "{split}: {} of {} phrases", compared.len(), bank.phrases.len());
        }
    }

    fn sources(split: Split) -> BTreeMap<String, String> {
        let mut numbers: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        let rows = rows().filter(|[_, _, of, ..]| *of == split.id());
        rows.map(|[file, slot, _, _, text]| {
            let number = numbers.entry((file, slot)).or_default();
            *number += 1;
            (format!("{file}.{slot}/{split}/{number}"), text.replace("\\n", "\n"))
        })
        .collect()
    }

    /// The names that a phrase writes and what they stand for here, with the signs of a draft.
    fn context(source: &str, scope: &Scope<'_>, style: &Style, draft: &mut Draft) -> Context {
        let mut parts: BTreeMap<&str, BTreeMap<&str, String>> = BTreeMap::new();
        let mut context = Context::new();
        for tag in source.split('{').filter_map(|rest| rest.strip_prefix("% if ").or(rest.strip_prefix(' '))) {
            let name = tag.split([' ', '}', '%']).next().unwrap();
            let slot = Slot::parse(name).unwrap();
            let mut known = true;
            let text = match slot {
                Slot::Word(Word::Yo | Word::Ta) => style::endings(style)[usize::from(name == "ta")].to_owned(),
                slot => draft.apart(|draft| known = scope.write(slot, draft).is_some()),
            };
            match name.split_once('.') {
                // A name with parts is there although the part is not.
                Some((whole, part)) => {
                    let parts = parts.entry(whole).or_default();
                    if known {
                        parts.insert(part, text);
                    }
                }
                None if known => context.insert(name.to_owned(), &text),
                None => {}
            }
        }
        parts.iter().for_each(|(name, parts)| context.insert((*name).to_owned(), parts));
        context
    }

    /// Draws every choice of a rendered text, also within choices.
    fn choose(text: &str, draw: &mut Draw, out: &mut String) {
        let Some((before, inside)) = text.split_once('«') else { return out.push_str(text) };
        out.push_str(before);
        let (mut alternatives, mut begin, mut marks, mut choices) = (Vec::new(), 0, 0, 0);
        for (at, c) in inside.char_indices() {
            let ends = c == '»' && choices == 0;
            if ends || c == '|' && marks == 0 && choices == 0 {
                alternatives.push(&inside[begin..at]);
                begin = at + c.len_utf8();
            }
            if ends {
                let chosen: &&str = draw.pick(&alternatives);
                choose(chosen, draw, out);
                return choose(&inside[begin..], draw, out);
            }
            marks += i32::from(c == '⟦') - i32::from(c == '⟧');
            choices += i32::from(c == '«') - i32::from(c == '»');
        }
        panic!("a choice without an end: {text}");
    }
}
