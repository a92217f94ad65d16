//! Perturbed records keep or change their labels as each perturbation declares, and still say what is labelled.

mod common;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use owabi_corpora::record::{Labels, Record};
use owabi_corpora::vocabulary::{Exposure, Status, Use, Why};
use owabi_corpora::{markup, verify};
use owabi_generator::perturb::{Expectation, Perturbation, Perturbations, encode};
use owabi_generator::{Config, Generator, Values, kinds};
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

/// Some documents of every kind, pages among them, half of them with leaked values.
static BASES: LazyLock<Vec<Record>> = LazyLock::new(|| {
    let mut records = Vec::new();
    for kind in kinds() {
        for values in [Values::Contact, Values::Exhibit] {
            let generator = Generator::new(Config { seed: 3, kinds: vec![kind], values, ..Config::default() }).unwrap();
            records.extend((0..5).map(|index| generator.record(index)));
        }
    }
    records
});

/// The base and the perturbed record, where it applies; and how often it does.
fn pairs(id: &str) -> Vec<(Record, Record)> {
    let perturbation: Perturbation = id.parse().unwrap();
    let count = BASES.len();
    let pairs: Vec<(Record, Record)> =
        BASES.iter().filter_map(|base| perturbation.apply(base, 5).map(|record| (base.clone(), record))).collect();
    assert!(pairs.len() * 8 > count, "{id} applies to {} of {count}", pairs.len());
    pairs
}

/// Labels without their positions, in an order of their own.
fn facts(labels: &Labels) -> BTreeSet<String> {
    let mut labels = labels.clone();
    labels
        .visit_spans(|_, mention| {
            (mention.start, mention.end) = (0, 0);
            Ok::<(), ()>(())
        })
        .unwrap();
    macro_rules! lines {
        ($($field:ident),+) => {{
            let mut lines = BTreeSet::new();
            $(for item in labels.$field.iter().flatten() {
                let mut item = item.clone();
                item.spans.sort_by_key(|mention| (mention.group, mention.status));
                lines.insert(format!("{} {item:?} of {}", stringify!($field), labels.$field.iter().flatten().filter(|other| **other == item).count()));
            })+
            lines
        }};
    }
    let mut all = lines!(causes, data, counts, dates, parties, values, distractors);
    all.insert(format!("{:?} {:?} {:?} {:?}", labels.genre, labels.exposure, labels.via_vendor, labels.reportability));
    all
}

fn every_fact(record: &Record) -> Vec<BTreeSet<String>> {
    std::iter::once(&record.labels).chain(record.segments.iter().flatten().map(|segment| &segment.labels)).map(facts).collect()
}

/// The surfaces of all labels with the facts they stand for, each in the form that `normal` gives.
fn surfaces(record: &Record, normal: &dyn Fn(&str) -> String) -> Vec<String> {
    let mut found = Vec::new();
    for labels in std::iter::once(&record.labels).chain(record.segments.iter().flatten().map(|segment| &segment.labels)) {
        let mut labels = labels.clone();
        macro_rules! collect {
            ($($field:ident => |$item:ident| $fact:expr),+ $(,)?) => {
                $(for $item in labels.$field.iter_mut().flatten() {
                    let fact = format!("{:?}", $fact);
                    found.extend($item.spans.iter().map(|mention| format!("{fact} {}", normal(&record.text[mention.span().range()]))));
                })+
            };
        }
        collect!(
            causes => |item| item.cause, data => |item| item.category, counts => |item| (item.value, item.unit),
            dates => |item| (item.role, item.date), parties => |item| item.name, values => |item| item.kind,
            distractors => |item| (item.category, item.why),
        );
    }
    found.sort();
    found
}

/// NFKC without white space and characters that nobody sees.
fn bare(text: &str) -> String {
    let unseen = |c: char| matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' | '\u{ad}' | '\u{fe00}' | '\u{e0100}');
    text.nfkc().filter(|c| !c.is_whitespace() && !unseen(*c)).collect()
}

#[test]
fn invariant_ones_keep_every_label() {
    for perturbation in Perturbation::all().filter(|one| one.expectation() == Expectation::Inv) {
        for (base, record) in pairs(perturbation.id()) {
            assert_eq!(every_fact(&base), every_fact(&record), "{}", record.id);
        }
    }
}

