//! Flags: what phrases, skeletons and styles may ask of the facts.
//!
//! Names stand in the data files; inside, a set of them is a few words of bits, since every record asks thousands of times.

use std::fmt;
use std::sync::LazyLock;

use owabi_corpora::{Category, Cause};

use crate::kind::{Kind, kinds};
use crate::{data, phrases, skeleton, style};

/// How many words of 64 flags there are; a few more than the data name.
const WORDS: usize = 4;

/// The flags that code asks for, beside those that the data ask for.
const CODE: [&str; 21] = [
    "archived",
    "archived_contactless",
    "archived_headless",
    "archived_titleless",
    "by_post",
    "dark_web",
    "encrypted",
    "investigated",
    "kind_regulator_guidance",
    "medium",
    "police_told",
    "recovered",
    "retired",
    "spam_sent",
    "bcc",
    "third_person",
    "told",
    "values",
    "vague",
    "exhibit",
    "leak",
];

/// Every flag that anything asks for, sorted. Those that nobody asks for are none.
static NAMES: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let asked = phrases::flags().chain(skeleton::flags()).chain(style::flags()).chain(data::flags_of_nouns());
    let mut names: Vec<&str> = asked.map(|flag| flag.trim_start_matches('!')).chain(CODE).collect();
    names.sort_unstable();
    names.dedup();
    assert!(names.len() <= 64 * WORDS, "{} flags: raise WORDS", names.len());
    names
});

/// The flags of what facts name by an id: one set each.
struct Families {
    causes: Vec<Flags>,
    primary: Vec<Flags>,
    leaked: Vec<Flags>,
    kinds: Vec<Flags>,
}

static FAMILIES: LazyLock<Families> = LazyLock::new(|| {
    let flag = |family: &str, id: &str| Flags::from_iter([format!("{family}_{id}").as_str()]);
    Families {
        causes: Cause::all().map(|cause| flag("cause", cause.id())).collect(),
        primary: Cause::all().map(|cause| flag("primary", cause.id())).collect(),
        leaked: Category::all().map(|category| flag("leaked", category.id())).collect(),
        kinds: kinds().map(|kind| flag("kind", kind.id())).collect(),
    }
});

/// A set of flags.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct Flags([u64; WORDS]);

impl Flags {
    /// Whether a flag is set.
    pub fn contains(&self, flag: &str) -> bool {
        let place = place(flag);
        debug_assert!(place.is_some(), "nothing asks for the flag {flag}");
        place.is_some_and(|place| self.0[place / 64] >> (place % 64) & 1 == 1)
    }

    /// The flags that are set, in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = &'static str> {
        NAMES.iter().copied().filter(|flag| self.contains(flag))
    }

    /// `cause_ID` of all, `primary_ID` of the first.
    pub(crate) fn of_causes(causes: &[Cause]) -> Flags {
        let primary = causes.first().map(|cause| FAMILIES.primary[cause.index()]);
        causes.iter().map(|cause| FAMILIES.causes[cause.index()]).chain(primary).fold(Flags::default(), Flags::or)
    }

    /// `leaked_ID`.
    pub(crate) fn of_leaked(categories: &[Category]) -> Flags {
        categories.iter().map(|category| FAMILIES.leaked[category.index()]).fold(Flags::default(), Flags::or)
    }

    /// `kind_ID`.
    pub(crate) fn of_kind(kind: Kind) -> Flags {
        FAMILIES.kinds[kind.index()]
    }

    pub(crate) fn or(mut self, more: Flags) -> Flags {
        self.0.iter_mut().zip(more.0).for_each(|(word, more)| *word |= more);
        self
    }

    pub(crate) fn insert(&mut self, flag: &str) {
        if let Some(place) = place(flag) {
            self.0[place / 64] |= 1 << (place % 64);
        }
    }

    pub(crate) fn remove(&mut self, flag: &str) {
        if let Some(place) = place(flag) {
            self.0[place / 64] &= !(1 << (place % 64));
        }
    }

    /// Whether both have a flag set.
    pub(crate) fn meet(&self, other: &Flags) -> bool {
        self.0.iter().zip(other.0).any(|(word, other)| word & other != 0)
    }
}

impl fmt::Debug for Flags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl<'f> FromIterator<&'f str> for Flags {
    fn from_iter<I: IntoIterator<Item = &'f str>>(flags: I) -> Flags {
        let mut set = Flags::default();
        flags.into_iter().for_each(|flag| set.insert(flag));
        set
    }
}

/// Flags that must be set, and flags that must not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct When {
    all: Flags,
    none: Flags,
}

impl When {
    /// From names, with `!` before those that must not be set.
    pub(crate) fn new<'f>(flags: impl Iterator<Item = &'f str> + Clone) -> When {
        When {
            all: flags.clone().filter(|flag| !flag.starts_with('!')).collect(),
            none: flags.filter_map(|flag| flag.strip_prefix('!')).collect(),
        }
    }

    pub(crate) fn holds(&self, flags: &Flags) -> bool {
        let mut words = self.all.0.iter().zip(self.none.0).zip(flags.0);
        words.all(|((all, none), flags)| flags & all == *all && flags & none == 0)
    }
}

fn place(flag: &str) -> Option<usize> {
    NAMES.binary_search(&flag).ok()
}
