//! `value_shown`: 「電話番号」 becomes 「電話番号(03-1…)」. A notice that mentions personal data becomes a document that holds some.

use std::sync::LazyLock;

use owabi_corpora::edits::Edit;
use owabi_corpora::record::{Labels, Record, ValueLabel};
use owabi_corpora::vocabulary::{Status, Use, ValueMode};
use owabi_corpora::{Category, Span};
use serde::Deserialize;

use super::marks::Mentions;
use super::{Change, order};
use crate::config::Config;
use crate::draw::Draw;
use crate::values::{House, Name};
use crate::{data, values};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    line: Vec<String>,
    sentence: Vec<String>,
    closing: String,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| data::toml("perturb/shown.toml", include_str!("../../data/perturb/shown.toml")));

/// Behind one mention of something that leaked, and of whose kind a value can be made that nobody holds.
pub(super) fn change(record: &Record, draw: &mut Draw) -> Option<Change> {
    // A My Number with a right check digit could be somebody's: none is made here.
    let value_mode = record.provenance.as_ref().map_or(ValueMode::Reserved, |provenance| provenance.value_mode);
    let config = Config { value_mode, ..Config::default() };
    let mentions = Mentions::of(record);
    let mut fitting: Vec<(Category, Span)> = Vec::new();
    for item in record.labels.data.iter().flatten().filter(|item| values::can_show(item.category, &config)) {
        let leaked = item.spans.iter().filter(|mention| mention.status.unwrap_or(item.status) != Status::Denied);
        fitting.extend(leaked.map(|mention| (item.category, mention.span())));
    }
    // Inside of another label the value would become part of it; in running prose nobody would put one.
    fitting.retain(|(_, span)| mentions.inside(span.end).next().is_none() && is_listed(&record.text, span.end));
    if fitting.is_empty() {
        return None;
    }
    let (kind, span) = *draw.pick(&fitting);
    let (name, house) = (Name::draw(draw), House::draw(draw));
    let shown = values::row(&name, &[kind], value_mode, house, draw).pop()?;
    let around = draw.pick(if ends_line(&record.text, span.end) { &TABLE.line } else { &TABLE.sentence });
    let (before, after) = around.split_once("{v}")?;
    let before = format!("{before}{}", shown.before);
    let place = Span::new(before.len(), before.len() + shown.surface.len());
    let label = ValueLabel::new(kind, Use::Exhibit, shown.well_formed, vec![place.into()]);
    let labels = Labels { values: Some(vec![label]), ..Labels::default() };
    let edit = Edit { labels: Some(Box::new(labels)), ..Edit::new(span.end..span.end, format!("{before}{}{after}", shown.surface)) };
    Change::of(vec![edit])
}

fn ends_line(text: &str, at: usize) -> bool {
    text.get(at..).is_some_and(|rest| rest.is_empty() || rest.starts_with(['\n', '\r']))
}

/// Whether a mention that ends here is an item of a list.
fn is_listed(text: &str, at: usize) -> bool {
    let followed = |rest: &str| {
        rest.starts_with(|c| TABLE.closing.contains(c)) || order::separators().iter().any(|sign| rest.starts_with(sign.as_str()))
    };
    ends_line(text, at) || text.get(at..).is_some_and(followed)
}
