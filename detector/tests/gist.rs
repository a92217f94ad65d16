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

/// Nobody says 「可能性」 of a list that was open to all for days; what is told is who could have looked.
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

#[test]
fn where_data_may_have_leaked_none_is_known_to_have() {
    let detector = Detector::builtin();
    for text in [OPEN, OPENED] {
        for end in (0..text.len()).filter(|&end| text.is_char_boundary(end)).step_by(40) {
            let labels = detector.detect(&text[..end]);
            let told = statuses(&labels);
            if text[..end].chars().count() >= 260 && labels.exposure == Some(Exposure::Possible) {
                assert!(!told.contains(&Status::Confirmed), "{}", &text[..end]);
            }
            if text[..end].chars().count() >= 260 && labels.exposure == Some(Exposure::None) {
                assert_eq!(told, [], "{}", &text[..end]);
            }
        }
    }
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
