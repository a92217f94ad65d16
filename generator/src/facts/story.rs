//! When an incident is spoken of: the days on which those who were hit, and the authority, tell of it.

use jiff::civil::Date;
use owabi_corpora::vocabulary::Genre;

use super::timeline::{Timeline, plus, workday};
use crate::data::{KindRow, Stage};
use crate::draw::Draw;

/// The days of one incident's documents, whichever of them is written: what refers to another gives the day of that other.
pub(crate) struct Story {
    /// The first report, before the investigation.
    pub(crate) first: Date,
    /// The release: everything that it tells has happened.
    pub(crate) release: Date,
    /// Later reports.
    pub(crate) later: Date,
    /// The authority's publication.
    pub(crate) guidance: Date,
}

impl Story {
    /// `None` where nothing came to light.
    pub(crate) fn draw(timeline: &Timeline, draw: &mut Draw) -> Option<Story> {
        let known = timeline.discovered?;
        let first = workday(plus(known, draw.between(0, 6) as i64));
        let told = [
            timeline.contained,
            timeline.preliminary,
            timeline.final_report,
            timeline.police,
            timeline.investigation_done,
            timeline.notified,
        ];
        let last = told.into_iter().flatten().max().unwrap_or(known);
        let release = workday(plus(last, draw.between(0, if timeline.evil { 30 } else { 12 }) as i64));
        let later = workday(plus(release, draw.between(15, 110) as i64));
        let guidance = workday(plus(release, draw.between(45, 240) as i64));
        Some(Story { first, release, later, guidance })
    }

    /// The day that a kind of document calls that of the publication. The press and others who tell of an incident mean the release.
    pub(crate) fn published(&self, kind: &KindRow, timeline: &Timeline) -> Date {
        match kind.stage {
            Some(Stage::First) => self.first,
            Some(Stage::Later) => self.later,
            None if kind.genre == Some(Genre::RegulatorAction) => self.guidance,
            // The letters went out on the day that other documents give for them.
            None if kind.single => timeline.notified.unwrap_or(self.release),
            None => self.release,
        }
    }
}
