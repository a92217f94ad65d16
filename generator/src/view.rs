//! The facts in the document's style, as small pieces that carry their marks: what templates put together.
//!
//! A phrase writes `{{ org }}は{{ d.discovered }}に` and gets
//! `⟦株式会社楡峰商店|party:breached⟧は⟦…|date:discovered:2024-01-30⟧に`. So a phrase can hardly mislabel a fact.
//!
//! | name | what |
//! |---|---|
//! | `org`, `short`, `bare`, `me`, `people`, `to`, `desk`, `business` | the organisation: full name, short name, name without mark, self-reference … |
//! | `svc`, `svc_bare`, `vendor`, `subvendor`, `inv`, `police`, `ppc` | other parties |
//! | `d.ROLE`, `iso.ROLE` | dates with their mark; ISO for marks that a phrase writes itself |
//! | `t.ROLE` | dates without a mark, for marks that hold more: 「2024年3月9日午後5時」 |
//! | `d.posted`, `d.stamp` | the day on which somebody else wrote, in full and as in a file's name; no mark |
//! | `n.total`, `n.about`, `n.records`, `n.companies`, `n.households` | counts |
//! | `g1`, `g2`, `g` | groups: `who`, `count`, `whon` (who with the count where it is told), `bullets`, `inline`, `some`, `label`, and `adn`, `fin`, `noun`, `plain`, `st` as below (`g` inside `*slot`) |
//! | `part.count`, `part.inline` | some of the first group, of whom more leaked |
//! | `all.inline`, `all.bullets`, `all.some` | what leaked of anybody, each category once |
//! | `denied.inline`, `denied.bullets` | what did not leak |
//! | `ga`, `gb`, `gc`, `dot` | what stands before the items of an enumeration |
//! | `g1` … in documents without an incident | what is held, with `hyp` for the hypothetical form |
//! | `c.CATEGORY` | how this document names a category, without mark |
//! | `card`, `card_maybe` | the whole card information with the document's status, or as a possibility |
//! | `exhibit` | rows of leaked data |
//! | `signer`, `addressee` | who signs (title and name), the person to whom a letter goes (name with its honorific) |
//! | `item`, `item_n`, `lost` | the medium, with its number, and the noun of the primary cause with its mark |
//! | `staff`, `inside`, `core` | how the organisation calls those who work there, its own walls (「社内」), its main system |
//! | `letter`, `occasion`, `document` | what such an organisation sends out, holds and publishes |
//! | `you` | how a letter calls the one to whom it goes |
//! | `doer` | one of those who work there or at the contractor, wherever it happened, or worked there |
//! | `hack` | 「不正アクセス」, with its mark where it is the primary cause |
//! | `en`, `ac`, `ac_bare` | the name in English and its abbreviation, marked and bare, of organisations that have one |
//! | `it` | the organisation as somebody else takes it up again: 「同社」 |
//! | `lag` | how long from the discovery to the publication: 「41日」 |
//! | `yo`, `ta` | behind a plain sentence, and behind its verb's stem, when somebody else tells it: 「とのことです」, 「ました」 |
//! | `st`, `leak`, `adn`, `fin`, `noun`, `plain`, `to_`, `q`, `b` | status, words of the house style |

use std::collections::BTreeMap;

use jiff::civil::Date;
use owabi_corpora::Category;
use owabi_corpora::vocabulary::Genre;
use serde::Serialize;
use tera::Context;

use crate::data;
use crate::draw::Draw;
use crate::facts::{Facts, Group, days_between};
use crate::spell::{DATE_CLOSE, DATE_OPEN};
use crate::style::{self, Style};

/// A word of the class `CLASS_SECTOR`, or `CLASS_FLAG` for a flag of the organisation, or `CLASS`: a hospital's 「院内」, a firm's 「社内」.
fn own_word(class: &str, facts: &Facts, draw: &mut Draw) -> String {
    let mut tags = std::iter::once(&facts.organisation.sector).chain(&facts.organisation.flags);
    let own = tags.find_map(|tag| Some(data::parts(&format!("{class}_{tag}"))).filter(|words| !words.is_empty()));
    (*draw.pick(own.unwrap_or_else(|| data::parts(class)))).to_owned()
}

