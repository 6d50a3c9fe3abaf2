// @ts-check
// Filters the list of places, terms or laws as the reader types; ten thousand rows stay quick because only what changes is touched.
(function () {
  "use strict";
  document.querySelectorAll("form[data-filter]").forEach(function (element) {
    var form = /** @type {HTMLFormElement} */ (element), list = document.getElementById(form.dataset.filter || ""); if (!list) return;
    // Rows are the list's children, or lie in groups that go when nothing in them is left.
    var inner = list.dataset.filterRows, groups = /** @type {HTMLElement[]} */ (inner ? Array.prototype.slice.call(list.children) : []);
    var rows = /** @type {HTMLElement[]} */ (Array.prototype.slice.call(inner ? list.querySelectorAll(inner) : list.children));
    var texts = rows.map(function (r) { return ((r.textContent || "") + " " + (r.dataset.words || "")).normalize("NFKC").toLowerCase().replace(/\s+/g, " "); });
    var words = form.querySelector("input"), kind = form.querySelector("select"), count = /** @type {HTMLElement | null} */ (form.querySelector("[data-filter-count]")), timer = 0;
    function apply() {
      var wanted = (words ? words.value : "").normalize("NFKC").toLowerCase().split(/\s+/).filter(Boolean), only = kind ? kind.value : "", n = 0;
      rows.forEach(function (row, i) {
        var shown = (!only || row.dataset.kind === only) && wanted.every(function (w) { return texts[i].indexOf(w) >= 0; });
        if (row.hidden === shown) row.hidden = !shown;
        if (shown) n++;
      });
      groups.forEach(function (group) { group.hidden = !group.querySelector(inner + ":not([hidden])"); });
      if (count) count.textContent = (count.dataset.text || "").replace("{n}", String(n));
    }
    if (words) words.addEventListener("input", function (event) { if (/** @type {InputEvent} */ (event).isComposing) return; clearTimeout(timer); timer = window.setTimeout(apply, 60); });
    if (words) words.addEventListener("compositionend", apply);
    if (kind) kind.addEventListener("change", apply);
    form.addEventListener("submit", function (event) { event.preventDefault(); apply(); });
  });
})();
