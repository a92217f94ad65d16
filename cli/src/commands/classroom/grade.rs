//! `owabi classroom grade`: marks every answer file, and writes what students and teacher read of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use comfy_table::{CellAlignment, ContentArrangement, LineStyle, Table, presets};
use owabi_classroom::amendments::{ACCEPTED, Accepted, AmendmentError, OVERRIDES, Overrides};
use owabi_classroom::feedback::Feedback;
use owabi_classroom::gradebook::{Handed, Marks, Moodle, Queue, Waiting, waiting};
use owabi_classroom::grading::{Graded, grade};
use owabi_classroom::results::{self, Line};
use owabi_classroom::statistics::Statistics;
use owabi_classroom::{AnswerFile, Enrolled, Key, Register, answers};
use rayon::prelude::*;
use walkdir::WalkDir;

use crate::error::{Error, Problems, reason};
use crate::interrupt;
use crate::output::Output;
use crate::progress::Progress;

/// Students whose keys and pages are in memory at the same time.
const CHUNK: usize = 64;

/// Mark the answers of a class
///
/// Reads every file under DIR/answers, whatever it is called and in whatever folder it lies there: the page that it answers is told inside. Marks
/// them against the keys in DIR/teacher and writes DIR/marks: marks.csv, moodle.csv (a grading worksheet), queue.csv (written answers that wait for
/// you), statistics.html, and a page of feedback for each student. A file that cannot be marked is told in one line and does not stop the others.
///
/// Your own points and comments stand in DIR/teacher/overrides.csv, answers that are right too in DIR/teacher/accepted.csv: grade again after
/// changing them. The same files always give the same marks, byte for byte.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  owabi classroom grade class")]
pub(crate) struct Args {
    /// The folder that `owabi classroom new` made
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

impl Args {
    pub(crate) fn run(self) -> Result<ExitCode, Error> {
        let register = self.register()?;
        let (overrides, accepted) = self.amendments(&register)?;
        let mut problems = Problems::new(true);
        let mut handed = self.handed_in(&register, &mut problems)?;
        interrupt::be_graceful();
        let feedback = Feedback::new(register.settings.language);
        let mut book = Book::new(&register)?;
        let mut progress = Progress::new(Some(register.students.len() as u64 * register.exercises.len() as u64), false);
        fs::create_dir_all(self.path("marks/feedback")).map_err(|error| Error::write(self.path("marks/feedback").display(), error))?;
        for chunk in register.students.chunks(CHUNK) {
            let taken: Vec<(&Enrolled, Option<Taken>)> = chunk.iter().map(|student| (student, handed.remove(&student.page))).collect();
            let one = |(student, taken): (&Enrolled, Option<Taken>)| {
                let Some(taken) = taken else { return Ok(Entry::Missing) };
                let Some((name, file)) = taken.file else { return Ok(Entry::Refused(None)) };
                let key = match self.key(student) {
                    Ok(key) => key,
                    Err(line) => return Ok(Entry::Refused(Some(line))),
                };
                if let Err(error) = answers::check(&file, &key) {
                    return Ok(Entry::Refused(Some(format!("{name}: {error}"))));
                }
                let graded = grade(&student.id, &key, &file, &overrides, &accepted);
                let page = feedback.page(student, &key, &graded);
                Output::replace(&self.path("marks/feedback").join(format!("{}.html", student.page)), page.as_bytes())?;
                let waiting = waiting(student, &key, &graded);
                Ok(Entry::Graded(Box::new((key, graded, waiting))))
            };
            let entries: Vec<Entry> = taken.into_par_iter().map(one).collect::<Result<_, Error>>()?;
            for (student, entry) in chunk.iter().zip(entries) {
                book.add(student, entry, &mut problems)?;
            }
            progress.add((chunk.len() * register.exercises.len()) as u64);
            if interrupt::requested() {
                return Err(Error::Interrupted(
                    "interrupted; the tables are those of the last grading, run the same command again".to_owned(),
                ));
            }
        }
        drop(progress);
        self.forget(&book.graded)?;
        let told = book.finish(&self, &register)?;
        let mut out = Output::stdout();
        out.put(told.as_bytes())?;
        out.finish()?;
        Ok(problems.code())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn register(&self) -> Result<Register, Error> {
        let path = self.path("teacher/class.json");
        let bytes = fs::read(&path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => Error::at(
                self.folder.display(),
                "is no class: teacher/class.json is not there; name a folder that `owabi classroom new` made",
            ),
            _ => Error::at(path.display(), reason(&error)),
        })?;
        Register::from_json(&bytes).map_err(|error| Error::at(path.display(), error))
    }

    fn key(&self, student: &Enrolled) -> Result<Key, String> {
        let path = self.path("teacher/keys").join(format!("{}.json", student.page));
        let bytes = fs::read(&path).map_err(|error| format!("{}: {}", path.display(), reason(&error)))?;
        Key::from_json(&bytes).map_err(|error| format!("{}: {error}", path.display()))
    }

