//! What happened on a date: the role that the words around it give it.
//!
//! Japanese puts the verb last, so a date is governed by what follows it up to the next date. Three things break that order: an
//! addressee before the date (「警察署にも7月31日に相談」), a predicate before its date (「判明したのは5月26日」, 「指摘を受けた5月26日に」), and a table whose
//! dates stand alone. Days in a row share the verb behind the last (「委員会には5月31日、警察には6月2日に届け出」).

mod before;
mod day;
mod judged;
mod periods;
mod roles;
mod rows;
mod settle;
mod telling;

use std::sync::LazyLock;

use owabi_corpora::vocabulary::{DateRole, Stage};
use owabi_corpora::{ClockTime, PartialDate, Span};
use serde::Deserialize;

use self::roles::Reader;
use self::telling::Telling;
use crate::dates::Found;
use crate::gist::Gist;
use crate::lexicon::{Lexicon, Match};
use crate::patterns::{self, Pattern};
use crate::scope::Scope;

/// A dated event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Event {
    pub(crate) role: DateRole,
    pub(crate) date: PartialDate,
    pub(crate) time: Option<ClockTime>,
    pub(crate) stage: Option<Stage>,
    pub(crate) span: Span,
    /// The words that gave the role.
    pub(crate) cue: Span,
    /// It announces what the same sentence tells: 「…していたと発表した」.
    pub(crate) reports: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Patterns {
    range: Pattern,
    weak_discovery: Pattern,
    other_period: Pattern,
    addressee: Pattern,
    cleft: Pattern,
    other_before: Pattern,
    purchase_period: Pattern,
    terse: Pattern,
    plan: Pattern,
    last_of_them: Pattern,
    joined: Pattern,
    finite: Pattern,
    clause_subject: Pattern,
    topic: Pattern,
    said: Pattern,
    attributive: Pattern,
    undone: Pattern,
    of_people: Pattern,
    undated_too: Pattern,
    examined: Pattern,
    opens: Pattern,
    closes: Pattern,
    object: Pattern,
    question: Pattern,
    of_paper: Pattern,
    examination: Pattern,
    measures: Pattern,
    told_again: Pattern,
    befell_wide: Pattern,
    negated: Pattern,
    career: Pattern,
    announces: Pattern,
    teller: Pattern,
    quoted: Pattern,
    telling: Pattern,
    undayed: Pattern,
    concerned: Pattern,
    embedded: Pattern,
    topical: Pattern,
    copula: Pattern,
    others_told: Pattern,
    by_way: Pattern,
    dated_document: Pattern,
    period_title: Pattern,
    announcement: Pattern,
    enumerator: Pattern,
    part_of_day: Pattern,
    found_leak: Pattern,
    since: Pattern,
    immediately: Pattern,
    preliminary: Pattern,
    last_report: Pattern,
    aspect: Pattern,
    content: Pattern,
    another_day: Pattern,
    deadline: Pattern,
    sent_thing: Pattern,
    until: Pattern,
    before_then: Pattern,
    befell_then: Pattern,
    period_end: Pattern,
    report: Pattern,
    untold: Pattern,
    tells_apart: Pattern,
    rounds_off: Pattern,
    apart: Pattern,
    addressed: Pattern,
    whose: Pattern,
    befell: Pattern,
    relative: Pattern,
    commissioned: Pattern,
    their_report: Pattern,
    no_deed: Pattern,
    of_report: Pattern,
    no_stop: Pattern,
    once_more: Pattern,
    of_kind: Pattern,
    sent_then: Pattern,
    straight_away: Pattern,
    goes_on: Pattern,
    deed: Pattern,
    cleft_apart: Pattern,
    told_object: Pattern,
    topic_before: Pattern,
    done: Pattern,
    begun: Pattern,
    closed: Pattern,
    particle: Pattern,
    line_end: Pattern,
    befell_first: Pattern,
    befell_apart: Pattern,
    subject: Pattern,
    was_found: Pattern,
    contact: Pattern,
    whom: Pattern,
    row_below: Pattern,
    mended: Pattern,
    stood_still: Pattern,
    struck: Pattern,
}

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| patterns::table("events"));

/// What happened when. `found` are the dates of [`crate::dates::resolve`]. `skimming`: what was bought between two days may have
/// leaked, so that the window of purchase is the incident's period.
pub(crate) fn find(scope: &Scope<'_>, lexicon: &Lexicon, matches: &[Match], found: &[Found], skimming: bool) -> Vec<Event> {
    let reader = Reader { scope, lexicon, matches };
    let events = Telling::new(&reader, found, skimming).read();
    settle::settle(&reader, events)
}

/// What practice says of the days besides: [`judged`].
pub(crate) fn judge(
    scope: &Scope<'_>,
    lexicon: &Lexicon,
    matches: &[Match],
    found: &[Found],
    events: Vec<Event>,
    gist: &Gist,
) -> Vec<Event> {
    judged::judge(&Reader { scope, lexicon, matches }, found, events, gist)
}

/// What stands around each day, to learn from.
#[cfg(feature = "learning")]
pub(crate) fn around(scope: &Scope<'_>, lexicon: &Lexicon, matches: &[Match], found: &[Found]) -> Vec<Vec<String>> {
    let reader = Reader { scope, lexicon, matches };
    let names = |index| {
        let mut names = crate::learned::Names::default();
        judged::around(&reader, found, index, &mut names);
        names.0
    };
    (0..found.len()).map(names).collect()
}

/// In characters, between two dates that share a verb.
const SHORT: usize = 60;

/// An announcement is named within so many characters behind its day.
const ANNOUNCED: usize = 100;

/// The particle of a period stands so many bytes behind its date at most.
const ADJOINING: usize = 6;
