//! Detectors that do not read notices: scanners that find values, or only say what a document contains, under labels of their own.

use owabi_corpora::record::*;
use owabi_corpora::vocabulary::*;
use owabi_corpora::{Category, Finding, Labels, Reading, Record, Span, markup};
use owabi_harness::{Draws, LabelMap, Results, Scorer, Settings, Tasks};
use proptest::prelude::*;

fn map() -> LabelMap {
    LabelMap::parse(
        "m",
        "title='Scanner'\nignored=['DATE']\n[labels]\nTEL=['phone','fax']\nMAIL=['email']\nPERSON=['name']\nPAN=['card_number']",
    )
    .unwrap()
}

fn settings() -> Settings {
    Settings { resamples: 20, map: map(), ..Settings::default() }
}

fn category(id: &str) -> Category {
    Category::from_id(id).unwrap()
}

/// A document with leaked rows: a telephone, a fax and a card number that is malformed; 「メールアドレス」 is only mentioned, and denied.
fn exhibit() -> Record {
    let text = "漏えいした行: 03-1234-5678, 03-1234-5679, 4111-1111-1111-1112。メールアドレスは含まれておりません。";
    let value = |kind: &str, part: &str, well_formed| {
        let start = text.find(part).unwrap();
        ValueLabel::new(category(kind), Use::Exhibit, well_formed, vec![Span::new(start, start + part.len()).into()])
    };
    let denied = DataLabel::new(category("email"), Status::Denied, vec![]);
    let labels = Labels {
        data: Some(vec![denied, DataLabel::new(category("phone"), Status::Confirmed, vec![])]),
        values: Some(vec![
            value("phone", "03-1234-5678", true),
            value("fax", "03-1234-5679", true),
            value("card_number", "4111-1111-1111-1112", false),
        ]),
        ..Labels::annotated()
    };
    Record::new("exhibit", text, labels)
}

fn clean(id: &str) -> Record {
    Record::new(id, "本日は晴天です。", Labels { genre: Some(Genre::Unrelated), ..Labels::annotated() })
}

fn finding(label: &str, span: Option<(usize, usize)>, count: Option<u64>, score: Option<f64>) -> Finding {
    Finding {
        label: label.to_owned(),
        start: span.map(|span| span.0),
        end: span.map(|span| span.1),
        count,
        status: None,
        score,
        extra: Extra::default(),
    }
}

fn run(settings: Settings, pairs: &[(&Record, Vec<Finding>)]) -> Results {
    let mut scorer = Scorer::new(settings);
    for (gold, findings) in pairs {
        let reading = Reading { findings: Some(findings.clone()), ..Reading::default() };
        scorer.add(gold, Ok((&reading).into()));
    }
    scorer.finish()
}

