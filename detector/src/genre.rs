//! What kind of document it is, and whether it is about an incident at all.

use owabi_corpora::Span;
use owabi_corpora::vocabulary::Genre;

use crate::layout::{Layout, Sentence};
use crate::lexicon::{GenrePlace, GenreRow, Lexicon, Sign};
use crate::patterns::{Hit, Pattern};
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

/// The genre with the most votes, and whether the title names it; `unrelated` when nothing says that anything happened.
pub(crate) fn find(scope: &Scope<'_>, lexicon: &Lexicon, evidence: &Evidence) -> (Genre, bool) {
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
        return (Genre::Unrelated, false);
    }
    let title = title(scope.text, scope.layout);
    let mut votes: Vec<(Genre, i32)> = Genre::all().map(|genre| (genre, 0)).collect();
    // What speaks in an organisation's own voice, its titles aside.
    let mut voice = 0;
    // Those of which the title has a word.
    let mut titled: Vec<Genre> = Vec::new();
    for row in lexicon.genres.iter().filter(|row| row.place != GenrePlace::Style) {
        let hits = hits(scope, row, title);
        if let Some(vote) = votes.iter_mut().find(|(genre, _)| *genre == row.genre) {
            vote.1 += hits * row.weight;
        }
        if row.place == GenrePlace::Title && hits > 0 {
            titled.push(row.genre);
        }
        voice += i32::from(row.genre == Genre::Notice && row.place == GenrePlace::Body) * hits;
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
    // An article may tell of a later report, too.
    let own = match most(&votes) {
        Genre::Notice => true,
        Genre::Followup => !titled.contains(&Genre::Followup),
        _ => false,
    };
    if voice == 0 && own {
        let style = lexicon.genres.iter().filter(|row| row.place == GenrePlace::Style);
        for row in style {
            if let Some(vote) = votes.iter_mut().find(|(genre, _)| *genre == row.genre) {
                vote.1 += hits(scope, row, title) * row.weight;
            }
        }
    }
    let genre = most(&votes);
    (genre, titled.contains(&genre))
}

/// The genre for which most speaks.
fn most(votes: &[(Genre, i32)]) -> Genre {
    votes.iter().max_by_key(|&&(genre, points)| (points, std::cmp::Reverse(genre))).map_or(Genre::Notice, |&(genre, _)| genre)
}

/// How often a row votes.
fn hits(scope: &Scope<'_>, row: &GenreRow, title: Span) -> i32 {
    match row.place {
        GenrePlace::Title => i32::from(scope.gates.is_match(&row.pattern, title)),
        GenrePlace::Body if row.genre == Genre::Notice => i32::from(says_itself(scope, &row.pattern)),
        GenrePlace::Body => i32::from(scope.gates.anywhere(&row.pattern)),
        GenrePlace::Many | GenrePlace::Style => {
            let stretches = scope.gates.stretches(&row.pattern).into_iter();
            stretches.flat_map(|stretch| row.pattern.find_iter(&scope.text[stretch.range()])).take(6).count() as i32
        }
    }
}

/// Whether a text says so in its own voice: what an article quotes, 「おわび申し上げます」, is somebody else's.
fn says_itself(scope: &Scope<'_>, pattern: &Pattern) -> bool {
    let own = |stretch: Span| {
        let said = |hit: &Hit<'_>| {
            // A row may begin with the end of the line before.
            let at = stretch.start + hit.start();
            !is_quoted(scope.text, at + usize::from(scope.text[at..].starts_with('\n')))
        };
        pattern.find_iter(&scope.text[stretch.range()]).take(VOICES).any(|hit| said(&hit))
    };
    scope.gates.anywhere(pattern) && (!scope.text.contains('「') || scope.gates.stretches(pattern).into_iter().take(VOICES).any(own))
}

/// Whether a place stands behind a bracket that its line opened and did not close.
fn is_quoted(text: &str, at: usize) -> bool {
    let line = &text[text[..at].rfind('\n').map_or(0, |end| end + 1)..at];
    line.rfind('「') > line.rfind('」')
}

/// Where a text speaks for itself it soon does.
const VOICES: usize = 8;

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

/// So many bytes are more than a title.
const LONG: usize = 120;

/// The first lines, where a title may stand after an issuer and a date.
fn title(text: &str, layout: &Layout) -> Span {
    let mut lines = layout.lines.iter().map(|line| line.span).filter(|line| !line.is_empty());
    let Some(first) = lines.next() else { return Span::new(0, 0) };
    // A text that begins with its telling has no title but what its first sentence is about.
    if first.len() > LONG && layout.is_sentence(first) {
        let topic = text[first.range()].find(['、', '。']).unwrap_or(first.len());
        return Span::new(first.start, first.start + topic);
    }
    let last = lines.take(5).take_while(|line| line.len() < 200 && !layout.is_sentence(*line)).last();
    Span::new(first.start, last.unwrap_or(first).end)
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
