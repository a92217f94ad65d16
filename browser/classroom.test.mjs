// A student's page in a real browser. SHEETS names the folder in which `run` has made one from `sheet.mjs`, and a class by `owabi classroom new`.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { launch, openFile, runsNothingElse } from "./chromium.mjs";
import { ANSWERS, SHEET, TEXT, place } from "./sheet.mjs";

const PHONE = { viewport: { width: 375, height: 812 }, isMobile: true, hasTouch: true };
const sheet = join(process.env.SHEETS, "sheet.html");
const folder = join(process.env.SHEETS, "class");
let browser;

before(async () => { browser = await launch(); });
after(() => browser?.close());

const open = (options, file = sheet) => openFile(browser, file, options);

const turnTo = (page, number) => page.locator(`.exercises button[data-number="${number}"]`).click();
const section = (page, number) => page.locator(`section.exercise[data-number="${number}"]`);

/** What the page saves: the file's name and its text. */
const save = async (page) => {
  const [download] = await Promise.all([page.waitForEvent("download"), page.locator("#save").click()]);
  return { name: download.suggestedFilename(), path: await download.path(), text: readFileSync(await download.path(), "utf8") };
};
const load = (page, text, name = "answers.json") =>
  page.locator("#load").setInputFiles({ name, mimeType: "application/json", buffer: Buffer.from(text) });
const told = (page) => page.locator(".message .word[lang=ja]").textContent();
const file = (exercises) => JSON.stringify({ schema: 1, page: SHEET.page, class: SHEET.class, saved_with: "a test", exercises });

/** The boxes of words on the screen, one a line. They are the first such words, or those at `at`, which counts UTF-16 units. */
const boxes = (page, number, words, from = null) => section(page, number).locator(".text").evaluate((element, [words, from]) => {
  const at = from ?? element.textContent.indexOf(words);
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  let before = 0;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const [start, end] = [at - before, at + words.length - before];
    if (0 <= start && start < node.length) range.setStart(node, start);
    if (0 < end && end <= node.length) range.setEnd(node, end);
    before += node.length;
  }
  const { top, bottom } = range.getBoundingClientRect();
  if (top < 120 || bottom > innerHeight - 260) scrollBy({ top: top - 200, behavior: "instant" });
  return Array.from(range.getClientRects(), ({ x, y, width, height }) => ({ x, y, width, height }));
}, [words, from]);

/** Selects words by dragging the pointer over them. */
const drag = async (page, number, words, from = null) => {
  const rects = await boxes(page, number, words, from);
  const [first, last] = [rects[0], rects.at(-1)];
  await page.mouse.move(first.x + 1, first.y + first.height / 2);
  await page.mouse.down();
  await page.mouse.move(last.x + last.width / 2, last.y + last.height / 2);
  await page.mouse.move(last.x + last.width - 1, last.y + last.height / 2);
  await page.mouse.up();
  await page.waitForFunction((words) => document.querySelector("#bar:not([hidden]) [data-part=chosen]")?.textContent === words, words);
};

const mark = async (page, category, status) => {
  await page.locator("#bar select").selectOption(category);
  await page.locator(`#bar input[value=${status}]`).check();
  await page.locator("#bar [data-part=mark]").click();
};

for (const [how, options] of [["light", {}], ["dark", { colorScheme: "dark" }], ["on a phone", PHONE]]) {
  test(`${how}: every exercise opens, is no wider than the screen, and its words keep their contrast`, async () => {
    const { page, close } = await open(options);
    for (const { number } of SHEET.exercises) {
      await turnTo(page, number);
      assert.equal(await page.locator("section.exercise:visible").count(), 1);
      assert.equal(await section(page, number).locator(".text").evaluate((text) => Array.from(text.childNodes, (node) => node.className === "gap" ? "" : node.textContent).join("")), TEXT);
      const [wide, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
      assert.ok(wide <= screen, `${wide} pixels on a screen of ${screen}`);
    }
    await load(page, file(ANSWERS));
    await turnTo(page, 1);
    await section(page, 1).locator(".marks .quote").first().click();
    const contrasts = await page.evaluate(() => {
      const light = (colour) => {
        const [r, g, b] = colour.match(/[\d.]+/g).map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const ground = (element) => {
        const colour = getComputedStyle(element).backgroundColor;
        return /, 0\)$/.test(colour) ? ground(element.parentElement) : colour;
      };
      const all = ["h1", ".lead", ".how", ".message", "#save", "#load + label", ".exercises button", ".text", "mark.confirmed", "mark.possible", "mark.denied", ".marks .told", ".status.confirmed", ".status.possible", ".status.denied", "#bar .chosen", "#bar [data-part=mark]", "#bar [data-part=delete]"];
      return all.map((words) => {
        const element = document.querySelector(words);
        const [a, b] = [light(getComputedStyle(element).color), light(ground(element))];
        return [words, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)];
      });
    });
    // WCAG 2.2, level AA.
    for (const [words, contrast] of contrasts) assert.ok(contrast >= 4.5, `${words}: ${contrast}`);
    // Large enough for a finger.
    for (const button of await page.locator("#bar button:visible, #bar label:visible, .tools button:visible").all()) assert.ok((await button.boundingBox()).height >= 43);
    await close();
  });
}

