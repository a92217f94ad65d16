//! Answers that never came: why, how they are told, and when to stop asking.

use std::sync::{Mutex, MutexGuard, PoisonError};

use owabi_corpora::Reading;
use owabi_harness::{Loss, LossKind};

use crate::error::{Error, complain};

/// How many losses, and how many answers that nobody asked for, are told one by one.
const TOLD: u64 = 10;
/// How many documents in a row may crash a detector, or take too long, before it has answered a single one.
const FIRST: u64 = 3;

/// An answer that never came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lost {
    pub(super) loss: Loss,
    /// What the detector said beside its answers: the last lines of its stderr, the beginning of an error page. For people only:
    /// it may hold times and paths, which results must not.
    pub(super) said: Option<String>,
    /// Whether the user knows already.
    pub(super) told: bool,
}

pub(super) type Answered = Result<Reading, Lost>;

pub(super) fn lost(kind: LossKind, why: impl Into<String>) -> Lost {
    Lost { loss: Loss::new(kind, why), said: None, told: false }
}

/// Answers that no document waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Strays {
    /// Under an id that was not asked.
    pub(crate) unasked: u64,
    /// For a document that was answered before.
    pub(crate) duplicates: u64,
}

/// Losses in a row, in the order of the documents, so that neither threads nor the order of the answers decide when it is enough.
#[derive(Debug, Clone)]
pub(super) struct Row {
    limit: u64,
    pub(super) lost: u64,
    pub(super) answered: u64,
    /// Set once it is enough: the documents before were lost like this.
    pub(super) enough: Option<Loss>,
}

impl Row {
    pub(super) fn new(limit: u64) -> Row {
        Row { limit, lost: 0, answered: 0, enough: None }
    }

    fn push(&mut self, answer: &Answered) {
        match answer {
            Ok(_) => (self.lost, self.answered) = (0, self.answered + 1),
            // A limit of the user's own is no fault of the detector's.
            Err(Lost { told: true, .. }) => {}
            Err(Lost { loss, .. }) => {
                self.lost += 1;
                let slow = matches!(loss.kind, LossKind::Crash | LossKind::Timeout);
                let limit = if self.answered == 0 && slow { self.limit.min(FIRST) } else { self.limit };
                if self.lost >= limit {
                    self.enough = Some(Loss::new(loss.kind, format!("not asked, as the {} before were lost", self.lost)));
                }
            }
        }
    }
}

/// A batch of questions, shared out in order among several who ask; answers are put back in any order.
pub(super) struct Desk(Mutex<State>);

struct State {
    next: usize,
    answers: Vec<Option<Answered>>,
    /// How many answers, from the first on, the row has seen.
    seen: usize,
    row: Row,
    strays: Strays,
    told: Vec<String>,
    failed: Option<Error>,
}

impl Desk {
    pub(super) fn new(count: usize, row: Row) -> Desk {
        let answers = (0..count).map(|_| None).collect();
        Desk(Mutex::new(State { next: 0, answers, seen: 0, row, strays: Strays::default(), told: Vec::new(), failed: None }))
    }

    /// The next `count` questions, or as many as are left: none once it is enough.
    pub(super) fn take(&self, count: usize) -> std::ops::Range<usize> {
        let mut state = self.state();
        let end = if state.closed() { state.next } else { state.answers.len().min(state.next + count) };
        std::mem::replace(&mut state.next, end)..end
    }

    pub(super) fn settle(&self, index: usize, answer: Answered) {
        let mut state = self.state();
        state.answers[index] = Some(answer);
        let State { answers, seen, row, .. } = &mut *state;
        while let Some(Some(answer)) = answers.get(*seen)
            && row.enough.is_none()
        {
            row.push(answer);
            *seen += 1;
        }
    }

    /// Whether nothing more is to be asked.
    pub(super) fn closed(&self) -> bool {
        self.state().closed()
    }

    /// An answer with this id, which is `settled` or was never asked.
    pub(super) fn stray(&self, id: &str, settled: bool) {
        let mut state = self.state();
        let (count, why) = match settled {
            true => (&mut state.strays.duplicates, "was answered before"),
            false => (&mut state.strays.unasked, "was not asked"),
        };
        *count += 1;
        state.told.push(format!("an answer for the id `{id}`, which {why}"));
    }

