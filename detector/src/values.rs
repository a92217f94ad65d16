//! Personal data really present in a text: the number of the help desk, a signatory's name, a leaked row.
//!
//! What a value is, is told by its shape and by what names it: a label before it, the head of its column, a word in front.
//! Names of people are told by a title, an honorific, a label or a column, and by the commonest surnames. Whose it is
//! ([`Use`]) is told by the words on its line and above it.

mod checks;
mod outline;
mod rules;
mod signs;
mod survey;
mod tables;

use owabi_corpora::vocabulary::Use;
use owabi_corpora::{Category, Span};
use regex::Match;

use self::rules::{CONTACT, EXHIBIT, HEADER, LABEL, NUMBER, PHRASE, RULES, Row, SURNAME};
use self::survey::{Line, Stretch, Survey};
use crate::patterns::{self, Pattern};
use crate::plain::Plain;
use crate::watch::Seen;

/// A value, in bytes of the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Value {
    pub(crate) kind: Category,
    pub(crate) usage: Use,
    pub(crate) well_formed: bool,
    pub(crate) span: Span,
    /// The words that named it, where words did.
    pub(crate) cue: Option<Span>,
}

/// A value before it is known whose it is, in bytes of the plain text.
struct Found {
    kind: Category,
    span: Span,
    /// The words that named it.
    cue: Option<Span>,
    well_formed: bool,
    /// Whose it is where its label or its phrase says so.
    usage: Option<Use>,
    /// What named it; where two claim one place, the lower one has it.
    rank: usize,
}

/// The ranks before those of the rows of the table.
const IN_TABLE: usize = 0;
const LABELLED: usize = 1;
const LISTED: usize = 2;
const SHAPED: usize = 3;

/// In characters: how far before a value the words that name it may begin.
const BEFORE: usize = 40;

/// Finds values. `wraps` are the line breaks inside sentences, as bytes of the source. Where two kinds claim one stretch, the
/// one that begins first has it, then the one with the lower rank.
pub(crate) fn find(source: &str, wraps: &[usize]) -> Vec<Value> {
    let plain = Plain::columns(source, wraps);
    let text = plain.text.as_str();
    let survey = Survey::new(text);
    let seen = RULES.watch.scan(text);
    let mut found = Vec::new();
    tables::find(text, &survey.lines, &mut found);
    labelled(text, &seen, &mut found);
    for (rank, row) in RULES.numbers.iter().enumerate() {
        // Where a word has to stand before it, most texts hold none.
        if row.before.is_some() && !seen.any(NUMBER + rank as u16) {
            continue;
        }
        let may = |stretch: &&Stretch| stretch.may_hold(&row.least) && row.pattern.is_match(&text[stretch.span.range()]);
        for stretch in survey.stretches.iter().filter(may) {
            add_all(text, stretch.span, row, rank, &mut found);
        }
    }
    for (rank, row) in RULES.phrases.iter().enumerate() {
        for line in seen.lines(text, PHRASE + rank as u16) {
            let index = survey.line_at(line.start);
            if row.named && !survey.lines[index].spaced && !seen.within(SURNAME, line) {
                continue;
            }
            let next = survey.lines.get(index + 1).map_or(line, |next| next.span);
            let place = if row.across { Span::new(line.start, next.end) } else { line };
            let loosely = row.loose.as_ref().is_none_or(|loose| loose.is_match(&text[place.range()]));
            if loosely && row.pattern.is_match(&text[place.range()]) {
                // What begins on the next line is found from there.
                let before = found.len();
                add_all(text, place, row, RULES.numbers.len() + rank, &mut found);
                let beyond = found[before..].iter().position(|value| value.span.start > line.end);
                beyond.into_iter().for_each(|beyond| found.truncate(before + beyond));
            }
        }
    }
    let shown = shown(text, &survey, &seen, &mut found);
    found.sort_by_key(|value| (value.span.start, value.rank));
    let mut end = 0;
    found.retain(|value| {
        let free = value.span.start >= end;
        if free {
            end = value.span.end;
        }
        free
    });
    let value = |found: Found| Value {
        kind: becomes(text, &found),
        usage: usage(&found, shown[survey.line_at(found.span.start)]),
        well_formed: found.well_formed,
        span: plain.to_source(found.span.start, found.span.end),
        cue: found.cue.map(|cue| plain.to_source(cue.start, cue.end)),
    };
    found.into_iter().map(value).collect()
}

