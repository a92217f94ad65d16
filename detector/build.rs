//! What no start should have to do: reads all patterns of `data/` off their text (`src/machine/tree.rs`) and which words they need
//! (`src/needed.rs`), puts the words of classes in their places (`src/classes.rs`), and spells out and sorts all words (`src/words.rs`).
//! `$OUT_DIR/gates.rs` is the registry of `src/gates.rs`, `$OUT_DIR/forms.bin` its forms, and the tables and `$OUT_DIR/words.bin` there are what
//! `src/lexicon.rs` reads.

mod alternatives;
#[path = "src/classes.rs"]
mod classes;
#[path = "src/needed.rs"]
mod needed;
#[path = "src/values/outline.rs"]
mod outline;
#[allow(dead_code, reason = "scanning is for the detector")]
#[path = "src/scanner.rs"]
mod scanner;
#[allow(dead_code, reason = "looking for signs is for the detector")]
#[path = "src/values/signs.rs"]
mod signs;
#[path = "src/spellings.rs"]
mod spellings;
#[allow(dead_code, reason = "machines are for the detector")]
#[path = "src/machine/tree.rs"]
mod tree;
#[allow(dead_code, reason = "weighing is for the detector")]
#[path = "src/weights.rs"]
mod weights;
#[allow(dead_code, reason = "reading what is written here is for the detector")]
#[path = "src/words.rs"]
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::{env, fs};

use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, Hir, HirKind, Look};

use crate::signs::Signs;
use crate::tree::{Form, Sets};
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

/// The tables of patterns on other texts, of which only the form is of use.
const OTHERS: [&str; 2] = ["segments", "wraps"];

/// The patterns of `parties.toml` that are looked for around their words.
const HUNTED: [&str; 3] = ["organisation", "police", "regulator"];

/// The tables that name classes of words, with the columns in which these are written out: those of patterns.
const CLASSED: [(&str, &[usize]); 2] = [("causes", &[2, 3]), ("clues", &[2])];

/// The tables of words with the columns that hold patterns, from 0.
const COLUMNS: [(&str, &[usize]); 6] =
    [("categories", &[2]), ("causes", &[2, 3]), ("clues", &[2]), ("roles", &[3, 4]), ("genres", &[2]), ("incident", &[1])];

/// The tables of weights.
const LEARNED: [&str; 7] = ["borders", "causes", "data", "data_in_documents", "dates", "dates_in_documents", "gist"];

/// Sets of words that come oftener are not worth asking for.
const TOO_OFTEN: f64 = 12.0;

