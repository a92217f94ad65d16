//! The roles that the words around a date give it. The triggers and what they need stand in `data/roles.tsv`.

use std::cell::LazyCell;

use owabi_corpora::Span;
use owabi_corpora::vocabulary::DateRole;

use super::PATTERNS;
use crate::lexicon::{Lexicon, Match, RoleRow};
use crate::patterns::{self, Pattern};
use crate::scope::Scope;
use crate::words::Meaning;

/// What gives a date its roles.
pub(super) struct Reader<'a, 't> {
    pub(super) scope: &'a Scope<'t>,
    pub(super) lexicon: &'a Lexicon,
    pub(super) matches: &'a [Match],
}

/// The words that may speak of a date.
#[derive(Clone, Copy)]
pub(super) struct Words {
    /// What stands before it on its line.
    pub(super) before: Span,
    /// What follows it, up to the next date.
    pub(super) reach: Span,
    /// The verb that it shares with the dates behind it: 「委員会には5月31日、警察には6月2日に届け出ました」.
    pub(super) shared: Option<Span>,
}

impl Words {
    /// Words that follow a date.
    pub(super) fn after(reach: Span) -> Words {
        Words { before: Span::new(reach.start, reach.start), reach, shared: None }
    }
}

/// A role and the words that gave it.
pub(super) type Named = (DateRole, Span);

impl Reader<'_, '_> {
    /// The roles that the triggers around a date give it: the winner and those that may stand beside it.
    pub(super) fn roles(&self, words: Words) -> Vec<Named> {
        self.told(words).0
    }

    /// The roles of which words around a date speak that other words bar: none of them is its own.
    pub(super) fn barred(&self, words: Words) -> Vec<DateRole> {
        self.told(words).1
    }

