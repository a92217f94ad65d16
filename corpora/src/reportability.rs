//! Whether Japan's law requires a report of a leak, worked out from labels alone.
//!
//! [`assess`] is a pure function of the labels and of who holds the data. The law is a table of dated rules,
//! `scheme/reporting.toml`, whose comments name the source of every figure and mark what is not certain.
//!
//! What the labels do not say stays open: every question here is answered by yes, no or `None`. Two exemptions of the law cannot be
//! told from labels and are not guessed: data that were recovered before anyone saw them, and data under strong encryption.
//! Loss and damage of data that did not leak (滅失・毀損), reports that a contractor passes to its client, and reports to
//! authorities other than 個人情報保護委員会 are not told apart either. This reads notices; it is no legal advice.
//!
//! ```
//! use owabi_corpora::markup;
//! use owabi_corpora::reportability::{Holder, assess};
//! use owabi_corpora::vocabulary::{Jurisdiction, Sector};
//!
//! let text = "⟦2024年6月3日|date:discovered:2024-06-03⟧、⟦ランサムウェア|cause:ransomware!⟧により⟦氏名|name:possible⟧が漏えいしたおそれ";
//! let (_, labels) = markup::parse(text).unwrap();
//! let found = assess(&labels, Holder { sector: Some(Sector::Private), jurisdiction: Jurisdiction::Japan });
//! assert_eq!(found.required, Some(true));
//! assert_eq!(found.duties[0].situations, [3]);
//! assert_eq!(found.preliminary.unwrap().due.unwrap().to_string(), "2024-06-07");
//! ```

use std::sync::LazyLock;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use serde::Deserialize;

use crate::date::PartialDate;
use crate::record::{CountLabel, Deadline, Duty, Labels, Reportability};
use crate::scheme::{Category, Cause};
use crate::vocabulary::{Bound, DateRole, Exposure, Genre, Jurisdiction, Law, ReportReason, Sector, Stage, Status, Unit};

/// Who holds the data: what the duty depends on and labels do not carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holder {
    /// The kind of holder; `None` where it is not known: then only what is the same for all kinds is decided.
    pub sector: Option<Sector>,
    /// Whose law it is under.
    pub jurisdiction: Jurisdiction,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    deadlines: Deadlines,
    special_care: SpecialCare,
    financial: Vec<Risk>,
    causes: Causes,
    rule: Vec<Rule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Deadlines {
    preliminary_days: i32,
    final_days: i32,
    final_days_improper: i32,
    holidays_through: i16,
    holidays: Vec<PartialDate>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SpecialCare {
    categories: Vec<Category>,
}

/// Categories that together bring a risk of financial damage.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Risk {
    all: Vec<Category>,
    #[serde(default)]
    unless_denied: Vec<Category>,
    settled: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Causes {
    improper: Vec<Cause>,
    perhaps_improper: Vec<Cause>,
    intrusion: Vec<Cause>,
    unspecified: Vec<Cause>,
    perhaps_unspecified: Vec<Cause>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    law: Law,
    article: String,
    name: String,
    holders: Vec<Sector>,
    from: PartialDate,
    situations: [Situation; SITUATIONS],
    more_than: u64,
    #[serde(default)]
    form_only: Vec<Cause>,
    #[serde(default = "yes")]
    modelled: bool,
}

/// Each rule has as many items.
const SITUATIONS: usize = 4;

fn yes() -> bool {
    true
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum Situation {
    SpecialCare,
    Financial,
    Improper,
    Many,
    Systems,
    Unspecified,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let table = include_str!("../scheme/reporting.toml");
    toml::from_str(table).unwrap_or_else(|error| panic!("the committed table of reporting rules is not valid: {}", error.message()))
});

/// An article's Japanese name, for people to read: 個人情報保護法第26条.
pub fn article_name(duty: &Duty) -> Option<&'static str> {
    let article = duty.article.as_deref()?;
    let of = |rule: &&Rule| rule.law == duty.law && rule.article == article;
    TABLE.rule.iter().find(of).map(|rule| rule.name.as_str())
}

