//! Scores of whole corpora: worked examples, and laws that hold for any labels.

mod common;

use common::{labels, marked};
use owabi_corpora::page::union;
use owabi_corpora::record::*;
use owabi_corpora::vocabulary::*;
use owabi_corpora::{Labels, Page, Reading, Record, markup};
use owabi_harness::{Loss, LossKind, Results, Scorer, Settings};
use proptest::prelude::*;

fn score(pairs: &[(&Record, Option<&Labels>)]) -> Results {
    let mut scorer = Scorer::new(Settings { exhaustive_spans: Some(true), resamples: 50, ..Settings::default() });
    let silence = Loss::new(LossKind::Missing, "no line");
    pairs.iter().for_each(|(gold, predicted)| scorer.add(gold, predicted.map(Into::into).ok_or(&silence)));
    scorer.finish()
}

/// The gold holds four facts, the prediction three, of which two are right: P = 2/3, R = 1/2, F1 = 4/7.
#[test]
fn a_worked_example() {
    let gold = marked(
        "⟦氏名|name:confirmed⟧⟦住所|address:possible⟧⟦口座|bank_account:denied⟧⟦電話|phone:denied⟧⟦紛失|cause:loss!⟧⟦約10名|count:10:person:total:about⟧",
    );
    let predicted = marked(
        "⟦氏名|name:confirmed⟧⟦住所|address:possible⟧⟦口座|bank_account:possible⟧電話⟦紛失|cause:theft!⟧⟦約10名|count:10:person:total⟧",
    );
    let results = score(&[(&gold, Some(&predicted.labels))]);

    let data = &results.fields["data"];
    assert_eq!((data.micro.correct, data.micro.predicted, data.micro.gold), (2, 3, 4));
    assert_eq!(data.micro.precision.value, Some(0.666667));
    assert_eq!(data.micro.recall.value, Some(0.5));
    assert_eq!(data.micro.f1.value, Some(0.571429));
    // Labels: name:confirmed 1, address:possible 1, bank_account:possible 0, bank_account:denied 0, phone:denied 0.
    assert_eq!((data.macro_average.labels, data.macro_average.f1), (5, Some(0.4)));
    // Whatever the status: 3 of 4 found, nothing wrong.
    assert_eq!(results.parts["category"].f1.value, Some(0.857143));
    assert_eq!((results.alarms.denied_as_leaked.count, results.alarms.denied_as_leaked.of), (1, 2));
    assert_eq!(results.confusion["bank_account"]["denied"]["possible"], 1);
    assert_eq!(results.confusion["phone"]["denied"]["absent"], 1);

    assert_eq!(results.fields["causes"].micro.f1.value, Some(0.0));
    assert_eq!(results.accuracy["primary_cause"].accuracy.value, Some(0.0));
    // The figure and its being the total are right; 約 was overlooked.
    assert_eq!(results.fields["counts"].micro.f1.value, Some(1.0));
    assert_eq!(results.accuracy["total"].right, 1);
    assert_eq!((results.accuracy["bound"].right, results.accuracy["bound"].asked), (0, 1));

    // Spans: three places agree exactly, one of them with the wrong status.
    let spans = &results.spans["data"];
    let strict = spans.strict.as_ref().unwrap();
    assert_eq!((strict.correct, strict.incorrect, strict.missed, strict.spurious), (2, 1, 1, 0));
    assert_eq!(spans.exact.as_ref().unwrap().correct, 3);
    assert_eq!((spans.located.correct, spans.located.gold), (2, 2));
}

#[test]
fn what_is_not_annotated_is_not_scored() {
    let mut gold = marked("⟦氏名|name:confirmed⟧");
    gold.labels = Labels { data: gold.labels.data, ..Labels::default() };
    let predicted = Labels { genre: Some(Genre::News), causes: Some(vec![]), ..Labels::default() };
    let results = score(&[(&gold, Some(&predicted))]);
    assert_eq!(results.fields.keys().collect::<Vec<_>>(), ["data"]);
    assert!(results.accuracy.is_empty());
    assert_eq!(results.alarms.false_alarms.clean, 0);
    assert_eq!(results.alarms.mention_as_value.of, 0);
}

