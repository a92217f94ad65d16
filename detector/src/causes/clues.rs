//! What the words of a sentence tell together where no row names a cause: who did it, what was done, to what, and how it came about.
//! Each speaks a little for a cause; the one for which most speaks was meant, if it is enough.

use owabi_corpora::{Cause, Span};

use crate::lexicon::{ClueRow, Lexicon};
use crate::scope::Scope;

/// So many points tell a cause, where two of its rows give them.
const ENOUGH: i32 = 7;

/// What a sentence tells by its words.
pub(super) struct Told {
    pub(super) cause: Cause,
    pub(super) points: i32,
    /// The words that speak for it most.
    pub(super) span: Span,
}

/// The causes that a stretch tells, each with its points.
pub(super) fn told(scope: &Scope<'_>, lexicon: &Lexicon, stretch: Span) -> Vec<Told> {
    let tells = |rows: &[ClueRow]| {
        let said: Vec<&ClueRow> = rows.iter().filter(|row| scope.gates.is_match(&row.pattern, stretch)).collect();
        let points = said.iter().map(|row| row.points).sum();
        let most = said.iter().max_by_key(|row| row.points).filter(|_| points >= ENOUGH && said.len() > 1)?;
        let hit = scope.gates.find(&most.pattern, stretch)?;
        Some(Told { cause: most.cause, points, span: Span::new(stretch.start + hit.start(), stretch.start + hit.end()) })
    };
    lexicon.clues.chunk_by(|one, next| one.cause == next.cause).filter_map(tells).collect()
}
