//! A record as annotation tools see it: a text with flat, named marks, and the rest.
//!
//! Tools know nothing of items that hold several spans and of facts beside them. So every span becomes a [`Mark`] with a name that
//! tells the most of it, the facts that the name does not tell, and the number of its item; what has no place in the text stays in
//! the *rest*, a record in JSON without its text. [`put_together`] undoes [`take_apart`], and takes marks that somebody added,
//! moved, renamed or removed in between. The names are those of [`names`](mod@crate::names).

use std::collections::BTreeMap;

use owabi_corpora::jsonl::{self, FieldError, write_record};
use owabi_corpora::record::{Record, SCHEMA};
use owabi_corpora::vocabulary::{Bound, Status, Use, Why};
use serde_json::{Map, Value, json};

use crate::names::{self, Field};

/// A JSON object.
pub type Object = Map<String, Value>;

/// One span of a record.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// What it is, such as `bank_account:denied`.
    pub name: String,
    /// The first position, in code points.
    pub start: usize,
    /// The first position after.
    pub end: usize,
    /// Which item of its field it belongs to, from 0; `None` for a mark that somebody else set.
    pub item: Option<usize>,
    /// What the name does not tell, under the record's own keys; what concerns the span alone as `span_group` and `span_status`.
    pub facts: Object,
}

impl Mark {
    /// A mark that somebody set in a tool: no item, no facts.
    pub fn new(name: impl Into<String>, start: usize, end: usize) -> Mark {
        Mark { name: name.into(), start, end, item: None, facts: Object::new() }
    }
}

/// Data: the item's status, where it is not the strongest of its marks.
const ITEM_STATUS: &str = "item_status";
/// Data: the span has no status of its own, and the name tells the item's.
const UNMARKED: &str = "unmarked";
const SPAN_STATUS: &str = "span_status";
/// The group of people that a mention speaks of.
pub(crate) const SPAN_GROUP: &str = "span_group";

/// A record's marks, in the order of its fields, items and spans, and the rest: the record in JSON without its text, its lists
/// of labels reduced to the items that have no place, each with its number as `item`. Positions in the rest (of `segments`)
/// count code points.
pub fn take_apart(record: &Record) -> (Vec<Mark>, Object) {
    let mut rest = as_json(record);
    rest.remove("text");
    let mut marks = Vec::new();
    let mut labels = object(rest.remove("labels"));
    for field in Field::ALL {
        let Some(Value::Array(items)) = labels.remove(field.key()) else { continue };
        let mut placeless = Vec::new();
        for (number, item) in items.into_iter().enumerate() {
            let mut item = object(Some(item));
            let spans = array(item.remove("spans"));
            if spans.is_empty() {
                item.insert("item".to_owned(), json!(number));
                placeless.push(Value::Object(item));
            } else {
                marks.extend(marks_of(field, number, item, spans));
            }
        }
        labels.insert(field.key().to_owned(), Value::Array(placeless));
    }
    rest.insert("labels".to_owned(), Value::Object(labels));
    (marks, rest)
}

/// The marks of a record alone, for formats that hold no more.
pub fn marks(record: &Record) -> Vec<Mark> {
    take_apart(record).0
}

/// The record as its line of JSON has it, positions in code points.
pub(crate) fn as_json(record: &Record) -> Object {
    let mut line = Vec::new();
    // Writing to memory cannot fail, and a record is an object.
    let _ = write_record(&mut line, record);
    serde_json::from_slice(&line).unwrap_or_default()
}

fn marks_of(field: Field, number: usize, mut item: Object, spans: Vec<Value>) -> Vec<Mark> {
    let key = text(item.remove(field.told().1));
    let status = (field == Field::Data).then(|| text(item.remove("status")));
    let spans: Vec<Object> = spans.into_iter().map(|span| object(Some(span))).collect();
    let own = |span: &Object| span.get("status").and_then(Value::as_str).map(str::to_owned);
    if let Some(status) = &status {
        let strongest = strongest(spans.iter().map(|span| own(span).unwrap_or_else(|| status.clone())));
        if strongest.as_ref() != Some(status) {
            item.insert(ITEM_STATUS.to_owned(), json!(status));
        }
    }
    let mark = |span: &Object| {
        let mut facts = item.clone();
        let name = match (&status, own(span)) {
            (Some(status), None) => {
                facts.insert(UNMARKED.to_owned(), json!(true));
                format!("{key}:{status}")
            }
            (Some(_), Some(own)) => format!("{key}:{own}"),
            (None, own) => {
                if let Some(own) = own {
                    facts.insert(SPAN_STATUS.to_owned(), json!(own));
                }
                format!("{}:{key}", field.told().0)
            }
        };
        if let Some(group) = span.get("group") {
            facts.insert(SPAN_GROUP.to_owned(), group.clone());
        }
        let position = |key: &str| span.get(key).and_then(Value::as_u64).unwrap_or_default() as usize;
        Mark { name, start: position("start"), end: position("end"), item: Some(number), facts }
    };
    spans.iter().map(mark).collect()
}

