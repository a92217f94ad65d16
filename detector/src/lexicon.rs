//! The word lists, read from data files, and one scanner for all of them.
//!
//! A surface of several files is one pattern with several meanings. `(a|b|)` and `(x)?` in a surface expand to every
//! alternative, so that one row stands for the spellings of one term.

use owabi_corpora::vocabulary::{DateRole, Genre, Status};
use owabi_corpora::{Category, Cause};
use strum::EnumString;

use crate::classes;
use crate::gates::{Gates, REGISTRY};
use crate::patterns::Pattern;
use crate::scanner::Scanner;
use crate::scope::Reading;
use crate::spellings::expand;

/// What a cue says of what stands before it; `data/cues.tsv` explains each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, EnumString)]
#[strum(serialize_all = "snake_case")]
pub(crate) enum Concept {
    Leak,
    Access,
    Taken,
    Loss,
    Contain,
    Hold,
    Possible,
    Doubt,
    Negation,
    Unconfirmed,
    Misuse,
    Advice,
    Hypothetical,
    Supposition,
    Duty,
    Measure,
    OtherCase,
    Whether,
    Nothing,
    Point,
    Hard,
}

/// What a matched surface means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Meaning {
    /// Row of [`Lexicon::categories`].
    Category(u16),
    /// Personal data without a category: 個人情報, お客様情報.
    Generic,
    /// A longer word that only holds one of those: 個人情報保護委員会.
    Nothing,
    Cue(Concept),
    /// Row of [`Lexicon::causes`].
    Cause(u16),
    /// Row of [`Lexicon::roles`].
    Role(u16),
}

/// One row of `data/categories.tsv`.
pub(crate) struct CategoryRow {
    pub(crate) category: Category,
    pub(crate) needs: Option<Pattern>,
    pub(crate) weak: bool,
}

/// One row of `data/causes.tsv`.
pub(crate) struct CauseRow {
    pub(crate) cause: Cause,
    pub(crate) needs: Option<Pattern>,
    pub(crate) unless: Option<Pattern>,
    pub(crate) weight: i32,
}

/// One row of `data/roles.tsv`.
pub(crate) struct RoleRow {
    pub(crate) role: DateRole,
    pub(crate) before: bool,
    pub(crate) needs: Option<Pattern>,
    pub(crate) unless: Option<Pattern>,
    pub(crate) rank: i32,
    /// The role stands beside the winner.
    pub(crate) beside: bool,
}

/// One row of `data/contexts.tsv`: what stands right beside a mention and overrules the sentence.
pub(crate) struct ContextRow {
    pub(crate) before: bool,
    pub(crate) pattern: Pattern,
    pub(crate) categories: Vec<Category>,
    pub(crate) reading: ContextReading,
}

/// What a context makes of a mention.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ContextReading {
    Read(Reading),
    /// Says nothing about data at all.
    Nothing,
}

/// One row of `data/genres.tsv`.
pub(crate) struct GenreRow {
    pub(crate) genre: Genre,
    pub(crate) place: GenrePlace,
    pub(crate) pattern: Pattern,
    pub(crate) weight: i32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString)]
#[strum(serialize_all = "snake_case")]
pub(crate) enum GenrePlace {
    Title,
    Body,
    Many,
}

/// What a sentence says of there being an incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString)]
#[strum(serialize_all = "snake_case")]
pub(crate) enum Sign {
    /// One happened, unless the sentence supposes, rules or speaks of another.
    For,
    /// One happened, whatever else the sentence says.
    Always,
    /// The document invents, teaches or sells.
    Against,
}

/// One row of `data/incident.tsv`.
pub(crate) struct IncidentRow {
    pub(crate) sign: Sign,
    pub(crate) pattern: Pattern,
    pub(crate) weight: i32,
}

/// All tables and the scanner.
pub(crate) struct Lexicon {
    /// Its words are those of the gates, and then the other surfaces: most of what a text holds are the former, so what is known of
    /// them stands close together.
    scanner: Scanner,
    /// Of all words, one after the other, and where those of each word end.
    meanings: Vec<Meaning>,
    meanings_end: Vec<u32>,
    /// The surfaces, sorted.
    surfaces: Vec<String>,
    pub(crate) categories: Vec<CategoryRow>,
    pub(crate) causes: Vec<CauseRow>,
    pub(crate) roles: Vec<RoleRow>,
    pub(crate) contexts: Vec<ContextRow>,
    pub(crate) genres: Vec<GenreRow>,
    pub(crate) incident: Vec<IncidentRow>,
}

/// A surface found in the text: byte positions and what it may mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Match {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) meaning: Meaning,
}

/// What a user's surface names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Names {
    Category(Category),
    Cause(Cause),
}

