//! Skeletons: `data/skeletons/KIND.toml`, the order in which a document says things.
//!
//! A skeleton is a list of blocks, each one string:
//!
//! | block | meaning |
//! |---|---|
//! | `slot` | a paragraph |
//! | `+slot` | a further sentence of the paragraph before |
//! | `^slot` | the title |
//! | `~slot/slot` | paragraphs in the order of their days, so that a later report never stands before an earlier one |
//! | `%slot` | the timeline: every day that is known in its order, each with the phrase of `slot_ROLE` |
//! | `&slot` | the paragraph of that slot again, word for word |
//! | `=slot` | a line of the head or the foot: never indented |
//! | `# slot`, `## slot` | a heading of the first or second level; dropped when nothing follows it |
//! | `*slot` | a paragraph for every group of people; in a digest for every document |
//! | … ` @flag`, ` @!flag` | only when the facts have the flag, or do not |
//! | … ` ?60` | in 60 of 100 documents |

use std::sync::LazyLock;

use owabi_corpora::vocabulary::Split;
use serde::Deserialize;

use crate::flags::{Flag, When};
use crate::kind::{Kind, kinds};
use crate::phrases::{Bank, SlotId};
use crate::slot::TIMELINE;
use crate::{archive, data};

/// The ids of all skeletons of a split, such as `ec_skimming/3`.
pub fn skeleton_ids(split: Split) -> Vec<String> {
    let rows = FILES.iter().flat_map(|(kind, file)| file.skeleton.iter().map(move |row| (kind, row)));
    rows.filter(|(_, row)| row.split == split).map(|(kind, row)| format!("{kind}/{}", row.id)).collect()
}

/// The slots that some skeleton asks for and that no phrase of its split could ever fill. A test keeps it empty.
pub fn unfilled_slots() -> Vec<String> {
    let mut unfilled = Vec::new();
    for split in Split::all() {
        let bank = Bank::new(split);
        for kind in kinds() {
            for skeleton in of(kind, split) {
                let blocks = skeleton.blocks.iter().filter(|block| block.place != Place::Timeline);
                let slots = blocks.flat_map(|block| block.slot.split('/'));
                let missing = slots.filter(|slot| !bank.has(kind, slot));
                unfilled.extend(missing.map(|slot| format!("{kind}: {}: {slot}", skeleton.id)));
            }
        }
    }
    unfilled
}

/// The flags that blocks ask for, with `!` before those that must not be set.
pub(crate) fn flags() -> impl Iterator<Item = &'static str> {
    let rows = FILES.iter().flat_map(|(_, file)| &file.skeleton);
    rows.flat_map(|row| &row.blocks).flat_map(|block| block.split(' ').filter_map(|word| word.strip_prefix('@')))
}

/// One skeleton as the file holds it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: u32,
    split: Split,
    blocks: Vec<String>,
}

/// One skeleton, read.
#[derive(Debug)]
pub(crate) struct Skeleton {
    /// Such as `ec_skimming/3`.
    pub(crate) id: String,
    split: Split,
    pub(crate) blocks: Vec<Block>,
}

/// One block, read. Documents pass dozens of them, so they are kept small.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Block {
    pub(crate) place: Place,
    pub(crate) slot: &'static str,
    /// The slot's number.
    pub(crate) id: Option<SlotId>,
    /// Of `~slot/slot` each with its name; of `%slot` what it says of each day of [`TIMELINE`].
    pub(crate) listed: Vec<(&'static str, Option<SlotId>)>,
    pub(crate) when: When,
    pub(crate) percent: u8,
    /// Whether a later block says the same again.
    pub(crate) comes_again: bool,
    /// Whether nothing else asks for the slot, so that none of its phrases can have been said before.
    pub(crate) asks_alone: bool,
    /// Under which flag the keeper of an archive leaves it out.
    pub(crate) left_out: Option<Flag>,
}

/// Where a block goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Paragraph,
    Sentence,
    Line,
    Heading(u8),
    EachGroup,
    Title,
    Timeline,
    InOrder,
    Again,
}

impl Block {
    fn parse(block: &'static str) -> Block {
        let (place, rest) = if let Some(rest) = block.strip_prefix("## ") {
            (Place::Heading(2), rest)
        } else if let Some(rest) = block.strip_prefix("# ") {
            (Place::Heading(1), rest)
        } else if let Some(rest) = block.strip_prefix('+') {
            (Place::Sentence, rest)
        } else if let Some(rest) = block.strip_prefix('&') {
            (Place::Again, rest)
        } else if let Some(rest) = block.strip_prefix('=') {
            (Place::Line, rest)
        } else if let Some(rest) = block.strip_prefix('^') {
            (Place::Title, rest)
        } else if let Some(rest) = block.strip_prefix('~') {
            (Place::InOrder, rest)
        } else if let Some(rest) = block.strip_prefix('%') {
            (Place::Timeline, rest)
        } else if let Some(rest) = block.strip_prefix('*') {
            (Place::EachGroup, rest)
        } else {
            (Place::Paragraph, block)
        };
        let (slot, words) = rest.split_once(' ').unwrap_or((rest, ""));
        let when = When::new(words.split(' ').filter_map(|word| word.strip_prefix('@')));
        let percent = words.split(' ').find_map(|word| word.strip_prefix('?')).map_or(100, |percent| percent.parse().unwrap_or(100));
        let listed = match place {
            Place::InOrder => slot.split('/').map(|slot| (slot, SlotId::of(slot))).collect(),
            Place::Timeline => TIMELINE.map(|(role, _)| (role, SlotId::of(&format!("{slot}_{role}")))).into(),
            _ => Vec::new(),
        };
        Block {
            place,
            slot,
            id: SlotId::of(slot),
            listed,
            when,
            percent,
            comes_again: false,
            asks_alone: false,
            left_out: archive::left_out(slot),
        }
    }

