//! What practice has taught: where no rule speaks, or one speaks that all else speaks against, what stands around, or the whole text, is
//! weighed.
//!
//! Rules know the wordings that somebody thought of. A linear model knows none for certain, but has something to say of each: from
//! labelled passages (`learning/practice/`) it has learnt how much each short run of characters, and each word that the tables know,
//! speaks for a date's role, a status, a cause or a kind of document. Its weights are data (`data/learned/`), fitted by `learning/`.

use std::ops::{Range, RangeInclusive};
use std::sync::LazyLock;

use owabi_corpora::Span;

use crate::lexicon::Match;
use crate::patterns;
pub(crate) use crate::weights::Hash;
use crate::weights::Weights;
use crate::words::Meaning;

/// The weights of one question.
pub(crate) struct Learned(LazyLock<Weights>);

/// Of which role a date is: `data/learned/dates.tsv`.
pub(crate) static DATES: Learned =
    Learned(LazyLock::new(|| Weights::from_bytes(include_bytes!(concat!(env!("OUT_DIR"), "/dates.weights")))));

/// Of which status a mention of data is: `data/learned/data.tsv`.
pub(crate) static DATA: Learned = Learned(LazyLock::new(|| Weights::from_bytes(include_bytes!(concat!(env!("OUT_DIR"), "/data.weights")))));

/// The same in a document, of which is known what it says as a whole: `data/learned/dates_in_documents.tsv` and
/// `data/learned/data_in_documents.tsv`. Passages tell little of that, and teach to weigh it wrongly.
pub(crate) static DATES_IN_DOCUMENTS: Learned =
    Learned(LazyLock::new(|| Weights::from_bytes(include_bytes!(concat!(env!("OUT_DIR"), "/dates_in_documents.weights")))));
pub(crate) static DATA_IN_DOCUMENTS: Learned =
    Learned(LazyLock::new(|| Weights::from_bytes(include_bytes!(concat!(env!("OUT_DIR"), "/data_in_documents.weights")))));

/// What a sentence tells of the cause: `data/learned/causes.tsv`.
pub(crate) static CAUSES: Learned =
    Learned(LazyLock::new(|| Weights::from_bytes(include_bytes!(concat!(env!("OUT_DIR"), "/causes.weights")))));

/// Whether a document of a page begins at a line: `data/learned/borders.tsv`.
pub(crate) static BORDERS: Learned =
    Learned(LazyLock::new(|| Weights::from_bytes(include_bytes!(concat!(env!("OUT_DIR"), "/borders.weights")))));

/// Which kind of document it is, what became of the data and what the main cause was, by all that a text says: `data/learned/gist.tsv`.
pub(crate) static GIST: Learned = Learned(LazyLock::new(|| Weights::from_bytes(include_bytes!(concat!(env!("OUT_DIR"), "/gist.weights")))));

/// How likely it is of which so much speaks, in hundredths of the logarithm of the odds.
pub(crate) fn chance(sum: i32) -> f64 {
    1.0 / (1.0 + (-f64::from(sum) / 100.0).exp())
}

/// That none of some places tells what each tells with this chance. The likeliest few are asked: many that hardly tell it do not tell it
/// together.
pub(crate) fn never(chances: impl IntoIterator<Item = f64>) -> f64 {
    let mut likeliest = [0.0_f64; LIKELIEST];
    for chance in chances {
        if let Some(at) = likeliest.iter().position(|&known| known < chance) {
            likeliest[at..].rotate_right(1);
            likeliest[at] = chance;
        }
    }
    likeliest.iter().map(|chance| 1.0 - chance).product()
}

/// So many places are asked what they tell together.
const LIKELIEST: usize = 3;

/// Of some answers the one for which most speaks, of equals the first.
pub(crate) fn likeliest<T>(answers: impl IntoIterator<Item = (T, i32)>) -> Option<(T, i32)> {
    answers.into_iter().reduce(|best, next| if next.1 > best.1 { next } else { best })
}

/// Takes what stands around a place, one name after the other.
pub(crate) trait Take {
    /// The runs of so many characters of a stretch that begin at some of its places; `tag` says in which stretch.
    fn runs(&mut self, tag: &str, stretch: &Stretch, places: Range<usize>, lengths: RangeInclusive<usize>);
    /// Something else that is so, in as many words.
    fn fact(&mut self, words: &[&str], at: Option<Span>);
}

/// What names of facts begin with, so that none is a run of characters.
const FACT: &str = "= ";

/// How much speaks for each class, in hundredths of the natural logarithm of the odds.
pub(crate) struct Weigher {
    weights: &'static Weights,
    sums: Vec<i32>,
    watched: Option<Watched>,
}

