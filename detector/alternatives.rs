//! A pattern taken apart: it matches where one of its alternatives does. A part of the build script.
//!
//! Each alternative needs words of its own, most of which a sentence does not hold, and it is a far smaller automaton than the
//! whole.

use regex_syntax::hir::{Hir, HirKind};

use crate::needed::{Set, required, words};

/// One of the alternatives of a pattern.
pub(crate) struct Alternative {
    pub(crate) hir: Hir,
    /// What of it every match contains.
    pub(crate) sets: Vec<Set>,
    /// Whether it matches wherever one of the words of its only set stands.
    pub(crate) exact: bool,
}

/// The alternatives of a pattern; those that need no rare words are one.
pub(crate) fn of(hir: &Hir, too_often: f64) -> Vec<Alternative> {
    let mut found = Vec::new();
    let mut open = Vec::new();
    for hir in split(hir) {
        let mut sets = required(&hir);
        sets.retain(|set| set.often <= too_often);
        if sets.is_empty() {
            open.push(hir);
            continue;
        }
        let exact = words(&hir).is_some_and(|words| words.iter().all(is_normal));
        found.push(Alternative { hir, sets, exact });
    }
    if !open.is_empty() {
        found.push(Alternative { hir: Hir::alternation(open), sets: Vec::new(), exact: false });
    }
    found
}

/// A choice of words is one alternative.
fn split(hir: &Hir) -> Vec<Hir> {
    match hir.kind() {
        HirKind::Capture(capture) => split(&capture.sub),
        HirKind::Alternation(parts) => {
            let (choices, others): (Vec<&Hir>, Vec<&Hir>) = parts.iter().partition(|part| is_choice_of_words(part));
            let choices = Some(choices).filter(|choices| !choices.is_empty());
            let choices = choices.map(|choices| Hir::alternation(choices.into_iter().cloned().collect()));
            choices.into_iter().chain(others.into_iter().flat_map(split)).collect()
        }
        HirKind::Concat(parts) => {
            let Some(at) = parts.iter().position(|part| is_alternation(part) && !is_choice_of_words(part)) else {
                return vec![hir.clone()];
            };
            let with = |choice: Hir| {
                let before = parts[..at].iter().cloned();
                Hir::concat(before.chain([choice]).chain(parts[at + 1..].iter().cloned()).collect())
            };
            split(&parts[at]).into_iter().map(with).collect()
        }
        _ => vec![hir.clone()],
    }
}

fn is_alternation(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Capture(capture) => is_alternation(&capture.sub),
        kind => matches!(kind, HirKind::Alternation(_)),
    }
}

fn is_choice_of_words(hir: &Hir) -> bool {
    words(hir).is_some()
}

/// Whether a word may stand in the normalised text as it is.
fn is_normal(word: &String) -> bool {
    !word.contains(char::is_whitespace) && *word == word.to_ascii_lowercase()
}
