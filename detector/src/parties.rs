//! Who was hit, who did the work, who was told: named parties only.

mod candidates;
mod common;
mod names;
mod press;
mod publisher;
mod service;
mod short;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use owabi_corpora::Span;
use owabi_corpora::vocabulary::{Genre, PartyRole};
use serde::Deserialize;

use self::candidates::{Candidate, candidates};
use self::names::roster;
use self::publisher::in_full;
use self::service::service;
use self::short::alias;
use crate::gates::Gates;
use crate::hunt::Hunt;
use crate::patterns::{self, Pattern};
use crate::plain::Plain;
use crate::watch::Watch;

/// A named party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Party {
    pub(crate) role: PartyRole,
    pub(crate) name: String,
    /// Bytes of the source.
    pub(crate) spans: Vec<Span>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Patterns {
    organisation: Pattern,
    self_named: Pattern,
    vendor_before: Pattern,
    vendor_after: Pattern,
    investigator_before: Pattern,
    investigator_after: Pattern,
    regulator: Pattern,
    regulator_context: Pattern,
    police: Pattern,
    no_police: Pattern,
    no_organisation: Pattern,
    service: Pattern,
    service_after: Pattern,
    service_before: Pattern,
    no_service: Pattern,
    legal_form: Pattern,
    head_mark: Pattern,
    kana_start: Pattern,
    no_kana_start: Pattern,
    owner: Pattern,
    owned: Pattern,
    acted_on: Pattern,
    service_name: Pattern,
    service_use: Pattern,
    listed: Pattern,
    department: Pattern,
    particles: Pattern,
    conjunction: Pattern,
    vendor_event: Pattern,
    with_figure: Pattern,
    leaked: Pattern,
    roster: Pattern,
    alias: Pattern,
    self_defined: Pattern,
    client_before: Pattern,
    client_after: Pattern,
    coordinated: Pattern,
    subsidiary: Pattern,
    headed: Pattern,
    announced: Pattern,
    works_before: Pattern,
    works_after: Pattern,
    title_end: Pattern,
    officer: Pattern,
    announcer: Pattern,
    no_announcer: Pattern,
    kind: Pattern,
    co_signed: Pattern,
    with_us: Pattern,
    hit_too: Pattern,
    of_group: Pattern,
    also: Pattern,
    displayed: Pattern,
    unaffected: Pattern,
    short: Pattern,
    no_short: Pattern,
    glossed: Pattern,
    own_line: Pattern,
    sender: Pattern,
    runs: Pattern,
    arrests: Pattern,
    doubled: Pattern,
    katakana: Pattern,
    own_officer: Pattern,
    acronym: Pattern,
    formed: Pattern,
    defined: Pattern,
    place_label: Pattern,
    resident: Pattern,
    greeting: Pattern,
    defined_system: Pattern,
    quoted_row: Pattern,
    own_service: Pattern,
    station: Pattern,
    placed: Pattern,
    of_trade: Pattern,
    not_told: Pattern,
    station_context: Pattern,
    numbered: Pattern,
    place: Pattern,
    acronym_end: Pattern,
    honoured: Pattern,
    institution: Pattern,
    letter_title: Pattern,
    letter_name: Pattern,
    no_letter_name: Pattern,
    own_word: Pattern,
    of_place: Pattern,
    place_tail: Pattern,
    no_place_tail: Pattern,
    head_of: Pattern,
    no_rest: Pattern,
    owned_tail: Pattern,
    own_thing: Pattern,
    incident_title: Pattern,
    kana_end: Pattern,
    form_end: Pattern,
    kana_within: Pattern,
    kana_hill: Pattern,
    kana_named: Pattern,
    seat_label: Pattern,
    no_lead: Pattern,
    translated: Pattern,
    acronym_head: Pattern,
    told_by: Pattern,
    dated_line: Pattern,
    board: Pattern,
    board_short: Pattern,
    kana_line: Pattern,
    person: Pattern,
    no_kana_line: Pattern,
    office: Pattern,
    case_number: Pattern,
    case_of: Pattern,
    overseer: Pattern,
    warns: Pattern,
    owned_above: Pattern,
    trade_head: Pattern,
    greeted: Pattern,
    no_greeted: Pattern,
    day_before: Pattern,
    closes: Pattern,
    press_breaks: Pattern,
    kana_plain: Pattern,
    authority: Pattern,
    of_authority: Pattern,
    happened_at: Pattern,
    kana_tail: Pattern,
    no_kana_tail: Pattern,
    section: Pattern,
    seated: Pattern,
    not_seated: Pattern,
    name_tail: Pattern,
    tailed: Pattern,
    bare: Pattern,
    nameless: Pattern,
    secretariat: Pattern,
    regulates: Pattern,
    not_to: Pattern,
    uses_before: Pattern,
    serves_after: Pattern,
    tells_us: Pattern,
    addressed: Pattern,
    own_gloss: Pattern,
    no_own_gloss: Pattern,
    press_told: Pattern,
    press_own: Pattern,
    nobody: Pattern,
    press_style: Pattern,
    press_kana: Pattern,
    no_press_kana: Pattern,
    press_trade: Pattern,
    press_common: Pattern,
    press_described: Pattern,
    press_attributed: Pattern,
    press_opens: Pattern,
    press_topic: Pattern,
    press_subject: Pattern,
    press_also: Pattern,
    press_announced: Pattern,
    press_place: Pattern,
    press_headline: Pattern,
    press_quoted: Pattern,
}

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| patterns::table("parties"));

