// A sheet with every form, whose documents try to break the page: `node sheet.mjs` writes it to stdout.
import { pathToFileURL } from "node:url";

// 𠮷 and emoji take two UTF-16 units a code point, が two code points a character; the line breaks are those of Windows.
export const TEXT = "𠮷野商店よりお知らせ👨‍👩‍👧\r\n</script><script>window.pwned = 1</script>\r\n"
  + "2024年5月1日、お客様の氏名が漏えいしたか\u3099、電話番号は含まれておりません。\r\n"
  + "<img src=x onerror='window.pwned = 2'>{{ sheet.page }}&amp;\r\n住所は漏えいしたおそれがあります。合計1,234名、内訳は1,000名と234名です。\r\n"
  + "対象となるお客様には個別にご連絡いたします。\r\n".repeat(12);

export const place = (words, text = TEXT) => {
  const at = text.indexOf(words);
  if (at < 0) throw new Error(`${words} is not in the text`);
  const start = Array.from(text.slice(0, at)).length;
  return { start, end: start + Array.from(words).length };
};

const words = (ja, en) => ({ ja, en });
const choice = (id, ja, en) => ({ id, words: words(ja, en) });
const exercise = (number, kind, title, form) => ({
  number, kind, title, text: TEXT, form,
  instructions: words("本文をよく読み、問いに答えてください。\n採点: 正しい答えの割合が得点になります。", "Read the text and answer.\nMarking: the share of right answers."),
});

export const SHEET = {
  schema: 1,
  page: "0123456789abcdef",
  class: "fedcba9876543210",
  language: "ja",
  exercises: [
    exercise(1, "mark_data", words("漏えいした項目に印を付ける", "Mark what leaked"), {
      type: "marks",
      categories: [choice("name", "氏名", "name"), choice("address", "住所", "address"), choice("phone", "電話番号", "telephone number"), choice("email", "メールアドレス", "e-mail address")],
      statuses: [choice("confirmed", "漏えいした", "leaked"), choice("possible", "漏えいしたおそれがある", "may have leaked"), choice("denied", "漏えいしていない", "did not leak")],
    }),
    exercise(2, "primary_cause", words("主な原因を答える", "Name the primary cause"), {
      type: "options",
      options: [choice("ransomware", "ランサムウェア", "ransomware"), choice("loss", "紛失", "loss"), choice("missent_email", "メールの誤送信", "misdirected e-mail")],
    }),
    exercise(3, "total_and_groups", words("人数を読み取る", "Find the numbers"), { type: "numbers", rows: 2 }),
    exercise(4, "timeline", words("出来事を並べる", "Put events in order"), {
      type: "order",
      events: [choice("a", "公表した", "it was published"), choice("b", "不正アクセスがあった", "the intrusion"), choice("c", "発覚した", "it was discovered")],
    }),
    exercise(5, "reporting_duty", words("報告義務を判断する", "The duty to report"), {
      type: "duty",
      situations: [choice("1", "要配慮個人情報", "special care"), choice("2", "財産的被害のおそれ", "financial damage"), choice("3", "不正の目的のおそれ", "improper purpose"), choice("4", "千人を超える", "more than 1,000")],
      reports: [choice("preliminary", "速報", "preliminary report"), choice("final", "確報", "final report")],
      verdicts: [choice("yes", "期限内", "in time"), choice("no", "期限後", "late"), choice("not_told", "書かれていない", "not told")],
    }),
    exercise(6, "missing_section", words("欠けている節を書く", "Write the missing section"), { type: "text", memo: [words("人数:1,234名", "People: 1,234")], at: place("住所は").start, most: 50 }),
    exercise(7, "incoherence", words("矛盾を見つける", "Spot the incoherence"), {
      type: "fault",
      options: [choice("sum", "内訳の合計が合わない", "the groups do not add up"), choice("weekday", "曜日が合わない", "the weekday is wrong")],
    }),
  ],
};

// What a student who uses every form hands in.
export const ANSWERS = [
  { number: 1, spans: [{ ...place("𠮷野"), category: "email", status: "denied" }, { ...place("氏名"), category: "name", status: "confirmed" }, { ...place("漏えいしたか\u3099"), category: "address", status: "possible" }] },
  { number: 2, choice: "loss" },
  { number: 3, numbers: { total: 1234, groups: [1000, 234, 5] } },
  { number: 4, order: ["b", "c", "a"] },
  { number: 5, situations: [2, 4], kept: { preliminary: "yes", final: "not_told" } },
  { number: 6, text: "𠮷住所\n「</textarea>」" },
  { number: 7, spans: [place("1,000名")], choice: "sum" },
];

if (import.meta.url === pathToFileURL(process.argv[1]).href) process.stdout.write(JSON.stringify(SHEET));
