//! Reports are the same for the same results, and others' words are words in them. What a browser makes of the page is tested in `browser/`.

mod common;

use common::marked;
use owabi_harness::results::Run;
use owabi_harness::{Loss, LossKind, Results, Sample, Scorer, Settings, report};

const HOSTILE: &str = "<script>alert(1)</script>|`\u{202e}\n# x";

fn run(turned: bool) -> (Results, Sample) {
    let mut scorer = Scorer::new(Settings { resamples: 20, ..Settings::default() });
    let mut sample = Sample::default();
    let predicted = marked("<script>⟦氏名|name:possible⟧と⟦電話|phone:confirmed⟧");
    let lost = Loss::new(LossKind::Crash, HOSTILE);
    let mut golds = Vec::new();
    for place in 0..20 {
        let mut gold = marked("<script>⟦氏名|name:denied⟧と電話⟦紛失|cause:loss!⟧");
        gold.id = format!("{HOSTILE} {place}");
        scorer.add(&gold, if place == 7 { Err(&lost) } else { Ok((&predicted.labels).into()) });
        golds.push(gold);
    }
    if turned {
        golds.reverse();
    }
    for gold in &golds {
        let answer = if gold.id.ends_with(" 7") { Err(&lost) } else { Ok((&predicted.labels).into()) };
        sample.add(&gold.text, &Settings::default().errors(gold, answer));
    }
    let results = Results { run: Run { detector: HOSTILE.to_owned(), ..Run::default() }, ..scorer.finish() };
    (results, sample)
}

#[test]
fn the_same_run_makes_the_same_bytes_in_any_order() {
    let ((results, sample), (_, turned)) = (run(false), run(true));
    assert_eq!(report::html(&results, &sample), report::html(&results, &turned));
}

#[test]
fn a_page_shows_others_words_and_asks_nobody() {
    let (results, sample) = run(false);
    let page = report::html(&results, &sample);
    assert_eq!(page.matches("<script>").count(), 1, "the page's own");
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;|`⟨U+202E⟩⟨U+000A⟩# x 7"));
    assert!(page.contains("<mark class=\"gold predicted\"><bdi>氏名</bdi></mark>"));
    for unwanted in ["http:", "https:", "src=", "@import", "url(http", " style=", "\u{202e}", "⟨U+202E⟩⟨U+202E⟩"] {
        assert!(!page.contains(unwanted), "{unwanted}");
    }
}

#[test]
fn markdown_keeps_its_tables() {
    let (results, _) = run(false);
    let text = report::markdown(&results);
    assert!(text.starts_with("# Detector &lt;script>alert(1)&lt;/script>\\|\\`⟨U+202E⟩"), "{text}");
    assert!(text.contains("`<script>alert(1)</script>\\|'⟨U+202E⟩⟨U+000A⟩# x 7`"));
    let bars = |line: &str| line.replace("\\|", "").matches('|').count();
    for table in text.split("\n\n").filter(|part| part.starts_with("| ")) {
        let rows: Vec<usize> = table.lines().filter(|line| line.starts_with("| ")).map(bars).collect();
        assert!(rows.len() > 2 && rows.iter().all(|bars| *bars == rows[0]), "{table}");
    }
}

#[test]
fn a_run_without_anything_has_a_page_too() {
    let results = Scorer::new(Settings::default()).finish();
    assert!(report::html(&results, &Sample::default()).contains("None."));
    assert!(report::markdown(&results).starts_with("# Detector (not named) on 0 labelled documents"));
}