/// A surface of the user's own, normalised.
#[derive(Debug, Clone)]
pub(crate) struct Addition {
    pub(crate) surface: String,
    pub(crate) names: Names,
}

/// A user's cause is a plain name for it; see `data/causes.tsv`.
const USER_WEIGHT: i32 = 6;

impl Lexicon {
    /// Reads the tables that are compiled in.
    pub(crate) fn builtin() -> Lexicon {
        Lexicon::build(Tables::builtin())
    }

    /// With surfaces of the user's own; where one is known as something else of its kind, the user's meaning counts. An error tells the
    /// addition's position.
    pub(crate) fn with(additions: &[Addition]) -> Result<Lexicon, (usize, String)> {
        let mut tables = Tables::builtin();
        for (index, addition) in additions.iter().enumerate() {
            tables.add(addition).map_err(|message| (index, message))?;
        }
        Ok(Lexicon::build(tables))
    }

    fn build(tables: Tables) -> Lexicon {
        let Tables { mut surfaces, added, categories, causes, roles, contexts, genres, incident } = tables;
        surfaces.extend(added);
        // Matches of one surface come in the order of their meanings.
        surfaces.sort();
        surfaces.dedup();
        // Both are sorted.
        let mut gated = (0..).zip(REGISTRY.words).peekable();
        let mut words: Vec<(&str, u32)> = Vec::new();
        // What each word means, by its number.
        let mut meant: Vec<&[(String, Meaning)]> = vec![&[]; REGISTRY.words.len()];
        let mut rest = &surfaces[..];
        while let Some(word) = [rest.first().map(|row| row.0.as_str()), gated.peek().map(|(_, word)| **word)].into_iter().flatten().min() {
            let (these, after) = rest.split_at(rest.iter().take_while(|row| row.0 == word).count());
            let number = match gated.next_if(|(_, known)| **known == word) {
                Some((number, _)) => number,
                None => {
                    meant.push(&[]);
                    meant.len() as u32 - 1
                }
            };
            words.push((word, number));
            meant[number as usize] = these;
            rest = after;
        }
        let scanner = Scanner::new(&words);
        let mut meanings = Vec::new();
        let end = |rows: &[(String, Meaning)]| {
            meanings.extend(rows.iter().map(|row| row.1));
            meanings.len() as u32
        };
        let meanings_end = meant.into_iter().map(end).collect();
        surfaces.dedup_by(|a, b| a.0 == b.0);
        let surfaces = surfaces.into_iter().map(|row| row.0).collect();
        Lexicon { scanner, meanings, meanings_end, surfaces, categories, causes, roles, contexts, genres, incident }
    }

    /// What a word means.
    fn meanings(&self, word: usize) -> &[Meaning] {
        let start = word.checked_sub(1).map_or(0, |before| self.meanings_end[before]);
        &self.meanings[start as usize..self.meanings_end[word] as usize]
    }

    /// Every surface in the text, overlapping ones included, in the order of start and then length, longest first; and where
    /// patterns may match.
    pub(crate) fn scan<'t>(&self, text: &'t str) -> (Vec<Match>, Gates<'t>) {
        let mut found: Vec<Match> = Vec::new();
        let mut gated: Vec<(u32, &[u16])> = Vec::with_capacity(text.len() / BYTES_A_WORD);
        // The matches that begin where the last one does begin here.
        let mut group = 0;
        self.scanner.scan(text, |start, end, word| {
            let sets = REGISTRY.sets(word);
            if !sets.is_empty() {
                gated.push((start as u32, sets));
            }
            let meanings = self.meanings(word);
            if meanings.is_empty() || cuts_a_word(text, start, end) {
                return;
            }
            if found.last().is_none_or(|last| last.start < start) {
                group = found.len();
            }
            // Longer ones come later, and go first.
            found.extend(meanings.iter().map(|&meaning| Match { start, end, meaning }));
            found[group..].rotate_right(meanings.len());
        });
        let gates = Gates::new(text, &gated);
        (found, gates)
    }

    /// The surfaces that it looks for.
    pub(crate) fn surfaces(&self) -> impl Iterator<Item = &str> {
        self.surfaces.iter().map(String::as_str)
    }
}

/// About how often a text has a word of a gate.
const BYTES_A_WORD: usize = 5;

/// The tables before the scanner is built.
struct Tables {
    /// Sorted: a surface of several meanings has several rows. There are tens of thousands, and a map is slower to build.
    surfaces: Vec<(String, Meaning)>,
    /// Those of the user.
    added: Vec<(String, Meaning)>,
    categories: Vec<CategoryRow>,
    causes: Vec<CauseRow>,
    roles: Vec<RoleRow>,
    contexts: Vec<ContextRow>,
    genres: Vec<GenreRow>,
    incident: Vec<IncidentRow>,
}