#[test]
fn no_answer_is_a_miss_and_never_a_right_absence() {
    let empty = Record::new("quiet", "x", Labels { genre: Some(Genre::Unrelated), ..Labels::annotated() });
    let silent = score(&[(&empty, None)]);
    assert_eq!((silent.documents.unanswered, silent.documents.losses["missing"]), (1, 1));
    assert_eq!((&*silent.documents.first_unanswered[0].id, &*silent.documents.first_unanswered[0].why), ("quiet", "no line"));
    assert_eq!((silent.accuracy["primary_cause"].right, silent.accuracy["total"].right), (0, 0));
    assert_eq!(silent.alarms.false_alarms.clean, 0, "a document that was not read cannot show that there is no alarm");
    let answered = score(&[(&empty, Some(&Labels::default()))]);
    assert_eq!((answered.accuracy["primary_cause"].right, answered.accuracy["total"].right), (1, 1));
    assert_eq!((answered.alarms.false_alarms.clean, answered.alarms.false_alarms.count), (1, 0));
}

#[test]
fn alarms_are_told_apart() {
    // Nothing leaked: one category denied. Reporting another one denied is no alarm, reporting one leaked is.
    let clean = marked("⟦口座|bank_account:denied⟧と電話03-1234-5678、クレジットカード番号");
    let quiet = marked("⟦口座|bank_account:denied⟧と⟦電話|phone:denied⟧");
    let loud = marked("口座と⟦電話|phone:possible⟧");
    let results = score(&[(&clean, Some(&quiet.labels)), (&clean, Some(&loud.labels))]);
    assert_eq!((results.alarms.false_alarms.count, results.alarms.false_alarms.clean), (1, 2));
    assert_eq!(results.alarms.false_alarms.per_10_000, Some(5000.0));
    // Exact binomial: one of two errs at most this often, with 95 % confidence: 1 - p^2 = 0.05.
    assert_eq!(results.alarms.false_alarms.upper_95, Some((0.95f64.sqrt() * 1e10).round() / 1e6));

    let gold = marked("電話番号は⟦03-1234-5678|value:phone:contact⟧です");
    let predicted = marked("⟦電話番号|value:phone:contact⟧は⟦03-1234|value:phone:contact⟧-5678です");
    let results = score(&[(&gold, Some(&predicted.labels))]);
    assert_eq!((results.alarms.mention_as_value.count, results.alarms.mention_as_value.of), (1, 2));
}

/// Phones: of three well-formed ones two are found, one with other bounds and another use; one prediction overlaps none, one found a
/// malformed number. P = 2/3, R = 2/3. Cards: the malformed one that nobody reports is no miss.
#[test]
fn values_are_counted_by_kind_and_malformed_ones_apart() {
    let gold = marked(
        "⟦03-1123-4567|value:phone:contact⟧ ⟦03-1123-4568|value:phone:exhibit⟧ ⟦03-1123-4569|value:phone:contact⟧ ⟦090-0123-4567|value:phone:exhibit:malformed⟧ 12-34 ⟦4242424242424241|value:card_number:exhibit:malformed⟧",
    );
    let predicted = marked(
        "⟦03-1123-4567|value:phone:contact⟧ 03-⟦1123-4568|value:phone:contact⟧ 03-1123-4569 ⟦090-0123-4567|value:phone:exhibit⟧ ⟦12-34|value:phone:contact⟧ 4242424242424241",
    );
    let results = score(&[(&gold, Some(&predicted.labels))]);
    let phone = &results.values["phone"];
    assert_eq!((phone.score.correct, phone.score.predicted, phone.score.gold), (2, 3, 3));
    assert_eq!((phone.score.precision, phone.score.recall), (Some(0.666667), Some(0.666667)));
    assert_eq!((phone.malformed_found, phone.malformed), (1, 1));
    // Of the three found, two have the same bounds, two the right use, and the malformed one was taken for well-formed.
    assert_eq!((phone.matched, phone.exact, phone.use_right, phone.form_right), (3, 2, 2, 2));
    let card = &results.values["card_number"];
    assert_eq!((card.score.gold, card.score.recall, card.malformed_found, card.malformed), (0, None, 0, 1));
    let strict = results.spans["values"].strict.as_ref().unwrap();
    assert_eq!((strict.correct, strict.incorrect, strict.missed, strict.spurious), (2, 1, 1, 1));
}