/// The names that are looked for in the whole text, and their words.
struct Hunts {
    organisation: Hunt,
    police: Hunt,
    regulator: Hunt,
    watch: Watch,
}

static HUNTS: LazyLock<Hunts> = LazyLock::new(|| {
    let organisation = Hunt::new(&PATTERNS.organisation, ORGANISATION);
    let (police, regulator) = (Hunt::new(&PATTERNS.police, POLICE), Hunt::new(&PATTERNS.regulator, REGULATOR));
    let watch = Watch::new(organisation.words().chain(police.words()).chain(regulator.words()));
    Hunts { organisation, police, regulator, watch }
});

// The first owners of their words: a pattern has fewer alternatives than lie between.
const ORGANISATION: u16 = 0;
const POLICE: u16 = 100;
const REGULATOR: u16 = 200;

/// Finds the named parties of the source, whose lines are broken inside sentences at `wraps`. `gates` tell which words it holds.
pub(crate) fn find(source: &str, wraps: &[usize], genre: Genre, gates: &Gates<'_>) -> Vec<Party> {
    let plain = Plain::joined(source, wraps);
    let mut found: Vec<Party> = Vec::new();
    let mut known = BTreeMap::new();
    let mut add = |role: PartyRole, name: &str, start: usize, end: usize| {
        let span = plain.to_source(start, end);
        if span.is_empty() {
            return;
        }
        let index = *known.entry((role, name.to_owned())).or_insert_with(|| {
            found.push(Party { role, name: name.to_owned(), spans: vec![] });
            found.len() - 1
        });
        if found[index].spans.last() != Some(&span) && found[index].spans.first().is_none_or(|first| *first != span) {
            found[index].spans.push(span);
        }
    };
    let text = plain.text.as_str();
    let reported = told_by_others(text, genre, gates);
    let seen = HUNTS.watch.scan(text);
    let mut candidates = candidates(text, &seen, genre, reported, gates);
    let breached = candidates.iter().max_by_key(|candidate| (candidate.breached, std::cmp::Reverse(candidate.start)));
    let breached_name = breached.filter(|candidate| candidate.breached > 0).map(|candidate| candidate.name.clone());
    let breached_name = breached_name.map(|name| in_full(text, &candidates, &name).unwrap_or(name));
    if let Some(name) = &breached_name {
        institutions(text, &mut candidates, name);
        join(text, &mut candidates, name);
    }
    for place in HUNTS.police.find(text, &seen) {
        let name = &text[place.range()];
        let breached = breached_name.as_deref().is_some_and(|breached| name.starts_with(breached) || breached.starts_with(name));
        // Papers leave out 「警察」; elsewhere such a word may be any office.
        let told = || reported && PATTERNS.station_context.is_match(around(text, place.start, place.end));
        if !PATTERNS.no_police.is_match(name) && !breached && (!PATTERNS.station.is_match(name) || told()) {
            add(PartyRole::Police, name, place.start, place.end);
        }
    }
    for place in HUNTS.regulator.find(text, &seen) {
        let name = &text[place.range()];
        let after = &text[place.end..];
        if breached_name.as_deref() != Some(name)
            && !PATTERNS.not_told.is_match(&after[..patterns::prefix(after, 60)])
            && (genre == Genre::RegulatorAction || PATTERNS.regulator_context.is_match(around(text, place.start, place.end)))
        {
            add(PartyRole::Regulator, name, place.start, place.end);
        }
    }
    for candidate in &candidates {
        let role = if Some(&candidate.name) == breached_name.as_ref() || candidate.listed {
            PartyRole::Breached
        } else if candidate.investigator > 0 {
            PartyRole::Investigator
        } else if candidate.vendor > 0 {
            PartyRole::Vendor
        } else {
            continue;
        };
        add(role, &candidate.name, candidate.start, candidate.end);
    }
    if reported && gates.open(&PATTERNS.roster) {
        for (start, end) in roster(text) {
            add(PartyRole::Breached, &text[start..end], start, end);
        }
    }
    let aliases: Vec<&str> =
        candidates.iter().filter_map(|one| alias(&text[one.end..])).take(ALIASES).map(|alias| alias.as_str()).collect();
    if let Some((name, start, end)) = service(text, breached_name.as_deref(), gates).filter(|(name, ..)| !aliases.contains(name)) {
        add(PartyRole::Service, name, start, end);
    }
    found
}

