//! What happened on a date: the role that the words around it give it.
//!
//! Japanese puts the verb last, so a date is governed by what follows it up to the next date. Three things break that order: an
//! addressee before the date (「警察署にも7月31日に相談」), a predicate before its date (「判明したのは5月26日」, 「指摘を受けた5月26日に」), and a table whose
//! dates stand alone. Days in a row share the verb behind the last (「委員会には5月31日、警察には6月2日に届け出」).

mod periods;
mod roles;
mod rows;
mod settle;

use std::sync::LazyLock;

use owabi_corpora::vocabulary::{DateRole, Stage};
use owabi_corpora::{ClockTime, PartialDate, Span};
use serde::Deserialize;

use self::periods::{days_between, is_period, is_range, says_whose};
use self::roles::{Named, Reader, Words};
use self::rows::{ROW_LINES, TABLE, begins_line, column, labelled, row_end, stands_alone};
use crate::dates::{Found, is_own_date};
use crate::layout::LineKind;
use crate::lexicon::{Lexicon, Match};
use crate::patterns::{self, Pattern};
use crate::scope::Scope;
use crate::words::Concept;

/// A dated event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Event {
    pub(crate) role: DateRole,
    pub(crate) date: PartialDate,
    pub(crate) time: Option<ClockTime>,
    pub(crate) stage: Option<Stage>,
    pub(crate) span: Span,
    /// The words that gave the role.
    pub(crate) cue: Span,
    /// It announces what the same sentence tells: 「…していたと発表した」.
    pub(crate) reports: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Patterns {
    range: Pattern,
    weak_discovery: Pattern,
    other_period: Pattern,
    addressee: Pattern,
    cleft: Pattern,
    other_before: Pattern,
    purchase_period: Pattern,
    terse: Pattern,
    plan: Pattern,
    last_of_them: Pattern,
    joined: Pattern,
    finite: Pattern,
    clause_subject: Pattern,
    topic: Pattern,
    said: Pattern,
    attributive: Pattern,
    undone: Pattern,
    of_people: Pattern,
    undated_too: Pattern,
    examined: Pattern,
    opens: Pattern,
    closes: Pattern,
    object: Pattern,
    question: Pattern,
    negated: Pattern,
    career: Pattern,
    announces: Pattern,
    teller: Pattern,
    quoted: Pattern,
    telling: Pattern,
    undayed: Pattern,
    concerned: Pattern,
    embedded: Pattern,
    topical: Pattern,
    copula: Pattern,
    others_told: Pattern,
    by_way: Pattern,
    dated_document: Pattern,
    period_title: Pattern,
    announcement: Pattern,
    enumerator: Pattern,
    part_of_day: Pattern,
    found_leak: Pattern,
    since: Pattern,
    immediately: Pattern,
    preliminary: Pattern,
    last_report: Pattern,
    aspect: Pattern,
    content: Pattern,
    another_day: Pattern,
    deadline: Pattern,
    sent_thing: Pattern,
    until: Pattern,
    befell_then: Pattern,
    period_end: Pattern,
    report: Pattern,
    untold: Pattern,
    tells_apart: Pattern,
    rounds_off: Pattern,
    apart: Pattern,
    addressed: Pattern,
    whose: Pattern,
    befell: Pattern,
    relative: Pattern,
    commissioned: Pattern,
    their_report: Pattern,
}

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| patterns::load(include_str!("../data/events.toml")));

