//! One date after another: what the words around each say of it, and what those before it have said already.

use owabi_corpora::Span;
use owabi_corpora::vocabulary::{DateRole, Stage};

use super::before::{closing, deed, told_before};
use super::day::Day;
use super::periods::{days_between, is_period, is_range, says_whose};
use super::roles::{Named, Reader, Words};
use super::rows::{TABLE, begins_line, column, labelled, stands_alone, tells_below};
use super::{ADJOINING, ANNOUNCED, Event, PATTERNS};
use crate::dates::{Found, is_mail_date, is_own_date, names_own_day};
use crate::layout::{Layout, LineKind};
use crate::patterns;
use crate::words::Concept;

/// The dates of a text in their order, and the events that they have told so far.
pub(super) struct Telling<'a, 't> {
    reader: &'a Reader<'a, 't>,
    found: &'a [Found],
    skimming: bool,
    /// Dates on lines of their own, one after another, are a table of events, not the letter's date.
    table: bool,
    /// So are dates that begin their lines: what the row says up to the next date belongs to them.
    rows: bool,
    /// Where the sentence ends whose verb of telling stands behind all that it tells, 「同社は5日、3日に…していたと発表した」: what
    /// stands before that end is told, not the day of the telling.
    frame: usize,
    events: Vec<Event>,
}

impl<'a, 't> Telling<'a, 't> {
    pub(super) fn new(reader: &'a Reader<'a, 't>, found: &'a [Found], skimming: bool) -> Telling<'a, 't> {
        let (text, layout) = (reader.scope.text, reader.scope.layout);
        let table = found.iter().filter(|date| stands_alone(text, layout, date.span)).count() >= TABLE;
        let rows = found.iter().filter(|date| begins_line(text, layout, date.span)).count() >= TABLE;
        Telling { reader, found, skimming, table, rows, frame: 0, events: Vec::new() }
    }

    pub(super) fn read(mut self) -> Vec<Event> {
        for index in 0..self.found.len() {
            if let Some(day) = Day::new(self.text(), self.layout(), self.found, index) {
                match day.next.filter(|next| day.first == day.last && day.date.date <= next.date && is_range(self.text(), day.date, next)) {
                    Some(last) => self.period(&day, last),
                    None => self.day(&day),
                }
            }
        }
        self.events
    }

