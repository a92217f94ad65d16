//! A detector that runs as a process of its own: one question a line on its stdin, one answer a line on its stdout.
//!
//! It is split into words like in a shell but runs without one. It is told an opaque id and the text, and nothing else. One
//! that ends, stays silent or answers nonsense loses that document, which counts as missed, and is started again. Several
//! copies of it share the documents out.

use std::collections::VecDeque;
use std::thread;
use std::time::{Duration, Instant};

use owabi_corpora::jsonl::{id_in, parse, resolve};
use owabi_corpora::{Answer, Question, Record};
use owabi_harness::LossKind;

use super::Reach;
use super::losses::{Answered, Desk, Row, Strays, Tell, lost};
use super::running::{Log, Running, WINDOW};
use crate::error::Error;

/// How many answers that nobody asked for are put up with between two that were: a process that talks without end is none that
/// will come to the point.
const STRAYS: usize = 1000;

pub(super) struct Process {
    words: Vec<String>,
    timeout: Duration,
    log: Log,
    slots: Vec<Slot>,
    asked: u64,
    row: Row,
}

/// A place for one process at a time; empty before it is needed and after it failed.
#[derive(Default)]
struct Slot(Option<Running>);

impl Process {
    pub(super) fn new(words: &[String], reach: &Reach) -> Result<Process, Error> {
        Ok(Process {
            words: words.to_vec(),
            timeout: reach.timeout(),
            log: Log::create(reach.detector_log.as_deref())?,
            slots: (0..reach.jobs()).map(|_| Slot::default()).collect(),
            asked: 0,
            row: Row::new(reach.give_up()),
        })
    }

    /// How many documents have been answered.
    pub(super) fn row(&self) -> &Row {
        &self.row
    }

    /// The groups that run now, by the ids of their leaders.
    pub(super) fn groups(&self) -> Vec<u32> {
        self.slots.iter().filter_map(|slot| slot.0.as_ref()).map(Running::group).collect()
    }

    /// Asks for all records, each process for some at a time.
    pub(super) fn answer(&mut self, records: &[Record], tell: &mut Tell, strays: &mut Strays) -> Result<Vec<Answered>, Error> {
        let desk = Desk::new(records.len(), self.row.clone());
        // Where several share a small batch, nobody takes all of it.
        let window = match self.slots.len() {
            1 => WINDOW,
            slots => records.len().div_ceil(2 * slots).clamp(1, WINDOW),
        };
        let asking =
            Asking { words: &self.words, log: &self.log, timeout: self.timeout, window, records, first: self.asked + 1, desk: &desk };
        self.asked += records.len() as u64;
        thread::scope(|scope| {
            for slot in &mut self.slots {
                scope.spawn(|| slot.work(&asking));
            }
        });
        desk.finish(&mut self.row, tell, strays)
    }

    /// Lets the processes end.
    pub(super) fn finish(self) {
        let mut running: Vec<Running> = self.slots.into_iter().filter_map(|slot| slot.0).collect();
        running.iter_mut().for_each(Running::close);
        thread::scope(|scope| {
            for process in running {
                scope.spawn(|| process.end());
            }
        });
    }
}

/// What every process of a batch works on.
struct Asking<'a> {
    words: &'a [String],
    log: &'a Log,
    timeout: Duration,
    window: usize,
    records: &'a [Record],
    /// The number of the first record among all that were ever asked.
    first: u64,
    desk: &'a Desk,
}

impl Asking<'_> {
    fn id(&self, index: usize) -> String {
        format!("d{:06}", self.first + index as u64)
    }

    fn index(&self, id: &str) -> Option<usize> {
        let index = id.strip_prefix('d')?.parse::<u64>().ok()?.checked_sub(self.first)? as usize;
        (index < self.records.len() && self.id(index) == id).then_some(index)
    }

    /// Whether the document with this id has an answer already, in this batch or in one before.
    fn is_settled(&self, id: &str) -> bool {
        let before =
            id.strip_prefix('d').and_then(|number| number.parse::<u64>().ok()).is_some_and(|number| (1..self.first).contains(&number));
        before || self.index(id).is_some_and(|index| self.desk.is_settled(index))
    }

    fn ask(&self, process: &Running, index: usize) {
        process.ask(&Question { id: &self.id(index), text: &self.records[index].text });
    }
}

impl Slot {
    fn work(&mut self, asking: &Asking<'_>) {
        // Asked of this process and not answered yet, in order. Its clock runs for the first of them.
        let mut open: VecDeque<usize> = VecDeque::new();
        let mut since = Instant::now();
        let mut strays = 0;
        loop {
            if asking.desk.closed() {
                self.0 = None;
                return;
            }
            for index in asking.desk.take(asking.window.saturating_sub(open.len())) {
                if open.is_empty() {
                    since = Instant::now();
                }
                open.push_back(index);
                self.0.iter().for_each(|process| asking.ask(process, index));
            }
            if open.is_empty() {
                return;
            }
            let process = match &mut self.0 {
                Some(process) => process,
                none => match Running::start(asking.words, asking.log) {
                    Ok(process) => {
                        open.iter().for_each(|&index| asking.ask(&process, index));
                        since = Instant::now();
                        none.insert(process)
                    }
                    Err(error) => {
                        asking.desk.fail(error);
                        return;
                    }
                },
            };
            let line = match process.hear(since + asking.timeout) {
                Ok(line) if strays < STRAYS => line,
                // The one it was working on is lost; the rest gets another chance.
                failed => {
                    let mut failure =
                        failed.map_or_else(|lost| lost, |_| lost(LossKind::Malformed, "it keeps answering what was not asked"));
                    if failure.loss.kind == LossKind::Timeout {
                        failure.loss.why =
                            format!("no answer in {} s; does it flush every line? --timeout allows more", asking.timeout.as_secs_f64());
                    }
                    self.0 = None;
                    (since, strays) = (Instant::now(), 0);
                    asking.desk.settle(open.pop_front().unwrap_or_default(), Err(failure));
                    continue;
                }
            };
            let answer = parse::<Answer>(&line);
            let id = answer.as_ref().map_or_else(|_| id_in(&line), |answer| Some(answer.id.clone()));
            let index = id.as_deref().and_then(|id| asking.index(id));
            let position = match &id {
                Some(_) => open.iter().position(|open| index == Some(*open)),
                // Which question it was meant for cannot be known: answers mostly come in order.
                None => Some(0),
            };
            let Some(index) = position.and_then(|position| open.remove(position)) else {
                strays += 1;
                let id = id.unwrap_or_default();
                asking.desk.stray(&id, asking.is_settled(&id));
                continue;
            };
            strays = 0;
            if position == Some(0) {
                since = Instant::now();
            }
            let answer = answer.and_then(|answer| resolve(answer, &asking.records[index].text));
            asking.desk.settle(index, answer.map_err(|error| lost(LossKind::Malformed, error.to_string())));
        }
    }
}
