//! What a text says as a whole overrules a statement read wrongly, and only that.

use owabi_corpora::Labels;
use owabi_corpora::vocabulary::{Exposure, Genre, Status};
use owabi_detector::Detector;

fn main_cause(labels: &Labels) -> Option<&'static str> {
    labels.causes.iter().flatten().find(|label| label.primary).map(|label| label.cause.id())
}

/// Statuses of the categories that are said to have leaked or that they may have.
fn statuses(labels: &Labels) -> Vec<Status> {
    labels.data.iter().flatten().map(|item| item.status).filter(|&status| status != Status::Denied).collect()
}

/// What was open to all for days; who looked is not known, and nobody says 「可能性」.
const OPEN: &str = "令和5年6月14日
保護者の皆様へ
みなと台市立汐見小学校長

学校ホームページへの名簿の掲載について

本校のホームページに、学年だよりと取り違えて児童の名簿を掲載しておりました。
6月9日に保護者の方からお知らせをいただき、その日のうちに削除いたしました。掲載していたのは6月5日から9日までで、この間にページが何度か開かれておりますが、名簿を開いた方がいらしたかどうかは、記録からは分かりません。
名簿には、4年生62名の氏名、住所、電話番号が書かれておりました。
担当の教員が、似た名前のファイルを選び違えたことが原因です。今後は、掲載の前に二人で中身を確かめます。
ご心配をおかけしておりますことを、お詫び申し上げます。
";

/// Who got it opened it: certain, whatever is feared for the time to come.
const OPENED: &str = "2022年9月2日
会員各位
一般財団法人みなと音楽振興会

案内メールの送り先の誤りについて

8月30日、秋の講習会のご案内をお送りする際に、申込者の一覧を添えたまま、会員の皆様256名にお送りいたしました。
お受け取りになった方から直ちにご指摘をいただき、おわびと消去のお願いをお送りしましたが、少なくとも31名の方が一覧をご覧になっております。
一覧には、申込者48名のお名前、電話番号、メールアドレスがございました。
今後、このお名前とメールアドレスに宛てて、身に覚えのない案内が届くおそれもございます。お心当たりのないメールは開かずにお捨てくださいますようお願いいたします。
添えるファイルを取り違えたことによるものです。送る前に別の者が確かめる決まりといたしました。
";

#[test]
fn a_whole_document_is_read_by_all_that_it_says() {
    let detector = Detector::builtin();
    let open = detector.detect(OPEN);
    assert_eq!(main_cause(&open), Some("unintended_publication"));
    assert_eq!(open.genre, Some(Genre::Notice));
    let opened = detector.detect(OPENED);
    assert_eq!(opened.exposure, Some(Exposure::Confirmed));
    assert_eq!(main_cause(&opened), Some("missent_email"));
    assert_eq!(statuses(&opened), [Status::Confirmed; 3]);
}

/// Told as a fact in one place, and all else tells of what is feared.
const FEARED: &str = "2023年11月20日
お取引先各位
潮見梱包資材株式会社

不正アクセスによる情報漏えいの可能性に関するお知らせ

このたび、当社のファイルサーバーが第三者による不正アクセスを受け、保存していたお取引先様の個人情報が外部に漏えいした可能性があることが判明いたしました。
11月6日に異常な通信を検知し、ただちに当該サーバーをネットワークから切り離しました。外部の専門機関による調査を進めておりますが、現時点で情報が持ち出されたかどうかの特定には至っておりません。
漏えいした可能性のある情報は、ご担当者様の氏名、会社名、メールアドレスです。サーバーに保存されていたご担当者様の電話番号が漏えいしました。
今後、新たな事実が判明しましたら、あらためてお知らせいたします。
";

#[test]
fn data_and_exposure_agree() {
    let detector = Detector::builtin();
    for (text, exposure, status) in [(OPENED, Exposure::Confirmed, Status::Confirmed), (FEARED, Exposure::Possible, Status::Possible)] {
        let labels = detector.detect(text);
        assert_eq!(labels.exposure, Some(exposure));
        assert_eq!(statuses(&labels).into_iter().max(), Some(status), "{text}");
    }
}

#[test]
fn where_nothing_got_out_no_data_leaked() {
    let detector = Detector::builtin();
    let mut read = 0;
    for notice in owabi_corpora::handwritten::load(owabi_corpora::handwritten::FOLDER.as_ref()).unwrap_or_else(|error| panic!("{error}")) {
        let labels = detector.detect(&notice.text);
        let personal = |label: &&owabi_corpora::record::DataLabel| label.category.is_personal();
        let strongest = labels.data.iter().flatten().filter(personal).map(|label| label.status).max();
        if matches!(labels.exposure, Some(Exposure::None | Exposure::Unknown)) {
            assert!(strongest.is_none_or(|status| status == Status::Denied), "{}", notice.id);
            read += 1;
        }
    }
    assert!(read > 10, "{read}");
}

#[test]
fn what_is_said_over_and_over_is_no_louder() {
    let detector = Detector::builtin();
    let long = FEARED.to_owned() + &"氏名のご変更は、窓口0570へお申し出ください。\n".repeat(300);
    let labels = detector.detect(&long);
    assert_eq!(labels.exposure, Some(Exposure::Possible));
    assert_eq!(statuses(&labels).into_iter().max(), Some(Status::Possible));
}

#[test]
fn a_day_of_many_lines_gains_no_roles_by_their_number() {
    let detector = Detector::builtin();
    let days = |lines: usize| {
        let log = "2023年11月2日 5時05分 定期処理を終えました。\n".repeat(lines);
        let labels = detector.detect(&(FEARED.to_owned() + &log));
        labels.dates.iter().flatten().filter(|label| label.date.to_string() == "2023-11-02").map(|label| label.role).collect::<Vec<_>>()
    };
    assert_eq!(days(3), []);
    assert_eq!(days(300), []);
}

#[test]
fn a_title_that_says_so_is_believed() {
    let detector = Detector::builtin();
    let later = OPENED.replace("案内メールの送り先の誤りについて", "【続報】案内メールの送り先の誤りについて");
    assert_eq!(detector.detect(&later).genre, Some(Genre::Followup));
    assert_eq!(detector.detect(OPENED).genre, Some(Genre::Notice));
}

#[test]
fn words_of_the_users_own_outweigh_practice() {
    let lexicon = "みなと音楽振興会事件\tcause:insider_snooping\n";
    let detector = Detector::builder().lexicon("mine.tsv", lexicon).build().unwrap_or_else(|error| panic!("{error}"));
    let text = OPENED.replace("案内メールの送り先の誤りについて", "みなと音楽振興会事件について");
    let labels = detector.detect(&text);
    assert_eq!(main_cause(&labels), Some("insider_snooping"));
    assert_eq!(main_cause(&Detector::builtin().detect(&text)), Some("missent_email"));
}

#[test]
fn data_of_the_users_own_are_told_whatever_the_rest_sounds_like() {
    let lexicon = "みなと台帳番号\tcustomer_id\n";
    let detector = Detector::builder().lexicon("mine.tsv", lexicon).build().unwrap_or_else(|error| panic!("{error}"));
    let of_user = |text: &str| {
        let labels = detector.detect(text);
        labels.data.iter().flatten().find(|item| item.category.id() == "customer_id").map(|item| item.status)
    };
    assert_eq!(of_user(&(FEARED.to_owned() + "みなと台帳番号が漏えいしました。\n")), Some(Status::Confirmed));
    assert_eq!(of_user(&(FEARED.to_owned() + "みなと台帳番号は別に保管しております。\n")), None, "practice knows nothing of it");
}
