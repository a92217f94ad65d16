//! `order`: the items of lists change places.

use std::sync::LazyLock;

use owabi_corpora::edits::Edit;
use owabi_corpora::record::Labels;
use owabi_corpora::{Record, Span};
use serde::Deserialize;

use super::Change;
use super::marks::{Borders, Cover, Mentions};
use super::text::{item, lines};
use crate::data;
use crate::draw::Draw;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    between: Vec<String>,
    bound: Vec<String>,
    clinging: String,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| data::toml("perturb/order.toml", include_str!("../../data/perturb/order.toml")));

/// Bulleted lines below each other, and categories in one sentence between commas. Numbered lists stay, and lists with dates: their
/// order says something.
pub(super) fn change(record: &Record, draw: &mut Draw) -> Option<Change> {
    let (borders, mentions) = (Borders::of(record), Mentions::of(record));
    let mut lists = bulleted(record, &borders, &mentions);
    let taken: Vec<Span> = lists.iter().map(|list| around(list)).collect();
    lists.extend(inline(record, &mentions).into_iter().filter(|list| taken.iter().all(|place| place.overlap(around(list)) == 0)));
    lists.sort_by_key(|list| around(list));
    let mut edits = Vec::new();
    for places in &lists {
        let order = draw.shuffled(places);
        if order != *places {
            edits.extend(Edit::rearranged(&record.text, places, &order));
        }
    }
    Change::of(edits)
}

/// Signs and words between the items of one sentence.
pub(super) fn separators() -> &'static [String] {
    &TABLE.between
}

fn around(list: &[Span]) -> Span {
    Span::new(list.first().map_or(0, |first| first.start), list.last().map_or(0, |last| last.end))
}

/// Runs of lines with one bullet: the words of each.
fn bulleted(record: &Record, borders: &Borders, mentions: &Mentions) -> Vec<Vec<Span>> {
    let (text, dates) = (&record.text, Cover::of(record, &["dates"]));
    let mut lists: Vec<Vec<Span>> = Vec::new();
    let mut run: Vec<Span> = Vec::new();
    let mut lead = "";
    let close = |run: &mut Vec<Span>, lists: &mut Vec<Vec<Span>>| {
        let list = std::mem::take(run);
        let said = |span: &Span| text[span.range()].trim_end();
        let bound = |span: &Span| {
            TABLE.bound.iter().any(|word| said(span).starts_with(word.as_str())) || said(span).starts_with(|c: char| c.is_numeric())
        };
        let whole = list.iter().all(|span| !dates.touches(*span) && !bound(span));
        // A label that goes on from one item to the next would fall apart.
        let apart = list.iter().all(|place| mentions.overlapping(*place).all(|span| place.contains(span)));
        if list.len() > 1 && whole && apart && !borders_between(borders, &list) {
            lists.push(list);
        }
    };
    for line in lines(text) {
        match item(text, line) {
            Some((bullet, words)) => {
                // The same indent and the same bullet.
                let before = &text[line.start..words];
                if before != lead || run.last().is_some_and(|last| !text[last.end..bullet].chars().all(char::is_whitespace)) {
                    close(&mut run, &mut lists);
                }
                lead = before;
                run.push(Span::new(words, line.end));
            }
            None => close(&mut run, &mut lists),
        }
    }
    close(&mut run, &mut lists);
    lists
}

/// Whether a label begins or a segment starts between the items of a list.
fn borders_between(borders: &Borders, list: &[Span]) -> bool {
    list.windows(2).any(|pair| borders.cut(Span::new(pair[0].end, pair[1].start)))
}

/// Runs of mentions of categories with one status and one group, and nothing but commas between them.
fn inline(record: &Record, mentions: &Mentions) -> Vec<Vec<Span>> {
    let mut lists = inline_of(&record.text, &record.labels);
    let in_one_segment = |list: Span| {
        let mut places = record.segments.iter().flatten().map(|segment| Span::new(segment.start, segment.end));
        places.all(|place| place.overlap(list) == 0 || place.contains(list))
    };
    // What lies across some of the items, such as a cause that is told with them, must not be torn apart.
    let torn = |list: Span, place: Span| mentions.overlapping(place).any(|span| !place.contains(span) && !span.contains(list));
    lists.retain(|list| in_one_segment(around(list)) && !list.iter().any(|place| torn(around(list), *place)));
    lists
}

fn inline_of(text: &str, labels: &Labels) -> Vec<Vec<Span>> {
    let mut found: Vec<(Span, String)> = Vec::new();
    for item in labels.data.iter().flatten() {
        for mention in &item.spans {
            found.push((mention.span(), format!("{:?} {:?}", mention.status.unwrap_or(item.status), mention.group)));
        }
    }
    for item in labels.distractors.iter().flatten() {
        found.extend(item.spans.iter().map(|mention| (mention.span(), format!("{} {:?}", item.why, mention.group))));
    }
    found.sort();
    let mut lists: Vec<Vec<Span>> = Vec::new();
    let mut run: Vec<(Span, String)> = Vec::new();
    for (span, said) in found {
        let joined = run.last().is_some_and(|(last, before)| {
            let between = text.get(last.end..span.start).unwrap_or_default();
            *before == said && TABLE.between.iter().any(|sign| sign == between)
        });
        if !joined {
            lists.push(std::mem::take(&mut run).into_iter().map(|(span, _)| span).collect());
        }
        run.push((span, said));
    }
    lists.push(run.into_iter().map(|(span, _)| span).collect());
    let clinging = |list: &[Span]| {
        let before = list.first().and_then(|first| text.get(..first.start)).and_then(|before| before.chars().next_back());
        before.is_some_and(|c| TABLE.clinging.contains(c))
    };
    lists.retain(|list| list.len() > 1 && !clinging(list));
    lists
}
