//! `owabi gate`: whether a detector may be released, from results that are already there.

use std::path::PathBuf;
use std::process::ExitCode;

use owabi_harness::report;

use crate::error::Error;
use crate::gating::Gating;
use crate::results;

/// Hold saved results against gates
///
/// A gate names a figure of the results and what it must be. If one fails, a line on stderr says so and the exit code is 1.
/// `examples/gates.toml` in the source shows every sort of gate.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  owabi test --json results.json && owabi gate results.json --gates gates.toml\n  owabi test --gates gates.toml --junit gates.xml\n\nExit codes: 0 all gates passed, 1 a gate failed, 2 something cannot be read."
)]
pub(crate) struct Args {
    /// What `owabi test --json` or `owabi score --json` wrote; `-` is stdin
    results: PathBuf,
    /// Gates as TOML
    #[arg(long, value_name = "FILE", required = true)]
    gates: Option<PathBuf>,
    /// Write the gates as JUnit XML, for continuous integration to show
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Write the results again, with what became of the gates; `-` is stdout instead of the table
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

impl Args {
    pub(crate) fn run(self) -> Result<ExitCode, Error> {
        let keeper = Gating { gates: self.gates, junit: self.junit }.open()?;
        let mut found = results::read(&self.results).map_err(Error::Input)?;
        keeper.check(&mut found)?;
        super::write(self.json.as_deref(), &found, || report::plain(&report::sections::gates(&found.gates)))?;
        keeper.close(&found)
    }
}
