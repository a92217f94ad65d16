//! A text with its findings marked, for people.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write;

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use owabi_corpora::record::{Deadline, Duty, Reportability, Segment};
use owabi_corpora::reportability::article_name;
use owabi_corpora::vocabulary::{Bound, DateRole, Exposure, PartyRole, ReportReason, Status};
use owabi_corpora::{Labels, Mention, PartialDate};
use owabi_harness::report::number;

/// Marks look like ［氏名 name:possible］: wide brackets do not occur around single words in notices, and they can be read
/// without colours.
const OPEN: char = '［';
const CLOSE: char = '］';

/// Whether stdout takes colours: a terminal does, unless `NO_COLOR` is set.
pub(crate) fn colours() -> bool {
    AutoStream::choice(&std::io::stdout()) != ColorChoice::Never
}

pub(crate) struct Pretty {
    colours: bool,
}

/// What a finding is, for its colour.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    Data(Status),
    Value,
    Cause,
    Count,
    Date,
    Party,
    Distractor,
}

impl Class {
    fn style(self) -> Style {
        let colour = match self {
            Class::Data(Status::Confirmed) => AnsiColor::Red,
            Class::Data(Status::Possible) => AnsiColor::Yellow,
            Class::Data(Status::Denied) => AnsiColor::Green,
            Class::Value => AnsiColor::BrightRed,
            Class::Cause => AnsiColor::Magenta,
            Class::Count => AnsiColor::Cyan,
            Class::Date => AnsiColor::Blue,
            Class::Party => AnsiColor::BrightBlue,
            Class::Distractor => AnsiColor::BrightBlack,
        };
        let style = Style::new().fg_color(Some(colour.into()));
        if self == Class::Distractor { style } else { style.bold() }
    }

    const LEGEND: [(Class, &'static str); 9] = [
        (Class::Data(Status::Confirmed), "confirmed"),
        (Class::Data(Status::Possible), "possible"),
        (Class::Data(Status::Denied), "denied"),
        (Class::Value, "value"),
        (Class::Cause, "cause"),
        (Class::Count, "count"),
        (Class::Date, "date"),
        (Class::Party, "party"),
        (Class::Distractor, "mentioned only"),
    ];
}

/// The findings of one place.
struct Mark {
    start: usize,
    end: usize,
    class: Class,
    names: Vec<String>,
}

impl Pretty {
    pub(crate) fn new(colours: bool) -> Pretty {
        Pretty { colours }
    }

    /// What the marks and colours mean.
    pub(crate) fn legend(&self) -> String {
        let names = match self.colours {
            true => Class::LEGEND.map(|(class, name)| self.paint(class.style(), name)).join(" · "),
            false => "! the primary cause, @2 the second group of people".to_owned(),
        };
        format!("marks: {OPEN}text what-it-is{CLOSE}  {names}\n\n")
    }

    /// The summary and the text with its marks; on a page of several documents each of them under a line of its own.
    pub(crate) fn show(&self, id: &str, text: &str, labels: &Labels, segments: Option<&[Segment]>) -> String {
        let mut out = String::with_capacity(text.len() * 2);
        let bold = Style::new().bold();
        let _ = writeln!(out, "{}", self.paint(bold, &summary(id, labels)));
        if let Some(found) = labels.reportability.as_ref().filter(|found| found.reason != ReportReason::NoIncident) {
            let _ = writeln!(out, "{}", duty(found));
        }
        out.push('\n');
        match segments {
            None => self.mark(text, 0, labels, &mut out),
            Some(segments) => {
                for (index, segment) in segments.iter().enumerate() {
                    let line = summary(&format!("── {} of {}", index + 1, segments.len()), &segment.labels);
                    let _ = writeln!(out, "{}", self.paint(bold, &line));
                    self.mark(&text[..segment.end], segment.start, &segment.labels, &mut out);
                    if !out.ends_with('\n') {
                        out.push('\n');
                    }
                }
            }
        }
        if !out.ends_with('\n') {
            out.push('\n');
        }
        out.push('\n');
        out
    }

