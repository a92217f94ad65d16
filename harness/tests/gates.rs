//! Gates: what passes, what fails, and what is refused, each with the line that says so.

use std::collections::BTreeMap;

use owabi_corpora::{Record, markup};
use owabi_harness::gates::GateResult;
use owabi_harness::junit::junit;
use owabi_harness::report::{plain, sections};
use owabi_harness::results::Run;
use owabi_harness::{Gates, Results, Scorer, Settings};

const FACTS: &str = "⟦氏名|name:confirmed⟧⟦住所|address:confirmed⟧⟦電話|phone:confirmed⟧⟦口座|bank_account:denied⟧";
const FIRST_LOST: &str = "氏名⟦住所|address:confirmed⟧⟦電話|phone:confirmed⟧⟦口座|bank_account:denied⟧";

/// So many documents with four facts; of the first `lost` the detector misses one.
fn run(documents: usize, lost: usize) -> Results {
    let (text, labels) = markup::parse(FACTS).unwrap();
    let (_, less) = markup::parse(FIRST_LOST).unwrap();
    let mut scorer = Scorer::new(Settings { resamples: 200, ..Settings::default() });
    for index in 0..documents {
        let mut gold = Record::new(format!("d{index:03}"), &text, labels.clone());
        gold.labels.genre = Some(if index % 2 == 0 { "notice" } else { "news" }.parse().unwrap());
        let mut answer = if index < lost { less.clone() } else { labels.clone() };
        answer.genre = gold.labels.genre;
        scorer.add(&gold, Ok((&answer).into()));
    }
    Results { run: Run { detector: "a & b".to_owned(), ..Run::default() }, ..scorer.finish() }
}

fn check(gates: &str, results: &Results, baselines: &[(&str, &Results)]) -> Result<Vec<GateResult>, String> {
    let baselines: BTreeMap<String, Results> = baselines.iter().map(|(name, results)| ((*name).to_owned(), (*results).clone())).collect();
    Gates::parse(gates).and_then(|gates| gates.check(results, &baselines)).map_err(|error| error.to_string())
}

fn one(gate: &str, results: &Results) -> GateResult {
    check(&format!("[[gate]]\n{gate}"), results, &[]).unwrap().remove(0)
}

/// 20 of 100 documents lose one of four facts: recall is 380 / 400 = 0.95, precision 1, F1 = 760 / 780 = 0.974359.
#[test]
fn a_figure_is_held_against_its_limits() {
    let results = run(100, 20);
    for (gate, passed) in [
        ("figure = \"data.recall\"\nmin = 0.95", true),
        ("figure = \"data.recall\"\nmin = 0.950001", false),
        ("figure = \"data.recall\"\nmax = 0.95", true),
        ("figure = \"data.recall\"\nmax = 0.9", false),
        ("figure = \"data.recall\"\nmin = 0.9\nmax = 0.96", true),
        ("figure = \"data.precision\"\nmin = 1", true),
        // The interval is about 0.95 ± 1.96 · sqrt(0.2 · 0.8 / 100) / 4 = 0.93 to 0.97.
        ("figure = \"data.recall\"\nmin = 0.92\nbound = \"low\"", true),
        ("figure = \"data.recall\"\nmin = 0.945\nbound = \"low\"", false),
        ("figure = \"data.recall\"\nmax = 0.955\nbound = \"high\"", false),
        ("figure = \"data.recall\"\nmax = 0.98\nbound = \"high\"", true),
        ("figure = \"documents.gold\"\nmin = 100", true),
    ] {
        assert_eq!(one(gate, &results).passed, passed, "{gate}");
    }
    let failed = one("figure = \"fields.data.f1\"\nmin = 0.98", &results);
    assert!(failed.line().starts_with("fields.data.f1: wanted ≥ 0.98, seen 0.9744 [0.9"), "{}", failed.line());
    let named = one("name = \"leaks\"\nfigure = \"data.f1\"\nmax = 0.5\nbound = \"high\"", &results);
    assert!(named.line().starts_with("leaks (data.f1): wanted high end ≤ 0.5, seen 0.9744 ["), "{}", named.line());
}

/// Documents with an even number are notices: of 50, 10 lose a fact, so recall is 190 / 200.
#[test]
fn a_slice_has_figures_and_intervals_of_its_own() {
    let results = run(100, 20);
    let found = one("slice = \"genre=notice\"\nfigure = \"data.recall\"\nmin = 0.9\nbound = \"low\"", &results);
    assert_eq!((found.estimate.value, found.passed, found.name.as_str()), (Some(0.95), true, "data.recall in genre=notice"));
    let (low, high) = found.estimate.low.zip(found.estimate.high).unwrap();
    // 0.95 ± 1.96 · sqrt(0.2 · 0.8 / 50) / 4 = 0.922 to 0.978.
    assert!((low - 0.922).abs() < 0.01 && (high - 0.978).abs() < 0.01, "{low} {high}");
    assert_eq!(one("slice = \"genre=news\"\nfigure = \"documents\"\nmin = 50", &results).estimate.value, Some(50.0));
    assert_eq!(one("slice = \"genre=news\"\nfigure = \"denied_as_leaked\"\nmax = 0", &results).estimate.value, Some(0.0));
}

