//! One incident told by several documents: which incidents all of them can tell.

use owabi_corpora::Cause;

use super::story::Story;
use super::{Facts, guidance};
use crate::data::{self, Sector};
use crate::draw::Draw;
use crate::kind::Kind;

/// Whether every voice tells such incidents: its kind knows the cause, and the organisation is of those of which all speak alike.
pub(crate) fn can_have(voices: &[Kind], cause: Cause, sector: &Sector) -> bool {
    let knows = |voice: &Kind| {
        let causes = &voice.row().causes;
        causes.is_empty() || causes.iter().any(|row| row.cause == cause)
    };
    voices.iter().all(knows) && sector.flags.iter().any(|flag| flag == data::voices_of())
}

/// Whether every voice can tell this incident. `story` is the draw of its days.
pub(crate) fn can_tell(facts: &Facts, story: &mut Draw) -> bool {
    // The authority tells of one group and the whole number, and a letter of one group: of several both would tell other things
    // than the release does.
    let alike = facts.groups.len() == 1 && facts.part.is_none();
    // Nobody learns from a letter what the organisation does not know yet in public.
    let in_order = |story: Story| facts.timeline.notified.is_none_or(|day| story.first < day);
    alike && guidance::can_tell(facts) && Story::draw(&facts.timeline, story).is_some_and(in_order)
}
