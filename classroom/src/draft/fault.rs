//! One error is planted: a fact that contradicts another, or the calendar.

use owabi_corpora::edits::{Edit, apply};
use owabi_corpora::record::{CountLabel, DateLabel, Mention, Record};
use owabi_corpora::vocabulary::{Bound, DateRole, Stage, Unit};
use owabi_corpora::{PartialDate, Span};
use owabi_generator::facts::{Facts, Relation};

use super::{Draft, TABLE, place, surface};
use crate::exercise::{Choice, Expected, Form};
use crate::secret::Draw;
use crate::words;

/// The kinds of errors that are planted, in the order of their figure; the form offers more.
const FAULTS: [&str; 4] = ["weekday", "sum", "total", "date_order"];

/// What is changed, and what contradicts it then.
struct Planted {
    /// The characters that are replaced, and by what.
    edit: Edit,
    /// The words around them that tell the fact.
    words: Span,
    /// Spans of the unchanged text that contradict the new words.
    against: Vec<Span>,
    /// What the new words say of the labels.
    now: Now,
}

/// What the labels say once the error is planted.
enum Now {
    /// The same.
    Same,
    /// The count at this position tells another number.
    Count(usize, u64),
    /// The date at this position is another day.
    Date(usize, PartialDate),
}

pub(super) fn draft(record: &Record, wanted: Option<&[u32]>, draw: &mut Draw) -> Option<Draft> {
    let mut kinds: Vec<usize> = (0..FAULTS.len()).filter(|kind| wanted.is_none_or(|wanted| wanted == [*kind as u32])).collect();
    draw.shuffle(&mut kinds);
    let plant = |kind: usize, draw: &mut Draw| match FAULTS[kind] {
        "weekday" => weekday(record, draw),
        "sum" => sum(record, draw),
        "total" => total(record, draw),
        _ => date_order(record, draw),
    };
    let (kind, planted) = kinds.into_iter().find_map(|kind| Some((kind, plant(kind, draw)?)))?;
    let Planted { edit, words, against, now } = planted;
    let right = record.text.get(words.range())?.to_owned();
    let (was, end) = (edit.span.end, edit.span.start + edit.replacement.len());
    let moved = |position: usize| if position >= was { position - was + end } else { position };
    let mut changed = apply(record, &[edit]).ok()?;
    match now {
        Now::Same => {}
        Now::Count(index, value) => changed.labels.counts.as_mut()?.get_mut(index)?.value = value,
        Now::Date(index, date) => changed.labels.dates.as_mut()?.get_mut(index)?.date = date,
    }
    let places = [words].into_iter().chain(against).map(|span| Span::new(moved(span.start), moved(span.end)));
    let places = places.map(|span| place(&changed.text, span)).collect();
    let mut options: Vec<Choice> = words::faults();
    draw.shuffle(&mut options);
    let expected = Expected::Fault { places, choice: FAULTS[kind].to_owned(), right };
    Some(Draft { record: changed, form: Form::Fault { options }, expected, figures: vec![kind as u32] })
}

/// Whether a document with such facts can hold the error.
pub(super) fn may_fit(kind: u32, facts: &Facts) -> bool {
    match FAULTS.get(kind as usize) {
        Some(&"sum") => facts.counted && facts.groups.len() > 1 && facts.relation == Relation::Disjoint,
        Some(&"total") => facts.counted,
        _ => true,
    }
}

/// 「1月16日(火)」 becomes 「1月16日(木)」.
fn weekday(record: &Record, draw: &mut Draw) -> Option<Planted> {
    let signs = &TABLE.signs;
    let weekdays: Vec<char> = signs.weekdays.chars().collect();
    let mut found = Vec::new();
    for label in record.labels.dates.iter().flatten() {
        let Some(day) = label.date.civil() else { continue };
        let right = *weekdays.get(day.weekday().to_monday_zero_offset() as usize)?;
        for mention in &label.spans {
            // The bracket stands inside the mention or right behind it.
            let rest = record.text.get(mention.start..)?;
            let reach = mention.span().len() + 1;
            let bracket = rest.char_indices().take_while(|(at, _)| *at < reach).find(|(_, c)| is_open(*c));
            let Some((at, open)) = bracket else { continue };
            let at = mention.start + at + open.len_utf8();
            let mut inside = record.text[at..].chars();
            let (weekday, close) = (inside.next(), inside.next());
            if weekday == Some(right) && close.is_some_and(|c| matches!(c, ')' | '）')) {
                found.push((
                    Span::new(mention.start, at + right.len_utf8() + close.map_or(0, char::len_utf8)),
                    Span::new(at, at + right.len_utf8()),
                    right,
                ));
            }
        }
    }
    let (words, span, right) = *draw.pick(&found)?;
    let others: Vec<char> = weekdays.into_iter().filter(|day| *day != right).collect();
    let wrong = draw.pick(&others)?.to_string();
    Some(Planted { edit: Edit::new(span.range(), wrong), words, against: Vec::new(), now: Now::Same })
}

