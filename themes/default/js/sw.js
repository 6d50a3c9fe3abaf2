// pufa: template — the service worker, written to the root of the site when all other files are done.
//
// One cache for each build. A file is put into it only when its hash is the one of the build's list, so that nothing old
// mixes with new; what has not changed between two builds is carried over, not fetched again. Pages are asked for from the
// network first; what carries a hash in its name comes from the cache first.
"use strict";
const BUILD = {{ build | tojson }};
const LIST = {{ offline.manifest | tojson }}; // {build, files: {path: hash}, core: [path], all: bool, read: [path], collections: {id: {bytes, paths}}}
const base = new URL("./", self.location.href);
// Several sites may share an origin: each has its own caches.
const MINE = "pufa " + base.pathname + " ", CACHE = MINE + BUILD, KEPT = MINE + "kept";
const MEDIA = /\.(mp3|m4a|aac|ogg|opus|wav|mp4|m4v|webm)$/i;
const PATIENCE = 6000; // how long a page that is kept is waited for, in milliseconds

const address = (path) => new URL(path.split("/").map(encodeURIComponent).join("/"), base).href;
/** The path of an address in the site, without query; the page of a folder is its `index.html`. */
function pathOf(url) {
  const u = new URL(url);
  if (u.origin !== base.origin || !u.pathname.startsWith(base.pathname)) return null;
  let path = u.pathname.slice(base.pathname.length);
  try { path = decodeURIComponent(path); } catch { /* as it stands */ }
  return path === "" || path.endsWith("/") ? path + "index.html" : path;
}
/** Names that change with their content. */
const lasting = (path) => /[.-][0-9a-f]{8}[./]/.test(path);

// ---- the list ----
let list = null, gone = false; // gone: the reader, or the site, gave up reading offline
/** What this build's cache holds at an address. Asking does not make the cache anew where a newer build has taken it away. */
const held = (url) => caches.match(url, { cacheName: CACHE, ignoreVary: true });
/** The list of this build's files, kept with its cache: the one place where that cache is made. */
async function files() {
  if (list) return list;
  const url = address(LIST), kept = await held(url);
  if (kept) return (list = await kept.json());
  const answer = await fetch(url, { cache: "no-cache" });
  if (!answer.ok) throw new Error(url);
  const found = await answer.clone().json();
  if (found.build !== BUILD) throw new Error("a newer build is there");
  if (!gone) await (await caches.open(CACHE)).put(url, answer);
  return (list = found);
}
/** Puts an answer into this build's cache, where that has not been taken away. */
async function hold(url, answer) { if (!gone && (await caches.has(CACHE))) await (await caches.open(CACHE)).put(url, answer); }

// ---- what belongs to this build ----
async function digest(bytes, digits) {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(hash, (b) => b.toString(16).padStart(2, "0")).join("").slice(0, digits);
}
let asked = null;
/** Whether the build on the server is still this one; asked at most twice a minute. Browsers look for a newer worker themselves, at every page. */
function current() {
  if (!asked) {
    asked = fetch(self.location.href, { cache: "no-cache" }).then((a) => a.text()).then((text) => text.includes(JSON.stringify(BUILD)));
    setTimeout(() => { asked = null; }, 30000);
  }
  return asked;
}
/** Puts an answer into the cache if it is this build's: by its hash, or, where a host changes files on their way, because the build has not changed. */
async function put(path, answer) {
  const hash = (await files()).files[path];
  if (!hash) return false;
  if (!hash.startsWith("~")) {
    const bytes = await answer.clone().arrayBuffer();
    if ((await digest(bytes, hash.length)) !== hash && !(await current())) return false;
  }
  await hold(address(path), answer);
  return true;
}
/** Fetches a file into this build's cache; takes it from an earlier build's where its hash is the same. */
async function store(path, earlier) {
  const url = address(path), hash = (await files()).files[path];
  if (!hash || (await held(url))) return;
  for (const old of earlier || []) {
    const hit = old.files[path] === hash && (await old.cache.match(url));
    if (hit) return hold(url, hit);
  }
  const answer = await fetch(url, { cache: "no-cache" });
  if (answer.status !== 200 || !(await put(path, answer))) throw new Error(url);
}
/** Fetches many, four at a time; gives the number that failed. */
async function storeAll(paths, earlier, told) {
  let at = 0, done = 0, failed = 0;
  const work = async () => {
    while (at < paths.length) {
      const path = paths[at++];
      try { await store(path, earlier); } catch { failed++; }
      done++;
      if (told) told(done, paths.length);
    }
  };
  await Promise.all([work(), work(), work(), work()]);
  return failed;
}

