//! brat's standoff: `ID.txt`, byte for byte the text, and `ID.ann` beside it, with positions in code points.
//!
//! ```text
//! T1    bank_account 12 16    口座番号
//! A1    status T1 denied
//! #1    AnnotatorNotes T1    {"item":0}
//! ```
//!
//! Types are the [names](mod@crate::names) with `-` for `:`, those of data without their status. Facts of a closed list are
//! attributes, all others stand in the mark's note, as JSON. Neither an annotation nor its text may hold line breaks or tabs, so
//! a span that does is written as the fragments around them. What has no place in a text stands in `documents.jsonl`, a line a document.

use std::fmt;

use owabi_corpora::Record;
use owabi_corpora::jsonl::FieldError;
use owabi_corpora::vocabulary::{Bound, Stage, Status, Use, Why};
use serde_json::{Value, json};

use crate::file_name;
use crate::marks::{Mark, Object, SPAN_GROUP, put_together, take_apart};
use crate::names::{self, Field};
use crate::tally::Tally;

/// The file of what has no place in the texts: per line a record without its text, and `file`, the name of its files.
pub const DOCUMENTS: &str = "documents.jsonl";

/// The facts that are attributes: brat's name, the record's key, and what it may say.
const ATTRIBUTES: [(&str, &str, Says); 9] = [
    ("primary", "primary", Says::Yes),
    ("bound", "bound", Says::One),
    ("total", "total", Says::Yes),
    ("stage", "stage", Says::One),
    ("use", "use", Says::One),
    ("well_formed", "well_formed", Says::Yes),
    ("why", "why", Says::One),
    ("group", SPAN_GROUP, Says::Number),
    ("status", "status", Says::One),
];

/// Groups that brat's menu offers; a file may hold any other.
const GROUPS: u32 = 12;

#[derive(Clone, Copy, PartialEq)]
enum Says {
    /// Set or not set.
    Yes,
    /// One word of several.
    One,
    Number,
}

/// What is wrong with a line of an `.ann` file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineError {
    /// The line, from 1; 0 where it is the document as a whole.
    pub line: usize,
    /// What is wrong, and how to mend it.
    pub message: String,
}

impl fmt::Display for LineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for LineError {}

/// What cannot stand in a line of an `.ann` file: what Python takes for the end of a line, and the tab between columns.
fn breaks(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\u{b}' | '\u{c}' | '\r' | '\u{1c}'..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// The `.ann` file of a record.
pub(crate) fn annotations(record: &Record, tally: &mut Tally) -> String {
    let (marks, _) = take_apart(record);
    tally.mark(&marks);
    let text: Vec<char> = record.text.chars().collect();
    let (mut lines, mut attributes) = (String::new(), 0);
    for (index, mark) in marks.into_iter().enumerate() {
        let number = index + 1;
        let Mark { name, start, end, item, mut facts } = mark;
        let mut kind = name.replace(':', "-");
        if let Some((Field::Data, told)) = names::read(&name) {
            facts.insert("status".to_owned(), told["status"].clone());
            kind = name.split(':').next().unwrap_or_default().to_owned();
        }
        let fragments = fragments(&text, start, end);
        // Breaks at the ends of a span lie in no fragment.
        let (first, last) = (fragments[0].0 - start, end - fragments[fragments.len() - 1].1);
        if (first, last) != (0, 0) {
            facts.insert("breaks_around".to_owned(), json!([first, last]));
        }
        let places: Vec<String> = fragments.iter().map(|(start, end)| format!("{start} {end}")).collect();
        let words =
            |(start, end): &(usize, usize)| text[*start..*end].iter().map(|c| if breaks(*c) { ' ' } else { *c }).collect::<String>();
        let words: Vec<String> = fragments.iter().map(words).collect();
        lines.push_str(&format!("T{number}\t{kind} {}\t{}\n", places.join(";"), words.join(" ")));
        for (name, key, says) in ATTRIBUTES {
            let value = match (says, facts.get(key)) {
                (Says::Yes, Some(Value::Bool(true))) => String::new(),
                (Says::One, Some(Value::String(value))) => format!(" {value}"),
                (Says::Number, Some(value)) => format!(" {value}"),
                (Says::Yes, Some(Value::Bool(false))) => {
                    facts.remove(key);
                    continue;
                }
                _ => continue,
            };
            facts.remove(key);
            attributes += 1;
            lines.push_str(&format!("A{attributes}\t{name} T{number}{value}\n"));
        }
        facts.insert("item".to_owned(), json!(item));
        lines.push_str(&format!("#{number}\tAnnotatorNotes T{number}\t{}\n", one_line(&facts)));
    }
    lines
}

/// The stretches of a span between its breaks; the whole span where it holds nothing else.
fn fragments(text: &[char], start: usize, end: usize) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    for (place, c) in (start..end).zip(&text[start..end]).filter(|(_, c)| !breaks(**c)) {
        let _ = c;
        match found.last_mut() {
            Some(last) if last.1 == place => last.1 = place + 1,
            _ => found.push((place, place + 1)),
        }
    }
    if found.is_empty() { vec![(start, end)] } else { found }
}

