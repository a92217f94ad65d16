//! Words without which a pattern cannot match, so that most patterns are never run.
//!
//! Nearly every regular expression of the tables has a set of words of which each of its matches contains one: of
//! 「(委託先|請負業者)[^。]*(紛失|漏)」 it is 「委託先」 or 「請負業者」, and 「紛失」 or 「漏」. The words are read off the patterns ([`required`]), stand in the one
//! scanner beside the surfaces of the lexicon, and the one scan of a text tells where they are. A pattern is then run only on
//! stretches that hold one of them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use owabi_corpora::Span;
use regex::Match;
use regex_syntax::hir::{Class, Hir, HirKind};

use crate::lexicon;
use crate::patterns::{self, Pattern};

/// The tables of patterns on the normalised text, each a TOML file of strings. The patterns of parties run on a text with its spaces, but
/// what words that text holds, the normalised one holds too.
const TABLES: [&str; 9] = [
    include_str!("../data/counts.toml"),
    include_str!("../data/dates.toml"),
    include_str!("../data/events.toml"),
    include_str!("../data/holders.toml"),
    include_str!("../data/layout.toml"),
    include_str!("../data/parties.toml"),
    include_str!("../data/predicates.toml"),
    include_str!("../data/reasons.toml"),
    include_str!("../data/scope.toml"),
];

/// The gates of all patterns. A gate is a set of words, named by its position.
pub(crate) struct Registry {
    /// By the pattern as it is written.
    gates: BTreeMap<String, Vec<u16>>,
    /// The words, and in which gates each stands.
    pub(crate) words: BTreeMap<String, Vec<u16>>,
    count: u16,
}

pub(crate) static REGISTRY: LazyLock<Registry> = LazyLock::new(|| {
    let mut registry = Registry { gates: BTreeMap::new(), words: BTreeMap::new(), count: 0 };
    let mut known = BTreeMap::new();
    for table in TABLES {
        let patterns: BTreeMap<String, String> = patterns::load(table);
        patterns.values().for_each(|pattern| registry.add(pattern, &mut known));
    }
    lexicon::patterns().for_each(|pattern| registry.add(&pattern, &mut known));
    registry
});

impl Registry {
    /// The gates of a pattern: each must be open. None where the pattern is not known or has no words of its own.
    pub(crate) fn gates(&self, pattern: &str) -> &[u16] {
        self.gates.get(pattern).map_or(&[], Vec::as_slice)
    }