/// Works out whether what the labels say had to be reported, and whether it was in time. Fields that are not annotated are
/// questions without an answer.
///
/// The rules are those of the day of discovery, else of publication, else of the incident. A possible leak counts as a leak,
/// as in the law (おそれ); a denied one does not. Where the kind of holder or the day is known in part only, what all rules that may apply
/// agree on is decided. The last day of a report counts the day of discovery as day 1: 5 days for the preliminary report, 30 for the
/// final one, or 60 when there may be an improper purpose; a final report's last day moves off weekends and holidays.
pub fn assess(labels: &Labels, holder: Holder) -> Reportability {
    let as_of = [DateRole::Discovered, DateRole::Published, DateRole::OccurredStart].into_iter().find_map(|role| earliest(labels, role));
    let facts = Facts { labels, sector: holder.sector };
    let closed = |reason: ReportReason| Reportability {
        required: reason.required(),
        reason,
        as_of,
        duties: vec![],
        preliminary: None,
        final_report: None,
    };
    if labels.genre == Some(Genre::Unrelated) || labels.exposure == Some(Exposure::NotApplicable) {
        return closed(ReportReason::NoIncident);
    }
    if holder.jurisdiction == Jurisdiction::Other {
        return closed(ReportReason::OtherJurisdiction);
    }
    if let Some(reason) = facts.no_leak() {
        return closed(reason);
    }
    let Some(days) = as_of.and_then(PartialDate::days) else { return closed(ReportReason::Undated) };
    let laws: Vec<Answers> = Law::all().filter(|law| facts.concerns(*law)).filter_map(|law| facts.ask(law, days)).collect();
    let duties: Vec<Duty> = laws.iter().map(Answers::duty).collect();
    let reason = match () {
        _ if duties.is_empty() => ReportReason::BeforeDuty,
        _ if duties.iter().any(|duty| !duty.situations.is_empty()) => ReportReason::Situation,
        _ if duties.iter().any(|duty| !duty.undecided.is_empty()) => ReportReason::Undecided,
        _ => ReportReason::NoSituation,
    };
    let mut found = Reportability { duties, ..closed(reason) };
    if found.required == Some(true) {
        let table = &TABLE.deadlines;
        let known = earliest(labels, DateRole::Discovered).and_then(PartialDate::days);
        let improper = any(laws.iter().filter(|law| law.is_due()).map(|law| law.of(Situation::Improper)));
        let longest = if improper == Some(false) { table.final_days } else { table.final_days_improper };
        let shortest = if improper == Some(true) { table.final_days_improper } else { table.final_days };
        let promptly = Period { shortest: table.preliminary_days, longest: table.preliminary_days, moves: false };
        found.preliminary = Some(deadline(known, promptly, report(labels, Stage::Preliminary)));
        found.final_report = Some(deadline(known, Period { shortest, longest, moves: true }, report(labels, Stage::Final)));
    }
    found
}

/// What one law's rules say of each situation: what all rules that may apply agree on.
struct Answers {
    law: Law,
    article: Option<String>,
    situations: [Situation; SITUATIONS],
    verdicts: [Option<bool>; SITUATIONS],
}

impl Answers {
    fn of(&self, situation: Situation) -> Option<bool> {
        let index = self.situations.iter().position(|known| *known == situation);
        index.map_or(Some(false), |index| self.verdicts[index])
    }

    fn is_due(&self) -> bool {
        self.verdicts.contains(&Some(true))
    }

    fn duty(&self) -> Duty {
        let with = |wanted| (1..).zip(self.verdicts).filter(|(_, verdict)| *verdict == wanted).map(|(number, _)| number).collect();
        Duty { law: self.law, article: self.article.clone(), situations: with(Some(true)), undecided: with(None) }
    }
}

struct Facts<'a> {
    labels: &'a Labels,
    sector: Option<Sector>,
}

