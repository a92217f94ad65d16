//! Digests: pages of several documents, each under a head of its own or simply below the other.
//!
//! A page walks a skeleton of its kind: what opens the page, what is said of every document, what closes the page. The documents
//! are of the other kinds, each keyed by its place on the page, with facts, style and phrases of its own. What opens the page
//! belongs to its first segment, what closes it to its last, and the white space between two documents to the upper one.

use owabi_corpora::Page;
use owabi_corpora::record::Segment;
use owabi_corpora::vocabulary::Genre;

use crate::archive;
use crate::compose::{self, Composed};
use crate::config::Config;
use crate::draft::Draft;
use crate::draw::{Draw, Key};
use crate::facts::Facts;
use crate::flags::Flags;
use crate::generator::{Made, finish};
use crate::kind::{Kind, kinds};
use crate::phrases::{Bank, Said, SlotId};
use crate::plan::{Plan, Priors};
use crate::profile::Profile;
use crate::skeleton::{Block, Place};
use crate::slot::Word;
use crate::style::Style;
use crate::view::{Scope, View};

/// How many documents stand on a page, both included.
const DOCUMENTS: (u64, u64) = (2, 6);
/// How many of a hundred documents are about no incident.
const UNRELATED: u64 = 30;

/// The priors of a page's documents.
pub(crate) struct Parts {
    incidents: Priors,
    unrelated: Priors,
}

impl Parts {
    pub(crate) fn new(profile: &'static Profile) -> Parts {
        let (unrelated, incidents): (Vec<Kind>, Vec<Kind>) =
            kinds().filter(|kind| !kind.is_page()).partition(|kind| kind.row().genre == Some(Genre::Unrelated));
        Parts { incidents: Priors::new(profile, &incidents), unrelated: Priors::new(profile, &unrelated) }
    }
}

/// Makes the page of a key.
pub(crate) fn make(plan: &Plan, key: &Key, parts: &Parts, config: &Config, bank: &Bank) -> Made {
    let kind = plan.kind;
    let draw = &mut key.stage("digest");
    let skeleton = *draw.pick(bank.skeletons(kind));
    let blocks = &skeleton.blocks;
    let each = |block: &Block| block.place == Place::EachGroup;
    let first = blocks.iter().position(each).unwrap_or_default();
    let last = blocks.iter().rposition(each).unwrap_or_default();

    let mut around = Around { page: kind, key, bank, draft: Draft::default(), phrases: Vec::new() };
    let opening = around.once(&blocks[..first], draw);
    let closing = around.once(&blocks[last + 1..], draw);
    let count = draw.between(DOCUMENTS.0, DOCUMENTS.1);
    let number = draw.between(1, 480);
    let gap = if draw.percent(40) { "\n\n\n" } else { "\n\n" };

    let mut text = String::new();
    let mut segments = Vec::new();
    for place in 0..count {
        let key = key.part(place);
        let unrelated = key.stage("kind").percent(UNRELATED);
        let plan = (if unrelated { &parts.unrelated } else { &parts.incidents }).plan(plan.value_mode, &mut key.stage("plan"));
        let mut facts = Facts::draw(&plan, &key, config);
        archive::keep_head(&mut facts);
        let style = Style::draw(&facts, &mut key.stage("style"));
        let view = View::new(&facts, &style, &mut key.stage("view"));
        let composed = compose::compose(&view, &style, bank, None, &mut key.stage("compose"), &mut around.draft);
        let mut pieces = around.document(&view, composed, &blocks[first..=last], number + place, &mut key.stage("around"));
        if place == 0 {
            pieces.splice(0..0, opening.iter().cloned());
        }
        if place + 1 == count {
            pieces.extend(closing.iter().cloned());
        }
        let end = if place + 1 == count { "" } else { gap };
        let (part, labels) = finish(&(pieces.join("\n\n") + end), &around.draft, &style, &facts);
        segments.push(Segment::at(text.len(), part.len(), labels));
        text.push_str(&part);
    }
    Made { text, page: Page::of(segments), skeleton: &skeleton.id, phrases: around.phrases }
}

/// What a page says around its documents.
struct Around<'a> {
    page: Kind,
    key: &'a Key,
    bank: &'a Bank,
    draft: Draft,
    /// The phrases said so far, those of the documents among them.
    phrases: Vec<Said>,
}

impl Around<'_> {
    /// What is said once: a line or two at the head or foot of the page.
    fn once(&mut self, blocks: &[Block], draw: &mut Draw) -> Vec<String> {
        let mut said = Vec::new();
        for block in blocks {
            if draw.percent(block.percent.into()) {
                said.extend(self.say(block.slot, &Flags::default(), &Scope::nothing(), None, draw));
            }
        }
        said
    }

    /// A document with what stands above and below it.
    fn document(&mut self, view: &View<'_>, composed: Composed, blocks: &[Block], number: u64, draw: &mut Draw) -> Vec<String> {
        let facts = view.facts;
        let Composed { text: document, phrases, .. } = composed;
        let mut given = vec![(Word::Document, document.as_str())];
        let number = facts.timeline.published.map(|published| format!("{}-{number:03}", published.year()));
        given.extend(number.iter().map(|number| (Word::Number, number.as_str())));
        let gist = number.as_ref().and_then(|_| self.say("gist", &facts.flags, &Scope::of(view, &given), None, draw));
        given.extend(gist.iter().map(|gist| (Word::Gist, gist.as_str())));
        let mut pieces = Vec::new();
        for block in blocks {
            let wanted = draw.percent(block.percent.into());
            if wanted && block.when.holds(&facts.flags) {
                // One page has one series and one way to part its documents.
                let house = self.key.stage(block.slot);
                pieces.extend(self.say(block.slot, &Flags::default(), &Scope::of(view, &given), Some(house), draw));
            }
            if block.slot == "document" {
                self.phrases.extend(&phrases);
            }
        }
        pieces
    }

    /// Draws a phrase, from `house` where all documents of the page share it, and its alternatives from `draw`.
    fn say(&mut self, slot: &str, flags: &Flags, scope: &Scope<'_>, house: Option<Draw>, draw: &mut Draw) -> Option<String> {
        let mut house = house;
        let said = self.bank.pick(self.page, SlotId::of(slot), flags, &[], house.as_mut().unwrap_or(draw))?;
        self.phrases.push(said);
        Some(self.bank.say(said, scope, draw, &mut self.draft))
    }
}
