// The exported folder from `file://`: links, searches, popovers and settings, without a single error.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { launch, open, pufa, temporary } from "./site.mjs";

/** A USB stick: Chinese, a space and a sign browsers read as a fragment. */
const folder = temporary(), stick = path.join(folder, "U 盘", "普法#1");
const unzip = (zip, to) => { fs.mkdirSync(to, { recursive: true }); execFileSync("python3", ["-m", "zipfile", "-e", zip, to]); };
const QUERIES = ["离婚", "劳动合同", "工伤", "借条", "高空抛物", "加班费", "遗嘱", "物业费", "试用期", "押金", "彩礼", "诈骗", "诉讼时效", "第一千零七十九条", "lihun", "勞動合同", "老板不给工资怎么办", "隔壁太吵怎么办", "孩子打赏能退吗", "12348"];

let browser;
before(async () => {
  pufa(folder, ["export", "offline", "-o", path.join(folder, "offline.zip")]);
  unzip(path.join(folder, "offline.zip"), stick);
  browser = await launch();
});
after(() => browser.close());

const address = (file) => pathToFileURL(path.join(stick, file)).href;

test("the checksums are right, and every file has one", () => {
  execFileSync("sha256sum", ["-c", "--quiet", "SHA256SUMS"], { cwd: stick });
  const named = fs.readFileSync(path.join(stick, "SHA256SUMS"), "utf8").trim().split("\n").length;
  const found = fs.readdirSync(stick, { recursive: true }).filter((file) => fs.statSync(path.join(stick, file)).isFile()).length;
  assert.equal(found, named + 1);
});

test("from the start page thirty links lead on", async () => {
  const { context, page, faults } = await open(browser);
  await page.goto(address("index.html"));
  await page.click("a.button");
  const seen = new Set();
  for (let step = 0; step < 30; step++) {
    assert.ok(await page.locator("h1").count(), page.url());
    seen.add(page.url().split("#")[0]);
    const links = await page.evaluate(() => [...document.querySelectorAll("main a[href], .mainnav a[href]")].map((a) => a.href).filter((href) => href.startsWith("file:") && /\.html/.test(href)));
    const fresh = links.filter((href) => !seen.has(href.split("#")[0]));
    const next = (fresh.length ? fresh : links)[Math.floor((fresh.length || links.length) * ((step * 0.37) % 1))];
    await page.evaluate((href) => [...document.querySelectorAll("a[href]")].find((a) => a.href === href).click(), next);
    await page.waitForURL((url) => url.href.split("#")[0] === next.split("#")[0]);
  }
  assert.ok(seen.size >= 25, `${seen.size} pages`);
  assert.deepEqual(faults, []);
  await context.close();
});

test("without scripts the links work as well", async () => {
  const { context, page } = await open(browser, { javaScriptEnabled: false });
  await page.goto(address("site/index.html"));
  await page.locator(".situations a").first().click();
  await page.waitForLoadState();
  assert.equal(await page.locator("h1").count(), 1);
  await context.close();
});

test("twenty searches find something", async () => {
  const { context, page, faults } = await open(browser);
  await page.goto(address("site/search/index.html"));
  for (const query of QUERIES) {
    await page.fill("#search-q", "");
    await page.waitForFunction(() => !document.querySelector(".search-link"));
    await page.fill("#search-q", query);
    await page.waitForSelector(".search-link", { timeout: 8000 }).catch(() => assert.fail(`nothing found for ${query}`));
  }
  await page.locator(".search-link").first().click();
  await page.waitForLoadState();
  assert.equal(await page.locator("h1").count(), 1);
  assert.deepEqual(faults, []);
  await context.close();
});

test("popovers, settings, quizzes", async () => {
  const { context, page, faults } = await open(browser);
  await page.goto(address("site/books/minfadian/cooling-off/index.html"));
  await page.hover("main a.citation[data-popover]");
  assert.match(await (await page.waitForSelector(".popover")).textContent(), /第.+条/);
  await page.keyboard.press("Escape");
  await page.click("#elder");
  await page.goto(address("site/classes/wages/index.html"));
  assert.ok(await page.evaluate(() => document.documentElement.hasAttribute("data-elder")), "elder mode is kept");
  await page.locator(".quiz input").first().check();
  await page.getByRole("button", { name: "看得分" }).first().click();
  await page.waitForSelector(".quiz-score");
  assert.deepEqual(faults, []);
  await context.close();
});

test("a topic without media: nothing inside is missing, the rest is on the web", async () => {
  const zip = path.join(folder, "topic.zip"), to = path.join(folder, "topic");
  pufa(folder, ["export", "offline", "--topic", "婚姻家庭", "--no-media", "-o", zip]);
  const first = fs.readFileSync(zip);
  pufa(folder, ["export", "offline", "--topic", "婚姻家庭", "--no-media", "-o", zip]);
  assert.ok(first.equals(fs.readFileSync(zip)), "twice the same bytes");
  unzip(zip, to);
  const files = fs.readdirSync(to, { recursive: true });
  assert.ok(!files.some((file) => /\.(mp3|mp4)$/.test(file)));
  for (const file of files.filter((name) => name.endsWith(".html"))) {
    const html = fs.readFileSync(path.join(to, file), "utf8");
    for (const [, , link] of html.matchAll(/ (href|src)="([^"#][^"]*)"/g)) {
      if (/^(https?|tel|mailto|data):/.test(link) || file.endsWith("404.html")) continue;
      const target = path.join(to, path.dirname(file), decodeURIComponent(link.split(/[?#]/)[0]));
      assert.ok(fs.existsSync(target), `${file} → ${link}`);
    }
  }
  const { context, page, faults } = await open(browser);
  await page.goto(pathToFileURL(path.join(to, "site/search/index.html")).href);
  await page.fill("#search-q", "离婚");
  await page.waitForSelector(".search-link");
  const results = await page.evaluate(() => [...document.querySelectorAll(".search-link")].map((a) => decodeURIComponent(new URL(a.href).pathname)));
  for (const result of results) assert.ok(fs.existsSync(result), result);
  assert.deepEqual(faults, []);
  await context.close();
});
