//! What governs a mention whose own sentence says nothing: the sentences beside it, the line that announces its list, and the
//! headings over it.

use owabi_corpora::Span;
use owabi_corpora::vocabulary::{Status, Why};

use crate::layout::{Line, LineKind, Sentence};
use crate::patterns;
use crate::predicates::Cue;
use crate::scope::{DATA_WORDS, NOUN, PATTERNS, Reading, Scope, Verdict, advice, is_held};
use crate::words::Concept;

/// What a paragraph says of its list stands within so many sentences before it.
const PARAGRAPH: usize = 3;

/// A list is governed from at most so many lines above.
const LONGEST_LIST: usize = 40;

/// A list that names so many categories and says nothing of them is one of what the incident concerned.
const MANY: usize = 3;

impl Scope<'_> {
    /// Whether a document is named as what holds the list that a mention stands in: 「名簿には、」.
    pub(crate) fn stands_in(&self, span: Span, sentence: Span) -> bool {
        let first = self.named.partition_point(|&start| start < sentence.start);
        let start = self.named.get(first).map_or(span.start, |&start| start.min(span.start));
        self.within(Span::new(sentence.start, start)).is_some_and(|head| self.gates.is_match(&PATTERNS.holds, head))
    }

    /// Whether a system is: 「受付システムには、」.
    fn stands_in_system(&self, span: Span, sentence: Span) -> bool {
        self.within(Span::new(sentence.start, span.start)).is_some_and(|head| self.gates.is_match(&PATTERNS.system, head))
    }

    /// The last words of a stretch that name where something stands, up to their 「に」 and 「は」.
    fn within(&self, stretch: Span) -> Option<Span> {
        let within = PATTERNS.within.find_iter(&self.text[stretch.range()]).last()?;
        let end = stretch.start + within.end();
        Some(Span::new(patterns::suffix(&self.text[..end], NOUN).max(stretch.start), end))
    }

    /// What the sentence before says, if it stands on the same line.
    pub(crate) fn before_in_paragraph(&self, sentence: usize) -> Option<Verdict> {
        let previous = self.layout.sentences.get(sentence.checked_sub(1)?)?.span;
        let same = self.layout.line_at(previous.start) == self.layout.line_at(self.layout.sentences[sentence].span.start);
        same.then(|| self.of_statement(previous)).flatten()
    }

    /// 「…形跡はありませんでした。とはいえ見られたことは否めません」: a turn that names nothing else speaks of the same data.
    pub(crate) fn of_turn(&self, sentence: usize) -> Option<Verdict> {
        let next = self.layout.sentences.get(sentence + 1)?.span;
        (self.gates.is_match(&PATTERNS.turns, next) && !self.names(next)).then(|| self.of_statement(next)).flatten()
    }

    /// 「会員データが漏れたらしい。名前と住所。」: an enumeration behind a statement in the same paragraph.
    pub(crate) fn of_previous(&self, sentence: usize) -> Option<Verdict> {
        let previous = self.layout.sentences.get(sentence.checked_sub(1)?)?;
        let here = self.layout.sentences[sentence].span;
        let same = self.layout.line_at(previous.span.start) == self.layout.line_at(here.start);
        (same && self.layout.is_enumeration(here))
            .then(|| self.of_statement(previous.span))
            .flatten()
            .filter(|verdict| matches!(verdict.reading, Reading::Status(_) | Reading::Held))
            // 「電話番号は含まれていません。年代、性別は公表している内容です。」: a denial speaks of what it names.
            .filter(|verdict| verdict.reading != Reading::Status(Status::Denied) || !self.names(previous.span))
    }

    /// 「顧客の情報が流れ出た。名前や住所などで、カード情報は含まれていない」: a list that the copula closes is told of what the sentence
    /// before says, and the denial behind it of what it names itself.
    pub(crate) fn of_closed_list(&self, span: Span, sentence: usize, here: Span) -> Option<Verdict> {
        let rest = Span::new(span.end.min(here.end), here.end);
        let end = span.end + self.gates.find(&PATTERNS.list_end, rest)?.end();
        let closed = Span::new(here.start.min(end), end);
        let several = self.named[self.named.partition_point(|&start| start < closed.start)..].iter().take_while(|&&start| start < end);
        let plain = self.cues_in(here).iter().all(|cue| cue.span.start >= end || cue.concept == Concept::Hard);
        let told = plain && several.take(2).count() == 2 && self.names(Span::new(end, here.end.max(end)));
        told.then(|| self.before_in_paragraph(sentence)).flatten().filter(|before| matches!(before.reading, Reading::Status(_)))
    }

    /// What is only said to be registered was on a medium that the same sentence tells as lost, or in a system that it names: what became of
    /// it stands there.
    pub(crate) fn held_in(&self, own: Verdict, span: Span, sentence: Span) -> Verdict {
        if own.reading != Reading::Distractor(Why::Held) || !self.gates.is_match(&PATTERNS.registered, own.cue) {
            return own;
        }
        let before = self.cues_in(Span::new(sentence.start, span.start));
        let lost = before.iter().rev().take_while(|cue| cue.concept != Concept::Hard).any(|cue| self.is_loss(cue));
        match lost || self.stands_in_system(span, sentence) {
            true => Verdict { reading: Reading::Held, ..own },
            false => own,
        }
    }

    /// A no that opens the answer on whose line a sentence stands.
    pub(crate) fn after_no(&self, sentence: usize) -> Option<Verdict> {
        let first = self.layout.sentences_of(self.layout.sentences[sentence].line).next().filter(|&first| first < sentence)?;
        let no = self.layout.sentences[first].span;
        let question = self.layout.sentences[first.checked_sub(1)?].span;
        let denies = self.layout.denies(no) && self.layout.is_question(first - 1) && !self.gates.is_match(&PATTERNS.safe, question);
        denies.then_some(Verdict { reading: Reading::Status(Status::Denied), cue: no })
    }

    /// 「どのような情報が対象ですか。」 「氏名と住所です。」: what the incident concerned, whatever became of it.
    pub(crate) fn asked_for(&self, sentence: usize) -> Option<Verdict> {
        let question = sentence.checked_sub(1)?;
        let here = self.layout.sentences[sentence].span;
        let asked = self.layout.is_enumeration(here)
            && self.layout.is_question(question)
            && self.gates.is_match(&PATTERNS.which, self.layout.sentences[question].span);
        asked.then_some(Verdict { reading: Reading::Held, cue: here })
    }

    /// 「成績は含まれていません。出席の記録も同様です。」: what was said before is said of this too.
    pub(crate) fn likewise(&self, sentence: usize) -> Option<Verdict> {
        let here = self.layout.sentences[sentence].span;
        if !self.gates.is_match(&PATTERNS.likewise, here) {
            return None;
        }
        let previous = self.layout.sentences.get(sentence.checked_sub(1)?)?;
        self.of_statement(previous.span).filter(|verdict| matches!(verdict.reading, Reading::Status(_)))
    }

    /// 「カード番号も漏れたのですか。」 「いいえ。」: the answer decides; a question by itself says nothing.
    pub(crate) fn answer(&self, mention: Span, question: usize) -> Option<Verdict> {
        let said = |sentence: &&Sentence| self.text[sentence.span.range()].chars().any(char::is_alphanumeric);
        let next = self.layout.sentences[question + 1..].iter().find(said)?;
        let denied = Reading::Status(Status::Denied);
        // 「パスワードは安全ですか。」 「はい。」: a yes denies what a no denies elsewhere.
        let safe = self.gates.is_match(&PATTERNS.safe, self.layout.sentences[question].span);
        if if safe { self.layout.affirms(next.span) } else { self.layout.denies(next.span) } {
            return Some(Verdict { reading: denied, cue: next.span });
        }
        // 「その形跡はございません。」
        if let Some(cue) = self.cues_in(next.span).first().filter(|cue| cue.concept == Concept::Unconfirmed)
            && self.gates.is_match(&PATTERNS.such, Span::new(next.span.start, cue.span.end))
        {
            return Some(Verdict { reading: denied, cue: cue.span });
        }
        if !safe && self.layout.affirms(next.span) {
            return self
                .in_sentence(mention, self.layout.sentences[question].span)
                .filter(|asked| matches!(asked.reading, Reading::Status(_)));
        }
        self.of_statement(next.span).filter(|verdict| verdict.reading == denied)
    }

    /// A sentence right after a list that speaks of it: 「以上の項目は、いずれも流出しておりません」.
    pub(crate) fn of_closing(&self, line: usize) -> Option<Verdict> {
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
    pub(crate) fn of_next(&self, sentence: usize) -> Option<Verdict> {
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
        let (mut held, mut itemised, mut counted) = (None, None, None);
        // No line of another kind stands between.
        let mut beside = true;
        for index in (0..line).rev().take(LONGEST_LIST) {
            beside &= matches!(lines[index].kind, LineKind::Blank) || lines[index].family == lines[line].family;
            match lines[index].kind {
                LineKind::Blank => {}
                // Items of one list do not govern each other; an item of another kind is the head of this list.
                LineKind::Item if lines[line].kind == LineKind::Item && lines[index].family == lines[line].family => {
                    counted = counted.or_else(|| beside.then(|| self.of_figure(index)).flatten());
                }
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
                        // 「対象は以下の項目で、暗証番号は含まれておりません」: what is denied is named behind what points to the list.
                        Some(Verdict { reading: Reading::Status(Status::Denied), cue })
                            if points && self.names_behind_pointer(Span::new(span.start, cue.start)) =>
                        {
                            itemised = itemised.or(Some(Verdict { reading: Reading::Held, cue: span }));
                        }
                        // 「② 講師をお願いした方」 names people.
                        Some(Verdict { reading: Reading::Distractor(why), .. })
                            if why != Why::Held && lines[index].kind == LineKind::Item && self.layout.is_enumeration(span) => {}
                        // 「(2)サイトに会員登録していた人 61,220名」 too, whatever they once entered or were asked.
                        Some(Verdict { reading: Reading::Distractor(_), .. }) if !points && self.layout.is_of_people(index) => {}
                        // What holds the data is told; what happened to it stands before, or higher up.
                        Some(verdict) if is_held(verdict) => match points.then(|| self.of_paragraph(index, sentence)).flatten() {
                            Some(told) => return Some(told),
                            None => held = firmer(held, verdict),
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
                Some(Verdict { reading: Reading::Distractor(_), .. }) if self.layout.is_of_people(index) => {}
                Some(verdict) if is_held(verdict) => held = firmer(held, verdict),
                Some(verdict) => return Some(verdict),
                None if self.layout.itemises(index) => {
                    itemised = itemised.or(Some(Verdict { reading: Reading::Held, cue: lines[index].span }))
                }
                None => {}
            }
            heading = lines[index].heading;
        }
        let keyed = || self.layout.opens_with_items(line).then(|| Verdict { reading: Reading::Held, cue: lines[line].span });
        // Nothing else is said of a list of data in a notice of a leak: it is what the leak concerned.
        let bare = || (held.is_none() && self.lists_data(line)).then(|| Verdict { reading: Reading::Held, cue: lines[line].span });
        counted.or(held.filter(|verdict| verdict.reading == Reading::Held)).or(itemised).or_else(keyed).or(held).or_else(bare)
    }

    /// Whether words that point to what follows stand in a stretch, and a category behind them.
    fn names_behind_pointer(&self, span: Span) -> bool {
        let pointer = self.layout.pointer(span);
        pointer.is_some_and(|end| self.names(Span::new(end, span.end)))
    }

    /// 「…閲覧されたおそれは残ります。そこで、次の方々を対象として扱います」: what the paragraph said before it came to the list.
    fn of_paragraph(&self, line: usize, sentence: usize) -> Option<Verdict> {
        let before = self.layout.sentences_of(line).rev().filter(|&index| index < sentence).take(PARAGRAPH);
        let status = |verdict: &Verdict| matches!(verdict.reading, Reading::Status(Status::Confirmed | Status::Possible));
        before.filter_map(|index| self.of_statement(self.layout.sentences[index].span)).find(status)
    }

    /// What a lead or a heading as a whole says of the list under it.
    pub(crate) fn of_statement(&self, span: Span) -> Option<Verdict> {
        let mut cues = self.outside_brackets(Span::new(span.start, span.start), span);
        // 「③ 教員が他大学で担当した授業の受講生」 names people; another incident is told with what happened.
        if self.layout.is_enumeration(span) && !cues.iter().any(|cue| matches!(cue.concept, Concept::Leak | Concept::Taken | Concept::Loss))
        {
            cues.retain(|cue| cue.concept != Concept::OtherCase);
        }
        let cues = cues.as_slice();
        let from = cues.iter().rposition(|cue| cue.concept == Concept::Hard).map_or(0, |at| at + 1);
        let last = self.governing(&cues[from..], span.start);
        // 「漏えいは確認されていないとしておりましたが、下記のとおり」: what was said before holds no longer.
        if from > 0 && self.was_said(cues[from - 1].span) {
            return last.or_else(|| advice(&cues[from..]));
        }
        last.or_else(|| self.governing(cues, span.start)).or_else(|| advice(&cues[from..]))
    }

    /// Whether the clause that a joint ends reports what was announced earlier.
    pub(crate) fn was_said(&self, joint: Span) -> bool {
        let clause = Span::new(patterns::suffix(&self.text[..joint.end], SAID), joint.end);
        self.gates.is_match(&PATTERNS.said, clause)
    }

    /// A list under a line of its own, 「漏えい件数:12件」 「項目:氏名」: what was counted leaked.
    fn of_figure(&self, line: usize) -> Option<Verdict> {
        let span = self.layout.lines[line].span;
        let head = Span::new(span.start, span.start + patterns::prefix(&self.text[span.range()], FIGURE));
        if !self.gates.may(&PATTERNS.figure, head) {
            return None;
        }
        let mut start = head.start;
        PATTERNS.figure.find_iter(&self.text[head.range()]).find_map(|figure| {
            let key = Span::new(start, head.start + figure.start());
            start = head.start + figure.end();
            let leaked = |verdict: &Verdict| matches!(verdict.reading, Reading::Status(Status::Confirmed | Status::Possible));
            self.governing(self.cues_in(key), key.start).filter(leaked)
        })
    }

    /// Whether the list that a line belongs to is one of data: it names many categories, line by line or on this one, and tells nothing.
    fn lists_data(&self, line: usize) -> bool {
        let lines = &self.layout.lines;
        if !self.is_bare(line) {
            return false;
        }
        let same = |&at: &usize| lines[at].kind == LineKind::Item && lines[at].family == lines[line].family;
        let row = lines[line].kind == LineKind::Item;
        let first = (0..line).rev().take(LONGEST_LIST).take_while(|at| row && same(at)).last().unwrap_or(line);
        let last = (line + 1..lines.len()).take(LONGEST_LIST).take_while(|at| row && same(at)).last().unwrap_or(line);
        let naming = (first..=last).filter(|&at| self.names(lines[at].span) && self.is_bare(at)).count();
        let named = self.named.partition_point(|&start| start < lines[first].span.start);
        naming * 2 > last - first && self.named.get(named + MANY - 1).is_some_and(|&start| start < lines[last].span.end)
    }

    /// Whether a line tells nothing and may belong to a list of data. Kept, as every item of a list asks for its neighbours.
    fn is_bare(&self, line: usize) -> bool {
        let span = self.layout.lines[line].span;
        // 「位置情報を用いて混雑を知らせるサービスです」 is about something else.
        let nominal = |sentence: usize| {
            let span = self.layout.sentences[sentence].span;
            let named = self.named.partition_point(|&start| start < span.end);
            let rest = named.checked_sub(1).map(|last| Span::new(self.named[last].max(span.start), span.end));
            self.layout.is_enumeration(span) && rest.is_none_or(|rest| self.gates.is_match(&PATTERNS.list_tail, rest))
        };
        let bare = || {
            self.layout.sentences_of(line).all(nominal)
                && !self.cues_in(span).iter().any(|cue| matches!(cue.concept, Concept::Advice | Concept::Hard))
        };
        *self.bare[line].get_or_init(bare)
    }
}

/// What holds the data outweighs that somebody keeps them; of two, the nearer.
fn firmer(known: Option<Verdict>, other: Verdict) -> Option<Verdict> {
    known.filter(|known| known.reading == Reading::Held || other.reading != Reading::Held).or(Some(other))
}

/// In characters: what is said of an earlier announcement ends its clause.
const SAID: usize = 24;

/// A figure with its key stands within so many characters.
const FIGURE: usize = 60;
