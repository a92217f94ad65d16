//! No incident at all: an organisation that speaks of personal data, or not even that.

use super::organisation::invented_of;
use super::timeline::discovery;
use super::{Facts, groups};
use crate::data::{self, Scenario};
use crate::draw::Draw;
use crate::flags::Flag;

pub(crate) fn draw(facts: &mut Facts, draw: &mut Draw) {
    facts.service = Some(invented_of(facts.organisation.line.systems, &facts.organisation.short, draw));
    let people_of = facts.organisation.people;
    for row in data::groups(Scenario::Clean, facts.organisation.line) {
        facts.held.push(groups::draw(row, people_of, 0, draw));
    }
    // Texts that take one of them take the first: let it be about people by name.
    facts.held.sort_by_key(|group| group.categories[0].id() != "name");
    // Of the days, only the document's own: for a policy's or a post's date, which is no role of an incident.
    facts.timeline.deadline = Some(discovery(draw));
    for flag in [Flag::First, Flag::Second, Flag::Third] {
        let on = draw.percent(50);
        facts.flag(flag, on);
    }
}
