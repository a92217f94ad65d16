//! `owabi compare`: whether a detector became better or worse.

use std::path::PathBuf;
use std::process::ExitCode;

use owabi_harness::comparison::{Comparison, Draws};
use owabi_harness::comparison_table;

use crate::error::Error;
use crate::results;

/// Compare two runs on the same documents: what became better, what worse?
///
/// Differences are judged document by document, which tells far smaller ones than the intervals of two reports do. A difference
/// that may be chance is not told: the table says how many figures were compared, and allows for it.
#[derive(clap::Args)]
#[command(
    after_help = "Example:\n  owabi test --json before.json\n  owabi test --detector 'process:my-detector' --json after.json\n  owabi compare before.json after.json\n\nExit codes: 0 compared, whatever came out; 2 something cannot be read or the documents differ. To fail on a loss, set a\ngate with not_worse_than (`owabi gate --help`)."
)]
pub(crate) struct Args {
    /// What `owabi test --json` or `owabi score --json` wrote before; `-` is stdin
    #[arg(value_name = "RESULTS_A")]
    a: PathBuf,
    /// … and after
    #[arg(value_name = "RESULTS_B")]
    b: PathBuf,
    /// Write every figure as JSON; `-` is stdout instead of the table
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

impl Args {
    pub(crate) fn run(self) -> Result<ExitCode, Error> {
        if self.a.as_os_str() == "-" && self.b.as_os_str() == "-" {
            return Err(Error::Input("only one of the results can be stdin; name a file for the other".to_owned()));
        }
        let names = [&self.a, &self.b].map(|path| if path.as_os_str() == "-" { "stdin".to_owned() } else { path.display().to_string() });
        let [a, b] = [results::read(&self.a).map_err(Error::Input)?, results::read(&self.b).map_err(Error::Input)?];
        let found = Comparison::new((&names[0], &a), (&names[1], &b), Draws::default());
        let found = found.map_err(|error| Error::Input(error.to_string()))?;
        super::write(self.json.as_deref(), &found, || comparison_table::terminal(&found, &names[0], &names[1]))
    }
}
