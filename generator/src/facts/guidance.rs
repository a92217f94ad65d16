//! A breach that the authority looked into: what happened, what was wrong, what was ordered.

use owabi_corpora::vocabulary::Status;

use super::groups::{self, Relation};
use super::organisation::invented;
use super::timeline::{discovery, plus, report, workday};
use super::{Facts, people};
use crate::data::Scenario;
use crate::draw::Draw;

pub(crate) fn draw(facts: &mut Facts, draw: &mut Draw) {
    let brand = facts.organisation.short.clone();
    let row = draw.weighted(&facts.kind.row().causes, |row| row.weight);
    facts.causes = vec![row.cause];
    facts.status = row.status.unwrap_or(if draw.percent(60) { Status::Confirmed } else { Status::Possible });
    facts.service = Some(invented("system", &brand, draw));
    facts.via_vendor = row.cause.id() == "misconfiguration" && draw.percent(45);
    if facts.via_vendor {
        facts.vendor = Some(invented("vendor", &brand, draw));
    }
    affected(facts, draw);
    days(facts, draw);
    // Which safeguards were found wanting; 組織的 always is.
    for flag in ["personnel", "physical", "technical"] {
        let fits = match flag {
            "technical" => row.cause.id() != "insider_exfiltration" || draw.percent(60),
            "physical" => row.cause.id() == "insider_exfiltration" && draw.percent(40),
            _ => draw.percent(55),
        };
        facts.flag(flag, fits);
    }
    facts.flag("vague", facts.causes[0].id() == "insider_exfiltration" && draw.percent(60));
    facts.flag("recommendation", draw.percent(25));
}

fn affected(facts: &mut Facts, draw: &mut Draw) {
    let rows = groups::possible(Scenario::Guidance, &facts.organisation.sector);
    let insider = facts.causes[0].id() == "insider_exfiltration";
    let sizes = if insider { [3, 4, 3, 1, 0] } else { [0, 1, 4, 4, 2] };
    let row = *draw.pick(&rows);
    let people_of = facts.organisation.people.clone();
    facts.groups = vec![groups::draw(row, &people_of, people(draw, sizes), draw)];
    facts.relation = Relation::Disjoint;
    facts.total = facts.groups[0].count;
    facts.denied = groups::denied(&facts.groups);
    if draw.percent(45) {
        facts.denied.clear();
    }
    facts.denied.truncate(2);
}

fn days(facts: &mut Facts, draw: &mut Draw) {
    let evil = facts.causes[0].id() != "misconfiguration";
    let timeline = &mut facts.timeline;
    timeline.evil = evil;
    let known = discovery(draw);
    timeline.discovered = Some(known);
    let end = plus(known, -(draw.between(0, 40) as i64));
    timeline.occurred_end = Some(if evil { end } else { known });
    timeline.occurred_start = Some(plus(end, -(draw.between(12, 800) as i64)));
    timeline.contained = Some(plus(known, draw.weighted(&[(0, 6), (1, 3), (2, 1)], |(_, weight)| *weight).0));
    let late = draw.percent(30);
    report(timeline, late, draw);
    if evil && draw.percent(70) {
        timeline.police = Some(plus(known, draw.between(0, 6) as i64));
    }
    let last = timeline.final_report.unwrap_or(known);
    let published = workday(plus(last, draw.between(45, 240) as i64));
    timeline.published = Some(published);
    timeline.deadline = Some(workday(plus(published, draw.between(31, 100) as i64)));
}