/// Adds what a row matches in a part of the text.
fn add_all(text: &str, part: Span, row: &Row, rank: usize, found: &mut Vec<Found>) {
    let place = |hit: Match<'_>| Span::new(part.start + hit.start(), part.start + hit.end());
    if !row.pattern.spec().contains(VALUE) {
        for hit in row.pattern.find_iter(&text[part.range()]) {
            let whole = Span::new(part.start + hit.start(), part.start + hit.end());
            add(text, row, rank, whole, whole, found);
        }
        return;
    }
    for captures in row.pattern.captures_iter(&text[part.range()]) {
        if let Some(whole) = captures.get(0).map(place) {
            add(text, row, rank, whole, captures.name("v").map_or(whole, place), found);
        }
    }
}

/// Where the value begins in a pattern that holds more.
const VALUE: &str = "(?P<v>";

/// Adds a value with all that a row matched around it, if the words before it and its check allow.
fn add(text: &str, row: &Row, rank: usize, whole: Span, span: Span, found: &mut Vec<Found>) {
    let value = &text[span.range()];
    let is_name = row.kind.id() == "name";
    if !is_name && inside_a_number(text, Span::new(whole.start, span.end)) {
        return;
    }
    let head = &text[..whole.start];
    let head = &head[patterns::suffix(head, BEFORE)..];
    let named = row.before.as_ref().map(|before| before.find(head));
    if matches!(named, Some(None))
        || row.unless.as_ref().is_some_and(|unless| unless.is_match(head))
        || row.not.as_ref().is_some_and(|not| not.is_match(value))
    {
        return;
    }
    let span = match is_name.then(|| name(value)) {
        None => span,
        Some(Some(name)) => Span::new(span.start, span.start + name.len()),
        Some(None) => return,
    };
    let well_formed = match row.check {
        None => true,
        Some(check) => match check.well_formed(value) {
            Some(well_formed) if well_formed || !row.strict => well_formed,
            _ => return,
        },
    };
    let start = whole.start - head.len();
    let cue = named.flatten().map(|cue| Span::new(start + cue.start(), start + cue.end()));
    found.push(Found { kind: row.kind, span, cue, well_formed, usage: row.usage, rank: SHAPED + rank });
}

/// The name in what has the shape of one; of 「山田 電話」 the family name.
fn name(surface: &str) -> Option<&str> {
    if !RULES.no_name.is_match(surface) {
        return Some(surface);
    }
    let family = surface.split_once(' ')?.0;
    (RULES.surname.find(family)?.len() == family.len()).then_some(family)
}

/// A stretch of a longer number or word is no value.
fn inside_a_number(text: &str, span: Span) -> bool {
    let bytes = text.as_bytes();
    let joins = |at: Option<&u8>| at.is_some_and(|byte| byte.is_ascii_alphanumeric());
    let dash =
        |at: Option<&u8>, beyond: Option<&u8>| at.is_some_and(|byte| matches!(byte, b'-' | b'.')) && beyond.is_some_and(u8::is_ascii_digit);
    // A bracket or a sign at the edge parts it from what stands beside it.
    let word = bytes.get(span.start).is_some_and(u8::is_ascii_alphanumeric);
    let before = span.start.checked_sub(1).and_then(|at| bytes.get(at));
    let further = span.start.checked_sub(2).and_then(|at| bytes.get(at));
    word && (joins(before) || dash(before, further)) || joins(bytes.get(span.end)) || dash(bytes.get(span.end), bytes.get(span.end + 1))
}

