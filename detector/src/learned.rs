//! What practice has taught: where no rule speaks, or only guesses a cause that all else speaks against, what stands around is weighed.
//!
//! Rules know the wordings that somebody thought of. A linear model knows none for certain, but has something to say of each: from
//! labelled passages (`learning/practice/`) it has learnt how much each short run of characters, and each word that the tables know,
//! speaks for a date's role, a status or a cause. Its weights are data (`data/learned/`), fitted by `learning/`.

use std::sync::LazyLock;

use owabi_corpora::Span;

use crate::lexicon::Match;
use crate::patterns;
use crate::weights::{Hash, Weights};
use crate::words::Meaning;

/// The weights of one question.
pub(crate) struct Learned(LazyLock<Weights>);

/// Of which role a date is: `data/learned/dates.tsv`.
pub(crate) static DATES: Learned =
    Learned(LazyLock::new(|| Weights::from_bytes(include_bytes!(concat!(env!("OUT_DIR"), "/dates.weights")))));

/// Of which status a mention of data is: `data/learned/data.tsv`.
pub(crate) static DATA: Learned = Learned(LazyLock::new(|| Weights::from_bytes(include_bytes!(concat!(env!("OUT_DIR"), "/data.weights")))));

/// What a sentence tells of the cause: `data/learned/causes.tsv`.
pub(crate) static CAUSES: Learned =
    Learned(LazyLock::new(|| Weights::from_bytes(include_bytes!(concat!(env!("OUT_DIR"), "/causes.weights")))));

/// Takes what stands around a place, one name after the other.
pub(crate) trait Take {
    /// A run of characters, as `chars` of a [`Stretch`] from `from` to `to`; `tag` says in which stretch.
    fn run(&mut self, tag: &str, stretch: &Stretch, from: usize, to: usize);
    /// Something else that is so, in as many words.
    fn fact(&mut self, words: &[&str], at: Option<Span>);
}

/// What names of facts begin with, so that none is a run of characters.
const FACT: &str = "= ";

/// How much speaks for each class, in hundredths of the natural logarithm of the odds.
pub(crate) struct Weigher {
    weights: &'static Weights,
    sums: Vec<i32>,
    /// Of one class: the weightiest run so far.
    watched: Option<(usize, i16, Option<Span>)>,
}

impl Learned {
    /// How much speaks for each class at a place; `around` tells what stands there.
    pub(crate) fn weigh(&'static self, around: impl FnOnce(&mut Weigher)) -> Vec<i32> {
        let mut weigher = Weigher::new(self, None);
        around(&mut weigher);
        weigher.sums
    }

    /// The class for which most speaks at a place, and how much.
    pub(crate) fn best(&'static self, around: impl FnOnce(&mut Weigher)) -> (usize, i32) {
        let sums = self.weigh(around).into_iter().enumerate();
        sums.max_by_key(|&(class, sum)| (sum, std::cmp::Reverse(class))).unwrap_or_default()
    }

    /// What speaks loudest for a class at a place.
    pub(crate) fn cue(&'static self, class: usize, around: impl FnOnce(&mut Weigher)) -> Option<Span> {
        let mut weigher = Weigher::new(self, Some((class, 0, None)));
        around(&mut weigher);
        weigher.watched?.2
    }
}

impl Weigher {
    fn new(learned: &'static Learned, watched: Option<(usize, i16, Option<Span>)>) -> Weigher {
        let sums = learned.0.bias.iter().map(|&bias| i32::from(bias)).collect();
        Weigher { weights: &learned.0, sums, watched }
    }

    fn add(&mut self, name: Hash, at: impl FnOnce() -> Option<Span>) {
        let weights = self.weights.of(name);
        for weight in weights.clone() {
            self.sums[usize::from(weight.class)] += i32::from(weight.hundredths);
        }
        if let Some((class, loudest, place)) = &mut self.watched
            && let Some(weight) = weights.clone().find(|weight| usize::from(weight.class) == *class && weight.hundredths > *loudest)
            && let Some(at) = at()
        {
            (*loudest, *place) = (weight.hundredths, Some(at));
        }
    }
}

