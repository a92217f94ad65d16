//! How often a comparison is wrong, and how small a loss it sees: simulated runs whose truth is known.

use owabi_harness::comparison::{Compared, Draws, Pair, Verdict, holm};
use owabi_harness::figure::Figure;
use owabi_harness::interval::Blocks;
use owabi_harness::measure::{Field, Measure, Question, Tallies, Tally};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

struct Dice(ChaCha8Rng);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0.next_u64() % end
    }

    fn chance(&mut self, share: f64) -> bool {
        (self.0.next_u64() as f64) < share * u64::MAX as f64
    }

    /// Whether two equal detectors are right: for the most part both or neither.
    fn pair(&mut self, share: f64) -> (bool, bool) {
        let own = self.chance(share);
        if self.chance(0.85) { (own, own) } else { (own, self.chance(share)) }
    }
}

/// Two detectors on the same documents. The second tells of each fact that it found, with a chance of `spoilt`, the wrong status.
fn runs(seed: u64, documents: usize, spoilt: f64) -> Pair {
    let mut dice = Dice(ChaCha8Rng::seed_from_u64(seed));
    let (mut a, mut b) = (Blocks::default(), Blocks::default());
    for index in 0..documents {
        // Some documents are hard, and their facts succeed or fail together.
        let share = [0.98, 0.95, 0.9, 0.5][dice.below(4) as usize];
        let (mut one, mut other) = (Tallies::default(), Tallies::default());
        for (measure, gold) in [(Measure::Field(Field::Data), 1 + dice.below(8)), (Measure::Field(Field::Causes), dice.below(3))] {
            let (own, twin) = (one.of_mut(measure), other.of_mut(measure));
            (own.gold, twin.gold) = (gold, gold);
            for _ in 0..gold {
                let (right, twin_right) = dice.pair(share);
                let twin_kept = twin_right && !(measure == Measure::Field(Field::Data) && dice.chance(spoilt));
                own.correct += u64::from(right);
                own.predicted += u64::from(right);
                twin.correct += u64::from(twin_kept);
                twin.predicted += u64::from(twin_right);
            }
            let (wrong, twin_wrong) = dice.pair(1.0 - share);
            own.predicted += u64::from(wrong);
            twin.predicted += u64::from(twin_wrong);
        }
        for measure in [Measure::Question(Question::Genre), Measure::DeniedAsLeaked] {
            // Errors of the alarms are rare, so that few documents decide.
            let (right, twin_right) = dice.pair(if measure == Measure::DeniedAsLeaked { 0.03 } else { share });
            *one.of_mut(measure) = Tally::answer(right);
            *other.of_mut(measure) = Tally::answer(twin_right);
        }
        a.push(&index.to_string(), &one);
        b.push(&index.to_string(), &other);
    }
    Pair::of(a, b).unwrap()
}

fn figures() -> Vec<Figure> {
    Figure::compared()
        .into_iter()
        .filter(|figure| figure.path().contains("data") || figure.path().contains("causes") || !figure.path().contains("fields"))
        .collect()
}

fn compare(pair: &Pair, draws: Draws) -> Vec<Compared> {
    let mut compared = pair.compare(&figures(), draws);
    compared.retain(|figure| figure.a.is_some());
    holm(&mut compared);
    compared
}

/// How often, of so many pairs of equals: any single figure is told to differ; and any of them is after Holm's correction.
fn false_alarms(pairs: u64, documents: usize, draws: Draws) -> (f64, f64) {
    let (mut told, mut asked, mut any) = (0, 0, 0);
    for seed in 0..pairs {
        let compared = compare(&runs(seed, documents, 0.0), draws);
        told += compared.iter().filter(|figure| figure.is_sure()).count();
        asked += compared.len();
        any += usize::from(compared.iter().any(|figure| matches!(figure.verdict, Verdict::Better | Verdict::Worse)));
    }
    (told as f64 / asked as f64, any as f64 / pairs as f64)
}

/// How often F1 of the data is told to be worse: alone, and among all figures.
fn losses_told(pairs: u64, documents: usize, spoilt: f64, draws: Draws) -> (f64, f64, f64) {
    let (mut alone, mut among, mut lost) = (0, 0, 0.0);
    for seed in 0..pairs {
        let compared = compare(&runs(seed, documents, spoilt), draws);
        let f1 = compared.iter().find(|figure| figure.figure == "fields.data.micro.f1").unwrap();
        lost -= f1.difference.value.unwrap();
        alone += usize::from(f1.is_sure() && f1.difference.value.unwrap() < 0.0);
        among += usize::from(f1.verdict == Verdict::Worse);
    }
    let share = |count: usize| count as f64 / pairs as f64;
    (share(alone), share(among), lost / pairs as f64)
}

/// Eight figures of 150 pairs: 5 % are 60 of 1,200.
#[test]
fn equals_are_rarely_told_apart() {
    let draws = Draws { resamples: 200, swaps: 199, seed: 1 };
    let (single, any) = false_alarms(150, 120, draws);
    assert!(single <= 0.05, "{single}");
    assert!(any <= 0.05, "{any}");
    // A test that never tells anything would pass, too.
    assert!(single > 0.01, "{single}");
}

#[test]
fn a_loss_of_two_points_is_told() {
    let draws = Draws { resamples: 200, swaps: 399, seed: 1 };
    let (alone, among, lost) = losses_told(25, 1000, 0.024, draws);
    assert!((lost - 0.02).abs() < 0.002, "{lost}");
    assert!(alone >= 0.95 && among >= 0.9, "{alone} {among}");
}

/// The figures in the documentation: `cargo test --release -p owabi-harness --test comparing -- --ignored --nocapture`.
#[test]
#[ignore = "takes minutes; prints what the documentation quotes"]
fn figures_for_the_documentation() {
    let draws = Draws { resamples: 1000, swaps: 1999, seed: 1 };
    for documents in [30, 120, 500] {
        let (single, any) = false_alarms(1000, documents, draws);
        println!("equals, {documents} documents: a figure alone {single:.3}, any figure after Holm {any:.3}");
    }
    for documents in [100, 250, 500, 1000, 2000] {
        let (alone, among, lost) = losses_told(200, documents, 0.024, draws);
        println!("{lost:.3} worse, {documents} documents: told alone {alone:.2}, told among all {among:.2}");
    }
}