/// What happened when. `found` are the dates of [`crate::dates::resolve`]. `skimming`: what was bought between two days may have
/// leaked, so that the window of purchase is the incident's period.
pub(crate) fn find(scope: &Scope<'_>, lexicon: &Lexicon, matches: &[Match], found: &[Found], skimming: bool) -> Vec<Event> {
    let (text, layout) = (scope.text, scope.layout);
    let mut events: Vec<Event> = Vec::new();
    let reader = Reader { scope, lexicon, matches };
    let alone = |date: &Found| stands_alone(text, layout, date.span);
    // Dates on lines of their own, one after another, are a table of events, not the letter's date.
    let table = found.iter().filter(|date| alone(date)).count() >= TABLE;
    // So are dates that begin their lines: what the row says up to the next date belongs to them.
    let rows = found.iter().filter(|date| begins_line(text, layout, date.span)).count() >= TABLE;
    // The day of a telling whose verb stands behind all that is told: where its sentence ends.
    let mut frame = 0;
    for (index, date) in found.iter().enumerate() {
        let Some(sentence) = layout.sentence_at(date.span.start) else { continue };
        if layout.lines[layout.line_at(date.span.start)].elsewhere {
            continue;
        }
        let sentence = layout.sentences[sentence].reaching(date.span.end);
        let event = |role, cue: Span, which: &Found, reach: &str| {
            let stage = (role == DateRole::ReportedRegulator).then(|| stage(reach)).flatten();
            Event { role, date: which.date, time: which.time, stage, span: which.span, cue, reports: false }
        };
        // Days joined by 「と」 have one verb, behind the last of them.
        let (first, last) = joined(text, found, index, sentence.end);
        // A period: its ends have roles of their own, and what follows it speaks of its end.
        let next = found.get(last + 1).filter(|next| next.span.start < sentence.end);
        let sentence = Span::new(sentence.start, next.map_or(sentence.end, |next| next.span.end.max(sentence.end)));
        if first == last
            && let Some(next) = next
            && is_range(text, date, next)
        {
            // 「14日から15日にかけて運用を止め」 is a period of its own: on the first day it was begun.
            let reach = Span::new(next.span.end, found.get(index + 2).map_or(sentence.end, |third| third.span.start.min(sentence.end)));
            let ends = PATTERNS.period_end.find(&text[reach.range()]).map_or(reach.start, |found| reach.start + found.end());
            let told = reader.roles(Words::after(Span::new(ends, reach.end)));
            let stopped = |cue: Span| ends > reach.start && cue.start >= ends && text[ends..cue.start].chars().nth(STOPPED).is_none();
            if let Some(&(role, cue)) = told.first().filter(|(role, cue)| *role == DateRole::Contained && stopped(*cue)) {
                events.push(event(role, cue, date, ""));
                continue;
            }
            let of_incident = is_period(scope, date, next, sentence, skimming);
            if of_incident {
                let cue = Span::new(date.span.end, next.span.start);
                events.push(event(DateRole::OccurredStart, cue, date, ""));
                // A single day is a beginning only.
                if next.date != date.date {
                    events.push(event(DateRole::OccurredEnd, cue, next, ""));
                }
            }
            // 「3日夜から4日早朝にかけて、障害を検知し」: noticed on the first day.
            // 「5日から7日にかけて、お詫びと説明を行い」: from the first day on.
            let outer = index.checked_sub(1).map(|outer| &found[outer]).filter(|outer| {
                outer.span.start >= sentence.start
                    && (PATTERNS.topical.is_match(&text[outer.span.end..]) || begins_line(text, layout, outer.span))
            });
            for (role, cue) in told {
                // 「28日、…により、14日から19日にかけて…されていたことを確認」
                let embedded = || PATTERNS.embedded.is_match(&text[next.span.end..cue.end.max(next.span.end)]);
                match (role, outer) {
                    (DateRole::Discovered, Some(outer)) if embedded() => events.push(event(role, cue, outer, "")),
                    (DateRole::Discovered, _) if !embedded() && days_between(date, next).is_some_and(|days| days <= 2) => {
                        events.push(event(role, cue, date, ""));
                    }
                    (DateRole::Notified, _) if !of_incident => events.push(event(role, cue, date, "")),
                    _ => continue,
                }
                break;
            }
            continue;
        }
        let end = found[last].span.end;
        let mut reach = Span::new(end, next.map_or(sentence.end, |next| addressee_start(text, end, next.span.start)).max(end));
        if table && alone(date) {
            // What happened stands on the next line.
            let limit = found.get(index + 1).map_or(text.len(), |next| next.span.start);
            let below = layout.lines[layout.line_at(date.span.start) + 1..].iter().skip_while(|line| line.span.is_empty());
            let paragraph = below.take_while(|line| !line.span.is_empty()).take(ROW_LINES).last();
            reach.end = paragraph.map_or(reach.end, |line| line.span.end.min(limit)).max(reach.end);
        } else if rows && next.is_none() && begins_line(text, layout, date.span) && PATTERNS.terse.is_match(&text[date.span.end..]) {
            let limit = found.get(last + 1).map_or(text.len(), |next| next.span.start);
            reach.end = row_end(text, layout, date.span, found.get(last + 1)).min(limit).max(reach.end);
        }
        // What stands before a date on its line: 「公表日:」, or the one it was reported to: 「警察署にも7月31日に相談」.
        let line = layout.lines[layout.line_at(date.span.start)].span.start.max(sentence.start);
        let own = found[first].span.start.max(line);
        let previous = first.checked_sub(1).map_or(0, |i| found[i].span.end);
        let before = Span::new(if previous > line { before_start(text, previous, own) } else { line }, own);
        let period_end = index > 0
            && found[index - 1].span.end <= date.span.start
            && PATTERNS.range.is_match(&text[found[index - 1].span.end..date.span.start]);
        let shared = next.and_then(|_| shared(text, found, last, sentence.end));
        // What is told apart by a day of its own says nothing of this one, nor does the verb of who tells all of it.
        let quoted = if frame > date.span.start {
            PATTERNS.quoted.find(&text[reach.range()]).map(|found| reach.start + found.start())
        } else {
            None
        };
        let reach = Span::new(reach.start.max(found[last].aside.min(reach.end)), quoted.unwrap_or(reach.end));
        let reach = Span::new(reach.start.min(reach.end), reach.end);
        let mut named = reader.roles(Words { before, reach, shared });
        named = told_before(&reader, named, Span::new(line.max(previous.min(own)), own), Span::new(end, sentence.end));
        let told = !named.is_empty();
        if !told && own == line {
            named = labelled(&reader, date.span, Span::new(end, sentence.end));
        }
        if named.is_empty() && rows && begins_line(text, layout, date.span) {
            named = column(&reader, found, index);
        }
        // Under a label it is the day of what the label names.
        let under_label = !told && !named.is_empty();
        // 「13日、お客様から、10日に届いた封筒に…との連絡を受け」
        let outer = first
            .checked_sub(1)
            .map(|outer| &found[outer])
            .filter(|outer| outer.span.start >= sentence.start && PATTERNS.topical.is_match(&text[outer.span.end..]));
        let fresh = |outer: &Found| events.iter().rev().take(RECENT).all(|event| event.span != outer.span);
        if let Some(outer) = outer
            && let fresh = fresh(outer)
            && (fresh || PATTERNS.relative.is_match(&text[end..]))
            && let Some(position) = named
                .iter()
                .position(|(role, cue)| *role == DateRole::Discovered && cue.start > end && PATTERNS.embedded.is_match(&text[end..cue.end]))
        {
            let (role, cue) = named.remove(position);
            if fresh {
                events.push(event(role, cue, outer, ""));
            }
            named.extend(reader.tells_occurrence(Span::new(reach.start, cue.start)).map(|cue| (DateRole::OccurredStart, cue)));
        }
        let step_back = named.iter().position(|(role, _)| *role == DateRole::Discovered).filter(|_| is_step_back(text, &events, date));
        if let Some(position) = step_back {
            let (_, cue) = named.remove(position);
            named.extend(reader.tells_occurrence(Span::new(reach.start, cue.start)).map(|cue| (DateRole::OccurredStart, cue)));
        }
        // 「13日にサーバーが攻撃を受け、…漏えいした可能性があることが判明しました」
        if let Some(then) = PATTERNS.befell_then.find(&text[reach.range()]).map(|found| reach.start + found.end())
            && let Some(position) = named.iter().position(|(role, cue)| *role == DateRole::Discovered && cue.start >= then)
            && let Some(cue) = reader.tells_occurrence(Span::new(reach.start, then))
        {
            named[position] = (DateRole::OccurredStart, cue);
        }
        // 「解析を依頼し、5日に報告を受けました」: what the examiners report.
        if PATTERNS.their_report.is_match(&text[reach.range()])
            && PATTERNS.commissioned.is_match(&text[Span::new(sentence.start.min(own), own).range()])
        {
            for (role, _) in named.iter_mut().filter(|(role, _)| *role == DateRole::Discovered) {
                *role = DateRole::InvestigationDone;
            }
        }
        if first < last {
            // 「3日と5日に送信しました」: a period; where no verb tells anything, the days are one all the same.
            if named.is_empty() && index == first && is_period(scope, date, &found[last], sentence, skimming) {
                named.push((DateRole::OccurredStart, Span::new(date.span.end, end)));
            } else if named.is_empty() && index == last && is_period(scope, &found[first], date, sentence, skimming) {
                named.push((DateRole::OccurredEnd, Span::new(found[first].span.end, date.span.start)));
            }
            named.retain(|(role, _)| !matches!(role, DateRole::OccurredStart | DateRole::Discovered) || index == first || index == last);
            for (role, _) in &mut named {
                // Nothing is noticed on two days.
                if *role == DateRole::Discovered {
                    *role = DateRole::OccurredStart;
                }
                if *role == DateRole::OccurredStart && index == last {
                    *role = DateRole::OccurredEnd;
                }
            }
        }
        // 「5月6日に発送したお知らせのうち、…」: what was sent is what went wrong.
        if first == last && !skimming && PATTERNS.sent_thing.is_match(&text[Span::new(end, sentence.end.max(end)).range()]) {
            named.retain(|(role, _)| !matches!(role, DateRole::Notified | DateRole::Published));
            if named.is_empty() && !PATTERNS.announcement.is_match(&text[end..]) {
                named.push((DateRole::OccurredStart, reader.tells_occurrence(reach).unwrap_or(date.span)));
            }
        }
        // 「5月24日にお知らせいたしました件」: the day of an announcement is nothing else.
        let behind = &text[end..];
        let behind = &behind[..patterns::prefix(behind, ANNOUNCED)];
        let announced = PATTERNS.announcement.is_match(behind);
        // 「12月6日付「…」」: the day of a document, not of what it tells.
        let document = PATTERNS.dated_document.is_match(behind);
        let of_data = !skimming && (PATTERNS.concerned.is_match(&text[before.range()]) || says_whose(&text[end..reach.end]));
        let announces = PATTERNS.announces.is_match(&text[reach.range()]);
        // 「同社は5日、3日に…していたと発表した」: the verb behind the days of what is told belongs to the day before them.
        let teller = &text[Span::new(sentence.start.min(own), own).range()];
        let frames = |to: usize| {
            PATTERNS.teller.is_match(teller) && PATTERNS.telling.is_match(behind) && PATTERNS.announces.is_match(&text[end..to])
        };
        if frame <= date.span.start
            && let Some(next) = next
            && frames(sentence.end)
            && let Some(cue) = reader.publishes(Span::new(end, sentence.end)).filter(|cue| cue.start >= next.span.end)
        {
            frame = sentence.end;
            events.push(Event { reports: true, ..event(DateRole::Published, cue, date, "") });
            continue;
        }
        if frame > date.span.start {
            named.retain(|(role, _)| *role != DateRole::Published);
        }
        let announces = announces && frame <= date.span.start;
        if announces && let Some(cue) = reader.publishes(reach) {
            let reports = named.iter().any(|(role, _)| *role != DateRole::Published);
            events.push(Event { reports, ..event(DateRole::Published, cue, date, "") });
            named.clear();
        }
        // What a law demands, or what befell others, is no event of this incident.
        let elsewhere = scope.cues_in(sentence).iter().any(|cue| {
            let near = cue.span.end > date.span.start && cue.span.start < reach.end;
            // 「別の会社からも連絡」, 「別件の点検の中で発覚」: how it came out.
            let behind = &text[cue.span.end..];
            let way = || PATTERNS.by_way.is_match(&behind[..patterns::prefix(behind, BY_WAY)]);
            let other = || cue.concept == Concept::OtherCase && !PATTERNS.others_told.is_match(&text[cue.span.range()]) && !way();
            near && (cue.concept == Concept::Duty || other())
        });
        // 「委員会への報告は10月17日となり」
        let named_before = |cue: Span| cue.end <= date.span.start && date.span.start <= cue.end + ADJOINING;
        // What is to come has not happened.
        let planned = date.to_come && PATTERNS.plan.is_match(&text[reach.range()]);
        if PATTERNS.deadline.is_match(&text[end..sentence.end.max(end)]) {
            named.clear();
        }
        if PATTERNS.until.is_match(&text[end..]) {
            named.retain(|(role, cue)| *role != DateRole::Discovered || cue.start < end);
        }
        for (role, cue) in named {
            let of_document =
                matches!(role, DateRole::Published | DateRole::Notified | DateRole::ReportedRegulator | DateRole::ReportedPolice);
            if (announced || announces) && role != DateRole::Published
                || of_data && matches!(role, DateRole::OccurredStart | DateRole::OccurredEnd)
                || elsewhere && role != DateRole::Published && !named_before(cue)
                || document && !of_document
                || planned && !matches!(role, DateRole::Published | DateRole::Notified)
            {
                continue;
            }
            // The second day of a period that was told with its verb.
            let known = || events.last().is_some_and(|last| last.role == role && last.cue == cue);
            if period_end && (matches!(role, DateRole::OccurredStart | DateRole::OccurredEnd | DateRole::Discovered) || known()) {
                continue;
            }
            // 「本日までに…報告はありません」 says nothing of the incident's own days.
            if date.of_document && date.time.is_none() && matches!(role, DateRole::OccurredStart | DateRole::OccurredEnd) {
                continue;
            }
            // 「昨年の内部監査で」: a year alone is no day on which something was noticed.
            let going_on =
                matches!(role, DateRole::OccurredStart | DateRole::OccurredEnd) && PATTERNS.since.is_match(&text[date.span.end..]);
            if date.date.month.is_none() && !going_on {
                continue;
            }
            events.push(event(role, cue, date, &text[reach.range()]));
        }
        let own_date = !under_label && !PATTERNS.copula.is_match(&text[date.span.end..]);
        // A text that is nothing but its table begins with a row: the next one follows as close.
        let row = || found.get(1).is_some_and(|next| alone(next) && layout.line_at(next.span.start) <= layout.line_at(date.span.start) + 2);
        if own_date
            && !period_end
            && !date.relative
            && (date.date.day.is_some() || PATTERNS.undayed.is_match(&text[date.span.range()]))
            && (!table || index == 0 && !row())
            && is_own_date(text, layout, date.span)
        {
            events.push(event(DateRole::Published, date.span, date, ""));
        }
    }
    settle::settle(&reader, events)
}

