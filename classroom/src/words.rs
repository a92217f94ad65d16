//! What students and teachers read: `data/words.toml`, in both languages.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use owabi_corpora::vocabulary::Status;
use owabi_corpora::{Category, Cause};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::exercise::{Choice, ExerciseType, Language, Verdict, Words};

/// A committed table; a test reads every one.
pub(crate) fn table<T: DeserializeOwned>(file: &str, text: &str) -> T {
    toml::from_str(text).unwrap_or_else(|error| panic!("classroom/data/{file}: {}", error.message()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    exercise: BTreeMap<ExerciseType, Asked>,
    status: BTreeMap<Status, Words>,
    event: BTreeMap<String, Words>,
    situation: Vec<Words>,
    report: BTreeMap<String, Words>,
    verdict: BTreeMap<Verdict, Words>,
    fault: BTreeMap<String, Words>,
    memo: BTreeMap<String, Words>,
    rubric: Vec<Rubric>,
    why: BTreeMap<String, Words>,
    page: BTreeMap<String, Words>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    title: Words,
    instructions: Words,
}

/// Something that the teacher looks for in a written section.
#[derive(Deserialize, Debug, Clone)]
#[serde(deny_unknown_fields)]
pub struct Rubric {
    /// Such as `status`.
    pub id: String,
    /// Of 100.
    pub points: u32,
    ja: String,
    en: String,
}

impl Rubric {
    /// What is looked for.
    pub fn words(&self) -> Words {
        Words { ja: self.ja.clone(), en: self.en.clone() }
    }
}

static TABLE: LazyLock<Table> = LazyLock::new(|| table("words.toml", include_str!("../data/words.toml")));

/// A type's short name.
pub fn title(of: ExerciseType) -> Words {
    TABLE.exercise.get(&of).map(|asked| asked.title.clone()).unwrap_or_default()
}

/// What to do, and how it is marked.
pub fn instructions(of: ExerciseType) -> Words {
    let trimmed = |text: &str| text.trim().to_owned();
    TABLE
        .exercise
        .get(&of)
        .map(|asked| Words { ja: trimmed(&asked.instructions.ja), en: trimmed(&asked.instructions.en) })
        .unwrap_or_default()
}

/// A status.
pub fn status(of: Status) -> Words {
    TABLE.status.get(&of).cloned().unwrap_or_default()
}

/// All statuses, the gravest first.
pub fn statuses() -> Vec<Choice> {
    let mut all: Vec<Status> = Status::all().collect();
    all.reverse();
    all.into_iter().map(|of| Choice { id: of.id().to_owned(), words: status(of) }).collect()
}

/// A category of data.
pub fn category(of: Category) -> Words {
    Words { ja: of.display_name().to_owned(), en: of.definition().to_owned() }
}

/// A cause.
pub fn cause(of: Cause) -> Words {
    Words { ja: of.display_name().to_owned(), en: of.definition().to_owned() }
}

/// What happened on a date; `None` for what is no event of a timeline.
pub(crate) fn event(role: &str) -> Option<Words> {
    TABLE.event.get(role).cloned()
}

/// The four situations that must be reported; their ids are `1` to `4`.
pub fn situations() -> Vec<Choice> {
    (1..).zip(&TABLE.situation).map(|(number, words): (u32, _)| Choice { id: number.to_string(), words: words.clone() }).collect()
}

/// Both reports.
pub fn reports() -> Vec<Choice> {
    ["preliminary", "final"].map(|id| Choice { id: id.to_owned(), words: TABLE.report.get(id).cloned().unwrap_or_default() }).into()
}

/// Whether a time limit was kept.
pub fn verdict(of: Verdict) -> Words {
    TABLE.verdict.get(&of).cloned().unwrap_or_default()
}

/// Every verdict.
pub fn verdicts() -> Vec<Choice> {
    [Verdict::Yes, Verdict::No, Verdict::NotTold].map(|of| Choice { id: of.id().to_owned(), words: verdict(of) }).into()
}

/// Every kind of planted error, by id.
pub fn faults() -> Vec<Choice> {
    TABLE.fault.iter().map(|(id, words)| Choice { id: id.clone(), words: words.clone() }).collect()
}

/// A kind of planted error.
pub fn fault(id: &str) -> Words {
    TABLE.fault.get(id).cloned().unwrap_or_default()
}

/// What the teacher looks for in a written section.
pub fn rubric() -> &'static [Rubric] {
    &TABLE.rubric
}

/// A line of the memo.
pub(crate) fn memo(id: &str, fill: &[(&str, &Words)]) -> Words {
    filled(&TABLE.memo, id, fill)
}

/// A line of the key's explanations.
pub(crate) fn why(id: &str, fill: &[(&str, &Words)]) -> Words {
    filled(&TABLE.why, id, fill)
}

/// A word of the teacher's pages.
pub(crate) fn page(id: &str, fill: &[(&str, &str)], language: Language) -> String {
    let line = TABLE.page.get(id).map(|words| words.of(language)).unwrap_or_default().to_owned();
    fill.iter().fold(line, |line, (name, value)| line.replace(&format!("{{{name}}}"), value))
}

/// All words of the teacher's pages that are not filled in.
pub(crate) fn page_words(language: Language) -> BTreeMap<&'static str, &'static str> {
    TABLE.page.iter().map(|(id, words)| (id.as_str(), words.of(language))).collect()
}

/// The same in both languages.
pub(crate) fn plain(text: impl Into<String>) -> Words {
    let ja = text.into();
    Words { en: ja.clone(), ja }
}

fn filled(table: &BTreeMap<String, Words>, id: &str, fill: &[(&str, &Words)]) -> Words {
    let mut line = table.get(id).cloned().unwrap_or_default();
    for (name, value) in fill {
        let name = format!("{{{name}}}");
        line.ja = line.ja.replace(&name, &value.ja);
        line.en = line.en.replace(&name, &value.en);
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_there_in_both_languages() {
        for of in ExerciseType::all() {
            for words in [title(of), instructions(of)] {
                assert!(!words.ja.is_empty() && !words.en.is_empty(), "{of}");
            }
        }
        let all = statuses().into_iter().chain(situations()).chain(reports()).chain(verdicts()).chain(faults());
        for choice in all {
            assert!(!choice.words.ja.is_empty() && !choice.words.en.is_empty(), "{}", choice.id);
        }
        assert_eq!((statuses().len(), situations().len(), verdicts().len()), (3, 4, 3));
        let table = [&TABLE.event, &TABLE.memo, &TABLE.why, &TABLE.page];
        assert!(table.into_iter().flat_map(BTreeMap::values).all(|words| !words.ja.is_empty() && !words.en.is_empty()));
    }

    #[test]
    fn what_is_filled_in_leaves_no_gap() {
        let words = why("data", &[("surface", &plain("氏名")), ("category", &plain("氏名")), ("status", &status(Status::Denied))]);
        assert_eq!(words.ja, "「氏名」は氏名で、「漏えいしていない」に当たります。");
        assert_eq!(words.en, "“氏名” is 氏名: not leaked.");
    }
}
