//! Words of others: texts, ids, names, reasons. What would be invisible in them, or would turn a line around, is shown by its number.

use serde::Serialize;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// A stretch of a text, or one character of it that cannot be shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Run {
    /// The stretch, or the character's number such as `U+202E`.
    pub(super) text: String,
    /// Whether it is a number.
    pub(super) unseen: bool,
}

/// A text with its line breaks and tabs, and every other control or format character apart.
pub(super) fn runs(text: &str) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        if c == '\r' && rest.peek() == Some(&'\n') {
            continue;
        }
        match (is_unseen(c) && c != '\n' && c != '\t', runs.last_mut()) {
            (true, _) => runs.push(Run { text: number(c), unseen: true }),
            (false, Some(run)) if !run.unseen => run.text.push(c),
            (false, _) => runs.push(Run { text: c.to_string(), unseen: false }),
        }
    }
    runs
}

/// A name in one line.
pub(super) fn shown(name: &str) -> String {
    let mut line = String::with_capacity(name.len());
    for c in name.chars() {
        match is_unseen(c) {
            true => line.push_str(&format!("⟨{}⟩", number(c))),
            false => line.push(c),
        }
    }
    line
}

fn is_unseen(c: char) -> bool {
    use GeneralCategory::*;
    matches!(c.general_category(), Control | Format | LineSeparator | ParagraphSeparator)
}

fn number(c: char) -> String {
    format!("U+{:04X}", u32::from(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_shown_by_its_number() {
        let told: Vec<String> =
            runs("氏\r\n名\u{202e}\0住\t所\r").iter().map(|run| format!("{}{}", if run.unseen { "!" } else { "" }, run.text)).collect();
        assert_eq!(told, ["氏\n名", "!U+202E", "!U+0000", "住\t所", "!U+000D"]);
        assert_eq!(shown("a\n\u{2028}\u{200b}b\u{7f}"), "a⟨U+000A⟩⟨U+2028⟩⟨U+200B⟩b⟨U+007F⟩");
    }
}
