// @ts-check
// What every page needs at once: settings that stick, menus, popovers of law, copy and print, keys, and loading of the rest on demand.
// Everything here adds to pages that are complete without it.
(function () {
  "use strict";
  var root = document.documentElement, doc = document;
  /** @type {any} */
  var data = {};
  var block = doc.getElementById("pufa-data");
  try { data = JSON.parse((block && block.textContent) || "{}"); } catch (e) { /* a page of another template */ }
  data.scripts = data.scripts || {};
  // The site's folder, also where links name files (`../index.html`).
  data.root = (data.root || "").replace(/(^|\/)index\.html$/, "$1") || "./";

  // ---- what the reader chose, on this device only ----
  /** @returns {Record<string, string>} */
  function kept() { try { return JSON.parse(localStorage.getItem("pufa") || "{}") || {}; } catch (e) { return {}; } }
  /** @param {string} name @param {string} value Keeps a choice and shows it. */
  function keep(name, value) {
    var all = kept();
    if (value) all[name] = value; else delete all[name];
    try { localStorage.setItem("pufa", JSON.stringify(all)); } catch (e) { /* kept until the page is left */ }
    if (value) root.setAttribute("data-" + name, name === "elder" ? "" : value); else root.removeAttribute("data-" + name);
    if (name === "elder") showElder();
  }
  function showElder() {
    doc.querySelectorAll("[data-toggle=elder]").forEach(function (b) { b.setAttribute("aria-pressed", String(root.hasAttribute("data-elder"))); });
  }

  // ---- words ----
  /** @type {any} */
  var words = {};
  /** @param {string} key @param {Record<string, any>} [blanks] A string of the theme in the page's language. */
  function t(key, blanks) {
    /** @type {any} */
    var value = key.split(".").reduce(function (at, part) { return at && at[part]; }, words);
    if (value && typeof value === "object") value = blanks && blanks.n === 1 ? value.one : value.other;
    return String(value === undefined ? key : value).replace(/\{(\w+)\}/g, function (all, name) { return blanks && name in blanks ? blanks[name] : all; });
  }

  // ---- scripts on demand; classic ones, so that file:// works ----
  /** @type {Record<string, Promise<void>>} */
  var loading = {};
  /** @param {string} name One of the page's scripts, or an address. @returns {Promise<void>} */
  function load(name) {
    var address = data.scripts[name] || name;
    if (!loading[address]) loading[address] = new Promise(function (done, fail) {
      var s = doc.createElement("script");
      s.src = address; s.onload = function () { done(); };
      s.onerror = function () { delete loading[address]; s.remove(); fail(new Error(address)); };
      doc.head.append(s);
    });
    return loading[address];
  }
  /** @param {string} name A script with its words, then its part of `pufa`. @returns {Promise<any>} */
  function part(name) {
    return Promise.all([load("strings"), load(name)]).then(function () { return /** @type {any} */ (window).pufa[name]; });
  }
  /** @param {string} text Says it, and shows it for a moment. */
  function say(text) {
    var old = doc.querySelector(".toast"); if (old) old.remove();
    var p = doc.createElement("p"); p.className = "toast"; p.setAttribute("role", "status");
    doc.body.append(p);
    setTimeout(function () { p.textContent = text; }, 30);
    setTimeout(function () { p.remove(); }, 3500);
  }

  // ---- articles of law, by file ----
  /** @type {Record<string, {title: string, articles: Record<string, string[]>}>} */
  var laws = {};
  /** @param {{id: string, title: string, articles: Record<string, string[]>}} law Called by the files that hold the articles. */
  function law(law) {
    var known = laws[law.id] = laws[law.id] || { title: law.title, articles: {} };
    Object.keys(law.articles).forEach(function (n) { known.articles[n] = law.articles[n]; });
  }

  // ---- from disk a folder shows its list of files: say which file is meant ----
  var onDisk = location.protocol === "file:";
  /** @param {Element} el @param {string} name */
  function complete(el, name) {
    var value = el.getAttribute(name);
    if (!value || /^([a-z][a-z+.-]*:|\/\/|#)/i.test(value)) return;
    var cut = value.search(/[?#]/), path = cut < 0 ? value : value.slice(0, cut);
    if (path === "" || path.slice(-1) === "/" || /(^|\/)\.\.?$/.test(path)) el.setAttribute(name, (path === "" ? "" : path.replace(/([^/])$/, "$1/") + "index.html") + (cut < 0 ? "" : value.slice(cut)));
  }
  /** @param {ParentNode} within */
  function completeAll(within) {
    within.querySelectorAll("a[href]").forEach(function (a) { complete(a, "href"); });
    within.querySelectorAll("form[action]").forEach(function (f) { complete(f, "action"); });
  }
  if (onDisk) {
    completeAll(doc);
    data.root = data.root.replace(/\/?$/, "/");
    new MutationObserver(function (changes) {
      changes.forEach(function (change) {
        if (change.type === "attributes") complete(/** @type {Element} */ (change.target), "href");
        change.addedNodes.forEach(function (node) {
          if (node.nodeType !== 1) return;
          var el = /** @type {Element} */ (node);
          if (el.matches("a[href]")) complete(el, "href");
          completeAll(el);
        });
      });
    }).observe(doc.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["href"] });
  }

  // ---- popovers: the article behind a citation, the meaning of a term ----
  /** @type {HTMLElement | null} */
  var pop = null;
  /** @type {Element | null} */
  var owner = null;
  var timer = 0;
  function closePop() {
    clearTimeout(timer);
    if (!pop) return;
    pop.remove(); pop = null;
    if (owner) owner.removeAttribute("aria-describedby");
    owner = null;
  }
  /** @param {string} tag @param {string} text @param {string} [cls] */
  function make(tag, text, cls) { var e = doc.createElement(tag); e.textContent = text; if (cls) e.className = cls; return e; }
  /** @param {HTMLElement} anchor @param {Node[]} nodes */
  function showPop(anchor, nodes) {
    closePop();
    owner = anchor;
    pop = make("div", "", "popover"); pop.id = "popover"; pop.setAttribute("role", "tooltip");
    pop.append.apply(pop, nodes);
    pop.onmouseenter = function () { clearTimeout(timer); };
    pop.onmouseleave = later;
    doc.body.append(pop);
    anchor.setAttribute("aria-describedby", "popover");
    var rects = anchor.getClientRects(), a = rects[rects.length - 1] || anchor.getBoundingClientRect(), first = rects[0] || a;
    var w = pop.offsetWidth, h = pop.offsetHeight, wide = root.clientWidth;
    var left = Math.max(16, Math.min(a.left, wide - w - 16)), below = a.bottom + 8;
    if (below + h > innerHeight && first.top - h - 8 > 0) below = first.top - h - 8;
    pop.style.left = left + scrollX + "px"; pop.style.top = below + scrollY + "px";
  }
  function later() { clearTimeout(timer); timer = window.setTimeout(closePop, 250); }
  /** @param {HTMLElement} a */
  function openPop(a) {
    clearTimeout(timer);
    if (owner === a) return;
    if (a.dataset.gist) { showPop(a, [make("p", a.dataset.gist)]); return; }
    var id = a.dataset.texts || a.dataset.law || "", n = a.dataset.article || "", file = a.dataset.popover;
    if (!file || !n) return;
    Promise.all([laws[id] && laws[id].articles[n] ? null : load(file), load("strings")]).then(function () {
      var text = laws[id] && laws[id].articles[n];
      if (!text || waiting !== a) return;
      var more = make("p", "", "popover-more"), link = doc.createElement("a");
      link.href = a.getAttribute("href") || ""; link.textContent = t("popover.more"); link.tabIndex = -1; more.append(link);
      showPop(a, [make("p", laws[id].title + " " + text[0], "popover-title")].concat(text.slice(1).map(function (p) { return make("p", p); }), more));
    }).catch(function () { /* the link itself still leads there */ });
  }
  /** @type {Element | null} The anchor the reader is on: a popover that arrives late for another is not shown. */
  var waiting = null;
  /** @param {Event} event @returns {HTMLElement | null} */
  function popAnchor(event) { return event.target instanceof Element ? event.target.closest("a.citation[data-popover], [data-gist]") : null; }
  var touched = false;
  doc.addEventListener("pointerdown", function (event) {
    touched = event.pointerType !== "mouse";
    if (pop && event.target instanceof Node && !pop.contains(event.target) && !(owner && owner.contains(event.target))) closePop();
  });
  doc.addEventListener("mouseover", function (event) {
    var a = popAnchor(event); if (!a || touched) return;
    waiting = a; clearTimeout(timer); timer = window.setTimeout(function () { if (a) openPop(a); }, 220);
  });
  doc.addEventListener("mouseout", function (event) { if (popAnchor(event)) { waiting = owner; later(); } });
  doc.addEventListener("focusin", function (event) {
    var a = popAnchor(event);
    if (a && a.matches(":focus-visible")) { waiting = a; openPop(a); } else if (pop && !(event.target instanceof Node && pop.contains(event.target))) closePop();
  });
  doc.addEventListener("click", function (event) {
    var a = popAnchor(event);
    if (a && touched && owner !== a && !event.ctrlKey) { event.preventDefault(); waiting = a; openPop(a); }
  });

  // ---- copying, printing, opening ----
  /** @param {string} text @returns {Promise<void>} */
  function copy(text) {
    if (navigator.clipboard && isSecureContext) return navigator.clipboard.writeText(text).catch(function () { return old(text); });
    return old(text);
  }
  /** @param {string} text @returns {Promise<void>} */
  function old(text) {
    var area = doc.createElement("textarea"); area.value = text; area.className = "visually-hidden"; doc.body.append(area); area.select();
    var done = false; try { done = doc.execCommand("copy"); } catch (e) { /* refused */ }
    area.remove();
    return done ? Promise.resolve() : Promise.reject(new Error("copy"));
  }
  /** The page's address for others: the published one when read from disk. */
  function address() { return onDisk || !data.permalink ? data.permalink || location.href : location.href.replace(/[?#].*/, ""); }
  /** The selection, else the text, with its source. */
  function quotation() {
    var chosen = String(getSelection() || "").trim(), title = doc.querySelector("h1");
    /** @type {string[]} */
    var texts = [];
    doc.querySelectorAll("[data-read]").forEach(function (e) { texts.push(/** @type {HTMLElement} */ (e).innerText.trim()); });
    return (chosen || [title ? title.textContent || "" : ""].concat(texts).join("\n\n")) + "\n\n—— " + doc.title + "\n" + address() + "\n";
  }
  /** @type {Element[]} */
  var opened = [];
  function unfold() {
    if (opened.length) return;
    opened = Array.prototype.slice.call(doc.querySelectorAll("main details:not([open]):not(.quiz-answer)"));
    opened.forEach(function (d) { d.setAttribute("open", ""); });
  }
  function fold() { opened.forEach(function (d) { d.removeAttribute("open"); }); opened = []; }
  addEventListener("beforeprint", unfold); addEventListener("afterprint", fold);
  matchMedia("print").addEventListener("change", function (m) { if (m.matches) unfold(); else fold(); });

  // A site may be without a search (`build_search_index = false`): then its keys are the browser's.
  var searches = !!data.scripts.search;
  // A link to the search page where there are no scripts; a button where it opens the search at once.
  doc.querySelectorAll("a[data-search-open]").forEach(function (a) {
    var b = doc.createElement("button");
    b.type = "button"; b.className = a.className; b.textContent = a.textContent; b.dataset.searchOpen = "";
    b.setAttribute("aria-haspopup", "dialog");
    a.replaceWith(b);
  });
  /** @param {string} [query] Opens the search. */
  function search(query) {
    if (!searches) return;
    // What is typed while the script is on its way stands in the box already.
    var dialog = /** @type {HTMLDialogElement | null} */ (doc.getElementById("search-dialog")), page = doc.querySelector("form[data-search=page] input[name=q]");
    if (!page && dialog && !dialog.open) dialog.showModal();
    var box = /** @type {HTMLElement | null} */ (page || dialog && dialog.querySelector("input[name=q]"));
    if (box) box.focus();
    load("search").then(function () {
      var s = /** @type {any} */ (window).pufa.search;
      if (s && s.open) s.open(query);
    }, function () { var page = data.search || data.root + "search/"; location.href = onDisk ? page.replace(/\/$/, "/index.html") : page; });
  }
  doc.addEventListener("click", function (event) {
    if (!(event.target instanceof Element) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    var b = /** @type {HTMLElement | null} */ (event.target.closest("[data-toggle], [data-open], [data-do], [data-search-open]"));
    if (!b) { shut(event.target); return; }
    if (b.hasAttribute("data-search-open")) { event.preventDefault(); search(); }
    else if (b.dataset.toggle === "elder") keep("elder", root.hasAttribute("data-elder") ? "" : "on");
    else if (b.dataset.open) part(b.dataset.open).then(function (p) { p.open(b); });
    else if (b.dataset.do === "print") print();
    else if (b.dataset.do === "copy") copy(quotation()).then(function () { say((b && b.dataset.done) || ""); }, function () { /* refused by the browser */ });
  });
  /** @param {Element | null} within Closes menus the reader has left. */
  function shut(within) {
    doc.querySelectorAll("details.menu[open]").forEach(function (d) { if (!within || !d.contains(within)) d.removeAttribute("open"); });
  }

  // The search comes when a reader goes to a search box, or arrives from a result: then the words are marked here.
  doc.addEventListener("focusin", function (event) {
    if (searches && event.target instanceof Element && event.target.matches("form[role=search] input[name=q]")) load("search").catch(function () { /* the form still leads to the search page */ });
  });
  var found = searches && /[?&](q|mark)=/.test(location.search);
  try { found = found || searches && !!sessionStorage.getItem("pufa-mark"); } catch (e) { /* not kept here */ }

  // ---- keys ----
  doc.addEventListener("keydown", function (event) {
    if (event.isComposing || event.altKey || event.defaultPrevented) return;
    if (event.key === "Escape") {
      closePop();
      var menu = /** @type {HTMLElement | null} */ (doc.querySelector("details.menu[open] > summary"));
      if (menu) { shut(null); menu.focus(); }
      return;
    }
    if (searches && (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") { event.preventDefault(); search(); return; }
    if (event.ctrlKey || event.metaKey || kept().keys === "off") return;
    if (event.target instanceof Element && event.target.closest("input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable], dialog, audio, video")) return;
    if (searches && event.key === "/") { event.preventDefault(); search(); }
    else if (event.key === "?" || event.key === "？") part("settings").then(function (p) { p.help(); });
    else if (event.key === "e") keep("elder", root.hasAttribute("data-elder") ? "" : "on");
    else if (event.key === "n" || event.key === "p") {
      var link = /** @type {HTMLAnchorElement | null} */ (doc.querySelector(event.key === "n" ? "a[rel~=next]" : "a[rel~=prev]"));
      if (link) link.click();
    }
  });

  // ---- contents beside the text ----
  var wide = matchMedia("(min-width: 64em)");
  function spread() { doc.querySelectorAll("details[data-open-wide]").forEach(function (d) { if (wide.matches && !root.hasAttribute("data-elder")) d.setAttribute("open", ""); else d.removeAttribute("open"); }); }
  if (wide.matches) spread();
  wide.addEventListener("change", spread);
  function follow() {
    var links = /** @type {HTMLAnchorElement[]} */ (Array.prototype.slice.call(doc.querySelectorAll(".toc a[href^='#']:not([data-seek])")));
    if (!links.length || !("IntersectionObserver" in window)) return;
    /** @type {Map<Element, HTMLAnchorElement>} */
    var by = new Map();
    links.forEach(function (a) { var h = doc.getElementById(anchor(a.hash)); if (h) by.set(h, a); });
    var watch = new IntersectionObserver(function () {
      /** @type {Element | null} */
      var now = null;
      by.forEach(function (_, h) { if (h.getBoundingClientRect().top < innerHeight * 0.3) now = h; });
      by.forEach(function (a, h) {
        if (h !== now) { a.removeAttribute("aria-current"); return; }
        if (a.hasAttribute("aria-current")) return;
        a.setAttribute("aria-current", "true");
        var side = a.closest(".side");
        if (side && side.scrollHeight > side.clientHeight) side.scrollTop = a.offsetTop - side.clientHeight / 2;
      });
    }, { rootMargin: "0px 0px -70% 0px", threshold: [0, 1] });
    by.forEach(function (_, h) { watch.observe(h); });
  }
  follow();

  // ---- a long main menu shows one line; what is below it can't be reached by keyboard either, it is in the other menu ----
  var items = /** @type {HTMLElement[]} */ (Array.prototype.slice.call(doc.querySelectorAll(".nav-long .mainnav li")));
  function oneLine() { items.forEach(function (li) { li.classList.toggle("beyond", li.offsetTop > items[0].offsetTop + 4); }); }
  if (items.length) { oneLine(); addEventListener("resize", oneLine); new MutationObserver(oneLine).observe(root, { attributes: true, attributeFilter: ["data-elder", "data-size", "style"] }); }

  // ---- top, anchors, articles by number ----
  var top = doc.querySelector("[data-to-top]"), queued = false;
  addEventListener("scroll", function () {
    if (queued || !top) return;
    queued = true;
    requestAnimationFrame(function () { queued = false; if (top) top.classList.toggle("is-shown", scrollY > innerHeight * 1.5); });
  }, { passive: true });
  /** The name an address's `#…` leads to; what is no code stands as it is: `#4%`. @param {string} hash @returns {string} */
  function anchor(hash) {
    try { return decodeURIComponent(hash.slice(1)); } catch (e) { return hash.slice(1); }
  }
  function unfoldTarget() {
    var at = location.hash.length > 1 && doc.getElementById(anchor(location.hash));
    var more = at && at.querySelector(":scope > details.qa-more"); if (more) more.setAttribute("open", "");
  }
  addEventListener("hashchange", unfoldTarget); unfoldTarget();
  /** @param {string} text `1079`, `133之1`, `第一千零七十九条`. @returns {string} `1079`, `133-1`; empty if it names no article */
  function articleNumber(text) {
    var parts = text.normalize("NFKC").replace(/[\s第条]/g, "").split(/[之-]/).map(function (part) {
      if (/^\d+$/.test(part)) return String(+part);
      var sum = 0, digit = 0;
      for (var i = 0; i < part.length; i++) {
        var d = "〇一二三四五六七八九".indexOf(part[i] === "零" ? "〇" : part[i] === "两" ? "二" : part[i]), u = "十百千".indexOf(part[i]);
        if (d >= 0) digit = d; else if (u >= 0) { sum += (digit || 1) * Math.pow(10, u + 1); digit = 0; } else return "";
      }
      return String(sum + digit || "");
    });
    return parts.every(Boolean) ? parts.join("-") : "";
  }
  doc.querySelectorAll("form[data-goto-article]").forEach(function (form) {
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      var input = form.querySelector("input"), n = input ? articleNumber(input.value) : "", at = n && doc.getElementById("art-" + n);
      var status = form.querySelector("[role=status]"), missing = form.getAttribute("data-goto-article") || "";
      if (status) status.textContent = at ? "" : missing;
      if (at) { location.hash = "art-" + n; at.tabIndex = -1; at.focus({ preventScroll: true }); }
    });
  });

  // ---- the next page is fetched when the reader is about to open it ----
  /** Whether the reader pays by the megabyte, saves data, or has a slow line. @returns {boolean} */
  function costly() {
    var net = /** @type {any} */ (navigator).connection;
    return !!net && (net.saveData || net.type === "cellular" || /2g|3g/.test(net.effectiveType || ""));
  }
  /** @type {Set<string>} */
  var ahead = new Set();
  /** @param {Event} event */
  function prefetch(event) {
    var a = event.target instanceof Element && /** @type {HTMLAnchorElement | null} */ (event.target.closest("a[href]"));
    if (!a || onDisk || a.origin !== location.origin || a.hasAttribute("download") || /\.\w+$/.test(a.pathname) || a.pathname === location.pathname) return;
    var url = a.href.replace(/#.*/, "");
    if (ahead.has(url) || ahead.size > 40 || costly()) return;
    ahead.add(url);
    var l = doc.createElement("link"); l.rel = "prefetch"; l.href = url; doc.head.append(l);
  }
  var hover = 0;
  doc.addEventListener("mouseover", function (event) { clearTimeout(hover); hover = window.setTimeout(function () { prefetch(event); }, 70); });
  doc.addEventListener("touchstart", prefetch, { passive: true });

  // ---- the pages visited stay readable without a network ----
  var workers = "serviceWorker" in navigator && !onDisk && isSecureContext;
  /** Asks for the service worker, and tells it which page is read. */
  function keepPages() {
    navigator.serviceWorker.register(data.worker, { scope: data.root }).then(function () { return navigator.serviceWorker.ready; }).then(function (r) {
      if (r.active) r.active.postMessage({ what: "read", page: location.href.replace(/[?#].*/, "") });
    }).catch(function () { /* refused: the site works without it */ });
  }
  /** Takes the service worker away with all it kept. */
  function forgetPages() {
    var own = "pufa " + new URL(data.root || "./", location.href).pathname + " ";
    navigator.serviceWorker.getRegistration(data.root || "./").then(function (r) {
      if (r && r.active) r.active.postMessage({ what: "forget" });
      if (r) return r.unregister();
    }).then(function () { return caches.keys(); }).then(function (names) {
      names.forEach(function (name) { if (name.indexOf(own) === 0) caches.delete(name); });
    }).catch(function () { /* nothing was kept */ });
  }
  if (workers) addEventListener("load", function () {
    var soon = window.requestIdleCallback || setTimeout;
    soon(data.worker && kept().offline !== "off" ? keepPages : forgetPages);
  });

  showElder();
  // Parts loaded later find their tools here; what came before this script is kept.
  /** @type {any} */
  var pufa = /** @type {any} */ (window).pufa = /** @type {any} */ (window).pufa || {};
  Object.assign(pufa, {
    data: data, kept: kept, keep: keep, anchor: anchor, t: t, load: load, part: part, costly: costly, say: say, law: law, copy: copy, make: make, address: address, onDisk: onDisk, articleNumber: articleNumber, openSearch: search, keepPages: keepPages, forgetPages: forgetPages,
    strings: function (/** @type {any} */ w) { words = w; }
  });
  if (found || doc.querySelector("form[data-search=page]")) load("search").catch(function () { /* the page is complete without */ });
  if (kept().ruler === "on") part("settings").then(function (p) { p.ruler(); }, function () { /* no ruler this time */ });
})();
