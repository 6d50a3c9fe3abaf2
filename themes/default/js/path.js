// @ts-check
// A self-check path, one step at a time. Without this script it is an outline with links.
(function () {
  "use strict";
  var pufa = /** @type {any} */ (window).pufa, make = pufa.make;
  pufa.load("strings").then(function () { document.querySelectorAll("[data-path]").forEach(start); });

  /** @param {Element} path */
  function start(path) {
    var t = pufa.t, steps = /** @type {HTMLElement[]} */ (Array.prototype.slice.call(path.querySelectorAll(".path-step"))), first = steps[0];
    if (!first) return;
    /** @type {{step: HTMLElement, answer: string}[]} */
    var gone = [];
    var trail = make("ol", "", "path-trail"), tools = make("div", "", "path-tools"), back = make("button", t("path.back"), "button quiet"), again = make("button", t("path.again"), "button quiet");
    back.type = again.type = "button";
    tools.append(back, again);
    var list = path.querySelector(".path-steps"); if (list) { list.before(trail); list.after(tools); }
    /** Every step is an entry of the history, so that Back goes one step back: the ids of the steps that are done, their answers, and where the reader is. */
    function note() { return Object.assign({}, history.state, /** @type {any} */ ({ ["path " + path.id]: { gone: gone.map(function (g) { return [g.step.id, g.answer]; }), at: now.id } })); }
    /** @param {any} state @param {boolean} [focus] @returns {boolean} */
    function restore(state, focus) {
      var kept = state && state["path " + path.id], at = kept && document.getElementById(kept.at);
      if (!at) return false;
      gone = kept.gone.map(function (/** @type {string[]} */ g) { return { step: document.getElementById(g[0]), answer: g[1] }; }).filter(function (/** @type {any} */ g) { return g.step; });
      show(at, focus && at !== now);
      return true;
    }
    var now = first;
    /** @param {HTMLElement} step @param {boolean} [focus] */
    function show(step, focus) {
      now = step;
      steps.forEach(function (s) { s.classList.toggle("is-now", s === step); });
      trail.textContent = "";
      gone.forEach(function (g) { var q = g.step.querySelector(".path-text"); trail.append(make("li", (q ? (q.textContent || "").trim() : "") + " — " + g.answer)); });
      back.hidden = again.hidden = !gone.length;
      if (focus) { step.tabIndex = -1; step.focus({ preventScroll: true }); step.scrollIntoView({ block: "nearest" }); }
    }
    path.addEventListener("click", function (event) {
      var a = event.target instanceof Element && /** @type {HTMLAnchorElement | null} */ (event.target.closest(".path-step li > a")); if (!a) return;
      var to = document.getElementById(/** @type {any} */ (window).pufa.anchor(a.hash)), from = /** @type {HTMLElement | null} */ (a.closest(".path-step")); if (!to || !from) return;
      event.preventDefault();
      var words = /** @type {HTMLElement} */ (a.cloneNode(true)); words.querySelectorAll(".path-to").forEach(function (e) { e.remove(); });
      gone.push({ step: from, answer: (words.textContent || "").trim() });
      show(to, true);
      history.pushState(note(), "");
    });
    back.onclick = function () { var last = gone.pop(); if (last) { show(last.step, true); history.back(); } };
    again.onclick = function () { gone = []; show(first, true); history.pushState(note(), ""); };
    addEventListener("popstate", function (event) { restore(event.state, true); });
    path.classList.add("is-live");
    if (!restore(history.state)) { show(first); history.replaceState(note(), ""); }
  }
})();
