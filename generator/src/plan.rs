//! What a document is to be, before its facts are drawn: from a profile's priors, or from a row of a covering array.

use owabi_corpora::Cause;
use owabi_corpora::record::Record;
use owabi_corpora::vocabulary::{Exposure, Status, ValueMode};

use crate::data::{self, CauseRow, Scenario, Sector};
use crate::draw::{Draw, Shares};
use crate::facts::{incident, voices};
use crate::kind::Kind;
use crate::perturb::Perturbation;
use crate::profile::{Profile, weights};

/// What the facts of a document must keep to. The rest they draw themselves.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) kind: Kind,
    /// The primary cause; none where nothing happened.
    pub(crate) cause: Option<CauseRow>,
    /// The line of business; none for a page of several documents.
    pub(crate) sector: Option<&'static Sector>,
    /// What happened to the data, where that is asked for; whether the document says so shows in the finished record.
    pub(crate) exposure: Option<Exposure>,
    /// The difficulty, where it is asked for; whether it can be had shows in the finished record.
    pub(crate) difficulty: Option<u8>,
    pub(crate) value_mode: ValueMode,
    /// What the finished document is to be changed by.
    pub(crate) perturbation: Option<Perturbation>,
    pub(crate) profile: &'static Profile,
}

impl Plan {
    pub(crate) fn new(kind: Kind, value_mode: ValueMode, profile: &'static Profile) -> Plan {
        Plan { kind, cause: None, sector: None, exposure: None, difficulty: None, value_mode, perturbation: None, profile }
    }

    /// The primary cause.
    pub(crate) fn causes(&self) -> Vec<Cause> {
        self.cause.iter().map(|row| row.cause).collect()
    }

    /// The status of what leaked: what the cause leaves no choice about, what is asked for, or drawn; `confirmed` of a hundred
    /// documents are certain by themselves.
    pub(crate) fn status(&self, confirmed: u64, draw: &mut Draw) -> Status {
        let drawn = draw.percent(confirmed);
        let certain = self.outcome().map_or(drawn, |outcome| outcome == Exposure::Confirmed);
        if certain { Status::Confirmed } else { Status::Possible }
    }

    /// What happens to the data, where the cause leaves no choice about it or it is asked for.
    pub(crate) fn outcome(&self) -> Option<Exposure> {
        self.cause.and_then(|row| row.status).map(exposure).or(self.exposure)
    }

    /// How many people an incident touches: a magnitude by weight, then a number in it that is not round.
    pub(crate) fn people(&self, draw: &mut Draw, weights: [u64; 5]) -> u64 {
        let magnitudes: [(u64, u64); 5] = [(12, 99), (101, 999), (1_003, 9_899), (10_012, 98_765), (100_234, 389_876)];
        let factor = |size: usize| self.profile.sizes.as_ref().map_or(1, |sizes| sizes.weights[size]);
        let (low, high) = magnitudes[*draw.weighted(&[0, 1, 2, 3, 4], |size: &usize| weights[*size] * factor(*size))];
        // Halving the range now and then favours its lower end, as sizes do.
        let high = if draw.percent(60) { (low + (high - low) / 3).max(low + 1) } else { high };
        draw.between(low, high)
    }

    /// Whether something is said not to have leaked, where anything could be; `own` of a hundred documents by themselves.
    pub(crate) fn denies(&self, own: u64, draw: &mut Draw) -> bool {
        draw.percent(self.profile.denials.as_ref().map_or(own, |denials| denials.percent))
    }

    /// Whether no total is told; `own` of a hundred documents by themselves.
    pub(crate) fn uncounted(&self, own: u64, draw: &mut Draw) -> bool {
        draw.percent(self.profile.uncounted.as_ref().map_or(own, |uncounted| uncounted.percent))
    }
}

