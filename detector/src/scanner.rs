//! Finds every word of a list in a text, however many words there are.
//!
//! The words make one trie. From each character of the text it is followed as far as the text goes along with it; mostly that is
//! not far: the first character leads to a node of the trie by a table, and every node knows from a few bits by which characters
//! none of its words goes on. So the time hardly depends on the number of words.

/// The words, to be looked for.
pub(crate) struct Scanner {
    /// The node of each first character of the lower plane of Unicode; 0 where no word begins so.
    first: Vec<u32>,
    /// The first one is the root. The children of a node stand beside each other, and what goes on from them soon after: a walk
    /// reads few cache lines.
    nodes: Vec<Node>,
}

#[derive(Clone, Copy, Default)]
struct Node {
    /// By which character it is reached from its parent.
    label: u32,
    /// The last five bits of the characters that lead on from here, as a set.
    goes_on: u32,
    /// The first child.
    child: u32,
    children: u32,
    /// The word that ends here, counted from 1.
    word: u32,
}

impl Scanner {
    /// `words` are sorted, without duplicates, and none is empty.
    pub(crate) fn new(words: &[&str]) -> Scanner {
        let mut scanner = Scanner { first: vec![0; 0x1_0000], nodes: vec![Node::default()] };
        // Nodes without children yet: the words that go on from each, and after how many bytes.
        let mut open = vec![(0, 0..words.len(), 0)];
        while let Some((node, mut range, depth)) = open.pop() {
            if words.get(range.start).is_some_and(|word| word.len() == depth) {
                range.start += 1;
                scanner.nodes[node].word = range.start as u32;
            }
            let child = scanner.nodes.len();
            while let Some(label) = words[range.clone()].first().and_then(|word| word[depth..].chars().next()) {
                let same = words[range.clone()].partition_point(|word| word[depth..].starts_with(label));
                open.push((scanner.nodes.len(), range.start..range.start + same, depth + label.len_utf8()));
                range.start += same;
                if let Some(first) = scanner.first.get_mut(label as usize).filter(|_| node == 0) {
                    *first = scanner.nodes.len() as u32;
                }
                scanner.nodes.push(Node { label: u32::from(label), ..Node::default() });
                scanner.nodes[node].goes_on |= bit(u32::from(label));
            }
            scanner.nodes[node].child = child as u32;
            scanner.nodes[node].children = (scanner.nodes.len() - child) as u32;
        }
        scanner
    }

    /// Calls `found` with the start, the end and the position in the list of every word in the text, overlapping ones included, in the order of
    /// start and then length.
    pub(crate) fn scan(&self, text: &str, mut found: impl FnMut(usize, usize, usize)) {
        let text = text.as_bytes();
        let mut next = 0;
        while let Some((c, mut end)) = character(text, next) {
            let start = std::mem::replace(&mut next, end);
            let mut node = match self.first.get(c as usize) {
                Some(0) => continue,
                Some(&node) => self.nodes.get(node as usize),
                None => self.child(&self.nodes[0], c),
            };
            while let Some(here) = node {
                if here.word != 0 {
                    found(start, end, here.word as usize - 1);
                }
                if here.goes_on == 0 {
                    break;
                }
                let Some((c, after)) = character(text, end) else { break };
                (node, end) = (self.child(here, c), after);
            }
        }
    }

    /// The child of a node by a character.
    fn child(&self, node: &Node, c: u32) -> Option<&Node> {
        if node.goes_on & bit(c) == 0 {
            return None;
        }
        let children = self.nodes.get(node.child as usize..(node.child + node.children) as usize)?;
        children.binary_search_by_key(&c, |child| child.label).ok().map(|at| &children[at])
    }
}

fn bit(c: u32) -> u32 {
    1 << (c & 31)
}

/// The character that begins at a byte of a text, and where it ends. Most are kana and ideographs, of three bytes.
#[inline]
fn character(text: &[u8], at: usize) -> Option<(u32, usize)> {
    let low = |byte: u8| u32::from(byte & 0x3f);
    let rest = text.get(at..)?;
    Some(match *rest {
        [lead @ 0xe0..=0xef, second, third, ..] => (u32::from(lead & 0xf) << 12 | low(second) << 6 | low(third), at + 3),
        [lead @ ..0x80, ..] => (u32::from(lead), at + 1),
        [lead @ ..0xe0, second, ..] => (u32::from(lead & 0x1f) << 6 | low(second), at + 2),
        [lead, second, third, fourth, ..] => (u32::from(lead & 7) << 18 | low(second) << 12 | low(third) << 6 | low(fourth), at + 4),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use daachorse::charwise::CharwiseDoubleArrayAhoCorasick;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn finds_what_an_automaton_finds(mut words in prop::collection::vec("[あいう漏洩a\u{20089}]{1,5}", 1..40), text in "[あいう漏洩a\u{20089}。]{0,60}") {
            words.sort();
            words.dedup();
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let automaton = CharwiseDoubleArrayAhoCorasick::<usize>::with_values(words.iter().copied().zip(0..)).unwrap();
            let mut expected: Vec<_> = automaton.find_overlapping_iter(&text).map(|hit| (hit.start(), hit.end(), hit.value())).collect();
            expected.sort_unstable();
            let mut found = Vec::new();
            Scanner::new(&words).scan(&text, |start, end, word| found.push((start, end, word)));
            prop_assert_eq!(found, expected);
        }
    }
}