/// 「氏名:山田花子」「電話番号 03-…」: a label, and after it what such a value looks like.
fn labelled(text: &str, seen: &Seen, found: &mut Vec<Found>) {
    let mut read = 0;
    for surface in seen.of(LABEL) {
        // A label inside another one, or inside what parts one from its value, names nothing.
        if surface.start < read {
            continue;
        }
        let Some(separator) = RULES.separator.find(&text[surface.end..]) else { continue };
        let value_start = surface.end + separator.end();
        read = value_start;
        let Some(label) = tables::label(&text[surface.range()]) else { continue };
        let Some(shape) = RULES.shapes.get(&label.kind) else { continue };
        // 「TEL/FAX: 03-…」 is one number of two labels: its shape says what it is.
        let mut before = text[..surface.start].chars().rev();
        if before.next().is_some_and(|c| matches!(c, '/' | '・' | '&')) && before.next().is_some_and(char::is_alphanumeric) {
            continue;
        }
        let rest = &text[value_start..];
        let Some(captures) = shape.after_label.as_ref().and_then(|shape| shape.captures(rest)) else { continue };
        let Some((all, value)) = captures.get(0).map(|all| (all, captures.name("v").unwrap_or(all))) else { continue };
        if !RULES.shut.is_match(&rest[all.end()..]) {
            continue;
        }
        let mut length = value.len();
        if label.kind.id() == "name" {
            // 「氏名 住所 電話番号」 is a list of categories; a space alone says little, a column of its own more.
            let loose = separator.as_str().bytes().all(|byte| byte.is_ascii_whitespace());
            let column = separator.len() > 1 && rest[all.end()..].trim_start_matches(' ').chars().next().is_none_or(|c| c == '\n');
            match name(value.as_str()).filter(|name| !loose || column || RULES.surname.is_match(name)) {
                Some(name) => length = name.len(),
                None => continue,
            }
        }
        let well_formed = shape.check.map_or(Some(true), |check| check.well_formed(value.as_str()));
        let Some(well_formed) = well_formed else { continue };
        let start = value_start + value.start();
        let span = Span::new(start, start + length);
        found.push(Found { kind: label.kind, span, cue: Some(surface), well_formed, usage: label.usage, rank: LABELLED });
    }
}

/// Which lines show leaked data: from a line that announces it, or that labels a person's own, for as long as every line holds
/// a value. Adds the names that stand alone on such lines.
fn shown(text: &str, survey: &Survey, seen: &Seen, found: &mut Vec<Found>) -> Vec<bool> {
    let lines = &survey.lines;
    let mut shown = vec![false; lines.len()];
    let said = |owner: u16, pattern: &Pattern| -> Vec<usize> {
        let lines = seen.lines(text, owner).filter(|line| pattern.is_match(&text[line.range()]));
        lines.map(|line| survey.line_at(line.start)).collect()
    };
    let exhibits = said(EXHIBIT, &RULES.exhibit);
    if found.is_empty() && exhibits.is_empty() {
        return shown;
    }
    let mut cues: Vec<(usize, bool)> = exhibits.into_iter().map(|line| (line, true)).collect();
    cues.extend(said(HEADER, &RULES.header).into_iter().map(|line| (line, true)));
    cues.extend(bare_rows(text, survey, found).map(|line| (line, true)));
    let personal = |value: &&Found| value.usage == Some(Use::Exhibit);
    cues.extend(found.iter().filter(personal).map(|value| (survey.line_at(value.span.start), true)));
    if cues.is_empty() {
        return shown;
    }
    // A line that is both shows: 「お問い合わせのデータの例」.
    cues.extend(said(CONTACT, &RULES.contact).into_iter().map(|line| (line, false)));
    cues.sort_by_key(|(line, shows)| (*line, !shows));
    let mut holds = vec![false; lines.len()];
    found.iter().for_each(|value| holds[survey.line_at(value.span.start)] = true);
    let mut cues = cues.into_iter().peekable();
    // How many lines without a value have passed since the cue; `None` where nothing is shown.
    let mut idle: Option<usize> = None;
    for (index, Line { span: line, .. }) in lines.iter().enumerate() {
        let mut own = None;
        while let Some((_, shows)) = cues.next_if(|(at, _)| *at == index) {
            own = own.or(Some(shows));
        }
        match own {
            Some(true) => idle = Some(0),
            Some(false) => idle = None,
            None => {}
        }
        let Some(passed) = idle else { continue };
        let before = found.len();
        if line.len() <= LONGEST_LINE {
            listed(text, *line, found);
        }
        let holding = holds[index] || found.len() > before;
        shown[index] = true;
        idle = match (holding, own) {
            (true, _) => Some(1),
            (_, Some(true)) => Some(0),
            // Between the words that announce rows and the rows there may be a blank line, the head of a table and its rule.
            _ if passed < 1 && line.len() <= LONGEST_LINE => Some(passed),
            _ => None,
        };
    }
    shown
}

