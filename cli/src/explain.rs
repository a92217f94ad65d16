//! Why each finding is what it is: the words that decided it, one line a finding.

use owabi_corpora::vocabulary::{Exposure, Status};
use owabi_corpora::{Category, Labels, Mention};

use crate::pretty::harmless;

/// What is shown of one finding: 「denied: 含まれておりません → 口座番号 (bank_account, line 12)」.
struct Line<'a> {
    what: String,
    cue: Option<&'a str>,
    details: String,
    spans: Vec<&'a Mention>,
}

/// The findings in the order of their first places; nothing of a text without any.
pub(crate) fn explain(text: &str, labels: &Labels) -> String {
    let mut lines = Vec::new();
    macro_rules! add {
        ($items:expr, |$item:ident| $what:expr, $details:expr) => {
            for $item in $items.iter().flatten() {
                lines.push(Line { what: $what, cue: $item.cue.as_deref(), details: $details, spans: $item.spans.iter().collect() });
            }
        };
    }
    add!(labels.causes, |item| "cause".to_owned(), format!("{}{}", item.cause, if item.primary { ", primary" } else { "" }));
    add!(labels.counts, |item| "count".to_owned(), {
        format!("{} {} {}{}", item.bound, item.value, item.unit, if item.total { ", total" } else { "" })
    });
    add!(labels.dates, |item| item.role.to_string(), item.date.to_string());
    add!(labels.parties, |item| item.role.to_string(), String::new());
    add!(labels.values, |item| format!("value, {}", item.usage), item.kind.to_string());
    add!(labels.distractors, |item| item.why.to_string(), item.category.to_string());
    for item in labels.data.iter().flatten() {
        // The cue is that of the strongest mentions; weaker ones stand on a line of their own.
        for status in [Status::Confirmed, Status::Possible, Status::Denied] {
            let spans: Vec<&Mention> = item.spans.iter().filter(|mention| mention.status.unwrap_or(item.status) == status).collect();
            let cue = item.cue.as_deref().filter(|_| status == item.status);
            if !spans.is_empty() {
                lines.push(Line { what: status.to_string(), cue, details: item.category.to_string(), spans });
            }
        }
    }
    lines.retain(|line| !line.spans.is_empty());
    lines.sort_by_key(|line| line.spans.iter().map(|mention| (mention.start, mention.end)).min());
    let mut out = exposure(labels);
    for line in &lines {
        out += &shown(text, line);
    }
    if out.is_empty() { out } else { out + "\n" }
}

fn shown(text: &str, line: &Line<'_>) -> String {
    let surface = line.spans.first().and_then(|mention| text.get(mention.span().range())).unwrap_or_default();
    let mut places: Vec<usize> =
        line.spans.iter().filter_map(|mention| text.get(..mention.start)).map(|head| head.matches('\n').count() + 1).collect();
    places.dedup();
    let places: Vec<String> = places.iter().map(usize::to_string).collect();
    let places = format!("{} {}", if places.len() == 1 { "line" } else { "lines" }, places.join(", "));
    let details = [line.details.as_str(), &places].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
    // What speaks for itself needs no words beside it.
    let cue = line.cue.filter(|cue| *cue != surface).map(|cue| format!("{cue} → ")).unwrap_or_default();
    format!("{}\n", harmless(&format!("{}: {cue}{surface} ({details})", line.what)).replace('\n', "␊"))
}

/// The exposure is that of the strongest statement about personal data.
fn exposure(labels: &Labels) -> String {
    let status = match labels.exposure {
        Some(Exposure::Confirmed) => Status::Confirmed,
        Some(Exposure::Possible) => Status::Possible,
        Some(Exposure::None) => Status::Denied,
        _ => return String::new(),
    };
    let personal = labels.data.iter().flatten().filter(|item| item.status == status && Category::is_personal(item.category));
    match personal.clone().find_map(|item| Some((item.category, item.cue.as_deref()?))) {
        Some((category, cue)) => format!("exposure {}: {} → {category}\n", labels.exposure.map_or("", Exposure::id), harmless(cue)),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use owabi_corpora::markup;

    #[test]
    fn findings_are_told_in_order_and_on_one_line_each() {
        let (text, mut labels) =
            markup::parse("⟦紛失|cause:loss!⟧\n⟦氏名|name:possible⟧\n⟦氏\n名|name:denied⟧⟦10名|count:10:person:total⟧").unwrap();
        labels.exposure = Some(Exposure::Possible);
        labels.data.as_mut().unwrap()[0].cue = Some("おそれ\u{1b}".to_owned());
        let expected = "exposure possible: おそれ␛ → name\ncause: 紛失 (loss, primary, line 1)\npossible: おそれ␛ → 氏名 (name, line 2)\n\
            denied: 氏␊名 (name, line 3)\ncount: 10名 (exact 10 person, total, line 4)\n\n";
        assert_eq!(explain(&text, &labels), expected);
        assert_eq!(explain("", &Labels::default()), "");
    }
}
