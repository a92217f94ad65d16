//! Releases as the keeper of an archive copies them: under a numbered head that holds the title, without letterhead, date line and
//! address in most cases, and with half-width spaces, as text has that went through a web page.

use owabi_corpora::vocabulary::Genre;

use crate::draw::{Draw, Key};
use crate::facts::Facts;
use crate::generator::Document;
use crate::phrases::Bank;
use crate::profile::Profile;
use crate::spell;

/// The source whose documents are posts of an archive (`sources` in `data/kinds.toml`).
const ARCHIVE: &str = "jiken";
/// What is left out with the letterhead.
const LETTERHEAD: [&str; 5] = ["date", "date_right", "to", "from", "from_desk"];

/// Draws whether a document stands in an archive, and what its keeper left out.
pub(crate) fn draw(facts: &mut Facts, profile: &Profile, draw: &mut Draw) {
    let percents = profile.archived.as_ref().map_or([0; 4], |of| [of.percent, of.headless, of.contactless, of.titleless]);
    let release =
        facts.genre != Genre::Unrelated && !facts.kind.row().single && facts.kind.sources().iter().any(|source| source == ARCHIVE);
    let drawn = percents.map(|percent| draw.percent(percent));
    for (flag, on) in ["archived", "archived_headless", "archived_contactless", "archived_titleless"].into_iter().zip(drawn) {
        if release && drawn[0] && on {
            facts.flags.insert(flag.to_owned());
        }
    }
}

/// A document that gets no head of its own keeps the letterhead and the title.
pub(crate) fn keep_head(facts: &mut Facts) {
    facts.flags.remove("archived_headless");
    facts.flags.remove("archived_titleless");
}

/// Whether the keeper left a slot out.
pub(crate) fn leaves_out(facts: &Facts, slot: &str) -> bool {
    let has = |flag: &str| facts.flags.contains(flag);
    LETTERHEAD.contains(&slot) && has("archived_headless") || slot == "contact_block" && has("archived_contactless")
}

/// The marked text as it stands in the archive, and the phrase of its head; as it was for documents that stand in none.
pub(crate) fn copied(document: &Document, key: &Key, bank: &Bank, headed: bool) -> (String, Option<String>) {
    let Document { facts, view, composed, .. } = document;
    if !facts.flags.contains("archived") {
        return (composed.marked.clone(), None);
    }
    let lines: Vec<String> = composed.marked.lines().map(|line| line.trim_start_matches('\u{3000}').replace('\u{3000}', " ")).collect();
    let text = lines.join("\n");
    let draw = &mut key.stage("archive");
    let (Some(published), true) = (facts.timeline.published, headed) else { return (text, None) };
    let mut context = view.context.clone();
    context.insert("number", &format!("{}-{:03}", published.year(), draw.between(1, 480)));
    context.insert("title", &composed.title);
    let Some((id, head)) = bank.say(facts.kind, "archive_head", &facts.flags, &[], &context, draw) else { return (text, None) };
    let mut chosen = String::with_capacity(head.len());
    spell::choose(&head, draw, &mut chosen);
    (format!("{}\n\n{text}", chosen.trim_end()), Some(id))
}
