//! Who holds the data, as far as the duty to report depends on it: a kind of holder, and whose law it is under.

use std::sync::LazyLock;

use owabi_corpora::Labels;
use owabi_corpora::reportability::Holder;
use owabi_corpora::vocabulary::{Jurisdiction, PartyRole, Sector};
use serde::Deserialize;

use crate::gates::Gates;
use crate::patterns::{self, Pattern};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Patterns {
    abroad: Pattern,
    like_private: Pattern,
    private: Pattern,
    local: Pattern,
    national: Pattern,
    japan: Pattern,
    abroad_text: Pattern,
}

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| patterns::table("holders"));

/// Tells the holder by the names of the breached parties, else by the authorities and the text.
pub(crate) fn find(labels: &Labels, gates: &Gates<'_>) -> Holder {
    let names = |wanted: PartyRole| labels.parties.iter().flatten().filter(move |party| party.role == wanted).map(|party| &party.name);
    let breached = || names(PartyRole::Breached);
    if gates.open(&PATTERNS.abroad) && breached().any(|name| PATTERNS.abroad.is_match(name)) {
        return Holder { sector: None, jurisdiction: Jurisdiction::Other };
    }
    let sectors: Vec<Option<Sector>> = breached().map(|name| sector(name)).collect();
    // Foreign agencies are translated by names like those of Japanese ministries; companies, towns and police forces are not.
    let native = |sector: &Option<Sector>| matches!(sector, Some(Sector::Private | Sector::Local));
    let authority = names(PartyRole::Regulator).chain(names(PartyRole::Police)).any(|name| PATTERNS.japan.is_match(name));
    let jurisdiction = match () {
        _ if authority || sectors.iter().any(native) => Jurisdiction::Japan,
        _ if gates.anywhere(&PATTERNS.abroad_text) => return Holder { sector: None, jurisdiction: Jurisdiction::Other },
        _ if sectors.iter().any(Option::is_some) => Jurisdiction::Japan,
        _ => Jurisdiction::Unknown,
    };
    // Of several holders of different kinds none speaks for all.
    let first = sectors.first().copied().flatten();
    Holder { sector: first.filter(|_| sectors.iter().all(|sector| *sector == first)), jurisdiction }
}

fn sector(name: &str) -> Option<Sector> {
    let patterns = &*PATTERNS;
    [
        (&patterns.like_private, Sector::Private),
        (&patterns.private, Sector::Private),
        (&patterns.local, Sector::Local),
        (&patterns.national, Sector::National),
    ]
    .into_iter()
    .find(|(pattern, _)| pattern.is_match(name))
    .map(|(_, sector)| sector)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_the_kind_of_holder() {
        for (name, expected) in [
            ("株式会社みなと商会", Some(Sector::Private)),
            ("一般財団法人青柳市国際交流協会", Some(Sector::Private)),
            ("国立大学法人ささら大学", Some(Sector::Private)),
            ("青柳市立病院", Some(Sector::Private)),
            ("国立研究開発法人みどり研究機構", Some(Sector::Private)),
            ("鵯沢市", Some(Sector::Local)),
            ("青柳県教育委員会", Some(Sector::Local)),
            ("青柳市立ひばり小学校", Some(Sector::Local)),
            ("みどり県庁", Some(Sector::Local)),
            ("厚生労働省", Some(Sector::National)),
            ("青柳労働局", Some(Sector::National)),
            ("独立行政法人みどり機構", Some(Sector::National)),
            ("みどり屋", None),
        ] {
            assert_eq!(sector(name), expected, "{name}");
        }
    }
}
