//! Where names of organisations stand in a text, and where they begin and end.

use super::{HUNTS, PATTERNS};
use crate::gates::Gates;
use crate::patterns;
use crate::watch::Seen;

/// The names in a list of organisations with figures, of which some are known by their form.
pub(super) fn roster(text: &str) -> Vec<(usize, usize)> {
    let found: Vec<_> =
        PATTERNS.roster.all_captures(text).filter_map(|captures| captures.get(1)).map(|name| (name.start(), name.end())).collect();
    let known = found.iter().filter(|&&(start, end)| PATTERNS.organisation.is_match(&text[start..end])).count();
    if found.len() >= ROSTER && known * 2 >= found.len() { found } else { Vec::new() }
}

/// So many lines are a list.
const ROSTER: usize = 3;

/// Where names of organisations stand: a legal form or the name of an institution, with what belongs to it before and after.
pub(super) fn names(text: &str, seen: &Seen) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    for place in HUNTS.organisation.find(text, seen) {
        let surface = &text[place.range()];
        // 「株式会社甲及び乙」: a conjunction begins with a character that a name may hold.
        let whole = PATTERNS.conjunction.find(surface).map_or(surface, |found| &surface[..found.start()]);
        let trimmed = whole.trim_matches([' ', '・', '-', '.']);
        // 「…, Inc.」 ends in its own full stop.
        let at_stop = surface.len() - surface.trim_start_matches([' ', '・', '-', '.']).len() + trimmed.len();
        let abbreviated = whole.get(at_stop..) == Some(".") && trimmed.ends_with(|c: char| c.is_ascii_alphabetic());
        let trimmed = if abbreviated { &whole[at_stop - trimmed.len()..] } else { trimmed };
        // 「1.株式会社…」: the number of a section.
        let begins = place.start + surface.find(trimmed).unwrap_or(0);
        let numbered = PATTERNS.section.find(trimmed).map_or(0, |number| number.end());
        let trimmed = &trimmed[numbered..];
        let rest = &text[begins + numbered..];
        let rest = &rest[..patterns::prefix(rest, KATAKANA)];
        let whole = if numbered > 0 { PATTERNS.organisation.find(rest).filter(|found| found.start() == 0) } else { None };
        let trimmed = whole.map_or(trimmed, |found| found.as_str());
        // 「青原市市民課」
        let trimmed = PATTERNS.doubled.captures(trimmed).and_then(|found| found.get(1)).map_or(trimmed, |city| &trimmed[..city.end()]);
        // 「青原県教育委員会高校教育課」: a part of the board.
        let trimmed = PATTERNS.board.find(trimmed).map_or(trimmed, |board| &trimmed[..board.end()]);
        let at = begins + numbered;
        let (start, end) = (latin_before(text, katakana_before(text, kana_before(text, at))), whole_name(text, at, at + trimmed.len()));
        // 「教材大手A書院ホールディングス」
        let rank = PATTERNS.trade_head.find(&text[start..end]).map_or(0, |rank| rank.end());
        let start = if text[start + rank..end].chars().count() < 3 { start } else { start + rank };
        // The search for names goes on behind the place that begins one.
        if found.last().is_some_and(|&(_, until)| end <= until) {
            continue;
        }
        let name = &text[start..end];
        if name.chars().count() < 3 || PATTERNS.no_organisation.is_match(name) || PATTERNS.nameless.is_match(name) {
            continue;
        }
        match found.last_mut() {
            // 「一般社団法人日本つむぎ織物協会」: kana inside a name.
            Some(last) if is_inner_kana(&text[last.1.min(start)..start]) => last.1 = end,
            // 「医療法人社団A会 B病院」 is one name.
            Some(last)
                if text.get(last.1..start) == Some(" ")
                    && PATTERNS.owner.is_match(&text[last.0..last.1])
                    && PATTERNS.owned.is_match(&text[start..end]) =>
            {
                last.1 = end
            }
            _ => found.push((start, end)),
        }
        if let Some(last) = found.last_mut()
            && PATTERNS.owner.is_match(&text[last.0..last.1])
        {
            last.1 = with_institution(text, last.1);
        }
    }
    let head = patterns::prefix(text, EDGE);
    let tail = patterns::suffix(text, EDGE).max(head);
    for (from, part) in [(0, &text[..head]), (tail, &text[tail..])].into_iter().filter(|(_, part)| PATTERNS.own_line.is_match(part)) {
        let lines = PATTERNS.own_line.captures_iter(part).filter_map(|captures| captures.get(1));
        for line in lines.take(OWN_LINES) {
            let (start, end) = (from + line.start(), from + line.end());
            // A part of it may be known, as kana end names.
            found.retain(|&(known, until)| known < start || end < until);
            if found.iter().all(|&(known, until)| until <= start || known >= end) {
                found.push((start, end));
            }
        }
    }
    for name in PATTERNS.kana_named.all_captures(text).filter_map(|captures| captures.get(1)).take(PLACED) {
        let (start, end) = (name.start(), whole_name(text, name.start(), name.end()));
        let kana = name.as_str().trim_end_matches(|c| !('ぁ'..='ん').contains(&c));
        if is_inner_kana(kana) && !found.iter().any(|&(known, until)| known < end && start < until) {
            found.push((start, end));
        }
    }
    found.sort_unstable();
    found
}