    /// The slots that it asks for.
    fn slots(&self) -> impl Iterator<Item = SlotId> {
        std::iter::once(self.id).chain(self.listed.iter().map(|(_, slot)| *slot)).flatten()
    }
}

impl Skeleton {
    fn read(kind: &str, row: &'static Row) -> Skeleton {
        let mut blocks: Vec<Block> = row.blocks.iter().map(|block| Block::parse(block)).collect();
        let again: Vec<&str> = blocks.iter().filter(|block| block.place == Place::Again).map(|block| block.slot).collect();
        blocks.iter_mut().for_each(|block| block.comes_again = again.contains(&block.slot));
        // The noun of the cause is asked for by none of them, but before them all.
        let asked: Vec<SlotId> = blocks.iter().flat_map(Block::slots).chain(SlotId::of("cause_noun")).collect();
        let once = |slot: SlotId| asked.iter().filter(|asked| **asked == slot).count() == 1;
        blocks.iter_mut().for_each(|block| block.asks_alone = block.id.is_some_and(once));
        Skeleton { id: format!("{kind}/{}", row.id), split: row.split, blocks }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    skeleton: Vec<Row>,
}

static FILES: LazyLock<Vec<(&'static str, File)>> = LazyLock::new(|| {
    [
        ("agency_faq", include_str!("../data/skeletons/agency_faq.toml")),
        ("cloud_access_key", include_str!("../data/skeletons/cloud_access_key.toml")),
        ("consultant_post", include_str!("../data/skeletons/consultant_post.toml")),
        ("credential_stuffing", include_str!("../data/skeletons/credential_stuffing.toml")),
        ("ddos_outage", include_str!("../data/skeletons/ddos_outage.toml")),
        ("defacement", include_str!("../data/skeletons/defacement.toml")),
        ("digest", include_str!("../data/skeletons/digest.toml")),
        ("ec_skimming", include_str!("../data/skeletons/ec_skimming.toml")),
        ("first_report", include_str!("../data/skeletons/first_report.toml")),
        ("followup_measures", include_str!("../data/skeletons/followup_measures.toml")),
        ("individual_letter", include_str!("../data/skeletons/individual_letter.toml")),
        ("inquiry_report", include_str!("../data/skeletons/inquiry_report.toml")),
        ("insider", include_str!("../data/skeletons/insider.toml")),
        ("internal_report", include_str!("../data/skeletons/internal_report.toml")),
        ("listed_company_disclosure", include_str!("../data/skeletons/listed_company_disclosure.toml")),
        ("loss_report", include_str!("../data/skeletons/loss_report.toml")),
        ("mail_takeover", include_str!("../data/skeletons/mail_takeover.toml")),
        ("media_loss", include_str!("../data/skeletons/media_loss.toml")),
        ("misconfiguration", include_str!("../data/skeletons/misconfiguration.toml")),
        ("missent_or_misdelivered", include_str!("../data/skeletons/missent_or_misdelivered.toml")),
        ("municipal_apology", include_str!("../data/skeletons/municipal_apology.toml")),
        ("news_brief", include_str!("../data/skeletons/news_brief.toml")),
        ("personal_blog", include_str!("../data/skeletons/personal_blog.toml")),
        ("phishing_sent_from_us", include_str!("../data/skeletons/phishing_sent_from_us.toml")),
        ("ransomware_report", include_str!("../data/skeletons/ransomware_report.toml")),
        ("regulator_guidance", include_str!("../data/skeletons/regulator_guidance.toml")),
        ("server_intrusion", include_str!("../data/skeletons/server_intrusion.toml")),
        ("support_scam_notice", include_str!("../data/skeletons/support_scam_notice.toml")),
        ("university_malware", include_str!("../data/skeletons/university_malware.toml")),
        ("unrelated", include_str!("../data/skeletons/unrelated.toml")),
        ("wrong_publication", include_str!("../data/skeletons/wrong_publication.toml")),
    ]
    .map(|(kind, text)| (kind, data::toml(&format!("skeletons/{kind}.toml"), text)))
    .into()
});

/// Those of each kind, in the order of the kinds.
static SKELETONS: LazyLock<Vec<Vec<Skeleton>>> = LazyLock::new(|| {
    let of = |kind: Kind| FILES.iter().filter(move |(id, _)| *id == kind.skeletons());
    let read = |kind: Kind| of(kind).flat_map(|(id, file)| file.skeleton.iter().map(|row| Skeleton::read(id, row))).collect();
    kinds().map(read).collect()
});

/// The skeletons of a kind and split, in their order.
pub(crate) fn of(kind: Kind, split: Split) -> impl Iterator<Item = &'static Skeleton> {
    SKELETONS[kind.index()].iter().filter(move |skeleton| skeleton.split == split)
}

/// Whether some skeleton of a kind asks for a slot: a timeline by the roles of its days, a page for the gist of its documents, and
/// every kind for the annex in which leaked rows stand for the noun of its cause and for its head in an archive.
pub(crate) fn asks(kind: Kind, slot: &str) -> bool {
    let asked = |block: &Block| match block.place {
        Place::Timeline => slot.strip_prefix(block.slot).is_some_and(|role| role.starts_with('_')),
        _ => block.slot.split('/').any(|of| of == slot),
    };
    let mut blocks = SKELETONS[kind.index()].iter().flat_map(|skeleton| &skeleton.blocks);
    matches!(slot, "annex" | "archive_head" | "cause_noun") || kind.is_page() && slot == "gist" || blocks.any(asked)
}
