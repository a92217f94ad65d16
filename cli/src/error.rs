//! How a command ends when it does not end well.

use std::fmt::Display;
use std::io;
use std::process::ExitCode;

use crate::pretty::harmless;

/// A verification or a gate failed.
pub(crate) const FAILED: u8 = 1;
/// Bad usage or bad input.
pub(crate) const BAD_INPUT: u8 = 2;
const INTERRUPTED: u8 = 130;

/// Why a command stopped.
pub(crate) enum Error {
    /// Bad usage or bad input, in one line: what, where, how to mend it.
    Input(String),
    /// Whoever read the output has closed it: `owabi … | head` is no failure.
    ClosedPipe,
    /// Ctrl-C; the line says how to go on.
    Interrupted(String),
}

impl Error {
    /// A line of the form `where: what`.
    pub(crate) fn at(place: impl Display, what: impl Display) -> Error {
        Error::Input(format!("{place}: {what}"))
    }

    /// A failed write.
    pub(crate) fn write(place: impl Display, error: io::Error) -> Error {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Error::ClosedPipe,
            _ => Error::at(place, format!("cannot write: {}", reason(&error))),
        }
    }

    /// Says what happened and returns the exit code.
    pub(crate) fn report(self) -> ExitCode {
        match self {
            Error::Input(line) => {
                complain(&line);
                ExitCode::from(BAD_INPUT)
            }
            Error::ClosedPipe => ExitCode::SUCCESS,
            Error::Interrupted(line) => {
                complain(&line);
                ExitCode::from(INTERRUPTED)
            }
        }
    }
}

/// Bad usage, in one line like any bad input; help and version, which clap treats as errors too, as they are.
pub(crate) fn usage(error: &clap::Error) -> ExitCode {
    if !error.use_stderr() {
        // Help that cannot be written is read by nobody.
        let _ = error.print();
        return ExitCode::SUCCESS;
    }
    if error.kind() == clap::error::ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        let _ = error.print();
        return ExitCode::from(BAD_INPUT);
    }
    let text = error.to_string();
    let said = text.trim_start_matches("error: ").split("\n\nUsage:").next().unwrap_or_default();
    let said = said.split("\n\nFor more information").next().unwrap_or_default();
    // Paragraphs become clauses, and a list below a line goes on in it.
    let clauses: Vec<String> = said.split("\n\n").map(|clause| clause.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    let usage = text.split("Usage: ").nth(1).and_then(|usage| usage.split([' ', '\n']).nth(1));
    // A value that is refused says what would be taken; whoever got the flags wrong has more to read.
    let help =
        usage.filter(|word| word.starts_with(|c: char| c.is_ascii_lowercase())).map(|command| format!("; see `owabi {command} --help`"));
    complain(&format!("{}{}", clauses.join("; ").replace("; tip: ", "; "), help.unwrap_or_default()));
    ExitCode::from(BAD_INPUT)
}

/// One line on stderr, also where an id or a file's name holds a line break. A stderr that is closed cannot be complained to.
pub(crate) fn complain(line: &str) {
    let line = harmless(line).replace('\n', "␊");
    let _ = io::Write::write_all(&mut io::stderr(), format!("owabi: {line}\n").as_bytes());
}

/// A panic is a bug of owabi's. Users get one line and the usual exit code of a panic, not a page for each thread.
pub(crate) fn tell_bugs_in_one_line() {
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map_or("an unknown place".to_owned(), ToString::to_string);
        let payload = info.payload();
        let what = payload.downcast_ref::<&str>().copied().or_else(|| payload.downcast_ref::<String>().map(String::as_str));
        let what = what.unwrap_or("no message");
        complain(&format!("internal error at {place}: {what}; this is a bug, please report it"));
        std::process::exit(101);
    }));
}

/// An operating system's reason, in plain words and without "(os error 2)".
pub(crate) fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file or folder; check the name".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied; check who may access it".to_owned(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "no space left; free some and run the same command again".to_owned(),
        io::ErrorKind::FileTooLarge => "larger than files may be; raise the limit (ulimit -f) and run the same command again".to_owned(),
        io::ErrorKind::IsADirectory => "is a folder; name a file".to_owned(),
        _ => {
            let text = error.to_string();
            text.split(" (os error").next().unwrap_or(&text).to_lowercase()
        }
    }
}

/// Problems of single inputs. Without `keep_going` the first one stops the command; with it they are told and counted, and
/// the command ends with [`BAD_INPUT`].
pub(crate) struct Problems {
    keep_going: bool,
    count: usize,
}

impl Problems {
    pub(crate) fn new(keep_going: bool) -> Problems {
        Problems { keep_going, count: 0 }
    }

    pub(crate) fn keeps_going(&self) -> bool {
        self.keep_going
    }

    pub(crate) fn meet(&mut self, line: String) -> Result<(), Error> {
        if !self.keep_going {
            return Err(Error::Input(line));
        }
        self.count += 1;
        complain(&line);
        Ok(())
    }

    /// Counts another reader's problems as well.
    pub(crate) fn add(&mut self, other: Problems) {
        self.count += other.count;
    }

    /// Whether one was told.
    pub(crate) fn any(&self) -> bool {
        self.count > 0
    }

    /// The exit code of a command that otherwise went well.
    pub(crate) fn code(&self) -> ExitCode {
        if self.count == 0 { ExitCode::SUCCESS } else { ExitCode::from(BAD_INPUT) }
    }
}
