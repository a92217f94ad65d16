//! Rows of leaked data as documents show them: tables, lists, a mail's head, lines of a log or a dump. What they look like stands
//! in `data/exhibits.toml`, the neutral text between a keyword and its values in `data/filler.toml`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use owabi_corpora::Category;
use owabi_corpora::vocabulary::Split;
use serde::Deserialize;

use crate::config::Config;
use crate::data;
use crate::draw::Draw;
use crate::facts::Group;
use crate::knobs::{Adjacency, Knobs};
use crate::names;
use crate::values::{self, House, Name, Shown};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    order: Vec<Category>,
    single: Vec<String>,
    more: Vec<More>,
    layout: Vec<Layout>,
    keys: BTreeMap<Category, String>,
    beside: Beside,
}

/// What a table may show besides what leaked anyway.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct More {
    with: Vec<Category>,
    kinds: Vec<Category>,
}

/// How rows are laid out; the file says what the fields mean.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Layout {
    id: String,
    weight: u64,
    #[serde(default)]
    needs: Vec<Category>,
    #[serde(default)]
    open: String,
    #[serde(default)]
    head: String,
    #[serde(default)]
    rule: String,
    #[serde(default)]
    first: String,
    #[serde(default)]
    lead: String,
    #[serde(default = "cells")]
    row: String,
    #[serde(default)]
    cell: String,
    #[serde(default)]
    between: String,
    #[serde(default = "line_break")]
    record: String,
    #[serde(default)]
    close: String,
}

fn cells() -> String {
    CELLS.to_owned()
}

fn line_break() -> String {
    "\n".to_owned()
}

const CELLS: &str = "{cells}";

/// What stands beside a value, by adjacency: before and after.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Beside {
    kanji: Vec<[String; 2]>,
    space: Vec<[String; 2]>,
    punct: Vec<[String; 2]>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Filler {
    short: Vec<String>,
    rule: char,
    train: Vec<String>,
    validation: Vec<String>,
    test: Vec<String>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| data::toml("exhibits.toml", include_str!("../data/exhibits.toml")));
static FILLER: LazyLock<Filler> = LazyLock::new(|| data::toml("filler.toml", include_str!("../data/filler.toml")));

/// The widest row that a document shows.
const WIDEST: usize = 6;
/// How often a row is drawn again to differ from those before: some kinds have few values (ten social security numbers).
const PATIENCE: usize = 20;

