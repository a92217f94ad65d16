//! Label maps: what the labels of a foreign detector mean, and how far it tells our categories apart.
//!
//! A detector that answers `PHONE_NUMBER` for telephone and fax alike cannot be blamed for not telling them apart, nor may it be
//! praised for finding a category that it has no name for. So a map makes *classes*: two categories are in one class when a label
//! of the map means both (or a chain of labels links them). Gold and predicted labels are coarsened to classes before they are
//! compared. Categories that no label means are left out on both sides, and the results say which they are.
//!
//! ```
//! use owabi_harness::LabelMap;
//!
//! let map = LabelMap::parse("my.toml", r#"
//! title = "My scanner 1.0"
//! ignored = ["DATE"]
//! [labels]
//! TEL = ["phone", "fax"]
//! MAIL = ["email"]
//! "#).unwrap();
//! assert_eq!(map.classes().map(|class| class.len()).collect::<Vec<_>>(), [2, 1]);
//! assert!(LabelMap::parse("my.toml", "title = 'x'\n[labels]\nTEL = ['telephone']").unwrap_err().starts_with("my.toml:3: "));
//! ```

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use owabi_corpora::record::{DataLabel, Labels, ValueLabel};
use owabi_corpora::{Category, Mention};
use serde::Deserialize;
use toml::Spanned;

/// The maps that come with owabi, by name.
pub const SHIPPED: [(&str, &str); 3] = [
    ("presidio", include_str!("../data/maps/presidio.toml")),
    ("google", include_str!("../data/maps/google.toml")),
    ("purview", include_str!("../data/maps/purview.toml")),
];

/// What the labels of a detector mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelMap {
    title: String,
    labels: BTreeMap<String, Vec<Category>>,
    ignored: BTreeSet<String>,
    /// By category: the first category of its class; `None` where no label means it.
    classes: Vec<Option<Category>>,
    identity: bool,
}

/// What a label of a detector stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// A class, named by its first category.
    Class(Category),
    /// Nothing that is scored.
    Ignored,
    /// The map does not know it.
    Unknown,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    title: String,
    #[serde(default)]
    ignored: Vec<Spanned<String>>,
    labels: BTreeMap<Spanned<String>, Vec<Spanned<String>>>,
}

impl LabelMap {
    /// A detector that speaks our ids and tells all categories apart.
    pub fn own() -> LabelMap {
        let labels = Category::all().map(|category| (category.id().to_owned(), vec![category])).collect();
        LabelMap::new("owabi's categories".to_owned(), labels, BTreeSet::new())
    }

    /// Reads a map. `file` is the name that errors show; an error is one line, `file:line: what; how to mend it`.
    pub fn parse(file: &str, text: &str) -> Result<LabelMap, String> {
        let at = |place: usize, what: String| {
            let line = 1 + text.as_bytes()[..place.min(text.len())].iter().filter(|byte| **byte == b'\n').count();
            format!("{file}:{line}: {what}")
        };
        let raw: File =
            toml::from_str(text).map_err(|error| at(error.span().map_or(0, |span| span.start), error.message().replace('\n', " ")))?;
        let mut labels = BTreeMap::new();
        for (label, ids) in &raw.labels {
            let category = |id: &Spanned<String>| {
                Category::from_id(id.get_ref()).map_err(|error| at(id.span().start, format!("{}: {error}", label.get_ref())))
            };
            if ids.is_empty() {
                let what = format!("`{}` means nothing; name its categories, or move it to `ignored`", label.get_ref());
                return Err(at(label.span().start, what));
            }
            labels.insert(label.get_ref().clone(), ids.iter().map(category).collect::<Result<Vec<_>, _>>()?);
        }
        if labels.is_empty() {
            return Err(at(0, "no label; under [labels] say which of our categories each means, as in EMAIL = [\"email\"]".to_owned()));
        }
        for label in &raw.ignored {
            if labels.contains_key(label.get_ref()) {
                return Err(at(label.span().start, format!("`{}` is both ignored and mapped; keep one", label.get_ref())));
            }
        }
        Ok(LabelMap::new(raw.title, labels, raw.ignored.into_iter().map(Spanned::into_inner).collect()))
    }

