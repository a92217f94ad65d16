//! Words without which a pattern cannot match, so that most patterns are never run.
//!
//! Nearly every regular expression of the tables has a set of words of which each of its matches contains one: of
//! 「(委託先|請負業者)[^。]*(紛失|漏)」 it is 「委託先」 or 「請負業者」, and 「紛失」 or 「漏」. The words are read off the patterns (`src/needed.rs`), stand in the one
//! scanner beside the surfaces of the lexicon, and the one scan of a text tells where they are. A pattern is then run only on
//! stretches that hold one of them; not the whole of it, but those of its alternatives whose own words are there, near enough to
//! the end that they are anchored to, and only where a match with these words can reach. What is nothing but a choice of words is not run at all.

use owabi_corpora::Span;

use crate::machine::Form;
use crate::patterns::{self, Hit, Part, Pattern};

/// The gates of all patterns. A gate is a set of words, named by its position.
pub(crate) struct Registry {
    /// The patterns as they are written, sorted, where the form of each is, and its alternatives: a pattern matches where one of them does.
    patterns: &'static [(&'static str, Option<u32>, &'static [Alternative])],
    /// The tables that are nothing but patterns, with the names of these.
    pub(crate) tables: &'static [(&'static str, &'static [(&'static str, &'static str)])],
    /// The sets of characters that forms name.
    pub(crate) chars: &'static [&'static [(char, char)]],
    /// All forms, as little-endian numbers of two bytes.
    forms: &'static [u8],
    /// The patterns of `data/values.toml` as they are written, sorted, and what is read off each.
    outlines: &'static [(&'static str, Outline)],
    /// The patterns that are looked for around their words, sorted, and the alternatives of each.
    pub(crate) hunts: &'static [(&'static str, &'static [Prey])],
    /// The words, sorted.
    pub(crate) words: &'static [&'static str],
    /// The sets of each word, one after the other, and where those of each end.
    sets: &'static [u16],
    sets_end: &'static [u16],
    count: u16,
}

/// What every match of a pattern of values holds.
pub(crate) struct Outline {
    /// So many signs of each class at least.
    pub(crate) least: [usize; 5],
    /// Of a pattern that names surnames: the pattern with any characters of theirs in their place, and where its form is.
    pub(crate) loose: Option<(&'static str, Option<u32>)>,
    /// Whether it is a surname of the list or a name of two parts, among others.
    pub(crate) named: bool,
    /// One of these words, in lower case; none where there are no such words.
    pub(crate) words: &'static [&'static str],
}

/// An alternative of a pattern that is looked for around its words.
pub(crate) struct Prey {
    /// The pattern of what begins where a text does, and where its form is.
    pub(crate) here: (&'static str, Option<u32>),
    /// Of which each match holds one.
    pub(crate) words: &'static [&'static str],
    /// All that a match may hold, ascending and apart.
    pub(crate) alphabet: &'static [(char, char)],
    /// A match has so many bytes at least.
    pub(crate) least: usize,
}

/// A part of a pattern that may match by itself.
pub(crate) struct Alternative {
    /// With where its form is; `None` for the whole pattern.
    pub(crate) spec: Option<(&'static str, Option<u32>)>,
    pub(crate) gates: &'static [Gate],
    /// The length of the longest word, if there is a match wherever a word of the one gate stands.
    pub(crate) exact: Option<u16>,
    /// Every match begins where the stretch does.
    starts: bool,
    /// Every match ends where the stretch does.
    ends: bool,
    /// Whether there is a match hangs on nothing around it.
    free: bool,
}

/// A set of words of which every match contains one.
pub(crate) struct Gate {
    set: u16,
    /// The word begins less than so many bytes behind the start of the match.
    within: u16,
    /// The word begins at most so many bytes before the end of the match.
    from_end: u16,
}

/// Made by the build script: reading it off the patterns at every start would take longer than to label many texts.
pub(crate) static REGISTRY: Registry = include!(concat!(env!("OUT_DIR"), "/gates.rs"));

impl Registry {
    /// Where the form of a pattern is, and its alternatives. A pattern that is not known may match anywhere.
    pub(crate) fn pattern(&self, pattern: &str) -> (Option<u32>, &'static [Alternative]) {
        let known = self.patterns.binary_search_by_key(&pattern, |row| row.0);
        known.map_or((None, &ANYWHERE), |at| (self.patterns[at].1, self.patterns[at].2))
    }

    /// What is read off a pattern of values, as it is written.
    pub(crate) fn outline(&self, pattern: &str) -> &'static Outline {
        let known = self.outlines.binary_search_by_key(&pattern, |row| row.0);
        &self.outlines[known.expect("the build script read all patterns of values")].1
    }