/// A group as templates see it.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct GroupView {
    label: String,
    who: String,
    count: String,
    whon: String,
    adn: String,
    fin: String,
    noun: String,
    plain: String,
    st: &'static str,
    bullets: String,
    inline: String,
    some: String,
    hyp: String,
}

/// Everything that templates see.
pub(crate) struct View {
    pub(crate) context: Context,
    /// The groups (or what is held), for slots that are said once for each.
    pub(crate) groups: Vec<GroupView>,
    /// The days of the timeline in their order, each with its role and its mark.
    pub(crate) days: Vec<(&'static str, String)>,
    /// The rows of leaked data, to see where they were said; empty when there are none.
    pub(crate) exhibit: String,
}

#[derive(Serialize)]
struct Lists {
    inline: String,
    bullets: String,
    /// The first three.
    some: String,
}

impl Lists {
    fn of(items: &[String], style: &Style) -> Lists {
        Lists { inline: style.inline(items), bullets: style.list(items), some: style.commas(&items[..items.len().min(3)]) }
    }
}

#[derive(Serialize)]
struct PartView {
    count: String,
    inline: String,
}

impl View {
    pub(crate) fn new(facts: &Facts, style: &Style, draw: &mut Draw) -> View {
        let names = surfaces(facts, draw);
        let status = facts.status.id();
        let organisation = &facts.organisation;
        let mut context = Context::new();
        let mut text = |key: &'static str, value: String| context.insert(key, &value);
        text("org", format!("⟦{}|party:breached⟧", organisation.name));
        text("short", format!("⟦{}|party:breached:{}⟧", organisation.short, organisation.name));
        text("bare", organisation.name.clone());
        text("bare_short", organisation.short.clone());
        text("me", organisation.me.clone());
        let third = facts.flags.contains("third_person");
        text("people", if third { style::told(&organisation.people) } else { organisation.people.clone() });
        text("it", style::again(&organisation.me));
        text("to", organisation.to.clone());
        text("desk", organisation.desk.clone());
        text("business", organisation.business.clone());
        let marked = |name: &Option<String>, role: &str| name.as_ref().map(|name| format!("⟦{name}|party:{role}⟧")).unwrap_or_default();
        text("svc", marked(&facts.service, "service"));
        text("svc_bare", facts.service.clone().unwrap_or_default());
        text("vendor", marked(&facts.vendor, "vendor"));
        text("subvendor", marked(&facts.subvendor, "vendor"));
        text("inv", marked(&facts.investigator, "investigator"));
        text("police", marked(&facts.police, "police"));
        text("ppc", format!("⟦{}|party:regulator⟧", data::part("regulator")));
        text("st", status.to_owned());
        text("leak", style.leak.to_owned());
        let words = style.words(facts.status);
        text("adn", words.adn.clone());
        text("fin", words.fin.clone());
        text("noun", words.noun.clone());
        text("plain", words.plain.clone());
        text("to_", style.range.to_owned());
        text("q", style.quotes[0].clone());
        text("b", style.quotes[1].clone());
        text("yo", style.hearsay.to_owned());
        text("ta", style.past.to_owned());
        if let Some([name, abbreviation]) = &organisation.english {
            text("en", name.clone());
            text("ac", format!("⟦{abbreviation}|party:breached:{}⟧", organisation.name));
            text("ac_bare", abbreviation.clone());
        }
        for (key, number) in [("ga", 1), ("gb", 2), ("gc", 3)] {
            text(key, style.item(number));
        }
        text("dot", style.bullet.to_owned());
        let mark = if facts.contact.well_formed { "" } else { ":malformed" };
        for (key, value) in [("phone", &facts.contact.phone), ("fax", &facts.contact.fax), ("email", &facts.contact.email)] {
            text(key, format!("⟦{value}|value:{key}:contact{mark}⟧"));
        }
        text("card", names.get("payment_card").map(|name| format!("⟦{name}|payment_card:{status}⟧")).unwrap_or_default());
        text("card_maybe", names.get("payment_card").map(|name| format!("⟦{name}|payment_card:possible⟧")).unwrap_or_default());
        if let Some((item, number)) = &facts.item {
            text("item", item.clone());
            text("item_n", format!("{item}{number}"));
        }
        let exhibit = exhibit(facts, &names);
        text("exhibit", exhibit.clone());
        text("signer", facts.people.signed(facts.flags.contains("values")));
        text("addressee", facts.people.addressed(facts.flags.contains("values"), &organisation.to));
        let cause = facts.causes.first().map(|cause| cause.id()).unwrap_or_default();
        let closer = |flag: &String| Some(data::parts(&format!("noun_{cause}_{flag}"))).filter(|nouns| !nouns.is_empty());
        let nouns = facts.flags.iter().find_map(closer).unwrap_or_else(|| data::parts(&format!("noun_{cause}")));
        if !nouns.is_empty() {
            text("lost", format!("⟦{}|cause:{cause}!⟧", draw.pick(nouns)));
        }
        // What attackers did at all is the cause where nothing more is known of it.
        let hack = data::part("noun_unauthorized_access");
        let marked = cause == "unauthorized_access";
        text("hack", if marked { format!("⟦{hack}|cause:{cause}!⟧") } else { hack.to_owned() });
        let staff = own_word("staff", facts, draw);
        for class in ["core", "inside", "letter", "occasion", "document", "you"] {
            text(class, own_word(class, facts, draw));
        }
        text("staff", staff.clone());
        // 「教職員」 is no word for a contractor's people.
        let place = if facts.via_vendor { "vendor" } else { "own" };
        let class = if facts.flags.contains("retired") { "former" } else { "doer" };
        text("doer", draw.pick(data::parts(&format!("{class}_{place}"))).replace("{staff}", &staff));
        if let (Some(known), Some(published)) = (facts.timeline.discovered, facts.timeline.published) {
            context.insert("lag", &style.days_long(days_between(known, published).unsigned_abs()));
        }
        context.insert("n", &counts(facts, style));
        let (d, iso, t) = dates(facts);
        context.insert("d", &d);
        context.insert("t", &t);
        context.insert("iso", &iso);
        context.insert("c", &names);
        let many = facts.groups.len() > 1;
        let mut groups = Vec::new();
        for (index, group) in facts.groups.iter().enumerate() {
            let of = if many { format!("@{}", index + 1) } else { String::new() };
            let status = group.status;
            groups.push(group_view(group, index, &of, many, facts, style, &|id, name| format!("⟦{name}|{id}:{status}{of}⟧"), &names));
        }
        for (index, group) in facts.held.iter().enumerate() {
            groups.push(group_view(group, index, "", true, facts, style, &|id, name| format!("⟦{name}|no:{id}:held⟧"), &names));
        }
        for (key, group) in ["g1", "g2", "g3"].into_iter().zip(&groups) {
            context.insert(key, group);
        }
        let denied: Vec<String> = facts.denied.iter().map(|category| format!("⟦{}|{category}:denied⟧", names[category.id()])).collect();
        context.insert("denied", &Lists::of(&denied, style));
        let all: Vec<String> =
            facts.leaked().iter().map(|category| format!("⟦{}|{category}:{}⟧", names[category.id()], facts.status_of(*category))).collect();
        context.insert("all", &Lists::of(&all, style));
        if let Some(part) = &facts.part {
            let of = if many { "@1" } else { "" };
            let status = facts.groups.first().map_or(facts.status, |group| group.status);
            let items: Vec<String> =
                part.categories.iter().map(|category| format!("⟦{}|{category}:{status}{of}⟧", names[category.id()])).collect();
            let count = format!("⟦{}|count:{}:person{of}⟧", style.people(part.count), part.count);
            context.insert("part", &PartView { count, inline: style.inline(&items) });
        }
        View { context, groups, days: days(&d, &iso), exhibit }
    }
}

#[allow(clippy::too_many_arguments)]
fn group_view(
    group: &Group,
    index: usize,
    of: &str,
    many: bool,
    facts: &Facts,
    style: &Style,
    mark: &dyn Fn(&str, &str) -> String,
    names: &BTreeMap<&'static str, &'static str>,
) -> GroupView {
    let items: Vec<String> = group.categories.iter().map(|category| mark(category.id(), names[category.id()])).collect();
    let hyp: Vec<String> =
        group.categories.iter().map(|category| format!("⟦{}|no:{category}:hypothetical⟧", names[category.id()])).collect();
    let total = if group.count == facts.total { ":total" } else { "" };
    let count = format!("⟦{}|count:{}:person{total}{of}⟧", style.people(group.count), group.count);
    let words = style.words(group.status).clone();
    let who = if facts.flags.contains("third_person") { style::told(&group.who) } else { group.who.clone() };
    GroupView {
        label: if many { style.heading(2, index + 1) } else { String::new() },
        whon: if facts.counted { style.counted(&who, &count) } else { who.clone() },
        who,
        count,
        adn: words.adn,
        fin: words.fin,
        noun: words.noun,
        plain: words.plain,
        st: group.status.id(),
        bullets: style.list(&items),
        inline: style.inline(&items),
        some: style.commas(&items[..items.len().min(3)]),
        hyp: style.inline(&hyp),
    }
}

/// The rows of leaked data. Their heads name what the first group's data hold.
fn exhibit(facts: &Facts, names: &BTreeMap<&'static str, &'static str>) -> String {
    let of = if facts.groups.len() > 1 { "@1" } else { "" };
    let status = facts.groups.first().map_or(facts.status, |group| group.status);
    let label = |kind: Category| format!("{kind}:{status}{of}");
    let head = |kind: Category| format!("⟦{}|{}⟧", names[kind.id()], label(kind));
    facts.exhibit.as_ref().map(|exhibit| exhibit.marked(&head, &label)).unwrap_or_default()
}

fn counts(facts: &Facts, style: &Style) -> BTreeMap<&'static str, String> {
    let mut counts = BTreeMap::from([("total", format!("⟦{}|count:{}:person:total⟧", style.people(facts.total), facts.total))]);
    if facts.total >= 10_000 {
        let (text, value) = style.rounded(facts.total);
        counts.insert("about", format!("⟦{text}|count:{value}:person:about⟧"));
    }
    for (key, unit, number) in [
        ("records", "record", facts.records),
        ("companies", "organisation", facts.companies),
        ("households", "household", facts.households),
    ] {
        let Some(number) = number else { continue };
        let text = match key {
            "records" => style.records(number),
            "companies" => style.companies(number),
            _ => style.households(number),
        };
        counts.insert(key, format!("⟦{text}|count:{number}:{unit}⟧"));
    }
    counts
}

