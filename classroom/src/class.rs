//! A class: for every exercise the shape that all students' documents have, and for every student documents of that shape.

use std::collections::BTreeMap;
use std::fmt;

use owabi_corpora::record::Labels;
use owabi_generator::{Config, ConfigError, Generator};
use serde::{Deserialize, Serialize};

use crate::detected;
use crate::draft::{self, Draft};
use crate::exercise::{Exercise, ExerciseType, Key, KeyItem, Language, SCHEMA, Sheet};
use crate::explain::explain;
use crate::marking::mark;
use crate::outlook::Outlook;
use crate::reader;
use crate::roster::Student;
use crate::secret::{Draw, Secret};
use crate::words;

/// How many documents of a kind are looked at before a class's shapes are chosen.
const SAMPLE: usize = 240;
/// A shape that comes less often in the sample is not looked for.
const OFTEN_ENOUGH: usize = 3;
/// How many documents are drawn at most for one exercise; then the one that came nearest is taken, and told as unlike.
const TRIES: usize = 4000;
/// How far a document's expected mark may be from its shape's, in points.
const BAND: f64 = 4.0;
/// How far a document that the detector reads well is from one that it should not, beside facts too many or too few.
const GIVES_AWAY: u32 = 100;
/// Below this, in points, the built-in detector gives an exercise away to nobody.
pub const GIVEN_AWAY: f64 = 50.0;

/// The types in the order in which a class gets them: among the first five are three that the built-in detector cannot do.
pub const USUAL: [ExerciseType; 7] = [
    ExerciseType::MarkData,
    ExerciseType::PrimaryCause,
    ExerciseType::TotalAndGroups,
    ExerciseType::Incoherence,
    ExerciseType::MissingSection,
    ExerciseType::Timeline,
    ExerciseType::ReportingDuty,
];

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// With the same secret, another seed makes other documents for the same students.
    pub seed: u64,
    /// How hard the documents are to read right, 1 to 5.
    pub level: u8,
    /// What is asked, exercise by exercise.
    pub types: Vec<ExerciseType>,
    /// In which language the pages open.
    pub language: Language,
}

/// The shape of one exercise, the same for all students.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shape {
    /// From 1.
    pub number: u32,
    /// What is asked.
    pub kind: ExerciseType,
    /// The documents' kind.
    pub document: String,
    /// Their level: the asked one, or the nearest of which there are such documents.
    pub level: u8,
    /// How many facts of which sort are asked for.
    pub figures: Vec<u32>,
    /// What a reader may be expected to earn, in points, by the model: the documents' own is near it.
    pub expected: f64,
    /// The generator's configuration.
    pub configuration: String,
}

/// Exercises of one shape and what makes their documents.
struct Slot {
    shape: Shape,
    generator: Generator,
    avoid: bool,
}

/// One student's share.
pub struct Drawn {
    /// What the page shows.
    pub sheet: Sheet,
    /// What the teacher keeps.
    pub key: Key,
    /// What may be expected, exercise by exercise.
    pub outlook: Vec<Outlook>,
}

/// Why there can be no such class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClassError {
    /// The generator cannot.
    Config(ConfigError),
    /// No document is fit for a type.
    NoDocument(ExerciseType),
}

impl fmt::Display for ClassError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ClassError::Config(error) => error.fmt(f),
            ClassError::NoDocument(of) => write!(f, "no document is fit for {of}; leave this type out"),
        }
    }
}

impl std::error::Error for ClassError {}

/// A detector: the labels of a text, with the duty to report.
pub type Detect<'a> = &'a (dyn Fn(&str) -> Labels + Sync);

/// Makes students' sheets and keys. [`Class::student`] may be called from many threads at once.
pub struct Class<'a> {
    secret: Secret,
    settings: Settings,
    slots: Vec<Slot>,
    id: String,
    detect: Detect<'a>,
}

