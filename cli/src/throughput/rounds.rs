//! Detectors side by side: in every round each answers the same notices, in an order drawn for that round.
//!
//! The first detector takes part twice, as if it were two: how much it differs from itself is the noise of this run. Where there is
//! time for it, every round has detectors started anew, as two starts of one program may differ by more than two rounds of one.

use std::time::{Duration, Instant};

use owabi_corpora::Record;
use owabi_harness::throughput::{FEWEST_ROUNDS, Net, NoiseFloor, Paired, order, significant};

use super::subject::{Pace, Subject, Who};
use super::{Seen, briefly};
use crate::error::Error;

/// How many rounds there are, where documents are fast enough.
const ROUNDS: usize = 20;
const MOST_ROUNDS: usize = 200;

pub(super) struct Rounds {
    pub(super) noise: NoiseFloor,
    /// The second detector against the first, not rounded.
    pub(super) pair: Option<Paired>,
    /// The same without what a detector takes that answers nothing.
    pub(super) net: Option<Net>,
}

struct Runner<'a> {
    who: &'a Who,
    subject: Subject,
    restart: bool,
    /// Of each round; `None` where a document was lost.
    times: Vec<Option<f64>>,
}

pub(super) fn run(seen: &[Seen], notices: &[Record], seconds: f64, seed: u64) -> Result<Rounds, Error> {
    let Some(first) = seen.first() else { return Ok(none("there is no detector".to_owned())) };
    // The first one twice.
    let all = || seen.iter().chain([first]);
    let starts: f64 = all().filter(|seen| seen.who.can_restart()).map(|seen| seen.start).sum();
    let cost: f64 = all().map(|seen| seen.cost).sum();
    // Whoever is started anew answers everything once before it counts.
    let anew = FEWEST_ROUNDS as f64 * (starts + 2.0 * cost);
    let restarted = anew <= seconds / 2.0 && all().all(|seen| seen.who.can_restart());
    let document = if restarted { 2.0 * cost } else { cost };
    let fixed = if restarted { starts } else { 0.0 };
    let fit = |rounds: usize| (seconds / rounds as f64 - fixed) / document;
    let least = FEWEST_ROUNDS as f64 * (document + fixed);
    if least > seconds * 1.5 {
        return Ok(none(format!("{FEWEST_ROUNDS} rounds would take about {} s; raise --seconds", briefly(least))));
    }
    let block = if fit(ROUNDS) >= 1.0 { fit(ROUNDS) } else { fit(FEWEST_ROUNDS) };
    let block = (block as usize).clamp(1, notices.len());
    let mut runners = Vec::new();
    // The detectors in their order, the first again, and those that answer nothing.
    for (who, restart) in all().map(|seen| (&seen.who, restarted)).chain(seen.iter().map(|seen| (&seen.nothing, false))) {
        let mut subject = who.start()?;
        subject.measure(notices, 0, pass(1))?;
        runners.push(Runner { who, subject, restart, times: Vec::new() });
    }
    let (began, time) = (Instant::now(), Duration::from_secs_f64(seconds));
    for round in 0..MOST_ROUNDS {
        let elapsed = began.elapsed();
        if round >= FEWEST_ROUNDS && elapsed >= time || elapsed >= time * 3 {
            break;
        }
        for index in order(runners.len(), round, seed) {
            runners[index].go(notices, round * block, block)?;
        }
    }
    let pairs = |other: usize| {
        let times = runners[0].times.iter().zip(&runners[other].times);
        Paired::of(&times.filter_map(|(a, b)| a.zip(*b)).collect::<Vec<_>>())
    };
    let noise = pairs(seen.len());
    let (pair, net) = match seen.len() {
        2 => (pairs(1), without_own(&runners)),
        _ => (None, None),
    };
    let skipped = noise.is_none().then(|| "too many rounds lost a document".to_owned());
    let noise = NoiseFloor {
        ratio: noise.map(Paired::rounded),
        smallest_difference: noise.map(|noise| significant(noise.floor())),
        documents_per_round: block as u64,
        restarted,
        skipped,
    };
    Ok(Rounds { noise, pair, net })
}

impl Runner<'_> {
    fn go(&mut self, notices: &[Record], first: usize, block: usize) -> Result<(), Error> {
        if self.restart {
            self.subject = self.who.start()?;
            self.subject.measure(notices, first, pass(block))?;
        }
        let times = self.subject.measure(notices, first, pass(block))?;
        self.times.push((times.lost == 0).then_some(times.wall));
        Ok(())
    }

    fn median(&self) -> Option<f64> {
        let mut times: Vec<f64> = self.times.iter().flatten().copied().collect();
        times.sort_by(f64::total_cmp);
        times.get(times.len() / 2).copied()
    }
}

/// Of two detectors, the first again, and nothing in the way of each.
fn without_own(runners: &[Runner<'_>]) -> Option<Net> {
    let [first, second, _, nothing, nothing_else] = runners else { return None };
    let [first, second, own, own_else] = [first.median()?, second.median()?, nothing.median()?, nothing_else.median()?];
    let ratio = (second - own_else) / (first - own);
    let exists = second > own_else && first > own;
    Some(Net { ratio: exists.then(|| significant(ratio)), own: [own / first, own_else / second].map(significant) })
}

fn pass(documents: usize) -> Pace {
    Pace::Closed { most: documents, least: documents, time: Duration::ZERO }
}

fn none(why: String) -> Rounds {
    let noise = NoiseFloor { ratio: None, smallest_difference: None, documents_per_round: 0, restarted: false, skipped: Some(why) };
    Rounds { noise, pair: None, net: None }
}
