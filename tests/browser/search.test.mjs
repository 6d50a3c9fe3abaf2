// The search in the browser: the same results as `pufa search`, over http and from `file://`; the address, the marks, the help.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { KINDS, build, launch, open, serve, temporary } from "./site.mjs";

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../.."), PUFA = process.env.PUFA || path.join(ROOT, "target/debug/pufa");
const MORE = ["离婚", "工资", "劳动合同", "试用期", "高空抛物", "诉讼时效", "借款合同", "laodonghetong", "lihun", "ldht", "勞動合同", "離婚冷靜期", "劳动和同", "６０日", "60日", "民法典1079", "民法典第一千零七十九条第二款", "第一百二十条", "劳动合同法", "劳动合同法第三十八条说的啥", "app", "a", "离婚 财产", "囧囧龘龘", "<img src=x>", "应当", "12348", "遗嘱 公证"];

let folder, site, server, browser, queries, expected;
before(async () => {
  folder = temporary(); site = build(folder); server = await serve(site); browser = await launch();
  const own = fs.readFileSync(path.join(ROOT, "tests/search.jsonl"), "utf8").split("\n").filter(Boolean).map((line) => JSON.parse(line).text);
  queries = own.concat(MORE);
  const file = path.join(folder, "queries.jsonl");
  fs.writeFileSync(file, queries.map((text) => JSON.stringify({ text })).join("\n"));
  const lines = execFileSync(PUFA, ["search", "--queries", file, "--format", "json", "--root", ROOT, "--config", path.join(folder, "site.toml")], { maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "ignore"] }).toString().trim().split("\n");
  expected = lines.map((line) => JSON.parse(line).results.slice(0, 20).map((found) => [found.url, found.score]));
});
after(async () => { await browser.close(); await server.close(); });

/** The first twenty of every query, as the page's own script answers. */
async function answers(address) {
  const { context, page, faults } = await open(browser);
  await page.goto(address);
  await page.waitForFunction(() => window.pufa && window.pufa.search && window.pufa.search.ask);
  const found = await page.evaluate(async (all) => {
    const out = [];
    for (const query of all) out.push((await window.pufa.search.ask(query, {}, 100)).results.slice(0, 20).map((result) => [result.url, result.score]));
    return out;
  }, queries);
  assert.deepEqual(faults, []);
  await context.close();
  return found;
}

for (const [name, address] of [["http", () => server.base + KINDS.search], ["file", () => pathToFileURL(path.join(site, KINDS.search, "index.html")).href]]) {
  test(`terminal and browser agree over ${name}`, async () => {
    assert.ok(queries.length >= 200, `${queries.length} queries`);
    const found = await answers(address());
    queries.forEach((query, at) => assert.deepEqual(found[at], expected[at], query));
  });
}

/** The texts of the index that a visit asks for, when it searches once and then waits. */
async function textsAskedFor(saveData) {
  const { context, page, faults } = await open(browser);
  await context.addInitScript((save) => Object.defineProperty(navigator, "connection", { value: { saveData: save, effectiveType: "4g" } }), saveData);
  const asked = new Set();
  page.on("request", (request) => { const at = /\/search\/(t-[^/]+\/\d+)\.js$/.exec(request.url()); if (at) asked.add(at[1]); });
  await page.goto(`${server.base}${KINDS.search}`);
  assert.equal(asked.size, 0, "nothing before a search");
  await page.fill("main input[type=search]", "高空抛物");
  await page.waitForSelector(".search-link");
  let before;
  do { before = asked.size; await page.waitForTimeout(600); } while (asked.size > before);
  assert.deepEqual(faults, []);
  await context.close();
  return asked.size;
}

test("after the first answer the texts of a small index come in the pauses, but not to readers who save data", async () => {
  const folders = fs.readdirSync(path.join(site, "search")).filter((name) => /^t-/.test(name));
  const all = fs.readdirSync(path.join(site, "search", folders[0])).length;
  assert.equal(await textsAskedFor(false), all);
  const few = await textsAskedFor(true);
  assert.ok(few > 0 && few < all / 2, `${few} of ${all}`);
});

