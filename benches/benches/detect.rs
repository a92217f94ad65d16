//! The built-in detector on one core, the whole pipeline: text to labels.

use criterion::{Criterion, Throughput};
use owabi_benches::{Workload, findings};
use owabi_detector::Detector;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let detector = Detector::builtin();
    let mut group = criterion.benchmark_group("detect");
    for workload in [Workload::synthetic(), Workload::handwritten()] {
        let expected: usize = workload.answers(&detector).iter().map(findings).sum();
        group.throughput(Throughput::Bytes(workload.bytes()));
        group.bench_function(workload.name, |bencher| {
            bencher.iter(|| {
                let found: usize = workload.records.iter().map(|record| findings(&detector.detect(&record.text))).sum();
                assert_eq!(found, expected);
            });
        });
    }
    group.finish();
    // What `owabi detect` of one short file waits for.
    criterion.bench_function("detect/build", |bencher| bencher.iter(Detector::builtin));
    criterion.final_summary();
}
