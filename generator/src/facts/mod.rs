//! What happened, before a word is written: drawn as facts that agree with each other.
//!
//! One model a scenario (`incident` for most; `skimming`, `medium`, `guidance`, `clean`); several kinds of documents may tell the facts of
//! one scenario. What every scenario keeps: dates are in order ([`Timeline`]), the groups' counts make the total
//! ([`Relation`]), no category is denied that leaked, and a report to the authority keeps the law's time or is known to be
//! late.

mod clean;
mod groups;
mod guidance;
pub(crate) mod incident;
mod medium;
mod organisation;
mod skimming;
mod story;
mod timeline;
pub(crate) mod voices;

use std::sync::LazyLock;

use owabi_corpora::vocabulary::{Exposure, Genre, Status};
use owabi_corpora::{Category, Cause};

pub use groups::{Group, Part, Relation};
pub use organisation::Organisation;
pub(crate) use organisation::{invent, invented_in};
pub use timeline::Timeline;
pub(crate) use timeline::days_between;

use crate::archive;
use crate::config::{Config, Values};
use crate::data::{self, Scenario, Stage};
use crate::draw::Key;
use crate::exhibits::Exhibit;
use crate::flags::{Flag, Flags};
use crate::kind::Kind;
use crate::knobs::Knobs;
use crate::people::People;
use crate::plan::{Plan, Priors};
use crate::values::Contact;

/// How many incidents are drawn at most for one that all voices can tell.
const ATTEMPTS: u64 = 20_000;

/// For each category, whether the law demands a report of any leak of it.
static GRAVE: LazyLock<Vec<bool>> = LazyLock::new(|| {
    let grave = ["medical", "disability", "special_care", "criminal_record", "card_number", "payment_card"].map(data::category);
    Category::all().map(|category| grave.contains(&category)).collect()
});

/// The facts of one document.
#[derive(Debug, Clone)]
pub struct Facts {
    /// Which document tells them.
    pub kind: Kind,
    /// That document's genre.
    pub genre: Genre,
    /// Who was hit, or whose document it is.
    pub organisation: Organisation,
    /// The site or system.
    pub service: Option<String>,
    /// The contractor.
    pub vendor: Option<String>,
    /// The contractor's contractor.
    pub subvendor: Option<String>,
    /// Whether it happened at or through the contractor.
    pub via_vendor: bool,
    /// The medium or paper that is gone, and how many of them: 「USBメモリ」「1本」.
    pub item: Option<(String, String)>,
    /// Who investigated, when named.
    pub investigator: Option<String>,
    /// The police unit, when named.
    pub police: Option<String>,
    /// How it happened; the first is the primary one.
    pub causes: Vec<Cause>,
    /// Whether personal data was exposed, as far as the document knows.
    pub outcome: Exposure,
    /// Whether what leaked did so for certain: the strongest of the groups' statuses.
    pub status: Status,
    /// When what happened.
    pub timeline: Timeline,
    /// Who is affected.
    pub groups: Vec<Group>,
    /// What the organisation holds, in documents without an incident; `who` tells on which occasion, and nobody is counted.
    pub held: Vec<Group>,
    /// How the groups' counts make the total.
    pub relation: Relation,
    /// The number of people affected.
    pub total: u64,
    /// Whether the document tells numbers of people.
    pub counted: bool,
    /// Some people of the first group of whom more leaked.
    pub part: Option<Part>,
    /// The number of business partners touched.
    pub companies: Option<u64>,
    /// The number of households touched.
    pub households: Option<u64>,
    /// The number of records (件), where it differs from the people.
    pub records: Option<u64>,
    /// What is said not to have leaked.
    pub denied: Vec<Category>,
    /// Where people may ask.
    pub contact: Contact,
    /// Who signs, and to whom a letter goes.
    pub people: People,
    /// Rows of leaked data, when asked for and where something leaked.
    pub exhibit: Option<Exhibit>,
    /// Everything that phrases and skeletons may ask for.
    pub flags: Flags,
}

impl Facts {
    /// Draws the facts of a document. Its kind is none of pages: these have no facts of their own.
    pub(crate) fn draw(plan: &Plan, key: &Key, config: &Config) -> Facts {
        let mut facts = Facts::of(plan, key);
        if plan.kind.row().scenario == Scenario::Incident {
            incident::tell(&mut facts, key);
        }
        facts.finish(plan, key, config);
        archive::draw(&mut facts, plan.profile, &mut key.stage("archived"));
        facts
    }

