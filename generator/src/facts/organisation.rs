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
    pub sector: &'static str,
    /// How it calls itself.
    pub me: &'static str,
    /// How it calls the people it serves.
    pub people: &'static str,
    /// Whom its notices address.
    pub to: &'static str,
    /// Its help desk.
    pub desk: &'static str,
    /// What it does, in a third person's words.
    pub business: &'static str,
    /// The name in English and its abbreviation, where its texts are translated.
    pub english: Option<[&'static str; 2]>,
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
        let core = draw.pick(&sector.cores);
        let core = named(core, "", kanji, kana_stem(draw));
        let form = draw.pick(plan.kind.row().forms.as_ref().unwrap_or(&sector.forms));
        let mut me = draw.pick(&sector.selves).as_str();
        // A name decides more than its sector: 信用組合 is 「当組合」, 信用金庫 「当金庫」, a bank 「当行」.
        let last = core.chars().next_back();
        let ends = |(letter, ending, _): &&Ending| *letter == last && core.ends_with(ending);
        if let Some((_, _, own)) = ENDINGS[0].iter().rfind(ends) {
            me = own;
        }
        let english = ENDINGS[1].iter().filter(ends).find_map(|(_, _, english)| english.split_once('='));
        let english = english.map(|(name, abbreviation)| [name, abbreviation]);
        let drawn = draw.pick(&sector.business);
        let own = sector.businesses.iter().filter(|(letter, ending, _)| *letter == last && core.ends_with(ending.as_str()));
        let business = own.max_by_key(|(_, ending, _)| ending.len()).map_or(drawn, |(_, _, business)| business);
        Organisation {
            name: data::filled(form, |_, out| out.push_str(&core)),
            short: core,
            sector: &sector.id,
            me,
            people: draw.pick(&sector.people).as_str(),
            to: draw.pick(&sector.to).as_str(),
            desk: draw.pick(&sector.desks).as_str(),
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
    invented_of(data::parts(class), brand, draw)
}

/// The same of one of these patterns, which must not be none.
pub(crate) fn invented_of(patterns: &[&str], brand: &str, draw: &mut Draw) -> String {
    let mut name = String::with_capacity(64);
    invent(patterns, brand, draw, &mut name);
    name
}

/// Writes such a name.
pub(crate) fn invent(patterns: &[&str], brand: &str, draw: &mut Draw, out: &mut String) {
    let pattern = *draw.pick(patterns);
    write(pattern, brand, kanji_stem(draw), kana_stem(draw), out);
}

/// An invented contractor, of a trade that such a thing happens to.
pub(crate) fn vendor(cause: Cause, draw: &mut Draw) -> String {
    let class = format!("vendor_{cause}");
    invented(if data::parts(&class).is_empty() { "vendor" } else { &class }, "", draw)
}

/// A pattern with invented stems in it; other fields stay.
pub(crate) fn invented_in(pattern: &str, draw: &mut Draw) -> String {
    named(pattern, "{b}", kanji_stem(draw), kana_stem(draw))
}

fn named(pattern: &str, brand: &str, kanji: [&str; 2], kana: [&str; 2]) -> String {
    let mut name = String::with_capacity(64);
    write(pattern, brand, kanji, kana, &mut name);
    name
}

fn write(pattern: &str, brand: &str, kanji: [&str; 2], kana: [&str; 2], out: &mut String) {
    data::fill(pattern, out, |field, out| match field {
        "b" => out.push_str(brand),
        "k" => out.extend(kanji),
        "x" => out.extend(kana),
        other => out.extend(["{", other, "}"]),
    });
}

/// What the end of a name decides: how the organisation calls itself, its name in English.
static ENDINGS: LazyLock<[Vec<Ending>; 2]> = LazyLock::new(|| {
    let ending = |row: &&'static str| row.split_once('=').map(|(ending, means)| (ending.chars().next_back(), ending, means));
    ["self_by_ending", "english_by_ending"].map(|class| data::parts(class).iter().filter_map(ending).collect())
});

/// The end of a name and what it means, with its last letter, by which nearly all names are told apart from it.
type Ending = (Option<char>, &'static str, &'static str);

/// The parts of stems: first and second in kanji, first and second in katakana.
static STEMS: LazyLock<[&[&str]; 4]> = LazyLock::new(|| ["kanji_first", "kanji_second", "kana_first", "kana_second"].map(data::parts));

fn kanji_stem(draw: &mut Draw) -> [&'static str; 2] {
    [*draw.pick(STEMS[0]), *draw.pick(STEMS[1])]
}

fn kana_stem(draw: &mut Draw) -> [&'static str; 2] {
    [*draw.pick(STEMS[2]), *draw.pick(STEMS[3])]
}
