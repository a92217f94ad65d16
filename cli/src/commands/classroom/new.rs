//! `owabi classroom new`: a page for every student, and the teacher's folder.

use std::fs::{self, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::str::FromStr;

use clap::builder::RangedU64ValueParser;
use comfy_table::{CellAlignment, ContentArrangement, LineStyle, Table, presets};
use owabi_classroom::amendments::{ACCEPTED, OVERRIDES};
use owabi_classroom::class::{GIVEN_AWAY, USUAL};
use owabi_classroom::exercise::SCHEMA;
use owabi_classroom::page::page;
use owabi_classroom::{
    Class, Enrolled, ExerciseType, Language, Outlook, Outlooks, Register, Secret, Settings, Spread, Student, Teacher, roster,
};
use owabi_generator::REVISION;
use rayon::prelude::*;

use crate::detectors::builtin;
use crate::error::{Error, complain, reason};
use crate::interrupt;
use crate::output::Output;
use crate::progress::Progress;

/// Students whose pages are in memory at the same time.
const CHUNK: usize = 64;
/// Students' expected marks may spread so far, in points of 100.
const LIMIT: f64 = 3.0;
/// So many types should be out of the built-in detector's reach.
const HARD_TYPES: usize = 3;

/// Make a page with exercises for every student, and the teacher's keys
///
/// Every student gets other documents of the same shape: as many facts of each sort, of the same level, about other organisations. A page is one
/// file of HTML that works offline. What a page holds cannot be guessed from another: it is drawn from a secret, made when the class is made, that
/// stays in DIR/teacher/secret.key. Hand out DIR/students, keep DIR/teacher.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  owabi classroom new --roster students.csv --exercises 5 --level 3 -o class\n  owabi classroom new --roster students.csv --type mark_data,timeline --language en -o class\n  owabi classroom new --roster students.csv --secret class/teacher/secret.key --seed 2 -o second   the same class, other documents"
)]
pub(crate) struct Args {
    /// Who is in the class: CSV with a column `id` (or 学籍番号) and, where there are, `name` and `email`; UTF-8 or Shift_JIS; - is stdin
    #[arg(long, value_name = "FILE")]
    roster: PathBuf,
    /// How many exercises each student gets; the types come in turn
    #[arg(long, value_name = "N", value_parser = RangedU64ValueParser::<usize>::new().range(1..=20))]
    exercises: Option<usize>,
    #[arg(long = "type", value_name = "LIST", value_delimiter = ',', help = type_help())]
    types: Vec<Type>,
    /// How hard the documents are to read right: 1 (easy) to 5
    #[arg(long, value_name = "1-5", default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..=5))]
    level: u8,
    /// With the same secret, another seed gives the same students other documents
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// In which language the pages open, ja or en; both can be read on every page
    #[arg(long, value_name = "LANGUAGE", default_value = "ja", value_parser = language)]
    language: Language,
    /// Draw from the secret of an earlier class instead of a new one: with the same roster and options every page is the same again
    #[arg(long, value_name = "FILE")]
    secret: Option<PathBuf>,
    /// The folder to make; it appears when it is whole
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,
}

#[derive(Clone, Copy)]
struct Type(ExerciseType);

impl FromStr for Type {
    type Err = String;

    fn from_str(id: &str) -> Result<Type, String> {
        let valid = || ExerciseType::all().map(ExerciseType::id).collect::<Vec<_>>().join(", ");
        id.parse().map(Type).map_err(|_| format!("valid are: {}", valid()))
    }
}

fn type_help() -> String {
    let usual = USUAL.map(ExerciseType::id).join(", ");
    format!("Types of exercises, in this order; when left out: {usual}")
}

fn language(id: &str) -> Result<Language, String> {
    id.parse().map_err(|_| "valid are: ja, en".to_owned())
}

impl Args {
    pub(crate) fn run(self) -> Result<ExitCode, Error> {
        let students = self.students()?;
        let given: Vec<ExerciseType> = self.types.iter().map(|of| of.0).collect();
        let types = if given.is_empty() { USUAL.to_vec() } else { given };
        let wanted = self.exercises.unwrap_or(if self.types.is_empty() { 5 } else { types.len() });
        let types = types.into_iter().cycle().take(wanted).collect();
        let settings = Settings { seed: self.seed, level: self.level, types, language: self.language };
        let secret = match &self.secret {
            Some(path) => read_secret(path)?,
            None => new_secret()?,
        };
        let folder = Partial::create(&self.output)?;
        let made = self.make(&folder, students, settings, secret);
        match made {
            Ok(told) => {
                folder.finish()?;
                let mut out = Output::stdout();
                out.put(told.as_bytes())?;
                out.finish()?;
                Ok(ExitCode::SUCCESS)
            }
            Err(error) => {
                folder.remove();
                Err(error)
            }
        }
    }

