//! Who was hit, who did the work, who was told: named parties only.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::sync::LazyLock;

use owabi_corpora::Span;
use owabi_corpora::vocabulary::{Genre, PartyRole};
use serde::Deserialize;

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
    if let Some(name) = &breached_name {
        join(text, &mut candidates, name);
    }
    for place in HUNTS.police.find(text, &seen) {
        let name = &text[place.range()];
        let breached = breached_name.as_deref().is_some_and(|breached| name.starts_with(breached) || breached.starts_with(name));
        if !PATTERNS.no_police.is_match(name) && !breached {
            add(PartyRole::Police, name, place.start, place.end);
        }
    }
    for place in HUNTS.regulator.find(text, &seen) {
        let name = &text[place.range()];
        if breached_name.as_deref() != Some(name)
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
    for (start, end) in names(text, seen) {
        let name = &text[start..end];
        if genre != Genre::Notice
            && HUNTS.regulator.may(seen, Span::new(start, end))
            && PATTERNS.regulator.find(name).is_some_and(|found| found.len() == name.len())
        {
            continue;
        }
        let (before, after) = (&text[..start], &text[end..]);
        let before = &before[patterns::suffix(before, 24)..];
        let after = &after[..patterns::prefix(after, 60)];
        let line_start = before.is_empty() || before.trim_end_matches(' ').ends_with('\n');
        let alone = line_start
            && (after.trim_start_matches(' ').starts_with('\n')
                || start < HEAD && says(&PATTERNS.headed, &text[end..end + patterns::prefix(&text[end..], 80)]));
        let reported = reporter
            && says(&PATTERNS.with_figure, &text[end..end + patterns::prefix(&text[end..], 140)])
            && says(&PATTERNS.leaked, around(text, start, end));
        let listed = line_start && says(&PATTERNS.listed, after) || reported;
        let in_title = start >= title_start && end <= title_end;
        let mut vendor = i32::from(says(&PATTERNS.vendor_before, before)) + i32::from(says(&PATTERNS.vendor_after, after));
        let mut client = i32::from(says(&PATTERNS.client_before, before)) + i32::from(says(&PATTERNS.client_after, after));
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
        let investigator = i32::from(says(&PATTERNS.investigator_before, before)) + i32::from(says(&PATTERNS.investigator_after, after));
        let mut breached = 3 * i32::from(in_title) + 4 * i32::from(alone) + 2 * i32::from(PATTERNS.self_named.is_match(after));
        breached += i32::from(says(&PATTERNS.legal_form, name)) + 6 * i32::from(regulated && says(&PATTERNS.acted_on, after));
        breached += 4 * client + 6 * i32::from(!regulated && own);
        breached -= 6 * vendor + 6 * investigator;
        // 「…は、…と発表した」: who tells was hit, unless it is the police.
        let told = || says(&PATTERNS.announced, &text[end..end + patterns::prefix(&text[end..], 160)]) && !PATTERNS.police.is_match(name);
        let listed = listed || vendor == 0 && (subsidiary || reporter && told());
        found.push(Candidate { name: name.to_owned(), start, end, breached, vendor, investigator, listed });
    }
    // 「A株式会社 お客様の…」: what stands before the first space or particle of the title is its author.
    let head = PATTERNS.head_mark.find(first_line).map_or(0, |mark| mark.end());
    let title = &first_line[head..];
    let stop = PATTERNS.title_end.find(title).map_or(title.len(), |end| end.start());
    let lead = title[..stop].trim();
    let start = title_start + head + title.len() - title.trim_start().len();
    // A name that goes on with 「の31歳の…」 ends before it.
    let inner = found.iter().find(|known| known.start == start && known.end <= title_start + head + stop).map(|known| known.end);
    if lead.chars().count() >= 2
        && lead.chars().count() <= 40
        && !PATTERNS.no_organisation.is_match(lead)
        && !(regulated && PATTERNS.regulator.is_match(lead))
    {
        let end = inner.filter(|&end| text[end..].starts_with(POSSESSIVE)).unwrap_or(start + lead.len());
        // A reporter's title begins with anything.
        let anything = matches!(genre, Genre::Commentary | Genre::News) && inner != Some(end) && text[start..end].contains(POSSESSIVE);
        if !anything && says(&PATTERNS.legal_form, &text[start..end]) {
            found.push(Candidate { name: text[start..end].to_owned(), start, end, breached: 5, vendor: 0, investigator: 0, listed: false });
        }
    }
    whole(text, &mut found);
    // What speaks for one mention of a name speaks for all.
    let mut totals: BTreeMap<String, (i32, i32, i32)> = BTreeMap::new();
    for one in &found {
        let total = totals.entry(one.name.clone()).or_default();
        *total = (total.0 + one.breached, total.1 + one.vendor, total.2 + one.investigator);
    }
    for candidate in &mut found {
        (candidate.breached, candidate.vendor, candidate.investigator) = totals[&candidate.name];
    }
    found
}

