//! Any incident that `data/causes.toml` describes: the cause decides how it goes about, whom it reaches and who is told.
//!
//! What happened ([`draw`]) is one thing, and what a document of a kind knows of it ([`tell`]) another: a first report stands
//! before the investigation, a later one behind it, and several documents may tell one incident.

use std::cell::LazyCell;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::civil::Date;
use owabi_corpora::vocabulary::{Exposure, Genre, Status};
use owabi_corpora::{Category, Cause};
use serde::Deserialize;

use super::Facts;
use super::groups::{self, Group, Part, Relation};
use super::organisation::{invented, invented_of, vendor};
use super::story::Story;
use super::timeline::{discovery, plus, report, workday};
use crate::data::{self, CauseRow, GroupRow, KindRow, Scenario, Sector, Stage, Store};
use crate::draw::{Draw, Key};
use crate::flags::{self, Flag, Place};
use crate::plan::Plan;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    cause: Vec<Model>,
}

/// How an incident with a primary cause goes about.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Model {
    id: Cause,
    /// Whether evil intent is possible, which gives the last report more time.
    evil: bool,
    lasts: Lasts,
    days: [u64; 2],
    lag: [u64; 2],
    /// Weights of confirmed, possible, none, unknown.
    outcome: [u64; 4],
    sizes: [u64; 5],
    stores: Vec<Store>,
    vendor: u64,
    police: u64,
    investigator: u64,
    /// To the authority, where no law demands it.
    reported: u64,
    #[serde(default)]
    with: Vec<With>,
    /// Classes of name parts, one of which is the thing that is gone.
    #[serde(default)]
    item: Vec<String>,
    #[serde(default)]
    flags: BTreeMap<String, u64>,
    /// The same in their order, each with its place.
    #[serde(skip)]
    chances: Vec<(Option<Place>, u64)>,
    /// Whether these are among them.
    #[serde(skip)]
    attack: bool,
    #[serde(skip)]
    talked: bool,
    /// Under a flag, all that can leak; the first of it always does.
    #[serde(default)]
    only: BTreeMap<String, Vec<Category>>,
    /// What never leaks here: attackers brought it with them.
    #[serde(default)]
    brought: Vec<Category>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct With {
    cause: Cause,
    percent: u64,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Lasts {
    /// One day, and nothing is left to stop.
    Moment,
    /// From a day to a day, and then somebody noticed.
    Window,
    /// Open until somebody noticed.
    Open,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table: Table = data::toml("causes.toml", include_str!("../../data/causes.toml"));
    for model in &mut table.cause {
        [model.attack, model.talked] = ["attack", "talked"].map(|flag| model.flags.contains_key(flag));
        model.chances = model.flags.iter().map(|(flag, percent)| (flags::place(flag), *percent)).collect();
    }
    table
});

/// The outcomes in the order of their weights.
const OUTCOMES: [Exposure; 4] = [Exposure::Confirmed, Exposure::Possible, Exposure::None, Exposure::Unknown];
/// Days from the discovery to the police, with their weights.
const POLICE: [(i64, u64); 5] = [(0, 4), (1, 3), (3, 2), (8, 1), (30, 1)];
/// Of how many people papers are handed to others, at most, before somebody notices.
const HANDED: u64 = 30;
/// How many groups: weights of one to four.
const GROUPS: [u64; 4] = [60, 25, 10, 5];

