// pufa: template — the service worker, written to the root of the site.
// One cache for each build: a page and what it loads always come from the same one, so that nothing old mixes with new.
// What has not changed between two builds (same hash) is carried over, not fetched again.
"use strict";
const BUILD = {{ build | tojson }};
const MANIFEST = {{ offline.manifest | tojson }}; // {files: {path: hash}, core: [path], all: bool, collections: {id: {bytes, paths}}}
const CACHE = "pufa-" + BUILD;
const base = new URL("./", self.location.href);
const address = (path) => new URL(path, base).href;
const plain = (url) => { const u = new URL(url); u.search = ""; u.hash = ""; if (u.pathname.endsWith("/index.html")) u.pathname = u.pathname.slice(0, -10); return u.href; };
let manifest = null;
/** The list of the build's files, kept with the build's cache. */
async function list() {
  if (manifest) return manifest;
  const cache = await caches.open(CACHE), url = address(MANIFEST);
  let answer = await cache.match(url);
  if (!answer) { answer = await fetch(url, { cache: "no-cache" }); if (!answer.ok) throw new Error(url); await cache.put(url, answer.clone()); }
  return (manifest = await answer.json());
}
/** Fetches a file into this build's cache; takes it from an earlier build's where its hash is the same. */
async function store(path, earlier) {
  const cache = await caches.open(CACHE), url = address(path);
  if (await cache.match(url)) return;
  const hash = (await list()).files[path];
  for (const old of earlier || []) if (hash && old.files[path] === hash) { const hit = await old.cache.match(url); if (hit) return cache.put(url, hit); }
  const answer = await fetch(url, { cache: "no-cache" });
  if (answer.ok && answer.status === 200) await cache.put(url, answer);
}
async function storeAll(paths, earlier, told) {
  let at = 0, done = 0, failed = 0;
  const work = async () => { while (at < paths.length) { const p = paths[at++]; try { await store(p, earlier); } catch { failed++; } done++; if (told) told(done, paths.length); } };
  await Promise.all([work(), work(), work(), work()]);
  return failed;
}
/** The caches of earlier builds with their lists. */
async function earlierBuilds() {
  const found = [];
  for (const name of await caches.keys()) if (name.startsWith("pufa-") && name !== CACHE && name !== "pufa-kept") {
    const cache = await caches.open(name); let files = {};
    for (const request of await cache.keys()) if (/offline[^/]*\.json$/.test(request.url)) { const a = await cache.match(request); files = (await a.json()).files || {}; }
    found.push({ name, cache, files });
  }
  return found;
}
/** The collections the reader keeps, as a list of ids. */
async function keptIds() { const a = await (await caches.open("pufa-kept")).match(address("kept.json")); return a ? a.json() : []; }
async function setKept(ids) { await (await caches.open("pufa-kept")).put(address("kept.json"), new Response(JSON.stringify(ids))); }

self.addEventListener("install", (event) => {
  event.waitUntil((async () => { const m = await list(), old = await earlierBuilds(); await storeAll(m.core, old); await self.skipWaiting(); })());
});
self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const m = await list(), old = await earlierBuilds(), ids = await keptIds();
    // What was visited and kept before is brought up to this build before the old one goes.
    const wanted = new Set(ids.flatMap((id) => (m.collections[id] || { paths: [] }).paths));
    for (const build of old) for (const request of await build.cache.keys()) { const p = decodeURI(request.url.slice(base.href.length)); if (m.files[p]) wanted.add(p); }
    await storeAll([...wanted], old);
    for (const build of old) await caches.delete(build.name);
    await self.clients.claim();
  })());
});
/** With the whole site small enough, everything is fetched in the background. */
let filling = null;
function fill() { filling ||= list().then((m) => (m.all ? storeAll(Object.keys(m.files)) : 0)).catch(() => { filling = null; }); return filling; }

async function cached(request) {
  const cache = await caches.open(CACHE), url = plain(request.url);
  return (await cache.match(url, { ignoreVary: true })) || (await cache.match(url + "index.html", { ignoreVary: true }));
}
/** Part of a recording that is kept whole. */
async function slice(answer, range) {
  const blob = await answer.blob(), m = /bytes=(\d+)-(\d*)/.exec(range); if (!m) return new Response(blob, { headers: answer.headers });
  const from = +m[1], to = m[2] ? Math.min(+m[2], blob.size - 1) : blob.size - 1;
  return new Response(blob.slice(from, to + 1), { status: 206, headers: { "Content-Type": answer.headers.get("Content-Type") || "", "Content-Range": `bytes ${from}-${to}/${blob.size}`, "Content-Length": String(to - from + 1), "Accept-Ranges": "bytes" } });
}
async function page(request) {
  try {
    const answer = await fetch(request);
    if (answer.ok && answer.status === 200) { const m = await list().catch(() => null), url = plain(request.url), path = decodeURI(url.slice(base.href.length)); const key = m && (m.files[path] ? path : m.files[path + "index.html"] ? path + "index.html" : null); if (key) (await caches.open(CACHE)).put(address(key), answer.clone()); }
    return answer;
  } catch (error) {
    const hit = await cached(request); if (hit) return hit;
    const lost = await (await caches.open(CACHE)).match(address("404.html"));
    return lost ? new Response(lost.body, { status: 404, headers: { "Content-Type": "text/html; charset=utf-8" } }) : Response.error();
  }
}
async function file(request) {
  const hit = await cached(request), range = request.headers.get("range");
  if (hit) return range ? slice(hit, range) : hit;
  const answer = await fetch(request);
  if (!range && answer.ok && answer.status === 200) { const m = await list().catch(() => null), path = decodeURI(plain(request.url).slice(base.href.length)); if (m && m.files[path]) (await caches.open(CACHE)).put(address(path), answer.clone()); }
  return answer;
}
self.addEventListener("fetch", (event) => {
  const request = event.request;
  if (request.method !== "GET" || !request.url.startsWith(base.href)) return;
  if (request.mode === "navigate") { event.respondWith(page(request)); event.waitUntil(fill()); }
  else event.respondWith(file(request));
});
self.addEventListener("message", (event) => {
  const port = event.ports[0], { what, collection } = event.data || {};
  if (!port) return;
  event.waitUntil((async () => {
    const m = await list(), c = m.collections[collection]; if (!c) return port.postMessage({ unknown: true });
    let ids = await keptIds(), failed = 0;
    if (what === "keep") { failed = await storeAll(c.paths, [], (done, total) => port.postMessage({ done, total })); if (!failed) await setKept(ids = [...new Set([...ids, collection])]); }
    if (what === "drop") { await setKept(ids = ids.filter((i) => i !== collection)); const cache = await caches.open(CACHE), core = new Set(m.core); if (!m.all) for (const p of c.paths) if (!core.has(p)) await cache.delete(address(p)); }
    port.postMessage({ kept: ids.includes(collection), bytes: c.bytes, failed });
  })());
});
