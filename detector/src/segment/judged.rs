//! What practice says of where a document of a page begins ([`crate::learned`]), by the lines above and below, and by how much of what
//! stands below stood above.
//!
//! Rules know heads and ends. Where somebody put documents below each other that have neither, a news item below a letter without
//! 「以上」, a reader still sees at once that the matter is another one: other names, other words.

use std::cell::OnceCell;

use owabi_corpora::Span;

use super::lines::{Kind, is_sentence, key, looked_at};
use super::{Page, Seen};
use crate::learned::{BORDERS, Hash, Hashes, Stretch, Take, is_wordy};
use crate::patterns;

/// In hundredths of the log odds: so much has to speak for a border (odds of 7 to 1).
const BAR: i32 = 200;

/// In bytes: what is shorter is no document.
const LEAST: usize = 180;

/// So many lines below a line may be a better beginning than it.
const AHEAD: usize = 4;

/// The lines of a page, as they are weighed.
pub(super) struct Judge<'p, 't> {
    page: &'p Page<'t>,
    /// Those that are not blank.
    filled: Vec<usize>,
    stretches: Vec<OnceCell<Stretch>>,
    pairs: Pairs,
    seen: Seen<'t>,
    /// The first line of the document that is being read.
    document: usize,
    /// How much speaks for each line, and of which document that is so.
    weighed: Vec<Option<(usize, i32)>>,
}

impl<'p, 't> Judge<'p, 't> {
    pub(super) fn new(page: &'p Page<'t>) -> Judge<'p, 't> {
        let lines = page.lines.len();
        Judge {
            page,
            filled: (0..lines).filter(|&line| !page.is_blank(line)).collect(),
            stretches: (0..lines).map(|_| OnceCell::new()).collect(),
            pairs: Pairs::new(page.text),
            seen: Seen::default(),
            document: 0,
            weighed: vec![None; lines],
        }
    }

    /// A document begins at a line.
    pub(super) fn begin(&mut self, document: usize) {
        self.document = document;
        self.seen = Seen::from(document);
        self.pairs.begin(self.page.lines[document].start);
    }

    /// Whether a document begins at a line, by all that stands around it, rather than at one of the next ones.
    pub(super) fn begins(&mut self, line: usize) -> bool {
        let Ok(at) = self.filled.binary_search(&line) else { return false };
        let Some(own) = self.weigh(at).filter(|&own| own > BAR) else { return false };
        (at + 1..self.filled.len()).take(AHEAD).all(|next| self.weigh(next).is_none_or(|next| next <= own))
    }

    /// How much speaks for a border before a line that is not blank; `None` where there is nothing to ask.
    fn weigh(&mut self, at: usize) -> Option<i32> {
        let line = self.filled[at];
        if !self.is_asked(at) {
            return None;
        }
        if let Some((_, weight)) = self.weighed[line].filter(|known| known.0 == self.document) {
            return Some(weight);
        }
        let weight = BORDERS.weigh(|take| {
            self.setting(at, take);
            self.wording(at, take);
        });
        let weight = weight.first().copied()?;
        self.weighed[line] = Some((self.document, weight));
        Some(weight)
    }

    /// Whether a document may begin at a line that is not blank, and the one before it end.
    fn is_asked(&self, at: usize) -> bool {
        let (page, line) = (self.page, self.filled[at]);
        let start = page.lines[line].start;
        start >= page.lines[self.document].start + LEAST
            && page.text.len() >= start + LEAST
            && match page.kind(line) {
                Kind::Rule => false,
                Kind::Date | Kind::Addressee | Kind::Issuer | Kind::Title | Kind::Greeting | Kind::Press | Kind::Numbered => true,
                _ => line == 0 || matches!(page.kind(line - 1), Kind::Blank | Kind::Rule),
            }
    }

    fn stretch(&self, line: usize) -> &Stretch {
        self.stretches[line].get_or_init(|| {
            let key = key(looked_at(self.page.line(line)));
            Stretch::new(&key, Span::new(0, key.len()), &[])
        })
    }

    /// The nearest lines of the document above a line that is not blank, and whether a line is drawn between.
    fn above(&self, at: usize) -> (Vec<usize>, bool) {
        let above = self.filled[..at].iter().rev().copied().take_while(|&above| above >= self.document);
        let mut above = above.take(ABOVE + 1).peekable();
        let drawn = above.next_if(|&above| self.page.kind(above) == Kind::Rule).is_some();
        (above.take(ABOVE).collect(), drawn)
    }

    /// The line itself and the next ones.
    fn below(&self, at: usize) -> &[usize] {
        &self.filled[at..self.filled.len().min(at + BELOW)]
    }