    /// Writes the text from `start` on with every mark opened before its first and closed after its last character.
    fn mark(&self, text: &str, start: usize, labels: &Labels, out: &mut String) {
        let mut marks = marks(text, labels);
        marks.retain(|mark| mark.start >= start);
        let mut closing: Vec<&Mark> = Vec::new();
        let mut done = start;
        let mut rest = marks.iter().peekable();
        loop {
            let end = closing.iter().map(|mark| mark.end).min();
            let start = rest.peek().map(|mark| mark.start);
            // At one place marks close before others open.
            let (at, closes) = match (end, start) {
                (Some(end), Some(start)) if end <= start => (end, true),
                (_, Some(start)) => (start, false),
                (Some(end), None) => (end, true),
                (None, None) => break,
            };
            let style = closing.last().map_or(Style::new(), |mark| mark.class.style());
            out.push_str(&self.paint(style, &harmless(&text[done..at])));
            done = at;
            if closes {
                let Some(index) = closing.iter().rposition(|mark| mark.end == at) else { break };
                let mark = closing.remove(index);
                let names = format!(" {}{CLOSE}", mark.names.join(" "));
                out.push_str(&self.paint(mark.class.style().dimmed(), &names));
            } else if let Some(mark) = rest.next() {
                out.push_str(&self.paint(mark.class.style().dimmed(), &OPEN.to_string()));
                closing.push(mark);
            }
        }
        out.push_str(&harmless(&text[done..]));
    }