/// The strongest of some statuses.
fn strongest(statuses: impl Iterator<Item = String>) -> Option<String> {
    statuses.filter_map(|status| status.parse::<Status>().ok()).max().map(|status| status.id().to_owned())
}

/// An item that is being put together.
#[derive(Default)]
struct Item {
    facts: Object,
    spans: Vec<Value>,
    /// Data: the statuses that its marks tell.
    statuses: Vec<String>,
    /// The mark it was begun by, for errors.
    first: String,
}

/// The record of a text, its marks and what [`take_apart`] left of it.
///
/// A mark without an item joins the item that says the same (the category, the cause, a count of the same value and unit …) or
/// becomes a new one, the last of its field. What it does not tell is taken as follows: a cause is not the primary one, a count is
/// exact and not the total, a party has the name that is marked, a value is `exhibit` and well-formed, a mention that asserts
/// nothing is `held`. A count without a value and a date without a date are errors. A field of which there is neither a mark nor a
/// list in the rest is not annotated.
pub fn put_together(rest: Object, text: &str, marks: Vec<Mark>) -> Result<Record, FieldError> {
    let mut rest = rest;
    let mut labels = object(rest.remove("labels"));
    let mut fields: BTreeMap<Field, BTreeMap<usize, Item>> = BTreeMap::new();
    for field in Field::ALL {
        let Some(list) = labels.remove(field.key()) else { continue };
        let items = fields.entry(field).or_default();
        for (place, item) in array(Some(list)).into_iter().enumerate() {
            let mut facts = object(Some(item));
            let number = facts.remove("item").as_ref().and_then(Value::as_u64).map_or(place, |number| number as usize);
            items.insert(number, Item { facts, ..Item::default() });
        }
    }
    // What belongs together already comes first, so that a new mark finds it.
    let (known, new): (Vec<Mark>, Vec<Mark>) = marks.into_iter().partition(|mark| mark.item.is_some());
    for mark in known.into_iter().chain(new) {
        add(&mut fields, mark, text)?;
    }
    for (field, items) in fields {
        let list = items.into_values().map(|item| finished(field, item)).collect();
        labels.insert(field.key().to_owned(), Value::Array(list));
    }
    rest.entry("schema").or_insert_with(|| json!(SCHEMA));
    rest.insert("text".to_owned(), json!(text));
    rest.insert("labels".to_owned(), Value::Object(labels));
    // The one strict reader of records judges the whole.
    let mut record: Record = jsonl::parse(Value::Object(rest).to_string().as_bytes())?;
    jsonl::to_memory(&mut record)?;
    Ok(record)
}

fn add(fields: &mut BTreeMap<Field, BTreeMap<usize, Item>>, mark: Mark, text: &str) -> Result<(), FieldError> {
    let place = format!("`{}` at {}..{}", mark.name, mark.start, mark.end);
    let error = |message: String| FieldError { field: Some(place.clone()), message };
    let Some((field, told)) = names::read(&mark.name) else {
        return Err(error("no label of owabi; names are such as `bank_account:denied`, `cause:phishing`, `count:person`".to_owned()));
    };
    let mut span = json!({"start": mark.start, "end": mark.end});
    let mut facts = mark.facts;
    let mut status = None;
    for (key, value) in told {
        match (field, key.as_str()) {
            (Field::Data, "status") => status = value.as_str().map(str::to_owned),
            _ => _ = facts.insert(key, value),
        }
    }
    let unmarked = facts.remove(UNMARKED).is_some();
    if let Some(status) = status.as_ref().filter(|_| !unmarked) {
        span["status"] = json!(status);
    }
    for (fact, key) in [(SPAN_STATUS, "status"), (SPAN_GROUP, "group")] {
        if let Some(value) = facts.remove(fact) {
            span[key] = value;
        }
    }
    let items = fields.entry(field).or_default();
    let number = match mark.item {
        Some(number) => number,
        None => {
            complete(field, &mut facts, text, mark.start, mark.end).map_err(&error)?;
            let same = |item: &Item| field.identity().iter().all(|key| item.facts.get(*key) == facts.get(*key));
            let known = items.iter().find(|(_, item)| !field.identity().is_empty() && same(item)).map(|(number, _)| *number);
            known.unwrap_or_else(|| items.keys().next_back().map_or(0, |last| last + 1))
        }
    };
    let item = items.entry(number).or_insert_with(|| Item { facts: facts.clone(), first: place.clone(), ..Item::default() });
    if mark.item.is_some() && item.facts != facts {
        let other = &item.first;
        return Err(error(format!(
            "says something else than {other}, although both are of item {number}; make them the same, or leave out the item"
        )));
    }
    item.spans.push(span);
    item.statuses.extend(status);
    Ok(())
}

