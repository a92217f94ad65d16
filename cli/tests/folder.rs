//! Corpora in folders: whole files, the same however they came about.

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use common::owabi;

fn generate(folder: &Path, args: &[&str]) -> String {
    let output = owabi(folder, &[&["generate", "--seed", "5"], args].concat());
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn complaint(folder: &Path, args: &[&str], code: i32) -> String {
    let output = owabi(folder, args);
    let line = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(code), "{args:?}: {line}");
    line
}

/// Every file of a folder with its bytes.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read(path).unwrap())).collect()
}

const ASKED: [&str; 4] = ["--count", "70", "--shard-size", "20"];

fn whole(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    generate(folder, &[&ASKED[..], &["-o", "whole/"]].concat());
    files(&folder.join("whole"))
}

#[test]
fn shards_are_slices_and_the_manifest_knows_them() {
    let folder = tempfile::tempdir().unwrap();
    let files = whole(folder.path());
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    let shards = ["part-00000.jsonl", "part-00001.jsonl", "part-00002.jsonl", "part-00003.jsonl"];
    assert_eq!(names, [&["README.md", "manifest.json"][..], &shards].concat());
    let all = shards.map(|name| files[name].clone()).concat();
    assert!(all == generate(folder.path(), &["--count", "70"]).into_bytes());
    assert_eq!(files["part-00003.jsonl"].iter().filter(|byte| **byte == b'\n').count(), 10);
    let manifest: serde_json::Value = serde_json::from_slice(&files["manifest.json"]).unwrap();
    assert_eq!(manifest["documents"], 70);
    // Known from another implementation of SHA-256.
    let sums = Command::new("sha256sum").args(shards).current_dir(folder.path().join("whole")).output();
    if let Ok(sums) = sums.map(|output| String::from_utf8(output.stdout).unwrap()) {
        for (line, entry) in sums.lines().zip(manifest["files"].as_array().unwrap().iter().skip(1)) {
            assert_eq!(line, format!("{}  {}", entry["sha256"].as_str().unwrap(), entry["name"].as_str().unwrap()));
        }
    }
}

/// The message of `corpus verify` says to run the command again, which must do then.
#[test]
fn a_corpus_that_lost_all_its_shards_is_made_again_and_by_its_own_seed_only() {
    let folder = tempfile::tempdir().unwrap();
    let before = whole(folder.path());
    for name in before.keys().filter(|name| name.starts_with("part-")) {
        fs::remove_file(folder.path().join("whole").join(name)).unwrap();
    }
    let line = complaint(folder.path(), &[&["generate", "--seed", "6"], &ASKED[..], &["-o", "whole/"]].concat(), 2);
    assert!(line.contains("and no corpus"), "{line}");
    assert!(before == whole(folder.path()));
}

#[test]
fn machines_and_threads_and_runs_give_the_same_files() {
    let folder = tempfile::tempdir().unwrap();
    let whole = whole(folder.path());
    let size = ["--shard-size", "20", "-o", "parts/"];
    let first = generate(folder.path(), &[&["--range", "40..70", "--threads", "1"], &size[..]].concat());
    assert!(first.starts_with("parts/: 30 documents in 2 shards"), "{first}");
    let made = |folder: &Path| fs::metadata(folder.join("parts/part-00002.jsonl")).unwrap().modified().unwrap();
    let before = made(folder.path());
    let gap = generate(folder.path(), &[&["--range", "0..20"], &size[..]].concat());
    assert!(gap.contains("the documents from 20 on are not there yet: --range 20..40 makes them"), "{gap}");
    generate(folder.path(), &[&["--range", "20..40", "--threads", "2"], &size[..]].concat());
    assert!(files(&folder.path().join("parts")) == whole);
    // What is there is left alone, and a last shard that is to be longer is made anew.
    assert_eq!(made(folder.path()), before);
    generate(folder.path(), &["--count", "30", "--shard-size", "20", "-o", "grown/"]);
    generate(folder.path(), &[&ASKED[..], &["-o", "grown/"]].concat());
    assert!(files(&folder.path().join("grown")) == whole);
}