/// JSON in which nothing looks like the end of a line to anybody.
fn one_line(facts: &Object) -> String {
    let json = Value::Object(facts.clone()).to_string();
    json.chars().map(|c| if breaks(c) { format!("\\u{:04x}", u32::from(c)) } else { c.to_string() }).collect()
}

/// A record's line in `documents.jsonl`.
pub(crate) fn rest_line(record: &Record) -> String {
    let (_, mut rest) = take_apart(record);
    rest.insert("file".to_owned(), json!(file_name(&record.id)));
    format!("{}\n", Value::Object(rest))
}

/// `annotation.conf`, which tells brat every type and attribute.
pub(crate) fn configuration() -> String {
    let mut lines = String::from("[entities]\n\n");
    let mut before = String::new();
    for name in names::all() {
        let kind = match names::read(&name) {
            Some((Field::Data, _)) => name.split(':').next().unwrap_or_default().to_owned(),
            _ => name.replace(':', "-"),
        };
        if kind != before {
            lines.push_str(&kind);
            lines.push('\n');
        }
        before = kind;
    }
    lines.push_str("\n[relations]\n\n[events]\n\n[attributes]\n\n");
    for (name, _, _) in ATTRIBUTES {
        let values: Vec<String> = match name {
            "status" => Status::all().map(|value| value.to_string()).collect(),
            "bound" => Bound::all().map(|value| value.to_string()).collect(),
            "stage" => Stage::all().map(|value| value.to_string()).collect(),
            "use" => Use::all().map(|value| value.to_string()).collect(),
            "why" => Why::all().map(|value| value.to_string()).collect(),
            "group" => (1..=GROUPS).map(|group| group.to_string()).collect(),
            _ => Vec::new(),
        };
        let values = if values.is_empty() { String::new() } else { format!(", Value:{}", values.join("|")) };
        lines.push_str(&format!("{name}\tArg:<ENTITY>{values}\n"));
    }
    lines
}

/// An annotation that is being read.
struct Read {
    line: usize,
    id: String,
    kind: String,
    fragments: Vec<(usize, usize)>,
    facts: Object,
}

