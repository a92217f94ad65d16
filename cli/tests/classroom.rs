//! A class as it is made: what pages hold and what they must not, how equal they are, what a detector earns.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use owabi_classroom::{ExerciseType, Expected, Form, Key, Register, Secret, Sheet};
use owabi_generator::{Config, Generator};

const SECRET: &str = "7d1f2a90c4e85b3366aa0c91e2d47f58b1039e6c5d8472fa10bb93c7e4508d26";

fn new(folder: &Path, students: usize, args: &[&str]) -> Output {
    let rows: String = (0..students).map(|n| format!("student-{n:04},架空 {n:04}子,p{n:04}@example.jp\n")).collect();
    fs::write(folder.join("students.csv"), format!("id,name,email\n{rows}")).unwrap();
    fs::write(folder.join("secret.key"), SECRET).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_owabi"))
        .args(["classroom", "new", "--roster", "students.csv", "--secret", "secret.key"])
        .args(args)
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    output
}

fn register(class: &Path) -> Register {
    Register::from_json(&fs::read(class.join("teacher/class.json")).unwrap()).unwrap()
}

/// Every page as it stands, with its sheet and its key.
fn pages(class: &Path) -> Vec<(String, Sheet, Key)> {
    let read = |path: PathBuf| fs::read_to_string(path).unwrap();
    let page = |page: &str| {
        let html = read(class.join(format!("students/{page}.html")));
        let key = Key::from_json(read(class.join(format!("teacher/keys/{page}.json"))).as_bytes()).unwrap();
        (html.clone(), sheet(&html), key)
    };
    register(class).students.iter().map(|student| page(&student.page)).collect()
}

/// The sheet in a page: read strictly, so that nothing beside it can hide there.
fn sheet(html: &str) -> Sheet {
    let start = html.find("{\"schema\":").unwrap();
    serde_json::Deserializer::from_str(&html[start..]).into_iter::<Sheet>().next().unwrap().unwrap()
}

