//! The generator on one core: records, and records as lines of JSONL.

use criterion::{Criterion, Throughput};
use owabi_benches::{SYNTHETIC, Workload, findings, generator};
use owabi_corpora::jsonl::write_record;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let generator = generator();
    let workload = Workload::synthetic();
    assert_eq!(workload.records.len() as u64, SYNTHETIC);
    assert!(workload.records == Workload::synthetic().records, "two passes differ");
    let expected: usize = workload.records.iter().map(|record| findings(&record.labels)).sum();
    assert!(expected >= workload.records.len(), "{expected} labels on {SYNTHETIC} documents");

    let mut group = criterion.benchmark_group("generate");
    group.throughput(Throughput::Bytes(workload.bytes()));
    group.bench_function("records", |bencher| {
        bencher.iter(|| {
            let made: usize = (0..SYNTHETIC).map(|index| findings(&generator.record(index).labels)).sum();
            assert_eq!(made, expected);
        });
    });
    group.bench_function("jsonl", |bencher| {
        let mut lines = Vec::new();
        bencher.iter(|| {
            lines.clear();
            (0..SYNTHETIC).try_for_each(|index| write_record(&mut lines, &generator.record(index))).expect("memory can be written to");
            assert!(lines.len() as u64 > workload.bytes());
        });
    });
    group.finish();
    criterion.final_summary();
}
