//! Finds in a Japanese breach notice what leaked, how certainly, for how many, why, when and to whom.
//!
//! ```
//! use owabi_detector::Detector;
//!
//! let detector = Detector::builtin();
//! let text = "お客様の氏名が漏えいした可能性があります。口座番号は含まれておりません。";
//! let labels = detector.detect(text);
//! let found: Vec<_> = labels.data.iter().flatten().map(|item| (item.category.id(), item.status.id())).collect();
//! assert_eq!(found, [("name", "possible"), ("bank_account", "denied")]);
//! ```
//!
//! A text passes these stages: [`decode()`] (bytes to text), `segment` (a page of several documents into these), `normalise` (one form, with a map back to the source), `lexicon`
//! (one scan for all word lists, and for the words without which patterns cannot match: `gates`), `layout` (lines, lists, headings, sentences), `predicates` and `scope` (what governs a mention), then
//! `mentions`, `causes`, `counts`, `dates`, `events`, `parties`, `values`, `genre`, and `conclude`; `holders` says who holds the data, for the duty to report. Words live in `data/`, rules in the stages.
//! Beside these stands what was learnt from practice (`learned`, its weights in `data/learned/`): `gist` says it of the text as a whole, `judged` of each mention, `events` of each day, `causes` of each
//! sentence, `segment` of each line of a page.
//!
//! Detecting never fails and never panics. Positions are bytes of the text given.

mod builder;
mod causes;
mod classes;
mod conclude;
mod counts;
mod dates;
mod decode;
mod events;
mod exposure;
mod gates;
mod genre;
mod gist;
mod holders;
mod html;
mod hunt;
mod judged;
mod layout;
mod leads;
mod learned;
#[cfg(feature = "learning")]
mod lessons;
mod lexicon;
mod machine;
mod mentions;
// The build script asks what patterns need.
#[cfg(test)]
mod needed;
mod normalise;
mod numbers;
mod parties;
mod patterns;
mod plain;
mod predicates;
mod references;
mod scanner;
mod scope;
mod segment;
mod sentences;
mod spellings;
#[cfg(feature = "stages")]
mod stages;
mod values;
mod watch;
mod weights;
mod words;
mod wraps;

pub use builder::{BuildError, Builder};
pub use decode::{DecodeError, Decoded, Encoding, Place, Stray, decode};
pub use html::Html;
#[cfg(feature = "learning")]
pub use lessons::Lesson;
pub use owabi_corpora::Page;
#[cfg(feature = "stages")]
pub use stages::Stage;

use owabi_corpora::record::Segment;
use owabi_corpora::reportability::assess;
use owabi_corpora::vocabulary::{DateRole, Genre, Status};
use owabi_corpora::{Category, Labels, Span};

use std::cell::{Cell, OnceCell};

use crate::gist::Gist;
use crate::judged::Weighed;
use crate::layout::Layout;
use crate::lexicon::{Lexicon, Match};
use crate::mentions::Read;
use crate::normalise::Normalised;
use crate::scope::{Reading, Scope, Verdict};

// One detector serves any number of threads.
const _: fn() = || {
    fn shared<T: Send + Sync>() {}
    shared::<Detector>();
};

/// Labels texts. Building reads the word lists; detecting borrows it, from any number of threads.
pub struct Detector {
    lexicon: Lexicon,
    segments: bool,
}

impl Detector {
    /// With the word lists that come with owabi.
    pub fn builtin() -> Detector {
        Detector { lexicon: Lexicon::builtin(), segments: true }
    }

    /// Whether a page of several documents is taken apart. It is unless this says `false`: then every text is one document.
    pub fn with_segments(self, segments: bool) -> Detector {
        Detector { segments, ..self }
    }

    /// The built-in detector with settings, such as words of the user's own.
    ///
    /// ```
    /// use owabi_detector::Detector;
    ///
    /// # fn main() -> Result<(), owabi_detector::BuildError> {
    /// let detector = Detector::builder().lexicon("mylexicon.tsv", "みなとポイント残高\tstored_value").build()?;
    /// let labels = detector.detect("みなとポイント残高は含まれておりません。");
    /// assert_eq!(labels.data.unwrap()[0].status.id(), "denied");
    /// # Ok(())
    /// # }
    /// ```
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// The surfaces that it looks for, sorted, in the form that texts are given before the search.
    pub fn surfaces(&self) -> impl Iterator<Item = String> {
        self.lexicon.surfaces()
    }

    /// Labels the text of an HTML page ([`Html`]). Spans are bytes of `source`.
    ///
    /// ```
    /// let source = "<p>漏えいした情報</p><ul><li>氏名<li>電話&#30058;号</ul>";
    /// let labels = owabi_detector::Detector::builtin().detect_html(source);
    /// let phone = &labels.data.as_ref().unwrap()[1];
    /// assert_eq!(phone.category.id(), "phone");
    /// assert_eq!(&source[phone.spans[0].span().range()], "電話&#30058;号");
    /// ```
    pub fn detect_html(&self, source: &str) -> Labels {
        self.page_html(source).labels
    }

    /// Labels the text of an HTML page, and each of its documents if it holds several, as [`Detector::page`] does. Spans and segments
    /// are bytes of `source`.
    pub fn page_html(&self, source: &str) -> Page {
        let html = Html::new(source);
        html.page_in_source(self.page(html.text()), source.len())
    }

