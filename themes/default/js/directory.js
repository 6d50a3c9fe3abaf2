// @ts-check
// Filters the list of places, terms or laws as the reader types. The list itself is never touched: what is found is shown in a list of its
// own, a hundred at a time, so that ten thousand rows stay quick.
(function () {
  "use strict";
  var STEP = 100;
  document.querySelectorAll("form[data-filter]").forEach(function (element) {
    var form = /** @type {HTMLFormElement} */ (element), all = document.getElementById(form.dataset.filter || ""); if (!all) return;
    // The rows are the list's children, or lie in lists of their own below it.
    var list = all, inner = list.dataset.filterRows, rows = /** @type {HTMLElement[]} */ (Array.prototype.slice.call(inner ? list.querySelectorAll(inner) : list.children));
    /** @type {string[] | null} */
    var texts = null;
    var words = form.querySelector("input"), kind = form.querySelector("select"), count = /** @type {HTMLElement | null} */ (form.querySelector("[data-filter-count]"));
    var found = document.createElement("ul"), more = document.createElement("button");
    /** @type {HTMLElement[]} */
    var waiting = [];
    var timer = 0;
    found.className = (inner && rows[0] && rows[0].parentElement || list).className; found.hidden = more.hidden = true;
    more.type = "button"; more.className = "button";
    list.after(found, more);

    /** @param {string} text */
    function plain(text) { return text.normalize("NFKC").toLowerCase().replace(/\s+/g, " "); }
    function read() { return texts || (texts = rows.map(function (r) { return plain((r.textContent || "") + " " + (r.dataset.words || "")); })); }
    /** Shows the next hundred of what was found; each stays at its own address in the whole list. */
    function show() {
      waiting.splice(0, STEP).forEach(function (row) {
        var copy = /** @type {HTMLElement} */ (row.cloneNode(true)); copy.removeAttribute("id"); found.append(copy);
      });
      more.hidden = !waiting.length;
      more.textContent = (form.dataset.more || "").replace("{n}", String(waiting.length));
    }
    function apply() {
      var wanted = plain(words ? words.value : "").split(" ").filter(Boolean), only = kind ? kind.value : "", of = read();
      waiting = rows.filter(function (row, i) { return (!only || row.dataset.kind === only) && wanted.every(function (w) { return of[i].indexOf(w) >= 0; }); });
      if (count) count.textContent = (count.dataset.text || "").replace("{n}", String(waiting.length));
      found.replaceChildren();
      show();
      list.classList.add("is-away"); found.hidden = false;
      clearTimeout(timer);
      // The whole list comes back when nothing is asked for any more, and not in the middle of typing.
      if (!wanted.length && !only) timer = window.setTimeout(function () { list.classList.remove("is-away"); found.hidden = more.hidden = true; }, 400);
    }
    if (words) words.addEventListener("focus", read, { once: true });
    if (words) words.addEventListener("input", function (event) { if (!(/** @type {InputEvent} */ (event).isComposing)) apply(); });
    if (words) words.addEventListener("compositionend", apply);
    if (kind) kind.addEventListener("change", apply);
    more.addEventListener("click", function () {
      var first = found.children.length; show();
      var next = /** @type {HTMLElement | undefined} */ (found.children[first]);
      if (next) { next.tabIndex = -1; next.focus(); }
    });
    form.addEventListener("submit", function (event) { event.preventDefault(); apply(); });
  });
})();
