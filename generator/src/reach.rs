//! Records of a difficulty that was asked for: drawn again until they have it.
//!
//! What makes a document hard is known only when it is finished, so there is no way to draw one that is. A record stays a pure
//! function of its index: its tries are numbered, and their number is bounded.

use std::collections::{BTreeMap, BTreeSet};

use owabi_corpora::Record;

use crate::config::ConfigError;
use crate::difficulty::difficulty;
use crate::draw::Key;
use crate::generator::Generator;
use crate::kind::Kind;
use crate::plan::Plan;

/// How many documents of a kind are made to see which difficulties it reaches.
const PROBES: u64 = 100;
/// How many of them must have a difficulty: what is rarer would take too many tries.
const FEW: usize = 3;
/// How many tries a record has before it takes the document that is known to have its difficulty.
const TRIES: u64 = 1_000;

/// A difficulty that a kind reaches, and the key of a document that did.
pub(crate) struct Reached {
    kind: Kind,
    level: u8,
    witness: Key,
}

impl Generator {
    /// Which of the wanted kinds reach which of the wanted difficulties. Kinds that reach none are left out, unless they were asked
    /// for by name.
    pub(crate) fn reach(&self) -> Result<(Vec<Kind>, Vec<Reached>), ConfigError> {
        let wanted: BTreeSet<u8> = self.config().difficulties.iter().copied().collect();
        let (mut kinds, mut reached, mut seen_of_any) = (Vec::new(), Vec::new(), BTreeSet::new());
        for kind in self.wanted().iter().copied() {
            let mut counted: BTreeMap<u8, usize> = BTreeMap::new();
            for probe in 0..PROBES {
                let key = self.key(probe).probe(kind.id());
                let plan = self.plan_of(kind, &key);
                let level = difficulty(&self.make(&plan, self.drawn(&plan, &key), &key, probe));
                let count = counted.entry(level).or_default();
                *count += 1;
                if *count == FEW && wanted.contains(&level) {
                    reached.push(Reached { kind, level, witness: key });
                }
                if wanted.iter().all(|level| counted.get(level) >= Some(&FEW)) {
                    break;
                }
            }
            let seen: BTreeSet<u8> = counted.into_iter().filter(|(_, count)| *count >= FEW).map(|(level, _)| level).collect();
            if !wanted.is_disjoint(&seen) {
                kinds.push(kind);
            } else if !self.config().kinds.is_empty() {
                return Err(ConfigError::Refused(format!(
                    "hardly any document of the kind `{kind}` has difficulty {}; they have {}",
                    listed(&wanted),
                    listed(&seen)
                )));
            }
            seen_of_any.extend(seen);
        }
        match kinds.is_empty() {
            true => Err(ConfigError::Refused(format!("no kind has difficulty {}; there are {}", listed(&wanted), listed(&seen_of_any)))),
            false => Ok((kinds, reached)),
        }
    }

    /// Draws a difficulty of those that the record's kind reaches, then tries until a document has it. `None` when none is asked for.
    pub(crate) fn reaching(&self, index: u64, reached: &[Reached]) -> Option<(Plan, Key, Record)> {
        if reached.is_empty() {
            return None;
        }
        let own = self.key(index);
        let kind = self.plan(&own).kind;
        let levels: Vec<&Reached> = reached.iter().filter(|reached| reached.kind == kind).collect();
        let wanted = *own.stage("difficulty").pick(&levels);
        for attempt in 0..TRIES {
            let key = own.attempt(attempt);
            let plan = self.plan_of(kind, &key);
            let record = self.make(&plan, self.drawn(&plan, &key), &key, index);
            if difficulty(&record) == wanted.level {
                return Some((plan, key, record));
            }
        }
        // What is so rare is told again rather than not at all.
        let key = wanted.witness.clone();
        let plan = self.plan_of(kind, &key);
        let record = self.make(&plan, self.drawn(&plan, &key), &key, index);
        Some((plan, key, record))
    }
}

fn listed(levels: &BTreeSet<u8>) -> String {
    levels.iter().map(u8::to_string).collect::<Vec<_>>().join(", ")
}
