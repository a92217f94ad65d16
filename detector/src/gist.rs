//! What a text as a whole makes likely, as it was learnt ([`crate::learned`]): of which kind it is, what became of the data, what the
//! main cause was.
//!
//! Rules read one statement after the other and know what it means for certain, or nothing. A text says the same thing many times
//! over, in turns that nobody listed: how it speaks of what happened, whom it asks to do what, what it is sorry for. Where all of that
//! speaks much louder for another answer than for theirs, theirs came of one statement read wrongly.

use owabi_corpora::vocabulary::{Exposure, Genre};
use owabi_corpora::{Cause, Span};

use crate::learned::{GIST, Stretch, Take, first, likeliest};

/// In hundredths of the log odds: what the rules found counts for so much (odds of 12 to 1).
pub(crate) const RULED: i32 = 250;
/// What they find by words that are hard to mistake counts for more (odds of 50 to 1): a cause, a denial, the words of a report, of questions and answers, of an authority.
pub(crate) const NAMED: i32 = 400;

/// Steps of the log odds, in hundredths, and their names.
const LOUD: [(i32, &str); 5] = [(-300, "-3"), (-150, "-1.5"), (0, "0"), (150, "1.5"), (300, "3")];

/// In characters: what is shorter is no document. A few sentences mean what each of them says.
const SHORTEST: usize = 200;

/// In characters: so much of a text is read. Who has not told by then what happened hardly will.
const LONGEST: usize = 6_000;

/// In characters: the title and what stands around it, or the first sentences.
const HEAD: usize = 120;

/// How much speaks for each answer, in hundredths of the natural logarithm of the odds; nothing of what is no document.
pub(crate) struct Gist(Vec<i32>);

/// What may have become of the data of an incident.
const EXPOSURES: [Exposure; 4] = [Exposure::Confirmed, Exposure::Possible, Exposure::None, Exposure::Unknown];

impl Gist {
    pub(crate) fn new(text: &str) -> Gist {
        let whole = whole(text);
        Gist::of(&whole, || GIST.weigh_once(share(&whole), |take| runs(&whole, take)))
    }

    /// Of what speaks for each answer in a text.
    pub(crate) fn of(whole: &Stretch, sums: impl FnOnce() -> Vec<i32>) -> Gist {
        Gist(if whole.len() < SHORTEST { Vec::new() } else { sums() })
    }

    /// Whether it says nothing, since there is no whole to speak of.
    pub(crate) fn is_silent(&self) -> bool {
        self.0.is_empty()
    }

    /// The kind of document. A report whose title says that it is one is one, whatever else it says.
    pub(crate) fn genre(&self, ruled: Genre, titled: bool) -> Genre {
        match ruled {
            Genre::FirstReport | Genre::Followup if titled => ruled,
            Genre::FirstReport | Genre::Followup | Genre::Faq | Genre::RegulatorAction => self.likeliest(0, Genre::all(), ruled, NAMED),
            _ => self.likeliest(0, Genre::all(), ruled, RULED),
        }
    }

    /// What became of the data.
    pub(crate) fn exposure(&self, ruled: Exposure) -> Exposure {
        self.likeliest(Genre::all().count(), EXPOSURES, ruled, if ruled == Exposure::None { NAMED } else { RULED })
    }

    /// The words of a text that speak loudest for what became of the data, beside what they say for another answer.
    pub(crate) fn cue(text: &str, exposure: Exposure, against: Exposure) -> Option<Span> {
        let class = |exposure| Some(Genre::all().count() + EXPOSURES.iter().position(|&one| one == exposure)?);
        GIST.cue(class(exposure)?, class(against), |take| runs(&whole(text), take))
    }

    /// The main cause; `None` where none is told, which tells against finding one and takes none away.
    pub(crate) fn cause(&self, ruled: Option<Cause>) -> Option<Cause> {
        self.likeliest(Genre::all().count() + EXPOSURES.len(), Cause::all().map(Some).chain([None]), ruled, NAMED)
    }

    /// How loud it is for each kind of document and for what became of the data, as facts that stand beside what is around a place.
    pub(crate) fn facts(&self, take: &mut impl Take) {
        let answers = Genre::all().map(Genre::id).chain(EXPOSURES.map(Exposure::id));
        for (answer, &sum) in answers.zip(&self.0) {
            LOUD.iter().filter(|loud| sum > loud.0).for_each(|loud| take.fact(&["gist", answer, loud.1], None));
        }
    }

