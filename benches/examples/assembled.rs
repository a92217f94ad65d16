//! How fast records are made, against the least that any generator in Rust must do: the same documents, put together by `push_str` from
//! values that are ready, with the same labels and the same JSON writer. `cargo run --release -p owabi-benches --example assembled
//! [DOCUMENTS]`; 500 if no number is given. Ends with 1 when the generator reaches less than half of that speed.
//!
//! What the assembly is given: the stretches of every document between the ends of its spans, and its facts (category, status, date,
//! name …). What it does for each record: it pushes the stretches into a new string, notes where each ends, builds the labels with their
//! spans and the provenance, and writes the line. It draws nothing, decides nothing and spells nothing.
#![allow(clippy::print_stdout, clippy::disallowed_methods)]

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::hint::black_box;
use std::ops::Range;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use owabi_benches::generator;
use owabi_corpora::jsonl::write_owned;
use owabi_corpora::record::{Labels, Record, Segment};

/// Of the assembly's speed.
const LEAST: f64 = 0.5;
/// Both are timed in turn over so many documents, too few to be interrupted each time; the fastest of so many rounds counts.
const BATCH: u64 = 25;
const ROUNDS: usize = 15;

fn main() -> ExitCode {
    let count = std::env::args().nth(1).and_then(|count| count.parse().ok()).unwrap_or(500);
    let generator = generator();
    let ready: Vec<Ready> = (0..count).map(|index| Ready::of(generator.record(index))).collect();
    let (made, put_together) =
        (lines(0..count, |index| generator.record(index)), lines(0..count, |index| ready[index as usize].assemble()));
    assert!(made == put_together && made.len() > 1_000 * count as usize, "the lines of both are the same");

    let [mut jsonl, mut records] = [[Duration::ZERO; 2]; 2];
    for start in (0..count).step_by(BATCH as usize) {
        let batch = start..count.min(start + BATCH);
        let assembled = |index: u64| ready[index as usize].assemble();
        let generated = |index: u64| generator.record(index);
        let sizes = |record: &dyn Fn(u64) -> Record| batch.clone().map(|index| record(index).text.len()).sum();
        let best =
            fastest([&|| lines(batch.clone(), assembled).len(), &|| lines(batch.clone(), generated).len(), &|| sizes(&assembled), &|| {
                sizes(&generated)
            }]);
        (jsonl[0], jsonl[1], records[0], records[1]) = (jsonl[0] + best[0], jsonl[1] + best[1], records[0] + best[2], records[1] + best[3]);
    }
    let [jsonl, records] = [jsonl, records].map(|of| of.map(|time| count as f64 / time.as_secs_f64()));
    println!("{count} documents, {} bytes of JSONL each, one thread; documents a second", made.len() / count as usize);
    println!("           assembled  generated  ratio");
    for (what, [assembled, generated]) in [("JSONL", jsonl), ("records", records)] {
        println!("  {what:<8} {assembled:>9.0}  {generated:>9.0}  {:>5.2}", generated / assembled);
    }
    if jsonl[1] / jsonl[0] >= LEAST { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The shortest time of each work, all of them in turn.
fn fastest(works: [&dyn Fn() -> usize; 4]) -> [Duration; 4] {
    let mut best = [Duration::MAX; 4];
    for _ in 0..ROUNDS {
        for (best, work) in best.iter_mut().zip(works) {
            let start = Instant::now();
            black_box(work());
            *best = start.elapsed().min(*best);
        }
    }
    best
}

fn lines(range: Range<u64>, record: impl Fn(u64) -> Record) -> Vec<u8> {
    let mut lines = Vec::with_capacity((range.end - range.start) as usize * 8_192);
    range.into_iter().try_for_each(|index| write_owned(&mut lines, record(index))).expect("memory can be written to");
    lines
}

/// What is known of a document before it is put together.
struct Ready {
    /// Its text in the stretches between the ends of its spans.
    stretches: Vec<String>,
    /// Everything but the text. Its spans count stretches, not bytes.
    rest: Record,
}

impl Ready {
    fn of(mut record: Record) -> Ready {
        let mut ends = BTreeSet::from([0, record.text.len()]);
        visit(&mut record, |position| _ = ends.insert(*position));
        let ends: Vec<usize> = ends.into_iter().collect();
        visit(&mut record, |position| *position = ends.binary_search(position).unwrap_or_default());
        let text = std::mem::take(&mut record.text);
        Ready { stretches: ends.windows(2).map(|ends| text[ends[0]..ends[1]].to_owned()).collect(), rest: record }
    }

    fn assemble(&self) -> Record {
        let mut text = String::with_capacity(4_096);
        let mut ends = Vec::with_capacity(self.stretches.len() + 1);
        ends.push(0);
        for stretch in &self.stretches {
            text.push_str(stretch);
            ends.push(text.len());
        }
        let mut record = self.rest.clone();
        visit(&mut record, |position| *position = ends[*position]);
        Record { text, ..record }
    }
}

/// Calls `each` with both ends of every span.
fn visit(record: &mut Record, mut each: impl FnMut(&mut usize)) {
    let Record { labels, segments, .. } = record;
    let spans = |labels: &mut Labels, each: &mut dyn FnMut(&mut usize)| {
        let _ = labels.visit_spans(|_, mention| {
            each(&mut mention.start);
            each(&mut mention.end);
            Ok::<(), Infallible>(())
        });
    };
    spans(labels, &mut each);
    for Segment { start, end, labels, .. } in segments.iter_mut().flatten() {
        each(start);
        each(end);
        spans(labels, &mut each);
    }
}
