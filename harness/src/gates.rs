//! Gates: what a detector must reach to be released, as TOML.
//!
//! ```toml
//! [[gate]]
//! figure = "fields.data.f1"            # any number of results.json, by its path
//! min = 0.85
//! bound = "low"                        # the interval's low end, not the figure itself
//!
//! [[gate]]
//! slice = "kind=ransomware_report"
//! figure = "fields.data.f1"
//! min = 0.8
//!
//! [[gate]]
//! figure = "denied_as_leaked"
//! not_worse_than = "baseline.json"     # beside the gates
//! margin = 0.01
//! ```
//!
//! `not_worse_than` compares document by document ([`crate::comparison`]), as if the figure were the only one. By default a gate fails
//! when the run is surely worse by more than the margin: the whole interval of the difference lies beyond it, and p ≤ 0.05. With
//! `bound = "low"` it passes only when the run is surely not worse by more, which few documents never show; with
//! `bound = "value"` the difference alone decides.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr};
use toml::Spanned;

use crate::results::{Estimate, Results};

mod check;

/// Dimension and value.
type SliceName = (String, String);

/// What a run must reach.
#[derive(Debug, Clone, PartialEq)]
pub struct Gates(Vec<Gate>);

/// One gate.
#[derive(Debug, Clone, PartialEq)]
struct Gate {
    name: Option<String>,
    figure: String,
    slice: Option<SliceName>,
    lines: Lines,
    bound: Option<Bound>,
    wanted: Wanted,
}

/// Where a gate's parts stand in the file, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Lines {
    figure: usize,
    slice: usize,
    wanted: usize,
}

#[derive(Debug, Clone, PartialEq)]
enum Wanted {
    Between { min: Option<f64>, max: Option<f64> },
    NotWorse { baseline: String, margin: f64 },
}

/// Which number of a figure with its interval must pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Display, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
enum Bound {
    Value,
    Low,
    High,
}

/// What became of one gate, as the results hold it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GateResult {
    /// The gate's own name, or its figure with its slice.
    pub name: String,
    /// The figure as the gate names it.
    pub figure: String,
    /// The slice, such as `kind=digest`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slice: Option<String>,
    /// What it must be, in words.
    pub wanted: String,
    /// What it is, in words.
    pub seen: String,
    /// What it is: the figure, or its difference from the baseline.
    pub estimate: Estimate,
    /// Whether the gate is passed.
    pub passed: bool,
}

/// Why gates cannot be read or checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GateError {
    /// The line of the gates' file, from 1.
    pub line: usize,
    /// What is wrong and how to mend it, in one line.
    pub message: String,
}

impl fmt::Display for GateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    gate: Vec<Spanned<Written>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    name: Option<String>,
    figure: Spanned<String>,
    slice: Option<Spanned<String>>,
    min: Option<Spanned<f64>>,
    max: Option<Spanned<f64>>,
    bound: Option<Spanned<String>>,
    not_worse_than: Option<Spanned<String>>,
    margin: Option<Spanned<f64>>,
}

impl Gates {
    /// Reads gates.
    pub fn parse(text: &str) -> Result<Gates, GateError> {
        let line = |span: Range<usize>| text.get(..span.start).map_or(1, |before| before.matches('\n').count() + 1);
        let file: File = toml::from_str(text).map_err(|error| GateError {
            line: error.span().map_or(1, line),
            message: error.message().lines().collect::<Vec<_>>().join("; "),
        })?;
        if file.gate.is_empty() {
            let message = "holds no gate; begin one with [[gate]], then figure = \"fields.data.f1\" and min = 0.85".to_owned();
            return Err(GateError { line: 1, message });
        }
        file.gate.into_iter().map(|written| Gate::read(written, &line)).collect::<Result<_, _>>().map(Gates)
    }

    /// The baselines that the gates name, each with the line that names it first.
    pub fn baselines(&self) -> BTreeMap<&str, usize> {
        let mut found = BTreeMap::new();
        for gate in &self.0 {
            if let Wanted::NotWorse { baseline, .. } = &gate.wanted {
                found.entry(baseline.as_str()).or_insert(gate.lines.wanted);
            }
        }
        found
    }

    /// Holds a run against the gates. `baselines` has the results of every name in [`Gates::baselines`].
    pub fn check(&self, results: &Results, baselines: &BTreeMap<String, Results>) -> Result<Vec<GateResult>, GateError> {
        let mut run = check::Run::new(results, baselines);
        self.0.iter().map(|gate| run.check(gate)).collect()
    }
}

