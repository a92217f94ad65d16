//! Runs the cases of `reporting.toml`: what the law says of one leak each, worked out by hand.

use owabi_corpora::reportability::{Holder, article_name, assess};
use owabi_corpora::vocabulary::{Exposure, Genre, Jurisdiction, Sector};
use owabi_corpora::{Labels, Record, jsonl, markup, verify};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    case: Vec<Case>,
}

/// `reporting.toml` explains each.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    why: String,
    sector: Option<Sector>,
    #[serde(default)]
    sector_unknown: bool,
    jurisdiction: Option<Jurisdiction>,
    genre: Option<Genre>,
    exposure: Option<Exposure>,
    labels: String,
    reason: String,
    duties: Option<Vec<String>>,
    as_of: Option<String>,
    preliminary: Option<String>,
    #[serde(rename = "final")]
    final_report: Option<String>,
}

fn or_dash(value: Option<impl ToString>) -> String {
    value.map_or("-".to_owned(), |value| value.to_string())
}

#[test]
fn every_case_is_what_the_law_says() {
    let file: File = toml::from_str(include_str!("reporting.toml")).unwrap();
    assert!(file.case.len() >= 60, "{}", file.case.len());
    let mut wrong = Vec::new();
    for case in &file.case {
        let marks: String = case.labels.split_whitespace().map(|label| format!("⟦x|{label}⟧")).collect();
        let (text, labels) = markup::parse(&marks).unwrap_or_else(|error| panic!("{}: {error}", case.name));
        let labels = Labels { genre: case.genre, exposure: case.exposure, ..labels };
        let sector = if case.sector_unknown { None } else { Some(case.sector.unwrap_or(Sector::Private)) };
        let holder = Holder { sector, jurisdiction: case.jurisdiction.unwrap_or(Jurisdiction::Japan) };
        let found = assess(&labels, holder);
        let mut expect = |what: &str, wanted: Option<String>, got: String| {
            if wanted.as_ref().is_some_and(|wanted| *wanted != got) {
                wrong.push(format!("{}: {what} `{got}`, not `{}`   ({})", case.name, wanted.unwrap_or_default(), case.why));
            }
        };
        expect("reason", Some(case.reason.clone()), found.reason.to_string());
        expect("as_of", case.as_of.clone(), or_dash(found.as_of));
        let numbers = |numbers: &[u8], mark: &str| numbers.iter().map(|number| format!(" {mark}{number}")).collect::<String>();
        let duties = found.duties.iter().map(|duty| {
            let law = format!("{}/{}", duty.law, or_dash(duty.article.as_ref()));
            assert_eq!(article_name(duty).is_some(), duty.article.is_some());
            format!("{law}:{}{}", numbers(&duty.situations, ""), numbers(&duty.undecided, "?"))
        });
        expect("duties", case.duties.as_ref().map(|duties| duties.join(", ")), duties.collect::<Vec<_>>().join(", "));
        for (name, wanted, got) in
            [("preliminary", &case.preliminary, found.preliminary), ("final", &case.final_report, found.final_report)]
        {
            let kept = |kept| if kept { "kept" } else { "late" };
            let got = got.map(|got| format!("due {} reported {} {}", or_dash(got.due), or_dash(got.reported), or_dash(got.kept.map(kept))));
            expect(name, wanted.clone(), got.unwrap_or_default());
        }
        assert_eq!(found.required, found.reason.required());

        // The finding survives being written and read.
        let record = Record::new(&case.name, text, Labels { reportability: Some(found), ..labels });
        let mut line = Vec::new();
        jsonl::write_record(&mut line, &record).unwrap();
        let read = jsonl::Records::new("case", line.as_slice()).next().unwrap().unwrap();
        assert_eq!(read.labels.reportability, record.labels.reportability);
        let _ = verify::record(&read);
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), file.case.len(), wrong.join("\n"));
}

/// Nothing that labels can hold makes it fail.
#[test]
fn odd_dates_and_figures_are_answered() {
    for labels in [
        "⟦x|date:discovered:9999-12-31⟧⟦x|name:possible⟧⟦x|count:18446744073709551615:person⟧⟦y|count:18446744073709551614:person⟧",
        "⟦x|date:discovered:0001⟧⟦x|my_number:possible⟧",
        "⟦x|date:discovered:9999⟧⟦x|card_number:possible⟧⟦x|date:reported_regulator:0001-01⟧",
    ] {
        let (_, labels) = markup::parse(labels).unwrap();
        for sector in [None, Some(Sector::Local)] {
            assess(&labels, Holder { sector, jurisdiction: Jurisdiction::Unknown });
        }
    }
}

/// The table is canonical: lists ascend, so that an id stands in one place and a holiday is not missed.
#[test]
fn the_table_is_tidy() {
    let text = include_str!("../scheme/reporting.toml");
    assert!(text.lines().all(|line| line.trim_end() == line && line.chars().count() <= 150), "long lines or spaces at an end");
    let table: toml::Table = toml::from_str(text).unwrap();
    let ascends = |name: &str, list: &toml::Value| {
        let list: Vec<&str> = list.as_array().unwrap().iter().map(|item| item.as_str().unwrap()).collect();
        assert!(list.is_sorted_by(|a, b| a < b), "{name}");
    };
    ascends("holidays", &table["deadlines"]["holidays"]);
    ascends("special_care", &table["special_care"]["categories"]);
    for (name, list) in table["causes"].as_table().unwrap() {
        ascends(name, list);
    }
    let both = |a: &str, b: &str| {
        let list = |name: &str| table["causes"][name].as_array().unwrap().clone();
        assert!(!list(a).iter().any(|id| list(b).contains(id)), "{a} and {b} share a cause");
    };
    both("improper", "perhaps_improper");
    both("unspecified", "perhaps_unspecified");
    for rule in table["rule"].as_array().unwrap() {
        ascends("holders", &rule["holders"]);
    }
}

/// A reader refuses what the shape does not have, and names the field.
#[test]
fn reading_is_strict() {
    for (json, message) in [
        (r#"{"reason":"situation","because":1}"#, "labels.reportability.because: unknown field `because`"),
        (r#"{"reason":"perhaps"}"#, "labels.reportability.reason: unknown variant `perhaps`"),
        (r#"{"required":true}"#, "missing key `reason`"),
        (r#"{"reason":"situation","duties":[{"law":"gdpr"}]}"#, "labels.reportability.duties[0].law: unknown variant `gdpr`"),
        (r#"{"reason":"situation","final":{"due":"soon"}}"#, "labels.reportability.final.due: `soon` is no date"),
    ] {
        let line = format!(r#"{{"schema":1,"id":"a","text":"","labels":{{"reportability":{json}}}}}"#);
        let error = jsonl::Records::new("f", line.as_bytes()).next().unwrap().unwrap_err().to_string();
        assert!(error.contains(message), "{error}");
    }
    let line = r#"{"schema":1,"id":"a","text":"","labels":{"reportability":{"required":false,"reason":"situation"}}}"#;
    let record = jsonl::Records::new("f", line.as_bytes()).next().unwrap().unwrap();
    assert_eq!(verify::record(&record)[0].path, "labels.reportability.required");
}