#[test]
fn all_of_them_make_records_that_are_well() {
    for perturbation in Perturbation::all() {
        for (base, record) in pairs(perturbation.id()) {
            assert_eq!(verify::record(&record), [], "{}\n{}", record.id, record.text);
            assert_eq!(record.id, format!("{}+{}", base.id, perturbation.id()));
            let provenance = record.provenance.as_ref().unwrap();
            assert_eq!(
                (provenance.base_id.as_deref(), &provenance.perturbations[..]),
                (Some(base.id.as_str()), &[perturbation.id().to_owned()][..])
            );
            assert!(record.text != base.text || perturbation.is_encoding(), "{}", record.id);
            for labels in std::iter::once(&record.labels).chain(record.segments.iter().flatten().map(|segment| &segment.labels)) {
                labels
                    .clone()
                    .visit_spans(|path, mention| {
                        let surface = &record.text[mention.span().range()];
                        if surface.trim() == surface { Ok(()) } else { Err(format!("{}: {path}: {surface:?}", record.id)) }
                    })
                    .unwrap();
            }
        }
    }
}

/// These change how characters look or what stands between them, and nothing else.
#[test]
fn surfaces_are_the_same_characters() {
    for id in ["nfkc", "spacing", "line_wrap", "zero_width", "order"] {
        for (base, record) in pairs(id) {
            assert_eq!(surfaces(&base, &bare), surfaces(&record, &bare), "{}", record.id);
            if id != "order" {
                assert_eq!(bare(&base.text), bare(&record.text), "{}", record.id);
            }
        }
    }
    for (base, record) in pairs("nfkc") {
        let plain = |text: &str| text.nfkc().collect::<String>();
        assert_eq!(plain(&base.text), plain(&record.text), "{}", record.id);
    }
}

#[test]
fn wrapped_lines_fit_their_column_and_break_no_word_of_latin_letters() {
    for (base, record) in pairs("line_wrap") {
        let width = |line: &str| line.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<usize>();
        // Hanging punctuation, long addresses and rows of data without a space aside.
        let longest = record
            .text
            .lines()
            .filter(|line| !line.contains("://") && (!line.is_ascii() || line.contains(' ')))
            .max_by_key(|line| width(line))
            .unwrap();
        assert!(width(longest) <= 2 * 44 + 60, "{}: {longest}", record.id);
        let words = |text: &str| {
            text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(words(&base.text), words(&record.text), "{}", record.id);
    }
}

#[test]
fn the_list_is_permuted_and_not_changed() {
    for (base, record) in pairs("order") {
        let sorted = |text: &str| {
            let mut characters: Vec<char> = text.chars().collect();
            characters.sort_unstable();
            characters
        };
        assert_eq!(sorted(&base.text), sorted(&record.text), "{}", record.id);
        assert_eq!(base.text.lines().count(), record.text.lines().count(), "{}", record.id);
    }
}

/// Only characters of the table are misread, and none in what must be read letter by letter.
#[test]
fn misread_characters_look_alike_and_spare_figures() {
    let table = include_str!("../data/perturb/ocr.tsv");
    let known: BTreeSet<(char, char)> = table
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split_once('\t').unwrap())
        .map(|(right, wrong)| (right.chars().next().unwrap(), wrong.chars().next().unwrap()))
        .collect();
    for (base, record) in pairs("ocr") {
        assert_eq!(base.text.chars().count(), record.text.chars().count());
        for pair in base.text.chars().zip(record.text.chars()) {
            assert!(pair.0 == pair.1 || known.contains(&pair), "{}: {pair:?}", record.id);
        }
        let exact = |record: &Record| -> Vec<String> {
            let labels = Labels { causes: None, data: None, distractors: None, ..record.labels.clone() };
            surfaces(&Record { labels, segments: None, ..record.clone() }, &str::to_owned)
        };
        assert_eq!(exact(&base), exact(&record), "{}", record.id);
    }
}

/// What a browser shows of a page is the notice, word for word, between what stands around it.
#[test]
fn a_page_shows_the_notice() {
    for (base, record) in pairs("html") {
        assert_eq!(surfaces(&base, &bare), surfaces(&record, &|text| bare(&shown(text))), "{}", record.id);
        let without_bullets = |text: &str| bare(text).replace(['・', '●', '○', '■', '-', '*', '•'], "");
        let page = without_bullets(&shown(&record.text));
        assert!(page.contains(&without_bullets(&base.text)), "{}\n{}", record.id, record.text);
        for tag in ["p", "ul", "li", "h1", "h2", "strong", "div", "body"] {
            let count = |form: String| record.text.matches(&form).count();
            assert_eq!(
                count(format!("<{tag}>")) + count(format!("<{tag} ")),
                count(format!("</{tag}>")),
                "{}: {tag}\n{}",
                record.id,
                record.text
            );
        }
    }
}

