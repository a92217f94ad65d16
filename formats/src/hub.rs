//! The card of a folder for dataset hubs: what its head declares is what `datasets.load_dataset(FOLDER)` reads.

use crate::Tally;

/// `README.md`. Documents that the generator made are nobody's; of others the licence is not known.
pub(crate) fn card(tally: &Tally, command: &str) -> String {
    let license = if tally.foreign == 0 { "cc0-1.0" } else { "unknown" };
    let files: Vec<String> = tally.splits.keys().map(|split| format!("  - split: {split}\n    path: data/{split}.parquet\n")).collect();
    let rows: Vec<String> = tally.splits.iter().map(|(split, count)| format!("| {split} | {count} |\n")).collect();
    let origin = match tally.foreign {
        0 => "Fake Japanese breach notices, made by owabi with exact labels: no incident, organisation or person in them is real.",
        foreign if foreign == tally.documents => {
            "Labelled Japanese breach notices. Before you publish them, say here where they come from and fill in the licence."
        }
        _ => {
            "Labelled Japanese breach notices, some of them made by owabi. Before you publish them, say here where the others come from and fill in the licence."
        }
    };
    let disjoint = "Generated splits share no template and no phrase, so that a model cannot score by knowing a skeleton by heart.";
    include_str!("../data/card.md")
        .replace("{license}", license)
        .replace("{files}", &files.concat())
        .replace("{size}", size_class(tally.documents))
        .replace("{rows}", &rows.concat())
        .replace("{origin}", origin)
        .replace("{disjoint}", disjoint)
        .replace("{command}", command)
}

/// The classes that hubs know.
fn size_class(documents: u64) -> &'static str {
    match documents {
        0..1_000 => "n<1K",
        1_000..10_000 => "1K<n<10K",
        10_000..100_000 => "10K<n<100K",
        100_000..1_000_000 => "100K<n<1M",
        1_000_000..10_000_000 => "1M<n<10M",
        _ => "10M<n<100M",
    }
}
