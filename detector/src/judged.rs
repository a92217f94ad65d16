//! What practice says of mentions of data ([`crate::learned`]), by what stands around each and by what the text says as a whole: alone where no
//! rule tells anything, and beside the rules of each category.

use std::cell::OnceCell;

use owabi_corpora::vocabulary::Status;
use owabi_corpora::{Category, Span};

use crate::gist::{Gist, NAMED, RULED};
use crate::layout::LineKind;
use crate::learned::{DATA, DATA_IN_DOCUMENTS, Learned, Stretch, Take, chance, first, last, likeliest, never, words};
use crate::lexicon::Match;
use crate::mentions::{Mention, Read};
use crate::scope::{Reading, Scope, Verdict};
use crate::words::Meaning;

/// In hundredths of the log odds: a mention that nothing governs is given a status if so much speaks for it (odds of 5 to 3).
const GIVEN: i32 = 50;

/// In hundredths of the log odds: what a rule says of a mention is not believed if all else speaks against anything being said of it (odds
/// of 1 to 400).
const REFUTED: i32 = -600;

/// Nothing is impossible, however often it is told otherwise.
const LEAST: f64 = 1e-3;

/// How much speaks for each status of each mention, by its place in the vocabulary, and behind these for none, in hundredths of the natural
/// logarithm of the odds.
pub(crate) struct Weighed<'a> {
    scope: &'a Scope<'a>,
    matches: &'a [Match],
    mentions: Vec<Mention>,
    by: &'static Learned,
    /// What the text says as a whole.
    known: Vec<i32>,
    /// Of each mention, when first asked.
    sums: Vec<OnceCell<Vec<i32>>>,
    /// Where data are named.
    masked: Vec<Span>,
}

