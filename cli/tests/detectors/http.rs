use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use super::{Run, command, corpus, run, script};

/// A server whose answer depends on the path. Every request becomes a line of `requests`.
const SERVER: &str = r#"
import json, re, socket, ssl, sys, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

seen = 0

class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def reply(self, body, kind="application/json", status=200, headers={}):
        body = body if isinstance(body, str) else json.dumps({"answers": body})
        body = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        global seen
        seen += 1
        body = self.rfile.read(int(self.headers["Content-Length"]))
        documents = json.loads(body)["documents"]
        note = {"documents": len(documents), "bytes": len(body), "kind": self.headers["Content-Type"], "key": self.headers["Authorization"]}
        open("requests", "a").write(json.dumps(note) + "\n")
        news = [{"id": one["id"], "labels": {"genre": "news"}} for one in documents]
        path = self.path.split("?")[0]
        if path == "/reversed":
            self.reply(news[::-1])
        elif path == "/html":
            self.reply("<!DOCTYPE html><p>Sign in</p>", "text/html; charset=utf-8")
        elif path == "/garbage":
            self.reply("no JSON")
        elif path == "/array":
            self.reply(json.dumps(news))
        elif path == "/moved":
            self.reply("", status=302, headers={"Location": "https://login.example/?token=secret"})
        elif path == "/forbidden":
            self.reply("the key is wrong", "text/plain", 403)
        elif path == "/busy":
            # Two refusals, then an answer.
            self.reply(news) if seen > 2 else self.reply("", status=[429, 503][seen - 1], headers={"Retry-After": "0"})
        elif path == "/later":
            self.reply("", status=503, headers={"Retry-After": "86400"})
        elif path == "/down":
            self.reply("no room", status=500, headers={"Retry-After": "0"})
        elif path == "/closed":
            self.connection.shutdown(socket.SHUT_RDWR)
        elif path == "/slow":
            time.sleep(20)
        elif path == "/strange":
            extra = [{"id": "nobody", "labels": {}}, news[0]]
            past = {"id": documents[2]["id"], "labels": {"data": [{"category": "name", "status": "denied", "spans": [{"start": 0, "end": 99}]}]}}
            self.reply([news[0], past] + news[3:] + extra)
        elif path == "/mails":
            finding = lambda match: {"label": "email", "start": match.start(), "end": match.end()}
            pattern = re.compile(r"[a-z0-9]+@[a-z.]+\.jp")
            found = lambda text: [finding(match) for match in pattern.finditer(text)]
            values = lambda text: [{"kind": "email", "use": "exhibit", "well_formed": True, "spans": [{"start": one["start"], "end": one["end"]}]} for one in found(text)]
            self.reply([{"id": one["id"], "findings": found(one["text"]), "labels": {"values": values(one["text"])}} for one in documents])
        else:
            self.reply(news)

server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
if len(sys.argv) > 1:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain("certificate.pem", "key.pem")
    server.socket = context.wrap_socket(server.socket, server_side=True)
print(server.server_port, flush=True)
server.serve_forever()
"#;

struct Server {
    child: Child,
    url: String,
}