impl Facts<'_> {
    /// The categories with this strength that are not `other`.
    fn categories(&self, leaked: bool) -> impl Iterator<Item = Category> {
        let data = self.labels.data.iter().flatten();
        data.filter(move |item| (item.status != Status::Denied) == leaked).map(|item| item.category).filter(|category| category.is_scored())
    }

    /// Why nothing can have to be reported, if so.
    fn no_leak(&self) -> Option<ReportReason> {
        let personal = self.categories(true).any(Category::is_personal);
        let business = !personal && self.categories(true).next().is_some();
        match self.labels.exposure {
            _ if personal && self.labels.exposure != Some(Exposure::None) => None,
            Some(Exposure::None | Exposure::Unknown) | None if business => Some(ReportReason::NoPersonalData),
            Some(Exposure::None) => Some(ReportReason::NothingLeaked),
            None if self.categories(false).next().is_some() => Some(ReportReason::NothingLeaked),
            Some(Exposure::Unknown) | None => Some(ReportReason::Undecided),
            _ => None,
        }
    }

    /// My Numbers have a law of their own beside the general one.
    fn concerns(&self, law: Law) -> bool {
        law == Law::Appi || self.categories(true).any(|category| category.id() == "my_number")
    }

    /// Asks every rule of a law that may apply between two days; `None` where there was no duty yet.
    fn ask(&self, law: Law, (first, last): (Date, Date)) -> Option<Answers> {
        let sectors: Vec<Sector> = self.sector.map_or_else(|| Sector::all().collect(), |sector| vec![sector]);
        let rules: Vec<Option<&Rule>> = sectors.iter().flat_map(|&sector| [rule(law, sector, first), rule(law, sector, last)]).collect();
        let known = rules.iter().flatten().next()?;
        let verdicts = rules.iter().map(|rule| rule.map_or([Some(false); SITUATIONS], |rule| self.verdicts(rule)));
        let verdicts = verdicts.reduce(|all, one| std::array::from_fn(|i| if all[i] == one[i] { all[i] } else { None }))?;
        let same = rules.iter().all(|rule| rule.is_some_and(|rule| rule.article == known.article));
        Some(Answers { law, article: same.then(|| known.article.clone()), situations: known.situations, verdicts })
    }

    fn verdicts(&self, rule: &Rule) -> [Option<bool>; SITUATIONS] {
        rule.situations.map(|situation| match situation {
            _ if !rule.modelled => None,
            Situation::SpecialCare => self.special_care(),
            Situation::Financial => self.financial(),
            Situation::Improper => self.improper(rule),
            Situation::Many => self.many(rule.more_than),
            Situation::Systems => self.systems(),
            Situation::Unspecified => self.cause(&TABLE.causes.unspecified, &TABLE.causes.perhaps_unspecified),
        })
    }

    fn leaked(&self, category: Category) -> bool {
        self.categories(true).any(|known| known == category)
    }

    /// `None` where the text says that personal data leaked and not which.
    fn named(&self) -> Option<()> {
        self.categories(true).any(Category::is_personal).then_some(())
    }

    fn special_care(&self) -> Option<bool> {
        self.named()?;
        Some(TABLE.special_care.categories.iter().any(|&category| self.leaked(category)))
    }

    fn financial(&self) -> Option<bool> {
        self.named()?;
        let holds = |risk: &&Risk| {
            let denied = risk.unless_denied.iter().any(|&category| self.categories(false).any(|known| known == category));
            !denied && risk.all.iter().all(|&category| self.leaked(category))
        };
        any(TABLE.financial.iter().filter(holds).map(|risk| risk.settled.then_some(true)))
    }

    fn improper(&self, rule: &Rule) -> Option<bool> {
        if self.labels.primary_cause().is_some_and(|primary| rule.form_only.contains(&primary)) {
            return None;
        }
        self.cause(&TABLE.causes.improper, &TABLE.causes.perhaps_improper)
    }

    /// Whether any cause is in a list; `None` where it may be, or where the text names no cause.
    fn cause(&self, certain: &[Cause], perhaps: &[Cause]) -> Option<bool> {
        let causes = self.labels.causes.as_ref().filter(|causes| !causes.is_empty())?;
        any(causes.iter().map(|item| if perhaps.contains(&item.cause) { None } else { Some(certain.contains(&item.cause)) }))
    }

    fn systems(&self) -> Option<bool> {
        match self.sector? {
            Sector::Private => Some(false),
            // On paper or in another system: not told.
            Sector::National | Sector::Local => self.cause(&TABLE.causes.intrusion, &[]).filter(|intrusion| *intrusion),
        }
    }

    /// Whether more people than the threshold are concerned.
    fn many(&self, threshold: u64) -> Option<bool> {
        let counts = self.labels.counts.as_ref()?;
        let persons: Vec<&CountLabel> = counts.iter().filter(|count| count.unit == Unit::Person).collect();
        let more = any(persons.iter().map(|count| exceeds(count, threshold)));
        // In a household lives at least one person; how many people a record or an organisation stands for is not told.
        let households = counts.iter().filter(|count| count.unit == Unit::Household && count.bound != Bound::AtMost);
        if more == Some(true) || households.clone().any(|count| exceeds(count, threshold) == Some(true)) {
            return Some(true);
        }
        let sum = persons.iter().fold(0u64, |sum, count| sum.saturating_add(count.value));
        let complete = persons.iter().any(|count| count.total) || sum <= threshold;
        if persons.is_empty() || !complete { None } else { more }
    }
}

