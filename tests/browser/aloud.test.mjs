// Reading aloud: what is read and what is not, and the bar: focus, Escape, its size, a device without a voice.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { KINDS, build, launch, open, serve, temporary } from "./site.mjs";

let server, browser;
before(async () => { server = await serve(build(temporary())); browser = await launch(); });
after(async () => { await browser.close(); await server.close(); });

/** A voice that never ends a sentence. */
function voices() {
  const voice = { lang: "zh-CN", localService: true, name: "test" };
  window.said = [];
  Object.defineProperty(window, "speechSynthesis", { value: { getVoices: () => [voice], speak: (u) => window.said.push(u.text), cancel() {}, addEventListener() {} } });
  window.SpeechSynthesisUtterance = function (text) { this.text = text; };
}
async function on(path, body, options = {}, speaks = true) {
  const { context, page, faults } = await open(browser, options);
  if (speaks) await page.addInitScript(voices);
  await page.goto(server.base + path);
  await body(page);
  assert.deepEqual(faults.filter((fault) => !fault.includes("404")), []);
  await context.close();
}
const sentences = async (page) => {
  await page.click("[data-open=aloud]");
  await page.waitForSelector(".aloud-bar");
  return page.evaluate(() => window.pufa.aloud.collect().map((s) => s.text.trim()));
};

test("a statute is read without the pages that explain it, folded as they are", () => on(KINDS.statute, async (page) => {
  const read = await sentences(page);
  assert.ok(await page.locator(".cited-by").count() > 3 && read.length > 20);
  assert.deepEqual(read.filter((s) => /篇讲到本条/.test(s)), []);
  const linked = await page.evaluate(() => [...document.querySelectorAll(".cited-by li a")].map((a) => a.textContent.trim()));
  assert.deepEqual(read.filter((s) => linked.includes(s)), []);
}));

test("a chapter is read question by question with the short answers; of the rest what the reader unfolded", () => on(KINDS.chapter, async (page) => {
  const read = await sentences(page), count = await page.locator(".qa").count();
  const titles = await page.locator(".qa h2 a").allInnerTexts();
  assert.ok(count > 5 && read.length >= count * 2, `${read.length} sentences`);
  let at = 0;
  for (const title of titles) { const found = read.findIndex((s, i) => i >= at && s.includes(title.split(/[？?！。]/)[0])); assert.ok(found >= at, title); at = found; }
  await page.evaluate(() => document.querySelector(".qa-more").setAttribute("open", ""));
  assert.ok(await page.evaluate(() => window.pufa.aloud.collect().length) > read.length);
}));

for (const kind of ["form", "leaflet", "front", "list", "book", "course", "directory", "events", "taxonomy", "term", "glossary", "sitemap", "accessibility", "laws", "print", "not found"]) {
  test(`${kind}: has the reading aids, and more than its heading is read`, () => on(KINDS[kind], async (page) => {
    for (const tool of ["[data-open=aloud]", "[data-do=print]", "[data-do=copy]", "[data-open=share]"]) assert.equal(await page.locator(`main ${tool}`).count(), 1, tool);
    const read = await sentences(page);
    assert.ok(read.length > (kind === "not found" ? 2 : 4), read.join("|"));
    assert.deepEqual(read.filter((s) => /^(朗读|打印|复制|分享|暂停)$/.test(s)), []);
  }));
}

test("the bar: focus goes into it, it follows the tools, Escape ends it and gives the focus back", () => on(KINDS.article, async (page) => {
  await page.focus("[data-open=aloud]");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement.closest(".aloud-bar"));
  assert.ok(await page.evaluate(() => document.querySelector(".aloud-bar").previousElementSibling.matches(".page-tools")));
  assert.equal(await page.locator(".aloud-bar [role=status], .aloud-bar [aria-live]").count(), 0);
  assert.match(await page.locator(".aloud-bar p").innerText(), /第 1 句/);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Escape");
  assert.equal(await page.locator(".aloud-bar").count(), 0);
  assert.ok(await page.evaluate(() => document.activeElement.matches("[data-open=aloud]")));
  await page.keyboard.press("Enter");
  await page.click(".aloud-bar button:has-text('停止')");
  assert.ok(await page.evaluate(() => document.activeElement.matches("[data-open=aloud]")));
}));

test("in elder mode on a small telephone the bar takes at most a third of the screen", () => on(KINDS.question + "?elder=1", async (page) => {
  await sentences(page);
  const bar = await page.evaluate(() => { const r = document.querySelector(".aloud-bar").getBoundingClientRect(); return { height: r.height, bottom: r.bottom, wide: document.querySelector(".aloud-bar").scrollWidth }; });
  assert.ok(bar.height <= 640 / 3 && bar.bottom <= 640 && bar.wide <= 360, JSON.stringify(bar));
  for (const box of await page.locator(".aloud-bar button, .aloud-bar select").all()) assert.ok((await box.boundingBox()).height >= 48);
}, { viewport: { width: 360, height: 640 } }));

test("without a voice the bar says so and holds one button, which closes it", () => on(KINDS.question, async (page) => {
  await page.click("[data-open=aloud]");
  await page.waitForFunction(() => /没有可用的中文语音/.test(document.querySelector(".aloud-bar")?.textContent || ""));
  assert.equal(await page.locator(".aloud-bar :is(button, select)").count(), 1);
  await page.keyboard.press("Enter");
  assert.equal(await page.locator(".aloud-bar").count(), 0);
  assert.ok(await page.evaluate(() => document.activeElement.matches("[data-open=aloud]")));
}, {}, false));