/// Tags and what no browser shows taken out, entities read. Written for the test alone.
fn shown(source: &str) -> String {
    let mut text = source.to_owned();
    for (open, close) in [("<script>", "</script>"), ("<style>", "</style>"), ("<title>", "</title>"), ("<!--", "-->"), ("<", ">")] {
        while let Some(start) = text.find(open) {
            let end = text[start..].find(close).map_or(text.len(), |at| start + at + close.len());
            text.replace_range(start..end, "");
        }
    }
    while let Some(start) = text.find("&#") {
        let end = start + text[start..].find(';').unwrap();
        let c = char::from_u32(text[start + 2..end].parse().unwrap()).unwrap();
        text.replace_range(start..=end, c.encode_utf8(&mut [0; 4]));
    }
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&copy;", "©").replace("&amp;", "&")
}

/// 令和6年 → 2024, R6 → 2024, 2024 → 2024. Written for the test alone.
fn western_year(surface: &str) -> Option<i64> {
    let number = |text: &str| {
        let digits: String = text.trim_start().chars().take_while(char::is_ascii_digit).collect();
        if text.starts_with('元') { Some(1) } else { digits.parse::<i64>().ok() }
    };
    for (era, first) in [("令和", 2018), ("平成", 1988), ("R", 2018), ("H", 1988)] {
        if let Some(rest) = surface.strip_prefix(era) {
            return number(rest).map(|year| year + first);
        }
    }
    number(surface).filter(|year| *year > 1000)
}

#[test]
fn years_of_an_era_are_the_same_years() {
    let mut converted = 0;
    for (base, record) in pairs("wareki") {
        for (before, after) in base.labels.dates.iter().flatten().zip(record.labels.dates.iter().flatten()) {
            for (old, new) in before.spans.iter().zip(&after.spans) {
                let (old, new) = (bare(&base.text[old.span().range()]), bare(&record.text[new.span().range()]));
                if let Some(year) = western_year(&old) {
                    assert_eq!(Some(year), western_year(&new), "{}: {old} became {new}", record.id);
                    assert!(after.date.to_string().starts_with(&year.to_string()), "{}: {new}", record.id);
                    converted += usize::from(old != new);
                    assert!(!new.starts_with("20"), "{}: {new}", record.id);
                }
            }
        }
    }
    assert!(converted > 50);
}

/// 六万五千五百二十 → 65520, 六五五二〇 → 65520, 14万5千 → 145000. Written for the test alone.
fn number(surface: &str) -> u64 {
    let (mut sum, mut part, mut run) = (0u64, 0u64, None::<u64>);
    for c in surface.chars() {
        let digit = "〇一二三四五六七八九".chars().position(|known| known == c).map(|digit| digit as u64).or(c.to_digit(10).map(u64::from));
        if let Some(digit) = digit {
            run = Some(run.unwrap_or(0) * 10 + digit);
        } else if let Some(ten) = [("十", 10), ("百", 100), ("千", 1000)].iter().find(|(name, _)| name.starts_with(c)) {
            part += run.take().unwrap_or(1) * ten.1;
        } else if let Some(ten) = [("万", 10_000), ("億", 100_000_000)].iter().find(|(name, _)| name.starts_with(c)) {
            sum += (part + run.take().unwrap_or(0)) * ten.1;
            part = 0;
        }
    }
    sum + part + run.unwrap_or(0)
}

#[test]
fn numbers_in_kanji_say_the_same() {
    let mut converted = 0;
    for (_, record) in pairs("kanji_numerals") {
        for count in record.labels.counts.iter().flatten() {
            for mention in &count.spans {
                let surface = bare(&record.text[mention.span().range()]);
                assert_eq!(number(&surface), count.value, "{}: {surface}", record.id);
                converted += usize::from(!surface.contains(|c: char| c.is_ascii_digit()));
            }
        }
        for date in record.labels.dates.iter().flatten() {
            let parts: Vec<u64> = date.date.to_string().split('-').map(|part| part.parse().unwrap()).collect();
            for mention in &date.spans {
                let surface = bare(&record.text[mention.span().range()]);
                // What is said in full: an era's year or a missing one is another test's matter.
                let said: Vec<u64> = surface.split(['年', '月', '日']).map(number).filter(|number| *number > 0).collect();
                if surface.contains('年')
                    && !surface.starts_with(['令', '平', '同', '本'])
                    && surface.chars().next().is_some_and(|c| "〇一二".contains(c))
                {
                    assert_eq!(said[..parts.len()], parts, "{}: {surface}", record.id);
                    converted += 1;
                }
            }
        }
    }
    assert!(converted > 100);
}

