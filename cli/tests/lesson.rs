//! The lesson in `examples/lesson.md` as a teacher types it: every command, in order.

use std::fs;
use std::path::Path;
use std::process::Command;

use owabi_classroom::answers::perfect;
use owabi_classroom::exercise::SCHEMA;
use owabi_classroom::{AnswerFile, Key, Register};

#[test]
fn every_command_of_the_lesson_runs() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    let plan = fs::read_to_string(examples.join("lesson.md")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    fs::copy(examples.join("students.csv"), folder.path().join("students.csv")).unwrap();
    let commands: Vec<&str> = plan.split("```sh\n").skip(1).map(|rest| rest.split("\n```").next().unwrap()).flat_map(str::lines).collect();
    let class = folder.path().join("lesson");
    let mut marks: Vec<Vec<u8>> = Vec::new();
    for command in &commands {
        if command.starts_with("owabi classroom grade") && marks.is_empty() {
            hand_in(&class);
        }
        let words = shlex::split(command).unwrap();
        assert_eq!(words[0], "owabi", "{command}");
        let output = Command::new(env!("CARGO_BIN_EXE_owabi")).args(&words[1..]).current_dir(folder.path()).output().unwrap();
        assert!(output.status.success(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
        if command.starts_with("owabi classroom grade") {
            marks.push(fs::read(class.join("marks/marks.csv")).unwrap());
        }
    }
    // As many as the plan has; the second grading changes nothing.
    assert_eq!((commands.len(), marks.len()), (5, 2));
    assert!(marks[0] == marks[1]);
    for name in ["lesson/marks/statistics.html", "lesson/marks/moodle.csv", "lesson/marks/queue.csv", "second/teacher/overview.html"] {
        assert!(folder.path().join(name).exists(), "{name}");
    }
    let register = register(&class);
    assert_eq!(fs::read_dir(class.join("marks/feedback")).unwrap().count(), 2);
    let marked = String::from_utf8(marks.remove(0)).unwrap();
    assert_eq!(marked.lines().count(), register.students.len() + 1, "{marked}");
}

fn register(class: &Path) -> Register {
    Register::from_json(&fs::read(class.join("teacher/class.json")).unwrap()).unwrap()
}

/// The first student knows everything, the second does every other exercise.
fn hand_in(class: &Path) {
    for (student, step) in register(class).students.iter().zip([1, 2]) {
        let key = Key::from_json(&fs::read(class.join(format!("teacher/keys/{}.json", student.page))).unwrap()).unwrap();
        let file = AnswerFile {
            schema: SCHEMA,
            page: key.page.clone(),
            class: key.class.clone(),
            saved_with: "a test".to_owned(),
            exercises: key.exercises.iter().step_by(step).map(perfect).collect(),
        };
        fs::write(class.join(format!("answers/{}.json", key.page)), serde_json::to_string(&file).unwrap()).unwrap();
    }
}
