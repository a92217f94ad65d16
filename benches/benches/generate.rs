//! The generator on one core, stage by stage: facts, documents from them, labels from marks, lines of JSONL; and all of it.
//!
//! How far it is from the least that there is to do: `cargo run --release -p owabi-benches --example assembled`.

use criterion::{Criterion, Throughput};
use owabi_benches::{SYNTHETIC, Workload, findings, generator, marked};
use owabi_corpora::jsonl::{write_owned, write_record};
use owabi_corpora::markup;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let generator = generator();
    let workload = Workload::synthetic();
    assert_eq!(workload.records.len() as u64, SYNTHETIC);
    assert!(workload.records == Workload::synthetic().records, "two passes differ");
    let expected: usize = workload.records.iter().map(|record| findings(&record.labels)).sum();
    assert!(expected >= workload.records.len(), "{expected} labels on {SYNTHETIC} documents");
    let lines = |out: &mut Vec<u8>| workload.records.iter().try_for_each(|record| write_record(out, record));

    let mut group = criterion.benchmark_group("generate");
    group.throughput(Throughput::Elements(SYNTHETIC));
    let scenario = || (0..SYNTHETIC).filter_map(|index| generator.facts(index)).map(|facts| facts.groups.len() + facts.held.len()).sum();
    let groups: usize = scenario();
    assert!(groups as u64 >= SYNTHETIC / 2, "{groups} groups of people in the facts of {SYNTHETIC} documents");
    group.bench_function("scenario", |bencher| bencher.iter(|| assert_eq!(scenario(), groups)));
    group.bench_function("scenario and render", |bencher| {
        bencher.iter(|| {
            let made: usize = (0..SYNTHETIC).map(|index| findings(&generator.record(index).labels)).sum();
            assert_eq!(made, expected);
        });
    });
    let texts: Vec<String> = workload.records.iter().map(marked).collect();
    let label = || texts.iter().map(|text| markup::parse(text).map_or(0, |(text, _)| text.len() as u64)).sum::<u64>();
    assert_eq!(label(), workload.bytes(), "without their marks the texts are those of the records");
    group.bench_function("label", |bencher| bencher.iter(|| assert_eq!(label(), workload.bytes())));
    let mut whole = Vec::new();
    lines(&mut whole).expect("memory can be written to");
    assert!(whole.len() as u64 > workload.bytes());
    let mut out = Vec::new();
    group.bench_function("write", |bencher| {
        bencher.iter(|| {
            out.clear();
            lines(&mut out).expect("memory can be written to");
            assert_eq!(out.len(), whole.len());
        });
    });
    assert!(out == whole);
    group.bench_function("jsonl", |bencher| {
        bencher.iter(|| {
            out.clear();
            (0..SYNTHETIC).try_for_each(|index| write_owned(&mut out, generator.record(index))).expect("memory can be written to");
            assert_eq!(out.len(), whole.len());
        });
    });
    assert!(out == whole, "the same lines, whichever way they are made");
    group.finish();
    criterion.final_summary();
}