// ---- notes that outlive a build ----
async function note(name) { const a = await caches.match(address(name), { cacheName: KEPT }); return a ? a.json() : []; }
async function setNote(name, value) { if (!gone) await (await caches.open(KEPT)).put(address(name), new Response(JSON.stringify(value))); }
const KEEP = "kept.json"; // ids of the collections the reader keeps
const SEEN = "seen.json"; // pages read while a newer build was on its way

// ---- a new build ----
/** The caches of earlier builds with their lists. */
async function earlierBuilds() {
  const found = [];
  for (const name of await caches.keys()) {
    if (!name.startsWith(MINE) || name === CACHE || name === KEPT) continue;
    const cache = await caches.open(name), answer = await cache.match(address(LIST));
    found.push({ name, cache, files: answer ? (await answer.json()).files : {} });
  }
  return found;
}
/** What is needed at once, then what was read and kept before: all of it is there before the earlier build goes. */
async function install() {
  const m = await files(), old = await earlierBuilds();
  if (await storeAll(m.core, old)) throw new Error("the build could not be fetched whole");
  const wanted = new Set((await note(KEEP)).flatMap((id) => (m.collections[id] || { paths: [] }).paths));
  for (const path of await note(SEEN)) wanted.add(path);
  for (const build of old) for (const request of await build.cache.keys()) wanted.add(pathOf(request.url));
  await storeAll([...wanted].filter((path) => m.files[path]), old);
  await setNote(SEEN, []);
  await self.skipWaiting();
}
self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const build of await earlierBuilds()) await caches.delete(build.name);
    await self.clients.claim();
  })());
});

// ---- the whole site, where it is small ----
/** Readers who pay by the megabyte, or save data, keep only what they read. */
function costly() { const net = self.navigator.connection; return !!net && (net.saveData || net.type === "cellular" || /2g|3g/.test(net.effectiveType || "")); }
let filling = null;
async function fill() {
  const m = await files();
  if (!m.all || costly()) return;
  const read = new Set(m.read); // kept only when they are read
  filling ||= storeAll(Object.keys(m.files).filter((path) => !MEDIA.test(path) && !read.has(path))).finally(() => { filling = null; });
  await filling;
}