    /// The alternatives of a pattern that is looked for around its words.
    pub(crate) fn prey(&self, pattern: &str) -> &'static [Prey] {
        let known = self.hunts.binary_search_by_key(&pattern, |row| row.0);
        self.hunts[known.expect("the build script read all patterns that are looked for around their words")].1
    }

    /// The form that begins at a place.
    pub(crate) fn form(&self, place: u32) -> Form {
        Form::read(self.forms[place as usize..].chunks_exact(2).map(|number| u16::from_le_bytes([number[0], number[1]])))
    }

    /// The sets in which a word stands, by its place; none of what is no word.
    pub(crate) fn sets(&self, word: usize) -> &'static [u16] {
        let Some(&end) = self.sets_end.get(word) else { return &[] };
        let start = word.checked_sub(1).map_or(0, |before| self.sets_end[before]);
        &self.sets[usize::from(start)..usize::from(end)]
    }
}

static ANYWHERE: [Alternative; 1] = [Alternative { spec: None, gates: &[], exact: None, starts: false, ends: false, free: false }];

/// Where a text holds the words of each gate.
pub(crate) struct Gates<'t> {
    text: &'t str,
    /// Where the words of set `s` begin, ascending, is `places[ends[s - 1]..ends[s]]`.
    ends: Vec<u32>,
    places: Vec<u32>,
}

impl<'t> Gates<'t> {
    /// From the words that the text holds, in the order of their places: where each begins and in which gates it stands.
    pub(crate) fn new(text: &'t str, words: &[(u32, &[u16])]) -> Gates<'t> {
        // First how many each set has, then where they begin, and when all are written, where they end.
        let mut ends = vec![0; usize::from(REGISTRY.count)];
        for (_, sets) in words {
            sets.iter().for_each(|&set| ends[usize::from(set)] += 1);
        }
        let mut sum = 0;
        for end in &mut ends {
            (*end, sum) = (sum, sum + *end);
        }
        let mut places = vec![0; sum as usize];
        for (place, sets) in words {
            for &set in *sets {
                let next = &mut ends[usize::from(set)];
                places[*next as usize] = *place;
                *next += 1;
            }
        }
        Gates { text, ends, places }
    }

    /// Where the words of a set begin, ascending.
    fn places(&self, set: u16) -> &[u32] {
        let set = usize::from(set);
        let start = if set == 0 { 0 } else { self.ends[set - 1] };
        &self.places[start as usize..self.ends[set] as usize]
    }

    /// Whether a word of a set begins in a stretch.
    fn begins(&self, set: u16, start: usize, end: usize) -> bool {
        let places = self.places(set);
        let next = places.partition_point(|&place| (place as usize) < start);
        places.get(next).is_some_and(|&place| (place as usize) < end)
    }

    /// The part of a stretch that holds all matches of an alternative; `None` where there can be none.
    fn narrowed(&self, alternative: &Alternative, span: Span) -> Option<Span> {
        let mut narrow = span;
        for gate in alternative.gates {
            let near = alternative.near_edges(gate, span);
            let places = self.places(gate.set);
            let places = &places[places.partition_point(|&place| (place as usize) < near.start)..];
            let first = places.first().map(|&place| place as usize).filter(|&place| place < near.end)?;
            if !alternative.free || span.len() < SHORT {
                continue;
            }
            narrow.start = narrow.start.max(first.saturating_sub(bound(gate.within)));
            if bound(gate.from_end) < span.end - first {
                let last = places[..places.partition_point(|&place| (place as usize) < span.end)].last();
                narrow.end = narrow.end.min(last.map_or(0, |&last| last as usize) + bound(gate.from_end));
            }
        }
        if narrow != span {
            narrow.end = narrow.end.max(narrow.start);
            narrow = patterns::widen(self.text, narrow, 0);
        }
        Some(narrow)
    }

    /// Whether a pattern may match inside a stretch.
    pub(crate) fn may(&self, pattern: &Pattern, span: Span) -> bool {
        let inside = |gate: &Gate| self.begins(gate.set, span.start, span.end);
        pattern.parts().iter().any(|part| part.alternative.gates.iter().all(inside))
    }

    /// Whether an alternative may match anywhere.
    fn is_open(&self, alternative: &Alternative) -> bool {
        alternative.gates.iter().all(|gate| !self.places(gate.set).is_empty())
    }

    /// Whether a pattern may match anywhere.
    pub(crate) fn open(&self, pattern: &Pattern) -> bool {
        pattern.parts().iter().any(|part| self.is_open(part.alternative))
    }

    /// Whether a pattern matches a part of the same text in another form, with its spaces.
    pub(crate) fn is_match_beside(&self, pattern: &Pattern, text: &str) -> bool {
        pattern.parts().iter().any(|part| self.is_open(part.alternative) && part.expression.is_match(text))
    }

    /// Whether a pattern matches the text of a stretch, as if there were nothing around it.
    pub(crate) fn is_match(&self, pattern: &Pattern, span: Span) -> bool {
        let matches = |Part { alternative, expression }: &Part| {
            let narrow = || self.narrowed(alternative, span);
            self.is_certain(alternative, span) || narrow().is_some_and(|narrow| expression.is_match(&self.text[narrow.range()]))
        };
        pattern.parts().iter().any(matches)
    }

    /// Whether a word that is all of a match stands in a stretch.
    fn is_certain(&self, alternative: &Alternative, span: Span) -> bool {
        let whole = |longest: u16| self.begins(alternative.gates[0].set, span.start, span.end.saturating_sub(usize::from(longest) - 1));
        alternative.exact.is_some_and(whole)
    }

    /// The first match in the text of a stretch; its positions count from there.
    pub(crate) fn find(&self, pattern: &Pattern, span: Span) -> Option<Hit<'t>> {
        if self.is_match(pattern, span) { pattern.found(&self.text[span.range()]) } else { None }
    }