/// Draws what happened.
pub(crate) fn draw(facts: &mut Facts, plan: &Plan, draw: &mut Draw) {
    let kind = facts.kind.row();
    let model = plan.cause.and_then(|row| model(row.cause)).unwrap_or(&TABLE.cause[0]);
    facts.causes = vec![model.id];
    for with in &model.with {
        // One thing made it possible, as far as texts tell.
        if draw.percent(with.percent) && facts.causes.len() == 1 {
            facts.causes.push(with.cause);
        }
    }
    let weights = outcome_weights(kind, model);
    let drawn = *draw.weighted(&OUTCOMES, |outcome| weights[OUTCOMES.iter().position(|of| of == outcome).unwrap_or(0)]);
    facts.outcome = plan.outcome().unwrap_or(drawn);
    parties(facts, model, draw);
    let stores = if kind.stores.is_empty() { &model.stores } else { &kind.stores };
    affected(facts, rows(facts.organisation.line, stores), kind.sizes.unwrap_or(model.sizes), plan, draw);
    for (flag, percent) in &model.chances {
        let on = draw.percent(*percent);
        facts.flags.insert_at(flag.filter(|_| on));
    }
    // What was thrown away does not come back.
    if facts.causes.iter().any(|cause| cause.id() == "improper_disposal") {
        facts.flags.remove(Flag::Recovered);
    }
    for (flag, only) in &model.only {
        if facts.flags.contains(flag) {
            narrow(facts, only);
        }
    }
    without(facts, &model.brought);
    if model.id.id() == "misdelivery" && !facts.flags.has(Flag::ByPost) {
        by_hand(facts);
    }
    days(facts, model, draw);
    if let Some(class) = (!model.item.is_empty()).then(|| draw.pick(&model.item)) {
        let (name, number) = draw.pick(data::parts(class)).split_once('=').unwrap_or_default();
        facts.item = Some((name.to_owned(), number.to_owned()));
        facts.flags.insert_named(class);
        // Paper is not encrypted.
        if class == "paper" {
            facts.flags.remove(Flag::Encrypted);
        }
    }
}

/// Every cause that the table describes, all alike.
pub(crate) fn causes() -> Vec<CauseRow> {
    TABLE.cause.iter().map(|model| CauseRow { cause: model.id, weight: 1, status: None }).collect()
}

/// The lines of business of whose own records a cause reaches some.
pub(crate) fn reached(cause: Cause) -> &'static [&'static str] {
    static REACHED: LazyLock<BTreeMap<Cause, Vec<&'static str>>> = LazyLock::new(|| {
        let own = |model: &Model, sector: &Sector| rows(sector, &model.stores).iter().any(|row| row.sectors.contains(&sector.id));
        let of = |model: &Model| data::sectors().iter().filter(|sector| own(model, sector)).map(|sector| sector.id.as_str()).collect();
        TABLE.cause.iter().map(|model| (model.id, of(model))).collect()
    });
    REACHED.get(&cause).map_or(&[], Vec::as_slice)
}

/// What a document of a kind may say of the data when this happened: also what only an early one says.
pub(crate) fn outcomes(kind: &KindRow, cause: Cause) -> Vec<Exposure> {
    let weights = model(cause).map(|model| outcome_weights(kind, model)).or(kind.outcome).unwrap_or_default();
    let early = |outcome: &Exposure| match outcome {
        Exposure::Unknown => weights[0] + weights[1] > 0,
        Exposure::Possible => weights[0] > 0,
        _ => false,
    };
    let can = |(outcome, weight): &(Exposure, u64)| *weight > 0 || kind.stage == Some(Stage::First) && early(outcome);
    OUTCOMES.into_iter().zip(weights).filter(can).map(|(outcome, _)| outcome).collect()
}

/// The kind's weights of outcomes where it has some, but never an outcome that the cause cannot have: what is lost may leak.
fn outcome_weights(kind: &KindRow, model: &Model) -> [u64; 4] {
    let Some(mut weights) = kind.outcome else { return model.outcome };
    weights.iter_mut().zip(model.outcome).for_each(|(weight, own)| *weight *= own.min(1));
    if weights.iter().all(|weight| *weight == 0) { model.outcome } else { weights }
}

fn model(cause: Cause) -> Option<&'static Model> {
    TABLE.cause.iter().find(|model| model.id == cause)
}

/// The groups of a line of business whose records lie in one of the stores; of all its groups where none does.
fn rows(line: &Sector, stores: &[Store]) -> Vec<&'static GroupRow> {
    let all = data::groups(Scenario::Incident, line);
    let within: Vec<_> = all.iter().filter(|row| row.stores.iter().any(|store| stores.contains(store))).copied().collect();
    if within.is_empty() { all.to_vec() } else { within }
}

