//! Finds every word of a list in a text, however many words there are.
//!
//! The words make one trie. From each character of the text it is followed as far as the text goes along with it; mostly that is
//! not far: a set of pairs tells with which two characters no word begins, and is small enough to stay near the processor; the first
//! character leads to a node of the trie by a table, and every node knows from a few bits by which characters none of its words goes on.
//! So the time hardly depends on the number of words.

use std::collections::VecDeque;

use crate::words::{List, take, write};

/// The words, to be looked for.
pub(crate) struct Scanner {
    /// The node of each first character of the lower plane of Unicode, [marked](ALONE) where the character is a word by itself; 0 where no word begins so.
    first: List<4>,
    /// With which two characters words begin, as a set of bits: see [`pair`].
    pairs: List<8>,
    /// The first one is the root, then its children, then theirs: what nearly all walks read stands close together. The children
    /// of a node end where those of the next one begin.
    nodes: List<12>,
    /// By which character each node is reached from its parent: apart, as children are looked for by it.
    labels: List<4>,
}

/// A [`Scanner`] while it is read.
#[derive(Clone, Copy)]
struct Trie<'s> {
    first: &'s [[u8; 4]],
    pairs: &'s [[u8; 8]],
    nodes: &'s [[u8; 12]],
    labels: &'s [[u8; 4]],
}

#[derive(Clone, Copy, Default)]
struct Node {
    /// The last five bits of the characters that lead on from here, as a set.
    goes_on: u32,
    /// The first child.
    child: u32,
    /// The number of the word that ends here, from 1; 0 where none does.
    word: u32,
}

impl Scanner {
    /// `words` with their numbers are sorted, without duplicates, and none is empty.
    pub(crate) fn new(words: &[(&str, u32)]) -> Scanner {
        let (mut nodes, mut labels) = (vec![Node::default()], vec![0]);
        // Of the nodes without children yet the words that go on from each, and after how many bytes.
        let mut open = VecDeque::from([(0..words.len(), 0)]);
        let mut node = 0;
        while let Some((mut range, depth)) = open.pop_front() {
            if let Some((_, number)) = words.get(range.start).filter(|(word, _)| word.len() == depth) {
                range.start += 1;
                nodes[node].word = number + 1;
            }
            nodes[node].child = nodes.len() as u32;
            while let Some(label) = words[range.clone()].first().and_then(|(word, _)| word[depth..].chars().next()) {
                let same = words[range.clone()].partition_point(|(word, _)| word[depth..].starts_with(label));
                open.push_back((range.start..range.start + same, depth + label.len_utf8()));
                range.start += same;
                nodes.push(Node::default());
                labels.push(u32::from(label));
                nodes[node].goes_on |= bit(u32::from(label));
            }
            node += 1;
        }
        // The last node has no children either.
        nodes.push(Node { child: nodes.len() as u32, ..Node::default() });
        Scanner::of(nodes, labels)
    }

    fn of(nodes: Vec<Node>, labels: Vec<u32>) -> Scanner {
        let mut first = vec![[0; 4]; 0x1_0000];
        let mut pairs = vec![[0; 8]; PAIRS / 64];
        for child in nodes[0].child..nodes[1].child {
            let c = labels[child as usize];
            if let Some(first) = first.get_mut(c as usize) {
                let alone = if nodes[child as usize].word == 0 { 0 } else { ALONE };
                *first = (child | alone).to_le_bytes();
            }
            for second in nodes[child as usize].child..nodes[child as usize + 1].child {
                let pair = pair(c, labels[second as usize]);
                let bits = &mut pairs[pair / 64];
                *bits = (u64::from_le_bytes(*bits) | 1 << (pair % 64)).to_le_bytes();
            }
        }
        Scanner {
            first: first.into(),
            pairs: pairs.into(),
            nodes: nodes.into_iter().map(Node::to_bytes).collect(),
            labels: labels.into_iter().map(u32::to_le_bytes).collect(),
        }
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        write(&mut bytes, &self.first);
        write(&mut bytes, &self.pairs);
        write(&mut bytes, &self.nodes);
        write(&mut bytes, &self.labels);
        bytes
    }

    /// Takes off what [`Scanner::to_bytes`] wrote.
    pub(crate) fn from_bytes(bytes: &mut &'static [u8]) -> Scanner {
        Scanner { first: take(bytes), pairs: take(bytes), nodes: take(bytes), labels: take(bytes) }
    }

