//! `owabi classroom`: exercises for a class.

use std::process::ExitCode;

use clap::Subcommand;

use crate::error::Error;

mod grade;
mod new;

/// Make exercises for a class, and mark them
#[derive(Subcommand)]
pub(crate) enum Command {
    New(new::Args),
    Grade(grade::Args),
}

impl Command {
    pub(crate) fn run(self) -> Result<ExitCode, Error> {
        match self {
            Command::New(args) => args.run(),
            Command::Grade(args) => args.run(),
        }
    }
}
