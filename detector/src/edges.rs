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
#[derive(Debug, Default)]
struct Edge {
    /// Ascending and apart.
    ranges: Vec<(char, char)>,
    /// The last six bits of each, as a set: refuses most others at once.
    bits: u64,
    /// A text without any character will do too.
    empty: bool,
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
        let Some(c) = c else { return self.empty };
        if self.bits & bit(c) == 0 {
            return false;
        }
        let at = self.ranges.partition_point(|range| range.1 < c);
        self.ranges.get(at).is_some_and(|range| range.0 <= c)
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Side {
    First,
    Last,
}

impl Side {
    fn edge(self, hir: &Hir) -> Option<Edge> {
        let mut edge = Edge::default();
        if self.collect(hir, &mut edge)? {
            // It matches nothing at all somewhere, so anything may stand there.
            return None;
        }
        edge.ranges.sort_unstable();
        let mut ranges: Vec<(char, char)> = Vec::new();
        for range in edge.ranges {
            match ranges.last_mut() {
                Some(last) if range.0 <= last.1 => last.1 = last.1.max(range.1),
                _ => ranges.push(range),
            }
        }
        let bits = ranges.iter().flat_map(|&(start, end)| (start..=end).take(64)).fold(0, |bits, c| bits | bit(c));
        Some(Edge { ranges, bits, ..edge })
    }

    /// Adds the characters at this side of a part; whether the part may be empty, so that the next one counts too. `None` where
    /// it cannot be told.
    fn collect(self, hir: &Hir, edge: &mut Edge) -> Option<bool> {
        Some(match hir.kind() {
            HirKind::Empty => true,
            HirKind::Look(Look::Start) if self == Side::Last => self.nothing(edge),
            HirKind::Look(Look::End) if self == Side::First => self.nothing(edge),
            HirKind::Look(_) => true,
            HirKind::Literal(literal) => {
                let text = std::str::from_utf8(&literal.0).ok()?;
                let c = if self == Side::First { text.chars().next() } else { text.chars().next_back() }?;
                edge.ranges.push((c, c));
                false
            }
            HirKind::Class(Class::Unicode(class)) => {
                edge.ranges.extend(class.iter().map(|range| (range.start(), range.end())));
                false
            }
            HirKind::Class(Class::Bytes(_)) => return None,
            HirKind::Repetition(repetition) => self.collect(&repetition.sub, edge)? || repetition.min == 0,
            HirKind::Capture(capture) => self.collect(&capture.sub, edge)?,
            HirKind::Concat(parts) if self == Side::First => self.concat(parts.iter(), edge)?,
            HirKind::Concat(parts) => self.concat(parts.iter().rev(), edge)?,
            HirKind::Alternation(parts) => {
                let mut empty = false;
                for part in parts {
                    empty |= self.collect(part, edge)?;
                }
                empty
            }
        })
    }

    fn concat<'h>(self, parts: impl Iterator<Item = &'h Hir>, edge: &mut Edge) -> Option<bool> {
        for part in parts {
            if !self.collect(part, edge)? {
                return Some(false);
            }
        }
        Some(true)
    }

    /// The other end of the text: there is no character.
    fn nothing(self, edge: &mut Edge) -> bool {
        edge.empty = true;
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