    /// The teacher's tables; those that are not there are begun.
    fn amendments(&self, register: &Register) -> Result<(Overrides, Accepted), Error> {
        let ids: BTreeSet<&str> = register.students.iter().map(|student| student.id.as_str()).collect();
        let knows = |id: &str| ids.contains(id);
        let (path, bytes) = self.table("teacher/overrides.csv", OVERRIDES)?;
        let overrides = Overrides::read(&bytes, knows, register.exercises.len() as u32).map_err(|error| amendment(&path, &error))?;
        let (path, bytes) = self.table("teacher/accepted.csv", ACCEPTED)?;
        let accepted = Accepted::read(&bytes, knows).map_err(|error| amendment(&path, &error))?;
        Ok((overrides, accepted))
    }

    fn table(&self, name: &str, empty: &str) -> Result<(PathBuf, Vec<u8>), Error> {
        let path = self.path(name);
        match fs::read(&path) {
            Ok(bytes) => Ok((path, bytes)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                Output::replace(&path, empty.as_bytes())?;
                Ok((path, empty.as_bytes().to_vec()))
            }
            Err(error) => Err(Error::at(path.display(), reason(&error))),
        }
    }

    /// What was handed in, by page. Of a page that was answered twice, differently, nothing is taken.
    fn handed_in(&self, register: &Register, problems: &mut Problems) -> Result<BTreeMap<String, Taken>, Error> {
        let folder = self.path("answers");
        let mut paths = Vec::new();
        for entry in
            WalkDir::new(&folder).sort_by_file_name().into_iter().filter_entry(|entry| entry.depth() == 0 || !is_hidden(entry.file_name()))
        {
            let entry = entry.map_err(|error| {
                let path = error.path().unwrap_or(&folder).display().to_string();
                Error::at(path, error.io_error().map_or_else(|| "cannot be read".to_owned(), reason))
            })?;
            if entry.file_type().is_file() {
                paths.push(entry.into_path());
            }
        }
        if paths.is_empty() {
            return Err(Error::at(folder.display(), "holds no files; put the answers there that the students have saved"));
        }
        let read = |path: &PathBuf| -> Result<AnswerFile, String> {
            let length = fs::metadata(path).map_or(0, |data| data.len());
            // What is far too long is not read at all.
            let bytes = if length > answers::LARGEST as u64 { Ok(vec![0; answers::LARGEST + 1]) } else { fs::read(path) };
            let bytes = bytes.map_err(|error| reason(&error))?;
            answers::read(&bytes).map_err(|error| error.to_string())
        };
        let read: Vec<Result<AnswerFile, String>> = paths.par_iter().map(read).collect();
        let pages: BTreeSet<&str> = register.students.iter().map(|student| student.page.as_str()).collect();
        let mut handed: BTreeMap<String, Taken> = BTreeMap::new();
        for (path, read) in paths.iter().zip(read) {
            let name = path.display().to_string();
            let file = match read {
                Ok(file) => file,
                Err(error) => {
                    problems.meet(format!("{name}: {error}"))?;
                    continue;
                }
            };
            if file.class != register.class || !pages.contains(file.page.as_str()) {
                problems.meet(format!(
                    "{name}: belongs to no page of this class; look for the class that handed out page {}",
                    short(&file.page)
                ))?;
                continue;
            }
            match handed.get_mut(&file.page) {
                None => drop(handed.insert(file.page.clone(), Taken { file: Some((name, file)) })),
                Some(taken) => {
                    // The same file twice, as downloads are.
                    if taken.file.as_ref().is_some_and(|(_, other)| *other == file) {
                        continue;
                    }
                    let other = taken.file.take().map_or_else(|| "other files".to_owned(), |(other, _)| other);
                    problems.meet(format!("{name}: answers page {} otherwise than {other} does; keep one of them", file.page))?;
                }
            }
        }
        Ok(handed)
    }

    /// Takes feedback away that is no longer true: of students whose answers are not there any more.
    fn forget(&self, graded: &BTreeSet<String>) -> Result<(), Error> {
        let folder = self.path("marks/feedback");
        let entries = fs::read_dir(&folder).map_err(|error| Error::at(folder.display(), reason(&error)))?;
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let page = name.strip_suffix(".html").filter(|page| page.len() == 16 && page.bytes().all(|byte| byte.is_ascii_hexdigit()));
            if page.is_some_and(|page| !graded.contains(page)) {
                fs::remove_file(entry.path()).map_err(|error| Error::write(entry.path().display(), error))?;
            }
        }
        Ok(())
    }
}

/// What was handed in for a page; no file where two contradict each other.
struct Taken {
    file: Option<(String, AnswerFile)>,
}

/// What became of one student.
enum Entry {
    Missing,
    /// With the line that is still to be told.
    Refused(Option<String>),
    Graded(Box<(Key, Graded, Vec<Waiting>)>),
}

/// All that is written once everyone is marked.
struct Book {
    marks: Marks,
    moodle: Moodle,
    queue: Queue,
    statistics: Statistics,
    lines: Vec<Line>,
    graded: BTreeSet<String>,
    refused: usize,
}

