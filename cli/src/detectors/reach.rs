//! The flags that say how a detector is reached.

use std::path::PathBuf;
use std::time::Duration;

use ureq::http::{HeaderName, HeaderValue};

use super::Named;
use crate::error::Error;

/// How a detector is reached. What is left out has the value that its help tells.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Reaching the detector")]
pub(crate) struct Reach {
    /// process: so many copies of it; http: so many requests at a time; builtin, when it is timed: so many threads [default: 1]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=256))]
    jobs: Option<u64>,
    /// How long a document (process) or a request (http) may take [default: 60]
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    timeout: Option<Duration>,
    /// After so many documents in a row without an answer, ask no more [default: 20]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    give_up: Option<u64>,
    /// process: keep everything that it says on stderr in this file; the last lines are shown with a loss
    #[arg(long, value_name = "FILE")]
    pub(super) detector_log: Option<PathBuf>,
    /// http: so many documents in a request [default: 16]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=10_000))]
    batch: Option<u64>,
    /// http: a header, as `Name: value`; `Name: env:VARIABLE` takes the value from the environment, where secrets belong (may be repeated)
    #[arg(long, value_name = "HEADER")]
    header: Vec<String>,
    /// http: how often a request is sent again after status 429 or 5xx or a broken connection; waits 0.5 s, 1 s, 2 s … or as
    /// long as Retry-After says [default: 5]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(0..=100))]
    retries: Option<u64>,
    /// http: send so many requests at most, retries included; documents after that count as refused
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(super) max_requests: Option<u64>,
    /// http: the largest body that is sent; a document that is larger alone goes in pieces, cut at ends of lines or sentences [default: 500000]
    #[arg(long, value_name = "BYTES", value_parser = clap::value_parser!(u64).range(1000..=1 << 30))]
    max_request_bytes: Option<u64>,
    /// http: so many characters stand in two neighbouring pieces of a document [default: 200]
    #[arg(long, value_name = "N")]
    overlap: Option<u64>,
    /// Keep answers in this folder instead of owabi's own cache ($XDG_CACHE_HOME/owabi or ~/.cache/owabi)
    #[arg(long, value_name = "DIR", conflicts_with = "no_cache")]
    pub(super) cache: Option<PathBuf>,
    /// Neither use nor keep answers of earlier runs. They are used when command, files that it names, URL, headers and texts are the same
    #[arg(long)]
    pub(super) no_cache: bool,
    /// Ask for each document N times, past the cache; the first answer is scored, and the report says how many differ
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(2..=100))]
    pub(crate) repeat: Option<u64>,
}

impl Reach {
    /// Refuses flags that mean nothing for this detector.
    pub(crate) fn check(&self, named: &Named) -> Result<(), Error> {
        let (process, http) = (matches!(named, Named::Process(_)), matches!(named, Named::Http(_)));
        let flags = [
            ("--jobs", self.jobs.is_some(), process || http, "`process:` and `http:`"),
            ("--timeout", self.timeout.is_some(), process || http, "`process:` and `http:`"),
            ("--give-up", self.give_up.is_some(), process || http, "`process:` and `http:`"),
            ("--cache", self.cache.is_some(), process || http, "`process:` and `http:`"),
            ("--detector-log", self.detector_log.is_some(), process, "`process:`"),
            ("--batch", self.batch.is_some(), http, "`http:`"),
            ("--header", !self.header.is_empty(), http, "`http:`"),
            ("--retries", self.retries.is_some(), http, "`http:`"),
            ("--max-requests", self.max_requests.is_some(), http, "`http:`"),
            ("--max-request-bytes", self.max_request_bytes.is_some(), http, "`http:`"),
            ("--overlap", self.overlap.is_some(), http, "`http:`"),
            ("--repeat", self.repeat.is_some(), !matches!(named, Named::Predictions(_)), "detectors that can be asked again"),
        ];
        if let Some((flag, .., whom)) = flags.iter().find(|(_, given, fits, _)| *given && !fits) {
            return Err(Error::Input(format!("{flag} is for {whom}; leave it out or name another --detector")));
        }
        // The worst character takes six bytes; pieces must get on by half their length.
        if self.overlap() * 12 > self.max_request_bytes() {
            let (overlap, bytes) = (self.overlap(), self.max_request_bytes());
            return Err(Error::Input(format!(
                "--overlap: {overlap} characters are too many for pieces of {bytes} bytes; lower it or raise --max-request-bytes"
            )));
        }
        Ok(())
    }

