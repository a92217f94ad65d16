//! Flags: what phrases, skeletons and styles may ask of the facts.
//!
//! Names stand in the data files; inside, each has a place, and a set of them is a `bool` for each, since every record asks thousands
//! of times.

use std::fmt;
use std::sync::LazyLock;

use owabi_corpora::{Category, Cause};
use strum::{EnumCount, EnumIter, IntoEnumIterator, IntoStaticStr};

use crate::kind::{Kind, kinds};
use crate::{data, phrases, skeleton, style};

/// How many flags there can be: a byte tells them apart.
const MOST: usize = 256;

/// The flags that code sets or asks for; those of the data have names alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumCount, EnumIter, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub(crate) enum Flag {
    Announced,
    Archived,
    ArchivedContactless,
    ArchivedHeadless,
    ArchivedTitleless,
    AtOnce,
    Bcc,
    ByPost,
    Closed,
    Companies,
    Confirmed,
    Contained,
    ContainedSameDay,
    Counted,
    DarkWeb,
    Denied,
    Done,
    Encrypted,
    Evil,
    Exhibit,
    Final,
    First,
    FoundSameDay,
    Groups,
    Households,
    Investigated,
    Investigator,
    Item,
    KindRegulatorGuidance,
    Late,
    Leak,
    Medium,
    Mixed,
    NamedPolice,
    Nested,
    Noleak,
    Notified,
    NotifiedToday,
    Occurred,
    OldSite,
    Paper,
    Part,
    PerhapsDisposed,
    Personnel,
    Physical,
    Police,
    PoliceTold,
    Preliminary,
    Recommendation,
    Records,
    Recovered,
    Retired,
    Round,
    Second,
    SpamSent,
    StageFirst,
    StageLater,
    Subvendor,
    Technical,
    Third,
    ThirdPerson,
    Told,
    Unknown,
    Vague,
    Values,
    Vendor,
    Window,
}

/// Every flag that anything asks for, sorted. Those that nobody asks for are none.
static NAMES: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let asked = phrases::flags().chain(skeleton::flags()).chain(style::flags()).chain(data::flags_of_nouns());
    let mut names: Vec<&str> = asked.map(|flag| flag.trim_start_matches('!')).chain(Flag::iter().map(<&str>::from)).collect();
    names.sort_unstable();
    names.dedup();
    assert!(names.len() <= MOST, "{} flags: a byte no longer tells them apart", names.len());
    names
});

/// The place of each flag that code names.
static PLACES: LazyLock<[u8; Flag::COUNT]> = LazyLock::new(|| {
    let mut places = [0; Flag::COUNT];
    Flag::iter().for_each(|flag| places[flag as usize] = place(flag.into()).unwrap_or_default());
    places
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
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Flags([bool; MOST]);

impl Flags {
    /// Whether a flag is set.
    pub fn contains(&self, flag: &str) -> bool {
        let place = place(flag);
        debug_assert!(place.is_some(), "nothing asks for the flag {flag}");
        place.is_some_and(|place| self.holds(place))
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
        self.0.iter_mut().zip(more.0).for_each(|(flag, more)| *flag |= more);
        self
    }

    /// Whether a flag is set that code names.
    pub(crate) fn has(&self, flag: Flag) -> bool {
        self.holds(PLACES[flag as usize])
    }

    pub(crate) fn insert(&mut self, flag: Flag) {
        self.set(PLACES[flag as usize]);
    }

    pub(crate) fn remove(&mut self, flag: Flag) {
        self.0[usize::from(PLACES[flag as usize])] = false;
    }

    /// Nothing where nobody asks for the flag.
    pub(crate) fn insert_named(&mut self, flag: &str) {
        place(flag).into_iter().for_each(|place| self.set(place));
    }

    fn set(&mut self, place: u8) {
        self.0[usize::from(place)] = true;
    }

    fn holds(&self, place: u8) -> bool {
        self.0[usize::from(place)]
    }

    /// Whether both have a flag set.
    pub(crate) fn meet(&self, other: &Flags) -> bool {
        self.0.iter().zip(other.0).any(|(flag, other)| flag & other)
    }
}

impl Default for Flags {
    fn default() -> Flags {
        Flags([false; MOST])
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
        flags.into_iter().for_each(|flag| set.insert_named(flag));
        set
    }
}

/// Flags that must be set, and flags that must not: few each, and thousands of them are asked for every record, so they are kept small.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct When {
    /// The places of those that must be set, then of those that must not.
    flags: [u8; When::MOST],
    /// How many must be set, and how many there are.
    set: u8,
    count: u8,
}

impl When {
    const MOST: usize = 7;

    /// From names, with `!` before those that must not be set.
    pub(crate) fn new<'f>(flags: impl Iterator<Item = &'f str>) -> When {
        let (not, set): (Vec<&str>, Vec<&str>) = flags.partition(|flag| flag.starts_with('!'));
        let mut when = When { set: set.len() as u8, ..When::default() };
        for flag in set.into_iter().chain(not) {
            let count = usize::from(when.count);
            assert!(count < When::MOST, "{flag}: a condition has more than {} flags", When::MOST);
            // All names that are asked for are known.
            when.flags[count] = place(flag.trim_start_matches('!')).unwrap_or_default();
            when.count += 1;
        }
        when
    }

    pub(crate) fn holds(&self, flags: &Flags) -> bool {
        let (set, not) = self.flags[..self.count.into()].split_at(self.set.into());
        set.iter().all(|place| flags.holds(*place)) && !not.iter().any(|place| flags.holds(*place))
    }
}

fn place(flag: &str) -> Option<u8> {
    NAMES.binary_search(&flag).ok().and_then(|place| u8::try_from(place).ok())
}