test("words are marked by dragging, and the file counts code points", async () => {
  const { page, close } = await open();
  await drag(page, 1, "𠮷野");
  assert.equal(await page.locator("#bar [data-part=chosen]").textContent(), "𠮷野");
  await mark(page, "email", "denied");
  await drag(page, 1, "氏名");
  await mark(page, "name", "confirmed");
  // Ends with a letter of two code points; the drag takes the line break and the next line's first letters with it, or not at all.
  await drag(page, 1, "漏えいしたか\u3099");
  await mark(page, "address", "possible");
  const { name, text } = await save(page);
  assert.equal(name, "0123456789abcdef.json");
  assert.deepEqual(JSON.parse(text).exercises, [ANSWERS[0]]);
  assert.match(JSON.parse(text).saved_with, /^owabi \d/);
  assert.deepEqual(await section(page, 1).locator(".text mark").evaluateAll((all) => all.map((each) => [each.className, each.textContent, each.dataset.label])), [
    ["denied first", "𠮷野", "1"], ["confirmed first", "氏名", "2"], ["possible first", "漏えいしたか\u3099", "3"],
  ]);
  await close();
});

test("a selection over a line break counts the whole line break, and blanks at its ends do not belong to it", async () => {
  const { page, close } = await open();
  await drag(page, 1, "おりません。\r\n<img");
  await mark(page, "phone", "denied");
  await page.evaluate(() => {
    const text = document.querySelector(".text");
    // From the middle of 👨‍👩‍👧 over the line break to the next line's beginning.
    const node = text.firstChild;
    const at = node.textContent.indexOf("👨");
    document.getSelection().setBaseAndExtent(node, at + 1, node, node.textContent.indexOf("</script>"));
  });
  await page.locator("#bar").waitFor({ state: "visible" });
  assert.equal(await page.locator("#bar [data-part=chosen]").textContent(), "👨‍👩‍👧");
  await mark(page, "name", "possible");
  const { text } = await save(page);
  assert.deepEqual(JSON.parse(text).exercises[0].spans, [
    { ...place("👨‍👩‍👧"), category: "name", status: "possible" },
    { ...place("おりません。\r\n<img"), category: "phone", status: "denied" },
  ]);
  await close();
});

test("on a phone: a tap takes a word, its ends are moved by taps, a mark is changed and removed", async () => {
  const { page, close } = await open(PHONE);
  const [box] = await boxes(page, 1, "氏名");
  await page.touchscreen.tap(box.x + box.width / 2, box.y + box.height / 2);
  const chosen = page.locator("#bar [data-part=chosen]");
  await chosen.waitFor({ state: "visible" });
  assert.equal(await chosen.textContent(), "氏名");
  const bar = await page.locator("#bar").boundingBox();
  const [now] = await boxes(page, 1, "氏名");
  assert.ok(now.y + now.height < bar.y, "the bar lies upon the chosen words");
  await page.locator("#bar [data-edge=start][data-by='-1']").tap();
  assert.equal(await chosen.textContent(), "の氏名");
  await page.locator("#bar [data-edge=end][data-by='1']").tap();
  await page.locator("#bar [data-edge=end][data-by='-1']").tap();
  await page.locator("#bar [data-edge=start][data-by='1']").tap();
  assert.equal(await chosen.textContent(), "氏名");
  // Nothing is marked before it is said what it is.
  await page.locator("#bar [data-part=mark]").tap();
  assert.equal(await section(page, 1).locator("mark").count(), 0);
  await mark(page, "name", "confirmed");
  await section(page, 1).locator("mark").tap();
  assert.equal(await page.locator("#bar select").inputValue(), "name");
  assert.ok(await page.locator("#bar input[value=confirmed]").isChecked());
  await mark(page, "email", "possible");
  assert.deepEqual(JSON.parse((await save(page)).text).exercises[0].spans, [{ ...place("氏名"), category: "email", status: "possible" }]);
  await section(page, 1).locator(".marks .delete").tap();
  assert.equal(await section(page, 1).locator("mark").count(), 0);
  assert.deepEqual(JSON.parse((await save(page)).text).exercises, []);
  await close();
});