    fn text(&self) -> &'t str {
        self.reader.scope.text
    }

    fn layout(&self) -> &'a Layout<'t> {
        self.reader.scope.layout
    }

    fn add(&mut self, role: DateRole, cue: Span, date: &Found) {
        self.events.push(event(role, cue, date));
    }

    /// A period: its ends have roles of their own, and what follows it speaks of its end.
    fn period(&mut self, day: &Day<'a>, last: &Found) {
        let (text, first) = (self.text(), day.date);
        // 「14日から15日にかけて運用を止め」 is a period of its own: on the first day it was begun.
        let limit = self.found.get(day.index + 2).map_or(day.sentence.end, |third| third.span.start.min(day.sentence.end));
        let reach = Span::new(last.span.end, limit);
        let ends = PATTERNS.period_end.find(&text[reach.range()]).map_or(reach.start, |found| reach.start + found.end());
        let told = self.reader.roles(Words::after(Span::new(ends, reach.end)));
        let stopped = |cue: Span| ends > reach.start && cue.start >= ends && text[ends..cue.start].chars().nth(STOPPED).is_none();
        if let Some(&(role, cue)) = told.first().filter(|(role, cue)| *role == DateRole::Contained && stopped(*cue)) {
            self.add(role, cue, first);
            return;
        }
        // 「本人連絡:5日~7日」: a label names what began on its first day.
        let label = Words { before: day.before(text), reach: Span::new(first.span.end, first.span.end), shared: None };
        let named = self.reader.roles(label);
        if let Some(&(role, cue)) = named.first().filter(|(role, cue)| {
            let label = cue.end <= first.span.start && !text[cue.end..first.span.start].contains(char::is_alphanumeric);
            label && !matches!(role, DateRole::OccurredStart | DateRole::OccurredEnd)
        }) {
            self.add(role, cue, first);
            return;
        }
        // 「フォレンジック調査 11日~24日」
        if PATTERNS.examination.is_match(&text[day.line..day.own]) {
            self.add(DateRole::InvestigationDone, last.span, last);
            return;
        }
        // 「5日から7日にかけて、複数のお客様より…とのお問い合わせを」
        if let Some(&(role, cue)) = told.first()
            && role == DateRole::Discovered
            && PATTERNS.contact.is_match(&text[cue.range()])
            && ends > reach.start
            && days_between(first, last).is_some_and(|days| days <= CALLS)
            && !PATTERNS.found_leak.is_match(&text[ends..cue.start.max(ends)])
        {
            self.add(role, cue, first);
            return;
        }
        let of_incident = is_period(self.reader.scope, first, last, day.sentence, self.skimming);
        if of_incident {
            let cue = Span::new(first.span.end, last.span.start);
            self.add(DateRole::OccurredStart, cue, first);
            // A single day is a beginning only.
            if last.date != first.date {
                self.add(DateRole::OccurredEnd, cue, last);
            }
        }
        // 「3日夜から4日早朝にかけて、障害を検知し」: noticed on the first day.
        // 「5日から7日にかけて、お詫びと説明を行い」: from the first day on.
        let outer = day.index.checked_sub(1).map(|outer| &self.found[outer]).filter(|outer| {
            outer.span.start >= day.sentence.start
                && (PATTERNS.topical.is_match(&text[outer.span.end..]) || begins_line(text, self.layout(), outer.span))
        });
        for (role, cue) in told {
            // 「28日、…により、14日から19日にかけて…されていたことを確認」
            let embedded = || PATTERNS.embedded.is_match(&text[last.span.end..cue.end.max(last.span.end)]);
            match (role, outer) {
                (DateRole::Discovered, Some(outer)) if embedded() => self.add(role, cue, outer),
                (DateRole::Discovered, _) if !embedded() && days_between(first, last).is_some_and(|days| days <= 2) => {
                    self.add(role, cue, first);
                }
                (DateRole::Notified, _) if !of_incident => self.add(role, cue, first),
                _ => continue,
            }
            break;
        }
    }

    /// A day that begins no period.
    fn day(&mut self, day: &Day<'a>) {
        let (text, layout) = (self.text(), self.layout());
        let date = day.date;
        let before = day.before(text);
        let reach = self.unquoted(day);
        let (mut named, under_label) =
            self.named(day, Words { before, reach, shared: day.next.and_then(|_| day.shared(text, self.found)) });
        self.embed(day, reach, &mut named);
        self.step_back(day, reach, &mut named);
        self.join(day, &mut named);
        self.send(day, reach, &mut named);
        let behind = &text[day.end..];
        let behind = &behind[..patterns::prefix(behind, ANNOUNCED)];
        if self.opens_frame(day, behind) {
            return;
        }
        let framed = self.frame > date.span.start;
        if framed {
            named.retain(|(role, _)| *role != DateRole::Published);
        }
        let announces = !framed && PATTERNS.announces.is_match(&text[reach.range()]);
        if announces && let Some(cue) = self.reader.publishes(reach) {
            let reports = named.iter().any(|(role, _)| *role != DateRole::Published);
            self.events.push(Event { reports, ..event(DateRole::Published, cue, date) });
            named.clear();
        }
        if PATTERNS.deadline.is_match(&text[day.tail().range()]) {
            named.clear();
        }
        if PATTERNS.until.is_match(&text[day.end..]) {
            named.retain(|(role, cue)| *role != DateRole::Discovered || cue.start < day.end);
        }
        if PATTERNS.of_paper.is_match(&text[day.end..]) {
            named.clear();
        }
        if PATTERNS.before_then.is_match(&text[day.end..]) {
            named.retain(|(role, _)| *role != DateRole::OccurredStart);
        }
        // 「5月24日にお知らせいたしました件」: the day of an announcement is nothing else.
        let announced = announces || PATTERNS.announcement.is_match(behind) || PATTERNS.of_report.is_match(behind);
        // 「12月6日付「…」」: the day of a document, not of what it tells.
        let document = PATTERNS.dated_document.is_match(behind);
        let of_data = !self.skimming && (PATTERNS.concerned.is_match(&text[before.range()]) || says_whose(&text[day.end..reach.end]));
        let elsewhere = self.is_elsewhere(day, reach);
        // 「委員会への報告は10月17日となり」
        let named_before = |cue: Span| cue.end <= date.span.start && date.span.start <= cue.end + ADJOINING;
        // What is to come has not happened.
        let planned = date.to_come && PATTERNS.plan.is_match(&text[reach.range()]);
        let ends_period = day.ends_period(text, self.found);
        // 「診断期間:5日~7日 …」: what follows is told of no day.
        if ends_period
            && PATTERNS
                .other_before
                .is_match(&text[day.head().start.min(self.found[day.index - 1].span.start)..self.found[day.index - 1].span.start])
        {
            named.clear();
        }
        let heading = layout.lines[layout.line_at(date.span.start)].heading;
        let measures = heading.is_some_and(|heading| PATTERNS.measures.is_match(&text[layout.lines[heading].span.range()]));
        let own_word = names_own_day(&text[..date.span.start]);
        let going_on = || PATTERNS.since.is_match(&text[date.span.end..]);
        // 「発生日時:2024年2月5日」 in the head.
        let labels_event = layout.lines[layout.line_at(date.span.start)].kind != LineKind::Title
            && named.iter().any(|(role, cue)| *role != DateRole::Published && cue.end <= date.span.start);
        for (role, cue) in named {
            let occurred = matches!(role, DateRole::OccurredStart | DateRole::OccurredEnd);
            // The second day of a period that was told with its verb.
            let known = || self.events.last().is_some_and(|last| last.role == role && last.cue == cue);
            if announced && role != DateRole::Published
                || of_data && occurred
                || elsewhere && role != DateRole::Published && !named_before(cue)
                || document && (!is_of_document(role) || role == DateRole::InvestigationDone && cue.start > day.end + REPORT)
                || planned && !matches!(role, DateRole::Published | DateRole::Notified)
                || measures && (occurred || role == DateRole::Contained)
                || ends_period && (occurred || role == DateRole::Discovered || known())
                // 「本日までに…報告はありません」 says nothing of the incident's own days.
                // 「日時:…」 of what is announced.
                || date.to_come && occurred && cue.end <= date.span.start
                || (date.of_document || own_word) && date.time.is_none() && occurred
                // 「昨年の内部監査で」: a year alone is no day on which something was noticed.
                || date.date.month.is_none() && !(occurred && going_on())
            {
                continue;
            }
            let stage = (role == DateRole::ReportedRegulator).then(|| stage(&text[reach.range()])).flatten();
            self.events.push(Event { stage, ..event(role, cue, date) });
        }
        let own_date = !under_label && !labels_event && !PATTERNS.copula.is_match(&text[date.span.end..]);
        // A text that is nothing but its table begins with a row: the next one follows as close.
        let row = || {
            self.found.get(1).is_some_and(|next| {
                stands_alone(text, layout, next.span) && layout.line_at(next.span.start) <= layout.line_at(date.span.start) + 2
            })
        };
        if own_date
            && !ends_period
            && !date.relative
            && (date.date.day.is_some() || PATTERNS.undayed.is_match(&text[date.span.range()]))
            && (!self.table || day.index == 0 && !row())
            && (day.index == 0 || !(stands_alone(text, layout, date.span) && tells_below(text, layout, date.span)))
            && is_own_date(text, layout, date.span)
        {
            // 「本日3月30日15時に…しました」: the hour is that of what was done.
            let time = date.time.filter(|_| !own_word);
            self.events.push(Event { time, ..event(DateRole::Published, date.span, date) });
        }
    }

    /// The words behind a day but for what is told apart by a day of its own, which says nothing of this one, and for the verb of who
    /// tells all of it.
    fn unquoted(&self, day: &Day<'a>) -> Span {
        let text = self.text();
        let reach = day.reach(text, self.layout(), self.found, self.table, self.rows);
        let quoted = (self.frame > day.date.span.start).then(|| PATTERNS.quoted.find(&text[reach.range()])).flatten();
        let start = reach.start.max(self.found[day.last].aside.min(reach.end));
        let end = quoted.map_or(reach.end, |found| reach.start + found.start());
        Span::new(start.min(end), end)
    }

    /// The roles that the words give a day, and whether a label or a head gave them: then it is the day of what that names.
    fn named(&self, day: &Day<'a>, words: Words) -> (Vec<Named>, bool) {
        let (text, layout) = (self.text(), self.layout());
        let before = Span::new(day.line.max(day.previous.min(day.own)), day.own);
        let behind = Span::new(day.end, day.sentence.end);
        let mut named = told_before(self.reader, self.reader.roles(words), before, behind);
        if let Some((done, told)) = deed(self.reader, day.head(), behind)
            && named.iter().all(|(_, cue)| cue.start >= done)
        {
            named = told;
        }
        if named.is_empty() && !is_own_date(text, layout, day.date.span) {
            named = closing(self.reader, before, Span::new(day.end, layout.lines[layout.line_at(day.end)].span.end));
        }
        let told = !named.is_empty();
        if !told && day.own == day.line {
            named = labelled(self.reader, self.found, day.date.span, behind);
        }
        if named.is_empty() && self.rows && begins_line(text, layout, day.date.span) {
            named = column(self.reader, self.found, day.index);
        }
        if is_mail_date(text, layout, day.date.span) {
            named.clear();
        }
        let under_label = !told && !named.is_empty();
        (named, under_label)
    }

    /// 「13日、お客様から、10日に届いた封筒に…との連絡を受け」: what was noticed was noticed on the day before, and what is told happened on
    /// this one.
    fn embed(&mut self, day: &Day<'a>, reach: Span, named: &mut Vec<Named>) {
        let text = self.text();
        let Some(outer) = day.outer(text, self.found) else { return };
        let fresh = self.events.iter().rev().take(RECENT).all(|event| event.span != outer.span);
        let embedded = |&(role, cue): &Named| {
            role == DateRole::Discovered && cue.start > day.end && PATTERNS.embedded.is_match(&text[day.end..cue.end])
        };
        if (fresh || PATTERNS.relative.is_match(&text[day.end..]))
            && let Some(position) = named.iter().position(embedded)
        {
            let (role, cue) = named.remove(position);
            if fresh {
                self.add(role, cue, outer);
            }
            named.extend(self.reader.tells_occurrence(Span::new(reach.start, cue.start)).map(|cue| (DateRole::OccurredStart, cue)));
        }
    }

    /// What was found on a day is, in three constructions, what happened on it, or what examiners reported.
    fn step_back(&self, day: &Day<'a>, reach: Span, named: &mut Vec<Named>) {
        let text = self.text();
        let found = named.iter().position(|(role, _)| *role == DateRole::Discovered);
        if let Some(position) = found.filter(|_| is_step_back(text, &self.events, day.date)) {
            let (_, cue) = named.remove(position);
            named.extend(self.reader.tells_occurrence(Span::new(reach.start, cue.start)).map(|cue| (DateRole::OccurredStart, cue)));
        }
        // 「13日にサーバーが攻撃を受け、…漏えいした可能性があることが判明しました」
        if let Some(then) = PATTERNS.befell_then.find(&text[reach.range()]).map(|found| reach.start + found.end())
            && let Some(position) = named.iter().position(|(role, cue)| *role == DateRole::Discovered && cue.start >= then)
            && let Some(cue) = self.reader.tells_occurrence(Span::new(reach.start, then))
        {
            named[position] = (DateRole::OccurredStart, cue);
        }
        // 「13日にメールを配信したところ、…との連絡が相次ぎ」
        if let Some(then) = PATTERNS.sent_then.find(&text[reach.range()]).map(|found| reach.start + found.end())
            && let Some(position) = named.iter().position(|(role, cue)| *role == DateRole::Discovered && cue.start >= then)
            && let Some(cue) = self.reader.tells_occurrence(Span::new(reach.start, then))
        {
            if PATTERNS.straight_away.is_match(&text[then..reach.end]) {
                named.push((DateRole::OccurredStart, cue));
            } else {
                named[position] = (DateRole::OccurredStart, cue);
            }
        }
        // 「13日に攻撃を受け、直ちにサーバーを停止し」: both on that day.
        if let Some(then) = PATTERNS.befell_then.find(&text[reach.range()]).map(|found| reach.start + found.end())
            && !named.is_empty()
            && named.iter().all(|(role, cue)| *role == DateRole::Contained && cue.start >= then)
        {
            named.extend(self.reader.tells_occurrence(Span::new(reach.start, then)).map(|cue| (DateRole::OccurredStart, cue)));
        }
        self.befall(day, reach, named);
        // 「解析を依頼し、5日に報告を受けました」: what the examiners report.
        if PATTERNS.their_report.is_match(&text[reach.range()]) && PATTERNS.commissioned.is_match(&text[day.head().range()]) {
            for (role, _) in named.iter_mut().filter(|(role, _)| *role == DateRole::Discovered) {
                *role = DateRole::InvestigationDone;
            }
        }
    }

    /// What befell on a day stands before the words of its discovery.
    fn befall(&self, day: &Day<'a>, reach: Span, named: &mut Vec<Named>) {
        let text = self.text();
        // 「5日に起きた感染につきましては、…」: the sentence tells of it, not of the day.
        if let Some(apart) = PATTERNS.befell_apart.find(&text[reach.range()]) {
            let told = Span::new(reach.start, reach.start + apart.end());
            named.retain(|(role, cue)| *role == DateRole::OccurredStart && cue.end <= told.end);
            if named.is_empty() {
                named.push((DateRole::OccurredStart, self.reader.tells_occurrence(told).unwrap_or(day.date.span)));
            }
            return;
        }
        // 「ウイルスに感染し、5日早朝から停止しておりました」
        let stop = named.iter().find(|(role, _)| *role == DateRole::Contained).map(|&(_, cue)| cue);
        if let Some(cue) = stop
            && PATTERNS.stood_still.is_match(&text[reach.range()])
            && PATTERNS.struck.is_match(&text[day.head().range()])
        {
            named.retain(|(role, _)| *role == DateRole::OccurredStart);
            if named.is_empty() {
                named.push((DateRole::OccurredStart, cue));
            }
            return;
        }
        let Some(position) = named.iter().position(|(role, cue)| *role == DateRole::Discovered && cue.start >= reach.start) else { return };
        let cue = named[position].1;
        let told = &text[reach.start..cue.end.max(reach.start)];
        let occurrence = || self.reader.tells_occurrence(Span::new(reach.start, cue.start.max(reach.start))).unwrap_or(cue);
        // 「担当者が、5日に持ち出していたことが判明」
        let head = &text[day.head().range()];
        let within = || PATTERNS.subject.is_match(head) && !PATTERNS.clause_subject.is_match(head) && PATTERNS.was_found.is_match(told);
        if within() {
            named[position] = (DateRole::OccurredStart, occurrence());
        } else if PATTERNS.befell_first.is_match(told) {
            // 「5日、不正アクセスがあり、…判明しました」: both on that day.
            named.push((DateRole::OccurredStart, occurrence()));
        }
    }

    /// 「3日と5日に送信しました」: days joined are a period; where no verb tells anything, they are one all the same.
    fn join(&self, day: &Day<'a>, named: &mut Vec<Named>) {
        let (begins, ends) = (day.index == day.first, day.index == day.last);
        if begins && ends {
            return;
        }
        let (scope, date) = (self.reader.scope, day.date);
        let (first, last) = (&self.found[day.first], &self.found[day.last]);
        if named.is_empty() && begins && is_period(scope, date, last, day.sentence, self.skimming) {
            named.push((DateRole::OccurredStart, Span::new(date.span.end, day.end)));
        } else if named.is_empty() && ends && is_period(scope, first, date, day.sentence, self.skimming) {
            named.push((DateRole::OccurredEnd, Span::new(first.span.end, date.span.start)));
        }
        named.retain(|(role, _)| !matches!(role, DateRole::OccurredStart | DateRole::Discovered) || begins || ends);
        for (role, cue) in named {
            // Nothing is noticed on two days; several may tell of it.
            if *role == DateRole::Discovered && PATTERNS.contact.is_match(&self.text()[cue.range()]) {
                continue;
            }
            if *role == DateRole::Discovered {
                *role = DateRole::OccurredStart;
            }
            if *role == DateRole::OccurredStart && ends {
                *role = DateRole::OccurredEnd;
            }
        }
    }

    /// 「5月6日に発送したお知らせのうち、…」: what was sent is what went wrong.
    fn send(&self, day: &Day<'a>, reach: Span, named: &mut Vec<Named>) {
        let text = self.text();
        if day.first == day.last && !self.skimming && PATTERNS.sent_thing.is_match(&text[day.tail().range()]) {
            named.retain(|(role, _)| !matches!(role, DateRole::Notified | DateRole::Published));
            if named.is_empty() && !PATTERNS.announcement.is_match(&text[day.end..]) {
                named.push((DateRole::OccurredStart, self.reader.tells_occurrence(reach).unwrap_or(day.date.span)));
            }
        }
    }

    /// 「同社は5日、3日に…していたと発表した」: the verb behind the days of what is told belongs to the day before them. Whether this day
    /// is such a one; its event is added.
    fn opens_frame(&mut self, day: &Day<'a>, behind: &str) -> bool {
        let text = self.text();
        let Some(next) = day.next.filter(|_| self.frame <= day.date.span.start) else { return false };
        let tells = PATTERNS.teller.is_match(&text[day.head().range()])
            && PATTERNS.telling.is_match(behind)
            && PATTERNS.announces.is_match(&text[day.end..day.sentence.end]);
        let published = || self.reader.publishes(Span::new(day.end, day.sentence.end)).filter(|cue| cue.start >= next.span.end);
        let Some(cue) = tells.then(published).flatten() else { return false };
        self.frame = day.sentence.end;
        self.events.push(Event { reports: true, ..event(DateRole::Published, cue, day.date) });
        true
    }

    /// Whether the words tell what a law demands, or what befell others: no event of this incident.
    fn is_elsewhere(&self, day: &Day<'a>, reach: Span) -> bool {
        let text = self.text();
        self.reader.scope.cues_in(day.sentence).iter().any(|cue| {
            let near = cue.span.end > day.date.span.start && cue.span.start < reach.end;
            // 「別の会社からも連絡」, 「別件の点検の中で発覚」: how it came out.
            let behind = &text[cue.span.end..];
            let way = || PATTERNS.by_way.is_match(&behind[..patterns::prefix(behind, BY_WAY)]);
            let other = || cue.concept == Concept::OtherCase && !PATTERNS.others_told.is_match(&text[cue.span.range()]) && !way();
            near && (cue.concept == Concept::Duty || other())
        })
    }
}

fn event(role: DateRole, cue: Span, date: &Found) -> Event {
    Event { role, date: date.date, time: date.time, stage: None, span: date.span, cue, reports: false }
}

/// In bytes: 「5日付の最終報告」.
const REPORT: usize = 24;

/// Whether a letter or report bears the day on which that was done.
fn is_of_document(role: DateRole) -> bool {
    matches!(
        role,
        DateRole::Published | DateRole::Notified | DateRole::ReportedRegulator | DateRole::ReportedPolice | DateRole::InvestigationDone
    )
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
const STOPPED: usize = 20;

/// In days: so long others tell of something one after another.
const CALLS: i32 = 14;

/// In bytes, from what was told to what was found on its account.
const STEP: usize = 400;

/// Whether an event is still spoken of: it is among so many told last.
const RECENT: usize = 6;

/// By what way something came out is said within so many characters behind the words of another case.
const BY_WAY: usize = 16;

fn stage(reach: &str) -> Option<Stage> {
    match (PATTERNS.preliminary.is_match(reach), PATTERNS.last_report.is_match(reach)) {
        (true, false) => Some(Stage::Preliminary),
        (false, true) => Some(Stage::Final),
        _ => None,
    }
}
