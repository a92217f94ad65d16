//! What tests of the command share; not every test uses all of it.

#![allow(dead_code)]

use std::path::Path;
use std::process::{Command, Output, Stdio};

/// Runs the command in a folder, without input and with a cache of that folder's own.
pub(crate) fn owabi(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_owabi"))
        .args(args)
        .current_dir(folder)
        .env("XDG_CACHE_HOME", folder.join("cache"))
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

/// What it prints where it succeeds.
pub(crate) fn well(folder: &Path, args: &[&str]) -> Vec<u8> {
    let output = owabi(folder, args);
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// The same, and not a word on stderr.
pub(crate) fn silently(folder: &Path, args: &[&str]) -> Vec<u8> {
    let output = owabi(folder, args);
    assert!(output.status.success() && output.stderr.is_empty(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}
