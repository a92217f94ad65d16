//! The patterns of `data/values.toml`: their parts are put in, and what every match holds is read off them by the build script. What is read off
//! a pattern needs no list of all surnames.

use std::collections::BTreeMap;

#[allow(unused_imports, reason = "the build script asks")]
use regex_syntax::hir::{Hir, HirKind};

/// A committed pattern with its parts put in. Parts may hold parts.
pub(crate) fn fill(pattern: &str, parts: &BTreeMap<String, String>) -> String {
    let mut whole = String::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        whole.push_str(before);
        match after.split_once('}').and_then(|(name, after)| Some((parts.get(name)?, after))) {
            Some((part, after)) => {
                whole.push_str(&fill(part, parts));
                rest = after;
            }
            // A count: 「{1,3}」.
            None => {
                whole.push('{');
                rest = after;
            }
        }
    }
    whole + rest
}

/// Whether each match of a pattern holds the part `surname` or the part `spaced`.
#[allow(dead_code, reason = "the build script asks")]
pub(crate) fn holds_a_name(pattern: &str, parts: &BTreeMap<String, String>) -> bool {
    fn holds(hir: &Hir) -> bool {
        match hir.kind() {
            HirKind::Literal(literal) => literal.0.windows(NAME.len()).any(|part| part == NAME.as_bytes()),
            HirKind::Repetition(repetition) => repetition.min > 0 && holds(&repetition.sub),
            HirKind::Capture(capture) => holds(&capture.sub),
            HirKind::Concat(parts) => parts.iter().any(holds),
            HirKind::Alternation(parts) => parts.iter().all(holds),
            HirKind::Empty | HirKind::Look(_) | HirKind::Class(_) => false,
        }
    }
    let mut parts = parts.clone();
    for name in ["surname", "spaced"] {
        parts.insert(name.to_owned(), NAME.to_owned());
    }
    regex_syntax::parse(&fill(pattern, &parts)).is_ok_and(|hir| holds(&hir))
}

/// Stands for either part.
const NAME: &str = "surname or spaced";
