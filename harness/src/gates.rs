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
use serde_json::Value;
use strum::{Display, EnumString, IntoStaticStr};
use toml::Spanned;

use crate::comparison::{Compared, Draws, NotComparable, Pair};
use crate::comparison_table::signed;
use crate::figure::Figure;
use crate::interval::Blocks;
use crate::lookup::{Found, find, instead};
use crate::measure::Tallies;
use crate::report::{new_table, render};
use crate::results::{Estimate, Results, round};

/// What a run must reach.
#[derive(Debug, Clone, PartialEq)]
pub struct Gates(Vec<Gate>);

/// One gate.
#[derive(Debug, Clone, PartialEq)]
struct Gate {
    /// Of its `[[gate]]`, from 1.
    line: usize,
    name: Option<String>,
    figure: String,
    /// Dimension and value.
    slice: Option<(String, String)>,
    bound: Option<Bound>,
    wanted: Wanted,
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
                found.entry(baseline.as_str()).or_insert(gate.line);
            }
        }
        found
    }

    /// Holds a run against the gates. `baselines` has the results of every name in [`Gates::baselines`].
    pub fn check(&self, results: &Results, baselines: &BTreeMap<String, Results>) -> Result<Vec<GateResult>, GateError> {
        let mut run = Checked::new(results, baselines);
        let check = |gate: &Gate| run.check(gate).map_err(|message| GateError { line: gate.line, message });
        self.0.iter().map(check).collect()
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
                Some(margin) => return error(margin.span(), "margin: belongs to not_worse_than; lower min or raise max instead".to_owned()),
                None => Wanted::Between { min, max },
            },
        };
        Ok(Gate { line: start, name: written.name, figure, slice, bound, wanted })
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

/// The gates of a run as a table; empty without gates.
pub fn table(gates: &[GateResult]) -> String {
    if gates.is_empty() {
        return String::new();
    }
    let mut table = new_table(["Gate", "wanted", "seen", ""]);
    for gate in gates {
        table.add_row([&*gate.name, &*gate.wanted, &*gate.seen, if gate.passed { "passed" } else { "FAILED" }]);
    }
    let failed = gates.iter().filter(|gate| !gate.passed).count();
    let plural = if gates.len() == 1 { "" } else { "s" };
    match failed {
        0 => format!("{}{} gate{plural} passed\n", render(&table), gates.len()),
        failed => format!("{}{failed} of {} gate{plural} failed\n", render(&table), gates.len()),
    }
}

/// A run that is held against gates.
struct Checked<'a> {
    results: &'a Results,
    baselines: &'a BTreeMap<String, Results>,
    /// The figures as JSON, without counts and gates.
    json: Value,
    /// By baseline and slice: every figure compared, as gates may ask for several.
    compared: BTreeMap<(String, Option<(String, String)>), Vec<Compared>>,
}

