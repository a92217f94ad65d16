//! Detectors of other make, as they are: processes that crash, hang and babble, and servers that answer anything.
//!
//! Processes and servers are small Python programs, which a test writes into a folder of its own.
#![cfg(unix)]

mod cache;
mod http;
mod process;

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// A folder with a corpus `gold.jsonl`: documents `g1`, `g2` … of these texts, each a piece of news.
fn corpus(texts: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let line = |(index, text): (usize, &&str)| {
        let record = serde_json::json!({"schema": 1, "id": format!("g{}", index + 1), "text": text, "labels": {"genre": "news"}});
        format!("{record}\n")
    };
    fs::write(folder.path().join("gold.jsonl"), texts.iter().enumerate().map(line).collect::<String>()).unwrap();
    folder
}

fn script(folder: &Path, name: &str, text: &str) {
    fs::write(folder.join(name), text).unwrap();
}

/// `owabi test --corpus gold.jsonl` and more, with a cache of its own. Results go to stdout unless a file is named.
fn command(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_owabi"));
    command.args(["test", "--corpus", "gold.jsonl"]).args(args).current_dir(folder).stdin(Stdio::null());
    if !args.contains(&"--json") {
        command.args(["--json", "-"]);
    }
    command.env("XDG_CACHE_HOME", folder.join("cache"));
    ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"].iter().for_each(|name| {
        command.env_remove(name);
    });
    command
}

struct Run {
    code: Option<i32>,
    results: Value,
    message: String,
}

impl Run {
    fn of(output: Output) -> Run {
        let results = serde_json::from_slice(&output.stdout).unwrap_or_default();
        Run { code: output.status.code(), results, message: String::from_utf8(output.stderr).unwrap() }
    }

    /// How many documents were read for what they are.
    fn right(&self) -> u64 {
        self.results["accuracy"]["genre"]["right"].as_u64().unwrap_or_else(|| panic!("no results: {}", self.message))
    }

    fn losses(&self) -> &Value {
        &self.results["documents"]["losses"]
    }

    /// Why the first document that was lost has no answer.
    fn why(&self, index: usize) -> &str {
        self.results["documents"]["first_unanswered"][index]["why"].as_str().unwrap_or_default()
    }
}

fn run(folder: &Path, args: &[&str]) -> Run {
    Run::of(command(folder, args).output().unwrap())
}

/// Whether a process of this id is there and no zombie.
fn is_alive(id: &str) -> bool {
    let state = Command::new("ps").args(["-o", "stat=", "-p", id.trim()]).output().unwrap();
    let state = String::from_utf8(state.stdout).unwrap();
    !state.trim().is_empty() && !state.starts_with('Z')
}