/// Adds the names to which papers give a place: 「…を手がけるタチバナ再生(東京都)」, without a legal form.
pub(super) fn placed(text: &str, gates: &Gates<'_>, found: &mut Vec<(usize, usize)>) {
    if !gates.open(&PATTERNS.placed) {
        return;
    }
    for name in PATTERNS.placed.captures_iter(text).filter_map(|captures| captures.get(1)).take(PLACED) {
        // 「情報機器販売会社タチバナ再生」: the trade before the name.
        let trade = PATTERNS.of_trade.find(name.as_str()).map_or(0, |trade| trade.end());
        let (start, end) = (name.start() + trade, name.end());
        let known = found.iter().any(|&(known, until)| known < end && start < until);
        if !known && !PATTERNS.no_organisation.is_match(&text[start..end]) && text[start..end].chars().count() >= 3 {
            found.push((start, end));
        }
    }
    found.sort_unstable();
}

/// So many names are read so.
const PLACED: usize = 32;

/// Who signs stands within so many characters of the beginning or the end, with few others.
const EDGE: usize = 400;
const OWN_LINES: usize = 4;

/// Where a name that begins and ends so ends really.
fn whole_name(text: &str, start: usize, end: usize) -> usize {
    let near = &text[start..];
    let near = &near[..patterns::prefix(near, 40)];
    if let Some(kana) = PATTERNS.kana_end.captures(near).and_then(|found| found.get(1)) {
        return start + kana.end();
    }
    if let Some(line) = kana_line(text, start, end) {
        return line;
    }
    let formed = |end: usize| PATTERNS.form_end.find(&text[end..]).map_or(end, |form| end + form.len());
    let end = rest_of_line(text, start, kana_after(text, start, without_particles(text, start, place_after(text, start, end))));
    let end = if PATTERNS.formed.is_match(&text[start..end]) { end } else { tail(text, start, formed(end)) };
    // 「蒼岡市立図書館長」 signs for the library.
    let head = PATTERNS.head_of.find(&text[start..end]).and_then(|_| text[start..end].chars().next_back());
    end - head.map_or(0, char::len_utf8)
}

/// 「株式会社雛匠まつなが」 on a line of its own, or behind a day: kana at its end are no particle.
fn kana_line(text: &str, start: usize, end: usize) -> Option<usize> {
    let rest = &text[end..];
    let rest = &rest[..patterns::prefix(rest, TAIL)];
    let line = PATTERNS.kana_line.find(rest)?;
    let head = &text[..start];
    let head = &head[patterns::suffix(head, TAIL)..];
    let opens = head.trim_end_matches(' ').is_empty() || head.trim_end_matches(' ').ends_with('\n') || PATTERNS.dated_line.is_match(head);
    let named = opens && PATTERNS.formed.is_match(&text[start..end]) && !PATTERNS.no_kana_line.is_match(rest);
    named.then(|| end + line.as_str().trim_end().len())
}

/// 「A学院大」, 「B県教委」, 「Cホテルズ」: what papers shorten, and what katakana go on with.
fn tail(text: &str, start: usize, end: usize) -> usize {
    if !PATTERNS.tailed.is_match(&text[start..end]) {
        return end;
    }
    let rest = &text[end..];
    let captures = PATTERNS.name_tail.captures(&rest[..patterns::prefix(rest, TAIL)]);
    captures.and_then(|found| found.get(1)).map_or(end, |tail| end + tail.end())
}

/// 「弦波市生涯学習センター」: the institution behind a place is one name with it.
fn place_after(text: &str, start: usize, end: usize) -> usize {
    if !PATTERNS.of_place.is_match(&text[start..end]) {
        return end;
    }
    let rest = &text[end..];
    let rest = &rest[..patterns::prefix(rest, TAIL)];
    match PATTERNS.place_tail.find(rest) {
        Some(tail) if !PATTERNS.no_place_tail.is_match(tail.as_str()) => end + tail.len(),
        _ => end,
    }
}

/// In characters.
const TAIL: usize = 24;

/// 「医療法人A会 みなみ台こどもクリニック」 is one name.
fn with_institution(text: &str, end: usize) -> usize {
    let rest = &text[end..];
    let captures = PATTERNS.owned_tail.captures(&rest[..patterns::prefix(rest, TAIL)]);
    captures.and_then(|found| found.get(1)).map_or(end, |name| end + name.end())
}

