//! Short names: given right behind a name, or cut off by the end of a line.

use std::collections::BTreeSet;
use std::ops::Bound;

use super::{Candidate, PATTERNS};
use crate::gates::Gates;
use crate::patterns::{self, Pattern};

/// The short name that is given right behind a name.
pub(super) fn alias(after: &str) -> Option<regex::Match<'_>> {
    PATTERNS.alias.captures(&after[..patterns::prefix(after, 60)])?.iter().skip(1).flatten().next()
}

/// Gives a name that its line breaks off the form that the text has elsewhere: 「株式会社ハルノ」 「ネ」.
pub(super) fn whole(text: &str, found: &mut [Candidate]) {
    // Sorted, the longer forms of a name stand right behind it.
    let names: BTreeSet<String> = found.iter().map(|one| one.name.clone()).collect();
    for one in found {
        // Kana before a name are particles, unless the whole of it stands elsewhere: 「みなほリース株式会社」.
        let cut = |name: &&String| {
            name.strip_suffix(&one.name)
                .is_some_and(|head| head.ends_with(|c| ('ぁ'..='ん').contains(&c)) && text[..one.start].ends_with(head))
        };
        if let Some(name) = names.iter().take(LONGER).find(cut) {
            one.start -= name.len() - one.name.len();
            one.name.clone_from(name);
            continue;
        }
        // 「市教育委員会」, 「県の特産品協会」: the name without its place, which stands elsewhere.
        let placed = |name: &&String| {
            name.strip_suffix(&one.name).is_some_and(|place| {
                let kind = place.chars().next_back().filter(|_| PATTERNS.of_place.is_match(place));
                let whole = one.name.chars().next();
                !place.is_empty()
                    && (kind.is_some_and(|kind| {
                        text[..one.start].ends_with(POSSESSIVE) && text[..one.start].trim_end_matches(POSSESSIVE).ends_with(kind)
                    }) || whole.is_some_and(|c| PATTERNS.of_place.is_match(c.encode_utf8(&mut [0; 4]))))
            })
        };
        if PATTERNS.bare.is_match(&one.name)
            && let Some(name) = names.iter().filter(|name| name.ends_with(&one.name)).take(LONGER).find(placed)
        {
            one.name.clone_from(name);
            continue;
        }
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
pub(super) fn relations(text: &str, alias: &str, gates: &Gates<'_>) -> (i32, i32) {
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

/// 「の」, by its place in the language a particle rather than a word.
const POSSESSIVE: char = 'の';

/// So many longer forms of a name are tried.
const LONGER: usize = 16;

/// A short name is followed so often at most.
const ALIASED: usize = 40;
