//! How many people, records, organisations or households are affected.

use std::sync::LazyLock;

use owabi_corpora::Span;
use owabi_corpora::vocabulary::{Bound, Unit};
use serde::Deserialize;

use crate::layout::{Layout, LineKind};
use crate::numbers;
use crate::patterns::{self, Pattern};
use crate::scope::{Reading, Scope};
use crate::words::Concept;

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
    /// It was told before and is not so, or others have a part in it: it is no overall figure.
    withdrawn: bool,
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
    number_before: Pattern,
    several: Pattern,
    elsewhere: Pattern,
    elsewhere_after: Pattern,
    concerned_before: Pattern,
    about_leak: Pattern,
    sum: Pattern,
    within: Pattern,
    own_before: Pattern,
    figures_follow: Pattern,
    threshold: Pattern,
    law: Pattern,
    idiom: Pattern,
    repeated: Pattern,
    base: Pattern,
    asked: Pattern,
    asked_before: Pattern,
    with_others: Pattern,
    weighty: Pattern,
    withdrawn: Pattern,
    wrong: Pattern,
    question: Pattern,
    label: Pattern,
    partner: Pattern,
    doers: Pattern,
    subject: Pattern,
    body: Pattern,
    of_which: Pattern,
    served: Pattern,
    apart: Pattern,
    one_figure: Pattern,
    onlookers: Pattern,
    stated: Pattern,
}

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| patterns::table("counts"));

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
        let clause = &after[..patterns::prefix(after, CLAUSE)];
        let head = &before[patterns::suffix(before, 8)..];
        let vague = !number.as_str().starts_with(|c: char| c.is_ascii_digit()) && PATTERNS.several.is_match(head);
        let goes_on = whole.as_str().starts_with(|c: char| c.is_ascii_digit()) && PATTERNS.number_before.is_match(head);
        if vague
            || goes_on
            || PATTERNS.no_count_before.is_match(head)
            || captures.name("suffix").is_none() && PATTERNS.other_word.is_match(tail)
        {
            continue;
        }
        let Some(value) = numbers::parse(number.as_str()) else { continue };
        let partners = PATTERNS.partner.is_match(unit.as_str());
        let did = PATTERNS.subject.is_match(tail) && PATTERNS.doers.is_match(head);
        let own = || PATTERNS.own_before.is_match(head) && !PATTERNS.served.is_match(unit.as_str());
        let few = did || value < FEW && (partners || own());
        let of_law = |index: usize| scope.gates.is_match(&PATTERNS.law, scope.layout.sentences[index].span);
        let legal = captures.name("suffix").is_some()
            && PATTERNS.threshold.is_match(tail)
            && scope.layout.sentence_at(span.start).is_some_and(of_law);
        let announced = &text[..start + number.start()];
        let sum = PATTERNS.sum.is_match(&announced[patterns::suffix(announced, 12)..]);
        // 「会員15万名のうち、漏えいしたのは…」
        let body = PATTERNS.of_which.is_match(tail) && PATTERNS.body.is_match(&before[patterns::suffix(before, NEAR)..]);
        if value == 0
            || few
            || legal
            || body
            || PATTERNS.idiom.is_match(number.as_str())
            || counts_others(scope, span, announced, unit.as_str())
        {
            continue;
        }
        if !known.concerns_leak(scope, span, clause, sum || PATTERNS.repeated.is_match(announced)) {
            continue;
        }
        let Some(unit) = unit_of(unit.as_str()) else { continue };
        let group = |name: &str| captures.name(name).map_or("", |found| found.as_str());
        let bound = bound_of(group("prefix"), group("mid"), group("suffix"));
        let within = PATTERNS.within.is_match(before[patterns::suffix(before, 40)..].rsplit(['。', '\n']).next().unwrap_or_default());
        // A figure that others have a part in is not the overall one of those for whom the text speaks.
        let shared = PATTERNS.with_others.is_match(&announced[patterns::suffix(announced, NEAR)..]);
        let withdrawn = shared || PATTERNS.withdrawn.is_match(tail) || PATTERNS.wrong.is_match(head);
        found.push(Count { value, unit, bound, total: false, span, within, sum, withdrawn });
    }
    mark_total(&mut found, scope);
    found
}

/// Whether the words before a figure make it one of inquiries, or of all members, where nothing in its sentence speaks of a leak.
fn counts_others(scope: &Scope<'_>, span: Span, announced: &str, unit: &str) -> bool {
    let Some(index) = scope.layout.sentence_at(span.start) else { return false };
    let sentence = scope.layout.sentences[index].reaching(span.end);
    let before = &announced[sentence.start.min(announced.len())..];
    let near = &before[patterns::suffix(before, NEAR)..];
    let record = PATTERNS.record.is_match(unit);
    if record && PATTERNS.asked_before.is_match(near) || !record && PATTERNS.onlookers.is_match(near) {
        return true;
    }
    let leaks = |concept| matches!(concept, Concept::Leak | Concept::Access | Concept::Loss | Concept::Contain);
    let weighs =
        || scope.cues_in(sentence).iter().any(|cue| leaks(cue.concept)) || PATTERNS.weighty.is_match(&scope.text[sentence.range()]);
    (PATTERNS.base.is_match(near) || record && scope.gates.is_match(&PATTERNS.asked, sentence)) && !weighs()
}

