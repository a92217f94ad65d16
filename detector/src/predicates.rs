//! Predicates: a verb with what modifies it, and what a clause says by them.
//!
//! 「漏えいした可能性はございません」 is a leak, possible, negated. The cues come from one table; here they are grouped, since what a
//! negation denies or a possibility weakens is the verb before it.

use std::sync::LazyLock;

use owabi_corpora::Span;
use owabi_corpora::vocabulary::{Status, Why};
use serde::Deserialize;

use crate::lexicon::Match;
use crate::patterns::{self, Pattern};
use crate::scope::{Reading, Scope, Verdict};
use crate::words::{Concept, Meaning};

/// A cue in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cue {
    pub(crate) span: Span,
    pub(crate) concept: Concept,
    /// Its place among the cues of the text.
    index: usize,
}

/// The cues of a text, longest match first and without overlap.
pub(crate) fn cues(text: &str, matches: &[Match]) -> Vec<Cue> {
    let mut found: Vec<Cue> = Vec::new();
    // 「障害の有無」, 「退職の記録」: a verb inside the name of a category says nothing.
    let mut named = 0;
    for hit in matches {
        if let Meaning::Category(_) = hit.meaning {
            named = named.max(hit.end);
        }
        if let Meaning::Cue(concept) = hit.meaning
            && hit.end > named
            && found.last().is_none_or(|last| last.span.end <= hit.start)
        {
            found.push(Cue { span: Span::new(hit.start, hit.end), concept, index: found.len() });
            // 「…ではありませんが、」: a denial holds the ending that would part its clause from the next.
            let rest = &text[hit.end..];
            if matches!(concept, Concept::Negation | Concept::Unconfirmed | Concept::Doubt)
                && let Some(joint) = PATTERNS.parts.find(&rest[..patterns::prefix(rest, 5)])
            {
                let span = Span::new(hit.end, hit.end + joint.end());
                found.push(Cue { span, concept: Concept::Hard, index: found.len() });
            }
        }
    }
    found
}

/// A predicate with what modifies it: 「漏えいした可能性はございません」 is a leak, possible, negated.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Predicate {
    pub(crate) head: Concept,
    pub(crate) span: Span,
    possible: bool,
    negated: bool,
    unconfirmed: bool,
    /// 「漏えいした場合」.
    hypothetical: bool,
    /// 「漏えいしたかどうか」: nothing is said yet.
    open: bool,
    /// 「漏えいに関するお知らせ」: a name for the incident, not a statement of its outcome.
    topic: bool,
}

impl Predicate {
    fn new(head: Concept, span: Span) -> Predicate {
        Predicate { head, span, possible: false, negated: false, unconfirmed: false, hypothetical: false, open: false, topic: false }
    }

    pub(crate) fn reading(&self) -> Reading {
        if self.open || self.hypothetical && !self.possible && !self.negated {
            return Reading::Distractor(Why::Hypothetical);
        }
        match (self.head, self.possible, self.negated || self.unconfirmed) {
            (Concept::Misuse, ..) => Reading::Distractor(Why::Held),
            // Both at once: the negation came last, as the builder clears it when a possibility follows.
            (_, true, true) => Reading::Status(Status::Denied),
            (_, true, _) => Reading::Status(Status::Possible),
            (Concept::Leak | Concept::Access | Concept::Loss | Concept::Contain | Concept::Hold, false, true) => {
                Reading::Status(Status::Denied)
            }
            (Concept::Leak, ..) if self.topic => Reading::Held,
            (Concept::Leak, ..) => Reading::Status(Status::Confirmed),
            (Concept::Access | Concept::Loss, ..) => Reading::Status(Status::Possible),
            (Concept::Contain, ..) => Reading::Held,
            _ => Reading::Distractor(Why::Held),
        }
    }
}

/// 「口座番号は同サービスにありません」: so many bytes may stand between a mention and a denial without a verb.
const BARE: usize = 150;

/// In characters: what was taken is named so far behind its verb.
const SENTENCE: usize = 110;

/// In bytes: what stands right behind words begins no farther off.
const RIGHT_BEHIND: usize = 3;

/// In characters: who is arrested is named between the suspicion and the arrest.
const ARREST: usize = 40;

/// 「漏えいした場合」: a condition stands within so many bytes of its verb.
const HYPOTHESIS: usize = 30;

