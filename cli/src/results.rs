//! `results.json` of an earlier run, read back.

use std::io::Read;
use std::path::Path;

use owabi_harness::Results;
use owabi_harness::results::SCHEMA;

use crate::input::{open, read_utf8};

/// Reads results; `-` is stdin. The error is one line.
pub(crate) fn read(path: &Path) -> Result<Results, String> {
    let from_stdin = path.as_os_str() == "-";
    let name = if from_stdin { "stdin".to_owned() } else { path.display().to_string() };
    let text = if from_stdin {
        let mut text = String::new();
        open(path)?.read_to_string(&mut text).map_err(|error| format!("{name}: {error}"))?;
        text
    } else {
        read_utf8(path)?
    };
    let results: Results = serde_json::from_str(&text).map_err(|error| {
        let full = error.to_string();
        let what = full.split(" at line ").next().unwrap_or(&full);
        format!("{name}:{}: not results of `owabi test --json`: {what}", error.line().max(1))
    })?;
    if results.schema != SCHEMA {
        return Err(format!("{name}: has schema {}, this owabi reads {SCHEMA}; write it anew with --json", results.schema));
    }
    Ok(results)
}
