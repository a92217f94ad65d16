//! The slices that a document belongs to: by what it is, how it was made, how long it is.

use owabi_corpora::Record;

/// Upper ends of the classes of length, in code points.
const LENGTHS: [(usize, &str); 5] =
    [(500, "1 to 499"), (1000, "500 to 999"), (2000, "1000 to 1999"), (4000, "2000 to 3999"), (usize::MAX, "4000 and more")];

/// As (dimension, value). A dimension that the gold says nothing about is absent.
pub(crate) fn slices(gold: &Record) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    if let Some(provenance) = &gold.provenance {
        found.push(("kind", provenance.kind.clone()));
        found.push(("difficulty", provenance.difficulty.to_string()));
        found.extend(provenance.perturbations.iter().map(|one| ("perturbation", one.clone())));
    }
    if let Some(genre) = gold.labels.genre {
        found.push(("genre", genre.to_string()));
    }
    if gold.labels.causes.is_some() {
        found.push(("cause", gold.labels.primary_cause().map_or("none", |cause| cause.id()).to_owned()));
    }
    let length = gold.text.chars().count();
    found.extend(LENGTHS.iter().find(|(end, _)| length < *end).map(|(_, name)| ("length", (*name).to_owned())));
    found
}
