//! The house style of one document: drawn once, kept throughout. Patterns and words stand in `data/style.toml`.

mod days;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::civil::Date;
use owabi_corpora::vocabulary::Status;
use regex::Regex;
use serde::Deserialize;

use crate::data;
use crate::draw::{Draw, Shares};
use crate::facts::Facts;
use crate::flags::{Flag, When};
use crate::template::Ending;

pub(crate) use days::era_of;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    leak: Vec<String>,
    and: Vec<String>,
    comma: String,
    range: Vec<String>,
    person: Vec<String>,
    record: String,
    organisation: String,
    household: String,
    days: String,
    about: String,
    ten_thousand: String,
    thousand: String,
    bullets: Vec<String>,
    indent: Vec<String>,
    quotes: Vec<[String; 2]>,
    items: Vec<String>,
    counted: Vec<String>,
    day: Vec<String>,
    title: Vec<String>,
    weekdays: String,
    connectives: Vec<String>,
    third_person: Vec<[String; 2]>,
    honorifics: Vec<String>,
    same: String,
    own: Vec<String>,
    same_but: Vec<[String; 2]>,
    hearsay: Vec<String>,
    past: Vec<String>,
    numerals: BTreeMap<String, String>,
    heading: Vec<HeadingRow>,
    era: Vec<Era>,
    date: Vec<DateRow>,
    head_date: Vec<HeadDate>,
    words: WordsTable,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct HeadingRow {
    first: String,
    second: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Era {
    name: String,
    first: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct DateRow {
    weight: u64,
    when: Vec<String>,
    full: String,
    month: String,
    in_year: String,
    same_year: String,
    same_month: String,
    same_day: String,
    this_year: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct HeadDate {
    weight: u64,
    pattern: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WordsTable {
    possible: StatusWords,
    confirmed: StatusWords,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct StatusWords {
    adn: Vec<String>,
    fin: Vec<String>,
    noun: Vec<String>,
    plain: Vec<String>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| data::toml("style.toml", include_str!("../data/style.toml")));

/// The source of a style's hearsay and past.
#[cfg(test)]
pub(crate) fn endings(style: &Style) -> [&'static str; 2] {
    let voice = ENDINGS.iter().position(|[hearsay, _]| std::ptr::eq(hearsay, style.hearsay)).unwrap_or_default();
    [&TABLE.hearsay[voice], &TABLE.past[voice]]
}

/// For the statuses possible and confirmed, each way to say so with each word for a leak.
static WORDS: LazyLock<[Vec<Ways>; 2]> = LazyLock::new(|| {
    let with = |ways: &[String], leak: &str| ways.iter().map(|way| way.replace("{leak}", leak)).collect();
    let ways = |of: &StatusWords, leak: &str| [&of.adn, &of.fin, &of.noun, &of.plain].map(|ways| with(ways, leak));
    [&TABLE.words.possible, &TABLE.words.confirmed].map(|of| TABLE.leak.iter().map(|leak| ways(of, leak)).collect())
});

/// Before a noun, at a polite end, as a noun, at a plain end.
type Ways = [Vec<String>; 4];

/// The eras, each with its first day.
static ERAS: LazyLock<Vec<(&str, Date)>> =
    LazyLock::new(|| TABLE.era.iter().filter_map(|era| Some((era.name.as_str(), era.first.parse().ok()?))).collect());

/// How each voice ends sentences: hearsay and past.
static ENDINGS: LazyLock<Vec<[Ending; 2]>> = LazyLock::new(|| {
    let compiled = |ending: &String| Ending::parse(ending).unwrap_or_else(|error| panic!("generator/data/style.toml: {ending}: {error}"));
    TABLE.hearsay.iter().zip(&TABLE.past).map(|(hearsay, past)| [compiled(hearsay), compiled(past)]).collect()
});

/// The ways to write dates, and when each is one.
static DATES: LazyLock<Vec<(usize, When)>> =
    LazyLock::new(|| (0..).zip(&TABLE.date).map(|(at, row)| (at, When::new(row.when.iter().map(String::as_str)))).collect());

/// The ways to write the date in a document's head.
static HEAD_DATES: LazyLock<Shares<usize>> =
    LazyLock::new(|| Shares::new((0..TABLE.head_date.len()).collect(), |at| TABLE.head_date[*at].weight));

/// How headings of the first and the second level begin, and items of an enumeration, in each way.
static HEADINGS: LazyLock<Vec<[Numbered; 2]>> =
    LazyLock::new(|| TABLE.heading.iter().map(|row| [&row.first, &row.second].map(|pattern| Numbered::new(pattern))).collect());
static ITEMS: LazyLock<Vec<Numbered>> = LazyLock::new(|| TABLE.items.iter().map(|pattern| Numbered::new(pattern)).collect());

/// The flags that house styles ask for, with `!` before those that must not be set.
pub(crate) fn flags() -> impl Iterator<Item = &'static str> {
    TABLE.date.iter().flat_map(|row| row.when.iter().map(String::as_str))
}

/// What parts the items of a list in one line.
pub(crate) fn comma() -> &'static str {
    &TABLE.comma
}

/// A date in a file's name: 2024-03-09.
pub(crate) fn stamp(date: Date, out: &mut String) {
    let (year, month, day) = (date.year().unsigned_abs(), date.month().unsigned_abs(), date.day().unsigned_abs());
    let digit = |number: u16| char::from(b'0' + (number % 10) as u8);
    let pair = |number: u8| [digit(u16::from(number) / 10), digit(u16::from(number))];
    out.extend([digit(year / 1000), digit(year / 100), digit(year / 10), digit(year), '-']);
    out.extend(pair(month));
    out.push('-');
    out.extend(pair(day));
}

/// The word that begins a text and leans on the sentence before.
pub(crate) fn connective(text: &str) -> Option<&'static str> {
    let first = text.chars().next()?;
    CONNECTIVES.iter().find(|(letter, word)| *letter == first && text.starts_with(word)).map(|(_, word)| *word)
}

/// Each with its first letter, by which nearly all texts are told apart from it.
static CONNECTIVES: LazyLock<Vec<(char, &str)>> =
    LazyLock::new(|| TABLE.connectives.iter().filter_map(|word| Some((word.chars().next()?, word.as_str()))).collect());

/// What somebody else writes of the people whom an organisation addresses: 「患者様」 are 「患者」 to the press.
pub(crate) fn told(who: &str) -> Cow<'_, str> {
    if !ADDRESSED.is_match(who) {
        return Cow::Borrowed(who);
    }
    let replaced =
        |who: String, [said, told]: &[String; 2]| if who.contains(said.as_str()) { who.replace(said.as_str(), told) } else { who };
    Cow::Owned(TABLE.third_person.iter().fold(who.to_owned(), replaced))
}

/// Any of the words of [`told`], looked for at once, since most people are called by none of them.
static ADDRESSED: LazyLock<Regex> = LazyLock::new(|| {
    let words: Vec<String> = TABLE.third_person.iter().map(|[said, _]| regex::escape(said)).collect();
    data::regex("style.toml", &words.join("|"))
});

/// How somebody else takes an organisation up again that calls itself so: 「弊社」 is 「同社」.
pub(crate) fn again(me: &str) -> String {
    let table = &*TABLE;
    let but = table.same_but.iter().find(|[own, _]| own == me).map(|[_, again]| again.clone());
    let bare = || table.own.iter().find_map(|own| me.strip_prefix(own.as_str())).unwrap_or(me);
    but.unwrap_or_else(|| format!("{}{}", table.same, bare()))
}

/// Whether a word is polite towards those addressed: 「ご住所」.
pub(crate) fn is_honorific(word: &str) -> bool {
    TABLE.honorifics.iter().any(|honorific| word.starts_with(honorific.as_str()))
}

/// How digits are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Digits {
    /// 65,520
    Half,
    /// ６５，５２０
    Full,
    /// 2, 533 and 「9 月 29 日」: a word processor's spaces.
    Spaced,
    /// 65520
    Bare,
}

