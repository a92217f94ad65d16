//! The shape of a notice: lines, their headings and lists, and sentences.
//!
//! What leaked is often a bulleted list whose status stands in a heading or a lead sentence far above. So every line knows
//! the lead that announces it and the headings over it.

use std::sync::LazyLock;

use owabi_corpora::Span;
use serde::Deserialize;

use crate::gates::Gates;
use crate::patterns::{self, Pattern};
use crate::sentences;
pub(crate) use crate::sentences::Sentence;

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LineKind {
    Blank,
    /// The first line.
    Title,
    Heading,
    Item,
    Text,
}

/// One line of the normalised text, without its line break.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) span: Span,
    pub(crate) kind: LineKind,
    /// The heading above, as an index of a line.
    pub(crate) heading: Option<usize>,
    /// For an item: the line that announces its list.
    pub(crate) lead: Option<usize>,
    /// Where the key of 「項目:値」 ends, colon included.
    pub(crate) key_end: Option<usize>,
    /// How deep a heading is: a heading ends those of its own depth and deeper.
    depth: u8,
    /// The number in its marker.
    pub(crate) number: Option<u32>,
    /// In a list of links to other matters.
    pub(crate) elsewhere: bool,
    /// The shape of its marker: items of one list share it.
    pub(crate) family: u8,
}

impl Line {
    /// A heading of a section, 「1.」 or 「■」, not of a part of one, 「(1)」 or 「ア」.
    fn is_major(&self) -> bool {
        self.kind == LineKind::Heading && self.depth <= 2
    }
}

/// The shape of a text. All positions are bytes of the normalised text.
pub(crate) struct Layout<'t> {
    text: &'t str,
    gates: &'t Gates<'t>,
    pub(crate) lines: Vec<Line>,
    pub(crate) sentences: Vec<Sentence>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Shapes {
    marker: Pattern,
    bullet: Pattern,
    heading_marker: Pattern,
    sentence_end: Pattern,
    key: Pattern,
    points: Pattern,
    letterhead: Pattern,
    question: Pattern,
    no: Pattern,
    yes: Pattern,
    nominal: Pattern,
    aside: Pattern,
    whom: Pattern,
    concerned: Pattern,
    refers_back: Pattern,
    group: Pattern,
    no_group: Pattern,
    address: Pattern,
    credit: Pattern,
    links: Pattern,
    itemised: Pattern,
    marks: Pattern,
    over_data: Pattern,
    run_on: Pattern,
    people: Pattern,
    lists_on: Pattern,
}

static SHAPES: LazyLock<Shapes> = LazyLock::new(|| patterns::table("layout"));

/// A lead stands among the last sentences of its paragraph.
const LEAD: usize = 12;

/// A heading is short: 「漏えいした可能性のある個人情報の項目及び件数について」 has 27 characters.
const LONGEST_HEADING: usize = 45;

