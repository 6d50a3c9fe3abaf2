// The demonstration site, built once for each file of tests; a plain server for it; and the browser.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import http from "node:http";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const PUFA = process.env.PUFA || path.join(ROOT, "target/debug/pufa");
export const ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--mute-audio", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"];

/** The tests see the theme as it stands in the repository, and what nobody translated among the English pages. */
const CONFIG = fs.readFileSync(path.join(ROOT, "pufa.toml"), "utf8").replace(/^\[theme\]$/m, '[theme]\nname = "default"').replace(/^\[languages\.en\]$/m, "[languages.en]\nfallback = true");

/** One page of every kind. */
export const KINDS = {
  front: "",
  list: "articles/",
  article: "articles/private-lending/",
  case: "cases/wages-iou/",
  book: "books/minfadian/",
  chapter: "books/minfadian/family/",
  question: "books/minfadian/cooling-off/",
  print: "books/xingzheng/print/",
  statute: "laws/laodong-hetong-fa/",
  laws: "laws/",
  course: "classes/",
  episode: "classes/iou-interest/",
  quiz: "classes/wages/",
  directory: "directory/",
  events: "events/",
  event: "events/2026-12-constitution-day/",
  search: "search/",
  taxonomy: "topics/",
  term: "topics/marriage/",
  glossary: "glossary/",
  sitemap: "sitemap/",
  accessibility: "accessibility/",
  form: "forms/iou/",
  calculator: "calculators/compensation/",
  path: "paths/severance/",
  leaflet: "leaflets/renting/",
  "not found": "404.html",
};

/** A temporary folder that goes with the process. */
export function temporary() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "pufa-"));
  process.on("exit", () => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

/** Runs pufa on the demonstration site, with more configuration or another one if wanted. */
export function pufa(folder, command, more = "") {
  const config = path.join(folder, "site.toml");
  fs.writeFileSync(config, typeof more === "function" ? more(CONFIG) : CONFIG + more);
  execFileSync(PUFA, [...command, "--root", ROOT, "--config", config, "--quiet"], { stdio: ["ignore", "ignore", "inherit"] });
}

/** Builds the demonstration site; gives the folder. */
export function build(folder, more) {
  const output = path.join(folder, "site");
  pufa(folder, ["build", "-o", output], more);
  return output;
}

const TYPES = { html: "text/html; charset=utf-8", css: "text/css", js: "text/javascript; charset=utf-8", json: "application/json", webmanifest: "application/manifest+json", svg: "image/svg+xml", png: "image/png", xml: "application/xml", vtt: "text/vtt; charset=utf-8", mp3: "audio/mpeg" };

/** Serves a folder under the policy the theme promises to run under. `requests` are the paths asked for. */
export async function serve(folder) {
  const requests = [], sockets = new Set(), state = { folder };
  const server = http.createServer((request, response) => {
    const at = decodeURIComponent(request.url.split(/[?#]/)[0]);
    requests.push(at);
    let file = path.join(state.folder, at.endsWith("/") ? at + "index.html" : at), status = 200;
    if (!fs.existsSync(file) || fs.statSync(file).isDirectory()) { file = path.join(state.folder, "404.html"); status = 404; }
    response.writeHead(status, { "content-type": TYPES[path.extname(file).slice(1)] || "application/octet-stream", "cache-control": "no-cache", "content-security-policy": "default-src 'self'; object-src 'none'; base-uri 'self'" });
    response.end(fs.readFileSync(file));
  });
  server.on("connection", (socket) => { sockets.add(socket); socket.on("close", () => sockets.delete(socket)); });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return {
    requests, state, base: `http://127.0.0.1:${server.address().port}/`,
    close: () => new Promise((done) => { server.close(done); for (const socket of sockets) socket.destroy(); }),
  };
}

export const launch = () => chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: ARGUMENTS });

/** A page of its own that notes what goes wrong on it: errors of scripts, refused files, violations of the policy. */
export async function open(browser, options = {}) {
  const context = await browser.newContext({ locale: "zh-CN", reducedMotion: "reduce", serviceWorkers: "block", viewport: { width: 1280, height: 800 }, ...options });
  context.setDefaultTimeout(8000);
  const page = await context.newPage(), faults = [];
  page.on("pageerror", (error) => faults.push(`${page.url()}: ${error.message}`));
  page.on("console", (message) => { if (message.type() === "error") faults.push(`${page.url()}: ${message.text()}`); });
  return { context, page, faults };
}