#[test]
fn a_figure_that_cannot_be_computed_fails() {
    let (text, labels) = markup::parse(FACTS).unwrap();
    let mut scorer = Scorer::new(Settings { resamples: 10, ..Settings::default() });
    scorer.add(&Record::new("a", text, labels), Ok((&owabi_corpora::Labels::default()).into()));
    let found = one("figure = \"data.precision\"\nmin = 0.0\nbound = \"low\"", &scorer.finish());
    assert!(!found.passed && found.seen.contains("nothing to count"), "{found:?}");
}

#[test]
fn a_run_is_held_against_an_earlier_one() {
    let (before, same, worse, better) = (run(100, 20), run(100, 20), run(100, 40), run(100, 0));
    let gate = |more: &str| format!("[[gate]]\nfigure = \"data.recall\"\nnot_worse_than = \"b.json\"\n{more}");
    let passes = |more: &str, results: &Results| check(&gate(more), results, &[("b.json", &before)]).unwrap()[0].passed;
    for more in ["", "bound = \"low\"", "bound = \"value\"", "margin = 0.01"] {
        assert!(passes(more, &same) && passes(more, &better), "{more}");
        assert!(!passes(more, &worse), "{more}");
    }
    // Twenty facts of 400 are five points, [0.03 to 0.07].
    assert!(!passes("margin = 0.02", &worse) && passes("margin = 0.04", &worse) && !passes("margin = 0.04\nbound = \"value\"", &worse));
    assert!(passes("margin = 0.05\nbound = \"value\"", &worse) && !passes("margin = 0.05\nbound = \"low\"", &worse));
    assert!(passes("margin = 0.08\nbound = \"low\"", &worse));
    // Three documents more may be chance: not surely worse, and yet worse.
    let little = run(100, 23);
    assert!(passes("", &little) && !passes("bound = \"value\"", &little) && !passes("bound = \"low\"", &little));
    let found = check(&gate("margin = 0.01"), &worse, &[("b.json", &before)]).unwrap().remove(0);
    assert!(
        found.line().starts_with("data.recall: wanted not surely worse than b.json by more than 0.01, seen −0.05 [−0.0"),
        "{}",
        found.line()
    );
    assert!(found.line().ends_with(", from 0.95 to 0.9"), "{}", found.line());
    // In the slice of the notices ten of 200 more are missed.
    let sliced = check(&gate("slice = \"genre=notice\""), &worse, &[("b.json", &before)]).unwrap().remove(0);
    assert_eq!((sliced.passed, sliced.estimate.value), (false, Some(-0.05)));
}

/// A rate of errors is worse when it rises.
#[test]
fn alarms_are_worse_when_they_rise() {
    let (text, labels) = markup::parse(FACTS).unwrap();
    let (_, wrong) = markup::parse(&FACTS.replace("denied", "possible")).unwrap();
    let results = |alarms: usize| {
        let mut scorer = Scorer::new(Settings { resamples: 200, ..Settings::default() });
        for index in 0..100 {
            let answer = if index < alarms { &wrong } else { &labels };
            scorer.add(&Record::new(index.to_string(), &text, labels.clone()), Ok(answer.into()));
        }
        scorer.finish()
    };
    let gate = "[[gate]]\nfigure = \"denied_as_leaked\"\nnot_worse_than = \"b.json\"";
    let passes = |before: usize, after: usize| check(gate, &results(after), &[("b.json", &results(before))]).unwrap()[0].passed;
    assert!(passes(30, 10) && passes(30, 30) && !passes(10, 30));
}

#[test]
fn runs_on_other_documents_are_refused() {
    let gate = "# what must hold\n[[gate]]\nfigure = \"data.f1\"\nnot_worse_than = \"b.json\"";
    let refused = |baseline: &Results| check(gate, &run(100, 0), &[("b.json", baseline)]).unwrap_err();
    assert_eq!(
        refused(&run(99, 0)),
        "line 4: b.json and this run cannot be compared: other documents (99 and 100; only the second has `d099`); run both on the same corpus, or with the same seed, count and options"
    );
    let bare = Results { counts: None, ..run(100, 0) };
    assert!(refused(&bare).contains("b.json: holds no counts by document"));
}

