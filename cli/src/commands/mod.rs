//! The subcommands and their flags.

use std::path::Path;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use serde::Serialize;

use crate::error::Error;
use crate::output::Output;
use crate::throughput;

mod classroom;
mod compare;
mod corpus;
mod detect;
mod gate;
mod generate;
mod perturb;
mod scheme;
mod score;
mod test;

/// owabi (お詫び, the apology that opens a Japanese breach notice) makes realistic, fully labelled, fake breach notices, finds in
/// any notice what leaked and why, and measures how well any detector does the same.
#[derive(Parser)]
#[command(
    version,
    max_term_width = 110,
    after_help = "Start here:\n  owabi test                                 make 1,000 notices and score the detector on them\n  owabi generate --count 1 --format pretty   look at one notice with its labels\n  owabi detect notice.txt                    see what leaked according to a notice of yours\n\nExit codes: 0 fine, 1 a gate or a verification failed, 2 bad usage or bad input, 130 interrupted."
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Test(Box<test::Args>),
    Generate(generate::Args),
    Perturb(perturb::Args),
    Detect(detect::Args),
    Score(score::Args),
    Compare(compare::Args),
    Gate(gate::Args),
    Scheme(scheme::Args),
    #[command(subcommand)]
    Corpus(corpus::Command),
    #[command(subcommand)]
    Classroom(classroom::Command),
    /// Answer every question with nothing; `owabi test --throughput` measures by it what owabi itself takes
    #[command(hide = true)]
    NullDetector,
}

impl Cli {
    pub(crate) fn run(self) -> Result<ExitCode, Error> {
        match self.command {
            Command::Test(args) => args.run(),
            Command::Generate(args) => args.run(),
            Command::Perturb(args) => args.run(),
            Command::Detect(args) => args.run(),
            Command::Score(args) => args.run(),
            Command::Compare(args) => args.run(),
            Command::Gate(args) => args.run(),
            Command::Scheme(args) => args.run(),
            Command::Corpus(command) => command.run(),
            Command::Classroom(command) => command.run(),
            Command::NullDetector => throughput::serve_lines().map(|()| ExitCode::SUCCESS),
        }
    }
}

/// Writes figures as JSON where asked for, and as tables unless the JSON takes their place.
fn write(json: Option<&Path>, figures: &impl Serialize, tables: impl FnOnce() -> String) -> Result<ExitCode, Error> {
    if let Some(path) = json {
        let mut out = Output::create(path)?;
        serde_json::to_writer_pretty(&mut out, figures).map_err(|error| Error::write(path.display(), error.into()))?;
        out.put(b"\n")?;
        out.finish()?;
    }
    if json.is_none_or(|path| path.as_os_str() != "-") {
        let mut out = Output::stdout();
        out.put(tables().as_bytes())?;
        out.finish()?;
    }
    Ok(ExitCode::SUCCESS)
}
