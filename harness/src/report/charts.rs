//! Where the shapes of the charts stand. All figures are per cent of a chart's width or height, so that charts grow and shrink with the page while their
//! words do not; the shapes themselves are SVG in the templates.

use serde::Serialize;

use crate::results::{Estimate, Results};

/// A figure between 0 and 1 on its scale, with its interval.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Whisker {
    at: f64,
    /// Left end and width.
    interval: Option<(f64, f64)>,
}

impl Whisker {
    /// `None` where there is no figure.
    pub(super) fn new(figure: Estimate) -> Option<Whisker> {
        let interval = figure.low.zip(figure.high).map(|(low, high)| (per_cent(low), per_cent(high - low)));
        Some(Whisker { at: per_cent(figure.value?), interval })
    }
}

/// A share as a bar.
pub(super) fn bar(share: Option<f64>) -> Option<f64> {
    share.map(per_cent)
}

/// What became of one category: parts of a bar.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct CategoryBar {
    pub(super) category: String,
    /// Of these, right ones, ones with another status, missed ones and spurious ones.
    pub(super) parts: [BarPart; 4],
}

/// One part of a bar.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub(super) struct BarPart {
    class: &'static str,
    count: u64,
    left: f64,
    width: f64,
}

const PARTS: [&str; 4] = ["right", "changed", "missed", "spurious"];
const ABSENT: &str = "absent";

/// By category, whatever its status: right, another status, missed, spurious. Those with most errors first; the longest bar is as wide as the chart.
pub(super) fn categories(results: &Results) -> Vec<CategoryBar> {
    let mut bars: Vec<CategoryBar> = Vec::new();
    for (category, by_gold) in &results.confusion {
        let mut parts = PARTS.map(|class| BarPart { class, ..BarPart::default() });
        for (gold, by_predicted) in by_gold {
            for (predicted, count) in by_predicted {
                let part = match (&**gold, &**predicted) {
                    (gold, predicted) if gold == predicted => 0,
                    (ABSENT, _) => 3,
                    (_, ABSENT) => 2,
                    _ => 1,
                };
                parts[part].count += count;
            }
        }
        bars.push(CategoryBar { category: category.clone(), parts });
    }
    let sum = |bar: &CategoryBar| bar.parts.iter().map(|part| part.count).sum::<u64>();
    let longest = bars.iter().map(sum).max().unwrap_or_default().max(1) as f64;
    for bar in &mut bars {
        let mut left = 0;
        for part in &mut bar.parts {
            part.left = per_cent(left as f64 / longest);
            part.width = per_cent(part.count as f64 / longest);
            left += part.count;
        }
    }
    bars.sort_by_key(|bar| std::cmp::Reverse(sum(bar) - bar.parts[0].count));
    bars
}

/// Gold statuses against predicted ones, over all categories.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct HeatMap {
    pub(super) columns: [&'static str; 4],
    pub(super) rows: Vec<HeatRow>,
}

/// All of one gold status.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct HeatRow {
    status: &'static str,
    cells: Vec<HeatCell>,
}

/// One pair of statuses.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct HeatCell {
    pub(super) count: String,
    /// Of the row, in per cent; rounded so that only all is 100 and only nothing is 0.
    pub(super) share: String,
    /// How dark, from 0 to 1.
    shade: f64,
    right: bool,
    /// Nobody counts what neither side holds.
    empty: bool,
}

const STATUSES: [&str; 4] = ["confirmed", "possible", "denied", ABSENT];

/// `None` where nothing was compared.
pub(super) fn statuses(results: &Results) -> Option<HeatMap> {
    let count = |gold: &str, predicted: &str| -> u64 {
        let of = |by_gold: &std::collections::BTreeMap<String, std::collections::BTreeMap<String, u64>>| {
            by_gold.get(gold)?.get(predicted).copied()
        };
        results.confusion.values().filter_map(of).sum()
    };
    let rows: Vec<HeatRow> = STATUSES
        .into_iter()
        .map(|gold| {
            let counts = STATUSES.map(|predicted| count(gold, predicted));
            let sum = counts.iter().sum::<u64>();
            let cell = |(place, count): (usize, &u64)| {
                let share = *count as f64 / sum.max(1) as f64;
                let right = gold == STATUSES[place];
                HeatCell {
                    count: super::number(*count),
                    share: rounded(*count, sum),
                    shade: (share * 100.0).round() / 100.0,
                    right,
                    empty: right && gold == ABSENT,
                }
            };
            HeatRow { status: gold, cells: counts.iter().enumerate().map(cell).collect() }
        })
        .collect();
    (!results.confusion.is_empty()).then_some(HeatMap { columns: STATUSES, rows })
}

fn rounded(count: u64, sum: u64) -> String {
    match (count as f64 / sum.max(1) as f64 * 100.0).round() as u64 {
        0 if count > 0 => "<1 %".to_owned(),
        100 if count < sum => ">99 %".to_owned(),
        share => format!("{share} %"),
    }
}

/// Two digits after the point are finer than any screen.
fn per_cent(share: f64) -> f64 {
    (share.clamp(0.0, 1.0) * 1e4).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_near_all_and_nothing_are_not_told_as_such() {
        assert_eq!(
            [(0, 9), (1, 1000), (999, 1000), (9, 9), (1, 3), (0, 0)].map(|(a, b)| rounded(a, b)),
            ["0 %", "<1 %", ">99 %", "100 %", "33 %", "0 %"]
        );
    }

    #[test]
    fn whiskers_stand_where_the_figures_are() {
        let figure = Estimate { value: Some(0.5), low: Some(0.25), high: Some(1.0) };
        assert_eq!(Whisker::new(figure), Some(Whisker { at: 50.0, interval: Some((25.0, 75.0)) }));
        assert_eq!(Whisker::new(Estimate::default()), None);
    }
}
