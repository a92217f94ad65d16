//! Where a text holds the words without which patterns cannot match, for texts that the lexicon does not scan.

use std::borrow::Cow;
use std::collections::BTreeMap;

use owabi_corpora::Span;

use crate::scanner::Scanner;

/// The words of several owners, each a pattern or a list.
pub(crate) struct Watch {
    scanner: Scanner,
    /// Of each word.
    owners: Vec<Vec<u16>>,
}

impl Watch {
    /// `words` are in lower case, with whose they are.
    pub(crate) fn new(words: impl Iterator<Item = (u16, String)>) -> Watch {
        let mut owners: BTreeMap<String, Vec<u16>> = BTreeMap::new();
        words.for_each(|(owner, word)| owners.entry(word).or_default().push(owner));
        let scanner = Scanner::new(&owners.keys().map(String::as_str).zip(0..).collect::<Vec<_>>());
        Watch { scanner, owners: owners.into_values().collect() }
    }

    /// Finds all words, overlapping ones included, whatever their capitals.
    pub(crate) fn scan(&self, text: &str) -> Seen {
        let mut seen = Vec::new();
        let capitals = text.bytes().any(|byte| byte.is_ascii_uppercase());
        let lower = if capitals { Cow::Owned(text.to_ascii_lowercase()) } else { Cow::Borrowed(text) };
        self.scanner.scan(&lower, |start, end, word| {
            let (start, shorter) = (start as u32, u16::MAX - (end - start) as u16);
            seen.extend(self.owners[word].iter().map(|&owner| Word { owner, start, shorter }));
        });
        seen.sort_unstable();
        Seen(seen)
    }
}

/// A word of an owner. The order is that of [`Seen`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Word {
    owner: u16,
    start: u32,
    /// By how much it is shorter than the longest word there can be.
    shorter: u16,
}

impl Word {
    fn place(self) -> Span {
        Span::new(self.start as usize, self.start as usize + usize::from(u16::MAX - self.shorter))
    }
}

/// The words of a pattern, for [`Watch::new`]. The patterns are compiled in, so one without such words fails every test.
pub(crate) fn needed(owner: u16, words: &'static [&'static str]) -> impl Iterator<Item = (u16, String)> {
    assert!(!words.is_empty(), "every match of a pattern that is looked for by its words has to hold one");
    words.iter().map(move |word| (owner, (*word).to_owned()))
}

/// The words that a text holds: by their owner, then by their start, longer ones first.
pub(crate) struct Seen(Vec<Word>);

impl Seen {
    /// Where those of one owner stand.
    pub(crate) fn of(&self, owner: u16) -> impl Iterator<Item = Span> {
        let from = self.0.partition_point(|word| word.owner < owner);
        self.0[from..].iter().take_while(move |word| word.owner == owner).map(|word| word.place())
    }

    /// The lines of the text on which they stand, without their breaks, in order.
    pub(crate) fn lines(&self, text: &str, owner: u16) -> impl Iterator<Item = Span> {
        let mut end = None;
        self.of(owner).filter_map(move |word| {
            if end.is_some_and(|end| word.start < end) {
                return None;
            }
            let start = text[..word.start].rfind('\n').map_or(0, |at| at + 1);
            let line = Span::new(start, text[word.end..].find('\n').map_or(text.len(), |at| word.end + at));
            end = Some(line.end);
            Some(line)
        })
    }

    /// Whether an owner has any.
    pub(crate) fn any(&self, owner: u16) -> bool {
        self.of(owner).next().is_some()
    }

    /// Whether one of an owner's words begins in a stretch.
    pub(crate) fn within(&self, owner: u16, stretch: Span) -> bool {
        let next = self.0.partition_point(|word| (word.owner, (word.start as usize)) < (owner, stretch.start));
        self.0.get(next).is_some_and(|word| word.owner == owner && (word.start as usize) < stretch.end)
    }
}