impl<'t> Layout<'t> {
    pub(crate) fn new(text: &'t str, gates: &'t Gates<'t>) -> Layout<'t> {
        let mut lines = split_lines(text, gates);
        classify(text, gates, &mut lines);
        govern(text, gates, &mut lines);
        let sentences = sentences::split(text, &lines);
        Layout { text, gates, lines, sentences }
    }

    /// The line that a position stands on.
    pub(crate) fn line_at(&self, position: usize) -> usize {
        self.lines.partition_point(|line| line.span.start <= position).saturating_sub(1)
    }

    /// The sentence that a position stands in, as an index.
    pub(crate) fn sentence_at(&self, position: usize) -> Option<usize> {
        let index = self.sentences.partition_point(|sentence| sentence.span.start <= position).checked_sub(1)?;
        (position < self.sentences[index].span.end).then_some(index)
    }

    /// The sentences that begin on a line.
    pub(crate) fn sentences_of(&self, line: usize) -> impl DoubleEndedIterator<Item = usize> + use<> {
        let start = self.sentences.partition_point(|sentence| sentence.line < line);
        let end = self.sentences.partition_point(|sentence| sentence.line <= line);
        start..end
    }

    /// Whether a sentence asks.
    pub(crate) fn is_question(&self, sentence: usize) -> bool {
        self.gates.is_match(&SHAPES.question, self.trimmed(self.sentences[sentence].span))
    }

    /// Whether a line names the items of what leaked without saying that they did: 「項目:」, 「内訳」.
    pub(crate) fn itemises(&self, line: usize) -> bool {
        self.gates.is_match(&SHAPES.itemised, self.head(line))
    }

    /// Whether a key announces what the incident concerned: 「・項目:」.
    pub(crate) fn lists_items(&self, key: Span) -> bool {
        self.gates.is_match(&SHAPES.itemised, key)
    }

    /// Whether a line begins so: 「項目　氏名、住所」.
    pub(crate) fn opens_with_items(&self, line: usize) -> bool {
        self.gates.find(&SHAPES.itemised, self.head(line)).is_some_and(|found| found.start() == 0)
    }

    /// A line up to a length that no line of a list has: each of its mentions may ask.
    fn head(&self, line: usize) -> Span {
        let span = self.lines[line].span;
        Span::new(span.start, span.start + patterns::prefix(&self.text[span.range()], LONGEST_LIST_LINE))
    }

    /// Whether a sentence begins with a no: 「いいえ。」.
    pub(crate) fn denies(&self, sentence: Span) -> bool {
        self.gates.is_match(&SHAPES.no, sentence)
    }

    /// Whether a sentence has no verb at its end: 「氏名と住所。」.
    pub(crate) fn is_enumeration(&self, sentence: Span) -> bool {
        self.gates.is_match(&SHAPES.nominal, self.trimmed(sentence))
    }

    /// Whether a heading stands over what is asked or promised: 「お願い」.
    pub(crate) fn is_aside(&self, line: usize) -> bool {
        let Line { span, kind, .. } = self.lines[line];
        // 「④ お客様相談窓口にお電話をくださった皆様」 names people.
        kind == LineKind::Heading && self.gates.is_match(&SHAPES.aside, span) && !self.gates.is_match(&SHAPES.whom, self.trimmed(span))
    }

    /// Whether a line ends with people and says no more: 「会員登録をされた方 1,204名」.
    pub(crate) fn is_of_people(&self, line: usize) -> bool {
        self.gates.is_match(&SHAPES.whom, self.trimmed(self.lines[line].span))
    }

    /// Whether words end like a sentence.
    pub(crate) fn is_sentence(&self, body: Span) -> bool {
        self.gates.is_match(&SHAPES.sentence_end, self.trimmed(body))
    }

    /// Where the words end that point to what follows: 「以下の」.
    pub(crate) fn pointer(&self, body: Span) -> Option<usize> {
        self.gates.find(&SHAPES.points, body).map(|hit| body.start + hit.end())
    }

    /// Whether a sentence points to what follows it: 「以下の」, 「次のとおりです」.
    pub(crate) fn points(&self, body: Span) -> bool {
        self.gates.is_match(&SHAPES.points, self.trimmed(body))
    }

    /// Whether a sentence says whom or what the incident concerns: 「対象は…の氏名です」.
    pub(crate) fn is_concerned(&self, body: Span) -> bool {
        self.gates.is_match(&SHAPES.concerned, body)
    }

    /// Whether a sentence begins with a yes: 「はい。」.
    pub(crate) fn affirms(&self, sentence: Span) -> bool {
        self.gates.is_match(&SHAPES.yes, sentence)
    }

    /// Whether a numbered heading stands over one group and `from` on says no more of whom: 「(3) 加盟店 38件 代表者の氏名」.
    pub(crate) fn ends_with_data(&self, line: usize, from: usize) -> bool {
        let Line { span, kind, number, .. } = self.lines[line];
        let rest = Span::new(from.min(span.end), span.end);
        kind == LineKind::Heading && number.is_some() && is_group(self.gates, span) && self.gates.is_match(&SHAPES.lists_on, rest)
    }

    /// The heading of the section that a line stands in, not of a part of one.
    pub(crate) fn section_of(&self, line: usize) -> Option<usize> {
        let above = |&heading: &usize| self.lines[heading].heading;
        std::iter::successors(self.lines[line].heading, above).take(DEEPEST).find(|&heading| self.ends_reach(heading))
    }

    /// Whether a numbered line goes on from `from` to name people: 「(3) 健康診断を受けた職員」.
    pub(crate) fn names_people(&self, line: usize, from: usize) -> bool {
        let Line { span, number, .. } = self.lines[line];
        number.is_some() && self.gates.is_match(&SHAPES.people, Span::new(from.min(span.end), span.end))
    }

    /// Whether a heading ends the reach of what stands above it: one of a section does, one of a group of people does not.
    pub(crate) fn ends_reach(&self, line: usize) -> bool {
        self.lines[line].is_major() && !is_group(self.gates, self.lines[line].span)
    }

    /// Whether a sentence speaks of what the one before it listed: 「これらは」.
    pub(crate) fn refers_back(&self, sentence: Span) -> bool {
        self.gates.is_match(&SHAPES.refers_back, sentence)
    }

    /// The sentence of a line that may govern a list below it: one that points to it, or a line that is no full sentence, or, when
    /// the list follows at once (`adjacent`), the line's last sentence.
    pub(crate) fn lead_sentence(&self, line: usize, adjacent: bool) -> Option<usize> {
        let body = |index: usize| self.sentences[index].span;
        let last = self.sentences_of(line).next_back();
        self.sentences_of(line)
            .rev()
            .take(LEAD)
            .find(|&index| self.points(body(index)))
            .or_else(|| last.filter(|&index| adjacent || !self.is_sentence(body(index))))
    }

    /// A stretch without the white space at its end.
    fn trimmed(&self, span: Span) -> Span {
        Span::new(span.start, span.start + self.text[span.range()].trim_end().len())
    }
}

fn split_lines(text: &str, gates: &Gates<'_>) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut start = 0;
    for part in text.split('\n') {
        let span = Span::new(start, start + part.len());
        let key_end = gates.find(&SHAPES.key, span).map(|found| start + found.end());
        lines.push(Line {
            span,
            kind: LineKind::Text,
            heading: None,
            lead: None,
            key_end,
            depth: 0,
            number: None,
            elsewhere: false,
            family: 0,
        });
        start += part.len() + 1;
    }
    lines
}

/// The family a marker belongs to and its number, to tell 「1. 2. 3.」 from 「1. (1) (2)」.
fn family(marker: &str) -> (u8, Option<u32>) {
    let number = marker
        .chars()
        .filter_map(|c| c.to_digit(10))
        .fold(None, |sum: Option<u32>, digit| Some(sum.unwrap_or(0).saturating_mul(10).saturating_add(digit)));
    let circled = marker.chars().next().map(|c| c as u32).filter(|c| (0x2460..=0x2473).contains(c)).map(|c| c - 0x245f);
    let first = marker.chars().next().unwrap_or(' ');
    // 「ア」 「イ」, 「一」 「二」: letters and numerals in their order.
    let bare = marker.trim_start_matches('(').chars().next();
    let letter = LETTERS.iter().position(|&letter| bare == Some(letter)).map(|at| at as u32 + 1);
    let shape = match first {
        '(' => 3,
        c if c.is_ascii_digit() => 2,
        _ if circled.is_some() => 4,
        _ if letter.is_some() => 6,
        _ if SHAPES.heading_marker.is_match(marker) => 1,
        _ => 5,
    };
    let number = number.or(letter);
    (shape, number.or(circled))
}

static LETTERS: LazyLock<Vec<char>> =
    LazyLock::new(|| include_str!("../data/markers.txt").chars().filter(|c| !c.is_whitespace()).collect());

fn classify(text: &str, gates: &Gates<'_>, lines: &mut [Line]) {
    let mut titled = false;
    let bodies: Vec<Body<'_>> = lines.iter().map(|line| Body::new(&text[line.span.range()])).collect();
    for index in 0..bodies.len() {
        let Body { text: body, marker } = bodies[index];
        let kind = if body.trim().is_empty() {
            LineKind::Blank
        } else if !titled {
            titled = true;
            LineKind::Title
        } else if gates.is_match(&SHAPES.letterhead, lines[index].span) {
            LineKind::Text
        } else {
            match marker {
                Some(marker) => marked_kind(&bodies, index, marker),
                None if is_bare_heading(&bodies, index) => LineKind::Heading,
                None => LineKind::Text,
            }
        };
        lines[index].kind = kind;
        (lines[index].family, lines[index].number) = marker.map_or((0, None), family);
        lines[index].depth = match (kind, marker) {
            (LineKind::Heading, Some(_)) => lines[index].family,
            (LineKind::Heading, None) => 1,
            _ => 0,
        };
    }
}

/// The text of a line and the marker that it begins with.
#[derive(Clone, Copy)]
struct Body<'t> {
    text: &'t str,
    marker: Option<&'t str>,
}