/// The short name that is given right behind a name.
fn alias(after: &str) -> Option<regex::Match<'_>> {
    PATTERNS.alias.captures(&after[..patterns::prefix(after, 60)])?.get(1)
}

/// Gives a name that its line breaks off the form that the text has elsewhere: 「株式会社ハルノ」 「ネ」.
fn whole(text: &str, found: &mut [Candidate]) {
    // Sorted, the longer forms of a name stand right behind it.
    let names: BTreeSet<String> = found.iter().map(|one| one.name.clone()).collect();
    for one in found {
        let Some(next) = text[one.end..].trim_start_matches(' ').strip_prefix('\n').map(str::trim_start) else { continue };
        let longer = names
            .range::<str, _>((Bound::Excluded(one.name.as_str()), Bound::Unbounded))
            .take_while(|name| name.starts_with(&one.name))
            .take(LONGER)
            .find(|name| next.starts_with(&name[one.name.len()..]));
        if let Some(longer) = longer {
            one.name.clone_from(longer);
        }
    }
}

/// How often a short name is one who works for another, and one whom another works for.
fn relations(text: &str, alias: &str, gates: &Gates<'_>) -> (i32, i32) {
    let says = |pattern: &Pattern, part: &str| i32::from(gates.is_match_beside(pattern, part));
    let mut sum = (0, 0);
    for (at, _) in text.match_indices(alias).take(ALIASED) {
        let (before, after) = (&text[..at], &text[at + alias.len()..]);
        let (before, after) = (&before[patterns::suffix(before, 24)..], &after[..patterns::prefix(after, 60)]);
        sum.0 += says(&PATTERNS.works_before, before) + says(&PATTERNS.works_after, after);
        sum.1 += says(&PATTERNS.client_before, before) + says(&PATTERNS.client_after, after);
    }
    sum
}

/// 「A社および子会社のB社は」: who stands in one row with whom was hit was hit too.
fn join(text: &str, candidates: &mut [Candidate], breached: &str) {
    candidates.sort_by_key(|candidate| (candidate.start, candidate.end));
    for index in 1..candidates.len() {
        let (first, second) = (&candidates[index - 1], &candidates[index]);
        let row = text.get(first.end..second.start).is_some_and(|between| between.len() < ROW && PATTERNS.coordinated.is_match(between));
        let hit =
            |one: &Candidate, other: &Candidate| one.name == breached && other.name != breached && other.vendor + other.investigator == 0;
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

/// So many longer forms of a name are tried.
const LONGER: usize = 16;

/// The head of a text, in bytes.
const HEAD: usize = 600;

/// So many short names are followed, so often each.
const ALIASES: usize = 8;
const ALIASED: usize = 40;

/// In bytes, between two names of one row.
const ROW: usize = 200;

/// 「の」, by its place in the language a particle rather than a word.
const POSSESSIVE: char = 'の';

/// The names in a list of organisations with figures, of which some are known by their form.
fn roster(text: &str) -> Vec<(usize, usize)> {
    let found: Vec<_> =
        PATTERNS.roster.captures_iter(text).filter_map(|captures| captures.get(1)).map(|name| (name.start(), name.end())).collect();
    let known = found.iter().filter(|&&(start, end)| PATTERNS.organisation.is_match(&text[start..end])).count();
    if found.len() >= ROSTER && known * 2 >= found.len() { found } else { Vec::new() }
}

/// So many lines are a list.
const ROSTER: usize = 3;

/// Where names of organisations stand: a legal form or the name of an institution, with what belongs to it before and after.
fn names(text: &str, seen: &Seen) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    for place in HUNTS.organisation.find(text, seen) {
        let surface = &text[place.range()];
        // 「株式会社甲及び乙」: a conjunction begins with a character that a name may hold.
        let whole = PATTERNS.conjunction.find(surface).map_or(surface, |found| &surface[..found.start()]);
        let trimmed = whole.trim_matches([' ', '・', '-', '.']);
        let at = place.start + surface.find(trimmed).unwrap_or(0);
        let (start, end) =
            (latin_before(text, kana_before(text, at)), rest_of_line(text, at, without_particles(text, at, at + trimmed.len())));
        if text[start..end].chars().count() < 3 || PATTERNS.no_organisation.is_match(&text[start..end]) {
            continue;
        }
        match found.last_mut() {
            // 「一般社団法人日本つむぎ織物協会」: kana inside a name.
            Some(last) if is_inner_kana(&text[last.1.min(start)..start]) => last.1 = end,
            // 「医療法人社団A会 B病院」 is one name.
            Some(last)
                if text.get(last.1..start) == Some(" ")
                    && PATTERNS.owner.is_match(&text[last.0..last.1])
                    && PATTERNS.owned.is_match(&text[start..end]) =>
            {
                last.1 = end
            }
            _ => found.push((start, end)),
        }
    }
    found
}

/// 「株式会社ゆきわりでは」: a name in kana ends before its particles.
fn without_particles(text: &str, start: usize, mut end: usize) -> usize {
    let kana = |end: usize| text[start..end].chars().rev().take(2).all(|c| ('ぁ'..='ん').contains(&c));
    while kana(end)
        && let Some(found) = PATTERNS.particles.find(&text[start..end])
        && text[start..start + found.start()].chars().count() >= 6
    {
        end = start + found.start();
    }
    end
}

fn is_inner_kana(between: &str) -> bool {
    PATTERNS.kana_start.is_match(between) && !PATTERNS.no_kana_start.is_match(between)
}

/// Whether the text says that it happened at a contractor.
pub(crate) fn names_contractor(gates: &Gates<'_>) -> bool {
    gates.anywhere(&PATTERNS.vendor_event)
}

/// A name that stands alone on its line goes on to the end of the line or the first space: 「特定非営利活動法人ささはら谷こども塾」.
fn rest_of_line(text: &str, start: usize, end: usize) -> usize {
    let opens = text[..start].trim_end_matches(' ').chars().next_back().is_none_or(|c| c == '\n');
    let rest = &text[end..];
    // One character more than may be taken, and no further: a line may be as long as the text.
    let rest = &rest[..patterns::prefix(rest, 15)];
    let rest = &rest[..rest.find(['\n', ' ']).unwrap_or(rest.len())];
    match opens
        && rest.chars().count() <= 14
        && rest.chars().all(char::is_alphanumeric)
        && !PATTERNS.self_named.is_match(rest)
        && !PATTERNS.department.is_match(rest)
    {
        true => end + rest.len(),
        false => end,
    }
}

/// 「Larkspur Japan株式会社」: the Latin words before one belong to it.
fn latin_before(text: &str, mut start: usize) -> usize {
    for _ in 0..LATIN_WORDS {
        let Some(head) = text[..start].strip_suffix(' ').filter(|_| text[start..].starts_with(|c: char| c.is_ascii_alphabetic())) else {
            break;
        };
        let word = head.bytes().rev().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'&' | b'.' | b'-')).count();
        let from = head.len() - word;
        if !head[from..].starts_with(|c: char| c.is_ascii_uppercase()) {
            break;
        }
        start = from;
    }
    start
}