impl Plan {
    /// How far a document is from what is asked for and shows only when it is finished; 0 where nothing is.
    pub(crate) fn distance(&self, record: &Record) -> u8 {
        let other = self.exposure.is_some() && self.exposure != record.labels.exposure;
        let level = record.provenance.as_ref().map(|provenance| provenance.difficulty);
        let difficulty = self.difficulty.zip(level).map_or(0, |(wanted, level)| wanted.abs_diff(level));
        let applied = record.provenance.as_ref().is_some_and(|provenance| !provenance.perturbations.is_empty());
        let unperturbed = self.perturbation.is_some() && !applied;
        difficulty + if other { 10 } else { 0 } + if unperturbed { 5 } else { 0 }
    }
}

/// A profile's weights for some kinds.
pub(crate) struct Priors {
    profile: &'static Profile,
    kinds: Shares<Choice>,
    /// Kinds with their causes.
    incidents: Shares<Choice>,
}

/// A kind, with a cause where it has any, and the lines of business of both.
struct Choice {
    kind: Kind,
    cause: Option<CauseRow>,
    weight: u64,
    sectors: Shares<(&'static Sector, u64)>,
    /// Whether the profile gives a share to any of the sectors.
    shared: bool,
    /// Whether any of the incidents is of this kind.
    incident: bool,
}

impl Priors {
    /// `kinds` must not be empty. Where the profile leaves all of them out they keep their own weights: what a user asks for by
    /// name comes whatever its share.
    pub(crate) fn new(profile: &'static Profile, kinds: &[Kind]) -> Priors {
        let own = |kind: &Kind| kind.row().weight;
        // A kind whose lines of business have no share has none either.
        let possible = |kind: &Kind| {
            let sectors = sectors(*kind, None);
            if sectors.is_empty() || sector_weights(profile, &sectors).is_some() { own(kind) } else { 0 }
        };
        let weights_of_kinds = weights(kinds, &profile.kinds, |kind| (kind.id(), &[]), possible);
        let weights_of_kinds = weights_of_kinds.unwrap_or_else(|| kinds.iter().map(own).collect());
        let choice = |kind: Kind, cause: Option<CauseRow>, weight: u64| {
            let sectors = sectors(kind, cause.map(|row| row.cause));
            let weights = sector_weights(profile, &sectors);
            let shared = weights.is_some();
            let weights = weights.unwrap_or_else(|| vec![1; sectors.len()]);
            let sectors = Shares::new(sectors.into_iter().zip(weights).collect(), |(_, weight)| *weight);
            Choice { kind, cause, weight, sectors, shared, incident: false }
        };
        let mut incidents = Vec::new();
        for (kind, weight) in kinds.iter().zip(&weights_of_kinds) {
            let causes = causes(*kind);
            let sum: u64 = causes.iter().map(|row| row.weight).sum();
            let share = |row: &CauseRow| (weight * row.weight).checked_div(sum).unwrap_or(0);
            incidents.extend(causes.into_iter().map(|row| choice(*kind, Some(row), share(&row))));
        }
        let cause = |of: &Choice| of.cause.map_or("", |row| row.cause.id());
        let shared = |of: &Choice| if of.shared { of.weight } else { 0 };
        if let Some(weights) = weights(&incidents, &profile.causes, |of| (cause(of), &[]), shared) {
            incidents.iter_mut().zip(weights).for_each(|(of, weight)| of.weight = weight);
        }
        let kinds = kinds.iter().zip(weights_of_kinds).map(|(kind, weight)| choice(*kind, None, weight)).collect();
        Priors::of(profile, kinds, incidents)
    }

    /// Those of incidents that every one of the voices can tell; `None` where there are none.
    pub(crate) fn told_by(self, voices: &[Kind]) -> Option<Priors> {
        let told = |of: Choice| {
            let cause = of.cause.map(|row| row.cause);
            let mut sectors = of.sectors.items;
            sectors.retain(|(sector, weight)| *weight > 0 && cause.is_some_and(|cause| voices::can_have(voices, cause, sector)));
            Choice { sectors: Shares::new(sectors, |(_, weight)| *weight), ..of }
        };
        let incidents: Vec<Choice> = self.incidents.items.into_iter().map(told).collect();
        let incidents: Vec<Choice> = incidents.into_iter().filter(|of| of.weight > 0 && !of.sectors.items.is_empty()).collect();
        let mut kinds = self.kinds.items;
        kinds.retain(|of| incidents.iter().any(|incident| incident.kind == of.kind));
        (!kinds.is_empty()).then(|| Priors::of(self.profile, kinds, incidents))
    }

