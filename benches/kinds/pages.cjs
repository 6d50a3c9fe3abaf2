// Opens an episode and a directory in Chromium and says how quick they are. node pages.cjs COURSE_PUBLIC DIRECTORY_PUBLIC
"use strict";
const fs = require("node:fs"), http = require("node:http"), path = require("node:path");
const { chromium } = require("playwright-core");

const TYPES = { ".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript", ".json": "application/json", ".vtt": "text/vtt", ".svg": "image/svg+xml", ".mp3": "audio/mpeg" };

/** Serves a folder on a free port. */
function serve(folder) {
  const server = http.createServer(function (request, answer) {
    let file = path.join(folder, decodeURIComponent(new URL(request.url, "http://x").pathname));
    if (file.endsWith("/")) file += "index.html";
    fs.readFile(file, function (error, bytes) {
      answer.writeHead(error ? 404 : 200, { "content-type": TYPES[path.extname(file)] || "application/octet-stream" });
      answer.end(bytes);
    });
  });
  return new Promise((done) => server.listen(0, "127.0.0.1", () => done(server)));
}

/** A page with its processor slowed down. */
async function open(browser, address, slower) {
  const page = await (await browser.newContext({ viewport: { width: 390, height: 844 } })).newPage();
  const tools = await page.context().newCDPSession(page);
  await tools.send("Emulation.setCPUThrottlingRate", { rate: slower });
  await page.goto(address, { waitUntil: "load" });
  await page.waitForTimeout(1500);
  return page;
}

async function episode(browser, base) {
  const page = await open(browser, base + "/classes/lesson-100/", 4);
  const paint = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0].startTime);
  console.log(`episode: first contentful paint ${paint.toFixed(0)} ms at a quarter of the speed`);
  const took = await page.evaluate(async function () {
    const cues = document.querySelectorAll(".cue"), times = [];
    for (const at of [3500, 20, 2000, 3990, 700]) {
      const start = performance.now();
      cues[at].scrollIntoView({ block: "center" });
      cues[at].dispatchEvent(new MouseEvent("click", { bubbles: true }));
      await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
      times.push(cues[at].classList.contains("is-now") ? performance.now() - start : Infinity);
    }
    return times;
  });
  console.log(`episode: jump to a sentence ${say(took)} at a quarter of the speed`);
}

/** The best and the middle of some times: other work on the machine only makes them longer. */
function say(times) {
  const sorted = [...times].sort((a, b) => a - b);
  return `${sorted[0].toFixed(0)} ms at best, ${sorted[sorted.length >> 1].toFixed(0)} ms as a rule`;
}

async function directory(browser, base) {
  const page = await open(browser, base + "/services/", 1);
  const rounds = await page.evaluate(async function () {
    const box = document.querySelector("#filter-words"), rounds = {};
    box.focus();
    for (let round = 0; round < 5; round++) {
      for (const words of ["司", "司法", "司法所", "司法所 1", "司法所 12", "", "示例路99", "诈骗"]) {
        const start = performance.now();
        box.value = words;
        box.dispatchEvent(new InputEvent("input", { bubbles: true }));
        await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
        (rounds[words] = rounds[words] || []).push(performance.now() - start);
      }
    }
    return rounds;
  });
  for (const [words, times] of Object.entries(rounds)) console.log(`directory: “${words}” ${say(times)}`);
}

(async function () {
  const [course, places] = await Promise.all(process.argv.slice(2, 4).map(serve));
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
    args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
  await episode(browser, "http://127.0.0.1:" + course.address().port);
  await directory(browser, "http://127.0.0.1:" + places.address().port);
  await browser.close();
  course.close();
  places.close();
})();
