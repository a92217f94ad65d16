//! Whatever a record holds comes back from the formats that are read back, and every format can be written of it.

use owabi_corpora::jsonl::Records;
use owabi_corpora::record::*;
use owabi_corpora::vocabulary::*;
use owabi_corpora::{Category, Cause, OffsetUnit, Span};
use owabi_formats::{Format, HAS_PARQUET, Settings, Stream, Tally, brat, doccano, files, marks};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

/// Pieces that formats trip over: beyond U+FFFF, joined emoji, combining marks, every kind of line break, tabs, JSON's own
/// characters, a mark of byte order, private use.
const PIECES: [&str; 26] = [
    "氏名",
    "𠮷野家",
    "👨‍👩‍👧",
    "か\u{3099}",
    "e\u{301}\u{327}",
    "\r\n",
    "\n",
    "\r",
    "\t",
    " ",
    "\u{3000}",
    "\u{2028}",
    "\u{85}",
    "\u{b}",
    "\u{1c}",
    "\u{feff}",
    "\u{200b}",
    "\"",
    "\\",
    "=1+1",
    "#",
    "-DOCSTART-",
    "{",
    ";",
    "\u{0}",
    "🇯🇵",
];

fn text() -> impl Strategy<Value = String> {
    vec(select(&PIECES[..]), 0..12).prop_map(|pieces| pieces.concat())
}

/// Spans anywhere in the text, overlapping and nested, each with a status and a group of its own or none.
fn mentions(text: String) -> BoxedStrategy<Vec<Mention>> {
    let places: Vec<usize> = text.char_indices().map(|(byte, _)| byte).chain([text.len()]).collect();
    if places.len() < 2 {
        return Just(Vec::new()).boxed();
    }
    let one = (0..places.len() - 1, 1..places.len(), option::of(select(Status::all().collect::<Vec<_>>())), option::of(1..20u32));
    let one = one.prop_map(move |(start, length, status, group)| {
        let end = (start + length).min(places.len() - 1);
        Mention { status, group, ..Mention::from(Span::new(places[start], places[end])) }
    });
    vec(one, 0..4).boxed()
}

/// What every item may carry beside its facts.
fn beside() -> impl Strategy<Value = (Option<f64>, Option<String>, Option<String>, Extra)> {
    let score = option::of((0..=4u8).prop_map(|quarter| f64::from(quarter) / 4.0));
    let extra = option::of(text()).prop_map(|value| Extra(value.map(|value| ("x_note".to_owned(), value.into())).into_iter().collect()));
    (score, option::of(text()), option::of(text()), extra)
}

macro_rules! items {
    ($text:expr, $make:expr, $facts:expr) => {
        option::of(vec(
            ($facts, mentions($text.clone()), beside()).prop_map(|(facts, spans, (score, cue, evidence, extra))| {
                let mut item = $make(facts, spans);
                (item.score, item.cue, item.evidence, item.extra) = (score, cue, evidence, extra);
                item
            }),
            0..3,
        ))
    };
}

fn labels(text: String) -> impl Strategy<Value = Labels> {
    let categories = select(Category::all().collect::<Vec<_>>());
    let status = select(Status::all().collect::<Vec<_>>());
    let roles = select(DateRole::all().collect::<Vec<_>>());
    let dates = select(vec!["2024", "2024-02", "2024-02-29"]);
    let causes = items!(
        text,
        |(cause, primary), spans| CauseLabel::new(cause, primary, spans),
        (select(Cause::all().collect::<Vec<_>>()), any::<bool>())
    );
    let data = items!(text, |(category, status), spans| DataLabel::new(category, status, spans), (categories.clone(), status));
    let counts = items!(
        text,
        |(value, unit, bound, total, group), spans| CountLabel::new(value, unit, bound, total, group, spans),
        (
            any::<u64>(),
            select(Unit::all().collect::<Vec<_>>()),
            select(Bound::all().collect::<Vec<_>>()),
            any::<bool>(),
            option::of(1..9u32)
        )
    );
    let dates = items!(
        text,
        |(role, date, time, stage): (DateRole, &str, Option<&str>, Option<Stage>), spans| {
            DateLabel::new(role, date.parse().unwrap(), time.map(|time| time.parse().unwrap()), stage, spans)
        },
        (roles, dates, option::of(select(vec!["09:30", "23:59"])), option::of(select(Stage::all().collect::<Vec<_>>())))
    );
    let parties = items!(
        text,
        |(role, name), spans| PartyLabel::new(role, name, spans),
        (select(PartyRole::all().collect::<Vec<_>>()), self::text())
    );
    let values = items!(
        text,
        |(kind, usage, well_formed), spans| ValueLabel::new(kind, usage, well_formed, spans),
        (categories.clone(), select(Use::all().collect::<Vec<_>>()), any::<bool>())
    );
    let distractors = items!(
        text,
        |(category, why), spans| DistractorLabel::new(category, why, spans),
        (categories, select(Why::all().collect::<Vec<_>>()))
    );
    let whole = (
        option::of(select(Genre::all().collect::<Vec<_>>())),
        option::of(select(Exposure::all().collect::<Vec<_>>())),
        option::of(any::<bool>()),
    );
    (whole, causes, data, counts, dates, parties, values, distractors).prop_map(
        |((genre, exposure, via_vendor), mut causes, mut data, mut counts, dates, parties, values, distractors)| {
            // What a record may hold once only.
            causes.iter_mut().flatten().filter(|item| item.primary).skip(1).for_each(|item| item.primary = false);
            counts.iter_mut().flatten().filter(|item| item.total).skip(1).for_each(|item| item.total = false);
            let mut seen = Vec::new();
            data.iter_mut().for_each(|items| {
                items.retain(|item| {
                    !seen.contains(&item.category) && {
                        seen.push(item.category);
                        true
                    }
                });
            });
            Labels { genre, exposure, via_vendor, causes, data, counts, dates, parties, values, distractors, ..Labels::default() }
        },
    )
}