#[test]
fn a_turned_clause_changes_its_mentions_alone() {
    for (base, record) in pairs("negation_flip") {
        let statuses = |record: &Record| -> Vec<(String, Option<Status>, String)> {
            let mut all: Vec<(usize, String, Option<Status>, String)> = Vec::new();
            for item in record.labels.data.iter().flatten() {
                all.extend(item.spans.iter().map(|mention| {
                    (mention.start, item.category.to_string(), mention.status, record.text[mention.span().range()].to_owned())
                }));
            }
            all.sort();
            all.into_iter().map(|(_, category, status, surface)| (category, status, surface)).collect()
        };
        let (before, after) = (statuses(&base), statuses(&record));
        assert_eq!(before.len(), after.len(), "{}", record.id);
        let mut turned = 0;
        for (old, new) in before.iter().zip(&after) {
            assert_eq!((&old.0, &old.2), (&new.0, &new.2), "{}", record.id);
            if old.1 != new.1 {
                assert!(old.1 == Some(Status::Denied) && new.1 > Some(Status::Denied), "{}: {old:?} {new:?}", record.id);
                turned += 1;
            }
        }
        assert!(turned > 0, "{}", record.id);
        let strongest = record.labels.data.iter().flatten().filter(|item| item.category.is_personal()).map(|item| item.status).max();
        let expected = if strongest == Some(Status::Confirmed) { Exposure::Confirmed } else { Exposure::Possible };
        assert_eq!(record.labels.exposure, Some(expected), "{}", record.id);
        // Nothing but the predicate: what is labelled besides stays.
        let rest = |record: &Record| facts(&Labels { data: None, exposure: None, ..record.labels.clone() });
        assert_eq!(rest(&base), rest(&record), "{}", record.id);
        let (short, long) = (base.text.chars().count(), record.text.chars().count());
        assert!(short.abs_diff(long) < 20, "{}", record.id);
    }
}

#[test]
fn another_breach_adds_distractors_and_nothing_else() {
    for (base, record) in pairs("other_incident") {
        let rest = |record: &Record| facts(&Labels { distractors: None, ..record.labels.clone() });
        assert_eq!(rest(&base), rest(&record), "{}", record.id);
        let others = |record: &Record| -> usize {
            record.labels.distractors.iter().flatten().filter(|item| item.why == Why::OtherIncident).map(|item| item.spans.len()).sum()
        };
        assert!(others(&record) > others(&base), "{}", record.id);
        assert!(record.text.len() > base.text.len());
    }
}

#[test]
fn a_truncated_text_is_a_beginning_and_says_its_facts() {
    for (base, record) in pairs("truncate") {
        assert!(base.text.starts_with(&record.text) && record.text.len() * 2 + 10 > base.text.len(), "{}", record.id);
        if base.segments.is_none() {
            let whole = |record: &Record| {
                (
                    record.labels.genre,
                    record.labels.exposure,
                    record.labels.via_vendor,
                    record.labels.primary_cause(),
                    record.labels.total().map(|total| total.value),
                )
            };
            assert_eq!(whole(&base), whole(&record), "{}", record.id);
        }
        assert!(record.segments.as_ref().is_none_or(|segments| segments.len() > 1), "{}", record.id);
    }
}

#[test]
fn one_value_is_shown() {
    for (base, record) in pairs("value_shown") {
        let exhibits = |record: &Record| record.labels.values.iter().flatten().filter(|value| value.usage == Use::Exhibit).count();
        assert_eq!(exhibits(&record), exhibits(&base) + 1, "{}", record.id);
        let rest = |record: &Record| facts(&Labels { values: None, ..record.labels.clone() });
        assert_eq!(rest(&base), rest(&record), "{}", record.id);
    }
}

