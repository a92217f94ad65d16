//! The documents of a page: where one ends and the next begins.
//!
//! A digest holds many releases below each other, and posts about other matters between them. Some bear a head that counts
//! them, 「【事件簿#2024-054】」, and that is enough. Others only begin as documents do, with a title, a date, an addressee, a
//! sender, where something ended as documents do: 「以上」, a telephone number, the source of a post, a line drawn across.
//! Both together are a border. One alone is not: a single notice that is cut in two loses what its head says of its lists, while
//! two that are read as one lose little. So a long notice, a letter with 「別紙」, a first report repeated below the second one and
//! a FAQ stay whole.
//!
//! Where rules find none, practice is asked ([`judged`]): how the lines around begin and end, and whether what stands below speaks of what
//! stood above.
//!
//! Only the first characters of a line are looked at, and of the lines before and after a border only the nearest few.

mod judged;
mod lines;

use std::collections::BTreeSet;

use owabi_corpora::Span;

use self::judged::Judge;
use self::lines::{Kind, Line, SHAPES, SHORT, classify, is_sentence, lines, looked_at};
use crate::patterns;

/// A document says at least so many characters in sentences, of each line only the first ones counted.
const LEAST: usize = 160;
/// A head has at most so many lines.
const HEAD: usize = 8;
/// Of what ends a document, so many lines are looked at.
const TAIL: usize = 6;
/// Of a document, so many characters at both its ends are searched for a sender's name.
const REMEMBERED: usize = 2000;
/// The first characters below a line, in which the company that it announces is named.
const NEAR: usize = 400;
/// What a head and the end before it must come to.
const ENOUGH: u32 = 4;
/// … and a head with no end before it.
const ENOUGH_ALONE: u32 = 5;

/// The documents of a page, in order and covering the text; one span where it is a single document.
pub(crate) fn split(text: &str) -> Vec<Span> {
    let page = Page { text, lines: lines(text) };
    let mut starts = vec![0];
    starts.extend(page.borders().into_iter().map(|line| page.lines[line].start));
    let ends = starts[1..].iter().copied().chain([text.len()]);
    starts.iter().zip(ends).map(|(&start, end)| Span::new(start, end)).collect()
}

/// What stands around each line of a page at which a document may begin: where it begins, whether it does, and a name each.
#[cfg(feature = "learning")]
pub(crate) fn lessons(text: &str, borders: &[usize]) -> Vec<(usize, bool, Vec<String>)> {
    Judge::new(&Page { text, lines: lines(text) }).lessons(borders)
}

struct Page<'t> {
    text: &'t str,
    lines: Vec<Line>,
}

impl<'t> Page<'t> {
    /// The lines that begin a further document.
    fn borders(&self) -> Vec<usize> {
        let mut borders = Vec::new();
        // Of the document that is being read: how much it says, and which lines it has.
        let mut said = 0;
        let mut seen = Seen::default();
        let mut counted = false;
        let mut document = 0;
        let left = self.left();
        let mut judge = Judge::new(self);
        for (index, line) in self.lines.iter().enumerate() {
            let opens = match line.counts {
                // A counted document may be short; what stands above the first one may be the page's own head.
                true => said >= if counted { 1 } else { LEAST } && left[index] > 0,
                false => {
                    said >= LEAST && left[index] >= LEAST && self.begins(document, index, &mut seen)
                        || said > 0 && left[index] > 0 && judge.begins(index)
                }
            };
            if opens {
                borders.push(index);
                said = 0;
                seen = Seen::from(index);
                judge.begin(index);
                counted = false;
                document = index;
            }
            counted |= line.counts;
            said += line.said;
        }
        borders
    }

    /// How much the text says from each line on, up to the next counting head.
    fn left(&self) -> Vec<usize> {
        let mut left = vec![0; self.lines.len()];
        let mut sum = 0;
        for (index, line) in self.lines.iter().enumerate().rev() {
            sum += line.said;
            left[index] = sum;
            if line.counts {
                sum = 0;
            }
        }
        left
    }

    fn kind(&self, index: usize) -> Kind {
        let line = &self.lines[index];
        line.kind.get().unwrap_or_else(|| {
            let kind = classify(looked_at(self.line(index)), line.said);
            line.kind.set(Some(kind));
            kind
        })
    }

    fn is_blank(&self, index: usize) -> bool {
        self.lines[index].kind.get() == Some(Kind::Blank)
    }