/// In these proportions. The authority writes the law's own numbers half-width, and so all others: it draws from the fourth on.
const DIGITS: [Digits; 8] =
    [Digits::Full, Digits::Half, Digits::Half, Digits::Half, Digits::Half, Digits::Half, Digits::Spaced, Digits::Bare];

/// How far a date leans on the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Leaning {
    /// Every date in full.
    Never,
    /// 「3月9日」 in the year of the date before.
    Year,
    /// 「同月9日」「同日」 in the same paragraph, 「同年3月9日」.
    Month,
}

/// Words for a leak in one status.
#[derive(Debug, Clone)]
pub(crate) struct Words {
    /// Before a noun: 「漏えいした可能性のある」.
    pub(crate) adn: &'static str,
    /// At a polite sentence's end.
    pub(crate) fin: &'static str,
    /// As a noun: 「漏えいのおそれ」.
    pub(crate) noun: &'static str,
    /// At a plain sentence's end, and before 「こと」.
    pub(crate) plain: &'static str,
}

/// One document's style.
#[derive(Debug, Clone)]
pub(crate) struct Style {
    /// The word for a leak.
    pub(crate) leak: &'static str,
    possible: Words,
    confirmed: Words,
    pub(crate) and: &'static str,
    pub(crate) range: &'static str,
    person: &'static str,
    pub(crate) bullet: &'static str,
    pub(crate) indent: &'static str,
    pub(crate) quotes: &'static [String; 2],
    /// Whether a blank line parts paragraphs.
    pub(crate) airy: bool,
    /// Whether lines end behind clauses.
    pub(crate) wrapped: bool,
    /// Behind a plain sentence that somebody else told: 「とのことです」, or nothing.
    pub(crate) hearsay: &'static Ending,
    /// Behind the stem of such a sentence's verb: 「た」, 「ました」.
    pub(crate) past: &'static Ending,
    item: usize,
    counted: &'static str,
    day: &'static str,
    /// Before the title.
    pub(crate) title: &'static str,
    heading: usize,
    date: usize,
    head_date: usize,
    digits: Digits,
    leaning: Leaning,
    weekday: bool,
    this_year: bool,
}