    fn paint(&self, style: Style, text: &str) -> String {
        if !self.colours || text.is_empty() || style == Style::new() {
            return text.to_owned();
        }
        // Line by line, so that a pager that cuts lines keeps the colours apart.
        let lines: Vec<String> = text.split('\n').map(|line| format!("{}{line}{}", style.render(), style.render_reset())).collect();
        lines.join("\n")
    }
}

/// The places that hold findings, outer ones first. Findings at one place share a mark.
fn marks(text: &str, labels: &Labels) -> Vec<Mark> {
    let mut found: Vec<(&Mention, Class, String)> = Vec::new();
    let group = |group: Option<u32>| group.map(|group| format!("@{group}")).unwrap_or_default();
    macro_rules! add {
        ($items:expr, |$item:ident, $mention:ident| $class:expr, $name:expr) => {
            for $item in $items.iter().flatten() {
                for $mention in &$item.spans {
                    found.push(($mention, $class, $name));
                }
            }
        };
    }
    add!(labels.data, |item, mention| Class::Data(mention.status.unwrap_or(item.status)), {
        format!("{}:{}{}", item.category, mention.status.unwrap_or(item.status), group(mention.group))
    });
    add!(labels.values, |item, mention| Class::Value, format!("value:{}:{}", item.kind, item.usage));
    add!(labels.causes, |item, mention| Class::Cause, format!("cause:{}{}", item.cause, if item.primary { "!" } else { "" }));
    add!(labels.counts, |item, mention| Class::Count, {
        let bound = if item.bound == Bound::Exact { String::new() } else { format!(":{}", item.bound) };
        format!(
            "count:{}:{}{bound}{}{}",
            item.value,
            item.unit,
            if item.total { ":total" } else { "" },
            group(mention.group.or(item.group))
        )
    });
    add!(labels.dates, |item, mention| Class::Date, {
        format!("{}:{}{}", item.role, item.date, item.time.map(|time| format!("T{time}")).unwrap_or_default())
    });
    add!(labels.parties, |item, mention| Class::Party, item.role.to_string());
    add!(labels.distractors, |item, mention| Class::Distractor, format!("{}:{}", item.category, item.why));

    let fits = |mention: &Mention| mention.start < mention.end && text.get(mention.span().range()).is_some();
    let mut places = Places::new();
    for (mention, class, name) in found.into_iter().filter(|(mention, ..)| fits(mention)) {
        add_place(&mut places, mention.start, mention.end, class, vec![name]);
    }
    let mut marks: Vec<Mark> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    while let Some(((start, Reverse(end)), (class, names))) = places.pop_first() {
        open.retain(|&outer| outer > start);
        match open.last() {
            // Brackets that cross would show places that are none: what reaches out of another mark is shown in two parts.
            Some(&outer) if outer < end => {
                let part = |name: &dyn Fn(&String) -> String| names.iter().map(name).collect();
                add_place(&mut places, start, outer, class, part(&|name| format!("{name}…")));
                add_place(&mut places, outer, end, class, part(&|name| format!("…{name}")));
            }
            _ => {
                open.push(end);
                marks.push(Mark { start, end, class, names });
            }
        }
    }
    marks
}

/// By start and end, outer ones first: what stands there.
type Places = BTreeMap<(usize, Reverse<usize>), (Class, Vec<String>)>;

fn add_place(places: &mut Places, start: usize, end: usize, class: Class, names: Vec<String>) {
    let (strongest, known) = places.entry((start, Reverse(end))).or_insert((class, Vec::new()));
    *strongest = (*strongest).min(class);
    for name in names {
        if !known.contains(&name) {
            known.push(name);
        }
    }
}

/// `jiken: notice · exposure possible · cause web_skimming · 12 categories (11 possible, 1 denied) · total 65,520 persons · …`
pub(crate) fn summary(id: &str, labels: &Labels) -> String {
    let mut parts = vec![labels.genre.map_or("genre not told".to_owned(), |genre| genre.to_string())];
    match labels.exposure {
        Some(Exposure::NotApplicable) => parts.push("no incident".to_owned()),
        Some(exposure) => parts.push(format!("exposure {exposure}")),
        None => {}
    }
    if let Some(cause) = labels.primary_cause() {
        let others = labels.causes.iter().flatten().filter(|item| !item.primary).map(|item| item.cause.id());
        parts.push(format!("cause {}", std::iter::once(cause.id()).chain(others).collect::<Vec<_>>().join(" + ")));
    }
    if labels.via_vendor == Some(true) {
        parts.push("via a vendor".to_owned());
    }
    let data = labels.data.as_deref().unwrap_or_default();
    if !data.is_empty() {
        let of = |status| (data.iter().filter(|item| item.status == status).count(), status);
        let counts = [Status::Confirmed, Status::Possible, Status::Denied].map(of);
        let counts: Vec<String> = counts.iter().filter(|(n, _)| *n > 0).map(|(n, status)| format!("{n} {status}")).collect();
        parts.push(format!("{} ({})", plural(data.len() as u64, "category", "categories"), counts.join(", ")));
    }
    if let Some(total) = labels.total() {
        let unit = total.unit.id();
        parts.push(format!("total {}", plural(total.value, unit, &format!("{unit}s"))));
    }
    let date = |role| labels.dates.iter().flatten().find(|item| item.role == role).map(|item| item.date);
    for role in [DateRole::Discovered, DateRole::Published] {
        if let Some(date) = date(role) {
            parts.push(format!("{role} {date}"));
        }
    }
    let breached = labels.parties.iter().flatten().filter(|item| item.role == PartyRole::Breached).count();
    if breached > 1 {
        parts.push(format!("{breached} organisations"));
    }
    harmless(&format!("{id}: {}", parts.join(" · ")))
}

/// `duty to report: yes (situations 3, 4; 個人情報保護法第26条, rules as of 2024-06-03): preliminary due 2024-06-07, reported …`
fn duty(found: &Reportability) -> String {
    let answer = match found.required {
        Some(true) => "yes",
        Some(false) => "no",
        None => "not told",
    };
    let mut why: Vec<String> = found.duties.iter().map(situations).collect();
    match found.reason {
        ReportReason::Situation | ReportReason::NoSituation | ReportReason::Undecided if !why.is_empty() => {}
        ReportReason::Undecided => why.push("whether personal data leaked is not told".to_owned()),
        ReportReason::Undated => why.push("no day is told by which to choose the rules".to_owned()),
        ReportReason::NothingLeaked => why.push("nothing leaked".to_owned()),
        ReportReason::NoPersonalData => why.push("no personal data leaked".to_owned()),
        ReportReason::BeforeDuty => why.push("no statutory duty yet".to_owned()),
        ReportReason::OtherJurisdiction => why.push("not applicable: under another country's law".to_owned()),
        reason => why.push(reason.to_string()),
    }
    if let Some(as_of) = found.as_of.filter(|_| !found.duties.is_empty() || found.reason == ReportReason::BeforeDuty) {
        why.push(format!("rules as of {as_of}"));
    }
    let reports = [("preliminary", found.preliminary), ("final", found.final_report)];
    let reports: Vec<String> = reports.iter().filter_map(|(name, deadline)| Some(format!("{name} {}", told((*deadline)?)))).collect();
    let colon = if reports.is_empty() { "" } else { ": " };
    format!("duty to report: {answer} ({}){colon}{}", why.join(", "), reports.join("; "))
}

/// `situations 3, 4, open 1; 個人情報保護法第26条`
fn situations(duty: &Duty) -> String {
    let list = |numbers: &[u8]| numbers.iter().map(u8::to_string).collect::<Vec<_>>().join(", ");
    let met = match duty.situations.len() {
        0 => "no situation".to_owned(),
        1 => format!("situation {}", list(&duty.situations)),
        _ => format!("situations {}", list(&duty.situations)),
    };
    let open = if duty.undecided.is_empty() { String::new() } else { format!(", open {}", list(&duty.undecided)) };
    format!("{met}{open}; {}", article_name(duty).unwrap_or(duty.law.id()))
}

fn told(deadline: Deadline) -> String {
    let day = |date: PartialDate| date.to_string();
    let due = deadline.due.map_or("due day not told".to_owned(), |due| format!("due {}", day(due)));
    let reported = deadline.reported.map_or("report not told".to_owned(), |reported| format!("reported {}", day(reported)));
    let kept = match deadline.kept {
        Some(true) => ", kept",
        Some(false) => ", late",
        None => "",
    };
    format!("{due}, {reported}{kept}")
}

fn plural(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", number(count), if count == 1 { one } else { many })
}

/// A text may hold control characters that a terminal would obey: they are shown as pictures (␛) instead.
pub(crate) fn harmless(text: &str) -> String {
    let picture = |c: char| match c {
        '\n' | '\t' => c,
        '\r' => '\0',
        '\u{0}'..='\u{1f}' => char::from_u32(0x2400 + c as u32).unwrap_or(char::REPLACEMENT_CHARACTER),
        '\u{7f}' => '␡',
        // C1 controls, and marks that turn the direction of the text around.
        '\u{80}'..='\u{9f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => char::REPLACEMENT_CHARACTER,
        _ => c,
    };
    text.chars().map(picture).filter(|c| *c != '\0').collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use owabi_corpora::markup;

    const MARKED: &str = "⟦⟦氏名|name:possible⟧と⟦口座|bank_account:denied@2 bank_account:denied⟧|cause:loss!⟧、⟦約65,520名|count:65520:person:about:total@1⟧、⟦2月1日|date:discovered:2024-02-01T09:30⟧";

    #[test]
    fn marks_nest_and_can_be_read_without_colours() {
        let (text, labels) = markup::parse(MARKED).unwrap();
        let shown = Pretty::new(false).show("a", &text, &labels, None);
        let (head, body) = shown.split_once("\n\n").unwrap();
        assert_eq!(
            head,
            "a: genre not told · cause loss · 2 categories (1 possible, 1 denied) · total 65,520 persons · discovered 2024-02-01"
        );
        assert_eq!(
            body,
            "［［氏名 name:possible］と［口座 bank_account:denied@2 bank_account:denied］ cause:loss!］、［約65,520名 count:65520:person:about:total@1］、［2月1日 discovered:2024-02-01T09:30］\n\n"
        );
    }

    #[test]
    fn crossing_marks_and_hostile_texts_are_shown() {
        let (_, mut labels) = markup::parse("⟦ab|name:possible⟧⟦cd|phone:denied⟧").unwrap();
        labels.data.as_mut().unwrap()[0].spans[0].end = 3;
        let shown = Pretty::new(false).show("a", "abcd\u{1b}[2J\r\n", &labels, None);
        assert!(shown.contains("［ab［c phone:denied…］ name:possible］［d …phone:denied］␛[2J\n"), "{shown}");
        labels.data.as_mut().unwrap()[0].spans[0].end = 99;
        assert!(Pretty::new(false).show("a", "abcd", &labels, None).contains("ab［cd phone:denied］"));
    }

    #[test]
    fn documents_of_a_page_stand_under_lines_of_their_own() {
        let parts = ["⟦氏名|name:possible⟧です。\n", "⟦口座|bank_account:denied⟧です。"].map(|part| markup::parse(part).unwrap());
        let mut start = 0;
        let segment = |(text, labels): &(String, Labels)| {
            start += text.len();
            Segment::at(start - text.len(), text.len(), labels.clone())
        };
        let segments: Vec<Segment> = parts.iter().map(segment).collect();
        let text = parts.map(|(text, _)| text).concat();
        let page = owabi_corpora::Page::of(segments);
        let shown = Pretty::new(false).show("a", &text, &page.labels, page.segments.as_deref());
        assert_eq!(
            shown.split_once("\n\n").unwrap().1,
            "── 1 of 2: genre not told · 1 category (1 possible)\n［氏名 name:possible］です。\n── 2 of 2: genre not told · 1 category (1 denied)\n［口座 bank_account:denied］です。\n\n"
        );
    }

    #[test]
    fn the_duty_to_report_is_one_line() {
        use owabi_corpora::reportability::{Holder, assess};
        use owabi_corpora::vocabulary::{Jurisdiction, Sector};
        let holder = Holder { sector: Some(Sector::Private), jurisdiction: Jurisdiction::Japan };
        for (marked, line) in [
            (
                "⟦x|name:possible⟧⟦x|cause:ransomware!⟧⟦x|count:4583:person:total⟧⟦x|date:discovered:2024-06-03⟧⟦x|date:reported_regulator:2024-06-05⟧",
                "duty to report: yes (situations 3, 4; 個人情報保護法第26条, rules as of 2024-06-03): preliminary due 2024-06-07, reported 2024-06-05, kept; final due 2024-08-01, report not told",
            ),
            (
                "⟦x|name:possible⟧⟦x|cause:loss!⟧⟦x|date:discovered:2024-06⟧",
                "duty to report: not told (no situation, open 4; 個人情報保護法第26条, rules as of 2024-06)",
            ),
            ("⟦x|name:denied⟧⟦x|date:discovered:2024-06⟧", "duty to report: no (nothing leaked)"),
            ("⟦x|name:possible⟧⟦x|date:discovered:2021⟧", "duty to report: no (no statutory duty yet, rules as of 2021)"),
        ] {
            let labels = markup::parse(marked).unwrap().1;
            assert_eq!(duty(&assess(&labels, holder)), line);
        }
    }

    #[test]
    fn colours_begin_and_end_on_one_line() {
        let (text, labels) = markup::parse("⟦氏\n名|name:confirmed⟧").unwrap();
        let shown = Pretty::new(true).show("a", &text, &labels, None);
        assert!(shown.contains("\u{1b}[1m\u{1b}[31m氏\u{1b}[0m\n\u{1b}[1m\u{1b}[31m名\u{1b}[0m"), "{shown:?}");
    }
}
