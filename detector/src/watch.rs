//! Where a text holds the words without which patterns cannot match, for texts that the lexicon does not scan.

use std::collections::BTreeMap;

use owabi_corpora::Span;

use crate::gates;
use crate::scanner::Scanner;

/// The words of several owners, each a pattern or a list.
pub(crate) struct Watch {
    scanner: Scanner,
    /// Of each word.
    owners: Vec<Vec<usize>>,
}

impl Watch {
    /// `words` are in lower case, with whose they are.
    pub(crate) fn new(words: impl Iterator<Item = (usize, String)>) -> Watch {
        let mut owners: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        words.for_each(|(owner, word)| owners.entry(word).or_default().push(owner));
        let scanner = Scanner::new(&owners.keys().map(String::as_str).collect::<Vec<_>>());
        Watch { scanner, owners: owners.into_values().collect() }
    }

    /// Finds all words, overlapping ones included, whatever their capitals.
    pub(crate) fn scan(&self, text: &str) -> Seen {
        let mut seen = Vec::new();
        self.scanner.scan(&text.to_ascii_lowercase(), |start, end, word| {
            seen.extend(self.owners[word].iter().map(|&owner| (owner, Span::new(start, end))));
        });
        seen.sort_unstable_by_key(|&(owner, place)| (owner, place.start, std::cmp::Reverse(place.end)));
        Seen(seen)
    }
}

/// The words of a pattern, for [`Watch::new`]. The patterns are compiled in, so one without such words fails every test.
pub(crate) fn needed(owner: usize, pattern: &str) -> impl Iterator<Item = (usize, String)> + use<> {
    let words = gates::words(pattern);
    assert!(!words.is_empty(), "every match of a pattern that is looked for by its words has to hold one: {pattern}");
    words.into_iter().map(move |word| (owner, word))
}

/// The words that a text holds, by their owner.
pub(crate) struct Seen(Vec<(usize, Span)>);

impl Seen {
    /// Where those of one owner stand, by their start, longer ones first.
    pub(crate) fn of(&self, owner: usize) -> impl Iterator<Item = Span> {
        let from = self.0.partition_point(|&(other, _)| other < owner);
        self.0[from..].iter().take_while(move |&&(other, _)| other == owner).map(|&(_, place)| place)
    }

    /// The lines of the text on which they stand, without their breaks, in order.
    pub(crate) fn lines(&self, text: &str, owner: usize) -> Vec<Span> {
        let mut lines: Vec<Span> = Vec::new();
        for word in self.of(owner) {
            if lines.last().is_none_or(|line| line.end <= word.start) {
                let start = text[..word.start].rfind('\n').map_or(0, |at| at + 1);
                let end = text[word.end..].find('\n').map_or(text.len(), |at| word.end + at);
                lines.push(Span::new(start, end));
            }
        }
        lines
    }

    /// Whether one of an owner's words begins in a stretch.
    pub(crate) fn within(&self, owner: usize, stretch: Span) -> bool {
        let next = self.0.partition_point(|&(other, place)| (other, place.start) < (owner, stretch.start));
        self.0.get(next).is_some_and(|&(other, place)| other == owner && place.start < stretch.end)
    }
}
