//! Whether what a text mentions leaked: the status of every mention of a category.
//!
//! Japanese puts the verb last, so a mention is governed by the predicates that follow it in its clause; an enumeration or a
//! list item without one is governed by its key, its lead or its heading, and a statement about what a medium *held* by the
//! incident itself.

use std::cell::Cell;
use std::sync::LazyLock;

use owabi_corpora::Span;
use owabi_corpora::vocabulary::{Status, Why};
use serde::Deserialize;

use crate::gates::Gates;
use crate::layout::{Layout, Line, LineKind, Sentence};
use crate::lexicon::Concept;
use crate::patterns::{self, Pattern};
use crate::predicates::{Cue, Predicate};

/// How a mention is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reading {
    Status(Status),
    /// The text says that a medium or file held it; its status is the incident's own.
    Held,
    Distractor(Why),
}

/// A reading and the cue that decided it, in bytes of the normalised text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub(crate) reading: Reading,
    pub(crate) cue: Span,
}

/// What a paragraph says of its list stands within so many sentences before it.
const PARAGRAPH: usize = 3;

/// A clause that goes on about the same data names its verb within so many characters.
const SAME: usize = 8;

/// A list is governed from at most so many lines above.
const LONGEST_LIST: usize = 40;

/// The status questions of one text.
pub(crate) struct Scope<'t> {
    pub(crate) text: &'t str,
    pub(crate) layout: &'t Layout<'t>,
    /// Where patterns may match.
    pub(crate) gates: &'t Gates<'t>,
    pub(crate) cues: &'t [Cue],
    /// What the verbs among them say, as far as it was asked.
    pub(crate) verbs: Vec<Cell<Option<Predicate>>>,
    /// Where categories are named, in order.
    pub(crate) named: &'t [usize],
}

