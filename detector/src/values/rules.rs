//! What values look like, from `data/values.toml`, `value_labels.tsv` and `surnames.txt`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use owabi_corpora::Category;
use owabi_corpora::vocabulary::Use;
use serde::Deserialize;

use super::checks::Check;
use super::outline::fill;
use super::signs::Signs;
use crate::gates::REGISTRY;
use crate::patterns::{self, Expression, Pattern};
use crate::watch::{self, Watch};

/// The rules, compiled.
pub(super) struct Rules {
    /// In stretches of ASCII.
    pub(super) numbers: Vec<Row>,
    /// In the whole text.
    pub(super) phrases: Vec<Row>,
    pub(super) shapes: BTreeMap<Category, Shape>,
    pub(super) becomes: Vec<Becomes>,
    /// Heads of columns and rows, in lower case and without spaces.
    pub(super) labels: BTreeMap<&'static str, Label>,
    /// What parts a label from its value.
    pub(super) separator: Pattern,
    /// The words of the labels and of the patterns that are looked for in the whole text: those of phrase `p` are `PHRASE + p`.
    pub(super) watch: Watch,
    /// A name that stands alone in a list.
    pub(super) listed: Pattern,
    pub(super) surname: Pattern,
    pub(super) shut: Pattern,
    pub(super) no_name: Pattern,
    pub(super) contact: Pattern,
    pub(super) exhibit: Pattern,
    pub(super) header: Pattern,
    pub(super) desks: Pattern,
    pub(super) rule: Pattern,
}

/// Whose words the watch looks for.
pub(super) const LABEL: u16 = 0;
pub(super) const EXHIBIT: u16 = 1;
pub(super) const HEADER: u16 = 2;
pub(super) const CONTACT: u16 = 3;
pub(super) const SURNAME: u16 = 4;
/// The words that stand before number `n` are those of `NUMBER + n`.
pub(super) const NUMBER: u16 = 100;
pub(super) const PHRASE: u16 = 200;

/// One shape of a value in running text.
pub(super) struct Row {
    pub(super) kind: Category,
    pub(super) pattern: Pattern,
    /// Of a pattern that holds all surnames: matches wherever it does, and perhaps elsewhere, and is soon asked.
    pub(super) loose: Option<Expression>,
    /// What a match holds at least.
    pub(super) least: Signs,
    /// Whether a match may run on to the next line.
    pub(super) across: bool,
    /// Whether each match holds a surname of the list or a name of two parts with a space between them.
    pub(super) named: bool,
    pub(super) check: Option<Check>,
    pub(super) strict: bool,
    pub(super) usage: Option<Use>,
    pub(super) before: Option<Pattern>,
    pub(super) unless: Option<Pattern>,
    pub(super) not: Option<Pattern>,
}

/// What a value of a kind looks like where a label says that it is one.
pub(super) struct Shape {
    /// From where the value begins.
    pub(super) after_label: Option<Pattern>,
    /// From one end of a cell to the other.
    pub(super) cell: Pattern,
    pub(super) check: Option<Check>,
}

/// A kind that the words before a value turn into another.
pub(super) struct Becomes {
    pub(super) from: Category,
    pub(super) to: Category,
    pub(super) before: Pattern,
}

