// The preview in a browser: what is saved is on the screen without a reload, at the same place; errors come and go.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const PUFA = process.env.PUFA || path.join(ROOT, "target/debug/pufa");
const ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"];
const LINES = Array.from({ length: 120 }, (_, at) => `第 ${at + 1} 段：欠款要有凭据，还款要有回执。`);
const text = (title, lines) => `+++\ntitle = "${title}"\ndescription = "试写"\ndate = 2026-01-02\n+++\n${lines.join("\n\n")}\n`;

let site, server, base, browser, page;
const file = (name) => path.join(site, name);
const article = () => file("content/articles/trial.md");
const save = (name, content) => fs.writeFileSync(name, content);
/** As many editors save: beside, then over. */
const saveByRename = (name, content) => { fs.writeFileSync(`${name}.new~`, content); fs.renameSync(`${name}.new~`, name); };
const shows = (words) => page.waitForFunction((words) => document.body.innerText.includes(words), words);
const overlay = (state) => page.waitForSelector(".pufa-overlay", { state });

before(async () => {
  site = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "pufa-preview-")), "site");
  execFileSync(PUFA, ["new", site, "--quiet"]);
  save(article(), text("试写", LINES));
  server = spawn(PUFA, ["serve", "--root", site, "--drafts", "--lang", "zh"], { stdio: ["ignore", "pipe", "ignore"] });
  base = await new Promise((done) => server.stdout.once("data", (line) => done(String(line).trim())));
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: ARGUMENTS });
});
after(async () => {
  await browser.close();
  server.kill();
  fs.rmSync(path.dirname(site), { recursive: true, force: true });
});
beforeEach(async () => {
  if (page) await page.close();
  for (const name of ["templates/page.html", "css/pufa.css"]) fs.rmSync(file(name), { force: true });
  save(article(), text("试写", LINES));
  page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.setDefaultTimeout(8000);
  const connected = page.waitForResponse((answer) => answer.url().includes("/__pufa/problems"));
  await page.goto(`${base}articles/trial/`);
  await connected;
  await shows("第 1 段");
  // A reload would forget the mark.
  await page.evaluate(() => { globalThis.mark = true; });
});
const sameDocument = async () => assert.equal(await page.evaluate(() => globalThis.mark), true, "the page was loaded anew");

test("what is saved is on the screen, and the place is kept", async () => {
  await page.evaluate(() => scrollTo(0, 1500));
  await page.waitForFunction(() => scrollY === 1500);
  for (const [at, write] of [[60, save], [61, saveByRename], [2, save]]) {
    const words = `改过的第 ${at} 段`;
    write(article(), text("试写", LINES.with(at, words)));
    await shows(words);
    assert.equal(await page.evaluate(() => scrollY), 1500);
  }
  await sameDocument();
});

test("what a reader opened stays open", async () => {
  const folded = "> [!NOTE]- 收起的话\n> 里面的字\n";
  save(article(), text("试写", [folded, ...LINES]));
  await shows("收起的话");
  await page.click("main details > summary");
  save(article(), text("试写", [folded, ...LINES.with(3, "旁边改了一句")]));
  await shows("旁边改了一句");
  assert.equal(await page.evaluate(() => document.querySelector("main details").open), true);
});

test("an error lies over the last good page and goes when it is mended", async () => {
  save(article(), text("试写", LINES).replace('title = "试写"', "title ＝“试写”"));
  await overlay("visible");
  const said = await page.textContent(".pufa-overlay");
  assert.match(said, /content\/articles\/trial\.md:2:\d+/);
  assert.match(said, /建议：/);
  assert.ok((await page.textContent("main")).includes("第 120 段"), "the last good page is gone");
  assert.match(await page.getAttribute(".pufa-overlay a", "href"), /^vscode:\/\/file\/.*trial\.md:2:\d+$/);
  save(article(), text("试写", LINES.with(0, "修好了")));
  await overlay("detached");
  await shows("修好了");
  await sameDocument();
});

test("broken links and templates are shown the same way", async () => {
  save(article(), text("试写", ["[断了](@/nowhere.md)", ...LINES]));
  await overlay("visible");
  assert.match(await page.textContent(".pufa-overlay"), /@\/nowhere\.md/);
  save(article(), text("试写", LINES));
  await overlay("detached");
  const template = file("templates/page.html");
  save(template, '{% extends "default/page.html" %}\n{% block main %}\n{{ page.title | nosuch }}\n{% endblock %}\n');
  await overlay("visible");
  assert.match(await page.textContent(".pufa-overlay"), /templates\/page\.html:3/);
  fs.unlinkSync(template);
  await overlay("detached");
  await shows("第 1 段");
});

test("a style is changed without a reload", async () => {
  const style = file("css/pufa.css");
  fs.mkdirSync(path.dirname(style), { recursive: true });
  const colour = (value) => page.waitForFunction((value) => getComputedStyle(document.querySelector("h1")).color === value, value);
  save(style, "h1 { color: rgb(1, 2, 3); }\n");
  await colour("rgb(1, 2, 3)");
  save(style, "h1 { color: rgb(4, 5, 6); }\n");
  await colour("rgb(4, 5, 6)");
  await sameDocument();
});

test("a draft wears a ribbon, and warnings are listed with links to the editor", async () => {
  save(article(), text("试写", ["#### 跳了级", ...LINES]).replace("+++\n", "+++\ndraft = true\n"));
  await page.waitForSelector(".pufa-ribbon");
  await page.click(".pufa-panel summary");
  assert.match(await page.textContent(".pufa-panel"), /标题从第 1 级跳到了第 4 级/);
  assert.match(await page.getAttribute(".pufa-panel a", "href"), /trial\.md:\d+:\d+$/);
});

test("the configuration may change and break; the server lives on", async () => {
  const config = file("pufa.toml");
  const good = fs.readFileSync(config, "utf8");
  save(config, good.replace(/^title = .*/m, 'title = "换了名字"'));
  await page.waitForFunction(() => document.title.includes("换了名字"));
  save(config, `${good}\nno_such_key = 1\n`);
  await overlay("visible");
  assert.match(await page.textContent(".pufa-overlay"), /no_such_key/);
  save(config, good);
  await overlay("detached");
  assert.equal(server.exitCode, null);
});

test("files come in pieces where a player asks for them", async () => {
  fs.writeFileSync(file("static/sound.mp3"), Buffer.alloc(100_000, 7));
  const part = async () => fetch(`${base}sound.mp3`, { headers: { range: "bytes=10-19" } });
  let answer = await part();
  for (let tries = 0; answer.status === 404 && tries < 50; tries++) {
    await new Promise((done) => setTimeout(done, 100));
    answer = await part();
  }
  assert.equal(answer.status, 206);
  assert.equal((await answer.arrayBuffer()).byteLength, 10);
});
