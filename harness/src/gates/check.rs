//! A run, held against gates.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Bound, Gate, GateError, GateResult, SliceName, Wanted};
use crate::comparison::{Compared, Draws, NotComparable, Pair};
use crate::figure::Figure;
use crate::interval::{Blocks, of_rate};
use crate::lookup::{Found, figures, find, instead};
use crate::measure::Tallies;
use crate::results::{Estimate, Results, round};

/// A run that is held against gates.
pub(super) struct Run<'a> {
    results: &'a Results,
    baselines: &'a BTreeMap<String, Results>,
    /// The figures as JSON, without counts and gates.
    json: Value,
    /// By baseline and slice: every figure compared, as gates may ask for several.
    compared: BTreeMap<(String, Option<SliceName>), Vec<Compared>>,
}

impl Run<'_> {
    pub(super) fn new<'a>(results: &'a Results, baselines: &'a BTreeMap<String, Results>) -> Run<'a> {
        Run { results, baselines, json: figures(results), compared: BTreeMap::new() }
    }

    pub(super) fn check(&mut self, gate: &Gate) -> Result<GateResult, GateError> {
        let on = |line: usize| move |message: String| GateError { line, message };
        if let Some((dimension, value)) = &gate.slice {
            self.must_exist(dimension, value).map_err(on(gate.lines.slice))?;
        }
        match &gate.wanted {
            Wanted::Between { min, max } => self.check_between(gate, *min, *max).map_err(on(gate.lines.figure)),
            Wanted::NotWorse { baseline, margin } => {
                let figure = self.comparable(gate).map_err(on(gate.lines.figure))?;
                self.check_not_worse(gate, figure, baseline, *margin).map_err(on(gate.lines.wanted))
            }
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
        let shown = |value: f64| shown(value, &[min, max]);
        let seen = match (found.value, found.low, found.high) {
            (None, ..) => "no figure, as there was nothing to count".to_owned(),
            (Some(value), Some(low), Some(high)) => format!("{} [{}–{}]", shown(value), shown(low), shown(high)),
            (Some(value), None, Some(high)) => format!("{} [≤ {}]", shown(value), shown(high)),
            (Some(value), ..) => shown(value),
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
            let interval = if figure.is_rate() { gate.bound.and_then(|_| of_rate(figure.tally(&sum), interval)) } else { interval };
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

    /// The figure of a gate that compares.
    fn comparable(&self, gate: &Gate) -> Result<Figure, String> {
        let those = "those of fields, parts, questions, alarms, values and contents can, for others set min or max";
        let path = find(&self.json, &gate.figure)?.path;
        Figure::at(&path).ok_or_else(|| format!("`{}` cannot be compared document by document; {those}", gate.figure))
    }

    fn check_not_worse(&mut self, gate: &Gate, figure: Figure, name: &str, margin: f64) -> Result<GateResult, String> {
        let path = figure.path();
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
        let limit = if figure.lower_is_better() { margin } else { -margin };
        let signed = |difference: f64| match shown(difference, &[Some(limit)]) {
            text if text.starts_with('-') => text.replace('-', "−"),
            text if text == "0" => text,
            text => format!("+{text}"),
        };
        let ends = low.zip(high).map_or(String::new(), |(low, high)| format!(" [{} to {}]", signed(low), signed(high)));
        let seen = match (value, compared.a, compared.b) {
            (Some(difference), Some(a), Some(b)) => format!("{}{ends}, from {} to {}", signed(difference), shown(a, &[]), shown(b, &[])),
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

/// With four digits, or all where fewer would stand on another side of a limit.
fn shown(value: f64, limits: &[Option<f64>]) -> String {
    let digits = if value.abs() >= 10.0 { 10.0 } else { 1e4 };
    // No figure is minus nothing.
    let short = (value * digits).round() / digits + 0.0;
    let misleads = |limit: &f64| short.total_cmp(limit) != value.total_cmp(limit);
    if limits.iter().flatten().any(misleads) { value.to_string() } else { short.to_string() }
}

fn no_interval(gate: &Gate, end: &str) -> String {
    let why = match gate.slice {
        Some(_) => "in a slice only figures under fields, parts, accuracy and alarms have one, and only up to 20,000 documents",
        None => "figures under fields, parts, accuracy and alarms have one",
    };
    format!("`{}` has no interval with a {end} end; leave bound out ({why})", gate.figure)
}