impl Tables {
    fn builtin() -> Tables {
        Tables::read().expect("the committed tables are valid")
    }

    /// Adds a surface. The message says why it cannot be.
    fn add(&mut self, Addition { surface, names }: &Addition) -> Result<(), String> {
        let start = self.surfaces.partition_point(|row| row.0 < *surface);
        let known = self.surfaces[start..].iter_mut().take_while(|row| row.0 == *surface).map(|row| &mut row.1);
        let known: Vec<&mut Meaning> = known.collect();
        if known.iter().any(|meaning| matches!(meaning, Meaning::Cue(_) | Meaning::Role(_))) {
            return Err(format!("`{surface}` is a word by which the detector reads what happened; give a longer surface"));
        }
        let row = |rows: usize| u16::try_from(rows).map_err(|_| "too many surfaces".to_owned());
        let meaning = match *names {
            Names::Category(category) => {
                self.categories.push(CategoryRow { category, needs: None, weak: false });
                Meaning::Category(row(self.categories.len() - 1)?)
            }
            Names::Cause(cause) => {
                self.causes.push(CauseRow { cause, needs: None, unless: None, weight: USER_WEIGHT });
                Meaning::Cause(row(self.causes.len() - 1)?)
            }
        };
        // It takes the place of what the surface meant.
        let is_cause = |meaning: &Meaning| matches!(meaning, Meaning::Cause(_));
        known.into_iter().filter(|known| is_cause(known) == is_cause(&meaning)).for_each(|known| *known = meaning);
        self.added.push((surface.clone(), meaning));
        Ok(())
    }

    fn read() -> Result<Tables, String> {
        let mut surfaces: Vec<(String, Meaning)> = Vec::new();
        let mut add = |spec: &str, meaning: Meaning| -> Result<(), String> {
            let spellings = expand(spec)?;
            if spellings.iter().any(String::is_empty) {
                return Err(format!("`{spec}` expands to nothing"));
            }
            surfaces.extend(spellings.into_iter().map(|surface| (surface, meaning)));
            Ok(())
        };
        let mut categories = Vec::new();
        for [category, surface, needs, strength] in rows(include_str!("../data/categories.tsv"))? {
            add(surface, Meaning::Category(categories.len() as u16))?;
            let category = Category::from_id(category).map_err(|error| error.to_string())?;
            categories.push(CategoryRow { category, needs: optional(needs), weak: strength == "weak" });
        }
        for [kind, surface] in rows(include_str!("../data/generic.tsv"))? {
            add(surface, if kind == "personal" { Meaning::Generic } else { Meaning::Nothing })?;
        }
        for [concept, surface] in rows(include_str!("../data/cues.tsv"))? {
            add(surface, Meaning::Cue(parse(concept)?))?;
        }
        let mut causes = Vec::new();
        for [cause, trigger, needs, unless, weight] in rows(include_str!("../data/causes.tsv"))? {
            add(&classes::expand(trigger), Meaning::Cause(causes.len() as u16))?;
            let cause = Cause::from_id(cause).map_err(|error| error.to_string())?;
            let pattern = |cell: &str| (cell != "-").then(|| Pattern::new(classes::expand(cell)));
            causes.push(CauseRow { cause, needs: pattern(needs), unless: pattern(unless), weight: parse(weight)? });
        }
        let mut roles = Vec::new();
        for [role, side, trigger, needs, unless, rank] in rows(include_str!("../data/roles.tsv"))? {
            add(trigger, Meaning::Role(roles.len() as u16))?;
            let beside = rank.ends_with('+');
            let rank = parse(rank.trim_end_matches('+'))?;
            let (needs, unless) = (optional(needs), optional(unless));
            roles.push(RoleRow { role: parse(role)?, before: side == "before", needs, unless, rank, beside });
        }
        let mut contexts = Vec::new();
        for [side, pattern, ids, reading] in rows(include_str!("../data/contexts.tsv"))? {
            let before = side == "before";
            let anchored = anchored(side, pattern);
            let ids = ids.split(' ').filter(|id| *id != "*");
            contexts.push(ContextRow {
                before,
                pattern: Pattern::new(anchored),
                categories: ids.map(|id| Category::from_id(id).map_err(|error| error.to_string())).collect::<Result<_, _>>()?,
                reading: match reading {
                    "nothing" => ContextReading::Nothing,
                    "incident" => ContextReading::Read(Reading::Held),
                    reading => ContextReading::Read(match parse::<Status>(reading) {
                        Ok(status) => Reading::Status(status),
                        Err(_) => Reading::Distractor(parse(reading)?),
                    }),
                },
            });
        }
        let mut genres = Vec::new();
        for [genre, place, pattern, weight] in rows(include_str!("../data/genres.tsv"))? {
            genres.push(GenreRow { genre: parse(genre)?, place: parse(place)?, pattern: Pattern::new(pattern), weight: parse(weight)? });
        }
        let mut incident = Vec::new();
        for [sign, pattern, weight] in rows(include_str!("../data/incident.tsv"))? {
            incident.push(IncidentRow { sign: parse(sign)?, pattern: Pattern::new(pattern), weight: parse(weight)? });
        }
        surfaces.sort();
        surfaces.dedup();
        Ok(Tables { surfaces, added: Vec::new(), categories, causes, roles, contexts, genres, incident })
    }
}