#[test]
fn bytes_of_an_encoding_come_back_as_the_text() {
    for (id, encoding) in
        [("shift_jis", encoding_rs::SHIFT_JIS), ("euc_jp", encoding_rs::EUC_JP), ("iso_2022_jp", encoding_rs::ISO_2022_JP)]
    {
        for (_, record) in pairs(id) {
            let bytes = encode(&record).unwrap();
            let (text, _, broken) = encoding.decode(&bytes);
            assert!(text == record.text && !broken, "{}", record.id);
            assert!(std::str::from_utf8(&bytes).is_err() || id == "iso_2022_jp", "{}", record.id);
        }
        assert_eq!(encode(&Record::new("a", "氏名", Labels::default())), None);
    }
}

#[test]
fn mojibake_hits_no_label() {
    for (base, record) in pairs("mojibake") {
        assert_eq!(surfaces(&base, &str::to_owned), surfaces(&record, &str::to_owned), "{}", record.id);
    }
}

#[test]
fn generating_with_perturbations_is_perturbing_what_was_generated() {
    let list = "nfkc,order,other_incident,line_wrap,shift_jis";
    let with: Perturbations = list.parse().unwrap();
    assert_eq!(with.to_string(), list);
    let plain = Generator::new(Config { seed: 8, ..Config::default() }).unwrap();
    let perturbed = Generator::new(Config { seed: 8, perturb: with.clone(), ..Config::default() }).unwrap();
    let mut most = 0;
    for index in 0..60 {
        let record = perturbed.record(index);
        assert_eq!(record, with.apply(&plain.record(index), 0));
        assert_eq!(verify::record(&record), [], "{}", record.id);
        let provenance = record.provenance.unwrap();
        assert_eq!(provenance.base_id, Some(plain.id(index)));
        assert_eq!(record.id, format!("{}+{}", plain.id(index), provenance.perturbations.join("+")));
        most = most.max(provenance.perturbations.len());
        assert_ne!(with.apply(&plain.record(index), 1).text, record.text, "the seed makes no difference");
    }
    assert_eq!(most, 5);
}

#[test]
fn lists_that_cannot_be_made_are_refused() {
    let refused = |list: &str| list.parse::<Perturbations>().unwrap_err().to_string();
    assert!(refused("nfkd").starts_with("unknown perturbation `nfkd`; valid are: nfkc, spacing, line_wrap, "));
    assert!(refused("").starts_with("unknown perturbation ``; valid are: "));
    assert_eq!(refused("nfkc,ocr,nfkc"), "`nfkc` stands twice; name it once");
    assert_eq!(refused("shift_jis,ocr"), "`shift_jis` is an encoding, in which the text is written at last; put it at the end");
}

