//! `owabi test --throughput`: how fast a detector answers.
//!
//! * [`texts`]: what is read; made before any clock runs.
//! * [`subject`]: who is timed, and the clock; [`nothing`]: a detector that answers nothing; [`memory`]: peaks.
//! * [`rounds`]: detectors side by side.
//!
//! What the times mean is worked out in `owabi_harness::throughput`, which reads no clock.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use owabi_corpora::{Reading, Record};
use owabi_generator::{Generator, REVISION};
use owabi_harness::repeat::Repeats;
use owabi_harness::throughput::{
    Asked, Comparison, Growth, Latency, OpenLoop, Overhead, SizeResult, Speed, Throughput, Verdict, report, significant,
};

use crate::detectors::{Named, Reach};
use crate::error::{Error, complain};
use crate::output::Output;
use crate::progress::Stages;

mod memory;
mod nothing;
mod rounds;
mod subject;
mod texts;

pub(crate) use nothing::serve_lines;

use rounds::Rounds;
use subject::{Pace, Subject, Who};
use texts::{Size, Texts};

/// Shares of the time: before anything counts, by size, by the clock. The rest is for the rounds.
const WARM_UP: f64 = 0.1;
const SIZES: f64 = 0.5;
const SIZES_WITH_CLOCK: f64 = 0.35;
const CLOCK: f64 = 0.2;
/// How much of that goes to the detector that answers nothing.
const NOTHING: f64 = 0.15;
/// More times of one size say nothing more.
const MOST_TIMES: usize = 100_000;

#[derive(clap::Args)]
#[command(next_help_heading = "Speed")]
pub(crate) struct Flags {
    /// Measure how fast the detector answers instead of how well: by size of the document, against a detector that answers nothing,
    /// and against itself, which tells the smallest difference that can be trusted
    #[arg(long, conflicts_with_all = ["corpus", "count", "behaviour", "repeat", "cache", "no_cache", "batch", "max_requests", "detector_log", "label_map", "errors", "markdown", "html", "gates", "junit"])]
    pub(crate) throughput: bool,
    /// Compare with this detector, on the same texts in turn, and say whether it is faster or slower or cannot be told
    #[arg(long, value_name = "WHO", requires = "throughput")]
    against: Option<Named>,
    /// Also send documents by the clock, so many a second; latency counts from when each was due, so that no stall is hidden
    #[arg(long, value_name = "N", requires = "throughput", value_parser = rate)]
    rate: Option<f64>,
    /// The sizes of the documents [default: 1KB,10KB,100KB,1MB,10MB]
    #[arg(long, value_name = "LIST", requires = "throughput", value_delimiter = ',')]
    sizes: Vec<Size>,
    /// How long all of it may take, but for making the texts [default: 20]
    #[arg(long, value_name = "S", requires = "throughput", value_parser = seconds)]
    seconds: Option<f64>,
}

impl Flags {
    pub(crate) fn run(
        &self,
        detector: &Named,
        segments: bool,
        generator: &Generator,
        reach: &Reach,
        json: Option<PathBuf>,
    ) -> Result<ExitCode, Error> {
        let named: Vec<&Named> = std::iter::once(detector).chain(&self.against).collect();
        if named.iter().any(|named| matches!(named, Named::Predictions(_))) {
            let line = "--throughput: predictions cannot be timed, as they are there already; name the detector that made them";
            return Err(Error::Input(line.to_owned()));
        }
        let flags = reach.without_jobs();
        if let Err(error) = flags.check(detector)
            && self.against.as_ref().is_none_or(|other| flags.check(other).is_err())
        {
            return Err(error);
        }
        let sizes = self.sizes();
        let stages = Stages::new();
        stages.tell("making texts");
        let began = Instant::now();
        let texts = Texts::make(generator, &sizes);
        let making = began.elapsed().as_secs_f64();
        let seconds = self.seconds.unwrap_or(20.0);
        let mut seen = Vec::new();
        for who in &named {
            stages.tell("measuring by size");
            seen.push(self.see(Who::new(who, segments, reach), &texts, seconds / named.len() as f64)?);
        }
        if let [first, second] = &mut seen[..]
            && first.speed.detector == second.speed.detector
        {
            second.speed.detector += " (--against)";
        }
        stages.tell("measuring in turn");
        let left = (seconds - (began.elapsed().as_secs_f64() - making)).max(seconds * (1.0 - WARM_UP - SIZES) / 2.0);
        let rounds = rounds::run(&seen, &texts.notices, left, generator.config().seed)?;
        let making_texts = significant(making / began.elapsed().as_secs_f64());
        drop(stages);
        let comparison = compare(&seen, &rounds);
        let config = generator.config();
        let corpus = [
            ("source", "synthetic".to_owned()),
            ("revision", REVISION.to_string()),
            ("seed", config.seed.to_string()),
            ("configuration", generator.hash().to_owned()),
        ];
        let bytes: usize = texts.notices.iter().map(|record| record.text.len()).sum();
        let run = Throughput {
            schema: 1,
            corpus: corpus.map(|(key, value)| (key.to_owned(), value)).into(),
            cores: std::thread::available_parallelism().map_or(1, |cores| cores.get() as u64),
            jobs: reach.jobs() as u64,
            seconds,
            notices: Asked { documents: texts.notices.len() as u64, mean_bytes: (bytes / texts.notices.len().max(1)) as u64 },
            detectors: seen.into_iter().map(|seen| seen.speed).collect(),
            noise_floor: rounds.noise,
            comparison,
            making_texts,
        };
        write(&run, json)?;
        Ok(ExitCode::SUCCESS)
    }

