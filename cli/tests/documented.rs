//! `docs/results.md` tells every key that a file of results or errors holds, and none besides.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// By shape and key: what it is.
type Shapes = BTreeMap<String, BTreeMap<String, String>>;

#[test]
fn every_key_is_told() {
    let shapes = shapes(include_str!("../../docs/results.md"));
    let folder = tempfile::tempdir().unwrap();
    let errors = folder.path().join("errors.jsonl");
    let at = |name: &str| Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cmd").join(name).display().to_string();
    let (to, gates) = (errors.display().to_string(), at("../../../examples/gates.toml"));
    let score = |gold: &str, answers: &str| vec!["score".to_owned(), at(gold), at(answers)];
    let test = |args: &str| std::iter::once("test").chain(args.split(' ')).map(str::to_owned).collect::<Vec<_>>();
    let runs = [
        [test("--count 30 --values exhibit --kind digest --errors"), vec![to]].concat(),
        [test("--count 30 --behaviour 2 --prevalence 0.01 --gates"), vec![gates]].concat(),
        score("score.in/gold.jsonl", "score.in/one-answer.jsonl"),
        [score("tasks.in/gold.jsonl", "tasks.in/scanner.jsonl"), vec!["--label-map".to_owned(), at("tasks.in/scanner.toml")]].concat(),
    ];
    let mut seen = BTreeSet::new();
    for run in runs {
        let output = Command::new(env!("CARGO_BIN_EXE_owabi")).args(&run).args(["--json", "-"]).output().unwrap();
        // A gate that fails is a figure like others here.
        assert!(matches!(output.status.code(), Some(0 | 1)), "{run:?}: {}", String::from_utf8_lossy(&output.stderr));
        let results: Value = serde_json::from_slice(&output.stdout).unwrap();
        check(&shapes, "results", &results, "results", &mut seen);
    }
    for line in std::fs::read_to_string(&errors).unwrap().lines() {
        check(&shapes, "error", &serde_json::from_str(line).unwrap(), "error", &mut seen);
    }
    // Of a shape that occurs, every key does; repeated calls alone are left to the tests of processes.
    for (shape, keys) in &shapes {
        let written = |key: &&String| seen.contains(&format!("{shape}.{key}"));
        let never: Vec<_> = keys.keys().filter(|key| !written(key)).collect();
        let excused = shape == "repeat" || never.iter().all(|key| ["repeat", "unasked", "duplicates", "slice"].contains(&key.as_str()));
        assert!(excused, "docs/results.md tells of {never:?} under `{shape}`, which nothing writes");
    }
}

/// The tables under their headings.
fn shapes(page: &str) -> Shapes {
    let mut shapes = Shapes::new();
    let mut shape = "";
    for line in page.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            shape = heading;
        } else if let Some(row) = line.strip_prefix("| `") {
            let (key, rest) = row.split_once("` | ").unwrap();
            let what = rest.split(" | ").next().unwrap();
            let before = shapes.entry(shape.to_owned()).or_default().insert(key.to_owned(), what.to_owned());
            assert_eq!(before, None, "{shape}.{key} is told twice");
        }
    }
    shapes
}

fn check(shapes: &Shapes, what: &str, value: &Value, path: &str, seen: &mut BTreeSet<String>) {
    let number = |least: f64, most: f64| value.is_null() || value.as_f64().is_some_and(|number| (least..=most).contains(&number));
    if let Some(of) = what.strip_prefix("map of ") {
        for (key, value) in value.as_object().unwrap_or_else(|| panic!("{path} is no map")) {
            check(shapes, of, value, &format!("{path}.{key}"), seen);
        }
        return;
    }
    if let Some(of) = what.strip_prefix("list of ") {
        for value in value.as_array().unwrap_or_else(|| panic!("{path} is no list")) {
            check(shapes, of, value, &format!("{path}[]"), seen);
        }
        return;
    }
    match what {
        "text" => assert!(value.is_string(), "{path}: {value}"),
        "text or null" => assert!(value.is_string() || value.is_null(), "{path}: {value}"),
        "count" => assert!(value.is_u64(), "{path}: {value}"),
        "share" => assert!(number(0.0, 1.0), "{path}: {value}"),
        "number" => assert!(number(f64::MIN, f64::MAX), "{path}: {value}"),
        "truth" => assert!(value.is_boolean(), "{path}: {value}"),
        shape => {
            let keys = shapes.get(shape).unwrap_or_else(|| panic!("docs/results.md has no heading `{shape}`, which {path} names"));
            let value = value.as_object().unwrap_or_else(|| panic!("{path} is no object"));
            for (key, value) in value {
                let what = keys.get(key).unwrap_or_else(|| panic!("docs/results.md does not tell `{key}` under `{shape}` ({path}.{key})"));
                seen.insert(format!("{shape}.{key}"));
                check(shapes, what.trim_end_matches(", may be absent"), value, &format!("{path}.{key}"), seen);
            }
            for (key, what) in keys {
                assert!(value.contains_key(key) || what.ends_with(", may be absent"), "{path}.{key} is absent");
            }
        }
    }
}
