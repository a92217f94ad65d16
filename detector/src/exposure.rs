//! What the telling of the incident says of its outcome, beside what it says of single categories.

use std::sync::LazyLock;

use owabi_corpora::Span;
use owabi_corpora::vocabulary::Status;
use serde::Deserialize;

use crate::layout::LineKind;
use crate::mentions::Read;
use crate::patterns::{self, Pattern};
use crate::scope::{Reading, Scope, Verdict};
use crate::words::Concept;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Patterns {
    known: Pattern,
    unknown: Pattern,
    hedged: Pattern,
    keys: Pattern,
    may: Pattern,
    settled: Pattern,
    nothing: Pattern,
    feared: Pattern,
    answered: Pattern,
    later: Pattern,
    under_way: Pattern,
    seen: Pattern,
}

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| patterns::table("exposure"));

/// 「実際に閲覧されたことを確認したのは58件」, 「流出したことが判明」: somewhere it is told as a fact, whatever is said of the rest.
fn is_known(scope: &Scope<'_>) -> bool {
    let sentences = scope.layout.sentences.iter().enumerate();
    sentences.into_iter().any(|(index, sentence)| {
        let span = sentence.span;
        let line = scope.layout.line_at(span.start);
        let Some(hit) = scope.gates.find(&PATTERNS.known, span) else { return false };
        let (start, end) = (span.start + hit.start(), span.start + hit.end());
        // What an earlier clause said of it is taken back: 「可能性があると申し上げましたが、」.
        let clause = scope.cues_in(Span::new(span.start, start)).iter().rfind(|cue| cue.concept == Concept::Hard);
        let clause = Span::new(clause.map_or(span.start, |cue| cue.span.end), span.end);
        let told = |cue: &crate::predicates::Cue| !matches!(cue.concept, Concept::OtherCase | Concept::Supposition | Concept::Hypothetical);
        !scope.layout.lines[line].elsewhere
            && !scope.layout.is_question(index)
            && scope.cues_in(span).iter().all(told)
            // 「盗まれたのはタブレットです」: what was on it may have been seen.
            && !scope.cues_in(Span::new(start, end)).iter().any(|cue| scope.is_loss(cue))
            && !scope.gates.is_match(&PATTERNS.unknown, Span::new(end, span.end))
            && !scope.gates.is_match(&PATTERNS.hedged, clause)
            && !scope.gates.is_match(&PATTERNS.keys, Span::new(span.start, start))
    })
}

/// What is said of the outcome as a whole: of 個人情報, in the title and in full sentences.
pub(crate) struct Whole {
    /// Somewhere it is told as a fact that data got out.
    pub(crate) known: bool,
    /// One of the first two says that it may have leaked, and none that it did.
    pub(crate) doubted: bool,
    /// Said to have not leaked, and nothing else.
    pub(crate) denied: bool,
}

impl Whole {
    pub(crate) fn new(scope: &Scope<'_>, reads: &[Read]) -> Whole {
        let (mut told, mut doubted, mut denied, mut open) = (0, false, false, false);
        let mut stated = false;
        for read in reads.iter().filter(|read| read.mention.category.is_none()) {
            let Some(Verdict { reading: Reading::Status(status), .. }) = read.verdict else { continue };
            let line = &scope.layout.lines[scope.layout.line_at(read.mention.span.start)];
            let Some(sentence) = scope.layout.sentence_at(read.mention.span.start) else { continue };
            let span = scope.layout.sentences[sentence].span;
            let full = scope.layout.is_sentence(span) && line.kind != LineKind::Heading;
            if !full && line.kind != LineKind::Title {
                continue;
            }
            told += 1;
            match status {
                Status::Confirmed => stated |= full,
                Status::Possible => {
                    doubted |= told <= 2 && scope.gates.is_match(&PATTERNS.may, span);
                    open = true;
                }
                Status::Denied => denied |= full,
            }
        }
        Whole { known: is_known(scope), doubted: doubted && !stated, denied: denied && !stated && !open }
    }
}

/// What is said of all data at once, in a text that says of no category what became of it.
pub(crate) fn of_all(scope: &Scope<'_>) -> Option<Status> {
    match () {
        _ if is_settled(scope) => Some(Status::Denied),
        _ if says(scope, &PATTERNS.feared) => Some(Status::Possible),
        _ if says(scope, &PATTERNS.nothing) => Some(Status::Denied),
        _ if states(scope, &PATTERNS.answered) || is_seen(scope) => Some(Status::Confirmed),
        _ => None,
    }
}

/// Whether it is settled that nothing got out, whatever might have: 「情報の漏えいはなかったと判断」.
pub(crate) fn is_settled(scope: &Scope<'_>) -> bool {
    says(scope, &PATTERNS.settled)
}

/// Whether recipients saw each other, as they do when 「送信する際に誤って」: no supposition, and nobody else's case.
fn is_seen(scope: &Scope<'_>) -> bool {
    let own =
        |index: usize, span: Span| !scope.layout.is_question(index) && !scope.layout.lines[scope.layout.line_at(span.start)].elsewhere;
    let mut sentences = scope.layout.sentences.iter().enumerate();
    sentences.any(|(index, sentence)| scope.gates.is_match(&PATTERNS.seen, sentence.span) && own(index, sentence.span))
}

/// Whether the text tells that it is being looked into, and nothing of what comes after that.
pub(crate) fn is_under_way(scope: &Scope<'_>) -> bool {
    says(scope, &PATTERNS.under_way) && !scope.gates.anywhere(&PATTERNS.later)
}

/// Whether a sentence or a heading of the incident's own says so.
fn says(scope: &Scope<'_>, pattern: &Pattern) -> bool {
    spans(scope, pattern).next().is_some()
}

/// Whether a full sentence does.
fn states(scope: &Scope<'_>, pattern: &Pattern) -> bool {
    spans(scope, pattern).any(|span| scope.layout.is_sentence(span))
}

/// The sentences of the incident's own that match.
fn spans<'a>(scope: &'a Scope<'_>, pattern: &'a Pattern) -> impl Iterator<Item = Span> + 'a {
    let elsewhere = |concept| matches!(concept, Concept::OtherCase | Concept::Supposition | Concept::Hypothetical);
    let open = scope.gates.open(pattern);
    let sentences = scope.layout.sentences.iter().enumerate().filter(move |_| open);
    let own = move |index: usize, span: Span| {
        scope.gates.is_match(pattern, span)
            && !scope.layout.lines[scope.layout.line_at(span.start)].elsewhere
            && !scope.layout.is_question(index)
            && !scope.cues_in(span).iter().any(|cue| elsewhere(cue.concept))
    };
    sentences.filter(move |(index, sentence)| own(*index, sentence.span)).map(|(_, sentence)| sentence.span)
}