#[test]
fn what_cannot_be_meant_is_refused_with_its_line() {
    let results = run(10, 0);
    for (gates, told) in [
        ("", "line 1: holds no gate;"),
        ("[[gates]]\nfigure = \"data.f1\"", "line 1: unknown field `gates`, expected `gate`"),
        ("[[gate]]\nfigure = \"data.f1\"\nmni = 1", "line 3: unknown field `mni`, expected one of `name`"),
        ("[[gate]]\nmin = 1", "line 1: missing field `figure`"),
        ("[[gate]]\nfigure = \"data.f1\"\nmin = \"1\"", "line 3: invalid type: string"),
        ("[[gate]]\nfigure = \"data.f1\"\nmin = nan", "line 3: is no number"),
        ("[[gate]]\nfigure = \"data.f1\"\nmin = ", "line 3: "),
        ("\n[[gate]]\nfigure = \"data.f1\"", "line 2: the gate on data.f1 wants nothing; add min, max or not_worse_than"),
        ("[[gate]]\nfigure = \"data.f1\"\nmin = 0.9\nmax = 0.8", "line 1: min 0.9 is above max 0.8"),
        ("[[gate]]\nfigure = \"data.f1\"\nmin = 0.9\nmargin = 0.1", "line 4: margin: belongs to not_worse_than"),
        ("[[gate]]\nfigure = \"data.f1\"\nnot_worse_than = \"b\"\nmargin = -0.1", "line 4: margin: is below 0"),
        ("[[gate]]\nfigure = \"data.f1\"\nnot_worse_than = \"b\"\nmin = 0.1", "line 3: not_worse_than stands with no min"),
        ("[[gate]]\nfigure = \"data.f1\"\nmin = 0.9\nbound = \"lower\"", "line 4: bound: `lower` is none; choose low, high or value"),
        ("[[gate]]\nfigure = \"data.f1\"\nmin = 0.9\nslice = \"notice\"", "line 4: slice: `notice` is no slice"),
        (
            "[[gate]]\nfigure = \"fields.date.f1\"\nmin = 0.9",
            "line 2: no figure is called `fields.date.f1`; did you mean fields.dates.f1, fields.data.f1",
        ),
        ("[[gate]]\nfigure = \"data\"\nmin = 0.9", "line 2: `data` is a group of figures; choose one in it: documents, macro, micro"),
        (
            "[[gate]]\nfigure = \"data.f1\"\nmin = 0\nslice = \"kind=x\"",
            "line 4: slice: the run has none by `kind`; there are: cause, genre, length",
        ),
        (
            "[[gate]]\nfigure = \"data.f1\"\nmin = 0\nslice = \"genre=notices\"",
            "line 4: slice: the run has no genre `notices`; did you mean notice?",
        ),
        ("[[gate]]\nfigure = \"spans.data.f1\"\nmin = 0\nslice = \"genre=notice\"", "line 2: in slice genre=notice: no figure is called"),
        ("[[gate]]\nfigure = \"documents.gold\"\nmin = 0\nbound = \"low\"", "line 2: `documents.gold` has no interval with a low end"),
        ("[[gate]]\nfigure = \"data.macro.f1\"\nnot_worse_than = \"b\"", "line 2: `data.macro.f1` cannot be compared document by document"),
    ] {
        let error = check(gates, &results, &[("b", &results)]).unwrap_err();
        assert!(error.starts_with(told), "{gates:?}: {error}");
        assert!(!error.contains('\n'), "{error}");
    }
}

#[test]
fn the_table_and_junit_tell_the_same() {
    let mut results = run(100, 20);
    results.gates =
        check("[[gate]]\nfigure = \"data.f1\"\nmin = 0.9\n[[gate]]\nname = \"a < b\"\nfigure = \"data.recall\"\nmin = 0.99", &results, &[])
            .unwrap();
    let table = plain(&sections::gates(&results.gates));
    assert!(table.contains("passed") && table.contains("FAILED") && table.ends_with("1 of 2 gates failed\n"), "{table}");

    let xml = junit(&results).unwrap();
    assert_eq!(xml, junit(&results).unwrap());
    let document = roxmltree::Document::parse(&xml).unwrap();
    let root = document.root_element();
    assert_eq!(
        (root.tag_name().name(), root.attribute("tests"), root.attribute("failures"), root.attribute("errors")),
        ("testsuites", Some("2"), Some("1"), Some("0"))
    );
    let suite = root.children().find(|node| node.has_tag_name("testsuite")).unwrap();
    assert_eq!((suite.attribute("name"), suite.attribute("tests"), suite.attribute("failures")), (Some("a & b"), Some("2"), Some("1")));
    let cases: Vec<_> = suite.children().filter(|node| node.has_tag_name("testcase")).collect();
    assert_eq!(cases.iter().map(|case| case.attribute("name").unwrap()).collect::<Vec<_>>(), ["data.f1", "a < b"]);
    results.gates.push(results.gates[0].clone());
    results.gates[2].wanted = "≤ 1".to_owned();
    let twice = junit(&results).unwrap();
    assert!(twice.contains("name=\"data.f1: ≥ 0.9\"") && twice.contains("name=\"data.f1: ≤ 1\""), "{twice}");
    assert!(cases[0].children().all(|node| !node.is_element()));
    let failure = cases[1].children().find(|node| node.is_element()).unwrap();
    assert_eq!((failure.tag_name().name(), failure.attribute("type")), ("failure", Some("gate")));
    assert!(failure.attribute("message").unwrap().starts_with("wanted ≥ 0.99, seen 0.95 ["));
    assert!(!xml.contains("time"), "{xml}");
}
