// @ts-check
// Keeps the reader's place on pages that are laid out bit by bit. What is above an article is as high as it turns out to be when it comes
// near: an address's `#…` is brought to its place again until nothing moves any more, and the place a reader left is kept by what stood
// there, not by a number of pixels. Whoever scrolls, types or points meanwhile is left alone.
(function () {
  "use strict";
  var pufa = /** @type {any} */ (window).pufa, root = document.documentElement, box = document.querySelector(".law, .places");
  if (!box || !pufa) return;
  var parts = box.children, LONG = 1500, STILL = 12;
  var run = 0, aligning = false, timer = 0;
  /** Where links bring their target to, in pixels from the top. */
  function margin() { return parseFloat(getComputedStyle(root).scrollPaddingTop) || 0; }
  /** @param {Element} at @param {number} top Brings an element to its place, and sees to it that it stays there while its neighbours get their sizes. */
  function settle(at, top) {
    var mine = ++run, began = Date.now(), still = 0;
    aligning = true;
    (function step() {
      if (mine !== run) return;
      var far = at.getBoundingClientRect().top - top, before = scrollY;
      if (Math.abs(far) > 1) scrollBy({ top: far, behavior: "instant" });
      still = Math.abs(far) > 1 && Math.abs(scrollY - before) > 0.5 ? 0 : still + 1;
      if (Date.now() - began > LONG || still > STILL && document.readyState === "complete") { aligning = false; remember(); return; }
      requestAnimationFrame(step);
    })();
  }
  function leave() { if (aligning) { run++; aligning = false; } }
  ["wheel", "touchstart", "pointerdown", "keydown"].forEach(function (name) { addEventListener(name, leave, { passive: true, capture: true }); });

  /** Notes in the history what stands at the top of the window, and how far from it. */
  function remember() {
    clearTimeout(timer); timer = 0;
    if (aligning) return;
    // The parts are in order from top to bottom: the first that ends below the top is found by halves.
    var low = 0, high = parts.length - 1;
    while (low < high) { var mid = low + high >> 1; if (parts[mid].getBoundingClientRect().bottom > 1) high = mid; else low = mid + 1; }
    var part = parts[low], seen = part && part.getBoundingClientRect();
    try { history.replaceState(seen && seen.top < innerHeight && scrollY > 0 ? { place: low, top: seen.top } : null, ""); } catch (e) { /* too often: the next time */ }
  }
  addEventListener("scroll", function () { clearTimeout(timer); timer = window.setTimeout(remember, 300); }, { passive: true });

  /** @param {any} state @returns {boolean} Whether the history knows the place. */
  function back(state) {
    var part = state && parts[state.place];
    if (part) settle(part, state.top);
    return !!part;
  }
  /** Where the address leads. */
  function there() {
    var at = location.hash.length > 1 && document.getElementById(pufa.anchor(location.hash));
    if (at) settle(at, margin());
  }
  var moved = performance.getEntriesByType("navigation")[0], again = !!moved && /reload|back_forward/.test(/** @type {any} */ (moved).type);
  if (!(again && back(history.state))) there();
  // Going to an anchor of this page changes the address as going back does, but has no place to go back to.
  addEventListener("popstate", function (event) { if (!back(event.state)) there(); });
  // The address that is there already leads to its place once more.
  document.addEventListener("click", function (event) {
    var a = event.target instanceof Element && /** @type {HTMLAnchorElement | null} */ (event.target.closest("a[href^='#']"));
    if (a && a.hash && a.hash === location.hash && !event.defaultPrevented) setTimeout(there);
  });
})();