fn main() {
    println!("cargo::rerun-if-changed=data");
    println!("cargo::rerun-if-changed=alternatives.rs");
    for module in ["classes", "machine/tree", "needed", "scanner", "spellings", "values/outline", "values/signs", "weights", "words"] {
        println!("cargo::rerun-if-changed=src/{module}.rs");
    }
    let mut registry = Registry::default();
    let tables: BTreeMap<&str, BTreeMap<String, String>> = TABLES.iter().chain(&OTHERS).map(|table| (*table, strings(table))).collect();
    TABLES.iter().flat_map(|table| tables[table].values()).for_each(|pattern| registry.add(pattern));
    OTHERS.iter().flat_map(|table| tables[table].values()).for_each(|pattern| registry.add_form(pattern));
    let parties = &tables["parties"];
    let mut hunts: Vec<(&String, String)> = HUNTED.iter().map(|name| (&parties[*name], registry.prey(&parties[*name]))).collect();
    hunts.sort();
    let outlines = registry.outlines();
    for (table, columns) in COLUMNS {
        for row in rows(&read(&format!("{table}.tsv"))) {
            let cells = columns.iter().map(|&column| row[column]).filter(|cell| *cell != "-");
            let cells: Vec<String> = cells.map(classes::expand).collect();
            cells.iter().flat_map(|cell| classes::pieces(cell)).for_each(|(_, pattern)| registry.add(pattern));
        }
    }
    let folder = env::var("OUT_DIR").expect("cargo names a folder");
    for (table, columns) in CLASSED {
        let text = read(&format!("{table}.tsv"));
        let written_out = |row: Vec<&str>| {
            let cells =
                row.iter().enumerate().map(|(at, cell)| if columns.contains(&at) { classes::expand(cell) } else { (*cell).to_owned() });
            cells.collect::<Vec<_>>().join("\t")
        };
        // With a header, as all tables have.
        let text: Vec<String> = ["-".to_owned()].into_iter().chain(rows(&text).map(written_out)).collect();
        fs::write(Path::new(&folder).join(format!("{table}.tsv")), text.join("\n")).expect("the folder can be written");
    }
    // As the lexicon writes them.
    for row in rows(&read("contexts.tsv")) {
        let pattern = row[1];
        registry.add(&if row[0] == "before" { format!("(?:{pattern})$") } else { format!("^(?:{pattern})") });
    }
    let Registry { patterns, words, known, sets: chars, forms } = registry;
    let gated: Vec<&str> = words.keys().map(String::as_str).collect();
    let all = Words::new(&words::read().expect("the tables of words are valid"), &gated);
    fs::write(Path::new(&folder).join("words.bin"), all.to_bytes()).expect("the folder can be written");
    for table in LEARNED {
        let weights = Weights::from_table(&read(&format!("learned/{table}.tsv")));
        let weights = weights.unwrap_or_else(|error| panic!("data/learned/{table}.tsv: {error}"));
        fs::write(Path::new(&folder).join(table).with_extension("weights"), weights.to_bytes()).expect("the folder can be written");
    }
    let forms: Vec<u8> = forms.into_iter().flat_map(u16::to_le_bytes).collect();
    fs::write(Path::new(&folder).join("forms.bin"), forms).expect("the folder can be written");
    let alternatives = |(pattern, (form, alternatives)): (&String, &(Option<u32>, Vec<String>))| {
        format!("({pattern:?}, {form:?}, &[{}])", alternatives.join(", "))
    };
    let named = |(name, table): (&&str, &BTreeMap<String, String>)| format!("({name:?}, &{:?})", table.iter().collect::<Vec<_>>());
    let sets: Vec<u16> = words.values().flatten().copied().collect();
    let ends = words.values().scan(0, |end, sets| {
        *end += sets.len();
        Some(u16::try_from(*end).expect("fewer words"))
    });
    let text = format!(
        "Registry {{ tables: &[{}], patterns: &[{}], hunts: &[{}], outlines: &[{}], chars: &{:?}, forms: include_bytes!(concat!(env!(\"OUT_DIR\"), \"/forms.bin\")), words: &{:?}, \
         sets: &{sets:?}, sets_end: &{:?}, count: {} }}",
        tables.iter().map(named).collect::<Vec<_>>().join(",\n"),
        patterns.iter().map(alternatives).collect::<Vec<_>>().join(",\n"),
        hunts.iter().map(|(pattern, all)| format!("({pattern:?}, &[{all}])")).collect::<Vec<_>>().join(",\n"),
        outlines.iter().map(|(pattern, outline)| format!("({pattern:?}, {outline})")).collect::<Vec<_>>().join(",\n"),
        Slices(&chars.all),
        words.keys().collect::<Vec<_>>(),
        ends.collect::<Vec<_>>(),
        known.len()
    );
    fs::write(Path::new(&folder).join("gates.rs"), text).expect("the folder can be written");
}

/// As Rust writes slices of slices.
struct Slices<'s>(&'s [Vec<(char, char)>]);

impl std::fmt::Debug for Slices<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let slices: Vec<String> = self.0.iter().map(|set| format!("&{set:?}")).collect();
        write!(f, "[{}]", slices.join(", "))
    }
}

#[derive(Default)]
struct Registry {
    /// Where its form is, and its alternatives as Rust writes them, by the pattern as it is written.
    patterns: BTreeMap<String, (Option<u32>, Vec<String>)>,
    /// In which gates each word stands.
    words: BTreeMap<String, Vec<u16>>,
    /// The gates by their words.
    known: BTreeMap<Vec<String>, u16>,
    /// The sets of characters that forms name.
    sets: Sets,
    /// All forms.
    forms: Vec<u16>,
}

