//! A student's page: one file of HTML that needs nothing beside itself and asks nobody.
//!
//! The page holds the [`Sheet`] as it is and its own words in both languages; its script shows the one and speaks the other. What stands in a
//! document is data: it reaches the page as JSON in which nothing can end the element around it, and the page's policy lets run nothing but the
//! page's own style and script, which it names by their hashes. The files are in `data/page/`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use sha2::{Digest, Sha256};
use tera::{Context, Tera};

use crate::exercise::{Sheet, Words};

const STYLE: &str = include_str!("../data/page/style.css");
/// In the order in which they are read; together one script, whose names stay inside.
const SCRIPTS: [&str; 5] = [
    include_str!("../data/page/words.js"),
    include_str!("../data/page/text.js"),
    include_str!("../data/page/marks.js"),
    include_str!("../data/page/forms.js"),
    include_str!("../data/page/page.js"),
];
const WORDS: &str = include_str!("../data/page/words.toml");
/// What the heads of all pages hold; it asks for `tab`, `policy` and `style`.
pub(crate) const HEAD: (&str, &str) = ("head.html", include_str!("../data/head.html"));
const TEMPLATES: [(&str, &str); 3] =
    [("page.html", include_str!("../data/page/page.html")), ("word.html", include_str!("../data/page/word.html")), HEAD];

/// What all pages share.
static FRAME: LazyLock<Frame> = LazyLock::new(Frame::new);

/// One whole HTML page. The same sheet makes the same bytes.
///
/// # Panics
/// Never, unless a file in `data/page` is broken; a test renders a page.
pub fn page(sheet: &Sheet) -> String {
    let frame = &*FRAME;
    let mut context = Context::new();
    context.insert("sheet", &Head { page: &sheet.page, language: sheet.language.id() });
    context.insert("words", &frame.words);
    context.insert("words_json", &inside_script(&frame.words));
    context.insert("sheet_json", &inside_script(sheet));
    context.insert("style", STYLE);
    context.insert("script", &frame.script);
    context.insert("policy", &frame.policy);
    context.insert("made_with", concat!("owabi ", env!("CARGO_PKG_VERSION")));
    frame.tera.render("page.html", &context).unwrap_or_else(|error| panic!("classroom/data/page: {error}"))
}

struct Frame {
    tera: Tera,
    words: BTreeMap<String, Words>,
    script: String,
    policy: String,
}

impl Frame {
    fn new() -> Frame {
        let mut tera = Tera::default();
        tera.add_raw_templates(TEMPLATES).unwrap_or_else(|error| panic!("classroom/data/page: {error}"));
        let words = toml::from_str(WORDS).unwrap_or_else(|error| panic!("classroom/data/page/words.toml: {error}"));
        let script = format!("(() => {{\n\"use strict\";\n{}}})();\n", SCRIPTS.join("\n"));
        let policy = policy(&[STYLE], &[&script]);
        Frame { tera, words, script, policy }
    }
}

/// What the page's frame needs of its sheet.
#[derive(Serialize)]
struct Head<'a> {
    page: &'a str,
    language: &'static str,
}

/// What a page may do: be styled by its own styles, moved by its own scripts, and nothing else.
pub(crate) fn policy(styles: &[&str], scripts: &[&str]) -> String {
    let hashes = |texts: &[&str]| match texts {
        [] => "'none'".to_owned(),
        texts => texts.iter().map(|text| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)))).collect::<Vec<_>>().join(" "),
    };
    format!(
        "default-src 'none'; style-src {}; script-src {}; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
        hashes(styles),
        hashes(scripts)
    )
}

/// JSON that can stand in a script element: no `<`, so nothing ends the element or opens a comment in it.
fn inside_script(value: &impl Serialize) -> String {
    // Plain structs of strings and numbers are always JSON.
    serde_json::to_string(value).unwrap_or_default().replace('<', "\\u003c")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exercise::{Exercise, ExerciseType, Form, Language, SCHEMA};

    fn sheet(text: &str) -> Sheet {
        let words = |ja: &str, en: &str| Words { ja: ja.to_owned(), en: en.to_owned() };
        Sheet {
            schema: SCHEMA,
            page: "0123456789abcdef".to_owned(),
            class: "fedcba9876543210".to_owned(),
            language: Language::Ja,
            exercises: vec![Exercise {
                number: 1,
                kind: ExerciseType::MissingSection,
                title: words("欠けている節を書く", "Write the missing section"),
                instructions: words("書いてください。", "Write it."),
                text: text.to_owned(),
                form: Form::Text { memo: vec![], at: 0, most: 400 },
            }],
        }
    }

    #[test]
    fn a_document_cannot_leave_its_place() {
        let text = "</script><script>alert(1)</script><!-- {{ sheet.page }} 𠮷\r\n";
        let html = page(&sheet(text));
        // The two elements of data, and the script.
        assert_eq!(html.matches("<script").count(), 3);
        assert_eq!(html.matches("</script").count(), 3);
        assert!(!html.contains("<!-- {{"));
        let json = html.split("id=\"sheet\">").nth(1).unwrap().split("</script>").next().unwrap();
        assert_eq!(serde_json::from_str::<Sheet>(json).unwrap(), sheet(text));
    }

    #[test]
    fn a_page_names_no_address_and_no_file() {
        let html = page(&sheet("本文"));
        for outside in ["http:", "https:", "src=", "<link", "url(", "import(", "fetch(", "XMLHttpRequest", "innerHTML"] {
            assert!(!html.contains(outside), "{outside}");
        }
    }

    #[test]
    fn every_word_that_is_asked_for_is_there_in_both_languages() {
        let known = &FRAME.words;
        let template = TEMPLATES[0].1;
        let script = SCRIPTS.join("\n");
        let asked = |pattern: &str, file| -> Vec<&str> {
            let pattern = regex::Regex::new(pattern).unwrap();
            pattern.captures_iter(file).map(|found| found.get(1).unwrap().as_str()).collect()
        };
        for key in asked(r"words\.(\w+)", template).into_iter().chain(asked(r#"(?:own|tell)\("(\w+)""#, &script)) {
            assert!(known.contains_key(key), "{key} is not in words.toml");
        }
        for (key, words) in known {
            assert!(!words.ja.is_empty() && !words.en.is_empty(), "{key}");
            assert!(script.contains(&format!("\"{key}\"")) || template.contains(&format!("words.{key}")), "nobody says {key}");
        }
    }
}