#[test]
fn times_are_asked_of_matched_dates_that_have_one() {
    let gold = marked("⟦a|date:discovered:2024-01-02T09:30⟧⟦b|date:published:2024-02-03⟧⟦c|date:notified:2024-02-04T10:00⟧");
    let predicted = marked("⟦a|date:discovered:2024-01-02T09:31⟧⟦b|date:published:2024-02-03⟧⟦c|date:notified:2024-02-05T10:00⟧");
    let results = score(&[(&gold, Some(&predicted.labels))]);
    assert_eq!((results.accuracy["time"].right, results.accuracy["time"].asked), (0, 1));
    assert_eq!(results.parts["dates.notified"].f1.value, Some(0.0));
    assert_eq!(results.parts["dates.discovered"].f1.value, Some(1.0));
}

#[test]
fn real_gold_is_compared_by_overlap_only() {
    let gold = marked("⟦氏名と住所|name:confirmed⟧、⟦口座|bank_account:possible⟧");
    let predicted = marked("⟦氏名|name:confirmed⟧と住所、口座と⟦銀行|bank_account:possible⟧");
    let mut scorer = Scorer::new(Settings::default());
    scorer.add(&gold, Ok((&predicted.labels).into()));
    let results = scorer.finish();
    assert_eq!(results.documents.exhaustive_spans, 0);
    let data = &results.spans["data"];
    assert!(data.strict.is_none());
    assert_eq!((data.located.correct, data.located.gold), (1, 2));
}

#[test]
fn results_are_canonical_and_can_be_read_back() {
    let gold = marked("⟦氏名|name:confirmed⟧⟦紛失|cause:loss!⟧");
    let results = score(&[(&gold, Some(&gold.labels)), (&gold, None)]);
    let json = serde_json::to_string(&results).unwrap();
    assert_eq!(serde_json::from_str::<Results>(&json).unwrap(), results);
    assert_eq!(serde_json::to_string(&score(&[(&gold, Some(&gold.labels)), (&gold, None)])).unwrap(), json);
}

fn reversed(labels: &Labels) -> Labels {
    let mut labels = labels.clone();
    macro_rules! reverse {
        ($($name:ident),+) => {
            $(if let Some(items) = &mut labels.$name {
                items.reverse();
                items.iter_mut().for_each(|item| item.spans.reverse());
            })+
        };
    }
    reverse!(data, causes, counts, dates, parties, values);
    labels
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn the_order_of_predictions_changes_nothing(gold in labels(), predicted in labels()) {
        let gold = Record::new("a", "x".repeat(30), gold);
        prop_assert_eq!(score(&[(&gold, Some(&predicted))]), score(&[(&gold, Some(&reversed(&predicted)))]));
    }

    #[test]
    fn the_gold_itself_scores_one(labels in labels()) {
        let gold = Record::new("a", "x".repeat(30), labels.clone());
        let results = score(&[(&gold, Some(&labels))]);
        let figures = results.fields.values().map(|field| field.micro.f1).chain(results.accuracy.values().map(|found| found.accuracy));
        for figure in figures {
            prop_assert!(figure.value.is_none_or(|value| value == 1.0), "{:?}", results);
        }
        for span in results.spans.values() {
            prop_assert!(span.strict.as_ref().unwrap().f1.is_none_or(|f1| f1 == 1.0));
            prop_assert_eq!(span.located.correct, span.located.gold);
        }
        prop_assert_eq!(results.alarms.denied_as_leaked.count + results.alarms.mention_as_value.count, 0);
    }

    #[test]
    fn an_empty_answer_finds_nothing(labels in labels()) {
        let gold = Record::new("a", "x".repeat(30), labels);
        let results = score(&[(&gold, Some(&Labels::default()))]);
        for field in results.fields.values() {
            prop_assert_eq!(field.micro.correct, 0);
            prop_assert_eq!(field.micro.recall.value, (field.micro.gold > 0).then_some(0.0));
            prop_assert_eq!(field.micro.precision.value, None);
        }
        prop_assert_eq!(results.alarms.false_alarms.count, 0);
    }

    /// Figures add up over documents: two copies of a corpus score like one.
    #[test]
    fn copies_score_alike(gold in labels(), predicted in labels()) {
        let gold = Record::new("a", "x".repeat(30), gold);
        let (one, two) = (score(&[(&gold, Some(&predicted))]), score(&[(&gold, Some(&predicted)); 2]));
        for (name, field) in &one.fields {
            prop_assert_eq!(field.micro.f1, two.fields[name].micro.f1);
            prop_assert_eq!(field.macro_average.f1, two.fields[name].macro_average.f1);
        }
    }
}

