//! What looks for words in a text. All but owabi only count where they stand; owabi normalises, finds them, reads what is said of them, of
//! dates, counts, parties, causes and values, and gives a record.

use aho_corasick::{AhoCorasick, MatchKind};
use daachorse::CharwiseDoubleArrayAhoCorasick;
use owabi_detector::Detector;

use crate::{Done, Peer, Result};

/// Each with the same words.
pub fn all(surfaces: &[String]) -> Result<Vec<Peer>> {
    let detector = Detector::builtin();
    let daachorse = CharwiseDoubleArrayAhoCorasick::<u32>::new(surfaces).map_err(|error| error.to_string())?;
    let overlapping = AhoCorasick::new(surfaces)?;
    let longest = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(surfaces)?;
    #[allow(unused_mut, reason = "a build without Vectorscan adds nothing")]
    let mut peers = vec![
        scanner("owabi", move |text| {
            let labels = detector.page(text).labels;
            let facts =
                [labels.data.map_or(0, |all| all.len()), labels.causes.map_or(0, |all| all.len()), labels.dates.map_or(0, |all| all.len())];
            facts.iter().sum::<usize>() as u64
        }),
        scanner("daachorse", move |text| daachorse.find_overlapping_iter(text).count() as u64),
        scanner("aho-corasick", move |text| overlapping.find_overlapping_iter(text).count() as u64),
        scanner("aho-corasick-longest", move |text| longest.find_iter(text).count() as u64),
    ];
    #[cfg(feature = "vectorscan")]
    {
        let mut database = crate::vectorscan::Database::new(surfaces)?;
        peers.push(scanner("vectorscan", move |text| database.count(text)));
    }
    Ok(peers)
}

fn scanner(name: &'static str, mut count: impl FnMut(&str) -> u64 + 'static) -> Peer {
    Peer { name, work: Box::new(move |text| Done { found: count(text), made: 0 }) }
}
