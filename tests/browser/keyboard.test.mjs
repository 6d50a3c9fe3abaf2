// The keyboard alone: search, popover, player, quiz, settings; what was chosen stays chosen.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { KINDS, build, launch, open, serve, temporary } from "./site.mjs";

let server, browser;
before(async () => { server = await serve(build(temporary())); browser = await launch(); });
after(async () => { await browser.close(); await server.close(); });

async function on(path, body) {
  const { context, page, faults } = await open(browser);
  await page.goto(server.base + path);
  await body(page);
  assert.deepEqual(faults, []);
  await context.close();
}
/** Presses Tab until the element is reached. */
async function tabTo(page, selector, most = 80) {
  for (let i = 0; i < most; i++) {
    await page.keyboard.press("Tab");
    if (await page.evaluate((s) => document.activeElement.matches(s), selector)) return;
  }
  assert.fail(`${selector} is not reached by Tab`);
}
const focused = (page, selector) => page.waitForFunction((s) => document.activeElement && document.activeElement.matches(s), selector);

test("the skip link leads into the text", () => on(KINDS.question, async (page) => {
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
  await page.keyboard.press("Enter");
  await focused(page, "main");
}));

test("search: a key opens it, arrows reach a result, Enter opens it, Escape closes", () => on(KINDS.question, async (page) => {
  await page.keyboard.press("/");
  await focused(page, "input[type=search]");
  await page.keyboard.insertText("离婚");
  await page.waitForSelector(".search-link");
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => !document.querySelector("dialog[open]"));
  await page.keyboard.press("Control+k");
  await focused(page, "input[type=search]");
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText("工伤");
  await page.waitForFunction(() => /工伤/.test(document.querySelector(".search-link")?.textContent || ""));
  await page.keyboard.press("ArrowDown");
  await focused(page, ".search-link");
  await Promise.all([page.waitForURL((url) => !url.pathname.endsWith("cooling-off/")), page.keyboard.press("Enter")]);
}));

test("popover: focus opens the article, Escape closes it, the link stays", () => on(KINDS.question, async (page) => {
  await tabTo(page, "main a.citation[data-popover]");
  const text = await page.waitForSelector(".popover");
  assert.match(await text.textContent(), /第.+条/);
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute("aria-describedby")), "popover");
  await page.keyboard.press("Escape");
  assert.equal(await page.locator(".popover").count(), 0);
}));

test("settings: chosen by keyboard, kept on the next page", () => on(KINDS.article, async (page) => {
  await tabTo(page, "[data-open=settings]");
  await page.keyboard.press("Enter");
  await page.waitForSelector("dialog[open]");
  await page.focus("input[name=set-size]:checked");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => document.documentElement.dataset.size === "large");
  await page.keyboard.press("e");
  await page.goto(server.base + KINDS.case);
  assert.deepEqual(await page.evaluate(() => [document.documentElement.dataset.size, document.documentElement.hasAttribute("data-elder")]), ["large", true]);
  const size = await page.evaluate(() => [getComputedStyle(document.querySelector("main .prose p")).fontSize, getComputedStyle(document.querySelector("main .prose p")).lineHeight].map(parseFloat));
  assert.ok(size[0] >= 24 && size[1] / size[0] >= 1.8, size.join(" "));
}));

test("elder mode can be asked for in the address", () => on("?elder=1", async (page) => {
  assert.ok(await page.evaluate(() => document.documentElement.hasAttribute("data-elder")));
}));

test("the list of keys", () => on(KINDS.front, async (page) => {
  await page.keyboard.press("?");
  await page.waitForSelector("dialog[open] .keys");
  await page.keyboard.press("Escape");
  assert.equal(await page.locator("dialog[open]").count(), 0);
}));

test("n and p turn the page", () => on(KINDS.question, async (page) => {
  const first = page.url();
  await Promise.all([page.waitForURL((url) => url.href !== first), page.keyboard.press("n")]);
  await Promise.all([page.waitForURL(first), page.keyboard.press("p")]);
}));

test("quiz: answered and checked by keyboard", () => on(KINDS.quiz, async (page) => {
  await tabTo(page, ".quiz input", 150);
  await page.keyboard.press("Space");
  assert.ok(await page.evaluate(() => document.activeElement.checked));
  await page.evaluate(() => [...document.querySelectorAll(".quiz button")].find((button) => button.textContent === "看得分").setAttribute("data-test", "check"));
  await tabTo(page, "[data-test=check]", 150);
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => /答对 \d+ 题/.test(document.querySelector(".quiz-score")?.textContent || ""));
}));

test("player: a chapter is reached by Tab; the recording comes when it is played", () => on(KINDS.episode, async (page) => {
  const recordings = [];
  page.on("request", (request) => { if (/\.(mp3|mp4|m4a|webm)$/.test(request.url())) recordings.push(request.url()); });
  await page.reload();
  await tabTo(page, "[data-seek]", 120);
  assert.deepEqual(recordings, []);
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => { const player = document.querySelector("audio, video"); return player.currentTime > 0 || player.readyState > 0; });
  assert.equal(recordings.length > 0, true);
}));
