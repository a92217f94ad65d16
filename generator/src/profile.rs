//! Named profiles of priors: one file of `data/profiles/` each.
//!
//! A profile gives shares to some kinds, causes and sectors, each with the survey that they come from. What it does not name
//! keeps its own weight and shares the rest.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::config::ConfigError;
use crate::data;

/// Parts of the whole that a [`Share`] is told in.
const WHOLE: u64 = 1000;
/// Parts of a [`Share`]'s thousandth that weights are rounded to.
const PRECISION: u64 = 1 << 20;

/// A named profile of priors.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// The id used in flags and files.
    pub id: String,
    /// What it imitates, in a few words.
    pub about: String,
    /// How many of the documents are of which kinds.
    #[serde(default, rename = "kind")]
    pub kinds: Vec<Share>,
    /// How many of the incidents have which causes.
    #[serde(default, rename = "cause")]
    pub causes: Vec<Share>,
    /// How many of the organisations are in which lines of business.
    #[serde(default, rename = "sector")]
    pub sectors: Vec<Share>,
    /// How many people incidents touch.
    pub sizes: Option<Sizes>,
    /// How many incidents are told without a total.
    pub uncounted: Option<Percentage>,
    /// How many incidents are told with something that did not leak.
    pub denials: Option<Percentage>,
    /// How many releases stand in an archive of releases, as its keeper copied them.
    pub archived: Option<Archived>,
}

/// What some have together; among themselves they keep their own weights.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Share {
    /// Kinds, causes or sectors.
    #[serde(default)]
    pub ids: Vec<String>,
    /// Instead of the ids: sectors with one of these flags.
    #[serde(default)]
    pub flags: Vec<String>,
    /// Thousandths.
    pub share: u64,
    /// The survey and its figure, or the reason.
    pub from: String,
}

/// How many releases an archive holds, and what its keeper left out of their copies, each of a hundred.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Archived {
    /// Releases in an archive.
    pub percent: u64,
    /// Of these, copies without letterhead and date line.
    pub headless: u64,
    /// … without the address of the help desk.
    pub contactless: u64,
    /// … without the title, which the archive's own head has.
    pub titleless: u64,
    /// The survey and its figure, or the reason.
    pub from: String,
}

/// How often incidents have a size.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sizes {
    /// Under 100, 1,000, 10,000, 100,000, and above: factors of the cause's own weights.
    pub weights: [u64; 5],
    /// The survey and its figure, or the reason.
    pub from: String,
}

/// How often something is so.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Percentage {
    /// Hundredths.
    pub percent: u64,
    /// The survey and its figure, or the reason.
    pub from: String,
}

/// Every profile; the first is the default.
pub fn profiles() -> &'static [Profile] {
    &PROFILES
}

impl Profile {
    /// The profile of an id; the error lists the valid ones.
    pub fn from_id(id: &str) -> Result<&'static Profile, ConfigError> {
        profiles().iter().find(|profile| profile.id == id).ok_or_else(|| ConfigError::Unknown {
            what: "profile",
            given: id.to_owned(),
            valid: profiles().iter().map(|profile| profile.id.as_str()).collect(),
        })
    }

    /// Every figure with where it comes from, in the order of the file.
    pub fn figures(&self) -> Vec<(String, &str)> {
        let thousandths = |share: u64| format!("{}.{} %", share / 10, share % 10);
        let mut figures = Vec::new();
        for (what, shares) in [("kinds", &self.kinds), ("causes", &self.causes), ("sectors", &self.sectors)] {
            for share in shares {
                let named = if share.flags.is_empty() { share.ids.join(", ") } else { format!("marked {}", share.flags.join(", ")) };
                figures.push((format!("{what} {named}: {}", thousandths(share.share)), share.from.as_str()));
            }
        }
        if let Some(Sizes { weights, from }) = &self.sizes {
            let weights: Vec<String> = weights.iter().map(u64::to_string).collect();
            figures.push((format!("sizes (<100, <1,000, <10,000, <100,000, above) times {}", weights.join(", ")), from));
        }
        let percentages = [("told without a total", &self.uncounted), ("told with a denial", &self.denials)];
        for (what, percentage) in percentages {
            if let Some(Percentage { percent, from }) = percentage {
                figures.push((format!("{what}: {percent} %"), from));
            }
        }
        if let Some(Archived { percent, headless, contactless, titleless, from }) = &self.archived {
            let left_out =
                format!("{headless} % of these without letterhead, {contactless} % without help desk, {titleless} % without title");
            figures.push((format!("copied into an archive: {percent} %, {left_out}"), from));
        }
        figures
    }
}

