//! The tables: everything Japanese that the generator says stands in `data/`, never here.
//!
//! They are part of the program, so a table that cannot be read is a defect found by every test; nothing that a user gives
//! reaches them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use owabi_corpora::vocabulary::{Genre, Status};
use owabi_corpora::{Category, Cause};
use serde::Deserialize;

use crate::flags::Flags;
use crate::names::Selection;

/// Reads a committed TOML file.
pub(crate) fn toml<T: for<'de> Deserialize<'de>>(name: &str, text: &str) -> T {
    toml::from_str(text).unwrap_or_else(|error| panic!("generator/data/{name}: {error}"))
}

/// Compiles a pattern of a committed file.
pub(crate) fn regex(name: &str, pattern: &str) -> regex::Regex {
    regex::Regex::new(pattern).unwrap_or_else(|error| panic!("generator/data/{name}: {error}"))
}

/// A category that code names.
pub(crate) fn category(id: &str) -> Category {
    Category::from_id(id).unwrap_or_else(|error| panic!("{error}"))
}

/// The rows of a committed TSV file: no comments (`#`), no blank lines.
pub(crate) fn rows(text: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(|line| line.split('\t').collect())
}

/// A kind of document.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KindRow {
    pub(crate) id: String,
    /// Which model of `facts` draws it.
    pub(crate) scenario: Scenario,
    /// Its documents' genre; a page of several has the union's.
    pub(crate) genre: Option<Genre>,
    /// How often the profile `sources` draws it.
    pub(crate) weight: u64,
    pub(crate) sources: Vec<String>,
    /// Lines of business; `*` for all, but not for those with `!` before them.
    pub(crate) sectors: Vec<String>,
    /// The primary causes it can have, with their weights; in the scenario `incident`, none named means all.
    #[serde(default)]
    pub(crate) causes: Vec<CauseRow>,
    /// Phrase files in which a slot is looked up after the kind's own, before `common`.
    #[serde(default)]
    pub(crate) uses: Vec<String>,
    /// The kind whose skeletons it uses, where it has none of its own.
    pub(crate) skeletons: Option<String>,
    /// How early or late in the story such a document stands.
    pub(crate) stage: Option<Stage>,
    /// Where the records lay, instead of what the cause reaches.
    #[serde(default)]
    pub(crate) stores: Vec<Store>,
    /// Weights of confirmed, possible, none and unknown, instead of the cause's.
    pub(crate) outcome: Option<[u64; 4]>,
    /// Weights of magnitudes of people, instead of the cause's.
    pub(crate) sizes: Option<[u64; 5]>,
    /// How its organisations are named, instead of how those of their line of business are: a listed one is a 株式会社.
    pub(crate) forms: Option<Vec<String>>,
    /// Whether it is written to one of those affected, who learns what leaked of them alone.
    #[serde(default)]
    pub(crate) single: bool,
    /// Whether it stays within the organisation, and so announces nothing.
    #[serde(default)]
    pub(crate) internal: bool,
    /// Weights of one to four groups of people.
    pub(crate) groups: Option<[u64; 4]>,
    /// How its documents stand on the page, where that is not left to the house.
    pub(crate) layout: Option<Layout>,
}

/// How documents of a kind stand on the page, each of a hundred.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Layout {
    /// A blank line between paragraphs.
    pub(crate) airy: u64,
    /// Paragraphs indented as the house has it; otherwise not at all.
    #[serde(default)]
    pub(crate) indented: u64,
    /// Whether it speaks as the press does: 「…という。」
    #[serde(default)]
    pub(crate) press: bool,
    /// Lines broken after a clause, as newsletters do.
    #[serde(default)]
    pub(crate) wrapped: u64,
}

/// How much is known when a document is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Stage {
    /// Days after the discovery.
    First,
    /// After the investigation.
    Later,
}

/// A primary cause of a kind.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CauseRow {
    pub(crate) cause: Cause,
    pub(crate) weight: u64,
    /// The status that it gives to what leaked; drawn when absent.
    pub(crate) status: Option<Status>,
}

/// The models that `facts` knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Scenario {
    /// Anything that `causes.toml` describes.
    Incident,
    Skimming,
    Medium,
    Guidance,
    Clean,
    /// Several documents of other kinds: there are no facts but theirs.
    Page,
}

impl Scenario {
    /// In the order of declaration.
    const ALL: [Scenario; 6] =
        [Scenario::Incident, Scenario::Skimming, Scenario::Medium, Scenario::Guidance, Scenario::Clean, Scenario::Page];
}