    fn line(&self, index: usize) -> &'t str {
        let end = self.lines.get(index + 1).map_or(self.text.len(), |next| next.start);
        self.text[self.lines[index].start..end].trim()
    }

    /// Whether a document begins at a line: a block of its own whose head and the end above it are enough together. A line that
    /// the document has had before begins none.
    fn begins(&self, document: usize, index: usize, seen: &mut Seen<'t>) -> bool {
        let drawn = |line: usize| !self.line(line).contains(char::is_alphanumeric) && self.kind(line) == Kind::Rule;
        let apart = || index > 0 && (self.is_blank(index - 1) || drawn(index - 1));
        if self.is_blank(index) || !apart() || self.lines[index].said > SHORT && self.kind(index) == Kind::Text {
            return false;
        }
        let whom = self.lone(document, index);
        if whom == Some(Whom::Above) {
            return false;
        }
        let (head, opening) = match whom {
            Some(_) => (self.head(document, index, index + 1).0 + 2, true),
            None => self.head(document, index, index),
        };
        if head == 0 {
            return false;
        }
        let (tail, drawn) = self.tail(document, index);
        let enough = match tail {
            0 => opening && head >= ENOUGH_ALONE,
            // What has ended as plainly as that is followed by anything at all.
            ENOUGH.. => true,
            _ => head + tail >= ENOUGH && (opening && head >= 2 || drawn),
        };
        enough && !seen.has(self, index)
    }

    /// Of a single line between two documents that names a company: whose it is. 「出典 甲株式会社」 ends the document about that
    /// company, 「甲株式会社の発表」 begins it.
    fn lone(&self, document: usize, index: usize) -> Option<Whom> {
        if index + 1 >= self.lines.len() || !self.is_blank(index + 1) {
            return None;
        }
        let line = self.line(index);
        // A paragraph is no such line.
        if self.lines[index].said > SHORT || is_sentence(line) {
            return None;
        }
        let form = SHAPES.form.find(line)?;
        let start = SHAPES.between.find_iter(&line[..form.start()]).last().map_or(0, |found| found.end());
        let end = SHAPES.between.find(&line[form.end()..]).map_or(line.len(), |found| form.end() + found.start());
        let name = &line[start..end];
        let below = &self.text[self.lines[index + 1].start..];
        match (self.said(document, index, name), below[..patterns::prefix(below, NEAR)].contains(name)) {
            (true, false) => Some(Whom::Above),
            (false, true) => Some(Whom::Below),
            _ => None,
        }
    }

    /// How much a head says that begins at `first`, and whether it says more than who and when: a signature has both, too. The
    /// document above it ends at `end`.
    fn head(&self, document: usize, end: usize, first: usize) -> (u32, bool) {
        let mut kinds: Vec<Kind> = Vec::new();
        let below = (first..self.lines.len()).filter(|&below| !self.is_blank(below));
        for index in below.take(HEAD) {
            match self.kind(index) {
                // The sender of the document above signs, or attaches something.
                Kind::Issuer if self.names(document, end, index) => return (0, false),
                Kind::Date | Kind::Addressee | Kind::Issuer | Kind::Title | Kind::Greeting | Kind::Press => {
                    if !kinds.contains(&self.kind(index)) {
                        kinds.push(self.kind(index));
                    }
                }
                Kind::Plain if kinds.is_empty() => kinds.push(Kind::Plain),
                Kind::Plain => {}
                // A letterhead may say where to ask.
                Kind::Contact if kinds.contains(&Kind::Addressee) => {}
                _ => break,
            }
        }
        let weight = |kind: &Kind| match kind {
            Kind::Greeting => 4,
            Kind::Title | Kind::Press | Kind::Issuer => 2,
            _ => 1,
        };
        let opens = |kind: &Kind| matches!(kind, Kind::Title | Kind::Greeting | Kind::Press | Kind::Addressee);
        (kinds.iter().map(weight).sum(), kinds.iter().any(opens))
    }

    /// Whether the document that begins at a line names, before another line, the sender that a third one names.
    fn names(&self, document: usize, end: usize, sender: usize) -> bool {
        let line = self.line(sender);
        if SHAPES.authority.is_match(line) {
            return false;
        }
        let form = SHAPES.form.find(line).map_or(0..0, |found| found.range());
        let bare = if form.start == 0 { &line[form.end..] } else { &line[..form.start] };
        let name = bare.split_whitespace().next().unwrap_or(line);
        self.said(document, end, name)
    }

    /// Whether a name stands in a document before a line: near its beginning or near that line.
    fn said(&self, document: usize, end: usize, name: &str) -> bool {
        let said = &self.text[self.lines[document].start..self.lines[end].start];
        let (near, far) = (patterns::prefix(said, REMEMBERED), patterns::suffix(said, REMEMBERED));
        said[..near].contains(name) || said[far..].contains(name)
    }

    /// How clearly what stands above a line has come to its end, and whether a line is drawn below it.
    fn tail(&self, document: usize, index: usize) -> (u32, bool) {
        let above = (document..index).rev().filter(|&above| !self.is_blank(above));
        let (mut found, mut drawn) = (0, false);
        for (distance, above) in above.take(TAIL).enumerate() {
            let end = match self.kind(above) {
                Kind::Rule if distance == 0 => {
                    (found, drawn) = (2, true);
                    continue;
                }
                Kind::Footer if distance < 2 => 4,
                _ if distance == 0 && self.lone(document, above) == Some(Whom::Above) => 4,
                Kind::End | Kind::Farewell => 3 + u32::from(drawn),
                Kind::Links => 2 + u32::from(drawn),
                Kind::Contact => 1 + 2 * u32::from(drawn),
                Kind::Date | Kind::Issuer | Kind::Plain | Kind::Marked => 0,
                // 「不審な電話にご注意ください。」 below the number to call.
                Kind::Text if distance == 0 => 0,
                _ => break,
            };
            found = found.max(end);
            if end > 1 + 2 * u32::from(drawn) {
                break;
            }
        }
        (found, drawn)
    }
}