/// By role.
type Marked = BTreeMap<&'static str, String>;

/// The dates as tokens within their marks, as ISO, and as tokens without a mark.
fn dates(facts: &Facts) -> (Marked, Marked, Marked) {
    let timeline = &facts.timeline;
    let token = |form: &str, date: Date| format!("{DATE_OPEN}{form}{date}{DATE_CLOSE}");
    let (mut marked, mut iso, mut bare) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for (key, role, date, stage) in [
        ("start", "occurred_start", timeline.occurred_start, ""),
        ("end", "occurred_end", timeline.occurred_end, ""),
        ("discovered", "discovered", timeline.discovered, ""),
        ("contained", "contained", timeline.contained, ""),
        ("preliminary", "reported_regulator", timeline.preliminary, ":preliminary"),
        ("reported", "reported_regulator", timeline.preliminary, ""),
        ("final", "reported_regulator", timeline.final_report, ":final"),
        ("police", "reported_police", timeline.police, ""),
        ("done", "investigation_done", timeline.investigation_done, ""),
        ("notified", "notified", timeline.notified, ""),
        ("published", "published", timeline.published, ""),
    ] {
        if let Some(date) = date {
            // A month alone is all that some texts know of the beginning.
            let vague = facts.flags.contains("vague") && key == "start";
            let mark = if vague { format!("{:04}-{:02}", date.year(), date.month()) } else { date.to_string() };
            marked.insert(key, format!("⟦{}|date:{role}:{mark}{stage}⟧", token(if vague { "M" } else { "" }, date)));
            iso.insert(key, date.to_string());
            bare.insert(key, token("", date));
        }
    }
    if let Some(date) = timeline.published {
        marked.insert("head", format!("⟦{}|date:published:{date}⟧", token("H", date)));
    }
    if let Some(date) = timeline.announced {
        marked.insert("announced", token("F", date));
    }
    if let Some(date) = timeline.deadline {
        marked.insert("deadline", token("F", date));
        marked.insert("plain_month", token("M", date));
    }
    if let Some(date) = timeline.posted {
        marked.insert("posted", token("F", date));
        marked.insert("stamp", token("S", date));
    }
    (marked, iso, bare)
}

