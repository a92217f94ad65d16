//! The peers that are written in Rust or C, and owabi itself.
//!
//! `owabi-peers texts FOLDER` writes what everybody works on; `owabi-peers serve FOLDER` answers the questions of `run`, a line each, so that
//! all peers can be asked in turn. `peers.py` answers the same questions for what is written in Python.

use std::error::Error;
use std::io::{BufRead, Write, stdin, stdout};
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::json;

mod generators;
mod scanners;
mod texts;
#[cfg(feature = "vectorscan")]
mod vectorscan;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match &args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["texts", folder] => texts::write(Path::new(folder)),
        ["serve", folder] => serve(Path::new(folder)),
        _ => Err("usage: owabi-peers texts|serve FOLDER".into()),
    }
}

/// Something that is timed.
pub struct Peer {
    /// As `run` calls it.
    pub name: &'static str,
    /// Works on the text of a number and tells what it found or wrote.
    pub work: Box<dyn FnMut(&str) -> Done>,
}

/// What one piece of work came to.
#[derive(Default, Clone, Copy)]
pub struct Done {
    /// Matches of a scanner, facts of a detector, spans of a generator.
    pub found: u64,
    /// Bytes of text that a generator made.
    pub made: u64,
}

/// Answers `NAME TEXT SECONDS DOCUMENTS`: goes over the first documents of a text, with 0 all, until the time is over; with 0 seconds exactly
/// once.
fn serve(folder: &Path) -> Result<()> {
    let texts = texts::read(folder)?;
    let surfaces = texts::surfaces(folder)?;
    let mut peers = scanners::all(&surfaces)?;
    peers.extend(generators::all()?);
    let names: Vec<&str> = peers.iter().map(|peer| peer.name).collect();
    println!("{}", json!({ "peers": names, "surfaces": surfaces.len() }));
    for line in stdin().lock().lines() {
        let line = line?;
        let words: Vec<&str> = line.split(' ').collect();
        let [name, text, seconds, first] = words[..] else { return Err(format!("cannot read `{line}`").into()) };
        let peer = peers.iter_mut().find(|peer| peer.name == name).ok_or("no such peer")?;
        let documents = texts.iter().find(|(known, _)| known == text).map(|(_, documents)| documents).ok_or("no such text")?;
        let documents = match first.parse()? {
            0 => &documents[..],
            first => &documents[..documents.len().min(first)],
        };
        println!("{}", measure(peer, documents, Duration::from_secs_f64(seconds.parse()?)));
        stdout().flush()?;
    }
    Ok(())
}

fn measure(peer: &mut Peer, documents: &[String], time: Duration) -> serde_json::Value {
    let (mut count, mut bytes, mut done) = (0u64, 0u64, Done::default());
    let began = Instant::now();
    // The clock is read once for a handful of documents.
    'passes: loop {
        for few in documents.chunks(16) {
            for text in few {
                let one = (peer.work)(text);
                done = Done { found: done.found + one.found, made: done.made + one.made };
                bytes += text.len() as u64;
                count += 1;
            }
            if !time.is_zero() && began.elapsed() >= time {
                break 'passes;
            }
        }
        if time.is_zero() {
            break;
        }
    }
    let seconds = began.elapsed().as_secs_f64();
    let bytes = if done.made > 0 { done.made } else { bytes };
    json!({ "documents": count, "bytes": bytes, "found": done.found, "seconds": seconds })
}
