//! Mentions of data categories, and how each is to be read.

use owabi_corpora::vocabulary::{Status, Why};
use owabi_corpora::{Category, Span};

use crate::layout::LineKind;
use crate::lexicon::{ContextReading, ContextRow, Lexicon, Match};
use crate::patterns;
use crate::scope::{LONGEST_ENTRY, Reading, Scope, Verdict};
use crate::words::Meaning;

/// A category or a general word for personal data, where the text names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mention {
    /// `None` for 個人情報 and the like.
    pub(crate) category: Option<Category>,
    pub(crate) span: Span,
    weak: bool,
    /// Named by a word of the user's own, of which practice knows nothing.
    pub(crate) of_user: bool,
}

/// A mention with its reading; `None` where nothing governs it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Read {
    pub(crate) mention: Mention,
    pub(crate) verdict: Option<Verdict>,
    /// What stands right beside it says that nothing governs it.
    pub(crate) settled: bool,
}

/// Where the matches name a category, in order.
pub(crate) fn places(matches: &[Match]) -> Vec<usize> {
    let mut places: Vec<usize> = matches.iter().filter(|hit| matches!(hit.meaning, Meaning::Category(_))).map(|hit| hit.start).collect();
    // One word may stand in several rows.
    places.dedup();
    places
}

/// The mentions of a text: longest surfaces, without overlap, except that one surface may name two categories.
pub(crate) fn find(lexicon: &Lexicon, matches: &[Match], scope: &Scope<'_>) -> Vec<Mention> {
    let mut found: Vec<Mention> = Vec::new();
    let mut end = 0;
    let mut current = Span::new(0, 0);
    for hit in matches {
        let (category, weak, of_user, needs) = match hit.meaning {
            Meaning::Category(row) => {
                let row = &lexicon.categories[row as usize];
                (Some(row.category), row.weak, row.of_user, row.needs.as_ref())
            }
            Meaning::Generic => (None, false, false, None),
            Meaning::Nothing => {
                end = end.max(hit.end);
                continue;
            }
            _ => continue,
        };
        let span = Span::new(hit.start, hit.end);
        if span.start < end && span != current {
            continue;
        }
        if needs.is_some_and(|needs| !scope.gates.is_match(needs, block(scope, span))) {
            continue;
        }
        if let Some(known) = found.iter_mut().rev().take_while(|known| known.span == span).find(|known| known.category == category) {
            known.weak &= weak;
            continue;
        }
        (current, end) = (span, span.end);
        found.push(Mention { category, span, weak, of_user });
    }
    found
}

/// The list or paragraph around a mention.
fn block(scope: &Scope<'_>, span: Span) -> Span {
    let lines = &scope.layout.lines;
    let line = scope.layout.line_at(span.start);
    let mut first = line;
    let mut last = line;
    if lines[line].kind == LineKind::Item {
        while first > 0 && (lines[first - 1].kind == LineKind::Item || lines[first - 1].kind == LineKind::Blank) && line - first < BLOCK {
            first -= 1;
        }
        first = lines[line].lead.unwrap_or(first).max(first.saturating_sub(1)).min(first);
        while last + 1 < lines.len() && lines[last + 1].kind == LineKind::Item && last - line < BLOCK {
            last += 1;
        }
    }
    // A list without marks has an entry a line.
    let entry = |at: usize| {
        let body = &scope.text[lines[at].span.range()];
        lines[at].kind == LineKind::Text && patterns::prefix(body, LONGEST_ENTRY) == body.len() && !body.contains('。')
    };
    if entry(line) {
        first = (line.saturating_sub(BLOCK)..line).rev().take_while(|&at| entry(at)).last().unwrap_or(line);
        last = (line + 1..lines.len()).take(BLOCK).take_while(|&at| entry(at)).last().unwrap_or(line);
    }
    // Of a paragraph without end, the part around the mention.
    let around = patterns::around(scope.text, span, AROUND);
    Span::new(lines[first].span.start.max(around.start), lines[last].span.end.min(around.end))
}

/// In characters.
const AROUND: usize = 600;

/// A list is looked at over so many lines either way.
const BLOCK: usize = 30;

/// Reads every mention.
pub(crate) fn read(text: &str, lexicon: &Lexicon, scope: &Scope<'_>, mentions: &[Mention]) -> Vec<Read> {
    let mut read = Vec::with_capacity(mentions.len());
    let contexts: Vec<&ContextRow> = lexicon.contexts.iter().filter(|row| scope.gates.open(&row.pattern)).collect();
    for (index, &mention) in mentions.iter().enumerate() {
        let listed = is_listed(text, mentions, index) || stands_in_list(scope, mention.span);
        let line = scope.layout.line_at(mention.span.start);
        if scope.layout.lines[line].elsewhere {
            continue;
        }
        let item = scope.layout.lines[line].kind == LineKind::Item
            || scope.layout.lines[line].key_end.is_some_and(|end| end <= mention.span.start);
        let beside = context(scope, &contexts, mention);
        // 「姓 ○」: a row of a table names even what is an everyday word.
        let marked = matches!(beside, Some((ContextReading::Read(Reading::Held), _)));
        if mention.weak && !listed && !item && !marked {
            continue;
        }
        let settled = matches!(beside, Some((ContextReading::Nothing, _)));
        let verdict = match beside {
            Some((ContextReading::Nothing, _)) => None,
            Some((ContextReading::Read(reading), cue)) => Some(Verdict { reading, cue }),
            None => scope.verdict(mention.span, listed || item),
        };
        read.push(Read { mention, verdict, settled });
    }
    read
}