impl Scope<'_> {
    /// Groups cues into predicates. Modality before any head belongs to none, but a bare denial counts as a verb of its own when
    /// it stands at most [`BARE`] bytes behind `end`.
    pub(crate) fn predicates(&self, cues: &[Cue], end: usize) -> Vec<Predicate> {
        let mut found: Vec<Predicate> = Vec::new();
        let mut doubted = 0;
        for cue in cues {
            match cue.concept {
                Concept::Leak | Concept::Taken | Concept::Access | Concept::Loss | Concept::Contain | Concept::Hold | Concept::Misuse => {
                    found.push(self.verb(cue));
                }
                concept => {
                    // 「不正アクセス禁止法違反の疑いで逮捕」: who did it is suspected; what happened is told.
                    if concept == Concept::Possible && self.accuses(cue) {
                        continue;
                    }
                    let bare = concept == Concept::Negation && cue.span.start.saturating_sub(end) <= BARE;
                    if found.is_empty() && bare && self.gates.is_match(&PATTERNS.existence, cue.span) {
                        // 「パスワードを変更する必要はありません」: something else is wanting.
                        if self.gates.is_match(&PATTERNS.wanting, self.before(cue)) {
                            continue;
                        }
                        // 「口座番号はありません」: the denial is a verb of its own.
                        found.push(Predicate::new(Concept::Hold, cue.span));
                    } else if found.is_empty() && self.finds_nothing(cue, end) {
                        found.push(Predicate::new(Concept::Hold, cue.span));
                    } else if concept == Concept::Possible
                        && found.last().is_none_or(|last| last.negated && matches!(last.head, Concept::Contain | Concept::Hold))
                        && self.gates.is_match(&PATTERNS.kind, self.behind(cue))
                    {
                        continue;
                    } else if found.is_empty() && matches!(concept, Concept::Possible | Concept::Doubt) {
                        // 「外部に送られた可能性は否定できない」: whatever the verb, it may have happened.
                        found.push(Predicate::new(Concept::Leak, cue.span));
                    }
                    let Some(last) = found.last_mut() else { continue };
                    // 「氏名が流出し、不審なメールが届く可能性があります」: another clause has begun; that a denial is in doubt speaks of the same.
                    if matches!(last.head, Concept::Leak)
                        && !(concept == Concept::Doubt && (last.negated || last.unconfirmed))
                        && self.goes_on(last.span.end)
                        && self.comma_between(last.span.end, cue.span.start)
                    {
                        continue;
                    }
                    match concept {
                        Concept::Possible if last.head == Concept::Leak && self.gates.is_match(&PATTERNS.or_may, self.before(cue)) => {
                            continue;
                        }
                        Concept::Doubt if last.head == Concept::Leak && self.gates.is_match(&PATTERNS.inferred, self.and_behind(cue)) => {
                            last.topic = true;
                        }
                        Concept::Possible | Concept::Doubt
                            if last.negated
                                && self.gates.is_match(&PATTERNS.thought, cue.span)
                                && !self.comma_between(last.span.end, cue.span.start) => {}
                        // A later possibility overrules a denial before it: 「確認できておりませんが、否定できない」.
                        Concept::Possible | Concept::Doubt => {
                            (last.possible, last.negated, last.unconfirmed) = (true, false, false);
                            doubted = if concept == Concept::Doubt { cue.span.end } else { 0 };
                        }
                        // 「言い切れ」 「ない」: the doubt's own ending.
                        Concept::Negation if doubted > 0 && cue.span.start <= doubted + 3 => {}
                        // 「流出したのは、別に管理していた…」: what leaked is named, not denied.
                        Concept::Negation
                            if last.span.end <= cue.span.start
                                && self.gates.is_match(&PATTERNS.cleft, Span::new(last.span.end, cue.span.start)) =>
                        {
                            continue;
                        }
                        // 「アカウントを複数人で共有し、接続を制限していなかった」: the denial is another verb's ending.
                        Concept::Negation
                            if last.head == Concept::Hold
                                && self.goes_on(last.span.end)
                                && self.comma_between(last.span.end, cue.span.start)
                                && self.gates.is_match(&PATTERNS.past, cue.span) =>
                        {
                            continue;
                        }
                        // 「…が記載されており、住所の記載はありません」: what is denied is named behind the verb.
                        Concept::Negation | Concept::Unconfirmed
                            if last.head == Concept::Contain
                                && (self.goes_on(last.span.end)
                                    || self.gates.is_match(&PATTERNS.holder, Span::new(last.span.end, cue.span.start)))
                                && self.names(Span::new(last.span.end, cue.span.start)) =>
                        {
                            break;
                        }
                        Concept::Negation if self.is_of_another(last, cue) => continue,
                        Concept::Negation => last.negated = true,
                        Concept::Unconfirmed if self.gates.is_match(&PATTERNS.found, self.behind(cue)) => continue,
                        // 「置き忘れ、現在も見つかっておりません」: it is missing still.
                        Concept::Unconfirmed if last.head == Concept::Loss && self.gates.is_match(&PATTERNS.still_missing, cue.span) => {
                            continue;
                        }
                        Concept::Unconfirmed => last.unconfirmed = true,
                        // 「表示されず、誰のものか分かりません」: what was denied stays so.
                        Concept::Whether if last.negated && self.comma_between(last.span.end, cue.span.start) => continue,
                        Concept::Whether => last.open = true,
                        Concept::Hypothetical if cue.span.start.saturating_sub(last.span.end) <= HYPOTHESIS => last.hypothetical = true,
                        _ => continue,
                    }
                    last.span.end = cue.span.end;
                }
            }
        }
        found
    }

    /// Whether words that nothing was found are a verb of their own, as no other stands before them: 「番号に関する情報は、見つかっておりません」,
    /// 「触れられた形跡はない」.
    fn finds_nothing(&self, cue: &Cue, end: usize) -> bool {
        let says = |pattern: &Pattern, span: Span| self.gates.is_match(pattern, span);
        let unfound = || says(&PATTERNS.not_found, cue.span) && says(&PATTERNS.unfound, self.before(cue));
        let untouched =
            || cue.span.start.saturating_sub(end) <= BARE && says(&PATTERNS.trace, cue.span) && says(&PATTERNS.deed, self.before(cue));
        cue.concept == Concept::Unconfirmed && (cue.span.start >= end && unfound() || untouched())
    }

    /// Whether a denial speaks of something else than the data that are held: 「氏名が含まれ、暗号化はされていない」.
    fn is_of_another(&self, verb: &Predicate, denial: &Cue) -> bool {
        let between = Span::new(verb.span.end.min(denial.span.end), denial.span.end);
        verb.head == Concept::Contain
            && self.goes_on(verb.span.end)
            && self.gates.is_match(&PATTERNS.own_subject, between)
            && !self.gates.is_match(&PATTERNS.points_back, between)
    }

    /// The predicate that a verb makes, with what its own ending and the words beside it say. It is the same for every mention.
    fn verb(&self, cue: &Cue) -> Predicate {
        if let Some(known) = self.verbs[cue.index].get() {
            return known;
        }
        let after = self.behind(cue);
        let before = || self.before(cue);
        let says = |pattern: &Pattern, span: Span| self.gates.is_match(pattern, span);
        let head = match cue.concept {
            // 「画面に表示される情報」: what is always so is no outcome.
            Concept::Leak if says(&PATTERNS.shows, after) => Concept::Contain,
            Concept::Taken
                if says(&PATTERNS.medium, after)
                    || says(&PATTERNS.medium_before, before())
                    || says(&PATTERNS.medium_behind, self.far_behind(cue)) =>
            {
                Concept::Loss
            }
            Concept::Taken => Concept::Leak,
            concept => concept,
        };
        let mut predicate = Predicate::new(head, cue.span);
        // 「漏れていません」, 「表示されず」: the verb's own ending denies it.
        predicate.negated = says(&PATTERNS.negative_ending, after);
        predicate.topic = head == Concept::Leak && says(&PATTERNS.topic, after);
        predicate.open = matches!(head, Concept::Leak | Concept::Loss)
            && (says(&PATTERNS.prevented, after) || says(&PATTERNS.habitual, after) && !says(&PATTERNS.occurred, self.far_behind(cue)))
            || head == Concept::Access && says(&PATTERNS.unavailable, after)
            || head == Concept::Hold && says(&PATTERNS.wanting, before());
        self.verbs[cue.index].set(Some(predicate));
        predicate
    }

    /// Whether a cue tells of a medium that is gone.
    pub(crate) fn is_loss(&self, cue: &Cue) -> bool {
        let verb = || self.verb(cue);
        matches!(cue.concept, Concept::Loss | Concept::Taken) && verb().head == Concept::Loss && !verb().negated
    }

    /// A cue with the few characters behind it.
    fn and_behind(&self, cue: &Cue) -> Span {
        Span::new(cue.span.start, self.behind(cue).end)
    }

    /// The few characters behind a cue.
    fn behind(&self, cue: &Cue) -> Span {
        self.after(cue.span.end)
    }

    /// What its sentence may name behind a cue.
    fn far_behind(&self, cue: &Cue) -> Span {
        Span::new(cue.span.end, cue.span.end + patterns::prefix(&self.text[cue.span.end..], SENTENCE))
    }

    /// The few characters from a place on.
    fn after(&self, at: usize) -> Span {
        Span::new(at, at + patterns::prefix(&self.text[at..], 14))
    }

    /// The few characters before a cue.
    fn before(&self, cue: &Cue) -> Span {
        Span::new(patterns::suffix(&self.text[..cue.span.start], 20), cue.span.start)
    }

    /// Whether a suspicion is the law's, of a person: 「…に渡した疑い 元社員を逮捕」.
    fn accuses(&self, cue: &Cue) -> bool {
        let end = cue.span.end + patterns::prefix(&self.text[cue.span.end..], ARREST);
        self.gates.is_match(&PATTERNS.accused, Span::new(cue.span.start, end))
    }

    /// The reading of the predicates that follow a mention in its clause.
    /// A bare denial must stand within a few words of `end`, where the mention ends.
    pub(crate) fn governing(&self, clause: &[Cue], end: usize) -> Option<Verdict> {
        let found = self.predicates(clause, end);
        // A leak outranks what the same clause says of holding: 「会社が保有している情報が流出する可能性」.
        let leak = found.iter().position(|p| matches!(p.head, Concept::Leak | Concept::Access | Concept::Loss));
        let at = match leak {
            // 「氏名は含まれず、住所が漏えいした」: a negated verb closes its own statement.
            Some(at) => found[..at].iter().position(|p| (p.negated || p.unconfirmed) && p.head != Concept::Misuse).unwrap_or(at),
            // 「氏名、住所、任意でご入力いただいた生年月日です」: the only verb tells of the last of them.
            None if found.len() == 1 && self.tells_of_next(&found[0]) => return None,
            None => (0..found.len())
                .find(|&at| found[at].head != Concept::Misuse && !self.stands_before(&found[at..]))
                .or(if found.is_empty() { None } else { Some(0) })?,
        };
        let mut predicate = found[at];
        // 「決済会社が管理しており、弊社では保有しておりません」: what follows still speaks of the same data.
        let elsewhere = |later: &&Predicate| matches!(later.head, Concept::Contain | Concept::Hold) && later.negated && !later.possible;
        if predicate.head == Concept::Hold
            && !(predicate.possible || predicate.negated)
            && (self.goes_on(predicate.span.end) || self.gates.is_match(&PATTERNS.itself, self.after(predicate.span.end)))
            && let Some(later) = found[at + 1..].iter().find(elsewhere)
            && !self.names(Span::new(predicate.span.end, later.span.start))
        {
            predicate = *later;
        }
        // 「漏えいし、また漏えいした可能性がある」: the possibility covers both.
        if matches!(predicate.head, Concept::Leak | Concept::Loss) && !predicate.possible && !predicate.negated {
            let joined = self.goes_on(predicate.span.end);
            let covers = |later: &&Predicate| {
                let between = Span::new(predicate.span.end, later.span.start);
                let same = matches!(later.head, Concept::Leak | Concept::Access) && !self.gates.is_match(&PATTERNS.other_subject, between);
                let abused = later.head == Concept::Misuse && self.gates.is_match(&PATTERNS.happened, later.span);
                joined && later.possible && !later.negated && (same || abused)
            };
            let later = found[at + 1..].iter().find(covers);
            let without = found[at + 1..].iter().find(|p| matches!(p.head, Concept::Contain | Concept::Hold) && p.negated && !p.possible);
            // 「紛失し、拾った方が中身を閲覧していました」: what became of a medium outweighs that it was lost.
            let seen = |later: &&Predicate| later.head == Concept::Leak && later.reading() == Reading::Status(Status::Confirmed);
            if predicate.head == Concept::Loss
                && let Some(later) = found[at + 1..].iter().find(seen)
            {
                predicate = *later;
            } else if let Some(later) = later {
                (predicate.possible, predicate.span) = (true, later.span);
            } else if let Some(without) = without.filter(|_| !joined) {
                // 「マイナンバーは、紛失した書類には含まれておりません」.
                (predicate.negated, predicate.span) = (true, without.span);
            } else if let Some(later) =
                found[at + 1..].iter().find(|p| p.head == Concept::Leak && (p.negated || p.unconfirmed) && !p.possible)
                && self.text[predicate.span.end..later.span.start].chars().count() < 8
            {
                (predicate.negated, predicate.span) = (true, later.span);
            }
        }
        let duty = clause.iter().any(|cue| cue.concept == Concept::Duty);
        if duty && !predicate.negated && !predicate.possible {
            return Some(Verdict { reading: Reading::Distractor(Why::Definition), cue: predicate.span });
        }
        Some(Verdict { reading: predicate.reading(), cue: predicate.span })
    }

    /// Whether the first of some verbs only tells of which thing the next speaks: 「支払に使われたカードの番号は入っていません」.
    fn stands_before(&self, verbs: &[Predicate]) -> bool {
        let [first, next, ..] = verbs else { return false };
        let between = Span::new(first.span.end, next.span.start.max(first.span.end));
        first.head == Concept::Hold
            && !(first.negated || first.possible || first.unconfirmed)
            && next.head != Concept::Misuse
            && self.gates.is_match(&PATTERNS.stands_before, between)
            && (self.names(between) || self.gates.is_match(&PATTERNS.closes_the_list, between))
    }

    /// Whether a verb only tells of the category right behind it: 「ご入力いただいた生年月日」.
    fn tells_of_next(&self, verb: &Predicate) -> bool {
        let near = self.after(verb.span.end);
        let line = self.text[near.range()].find('\n').map_or(near.end, |at| near.start + at);
        let behind = Span::new(near.start, line);
        verb.head == Concept::Hold
            && !(verb.negated || verb.possible || verb.unconfirmed)
            && self.names(behind)
            && self
                .gates
                .find(&PATTERNS.stands_before, behind)
                .is_some_and(|hit| self.names(Span::new(behind.start, behind.start + hit.end() + RIGHT_BEHIND)))
    }

    fn comma_between(&self, from: usize, to: usize) -> bool {
        from < to && self.text[from..to].contains('、')
    }

    /// Whether a verb ends in a form that joins its clause to the next: 「漏えいし、」.
    fn goes_on(&self, at: usize) -> bool {
        let rest = &self.text[at..];
        let rest = &rest[..patterns::prefix(rest, 6)];
        rest.find('、').is_some_and(|comma| match comma {
            // The cue holds the ending itself: 「閲覧され」.
            0 => self.text[..at].chars().next_back().is_some_and(|c| ('ぁ'..='ん').contains(&c)),
            comma => JOINTS.iter().any(|joint| &rest[..comma] == joint.as_str()),
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Patterns {
    negative_ending: Pattern,
    topic: Pattern,
    prevented: Pattern,
    medium: Pattern,
    existence: Pattern,
    other_subject: Pattern,
    happened: Pattern,
    habitual: Pattern,
    found: Pattern,
    cleft: Pattern,
    unavailable: Pattern,
    medium_before: Pattern,
    parts: Pattern,
    still_missing: Pattern,
    shows: Pattern,
    inferred: Pattern,
    stands_before: Pattern,
    closes_the_list: Pattern,
    accused: Pattern,
    wanting: Pattern,
    past: Pattern,
    occurred: Pattern,
    thought: Pattern,
    own_subject: Pattern,
    points_back: Pattern,
    medium_behind: Pattern,
    trace: Pattern,
    deed: Pattern,
    holder: Pattern,
    kind: Pattern,
    itself: Pattern,
    unfound: Pattern,
    not_found: Pattern,
    or_may: Pattern,
}

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| patterns::table("predicates"));

static JOINTS: LazyLock<Vec<String>> = LazyLock::new(|| include_str!("../data/joints.txt").lines().map(str::to_owned).collect());