/// The lines of the document that is being read, put together when they are asked for.
#[derive(Default)]
struct Seen<'t> {
    lines: BTreeSet<&'t str>,
    /// So far the page has been read.
    read: usize,
}

impl<'t> Seen<'t> {
    /// Of a document that begins at a line.
    fn from(line: usize) -> Seen<'t> {
        Seen { lines: BTreeSet::new(), read: line }
    }

    /// Whether a line stands in the document above it.
    fn has(&mut self, page: &Page<'t>, index: usize) -> bool {
        self.lines.extend((self.read..index).map(|above| page.line(above)));
        self.read = self.read.max(index);
        self.lines.contains(page.line(index))
    }
}

/// Whose a line between two documents is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whom {
    Above,
    Below,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const BODY: &str = "このたび、当社の従業員が会員の皆様の氏名と住所を記録した記憶媒体を所在不明にいたしました。現在も捜索を続けておりますが、発見には至っておりません。関係する皆様に深くお詫び申し上げます。\n当社は二月三日に捜索を始め、同月六日に警察署へ遺失届を提出いたしました。経緯と今後の対応を以下のとおりご報告いたします。関係する皆様には個別にご連絡を差し上げます。\n";

    fn texts(page: &str) -> Vec<&str> {
        split(page).into_iter().map(|span| page[span.range()].lines().next().unwrap_or_default()).collect()
    }

    #[test]
    fn heads_that_count_are_enough() {
        let page = format!("今週のまとめ\n\n【事故録#2024-012】甲社\n{BODY}\n[事故録 No.13] 乙社\n{BODY}");
        assert_eq!(texts(&page), ["今週のまとめ", "[事故録 No.13] 乙社"]);
        // A list of links says nothing between its lines.
        let page = format!("【事故録#2024-012】甲社\n{BODY}\n関連\n【事故録#2024-011】丙社\n【事故録#2024-010】丁社\n");
        assert_eq!(split(&page).len(), 1);
    }

    #[test]
    fn an_end_and_a_head_make_a_border() {
        let page = format!("記憶媒体の紛失について\n\n{BODY}\n以上\n\n2024年2月3日\n乙市\n名簿の誤送付について\n\n{BODY}");
        assert_eq!(texts(&page), ["記憶媒体の紛失について", "2024年2月3日"]);
        for whole in [
            // An attachment, an earlier report, a signature, and a section after the number to call.
            format!("お詫び\n\n{BODY}\n以上\n\n別紙　対象となる情報について\n\n{BODY}"),
            format!(
                "お詫び(第2報)\n2024年3月1日\n甲株式会社\n\n{BODY}\n以上\n\n記憶媒体の紛失について(第1報)\n2024年2月1日\n甲株式会社\n\n{BODY}"
            ),
            format!("お詫び\n\n{BODY}\n2024年2月3日\n甲株式会社\n\n{BODY}"),
            format!("お詫び\n\n{BODY}\n電話 03-1234-5678\n\n再発防止に向けた取り組みについて\n\n{BODY}"),
        ] {
            assert_eq!(split(&whole).len(), 1, "{whole}");
        }
    }

    #[test]
    fn another_matter_is_another_document() {
        let news = "北沢電鉄は3日、定期券の申込みサイトが外部から不正に操作され、利用者のメールアドレスが見られたおそれがあると発表した。同社は窓口を設けて相談に応じている。\n原因は古いプログラムの欠陥で、同社は先月末に気づいていたという。社長は会見で陳謝した。\n";
        let page = format!(
            "記憶媒体の紛失について\n\n{BODY}\nお問い合わせ先 総務課 03-1234-5678\n\n定期券サイトに不正アクセス 北沢電鉄\n\n{news}"
        );
        assert_eq!(texts(&page), ["記憶媒体の紛失について", "定期券サイトに不正アクセス 北沢電鉄"]);
        // What goes on with the matter is no other document, whatever stands over it.
        let page =
            format!("記憶媒体の紛失について\n\n{BODY}\nお問い合わせ先 総務課 03-1234-5678\n\n捜索の経過と会員の皆様へのご連絡\n\n{BODY}");
        assert_eq!(split(&page).len(), 1);
    }

    proptest! {
        #[test]
        fn spans_cover_every_text(text in "(\\PC|[\n\r　#【】]|以上\n|【録#2024-012】\n|2024年2月3日\n|のお知らせ\n|こんにちは。\n|このたびは申し訳ございません。このたびは申し訳ございません。このたびは申し訳ございません。\n){0,60}") {
            let mut expected = 0;
            for span in split(&text) {
                prop_assert!(span.start == expected && text.is_char_boundary(span.end) && (span.end > span.start || text.is_empty()));
                expected = span.end;
            }
            prop_assert_eq!(expected, text.len());
        }
    }
}
