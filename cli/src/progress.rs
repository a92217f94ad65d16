//! A progress bar on stderr, for people who wait: only on a terminal, and only when the work lasts.

use std::io::{IsTerminal, stderr};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

const PATIENCE: Duration = Duration::from_secs(1);
/// How often a spinner moves.
const BEAT: Duration = Duration::from_millis(200);

const WITH_END: &str = "{bar:30} {human_pos}/{human_len} documents, {per_sec}, {eta} to go";

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

pub(crate) struct Progress {
    bar: ProgressBar,
    started: Instant,
    shown: bool,
}

impl Progress {
    /// `total` documents, where it is known. `quiet` when the output itself goes to the terminal.
    pub(crate) fn new(total: Option<u64>, quiet: bool) -> Progress {
        let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::hidden());
        bar.set_style(style(if total.is_some() { WITH_END } else { "{spinner} {human_pos} documents, {per_sec}" }));
        Progress { bar, started: Instant::now(), shown: quiet || !stderr().is_terminal() }
    }

    /// `total` bytes of texts.
    pub(crate) fn bytes(total: u64, quiet: bool) -> Progress {
        let progress = Progress::new(Some(total), quiet);
        progress.bar.set_style(style("{bar:30} {bytes}/{total_bytes}, {bytes_per_sec}, {eta} to go"));
        progress
    }

    /// How many documents there will be, judged by those that a share of the files held.
    pub(crate) fn expect(&self, share: f64) {
        if share > 0.0 {
            if self.bar.length().is_none() {
                self.bar.set_style(style(WITH_END));
            }
            self.bar.set_length((self.bar.position() as f64 / share).round() as u64);
        }
    }

    pub(crate) fn add(&mut self, done: u64) {
        self.bar.inc(done);
        if !self.shown && self.started.elapsed() > PATIENCE {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
            self.shown = true;
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// What is done now, for people who wait: only on a terminal.
pub(crate) struct Stages(ProgressBar);

impl Stages {
    pub(crate) fn new() -> Stages {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        if stderr().is_terminal() {
            bar.set_draw_target(ProgressDrawTarget::stderr());
            bar.enable_steady_tick(BEAT);
        }
        Stages(bar)
    }

    pub(crate) fn tell(&self, stage: &'static str) {
        self.0.set_message(stage);
    }
}

impl Drop for Stages {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
