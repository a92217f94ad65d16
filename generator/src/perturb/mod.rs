//! Perturbations: small changes of a finished record that a detector should take without harm, or answer in a known way.
//!
//! ```
//! use owabi_generator::perturb::{Expectation, Perturbations};
//! use owabi_generator::{Config, Generator};
//!
//! let generator = Generator::new(Config { seed: 42, ..Config::default() }).unwrap();
//! let base = generator.record(17);
//! let with: Perturbations = "nfkc,line_wrap".parse().unwrap();
//! let record = with.apply(&base, 0);
//! assert_eq!(record.id, format!("{}+nfkc+line_wrap", base.id));
//! assert_eq!(record.provenance.unwrap().base_id, Some(base.id));
//! assert!(with.iter().all(|one| one.expectation() == Expectation::Inv));
//! ```
//!
//! A perturbation is a pure function of the record and a seed: it draws from a generator keyed by the record's id. So a file that
//! is perturbed afterwards equals one that was generated with `--perturb`. It knows no template: it sees the text and the labels,
//! and any record will do.
//!
//! Each returns edits, and only [`owabi_corpora::edits::apply`] changes text and moves spans. Pages keep their segments.
//!
//! What does not apply to a record, such as `order` where there is no list, leaves it as it is and is not listed.

use std::fmt;
use std::str::FromStr;

use owabi_corpora::record::{Labels, Record};
use owabi_corpora::vocabulary::{Exposure, Status};
use owabi_corpora::{Category, Span, edits, page};
use serde_json::Value;

use crate::difficulty;
use crate::draw::{Draw, Key};

mod dates;
mod encodings;
mod html;
mod invisible;
mod marks;
mod mojibake;
mod negation;
mod numerals;
mod ocr;
mod order;
mod other_incident;
mod shown;
mod spacing;
mod synonyms;
mod text;
mod truncate;
mod width;
mod wrap;

pub use encodings::{ENCODING, encode};
pub(crate) use truncate::cut;

/// What a perturbation does to the labels, in the sense of CheckList (Ribeiro et al., ACL 2020).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Expectation {
    /// All labels stay, only their positions move: whoever reads the notice right goes on reading it right.
    Inv,
    /// The labels change as [`Perturbation::about`] says, and the perturbed record carries the changed ones.
    Dir,
}

impl Expectation {
    /// The id used in reports.
    pub fn id(self) -> &'static str {
        match self {
            Expectation::Inv => "INV",
            Expectation::Dir => "DIR",
        }
    }
}

impl fmt::Display for Expectation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.id())
    }
}

/// One perturbation.
#[derive(Clone, Copy)]
pub struct Perturbation(&'static Row);

struct Row {
    id: &'static str,
    expectation: Expectation,
    about: &'static str,
    change: fn(&Record, &mut Draw) -> Option<Change>,
}

/// What a perturbation wants changed.
#[derive(Default)]
struct Change {
    edits: Vec<edits::Edit>,
    /// Mentions that say something else afterwards.
    flips: Vec<Flip>,
    /// The encoding in which the text is to be written.
    encoding: Option<&'static str>,
}

/// A mention of the old text and its new status.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Flip {
    category: Category,
    span: Span,
    status: Status,
}

impl Change {
    /// Nothing to edit is nothing to do.
    fn of(edits: Vec<edits::Edit>) -> Option<Change> {
        (!edits.is_empty()).then(|| Change { edits, ..Change::default() })
    }
}

macro_rules! table {
    ($($id:literal $expectation:ident $change:path, $about:literal;)+) => {
        static ALL: &[Row] =
            &[$(Row { id: $id, expectation: Expectation::$expectation, about: $about, change: $change }),+];
    };
}