    /// Of some answers, whose sums begin at a place, the one for which most speaks.
    fn likeliest<T: PartialEq + Copy>(&self, first: usize, answers: impl IntoIterator<Item = T>, ruled: T, weight: i32) -> T {
        let points = |(answer, sum): (T, &i32)| (answer, sum + if answer == ruled { weight } else { 0 });
        let all = answers.into_iter().zip(self.0.get(first..).unwrap_or_default()).map(points);
        likeliest(all).map_or(ruled, |(answer, _)| answer)
    }
}

/// So much of a text as is read.
pub(crate) fn whole(text: &str) -> Stretch {
    // A page may lack the line break at the end of a text.
    let start = text.len() - text.trim_start().len();
    Stretch::new(text, first(text, Span::new(start, text.trim_end().len().max(start)), LONGEST), &[])
}

/// What each name counts for: a long text has more of them, and is not so much surer of what it says for that. One that says the same over and
/// over has no more of them, however long it is.
pub(crate) fn share(whole: &Stretch) -> f64 {
    let enough = whole.len().div_ceil(AGAIN);
    1.0 / (whole.len().min(whole.pairs(enough) * AGAIN).max(1) as f64).sqrt()
}

/// So often a text says each pair of characters at most, on the average. The hand-written notices say them 1.3 to 2 times; what says them more often
/// repeats itself.
const AGAIN: usize = 3;

/// What it says, and what it says first: with a tag that makes a longer name than any run, whatever a text holds.
pub(crate) fn runs(whole: &Stretch, take: &mut impl Take) {
    whole.runs("", 2..=3, take);
    whole.first(HEAD).runs("^^", 2..=3, take);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gist(sums: &[(usize, i32)]) -> Gist {
        let mut all = vec![-300; Genre::all().count() + EXPOSURES.len() + Cause::all().count() + 1];
        sums.iter().for_each(|&(at, sum)| all[at] = sum);
        Gist(all)
    }

    #[test]
    fn only_what_is_much_louder_overrules_a_rule() {
        let exposures = Genre::all().count();
        assert_eq!(EXPOSURES.iter().map(|&exposure| exposure as usize).collect::<Vec<_>>(), [0, 1, 2, 3], "in the order of the vocabulary");
        let doubtful = gist(&[(exposures, -40), (exposures + 1, 200)]);
        assert_eq!(doubtful.exposure(Exposure::Confirmed), Exposure::Confirmed);
        let loud = gist(&[(exposures, -60), (exposures + 1, 200)]);
        assert_eq!(loud.exposure(Exposure::Confirmed), Exposure::Possible);
        let denied = gist(&[(exposures + 1, 99)]);
        assert_eq!(denied.exposure(Exposure::None), Exposure::None);
        assert_eq!(denied.exposure(Exposure::Unknown), Exposure::Possible);
    }

    #[test]
    fn a_cause_may_be_found_where_rules_find_none() {
        let first = Genre::all().count() + EXPOSURES.len();
        let sure = gist(&[(first, 150)]);
        assert_eq!(sure.cause(None), Cause::all().next());
        assert_eq!(gist(&[]).cause(None), None);
    }

    #[derive(Default)]
    struct Facts(Vec<String>);

    impl Take for Facts {
        fn runs(&mut self, _: &str, _: &Stretch, _: std::ops::Range<usize>, _: std::ops::RangeInclusive<usize>) {}
        fn fact(&mut self, words: &[&str], _: Option<Span>) {
            self.0.push(words.join(" "));
        }
    }

    #[test]
    fn it_tells_how_loud_it_is_for_each_answer() {
        let mut facts = Facts::default();
        gist(&[(0, 400), (Genre::all().count() + 1, -100)]).facts(&mut facts);
        let all: Vec<String> = ["-3", "-1.5", "0", "1.5", "3"].map(|loud| format!("gist notice {loud}")).into();
        assert_eq!(facts.0, [all, vec!["gist possible -3".to_owned(), "gist possible -1.5".to_owned()]].concat());
    }

    #[test]
    fn what_is_no_document_has_no_gist() {
        let sentence = "お客様の氏名が外部に流出しました。";
        assert!(Gist::new(sentence).is_silent());
        assert_eq!(Gist::new(sentence).exposure(Exposure::Confirmed), Exposure::Confirmed);
        assert!(!Gist::new(&sentence.repeat(20)).is_silent());
    }

    #[test]
    fn what_is_said_again_counts_once() {
        let text = "担当者が名簿を別の取引先に送ってしまい、相手がファイルを開いたことを確かめました。".repeat(HEAD / 10);
        let gist = |text: &str| Gist::new(text).0;
        assert_eq!(gist(&text), gist(&text.repeat(9)));
        assert_ne!(gist(&text), GIST.weigh_once(1.0, |_| ()), "more is known than before anything is");
    }
}