    /// Draws an incident that every voice can tell, as one of them tells it; `None` is the release of the incident's own kind.
    /// `priors` draw nothing but what voices can tell, so that an incident of the first few has the days that they speak of.
    pub(crate) fn draw_voice(voice: Option<Kind>, priors: &Priors, key: &Key, config: &Config) -> Facts {
        let incident = |attempt: u64| {
            let key = key.part(attempt);
            let plan = priors.plan(config.value_mode, &mut key.stage("plan"));
            (Facts::of(&plan, &key), plan, key)
        };
        let tellable = |(facts, _, key): &(Facts, Plan, Key)| voices::can_tell(facts, &mut key.stage("story"));
        let found = (0..ATTEMPTS).map(incident).find(tellable);
        let (mut facts, plan, key) = found.unwrap_or_else(|| incident(0));
        facts.kind = voice.unwrap_or(facts.kind);
        facts.genre = facts.kind.row().genre.unwrap_or(Genre::Unrelated);
        incident::tell(&mut facts, &key);
        if facts.kind.row().scenario == Scenario::Guidance {
            guidance::findings(&mut facts, &mut key.stage("findings"));
        }
        facts.finish(&plan, &key, config);
        facts
    }

    /// What happened, before any document knows of it.
    fn of(plan: &Plan, key: &Key) -> Facts {
        let kind = plan.kind;
        let draw = &mut key.stage("facts");
        let organisation = Organisation::draw(plan, &mut key.stage("organisation"));
        let contact = Contact::draw(&organisation, &mut key.stage("contact"));
        let people = People::draw(&organisation, &mut key.stage("people"));
        let mut facts = Facts {
            kind,
            genre: kind.row().genre.unwrap_or(Genre::Unrelated),
            organisation,
            service: None,
            vendor: None,
            subvendor: None,
            via_vendor: false,
            item: None,
            investigator: None,
            police: None,
            causes: Vec::new(),
            outcome: Exposure::NotApplicable,
            status: Status::Possible,
            timeline: Timeline::default(),
            groups: Vec::new(),
            held: Vec::new(),
            relation: Relation::Disjoint,
            total: 0,
            counted: true,
            part: None,
            companies: None,
            households: None,
            records: None,
            denied: Vec::new(),
            contact,
            people,
            exhibit: None,
            flags: Flags::default(),
        };
        match kind.row().scenario {
            Scenario::Skimming => skimming::draw(&mut facts, plan, draw),
            Scenario::Medium => medium::draw(&mut facts, plan, draw),
            Scenario::Guidance => guidance::draw(&mut facts, plan, draw),
            Scenario::Clean => clean::draw(&mut facts, draw),
            Scenario::Incident => incident::draw(&mut facts, plan, draw),
            Scenario::Page => {}
        }
        if kind.row().scenario != Scenario::Incident && !facts.groups.is_empty() {
            let status = facts.status;
            facts.groups.iter_mut().for_each(|group| group.status = status);
            facts.outcome = if status == Status::Confirmed { Exposure::Confirmed } else { Exposure::Possible };
        }
        facts
    }

    /// What a document shows of the facts, and the flags of it all.
    fn finish(&mut self, plan: &Plan, key: &Key, config: &Config) {
        if config.values == Values::Exhibit {
            let config = &Config { value_mode: plan.value_mode, ..config.clone() };
            let (knobs, draw) = (Knobs::draw(config, &key.whole()), &mut key.stage("samples"));
            let parts = self.part.iter().flat_map(|part| &part.categories);
            let settled: Vec<Category> = self.denied.iter().chain(parts).copied().collect();
            let addressee = &self.people.addressee;
            self.exhibit = Exhibit::draw(self.kind.id(), &mut self.groups, &settled, addressee, config, &knobs, draw);
        }
        self.set_common_flags(config.values);
    }

    /// Every category that leaked, in the order of the groups.
    pub fn leaked(&self) -> Vec<Category> {
        let mut leaked: Vec<Category> = self.mentioned().collect();
        let mut seen = 0_u64;
        leaked.retain(|category| {
            let new = seen >> category.index() & 1 == 0;
            seen |= 1 << category.index();
            new
        });
        leaked
    }

    /// The same, some of them several times.
    fn mentioned(&self) -> impl Iterator<Item = Category> {
        let of_groups = self.groups.iter().flat_map(|group| &group.categories);
        of_groups.chain(self.part.iter().flat_map(|part| &part.categories)).copied()
    }

