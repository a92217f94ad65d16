//! Reads off all patterns of `data/` which words they need (`src/needed.rs`), so that no start has to: `$OUT_DIR/gates.rs` is the
//! registry of `src/gates.rs`.

#[path = "src/needed.rs"]
mod needed;

use std::collections::BTreeMap;
use std::path::Path;
use std::{env, fs};

/// The tables of patterns on the normalised text, each a TOML file of strings. The patterns of parties run on a text with its spaces, but
/// what words that text holds, the normalised one holds too.
const TABLES: [&str; 11] =
    ["counts", "dates", "events", "holders", "layout", "parties", "predicates", "reasons", "references", "scope", "written_dates"];

/// The tables of words with the columns that hold patterns, from 0.
const COLUMNS: [(&str, &[usize]); 5] =
    [("categories", &[2]), ("causes", &[2, 3]), ("roles", &[3, 4]), ("genres", &[2]), ("incident", &[1])];

/// Sets of words that come oftener are not worth asking for.
const TOO_OFTEN: f64 = 12.0;

fn main() {
    println!("cargo::rerun-if-changed=data");
    println!("cargo::rerun-if-changed=src/needed.rs");
    let mut registry = Registry::default();
    for table in TABLES {
        let patterns: BTreeMap<String, String> = toml::from_str(&read(&format!("{table}.toml"))).expect("a table of strings");
        patterns.values().for_each(|pattern| registry.add(pattern));
    }
    for (table, columns) in COLUMNS {
        for row in rows(&read(&format!("{table}.tsv"))) {
            columns.iter().filter(|&&column| row[column] != "-").for_each(|&column| registry.add(row[column]));
        }
    }
    // As the lexicon writes them.
    for row in rows(&read("contexts.tsv")) {
        let pattern = row[1];
        registry.add(&if row[0] == "before" { format!("(?:{pattern})$") } else { format!("^(?:{pattern})") });
    }
    let Registry { patterns, words, known } = registry;
    let folder = env::var("OUT_DIR").expect("cargo names a folder");
    let text = format!("Registry {{ patterns: {}, words: {}, count: {} }}", slice(&patterns), slice(&words), known.len());
    fs::write(Path::new(&folder).join("gates.rs"), text).expect("the folder can be written");
}

#[derive(Default)]
struct Registry {
    /// By the pattern as it is written.
    patterns: BTreeMap<String, Vec<u16>>,
    /// In which gates each word stands.
    words: BTreeMap<String, Vec<u16>>,
    /// The gates by their words.
    known: BTreeMap<Vec<String>, u16>,
}

impl Registry {
    fn add(&mut self, pattern: &str) {
        if self.patterns.contains_key(pattern) {
            return;
        }
        let hir = regex_syntax::parse(pattern).unwrap_or_else(|error| panic!("a pattern is not valid: {error}"));
        let mut gates = Vec::new();
        for set in needed::required(&hir).into_iter().filter(|set| set.often <= TOO_OFTEN) {
            let next = u16::try_from(self.known.len()).expect("fewer gates");
            gates.push(*self.known.entry(set.words).or_insert_with_key(|words| {
                words.iter().for_each(|word| self.words.entry(word.clone()).or_default().push(next));
                next
            }));
        }
        self.patterns.insert(pattern.to_owned(), gates);
    }
}

fn read(name: &str) -> String {
    fs::read_to_string(Path::new("data").join(name)).unwrap_or_else(|error| panic!("data/{name}: {error}"))
}

/// The rows of a table after its comments and header.
fn rows(table: &str) -> impl Iterator<Item = Vec<&str>> {
    table.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).skip(1).map(|row| row.split('\t').collect())
}

/// As Rust writes a slice.
fn slice(map: &BTreeMap<String, Vec<u16>>) -> String {
    let rows: Vec<String> = map.iter().map(|(name, gates)| format!("({name:?}, &{gates:?})")).collect();
    format!("&[{}]", rows.join(",\n"))
}
