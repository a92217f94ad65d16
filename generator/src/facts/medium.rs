//! A medium or paper that cannot be found: what was on it may leak.

use super::Facts;
use super::groups::{self, Relation};
use super::organisation::{invented, vendor};
use super::timeline::{discovery, plus, report, workday};
use crate::data::{self, GroupRow, Scenario};
use crate::draw::Draw;
use crate::flags::Flag;
use crate::plan::Plan;
use owabi_corpora::Cause;

pub(crate) fn draw(facts: &mut Facts, plan: &Plan, draw: &mut Draw) {
    let brand = facts.organisation.short.clone();
    facts.causes = plan.causes();
    facts.status = plan.status(0, draw);
    let primary = facts.causes[0].id();
    if primary == "loss" && draw.percent(20) {
        // Thrown away by mistake, in all likelihood.
        facts.causes.extend(Cause::from_id("improper_disposal"));
        facts.flag(Flag::PerhapsDisposed, true);
    }
    let lost = primary == "loss" && facts.causes.len() == 1;
    let paper = primary == "improper_disposal" || facts.causes.len() > 1 || draw.percent(50);
    facts.flag(Flag::Paper, paper);
    facts.flag(Flag::Medium, !paper);
    let item = *draw.pick(data::parts(if paper { "paper" } else { "medium" }));
    facts.item = item.split_once('=').map(|(name, number)| (name.to_owned(), number.to_owned()));
    facts.via_vendor = draw.percent(18);
    if facts.via_vendor {
        facts.vendor = Some(vendor(facts.causes[0], draw));
    }
    // Handed in or found again: who may have looked at it meanwhile stays open.
    facts.flag(Flag::Recovered, lost && draw.percent(22));
    if draw.percent(45) {
        facts.police = Some(invented("police", &brand, draw));
    }
    affected(facts, plan, draw);
    days(facts, draw);
    facts.flag(Flag::Encrypted, !paper && draw.percent(45));
    facts.flag(Flag::Round, false);
}

fn affected(facts: &mut Facts, plan: &Plan, draw: &mut Draw) {
    let rows = data::groups(Scenario::Medium, facts.organisation.line);
    let first = draw.below(rows.len() as u64) as usize;
    let sizes = [5, 6, 2, 0, 0];
    let organisation = facts.organisation.clone();
    let drawn = |row: &GroupRow, sizes, draw: &mut Draw| {
        let count = groups::size(row, &organisation, plan.people(draw, sizes), draw);
        groups::draw(row, organisation.people, count, draw)
    };
    facts.groups = vec![drawn(rows[first], sizes, draw)];
    if draw.percent(35) {
        let second = drawn(rows[(first + 1) % rows.len()], [4, 3, 0, 0, 0], draw);
        if second.who != facts.groups[0].who {
            facts.groups.push(second);
        }
    }
    facts.relation = Relation::Disjoint;
    facts.total = facts.groups.iter().map(|group| group.count).sum();
    facts.denied = groups::denied(&facts.groups);
    if !plan.denies(75, draw) {
        facts.denied.clear();
    }
    groups::few(&mut facts.denied, 3, draw);
}

fn days(facts: &mut Facts, draw: &mut Draw) {
    let lost_is_known = draw.percent(65);
    let disposed = facts.causes[0].id() == "improper_disposal";
    let stolen = facts.causes[0].id() == "theft";
    let duty = facts.has_duty(stolen);
    let timeline = &mut facts.timeline;
    let known = discovery(draw);
    timeline.discovered = Some(known);
    if lost_is_known {
        let ago = draw.weighted(&[(0, 2), (1, 4), (3, 2), (6, 1), (19, 1)], |(_, weight)| *weight).0;
        timeline.occurred_start = Some(workday(plus(known, -ago)).min(known));
    }
    if stolen {
        // In the night before, or over the days on which nobody came.
        timeline.occurred_start = Some(plus(known, -(draw.between(1, 3) as i64)));
    }
    if stolen || !disposed && draw.percent(70) {
        timeline.police = Some(plus(known, draw.between(0, if stolen { 0 } else { 2 }) as i64));
    }
    let mut last = timeline.police.unwrap_or(known);
    if duty || draw.percent(25) {
        let late = draw.percent(6);
        report(timeline, late, draw);
        timeline.final_report = None;
        last = last.max(timeline.preliminary.unwrap_or(known));
    }
    if draw.percent(60) {
        timeline.notified = Some(workday(plus(last, draw.between(0, 9) as i64)));
        last = timeline.notified.unwrap_or(last);
    }
    timeline.published = Some(workday(plus(last, draw.between(0, 7) as i64)));
}