/// Whether a surface in Latin letters is a part of a longer word: 「id」 in 「accident」.
fn cuts_a_word(text: &str, start: usize, end: usize) -> bool {
    let bytes = text.as_bytes();
    let joined = |left: usize, right: usize| {
        bytes.get(left).is_some_and(u8::is_ascii_alphanumeric) && bytes.get(right).is_some_and(u8::is_ascii_alphanumeric)
    };
    start > 0 && joined(start - 1, start) || joined(end - 1, end)
}

/// The rows of a table after its comments and header, each with `N` cells.
fn rows<const N: usize>(table: &'static str) -> Result<Vec<[&'static str; N]>, String> {
    table
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.starts_with('#') && !line.is_empty())
        .skip(1)
        .map(|(number, line)| {
            let cells: Vec<&str> = line.split('\t').collect();
            <[&str; N]>::try_from(cells).map_err(|cells| format!("row {}: {} cells instead of {N}: {line}", number + 1, cells.len()))
        })
        .collect()
}

fn parse<T: std::str::FromStr>(cell: &str) -> Result<T, String> {
    cell.parse().map_err(|_| format!("`{cell}` is not valid here"))
}

fn optional(pattern: &'static str) -> Option<Pattern> {
    (pattern != "-").then(|| Pattern::new(pattern))
}

/// A context's pattern ends before its mention, or begins after it; the build script writes it so too.
fn anchored(side: &str, pattern: &str) -> String {
    if side == "before" { format!("(?:{pattern})$") } else { format!("^(?:{pattern})") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_valid_and_rich() {
        let lexicon = Lexicon::builtin();
        assert!(lexicon.surfaces().count() >= 1_000);
        for category in Category::all().filter(|category| category.id() != "other") {
            assert!(lexicon.categories.iter().any(|row| row.category == category), "no surface for {category}");
        }
        for cause in Cause::all() {
            assert!(lexicon.causes.iter().any(|row| row.cause == cause), "no row for {cause}");
        }
    }

    /// The scanner beside an automaton of other make: the same matches in every hand-written notice.
    #[test]
    fn scanning_finds_what_an_automaton_finds() {
        let lexicon = Lexicon::builtin();
        let meanings = |surface: &str| {
            let mut word = None;
            lexicon.scanner.scan(surface, |start, end, found| word = word.or((start == 0 && end == surface.len()).then_some(found)));
            lexicon.meanings(word.unwrap())
        };
        let automaton = daachorse::CharwiseDoubleArrayAhoCorasick::<usize>::with_values(lexicon.surfaces().zip(0..)).unwrap();
        let surfaces: Vec<&str> = lexicon.surfaces().collect();
        let mut compared = 0;
        for record in owabi_corpora::handwritten::load(owabi_corpora::handwritten::FOLDER.as_ref()).unwrap() {
            let text = crate::normalise::Normalised::new(&record.text).text;
            let mut expected = Vec::new();
            for hit in automaton.find_overlapping_iter(&text).filter(|hit| !cuts_a_word(&text, hit.start(), hit.end())) {
                let found = |&meaning| Match { start: hit.start(), end: hit.end(), meaning };
                expected.extend(meanings(surfaces[hit.value()]).iter().map(found));
            }
            expected.sort_unstable_by_key(|hit| (hit.start, std::cmp::Reverse(hit.end), hit.meaning));
            compared += expected.len();
            assert_eq!(lexicon.scan(&text).0, expected, "{}", record.id);
        }
        assert!(compared > 10_000, "{compared}");
    }

    /// A surface that the normaliser would change can never match.
    #[test]
    fn surfaces_are_normalised() {
        for table in [include_str!("../data/categories.tsv"), include_str!("../data/cues.tsv"), include_str!("../data/generic.tsv")] {
            for line in table.lines().filter(|line| !line.starts_with('#')).skip(1) {
                for surface in expand(line.split('\t').nth(1).unwrap()).unwrap() {
                    assert_eq!(crate::normalise::Normalised::new(&surface).text, surface, "{line}");
                }
            }
        }
    }
}
