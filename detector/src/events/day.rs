//! A date of the text and the stretches that may speak of it: up to the next date, before it on its line, in the rows below.

use owabi_corpora::Span;

use super::rows::{ROW_LINES, begins_line, row_end, stands_alone, tells_below};
use super::{PATTERNS, SHORT};
use crate::dates::Found;
use crate::layout::Layout;

/// A date, its sentence and its neighbours.
#[derive(Clone, Copy)]
pub(super) struct Day<'a> {
    pub(super) index: usize,
    pub(super) date: &'a Found,
    /// The first and the last of the days that share its verb by 「と」, itself among them.
    pub(super) first: usize,
    pub(super) last: usize,
    /// Its sentence, to the end of the next date at least.
    pub(super) sentence: Span,
    /// The date behind the last that shares its verb, in the same sentence.
    pub(super) next: Option<&'a Found>,
    /// Where the last of the days that share its verb ends.
    pub(super) end: usize,
    /// Where the line begins, or the sentence on it.
    pub(super) line: usize,
    /// Where the first of the days that share its verb begins, on this line.
    pub(super) own: usize,
    /// Where the date before these ends, 0 if there is none.
    pub(super) previous: usize,
}

impl<'a> Day<'a> {
    /// The date of that index, unless its line speaks of something else or it stands in no sentence.
    pub(super) fn new(text: &str, layout: &Layout<'_>, found: &'a [Found], index: usize) -> Option<Day<'a>> {
        let date = &found[index];
        let sentence = layout.sentences[layout.sentence_at(date.span.start)?].reaching(date.span.end);
        let at = &layout.lines[layout.line_at(date.span.start)];
        if at.elsewhere {
            return None;
        }
        let (first, last) = joined(text, found, index, sentence.end);
        let next = found.get(last + 1).filter(|next| next.span.start < sentence.end);
        let sentence = Span::new(sentence.start, next.map_or(sentence.end, |next| next.span.end.max(sentence.end)));
        let line = at.span.start.max(sentence.start);
        let own = found[first].span.start.max(line);
        let previous = first.checked_sub(1).map_or(0, |before| found[before].span.end);
        Some(Day { index, date, first, last, sentence, next, end: found[last].span.end, line, own, previous })
    }

    /// What stands before a date on its line: 「公表日:」, or the one it was reported to: 「警察署にも7月31日に相談」.
    pub(super) fn before(&self, text: &str) -> Span {
        let start = if self.previous > self.line { before_start(text, self.previous, self.own) } else { self.line };
        Span::new(start, self.own)
    }

    /// What stands between its sentence's beginning and the date.
    pub(super) fn head(&self) -> Span {
        Span::new(self.sentence.start.min(self.own), self.own)
    }

    /// What stands behind the date in its sentence.
    pub(super) fn tail(&self) -> Span {
        Span::new(self.end, self.sentence.end.max(self.end))
    }

    /// The words that follow it, up to the next date; in a table of such days or of such rows, those of the row.
    pub(super) fn reach(&self, text: &str, layout: &Layout<'_>, found: &[Found], table: bool, rows: bool) -> Span {
        let span = self.date.span;
        let limit = |next: &Found| addressee_start(text, self.end, next.span.start).min(attributive_start(text, self.end, next.span.start));
        let mut end = self.next.map_or(self.sentence.end, limit).max(self.end);
        if stands_alone(text, layout, span) && (table || self.index > 0 && tells_below(text, layout, span)) {
            // What happened stands on the next line.
            let limit = found.get(self.index + 1).map_or(text.len(), |next| next.span.start);
            let below = layout.lines[layout.line_at(span.start) + 1..].iter().skip_while(|line| line.span.is_empty());
            let paragraph = below.take_while(|line| !line.span.is_empty()).take(ROW_LINES).last();
            end = paragraph.map_or(end, |line| line.span.end.min(limit)).max(end);
        } else if rows && self.next.is_none() && begins_line(text, layout, span) && PATTERNS.terse.is_match(&text[span.end..]) {
            let next = found.get(self.last + 1);
            let limit = next.map_or(text.len(), |next| next.span.start);
            end = row_end(text, layout, span, next).min(limit).max(end);
        }
        Span::new(self.end, end)
    }

    /// The verb behind the last of several dates, if none of the words between them has one: 「委員会には5月31日、警察には6月2日に届け出」.
    pub(super) fn shared(&self, text: &str, found: &[Found]) -> Option<Span> {
        let mut last = self.last;
        while let Some(next) = found.get(last + 1).filter(|next| next.span.start < self.sentence.end && last - self.last < JOINED) {
            let between = text.get(found[last].span.end..next.span.start)?;
            if between.chars().nth(SHORT).is_some() || PATTERNS.finite.is_match(between) {
                break;
            }
            last += 1;
        }
        (last > self.last).then(|| Span::new(found[last].span.end, self.sentence.end.max(found[last].span.end)))
    }

    /// The date before it whose words hold it: 「13日、お客様から、10日に届いた封筒に…との連絡を受け」.
    pub(super) fn outer(&self, text: &str, found: &'a [Found]) -> Option<&'a Found> {
        let outer = &found[self.first.checked_sub(1)?];
        (outer.span.start >= self.sentence.start && PATTERNS.topical.is_match(&text[outer.span.end..])).then_some(outer)
    }

    /// Whether it ends a period.
    pub(super) fn ends_period(&self, text: &str, found: &[Found]) -> bool {
        let before = self.index.checked_sub(1).map(|before| found[before].span.end);
        before.is_some_and(|before| before <= self.date.span.start && PATTERNS.range.is_match(&text[before..self.date.span.start]))
    }
}

/// So many days share a verb at most.
const JOINED: usize = 4;

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

/// Where in the stretch before a date the words about that date begin: 「…に報告済みであり、福岡県警にも7月31日に」.
fn addressee_start(text: &str, from: usize, date: usize) -> usize {
    let stretch = &text[from..date];
    match PATTERNS.addressee.find(stretch) {
        // With nothing before it, the words belong to the date before: 「22日に金融庁に、27日に」.
        Some(found) if found.start() > 0 && !PATTERNS.clause_subject.is_match(stretch) => from + found.start(),
        _ => date,
    }
}

/// Where the clause begins that tells a date apart by what happened on it: 「5日から…感染し、捜査を依頼した14日の後」.
fn attributive_start(text: &str, from: usize, date: usize) -> usize {
    let stretch = &text[from..date];
    if !PATTERNS.attributive.is_match(stretch) || PATTERNS.another_day.is_match(&text[date..]) {
        return date;
    }
    stretch.rfind('、').filter(|&comma| comma > 0).map_or(date, |comma| from + comma)
}

/// Where the words before a date begin that name it in brackets: 「個人情報保護委員会(5月8日)、警察署(5月7日)」; else as for an addressee.
fn before_start(text: &str, from: usize, date: usize) -> usize {
    let stretch = &text[from..date];
    if stretch.ends_with('(') {
        return stretch.rfind(['、', ')', '。']).map_or(date, |mark| from + mark);
    }
    addressee_start(text, from, date)
}