/// What a figure counts is named within so many characters before it.
const NEAR: usize = 40;

/// What those who are counted do stands within so many characters behind the figure.
const CLAUSE: usize = 44;

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
struct Known(Option<((usize, usize, bool), bool)>);

impl Known {
    fn concerns_leak(&mut self, scope: &Scope<'_>, span: Span, tail: &str, sum: bool) -> bool {
        if PATTERNS.elsewhere_after.is_match(tail) {
            let head = &scope.text[..span.start];
            if !PATTERNS.concerned_before.is_match(&head[patterns::suffix(head, NEAR)..]) {
                return false;
            }
        }
        let Some(sentence) = scope.layout.sentence_at(span.start) else { return false };
        let place = (sentence, scope.layout.line_at(span.start), sum);
        match self.0 {
            Some((known, concerns)) if known == place => concerns,
            _ => self.0.insert((place, concerns_leak(scope, place))).1,
        }
    }
}

/// Whether the sentence, or for a list item what announces it, says that its figures are about data that leaked.
fn concerns_leak(scope: &Scope<'_>, (index, line, sum): (usize, usize, bool)) -> bool {
    let layout: &Layout = scope.layout;
    let sentence = layout.sentences[index].span;
    // The clause around the figure says best what it counts; brackets and commas are too small a unit.
    let body = &scope.text[sentence.range()];
    if scope.gates.is_match(&PATTERNS.elsewhere, sentence) {
        return false;
    }
    let leaks = |concept| matches!(concept, Concept::Leak | Concept::Access | Concept::Loss | Concept::Contain);
    let says = |concept: fn(Concept) -> bool| scope.cues_in(sentence).iter().any(|cue| concept(cue.concept));
    // 「他大学で担当した授業の受講者 2,037件」 in a list is a group; another incident is told with what happened.
    let told = || !layout.is_enumeration(sentence) || says(|concept| matches!(concept, Concept::Leak | Concept::Access | Concept::Loss));
    if says(|concept| concept == Concept::Duty) || says(|concept| concept == Concept::OtherCase) && told() {
        return false;
    }
    if sum || scope.cues_in(sentence).iter().any(|cue| leaks(cue.concept)) || scope.gates.is_match(&PATTERNS.about_leak, sentence) {
        return true;
    }
    // 「何人が影響を受けましたか。」: what is answered is what was asked.
    let asked = index.checked_sub(1).map(|above| layout.sentences[above]).filter(|above| above.line != layout.sentences[index].line);
    if asked.is_some_and(|above| scope.gates.is_match(&PATTERNS.question, above.span)) {
        return true;
    }
    // 「② 派遣先企業のご担当者様 4,106名」 under 「流出した情報」.
    let nominal = layout.lines[line].kind != LineKind::Text || !body.ends_with('。') || PATTERNS.stated.is_match(body);
    let above = || scope.of_above(line).is_some_and(|verdict| matches!(verdict.reading, Reading::Status(_) | Reading::Held));
    // A group's own line: 「① スタッフの方 52,318名」, then 「以下の情報が流出しました」.
    let below = || layout.sentences.get(index + 1).is_some_and(|next| scope.cues_in(next.span).iter().any(|cue| leaks(cue.concept)));
    let titled = || {
        [layout.lines[line].lead, layout.lines[line].heading]
            .into_iter()
            .flatten()
            .any(|line| PATTERNS.figures_follow.is_match(&scope.text[layout.lines[line].span.range()]))
    };
    // 「不正ログインされたアカウント数」 over 「約36,400アカウント」.
    let labelled = || {
        let label = layout.lines[..line].iter().rev().find(|line| !line.span.is_empty()).map(|line| line.span);
        label.is_some_and(|label| scope.gates.is_match(&PATTERNS.label, label) && scope.gates.is_match(&PATTERNS.about_leak, label))
    };
    nominal && (above() || below() || titled() || labelled())
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
    // The question that it answers; 「延べ1,530件」 tells by itself.
    let asked = || {
        let question = scope.layout.sentences.get(index.checked_sub(1)?)?.span;
        let hit = PATTERNS.question.find(&scope.text[question.range()])?;
        Some(Span::new(question.start + hit.start(), question.start + hit.end()))
    };
    said(index).or_else(about).or_else(above).or_else(|| said(index + 1)).or_else(titled).or_else(asked).or(Some(span))
}

