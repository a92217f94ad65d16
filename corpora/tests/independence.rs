//! Deliberate absences that keep scores honest.

use std::path::Path;

fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push((path.display().to_string(), std::fs::read_to_string(&path).unwrap()));
        }
    }
}

/// If a detector or a generator read the scheme's Japanese names, both would use the same words.
#[test]
fn neither_generator_nor_detector_reads_display_names() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut found = Vec::new();
    for part in ["generator/src", "detector/src"] {
        sources(&root.join(part), &mut found);
    }
    assert!(found.len() >= 2, "the crates were not found");
    for (path, source) in found {
        for banned in ["display_name", "article_name", "scheme/categories.tsv", "scheme/causes.tsv"] {
            assert!(!source.contains(banned), "{path} reads {banned}");
        }
    }
}

/// The two never see each other: neither its code nor its data.
#[test]
fn generator_and_detector_do_not_depend_on_each_other() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    for (part, other) in [("generator", "detector"), ("detector", "generator")] {
        let manifest = std::fs::read_to_string(root.join(part).join("Cargo.toml")).unwrap();
        let dependencies = manifest.split("[dependencies]").nth(1).unwrap().split("\n[").next().unwrap();
        assert!(!dependencies.contains(other) && !dependencies.contains("harness"), "{part} depends on a sibling");
        let mut found = Vec::new();
        sources(&root.join(part).join("src"), &mut found);
        for (path, source) in found {
            assert!(!source.contains(&format!("../{other}/")), "{path} includes a file of {other}");
        }
    }
}
