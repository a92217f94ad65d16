//! The whole detector beside a bare search for its words: on one core, over the same texts, with the same surfaces, in turns, so that a
//! busy machine slows both. `cargo run --release -p owabi-benches --example ratio [ROUNDS]`.
//!
//! The bare search is `daachorse`'s charwise automaton, all overlapping matches, over the text as it stands: no map back to a
//! source, no sentence, no label. Clean texts are generated notices; the dirty ones are the same as copies from PDF have them.
#![allow(clippy::print_stdout, clippy::disallowed_methods)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use daachorse::CharwiseDoubleArrayAhoCorasick;
use owabi_benches::{Workload, findings};
use owabi_detector::Detector;
use owabi_generator::perturb::Perturbations;

/// What a copy from PDF does to a text.
const DIRT: &str = "nfkc,line_wrap,spacing";

fn main() {
    let rounds = std::env::args().nth(1).and_then(|rounds| rounds.parse().ok()).unwrap_or(15);
    let detector = Detector::builtin();
    let automaton =
        CharwiseDoubleArrayAhoCorasick::<u32>::with_values(detector.surfaces().zip(0..)).expect("surfaces are unique and not empty");
    println!("{} surfaces, {rounds} rounds, the fastest of each document", detector.surfaces().count());
    let clean = Workload::synthetic();
    let dirt: Perturbations = DIRT.parse().expect("these perturbations exist");
    let dirty = Workload { name: "as from PDF", records: clean.records.iter().map(|record| dirt.apply(record, 1)).collect() };
    for workload in [clean, dirty, Workload::handwritten()] {
        let texts: Vec<&str> = workload.records.iter().map(|record| record.text.as_str()).collect();
        let scan = |text: &str| automaton.find_overlapping_iter(text).count();
        let label = |text: &str| findings(&detector.detect(text));
        let expected: Vec<(usize, usize)> = texts.iter().map(|text| (scan(text), label(text))).collect();
        assert!(expected.iter().map(|(hits, found)| hits.min(found)).sum::<usize>() > 0, "{}: nothing was found", workload.name);
        let mut best = vec![(Duration::MAX, Duration::MAX); texts.len()];
        for _ in 0..rounds {
            for ((text, best), expected) in texts.iter().zip(&mut best).zip(&expected) {
                let start = Instant::now();
                let hits = black_box(scan(black_box(text)));
                let scanned = start.elapsed();
                let start = Instant::now();
                let found = black_box(label(black_box(text)));
                let labelled = start.elapsed();
                assert_eq!((hits, found), *expected);
                *best = (best.0.min(scanned), best.1.min(labelled));
            }
        }
        let rate = |times: Duration| workload.bytes() as f64 / 1e6 / times.as_secs_f64();
        let (bare, whole) = (rate(best.iter().map(|best| best.0).sum()), rate(best.iter().map(|best| best.1).sum()));
        println!("{:12} bare search {bare:7.1} MB/s   whole detector {whole:6.2} MB/s   ratio {:.3}", workload.name, whole / bare);
    }
}