test("by keyboard alone: words are chosen, marked, and the focus comes back to the text", async () => {
  const { page, close } = await open();
  await section(page, 1).locator(".text").focus();
  const chosen = page.locator("#bar [data-part=chosen]");
  for (let steps = 0; steps < 200 && !(await chosen.textContent()).startsWith("電話"); steps += 1) await page.keyboard.press("ArrowRight");
  // Another version of the browser may part the words otherwise.
  if ((await chosen.textContent()) === "電話") for (let more = 0; more < 2; more += 1) await page.keyboard.press("Shift+ArrowRight");
  assert.equal(await chosen.textContent(), "電話番号");
  await page.keyboard.press("Shift+ArrowRight");
  assert.equal(await chosen.textContent(), "電話番号は");
  await page.keyboard.press("Shift+ArrowLeft");
  await page.keyboard.press("Enter");
  for (let down = 0; down < 3; down += 1) await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  await page.keyboard.press("Enter");
  assert.ok(await section(page, 1).locator(".text").evaluate((text) => text === document.activeElement));
  assert.deepEqual(JSON.parse((await save(page)).text).exercises[0].spans, [{ ...place("電話番号"), category: "phone", status: "confirmed" }]);
  await page.keyboard.press("Tab");
  await close();
});

test("every form is filled in, saved, loaded on another device, and saved again: the same bytes", async () => {
  const { page, close } = await open();
  for (const { category, status, ...span } of ANSWERS[0].spans) {
    await drag(page, 1, Array.from(TEXT).slice(span.start, span.end).join(""));
    await mark(page, category, status);
  }
  await turnTo(page, 2);
  await section(page, 2).getByText("紛失").click();
  await turnTo(page, 3);
  const field = (at) => section(page, 3).locator("input").nth(at);
  await field(0).fill("1,234名");
  await field(1).fill("１０００");
  await field(2).fill("234");
  await section(page, 3).getByText("欄を増やす").click();
  await page.keyboard.type("5");
  await turnTo(page, 4);
  // From a, b, c to b, c, a; by keyboard, the focus stays with the event.
  await section(page, 4).locator("li[data-event=a] button").last().focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  assert.deepEqual(await section(page, 4).locator("li").evaluateAll((all) => all.map((each) => each.dataset.event)), ["b", "c", "a"]);
  await turnTo(page, 5);
  await section(page, 5).getByText("どれにも当てはまらない").click();
  await section(page, 5).getByText("財産的被害のおそれ").click();
  await section(page, 5).getByText("千人を超える").click();
  assert.ok(!await section(page, 5).locator("input[type=checkbox]").last().isChecked());
  await section(page, 5).locator("fieldset", { hasText: "速報" }).getByText("期限内").click();
  await section(page, 5).locator("fieldset", { hasText: "確報" }).getByText("書かれていない").click();
  await turnTo(page, 6);
  await section(page, 6).locator("textarea").fill(ANSWERS[5].text);
  await turnTo(page, 7);
  await drag(page, 7, "1,000名");
  assert.ok(!await page.locator("#bar select").isVisible());
  await page.locator("#bar [data-part=mark]").click();
  await section(page, 7).getByText("内訳の合計が合わない").click();
  const { text } = await save(page);
  assert.deepEqual(JSON.parse(text).exercises, ANSWERS);
  assert.match(await told(page), /7 問中 7 問/);
  assert.equal(await page.locator(".exercises [data-answered=true]").count(), 7);
  await close();

  const { page: other, close: done } = await open(PHONE);
  assert.equal(await other.locator(".exercises [data-answered=true]").count(), 0);
  await load(other, `\ufeff${text}`, "mine.json");
  await other.waitForFunction(() => document.querySelectorAll(".exercises [data-answered=true]").length === 7);
  assert.match(await told(other), /mine\.json を読み込みました/);
  assert.deepEqual(await section(other, 1).locator(".text mark").allTextContents(), ["𠮷野", "氏名", "漏えいしたか\u3099"]);
  assert.equal(await section(other, 3).locator("input").nth(3).inputValue(), "5");
  assert.equal((await save(other)).text, text);
  await done();
});

