//! People whom a document names although nothing of theirs leaked, or to whom it is written: `use` is `named`.

use std::sync::LazyLock;

use owabi_corpora::Category;
use owabi_corpora::markup::Fact;
use owabi_corpora::vocabulary::Use;
use serde::Deserialize;

use crate::data::{self, Sector};
use crate::draft::Draft;
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

/// For each line of business, the offices of those who sign for it.
static TITLES: LazyLock<Vec<&[String]>> = LazyLock::new(|| {
    let titles = |line: &Sector| {
        let fits = |of: &String| *of == "*" || *of == line.id || line.flags.contains(of);
        TABLE.signer.iter().find(|row| row.of.iter().any(fits)).map(|row| row.titles.as_slice()).unwrap_or_default()
    };
    data::sectors().iter().map(titles).collect()
});

static NAME: LazyLock<Category> = LazyLock::new(|| data::category("name"));

/// Who signs a document, and the one person to whom a letter goes. All are invented.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct People {
    /// The signatory's office.
    pub title: &'static str,
    /// The signatory.
    pub signer: Name,
    /// To whom a letter to one person goes.
    pub addressee: Name,
    honorific: &'static str,
}

impl People {
    pub(crate) fn draw(organisation: &Organisation, draw: &mut Draw) -> People {
        let titles = TITLES[organisation.line.index()];
        let title = if titles.is_empty() { "" } else { draw.pick(titles).as_str() };
        let (signer, addressee) = (Name::draw(draw), Name::draw(draw));
        People { title, signer, addressee, honorific: draw.pick(&TABLE.honorific).as_str() }
    }

    /// Writes title and name; the title alone where no values are shown.
    pub(crate) fn sign(&self, shown: bool, out: &mut Draft) {
        out.text.push_str(self.title);
        if shown {
            out.text.push_str(&TABLE.gap);
            mark(&self.signer, out);
        }
    }

    /// Writes the addressee with an honorific; `otherwise` where no values are shown.
    pub(crate) fn address(&self, shown: bool, otherwise: &str, out: &mut Draft) {
        if shown {
            mark(&self.addressee, out);
            out.text.push_str(self.honorific);
        } else {
            out.text.push_str(otherwise);
        }
    }
}

fn mark(name: &Name, out: &mut Draft) {
    out.mark(&name.written, Fact::Value { kind: *NAME, usage: Use::Named, well_formed: true });
}