/// The days that a timeline tells, in their order; on one day in the order of the list.
fn days(marked: &BTreeMap<&'static str, String>, iso: &BTreeMap<&'static str, String>) -> Vec<(&'static str, String)> {
    let roles = ["start", "discovered", "contained", "police", "preliminary", "done", "final", "notified", "published"];
    let mut days: Vec<_> = roles.into_iter().filter_map(|role| Some((iso.get(role)?, role, marked[role].clone()))).collect();
    days.sort_by_key(|(date, ..)| *date);
    days.into_iter().map(|(_, role, mark)| (role, mark)).collect()
}

/// One name for every category, the same throughout the document.
fn surfaces(facts: &Facts, draw: &mut Draw) -> BTreeMap<&'static str, &'static str> {
    let here = ["-", facts.genre.id(), facts.kind.id()];
    let organisation = &facts.organisation;
    let trade = |tag: &str| organisation.sector == tag || organisation.flags.iter().any(|flag| flag == tag);
    let shared = |group: &Group| !group.own;
    // Who writes of its customers alone may say 「お名前」 and 「ご住所」, and then does so throughout.
    let to_people = matches!(facts.genre, Genre::Notice | Genre::FirstReport | Genre::Followup | Genre::Faq);
    let polite = draw.percent(35) && to_people && !facts.groups.iter().any(shared);
    let mut names = BTreeMap::new();
    for category in Category::all() {
        // A school's partners belong to no class, so 「学年・組」 is no name for what is known of both.
        let of = |group: &&Group| group.categories.contains(&category) || group.denied.contains(&category);
        let common = facts.groups.iter().filter(of).any(shared);
        let fits = |tag: &str| match (common, tag.strip_prefix("common")) {
            (true, Some(rest)) => rest.is_empty() || rest.strip_prefix('+').is_some_and(trade),
            (true, None) => here.contains(&tag),
            (false, _) => here.contains(&tag) || trade(tag),
        };
        let said = |fits: &dyn Fn(&str) -> bool| -> Vec<&'static str> {
            data::surfaces(category).iter().filter(|row| row.tags.iter().any(|tag| fits(tag))).map(|row| row.text).collect()
        };
        let mut fitting = if polite { said(&|tag| tag == "polite") } else { Vec::new() };
        for fits in [&fits as &dyn Fn(&str) -> bool, &|tag| tag == "*"] {
            if fitting.is_empty() {
                fitting = said(fits);
            }
        }
        if facts.flags.contains("third_person") && fitting.iter().any(|name| !style::is_honorific(name)) {
            fitting.retain(|name| !style::is_honorific(name));
        }
        if !fitting.is_empty() {
            names.insert(category.id(), *draw.pick(&fitting));
        }
    }
    names
}