test("answers outlive the page in this browser, until somebody starts over", async () => {
  const { page, close } = await open();
  await turnTo(page, 2);
  await section(page, 2).getByText("紛失").click();
  assert.match(await told(page), /控えました/);
  await page.reload();
  assert.match(await told(page), /控えてあった/);
  assert.deepEqual(JSON.parse((await save(page)).text).exercises, [ANSWERS[1]]);
  await page.locator("#clear").click();
  await page.getByText("やめる").click();
  assert.equal(await page.locator(".exercises [data-answered=true]").count(), 1);
  await page.locator("#clear").click();
  await page.getByText("すべて消す").click();
  await page.waitForFunction(() => document.querySelectorAll(".exercises [data-answered=true]").length === 0);
  await page.reload();
  assert.deepEqual(JSON.parse((await save(page)).text).exercises, []);
  await close();
});

test("files that are not this sheet's answers are refused with a reason, and what was there stays", async () => {
  const { page, close } = await open();
  await load(page, file(ANSWERS));
  await page.waitForFunction(() => document.querySelectorAll(".exercises [data-answered=true]").length === 7);
  const { text } = await save(page);
  const altered = (number, change) => file(ANSWERS.map((answer) => (answer.number === number ? { ...answer, ...change } : answer)));
  const refused = [
    ["", /答案のファイルではありません/],
    ["PK\u0003\u0004", /答案のファイルではありません/],
    ["null", /表示できません/],
    ["[]", /表示できません/],
    [JSON.stringify({ ...JSON.parse(text), page: "0000000000000000" }), /別の用紙/],
    [JSON.stringify({ ...JSON.parse(text), class: "0000000000000000" }), /別の用紙/],
    [JSON.stringify({ ...JSON.parse(text), schema: 2 }), /別の版/],
    [file([{ number: 9, choice: "loss" }]), /表示できません/],
    [file([null]), /表示できません/],
    [altered(1, { spans: [{ start: 0, end: 99_999, category: "name", status: "confirmed" }] }), /表示できません/],
    [altered(1, { spans: [{ start: 5, end: 5, category: "name", status: "confirmed" }] }), /表示できません/],
    [altered(1, { spans: [{ start: 0.5, end: 2, category: "name", status: "confirmed" }] }), /表示できません/],
    [altered(1, { spans: [{ start: 0, end: 2, category: "constructor", status: "confirmed" }] }), /表示できません/],
    [altered(1, { spans: [null] }), /表示できません/],
    [altered(2, { choice: "<b>" }), /表示できません/],
    [altered(3, { numbers: { total: "1", groups: [] } }), /表示できません/],
    [altered(4, { order: ["a", "a", "b"] }), /表示できません/],
    [altered(5, { situations: [7] }), /表示できません/],
    [altered(5, { kept: { preliminary: "maybe" } }), /表示できません/],
    [altered(6, { text: "長".repeat(51) }), /表示できません/],
  ];
  for (const [content, reason] of refused) {
    await load(page, content, "<img src=x onerror=alert(1)>.json");
    await page.waitForFunction((reason) => new RegExp(reason).test(document.querySelector(".message").textContent), reason.source);
    assert.ok(await page.locator(".message.wrong").isVisible(), content.slice(0, 80));
    assert.equal(await page.locator(".exercises [data-answered=true]").count(), 7);
  }
  assert.equal((await save(page)).text, text);
  await close();
});

test("both languages: one is shown, and the documents stay Japanese", async () => {
  const { page, close } = await open();
  const visible = () => page.locator(".word:visible").evaluateAll((all) => [...new Set(all.map((each) => each.lang))]);
  assert.deepEqual(await visible(), ["ja"]);
  await page.locator("#language").click();
  assert.deepEqual(await visible(), ["en"]);
  assert.equal(await page.locator("html").getAttribute("lang"), "en");
  await drag(page, 1, "氏名");
  assert.deepEqual(await page.locator("#bar option").allTextContents(), ["Choose what it is", "name", "address", "telephone number", "e-mail address"]);
  assert.equal(await page.locator("#bar [data-part=mark]").textContent(), "Mark");
  await page.keyboard.press("Escape");
  assert.equal(await section(page, 1).locator(".text").getAttribute("lang"), "ja");
  await page.locator("#language").click();
  assert.deepEqual(await visible(), ["ja"]);
  await close();
});