    /// What kinds of lines stand around a line that is not blank, and how much of what stands below stood above.
    fn setting(&mut self, at: usize, take: &mut impl Take) {
        let (page, line) = (self.page, self.filled[at]);
        let ((above, drawn), below) = (self.above(at), self.below(at));
        let end = at.checked_sub(1).map_or(0, |above| self.filled[above] + 1);
        take.fact(&["gap", count(line - end)], None);
        if drawn {
            take.fact(&["drawn"], None);
        }
        for (&line, tags) in above.iter().zip(ABOVE_TAGS).chain(below.iter().zip(BELOW_TAGS)) {
            let stretch = self.stretch(line);
            take.fact(&[tags[0], page.kind(line).into()], None);
            steps(tags[0], stretch.len() as f64, &LINE_LENGTHS, take);
            if !is_sentence(page.line(line)) {
                take.fact(&[tags[0], "no sentence"], None);
            }
        }
        for (pair, tags) in below.windows(2).zip(&BELOW_TAGS[1..]) {
            take.fact(&[tags[0], "gap", count(pair[1] - pair[0] - 1)], None);
        }
        let kinds = |lines: &[usize]| lines.iter().map(|&line| page.kind(line).into()).collect::<Vec<&str>>();
        let (above, below) = (kinds(&above), kinds(below));
        above.iter().for_each(|kind| take.fact(&["above", kind], None));
        distinct(&below).for_each(|kind| take.fact(&["below", kind], None));
        for few in 1..=below.len().min(3) {
            take.fact(&[&["heads"], &below[..few]].concat(), None);
        }
        take.fact(&[&["between"], &above[..above.len().min(1)], &below[..1]].concat(), None);
        for above in distinct(&above[..above.len().min(ABOVE - 1)]) {
            for below in distinct(&below[..below.len().min(BELOW - 1)]) {
                take.fact(&["across", above, below], None);
            }
        }
        let start = page.lines[line].start;
        steps("length", (start - page.lines[self.document].start) as f64, &LENGTHS, take);
        if self.seen.has(page, line) {
            take.fact(&["seen"], None);
        }
        self.pairs.read(start);
        let headline = |line: usize| {
            let start = page.lines[line].start;
            Span::new(start, start + patterns::prefix(page.line(line), HEADLINE))
        };
        let near = Span::new(start, start + patterns::prefix(&page.text[start..], NEAR));
        for (name, known) in [
            ("first known", self.pairs.known([headline(line)])),
            ("head known", self.pairs.known(self.below(at).iter().take(3).map(|&line| headline(line)))),
            ("near known", self.pairs.known([near])),
        ] {
            match known {
                Some(share) => steps(name, share, &SHARES, take),
                None => take.fact(&[name, "nothing"], None),
            }
        }
    }

    /// How the lines around a line that is not blank begin and end.
    fn wording(&self, at: usize, take: &mut impl Take) {
        let mut runs = |line: usize, [begins, ends]: [&str; 2]| {
            self.stretch(line).beginnings(begins, RUN, take);
            self.stretch(line).endings(ends, RUN, take);
        };
        for (&line, [_, begins, ends]) in self.above(at).0.iter().zip(ABOVE_TAGS).chain(self.below(at).iter().zip(BELOW_TAGS)) {
            runs(line, [begins, ends]);
        }
        for &line in self.below(at)[1..].iter().take(BELOW - 2) {
            runs(line, ["n^", "n$"]);
        }
    }

    /// What stands around each line at which a document may begin or, with the borders of the page, begins.
    #[cfg(feature = "learning")]
    pub(super) fn lessons(mut self, borders: &[usize]) -> Vec<(usize, bool, Vec<String>)> {
        let mut lessons = Vec::new();
        let starts: Vec<usize> = self.filled.iter().map(|&line| self.page.lines[line].start).collect();
        let is_border = |at: usize| borders.contains(&starts[at]);
        for at in 0..starts.len() {
            // Where a document begins, it does not begin a few lines below.
            let more = if is_border(at) { AHEAD } else { 0 };
            let none = (at + 1..starts.len()).take(more).take_while(|&next| !is_border(next));
            for asked in [at].into_iter().chain(none).filter(|&asked| self.is_asked(asked)).collect::<Vec<_>>() {
                let mut names = crate::learned::Names::default();
                self.setting(asked, &mut names);
                self.wording(asked, &mut names);
                lessons.push((starts[asked], is_border(asked), names.0));
            }
            if is_border(at) {
                self.begin(self.filled[at]);
            }
        }
        lessons
    }
}