    fn add(&mut self, pattern: &str, known: &mut BTreeMap<Vec<String>, u16>) {
        if self.gates.contains_key(pattern) {
            return;
        }
        // A pattern that cannot be read is refused where it is compiled.
        let Ok(hir) = regex_syntax::parse(pattern) else { return };
        let mut gates = Vec::new();
        for set in required(&hir).into_iter().filter(|set| set.often <= TOO_OFTEN) {
            let gate = *known.entry(set.words).or_insert_with_key(|words| {
                words.iter().for_each(|word| self.words.entry(word.clone()).or_default().push(self.count));
                self.count += 1;
                self.count - 1
            });
            gates.push(gate);
        }
        self.gates.insert(pattern.to_owned(), gates);
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

/// So many sets of words a pattern may be asked for.
const GATES: usize = 2;

/// In a set, and in the words that a part of a pattern may stand for.
const MOST_WORDS: usize = 80;

/// Sets of words that come oftener are not worth asking for.
const TOO_OFTEN: f64 = 12.0;

/// Words of which every match of a pattern contains one, in lower case; none where there are no such words.
pub(crate) fn words(pattern: &str) -> Vec<String> {
    regex_syntax::parse(pattern).map(|hir| words_of(&hir)).unwrap_or_default()
}

/// The same of a part of a pattern.
pub(crate) fn words_of(hir: &Hir) -> Vec<String> {
    required(hir).into_iter().next().map(|set| set.words).unwrap_or_default()
}

/// Sets of words of which every match contains one of each, the rarest first.
fn required(hir: &Hir) -> Vec<Set> {
    let part = Part::new(hir);
    let mut sets: Vec<Set> = part.sets;
    sets.extend(part.exact.and_then(Set::new));
    Set::best(sets)
}

/// What is known of a part of a pattern.
struct Part {
    /// All that it matches, if that is little.
    exact: Option<Vec<String>>,
    /// Sets of words of which each match contains one.
    sets: Vec<Set>,
}

impl Part {
    fn new(hir: &Hir) -> Part {
        let exact = |words: Vec<String>| Part { exact: Some(words), sets: Vec::new() };
        let unknown = |sets: Vec<Set>| Part { exact: None, sets };
        match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => exact(vec![String::new()]),
            HirKind::Literal(literal) => match std::str::from_utf8(&literal.0) {
                Ok(word) => exact(vec![word.to_owned()]),
                Err(_) => unknown(Vec::new()),
            },
            HirKind::Class(Class::Unicode(class)) => {
                let size: usize = class.ranges().iter().map(|range| range.len()).sum();
                let chars = || class.ranges().iter().flat_map(|range| range.start()..=range.end()).map(String::from).collect();
                if size <= MOST_CHARS { exact(chars()) } else { unknown(Vec::new()) }
            }
            HirKind::Class(Class::Bytes(_)) => unknown(Vec::new()),
            HirKind::Repetition(repetition) => {
                let part = Part::new(&repetition.sub);
                match (repetition.min, repetition.max) {
                    (0, Some(1)) => {
                        Part { exact: part.exact.map(|words| words.into_iter().chain([String::new()]).collect()), sets: Vec::new() }
                    }
                    (0, _) => unknown(Vec::new()),
                    (1, Some(1)) => part,
                    _ => unknown(part.sets.into_iter().chain(part.exact.and_then(Set::new)).collect()),
                }
            }
            HirKind::Capture(capture) => Part::new(&capture.sub),
            HirKind::Concat(parts) => Part::concat(parts),
            HirKind::Alternation(parts) => Part::alternation(parts),
        }
    }

    fn concat(parts: &[Hir]) -> Part {
        let mut sets: Vec<Set> = Vec::new();
        let mut all = true;
        // What the parts since the last one that matches too much match together.
        let mut run = vec![String::new()];
        for hir in parts {
            let part = Part::new(hir);
            sets.extend(part.sets);
            match part.exact {
                Some(words) if words.len() * run.len() <= MOST_WORDS => {
                    run = run.iter().flat_map(|head| words.iter().map(move |tail| format!("{head}{tail}"))).collect();
                }
                exact => {
                    all = false;
                    sets.extend(Set::new(std::mem::replace(&mut run, exact.unwrap_or_else(|| vec![String::new()]))));
                }
            }
        }
        if all {
            return Part { exact: Some(run), sets };
        }
        sets.extend(Set::new(run));
        Part { exact: None, sets: Set::best(sets) }
    }

    fn alternation(parts: &[Hir]) -> Part {
        let parts: Vec<Part> = parts.iter().map(Part::new).collect();
        let words: usize = parts.iter().map(|part| part.exact.as_ref().map_or(MOST_WORDS + 1, Vec::len)).sum();
        if words <= MOST_WORDS {
            return Part { exact: Some(parts.into_iter().filter_map(|part| part.exact).flatten().collect()), sets: Vec::new() };
        }
        let set = |part: Part| Set::best(part.sets.into_iter().chain(part.exact.and_then(Set::new)).collect()).into_iter().next();
        let sets: Option<Vec<Set>> = parts.into_iter().map(set).collect();
        let words = sets.into_iter().flatten().flat_map(|set| set.words).collect();
        Part { exact: None, sets: Set::new(words).into_iter().collect() }
    }
}

/// A class of more characters is no choice between words.
const MOST_CHARS: usize = 16;

/// Words of which a match contains one.
struct Set {
    words: Vec<String>,
    /// About how often they come.
    often: f64,
}

impl Set {
    /// `None` where the words say nothing, since one is empty. Words are in lower case and without spaces, as the normalised text is:
    /// of each its longest part is kept.
    fn new(words: Vec<String>) -> Option<Set> {
        let longest = |word: &String| word.split_whitespace().max_by_key(|part| part.len()).map(str::to_ascii_lowercase);
        let mut words: Vec<String> = words.iter().map(longest).collect::<Option<_>>()?;
        if words.is_empty() {
            return None;
        }
        words.sort_by_key(String::len);
        words.dedup();
        // Of 「漏えい」 and 「漏えいした」 the first stands wherever the second does.
        let mut kept: Vec<String> = Vec::new();
        for word in words {
            if !kept.iter().any(|part| word.contains(part.as_str())) {
                kept.push(word);
            }
        }
        kept.sort();
        let often = kept.iter().map(|word| often(word)).sum();
        Some(Set { words: kept, often })
    }

    /// The rarest ones.
    fn best(mut sets: Vec<Set>) -> Vec<Set> {
        sets.sort_by(|a, b| a.often.total_cmp(&b.often));
        sets.dedup_by(|a, b| a.words == b.words);
        sets.truncate(GATES);
        sets
    }
}

/// About how often a word comes: the longer the rarer, and ideographs are rarer than kana.
fn often(word: &str) -> f64 {
    let common = |c: char| c.is_ascii() || matches!(c, '\u{3000}'..='\u{309f}' | 'ー');
    match (word.chars().count(), word.chars().all(common)) {
        (1, true) if word.contains(|c: char| c.is_ascii_punctuation()) => 3.0,
        (1, true) => 40.0,
        (1, false) => 1.0,
        (2, true) => 1.0,
        (2, false) => 0.3,
        (3, true) => 0.3,
        (3, false) => 0.08,
        (4, true) => 0.08,
        _ => 0.02,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(pattern: &str) -> Vec<Vec<String>> {
        let sets = required(&regex_syntax::parse(pattern).unwrap()).into_iter().filter(|set| set.often <= TOO_OFTEN);
        sets.map(|set| set.words).collect()
    }

    #[test]
    fn every_table_compiles() {
        for table in TABLES {
            let table: BTreeMap<String, Pattern> = patterns::load(table);
            table.values().for_each(|pattern| assert!(pattern.captures_len() > 0));
        }
    }

    #[test]
    fn every_match_contains_a_word_of_each_set() {
        assert_eq!(
            words("(漏えい|流出)の?(おそれ|可能性)"),
            [[
                "流出おそれ",
                "流出のおそれ",
                "流出の可能性",
                "流出可能性",
                "漏えいおそれ",
                "漏えいのおそれ",
                "漏えいの可能性",
                "漏えい可能性"
            ]]
        );
        assert_eq!(words("^[^。]{0,24}(委託先|再委託先).*(紛失|盗難)$"), [vec!["委託先"], vec!["盗難", "紛失"]]);
        assert_eq!(words("(?:委託|[一-鿿]+)"), Vec::<Vec<String>>::new());
        assert_eq!(words("(?:お詫び)?は"), Vec::<Vec<String>>::new());
        assert_eq!(words("(NPO法人)+"), [["npo法人"]]);
        assert_eq!(words("[ a]外部"), [["外部"]]);
    }
}
