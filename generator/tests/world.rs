//! The world from which facts are drawn: lines of business, their people, and how their data are called.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use owabi_corpora::vocabulary::Genre;
use owabi_corpora::{Category, real};
use owabi_generator::kinds;
use toml::{Table, Value};

/// The stores that every organisation has.
const COMMON: [&str; 9] = ["forms", "mailbox", "mails", "letters", "server", "cloud", "staff", "carried", "business"];

/// A row of `[[sector]]` or `[[group]]`.
struct Row(Table);

impl Row {
    fn list(&self, key: &str) -> Vec<&str> {
        let list = self.0.get(key).and_then(Value::as_array);
        list.into_iter().flatten().map(|value| value.as_str().unwrap()).collect()
    }

    fn id(&self) -> &str {
        self.0["id"].as_str().unwrap()
    }

    /// Whether a group can be a line of business'.
    fn fits(&self, sector: &str) -> bool {
        let of = self.list("sectors");
        (of.contains(&sector) || of.contains(&"*")) && !of.contains(&format!("!{sector}").as_str())
    }
}

/// The rows of every file in a folder of `data/`.
fn tables(folder: &str, key: &str) -> Vec<Row> {
    let mut files: Vec<_> = std::fs::read_dir(data().join(folder))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|of| of == "toml"))
        .collect();
    files.sort();
    let mut rows = Vec::new();
    for path in files {
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("# ") && text.ends_with('\n') && !text.contains('\r'), "{}", path.display());
        let mut table: Table = text.parse().unwrap();
        let Some(Value::Array(of)) = table.remove(key) else { panic!("{} holds no {key}", path.display()) };
        assert!(table.is_empty(), "{} holds more than {key}", path.display());
        rows.extend(of.into_iter().map(|row| if let Value::Table(row) = row { Row(row) } else { unreachable!() }));
    }
    rows
}

fn data() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data")
}

fn sectors() -> Vec<Row> {
    tables("sectors", "sector")
}

/// The groups of the scenario that draws from all lines of business.
fn groups() -> Vec<Row> {
    tables("groups", "group").into_iter().filter(|row| row.list("scenarios").contains(&"incident")).collect()
}

fn tsv(path: &str) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(data().join(path)).unwrap();
    text.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}

fn names(class: &str) -> Vec<String> {
    let files = ["names/parties.tsv", "names/parts.tsv", "names/people.tsv", "names/stems.tsv"];
    files.iter().flat_map(|path| tsv(path)).filter(|row| row[0] == class).map(|row| row[1].clone()).collect()
}

fn distinct(items: &[&str]) -> bool {
    items.iter().collect::<BTreeSet<_>>().len() == items.len()
}

#[test]
fn sectors_are_whole_and_named_once() {
    let sectors = sectors();
    assert!(distinct(&sectors.iter().map(Row::id).collect::<Vec<_>>()));
    for sector in &sectors {
        for key in ["forms", "cores", "selves", "people", "to", "desks", "business", "flags"] {
            let list = sector.list(key);
            assert!(!list.is_empty() && distinct(&list), "{}: {key}", sector.id());
            assert!(list.iter().all(|item| !item.is_empty() && !item.contains(char::is_whitespace)), "{}: {key}", sector.id());
        }
        assert!(sector.list("forms").iter().all(|form| form.matches("{}").count() == 1), "{}", sector.id());
    }
}

#[test]
fn groups_are_whole_and_know_their_sectors() {
    let known: BTreeSet<String> = sectors().iter().map(|sector| sector.id().to_owned()).collect();
    for group in tables("groups", "group") {
        let who = group.list("who");
        for sector in group.list("sectors") {
            let id = sector.strip_prefix('!').unwrap_or(sector);
            assert!(sector == "*" || known.contains(id), "{who:?}: {sector}");
            assert!(id == sector || group.list("sectors").contains(&"*"), "{who:?}: {sector} takes nothing away");
        }
        assert!(distinct(&who), "{who:?}");
        let leaks: Vec<&str> = ["always", "often", "rare"].into_iter().flat_map(|key| group.list(key)).collect();
        assert!(distinct(&leaks) && distinct(&group.list("denied")), "{who:?}");
        assert!(group.list("denied").iter().all(|id| !group.list("always").contains(id)), "{who:?}");
        if group.list("scenarios").contains(&"incident") {
            assert!(who.len() >= 4 && !group.list("stores").is_empty() && distinct(&group.list("stores")), "{who:?}");
            // A group may have to stand alone.
            let personal = |id: &&str| Category::from_id(id).unwrap().is_personal();
            assert!(group.list("always").iter().any(personal), "{who:?}");
        }
    }
}

