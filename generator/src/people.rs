//! People whom a document names although nothing of theirs leaked, or to whom it is written: `use` is `named`.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::data;
use crate::draw::Draw;
use crate::facts::Organisation;
use crate::values::Name;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    /// After a title.
    gap: String,
    /// After an addressee's name.
    honorific: Vec<String>,
    signer: Vec<Signer>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Signer {
    /// Sectors or flags; `*` for all.
    of: Vec<String>,
    titles: Vec<String>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| data::toml("people.toml", include_str!("../data/people.toml")));

/// Who signs a document, and the one person to whom a letter goes. All are invented.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct People {
    /// The signatory's office.
    pub title: String,
    /// The signatory.
    pub signer: Name,
    /// To whom a letter to one person goes.
    pub addressee: Name,
    honorific: String,
}

impl People {
    pub(crate) fn draw(organisation: &Organisation, draw: &mut Draw) -> People {
        let fits = |of: &String| of == "*" || *of == organisation.sector || organisation.flags.contains(of);
        let titles = TABLE.signer.iter().find(|row| row.of.iter().any(fits)).map(|row| row.titles.as_slice()).unwrap_or_default();
        let title = if titles.is_empty() { String::new() } else { draw.pick(titles).clone() };
        let (signer, addressee) = (Name::draw(draw), Name::draw(draw));
        People { title, signer, addressee, honorific: draw.pick(&TABLE.honorific).clone() }
    }

    /// Title and name, with its mark; the title alone where no values are shown.
    pub(crate) fn signed(&self, shown: bool) -> String {
        if shown { format!("{}{}{}", self.title, TABLE.gap, mark(&self.signer)) } else { self.title.clone() }
    }

    /// The addressee with an honorific; `otherwise` where no values are shown.
    pub(crate) fn addressed(&self, shown: bool, otherwise: &str) -> String {
        if shown { format!("{}{}", mark(&self.addressee), self.honorific) } else { otherwise.to_owned() }
    }
}

fn mark(name: &Name) -> String {
    format!("⟦{}|value:name:named⟧", name.written)
}