impl Take for Weigher {
    fn run(&mut self, tag: &str, stretch: &Stretch, from: usize, to: usize) {
        let name = stretch.chars[from..to].iter().fold(Hash::of(tag), |hash, &c| hash.with(c));
        let says = || to - from > 1 && stretch.chars[from..to].iter().any(|&c| is_wordy(c));
        self.add(name, || says().then(|| stretch.word(from, to)));
    }

    fn fact(&mut self, words: &[&str], at: Option<Span>) {
        let name = words.iter().fold(Hash::of(FACT), |hash, word| word.chars().chain([' ']).fold(hash, Hash::with));
        self.add(name, || at);
    }
}

/// The names themselves, to learn from.
#[cfg(feature = "learning")]
#[derive(Default)]
pub(crate) struct Names(pub(crate) Vec<String>);

#[cfg(feature = "learning")]
impl Take for Names {
    fn run(&mut self, tag: &str, stretch: &Stretch, from: usize, to: usize) {
        self.0.push(tag.chars().chain(stretch.chars[from..to].iter().copied()).collect());
    }

    fn fact(&mut self, words: &[&str], _: Option<Span>) {
        self.0.push(words.iter().fold(FACT.to_owned(), |name, word| name + word + " "));
    }
}

/// Some characters of a text as they are weighed: a number is one 0, blanks are one space, what is `masked` is one mark.
pub(crate) struct Stretch {
    chars: Vec<char>,
    /// Where each begins, and where the last one ends.
    places: Vec<usize>,
}

/// Of a word that means something by itself: kanji, katakana, letters, and neither a particle nor an ending.
fn is_wordy(c: char) -> bool {
    c.is_alphabetic() && !('\u{3041}'..='\u{309f}').contains(&c)
}

/// Stands for words that are none of the matter, such as the names of data.
const MASK: char = '◇';

/// Between two masked words of a list stand so many characters at most.
const JOINED: usize = 3;

impl Stretch {
    /// A part of a text. `masked` are spans of the text, in order.
    pub(crate) fn new(text: &str, part: Span, masked: &[Span]) -> Stretch {
        let mut stretch = Stretch { chars: Vec::new(), places: Vec::new() };
        let mut masks = masked[masked.partition_point(|mask| mask.start < part.start)..].iter().peekable();
        let mut at = part.start;
        while at < part.end {
            if let Some(mask) = masks.next_if(|mask| mask.start <= at) {
                if mask.start == at && mask.end <= part.end && !mask.is_empty() {
                    stretch.mask(at);
                    at = mask.end;
                }
                continue;
            }
            let Some(c) = text[at..].chars().next() else { break };
            stretch.push(c, at);
            at += c.len_utf8();
        }
        stretch.places.push(at);
        stretch
    }

    fn push(&mut self, c: char, at: usize) {
        let c = if c.is_ascii_digit() {
            '0'
        } else if c.is_whitespace() {
            ' '
        } else {
            c
        };
        if matches!(c, '0' | ' ') && self.chars.last() == Some(&c) {
            return;
        }
        self.chars.push(c);
        self.places.push(at);
    }

    /// A list of masked words is one.
    fn mask(&mut self, at: usize) {
        let last = self.chars.iter().rev().take(JOINED + 1).position(|&c| c == MASK);
        match last {
            Some(between) => {
                self.chars.truncate(self.chars.len() - between);
                self.places.truncate(self.chars.len());
            }
            None => {
                self.chars.push(MASK);
                self.places.push(at);
            }
        }
    }

    /// The run with the rest of the words that it begins and ends in.
    fn word(&self, from: usize, to: usize) -> Span {
        let ahead = self.chars[..from].iter().rev().take_while(|&&c| is_wordy(c) && is_wordy(self.chars[from])).count();
        let after = self.chars[to..].iter().take_while(|&&c| is_wordy(c) && is_wordy(self.chars[to - 1])).count();
        self.span(from - ahead, to + after)
    }

    fn span(&self, from: usize, to: usize) -> Span {
        Span::new(self.places[from], self.places[to])
    }

    /// Its first characters, so many at most.
    pub(crate) fn first(&self, chars: usize) -> Stretch {
        let end = chars.min(self.chars.len());
        Stretch { chars: self.chars[..end].to_vec(), places: self.places[..=end].to_vec() }
    }

