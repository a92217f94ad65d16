//! The labels of documents as a table, one row each: for spreadsheets and for models that read whole documents.
//!
//! Several ids in a cell are parted by `;`, names of parties by ` / `. An empty cell was not annotated, `none` was annotated as
//! none. No cell can be a formula ([`owabi_corpora::csv::harmless`]).

use std::io::{self, Write};

use owabi_corpora::Record;
use owabi_corpora::csv::Table;
use owabi_corpora::vocabulary::{DateRole, PartyRole, Status};

use crate::document_labels::{categories, causes};

const FIRST: [&str; 11] =
    ["id", "split", "kind", "characters", "genre", "exposure", "via_vendor", "primary_cause", "causes", "confirmed", "possible"];
const SECOND: [&str; 5] = ["denied", "values", "total", "total_unit", "total_bound"];

/// The names of the columns.
pub(crate) fn head(out: &mut dyn Write) -> io::Result<()> {
    let named = FIRST.into_iter().chain(SECOND).map(str::to_owned);
    let dates = DateRole::all().map(|role| role.id().to_owned());
    let parties = PartyRole::all().map(|role| role.id().to_owned());
    line(named.chain(dates).chain(parties).collect(), out)
}

/// A document's row.
pub(crate) fn row(record: &Record, out: &mut dyn Write) -> io::Result<()> {
    let labels = &record.labels;
    let provenance = record.provenance.as_ref();
    let ids = |ids: Option<Vec<&'static str>>| ids.map_or_else(String::new, |ids| joined(ids.into_iter().map(str::to_owned), ";"));
    let text = |value: Option<String>| value.unwrap_or_default();
    let primary = labels.causes.as_ref().map(|_| labels.primary_cause().map_or("none", |cause| cause.id()).to_owned());
    let values = labels.values.as_ref().map(|values| values.iter().map(|item| item.kind.id()).collect());
    let total = labels.counts.as_ref().map(|_| labels.total());
    let of_total = |tell: &dyn Fn(&owabi_corpora::record::CountLabel) -> String| match total {
        None => String::new(),
        Some(None) => "none".to_owned(),
        Some(Some(total)) => tell(total),
    };
    let mut cells = vec![
        record.id.clone(),
        text(provenance.map(|provenance| provenance.split.to_string())),
        text(provenance.map(|provenance| provenance.kind.clone())),
        record.text.chars().count().to_string(),
        text(labels.genre.map(|genre| genre.to_string())),
        text(labels.exposure.map(|exposure| exposure.to_string())),
        text(labels.via_vendor.map(|via| via.to_string())),
        text(primary),
        ids(causes(labels)),
        ids(categories(labels, Status::Confirmed)),
        ids(categories(labels, Status::Possible)),
        ids(categories(labels, Status::Denied)),
        ids(values),
        of_total(&|total| total.value.to_string()),
        of_total(&|total| total.unit.to_string()),
        of_total(&|total| total.bound.to_string()),
    ];
    cells.extend(DateRole::all().map(|role| match &labels.dates {
        None => String::new(),
        Some(dates) => joined(dates.iter().filter(|item| item.role == role).map(|item| item.date.to_string()), ";"),
    }));
    cells.extend(PartyRole::all().map(|role| match &labels.parties {
        None => String::new(),
        Some(parties) => joined(parties.iter().filter(|item| item.role == role).map(|item| item.name.clone()), " / "),
    }));
    line(cells, out)
}

/// The different ones, in their order; `none` for none.
fn joined(items: impl Iterator<Item = String>, by: &str) -> String {
    let mut different: Vec<String> = Vec::new();
    for item in items {
        if !different.contains(&item) {
            different.push(item);
        }
    }
    if different.is_empty() { "none".to_owned() } else { different.join(by) }
}

fn line(cells: Vec<String>, out: &mut dyn Write) -> io::Result<()> {
    let mut table = Table::new(out);
    table.row(&cells)?;
    table.finish().map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;
    use owabi_corpora::markup;

    #[test]
    fn rows_are_as_wide_as_the_head_and_no_cell_is_a_formula() {
        let (text, labels) = markup::parse(
            "⟦甲|party:breached:=HYPERLINK(\"https://example.com\",\"甲\")⟧⟦氏名|name:confirmed⟧⟦2名|count:2:person:about:total⟧",
        )
        .unwrap();
        let mut out = Vec::new();
        head(&mut out).unwrap();
        row(&Record::new("@id", text, labels), &mut out).unwrap();
        row(&Record::new("b", "", Default::default()), &mut out).unwrap();
        let lines: Vec<&str> = std::str::from_utf8(&out).unwrap().lines().collect();
        let columns = lines[0].split(',').count();
        assert_eq!(columns, 31);
        assert_eq!(
            lines[1],
            "'@id,,,5,,,,none,none,name,none,none,none,2,person,about,none,none,none,none,none,none,none,none,none,\
             \"'=HYPERLINK(\"\"https://example.com\"\",\"\"甲\"\")\",none,none,none,none,none"
        );
        assert_eq!(lines[2], format!("b,,,0{}", ",".repeat(columns - 4)));
    }
}