/// The weightiest run so far, of one class or of one beside another.
struct Watched {
    class: usize,
    against: Option<usize>,
    loudest: i32,
    place: Option<Span>,
}

impl Learned {
    /// How much speaks for each class at a place; `around` tells what stands there.
    pub(crate) fn weigh(&'static self, around: impl FnOnce(&mut Weigher)) -> Vec<i32> {
        let mut weigher = Weigher::new(self, None);
        around(&mut weigher);
        weigher.sums
    }

    /// How much speaks for each class at a place of a text of which so much is known before.
    pub(crate) fn weigh_beside(&'static self, known: &[i32], around: impl FnOnce(&mut Weigher)) -> Vec<i32> {
        let mut weigher = Weigher { weights: &self.0, sums: known.to_vec(), watched: None };
        around(&mut weigher);
        weigher.sums
    }

    /// How much speaks for each class, where each name counts once and `share` of its weight.
    pub(crate) fn weigh_once(&'static self, share: f64, around: impl FnOnce(&mut Once)) -> Vec<i32> {
        let mut once = Once { weights: &self.0, seen: vec![false; self.0.slots()], sums: vec![0; self.0.bias.len()] };
        around(&mut once);
        let sum = |(&bias, sum)| i32::from(bias) + (f64::from(sum) * share).round() as i32;
        self.0.bias.iter().zip(once.sums).map(sum).collect()
    }

    /// What speaks loudest for a class at a place, beside what it says for another.
    pub(crate) fn cue(&'static self, class: usize, against: Option<usize>, around: impl FnOnce(&mut Weigher)) -> Option<Span> {
        let mut weigher = Weigher::new(self, Some(Watched { class, against, loudest: 0, place: None }));
        around(&mut weigher);
        weigher.watched?.place
    }
}

impl Weigher {
    fn new(learned: &'static Learned, watched: Option<Watched>) -> Weigher {
        let sums = learned.0.bias.iter().map(|&bias| i32::from(bias)).collect();
        Weigher { weights: &learned.0, sums, watched }
    }

    fn add(&mut self, name: Hash, at: impl FnOnce() -> Option<Span>) {
        let Some(slot) = self.weights.slot(name) else { return };
        let weights = self.weights.in_slot(slot);
        for weight in weights.clone() {
            self.sums[usize::from(weight.class)] += i32::from(weight.hundredths);
        }
        if let Some(watched) = &mut self.watched {
            let of =
                |class| weights.clone().find(|weight| usize::from(weight.class) == class).map_or(0, |weight| i32::from(weight.hundredths));
            let loud = of(watched.class) - watched.against.map_or(0, of);
            if loud > watched.loudest
                && let Some(at) = at()
            {
                (watched.loudest, watched.place) = (loud, Some(at));
            }
        }
    }
}

impl Take for Weigher {
    fn runs(&mut self, tag: &str, stretch: &Stretch, places: Range<usize>, lengths: RangeInclusive<usize>) {
        stretch.hashes(tag, places, lengths, |name, from, to| {
            let says = || to - from > 1 && stretch.chars[from..to].iter().any(|&c| is_wordy(c));
            self.add(name, || says().then(|| stretch.word(from, to)));
        });
    }

    fn fact(&mut self, words: &[&str], at: Option<Span>) {
        self.add(Hash::of_fact(words), || at);
    }
}

/// How much speaks for each class, each name counting once.
pub(crate) struct Once {
    weights: &'static Weights,
    /// The slots that have been counted.
    seen: Vec<bool>,
    sums: Vec<i32>,
}

impl Once {
    fn add(&mut self, name: Hash) {
        if let Some(slot) = self.weights.slot(name)
            && !std::mem::replace(&mut self.seen[slot], true)
        {
            for weight in self.weights.in_slot(slot) {
                self.sums[usize::from(weight.class)] += i32::from(weight.hundredths);
            }
        }
    }
}

impl Take for Once {
    fn runs(&mut self, tag: &str, stretch: &Stretch, places: Range<usize>, lengths: RangeInclusive<usize>) {
        stretch.hashes(tag, places, lengths, |name, _, _| self.add(name));
    }

    fn fact(&mut self, words: &[&str], _: Option<Span>) {
        self.add(Hash::of_fact(words));
    }
}

impl Hash {
    fn of_fact(words: &[&str]) -> Hash {
        words.iter().fold(Hash::of(FACT), |hash, word| word.chars().chain([' ']).fold(hash, Hash::with))
    }
}

/// The names themselves, to learn from.
#[cfg(feature = "learning")]
#[derive(Default)]
pub(crate) struct Names(pub(crate) Vec<String>);

