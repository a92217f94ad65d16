//! Flags: what phrases, skeletons and styles may ask of the facts.
//!
//! Names stand in the data files; inside, each has a place, and a set of them is a `bool` for each, since every record asks hundreds
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
static PLACES: LazyLock<[Place; Flag::COUNT]> = LazyLock::new(|| {
    let mut places = [0; Flag::COUNT];
    Flag::iter().for_each(|flag| places[flag as usize] = place(flag.into()).unwrap_or_default());
    places
});

/// The flags of what facts name by an id; none where nobody asks for one.
struct Families {
    causes: Vec<Option<Place>>,
    primary: Vec<Option<Place>>,
    leaked: Vec<Option<Place>>,
    kinds: Vec<Option<Place>>,
}

static FAMILIES: LazyLock<Families> = LazyLock::new(|| {
    let flag = |family: &str, id: &str| place(&format!("{family}_{id}"));
    Families {
        causes: Cause::all().map(|cause| flag("cause", cause.id())).collect(),
        primary: Cause::all().map(|cause| flag("primary", cause.id())).collect(),
        leaked: Category::all().map(|category| flag("leaked", category.id())).collect(),
        kinds: kinds().map(|kind| flag("kind", kind.id())).collect(),
    }
});

/// The place of a flag among all.
pub(crate) type Place = u8;

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
    pub(crate) fn insert_causes(&mut self, causes: &[Cause]) {
        let primary = causes.first().and_then(|cause| FAMILIES.primary[cause.index()]);
        causes.iter().filter_map(|cause| FAMILIES.causes[cause.index()]).chain(primary).for_each(|place| self.set(place));
    }

    /// `leaked_ID`.
    pub(crate) fn insert_leaked(&mut self, categories: impl Iterator<Item = Category>) {
        categories.filter_map(|category| FAMILIES.leaked[category.index()]).for_each(|place| self.set(place));
    }

    /// `kind_ID`.
    pub(crate) fn insert_kind(&mut self, kind: Kind) {
        self.insert_at(FAMILIES.kinds[kind.index()]);
    }

    pub(crate) fn insert_all(&mut self, more: &Flags) {
        self.0.iter_mut().zip(&more.0).for_each(|(flag, more)| *flag |= more);
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

    /// The flag of a place, if any.
    pub(crate) fn insert_at(&mut self, place: Option<Place>) {
        place.into_iter().for_each(|place| self.set(place));
    }

    /// Nothing where nobody asks for the flag.
    pub(crate) fn insert_named(&mut self, flag: &str) {
        self.insert_at(place(flag));
    }

    fn set(&mut self, place: Place) {
        self.0[usize::from(place)] = true;
    }

    pub(crate) fn holds(&self, place: Place) -> bool {
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

/// Flags that must be set, and flags that must not: few each, so they are kept small.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct When {
    /// The places of those that must be set, then of those that must not.
    flags: [Place; When::MOST],
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
        let [set, not] = self.parts();
        set.iter().all(|place| flags.holds(*place)) && !not.iter().any(|place| flags.holds(*place))
    }

    /// The flags that it asks for.
    pub(crate) fn places(&self) -> impl Iterator<Item = Place> {
        self.flags[..self.count.into()].iter().copied()
    }

    /// Whether it can hold where a flag is set, or is not.
    pub(crate) fn lets(&self, flag: Place, on: bool) -> bool {
        let [set, not] = self.parts();
        let against = if on { not } else { set };
        !against.contains(&flag)
    }

    /// The flags that must be set, and those that must not.
    fn parts(&self) -> [&[Place]; 2] {
        self.flags[..self.count.into()].split_at(self.set.into()).into()
    }
}

/// Where a flag stands among all; `None` where nobody asks for it.
pub(crate) fn place(flag: &str) -> Option<Place> {
    NAMES.binary_search(&flag).ok().and_then(|place| Place::try_from(place).ok())
}
