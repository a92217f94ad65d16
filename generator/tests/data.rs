//! The data files are canonical, and the splits share no template.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use owabi_corpora::vocabulary::Split;
use owabi_generator::{Config, Generator, Values, kinds, phrase_ids, skeleton_ids};

fn data(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(path)
}

fn rows(path: &Path) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(path).unwrap();
    assert!(text.ends_with('\n') && !text.contains('\r'), "{}", path.display());
    text.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}

fn phrase_files() -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(data("phrases")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= 5);
    files
}

#[test]
fn tables_are_sorted_unique_and_clean() {
    let names = ["names/parties.tsv", "names/parts.tsv", "names/people.tsv", "names/stems.tsv"].map(|path| (path, 2));
    for (path, columns) in names.into_iter().chain([("categories.tsv", 3)]) {
        let rows = rows(&data(path));
        assert!(rows.iter().all(|row| row.len() == columns && row.iter().all(|cell| !cell.is_empty() && cell.trim() == cell)), "{path}");
        assert!(rows.is_sorted(), "{path} is not sorted");
        assert!(rows.windows(2).all(|pair| pair[0] != pair[1]), "{path} has a row twice");
    }
}

#[test]
fn phrases_are_grouped_by_slot_and_split() {
    for path in phrase_files() {
        let rows = rows(&path);
        let place = |row: &Vec<String>| (row[0].clone(), row[1].parse::<Split>().unwrap());
        for row in &rows {
            assert_eq!(row.len(), 4, "{}: {row:?}", path.display());
            assert!(row.iter().all(|cell| !cell.is_empty() && cell.trim_matches([' ', '\t']) == cell), "{}: {row:?}", path.display());
            assert_eq!(row[3].matches('«').count(), row[3].matches('»').count(), "{}: {row:?}", path.display());
        }
        assert!(rows.iter().map(place).is_sorted(), "{} is not sorted by slot and split", path.display());
    }
}

/// What a classifier could learn in one split must not help it in another. Forms without words of their own, such as a bare
/// date or 「以上」, are no phrases.
#[test]
fn splits_share_no_phrase_and_no_skeleton() {
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    for path in phrase_files() {
        for row in rows(&path) {
            let words: String = row[3]
                .split("{{")
                .flat_map(|part| part.split("{%"))
                .map(|part| part.split_once("}}").or(part.split_once("%}")).map_or(part, |(_, rest)| rest))
                .collect();
            if words.chars().filter(|c| c.is_alphanumeric()).count() <= 2 {
                continue;
            }
            let before = seen.entry(row[3].clone()).or_insert_with(|| row[1].clone());
            assert_eq!(*before, row[1], "{}: {:?} is in two splits", path.display(), row[3]);
        }
    }
    let all: Vec<(Split, Vec<String>)> = Split::all().map(|split| (split, skeleton_ids(split))).collect();
    for (split, ids) in &all {
        for kind in kinds() {
            let own = format!("{}/", kind.skeletons());
            assert!(ids.iter().any(|id| id.starts_with(&own)), "{kind} has no skeleton in {split}");
        }
        assert!(phrase_ids(*split).iter().all(|id| id.contains(&format!("/{split}/"))));
    }
    let mut ids: Vec<&String> = all.iter().flat_map(|(_, ids)| ids).collect();
    let count = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), count, "a skeleton is in two splits");
}

/// A slot that no phrase fills would be passed over in silence, and a phrase that nothing asks for is dead.
#[test]
fn every_slot_is_filled_and_every_phrase_is_said() {
    for split in Split::all() {
        let mut facts = Vec::new();
        for kind in kinds().filter(|kind| !kind.is_page()) {
            for values in [Values::Contact, Values::None, Values::Exhibit] {
                let generator = Generator::new(Config { seed: 3, kinds: vec![kind], split, values, ..Config::default() }).unwrap();
                facts.extend((0..if values == Values::Contact { 1_500 } else { 100 }).filter_map(|index| generator.facts(index)));
            }
        }
        let unsaid = owabi_generator::unsaid_phrases(split, &facts);
        assert!(unsaid.is_empty(), "{split}: nothing says {unsaid:?}");
    }
    assert_eq!(owabi_generator::unfilled_slots(), [] as [String; 0]);
}