/// Where records lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Store {
    /// Accounts of a web service.
    Accounts,
    /// Orders and bookings.
    Orders,
    /// What is typed into forms on a web site: inquiries, applications, surveys.
    Forms,
    /// Mail kept in a mailbox, and its address book.
    Mailbox,
    /// Those to whom a mail or letter goes out.
    Mailing,
    /// Those to whom mails alone go out.
    Mails,
    /// Those to whom letters alone go out.
    Letters,
    /// File servers and core systems.
    Server,
    /// Cloud storage and what developers keep.
    Cloud,
    /// The records that the line of business is about: charts, grades, policies.
    Records,
    /// A public body's registers.
    Registry,
    /// Staff, retirees, applicants.
    Staff,
    /// What is carried about or filed: paper, media, telephones.
    Carried,
    /// Business partners.
    Business,
}

/// A line of business, with the ways in which its organisations are named and speak.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sector {
    pub(crate) id: String,
    /// The full name around the core `{}`. Names hold no spaces: a mark could not hold them.
    pub(crate) forms: Vec<String>,
    /// The name proper: `{k}` is a stem in kanji, `{x}` one in katakana.
    pub(crate) cores: Vec<String>,
    /// How it calls itself.
    pub(crate) selves: Vec<String>,
    /// How it calls the people it serves.
    pub(crate) people: Vec<String>,
    /// Whom its notices address.
    pub(crate) to: Vec<String>,
    /// Its help desks.
    pub(crate) desks: Vec<String>,
    /// What it does, for a third person's description: 「…を営む」.
    pub(crate) business: Vec<String>,
    /// What those do instead whose names end so: a 「…新聞社」 publishes a newspaper.
    #[serde(default)]
    pub(crate) business_by_ending: BTreeMap<String, String>,
    /// What phrases may ask for.
    pub(crate) flags: Vec<String>,
    /// How many people it can know, where they are few: a school has not a hundred thousand pupils.
    pub(crate) most: Option<u64>,
    /// How its own people's data are named, and those of people whom every one has.
    #[serde(skip)]
    pub(crate) names: [Selection; 2],
    /// The same, each with the last letter of its ending, by which nearly all names are told apart from it.
    #[serde(skip)]
    pub(crate) businesses: Vec<(Option<char>, String, String)>,
    /// Its place among all.
    #[serde(skip)]
    index: usize,
    /// Its flags, `sector_ID` among them.
    #[serde(skip)]
    pub(crate) set: Flags,
    /// Its own words, by class.
    #[serde(skip)]
    words: Vec<&'static [&'static str]>,
    /// How the sites are named that such an organisation runs, and the systems within it: a hospital has no 「オンラインストア」.
    #[serde(skip)]
    pub(crate) services: &'static [&'static str],
    #[serde(skip)]
    pub(crate) systems: &'static [&'static str],
}

/// Words of which a line of business may have its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    Staff,
    Core,
    Inside,
    Letter,
    Occasion,
    Document,
    You,
}

/// The classes of name parts that [`Class`] stands for, in its order.
const CLASSES: [&str; 7] = ["staff", "core", "inside", "letter", "occasion", "document", "you"];

impl Sector {
    /// Its place among all, from 0.
    pub(crate) fn index(&self) -> usize {
        self.index
    }

    /// Looks up once what every record of it would.
    fn with_words((index, mut sector): (usize, Sector)) -> Sector {
        let trades = || std::iter::once(&sector.id).chain(&sector.flags);
        let own = Selection::tagged(trades().map(String::as_str));
        let common: Vec<String> = trades().map(|trade| format!("common+{trade}")).collect();
        let common = Selection::tagged(common.iter().map(String::as_str).chain(["common"]));
        let words = |class: &&str| {
            let own = trades().map(|trade| parts(&format!("{class}_{trade}"))).find(|words| !words.is_empty());
            own.unwrap_or_else(|| parts(class))
        };
        let words = CLASSES.iter().map(words).collect();
        // The last flag is the narrowest.
        let narrowest = || std::iter::once(&sector.id).chain(sector.flags.iter().rev()).map(String::as_str).chain([""]);
        let named =
            |class: &str| narrowest().map(|tag| parts(format!("{class}_{tag}").trim_end_matches('_'))).find(|parts| !parts.is_empty());
        let [services, systems] = ["service", "system"].map(|class| named(class).unwrap_or_default());
        let own_flag = format!("sector_{}", sector.id);
        sector.set = sector.flags.iter().chain([&own_flag]).map(String::as_str).collect();
        let by_ending = std::mem::take(&mut sector.business_by_ending).into_iter();
        sector.businesses = by_ending.map(|(ending, business)| (ending.chars().next_back(), ending, business)).collect();
        (sector.index, sector.names, sector.words) = (index, [own, common], words);
        (sector.services, sector.systems) = (services, systems);
        sector
    }
}