#[test]
fn every_sector_has_people_wherever_records_lie() {
    let groups = groups();
    for sector in sectors() {
        let own = groups.iter().filter(|group| group.list("sectors").contains(&sector.id()));
        let stores: BTreeSet<&str> = own.clone().flat_map(|group| group.list("stores")).collect();
        assert!(own.count() >= 3, "{}", sector.id());
        assert!(["accounts", "orders", "records", "registry"].iter().any(|store| stores.contains(store)), "{}", sector.id());
        for store in COMMON {
            let rows = groups.iter().filter(|group| group.fits(sector.id()) && group.list("stores").contains(&store));
            assert!(rows.count() > 0, "{} keeps nothing in {store}", sector.id());
        }
    }
}

/// How likely each category is in a document's first group, for lines of business that are equally frequent, told as the
/// scenario draws it: four in five of the sector's own.
#[test]
fn every_category_leaks_and_is_denied_often_enough() {
    let (groups, sectors) = (groups(), sectors());
    let (mut leaked, mut denied): (BTreeMap<String, f64>, BTreeMap<String, f64>) = Default::default();
    for sector in &sectors {
        let all: Vec<&Row> = groups.iter().filter(|group| group.fits(sector.id())).collect();
        let own: Vec<&Row> = all.iter().filter(|group| group.list("sectors").contains(&sector.id())).copied().collect();
        for (rows, share) in [(&own, 0.8), (&all, 0.2)] {
            let weight = share / rows.len() as f64 / sectors.len() as f64;
            for row in rows {
                for (key, chance) in [("always", 1.0), ("often", 0.66), ("rare", 0.16)] {
                    row.list(key).into_iter().for_each(|id| *leaked.entry(id.to_owned()).or_default() += weight * chance);
                }
                // 55 of a hundred, of which two are left on average.
                let list = row.list("denied");
                let left = 0.55 * (2.0 / (0.55 * list.len() as f64)).min(1.0);
                for id in list {
                    let kept = if row.list("often").contains(&id) { 0.34 } else { 0.84 };
                    *denied.entry(id.to_owned()).or_default() += weight * left * kept;
                }
            }
        }
    }
    let share = |of: &BTreeMap<String, f64>, id: &str| of.get(id).copied().unwrap_or_default();
    let scarce: Vec<String> = Category::all()
        .map(|category| category.id())
        .filter(|id| *id != "other" && (share(&leaked, id) < 0.014 || share(&denied, id) < 0.007))
        .map(|id| format!("{id}: leaked {:.4}, denied {:.4}", share(&leaked, id), share(&denied, id)))
        .collect();
    assert!(scarce.is_empty(), "{scarce:#?}");
}

/// The surfaces by their text.
fn surfaces() -> BTreeMap<String, (String, String)> {
    let rows = tsv("categories.tsv");
    let surfaces: BTreeMap<_, _> = rows.iter().map(|row| (row[1].clone(), (row[0].clone(), row[2].clone()))).collect();
    assert_eq!(surfaces.len(), rows.len(), "a surface names two categories, or one twice");
    surfaces
}

