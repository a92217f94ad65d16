//! The words that a pattern needs, read off the pattern. The build script asks for those of all tables.

use regex_syntax::hir::{Class, Hir, HirKind, Repetition};

/// Sets of words of which every match contains one of each, the rarest first.
pub(crate) fn required(hir: &Hir) -> Vec<Set> {
    let part = Part::new(hir);
    let longest = hir.properties().maximum_len();
    let mut sets: Vec<Set> = part.sets;
    sets.extend(part.exact.and_then(|words| Set::new(words, longest, longest)));
    Set::best(sets)
}

/// All that a pattern matches, if that is a choice of words.
#[allow(dead_code, reason = "the build script asks")]
pub(crate) fn words(hir: &Hir) -> Option<Vec<String>> {
    Part::new(hir).exact.filter(|_| hir.properties().look_set().is_empty())
}

/// So many sets of words a pattern may be asked for.
const GATES: usize = 2;

/// In a set, and in the words that a part of a pattern may stand for.
const MOST_WORDS: usize = 120;

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
                    _ => {
                        let length = repetition.sub.properties().maximum_len();
                        let sets = part.sets.into_iter().chain(part.exact.and_then(|words| Set::new(words, length, length)));
                        // Those of the first time.
                        unknown(sets.map(|set| Set { from_end: None, ..set }).collect())
                    }
                }
            }
            HirKind::Capture(capture) => Part::new(&capture.sub),
            HirKind::Concat(parts) => Part::concat(parts),
            HirKind::Alternation(parts) => Part::alternation(parts),
        }
    }

    fn concat(parts: &[Hir]) -> Part {
        let parts: &[Hir] = &parts.iter().flat_map(unrolled).collect::<Vec<Hir>>();
        let mut sets: Vec<Set> = Vec::new();
        let mut all = true;
        let longest = |parts: &[Hir]| parts.iter().try_fold(0_usize, |sum, part| sum.checked_add(part.properties().maximum_len()?));
        // What the parts since the last one that matches too much match together, and the first of them.
        let mut run = (vec![String::new()], 0);
        let close = |(words, first): (Vec<String>, usize), end: usize| Set::new(words, longest(&parts[..end]), longest(&parts[first..]));
        for (at, hir) in parts.iter().enumerate() {
            let part = Part::new(hir);
            let (before, after) = (longest(&parts[..at]), longest(&parts[at + 1..]));
            sets.extend(part.sets.into_iter().map(|set| set.between(before, after)));
            match part.exact {
                Some(words) if words.len() * run.0.len() <= MOST_WORDS => {
                    run.0 = run.0.iter().flat_map(|head| words.iter().map(move |tail| format!("{head}{tail}"))).collect();
                }
                exact => {
                    all = false;
                    let known = exact.is_some();
                    let next = (exact.unwrap_or_else(|| vec![String::new()]), if known { at } else { at + 1 });
                    sets.extend(close(std::mem::replace(&mut run, next), at));
                }
            }
        }
        if all {
            return Part { exact: Some(run.0), sets };
        }
        sets.extend(close(run, parts.len()));
        Part { exact: None, sets: Set::best(sets) }
    }

    fn alternation(parts: &[Hir]) -> Part {
        let longest = parts.iter().map(|part| part.properties().maximum_len());
        let longest = longest.reduce(|a, b| a.zip(b).map(|(a, b)| a.max(b))).flatten();
        let parts: Vec<Part> = parts.iter().map(Part::new).collect();
        let words: usize = parts.iter().map(|part| part.exact.as_ref().map_or(MOST_WORDS + 1, Vec::len)).sum();
        if words <= MOST_WORDS {
            return Part { exact: Some(parts.into_iter().filter_map(|part| part.exact).flatten().collect()), sets: Vec::new() };
        }
        let set = |part: Part| {
            let exact = part.exact.and_then(|words| Set::new(words, longest, longest));
            Set::best(part.sets.into_iter().chain(exact).collect()).into_iter().next()
        };
        let sets: Option<Vec<Set>> = parts.into_iter().map(set).collect();
        let sets = sets.unwrap_or_default();
        let farthest = |bound: fn(&Set) -> Option<usize>| sets.iter().map(bound).try_fold(0, |most, bound| Some(bound?.max(most)));
        let (within, from_end) = (farthest(|set| set.within), farthest(|set| set.from_end));
        Part { exact: None, sets: Set::new(sets.into_iter().flat_map(|set| set.words).collect(), within, from_end).into_iter().collect() }
    }
}

/// What is repeated once at least is that once, and perhaps again: 「、+」 is 「、、*」.
fn unrolled(hir: &Hir) -> Vec<Hir> {
    match hir.kind() {
        HirKind::Repetition(Repetition { min: 1, max, greedy, sub }) if *max != Some(1) => {
            let again = Repetition { min: 0, max: max.map(|max| max - 1), greedy: *greedy, sub: sub.clone() };
            vec![(**sub).clone(), Hir::repetition(again)]
        }
        _ => vec![hir.clone()],
    }
}

/// A class of more characters is no choice between words.
const MOST_CHARS: usize = 16;

/// Words of which a match contains one.
pub(crate) struct Set {
    pub(crate) words: Vec<String>,
    /// About how often they come.
    pub(crate) often: f64,
    /// A word ends so many bytes behind the start of the match at most.
    pub(crate) within: Option<usize>,
    /// A word begins so many bytes before the end of the match at most.
    pub(crate) from_end: Option<usize>,
}

impl Set {
    /// `None` where the words say nothing, since one is empty. Words are in lower case and without spaces, as the normalised text is:
    /// of each its longest part is kept.
    fn new(words: Vec<String>, within: Option<usize>, from_end: Option<usize>) -> Option<Set> {
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
        Some(Set { words: kept, often, within, from_end })
    }

    /// With so many bytes more before and behind it.
    fn between(self, before: Option<usize>, after: Option<usize>) -> Set {
        let sum = |a: Option<usize>, b: Option<usize>| a?.checked_add(b?);
        Set { within: sum(before, self.within), from_end: sum(self.from_end, after), ..self }
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
        (1, true) if word.contains(|c: char| c.is_ascii_alphabetic()) => 8.0,
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
        required(&regex_syntax::parse(pattern).unwrap()).into_iter().map(|set| set.words).collect()
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
        assert_eq!(words("(?:お詫び)?は"), [["は"]]);
        assert_eq!(words("(NPO法人)+"), [["npo法人"]]);
        assert_eq!(words("[ a]外部"), [["外部"]]);
        assert_eq!(words("、、+$"), [["、、"]]);
    }
}