impl Registry {
    fn add(&mut self, pattern: &str) {
        if self.patterns.contains_key(pattern) {
            return;
        }
        let hir = parse(pattern);
        let whole = self.form(&hir);
        let alternatives = alternatives::of(&hir, TOO_OFTEN);
        let several = alternatives.len() > 1;
        let alternatives = alternatives.into_iter().map(|one| {
            let spec = several.then(|| (one.hir.to_string(), self.form(&one.hir)));
            let longest = one.sets.first().into_iter().flat_map(|set| &set.words).map(String::len).max();
            let gates: Vec<String> = one.sets.into_iter().map(|set| self.gate(set)).collect();
            let (gates, exact, looks) = (gates.join(", "), longest.filter(|_| one.exact), one.hir.properties());
            let (starts, ends) = (looks.look_set_prefix().contains(Look::Start), looks.look_set_suffix().contains(Look::End));
            let free = looks.look_set().is_empty();
            format!("Alternative {{ spec: {spec:?}, gates: &[{gates}], exact: {exact:?}, starts: {starts}, ends: {ends}, free: {free} }}")
        });
        let alternatives = alternatives.collect();
        self.patterns.insert(pattern.to_owned(), (whole, alternatives));
    }

    /// Adds a pattern that no gate is for.
    fn add_form(&mut self, pattern: &str) {
        if !self.patterns.contains_key(pattern) {
            let hir = parse(pattern);
            let anywhere = "Alternative { spec: None, gates: &[], exact: None, starts: false, ends: false, free: false }";
            let form = self.form(&hir);
            self.patterns.insert(pattern.to_owned(), (form, vec![anywhere.to_owned()]));
        }
    }

    /// The alternatives of a pattern that is looked for around its words, as Rust writes them.
    fn prey(&mut self, pattern: &str) -> String {
        let hir = parse(pattern);
        assert!(hir.properties().look_set().is_empty(), "a pattern that looks around cannot be hunted: {pattern}");
        let parts = if let HirKind::Alternation(parts) = hir.kind() { parts.as_slice() } else { std::slice::from_ref(&hir) };
        let part = |hir: &Hir| {
            let words = needed::required(hir).into_iter().next().map(|set| set.words).unwrap_or_default();
            assert!(!words.is_empty(), "every alternative has to hold a word: {pattern}");
            let mut alphabet = ClassUnicode::empty();
            add_alphabet(hir, &mut alphabet);
            let alphabet: Vec<(char, char)> = alphabet.iter().map(|range| (range.start(), range.end())).collect();
            let here = format!("^(?:{hir})");
            let form = self.form(&parse(&here));
            let least = hir.properties().minimum_len().unwrap_or(0);
            format!("Prey {{ here: ({here:?}, {form:?}), words: &{words:?}, alphabet: &{alphabet:?}, least: {least} }}")
        };
        parts.iter().map(part).collect::<Vec<_>>().join(", ")
    }

    /// What is read off the patterns of values, as Rust writes it, by the patterns as they are written; and adds their forms.
    fn outlines(&mut self) -> BTreeMap<String, String> {
        let table: toml::Table = toml::from_str(&read("values.toml")).expect("a table");
        let mut parts: BTreeMap<String, String> = table["parts"].clone().try_into().expect("a table of strings");
        let surnames = read("surnames.txt");
        let longest = surnames.split_whitespace().map(|name| name.chars().count()).max().unwrap_or(0);
        let chars: BTreeSet<char> = surnames.chars().filter(|c| !c.is_whitespace()).collect();
        let any_surname = format!("[{}]{{1,{longest}}}", chars.into_iter().collect::<String>());
        parts.insert("surname".to_owned(), SURNAME.to_owned());
        let mut outlines = BTreeMap::new();
        for pattern in table.iter().filter(|(key, _)| *key != "parts").flat_map(|(_, value)| texts(value)) {
            let filled = outline::fill(pattern, &parts);
            // What holds all surnames is too large for a machine.
            let named_so = filled.contains(SURNAME);
            if !named_so {
                [filled.clone(), format!("^(?:{filled})"), format!("^(?:{filled})$")].iter().for_each(|pattern| self.add_form(pattern));
            }
            let hir = parse(&filled.replace(SURNAME, "."));
            let words = needed::required(&hir).into_iter().next().map(|set| set.words).unwrap_or_default();
            let (least, named) = (Signs::least(&hir).0, holds_a_name(pattern, &parts));
            let loose = named_so.then(|| filled.replace(SURNAME, &any_surname));
            let loose = loose.map(|loose| {
                let form = self.form(&parse(&loose));
                (loose, form)
            });
            outlines
                .insert(pattern.to_owned(), format!("Outline {{ least: {least:?}, loose: {loose:?}, named: {named}, words: &{words:?} }}"));
        }
        outlines
    }

