//! From findings to labels: one item a fact, positions in the source.

use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};

use owabi_corpora::record::{CauseLabel, CountLabel, DataLabel, DateLabel, DistractorLabel, PartyLabel, ValueLabel};
use owabi_corpora::vocabulary::{DateRole, Exposure, Genre, PartyRole, Status};
use owabi_corpora::{Category, Cause, Labels, Mention, Span};

use crate::exposure::{self, Whole};
use crate::gist::Gist;
use crate::judged::Weighed;
use crate::mentions::{self, Read};
use crate::normalise::Normalised;
use crate::parties::{self, Party};
use crate::predicates::{Cue, Predicate};
use crate::scope::{Reading, Scope, Verdict};
use crate::words::Concept;
use crate::{causes, counts, events, values};

/// Everything that the stages found, in bytes of the normalised text (parties and values: of the source).
pub(crate) struct Findings<'a> {
    pub(crate) source: &'a str,
    pub(crate) normalised: &'a Normalised,
    pub(crate) scope: &'a Scope<'a>,
    pub(crate) genre: Genre,
    pub(crate) gist: &'a Gist,
    pub(crate) reads: &'a [Read],
    /// What practice says of each of them.
    pub(crate) weighed: &'a Weighed<'a>,
    /// What practice says of mentions of which these say nothing. It is told of them alone: what became of the data as a whole is for
    /// the others to say.
    pub(crate) judged: Vec<Read>,
    pub(crate) causes: Vec<causes::Found>,
    pub(crate) counts: Vec<counts::Count>,
    pub(crate) events: Vec<events::Event>,
    pub(crate) parties: Vec<Party>,
    pub(crate) values: Vec<values::Value>,
}