    fn new(title: String, labels: BTreeMap<String, Vec<Category>>, ignored: BTreeSet<String>) -> LabelMap {
        let mut classes: Vec<Option<Category>> = vec![None; Category::count()];
        // Joining a class renames it after its first member everywhere; with 64 categories that is quick.
        for meant in labels.values() {
            let mut members: BTreeSet<Category> = meant.iter().copied().collect();
            members.extend(meant.iter().filter_map(|category| classes[category.index()]));
            let linked: BTreeSet<Category> =
                Category::all().filter(|category| classes[category.index()].is_some_and(|class| members.contains(&class))).collect();
            members.extend(linked);
            let first = members.first().copied();
            members.iter().for_each(|category| classes[category.index()] = first);
        }
        let identity = Category::all().all(|category| classes[category.index()] == Some(category));
        LabelMap { title, labels, ignored, classes, identity }
    }

    /// What the labels belong to, such as `Presidio 2.2`.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Every label that means something.
    pub fn labels(&self) -> impl Iterator<Item = &str> {
        self.labels.keys().map(String::as_str)
    }

    /// What a label means. Our own ids are understood wherever the map does not say otherwise.
    pub fn meaning(&self, label: &str) -> Meaning {
        match self.labels.get(label) {
            Some(meant) => meant.first().and_then(|category| self.class(*category)).map_or(Meaning::Ignored, Meaning::Class),
            None if self.ignored.contains(label) => Meaning::Ignored,
            None => match Category::from_id(label) {
                Ok(category) => self.class(category).map_or(Meaning::Ignored, Meaning::Class),
                Err(_) => Meaning::Unknown,
            },
        }
    }

    /// The class of a category, named by its first member; `None` where no label means it.
    pub fn class(&self, category: Category) -> Option<Category> {
        self.classes[category.index()]
    }

    /// The classes, each with its members, in the order of the scheme.
    pub fn classes(&self) -> impl Iterator<Item = Vec<Category>> {
        let members = |class: Category| Category::all().filter(|category| self.class(*category) == Some(class)).collect();
        Category::all().filter(|category| self.class(*category) == Some(*category)).map(members)
    }

    /// The categories that no label means.
    pub fn uncovered(&self) -> impl Iterator<Item = Category> {
        Category::all().filter(|category| self.class(*category).is_none())
    }

    /// Whether every category is a class of its own, so that nothing has to be coarsened.
    pub fn is_identity(&self) -> bool {
        self.identity
    }

    /// [`LabelMap::coarsen`] where there is something to coarsen.
    pub(crate) fn coarsened<'a>(&self, labels: &'a Labels) -> Cow<'a, Labels> {
        if self.identity { Cow::Borrowed(labels) } else { Cow::Owned(self.coarsen(labels)) }
    }

    /// Labels with classes in the place of categories. Of several items of one class the strongest status holds, with the spans
    /// of all. Questions whose answer depends on categories that are left out stay as they are.
    pub fn coarsen(&self, labels: &Labels) -> Labels {
        let mut coarse = labels.clone();
        coarse.data = labels.data.as_ref().map(|items| self.coarsen_data(items));
        coarse.values = labels
            .values
            .as_ref()
            .map(|items| items.iter().filter_map(|item| Some(ValueLabel { kind: self.class(item.kind)?, ..item.clone() })).collect());
        if let Some(items) = &mut coarse.distractors {
            items.retain_mut(|item| self.class(item.category).map(|class| item.category = class).is_some());
        }
        coarse
    }

    fn coarsen_data(&self, items: &[DataLabel]) -> Vec<DataLabel> {
        let mut found: Vec<DataLabel> = Vec::new();
        for item in items {
            let Some(class) = self.class(item.category) else { continue };
            // A mention without a status of its own had its item's, which may be weaker than that of the class.
            let spans = item.spans.iter().map(|mention| Mention { status: mention.status.or(Some(item.status)), ..*mention });
            match found.iter_mut().find(|known| known.category == class) {
                Some(known) => {
                    known.status = known.status.max(item.status);
                    known.score = surer(known.score, item.score);
                    known.spans.extend(spans);
                }
                None => found.push(DataLabel { category: class, spans: spans.collect(), ..item.clone() }),
            }
        }
        found
    }
}