    fn trie(&self) -> Trie<'_> {
        Trie { first: &self.first, pairs: &self.pairs, nodes: &self.nodes, labels: &self.labels }
    }

    /// All words with their numbers, sorted.
    pub(crate) fn words(&self) -> Vec<(String, usize)> {
        let trie = self.trie();
        let mut all = Vec::new();
        // Nodes to walk, the next one last, and what leads to each.
        let mut open = vec![(0, String::new())];
        while let Some((node, word)) = open.pop() {
            for child in (trie.node(node).child..trie.node(node + 1).child).rev() {
                let label = char::from_u32(u32::from_le_bytes(trie.labels[child as usize]));
                open.push((child as usize, word.chars().chain(label).collect()));
            }
            if let Some(number) = trie.node(node).word.checked_sub(1) {
                all.push((word, number as usize));
            }
        }
        all
    }

    /// Calls `found` with the start, the end and the number of every word in the text, overlapping ones included, in the order of
    /// start and then length.
    pub(crate) fn scan(&self, text: &str, found: impl FnMut(usize, usize, usize)) {
        self.trie().scan(text.as_bytes(), found);
    }
}

impl Node {
    fn to_bytes(self) -> [u8; 12] {
        let mut bytes = [0; 12];
        for (to, from) in bytes.as_chunks_mut().0.iter_mut().zip([self.goes_on, self.child, self.word]) {
            *to = from.to_le_bytes();
        }
        bytes
    }

    #[inline]
    fn from_bytes(bytes: &[u8; 12]) -> Node {
        let number = |at: usize| u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
        Node { goes_on: number(0), child: number(4), word: number(8) }
    }
}

impl Trie<'_> {
    fn scan(self, text: &[u8], mut found: impl FnMut(usize, usize, usize)) {
        let (mut start, mut here) = (0, character(text, 0));
        while let Some((c, end)) = here {
            let next = character(text, end);
            let first = match self.first.get(c as usize) {
                Some(&first) => u32::from_le_bytes(first),
                None => self.child(0, c).map_or(0, |node| node as u32 | ALONE),
            };
            if first != 0 {
                let node = (first & !ALONE) as usize;
                if first & ALONE != 0 && self.node(node).word != 0 {
                    found(start, end, self.node(node).word as usize - 1);
                }
                if let Some((second, after)) = next
                    && self.begins(c, second)
                {
                    self.walk(text, self.child(node, second), after, |end, word| found(start, end, word));
                }
            }
            (start, here) = (end, next);
        }
    }

    /// Follows the trie from a node, which is reached at a byte of the text.
    fn walk(self, text: &[u8], mut node: Option<usize>, mut end: usize, mut found: impl FnMut(usize, usize)) {
        while let Some(here) = node {
            let Node { word, goes_on, .. } = self.node(here);
            if word != 0 {
                found(end, word as usize - 1);
            }
            if goes_on == 0 {
                break;
            }
            let Some((c, after)) = character(text, end) else { break };
            (node, end) = (self.child(here, c), after);
        }
    }

    #[inline]
    fn node(self, node: usize) -> Node {
        Node::from_bytes(&self.nodes[node])
    }

    /// Whether words may begin with two characters; `false` is certain.
    #[inline]
    fn begins(self, first: u32, second: u32) -> bool {
        let pair = pair(first, second);
        u64::from_le_bytes(self.pairs[pair / 64]) & 1 << (pair % 64) != 0
    }

    /// The child of a node by a character.
    #[inline]
    fn child(self, node: usize, c: u32) -> Option<usize> {
        let [here, next] = self.nodes.get(node..node + 2)? else { return None };
        let (here, next) = (Node::from_bytes(here), Node::from_bytes(next));
        if here.goes_on & bit(c) == 0 {
            return None;
        }
        let children = self.labels.get(here.child as usize..next.child as usize)?;
        children.binary_search_by_key(&c, |&label| u32::from_le_bytes(label)).ok().map(|at| here.child as usize + at)
    }
}

/// The mark of a node by which a word ends.
const ALONE: u32 = 1 << 31;

/// Bits of the set of pairs, some fourteen for each pair that there is.
const PAIRS: usize = 1 << 17;

/// The bit of two characters.
fn pair(first: u32, second: u32) -> usize {
    (first.wrapping_mul(0x9e37_79b1) ^ second.wrapping_mul(0x85eb_ca77)) as usize >> 15
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
            let numbered: Vec<(&str, u32)> = words.iter().copied().zip(0..).collect();
            Scanner::new(&numbered).scan(&text, |start, end, word| found.push((start, end, word)));
            prop_assert_eq!(found, expected);
        }
    }
}
