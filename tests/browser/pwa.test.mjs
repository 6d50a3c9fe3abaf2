// The installed site: what was visited, kept and searched is there without a network; a new build never mixes with the old;
// it can be switched off.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { KINDS, build, launch, open, serve, temporary } from "./site.mjs";
import { uninspected } from "./uninspected.mjs";

/** Only what is read is kept, so that the tests see what was read. */
const READ_ONLY = "\n[offline]\nwhole_site = 0\n";
let folder, site, browser;
before(async () => { folder = temporary(); site = build(folder, READ_ONLY); browser = await launch(); });
after(() => browser.close());

async function installed(server) {
  const opened = await open(browser, { serviceWorkers: "allow" });
  await opened.page.goto(server.base);
  await opened.page.evaluate(() => navigator.serviceWorker.ready);
  await opened.page.waitForFunction(() => !!navigator.serviceWorker.controller);
  return opened;
}
/** The paths of the cache that answers, without the origin. */
const stored = (page) => page.evaluate(async () => {
  const names = (await caches.keys()).filter((name) => !name.endsWith(" kept"));
  const all = await Promise.all(names.map(async (name) => (await (await caches.open(name)).keys()).map((request) => decodeURIComponent(new URL(request.url).pathname))));
  return { names, paths: all.flat() };
});
const until = async (what, check) => {
  for (let i = 0; i < 300; i++) { if (await check()) return; await new Promise((done) => setTimeout(done, 100)); }
  assert.fail(what);
};
/** No network, and nobody listening. */
async function cut(context, server) { await context.setOffline(true); await server.close(); }

test("visited pages and the search are there offline, others say so", async () => {
  const server = await serve(site), { context, page } = await installed(server);
  for (const kind of ["question", "statute", "episode"]) await page.goto(server.base + KINDS[kind]);
  await page.goto(server.base + KINDS.search + "?q=离婚");
  await page.waitForSelector(".search-link");
  await until("the last page is kept", async () => (await stored(page)).paths.includes("/" + KINDS.episode + "index.html"));
  await page.waitForTimeout(500);
  await cut(context, server);
  for (const kind of ["front", "question", "statute", "episode"]) {
    await page.goto(server.base + KINDS[kind]);
    assert.equal(await page.locator("main h1").count(), 1, kind);
    assert.equal(await page.evaluate(() => getComputedStyle(document.body).marginTop), "0px", "the style is there");
  }
  await page.goto(server.base + KINDS.search + "?q=离婚");
  await page.waitForSelector(".search-link");
  const lost = await page.goto(server.base + KINDS.case);
  assert.equal(lost.status(), 503);
  assert.match(await page.locator("main h1").innerText(), /^现在没有网络，这一页没有存/);
  assert.match(await page.title(), /^现在没有网络/);
  assert.ok(!/网址可能写错/.test(await page.locator("main").innerText()));
  const kept = page.locator("#kept-pages-list a");
  assert.ok((await kept.allInnerTexts()).some((title) => title.includes("冷静期")), "what is kept is listed");
  assert.equal(await page.locator("#kept-books:visible").count(), 0, "no book is kept");
  await kept.filter({ hasText: "冷静期" }).first().click();
  await page.waitForURL(server.base + KINDS.question);
  const wrong = await page.goto(server.base + "no/such/page/");
  assert.equal(wrong.status(), 404);
  assert.match(await page.locator("main h1").innerText(), /没有找到/);
  await context.close();
});

test("a book is kept whole, with its progress shown, and given up again", async () => {
  const server = await serve(site), { context, page } = await installed(server);
  await page.goto(server.base + "books/xingzheng/");
  const keep = page.locator("[data-keep] button");
  await keep.waitFor();
  await page.evaluate(() => { window.said = []; new MutationObserver(() => window.said.push(document.querySelector("[data-keep]").textContent)).observe(document.querySelector("[data-keep]"), { childList: true, subtree: true, characterData: true }); });
  await keep.click();
  await page.waitForFunction(() => /已存到本机/.test(document.querySelector("[data-keep]").textContent), null, { timeout: 30000 });
  assert.ok((await page.evaluate(() => window.said)).some((text) => /正在保存 \d+ \/ \d+/.test(text)), "progress is shown");
  await context.setOffline(true);
  await page.goto(server.base + "books/xingzheng/licence/");
  assert.equal(await page.locator("main h1").count(), 1);
  const question = await page.locator("main a[href*='../']").first().getAttribute("href");
  await page.goto(new URL(question, page.url()).href);
  await page.goto(server.base + KINDS.search + "?q=听证");
  await page.waitForSelector(".search-link");
  await page.goto(server.base + "books/qiye/");
  assert.equal(await page.locator("#kept-books-list a").getAttribute("href"), server.base + "books/xingzheng/", "the kept book is offered");
  await context.setOffline(false);
  await page.goto(server.base + "books/xingzheng/");
  await page.locator("[data-keep] button", { hasText: "删除" }).click();
  await until("its pages are gone", async () => !(await stored(page)).paths.includes("/books/xingzheng/licence/index.html"));
  await context.close();
  await server.close();
});