    /// Writes down the form of a pattern, if it has one, and tells where.
    fn form(&mut self, hir: &Hir) -> Option<u32> {
        let place = u32::try_from(2 * self.forms.len()).expect("fewer forms");
        Form::new(hir, &mut self.sets)?.write(&mut self.forms);
        Some(place)
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

/// What stands beside the patterns of `values.toml`.
const NO_PATTERNS: [&str; 5] = ["kind", "check", "use", "from", "to"];

/// Stands for all surnames.
const SURNAME: &str = "\u{f8ff}";

/// As the detector compiles it.
fn parse(pattern: &str) -> Hir {
    regex_syntax::parse(&pattern.replace(r"\d", "[0-9]")).unwrap_or_else(|error| panic!("a pattern is not valid: {error}"))
}

/// Adds the characters that matches may hold.
fn add_alphabet(hir: &Hir, all: &mut ClassUnicode) {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => {
            String::from_utf8_lossy(&literal.0).chars().for_each(|c| all.push(ClassUnicodeRange::new(c, c)));
        }
        HirKind::Class(Class::Unicode(class)) => all.union(class),
        HirKind::Class(Class::Bytes(_)) => all.push(ClassUnicodeRange::new('\0', char::MAX)),
        HirKind::Repetition(repetition) => add_alphabet(&repetition.sub, all),
        HirKind::Capture(capture) => add_alphabet(&capture.sub, all),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().for_each(|part| add_alphabet(part, all)),
    }
}

/// Whether each match of a pattern holds the part `surname` or the part `spaced`.
fn holds_a_name(pattern: &str, parts: &BTreeMap<String, String>) -> bool {
    fn holds(hir: &Hir) -> bool {
        match hir.kind() {
            HirKind::Literal(literal) => literal.0.windows(NAME.len()).any(|part| part == NAME.as_bytes()),
            HirKind::Repetition(repetition) => repetition.min > 0 && holds(&repetition.sub),
            HirKind::Capture(capture) => holds(&capture.sub),
            HirKind::Concat(parts) => parts.iter().any(holds),
            HirKind::Alternation(parts) => parts.iter().all(holds),
            HirKind::Empty | HirKind::Look(_) | HirKind::Class(_) => false,
        }
    }
    let mut parts = parts.clone();
    for name in ["surname", "spaced"] {
        parts.insert(name.to_owned(), NAME.to_owned());
    }
    regex_syntax::parse(&outline::fill(pattern, &parts)).is_ok_and(|hir| holds(&hir))
}

/// Stands for either part.
const NAME: &str = "surname or spaced";

/// The patterns of a part of `values.toml`.
fn texts(value: &toml::Value) -> Vec<&str> {
    match value {
        toml::Value::String(text) => vec![text],
        toml::Value::Array(values) => values.iter().flat_map(texts).collect(),
        toml::Value::Table(table) => {
            table.iter().filter(|(key, _)| !NO_PATTERNS.contains(&key.as_str())).flat_map(|(_, value)| texts(value)).collect()
        }
        _ => Vec::new(),
    }
}

/// A table of strings.
fn strings(table: &str) -> BTreeMap<String, String> {
    toml::from_str(&read(&format!("{table}.toml"))).expect("a table of strings")
}

fn read(name: &str) -> String {
    fs::read_to_string(Path::new("data").join(name)).unwrap_or_else(|error| panic!("data/{name}: {error}"))
}

/// The rows of a table after its comments and header.
fn rows(table: &str) -> impl Iterator<Item = Vec<&str>> {
    table.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).skip(1).map(|row| row.split('\t').collect())
}
