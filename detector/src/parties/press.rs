//! Names that the press gives without a legal form: told by their place in the lead, not by what they are made of.

use owabi_corpora::Span;

use super::candidates::Candidate;
use super::common::is_common;
use super::names::is_inner_kana;
use super::{ALIASES, PATTERNS};
use crate::gates::Gates;
use crate::patterns::{self, Pattern};

/// Adds what the headline and the lead say of names of any form: 「スーパー大手のA堂は7日、…」, 「通販のBから…が流出」, 「C電機、3万人分の情報流出か」.
pub(super) fn pressed(text: &str, gates: &Gates<'_>, reporter: bool, found: &mut Vec<Candidate>) {
    // Where somebody is named in full, a place in the lead alone makes nobody else a party.
    let hit = |one: &Candidate| one.breached > 0 && one.vendor + one.investigator == 0;
    let settled = found.iter().any(|one| hit(one) && (!reporter || !PATTERNS.place.is_match(&one.name)));
    if settled && !reporter {
        return;
    }
    // A text may be as long as it likes: names are counted in so much of it.
    let text = &text[..patterns::prefix(text, NEAR)];
    let sentences = sentences(text);
    let mut likely: Option<Candidate> = None;
    for (index, &sentence) in sentences.iter().enumerate() {
        let told = gates.is_match_beside(&PATTERNS.press_told, &text[sentence.range()]);
        let mut runs: Vec<(Span, bool)> = runs(text, sentence).into_iter().map(|run| (run, false)).collect();
        if index < EARLY {
            runs.extend(kana(text, sentence, gates).into_iter().map(|run| (run, true)));
        }
        for (run, kana) in runs {
            let run = Run { text, gates, sentence, run, kana, index, told, settled, reporter };
            match run.weigh() {
                Weighed::Party(candidate) => add(found, candidate),
                Weighed::Likely(candidate) if likely.is_none() => likely = Some(candidate),
                _ => {}
            }
        }
    }
    if reporter && found.iter().all(|one| one.breached <= 0) {
        // Where nobody is told by more, the first that it may be.
        found.extend(quoted(text, &sentences, gates).or(likely));
    }
}

/// Where nobody else is named, what the lead quotes is who was hit: 「通販サイト「A市場」で…が流出」.
fn quoted(text: &str, sentences: &[Span], gates: &Gates<'_>) -> Option<Candidate> {
    let told = |sentence: &&Span| gates.is_match_beside(&PATTERNS.press_told, &text[sentence.range()]);
    let mut early = sentences.iter().take(EARLY).filter(told);
    early.find_map(|sentence| {
        let line = &text[sentence.range()];
        let mut names = PATTERNS.press_quoted.captures_iter(line).filter_map(|captures| captures.get(1)).take(ALIASES);
        names
            .find(|name| {
                let after = &line[name.end()..];
                let placed = PATTERNS.press_topic.is_match(after)
                    || PATTERNS.press_subject.is_match(after)
                    || gates.is_match_beside(&PATTERNS.press_place, after);
                (placed || text.matches(name.as_str()).take(OFTEN).count() >= 2)
                    && !is_common(name.as_str())
                    && !PATTERNS.press_common.is_match(name.as_str())
                    && !PATTERNS.no_service.is_match(name.as_str())
            })
            .map(|name| {
                let (start, end) = (sentence.start + name.start(), sentence.start + name.end());
                Candidate {
                    name: name.as_str().to_owned(),
                    start,
                    end,
                    breached: 3,
                    vendor: 0,
                    investigator: 0,
                    alone: false,
                    listed: false,
                }
            })
    })
}

/// A longer name takes the place of what was known of it; what is known to be longer is what was told of.
fn add(found: &mut Vec<Candidate>, weighed: Candidate) {
    let (start, end) = (weighed.start, weighed.end);
    if let Some(known) = found.iter_mut().find(|one| one.start <= start && end <= one.end) {
        if known.vendor + known.investigator == 0 {
            known.breached += weighed.breached;
            known.vendor += weighed.vendor;
            known.listed |= weighed.listed;
        }
        return;
    }
    if found
        .iter()
        .any(|one| one.start < end && start < one.end && (one.start < start || end < one.end || PATTERNS.formed.is_match(&one.name)))
    {
        return;
    }
    found.retain(|one| one.end <= start || one.start >= end);
    found.push(weighed);
}

/// What a run is.
enum Weighed {
    Party(Candidate),
    /// A name, where nobody else is.
    Likely(Candidate),
    Nobody,
}

/// A run of characters that may be a name, and where it stands.
struct Run<'a> {
    text: &'a str,
    gates: &'a Gates<'a>,
    sentence: Span,
    run: Span,
    /// There are kana in it.
    kana: bool,
    /// Of its sentence, in the lead.
    index: usize,
    /// The sentence tells of what happened.
    told: bool,
    /// Somebody else is known by name.
    settled: bool,
    /// The text is the press's.
    reporter: bool,
}