/// What the head of a column or row says of its values.
#[derive(Clone, Copy)]
pub(super) struct Label {
    pub(super) kind: Category,
    pub(super) usage: Option<Use>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    parts: BTreeMap<String, String>,
    number: Vec<RowText>,
    text: Vec<RowText>,
    shape: Vec<ShapeText>,
    becomes: Vec<BecomesText>,
    words: Words,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RowText {
    kind: Category,
    pattern: String,
    check: Option<Check>,
    #[serde(default)]
    across: bool,
    #[serde(default)]
    strict: bool,
    #[serde(rename = "use")]
    usage: Option<Use>,
    before: Option<String>,
    unless: Option<String>,
    not: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ShapeText {
    kind: Category,
    pattern: String,
    cell: Option<String>,
    check: Option<Check>,
    #[serde(default)]
    cell_only: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BecomesText {
    from: Category,
    to: Category,
    before: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    separator: String,
    shut: String,
    no_name: String,
    contact: String,
    exhibit: String,
    header: String,
    desks: String,
    rule: String,
    listed: String,
}

pub(super) static RULES: LazyLock<Rules> = LazyLock::new(Rules::builtin);

impl Rules {
    fn builtin() -> Rules {
        let File { mut parts, number, text, shape: shapes, becomes, words } = patterns::load(include_str!("../../data/values.toml"));
        let surnames = || include_str!("../../data/surnames.txt").split_whitespace();
        parts.insert("surname".to_owned(), alternation(surnames()));
        let regex = |pattern: &str| Pattern::new(fill(pattern, &parts));
        let row = |row: RowText| Row {
            kind: row.kind,
            pattern: regex(&row.pattern),
            loose: REGISTRY.outline(&row.pattern).loose.map(|(spec, form)| Expression::known(spec.into(), form)),
            least: Signs(REGISTRY.outline(&row.pattern).least),
            across: row.across,
            named: REGISTRY.outline(&row.pattern).named,
            check: row.check,
            strict: row.strict,
            usage: row.usage,
            before: row.before.as_deref().map(regex),
            unless: row.unless.as_deref().map(regex),
            not: row.not.as_deref().map(regex),
        };
        let shape = |shape: ShapeText| {
            let read = Shape {
                after_label: (!shape.cell_only).then(|| regex(&format!("^(?:{})", shape.pattern))),
                cell: regex(&format!("^(?:{})$", shape.cell.as_ref().unwrap_or(&shape.pattern))),
                check: shape.check,
            };
            (shape.kind, read)
        };
        let labels = labels(include_str!("../../data/value_labels.tsv"));
        let marks = [(EXHIBIT, &words.exhibit), (HEADER, &words.header), (CONTACT, &words.contact)].into_iter();
        let before = (NUMBER..).zip(&number).filter_map(|(owner, row)| Some((owner, row.before.as_ref()?)));
        let phrases = (PHRASE..).zip(text.iter().map(|row| &row.pattern));
        let needed = marks.chain(before).chain(phrases).flat_map(|(owner, pattern)| watch::needed(owner, REGISTRY.outline(pattern).words));
        let listed = [(LABEL, labels.keys().copied().collect::<Vec<_>>()), (SURNAME, surnames().collect())];
        let listed = listed.into_iter().flat_map(|(owner, words)| words.into_iter().map(move |word| (owner, word.to_owned())));
        let watch = Watch::new(needed.chain(listed));
        Rules {
            numbers: number.into_iter().map(row).collect(),
            phrases: text.into_iter().map(row).collect(),
            shapes: shapes.into_iter().map(shape).collect(),
            becomes: becomes.into_iter().map(|one| Becomes { from: one.from, to: one.to, before: regex(&one.before) }).collect(),
            separator: regex(&format!("^(?:{})", words.separator)),
            labels,
            watch,
            listed: regex(&words.listed),
            surname: regex("^{surname}"),
            shut: regex(&words.shut),
            no_name: regex(&words.no_name),
            contact: regex(&words.contact),
            exhibit: regex(&words.exhibit),
            header: regex(&words.header),
            desks: regex(&words.desks),
            rule: regex(&words.rule),
        }
    }
}

/// Any of some words, the longest that fits. Those that begin alike share their beginning, so that a pattern of them is soon compiled.
fn alternation<'w>(words: impl Iterator<Item = &'w str>) -> String {
    let mut rests: BTreeMap<char, Vec<&str>> = BTreeMap::new();
    for word in words {
        let mut chars = word.chars();
        rests.entry(chars.next().unwrap_or_default()).or_default().push(chars.as_str());
    }
    let branch = |(first, mut rests): (char, Vec<&str>)| {
        rests.sort_by_key(|rest| std::cmp::Reverse(rest.len()));
        let rests: Vec<String> = rests.into_iter().map(regex::escape).collect();
        format!("{first}(?:{})", rests.join("|"))
    };
    format!("(?:{})", rests.into_iter().map(branch).collect::<Vec<_>>().join("|"))
}

fn labels(table: &'static str) -> BTreeMap<&'static str, Label> {
    let rows = table.lines().filter(|line| !line.starts_with('#')).skip(1);
    let label = |row: &'static str| {
        let mut cells = row.split('\t');
        let (surface, kind, usage) = (cells.next()?, cells.next()?, cells.next()?);
        Some((surface, Label { kind: Category::from_id(kind).ok()?, usage: usage.parse().ok() }))
    };
    rows.filter_map(label).collect()
}
