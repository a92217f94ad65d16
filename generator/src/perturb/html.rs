//! `html`: the notice as the source of a web page.

use std::sync::LazyLock;

use owabi_corpora::edits::Edit;
use owabi_corpora::{Record, Span};
use serde::Deserialize;

use super::Change;
use super::marks::{Borders, mentions};
use super::text::{ends_sentence, is_heading, item, lines};
use crate::data;
use crate::draw::Draw;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    page: Vec<Page>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Page {
    weight: u64,
    around: String,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| data::toml("perturb/html.toml", include_str!("../../data/perturb/html.toml")));

/// What a line becomes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Block {
    Blank,
    Heading,
    /// With the place of its bullet and of its words.
    Item(usize, usize),
    Paragraph,
}

/// Headings, lists and paragraphs get their tags, figures may stand out, and what has a meaning in HTML is written as an entity. Tags stand
/// outside of labels; entities inside. What stands around the notice says nothing of its matter.
pub(super) fn change(record: &Record, draw: &mut Draw) -> Option<Change> {
    let text = &record.text;
    let page = draw.weighted(&TABLE.page, |page| page.weight);
    let (head, foot) = page.around.trim().split_once("{open}").unwrap_or_default();
    let numeric = draw.percent(30);
    // Insertions at one place stand in the order in which they are pushed: closing tags of words, of blocks, opening ones of blocks,
    // of words.
    let (mut edits, mut opening) = (Vec::new(), Vec::new());
    if draw.percent(40) {
        strong(record, &mut opening, &mut edits);
    }
    // Where one paragraph has several lines, they are parted by <br> in some houses and are paragraphs in others.
    let together = draw.percent(50);
    let borders = Borders::of(record);
    let all: Vec<(Span, Block)> = lines(text).map(|line| (line, block(text, line, &borders))).collect();
    // A date, a name and an address may stand above the title, which is longer.
    let first = all.iter().enumerate().filter(|(_, (_, block))| matches!(block, Block::Heading | Block::Paragraph)).take(4);
    let title = first
        .filter(|(_, (line, _))| !ends_sentence(&text[line.range()]))
        .max_by_key(|(place, (line, _))| (text[line.range()].trim().len(), std::cmp::Reverse(*place)))
        .map(|(place, _)| place);
    for (place, (line, block)) in all.iter().enumerate() {
        let near = |other: Option<&(Span, Block)>, same: fn(Block) -> bool| other.is_some_and(|(_, block)| same(*block));
        let before = place.checked_sub(1).and_then(|place| all.get(place));
        let after = all.get(place + 1);
        let mut wrap = |open: &str, close: &str| {
            edits.push(Edit::new(line.start..line.start, open));
            edits.push(Edit::new(line.end..line.end, close));
        };
        match *block {
            Block::Blank => {}
            _ if title == Some(place) => wrap("<h1>", "</h1>"),
            Block::Heading => wrap("<h2>", "</h2>"),
            Block::Item(bullet, words) => {
                let open = if near(before, |block| matches!(block, Block::Item(..))) { "<li>" } else { "<ul>\n<li>" };
                let close = if near(after, |block| matches!(block, Block::Item(..))) { "</li>" } else { "</li>\n</ul>" };
                edits.push(Edit::new(bullet..words, open));
                edits.push(Edit::new(line.end..line.end, close));
            }
            Block::Paragraph if together => {
                let open = if near(before, |block| block == Block::Paragraph) && title != place.checked_sub(1) { "" } else { "<p>" };
                let close = if near(after, |block| block == Block::Paragraph) && title != Some(place + 1) { "<br>" } else { "</p>" };
                wrap(open, close);
            }
            Block::Paragraph => wrap("<p>", "</p>"),
        }
    }
    let bullets: Vec<(usize, usize)> =
        all.iter().filter_map(|(_, block)| if let Block::Item(bullet, words) = block { Some((*bullet, *words)) } else { None }).collect();
    let in_bullets = |at: usize| bullets.get(bullets.partition_point(|(_, words)| *words <= at)).is_some_and(|(bullet, _)| *bullet <= at);
    for (at, c) in text.char_indices() {
        if let Some(entity) = entity(c, numeric).filter(|_| !in_bullets(at)) {
            edits.push(Edit::new(at..at + c.len_utf8(), entity));
        }
    }
    edits.extend(opening);
    // Stable, and what is inserted comes before what replaces the character behind it.
    edits.sort_by_key(|edit| edit.span);
    edits.insert(0, Edit::new(0..0, head));
    edits.push(Edit::new(text.len()..text.len(), foot));
    edits.retain(|edit| !edit.span.is_empty() || !edit.replacement.is_empty());
    Change::of(edits)
}

fn block(text: &str, line: Span, borders: &Borders) -> Block {
    let content = &text[line.range()];
    match item(text, line) {
        _ if content.trim().is_empty() => Block::Blank,
        Some((bullet, words)) if !borders.cut(Span::new(bullet.saturating_sub(1), words)) => Block::Item(bullet, words),
        _ if is_heading(content) => Block::Heading,
        _ => Block::Paragraph,
    }
}

/// Figures in bold letters.
fn strong(record: &Record, opening: &mut Vec<Edit>, closing: &mut Vec<Edit>) {
    let mut places: Vec<Span> =
        mentions(record).into_iter().filter(|(field, span)| *field == "counts" && !span.is_empty()).map(|(_, span)| span).collect();
    places.sort_unstable();
    places.dedup();
    let mut done = 0;
    for place in places {
        if place.start >= done && record.text.get(place.range()).is_some_and(|surface| !surface.contains('\n')) {
            opening.push(Edit::new(place.start..place.start, "<strong>"));
            closing.push(Edit::new(place.end..place.end, "</strong>"));
            done = place.end + 1;
        }
    }
}

fn entity(c: char, numeric: bool) -> Option<String> {
    match c {
        '&' => Some("&amp;".to_owned()),
        '<' => Some("&lt;".to_owned()),
        '>' => Some("&gt;".to_owned()),
        '"' => Some("&quot;".to_owned()),
        '\u{a0}' => Some("&nbsp;".to_owned()),
        '\u{a9}' => Some("&copy;".to_owned()),
        // Systems that write in an old encoding help themselves so with what it lacks.
        '\u{2460}'..='\u{24ff}' | '\u{2014}' | '\u{301c}' | '\u{ff5e}' if numeric => Some(format!("&#{};", c as u32)),
        _ => None,
    }
}
