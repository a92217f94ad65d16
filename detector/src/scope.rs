//! Whether what a text mentions leaked: the status of every mention of a category.
//!
//! Japanese puts the verb last, so a mention is governed by the predicates that follow it in its clause; an enumeration or a
//! list item without one is governed by its key, its lead or its heading (`leads`) or by what is said elsewhere of its part of the
//! text (`references`), and a statement about what a medium *held* by the incident itself.

use std::cell::{Cell, OnceCell};
use std::sync::LazyLock;

use owabi_corpora::Span;
use owabi_corpora::vocabulary::{Status, Why};
use serde::Deserialize;

use crate::gates::Gates;
use crate::layout::{Layout, LineKind, Sentence};
use crate::patterns::{self, Hit, Pattern};
use crate::predicates::{Cue, Predicate};
use crate::references::Part;
use crate::words::Concept;

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

/// A clause that goes on about the same data names its verb within so many characters.
const SAME: usize = 8;

/// In characters: what a verb tells of stands right behind it.
const WHICH: usize = 14;

/// In characters: the noun that a verb speaks of.
pub(crate) const NOUN: usize = 8;

/// In characters: longer lines tell.
pub(crate) const LONGEST_ENTRY: usize = 40;

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
    /// Whether each line may belong to a list of data, as far as it was asked.
    pub(crate) bare: Vec<OnceCell<bool>>,
    /// What the text says of parts of it by their marks, once somebody has asked.
    pub(crate) parts: OnceCell<Vec<Part>>,
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
        if let Some(told) = self.of_closed_list(span, sentence, sentence_span).or_else(|| self.contrasted(span, sentence_span)) {
            return Some(told);
        }
        let own = self.in_sentence(span, sentence_span).map(|own| self.held_in(own, span, sentence_span));
        if own.is_none_or(is_held)
            && let Some(deed) = self.deed(span, sentence_span)
        {
            return Some(deed);
        }
        // 「取り出せる状態であったところ、実際に見られていたことを確かめた」.
        if let Some(open) = own.filter(|own| own.reading == Reading::Status(Status::Possible))
            && let Some(hit) = self.gates.find(&PATTERNS.actually, Span::new(open.cue.end.min(sentence_span.end), sentence_span.end))
            && !self.gates.is_match(&PATTERNS.unsaid, Span::new(open.cue.end + hit.end(), sentence_span.end))
        {
            let cue = Span::new(open.cue.end + hit.start(), open.cue.end + hit.end());
            return Some(Verdict { reading: Reading::Status(Status::Confirmed), cue });
        }
        if let Some(verdict) = own {
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
            // 「いいえ。顔写真は別のシステムに保存されています」: what holds it tells why not.
            if verdict.reading == Reading::Held
                && let Some(no) = self.after_no(sentence)
            {
                return Some(no);
            }
            // 「…一覧表が開かれていました。この表には氏名が載っていました」: what became of it stands before.
            if verdict.reading == Reading::Held
                && self.gates.is_match(&PATTERNS.anaphor, sentence_span)
                && let Some(told) = self
                    .before_in_paragraph(sentence)
                    .filter(|before| matches!(before.reading, Reading::Status(Status::Confirmed | Status::Possible)))
            {
                return Some(told);
            }
            // 「源泉徴収票に記された支払額」 in a list: what happened to the list stands above it.
            // 「氏名、住所、そのほか事務に使われる情報です」: so does a verb that only tells of which data.
            let which = || verdict.reading == Reading::Distractor(Why::Held) && self.tells_which(verdict.cue.end);
            if (verdict.reading == Reading::Held || which()) && self.is_nominal(span, line, sentence_span, listed) {
                return self
                    .of_part(line)
                    .or_else(|| self.of_next(sentence))
                    .or_else(|| self.of_closing(line))
                    .or_else(|| which().then(|| self.of_previous(sentence)).flatten())
                    .or_else(|| self.of_above(line))
                    .or(Some(verdict));
            }
            return Some(verdict);
        }
        if let Some(verdict) = self.likewise(sentence).or_else(|| self.asked_for(sentence)) {
            return Some(verdict);
        }
        if let Some(verdict) = self.was_there(span, sentence_span) {
            return Some(verdict);
        }
        // A full sentence that says nothing of a leak is governed by nothing else.
        // 「項目:会員により異なりますが、氏名、住所が主なもので、一部に職業があります」: the key says of what.
        let keyed = || {
            let end = self.layout.lines[line].key_end.filter(|&end| end <= span.start)?;
            let start = self.layout.lines[line].span.start;
            let key = Span::new(start, end);
            (end > start && self.layout.lists_items(key)).then_some(Verdict { reading: Reading::Held, cue: key })
        };
        if !self.is_nominal(span, line, sentence_span, listed) {
            return keyed().map(|key| self.of_above(line).unwrap_or(key));
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
        self.of_part(line)
            .or_else(|| self.of_next(sentence).map(|next| said_before(&next).unwrap_or(next)))
            .or_else(|| self.of_closing(line))
            .or_else(|| self.of_previous(sentence))
            .or_else(concerned)
            .or_else(|| self.of_above(line))
            .or_else(keyed)
    }

    /// 「漏えいしたのは氏名であって、住所ではありません」: what leaked is one thing and not the other.
    fn contrasted(&self, span: Span, sentence: Span) -> Option<Verdict> {
        let rest = Span::new(span.end, sentence.end.max(span.end));
        let hit = self.gates.find(&PATTERNS.not_that, rest)?;
        let before = Span::new(sentence.start.min(span.start), span.start);
        let leaked = |predicate: &Predicate| {
            matches!(predicate.head, Concept::Leak | Concept::Access | Concept::Loss)
                && matches!(predicate.reading(), Reading::Held | Reading::Status(Status::Confirmed | Status::Possible))
        };
        let told = self.gates.is_match(&PATTERNS.topic, before) && self.predicates(self.cues_in(before), before.start).iter().any(leaked);
        let cue = Span::new(span.end + hit.start(), span.end + hit.end());
        told.then_some(Verdict { reading: Reading::Status(Status::Denied), cue })
    }

    /// Whether the line of the mention at `span` lists rather than tells.
    fn is_nominal(&self, span: Span, line: usize, sentence: Span, listed: bool) -> bool {
        if self.layout.names_people(line, span.end) {
            return false;
        }
        self.layout.lines[line].kind == LineKind::Item && (!self.layout.is_sentence(sentence) || self.layout.is_enumeration(sentence))
            || listed && self.layout.lines[line].kind != LineKind::Heading && !self.is_full_sentence(span, sentence)
            || self.outside_brackets(span, sentence).is_empty()
                && (self.layout.ends_with_data(line, span.end) || self.is_entry(line, sentence))
    }

    /// Whether a short line names a thing and says nothing of it, as an entry of a list does: 「(行事で撮った生徒の写真 約300枚)」.
    fn is_entry(&self, line: usize, sentence: Span) -> bool {
        let body = self.text[self.layout.lines[line].span.range()].trim_end();
        self.layout.lines[line].kind == LineKind::Text
            && patterns::prefix(body, LONGEST_ENTRY) == body.len()
            && self.layout.is_enumeration(sentence)
            && !self.layout.is_sentence(sentence)
    }

    /// Whether a sentence has a verb for the mention at `span`: 「保管していたデータは氏名、住所です。」 has none behind it.
    fn is_full_sentence(&self, span: Span, sentence: Span) -> bool {
        let cues = self.cues_in(sentence);
        // 「氏名、住所、そのほか事務に使われる情報です」: a verb inside the list only tells of which data.
        let within = |cue: &Cue| cue.span.end <= span.start || self.tells_which(cue.span.end);
        let copula = cues.iter().any(|cue| cue.concept == Concept::Point)
            || !cues.is_empty() && cues.iter().all(within) && self.layout.is_enumeration(sentence);
        // 「登録の住所に書面を、電話番号にSMSをお送りします」 tells something else, though by no word that is known.
        let tells = !cues.is_empty() || !self.layout.is_enumeration(sentence) && !self.layout.is_concerned(sentence);
        self.text[sentence.range()].trim_end().ends_with('。') && !copula && tells
    }

    /// What the sentence itself says.
    pub(crate) fn in_sentence(&self, span: Span, sentence: Span) -> Option<Verdict> {
        let cues = self.outside_brackets(span, sentence);
        let cues = cues.as_slice();
        let after_start = cues.partition_point(|cue| cue.span.start < span.end);
        let (before, after) = cues.split_at(after_start);
        // Inside brackets a full stop ends what governs a mention too: 「(番号、有効期限。名義は含まれない)」.
        let bracketed =
            self.text[sentence.start..span.start].matches('(').count() > self.text[sentence.start..span.start].matches(')').count();
        let find = |mark: char| self.text[span.end..sentence.end].find(mark).map_or(sentence.end, |at| span.end + at);
        let (stop, close) = if bracketed { (find('。'), find(')')) } else { (sentence.end, sentence.end) };
        let inside = &after[..after.partition_point(|cue| cue.span.start < stop)];
        // 「(氏名、住所。以下「本件データ」という。)について、漏えいのおそれが生じた」: what stands behind the bracket governs what it lists.
        let outside = &after[after.partition_point(|cue| cue.span.start < close)..];
        let after = if inside.is_empty() && stop < close { outside } else { inside };
        let hard = after.iter().position(|cue| cue.concept == Concept::Hard).unwrap_or(after.len());
        // 「流出したのは氏名および住所で、口座番号は…」: the list ends its own statement.
        let list_end = || self.gates.find(&PATTERNS.list_end, Span::new(span.end, sentence.end));
        let listed_end = if before.is_empty() { None } else { list_end() };
        let clause_end = listed_end.map_or(hard, |end| after.partition_point(|cue| cue.span.start < span.end + end.end()).min(hard));
        let clause = &after[..clause_end];
        let clause_start = before.iter().rposition(|cue| cue.concept == Concept::Hard).map_or(0, |at| at + 1);
        // 「他社からの借入の状況」 in a list is a thing; another incident is told with what happened.
        let told = || {
            !self.layout.is_enumeration(sentence)
                || cues.iter().any(|cue| matches!(cue.concept, Concept::Leak | Concept::Taken | Concept::Loss | Concept::Access))
        };
        if let Some(other) = before[clause_start..].iter().chain(clause).find(|cue| cue.concept == Concept::OtherCase)
            && told()
        {
            return Some(Verdict { reading: Reading::Distractor(Why::OtherIncident), cue: other.span });
        }
        let mut verdict = self.governing(clause, span.end);
        // 「閲覧可能となっていたファイルには、氏名が掲載されておりました」: what became of the file stands elsewhere.
        if let Some(found) = verdict.filter(|found| found.reading == Reading::Status(Status::Confirmed))
            && self.gates.is_match(&PATTERNS.publishes, Span::new(found.cue.start, sentence.end.max(found.cue.start)))
            && self.stands_in(span, sentence)
        {
            verdict = Some(Verdict { reading: Reading::Held, ..found });
        }
        // 「旅券の番号も流出のおそれがあるとお伝えしましたが、」: what was said before holds no longer.
        if verdict.is_some_and(|found| matches!(found.reading, Reading::Status(Status::Confirmed | Status::Possible)))
            && after.get(clause_end).is_some_and(|joint| joint.concept == Concept::Hard && self.was_said(joint.span))
        {
            return verdict.map(|found| Verdict { reading: Reading::Distractor(Why::Hypothetical), ..found });
        }
        // 「確認されていないが、否定はできない」: a possibility in the next clause that has no verb of its own.
        if let Some(found) = &mut verdict
            && found.reading == Reading::Status(Status::Denied)
            && let Some(doubt) = leading_possibility(&after[clause_end..]).or_else(|| self.same_doubt(&after[clause_end..]))
        {
            *found = Verdict { reading: Reading::Status(Status::Possible), cue: doubt };
        }
        // 「フォームには住所も入力いただいておりますが、メールには含まれておりません」.
        // 「電話番号が漏れたとする投稿がありましたが、事実無根です」.
        if verdict.is_some_and(|found| matches!(found.reading, Reading::Distractor(Why::Held | Why::Hypothetical)))
            && let Some(denial) = self
                .governing(&after[clause_end..], after.get(clause_end).map_or(span.end, |cue| cue.span.end))
                .filter(|next| next.reading == Reading::Status(Status::Denied))
        {
            return Some(denial);
        }
        // 「氏名を書いたファイルが保存されていたため、流出したおそれがある」: what became of the paper became of what it holds.
        if let Some(held) = verdict.filter(|found| found.reading == Reading::Distractor(Why::Held) && self.tells_which(found.cue.end))
            && let later = after.partition_point(|cue| cue.span.start < held.cue.end)
            && let Some(next) = self.governing(&after[later..], held.cue.end)
            && matches!(next.reading, Reading::Status(_))
            // 「…申込書は保管しておりますが、電話番号が流出しました」 speaks of other data.
            && !self.names(Span::new(held.cue.end, next.cue.start.max(held.cue.end)))
        {
            return Some(next);
        }
        // 「偽の画面に電話番号も入れていたため、それも持ち去られました」.
        if verdict.is_some_and(is_held)
            && let Some(joint) = after.get(clause_end)
            && self.gates.is_match(&PATTERNS.that, Span::new(joint.span.end, sentence.end.max(joint.span.end)))
            && let Some(next) = self.governing(&after[clause_end..], joint.span.end)
            && matches!(next.reading, Reading::Status(_))
        {
            return Some(next);
        }
        // 「再発防止策として、今後はカード番号を含むデータを暗号化いたします」.
        if let Some(measure) = before.iter().find(|cue| cue.concept == Concept::Measure)
            && verdict.is_none_or(|found| is_held(found) || self.not_to(found))
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
            // 「見えた項目:氏名」: so does a key whose words hold its verb.
            let keyed = self.text[predicate.span.end..].starts_with(':');
            let named = (holds(predicate) || keyed) && self.names_data(predicate.span.start, span.start);
            if named || self.names_data(predicate.span.end, span.start) {
                return Some(Verdict { reading, cue: predicate.span });
            }
        }
        if verdict.is_some() {
            return verdict;
        }
        let listed_out = |predicate: &&Predicate| {
            predicate.head == Concept::Hold
                && predicate.reading() == Reading::Status(Status::Denied)
                && self.gates.is_match(&PATTERNS.denied_kind, Span::new(predicate.span.end.min(span.start), span.start))
        };
        if let Some(predicate) = earlier.iter().rev().find(listed_out) {
            return Some(Verdict { reading: predicate.reading(), cue: predicate.span });
        }
        // No verb in its clause: the next clauses of the sentence, as in 「氏名、住所を含むため、流出のおそれがある」.
        self.governing(&after[clause_end..], span.end).or_else(|| advice(after))
    }

    /// Whether a denial is a measure's own: 「今後は番号を記載しない様式に改めます」.
    fn not_to(&self, denial: Verdict) -> bool {
        let start = denial.cue.end.min(self.text.len());
        let behind = Span::new(start, start + patterns::prefix(&self.text[start..], WHICH));
        denial.reading == Reading::Status(Status::Denied) && self.gates.is_match(&PATTERNS.not_to, behind)
    }

    /// Whether a verb that ends here only tells of which data: 「事務に使われる情報」.
    fn tells_which(&self, end: usize) -> bool {
        let behind = Span::new(end, end + patterns::prefix(&self.text[end..], WHICH));
        self.gates.is_match(&PATTERNS.of_data, behind)
    }

    /// 「ファイルには、氏名、住所がありました」: held, by a verb that says so of many things.
    fn was_there(&self, span: Span, sentence: Span) -> Option<Verdict> {
        let rest = Span::new(span.end.min(sentence.end), sentence.end);
        let there = self.gates.may(&PATTERNS.there, rest).then(|| PATTERNS.there.captures(&self.text[rest.range()])).flatten()?;
        let verb = Span::new(rest.start, rest.start + there.get(0)?.end());
        let noun = rest.start + there.name("subject")?.end();
        let before = Span::new(patterns::suffix(&self.text[..noun], NOUN).max(rest.start), noun);
        (!self.gates.is_match(&PATTERNS.not_there, before)).then_some(Verdict { reading: Reading::Held, cue: verb })
    }

    /// What was done with the data, told by more than a verb: they went to somebody else, or who had no business with them looked.
    fn deed(&self, span: Span, sentence: Span) -> Option<Verdict> {
        let undone = |cue: &Cue| {
            matches!(
                cue.concept,
                Concept::Advice
                    | Concept::Measure
                    | Concept::Hypothetical
                    | Concept::Supposition
                    | Concept::Duty
                    | Concept::OtherCase
                    | Concept::Negation
                    | Concept::Unconfirmed
                    | Concept::Whether
            )
        };
        let behind = |hit: Hit<'_>| {
            let hit = Span::new(sentence.start + hit.start(), sentence.start + hit.end());
            let rest = Span::new(hit.end, sentence.end);
            (hit.end > span.end && !self.gates.is_match(&PATTERNS.unsaid, rest)).then_some(hit)
        };
        let told = |pattern: &Pattern| self.gates.find(pattern, sentence).and_then(behind);
        let sent = told(&PATTERNS.misdirected);
        // 「業務上必要がないのに」: what is wanting is a reason to look.
        let looked = if sent.is_none() { told(&PATTERNS.snooped) } else { None };
        // 「攻撃者が設定ファイルを取得し、その後、攻撃者は氏名を取得した」: one deed after the other.
        let took = || {
            let took = self.gates.is_match(&PATTERNS.took, sentence).then(|| PATTERNS.took.find_iter(&self.text[sentence.range()]));
            took.into_iter().flatten().filter_map(behind).find(|took| took.start <= span.start)
        };
        let own = |cue: &Cue| looked.is_some_and(|looked| looked.contains(cue.span));
        let cue = sent.or(looked).or_else(took)?;
        let said = !self.cues_in(sentence).iter().any(|cue| undone(cue) && !own(cue)) && self.layout.is_sentence(sentence);
        said.then_some(Verdict { reading: Reading::Status(Status::Confirmed), cue })
    }

    /// 「…形跡は見つかっていないが、流出を完全に否定することはできない」: the next clause begins with the leak itself, so it speaks of the same
    /// data.
    fn same_doubt(&self, next: &[Cue]) -> Option<Span> {
        let first = next.iter().find(|cue| !matches!(cue.concept, Concept::Hard | Concept::Point))?;
        let clause_start = next.iter().find(|cue| cue.concept == Concept::Hard).map_or(first.span.start, |hard| hard.span.end);
        let near = self.text.get(clause_start..first.span.start).is_some_and(|words| words.chars().count() <= SAME)
            && !self.names(Span::new(clause_start, first.span.start.max(clause_start)));
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

    /// The cues that may govern a mention: what stands in brackets speaks only of what stands in them too.
    pub(crate) fn outside_brackets(&self, span: Span, sentence: Span) -> Vec<Cue> {
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

    /// Whether a stretch names a category.
    pub(crate) fn names(&self, span: Span) -> bool {
        let first = self.named.partition_point(|&start| start < span.start);
        self.named.get(first).is_some_and(|&start| start < span.end)
    }
}

/// 「…が、否定はできない」: a possibility before any new verb.
fn leading_possibility(cues: &[Cue]) -> Option<Span> {
    let mut rest = cues.iter().filter(|cue| !matches!(cue.concept, Concept::Hard | Concept::Point));
    rest.next().filter(|cue| matches!(cue.concept, Concept::Possible | Concept::Doubt)).map(|cue| cue.span)
}

/// What holds the data is told; what happened to it stands elsewhere.
pub(crate) fn is_held(verdict: Verdict) -> bool {
    matches!(verdict.reading, Reading::Held | Reading::Distractor(Why::Held))
}

/// What is asked, promised or supposed asserts no leak.
pub(crate) fn advice(after: &[Cue]) -> Option<Verdict> {
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
pub(crate) struct Patterns {
    attributive: Pattern,
    pub(crate) list_end: Pattern,
    pub(crate) turns: Pattern,
    pub(crate) said: Pattern,
    pub(crate) figure: Pattern,
    pub(crate) list_tail: Pattern,
    of_data: Pattern,
    anaphor: Pattern,
    pub(crate) safe: Pattern,
    pub(crate) such: Pattern,
    pub(crate) likewise: Pattern,
    pub(crate) which: Pattern,
    there: Pattern,
    not_there: Pattern,
    misdirected: Pattern,
    snooped: Pattern,
    took: Pattern,
    topic: Pattern,
    not_that: Pattern,
    unsaid: Pattern,
    actually: Pattern,
    denied_kind: Pattern,
    that: Pattern,
    not_to: Pattern,
    pub(crate) holds: Pattern,
    pub(crate) system: Pattern,
    pub(crate) registered: Pattern,
    pub(crate) within: Pattern,
    publishes: Pattern,
}

pub(crate) static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| patterns::table("scope"));

pub(crate) static DATA_WORDS: std::sync::LazyLock<Vec<String>> =
    std::sync::LazyLock::new(|| include_str!("../data/data_words.txt").lines().map(str::to_owned).collect());