    fn students(&self) -> Result<Vec<Student>, Error> {
        let mut bytes = Vec::new();
        let name = if self.roster.as_os_str() == "-" { "stdin".to_owned() } else { self.roster.display().to_string() };
        let read = match self.roster.as_os_str() == "-" {
            true => std::io::stdin().lock().read_to_end(&mut bytes).map(drop),
            false => fs::read(&self.roster).map(|read| bytes = read),
        };
        read.map_err(|error| Error::at(&name, reason(&error)))?;
        roster::read(&bytes).map_err(|error| match error.line {
            Some(line) => Error::at(format!("{name}:{line}"), error),
            None => Error::at(&name, error),
        })
    }

    /// Fills the folder, and returns what is to be told.
    fn make(&self, folder: &Partial, students: Vec<Student>, settings: Settings, secret: Secret) -> Result<String, Error> {
        // From here on Ctrl-C takes away what was begun.
        interrupt::be_graceful();
        for name in ["students", "teacher", "teacher/keys", "answers"] {
            folder.make(name)?;
        }
        folder.write_secret("teacher/secret.key", &format!("{}\n", secret.to_hex()))?;
        let detector = builtin(&[])?;
        let detect = |text: &str| detector.page(text).labels;
        let language = settings.language;
        let class = Class::new(secret, settings.clone(), &detect).map_err(|error| Error::Input(error.to_string()))?;
        let teacher = Teacher::new(language);
        let mut progress = Progress::new(Some(students.len() as u64 * settings.types.len() as u64), false);
        let (mut outlooks, mut enrolled) = (Outlooks::default(), Vec::with_capacity(students.len()));
        for chunk in students.chunks(CHUNK) {
            let outlook = |student: &Student| -> Result<(String, Vec<Outlook>), Error> {
                let drawn = class.student(student);
                let name = &drawn.sheet.page;
                folder.write(&format!("students/{name}.html"), &page(&drawn.sheet))?;
                folder.write(&format!("teacher/keys/{name}.json"), &drawn.key.to_json())?;
                folder.write(&format!("teacher/keys/{name}.html"), &teacher.key(&drawn.key, &student.id, &student.name))?;
                Ok((drawn.sheet.page, drawn.outlook))
            };
            let made: Vec<_> = chunk.par_iter().map(outlook).collect::<Result<_, Error>>()?;
            for (Student { id, name, email }, (page, outlook)) in chunk.iter().cloned().zip(made) {
                outlooks.add(&outlook);
                progress.add(outlook.len() as u64);
                enrolled.push(Enrolled { id, name, email, page });
            }
            if interrupt::requested() {
                return Err(Error::Interrupted("interrupted; nothing was made, run the same command again".to_owned()));
            }
        }
        drop(progress);
        let register = Register {
            schema: SCHEMA,
            class: class.id().to_owned(),
            revision: REVISION,
            settings,
            exercises: class.shapes().cloned().collect(),
            expected: outlooks.students,
            students: enrolled,
        };
        folder.write("teacher/class.json", &register.to_json())?;
        folder.write("teacher/overview.html", &teacher.overview(&register, &outlooks))?;
        folder.write("teacher/rubric.html", &teacher.rubric())?;
        folder.write("teacher/overrides.csv", OVERRIDES)?;
        folder.write("teacher/accepted.csv", ACCEPTED)?;
        Ok(self.told(&register, &outlooks))
    }

    fn told(&self, register: &Register, outlooks: &Outlooks) -> String {
        let (count, exercises) = (register.students.len(), register.exercises.len());
        let plural = |count: usize, one: &str, more: &str| format!("{count} {}", if count == 1 { one } else { more });
        let students = plural(count, "student", "students");
        let mut told = format!("{students}, {} each, level {}\n\n", plural(exercises, "exercise", "exercises"), self.level);
        told.push_str(&table(register, outlooks));
        let all = &outlooks.students;
        let (mean, deviation, lowest, highest) = (all.mean, all.deviation(), all.lowest, all.highest);
        told.push_str(&format!(
            "\nExpected mark of a student, by a model of a reader: mean {mean:.1}, standard deviation {deviation:.2} (from {lowest:.1} to {highest:.1})\n"
        ));
        if deviation > LIMIT {
            complain(&format!("the students' expected marks spread by {deviation:.2} points, more than {LIMIT}; ask for more exercises"));
        }
        if outlooks.unlike > 0 {
            let unlike = plural(outlooks.unlike as usize, "document has", "documents have");
            complain(&format!("{unlike} not quite the shape of the other students'; another --seed may find better ones"));
        }
        let hard = out_of_reach(register, outlooks);
        let names: Vec<&str> = hard.iter().map(|of| of.id()).collect();
        let names = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
        told.push_str(&format!("Anyone can run `owabi detect`; its answers earn less than {GIVEN_AWAY:.0} in: {names}\n"));
        if hard.len() < HARD_TYPES {
            told.push_str("For more of these, ask for --type primary_cause,missing_section,incoherence as well.\n");
        }
        // Without the slash at its end.
        let folder = self.output.components().as_path().display();
        told.push_str(&format!(
            "\nHand out {folder}/students; {folder}/teacher/overview.html says which page is whose. Keep {folder}/teacher.\n"
        ));
        told
    }
}