/// The words beside a name that gave it its role: 「に委託」, 「へ報告」, 「では」; a name that stands in the title or alone speaks for itself.
pub(crate) fn cue(source: &str, role: PartyRole, span: Span) -> Option<String> {
    let (head, tail) = (&source[..span.start], &source[span.end..]);
    let before = Plain::new(&head[patterns::suffix(head, 24)..]).text;
    let after = Plain::new(&tail[..patterns::prefix(tail, 60)]).text;
    let hit =
        |pattern: &Pattern, text: &str| pattern.find(text).map(|hit| hit.as_str().trim().to_owned()).filter(|words| !words.is_empty());
    let sentence = |text: &str| text.split(['。', '\n']).next().unwrap_or_default().to_owned();
    match role {
        PartyRole::Breached => hit(&PATTERNS.acted_on, &after).or_else(|| hit(&PATTERNS.self_named, &after)),
        PartyRole::Vendor => hit(&PATTERNS.vendor_before, &before).or_else(|| hit(&PATTERNS.vendor_after, &after)),
        PartyRole::Investigator => hit(&PATTERNS.investigator_before, &before).or_else(|| hit(&PATTERNS.investigator_after, &after)),
        PartyRole::Regulator => hit(&PATTERNS.regulator_context, &sentence(&after)),
        PartyRole::Service => hit(&PATTERNS.service_before, &before).or_else(|| hit(&PATTERNS.service_after, &after)),
        PartyRole::Police => None,
    }
    .or_else(|| source.get(span.range()).map(|name| Plain::new(name).text))
}

/// Whether somebody else tells it: the press, by the kind of text or by how it speaks where nobody says 「当社」.
fn told_by_others(text: &str, genre: Genre, gates: &Gates<'_>) -> bool {
    // Most who speak for themselves soon say so.
    let style = || !gates.is_match_beside(&PATTERNS.press_own, text) && gates.is_match_beside(&PATTERNS.press_style, text);
    matches!(genre, Genre::Commentary | Genre::News) || genre != Genre::RegulatorAction && style()
}

/// The sentence around a name, at most so many characters either way.
fn around(text: &str, start: usize, end: usize) -> &str {
    let before = &text[..start];
    let from = patterns::suffix(before, 40);
    let from = from + before[from..].rfind(['。', '\n']).map_or(0, |at| at + 1);
    let after = &text[end..];
    let to = patterns::prefix(after, 60);
    let to = after[..to].find(['。', '\n']).unwrap_or(to);
    let from = (from..=start).find(|&at| text.is_char_boundary(at)).unwrap_or(start);
    &text[from..end + to]
}

/// 「A社および子会社のB社は」: who stands in one row with whom was hit was hit too.
fn join(text: &str, candidates: &mut [Candidate], breached: &str) {
    candidates.sort_by_key(|candidate| (candidate.start, candidate.end));
    // Forth and back: who was hit may stand at either end of a row.
    for index in (1..candidates.len()).chain((1..candidates.len()).rev()) {
        let (first, second) = (&candidates[index - 1], &candidates[index]);
        let row = text.get(first.end..second.start).is_some_and(|between| {
            between.len() < ROW && (PATTERNS.coordinated.is_match(between) || PATTERNS.runs.is_match(between))
                || first.alone && second.alone && PATTERNS.co_signed.is_match(between)
        });
        let hit = |one: &Candidate, other: &Candidate| {
            (one.name == breached || one.listed) && other.name != breached && other.vendor + other.investigator == 0
        };
        let joined = if row && hit(first, second) {
            index
        } else if row && hit(second, first) {
            index - 1
        } else {
            continue;
        };
        candidates[joined].listed = true;
    }
}

/// 「市立B小学校の教諭が…」 under the name of the town or its board: the institution was hit with its authority.
fn institutions(text: &str, candidates: &mut [Candidate], breached: &str) {
    let Some(place) = PATTERNS.authority.captures(breached).and_then(|found| found.get(1)).map(|place| place.as_str()) else { return };
    for one in candidates.iter_mut().filter(|one| one.name != breached && one.vendor + one.investigator == 0) {
        let own = PATTERNS.of_authority.is_match(&one.name) || one.name.strip_prefix(place).is_some_and(|rest| !rest.is_empty());
        let after = &text[one.end..];
        let kind = || PATTERNS.institution.is_match(&one.name) && !PATTERNS.authority.is_match(&one.name);
        one.listed |= own && kind() && PATTERNS.happened_at.is_match(&after[..patterns::prefix(after, 60)]);
    }
}

/// So many names are looked through for longer forms of a short one.
const MANY: usize = 64;

/// So many short names are followed.
const ALIASES: usize = 8;

/// In bytes, between two names of one row.
const ROW: usize = 200;

/// Whether the text says that it happened at a contractor.
pub(crate) fn names_contractor(gates: &Gates<'_>) -> bool {
    gates.anywhere(&PATTERNS.vendor_event)
}
