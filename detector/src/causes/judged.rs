//! The cause by all that the sentences tell, as it was learnt ([`crate::learned`]): of a text in which no row finds one, and of one
//! whose causes its sentences, or all that the text says, make unlikely.

use std::collections::BTreeMap;

use owabi_corpora::Cause;

use super::Found;
use crate::gist::Gist;
use crate::layout::LineKind;
use crate::learned::{CAUSES, Stretch, Take, first, known};
use crate::lexicon::{Lexicon, Match};
use crate::scope::Scope;
use crate::words::Meaning;

/// In hundredths of the log odds: a cause is told where it is likelier than not.
const GIVEN: i32 = 0;
/// What the rows find is given up for a cause that is told if all of it is as unlikely as this (odds of 1 to 9).
const REFUTED: i32 = -220;

/// The causes, the main one as likely as the rest of the text makes it. What was taken for the main one is none where the text as a whole
/// tells another: rules find the one or the other, seldom both.
pub(crate) fn judge(scope: &Scope<'_>, lexicon: &Lexicon, matches: &[Match], found: Vec<Found>, gist: &Gist) -> Vec<Found> {
    let likeliest = match found.iter().any(|found| found.stated) {
        true => BTreeMap::new(),
        false => likeliest(scope, lexicon, matches),
    };
    let mut found = instead(scope, lexicon, matches, found, &likeliest);
    let ruled = found.iter().position(|found| found.primary);
    let Some(main) = gist.cause(ruled.map(|at| found[at].cause)) else { return found };
    if ruled.is_some_and(|at| found[at].cause == main || found[at].of_user) {
        return found;
    }
    let known = found.iter().position(|found| found.cause == main);
    let likeliest = if known.is_none() && likeliest.is_empty() { self::likeliest(scope, lexicon, matches) } else { likeliest };
    match (known, likeliest.get(&main)) {
        (Some(known), _) => found[known].primary = true,
        (None, Some(&(_, index))) => found.push(told(scope, lexicon, matches, main, index)),
        // No sentence may tell of this incident.
        (None, None) => return found,
    }
    if let Some(at) = ruled {
        found.remove(at);
    }
    found
}

/// The causes found, or the one that the sentences make likelier by far.
fn instead(
    scope: &Scope<'_>,
    lexicon: &Lexicon,
    matches: &[Match],
    found: Vec<Found>,
    likeliest: &BTreeMap<Cause, (i32, usize)>,
) -> Vec<Found> {
    let best = likeliest.iter().max_by_key(|(cause, likely)| (likely.0, std::cmp::Reverse(**cause)));
    let Some((&cause, &(_, index))) = best.filter(|(_, likely)| likely.0 > GIVEN) else { return found };
    if found.iter().any(|found| likeliest[&found.cause].0 >= REFUTED) {
        return found;
    }
    vec![told(scope, lexicon, matches, cause, index)]
}

/// A cause that a sentence tells.
fn told(scope: &Scope<'_>, lexicon: &Lexicon, matches: &[Match], cause: Cause, index: usize) -> Found {
    let class = Cause::all().position(|one| one == cause).unwrap_or_default();
    let cue = CAUSES.cue(class, None, |take| around(scope, lexicon, matches, index, take));
    let span = cue.unwrap_or(scope.layout.sentences[index].span);
    Found { cause, primary: true, spans: vec![span], score: 0, weight: 0, added: false, titled: false, stated: false, of_user: false }
}

/// By cause: how likely the likeliest sentence makes it, and which that is.
fn likeliest(scope: &Scope<'_>, lexicon: &Lexicon, matches: &[Match]) -> BTreeMap<Cause, (i32, usize)> {
    let mut likeliest: BTreeMap<Cause, (i32, usize)> = BTreeMap::new();
    for index in (0..scope.layout.sentences.len()).filter(|&index| tells(scope, index)) {
        let weights = CAUSES.weigh(|take| around(scope, lexicon, matches, index, take));
        for (cause, weight) in Cause::all().zip(weights) {
            let known = likeliest.entry(cause).or_insert((weight, index));
            *known = (*known).max((weight, index));
        }
    }
    likeliest
}

/// Whether a sentence may tell of this incident at all.
fn tells(scope: &Scope<'_>, index: usize) -> bool {
    let line = &scope.layout.lines[scope.layout.line_at(scope.layout.sentences[index].span.start)];
    !line.elsewhere && !scope.layout.is_question(index)
}

/// What a sentence holds.
pub(crate) fn around(scope: &Scope<'_>, lexicon: &Lexicon, matches: &[Match], index: usize, take: &mut impl Take) {
    let sentence = scope.layout.sentences[index].span;
    let part = first(scope.text, sentence, LONGEST);
    let run = Stretch::new(scope.text, part, &[]);
    run.runs("", 2..=3, take);
    run.endings("|", 4, take);
    for (hit, _) in known(matches, part) {
        let (kind, name): (&str, &str) = match hit.meaning {
            Meaning::Cause(row) => ("row", lexicon.causes[row as usize].cause.id()),
            Meaning::Cue(concept) => ("cue", concept.into()),
            _ => continue,
        };
        take.fact(&[kind, name], Some(hit.span()));
    }
    if scope.layout.lines[scope.layout.line_at(sentence.start)].kind == LineKind::Title {
        take.fact(&["title"], None);
    }
}

/// In characters: so much of a sentence is read.
const LONGEST: usize = 160;
