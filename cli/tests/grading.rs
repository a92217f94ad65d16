//! A class from its roster to its marks, as a teacher types it.

mod common;

use std::fs;
use std::path::PathBuf;
use std::process::Output;

use common::owabi;
use owabi_classroom::exercise::SCHEMA;
use owabi_classroom::{Answer, AnswerFile, ExerciseType, Key, Register, answers};

fn told(output: &Output) -> (i32, String, Vec<String>) {
    let lines = String::from_utf8(output.stderr.clone()).unwrap().lines().map(str::to_owned).collect();
    (output.status.code().unwrap(), String::from_utf8(output.stdout.clone()).unwrap(), lines)
}

/// A folder with a class of `students`, whose ids and names come from a table.
struct Class {
    root: tempfile::TempDir,
    register: Register,
}

impl Class {
    fn new(roster: &str, types: &str) -> Class {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("students.csv"), roster).unwrap();
        let (code, _, errors) =
            told(&owabi(root.path(), &["classroom", "new", "--roster", "students.csv", "--type", types, "-o", "class"]));
        assert_eq!(code, 0, "{errors:?}");
        let register = Register::from_json(&fs::read(root.path().join("class/teacher/class.json")).unwrap()).unwrap();
        Class { root, register }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.root.path().join("class").join(name)
    }

    fn key(&self, student: usize) -> Key {
        let page = &self.register.students[student].page;
        Key::from_json(&fs::read(self.at(&format!("teacher/keys/{page}.json"))).unwrap()).unwrap()
    }

    /// Perfect answers to the exercises that `answers` names, saved as the page saves them.
    fn answer(&self, student: usize, exercises: impl Fn(u32) -> bool) -> AnswerFile {
        let key = self.key(student);
        let exercises: Vec<Answer> = key.exercises.iter().filter(|item| exercises(item.number)).map(answers::perfect).collect();
        AnswerFile { schema: SCHEMA, page: key.page, class: key.class, saved_with: "a test".to_owned(), exercises }
    }

    fn hand_in(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.at("answers").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    fn grade(&self) -> (i32, String, Vec<String>) {
        told(&owabi(self.root.path(), &["classroom", "grade", "class"]))
    }

    /// Every file under `marks`, with its bytes.
    fn marks(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let files = walkdir::WalkDir::new(self.at("marks")).sort_by_file_name().into_iter().map(Result::unwrap);
        files.filter(|entry| entry.file_type().is_file()).map(|entry| (entry.path().to_owned(), fs::read(entry.path()).unwrap())).collect()
    }

    /// The rows of a table, without its byte-order mark.
    fn table(&self, name: &str) -> Vec<String> {
        let text = fs::read_to_string(self.at("marks").join(name)).unwrap();
        text.strip_prefix('\u{feff}').unwrap().lines().map(str::to_owned).collect()
    }
}

fn json(file: &AnswerFile) -> String {
    serde_json::to_string(file).unwrap()
}

const ALL: &str = "mark_data,primary_cause,total_and_groups,timeline,reporting_duty,missing_section,incoherence";