impl Run<'_> {
    fn says(&self, pattern: &Pattern, part: &str) -> bool {
        self.gates.is_match_beside(pattern, part)
    }

    fn weigh(&self) -> Weighed {
        let (text, sentence) = (self.text, self.sentence);
        let before = &text[sentence.start..self.run.start];
        let before = &before[patterns::suffix(before, 40)..];
        // 「物流会社A運輸」, 「仏B」: the trade or the country before the name.
        let trade = PATTERNS.press_trade.find(&text[self.run.range()]).map_or(0, |trade| trade.end());
        let (start, end) = (self.run.start + trade, self.run.end);
        let name = &text[start..end];
        let long = name.chars().count();
        let after = &text[end..sentence.end];
        let after = &after[..patterns::prefix(after, 60)];
        let described = trade > 0 || self.says(&PATTERNS.press_described, before);
        let attributed = described || PATTERNS.press_attributed.is_match(before);
        let opens = PATTERNS.press_opens.is_match(before);
        let breaks = opens || attributed || self.kana || PATTERNS.press_breaks.is_match(before);
        if !breaks
            || !(2..=LONG).contains(&long)
            || long < SHORT && !(described && after.starts_with(TOPIC))
            || PATTERNS.press_common.is_match(name)
            || PATTERNS.no_organisation.is_match(name)
            || is_common(name)
        {
            return Weighed::Nobody;
        }
        let candidate = |breached: i32, vendor: i32, listed: bool| {
            let name = name.to_owned();
            Weighed::Party(Candidate { name, start, end, breached, vendor, investigator: 0, alone: false, listed })
        };
        let often = || text.matches(name).take(OFTEN).count() >= 2;
        let announces = self.says(&PATTERNS.press_announced, &text[end..sentence.end]);
        let subject = PATTERNS.press_subject.is_match(after);
        let topic = PATTERNS.press_topic.is_match(after) || subject && (opens || described);
        let headed = || self.is_headed(after, topic);
        let (early, sure) = (i32::from(self.index < EARLY), !self.kana || described || often());
        let reads = self.reporter && !self.settled && early > 0 && sure;
        if !(opens || attributed) {
            let told = || topic && announces || self.told && often() && headed();
            return if reads && told() { candidate(4 + 2 * i32::from(announces), 0, false) } else { Weighed::Nobody };
        }
        if sure && topic && announces && (early > 0 || attributed) && (self.reporter || described && !self.settled) {
            return candidate(6 + 2 * early + 2 * i32::from(described), 0, PATTERNS.press_also.is_match(after));
        }
        if self.says(&PATTERNS.vendor_before, before) {
            return candidate(-VENDOR, 1, false);
        }
        if sure && early > 0 && self.told && !self.settled && described && (topic || self.says(&PATTERNS.press_place, after)) {
            return candidate(7, 0, false);
        }
        let heads = || opens && self.is_headed(after, false) || !subject && topic;
        if reads && self.told && often() && heads() {
            return candidate(5, 0, false);
        }
        match (self.told && !self.settled && (headed() || subject)).then(|| candidate(2, 0, false)) {
            Some(Weighed::Party(candidate)) => Weighed::Likely(candidate),
            _ => Weighed::Nobody,
        }
    }

    /// Whether it stands as the names of headlines do, or where something happened to it.
    fn is_headed(&self, after: &str, topic: bool) -> bool {
        let line = !self.text[self.sentence.end..].starts_with('。');
        topic || line && PATTERNS.press_headline.is_match(after) || self.says(&PATTERNS.press_place, after)
    }
}

/// A name that is told by more than its place has fewer characters; 「は」, by its place a particle rather than a word, tells it.
const SHORT: usize = 3;
const TOPIC: char = 'は';
const POSSESSIVE: char = 'の';
/// What is said of one who works for another speaks so much against its being hit.
const VENDOR: i32 = 6;
/// A name has so many characters at most.
const LONG: usize = 24;
/// Names are counted so far.
const OFTEN: usize = 3;
/// Sentences that open a report, with its headlines.
const EARLY: usize = 5;

/// The first sentences and lines of a text, without their full stops.
fn sentences(text: &str) -> Vec<Span> {
    let head = &text[..patterns::prefix(text, LEAD)];
    let mut spans = Vec::new();
    let mut start = 0;
    while start < head.len() && spans.len() < SENTENCES {
        let rest = &text[start..];
        let rest = &rest[..patterns::prefix(rest, SENTENCE)];
        let end = rest.find(['。', '\n']).unwrap_or(rest.len());
        if !rest[..end].trim().is_empty() {
            spans.push(Span::new(start, start + end));
        }
        start += end + rest[end..].chars().next().map_or(0, char::len_utf8);
    }
    spans
}