    fn told(&self, words: Words) -> (Vec<Named>, Vec<DateRole>) {
        let text = self.scope.text;
        // An addressee before the date counts as said after it.
        let addressee = Some(&text[words.before.range()]).filter(|before| !PATTERNS.clause_subject.is_match(before));
        let addressee = addressee.and_then(|before| PATTERNS.addressee.find(before)).map(|found| words.before.start + found.start());
        let before = &text[words.before.range()];
        // 「パスワードを5日に変え」, 「不正な試行は断続的に行われ、5日まで」: what is needed may stand before the date.
        let object = LazyCell::new(|| PATTERNS.told_object.find(before).map(|found| words.before.start + found.start()));
        let topic = LazyCell::new(|| PATTERNS.topic_before.find(before).map(|found| words.before.start + found.end()));
        // 「修正版は5日に公開されました」, 「5日にも誤送信があり」, 「旧サイトは5日に閉鎖し」
        let elsewhere = LazyCell::new(|| {
            PATTERNS.no_deed.is_match(before)
                || PATTERNS.of_kind.is_match(before)
                || PATTERNS.once_more.is_match(&text[words.reach.range()])
        });
        let given_up = LazyCell::new(|| PATTERNS.no_stop.is_match(before));
        let mut hits = Hits::default();
        for hit in self.within(words.before.start, words.reach.end) {
            let Meaning::Role(row) = hit.meaning else { continue };
            let row = &self.lexicon.roles[row as usize];
            let cue = Span::new(hit.start, hit.end);
            if !self.stands_near(row, cue, words, addressee) || self.is_undone(row.role, words.reach, cue) {
                continue;
            }
            let place = if row.before { words.before } else { words.reach };
            // A row of several sentences: what bars a word stands in its own.
            let (from, to) = if row.before || cue.start < place.start { (place.start, place.end) } else { sentence(text, place, cue) };
            let place = Span::new(place.start, to);
            let joined = (is_told(row.role) || row.needs.is_some() && !row.before) && addressee.is_some();
            let needed = if joined { Span::new(words.before.start, place.end) } else { place };
            let mut spared = Span::new(addressee.filter(|_| joined).unwrap_or(from), place.end);
            // What tells apart those who were told is not what they were told: 「流出が確認されたお客様へ」.
            if row.role == DateRole::Notified
                && !text[place.start..].starts_with('(')
                && let Some(told) = PATTERNS.addressed.find_iter(&text[needed.start..cue.end.max(needed.start)]).last()
            {
                let from = needed.start + told.start();
                let content = PATTERNS.content.find_iter(&text[from..cue.start.max(from)]).last();
                spared.start = content.map_or(from, |content| from + content.end());
            }
            // 「紛失に気づき、警察に届け出ましたが、現在まで見つかっておりません」
            if row.role == DateRole::Discovered && !row.before && PATTERNS.goes_on.is_match(&text[cue.end..]) {
                let clause = text[cue.end..spared.end.max(cue.end)].find('、').map_or(spared.end, |comma| cue.end + comma);
                spared.end = clause.max(spared.start);
            }
            let holds = |pattern: &Pattern, place| self.scope.gates.is_match(pattern, place);
            let earlier = |needs: &Pattern| {
                let ends = row.role == DateRole::OccurredEnd || row.role == DateRole::OccurredStart && row.rank >= ADJACENT;
                let said = !row.before && cue.start >= words.reach.start && row.rank > UNTOLD;
                said && (object.is_some_and(|from| holds(needs, Span::new(from, place.end)))
                    || ends && topic.is_some_and(|to| holds(needs, Span::new(words.before.start, to))))
            };
            if row.needs.as_ref().is_some_and(|needs| !holds(needs, needed) && !earlier(needs)) {
                continue;
            }
            if row.unless.as_ref().is_some_and(|unless| holds(unless, spared)) {
                hits.barred.push(row.role);
                continue;
            }
            let told_of_else = match row.role {
                DateRole::OccurredStart => *elsewhere,
                DateRole::Contained => *given_up,
                _ => false,
            };
            if told_of_else && !row.before {
                continue;
            }
            let aside = if cue.start < words.reach.start { None } else { hits.aside(text, words.reach.start, cue.start) };
            // What is added in brackets behind other words is no news of the day: 「第1報を公表(判明していた40名)」.
            if aside != Some(Aside::Added) || is_told(row.role) {
                hits.add(row, cue, aside.is_some());
            }
            // 「職員が気付き、警察に届け出た」: both on that day.
            if aside.is_none() && row.role == DateRole::Discovered && !row.before && PATTERNS.goes_on.is_match(&text[cue.end..]) {
                hits.noticed = hits.noticed.or(Some(cue));
            }
        }
        let barred = std::mem::take(&mut hits.barred);
        let mut found = hits.named();
        if let Some(shared) = words.shared
            && found.is_empty()
        {
            found = self.shared(Span::new(addressee.unwrap_or(words.reach.start), words.reach.end), shared);
        }
        (found, barred)
    }

    /// The roles of a date whose own words, 「委員会には5日に」, go on with a verb that stands behind another one.
    fn shared(&self, own: Span, verb: Span) -> Vec<Named> {
        let text = self.scope.text;
        let (owned, verbs) = (&text[own.range()], &text[verb.range()]);
        let said = format!("{owned}{verbs}");
        // 「5日に支払いを、7日にサイトを止めました」
        let object = PATTERNS.object.is_match(owned) && !PATTERNS.relative.is_match(owned);
        let mut hits = Hits::default();
        for hit in self.within(own.start, own.end).chain(self.within(verb.start, verb.end)) {
            let Meaning::Role(row) = hit.meaning else { continue };
            let row = &self.lexicon.roles[row as usize];
            let behind = hit.start >= verb.start;
            let needs = |words: &str| row.needs.as_ref().is_some_and(|needs| needs.is_match(words));
            let speaks = match row.role {
                // Whom it was told says the date itself, not the words of the next one.
                DateRole::ReportedRegulator => behind && (needs(owned) || needs(&said) && !needs(verbs)),
                DateRole::ReportedPolice => !behind && needs(&said),
                DateRole::Notified => needs(&said) && !needs(verbs),
                _ => object && behind && row.needs.as_ref().is_none_or(|needs| needs.is_match(&said)),
            };
            // Whom the next date's words name bars nothing of this one: 「3日に委員会へ、5日に警察へ報告し」.
            let told = if behind { format!("{owned}{}", &text[hit.start..verb.end]) } else { said.clone() };
            if speaks && !row.before && row.unless.as_ref().is_none_or(|unless| !unless.is_match(&told)) {
                hits.add(row, Span::new(hit.start, hit.end), false);
            }
        }
        hits.named()
    }

