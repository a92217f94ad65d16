//! Periods: which two days are the ends of one, and whether it is the incident's.

use owabi_corpora::Span;

use super::{ANNOUNCED, PATTERNS, SHORT};
use crate::dates::Found;
use crate::layout::Line;
use crate::patterns;
use crate::scope::Scope;

/// Whether two dates are the ends of a period: 「5月1日から13日」, 「5月1日から、設定を改めた5月13日まで」.
pub(super) fn is_range(text: &str, first: &Found, last: &Found) -> bool {
    let between = &text[first.span.end..last.span.start];
    PATTERNS.range.is_match(between)
        || between.chars().nth(SHORT).is_none()
            && !PATTERNS.finite.is_match(between)
            && PATTERNS.opens.is_match(between)
            && PATTERNS.attributive.is_match(between)
            && PATTERNS.closes.is_match(&text[last.span.end..])
}

/// Whether two days are the ends of the incident.
pub(super) fn is_period(scope: &Scope<'_>, first: &Found, last: &Found, sentence: Span, skimming: bool) -> bool {
    let text = scope.text;
    let rest = &text[last.span.end..sentence.end.max(last.span.end)];
    // A span of years is about who is concerned, not about when it happened.
    let between = &text[first.span.end..last.span.start];
    let years = (first.date.month.is_none() || last.date.month.is_none()) && !PATTERNS.since.is_match(between);
    let years = years || PATTERNS.other_before.is_match(&text[sentence.start.min(first.span.start)..first.span.start]);
    let before = &text[sentence.start.min(first.span.start)..first.span.start];
    let years = years || !skimming && (PATTERNS.concerned.is_match(before) || is_under_concerned(scope, first.span.start));
    let career = PATTERNS.career.is_match(rest.split('。').next().unwrap_or_default());
    let other = career || PATTERNS.other_period.is_match(&rest[..patterns::prefix(rest, OWN)]) || !skimming && says_whose(rest);
    let announced = PATTERNS.announcement.is_match(&rest[..patterns::prefix(rest, ANNOUNCED)]);
    let rest = Span::new(last.span.end, sentence.end.max(last.span.end));
    let hours = first.time.is_some() && last.time.is_some();
    (hours || !years && !other && tells_incident(scope, first.span.start, sentence, skimming))
        && !announced
        && is_incident_period(scope, first.span.start, rest, [skimming, hours])
}

/// Whether its sentence, its line or the words over it speak of what befell, or ask when it was.
fn tells_incident(scope: &Scope<'_>, start: usize, sentence: Span, skimming: bool) -> bool {
    let (text, layout) = (scope.text, scope.layout);
    let index = layout.line_at(start);
    let line = layout.lines[index].span;
    let told = |span: Span| scope.gates.is_match(&PATTERNS.befell_wide, span) || scope.gates.is_match(&PATTERNS.period_title, span);
    // In a list it may stand some lines away.
    let short = patterns::prefix(&text[line.range()], SHORT) == line.len();
    let near = |lines: &mut dyn Iterator<Item = &Line>| {
        lines.take(BLANKS).filter(|line| !line.span.is_empty()).take(NEAR).any(|near| told(near.span))
    };
    let above = || short && (near(&mut layout.lines[..index].iter().rev()) || near(&mut layout.lines[index + 1..].iter()));
    skimming
        || told(around(text, line, sentence))
        || layout.lines[index].heading.is_some_and(|heading| told(layout.lines[heading].span))
        || above()
}

/// Whether a period begins its line under words that ask whose data are concerned: 「【対象のお客様】」.
fn is_under_concerned(scope: &Scope<'_>, start: usize) -> bool {
    let (text, layout) = (scope.text, scope.layout);
    let index = layout.line_at(start);
    let bare = !text[layout.lines[index].span.start.min(start)..start].contains(char::is_alphanumeric);
    let above = || layout.lines[..index].iter().rev().take(BLANKS).find(|line| !line.span.is_empty()).map(|line| &text[line.span.range()]);
    bare && above().is_some_and(|above| PATTERNS.whom.is_match(above))
}

/// Whether what follows a day or a period says whose data are concerned, 「…までに書類を提出いただいたお客様」, and tells no event.
pub(super) fn says_whose(behind: &str) -> bool {
    let behind = &behind[..patterns::prefix(behind, WHOSE)];
    PATTERNS.whose.find(behind).is_some_and(|found| !PATTERNS.befell.is_match(found.as_str()))
}

/// A sentence with the rest of its line, of which no more is read than tells something of it.
fn around(text: &str, line: Span, sentence: Span) -> Span {
    let before = &text[line.start.min(sentence.start)..sentence.start];
    let behind = &text[sentence.end..line.end.max(sentence.end)];
    Span::new(sentence.start - (before.len() - patterns::suffix(before, BESIDE)), sentence.end + patterns::prefix(behind, BESIDE))
}

/// In characters.
const BESIDE: usize = 200;

/// So many lines are looked over for one that is not empty.
const BLANKS: usize = 8;

/// So many lines around a short one may say what it dates.
const NEAR: usize = 3;

/// In characters.
const WHOSE: usize = 64;

/// Whether a period may be the incident's: not that of purchases, unless these are what was spied out, nor a chapter's of a
/// chronicle, which says nothing but its days.
fn is_incident_period(scope: &Scope<'_>, start: usize, rest: Span, [skimming, hours]: [bool; 2]) -> bool {
    let (text, layout) = (scope.text, scope.layout);
    let behind = &text[rest.range()];
    if !skimming && !hours && PATTERNS.purchase_period.is_match(&behind[..patterns::prefix(behind, OWN)]) {
        return false;
    }
    let index = layout.line_at(start);
    let line = &layout.lines[index];
    let number = &text[line.span.start.min(start)..start];
    let chapter = number.contains(char::is_alphanumeric) && PATTERNS.enumerator.is_match(number);
    let titled = |line: usize| PATTERNS.period_title.is_match(&text[layout.lines[line].span.range()]);
    !chapter || behind.chars().any(char::is_alphanumeric) || titled(index) || line.heading.is_some_and(titled)
}

pub(super) fn days_between(first: &Found, last: &Found) -> Option<i32> {
    Some(first.date.civil()?.until(last.date.civil()?).ok()?.get_days())
}

/// What a period is about stands right behind it, in so many characters: 「…の間に会員登録」.
const OWN: usize = 26;
