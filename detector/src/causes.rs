//! How it happened: named causes, and the one that the text presents as the main one.

mod clues;
mod judged;
mod together;

#[cfg(feature = "learning")]
pub(crate) use self::judged::around;
pub(crate) use self::judged::judge;

use std::sync::LazyLock;

use owabi_corpora::{Cause, Span};
use serde::Deserialize;

use crate::layout::LineKind;
use crate::lexicon::{Lexicon, Match, Need};
use crate::patterns::{self, Pattern};
use crate::predicates::Cue;
use crate::scope::Scope;
use crate::words::{Concept, Meaning};

/// A cause and where the text names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) cause: Cause,
    pub(crate) primary: bool,
    pub(crate) spans: Vec<Span>,
    score: i32,
    weight: i32,
    /// Whether the text adds it to another: 「…も要因でした」.
    added: bool,
    /// Whether the title names it.
    titled: bool,
    /// Whether it is no guess: it stands with causal words, 「…により」, or is named by a word of the user's own.
    stated: bool,
    /// Whether a word of the user's own names it.
    of_user: bool,
}

impl Found {
    /// Nothing names it, and words that go with it stand together.
    pub(crate) fn is_hint(&self) -> bool {
        self.weight <= 0
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Patterns {
    causal: Pattern,
    about_cause: Pattern,
    rhetoric: Pattern,
    not_it: Pattern,
    suspected: Pattern,
    refuted: Pattern,
    at_first: Pattern,
    guess: Pattern,
    listed: Pattern,
    one_more: Pattern,
    probable: Pattern,
    promise: Pattern,
    past: Pattern,
    belongs: Pattern,
    told: Pattern,
    opinion: Pattern,
    warns: Pattern,
    findings: Pattern,
    unreal: Pattern,
    remark: Pattern,
    event: Pattern,
    afterwards: Pattern,
}

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| patterns::table("reasons"));

/// Finds the causes and marks the main one.
pub(crate) fn find(scope: &Scope<'_>, lexicon: &Lexicon, matches: &[Match]) -> Vec<Found> {
    let (mut found, mut asides) = gather(scope, lexicon, matches, false);
    if found.is_empty() {
        if asides.is_empty() {
            (found, asides) = gather(scope, lexicon, matches, true);
        }
        // What much speaks for outranks a hint, and what is said in passing.
        let silent = found.is_empty() && asides.is_empty();
        let outranks = |clue: &Found| silent || clue.score >= SURE && !together::is_wide(clue.cause);
        if let Some(clue) = by_clues(scope, lexicon, |_, _| true).filter(outranks) {
            found = vec![clue];
        }
    } else if let Some(wide) = found.iter().position(|cause| cause.cause.id() == "unauthorized_access")
        && !found.iter().any(|cause| together::is_technique(cause.cause))
    {
        // It says that somebody got in; what stands beside that may say how.
        let (mut how, _) = gather(scope, lexicon, matches, true);
        how.retain(|cause| cause.weight == 0 && together::is_technique(cause.cause));
        if how.is_empty() {
            let beside = |cause: Cause, index: usize| {
                let told = |span: &Span| scope.layout.sentence_at(span.start).is_some_and(|at| at.abs_diff(index) <= 1);
                together::is_technique(cause) && found[wide].spans.iter().any(told)
            };
            how.extend(by_clues(scope, lexicon, beside).filter(|clue| clue.score >= SURE));
        }
        if !how.is_empty() {
            let wide = found.remove(wide);
            // Beside causes of another kind it stands for what it explains.
            if !found.is_empty() {
                how.iter_mut().for_each(|cause| (cause.score, cause.weight) = (cause.score + wide.score, wide.weight));
            }
            found.extend(how);
        }
    }
    if found.is_empty() {
        found = asides;
    } else {
        // What is stated somewhere is said once more in passing.
        for aside in asides {
            if let Some(known) = found.iter_mut().find(|known| known.cause == aside.cause) {
                known.spans.extend(aside.spans);
                known.spans.sort_unstable_by_key(|span| span.start);
            }
        }
    }
    together::apart(scope, &mut found);
    together::keep_specific(&mut found);
    let rank = |cause: &Found| {
        let step = together::is_step(cause, &found);
        (!step, cause.score + cause.spans.len().min(3) as i32, std::cmp::Reverse(cause.spans[0].start))
    };
    let best = (0..found.len()).max_by_key(|&at| rank(&found[at]));
    let Some(best) = best else { return found };
    let best = together::behind(best, &found);
    found[best].primary = true;
    if found[best].is_hint() {
        return vec![found.swap_remove(best)];
    }
    together::keep_companions(scope, &mut found, best);
    found
}

/// What rows say of one another's sentences: stated, and said in passing. Hints are the rows that are asked where no other has spoken.
fn gather(scope: &Scope<'_>, lexicon: &Lexicon, matches: &[Match], hints: bool) -> (Vec<Found>, Vec<Found>) {
    let text = scope.text;
    let mut found: Vec<Found> = Vec::new();
    let mut asides: Vec<Found> = Vec::new();
    let opinions = opinions(scope);
    for hit in matches {
        let Meaning::Cause(row) = hit.meaning else { continue };
        let row = &lexicon.causes[row as usize];
        if (row.weight <= 0) != hints {
            continue;
        }
        let Some(index) = scope.layout.sentence_at(hit.start) else { continue };
        let sentence = scope.layout.sentences[index].reaching(hit.end);
        if scope.layout.lines[scope.layout.line_at(hit.start)].elsewhere {
            continue;
        }
        let says = |pattern: &Pattern, span: Span| scope.gates.is_match(pattern, span);
        let rest = Span::new(hit.end, sentence.end);
        let asks = |need: &Need| says(&need.pattern, if need.beside { beside(scope, index, sentence) } else { sentence });
        if !row.needs.iter().all(asks) || row.unless.as_ref().is_some_and(|unless| says(unless, sentence)) {
            continue;
        }
        if scope.layout.is_question(index)
            || says(&PATTERNS.rhetoric, near(text, hit.start, sentence.end))
            || says(&PATTERNS.warns, sentence)
            || together::is_failing(row.cause) && says(&PATTERNS.findings, sentence)
            || says(&PATTERNS.not_it, rest)
            || says(&PATTERNS.refuted, rest)
            || says(&PATTERNS.unreal, rest)
            || hints && (says(&PATTERNS.remark, sentence) || !says(&PATTERNS.told, Span::new(hit.start, sentence.end)))
            || says(&PATTERNS.promise, sentence) && !says(&PATTERNS.past, rest)
            || denied(scope, row.cause, Span::new(hit.start, hit.end))
        {
            continue;
        }
        let line = scope.layout.line_at(hit.start);
        let heading = scope.layout.lines[line].heading.map(|line| scope.layout.lines[line].span);
        let mut score = row.weight;
        let causal = says(&PATTERNS.causal, rest);
        score += 3 * i32::from(causal);
        score += i32::from(heading.is_some_and(|heading| says(&PATTERNS.about_cause, heading)));
        let titled = scope.layout.lines[line].kind == LineKind::Title;
        score += 2 * i32::from(titled);
        score -= 3 * i32::from(says(&PATTERNS.probable, rest));
        let aside = heading.is_some_and(|heading| says(&PATTERNS.afterwards, heading) && !says(&PATTERNS.about_cause, heading));
        let span = Span::new(hit.start, hit.end);
        let added = says(&PATTERNS.one_more, sentence);
        let stated = causal || row.of_user;
        let opinion = opinions[..opinions.partition_point(|part| part.start <= span.start)].last().is_some_and(|part| part.contains(span));
        let found = if aside || opinion || suspected(scope, sentence, span) { &mut asides } else { &mut found };
        match found.iter_mut().find(|known| known.cause == row.cause) {
            Some(known) => {
                known.score = known.score.max(score);
                known.weight = known.weight.max(row.weight);
                known.added |= added;
                known.titled |= titled;
                known.stated |= stated;
                known.of_user |= row.of_user;
                if known.spans.last().is_none_or(|last| last.end <= span.start) {
                    known.spans.push(span);
                }
            }
            None => {
                let (weight, of_user) = (row.weight, row.of_user);
                found.push(Found { cause: row.cause, primary: false, spans: vec![span], score, weight, added, titled, stated, of_user })
            }
        }
    }
    (found, asides)
}

/// So many points outrank a hint.
const SURE: i32 = 10;

/// The cause of which most is told by words together, of those that may be told in a sentence.
fn by_clues(scope: &Scope<'_>, lexicon: &Lexicon, may: impl Fn(Cause, usize) -> bool) -> Option<Found> {
    let opinions = opinions(scope);
    let sentences = (0..scope.layout.sentences.len()).filter(|&index| tells(scope, index, &opinions));
    let told = |index: usize| clues::told(scope, lexicon, scope.layout.sentences[index].span).into_iter().map(move |told| (index, told));
    let happened = |index: usize| scope.gates.is_match(&PATTERNS.event, scope.layout.sentences[index].span);
    let may_be = |(index, told): &(usize, clues::Told)| {
        may(told.cause, *index) && (told.points >= SURE || happened(*index)) && !denied(scope, told.cause, told.span)
    };
    let (_, told) = sentences.flat_map(told).filter(may_be).max_by_key(|(index, told)| (told.points, std::cmp::Reverse(*index)))?;
    Some(Found {
        cause: told.cause,
        primary: false,
        spans: vec![told.span],
        score: told.points,
        weight: 0,
        added: false,
        titled: false,
        stated: false,
        of_user: false,
    })
}

/// Whether a sentence tells what happened: no question, no advice, no promise, no opinion.
fn tells(scope: &Scope<'_>, index: usize, opinions: &[Span]) -> bool {
    let sentence = scope.layout.sentences[index].span;
    let says = |pattern: &Pattern| scope.gates.is_match(pattern, sentence);
    !scope.layout.is_question(index)
        && !scope.layout.lines[scope.layout.line_at(sentence.start)].elsewhere
        && !says(&PATTERNS.rhetoric)
        && !says(&PATTERNS.warns)
        && !says(&PATTERNS.promise)
        && !says(&PATTERNS.guess)
        && !says(&PATTERNS.remark)
        && says(&PATTERNS.told)
        && !opinions.iter().any(|part| part.contains(sentence))
}

/// The words by which the text names a cause: its trigger with the causal words that follow, 「不正アクセスにより」, where it has any.
pub(crate) fn cue(scope: &Scope<'_>, found: &Found) -> Option<Span> {
    let causal = |trigger: &Span| {
        let index = scope.layout.sentence_at(trigger.start)?;
        let rest = Span::new(trigger.end, scope.layout.sentences[index].span.end.max(trigger.end));
        scope.gates.find(&PATTERNS.causal, rest).map(|hit| Span::new(trigger.start, trigger.end + hit.end()))
    };
    found.spans.iter().find_map(causal).or(found.spans.first().copied())
}

/// A sentence with those right before and after it.
fn beside(scope: &Scope<'_>, index: usize, sentence: Span) -> Span {
    let at = |index: usize| scope.layout.sentences.get(index).map(|sentence| sentence.span);
    let before = index.checked_sub(1).and_then(at).map_or(sentence.start, |before| before.start);
    Span::new(before, at(index + 1).map_or(sentence.end, |after| after.end.max(sentence.end)))
}

/// The words from a trigger on: about its own clause.
fn near(text: &str, start: usize, sentence_end: usize) -> Span {
    Span::new(start, start + patterns::prefix(&text[start..sentence_end], 26))
}

/// The parts in which the writer says what to think of it, each from its head to the next heading: general talk names causes too.
fn opinions(scope: &Scope<'_>) -> Vec<Span> {
    let (mut parts, mut open) = (Vec::new(), None);
    for line in &scope.layout.lines {
        if line.kind == LineKind::Heading
            && let Some(start) = open.take()
        {
            parts.push(Span::new(start, line.span.start));
        }
        if scope.gates.is_match(&PATTERNS.opinion, line.span) {
            open.get_or_insert(line.span.end);
        }
    }
    parts.extend(open.map(|start| Span::new(start, scope.text.len())));
    parts
}

/// 「当初はウイルス感染を疑いましたが、」: thought of and given up. What is stated elsewhere outranks it.
fn suspected(scope: &Scope<'_>, sentence: Span, hit: Span) -> bool {
    let ends = || scope.cues_in(sentence).iter().filter(|cue| cue.concept == Concept::Hard).map(|cue| cue.span.end);
    let start = ends().take_while(|&end| end <= hit.start).last().unwrap_or(sentence.start);
    let end = ends().find(|&end| end > hit.start).unwrap_or(sentence.end);
    let rest = Span::new(hit.end, sentence.end.max(hit.end));
    scope.gates.is_match(&PATTERNS.guess, rest)
        || scope.gates.is_match(&PATTERNS.listed, rest)
        || scope.gates.is_match(&PATTERNS.suspected, Span::new(hit.end, end.max(hit.end)))
        || scope.gates.is_match(&PATTERNS.at_first, Span::new(start, end))
}

/// 「ウイルス感染は確認されていない」, 「…した場合」, another incident.
fn denied(scope: &Scope<'_>, cause: Cause, hit: Span) -> bool {
    let Some(index) = scope.layout.sentence_at(hit.start) else { return false };
    let sentence = scope.layout.sentences[index].span;
    // Those who try stolen passwords have them from somebody else's incident.
    // What reached the wrong one, or was passed on, belongs to somebody else or went to them.
    let belongs = |cue: &Cue| {
        let end = cue.span.end + patterns::prefix(&scope.text[cue.span.end..sentence.end.max(cue.span.end)], 6);
        together::has_others(cause) && scope.gates.is_match(&PATTERNS.belongs, Span::new(cue.span.start, end))
    };
    let elsewhere = |cue: &Cue| cue.concept == Concept::OtherCase && cause.id() != "credential_stuffing" && !belongs(cue);
    let ahead = |cue: &Cue| cue.concept == Concept::Measure && cue.span.end <= hit.start;
    if scope.cues_in(sentence).iter().any(|cue| elsewhere(cue) || ahead(cue) || cue.concept == Concept::Supposition) {
        return true;
    }
    let rest = Span::new(hit.end.min(sentence.end), sentence.end);
    // To the end of its clause: 「置き忘れ、現在も見つかっておりません」 denies something else.
    let clause = scope.text[rest.range()].find('、').map_or(rest.end, |at| rest.start + at);
    let near = Span::new(rest.start, clause.min(rest.start + 75));
    scope.cues_in(near).iter().take_while(|cue| cue.concept != Concept::Hard).any(|cue| match cue.concept {
        Concept::Unconfirmed | Concept::Duty => true,
        Concept::Hypothetical => cue.span.start <= rest.start + 12,
        _ => false,
    })
}