fn parties(facts: &mut Facts, model: &Model, draw: &mut Draw) {
    let brand = facts.organisation.short.clone();
    let web = [Store::Accounts, Store::Orders, Store::Forms].iter().any(|store| model.stores.contains(store));
    let line = facts.organisation.line;
    let us = facts.organisation.flags.iter().any(|flag| flag == "us");
    let contractor = |draw: &mut Draw| if us { invented("vendor_us", "", draw) } else { vendor(model.id, draw) };
    facts.service = Some(invented_of(if web { line.services } else { line.systems }, &brand, draw));
    facts.via_vendor = draw.percent(model.vendor);
    if facts.via_vendor {
        facts.vendor = Some(contractor(draw));
        facts.subvendor = draw.percent(18).then(|| contractor(draw)).filter(|name| facts.vendor.as_ref() != Some(name));
    }
    if draw.percent(model.investigator) {
        facts.flag(Flag::Investigated, true);
        let class = if us { "investigator_us" } else { "investigator" };
        facts.investigator = draw.percent(35).then(|| invented(class, &brand, draw));
    }
    if draw.percent(model.police) {
        facts.flag(Flag::PoliceTold, true);
        facts.police = draw.percent(45).then(|| {
            // Nobody reports a lost bag to those who look into attacks.
            let attacked = !us && model.attack && draw.percent(25);
            let class = if attacked {
                "police_attack"
            } else if us {
                "police_us"
            } else {
                "police"
            };
            invented(class, &brand, draw)
        });
    }
}

fn affected(facts: &mut Facts, mut left: Vec<&'static GroupRow>, sizes: [u64; 5], plan: &Plan, draw: &mut Draw) {
    let (sector, people_of) = (facts.organisation.sector, facts.organisation.people);
    if !matches!(facts.outcome, Exposure::Confirmed | Exposure::Possible) {
        // What could have leaked and did not, or nobody knows yet.
        if facts.outcome == Exposure::None && !left.is_empty() && draw.percent(60) {
            let row = *draw.pick(&left);
            facts.denied = draw.some(&row.always, 80);
            facts.denied.extend(draw.some(&row.often, 40));
        }
        return;
    }
    facts.status = if facts.outcome == Exposure::Confirmed { Status::Confirmed } else { Status::Possible };
    let weights = facts.kind.row().groups.unwrap_or(GROUPS);
    let wanted = 1 + draw.weighted(&[0, 1, 2, 3], |groups: &usize| weights[*groups]);
    let mut first_row = None;
    while facts.groups.len() < wanted && !left.is_empty() {
        // The first group is the line of business' own in most cases.
        let own = || (0..left.len()).filter(|at| left[*at].sectors.iter().any(|of| of == sector));
        let count = own().count() as u64;
        let at = match count == 0 || draw.percent(20) {
            true => draw.below(left.len() as u64) as usize,
            false => own().nth(draw.below(count) as usize).unwrap_or_default(),
        };
        let row = left.remove(at);
        let first = facts.groups.is_empty();
        first_row = first_row.or(Some(row));
        let count = plan.people(draw, if first { sizes } else { [5, 4, 2, 0, 0] });
        let count = groups::size(row, &facts.organisation, count, draw);
        let group = groups::draw(row, people_of, count, draw);
        let told = facts.groups.iter().any(|of| of.who == group.who);
        // Business partners' affairs are nobody's personal data: they do not stand alone.
        if !told && (!first || group.categories.iter().any(|category| category.is_personal())) {
            facts.groups.push(Group { status: facts.status, ..group });
        }
    }
    if facts.groups.len() > 1
        && facts.status == Status::Confirmed
        && draw.percent(25)
        && let Some(last) = facts.groups.last_mut()
    {
        last.status = Status::Possible;
    }
    facts.relation = Relation::Disjoint;
    facts.total = facts.groups.iter().map(|group| group.count).sum();
    facts.counted = !plan.uncounted(25, draw);
    facts.denied = groups::denied(&facts.groups);
    if let Some(row) = first_row {
        part(facts, row, draw);
    }
    let deny = if plan.denies(80, draw) { draw.between(1, 4) as usize } else { 0 };
    groups::few(&mut facts.denied, deny, draw);
    if facts.groups.iter().any(|group| group.categories.iter().any(|category| category.id() == "business_information")) {
        facts.companies = draw.percent(50).then(|| draw.between(3, 240));
    }
    let family = facts.groups[0].categories.iter().any(|category| category.id() == "family");
    if facts.organisation.flags.iter().any(|flag| flag == "public") && family {
        facts.households = draw.percent(45).then(|| 1 + facts.groups[0].count / draw.between(2, 3));
    }
    // Records are told beside the total, which they cannot fall short of.
    if facts.groups.len() == 1 && facts.groups[0].count > 20 && draw.percent(25) {
        let count = facts.groups[0].count;
        facts.records = Some(count + draw.between(1, 5 + count / 10));
    }
}

