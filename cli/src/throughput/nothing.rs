//! A detector that answers nothing, reached as detectors are: what owabi itself takes of every time that it measures.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

use owabi_corpora::jsonl::id_in;
use serde::Deserialize;

use crate::error::{Error, reason};

/// As a process: a line in, a line out, until stdin ends.
pub(crate) fn serve_lines() -> Result<(), Error> {
    let (mut input, mut out) = (io::stdin().lock(), io::stdout().lock());
    let mut line = Vec::new();
    while input.read_until(b'\n', &mut line).map_err(|error| Error::at("stdin", reason(&error)))? > 0 {
        if let Some(id) = id_in(&line) {
            let answer = format!("{}\n", nothing(&id));
            out.write_all(answer.as_bytes()).and_then(|()| out.flush()).map_err(|error| Error::write("stdout", error))?;
        }
        line.clear();
    }
    Ok(())
}

/// As a server on this machine, until owabi ends; returns its URL.
pub(super) fn serve_http() -> Result<String, Error> {
    let cannot = |error: io::Error| Error::Input(format!("cannot open a port to measure what owabi itself takes: {}", reason(&error)));
    let listener = TcpListener::bind("127.0.0.1:0").map_err(cannot)?;
    let address = listener.local_addr().map_err(cannot)?;
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // A connection that breaks is the client's to notice.
            thread::spawn(move || drop(serve(stream)));
        }
    });
    Ok(format!("http://{address}/"))
}

fn serve(stream: TcpStream) -> io::Result<()> {
    #[derive(Deserialize)]
    struct Body {
        documents: Vec<Document>,
    }
    #[derive(Deserialize)]
    struct Document {
        id: String,
    }
    stream.set_nodelay(true)?;
    let mut input = BufReader::new(stream.try_clone()?);
    let mut out = stream;
    loop {
        let mut length = 0;
        loop {
            let mut line = String::new();
            if input.read_line(&mut line)? == 0 {
                return Ok(());
            }
            let line = line.trim_end().to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().unwrap_or(0);
            }
        }
        let mut body = vec![0; length];
        io::Read::read_exact(&mut input, &mut body)?;
        let documents = serde_json::from_slice::<Body>(&body).map_or_else(|_| vec![], |body| body.documents);
        let answers: Vec<String> = documents.iter().map(|document| nothing(&document.id).to_string()).collect();
        let body = format!(r#"{{"answers":[{}]}}"#, answers.join(","));
        let head = format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
        out.write_all([head, body].concat().as_bytes())?;
    }
}

fn nothing(id: &str) -> serde_json::Value {
    serde_json::json!({"id": id, "labels": {}})
}
