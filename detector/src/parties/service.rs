//! The named site or system.

use std::collections::BTreeMap;

use regex::Match;

use super::PATTERNS;
use crate::gates::Gates;
use crate::patterns;

/// The site or system that the notice is about: a name in quotes that is used like one, the most often quoted.
pub(super) fn service<'t>(text: &'t str, breached: Option<&str>, gates: &Gates<'_>) -> Option<(&'t str, usize, usize)> {
    let mut seen: BTreeMap<&str, (usize, usize, u32)> = BTreeMap::new();
    // Of a row of names the first, and where the row ends so far: what follows the row is said of all.
    let mut row: Option<(Match<'t>, usize)> = None;
    for captures in PATTERNS.service.captures_iter(text) {
        let (Some(whole), Some(name)) = (captures.get(0), captures.get(1)) else { continue };
        let goes_on = |end: &usize| PATTERNS.quoted_row.is_match(&text[*end..whole.start()]);
        let name = row.filter(|(_, end)| goes_on(end)).map_or(name, |(first, _)| first);
        row = Some((name, whole.end()));
        if gates.open(&PATTERNS.no_service) && PATTERNS.no_service.is_match(name.as_str()) || breached == Some(name.as_str()) {
            continue;
        }
        let (before, after) = (&text[..whole.start()], &text[whole.end()..]);
        // What a screen shows, or what is said to be untouched.
        let after = &after[..patterns::prefix(after, SENTENCE)];
        let after = &after[..after.find(['。', '\n']).unwrap_or(after.len())];
        if PATTERNS.displayed.is_match(after) || gates.open(&PATTERNS.unaffected) && PATTERNS.unaffected.is_match(after) {
            continue;
        }
        let used = PATTERNS.service_name.is_match(name.as_str()) && PATTERNS.service_use.is_match(&text[whole.end()..]);
        let named = u32::from(used)
            + PATTERNS.service_after.is_match(&text[whole.end()..]) as u32
            + 2 * (gates.open(&PATTERNS.service_before) && PATTERNS.service_before.is_match(&before[patterns::suffix(before, 20)..]))
                as u32;
        seen.entry(name.as_str()).or_insert((name.start(), name.end(), 0)).2 += named;
    }
    for pattern in [&PATTERNS.greeting, &PATTERNS.defined_system] {
        let found = if gates.open(pattern) { pattern.captures(text) } else { None };
        if let Some(name) = found.and_then(|found| found.get(1)).filter(|name| !PATTERNS.own_service.is_match(name.as_str())) {
            seen.entry(name.as_str()).or_insert((name.start(), name.end(), 0)).2 += INTRODUCED;
        }
    }
    let best = seen.into_iter().filter(|(_, entry)| entry.2 > 0).max_by_key(|(_, entry)| (entry.2, std::cmp::Reverse(entry.0)));
    best.map(|(name, (start, end, _))| (name, start, end))
}

/// As much as three quotations: these words name what the text is about.
const INTRODUCED: u32 = 3;

/// What is said of a name stands within so many characters behind it.
const SENTENCE: usize = 80;
