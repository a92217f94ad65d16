//! Words without which a pattern cannot match, so that most patterns are never run.
//!
//! Nearly every regular expression of the tables has a set of words of which each of its matches contains one: of
//! 「(委託先|請負業者)[^。]*(紛失|漏)」 it is 「委託先」 or 「請負業者」, and 「紛失」 or 「漏」. The words are read off the patterns ([`crate::needed`]), stand in the one
//! scanner beside the surfaces of the lexicon, and the one scan of a text tells where they are. A pattern is then run only on
//! stretches that hold one of them.

use owabi_corpora::Span;
use regex::Match;
use regex_syntax::hir::Hir;

use crate::needed::required;
use crate::patterns::{self, Pattern};

/// The gates of all patterns. A gate is a set of words, named by its position.
pub(crate) struct Registry {
    /// The patterns as they are written, sorted, and the gates of each.
    patterns: &'static [(&'static str, &'static [u16])],
    /// The words, sorted, and in which gates each stands.
    pub(crate) words: &'static [(&'static str, &'static [u16])],
    count: u16,
}

/// Made by the build script: reading it off the patterns at every start would take longer than to label many texts.
pub(crate) static REGISTRY: Registry = include!(concat!(env!("OUT_DIR"), "/gates.rs"));

impl Registry {
    /// The gates of a pattern: each must be open. None where the pattern is not known or has no words of its own.
    pub(crate) fn gates(&self, pattern: &str) -> &'static [u16] {
        self.patterns.binary_search_by_key(&pattern, |row| row.0).map_or(&[], |at| self.patterns[at].1)
    }
}

/// Where a text holds the words of each gate.
pub(crate) struct Gates<'t> {
    text: &'t str,
    /// The places of gate `g` are `places[first[g]..first[g + 1]]`: where its words begin, ascending.
    first: Vec<usize>,
    places: Vec<usize>,
}

impl<'t> Gates<'t> {
    /// From the words that the text holds, in the order of their places: where each begins and in which gates it stands.
    pub(crate) fn new<'w>(text: &'t str, words: impl Iterator<Item = (usize, &'w [u16])> + Clone) -> Gates<'t> {
        let mut first = vec![0; usize::from(REGISTRY.count) + 1];
        for (_, gates) in words.clone() {
            gates.iter().for_each(|&gate| first[usize::from(gate) + 1] += 1);
        }
        for gate in 1..first.len() {
            first[gate] += first[gate - 1];
        }
        let mut places = vec![0; first[first.len() - 1]];
        let mut next = first.clone();
        for (place, gates) in words {
            for &gate in gates {
                places[next[usize::from(gate)]] = place;
                next[usize::from(gate)] += 1;
            }
        }
        Gates { text, first, places }
    }

    /// Where the words of a gate begin, ascending.
    fn places(&self, gate: u16) -> &[usize] {
        let gate = usize::from(gate);
        &self.places[self.first[gate]..self.first[gate + 1]]
    }

    /// Whether a pattern may match inside a stretch.
    pub(crate) fn may(&self, pattern: &Pattern, span: Span) -> bool {
        pattern.gates().iter().all(|&gate| {
            let places = self.places(gate);
            let next = places.partition_point(|&place| place < span.start);
            places.get(next).is_some_and(|&place| place < span.end)
        })
    }

    /// Whether a pattern may match anywhere.
    pub(crate) fn open(&self, pattern: &Pattern) -> bool {
        self.may(pattern, Span::new(0, self.text.len()))
    }

    /// Whether a pattern matches the text of a stretch, as if there were nothing around it.
    pub(crate) fn is_match(&self, pattern: &Pattern, span: Span) -> bool {
        let text = &self.text[span.range()];
        pattern.fits(text) && self.may(pattern, span) && pattern.is_match(text)
    }

    /// The first match in the text of a stretch; its positions count from there.
    pub(crate) fn find(&self, pattern: &Pattern, span: Span) -> Option<Match<'t>> {
        let text = &self.text[span.range()];
        if pattern.fits(text) && self.may(pattern, span) { pattern.find(text) } else { None }
    }

    /// The parts of the text that hold all matches of a pattern, in order and apart from each other. A search of each finds what
    /// a search of the whole text finds.
    pub(crate) fn stretches(&self, pattern: &Pattern) -> Vec<Span> {
        let whole = Span::new(0, self.text.len());
        if !self.may(pattern, whole) {
            return Vec::new();
        }
        let (Some(reach), Some(&gate)) = (pattern.reach(), pattern.gates().first()) else { return vec![whole] };
        let mut found: Vec<Span> = Vec::new();
        for &place in self.places(gate) {
            let around = patterns::widen(self.text, Span::new(place, place), reach);
            match found.last_mut() {
                Some(last) if around.start <= last.end => last.end = around.end,
                _ => found.push(around),
            }
        }
        found.retain(|&stretch| self.may(pattern, stretch));
        found
    }

    /// Whether a pattern matches anywhere.
    pub(crate) fn anywhere(&self, pattern: &Pattern) -> bool {
        self.stretches(pattern).into_iter().any(|stretch| pattern.is_match(&self.text[stretch.range()]))
    }
}

/// Words of which every match of a pattern contains one, in lower case; none where there are no such words.
pub(crate) fn words(pattern: &str) -> Vec<String> {
    regex_syntax::parse(pattern).map(|hir| words_of(&hir)).unwrap_or_default()
}

/// The same of a part of a pattern.
pub(crate) fn words_of(hir: &Hir) -> Vec<String> {
    required(hir).into_iter().next().map(|set| set.words).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// They are compiled when a text first asks for them.
    #[test]
    fn every_pattern_compiles() {
        assert!(REGISTRY.patterns.len() > 500);
        for (pattern, _) in REGISTRY.patterns {
            assert!(Pattern::new(*pattern).captures_len() > 0);
        }
    }
}
