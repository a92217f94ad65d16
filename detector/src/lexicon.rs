//! The word lists, read from data files, and one scanner for all of them.
//!
//! A surface of several files is one pattern with several meanings. `(a|b|)` and `(x)?` in a surface expand to every
//! alternative, so that one row stands for the spellings of one term.

use owabi_corpora::vocabulary::{DateRole, Genre, Status};
use owabi_corpora::{Category, Cause, Span};
use strum::EnumString;

use crate::classes;
use crate::gates::{Gates, REGISTRY};
use crate::patterns::Pattern;
use crate::scope::Reading;
use crate::words::{self, Meaning, Words, rows};

/// One row of `data/categories.tsv`.
pub(crate) struct CategoryRow {
    pub(crate) category: Category,
    pub(crate) needs: Option<Pattern>,
    pub(crate) weak: bool,
    /// Added by the user.
    pub(crate) of_user: bool,
}

/// One row of `data/causes.tsv`.
pub(crate) struct CauseRow {
    pub(crate) cause: Cause,
    pub(crate) needs: Vec<Need>,
    pub(crate) unless: Option<Pattern>,
    pub(crate) weight: i32,
    /// Added by the user.
    pub(crate) of_user: bool,
}

/// One row of `data/clues.tsv`.
pub(crate) struct ClueRow {
    pub(crate) cause: Cause,
    /// Less than 0 where its words speak against the cause.
    pub(crate) points: i32,
    pub(crate) pattern: Pattern,
}

/// What a row asks of the sentence in which its trigger stands.
pub(crate) struct Need {
    pub(crate) pattern: Pattern,
    /// The sentences beside it may say so too.
    pub(crate) beside: bool,
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
    /// How sentences end; asked only where nobody speaks for himself.
    Style,
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

/// All tables.
pub(crate) struct Lexicon {
    words: Words,
    pub(crate) categories: Vec<CategoryRow>,
    pub(crate) causes: Vec<CauseRow>,
    /// Those of one cause stand together.
    pub(crate) clues: Vec<ClueRow>,
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

impl Match {
    pub(crate) fn span(&self) -> Span {
        Span::new(self.start, self.end)
    }
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

/// What a committed table is.
const VALID: &str = "the committed tables are valid";

/// A user's cause is a plain name for it; see `data/causes.tsv`.
const USER_WEIGHT: i32 = 6;

impl Lexicon {
    /// Reads the tables that are compiled in.
    pub(crate) fn builtin() -> Lexicon {
        Lexicon::read(Words::from_bytes(include_bytes!(concat!(env!("OUT_DIR"), "/words.bin")))).expect(VALID)
    }

    /// With surfaces of the user's own; where one is known as something else of its kind, the user's meaning counts. An error tells the
    /// addition's position.
    pub(crate) fn with(additions: &[Addition]) -> Result<Lexicon, (usize, String)> {
        let mut lexicon = Lexicon::builtin();
        if additions.is_empty() {
            return Ok(lexicon);
        }
        let mut known = words::read().expect(VALID);
        let mut added = Vec::new();
        for (index, Addition { surface, names }) in additions.iter().enumerate() {
            let meaning = lexicon.row(*names).map_err(|message| (index, message))?;
            replace(&mut known, surface, meaning).map_err(|message| (index, message))?;
            added.push((surface.clone(), meaning));
        }
        known.extend(added);
        known.sort_unstable();
        known.dedup();
        Ok(Lexicon { words: Words::new(&known, REGISTRY.words), ..lexicon })
    }

    /// A row for what a user's surface names.
    fn row(&mut self, names: Names) -> Result<Meaning, String> {
        let row = |rows: usize| u16::try_from(rows).map_err(|_| "too many surfaces".to_owned());
        Ok(match names {
            Names::Category(category) => {
                self.categories.push(CategoryRow { category, needs: None, weak: false, of_user: true });
                Meaning::Category(row(self.categories.len() - 1)?)
            }
            Names::Cause(cause) => {
                self.causes.push(CauseRow { cause, needs: vec![], unless: None, weight: USER_WEIGHT, of_user: true });
                Meaning::Cause(row(self.causes.len() - 1)?)
            }
        })
    }

    /// Every surface in the text, overlapping ones included, in the order of start and then length, longest first; and where
    /// patterns may match.
    pub(crate) fn scan<'t>(&self, text: &'t str) -> (Vec<Match>, Gates<'t>) {
        let mut found: Vec<Match> = Vec::new();
        let mut gated: Vec<(u32, &[u16])> = Vec::with_capacity(text.len() / BYTES_A_WORD);
        // The matches that begin where the last one does begin here.
        let mut group = 0;
        self.words.scanner.scan(text, |start, end, word| {
            let sets = REGISTRY.sets(word);
            if !sets.is_empty() {
                gated.push((start as u32, sets));
            }
            let meanings = self.words.meanings(word);
            let count = meanings.len();
            if count == 0 || cuts_a_word(text, start, end) {
                return;
            }
            if found.last().is_none_or(|last| last.start < start) {
                group = found.len();
            }
            // Longer ones come later, and go first.
            found.extend(meanings.map(|meaning| Match { start, end, meaning }));
            found[group..].rotate_right(count);
        });
        let gates = Gates::new(text, &gated);
        (found, gates)
    }

    /// The surfaces that it looks for, sorted.
    pub(crate) fn surfaces(&self) -> impl Iterator<Item = String> {
        let meant = |(word, number)| (self.words.meanings(number).len() > 0).then_some(word);
        self.words.scanner.words().into_iter().filter_map(meant)
    }

