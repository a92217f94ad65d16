use std::fs;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::json;

use super::{Run, command, corpus, is_alive, run, script};

/// Says that everything is news, and does what the text asks for besides.
const OBEDIENT: &str = r#"
import json, os, subprocess, sys, time
held = []
for line in sys.stdin:
    question = json.loads(line)
    text, answer = question["text"], {"id": question["id"], "labels": {"genre": "news"}}
    say = lambda answer: print(json.dumps(answer), flush=True)
    if "crash" in text:
        print("so it ends:", text, file=sys.stderr)
        sys.exit(3)
    elif "kill" in text:
        os.abort()
    elif "hang" in text:
        child = subprocess.Popen(["sleep", "1000"])
        open("pids", "a").write(f"{os.getpid()}\n{child.pid}\n")
        time.sleep(1000)
    elif "garbage" in text:
        print("no JSON", flush=True)
    elif "category" in text:
        say({"id": question["id"], "labels": {"data": [{"category": "nome", "status": "denied", "spans": []}]}})
    elif "past" in text:
        say({"id": question["id"], "labels": {"data": [{"category": "name", "status": "denied", "spans": [{"start": 0, "end": 99}]}]}})
    elif "twice" in text:
        say(answer)
        say(answer)
    elif "stranger" in text:
        say({"id": "nobody", "labels": {}})
        say(answer)
    elif "babble" in text:
        sys.stderr.write("x" * 9_999_990 + "\nlast words\n")
        sys.exit(1)
    elif "hold" in text:
        held.append(answer)
    else:
        say(answer)
        while held:
            say(held.pop())
"#;

const OBEY: &str = "process:python3 obedient.py";

fn obey(texts: &[&str], args: &[&str]) -> Run {
    let folder = corpus(texts);
    script(folder.path(), "obedient.py", OBEDIENT);
    run(folder.path(), &[&["--detector", OBEY], args].concat())
}

#[test]
fn a_document_that_ends_the_process_is_lost_and_the_others_are_not() {
    let run = obey(&["a", "crash", "b", "kill", "c", "d"], &[]);
    assert_eq!((run.code, run.right()), (Some(0), 4), "{}", run.message);
    assert_eq!(run.losses(), &json!({"crash": 2}));
    assert_eq!((run.why(0), run.why(1)), ("the process ended with exit code 3", "the process ended with signal 6"));
    let told = "python3: g2: no answer (the process ended with exit code 3); counts as missed; it said: so it ends: crash\n";
    assert!(run.message.contains(told), "{}", run.message);
}

/// The clock runs for the document at the head, and what the process started ends with it.
#[test]
fn a_document_that_hangs_is_lost_with_all_that_was_started_for_it() {
    let folder = corpus(&["a", "hang", "b"]);
    script(folder.path(), "obedient.py", OBEDIENT);
    let run = run(folder.path(), &["--detector", OBEY, "--timeout", "2"]);
    assert_eq!((run.code, run.right(), run.losses()), (Some(0), 2, &json!({"timeout": 1})), "{}", run.message);
    assert_eq!(run.why(0), "no answer in 2 s; does it flush every line? --timeout allows more");
    let pids = fs::read_to_string(folder.path().join("pids")).unwrap();
    assert_eq!(pids.lines().count(), 2);
    assert!(pids.lines().all(|id| !is_alive(id)), "{pids}");
}

#[test]
fn an_answer_that_is_none_loses_the_document_it_was_meant_for() {
    // Two answers are held back, so that the malformed ones are not the first that are waited for.
    let run = obey(&["a", "hold", "hold", "category", "past", "b", "garbage", "c"], &[]);
    assert_eq!((run.code, run.right()), (Some(0), 5), "{}", run.message);
    assert_eq!(run.losses(), &json!({"malformed": 3}));
    let lost: Vec<_> = (0..3).map(|index| run.results["documents"]["first_unanswered"][index]["id"].as_str().unwrap()).collect();
    assert_eq!(lost, ["g4", "g5", "g7"], "{}", run.message);
    assert!(run.why(0).starts_with("labels.data[0].category: unknown category `nome`"), "{}", run.why(0));
    assert!(run.why(1).contains("position 99 is past the end"), "{}", run.why(1));
}

#[test]
fn answers_that_nobody_asked_for_are_counted_and_not_scored() {
    let run = obey(&["a", "twice", "stranger", "b"], &[]);
    assert_eq!((run.code, run.right(), run.losses()), (Some(0), 4, &json!(null)), "{}", run.message);
    let documents = &run.results["documents"];
    assert_eq!((documents["unasked"].as_u64(), documents["duplicates"].as_u64()), (Some(1), Some(1)));
    assert!(run.message.contains("python3: an answer for the id `d000002`, which was answered before\n"), "{}", run.message);
    assert!(run.message.contains("python3: an answer for the id `nobody`, which was not asked\n"), "{}", run.message);
}

