//! What a text says apart from whom and how much: numbers and quoted names masked.
//!
//! Which numbers and names stand in a text tells a synthetic one at once, and says nothing about its language.

/// The longest quoted name, in characters. What is longer is a quotation and stays.
pub const LONGEST_NAME: usize = 40;

/// Opening and closing marks of names. Straight marks close themselves.
const QUOTES: [(char, char); 5] = [('「', '」'), ('『', '』'), ('“', '”'), ('〝', '〟'), ('"', '"')];

/// The text with every number a single `0` and every quoted name cut to its marks: 「ネット酒場」 becomes 「」, 65,520 becomes 0,0.
///
/// A name stands on one line, holds no mark of its own kind and no full stop, and has at most [`LONGEST_NAME`] characters.
pub fn masked(text: &str) -> String {
    let mut found = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        let digit = matches!(c, '0'..='9' | '０'..='９');
        if digit {
            if !found.ends_with('0') {
                found.push('0');
            }
            continue;
        }
        found.push(c);
        if let Some(&(open, close)) = QUOTES.iter().find(|(open, _)| *open == c)
            && let Some(length) = name(chars.as_str(), open, close)
        {
            chars = chars.as_str()[length..].chars();
        }
    }
    found
}

/// The length in bytes of the name at the start of `rest`, up to its closing mark.
fn name(rest: &str, open: char, close: char) -> Option<usize> {
    for (characters, (at, c)) in rest.char_indices().enumerate() {
        match c {
            _ if c == close => return Some(at),
            _ if c == open || matches!(c, '\n' | '。') || characters == LONGEST_NAME => return None,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_are_masked() {
        assert_eq!(masked("2024年３月12日、65,520名"), "0年0月0日、0,0名");
        assert_eq!(masked("「ネット酒場」と『本店』の\"shop\""), "「」と『』の\"\"");
        assert_eq!(masked("「第3営業所」12件"), "「」0件");
    }

    #[test]
    fn quotations_stay() {
        assert_eq!(masked("「お詫びします。」と述べた"), "「お詫びします。」と述べた");
        let long = format!("「{}」", "あ".repeat(LONGEST_NAME + 1));
        assert_eq!(masked(&long), long);
        assert_eq!(masked("「開いたまま\n次の行」"), "「開いたまま\n次の行」");
        assert_eq!(masked("「外「内」"), "「外「」");
        assert_eq!(masked("「"), "「");
    }
}