impl<'a> Class<'a> {
    /// Chooses the shapes. `detect` is the detector that anyone can run.
    pub fn new(secret: Secret, settings: Settings, detect: Detect<'a>) -> Result<Class<'a>, ClassError> {
        let seed = settings.seed.to_string();
        let types: Vec<&str> = settings.types.iter().map(|kind| kind.id()).collect();
        // A class that is made again with other exercises is another class: its answers are no answers here.
        let id = secret.id(&["class", &seed, &settings.level.to_string(), &types.join(",")]);
        let mut class = Class { secret, settings, slots: Vec::new(), id, detect };
        for (number, kind) in (1..).zip(class.settings.types.clone()) {
            let slot = class.choose(number, kind)?;
            class.slots.push(slot);
        }
        Ok(class)
    }

    /// The class's opaque id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The shapes, exercise by exercise.
    pub fn shapes(&self) -> impl Iterator<Item = &Shape> {
        self.slots.iter().map(|slot| &slot.shape)
    }

    /// The opaque id of a student's page.
    pub fn page(&self, student: &Student) -> String {
        self.secret.id(&["page", &self.settings.seed.to_string(), &student.id])
    }

    /// The documents of a student, their sheet and their key.
    pub fn student(&self, student: &Student) -> Drawn {
        let page = self.page(student);
        let mut sheet = Sheet {
            schema: SCHEMA,
            page: page.clone(),
            class: self.id.clone(),
            language: self.settings.language,
            exercises: Vec::with_capacity(self.slots.len()),
        };
        let mut key = Key { page, class: self.id.clone(), exercises: Vec::with_capacity(self.slots.len()) };
        let mut outlook = Vec::with_capacity(self.slots.len());
        for slot in &self.slots {
            let Shape { number, kind, .. } = slot.shape;
            let mut draw = self.draw("document", number, &student.id);
            let found = self.find(slot, &mut draw);
            let Draft { record, form, expected, .. } = found.draft;
            let exercise = Exercise {
                number,
                kind,
                title: words::title(kind),
                instructions: words::instructions(kind),
                text: record.text.clone(),
                form: form.clone(),
            };
            let answer = detected::answer(number, kind, &record.text, &exercise.form, &found.told);
            let why = explain(kind, &record, &expected, &found.told);
            let mean = reader::expected(&record, &expected);
            let item = KeyItem { number, kind, record, form, expected, why, weight: 1 };
            outlook.push(Outlook { expected: mean, detector: mark(&item, Some(&answer)).points, alike: found.alike });
            sheet.exercises.push(exercise);
            key.exercises.push(item);
        }
        Drawn { sheet, key, outlook }
    }

    fn draw(&self, what: &str, number: u32, student: &str) -> Draw {
        self.secret.draw(&[what, &self.settings.seed.to_string(), &number.to_string(), student])
    }

    /// Looks at samples of the type's kinds and takes a shape that comes often, of the asked level if there is one.
    fn choose(&self, number: u32, kind: ExerciseType) -> Result<Slot, ClassError> {
        let drawn = draft::drawn(kind).ok_or(ClassError::NoDocument(kind))?;
        let mut draw = self.draw("shape", number, "");
        let mut kinds: Vec<&String> = drawn.kinds.iter().collect();
        draw.shuffle(&mut kinds);
        // Exercises of one class tell of different things where they can.
        kinds.sort_by_key(|kind| self.slots.iter().filter(|slot| slot.shape.document == **kind).count());
        let mut best: Option<(u8, Slot)> = None;
        for document in kinds {
            let kind_id = document.parse().map_err(ClassError::Config)?;
            let config = Config { seed: draw.number(), kinds: vec![kind_id], ..Config::default() };
            let configuration = config.canonical();
            let mut slot = Slot {
                shape: Shape {
                    number,
                    kind,
                    document: document.clone(),
                    level: self.settings.level,
                    figures: Vec::new(),
                    expected: 0.0,
                    configuration,
                },
                generator: Generator::new(config).map_err(ClassError::Config)?,
                avoid: drawn.avoid,
            };
            let Some(often) = self.sample(&slot, &mut draw) else { continue };
            let distance = often.level.abs_diff(self.settings.level);
            (slot.shape.level, slot.shape.figures, slot.shape.expected) = (often.level, often.figures, often.expected);
            if best.as_ref().is_none_or(|(before, _)| distance < *before) {
                best = Some((distance, slot));
            }
            if distance == 0 {
                break;
            }
        }
        best.map(|(_, slot)| slot).ok_or(ClassError::NoDocument(kind))
    }

    /// A shape that comes often, of the level nearest to the asked one.
    fn sample(&self, slot: &Slot, draw: &mut Draw) -> Option<Often> {
        let mut shapes: BTreeMap<(u8, Vec<u32>), Vec<f64>> = BTreeMap::new();
        for _ in 0..SAMPLE {
            let index = draw.number();
            let Some(found) = self.candidate(slot, index, None, draw) else { continue };
            // Only what would be taken counts.
            if !slot.avoid || self.is_avoided(slot, &found) {
                let expected = found.expected();
                shapes.entry((found.level, found.draft.figures)).or_default().push(expected);
            }
        }
        shapes.retain(|_, marks| marks.len() >= OFTEN_ENOUGH);
        let nearest = shapes.keys().map(|(level, _)| *level).min_by_key(|level| level.abs_diff(self.settings.level))?;
        shapes.retain(|(level, _), _| *level == nearest);
        let most = shapes.values().map(Vec::len).max()?;
        shapes.retain(|_, marks| marks.len() * 4 >= most * 3);
        let (level, figures) = draw.pick(&shapes.keys().cloned().collect::<Vec<_>>())?.clone();
        let mut marks = shapes.remove(&(level, figures.clone()))?;
        marks.sort_by(f64::total_cmp);
        Some(Often { level, figures, expected: *marks.get(marks.len() / 2)? })
    }

    /// The first document of the slot's shape, else the one that came nearest.
    fn find(&self, slot: &Slot, draw: &mut Draw) -> Found {
        let mut nearest: Option<(u32, Candidate)> = None;
        let mut tries = 0;
        // The shape was chosen because it came in a sample, so something will come.
        let (distance, Candidate { draft, .. }) = loop {
            tries += 1;
            let index = draw.number();
            if let Some(found) = self.candidate(slot, index, Some(&slot.shape), draw) {
                let mut distance: u32 = found.draft.figures.iter().zip(&slot.shape.figures).map(|(one, other)| one.abs_diff(*other)).sum();
                distance += u32::from((found.expected() - slot.shape.expected).abs() > BAND);
                let is_nearer = |distance: u32| nearest.as_ref().is_none_or(|(before, _)| distance < *before);
                // Detecting takes longest, so it comes last.
                if is_nearer(distance) && slot.avoid && !self.is_avoided(slot, &found) {
                    distance += GIVES_AWAY;
                }
                if is_nearer(distance) {
                    nearest = Some((distance, found));
                }
            }
            let done = nearest.as_ref().is_some_and(|(distance, _)| *distance == 0 || tries >= TRIES);
            if let Some(best) = nearest.take_if(|_| done) {
                break best;
            }
        };
        let told = (self.detect)(&draft.record.text);
        Found { draft, told, alike: distance == 0 }
    }

    /// The draft of a document. With a shape, only of its level.
    fn candidate(&self, slot: &Slot, index: u64, shape: Option<&Shape>, draw: &mut Draw) -> Option<Candidate> {
        let Slot { shape: Shape { kind, .. }, generator, .. } = slot;
        let wanted = shape.map(|shape| &shape.figures[..]);
        if !draft::may_fit(*kind, wanted, &generator.facts(index)?) {
            return None;
        }
        let record = generator.record(index);
        let level = record.provenance.as_ref().map_or(0, |provenance| provenance.difficulty);
        if shape.is_some_and(|shape| shape.level != level) {
            return None;
        }
        let mut draft = draft::draft(*kind, &record, wanted, draw)?;
        if draft.record.text != record.text {
            // What was changed is another record.
            if let Some(provenance) = &mut draft.record.provenance {
                provenance.base_id = Some(record.id.clone());
            }
            draft.record.id = format!("{}+{kind}", record.id);
        }
        Some(Candidate { level, draft })
    }

    /// Whether the detector earns less than half the points.
    fn is_avoided(&self, slot: &Slot, found: &Candidate) -> bool {
        let Shape { number, kind, .. } = slot.shape;
        let Draft { record, form, expected, .. } = &found.draft;
        let told = (self.detect)(&record.text);
        let answer = detected::answer(number, kind, &record.text, form, &told);
        let item =
            KeyItem { number, kind, record: record.clone(), form: form.clone(), expected: expected.clone(), why: Vec::new(), weight: 1 };
        mark(&item, Some(&answer)).points < GIVEN_AWAY
    }
}

/// A document that is fit for a type.
struct Candidate {
    level: u8,
    draft: Draft,
}

impl Candidate {
    /// What a reader may be expected to earn.
    fn expected(&self) -> f64 {
        reader::expected(&self.draft.record, &self.draft.expected)
    }
}

/// A shape that comes often.
struct Often {
    level: u8,
    figures: Vec<u32>,
    /// The median of what may be expected of its documents.
    expected: f64,
}

/// A document for a student.
struct Found {
    draft: Draft,
    told: Labels,
    alike: bool,
}