// ---- answers ----
async function cached(path) { return (await held(address(path))) || held(address(path + "/index.html")); }
const later = (ms) => new Promise((done) => setTimeout(done, ms));
/** Keeps a page that was just read; one of a newer build is remembered for that build. */
async function keepPage(path, answer) {
  const m = await files();
  const key = m.files[path] ? path : m.files[path + "/index.html"] ? path + "/index.html" : null;
  if (!key || !(await put(key, answer))) await setNote(SEEN, [...new Set([...(await note(SEEN)), path])].slice(-200));
}
async function page(event, path) {
  const network = fetch(event.request).then((answer) => {
    if (answer.status === 200 && !answer.redirected) event.waitUntil(keepPage(path, answer.clone()).catch(() => {}));
    return answer;
  });
  event.waitUntil(network.catch(() => {}));
  const hit = await cached(path);
  try {
    return (await (hit ? Promise.race([network, later(PATIENCE)]) : network)) || hit;
  } catch (error) {
    if (hit) return hit;
    const lost = await cached("404.html"), known = await files().catch(() => null);
    if (lost && known && (known.files[path] || known.files[path + "/index.html"])) return notKept(lost, known);
    return lost ? new Response(lost.body, { status: 404, headers: { "Content-Type": "text/html; charset=utf-8" } }) : Response.error();
  }
}
/** The page for an address of this site that is not kept: it says so, and what can be read without a network. */
async function notKept(lost, m) {
  const ids = await note(KEEP), whole = new Set(ids.flatMap((id) => (m.collections[id] || { paths: [] }).paths)), pages = [], books = [];
  for (const id of ids) {
    // The page of the book or course itself is the one that offers to keep it, not far from the root.
    for (const path of ((m.collections[id] || {}).paths || []).filter((path) => path.endsWith("index.html")).sort((a, b) => a.length - b.length)) {
      const kept = await held(address(path));
      if (kept && new RegExp(`data-keep="?${id}["\\s>]`).test(await kept.text())) { books.push(await link(path)); break; }
    }
  }
  for (const { url } of (await (await caches.open(CACHE)).keys()).reverse()) {
    const path = pathOf(url);
    if (pages.length < 60 && path && path.endsWith("index.html") && !whole.has(path)) pages.push(await link(path));
  }
  let html = await lost.text();
  const said = /<span class="?when-offline"?>([^<]*)/.exec(html);
  if (said) html = html.replace(/<title>[^<]*/, () => "<title>" + said[1]);
  html = html.replace(/kind-not-found/, "kind-offline")
    .replace(/<ul[^>]*id="?kept-books-list"?[^>]*>/, (ul) => ul + books.join(""))
    .replace(/<ul[^>]*id="?kept-pages-list"?[^>]*>/, (ul) => ul + pages.join(""));
  return new Response(html, { status: 503, headers: { "Content-Type": "text/html; charset=utf-8" } });
}
/** A line of the list of kept pages; its title is the page's own, text of HTML already. */
async function link(path) {
  const kept = await held(address(path)), title = kept && /<title>([^<]*)/.exec(await kept.text());
  return `<li><a href="${address(path).replace(/index\.html$/, "")}">${title ? title[1] : path}</a></li>`;
}
/** Part of a recording that is kept whole. */
async function slice(answer, range) {
  const blob = await answer.blob(), m = /bytes=(\d+)-(\d*)/.exec(range), type = answer.headers.get("Content-Type") || "";
  if (!m) return new Response(blob, { headers: { "Content-Type": type } });
  const from = +m[1], to = m[2] ? Math.min(+m[2], blob.size - 1) : blob.size - 1;
  return new Response(blob.slice(from, to + 1), { status: 206, headers: { "Content-Type": type, "Content-Range": `bytes ${from}-${to}/${blob.size}`, "Content-Length": String(to - from + 1), "Accept-Ranges": "bytes" } });
}
async function file(event, path) {
  const range = event.request.headers.get("range"), first = lasting(path) || MEDIA.test(path);
  const hit = await cached(path), kept = () => (range ? slice(hit, range) : hit);
  if (hit && first) return kept();
  try {
    const answer = await fetch(event.request);
    if (!range && answer.status === 200 && !MEDIA.test(path)) event.waitUntil(put(path, answer.clone()).catch(() => {}));
    return answer;
  } catch (error) {
    if (hit) return kept();
    throw error;
  }
}
self.addEventListener("fetch", (event) => {
  const request = event.request, path = request.method === "GET" ? pathOf(request.url) : null;
  if (path === null || path === LIST || request.url.split(/[?#]/)[0] === self.location.href) return;
  event.respondWith(request.mode === "navigate" ? page(event, path) : file(event, path));
});

// ---- what pages ask ----
async function answer(port, what, id) {
  const m = await files(), collection = m.collections[id];
  if (gone || !collection) return port.postMessage({ unknown: true });
  let ids = await note(KEEP), failed = 0;
  if (what === "keep") {
    failed = await storeAll(collection.paths, [], (done, total) => port.postMessage({ done, total }));
    if (!failed) await setNote(KEEP, (ids = [...new Set([...ids, id])]));
  }
  if (what === "drop") {
    await setNote(KEEP, (ids = ids.filter((other) => other !== id)));
    await drop(m, collection, ids);
  }
  port.postMessage({ kept: ids.includes(id), bytes: collection.bytes, failed });
}
/** Removes a collection's files, but for those another one needs. */
async function drop(m, collection, ids) {
  const cache = await caches.open(CACHE), needed = new Set(m.core.concat(ids.flatMap((id) => (m.collections[id] || { paths: [] }).paths)));
  for (const path of collection.paths) if (!needed.has(path) && !(m.all && !MEDIA.test(path))) await cache.delete(address(path));
}
/** Takes everything away, and keeps nothing any more. */
async function forget() {
  gone = true;
  for (const name of await caches.keys()) if (name.startsWith(MINE)) await caches.delete(name);
  await self.registration.unregister();
}
self.addEventListener("message", (event) => {
  const { what, collection, page } = event.data || {}, port = event.ports[0];
  if (what === "forget") event.waitUntil(forget());
  else if (what === "read") {
    // A reader who gave up reading offline took it up again before this worker had ended.
    if (gone) { gone = false; list = asked = null; }
    const path = pathOf(page);
    event.waitUntil((path ? store(path).catch(() => {}) : Promise.resolve()).then(fill).catch(() => {}));
  } else if (port) event.waitUntil(answer(port, what, collection).catch(() => port.postMessage({ unknown: true })));
});
