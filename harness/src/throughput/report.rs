//! What a run of timing found out, as tables for a terminal.

use std::fmt::Write;

use super::{Latency, Net, NoiseFloor, OpenLoop, Paired, SizeResult, Speed, Throughput, Verdict, significant};
use crate::report::{new_table, number, render, right_align};

/// The whole report, for someone who sees it for the first time.
pub fn terminal(run: &Throughput) -> String {
    let mut parts = vec![head(run)];
    for speed in &run.detectors {
        parts.push(by_size(run, speed));
        parts.extend(speed.open_loop.map(|_| by_clock(speed)));
    }
    parts.push(noise(run));
    parts.join("\n")
}

/// A size as users write it: 1KB, 1.5MB.
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} KB", bytes as f64 / 1e3),
        _ => format!("{} MB", bytes as f64 / 1e6),
    }
}

fn head(run: &Throughput) -> String {
    let names: Vec<&str> = run.detectors.iter().map(|speed| speed.detector.as_str()).collect();
    let of = |key: &str| run.corpus.get(key).map_or("", String::as_str);
    let mut text = format!(
        "Speed of {} on synthetic notices (revision {}, seed {}), {} at a time, {} cores, about {} s\n",
        names.join(" and "),
        of("revision"),
        of("seed"),
        run.jobs,
        run.cores,
        run.seconds
    );
    text += "  made before the clock runs, joined or cut to each size; 1 KB is 1,000 bytes of UTF-8\n";
    if run.generator_bound() {
        let share = (run.making_texts * 100.0).round();
        let _ = writeln!(text, "  generator-bound: {share} % of the time went into making texts, which is in no figure; raise --seconds");
    }
    text
}

fn by_size(run: &Throughput, speed: &Speed) -> String {
    let title = format!("{}, one after the other", speed.detector);
    let mut table = new_table([&title, "documents/s", "MB/s", "p50", "p95", "p99", "owabi's own", "without it", "memory", "measured"]);
    for one in &speed.sizes {
        table.add_row(size_row(one));
    }
    right_align(&mut table, 1..10);
    let mut text = render(&table);
    text += "p50: half of the documents were answered in this time, p95: 95 of 100 (from 20 documents on), p99: 99 of 100 (from 100)\n";
    let who = &speed.overhead.who;
    let _ = writeln!(text, "owabi's own: p50 of a detector that answers nothing ({who}); it is part of all figures but \"without it\"");
    match &speed.memory_unknown {
        Some(why) => drop(writeln!(text, "memory: {why}")),
        None => text += "memory: the detector's peak so far, sizes in this order\n",
    }
    for one in &speed.sizes {
        if let Some(why) = &one.skipped {
            let _ = writeln!(text, "{}: {why}", size(one.bytes));
        }
    }
    if let Some(growth) = speed.growth {
        let interval = growth.interval.map_or(String::new(), |(low, high)| format!(" [{low:.2}–{high:.2}]"));
        let doubted = growth.interval.is_some_and(|(low, _)| low <= 1.0);
        let said = match growth.superlinear {
            true if doubted => "superlinear, as far as this run tells: the interval reaches 1, which is in proportion",
            true => "superlinear: large documents take more than their share",
            false => "1 is in proportion",
        };
        let _ = writeln!(
            text,
            "time grows with size^{:.2}{interval}: {said}; between the two largest sizes ^{:.2}",
            growth.exponent, growth.last_step
        );
    }
    if speed.facts == 0 {
        let _ = writeln!(text, "it found nothing in {} notices: a fast run that finds nothing says little", number(run.notices.documents));
    }
    if speed.lost > 0 {
        let _ = writeln!(text, "{} documents were not answered; they are in no figure", number(speed.lost));
    }
    text
}

fn size_row(one: &SizeResult) -> [String; 10] {
    let known = |value: Option<f64>, unit: &dyn Fn(f64) -> String| value.map_or("–".to_owned(), unit);
    let latency = one.latency.as_ref();
    [
        size(one.bytes),
        known(one.documents_per_second, &figure),
        known(one.megabytes_per_second, &figure),
        known(latency.map(|latency| latency.p50), &time),
        known(latency.and_then(|latency| latency.p95), &time),
        known(latency.and_then(|latency| latency.p99), &time),
        known(one.overhead_p50, &time),
        known(one.net_p50, &time),
        known(one.memory_megabytes, &|megabytes| format!("{megabytes:.0} MB")),
        latency.map_or("–".to_owned(), |latency| number(latency.documents)),
    ]
}