/// A page of three documents, each under one line.
fn page(parts: [&str; 3]) -> (String, Vec<Segment>) {
    let mut text = String::new();
    let mut segments = Vec::new();
    for part in parts {
        let (part, labels) = markup::parse(&format!("{part}\n\n")).unwrap();
        let labels = Labels { genre: Some(Genre::Notice), exposure: Some(Exposure::Confirmed), ..labels };
        segments.push(Segment::at(text.len(), part.len(), labels));
        text.push_str(&part);
    }
    (text, segments)
}

/// The gold has two borders, the prediction finds the first and puts another into the third document. Its second segment, which
/// covers the second document and a part of the third, overlaps the second gold one most, and the third one too.
#[test]
fn segments_are_compared_by_their_overlap() {
    let (text, wanted) = page([
        "⟦氏名|name:confirmed⟧が漏れた。",
        "⟦住所|address:confirmed⟧が⟦紛失|cause:loss!⟧で漏れた。",
        "⟦電話|phone:confirmed⟧が漏れ、⟦3名|count:3:person⟧だ。終わり",
    ]);
    let gold = Record { segments: Some(wanted.clone()), ..Record::new("page", &text, union(&wanted)) };
    let cut = text.find("終わり").unwrap();
    let second = Labels { genre: Some(Genre::News), ..wanted[1].labels.clone() };
    let given = vec![
        wanted[0].clone(),
        Segment { end: cut, labels: second, ..wanted[1].clone() },
        Segment::at(cut, text.len() - cut, Labels::annotated()),
    ];
    let predicted = Reading::from(Page::of(given));
    let mut scorer = Scorer::new(Settings { resamples: 10, ..Settings::default() });
    scorer.add(&gold, Ok((&predicted).into()));
    let results = scorer.finish();
    let found = results.segments.as_ref().unwrap();
    assert_eq!((found.pages, found.segments), (1, 3));
    // One of two borders right, one of two found.
    assert_eq!((found.borders.correct, found.borders.predicted, found.borders.gold), (1, 2, 2));
    assert_eq!(found.borders.f1, Some(0.5));
    // name and address right; against the third document the second segment's address is wrong and its phone missed.
    let data = &found.fields["data"];
    assert_eq!((data.correct, data.predicted, data.gold), (2, 3, 3));
    let causes = &found.fields["causes"];
    assert_eq!((causes.correct, causes.predicted, causes.gold), (1, 2, 1));
    assert_eq!((found.fields["counts"].correct, found.fields["counts"].gold), (0, 1));
    assert_eq!((found.accuracy["genre"].right, found.accuracy["genre"].asked), (1, 3));
    assert_eq!((found.accuracy["exposure"].right, found.accuracy["exposure"].asked), (3, 3));
    assert!(owabi_harness::report::terminal(&results).contains("3 documents on 1 page;"));
}

#[test]
fn a_detector_without_segments_is_compared_by_its_page_labels() {
    let (text, wanted) = page(["⟦氏名|name:confirmed⟧だ。", "⟦住所|address:confirmed⟧だ。", "⟦電話|phone:confirmed⟧だ。"]);
    let gold = Record { segments: Some(wanted.clone()), ..Record::new("page", &text, union(&wanted)) };
    let mut scorer = Scorer::new(Settings { resamples: 10, ..Settings::default() });
    scorer.add(&gold, Ok((&gold.labels).into()));
    scorer.add(&Record { id: "silent".to_owned(), ..gold.clone() }, Err(&Loss::new(LossKind::Crash, "ended")));
    let found = scorer.finish().segments.unwrap();
    // Every document is told to have leaked all three; of the page that was not answered all is missed.
    let data = &found.fields["data"];
    assert_eq!((data.correct, data.predicted, data.gold), (3, 9, 6));
    assert_eq!((found.borders.correct, found.borders.predicted, found.borders.gold), (0, 0, 4));
    assert_eq!((found.accuracy["genre"].right, found.accuracy["genre"].asked), (3, 6));
}

#[test]
fn without_pages_there_is_no_figure_for_them() {
    let gold = marked("⟦氏名|name:confirmed⟧");
    let results = score(&[(&gold, Some(&gold.labels))]);
    assert!(results.segments.is_none() && !serde_json::to_string(&results).unwrap().contains("segments"));
}