fn record() -> impl Strategy<Value = Record> {
    let labelled = text().prop_flat_map(|text| (Just(text.clone()), labels(text.clone()), labels(text)));
    (labelled, "\\PC{1,12}", any::<bool>(), beside()).prop_map(|((text, labels, inner), id, page, (.., extra))| {
        let segment = Segment { start: 0, end: text.len(), labels: inner, extra: extra.clone() };
        let segments = (page && !text.is_empty()).then(|| vec![segment]);
        Record { segments, extra, ..Record::new(id, text, labels) }
    })
}

fn streamed(format: Format, settings: Settings, record: &Record) -> (Vec<u8>, Tally) {
    let (mut out, mut tally) = (Vec::new(), Tally::default());
    let mut stream = Stream::new(format, settings).unwrap();
    stream.begin(&mut out).unwrap();
    stream.put(record, &mut tally, &mut out).unwrap();
    stream.end(&mut out).unwrap();
    (out, tally)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn jsonl_comes_back(record in record()) {
        let (line, _) = streamed(Format::Jsonl, Settings::default(), &record);
        prop_assert_eq!(Records::new("f", &line[..]).next().unwrap().unwrap(), record);
    }

    #[test]
    fn brat_comes_back(record in record()) {
        let (line, mut tally) = streamed(Format::Brat, Settings::default(), &record);
        let found = files(Format::Brat, &record, &mut tally);
        prop_assert_eq!(&found[0].bytes[..], record.text.as_bytes());
        let ann = String::from_utf8(found[1].bytes.clone()).unwrap();
        // No reader may see more lines than there are.
        let breaks = ['\r', '\u{b}', '\u{c}', '\u{1c}', '\u{1d}', '\u{1e}', '\u{85}', '\u{2028}', '\u{2029}'];
        prop_assert!(!ann.contains(breaks), "{:?}", ann);
        prop_assert!(ann.lines().all(|line| line.matches('\t').count() == if line.starts_with('A') { 1 } else { 2 }), "{}", ann);
        let rest: marks::Object = serde_json::from_slice(&line).unwrap();
        prop_assert_eq!(rest["file"].as_str().map(|file| format!("{file}.txt")), Some(found[0].name.clone()));
        prop_assert_eq!(brat::read(rest, &record.text, &ann).map_err(|error| error.to_string()), Ok(record));
    }

    #[test]
    fn doccano_comes_back(record in record(), unit in select(vec![None, Some(OffsetUnit::CodePoints), Some(OffsetUnit::Utf16)])) {
        let (line, _) = streamed(Format::Doccano, Settings { offsets: unit }, &record);
        prop_assert_eq!(line.iter().filter(|byte| **byte == b'\n').count(), 1);
        prop_assert_eq!(doccano::read(&line, OffsetUnit::Bytes, 1).map_err(|error| error.to_string()), Ok(record));
    }

    #[test]
    fn everything_can_be_written(record in record()) {
        for format in Format::all().filter(|format| *format != Format::Text && (HAS_PARQUET || !format.needs_parquet())) {
            let (out, tally) = streamed(format, Settings::default(), &record);
            prop_assert!(tally.documents == 1 && !out.is_empty());
            prop_assert!(format != Format::LabelStudio || serde_json::from_slice::<Vec<serde_json::Value>>(&out).unwrap().len() == 1);
            // Four columns on every line that is not blank, whatever the characters are.
            let columns = |line: &str| line.split(char::is_whitespace).filter(|column| !column.is_empty()).count();
            if format == Format::Conll {
                let text = String::from_utf8(out).unwrap();
                prop_assert!(text.split('\n').all(|line| line.is_empty() || columns(line) == 4), "{}", text);
            }
        }
    }
}