/// The record of a text and its `.ann` file. `rest` is its line of `documents.jsonl`, or holds an `id` alone.
///
/// Text-bound annotations, their attributes and the JSON in their notes are read; other notes become nothing, and relations, events
/// and normalisations, which owabi has no use for, are passed over. An annotation of several fragments with more than breaks between
/// them is several mentions of one fact.
pub fn read(rest: Object, text: &str, ann: &str) -> Result<Record, LineError> {
    let characters: Vec<char> = text.chars().collect();
    let mut found: Vec<Read> = Vec::new();
    // Attributes and notes may stand before what they are about.
    let lines = || ann.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line)).enumerate().map(|(index, line)| (index + 1, line));
    for (line, words) in lines().filter(|(_, words)| words.starts_with('T')) {
        let read = text_bound(line, words, &characters).map_err(|message| LineError { line, message })?;
        if found.iter().any(|other| other.id == read.id) {
            return Err(LineError { line, message: format!("{} stands twice; give every annotation an id of its own", read.id) });
        }
        found.push(read);
    }
    for (line, words) in lines() {
        let told = match words.chars().next() {
            Some('A' | 'M') => attribute(words, &mut found),
            Some('#') => note(words, &mut found),
            _ => Ok(()),
        };
        told.map_err(|message| LineError { line, message })?;
    }
    let mut marks: Vec<(usize, Mark)> = Vec::new();
    for read in found {
        let line = read.line;
        marks.extend(marks_of(read, &characters).map_err(|message| LineError { line, message })?.into_iter().map(|mark| (line, mark)));
    }
    let places: Vec<(usize, String)> =
        marks.iter().map(|(line, mark)| (*line, format!("`{}` at {}..{}", mark.name, mark.start, mark.end))).collect();
    let mut rest = rest;
    rest.remove("file");
    put_together(rest, text, marks.into_iter().map(|(_, mark)| mark).collect()).map_err(|error: FieldError| {
        let line = places.iter().find(|(_, place)| error.field.as_deref() == Some(place)).map_or(0, |(line, _)| *line);
        LineError { line, message: error.to_string() }
    })
}

/// `T1⇥TYPE START END[;START END]⇥TEXT`.
fn text_bound(line: usize, words: &str, text: &[char]) -> Result<Read, String> {
    let form = || format!("`{words}` is no text-bound annotation; its form is T1, tab, TYPE START END, tab, the text");
    let mut columns = words.splitn(3, '\t');
    let (id, told, said) = (columns.next().unwrap_or_default(), columns.next().ok_or_else(form)?, columns.next().unwrap_or_default());
    let (kind, places) = told.split_once(' ').ok_or_else(form)?;
    let mut fragments: Vec<(usize, usize)> = Vec::new();
    for place in places.split(';') {
        let (start, end) = place.split_once(' ').ok_or_else(form)?;
        let (start, end): (usize, usize) = (start.parse().map_err(|_| form())?, end.parse().map_err(|_| form())?);
        if end > text.len() {
            return Err(format!("{id} ends at {end}, past the end of the text ({} code points)", text.len()));
        }
        if start >= end || fragments.last().is_some_and(|last| start < last.1) {
            return Err(format!("{id}: {places} is empty or out of order"));
        }
        fragments.push((start, end));
    }
    let words = |(start, end): &(usize, usize)| text[*start..*end].iter().map(|c| if breaks(*c) { ' ' } else { *c }).collect::<String>();
    let found = fragments.iter().map(words).collect::<Vec<_>>().join(" ");
    // Editors drop spaces at the ends of lines.
    if found.trim_end() != said.trim_end() {
        let hint = "positions count code points of the .txt; was one of the two files changed?";
        return Err(format!("{id}: the text has `{found}` at {places}, the annotation `{said}`; {hint}"));
    }
    Ok(Read { line, id: id.to_owned(), kind: kind.to_owned(), fragments, facts: Object::new() })
}

fn annotation<'r>(found: &'r mut [Read], id: &str) -> Option<&'r mut Read> {
    found.iter_mut().find(|read| read.id == id)
}