/// Which of the days around one share its verb by 「と」: the first and the last of them.
fn joined(text: &str, found: &[Found], index: usize, end: usize) -> (usize, usize) {
    let join = |first: &Found, second: &Found| {
        first.span.end <= second.span.start && second.span.start < end && PATTERNS.joined.is_match(&text[first.span.end..second.span.start])
    };
    let (mut first, mut last) = (index, index);
    while first > 0 && index - first < JOINED && join(&found[first - 1], &found[first]) {
        first -= 1;
    }
    while last + 1 < found.len() && last - index < JOINED && join(&found[last], &found[last + 1]) {
        last += 1;
    }
    (first, last)
}

/// The verb behind the last of several dates, if none of the words between them has one: 「委員会には5月31日、警察には6月2日に届け出」.
fn shared(text: &str, found: &[Found], index: usize, end: usize) -> Option<Span> {
    let mut last = index;
    while let Some(next) = found.get(last + 1).filter(|next| next.span.start < end && last - index < JOINED) {
        let between = text.get(found[last].span.end..next.span.start)?;
        if between.chars().nth(SHORT).is_some() || PATTERNS.finite.is_match(between) {
            break;
        }
        last += 1;
    }
    (last > index).then(|| Span::new(found[last].span.end, end.max(found[last].span.end)))
}

