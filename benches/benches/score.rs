//! The scorer on one core: gold and answers to every figure, bootstrap intervals included.

use criterion::{Criterion, Throughput};
use owabi_benches::{SYNTHETIC, Workload};
use owabi_corpora::Labels;
use owabi_detector::Detector;
use owabi_harness::{Results, Scorer, Settings};

fn score(workload: &Workload, answers: &[Labels]) -> Results {
    let mut scorer = Scorer::new(Settings::default());
    workload.records.iter().zip(answers).for_each(|(gold, answer)| scorer.add(gold, Ok(answer.into())));
    scorer.finish()
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let workload = Workload::synthetic();
    // Gold against itself has nothing but right answers.
    let gold: Vec<Labels> = workload.records.iter().map(|record| record.labels.clone()).collect();
    assert_eq!(score(&workload, &gold).fields["data"].micro.f1.value, Some(1.0));

    let answers = workload.answers(&Detector::builtin());
    let mut group = criterion.benchmark_group("score");
    group.throughput(Throughput::Elements(SYNTHETIC));
    group.bench_function("synthetic", |bencher| {
        bencher.iter(|| assert_eq!(score(&workload, &answers).documents.gold, SYNTHETIC));
    });
    group.finish();
    criterion.final_summary();
}