    /// The parts of the text that hold all matches of a pattern, in order and apart from each other. A search of each finds what
    /// a search of the whole text finds.
    pub(crate) fn stretches(&self, pattern: &Pattern) -> Vec<Span> {
        let mut all: Vec<Span> = pattern.parts().iter().flat_map(|part| self.surroundings(part)).collect();
        all.sort_unstable_by_key(|stretch| stretch.start);
        let mut apart: Vec<Span> = Vec::new();
        for stretch in all {
            match apart.last_mut() {
                Some(last) if stretch.start <= last.end => last.end = last.end.max(stretch.end),
                _ => apart.push(stretch),
            }
        }
        apart
    }

    /// Whether a pattern matches anywhere.
    pub(crate) fn anywhere(&self, pattern: &Pattern) -> bool {
        let matches = |part: &Part| {
            let certain = part.alternative.exact.is_some() && self.is_open(part.alternative);
            certain || self.surroundings(part).into_iter().any(|stretch| part.expression.is_match(&self.text[stretch.range()]))
        };
        pattern.parts().iter().any(matches)
    }

    /// The parts of the text that hold all matches of an alternative, in order and apart.
    fn surroundings(&self, Part { alternative, expression }: &Part) -> Vec<Span> {
        let whole = Span::new(0, self.text.len());
        let inside = |stretch: Span| alternative.gates.iter().all(|gate| self.begins(gate.set, stretch.start, stretch.end));
        if !inside(whole) {
            return Vec::new();
        }
        let (Some(reach), Some(gate)) = (expression.reach(), alternative.gates.first()) else { return vec![whole] };
        let mut found: Vec<Span> = Vec::new();
        for &place in self.places(gate.set) {
            let around = patterns::widen(self.text, Span::new(place as usize, place as usize), reach);
            match found.last_mut() {
                Some(last) if around.start <= last.end => last.end = around.end,
                _ => found.push(around),
            }
        }
        found.retain(|&stretch| inside(stretch));
        found
    }
}

impl Alternative {
    /// The part of a stretch in which a word of a gate has to begin.
    fn near_edges(&self, gate: &Gate, span: Span) -> Span {
        let start = if self.ends { span.end.saturating_sub(bound(gate.from_end)).max(span.start) } else { span.start };
        Span::new(start, if self.starts { span.end.min(span.start.saturating_add(bound(gate.within))) } else { span.end })
    }
}

/// In bytes: a shorter stretch is not worth narrowing.
const SHORT: usize = 60;

/// As the build script writes that there is none.
fn bound(bytes: u16) -> usize {
    if bytes == u16::MAX { usize::MAX } else { usize::from(bytes) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Lexicon;
    use crate::normalise::Normalised;
    use owabi_corpora::handwritten;

    /// They are compiled when a text first asks for them.
    #[test]
    fn every_pattern_compiles() {
        assert!(REGISTRY.patterns.len() > 500);
        for (pattern, _, alternatives) in REGISTRY.patterns {
            assert!(Pattern::new(*pattern).captures_len() > 0 && !alternatives.is_empty());
            alternatives.iter().filter_map(|one| one.spec).for_each(|(spec, _)| assert!(Pattern::new(spec).captures_len() > 0));
        }
    }

    /// What is asked by words, alternatives and machines is what a search for the whole pattern finds.
    #[test]
    fn a_stretch_matches_as_its_text_does() {
        let lexicon = Lexicon::builtin();
        let patterns: Vec<Pattern> = REGISTRY.patterns.iter().map(|row| Pattern::new(row.0)).collect();
        let mut matches = 0;
        for record in handwritten::load(handwritten::FOLDER.as_ref()).unwrap().iter().step_by(9) {
            let text = Normalised::new(&record.text).text;
            let gates = lexicon.scan(&text).1;
            for line in text.split_inclusive('\n').filter(|line| line.len() < 300) {
                let start = line.as_ptr() as usize - text.as_ptr() as usize;
                // From the middle of the line, too: anchors are there.
                let middle = (line.len() / 2..).find(|&at| line.is_char_boundary(at)).unwrap_or(0);
                for span in [Span::new(start, start + line.trim_end().len()), Span::new(start + middle, start + line.len())] {
                    for pattern in &patterns {
                        let regex: &regex::Regex = pattern;
                        let expected = regex.find(&text[span.range()]).map(|hit| hit.range());
                        assert_eq!(gates.is_match(pattern, span), expected.is_some(), "{} {}", pattern.spec(), &text[span.range()]);
                        assert_eq!(gates.find(pattern, span).map(|hit| hit.range()), expected, "{}", pattern.spec());
                        matches += usize::from(expected.is_some());
                    }
                }
            }
        }
        assert!(matches > 1_000, "{matches}");
    }
}
