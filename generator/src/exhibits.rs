//! Rows of leaked data as documents show them: tables, lists, a mail's head, lines of a log. What they look like stands in
//! `data/exhibits.toml`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use owabi_corpora::Category;
use owabi_corpora::vocabulary::ValueMode;
use serde::Deserialize;

use crate::data::{self, Scenario};
use crate::draw::Draw;
use crate::facts::Group;
use crate::values::{self, Shown};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    more: Vec<More>,
    layout: Vec<Layout>,
    forms: Forms,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct More {
    scenario: Scenario,
    kinds: Vec<Category>,
}

/// How values of some kinds are written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Forms {
    pub(crate) birth: Vec<String>,
    pub(crate) address: Vec<String>,
    pub(crate) sandbox_cards: Vec<String>,
}

/// How rows are laid out.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Layout {
    id: String,
    weight: u64,
    #[serde(default)]
    needs: Vec<Category>,
    #[serde(default)]
    head: String,
    #[serde(default)]
    rule: String,
    #[serde(default)]
    edge: String,
    cell: String,
    between: String,
    /// What parts one row from the next.
    #[serde(default = "line_break")]
    record: String,
    #[serde(default)]
    first: String,
    #[serde(default)]
    second: String,
    #[serde(default)]
    prefix: String,
}

fn line_break() -> String {
    "\n".to_owned()
}

static TABLE: LazyLock<Table> = LazyLock::new(|| data::toml("exhibits.toml", include_str!("../data/exhibits.toml")));

/// How values of some kinds are written.
pub(crate) fn forms() -> &'static Forms {
    &TABLE.forms
}

/// The widest row that a document shows.
const WIDEST: usize = 6;

/// Leaked rows that a document shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exhibit {
    /// One list of values a person, each in the order of the columns.
    pub rows: Vec<Vec<Shown>>,
    layout: Layout,
    /// Times of day, one a row.
    times: Vec<String>,
}

impl Exhibit {
    /// Draws rows of what the first group's data hold, and of one or two kinds more, which are then said to have leaked as well.
    pub(crate) fn draw(scenario: Scenario, groups: &mut [Group], denied: &[Category], mode: ValueMode, draw: &mut Draw) -> Option<Exhibit> {
        let more = TABLE.more.iter().find(|more| more.scenario == scenario)?;
        let taken = |kind: &Category| {
            denied.contains(kind) || groups.iter().any(|group| group.categories.contains(kind) || group.denied.contains(kind))
        };
        let mut further: Vec<Category> = more.kinds.iter().copied().filter(|kind| values::can_show(*kind, mode) && !taken(kind)).collect();
        let group = groups.first_mut()?;
        for _ in 0..draw.between(1, 2).min(further.len() as u64) {
            group.categories.push(further.remove(draw.below(further.len() as u64) as usize));
        }
        let mut columns: Vec<Category> = group.categories.iter().copied().filter(|kind| values::can_show(*kind, mode)).collect();
        // The last are the ones that were added.
        while columns.len() > WIDEST {
            columns.remove(1 + draw.below(WIDEST as u64 - 1) as usize);
        }
        let fits =
            |layout: &&Layout| layout.needs.iter().all(|kind| columns.contains(kind)) && (columns.len() > 1 || layout.head.is_empty());
        let layouts: Vec<&Layout> = TABLE.layout.iter().filter(fits).collect();
        let layout = (*draw.weighted(&layouts, |layout| layout.weight)).clone();
        let rows: Vec<Vec<Shown>> = (0..draw.between(2, 5)).map(|_| values::person(&columns, mode, draw)).collect();
        let times = rows.iter().map(|_| format!("{:02}:{:02}:{:02}", draw.below(24), draw.below(60), draw.below(60))).collect();
        Some(Exhibit { rows, layout, times })
    }

    /// The rows with their marks. `head` gives a kind's name with its mark.
    pub(crate) fn marked(&self, head: &dyn Fn(Category) -> String) -> String {
        let layout = &self.layout;
        let line = |cells: Vec<String>| format!("{}{}{}", layout.edge, cells.join(&layout.between), layout.edge);
        if !layout.first.is_empty() {
            let fill = |template: &str, row: usize| {
                let cells: BTreeMap<&str, String> = self.rows[row].iter().map(|shown| (shown.kind.id(), mark(shown))).collect();
                let filled = cells.iter().fold(template.to_owned(), |text, (id, cell)| text.replace(&format!("{{{id}}}"), cell));
                filled.replace("{time}", &self.times[row])
            };
            let further: Vec<String> = (2..self.rows.len()).map(|row| fill(&layout.cell, row)).collect();
            let mut lines = vec![fill(&layout.first, 0), fill(&layout.second, 1)];
            if !further.is_empty() {
                lines.push(format!("{}{}", layout.prefix, further.join(&layout.between)));
            }
            return lines.join("\n");
        }
        let mut lines = Vec::new();
        if !layout.head.is_empty() {
            lines.push(line(self.rows[0].iter().map(|shown| layout.head.replace("{h}", &head(shown.kind))).collect()));
        }
        if !layout.rule.is_empty() {
            lines.push(line(self.rows[0].iter().map(|_| layout.rule.clone()).collect()));
        }
        let cell = |shown: &Shown| layout.cell.replace("{h}", &head(shown.kind)).replace("{v}", &mark(shown));
        lines.extend(self.rows.iter().map(|row| line(row.iter().map(cell).collect())));
        lines.join(&layout.record)
    }
}

fn mark(shown: &Shown) -> String {
    let form = if shown.well_formed { "" } else { ":malformed" };
    format!("⟦{}|value:{}:exhibit{form}⟧", shown.surface, shown.kind)
}
