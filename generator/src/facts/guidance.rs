//! A breach that the authority looked into: what happened, what was wrong, what was ordered.

use super::Facts;
use super::groups::{self, Relation};
use super::organisation::{invented_of, vendor};
use super::timeline::{discovery, plus, report, workday};
use crate::data::{self, Scenario};
use crate::draw::Draw;
use crate::flags::Flag;
use crate::plan::Plan;

pub(crate) fn draw(facts: &mut Facts, plan: &Plan, draw: &mut Draw) {
    facts.causes = plan.causes();
    facts.status = plan.status(60, draw);
    let primary = facts.causes[0].id();
    facts.service = Some(invented_of(facts.organisation.line.systems, &facts.organisation.short, draw));
    facts.via_vendor = draw.percent(vendors(primary));
    if primary == "loss" {
        let item = *draw.pick(data::parts("medium"));
        facts.item = item.split_once('=').map(|(name, number)| (name.to_owned(), number.to_owned()));
    }
    if facts.via_vendor {
        facts.vendor = Some(vendor(facts.causes[0], draw));
    }
    affected(facts, plan, draw);
    days(facts, draw);
    findings(facts, draw);
    facts.flag(Flag::Vague, facts.causes[0].id() == "insider_exfiltration" && draw.percent(60));
}

/// Which safeguards were found wanting; 組織的 always is.
pub(crate) fn findings(facts: &mut Facts, draw: &mut Draw) {
    let cause = facts.causes[0].id();
    for flag in [Flag::Personnel, Flag::Physical, Flag::Technical] {
        let fits = match flag {
            Flag::Technical if cause == "insider_exfiltration" => draw.percent(60),
            Flag::Technical => matches!(cause, "misconfiguration" | "stolen_credentials" | "ransomware"),
            Flag::Physical if cause == "loss" => true,
            Flag::Physical => cause == "insider_exfiltration" && draw.percent(40),
            _ => draw.percent(55),
        };
        facts.flag(flag, fits);
    }
    facts.flag(Flag::Recommendation, draw.percent(25));
    // By then an answer is due, also where the authority tells an incident that others told before.
    let due = |published| workday(plus(published, draw.between(31, 100) as i64));
    facts.timeline.deadline = facts.timeline.published.map(due);
}

/// Whether the authority can tell an incident that others told before: it has the days and the things that its phrases speak of.
pub(crate) fn can_tell(facts: &Facts) -> bool {
    let (cause, days) = (facts.causes[0].id(), &facts.timeline);
    let has = |flag: Flag| facts.flags.has(flag);
    let dated = days.occurred_start.is_some() && (is_at_once(cause) || days.occurred_end.is_some());
    let reported = days.preliminary.is_some() && days.final_report.is_some();
    let thing = match cause {
        // It finds fault with media that were neither encrypted nor found again.
        "loss" => has(Flag::Medium) && !has(Flag::Encrypted) && !has(Flag::Recovered),
        "misdelivery" => has(Flag::ByPost),
        _ => true,
    };
    // It holds that there was a duty to report.
    dated && reported && facts.has_duty(days.evil) && thing && (!facts.via_vendor || vendors(cause) > 0)
}

/// These happen on one day, and nothing is left to stop.
fn is_at_once(cause: &str) -> bool {
    matches!(cause, "loss" | "misdelivery")
}

/// In how many of a hundred it happened at a contractor.
fn vendors(cause: &str) -> u64 {
    match cause {
        "misconfiguration" | "misdelivery" => 45,
        "ransomware" => 60,
        _ => 0,
    }
}

fn affected(facts: &mut Facts, plan: &Plan, draw: &mut Draw) {
    let rows = data::groups(Scenario::Guidance, facts.organisation.line);
    let sizes = match facts.causes[0].id() {
        "insider_exfiltration" => [3, 4, 3, 1, 0],
        // What fits on one medium, or into envelopes.
        "loss" | "misdelivery" => [0, 0, 4, 1, 0],
        "misconfiguration" => [0, 0, 4, 4, 2],
        _ => [0, 1, 4, 4, 2],
    };
    let row = *draw.pick(rows);
    let people_of = facts.organisation.people;
    let count = groups::size(row, &facts.organisation, plan.people(draw, sizes), draw);
    facts.groups = vec![groups::draw(row, people_of, count, draw)];
    facts.relation = Relation::Disjoint;
    facts.total = facts.groups[0].count;
    facts.denied = groups::denied(&facts.groups);
    if !plan.denies(55, draw) {
        facts.denied.clear();
    }
    groups::few(&mut facts.denied, 2, draw);
}

fn days(facts: &mut Facts, draw: &mut Draw) {
    let cause = facts.causes[0].id();
    let evil = matches!(cause, "insider_exfiltration" | "stolen_credentials" | "ransomware");
    let timeline = &mut facts.timeline;
    timeline.evil = evil;
    let known = discovery(draw);
    timeline.discovered = Some(known);
    let end = plus(known, -(draw.between(0, 40) as i64));
    let stopped = plus(known, draw.weighted(&[(0, 6), (1, 3), (2, 1)], |(_, weight)| *weight).0);
    let length = if cause == "ransomware" { draw.between(2, 30) } else { draw.between(12, 800) };
    timeline.occurred_start = Some(plus(end, -(length as i64)));
    if is_at_once(cause) {
        timeline.occurred_start = Some(workday(plus(known, -(draw.between(3, 9) as i64))).min(known));
    } else {
        // What stood open was open until it was shut.
        timeline.occurred_end = Some(if evil { end } else { known });
        timeline.contained = Some(if evil { stopped } else { known });
    }
    let late = draw.percent(30);
    report(timeline, late, draw);
    if (evil || cause == "loss") && draw.percent(70) {
        timeline.police = Some(plus(known, draw.between(0, 6) as i64));
    }
    let last = timeline.final_report.unwrap_or(known);
    let published = workday(plus(last, draw.between(45, 240) as i64));
    timeline.published = Some(published);
}
