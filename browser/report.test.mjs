// The HTML report in a real browser. REPORTS names the folder in which `run` has made the pages.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { launch, openFile, runsNothingElse } from "./chromium.mjs";
import { HOSTILE, UNSEEN } from "./hostile.mjs";

const PHONE = { width: 375, height: 812 };
const PAGES = ["normal", "hostile", "long", "empty", "lost"];
const reports = process.env.REPORTS;
let browser;

before(async () => { browser = await launch(); });
after(() => browser?.close());

const open = (name, options) => openFile(browser, join(reports, `${name}.html`), options);
const shown = (page) => page.locator("article.error:not([hidden])");
const told = (page) => page.locator("#filter output").textContent();

for (const name of PAGES) {
  for (const [how, options] of [["light", {}], ["dark", { colorScheme: "dark" }], ["on a phone", { viewport: PHONE, isMobile: true, hasTouch: true }]]) {
    test(`${name}, ${how}: opens without a complaint and is no wider than the screen`, async () => {
      const { page, close } = await open(name, options);
      await page.locator("details").evaluateAll((all) => all.forEach((each) => { each.open = true; }));
      const [wide, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
      assert.ok(wide <= screen, `${wide} pixels on a screen of ${screen}`);
      const h1 = await page.locator("h1").boundingBox();
      assert.ok(h1 && h1.height > 10);
      await close();
    });
  }
}

test("dark mode is dark, and words keep their contrast", async () => {
  const colours = async (options) => {
    const { page, close } = await open("normal", options);
    const found = await page.evaluate(() => {
      const light = (element, what) => {
        const [r, g, b] = getComputedStyle(element)[what].match(/[\d.]+/g).map((part) => {
          const share = part / 255;
          return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const paper = light(document.body, "backgroundColor");
      const contrast = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      const words = ["p.lead", "p.document", ".range", "a", ".what.denied_as_leaked", "th"].map((words) => [words, contrast(light(document.querySelector(words), "color"), paper)]);
      const marks = ["gold:not(.predicted)", "predicted:not(.gold)"].map((side) => {
        const mark = document.querySelector(`article mark.${side}`);
        return [side, contrast(light(mark, "color"), light(mark, "backgroundColor"))];
      });
      return { paper, contrasts: [...words, ...marks] };
    });
    await close();
    // WCAG 2.2, level AA.
    for (const [words, contrast] of found.contrasts) assert.ok(contrast >= 4.5, `${words}: ${contrast}`);
    return found.paper;
  };
  assert.ok(await colours({}) > 0.9);
  assert.ok(await colours({ colorScheme: "dark" }) < 0.05);
});

test("the figures are those of the results", async () => {
  const results = JSON.parse(readFileSync(join(reports, "normal.json"), "utf8"));
  const { page, close } = await open("normal");
  const data = results.fields.data.micro;
  assert.equal(await page.locator(".headline dd strong").first().textContent(), data.f1.value.toFixed(3));
  const row = page.locator("#fields tbody tr", { hasText: "data" }).first();
  assert.match(await row.textContent(), new RegExp(data.correct.toLocaleString("en")));
  const heat = await page.locator("#statuses svg.heat text.count").allTextContents();
  const sum = (gold, predicted) => Object.values(results.confusion).reduce((sum, of) => sum + (of[gold]?.[predicted] ?? 0), 0);
  const statuses = ["confirmed", "possible", "denied", "absent"];
  const wanted = statuses.flatMap((gold) => statuses.map((predicted) => [gold, predicted])).filter(([a, b]) => a !== "absent" || b !== "absent");
  assert.deepEqual(heat, wanted.map(([gold, predicted]) => sum(gold, predicted).toLocaleString("en")));
  // The band of an interval and the mark of the figure in it stand where the figures are.
  const track = page.locator("#fields tbody tr").first().locator("svg.track");
  const [frame, band, point] = await Promise.all([track, track.locator(".interval"), track.locator(".point")].map((shape) => shape.boundingBox()));
  const near = (pixel, share) => assert.ok(Math.abs(pixel - (frame.x + share * frame.width)) < 2, `${pixel} for ${share}`);
  near(band.x, data.f1.low);
  near(band.x + band.width, data.f1.high);
  near(point.x + point.width / 2, data.f1.value);
  await close();
});

test("errors are filtered by every list and by words, and told by their number", async () => {
  const { page, close } = await open("normal");
  const all = await shown(page).count();
  assert.equal(all, 500);
  assert.equal(await told(page), "500 of 500 shown");
  for (const name of ["field", "what", "label", "kind"]) {
    const list = page.locator(`#filter select[name=${name}]`);
    const options = await list.locator("option").evaluateAll((all) => all.slice(1).map((each) => [each.value, Number(each.textContent.match(/\((\d+)\)$/)[1])]));
    const [value, count] = options[Math.floor(options.length / 2)];
    await list.selectOption(value);
    await page.waitForFunction((text) => document.querySelector("#filter output").value === text, `${count} of 500 shown`);
    assert.equal(await shown(page).count(), count);
    const found = await shown(page).evaluateAll((all, name) => all.map((each) => each.dataset[name]), name);
    assert.ok(found.every((each) => each === value));
    await page.locator("#filter button[type=reset]").click();
    await page.waitForFunction(() => document.querySelector("#filter output").value === "500 of 500 shown");
  }
  // By keyboard: words that stand in some texts only, in another width than there.
  const first = await page.locator("article.error .document bdi").first().textContent();
  await page.locator("#filter input").focus();
  await page.keyboard.type(first.toUpperCase());
  await page.waitForFunction(() => document.querySelector("#filter output").value !== "500 of 500 shown");
  const ids = await shown(page).evaluateAll((all) => all.map((each) => each.textContent.toLowerCase()));
  assert.ok(ids.length > 0 && ids.every((text) => text.includes(first.toLowerCase())));
  await page.locator("#filter input").fill("no such words anywhere");
  await page.waitForFunction(() => document.querySelector("#filter output").value === "0 of 500 shown");
  await page.keyboard.press("Enter");
  assert.equal(await shown(page).count(), 0);
  await close();
});

test("marks stand on the words that the errors name", async () => {
  const errors = readFileSync(join(reports, "normal.jsonl"), "utf8").trim().split("\n").map((line) => JSON.parse(line));
  const known = new Set(errors.map((error) => [error.id, error.field, error.what, error.label, error.gold ?? "nothing", error.predicted ?? "nothing"].join("\n")));
  const { page, close } = await open("normal");
  const found = await page.locator("article.error").evaluateAll((all) => all.map((error) => {
    const words = (side) => error.querySelector(`.sides .${side} dd > code, .sides .${side} dd > em`).textContent;
    const { field, what, label } = error.dataset;
    const marks = error.querySelectorAll(".passage mark").length;
    const places = error.querySelectorAll(".places").length;
    return { key: [error.querySelector(".document bdi").textContent, field, what, label, words("gold"), words("predicted")].join("\n"), marks, places };
  }));
  for (const error of found) {
    assert.ok(known.has(error.key), error.key);
    assert.equal(error.marks > 0, error.places > 0, error.key);
  }
  await close();

  const { page: hostile, close: done } = await open("hostile");
  const overlap = hostile.locator("article.error[data-what=denied_as_leaked]", { hasText: "会員の" }).locator("p.passage");
  const parts = await overlap.evaluate((text) => Array.from(text.children, (part) => [part.className, part.textContent]));
  assert.deepEqual(parts, [["", "会員の"], ["gold", "氏"], ["gold predicted", "名と住"], ["predicted", "所"], ["", "が漏えいした。"]]);
  assert.equal(await overlap.getAttribute("lang"), "ja");
  assert.equal(await hostile.locator("html").getAttribute("lang"), "en");
  await done();
});

test("hostile words are shown and do nothing", async () => {
  const { page, close } = await open("hostile");
  const text = await page.locator("#list").textContent();
  for (const words of HOSTILE) assert.ok(text.includes(words), words);
  for (const unseen of UNSEEN) {
    const number = `U+${unseen.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
    assert.ok(text.includes(number), number);
    assert.ok(!text.includes(unseen), `${number} itself`);
  }
  // The page consists of its own elements only.
  assert.equal(await page.locator("script").count(), 1);
  assert.equal(await page.locator("style").count(), 1);
  assert.equal(await page.locator("img, iframe, object, embed, link, b, [style], [onerror], [onload], [onmouseover], [src]").count(), 0);
  const links = await page.locator("a").evaluateAll((all) => all.map((link) => link.getAttribute("href")));
  assert.ok(links.every((link) => link.startsWith("#")));
  // Each kind holds markup, and can be chosen nevertheless.
  const kind = page.locator("#filter select[name=kind]");
  await kind.selectOption({ index: 1 });
  await page.waitForFunction(() => !document.querySelector("#filter output").value.startsWith(`${document.querySelectorAll("article.error").length} `));
  assert.ok(await shown(page).count() > 0);
  // The pointer wakes nothing, and what it meets is to be seen.
  for (const error of await shown(page).all()) {
    await error.locator("p.passage").first().hover();
    assert.match(await error.locator("p.passage").first().innerText(), /漏えい|氏名/);
  }
  await close();
});

test("the policy lets nothing run that does not belong to the page", async () => runsNothingElse(await open("empty")));

test("ten million bytes in one line are cut around the places", async () => {
  const { page, close } = await open("long");
  const passages = page.locator("article.error > p.passage");
  assert.equal(await passages.count(), await page.locator("article.error").count());
  const name = page.locator("article.error", { hasText: "name:confirmed" });
  assert.equal(await name.locator("> p.passage mark.gold").textContent(), "氏名");
  assert.match(await name.locator("> p.passage .gap").last().textContent(), /^3,399,\d{3} characters$/);
  const address = page.locator("article.error", { hasText: "address:denied" });
  assert.deepEqual(await address.locator("> p.passage mark").allTextContents(), ["住所"]);
  const more = address.locator("details.more");
  await more.locator("summary").focus();
  await page.keyboard.press("Enter");
  const box = await more.locator("p.passage").boundingBox();
  assert.ok(box.height > 200 && box.height < 500, `${box.height} pixels`);
  assert.ok(!await address.locator("> p.passage").isVisible());
  assert.ok((await more.locator("p.passage").textContent()).length < 20_100);
  await close();
});

test("what was not answered is told", async () => {
  const { page, close } = await open("lost");
  assert.match(await page.locator("#losses tbody").textContent(), /missing/);
  assert.equal(await page.locator("article.error[data-field=loss]").count(), 1);
  await close();
});

test("paper gets the texts and no controls", async () => {
  const { page, close } = await open("normal");
  await page.emulateMedia({ media: "print" });
  assert.ok(!await page.locator("#filter").isVisible());
  assert.ok(!await page.locator("nav").isVisible());
  assert.ok(await page.locator("article.error p.passage").first().isVisible());
  await close();
});

test("five hundred errors are usable at once", async () => {
  const start = performance.now();
  const { page, close } = await open("normal");
  await page.locator("#filter input").fill("漏えい");
  await page.waitForFunction(() => document.querySelector("#filter output").value !== "500 of 500 shown");
  const took = performance.now() - start;
  // An order of magnitude above what a slow machine takes.
  assert.ok(took < 10_000, `${took} ms`);
  await close();
});