fn by_clock(speed: &Speed) -> String {
    let title = format!("{}, by the clock", speed.detector);
    let mut table = new_table([&title, "due/s", "answered/s", "p50", "p95", "p99", "slowest", "documents"]);
    let row = |name: &str, open: OpenLoop| {
        let Latency { documents, p50, p95, p99, max } = open.latency;
        let known = |value: Option<f64>| value.map_or("–".to_owned(), time);
        [
            name.to_owned(),
            figure(open.rate),
            figure(open.answered_per_second),
            time(p50),
            known(p95),
            known(p99),
            time(max),
            number(documents),
        ]
    };
    table.add_rows(speed.open_loop.map(|open| row("notices", open)));
    table.add_rows(speed.overhead.open_loop.map(|open| row("owabi's own", open)));
    right_align(&mut table, 1..8);
    let mut text = render(&table);
    text += "from when a document was due, not from when it was sent: a stall counts for all that came meanwhile\n";
    if speed.open_loop.is_some_and(|open| !open.kept_up) {
        text += "it fell behind: the rate is more than it can do, and the longer the run the later the answers\n";
    }
    text
}

fn noise(run: &Throughput) -> String {
    let NoiseFloor { ratio, smallest_difference, documents_per_round, restarted, skipped } = &run.noise_floor;
    let name = run.detectors.first().map_or("", |speed| speed.detector.as_str());
    let mut text = String::new();
    if let (Some(ratio), Some(smallest)) = (ratio, smallest_difference) {
        let started = if *restarted { "started anew for each round" } else { "started once, so that two starts may differ by more" };
        let _ = writeln!(
            text,
            "Noise: {name} measured twice, {} rounds of {documents_per_round} notices in turn ({} on average), {started}",
            ratio.rounds,
            size(run.notices.mean_bytes / 100 * 100)
        );
        let _ = writeln!(text, "  the second takes {} times as long as the first (interval of 95 %)", span(ratio));
        let percent = significant(smallest * 100.0);
        match ratio.differs() {
            true => {
                text +=
                    "  it differs from itself, as it does in 5 of 100 runs or on an unsteady machine: take no difference from this run\n"
            }
            false => drop(writeln!(text, "  the smallest difference that four of five such runs tell is {percent:.1} %")),
        }
    }
    if let Some(why) = skipped {
        let _ = writeln!(text, "Noise: not measured: {why}");
    }
    text + &comparison(run).unwrap_or_default()
}

fn comparison(run: &Throughput) -> Option<String> {
    let comparison = run.comparison.as_ref()?;
    let [first, second] = [0, 1].map(|index| run.detectors.get(index).map_or("", |speed| speed.detector.as_str()));
    // Who is called faster, and by how many times.
    let told = |word: &str| {
        comparison.ratio.map_or(String::new(), |ratio| format!("{second} takes {} times as long as {first}: {word}", span(&ratio)))
    };
    let mut text = match comparison.verdict {
        Verdict::Faster => told("faster"),
        Verdict::Slower => told("slower"),
        Verdict::CannotTell => match comparison.ratio {
            Some(_) => told("cannot tell"),
            None => format!("whether {second} is faster than {first}: cannot tell"),
        },
    };
    let Some(share) = (comparison.differ > 0).then_some((comparison.differ, comparison.answered)) else {
        let _ = write!(text, "; their answers agree in {} documents", number(comparison.answered));
        return Some(format!("Comparison: {text}{}\n", net(comparison.net)));
    };
    let _ = write!(text, ", but their answers differ in {} of {} documents: see owabi compare", number(share.0), number(share.1));
    Some(format!("Comparison: {text}{}\n", net(comparison.net)))
}

fn net(net: Option<Net>) -> String {
    let Some(Net { ratio, own }) = net else { return String::new() };
    let [first, second] = own.map(|share| format!("{:.0} %", share * 100.0));
    let ratio = ratio.map_or("cannot tell".to_owned(), |ratio| format!("{} times as long", times(ratio)));
    format!("\n  without what owabi itself takes, {second} of that time and {first} of the other: {ratio}")
}

fn span(pair: &Paired) -> String {
    format!("{} [{}–{}]", times(pair.ratio), times(pair.low), times(pair.high))
}

fn times(ratio: f64) -> String {
    if ratio < 10.0 { format!("{ratio:.3}") } else { figure(ratio) }
}

/// Three significant digits, with commas where it is large.
fn figure(value: f64) -> String {
    match value {
        ..1.0 => format!("{value:.3}"),
        ..10.0 => format!("{value:.2}"),
        ..100.0 => format!("{value:.1}"),
        _ => number(value.round() as u64),
    }
}

fn time(millis: f64) -> String {
    match millis {
        ..1.0 => format!("{} µs", figure(millis * 1e3)),
        ..1000.0 => format!("{} ms", figure(millis)),
        _ => format!("{} s", figure(millis / 1e3)),
    }
}
