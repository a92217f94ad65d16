//! Classes of words: a cause is told by who did what to what, and each of the three is said in many words. A row names such a class in
//! braces, `{staff}`.

/// What a cell asks for: patterns between 「 & 」, all of which must match, in any order. Behind a `~` one may also match in the sentences
/// right before and after.
pub(crate) fn pieces(cell: &str) -> impl Iterator<Item = (bool, &str)> {
    cell.split(" & ").map(|piece| (piece.starts_with('~'), piece.trim_start_matches('~')))
}

/// A cell of a table with the words of each class in its place, in brackets.
pub(crate) fn expand(cell: &str) -> String {
    // Most cells name none.
    if !cell.contains('{') {
        return cell.to_owned();
    }
    let rows = include_str!("../data/classes.tsv").lines().filter(|line| !line.starts_with('#'));
    let rows = rows.skip(1).filter_map(|row| row.split_once('\t'));
    rows.fold(cell.to_owned(), |cell, (class, words)| cell.replace(&format!("{{{class}}}"), &format!("({words})")))
}
