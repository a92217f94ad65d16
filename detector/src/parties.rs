//! Who was hit, who did the work, who was told: named parties only.

mod names;
mod publisher;
mod service;
mod short;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use owabi_corpora::Span;
use owabi_corpora::vocabulary::{Genre, PartyRole};
use serde::Deserialize;

use self::names::{names, placed, roster};
use self::publisher::{announcers, glossed, in_full, letterhead};
use self::service::service;
use self::short::{alias, relations, whole};
use crate::gates::Gates;
use crate::hunt::Hunt;
use crate::patterns::{self, Pattern};
use crate::plain::Plain;
use crate::watch::{Seen, Watch};

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
    kana_tail: Pattern,
    no_kana_tail: Pattern,
}

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| patterns::load(include_str!("../data/parties.toml")));

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

/// A name in the text and what speaks for its being a party of some role.
struct Candidate {
    name: String,
    start: usize,
    end: usize,
    breached: i32,
    vendor: i32,
    investigator: i32,
    /// It has a line to itself.
    alone: bool,
    /// It stands in a list of those hit, each with a figure, or beside one that was hit.
    listed: bool,
}

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
    let reported = matches!(genre, Genre::Commentary | Genre::News);
    let seen = HUNTS.watch.scan(text);
    let mut candidates = candidates(text, &seen, genre, gates);
    let breached = candidates.iter().max_by_key(|candidate| (candidate.breached, std::cmp::Reverse(candidate.start)));
    let breached_name = breached.filter(|candidate| candidate.breached > 0).map(|candidate| candidate.name.clone());
    let breached_name = breached_name.map(|name| in_full(text, &candidates, &name).unwrap_or(name));
    if let Some(name) = &breached_name {
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

fn candidates(text: &str, seen: &Seen, genre: Genre, gates: &Gates<'_>) -> Vec<Candidate> {
    let says = |pattern: &Pattern, part: &str| gates.is_match_beside(pattern, part);
    let mut found: Vec<Candidate> = Vec::new();
    let title_start = text.find(|c: char| !c.is_whitespace()).map_or(0, |at| text[..at].rfind('\n').map_or(0, |line| line + 1));
    let first_line = text[title_start..].lines().next().unwrap_or_default();
    let title_end = title_start + first_line.len();
    let regulated = genre == Genre::RegulatorAction;
    let reporter = matches!(genre, Genre::Commentary | Genre::News);
    let mut aliases = 0;
    let mut names = names(text, seen);
    if reporter {
        placed(text, gates, &mut names);
    }
    // A ministry that publishes stands in the title or alone on a line; others are told of it.
    let publishers: BTreeSet<&str> =
        names.iter().filter(|&&(start, end)| own_place(text, start, end, title_end)).map(|&(start, end)| &text[start..end]).collect();
    let known: BTreeSet<&str> =
        names.iter().map(|&(start, end)| &text[start..end]).filter(|name| !PATTERNS.short.is_match(name)).take(MANY).collect();
    for (start, end) in names {
        let name = &text[start..end];
        if (genre != Genre::Notice || !publishers.contains(name))
            && HUNTS.regulator.may(seen, Span::new(start, end))
            && PATTERNS.regulator.find(name).is_some_and(|found| found.len() == name.len())
        {
            continue;
        }
        let (before, after) = (&text[..start], &text[end..]);
        let before = &before[patterns::suffix(before, 24)..];
        let after = &after[..patterns::prefix(after, 60)];
        let line_start = before.is_empty() || before.trim_end_matches(' ').ends_with('\n');
        // 「会社員の男(41)=川崎市=」: where a suspect lives.
        if before.ends_with('=') && after.starts_with('=') {
            continue;
        }
        // 「イソダ印刷(京都市)が」: where a company sits.
        let aside = before.ends_with('(') && after.starts_with(')');
        if PATTERNS.place.is_match(name) && (aside || reporter && says(&PATTERNS.resident, after)) {
            continue;
        }
        // 「提供会社であるB社」, if no longer name of it is given.
        let short = PATTERNS.short.captures(name).and_then(|found| found.get(1));
        if short.is_some_and(|stem| PATTERNS.no_short.is_match(name) || known.iter().any(|other| other.contains(stem.as_str()))) {
            continue;
        }
        let alone = line_start
            && (after.trim_start_matches(' ').starts_with('\n')
                || start < HEAD && says(&PATTERNS.headed, &text[end..end + patterns::prefix(&text[end..], 80)]));
        let reported = reporter
            && says(&PATTERNS.with_figure, &text[end..end + patterns::prefix(&text[end..], 140)])
            && says(&PATTERNS.leaked, around(text, start, end));
        let labelled = says(&PATTERNS.place_label, before);
        let listed = line_start && says(&PATTERNS.listed, after) || reported || labelled;
        let in_title = start >= title_start && end <= title_end;
        // A column breaks its lines inside sentences.
        // So does a label over the name: 「1 委託事業者」.
        let above = before.trim_end_matches(' ').strip_suffix('\n').unwrap_or(before).trim_end_matches(' ');
        let label = line_start && above.rsplit('\n').next().is_some_and(|line| line.chars().count() <= LABEL);
        let works = if reporter || label { above } else { before };
        // 「A株式会社(以下、A社)に委託」
        let behind = PATTERNS.defined.find(after).map_or(after, |bracket| &after[bracket.end()..]);
        let mut vendor = i32::from(says(&PATTERNS.vendor_before, works)) + i32::from(says(&PATTERNS.vendor_after, behind));
        let mut client = i32::from(says(&PATTERNS.client_before, before)) + i32::from(says(&PATTERNS.client_after, behind));
        let own = PATTERNS.self_defined.is_match(after);
        let subsidiary = !reporter && says(&PATTERNS.subsidiary, before) && PATTERNS.self_named.is_match(after);
        if subsidiary {
            vendor = 0;
        }
        // 「…株式会社(以下「A社」)」: what is said of its short name is said of it.
        if !own
            && aliases < ALIASES
            && let Some(alias) = alias(after)
        {
            aliases += 1;
            let (works, has_work_done) = relations(&text[end + alias.end()..], alias.as_str(), gates);
            (vendor, client) = (vendor + works, client + has_work_done);
        }
        if vendor > 0 {
            client = 0;
        }
        let investigator = i32::from(says(&PATTERNS.investigator_before, before)) + i32::from(says(&PATTERNS.investigator_after, behind));
        let mut breached = 3 * i32::from(in_title) + 4 * i32::from(alone) + 2 * i32::from(PATTERNS.self_named.is_match(after));
        breached += i32::from(says(&PATTERNS.legal_form, name)) + 6 * i32::from(regulated && says(&PATTERNS.acted_on, after));
        breached += 4 * client + 6 * i32::from(!regulated && own);
        breached += 4 * i32::from(says(&PATTERNS.sender, before)) + 6 * i32::from(labelled);
        // Whom a regulator acts upon is a contractor where somebody's data were in its care.
        breached -= (if regulated { 18 } else { 6 }) * vendor + 6 * investigator + 20 * i32::from(short.is_some());
        // 「警視庁は、…を逮捕したと発表した」
        let arrests = reporter && PATTERNS.police.find(name).is_some_and(|found| found.start() == 0);
        let told = &text[end..end + patterns::prefix(&text[end..], 160)];
        if arrests && says(&PATTERNS.arrests, told) && !says(&PATTERNS.own_officer, told) {
            breached -= 20;
        }
        // 「株式会社…」 over 「代表取締役 …」: who signs.
        let signs = alone && PATTERNS.officer.is_match(after.trim_start());
        breached += 3 * i32::from(signs);
        // 「当社、A株式会社およびB株式会社が保管していた情報」
        let with_us = says(&PATTERNS.with_us, before) && PATTERNS.hit_too.is_match(after)
            || reporter && says(&PATTERNS.of_group, before) && PATTERNS.also.is_match(after);
        // 「…は、…と発表した」: who tells was hit, unless it is the police.
        let told = || says(&PATTERNS.announced, &text[end..end + patterns::prefix(&text[end..], 160)]) && !PATTERNS.police.is_match(name);
        let listed = listed
            || vendor + investigator == 0
                && (subsidiary || with_us || client > 0 && !reporter && PATTERNS.honoured.is_match(after) || reporter && told());
        found.push(Candidate { name: name.to_owned(), start, end, breached, vendor, investigator, alone, listed });
    }
    // 「A株式会社 お客様の…」: what stands before the first space or particle of the title is its author.
    let head = PATTERNS.head_mark.find(first_line).map_or(0, |mark| mark.end());
    let title = &first_line[head..];
    // Under its number an archive names the publisher, whatever the name is like.
    let numbered = PATTERNS.numbered.is_match(&first_line[..head]);
    let space = if numbered { title.trim_start().find(' ').map(|at| at + title.len() - title.trim_start().len()) } else { None };
    let stop = space.or_else(|| PATTERNS.title_end.find(title).map(|end| end.start())).unwrap_or(title.len());
    let lead = title[..stop].trim();
    let start = title_start + head + title.len() - title.trim_start().len();
    // A name that goes on with 「の31歳の…」 ends before it.
    let inner = found.iter().find(|known| known.start == start && known.end <= title_end).map(|known| known.end);
    if lead.chars().count() >= 2
        && lead.chars().count() <= 40
        && !PATTERNS.no_organisation.is_match(lead)
        && !(regulated && PATTERNS.regulator.is_match(lead))
    {
        // 「医療法人A会 B病院 …について」: so does one that goes on behind the space.
        let other = |&end: &usize| {
            text[end..].starts_with(POSSESSIVE) || end > start + lead.len() && PATTERNS.institution.is_match(&text[start..end])
        };
        let end = inner.filter(other).unwrap_or(start + lead.len());
        let end = PATTERNS.acronym_end.find(&text[start..end]).map_or(end, |acronym| start + acronym.start());
        // A reporter's title begins with anything.
        let anything = matches!(genre, Genre::Commentary | Genre::News) && inner != Some(end) && text[start..end].contains(POSSESSIVE);
        if space.is_some() && inner.is_none() && !reporter || !anything && says(&PATTERNS.legal_form, &text[start..end]) {
            found.push(Candidate {
                name: text[start..end].to_owned(),
                start,
                end,
                breached: 5,
                vendor: 0,
                investigator: 0,
                alone: false,
                listed: false,
            });
        }
    }
    glossed(text, &mut found);
    if found.iter().all(|one| one.breached <= 0) {
        match reporter {
            true => announcers(text, &mut found),
            false => letterhead(text, &mut found),
        }
    }
    whole(text, &mut found);
    // What speaks for one mention of a name speaks for all.
    let mut totals: BTreeMap<String, (i32, i32, i32)> = BTreeMap::new();
    for one in &found {
        let total = totals.entry(one.name.clone()).or_default();
        *total = (total.0 + one.breached, total.1 + one.vendor, total.2 + one.investigator);
    }
    // 「県は」, 「本学は」: the publisher by what it is.
    let kinds: BTreeSet<&str> = match !reporter && gates.open(&PATTERNS.kind) {
        true => {
            PATTERNS.kind.captures_iter(text).filter_map(|found| found.iter().skip(1).flatten().next()).map(|kind| kind.as_str()).collect()
        }
        false => BTreeSet::new(),
    };
    for (name, total) in &mut totals {
        total.0 += 3 * i32::from(kinds.iter().any(|kind| name.ends_with(kind)));
    }
    for candidate in &mut found {
        (candidate.breached, candidate.vendor, candidate.investigator) = totals[&candidate.name];
    }
    found
}

/// So many names are looked through for longer forms of a short one.
const MANY: usize = 64;

/// Whether a name has its line to itself or stands in the title.
fn own_place(text: &str, start: usize, end: usize, title_end: usize) -> bool {
    let opens = text[..start].trim_end_matches(' ').chars().next_back().is_none_or(|c| c == '\n');
    end <= title_end || opens && text[end..].trim_start_matches(' ').chars().next().is_none_or(|c| c == '\n')
}

/// 「A社および子会社のB社は」: who stands in one row with whom was hit was hit too.
fn join(text: &str, candidates: &mut [Candidate], breached: &str) {
    candidates.sort_by_key(|candidate| (candidate.start, candidate.end));
    for index in 1..candidates.len() {
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

/// A label over a name has so many characters at most.
const LABEL: usize = 14;

/// The head of a text, in bytes.
const HEAD: usize = 600;

/// So many short names are followed.
const ALIASES: usize = 8;

/// In bytes, between two names of one row.
const ROW: usize = 200;

/// 「の」, by its place in the language a particle rather than a word.
const POSSESSIVE: char = 'の';

/// Whether the text says that it happened at a contractor.
pub(crate) fn names_contractor(gates: &Gates<'_>) -> bool {
    gates.anywhere(&PATTERNS.vendor_event)
}
