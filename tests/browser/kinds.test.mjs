// What classes, quizzes, paths, calculators, forms and lists do in a browser; opened from disk, where media can be wound
// and captions have to come from the page itself.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const PUFA = process.env.PUFA || path.join(ROOT, "target/debug/pufa");
const ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--mute-audio"];

let browser, site;
before(async () => {
  site = fs.mkdtempSync(path.join(os.tmpdir(), "pufa-kinds-"));
  execFileSync(PUFA, ["build", "--root", ROOT, "-o", site, "--quiet"], { stdio: "ignore" });
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: ARGUMENTS });
});
after(async () => {
  await browser.close();
  fs.rmSync(site, { recursive: true, force: true });
});

/** Opens a page of the site, hands it over, and sees to it that nothing went wrong on it. */
async function on(address, act, options) {
  const context = await browser.newContext({ locale: "zh-CN", reducedMotion: "reduce", viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage(), faults = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => { if (message.type() === "error") faults.push(message.text()); });
  const go = (to) => page.goto(pathToFileURL(path.join(site, to.split("#")[0], "index.html")).href + (to.split("#")[1] ? "#" + to.split("#")[1] : ""));
  await go(address);
  await act(page, go);
  await context.close();
  assert.deepEqual(faults, []);
}

const at = (page) => page.evaluate(() => document.querySelector("audio").currentTime);
const until = (page, check, value) => page.waitForFunction(check, value);

test("a click on a sentence jumps there, and the transcript follows", () =>
  on("classes/wages", async (page) => {
    const start = await page.evaluate(() => { const cue = document.querySelectorAll(".cue")[20]; cue.click(); return +cue.dataset.start; });
    await until(page, (start) => Math.abs(document.querySelector("audio").currentTime - start) < 3, start);
    await page.evaluate(() => { document.querySelector("audio").currentTime = 132; });
    await until(page, () => { const now = document.querySelector(".cue.is-now"); return now && +now.dataset.start <= 133 && +now.dataset.end >= 131; });
    assert.ok(await page.locator(".transcript .cue a.citation").count() > 5);
  }));

test("captions come from the page's own sentences", () =>
  on("classes/wages", async (page) => {
    const [cues, sentences] = await page.evaluate(() => [document.querySelector("audio").textTracks[0].cues.length, document.querySelectorAll(".cue").length]);
    assert.equal(cues, sentences);
  }));

test("the address leads to a second, and the place is remembered", () =>
  on("classes/wages#t=200", async (page, go) => {
    await until(page, () => Math.abs(document.querySelector("audio").currentTime - 200) < 1);
    await page.evaluate(() => { document.querySelector("audio").preload = "auto"; });
    await until(page, () => document.querySelector("audio").readyState > 0);
    await page.evaluate(() => { document.querySelector("audio").currentTime = 250; });
    await until(page, () => Object.entries(localStorage).some(([key, value]) => key.startsWith("pufa:at:") && +value >= 249));
    await go("classes");
    assert.match((await page.locator("[data-progress]").allTextContents()).join(""), /4:1\d/);
    await go("classes/wages");
    await until(page, () => document.querySelector("audio").currentTime >= 249);
    assert.ok(await at(page) < 260);
  }));

test("a quiz gives a score and names what to read again", () =>
  on("classes/wages", async (page) => {
    const quiz = page.locator(".quiz");
    const first = quiz.locator(".quiz-item").first();
    await first.locator("input[data-correct]").first().check();
    await quiz.locator(".path-tools button").first().click();
    const score = quiz.locator(".quiz-score");
    assert.match(await score.innerText(), /答对 1 题，共 \d 题/);
    assert.equal(await score.locator("li").count(), (await quiz.locator(".quiz-item").count()) - 1);
    assert.ok(await score.locator("a.citation").count() > 0);
  }));

test("a path goes step by step to a conclusion, and back", () =>
  on("paths/overtime", async (page) => {
    const now = page.locator(".path-step.is-now");
    let steps = 0;
    for (; !(await now.evaluate((step) => step.classList.contains("path-conclusion"))) && steps < 20; steps++) await now.locator("li > a").first().click();
    assert.ok(steps > 1 && steps < 20);
    await page.locator(".path-tools button").first().click();
    assert.equal(await page.locator(".path-trail li").count(), steps - 1);
    await until(page, (left) => Object.values(history.state)[0].gone.length === left, steps - 1);
    for (let left = steps - 2; left >= 0; left--) {
      await page.goBack();
      await until(page, (left) => document.querySelectorAll(".path-trail li").length === left, left);
    }
    await page.goForward();
    await until(page, () => document.querySelectorAll(".path-trail li").length === 1);
    await page.reload();
    assert.equal(await page.locator(".path-trail li").count(), 1, "a reload stays at its step");
  }));

test("a path on paper and without scripts: every step has its number, choices have room", () =>
  on("paths/severance", async (page) => {
    const steps = await page.evaluate(() => [...document.querySelectorAll(".path-step")].map((step) => getComputedStyle(step.querySelector(".path-text"), "::before").content));
    assert.ok(steps.length > 10 && steps.every((content) => content === "counter(step)"), steps.join(" "));
    const narrow = await page.evaluate(() => [...document.querySelectorAll(".path-step li a")].filter((a) => a.getBoundingClientRect().height > 3 * parseFloat(getComputedStyle(a).lineHeight) + 20).map((a) => a.textContent));
    assert.deepEqual(narrow, []);
    assert.ok(await page.evaluate(() => [...document.querySelectorAll(".path-text")].every((text) => getComputedStyle(text).display === "block")), "a term in a step stays in its line");
  }, { javaScriptEnabled: false, viewport: { width: 360, height: 740 } }));

test("calculators show figure and steps, and point at what is wrong", () =>
  on("calculators/court-fee", async (page) => {
    await page.fill(".calculator [name=amount]", "30万");
    await page.click(".calculator button[type=submit]");
    assert.match(await page.locator(".calculator output").innerText(), /^5,800 元/);
    assert.equal(await page.locator(".calculator output li").count(), 4);
    await page.fill(".calculator [name=amount]", "很多");
    await page.click(".calculator button[type=submit]");
    assert.match(await page.locator(".calculator output").innerText(), /请填金额/);
    assert.equal(await page.getAttribute(".calculator [name=amount]", "aria-invalid"), "true");
  }));

test("a form is filled in on the device", () =>
  on("forms/iou", async (page) => {
    const fields = page.locator("[data-blanks] input, [data-blanks] textarea");
    await fields.first().waitFor();
    await fields.first().fill("张三");
    const filled = page.locator(".blank.is-filled");
    assert.ok((await filled.count()) > 0);
    assert.equal(await filled.first().innerText(), "张三");
  }));

test("the directory is filtered, and comes back whole", () =>
  on("directory", async (page) => {
    const all = await page.locator("#places > li").count();
    await page.fill("#filter-words", "公证");
    const found = page.locator("#places + .places > li");
    assert.ok((await found.count()) > 0 && (await found.count()) < all);
    await page.fill("#filter-words", "");
    await until(page, () => !document.querySelector("#places").classList.contains("is-away"));
    assert.equal(await page.locator("#places > li:visible").count(), all);
  }));

test("without scripts everything can be read", async () => {
  const plain = { javaScriptEnabled: false };
  for (const [address, part] of [
    ["classes/wages", ".transcript .cue"], ["classes/wages", "details.quiz-answer"], ["paths/overtime", ".path-step li a[href^='#']"],
    ["calculators/court-fee", ".calculator table"], ["forms/iou", ".blank"], ["directory", "#places > li"], ["glossary", "#glossary > li"],
  ]) await on(address, async (page) => assert.ok(await page.locator(part).first().isVisible(), `${part} on ${address}`), plain);
  await on("calculators/court-fee", async (page) => assert.ok(!(await page.locator(".calculator form").isVisible())), plain);
});
