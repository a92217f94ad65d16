//! A pattern that is looked for in the surroundings of its words alone.
//!
//! 「[一-鿿ァ-ヶ]{1,24}(?:株式会社|病院)」 can only match where one of the words stands, and no further than there are characters that it
//! may hold: from 「による」 to 「では」 in 「…による青柳総合病院では…」. The rest of a text is not read.

use owabi_corpora::Span;

use crate::gates::{Prey, REGISTRY};
use crate::patterns::{Expression, Pattern};
use crate::watch::Seen;

/// A pattern without anchors, by its alternatives.
pub(crate) struct Hunt {
    parts: Vec<Part>,
}

struct Part {
    words: &'static [&'static str],
    /// Whose words these are in the watch.
    owner: u16,
    /// All that a match may hold.
    alphabet: CharSet,
    /// A match has so many bytes at least.
    least: usize,
    /// Matches from where a text begins. Searches of one place after the other, from so few, meet far fewer states than one search
    /// for all.
    here: Expression,
}

impl Hunt {
    /// Its words belong to owners from `first` on, one for each alternative. The patterns are compiled in, so one that cannot be hunted fails every test.
    pub(crate) fn new(pattern: &Pattern, first: u16) -> Hunt {
        let part = |(prey, owner): (&'static Prey, u16)| {
            let (spec, form) = prey.here;
            let here = Expression::known(spec.into(), form);
            Part { words: prey.words, owner, alphabet: CharSet::new(prey.alphabet), least: prey.least, here }
        };
        Hunt { parts: REGISTRY.prey(pattern.spec()).iter().zip(first..).map(part).collect() }
    }

    /// The words to watch for, with whose they are.
    pub(crate) fn words(&self) -> impl Iterator<Item = (u16, String)> {
        self.parts.iter().flat_map(|part| part.words.iter().map(|word| (part.owner, (*word).to_owned())))
    }

    /// Whether one of the words begins in a stretch.
    pub(crate) fn may(&self, seen: &Seen, stretch: Span) -> bool {
        self.parts.iter().any(|part| seen.within(part.owner, stretch))
    }

    /// The matches of the pattern in the text, in order: just those that a search of the whole text finds.
    pub(crate) fn find(&self, text: &str, seen: &Seen) -> Vec<Span> {
        let mut found = Vec::new();
        for Stretch { span, last_word } in self.stretches(text, seen) {
            let mut at = span.start;
            // A match holds a word.
            while at <= last_word {
                let rest = Span::new(at, span.end);
                // What stands first in a pattern goes before.
                let mut may = self.parts.iter().filter(|part| seen.within(part.owner, rest));
                let here = may.find_map(|part| part.here.find(&text[rest.range()]));
                let length = here.map_or_else(|| text[at..].chars().next().map_or(1, char::len_utf8), |hit| hit.len());
                if here.is_some() {
                    found.push(Span::new(at, at + length));
                }
                at += length;
            }
        }
        found
    }

    /// Where the pattern may match, in order and apart.
    fn stretches(&self, text: &str, seen: &Seen) -> Vec<Stretch> {
        let mut all: Vec<Stretch> = Vec::new();
        for part in &self.parts {
            let mut open: Option<Stretch> = None;
            for word in seen.of(part.owner).filter(|word| part.alphabet.has_all(&text[word.range()])) {
                if let Some(open) = open.as_mut().filter(|open| word.start < open.span.end) {
                    open.last_word = word.start;
                    continue;
                }
                all.extend(open.take());
                let before: usize = text[..word.start].chars().rev().take_while(|&c| part.alphabet.has(c)).map(char::len_utf8).sum();
                let after: usize = text[word.end..].chars().take_while(|&c| part.alphabet.has(c)).map(char::len_utf8).sum();
                let span = Span::new(word.start - before, word.end + after);
                open = (span.len() >= part.least).then_some(Stretch { span, last_word: word.start });
            }
            all.extend(open);
        }
        all.sort_unstable_by_key(|stretch| stretch.span.start);
        let mut apart: Vec<Stretch> = Vec::new();
        for Stretch { span, last_word } in all {
            match apart.last_mut() {
                Some(last) if span.start <= last.span.end => {
                    last.span.end = last.span.end.max(span.end);
                    last.last_word = last.last_word.max(last_word);
                }
                _ => apart.push(Stretch { span, last_word }),
            }
        }
        apart
    }
}

/// A part of a text with a word in it.
struct Stretch {
    span: Span,
    /// Where its last word begins.
    last_word: usize,
}

/// Characters.
struct CharSet {
    /// Ascending and apart.
    ranges: &'static [(char, char)],
    /// The last six bits of each, as a set: refuses most others at once.
    bits: u64,
}

impl CharSet {
    fn new(ranges: &'static [(char, char)]) -> CharSet {
        let bits = ranges.iter().flat_map(|&(start, end)| (start..=end).take(64)).fold(0, |bits, c| bits | bit(c));
        CharSet { ranges, bits }
    }

    fn has(&self, c: char) -> bool {
        let at = || self.ranges.partition_point(|range| range.1 < c);
        self.bits & bit(c) != 0 && self.ranges.get(at()).is_some_and(|range| range.0 <= c)
    }

    fn has_all(&self, text: &str) -> bool {
        text.chars().all(|c| self.has(c))
    }
}

fn bit(c: char) -> u64 {
    1 << (c as u32 & 63)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::Watch;
    use proptest::prelude::*;

    fn stretches(text: &str) -> Vec<&str> {
        let police = REGISTRY.hunts.iter().find(|(pattern, _)| pattern.contains("警察本部")).unwrap().0;
        let hunt = Hunt::new(&Pattern::new(police), 3);
        let seen = Watch::new(hunt.words()).scan(text);
        hunt.stretches(text, &seen).into_iter().map(|stretch| &text[stretch.span.range()]).collect()
    }

    #[test]
    fn only_the_surroundings_of_words_are_read() {
        assert_eq!(stretches("による青柳県警察本部では、名簿が"), ["青柳県警察本部"]);
        assert_eq!(stretches("町は、今日から"), Vec::<&str>::new());
    }

    proptest! {
        #[test]
        fn it_finds_what_a_search_of_the_whole_text_finds(
            text in "(株式会社|病院|県警察?|警察署|総務省|委員会|[A-Z][a-z]{1,3}| Inc\\.|[ぁ-お一-七ァ-オ市町県社 、]){0,40}"
        ) {
            prop_assert_eq!(REGISTRY.hunts.len(), 3);
            for (pattern, _) in REGISTRY.hunts {
                let pattern = Pattern::new(*pattern);
                let hunt = Hunt::new(&pattern, 0);
                let found = hunt.find(&text, &Watch::new(hunt.words()).scan(&text));
                let whole: Vec<Span> = pattern.find_iter(&text).map(|hit| hit.range().into()).collect();
                prop_assert_eq!(found, whole);
            }
        }
    }
}
