//! What kind of document it is, and whether it is about an incident at all.

use owabi_corpora::Span;
use owabi_corpora::vocabulary::Genre;

use crate::layout::{Layout, Sentence};
use crate::lexicon::{GenrePlace, GenreRow, Lexicon, Sign};
use crate::scope::Scope;
use crate::words::Concept;

/// How much must speak for an incident, where the text also advises, teaches or sells.
const ENOUGH: i32 = 2;

/// What speaks against an incident counts twice at most.
const TWICE: usize = 2;

/// So few sentences are an excerpt.
pub(crate) const EXCERPT: usize = 6;

/// A text with so many sentences, lists aside, is a whole one.
const WHOLE: usize = 12;

/// What the other stages found that only a text about an incident holds.
pub(crate) struct Evidence {
    /// Figures and dated events.
    pub(crate) facts: usize,
    /// Statuses of data, causes, and events that only an incident has.
    pub(crate) statements: usize,
}

/// The genre with the most votes; `unrelated` when nothing says that anything happened.
pub(crate) fn find(scope: &Scope<'_>, lexicon: &Lexicon, evidence: &Evidence) -> Genre {
    let against = votes(scope, lexicon, &[Sign::Against]).sum::<i32>();
    let mut favour = votes(scope, lexicon, &[Sign::For, Sign::Always]);
    let related = match against {
        // A whole text about an incident says somewhere that it happened, or when, or to how many.
        0 => {
            let voted = (evidence.statements == 0 || evidence.facts == 0) && favour.any(|weight| weight > 0);
            (voted || evidence.statements > 0) && (voted || evidence.facts > 0 || !is_whole(scope))
        }
        _ => {
            let favour = favour.sum::<i32>();
            let said = favour > 0 || evidence.statements > 0;
            said && favour + evidence.facts as i32 - against >= ENOUGH
        }
    };
    if !related {
        return Genre::Unrelated;
    }
    let text = scope.text;
    let title = title(scope.layout);
    let mut votes: Vec<(Genre, i32)> = Genre::all().map(|genre| (genre, 0)).collect();
    for row in &lexicon.genres {
        let hits = match row.place {
            GenrePlace::Title => i32::from(scope.gates.is_match(&row.pattern, title)),
            GenrePlace::Body => i32::from(scope.gates.anywhere(&row.pattern)),
            GenrePlace::Many => {
                let stretches = scope.gates.stretches(&row.pattern).into_iter();
                stretches.flat_map(|stretch| row.pattern.find_iter(&text[stretch.range()])).take(6).count() as i32
            }
        };
        if let Some(vote) = votes.iter_mut().find(|(genre, _)| *genre == row.genre) {
            vote.1 += hits * row.weight;
        }
    }
    // Reports are the organisation's own notices: they take its votes along.
    let own = votes.iter().find(|(genre, _)| *genre == Genre::Notice).map_or(0, |vote| vote.1);
    for vote in &mut votes {
        if matches!(vote.0, Genre::FirstReport | Genre::Followup) && vote.1 >= REPORT {
            vote.1 += own;
        }
    }
    // A notice may answer questions once it has told what happened; a page of questions begins with them.
    let asks = |row: &&GenreRow| row.genre == Genre::Faq && row.place == GenrePlace::Title;
    let answers = lexicon.genres.iter().filter(asks).any(|row| scope.gates.is_match(&row.pattern, title));
    if !answers && own >= OWN && tells_first(scope) {
        votes.retain(|&(genre, _)| genre != Genre::Faq);
    }
    // Who speaks to readers in person may quote an article; an article never speaks so.
    let voiced = votes.iter().any(|&(genre, points)| genre == Genre::Commentary && points >= VOICE);
    votes.retain(|&(genre, _)| !(voiced && genre == Genre::News));
    votes.into_iter().max_by_key(|&(genre, points)| (points, std::cmp::Reverse(genre))).map_or(Genre::Notice, |(genre, _)| genre)
}

/// So many votes make an own announcement a first or a later report.
const REPORT: i32 = 5;

/// So many votes are an apology under a title of its own.
const OWN: i32 = 8;

/// A telling has so many sentences.
const TELLING: usize = 5;

/// Whether a text tells what happened before it asks its first question.
fn tells_first(scope: &Scope<'_>) -> bool {
    let questions = |at: &usize| scope.layout.is_question(*at);
    let first = (0..scope.layout.sentences.len()).find(questions).unwrap_or(0);
    scope.layout.sentences[..first].iter().filter(|sentence| scope.layout.is_sentence(sentence.span)).take(TELLING).count() == TELLING
}

/// So many votes are a person's own voice.
const VOICE: i32 = 5;

/// The first lines, where a title may stand after an issuer and a date.
fn title(layout: &Layout) -> Span {
    let mut lines = layout.lines.iter().filter(|line| !line.span.is_empty());
    let first = lines.next().map_or(0, |line| line.span.start);
    let end = lines
        .take(5)
        .take_while(|line| line.span.len() < 200 && !layout.is_sentence(line.span))
        .last()
        .map_or_else(|| layout.lines.first().map_or(0, |line| line.span.end), |line| line.span.end);
    let title_line = layout.lines.iter().find(|line| !line.span.is_empty()).map_or(0, |line| line.span.end);
    Span::new(first, end.max(title_line))
}

/// Whether a text is more than an excerpt.
fn is_whole(scope: &Scope<'_>) -> bool {
    let full = |sentence: &&Sentence| scope.layout.is_sentence(sentence.span);
    scope.layout.sentences.iter().filter(full).take(WHOLE).count() == WHOLE
}

/// The votes of the sentences by rows of these signs: that they assert an incident, or only advise, teach or sell.
fn votes<'a>(scope: &'a Scope<'_>, lexicon: &'a Lexicon, signs: &'static [Sign]) -> impl Iterator<Item = i32> + 'a {
    let rows = lexicon.incident.iter().filter(|row| signs.contains(&row.sign) && scope.gates.open(&row.pattern));
    rows.flat_map(move |row| {
        let hedge = |concept| matches!(concept, Concept::Hypothetical | Concept::Supposition | Concept::Duty | Concept::OtherCase);
        let hedged = move |sentence: &Sentence| {
            let cues = scope.cues_in(sentence.span);
            cues.iter().any(|cue| hedge(cue.concept)) && !cues.iter().any(|cue| cue.concept == Concept::Possible)
        };
        let counts =
            move |sentence: &&Sentence| scope.gates.is_match(&row.pattern, sentence.span) && !(row.sign == Sign::For && hedged(sentence));
        // What is sold or taught may be named again and again.
        let most = if row.sign == Sign::Against { TWICE } else { usize::MAX };
        scope.layout.sentences.iter().filter(counts).take(most).map(|_| row.weight)
    })
}
