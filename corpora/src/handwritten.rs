//! The hand-written notices: labelled documents of the genre that this project may publish (`corpora/handwritten/`).

use std::path::Path;

use crate::markup::Marked;
use crate::record::Record;

/// Where the files stand in the repository.
pub const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/handwritten");

/// Reads every `.toml` of a folder, in the order of the names.
pub fn load(folder: &Path) -> Result<Vec<Record>, String> {
    let listing = std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut paths: Vec<_> =
        listing.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| path.extension().is_some_and(|e| e == "toml")).collect();
    paths.sort();
    let read = |path: &Path| parse(path, &std::fs::read_to_string(path).map_err(|error| error.to_string())?);
    paths.iter().map(|path| read(path).map_err(|error| format!("{}: {error}", path.display()))).collect()
}

/// Reads one notice; its file's stem is the id. The error does not name the file.
pub fn parse(path: &Path, toml: &str) -> Result<Record, String> {
    let stem = path.file_stem().and_then(|stem| stem.to_str()).ok_or("the file's name is not UTF-8")?;
    Marked::from_toml(toml)?.record(stem).map_err(|error| error.to_string())
}
