//! Figures by their names. Every number in `results.json` has one: its path, such as `fields.data.micro.f1`. Steps that go without
//! saying may be left out: `fields.data.f1` and `data.f1` are the same figure, and so are `exposure` and `accuracy.exposure.accuracy`.

use serde_json::{Map, Value};

use crate::results::Results;

/// Steps that may be left out inside a name …
const IMPLIED: [&str; 5] = ["fields", "micro", "parts", "accuracy", "alarms"];
/// … and at its end.
const MAIN: [&str; 4] = ["accuracy", "rate", "pass_rate", "per_10_000"];

/// How many names are suggested.
const SUGGESTED: usize = 3;

/// A figure that was found.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Found {
    /// Its whole path.
    pub(crate) path: String,
    /// `None` where it cannot be computed.
    pub(crate) value: Option<f64>,
    /// The interval's lower end, where there is an interval.
    pub(crate) low: Option<f64>,
    /// The interval's upper end.
    pub(crate) high: Option<f64>,
}

/// The figures of a run as JSON, to find them in: without counts and gates.
pub(crate) fn figures(results: &Results) -> Value {
    let bare = Results { counts: None, gates: Vec::new(), ..results.clone() };
    // Results are plain data, and can always be written.
    serde_json::to_value(bare).unwrap_or_default()
}

/// Finds a figure. The error says, in a clause, what there is instead.
pub(crate) fn find(results: &Value, name: &str) -> Result<Found, String> {
    let Some((path, node)) = step(results, name) else {
        return Err(unknown(results, name));
    };
    let (path, node) = match node.as_object().and_then(|object| MAIN.iter().find_map(|key| Some((key, object.get(*key)?)))) {
        Some((key, inner)) => (format!("{path}.{key}"), inner),
        None => (path, node),
    };
    let plain = |value| Found { path: path.clone(), value, low: None, high: None };
    match node {
        Value::Null => Ok(plain(None)),
        Value::Number(number) => {
            // The exact bound on false alarms is one-sided, and is the better upper end.
            let upper = path.strip_suffix(".per_10_000").and_then(|of| step(results, &format!("{of}.upper_95")));
            Ok(Found { high: upper.and_then(|(_, upper)| upper.as_f64()), ..plain(number.as_f64()) })
        }
        Value::Object(object) if is_estimate(object) => {
            let end = |key: &str| object.get(key).and_then(Value::as_f64);
            Ok(Found { low: end("low"), high: end("high"), ..plain(end("value")) })
        }
        Value::Object(object) => {
            let keys: Vec<&str> = object.keys().map(String::as_str).take(12).collect();
            Err(format!("`{name}` is a group of figures; choose one in it: {}", keys.join(", ")))
        }
        _ => Err(format!("`{name}` is no number")),
    }
}

/// Names in a list that look most like what was typed, as a clause: `; did you mean …?`, or all of them where they are few.
pub(crate) fn instead<'a>(name: &str, all: impl Iterator<Item = &'a str>) -> String {
    let mut near: Vec<(f64, &str)> = all.map(|other| (strsim::normalized_damerau_levenshtein(name, other), other)).collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    let alike: Vec<&str> = near.iter().filter(|(likeness, _)| *likeness >= 0.6).take(SUGGESTED).map(|(_, other)| *other).collect();
    if !alike.is_empty() {
        return format!("; did you mean {}?", alike.join(", "));
    }
    let mut all: Vec<&str> = near.into_iter().map(|(_, other)| other).collect();
    all.sort_unstable();
    let more = if all.len() > 40 { ", …" } else { "" };
    format!("; there are: {}{more}", all.into_iter().take(40).collect::<Vec<_>>().join(", "))
}

/// Goes down the path. Keys may hold dots, as `status.denied` does.
fn step<'a>(node: &'a Value, rest: &str) -> Option<(String, &'a Value)> {
    if rest.is_empty() {
        return Some((String::new(), node));
    }
    let object = node.as_object()?;
    let said = object.iter().filter_map(|(key, inner)| {
        let after = rest.strip_prefix(key.as_str())?;
        let after = if after.is_empty() { after } else { after.strip_prefix('.').filter(|after| !after.is_empty())? };
        Some((key.as_str(), step(inner, after)?))
    });
    let implied = IMPLIED.iter().filter_map(|key| Some((*key, step(object.get(*key)?, rest)?)));
    let (key, (path, found)) = said.chain(implied).next()?;
    Some((if path.is_empty() { key.to_owned() } else { format!("{key}.{path}") }, found))
}

