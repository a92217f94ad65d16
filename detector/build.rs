//! What no start should have to do: reads off all patterns of `data/` which words they need (`src/needed.rs`), and spells out and sorts
//! all words (`src/words.rs`). `$OUT_DIR/gates.rs` is the registry of `src/gates.rs`, `$OUT_DIR/words.bin` what `src/lexicon.rs` reads.

mod alternatives;
#[path = "src/classes.rs"]
mod classes;
#[path = "src/needed.rs"]
mod needed;
#[allow(dead_code, reason = "scanning is for the detector")]
#[path = "src/scanner.rs"]
mod scanner;
#[path = "src/spellings.rs"]
mod spellings;
#[allow(dead_code, reason = "weighing is for the detector")]
#[path = "src/weights.rs"]
mod weights;
#[allow(dead_code, reason = "reading what is written here is for the detector")]
#[path = "src/words.rs"]
mod words;

use std::collections::BTreeMap;
use std::path::Path;
use std::{env, fs};

use regex_syntax::hir::Look;

use crate::weights::Weights;
use crate::words::Words;

/// The tables of patterns on the normalised text, each a TOML file of strings. The patterns of parties run on a text with its spaces, but
/// what words that text holds, the normalised one holds too.
const TABLES: [&str; 12] = [
    "counts",
    "dates",
    "events",
    "exposure",
    "holders",
    "layout",
    "parties",
    "predicates",
    "reasons",
    "references",
    "scope",
    "written_dates",
];

/// The tables of words with the columns that hold patterns, from 0.
const COLUMNS: [(&str, &[usize]); 6] =
    [("categories", &[2]), ("causes", &[2, 3]), ("clues", &[2]), ("roles", &[3, 4]), ("genres", &[2]), ("incident", &[1])];

/// The tables of weights.
const LEARNED: [&str; 3] = ["causes", "data", "dates"];

/// Sets of words that come oftener are not worth asking for.
const TOO_OFTEN: f64 = 12.0;

fn main() {
    println!("cargo::rerun-if-changed=data");
    println!("cargo::rerun-if-changed=alternatives.rs");
    for module in ["classes", "needed", "scanner", "spellings", "weights", "words"] {
        println!("cargo::rerun-if-changed=src/{module}.rs");
    }
    let mut registry = Registry::default();
    for table in TABLES {
        let patterns: BTreeMap<String, String> = toml::from_str(&read(&format!("{table}.toml"))).expect("a table of strings");
        patterns.values().for_each(|pattern| registry.add(pattern));
    }
    for (table, columns) in COLUMNS {
        for row in rows(&read(&format!("{table}.tsv"))) {
            let cells = columns.iter().map(|&column| row[column]).filter(|cell| *cell != "-");
            cells.flat_map(classes::pieces).for_each(|(_, pattern)| registry.add(&pattern));
        }
    }
    // As the lexicon writes them.
    for row in rows(&read("contexts.tsv")) {
        let pattern = row[1];
        registry.add(&if row[0] == "before" { format!("(?:{pattern})$") } else { format!("^(?:{pattern})") });
    }
    let Registry { patterns, words, known } = registry;
    let folder = env::var("OUT_DIR").expect("cargo names a folder");
    let gated: Vec<&str> = words.keys().map(String::as_str).collect();
    let all = Words::new(&words::read().expect("the tables of words are valid"), &gated);
    fs::write(Path::new(&folder).join("words.bin"), all.to_bytes()).expect("the folder can be written");
    for table in LEARNED {
        let weights = Weights::from_table(&read(&format!("learned/{table}.tsv")));
        let weights = weights.unwrap_or_else(|error| panic!("data/learned/{table}.tsv: {error}"));
        fs::write(Path::new(&folder).join(table).with_extension("weights"), weights.to_bytes()).expect("the folder can be written");
    }
    let alternatives = |(pattern, alternatives): (&String, &Vec<String>)| format!("({pattern:?}, &[{}])", alternatives.join(", "));
    let sets: Vec<u16> = words.values().flatten().copied().collect();
    let ends = words.values().scan(0, |end, sets| {
        *end += sets.len();
        Some(u16::try_from(*end).expect("fewer words"))
    });
    let text = format!(
        "Registry {{ patterns: &[{}], words: &{:?}, sets: &{sets:?}, sets_end: &{:?}, count: {} }}",
        patterns.iter().map(alternatives).collect::<Vec<_>>().join(",\n"),
        words.keys().collect::<Vec<_>>(),
        ends.collect::<Vec<_>>(),
        known.len()
    );
    fs::write(Path::new(&folder).join("gates.rs"), text).expect("the folder can be written");
}

#[derive(Default)]
struct Registry {
    /// Its alternatives as Rust writes them, by the pattern as it is written.
    patterns: BTreeMap<String, Vec<String>>,
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
        let hir = regex_syntax::parse(&pattern.replace(r"\d", "[0-9]")).unwrap_or_else(|error| panic!("a pattern is not valid: {error}"));
        let alternatives = alternatives::of(&hir, TOO_OFTEN);
        let several = alternatives.len() > 1;
        let alternatives = alternatives.into_iter().map(|one| {
            let spec = several.then(|| one.hir.to_string());
            let longest = one.sets.first().into_iter().flat_map(|set| &set.words).map(String::len).max();
            let gates: Vec<String> = one.sets.into_iter().map(|set| self.gate(set)).collect();
            let (gates, exact, looks) = (gates.join(", "), longest.filter(|_| one.exact), one.hir.properties());
            let (starts, ends) = (looks.look_set_prefix().contains(Look::Start), looks.look_set_suffix().contains(Look::End));
            let free = looks.look_set().is_empty();
            format!("Alternative {{ spec: {spec:?}, gates: &[{gates}], exact: {exact:?}, starts: {starts}, ends: {ends}, free: {free} }}")
        });
        let alternatives = alternatives.collect();
        self.patterns.insert(pattern.to_owned(), alternatives);
    }

    fn gate(&mut self, set: needed::Set) -> String {
        let next = u16::try_from(self.known.len()).expect("fewer gates");
        let gate = *self.known.entry(set.words).or_insert_with_key(|words| {
            words.iter().for_each(|word| self.words.entry(word.clone()).or_default().push(next));
            next
        });
        let bound = |bytes: Option<usize>| bytes.and_then(|bytes| u16::try_from(bytes).ok()).unwrap_or(u16::MAX);
        format!("Gate {{ set: {gate}, within: {}, from_end: {} }}", bound(set.within), bound(set.from_end))
    }
}

fn read(name: &str) -> String {
    fs::read_to_string(Path::new("data").join(name)).unwrap_or_else(|error| panic!("data/{name}: {error}"))
}

/// The rows of a table after its comments and header.
fn rows(table: &str) -> impl Iterator<Item = Vec<&str>> {
    table.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).skip(1).map(|row| row.split('\t').collect())
}
