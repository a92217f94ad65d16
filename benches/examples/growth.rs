//! How the time and the memory of the detector grow with the length of a text and with the number of its words: the exponent of the
//! power law through the measured points, 1 for a time in proportion and 0 for none. `cargo run --release -p owabi-benches --example growth`.
#![allow(clippy::print_stdout, clippy::disallowed_methods)]

use std::fmt::Write;
use std::hint::black_box;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use owabi_benches::{Workload, findings};
use owabi_detector::Detector;

/// In bytes.
const LENGTHS: [usize; 5] = [1 << 10, 16 << 10, 256 << 10, 4 << 20, 64 << 20];

/// Words of the user's own, beside some 31,000 built-in ones.
const WORDS: [usize; 4] = [300, 1_000, 10_000, 30_000];

fn main() {
    let records = Workload::synthetic().records;
    let detector = Detector::builtin().with_segments(false);
    let text = |length: usize| {
        let mut text = String::new();
        for record in records.iter().cycle() {
            if text.len() >= length {
                break;
            }
            text.push_str(&record.text);
            text.push('\n');
        }
        let end = (0..=length).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
        text.truncate(end);
        text
    };
    let mut points = Vec::new();
    for length in LENGTHS {
        let text = text(length);
        // As often as makes a time that can be measured.
        let took = fastest(if length > 1 << 20 { 1 } else { 5 }, || findings(&detector.detect(&text)));
        println!("{length:>10} bytes {:>12.3} ms {:>8.2} MB/s", took.as_secs_f64() * 1e3, text.len() as f64 / 1e6 / took.as_secs_f64());
        points.push((length as f64, took.as_secs_f64()));
    }
    println!("exponent by length {:.2}", exponent(&points));
    let text = text(256 << 10);
    let mut points = Vec::new();
    for count in WORDS {
        let mut table = String::new();
        for word in 0..count {
            // Words of six kana, all different, none of which the texts hold.
            let kana = |place: u32| char::from_u32('ァ' as u32 + (word as u32 / 9u32.pow(place) % 9) * 2).unwrap_or('ン');
            let letters: String = (0..6).map(kana).collect();
            writeln!(table, "ヮヰ{letters}\tname").expect("writing to a string succeeds");
        }
        let detector = Detector::builder().lexicon("words", table).build().expect("the words are different and new").with_segments(false);
        let took = fastest(5, || findings(&detector.detect(&text)));
        println!("{count:>10} words {:>12.3} ms", took.as_secs_f64() * 1e3);
        points.push((count as f64, took.as_secs_f64()));
    }
    println!("exponent by words {:.2}", exponent(&points));
}

/// The shortest of several times; the work is done once before.
fn fastest(rounds: usize, work: impl Fn() -> usize) -> Duration {
    let expected = work();
    let time = |_| {
        let start = clock();
        assert_eq!(black_box(work()), expected);
        clock() - start
    };
    (0..rounds).map(time).min().unwrap_or_default()
}

/// The time that this thread had a core, where the system tells it (Linux): a long text's time on a busy machine says little else.
fn clock() -> Duration {
    static BEGUN: LazyLock<Instant> = LazyLock::new(Instant::now);
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let ran = told.and_then(|told| told.split(' ').next()?.parse().ok()).map(Duration::from_nanos);
    ran.unwrap_or_else(|| BEGUN.elapsed())
}

/// The slope of the line through the logarithms, by least squares.
fn exponent(points: &[(f64, f64)]) -> f64 {
    let mean = |of: &dyn Fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / points.len() as f64;
    let (x, y) = (mean(&|point| point.0.ln()), mean(&|point| point.1.ln()));
    let along = points.iter().map(|point| (point.0.ln() - x) * (point.1.ln() - y)).sum::<f64>();
    along / points.iter().map(|point| (point.0.ln() - x).powi(2)).sum::<f64>()
}