impl Findings<'_> {
    /// The labels of the document. A document about no incident has none but its genre and its distractors.
    pub(crate) fn labels(self) -> Labels {
        let mut labels = Labels::annotated();
        labels.genre = Some(self.genre);
        labels.values = Some(self.values());
        if self.genre == Genre::Unrelated {
            labels.exposure = Some(Exposure::NotApplicable);
            labels.via_vendor = Some(false);
            labels.distractors = Some(self.distractors(true));
            return labels;
        }
        let told = Whole::new(self.scope, self.reads);
        let held = self.incident_status(&told);
        let ruled = self.exposure(held, &told);
        // A text that tells some data from others means it, whatever the rest sounds like.
        let apart = ruled == Exposure::Confirmed && self.tells_apart();
        let silent = self.gist.is_silent() || apart || self.tells_of_users();
        let exposure = if silent { ruled } else { self.gist.exposure(ruled) };
        let turned = if silent { None } else { turned(ruled, exposure) };
        let held = turned.map_or(held, |(_, to)| to);
        let fits = |read: &&Read| exposure != Exposure::None || mentions::status(read, held) == Some(Status::Denied);
        let mut reads: Vec<Read> = self.reads.iter().chain(self.judged.iter().filter(fits)).copied().collect();
        if let Some((from, to)) = turned {
            let against = if from == Status::Confirmed { Exposure::Confirmed } else { ruled };
            let cue = LazyCell::new(|| Gist::cue(self.scope.text, exposure, against));
            let personal = |read: &&mut Read| read.mention.category.is_none_or(Category::is_personal);
            let told = reads.iter_mut().filter(personal).filter_map(|read| read.verdict.as_mut());
            for verdict in told.filter(|verdict| verdict.reading == Reading::Status(from)) {
                *verdict = Verdict { reading: Reading::Status(to), cue: cue.unwrap_or(verdict.cue) };
            }
        }
        // Where nothing got out, or nobody knows, nothing personal is said to have.
        if !silent && matches!(exposure, Exposure::None | Exposure::Unknown) {
            let personal = |read: &Read| read.mention.category.is_some_and(Category::is_personal);
            reads.retain(|read| !personal(read) || mentions::status(read, held).is_none_or(|status| status == Status::Denied));
        }
        reads.sort_by_key(|read| read.mention.span.start);
        labels.data = Some(self.data(&reads, held, exposure, apart));
        labels.exposure = Some(exposure);
        if self.is_first_report(&labels) {
            labels.genre = Some(Genre::FirstReport);
        }
        let named = self.parties.iter().any(|party| party.role == PartyRole::Vendor);
        labels.via_vendor = Some(named || parties::names_contractor(self.scope.gates));
        labels.distractors = Some(self.distractors(false));
        let mention = |span: Span| Mention::from(self.normalised.to_source(span));
        labels.causes = Some(
            self.causes
                .iter()
                .map(|found| {
                    let label = CauseLabel::new(found.cause, found.primary, found.spans.iter().map(|&span| mention(span)).collect());
                    CauseLabel { cue: causes::cue(self.scope, found).map(|span| self.words(span)), ..label }
                })
                .collect(),
        );
        let mut figures: Vec<CountLabel> = Vec::new();
        let mut known = BTreeMap::new();
        for count in &self.counts {
            let index = *known.entry((count.value, count.unit)).or_insert_with(|| {
                let label = CountLabel::new(count.value, count.unit, count.bound, false, None, vec![]);
                figures.push(CountLabel { cue: counts::cue(self.scope, count.span).map(|span| self.words(span)), ..label });
                figures.len() - 1
            });
            figures[index].total |= count.total;
            figures[index].spans.push(mention(count.span));
        }
        labels.counts = Some(figures);
        let mut days = BTreeSet::new();
        labels.dates = Some(
            self.events
                .iter()
                .filter(|event| !self.is_earlier_announcement(event) && days.insert((event.role, event.date)))
                .map(|event| {
                    let label = DateLabel::new(event.role, event.date, event.time, event.stage, vec![mention(event.span)]);
                    DateLabel { cue: Some(self.words(event.cue)), ..label }
                })
                .collect(),
        );
        labels.parties = Some(
            self.parties
                .into_iter()
                .map(|party| {
                    let cue = party.spans.first().and_then(|&span| parties::cue(self.source, party.role, span));
                    PartyLabel { cue, ..PartyLabel::new(party.role, party.name, party.spans.into_iter().map(Mention::from).collect()) }
                })
                .collect(),
        );
        labels
    }

    /// In an organisation's own text the day it was published is the text's own date; that of an earlier announcement has no role.
    fn is_earlier_announcement(&self, event: &events::Event) -> bool {
        // In its head or foot, or with a label before it: 「公表日:」.
        let own = |event: &events::Event| event.cue == event.span || event.cue.end <= event.span.start;
        // A text without a day of its own tells which one it was: 「同月23日に公表しております」. A later report speaks of an earlier one.
        let undated = || {
            let published = || self.events.iter().filter(|event| event.role == DateRole::Published);
            self.genre != Genre::Followup && !published().any(own) && published().all(|other| other.date <= event.date)
        };
        let told_by_others = matches!(self.genre, Genre::Commentary | Genre::News | Genre::RegulatorAction);
        // Who tells of another's incident dates its own text; that of the announcement is the one that counts.
        let reporter = matches!(self.genre, Genre::Commentary | Genre::News);
        event.role == DateRole::Published && (!own(event) && !told_by_others && !undated() || own(event) && reporter)
    }

    /// Each value is an item of its own: two phone numbers are two values.
    fn values(&self) -> Vec<ValueLabel> {
        let label = |value: &values::Value| ValueLabel {
            cue: value.cue.map(|cue| self.source[cue.range()].to_owned()),
            ..ValueLabel::new(value.kind, value.usage, value.well_formed, vec![Mention::from(value.span)])
        };
        self.values.iter().map(label).collect()
    }

    fn words(&self, span: Span) -> String {
        self.scope.text[span.range()].to_owned()
    }

    /// What the incident as a whole did to data: what is said most often of 個人情報 or of any category; what was merely in a
    /// lost or exposed medium shares it.
    fn incident_status(&self, told: &Whole) -> Status {
        let said = |read: &Read| match read.verdict?.reading {
            Reading::Status(status) if status != Status::Denied => read.verdict.map(|verdict| (verdict.cue.start, status)),
            _ => None,
        };
        // Told as a fact somewhere, it is one, unless the text opens with a possibility and knows of a part alone.
        if told.known && !told.doubted {
            return Status::Confirmed;
        }
        // A statement counts once, however long the list that it governs.
        let statements: BTreeMap<usize, Status> = self.reads.iter().filter_map(said).collect();
        let confirmed = statements.values().filter(|&&status| status == Status::Confirmed).count();
        let possible = statements.len() - confirmed;
        if confirmed + possible > 0 {
            return if confirmed > possible { Status::Confirmed } else { Status::Possible };
        }
        // What was sent or handed to somebody has arrived there; what was lost or lay open may have been seen.
        let main = self.causes.iter().find(|cause| cause.primary).map(|cause| cause.cause.id());
        match main {
            Some(
                "missent_email"
                | "misdelivery"
                | "improper_disclosure"
                | "insider_exfiltration"
                | "insider_snooping"
                | "sns_posting"
                | "pretexting",
            ) => return Status::Confirmed,
            Some("loss" | "theft" | "improper_disposal" | "misconfiguration") => return Status::Possible,
            _ => {}
        }
        let speaks = |concept| self.scope.cues.iter().any(|cue| cue.concept == concept);
        match () {
            _ if speaks(Concept::Loss)
                || speaks(Concept::Taken) && self.lost_a_medium()
                || speaks(Concept::Possible)
                || speaks(Concept::Doubt) =>
            {
                Status::Possible
            }
            _ if speaks(Concept::Access) && !speaks(Concept::Leak) => Status::Possible,
            _ if self.causes.iter().any(|cause| is_intrusion(cause.cause)) && !self.names_a_leak() => Status::Possible,
            _ => Status::Confirmed,
        }
    }

    /// Whether anything is said to have leaked, or the incident goes by that name. What stood on a server that was broken into may
    /// have been reached; that it is gone is known where somebody says so.
    fn names_a_leak(&self) -> bool {
        self.scope.layout.sentences.iter().any(|sentence| {
            let cues = self.scope.cues_in(sentence.span);
            // A heading names it, also by asking whether: 「流出の有無」.
            let heading = !self.scope.layout.is_sentence(sentence.span);
            let stated =
                |predicate: &Predicate| heading || matches!(predicate.reading(), Reading::Held | Reading::Status(Status::Confirmed));
            let leaks = |predicate: &Predicate| predicate.head == Concept::Leak && stated(predicate);
            heading && cues.iter().any(|cue| cue.concept == Concept::Whether)
                || self.scope.predicates(cues, sentence.span.start).iter().any(leaks)
        })
    }

    /// Whether a medium was taken, rather than the data on it: 「調査票が盗まれた」.
    fn lost_a_medium(&self) -> bool {
        let loses = |cues: &[Cue], start: usize| self.scope.predicates(cues, start).iter().any(|verb| verb.head == Concept::Loss);
        self.scope.layout.sentences.iter().any(|sentence| loses(self.scope.cues_in(sentence.span), sentence.span.start))
    }

    fn data(&self, reads: &[Read], held: Status, exposure: Exposure, apart: bool) -> Vec<DataLabel> {
        let mut items: Vec<DataLabel> = Vec::new();
        let mut order: Vec<Category> = Vec::new();
        for category in reads.iter().filter_map(|read| read.mention.category) {
            if !order.contains(&category) {
                order.push(category);
            }
        }
        for category in order {
            let ruled = mentions::strongest(reads, category, held);
            let meant = apart && self.reads.iter().any(|read| read.mention.category == Some(category) && self.is_stated(read, ruled));
            let Some(strongest) = (if meant { ruled } else { self.status(category, ruled, exposure) }) else { continue };
            let mut label = DataLabel::new(category, strongest, vec![]);
            let mut add = |span: Span, status: Status, cue: &dyn Fn() -> Option<Span>| {
                let place = Mention::from(self.normalised.to_source(span));
                label.spans.push(Mention { status: Some(status), ..place });
                if status == strongest && label.cue.is_none() {
                    label.cue = cue().map(|cue| self.words(cue));
                }
            };
            // The one that tells what practice says, if that is not what rules say.
            let by_practice = || self.weighed.likeliest(strongest, self.weighable(category));
            let cue = || by_practice().map(|at| self.weighed.cue(at, strongest));
            for read in reads.iter().filter(|read| read.mention.category == Some(category)) {
                let Some(own) = mentions::status(read, held) else { continue };
                // What was the strongest is what practice says; nothing weaker than that is stronger now.
                match own > strongest || ruled == Some(own) && own != strongest {
                    true => add(read.mention.span, strongest, &cue),
                    false => add(read.mention.span, own, &|| read.verdict.map(|verdict| verdict.cue)),
                }
            }
            if ruled.is_none()
                && let Some(at) = by_practice()
            {
                add(self.reads[at].mention.span, strongest, &cue);
            }
            items.push(label);
        }
        items
    }

    /// The mentions of a category that may say what became of it, by their places: also those of which what stands right beside them says that no
    /// rule is to be asked, as practice knows such places, too.
    fn weighable(&self, category: Category) -> impl Iterator<Item = usize> {
        let may = move |read: &Read| read.mention.category == Some(category) && mentions::distraction(read).is_none();
        self.reads.iter().enumerate().filter(move |(_, read)| may(read)).map(|(at, _)| at)
    }

    /// What became of a category: what rules say, and all that practice says of its mentions, but no more than of the data as a whole. Of
    /// words of the user's own practice knows nothing, and of what is no document little.
    fn status(&self, category: Category, ruled: Option<Status>, exposure: Exposure) -> Option<Status> {
        let of_user = self.reads.iter().any(|read| read.mention.category == Some(category) && read.mention.of_user);
        // A denial is hard to mistake; words that only speak of leaks stand around it, too.
        if ruled == Some(Status::Denied) || self.gist.is_silent() || of_user || self.weighable(category).next().is_none() {
            return ruled;
        }
        let most = match exposure {
            Exposure::Confirmed => Status::Confirmed,
            Exposure::Possible => Status::Possible,
            Exposure::None | Exposure::Unknown | Exposure::NotApplicable => Status::Denied,
        };
        self.weighed.together(ruled, |status| status <= most || !category.is_personal(), self.weighable(category))
    }

    /// What the text says of the categories it names; where it names none that got out, what it says of 個人情報 as a whole.
    fn exposure(&self, held: Status, told: &Whole) -> Exposure {
        let mut categories: BTreeMap<Category, Status> = BTreeMap::new();
        for read in self.reads {
            let category = read.mention.category.filter(|category| category.is_personal());
            if let Some((category, status)) = category.zip(mentions::status(read, held)) {
                let known = categories.entry(category).or_insert(status);
                *known = status.max(*known);
            }
        }
        let of = |status| categories.values().filter(|&&known| known == status).count();
        let named = categories.values().copied().max();
        let whole: Vec<Status> =
            self.reads.iter().filter(|read| read.mention.category.is_none()).filter_map(|read| mentions::status(read, held)).collect();
        // 「個人情報の漏えいは確認されておりません」 beside categories that did not leak outweighs what such notices say of leaks in general.
        let denied = named == Some(Status::Denied) && whole.contains(&Status::Denied);
        // 「盗み見られたパスワード」: one fact told in passing among many possible ones is not what became of the data.
        let lone = of(Status::Confirmed) == 1 && of(Status::Possible) >= MANY && !whole.contains(&Status::Confirmed);
        let strongest = match named {
            // 「技術情報を持ち出したことが判明」 beside personal data that did not leak speaks of something else.
            _ if told.known && named.max(whole.iter().copied().max()) > Some(Status::Denied) => Some(Status::Confirmed),
            // One category in passing beside 「個人情報の漏えいはございません」.
            Some(Status::Confirmed) if told.denied && of(Status::Confirmed) == 1 && of(Status::Possible) == 0 => Some(Status::Denied),
            // A list of what 「漏えいした可能性がある」 may say 「表示される」; the incident is what its telling says, unless who tells it knows better.
            Some(Status::Confirmed) if lone || told.doubted && !(self.genre == Genre::Commentary && self.names_a_leak()) => {
                Some(Status::Possible)
            }
            // What opened the door did not leak through it: 「個人情報の流出はなかった」.
            Some(_)
                if whole.contains(&Status::Denied)
                    && !whole.contains(&Status::Confirmed)
                    && categories.iter().all(|(key, status)| *status == Status::Denied || is_key(*key)) =>
            {
                Some(Status::Denied)
            }
            Some(Status::Confirmed | Status::Possible) => named,
            _ if denied => named,
            _ => named.max(whole.iter().copied().max()),
        };
        let of_all = || match harmless(&self.causes) || self.names_business_alone(held) {
            true => Some(Status::Denied),
            // What was thrown away went nowhere, unless somebody says so.
            false if self.causes.iter().any(|cause| cause.primary && cause.cause.id() == "improper_disposal") => {
                exposure::of_all(self.scope).or(Some(Status::Denied))
            }
            false => exposure::of_all(self.scope),
        };
        match strongest.or_else(of_all) {
            Some(Status::Confirmed) => Exposure::Confirmed,
            // What was lost and found again.
            Some(Status::Possible) if strongest.is_some() && !self.fears() && exposure::is_settled(self.scope) => Exposure::None,
            Some(Status::Possible) => Exposure::Possible,
            Some(Status::Denied) => Exposure::None,
            None => Exposure::Unknown,
        }
    }

    /// Whether full sentences say of some data that they leaked and of others that they may have.
    fn tells_apart(&self) -> bool {
        let personal = |read: &&Read| read.mention.category.is_some_and(Category::is_personal);
        let said = |status| -> BTreeSet<Option<Category>> {
            self.reads.iter().filter(personal).filter(|read| self.is_stated(read, Some(status))).map(|read| read.mention.category).collect()
        };
        let (known, feared) = (said(Status::Confirmed), said(Status::Possible));
        known.iter().any(|one| feared.iter().any(|other| one != other))
    }

    /// Whether personal data in words of the user's own are said to have leaked, or that they may have. Of these practice knows nothing, so what it
    /// makes of the text as a whole is not asked.
    fn tells_of_users(&self) -> bool {
        let told =
            |read: &Read| matches!(read.verdict, Some(Verdict { reading: Reading::Status(Status::Confirmed | Status::Possible), .. }));
        let personal = |read: &Read| read.mention.category.is_some_and(Category::is_personal);
        self.reads.iter().any(|read| read.mention.of_user && personal(read) && told(read))
    }

    /// Whether a full sentence says it of a mention.
    fn is_stated(&self, read: &Read, status: Option<Status>) -> bool {
        let layout = self.scope.layout;
        let sentence = layout.sentence_at(read.mention.span.start).map(|at| layout.sentences[at].span);
        read.verdict.zip(status).is_some_and(|(verdict, status)| verdict.reading == Reading::Status(status))
            && sentence.is_some_and(|sentence| layout.is_sentence(sentence))
    }

    /// Whether anything is said to be possible, rather than to have been where something happened.
    fn fears(&self) -> bool {
        let possible = |read: &Read| read.verdict.is_some_and(|verdict| verdict.reading == Reading::Status(Status::Possible));
        self.reads.iter().any(possible)
    }

    /// An own announcement that knows nothing yet of what became of the data, and says that it is being looked into.
    fn is_first_report(&self, labels: &Labels) -> bool {
        let known = |data: &Vec<DataLabel>| data.iter().any(|item| item.status != Status::Denied);
        self.genre == Genre::Notice
            && labels.exposure == Some(Exposure::Unknown)
            && !labels.data.as_ref().is_some_and(known)
            && exposure::is_under_way(self.scope)
    }

    /// Whether what got out is told, and is nobody's personal data: 「営業秘密を持ち出した」.
    fn names_business_alone(&self, held: Status) -> bool {
        self.reads.iter().any(|read| read.mention.category.is_some() && mentions::status(read, held) == Some(Status::Confirmed))
    }

    fn distractors(&self, all: bool) -> Vec<DistractorLabel> {
        let mut items: Vec<DistractorLabel> = Vec::new();
        for read in self.reads {
            let (Some(category), Some(why)) = (read.mention.category, self.why(read, all)) else { continue };
            let place = Mention::from(self.normalised.to_source(read.mention.span));
            match items.iter_mut().find(|item| (item.category, item.why) == (category, why)) {
                Some(item) => item.spans.push(place),
                None => items.push(DistractorLabel {
                    cue: read.verdict.map(|verdict| self.words(verdict.cue)),
                    ..DistractorLabel::new(category, why, vec![place])
                }),
            }
        }
        items
    }

    /// In a document about no incident every mention asserts nothing.
    fn why(&self, read: &Read, all: bool) -> Option<owabi_corpora::vocabulary::Why> {
        use owabi_corpora::vocabulary::Why;
        mentions::distraction(read).or((all).then_some(match read.verdict {
            Some(_) => Why::Hypothetical,
            None => Why::Held,
        }))
    }
}

