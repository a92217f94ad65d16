//! The characters that a pattern can begin and end with, so that most anchored patterns need not be run.
//!
//! Many patterns ask what stands right before or right after a place: 「(?:から|では|は)」 at the start of what follows a name. One
//! look at the first or the last character refuses nearly all of it.

use regex_syntax::hir::{Class, Hir, HirKind, Look};

/// What a text has to begin and end with for a pattern to match it; read off the pattern.
#[derive(Debug, Default)]
pub(crate) struct Edges {
    first: Option<Edge>,
    last: Option<Edge>,
}

/// Which characters may stand at one end.
#[derive(Debug)]
struct Edge {
    chars: CharSet,
    /// A text without any character will do too.
    empty: bool,
}

/// Characters.
#[derive(Debug)]
pub(crate) struct CharSet {
    /// Ascending and apart.
    ranges: Vec<(char, char)>,
    /// The last six bits of each, as a set: refuses most others at once.
    bits: u64,
}

impl CharSet {
    pub(crate) fn new(mut ranges: Vec<(char, char)>) -> CharSet {
        ranges.sort_unstable();
        let mut apart: Vec<(char, char)> = Vec::new();
        for range in ranges {
            match apart.last_mut() {
                Some(last) if range.0 <= last.1 => last.1 = last.1.max(range.1),
                _ => apart.push(range),
            }
        }
        let bits = apart.iter().flat_map(|&(start, end)| (start..=end).take(64)).fold(0, |bits, c| bits | bit(c));
        CharSet { ranges: apart, bits }
    }

    pub(crate) fn has(&self, c: char) -> bool {
        let at = || self.ranges.partition_point(|range| range.1 < c);
        self.bits & bit(c) != 0 && self.ranges.get(at()).is_some_and(|range| range.0 <= c)
    }

    pub(crate) fn has_all(&self, text: &str) -> bool {
        text.chars().all(|c| self.has(c))
    }
}

impl Edges {
    /// Of a pattern that is not anchored nothing is asked.
    pub(crate) fn new(hir: &Hir) -> Edges {
        let looks = hir.properties();
        Edges {
            first: if looks.look_set_prefix().contains(Look::Start) { Side::First.edge(hir) } else { None },
            last: if looks.look_set_suffix().contains(Look::End) { Side::Last.edge(hir) } else { None },
        }
    }

    /// Whether the pattern may match in a text; `false` is certain.
    pub(crate) fn fit(&self, text: &str) -> bool {
        let fits = |edge: &Option<Edge>, c: fn(&str) -> Option<char>| edge.as_ref().is_none_or(|edge| edge.has(c(text)));
        fits(&self.first, |text| text.chars().next()) && fits(&self.last, |text| text.chars().next_back())
    }
}

impl Edge {
    fn has(&self, c: Option<char>) -> bool {
        c.map_or(self.empty, |c| self.chars.has(c))
    }
}

/// What an end may be, while it is collected.
#[derive(Default)]
struct Found {
    ranges: Vec<(char, char)>,
    empty: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Side {
    First,
    Last,
}

impl Side {
    fn edge(self, hir: &Hir) -> Option<Edge> {
        let mut found = Found::default();
        // It matches nothing at all somewhere, so anything may stand there.
        let open = self.collect(hir, &mut found)?;
        (!open).then(|| Edge { chars: CharSet::new(found.ranges), empty: found.empty })
    }

    /// Adds the characters at this side of a part; whether the part may be empty, so that the next one counts too. `None` where
    /// it cannot be told.
    fn collect(self, hir: &Hir, found: &mut Found) -> Option<bool> {
        Some(match hir.kind() {
            HirKind::Empty => true,
            HirKind::Look(Look::Start) if self == Side::Last => self.nothing(found),
            HirKind::Look(Look::End) if self == Side::First => self.nothing(found),
            HirKind::Look(_) => true,
            HirKind::Literal(literal) => {
                let text = std::str::from_utf8(&literal.0).ok()?;
                let c = if self == Side::First { text.chars().next() } else { text.chars().next_back() }?;
                found.ranges.push((c, c));
                false
            }
            HirKind::Class(Class::Unicode(class)) => {
                found.ranges.extend(class.iter().map(|range| (range.start(), range.end())));
                false
            }
            HirKind::Class(Class::Bytes(_)) => return None,
            HirKind::Repetition(repetition) => self.collect(&repetition.sub, found)? || repetition.min == 0,
            HirKind::Capture(capture) => self.collect(&capture.sub, found)?,
            HirKind::Concat(parts) if self == Side::First => self.concat(parts.iter(), found)?,
            HirKind::Concat(parts) => self.concat(parts.iter().rev(), found)?,
            HirKind::Alternation(parts) => {
                let mut empty = false;
                for part in parts {
                    empty |= self.collect(part, found)?;
                }
                empty
            }
        })
    }

    fn concat<'h>(self, parts: impl Iterator<Item = &'h Hir>, found: &mut Found) -> Option<bool> {
        for part in parts {
            if !self.collect(part, found)? {
                return Some(false);
            }
        }
        Some(true)
    }

    /// The other end of the text: there is no character.
    fn nothing(self, found: &mut Found) -> bool {
        found.empty = true;
        false
    }
}

fn bit(c: char) -> u64 {
    1 << (c as u32 & 63)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchored_patterns_ask_for_their_first_and_last_characters() {
        for (pattern, text, fits) in [
            ("^(?:から|では|[は-ひ])", "から", true),
            ("^(?:から|では|[は-ひ])", "ひと", true),
            ("^(?:から|では|[は-ひ])", "もと", false),
            ("^(?:から|では|[は-ひ])", "", false),
            ("^ ?(?:に|へ)", " x", true),
            ("^ ?(?:に|へ)", "へ", true),
            ("^ ?(?:に|へ)", "x", false),
            ("^(?:$|[、。])", "", true),
            ("^(?:$|[、。])", "あ", false),
            ("^(?:に|)", "あ", true),
            ("委託(?:先|元)の?$", "再委託元", true),
            ("委託(?:先|元)の?$", "再委託元の", true),
            ("委託(?:先|元)の?$", "再委託", false),
            ("^(?:以上|記)$", "以上", true),
            ("^(?:以上|記)$", "以下", false),
            // Not anchored in each of its parts.
            ("^あ|い", "う", true),
            ("(?m)^あ", "う", true),
        ] {
            assert_eq!(Edges::new(&regex_syntax::parse(pattern).unwrap()).fit(text), fits, "{pattern}: {text}");
        }
    }
}
