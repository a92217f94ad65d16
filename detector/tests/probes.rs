//! How many single terms and sentences of `tests/probes/` are read for what they are: a wide net, where the passages weigh.

use owabi_corpora::Labels;
use owabi_detector::Detector;

/// What was reached when the probes came in, a little less, as a share of all lines.
const REACHED: [(&str, f64); 4] = [("terms", 0.88), ("deeds", 0.86), ("status", 0.84), ("days", 0.66)];

#[test]
fn probes_are_read_as_often_as_they_were() {
    let detector = Detector::builtin();
    for (kind, reached) in REACHED {
        let path = format!("{}/tests/probes/{kind}.tsv", env!("CARGO_MANIFEST_DIR"));
        let table = std::fs::read_to_string(path).unwrap();
        let mut right = [0, 0];
        let mut all = [0, 0];
        for (number, row) in table.lines().enumerate() {
            let cells: Vec<&str> = row.split('\t').collect();
            if cells[0] == "other" {
                continue;
            }
            all[number % 2] += 1;
            right[number % 2] += usize::from(is_read(&detector, kind, &cells));
        }
        let share = |at: usize| right[at] as f64 / all[at] as f64;
        println!("{kind}: {:.3} of those read, {:.3} of those unread ({} lines)", share(0), share(1), all[1]);
        let share = (right[0] + right[1]) as f64 / (all[0] + all[1]) as f64;
        assert!(share >= reached, "{kind}: {share:.3}, {reached} was reached");
    }
}

/// Whether the answer to a line is what its first cell says.
fn is_read(detector: &Detector, kind: &str, cells: &[&str]) -> bool {
    let (label, last) = (cells[0], *cells.last().unwrap());
    let read = |text: String| detector.detect(&text);
    // `none` wants no answer at all.
    let only = |found: Vec<String>| if label == "none" { found.is_empty() } else { found == [label] };
    match kind {
        "terms" => {
            let head = "不正アクセスによるお客様情報の漏えいについて\n\n弊社のサーバーが不正アクセスを受け、次の情報が漏えいしました。";
            let labels = read(format!("{head}\n・{last}\n"));
            let found = |id: &str| labels.data.iter().flatten().any(|item| item.category.id() == id);
            label.split('+').filter(|id| *id != "other").all(found)
        }
        "deeds" => {
            let labels = read(format!("個人情報の取り扱いに関するお詫び\n\n{last}\n"));
            let causes = labels.causes.iter().flatten();
            if label == "none" { causes.count() == 0 } else { causes.into_iter().any(|item| item.primary && item.cause.id() == label) }
        }
        "status" => {
            let labels = read(format!("個人情報に関するお詫びとお知らせ\n\n{last}\n"));
            let datum = [("氏名", "name"), ("口座番号", "bank_account"), ("メールアドレス", "email")];
            let datum = datum.into_iter().find(|(word, _)| last.contains(word)).unwrap().1;
            let items = labels.data.into_iter().flatten().filter(|item| item.category.id() == datum);
            only(items.map(|item| item.status.to_string()).collect())
        }
        _ => {
            let labels = read(format!("個人情報の漏えいについて\n2024年11月20日\n株式会社かなで山\n\n{last}\n"));
            only(on_the_day(&labels))
        }
    }
}

/// The roles of the one day of which the lines of `days.tsv` speak.
fn on_the_day(labels: &Labels) -> Vec<String> {
    let days = labels.dates.iter().flatten().filter(|item| (item.date.month, item.date.day) == (Some(10), Some(14)));
    days.map(|item| item.role.to_string()).collect()
}
