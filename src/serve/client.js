// The preview's script: takes up changes in place, shows errors over the page, lists warnings.
// It is part of the preview only; no published page has it.
(() => {
  "use strict";
  const words = {
    zh: { errors: "处错误", warnings: "条提示", elsewhere: "处错误在别的页面", draft: "草稿", hint: "建议：", lost: "与预览服务器的连接断了，正在重连……" },
    en: { errors: "errors", warnings: "warnings", elsewhere: "errors on other pages", draft: "draft", hint: "hint: ", lost: "connection to the preview lost, trying again …" },
  };
  // The version this page was sent with; what comes first from the server is compared with it.
  const version = Number(document.currentScript && document.currentScript.dataset.version) || 0;
  let seen = 0;
  let busy = false;
  let again = false;
  let overlay = null;
  let panel = null;
  let ribbon = null;
  const mine = (node) => node instanceof Element && (node === overlay || node === panel || node === ribbon);

  const element = (name, className, text) => {
    const node = document.createElement(name);
    if (className) node.className = className;
    if (text !== undefined) node.textContent = text;
    return node;
  };

  const place = (problem, info) => {
    const text = problem.file + (problem.line ? ":" + problem.line + (problem.column ? ":" + problem.column : "") : "");
    const path = info.root.replace(/\/$/, "") + "/" + problem.file;
    const link = element("a", "", text);
    link.href = info.editor.replace("{path}", path).replace("{line}", problem.line || 1).replace("{column}", problem.column || 1);
    return link;
  };

  const item = (problem, info) => {
    const say = words[info.language] || words.en;
    const li = element("li");
    if (problem.file) li.append(place(problem, info), element("br"));
    li.append(element("span", "", problem.message));
    if (problem.hint) li.append(element("br"), element("span", "hint", say.hint + problem.hint));
    return li;
  };

  const showErrors = (info) => {
    if (overlay) overlay.remove();
    overlay = null;
    if (!info.errors.length) return;
    const say = words[info.language] || words.en;
    overlay = element("div", "pufa-overlay");
    overlay.setAttribute("role", "alert");
    const list = element("ol");
    for (const problem of info.errors.slice(0, 30)) list.append(item(problem, info));
    overlay.append(element("h2", "", info.language === "zh" ? "内容有误：" + info.errors.length + " " + say.errors : info.errors.length + " " + say.errors), list);
    document.body.append(overlay);
  };

  const showPanel = (info) => {
    const say = words[info.language] || words.en;
    const open = panel && panel.open;
    if (panel) panel.remove();
    if (ribbon) ribbon.remove();
    panel = ribbon = null;
    if (info.draft) {
      ribbon = element("div", "pufa-ribbon", say.draft);
      document.body.append(ribbon);
    }
    if (!info.warnings.length && !info.elsewhere) return;
    panel = document.createElement("details");
    panel.className = "pufa-panel";
    panel.open = !!open;
    const count = [info.warnings.length ? info.warnings.length + " " + say.warnings : "", info.elsewhere ? info.elsewhere + " " + say.elsewhere : ""];
    const body = element("div");
    const list = element("ul");
    for (const problem of info.warnings) list.append(item(problem, info));
    body.append(list);
    panel.append(element("summary", "", count.filter(Boolean).join(" · ")), body);
    document.body.append(panel);
  };

  const same = (a, b) => a.nodeType === b.nodeType && a.nodeName === b.nodeName && (!(a instanceof Element) || a.id === b.id);

  /** The children of a living node that stand for the children of the page it was made from; null if they don't match. */
  const partners = (live, old) => {
    const found = [];
    let candidates = [...live.childNodes].filter((node) => !mine(node));
    for (const node of old.childNodes) {
      const at = candidates.findIndex((other) => same(other, node));
      if (at < 0) return null;
      found.push(candidates[at]);
      candidates = candidates.slice(at + 1);
    }
    return found;
  };

  /**
   * Brings to the living node what changed from `old` to `next`, the page as it was sent before and as it is sent now.
   * What scripts and readers did to the living page (opened, added, marked) stays where the text is the same.
   */
  const morph = (live, old, next) => {
    if (old.isEqualNode(next)) return;
    if (live.nodeType !== Node.ELEMENT_NODE) {
      if (live.nodeValue !== next.nodeValue) live.nodeValue = next.nodeValue;
      return;
    }
    for (const { name } of [...old.attributes]) if (!next.hasAttribute(name)) live.removeAttribute(name);
    for (const { name, value } of [...next.attributes]) if (old.getAttribute(name) !== value) live.setAttribute(name, value);
    const lives = partners(live, old);
    if (!lives) {
      live.replaceChildren(...[...next.childNodes].map((node) => document.importNode(node, true)));
      return;
    }
    const before = [...old.childNodes];
    const after = [...next.childNodes];
    let head = 0;
    while (head < before.length && head < after.length && before[head].isEqualNode(after[head])) head++;
    let tail = 0;
    while (tail < before.length - head && tail < after.length - head && before[before.length - 1 - tail].isEqualNode(after[after.length - 1 - tail])) tail++;
    const anchor = lives[before.length - tail] || null;
    const stale = before.length - tail - head;
    after.slice(head, after.length - tail).forEach((node, index) => {
      const place = head + index;
      if (index < stale && same(before[place], node)) morph(lives[place], before[place], node);
      else if (index < stale) lives[place].replaceWith(document.importNode(node, true));
      else live.insertBefore(document.importNode(node, true), anchor);
    });
    for (const node of lives.slice(head + Math.max(0, after.length - tail - head), before.length - tail)) node.remove();
  };

  /** Styles come before the text, so that nothing flashes; the old ones go when the new ones are there. */
  const morphHead = (old, next) => {
    const key = (node) => node.outerHTML;
    const had = new Set([...old.head.children].map(key));
    const want = new Set([...next.head.children].map(key));
    for (const node of [...next.head.children]) {
      if (!had.has(key(node)) && node.nodeName !== "SCRIPT") document.head.append(document.importNode(node, true));
    }
    for (const node of [...document.head.children]) {
      if (node.nodeName === "SCRIPT" || !had.has(key(node)) || want.has(key(node))) continue;
      if (node.nodeName === "LINK" && node.rel === "stylesheet") setTimeout(() => node.remove(), 150);
      else node.remove();
    }
    document.title = next.title;
  };

  /** The page as it was sent last; what the living page was made from. */
  let base = null;

  const update = async () => {
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    try {
      const [answer, problems] = await Promise.all([
        fetch(location.href, { cache: "no-store" }),
        fetch("/__pufa/problems?path=" + encodeURIComponent(location.pathname), { cache: "no-store" }),
      ]);
      const info = await problems.json();
      const html = await answer.text();
      const broken = html.includes("data-pufa-broken");
      // With errors the last good page stays, unless there is none.
      if (!info.errors.length && !broken && (answer.ok || document.body.hasAttribute("data-pufa-broken"))) {
        if (document.body.hasAttribute("data-pufa-broken")) return location.reload();
        const next = new DOMParser().parseFromString(html, "text/html");
        if (base) {
          const { scrollX, scrollY } = window;
          morphHead(base, next);
          morph(document.body, base.body, next.body);
          if (window.scrollY !== scrollY) window.scrollTo({ left: scrollX, top: scrollY, behavior: "instant" });
        } else if (version && info.version !== version) {
          return location.reload();
        }
        base = next;
        document.dispatchEvent(new CustomEvent("pufa:updated"));
      }
      showErrors(info);
      showPanel(info);
      seen = info.version;
    } finally {
      busy = false;
      if (again) {
        again = false;
        update();
      }
    }
  };

  const refresh = () => update().catch(() => setTimeout(refresh, 500));

  const listen = () => {
    const source = new EventSource("/__pufa/events");
    let first = true;
    source.onmessage = (message) => {
      const event = JSON.parse(message.data);
      // A server that was started anew counts from one; whatever it has may be newer than this page.
      if (first || event.version !== seen) refresh();
      first = false;
    };
    source.onerror = () => {
      first = true;
    };
    addEventListener("pagehide", () => source.close());
  };
  listen();
})();
