// Where a link into a long law ends: at its article, at most a second later, however the reader got there. The law is long and
// most of it is laid out only when it is near, so that what is above an article is as high as it turns out to be.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { KINDS, build, launch, open, serve, temporary } from "./site.mjs";

let server, browser;
before(async () => { server = await serve(build(temporary())); browser = await launch(); });
after(async () => { await browser.close(); await server.close(); });

const LAW = "laws/minfadian/", PLACE = 24, NEAR = 60;
const pause = (page, ms) => page.waitForTimeout(ms);
/** How far an element is from the place a link brings it to. */
const off = (page, id) => page.evaluate(([id, place]) => Math.round(document.getElementById(id).getBoundingClientRect().top - place), [id, PLACE]);
async function arrived(page, id, how) {
  await page.waitForFunction((id) => document.readyState === "complete" && !!document.getElementById(id), id);
  await pause(page, 1000);
  const far = await off(page, id);
  const end = await page.evaluate(() => scrollY + innerHeight > document.documentElement.scrollHeight - 2);
  assert.ok(Math.abs(far) <= NEAR || end && far > 0 && far < 600, `${how}: ${id} is ${far} px from its place`);
}
/** Adds up what moves without the reader's doing. */
const shifts = () => { window.shifted = 0; new PerformanceObserver((list) => { for (const e of list.getEntries()) if (!e.hadRecentInput) window.shifted += e.value; }).observe({ type: "layout-shift", buffered: true }); };

for (const width of [1280, 360]) {
  describe(`at ${width} pixels, with motion`, () => {
    const on = (name, body) => test(name, async () => {
      const { context, page, faults } = await open(browser, { reducedMotion: "no-preference", viewport: { width, height: width > 700 ? 800 : 740 } });
      await page.addInitScript(shifts);
      await body(page);
      assert.deepEqual(faults, []);
      await context.close();
    });

    on("a fresh page, a reload", async (page) => {
      for (const id of ["art-10", "art-577", "art-1079", "art-1254"]) {
        await page.goto("about:blank");
        await page.goto(`${server.base}${LAW}#${id}`);
        await arrived(page, id, "load");
        // At the very end the page itself gets shorter: that can be seen for one frame.
        if (id !== "art-1254") assert.ok(await page.evaluate(() => window.shifted) < 0.03, `layout shift at ${id}: ${await page.evaluate(() => window.shifted)}`);
        await page.reload();
        await arrived(page, id, "reload");
      }
    });

    on("a citation on another page, Back and Forward", async (page) => {
      await page.goto(server.base + KINDS.question);
      const id = await page.evaluate((law) => { const a = [...document.querySelectorAll(`main a.citation[href*="${law}#art-10"]`)].pop(); a.setAttribute("data-test", ""); return a.hash.slice(1); }, LAW);
      await page.evaluate(() => document.querySelector("[data-test]").click());
      await page.waitForURL((url) => url.pathname.endsWith(LAW));
      await arrived(page, id, "click");
      await page.goBack();
      await page.goForward();
      await arrived(page, id, "forward");
      await page.goto(server.base);
      await page.goBack();
      await arrived(page, id, "back");
    });

    on("jumps within the law, Back and Forward between them", async (page) => {
      await page.goto(`${server.base}${LAW}#art-148`);
      await arrived(page, "art-148", "load");
      await page.fill("#goto", "1079");
      await page.press("#goto", "Enter");
      await arrived(page, "art-1079", "by number");
      await page.evaluate(() => { location.hash = "art-577"; });
      await arrived(page, "art-577", "jump");
      await page.goBack();
      await arrived(page, "art-1079", "back");
      await page.goForward();
      await arrived(page, "art-577", "forward");
    });

    on("a reader who scrolls on is not pulled back, and finds the place again", async (page) => {
      await page.goto(`${server.base}${LAW}#art-577`);
      await page.mouse.move(150, 400);
      for (let i = 0; i < 6; i++) { await page.mouse.wheel(0, 500); await pause(page, 60); }
      await pause(page, 900);
      const [id, top] = await page.evaluate(() => { const a = [...document.querySelectorAll(".law .article")].find((a) => a.getBoundingClientRect().top > 0); return [a.id, a.getBoundingClientRect().top]; });
      assert.notEqual(id, "art-577");
      await page.reload();
      await pause(page, 1200);
      assert.ok(Math.abs(await off(page, id) + PLACE - top) <= NEAR, `${id} was at ${top}, is at ${await off(page, id) + PLACE}`);
    });
  });
}
