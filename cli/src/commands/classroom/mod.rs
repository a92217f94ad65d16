//! `owabi classroom`: exercises for a class.

use std::process::ExitCode;

use clap::Subcommand;

use crate::error::Error;

mod new;

/// Make exercises for a class
#[derive(Subcommand)]
pub(crate) enum Command {
    New(new::Args),
}

impl Command {
    pub(crate) fn run(self) -> Result<ExitCode, Error> {
        match self {
            Command::New(args) => args.run(),
        }
    }
}
