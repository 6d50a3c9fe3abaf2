// Every kind of page: no rule of axe-core broken in light, dark and elder mode, no sideways scrolling on a narrow screen or
// with doubled text, no error in the console, no violation of `default-src 'self'`.
import assert from "node:assert/strict";
import fs from "node:fs";
import { createRequire } from "node:module";
import { after, before, describe, test } from "node:test";
import { KINDS, build, launch, open, serve, temporary } from "./site.mjs";

const AXE = fs.readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
/** What a change of colours or sizes can break. */
const LOOKS = ["color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable"];

let server, browser, light;
before(async () => { server = await serve(build(temporary())); browser = await launch(); light = await open(browser, { bypassCSP: true }); });
after(async () => { await browser.close(); await server.close(); });

async function violations(page, only) {
  return page.evaluate(([tags, rules]) => axe.run(document, { runOnly: rules ? { type: "rule", values: rules } : { type: "tag", values: tags }, resultTypes: ["violations"] })
    .then((found) => found.violations.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.target.join(" ")).join(" · ")}`)), [TAGS, only]);
}
const overflow = (page) => page.evaluate(() => { scrollTo(9999, 0); const moved = scrollX; scrollTo(0, 0); return moved; });

describe("pages", () => {
  for (const [kind, path] of Object.entries(KINDS)) {
    test(kind, async () => {
      const { page, faults } = light;
      faults.length = 0;
      await page.setViewportSize({ width: 1280, height: 800 });
      await page.emulateMedia({ colorScheme: "light" });
      await page.goto(server.base + path);
      await page.evaluate(() => document.documentElement.removeAttribute("data-elder"));
      await page.evaluate(AXE);
      assert.deepEqual(await violations(page), [], "light");
      await page.emulateMedia({ colorScheme: "dark" });
      assert.deepEqual(await violations(page, LOOKS), [], "dark");
      await page.emulateMedia({ colorScheme: "light" });
      await page.evaluate(() => document.documentElement.setAttribute("data-elder", ""));
      assert.deepEqual(await violations(page, LOOKS), [], "elder");
      await page.setViewportSize({ width: 360, height: 740 });
      assert.equal(await overflow(page), 0, "elder mode on a telephone scrolls sideways");
      await page.evaluate(() => document.documentElement.removeAttribute("data-elder"));
      await page.setViewportSize({ width: 320, height: 568 });
      assert.equal(await overflow(page), 0, "320 pixels scroll sideways");
      await page.setViewportSize({ width: 1280, height: 800 });
      await page.evaluate(() => { document.documentElement.style.fontSize = "200%"; });
      assert.equal(await overflow(page), 0, "doubled text scrolls sideways");
      assert.deepEqual(faults.filter((fault) => !(kind === "not found" && fault.includes("404"))), []);
    });
  }
});

test("in elder mode what is touched is 48 pixels, radios and boxes 24, and huge letters don't scroll sideways", async () => {
  const { context, page } = await open(browser, { viewport: { width: 360, height: 740 } }), small = [];
  for (const [kind, path] of Object.entries(KINDS)) {
    await page.goto(server.base + path + (path.endsWith("/") || !path ? "?elder=1" : ""));
    if (kind === "front") await page.waitForTimeout(200);
    small.push(...await page.evaluate((kind) => {
      const seen = (e) => e.checkVisibility({ checkVisibilityCSS: true }) && !e.closest("details:not([open]) > :not(summary), .visually-hidden, .skip, .cue, dialog, .calculator-rules, .search-panel") && !e.matches("label a, .skip");
      // Links in the middle of a sentence stay in their lines.
      const inline = (e) => getComputedStyle(e).display === "inline" && /\S/.test([...e.parentElement.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data).join("")) || !!e.closest(".law p, .prose p, .prose li, .prose td, .prose dd, .footnotes, .imprint p, .banner p:not(:has(> a:only-child))");
      const out = [];
      for (const e of document.querySelectorAll("a[href], button, summary, select, input:not([type=radio]):not([type=checkbox])")) {
        const r = e.getBoundingClientRect();
        if (r.width && seen(e) && !inline(e) && (r.height < 47.5 || r.width < 23.5)) out.push(`${kind}: ${e.parentElement.className || e.parentElement.localName} > ${e.localName}.${e.className} ${Math.round(r.width)}×${Math.round(r.height)} ${(e.textContent || "").trim().slice(0, 12)}`);
      }
      for (const e of document.querySelectorAll("input[type=radio], input[type=checkbox]")) {
        const r = e.getBoundingClientRect(), label = e.closest("label") || e.id && document.querySelector(`label[for="${e.id}"]`);
        if (r.width && !e.disabled && (r.width < 24 || r.height < 24 || label && label.getBoundingClientRect().height < 47.5)) out.push(`${kind}: ${e.type} ${r.width}×${r.height}`);
      }
      return [...new Set(out)].slice(0, 6);
    }, kind));
    if (await overflow(page)) small.push(`${kind} scrolls sideways in elder mode`);
    await page.evaluate(() => { document.documentElement.removeAttribute("data-elder"); document.documentElement.dataset.size = "huge"; });
    if (await overflow(page)) small.push(`${kind} scrolls sideways with huge letters`);
  }
  assert.deepEqual(small, []);
  await context.close();
});

test("a question says its chapter, what its book holds, and where the next question is", async () => {
  const { context, page } = await open(browser);
  const way = async () => (await page.locator(".breadcrumbs li").allInnerTexts()).length;
  await page.goto(server.base + KINDS.question);
  assert.equal(await way(), 4);
  const [chapter, data] = await page.evaluate(() => [document.querySelector(".breadcrumbs li:nth-child(3) a").textContent, JSON.parse(document.querySelector("script[type='application/ld+json']").textContent).flat().find((part) => part["@type"] === "BreadcrumbList").itemListElement.map((item) => item.name)]);
  assert.equal(data.length, 4);
  assert.equal(data[2], chapter);
  assert.match(await page.locator(".previous-next").innerText(), /上一问[^]*下一问/);
  assert.equal(await page.locator(".section-tree ul:visible").count(), 0, "folded");
  await page.click(".section-tree summary");
  assert.equal(await page.locator(".section-tree [aria-current]").innerText(), await page.locator("h1").innerText());
  assert.ok(await page.locator(".section-tree li:has([aria-current]) > ul a, .section-tree > details > ul > li").count() > 5);
  for (const [kind, words] of [["chapter", /上一章|下一章/], ["episode", /上一讲[^]*下一讲/], ["article", /上一篇|下一篇/]]) {
    await page.goto(server.base + KINDS[kind]);
    assert.equal(await page.locator(".section-tree [aria-current]").count(), 1, kind);
    assert.match(await page.locator(".previous-next").innerText(), words);
  }
  await page.goto(server.base + KINDS.event);
  assert.match(await page.locator(".previous-next").innerText(), /上一场|下一场/);
  await context.close();
});

test("Chinese words on pages of another language are marked as Chinese", async () => {
  const { context, page } = await open(browser), unmarked = [];
  for (const path of ["", KINDS.article, KINDS.case, KINDS.question, KINDS.episode, KINDS.list, KINDS.event].map((path) => "en/" + path)) {
    await page.goto(server.base + path);
    unmarked.push(...await page.evaluate((path) => {
      const walk = document.createTreeWalker(document.querySelector(".frame"), NodeFilter.SHOW_TEXT), found = [];
      for (let node = walk.nextNode(); node; node = walk.nextNode()) {
        const at = node.parentElement;
        if (/\p{Script=Han}{2}/u.test(node.data) && at.checkVisibility() && !at.closest("script, .examples, .ask-hotline, .notice, .reviewed") && !at.closest("[lang]").lang.startsWith("zh")) found.push(`${path}: ${at.parentElement.className}> ${at.localName}.${at.className} ${node.data.trim().slice(0, 16)}`);
      }
      return found.slice(0, 8);
    }, path));
  }
  assert.deepEqual(unmarked, []);
  await context.close();
});

test("a line holds at most forty characters", async () => {
  const { context, page } = await open(browser), long = [];
  for (const kind of ["article", "case", "book", "chapter", "question", "list", "laws", "course", "directory", "events", "event", "episode", "statute", "glossary", "taxonomy", "term", "form", "accessibility", "front"]) {
    await page.goto(server.base + KINDS[kind]);
    long.push(...await page.evaluate((kind) => [...document.querySelectorAll("main :is(p, li)")].filter((e) => {
      if (!e.checkVisibility() || e.querySelector("p, li, ul, dl, form") || e.closest("form, .banner, .byline, .facts, .page-tools, ul:not(.prose ul), ol:not(.prose ol)")) return false;
      const size = parseFloat(getComputedStyle(e).fontSize);
      const range = document.createRange(); range.selectNodeContents(e);
      return Math.max(...[...range.getClientRects()].map((r) => r.right)) - e.getBoundingClientRect().left > 40.6 * size;
    }).slice(0, 3).map((e) => `${kind}: ${e.className} ${e.textContent.slice(0, 20)}`), kind));
  }
  assert.deepEqual(long, []);
  await context.close();
});

test("a first visit of a question costs at most six requests and 60 kB", async () => {
  const { context, page } = await open(browser), from = server.requests.length;
  await page.goto(server.base + KINDS.question, { waitUntil: "networkidle" });
  const asked = server.requests.slice(from);
  assert.ok(asked.length <= 6, asked.join(" "));
  const { gzipSync } = await import("node:zlib");
  const { join } = await import("node:path");
  const bytes = asked.map((at) => gzipSync(fs.readFileSync(join(server.state.folder, at.endsWith("/") ? at + "index.html" : at))).length);
  const scripts = asked.map((at, index) => (at.endsWith(".js") ? bytes[index] : 0));
  const sum = (all) => all.reduce((a, b) => a + b, 0);
  assert.ok(sum(bytes) <= 60_000, `${sum(bytes)} bytes`);
  assert.ok(sum(scripts) <= 15_000, `${sum(scripts)} bytes of scripts`);
  await context.close();
});

test("nothing breaks the strict policy, not even search, settings and popovers", async () => {
  const { context, page, faults } = await open(browser);
  for (const path of [KINDS.front, KINDS.question, KINDS.episode, KINDS.form, KINDS.calculator, KINDS.path]) await page.goto(server.base + path);
  await page.goto(server.base + KINDS.question);
  await page.hover("main a.citation[data-popover]");
  await page.waitForSelector(".popover");
  await page.mouse.move(0, 0);
  await page.keyboard.press("Escape");
  await page.click("[data-open=settings]");
  await page.check("input[name=set-theme][value=dark]");
  await page.check("input[name=set-ruler][value=on]");
  await page.keyboard.press("Escape");
  await page.click("[data-open=share]");
  await page.waitForSelector("dialog[open] .qr");
  await page.keyboard.press("Escape");
  await page.keyboard.press("/");
  await page.waitForFunction(() => document.activeElement?.id === "search-dialog-q");
  await page.keyboard.insertText("劳动合同");
  await page.waitForSelector(".search-link");
  assert.deepEqual(faults, []);
  await context.close();
});

test("a long main menu takes one line, and what is not on it can't be focused there", async () => {
  // Without a menu of its own the site lists every section, and that is more than fits.
  const long = await serve(build(temporary(), (config) => config.replace(/\[\[nav\]\]\n(.+\n)+/g, "")));
  const { context, page } = await open(browser);
  await page.goto(long.base);
  const menu = await page.evaluate(() => [...document.querySelectorAll(".mainnav a")].map((a) => ({ shown: getComputedStyle(a).visibility === "visible", top: Math.round(a.getBoundingClientRect().top) })));
  const shown = menu.filter((item) => item.shown);
  assert.ok(shown.length >= 4 && shown.length < menu.length);
  assert.equal(new Set(shown.map((item) => item.top)).size, 1);
  await page.click("details.menu > summary");
  assert.equal(await page.locator("details.menu a:visible").count(), menu.length);
  await context.close();
  await long.close();
});
