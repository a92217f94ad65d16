//! What happens to files, pipes and processes.

mod common;

use std::fs;
use std::io::Read;
use std::process::{Command, Stdio};

use common::{owabi, well};

#[test]
fn a_range_is_a_slice_and_threads_change_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let generate = |args: &[&str]| well(folder.path(), &[&["generate", "--seed", "3"], args].concat());
    let whole = generate(&["--count", "100", "--threads", "1"]);
    assert_eq!(whole.iter().filter(|byte| **byte == b'\n').count(), 100);
    let parts = [generate(&["--range", "0..50", "--threads", "2"]), generate(&["--range", "50..100", "--threads", "3"])].concat();
    assert!(whole == parts);
    assert!(whole != well(folder.path(), &["generate", "--seed", "4", "--count", "100"]));
}

#[test]
fn a_finished_file_leaves_no_partial_one() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    well(folder.path(), &["generate", "--count", "2", "-o", "a.jsonl"]);
    assert!(at("a.jsonl").exists() && !at("a.jsonl.partial").exists());
    assert_eq!(fs::read(at("a.jsonl")).unwrap(), well(folder.path(), &["generate", "--count", "2"]));
    assert!(well(folder.path(), &["corpus", "verify", "a.jsonl"]).ends_with(b"all labels are well\n"));
}

#[test]
fn nothing_is_written_over_what_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at("sub")).unwrap();
    well(folder.path(), &["generate", "--count", "3", "-o", "gold.jsonl"]);
    let gold = fs::read(at("gold.jsonl")).unwrap();
    fs::write(at("answers.jsonl"), well(folder.path(), &["detect", "--format", "jsonl", "gold.jsonl"])).unwrap();
    for args in [
        &["score", "gold.jsonl", "answers.jsonl", "--json", "gold.jsonl"][..],
        &["score", "gold.jsonl", "answers.jsonl", "--errors", "sub/../gold.jsonl"],
        &["test", "--corpus", "gold.jsonl", "--html", "./gold.jsonl"],
        &["perturb", "gold.jsonl", "--with", "nfkc", "-o", "gold.jsonl"],
        &["corpus", "export", "gold.jsonl", "--format", "csv", "-o", "gold.jsonl"],
        &["test", "--count", "2", "--json", "out", "--html", "./out"],
    ] {
        let done = owabi(folder.path(), args);
        let told = String::from_utf8(done.stderr).unwrap();
        assert!(done.status.code() == Some(2) && told.contains("give"), "{args:?}: {told}");
        assert!(fs::read(at("gold.jsonl")).unwrap() == gold, "{args:?}");
        assert!(!at("gold.jsonl.partial").exists() && !at("out").exists(), "{args:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_link_and_a_device_stay_what_they_are() {
    use std::os::unix::fs::FileTypeExt;
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("real.jsonl"), "old").unwrap();
    std::os::unix::fs::symlink(at("real.jsonl"), at("link.jsonl")).unwrap();
    well(folder.path(), &["generate", "--count", "1", "-o", "link.jsonl"]);
    assert!(at("link.jsonl").is_symlink());
    assert!(fs::read(at("real.jsonl")).unwrap().starts_with(b"{\"schema\":1"));
    well(folder.path(), &["generate", "--count", "1", "-o", "/dev/null"]);
    assert!(fs::metadata("/dev/null").unwrap().file_type().is_char_device());
}

#[test]
fn a_closed_pipe_is_silence_and_success() {
    for args in [&["generate", "--count", "20000"][..], &["scheme", "--format", "json"], &["test", "--count", "20"]] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_owabi")).args(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut first = [0];
        let mut stdout = child.stdout.take().unwrap();
        stdout.read_exact(&mut first).unwrap();
        drop(stdout);
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""), "{args:?}");
    }
}

#[cfg(unix)]
#[test]
fn an_interrupt_leaves_a_partial_file_and_says_how_to_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let partial = folder.path().join("a.jsonl.partial");
    let child = Command::new(env!("CARGO_BIN_EXE_owabi"))
        .args(["generate", "--count", "100000000", "-o", "a.jsonl"])
        .current_dir(folder.path())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    for _ in 0..1000 {
        if fs::metadata(&partial).map_or(0, |data| data.len()) > 0 {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    let output = child.wait_with_output().unwrap();
    let message = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(130), "{message}");
    assert!(!folder.path().join("a.jsonl").exists());
    // The line names what is there, and the file holds exactly that.
    let told = message.split("documents 0..").nth(1).and_then(|rest| rest.split(';').next()).unwrap().parse::<usize>().unwrap();
    assert_eq!(fs::read_to_string(&partial).unwrap().lines().count(), told, "{message}");
    assert!(message.contains(&format!("--range {told}..100000000")), "{message}");
}