/// Whether a figure is above a threshold. Of 「最大4,583名」 all may be concerned, and a possible leak counts (guidelines 3-5-3-1 (4)).
fn exceeds(count: &CountLabel, threshold: u64) -> Option<bool> {
    match count.bound {
        Bound::Exact | Bound::AtMost => Some(count.value > threshold),
        Bound::About => (count.value != threshold).then_some(count.value > threshold),
        Bound::AtLeast => (count.value > threshold).then_some(true),
    }
}

/// Yes if anything says so, else open if anything is open, else no.
fn any(verdicts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut open = false;
    for verdict in verdicts {
        match verdict {
            Some(true) => return Some(true),
            Some(false) => {}
            None => open = true,
        }
    }
    if open { None } else { Some(false) }
}

/// The rule in force on a day.
fn rule(law: Law, sector: Sector, day: Date) -> Option<&'static Rule> {
    let begun = |rule: &&Rule| rule.from.civil().is_some_and(|from| from <= day);
    let rules = TABLE.rule.iter().filter(|rule| rule.law == law && rule.holders.contains(&sector));
    rules.filter(begun).max_by_key(|rule| rule.from)
}

/// The earliest date of a role. A month that holds a fuller date of the role says nothing of its own.
fn earliest(labels: &Labels, role: DateRole) -> Option<PartialDate> {
    let dates: Vec<PartialDate> = labels.dates.iter().flatten().filter(|item| item.role == role).map(|item| item.date).collect();
    let within = |inner: PartialDate, outer: PartialDate| match (inner.days(), outer.days()) {
        (Some(inner), Some(outer)) => outer.0 <= inner.0 && inner.1 <= outer.1,
        _ => false,
    };
    let vague = |date: PartialDate| dates.iter().any(|&other| other != date && within(other, date));
    dates.iter().copied().filter(|&date| !vague(date)).min_by_key(|date| date.days())
}

/// A report to the authority, and whether the text says which one it was.
fn report(labels: &Labels, stage: Stage) -> Option<(PartialDate, bool)> {
    let reports = || labels.dates.iter().flatten().filter(|item| item.role == DateRole::ReportedRegulator);
    let first = |wanted: Option<Stage>| reports().filter(|item| item.stage == wanted).map(|item| item.date).min_by_key(|date| date.days());
    match first(Some(stage)) {
        Some(date) => Some((date, true)),
        // The first report of all is the preliminary one.
        None if stage == Stage::Preliminary => first(None).map(|date| (date, false)),
        None => None,
    }
}

/// How long there is for a report, in days with the first one.
struct Period {
    shortest: i32,
    longest: i32,
    /// The last day moves off weekends and holidays.
    moves: bool,
}

fn deadline(known: Option<(Date, Date)>, period: Period, report: Option<(PartialDate, bool)>) -> Deadline {
    let earliest = known.and_then(|known| last_day(known.0, period.shortest, period.moves));
    let latest = known.and_then(|known| last_day(known.1, period.longest, period.moves));
    let kept = |(date, staged): (PartialDate, bool)| {
        let (first, last) = date.days()?;
        match () {
            // A report before the discovery: one of the two dates is not what it seems.
            _ if last < known?.0 => None,
            _ if last <= earliest? => Some(true),
            // A late report that the text does not name may be the final one.
            _ if first > latest? && staged => Some(false),
            _ => None,
        }
    };
    Deadline {
        due: earliest.filter(|_| earliest == latest).map(PartialDate::from),
        reported: report.map(|(date, _)| date),
        kept: report.and_then(kept),
    }
}

/// The last of so many days, the day of knowing being the first.
fn last_day(known: Date, days: i32, moves: bool) -> Option<Date> {
    let table = &TABLE.deadlines;
    let mut day = known.checked_add((days - 1).days()).ok()?;
    while moves && is_closed(day) {
        day = day.tomorrow().ok()?;
    }
    (!moves || day.year() <= table.holidays_through).then_some(day)
}

/// 行政機関の休日に関する法律 Article 1: Saturdays, Sundays, holidays, 29 December to 3 January.
fn is_closed(day: Date) -> bool {
    let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
    let new_year = day.month() == 12 && day.day() >= 29 || day.month() == 1 && day.day() <= 3;
    weekend || new_year || TABLE.deadlines.holidays.contains(&PartialDate::from(day))
}
