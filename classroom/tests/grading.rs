//! A class is drawn, answered in several ways, and marked.

use std::collections::BTreeSet;

use owabi_classroom::amendments::{ACCEPTED, Accepted, OVERRIDES, Overrides};
use owabi_classroom::answers::perfect;
use owabi_classroom::exercise::SCHEMA;
use owabi_classroom::feedback::Feedback;
use owabi_classroom::grading::{Graded, grade};
use owabi_classroom::marking::{Outcome, mark};
use owabi_classroom::register::Enrolled;
use owabi_classroom::{
    Answer, AnswerFile, Class, Drawn, ExerciseType, Expected, Form, Key, KeyItem, Language, Marked, Numbers, Secret, Settings, Student,
    answers,
};
use owabi_corpora::Labels;

/// One student of a class with an exercise of every type.
fn drawn() -> Drawn {
    let settings = Settings { seed: 1, level: 3, types: ExerciseType::all().collect(), language: Language::Ja };
    let nothing = |_: &str| Labels::default();
    let class = Class::new(Secret::new([7; 32]), settings, &nothing).unwrap();
    class.student(&Student { id: "s1".to_owned(), name: String::new(), email: String::new() })
}

fn file(key: &Key, exercises: Vec<Answer>) -> AnswerFile {
    AnswerFile { schema: SCHEMA, page: key.page.clone(), class: key.class.clone(), saved_with: "a test".to_owned(), exercises }
}

fn graded(key: &Key, exercises: Vec<Answer>) -> Graded {
    grade("s1", key, &file(key, exercises), &Overrides::default(), &Accepted::default())
}

fn item(key: &Key, kind: ExerciseType) -> &KeyItem {
    key.exercises.iter().find(|item| item.kind == kind).unwrap()
}

#[test]
fn a_perfect_answer_a_silent_one_and_a_half_one() {
    let Drawn { key, .. } = drawn();
    let all: Vec<Answer> = key.exercises.iter().map(perfect).collect();
    let best = graded(&key, all.clone());
    for marked in &best.exercises {
        match marked.kind {
            // What the teacher judges is worth 40.
            ExerciseType::MissingSection => assert_eq!((marked.points(), marked.waits()), (60.0, true)),
            kind => assert_eq!((marked.points(), marked.waits()), (100.0, false), "{kind}"),
        }
    }
    assert!(best.waits());
    // Six of 100 and one of 60, over seven.
    assert_eq!(best.total(), 94.3);

    let silent = graded(&key, vec![]);
    assert!(silent.exercises.iter().all(|marked| marked.points() == 0.0 && marked.answer.is_none() && !marked.waits()));
    assert_eq!(silent.total(), 0.0);
    assert_eq!(graded(&key, key.exercises.iter().map(|item| Answer { number: item.number, ..Answer::default() }).collect()), silent);

    // Three of seven exercises, the section not among them.
    let some: Vec<Answer> = all.into_iter().filter(|answer| [1, 2, 3].contains(&answer.number)).collect();
    assert_eq!(graded(&key, some).total(), 42.9);
}

