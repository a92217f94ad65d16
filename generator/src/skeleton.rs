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

use crate::data;
use crate::kind::{Kind, kinds};
use crate::phrases::Bank;

/// The ids of all skeletons of a split, such as `ec_skimming/3`.
pub fn skeleton_ids(split: Split) -> Vec<String> {
    SKELETONS
        .iter()
        .flat_map(|(kind, file)| {
            file.skeleton.iter().filter(move |skeleton| skeleton.split == split).map(move |skeleton| format!("{kind}/{}", skeleton.id))
        })
        .collect()
}

/// The slots that some skeleton asks for and that no phrase of its split could ever fill. A test keeps it empty.
pub fn unfilled_slots() -> Vec<String> {
    let mut unfilled = Vec::new();
    for split in Split::all() {
        let bank = Bank::new(split);
        for kind in kinds() {
            for skeleton in of(kind, split) {
                let blocks = skeleton.blocks.iter().map(|block| Block::parse(block));
                let slots = blocks.filter(|block| block.place != Place::Timeline).flat_map(|block| block.slot.split('/'));
                let missing = slots.filter(|slot| !bank.has(kind, slot));
                unfilled.extend(missing.map(|slot| format!("{kind}/{}: {slot}", skeleton.id)));
            }
        }
    }
    unfilled
}

/// One skeleton as the file holds it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Skeleton {
    pub(crate) id: u32,
    pub(crate) split: Split,
    pub(crate) blocks: Vec<String>,
}

/// One block, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Block<'s> {
    pub(crate) place: Place,
    pub(crate) slot: &'s str,
    pub(crate) flags: Vec<&'s str>,
    pub(crate) percent: u64,
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

impl<'s> Block<'s> {
    pub(crate) fn parse(block: &'s str) -> Block<'s> {
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
        let mut words = rest.split(' ');
        let mut read = Block { place, slot: words.next().unwrap_or_default(), flags: vec![], percent: 100 };
        for word in words {
            match (word.strip_prefix('@'), word.strip_prefix('?')) {
                (Some(flag), _) => read.flags.push(flag),
                (_, Some(percent)) => read.percent = percent.parse().unwrap_or(100),
                _ => {}
            }
        }
        read
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    skeleton: Vec<Skeleton>,
}

static SKELETONS: LazyLock<Vec<(&'static str, File)>> = LazyLock::new(|| {
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

/// The skeletons of a kind and split, in their order.
pub(crate) fn of(kind: Kind, split: Split) -> Vec<&'static Skeleton> {
    let files = SKELETONS.iter().filter(|(id, _)| *id == kind.skeletons());
    files.flat_map(|(_, file)| &file.skeleton).filter(|skeleton| skeleton.split == split).collect()
}

/// Whether some skeleton of a kind asks for a slot: a timeline by the roles of its days, a page for the gist of its documents, and
/// every kind for the annex in which leaked rows stand for the noun of its cause and for its head in an archive.
pub(crate) fn asks(kind: Kind, slot: &str) -> bool {
    let asked = |block: &Block<'_>| match block.place {
        Place::Timeline => slot.strip_prefix(block.slot).is_some_and(|role| role.starts_with('_')),
        _ => block.slot.split('/').any(|of| of == slot),
    };
    let files = SKELETONS.iter().filter(|(id, _)| *id == kind.skeletons());
    let mut blocks = files.flat_map(|(_, file)| &file.skeleton).flat_map(|skeleton| &skeleton.blocks);
    matches!(slot, "annex" | "archive_head" | "cause_noun")
        || kind.is_page() && slot == "gist"
        || blocks.any(|block| asked(&Block::parse(block)))
}