table! {
    "nfkc" Inv width::change, "full-width or half-width characters, or the Kangxi radicals of PDF copies: the same after NFKC";
    "spacing" Inv spacing::change, "spaces around digits, in short words and titles, at the start of paragraphs";
    "line_wrap" Inv wrap::change, "lines broken at one width, in the middle of words, as copies from PDF have them";
    "ocr" Inv ocr::change, "characters misread for others that look alike; dates, figures, names and values are spared";
    "html" Inv html::change, "the notice as a web page's source: tags, entities, what stands around it; the labels stay on the text";
    "wareki" Inv dates::change, "years in the Japanese calendar";
    "kanji_numerals" Inv numerals::change, "numbers before a counter in kanji, as in vertical writing";
    "synonyms" Inv synonyms::change, "words and phrases replaced by others that say the same";
    "order" Inv order::change, "the items of lists in another order";
    "mojibake" Inv mojibake::change, "characters lost on the way, and a line that was read in the wrong encoding; no fact is hit";
    "zero_width" Inv invisible::change, "characters that nobody sees: zero-width spaces and joiners, soft hyphens, variation selectors";
    "shift_jis" Inv encodings::shift_jis, "to be written in Shift_JIS (windows-31j); what it lacks is replaced";
    "euc_jp" Inv encodings::euc_jp, "to be written in EUC-JP; what it lacks is replaced";
    "iso_2022_jp" Inv encodings::iso_2022_jp, "to be written in ISO-2022-JP; what it lacks is replaced";
    "negation_flip" Dir negation::change, "a clause that denies says the contrary: its mentions become what it now says, and exposure follows";
    "other_incident" Dir other_incident::change, "a paragraph about another organisation's breach: its mentions are added as distractors";
    "truncate" Dir truncate::change, "the text ends early: what was said behind goes, and with it each item without a mention left";
    "value_shown" Dir shown::change, "beside a mention stands a value of its kind: one exhibited value is added";
}

impl Perturbation {
    /// All of them: those that change nothing but the text first.
    pub fn all() -> impl Iterator<Item = Perturbation> {
        ALL.iter().map(Perturbation)
    }

    /// The id used in flags, record ids and provenance.
    pub fn id(self) -> &'static str {
        self.0.id
    }

    /// Whether labels stay.
    pub fn expectation(self) -> Expectation {
        self.0.expectation
    }

    /// What it does, in a line; for [`Expectation::Dir`] also how the labels change.
    pub fn about(self) -> &'static str {
        self.0.about
    }

    /// Whether it says in which encoding the text is to be written.
    pub fn is_encoding(self) -> bool {
        encodings::IDS.contains(&self.id())
    }

    /// The perturbed record, or nothing where the perturbation does not apply.
    pub fn apply(self, record: &Record, seed: u64) -> Option<Record> {
        let mut draw = Key::new(seed, record.id.as_str(), 0).stage(&format!("perturb/{}", self.id()));
        let change = (self.0.change)(record, &mut draw)?;
        let mut relabelled = record.clone();
        every_labels(&mut relabelled, |labels| flip(labels, &change.flips));
        // Edits are made in order; a record whose own spans are broken may still make one that cannot be applied.
        let mut changed = edits::apply(&relabelled, &change.edits).ok()?;
        if self.expectation() == Expectation::Dir {
            every_labels(&mut changed, settle);
            unite(&mut changed);
        }
        if let Some(encoding) = change.encoding {
            changed.extra.0.insert(ENCODING.to_owned(), encoding.into());
        }
        changed.id = format!("{}+{}", record.id, self.id());
        self.note(&mut changed, &record.id);
        Some(changed)
    }

    /// Writes down where the record comes from: in its provenance, or in keys of our own where a foreign record has none.
    fn note(self, record: &mut Record, base: &str) {
        match &mut record.provenance {
            Some(provenance) => {
                provenance.base_id.get_or_insert_with(|| base.to_owned());
                provenance.perturbations.push(self.id().to_owned());
            }
            None => {
                record.extra.0.entry("x_base_id".to_owned()).or_insert_with(|| base.into());
                let list = record.extra.0.entry("x_perturbations".to_owned()).or_insert_with(|| Value::Array(vec![]));
                if let Value::Array(list) = list {
                    list.push(self.id().into());
                }
            }
        }
        let level = difficulty::difficulty(record);
        if let Some(provenance) = &mut record.provenance {
            provenance.difficulty = level;
        }
    }
}

impl fmt::Debug for Perturbation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Perturbation").field(&self.id()).finish()
    }
}

impl PartialEq for Perturbation {
    fn eq(&self, other: &Perturbation) -> bool {
        self.id() == other.id()
    }
}

impl Eq for Perturbation {}

impl FromStr for Perturbation {
    type Err = PerturbationError;

    fn from_str(id: &str) -> Result<Perturbation, PerturbationError> {
        Perturbation::all().find(|known| known.id() == id).ok_or_else(|| {
            let valid: Vec<&str> = Perturbation::all().map(Perturbation::id).collect();
            PerturbationError(format!("unknown perturbation `{id}`; valid are: {}", valid.join(", ")))
        })
    }
}

