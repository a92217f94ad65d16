//! Line breaks inside sentences, as copies from PDF have them.
//!
//! A paragraph that was broken at a fixed width has several lines of nearly the same length that end in the middle of a
//! sentence. Such breaks mean nothing; without this, 「個人情\n報」 would be no word and 「漏えいした\n可能性」 no possibility.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::patterns::{self, Pattern};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Patterns {
    ended: Pattern,
    goes_on: Pattern,
    begins_anew: Pattern,
    number: Pattern,
    unit: Pattern,
    runs_on: Pattern,
}

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| patterns::table("wraps"));

/// A line this short was not broken by its width.
const NARROWEST: usize = 16;
/// One as short as this is a label rather than a part of a sentence.
const SHORTEST: usize = 5;
/// Broken lines differ by a few characters, as words and brackets are kept together.
const SLACK: usize = 4;

/// The byte positions of the line breaks that stand inside a sentence, in order.
pub(crate) fn find(source: &str) -> Vec<usize> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut paragraph: Vec<(usize, &str)> = Vec::new();
    for line in source.split('\n').chain([""]) {
        if line.trim().is_empty() {
            breaks(&paragraph, &mut found);
            paragraph.clear();
        } else {
            paragraph.push((start, line));
        }
        start += line.len() + 1;
    }
    found
}

/// The width of a line in characters of full width, two of ASCII counting as one.
fn width(line: &str) -> usize {
    line.trim().chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<usize>() / 2
}

fn breaks(paragraph: &[(usize, &str)], found: &mut Vec<usize>) {
    if paragraph.len() < 2 || !paragraph.iter().any(|(_, line)| line.contains(['。', '(', '（'])) {
        return;
    }
    let told = paragraph.iter().any(|(_, line)| line.contains('。'));
    let widths: Vec<usize> = paragraph.iter().map(|(_, line)| width(line)).collect();
    let widest = widths.iter().copied().max().unwrap_or(0);
    let open = |index: usize| widths[index] >= NARROWEST && !PATTERNS.ended.is_match(paragraph[index].1.trim_end());
    let full = |index: usize| widths[index] + SLACK >= widest && open(index);
    let broken = (0..paragraph.len() - 1).filter(|&index| full(index)).take(2).count();
    for (index, pair) in paragraph.windows(2).enumerate() {
        let ((start, line), (_, next)) = (pair[0], pair[1]);
        let next = next.trim_start();
        let split = PATTERNS.number.is_match(line.trim_end()) && PATTERNS.unit.is_match(next);
        if split {
            found.push(start + line.len());
            continue;
        }
        if PATTERNS.begins_anew.is_match(next) {
            continue;
        }
        // 「トークの内容は」 「含まれていないということです。」
        let runs_on = told && widths[index] >= SHORTEST && PATTERNS.runs_on.is_match(line.trim_end());
        if !open(index) && !runs_on {
            continue;
        }
        let goes_on = || broken >= 2 && full(index) || PATTERNS.goes_on.is_match(next);
        if runs_on || told && goes_on() || closes_below(line, next) {
            found.push(start + line.len());
        }
    }
}

/// Whether a bracket that this line leaves open closes on the next: 「(氏名、生年月」 「日、住所)」.
fn closes_below(line: &str, next: &str) -> bool {
    let opens = |c| matches!(c, '(' | '（');
    let closes = |c| matches!(c, ')' | '）');
    let open = line.rfind(opens).is_some_and(|at| !line[at..].contains(closes));
    open && next.find(closes).is_some_and(|at| !next[..at].contains(opens))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(source: &str) -> String {
        let breaks = find(source);
        source.char_indices().filter(|(at, _)| !breaks.contains(at)).map(|(_, c)| c).collect()
    }

    #[test]
    fn only_breaks_inside_sentences_go() {
        let wrapped = "当協会の業務用メールアカウントが何者かに乗っ取られ、受講者の\nお名前及びメールアドレスを含む電子メールが侵入者に閲覧された可\n能性があります。深くお詫びいたします。\n";
        assert_eq!(
            joined(wrapped),
            "当協会の業務用メールアカウントが何者かに乗っ取られ、受講者のお名前及びメールアドレスを含む電子メールが侵入者に閲覧された可能性があります。深くお詫びいたします。\n"
        );
        assert_eq!(
            joined("・申込書(氏名、現住所、勤務先、年\n収、続柄)\n・名簿\n"),
            "・申込書(氏名、現住所、勤務先、年収、続柄)\n・名簿\n"
        );
        assert_eq!(
            joined("口座番号、トークの内容は\n含まれていないとのことです。\n"),
            "口座番号、トークの内容は含まれていないとのことです。\n"
        );
        for kept in [
            "対象(会員の方)\n氏名(漢字)\n",
            "漏れましたか。\nいいえ。\n",
            "漏えいした情報は次のとおりです。\n・氏名\n・住所\n",
            "株式会社ミナト商会\n令和6年2月5日\n\nお詫び。",
            "当社は調査しました。\n原因は紛失です。\n",
            "漏れた情報は\n・氏名\n・住所\nです。\n",
            "件名に\n住所。\n",
        ] {
            assert_eq!(joined(kept), kept);
        }
    }
}
