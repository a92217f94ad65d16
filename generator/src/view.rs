//! The facts in the document's style, as small pieces that carry their marks: what templates put together.
//!
//! A phrase writes `{{ org }}は{{ d.discovered }}に` and gets both under their marks, the party breached and the day of the discovery. So
//! a phrase can hardly mislabel a fact.
//!
//! Nothing is written before a phrase asks for it: most documents ask for a fifth of the names.

use std::borrow::Cow;
use std::sync::LazyLock;

use jiff::civil::Date;
use owabi_corpora::date::PartialDate;
use owabi_corpora::markup::{Fact, Label};
use owabi_corpora::vocabulary::{Bound, DateRole, PartyRole, Stage, Status, Unit, Use, Why};
use owabi_corpora::{Category, Cause};

use crate::data::{self, Class};
use crate::draft::{Draft, Spelling};
use crate::draw::Draw;
use crate::facts::{Facts, Group, days_between};
use crate::flags::Flag;
use crate::names::Names;
use crate::slot::{Count, Day, Form, List, OfGroup, OfPart, Slot, TIMELINE, Which, Whole, Word};
use crate::style::{self, Style};
use crate::template::Ending;

/// What a phrase is said of.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'v> {
    /// `None` where a page speaks of none of its documents.
    view: Option<&'v View<'v>>,
    /// The group that is spoken of.
    group: Option<usize>,
    /// What is given besides, before what the view has under the same name.
    given: &'v [(Word, &'v str)],
}

impl<'v> Scope<'v> {
    pub(crate) fn nothing() -> Scope<'v> {
        Scope { view: None, group: None, given: &[] }
    }

    pub(crate) fn of(view: &'v View<'v>, given: &'v [(Word, &'v str)]) -> Scope<'v> {
        Scope { view: Some(view), group: None, given }
    }

    pub(crate) fn of_group(self, group: usize) -> Scope<'v> {
        Scope { group: Some(group), ..self }
    }

    /// What stands for a slot and has alternatives of its own, of which one is drawn wherever it stands.
    pub(crate) fn ending(&self, slot: Slot) -> Option<&'v Ending> {
        match slot {
            Slot::Word(Word::Yo) => Some(self.view?.style.hearsay),
            Slot::Word(Word::Ta) => Some(self.view?.style.past),
            _ => None,
        }
    }

    /// Writes what a slot stands for; `None` where it stands for nothing.
    pub(crate) fn write(&self, slot: Slot, out: &mut Draft) -> Option<()> {
        if let Slot::Word(word) = slot
            && let Some((_, text)) = self.given.iter().find(|(given, _)| *given == word)
        {
            out.text.push_str(text);
            return Some(());
        }
        self.view?.write(slot, self.group, out)
    }

    /// Whether a slot stands for anything that can be read. Nothing of it stays in the draft.
    pub(crate) fn has(&self, slot: Slot, draft: &mut Draft) -> bool {
        draft.would(|draft| _ = self.write(slot, draft))
    }
}

/// The facts in the document's style, with the words that were drawn for it.
pub(crate) struct View<'a> {
    pub(crate) facts: &'a Facts,
    style: &'a Style,
    names: Names,
    /// The people whom the organisation serves and each group, as this document calls them.
    people: Cow<'a, str>,
    who: Vec<Cow<'a, str>>,
    lost: Option<&'static str>,
    /// Words of such an organisation, in the order of [`OWN`].
    own: [&'static str; OWN.len()],
    doer: &'static str,
    /// The rows of leaked data, to see where they were said; empty when there are none.
    pub(crate) exhibit: String,
}

/// Words of which each line of business has its own: a hospital's 「院内」, a firm's 「社内」; in the order of being drawn.
const OWN: [(Word, Class); 7] = [
    (Word::Staff, Class::Staff),
    (Word::Core, Class::Core),
    (Word::Inside, Class::Inside),
    (Word::Letter, Class::Letter),
    (Word::Occasion, Class::Occasion),
    (Word::Document, Class::Document),
    (Word::You, Class::You),
];

/// One of those who work at the organisation or at its contractor; then one of those who worked there.
static DOERS: LazyLock<[[&[&str]; 2]; 2]> =
    LazyLock::new(|| [["doer_own", "doer_vendor"], ["former_own", "former_vendor"]].map(|of| of.map(data::parts)));
