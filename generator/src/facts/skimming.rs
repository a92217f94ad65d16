//! A web shop whose payment form was altered: a period of purchases, card data, perhaps the members' data too.

use owabi_corpora::Cause;

use super::Facts;
use super::groups::{self, Relation};
use super::organisation::{invented, vendor};
use super::timeline::{discovery, plus, report, workday};
use crate::data::{self, Scenario};
use crate::draw::Draw;
use crate::flags::Flag;
use crate::plan::Plan;

pub(crate) fn draw(facts: &mut Facts, plan: &Plan, draw: &mut Draw) {
    let brand = facts.organisation.short.clone();
    facts.service = Some(invented("service", &brand, draw));
    facts.causes = plan.causes();
    if draw.percent(75) {
        facts.causes.extend(Cause::from_id("vulnerability"));
    }
    facts.status = plan.status(15, draw);
    facts.via_vendor = draw.percent(15);
    if facts.via_vendor {
        facts.vendor = Some(vendor(facts.causes[0], draw));
    }
    if draw.percent(20) {
        facts.investigator = Some(invented("investigator", &brand, draw));
    }
    if draw.percent(40) {
        facts.police = Some(invented("police", &brand, draw));
    }
    days(facts, draw);
    affected(facts, plan, draw);
    facts.flag(Flag::OldSite, draw.percent(20));
    facts.flag(Flag::Closed, draw.percent(40));
    facts.flag(Flag::Round, facts.total >= 10_000 && draw.percent(40));
}

fn days(facts: &mut Facts, draw: &mut Draw) {
    let timeline = &mut facts.timeline;
    timeline.evil = true;
    let known = discovery(draw);
    timeline.discovered = Some(known);
    timeline.contained = Some(plus(known, draw.weighted(&[(0, 6), (1, 3), (2, 1)], |(_, weight)| *weight).0));
    let end = plus(known, -(draw.between(0, 45) as i64));
    timeline.occurred_end = Some(end);
    timeline.occurred_start = Some(plus(end, -(draw.between(20, 900) as i64)));
    let late = draw.percent(8);
    report(timeline, late, draw);
    let done = workday(plus(known, draw.between(28, 75) as i64));
    timeline.investigation_done = Some(done);
    if draw.percent(85) {
        timeline.police = Some(workday(plus(known, draw.between(4, 80) as i64)));
    }
    let told = [timeline.preliminary, timeline.final_report, timeline.police, timeline.investigation_done];
    let last = told.into_iter().flatten().max().unwrap_or(done);
    let published = workday(plus(last, draw.between(3, 60) as i64));
    timeline.published = Some(published);
    timeline.notified = Some(published);
}

fn affected(facts: &mut Facts, plan: &Plan, draw: &mut Draw) {
    let rows = data::groups(Scenario::Skimming, facts.organisation.line);
    let buyers = plan.people(draw, [1, 4, 6, 2, 0]);
    let people_of = facts.organisation.people;
    facts.groups = vec![groups::draw(rows[0], people_of, buyers, draw)];
    facts.total = buyers;
    if draw.percent(45) {
        // Whoever bought had entered a name too: the members hold the buyers.
        facts.total = buyers + plan.people(draw, [1, 3, 5, 3, 0]);
        facts.groups.push(groups::draw(rows[1], people_of, facts.total, draw));
        facts.relation = Relation::Nested;
    }
    if draw.percent(40) {
        facts.records = Some(buyers + draw.between(3, 9 + buyers / 12));
    }
    facts.denied = groups::denied(&facts.groups);
    if !plan.denies(75, draw) {
        facts.denied.clear();
    }
    groups::few(&mut facts.denied, 4, draw);
}
