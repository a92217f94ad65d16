//! `nfkc`: other forms of the same characters. NFKC turns all of them back.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use owabi_corpora::Record;
use owabi_corpora::edits::Edit;

use super::Change;
use crate::data;
use crate::draw::Draw;

/// Another form of each character, by class.
type Forms = BTreeMap<&'static str, BTreeMap<char, &'static str>>;

static FORMS: LazyLock<Forms> = LazyLock::new(|| {
    let mut forms = Forms::new();
    for row in data::rows(include_str!("../../data/perturb/width.tsv")) {
        let c = row[1].chars().next().unwrap_or_default();
        forms.entry(row[0]).or_default().insert(c, row[2]);
    }
    forms
});

/// What one document is written in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// ２０２４年, ＰＣ.
    Full,
    /// 2024年, ﾊﾟｽﾜｰﾄﾞ.
    Half,
    /// ⽇⽉⼈.
    Radical,
}

/// A document has one of the forms, or the radicals beside one: a PDF copy of a text in full-width digits. Where the text has
/// no character of the form that was drawn, the next one serves.
pub(super) fn change(record: &Record, draw: &mut Draw) -> Option<Change> {
    let mut order = [Form::Radical, Form::Full, Form::Half];
    order.rotate_left(*draw.weighted(&[0, 1, 2], |form| [4, 3, 3][*form]));
    let beside = draw.percent(20);
    let mut forms = order.iter().copied();
    let first = forms.by_ref().find_map(|form| Some(edits(&record.text, form, draw)).filter(|edits| !edits.is_empty()))?;
    let second = if beside && order[0] != Form::Radical { edits(&record.text, Form::Radical, draw) } else { Vec::new() };
    let mut all = [first, second].concat();
    all.sort_by_key(|edit| edit.span);
    all.dedup_by_key(|edit| edit.span);
    Change::of(all)
}

fn edits(text: &str, form: Form, draw: &mut Draw) -> Vec<Edit> {
    match form {
        Form::Full => full(text),
        Form::Half => {
            let points = draw.percent(25);
            replaced(text, |c| match c {
                '！'..='～' => char::from_u32(c as u32 - 0xfee0).map(String::from),
                _ => form_of("half", c).or_else(|| form_of("point", c).filter(|_| points)),
            })
        }
        // A font's table names a glyph once and for all: each character is a radical everywhere or nowhere.
        Form::Radical => {
            let spared = draw.some(&FORMS["radical"].keys().copied().collect::<Vec<char>>(), 15);
            replaced(text, |c| form_of("radical", c).filter(|_| spared.binary_search(&c).is_err()))
        }
    }
}

fn form_of(class: &str, c: char) -> Option<String> {
    FORMS.get(class)?.get(&c).map(|form| (*form).to_owned())
}

fn replaced(text: &str, form: impl Fn(char) -> Option<String>) -> Vec<Edit> {
    text.char_indices().filter_map(|(at, c)| Some(Edit::new(at..at + c.len_utf8(), form(c)?))).collect()
}

/// Addresses of mail and pages stay as they are: nobody types them in full width.
fn full(text: &str) -> Vec<Edit> {
    let mut edits = Vec::new();
    let mut at = 0;
    for run in text.split_inclusive(|c: char| !c.is_ascii_graphic()) {
        let word = run.trim_end_matches(|c: char| !c.is_ascii_graphic());
        let is_address = word.contains('@') || word.contains("//") || word.contains("www") || word.contains(['<', '|', '{', '\\']);
        if !is_address {
            let wide = |c: char| char::from_u32(c as u32 + 0xfee0).map(String::from);
            edits.extend(word.char_indices().filter_map(|(place, c)| Some(Edit::new(at + place..at + place + 1, wide(c)?))));
        }
        at += run.len();
    }
    edits
}
