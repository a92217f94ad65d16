// Makes small corpora that try to break the page: `node hostile.mjs FOLDER` writes gold and answers.
import { writeFileSync } from "node:fs";
import { join } from "node:path";

// What a page must show as it is. No string may be a part of another one.
export const HOSTILE = [
  "<script>window.pwned = 1</script>",
  "</style></p></article><b onmouseover=alert(2)>bold</b>",
  "<img src=x onerror=\"window.pwned = 3\">",
  "javascript:window.pwned=4",
  "--><!-- ]]> {{ page.head }} {% raw %} &lt;i&gt; &amp;amp;",
  "'\"><svg/onload=window.pwned=5>",
];
// What a browser would swallow, or turn the line around by; the page tells each by its number.
export const UNSEEN = ["\u0000", "\u0007", "\u2028", "\u202e", "\u2066", "\u200b", "\ufeff"];

const span = (text, words) => {
  const start = Array.from(text.slice(0, text.indexOf(words))).length;
  return { start, end: start + Array.from(words).length };
};
const lines = (records) => records.map((record) => JSON.stringify(record) + "\n").join("");
const provenance = (kind) => ({
  revision: 1, seed: 1, index: 0, kind, skeleton: "x", profile: "x", difficulty: 1, split: "train", value_mode: "reserved",
});
const labels = (text, status, party) => ({
  genre: "notice",
  exposure: "confirmed",
  data: [{ category: "name", status, spans: [span(text, "氏名")], cue: HOSTILE[5] }],
  parties: [{ role: "breached", name: party, spans: [] }],
});

const folder = process.argv[2];
if (folder) {
  const gold = [], answers = [];
  HOSTILE.forEach((words, place) => {
    const text = `${words}𠮷野家の氏名${words}が${UNSEEN.join("／")}漏えい\n${words}`;
    const id = `${words} ${place}`;
    gold.push({ schema: 1, id, text, labels: labels(text, "denied", words), provenance: provenance(`${words}\n`) });
    answers.push({ id, labels: { ...labels(text, "confirmed", `${words}\u202e`), genre: "news" } });
  });
  // Marks that overlap: the gold has 氏名と住, the prediction 名と住所.
  const text = "会員の氏名と住所が漏えいした。";
  gold.push({ schema: 1, id: "overlap", text, labels: { data: [{ category: "name", status: "denied", spans: [span(text, "氏名と住")] }] } });
  answers.push({ id: "overlap", labels: { data: [{ category: "name", status: "confirmed", spans: [span(text, "名と住所")] }] } });
  writeFileSync(join(folder, "hostile.jsonl"), lines(gold));
  writeFileSync(join(folder, "hostile-answers.jsonl"), lines(answers));

  // Ten million bytes in one line, with one error near the beginning and another one near the end.
  const long = `氏名が漏えいした。${"あ".repeat(3_400_000)}住所は含まれない。おわり`;
  const item = (category, status, words) => ({ category, status, spans: [span(long, words)] });
  const data = [item("name", "confirmed", "氏名"), item("address", "denied", "住所")];
  writeFileSync(join(folder, "long.jsonl"), lines([{ schema: 1, id: "long", text: long, labels: { data } }]));
  writeFileSync(join(folder, "long-answers.jsonl"), lines([{ id: "long", labels: { data: [item("address", "possible", "住所")] } }]));

  // Next to nothing: one document that says nothing and of which nothing is said.
  writeFileSync(join(folder, "empty.jsonl"), lines([{ schema: 1, id: "empty", text: "", labels: {} }]));
  writeFileSync(join(folder, "empty-answers.jsonl"), lines([{ id: "empty", labels: {} }]));

  // A document that was not answered.
  writeFileSync(join(folder, "lost.jsonl"), lines([gold[0], { ...gold[6], id: "answered" }]));
  writeFileSync(join(folder, "lost-answers.jsonl"), lines([{ ...answers[6], id: "answered" }]));
}