#[cfg(feature = "learning")]
impl Take for Names {
    fn runs(&mut self, tag: &str, stretch: &Stretch, places: Range<usize>, lengths: RangeInclusive<usize>) {
        let name = |from: usize, to: usize| tag.chars().chain(stretch.chars[from..to].iter().copied()).collect();
        stretch.hashes(tag, places, lengths, |_, from, to| self.0.push(name(from, to)));
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

/// A set of short hashes, a bit each.
pub(crate) struct Hashes(Vec<u64>);

impl Hashes {
    pub(crate) fn new() -> Hashes {
        Hashes(vec![0; (1 << u16::BITS) / 64])
    }

    /// Whether it was not there before.
    pub(crate) fn insert(&mut self, hash: u16) -> bool {
        let new = !self.contains(hash);
        self.0[usize::from(hash) / 64] |= 1 << (hash % 64);
        new
    }

    pub(crate) fn contains(&self, hash: u16) -> bool {
        self.0[usize::from(hash) / 64] >> (hash % 64) & 1 == 1
    }

    pub(crate) fn clear(&mut self) {
        self.0.fill(0);
    }
}

/// Of a word that means something by itself: kanji, katakana, letters, and neither a particle nor an ending.
pub(crate) fn is_wordy(c: char) -> bool {
    c.is_alphabetic() && !('\u{3041}'..='\u{309f}').contains(&c)
}

/// Stands for words that are none of the matter, such as the names of data.
const MASK: char = '◇';

/// Between two masked words of a list stand so many characters at most.
const JOINED: usize = 3;

impl Stretch {
    /// In characters, as they are weighed.
    pub(crate) fn len(&self) -> usize {
        self.chars.len()
    }

    /// How many different pairs of characters stand beside each other, up to so many. Of some thousand a few have a hash in common and count
    /// as one.
    pub(crate) fn pairs(&self, most: usize) -> usize {
        let mut seen = Hashes::new();
        let pairs = self.chars.windows(2).filter(|pair| seen.insert(Hash::new().with(pair[0]).with(pair[1]).short()));
        pairs.take(most).count()
    }

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
    pub(crate) fn runs(&self, tag: &str, lengths: RangeInclusive<usize>, take: &mut impl Take) {
        take.runs(tag, self, 0..self.chars.len(), lengths);
    }

    /// All of it.
    pub(crate) fn whole(&self, tag: &str, take: &mut impl Take) {
        take.runs(tag, self, 0..1, self.chars.len()..=self.chars.len());
    }

    /// The first characters, from one to so many.
    pub(crate) fn beginnings(&self, tag: &str, longest: usize, take: &mut impl Take) {
        take.runs(tag, self, 0..1, 1..=longest);
    }

    /// The last characters, from one to so many.
    pub(crate) fn endings(&self, tag: &str, longest: usize, take: &mut impl Take) {
        for length in 1..=longest.min(self.chars.len()) {
            let from = self.chars.len() - length;
            take.runs(tag, self, from..from + 1, length..=length);
        }
    }

    /// The names of runs, each with where it begins and ends.
    fn hashes(&self, tag: &str, places: Range<usize>, lengths: RangeInclusive<usize>, mut take: impl FnMut(Hash, usize, usize)) {
        let tag = Hash::of(tag);
        for from in places.start..places.end.min(self.chars.len()) {
            let mut name = tag;
            for (c, to) in self.chars[from..].iter().zip(from + 1..=from + lengths.end()) {
                name = name.with(*c);
                if to >= from + lengths.start() {
                    take(name, from, to);
                }
            }
        }
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
    fn pairs_are_counted_once() {
        let pairs = |text: &str| Stretch::new(text, Span::new(0, text.len()), &[]).pairs(2);
        assert_eq!(["", "あ", "あい", "あいあいあ", "あいうえお"].map(pairs), [0, 0, 1, 2, 2]);
    }

    #[test]
    fn many_that_hardly_tell_it_do_not_tell_it_together() {
        let told = |chances: &[f64]| 1.0 - never(chances.iter().copied());
        assert!((told(&[0.02, 0.5, 0.02]) - (1.0 - 0.98 * 0.98 * 0.5)).abs() < 1e-9);
        assert!(told(&[0.02; 1000]) < 0.06);
        assert!((told(&[0.1, 0.2, 0.3, 0.4]) - (1.0 - 0.6 * 0.7 * 0.8)).abs() < 1e-9, "the likeliest are asked");
        assert!(told(&[]).abs() < 1e-9);
    }

    #[test]
    fn what_spoke_is_told_as_a_word() {
        let text = "1日に情報漏洩を確認した";
        let stretch = Stretch::new(text, Span::new(0, text.len()), &[]);
        assert_eq!(&text[stretch.word(4, 6).range()], "情報漏洩");
        assert_eq!(&text[stretch.word(9, 11).range()], "確認し");
    }
}