/// The one overall figure: that of people, unless that of records is larger by far; where there is none of either, of households, of
/// organisations.
fn mark_total(found: &mut [Count], scope: &Scope<'_>) {
    let best = |unit| overall(found, unit);
    let people = found.iter().filter(|count| count.unit == Unit::Person).map(|count| count.value).max().unwrap_or(0);
    let chosen = match (best(Unit::Person), best(Unit::Record)) {
        (Some(_), Some(records)) if found[records].value > people.saturating_mul(BY_FAR) => Some(records),
        (people, records) => people.or(records).or_else(|| best(Unit::Household)).or_else(|| best(Unit::Organisation)),
    };
    if let Some(index) = chosen.filter(|&index| !is_group(found, index, scope)) {
        found[index].total = true;
    }
}

/// Whether the largest figure is one of several groups of which no sum is told: 「① 学生 286名」 over 「② 研究者 731名」.
fn is_group(found: &[Count], index: usize, scope: &Scope<'_>) -> bool {
    let one = &found[index];
    let after = &scope.text[one.span.end..];
    let parts_follow = PATTERNS.within.is_match(&after[..patterns::prefix(after, PARTS)]);
    let stated = || {
        scope
            .layout
            .sentence_at(one.span.start)
            .is_some_and(|at| PATTERNS.stated.is_match(&scope.text[scope.layout.sentences[at].span.range()]))
    };
    if one.sum || parts_follow || stated() {
        return false;
    }
    let others = || found.iter().filter(|other| other.span != one.span && other.unit == one.unit && !other.within && !other.withdrawn);
    let others = || others().filter(|other| other.value != one.value && one.value.abs_diff(other.value) > one.value / 20);
    // Told as the parts of it.
    let parts: u64 = others().map(|other| other.value).sum();
    let again = |other: &&Count| other.value == one.value && other.unit == one.unit && other.span != one.span;
    if parts.abs_diff(one.value) <= one.value / 50
        || found.iter().any(|other| again(&other))
        || found.iter().any(|other| other.sum && other.value >= one.value)
    {
        return false;
    }
    // What is much less than it is a detail of it rather than another group.
    others().any(|other| other.value.saturating_mul(DETAIL) > one.value && in_row(one.span, other.span, scope))
}

/// A detail is so many times less.
const DETAIL: u64 = 5;

/// 「うち」 stands within so many characters behind what it divides.
const PARTS: usize = 12;

/// Whether two figures stand in items of one list, or in one sentence as an enumeration.
fn in_row(one: Span, other: Span, scope: &Scope<'_>) -> bool {
    let (first, second) = if one.start < other.start { (one, other) } else { (other, one) };
    let between = &scope.text[first.end.min(second.start)..second.start];
    let line = |span: Span| (scope.layout.line_at(span.start), &scope.layout.lines[scope.layout.line_at(span.start)]);
    let ((above, head), (below, item)) = (line(first), line(second));
    if above == below {
        return PATTERNS.apart.is_match(between) && !PATTERNS.one_figure.is_match(between);
    }
    let listed = head.kind == item.kind && head.kind != LineKind::Text && head.family == item.family && head.heading == item.heading;
    listed && below - above <= ROW
}

/// Items of one list stand within so many lines.
const ROW: usize = 12;

/// Records are not the same people told otherwise when they are so many times as many.
const BY_FAR: u64 = 2;

/// The overall figure of a unit: what is called the sum, else the largest; an exact figure before a rounded one beside it.
fn overall(found: &[Count], unit: Unit) -> Option<usize> {
    let of_unit = || found.iter().enumerate().filter(move |(_, count)| count.unit == unit && !count.withdrawn);
    if let Some((index, _)) = of_unit().filter(|(_, count)| count.sum).max_by_key(|&(index, count)| (count.value, index)) {
        return Some(index);
    }
    let largest = of_unit().map(|(_, count)| count.value).max()?;
    // Told to the last one it needs no other.
    if let Some((index, _)) = of_unit().find(|(_, count)| count.value == largest && count.bound == Bound::Exact) {
        return Some(index);
    }
    let near = |count: &Count| !count.within && count.value.abs_diff(largest) <= largest / 20;
    // 「6万件」 in a headline rounds 「約6万2,000件」, though it says no 「約」.
    let best = of_unit()
        .filter(|(_, count)| near(count))
        .min_by_key(|(_, count)| (std::cmp::Reverse(told_digits(count.value)), count.bound != Bound::Exact, largest - count.value));
    best.or_else(|| of_unit().find(|(_, count)| count.value == largest)).map(|(index, _)| index)
}

/// How many digits a figure is told to: 2 of 62,000.
fn told_digits(mut value: u64) -> u32 {
    while value >= 10 && value.is_multiple_of(10) {
        value /= 10;
    }
    value.checked_ilog10().map_or(0, |digits| digits + 1)
}