/// 「セイント・オルバン大学」: the katakana before a name belong to it.
fn katakana_before(text: &str, start: usize) -> usize {
    let head = &text[..start];
    let near = patterns::suffix(head, KATAKANA);
    PATTERNS.katakana.find(&head[near..]).map_or(start, |found| near + found.start())
}

/// In characters.
const KATAKANA: usize = 50;

/// 「株式会社ゆきわりでは」: a name in kana ends before its particles.
fn without_particles(text: &str, start: usize, mut end: usize) -> usize {
    let kana = |end: usize| text[start..end].chars().rev().take(2).all(|c| ('ぁ'..='ん').contains(&c));
    while kana(end)
        && let Some(found) = PATTERNS.particles.find(&text[start..end])
        && text[start..start + found.start()].chars().count() >= 6
    {
        end = start + found.start();
    }
    end
}

/// 「株式会社サイバーしるべによる」: kana that no particle begins end the name of a company.
fn kana_after(text: &str, start: usize, end: usize) -> usize {
    let rest = &text[end..];
    let rest = &rest[..patterns::prefix(rest, 12)];
    let kana = if PATTERNS.no_kana_tail.is_match(rest) { None } else { PATTERNS.kana_tail.captures(rest).and_then(|found| found.get(1)) };
    match kana {
        Some(kana) if PATTERNS.formed.is_match(&text[start..end]) => end + kana.end(),
        _ => end,
    }
}

pub(super) fn is_inner_kana(between: &str) -> bool {
    PATTERNS.kana_start.is_match(between) && !PATTERNS.no_kana_start.is_match(between)
}

/// A name that stands alone on its line goes on to the end of the line or the first space: 「特定非営利活動法人ささはら谷こども塾」.
fn rest_of_line(text: &str, start: usize, end: usize) -> usize {
    let opens = text[..start].trim_end_matches(' ').chars().next_back().is_none_or(|c| c == '\n');
    let rest = &text[end..];
    // One character more than may be taken, and no further: a line may be as long as the text.
    let rest = &rest[..patterns::prefix(rest, 15)];
    let rest = &rest[..rest.find(['\n', ' ']).unwrap_or(rest.len())];
    match opens
        && rest.chars().count() <= 14
        && rest.chars().all(char::is_alphanumeric)
        && !PATTERNS.self_named.is_match(rest)
        && !PATTERNS.department.is_match(rest)
        && !PATTERNS.no_rest.is_match(rest)
    {
        true => end + rest.len(),
        false => end,
    }
}

/// 「Larkspur Japan株式会社」: the Latin words before one belong to it.
fn latin_before(text: &str, mut start: usize) -> usize {
    for _ in 0..LATIN_WORDS {
        let Some(head) = text[..start].strip_suffix(' ').filter(|_| text[start..].starts_with(|c: char| c.is_ascii_alphabetic())) else {
            break;
        };
        let word = head.bytes().rev().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'&' | b'.' | b'-')).count();
        let from = head.len() - word;
        if !head[from..].starts_with(|c: char| c.is_ascii_uppercase()) {
            break;
        }
        start = from;
    }
    start
}

/// A name in Latin letters has so many words before its last one at most.
const LATIN_WORDS: usize = 3;

/// The start of a name whose first characters are kana: only after a break, as particles are kana too.
fn kana_before(text: &str, start: usize) -> usize {
    let head = &text[..start];
    let kana = head.chars().rev().take_while(|c| ('ぁ'..='ん').contains(c)).map(char::len_utf8).sum::<usize>();
    let from = start - kana;
    let run = &text[from..start];
    let after_break = text[..from].chars().next_back().is_none_or(|c| c.is_whitespace() || BREAKS.contains(c));
    if after_break && is_inner_kana(run) {
        return from;
    }
    // 「札幌ひばりが丘病院」: the kana stand inside the name.
    let near = patterns::suffix(head, TAIL);
    let Some(within) = PATTERNS.kana_within.captures(&head[near..]) else { return start };
    let (Some(first), Some(kana)) = (within.get(1), within.get(2)) else { return start };
    let hill = PATTERNS.kana_hill.is_match(&text[start..]) && kana.as_str().ends_with(HILL);
    let whole = near + first.start();
    let opens = text[..whole].chars().next_back().is_none_or(|c| c.is_whitespace() || BREAKS.contains(c));
    match opens && (hill || is_inner_kana(kana.as_str())) {
        true => whole,
        false => start,
    }
}

/// 「が」 between kana and 「丘」, by its place in a name no particle.
const HILL: char = 'が';

const BREAKS: &str = "、。「『【(>・";