/// So many lines above and below are looked at.
const ABOVE: usize = 4;
const BELOW: usize = 5;
/// Names of their places, of what they begin with and of what they end with.
const ABOVE_TAGS: [[&str; 3]; ABOVE] = [["p0", "p0^", "p0$"], ["p1", "p1^", "p1$"], ["p2", "p2^", "p2$"], ["p3", "p3^", "p3$"]];
const BELOW_TAGS: [[&str; 3]; BELOW] =
    [["n0", "n0^", "n0$"], ["n1", "n1^", "n1$"], ["n2", "n2^", "n2$"], ["n3", "n3^", "n3$"], ["n4", "n4^", "n4$"]];
/// In characters: how a line begins and ends.
const RUN: usize = 5;
/// In characters: what a line of a head says.
const HEADLINE: usize = 60;
/// In characters: what stands below.
const NEAR: usize = 350;

/// Steps, and their names.
type Steps = [(f64, &'static str)];
/// In bytes: how long the document above is.
const LENGTHS: [(f64, &str); 8] = [
    (300.0, "300"),
    (450.0, "450"),
    (600.0, "600"),
    (900.0, "900"),
    (1350.0, "1350"),
    (2100.0, "2100"),
    (3000.0, "3000"),
    (6000.0, "6000"),
];
/// In characters: how long a line is.
const LINE_LENGTHS: [(f64, &str); 6] = [(4.0, "4"), (8.0, "8"), (16.0, "16"), (30.0, "30"), (60.0, "60"), (90.0, "90")];
/// How much of a stretch stood above.
const SHARES: [(f64, &str); 9] =
    [(0.01, ".01"), (0.1, ".1"), (0.15, ".15"), (0.2, ".2"), (0.3, ".3"), (0.4, ".4"), (0.5, ".5"), (0.6, ".6"), (0.8, ".8")];

fn steps(name: &str, value: f64, steps: &Steps, take: &mut impl Take) {
    steps.iter().take_while(|step| value > step.0).for_each(|step| take.fact(&[name, "over", step.1], None));
}

/// How many blank lines.
fn count(lines: usize) -> &'static str {
    ["0", "1", "2", "more"][lines.min(3)]
}

/// Each once.
fn distinct<'a>(kinds: &[&'a str]) -> impl Iterator<Item = &'a str> {
    kinds.iter().enumerate().filter(|(at, kind)| !kinds[..*at].contains(kind)).map(|(_, kind)| *kind)
}

/// Which pairs of characters the document above holds, of those that words are made of.
struct Pairs {
    /// Where each pair of the page begins, and its hash.
    all: Vec<(usize, u16)>,
    /// Of the hashes, those in the document above.
    known: Hashes,
    /// How many pairs have been read.
    read: usize,
}

impl Pairs {
    fn new(text: &str) -> Pairs {
        let mut all = Vec::new();
        let mut before = None;
        for (at, c) in text.char_indices() {
            let this = (is_wordy(c) && !c.is_numeric()).then_some((at, c));
            if let (Some((start, first)), Some((_, second))) = (before, this) {
                all.push((start, Hash::new().with(first).with(second).short()));
            }
            before = this;
        }
        Pairs { all, known: Hashes::new(), read: 0 }
    }

    /// A document begins at a byte.
    fn begin(&mut self, start: usize) {
        self.known.clear();
        self.read = self.all.partition_point(|pair| pair.0 < start);
    }

    /// The document reaches to a byte.
    fn read(&mut self, end: usize) {
        while let Some(&(_, pair)) = self.all.get(self.read).filter(|pair| pair.0 < end) {
            self.known.insert(pair);
            self.read += 1;
        }
    }

    /// How many of the pairs that begin in some stretches the document holds; `None` where there are none.
    fn known(&self, stretches: impl IntoIterator<Item = Span>) -> Option<f64> {
        let (mut known, mut all) = (0_u32, 0_u32);
        for stretch in stretches {
            let from = self.all.partition_point(|pair| pair.0 < stretch.start);
            for &(_, pair) in self.all[from..].iter().take_while(|pair| pair.0 < stretch.end) {
                known += u32::from(self.known.contains(pair));
                all += 1;
            }
        }
        (all > 0).then(|| f64::from(known) / f64::from(all))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_known_from_the_document_above() {
        let text = "住所録の紛失\n住所録の盗難";
        let (first, second) = (0, text.find('\n').unwrap() + 1);
        let mut pairs = Pairs::new(text);
        let below = || [Span::new(second, text.len())];
        assert_eq!(pairs.known(below()), Some(0.0));
        pairs.read(second);
        assert_eq!(pairs.known(below()), Some(2.0 / 3.0), "住所, 所録, but not 盗難");
        pairs.begin(second);
        assert_eq!(pairs.known(below()), Some(0.0));
        assert_eq!(pairs.known([Span::new(first, first)]), None);
    }
}