/// Some of the first group of whom more leaked: 「うち120名は口座番号も」.
fn part(facts: &mut Facts, row: &GroupRow, draw: &mut Draw) {
    if !facts.counted || facts.groups[0].count < 5 || !draw.percent(22) {
        return;
    }
    let leaked = groups::overlapping(facts.mentioned());
    // What is kept of such people, and not what somebody else's records hold.
    let mut further: Vec<Category> = row.often.iter().chain(&row.rare).copied().collect();
    further.retain(|category| leaked >> category.index() & 1 == 0 && category.is_personal());
    if further.is_empty() {
        return;
    }
    let category = *draw.pick(&further);
    facts.denied.retain(|denied| !groups::overlap(*denied, category));
    facts.part = Some(Part { count: draw.between(2, facts.groups[0].count / 2), categories: vec![category] });
}

/// Leaves of what leaked only what can have: addresses in the line of recipients give away nothing that stands elsewhere.
fn narrow(facts: &mut Facts, only: &[Category]) {
    for group in &mut facts.groups {
        group.categories.retain(|category| only[1..].contains(category));
        group.categories.insert(0, only[0]);
    }
    facts.denied.retain(|category| !only.contains(category));
    (facts.part, facts.companies, facts.households) = (None, None, None);
}

/// Over a counter, papers are mixed up of a few people at a time.
fn by_hand(facts: &mut Facts) {
    for group in &mut facts.groups {
        group.count = if group.count > HANDED { 1 + group.count % HANDED } else { group.count };
    }
    facts.total = facts.groups.iter().map(|group| group.count).sum();
    (facts.part, facts.records, facts.households) = (None, None, None);
}

/// Takes out of what leaked all that did not leak here; of a group of which nothing is left, a mail address did.
fn without(facts: &mut Facts, brought: &[Category]) {
    if brought.is_empty() {
        return;
    }
    let took = |categories: &mut Vec<Category>| categories.retain(|category| !brought.contains(category));
    for group in &mut facts.groups {
        took(&mut group.categories);
        if group.categories.is_empty() {
            group.categories.extend(Category::from_id("email"));
        }
    }
    facts.part = facts.part.take().filter(|part| !part.categories.iter().any(|category| brought.contains(category)));
}

fn days(facts: &mut Facts, model: &Model, draw: &mut Draw) {
    let duty = facts.has_duty(model.evil);
    let leaked = !facts.groups.is_empty();
    let posted = facts.flags.has(Flag::ByPost);
    // Attackers come on any day; those who make mistakes, or are talked into one, are at work.
    let worked = !model.evil || model.talked;
    let timeline = &mut facts.timeline;
    timeline.evil = model.evil;
    let known = discovery(draw);
    timeline.discovered = Some(known);
    let length = draw.between(model.days[0], model.days[1]) as i64;
    // Most are found sooner than the latest.
    let latest = if draw.percent(60) { model.lag[0] + (model.lag[1] - model.lag[0]) / 3 } else { model.lag[1] };
    let lag = draw.between(model.lag[0], latest) as i64;
    // The post takes a day or two.
    let lag = if posted { lag.max(2) } else { lag };
    let stopped = plus(known, *draw.weighted(&[0, 1, 2], |days| [7, 2, 1][*days as usize]));
    match model.lasts {
        Lasts::Moment => {
            let day = plus(known, -lag);
            timeline.occurred_start = Some(at_work(day, worked).min(known));
        }
        Lasts::Window => {
            let end = plus(known, -lag);
            timeline.occurred_start = Some(at_work(plus(end, -length), worked).min(end));
            timeline.occurred_end = (length > 0).then_some(end);
            timeline.contained = (model.evil || draw.percent(30)).then_some(stopped);
        }
        Lasts::Open => {
            timeline.occurred_start = Some(at_work(plus(known, -length.max(1)), worked).min(known));
            timeline.occurred_end = Some(known);
            timeline.contained = Some(known);
        }
    }
    // Who knows only that it happened does not say when it began.
    if draw.percent(18) {
        timeline.occurred_start = None;
        timeline.occurred_end = None;
    }
    if duty || (leaked || facts.outcome == Exposure::Unknown) && draw.percent(model.reported) {
        let late = draw.percent(6);
        report(timeline, late, draw);
        // Whoever cannot tell yet whether anything leaked has not reported for good.
        if draw.percent(45) || facts.outcome == Exposure::Unknown {
            timeline.final_report = None;
        }
    }
    if facts.flags.has(Flag::PoliceTold) {
        let after = *draw.weighted(&POLICE, |(_, weight)| *weight);
        timeline.police = Some(workday(plus(known, after.0)));
    }
    if facts.flags.has(Flag::Investigated) {
        let done = draw.percent(60).then(|| workday(plus(known, draw.between(14, 75) as i64)));
        timeline.investigation_done = done.filter(|_| facts.outcome != Exposure::Unknown);
    }
    if leaked && draw.percent(55) {
        let told = [timeline.preliminary, timeline.contained].into_iter().flatten().max().unwrap_or(known);
        // Whom an attack reached, and how many, is found out over days; a letter that went astray names its people itself.
        let found_out = if !model.evil {
            0
        } else if facts.total > 10_000 {
            12
        } else {
            5
        };
        timeline.notified = Some(workday(plus(told.max(plus(known, found_out)), draw.between(0, 20) as i64)));
    }
}