/// In characters.
const NEAR: usize = 6000;
const LEAD: usize = 900;
const SENTENCE: usize = 300;
const SENTENCES: usize = 14;

/// The runs of a sentence that names may be made of, and what it quotes.
fn runs(text: &str, sentence: Span) -> Vec<Span> {
    let line = &text[sentence.range()];
    let mut spans: Vec<Span> = Vec::new();
    let mut from = None;
    for (at, c) in line.char_indices().chain([(line.len(), '\n')]) {
        if is_of_names(c) {
            from = from.or(Some(at));
        } else if let Some(start) = from.take() {
            spans.push(Span::new(sentence.start + start, sentence.start + at));
        }
    }
    for index in (1..spans.len()).rev() {
        let (first, second) = (spans[index - 1], spans[index]);
        let latin = |span: Span| text[span.range()].chars().all(|c| c.is_ascii_alphanumeric());
        if text[first.end..second.start] == *" " && latin(first) && text[second.start..].starts_with(|c: char| c.is_ascii_uppercase()) {
            spans[index - 1] = Span::new(first.start, second.end);
            spans.remove(index);
        }
    }
    // 「A住まいる管理」: kana inside a name that the text has again.
    for index in (1..spans.len()).rev() {
        let (first, second) = (spans[index - 1], spans[index]);
        let whole = Span::new(first.start, second.end);
        if is_inner_kana(&text[first.end..second.start])
            && !PATTERNS.no_press_kana.is_match(&text[whole.range()])
            && text.matches(&text[whole.range()]).take(2).count() == 2
        {
            spans[index - 1] = whole;
            spans.remove(index);
        }
    }
    let quoted = PATTERNS.press_quoted.captures_iter(line).filter_map(|captures| captures.get(1)).take(ALIASES);
    for quoted in quoted.collect::<Vec<_>>() {
        let span = Span::new(sentence.start + quoted.start(), sentence.start + quoted.end());
        spans.retain(|run| run.end <= span.start || run.start >= span.end);
        spans.push(span);
    }
    spans
}

/// Names with kana, behind what opens a sentence or tells their trade: 「しまむらは7日、…」. The longest that stands before a particle and
/// comes again, or the longest of all.
fn kana(text: &str, sentence: Span, gates: &Gates<'_>) -> Vec<Span> {
    let line = &text[sentence.range()];
    let mut spans = Vec::new();
    for (at, c) in line.char_indices() {
        if !is_of_names(c) && !is_kana(c) {
            continue;
        }
        let before = &line[patterns::suffix(&line[..at], 40)..at];
        let described = before.ends_with(is_kana) && gates.is_match_beside(&PATTERNS.press_described, before);
        let opens = described || at < OPENING && PATTERNS.press_opens.is_match(before);
        let of = || before.strip_suffix(POSSESSIVE).is_some_and(|head| head.ends_with(is_of_names));
        if !opens && !of() && !PATTERNS.press_breaks.is_match(before) {
            continue;
        }
        let rest = &line[at..];
        let near = &rest[..patterns::prefix(rest, KANA)];
        let Some(found) = PATTERNS.press_kana.find(near) else { continue };
        let whole = found.as_str();
        let ends = whole.char_indices().map(|(end, _)| end).skip(2).chain([whole.len()]);
        let named = |end: &usize| {
            let (name, after) = (&whole[..*end], &rest[*end..]);
            name.contains(is_kana)
                && !PATTERNS.no_press_kana.is_match(name)
                && (PATTERNS.press_topic.is_match(after)
                    || PATTERNS.press_subject.is_match(after)
                    || PATTERNS.press_headline.is_match(after)
                    || gates.is_match_beside(&PATTERNS.press_place, after))
        };
        let ends: Vec<usize> = ends.filter(named).collect();
        let plain = |end: usize| PATTERNS.kana_plain.is_match(&whole[..end]);
        let again = ends.iter().rev().find(|&&end| (opens || plain(end)) && text.matches(&whole[..end]).take(2).count() == 2);
        if let Some(end) = again.or(ends.first().filter(|&&end| plain(end))) {
            spans.push(Span::new(sentence.start + at, sentence.start + at + end));
        }
    }
    spans
}

/// In characters.
const KANA: usize = 24;
/// What opens a sentence does so within so many bytes.
const OPENING: usize = 90;

fn is_kana(c: char) -> bool {
    matches!(c, 'ぁ'..='ん')
}

/// Whether names are made of it, but for kana.
fn is_of_names(c: char) -> bool {
    matches!(c, '一'..='鿿' | '々' | 'ヶ' | 'ァ'..='ヺ' | 'ー' | '・' | '&') || c.is_ascii_alphanumeric()
}
