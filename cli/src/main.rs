//! The `owabi` command: files, flags, progress and exit codes around the libraries.
//!
//! * `commands/`: one file a subcommand.
//! * `input`, `gold`, `answers`: documents, labelled documents and a detector's answers, read from wherever they are.
//! * `detectors`: who answers.
//! * `folder`, `manifest`: corpora written to a folder, shard by shard, and what is known of their files.
//! * `output`: files that are whole or not there; `pretty`: findings marked in their text; `explain`: the words that decided them; `progress`, `interrupt`, `error`.

use std::process::ExitCode;

use clap::Parser;

mod answers;
mod commands;
mod detectors;
mod error;
mod explain;
mod folder;
mod gold;
mod input;
mod interrupt;
mod manifest;
mod output;
mod pretty;
mod process;
mod progress;
mod reports;

fn main() -> ExitCode {
    error::tell_bugs_in_one_line();
    let cli = commands::Cli::parse();
    interrupt::listen();
    match cli.run() {
        Ok(code) => code,
        Err(error) => error.report(),
    }
}
