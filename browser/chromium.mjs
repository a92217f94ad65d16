// A real Chromium, and pages in it that must keep to themselves.
import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

/** The browser that CHROMIUM names, or Debian's, without what it would ask the network for by itself. */
export const launch = () => {
  const quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"];
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu", ...quiet] });
};

/** Opens a file; whatever the page complains of or asks the network for is an error when it is closed. */
export const openFile = async (browser, file, options = {}) => {
  const url = pathToFileURL(file).href;
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const troubles = [];
  page.on("console", (message) => troubles.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => troubles.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => { troubles.push("dialog"); dialog.dismiss(); });
  page.on("request", (request) => { if (request.url().split("#")[0] !== url && !request.url().startsWith("blob:")) troubles.push(`request: ${request.url()}`); });
  await page.goto(url);
  const close = async () => {
    assert.equal(await page.evaluate(() => window.pwned), undefined);
    await context.close();
    assert.deepEqual(troubles, []);
  };
  return { page, close };
};

/** The page's policy refuses a script that does not belong to it. */
export const runsNothingElse = async ({ page, close }) => {
  const ran = await page.evaluate(() => {
    const script = document.createElement("script");
    try { script.textContent = "window.pwned = 6"; } catch { return "refused"; }
    document.head.append(script);
    return window.pwned;
  });
  assert.equal(ran, "refused");
  await page.context().close();
  await assert.rejects(close);
};
