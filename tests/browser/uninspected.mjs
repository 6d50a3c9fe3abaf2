// A page whose workers nobody inspects. Playwright attaches itself to every service worker, and a worker that is inspected is
// not let go by Chromium as it would be in a reader's browser. Here the browser is spoken to over its pipe, one page and nothing
// else of it: the DevTools protocol, messages of JSON that end with a zero byte.
import { spawn } from "node:child_process";
import { ARGUMENTS, temporary } from "./site.mjs";

const LIMIT = 60000; // how long anything is waited for, in milliseconds

/** Opens `address`; gives `go(address)`, `value(script)`, `until(what, script)` and `close()`. */
export async function uninspected(address) {
  const profile = temporary();
  const browser = spawn(process.env.CHROMIUM || "/usr/bin/chromium", ["--headless", ...ARGUMENTS, `--user-data-dir=${profile}`, "--remote-debugging-pipe", "about:blank"], { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
  const ended = new Promise((done) => browser.on("exit", done));
  const send = wire(browser.stdio[3], browser.stdio[4]);
  const { targetId } = await send("Target.createTarget", { url: address });
  const { sessionId } = await send("Target.attachToTarget", { targetId, flatten: true });

  /** What a script gives in the page; undefined while the page changes. */
  const value = async (script) => {
    const answer = await send("Runtime.evaluate", { expression: `(async () => (${script}))()`, awaitPromise: true, returnByValue: true }, sessionId).catch(() => ({}));
    return answer.result && answer.result.value;
  };
  const until = async (what, script) => {
    for (const end = Date.now() + LIMIT; Date.now() < end; await new Promise((done) => setTimeout(done, 100))) {
      const found = await value(script);
      if (found) return found;
    }
    throw new Error(`${what}: not within ${LIMIT / 1000} s`);
  };
  const go = async (to) => {
    await send("Page.navigate", { url: to }, sessionId);
    await until(`${to} is read`, `location.href === ${JSON.stringify(to)} && document.readyState === "complete"`);
  };
  const close = async () => { await send("Browser.close"); await ended; };
  return { go, value, until, close };
}

/** Sends a command and gives its answer. */
function wire(out, back) {
  const waiting = new Map();
  let last = 0, text = "";
  back.setEncoding("utf8").on("data", (piece) => {
    const messages = (text + piece).split("\0");
    text = messages.pop();
    for (const { id, result, error } of messages.map((message) => JSON.parse(message))) {
      const ends = waiting.get(id);
      if (!ends) continue;
      waiting.delete(id);
      if (error) ends.fail(new Error(error.message)); else ends.done(result);
    }
  });
  return (method, params, sessionId) => new Promise((done, fail) => {
    waiting.set(++last, { done, fail });
    out.write(JSON.stringify({ id: last, method, params, sessionId }) + "\0");
  });
}