/// The day before the one that is written.
#[derive(Clone, Copy, Default)]
pub(crate) struct Said {
    pub(crate) date: Option<Date>,
    /// Whether it stands in the same line.
    pub(crate) near: bool,
    /// Whether that line tells a year.
    pub(crate) dated: bool,
}

impl Style {
    pub(crate) fn draw(facts: &Facts, draw: &mut Draw) -> Style {
        let table = &*TABLE;
        let leak = draw.below(table.leak.len() as u64) as usize;
        let mut words = |of: usize| {
            let ways: &'static Ways = &WORDS[of][leak];
            let [adn, fin, noun, plain] = ways.each_ref().map(|ways| draw.pick(ways).as_str());
            Words { adn, fin, noun, plain }
        };
        let (possible, confirmed) = (words(0), words(1));
        let formal = facts.flags.has(Flag::KindRegulatorGuidance);
        let layout = facts.kind.row().layout;
        // The press has one voice, all others who pass on what they read have another.
        let voice = usize::from(!layout.is_some_and(|layout| layout.press));
        // Who writes on a screen about others writes half-width.
        let digits = if formal {
            &DIGITS[3..]
        } else if layout.is_some() {
            &DIGITS[1..6]
        } else {
            &DIGITS[..]
        };
        Style {
            leak: &table.leak[leak],
            possible,
            confirmed,
            // 「ならびに」 joins groups of items in legal prose: not two names.
            and: draw.pick(if formal { &table.and[..3] } else { &table.and[..] }).as_str(),
            range: draw.pick(&table.range[..]).as_str(),
            person: if formal { table.person[table.person.len() - 1].as_str() } else { draw.pick(&table.person[..]).as_str() },
            bullet: draw.pick(&table.bullets[..]).as_str(),
            indent: match layout {
                Some(layout) if !draw.percent(layout.indented) => "",
                _ => draw.pick(&table.indent[..]).as_str(),
            },
            quotes: draw.pick(&table.quotes),
            airy: draw.percent(layout.map_or(65, |layout| layout.airy)),
            wrapped: layout.is_some_and(|layout| draw.percent(layout.wrapped)),
            hearsay: &ENDINGS[voice][0],
            past: &ENDINGS[voice][1],
            day: draw.pick(&table.day[..]).as_str(),
            title: if layout.is_some() { "" } else { draw.pick(&table.title[..]).as_str() },
            item: draw.below(table.items.len() as u64) as usize,
            counted: draw.pick(&table.counted[..]).as_str(),
            heading: draw.below(table.heading.len() as u64) as usize,
            date: draw.weighted(&DATES, |(at, when)| if when.holds(&facts.flags) { table.date[*at].weight } else { 0 }).0,
            head_date: *draw.share(&HEAD_DATES),
            digits: *draw.pick(digits),
            leaning: *draw.pick(&[Leaning::Never, Leaning::Year, Leaning::Month, if formal { Leaning::Month } else { Leaning::Never }]),
            weekday: draw.percent(15),
            this_year: draw.percent(20),
        }
    }