/// A name in Latin letters has so many words before its last one at most.
const LATIN_WORDS: usize = 3;

/// The start of a name whose first characters are kana: only after a break, as particles are kana too.
fn kana_before(text: &str, start: usize) -> usize {
    let head = &text[..start];
    let kana = head.chars().rev().take_while(|c| ('ぁ'..='ん').contains(c)).map(char::len_utf8).sum::<usize>();
    let from = start - kana;
    let run = &text[from..start];
    let after_break = text[..from].chars().next_back().is_none_or(|c| c.is_whitespace() || BREAKS.contains(c));
    match after_break && PATTERNS.kana_start.is_match(run) && !PATTERNS.no_kana_start.is_match(run) {
        true => from,
        false => start,
    }
}

const BREAKS: &str = "、。「『【(>・";

/// The site or system that the notice is about: a name in quotes that is used like one, the most often quoted.
fn service<'t>(text: &'t str, breached: Option<&str>, gates: &Gates<'_>) -> Option<(&'t str, usize, usize)> {
    let mut seen: BTreeMap<&str, (usize, usize, u32)> = BTreeMap::new();
    for captures in PATTERNS.service.captures_iter(text) {
        let (Some(whole), Some(name)) = (captures.get(0), captures.get(1)) else { continue };
        if gates.open(&PATTERNS.no_service) && PATTERNS.no_service.is_match(name.as_str()) || breached == Some(name.as_str()) {
            continue;
        }
        let before = &text[..whole.start()];
        let used = PATTERNS.service_name.is_match(name.as_str()) && PATTERNS.service_use.is_match(&text[whole.end()..]);
        let named = u32::from(used)
            + PATTERNS.service_after.is_match(&text[whole.end()..]) as u32
            + 2 * (gates.open(&PATTERNS.service_before) && PATTERNS.service_before.is_match(&before[patterns::suffix(before, 20)..]))
                as u32;
        seen.entry(name.as_str()).or_insert((name.start(), name.end(), 0)).2 += named;
    }
    let best = seen.into_iter().filter(|(_, entry)| entry.2 > 0).max_by_key(|(_, entry)| (entry.2, std::cmp::Reverse(entry.0)));
    best.map(|(name, (start, end, _))| (name, start, end))
}