/// A foreign record has no provenance to write to.
#[test]
fn foreign_records_are_perturbed_too() {
    let (text, labels) = markup::parse("対象は⟦1,200名|count:1200:person:total⟧です。⟦口座番号|bank_account:denied⟧は含まれておりません。⟦氏名|name:possible⟧のおそれがあります。").unwrap();
    let base = Record::new("mine", text, labels);
    let with: Perturbations = "kanji_numerals,negation_flip".parse().unwrap();
    let record = with.apply(&base, 0);
    assert!(
        record.text == "対象は千二百名です。口座番号も含まれておりました。氏名のおそれがあります。"
            || record.text == "対象は一二〇〇名です。口座番号も含まれておりました。氏名のおそれがあります。",
        "{}",
        record.text
    );
    assert_eq!((record.id.as_str(), record.provenance), ("mine+kanji_numerals+negation_flip", None));
    assert_eq!(record.extra.0["x_base_id"], "mine");
    assert_eq!(record.extra.0["x_perturbations"].to_string(), r#"["kanji_numerals","negation_flip"]"#);
    let bank = record.labels.data.unwrap().into_iter().find(|item| item.category.id() == "bank_account").unwrap();
    assert_eq!(bank.status, Status::Possible);
}

/// The rows of a table of perturbations.
fn rows(table: &str) -> Vec<Vec<&str>> {
    assert!(table.ends_with('\n') && !table.contains('\r'));
    let rows: Vec<Vec<&str>> = table.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t').collect()).collect();
    assert!(rows.iter().flatten().all(|cell| !cell.is_empty() && cell.trim() == *cell), "an empty or untrimmed cell");
    assert!(rows.windows(2).all(|pair| pair[0] < pair[1]), "not sorted, or a row twice: {rows:?}");
    rows
}

#[test]
fn tables_are_canonical() {
    for row in rows(include_str!("../data/perturb/width.tsv")) {
        assert!(row.len() == 3 && row[2] != row[1] && row[2].nfkc().collect::<String>() == row[1], "{row:?}");
    }
    for row in rows(include_str!("../data/perturb/ocr.tsv")) {
        assert!(row.len() == 2 && row[0] != row[1] && row.iter().all(|cell| cell.chars().count() == 1), "{row:?}");
    }
    for row in rows(include_str!("../data/perturb/encodings.tsv")) {
        assert!(row.len() == 2 && row[0].chars().count() == 1 && !encoding_rs::SHIFT_JIS.encode(row[1]).2, "{row:?}");
    }
    let synonyms = rows(include_str!("../data/perturb/synonyms.tsv"));
    for row in &synonyms {
        assert!(row.len() == 3 && row[1] != row[2] && ["any", "label", "line"].contains(&row[0]), "{row:?}");
    }
    // One word has one synonym in one place: a document speaks with one tongue.
    assert!(synonyms.windows(2).all(|pair| pair[0][..2] != pair[1][..2]));
}

fn category(index: usize) -> owabi_corpora::Category {
    owabi_corpora::Category::all().nth(index % 64).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Any text, with labels anywhere in it.
    #[test]
    fn nothing_panics_and_spans_stay_inside(
        text in "([\\PC\r\n]|[・0-9０-９年月日名件、。はも含まれておりません漏えいしたー\n ⽇①ｱ]){0,160}",
        places in proptest::collection::vec((0usize..400, 1usize..12, 0usize..64, 0u8..5), 0..12),
        border in 0usize..400,
    ) {
        use owabi_corpora::record::*;
        use owabi_corpora::vocabulary::*;
        let bounds: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let mut labels = Labels::annotated();
        for (start, length, which, field) in places {
            let start = start % bounds.len();
            let end = (start + length).min(bounds.len() - 1);
            let mention = Mention { start: bounds[start], end: bounds[end], status: None, group: None };
            if start >= end || text[bounds[start]..bounds[end]].trim() != &text[bounds[start]..bounds[end]] { continue }
            let status = [Status::Denied, Status::Possible, Status::Confirmed][which % 3];
            let part = match field {
                0 | 1 => Labels { data: Some(vec![DataLabel::new(category(which), status, vec![Mention { status: Some(status), ..mention }])]), ..Labels::default() },
                2 => Labels { counts: Some(vec![CountLabel::new(which as u64, Unit::Person, Bound::Exact, false, None, vec![mention])]), ..Labels::default() },
                3 => Labels { dates: Some(vec![DateLabel::new(DateRole::Discovered, "2024-02-01".parse().unwrap(), None, None, vec![mention])]), ..Labels::default() },
                _ => Labels { values: Some(vec![ValueLabel::new(category(which), Use::Contact, true, vec![mention])]), ..Labels::default() },
            };
            labels.join(part);
        }
        let whole = Record::new("r", text.clone(), labels.clone());
        let middle = bounds[border % bounds.len()];
        let half = |keep: &dyn Fn(&Mention) -> bool| { let mut half = labels.clone(); half.retain_spans(keep); half };
        let first = Segment { start: 0, end: middle, labels: half(&|mention| mention.end <= middle), extra: Extra::default() };
        let second = Segment { start: middle, end: text.len(), labels: half(&|mention| mention.start >= middle), extra: Extra::default() };
        let page = owabi_corpora::page::union(&[first.clone(), second.clone()]);
        let mut records = vec![whole];
        if middle > 0 && middle < text.len() {
            records.push(Record { segments: Some(vec![first, second]), ..Record::new("p", text.clone(), page) });
        }
        for record in records {
            let clean = verify::record(&record).is_empty();
            for perturbation in Perturbation::all() {
                let Some(changed) = perturbation.apply(&record, 1) else { continue };
                if clean {
                    prop_assert_eq!(verify::record(&changed), vec![], "{}: {:?} became {:?}", perturbation.id(), &record, &changed);
                }
                if perturbation.expectation() == Expectation::Inv {
                    prop_assert_eq!(every_fact(&record), every_fact(&changed), "{}: {:?}", perturbation.id(), &changed.text);
                }
                prop_assert_eq!(perturbation.apply(&record, 1), Some(changed));
            }
        }
    }
}
