//! The `owabi` command: files, flags, progress and exit codes around the libraries.
//!
//! * `commands/`: one file a subcommand.
//! * `input`, `gold`: documents and labelled documents, read from wherever they are.
//! * `recipe`: what to generate, as flags say it.
//! * `detectors/`: who answers, and how they are reached; `results`: what an earlier run found.
//! * `throughput/`: how fast a detector answers.
//! * `folder`, `manifest`: corpora written to a folder, shard by shard, and what is known of their files.
//! * `exporting`: documents written in the formats of other tools.
//! * `raw`: texts by the gigabyte, with a sidecar of their places and labels.
//! * `output`: files that are whole or not there; `pretty`: findings marked in their text; `explain`: the words that decided them; `progress`, `interrupt`, `error`.

use std::process::ExitCode;

use clap::Parser;

mod behaviour;
mod bench;
mod commands;
mod detectors;
mod error;
mod explain;
mod exporting;
mod folder;
mod gating;
mod gold;
mod input;
mod interrupt;
mod manifest;
mod output;
mod pretty;
mod progress;
mod raw;
mod recipe;
mod reports;
mod results;
mod scoring;
mod throughput;

fn main() -> ExitCode {
    error::tell_bugs_in_one_line();
    let cli = match commands::Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return error::usage(&error),
    };
    interrupt::listen();
    match cli.run() {
        Ok(code) => code,
        Err(error) => error.report(),
    }
}