    pub(super) fn is_settled(&self, index: usize) -> bool {
        self.state().answers.get(index).is_some_and(Option::is_some)
    }

    /// What no answer can be expected after.
    pub(super) fn fail(&self, error: Error) {
        self.state().failed.get_or_insert(error);
    }

    /// All answers, in the order of the questions.
    pub(super) fn finish(self, row: &mut Row, tell: &mut Tell, strays: &mut Strays) -> Result<Vec<Answered>, Error> {
        let state = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        for line in state.told {
            tell.line(&line);
        }
        strays.unasked += state.strays.unasked;
        strays.duplicates += state.strays.duplicates;
        *row = state.row;
        if let Some(error) = state.failed {
            return Err(error);
        }
        let rest = || row.enough.clone().unwrap_or_else(|| Loss::new(LossKind::Missing, "not asked"));
        let answers = state.answers.into_iter().enumerate().map(|(index, answer)| match answer {
            Some(answer) if index < state.seen || row.enough.is_none() => answer,
            _ => Err(Lost { loss: rest(), said: None, told: true }),
        });
        Ok(answers.collect())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn closed(&self) -> bool {
        self.row.enough.is_some() || self.failed.is_some()
    }
}

/// Tells what was lost, the first few one by one.
pub(super) struct Tell {
    /// Who is asked.
    name: String,
    lines: u64,
}

impl Tell {
    pub(super) fn new(name: impl Into<String>) -> Tell {
        Tell { name: name.into(), lines: 0 }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn line(&mut self, line: &str) {
        self.lines += 1;
        if self.lines <= TOLD {
            complain(&format!("{}: {line}", self.name));
        }
    }

    /// The loss of the document with this id.
    pub(super) fn lost(&mut self, id: &str, Lost { loss, said, told }: &Lost) {
        if *told {
            return;
        }
        let said = said.as_ref().map_or(String::new(), |said| format!("; it said: {said}"));
        self.line(&format!("{id}: no answer ({}); counts as missed{said}", loss.why));
    }

    pub(super) fn finish(self) {
        match self.lines.saturating_sub(TOLD) {
            0 => {}
            1 => complain(&format!("{}: 1 more like these", self.name)),
            more => complain(&format!("{}: {more} more like these", self.name)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settle(desk: &Desk, index: usize, kind: Option<LossKind>) {
        desk.settle(index, kind.map_or(Ok(Reading::default()), |kind| Err(lost(kind, "x"))));
    }

    fn kinds(desk: Desk, row: &mut Row) -> Vec<Option<String>> {
        let answers = desk.finish(row, &mut Tell::new("x"), &mut Strays::default());
        let Ok(answers) = answers else { panic!("failed") };
        answers.into_iter().map(|answer| answer.err().map(|lost| lost.loss.why)).collect()
    }

    /// Whatever came back after the limit was reached counts as not asked: with one asker it would not have been.
    #[test]
    fn enough_is_enough_in_the_order_of_the_documents() {
        use LossKind::Malformed;
        for order in [[0, 1, 2, 3, 4], [4, 3, 2, 1, 0], [2, 4, 0, 1, 3]] {
            let mut row = Row::new(2);
            let desk = Desk::new(6, row.clone());
            assert_eq!(desk.take(5), 0..5);
            for index in order {
                settle(&desk, index, [None, Some(Malformed), Some(Malformed), None, None][index]);
            }
            assert!(desk.closed() && desk.take(1).is_empty());
            let not_asked = || Some("not asked, as the 2 before were lost".to_owned());
            let lost = || Some("x".to_owned());
            assert_eq!(kinds(desk, &mut row), [None, lost(), lost(), not_asked(), not_asked(), not_asked()]);
        }
    }

    #[test]
    fn a_detector_that_never_answers_is_given_less_time() {
        let mut row = Row::new(20);
        let desk = Desk::new(3, row.clone());
        (0..3).for_each(|index| settle(&desk, index, Some(LossKind::Timeout)));
        assert!(desk.closed());
        kinds(desk, &mut row);
        assert!(row.answered == 0 && row.enough.is_some());
        let desk = Desk::new(3, Row::new(20));
        (0..3).for_each(|index| settle(&desk, index, Some(LossKind::Malformed)));
        assert!(!desk.closed());
    }
}
