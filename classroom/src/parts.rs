//! What the parts of a mark are called by people: 「氏名:漏えいした」, a pair of events, a fact that had to be told.

use owabi_corpora::{Category, Cause};

use crate::exercise::{ExerciseType, Expected, Form, KeyItem, Words};
use crate::marking::{Outcome, Part};
use crate::phrases::phrase;
use crate::words;

/// How a part is called on the page of one student.
pub fn called(item: &KeyItem, part: &Part) -> Words {
    match (item.kind, part.what.strip_prefix("count:")) {
        (ExerciseType::TotalAndGroups, Some(count)) => phrase("part_people", &[("count", &words::plain(grouped(count)))]),
        _ => sort(item, part),
    }
}

/// How parts of this sort are called where a class's students are added up: they have different documents.
pub fn sort(item: &KeyItem, part: &Part) -> Words {
    let what = part.what.as_str();
    match item.kind {
        ExerciseType::MarkData => data(what),
        ExerciseType::PrimaryCause => Cause::from_id(what).map(words::cause).unwrap_or_else(|_| words::plain(what)),
        ExerciseType::TotalAndGroups => match what {
            "total" => phrase("part_total", &[]),
            _ => phrase("part_group", &[]),
        },
        ExerciseType::Timeline => {
            let Some((first, second)) = what.split_once('<') else { return words::plain(what) };
            phrase("part_before", &[("first", &event(item, first)), ("second", &event(item, second))])
        }
        ExerciseType::ReportingDuty => duty(what),
        ExerciseType::MissingSection => {
            let Expected::Section { checklist, .. } = &item.expected else { return words::plain(what) };
            checklist.iter().find(|point| point.id == what).map_or(words::plain(what), |point| point.words.clone())
        }
        ExerciseType::Incoherence => match what {
            "place" => phrase("part_place", &[]),
            id => words::fault(id),
        },
    }
}

/// Whether a sort of parts is one that a class can miss: what nobody expected is wrong in too many ways to be added up.
pub fn is_expected(part: &Part) -> bool {
    matches!(part.outcome, Outcome::Right | Outcome::Missed | Outcome::Misplaced)
}

/// The right answer in short, a line each; none where it shows in the text or in the parts only.
pub fn right_answer(item: &KeyItem) -> Vec<Words> {
    match &item.expected {
        Expected::Order { days } => {
            let day = |ids: &Vec<String>| {
                let names: Vec<Words> = ids.iter().map(|id| event(item, id)).collect();
                joined(&names, "・", " / ")
            };
            days.iter().map(day).collect()
        }
        Expected::Section { removed, .. } => vec![words::plain(removed.clone())],
        Expected::Duty { situations, preliminary, final_report, .. } => {
            let all = words::situations();
            let mut lines: Vec<Words> = all
                .iter()
                .filter(|one| situations.iter().any(|number| number.to_string() == one.id))
                .map(|one| one.words.clone())
                .collect();
            for (report, verdict) in words::reports().into_iter().zip([preliminary, final_report]) {
                lines.push(joined(&[report.words, words::verdict(*verdict)], "：", ": "));
            }
            lines
        }
        Expected::Fault { choice, .. } => vec![words::fault(choice)],
        Expected::Cause { cause } => vec![words::cause(*cause)],
        Expected::Numbers { total, groups } => {
            let mut lines = vec![joined(&[phrase("part_total", &[]), words::plain(grouped(&total.to_string()))], "：", ": ")];
            lines.extend(groups.iter().map(|group| phrase("part_people", &[("count", &words::plain(grouped(&group.to_string())))])));
            lines
        }
        Expected::Data => Vec::new(),
    }
}

fn data(what: &str) -> Words {
    let parsed = what.split_once(':').and_then(|(category, status)| Some((Category::from_id(category).ok()?, status.parse().ok()?)));
    parsed.map_or(words::plain(what), |(category, status)| {
        let (name, status) = (Words { ja: category.display_name().to_owned(), en: category.id().replace('_', " ") }, words::status(status));
        joined(&[name, status], "：", ": ")
    })
}

fn duty(what: &str) -> Words {
    if let Some(number) = what.strip_prefix("situation:") {
        let all = words::situations();
        return all.into_iter().find(|one| one.id == number).map_or(words::plain(what), |one| one.words);
    }
    let report = words::reports().into_iter().find(|report| report.id == what);
    report.map_or(words::plain(what), |report| {
        let words = Words { en: report.words.en.to_lowercase(), ..report.words };
        phrase("part_limit", &[("report", &words)])
    })
}

fn event(item: &KeyItem, id: &str) -> Words {
    let Form::Order { events } = &item.form else { return words::plain(id) };
    events.iter().find(|event| event.id == id).map_or(words::plain(id), |event| event.words.clone())
}

fn joined(all: &[Words], ja: &str, en: &str) -> Words {
    let side = |of: fn(&Words) -> &str, between: &str| all.iter().map(of).collect::<Vec<_>>().join(between);
    Words { ja: side(|words| &words.ja, ja), en: side(|words| &words.en, en) }
}

/// `12345` as `12,345`.
fn grouped(digits: &str) -> String {
    let count = digits.len();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (count - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
