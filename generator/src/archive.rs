//! Releases as the keeper of an archive copies them: under a numbered head that holds the title, without letterhead, date line and
//! address in most cases, and with half-width spaces, as text has that went through a web page.

use std::sync::LazyLock;

use memchr::memmem::Finder;
use owabi_corpora::vocabulary::Genre;

use crate::draft::Draft;
use crate::draw::{Draw, Key};
use crate::facts::Facts;
use crate::flags::Flag;
use crate::phrases::{Bank, Said, SlotId};
use crate::profile::Profile;
use crate::slot::Word;
use crate::view::{Scope, View};

/// The source whose documents are posts of an archive (`sources` in `data/kinds.toml`).
const ARCHIVE: &str = "jiken";
/// How an address to write to is asked for.
const CONTACT: &str = "contact_block";
const WIDE: &str = "\u{3000}";
/// Two of the three bytes of the space stand in every kana, so only all three are worth looking for.
static FIND_WIDE: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(WIDE));
/// What is left out with the letterhead.
const LETTERHEAD: [&str; 5] = ["date", "date_right", "to", "from", "from_desk"];

/// Draws whether a document stands in an archive, and what its keeper left out.
pub(crate) fn draw(facts: &mut Facts, profile: &Profile, draw: &mut Draw) {
    let percents = profile.archived.as_ref().map_or([0; 4], |of| [of.percent, of.headless, of.contactless, of.titleless]);
    let release =
        facts.genre != Genre::Unrelated && !facts.kind.row().single && facts.kind.sources().iter().any(|source| source == ARCHIVE);
    let drawn = percents.map(|percent| draw.percent(percent));
    let flags = [Flag::Archived, Flag::ArchivedHeadless, Flag::ArchivedContactless, Flag::ArchivedTitleless];
    for (flag, on) in flags.into_iter().zip(drawn) {
        if release && drawn[0] && on {
            facts.flags.insert(flag);
        }
    }
}

/// A document that gets no head of its own keeps the letterhead and the title.
pub(crate) fn keep_head(facts: &mut Facts) {
    facts.flags.remove(Flag::ArchivedHeadless);
    facts.flags.remove(Flag::ArchivedTitleless);
}

/// Under which flag the keeper left a slot out.
pub(crate) fn left_out(slot: &str) -> Option<Flag> {
    let left_out = [(Flag::ArchivedHeadless, &LETTERHEAD[..]), (Flag::ArchivedContactless, &[CONTACT])];
    left_out.into_iter().find(|(_, slots)| slots.contains(&slot)).map(|(flag, _)| flag)
}

/// Writes the head under which a document stands in the archive, and tells its phrase.
pub(crate) fn head(title: &str, view: &View<'_>, key: &Key, bank: &Bank, draft: &mut Draft, out: &mut String) -> Option<Said> {
    let facts = view.facts;
    let published = facts.timeline.published?;
    let draw = &mut key.stage("archive");
    let number = format!("{}-{:03}", published.year(), draw.between(1, 480));
    let said = bank.pick(facts.kind, *ARCHIVE_HEAD, &facts.flags, &[], draw)?;
    let start = draft.text.len();
    bank.write(said, &Scope::of(view, &[(Word::Number, &number), (Word::Title, title)]), draw, draft);
    out.extend([draft.text[start..].trim_end(), "\n\n"]);
    draft.text.truncate(start);
    Some(said)
}

static ARCHIVE_HEAD: LazyLock<Option<SlotId>> = LazyLock::new(|| SlotId::of("archive_head"));

/// Writes a piece of a text with half-width spaces, and none of the wide ones that indent lines.
pub(crate) fn half_width(text: &str, out: &mut String) {
    let mut done = 0;
    for at in FIND_WIDE.find_iter(text.as_bytes()) {
        out.push_str(&text[done..at]);
        done = at + WIDE.len();
        if !out.is_empty() && !out.ends_with('\n') {
            out.push(' ');
        }
    }
    out.push_str(&text[done..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_spaces_become_narrow_and_do_not_indent() {
        for head in ["", "題\n\n"] {
            let mut out = head.to_owned();
            ["　　甲　乙　\n　", "　丙\n\n　", "丁"].iter().for_each(|piece| half_width(piece, &mut out));
            assert_eq!(out, format!("{head}甲 乙 \n丙\n\n丁"));
        }
    }
}