impl<'t> Body<'t> {
    fn new(text: &'t str) -> Body<'t> {
        Body { text, marker: SHAPES.marker.find(text).map(|marker| marker.as_str()) }
    }
}

/// A marked line is an item when it is a bullet, a sentence, or one of a run of siblings; else it is a heading.
fn marked_kind(bodies: &[Body<'_>], index: usize, marker: &str) -> LineKind {
    let body = bodies[index].text;
    let long = |line: &str| patterns::prefix(line, LONGEST_HEADING) < line.len();
    if SHAPES.bullet.is_match(body) || SHAPES.sentence_end.is_match(body) || SHAPES.run_on.is_match(body) || long(body) {
        return LineKind::Item;
    }
    let previous = index.checked_sub(1).map(|index| bodies[index]);
    let next = bodies.get(index + 1).copied();
    let sign = |line: Option<Body<'_>>| line.is_some_and(|line| line.text.chars().next() == body.chars().next() && !long(line.text));
    // 「■氏名」 「■住所」: headings never stand in a row.
    if family(marker).1.is_none() && (sign(next) || sign(previous)) {
        return LineKind::Item;
    }
    if SHAPES.heading_marker.is_match(body) && !body.contains(':') {
        return LineKind::Heading;
    }
    let sibling = |other: Option<Body<'_>>, step: i64| {
        let Some(found) = other.and_then(|other| other.marker) else { return false };
        let (mine, theirs) = (family(marker), family(found));
        mine.0 == theirs.0 && mine.1.zip(theirs.1).is_some_and(|(a, b)| i64::from(b) - i64::from(a) == step)
    };
    match sibling(next, 1) || sibling(previous, -1) {
        true => LineKind::Item,
        false => LineKind::Heading,
    }
}

/// A heading without a marker: short, no sentence, no list, and followed by a line of text.
fn is_bare_heading(bodies: &[Body<'_>], index: usize) -> bool {
    let body = bodies[index].text;
    let after = || bodies[index + 1..].iter().find(|line| !line.text.trim().is_empty());
    let alone = index > 0 && bodies[index - 1].text.trim().is_empty();
    alone
        && patterns::prefix(body, 30) == body.len()
        && !SHAPES.sentence_end.is_match(body)
        && body.matches('、').count() < COMMAS
        && SHAPES.key.find(body).is_none_or(|key| key.end() == body.len())
        && after().is_some_and(|next| {
            // 「会社名 住所 電話番号 件数」 over 「○ ○ - 871」 is the head of a table.
            (patterns::prefix(next.text, 12) < next.text.len() || next.marker.is_some()) && !SHAPES.marks.is_match(next.text)
        })
}

/// A line with so many commas lists: 「会員の氏名、住所、電話番号」.
const COMMAS: usize = 2;

/// Gives every line its heading and every item its lead.
fn govern(text: &str, gates: &Gates<'_>, lines: &mut [Line]) {
    let mut elsewhere = false;
    let mut headings: Vec<usize> = Vec::new();
    let mut lead: Option<usize> = None;
    for index in 0..lines.len() {
        elsewhere = match lines[index].kind {
            LineKind::Blank | LineKind::Title => elsewhere,
            _ if gates.is_match(&SHAPES.links, lines[index].span) => true,
            LineKind::Heading => false,
            _ => elsewhere,
        };
        lines[index].elsewhere = elsewhere || is_link(text, gates, lines, index);
        match lines[index].kind {
            LineKind::Heading => {
                headings.truncate(above(text, gates, lines, &headings, index));
                lines[index].heading = headings.last().copied();
                headings.push(index);
                lead = None;
            }
            LineKind::Text | LineKind::Title => {
                lines[index].heading = headings.last().copied();
                lead = Some(index);
            }
            LineKind::Item => {
                lines[index].heading = headings.last().copied();
                lines[index].lead = lead;
                // 「(1) 利用者 … 情報は次のとおり」 announces the bullets below it.
                let body = lines[index].span;
                if gates.is_match(&SHAPES.points, body) && !gates.is_match(&SHAPES.bullet, body) {
                    lead = Some(index);
                }
            }
            LineKind::Blank => {}
        }
    }
}

/// So many headings stand open at most by numbers that begin anew.
const DEEPEST: usize = 16;

/// How many of the headings that stand open are above a new one, so that it stands under them.
fn above(text: &str, gates: &Gates<'_>, lines: &[Line], open: &[usize], index: usize) -> usize {
    let line = &lines[index];
    let row = |other: &Line| other.family == line.family && line.number.is_some();
    // The number that is next in its row closes all that was opened since.
    let next = |&at: &usize| row(&lines[at]) && lines[at].number.map(|before| before + 1) == line.number;
    if let Some(sibling) = open.iter().rposition(next) {
        return sibling;
    }
    // 「1 社員の情報」 under 「1 漏えいした情報」: numbers that begin anew count the parts of what stands open.
    if line.number == Some(1) && open.len() < DEEPEST && open.last().is_some_and(|&last| row(&lines[last])) && is_group(gates, line.span) {
        return open.len();
    }
    // 「【社員の情報】」 under 「■漏えいした情報」: a group's heading with a sign of its own, unless that sign stands open already.
    let sign = |line: &Line| text[line.span.range()].chars().next();
    // 「<ご利用者さま>」 right under 「2. 漏えいした情報」: whatever it is called, the list is parted by it.
    let beside = |at: usize| lines[at + 1..index].iter().all(|between| between.kind == LineKind::Blank);
    let parts = |&last: &usize| beside(last) && sign(&lines[last]) != sign(line) && gates.is_match(&SHAPES.over_data, lines[last].span);
    if line.number.is_none() && open.len() < DEEPEST && open.last().is_some_and(parts) {
        return open.len();
    }
    let signed = |&at: &usize| line.number.is_none() && lines[at].depth == line.depth && sign(&lines[at]) == sign(line);
    if let Some(sibling) = open.iter().rposition(signed) {
        return sibling;
    }
    let part = line.number.is_none() && is_group(gates, line.span);
    let closes = |&&at: &&usize| lines[at].depth > line.depth || lines[at].depth == line.depth && !part;
    open.len() - open.iter().rev().take_while(closes).count()
}

/// Whether a heading stands over one group of people or records.
fn is_group(gates: &Gates<'_>, heading: Span) -> bool {
    gates.is_match(&SHAPES.group, heading) && !gates.is_match(&SHAPES.no_group, heading)
}

/// A title with its address, on one line or on two, or behind a word for its source: what it names happened elsewhere.
fn is_link(text: &str, gates: &Gates<'_>, lines: &[Line], index: usize) -> bool {
    let body = lines[index].span;
    if gates.is_match(&SHAPES.credit, body) {
        return true;
    }
    // Few texts have any address.
    let next = lines.get(index + 1).map_or(body, |line| line.span);
    if !gates.may(&SHAPES.address, Span::new(body.start, next.end)) {
        return false;
    }
    let begins = |line: &Line| SHAPES.address.find(text[line.span.range()].trim_start()).is_some_and(|address| address.start() == 0);
    let linked = gates.is_match(&SHAPES.address, body) || lines.get(index + 1).is_some_and(begins);
    linked && lines[index].kind != LineKind::Title && !text[body.range()].contains('。')
}

/// In characters.
const LONGEST_LIST_LINE: usize = 300;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Lexicon;

    fn kinds(text: &str) -> Vec<LineKind> {
        let lexicon = Lexicon::builtin();
        let gates = lexicon.scan(text).1;
        Layout::new(text, &gates).lines.iter().map(|line| line.kind).collect()
    }

    #[test]
    fn items_know_their_lead_and_heading() {
        use LineKind::*;
        let text = "お知らせ\n\n1.経緯\n当社は調査した。漏えいした情報は以下のとおりです。なお、番号は含みません。\n\n・氏名\n・住所\n2.対応\n(1)連絡\n本文です。";
        assert_eq!(kinds(text), [Title, Blank, Heading, Text, Blank, Item, Item, Heading, Heading, Text]);
        let lexicon = Lexicon::builtin();
        let gates = lexicon.scan(text).1;
        let layout = Layout::new(text, &gates);
        assert_eq!((layout.lines[6].lead, layout.lines[6].heading), (Some(3), Some(2)));
        assert_eq!((layout.lines[8].heading, layout.lines[9].heading), (Some(7), Some(8)));
        let lead = layout.lead_sentence(3, false).unwrap();
        assert_eq!(&text[layout.sentences[lead].span.range()], "漏えいした情報は以下のとおりです。");
    }

    #[test]
    fn numbered_siblings_are_items_and_numbered_sections_are_headings() {
        use LineKind::*;
        assert_eq!(
            kinds("題\n対象は以下のとおり\n1 写真\n2 車両\n3 ログ情報\n\n1.経緯\n当社は。"),
            [Title, Text, Item, Item, Item, Blank, Heading, Text]
        );
    }

    #[test]
    fn brackets_do_not_end_a_sentence_and_broken_lines_go_on() {
        let text = "題\n委員会(以下「当会」という。)は、指導した。次は、\nどうする。";
        let lexicon = Lexicon::builtin();
        let gates = lexicon.scan(text).1;
        let layout = Layout::new(text, &gates);
        let sentences: Vec<_> = layout.sentences.iter().map(|s| &text[s.span.range()]).collect();
        assert_eq!(sentences, ["題", "委員会(以下「当会」という。)は、指導した。", "次は、\nどうする。"]);
    }
}
