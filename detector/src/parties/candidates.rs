//! The names of a text and what speaks for each being a party of some role.

use std::collections::{BTreeMap, BTreeSet};

use owabi_corpora::Span;
use owabi_corpora::vocabulary::Genre;

use super::common::is_common;
use super::names::{names, placed};
use super::press::pressed;
use super::publisher::{announcers, glossed, greeter, letterhead, signature};
use super::short::{alias, relations, whole};
use super::{ALIASES, HUNTS, MANY, PATTERNS, around};
use crate::gates::Gates;
use crate::patterns::{self, Pattern};
use crate::watch::Seen;

/// A name in the text and what speaks for its being a party of some role.
pub(super) struct Candidate {
    pub(super) name: String,
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) breached: i32,
    pub(super) vendor: i32,
    pub(super) investigator: i32,
    /// It has a line to itself.
    pub(super) alone: bool,
    /// It stands in a list of those hit, each with a figure, or beside one that was hit.
    pub(super) listed: bool,
}

/// The candidates of a text, in no order.
pub(super) fn candidates(text: &str, seen: &Seen, genre: Genre, reporter: bool, gates: &Gates<'_>) -> Vec<Candidate> {
    let setting = Setting::new(text, genre, reporter, gates);
    let mut names = names(text, seen);
    if setting.reporter {
        placed(text, gates, &mut names);
    }
    let known = Known::new(&setting, &names);
    let mut aliases = 0;
    let mut found: Vec<Candidate> = Vec::new();
    for (start, end) in names {
        let name = Name::new(&setting, start, end);
        if !known.pass_over(&name, seen) {
            found.push(name.weigh(&mut aliases));
        }
    }
    if let Some(author) = author(&setting, &found) {
        match found.iter_mut().find(|one| (one.start, one.end) == (author.start, author.end)) {
            Some(known) => known.breached += author.breached,
            None => found.push(author),
        }
    }
    if setting.reporter {
        pressed(text, gates, true, &mut found);
    } else if !setting.regulated && !setting.says(&PATTERNS.own_word, text) {
        pressed(text, gates, false, &mut found);
    }
    glossed(text, gates, &mut found);
    if found.iter().all(|one| one.breached <= 0) {
        match setting.reporter {
            true => announcers(text, &mut found),
            false => letterhead(text, &mut found),
        }
    }
    if !setting.reporter && found.iter().all(|one| one.breached <= 0) {
        signature(text, &mut found);
    }
    if !setting.reporter && found.iter().all(|one| one.breached <= 0) {
        greeter(text, gates, &mut found);
    }
    whole(text, &mut found);
    for one in found.iter_mut().filter(|one| PATTERNS.nobody.is_match(&one.name)) {
        one.breached -= UNNAMED;
        one.listed = false;
    }
    sum_up(&setting, &mut found);
    found
}

/// The text as a whole.
struct Setting<'a> {
    text: &'a str,
    genre: Genre,
    gates: &'a Gates<'a>,
    /// A regulator tells whom it acted upon.
    regulated: bool,
    /// Somebody else tells what befell those hit.
    reporter: bool,
    title: Span,
}

impl<'a> Setting<'a> {
    fn new(text: &'a str, genre: Genre, reporter: bool, gates: &'a Gates<'a>) -> Setting<'a> {
        let start = text.find(|c: char| !c.is_whitespace()).map_or(0, |at| text[..at].rfind('\n').map_or(0, |line| line + 1));
        let first_line = text[start..].lines().next().unwrap_or_default();
        Setting {
            text,
            genre,
            gates,
            regulated: genre == Genre::RegulatorAction || gates.is_match_beside(&PATTERNS.regulates, &text[..patterns::prefix(text, HEAD)]),
            reporter,
            title: Span::new(start, start + first_line.len()),
        }
    }

    fn says(&self, pattern: &Pattern, part: &str) -> bool {
        self.gates.is_match_beside(pattern, part)
    }

    /// Whether a name has its line to itself or stands in the title.
    fn is_own_place(&self, start: usize, end: usize) -> bool {
        let opens = self.text[..start].trim_end_matches(' ').chars().next_back().is_none_or(|c| c == '\n');
        let closes = || self.text[end..].trim_start_matches(' ').chars().next().is_none_or(|c| c == '\n');
        end <= self.title.end || opens && closes()
    }
}

/// The names of the text that decide on others.
struct Known<'a> {
    /// A ministry that publishes stands in the title or alone on a line; others are told of it.
    publishers: BTreeSet<&'a str>,
    /// Whole names, of which others are short forms.
    whole: BTreeSet<&'a str>,
}

