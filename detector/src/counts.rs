//! How many people, records, organisations or households are affected.

use std::sync::LazyLock;

use owabi_corpora::Span;
use owabi_corpora::vocabulary::{Bound, Unit};
use serde::Deserialize;

use crate::layout::{Layout, LineKind};
use crate::lexicon::Concept;
use crate::numbers;
use crate::patterns::{self, Pattern};
use crate::scope::{Reading, Scope};

/// A figure found in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) value: u64,
    pub(crate) unit: Unit,
    pub(crate) bound: Bound,
    pub(crate) total: bool,
    pub(crate) span: Span,
    /// A part of another figure: 「うち…」.
    within: bool,
    /// Announced as the sum: 「合計」.
    sum: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Patterns {
    figure: Pattern,
    about_prefix: Pattern,
    at_most_prefix: Pattern,
    at_least_prefix: Pattern,
    about_mark: Pattern,
    at_least_mark: Pattern,
    at_most_mark: Pattern,
    person: Pattern,
    record: Pattern,
    organisation: Pattern,
    household: Pattern,
    other_word: Pattern,
    no_count_before: Pattern,
    elsewhere: Pattern,
    elsewhere_after: Pattern,
    about_leak: Pattern,
    sum: Pattern,
    within: Pattern,
    own_before: Pattern,
    figures_follow: Pattern,
    threshold: Pattern,
    law: Pattern,
}

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| patterns::load(include_str!("../data/counts.toml")));

/// Finds the figures about what leaked and marks the one total.
pub(crate) fn find(scope: &Scope<'_>) -> Vec<Count> {
    let text = scope.text;
    let mut found: Vec<Count> = Vec::new();
    let mut known = Known(None);
    // A figure stands on one line.
    let lines = scope.layout.lines.iter().filter(|line| !line.elsewhere && scope.gates.is_match(&PATTERNS.figure, line.span));
    let figures =
        lines.flat_map(|line| PATTERNS.figure.captures_iter(&text[line.span.range()]).map(|captures| (line.span.start, captures)));
    for (start, captures) in figures {
        let (Some(whole), Some(number), Some(unit)) = (captures.get(0), captures.name("number"), captures.name("unit")) else { continue };
        let span = Span::new(start + whole.start(), start + whole.end());
        let (before, after) = (&text[..span.start], &text[span.end..]);
        let tail = &after[..patterns::prefix(after, 24)];
        let head = &before[patterns::suffix(before, 8)..];
        if PATTERNS.no_count_before.is_match(head) || captures.name("suffix").is_none() && PATTERNS.other_word.is_match(tail) {
            continue;
        }
        let Some(value) = numbers::parse(number.as_str()) else { continue };
        let few = value < FEW && PATTERNS.own_before.is_match(head);
        let of_law = |index: usize| scope.gates.is_match(&PATTERNS.law, scope.layout.sentences[index].span);
        let legal = captures.name("suffix").is_some()
            && PATTERNS.threshold.is_match(tail)
            && scope.layout.sentence_at(span.start).is_some_and(of_law);
        if value == 0 || few || legal || !known.concerns_leak(scope, span, tail) {
            continue;
        }
        let Some(unit) = unit_of(unit.as_str()) else { continue };
        let group = |name: &str| captures.name(name).map_or("", |found| found.as_str());
        let bound = bound_of(group("prefix"), group("mid"), group("suffix"));
        let within = PATTERNS.within.is_match(before[patterns::suffix(before, 40)..].rsplit(['。', '\n']).next().unwrap_or_default());
        let announced = &text[..start + number.start()];
        let sum = PATTERNS.sum.is_match(&announced[patterns::suffix(announced, 12)..]);
        found.push(Count { value, unit, bound, total: false, span, within, sum });
    }
    mark_total(&mut found);
    found
}

/// So few may be the organisation's own people.
const FEW: u64 = 10;

fn unit_of(unit: &str) -> Option<Unit> {
    [
        (&PATTERNS.person, Unit::Person),
        (&PATTERNS.record, Unit::Record),
        (&PATTERNS.organisation, Unit::Organisation),
        (&PATTERNS.household, Unit::Household),
    ]
    .into_iter()
    .find(|(pattern, _)| pattern.is_match(unit))
    .map(|(_, unit)| unit)
}

fn bound_of(prefix: &str, mid: &str, suffix: &str) -> Bound {
    let marked = |pattern: &Pattern| pattern.is_match(mid) || pattern.is_match(suffix);
    match () {
        _ if PATTERNS.at_most_prefix.is_match(prefix) || marked(&PATTERNS.at_most_mark) => Bound::AtMost,
        _ if PATTERNS.at_least_prefix.is_match(prefix) || marked(&PATTERNS.at_least_mark) => Bound::AtLeast,
        _ if PATTERNS.about_prefix.is_match(prefix) || marked(&PATTERNS.about_mark) => Bound::About,
        _ => Bound::Exact,
    }
}

/// What the last sentence and line said: a sentence may hold hundreds of figures.
struct Known(Option<((usize, usize), bool)>);

