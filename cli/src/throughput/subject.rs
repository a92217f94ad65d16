//! Who is timed: a detector, or one that answers nothing, with as many copies as documents are asked for at a time.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use owabi_corpora::{Reading, Record};
use owabi_detector::Detector;
use owabi_harness::Loss;

use super::{memory, nothing};
use crate::detectors::{Answering, Named, Reach, builtin};
use crate::error::{Error, Problems};

/// How to start a detector, again and again.
pub(super) struct Who {
    way: Way,
    segments: bool,
    reach: Reach,
    jobs: usize,
}

enum Way {
    Named(Named),
    /// A call that does nothing.
    Nothing,
}

/// One that is running.
pub(super) struct Subject {
    copies: Vec<Copy>,
    /// What this process held before the built-in detector was there.
    before: Option<u64>,
}

enum Copy {
    Builtin(Arc<Detector>),
    Nothing,
    Asked(Box<Answering>),
}

/// What became of documents that were asked for.
#[derive(Default)]
pub(super) struct Times {
    /// Of each that was answered, in seconds; for documents by the clock when it was due and when it was answered.
    pub(super) answered: Vec<(f64, f64)>,
    pub(super) lost: u64,
    /// From the first question to the last answer.
    pub(super) wall: f64,
}

impl Times {
    pub(super) fn latencies(&self) -> Vec<f64> {
        self.answered.iter().map(|(from, to)| to - from).collect()
    }
}

/// When documents are asked for.
#[derive(Clone, Copy)]
pub(super) enum Pace {
    /// Each after the one before: so many documents at most, `least` of them at least, and no new one after so long.
    Closed { most: usize, least: usize, time: Duration },
    /// So many a second, for so long.
    Clock { rate: f64, time: Duration },
}

impl Who {
    pub(super) fn new(named: &Named, segments: bool, reach: &Reach) -> Who {
        let way = Way::Named(named.clone());
        // As many threads as jobs share the built-in detector.
        Who { way, segments, reach: reach.alone(named), jobs: reach.jobs() }
    }

    /// One that answers nothing and is reached in the same way.
    pub(super) fn nothing(&self) -> Result<Who, Error> {
        let (way, reach) = match &self.way {
            Way::Named(Named::Process(_)) => {
                let own = std::env::current_exe().map_err(|error| Error::Input(format!("owabi does not find itself: {error}")))?;
                let own = Named::Process(vec![own.display().to_string(), "null-detector".to_owned()]);
                let reach = self.reach.alone(&own);
                (Way::Named(own), reach)
            }
            Way::Named(Named::Http(_)) => (Way::Named(Named::Http(nothing::serve_http()?)), self.reach.clone()),
            _ => (Way::Nothing, Reach::default()),
        };
        Ok(Who { way, segments: self.segments, reach, jobs: self.jobs })
    }

    /// How reports call one that answers nothing in this way.
    pub(super) fn nothing_is(&self) -> &'static str {
        match &self.way {
            Way::Named(Named::Process(_)) => "the process `owabi null-detector`",
            Way::Named(Named::Http(_)) => "a server in owabi",
            _ => "a call that does nothing",
        }
    }

    /// Why there is no figure of its memory, if there is none.
    pub(super) fn memory_unknown(&self) -> Option<String> {
        let http = matches!(&self.way, Way::Named(Named::Http(_)));
        http.then(|| "not known of a server".to_owned())
    }

    /// Whether starting it again makes another one.
    pub(super) fn can_restart(&self) -> bool {
        !matches!(&self.way, Way::Named(Named::Http(_)) | Way::Nothing)
    }

    pub(super) fn start(&self) -> Result<Subject, Error> {
        let before = memory::begin();
        let copies = match &self.way {
            Way::Nothing => (0..self.jobs).map(|_| Copy::Nothing).collect(),
            Way::Named(Named::Builtin(lexicons)) => {
                let detector = Arc::new(builtin(lexicons)?.with_segments(self.segments));
                (0..self.jobs).map(|_| Copy::Builtin(detector.clone())).collect()
            }
            Way::Named(named) => {
                let asked = |_| Ok(Copy::Asked(Box::new(Answering::new(named, self.segments, &self.reach)?)));
                (0..self.jobs).map(asked).collect::<Result<_, Error>>()?
            }
        };
        Ok(Subject { copies, before })
    }
}

