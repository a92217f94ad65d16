//! The built-in detector on one core: the whole pipeline, text to labels, and how far each stage brings it.

use criterion::{Criterion, Throughput};
use owabi_benches::{Workload, findings};
use owabi_detector::{Detector, Stage};

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let detector = Detector::builtin();
    let mut group = criterion.benchmark_group("detect");
    for workload in [Workload::synthetic(), Workload::handwritten()] {
        let expected: usize = workload.answers(&detector).iter().map(findings).sum();
        group.throughput(Throughput::Bytes(workload.bytes()));
        let gold: usize = workload.records.iter().map(|record| record.labels.data.as_ref().map_or(0, Vec::len)).sum();
        // At the least so much has to be found on the way: half of the text's length, a word a fact, a mention of half of the data.
        for (stage, least) in [(Stage::Normalise, workload.bytes() as usize / 2), (Stage::Scan, expected), (Stage::Scope, gold / 2)] {
            let run = || workload.records.iter().map(|record| detector.run_to(&record.text, stage)).sum::<usize>();
            let found = run();
            assert!(found >= least && found > 0, "{stage:?}: {found} found, at least {least} expected");
            let name = format!("{}, to {}", workload.name, format!("{stage:?}").to_lowercase());
            group.bench_function(name, |bencher| bencher.iter(|| assert_eq!(run(), found)));
        }
        group.bench_function(workload.name, |bencher| {
            bencher.iter(|| {
                let found: usize = workload.records.iter().map(|record| findings(&detector.detect(&record.text))).sum();
                assert_eq!(found, expected);
            });
        });
    }
    group.finish();
    // Texts that tempt a reader into quadratic work: each should take about as long a byte as ordinary text.
    let mut group = criterion.benchmark_group("unfriendly");
    for part in ["氏名", "(氏名漏えい", "漏えいした可能性", "2月", "1名2件", "株式会社", "・氏名\n", "(", "、", "1.1.", "あ"]
    {
        let text = part.repeat(100_000 / part.len());
        let expected = findings(&detector.detect(&text));
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.sample_size(10);
        group.bench_function(part.trim(), |bencher| bencher.iter(|| assert_eq!(findings(&detector.detect(&text)), expected)));
    }
    group.finish();
    // What `owabi detect` of one short file waits for.
    criterion.bench_function("detect/build", |bencher| bencher.iter(Detector::builtin));
    criterion.final_summary();
}