impl Server {
    fn start(folder: &Path, tls: bool) -> Server {
        script(folder, "server.py", SERVER);
        let mut command = Command::new("python3");
        command.arg("server.py").args(tls.then_some("tls")).current_dir(folder).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let mut port = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut port).unwrap();
        let scheme = if tls { "https" } else { "http" };
        Server { child, url: format!("{scheme}://localhost:{}", port.trim()) }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What the server noted of each request.
fn requests(folder: &Path) -> Vec<Value> {
    let lines = fs::read_to_string(folder.join("requests")).unwrap_or_default();
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Five documents, sent to this path of a server of their own; the requests are returned too.
fn ask(path: &str, args: &[&str]) -> (Run, Vec<Value>) {
    let folder = corpus(&["a", "b", "c", "d", "e"]);
    let server = Server::start(folder.path(), false);
    let detector = format!("http:{}{path}", server.url);
    let mut run = run(folder.path(), &[&["--detector", &detector], args].concat());
    run.message = run.message.replace(&server.url, "URL");
    (run, requests(folder.path()))
}

fn counts(requests: &[Value]) -> Vec<u64> {
    requests.iter().map(|request| request["documents"].as_u64().unwrap()).collect()
}

#[test]
fn documents_go_in_batches_and_answers_come_in_any_order() {
    let (run, requests) = ask("/reversed", &["--batch", "2"]);
    assert_eq!((run.code, run.right(), run.message.as_str()), (Some(0), 5, ""));
    assert_eq!(counts(&requests), [2, 2, 1]);
    assert_eq!(requests[0]["kind"], "application/json");
    let (several, requests) = ask("/ok", &["--batch", "1", "--jobs", "3"]);
    assert_eq!((several.results, requests.len()), (run.results, 5));
}

#[test]
fn a_page_a_redirect_and_nonsense_are_told_for_what_they_are() {
    for (path, args, kind, why, sent) in [
        ("/html", &[][..], "malformed", "the answer is text/html and not application/json; is the URL right?", 1),
        ("/garbage", &[], "malformed", r#"the answer is not {"answers":[…]}: expected ident at line 1 column 2"#, 1),
        ("/array", &[], "malformed", r#"the answer is not {"answers":[…]}: "#, 1),
        ("/moved", &[], "refused", "HTTP 302 Found: a redirect to https://login.example/; name that URL if it is right", 1),
        ("/forbidden", &[], "refused", "HTTP 403 Forbidden", 1),
        ("/later", &[], "refused", "HTTP 503 Service Unavailable, to be asked again only after 86400 s", 1),
        ("/down", &["--retries", "2"], "refused", "HTTP 500 Internal Server Error, 3 times", 3),
        ("/closed", &["--retries", "1"], "crash", "the connection was closed before the answer, 2 times", 2),
        ("/slow", &["--timeout", "0.5"], "timeout", "no answer in 0.5 s", 1),
    ] {
        let (run, requests) = ask(path, args);
        // Not one answer: an error, and no score of zero.
        assert_eq!((run.code, &run.results), (Some(2), &Value::Null), "{path}: {}", run.message);
        assert_eq!(requests.len(), sent, "{path}: {}", run.message);
        assert!(run.message.contains(&format!("URL{path}: g1: no answer ({why}")), "{path}, {kind}: {}", run.message);
        assert!(run.message.ends_with("no document was answered; send it one document by hand\n"), "{path}: {}", run.message);
        assert!(!run.message.contains("secret"), "{}", run.message);
    }
    let (run, _) = ask("/forbidden", &[]);
    assert!(run.message.contains("counts as missed; it said: the key is wrong\n"), "{}", run.message);
}

#[test]
fn a_busy_server_is_asked_again() {
    let (run, requests) = ask("/busy", &[]);
    assert_eq!((run.code, run.right(), requests.len()), (Some(0), 5, 3), "{}", run.message);
    let (run, requests) = ask("/busy", &["--retries", "1"]);
    assert_eq!((run.code, requests.len()), (Some(2), 2), "{}", run.message);
}

#[test]
fn each_answer_of_a_request_stands_for_itself() {
    let (run, _) = ask("/strange", &[]);
    assert_eq!((run.code, run.right()), (Some(0), 3), "{}", run.message);
    assert_eq!(run.losses(), &json!({"malformed": 1, "missing": 1}));
    let documents = &run.results["documents"];
    assert_eq!((documents["unasked"].as_u64(), documents["duplicates"].as_u64()), (Some(1), Some(1)));
    for line in [
        "g2: no answer (the answer does not mention it); counts as missed\n",
        "g3: no answer (labels.data[0].spans[0].end: position 99 is past the end of the text (1 code_points)); counts as missed\n",
        "an answer for the id `nobody`, which was not asked\n",
        "an answer for the id `d000001`, which was answered before\n",
    ] {
        assert!(run.message.contains(line), "{line}{}", run.message);
    }
}

#[test]
fn a_limit_of_requests_ends_the_run() {
    let (run, requests) = ask("/ok", &["--batch", "2", "--max-requests", "2"]);
    assert_eq!((run.code, &run.results, requests.len()), (Some(2), &Value::Null, 2));
    let line = "owabi: URL/ok: --max-requests 2 is reached; what was not sent counts as refused: raise it or choose fewer documents\n";
    assert_eq!(run.message, line);
    let (run, _) = ask("/ok", &["--batch", "2", "--max-requests", "2", "--keep-going"]);
    assert_eq!((run.code, run.right(), run.losses()), (Some(2), 4, &json!({"refused": 1})), "{}", run.message);
    assert!(run.message.starts_with(line), "{}", run.message);
    let (run, _) = ask("/ok", &["--batch", "2", "--max-requests", "3"]);
    assert_eq!((run.code, run.right()), (Some(0), 5), "{}", run.message);
}

#[test]
fn secrets_come_from_the_environment_and_are_never_shown() {
    let folder = corpus(&["a"]);
    let server = Server::start(folder.path(), false);
    let args = ["--detector", &server.url, "--header", "Authorization: env:OWABI_TEST_KEY"];
    let unset = run(folder.path(), &args);
    assert_eq!(unset.code, Some(2));
    assert_eq!(unset.message, "owabi: --header authorization: the environment variable `OWABI_TEST_KEY` is not set; export it\n");
    let set = Run::of(command(folder.path(), &args).env("OWABI_TEST_KEY", "Bearer hidden").output().unwrap());
    assert_eq!((set.code, set.right()), (Some(0), 1), "{}", set.message);
    assert_eq!(requests(folder.path())[0]["key"], "Bearer hidden");
    assert!(!set.message.contains("hidden") && !set.results.to_string().contains("hidden"));
    let broken = run(folder.path(), &["--detector", &server.url, "--header", "Bearer hidden"]);
    assert_eq!(broken.message, "owabi: --header: is no header; write `Name: value` or `Name: env:VARIABLE`\n");
}

/// Mail addresses all over a text of five pieces: each is found once, at its place in the whole, also where pieces overlap.
#[test]
fn a_document_too_large_for_a_request_goes_in_pieces() {
    let folder = tempfile::tempdir().unwrap();
    let mut text = String::new();
    let mut values = Vec::new();
    for number in 0..120 {
        text += &"長い文の途中".repeat(number % 4 + 1);
        let start = text.chars().count();
        let mail = format!("user{number}@example.jp");
        values.push(json!({"kind": "email", "use": "exhibit", "well_formed": true,
            "spans": [{"start": start, "end": start + mail.chars().count()}]}));
        text += &mail;
        text += if number % 9 == 0 { "\n" } else { "、" };
    }
    let gold = json!({"schema": 1, "id": "large", "text": text, "labels": {"values": values}});
    let small = json!({"schema": 1, "id": "small", "text": "a@example.jp", "labels": {"values": [{"kind": "email", "use": "exhibit",
        "well_formed": true, "spans": [{"start": 0, "end": 12}]}]}});
    fs::write(folder.path().join("gold.jsonl"), format!("{gold}\n{small}\n")).unwrap();
    let server = Server::start(folder.path(), false);
    let detector = format!("{}/mails", server.url);
    let run = run(folder.path(), &["--detector", &detector, "--max-request-bytes", "2000", "--overlap", "30"]);
    assert_eq!(run.code, Some(0), "{}", run.message);
    let found = &run.results["values"]["email"];
    let figure = |name: &str| found[name].as_u64().unwrap();
    assert_eq!((figure("gold"), figure("correct"), figure("predicted"), figure("exact")), (121, 121, 121, 121), "{found}");
    let requests = requests(folder.path());
    assert!(requests.len() >= 5, "{requests:?}");
    assert!(requests.iter().all(|request| request["bytes"].as_u64().unwrap() <= 2000), "{requests:?}");
}

#[test]
fn https_is_believed_when_the_system_knows_who_signed() {
    let folder = corpus(&["a"]);
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    script(folder.path(), "certificate.pem", &made.cert.pem());
    script(folder.path(), "key.pem", &made.signing_key.serialize_pem());
    let server = Server::start(folder.path(), true);
    let trusting = |file: &str| {
        let mut command = command(folder.path(), &["--detector", &server.url, "--no-cache"]);
        Run::of(command.env("SSL_CERT_FILE", folder.path().join(file)).env_remove("SSL_CERT_DIR").output().unwrap())
    };
    let known = trusting("certificate.pem");
    assert_eq!((known.code, known.right()), (Some(0), 1), "{}", known.message);
    // Signed by somebody else.
    let other = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    script(folder.path(), "other.pem", &other.cert.pem());
    let unknown = trusting("other.pem");
    assert_eq!(unknown.code, Some(2));
    assert!(unknown.message.contains("certificate"), "{}", unknown.message);
    script(folder.path(), "none.pem", "");
    let none = trusting("none.pem");
    assert!(none.message.ends_with("no certificates to trust; install ca-certificates or set SSL_CERT_FILE\n"), "{}", none.message);
}
