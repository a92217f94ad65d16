//! The data card of a corpus. It answers what Datasheets for Datasets (arXiv 1803.09010) ask, and its head is what a dataset hub reads.

use std::collections::BTreeMap;

use owabi_corpora::Summary;
use tera::{Context, Tera};

use crate::generator::Generator;
use crate::kind::{Kind, kinds};
use crate::profile::Profile;
use crate::{REVISION, cover::Coverage};

/// The data card of a corpus, as Markdown. `command` makes the corpus again, `bytes` is the size of its records.
pub fn card(generator: &Generator, summary: &Summary, coverage: Option<&Coverage<'_>>, command: &str, bytes: u64) -> String {
    let config = generator.config();
    let mut context = Context::new();
    let mut text = |key: &'static str, value: String| context.insert(key, &value);
    text("command", command.to_owned());
    text("canonical", config.canonical());
    text("hash", generator.hash().to_owned());
    text("split", config.split.to_string());
    text("values", config.values.to_string());
    text("megabytes", format!("{}.{}", bytes / 1_000_000, bytes / 100_000 % 10));
    text("coverage", coverage.map(ToString::to_string).unwrap_or_default());
    text("profile", config.profile.clone());
    text("about", Profile::from_id(&config.profile).map(|profile| profile.about.clone()).unwrap_or_default());
    context.insert("figures", &Profile::from_id(&config.profile).map(Profile::figures).unwrap_or_default());
    context.insert("revision", &REVISION);
    context.insert("seed", &config.seed);
    context.insert("size", size_class(summary.documents));
    context.insert("mean", &(summary.characters / summary.documents.max(1)));
    context.insert("documents", &summary.documents);
    context.insert("characters", &summary.characters);
    // Lists of pairs: a template's maps have no order to rely on.
    let row = |kind: Kind| summary.kinds.get(kind.id()).map(|count| (kind.id(), *count, kind.sources().join(", ")));
    context.insert("kinds", &kinds().filter_map(row).collect::<Vec<_>>());
    context.insert("modes", &Vec::from_iter(&summary.value_modes));
    context.insert("categories", &Vec::from_iter(&summary.categories));
    context.insert("tables", &tables(summary));
    let mut tera = Tera::default();
    tera.autoescape_on(Vec::<&str>::new());
    let made = tera.add_raw_template("card.md", include_str!("../data/card.md")).and_then(|()| tera.render("card.md", &context));
    // The template is committed and rendered by a test.
    made.unwrap_or_else(|error| panic!("generator/data/card.md: {error}"))
}

/// What is counted, in what unit, and how many of each.
type Table = (&'static str, &'static str, Vec<(String, u64)>);

/// What the card counts; what does not occur has no table.
fn tables(summary: &Summary) -> Vec<Table> {
    fn rows<K: ToString>(counts: &BTreeMap<K, u64>) -> Vec<(String, u64)> {
        counts.iter().map(|(key, count)| (key.to_string(), *count)).collect()
    }
    let mut values: BTreeMap<&str, u64> = BTreeMap::new();
    for ((kind, _), [all, _]) in &summary.values {
        *values.entry(kind).or_default() += all;
    }
    let mut tables = vec![
        ("cause", "documents", rows(&summary.causes)),
        ("genre", "documents", rows(&summary.genres)),
        ("exposure", "documents", rows(&summary.exposures)),
        ("difficulty", "documents", rows(&summary.difficulties)),
        ("perturbation", "documents", rows(&summary.perturbations)),
        ("asserts nothing, as", "mentions", rows(&summary.distractors)),
        ("value in the text", "mentions", rows(&values)),
    ];
    tables.retain(|(.., rows)| !rows.is_empty());
    tables
}

/// The classes that dataset hubs know.
fn size_class(documents: u64) -> &'static str {
    match documents {
        0..1_000 => "n<1K",
        1_000..10_000 => "1K<n<10K",
        10_000..100_000 => "10K<n<100K",
        100_000..1_000_000 => "100K<n<1M",
        1_000_000..10_000_000 => "1M<n<10M",
        10_000_000..100_000_000 => "10M<n<100M",
        _ => "100M<n<1B",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Config;

    #[test]
    fn the_card_tells_figures_command_and_sources() {
        let config = Config { seed: 7, profile: "privacy_mark".to_owned(), ..Config::default() };
        let generator = Generator::new(config.clone()).unwrap();
        let mut summary = Summary::default();
        (0..30).for_each(|index| summary.add(&generator.record(index)));
        let card = card(&generator, &summary, None, "owabi generate --seed 7 …", 1_234_567);
        for told in ["30 documents", "JIPDEC FY2024: 誤送信 29.4 %", "    owabi generate --seed 7 …", "1.2 MB", generator.hash(), "cc0-1.0"]
        {
            assert!(card.contains(told), "{told} is missing in\n{card}");
        }
        let rows: Vec<&str> =
            card.lines().skip_while(|line| !line.starts_with("| category")).skip(2).take_while(|line| line.len() > 1).collect();
        assert!(rows.is_sorted() && rows.len() == summary.categories.len(), "{rows:?}");
        assert!(!card.contains("{{") && !card.contains("\n\n\n"), "{card}");
    }
}
