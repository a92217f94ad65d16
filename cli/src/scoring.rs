//! How answers are scored: flags for every command that scores.

use std::path::Path;

use owabi_harness::{Draws, LabelMap, Settings, label_map};

use crate::error::Error;
use crate::input::read_utf8;

#[derive(clap::Args)]
pub(crate) struct Scoring {
    /// What the labels of the detector's own findings mean: `presidio`, `google`, `purview`, or a TOML file. Categories that it does
    /// not tell apart are scored as one, those that it has no label for are not scored
    #[arg(long, value_name = "MAP")]
    label_map: Option<String>,
    /// How much more recall counts than precision in F-beta
    #[arg(long, value_name = "B", default_value_t = 2.0, value_parser = positive)]
    beta: f64,
    /// The share of documents with a leak where the detector is to work, such as 0.001: says how many of its reports will be right there
    #[arg(long, value_name = "SHARE", value_parser = share)]
    prevalence: Option<f64>,
    /// What the intervals draw: documents, or skeletons (the templates of synthetic documents), as if others could have been written
    #[arg(long, value_name = "WHAT", default_value_t = Draws::Document, value_parser = draws)]
    interval_by: Draws,
}

impl Scoring {
    pub(crate) fn settings(&self) -> Result<Settings, Error> {
        let map = self.label_map.as_deref().map(named).transpose()?.unwrap_or_else(LabelMap::own);
        Ok(Settings { map, beta: self.beta, prevalence: self.prevalence, by: self.interval_by, ..Settings::default() })
    }
}

/// A map that comes with owabi goes before a file of its name.
fn named(name: &str) -> Result<LabelMap, Error> {
    match label_map::SHIPPED.iter().find(|(known, _)| *known == name) {
        Some((_, text)) => LabelMap::parse(name, text),
        None if !name.contains(['.', '/', '\\']) && !Path::new(name).exists() => {
            let known: Vec<&str> = label_map::SHIPPED.iter().map(|(known, _)| *known).collect();
            Err(format!("--label-map: no map is called `{name}`; name a TOML file, or one of: {}", known.join(", ")))
        }
        None => read_utf8(Path::new(name)).and_then(|text| LabelMap::parse(name, &text)),
    }
    .map_err(Error::Input)
}

fn positive(text: &str) -> Result<f64, String> {
    text.parse().ok().filter(|value| *value > 0.0 && f64::is_finite(*value)).ok_or_else(|| "a number above 0 is wanted".to_owned())
}

fn share(text: &str) -> Result<f64, String> {
    text.parse().ok().filter(|value| *value > 0.0 && *value < 1.0).ok_or_else(|| "a number between 0 and 1 is wanted".to_owned())
}

fn draws(text: &str) -> Result<Draws, String> {
    text.parse().map_err(|_| "valid are `document` and `skeleton`".to_owned())
}