#[test]
fn much_on_stderr_stops_nothing_and_is_kept_where_asked() {
    let folder = corpus(&["a", "babble", "b"]);
    script(folder.path(), "obedient.py", OBEDIENT);
    let run = run(folder.path(), &["--detector", OBEY, "--detector-log", "log"]);
    assert_eq!((run.code, run.right()), (Some(0), 2), "{}", run.message);
    assert!(run.message.contains("␊last words\n") && run.message.len() < 2000, "{}", run.message);
    let log = fs::read(folder.path().join("log")).unwrap();
    assert_eq!(log.len(), 10_000_002);
}

/// Neither figures nor losses depend on how many processes share the documents.
#[test]
fn several_processes_find_what_one_finds() {
    let texts: Vec<String> = (0..100).map(|n| if n % 19 == 5 { format!("crash {n}") } else { format!("text {n}") }).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let one = obey(&texts, &[]);
    assert_eq!((one.right(), one.losses()), (95, &json!({"crash": 5})), "{}", one.message);
    for jobs in ["2", "5"] {
        assert_eq!(obey(&texts, &["--jobs", jobs]).results, one.results);
    }
}

#[test]
fn a_process_that_always_crashes_is_given_up() {
    let folder = corpus(&["a"; 50]);
    script(folder.path(), "broken.py", "import sys\nprint('started', file=sys.stderr)\nimport no_such_module\n");
    let first = run(folder.path(), &["--detector", "process:python3 broken.py", "--detector-log", "log"]);
    assert_eq!(first.code, Some(2));
    assert!(first.message.contains("No module named 'no_such_module'"), "{}", first.message);
    assert!(first.message.ends_with("no document was answered; try the command on one line of input by hand\n"), "{}", first.message);
    assert_eq!(fs::read_to_string(folder.path().join("log")).unwrap().matches("started").count(), 3);

    let texts = [vec!["a"; 5], vec!["crash"; 40], vec!["a"; 5]].concat();
    for jobs in ["1", "3"] {
        let later = obey(&texts, &["--give-up", "4", "--jobs", jobs]);
        assert_eq!((later.code, later.right(), later.losses()), (Some(0), 5, &json!({"crash": 45})), "{}", later.message);
        assert!(
            later.message.contains("python3: gave up after 4 lost documents in a row; the rest counts as missed\n"),
            "{}",
            later.message
        );
        assert_eq!(later.why(4), "not asked, as the 4 before were lost");
    }
}

#[test]
fn an_interrupt_leaves_no_process_and_no_file_under_its_name() {
    let folder = corpus(&["a", "hang", "b"]);
    script(folder.path(), "obedient.py", OBEDIENT);
    let mut command = command(folder.path(), &["--detector", OBEY, "--json", "results.json"]);
    let child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let pids = folder.path().join("pids");
    let until = Instant::now() + Duration::from_secs(30);
    while fs::read_to_string(&pids).unwrap_or_default().lines().count() < 2 && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    let message = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(130), "{message}");
    assert_eq!(message, "owabi: interrupted; nothing was finished, run the same command again\n");
    let pids = fs::read_to_string(pids).unwrap();
    assert!(pids.lines().all(|id| !is_alive(id)), "{pids}");
    // What was begun may be left as results.json.partial.
    assert!(!folder.path().join("results.json").exists());
}

/// Of each document the second answer is another: every one flips, and the first answers are scored.
#[test]
fn repeating_tells_how_many_answers_change() {
    let folder = corpus(&["a", "b", "c", "d"]);
    let fickle = r#"
import json, sys
met = set()
for line in sys.stdin:
    question = json.loads(line)
    genre = "notice" if question["text"] in met and question["text"] in "ab" else "news"
    met.add(question["text"])
    print(json.dumps({"id": question["id"], "labels": {"genre": genre}}), flush=True)
"#;
    script(folder.path(), "fickle.py", fickle);
    let run = run(folder.path(), &["--detector", "process:python3 fickle.py", "--repeat", "3"]);
    assert_eq!((run.code, run.right()), (Some(0), 4), "{}", run.message);
    let repeat = &run.results["repeat"];
    assert_eq!(
        (repeat["calls"].as_u64(), repeat["documents"]["count"].as_u64(), repeat["documents"]["of"].as_u64()),
        (Some(3), Some(2), Some(4))
    );
    // Two documents with one fact in all calls, two with one that changed into another.
    assert_eq!((repeat["facts"]["count"].as_u64(), repeat["facts"]["of"].as_u64()), (Some(4), Some(6)));
    // Clopper and Pearson of 2 in 4: 0.068 to 0.932.
    let bounds = (repeat["documents"]["rate"]["low"].as_f64().unwrap(), repeat["documents"]["rate"]["high"].as_f64().unwrap());
    assert!((bounds.0 - 0.0676).abs() < 1e-3 && (bounds.1 - 0.9324).abs() < 1e-3, "{bounds:?}");
}