/// `A1⇥NAME T1[ VALUE]`.
fn attribute(words: &str, found: &mut [Read]) -> Result<(), String> {
    let told = words.split_once('\t').map(|(_, told)| told).unwrap_or_default();
    let parts: Vec<&str> = told.split(' ').collect();
    let ([name, id] | [name, id, _]) = parts[..] else {
        return Err(format!("`{words}` is no attribute; its form is A1, tab, NAME T1, and a value where the attribute has one"));
    };
    let Some((_, key, says)) = ATTRIBUTES.into_iter().find(|(known, ..)| *known == name) else {
        let known: Vec<&str> = ATTRIBUTES.iter().map(|(known, ..)| *known).collect();
        return Err(format!("unknown attribute `{name}`; known are {}", known.join(", ")));
    };
    let Some(read) = annotation(found, id) else { return Err(format!("{name} is about {id}, which is not in the file")) };
    let value = match (says, parts.get(2)) {
        (Says::Yes, None) => json!(true),
        (Says::One, Some(value)) => json!(value),
        (Says::Number, Some(value)) => {
            value.parse::<u32>().map(|value| json!(value)).map_err(|_| format!("{name}: `{value}` is no number"))?
        }
        _ => return Err(format!("`{words}`: {name} {}", if says == Says::Yes { "takes no value" } else { "needs a value" })),
    };
    read.facts.insert(key.to_owned(), value);
    Ok(())
}

/// `#1⇥TYPE T1⇥TEXT`; the text of a note of ours is JSON.
fn note(words: &str, found: &mut [Read]) -> Result<(), String> {
    let columns: Vec<&str> = words.splitn(3, '\t').collect();
    let [_, about, said] = columns[..] else { return Ok(()) };
    let id = about.rsplit(' ').next().unwrap_or_default();
    if !said.trim_start().starts_with('{') {
        return Ok(());
    }
    let facts: Object = serde_json::from_str(said).map_err(|error| format!("the note is no JSON object: {error}"))?;
    let Some(read) = annotation(found, id) else { return Err(format!("the note is about {id}, which is not in the file")) };
    for (key, value) in facts {
        // What brat's menus show wins over what a note says.
        read.facts.entry(key).or_insert(value);
    }
    Ok(())
}

