//! How a document names the categories: `data/categories.tsv`.

use std::sync::LazyLock;

use owabi_corpora::Category;
use owabi_corpora::vocabulary::Genre;

use crate::data;
use crate::draw::Draw;
use crate::facts::{Facts, Group};
use crate::flags::Flag;
use crate::kind::{Kind, kinds};
use crate::style;

/// One name for every category, the same throughout the document; by their place in the scheme.
pub(crate) struct Names(Box<[Drawn; CATEGORIES]>);

/// How many categories there are: a word has a bit for each.
const CATEGORIES: usize = u64::BITS as usize;

/// The name of one category: which of those that such a document may say, of which each has a bit, and the number that chooses among
/// them. Few are ever asked for.
#[derive(Clone, Copy)]
struct Drawn {
    choices: u32,
    number: u64,
}

impl Names {
    pub(crate) fn draw(facts: &Facts, draw: &mut Draw) -> Names {
        let third = facts.flags.has(Flag::ThirdPerson);
        // Who writes of its customers alone may say 「お名前」 and 「ご住所」, and then does so throughout.
        let to_people = matches!(facts.genre, Genre::Notice | Genre::FirstReport | Genre::Followup | Genre::Faq);
        let polite = draw.percent(35) && to_people && facts.groups.iter().all(|group| group.own);
        let of_kind = &OF_KINDS[facts.kind.index()];
        let [own, common] = &facts.organisation.line.names;
        let named = |group: &Group| mask(&group.categories) | mask(&group.denied);
        let shared = facts.groups.iter().filter(|group| !group.own).map(named).fold(0, |all, of| all | of);
        let [polite, anywhere, plain] = [if polite { &*POLITE } else { &NONE }, &*ANYWHERE, if third { &*PLAIN } else { &NONE }];
        let mut choices = [0; CATEGORIES];
        for (place, choices) in choices.iter_mut().enumerate() {
            // A school's partners belong to no class, so 「学年・組」 is no name for what is known of both.
            let line = if shared >> place & 1 == 1 { common.0[place] } else { own.0[place] };
            let usual = of_kind.0[place] | line;
            let usual = if usual != 0 { usual } else { anywhere.0[place] };
            let said = if polite.0[place] != 0 { polite.0[place] } else { usual };
            let plain = said & plain.0[place];
            *choices = if plain != 0 { plain } else { said };
        }
        let drawn = choices.map(|choices| {
            let many = choices & choices.wrapping_sub(1) != 0;
            let number = if many { draw.number(u32::BITS.into(), || choices.count_ones().into()) } else { 0 };
            Drawn { choices, number }
        });
        Names(Box::new(drawn))
    }

    /// `None` where a document of its kind has no name for it.
    pub(crate) fn of(&self, category: Category) -> Option<&'static str> {
        let Drawn { choices, number } = self.0[category.index()];
        let place = number.checked_rem(choices.count_ones().into())?;
        // Each step leaves out the lowest bit.
        let left = (0..place).fold(choices, |left, _| left & (left - 1));
        TABLE.names[category.index()].get(left.trailing_zeros() as usize).map(|name| name.text)
    }
}

/// A bit for each category.
fn mask(categories: &[Category]) -> u64 {
    categories.iter().fold(0, |mask, category| mask | 1 << category.index())
}

/// Every name that a category can have.
pub(crate) fn all(category: Category) -> impl Iterator<Item = &'static str> {
    TABLE.names[category.index()].iter().map(|name| name.text)
}

/// Some of the names of all categories: for each category, a bit for each of its names. Every record asks for all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Selection([u32; CATEGORIES]);

impl Default for Selection {
    fn default() -> Selection {
        Selection([0; CATEGORIES])
    }
}

impl Selection {
    /// Those with any of these tags, which tell where a name is said.
    pub(crate) fn tagged<'t>(tags: impl IntoIterator<Item = &'t str>) -> Selection {
        let bit = |tag: &str| TABLE.tags.binary_search(&tag).map_or(0, |place| 1 << place);
        let tags: u128 = tags.into_iter().fold(0, |tags, tag| tags | bit(tag));
        Selection::of(|name| name.tags & tags != 0)
    }

    fn of(holds: impl Fn(&Name) -> bool) -> Selection {
        let bits = |names: &Vec<Name>| names.iter().rev().fold(0, |bits, name| bits << 1 | u32::from(holds(name)));
        let mut selection = Selection::default();
        selection.0.iter_mut().zip(&TABLE.names).for_each(|(selected, names)| *selected = bits(names));
        selection
    }
}

static NONE: LazyLock<Selection> = LazyLock::new(|| Selection::of(|_| false));
static POLITE: LazyLock<Selection> = LazyLock::new(|| Selection::tagged(["polite"]));
static ANYWHERE: LazyLock<Selection> = LazyLock::new(|| Selection::tagged(["*"]));
/// Those that are not polite towards those addressed.
static PLAIN: LazyLock<Selection> = LazyLock::new(|| Selection::of(|name| !style::is_honorific(name.text)));
/// What documents of each kind say.
static OF_KINDS: LazyLock<Vec<Selection>> = LazyLock::new(|| {
    let genre = |kind: Kind| kind.row().genre.unwrap_or(Genre::Unrelated);
    kinds().map(|kind| Selection::tagged(["-", genre(kind).id(), kind.id()])).collect()
});

struct Name {
    text: &'static str,
    /// A bit for each of its tags.
    tags: u128,
}

struct Table {
    /// Sorted; a tag is the bit of its place.
    tags: Vec<&'static str>,
    /// For each category, in the table's order.
    names: Vec<Vec<Name>>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let rows: Vec<[&str; 3]> = data::rows(include_str!("../data/categories.tsv"))
        .map(|row| <[&str; 3]>::try_from(row).unwrap_or_else(|row| panic!("generator/data/categories.tsv: {row:?}")))
        .collect();
    let mut tags: Vec<&str> = rows.iter().flat_map(|[_, _, tags]| tags.split(',')).collect();
    tags.sort_unstable();
    tags.dedup();
    assert!(Category::count() <= CATEGORIES, "more categories than a word has bits");
    assert!(tags.len() <= 128, "generator/data/categories.tsv: {} tags are more than a word of bits", tags.len());
    let mut names: Vec<Vec<Name>> = Category::all().map(|_| Vec::new()).collect();
    for [category, text, own] in rows {
        let bits = own.split(',').filter_map(|tag| tags.binary_search(&tag).ok()).fold(0, |bits, place| bits | 1 << place);
        names[data::category(category).index()].push(Name { text, tags: bits });
    }
    assert!(names.iter().all(|names| names.len() <= 32), "generator/data/categories.tsv: more names of a category than a word has bits");
    Table { tags, names }
});