    /// Whether a stretch holds words of something that happened, whatever else it says.
    pub(super) fn tells_occurrence(&self, stretch: Span) -> Option<Span> {
        let occurrence = |row: &RoleRow| row.role == DateRole::OccurredStart && !row.before && row.rank < ADJACENT;
        self.within(stretch.start, stretch.end)
            .find(|hit| matches!(hit.meaning, Meaning::Role(row) if occurrence(&self.lexicon.roles[row as usize])))
            .map(|hit| Span::new(hit.start, hit.end))
    }

    /// The words by which a stretch announces something.
    pub(super) fn publishes(&self, stretch: Span) -> Option<Span> {
        let announced = |row: &RoleRow| row.role == DateRole::Published && !row.before;
        let of_role = |hit: &&Match| matches!(hit.meaning, Meaning::Role(row) if announced(&self.lexicon.roles[row as usize]));
        self.within(stretch.start, stretch.end).filter(of_role).last().map(|hit| Span::new(hit.start, hit.end))
    }

    fn within(&self, start: usize, end: usize) -> impl Iterator<Item = &Match> {
        let from = self.matches.partition_point(|hit| hit.start < start);
        self.matches[from..].iter().take_while(move |hit| hit.start < end).filter(move |hit| hit.end <= end)
    }

    fn stands_near(&self, row: &RoleRow, cue: Span, words: Words, addressee: Option<usize>) -> bool {
        let text = self.scope.text;
        if row.before {
            if PATTERNS.another_day.is_match(&text[words.before.end..]) {
                return false;
            }
            return cue.end <= words.before.end && text[cue.end..words.before.end].chars().count() <= 3;
        }
        if cue.start < words.reach.start {
            return is_told(row.role) && cue.end <= words.before.end && addressee.is_some_and(|from| from <= cue.start);
        }
        // 「まで」 and 「から」 stand right after the date.
        let adjacent = matches!(row.role, DateRole::OccurredStart | DateRole::OccurredEnd) && row.rank >= ADJACENT;
        !adjacent || PATTERNS.part_of_day.is_match(&text[words.reach.start..cue.start])
    }

    /// Whether what a trigger says tells apart somebody of whom a sentence about the whole day then says more.
    fn tells_apart(&self, reach: Span, behind: &str) -> bool {
        PATTERNS.tells_apart.is_match(behind)
            && !PATTERNS.rounds_off.is_match(behind)
            && PATTERNS.apart.is_match(&self.scope.text[reach.start..])
    }

    /// Whether what a trigger names has not happened, happened on another day, or tells apart people rather than days.
    fn is_undone(&self, role: DateRole, reach: Span, cue: Span) -> bool {
        let text = self.scope.text;
        let behind = &text[cue.end..];
        let behind = &behind[..patterns::prefix(behind, BEHIND)];
        let happens = matches!(role, DateRole::Contained | DateRole::OccurredStart | DateRole::OccurredEnd);
        PATTERNS.negated.is_match(behind)
            || happens && PATTERNS.undone.is_match(behind)
            || matches!(role, DateRole::OccurredStart | DateRole::OccurredEnd)
                && (PATTERNS.aspect.is_match(behind) || self.tells_apart(reach, behind))
            || (happens || role == DateRole::Discovered) && PATTERNS.of_people.is_match(behind)
            // 「5日に委員会へ報告し、警察にも相談しています」: that they have done so has no day.
            || matches!(role, DateRole::ReportedPolice | DateRole::ReportedRegulator)
                && PATTERNS.undated_too.find(&text[reach.range()]).is_some_and(|found| cue.start >= reach.start + found.start())
    }
}

