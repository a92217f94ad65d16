//! Releases as the keeper of an archive copies them: under a numbered head that holds the title, without letterhead, date line and
//! address in most cases, and with half-width spaces, as text has that went through a web page.

use owabi_corpora::vocabulary::Genre;

use crate::draw::{Draw, Key};
use crate::facts::Facts;
use crate::phrases::{Bank, Said};
use crate::profile::Profile;
use crate::view::{Scope, View, Word};

/// The source whose documents are posts of an archive (`sources` in `data/kinds.toml`).
const ARCHIVE: &str = "jiken";
/// What is left out with the letterhead.
const CONTACT: &str = "contact_block";
const LETTERHEAD: [&str; 5] = ["date", "date_right", "to", "from", "from_desk"];

/// Draws whether a document stands in an archive, and what its keeper left out.
pub(crate) fn draw(facts: &mut Facts, profile: &Profile, draw: &mut Draw) {
    let percents = profile.archived.as_ref().map_or([0; 4], |of| [of.percent, of.headless, of.contactless, of.titleless]);
    let release =
        facts.genre != Genre::Unrelated && !facts.kind.row().single && facts.kind.sources().iter().any(|source| source == ARCHIVE);
    let drawn = percents.map(|percent| draw.percent(percent));
    for (flag, on) in ["archived", "archived_headless", "archived_contactless", "archived_titleless"].into_iter().zip(drawn) {
        if release && drawn[0] && on {
            facts.flags.insert(flag);
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
    LETTERHEAD.contains(&slot) && has("archived_headless") || slot == CONTACT && has("archived_contactless")
}

/// The marked text as it stands in the archive, and the phrase of its head; as it was for documents that stand in none.
pub(crate) fn copied(marked: String, title: &str, view: &View<'_>, head: Option<(&Key, &Bank)>) -> (String, Option<Said>) {
    let facts = view.facts;
    if !facts.flags.contains("archived") {
        return (marked, None);
    }
    let lines = marked.lines().map(|line| line.trim_start_matches('\u{3000}').replace('\u{3000}', " "));
    let text = lines.collect::<Vec<String>>().join("\n");
    let (Some(published), Some((key, bank))) = (facts.timeline.published, head) else { return (text, None) };
    let draw = &mut key.stage("archive");
    let number = format!("{}-{:03}", published.year(), draw.between(1, 480));
    let Some(said) = bank.pick(facts.kind, "archive_head", &facts.flags, &[], draw) else { return (text, None) };
    let head = bank.say(said, &Scope::of(view, &[(Word::Number, &number), (Word::Title, title)]), draw);
    (format!("{}\n\n{text}", head.trim_end()), Some(said))
}