test("an address is a search, with its filters", async () => {
  const { context, page, faults } = await open(browser);
  await page.goto(`${server.base}${KINDS.search}?q=${encodeURIComponent("离婚")}&kind=law`);
  await page.waitForSelector(".search-link");
  const kinds = await page.locator(".search-kind").allTextContents();
  assert.deepEqual([...new Set(kinds)], ["法条"]);
  await page.locator(".search-facet[aria-pressed=true]").first().click();
  await page.waitForFunction(() => !new URLSearchParams(location.search).get("kind"));
  assert.deepEqual(faults, []);
  await context.close();
});

test("a filter and another question are steps to go back to, with as many results as before", async () => {
  const { context, page, faults } = await open(browser), box = page.locator("main input[type=search]");
  const results = (n) => page.waitForFunction((n) => document.querySelectorAll(".search-link").length === n, n);
  await page.goto(`${server.base}${KINDS.search}?q=${encodeURIComponent("工资怎么要回来")}`);
  await results(10);
  await page.locator(".search-foot button").click();
  await results(20);
  const down = await page.evaluate(() => { const link = document.querySelectorAll(".search-link")[15]; link.scrollIntoView(); const down = scrollY; link.click(); return down; });
  assert.ok(down > 0);
  await page.waitForURL((url) => !url.pathname.endsWith("/search/"));
  await page.goBack();
  await results(20);
  await page.waitForFunction((down) => Math.abs(scrollY - down) < 5, down);
  await page.locator(".search-facet").first().click();
  await page.waitForFunction(() => new URLSearchParams(location.search).get("kind"));
  await page.waitForTimeout(2000);
  await box.fill("");
  await box.pressSequentially("离婚", { delay: 100 });
  await page.waitForFunction(() => new URLSearchParams(location.search).get("q") === "离婚");
  await page.goBack();
  await page.waitForFunction(() => new URLSearchParams(location.search).get("q") === "工资怎么要回来" && location.search.includes("kind="));
  assert.equal(await box.inputValue(), "工资怎么要回来");
  await page.goBack();
  await page.waitForFunction(() => !location.search.includes("kind="));
  await results(20);
  assert.deepEqual(faults, []);
  await context.close();
});

test("filters the site does not have are ignored or said, never shown as keys", async () => {
  const { context, page, faults } = await open(browser), query = encodeURIComponent("离婚");
  await page.goto(`${server.base}${KINDS.search}?q=${query}&kind=nonsense`);
  await page.waitForSelector(".search-link");
  assert.match(await page.locator("main .search-status").textContent(), /^共/);
  assert.equal(await page.locator(".search-facet[aria-pressed=true]").count(), 0);
  for (const filter of ["topic", "audience", "law"]) {
    await page.goto(`${server.base}${KINDS.search}?q=${query}&${filter}=${encodeURIComponent("<b>没有")}`);
    await page.waitForSelector(".search-foot a[href^='tel:']");
    assert.equal(await page.locator("main .search-status").textContent(), "在“<b>没有”里没有找到“离婚”");
    await page.getByRole("button", { name: "去掉筛选" }).click();
    await page.waitForSelector(".search-link");
  }
  assert.deepEqual(faults, []);
  await context.close();
});

test("typing beside a result goes on in the box; all there is is counted", async () => {
  const { context, page, faults } = await open(browser);
  await page.goto(`${server.base}${KINDS.search}?q=${encodeURIComponent("工资怎么要回来")}`);
  await page.waitForSelector(".search-link");
  assert.match(await page.locator("main .search-status").textContent(), /^最相关的 \d{3} 条$/);
  await page.locator(".search-link").first().focus();
  await page.keyboard.type("e");
  assert.equal(await page.locator("main input[type=search]").inputValue(), "工资怎么要回来e");
  assert.equal(await page.evaluate(() => document.documentElement.hasAttribute("data-elder")), false);
  assert.deepEqual(faults, []);
  await context.close();
});

test("without a network it is said what can be searched", async () => {
  const { context, page } = await open(browser);
  await page.goto(`${server.base}${KINDS.search}?q=${encodeURIComponent("离婚")}`);
  await page.waitForSelector(".search-link");
  await context.setOffline(true);
  await page.fill("main input[type=search]", "高空抛物");
  await page.waitForFunction(() => /^现在没有网络/.test(document.querySelector("main .search-status").textContent));
  await context.close();
});

