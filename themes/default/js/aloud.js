// @ts-check
// Reads the page aloud sentence by sentence with the voices of the device, and marks the sentence being read.
(function () {
  "use strict";
  var pufa = /** @type {any} */ (window).pufa, t = pufa.t, make = pufa.make;
  var speech = window.speechSynthesis;
  /** @typedef {{text: string, range: Range}} Sentence */
  /** @type {Sentence[]} */
  var sentences = [];
  var at = 0, running = false, rate = 1, turn = 0;
  /** @type {HTMLElement | null} */
  var bar = null;
  /** @type {HTMLElement | null} How far the reading is; it changes at every sentence, so it is no live region: that would talk into the voice. */
  var progress = null;
  /** @type {HTMLElement | null} What opened the bar, and gets the focus back. */
  var opener = null;
  /** What is no text to be read: controls, numbers of notes, exercises, and what the theme adds to an article. */
  var skipped = "script, style, button, nav, form, select, .page-tools, .aloud-bar, .cited-by, .qa-more > summary, .footnote-ref, .visually-hidden, .label, summary .visually-hidden, .quiz, .path, .calculator, math, pre, [aria-hidden=true]";

  // -- numbers as a lawyer would say them --
  var digits = "零一二三四五六七八九";
  /** @param {number} n 1 to 9999 @returns {string} */
  function chinese(n) {
    var units = ["", "十", "百", "千"], out = "", zero = false, text = String(n);
    for (var i = 0; i < text.length; i++) {
      var d = +text[i], unit = units[text.length - 1 - i];
      if (d === 0) { zero = true; continue; }
      if (zero && out) out += "零";
      zero = false;
      out += (d === 1 && unit === "十" && !out ? "" : digits[d]) + unit;
    }
    return out || "零";
  }
  /** @param {string} s Telephone digits, 1 as 幺. */
  function spelled(s) { return s.replace(/\D/g, "").split("").map(function (c) { return c === "1" ? "幺" : digits[+c]; }).join(""); }
  // A number counts something before these; 公共, 人社, 平台, 家暴 and the like are no units.
  var counted = "(?!,?\\d|[.%％]|\\s*(?:[元万亿千百十个名天年月周小秒岁次件份款吨克斤户倍张套页栋层块种笔例台辆艘只亩米]|公[里斤顷]|人(?![社工民大])|平(?!台)|家(?![暴庭])|部(?!门)|起(?!诉)|日(?!常)|分(?!中心)|间|期|位|号(?!码)|条|项))";
  var hotline = new RegExp("(^|[^\\d.,])(110|119|120|122|12\\d{3}|96\\d{3})" + counted, "g");
  /** @param {string} text @returns {string} What is spoken for what is written. */
  function spoken(text) {
    return text
      .replace(/第\s*(\d{1,4}(?:\s*(?:[、,，和及与至到]|[—–~～-]{1,2})\s*第?\s*\d{1,4})*)\s*(条|款|项|目|章|节|编|问|讲)/g, function (_, numbers, unit) {
        return "第" + numbers.replace(/\s+/g, "").replace(/[—–~～-]{1,2}/g, "至").replace(/\d+/g, function (/** @type {string} */ n) { return chinese(+n); }) + unit;
      })
      .replace(/(条|款)之(\d{1,2})/g, function (_, unit, n) { return unit + "之" + chinese(+n); })
      .replace(/\b(\d{3,4}[-－ ]\d{3,4}[- ]?\d{4}|1\d{10}|400[- ]?\d{3}[- ]?\d{4})\b/g, spelled)
      .replace(hotline, function (_, before, n) { return before + spelled(n); })
      .replace(/[《》〈〉“”]/g, "")
      .replace(/第（([一二三四五六七八九十]{1,3})）(?=[项目款])/g, "第$1")
      .replace(/（([一二三四五六七八九十]{1,3})）/g, "第$1，")
      .replace(/([\d%％零一二三四五六七八九十百千条款项])\s*[—–]{1,2}\s*(?=[第\d零一二三四五六七八九十百千])/g, "$1至")
      .replace(/[—–]{1,2}/g, "，");
  }
  /** @param {string} text @param {number} i Whether a sentence of letters and spaces ends here: not after an initial or in “Art. 5”. */
  function latinEnd(text, i) {
    return /[.؟۔]/.test(text[i]) && /^["”’)»]*\s+["“‘(«]*[\p{Lu}\p{Lo}]/u.test(text.slice(i + 1, i + 40)) && !/(?:^|[^\p{L}])\p{Lu}$/u.test(text.slice(Math.max(0, i - 2), i));
  }

  /** @param {Element} at @returns {boolean} Whether it is folded away: in a closed `details`, and not in what stays of that. Boxes don't tell, browsers keep them. */
  function folded(at) {
    var shut = at.closest("details:not([open])");
    if (!shut) return false;
    var head = at.closest("summary"), above = shut.parentElement;
    return !head || head.parentElement !== shut || !!above && folded(above);
  }
  /** @returns {Sentence[]} The sentences of the text, in reading order; what is folded away is left out. */
  function collect() {
    /** @type {Sentence[]} */
    var found = [];
    // A page whose text is marked is read so far; of a list or the front page all that is no control.
    var title = document.querySelector("h1"), text = document.querySelectorAll("[data-read], .transcript");
    /** @type {Element[]} */
    var parts = title && text.length ? [title] : [], main = document.querySelector("main");
    text.forEach(function (e) { parts.push(e); });
    if (!text.length && main) parts.push(main);
    parts.forEach(function (part) {
      var walk = document.createTreeWalker(part, NodeFilter.SHOW_TEXT), node = /** @type {Text | null} */ (null);
      var text = "", /** @type {Text | null} */ first = null, from = 0, /** @type {Text | null} */ last = null, to = 0, /** @type {Element | null} */ block = null;
      var end = function () {
        if (first && last && /[\p{L}\p{N}]/u.test(text)) { var r = document.createRange(); r.setStart(first, from); r.setEnd(last, to); found.push({ text: text, range: r }); }
        text = ""; first = null;
      };
      while ((node = /** @type {Text | null} */ (walk.nextNode()))) {
        var parent = node.parentElement;
        if (!parent || parent.closest(skipped) || folded(parent) || !parent.getClientRects().length) continue;
        var own = parent.closest("p, li, h1, h2, h3, h4, td, th, dd, dt, legend, summary, div");
        if (own !== block) { end(); block = own; }
        for (var i = 0; i < node.data.length; i++) {
          if (!first) { if (/\s/.test(node.data[i])) continue; first = node; from = i; }
          text += node.data[i]; last = node; to = i + 1;
          if (latinEnd(node.data, i) || /[。！？；!?]/.test(node.data[i]) && !/[”’）》」]/.test(node.data[i + 1] || "") || /[”’」]/.test(node.data[i]) && /[。！？]/.test(node.data[i - 1] || "")) end();
        }
      }
      end();
    });
    return found;
  }

  /** @param {Sentence | null} s */
  function mark(s) {
    var registry = /** @type {any} */ (CSS).highlights;
    document.querySelectorAll(".speaking").forEach(function (e) { e.classList.remove("speaking"); });
    if (registry) { if (s) registry.set("speaking", new (/** @type {any} */ (window).Highlight)(s.range)); else registry.delete("speaking"); }
    else if (s && s.range.startContainer.parentElement) s.range.startContainer.parentElement.classList.add("speaking");
    if (!s) return;
    var box = s.range.getBoundingClientRect();
    if (box.top < 60 || box.bottom > innerHeight - (bar ? bar.offsetHeight : 0) - 40) scrollTo({ top: scrollY + box.top - innerHeight / 3, behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  }
  /** @param {Sentence} s @returns {string} The language it is written in. */
  function tongue(s) {
    var at = s.range.startContainer.parentElement, own = at && at.closest("[lang]");
    return own && own.getAttribute("lang") || document.documentElement.lang;
  }
  /** @param {string} language */
  function voice(language) {
    var own = language.toLowerCase().split("-")[0], all = speech.getVoices().filter(function (v) { return v.lang.toLowerCase().replace("_", "-").split("-")[0] === own || own === "zh" && /^cmn/i.test(v.lang); });
    return all.find(function (v) { return v.localService && /cn|hans/i.test(v.lang); }) || all.find(function (v) { return v.localService; }) || all[0] || null;
  }
  function speak() {
    var mine = ++turn, s = sentences[at];
    speech.cancel();
    if (!running || !s) { stop(); return; }
    var language = tongue(s), u = new SpeechSynthesisUtterance(language.indexOf("zh") === 0 ? spoken(s.text) : s.text), v = voice(language);
    if (v) u.voice = v;
    u.lang = language; u.rate = rate;
    u.onend = function () { if (mine === turn && running) { at++; speak(); } };
    u.onerror = function (event) { if (mine === turn && event.error !== "interrupted" && event.error !== "canceled") { fail(); } };
    mark(s); show();
    speech.speak(u);
  }
  function stop() {
    running = false; turn++; if (speech) speech.cancel(); mark(null);
    if (!bar) return;
    var inside = bar.contains(document.activeElement);
    bar.remove(); bar = null;
    if (inside && opener) opener.focus();
  }
  /** Says that there is no voice; of the buttons the one that closes is left. */
  function fail() {
    running = false; mark(null);
    if (!bar) return;
    var said = /** @type {HTMLElement} */ (make("p", "")), close = button(t("settings.close"), stop);
    said.setAttribute("role", "status");
    bar.replaceChildren(said, close); bar.classList.add("is-silent");
    close.focus({ preventScroll: true });
    setTimeout(function () { said.textContent = t("aloud.no_voice"); }, 30);
  }
  function show() {
    if (!bar || bar.classList.contains("is-silent")) return;
    var b = bar.querySelector("button"); if (b) b.textContent = running ? t("aloud.pause") : t("aloud.go_on");
    if (progress && sentences.length) progress.textContent = t("aloud.progress", { n: Math.min(at + 1, sentences.length), total: sentences.length });
  }
  /** @param {string} text @param {() => void} act */
  function button(text, act) { var b = make("button", text, "tool"); b.type = "button"; b.onclick = act; return b; }
  function controls() {
    if (bar) return;
    var box = /** @type {HTMLElement} */ (make("div", "", "aloud-bar")), said = /** @type {HTMLElement} */ (make("p", ""));
    bar = box; progress = said;
    box.setAttribute("role", "region"); box.setAttribute("aria-label", t("aloud.title"));
    var speed = document.createElement("select"), label = make("label", t("aloud.speed") + " ");
    [["0.75", "slow"], ["1", "normal"], ["1.25", "fast"], ["1.5", "faster"]].forEach(function (o) { var e = document.createElement("option"); e.value = o[0]; e.textContent = t("aloud." + o[1]); e.selected = +o[0] === rate; speed.append(e); });
    speed.onchange = function () { rate = +speed.value; pufa.keep("rate", speed.value); if (running) speak(); };
    label.append(speed);
    var pause = button(t("aloud.pause"), function () { if (running) { running = false; turn++; speech.cancel(); show(); } else { running = true; speak(); } });
    box.append(pause,
      button(t("aloud.back"), function () { at = Math.max(0, at - 1); running = true; speak(); }),
      button(t("aloud.forward"), function () { at = Math.min(sentences.length - 1, at + 1); running = true; speak(); }),
      button(t("aloud.stop"), stop), label, said);
    // At the foot of the window, but right behind the tools for those who go from button to button.
    var tools = document.querySelector("main .page-tools");
    if (tools) tools.after(box); else document.body.append(box);
    pause.focus({ preventScroll: true });
  }
  addEventListener("keydown", function (event) {
    if (event.key === "Escape" && bar && !event.isComposing && !document.querySelector("#popover, dialog[open], details.menu[open]")) { event.preventDefault(); stop(); }
  }, true);
  /** Starts at the selection, else at the beginning; the second call stops. @param {HTMLElement} [from] The button. */
  function open(from) {
    if (bar) { stop(); return; }
    opener = from || null;
    rate = +(pufa.kept().rate || 1);
    controls();
    if (!speech || !window.SpeechSynthesisUtterance) { fail(); return; }
    sentences = collect(); at = 0;
    var chosen = getSelection();
    if (chosen && !chosen.isCollapsed) { var r = chosen.getRangeAt(0); var i = sentences.findIndex(function (s) { return s.range.compareBoundaryPoints(Range.START_TO_END, r) > 0; }); if (i > 0) at = i; }
    running = true;
    var first = sentences[at], ready = function () { return !first || voice(tongue(first)); };
    if (speech.getVoices().length) { if (ready()) speak(); else fail(); return; }
    // Voices may arrive late; after two seconds there are none.
    var begun = false, begin = function () { if (begun) return; begun = true; if (ready()) speak(); else fail(); };
    speech.addEventListener("voiceschanged", begin, { once: true });
    setTimeout(begin, 2000);
  }
  addEventListener("pagehide", function () { if (speech) speech.cancel(); });
  pufa.aloud = { open: open, spoken: spoken, latinEnd: latinEnd, collect: collect };
})();