/// The roles of a date whose predicate stands before it: as its subject, 「判明したのは5月26日」, in brackets, 「気付いた(5月26日)」, or as
/// what tells the day apart, 「指摘を受けた5月26日に」; else what it has already.
fn told_before(reader: &Reader<'_, '_>, named: Vec<Named>, before: Span, behind: Span) -> Vec<Named> {
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
    if PATTERNS.topic.is_match(head) && PATTERNS.said.is_match(tail) && named.iter().all(|(_, cue)| cue.start >= behind.start) {
        let told = clause(before.end);
        return if told.is_empty() { named } else { told };
    }
    let layout = reader.scope.layout;
    if head.ends_with('(')
        && tail.starts_with(')')
        && layout.lines[layout.line_at(behind.start)].kind != LineKind::Title
        && named.iter().all(|(_, cue)| cue.start >= behind.start)
    {
        let told = clause(before.end - 1);
        return if told.is_empty() { named } else { told };
    }
    let mut named = named;
    // What happened on the day before a 「翌日」 did not happen on it.
    if PATTERNS.attributive.is_match(head) && !PATTERNS.another_day.is_match(&text[before.end..]) {
        let happens = |role| matches!(role, DateRole::Discovered | DateRole::Contained | DateRole::OccurredStart);
        for (role, cue) in clause(before.end) {
            if happens(role) && named.iter().all(|(known, _)| *known != role) {
                named.push((role, cue));
            }
        }
    }
    named
}

