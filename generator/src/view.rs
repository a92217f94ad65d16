//! The facts in the document's style, as small pieces that carry their marks: what templates put together.
//!
//! A phrase writes `{{ org }}は{{ d.discovered }}に` and gets
//! `⟦株式会社楡峰商店|party:breached⟧は⟦…|date:discovered:2024-01-30⟧に`. So a phrase can hardly mislabel a fact.
//!
//! Nothing is written before a phrase asks for it: most documents ask for a fifth of the names.

use std::borrow::Cow;

use jiff::civil::Date;
use owabi_corpora::Category;

use crate::data::{self, Class};
use crate::draw::Draw;
use crate::facts::{Facts, Group, days_between};
use crate::flags::Flag;
use crate::names::Names;
use crate::slot::{Count, Day, Form, List, OfGroup, OfPart, Slot, Which, Whole, Word};
use crate::spell::{DATE_CLOSE, DATE_OPEN};
use crate::style::{self, Style};
use crate::template::Template;

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
    pub(crate) fn template(&self, slot: Slot) -> Option<&'v Template> {
        match slot {
            Slot::Word(Word::Yo) => Some(self.view?.style.hearsay),
            Slot::Word(Word::Ta) => Some(self.view?.style.past),
            _ => None,
        }
    }

    /// Writes what a slot stands for; `None` where it stands for nothing.
    pub(crate) fn write(&self, slot: Slot, out: &mut String) -> Option<()> {
        if let Slot::Word(word) = slot
            && let Some((_, text)) = self.given.iter().find(|(given, _)| *given == word)
        {
            out.push_str(text);
            return Some(());
        }
        self.view?.write(slot, self.group, out)
    }

    /// Whether a slot stands for anything that can be read.
    pub(crate) fn has(&self, slot: Slot) -> bool {
        let mut text = String::new();
        self.write(slot, &mut text).is_some() && !text.is_empty()
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

impl<'a> View<'a> {
    pub(crate) fn new(facts: &'a Facts, style: &'a Style, draw: &mut Draw) -> View<'a> {
        let names = Names::draw(facts, draw);
        let nouns = facts.causes.first().map(|cause| data::nouns(*cause, &facts.flags)).unwrap_or_default();
        let lost = (!nouns.is_empty()).then(|| *draw.pick(nouns));
        let own = OWN.map(|(_, class)| *draw.pick(data::own_words(class, facts.organisation.line)));
        // 「教職員」 is no word for a contractor's people.
        let doer = *draw.pick(data::parts(match (facts.flags.has(Flag::Retired), facts.via_vendor) {
            (true, true) => "former_vendor",
            (true, false) => "former_own",
            (false, true) => "doer_vendor",
            (false, false) => "doer_own",
        }));
        let exhibit = exhibit(facts, &names);
        let third = facts.flags.has(Flag::ThirdPerson);
        let told = |who: &'a str| if third { Cow::Owned(style::told(who)) } else { Cow::Borrowed(who) };
        let who = facts.groups.iter().chain(&facts.held).map(|group| told(&group.who)).collect();
        View { facts, style, names, people: told(&facts.organisation.people), who, lost, own, doer, exhibit }
    }

    /// How many groups there are, or occasions on which something is held: what is said once for each.
    pub(crate) fn groups(&self) -> usize {
        self.facts.groups.len() + self.facts.held.len()
    }

    /// The days that a timeline tells, in their order; on one day in the order of the list.
    pub(crate) fn days(&self) -> Vec<(&'static str, Slot)> {
        let roles = [
            ("start", Day::Start),
            ("discovered", Day::Discovered),
            ("contained", Day::Contained),
            ("police", Day::Police),
            ("preliminary", Day::Preliminary),
            ("done", Day::Done),
            ("final", Day::Final),
            ("notified", Day::Notified),
            ("published", Day::Published),
        ];
        let mut days: Vec<_> = roles.into_iter().filter_map(|(role, day)| Some((self.day(day)?, role, day))).collect();
        days.sort_by_key(|(date, ..)| *date);
        days.into_iter().map(|(_, role, day)| (role, Slot::Date(Form::Marked, day))).collect()
    }

    fn write(&self, slot: Slot, group: Option<usize>, out: &mut String) -> Option<()> {
        match slot {
            Slot::Word(word) => self.word(word, out)?,
            Slot::Date(form, day) => self.date(form, day, out)?,
            Slot::Count(count) => self.count(count, out)?,
            Slot::Group(Which::Current, part) => self.group(group?, part, out)?,
            Slot::Group(Which::Number(number), part) => self.group(number.into(), part, out)?,
            Slot::Part(part) => self.part(part, out)?,
            Slot::List(whole, list) => self.whole(whole, list, out),
            Slot::Name(category) => out.push_str(self.names.of(category)?),
        }
        Some(())
    }

    fn word(&self, word: Word, out: &mut String) -> Option<()> {
        let View { facts, style, .. } = self;
        let organisation = &facts.organisation;
        let words = || style.words(facts.status);
        let mut marked = |name: &Option<String>, role: &str| {
            if let Some(name) = name {
                put(out, &["⟦", name, "|party:", role, "⟧"]);
            }
        };
        match word {
            Word::Org => put(out, &["⟦", &organisation.name, "|party:breached⟧"]),
            Word::Short => put(out, &["⟦", &organisation.short, "|party:breached:", &organisation.name, "⟧"]),
            Word::Bare => out.push_str(&organisation.name),
            Word::BareShort => out.push_str(&organisation.short),
            Word::Me => out.push_str(&organisation.me),
            Word::People => out.push_str(&self.people),
            Word::It => out.push_str(&style::again(&organisation.me)),
            Word::To => out.push_str(&organisation.to),
            Word::Desk => out.push_str(&organisation.desk),
            Word::Business => out.push_str(&organisation.business),
            Word::Svc => marked(&facts.service, "service"),
            Word::SvcBare => out.push_str(facts.service.as_deref().unwrap_or_default()),
            Word::Vendor => marked(&facts.vendor, "vendor"),
            Word::Subvendor => marked(&facts.subvendor, "vendor"),
            Word::Inv => marked(&facts.investigator, "investigator"),
            Word::Police => marked(&facts.police, "police"),
            Word::Ppc => put(out, &["⟦", data::part("regulator"), "|party:regulator⟧"]),
            Word::St => out.push_str(facts.status.id()),
            Word::Leak => out.push_str(style.leak),
            Word::Adn => out.push_str(words().adn),
            Word::Fin => out.push_str(words().fin),
            Word::Noun => out.push_str(words().noun),
            Word::Plain => out.push_str(words().plain),
            Word::Until => out.push_str(style.range),
            Word::Q => out.push_str(&style.quotes[0]),
            Word::B => out.push_str(&style.quotes[1]),
            Word::En => out.push_str(&organisation.english.as_ref()?[0]),
            Word::Ac => put(out, &["⟦", &organisation.english.as_ref()?[1], "|party:breached:", &organisation.name, "⟧"]),
            Word::AcBare => out.push_str(&organisation.english.as_ref()?[1]),
            Word::Ga => out.push_str(&style.item(1)),
            Word::Gb => out.push_str(&style.item(2)),
            Word::Gc => out.push_str(&style.item(3)),
            Word::Dot => out.push_str(style.bullet),
            Word::Phone => self.contact("phone", &facts.contact.phone, out),
            Word::Fax => self.contact("fax", &facts.contact.fax, out),
            Word::Email => self.contact("email", &facts.contact.email, out),
            Word::Card => self.card(facts.status.id(), out),
            Word::CardMaybe => self.card("possible", out),
            Word::Item => out.push_str(&facts.item.as_ref()?.0),
            Word::ItemN => {
                let (item, number) = facts.item.as_ref()?;
                put(out, &[item, number]);
            }
            Word::Exhibit => out.push_str(&self.exhibit),
            Word::Signer => out.push_str(&facts.people.signed(facts.flags.has(Flag::Values))),
            Word::Addressee => out.push_str(&facts.people.addressed(facts.flags.has(Flag::Values), &organisation.to)),
            Word::Lost => put(out, &["⟦", self.lost?, "|cause:", facts.causes.first()?.id(), "!⟧"]),
            Word::Hack => {
                // What attackers did at all is the cause where nothing more is known of it.
                let hack = data::part("noun_unauthorized_access");
                match facts.causes.first() {
                    Some(cause) if cause.id() == "unauthorized_access" => put(out, &["⟦", hack, "|cause:", cause.id(), "!⟧"]),
                    _ => out.push_str(hack),
                }
            }
            Word::Staff | Word::Core | Word::Inside | Word::Letter | Word::Occasion | Word::Document | Word::You => {
                out.push_str(self.own[OWN.iter().position(|(own, _)| *own == word)?]);
            }
            Word::Doer => out.push_str(&self.doer.replace("{staff}", self.own[0])),
            Word::Lag => {
                let (known, published) = (facts.timeline.discovered?, facts.timeline.published?);
                out.push_str(&style.days_long(days_between(known, published).unsigned_abs()));
            }
            // Those that are given, and those that have alternatives of their own.
            Word::CauseLong | Word::Number | Word::Title | Word::Gist | Word::Yo | Word::Ta => return None,
        }
        Some(())
    }

    fn contact(&self, kind: &str, value: &str, out: &mut String) {
        let mark = if self.facts.contact.well_formed { "⟧" } else { ":malformed⟧" };
        put(out, &["⟦", value, "|value:", kind, ":contact", mark]);
    }

    fn card(&self, status: &str, out: &mut String) {
        if let Some(name) = Category::from_id("payment_card").ok().and_then(|card| self.names.of(card)) {
            put(out, &["⟦", name, "|payment_card:", status, "⟧"]);
        }
    }

    /// The dates as tokens within their marks, as ISO, and as tokens without a mark.
    fn date(&self, form: Form, day: Day, out: &mut String) -> Option<()> {
        let date = self.day(day)?;
        let (role, stage) = match day {
            Day::Start => ("occurred_start", ""),
            Day::End => ("occurred_end", ""),
            Day::Discovered => ("discovered", ""),
            Day::Contained => ("contained", ""),
            Day::Preliminary => ("reported_regulator", ":preliminary"),
            Day::Reported => ("reported_regulator", ""),
            Day::Final => ("reported_regulator", ":final"),
            Day::Police => ("reported_police", ""),
            Day::Done => ("investigation_done", ""),
            Day::Notified => ("notified", ""),
            Day::Published | Day::Head => ("published", ""),
            Day::Announced | Day::Deadline | Day::PlainMonth | Day::Posted | Day::Stamp => ("", ""),
        };
        // A month alone is all that some texts know of the beginning.
        let vague = day == Day::Start && self.facts.flags.has(Flag::Vague);
        let letter = match day {
            Day::Head => "H",
            Day::PlainMonth => "M",
            Day::Start if vague && form == Form::Marked => "M",
            Day::Announced | Day::Deadline | Day::Posted => "F",
            Day::Stamp => "S",
            _ => "",
        };
        match form {
            Form::Marked if role.is_empty() => token(letter, date, out),
            Form::Marked => {
                out.push('⟦');
                token(letter, date, out);
                put(out, &["|date:", role, ":"]);
                style::stamp(date, out);
                if vague {
                    // The month without its day.
                    out.truncate(out.len() - "-00".len());
                }
                put(out, &[stage, "⟧"]);
            }
            // These stand without a mark already.
            _ if role.is_empty() || day == Day::Head => return None,
            Form::Iso => style::stamp(date, out),
            Form::Bare => token(letter, date, out),
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

    fn count(&self, count: Count, out: &mut String) -> Option<()> {
        let View { facts, style, .. } = self;
        let (text, value, rest) = match count {
            Count::Total => (style.people(facts.total), facts.total, ":person:total⟧"),
            Count::About if facts.total < 10_000 => return None,
            Count::About => {
                let (text, value) = style.rounded(facts.total);
                (text, value, ":person:about⟧")
            }
            Count::Records => (style.records(facts.records?), facts.records?, ":record⟧"),
            Count::Companies => (style.companies(facts.companies?), facts.companies?, ":organisation⟧"),
            Count::Households => (style.households(facts.households?), facts.households?, ":household⟧"),
        };
        put(out, &["⟦", &text, "|count:", &value.to_string(), rest]);
        Some(())
    }

    fn group(&self, number: usize, part: OfGroup, out: &mut String) -> Option<()> {
        let View { facts, style, .. } = self;
        let affected = facts.groups.get(number);
        let held = number.checked_sub(facts.groups.len()).and_then(|number| facts.held.get(number));
        let group = affected.or(held)?;
        let many = facts.groups.len() > 1;
        let of = if affected.is_some() && many { format!("@{}", number + 1) } else { String::new() };
        let words = style.words(group.status);
        match part {
            OfGroup::Label if affected.is_some() && !many => {}
            OfGroup::Label if affected.is_some() => out.push_str(&style.heading(2, number + 1)),
            OfGroup::Label => out.push_str(&style.heading(2, number - facts.groups.len() + 1)),
            OfGroup::Who => out.push_str(&self.who[number]),
            OfGroup::Count => out.push_str(&self.count_of(group, &of)),
            OfGroup::Whon if facts.counted => out.push_str(&style.counted(&self.who[number], &self.count_of(group, &of))),
            OfGroup::Whon => out.push_str(&self.who[number]),
            OfGroup::Adn => out.push_str(words.adn),
            OfGroup::Fin => out.push_str(words.fin),
            OfGroup::Noun => out.push_str(words.noun),
            OfGroup::Plain => out.push_str(words.plain),
            OfGroup::St => out.push_str(group.status.id()),
            OfGroup::Bullets | OfGroup::Inline | OfGroup::Some => {
                let list = match part {
                    OfGroup::Bullets => List::Bullets,
                    OfGroup::Inline => List::Inline,
                    _ => List::Some,
                };
                self.list(list, &group.categories, out, |id, out| match affected {
                    Some(_) => put(out, &[id, ":", group.status.id(), &of]),
                    None => put(out, &["no:", id, ":held"]),
                });
            }
            OfGroup::Hyp => self.list(List::Inline, &group.categories, out, |id, out| put(out, &["no:", id, ":hypothetical"])),
        }
        Some(())
    }

    /// A group's number of people, marked.
    fn count_of(&self, group: &Group, of: &str) -> String {
        let total = if group.count == self.facts.total { ":total" } else { "" };
        format!("⟦{}|count:{}:person{total}{of}⟧", self.style.people(group.count), group.count)
    }

    fn part(&self, part: OfPart, out: &mut String) -> Option<()> {
        let (View { facts, style, .. }, of) = (self, self.facts.part.as_ref()?);
        let group = if facts.groups.len() > 1 { "@1" } else { "" };
        match part {
            OfPart::Count => put(out, &["⟦", &style.people(of.count), "|count:", &of.count.to_string(), ":person", group, "⟧"]),
            OfPart::Inline => {
                let status = facts.groups.first().map_or(facts.status, |group| group.status).id();
                self.list(List::Inline, &of.categories, out, |id, out| put(out, &[id, ":", status, group]));
            }
        }
        Some(())
    }

    fn whole(&self, whole: Whole, list: List, out: &mut String) {
        match whole {
            Whole::Denied => self.list(list, &self.facts.denied, out, |id, out| put(out, &[id, ":denied"])),
            Whole::All => {
                let leaked = self.facts.leaked();
                let status = |id: &str| leaked.iter().find(|of| of.id() == id).map_or("", |of| self.facts.status_of(*of).id());
                self.list(list, &leaked, out, |id, out| put(out, &[id, ":", status(id)]));
            }
        }
    }

    /// Categories, each with its mark; `label` writes a mark's label for a category's id.
    fn list(&self, list: List, categories: &[Category], out: &mut String, label: impl Fn(&str, &mut String)) {
        let shown = if list == List::Some { &categories[..categories.len().min(3)] } else { categories };
        for (place, category) in shown.iter().enumerate() {
            match list {
                List::Bullets => put(out, &[if place > 0 { "\n" } else { "" }, self.style.bullet]),
                _ if place == 0 => {}
                List::Inline if place + 1 == shown.len() => out.push_str(self.style.and),
                _ => out.push_str(style::comma()),
            }
            put(out, &["⟦", self.names.of(*category).unwrap_or_default(), "|"]);
            label(category.id(), out);
            out.push('⟧');
        }
    }
}

fn put(out: &mut String, parts: &[&str]) {
    parts.iter().for_each(|part| out.push_str(part));
}

/// A date that is spelled when its place in the text is known.
fn token(form: &str, date: Date, out: &mut String) {
    out.push(DATE_OPEN);
    out.push_str(form);
    style::stamp(date, out);
    out.push(DATE_CLOSE);
}

/// The rows of leaked data. Their heads name what the first group's data hold.
fn exhibit(facts: &Facts, names: &Names) -> String {
    let of = if facts.groups.len() > 1 { "@1" } else { "" };
    let status = facts.groups.first().map_or(facts.status, |group| group.status);
    let label = |kind: Category| format!("{kind}:{status}{of}");
    let head = |kind: Category| format!("⟦{}|{}⟧", names.of(kind).unwrap_or_default(), label(kind));
    facts.exhibit.as_ref().map(|exhibit| exhibit.marked(&head, &label)).unwrap_or_default()
}