fn is_open(c: char) -> bool {
    matches!(c, '(' | '（')
}

/// One group gets another number, so that the groups no longer make the total.
fn sum(record: &Record, draw: &mut Draw) -> Option<Planted> {
    let people = people(record);
    let (_, total) = *people.iter().find(|(_, count)| count.total)?;
    let groups: Vec<(usize, &CountLabel)> = people.iter().copied().filter(|(_, count)| !count.total).collect();
    let adds_up = groups.len() >= 2 && groups.iter().map(|(_, count)| count.value).sum::<u64>() == total.value;
    let exact = people.iter().all(|(_, count)| count.bound == Bound::Exact);
    if !adds_up || !exact {
        return None;
    }
    let single: Vec<(usize, &CountLabel)> = groups.iter().copied().filter(|(_, count)| count.spans.len() == 1).collect();
    let (index, count) = *draw.pick(&single)?;
    let mention = count.spans.first()?;
    let (wrong, value) = other_number(surface(&record.text, mention), count.value, total.value, draw)?;
    let others = people.iter().filter(|(other, _)| *other != index).flat_map(|(_, count)| &count.spans);
    let against = others.map(Mention::span).collect();
    Some(Planted { edit: Edit::new(mention.span().range(), wrong), words: mention.span(), against, now: Now::Count(index, value) })
}

/// The total is told twice, and once it becomes another.
fn total(record: &Record, draw: &mut Draw) -> Option<Planted> {
    let people = people(record);
    let (_, total) = *people.iter().find(|(_, count)| count.total && count.spans.len() >= 2 && count.bound == Bound::Exact)?;
    let mention = draw.pick(&total.spans)?;
    let (wrong, _) = other_number(surface(&record.text, mention), total.value, u64::MAX, draw)?;
    let others = total.spans.iter().filter(|other| *other != mention);
    let against = others.map(Mention::span).collect();
    Some(Planted { edit: Edit::new(mention.span().range(), wrong), words: mention.span(), against, now: Now::Same })
}

fn people(record: &Record) -> Vec<(usize, &CountLabel)> {
    let counts = record.labels.counts.iter().flatten().enumerate();
    counts.filter(|(_, count)| count.unit == Unit::Person && !count.spans.is_empty()).collect()
}

/// The same words with one digit changed, and the number that they tell then: below `bound`, of as many digits. `None` where the words do not
/// spell the number digit by digit (14万5千).
fn other_number(words: &str, value: u64, bound: u64, draw: &mut Draw) -> Option<(String, u64)> {
    let digits: Vec<(usize, char)> = words.char_indices().filter(|(_, c)| digit(*c).is_some()).collect();
    let spelt = digits.iter().try_fold(0u64, |sum, (_, c)| sum.checked_mul(10)?.checked_add(digit(*c)?))?;
    if spelt != value || digits.len() < 2 {
        return None;
    }
    // Not the first digit, which would strike the eye, but not the last one alone either.
    let mut candidates = Vec::new();
    for (order, (at, c)) in digits.iter().enumerate().skip(1) {
        let weight = 10u64.checked_pow((digits.len() - 1 - order) as u32)?;
        for new in 0..10 {
            let old = digit(*c)?;
            let other = value - old * weight + new * weight;
            if new != old && other < bound {
                candidates.push((*at, *c, new, other));
            }
        }
    }
    let (at, old, new, other) = *draw.pick(&candidates)?;
    let zero = old as u32 - digit(old)? as u32;
    let new = char::from_u32(zero + new as u32)?;
    Some((format!("{}{new}{}", &words[..at], &words[at + old.len_utf8()..]), other))
}

/// Half-width or full-width.
fn digit(c: char) -> Option<u64> {
    match c {
        '0'..='9' => Some(u64::from(c as u32 - '0' as u32)),
        '０'..='９' => Some(u64::from(c as u32 - '０' as u32)),
        _ => None,
    }
}

/// The report to the authority, or what was told to the people, comes before the discovery: its month becomes an earlier one.
fn date_order(record: &Record, draw: &mut Draw) -> Option<Planted> {
    let dates = record.labels.dates.as_deref()?;
    let discovered = dates.iter().find(|label| label.role == DateRole::Discovered)?;
    let known = discovered.date.civil()?;
    let later = |label: &&DateLabel| match label.role {
        DateRole::ReportedRegulator => label.stage != Some(Stage::Final),
        DateRole::ReportedPolice | DateRole::Notified => true,
        _ => false,
    };
    let mut found = Vec::new();
    for (index, label) in dates.iter().enumerate().filter(|(_, label)| later(label)) {
        let [mention] = &label.spans[..] else { continue };
        let Some(day) = label.date.civil() else { continue };
        for earlier in 1..day.month() {
            let Some(date) = PartialDate::day(day.year(), earlier, day.day()) else { continue };
            let before = date.civil().is_some_and(|date| date < known) && day.month() - earlier <= 4;
            if let Some(edit) = before.then(|| month_changed(record, mention, day.month(), earlier)).flatten() {
                found.push((edit, mention.span(), index, date));
            }
        }
    }
    let (edit, words, index, date) = draw.pick(&found)?.clone();
    let against = discovered.spans.iter().map(Mention::span).collect();
    Some(Planted { edit, words, against, now: Now::Date(index, date) })
}

