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
pub(crate) struct Names(Vec<Option<&'static str>>);

impl Names {
    pub(crate) fn draw(facts: &Facts, draw: &mut Draw) -> Names {
        let third = facts.flags.has(Flag::ThirdPerson);
        // Who writes of its customers alone may say 「お名前」 and 「ご住所」, and then does so throughout.
        let to_people = matches!(facts.genre, Genre::Notice | Genre::FirstReport | Genre::Followup | Genre::Faq);
        let polite = draw.percent(35) && to_people && facts.groups.iter().all(|group| group.own);
        let of_kind = TAGS.kinds[facts.kind.index()];
        let [own, common] = facts.organisation.line.tags.map(|tags| tags.or(of_kind));
        let named = |group: &Group| mask(&group.categories) | mask(&group.denied);
        let shared = facts.groups.iter().filter(|group| !group.own).map(named).fold(0, |all, of| all | of);
        let name = |category: Category| {
            // A school's partners belong to no class, so 「学年・組」 is no name for what is known of both.
            let here = if shared >> category.index() & 1 == 1 { common } else { own };
            let tags = [TAGS.polite, here, TAGS.anywhere];
            SURFACES[category.index()].draw(if polite { &tags } else { &tags[1..] }, third, draw)
        };
        Names(Category::all().map(name).collect())
    }

    /// `None` where a document of its kind has no name for it.
    pub(crate) fn of(&self, category: Category) -> Option<&'static str> {
        self.0[category.index()]
    }
}

/// A bit for each category.
fn mask(categories: &[Category]) -> u64 {
    categories.iter().fold(0, |mask, category| mask | 1 << category.index())
}

/// Every name that a category can have.
pub(crate) fn all(category: Category) -> &'static [&'static str] {
    &SURFACES[category.index()].texts
}

/// Tags of the table, a bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Tags(u128);

impl Tags {
    /// A tag by its name; none where no row has it.
    pub(crate) fn named(tag: &str) -> Tags {
        TAGS.names.binary_search(&tag).map_or(Tags::default(), |place| Tags(1 << place))
    }

    pub(crate) fn or(self, other: Tags) -> Tags {
        Tags(self.0 | other.0)
    }

    /// Whether both hold one.
    fn meet(self, other: Tags) -> bool {
        self.0 & other.0 != 0
    }
}

/// The tags that the table has, and those that documents ask for.
struct Known {
    /// Sorted; a tag is the bit of its place.
    names: Vec<&'static str>,
    polite: Tags,
    anywhere: Tags,
    /// What is said in documents of each kind.
    kinds: Vec<Tags>,
}

static TAGS: LazyLock<Known> = LazyLock::new(|| {
    let mut names: Vec<&str> = rows().flat_map(|[_, _, tags]| tags.split(',')).collect();
    names.sort_unstable();
    names.dedup();
    assert!(names.len() <= 128, "generator/data/categories.tsv: {} tags are more than a word of bits", names.len());
    let named = |tag: &str| names.binary_search(&tag).map_or(Tags::default(), |place| Tags(1 << place));
    let genre = |kind: Kind| kind.row().genre.unwrap_or(Genre::Unrelated);
    let said = |kind: Kind| ["-", genre(kind).id(), kind.id()].map(named).into_iter().fold(Tags::default(), Tags::or);
    Known { polite: named("polite"), anywhere: named("*"), kinds: kinds().map(said).collect(), names }
});

/// The ways to name a category, fewer than a word has bits: every record asks for those of all categories.
#[derive(Default)]
struct Surfaces {
    texts: Vec<&'static str>,
    /// For each, where it is said, as the table's first lines tell.
    tags: Vec<Tags>,
    /// A bit for each that is not polite towards those addressed.
    plain: u64,
}

static SURFACES: LazyLock<Vec<Surfaces>> = LazyLock::new(|| {
    let mut surfaces: Vec<Surfaces> = Category::all().map(|_| Surfaces::default()).collect();
    for [category, text, tags] in rows() {
        let category = Category::from_id(category).unwrap_or_else(|error| panic!("generator/data/categories.tsv: {error}"));
        surfaces[category.index()].add(text, tags.split(',').map(Tags::named).fold(Tags::default(), Tags::or));
    }
    surfaces
});

impl Surfaces {
    fn add(&mut self, text: &'static str, tags: Tags) {
        self.plain |= u64::from(!style::is_honorific(text)) << self.texts.len();
        self.texts.push(text);
        self.tags.push(tags);
        assert!(self.texts.len() < 64, "generator/data/categories.tsv: {text}: more ways to name a category than a word has bits");
    }

    /// Draws one that has the first of the tags that any has; where `plain`, none that is polite, unless all are. `None` where none
    /// has any of the tags.
    fn draw(&self, tags: &[Tags], plain: bool, draw: &mut Draw) -> Option<&'static str> {
        let said = |tags: &Tags| self.tags.iter().rev().fold(0, |said, of| said << 1 | u64::from(of.meet(*tags)));
        let said = tags.iter().map(said).find(|said| *said != 0)?;
        let mut left = if plain && said & self.plain != 0 { said & self.plain } else { said };
        // Each step leaves out the lowest bit.
        (0..draw.below(left.count_ones().into())).for_each(|_| left &= left - 1);
        self.texts.get(left.trailing_zeros() as usize).copied()
    }
}

/// The table's rows: category, surface, tags.
fn rows() -> impl Iterator<Item = [&'static str; 3]> {
    data::rows(include_str!("../data/categories.tsv"))
        .map(|row| <[&str; 3]>::try_from(row).unwrap_or_else(|row| panic!("generator/data/categories.tsv: {row:?}")))
}