fn unknown(results: &Value, name: &str) -> String {
    let mut names = Vec::new();
    leaves(results, String::new(), &mut names);
    let clause = instead(name, names.iter().map(String::as_str));
    if clause.starts_with("; did you mean") {
        return format!("no figure is called `{name}`{clause}");
    }
    let groups: Vec<&str> = results.as_object().into_iter().flat_map(Map::keys).map(String::as_str).collect();
    format!("no figure is called `{name}`; names are paths in the results, which hold: {}", groups.join(", "))
}

/// Every name, without the steps that may be left out.
fn leaves(node: &Value, path: String, names: &mut Vec<String>) {
    match node {
        Value::Object(object) if !is_estimate(object) => {
            for (key, inner) in object {
                // Slices have a key of their own in a gate.
                let skip = key == "micro" || (path.is_empty() && key == "slices");
                match (skip, path.is_empty()) {
                    (true, false) => leaves(inner, path.clone(), names),
                    (true, true) => {}
                    (false, true) => leaves(inner, key.clone(), names),
                    (false, false) => leaves(inner, format!("{path}.{key}"), names),
                }
            }
        }
        Value::Object(_) | Value::Number(_) | Value::Null => names.push(path),
        _ => {}
    }
}

fn is_estimate(object: &Map<String, Value>) -> bool {
    ["value", "low", "high"].iter().all(|key| object.contains_key(*key))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn results() -> Value {
        let estimate = json!({"value": 0.9, "low": 0.8, "high": 0.95});
        json!({
            "fields": {"data": {"documents": 7, "micro": {"correct": 9, "f1": estimate, "precision": {"value": null, "low": null, "high": null}}}},
            "parts": {"status.denied": {"f1": estimate}},
            "accuracy": {"exposure": {"right": 9, "accuracy": estimate}},
            "alarms": {"denied_as_leaked": {"count": 3, "rate": estimate}, "false_alarms": {"per_10_000": 5.0, "upper_95": 9.5}},
            "behaviour": {"nfkc": {"passed": 8, "pass_rate": estimate}},
            "run": {"detector": "builtin"},
        })
    }

    #[test]
    fn a_path_may_be_whole_or_short() {
        for (name, path) in [
            ("fields.data.micro.f1", "fields.data.micro.f1"),
            ("fields.data.f1", "fields.data.micro.f1"),
            ("data.f1", "fields.data.micro.f1"),
            ("parts.status.denied.f1", "parts.status.denied.f1"),
            ("status.denied.f1", "parts.status.denied.f1"),
            ("exposure", "accuracy.exposure.accuracy"),
            ("accuracy.exposure", "accuracy.exposure.accuracy"),
            ("denied_as_leaked", "alarms.denied_as_leaked.rate"),
            ("alarms.denied_as_leaked.rate", "alarms.denied_as_leaked.rate"),
            ("behaviour.nfkc", "behaviour.nfkc.pass_rate"),
        ] {
            let found = find(&results(), name).unwrap();
            assert_eq!((&*found.path, found.value, found.low, found.high), (path, Some(0.9), Some(0.8), Some(0.95)), "{name}");
        }
        assert_eq!(find(&results(), "denied_as_leaked.count").unwrap().value, Some(3.0));
        assert_eq!(find(&results(), "data.precision").unwrap().value, None);
        assert_eq!(find(&results(), "data.f1.low").unwrap().value, Some(0.8));
        let alarms = find(&results(), "false_alarms").unwrap();
        assert_eq!((alarms.value, alarms.low, alarms.high), (Some(5.0), None, Some(9.5)));
    }

    #[test]
    fn what_is_not_there_is_answered_with_what_is() {
        assert_eq!(find(&results(), "fields.date.f1").unwrap_err(), "no figure is called `fields.date.f1`; did you mean fields.data.f1?");
        let told = find(&results(), "colour").unwrap_err();
        assert!(told.ends_with("which hold: accuracy, alarms, behaviour, fields, parts, run"), "{told}");
        assert!(find(&results(), "data").unwrap_err().contains("choose one in it: documents, micro"));
        assert!(find(&results(), "run.detector").unwrap_err().contains("no number"));
        for bad in ["", ".", "fields.", "fields..data", "fields.data.micro.f1.", "fields.data.micro.f1.x"] {
            assert!(find(&results(), bad).is_err(), "{bad}");
        }
    }
}