/// The card's command is typed as it stands, and the corpus is the same.
#[test]
fn the_command_in_the_card_makes_the_corpus_again() {
    let folder = tempfile::tempdir().unwrap();
    for (name, flags) in [
        ("plain", &["--count", "5"][..]),
        (
            "kinds",
            &["--range", "20..27", "--shard-size", "10", "--kind", "media_loss", "--kind", "unrelated", "--profile", "public_sector"],
        ),
        ("modes", &["--count", "3", "--split", "test", "--value-mode", "invalid_check", "--values", "exhibit"]),
        ("voices", &["--voices", "--count", "9"]),
        ("dirty", &["--perturb", "nfkc,line_wrap", "--difficulty", "2-3", "--count", "3"]),
        ("pairs", &["--cover", "2", "--count", "4"]),
        ("narrow", &["--cover", "2", "--value-mode", "reserved,well_formed", "--perturb", "ocr", "--count", "4"]),
    ] {
        generate(folder.path(), &[flags, &["-o", &format!("{name}/")]].concat());
        let first = files(&folder.path().join(name));
        let card = String::from_utf8(first["README.md"].clone()).unwrap();
        let command = card.lines().find_map(|line| line.strip_prefix("    owabi ")).unwrap();
        let again = folder.path().join(format!("again-{name}"));
        fs::create_dir(&again).unwrap();
        let output = owabi(&again, &command.split(' ').collect::<Vec<_>>());
        assert!(output.status.success(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
        assert!(files(&again.join("corpus")) == first, "{command}");
    }
}

#[cfg(unix)]
#[test]
fn an_interrupt_leaves_whole_shards_and_the_same_command_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let asked = ["--seed", "5", "--count", "6000", "--shard-size", "300", "-o", "corpus/"];
    let child = Command::new(env!("CARGO_BIN_EXE_owabi"))
        .arg("generate")
        .args(asked)
        .current_dir(folder.path())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    for _ in 0..2000 {
        if folder.path().join("corpus/part-00000.jsonl").exists() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    let line = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(130), "{line}");
    assert!(line.contains("the same command makes them"), "{line}");
    let left = files(&folder.path().join("corpus"));
    assert!(!left.is_empty() && left.keys().all(|name| name.starts_with("part-") && name.ends_with(".jsonl")), "{:?}", left.keys());
    assert!(left.values().all(|bytes| bytes.iter().filter(|byte| **byte == b'\n').count() == 300));
    // What a harder end leaves behind is in nobody's way.
    fs::write(folder.path().join("corpus/part-00019.jsonl.partial"), "{\"schema\":1,").unwrap();
    generate(folder.path(), &asked[2..]);
    generate(folder.path(), &["--count", "6000", "--shard-size", "300", "-o", "whole/"]);
    assert!(files(&folder.path().join("corpus")) == files(&folder.path().join("whole")));
}

/// As on a disk that is full: no half shard, and the line says what to do.
#[cfg(unix)]
#[test]
fn a_full_disk_leaves_whole_shards_and_the_same_command_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let limited = |blocks: u32, rest: &str| {
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" generate --seed 5 {rest}");
        let output = Command::new("sh").args(["-c", &script, env!("CARGO_BIN_EXE_owabi")]).current_dir(folder.path()).output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    // Blocks have 512 or 1,024 bytes: a shard of twenty documents needs more than 64 KB, one of one document less than 32.
    let asked = "--kind media_loss --count 40 --shard-size 20 -o corpus/";
    let (code, line) = limited(64, asked);
    assert_eq!(code, Some(2), "{line}");
    assert!(line.contains("corpus/part-00000.jsonl: cannot write: ") && line.contains("run the same command again"), "{line}");
    assert!(files(&folder.path().join("corpus")).is_empty());
    let (code, line) = limited(1_000_000, asked);
    assert_eq!(code, Some(0), "{line}");
    assert_eq!(files(&folder.path().join("corpus")).len(), 4);
    let (code, line) = limited(64, "--kind media_loss --count 40 -o one.jsonl");
    assert_eq!((code, line.contains("one.jsonl: cannot write: ")), (Some(2), true), "{line}");
    assert!(!folder.path().join("one.jsonl").exists() && !folder.path().join("one.jsonl.partial").exists());
}

#[test]
fn a_folder_of_something_else_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at("mine")).unwrap();
    fs::write(at("mine/README.md"), "mine").unwrap();
    let line = complaint(folder.path(), &["generate", "--count", "1", "-o", "mine/"], 2);
    assert_eq!(line, "owabi: mine/: holds `README.md` and no corpus; name an empty or a new folder\n");
    assert_eq!(fs::read(at("mine/README.md")).unwrap(), b"mine");
    whole(folder.path());
    let before = files(&at("whole"));
    for (flags, told) in [
        (&["--seed", "6", "--count", "70", "--shard-size", "20"][..], "another seed, revision or configuration"),
        (&["--seed", "5", "--count", "70", "--shard-size", "20", "--values", "none"], "another seed, revision or configuration"),
        (&["--seed", "5", "--count", "70", "--shard-size", "20", "--perturb", "spacing"], "another seed, revision or configuration"),
        (&["--seed", "5", "--count", "70", "--shard-size", "30"], "another --shard-size"),
    ] {
        let line = complaint(folder.path(), &[&["generate"], flags, &["-o", "whole/"]].concat(), 2);
        assert!(line.contains(told), "{line}");
    }
    assert!(files(&at("whole")) == before);
}

#[test]
fn what_was_altered_is_found() {
    let folder = tempfile::tempdir().unwrap();
    whole(folder.path());
    let shard = |number: u32| folder.path().join(format!("whole/part-0000{number}.jsonl"));
    assert_eq!(owabi(folder.path(), &["corpus", "verify", "whole"]).status.code(), Some(0));
    let text = fs::read_to_string(shard(1)).unwrap();
    fs::write(shard(1), text.replace("\"seed\":5", "\"seed\":6")).unwrap();
    let line = complaint(folder.path(), &["corpus", "verify", "whole"], 1);
    assert!(line.contains("part-00001.jsonl: its SHA-256 is not that of manifest.json; delete it and run `owabi generate"), "{line}");
    fs::remove_file(shard(1)).unwrap();
    let line = complaint(folder.path(), &["corpus", "verify", "whole"], 1);
    assert!(line.contains("part-00001.jsonl: no such file or folder"), "{line}");
    // A shard that lost its end is made again.
    let whole = fs::read(shard(2)).unwrap();
    fs::write(shard(2), &whole[..whole.len() / 2]).unwrap();
    generate(folder.path(), &[&ASKED[..], &["-o", "whole/"]].concat());
    assert!(fs::read(shard(2)).unwrap() == whole);
    assert_eq!(owabi(folder.path(), &["corpus", "verify", "whole"]).status.code(), Some(0));
}