#[test]
fn a_scanner_is_scored_on_what_it_does() {
    let gold = exhibit();
    let place = |part: &str| gold.text.find(part).map(|start| (start, start + part.len()));
    // The telephone rightly, the fax as a telephone (its label covers both), the mention 「メールアドレス」 as a value, the malformed card.
    let found = vec![
        finding("TEL", place("03-1234-5678"), None, Some(0.9)),
        finding("TEL", place("03-1234-5679"), None, Some(0.6)),
        finding("MAIL", place("メールアドレス"), None, Some(0.3)),
        finding("PAN", place("4111-1111-1111-1112"), None, Some(0.9)),
        finding("DATE", place("03-1234-5678"), None, None),
        finding("NRP", place("行"), None, None),
    ];
    let results = run(settings(), &[(&gold, found), (&clean("clean"), vec![])]);
    assert_eq!(results.tasks, Tasks { notice_understanding: false, value_detection: true, document_classification: true });
    assert!(results.fields.is_empty() && results.accuracy.is_empty() && results.labels.is_empty() && results.confusion.is_empty());
    assert_eq!((results.alarms.denied_as_leaked.of, results.alarms.false_alarms.clean), (0, 0), "it reads no notices");

    let values = results.value_detection.as_ref().unwrap();
    assert_eq!((values.micro.correct, values.micro.predicted, values.micro.gold), (2, 3, 2));
    // F2 = 5 · 2/3 · 1 / (4 · 2/3 + 1).
    assert_eq!((values.micro.f1.value, values.micro.f_beta.value), (Some(0.8), Some(0.909091)));
    assert_eq!((results.alarms.mention_as_value.count, results.alarms.mention_as_value.of), (1, 4));
    assert_eq!((results.values["phone"].matched, results.values["phone"].described), (2, 0), "findings say nothing of use and form");
    assert_eq!(results.values["card_number"].malformed_found, 1);

    let contents = results.document_classification.as_ref().unwrap();
    // Of the classes phone (right) and email (wrong); the malformed card is not asked.
    assert_eq!((contents.micro.correct, contents.micro.predicted, contents.micro.gold), (1, 2, 1));
    assert_eq!((contents.categories["phone"].counted, contents.categories["phone"].counts_right), (1, 1));
    assert_eq!((contents.found.count, contents.found.of), (1, 1));
    assert_eq!((contents.false_alarms.count, contents.false_alarms.clean), (0, 1));
    assert_eq!((contents.denied_as_contained.count, contents.denied_as_contained.of), (1, 1));

    let map = results.label_map.as_ref().unwrap();
    assert_eq!(map.classes, [["phone", "fax"]]);
    assert_eq!((map.unmapped.as_slice(), map.never_seen.as_slice()), (&["NRP".to_owned()][..], &["PERSON".to_owned()][..]));
    assert_eq!((map.seen["TEL"], map.seen["DATE"]), (2, 1));
    assert!(map.uncovered.contains(&"address".to_owned()) && !map.uncovered.contains(&"fax".to_owned()));

    // At .6 the mention is gone: P = 1; at .9 the fax, too: R = 1/2.
    let sweep: Vec<_> = results.sweep["values"].iter().map(|at| (at.threshold, at.precision.unwrap(), at.recall.unwrap())).collect();
    assert_eq!(sweep, [(0.3, 0.666667, 1.0), (0.6, 1.0, 1.0), (0.9, 1.0, 0.5)]);
}

#[test]
fn a_classifier_without_places_is_scored_by_document() {
    let gold = exhibit();
    let found = vec![finding("TEL", None, Some(2), None), finding("MAIL", None, None, None)];
    let results = run(settings(), &[(&gold, found), (&clean("a"), vec![finding("PERSON", None, None, None)]), (&clean("b"), vec![])]);
    assert_eq!(results.tasks, Tasks { notice_understanding: false, value_detection: false, document_classification: true });
    assert!(results.value_detection.is_none() && results.values.is_empty() && results.spans.is_empty());
    let contents = results.document_classification.as_ref().unwrap();
    assert_eq!((contents.micro.correct, contents.micro.predicted, contents.micro.gold), (1, 3, 1));
    assert_eq!((contents.categories["phone"].counted, contents.categories["phone"].counts_right), (1, 1));
    assert_eq!(contents.categories["email"].counted, 0);
    assert_eq!((contents.false_alarms.count, contents.false_alarms.clean), (1, 2));
    // MAIL where mail is only mentioned, PERSON where there is nobody.
    assert_eq!((results.alarms.mention_as_value.count, results.alarms.mention_as_value.of), (2, 3));
}

/// Recall 1, one alarm in two clean documents. At 1 %: .01 / (.01 + .5 · .99).
#[test]
fn precision_in_the_field_follows_from_recall_and_alarms() {
    let settings = Settings { prevalence: Some(0.01), ..settings() };
    let pairs = [
        (&exhibit(), vec![finding("TEL", None, None, None)]),
        (&clean("a"), vec![finding("TEL", None, None, None)]),
        (&clean("b"), vec![]),
    ];
    let prevalence = run(settings, &pairs).prevalence.unwrap();
    assert_eq!((prevalence.document_classification, prevalence.notice_understanding), (Some(0.019802), None));
}

