//! Short labelled texts, of which each checks some fields.

use std::collections::BTreeSet;
use std::path::Path;

use owabi_corpora::record::ValueLabel;
use owabi_corpora::vocabulary::{Exposure, Genre};
use owabi_corpora::{Labels, Span, markup};
use owabi_detector::Detector;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) why: String,
    pub(crate) check: Vec<String>,
    genre: Option<Genre>,
    exposure: Option<Exposure>,
    via_vendor: Option<bool>,
    text: String,
    /// Why the detector does not manage it yet.
    pub(crate) known: Option<String>,
}

/// The cases of all files of a folder below `tests/`, in order, each with its file's stem.
pub(crate) fn cases(folder: &str) -> Vec<(String, Case)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(folder);
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let mut all = Vec::new();
    for path in paths.iter().filter(|path| path.extension().is_some_and(|extension| extension == "toml")) {
        let file: File =
            toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        all.extend(file.case.into_iter().map(|case| (stem.clone(), case)));
    }
    assert!(!all.is_empty(), "no case was found");
    all
}

/// For each field that a case checks the facts that it wants and those that the detector gives.
pub(crate) fn compared(detector: &Detector, stem: &str, case: &Case) -> Vec<(String, BTreeSet<String>, BTreeSet<String>)> {
    let (text, labels) = markup::parse(&case.text).unwrap_or_else(|error| panic!("{stem}/{}: {error}", case.name));
    let expected = Labels { genre: case.genre, exposure: case.exposure, via_vendor: case.via_vendor, ..labels };
    let found = detector.detect(&text);
    let of = |labels: &Labels, field: &str| facts(labels, field, &expected, &text);
    case.check.iter().map(|field| (field.clone(), of(&expected, field), of(&found, field))).collect()
}

/// What a field holds, as comparable facts. Marks of a primary cause and of a total count as facts where the case sets one.
fn facts(labels: &Labels, field: &str, expected: &Labels, text: &str) -> BTreeSet<String> {
    let bare = |name: &str| name.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    match field {
        "data" => labels
            .data
            .iter()
            .flatten()
            .map(|item| format!("{}:{}", item.category, item.status))
            .filter(|fact| !fact.starts_with("other:"))
            .collect(),
        "causes" => {
            let primary = expected.primary_cause().and(labels.primary_cause()).map(|cause| format!("{cause}!"));
            labels.causes.iter().flatten().map(|item| item.cause.to_string()).chain(primary).collect()
        }
        "counts" => {
            let total = expected.total().and(labels.total()).map(|item| format!("total {}", item.value));
            labels.counts.iter().flatten().map(|item| format!("{}:{}", item.value, item.unit)).chain(total).collect()
        }
        "dates" => labels.dates.iter().flatten().map(|item| format!("{}:{}", item.role, item.date)).collect(),
        "parties" => labels.parties.iter().flatten().map(|item| format!("{}:{}", item.role, bare(&item.name))).collect(),
        "distractors" => labels.distractors.iter().flatten().map(|item| format!("{}:{}", item.category, item.why)).collect(),
        "values" => {
            let form = |well_formed| if well_formed { "" } else { ":malformed" };
            let place = |span: Span| format!("「{}」@{}", &text[span.range()], span.start);
            let fact =
                |item: &ValueLabel| format!("{}:{}{} {}", item.kind, item.usage, form(item.well_formed), place(item.spans[0].span()));
            labels.values.iter().flatten().map(fact).collect()
        }
        "genre" => labels.genre.map(|genre| genre.to_string()).into_iter().collect(),
        "exposure" => labels.exposure.map(|exposure| exposure.to_string()).into_iter().collect(),
        "via_vendor" => labels.via_vendor.map(|via| via.to_string()).into_iter().collect(),
        field => panic!("no field `{field}`"),
    }
}