/// Leaked rows that a document shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exhibit {
    /// One list of values a person, each in the order of the columns.
    pub rows: Vec<Vec<Shown>>,
    form: Form,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Form {
    /// A table, a list, a log; `times` are times of day, one a row.
    Rows { layout: &'static Layout, times: Vec<String> },
    /// One keyword, and at a distance from it the values of the one kind that it names.
    Placed {
        /// From the keyword to the first value.
        filler: String,
        /// What stands before each further value, and after each.
        beside: [String; 2],
    },
}

impl Exhibit {
    /// Draws rows of what the first group's data hold, and of one or two kinds more, which are then said to have leaked as well.
    /// `addressee` is whom the document is written to.
    pub(crate) fn draw(
        kind: &str,
        groups: &mut [Group],
        denied: &[Category],
        addressee: &Name,
        config: &Config,
        knobs: &Knobs,
        draw: &mut Draw,
    ) -> Option<Exhibit> {
        let further = further(groups, denied, config);
        let group = groups.first_mut()?;
        let shown = |group: &Group| group.categories.iter().copied().filter(|kind| values::can_show(*kind, config)).collect();
        let before: Vec<Category> = shown(group);
        for _ in 0..draw.between(u64::from(before.is_empty()), 2) {
            let left: Vec<Category> = further.iter().copied().filter(|kind| !group.categories.contains(kind)).collect();
            if !left.is_empty() {
                group.categories.push(*draw.pick(&left));
            }
        }
        let mut columns: Vec<Category> = shown(group);
        let at = |kind: &Category| TABLE.order.iter().position(|other| other == kind).unwrap_or(TABLE.order.len());
        columns.sort_by_key(at);
        while columns.len() > WIDEST {
            columns.remove(1 + draw.below(WIDEST as u64 - 1) as usize);
        }
        if columns.is_empty() {
            return None;
        }
        // A letter to one person shows that person's own.
        let single = TABLE.single.iter().any(|id| id == kind);
        let few = if single { 1 } else { draw.between(2, 5).min(group.count.max(1)) };
        let count = knobs.instances.map_or(few, u64::from);
        let form = if knobs.are_placed() {
            if knobs.keyword_distance == Some(0) && knobs.adjacency == Some(Adjacency::Kanji) {
                columns.retain(ends_in_kanji);
            }
            if columns.is_empty() {
                return None;
            }
            columns = vec![*draw.pick(&columns)];
            placed(config.split, knobs, draw)
        } else {
            let fits =
                |layout: &&Layout| layout.needs.iter().all(|kind| columns.contains(kind)) && (columns.len() > 1 || layout.head.is_empty());
            let layouts: Vec<&'static Layout> = TABLE.layout.iter().filter(fits).collect();
            let layout = *draw.weighted(&layouts, |layout| layout.weight);
            let times = (0..count).map(|_| format!("{:02}:{:02}:{:02}", draw.below(24), draw.below(60), draw.below(60))).collect();
            Form::Rows { layout, times }
        };
        Some(Exhibit { rows: rows(&columns, count, single.then_some(addressee), config, draw), form })
    }

    /// Whether it has to stand at the end of its document, where nothing else names its values.
    pub(crate) fn stands_last(&self) -> bool {
        matches!(self.form, Form::Placed { .. })
    }

    /// The rows with their marks. `head` gives a kind's name with its mark, and `label` the label of that mark.
    pub(crate) fn marked(&self, head: &dyn Fn(Category) -> String, label: &dyn Fn(Category) -> String) -> String {
        match &self.form {
            Form::Rows { layout, times } => self.laid_out(layout, times, head, label),
            Form::Placed { filler, beside: [before, after] } => {
                let lines: Vec<String> = self.rows.iter().flatten().map(|shown| format!("{}{after}", mark(shown))).collect();
                let keyword = self.rows.iter().flatten().next().map(|shown| head(shown.kind)).unwrap_or_default();
                format!("{keyword}{filler}{}", lines.join(&format!("\n{before}")))
            }
        }
    }

    fn laid_out(&self, layout: &Layout, times: &[String], head: &dyn Fn(Category) -> String, label: &dyn Fn(Category) -> String) -> String {
        let key = |kind: Category| TABLE.keys.get(&kind).map(|key| format!("⟦{key}|{}⟧", label(kind))).unwrap_or_default();
        let columns: Vec<Category> = self.rows[0].iter().map(|shown| shown.kind).collect();
        let each = |form: &str| -> String {
            let cells = columns.iter().map(|kind| form.replace("{h}", &head(*kind)).replace("{k}", &key(*kind)));
            cells.collect::<Vec<_>>().join(&layout.between)
        };
        let fill = |template: &str, row: usize| -> String {
            let named = |shown: &&Shown| template.contains(&format!("{{{}}}", shown.kind));
            let cell = |shown: &Shown| {
                let names = layout.cell.replace("{h}", &head(shown.kind)).replace("{k}", &key(shown.kind));
                names.replace("{v}", &format!("{}{}", shown.before, mark(shown)))
            };
            let rest: Vec<String> = self.rows[row].iter().filter(|shown| !named(shown)).map(cell).collect();
            // A line for what is left is none when nothing is left.
            let lines = template.split('\n').filter(|line| !rest.is_empty() || !line.contains(CELLS));
            let mut text = lines.collect::<Vec<_>>().join("\n").replace(CELLS, &rest.join(&layout.between));
            for shown in self.rows[row].iter().filter(named) {
                text = text.replace(&format!("{{{}}}", shown.kind), &mark(shown));
            }
            text.replace("{time}", &times[row]).replace("{n}", &(row + 1).to_string())
        };
        let mut text = layout.open.replace("{heads}", &each(&layout.head)).replace("{rules}", &each(&layout.rule));
        let mut next = 0;
        if !layout.first.is_empty() {
            text.push_str(&fill(&layout.first, 0));
            next = 1;
        }
        if next < self.rows.len() {
            text.push_str(&layout.lead);
            let rows: Vec<String> = (next..self.rows.len()).map(|row| fill(&layout.row, row)).collect();
            text.push_str(&rows.join(&layout.record));
        }
        text + &layout.close
    }
}

/// Whether all words for a kind end in a kanji or kana, as 「会員番号」 does and 「ログインID」 does not.
fn ends_in_kanji(kind: &Category) -> bool {
    names::all(*kind).all(|name| name.chars().next_back().is_some_and(|c| c.is_alphabetic() && !c.is_ascii()))
}

/// What could have leaked besides, by what has: a shop that lost card numbers could have lost their expiry dates, not My Numbers.
fn further(groups: &[Group], denied: &[Category], config: &Config) -> BTreeSet<Category> {
    let Some(first) = groups.first() else { return BTreeSet::new() };
    let taken = |kind: &Category| {
        denied.contains(kind) || groups.iter().any(|group| group.categories.contains(kind) || group.denied.contains(kind))
    };
    let personal = first.categories.iter().any(|kind| kind.is_personal());
    let fits = |more: &&More| {
        let with = more.with.is_empty() && personal;
        with || more.with.iter().any(|kind| first.categories.contains(kind))
    };
    let kinds = TABLE.more.iter().filter(fits).flat_map(|more| more.kinds.iter().copied());
    // What makes a leak of business data one of personal data is no detail of an exhibit.
    kinds.filter(|kind| (personal || !kind.is_personal()) && values::can_show(*kind, config) && !taken(kind)).collect()
}

/// One row a person, in no column a value twice as far as there are enough.
fn rows(columns: &[Category], count: u64, first: Option<&Name>, config: &Config, draw: &mut Draw) -> Vec<Vec<Shown>> {
    let house = House::draw(draw);
    let mut rows: Vec<Vec<Shown>> = Vec::new();
    let mut seen: BTreeSet<(Category, String)> = BTreeSet::new();
    for index in 0..count {
        let mut row = Vec::new();
        for _ in 0..PATIENCE {
            let name = first.filter(|_| index == 0).cloned().unwrap_or_else(|| Name::draw(draw));
            row = values::row(&name, columns, config.value_mode, house, draw);
            if !row.iter().any(|shown| seen.contains(&(shown.kind, shown.surface.clone()))) {
                break;
            }
        }
        seen.extend(row.iter().map(|shown| (shown.kind, shown.surface.clone())));
        rows.push(row);
    }
    rows
}

/// What stands around the values of one kind.
fn placed(split: Split, knobs: &Knobs, draw: &mut Draw) -> Form {
    let beside = match knobs.adjacency {
        None => [String::new(), String::new()],
        Some(adjacency) => {
            let pairs = match adjacency {
                Adjacency::Kanji => &TABLE.beside.kanji,
                Adjacency::Space => &TABLE.beside.space,
                Adjacency::Punct => &TABLE.beside.punct,
            };
            draw.pick(pairs).clone()
        }
    };
    let filler = match knobs.keyword_distance {
        None => format!("\n{}", beside[0]),
        Some(distance) => filler(distance as usize, &beside[0], split, draw),
    };
    Form::Placed { filler, beside }
}

/// Exactly `distance` characters, the last of them `before`: on a few characters a particle, on more whole sentences and, for what
/// they leave, a rule.
fn filler(distance: usize, before: &str, split: Split, draw: &mut Draw) -> String {
    let table = &*FILLER;
    // A particle is a letter beside the value too, and reads better than half a word.
    let particle = distance < table.short.len() && before.chars().all(char::is_alphabetic);
    let before = if particle { "" } else { before };
    let tail: String = before.chars().rev().take(distance).collect::<Vec<_>>().into_iter().rev().collect();
    let room = distance - tail.chars().count();
    if room < table.short.len() {
        return format!("{}{tail}", table.short[room]);
    }
    // The line breaks around the rule, and at least one character of it.
    let mut left = room - 3;
    let mut text = String::new();
    while left > 0 {
        let sentences = match split {
            Split::Train => &table.train,
            Split::Validation => &table.validation,
            Split::Test => &table.test,
        };
        let mut fitting: Vec<&String> = sentences.iter().filter(|sentence| sentence.chars().count() < left).collect();
        fitting.retain(|sentence| !text.ends_with(sentence.as_str()));
        if let Some(new) = some_new(&fitting, &text, draw) {
            // A sentence stands on a line of its own or behind another.
            text.push_str(if text.is_empty() || draw.percent(30) { "\n" } else { "" });
            text.push_str(new);
        } else {
            break;
        }
        left = (room - 3).saturating_sub(text.chars().count());
    }
    let rule: String = std::iter::repeat_n(table.rule, room - 2 - text.chars().count()).collect();
    format!("{text}\n{rule}\n{tail}")
}

/// A sentence that the text does not hold yet; any when it holds all.
fn some_new<'s>(fitting: &[&'s String], text: &str, draw: &mut Draw) -> Option<&'s String> {
    let new: Vec<&String> = fitting.iter().copied().filter(|sentence| !text.contains(sentence.as_str())).collect();
    let from = if new.is_empty() { fitting } else { &new[..] };
    (!from.is_empty()).then(|| *draw.pick(from))
}

fn mark(shown: &Shown) -> String {
    let form = if shown.well_formed { "" } else { ":malformed" };
    format!("⟦{}|value:{}:exhibit{form}⟧", shown.surface, shown.kind)
}