    fn sizes(&self) -> Vec<Size> {
        let mut sizes = self.sizes.clone();
        if sizes.is_empty() {
            sizes = [1_000, 10_000, 100_000, 1_000_000, 10_000_000].map(Size).to_vec();
        }
        sizes.sort();
        sizes.dedup();
        sizes
    }

    /// Measures one detector by itself.
    fn see(&self, who: Who, texts: &Texts, seconds: f64) -> Result<Seen, Error> {
        let nothing = who.nothing()?;
        let mut null = nothing.start()?;
        let mut subject = who.start()?;
        let time = |share: f64| Duration::from_secs_f64(seconds * share);
        warm_up(&mut null, &texts.notices, time(WARM_UP * NOTHING))?;
        let warm = warm_up(&mut subject, &texts.notices, time(WARM_UP * (1.0 - NOTHING)))?;
        let mut speed = Speed {
            detector: subject.name(),
            facts: warm.answers.iter().flatten().map(facts).sum(),
            lost: warm.lost,
            sizes: Vec::new(),
            growth: None,
            open_loop: None,
            overhead: Overhead { who: who.nothing_is().to_owned(), open_loop: None },
            memory_unknown: who.memory_unknown(),
        };
        let share = if self.rate.is_some() { SIZES_WITH_CLOCK } else { SIZES };
        by_size(&mut speed, &mut subject, &mut null, texts, time(share))?;
        if let Some(rate) = self.rate {
            let notices = &texts.notices;
            let clock = |who: &mut Subject, share: f64| {
                let times = who.measure(notices, 0, Pace::Clock { rate, time: time(CLOCK * share) })?;
                Ok::<_, Error>((OpenLoop::of(rate, &times.answered), times.lost))
            };
            let (open, lost) = clock(&mut subject, 1.0 - NOTHING)?;
            speed.open_loop = open;
            speed.lost += lost;
            speed.overhead.open_loop = clock(&mut null, NOTHING)?.0;
        }
        if speed.lost > 0 {
            complain(&format!("{}: {} documents were not answered and are in no figure", speed.detector, speed.lost));
        }
        Ok(Seen { who, nothing, speed, answers: warm.answers, cost: warm.cost, start: warm.start })
    }
}

/// What is known of a detector when it has been measured by itself.
struct Seen {
    who: Who,
    nothing: Who,
    speed: Speed,
    /// To the notices, as far as they were answered.
    answers: Vec<Option<Reading>>,
    /// A notice, in seconds.
    cost: f64,
    /// From its start to its first answer, in seconds.
    start: f64,
}

struct Warm {
    answers: Vec<Option<Reading>>,
    cost: f64,
    start: f64,
    lost: u64,
}

/// Lets a detector answer until it is used to it. Nothing of this counts but the answers.
fn warm_up(subject: &mut Subject, notices: &[Record], time: Duration) -> Result<Warm, Error> {
    let began = Instant::now();
    let first = subject.ask(&notices[0])?.map_err(|loss| {
        let why = loss.why;
        Error::Input(format!("--throughput: the first notice was not answered ({why}); try the command on one line of input by hand"))
    })?;
    let start = began.elapsed().as_secs_f64();
    let mut warm = Warm { answers: vec![Some(first)], cost: start, start, lost: 0 };
    let second = Instant::now();
    for notice in &notices[1..] {
        if began.elapsed() >= time {
            break;
        }
        let answer = subject.ask(notice)?.ok();
        warm.lost += u64::from(answer.is_none());
        warm.answers.push(answer);
    }
    if warm.answers.len() > 1 {
        warm.cost = second.elapsed().as_secs_f64() / (warm.answers.len() - 1) as f64;
        warm.start = (start - warm.cost).max(0.0);
    }
    // The other copies start here.
    let rest = time.saturating_sub(began.elapsed());
    warm.lost += subject.measure(notices, 0, Pace::Closed { most: MOST_TIMES, least: 1, time: rest })?.lost;
    Ok(warm)
}