#[test]
fn partial_credit_is_what_the_page_says() {
    let Drawn { key, .. } = drawn();

    let data = item(&key, ExerciseType::MarkData);
    let mut answer = perfect(data);
    let gold = answer.spans.len();
    answer.spans.pop();
    // One of `gold` is missing: precision 1, recall (gold - 1) / gold.
    let f1 = 2.0 * (gold - 1) as f64 / (2 * gold - 1) as f64;
    assert!((mark(data, Some(&answer)).points - 100.0 * f1).abs() < 1e-9);
    // The right category and status in a place that does not say so is not found, and is no false alarm either.
    let mut elsewhere = perfect(data);
    let last = elsewhere.spans.last_mut().unwrap();
    (last.start, last.end) = (0, 1);
    let marked = mark(data, Some(&elsewhere));
    assert!((marked.points - 100.0 * f1).abs() < 1e-9);
    assert_eq!(marked.parts.iter().filter(|part| part.outcome == Outcome::Misplaced).count(), 1);
    // A category that nobody speaks of is a false alarm.
    let mut more = perfect(data);
    let unspoken = owabi_corpora::Category::all()
        .find(|category| category.is_scored() && data.record.labels.data.iter().flatten().all(|label| label.category != *category));
    more.spans.push(Marked { category: unspoken, ..more.spans[0] });
    assert!((mark(data, Some(&more)).points - 100.0 * 2.0 * gold as f64 / (2 * gold + 1) as f64).abs() < 1e-9);

    let numbers = item(&key, ExerciseType::TotalAndGroups);
    let Expected::Numbers { total, groups } = &numbers.expected else { panic!() };
    let only_total = Answer { numbers: Some(Numbers { total: Some(*total), groups: vec![] }), ..perfect(numbers) };
    let distinct: BTreeSet<u64> = groups.iter().copied().chain([*total]).collect();
    let f1 = 2.0 / (1 + distinct.len()) as f64;
    assert!((mark(numbers, Some(&only_total)).points - (40.0 + 60.0 * f1)).abs() < 1e-9);

    let order = item(&key, ExerciseType::Timeline);
    let mut backwards = perfect(order);
    backwards.order.as_mut().unwrap().reverse();
    assert_eq!(mark(order, Some(&backwards)).points, 0.0);

    let duty = item(&key, ExerciseType::ReportingDuty);
    let no_limits = Answer { kept: None, ..perfect(duty) };
    assert_eq!(mark(duty, Some(&no_limits)).points, 60.0);

    let fault = item(&key, ExerciseType::Incoherence);
    let only_place = Answer { choice: None, ..perfect(fault) };
    assert_eq!(mark(fault, Some(&only_place)).points, 70.0);
    let length = fault.record.text.chars().count();
    let everything = Answer { spans: vec![Marked { start: 0, end: length, category: None, status: None }], ..perfect(fault) };
    assert_eq!(mark(fault, Some(&everything)).points, 0.0);
}

