//! A detector behind a URL: documents are posted as JSON, a few in a request, and answered as JSON.
//!
//! `{"documents":[{"id":"d000001","text":"…"},…]}` is answered by `{"answers":[{"id":"d000001","labels":{…}},…]}`, in any order;
//! each answer is one as a process gives it. Keys beside `answers` are ignored.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use owabi_corpora::jsonl::{id_in, parse, resolve};
use owabi_corpora::{Answer, Question, Record};
use owabi_harness::LossKind;
use serde::Deserialize;

use super::Reach;
use super::chunks::{cut, join};
use super::client::Client;
use super::losses::{Answered, Desk, Lost, Row, Strays, Tell, lost};
use crate::error::{Error, Problems};

const HEAD: &str = r#"{"documents":["#;
const TAIL: &str = "]}";

pub(super) struct Http {
    client: Client,
    jobs: usize,
    batch: usize,
    /// The largest body.
    bytes: usize,
    overlap: usize,
    asked: u64,
    row: Row,
}

/// A document, or a piece of one.
struct Part<'a> {
    record: usize,
    id: String,
    range: Range<usize>,
    text: &'a str,
    /// As it stands in the request.
    json: String,
}

#[derive(Deserialize)]
struct Body {
    answers: Vec<serde_json::Value>,
}

impl Http {
    pub(super) fn new(url: &str, reach: &Reach) -> Result<Http, Error> {
        Ok(Http {
            client: Client::new(url, reach)?,
            jobs: reach.jobs(),
            batch: reach.batch(),
            bytes: reach.max_request_bytes(),
            overlap: reach.overlap(),
            asked: 0,
            row: Row::new(reach.give_up()),
        })
    }

    /// What became of the documents so far; pieces of one count as documents.
    pub(super) fn row(&self) -> &Row {
        &self.row
    }

    pub(super) fn answer(
        &mut self,
        records: &[Record],
        tell: &mut Tell,
        strays: &mut Strays,
        problems: &mut Problems,
    ) -> Result<Vec<Answered>, Error> {
        let parts = self.parts(records);
        self.asked += records.len() as u64;
        let requests = self.requests(&parts);
        let over = self.client.is_over();
        let desk = Desk::new(parts.len(), self.row.clone());
        let next = AtomicUsize::new(0);
        thread::scope(|scope| {
            for _ in 0..self.jobs.min(requests.len()) {
                scope.spawn(|| {
                    while !desk.closed()
                        && let Some(request) = requests.get(next.fetch_add(1, Ordering::Relaxed))
                    {
                        self.ask(&parts, request.clone(), &desk);
                    }
                });
            }
        });
        let mut answers = desk.finish(&mut self.row, tell, strays)?.into_iter();
        if self.client.is_over() && !over {
            let reached = self.client.over().loss.why;
            let line = format!("{}: {reached}; what was not sent counts as refused: raise it or choose fewer documents", tell.name());
            problems.meet(line)?;
        }
        let mut parts = parts.iter().peekable();
        let mut whole = |index: usize| {
            let mut pieces = Vec::new();
            while let Some(part) = parts.next_if(|part| part.record == index) {
                pieces.push((part.range.clone(), answers.next()));
            }
            assemble(pieces)
        };
        Ok((0..records.len()).map(&mut whole).collect())
    }

    fn parts<'a>(&self, records: &'a [Record]) -> Vec<Part<'a>> {
        let room = self.bytes - HEAD.len() - TAIL.len();
        let mut parts = Vec::new();
        for (record, Record { text, .. }) in records.iter().enumerate() {
            let id = format!("d{:06}", self.asked + 1 + record as u64);
            let json = question(&id, text);
            if json.len() <= room {
                parts.push(Part { record, id, range: 0..text.len(), text, json });
                continue;
            }
            // A piece is called after its document, with six digits of its own at most.
            let envelope = question(&id, "").len() + "-000000".len();
            for (piece, range) in cut(text, room.saturating_sub(envelope), self.overlap).into_iter().enumerate() {
                let id = format!("{id}-{}", piece + 1);
                let text = &text[range.clone()];
                parts.push(Part { record, json: question(&id, text), id, range, text });
            }
        }
        parts
    }

    /// As many parts as fit into each request.
    fn requests(&self, parts: &[Part<'_>]) -> Vec<Range<usize>> {
        let mut requests: Vec<Range<usize>> = Vec::new();
        let mut bytes = 0;
        for (index, part) in parts.iter().enumerate() {
            match requests.last_mut() {
                Some(last) if last.len() < self.batch && bytes + 1 + part.json.len() <= self.bytes => {
                    last.end = index + 1;
                    bytes += 1 + part.json.len();
                }
                _ => {
                    requests.push(index..index + 1);
                    bytes = HEAD.len() + part.json.len() + TAIL.len();
                }
            }
        }
        requests
    }

    fn ask(&self, parts: &[Part<'_>], request: Range<usize>, desk: &Desk) {
        let asked = &parts[request.clone()];
        let documents: Vec<&str> = asked.iter().map(|part| part.json.as_str()).collect();
        let answer = self.client.post(&[HEAD, &documents.join(","), TAIL].concat());
        let body = answer.and_then(|body| {
            serde_json::from_slice::<Body>(&body)
                .map_err(|error| lost(LossKind::Malformed, format!(r#"the answer is not {{"answers":[…]}}: {error}"#)))
        });
        let body = match body {
            Ok(body) => body,
            Err(lost) => {
                request.for_each(|index| desk.settle(index, Err(lost.clone())));
                return;
            }
        };
        let places: BTreeMap<&str, usize> = asked.iter().map(|part| part.id.as_str()).zip(request.clone()).collect();
        for answer in body.answers {
            let line = answer.to_string();
            let parsed = parse::<Answer>(line.as_bytes());
            let id = parsed.as_ref().map_or_else(|_| id_in(line.as_bytes()), |answer| Some(answer.id.clone())).unwrap_or_default();
            match places.get(id.as_str()) {
                Some(&index) if !desk.is_settled(index) => {
                    let reading = parsed.and_then(|answer| resolve(answer, parts[index].text));
                    desk.settle(index, reading.map_err(|error| lost(LossKind::Malformed, error.to_string())));
                }
                place => desk.stray(&id, place.is_some()),
            }
        }
        for index in request.filter(|index| !desk.is_settled(*index)) {
            desk.settle(index, Err(lost(LossKind::Missing, "the answer does not mention it")));
        }
    }
}

fn question(id: &str, text: &str) -> String {
    serde_json::to_string(&Question { id, text }).unwrap_or_default()
}

/// One answer from those of the pieces. Where one is lost, the whole is: half a document was not read.
fn assemble(mut pieces: Vec<(Range<usize>, Option<Answered>)>) -> Answered {
    let not_asked = || Err(lost(LossKind::Missing, "not asked"));
    if pieces.len() <= 1 {
        return pieces.pop().and_then(|(_, answer)| answer).unwrap_or_else(not_asked);
    }
    let of = pieces.len();
    let mut readings = Vec::new();
    for (number, (range, answer)) in pieces.into_iter().enumerate() {
        match answer.unwrap_or_else(not_asked) {
            Ok(reading) => readings.push((range, reading)),
            Err(Lost { mut loss, said, told }) => {
                loss.why = format!("piece {} of {of}: {}", number + 1, loss.why);
                return Err(Lost { loss, said, told });
            }
        }
    }
    Ok(join(readings))
}
