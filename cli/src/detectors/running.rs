//! One process: questions into its stdin, lines out of its stdout, and what it says on stderr.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use owabi_corpora::Question;
use owabi_harness::LossKind;

use super::group::Group;
use super::losses::{Lost, lost};
use crate::error::{Error, complain, reason};

/// How many questions may wait for their answers at one process: enough that it never waits for owabi, few enough that memory
/// stays flat however slow it is.
pub(super) const WINDOW: usize = 32;
/// How long a process may take to end once its stdin is closed.
const FAREWELL: Duration = Duration::from_secs(5);
/// How long to wait for the reason of an end, and for the last words.
const REASON: Duration = Duration::from_secs(1);
/// A line longer than this is no answer, and must not fill the memory.
const LONGEST_LINE: u64 = 256 << 20;
/// How much of stderr is kept to be shown: lines, and bytes of each.
const LAST_LINES: usize = 3;
const LONGEST_WORDS: u64 = 300;

pub(super) struct Running {
    group: Group,
    questions: Option<SyncSender<String>>,
    lines: Receiver<Result<Vec<u8>, String>>,
    said: Arc<Mutex<VecDeque<String>>>,
    /// Closed when stderr is.
    silence: Receiver<()>,
}

/// Where all that processes say on stderr is kept.
#[derive(Clone)]
pub(super) struct Log(Arc<Mutex<Option<File>>>);

impl Log {
    /// Written as it comes, so that it can be watched and is there after a failure.
    pub(super) fn create(path: Option<&Path>) -> Result<Log, Error> {
        let file = match path {
            Some(path) => Some(File::create(path).map_err(|error| Error::write(path.display(), error))?),
            None => None,
        };
        Ok(Log(Arc::new(Mutex::new(file))))
    }

    fn put(&self, line: &[u8]) {
        let mut file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(Err(error)) = file.as_mut().map(|file| file.write_all(line)) {
            complain(&format!("--detector-log: cannot write: {}; the log ends here", reason(&error)));
            *file = None;
        }
    }
}

impl Running {
    pub(super) fn start(words: &[String], log: &Log) -> Result<Running, Error> {
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut group =
            Group::start(&mut command).map_err(|error| Error::at(&words[0], format!("cannot start the detector: {}", reason(&error))))?;
        let (questions, to_write) = sync_channel(WINDOW);
        // Bounded, so that a process that never stops talking waits instead of filling the memory.
        let (to_read, lines) = sync_channel(WINDOW);
        let (speaking, silence) = sync_channel(0);
        let said = Arc::new(Mutex::new(VecDeque::new()));
        let child = group.child();
        // Each pipe has a thread: writing and reading by turns would stand still once both are full.
        if let Some(stdin) = child.stdin.take() {
            thread::spawn(move || write(stdin, &to_write));
        }
        if let Some(stdout) = child.stdout.take() {
            thread::spawn(move || read(stdout, &to_read));
        }
        if let Some(stderr) = child.stderr.take() {
            let (said, log) = (said.clone(), log.clone());
            thread::spawn(move || {
                listen(stderr, &said, &log);
                drop(speaking);
            });
        }
        Ok(Running { group, questions: Some(questions), lines, said, silence })
    }

    /// Its group, by the id of its leader.
    pub(super) fn group(&self) -> u32 {
        self.group.id()
    }

    /// Never waits: no more than [`WINDOW`] questions are open, and a process that has ended is noticed when its answers end.
    pub(super) fn ask(&self, question: &Question<'_>) {
        let line = serde_json::to_string(question).unwrap_or_default() + "\n";
        if let Some(questions) = &self.questions {
            let _ = questions.try_send(line);
        }
    }

    /// The next line of its stdout, or why there is none until then.
    pub(super) fn hear(&mut self, until: Instant) -> Result<Vec<u8>, Lost> {
        match self.lines.recv_timeout(until.saturating_duration_since(Instant::now())) {
            Ok(Ok(line)) => Ok(line),
            Ok(Err(why)) => Err(self.explained(LossKind::Malformed, why)),
            Err(RecvTimeoutError::Timeout) => Err(self.explained(LossKind::Timeout, "no answer in time".to_owned())),
            Err(RecvTimeoutError::Disconnected) => {
                let why = match self.wait() {
                    Some(status) => format!("the process ended with {}", ending(status)),
                    None => "the process closed its stdout".to_owned(),
                };
                let _ = self.silence.recv_timeout(REASON);
                Err(self.explained(LossKind::Crash, why))
            }
        }
    }

    /// Tells it that nothing more comes.
    pub(super) fn close(&mut self) {
        self.questions = None;
    }

    /// Lets it end by itself, after [`Running::close`].
    pub(super) fn end(self) {
        let until = Instant::now() + FAREWELL;
        while self.lines.recv_timeout(until.saturating_duration_since(Instant::now())).is_ok() {}
        let _ = self.silence.recv_timeout(until.saturating_duration_since(Instant::now()));
    }

    fn wait(&mut self) -> Option<ExitStatus> {
        let until = Instant::now() + REASON;
        loop {
            let status = self.group.status();
            if status.is_some() || Instant::now() > until {
                return status;
            }
            thread::sleep(Duration::from_millis(5));
        }
    }

    fn explained(&self, kind: LossKind, why: String) -> Lost {
        let said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        let said = (!said.is_empty()).then(|| said.iter().cloned().collect::<Vec<_>>().join("\n"));
        Lost { said, ..lost(kind, why) }
    }
}

fn ending(status: ExitStatus) -> String {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return format!("signal {signal}");
    }
    format!("exit code {}", status.code().unwrap_or_default())
}

fn write(mut stdin: ChildStdin, questions: &Receiver<String>) {
    for line in questions {
        if stdin.write_all(line.as_bytes()).and_then(|()| stdin.flush()).is_err() {
            break;
        }
    }
}

fn read(stdout: ChildStdout, lines: &SyncSender<Result<Vec<u8>, String>>) {
    let mut stdout = BufReader::new(stdout);
    let mut line = Vec::new();
    while (&mut stdout).take(LONGEST_LINE).read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
        let line = std::mem::take(&mut line);
        let endless = line.len() as u64 == LONGEST_LINE && !line.ends_with(b"\n");
        let line = if endless { Err(format!("a line of more than {LONGEST_LINE} bytes")) } else { Ok(line) };
        let blank = line.as_ref().is_ok_and(|line| line.trim_ascii().is_empty());
        if !blank && lines.send(line).is_err() || endless {
            break;
        }
    }
}

fn listen(stderr: ChildStderr, said: &Mutex<VecDeque<String>>, log: &Log) {
    let mut stderr = BufReader::new(stderr);
    let mut line = Vec::new();
    // Long lines, such as a progress bar, come in pieces.
    while (&mut stderr).take(1 << 16).read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
        log.put(&line);
        let words = line.trim_ascii();
        if !words.is_empty() {
            let words = &words[..words.len().min(LONGEST_WORDS as usize)];
            let mut said = said.lock().unwrap_or_else(PoisonError::into_inner);
            said.push_back(String::from_utf8_lossy(words).into_owned());
            if said.len() > LAST_LINES {
                said.pop_front();
            }
        }
        line.clear();
    }
}