/// Types whose every exercise leaves the built-in detector with less than half the points, on average over the students.
fn out_of_reach(register: &Register, outlooks: &Outlooks) -> Vec<ExerciseType> {
    let hard = |of: &ExerciseType| {
        let mut marks = register.exercises.iter().zip(&outlooks.detector).filter(|(shape, _)| shape.kind == *of).peekable();
        marks.peek().is_some() && marks.all(|(_, spread)| spread.mean < GIVEN_AWAY)
    };
    ExerciseType::all().filter(hard).collect()
}

fn table(register: &Register, outlooks: &Outlooks) -> String {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING.header_separator(LineStyle::none().fill('─').junction('─')))
        .set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(["", "type", "documents", "level", "expected mark", "built-in detector"]);
    for index in [0, 3, 4, 5] {
        if let Some(column) = table.column_mut(index) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let figure =
        |spread: Option<&Spread>| spread.map(|spread| format!("{:.1} ± {:.1}", spread.mean, spread.deviation())).unwrap_or_default();
    for (index, shape) in register.exercises.iter().enumerate() {
        let (expected, detector) = (figure(outlooks.expected.get(index)), figure(outlooks.detector.get(index)));
        let (number, level) = (shape.number.to_string(), shape.level.to_string());
        table.add_row([number.as_str(), shape.kind.id(), &shape.document, &level, &expected, &detector]);
    }
    format!("{}\n", table.trim_fmt())
}

fn read_secret(path: &Path) -> Result<Secret, Error> {
    let place = path.display();
    let bytes = fs::read(path).map_err(|error| Error::at(&place, reason(&error)))?;
    Secret::from_hex(&String::from_utf8_lossy(&bytes)).map_err(|error| Error::at(&place, error))
}

fn new_secret() -> Result<Secret, Error> {
    let mut bits = [0; 32];
    let refused = |error| Error::Input(format!("the system gives no random numbers for the secret: {error}"));
    getrandom::fill(&mut bits).map_err(refused).map(|()| Secret::new(bits))
}

/// A folder under another name until it is whole.
struct Partial {
    partial: PathBuf,
    whole: PathBuf,
}

impl Partial {
    fn create(whole: &Path) -> Result<Partial, Error> {
        let name = whole.as_os_str().to_string_lossy();
        let whole = PathBuf::from(name.trim_end_matches('/'));
        let place = whole.display();
        let holds = |path: &Path| fs::read_dir(path).map(|mut entries| entries.next().is_some());
        match holds(&whole) {
            Ok(false) => {}
            Ok(true) => return Err(Error::at(&place, "is there and holds files; name a new folder")),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(_) => return Err(Error::at(&place, "is no folder; name a new one")),
        }
        let mut partial = whole.as_os_str().to_owned();
        partial.push(".partial");
        let partial = PathBuf::from(partial);
        if partial.exists() {
            return Err(Error::at(partial.display(), "is left of a run that was ended; delete it and run the same command again"));
        }
        fs::create_dir_all(&partial)
            .map_err(|error| Error::at(partial.display(), format!("cannot make the folder: {}", reason(&error))))?;
        Ok(Partial { partial, whole })
    }

    fn make(&self, name: &str) -> Result<(), Error> {
        let path = self.partial.join(name);
        fs::create_dir_all(&path).map_err(|error| Error::write(path.display(), error))
    }

    fn write(&self, name: &str, text: &str) -> Result<(), Error> {
        let path = self.partial.join(name);
        fs::write(&path, text).map_err(|error| Error::write(path.display(), error))
    }

    /// For the owner's eyes only, where the system knows owners.
    fn write_secret(&self, name: &str, text: &str) -> Result<(), Error> {
        let path = self.partial.join(name);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let written = options.open(&path).and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all()));
        written.map_err(|error| Error::write(path.display(), error))
    }

    /// Makes the folder appear.
    fn finish(self) -> Result<(), Error> {
        let Partial { partial, whole } = &self;
        // An empty folder of the name gives way.
        let made = match whole.exists() {
            true => fs::remove_dir(whole).and_then(|()| fs::rename(partial, whole)),
            false => fs::rename(partial, whole),
        };
        made.map_err(|error| Error::write(whole.display(), error))
    }

    /// Gives the folder up: nothing of it stays.
    fn remove(&self) {
        // What cannot be removed is named by the next attempt.
        let _ = fs::remove_dir_all(&self.partial);
    }
}