    /// The words for a leak in a status; the hedged ones for all but the certain.
    pub(crate) fn words(&self, status: Status) -> &Words {
        if status == Status::Confirmed { &self.confirmed } else { &self.possible }
    }

    /// Writes a number with its digits grouped.
    fn number(&self, number: u64, out: &mut String) {
        let separator = match self.digits {
            Digits::Half => ",",
            Digits::Full => "，",
            Digits::Spaced => ", ",
            Digits::Bare => "",
        };
        let length = number.checked_ilog10().unwrap_or_default();
        for place in (0..=length).rev() {
            self.digit(number / 10_u64.pow(place) % 10, out);
            if place > 0 && place.is_multiple_of(3) {
                out.push_str(separator);
            }
        }
    }

    /// So many people: 65,520名.
    pub(crate) fn people(&self, number: u64, out: &mut String) {
        self.number(number, out);
        out.push_str(self.person);
    }

    /// So many records: 65,520件.
    pub(crate) fn records(&self, number: u64, out: &mut String) {
        self.number(number, out);
        out.push_str(&TABLE.record);
    }

    /// So many companies: 12社.
    pub(crate) fn companies(&self, number: u64, out: &mut String) {
        self.number(number, out);
        out.push_str(&TABLE.organisation);
    }

    /// A length of time: 41日.
    pub(crate) fn days_long(&self, days: u32, out: &mut String) {
        self.number(days.into(), out);
        out.push_str(&TABLE.days);
    }

    /// So many households: 320世帯.
    pub(crate) fn households(&self, number: u64, out: &mut String) {
        self.number(number, out);
        out.push_str(&TABLE.household);
    }

    /// Somebody with their number behind them: 「会員の方(1,234名)」.
    pub(crate) fn counted(&self, who: &str, count: &str) -> String {
        data::filled(self.counted, |field, out| out.push_str(if field == "who" { who } else { count }))
    }

    /// Writes a number of 10,000 or more, rounded to thousands: 約14万5千. Returns what that says.
    pub(crate) fn rounded(&self, number: u64, out: &mut String) -> u64 {
        let table = &*TABLE;
        let thousands = (number + 500) / 1000;
        out.push_str(&table.about);
        self.digits(thousands / 10, out);
        out.push_str(&table.ten_thousand);
        if !thousands.is_multiple_of(10) {
            self.digits(thousands % 10, out);
            out.push_str(&table.thousand);
        }
        out.push_str(self.person);
        thousands * 1000
    }

    /// What stands before the `number`th heading of a level, from 1.
    pub(crate) fn heading(&self, level: u8, number: usize) -> &'static str {
        let [first, second] = &HEADINGS[self.heading];
        if level == 1 { first } else { second }.with(number)
    }

    /// Writes what stands before the `number`th item of an enumeration, from 1.
    pub(crate) fn item(&self, number: usize, out: &mut String) {
        out.push_str(ITEMS[self.item].with(number));
    }

    /// A line of a timeline.
    pub(crate) fn day(&self, date: &str, text: &str) -> String {
        data::filled(self.day, |field, out| {
            out.push_str(match field {
                "bullet" => self.bullet,
                "date" => date,
                _ => text,
            });
        })
    }

    /// Writes a number as this style has its digits, not grouped.
    fn digits(&self, number: u64, out: &mut String) {
        if number >= 10 {
            self.digits(number / 10, out);
        }
        self.digit(number % 10, out);
    }

    /// Writes one digit.
    fn digit(&self, digit: u64, out: &mut String) {
        let zero = if self.digits == Digits::Full { '０' } else { '0' };
        out.push(char::from_u32(zero as u32 + digit as u32).unwrap_or(zero));
    }
}

/// A pattern with each numeral filled in, from 1; the last is for all numbers that have none.
struct Numbered(Vec<String>);

impl Numbered {
    fn new(pattern: &str) -> Numbered {
        let most = TABLE.numerals.values().map(|numerals| numerals.split(' ').count()).max().unwrap_or_default();
        let numeral = |class: &str, place: usize| TABLE.numerals.get(class).and_then(|numerals| numerals.split(' ').nth(place));
        let filled = |place| data::filled(pattern, |class, out| out.push_str(numeral(class, place).unwrap_or_default()));
        Numbered((0..=most).map(filled).collect())
    }

    fn with(&self, number: usize) -> &str {
        &self.0[number.saturating_sub(1).min(self.0.len() - 1)]
    }
}