/// Perturbations that are made one after the other. Written `nfkc,line_wrap`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Perturbations(Vec<Perturbation>);

impl Perturbations {
    /// In the order in which they are made.
    pub fn iter(&self) -> impl Iterator<Item = Perturbation> {
        self.0.iter().copied()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The record after all that apply to it; the record itself where none does.
    pub fn apply(&self, record: &Record, seed: u64) -> Record {
        self.iter().fold(record.clone(), |record, one| one.apply(&record, seed).unwrap_or(record))
    }
}

impl fmt::Display for Perturbations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids: Vec<&str> = self.iter().map(Perturbation::id).collect();
        f.write_str(&ids.join(","))
    }
}

impl FromStr for Perturbations {
    type Err = PerturbationError;

    fn from_str(list: &str) -> Result<Perturbations, PerturbationError> {
        let all: Vec<Perturbation> = list.split(',').map(|id| id.trim().parse()).collect::<Result<_, _>>()?;
        for (place, one) in all.iter().enumerate() {
            if all[..place].contains(one) {
                return Err(PerturbationError(format!("`{}` stands twice; name it once", one.id())));
            }
            if one.is_encoding() && place + 1 < all.len() {
                return Err(PerturbationError(format!(
                    "`{}` is an encoding, in which the text is written at last; put it at the end",
                    one.id()
                )));
            }
        }
        Ok(Perturbations(all))
    }
}

/// Pairs of records one edit apart, of which a detector must say two things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Twins {
    /// 「…は含まれておりません」 and 「…も含まれておりました」: what is denied in the one leaked in the other.
    Denied,
    /// 「電話番号」 and 「電話番号(03-1…)」: what the one mentions the other holds.
    Value,
}

impl Twins {
    /// Both kinds.
    pub const ALL: [Twins; 2] = [Twins::Denied, Twins::Value];

    /// The id used in flags.
    pub fn id(self) -> &'static str {
        match self {
            Twins::Denied => "denied",
            Twins::Value => "value",
        }
    }

    /// The perturbation that makes the one of the other.
    pub fn perturbation(self) -> Perturbation {
        let id = match self {
            Twins::Denied => "negation_flip",
            Twins::Value => "value_shown",
        };
        Perturbation::all().find(|known| known.id() == id).unwrap_or(Perturbation(&ALL[0]))
    }
}

/// A list of perturbations that cannot be made. The message says why and what would be valid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PerturbationError(String);

impl fmt::Display for PerturbationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for PerturbationError {}

fn every_labels(record: &mut Record, mut with: impl FnMut(&mut Labels)) {
    with(&mut record.labels);
    record.segments.iter_mut().flatten().for_each(|segment| with(&mut segment.labels));
}

/// Gives mentions their new status. Where a mention had no status of its own, its item's was meant.
fn flip(labels: &mut Labels, flips: &[Flip]) {
    let mut raised = labels.exposure;
    for item in labels.data.iter_mut().flatten() {
        for flip in flips.iter().filter(|flip| flip.category == item.category) {
            for mention in item.spans.iter_mut().filter(|mention| mention.span() == flip.span) {
                mention.status = Some(flip.status);
                if item.category.is_personal() {
                    raised = raised.map(|exposure| stronger(exposure, flip.status));
                }
            }
        }
    }
    labels.exposure = raised;
}

fn stronger(exposure: Exposure, status: Status) -> Exposure {
    let said = match status {
        Status::Confirmed => Exposure::Confirmed,
        Status::Possible => Exposure::Possible,
        Status::Denied => Exposure::None,
    };
    if said.rank() > exposure.rank() { said } else { exposure }
}

/// A category's status is the strongest of its mentions; a duty to report that was worked out before may hold no longer.
fn settle(labels: &mut Labels) {
    for item in labels.data.iter_mut().flatten() {
        let strongest = item.spans.iter().map(|mention| mention.status.unwrap_or(item.status)).max();
        item.status = strongest.unwrap_or(item.status);
    }
    labels.reportability = None;
}

/// A page's labels are the union of its segments'; a page of one document is that document.
fn unite(record: &mut Record) {
    let Some(segments) = &mut record.segments else { return };
    let united = if segments.len() == 1 { segments.remove(0).labels } else { page::union(segments) };
    let extra = std::mem::take(&mut record.labels.extra);
    record.labels = Labels { extra, ..united };
    if segments.is_empty() {
        record.segments = None;
    }
}