/// A line of business's word of the class `CLASS_SECTOR`, or `CLASS_FLAG` for a flag of the organisation, or `CLASS`.
pub(crate) fn own_words(class: Class, line: &Sector) -> &'static [&'static str] {
    line.words[class as usize]
}

/// People whose data are affected together.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct GroupRow {
    pub(crate) scenarios: Vec<Scenario>,
    /// Lines of business; `*` for all, but not for those with `!` before them.
    pub(crate) sectors: Vec<String>,
    /// Where such records lie: what a cause can reach (`causes.toml`). Only the scenario `incident` asks for it.
    #[serde(default)]
    pub(crate) stores: Vec<Store>,
    /// Who they are, as a noun phrase.
    pub(crate) who: Vec<String>,
    pub(crate) always: Vec<Category>,
    /// Each in two of three cases.
    pub(crate) often: Vec<Category>,
    /// Each in one of six.
    #[serde(default)]
    pub(crate) rare: Vec<Category>,
    /// How many there can be, where they are few: staff, what fits into a bag.
    pub(crate) most: Option<u64>,
    /// What such a record could hold but may be said not to.
    #[serde(default)]
    pub(crate) denied: Vec<Category>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Kinds {
    voices: Vec<String>,
    voices_of: String,
    kind: Vec<KindRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sectors {
    sector: Vec<Sector>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Groups {
    group: Vec<GroupRow>,
}

static KINDS: LazyLock<Kinds> = LazyLock::new(|| toml("kinds.toml", include_str!("../data/kinds.toml")));
static SECTORS: LazyLock<Vec<Sector>> = LazyLock::new(|| {
    let files = [
        ("academic", include_str!("../data/sectors/academic.toml")),
        ("civic", include_str!("../data/sectors/civic.toml")),
        ("commerce", include_str!("../data/sectors/commerce.toml")),
        ("digital", include_str!("../data/sectors/digital.toml")),
        ("finance", include_str!("../data/sectors/finance.toml")),
        ("infrastructure", include_str!("../data/sectors/infrastructure.toml")),
        ("medical", include_str!("../data/sectors/medical.toml")),
        ("professions", include_str!("../data/sectors/professions.toml")),
        ("public", include_str!("../data/sectors/public.toml")),
    ];
    files
        .into_iter()
        .flat_map(|(name, text)| toml::<Sectors>(&format!("sectors/{name}.toml"), text).sector)
        .enumerate()
        .map(Sector::with_words)
        .collect()
});
static GROUPS: LazyLock<Vec<GroupRow>> = LazyLock::new(|| {
    let files = [
        ("academic", include_str!("../data/groups/academic.toml")),
        ("civic", include_str!("../data/groups/civic.toml")),
        ("commerce", include_str!("../data/groups/commerce.toml")),
        ("common", include_str!("../data/groups/common.toml")),
        ("digital", include_str!("../data/groups/digital.toml")),
        ("finance", include_str!("../data/groups/finance.toml")),
        ("infrastructure", include_str!("../data/groups/infrastructure.toml")),
        ("medical", include_str!("../data/groups/medical.toml")),
        ("professions", include_str!("../data/groups/professions.toml")),
        ("public", include_str!("../data/groups/public.toml")),
        ("scenarios", include_str!("../data/groups/scenarios.toml")),
    ];
    files.into_iter().flat_map(|(name, text)| toml::<Groups>(&format!("groups/{name}.toml"), text).group).collect()
});
static NAMES: LazyLock<BTreeMap<&'static str, Vec<&'static str>>> = LazyLock::new(|| {
    let mut names: BTreeMap<&'static str, Vec<&'static str>> = BTreeMap::new();
    for text in [
        include_str!("../data/names/parties.tsv"),
        include_str!("../data/names/parts.tsv"),
        include_str!("../data/names/people.tsv"),
        include_str!("../data/names/stems.tsv"),
    ] {
        rows(text).for_each(|row| names.entry(row[0]).or_default().push(row[1]));
    }
    names
});

/// What a cause may be called as a noun, under a flag or always.
type Nouns = (Option<Flags>, &'static [&'static str]);

/// For each cause, those under a flag before the others.
static NOUNS: LazyLock<Vec<Vec<Nouns>>> = LazyLock::new(|| {
    let of = |cause: Cause| {
        let class = format!("noun_{cause}");
        let closer = NAMES.iter().filter_map(|(name, nouns)| Some((name.strip_prefix(&class)?.strip_prefix('_')?, nouns.as_slice())));
        let closer = closer.map(|(flag, nouns)| (Some(Flags::from_iter([flag])), nouns));
        closer.chain([(None, parts(&class))]).collect()
    };
    Cause::all().map(of).collect()
});

/// The nouns for a cause: those under a flag that is set, before those for all.
pub(crate) fn nouns(cause: Cause, flags: &Flags) -> &'static [&'static str] {
    let nouns = &NOUNS[cause.index()];
    let said = |(flag, _): &&Nouns| flag.is_none_or(|flag| flags.meet(&flag));
    nouns.iter().find(said).map_or(&[], |(_, nouns)| nouns)
}

