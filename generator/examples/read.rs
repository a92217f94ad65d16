//! Prints documents for reading: `cargo run -p owabi-generator --example read -- KIND SPLIT FROM TO [marks]`.

#![allow(clippy::print_stdout)]

use owabi_corpora::record::Labels;
use owabi_generator::{Config, Generator};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [kind, split, from, to, rest @ ..] = &arguments[..] else {
        println!("usage: read KIND SPLIT FROM TO [labels]");
        return;
    };
    let config =
        Config { seed: 7, kinds: vec![kind.parse().expect("a kind")], split: split.parse().expect("a split"), ..Config::default() };
    let generator = Generator::new(config).expect("a valid configuration");
    for index in from.parse().expect("a number")..to.parse().expect("a number") {
        let record = generator.record(index);
        println!(
            "──── {} {} ({} characters)\n{}",
            record.id,
            record.provenance.as_ref().map_or("", |p| &p.skeleton),
            record.text.chars().count(),
            record.text
        );
        if !rest.is_empty() {
            labels(&record.text, &record.labels);
        }
    }
}

fn labels(text: &str, labels: &Labels) {
    println!("\n  genre {:?}, exposure {:?}, via_vendor {:?}", labels.genre, labels.exposure, labels.via_vendor);
    let mut labels = labels.clone();
    let _ = labels.visit_spans(|path, mention| {
        println!("  {path} {} {:?} {:?}", &text[mention.start..mention.end], mention.status, mention.group);
        Ok::<(), ()>(())
    });
}