/// 「2024年3月7日」 with another month; `None` where the month is not spelt in digits, where a weekday would give it away, or where the
/// next date of the text counts from this one (「同月9日」, 「翌日」).
fn month_changed(record: &Record, mention: &Mention, month: i8, other: i8) -> Option<Edit> {
    let signs = &TABLE.signs;
    let words = surface(&record.text, mention);
    let at = words.find(signs.month)?;
    let digits: Vec<char> = words[..at].chars().rev().take_while(|c| digit(*c).is_some()).collect();
    let spelt = digits.iter().rev().try_fold(0u64, |sum, c| Some(sum * 10 + digit(*c)?))?;
    if spelt != month as u64 || !words.contains(signs.day) || digits.is_empty() {
        return None;
    }
    let behind = record.text.get(mention.end..)?;
    if words.contains(is_open) || behind.starts_with(is_open) {
        return None;
    }
    let mentions = record.labels.dates.iter().flatten().flat_map(|label| &label.spans);
    let next = mentions.filter(|other| other.start >= mention.end).min_by_key(|other| other.start);
    if next.is_some_and(|next| !has_month(surface(&record.text, next))) {
        return None;
    }
    let zero = digits.first().map(|c| *c as u32 - digit(*c).unwrap_or_default() as u32)?;
    let new: String = other.to_string().chars().filter_map(|c| char::from_u32(zero + (c as u32 - '0' as u32))).collect();
    let start = mention.start + at - digits.iter().map(|c| c.len_utf8()).sum::<usize>();
    Some(Edit::new(start..mention.start + at, new))
}

/// Whether a date tells its month in digits.
fn has_month(words: &str) -> bool {
    let sign = TABLE.signs.month;
    words.find(sign).is_some_and(|at| words[..at].chars().next_back().is_some_and(|c| digit(c).is_some()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;
    use owabi_corpora::markup;

    fn planted(marked: &str, kind: u32) -> Option<(String, Draft)> {
        let (text, labels) = markup::parse(marked).unwrap();
        let draft = super::draft(&Record::new("a", text, labels), Some(&[kind]), &mut Secret::new([3; 32]).draw(&["test"]))?;
        let Expected::Fault { places, .. } = &draft.expected else { return None };
        let chars: Vec<char> = draft.record.text.chars().collect();
        let words = places.iter().map(|place| chars[place.start..place.end].iter().collect::<String>());
        Some((words.collect::<Vec<_>>().join("|"), draft))
    }

    #[test]
    fn a_weekday_no_longer_agrees() {
        // 16 January 2024 was a Tuesday.
        let (words, draft) = planted("𠮷野は⟦2024年1月16日|date:discovered:2024-01-16⟧(火)に気付いた。", 0).unwrap();
        let wrong = words.trim_start_matches("2024年1月16日(").trim_end_matches(')');
        assert!(wrong.chars().count() == 1 && "月水木金土日".contains(wrong), "{words}");
        assert_eq!(draft.record.text, format!("𠮷野は{words}に気付いた。"));
        assert!(matches!(draft.expected, Expected::Fault { right, .. } if right == "2024年1月16日(火)"));
        assert!(planted("⟦2024年1月16日|date:discovered:2024-01-16⟧に気付いた。", 0).is_none());
    }

    #[test]
    fn groups_no_longer_make_the_total() {
        let text = "計⟦1,204名|count:1204:person:total⟧(会員⟦１,０００名|count:1000:person⟧、職員⟦204名|count:204:person⟧)";
        let (words, draft) = planted(text, 1).unwrap();
        let (total, groups) = super::super::people(&draft.record.labels);
        assert!(total == Some(1204) && groups.iter().sum::<u64>() != 1204, "{words}");
        assert_eq!(words.split('|').count(), 3);
        assert!(planted("計⟦12名|count:12:person:total⟧、うち⟦3名|count:3:person⟧", 1).is_none());
    }

    #[test]
    fn the_report_comes_before_the_discovery() {
        let text = "⟦2024年6月3日|date:discovered:2024-06-03⟧に発覚し、⟦6月5日|date:reported_regulator:2024-06-05⟧に報告した。";
        let (words, draft) = planted(text, 3).unwrap();
        let report = draft.record.labels.dates.as_ref().unwrap()[1].date;
        assert_eq!(words, format!("{}月5日|2024年6月3日", report.month.unwrap()));
        assert!(report < "2024-06-03".parse().unwrap());
        // What counts from the changed date would change with it.
        assert!(planted(&text.replace("報告した", "報告し、⟦同月9日|date:notified:2024-06-09⟧に通知した"), 3).is_none());
    }
}