    /// Its last characters, so many at most.
    pub(crate) fn last(&self, chars: usize) -> Stretch {
        let start = self.chars.len().saturating_sub(chars);
        Stretch { chars: self.chars[start..].to_vec(), places: self.places[start..].to_vec() }
    }

    /// All runs of so many characters.
    pub(crate) fn runs(&self, tag: &str, lengths: std::ops::RangeInclusive<usize>, take: &mut impl Take) {
        for from in 0..self.chars.len() {
            for to in lengths.clone().map(|length| from + length).take_while(|&to| to <= self.chars.len()) {
                take.run(tag, self, from, to);
            }
        }
    }

    /// All of it.
    pub(crate) fn whole(&self, tag: &str, take: &mut impl Take) {
        take.run(tag, self, 0, self.chars.len());
    }

    /// The first characters, from one to so many.
    pub(crate) fn beginnings(&self, tag: &str, longest: usize, take: &mut impl Take) {
        (1..=longest.min(self.chars.len())).for_each(|to| take.run(tag, self, 0, to));
    }

    /// The last characters, from one to so many.
    pub(crate) fn endings(&self, tag: &str, longest: usize, take: &mut impl Take) {
        (1..=longest.min(self.chars.len())).for_each(|length| take.run(tag, self, self.chars.len() - length, self.chars.len()));
    }
}

/// The words of the tables in a stretch, and whether each is one of those that stand first.
pub(crate) fn known(matches: &[Match], stretch: Span) -> impl Iterator<Item = (&Match, bool)> {
    let from = matches.partition_point(|hit| hit.start < stretch.start);
    let within = matches[from..].iter().take_while(move |hit| hit.start < stretch.end).filter(move |hit| hit.end <= stretch.end);
    let mut first = None;
    within.map(move |hit| (hit, *first.get_or_insert(hit.start) == hit.start))
}

/// Tells of the words of the tables in a stretch whatever `name` makes of them, and of those that stand first once more.
pub(crate) fn words<N: AsRef<[&'static str]>>(
    matches: &[Match],
    tag: &str,
    stretch: Span,
    take: &mut impl Take,
    name: impl Fn(Meaning) -> Option<N>,
) {
    for (hit, first) in known(matches, stretch) {
        let Some(name) = name(hit.meaning) else { continue };
        let named: Vec<&str> = ["first", tag].into_iter().chain(name.as_ref().iter().copied()).collect();
        take.fact(&named[1..], Some(hit.span()));
        if first {
            take.fact(&named, Some(hit.span()));
        }
    }
}

/// The first characters of a part of a text, so many at most.
pub(crate) fn first(text: &str, part: Span, chars: usize) -> Span {
    Span::new(part.start, part.start + patterns::prefix(&text[part.range()], chars))
}

/// The last characters of a part of a text, so many at most.
pub(crate) fn last(text: &str, part: Span, chars: usize) -> Span {
    Span::new(part.start + patterns::suffix(&text[part.range()], chars), part.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stretch(text: &str, masked: &[Span]) -> String {
        Stretch::new(text, Span::new(0, text.len()), masked).chars.into_iter().collect()
    }

    #[test]
    fn numbers_blanks_and_masked_words_are_one_character() {
        assert_eq!(stretch("2024年\n\n 10月", &[]), "0年 0月");
        let masked = [Span::new(3, 9), Span::new(12, 18), Span::new(33, 36)];
        assert_eq!(stretch("と氏名、住所、また別に年", &masked), "と◇、また別に◇");
        assert_eq!(stretch("", &[]), "");
    }

    #[test]
    fn characters_keep_their_places() {
        let text = "氏名が2024漏れた";
        let stretch = Stretch::new(text, last(text, Span::new(0, text.len()), 8), &[Span::new(0, 6)]);
        assert_eq!(&text[stretch.span(1, 3).range()], "2024漏");
        assert_eq!(&text[stretch.span(4, 5).range()], "た");
    }

    #[test]
    fn what_spoke_is_told_as_a_word() {
        let text = "1日に情報漏洩を確認した";
        let stretch = Stretch::new(text, Span::new(0, text.len()), &[]);
        assert_eq!(&text[stretch.word(4, 6).range()], "情報漏洩");
        assert_eq!(&text[stretch.word(9, 11).range()], "確認し");
    }
}
