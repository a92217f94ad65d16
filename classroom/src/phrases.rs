//! What stands on the pages that grading makes: `data/feedback/words.toml`, in both languages.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::exercise::{Language, Words};

static TABLE: LazyLock<BTreeMap<String, Words>> =
    LazyLock::new(|| crate::words::table("feedback/words.toml", include_str!("../data/feedback/words.toml")));

/// A phrase, filled in. A test finds every key that is asked for.
pub(crate) fn phrase(key: &str, fill: &[(&str, &Words)]) -> Words {
    let mut words = TABLE.get(key).cloned().unwrap_or_default();
    for (name, value) in fill {
        let name = format!("{{{name}}}");
        words.ja = words.ja.replace(&name, &value.ja);
        words.en = words.en.replace(&name, &value.en);
    }
    words
}

/// Every phrase in one language, for a template.
pub(crate) fn all(language: Language) -> BTreeMap<&'static str, &'static str> {
    TABLE.iter().map(|(key, words)| (key.as_str(), words.of(language))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_phrase_that_is_asked_for_is_there_and_none_beside() {
        let files = [
            include_str!("parts.rs"),
            include_str!("feedback.rs"),
            include_str!("results.rs"),
            include_str!("../data/feedback/feedback.html"),
            include_str!("../data/feedback/statistics.html"),
        ];
        let asked = regex::Regex::new(r#"phrase\("(\w+)"|\bsay\.(\w+)"#).unwrap();
        for found in files.iter().flat_map(|file| asked.captures_iter(file)) {
            let key = found.get(1).or(found.get(2)).unwrap().as_str();
            assert!(TABLE.contains_key(key), "{key}");
        }
        for (key, words) in TABLE.iter() {
            assert!(!words.ja.is_empty() && !words.en.is_empty(), "{key}");
            let (quoted, said) = (format!("\"{key}\""), format!("say.{key}"));
            assert!(files.iter().any(|file| file.contains(&quoted) || file.contains(&said)), "nobody says {key}");
        }
    }
}
