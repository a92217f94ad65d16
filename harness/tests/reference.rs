//! The same figures from other people's packages: nervaluate's spans and scikit-learn's averages, on random input.
//!
//! They need Python packages, so they are ignored by default:
//! `OWABI_PYTHON=$(harness/tests/reference/install) cargo test -p owabi-harness --test reference -- --ignored`

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Stdio};
use std::{env, io::Write, thread};

use owabi_corpora::record::DataLabel;
use owabi_corpora::vocabulary::Status;
use owabi_corpora::{Category, Labels, Record, Span};
use owabi_harness::alignment::{Kinds, align};
use owabi_harness::{Predicted, Scorer, Settings};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use serde_json::{Value, json};

type Item = (Span, char);

/// Gives every line to a script beside this file and takes one line for each.
fn ask(script: &str, lines: &[Value]) -> Vec<Value> {
    let python = env::var_os("OWABI_PYTHON").expect(
        "OWABI_PYTHON is not set: it names a Python with nervaluate and scikit-learn, which harness/tests/reference/install installs and prints",
    );
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference").join(script);
    let mut child = Command::new(&python)
        .arg(path)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("OWABI_PYTHON names {}, which does not start: {error}", python.display()));
    let mut stdin = child.stdin.take().unwrap();
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    // From a thread of its own, so that neither side waits for the other with a full pipe.
    let writer = thread::spawn(move || stdin.write_all(text.as_bytes()));
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{script} failed; its complaint stands above");
    writer.join().unwrap().unwrap();
    let answers: Vec<Value> = String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), lines.len());
    answers
}

fn below(random: &mut ChaCha8Rng, limit: usize) -> usize {
    (random.next_u64() % limit as u64) as usize
}

/// Spans of four types, where none overlaps more than one of the other side: then no matching has a choice, and greedy and best are
/// the same. Neighbours often touch, which an inclusive end would take for an overlap.
fn without_conflicts(random: &mut ChaCha8Rng) -> (Vec<Item>, Vec<Item>) {
    let (mut gold, mut predicted) = (Vec::new(), Vec::new());
    let mut at = 0;
    for _ in 0..below(random, 12) {
        at += [0, 0, 1, 5][below(random, 4)];
        let length = 1 + below(random, 20);
        let span = Span::new(at, at + length);
        let mut kind = || ['a', 'b', 'c', 'd'][below(random, 4)];
        let (one, other) = (kind(), kind());
        let shape = below(random, 6);
        if shape != 0 {
            gold.push((span, one));
        }
        at = span.end;
        match shape {
            0 => predicted.push((span, one)),
            1 => {}
            2 => predicted.push((span, one)),
            3 => predicted.push((span, other)),
            // Overlapping: it begins somewhere inside and ends inside or beyond.
            _ => {
                let start = span.start + below(random, length);
                let end = start + 1 + below(random, 20);
                predicted.push((Span::new(start, end), if shape == 4 { one } else { other }));
                at = at.max(end);
            }
        }
    }
    for items in [&mut gold, &mut predicted] {
        for last in (1..items.len()).rev() {
            items.swap(last, below(random, last + 1));
        }
    }
    (gold, predicted)
}

fn as_json(gold: &[Item], predicted: &[Item]) -> Value {
    let spans = |items: &[Item]| items.iter().map(|(span, kind)| json!([kind, span.start, span.end])).collect::<Vec<_>>();
    json!({"gold": spans(gold), "predicted": spans(predicted)})
}

/// As nervaluate tells them. Where a share has no whole, it says 0.
fn figures(kinds: Kinds) -> [f64; 8] {
    let Kinds { correct, incorrect, partial, missed, spurious } = kinds;
    let counts = [correct, incorrect, partial, missed, spurious].map(|count| count as f64);
    let shares = [kinds.precision(), kinds.recall(), kinds.f1()].map(|share| share.unwrap_or(0.0));
    [counts[0], counts[1], counts[2], counts[3], counts[4], shares[0], shares[1], shares[2]]
}

fn same(ours: &[f64], theirs: &Value) -> bool {
    let theirs: Vec<f64> = theirs.as_array().unwrap().iter().map(|figure| figure.as_f64().unwrap()).collect();
    ours.len() == theirs.len() && ours.iter().zip(&theirs).all(|(a, b)| (a - b).abs() < 1e-6)
}

#[test]
#[ignore = "needs Python packages: harness/tests/reference/install"]
fn spans_are_counted_as_nervaluate_counts_them() {
    let mut random = ChaCha8Rng::seed_from_u64(1);
    let documents: Vec<(Vec<Item>, Vec<Item>)> = (0..1000).map(|_| without_conflicts(&mut random)).collect();
    let answers = ask("spans.py", &documents.iter().map(|(gold, predicted)| as_json(gold, predicted)).collect::<Vec<_>>());
    let mut seen = Kinds::default();
    for ((gold, predicted), theirs) in documents.iter().zip(&answers) {
        let ours = align(gold, predicted);
        for (scheme, kinds) in [("strict", ours.strict), ("exact", ours.exact), ("partial", ours.partial), ("ent_type", ours.by_type)] {
            assert!(same(&figures(kinds), &theirs[scheme]), "{scheme}: {kinds:?}, {theirs}\n{}", as_json(gold, predicted));
            seen += kinds;
        }
    }
    // The comparison is worth something only if every kind of error was among the spans.
    let Kinds { correct, incorrect, partial, missed, spurious } = seen;
    assert!([correct, incorrect, partial, missed, spurious].iter().all(|&count| count > 500), "{seen:?}");
}

