//! Dates whose predicate stands before them.

use owabi_corpora::Span;
use owabi_corpora::vocabulary::DateRole;

use super::roles::{Named, Reader, Words};
use super::{PATTERNS, SHORT};
use crate::layout::LineKind;
use crate::patterns;

/// The roles of a date whose predicate stands before it: as its subject, 「判明したのは5月26日」, in brackets, 「気付いた(5月26日)」, or as
/// what tells the day apart, 「指摘を受けた5月26日に」; else what it has already.
pub(super) fn told_before(reader: &Reader<'_, '_>, named: Vec<Named>, before: Span, behind: Span) -> Vec<Named> {
    let text = reader.scope.text;
    let (head, tail) = (&text[before.range()], &text[behind.range()]);
    // The clause right before: 「…7日まで、当社が気づいたのは2月8日」.
    let clause = |end: usize| {
        let stretch = text[before.start..end].trim_end_matches('、');
        let from = stretch.rfind(['、', '。']).map_or(before.start, |comma| before.start + comma);
        reader.roles(Words::after(Span::new(from, end)))
    };
    if PATTERNS.cleft.is_match(head) {
        return clause(before.end);
    }
    // 「気づいたのは、連休明けの5月26日でした」
    if let Some(told) = PATTERNS.cleft_apart.find(head).filter(|_| PATTERNS.said.is_match(tail)) {
        let end = told.start() + patterns::prefix(&head[told.start()..], 2);
        let told = clause(before.start + end);
        if !told.is_empty() {
            return told;
        }
    }
    if PATTERNS.topic.is_match(head) && PATTERNS.said.is_match(tail) && named.iter().all(|(_, cue)| cue.start >= behind.start) {
        let told = clause(before.end);
        return if told.is_empty() { named } else { told };
    }
    let layout = reader.scope.layout;
    if head.ends_with('(')
        && PATTERNS.closed.is_match(tail)
        && layout.lines[layout.line_at(behind.start)].kind != LineKind::Title
        && named.iter().all(|(_, cue)| cue.start >= behind.start)
    {
        let told = clause(before.end - 1);
        return if told.is_empty() { named } else { told };
    }
    let mut named = named;
    // What happened on the day before a 「翌日」 did not happen on it.
    if PATTERNS.attributive.is_match(head) && !PATTERNS.another_day.is_match(&text[before.end..]) {
        let happens = |role| !matches!(role, DateRole::OccurredEnd | DateRole::Published);
        for (role, cue) in clause(before.end) {
            if happens(role) && named.iter().all(|(known, _)| *known != role) {
                named.push((role, cue));
            }
        }
    }
    named
}

/// The roles of a date on which the deed that its sentence names was done, and where that is told: 「住所の分かる方への通知は5月26日に
/// 終えております」.
pub(super) fn deed(reader: &Reader<'_, '_>, head: Span, behind: Span) -> Option<(usize, Vec<Named>)> {
    let text = reader.scope.text;
    let tail = &text[behind.range()];
    let tail = &tail[..patterns::prefix(tail, SHORT)];
    let done = PATTERNS.done.find(tail)?;
    let end = head.start + PATTERNS.deed.find(&text[head.range()])?.start();
    let from = text[head.start..end].rfind(['、', '。', '\n']).map_or(head.start, |comma| head.start + comma);
    let mut named = reader.roles(Words::after(Span::new(from, end)));
    // An examination that has begun is not done.
    let begun = PATTERNS.begun.is_match(tail);
    named.retain(|(role, _)| !begun || matches!(role, DateRole::Notified | DateRole::OccurredStart));
    (!named.is_empty()).then_some((behind.start + done.end(), named))
}

/// The roles of a date that closes its line, behind the words for what was done on it: 「カード決済の停止 2022/5/26」.
pub(super) fn closing(reader: &Reader<'_, '_>, before: Span, behind: Span) -> Vec<Named> {
    let (text, layout) = (reader.scope.text, reader.scope.layout);
    let head = text[before.range()].trim_end_matches(|c: char| !c.is_alphanumeric() && c != ')');
    let noun = !head.is_empty() && !head.contains('。') && head.chars().nth(SHORT).is_none() && !PATTERNS.particle.is_match(head);
    let title = layout.lines[layout.line_at(before.start)].kind == LineKind::Title;
    if title || !noun || behind.start > behind.end || !PATTERNS.line_end.is_match(&text[behind.range()]) {
        return Vec::new();
    }
    let end = before.start + head.len();
    let mut named = reader.roles(Words::after(Span::new(before.start, end)));
    // A noun names it, no clause: 「鍵を忘れた朝 2022/2/14」.
    let is_noun = |cue: &Span| !text[cue.range()].ends_with(|c| ('\u{3041}'..='\u{309f}').contains(&c));
    named.retain(|(_, cue)| text[cue.end..end].chars().nth(CLOSING).is_none() && is_noun(cue));
    named
}

/// What was done stands within so many characters before the date that closes its line.
const CLOSING: usize = 6;