#[test]
fn pages_hold_no_answer_and_no_way_to_one() {
    let folder = tempfile::tempdir().unwrap();
    new(folder.path(), 12, &["--exercises", "7", "-o", "class"]);
    let class = folder.path().join("class");
    let register = register(&class);
    let mut first_options = BTreeSet::new();
    for ((html, sheet, key), student) in pages(&class).iter().zip(&register.students) {
        let mut secrets = vec![SECRET.to_owned(), student.id.clone(), student.name.clone(), student.email.clone()];
        secrets.push(register.settings.seed.to_string() + ",");
        for item in &key.exercises {
            let provenance = item.record.provenance.as_ref().unwrap();
            // Each is long enough not to be there by chance.
            secrets.extend([
                item.record.id.clone(),
                provenance.seed.to_string(),
                provenance.index.to_string(),
                provenance.skeleton.clone(),
            ]);
            secrets.extend(provenance.phrases.iter().cloned());
            secrets.extend(item.why.iter().map(|why| why.words.en.clone()));
        }
        for secret in secrets.iter().filter(|secret| secret.len() > 2) {
            assert!(!html.contains(secret.as_str()), "{} holds `{secret}`", sheet.page);
        }
        for word in ["provenance", "\"labels\"", "expected", "skeleton", "\"primary\"", "\"why\"", "owabi-r"] {
            assert!(!html.contains(word), "{} holds {word}", sheet.page);
        }
        for (exercise, item) in sheet.exercises.iter().zip(&key.exercises) {
            assert_eq!((&exercise.text, exercise.number), (&item.record.text, item.number));
            match (&exercise.form, &item.expected) {
                (Form::Text { at, .. }, Expected::Section { removed, .. }) => {
                    assert!(!html.contains(removed.as_str()) && *at < exercise.text.chars().count());
                }
                (Form::Options { options }, Expected::Cause { cause }) => {
                    first_options.insert(options.iter().position(|option| option.id == cause.id()).unwrap());
                }
                (Form::Order { events }, Expected::Order { days }) => {
                    assert_eq!(events.len(), days.iter().map(Vec::len).sum::<usize>());
                }
                _ => {}
            }
        }
    }
    // The right one stands anywhere.
    assert!(first_options.len() > 3, "{first_options:?}");
    // Names of files tell nothing either.
    let known: BTreeSet<String> = register.students.iter().map(|student| format!("{}.html", student.page)).collect();
    let files: BTreeSet<String> =
        fs::read_dir(class.join("students")).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(known, files);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(class.join("teacher/secret.key")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn a_million_seeds_are_tried_in_vain() {
    let folder = tempfile::tempdir().unwrap();
    new(folder.path(), 2, &["--type", "timeline", "-o", "class"]);
    let class = folder.path().join("class");
    let register = register(&class);
    let pages: BTreeSet<&str> = register.students.iter().map(|student| student.page.as_str()).collect();
    let words = |student: &str| vec!["page".to_owned(), register.settings.seed.to_string(), student.to_owned()];
    let guessed = |secret: Secret, student: &str| {
        let words = words(student);
        secret.id(&words.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let right = Secret::from_hex(SECRET).unwrap();
    assert!(pages.contains(guessed(right, &register.students[0].id).as_str()), "the attack works with the secret");
    for seed in 0..1_000_000u64 {
        let mut bits = [0; 32];
        bits[..8].copy_from_slice(&seed.to_le_bytes());
        assert!(!pages.contains(guessed(Secret::new(bits), &register.students[0].id).as_str()), "seed {seed} is a secret");
    }
    // Nor does the generator with a seed and indices that somebody would think of make any of the documents.
    let sheets = self::pages(&class);
    let texts: BTreeSet<&str> = sheets.iter().flat_map(|(_, sheet, _)| &sheet.exercises).map(|exercise| exercise.text.as_str()).collect();
    let kind = register.exercises[0].document.parse().unwrap();
    for seed in [0, 1, register.settings.seed, u64::MAX] {
        let generator = Generator::new(Config { seed, kinds: vec![kind], ..Config::default() }).unwrap();
        assert!((0..250).all(|index| !texts.contains(generator.record(index).text.as_str())));
    }
}

#[test]
fn a_class_is_equally_hard_and_beyond_a_detector() {
    let folder = tempfile::tempdir().unwrap();
    let output = new(folder.path(), 120, &["--exercises", "5", "-o", "class"]);
    let class = folder.path().join("class");
    let register = register(&class);
    assert_eq!(register.students.len(), 120);
    assert!(register.expected.deviation() <= 3.0, "{}", register.expected.deviation());
    let told = String::from_utf8(output.stdout).unwrap();
    let hard = told.lines().find(|line| line.starts_with("Anyone can run")).unwrap().rsplit(": ").next().unwrap();
    assert!(hard.split(", ").count() >= 3, "{hard}");
    // The same shape, other facts.
    let pages = pages(&class);
    for (index, shape) in register.exercises.iter().enumerate() {
        let texts: BTreeSet<&str> = pages.iter().map(|(_, sheet, _)| sheet.exercises[index].text.as_str()).collect();
        assert_eq!(texts.len(), pages.len(), "{}", shape.kind);
        for (_, _, key) in &pages {
            let item = &key.exercises[index];
            let provenance = item.record.provenance.as_ref().unwrap();
            assert_eq!((provenance.kind.as_str(), provenance.difficulty), (shape.document.as_str(), shape.level), "{}", item.record.id);
            match (&item.expected, shape.kind) {
                (Expected::Numbers { groups, .. }, _) => assert_eq!(groups.len() as u32, shape.figures[0]),
                (Expected::Data, ExerciseType::MarkData) => {
                    let data = item.record.labels.data.as_ref().unwrap().len();
                    assert_eq!(data as u32, shape.figures[0]);
                }
                _ => {}
            }
        }
    }
}

#[test]
fn a_secret_makes_the_same_class_again_and_another_seed_another() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = |class: &str| {
        let class = folder.path().join(class);
        let mut all = Vec::new();
        for student in register(&class).students {
            for name in [format!("students/{}.html", student.page), format!("teacher/keys/{}.json", student.page)] {
                all.push((name.clone(), fs::read(class.join(name)).unwrap()));
            }
        }
        all
    };
    let args = |seed, name| vec!["--type", "mark_data,reporting_duty", "--seed", seed, "-o", name];
    new(folder.path(), 3, &args("1", "one"));
    new(folder.path(), 3, &args("1", "again"));
    new(folder.path(), 3, &args("2", "other"));
    assert!(bytes("one") == bytes("again"));
    let (one, other) = (bytes("one"), bytes("other"));
    assert!(one.iter().zip(&other).all(|(one, other)| one.0 != other.0));
}