/// The sentence of a place that holds a trigger.
fn sentence(text: &str, place: Span, cue: Span) -> (usize, usize) {
    let from = text[place.start..cue.start].rfind('。').map_or(place.start, |stop| place.start + stop + '。'.len_utf8());
    let to = text[cue.end.min(place.end)..place.end].find('。').map_or(place.end, |stop| cue.end + stop + '。'.len_utf8());
    (from, to)
}

/// Where a trigger stands whose brackets are not those of the date.
#[derive(Clone, Copy, PartialEq)]
enum Aside {
    /// In brackets behind other words.
    Added,
    /// In brackets right behind the date, or behind those in which it stands.
    Apart,
}

/// The triggers that hold, in order.
#[derive(Default)]
struct Hits {
    best: Option<(i32, DateRole, Span)>,
    beside: Vec<Named>,
    /// What only brackets say.
    apart: Option<(i32, DateRole, Span)>,
    /// What was noticed before something was done about it.
    noticed: Option<Span>,
    /// Of which roles a word stands there that other words bar.
    barred: Vec<DateRole>,
    /// How deep in brackets the last trigger stood, and where.
    depth: (i32, usize),
}

impl Hits {
    fn add(&mut self, row: &RoleRow, cue: Span, aside: bool) {
        if row.beside && !aside {
            self.beside.push((row.role, cue));
        }
        let best = if aside { &mut self.apart } else { &mut self.best };
        if best.is_none_or(|(rank, ..)| row.rank > rank) {
            *best = Some((row.rank, row.role, cue));
        }
    }

    /// How a place stands apart by brackets from the words at `from`.
    fn aside(&mut self, text: &str, from: usize, at: usize) -> Option<Aside> {
        let (depth, last) = if self.depth.1 < from { (0, from) } else { self.depth };
        let depth = text[last.min(at)..at].bytes().fold(depth, |depth, byte| match byte {
            b'(' => depth + 1,
            b')' => depth - 1,
            _ => depth,
        });
        self.depth = (depth, at);
        match depth {
            0 => None,
            _ if depth > 0 && !text[from..].starts_with('(') => Some(Aside::Added),
            _ => Some(Aside::Apart),
        }
    }

    fn named(self) -> Vec<Named> {
        let noticed = self.noticed.filter(|noticed| {
            self.best.is_some_and(|(_, role, cue)| {
                noticed.end < cue.start && matches!(role, DateRole::ReportedPolice | DateRole::ReportedRegulator)
            })
        });
        let mut found: Vec<Named> = self.best.or(self.apart).map(|(_, role, cue)| (role, cue)).into_iter().collect();
        found.extend(noticed.map(|cue| (DateRole::Discovered, cue)));
        for (role, cue) in self.beside {
            if found.iter().all(|(known, _)| *known != role) {
                found.push((role, cue));
            }
        }
        found
    }
}

/// What somebody was told or gave: their name may stand before the date.
pub(super) fn is_told(role: DateRole) -> bool {
    matches!(role, DateRole::ReportedPolice | DateRole::ReportedRegulator | DateRole::Notified | DateRole::InvestigationDone)
}

/// Roles of this rank are given by a particle right behind the date: から, まで.
const ADJACENT: i32 = 8;

/// What nothing but its tense says happened has this rank: it says so itself.
const UNTOLD: i32 = 1;

/// What makes a trigger none stands within so many characters behind it.
const BEHIND: usize = 16;
