//! The patterns of `data/values.toml` with their parts put in.

use std::collections::BTreeMap;

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