test("after a new build nothing of the old one is left, and what was read is there in its new form", async () => {
  const server = await serve(site), page = await uninspected(server.base);
  const names = `(await caches.keys()).filter((name) => !name.endsWith(" kept"))`;
  const holds = (kind) => `(await Promise.all(${names}.map(async (name) => (await caches.open(name)).match(${JSON.stringify(`/${KINDS[kind]}index.html`)})))).some(Boolean)`;
  try {
    await page.until("the worker answers", "!!navigator.serviceWorker.controller");
    await page.go(server.base + KINDS.question);
    await page.until("the page is kept", holds("question"));
    const [before] = await page.value(names);

    const look = path.join(temporary(), "newer");
    fs.cpSync(site, look, { recursive: true });
    renew(look);
    server.state.folder = look;

    await page.go(server.base + KINDS.article);
    await page.until("the new build takes over", `${names}.join() !== ${JSON.stringify(before)} && ${names}.length === 1 && navigator.serviceWorker.controller.state === "activated"`);
    assert.ok(await page.value(holds("question")), "what was read before is kept");
    await server.close();
    for (const kind of ["front", "question"]) {
      await page.go(server.base + KINDS[kind]);
      assert.equal(await page.value(`document.querySelectorAll("meta[name=build-of-test]").length`), 1, `${kind} is of the new build`);
      assert.ok(await page.value(`[...document.styleSheets].every((sheet) => sheet.cssRules.length && sheet.href.includes("00000000"))`), "with the new style");
    }
  } finally {
    await page.close();
  }
});

/** Another build: every page says so, the style has another name, list and worker name it. */
function renew(folder) {
  const digest = (file) => createHash("sha256").update(fs.readFileSync(file)).digest("hex").slice(0, 12);
  const list = JSON.parse(fs.readFileSync(path.join(folder, "offline.json"), "utf8"));
  const style = Object.keys(list.files).find((file) => /^css\/pufa\./.test(file)), newer = "css/pufa.00000000.css";
  fs.renameSync(path.join(folder, style), path.join(folder, newer));
  const files = {};
  for (const name of Object.keys(list.files)) {
    const file = path.join(folder, name === style ? newer : name);
    if (name.endsWith(".html")) fs.writeFileSync(file, fs.readFileSync(file, "utf8").replaceAll(style, newer).replace("<head>", '<head><meta name="build-of-test" content="2">'));
    files[name === style ? newer : name] = /^~/.test(list.files[name]) ? list.files[name] : digest(file);
  }
  const old = list.build, text = JSON.stringify({ ...list, files, build: "000000000002", core: list.core.map((name) => (name === style ? newer : name)) });
  fs.writeFileSync(path.join(folder, "offline.json"), text);
  const worker = path.join(folder, "sw.js");
  fs.writeFileSync(worker, fs.readFileSync(worker, "utf8").replaceAll(old, "000000000002"));
}

test("a page of a newer build is not put among those of the old", async () => {
  const server = await serve(site), { context, page } = await installed(server);
  const look = path.join(temporary(), "newer");
  fs.cpSync(site, look, { recursive: true });
  const file = path.join(look, KINDS.article, "index.html");
  fs.writeFileSync(file, fs.readFileSync(file, "utf8").replace("<head>", '<head><meta name="build-of-test" content="2">'));
  const worker = path.join(look, "sw.js");
  fs.writeFileSync(worker, fs.readFileSync(worker, "utf8").replace(/BUILD = "[0-9a-f]+"/, 'BUILD = "ffffffffffff"'));
  server.state.folder = look;
  await page.goto(server.base + KINDS.article);
  assert.equal(await page.locator("meta[name=build-of-test]").count(), 1, "readers see the new page at once");
  await page.waitForTimeout(800);
  assert.ok(!(await stored(page)).paths.includes("/" + KINDS.article + "index.html"), "but it is not kept with the old build");
  await context.close();
  await server.close();
});

test("it can be switched off: nothing stays", async () => {
  const server = await serve(site), { context, page } = await installed(server);
  await page.click("[data-open=settings]");
  await page.check("input[name=set-offline][value=off]");
  await until("the caches are gone", async () => (await page.evaluate(() => caches.keys())).length === 0);
  assert.equal(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length), 0);
  await page.goto(server.base + KINDS.article);
  await page.waitForTimeout(500);
  assert.equal(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length), 0, "and stays off");
  await context.close();
  await server.close();
});

test("a site without a worker takes away what an earlier build left", async () => {
  const server = await serve(site), { context, page } = await installed(server);
  server.state.folder = build(temporary(), "\n[offline]\nworker = false\n");
  await page.goto(server.base + KINDS.article);
  await until("the caches are gone", async () => (await page.evaluate(() => caches.keys())).length === 0);
  await context.close();
  await server.close();
});
