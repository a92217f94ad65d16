//! `owabi test --throughput` with real processes and a real server. What is asserted is what was measured and how it is told, never how
//! long it took: a busy machine fails no test.
#![cfg(unix)]

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, Output, Stdio};

use owabi_harness::throughput::{Throughput, Verdict};

/// Answers nothing for most documents, and says each time that there is a first party.
const TALKER: &str = r#"
import json, sys
for line in sys.stdin:
    question = json.loads(line)
    party = {"role": "breached", "name": "X", "spans": [{"start": 0, "end": 1}]}
    print(json.dumps({"id": question["id"], "labels": {"parties": [party]}}), flush=True)
"#;

const SERVER: &str = r#"
import json
from http.server import BaseHTTPRequestHandler, HTTPServer

class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def log_message(self, *args):
        pass
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        answer = json.dumps({"answers": [{"id": one["id"], "labels": {}} for one in body["documents"]]}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

server = HTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
"#;

fn owabi(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_owabi"));
    command.args(["test", "--throughput"]).args(args).stdin(Stdio::null());
    for name in ["http_proxy", "all_proxy", "HTTP_PROXY", "ALL_PROXY"] {
        command.env_remove(name);
    }
    command.output().unwrap()
}

fn measured(args: &[&str]) -> Throughput {
    let output = owabi(&[args, &["--json", "-"]].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// What is said of any run.
fn sound(run: &Throughput, sizes: &[u64]) {
    for speed in &run.detectors {
        assert_eq!(speed.sizes.iter().map(|one| one.bytes).collect::<Vec<_>>(), sizes);
        for one in &speed.sizes {
            assert_eq!(one.skipped.is_some(), one.latency.is_none());
            let Some(latency) = one.latency else { continue };
            assert!(latency.p50 > 0.0 && latency.p50 <= latency.max);
            assert!(one.overhead_p50.is_some() && one.documents_per_second.is_some_and(|rate| rate > 0.0));
            assert_eq!(latency.p99.is_some(), latency.documents >= 100);
        }
    }
    let noise = &run.noise_floor;
    assert_eq!(noise.ratio.is_some(), noise.skipped.is_none());
    assert_eq!(noise.ratio.is_some(), noise.smallest_difference.is_some());
    assert!(noise.ratio.is_none_or(|ratio| ratio.rounds >= 10 && ratio.low <= ratio.ratio && ratio.ratio <= ratio.high));
}

#[test]
fn the_built_in_detector_is_timed_by_several_threads() {
    let run = measured(&["--seconds", "1", "--sizes", "2KB,1KB,1KB", "--jobs", "2"]);
    sound(&run, &[1000, 2000]);
    assert_eq!((run.schema, run.jobs, run.detectors.len(), run.comparison), (1, 2, 1, None));
    assert!(run.detectors[0].facts > 0);
    assert_eq!(run.notices.documents, 100);
}

/// Two processes, one of which is owabi's own that answers nothing. Whoever is faster, their answers differ in every document, and the
/// line that ranks them says so.
#[test]
fn other_answers_are_told_with_the_rank() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("talker.py"), TALKER).unwrap();
    let talker = format!("process:python3 {}", folder.path().join("talker.py").display());
    let nothing = format!("process:{} null-detector", env!("CARGO_BIN_EXE_owabi"));
    let args = ["--detector", &talker, "--against", &nothing, "--seconds", "3", "--sizes", "1KB", "--rate", "20"];
    let run = measured(&args);
    sound(&run, &[1000]);
    let comparison = run.comparison.unwrap();
    assert!(comparison.answered > 0 && comparison.differ == comparison.answered, "{comparison:?}");
    assert!(run.detectors[0].facts > 0 && run.detectors[1].facts == 0);
    assert_eq!(run.detectors[1].detector, "process (--against)");
    for speed in &run.detectors {
        assert!(speed.open_loop.is_some() && speed.overhead.open_loop.is_some());
        #[cfg(target_os = "linux")]
        assert!(speed.sizes[0].memory_megabytes.is_some_and(|megabytes| megabytes > 1.0));
    }
    let table = String::from_utf8(owabi(&args).stdout).unwrap();
    let line = table.lines().find(|line| line.starts_with("Comparison:")).unwrap();
    assert!(line.contains("but their answers differ in ") && line.ends_with("see owabi compare"), "{line}");
}

/// A detector against itself, in few rounds: whatever is told, the answers agree.
#[test]
fn equal_answers_are_told() {
    let nothing = format!("process:{} null-detector", env!("CARGO_BIN_EXE_owabi"));
    let run = measured(&["--detector", &nothing, "--against", &nothing, "--seconds", "2", "--sizes", "1KB,10KB"]);
    sound(&run, &[1000, 10_000]);
    let comparison = run.comparison.unwrap();
    assert_eq!(comparison.differ, 0);
    assert!(comparison.verdict == Verdict::CannotTell || comparison.ratio.is_some());
}

#[test]
fn a_server_is_timed_and_its_memory_is_not_known() {
    let mut server = Command::new("python3").args(["-c", SERVER]).stdout(Stdio::piped()).spawn().unwrap();
    let mut port = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut port).unwrap();
    let url = format!("http://127.0.0.1:{}/scan", port.trim());
    let run = measured(&["--detector", &url, "--seconds", "1", "--sizes", "1KB", "--timeout", "20"]);
    let _ = server.kill();
    let _ = server.wait();
    sound(&run, &[1000]);
    assert_eq!(run.detectors[0].memory_unknown.as_deref(), Some("not known of a server"));
    assert_eq!(run.detectors[0].overhead.who, "a server in owabi");
}

#[test]
fn one_that_never_answers_is_an_error() {
    for who in ["process:true", "process:cat"] {
        let output = owabi(&["--detector", who, "--seconds", "1", "--sizes", "1KB"]);
        let message = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{message}");
        assert!(message.ends_with("try the command on one line of input by hand\n") && output.stdout.is_empty(), "{message}");
    }
}