impl<'a> Known<'a> {
    fn new(setting: &Setting<'a>, names: &[(usize, usize)]) -> Known<'a> {
        let name = |&(start, end): &(usize, usize)| &setting.text[start..end];
        Known {
            publishers: names.iter().filter(|&&(start, end)| setting.is_own_place(start, end)).map(name).collect(),
            whole: names.iter().map(name).filter(|name| !PATTERNS.short.is_match(name)).take(MANY).collect(),
        }
    }

    /// Whether it is a regulator's name, a place, or the short form of a longer name.
    fn pass_over(&self, one: &Name<'_, '_>, seen: &Seen) -> bool {
        let &Name { setting, name, start, end, before, after, .. } = one;
        let regulator = || {
            HUNTS.regulator.may(seen, Span::new(start, end)) && PATTERNS.regulator.find(name).is_some_and(|found| found.len() == name.len())
        };
        // 「会社員の男(41)=川崎市=」: where a suspect lives. 「イソダ印刷(京都市)が」: where a company sits.
        let home = before.ends_with('=') && after.starts_with('=');
        let aside = before.ends_with('(') && after.starts_with(')');
        let seat = || {
            PATTERNS.place.is_match(name)
                && (aside || PATTERNS.seat_label.is_match(before) || setting.reporter && setting.says(&PATTERNS.resident, after))
        };
        // 「提供会社であるB社」, if no longer name of it is given.
        let short = |stem: &str| PATTERNS.no_short.is_match(name) || self.whole.iter().any(|other| other.contains(stem));
        (setting.genre != Genre::Notice || setting.regulated || !self.publishers.contains(name)) && regulator()
            || home
            || seat()
            || one.stem().is_some_and(short)
    }
}

/// A name and the words beside it.
struct Name<'s, 'a> {
    setting: &'s Setting<'a>,
    name: &'a str,
    start: usize,
    end: usize,
    before: &'a str,
    after: &'a str,
    /// Nothing stands before it on its line, or a date.
    begins_line: bool,
}

impl<'s, 'a> Name<'s, 'a> {
    fn new(setting: &'s Setting<'a>, start: usize, end: usize) -> Name<'s, 'a> {
        let (before, after) = (&setting.text[..start], &setting.text[end..]);
        let before = &before[patterns::suffix(before, 24)..];
        let after = &after[..patterns::prefix(after, 60)];
        let begins_line = before.is_empty() || before.trim_end_matches(' ').ends_with('\n') || setting.says(&PATTERNS.dated_line, before);
        Name { setting, name: &setting.text[start..end], start, end, before, after, begins_line }
    }

    /// What of a short form is in the whole name: of 「B社」 the 「B」.
    fn stem(&self) -> Option<&'a str> {
        PATTERNS.short.captures(self.name).and_then(|found| found.get(1)).map(|stem| stem.as_str())
    }

    fn says(&self, pattern: &Pattern, part: &str) -> bool {
        self.setting.says(pattern, part)
    }

