//! What a run must reach: flags for every command that scores.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use owabi_harness::{Gates, Results, junit};

use crate::error::{Error, FAILED, complain};
use crate::input::read_utf8;
use crate::output::Output;
use crate::results;

/// The gates of a run; for every command that scores.
#[derive(clap::Args)]
pub(crate) struct Gating {
    /// Hold the figures against gates (TOML, see examples/gates.toml); the exit code is 1 if one fails
    #[arg(long, value_name = "FILE")]
    pub(crate) gates: Option<PathBuf>,
    /// Write the gates as JUnit XML, for continuous integration to show
    #[arg(long, value_name = "FILE", requires = "gates")]
    pub(crate) junit: Option<PathBuf>,
}

/// Gates with their baselines.
pub(crate) struct Keeper {
    gates: Option<(String, Gates)>,
    baselines: BTreeMap<String, Results>,
    junit: Option<PathBuf>,
}

impl Gating {
    /// Reads gates and baselines: before the run, as nobody wants to learn after it that a file is missing.
    pub(crate) fn open(self) -> Result<Keeper, Error> {
        let Some(path) = self.gates else {
            return Ok(Keeper { gates: None, baselines: BTreeMap::new(), junit: None });
        };
        let name = path.display().to_string();
        let text = read_utf8(&path).map_err(Error::Input)?;
        let gates = Gates::parse(&text).map_err(|error| Error::at(format!("{name}:{}", error.line), error.message))?;
        let folder = path.parent().unwrap_or(Path::new(""));
        let mut baselines = BTreeMap::new();
        for (baseline, line) in gates.baselines() {
            let found = results::read(&folder.join(baseline));
            let found = found.map_err(|error| Error::at(format!("{name}:{line}"), format!("not_worse_than: {error}")))?;
            baselines.insert(baseline.to_owned(), found);
        }
        Ok(Keeper { gates: Some((name, gates)), baselines, junit: self.junit })
    }
}

impl Keeper {
    /// Puts what became of the gates into the results.
    pub(crate) fn check(&self, results: &mut Results) -> Result<(), Error> {
        if let Some((name, gates)) = &self.gates {
            let checked = gates.check(results, &self.baselines);
            results.gates = checked.map_err(|error| Error::at(format!("{name}:{}", error.line), error.message))?;
        }
        Ok(())
    }

    /// Writes what was asked for and tells of gates that failed.
    pub(crate) fn close(self, results: &Results) -> Result<ExitCode, Error> {
        if let Some(path) = &self.junit {
            let text = junit::junit(results).map_err(|error| Error::at(path.display(), error))?;
            Output::replace(path, text.as_bytes())?;
        }
        let failed = results.gates.iter().filter(|gate| !gate.passed);
        let count = failed.inspect(|gate| complain(&format!("gate failed: {}", gate.line()))).count();
        Ok(if count == 0 { ExitCode::SUCCESS } else { ExitCode::from(FAILED) })
    }
}