impl Scope<'_> {
    /// The cues inside a span.
    pub(crate) fn cues_in(&self, span: Span) -> &[Cue] {
        let start = self.cues.partition_point(|cue| cue.span.start < span.start);
        let end = self.cues.partition_point(|cue| cue.span.start < span.end);
        &self.cues[start..end.max(start)]
    }

    /// How many sentences say of anything that it leaked, may have or did not.
    pub(crate) fn statements(&self) -> usize {
        let asserts = |sentence: &&Sentence| {
            let hedge = |cue: &Cue| {
                matches!(cue.concept, Concept::Hypothetical | Concept::Supposition | Concept::Duty | Concept::OtherCase | Concept::Advice)
            };
            let hedged = self.cues_in(sentence.span).iter().any(hedge);
            !hedged
                && self
                    .governing(self.cues_in(sentence.span), sentence.span.start)
                    .is_some_and(|verdict| matches!(verdict.reading, Reading::Status(Status::Confirmed | Status::Possible)))
        };
        self.layout.sentences.iter().filter(asserts).count()
    }

    /// How the mention at `span` is to be read; `None` where nothing speaks of it. `listed`: it stands in an enumeration.
    pub(crate) fn verdict(&self, span: Span, listed: bool) -> Option<Verdict> {
        let sentence = self.layout.sentence_at(span.start)?;
        let sentence_span = self.layout.sentences[sentence].reaching(span.end);
        let line = self.layout.line_at(span.start);
        if self.layout.is_question(sentence) {
            return self.answer(span, sentence);
        }
        if let Some(verdict) = self.in_sentence(span, sentence_span) {
            // 「…記録は確認されておりません。しかしながら、これらが漏えいした可能性は排除しきれない」.
            if verdict.reading == Reading::Status(Status::Denied)
                && let Some(doubt) = self
                    .of_next(sentence)
                    .or_else(|| self.of_turn(sentence))
                    .filter(|next| next.reading == Reading::Status(Status::Possible))
            {
                return Some(doubt);
            }
            // 「流出していない情報」 over a sentence that only says that the data were entered.
            if verdict.reading == Reading::Distractor(Why::Held)
                && let Some(above) = self.of_above(line).filter(|above| above.reading == Reading::Status(Status::Denied))
            {
                return Some(above);
            }
            // 「源泉徴収票に記された支払額」 in a list: what happened to the list stands above it.
            if verdict.reading == Reading::Held && self.is_nominal(span, line, sentence_span, listed) {
                return self.of_above(line).or(Some(verdict));
            }
            return Some(verdict);
        }
        // A full sentence that says nothing of a leak is governed by nothing else.
        if !self.is_nominal(span, line, sentence_span, listed) {
            return None;
        }
        let concerned = || {
            let subject = self.layout.is_concerned(sentence_span);
            subject.then_some(Verdict { reading: Reading::Held, cue: sentence_span })
        };
        // 「閲覧できる状態でした。中身は氏名です。閲覧された痕跡はありません」: that no trace was found takes nothing back.
        let said_before = |next: &Verdict| {
            let open = |before: &Verdict| matches!(before.reading, Reading::Status(Status::Confirmed | Status::Possible));
            let denied = next.reading == Reading::Status(Status::Denied);
            denied.then(|| self.before_in_paragraph(sentence)).flatten().filter(open)
        };
        self.of_next(sentence)
            .map(|next| said_before(&next).unwrap_or(next))
            .or_else(|| self.of_closing(line))
            .or_else(|| self.of_previous(sentence))
            .or_else(concerned)
            .or_else(|| self.of_above(line))
    }

    /// What the sentence before says, if it stands on the same line.
    fn before_in_paragraph(&self, sentence: usize) -> Option<Verdict> {
        let previous = self.layout.sentences.get(sentence.checked_sub(1)?)?.span;
        let same = self.layout.line_at(previous.start) == self.layout.line_at(self.layout.sentences[sentence].span.start);
        same.then(|| self.of_statement(previous)).flatten()
    }

    /// 「…形跡はありませんでした。とはいえ見られたことは否めません」: a turn that names nothing else speaks of the same data.
    fn of_turn(&self, sentence: usize) -> Option<Verdict> {
        let next = self.layout.sentences.get(sentence + 1)?.span;
        (self.gates.is_match(&PATTERNS.turns, next) && !self.names(next)).then(|| self.of_statement(next)).flatten()
    }

    /// 「会員データが漏れたらしい。名前と住所。」: an enumeration behind a statement in the same paragraph.
    fn of_previous(&self, sentence: usize) -> Option<Verdict> {
        let previous = self.layout.sentences.get(sentence.checked_sub(1)?)?;
        let here = self.layout.sentences[sentence].span;
        let same = self.layout.line_at(previous.span.start) == self.layout.line_at(here.start);
        (same && self.layout.is_enumeration(here))
            .then(|| self.of_statement(previous.span))
            .flatten()
            .filter(|verdict| matches!(verdict.reading, Reading::Status(_) | Reading::Held))
    }

    /// Whether the line of the mention at `span` lists rather than tells.
    fn is_nominal(&self, span: Span, line: usize, sentence: Span, listed: bool) -> bool {
        if self.layout.names_people(line, span.end) {
            return false;
        }
        self.layout.lines[line].kind == LineKind::Item && (!self.layout.is_sentence(sentence) || self.layout.is_enumeration(sentence))
            || listed && self.layout.lines[line].kind != LineKind::Heading && !self.is_full_sentence(span, sentence)
            || self.cues_in(sentence).is_empty() && self.layout.ends_with_data(line, span.end)
    }

    /// Whether a sentence has a verb for the mention at `span`: 「保管していたデータは氏名、住所です。」 has none behind it.
    fn is_full_sentence(&self, span: Span, sentence: Span) -> bool {
        let cues = self.cues_in(sentence);
        let copula = cues.iter().any(|cue| cue.concept == Concept::Point)
            || cues.last().is_some_and(|cue| cue.span.end <= span.start) && self.layout.is_enumeration(sentence);
        self.text[sentence.range()].trim_end().ends_with('。') && !copula && !cues.is_empty()
    }

    /// What the sentence itself says.
    fn in_sentence(&self, span: Span, sentence: Span) -> Option<Verdict> {
        let cues = self.outside_brackets(span, sentence);
        let cues = cues.as_slice();
        let after_start = cues.partition_point(|cue| cue.span.start < span.end);
        let (before, after) = cues.split_at(after_start);
        // Inside brackets a full stop ends what governs a mention too: 「(番号、有効期限。名義は含まれない)」.
        let bracketed =
            self.text[sentence.start..span.start].matches('(').count() > self.text[sentence.start..span.start].matches(')').count();
        let stop =
            if bracketed { self.text[span.end..sentence.end].find('。').map_or(sentence.end, |at| span.end + at) } else { sentence.end };
        let after = &after[..after.partition_point(|cue| cue.span.start < stop)];
        let hard = after.iter().position(|cue| cue.concept == Concept::Hard).unwrap_or(after.len());
        // 「流出したのは氏名および住所で、口座番号は…」: the list ends its own statement.
        let list_end = || self.gates.find(&PATTERNS.list_end, Span::new(span.end, sentence.end));
        let listed_end = if before.is_empty() { None } else { list_end() };
        let clause_end = listed_end.map_or(hard, |end| after.partition_point(|cue| cue.span.start < span.end + end.end()).min(hard));
        let clause = &after[..clause_end];
        let clause_start = before.iter().rposition(|cue| cue.concept == Concept::Hard).map_or(0, |at| at + 1);
        if let Some(other) = before[clause_start..].iter().chain(clause).find(|cue| cue.concept == Concept::OtherCase) {
            return Some(Verdict { reading: Reading::Distractor(Why::OtherIncident), cue: other.span });
        }
        let mut verdict = self.governing(clause, span.end);
        // 「確認されていないが、否定はできない」: a possibility in the next clause that has no verb of its own.
        if let Some(found) = &mut verdict
            && found.reading == Reading::Status(Status::Denied)
            && let Some(doubt) = leading_possibility(&after[clause_end..]).or_else(|| self.same_doubt(&after[clause_end..]))
        {
            *found = Verdict { reading: Reading::Status(Status::Possible), cue: doubt };
        }
        // 「フォームには住所も入力いただいておりますが、メールには含まれておりません」.
        if verdict.is_some_and(|found| found.reading == Reading::Distractor(Why::Held))
            && let Some(denial) = self
                .governing(&after[clause_end..], after.get(clause_end).map_or(span.end, |cue| cue.span.end))
                .filter(|next| next.reading == Reading::Status(Status::Denied))
        {
            return Some(denial);
        }
        // 「再発防止策として、今後はカード番号を含むデータを暗号化いたします」.
        if let Some(measure) = before.iter().find(|cue| cue.concept == Concept::Measure)
            && verdict.is_none_or(is_held)
        {
            return Some(Verdict { reading: Reading::Distractor(Why::Advice), cue: measure.span });
        }
        if before.iter().any(|cue| cue.concept == Concept::Supposition)
            && verdict.is_none_or(|found| found.reading != Reading::Status(Status::Denied))
        {
            return verdict.map(|found| Verdict { reading: Reading::Distractor(Why::Hypothetical), ..found });
        }
        let earlier = self.predicates(&before[clause_start..], 0);
        // 「漏えいした内容:氏名、住所を書いた名簿」: what leaked is announced, whatever held it.
        let announced = |predicate: &Predicate| {
            predicate.head == Concept::Leak
                && matches!(predicate.reading(), Reading::Status(Status::Confirmed | Status::Possible))
                && self.text.get(predicate.span.end..span.start).is_some_and(|between| between.contains(':'))
                && self.names_data(predicate.span.end, span.start)
        };
        if verdict.is_some_and(|found| found.reading == Reading::Distractor(Why::Held))
            && let Some(predicate) = earlier.iter().find(|predicate| announced(predicate))
        {
            return Some(Verdict { reading: predicate.reading(), cue: predicate.span });
        }
        if let Some(found) = verdict.filter(|found| found.reading != Reading::Held) {
            return Some(found);
        }
        // 「漏えいした可能性のある情報は、氏名、住所です」: the words before, in the same clause.
        let holds = |predicate: &Predicate| predicate.head == Concept::Contain && verdict.is_none();
        let governs =
            |predicate: &&Predicate| matches!(predicate.head, Concept::Leak | Concept::Access | Concept::Loss) || holds(predicate);
        let strong = |predicate: &&Predicate| governs(predicate) && !holds(predicate);
        if let Some(predicate) = earlier.iter().rev().find(strong).or_else(|| earlier.iter().rev().find(governs)) {
            let negated_contain = clause.iter().any(|cue| matches!(cue.concept, Concept::Negation | Concept::Unconfirmed));
            let reading = match predicate.reading() {
                Reading::Status(Status::Denied) if verdict.is_some() => Reading::Held,
                _ if negated_contain && verdict.is_none() => Reading::Status(Status::Denied),
                reading => reading,
            };
            // 「対象となった情報は、氏名です」: the words that hold them name data by themselves.
            let named = holds(predicate) && self.names_data(predicate.span.start, span.start);
            if named || self.names_data(predicate.span.end, span.start) {
                return Some(Verdict { reading, cue: predicate.span });
            }
        }
        if verdict.is_some() {
            return verdict;
        }
        // No verb in its clause: the next clauses of the sentence, as in 「氏名、住所を含むため、流出のおそれがある」.
        self.governing(&after[clause_end..], span.end).or_else(|| advice(after))
    }

    /// 「…形跡は見つかっていないが、流出を完全に否定することはできない」: the next clause begins with the leak itself, so it speaks of the same
    /// data.
    fn same_doubt(&self, next: &[Cue]) -> Option<Span> {
        let first = next.iter().find(|cue| !matches!(cue.concept, Concept::Hard | Concept::Point))?;
        let clause_start = next.iter().find(|cue| cue.concept == Concept::Hard).map_or(first.span.start, |hard| hard.span.end);
        let near = self.text.get(clause_start..first.span.start).is_some_and(|words| words.chars().count() <= SAME);
        let end = next.iter().skip(1).position(|cue| cue.concept == Concept::Hard).map_or(next.len(), |at| at + 1);
        let possible = |verdict: &Verdict| verdict.reading == Reading::Status(Status::Possible);
        near.then(|| self.governing(&next[..end], clause_start)).flatten().filter(possible).map(|verdict| verdict.cue)
    }

    /// Whether the words between a leak and a mention make the mention what leaked: 「…した情報は」, not 「…を受け、」.
    fn names_data(&self, from: usize, to: usize) -> bool {
        from <= to
            && (self.gates.is_match(&PATTERNS.attributive, Span::new(from, to))
                || DATA_WORDS.iter().any(|word| self.text[from..to].contains(word.as_str())))
    }

    /// 「カード番号も漏れたのですか。」 「いいえ。」: the answer decides; a question by itself says nothing.
    fn answer(&self, mention: Span, question: usize) -> Option<Verdict> {
        let said = |sentence: &&Sentence| self.text[sentence.span.range()].chars().any(char::is_alphanumeric);
        let next = self.layout.sentences[question + 1..].iter().find(said)?;
        let denied = Reading::Status(Status::Denied);
        if self.layout.denies(next.span) {
            return Some(Verdict { reading: denied, cue: next.span });
        }
        if self.layout.affirms(next.span) {
            return self
                .in_sentence(mention, self.layout.sentences[question].span)
                .filter(|asked| matches!(asked.reading, Reading::Status(_)));
        }
        self.of_statement(next.span).filter(|verdict| verdict.reading == denied)
    }

    /// The cues that may govern a mention: what stands in brackets speaks only of what stands in them too.
    fn outside_brackets(&self, span: Span, sentence: Span) -> Vec<Cue> {
        if !self.text[sentence.range()].contains('(') {
            return self.cues_in(sentence).to_vec();
        }
        let mut open: Vec<usize> = Vec::new();
        let mut brackets: Vec<Span> = Vec::new();
        for (at, byte) in self.text[sentence.range()].bytes().enumerate() {
            match byte {
                b'(' => open.push(sentence.start + at),
                b')' => brackets.extend(open.pop().map(|start| Span::new(start, sentence.start + at + 1))),
                _ => {}
            }
        }
        let foreign = |cue: &Cue| brackets.iter().any(|bracket| bracket.contains(cue.span) && !bracket.contains(span));
        self.cues_in(sentence).iter().filter(|cue| !foreign(cue)).copied().collect()
    }

    /// A sentence right after a list that speaks of it: 「以上の項目は、いずれも流出しておりません」.
    fn of_closing(&self, line: usize) -> Option<Verdict> {
        let lines = &self.layout.lines;
        let after =
            lines.iter().skip(line + 1).take(LONGEST_LIST).position(|line| !matches!(line.kind, LineKind::Item | LineKind::Blank))?;
        let first = self.layout.sentences_of(line + 1 + after).next()?;
        let span = self.layout.sentences[first].span;
        // 「これらの情報にカード番号は含まれておりません」 denies what it names.
        let closes = lines[line].kind == LineKind::Item && self.layout.refers_back(span) && !self.names(span);
        closes.then(|| self.of_statement(span)).flatten().filter(|verdict| matches!(verdict.reading, Reading::Status(_)))
    }

    /// 「氏名、住所、車名。これらは第三者に渡されました。」
    fn of_next(&self, sentence: usize) -> Option<Verdict> {
        let next = self.layout.sentences.get(sentence + 1)?;
        // 「…の所在地・構造。持ち出された可能性があります。」: a sentence that begins with its verb has the list for its subject.
        let cleft =
            |cue: &Cue| DATA_WORDS.iter().any(|word| self.text[cue.span.end..].chars().take(6).collect::<String>().contains(word.as_str()));
        let begins = self
            .cues_in(next.span)
            .first()
            .is_some_and(|cue| cue.span.start == next.span.start && matches!(cue.concept, Concept::Leak | Concept::Access) && !cleft(cue));
        ((begins || self.layout.refers_back(next.span)) && !self.names(next.span)).then(|| self.of_statement(next.span)).flatten()
    }

    /// What governs a list item or an enumeration without a verb: the nearest statement above that speaks of data, be it the
    /// line that announces the list, a group's own line, or a heading.
    pub(crate) fn of_above(&self, line: usize) -> Option<Verdict> {
        let lines = &self.layout.lines;
        let mut heading = lines[line].heading;
        let (mut held, mut itemised) = (None, None);
        for index in (0..line).rev().take(LONGEST_LIST) {
            match lines[index].kind {
                LineKind::Blank => {}
                // Items of one list do not govern each other; an item of another kind is the head of this list.
                LineKind::Item if lines[line].kind == LineKind::Item && lines[index].family == lines[line].family => {}
                // What stands under 「お願い」 is asked, and nothing above it speaks of it.
                LineKind::Heading if self.layout.is_aside(index) && self.of_statement(lines[index].span).is_none() => {
                    return None;
                }
                LineKind::Heading if self.layout.ends_reach(index) => {
                    heading = Some(index);
                    break;
                }
                LineKind::Item | LineKind::Text | LineKind::Title | LineKind::Heading => {
                    let adjacent =
                        lines[index + 1..line].iter().all(|between| between.kind == LineKind::Blank || between.kind == lines[line].kind);
                    let Some(sentence) = self.layout.lead_sentence(index, adjacent) else { continue };
                    let span = self.layout.sentences[sentence].span;
                    if span.start >= lines[line].span.start {
                        continue;
                    }
                    // A question is answered right below it and says nothing of what comes later.
                    let answered = |between: &Line| between.kind == LineKind::Blank || between.kind == LineKind::Item;
                    if self.layout.is_question(sentence) && !lines[index + 1..line].iter().all(answered) {
                        continue;
                    }
                    let points = self.layout.points(span);
                    // 「・受検票に載せた顔写真」 lists, it announces nothing.
                    if lines[index].kind == LineKind::Item && !points && self.names(span) {
                        continue;
                    }
                    match self.of_statement(span) {
                        // 「なお、口座番号は含まれておりません。」, 「カード払い マスクされた番号、氏名」 speak of what they name.
                        Some(Verdict { reading: Reading::Status(Status::Denied), .. })
                            if lines[index].kind != LineKind::Heading
                                && !points
                                && (!self.layout.is_enumeration(span) || self.names(span)) => {}
                        // 「② 講師をお願いした方」 names people.
                        Some(Verdict { reading: Reading::Distractor(why), .. })
                            if why != Why::Held && lines[index].kind == LineKind::Item && self.layout.is_enumeration(span) => {}
                        // What holds the data is told; what happened to it stands before, or higher up.
                        Some(verdict) if is_held(verdict) => match points.then(|| self.of_paragraph(index, sentence)).flatten() {
                            Some(told) => return Some(told),
                            None => held = held.or(Some(verdict)),
                        },
                        Some(verdict) => return Some(verdict),
                        // 「項目:」, 「内訳」: of the incident, whatever it was.
                        None if self.layout.itemises(index) => itemised = itemised.or(Some(Verdict { reading: Reading::Held, cue: span })),
                        None => {}
                    }
                }
            }
        }
        while let Some(index) = heading {
            match self.of_statement(lines[index].span) {
                Some(verdict) if is_held(verdict) => held = held.or(Some(verdict)),
                Some(verdict) => return Some(verdict),
                None if self.layout.itemises(index) => {
                    itemised = itemised.or(Some(Verdict { reading: Reading::Held, cue: lines[index].span }))
                }
                None => {}
            }
            heading = lines[index].heading;
        }
        let keyed = || self.layout.opens_with_items(line).then(|| Verdict { reading: Reading::Held, cue: lines[line].span });
        held.filter(|verdict| verdict.reading == Reading::Held).or(itemised).or_else(keyed).or(held)
    }

    /// 「…閲覧されたおそれは残ります。そこで、次の方々を対象として扱います」: what the paragraph said before it came to the list.
    fn of_paragraph(&self, line: usize, sentence: usize) -> Option<Verdict> {
        let before = self.layout.sentences_of(line).rev().filter(|&index| index < sentence).take(PARAGRAPH);
        let status = |verdict: &Verdict| matches!(verdict.reading, Reading::Status(Status::Confirmed | Status::Possible));
        before.filter_map(|index| self.of_statement(self.layout.sentences[index].span)).find(status)
    }

    /// Whether a stretch names a category.
    pub(crate) fn names(&self, span: Span) -> bool {
        let first = self.named.partition_point(|&start| start < span.start);
        self.named.get(first).is_some_and(|&start| start < span.end)
    }

    /// What a lead or a heading as a whole says of the list under it.
    fn of_statement(&self, span: Span) -> Option<Verdict> {
        let mut cues = self.outside_brackets(Span::new(span.start, span.start), span);
        // 「③ 教員が他大学で担当した授業の受講生」 names people; another incident is told with what happened.
        if self.layout.is_enumeration(span) && !cues.iter().any(|cue| matches!(cue.concept, Concept::Leak | Concept::Taken | Concept::Loss))
        {
            cues.retain(|cue| cue.concept != Concept::OtherCase);
        }
        let cues = cues.as_slice();
        let from = cues.iter().rposition(|cue| cue.concept == Concept::Hard).map_or(0, |at| at + 1);
        self.governing(&cues[from..], span.start).or_else(|| self.governing(cues, span.start)).or_else(|| advice(cues))
    }
}