#[test]
fn results_are_the_same_bytes_every_time() {
    let folder = tempfile::tempdir().unwrap();
    let results = || well(folder.path(), &["test", "--count", "40", "--json", "-"]);
    let first = results();
    assert!(first.starts_with(b"{\n  \"schema\": 1,\n  \"run\": {\n    \"detector\": \"builtin"));
    assert!(first == results());
}

/// The built-in detector's answers score the same from a file.
#[test]
fn every_way_to_a_detector_leads_to_the_same_score() {
    let folder = tempfile::tempdir().unwrap();
    well(folder.path(), &["generate", "--count", "30", "-o", "gold.jsonl"]);
    fs::write(folder.path().join("found.jsonl"), well(folder.path(), &["detect", "gold.jsonl", "--format", "jsonl"])).unwrap();
    let table = |args: &[&str]| {
        let text = String::from_utf8(well(folder.path(), args)).unwrap();
        text.split_once("\n\n").unwrap().1.to_owned()
    };
    let builtin = table(&["test", "--corpus", "gold.jsonl"]);
    assert!(builtin.contains("leaked data"), "{builtin}");
    assert_eq!(table(&["score", "gold.jsonl", "found.jsonl"]), builtin);
    assert_eq!(table(&["test", "--corpus", "gold.jsonl", "--detector", "predictions:found.jsonl"]), builtin);
}

/// Answers out of order, one malformed and one missing: the right document loses.
#[cfg(unix)]
#[test]
fn a_process_that_stumbles_loses_only_what_it_lost() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(
        folder.path().join("gold.jsonl"),
        (1..=3)
            .map(|n| format!("{{\"schema\":1,\"id\":\"g{n}\",\"text\":\"氏名\",\"labels\":{{\"genre\":\"news\"}}}}\n"))
            .collect::<String>(),
    )
    .unwrap();
    let script = "read a; read b; read c; echo '{\"id\":\"d000003\",\"labels\":{\"genre\":\"news\"}}'; \
                  echo nonsense; echo '{\"id\":\"d000002\",\"labels\":{\"genre\":\"news\"}}'; cat >/dev/null";
    let detector = format!("process:sh -c \"{}\"", script.replace('"', "\\\""));
    let output = owabi(folder.path(), &["test", "--corpus", "gold.jsonl", "--detector", &detector, "--json", "-"]);
    let message = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{message}");
    assert!(message.contains("sh: g1: no answer (broken JSON"), "{message}");
    let results: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((results["accuracy"]["genre"]["right"].as_u64(), results["documents"]["unanswered"].as_u64()), (Some(2), Some(1)));
}

/// A process that talks without end, to the point or not, ends the run and not the patience of whoever waits.
#[cfg(unix)]
#[test]
fn a_process_that_never_stops_talking_is_left() {
    let folder = tempfile::tempdir().unwrap();
    for command in ["process:yes", r#"process:yes '{"id":"zz","labels":{}}'"#] {
        let output = owabi(folder.path(), &["test", "--count", "2", "--detector", command]);
        let message = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{message}");
        assert!(message.ends_with("yes: no document was answered; try the command on one line of input by hand\n"), "{message}");
    }
}