#[test]
fn perfect_half_right_and_broken_answers() {
    let class = Class::new("id,name,email\ns1,架空 花子,s1@example.jp\ns2,仮名 太郎,\ns3,,\n=4,=HYPERLINK(\"x\"),\ns5,,\n", ALL);
    // As they come out of a learning platform: in folders, under any name, with other files between them.
    class.hand_in("架空 花子_123_file/答案.json", json(&class.answer(0, |_| true)));
    class.hand_in("s2.json", format!("\u{feff}{}", json(&class.answer(1, |number| number <= 3))));
    class.hand_in("s2 (1).json", json(&class.answer(1, |number| number <= 3)));
    let page = &class.register.students[2].page;
    class.hand_in("cut.json", &json(&class.answer(2, |_| true)).as_bytes()[..300]);
    class.hand_in("four.json", json(&class.answer(3, |_| true)));
    class.hand_in("four-again.json", json(&class.answer(3, |number| number == 1)));
    class.hand_in("empty.json", "");
    class.hand_in("other.json", json(&AnswerFile { page: "0".repeat(16), ..class.answer(2, |_| true) }));
    class.hand_in("tampered.json", {
        let mut file = class.answer(4, |_| true);
        file.exercises[0].spans[0].end = 1_000_000;
        json(&file)
    });
    class.hand_in("shift_jis.json", b"{\"schema\":1,\"page\":\"\x8e\x81\"}");
    class.hand_in("page.html", fs::read(class.at(&format!("students/{page}.html"))).unwrap());
    class.hand_in(".DS_Store", [0, 1, 2]);

    let (code, out, errors) = class.grade();
    assert_eq!(code, 2);
    let file = |name: &str| format!("owabi: class/answers/{name}: ");
    let expected = [
        (file("cut.json"), "broken JSON in line 1, column 300"),
        (file("empty.json"), "is empty; ask the student for the file as the page saved it"),
        (file("four.json"), "answers page"),
        (file("other.json"), "belongs to no page of this class; look for the class that handed out page 0000000000000000"),
        (file("page.html"), "is the page and not the answers"),
        (file("shift_jis.json"), "is not UTF-8 (byte 20)"),
        (file("tampered.json"), "exercise 1: the place"),
    ];
    assert_eq!(errors.len(), expected.len(), "{errors:#?}");
    for (error, (place, says)) in errors.iter().zip(expected) {
        assert!(error.starts_with(&place) && error.contains(says), "{error}");
    }
    assert!(out.starts_with("5 students: 2 marked, 1 handed nothing in, 2 with answers that cannot be marked\n"), "{out}");
    assert!(out.contains("1 written answer waits for you in class/marks/queue.csv"), "{out}");

    let marks = class.table("marks.csv");
    let pages: Vec<&str> = class.register.students.iter().map(|student| student.page.as_str()).collect();
    assert_eq!(
        marks,
        [
            "id,name,page,status,total,1 mark_data,2 primary_cause,3 total_and_groups,4 timeline,5 reporting_duty,6 missing_section,7 incoherence"
                .to_owned(),
            format!("s1,架空 花子,{},waiting,94.3,100.0,100.0,100.0,100.0,100.0,60.0,100.0", pages[0]),
            format!("s2,仮名 太郎,{},marked,42.9,100.0,100.0,100.0,0.0,0.0,0.0,0.0", pages[1]),
            format!("s3,,{},missing,,,,,,,,", pages[2]),
            format!("'=4,\"'=HYPERLINK(\"\"x\"\")\",{},refused,,,,,,,,", pages[3]),
            format!("s5,,{},refused,,,,,,,,", pages[4]),
        ]
    );
    let moodle = class.table("moodle.csv");
    assert!(moodle[0].starts_with("Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,"));
    assert_eq!(moodle[1], "s1,架空 花子,s1@example.jp,Submitted for grading,94.30,100.00,Yes,,,");
    assert_eq!(moodle[3], "s3,,,No submission,,100.00,Yes,,,");
    assert!(class.table("queue.csv")[1].starts_with("s1,6,,,架空 花子,60.0,"));
    let feedback: Vec<_> = class.marks().into_iter().filter(|(path, _)| path.ends_with(format!("{}.html", pages[0]))).collect();
    assert!(String::from_utf8(feedback[0].1.clone()).unwrap().contains("架空 花子"));

    // The same again, byte for byte.
    let before = class.marks();
    assert_eq!(class.grade().0, 2);
    assert_eq!(class.marks(), before);
}