/// What is to be said instead of another status. Where the text as a whole says no more than that data may have leaked, none of them is known
/// to have, whatever one statement says by itself; where they are known to have and the rules took it for a possibility, so are all.
fn turned(ruled: Exposure, exposure: Exposure) -> Option<(Status, Status)> {
    match (ruled, exposure) {
        (Exposure::Possible, Exposure::Confirmed) => Some((Status::Possible, Status::Confirmed)),
        (_, Exposure::Possible) => Some((Status::Confirmed, Status::Possible)),
        _ => None,
    }
}

/// So many categories that may have leaked outweigh one that did.
const MANY: usize = 3;

/// Incidents that by themselves expose no data.
fn harmless(causes: &[causes::Found]) -> bool {
    !causes.is_empty() && causes.iter().all(|cause| matches!(cause.cause.id(), "ddos" | "defacement"))
}

/// Whether a category is what opens an account.
fn is_key(category: Category) -> bool {
    matches!(category.id(), "login_id" | "password" | "secret_key")
}

/// Whether somebody from outside broke in, by the actions of VERIS.
fn is_intrusion(cause: Cause) -> bool {
    cause.crosswalk().first().is_some_and(|action| ["hacking.", "malware.", "social."].iter().any(|kind| action.starts_with(kind)))
}