#[test]
fn findings_with_a_status_are_leaked_data() {
    let (text, labels) = markup::parse("⟦氏名|name:confirmed⟧と⟦口座|bank_account:denied⟧と⟦電話|phone:possible⟧").unwrap();
    let gold = Record::new("a", text, labels);
    let with = |label: &str, status| Finding { status: Some(status), ..finding(label, None, None, None) };
    let found = vec![with("PERSON", Status::Confirmed), with("TEL", Status::Confirmed)];
    let results = run(settings(), &[(&gold, found)]);
    assert!(results.tasks.notice_understanding && !results.tasks.value_detection);
    // The account has no label: it is no miss. The telephone has the wrong status.
    let data = &results.fields["data"].micro;
    assert_eq!((data.correct, data.predicted, data.gold), (1, 2, 2));
}

/// Four documents of two skeletons, three right and wrong by skeleton: what varies is the skeleton.
#[test]
fn intervals_by_skeleton_are_wider_where_skeletons_decide() {
    let width = |by: Draws| {
        let mut scorer = Scorer::new(Settings { by, resamples: 500, ..Settings::default() });
        for index in 0..40 {
            let mut gold = clean(&index.to_string());
            let skeleton = format!("kind/{}", index % 4);
            gold.provenance = Some(provenance(&skeleton));
            let genre = if index % 4 < 2 { Genre::Unrelated } else { Genre::News };
            let told = Reading::from(Labels { genre: Some(genre), ..Labels::annotated() });
            scorer.add(&gold, Ok((&told).into()));
        }
        let results = scorer.finish();
        let genre = results.accuracy["genre"].accuracy;
        (results.intervals.blocks, results.intervals.by.clone(), genre.high.unwrap() - genre.low.unwrap())
    };
    let (documents, skeletons) = (width(Draws::Document), width(Draws::Skeleton));
    assert_eq!((documents.0, &*documents.1, skeletons.0, &*skeletons.1), (40, "document", 4, "skeleton"));
    // By document ±1.96 · sqrt(.25 / 40) = .31 wide; by skeleton everything from 0 to 1 happens: (1/2)^4 = 6 % each.
    assert!((documents.2 - 0.31).abs() < 0.06 && skeletons.2 == 1.0, "{documents:?} {skeletons:?}");
}

fn provenance(skeleton: &str) -> Provenance {
    serde_json::from_value(serde_json::json!({
        "revision": 1, "seed": 1, "index": 0, "kind": "kind", "skeleton": skeleton, "phrases": [], "profile": "sources", "difficulty": 1,
        "split": "train", "value_mode": "reserved"
    }))
    .unwrap()
}

proptest! {
    /// To call a class by another label, or to give it two labels, changes no figure: relabelling invariance.
    #[test]
    fn names_of_labels_change_nothing(labels in prop::collection::vec((0usize..4, 0.0f64..1.0), 0..6)) {
        let names = [["TEL", "x1"], ["MAIL", "x2"], ["PERSON", "x3"], ["PAN", "x4"]];
        let renamed = LabelMap::parse("m", "title='Scanner'\n[labels]\nx1=['phone','fax']\nx2=['email']\nx3=['name']\nx4=['card_number']").unwrap();
        let gold = exhibit();
        let answers = |which: usize| labels.iter().map(|(label, score)| finding(names[*label][which], Some((0, 3)), None, Some(*score))).collect::<Vec<_>>();
        let mut one = run(settings(), &[(&gold, answers(0))]);
        let mut two = run(Settings { map: renamed, ..settings() }, &[(&gold, answers(1))]);
        (one.label_map, two.label_map) = (None, None);
        prop_assert_eq!(one, two);
    }
}