    fn of(profile: &'static Profile, mut kinds: Vec<Choice>, incidents: Vec<Choice>) -> Priors {
        kinds.iter_mut().for_each(|of| of.incident = incidents.iter().any(|incident| incident.kind == of.kind));
        let [kinds, incidents] = [kinds, incidents].map(|choices| Shares::new(choices, |of| of.weight));
        Priors { profile, kinds, incidents }
    }

    pub(crate) fn plan(&self, value_mode: ValueMode, draw: &mut Draw) -> Plan {
        let mut choice = draw.share(&self.kinds);
        if choice.incident {
            // The shares of causes stand for all incidents together, so that they choose among the kinds.
            choice = draw.share(&self.incidents);
        }
        self.chosen(choice, value_mode, draw)
    }

    /// The same for a kind that was drawn before.
    pub(crate) fn plan_of(&self, kind: Kind, value_mode: ValueMode, draw: &mut Draw) -> Plan {
        let incident = self.incidents.items.iter().any(|of| of.kind == kind);
        let choices = if incident { &self.incidents.items } else { &self.kinds.items };
        // Of a kind that the profile leaves out, its causes come alike.
        let left_out = choices.iter().filter(|of| of.kind == kind).all(|of| of.weight == 0);
        let weight = |of: &Choice| if of.kind == kind { of.weight.max(u64::from(left_out)) } else { 0 };
        self.chosen(draw.weighted(choices, weight), value_mode, draw)
    }

    fn chosen(&self, choice: &Choice, value_mode: ValueMode, draw: &mut Draw) -> Plan {
        let mut plan = Plan::new(choice.kind, value_mode, self.profile);
        plan.cause = choice.cause;
        if !choice.sectors.items.is_empty() {
            plan.sector = Some(draw.share(&choice.sectors).0);
        }
        plan
    }
}

/// The primary causes that a kind can have.
pub(crate) fn causes(kind: Kind) -> Vec<CauseRow> {
    match kind.row().scenario {
        Scenario::Incident if kind.row().causes.is_empty() => incident::causes(),
        _ => kind.row().causes.clone(),
    }
}

/// What may happen to the data of a kind with a primary cause, as far as its documents say.
pub(crate) fn exposures(kind: Kind, row: CauseRow) -> Vec<Exposure> {
    match (row.status, kind.row().scenario) {
        (Some(status), _) => vec![exposure(status)],
        (None, Scenario::Incident) => incident::outcomes(kind.row(), row.cause),
        (None, _) => vec![Exposure::Confirmed, Exposure::Possible],
    }
}

/// The lines of business of a kind: those that have records which the cause reaches, where there are any.
pub(crate) fn sectors(kind: Kind, cause: Option<Cause>) -> Vec<&'static Sector> {
    let row = kind.row();
    // Organisations of other lands are asked for by name: other laws hold for them.
    let foreign = |sector: &Sector| sector.flags.iter().any(|flag| flag == "us");
    let wanted = |sector: &&Sector| data::among(&row.sectors, &sector.id) && (row.sectors.contains(&sector.id) || !foreign(sector));
    let all: Vec<&Sector> = data::sectors().iter().filter(wanted).collect();
    let reached = cause.map(incident::reached).unwrap_or_default();
    let reached: Vec<&Sector> = all.iter().filter(|sector| reached.contains(&sector.id.as_str())).copied().collect();
    if row.scenario != Scenario::Incident || reached.is_empty() { all } else { reached }
}

fn exposure(status: Status) -> Exposure {
    if status == Status::Confirmed { Exposure::Confirmed } else { Exposure::Possible }
}

/// Their weights; `None` where the profile gives a share to none of them.
fn sector_weights(profile: &Profile, sectors: &[&Sector]) -> Option<Vec<u64>> {
    weights(sectors, &profile.sectors, |sector| (sector.id.as_str(), &sector.flags), |_| 1)
}