impl Checked<'_> {
    fn new<'a>(results: &'a Results, baselines: &'a BTreeMap<String, Results>) -> Checked<'a> {
        let bare = Results { counts: None, gates: Vec::new(), ..results.clone() };
        // Results are plain data, and can always be written.
        let json = serde_json::to_value(bare).unwrap_or_default();
        Checked { results, baselines, json, compared: BTreeMap::new() }
    }

    fn check(&mut self, gate: &Gate) -> Result<GateResult, String> {
        if let Some((dimension, value)) = &gate.slice {
            self.must_exist(dimension, value)?;
        }
        match &gate.wanted {
            Wanted::Between { min, max } => self.check_between(gate, *min, *max),
            Wanted::NotWorse { baseline, margin } => self.check_not_worse(gate, baseline, *margin),
        }
    }

    fn must_exist(&self, dimension: &str, value: &str) -> Result<(), String> {
        let slices = &self.results.slices;
        let Some(values) = slices.get(dimension) else {
            return Err(format!("slice: the run has none by `{dimension}`{}", instead(dimension, slices.keys().map(String::as_str))));
        };
        match values.contains_key(value) {
            true => Ok(()),
            false => Err(format!("slice: the run has no {dimension} `{value}`{}", instead(value, values.keys().map(String::as_str)))),
        }
    }

    fn check_between(&mut self, gate: &Gate, min: Option<f64>, max: Option<f64>) -> Result<GateResult, String> {
        let found = match &gate.slice {
            None => find(&self.json, &gate.figure)?,
            Some((dimension, value)) => self.in_slice(gate, dimension, value)?,
        };
        let estimate = Estimate { value: found.value, low: found.low, high: found.high };
        let decides = match gate.bound.unwrap_or(Bound::Value) {
            Bound::Value => found.value,
            // A figure without value has no interval either, and fails.
            Bound::Low if found.low.is_none() && found.value.is_some() => return Err(no_interval(gate, "low")),
            Bound::High if found.high.is_none() && found.value.is_some() => return Err(no_interval(gate, "high")),
            Bound::Low => found.low,
            Bound::High => found.high,
        };
        let passed = decides.is_some_and(|seen| min.is_none_or(|min| seen >= min) && max.is_none_or(|max| seen <= max));
        let seen = match (found.value, found.low, found.high) {
            (None, ..) => "no figure, as there was nothing to count".to_owned(),
            (Some(value), Some(low), Some(high)) => format!("{value} [{low}–{high}]"),
            (Some(value), None, Some(high)) => format!("{value} [≤ {high}]"),
            (Some(value), ..) => value.to_string(),
        };
        Ok(gate.result(seen, estimate, passed))
    }

    /// A figure of a slice: from the counts of its documents, with an interval, where it is one that is worked out from these; else the
    /// number that the results hold.
    fn in_slice(&self, gate: &Gate, dimension: &str, value: &str) -> Result<Found, String> {
        let figure = find(&self.json, &gate.figure).ok().and_then(|found| Figure::at(&found.path));
        if let (Some(figure), Some(blocks)) = (figure, self.slice_blocks(self.results, dimension, value)?) {
            let sum = blocks.rows().values().fold(Tallies::default(), |mut sum, row| {
                sum += row;
                sum
            });
            let intervals = &self.results.intervals;
            let interval = gate.bound.and_then(|_| blocks.resample(intervals.resamples, intervals.seed).interval(|sum| figure.of(sum)));
            let Estimate { value, low, high } = Estimate::new(figure.of(&sum), interval);
            return Ok(Found { path: figure.path(), value, low, high });
        }
        let slice = self.results.slices.get(dimension).and_then(|values| values.get(value));
        let json = slice.and_then(|slice| serde_json::to_value(slice).ok()).unwrap_or_default();
        find(&json, &gate.figure).map_err(|error| format!("in slice {dimension}={value}: {error}"))
    }

    /// `None` where the results do not hold the counts of single documents.
    fn slice_blocks(&self, results: &Results, dimension: &str, value: &str) -> Result<Option<Blocks>, String> {
        match &results.counts {
            Some(counts) if !counts.shared => counts.slice(dimension, value).map(Some),
            _ => Ok(None),
        }
    }

    fn check_not_worse(&mut self, gate: &Gate, name: &str, margin: f64) -> Result<GateResult, String> {
        let path = find(&self.json, &gate.figure)?.path;
        let Some(figure) = Figure::at(&path) else {
            let those = "those under fields, parts, accuracy and alarms can";
            return Err(format!("`{}` cannot be compared document by document; {those}, for others set min or max", gate.figure));
        };
        let compared = self.compared(name, gate)?;
        let compared = compared.iter().find(|compared| compared.figure == path).ok_or("was not compared")?;
        // So that more is better.
        let turned = |difference: f64| if figure.lower_is_better() { -difference } else { difference };
        let Estimate { value, low, high } = compared.difference;
        let (gain, worst, best) = match figure.lower_is_better() {
            false => (value, low, high),
            true => (value.map(turned), high.map(turned), low.map(turned)),
        };
        let within = |gain: f64| round(gain + margin) >= 0.0;
        let passed = match gate.bound.unwrap_or(Bound::High) {
            Bound::Value => gain.is_some_and(within),
            Bound::Low => worst.is_some_and(within),
            Bound::High => best.is_some_and(|best| within(best) || !compared.is_sure()),
        };
        let ends = low.zip(high).map_or(String::new(), |(low, high)| format!(" [{} to {}]", signed(low, 6), signed(high, 6)));
        let seen = match (value, compared.a, compared.b) {
            (Some(difference), Some(a), Some(b)) => format!("{}{ends}, from {a} to {b}", signed(difference, 6)),
            _ => "no figure, as there was nothing to count".to_owned(),
        };
        Ok(gate.result(seen, compared.difference, passed))
    }

    fn compared(&mut self, name: &str, gate: &Gate) -> Result<&[Compared], String> {
        let key = (name.to_owned(), gate.slice.clone());
        if !self.compared.contains_key(&key) {
            let baseline = self.baselines.get(name).ok_or_else(|| format!("{name}: was not read"))?;
            let told = |error: NotComparable| error.to_string();
            let whole = Pair::new((name, baseline), ("this run", self.results)).map_err(told)?;
            let pair = match &gate.slice {
                None => whole,
                Some((dimension, value)) => {
                    let blocks = |results| self.slice_blocks(results, dimension, value);
                    let both = blocks(baseline)?.zip(blocks(self.results)?);
                    let pair = both.and_then(|(a, b)| Pair::of(a, b));
                    pair.ok_or("slices of more than 20,000 documents cannot be compared document by document; leave the slice out")?
                }
            };
            self.compared.insert(key.clone(), pair.compare(&Figure::all(), Draws::default()));
        }
        Ok(&self.compared[&key])
    }
}

fn no_interval(gate: &Gate, end: &str) -> String {
    let why = match gate.slice {
        Some(_) => "in a slice only figures under fields, parts, accuracy and alarms have one, and only up to 20,000 documents",
        None => "figures under fields, parts, accuracy and alarms have one",
    };
    format!("`{}` has no interval with a {end} end; leave bound out ({why})", gate.figure)
}