#[test]
fn answers_that_cannot_be_marked_are_refused_with_their_reason() {
    let Drawn { key, .. } = drawn();
    let whole = file(&key, key.exercises.iter().map(perfect).collect());
    let json = serde_json::to_string(&whole).unwrap();
    assert_eq!(answers::read(json.as_bytes()), Ok(whole.clone()));
    assert_eq!(answers::read(format!("\u{feff}{json}\n").as_bytes()), Ok(whole.clone()));
    assert_eq!(answers::check(&whole, &key), Ok(()));

    let utf16: Vec<u8> = [0xfeff].into_iter().chain(json.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let shift_jis = [br#"{"schema":1,"page":""#.as_slice(), b"\x8e\x81\x96\xbc"].concat();
    for (bytes, says) in [
        (Vec::new(), "is empty"),
        (b" \r\n".to_vec(), "is empty"),
        (utf16, "is UTF-16"),
        (shift_jis, "is not UTF-8 (byte 20)"),
        (b"PK\x03\x04\x00\x00".to_vec(), "an archive"),
        (b"<!doctype html>\n<html>".to_vec(), "is the page and not the answers"),
        (json.as_bytes()[..json.len() / 2].to_vec(), "broken JSON in line 1, column"),
        (format!("{json}{json}").into_bytes(), "more follows the answers in line 1"),
        (json.replacen("\"schema\":1", "\"schema\":2", 1).into_bytes(), "schema 2: this owabi reads 1"),
        (json.replacen("\"class\":", "\"klass\":", 1).into_bytes(), "unknown field `klass`"),
        (json.replacen("\"number\":1", "\"number\":-1", 1).into_bytes(), "exercises[0].number: invalid value: integer `-1`"),
        (vec![b' '; answers::LARGEST + 1], "more than any answer has"),
        (b"[".repeat(100_000), "[0]: invalid type: sequence"),
    ] {
        let error = answers::read(&bytes).unwrap_err().to_string();
        assert!(error.contains(says) && !error.contains('\n') && error.len() < 400, "{says}: {error}");
    }

    let length = item(&key, ExerciseType::MarkData).record.text.chars().count();
    let changed = |change: &dyn Fn(&mut AnswerFile)| {
        let mut file = whole.clone();
        change(&mut file);
        answers::check(&file, &key).unwrap_err().to_string()
    };
    let number = |kind| item(&key, kind).number as usize - 1;
    let (data, cause, order) = (number(ExerciseType::MarkData), number(ExerciseType::PrimaryCause), number(ExerciseType::Timeline));
    let (numbers, duty, section) =
        (number(ExerciseType::TotalAndGroups), number(ExerciseType::ReportingDuty), number(ExerciseType::MissingSection));
    let twice = |file: &mut AnswerFile| {
        let order = file.exercises[order].order.as_mut().unwrap();
        order[0] = order[1].clone();
    };
    for (error, says) in [
        (changed(&|file| file.class = "0".repeat(16)), "belongs to another class".to_owned()),
        (changed(&|file| file.exercises[0].number = 99), "there is no exercise 99".to_owned()),
        (changed(&|file| file.exercises[1].number = 1), "exercise 1 is answered twice".to_owned()),
        (changed(&|file| file.exercises[data].spans[0].end = length + 1), format!("is not in the text, which has {length} characters")),
        (changed(&|file| file.exercises[data].spans[0].status = None), "no category and status".to_owned()),
        (changed(&|file| file.exercises[data].choice = Some("loss".to_owned())), "`choice` answers another type".to_owned()),
        (changed(&|file| file.exercises[cause].choice = Some("x".repeat(9999))), "could not be chosen".to_owned()),
        (changed(&|file| drop(file.exercises[order].order.as_mut().unwrap().pop())), "does not hold every event once".to_owned()),
        (changed(&twice), "does not hold every event once".to_owned()),
        (changed(&|file| file.exercises[duty].situations = Some(vec![9])), "`9` could not be chosen".to_owned()),
        (changed(&|file| file.exercises[numbers].numbers.as_mut().unwrap().groups = vec![1; 1001]), "more than 1000 numbers".to_owned()),
        (changed(&|file| file.exercises[section].text = Some("長".repeat(100_000))), "more than the page takes".to_owned()),
    ] {
        assert!(error.contains(&says) && error.contains("ask the student") || error.contains("look for the class"), "{says}: {error}");
        assert!(error.contains(&says) && error.len() < 400, "{says}: {error}");
    }
}

#[test]
fn the_teachers_points_and_accepted_answers_count() {
    let Drawn { key, .. } = drawn();
    let knows = |id: &str| id == "s1";
    assert_eq!(Overrides::read(OVERRIDES.as_bytes(), knows, 7), Ok(Overrides::default()));
    assert_eq!(Accepted::read(ACCEPTED.as_bytes(), knows), Ok(Accepted::default()));

    let section = item(&key, ExerciseType::MissingSection).number;
    let table =
        format!("\u{feff}student,exercise,points,comment\r\n# mine\r\ns1,{section},85.5,\"読みやすい,良い\"\r\n\r\ns1,1,,再確認\r\n");
    let overrides = Overrides::read(table.as_bytes(), knows, 7).unwrap();
    let all = file(&key, key.exercises.iter().map(perfect).collect());
    let marked = grade("s1", &key, &all, &overrides, &Accepted::default());
    let [first, written] = [1, section].map(|number| marked.exercises.iter().find(|marked| marked.number == number).unwrap());
    assert_eq!((written.points(), written.waits(), written.comment.as_str()), (85.5, false, "読みやすい,良い"));
    assert_eq!((first.points(), first.comment.as_str()), (100.0, "再確認"));

    // Two answers that the key does not know: another status, another cause.
    let (data, cause) = (item(&key, ExerciseType::MarkData), item(&key, ExerciseType::PrimaryCause));
    let mut exercises: Vec<Answer> = key.exercises.iter().map(perfect).collect();
    let Expected::Cause { cause: right } = &cause.expected else { panic!() };
    let Form::Options { options } = &cause.form else { panic!() };
    let other = options.iter().find(|option| option.id != right.id()).unwrap().id.clone();
    exercises[cause.number as usize - 1].choice = Some(other.clone());
    let span = exercises[data.number as usize - 1].spans[0];
    let (category, status) = (span.category.unwrap(), span.status.unwrap());
    let changed = owabi_corpora::vocabulary::Status::all().find(|other| *other != status).unwrap();
    exercises[data.number as usize - 1].spans[0].status = Some(changed);
    let answered = file(&key, exercises);
    assert!(grade("s1", &key, &answered, &overrides, &Accepted::default()).total() < marked.total());
    let table = format!(
        "student,type,expected,accepted\n,primary_cause,{right},{other}\ns1,mark_data,{category}:{status},{category}:{changed}\n",
        right = right.id()
    );
    let accepted = Accepted::read(table.as_bytes(), knows).unwrap();
    assert_eq!(grade("s1", &key, &answered, &overrides, &accepted).total(), marked.total());

    for (table, line, says) in [
        ("student,exercise,points\ns1,1,5\n", Some(1), "the first line must be"),
        ("student,exercise,points,comment\ns9,1,5,\n", Some(2), "nobody in the class has the id `s9`"),
        ("student,exercise,points,comment\n\n# x\ns1,8,5,\n", Some(4), "there is no exercise `8`; write a number from 1 to 7"),
        ("student,exercise,points,comment\ns1,1,105,\n", Some(2), "`105` are no points"),
        ("student,exercise,points,comment\ns1,1,NaN,\n", Some(2), "`NaN` are no points"),
        ("student,exercise,points,comment\ns1,1,5,\ns1,1,6,\n", Some(3), "a second line for exercise 1"),
        ("student,exercise,points,comment\ns1,1\n", Some(2), "2 columns instead of 4"),
    ] {
        let error = Overrides::read(table.as_bytes(), knows, 7).unwrap_err();
        assert!(error.message.contains(says) && error.line == line, "{error:?}");
    }
    for (row, says) in [
        ("s9,primary_cause,loss,theft", "nobody in the class"),
        (",cause,loss,theft", "is no type of exercise"),
        (",primary_cause,loss,thieves", "`thieves` is no cause"),
        (",primary_cause,,theft", "the third column is empty"),
        (",mark_data,name,name:denied", "`name` is no category with a status"),
        (",timeline,a,b", "give the points in overrides.csv"),
        (",primary_cause,loss,", "the fourth column is empty"),
    ] {
        let error = Accepted::read(format!("student,type,expected,accepted\n{row}\n").as_bytes(), knows).unwrap_err();
        assert!(error.message.contains(says) && error.line == Some(2), "{error:?}");
    }
}

#[test]
fn feedback_holds_the_text_the_answers_and_no_markup_of_others() {
    let Drawn { key, .. } = drawn();
    let mut exercises: Vec<Answer> = key.exercises.iter().map(perfect).collect();
    let section = item(&key, ExerciseType::MissingSection);
    exercises[section.number as usize - 1].text = Some("<script>alert(1)</script>".to_owned());
    let file = file(&key, exercises);
    let student = Enrolled { id: "s1".to_owned(), name: "<b>架空 花子".to_owned(), email: String::new(), page: key.page.clone() };
    let graded = grade("s1", &key, &file, &Overrides::default(), &Accepted::default());
    let tags = regex::Regex::new(r"<sup>.*?</sup>|<[^>]+>").unwrap();
    for language in [Language::Ja, Language::En] {
        let html = Feedback::new(language).page(&student, &key, &graded);
        assert!(!html.contains("<script") && !html.contains("<b>") && html.contains("&lt;b&gt;架空 花子"));
        assert!(!html.contains("{{") && !html.contains(" src=") && !html.contains("url("));
        // Every text stands there whole, once its marks are taken out.
        for (item, shown) in key.exercises.iter().zip(html.split("<div class=\"text\" lang=\"ja\">").skip(1)) {
            let shown = tags.replace_all(shown.split("</div>").next().unwrap(), "").into_owned();
            let shown =
                shown.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#x27;", "'").replace("&amp;", "&");
            let mut whole: Vec<char> = item.record.text.chars().collect();
            if let (Form::Text { at, .. }, Expected::Section { removed, .. }) = (&item.form, &item.expected) {
                whole.splice(at..at, removed.chars());
            }
            assert_eq!(shown, whole.into_iter().collect::<String>(), "{}", item.kind);
        }
    }
}