impl Share {
    fn names(&self, id: &str, flags: &[String]) -> bool {
        self.ids.iter().any(|known| known == id) || self.flags.iter().any(|flag| flags.contains(flag))
    }
}

/// The weights of `items` under `shares`: the named ones have their shares together, the others what is left. A group without an
/// item drops out; `None` where all items are left out.
///
/// Own weights are below 2^32, and so are the results.
pub(crate) fn weights<T>(items: &[T], shares: &[Share], id: impl Fn(&T) -> (&str, &[String]), own: impl Fn(&T) -> u64) -> Option<Vec<u64>> {
    let groups: Vec<usize> = items
        .iter()
        .map(|item| {
            let (id, flags) = id(item);
            shares.iter().position(|share| share.names(id, flags)).unwrap_or(shares.len())
        })
        .collect();
    let rest = WHOLE.saturating_sub(shares.iter().map(|share| share.share).sum());
    let mut sums = vec![0u64; shares.len() + 1];
    items.iter().zip(&groups).for_each(|(item, group)| sums[*group] += own(item));
    let weight = |(item, group): (&T, &usize)| {
        let share = shares.get(*group).map_or(rest, |share| share.share);
        (share * own(item) * PRECISION).checked_div(sums[*group]).unwrap_or(0)
    };
    let weights: Vec<u64> = items.iter().zip(&groups).map(weight).collect();
    weights.iter().any(|weight| *weight > 0).then_some(weights)
}

static PROFILES: LazyLock<Vec<Profile>> = LazyLock::new(|| {
    [
        ("sources", include_str!("../data/profiles/sources.toml")),
        ("listed_company", include_str!("../data/profiles/listed_company.toml")),
        ("privacy_mark", include_str!("../data/profiles/privacy_mark.toml")),
        ("public_sector", include_str!("../data/profiles/public_sector.toml")),
    ]
    .into_iter()
    .map(|(name, text)| data::toml(&format!("profiles/{name}.toml"), text))
    .collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    fn share(ids: &[&str], share: u64) -> Share {
        Share { ids: ids.iter().map(|id| (*id).to_owned()).collect(), flags: Vec::new(), share, from: String::new() }
    }

    fn of(items: &[(&str, u64)], shares: &[Share]) -> Option<Vec<u64>> {
        weights(items, shares, |(id, _)| (id, &[]), |(_, own)| *own)
    }

    #[test]
    fn the_named_have_their_share_and_the_others_the_rest() {
        // 60 % for a and b as 1 to 2, 40 % for c and d as 3 to 1: 0.2, 0.4, 0.3, 0.1.
        let weights = of(&[("a", 1), ("b", 2), ("c", 3), ("d", 1)], &[share(&["a", "b", "z"], 600)]).unwrap();
        let whole: u64 = weights.iter().sum();
        assert_eq!(weights.iter().map(|weight| (weight * 10 + whole / 2) / whole).collect::<Vec<_>>(), [2, 4, 3, 1]);
    }

    #[test]
    fn a_share_of_nothing_leaves_out() {
        let none = [share(&["a"], 0)];
        assert_eq!(of(&[("a", 5), ("b", 1)], &none).unwrap()[0], 0);
        assert_eq!(of(&[("a", 5)], &none), None);
    }
}
