//! Days in tables: what stands in the row that a day begins, over its column, or as a label above it.

use owabi_corpora::Span;

use super::roles::{Named, Reader, Words};
use super::{PATTERNS, SHORT};
use crate::dates::Found;
use crate::layout::{Layout, Line, LineKind};

/// The roles of a date that answers the question or stands under the label right above it: 「■発覚日」, 「いつ分かったのですか」.
pub(super) fn labelled(reader: &Reader<'_, '_>, found: &[Found], date: Span, behind: Span) -> Vec<Named> {
    let (text, layout) = (reader.scope.text, reader.scope.layout);
    let index = layout.line_at(date.start);
    let bare = |stretch: &str| !stretch.chars().any(char::is_alphanumeric);
    if !bare(&text[layout.lines[index].span.start.min(date.start)..date.start]) || !PATTERNS.said.is_match(&text[behind.range()]) {
        return Vec::new();
    }
    let above = layout.lines[..index].iter().rev().take(LABELLED).find(|line| !line.span.is_empty()).map(|line| line.span);
    let Some(above) = above.filter(|above| text[above.range()].chars().nth(SHORT).is_none()) else { return Vec::new() };
    // A row of its own day is no label.
    let at = found.partition_point(|date| date.span.start < above.start);
    if found.get(at).is_some_and(|date| date.span.end <= above.end && begins_line(text, layout, date.span)) {
        return Vec::new();
    }
    let label = &text[above.range()];
    let end = above.start + label.trim_end_matches(|c: char| !c.is_alphanumeric()).len();
    let (label, question) = (Span::new(above.start, end), PATTERNS.question.is_match(label));
    if question {
        return reader.roles(Words::after(Span::new(above.start, above.end)));
    }
    reader.roles(Words { before: label, reach: Span::new(end, end), shared: None })
}

/// The roles of a date that begins its row of a table, by the head of its column: 「公表日 / 組織 / 件数」.
pub(super) fn column(reader: &Reader<'_, '_>, found: &[Found], index: usize) -> Vec<Named> {
    let (text, layout) = (reader.scope.text, reader.scope.layout);
    let starts = |line: usize| {
        let span = layout.lines[line].span;
        let at = found.partition_point(|date| date.span.start < span.start);
        found.get(at).is_some_and(|date| date.span.end <= span.end && begins_line(text, layout, date.span))
    };
    let row = layout.line_at(found[index].span.start);
    let above = (0..row).rev().take(COLUMN).find(|&line| !starts(line)).map(|line| layout.lines[line].span);
    let Some(head) = above.filter(|head| !head.is_empty()) else { return Vec::new() };
    let words = &text[head.range()];
    let from = head.start + words.len() - words.trim_start_matches(|c: char| !c.is_alphanumeric()).len();
    let cell = &text[from..head.end.max(from)];
    let Some(end) = cell.find(['|', '/', ' ', '\t']) else { return Vec::new() };
    let end = from + end;
    reader.roles(Words { before: Span::new(from, end), reach: Span::new(end, end), shared: None })
}

/// Whether a date has a line to itself.
pub(super) fn stands_alone(text: &str, layout: &Layout, span: Span) -> bool {
    let line = layout.lines[layout.line_at(span.start)].span;
    let bare = |part: &str| !part.chars().any(char::is_alphanumeric);
    let before = &text[line.start..span.start];
    (bare(before) || PATTERNS.enumerator.is_match(before)) && span.end <= line.end && {
        let after = text[span.end..line.end].trim_matches(|c: char| !c.is_alphanumeric());
        after.is_empty() || PATTERNS.part_of_day.is_match(after)
    }
}

/// Whether the line right below a day of its own tells something: 「5月7日(火)⏎・職員が気付いた。」
pub(super) fn tells_below(text: &str, layout: &Layout, span: Span) -> bool {
    let below = layout.lines.get(layout.line_at(span.start) + 1).filter(|line| !line.span.is_empty());
    let line = layout.lines[layout.line_at(span.start)].span;
    let marked = text[line.start.min(span.start)..span.start].trim().chars().all(|c| MARKS.contains(c)) && span.start > line.start;
    below.is_some_and(|below| {
        let words = &text[below.span.range()];
        PATTERNS.row_below.is_match(words) || marked && words.ends_with('。')
    })
}

/// What marks the rows of a list.
const MARKS: &str = "・●○■◆◇□";

/// Whether nothing but a mark or a number stands before a date on its line, and something behind it.
pub(super) fn begins_line(text: &str, layout: &Layout, span: Span) -> bool {
    let line = layout.lines[layout.line_at(span.start)].span;
    PATTERNS.enumerator.is_match(&text[line.start..span.start]) && span.end < line.end
}

/// The end of the row that a date begins: the lines between it and the row of the next date go on with it.
pub(super) fn row_end(text: &str, layout: &Layout, span: Span, next: Option<&Found>) -> usize {
    let index = layout.line_at(span.start);
    let end = layout.lines[index].span.end;
    let Some(next) = next.filter(|next| begins_line(text, layout, next.span)).map(|next| layout.line_at(next.span.start)) else {
        return end;
    };
    let goes_on = |line: &Line| !line.span.is_empty() && line.kind == LineKind::Text;
    match layout.lines.get(index + 1..next).filter(|between| between.len() <= ROW_LINES && between.iter().all(goes_on)) {
        Some([.., last]) => last.span.end,
        _ => end,
    }
}

/// What happened on a day that has a line to itself stands on so many lines below it at most.
pub(super) const ROW_LINES: usize = 4;

/// So many dates on lines of their own are a table.
pub(super) const TABLE: usize = 3;

/// A label stands so many lines above its date at most.
pub(super) const LABELLED: usize = 2;

/// The head of a column stands above so many rows at most.
pub(super) const COLUMN: usize = 40;