/// Two predictions on one gold span: the first is too short, the second is right. nervaluate takes predictions in their order, so the
/// short one uses up the gold span and the right one counts as spurious; told the other way round, the right one is correct. Here
/// the better matching counts in either order.
#[test]
#[ignore = "needs Python packages: harness/tests/reference/install"]
fn where_spans_conflict_nervaluate_depends_on_the_order() {
    let gold = [(Span::new(0, 10), 'a')];
    let (short, right) = ((Span::new(0, 4), 'a'), (Span::new(0, 10), 'a'));
    let orders = [[short, right], [right, short]];
    let theirs = ask("spans.py", &orders.map(|predicted| as_json(&gold, &predicted)));
    let counts = |answer: &Value| answer["strict"].as_array().unwrap()[..5].iter().map(|count| count.as_u64().unwrap()).collect::<Vec<_>>();
    // COR, INC, PAR, MIS, SPU
    assert_eq!(counts(&theirs[0]), [0, 1, 0, 0, 1]);
    assert_eq!(counts(&theirs[1]), [1, 0, 0, 0, 1]);
    for predicted in orders {
        assert_eq!(align(&gold, &predicted).strict, Kinds { correct: 1, spurious: 1, ..Kinds::default() });
    }
}

/// A document's data items; one status a category.
type Items = BTreeSet<(Category, Status)>;

/// Few categories, so that some are never predicted and some never in the gold.
fn some_items(random: &mut ChaCha8Rng) -> (Items, Items) {
    let categories: Vec<Category> = Category::all().take(8).collect();
    let (mut gold, mut predicted) = (Items::new(), Items::new());
    for &category in &categories[..1 + below(random, categories.len())] {
        let mut status = || Status::all().nth(below(random, 3)).unwrap();
        let (one, other) = (status(), status());
        match below(random, 5) {
            0 => {}
            1 => _ = gold.insert((category, one)),
            2 => _ = predicted.insert((category, one)),
            3 => _ = (gold.insert((category, one)), predicted.insert((category, other))),
            _ => _ = (gold.insert((category, one)), predicted.insert((category, one))),
        }
    }
    (gold, predicted)
}

#[test]
#[ignore = "needs Python packages: harness/tests/reference/install"]
fn averages_are_those_of_scikit_learn() {
    let mut random = ChaCha8Rng::seed_from_u64(2);
    // Corpora of 1 to 30 documents: in the small ones many labels are on one side only.
    let corpora: Vec<Vec<(Items, Items)>> = (0..100)
        .map(|index| (0..=index % 30).map(|_| some_items(&mut random)).collect::<Vec<_>>())
        .filter(|corpus: &Vec<(Items, Items)>| corpus.iter().any(|(gold, predicted)| !gold.is_empty() || !predicted.is_empty()))
        .collect();
    let names = |items: &Items| items.iter().map(|(category, status)| format!("{category}:{status}")).collect::<Vec<_>>();
    let lines: Vec<Value> = corpora
        .iter()
        .map(|corpus| {
            let (gold, predicted): (Vec<_>, Vec<_>) = corpus.iter().map(|(gold, predicted)| (names(gold), names(predicted))).unzip();
            json!({"gold": gold, "predicted": predicted})
        })
        .collect();
    let labels = |items: &Items| Labels {
        data: Some(items.iter().map(|&(category, status)| DataLabel::new(category, status, vec![])).collect()),
        ..Labels::default()
    };
    for (corpus, theirs) in corpora.iter().zip(ask("labels.py", &lines)) {
        let mut scorer = Scorer::new(Settings { resamples: 1, beta: 2.0, ..Settings::default() });
        for (gold, predicted) in corpus {
            scorer.add(&Record::new("a", "", labels(gold)), Ok(Predicted::from(&labels(predicted))));
        }
        let results = scorer.finish();
        let data = &results.fields["data"];
        let or_zero = |figures: [Option<f64>; 3]| figures.map(|figure| figure.unwrap_or(0.0));
        let micro = or_zero([data.micro.precision.value, data.micro.recall.value, data.micro.f1.value]);
        assert!(same(&micro, &theirs["micro"]), "{micro:?} {theirs}");
        assert!(same(&[data.micro.f_beta.value.unwrap_or(0.0)], &theirs["f2"]), "{:?} {theirs}", data.micro.f_beta);
        let mean = &data.macro_average;
        assert_eq!(Some(mean.labels), theirs["labels"].as_array().map(Vec::len));
        let mean = or_zero([mean.precision, mean.recall, mean.f1]);
        assert!(same(&mean, &theirs["macro"]), "{mean:?} {theirs}");
        for (name, each) in theirs["labels"].as_array().unwrap().iter().zip(theirs["each"].as_array().unwrap()) {
            let ours = &results.labels["data"][name.as_str().unwrap()];
            assert!(same(&or_zero([ours.precision, ours.recall, ours.f1]), each), "{name}: {ours:?} {each}");
        }
    }
}
