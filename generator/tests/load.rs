//! Documents of asked sizes and densities: what is asked for is what comes, with labels that stay right.

use owabi_corpora::verify;
use owabi_corpora::vocabulary::Exposure;
use owabi_corpora::{Record, Span};
use owabi_generator::load::{Density, Load, SMALLEST, Shape, Sizes};
use owabi_generator::{Config, Generator, Kind};

fn config() -> Config {
    Config { seed: 5, ..Config::default() }
}

fn load(sizes: Option<(usize, usize)>, density: Option<f64>) -> Load {
    let sizes = sizes.map(|(least, most)| Sizes::new(least, most).unwrap());
    Load::new(config(), Shape { sizes, density: density.map(|share| Density::new(share).unwrap()) }).unwrap()
}

/// What a document states, whether it is a page or not.
fn parts(record: &Record) -> Vec<(&owabi_corpora::Labels, &str)> {
    match &record.segments {
        Some(segments) => segments.iter().map(|segment| (&segment.labels, &record.text[segment.start..segment.end])).collect(),
        None => vec![(&record.labels, record.text.as_str())],
    }
}

#[test]
fn without_a_shape_they_are_the_generators_records() {
    let (load, generator) = (load(None, None), Generator::new(config()).unwrap());
    assert!(load.documents().take(50).eq((0..50).map(|index| generator.record(index))));
}

#[test]
fn a_document_depends_on_its_number_only() {
    let load = load(Some((SMALLEST, 30_000)), Some(0.5));
    let whole: Vec<Record> = load.slice(0..40).collect();
    assert!(whole.iter().eq(load.slice(0..20).chain(load.slice(20..40)).collect::<Vec<_>>().iter()));
    assert_eq!(load.document(33), whole[33]);
    let ids: std::collections::BTreeSet<&str> = whole.iter().map(|record| record.id.as_str()).collect();
    assert_eq!(ids.len(), whole.len());
}

/// Never larger than asked for; nine tenths of it at least in 99 of 100.
#[test]
fn documents_have_their_size() {
    for (least, most, count) in [(SMALLEST, SMALLEST, 400), (4_000, 4_000, 200), (50_000, 50_000, 20), (SMALLEST, 100_000, 150)] {
        let load = load(Some((least, most)), None);
        let mut short = 0;
        for (index, record) in load.slice(0..count).enumerate() {
            let room = load.room(index as u64).unwrap();
            assert!((least..=most).contains(&room) && record.text.len() <= room, "{}: {} bytes of {room}", record.id, record.text.len());
            short += u64::from(record.text.len() * 10 < room * 9);
            assert_eq!(verify::record(&record), [], "{}", record.id);
        }
        assert!(short * 100 <= count, "{least}..{most}: {short} of {count} are short");
    }
}

/// Every doubling as often as any other.
#[test]
fn sizes_are_drawn_by_doublings() {
    let load = load(Some((1 << 10, 1 << 14)), None);
    let mut octaves = [0; 5];
    (0..4000).for_each(|index| octaves[load.room(index).unwrap().ilog2() as usize - 10] += 1);
    assert!(octaves[..4].iter().all(|count| (900..1100).contains(count)), "{octaves:?}");
}

/// The share of notices about an incident is the share that was asked for, within three standard deviations.
#[test]
fn incidents_are_as_dense_as_asked_for() {
    for (density, sizes, count) in
        [(0.0, None, 300), (0.1, None, 300), (0.5, None, 300), (1.0, None, 300), (0.3, Some((30_000, 30_000)), 30)]
    {
        let load = load(sizes, Some(density));
        let (mut incidents, mut all) = (0, 0);
        for record in load.slice(0..count) {
            for (labels, _) in parts(&record) {
                let unrelated = labels.exposure == Some(Exposure::NotApplicable);
                // A text without an incident states no leak, and only such a one is of the kind `unrelated`.
                assert!(!unrelated || labels.data.iter().flatten().next().is_none());
                assert_eq!(unrelated, labels.genre.unwrap().id() == "unrelated");
                incidents += u32::from(!unrelated);
                all += 1;
            }
        }
        let expected = density * f64::from(all);
        let deviation = (expected * (1.0 - density)).sqrt();
        assert!((f64::from(incidents) - expected).abs() <= 3.0 * deviation, "{density}: {incidents} of {all}");
    }
}

/// A cut notice is the beginning of a notice, with just the labels that lie in it.
#[test]
fn what_is_cut_off_is_no_longer_labelled() {
    let load = load(Some((1_500, 1_500)), None);
    let notices = Generator::new(Config { kinds: owabi_generator::kinds().filter(|kind| !kind.is_page()).collect(), ..config() }).unwrap();
    let (mut cuts, mut open, mut lost) = (0, 0, 0);
    for record in load.slice(0..200).filter(|record| record.segments.is_none()) {
        let provenance = record.provenance.as_ref().unwrap();
        let base = notices.record(provenance.index);
        assert_eq!(provenance.base_id.as_deref(), Some(base.id.as_str()));
        assert!(base.text.starts_with(&record.text), "{}", record.id);
        let end = record.text.len();
        let kept = spans(&base).into_iter().filter(|span| span.end <= end).collect::<Vec<_>>();
        let causes = |record: &Record| record.labels.causes.is_some();
        if causes(&record) {
            assert_eq!(spans(&record), kept, "{}", record.id);
        }
        assert!(!spans(&base).iter().any(|span| span.start < end && end < span.end), "{}: a label is torn", record.id);
        cuts += u32::from(end < base.text.len());
        open += u32::from(record.labels.exposure.is_none());
        lost += u32::from(spans(&base).len() > spans(&record).len());
        assert!(record.labels.exposure.is_none() || record.labels.exposure == base.labels.exposure);
    }
    assert!(cuts > 100 && lost > 100 && open > 10 && open < cuts, "{cuts} cuts, {lost} lost labels, {open} leave exposure open");
}

fn spans(record: &Record) -> Vec<Span> {
    let mut found = Vec::new();
    let _ = record.labels.clone().visit_spans(|_, mention| {
        found.push(mention.span());
        Ok::<(), std::convert::Infallible>(())
    });
    found.sort_unstable();
    found
}

#[test]
fn what_has_an_order_of_its_own_is_refused() {
    let density = Shape { density: Density::new(0.5), sizes: None };
    let kind = |id: &str| Config { kinds: vec![id.parse::<Kind>().unwrap()], ..config() };
    for (config, message) in [
        (Config { voices: true, ..config() }, "voices and covering arrays"),
        (kind("digest"), "digest is a page"),
        (kind("unrelated"), "unrelated tells of no incident"),
    ] {
        let error = Load::new(config.clone(), density).err().unwrap().to_string();
        assert!(error.starts_with(message), "{error}");
        assert!(Load::new(config, Shape::default()).is_ok());
    }
    assert!(
        Sizes::new(SMALLEST - 1, 5000).is_none()
            && Sizes::new(5000, 4000).is_none()
            && Density::new(1.1).is_none()
            && Density::new(f64::NAN).is_none()
    );
}
