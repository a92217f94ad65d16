//! A detector that runs as a process of its own: one question a line on its stdin, one answer a line on its stdout.
//!
//! It is split into words like in a shell but runs without one. It is told an opaque id and the text, and nothing else. One
//! that ends, stays silent or answers nonsense loses that document, which counts as missed, and is started again.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use owabi_corpora::jsonl::{parse, resolve};
use owabi_corpora::{Answer, Question, Reading, Record};
use owabi_harness::{Loss, LossKind};

use crate::error::{Error, Problems, reason};

/// How long one document may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long a process may take to end once its stdin is closed.
const FAREWELL: Duration = Duration::from_secs(5);
/// How many losses are told one by one.
const TOLD: usize = 10;
/// How many answers that nobody asked for are put up with between two that were: a process that talks without end is none that
/// will come to the point.
const STRAYS: usize = 1000;
/// How many lines may wait to be read.
const WAITING: usize = 1024;
/// A line longer than this is no answer, and must not fill the memory.
const LONGEST_LINE: u64 = 256 << 20;

pub(crate) struct Process {
    words: Vec<String>,
    running: Option<Running>,
    asked: u64,
    answered: u64,
    losses: Vec<String>,
    lost: usize,
}

struct Running {
    child: Child,
    questions: Option<Sender<String>>,
    lines: Receiver<Vec<u8>>,
}

impl Process {
    pub(crate) fn start(words: &[String]) -> Result<Process, Error> {
        let running = Running::start(words)?;
        Ok(Process { words: words.to_vec(), running: Some(running), asked: 0, answered: 0, losses: Vec::new(), lost: 0 })
    }

    /// Asks for all records at once, so that the process can work while it is read from.
    pub(crate) fn answer(&mut self, records: &[Record]) -> Result<Vec<Result<Reading, Loss>>, Error> {
        let first = self.asked + 1;
        self.asked += records.len() as u64;
        let id = |index: usize| format!("d{:06}", first + index as u64);
        let mut answers: Vec<Result<Reading, Loss>> = vec![Err(Loss::new(LossKind::Missing, "not asked")); records.len()];
        let mut open: Vec<usize> = (0..records.len()).collect();
        while !open.is_empty() {
            let running = match self.running.take() {
                Some(running) => running,
                None => Running::start(&self.words)?,
            };
            for &index in &open {
                running.ask(&Question { id: &id(index), text: &records[index].text });
            }
            let (mut strays, mut waited) = (0, false);
            let failure = loop {
                if open.is_empty() {
                    break None;
                }
                let line = match running.lines.recv_timeout(PATIENCE) {
                    Ok(line) => line,
                    Err(RecvTimeoutError::Timeout) => {
                        waited = true;
                        let why = format!("no answer in {} s; does it flush every line?", PATIENCE.as_secs());
                        break Some(Loss::new(LossKind::Timeout, why));
                    }
                    Err(RecvTimeoutError::Disconnected) => break Some(Loss::new(LossKind::Crash, "the process ended")),
                };
                let answer: Answer = match parse(&line) {
                    Ok(answer) => answer,
                    // Which question it was meant for cannot be known: answers mostly come in order.
                    Err(error) => {
                        let index = open.remove(0);
                        answers[index] = Err(self.lose(&records[index], Loss::new(LossKind::Malformed, error.to_string())));
                        continue;
                    }
                };
                let Some(position) = open.iter().position(|&index| id(index) == answer.id) else {
                    strays += 1;
                    if strays > STRAYS {
                        break Some(Loss::new(LossKind::Malformed, "it keeps answering what was not asked"));
                    }
                    self.lost += 1;
                    self.note(format!("an answer for the id `{}`, which was not asked or was answered before", answer.id));
                    continue;
                };
                strays = 0;
                let index = open.remove(position);
                answers[index] = match resolve(answer, &records[index].text) {
                    Ok(reading) => {
                        self.answered += 1;
                        Ok(reading)
                    }
                    Err(error) => Err(self.lose(&records[index], Loss::new(LossKind::Malformed, error.to_string()))),
                };
            };
            match failure {
                None => self.running = Some(running),
                // Not one answer so far: to wait as long for every other document would take hours.
                Some(loss) if self.answered == 0 && self.lost == 0 && waited => {
                    running.kill();
                    return Err(Error::at(&self.words[0], loss.why));
                }
                Some(loss) => {
                    // The one it was working on is lost; the rest gets another chance.
                    let index = open.remove(0);
                    answers[index] = Err(self.lose(&records[index], loss));
                    running.kill();
                }
            }
        }
        Ok(answers)
    }

    /// Ends the process and tells what was lost.
    pub(crate) fn finish(mut self, problems: &mut Problems) -> Result<(), Error> {
        if let Some(running) = self.running.take() {
            running.end();
        }
        for line in &self.losses {
            crate::error::complain(line);
        }
        if self.lost > self.losses.len() {
            crate::error::complain(&format!("{} more answers were lost", self.lost - self.losses.len()));
        }
        match self.answered {
            0 => problems.meet(format!("{}: no document was answered; try the command on one line of input by hand", self.words[0])),
            _ => Ok(()),
        }
    }

    fn lose(&mut self, record: &Record, loss: Loss) -> Loss {
        self.lost += 1;
        self.note(format!("{}: no answer ({}); counts as missed", record.id, loss.why));
        loss
    }

    fn note(&mut self, line: String) {
        if self.losses.len() < TOLD {
            self.losses.push(format!("{}: {line}", self.words[0]));
        }
    }
}

impl Running {
    fn start(words: &[String]) -> Result<Running, Error> {
        let mut child = Command::new(&words[0])
            .args(&words[1..])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| Error::at(&words[0], format!("cannot start the detector: {}", reason(&error))))?;
        let (questions, to_write) = channel::<String>();
        // Bounded, so that a process that never stops talking waits instead of filling the memory.
        let (to_read, lines) = sync_channel(WAITING);
        // Writing and reading by turns would stand still once both pipes are full.
        if let Some(mut stdin) = child.stdin.take() {
            thread::spawn(move || {
                for line in to_write {
                    if stdin.write_all(line.as_bytes()).and_then(|()| stdin.flush()).is_err() {
                        break;
                    }
                }
            });
        }
        if let Some(stdout) = child.stdout.take() {
            thread::spawn(move || {
                let mut stdout = BufReader::new(stdout);
                let mut line = Vec::new();
                while (&mut stdout).take(LONGEST_LINE).read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
                    let line = std::mem::take(&mut line);
                    if !line.trim_ascii().is_empty() && to_read.send(line).is_err() {
                        break;
                    }
                }
            });
        }
        Ok(Running { child, questions: Some(questions), lines })
    }

    fn ask(&self, question: &Question<'_>) {
        let line = serde_json::to_string(question).unwrap_or_default() + "\n";
        if let Some(questions) = &self.questions {
            // A process that has ended is noticed when its answers end.
            let _ = questions.send(line);
        }
    }

    fn kill(mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Closes its stdin, so that it ends by itself.
    fn end(mut self) {
        self.questions = None;
        let until = Instant::now() + FAREWELL;
        while Instant::now() < until && self.lines.recv_timeout(until.saturating_duration_since(Instant::now())).is_ok() {}
        self.kill();
    }
}