fn by_size(speed: &mut Speed, subject: &mut Subject, null: &mut Subject, texts: &Texts, time: Duration) -> Result<(), Error> {
    let end = Instant::now() + time;
    let mut points: Vec<(f64, f64)> = Vec::new();
    for (index, (size, records)) in texts.sized.iter().enumerate() {
        let left = end.saturating_duration_since(Instant::now());
        // The largest has most, so that there is time for one document at least.
        let share = match texts.sized.len() - index {
            1 => left,
            sizes => left / (sizes + 2) as u32,
        };
        let mut one = SizeResult {
            bytes: size.0,
            skipped: None,
            documents_per_second: None,
            megabytes_per_second: None,
            latency: None,
            overhead_p50: None,
            net_p50: None,
            memory_megabytes: None,
        };
        let guess = guess(&points, size.0 as f64);
        if guess > left.as_secs_f64() * 2.0 {
            one.skipped = Some(format!("not measured: a document would take about {} s; raise --seconds", briefly(guess)));
            speed.sizes.push(one);
            continue;
        }
        // The first is not counted, unless there is no time for another.
        let closed = |most, time| Pace::Closed { most, least: 1, time };
        let mut times = subject.measure(records, 0, closed(1, Duration::ZERO))?;
        speed.lost += times.lost;
        let rest = share.mul_f64(1.0 - NOTHING).saturating_sub(Duration::from_secs_f64(times.wall));
        if times.wall < rest.as_secs_f64() {
            times = subject.measure(records, 1, closed(MOST_TIMES, rest))?;
            speed.lost += times.lost;
        }
        let latencies = times.latencies();
        one.latency = Latency::of(&latencies);
        let Some(latency) = one.latency else {
            one.skipped = Some("not measured: no document was answered".to_owned());
            speed.sizes.push(one);
            continue;
        };
        points.push((size.0 as f64, latency.p50));
        one.documents_per_second = Some(significant(latency.documents as f64 / times.wall));
        let bytes = records.iter().map(|record| record.text.len()).sum::<usize>() as f64 / records.len() as f64;
        one.megabytes_per_second = Some(significant(latency.documents as f64 * bytes / times.wall / 1e6));
        one.memory_megabytes = subject.memory().map(|bytes| significant(bytes as f64 / 1e6));
        let own = null.measure(records, 0, Pace::Closed { most: MOST_TIMES, least: 3, time: share.mul_f64(NOTHING) })?;
        one.overhead_p50 = Latency::of(&own.latencies()).map(|own| own.p50);
        one.net_p50 = one.overhead_p50.map(|own| latency.p50 - own).filter(|net| *net > 0.0).map(significant);
        speed.sizes.push(one);
    }
    speed.growth = Growth::of(&points);
    if speed.memory_unknown.is_none() && speed.sizes.iter().all(|one| one.memory_megabytes.is_none()) {
        speed.memory_unknown = Some("not known on this system".to_owned());
    }
    Ok(())
}

/// How long a document of this size will take, in seconds, from the two sizes before.
fn guess(points: &[(f64, f64)], size: f64) -> f64 {
    let exponent = match points {
        [.., (x0, y0), (x1, y1)] => ((y1 / y0).ln() / (x1 / x0).ln()).clamp(1.0, 3.0),
        _ => 1.0,
    };
    points.last().map_or(0.0, |(bytes, millis)| millis / 1e3 * (size / bytes).powf(exponent))
}

fn facts(answer: &Reading) -> u64 {
    let mut all = Repeats::new(1);
    all.add(&[Some(answer.into())]);
    all.finish().facts.of
}

fn compare(seen: &[Seen], rounds: &Rounds) -> Option<Comparison> {
    let [first, second] = seen else { return None };
    let mut both = Repeats::new(2);
    for (a, b) in first.answers.iter().zip(&second.answers) {
        if let (Some(a), Some(b)) = (a, b) {
            both.add(&[Some(a.into()), Some(b.into())]);
        }
    }
    let documents = both.finish().documents;
    Some(Comparison {
        verdict: Verdict::of(rounds.pair, rounds.noise.ratio),
        ratio: rounds.pair.map(|pair| pair.rounded()),
        net: rounds.net,
        answered: documents.of,
        differ: documents.count,
    })
}

fn write(run: &Throughput, json: Option<PathBuf>) -> Result<(), Error> {
    let to_stdout = json.as_ref().is_some_and(|path| path.as_os_str() == "-");
    if let Some(path) = json {
        let text = serde_json::to_string_pretty(run).map_err(|error| Error::at(path.display(), error))?;
        let mut out = Output::create(&path)?;
        out.put(format!("{text}\n").as_bytes())?;
        out.finish()?;
    }
    if !to_stdout {
        let mut out = Output::stdout();
        out.put(report::terminal(run).as_bytes())?;
        out.finish()?;
    }
    Ok(())
}

fn briefly(seconds: f64) -> String {
    if seconds < 10.0 { format!("{seconds:.1}") } else { format!("{seconds:.0}") }
}

fn rate(text: &str) -> Result<f64, String> {
    let rate = text.parse::<f64>().ok().filter(|rate| (0.01..=1e6).contains(rate));
    rate.ok_or_else(|| "give documents a second, from 0.01 to 1000000".to_owned())
}

fn seconds(text: &str) -> Result<f64, String> {
    let seconds = text.parse::<f64>().ok().filter(|seconds| (0.5..=86_400.0).contains(seconds));
    seconds.ok_or_else(|| "give seconds from 0.5 to 86400".to_owned())
}
