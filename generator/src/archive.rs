//! Releases as the keeper of an archive copies them: under a numbered head that holds the title, without letterhead, date line and
//! address in most cases, and with half-width spaces, as text has that went through a web page.

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

/// The slots that the keeper left out.
pub(crate) fn left_out(facts: &Facts) -> impl Iterator<Item = &'static str> {
    let left = [(Flag::ArchivedHeadless, &LETTERHEAD[..]), (Flag::ArchivedContactless, &[CONTACT])];
    let left = left.map(|(flag, slots)| if facts.flags.has(flag) { slots } else { &[] });
    left.into_iter().flatten().copied()
}

/// The text as it stands in the archive, and the phrase of its head; as it was for documents that stand in none.
pub(crate) fn copied(text: String, title: &str, view: &View<'_>, head: Option<(&Key, &Bank)>, draft: &mut Draft) -> (String, Option<Said>) {
    let facts = view.facts;
    if !facts.flags.has(Flag::Archived) {
        return (text, None);
    }
    let text = half_width(&text);
    let (Some(published), Some((key, bank))) = (facts.timeline.published, head) else { return (text, None) };
    let draw = &mut key.stage("archive");
    let number = format!("{}-{:03}", published.year(), draw.between(1, 480));
    let Some(said) = bank.pick(facts.kind, SlotId::of("archive_head"), &facts.flags, &[], draw) else { return (text, None) };
    let head = bank.say(said, &Scope::of(view, &[(Word::Number, &number), (Word::Title, title)]), draw, draft);
    (format!("{}\n\n{text}", head.trim_end()), Some(said))
}

/// A text with half-width spaces, and none of the wide ones that indent lines.
fn half_width(text: &str) -> String {
    let text = text.strip_suffix('\n').unwrap_or(text);
    let (mut out, mut done) = (String::with_capacity(text.len()), 0);
    // Two of the three bytes of the space stand in every kana, so only all three are worth looking for.
    for at in memchr::memmem::find_iter(text.as_bytes(), WIDE) {
        out.push_str(&text[done..at]);
        done = at + WIDE.len();
        if !out.is_empty() && !out.ends_with('\n') {
            out.push(' ');
        }
    }
    out.push_str(&text[done..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_spaces_become_narrow_and_do_not_indent() {
        assert_eq!(half_width("　　甲　乙　\n　　丙\n\n　丁\n"), "甲 乙 \n丙\n\n丁");
    }
}
