//! Asking a detector about changed copies of documents that it has answered.

use std::collections::BTreeMap;

use owabi_corpora::{Reading, Record};
use owabi_generator::perturb::{self, Perturbation, Twins};
use owabi_harness::behaviour::{Answered, Behaviour, Expectation};
use owabi_harness::results::BehaviourResult;
use owabi_harness::{LabelMap, Loss};

use crate::detectors::Answering;
use crate::error::{Error, Problems};
use crate::progress::Progress;

/// Changes are drawn by the document's id and this.
const SEED: u64 = 0;

/// The first documents of a run, with their answers, for as many as were asked for.
pub(crate) struct Bases {
    wanted: usize,
    kept: Vec<(Record, Result<Reading, Loss>)>,
}

impl Bases {
    pub(crate) fn new(wanted: usize) -> Bases {
        Bases { wanted, kept: Vec::new() }
    }

    /// Keeps what is still wanted of a batch.
    pub(crate) fn keep(&mut self, records: &[Record], answers: &[Result<Reading, Loss>]) {
        let room = self.wanted - self.kept.len();
        self.kept.extend(records.iter().cloned().zip(answers.iter().cloned()).take(room));
    }

    /// Asks for every change of every kept document. Encodings are left out: they change a file, not its text.
    pub(crate) fn ask(
        self,
        answering: &mut Answering,
        map: LabelMap,
        problems: &mut Problems,
    ) -> Result<BTreeMap<String, BehaviourResult>, Error> {
        let tests: Vec<Perturbation> = Perturbation::all().filter(|one| !one.is_encoding()).collect();
        let mut progress = Progress::new(Some((tests.len() * self.kept.len()) as u64), false);
        let mut behaviour = Behaviour::new(map);
        for one in tests {
            let (bases, changed): (Vec<_>, Vec<Record>) =
                self.kept.iter().filter_map(|base| Some((base, one.apply(&base.0, SEED)?))).unzip();
            let answers = answering.answer(&changed, problems)?;
            for (((gold, answer), changed), changed_answer) in bases.into_iter().zip(&changed).zip(&answers) {
                let base = Answered { gold, answer: answer.as_ref().map(Into::into) };
                let changed = Answered { gold: changed, answer: changed_answer.as_ref().map(Into::into) };
                let expectation = match one.expectation() {
                    perturb::Expectation::Inv => Expectation::Invariant,
                    perturb::Expectation::Dir => Expectation::Directional,
                };
                behaviour.add(one.id(), expectation, base, changed);
                if let Some(twins) = Twins::ALL.into_iter().find(|twins| twins.perturbation() == one) {
                    behaviour.add(&format!("twins_{}", twins.id()), Expectation::Twins, base, changed);
                }
            }
            progress.add(self.kept.len() as u64);
        }
        Ok(behaviour.finish())
    }
}
