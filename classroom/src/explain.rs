//! Which words of a text decide the right answer, and why.

use owabi_corpora::record::{Deadline, Labels, Record};
use owabi_corpora::reportability::assess;
use owabi_corpora::vocabulary::{Stage, Unit};
use owabi_corpora::{Mention, PartialDate};

use crate::draft::{HOLDER, place, surface, timeline_role};
use crate::exercise::{ExerciseType, Expected, Explanation, Verdict, Words};
use crate::words::{self, plain, why};

/// The explanations of one exercise, in the order of the text. `told` are a detector's labels of the same text: where it comes to the same
/// result, the words that decided it are told too.
pub fn explain(kind: ExerciseType, record: &Record, expected: &Expected, told: &Labels) -> Vec<Explanation> {
    let teller = Teller { record };
    let mut why = match expected {
        Expected::Data => [teller.data(told), teller.idle()].concat(),
        Expected::Cause { .. } => teller.causes(),
        Expected::Numbers { .. } => teller.counts(),
        Expected::Order { .. } => teller.dates(|_| true),
        Expected::Duty { situations, open, .. } => teller.duty(situations, open),
        Expected::Section { removed, .. } => {
            vec![Explanation { place: None, words: why("removed", &[("surface", &plain(removed.clone()))]) }]
        }
        Expected::Fault { places, choice, right } => {
            let fault = words::fault(choice);
            let at = |place: &crate::exercise::Place| -> String {
                record.text.chars().skip(place.start).take(place.end.saturating_sub(place.start)).collect()
            };
            let wrong = places.first().map(at).unwrap_or_default();
            let mut why = Vec::new();
            for (index, place) in places.iter().enumerate() {
                let words = match index {
                    0 => words::why("fault", &[("fault", &fault), ("right", &plain(right.clone()))]),
                    _ => words::why("against", &[("surface", &plain(wrong.clone()))]),
                };
                why.push(Explanation { place: Some(*place), words });
            }
            why
        }
    };
    // Those of a duty say how it comes to what it says, one after the other.
    if kind != ExerciseType::ReportingDuty {
        why.sort_by_key(|item| item.place.map_or((usize::MAX, 0), |place| (place.start, place.end)));
    }
    why
}

struct Teller<'a> {
    record: &'a Record,
}

impl Teller<'_> {
    fn at(&self, mention: &Mention, id: &str, fill: &[(&str, &Words)]) -> Explanation {
        let text = &self.record.text;
        let surface = plain(surface(text, mention));
        let fill: Vec<(&str, &Words)> = [("surface", &surface)].into_iter().chain(fill.iter().copied()).collect();
        Explanation { place: Some(place(text, mention.span())), words: why(id, &fill) }
    }

    fn data(&self, told: &Labels) -> Vec<Explanation> {
        let mut all = Vec::new();
        for item in self.record.labels.data.iter().flatten() {
            let same = |other: &&owabi_corpora::record::DataLabel| other.category == item.category && other.status == item.status;
            let cue = told.data.iter().flatten().find(same).and_then(|other| other.cue.clone()).map(plain);
            for mention in &item.spans {
                let status = mention.status.unwrap_or(item.status);
                let (category, status_words) = (words::category(item.category), words::status(status));
                let fill = [("category", &category), ("status", &status_words)];
                let explained = match &cue {
                    Some(cue) if status == item.status => self.at(mention, "data_cue", &[fill[0], fill[1], ("cue", cue)]),
                    _ => self.at(mention, "data", &fill),
                };
                all.push(explained);
            }
        }
        all
    }

    /// Mentions that say nothing of a leak.
    fn idle(&self) -> Vec<Explanation> {
        let items = self.record.labels.distractors.iter().flatten();
        items.flat_map(|item| item.spans.iter().map(|mention| self.at(mention, item.why.id(), &[]))).collect()
    }

    fn causes(&self) -> Vec<Explanation> {
        let causes = self.record.labels.causes.iter().flatten();
        let told = |item: &owabi_corpora::record::CauseLabel| {
            let (id, cause) = (if item.primary { "primary" } else { "cause" }, words::cause(item.cause));
            item.spans.iter().map(|mention| self.at(mention, id, &[("cause", &cause)])).collect::<Vec<_>>()
        };
        causes.flat_map(told).collect()
    }

    fn counts(&self) -> Vec<Explanation> {
        let id = |count: &owabi_corpora::record::CountLabel| match count.unit {
            Unit::Person if count.total => "total",
            Unit::Person => "group",
            _ => "other_count",
        };
        let counts = self.record.labels.counts.iter().flatten();
        counts.flat_map(|count| count.spans.iter().map(move |mention| self.at(mention, id(count), &[]))).collect()
    }

    fn dates(&self, wanted: impl Fn(&str) -> bool) -> Vec<Explanation> {
        let mut all = Vec::new();
        for label in self.record.labels.dates.iter().flatten() {
            let role = timeline_role(label);
            let Some(event) = words::event(&role).filter(|_| wanted(&role)) else { continue };
            let date = plain(label.date.to_string());
            all.extend(label.spans.iter().map(|mention| self.at(mention, "date", &[("date", &date), ("event", &event)])));
        }
        all
    }

    fn duty(&self, situations: &[u8], open: &[u8]) -> Vec<Explanation> {
        let mut all = Vec::new();
        for (number, choice) in (1..).zip(words::situations()) {
            let id = match number {
                _ if situations.contains(&number) => "situation",
                _ if open.contains(&number) => "situation_open",
                _ => "situation_not",
            };
            all.push(Explanation { place: None, words: why(id, &[("situation", &choice.words)]) });
        }
        let found = assess(&self.record.labels, HOLDER);
        let reports = words::reports();
        for (stage, deadline) in [(Stage::Preliminary, found.preliminary), (Stage::Final, found.final_report)] {
            let report = reports.iter().find(|report| report.id == stage.id()).map(|report| report.words.clone()).unwrap_or_default();
            all.extend(deadline.and_then(|deadline| due(&report, deadline)));
        }
        // The words on which this rests: what leaked, how, how many, and when.
        all.extend(self.causes());
        all.extend(self.data(&Labels::default()));
        all.extend(self.counts());
        all.extend(self.dates(|role| role == "discovered" || role.starts_with("reported_regulator")));
        all
    }
}

fn due(report: &Words, deadline: Deadline) -> Option<Explanation> {
    let told = |date: Option<PartialDate>| date.map(|date| plain(date.to_string()));
    let due = told(deadline.due)?;
    let words = match (told(deadline.reported), deadline.kept) {
        (Some(reported), Some(kept)) => {
            let verdict = words::verdict(if kept { Verdict::Yes } else { Verdict::No });
            why("due", &[("report", report), ("due", &due), ("reported", &reported), ("verdict", &verdict)])
        }
        _ => why("due_not_told", &[("report", report), ("due", &due)]),
    };
    Some(Explanation { place: None, words })
}