static REGULATOR: LazyLock<&str> = LazyLock::new(|| data::part("regulator"));
static HACK: LazyLock<&str> = LazyLock::new(|| data::part("noun_unauthorized_access"));

impl<'a> View<'a> {
    pub(crate) fn new(facts: &'a Facts, style: &'a Style, draw: &mut Draw) -> View<'a> {
        let names = Names::draw(facts, draw);
        let nouns = facts.causes.first().map(|cause| data::nouns(*cause, &facts.flags)).unwrap_or_default();
        let lost = (!nouns.is_empty()).then(|| *draw.pick(nouns));
        let own = OWN.map(|(_, class)| *draw.pick(data::own_words(class, facts.organisation.line)));
        // 「教職員」 is no word for a contractor's people.
        let doer = *draw.pick(DOERS[usize::from(facts.flags.has(Flag::Retired))][usize::from(facts.via_vendor)]);
        let exhibit = exhibit(facts, &names);
        let third = facts.flags.has(Flag::ThirdPerson);
        let told = |who: &'a str| if third { style::told(who) } else { Cow::Borrowed(who) };
        let who = facts.groups.iter().chain(&facts.held).map(|group| told(&group.who)).collect();
        View { facts, style, names, people: told(facts.organisation.people), who, lost, own, doer, exhibit }
    }

    /// How many groups there are, or occasions on which something is held: what is said once for each.
    pub(crate) fn groups(&self) -> usize {
        self.facts.groups.len() + self.facts.held.len()
    }

    /// The days that a timeline tells, in their order; on one day in the order of [`TIMELINE`], of which each has its place.
    pub(crate) fn days(&self) -> Vec<(usize, Slot)> {
        let known = TIMELINE.into_iter().enumerate().filter_map(|(place, (_, day))| Some((self.day(day)?, place, day)));
        let mut days: Vec<_> = known.collect();
        days.sort_by_key(|(date, ..)| *date);
        days.into_iter().map(|(_, place, day)| (place, Slot::Date(Form::Marked, day))).collect()
    }

    fn write(&self, slot: Slot, group: Option<usize>, out: &mut Draft) -> Option<()> {
        match slot {
            Slot::Word(word) => self.word(word, out)?,
            Slot::Date(form, day) => self.date(form, day, out)?,
            Slot::Count(count) => self.count(count, out)?,
            Slot::Group(Which::Current, part) => self.group(group?, part, out)?,
            Slot::Group(Which::Number(number), part) => self.group(number.into(), part, out)?,
            Slot::Part(part) => self.part(part, out)?,
            Slot::List(whole, list) => self.whole(whole, list, out),
            Slot::Name(category) => out.text.push_str(self.names.of(category)?),
        }
        Some(())
    }

    fn word(&self, word: Word, out: &mut Draft) -> Option<()> {
        let View { facts, style, .. } = self;
        let organisation = &facts.organisation;
        let words = || style.words(facts.status);
        let mut named = |name: &Option<String>, role: PartyRole| {
            name.iter().for_each(|name| out.mark(name, Fact::Party { role, name: None }));
        };
        let breached = || Fact::Party { role: PartyRole::Breached, name: Some(organisation.name.clone()) };
        let primary = |cause: Cause| Fact::Cause { cause, primary: true };
        match word {
            Word::Org => out.mark(&organisation.name, Fact::Party { role: PartyRole::Breached, name: None }),
            Word::Short => out.mark(&organisation.short, breached()),
            Word::Bare => out.text.push_str(&organisation.name),
            Word::BareShort => out.text.push_str(&organisation.short),
            Word::Me => out.text.push_str(organisation.me),
            Word::People => out.text.push_str(&self.people),
            Word::It => out.text.push_str(&style::again(organisation.me)),
            Word::To => out.text.push_str(organisation.to),
            Word::Desk => out.text.push_str(organisation.desk),
            Word::Business => out.text.push_str(organisation.business),
            Word::Svc => named(&facts.service, PartyRole::Service),
            Word::SvcBare => out.text.push_str(facts.service.as_deref().unwrap_or_default()),
            Word::Vendor => named(&facts.vendor, PartyRole::Vendor),
            Word::Subvendor => named(&facts.subvendor, PartyRole::Vendor),
            Word::Inv => named(&facts.investigator, PartyRole::Investigator),
            Word::Police => named(&facts.police, PartyRole::Police),
            Word::Ppc => out.mark(*REGULATOR, Fact::Party { role: PartyRole::Regulator, name: None }),
            Word::St => out.text.push_str(facts.status.id()),
            Word::Leak => out.text.push_str(style.leak),
            Word::Adn => out.text.push_str(words().adn),
            Word::Fin => out.text.push_str(words().fin),
            Word::Noun => out.text.push_str(words().noun),
            Word::Plain => out.text.push_str(words().plain),
            Word::Until => out.text.push_str(style.range),
            Word::Q => out.text.push_str(&style.quotes[0]),
            Word::B => out.text.push_str(&style.quotes[1]),
            Word::En => out.text.push_str(organisation.english?[0]),
            Word::Ac => out.mark(organisation.english?[1], breached()),
            Word::AcBare => out.text.push_str(organisation.english?[1]),
            Word::Ga => style.item(1, &mut out.text),
            Word::Gb => style.item(2, &mut out.text),
            Word::Gc => style.item(3, &mut out.text),
            Word::Dot => out.text.push_str(style.bullet),
            Word::Phone => self.contact(0, &facts.contact.phone, out),
            Word::Fax => self.contact(1, &facts.contact.fax, out),
            Word::Email => self.contact(2, &facts.contact.email, out),
            Word::Card => self.card(facts.status, out),
            Word::CardMaybe => self.card(Status::Possible, out),
            Word::Item => out.text.push_str(&facts.item.as_ref()?.0),
            Word::ItemN => {
                let (item, number) = facts.item.as_ref()?;
                out.put(&[item, number]);
            }
            Word::Exhibit => out.put_marked(&self.exhibit),
            Word::Signer => facts.people.sign(facts.flags.has(Flag::Values), out),
            Word::Addressee => facts.people.address(facts.flags.has(Flag::Values), organisation.to, out),
            Word::Lost => out.mark(self.lost?, primary(*facts.causes.first()?)),
            Word::Hack => {
                // What attackers did at all is the cause where nothing more is known of it.
                let hack = *HACK;
                match facts.causes.first() {
                    Some(cause) if cause.id() == "unauthorized_access" => out.mark(hack, primary(*cause)),
                    _ => out.text.push_str(hack),
                }
            }
            Word::Staff | Word::Core | Word::Inside | Word::Letter | Word::Occasion | Word::Document | Word::You => {
                out.text.push_str(self.own[OWN.iter().position(|(own, _)| *own == word)?]);
            }
            Word::Doer => data::fill(self.doer, &mut out.text, |_, out| out.push_str(self.own[0])),
            Word::Lag => {
                let (known, published) = (facts.timeline.discovered?, facts.timeline.published?);
                style.days_long(days_between(known, published).unsigned_abs(), &mut out.text);
            }
            // Those that are given, and those that have alternatives of their own.
            Word::CauseLong | Word::Number | Word::Title | Word::Gist | Word::Yo | Word::Ta => return None,
        }
        Some(())
    }

    fn contact(&self, kind: usize, value: &str, out: &mut Draft) {
        let well_formed = self.facts.contact.well_formed;
        out.mark(value, Fact::Value { kind: CONTACTS[kind], usage: Use::Contact, well_formed });
    }

    fn card(&self, status: Status, out: &mut Draft) {
        let category = *PAYMENT_CARD;
        self.names.of(category).into_iter().for_each(|name| out.mark(name, Fact::Data { category, status }));
    }

    /// The dates as signs within their marks, as ISO, and as signs without a mark.
    fn date(&self, form: Form, day: Day, out: &mut Draft) -> Option<()> {
        let date = self.day(day)?;
        let (role, stage) = match day {
            Day::Start => (Some(DateRole::OccurredStart), None),
            Day::End => (Some(DateRole::OccurredEnd), None),
            Day::Discovered => (Some(DateRole::Discovered), None),
            Day::Contained => (Some(DateRole::Contained), None),
            Day::Preliminary => (Some(DateRole::ReportedRegulator), Some(Stage::Preliminary)),
            Day::Reported => (Some(DateRole::ReportedRegulator), None),
            Day::Final => (Some(DateRole::ReportedRegulator), Some(Stage::Final)),
            Day::Police => (Some(DateRole::ReportedPolice), None),
            Day::Done => (Some(DateRole::InvestigationDone), None),
            Day::Notified => (Some(DateRole::Notified), None),
            Day::Published | Day::Head => (Some(DateRole::Published), None),
            Day::Announced | Day::Deadline | Day::PlainMonth | Day::Posted | Day::Stamp => (None, None),
        };
        // A month alone is all that some texts know of the beginning.
        let vague = day == Day::Start && self.facts.flags.has(Flag::Vague);
        let spelling = match day {
            Day::Head => Spelling::Head,
            Day::PlainMonth => Spelling::Month,
            Day::Start if vague && form == Form::Marked => Spelling::Month,
            Day::Announced | Day::Deadline | Day::Posted => Spelling::Full,
            Day::Stamp => Spelling::Stamp,
            _ => Spelling::Short,
        };
        match (form, role) {
            (Form::Marked, None) => out.day(spelling, date),
            (Form::Marked, Some(role)) => {
                out.open();
                out.day(spelling, date);
                let day = PartialDate::from(date);
                out.close(Fact::Date { role, date: if vague { PartialDate { day: None, ..day } } else { day }, time: None, stage });
            }
            // These stand without a mark already.
            (_, None) => return None,
            _ if day == Day::Head => return None,
            (Form::Iso, _) => style::stamp(date, &mut out.text),
            (Form::Bare, _) => out.day(spelling, date),
        }
        Some(())
    }

    fn day(&self, day: Day) -> Option<Date> {
        let timeline = &self.facts.timeline;
        match day {
            Day::Start => timeline.occurred_start,
            Day::End => timeline.occurred_end,
            Day::Discovered => timeline.discovered,
            Day::Contained => timeline.contained,
            Day::Preliminary | Day::Reported => timeline.preliminary,
            Day::Final => timeline.final_report,
            Day::Police => timeline.police,
            Day::Done => timeline.investigation_done,
            Day::Notified => timeline.notified,
            Day::Published | Day::Head => timeline.published,
            Day::Announced => timeline.announced,
            Day::Deadline | Day::PlainMonth => timeline.deadline,
            Day::Posted | Day::Stamp => timeline.posted,
        }
    }

    fn count(&self, count: Count, out: &mut Draft) -> Option<()> {
        let View { facts, style, .. } = self;
        // Each is overall; of those that a text gives, `spell` leaves it the one that is the total.
        let exact = |value: u64, unit: Unit| Fact::Count { value, unit, bound: Bound::Exact, total: true };
        match count {
            Count::Total => out.mark_as(exact(facts.total, Unit::Person), |out| style.people(facts.total, out)),
            Count::About if facts.total < 10_000 => return None,
            Count::About => {
                out.open();
                let value = style.rounded(facts.total, &mut out.text);
                out.close(Fact::Count { value, unit: Unit::Person, bound: Bound::About, total: true });
            }
            Count::Records => {
                let records = facts.records?;
                out.mark_as(exact(records, Unit::Record), |out| style.records(records, out));
            }
            Count::Companies => {
                let companies = facts.companies?;
                out.mark_as(exact(companies, Unit::Organisation), |out| style.companies(companies, out));
            }
            Count::Households => {
                let households = facts.households?;
                out.mark_as(exact(households, Unit::Household), |out| style.households(households, out));
            }
        }
        Some(())
    }

    fn group(&self, number: usize, part: OfGroup, out: &mut Draft) -> Option<()> {
        let View { facts, style, .. } = self;
        let affected = facts.groups.get(number);
        let held = number.checked_sub(facts.groups.len()).and_then(|number| facts.held.get(number));
        let group = affected.or(held)?;
        let many = facts.groups.len() > 1;
        let of = (affected.is_some() && many).then_some(number as u32 + 1);
        let words = style.words(group.status);
        match part {
            OfGroup::Label if affected.is_some() && !many => {}
            OfGroup::Label if affected.is_some() => out.text.push_str(style.heading(2, number + 1)),
            OfGroup::Label => out.text.push_str(style.heading(2, number - facts.groups.len() + 1)),
            OfGroup::Who => out.text.push_str(&self.who[number]),
            OfGroup::Count => self.count_of(group, of, out),
            OfGroup::Whon if facts.counted => {
                let count = out.apart(|out| self.count_of(group, of, out));
                out.text.push_str(&style.counted(&self.who[number], &count));
            }
            OfGroup::Whon => out.text.push_str(&self.who[number]),
            OfGroup::Adn => out.text.push_str(words.adn),
            OfGroup::Fin => out.text.push_str(words.fin),
            OfGroup::Noun => out.text.push_str(words.noun),
            OfGroup::Plain => out.text.push_str(words.plain),
            OfGroup::St => out.text.push_str(group.status.id()),
            OfGroup::Bullets | OfGroup::Inline | OfGroup::Some => {
                let list = match part {
                    OfGroup::Bullets => List::Bullets,
                    OfGroup::Inline => List::Inline,
                    _ => List::Some,
                };
                self.list(list, &group.categories, out, |category| match affected {
                    Some(_) => Label { fact: Fact::Data { category, status: group.status }, group: of },
                    None => Fact::Distractor { category, why: Why::Held }.into(),
                });
            }
            OfGroup::Hyp => {
                let supposed = |category| Fact::Distractor { category, why: Why::Hypothetical }.into();
                self.list(List::Inline, &group.categories, out, supposed);
            }
        }
        Some(())
    }

    /// A group's number of people, marked.
    fn count_of(&self, group: &Group, of: Option<u32>, out: &mut Draft) {
        let total = group.count == self.facts.total;
        let fact = Fact::Count { value: group.count, unit: Unit::Person, bound: Bound::Exact, total };
        out.mark_as(Label { fact, group: of }, |out| self.style.people(group.count, out));
    }

    fn part(&self, part: OfPart, out: &mut Draft) -> Option<()> {
        let (facts, of) = (self.facts, self.facts.part.as_ref()?);
        let first = (facts.groups.len() > 1).then_some(1);
        match part {
            OfPart::Count => {
                let fact = Fact::Count { value: of.count, unit: Unit::Person, bound: Bound::Exact, total: false };
                out.mark_as(Label { fact, group: first }, |out| self.style.people(of.count, out));
            }
            OfPart::Inline => {
                let status = facts.groups.first().map_or(facts.status, |group| group.status);
                self.list(List::Inline, &of.categories, out, |category| Label { fact: Fact::Data { category, status }, group: first });
            }
        }
        Some(())
    }

    fn whole(&self, whole: Whole, list: List, out: &mut Draft) {
        match whole {
            Whole::Denied => {
                let denied = |category| Fact::Data { category, status: Status::Denied }.into();
                self.list(list, &self.facts.denied, out, denied);
            }
            Whole::All => {
                let status = |category| Fact::Data { category, status: self.facts.status_of(category) }.into();
                self.list(list, &self.facts.leaked(), out, status);
            }
        }
    }

    /// Categories, each with its mark.
    fn list(&self, list: List, categories: &[Category], out: &mut Draft, label: impl Fn(Category) -> Label) {
        let shown = if list == List::Some { &categories[..categories.len().min(3)] } else { categories };
        for (place, category) in shown.iter().enumerate() {
            match list {
                List::Bullets => out.put(&[if place > 0 { "\n" } else { "" }, self.style.bullet]),
                _ if place == 0 => {}
                List::Inline if place + 1 == shown.len() => out.text.push_str(self.style.and),
                _ => out.text.push_str(style::comma()),
            }
            out.mark(self.names.of(*category).unwrap_or_default(), label(*category));
        }
    }
}

/// Telephone, fax and mail.
static CONTACTS: LazyLock<[Category; 3]> = LazyLock::new(|| ["phone", "fax", "email"].map(data::category));
static PAYMENT_CARD: LazyLock<Category> = LazyLock::new(|| data::category("payment_card"));

/// The rows of leaked data. Their heads name what the first group's data hold.
fn exhibit(facts: &Facts, names: &Names) -> String {
    let of = if facts.groups.len() > 1 { "@1" } else { "" };
    let status = facts.groups.first().map_or(facts.status, |group| group.status);
    let label = |kind: Category| format!("{kind}:{status}{of}");
    let head = |kind: Category| format!("⟦{}|{}⟧", names.of(kind).unwrap_or_default(), label(kind));
    facts.exhibit.as_ref().map(|exhibit| exhibit.marked(&head, &label)).unwrap_or_default()
}