/// The marks of an annotation: one, unless there is text between its fragments.
fn marks_of(read: Read, text: &[char]) -> Result<Vec<Mark>, String> {
    let Read { id, kind, fragments, mut facts, .. } = read;
    let (name, field) = if kind.contains('-') {
        let name = kind.replacen('-', ":", 1);
        let field = names::read(&name).map(|(field, _)| field);
        (name, field)
    } else {
        let status = match facts.remove("status") {
            Some(Value::String(status)) => status,
            _ => return Err(format!("{id}: `{kind}` has no status; add the attribute status with confirmed, possible or denied")),
        };
        let name = format!("{kind}:{status}");
        let field = names::read(&name).map(|(field, _)| field);
        (name, field)
    };
    let field = field.ok_or_else(|| format!("{id}: unknown type `{kind}`; annotation.conf lists those that there are"))?;
    let item = facts.remove("item").and_then(|item| item.as_u64()).map(|item| item as usize);
    // In a file an attribute that is not set says no.
    for (key, of) in [("primary", Field::Causes), ("total", Field::Counts), ("well_formed", Field::Values)] {
        if field == of && item.is_some() {
            facts.entry(key).or_insert(json!(false));
        }
    }
    let around: (usize, usize) = facts.remove("breaks_around").and_then(|around| serde_json::from_value(around).ok()).unwrap_or_default();
    let mut places: Vec<(usize, usize)> = Vec::new();
    for (start, end) in fragments {
        match places.last_mut() {
            Some(last) if text[last.1..start].iter().all(|c| breaks(*c)) => last.1 = end,
            _ => places.push((start, end)),
        }
    }
    // Only where they still are.
    if let Some(first) =
        places.first_mut().filter(|first| first.0 >= around.0 && text[first.0 - around.0..first.0].iter().all(|c| breaks(*c)))
    {
        first.0 -= around.0;
    }
    if let Some(last) =
        places.last_mut().filter(|last| text.get(last.1..last.1 + around.1).is_some_and(|after| after.iter().all(|c| breaks(*c))))
    {
        last.1 += around.1;
    }
    Ok(places.into_iter().map(|(start, end)| Mark { name: name.clone(), start, end, item, facts: facts.clone() }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use owabi_corpora::markup;

    fn record(marked: &str) -> Record {
        let (text, labels) = markup::parse(marked).unwrap();
        Record::new("a", text, labels)
    }

    fn rest(record: &Record) -> Object {
        serde_json::from_str(&rest_line(record)).unwrap()
    }

    #[test]
    fn the_files_are_what_brat_shows() {
        let record = record("𠮷の⟦口座\r\n番号|bank_account:denied@2⟧、⟦65,520名|count:65520:person:about:total⟧");
        let ann = annotations(&record, &mut Tally::default());
        let expected = "T1\tbank_account 2 4;6 8\t口座 番号\nA1\tgroup T1 2\nA2\tstatus T1 denied\n#1\tAnnotatorNotes T1\t{\"item\":0}\n\
            T2\tcount-person 9 16\t65,520名\nA3\tbound T2 about\nA4\ttotal T2\n#2\tAnnotatorNotes T2\t{\"item\":0,\"value\":65520}\n";
        assert_eq!(ann, expected);
        assert_eq!(read(rest(&record), &record.text, &ann), Ok(record));
    }

    #[test]
    fn what_annotators_add_is_read() {
        let before = record("氏名と住所、2名、氏名");
        let ann = "T1\tname 0 2;9 11\t氏名 氏名\nA1\tstatus T1 possible\nT2\tcount-person 6 8\t2名\n#1\tAnnotatorNotes T2\t{\"value\":2}\n\
            #2\tAnnotatorNotes T1\tis it?\nR1\tnear Arg1:T1 Arg2:T2\n";
        let after = read(json!({"id": "a"}).as_object().unwrap().clone(), &before.text, ann).unwrap();
        let expected = record("⟦氏名|name:possible⟧と住所、⟦2名|count:2:person⟧、⟦氏名|name:possible⟧");
        assert_eq!((after.labels.data, after.labels.counts), (expected.labels.data, expected.labels.counts));
        assert_eq!(after.labels.causes, None);
    }

    #[test]
    fn errors_name_the_line_and_the_remedy() {
        let told = |ann: &str| {
            let error = read(json!({"id": "a"}).as_object().unwrap().clone(), "氏名と住所", ann).unwrap_err();
            (error.line, error.message)
        };
        for (ann, line, message) in [
            ("\nT1\tname 0 2\t住所\n", 2, "T1: the text has `氏名` at 0 2, the annotation `住所`"),
            ("T1\tname 0 9\t住所\n", 1, "T1 ends at 9, past the end of the text (5 code points)"),
            ("T1\tname 2 2\t\n", 1, "T1: 2 2 is empty or out of order"),
            ("T1 name 0 2\n", 1, "`T1 name 0 2` is no text-bound annotation"),
            ("T1\tname 0 2\t氏名\n", 1, "T1: `name` has no status"),
            ("T1\tnama-x 0 2\t氏名\n", 1, "T1: unknown type `nama-x`"),
            ("T1\tname 0 2\t氏名\nT1\tname 0 2\t氏名\n", 2, "T1 stands twice"),
            ("A1\tstatus T9 denied\n", 1, "status is about T9, which is not in the file"),
            ("A1\tcolour T1 red\n", 1, "unknown attribute `colour`; known are primary, "),
            ("T1\tdate-discovered 0 2\t氏名\n", 1, "`date:discovered` at 0..2: its date is missing"),
            ("T1\tname 0 2\t氏名\nA1\tstatus T1 lost\n", 1, "T1: unknown type `name`"),
        ] {
            let (at, said) = told(ann);
            assert!(at == line && said.starts_with(message), "{ann:?}: {at}: {said}");
        }
    }
}