impl Gate {
    fn read(written: Spanned<Written>, line: &dyn Fn(Range<usize>) -> usize) -> Result<Gate, GateError> {
        let start = line(written.span());
        let written = written.into_inner();
        let error = |span: Range<usize>, message: String| Err(GateError { line: line(span), message });
        for number in [&written.min, &written.max, &written.margin].into_iter().flatten() {
            if !number.get_ref().is_finite() {
                return error(number.span(), "is no number that a figure can be held against".to_owned());
            }
        }
        let slice = match &written.slice {
            None => None,
            Some(text) => match text.get_ref().split_once('=') {
                Some((dimension, value)) => Some((dimension.trim().to_owned(), value.trim().to_owned())),
                None => {
                    let message = format!("slice: `{}` is no slice; write dimension=value, such as kind=digest", text.get_ref());
                    return error(text.span(), message);
                }
            },
        };
        let bound = match &written.bound {
            None => None,
            Some(text) => match text.get_ref().parse() {
                Ok(bound) => Some(bound),
                Err(_) => return error(text.span(), format!("bound: `{}` is none; choose low, high or value", text.get_ref())),
            },
        };
        let figure = written.figure.get_ref().clone();
        let limit = |number: &Option<Spanned<f64>>| number.as_ref().map(|number| *number.get_ref());
        let wanted = match (&written.not_worse_than, limit(&written.min), limit(&written.max)) {
            (None, None, None) => {
                let message = format!("the gate on {figure} wants nothing; add min, max or not_worse_than");
                return Err(GateError { line: start, message });
            }
            (Some(baseline), None, None) => {
                if let Some(margin) = written.margin.as_ref().filter(|margin| *margin.get_ref() < 0.0) {
                    return error(margin.span(), "margin: is below 0; say by how much the figure may be worse".to_owned());
                }
                Wanted::NotWorse { baseline: baseline.get_ref().clone(), margin: limit(&written.margin).unwrap_or(0.0) }
            }
            (Some(baseline), ..) => {
                return error(baseline.span(), "not_worse_than stands with no min and no max; make it a gate of its own".to_owned());
            }
            (None, Some(min), Some(max)) if min > max => {
                return Err(GateError { line: start, message: format!("min {min} is above max {max}; nothing can pass") });
            }
            (None, min, max) => match &written.margin {
                Some(margin) => {
                    return error(margin.span(), "margin: belongs to not_worse_than; lower min or raise max instead".to_owned());
                }
                None => Wanted::Between { min, max },
            },
        };
        let place = |part: Option<Range<usize>>| part.map_or(start, line);
        let lines = Lines {
            figure: line(written.figure.span()),
            slice: place(written.slice.as_ref().map(Spanned::span)),
            wanted: place(written.not_worse_than.as_ref().map(Spanned::span)),
        };
        Ok(Gate { name: written.name, figure, slice, lines, bound, wanted })
    }

    fn slice_name(&self) -> Option<String> {
        self.slice.as_ref().map(|(dimension, value)| format!("{dimension}={value}"))
    }

    /// In words, without the figure.
    fn wanted(&self) -> String {
        match &self.wanted {
            Wanted::Between { min, max } => {
                let end = match self.bound {
                    Some(Bound::Low) => "low end ",
                    Some(Bound::High) => "high end ",
                    Some(Bound::Value) | None => "",
                };
                let limits = [min.map(|min| format!("≥ {min}")), max.map(|max| format!("≤ {max}"))];
                format!("{end}{}", limits.into_iter().flatten().collect::<Vec<_>>().join(" and "))
            }
            Wanted::NotWorse { baseline, margin } => {
                let how = match self.bound {
                    None | Some(Bound::High) => "not surely worse",
                    Some(Bound::Value) => "not worse",
                    Some(Bound::Low) => "surely not worse",
                };
                let more = if *margin > 0.0 { format!(" by more than {margin}") } else { String::new() };
                format!("{how} than {baseline}{more}")
            }
        }
    }

    fn result(&self, seen: String, estimate: Estimate, passed: bool) -> GateResult {
        let slice = self.slice_name();
        let name = self.name.clone().unwrap_or_else(|| match &slice {
            Some(slice) => format!("{} in {slice}", self.figure),
            None => self.figure.clone(),
        });
        GateResult { name, figure: self.figure.clone(), slice, wanted: self.wanted(), seen, estimate, passed }
    }
}

impl GateResult {
    /// In one line, as a failed gate is told.
    pub fn line(&self) -> String {
        let figure = if self.name.contains(&self.figure) { String::new() } else { format!(" ({})", self.figure) };
        format!("{}{figure}: wanted {}, seen {}", self.name, self.wanted, self.seen)
    }
}
