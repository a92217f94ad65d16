//! Text while it is put together.
//!
//! Marks and days stand in it as signs, control characters, which no notice holds: one where a marked stretch begins, one where it
//! ends with the number of its label, and one with the number of a day, which is spelled when its place in the text is known (`spell`).
//! So a text can be cut, moved and laid out as any other, and nothing is written that would have to be read again.

use jiff::civil::Date;
use owabi_corpora::markup::Label;

/// Where a marked stretch begins.
pub(crate) const OPEN: char = '\u{1}';
/// Where it ends; behind it the number of its label.
pub(crate) const CLOSE: char = '\u{2}';
/// A day; behind it its number.
pub(crate) const DAY: char = '\u{3}';

/// The first of the characters that stand for numbers: of private use, so that nobody takes them for words or spaces.
const ZERO: u32 = 0xf0000;

/// How a day is spelled, whatever stands before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spelling {
    /// As short as the style has it after the day before.
    Short,
    Full,
    Month,
    /// As in the head of a document.
    Head,
    /// As in a file's name.
    Stamp,
}

/// Everything that is said, and what its signs mean.
#[derive(Default)]
pub(crate) struct Draft {
    pub(crate) text: String,
    labels: Vec<Label>,
    days: Vec<(Spelling, Date)>,
}

impl Draft {
    /// Makes room for so many bytes of text, and for the signs that usually stand in it.
    pub(crate) fn reserve(&mut self, bytes: usize) {
        self.text.reserve(bytes);
        self.labels.reserve(bytes / 128);
        self.days.reserve(bytes / 512);
    }

    pub(crate) fn put(&mut self, parts: &[&str]) {
        parts.iter().for_each(|part| self.text.push_str(part));
    }

    pub(crate) fn open(&mut self) {
        self.text.push(OPEN);
    }

    /// Ends the stretch that was opened last.
    pub(crate) fn close(&mut self, label: impl Into<Label>) {
        self.text.push(CLOSE);
        self.text.push(sign(self.labels.len()));
        self.labels.push(label.into());
    }

    /// Words under a mark.
    pub(crate) fn mark(&mut self, words: &str, label: impl Into<Label>) {
        self.open();
        self.text.push_str(words);
        self.close(label);
    }

    /// What `write` writes, under a mark.
    pub(crate) fn mark_as(&mut self, label: impl Into<Label>, write: impl FnOnce(&mut String)) {
        self.open();
        write(&mut self.text);
        self.close(label);
    }

    pub(crate) fn day(&mut self, spelling: Spelling, date: Date) {
        self.text.push(DAY);
        self.text.push(sign(self.days.len()));
        self.days.push((spelling, date));
    }

    /// Text with marks as `owabi_corpora::markup` reads them.
    pub(crate) fn put_marked(&mut self, marked: &str) {
        let (mut open, mut rest) = (0, marked);
        while let Some((before, sign, after)) = split_at_sign(rest) {
            self.text.push_str(before);
            rest = after;
            match (sign, after.split_once('⟧')) {
                ('⟦', _) => {
                    open += 1;
                    self.open();
                }
                ('|', Some((label, after))) if open > 0 => {
                    open -= 1;
                    rest = after;
                    self.close(label.parse::<Label>().unwrap_or_else(|error| panic!("`{label}`: {error}")));
                }
                _ => self.text.push(sign),
            }
        }
        self.text.push_str(rest);
    }

    /// What `write` writes, taken out again; its signs keep their meaning.
    pub(crate) fn apart(&mut self, write: impl FnOnce(&mut Draft)) -> String {
        let start = self.text.len();
        write(self);
        self.text.split_off(start)
    }

    /// Whether `write` writes anything; nothing of it is kept.
    pub(crate) fn would(&mut self, write: impl FnOnce(&mut Draft)) -> bool {
        let before = (self.text.len(), self.labels.len(), self.days.len());
        write(self);
        let written = self.text.len() > before.0;
        self.text.truncate(before.0);
        self.labels.truncate(before.1);
        self.days.truncate(before.2);
        written
    }

    /// The label behind a sign.
    pub(crate) fn label(&self, number: char) -> Option<&Label> {
        self.labels.get(place(number))
    }

    /// The day behind a sign.
    pub(crate) fn day_of(&self, number: char) -> Option<(Spelling, Date)> {
        self.days.get(place(number)).copied()
    }
}

fn split_at_sign(text: &str) -> Option<(&str, char, &str)> {
    let at = text.find(['⟦', '|'])?;
    let sign = text[at..].chars().next()?;
    Some((&text[..at], sign, &text[at + sign.len_utf8()..]))
}

fn sign(number: usize) -> char {
    u32::try_from(number).ok().and_then(|number| char::from_u32(ZERO + number)).unwrap_or(char::MAX)
}

fn place(number: char) -> usize {
    (number as u32).wrapping_sub(ZERO) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_read_and_bars_outside_of_them_are_words() {
        let mut draft = Draft::default();
        draft.put_marked("a|⟦b⟦c|name:denied⟧|cause:loss!⟧d");
        let shown = draft.text.replace([OPEN, CLOSE], "/").replace(sign(0), "0").replace(sign(1), "1");
        assert_eq!(shown, "a|/b/c/0/1d");
        let labels: Vec<Label> = ["name:denied", "cause:loss!"].map(|label| label.parse().unwrap()).into();
        assert_eq!(draft.labels, labels);
    }

    #[test]
    fn what_is_only_tried_leaves_nothing() {
        let mut draft = Draft::default();
        draft.mark("a", "name:denied".parse::<Label>().unwrap());
        let before = draft.text.clone();
        assert!(draft.would(|draft| draft.mark("b", "phone:denied".parse::<Label>().unwrap())));
        assert!(!draft.would(|_| {}));
        assert_eq!((draft.text, draft.labels.len()), (before, 1));
    }
}