    /// So many characters behind it.
    fn tail(&self, chars: usize) -> &'a str {
        let after = &self.setting.text[self.end..];
        &after[..patterns::prefix(after, chars)]
    }

    fn is_police(&self) -> bool {
        PATTERNS.police.is_match(self.name)
    }

    /// What speaks for its being hit, for its having done the work and for its having looked into it. `aliases` counts the short names
    /// that have been followed.
    fn weigh(&self, aliases: &mut usize) -> Candidate {
        let &Name { setting, name, start, end, before, after, .. } = self;
        let (regulated, reporter) = (setting.regulated, setting.reporter);
        let says = |pattern, part| i32::from(self.says(pattern, part));
        // 「A株式会社(以下、A社)に委託」
        let behind = PATTERNS.defined.find(after).map_or(after, |bracket| &after[bracket.end()..]);
        let own = PATTERNS.self_defined.is_match(after);
        let self_named = PATTERNS.self_named.is_match(after);
        let subsidiary = !reporter && self_named && self.says(&PATTERNS.subsidiary, before);
        let mut client = says(&PATTERNS.client_before, before) + says(&PATTERNS.client_after, behind);
        let mut vendor = match subsidiary {
            true => 0,
            false => says(&PATTERNS.vendor_before, self.works()) + self.serves(behind),
        };
        // 「…株式会社(以下「A社」)」: what is said of its short name is said of it.
        if !own
            && *aliases < ALIASES
            && let Some(alias) = alias(after)
        {
            *aliases += 1;
            let (works, has_work_done) = relations(&setting.text[end + alias.end()..], alias.as_str(), setting.gates);
            (vendor, client) = (vendor + works, client + has_work_done);
        }
        if vendor > 0 {
            client = 0;
        }
        // 「提供元であるA社より、…との報告を受け」: who does the work tells of it.
        let tells = vendor > 0 && PATTERNS.told_by.is_match(behind);
        let looked = if tells { 0 } else { says(&PATTERNS.investigator_after, behind) };
        let investigator = says(&PATTERNS.investigator_before, before) + looked;
        let alone = self.is_alone();
        let labelled = self.says(&PATTERNS.place_label, before);
        let in_title = start >= setting.title.start && end <= setting.title.end;
        // 「株式会社…」 over 「代表取締役 …」: who signs.
        let signs = alone && PATTERNS.officer.is_match(after.trim_start());
        let mut breached = 3 * i32::from(in_title) + 4 * i32::from(alone) + 2 * i32::from(self_named) + 3 * i32::from(signs);
        breached += says(&PATTERNS.legal_form, name) + 4 * client + 4 * says(&PATTERNS.sender, before) + 6 * i32::from(labelled);
        breached += i32::from(PATTERNS.institution.is_match(name) && self.says(&PATTERNS.happened_at, after));
        breached += match regulated {
            true => 6 * says(&PATTERNS.acted_on, after),
            false => 6 * i32::from(own),
        };
        // Whom a regulator acts upon is a contractor where somebody's data were in its care.
        breached -= (if regulated { 18 } else { 6 }) * vendor + 6 * investigator + 20 * i32::from(self.stem().is_some());
        breached -= 20 * i32::from((reporter || in_title) && self.arrests() || reporter && (self.is_seat() || self.oversees()));
        breached -= 6 * (says(&PATTERNS.tells_us, after) + says(&PATTERNS.addressed, after));
        let listed = self.is_row(labelled)
            || vendor + investigator == 0
                && (subsidiary
                    || self.is_hit_too()
                    || client > 0 && !reporter && PATTERNS.honoured.is_match(after)
                    || reporter && self.announces());
        Candidate { name: name.to_owned(), start, end, breached, vendor, investigator, alone, listed }
    }

    /// Whether what follows makes it a contractor, or one whose system is used.
    fn serves(&self, behind: &str) -> i32 {
        let after = !PATTERNS.not_to.is_match(behind) && self.says(&PATTERNS.vendor_after, behind);
        let used = || self.says(&PATTERNS.uses_before, self.before) && self.says(&PATTERNS.serves_after, behind);
        if used() { 2 } else { i32::from(after) }
    }

    /// 「A市に本社を置く」, 「A県のB町」: a place that only tells where somebody is.
    fn is_seat(&self) -> bool {
        let near = &self.setting.text[self.start..];
        PATTERNS.of_place.is_match(self.name)
            && (PATTERNS.seated.find(self.after).is_some_and(|seat| !PATTERNS.not_seated.is_match(seat.as_str()))
                || PATTERNS.owned_above.is_match(&near[..patterns::prefix(near, LABEL)]))
    }

    /// 「観光庁が注意を促している」: who watches over those hit.
    fn oversees(&self) -> bool {
        PATTERNS.overseer.is_match(self.name) && self.says(&PATTERNS.warns, self.tail(140))
    }

    /// The words before it that may say what it did: a column breaks its lines inside sentences, and a label stands over the name,
    /// 「1 委託事業者」.
    fn works(&self) -> &'a str {
        let wrapped = self.before.trim_end_matches(' ').strip_suffix('\n').map_or(self.before, |above| above.trim_end_matches(' '));
        let above = self.before.trim_end_matches([' ', '\n']);
        let label = || self.begins_line && above.rsplit('\n').next().is_some_and(|line| line.chars().count() <= LABEL);
        if self.setting.reporter {
            wrapped
        } else if above.len() < self.before.len() && label() {
            above
        } else {
            self.before
        }
    }

    /// Whether it has its line to itself, or heads the text.
    fn is_alone(&self) -> bool {
        self.begins_line
            && (self.after.trim_start_matches(' ').chars().next().is_none_or(|c| c == '\n')
                || self.says(&PATTERNS.secretariat, self.after)
                || PATTERNS.of_place.is_match(self.name) && self.says(&PATTERNS.office, self.after)
                || self.start < HEAD && self.says(&PATTERNS.headed, self.tail(80)))
    }

    /// Whether it stands in a list of those hit, or is told of with the figure of those hit.
    fn is_row(&self, labelled: bool) -> bool {
        let told = || {
            self.says(&PATTERNS.with_figure, self.tail(140)) && self.says(&PATTERNS.leaked, around(self.setting.text, self.start, self.end))
        };
        let case = || self.says(&PATTERNS.case_of, self.after) && PATTERNS.case_number.is_match(self.before);
        labelled || case() || self.begins_line && self.says(&PATTERNS.listed, self.after) || self.setting.reporter && told()
    }

    /// 「警視庁は、…を逮捕したと発表した」, of somebody else's officer.
    fn arrests(&self) -> bool {
        let police = PATTERNS.police.find(self.name).is_some_and(|found| found.start() == 0);
        police && self.says(&PATTERNS.arrests, self.tail(160)) && !self.says(&PATTERNS.own_officer, self.tail(160))
    }

    /// 「…は、…と発表した」: who tells was hit, unless it is the police.
    fn announces(&self) -> bool {
        self.says(&PATTERNS.announced, self.tail(160)) && !self.is_police()
    }

    /// 「当社、A株式会社およびB株式会社が保管していた情報」
    fn is_hit_too(&self) -> bool {
        self.says(&PATTERNS.with_us, self.before) && PATTERNS.hit_too.is_match(self.after)
            || self.setting.reporter && self.says(&PATTERNS.of_group, self.before) && PATTERNS.also.is_match(self.after)
    }
}