impl Subject {
    /// The name for reports, without paths.
    pub(super) fn name(&self) -> String {
        match self.copies.first() {
            Some(Copy::Asked(answering)) => answering.name().to_owned(),
            Some(Copy::Builtin(_)) => format!("builtin {}", env!("CARGO_PKG_VERSION")),
            _ => "nothing".to_owned(),
        }
    }

    /// One answer, by the first copy.
    pub(super) fn ask(&mut self, record: &Record) -> Result<Result<Reading, Loss>, Error> {
        self.copies[0].ask(record)
    }

    /// Asks for documents, in turn from number `first` on.
    pub(super) fn measure(&mut self, records: &[Record], first: usize, pace: Pace) -> Result<Times, Error> {
        let next = AtomicUsize::new(0);
        let began = Instant::now();
        let seconds = |at: Instant| at.duration_since(began).as_secs_f64();
        let found: Mutex<(Times, Option<Error>)> = Mutex::default();
        let work = |copy: &mut Copy| {
            let mut mine = Times::default();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                let due = match pace {
                    Pace::Closed { most, least, time } => {
                        if number >= most || number >= least && began.elapsed() >= time {
                            break;
                        }
                        None
                    }
                    Pace::Clock { rate, time } => {
                        let due = number as f64 / rate;
                        // One that cannot keep up is left after twice the time.
                        if due > time.as_secs_f64() || number > 0 && began.elapsed() >= time * 2 {
                            break;
                        }
                        thread::sleep(Duration::from_secs_f64(due).saturating_sub(began.elapsed()));
                        Some(due)
                    }
                };
                let from = due.unwrap_or_else(|| seconds(Instant::now()));
                match copy.ask(&records[(first + number) % records.len()]) {
                    Ok(Ok(answer)) => {
                        mine.answered.push((from, seconds(Instant::now())));
                        // What it takes to forget an answer is not the detector's.
                        drop(answer);
                    }
                    Ok(Err(_)) => mine.lost += 1,
                    Err(error) => {
                        lock(&found).1 = Some(error);
                        break;
                    }
                }
            }
            let mut all = lock(&found);
            all.0.answered.append(&mut mine.answered);
            all.0.lost += mine.lost;
        };
        match &mut self.copies[..] {
            [one] => work(one),
            several => thread::scope(|scope| several.iter_mut().for_each(|copy| drop(scope.spawn(|| work(copy))))),
        }
        let (mut times, error) = found.into_inner().unwrap_or_else(PoisonError::into_inner);
        if let Some(error) = error {
            return Err(error);
        }
        times.answered.sort_by(|a, b| a.0.total_cmp(&b.0));
        times.wall = times.answered.iter().map(|time| time.1).fold(0.0, f64::max);
        Ok(times)
    }

    /// The peak of its memory so far, in bytes.
    pub(super) fn memory(&self) -> Option<u64> {
        match self.copies.first()? {
            Copy::Nothing => None,
            Copy::Builtin(_) => Some(memory::peak()?.saturating_sub(self.before?)),
            Copy::Asked(_) => {
                let asked = self.copies.iter().filter_map(|copy| if let Copy::Asked(answering) = copy { Some(answering) } else { None });
                memory::peak_of_groups(&asked.flat_map(|answering| answering.groups()).collect::<Vec<_>>())
            }
        }
    }
}

impl Copy {
    fn ask(&mut self, record: &Record) -> Result<Result<Reading, Loss>, Error> {
        match self {
            Copy::Nothing => Ok(Ok(Reading { labels: None, segments: None, findings: None })),
            Copy::Builtin(detector) => Ok(Ok(detector.page(&record.text).into())),
            Copy::Asked(answering) => {
                let mut answers = answering.answer(std::slice::from_ref(record), &mut Problems::new(false))?;
                Ok(answers.pop().unwrap_or_else(|| Err(Loss::new(owabi_harness::LossKind::Missing, "not asked"))))
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