/// What stands right beside the mention and overrules the sentence, and where. `contexts` are those of whose words the text has any.
fn context(scope: &Scope<'_>, contexts: &[&ContextRow], mention: Mention) -> Option<(ContextReading, Span)> {
    let category = mention.category?;
    let text = scope.text;
    let after = Span::new(mention.span.end, mention.span.end + patterns::prefix(&text[mention.span.end..], 30));
    let before = Span::new(patterns::suffix(&text[..mention.span.start], 24), mention.span.start);
    let applies = |ids: &[Category]| ids.is_empty() || ids.contains(&category);
    contexts.iter().filter(|row| applies(&row.categories)).find_map(|row| {
        let place = if row.before { before } else { after };
        let hit = scope.gates.find(&row.pattern, place)?;
        // A pattern may match nothing but a boundary; a finding's words are never none.
        let cue = if hit.is_empty() { mention.span } else { Span::new(place.start + hit.start(), place.start + hit.end()) };
        Some((row.reading, cue))
    })
}

/// Whether another mention stands so near that both belong to one enumeration.
fn is_listed(text: &str, mentions: &[Mention], index: usize) -> bool {
    let near = |a: Span, b: Span| a.end <= b.start && b.start - a.end <= 60 && joins(&text[a.end..b.start]);
    let span = mentions[index].span;
    let same = |other: &Mention| other.category.is_some() && other.category != mentions[index].category;
    (index > 0 && same(&mentions[index - 1]) && near(mentions[index - 1].span, span))
        || (index + 1 < mentions.len() && same(&mentions[index + 1]) && near(span, mentions[index + 1].span))
}

/// Whether a mention stands beside a separator in a line without a verb: 「世帯主の氏名、申請書番号、処理日など」.
fn stands_in_list(scope: &Scope<'_>, span: Span) -> bool {
    let Some(sentence) = scope.layout.sentence_at(span.start) else { return false };
    let sentence = scope.layout.sentences[sentence].span;
    let (before, after) = (&scope.text[sentence.start.min(span.start)..span.start], &scope.text[span.end..sentence.end.max(span.end)]);
    let separates = |c: Option<char>| c.is_some_and(|c| LISTED.contains(c));
    (separates(before.chars().next_back()) || separates(after.chars().next()))
        && before.chars().chain(after.chars()).filter(|&c| separates(Some(c))).take(2).count() == 2
        && scope.cues_in(sentence).is_empty()
        && !scope.text[sentence.range()].trim_end().ends_with('。')
        && scope.layout.is_enumeration(sentence)
}

/// What parts the words of a list and hardly anything else.
const LISTED: &str = "、・/";

/// Separators of an enumeration, with at most a few words between.
fn joins(between: &str) -> bool {
    // 「カード番号の一部(先頭6桁と下2桁)および有効期限」: what stands in brackets parts no list.
    let bare: String;
    let between =
        match between.split_once('(').and_then(|(head, rest)| Some((head, rest.split_once(')')?.1))).filter(|_| !between.contains('\n')) {
            Some((head, tail)) => {
                bare = format!("{head}{tail}");
                &bare
            }
            None => between,
        };
    let separated = SEPARATORS.iter().any(|separator| between.contains(separator.as_str()));
    // 「①氏名②住所」.
    let mark = |c: char| c.is_ascii_digit() || ('\u{2460}'..='\u{2473}').contains(&c);
    let numbered = !between.is_empty() && between.len() <= 3 && between.trim().chars().all(mark);
    // 「氏名フリガナ勤務先」: the spaces between words are gone.
    between.is_empty() || numbered || separated && between.chars().count() <= 14 && !between.contains('。')
}

static SEPARATORS: std::sync::LazyLock<Vec<String>> = std::sync::LazyLock::new(|| {
    include_str!("../data/separators.txt").split_whitespace().map(str::to_owned).chain(["\n".to_owned()]).collect()
});

/// The strongest status of a category's mentions, `held` standing for the incident's own.
pub(crate) fn strongest(reads: &[Read], category: Category, held: Status) -> Option<Status> {
    let of = |read: &Read| (read.mention.category == Some(category)).then(|| status(read, held)).flatten();
    reads.iter().filter_map(of).max()
}

/// The status that a reading gives, if any.
pub(crate) fn status(read: &Read, held: Status) -> Option<Status> {
    match read.verdict?.reading {
        Reading::Status(status) => Some(status),
        Reading::Held => Some(held),
        Reading::Distractor(_) => None,
    }
}

/// Why a mention asserts nothing, if so.
pub(crate) fn distraction(read: &Read) -> Option<Why> {
    match read.verdict?.reading {
        Reading::Distractor(why) => Some(why),
        _ => None,
    }
}
