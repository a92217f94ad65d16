//! `owabi corpus`: looks after labelled corpora.

use std::process::ExitCode;

use clap::Subcommand;

use crate::error::Error;

mod compare;
mod verify;

/// Look after labelled corpora
#[derive(Subcommand)]
pub(crate) enum Command {
    Verify(verify::Args),
    Compare(compare::Args),
}

impl Command {
    pub(crate) fn run(self) -> Result<ExitCode, Error> {
        match self {
            Command::Verify(args) => args.run(),
            Command::Compare(args) => args.run(),
        }
    }
}