    fn read(words: Words) -> Result<Lexicon, String> {
        let mut categories = Vec::new();
        for [category, _, needs, strength] in rows(include_str!("../data/categories.tsv"))? {
            let category = Category::from_id(category).map_err(|error| error.to_string())?;
            categories.push(CategoryRow { category, needs: optional(needs), weak: strength == "weak", of_user: false });
        }
        let mut causes = Vec::new();
        // The build script has put the words of classes in their places.
        for [cause, _, needs, unless, weight] in rows(include_str!(concat!(env!("OUT_DIR"), "/causes.tsv")))? {
            let cause = Cause::from_id(cause).map_err(|error| error.to_string())?;
            let pieces = |cell: &'static str| classes::pieces(cell).filter(move |_| cell != "-");
            let needs = pieces(needs).map(|(beside, pattern)| Need { pattern: Pattern::new(pattern), beside }).collect();
            causes.push(CauseRow { cause, needs, unless: optional(unless), weight: parse(weight)?, of_user: false });
        }
        let mut clues = Vec::new();
        for [cause, points, words] in rows(include_str!(concat!(env!("OUT_DIR"), "/clues.tsv")))? {
            let cause = Cause::from_id(cause).map_err(|error| error.to_string())?;
            clues.push(ClueRow { cause, points: parse(points)?, pattern: Pattern::new(words) });
        }
        let mut roles = Vec::new();
        for [role, side, _, needs, unless, rank] in rows(include_str!("../data/roles.tsv"))? {
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
        Ok(Lexicon { words, categories, causes, clues, roles, contexts, genres, incident })
    }
}

/// About how often a text has a word of a gate.
const BYTES_A_WORD: usize = 5;

/// Takes the place of what a surface meant. The message says why that cannot be.
fn replace(known: &mut [(String, Meaning)], surface: &str, meaning: Meaning) -> Result<(), String> {
    let start = known.partition_point(|row| row.0.as_str() < surface);
    let mut meant: Vec<&mut Meaning> = known[start..].iter_mut().take_while(|row| row.0 == surface).map(|row| &mut row.1).collect();
    if meant.iter().any(|meaning| matches!(meaning, Meaning::Cue(_) | Meaning::Role(_))) {
        return Err(format!("`{surface}` is a word by which the detector reads what happened; give a longer surface"));
    }
    let is_cause = |meaning: &Meaning| matches!(meaning, Meaning::Cause(_));
    meant.retain(|known| is_cause(known) == is_cause(&meaning));
    meant.into_iter().for_each(|known| *known = meaning);
    Ok(())
}

/// Whether a surface in Latin letters is a part of a longer word: 「id」 in 「accident」.
fn cuts_a_word(text: &str, start: usize, end: usize) -> bool {
    let bytes = text.as_bytes();
    let joined = |left: usize, right: usize| {
        bytes.get(left).is_some_and(u8::is_ascii_alphanumeric) && bytes.get(right).is_some_and(u8::is_ascii_alphanumeric)
    };
    start > 0 && joined(start - 1, start) || joined(end - 1, end)
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

    /// What the build script kept is what the tables say, and so is what is built again for a user's words.
    #[test]
    fn the_words_are_those_of_the_tables() {
        let mut read = words::read().unwrap();
        read.dedup_by(|a, b| a.0 == b.0);
        let read: Vec<String> = read.into_iter().map(|(word, _)| word).collect();
        assert!(Lexicon::builtin().surfaces().eq(read.iter().cloned()));
        let added = Addition { surface: "みなと番号".to_owned(), names: Names::Category(Category::from_id("customer_id").unwrap()) };
        let more: Vec<String> = Lexicon::with(&[added]).unwrap().surfaces().filter(|word| read.binary_search(word).is_err()).collect();
        assert_eq!(more, ["みなと番号"]);
    }

    /// The scanner beside an automaton of other make: the same matches in every hand-written notice.
    #[test]
    fn scanning_finds_what_an_automaton_finds() {
        let lexicon = Lexicon::builtin();
        let meanings = |surface: &str| {
            let mut word = None;
            lexicon.words.scanner.scan(surface, |start, end, found| word = word.or((start == 0 && end == surface.len()).then_some(found)));
            lexicon.words.meanings(word.unwrap()).collect::<Vec<_>>()
        };
        let automaton = daachorse::CharwiseDoubleArrayAhoCorasick::<usize>::with_values(lexicon.surfaces().zip(0..)).unwrap();
        let surfaces: Vec<String> = lexicon.surfaces().collect();
        let mut compared = 0;
        for record in owabi_corpora::handwritten::load(owabi_corpora::handwritten::FOLDER.as_ref()).unwrap() {
            let text = crate::normalise::Normalised::new(&record.text).text;
            let mut expected = Vec::new();
            for hit in automaton.find_overlapping_iter(&text).filter(|hit| !cuts_a_word(&text, hit.start(), hit.end())) {
                let found = |&meaning| Match { start: hit.start(), end: hit.end(), meaning };
                expected.extend(meanings(&surfaces[hit.value()]).iter().map(found));
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
                for surface in crate::spellings::expand(line.split('\t').nth(1).unwrap()).unwrap() {
                    assert_eq!(crate::normalise::Normalised::new(&surface).text, surface, "{line}");
                }
            }
        }
    }
}