#[test]
fn the_teachers_decisions_survive_and_bring_points() {
    let class = Class::new("id\na\nb\n", "missing_section,primary_cause");
    class.hand_in("a.json", json(&class.answer(0, |_| true)));
    let mut other = class.answer(1, |number| number == 2);
    let right = other.exercises[0].choice.clone().unwrap();
    let wrong = owabi_corpora::Cause::all().map(|cause| cause.id());
    let key = class.key(1);
    let owabi_classroom::Form::Options { options } = &key.exercises[1].form else { panic!() };
    let named: Vec<&str> = key.exercises[1].record.labels.causes.iter().flatten().map(|label| label.cause.id()).collect();
    let wrong = wrong.into_iter().find(|id| options.iter().any(|option| option.id == *id) && !named.contains(id)).unwrap();
    other.exercises[0].choice = Some(wrong.to_owned());
    class.hand_in("b.json", json(&other));
    let points = |row: usize| class.table("marks.csv")[row].splitn(4, ',').last().unwrap().to_owned();
    assert_eq!(class.grade().0, 0);
    assert_eq!((points(1), points(2)), ("waiting,80.0,60.0,100.0".to_owned(), "marked,0.0,0.0,0.0".to_owned()));
    // What was written may hold line breaks.
    assert_eq!(class.table("queue.csv").iter().filter(|line| line.starts_with("a,1,,,")).count(), 1);

    let (overrides, accepted) = (class.at("teacher/overrides.csv"), class.at("teacher/accepted.csv"));
    fs::write(&overrides, fs::read_to_string(&overrides).unwrap() + "a,1,90,よく整理されています\n").unwrap();
    fs::write(&accepted, fs::read_to_string(&accepted).unwrap() + &format!("b,primary_cause,{right},{wrong}\n")).unwrap();
    let (code, out, errors) = class.grade();
    assert_eq!((code, errors.len()), (0, 0), "{errors:?}");
    assert!(!out.contains("waits for you"));
    assert_eq!((points(1), points(2)), ("marked,95.0,90.0,100.0".to_owned(), "marked,50.0,0.0,100.0".to_owned()));
    assert_eq!(class.table("queue.csv").len(), 1);
    let page = class.at(&format!("marks/feedback/{}.html", class.register.students[0].page));
    assert!(fs::read_to_string(&page).unwrap().contains("よく整理されています"));

    // A broken line of the teacher's own stops everything, and nothing is changed.
    let before = class.marks();
    fs::write(&overrides, "student,exercise,points,comment\na,1,many,\n").unwrap();
    let (code, out, errors) = class.grade();
    assert_eq!((code, out.as_str()), (2, ""));
    assert_eq!(
        errors,
        [
            "owabi: class/teacher/overrides.csv:2: `many` are no points; write a number from 0 to 100, or nothing where only a comment is added"
        ]
    );
    assert_eq!(class.marks(), before);

    // Who takes an answer back gets no feedback any more.
    fs::remove_file(&overrides).unwrap();
    fs::remove_file(class.at("answers/a.json")).unwrap();
    assert_eq!(class.grade().0, 0);
    assert!(!page.exists() && overrides.exists());
}

#[test]
fn folders_that_are_no_class_are_told() {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir(root.path().join("empty")).unwrap();
    for (name, says) in [
        ("empty", "owabi: empty: is no class: teacher/class.json is not there; name a folder that `owabi classroom new` made"),
        ("nowhere", "owabi: nowhere: is no class: teacher/class.json is not there; name a folder that `owabi classroom new` made"),
    ] {
        let (code, _, errors) = told(&owabi(root.path(), &["classroom", "grade", name]));
        assert_eq!((code, errors), (2, vec![says.to_owned()]));
    }
    let class = Class::new("id\na\n", ExerciseType::Timeline.id());
    let (code, _, errors) = class.grade();
    assert_eq!(
        (code, errors),
        (2, vec!["owabi: class/answers: holds no files; put the answers there that the students have saved".to_owned()])
    );
    fs::remove_file(class.at(&format!("teacher/keys/{}.json", class.register.students[0].page))).unwrap();
    class.hand_in("a.json", "{}");
    let (code, out, errors) = class.grade();
    assert_eq!((code, errors.len()), (2, 1));
    assert!(errors[0].starts_with("owabi: class/answers/a.json: missing field `schema`"), "{errors:?}");
    assert!(out.starts_with("1 student: 0 marked, 1 handed nothing in\n"), "{out}");
}