/// 「…が、否定はできない」: a possibility before any new verb.
fn leading_possibility(cues: &[Cue]) -> Option<Span> {
    let mut rest = cues.iter().filter(|cue| !matches!(cue.concept, Concept::Hard | Concept::Point));
    rest.next().filter(|cue| matches!(cue.concept, Concept::Possible | Concept::Doubt)).map(|cue| cue.span)
}

/// What holds the data is told; what happened to it stands elsewhere.
fn is_held(verdict: Verdict) -> bool {
    matches!(verdict.reading, Reading::Held | Reading::Distractor(Why::Held))
}

fn advice(after: &[Cue]) -> Option<Verdict> {
    let why = |concept| match concept {
        Concept::Advice | Concept::Measure => Some(Why::Advice),
        Concept::Hypothetical | Concept::Supposition => Some(Why::Hypothetical),
        Concept::OtherCase => Some(Why::OtherIncident),
        Concept::Duty => Some(Why::Definition),
        _ => None,
    };
    after.iter().find_map(|cue| why(cue.concept).map(|why| Verdict { reading: Reading::Distractor(why), cue: cue.span }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Patterns {
    attributive: Pattern,
    list_end: Pattern,
    turns: Pattern,
}

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| patterns::load(include_str!("../data/scope.toml")));

static DATA_WORDS: std::sync::LazyLock<Vec<String>> =
    std::sync::LazyLock::new(|| include_str!("../data/data_words.txt").lines().map(str::to_owned).collect());