#[test]
fn every_category_has_names_that_name_no_other() {
    let surfaces = surfaces();
    let mut tags: BTreeSet<String> = kinds().map(|kind| kind.id().to_owned()).collect();
    tags.extend(Genre::all().map(|genre| genre.id().to_owned()));
    tags.extend(["common", "polite"].map(str::to_owned));
    for sector in sectors() {
        tags.insert(sector.id().to_owned());
        tags.extend(sector.list("flags").into_iter().map(str::to_owned));
    }
    for category in Category::all() {
        let of: Vec<&String> = surfaces.values().filter(|(id, _)| id == category.id()).map(|(_, tags)| tags).collect();
        assert!(of.len() >= if category.id() == "other" { 2 } else { 5 }, "{category}: {}", of.len());
        // Otherwise some documents could not name it.
        assert!(of.iter().any(|tags| *tags == "-" || *tags == "*"), "{category}");
    }
    for (surface, (category, of)) in &surfaces {
        for tag in of.split(',') {
            let tag = tag.strip_prefix("common+").unwrap_or(tag);
            assert!(tags.contains(tag) || of == "-" || of == "*", "{surface}: {tag}");
        }
        for (other, (id, _)) in &surfaces {
            // The residence card's number is called so and no other way; its whole name is labelled.
            let known = category == "residence_card" && other == "カード番号";
            assert!(id == category || known || !surface.contains(other.as_str()), "{surface} ({category}) holds {other} ({id})");
        }
    }
}

/// A name or a group that held a category's surface would be a mention without a label.
#[test]
fn names_and_people_mention_no_category() {
    let surfaces = surfaces();
    let mut texts: Vec<String> =
        groups().iter().flat_map(|group| group.list("who").into_iter().map(str::to_owned).collect::<Vec<_>>()).collect();
    for sector in sectors() {
        for key in ["forms", "cores", "selves", "people", "to", "desks", "business"] {
            texts.extend(sector.list(key).into_iter().map(str::to_owned));
        }
    }
    for path in ["names/parties.tsv", "names/parts.tsv"] {
        // Nouns of a cause stand in marks of their own: 「パスワードリスト型攻撃」.
        texts.extend(tsv(path).into_iter().filter(|row| !row[0].starts_with("noun_")).map(|row| row[1].clone()));
    }
    for text in texts {
        let named = surfaces.keys().find(|surface| text.contains(surface.as_str()));
        assert_eq!(named, None, "{text}");
    }
}

#[test]
fn there_are_stems_by_the_thousand() {
    for (first, second, least) in [("kanji_first", "kanji_second", 40), ("kana_first", "kana_second", 60)] {
        assert!(names(first).len() >= least && names(second).len() >= least, "{first}, {second}");
    }
    assert!(names("family_name").len() >= 100 && names("given_name").len() >= 100);
    let reading = |name: &String| name.split_once('=').is_some_and(|(_, reading)| reading.chars().all(|c| c.is_ascii_lowercase()));
    assert!(names("given_name").iter().all(reading));
}

/// What is made for a line of business is made for one that there is.
#[test]
fn classes_of_names_belong_to_sectors() {
    let sectors = sectors();
    for row in tsv("names/parties.tsv") {
        let Some((class @ ("service" | "system"), of)) = row[0].split_once('_') else { continue };
        let known = sectors.iter().any(|sector| sector.id() == of || sector.list("flags").contains(&of));
        assert!(known, "{class} of {of}");
    }
}

/// No name that can be made is one of the real corpus, whatever is drawn.
#[test]
fn no_name_can_be_a_real_party() {
    let stems = |first: &str, second: &str| -> Vec<String> {
        let second = names(second);
        names(first).iter().flat_map(|first| second.iter().map(move |second| format!("{first}{second}"))).collect()
    };
    let (kanji, kana) = (stems("kanji_first", "kanji_second"), stems("kana_first", "kana_second"));
    let mut patterns: Vec<String> = Vec::new();
    for sector in sectors() {
        for core in sector.list("cores") {
            patterns.push(core.to_owned());
            patterns.extend(sector.list("forms").iter().map(|form| form.replace("{}", core)));
        }
    }
    for class in ["vendor", "investigator", "police", "system"] {
        patterns.extend(names(class));
    }
    let parties = real::party_names();
    assert!(parties.len() > 10);
    for pattern in patterns {
        let before = pattern.split('{').next().unwrap_or_default();
        let after = pattern.rsplit('}').next().unwrap_or_default();
        for (index, party) in parties.iter().enumerate().filter(|(_, party)| party.starts_with(before) && party.ends_with(after)) {
            let made = |stems: &[String], at: &str| stems.iter().any(|stem| pattern.replace(at, stem) == *party);
            assert!(pattern != *party && !made(&kanji, "{k}") && !made(&kana, "{x}"), "{pattern} can be party {index}");
        }
    }
}
