// @ts-check
// The list of a course shows how far the reader has come; only this device knows.
(function () {
  "use strict";
  document.querySelectorAll("[data-course] [data-episode]").forEach(function (item) {
    var note = /** @type {HTMLElement | null} */ (item.querySelector("[data-progress]")), at = "";
    try { at = localStorage.getItem("pufa:at:" + item.getAttribute("data-episode")) || ""; } catch (e) { /* nothing kept */ }
    if (!note || !at) return;
    var s = +at, time = Math.floor(s / 60) + ":" + ("0" + s % 60).slice(-2);
    note.textContent = at === "done" ? note.dataset.done || "" : (note.dataset.partly || "").replace("{time}", time);
  });
})();