/// 「A株式会社 お客様の…」: what stands before the first space or particle of the title is its author.
fn author(setting: &Setting<'_>, found: &[Candidate]) -> Option<Candidate> {
    let (text, line) = (setting.text, setting.title);
    let first_line = &text[line.range()];
    let head = PATTERNS.head_mark.find(first_line).map_or(0, |mark| mark.end());
    let title = &first_line[head..];
    let indent = title.len() - title.trim_start().len();
    // Under its number an archive names the publisher, whatever the name is like.
    let numbered = PATTERNS.numbered.is_match(&first_line[..head]);
    let space = if numbered { title.trim_start().find([' ', ':']).map(|at| at + indent) } else { None };
    let stop = space.or_else(|| PATTERNS.title_end.find(title).map(|end| end.start())).unwrap_or(title.len());
    let lead = title[..stop].trim();
    if lead.chars().count() < 2
        || lead.chars().count() > 40
        || PATTERNS.no_organisation.is_match(lead)
        || numbered && PATTERNS.letter_title.is_match(lead)
        || PATTERNS.no_lead.is_match(lead)
        || setting.regulated && PATTERNS.regulator.is_match(lead)
    {
        return None;
    }
    let start = line.start + head + indent;
    // A name that goes on with 「の31歳の…」 ends before it; so does one that goes on behind the space: 「医療法人A会 B病院 …について」.
    let inner = found.iter().find(|known| known.start == start && known.end <= line.end).map(|known| known.end);
    let other = |&end: &usize| {
        text[end..].starts_with(POSSESSIVE)
            || PATTERNS.own_thing.is_match(&text[end..line.end])
            || end > start + lead.len() && PATTERNS.institution.is_match(&text[start..end])
    };
    let end = inner.filter(other).unwrap_or(start + lead.len());
    let end = PATTERNS.acronym_end.find(&text[start..end]).map_or(end, |acronym| start + acronym.start());
    // 「イベント運営の株式会社…」: the trade before the name.
    let trade = |one: &&Candidate| {
        one.end == end && one.start > start && text[..one.start].ends_with(POSSESSIVE) && PATTERNS.formed.is_match(&one.name)
    };
    let start = found.iter().find(trade).map_or(start, |one| one.start);
    let name = &text[start..end];
    // A reporter's title begins with anything.
    let anything = setting.reporter && inner != Some(end) && name.contains(POSSESSIVE);
    // 「A堂の個人情報流出について」, where nobody else is.
    let alone = || {
        !setting.reporter
            && found.iter().all(|one| one.breached <= 0)
            && PATTERNS.letter_name.is_match(name)
            && !PATTERNS.no_letter_name.is_match(name)
            && !PATTERNS.no_greeted.is_match(name)
            && (PATTERNS.kana_plain.is_match(name) || !name.chars().any(|c| ('ぁ'..='ん').contains(&c)))
            && !PATTERNS.press_common.is_match(name)
            && !is_common(name)
    };
    let named = space.is_some() && !setting.reporter || !anything && setting.says(&PATTERNS.legal_form, name) || alone();
    let name = name.to_owned();
    named.then_some(Candidate { name, start, end, breached: 5, vendor: 0, investigator: 0, alone: false, listed: false })
}

