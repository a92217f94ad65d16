//! The data files are canonical: a word is added in one line, and the diff shows it.

use std::collections::BTreeSet;
use std::path::Path;

use owabi_corpora::Cause;
use owabi_corpora::vocabulary::{DateRole, Exposure, Genre, Status};

fn data(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(name)).unwrap()
}

#[test]
fn tables_are_tidy() {
    let listed = |folder: &str| std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).unwrap();
    let files = listed("data").chain(listed("data/learned")).map(|entry| entry.unwrap().path());
    for path in files.filter(|path| path.is_file()) {
        let text = std::fs::read_to_string(&path).unwrap();
        let name = path.display();
        assert!(text.ends_with('\n') && !text.ends_with("\n\n"), "{name}: one line break at the end");
        assert!(!text.contains('\r'), "{name}: carriage return");
        for (number, line) in text.lines().enumerate() {
            assert_eq!(line.trim_end(), line, "{name}:{}: space at the end", number + 1);
        }
        if path.extension().is_some_and(|extension| extension == "tsv") {
            let rows: Vec<&str> = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).collect();
            let columns = rows[0].split('\t').count();
            assert!(rows.iter().all(|row| row.split('\t').count() == columns), "{name}: rows of different length");
            let unique: BTreeSet<&&str> = rows.iter().collect();
            assert_eq!(unique.len(), rows.len(), "{name}: a row stands twice");
        }
    }
}

/// A surname that stood twice, or a label of no kind, would be passed over in silence.
#[test]
fn surnames_and_labels_are_valid() {
    let text = data("surnames.txt");
    let names: Vec<&str> = text.split_whitespace().collect();
    let unique: BTreeSet<&&str> = names.iter().collect();
    let twice: Vec<&&str> = names.iter().enumerate().filter(|(at, name)| names[..*at].contains(name)).map(|(_, name)| name).collect();
    assert_eq!(unique.len(), names.len(), "twice: {twice:?}");
    assert!(names.iter().all(|name| name.chars().count() >= 2), "a single character is part of too many words");
    let text = data("value_labels.tsv");
    let mut seen = BTreeSet::new();
    for row in text.lines().filter(|line| !line.starts_with('#')).skip(1) {
        let cells: Vec<&str> = row.split('\t').collect();
        assert!(owabi_corpora::Category::from_id(cells[1]).is_ok(), "{row}");
        assert!(["exhibit", "contact", "named", "-"].contains(&cells[2]), "{row}");
        assert!(seen.insert(cells[0]) && cells[0] == cells[0].to_lowercase(), "{row}");
    }
}

/// The rows of one category stand together, so that its surfaces are seen at one glance.
#[test]
fn categories_stand_in_blocks() {
    let text = data("categories.tsv");
    let ids: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).skip(1).filter_map(|line| line.split('\t').next()).collect();
    let mut blocks: Vec<&str> = ids.clone();
    blocks.dedup();
    let unique: BTreeSet<&&str> = blocks.iter().collect();
    assert_eq!(unique.len(), blocks.len(), "a category's rows are scattered");
}

/// A class that is counted otherwise than the vocabulary counts would be taken for another.
#[test]
fn weights_name_the_classes_of_the_vocabulary() {
    let ids = |ids: Vec<&str>| ids.into_iter().map(str::to_owned).collect::<Vec<_>>();
    let named = |question: &str, ids: Vec<&str>| ids.into_iter().map(|id| format!("{question}:{id}")).collect::<Vec<_>>();
    let causes: Vec<&str> = Cause::all().map(Cause::id).collect();
    let told = Exposure::all().filter(|&exposure| exposure != Exposure::NotApplicable);
    let gist = [
        named("genre", Genre::all().map(Genre::id).collect()),
        named("exposure", told.map(Exposure::id).collect()),
        named("cause", causes.iter().copied().chain(["none"]).collect()),
    ];
    let statuses = ids(Status::all().map(Status::id).chain(["none"]).collect());
    let roles = ids(DateRole::all().map(DateRole::id).collect());
    let tables = [
        ("causes", ids(causes)),
        ("data", statuses.clone()),
        ("data_in_documents", statuses),
        ("dates", roles.clone()),
        ("dates_in_documents", roles),
        ("gist", gist.concat()),
    ];
    for (table, classes) in tables {
        let text = data(&format!("learned/{table}.tsv"));
        let rows: Vec<(&str, &str)> =
            text.lines().skip_while(|line| line.starts_with('#')).skip(1).map(|line| line.split_once('\t').unwrap()).collect();
        assert_eq!(rows[0].0, "*", "{table}");
        let named: Vec<&str> = rows[0].1.split(' ').step_by(2).collect();
        assert_eq!(named, classes, "{table}");
        assert!(rows[1..].is_sorted_by(|a, b| a.0 < b.0), "{table}: a name stands twice, or not in order");
        assert!(rows.len() > 4_000, "{table}");
    }
}