    /// For timing: what fits this detector, one document at a time, past the cache.
    pub(crate) fn alone(&self, named: &Named) -> Reach {
        let http = matches!(named, Named::Http(_));
        let asked = http || matches!(named, Named::Process(_));
        Reach {
            timeout: self.timeout.filter(|_| asked),
            give_up: self.give_up.filter(|_| asked),
            header: if http { self.header.clone() } else { Vec::new() },
            retries: self.retries.filter(|_| http),
            max_request_bytes: self.max_request_bytes.filter(|_| http),
            overlap: self.overlap.filter(|_| http),
            no_cache: true,
            ..Reach::default()
        }
    }

    /// `--jobs` is for every detector when it is timed.
    pub(crate) fn without_jobs(&self) -> Reach {
        Reach { jobs: None, ..self.clone() }
    }

    pub(crate) fn jobs(&self) -> usize {
        self.jobs.unwrap_or(1) as usize
    }

    pub(super) fn timeout(&self) -> Duration {
        self.timeout.unwrap_or(Duration::from_secs(60))
    }

    pub(super) fn give_up(&self) -> u64 {
        self.give_up.unwrap_or(20)
    }

    pub(super) fn batch(&self) -> usize {
        self.batch.unwrap_or(16) as usize
    }

    pub(super) fn retries(&self) -> u64 {
        self.retries.unwrap_or(5)
    }

    pub(super) fn max_request_bytes(&self) -> usize {
        self.max_request_bytes.unwrap_or(500_000) as usize
    }

    pub(super) fn overlap(&self) -> usize {
        let most = self.max_request_bytes() / 12;
        self.overlap.map_or(200.min(most), |overlap| overlap.min(1 << 30) as usize)
    }

    /// The headers as the user wrote them, but in a fixed order and spelling: variables by their names.
    pub(super) fn header_lines(&self) -> Result<Vec<(String, String)>, Error> {
        let mut lines: Vec<(String, String)> = Vec::new();
        for header in &self.header {
            let (name, value) = header.split_once(':').ok_or_else(bad_header)?;
            lines.push((name.trim().to_lowercase(), value.trim().to_owned()));
        }
        lines.sort();
        Ok(lines)
    }

    /// The headers as they are sent. No message shows a value: it may be a secret.
    pub(super) fn headers(&self) -> Result<Vec<(HeaderName, HeaderValue)>, Error> {
        let line = |(name, value): (String, String)| {
            let value = match value.strip_prefix("env:") {
                None => value,
                Some(variable) => std::env::var(variable)
                    .map_err(|_| Error::Input(format!("--header {name}: the environment variable `{variable}` is not set; export it")))?,
            };
            let value = HeaderValue::from_str(value.trim()).map_err(|_| bad_header())?;
            Ok((name.parse().map_err(|_| bad_header())?, value))
        };
        self.header_lines()?.into_iter().map(line).collect()
    }
}

fn bad_header() -> Error {
    Error::Input("--header: is no header; write `Name: value` or `Name: env:VARIABLE`".to_owned())
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse::<f64>().ok().filter(|seconds| (0.01..=86_400.0).contains(seconds));
    seconds.map(Duration::from_secs_f64).ok_or_else(|| "give seconds from 0.01 to 86400".to_owned())
}