impl Known {
    fn concerns_leak(&mut self, scope: &Scope<'_>, span: Span, tail: &str) -> bool {
        if PATTERNS.elsewhere_after.is_match(tail) {
            return false;
        }
        let Some(sentence) = scope.layout.sentence_at(span.start) else { return false };
        let place = (sentence, scope.layout.line_at(span.start));
        match self.0 {
            Some((known, concerns)) if known == place => concerns,
            _ => self.0.insert((place, concerns_leak(scope, place))).1,
        }
    }
}

/// Whether the sentence, or for a list item what announces it, says that its figures are about data that leaked.
fn concerns_leak(scope: &Scope<'_>, (index, line): (usize, usize)) -> bool {
    let layout: &Layout = scope.layout;
    let sentence = layout.sentences[index].span;
    // The clause around the figure says best what it counts; brackets and commas are too small a unit.
    let body = &scope.text[sentence.range()];
    if scope.gates.is_match(&PATTERNS.elsewhere, sentence) {
        return false;
    }
    if scope.cues_in(sentence).iter().any(|cue| matches!(cue.concept, Concept::Duty | Concept::OtherCase)) {
        return false;
    }
    let leaks = |concept| matches!(concept, Concept::Leak | Concept::Access | Concept::Loss | Concept::Contain);
    if scope.cues_in(sentence).iter().any(|cue| leaks(cue.concept)) || scope.gates.is_match(&PATTERNS.about_leak, sentence) {
        return true;
    }
    // 「② 派遣先企業のご担当者様 4,106名」 under 「流出した情報」.
    let nominal = layout.lines[line].kind != LineKind::Text || !body.ends_with('。');
    let above = || scope.of_above(line).is_some_and(|verdict| matches!(verdict.reading, Reading::Status(_) | Reading::Held));
    // A group's own line: 「① スタッフの方 52,318名」, then 「以下の情報が流出しました」.
    let below = || layout.sentences.get(index + 1).is_some_and(|next| scope.cues_in(next.span).iter().any(|cue| leaks(cue.concept)));
    let titled = || {
        [layout.lines[line].lead, layout.lines[line].heading]
            .into_iter()
            .flatten()
            .any(|line| PATTERNS.figures_follow.is_match(&scope.text[layout.lines[line].span.range()]))
    };
    nominal && (above() || below() || titled())
}

/// The words that make a figure one of the leak: the statement of its sentence, else that above its list, else that of the next
/// sentence, 「① スタッフの方 52,318名」 and 「以下の情報が流出しました」.
pub(crate) fn cue(scope: &Scope<'_>, span: Span) -> Option<Span> {
    let index = scope.layout.sentence_at(span.start)?;
    let said = |index: usize| {
        let cues = scope.cues_in(scope.layout.sentences.get(index)?.span);
        let leaks = |concept| matches!(concept, Concept::Leak | Concept::Access | Concept::Loss | Concept::Contain);
        let after = cues.iter().find(|cue| leaks(cue.concept) && cue.span.start >= span.end);
        after.or_else(|| cues.iter().rev().find(|cue| leaks(cue.concept))).map(|cue| cue.span)
    };
    let above = || scope.of_above(scope.layout.line_at(span.start)).map(|verdict| verdict.cue);
    let here = scope.layout.sentences[index].span;
    let about =
        || PATTERNS.about_leak.find(&scope.text[here.range()]).map(|hit| Span::new(here.start + hit.start(), here.start + hit.end()));
    let line = &scope.layout.lines[scope.layout.line_at(span.start)];
    let titled = || {
        [line.lead, line.heading].into_iter().flatten().find_map(|line| {
            let place = scope.layout.lines[line].span;
            let hit = PATTERNS.figures_follow.find(&scope.text[place.range()])?;
            Some(Span::new(place.start + hit.start(), place.start + hit.end()))
        })
    };
    said(index).or_else(about).or_else(above).or_else(|| said(index + 1)).or_else(titled)
}

/// The one overall figure: what is called the sum, else the largest number of people, else of records; an exact figure before a
/// rounded one beside it.
fn mark_total(found: &mut [Count]) {
    for unit in [Unit::Person, Unit::Record, Unit::Household, Unit::Organisation] {
        if let Some(sum) = found.iter_mut().filter(|count| count.unit == unit && count.sum).max_by_key(|count| count.value) {
            sum.total = true;
            return;
        }
        let Some(largest) = found.iter().filter(|count| count.unit == unit).map(|count| count.value).max() else { continue };
        let near = |count: &&mut Count| count.unit == unit && !count.within && count.value.abs_diff(largest) <= largest / 20;
        let best = found.iter_mut().filter(near).min_by_key(|count| (count.bound != Bound::Exact, largest - count.value));
        match best {
            Some(count) => count.total = true,
            None => {
                if let Some(count) = found.iter_mut().find(|count| count.unit == unit && count.value == largest) {
                    count.total = true;
                }
            }
        }
        return;
    }
}
