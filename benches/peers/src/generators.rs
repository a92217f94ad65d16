//! owabi's generator: labelled documents as lines of JSON.

use owabi_corpora::Labels;
use owabi_corpora::jsonl::write_record;
use owabi_generator::{Config, Generator};

use crate::{Done, Peer, Result};

/// One document after the other, whatever text it is asked for.
pub fn all() -> Result<Vec<Peer>> {
    let generator = Generator::new(Config { seed: 1, ..Config::default() })?;
    let (mut index, mut line) = (0, Vec::new());
    let work = move |_: &str| {
        let record = generator.record(index);
        index += 1;
        line.clear();
        // Writing to memory cannot fail.
        let _ = write_record(&mut line, &record);
        Done { found: spans(record.labels), made: record.text.len() as u64 }
    };
    Ok(vec![Peer { name: "owabi-generate", work: Box::new(work) }])
}

fn spans(mut labels: Labels) -> u64 {
    let mut count = 0;
    let _ = labels.visit_spans(|_, _| {
        count += 1;
        Ok::<(), std::convert::Infallible>(())
    });
    count
}