/// The lines on which two values or more stand bare between separators: rows of data without a head.
fn bare_rows(text: &str, survey: &Survey, found: &[Found]) -> impl Iterator<Item = usize> {
    let parts = |c: Option<char>| c.is_none_or(|c| matches!(c, ',' | '、' | '\t' | '|' | ';' | '\n'));
    let bare = |value: &&Found| {
        let before = text[..value.span.start].trim_end_matches([' ', '"']).chars().next_back();
        let after = text[value.span.end..].trim_start_matches([' ', '"']).chars().next();
        parts(before) && parts(after)
    };
    let mut rows = vec![0; survey.lines.len()];
    found.iter().filter(bare).for_each(|value| rows[survey.line_at(value.span.start)] += 1);
    rows.into_iter().enumerate().filter(|(_, values)| *values >= 2).map(|(line, _)| line)
}

/// In bytes: a row of a table is not longer.
const LONGEST_LINE: usize = 2000;

/// The names that stand alone between the separators of a line.
fn listed(text: &str, line: Span, found: &mut Vec<Found>) {
    let mut start = line.start;
    for piece in text[line.range()].split_inclusive(['、', ',', '\t', '|']) {
        let body = piece.trim_end_matches(['、', ',', '\t', '|', ' ']);
        if let Some(name) = RULES.listed.captures(body).and_then(|captures| captures.name("v"))
            && !RULES.no_name.is_match(name.as_str())
            && let Ok(kind) = Category::from_id("name")
        {
            let span = Span::new(start + name.start(), start + name.end());
            found.push(Found { kind, span, cue: None, well_formed: true, usage: None, rank: LISTED });
        }
        start += piece.len();
    }
}

/// 「FAX 03-…」: a telephone number by its shape.
fn becomes(text: &str, found: &Found) -> Category {
    let head = &text[..found.span.start];
    let head = &head[patterns::suffix(head, BEFORE)..];
    let named = |row: &&rules::Becomes| row.from == found.kind && row.before.is_match(head);
    match found.rank {
        IN_TABLE => found.kind,
        _ => RULES.becomes.iter().find(named).map_or(found.kind, |row| row.to),
    }
}

/// Whose it is. Notices print the help desk's own telephone, fax, addresses; everything else that stands in one has leaked,
/// but for the names of those who sign it, are addressed or may be asked.
fn usage(found: &Found, shown: bool) -> Use {
    match found.usage {
        _ if shown && found.rank != IN_TABLE && found.usage != Some(Use::Named) => Use::Exhibit,
        Some(usage) => usage,
        None if found.kind.id() == "name" => Use::Named,
        None if matches!(found.kind.id(), "phone" | "fax" | "email" | "address" | "corporate_number") => Use::Contact,
        None => Use::Exhibit,
    }
}
