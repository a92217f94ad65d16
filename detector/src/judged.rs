//! What is said of data of which no rule tells anything, or what one tells against all that stands around, as it was learnt
//! ([`crate::learned`]).

use owabi_corpora::vocabulary::Status;
use owabi_corpora::{Category, Span};

use crate::layout::LineKind;
use crate::learned::{DATA, Stretch, Take, Weigher, first, last, words};
use crate::lexicon::Match;
use crate::mentions::{Mention, Read};
use crate::scope::{Reading, Scope, Verdict};
use crate::words::Meaning;

/// In hundredths of the log odds: a mention that nothing governs is given a status if so much speaks for it (odds of 5 to 3).
const GIVEN: i32 = 50;

/// In hundredths of the log odds: what a rule says of a mention is not believed if all else speaks against anything being said of it (odds
/// of 1 to 90).
const REFUTED: i32 = -450;

/// Takes back what rules say of mentions that stand as those do of which nothing is said.
pub(crate) fn doubt(scope: &Scope<'_>, matches: &[Match], reads: &mut [Read]) {
    let masked = masked(matches);
    let asserts =
        |read: &Read| !read.mention.of_user && matches!(read.verdict, Some(Verdict { reading: Reading::Status(_) | Reading::Held, .. }));
    for read in reads.iter_mut().filter(|read| read.mention.category.is_some() && asserts(read)) {
        if DATA.best(|take| around(scope, matches, &masked, read.mention, take)).1 < REFUTED {
            read.verdict = None;
        }
    }
}

/// The mentions of which nothing is said but by all that stands around them, with what that says.
pub(crate) fn judge(scope: &Scope<'_>, matches: &[Match], reads: &[Read]) -> Vec<Read> {
    // A heading with one word of them says whose data are told below it: 「【利用者のご家族】」.
    let heads = |read: &Read| {
        let line = &scope.layout.lines[scope.layout.line_at(read.mention.span.start)];
        let beside = |other: &Read| other.mention.span != read.mention.span;
        let on_it = || {
            let at = |place: usize| reads.partition_point(|read| read.mention.span.start < place);
            &reads[at(line.span.start)..at(line.span.end)]
        };
        matches!(line.kind, LineKind::Heading | LineKind::Title) && !on_it().iter().any(beside)
    };
    let open = |read: &&Read| read.verdict.is_none() && !read.settled && read.mention.category.is_some() && !heads(read);
    let open: Vec<Read> = reads.iter().filter(open).copied().collect();
    if open.is_empty() {
        return open;
    }
    let masked = masked(matches);
    let judge = |read: Read| {
        let around = |take: &mut Weigher| around(scope, matches, &masked, read.mention, take);
        let (best, weight) = DATA.best(around);
        let status = Status::all().nth(best).filter(|_| weight > GIVEN)?;
        let cue = DATA.cue(best, around).unwrap_or(read.mention.span);
        Some(Read { verdict: Some(Verdict { reading: Reading::Status(status), cue }), ..read })
    };
    open.into_iter().filter_map(judge).collect()
}

/// Where data are named, without overlap.
pub(crate) fn masked(matches: &[Match]) -> Vec<Span> {
    let mut masked: Vec<Span> = Vec::new();
    for hit in matches.iter().filter(|hit| matches!(hit.meaning, Meaning::Category(_) | Meaning::Generic)) {
        if masked.last().is_none_or(|last| last.end <= hit.start) {
            masked.push(Span::new(hit.start, hit.end));
        }
    }
    masked
}

/// What stands around a mention.
pub(crate) fn around(scope: &Scope<'_>, matches: &[Match], masked: &[Span], mention: Mention, take: &mut impl Take) {
    let (text, layout, own) = (scope.text, scope.layout, mention.span);
    let sentence = match layout.sentence_at(own.start) {
        Some(sentence) => layout.sentences[sentence].reaching(own.end),
        None => own,
    };
    let behind = first(text, Span::new(own.end, sentence.end.max(own.end)), SENTENCE);
    let before = last(text, Span::new(sentence.start.min(own.start), own.start), SENTENCE);
    let stretch = |span| Stretch::new(text, span, masked);
    let run = stretch(behind);
    run.first(NEAR).runs(">", 1..=4, take);
    run.beginnings("|>", 5, take);
    run.last(END).runs(">|", 2..=4, take);
    let run = stretch(before);
    run.last(NEAR).runs("<", 2..=3, take);
    run.endings("<|", 5, take);

    let at = layout.line_at(own.start);
    let line = &layout.lines[at];
    let other = |index: Option<usize>| index.map(|index| layout.lines[index].span);
    let above = (0..at).rev().take(GAP).find(|&above| layout.lines[above].kind != LineKind::Blank);
    let below = (at + 1..layout.lines.len()).take(GAP).find(|&below| layout.lines[below].kind != LineKind::Blank);
    for (tag, span) in [("^", other(above)), ("head ", other(line.heading)), ("lead ", other(line.lead))] {
        if let Some(span) = span {
            let span = last(text, span, LINE);
            stretch(span).runs(tag, 2..=4, take);
            cues(matches, tag, span, take);
        }
    }
    if let Some(below) = other(below) {
        stretch(first(text, below, LINE)).runs("v", 2..=3, take);
    }
    cues(matches, ">", behind, take);
    cues(matches, "<", before, take);
    take.fact(&["category", mention.category.map_or("", Category::id)], None);
    let kind = match line.kind {
        LineKind::Blank => "blank",
        LineKind::Title => "title",
        LineKind::Heading => "heading",
        LineKind::Item => "item",
        LineKind::Text => "text",
    };
    take.fact(&["line", kind], None);
    if line.key_end.is_some_and(|end| end <= own.start) {
        take.fact(&["behind a key"], None);
    }
    if text[own.end..line.span.end.max(own.end)].trim().is_empty() {
        take.fact(&["ends its line"], None);
    }
}

fn cues(matches: &[Match], tag: &str, stretch: Span, take: &mut impl Take) {
    words(matches, tag, stretch, take, |meaning| match meaning {
        Meaning::Cue(concept) => Some([concept.into()]),
        _ => None,
    });
}

/// In characters: how far a sentence is looked at on either side.
const SENTENCE: usize = 200;
/// In characters: what stands beside the mention, its whole list being one.
const NEAR: usize = 40;
/// In characters: how its sentence ends.
const END: usize = 24;
/// The lines around stand no further than so many away.
const GAP: usize = 4;
/// In characters: of the lines around.
const LINE: usize = 40;