    /// Labels a text. Every list field is filled, empty where nothing was found. Spans are bytes of `text`. Of a page that holds
    /// several documents these are the labels of the page: see [`Detector::page`].
    pub fn detect(&self, text: &str) -> Labels {
        self.page(text).labels
    }

    /// Labels a text, and each of its documents if it holds several: its segments are in order, disjoint and cover the text, and
    /// all spans are bytes of `text`.
    ///
    /// ```
    /// # let detector = owabi_detector::Detector::builtin();
    /// let page = detector.page("本件で氏名が漏えいしました。");
    /// assert!(page.segments.is_none() && page.labels.data.is_some());
    /// ```
    pub fn page(&self, text: &str) -> Page {
        let parts = if self.segments { segment::split(text) } else { Vec::new() };
        if parts.len() < 2 {
            return Page { labels: self.document(text), segments: None };
        }
        let segment = |part: &Span| Segment::at(part.start, part.len(), self.document(&text[part.range()]));
        Page::of(parts.iter().map(segment).collect())
    }

    /// Labels one document.
    fn document(&self, text: &str) -> Labels {
        let normalised = Normalised::new(text);
        self.scoped(&normalised.text, |matches, scope| self.read(text, &normalised, matches, scope))
    }

    /// Asks a question of what the words of a normalised text are and how they govern each other.
    fn scoped<T>(&self, text: &str, ask: impl FnOnce(&[Match], &Scope<'_>) -> T) -> T {
        let (matches, gates) = self.lexicon.scan(text);
        let layout = Layout::new(text, &gates);
        let cues = predicates::cues(text, &matches);
        let named = mentions::places(&matches);
        let scope = Scope {
            text,
            layout: &layout,
            gates: &gates,
            cues: &cues,
            verbs: vec![Cell::new(None); cues.len()],
            named: &named,
            bare: vec![OnceCell::new(); layout.lines.len()],
            parts: OnceCell::new(),
        };
        ask(&matches, &scope)
    }

    /// Where data are mentioned, and what is said of them.
    fn mentions(&self, matches: &[Match], scope: &Scope<'_>) -> Vec<Read> {
        mentions::read(scope.text, &self.lexicon, scope, &mentions::find(&self.lexicon, matches, scope))
    }

    /// All fields, each by its own stage.
    fn read(&self, source: &str, normalised: &Normalised, matches: &[Match], scope: &Scope<'_>) -> Labels {
        let mut reads = self.mentions(matches, scope);
        let gist = Gist::new(scope.text);
        let weighed = Weighed::new(scope, matches, &reads, &gist);
        if !gist.is_silent() {
            weighed.doubt(&mut reads);
        }
        let found = dates::resolve(scope.text, scope.layout);
        let causes = causes::find(scope, &self.lexicon, matches);
        // Cards that leaked where they were entered: who bought in that time tells when it was.
        let card = |read: &Read| {
            let id = read.mention.category.map_or("", Category::id);
            let denied = matches!(read.verdict, Some(Verdict { reading: Reading::Status(Status::Denied), .. }));
            !denied && (id.starts_with("card_") || id == "payment_card")
        };
        let skimming = causes.iter().any(|found| found.cause.id() == "web_skimming") || reads.iter().any(card);
        let events = events::find(scope, &self.lexicon, matches, &found, skimming);
        let counts = counts::find(scope);
        let dated = events.iter().filter(|event| event.role != DateRole::Published || event.reports).count();
        let asserts = |read: &&Read| matches!(read.verdict, Some(Verdict { reading: Reading::Status(_), .. }));
        let telling = |role| {
            matches!(role, DateRole::Discovered | DateRole::ReportedRegulator | DateRole::ReportedPolice | DateRole::InvestigationDone)
        };
        let told = events.iter().filter(|event| telling(event.role) || event.reports).count();
        // In an excerpt one sentence is all there is, or the days of what was done; a long text about an incident says more than one
        // thing of it.
        let hinted = causes.iter().filter(|found| found.is_hint()).count();
        let short = scope.layout.sentences.len() <= genre::EXCERPT;
        let done = events.iter().any(|event| matches!(event.role, DateRole::Contained | DateRole::Notified));
        let days = usize::from(done && dated >= 2);
        let excerpt = if short { hinted.max(scope.statements().min(1)).max(days) } else { 0 };
        let evidence = genre::Evidence {
            facts: counts.len().min(2) + dated.min(4),
            statements: reads.iter().filter(asserts).count() + causes.len() - hinted + told + excerpt,
        };
        let (genre, titled) = genre::find(scope, &self.lexicon, &evidence);
        let genre = gist.genre(genre, titled);
        // A text about no incident has no labels of these.
        let (judged, events, causes) = match genre {
            Genre::Unrelated => (Vec::new(), events, causes),
            _ => (
                weighed.judge(&reads),
                events::judge(scope, &self.lexicon, matches, &found, events, &gist),
                causes::judge(scope, &self.lexicon, matches, causes, &gist),
            ),
        };
        let findings = conclude::Findings {
            source,
            normalised,
            scope,
            genre,
            gist: &gist,
            reads: &reads,
            weighed: &weighed,
            judged,
            causes,
            counts,
            events,
            values: values::find(source, &normalised.wraps),
            parties: parties::find(source, &normalised.wraps, genre, scope.gates),
        };
        let labels = findings.labels();
        let reportability = assess(&labels, holders::find(&labels, scope.gates));
        Labels { reportability: Some(reportability), ..labels }
    }
}
