//! From a text to the duty to report: the detector says who holds the data, `corpora` what the law says of it.

use owabi_corpora::record::Reportability;
use owabi_detector::Detector;

fn of(text: &str) -> Reportability {
    Detector::builtin().detect(text).reportability.unwrap()
}

fn duties(found: &Reportability) -> String {
    let duty = |duty: &owabi_corpora::record::Duty| {
        format!("{}/{} {:?} open {:?}", duty.law, duty.article.as_deref().unwrap_or("-"), duty.situations, duty.undecided)
    };
    found.duties.iter().map(duty).collect::<Vec<_>>().join(", ")
}

/// Ransomware at a company, 4,583 people, reported on day 3: items 3 and 4 of 施行規則第7条.
#[test]
fn a_company_that_reports_in_time() {
    let found = of("2024年7月10日\n株式会社みなと商会\n\n不正アクセスによる個人情報漏えいのおそれに関するお知らせ\n\n\
        2024年6月3日、当社のサーバーがランサムウェアに感染していることが判明しました。\
        お客様4,583名の氏名、住所が漏えいしたおそれがあります。\
        当社は2024年6月5日に個人情報保護委員会へ速報を提出しております。");
    assert_eq!(found.required, Some(true), "{found:?}");
    assert_eq!(duties(&found), "appi/26 [3, 4] open []");
    let preliminary = found.preliminary.unwrap();
    assert_eq!((preliminary.due.unwrap().to_string(), preliminary.kept), ("2024-06-07".to_owned(), Some(true)));
    assert_eq!(found.final_report.unwrap().due.unwrap().to_string(), "2024-08-01");
}

/// A town that sent letters of 120 people to others: more than 100 (施行規則第43条), 30 days.
#[test]
fn a_town_has_the_lower_threshold() {
    let text = "令和6年6月10日\n鵯沢町\n\n納税通知書の誤送付について(お詫び)\n\n令和6年6月3日、通知書120名分を別の方に誤って送付したことが判明しました。\
        氏名、住所が漏えいしました。";
    let found = of(text);
    assert_eq!(duties(&found), "appi/68 [4] open []", "{found:?}");
    assert_eq!(found.final_report.unwrap().due.unwrap().to_string(), "2024-07-02");
    let found = of(&text.replace("鵯沢町", "株式会社みなと商会"));
    assert_eq!((found.required, duties(&found)), (Some(false), "appi/26 [] open []".to_owned()));
}

#[test]
fn before_2022_04_there_was_no_duty() {
    let found = of("株式会社みなと商会\n\n2021年6月3日、サーバーへの不正アクセスが判明しました。お客様5,000名の氏名が流出しました。");
    assert_eq!((found.reason.id(), found.required), ("before_duty", Some(false)));
}

#[test]
fn a_state_agency_is_under_another_law() {
    let found =
        of("ミドリ州ライセンス局 (Department of Permits) からのお知らせ\n\n2024年1月24日、システムへの不正アクセスが判明しました。\
        お客様の氏名、社会保障番号が流出した可能性があります。");
    assert_eq!((found.reason.id(), found.required), ("other_jurisdiction", Some(false)), "{found:?}");
    // Its tax office is translated by the name of Japan's.
    let found = of("国税庁からのお知らせ\n\nDepartment of Permitsのシステムへの不正アクセスが2024年1月24日に判明しました。\
        お客様の氏名、社会保障番号が流出した可能性があります。");
    assert_eq!(found.reason.id(), "other_jurisdiction", "{found:?}");
}

#[test]
fn what_did_not_leak_need_not_be_reported() {
    let found = of("2024年6月3日\n株式会社みなと商会\n\nDDoS攻撃によりサイトを停止しました。個人情報の流出は確認されておりません。");
    assert_eq!(found.required, Some(false), "{found:?}");
    assert_eq!(of("当社はお客様の氏名を厳重に管理しています。").reason.id(), "no_incident");
}