    /// Whether a category leaked for certain, of anybody.
    pub fn status_of(&self, category: Category) -> Status {
        let part = self.part.as_ref().is_some_and(|part| part.categories.contains(&category));
        let of = self.groups.iter().enumerate().filter(|(index, group)| group.categories.contains(&category) || part && *index == 0);
        of.map(|(_, group)| group.status).max().unwrap_or(self.status)
    }

    /// Whether the law demands a report to the authority: many people, data that needs special care or may cost money, or an
    /// evil purpose; a single person suffices for the last three.
    fn has_duty(&self, evil: bool) -> bool {
        let public = self.organisation.flags.iter().any(|flag| flag == "public");
        let grave = |category: Category| GRAVE[category.index()];
        !self.groups.is_empty() && (evil || self.total > if public { 100 } else { 1_000 } || self.mentioned().any(grave))
    }

    fn flag(&mut self, flag: Flag, on: bool) {
        if on {
            self.flags.insert(flag);
        }
    }

    fn set_common_flags(&mut self, values: Values) {
        let mut flags = self.flags;
        flags.insert_causes(&self.causes);
        flags.insert_leaked(self.mentioned());
        self.flags = flags;
        self.flags.insert_kind(self.kind);
        self.flags.insert_all(&self.organisation.line.set);
        let row = self.kind.row();
        self.flag(Flag::Vendor, self.via_vendor);
        self.flag(Flag::Subvendor, self.subvendor.is_some());
        self.flag(Flag::Leak, !self.groups.is_empty());
        self.flag(Flag::Noleak, self.outcome == Exposure::None);
        self.flag(Flag::Unknown, self.outcome == Exposure::Unknown);
        self.flag(Flag::Mixed, self.groups.iter().any(|group| group.status != self.status));
        self.flag(Flag::Counted, self.counted && !self.groups.is_empty());
        self.flag(Flag::Part, self.part.is_some());
        self.flag(Flag::Companies, self.companies.is_some());
        self.flag(Flag::Households, self.households.is_some());
        self.flag(Flag::Item, self.item.is_some());
        let told = matches!(self.genre, Genre::Commentary | Genre::News);
        self.flag(Flag::Told, told);
        // Whoever speaks of others does so without their honorifics.
        self.flag(Flag::ThirdPerson, told || self.genre == Genre::RegulatorAction);
        self.flag(Flag::StageFirst, row.stage == Some(Stage::First));
        self.flag(Flag::StageLater, row.stage == Some(Stage::Later));
        self.flag(Flag::NamedPolice, self.police.is_some());
        self.flag(Flag::Investigator, self.investigator.is_some());
        self.flag(Flag::Confirmed, self.status == Status::Confirmed);
        self.flag(Flag::Denied, !self.denied.is_empty());
        self.flag(Flag::Groups, self.groups.len() > 1);
        self.flag(Flag::Nested, self.groups.len() > 1 && self.relation == Relation::Nested);
        self.flag(Flag::Records, self.records.is_some());
        self.flag(Flag::Values, values != Values::None);
        self.flag(Flag::Exhibit, self.exhibit.is_some());
        let timeline = &self.timeline;
        let days = [
            (Flag::Occurred, timeline.occurred_start),
            (Flag::Window, timeline.occurred_end),
            (Flag::Contained, timeline.contained),
            (Flag::Preliminary, timeline.preliminary),
            (Flag::Final, timeline.final_report),
            (Flag::Police, timeline.police),
            (Flag::Announced, timeline.announced),
            (Flag::Done, timeline.investigation_done),
            (Flag::Notified, timeline.notified),
        ];
        let same_day = [
            (Flag::NotifiedToday, timeline.notified, timeline.published),
            (Flag::FoundSameDay, timeline.occurred_start, timeline.discovered),
            (Flag::ContainedSameDay, timeline.contained, timeline.discovered),
            (Flag::AtOnce, timeline.published, timeline.discovered),
        ];
        let (late, evil) = (timeline.is_late(), timeline.evil);
        days.into_iter().for_each(|(flag, date)| self.flag(flag, date.is_some()));
        same_day.into_iter().for_each(|(flag, one, other)| self.flag(flag, one.is_some() && one == other));
        self.flag(Flag::Late, late);
        self.flag(Flag::Evil, evil);
    }
}