/// The flags under which causes have nouns of their own, and what else begins like one.
pub(crate) fn flags_of_nouns() -> impl Iterator<Item = &'static str> {
    let closer = |cause: Cause| {
        let class = format!("noun_{cause}_");
        NAMES.keys().filter_map(move |name| name.strip_prefix(&class)).collect::<Vec<_>>()
    };
    Cause::all().flat_map(closer)
}

/// Whether a list of lines of business, such as `*, !us_agency`, holds one.
pub(crate) fn among(lines: &[String], sector: &str) -> bool {
    let not = |of: &String| of.strip_prefix('!') == Some(sector);
    lines.iter().any(|of| of == sector || of == "*") && !lines.iter().any(not)
}

pub(crate) fn kinds() -> &'static [KindRow] {
    &KINDS.kind
}

/// The flag of the organisations of which all voices can speak.
pub(crate) fn voices_of() -> &'static str {
    &KINDS.voices_of
}

/// The kinds that tell one incident in turn; an empty id is the incident's own.
pub(crate) fn voices() -> &'static [String] {
    &KINDS.voices
}

pub(crate) fn sectors() -> &'static [Sector] {
    &SECTORS
}

/// For each scenario, for each line of business in the order of [`sectors`].
static POSSIBLE: LazyLock<Vec<Vec<Vec<&'static GroupRow>>>> = LazyLock::new(|| {
    let possible = |scenario: Scenario, sector: &Sector| {
        let fits = |row: &&GroupRow| row.scenarios.contains(&scenario) && among(&row.sectors, &sector.id);
        GROUPS.iter().filter(fits).collect()
    };
    Scenario::ALL.iter().map(|scenario| SECTORS.iter().map(|sector| possible(*scenario, sector)).collect()).collect()
});

/// The groups that a scenario and a line of business can have.
pub(crate) fn groups(scenario: Scenario, line: &Sector) -> &'static [&'static GroupRow] {
    &POSSIBLE[scenario as usize][line.index]
}

/// The name parts of one class of `data/names/*.tsv`; none for a class that is not there.
pub(crate) fn parts(class: &str) -> &'static [&'static str] {
    NAMES.get(class).map(Vec::as_slice).unwrap_or_default()
}

/// The one name of a class, such as the authority's.
pub(crate) fn part(class: &str) -> &'static str {
    parts(class).first().copied().unwrap_or_default()
}

/// A pattern with what `write` writes for each `{field}`.
pub(crate) fn filled(pattern: &str, write: impl FnMut(&str, &mut String)) -> String {
    // What is filled in is longer than its field, and seldom by more.
    let mut out = String::with_capacity(2 * pattern.len() + 24);
    fill(pattern, &mut out, write);
    out
}

/// Writes the same behind what stands in `out`.
pub(crate) fn fill(pattern: &str, out: &mut String, mut write: impl FnMut(&str, &mut String)) {
    // Patterns are so short that looking at each of their bytes is the fastest way.
    let at = |text: &str, bracket: u8| text.bytes().position(|byte| byte == bracket);
    let mut rest = pattern;
    while let Some(open) = at(rest, b'{') {
        let (before, after) = (&rest[..open], &rest[open + 1..]);
        let close = at(after, b'}').unwrap_or(after.len());
        out.push_str(before);
        write(&after[..close], out);
        rest = after.get(close + 1..).unwrap_or_default();
    }
    out.push_str(rest);
}