/// Records flow from one command into the next without a file between them.
#[cfg(unix)]
#[test]
fn commands_read_what_others_write() {
    let folder = tempfile::tempdir().unwrap();
    let bin = env!("CARGO_BIN_EXE_owabi");
    let piped = |line: &str| {
        let line = line.replace("owabi", bin);
        let output = Command::new("sh").args(["-c", &line]).current_dir(folder.path()).output().unwrap();
        assert!(output.status.success() && output.stderr.is_empty(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(piped("owabi generate --count 5 | owabi corpus verify -").ends_with("all labels are well\n"));
    assert!(piped("owabi generate --count 5 | owabi test --corpus -").starts_with("Detector builtin"));
    piped("owabi generate --count 5 -o gold.jsonl");
    assert!(piped("owabi detect --format jsonl < gold.jsonl | owabi score gold.jsonl -").contains("on 5 labelled documents"));
    // Every kind that is generated is read for what it is: a leak, or none.
    for (kind, gist) in [
        ("ec_skimming", ": notice · exposure "),
        ("media_loss", ": notice · exposure "),
        ("regulator_guidance", ": regulator_action · exposure "),
        ("unrelated", ": unrelated · no incident"),
    ] {
        let shown = piped(&format!("owabi generate --seed 3 --count 4 --kind {kind} | owabi detect"));
        let gists: Vec<&str> = shown.lines().filter(|line| line.starts_with("owabi-r1-3-")).collect();
        let right = gists.iter().filter(|line| line.contains(gist)).count();
        assert!(gists.len() == 4 && right >= 2, "{kind}: {gists:?}");
    }
}

/// The texts of a folder are bytes of the encoding, and the labels beside them fit what is decoded from them.
#[test]
fn a_perturbed_folder_holds_texts_in_their_encoding() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    well(folder.path(), &["generate", "--count", "20", "-o", "base.jsonl"]);
    for encoding in ["shift_jis", "euc_jp", "iso_2022_jp"] {
        let name = format!("{encoding}/");
        well(folder.path(), &["perturb", "base.jsonl", "--with", &format!("order,{encoding}"), "-o", &name]);
        assert!(!at(&format!("{encoding}.partial")).exists());
        let texts: Vec<_> = fs::read_dir(at(encoding).join("documents")).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert_eq!(texts.len(), 20);
        for text in &texts {
            let bytes = fs::read(text).unwrap();
            assert!(text.to_str().unwrap().ends_with(&format!("+{encoding}.txt")), "{}", text.display());
            // ISO-2022-JP has seven bits and escapes, the others are no UTF-8.
            match encoding {
                "iso_2022_jp" => assert!(bytes.is_ascii() && bytes.contains(&0x1b)),
                _ => assert!(String::from_utf8(bytes).is_err()),
            }
        }
        assert!(well(folder.path(), &["corpus", "verify", encoding]).ends_with(b"all labels are well\n"));
        let found = well(folder.path(), &["detect", encoding, "--format", "jsonl"]);
        assert_eq!(found.iter().filter(|byte| **byte == b'\n').count(), 20);
        // Read by guessing the encoding, and told: the same texts.
        let records = fs::read_to_string(at(encoding).join("labels.jsonl")).unwrap();
        let text = |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap()["text"].clone();
        let mut told: Vec<_> = records.lines().map(|line| text(line).to_string()).collect();
        let mut guessed: Vec<_> = String::from_utf8(found).unwrap().lines().map(|line| text(line).to_string()).collect();
        told.sort();
        guessed.sort();
        assert_eq!(told, guessed);
        let full = owabi(folder.path(), &["perturb", "base.jsonl", "--with", encoding, "-o", &name]);
        assert_eq!(full.status.code(), Some(2));
        assert_eq!(
            String::from_utf8(full.stderr).unwrap(),
            format!("owabi: {encoding}: is not empty; name an empty folder or a new one\n")
        );
    }
    fs::write(at("slash.jsonl"), "{\"schema\":1,\"id\":\"a/b\",\"text\":\"a\",\"labels\":{}}\n").unwrap();
    let refused = owabi(folder.path(), &["perturb", "slash.jsonl", "--with", "html", "-o", "texts/"]);
    assert_eq!(
        String::from_utf8(refused.stderr).unwrap(),
        "owabi: the id `a/b+html` cannot be a file's name; write to a .jsonl file instead\n"
    );
    assert!(!at("texts").exists() && !at("texts.partial").exists());
    well(folder.path(), &["perturb", "base.jsonl", "--with", "html", "-o", "texts/"]);
}

#[test]
fn perturbing_a_file_equals_generating_with_perturbations() {
    let folder = tempfile::tempdir().unwrap();
    well(folder.path(), &["generate", "--seed", "5", "--count", "300", "-o", "base.jsonl"]);
    let afterwards = well(folder.path(), &["perturb", "base.jsonl", "--with", "html,zero_width"]);
    assert!(afterwards == well(folder.path(), &["generate", "--seed", "5", "--count", "300", "--perturb", "html,zero_width"]));
    assert!(afterwards != well(folder.path(), &["perturb", "base.jsonl", "--with", "html,zero_width", "--seed", "1"]));
}

/// Who types the README's first command sees what stands there.
#[test]
fn the_first_notice_is_the_one_that_the_readme_shows() {
    let readme = include_str!("../../README.md");
    let command = "$ owabi generate --seed 1 --count 1 --kind media_loss --format pretty\n";
    let shown = readme.split_once(command).and_then(|(_, rest)| rest.split_once("…\n```")).map(|(shown, _)| shown).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let made = well(folder.path(), &["generate", "--seed", "1", "--count", "1", "--kind", "media_loss", "--format", "pretty"]);
    assert!(String::from_utf8(made).unwrap().starts_with(shown));
}