/// The day, or the next working day where it happened at work.
fn at_work(day: Date, worked: bool) -> Date {
    if worked { workday(day) } else { day }
}

/// What a document of the facts' kind knows, and the day on which it says so.
pub(crate) fn tell(facts: &mut Facts, key: &Key) {
    let Some(story) = Story::draw(&facts.timeline, &mut key.stage("story")) else { return };
    let row = facts.kind.row();
    // Most documents have nothing to draw here.
    let mut draw = LazyCell::new(|| key.stage(&format!("tell {}", row.id)));
    let published = story.published(row, &facts.timeline);
    let timeline = &mut facts.timeline;
    timeline.published = Some(published);
    timeline.announced = (row.stage == Some(Stage::Later)).then_some(story.first);
    match facts.genre {
        Genre::News => timeline.posted = Some(plus(published, draw.between(0, 1) as i64)),
        Genre::Commentary => timeline.posted = Some(plus(published, draw.between(0, 9) as i64)),
        // Those who answer questions set days by which to ask for help.
        Genre::Faq => timeline.deadline = Some(workday(plus(published, draw.between(20, 80) as i64))),
        _ => {}
    }
    // Nobody tells what is still to come.
    for day in [
        &mut timeline.contained,
        &mut timeline.preliminary,
        &mut timeline.final_report,
        &mut timeline.police,
        &mut timeline.investigation_done,
        &mut timeline.notified,
    ] {
        *day = day.filter(|day| *day <= published);
    }
    if row.single {
        facts.groups.truncate(1);
        (facts.status, facts.total) = facts.groups.first().map_or((facts.status, 0), |group| (group.status, group.count));
        facts.counted = false;
        (facts.part, facts.records, facts.companies, facts.households) = (None, None, None, None);
        // The letter itself tells them.
        facts.timeline.notified = None;
    }
    if row.stage == Some(Stage::First) {
        // What made it possible is found later.
        facts.causes.truncate(1);
        // Numbers come later, and in half of the cases all else does too.
        facts.counted &= draw.percent(25);
        if !facts.counted {
            (facts.part, facts.records, facts.companies, facts.households) = (None, None, None, None);
        }
        if draw.percent(55) && !facts.groups.is_empty() {
            facts.outcome = Exposure::Unknown;
            facts.groups.clear();
            facts.denied.clear();
            (facts.total, facts.part, facts.records, facts.companies, facts.households) = (0, None, None, None, None);
        } else if facts.outcome == Exposure::Confirmed && draw.percent(50) {
            facts.outcome = Exposure::Possible;
            facts.status = Status::Possible;
            facts.groups.iter_mut().for_each(|group| group.status = Status::Possible);
        }
    }
}