impl Book {
    fn new(register: &Register) -> Result<Book, Error> {
        Ok(Book {
            marks: Marks::new(&register.exercises).map_err(unwritten)?,
            moodle: Moodle::new().map_err(unwritten)?,
            queue: Queue::new().map_err(unwritten)?,
            statistics: Statistics::default(),
            lines: Vec::new(),
            graded: BTreeSet::new(),
            refused: 0,
        })
    }

    fn add(&mut self, student: &Enrolled, entry: Entry, problems: &mut Problems) -> Result<(), Error> {
        let (handed, key, waiting) = match &entry {
            Entry::Missing => (Handed::Nothing, None, Vec::new()),
            Entry::Refused(line) => {
                self.refused += 1;
                if let Some(line) = line {
                    problems.meet(line.clone())?;
                }
                (Handed::Refused, None, Vec::new())
            }
            Entry::Graded(graded) => (Handed::In(&graded.1), Some(&graded.0), graded.2.clone()),
        };
        self.marks.add(student, &handed).map_err(unwritten)?;
        self.moodle.add(student, &handed).map_err(unwritten)?;
        self.queue.add(waiting).map_err(unwritten)?;
        let graded = match handed {
            Handed::In(graded) => Some(graded),
            _ => None,
        };
        if let (Some(key), Some(graded)) = (key, graded) {
            self.statistics.add(&key.exercises, graded);
            self.graded.insert(student.page.clone());
        }
        self.lines.push(Line {
            student: student.clone(),
            total: graded.map(|graded| format!("{:.1}", graded.total())),
            waits: graded.is_some_and(Graded::waits),
        });
        Ok(())
    }

    /// Writes the tables and the page, and returns what is to be told.
    fn finish(self, args: &Args, register: &Register) -> Result<String, Error> {
        let Book { marks, moodle, queue, statistics, lines, refused, .. } = self;
        let waiting = queue.waiting;
        let page = results::page(&register.exercises, &lines, waiting, &statistics, register.settings.language);
        for (name, bytes) in [
            ("marks/marks.csv", marks.finish().map_err(unwritten)?),
            ("marks/moodle.csv", moodle.finish().map_err(unwritten)?),
            ("marks/queue.csv", queue.finish().map_err(unwritten)?),
            ("marks/statistics.html", page.into_bytes()),
        ] {
            Output::replace(&args.path(name), &bytes)?;
        }
        let (all, marked) = (lines.len(), statistics.students());
        let students = if all == 1 { "student" } else { "students" };
        let mut told = format!("{all} {students}: {marked} marked, {} handed nothing in", all - marked - refused);
        if refused > 0 {
            told.push_str(&format!(", {refused} with answers that cannot be marked"));
        }
        told.push('\n');
        if let Some(total) = statistics.total() {
            told.push_str(&format!("\n{}\n", table(register, &statistics)));
            let [lowest, _, median, _, highest] = total.quartiles;
            told.push_str(&format!(
                "\nTotal: mean {:.1}, standard deviation {:.1}, median {median:.1}, from {lowest:.1} to {highest:.1}\n",
                total.mean, total.deviation
            ));
        }
        let folder = args.folder.display();
        if waiting > 0 {
            let (answers, wait) = if waiting == 1 { ("answer", "waits") } else { ("answers", "wait") };
            told.push_str(&format!(
                "{waiting} written {answers} {wait} for you in {folder}/marks/queue.csv; give the points in {folder}/teacher/overrides.csv and grade again\n"
            ));
        }
        told.push_str(&format!("\n{folder}/marks: marks.csv, moodle.csv, queue.csv, statistics.html, feedback/\n"));
        Ok(told)
    }
}

fn table(register: &Register, statistics: &Statistics) -> String {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING.header_separator(LineStyle::none().fill('─').junction('─')))
        .set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(["", "type", "answered", "mean", "difficulty", "upper − lower 27 %", "correlation with the rest"]);
    for index in [0, 2, 3, 4, 5, 6] {
        if let Some(column) = table.column_mut(index) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let sign = |figure: Option<f64>| figure.map_or("–".to_owned(), |figure| format!("{figure:.2}"));
    for (shape, figures) in register.exercises.iter().zip(statistics.exercises()) {
        let mean = format!("{:.1} ± {:.1}", figures.spread.mean, figures.spread.deviation);
        let cells = [
            shape.number.to_string(),
            shape.kind.id().to_owned(),
            figures.answered.to_string(),
            mean,
            format!("{:.2}", figures.difficulty),
            sign(figures.upper_lower),
            sign(figures.rest),
        ];
        table.add_row(cells);
    }
    table.trim_fmt()
}

fn amendment(path: &Path, error: &AmendmentError) -> Error {
    match error.line {
        Some(line) => Error::at(format!("{}:{line}", path.display()), error),
        None => Error::at(path.display(), error),
    }
}

fn unwritten(error: impl Display) -> Error {
    Error::at("marks", format!("a table cannot be made: {error}"))
}

/// What somebody else wrote, cut to a length that a line can hold.
fn short(text: &str) -> String {
    text.chars().take(40).collect()
}

/// What file systems and archives leave behind.
fn is_hidden(name: &std::ffi::OsStr) -> bool {
    let name = name.to_string_lossy();
    name.starts_with('.') || name == "__MACOSX"
}
