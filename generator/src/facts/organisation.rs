//! Invented organisations, sites, vendors and police units, from the tables of name parts.

use std::sync::LazyLock;

use owabi_corpora::Cause;

use crate::data::{self, Sector};
use crate::draw::Draw;
use crate::plan::Plan;

/// An invented organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    /// The full name with its legal form.
    pub name: String,
    /// The name without the legal form.
    pub short: String,
    /// The line of business, an id of `data/sectors/`.
    pub sector: String,
    /// How it calls itself.
    pub me: String,
    /// How it calls the people it serves.
    pub people: String,
    /// Whom its notices address.
    pub to: String,
    /// Its help desk.
    pub desk: String,
    /// What it does, in a third person's words.
    pub business: String,
    /// The name in English and its abbreviation, where its texts are translated.
    pub english: Option<[String; 2]>,
    /// What the sector lets phrases ask for.
    pub flags: &'static [String],
    /// How many people it can know.
    pub most: u64,
    /// The line of business.
    pub(crate) line: &'static Sector,
}

impl Organisation {
    pub(crate) fn draw(plan: &Plan, draw: &mut Draw) -> Organisation {
        // Every plan but a page's names one; pages have no organisation.
        let sector = plan.sector.unwrap_or(&data::sectors()[0]);
        let kanji = kanji_stem(draw);
        let core = draw.pick(&sector.cores).replace("{k}", &kanji).replace("{x}", &kana_stem(draw));
        let form = draw.pick(plan.kind.row().forms.as_ref().unwrap_or(&sector.forms));
        let mut me = draw.pick(&sector.selves).clone();
        // A name decides more than its sector: 信用組合 is 「当組合」, 信用金庫 「当金庫」, a bank 「当行」.
        for (ending, own) in &ENDINGS[0] {
            if core.ends_with(*ending) {
                me = (*own).to_owned();
            }
        }
        let english = ENDINGS[1].iter().find_map(|(ending, english)| {
            let (name, abbreviation) = english.split_once('=')?;
            core.ends_with(*ending).then(|| [name.to_owned(), abbreviation.to_owned()])
        });
        let drawn = draw.pick(&sector.business);
        let own = sector.business_by_ending.iter().filter(|(ending, _)| core.ends_with(ending.as_str()));
        let business = own.max_by_key(|(ending, _)| ending.len()).map_or(drawn, |(_, business)| business).clone();
        Organisation {
            name: form.replace("{}", &core),
            short: core,
            sector: sector.id.clone(),
            me,
            people: draw.pick(&sector.people).clone(),
            to: draw.pick(&sector.to).clone(),
            desk: draw.pick(&sector.desks).clone(),
            business,
            english,
            flags: &sector.flags,
            most: sector.most.unwrap_or(u64::MAX),
            line: sector,
        }
    }
}

/// An invented name of the given class of `data/names/`, around the organisation's own name `{b}` or new stems.
pub(crate) fn invented(class: &str, brand: &str, draw: &mut Draw) -> String {
    let pattern = *draw.pick(data::parts(class));
    invented_in(&pattern.replace("{b}", brand), draw)
}

/// An invented name of what an organisation runs or answers to: of the class `CLASS_SECTOR`, or `CLASS_FLAG` for a flag of its
/// sector, the last and narrowest first, or `CLASS`. A hospital has no 「オンラインストア」.
pub(crate) fn invented_for(class: &str, of: &Organisation, draw: &mut Draw) -> String {
    let mut classes = std::iter::once(&of.sector).chain(of.flags.iter().rev()).map(|tag| format!("{class}_{tag}"));
    let class = classes.find(|class| !data::parts(class).is_empty()).unwrap_or_else(|| class.to_owned());
    invented(&class, &of.short, draw)
}

/// An invented contractor, of a trade that such a thing happens to.
pub(crate) fn vendor(cause: Cause, draw: &mut Draw) -> String {
    let class = format!("vendor_{cause}");
    invented(if data::parts(&class).is_empty() { "vendor" } else { &class }, "", draw)
}

/// A pattern with invented stems in it.
pub(crate) fn invented_in(pattern: &str, draw: &mut Draw) -> String {
    pattern.replace("{k}", &kanji_stem(draw)).replace("{x}", &kana_stem(draw))
}

/// What the end of a name decides: how the organisation calls itself, its name in English.
static ENDINGS: LazyLock<[Vec<(&str, &str)>; 2]> = LazyLock::new(|| {
    ["self_by_ending", "english_by_ending"].map(|class| data::parts(class).iter().filter_map(|row| row.split_once('=')).collect())
});

/// The parts of stems: first and second in kanji, first and second in katakana.
static STEMS: LazyLock<[&[&str]; 4]> = LazyLock::new(|| ["kanji_first", "kanji_second", "kana_first", "kana_second"].map(data::parts));

fn kanji_stem(draw: &mut Draw) -> String {
    [*draw.pick(STEMS[0]), *draw.pick(STEMS[1])].concat()
}

fn kana_stem(draw: &mut Draw) -> String {
    [*draw.pick(STEMS[2]), *draw.pick(STEMS[3])].concat()
}