/// Adds what a mark of somebody else's does not tell. The message says what is missing.
fn complete(field: Field, facts: &mut Object, text: &str, start: usize, end: usize) -> Result<(), String> {
    let mut default = |key: &str, value: Value| _ = facts.entry(key).or_insert(value);
    match field {
        Field::Causes => default("primary", json!(false)),
        Field::Counts => {
            default("bound", json!(Bound::Exact));
            default("total", json!(false));
        }
        Field::Parties => default("name", json!(text.chars().skip(start).take(end.saturating_sub(start)).collect::<String>())),
        Field::Values => {
            default("use", json!(Use::Exhibit));
            default("well_formed", json!(true));
        }
        Field::Distractors => default("why", json!(Why::Held)),
        Field::Data | Field::Dates => {}
    }
    let missing = match field {
        Field::Counts => "value",
        Field::Dates => "date",
        _ => return Ok(()),
    };
    if facts.contains_key(missing) {
        return Ok(());
    }
    Err(format!("its {missing} is missing, which no text alone tells; say it in a note (brat) or in the record, or remove the mark"))
}

/// The item as the record holds it.
fn finished(field: Field, item: Item) -> Value {
    let Item { mut facts, spans, statuses, .. } = item;
    let own = facts.remove(ITEM_STATUS);
    if field == Field::Data && !spans.is_empty() {
        let status = own.or_else(|| strongest(statuses.into_iter()).map(Value::String));
        facts.insert("status".to_owned(), status.unwrap_or_default());
    }
    facts.insert("spans".to_owned(), Value::Array(spans));
    Value::Object(facts)
}

fn object(value: Option<Value>) -> Object {
    match value {
        Some(Value::Object(object)) => object,
        _ => Object::new(),
    }
}

fn array(value: Option<Value>) -> Vec<Value> {
    match value {
        Some(Value::Array(array)) => array,
        _ => Vec::new(),
    }
}

fn text(value: Option<Value>) -> String {
    match value {
        Some(Value::String(text)) => text,
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use owabi_corpora::markup;

    fn record(marked: &str) -> Record {
        let (text, labels) = markup::parse(marked).unwrap();
        Record::new("a", text, labels)
    }

    #[test]
    fn marks_are_named_as_the_mark_up_names_them() {
        let record = record(
            "⟦𠮷田商店|party:breached⟧の⟦氏名|name:confirmed@2⟧、⟦2名|count:2:person:total⟧、⟦紛失|cause:loss!⟧、⟦暗証|no:pin:held⟧",
        );
        let (marks, rest) = take_apart(&record);
        let told: Vec<(&str, usize, usize)> = marks.iter().map(|mark| (mark.name.as_str(), mark.start, mark.end)).collect();
        assert_eq!(
            told,
            [("cause:loss", 11, 13), ("name:confirmed", 5, 7), ("count:person", 8, 10), ("party:breached", 0, 4), ("no:pin", 14, 16)]
        );
        assert_eq!(marks[2].facts, json!({"value": 2, "bound": "exact", "total": true}).as_object().unwrap().clone());
        assert_eq!(marks[1].facts, json!({"span_group": 2}).as_object().unwrap().clone());
        assert_eq!(rest["labels"]["data"], json!([]));
        assert_eq!(put_together(rest, &record.text, marks), Ok(record));
    }

    #[test]
    fn marks_of_others_join_what_says_the_same() {
        let before = record("⟦氏名|name:possible⟧と⟦住所|address:denied⟧と氏名、⟦2名|count:2:person⟧、紛失");
        let (mut marks, rest) = take_apart(&before);
        marks.retain(|mark| mark.name != "address:denied");
        marks.extend([Mark::new("name:confirmed", 6, 8), Mark::new("cause:loss", 12, 14), Mark::new("value:phone", 9, 11)]);
        let after = put_together(rest, &before.text, marks).unwrap();
        let expected =
            record("⟦氏名|name:possible⟧と住所と⟦氏名|name:confirmed⟧、⟦⟦2名|count:2:person⟧|value:phone:exhibit⟧、⟦紛失|cause:loss⟧");
        assert_eq!(after.labels, expected.labels);
    }

    #[test]
    fn what_a_mark_cannot_say_is_an_error() {
        let told = |mark: Mark| put_together(json!({"id": "a"}).as_object().unwrap().clone(), "2名", vec![mark]).unwrap_err().to_string();
        assert!(told(Mark::new("count:person", 0, 2)).starts_with("`count:person` at 0..2: its value is missing"));
        assert!(told(Mark::new("nama:denied", 0, 2)).starts_with("`nama:denied` at 0..2: no label of owabi"));
        assert!(told(Mark::new("name:denied", 0, 3)).contains("past the end of the text"));
    }
}