test("paper gets every exercise with room to write, and no controls", async () => {
  const { page, close } = await open();
  // What A4 leaves between the margins, in CSS pixels.
  await page.setViewportSize({ width: 680, height: 1000 });
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.locator("section.exercise:visible").count(), 7);
  for (const controls of [".tools", ".exercises", ".message", "#bar", ".order button", "footer"]) assert.equal(await page.locator(controls).filter({ visible: true }).count(), 0, controls);
  assert.ok(await page.locator("section[data-number='1'] .written").isVisible());
  assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 680);
  const pdf = await page.pdf({ preferCSSPageSize: true });
  const sizes = new Set(pdf.toString("latin1").match(/\/MediaBox \[[^\]]+\]/g));
  assert.deepEqual([...sizes].map((box) => box.match(/[\d.]+/g).map((points) => Math.round(points))), [[0, 0, 595, 842]]);
  await close();
});

test("the policy lets nothing run that does not belong to the page", async () => runsNothingElse(await open()));

// What somebody answers who has the key.
const perfect = ({ number, form, expected, record }) => ({
  data: () => ({ number, spans: record.labels.data.filter(({ category }) => category !== "other").map(({ category, status, spans: [{ start, end }] }) => ({ start, end, category, status })) }),
  cause: () => ({ number, choice: expected.cause }),
  numbers: () => ({ number, numbers: { total: expected.total, groups: expected.groups } }),
  order: () => ({ number, order: expected.days.flat() }),
  duty: () => ({ number, situations: expected.situations, kept: { preliminary: expected.preliminary, final: expected.final_report } }),
  section: () => ({ number, text: expected.removed.slice(0, form.most) }),
  fault: () => ({ number, spans: [expected.places[0]], choice: expected.choice }),
}[expected.type]());

test("a class that owabi made: answered in the browser, graded, and read again", async () => {
  const pages = readdirSync(join(folder, "students")).map((name) => name.replace(".html", ""));
  assert.equal(pages.length, 2);
  mkdirSync(join(folder, "answers"), { recursive: true });
  for (const id of pages) {
    const key = JSON.parse(readFileSync(join(folder, "teacher", "keys", `${id}.json`), "utf8"));
    const { page, close } = await open({}, join(folder, "students", `${id}.html`));
    assert.equal(await page.locator(".exercises button").count(), key.exercises.length);
    for (const { number, record } of key.exercises) {
      await turnTo(page, number);
      const shown = await section(page, number).locator(".text").evaluate((text) => Array.from(text.childNodes, (node) => node.className === "gap" ? "" : node.textContent).join(""));
      assert.equal(shown, record.text);
    }
    const answers = key.exercises.map(perfect);
    const [first] = answers;
    await load(page, JSON.stringify({ schema: 1, page: id, class: key.class, saved_with: "a test", exercises: answers.slice(1) }));
    await page.waitForFunction((count) => document.querySelectorAll(".exercises [data-answered=true]").length === count, answers.length - 1);
    // The marks of the first exercise are made by hand.
    await turnTo(page, first.number);
    const points = Array.from(key.exercises[0].record.text);
    for (const { start, end, category, status } of first.spans) {
      await drag(page, first.number, points.slice(start, end).join(""), points.slice(0, start).join("").length);
      await mark(page, category, status);
    }
    const { name, path, text } = await save(page);
    const saved = JSON.parse(text).exercises;
    const sorted = (spans) => [...spans].sort((a, b) => a.start - b.start);
    assert.deepEqual(saved, [{ ...first, spans: sorted(first.spans) }, ...answers.slice(1)]);
    copyFileSync(path, join(folder, "answers", name));
    await close();
  }
  execFileSync(process.env.OWABI, ["classroom", "grade", folder]);
  const rows = readFileSync(join(folder, "marks", "marks.csv"), "utf8").trim().split("\n").slice(1).map((row) => row.split(","));
  // What the teacher judges of the section is worth 40.
  for (const row of rows) assert.deepEqual(row.slice(3), ["waiting", "94.3", "100.0", "100.0", "100.0", "100.0", "100.0", "60.0", "100.0"]);
  const made = [...pages.map((id) => join(folder, "marks", "feedback", `${id}.html`)), join(folder, "marks", "statistics.html")];
  for (const file of made) {
    for (const options of [{}, { ...PHONE, colorScheme: "dark" }]) {
      const { page, close } = await open(options, file);
      const [wide, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
      assert.ok(wide <= screen, `${wide} pixels on a screen of ${screen}`);
      assert.equal(await page.locator("script").count(), 0);
      await close();
    }
  }
});