impl<'a> Weighed<'a> {
    pub(crate) fn new(scope: &'a Scope<'a>, matches: &'a [Match], reads: &[Read], gist: &Gist) -> Weighed<'a> {
        let by = if gist.is_silent() { &DATA } else { &DATA_IN_DOCUMENTS };
        let mentions: Vec<Mention> = reads.iter().map(|read| read.mention).collect();
        let (known, sums) = (by.weigh(|take| gist.facts(take)), vec![OnceCell::new(); mentions.len()]);
        Weighed { scope, matches, mentions, by, known, sums, masked: masked(matches) }
    }

    fn sums(&self, mention: usize) -> &[i32] {
        self.sums[mention].get_or_init(|| self.by.weigh_beside(&self.known, |take| self.around(mention, take)))
    }

    fn around(&self, mention: usize, take: &mut impl Take) {
        around(self.scope, self.matches, &self.masked, self.mentions[mention], take);
    }

    /// The likeliest status of a mention, and how much speaks for it.
    fn best(&self, mention: usize) -> Option<(Status, i32)> {
        likeliest(Status::all().zip(self.sums(mention).iter().copied()))
    }

    /// Of some mentions the one that is likeliest of a status.
    pub(crate) fn likeliest(&self, status: Status, mentions: impl Iterator<Item = usize>) -> Option<usize> {
        likeliest(mentions.map(|mention| (mention, self.sums(mention)[status as usize]))).map(|(mention, _)| mention)
    }

    /// What rules and practice together make of a category, by all its mentions. Each of them may be the one that tells its status. What practice
    /// says `may` be no more than this.
    pub(crate) fn together(
        &self,
        ruled: Option<Status>,
        may: impl Fn(Status) -> bool,
        mentions: impl Iterator<Item = usize>,
    ) -> Option<Status> {
        together(mentions.map(|mention| self.sums(mention)), ruled, may)
    }

    /// Takes back what rules say of mentions that stand as those do of which nothing is said.
    pub(crate) fn doubt(&self, reads: &mut [Read]) {
        let asserts = |read: &Read| matches!(read.verdict, Some(Verdict { reading: Reading::Status(_) | Reading::Held, .. }));
        let asked = |read: &Read| read.mention.category.is_some() && !read.mention.of_user;
        for (mention, read) in reads.iter_mut().enumerate().filter(|(_, read)| asked(read) && asserts(read)) {
            if self.best(mention).is_some_and(|(_, weight)| weight < REFUTED) {
                read.verdict = None;
            }
        }
    }

    /// The mentions of which nothing is said but by all that stands around them, with what that says.
    pub(crate) fn judge(&self, reads: &[Read]) -> Vec<Read> {
        let layout = self.scope.layout;
        // A heading with one word of them says whose data are told below it: 「【利用者のご家族】」.
        let heads = |read: &Read| {
            let line = &layout.lines[layout.line_at(read.mention.span.start)];
            let beside = |other: &Read| other.mention.span != read.mention.span;
            let on_it = || {
                let at = |place: usize| reads.partition_point(|read| read.mention.span.start < place);
                &reads[at(line.span.start)..at(line.span.end)]
            };
            matches!(line.kind, LineKind::Heading | LineKind::Title) && !on_it().iter().any(beside)
        };
        let asked = |mention: Mention| mention.category.is_some() && !mention.of_user;
        let open = |read: &Read| read.verdict.is_none() && !read.settled && asked(read.mention) && !heads(read);
        let judge = |(mention, read): (usize, &Read)| {
            let (status, weight) = Some(mention).filter(|_| open(read)).and_then(|mention| self.best(mention))?;
            let cue = || self.cue(mention, status);
            (weight > GIVEN).then(|| Read { verdict: Some(Verdict { reading: Reading::Status(status), cue: cue() }), ..*read })
        };
        reads.iter().enumerate().filter_map(judge).collect()
    }

    /// What speaks loudest for the status of a mention, or the mention itself.
    pub(crate) fn cue(&self, mention: usize, status: Status) -> Span {
        self.by.cue(status as usize, None, |take| self.around(mention, take)).unwrap_or(self.mentions[mention].span)
    }
}

/// What rules make of a category, and how much speaks for each status of its mentions.
fn together<'s>(sums: impl Iterator<Item = &'s [i32]>, ruled: Option<Status>, may: impl Fn(Status) -> bool) -> Option<Status> {
    let chances = |sums: &[i32]| {
        let chances: Vec<f64> = sums.iter().map(|&sum| chance(sum)).collect();
        let all: f64 = chances.iter().sum();
        chances.into_iter().map(|chance| chance / all).collect::<Vec<f64>>()
    };
    let chances: Vec<Vec<f64>> = sums.map(chances).collect();
    // That no mention is of each status, and that all are of none.
    let none = never(chances.iter().map(|chances| 1.0 - chances.last().unwrap_or(&1.0)));
    let never: Vec<f64> = Status::all().map(|status| never(chances.iter().map(|chances| chances[status as usize]))).collect();
    // The strongest that is told of any of them counts.
    let stronger = |status: Status| never.iter().skip(status as usize + 1).product::<f64>();
    let answers = Status::all().filter(|&status| ruled == Some(status) || may(status));
    let likely = answers.map(|status| (Some(status), (1.0 - never[status as usize]) * stronger(status)));
    // That something is told at all is harder to mistake than what: practice has to speak louder against it.
    let ruled_for = |answer: Option<Status>| match ruled {
        _ if answer == ruled => RULED,
        Some(_) if answer.is_none() => RULED - NAMED,
        _ => 0,
    };
    let points = |(answer, likely): (Option<Status>, f64)| (answer, (likely + LEAST).ln() + f64::from(ruled_for(answer)) / 100.0);
    let all = likely.chain([(None, none)]).map(points);
    all.reduce(|best, next| if next.1 > best.1 { next } else { best }).and_then(|(answer, _)| answer)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn together(sums: &[[i32; 4]], ruled: Option<Status>, most: Status) -> Option<Status> {
        super::together(sums.iter().map(|sums| &sums[..]), ruled, |status| status <= most)
    }

    const POSSIBLE: [i32; 4] = [-500, 400, -500, -500];
    const NOTHING: [i32; 4] = [-500, -500, -500, 400];

    #[test]
    fn only_what_is_much_louder_outweighs_a_rule() {
        let doubtful = [-300, 100, -150, -300];
        assert_eq!(together(&[doubtful], Some(Status::Confirmed), Status::Confirmed), Some(Status::Confirmed));
        assert_eq!(together(&[POSSIBLE], Some(Status::Confirmed), Status::Confirmed), Some(Status::Possible));
        assert_eq!(together(&[NOTHING], Some(Status::Confirmed), Status::Confirmed), None);
    }

    #[test]
    fn any_mention_may_tell() {
        assert_eq!(together(&[NOTHING, NOTHING, POSSIBLE], None, Status::Confirmed), Some(Status::Possible));
        assert_eq!(together(&[NOTHING, NOTHING], None, Status::Confirmed), None);
    }

    #[test]
    fn many_that_hardly_tell_anything_tell_nothing() {
        let hardly = [-500, -500, -350, 400];
        assert_eq!(together(&[hardly; 300], None, Status::Confirmed), None);
        assert_eq!(together(&[hardly; 300], Some(Status::Possible), Status::Confirmed), Some(Status::Possible));
    }

    #[test]
    fn practice_says_no_more_than_may_be_said() {
        assert_eq!(together(&[POSSIBLE], None, Status::Denied), None);
        assert_eq!(together(&[POSSIBLE], Some(Status::Possible), Status::Denied), Some(Status::Possible), "what a rule says stands");
    }
}