/// Whether a finding is told of a day before the one on which somebody was told of the incident: then it happened on that day,
/// 「連絡を受けて調べたところ、10日に発送した封筒に混入していたことが判明」.
fn is_step_back(text: &str, events: &[Event], date: &Found) -> bool {
    let Some(day) = date.date.civil() else { return false };
    events.iter().rev().take(RECENT).any(|event| {
        event.role == DateRole::Discovered
            && event.date.civil().is_some_and(|known| known > day)
            && event.cue.end <= date.span.start
            && date.span.start - event.cue.end < STEP
            && PATTERNS.examined.is_match(&text[event.cue.end..date.span.start])
    })
}

/// In characters, from a period to the verb that stops something in it.
const STOPPED: usize = 12;

/// So many days share a verb at most.
const JOINED: usize = 4;

/// In characters, between two dates that share a verb.
const SHORT: usize = 60;

/// In bytes, from what was told to what was found on its account.
const STEP: usize = 400;

/// Whether an event is still spoken of: it is among so many told last.
const RECENT: usize = 6;

/// The particle of a period stands so many bytes behind its date at most.
const ADJOINING: usize = 6;

/// By what way something came out is said within so many characters behind the words of another case.
const BY_WAY: usize = 16;

/// An announcement is named within so many characters behind its day.
const ANNOUNCED: usize = 100;

/// Where in the stretch before a date the words about that date begin: 「…に報告済みであり、福岡県警にも7月31日に」.
fn addressee_start(text: &str, from: usize, date: usize) -> usize {
    let stretch = &text[from..date];
    match PATTERNS.addressee.find(stretch) {
        // With nothing before it, the words belong to the date before: 「22日に金融庁に、27日に」.
        Some(found) if found.start() > 0 && !PATTERNS.clause_subject.is_match(stretch) => from + found.start(),
        _ => date,
    }
}

/// Where the words before a date begin that name it in brackets: 「個人情報保護委員会(5月8日)、警察署(5月7日)」; else as for an addressee.
fn before_start(text: &str, from: usize, date: usize) -> usize {
    let stretch = &text[from..date];
    if stretch.ends_with('(') {
        return stretch.rfind(['、', ')', '。']).map_or(date, |mark| from + mark);
    }
    addressee_start(text, from, date)
}

fn stage(reach: &str) -> Option<Stage> {
    match (PATTERNS.preliminary.is_match(reach), PATTERNS.last_report.is_match(reach)) {
        (true, false) => Some(Stage::Preliminary),
        (false, true) => Some(Stage::Final),
        _ => None,
    }
}
