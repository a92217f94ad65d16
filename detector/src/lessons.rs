//! What the detector looks at where practice decides, so that it can be learnt from.

use owabi_corpora::{Category, PartialDate, Span};

use crate::normalise::Normalised;
use crate::{Detector, causes, dates, events, gist, judged, learned, segment};

/// A place of a text and what stands around it.
#[derive(Debug, Clone)]
pub struct Lesson<T> {
    /// In bytes of the text.
    pub span: Span,
    /// What stands there.
    pub what: T,
    /// What stands around, a name each; one may come more than once.
    pub names: Vec<String>,
}

impl Detector {
    /// The days of a document.
    pub fn lessons_of_dates(&self, text: &str) -> Vec<Lesson<PartialDate>> {
        let normalised = Normalised::new(text);
        self.scoped(&normalised.text, |matches, scope| {
            let found = dates::resolve(scope.text, scope.layout);
            let names = events::around(scope, &self.lexicon, matches, &found);
            let lesson = |(day, names): (&dates::Found, _)| Lesson { span: normalised.to_source(day.span), what: day.date, names };
            found.iter().zip(names).map(lesson).collect()
        })
    }

    /// The sentences of a document, for what they tell of the cause.
    pub fn lessons_of_causes(&self, text: &str) -> Vec<Lesson<()>> {
        let normalised = Normalised::new(text);
        self.scoped(&normalised.text, |matches, scope| {
            let lesson = |(index, sentence): (usize, &crate::layout::Sentence)| {
                let mut names = learned::Names::default();
                causes::around(scope, &self.lexicon, matches, index, &mut names);
                Lesson { span: normalised.to_source(sentence.span), what: (), names: names.0 }
            };
            scope.layout.sentences.iter().enumerate().map(lesson).collect()
        })
    }

    /// What a document says as a whole, a name each, and what each of them counts for.
    pub fn lesson_of_gist(&self, text: &str) -> (Vec<String>, f64) {
        let whole = gist::whole(&Normalised::new(text).text);
        let mut names = learned::Names::default();
        gist::runs(&whole, &mut names);
        names.0.sort_unstable();
        names.0.dedup();
        (names.0, gist::share(&whole))
    }

    /// What stands beside every place of a document that says, as a whole, what these sums tell.
    pub fn facts_of_gist(&self, text: &str, sums: &[i32]) -> Vec<String> {
        let whole = gist::whole(&Normalised::new(text).text);
        let mut names = learned::Names::default();
        gist::Gist::of(&whole, || sums.to_vec()).facts(&mut names);
        names.0
    }

    /// The lines of a page at which a document may begin, and whether one does. `borders` are the bytes at which its documents begin, without
    /// the first one.
    pub fn lessons_of_borders(&self, text: &str, borders: &[usize]) -> Vec<Lesson<bool>> {
        let lesson = |(start, begins, names): (usize, bool, Vec<String>)| Lesson { span: Span::new(start, start), what: begins, names };
        segment::lessons(text, borders).into_iter().map(lesson).collect()
    }

    /// The mentions of data of a document.
    pub fn lessons_of_data(&self, text: &str) -> Vec<Lesson<Category>> {
        let normalised = Normalised::new(text);
        self.scoped(&normalised.text, |matches, scope| {
            let masked = judged::masked(matches);
            let lesson = |read: crate::mentions::Read| {
                let mut names = learned::Names::default();
                judged::around(scope, matches, &masked, read.mention, &mut names);
                Some(Lesson { span: normalised.to_source(read.mention.span), what: read.mention.category?, names: names.0 })
            };
            self.mentions(matches, scope).into_iter().filter_map(lesson).collect()
        })
    }
}