test("an English page searches in English", async () => {
  const { context, page, faults } = await open(browser);
  await page.goto(`${server.base}en/search/?q=${encodeURIComponent("离婚")}`);
  await page.waitForSelector(".search-link");
  assert.match(await page.locator("main .search-status").textContent(), /results$/);
  assert.equal(await page.locator("html").getAttribute("lang"), "en");
  await page.goto(`${server.base}en/`);
  assert.match(await page.locator("#search-dialog form").getAttribute("action"), /^search\/$/);
  assert.deepEqual(faults, []);
  await context.close();
});

test("of a question its longest words are marked, not that it asks", async () => {
  const { context, page } = await open(browser);
  await page.goto(`${server.base}${KINDS.search}?q=${encodeURIComponent("被狗咬了怎么办")}`);
  await page.locator(".search-link").first().click();
  await page.waitForSelector("main mark.search-mark");
  const marked = new Set(await page.locator("main mark.search-mark").allTextContents());
  assert.deepEqual([...marked].filter((words) => !words.includes("狗咬")), []);
  await context.close();
});

test("the landing page marks the words", async () => {
  const { context, page } = await open(browser);
  await page.goto(`${server.base}${KINDS.search}?q=${encodeURIComponent("冷静期")}`);
  await page.locator(".search-link").first().click();
  await page.waitForSelector("main mark.search-mark");
  assert.match(await page.locator("main mark.search-mark").first().textContent(), /冷静期/);
  await context.close();
});

test("what is typed before the script has come is searched", async () => {
  const { context, page, faults } = await open(browser);
  await page.route(/\/search\.[0-9a-f]+\.js$/, async (route) => { await new Promise((done) => setTimeout(done, 1500)); await route.continue(); });
  await page.goto(server.base + KINDS.article);
  await page.keyboard.press("/");
  await page.keyboard.type("借条怎么写");
  assert.equal(await page.locator("#search-dialog-q").inputValue(), "借条怎么写");
  assert.equal(await page.locator(".search-link").count(), 0, "the script is not there yet");
  await page.waitForSelector("#search-dialog .search-link");
  assert.equal(await page.locator("#search-dialog-q").inputValue(), "借条怎么写");
  assert.deepEqual(faults, []);
  await context.close();
});

test("where nothing is found there is help, and no markup comes alive", async () => {
  const { context, page, faults } = await open(browser);
  await page.goto(`${server.base}${KINDS.search}?q=${encodeURIComponent("囧囧龘龘")}`);
  await page.waitForSelector(".search-foot a[href^='tel:']");
  await page.waitForSelector(".search-topics a");
  await page.goto(`${server.base}${KINDS.search}?q=${encodeURIComponent("<img src=x onerror=alert(1)>")}`);
  await page.waitForFunction(() => /./.test(document.querySelector(".search-status")?.textContent || ""));
  assert.equal(await page.locator("main img").count(), 0);
  assert.deepEqual(faults, []);
  await context.close();
});

test("what is said of the results is there once for a screen reader, in a region that was there before", async () => {
  const { context, page, faults } = await open(browser);
  await page.goto(server.base + KINDS.search);
  const client = await context.newCDPSession(page);
  for (const [query, text] of [["囧囧龘龘", "没有找到“囧囧龘龘”"], ["离婚", null]]) {
    await page.fill("main input[type=search]", query);
    await page.waitForFunction((wanted) => { const said = document.querySelector("main .search-status")?.textContent; return wanted ? said === wanted : /^共/.test(said || ""); }, text);
    const said = await page.locator("main .search-status").textContent();
    const { nodes } = await client.send("Accessibility.getFullAXTree");
    assert.equal(nodes.filter((node) => !node.ignored && node.role.value === "StaticText" && node.name.value === said).length, 1, said);
    assert.equal(await page.locator("main [role=status]").filter({ hasText: said }).count(), 1);
  }
  assert.deepEqual(faults, []);
  await context.close();
});

test("without scripts the topics are listed", async () => {
  const { context, page } = await open(browser, { javaScriptEnabled: false });
  await page.goto(server.base + KINDS.search);
  assert.ok(await page.locator(".search-index a").count() > 3);
  await context.close();
});