/// The larger of two scores, where a missing one says nothing.
pub(crate) fn surer(one: Option<f64>, two: Option<f64>) -> Option<f64> {
    one.zip(two).map_or(one.or(two), |(one, two)| Some(one.max(two)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_that_share_a_category_link_their_classes() {
        let map = LabelMap::parse("m", "title='t'\n[labels]\nA=['phone','fax']\nB=['email']\nC=['fax','address']\nD=['name']").unwrap();
        let classes: Vec<Vec<&str>> = map.classes().map(|class| class.iter().map(|category| category.id()).collect()).collect();
        assert_eq!(classes, [vec!["name"], vec!["address", "phone", "fax"], vec!["email"]]);
        assert_eq!(map.meaning("A"), map.meaning("C"));
        assert_eq!(map.meaning("fax"), map.meaning("A"), "our own ids are understood");
        assert_eq!((map.meaning("password"), map.meaning("Z")), (Meaning::Ignored, Meaning::Unknown));
        assert!(!map.is_identity() && LabelMap::own().is_identity());
        assert_eq!(map.uncovered().count() + 5, Category::count());
    }

    /// Labels are looked for by eye, so they stand in order; and what every product of the kind has, each map must have.
    #[test]
    fn shipped_maps_are_canonical() {
        for (name, text) in SHIPPED {
            let map = LabelMap::parse(name, text).unwrap();
            let keys: Vec<&str> = text
                .lines()
                .skip_while(|line| *line != "[labels]")
                .skip(1)
                .filter_map(|line| line.split_once(" = "))
                .map(|(key, _)| key.trim_matches('"'))
                .collect();
            let sorted: Vec<&str> = map.labels().collect();
            assert_eq!(keys, sorted, "{name}: one line a label, in order");
            for id in ["name", "card_number", "my_number", "address"] {
                assert!(map.class(Category::from_id(id).unwrap()).is_some(), "{name}: no label for {id}");
            }
        }
    }

    #[test]
    fn the_strongest_of_a_class_holds() {
        let map = LabelMap::parse("m", "title='t'\n[labels]\nA=['phone','fax']").unwrap();
        let (_, labels) = owabi_corpora::markup::parse("⟦電話|phone:denied⟧⟦FAX|fax:possible⟧⟦氏名|name:confirmed⟧").unwrap();
        let coarse = map.coarsen(&labels).data.unwrap();
        assert_eq!(coarse.len(), 1, "a category without a label is left out");
        assert_eq!((coarse[0].category.id(), coarse[0].status.id(), coarse[0].spans.len()), ("phone", "possible", 2));
        assert_eq!(coarse[0].spans[0].status.map(|status| status.id()), Some("denied"));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        for (text, line, what) in [
            ("", 1, "missing field `title`"),
            ("title='t'\n[labels]", 1, "no label"),
            ("title='t'\n[labels]\n\nA=['phon']", 4, "A: "),
            ("title='t'\n[labels]\nA=[]", 3, "`A` means nothing"),
            ("title='t'\nignored=['B',\n'A']\n[labels]\nA=['phone']", 3, "`A` is both"),
            ("title='t'\nlabel=1\n[labels]\nA=['phone']", 2, "unknown field"),
            ("title='t'\n[labels]\nA=['phone']\nA=['fax']", 4, "duplicate key"),
        ] {
            let error = LabelMap::parse("m.toml", text).unwrap_err();
            assert!(error.starts_with(&format!("m.toml:{line}: ")) && error.contains(what) && !error.contains('\n'), "{text:?}: {error}");
        }
    }
}
