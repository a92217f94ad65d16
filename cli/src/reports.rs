//! What a run of scoring leaves behind: files, and a table on stdout unless a file takes its place.

use std::path::{Path, PathBuf};

use owabi_harness::{ErrorLine, Results, Sample, report};

use crate::error::Error;
use crate::output::Output;
use crate::pretty::harmless;

/// Files to write.
#[derive(clap::Args, Default)]
pub(crate) struct Reports {
    /// Write every figure as JSON; `-` is stdout instead of the table, here and for the next three
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
    /// Write every error as a line of JSON: what was missed or wrong, where, and the words around it
    #[arg(long, value_name = "FILE")]
    errors: Option<PathBuf>,
    /// Write the tables as GitHub Markdown
    #[arg(long, value_name = "FILE")]
    markdown: Option<PathBuf>,
    /// Write one page of HTML that needs no network: figures, charts, and up to 500 errors shown in their texts
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
}

impl Reports {
    /// Opens the files, so that a name that cannot be written is told before the work and not after it.
    pub(crate) fn open(&self) -> Result<Writing, Error> {
        let flags = [("--json", &self.json), ("--errors", &self.errors), ("--markdown", &self.markdown), ("--html", &self.html)];
        for (place, (flag, path)) in flags.iter().enumerate() {
            let same = |(_, other): &&(&str, &Option<PathBuf>)| path.is_some() && path == other;
            if let (Some((first, _)), Some(path)) = (flags[..place].iter().find(same), path) {
                let name = if path.as_os_str() == "-" { "stdout".into() } else { path.display().to_string() };
                return Err(Error::at(name, format!("takes one report; {first} and {flag} both name it")));
            }
        }
        let mut writing = Writing::default();
        for (path, file) in [
            (&self.json, &mut writing.json),
            (&self.errors, &mut writing.errors),
            (&self.markdown, &mut writing.markdown),
            (&self.html, &mut writing.html),
        ] {
            *file = path.as_deref().map(File::create).transpose()?;
        }
        writing.sample = writing.html.is_some().then(Sample::default);
        Ok(writing)
    }
}

/// The files while the run goes on. Files of a run that fails are given up.
#[derive(Default)]
pub(crate) struct Writing {
    json: Option<File>,
    errors: Option<File>,
    markdown: Option<File>,
    html: Option<File>,
    sample: Option<Sample>,
}

impl Writing {
    /// Whether anybody wants single errors.
    pub(crate) fn wants_errors(&self) -> bool {
        self.errors.is_some() || self.sample.is_some()
    }

    /// Takes the errors of one document, in the order of the documents.
    pub(crate) fn add(&mut self, text: &str, errors: &[ErrorLine]) -> Result<(), Error> {
        if let Some(file) = &mut self.errors {
            for error in errors {
                let line = serde_json::to_string(error).map_err(|error| Error::at(&file.name, error))?;
                file.put(&line)?;
                file.put("\n")?;
            }
        }
        if let Some(sample) = &mut self.sample {
            sample.add(text, errors);
        }
        Ok(())
    }

    /// Writes what there is to write, and the table with `next` after it unless a report went to stdout.
    pub(crate) fn finish(mut self, results: &Results, next: &str) -> Result<(), Error> {
        if let Some(file) = &mut self.json {
            let text = serde_json::to_string_pretty(results).map_err(|error| Error::at(&file.name, error))?;
            file.put(&format!("{text}\n"))?;
        }
        if let Some(file) = &mut self.markdown {
            file.put(&report::markdown(results))?;
        }
        if let (Some(file), Some(sample)) = (&mut self.html, &self.sample) {
            file.put(&report::html(results, sample))?;
        }
        let mut written = Vec::new();
        let mut to_stdout = false;
        for file in [&mut self.json, &mut self.errors, &mut self.markdown, &mut self.html].into_iter().filter_map(Option::as_mut) {
            match file.finish()? {
                Some(name) => written.push(name),
                None => to_stdout = true,
            }
        }
        if to_stdout {
            return Ok(());
        }
        let mut out = Output::stdout();
        // Kinds and reasons are others' words.
        out.put(harmless(&report::terminal(results)).as_bytes())?;
        if !written.is_empty() {
            out.put(format!("\nWritten: {}\n", harmless(&written.join(", ")).replace('\n', "␊")).as_bytes())?;
        }
        out.put(next.as_bytes())?;
        out.finish()
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        for file in [&mut self.json, &mut self.errors, &mut self.markdown, &mut self.html] {
            if let Some(output) = file.take().and_then(|file| file.output) {
                output.abandon();
            }
        }
    }
}

struct File {
    name: String,
    output: Option<Output>,
}

impl File {
    fn create(path: &Path) -> Result<File, Error> {
        Ok(File { name: path.display().to_string(), output: Some(Output::create(path)?) })
    }

    fn put(&mut self, text: &str) -> Result<(), Error> {
        self.output.as_mut().map_or(Ok(()), |output| output.put(text.as_bytes()))
    }

    /// The name of the file that appeared; `None` for stdout.
    fn finish(&mut self) -> Result<Option<String>, Error> {
        let Some(output) = self.output.take() else { return Ok(None) };
        let name = (!output.is_stdout()).then(|| self.name.clone());
        output.finish()?;
        Ok(name)
    }
}