/// What speaks for one mention of a name speaks for all.
fn sum_up(setting: &Setting<'_>, found: &mut [Candidate]) {
    let mut totals: BTreeMap<String, (i32, i32, i32)> = BTreeMap::new();
    for one in &*found {
        let total = totals.entry(one.name.clone()).or_default();
        *total = (total.0 + one.breached, total.1 + one.vendor, total.2 + one.investigator);
    }
    // 「県は」, 「本学は」: the publisher by what it is.
    if !setting.reporter && setting.gates.open(&PATTERNS.kind) {
        let kinds = PATTERNS.kind.all_captures(setting.text).filter_map(|found| found.iter().skip(1).flatten().next());
        let kinds: BTreeSet<&str> = kinds.map(|kind| kind.as_str()).collect();
        for (name, total) in &mut totals {
            total.0 += 3 * i32::from(kinds.iter().any(|kind| name.ends_with(kind)));
        }
    }
    for candidate in found {
        (candidate.breached, candidate.vendor, candidate.investigator) = totals[&candidate.name];
    }
}

/// A name that is none speaks so much against it.
const UNNAMED: i32 = 20;

/// A label over a name has so many characters at most.
const LABEL: usize = 14;

/// The head of a text, in bytes.
const HEAD: usize = 600;

/// 「の」, by its place in the language a particle rather than a word.
const POSSESSIVE: char = 'の';
