//! Texts cut into windows and sentences.

/// Stretches of `length` characters without overlap. What is left at the end counts when it has at least half of that.
pub fn windows(text: &str, length: usize) -> Vec<&str> {
    let borders: Vec<usize> = text.char_indices().map(|(at, _)| at).step_by(length.max(1)).collect();
    let mut found: Vec<&str> =
        borders.iter().enumerate().map(|(index, &start)| &text[start..borders.get(index + 1).copied().unwrap_or(text.len())]).collect();
    found.pop_if(|last| last.chars().count() * 2 < length);
    found
}

/// Sentences: up to 。 or the end of a line, without white space around them; empty ones are left out. So a heading and an item of a
/// list are sentences.
pub fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split('\n').flat_map(|line| line.split_inclusive('。')).map(str::trim).filter(|sentence| !sentence.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_cover_a_text_but_for_a_short_end() {
        assert_eq!(windows("あいうえおかきく", 3), ["あいう", "えおか", "きく"]);
        assert_eq!(windows("あいうえ", 3), ["あいう"]);
        assert_eq!(windows("あい", 3), ["あい"]);
        assert!(windows("あ", 3).is_empty() && windows("", 3).is_empty());
    }

    #[test]
    fn headings_are_sentences() {
        let found: Vec<&str> = sentences("1. 経緯\n\n　調べました。ありました。\r\n・氏名").collect();
        assert_eq!(found, ["1. 経緯", "調べました。", "ありました。", "・氏名"]);
    }
}
